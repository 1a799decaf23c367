/*
 * Rows as JSON objects. This is the inner loop of a scan: names are prepared once, no value goes
 * through printf, JSON documents are copied as they are.
 */
#include "transfer/ndjson_write.h"

#include "transfer/append.h"
#include "transfer/json_document.h"

#include <math.h>
#include <stdlib.h>

/* Give every column its name as a literal. The buffer is made for the longest: each byte as \u00xx. */
static void
write_names(struct coffer_ndjson_writer *writer)
{
	static const char digits[] = "0123456789abcdef";
	char *out = writer->names;

	for (size_t i = 0; i < writer->column_count; i++) {
		const char *name = writer->table->columns[writer->columns[i]].name;

		*out++ = i ? ',' : '{';
		*out++ = '"';
		for (; *name; name++) {
			unsigned char byte = (unsigned char)*name;

			if (byte < 0x20 || byte == 0x7f) {
				memcpy(out, "\\u00", 4);
				out[4] = digits[byte >> 4];
				out[5] = digits[byte & 15];
				out += 6;
				continue;
			}
			if (byte == '"' || byte == '\\')
				*out++ = '\\';
			*out++ = *name;
		}
		*out++ = '"';
		*out++ = ':';
		writer->name_ends[i] = (size_t)(out - writer->names);
	}
}

coffer_status
coffer_ndjson_writer_init(struct coffer_ndjson_writer *writer, const coffer_table *table,
			  const uint16_t *columns, size_t column_count, coffer_error *error)
{
	size_t count = columns ? column_count : table->column_count, size = 1;

	*writer = (struct coffer_ndjson_writer){.table = table, .column_count = count};
	writer->columns = calloc(count + 1, sizeof(*writer->columns));
	writer->name_ends = calloc(count + 1, sizeof(*writer->name_ends));
	writer->values = calloc(table->column_count + 1, sizeof(*writer->values));
	for (size_t i = 0; writer->columns && i < count; i++) {
		writer->columns[i] = columns ? columns[i] : (uint16_t)i;
		size += 6 * strlen(table->columns[writer->columns[i]].name) + 4;
	}
	writer->names = malloc(size);
	if (!writer->columns || !writer->name_ends || !writer->values || !writer->names)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row");
	write_names(writer);
	return COFFER_OK;
}

void
coffer_ndjson_writer_release(struct coffer_ndjson_writer *writer)
{
	free(writer->columns);
	free(writer->name_ends);
	free(writer->values);
	free(writer->names);
	*writer = (struct coffer_ndjson_writer){0};
}

static void
write_integer(coffer_buffer *out, int64_t value)
{
	char digits[24];
	size_t at = sizeof(digits);
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	do {
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (value < 0)
		digits[--at] = '-';
	coffer_append(out, digits + at, sizeof(digits) - at);
}

static void
write_float(coffer_buffer *out, double real, int width)
{
	char text[COFFER_SCALAR_TEXT_SIZE];
	size_t size = coffer_float_print(real, width, text);

	if (isfinite(real))
		coffer_append(out, text, size);
	else
		coffer_json_string(out, (coffer_text){text, size});
}

/* As Postgres prints it, with the T and the Z of RFC 3339: "2024-11-05T10:20:30.123Z". */
static void
write_time(coffer_buffer *out, int64_t time, bool has_zone)
{
	char text[COFFER_SCALAR_TEXT_SIZE];
	size_t size = coffer_time_print(time, has_zone, text);
	char *space = memchr(text, ' ', size), *plus = memchr(text, '+', size);

	if (space)
		*space = 'T';
	if (plus) {
		*plus = 'Z';
		memmove(plus + 1, plus + 3, (size_t)(text + size - plus) - 3);
		size -= 2;
	}
	coffer_append_char(out, '"');
	coffer_append(out, text, size);
	coffer_append_char(out, '"');
}

/* As Postgres prints it: "\x" and hexadecimal, the backslash escaped. */
static void
write_bytes(coffer_buffer *out, coffer_text bytes)
{
	static const char digits[] = "0123456789abcdef";

	coffer_append_text(out, "\"\\\\x");
	for (size_t i = 0; i < bytes.size; i++) {
		unsigned char byte = (unsigned char)bytes.data[i];

		coffer_append_char(out, digits[byte >> 4]);
		coffer_append_char(out, digits[byte & 15]);
	}
	coffer_append_char(out, '"');
}

static coffer_status
write_array(coffer_buffer *out, coffer_text packed, coffer_error *error)
{
	coffer_array_reader reader;
	coffer_status status = coffer_array_open(packed, &reader);
	coffer_text element;

	coffer_append_char(out, '[');
	for (bool is_first = true; !status && reader.left; is_first = false) {
		if ((status = coffer_array_next(&reader, &element)))
			break;
		if (!is_first)
			coffer_append_char(out, ',');
		if (element.data)
			coffer_json_string(out, element);
		else
			coffer_append_text(out, "null");
	}
	coffer_append_char(out, ']');
	return status ? coffer_error_set(error, COFFER_CORRUPT, "not a packed array") : COFFER_OK;
}

/* In a column of arrays OTHER is a shape that JSON does not have. */
static void
write_other(coffer_buffer *out, const coffer_column *column, coffer_text text)
{
	bool is_array = column->kind == COFFER_TEXT_ARRAY;

	if (is_array)
		coffer_append_text(out, "{\"$array\":");
	coffer_json_string(out, text);
	if (is_array)
		coffer_append_char(out, '}');
}

coffer_status
coffer_ndjson_value(const coffer_column *column, const coffer_value *value, coffer_buffer *out,
		    coffer_error *error)
{
	switch (value->kind) {
	case COFFER_NULL:
		coffer_append_text(out, "null");
		break;
	case COFFER_BOOL:
		coffer_append_text(out, value->boolean ? "true" : "false");
		break;
	case COFFER_INT:
		write_integer(out, value->integer);
		break;
	case COFFER_FLOAT:
		write_float(out, value->real, column->width);
		break;
	case COFFER_TIME:
		write_time(out, value->time, column->has_zone);
		break;
	case COFFER_TEXT:
		coffer_json_string(out, value->text);
		break;
	case COFFER_JSON:
		coffer_json_document(out, value->text.data, value->text.size);
		break;
	case COFFER_TEXT_ARRAY:
		return write_array(out, value->text, error);
	case COFFER_BYTES:
		write_bytes(out, value->text);
		break;
	case COFFER_OTHER:
		write_other(out, column, value->text);
		break;
	}
	return COFFER_OK;
}

coffer_status
coffer_ndjson_write(const struct coffer_ndjson_writer *writer, const coffer_value *values,
		    coffer_buffer *out, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	size_t begin = 0;

	if (!writer->column_count)
		coffer_append_char(out, '{');
	for (size_t i = 0; !status && i < writer->column_count; i++) {
		uint16_t column = writer->columns[i];

		coffer_append(out, writer->names + begin, writer->name_ends[i] - begin);
		begin = writer->name_ends[i];
		status = coffer_ndjson_value(&writer->table->columns[column], &values[column], out,
					     error);
	}
	coffer_append_char(out, '}');
	if (!status && out->is_failed)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row");
	return status;
}

coffer_status
coffer_ndjson_write_row(struct coffer_ndjson_writer *writer, const coffer_row *row,
			coffer_buffer *out, coffer_error *error)
{
	for (size_t i = 0; i < writer->column_count; i++) {
		uint16_t column = writer->columns[i];
		coffer_status status = coffer_row_get(row, column, &writer->values[column], error);

		if (status)
			return status;
	}
	return coffer_ndjson_write(writer, writer->values, out, error);
}
