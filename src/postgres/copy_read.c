/*
 * A bounded decoder of binary COPY.
 *
 *   message --> header? --> tuple --> field --> value
 *
 * The header is a signature of 11 bytes, flags and an extension with its size; a tuple is a count
 * of fields, then each field's size (-1: NULL) and bytes; the trailer is a count of -1. A message
 * is one tuple, with the header before the first. Sizes are exact: what a field has too many or too
 * few is an error, so that a column of another type is never read as a wrong value.
 */
#include "postgres/copy_read.h"

#include "postgres/copy_bytes.h"

#include <inttypes.h>
#include <stdlib.h>

static const char signature[11] = "PGCOPY\n\377\r\n";

/* SPEC.md 4.3: the times that Postgres can hold, from Julian day 0 up to the year 294277. */
#define TIME_MIN INT64_C(-211813488000000000)
#define TIME_END INT64_C(9223371331200000000)

coffer_status
coffer_copy_reader_init(struct coffer_copy_reader *reader, const coffer_table *table,
			coffer_error *error)
{
	size_t count = table->column_count ? table->column_count : 1;

	*reader = (struct coffer_copy_reader){.table = table};
	reader->values = calloc(count, sizeof(*reader->values));
	reader->arrays = calloc(count, sizeof(*reader->arrays));
	if (!reader->values || !reader->arrays)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row");
	return COFFER_OK;
}

void
coffer_copy_reader_release(struct coffer_copy_reader *reader)
{
	for (size_t i = 0; reader->arrays && i < reader->table->column_count; i++)
		coffer_buffer_release(&reader->arrays[i]);
	coffer_array_scratch_release(&reader->scratch);
	free(reader->arrays);
	free(reader->values);
	*reader = (struct coffer_copy_reader){0};
}

static const char *
decode_bool(const uint8_t *bytes, coffer_value *value)
{
	if (bytes[0] > 1)
		return "a boolean is neither 0 nor 1";
	value->boolean = bytes[0] == 1;
	return NULL;
}

static const char *
decode_int(struct coffer_copy_bytes *bytes, coffer_value *value)
{
	uint64_t bits;

	if (bytes->left == 2) {
		bits = coffer_copy_take_u16(bytes);
		value->integer = (int64_t)(bits ^ 0x8000) - 0x8000;
	} else if (bytes->left == 4) {
		value->integer = coffer_copy_take_i32(bytes);
	} else {
		bits = coffer_copy_take_u64(bytes);
		memcpy(&value->integer, &bits, sizeof(bits));
	}
	return NULL;
}

/* A float4 is widened bit by bit, so that a NaN keeps its sign and payload (SPEC.md 4.3). */
static const char *
decode_float(struct coffer_copy_bytes *bytes, coffer_value *value)
{
	uint64_t bits;
	uint32_t narrow;
	float real;

	if (bytes->left == 8) {
		bits = coffer_copy_take_u64(bytes);
		memcpy(&value->real, &bits, sizeof(bits));
		return NULL;
	}
	narrow = coffer_copy_take_u32(bytes);
	if ((narrow & 0x7f800000) == 0x7f800000) {
		bits = (uint64_t)(narrow >> 31) << 63 | UINT64_C(0x7ff) << 52 |
		       (uint64_t)(narrow & 0x7fffff) << 29;
		memcpy(&value->real, &bits, sizeof(bits));
	} else {
		memcpy(&real, &narrow, sizeof(real));
		value->real = real;
	}
	return NULL;
}

static const char *
decode_time(struct coffer_copy_bytes *bytes, coffer_value *value)
{
	uint64_t bits = coffer_copy_take_u64(bytes);
	int64_t time;

	memcpy(&time, &bits, sizeof(time));
	value->time = time;
	if (time == INT64_MIN || time == INT64_MAX || (time >= TIME_MIN && time < TIME_END))
		return NULL;
	return "a time is out of range";
}

static const char *
decode_json(const coffer_column *column, struct coffer_copy_bytes *bytes, coffer_value *value)
{
	if (column->is_binary_json) {
		const uint8_t *version = coffer_copy_take(bytes, 1);

		if (!version || *version != 1)
			return "a jsonb value is not of version 1";
	}
	value->text = (coffer_text){(const char *)bytes->at, bytes->left};
	return NULL;
}

/* Bytes that a value of this column has; 0: any number. */
static size_t
field_size(const coffer_column *column)
{
	switch (column->kind) {
	case COFFER_BOOL:
		return 1;
	case COFFER_INT:
	case COFFER_FLOAT:
		return column->width;
	case COFFER_TIME:
		return 8;
	default:
		return 0;
	}
}

static const char *
decode(struct coffer_copy_reader *reader, size_t number, struct coffer_copy_bytes *bytes)
{
	const coffer_column *column = &reader->table->columns[number];
	coffer_value *value = &reader->values[number];
	size_t expected = field_size(column);

	if (expected && bytes->left != expected)
		return "a value has a wrong size for its type";
	value->kind = column->kind;
	switch (column->kind) {
	case COFFER_BOOL:
		return decode_bool(bytes->at, value);
	case COFFER_INT:
		return decode_int(bytes, value);
	case COFFER_FLOAT:
		return decode_float(bytes, value);
	case COFFER_TIME:
		return decode_time(bytes, value);
	case COFFER_JSON:
		return decode_json(column, bytes, value);
	case COFFER_TEXT_ARRAY:
		return coffer_array_decode(bytes->at, bytes->left, &reader->scratch,
					   &reader->arrays[number], value);
	default:
		value->text = (coffer_text){(const char *)bytes->at, bytes->left};
		return NULL;
	}
}

static const char *
take_field(struct coffer_copy_reader *reader, size_t number, struct coffer_copy_bytes *tuple)
{
	int32_t size = coffer_copy_take_i32(tuple);
	struct coffer_copy_bytes field = {0};

	if (size == -1 && !tuple->is_cut) {
		reader->values[number] = (coffer_value){.kind = COFFER_NULL};
		return NULL;
	}
	if (size < 0)
		return "a value has a negative size";
	field.at = coffer_copy_take(tuple, (size_t)size);
	field.left = (size_t)size;
	return tuple->is_cut ? "the row ends within a value" : decode(reader, number, &field);
}

static coffer_status
refuse(const struct coffer_copy_reader *reader, const coffer_column *column, const char *fault,
       coffer_error *error)
{
	bool is_memory = !strncmp(fault, "no memory", 9);
	const char *table = reader->table->name;

	coffer_error_set(error, is_memory ? COFFER_NO_MEMORY : COFFER_INVALID, "%s", fault);
	if (column)
		coffer_error_at(error, "%s[%" PRIu64 "].%s", table, reader->rows + 1, column->name);
	else
		coffer_error_at(error, "%s[%" PRIu64 "]", table, reader->rows + 1);
	return is_memory ? COFFER_NO_MEMORY : COFFER_INVALID;
}

static const char *
take_header(struct coffer_copy_reader *reader, struct coffer_copy_bytes *bytes)
{
	const uint8_t *magic = coffer_copy_take(bytes, sizeof(signature));
	uint32_t flags = coffer_copy_take_u32(bytes);

	coffer_copy_take(bytes, coffer_copy_take_u32(bytes));
	if (bytes->is_cut || memcmp(magic, signature, sizeof(signature)) != 0)
		return "the stream does not begin as binary COPY does";
	if (flags)
		return "the stream has unknown flags";
	reader->is_begun = true;
	return NULL;
}

/* The count of fields, or the trailer, which sets is_ended. */
static const char *
take_count(struct coffer_copy_reader *reader, struct coffer_copy_bytes *bytes)
{
	uint16_t count = coffer_copy_take_u16(bytes);

	if (reader->is_ended)
		return "bytes follow the end of the stream";
	if (bytes->is_cut)
		return "the row ends within its count of columns";
	if (count == UINT16_MAX) {
		reader->is_ended = true;
		return bytes->left ? "bytes follow the end of the stream" : NULL;
	}
	return count == reader->table->column_count ? NULL
						    : "the row has another number of columns";
}

coffer_status
coffer_copy_read(struct coffer_copy_reader *reader, const void *message, size_t size,
		 coffer_error *error)
{
	struct coffer_copy_bytes bytes = {.at = message, .left = size};
	size_t count = reader->table->column_count;
	const char *fault = reader->is_begun ? NULL : take_header(reader, &bytes);

	if (!fault && size && !bytes.left)
		return COFFER_NOT_FOUND;
	if (fault || (fault = take_count(reader, &bytes)))
		return refuse(reader, NULL, fault, error);
	if (reader->is_ended)
		return COFFER_NOT_FOUND;
	for (size_t i = 0; i < count; i++) {
		if ((fault = take_field(reader, i, &bytes)))
			return refuse(reader, &reader->table->columns[i], fault, error);
	}
	if (bytes.left)
		return refuse(reader, NULL, "bytes follow the last column of the row", error);
	reader->rows++;
	return COFFER_OK;
}

coffer_status
coffer_copy_read_end(const struct coffer_copy_reader *reader, coffer_error *error)
{
	if (reader->is_ended)
		return COFFER_OK;
	return refuse(reader, NULL, "the stream ends before its trailer", error);
}
