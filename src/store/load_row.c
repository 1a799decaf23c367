/*
 * One row of a load.
 *
 *   values --> checked --> codes --> a task of the build
 *
 *   task --> frames --> record and long values, appended
 *       \--> a group of each roll-up
 *       \--> a key for each index, into its sorter
 *
 * What needs the rows before it, and what a caller is told of, is done as the row comes. The rest is a task, which the build
 * does in their order, in a thread of its own where there are many: its bytes are all that it needs of the row.
 *
 *   task: number, values, codes, the values' texts
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
	uint32_t *codes = load->codes;
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
	return coffer_build_give(load->build, load->trees.tables[load->table].longs, key, value,
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
	return coffer_build_give(load->build, load->trees.tables[load->table].rows,
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

/* What can be done behind the rows before it alone. */
static coffer_status
finish_row(coffer_load *load, uint64_t number, const coffer_value *values, const uint32_t *codes,
	   coffer_error *error)
{
	const coffer_table *table = &load->schema->tables[load->table];
	coffer_status status;

	memcpy(load->encoder.codes, codes, table->column_count * sizeof(*codes));
	if ((status = coffer_load_frames_row(load, values, error)) ||
	    (status = append_record(load, number, values, error)) ||
	    (status = coffer_tallies_add(&load->tallies, values, codes, 1, error)))
		return status;
	return write_keys(load, table, number, values, error);
}

/* ------------------------------------------------------------------ tasks */

static size_t
head_size(size_t column_count)
{
	size_t codes = (column_count * sizeof(uint32_t) + 7) & ~(size_t)7;

	return sizeof(uint64_t) + column_count * sizeof(coffer_value) + codes;
}

/* A code stands for the text. */
static bool
has_text(const coffer_load *load, size_t column, const coffer_value *value)
{
	return value->kind >= COFFER_TEXT && !load->is_code_enough[column];
}

static size_t
task_size(const coffer_load *load, size_t column_count, const coffer_value *values)
{
	size_t size = head_size(column_count);

	for (size_t i = 0; i < column_count; i++)
		if (has_text(load, i, &values[i]))
			size += values[i].text.size;
	return size;
}

static void
write_task(const coffer_load *load, uint64_t number, size_t column_count, const coffer_value *values,
	   uint8_t *place)
{
	coffer_value *copies = (coffer_value *)(void *)(place + sizeof(number));
	uint8_t *text = place + head_size(column_count);

	memcpy(place, &number, sizeof(number));
	memcpy(copies, values, column_count * sizeof(*values));
	memcpy(copies + column_count, load->codes, column_count * sizeof(*load->codes));
	for (size_t i = 0; i < column_count; i++) {
		if (!has_text(load, i, &values[i]) || !values[i].text.size)
			continue;
		memcpy(text, values[i].text.data, values[i].text.size);
		copies[i].text.data = (const char *)text;
		text += values[i].text.size;
	}
}

coffer_status
coffer_load_task(void *context, struct coffer_bytes task, coffer_error *error)
{
	coffer_load *load = context;
	const coffer_value *values = (const void *)(task.data + sizeof(uint64_t));
	const void *codes = values + load->schema->tables[load->table].column_count;
	uint64_t number;

	memcpy(&number, task.data, sizeof(number));
	return finish_row(load, number, values, codes, error);
}

static coffer_status
add_task(coffer_load *load, uint64_t number, const coffer_value *values, coffer_error *error)
{
	size_t column_count = load->schema->tables[load->table].column_count;
	uint8_t *place;
	coffer_status status = coffer_build_task(
		load->build, task_size(load, column_count, values), &place, error);

	if (!status && !place)
		return finish_row(load, number, values, load->codes, error);
	if (!status)
		write_task(load, number, column_count, values, place);
	return status;
}

coffer_status
coffer_load_write(coffer_load *load, uint64_t number, const coffer_value *values,
		  coffer_error *error)
{
	coffer_status status = intern(load, &load->schema->tables[load->table], values, error);

	if (!status)
		status = add_task(load, number, values, error);
	return status ? status : coffer_load_frames_follow(load, values, error);
}
