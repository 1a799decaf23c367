/*
 * Following a relation, in both directions. SPEC.md 7.3.
 */
#include "store/store.h"

#include <inttypes.h>

static const coffer_relation *
find_relation(const coffer_txn *txn, uint32_t table, uint16_t relation, coffer_error *error)
{
	if (relation < txn->schema->tables[table].relation_count)
		return &txn->schema->tables[table].relations[relation];
	coffer_error_set(error, COFFER_INVALID, "table %s has no relation number %u",
			 txn->schema->tables[table].name, relation);
	return NULL;
}

/* The values of columns; NOT_FOUND when one is NULL. */
static coffer_status
get_values(const coffer_row *row, const uint16_t *columns, size_t count,
	   coffer_value values[COFFER_KEY_COLUMNS_MAX], coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < count; i++) {
		status = coffer_row_get(row, columns[i], &values[i], error);
		if (!status && values[i].kind == COFFER_NULL)
			status = COFFER_NOT_FOUND;
	}
	return status;
}

/* Put the values, which come in the relation's order, in the order of the key's columns. */
static coffer_status
order_by_key(const coffer_txn *txn, const coffer_relation *relation, const coffer_index *index,
	     const coffer_value *values, coffer_value key[COFFER_KEY_COLUMNS_MAX],
	     coffer_error *error)
{
	const coffer_table *target = &txn->schema->tables[relation->target_table];

	for (size_t k = 0; k < index->key_column_count; k++) {
		size_t i = 0;

		while (i < relation->column_count &&
		       coffer_table_find_column(target, relation->target_columns[i]) != index->key_columns[k])
			i++;
		if (i == relation->column_count)
			return coffer_error_set(error, COFFER_INVALID,
						"relation %s does not cover the key of %s", relation->name,
						target->name);
		key[k] = values[i];
	}
	return COFFER_OK;
}

coffer_status
coffer_row_follow(const coffer_row *row, uint16_t relation_number, coffer_cursor *target,
		  const coffer_row **row_out, coffer_error *error)
{
	const coffer_relation *relation =
		find_relation(row->txn, row->table, relation_number, error);
	coffer_value values[COFFER_KEY_COLUMNS_MAX], key[COFFER_KEY_COLUMNS_MAX];
	const coffer_index *index;
	coffer_status status;

	*row_out = NULL;
	if (!relation)
		return COFFER_INVALID;
	if (relation->target_table != target->table || relation->target_index == COFFER_NO_INDEX)
		return coffer_error_set(error, COFFER_INVALID,
					"relation %s does not lead to a unique key of that table",
					relation->name);
	index = &row->txn->schema->tables[target->table].indexes[relation->target_index];
	if ((status = get_values(row, relation->columns, relation->column_count, values, error)) ||
	    (status = order_by_key(row->txn, relation, index, values, key, error)))
		return status;
	return coffer_cursor_get(target, relation->target_index, key, row_out, error);
}

coffer_status
coffer_row_referrers(const coffer_row *row, coffer_cursor *source, uint16_t relation_number,
		     bool is_reverse, coffer_error *error)
{
	const coffer_relation *relation =
		find_relation(row->txn, source->table, relation_number, error);
	const coffer_table *table = &row->txn->schema->tables[row->table];
	coffer_value values[COFFER_KEY_COLUMNS_MAX];
	uint16_t columns[COFFER_KEY_COLUMNS_MAX];
	coffer_status status;

	if (!relation)
		return COFFER_INVALID;
	if (relation->target_table != row->table || relation->index == COFFER_NO_INDEX)
		return coffer_error_set(error, COFFER_INVALID,
					"relation %s does not lead to that row's table by an index",
					relation->name);
	for (size_t i = 0; i < relation->column_count; i++)
		columns[i] = coffer_table_find_column(table, relation->target_columns[i]);
	status = get_values(row, columns, relation->column_count, values, error);
	source->is_scanning = false;
	if (status == COFFER_NOT_FOUND)
		return COFFER_OK;
	if (status)
		return status;
	return coffer_cursor_scan(source,
				  &(coffer_scan){
					  .index = relation->index,
					  .equal = values,
					  .equal_count = relation->column_count,
					  .is_reverse = is_reverse,
				  },
				  error);
}
