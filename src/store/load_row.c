/*
 * One row of a load.
 *
 *   values --> codes --> elements in record order --> long ones moved out --> record
 *                   \--> a key for each index, into its sorter
 *
 * The record is put together in one buffer that is kept from row to row.
 */
#include "store/load.h"

#include "base/utf8.h"
#include "format/checksum.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

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

static coffer_status
check_value(const coffer_column *column, const coffer_value *value, coffer_error *error)
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

coffer_status
coffer_load_check(const coffer_load *load, const coffer_value *values, coffer_error *error)
{
	const coffer_table *table = &load->schema->tables[load->table];
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < table->column_count; i++) {
		status = check_value(&table->columns[i], &values[i], error);
		if (status)
			coffer_error_at(error, "%s[%" PRIu64 "].%s", table->name,
					load->row + load->sample.count + 1, table->columns[i].name);
	}
	return status;
}

static coffer_status
reserve_record(coffer_load *load, const coffer_value *values, size_t count, coffer_error *error)
{
	size_t size = COFFER_CHECKSUM_SIZE + COFFER_RECORD_HEADER_MAX;
	uint8_t *record;

	for (size_t i = 0; i < count; i++)
		size += coffer_element_size_max(&values[i]);
	if (size <= load->record_capacity)
		return COFFER_OK;
	record = realloc(load->record, size + size / 4);
	if (!record)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row of %zu bytes", size);
	load->record = record;
	load->record_capacity = size + size / 4;
	return COFFER_OK;
}

static coffer_status
intern(coffer_load *load, const coffer_table *table, const coffer_value *values,
       coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < table->column_count; i++) {
		load->codes[i] = 0;
		if (table->columns[i].is_interned && values[i].kind != COFFER_NULL)
			status = coffer_intern_code(&load->intern, values[i].text, &load->codes[i], error);
	}
	return status;
}

/* Write all elements in record order; returns the size, checksum and header included. */
static size_t
write_elements(coffer_load *load, const coffer_table *table, const coffer_value *values)
{
	size_t size = COFFER_CHECKSUM_SIZE;

	size += coffer_record_header_write(table->column_count, load->record + size);
	for (size_t p = 0; p < table->column_count; p++) {
		uint16_t column = load->order[p];
		const coffer_value *value = &values[column];
		struct coffer_form form = coffer_column_form(&table->columns[column]);
		size_t written =
			coffer_element_write(form, value, load->codes[column], load->record + size);

		load->parts[p] = (struct coffer_part){
			.size = (uint32_t)written,
			.is_movable = has_text(value) && !form.is_interned,
		};
		size += written;
	}
	return size;
}

/*
 * Write one long value. Its checksum belongs in front of the element, where other elements stand: they are put
 * aside for that moment, since copying the value could mean copying a gigabyte.
 */
static coffer_status
write_long(coffer_load *load, uint16_t column, uint8_t *element, size_t size, coffer_error *error)
{
	uint8_t key[COFFER_LONG_KEY_SIZE], aside[COFFER_CHECKSUM_SIZE];
	uint8_t *value = element - COFFER_CHECKSUM_SIZE;
	coffer_status status;

	coffer_key_put_long(key, load->row, column);
	memcpy(aside, value, sizeof(aside));
	coffer_checksum_seal(load->schema->tables[load->table].id, key, sizeof(key), value,
			     size + sizeof(aside));
	status = coffer_build_append(load->build, load->trees.tables[load->table].longs,
				     (struct coffer_bytes){key, sizeof(key)},
				     (struct coffer_bytes){value, size + sizeof(aside)}, error);
	memcpy(value, aside, sizeof(aside));
	return status;
}

/* Long values go out in order of their column numbers, which is the order of their keys. */
static coffer_status
write_longs(coffer_load *load, const coffer_table *table, size_t header, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (uint16_t column = 0; !status && column < table->column_count; column++) {
		uint16_t position = table->columns[column].position;
		size_t at = header;

		if (!load->parts[position].is_long)
			continue;
		for (size_t p = 0; p < position; p++)
			at += load->parts[p].size;
		status = write_long(load, column, load->record + at, load->parts[position].size, error);
	}
	return status;
}

/* Close the gaps that the long values leave; `true` stands for each. */
static size_t
close_gaps(coffer_load *load, const coffer_table *table, size_t header)
{
	static const coffer_value is_long = {.kind = COFFER_BOOL, .boolean = true};
	static const struct coffer_form form = {.kind = COFFER_BOOL};
	size_t from = header, to = header;

	for (size_t p = 0; p < table->column_count; p++) {
		if (load->parts[p].is_long)
			to += coffer_element_write(form, &is_long, 0, load->record + to);
		else {
			memmove(load->record + to, load->record + from, load->parts[p].size);
			to += load->parts[p].size;
		}
		from += load->parts[p].size;
	}
	return to;
}

static coffer_status
write_record(coffer_load *load, const coffer_table *table, size_t size, coffer_error *error)
{
	uint8_t key[COFFER_ROW_KEY_SIZE];
	coffer_status status;

	if (size - COFFER_CHECKSUM_SIZE > COFFER_RECORD_SIZE_LONG) {
		uint8_t unused[COFFER_RECORD_HEADER_MAX];
		size_t header = COFFER_CHECKSUM_SIZE +
				coffer_record_header_write(table->column_count, unused);

		(void)coffer_record_settle(load->parts, table->column_count);
		if ((status = write_longs(load, table, header, error)))
			return status;
		size = close_gaps(load, table, header);
	}
	coffer_key_put_row(key, load->row);
	coffer_checksum_seal(table->id, key, sizeof(key), load->record, size);
	return coffer_build_append(load->build, load->trees.tables[load->table].rows,
				   (struct coffer_bytes){key, sizeof(key)},
				   (struct coffer_bytes){load->record, size}, error);
}

/* The hash of a unique key; false when a NULL keeps the row out of the index. */
static bool
hash_key(const coffer_load *load, const coffer_index *index, const coffer_value *values,
	 uint64_t *hash)
{
	*hash = load->reader.seed;
	for (size_t i = 0; i < index->key_column_count; i++) {
		const coffer_value *value = &values[index->key_columns[i]];

		if (value->kind == COFFER_NULL && !index->nulls_not_distinct)
			return false;
		*hash = coffer_key_hash(*hash, value);
	}
	return true;
}

static void
write_key(const coffer_load *load, const coffer_index *index, const coffer_value *values,
	  uint8_t *key)
{
	const coffer_table *table = &load->schema->tables[load->table];

	for (size_t i = 0; i < index->key_column_count; i++) {
		uint16_t number = index->key_columns[i];
		const coffer_column *column = &table->columns[number];

		key += coffer_key_column_write(coffer_column_form(column), column->is_nullable,
					       &values[number], load->codes[number], key);
	}
	coffer_key_put_row(key, load->row);
}

static coffer_status
write_keys(coffer_load *load, const coffer_table *table, const coffer_value *values,
	   coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < table->index_count; i++) {
		const coffer_index *index = &table->indexes[i];
		uint64_t hash = 0;
		uint8_t *key;

		if (index->tree == COFFER_TREE_NONE ||
		    (index->tree == COFFER_TREE_HASHED && !hash_key(load, index, values, &hash)))
			continue;
		if ((status = coffer_sorter_add(&load->sorters[i], &key, error)))
			break;
		if (index->tree == COFFER_TREE_HASHED) {
			coffer_key_put_hash(key, hash);
			coffer_key_put_row(key + COFFER_HASH_SIZE, load->row);
		} else {
			write_key(load, index, values, key);
		}
	}
	return status;
}

coffer_status
coffer_load_write(coffer_load *load, const coffer_value *values, coffer_error *error)
{
	const coffer_table *table = &load->schema->tables[load->table];
	coffer_status status;

	if (load->row == COFFER_ROW_NUMBER_MAX)
		return coffer_error_set(error, COFFER_LIMIT, "table %s has no row number left",
					table->name);
	load->row++;
	if ((status = reserve_record(load, values, table->column_count, error)) ||
	    (status = intern(load, table, values, error)) ||
	    (status = write_record(load, table, write_elements(load, table, values), error)))
		return status;
	return write_keys(load, table, values, error);
}
