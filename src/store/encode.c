/*
 * Encoding one row.
 *
 *   values, codes --> elements in record order --> long ones moved out --> record
 *                \--> a key for each index
 *
 * The record is put together in one buffer that is kept from row to row.
 */
#include "store/encode.h"

#include "base/utf8.h"
#include "format/checksum.h"

#include <stdlib.h>
#include <string.h>

coffer_status
coffer_encoder_init(struct coffer_encoder *encoder, const coffer_table *table, const coffer_txn *txn,
		    coffer_error *error)
{
	size_t count = table->column_count + 1;

	*encoder = (struct coffer_encoder){.table = table, .seed = txn->seed};
	encoder->forms = calloc(count, sizeof(*encoder->forms));
	encoder->order = calloc(count, sizeof(*encoder->order));
	encoder->parts = calloc(count, sizeof(*encoder->parts));
	encoder->codes = calloc(count, sizeof(*encoder->codes));
	encoder->frames = calloc(count, sizeof(*encoder->frames));
	if (!encoder->forms || !encoder->order || !encoder->parts || !encoder->codes ||
	    !encoder->frames)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row");
	for (uint16_t column = 0; column < table->column_count; column++) {
		encoder->order[table->columns[column].position] = column;
		encoder->forms[column] = coffer_column_held(&table->columns[column], txn->features);
	}
	return COFFER_OK;
}

void
coffer_encoder_release(struct coffer_encoder *encoder)
{
	free(encoder->forms);
	free(encoder->order);
	free(encoder->parts);
	free(encoder->codes);
	free(encoder->frames);
	free(encoder->record);
	*encoder = (struct coffer_encoder){0};
}

static bool
is_array_of_text(coffer_text packed)
{
	coffer_array_reader reader;
	coffer_text element;
	coffer_status status = coffer_array_open(packed, &reader);

	while (!status && !(status = coffer_array_next(&reader, &element)))
		if (element.data && !coffer_utf8_is_valid(element.data, element.size))
			return false;
	return status == COFFER_NOT_FOUND && !reader.rest.size;
}

static bool
is_text_valid(const coffer_value *value)
{
	switch (value->kind) {
	case COFFER_TEXT:
	case COFFER_JSON:
	case COFFER_OTHER:
		return coffer_utf8_is_valid(value->text.data, value->text.size);
	case COFFER_TEXT_ARRAY:
		return is_array_of_text(value->text);
	default:
		return true;
	}
}

static bool
has_text(const coffer_value *value)
{
	return value->kind >= COFFER_TEXT;
}

coffer_status
coffer_value_check(const coffer_column *column, const coffer_value *value, coffer_error *error)
{
	if (value->kind == COFFER_NULL)
		return column->is_nullable ? COFFER_OK
					   : coffer_error_set(error, COFFER_INVALID,
							      "NULL in a column that is NOT NULL");
	if (value->kind != column->kind &&
	    !(value->kind == COFFER_OTHER && column->kind == COFFER_TEXT_ARRAY))
		return coffer_error_set(error, COFFER_INVALID, "a value of another kind, expected %s",
					column->type);
	if (has_text(value) && value->text.size > COFFER_VALUE_SIZE_MAX)
		return coffer_error_set(error, COFFER_LIMIT, "%zu bytes, expected at most %d",
					value->text.size, COFFER_VALUE_SIZE_MAX);
	if (!coffer_element_is_in_range(coffer_column_form(column), value))
		return coffer_error_set(error, COFFER_INVALID, "out of the range of %s", column->type);
	if (!is_text_valid(value))
		return coffer_error_set(error, COFFER_INVALID,
					"not valid UTF-8, or a NUL byte in it");
	return COFFER_OK;
}

static coffer_status
reserve(struct coffer_encoder *encoder, const coffer_value *values, coffer_error *error)
{
	size_t size = COFFER_CHECKSUM_SIZE + COFFER_RECORD_HEADER_MAX;
	uint8_t *record;

	for (size_t i = 0; i < encoder->table->column_count; i++)
		size += coffer_element_size_max(&values[i]);
	if (size <= encoder->record_capacity)
		return COFFER_OK;
	record = realloc(encoder->record, size + size / 4);
	if (!record)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row of %zu bytes", size);
	encoder->record = record;
	encoder->record_capacity = size + size / 4;
	return COFFER_OK;
}

/* Write all elements in record order; returns the size, checksum and header included. */
static size_t
write_elements(struct coffer_encoder *encoder, const coffer_value *values)
{
	const coffer_table *table = encoder->table;
	size_t size = COFFER_CHECKSUM_SIZE;

	size += coffer_record_header_write(table->column_count, encoder->record + size);
	for (size_t p = 0; p < table->column_count; p++) {
		uint16_t column = encoder->order[p];
		const coffer_value *value = &values[column];
		struct coffer_form form = encoder->forms[column];
		const struct coffer_bytes *frame = &encoder->frames[column];
		uint8_t *out = encoder->record + size;
		size_t written =
			frame->size
				? coffer_element_write_frame(form.kind, frame->data, frame->size, out)
				: coffer_element_write(form, value, encoder->codes[column], out);

		encoder->parts[p] = (struct coffer_part){
			.size = (uint32_t)written,
			.is_movable = has_text(value) && !form.is_interned,
		};
		size += written;
	}
	return size;
}

/* Where the long values of one row go. */
struct outlet {
	coffer_long_function put;
	void *context;
	uint64_t number;
};

/*
 * Give one long value away. Its checksum belongs in front of the element, where other elements stand: they are put
 * aside for that moment, since copying the value could mean copying a gigabyte.
 */
static coffer_status
put_long(struct coffer_encoder *encoder, const struct outlet *outlet, uint16_t column,
	 uint8_t *element, size_t size, coffer_error *error)
{
	uint8_t key[COFFER_LONG_KEY_SIZE], aside[COFFER_CHECKSUM_SIZE];
	uint8_t *value = element - COFFER_CHECKSUM_SIZE;
	coffer_status status;

	coffer_key_put_long(key, outlet->number, column);
	memcpy(aside, value, sizeof(aside));
	coffer_checksum_seal(encoder->table->id, key, sizeof(key), value, size + sizeof(aside));
	status = outlet->put(outlet->context, column, (struct coffer_bytes){key, sizeof(key)},
			     (struct coffer_bytes){value, size + sizeof(aside)}, error);
	memcpy(value, aside, sizeof(aside));
	return status;
}

/* Long values go out in order of their column numbers, which is the order of their keys. */
static coffer_status
put_longs(struct coffer_encoder *encoder, const struct outlet *outlet, size_t header,
	  coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (uint16_t column = 0; !status && column < encoder->table->column_count; column++) {
		uint16_t position = encoder->table->columns[column].position;
		size_t at = header;

		if (!encoder->parts[position].is_long)
			continue;
		for (size_t p = 0; p < position; p++)
			at += encoder->parts[p].size;
		status = put_long(encoder, outlet, column, encoder->record + at,
				  encoder->parts[position].size, error);
	}
	return status;
}

/* Close the gaps that the long values leave; `true` stands for each. */
static size_t
close_gaps(struct coffer_encoder *encoder, size_t header)
{
	static const coffer_value is_long = {.kind = COFFER_BOOL, .boolean = true};
	static const struct coffer_form form = {.kind = COFFER_BOOL};
	size_t from = header, to = header;

	for (size_t p = 0; p < encoder->table->column_count; p++) {
		if (encoder->parts[p].is_long)
			to += coffer_element_write(form, &is_long, 0, encoder->record + to);
		else {
			memmove(encoder->record + to, encoder->record + from, encoder->parts[p].size);
			to += encoder->parts[p].size;
		}
		from += encoder->parts[p].size;
	}
	return to;
}

coffer_status
coffer_encoder_record(struct coffer_encoder *encoder, uint64_t number, const coffer_value *values,
		      coffer_long_function put, void *context, struct coffer_bytes *record_out,
		      coffer_error *error)
{
	const struct outlet outlet = {put, context, number};
	uint8_t key[COFFER_ROW_KEY_SIZE];
	coffer_status status;
	size_t size;

	*record_out = (struct coffer_bytes){NULL, 0};
	if ((status = reserve(encoder, values, error)))
		return status;
	size = write_elements(encoder, values);
	if (size - COFFER_CHECKSUM_SIZE > COFFER_RECORD_SIZE_LONG) {
		uint8_t unused[COFFER_RECORD_HEADER_MAX];
		size_t header = COFFER_CHECKSUM_SIZE +
				coffer_record_header_write(encoder->table->column_count, unused);

		(void)coffer_record_settle(encoder->parts, encoder->table->column_count);
		if ((status = put_longs(encoder, &outlet, header, error)))
			return status;
		size = close_gaps(encoder, header);
	}
	coffer_key_put_row(key, number);
	coffer_checksum_seal(encoder->table->id, key, sizeof(key), encoder->record, size);
	*record_out = (struct coffer_bytes){encoder->record, size};
	return COFFER_OK;
}

bool
coffer_encoder_is_long(const struct coffer_encoder *encoder, uint16_t column)
{
	return encoder->parts[encoder->table->columns[column].position].is_long;
}

/* The hash of a unique key; false when a NULL keeps the row out of the index. */
static bool
hash_key(uint64_t seed, const coffer_index *index, const coffer_value *values, uint64_t *hash)
{
	*hash = seed;
	for (size_t i = 0; i < index->key_column_count; i++) {
		const coffer_value *value = &values[index->key_columns[i]];

		if (value->kind == COFFER_NULL && !index->nulls_not_distinct)
			return false;
		*hash = coffer_key_hash(*hash, value);
	}
	return true;
}

size_t
coffer_encoder_key(const struct coffer_encoder *encoder, const coffer_index *index, uint64_t number,
		   const coffer_value *values, const uint32_t *codes,
		   uint8_t key[COFFER_KEY_SIZE_MAX])
{
	size_t size = 0;
	uint64_t hash;

	if (index->tree == COFFER_TREE_HASHED) {
		if (!hash_key(encoder->seed, index, values, &hash))
			return 0;
		coffer_key_put_hash(key, hash);
		size = COFFER_HASH_SIZE;
	}
	for (size_t i = 0; index->tree == COFFER_TREE_ORDERED && i < index->key_column_count; i++) {
		uint16_t at = index->key_columns[i];
		const coffer_column *column = &encoder->table->columns[at];

		size += coffer_key_column_write(coffer_column_form(column), column->is_nullable,
						&values[at], codes[at], key + size);
	}
	coffer_key_put_row(key + size, number);
	return size + COFFER_ROW_KEY_SIZE;
}
