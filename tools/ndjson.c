/*
 * Rows as JSON objects. This is the inner loop of a scan: names are prepared once, no value goes
 * through printf, JSON documents are copied as they are.
 */
#include "ndjson.h"

#include "json.h"
#include "json_document.h"

#include <math.h>
#include <stdlib.h>

/* Give every column its name as a literal. The buffer is made for the longest: each byte as \u00xx. */
static void
write_names(struct coffer_ndjson *ndjson)
{
	static const char digits[] = "0123456789abcdef";
	char *out = ndjson->names;

	for (size_t i = 0; i < ndjson->column_count; i++) {
		const char *name = ndjson->table->columns[ndjson->columns[i]].name;

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
		ndjson->name_ends[i] = (size_t)(out - ndjson->names);
	}
}

coffer_status
coffer_ndjson_init(struct coffer_ndjson *ndjson, const coffer_table *table, const uint16_t *columns,
		   size_t column_count, coffer_error *error)
{
	size_t count = columns ? column_count : table->column_count, size = 1;

	*ndjson = (struct coffer_ndjson){.table = table, .column_count = count};
	ndjson->columns = calloc(count + 1, sizeof(*ndjson->columns));
	ndjson->name_ends = calloc(count + 1, sizeof(*ndjson->name_ends));
	ndjson->values = calloc(count + 1, sizeof(*ndjson->values));
	for (size_t i = 0; ndjson->columns && i < count; i++) {
		ndjson->columns[i] = columns ? columns[i] : (uint16_t)i;
		size += 6 * strlen(table->columns[ndjson->columns[i]].name) + 4;
	}
	ndjson->names = malloc(size);
	if (!ndjson->columns || !ndjson->name_ends || !ndjson->values || !ndjson->names)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row");
	write_names(ndjson);
	return COFFER_OK;
}

void
coffer_ndjson_release(struct coffer_ndjson *ndjson)
{
	free(ndjson->columns);
	free(ndjson->name_ends);
	free(ndjson->values);
	free(ndjson->names);
	*ndjson = (struct coffer_ndjson){0};
}

static void
write_integer(struct coffer_output *output, int64_t value)
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
	coffer_output_bytes(output, digits + at, sizeof(digits) - at);
}

static void
write_float(struct coffer_output *output, double real, int width)
{
	char text[COFFER_SCALAR_TEXT_SIZE];
	size_t size = coffer_float_print(real, width, text);

	if (isfinite(real))
		coffer_output_bytes(output, text, size);
	else
		coffer_json_string(output, text, size);
}

/* As Postgres prints it, with the T and the Z of RFC 3339: "2024-11-05T10:20:30.123Z". */
static void
write_time(struct coffer_output *output, int64_t time, bool has_zone)
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
	coffer_output_char(output, '"');
	coffer_output_bytes(output, text, size);
	coffer_output_char(output, '"');
}

/* As Postgres prints it: "\x" and hexadecimal, the backslash escaped. */
static void
write_bytes(struct coffer_output *output, coffer_text bytes)
{
	static const char digits[] = "0123456789abcdef";

	coffer_output_text(output, "\"\\\\x");
	for (size_t i = 0; i < bytes.size; i++) {
		unsigned char byte = (unsigned char)bytes.data[i];

		coffer_output_char(output, digits[byte >> 4]);
		coffer_output_char(output, digits[byte & 15]);
	}
	coffer_output_char(output, '"');
}

static coffer_status
write_array(struct coffer_output *output, coffer_text packed, coffer_error *error)
{
	coffer_array_reader reader;
	coffer_status status = coffer_array_open(packed, &reader);
	coffer_text element;

	coffer_output_char(output, '[');
	for (bool is_first = true; !status && reader.left; is_first = false) {
		if ((status = coffer_array_next(&reader, &element)))
			break;
		if (!is_first)
			coffer_output_char(output, ',');
		if (element.data)
			coffer_json_string(output, element.data, element.size);
		else
			coffer_output_text(output, "null");
	}
	coffer_output_char(output, ']');
	return status ? coffer_error_set(error, COFFER_CORRUPT, "not a packed array") : COFFER_OK;
}

/* In a column of arrays OTHER is a shape that JSON does not have. */
static void
write_other(struct coffer_output *output, const coffer_column *column, coffer_text text)
{
	bool is_array = column->kind == COFFER_TEXT_ARRAY;

	if (is_array)
		coffer_output_text(output, "{\"$array\":");
	coffer_json_string(output, text.data, text.size);
	if (is_array)
		coffer_output_char(output, '}');
}

coffer_status
coffer_ndjson_value(struct coffer_output *output, const coffer_column *column,
		    const coffer_value *value, coffer_error *error)
{
	switch (value->kind) {
	case COFFER_NULL:
		coffer_output_text(output, "null");
		break;
	case COFFER_BOOL:
		coffer_output_text(output, value->boolean ? "true" : "false");
		break;
	case COFFER_INT:
		write_integer(output, value->integer);
		break;
	case COFFER_FLOAT:
		write_float(output, value->real, column->width);
		break;
	case COFFER_TIME:
		write_time(output, value->time, column->has_zone);
		break;
	case COFFER_TEXT:
		coffer_json_string(output, value->text.data, value->text.size);
		break;
	case COFFER_JSON:
		coffer_json_document(output, value->text.data, value->text.size);
		break;
	case COFFER_TEXT_ARRAY:
		return write_array(output, value->text, error);
	case COFFER_BYTES:
		write_bytes(output, value->text);
		break;
	case COFFER_OTHER:
		write_other(output, column, value->text);
		break;
	}
	return COFFER_OK;
}

coffer_status
coffer_ndjson_row(struct coffer_ndjson *ndjson, struct coffer_output *output, const coffer_row *row,
		  coffer_error *error)
{
	coffer_status status = COFFER_OK;
	size_t begin = 0;

	for (size_t i = 0; i < ndjson->column_count; i++)
		if ((status = coffer_row_get(row, ndjson->columns[i], &ndjson->values[i], error)))
			return status;
	if (!ndjson->column_count)
		coffer_output_char(output, '{');
	for (size_t i = 0; !status && i < ndjson->column_count; i++) {
		coffer_output_bytes(output, ndjson->names + begin, ndjson->name_ends[i] - begin);
		begin = ndjson->name_ends[i];
		status = coffer_ndjson_value(output, &ndjson->table->columns[ndjson->columns[i]],
					     &ndjson->values[i], error);
	}
	coffer_output_char(output, '}');
	return status;
}
