/*
 * One row of a load.
 *
 *   values --> codes --> record and long values, appended
 *                   \--> a group of each roll-up
 *                   \--> a key for each index, into its sorter
 */
#include "store/load.h"

#include <inttypes.h>
#include <string.h>

coffer_status
coffer_load_check(const coffer_load *load, const coffer_value *values, coffer_error *error)
{
	const coffer_table *table = &load->schema->tables[load->table];
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < table->column_count; i++) {
		status = coffer_value_check(&table->columns[i], &values[i], error);
		if (status)
			coffer_error_at(error, "%s[%" PRIu64 "].%s", table->name,
					load->row + 1, table->columns[i].name);
	}
	return status;
}

static coffer_status
intern(coffer_load *load, const coffer_table *table, const coffer_value *values,
       coffer_error *error)
{
	uint32_t *codes = load->encoder.codes;
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < table->column_count; i++) {
		codes[i] = 0;
		if (table->columns[i].is_interned && values[i].kind != COFFER_NULL)
			status = coffer_intern_code(&load->intern, values[i].text, &codes[i], error);
	}
	return status;
}

static coffer_status
append_long(void *context, uint16_t column, struct coffer_bytes key, struct coffer_bytes value,
	    coffer_error *error)
{
	coffer_load *load = context;

	(void)column;
	return coffer_build_append(load->build, load->trees.tables[load->table].longs, key, value,
				   error);
}

static coffer_status
append_record(coffer_load *load, uint64_t number, const coffer_value *values, coffer_error *error)
{
	uint8_t key[COFFER_ROW_KEY_SIZE];
	struct coffer_bytes record;
	coffer_status status = coffer_encoder_record(&load->encoder, number, values, append_long,
						     load, &record, error);

	if (status)
		return status;
	coffer_key_put_row(key, number);
	return coffer_build_append(load->build, load->trees.tables[load->table].rows,
				   (struct coffer_bytes){key, sizeof(key)}, record, error);
}

static coffer_status
write_keys(coffer_load *load, const coffer_table *table, uint64_t number,
	   const coffer_value *values, coffer_error *error)
{
	uint8_t key[COFFER_KEY_SIZE_MAX], *place;
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < table->index_count; i++) {
		const coffer_index *index = &table->indexes[i];
		size_t size;

		if (index->tree == COFFER_TREE_NONE)
			continue;
		size = coffer_encoder_key(&load->encoder, index, number, values,
					  load->encoder.codes, key);
		if (size && !(status = coffer_sorter_add(&load->sorters[i], &place, error)))
			memcpy(place, key, size);
	}
	return status;
}

coffer_status
coffer_load_write(coffer_load *load, uint64_t number, const coffer_value *values,
		  coffer_error *error)
{
	const coffer_table *table = &load->schema->tables[load->table];
	coffer_status status;

	if ((status = intern(load, table, values, error)) ||
	    (status = coffer_load_frames_row(load, values, error)) ||
	    (status = append_record(load, number, values, error)) ||
	    (status = coffer_tallies_add(&load->tallies, values, load->encoder.codes, 1, error)))
		return status;
	return write_keys(load, table, number, values, error);
}
