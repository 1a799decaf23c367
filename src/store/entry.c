/*
 * What an index entry says by itself: the columns of its key, read back. SPEC.md 5.2.
 */
#include "store/store.h"

#include <inttypes.h>

/* Where key column `position` begins in an entry. */
static size_t
offset_of(const coffer_table *table, const coffer_index *index, size_t position)
{
	size_t offset = 0;

	for (size_t i = 0; i < position; i++) {
		const coffer_column *column = &table->columns[index->key_columns[i]];

		offset += coffer_key_column_size(coffer_column_form(column), column->is_nullable);
	}
	return offset;
}

coffer_status
coffer_cursor_key(coffer_cursor *cursor, size_t position, coffer_value *value_out,
		  coffer_error *error)
{
	const coffer_table *table = &cursor->txn->schema->tables[cursor->table];
	const coffer_index *index;
	const coffer_column *column;
	enum coffer_fault fault;
	uint32_t code;
	size_t offset;

	value_out->kind = COFFER_NULL;
	if (!cursor->is_scanning || cursor->index == COFFER_NO_INDEX || !cursor->number ||
	    cursor->writes != cursor->txn->writes)
		return coffer_error_set(error, COFFER_INVALID,
					"the scan stands on no entry of an index");
	index = &table->indexes[cursor->index];
	if (position >= index->key_column_count ||
	    table->columns[index->key_columns[position]].kind == COFFER_FLOAT)
		return coffer_error_set(error, COFFER_INVALID,
					"index %s has no key column %zu to be read", index->name,
					position);
	column = &table->columns[index->key_columns[position]];
	offset = offset_of(table, index, position);
	fault = coffer_key_column_read(coffer_column_form(column), column->is_nullable,
				       cursor->entry.data + offset, cursor->entry.size - offset,
				       value_out, &code);
	if (fault)
		return coffer_error_set(error, COFFER_CORRUPT,
					"index %s of table %s, row %" PRIu64 ": %s", index->name,
					table->name, cursor->number, coffer_fault_text(fault));
	return code ? coffer_pool_text(cursor->txn, code, &value_out->text, error) : COFFER_OK;
}
