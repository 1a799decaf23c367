/*
 * Rows into the bytes of COPY FROM STDIN, binary and text.
 *
 * Binary is the inverse of copy_read.c, byte for byte. Text (transfer/copy_text.c) is for tables with
 * a type that coffer carries by its text form, whose binary form it does not know. NaNs that lose their
 * sign or payload by it are counted.
 */
#include "postgres/copy_write.h"

#include "postgres/array.h"
#include "postgres/copy_bytes.h"
#include "postgres/copy_sql.h"
#include "transfer/copy_text.h"

#include <stdlib.h>

static const char header[19] = "PGCOPY\n\377\r\n";

coffer_status
coffer_copy_writer_init(struct coffer_copy_writer *writer, const coffer_schema *schema,
			const coffer_table *table, coffer_error *error)
{
	*writer = (struct coffer_copy_writer){.table = table, .is_binary = true};
	writer->columns = calloc(table->column_count + 1, sizeof(*writer->columns));
	if (!writer->columns)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a list of columns");
	for (size_t i = 0; i < table->column_count; i++) {
		if (table->columns[i].generated_sql)
			continue;
		writer->columns[writer->column_count++] = (uint16_t)i;
		if (!coffer_copy_is_binary(schema, &table->columns[i]))
			writer->is_binary = false;
	}
	return COFFER_OK;
}

void
coffer_copy_writer_choose(struct coffer_copy_writer *writer, const uint16_t *columns, size_t count,
			  bool is_binary)
{
	memcpy(writer->columns, columns, count * sizeof(*columns));
	writer->column_count = count;
	writer->is_binary = is_binary;
}

void
coffer_copy_writer_release(struct coffer_copy_writer *writer)
{
	free(writer->columns);
	coffer_buffer_release(&writer->out);
	coffer_buffer_release(&writer->scratch);
	*writer = (struct coffer_copy_writer){0};
}

void
coffer_copy_write_begin(struct coffer_copy_writer *writer)
{
	if (writer->is_binary)
		coffer_copy_put(&writer->out, header, sizeof(header));
}

void
coffer_copy_write_end(struct coffer_copy_writer *writer)
{
	if (writer->is_binary)
		coffer_copy_put_u16(&writer->out, UINT16_MAX);
}

static void
put_sized(coffer_buffer *out, const void *data, size_t size)
{
	if (!coffer_copy_reserve(out, size + 4))
		return;
	coffer_copy_put_u32(out, (uint32_t)size);
	coffer_copy_put(out, data, size);
}

static void
put_int(coffer_buffer *out, int width, int64_t number)
{
	uint64_t bits = (uint64_t)number;

	coffer_copy_put_u32(out, (uint32_t)width);
	if (width == 2)
		coffer_copy_put_u16(out, (uint16_t)bits);
	else if (width == 4)
		coffer_copy_put_u32(out, (uint32_t)bits);
	else
		coffer_copy_put_u64(out, bits);
}

/* The inverse of decode_float: what was widened bit by bit is narrowed so. */
static void
put_float(coffer_buffer *out, int width, double real)
{
	uint64_t bits;
	uint32_t narrow;
	float single = (float)real;

	memcpy(&bits, &real, sizeof(bits));
	if (width == 8) {
		put_int(out, 8, (int64_t)bits);
		return;
	}
	memcpy(&narrow, &single, sizeof(narrow));
	if (real != real)
		narrow = (uint32_t)(bits >> 63) << 31 | UINT32_C(0x7f800000) |
			 (uint32_t)(bits >> 29 & 0x7fffff);
	put_int(out, 4, narrow);
}

static void
put_json(coffer_buffer *out, coffer_text text, bool is_binary_json)
{
	coffer_copy_put_u32(out, (uint32_t)(text.size + is_binary_json));
	if (is_binary_json)
		coffer_copy_put_byte(out, 1);
	coffer_copy_put(out, text.data, text.size);
}

static const char *
put_array(coffer_buffer *out, const coffer_value *value)
{
	size_t at = out->size, size;
	const char *fault;

	coffer_copy_put_u32(out, 0);
	fault = coffer_array_encode(value, out);
	size = out->size - at - 4;
	if (fault || out->is_failed)
		return fault;
	if (size > INT32_MAX)
		return "an array is too large for COPY";
	coffer_copy_store_u32(out->data + at, (uint32_t)size);
	return NULL;
}

static const char *
write_binary(struct coffer_copy_writer *writer, const coffer_column *column,
	     const coffer_value *value)
{
	coffer_buffer *out = &writer->out;

	switch (value->kind) {
	case COFFER_NULL:
		coffer_copy_put_u32(out, UINT32_MAX);
		return NULL;
	case COFFER_BOOL:
		coffer_copy_put_u32(out, 1);
		coffer_copy_put_byte(out, value->boolean);
		return NULL;
	case COFFER_INT:
		put_int(out, column->width, value->integer);
		return NULL;
	case COFFER_FLOAT:
		put_float(out, column->width, value->real);
		return NULL;
	case COFFER_TIME:
		put_int(out, 8, value->time);
		return NULL;
	case COFFER_JSON:
		put_json(out, value->text, column->is_binary_json);
		return NULL;
	default:
		if (column->kind == COFFER_TEXT_ARRAY)
			return put_array(out, value);
		put_sized(out, value->text.data, value->text.size);
		return NULL;
	}
}

static const char *
write_text(struct coffer_copy_writer *writer, const coffer_column *column,
	   const coffer_value *value)
{
	writer->nans_changed += coffer_copy_text_changes(value);
	if (coffer_copy_text_value(column, value, &writer->out, &writer->scratch, NULL))
		return "a packed array is damaged";
	return NULL;
}

static bool
has_text(coffer_kind kind)
{
	return kind == COFFER_TEXT || kind == COFFER_JSON || kind == COFFER_TEXT_ARRAY ||
	       kind == COFFER_BYTES || kind == COFFER_OTHER;
}

static coffer_status
write_value(struct coffer_copy_writer *writer, const coffer_column *column,
	    const coffer_value *value, coffer_error *error)
{
	bool is_odd_array = column->kind == COFFER_TEXT_ARRAY && value->kind == COFFER_OTHER;
	coffer_status status = COFFER_INVALID;
	const char *fault;

	if (value->kind != COFFER_NULL && value->kind != column->kind && !is_odd_array) {
		fault = "the value is not of its column's kind";
	} else if (has_text(value->kind) && value->text.size > COFFER_VALUE_SIZE_MAX) {
		status = COFFER_LIMIT;
		fault = "the value is larger than 1 GiB";
	} else {
		fault = writer->is_binary ? write_binary(writer, column, value)
					  : write_text(writer, column, value);
	}
	if (writer->out.is_failed) {
		status = COFFER_NO_MEMORY;
		fault = "no memory for a row";
	}
	if (!fault)
		return COFFER_OK;
	coffer_error_set(error, status, "%s", fault);
	coffer_error_at(error, "%s", column->name);
	return status;
}

coffer_status
coffer_copy_write(struct coffer_copy_writer *writer, const coffer_value *values,
		  coffer_error *error)
{
	coffer_status status = COFFER_OK;

	if (writer->is_binary)
		coffer_copy_put_u16(&writer->out, (uint16_t)writer->column_count);
	for (size_t i = 0; i < writer->column_count && !status; i++) {
		uint16_t number = writer->columns[i];

		if (i && !writer->is_binary)
			coffer_copy_put_byte(&writer->out, '\t');
		status = write_value(writer, &writer->table->columns[number], &values[number],
				     error);
	}
	if (!writer->is_binary)
		coffer_copy_put_byte(&writer->out, '\n');
	return status;
}
