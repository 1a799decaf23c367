/*
 * An update in place: of columns that nothing but the record depends on, whose new elements have the size of the old ones.
 * So are counters as the gateway keeps them. The record is copied, these elements are written over, and it is sealed again;
 * no other column is read, no index is looked at. What does not fit is left to a plan.
 */
#include "store/write.h"

#include "format/checksum.h"
#include "schema/layout.h"

#include <stdlib.h>
#include <string.h>

/* No index and no roll-up has it, nothing refers by it or to it, and its elements are small. */
static bool
is_free(const coffer_table *table, uint16_t number)
{
	const coffer_column *column = &table->columns[number];

	if ((column->kind != COFFER_BOOL && column->kind != COFFER_INT &&
	     column->kind != COFFER_FLOAT && column->kind != COFFER_TIME) ||
	    column->generated_sql)
		return false;
	for (size_t i = 0; i < table->index_count; i++)
		if (coffer_columns_have(table->indexes[i].key_columns,
					table->indexes[i].key_column_count, number))
			return false;
	for (size_t i = 0; i < table->relation_count; i++)
		if (coffer_columns_have(table->relations[i].columns,
					table->relations[i].column_count, number))
			return false;
	for (size_t i = 0; i < table->rollup_count; i++)
		if (table->rollups[i].time_column == number ||
		    coffer_columns_have(table->rollups[i].sums, table->rollups[i].sum_count,
					number))
			return false;
	return true;
}

/* Rows of a log are no counters. */
coffer_status
coffer_patch_find(const coffer_table *table, bool **free_out, coffer_error *error)
{
	*free_out = calloc(table->column_count + 1, sizeof(**free_out));
	if (!*free_out)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a table");
	for (uint16_t i = 0; table->time_column == COFFER_NO_COLUMN && i < table->column_count; i++)
		(*free_out)[i] = is_free(table, i);
	return COFFER_OK;
}

/* Write one column over. `is_done_out` is false where its element would have another size, or is NULL. */
static coffer_status
patch(struct coffer_writer *writer, const coffer_row *row, const coffer_set *set, uint8_t *payload,
      bool *is_done_out, coffer_error *error)
{
	const coffer_column *column = &row->description->columns[set->column];
	uint8_t element[COFFER_ELEMENT_HEADER_MAX];
	size_t from, size;
	coffer_value old, value;
	coffer_status status;

	*is_done_out = false;
	if ((status = coffer_row_get(row, set->column, &old, error)) ||
	    (status = coffer_writer_value(writer, row->description, set, &old, &value, error)) ||
	    value.kind == COFFER_NULL)
		return status;
	from = row->offsets[column->position];
	size = row->offsets[column->position + 1] - from;
	if (coffer_element_write(coffer_column_form(column), &value, 0, element) != size)
		return COFFER_OK;
	memcpy(payload + from, element, size);
	*is_done_out = true;
	return COFFER_OK;
}

/* A copy of the row's record in the writer's buffer: checksum and payload. */
static coffer_status
copy_record(struct coffer_writer *writer, const coffer_row *row, coffer_error *error)
{
	coffer_buffer *record = &writer->sealed;

	coffer_buffer_clear(record);
	coffer_buffer_append(record, row->payload - COFFER_CHECKSUM_SIZE,
			     COFFER_CHECKSUM_SIZE + row->size);
	return record->is_failed ? coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row")
				 : COFFER_OK;
}

static coffer_status
put_record(struct coffer_writer *writer, uint32_t table, uint64_t number, coffer_error *error)
{
	const coffer_buffer *record = &writer->sealed;
	uint8_t key[COFFER_ROW_KEY_SIZE];

	coffer_key_put_row(key, number);
	coffer_checksum_seal(writer->txn->schema->tables[table].id, key, sizeof(key),
			     (uint8_t *)record->data, record->size);
	return coffer_writer_put(writer, writer->txn->trees->tables[table].rows,
				 (struct coffer_bytes){key, sizeof(key)},
				 (struct coffer_bytes){(uint8_t *)record->data, record->size},
				 error);
}

coffer_status
coffer_patch_row(struct coffer_writer *writer, uint32_t table, uint64_t number,
		 const coffer_set *sets, size_t count, bool *is_done_out, coffer_error *error)
{
	struct coffer_table_writer *of;
	coffer_error failure = {0};
	const coffer_row *row;
	coffer_status status = coffer_writer_table(writer, table, &of, error);

	*is_done_out = false;
	if (status)
		return status;
	for (size_t i = 0; i < count; i++)
		if (!of->is_free[sets[i].column])
			return COFFER_OK;
	if ((status = coffer_cursor_get_number(of->cursor, number, &row, error)) ||
	    (status = copy_record(writer, row, error)))
		return status;
	*is_done_out = true;
	for (size_t i = 0; !status && *is_done_out && i < count; i++)
		status = patch(writer, row, &sets[i],
			       (uint8_t *)writer->sealed.data + COFFER_CHECKSUM_SIZE, is_done_out,
			       error);
	if (status || !*is_done_out)
		return status;
	writer->effects.updated++;
	status = put_record(writer, table, number, &failure);
	return status ? coffer_writer_end_with(writer, status, &failure, error) : COFFER_OK;
}
