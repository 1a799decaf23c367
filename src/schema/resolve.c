/*
 * Relations find their tables, and text at either end of a relation becomes interned: both ends hold
 * codes of one pool, so that a relation is followed by comparing integers. Marks are set on both
 * tables before any layout is derived, for the layout depends on them. SPEC.md 7.2.
 */
#include "schema/settle.h"

#include <string.h>

static void
intern(coffer_column *column)
{
	if (column->kind == COFFER_TEXT)
		column->is_interned = true;
}

static coffer_status
resolve_columns(coffer_table *table, coffer_relation *relation, coffer_table *target,
		coffer_error *error)
{
	for (size_t i = 0; i < relation->column_count; i++) {
		coffer_column *column = &table->columns[relation->columns[i]];
		uint16_t number = coffer_table_find_column(target, relation->target_columns[i]);

		if (number == COFFER_NO_COLUMN)
			return coffer_error_set(error, COFFER_INVALID,
						"refers to %s.%s, which does not exist",
						target->name, relation->target_columns[i]);
		if (relation->is_soft && column->kind != target->columns[number].kind)
			return coffer_error_set(error, COFFER_INVALID, "%s is %s, but %s.%s is %s",
						column->name, column->type, target->name,
						target->columns[number].name,
						target->columns[number].type);
		intern(column);
		intern(&target->columns[number]);
	}
	return COFFER_OK;
}

/* A soft relation may refer to a table that is not here: a store may hold some of the tables only. */
static coffer_status
resolve(coffer_schema *schema, coffer_table *table, coffer_relation *relation, coffer_error *error)
{
	bool is_any = relation->is_soft && strcmp(relation->target, "*") == 0;

	relation->target_index = COFFER_NO_INDEX;
	relation->target_table =
		is_any ? COFFER_NO_TABLE : coffer_schema_find_table(schema, relation->target);
	if (relation->target_table != COFFER_NO_TABLE)
		return resolve_columns(table, relation, &schema->tables[relation->target_table],
				       error);
	if (!relation->is_soft)
		return coffer_error_set(error, COFFER_INVALID, "refers to %s, which does not exist",
					relation->target);
	for (size_t i = 0; i < relation->column_count; i++)
		intern(&table->columns[relation->columns[i]]);
	return COFFER_OK;
}

coffer_status
coffer_schema_resolve(coffer_schema *schema, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t t = 0; t < schema->table_count && !status; t++) {
		coffer_table *table = &schema->tables[t];

		for (size_t r = 0; r < table->relation_count && !status; r++) {
			status = resolve(schema, table, &table->relations[r], error);
			if (status)
				coffer_error_at(error, "%s.%s", table->name,
						table->relations[r].name);
		}
	}
	return status;
}
