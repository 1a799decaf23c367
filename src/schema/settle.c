/*
 * Settling: a schema that was put together is checked, and what follows from it is derived.
 *
 *   check --> kinds, roll-ups --> overlay of what is known --> roll-ups, relations --> ids, layout of each table
 *
 * Every step gives the same result when it is made again.
 */
#include "schema/settle.h"
#include "schema/kind.h"
#include "schema/layout.h"

enum { TABLE_ID_MIN = 16 };

static void
derive_kinds(coffer_schema *schema)
{
	for (size_t t = 0; t < schema->table_count; t++) {
		coffer_table *table = &schema->tables[t];

		for (size_t c = 0; c < table->column_count; c++) {
			coffer_column *column = &table->columns[c];

			coffer_column_derive_kind(schema, column);
			if (column->kind != COFFER_TEXT && column->kind != COFFER_JSON)
				column->is_interned = false;
		}
		if (table->time_column != COFFER_NO_COLUMN &&
		    table->columns[table->time_column].kind != COFFER_TIME)
			table->time_column = COFFER_NO_COLUMN;
	}
}

static coffer_status
derive_layouts(coffer_schema *schema, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	uint32_t id = TABLE_ID_MIN;

	for (size_t t = 0; t < schema->table_count; t++) {
		coffer_table *table = &schema->tables[t];

		table->id = table->partition_of ? 0 : id++;
		table->primary = COFFER_NO_INDEX;
	}
	for (size_t t = 0; t < schema->table_count && !status; t++)
		status = coffer_table_layout(schema, (uint32_t)t, error);
	return status;
}

static coffer_status
settle(coffer_schema *schema, const coffer_schema *known, coffer_error *error)
{
	coffer_status status = coffer_schema_check(schema, error);

	if (status)
		return status;
	derive_kinds(schema);
	if (!(status = coffer_schema_settle_rollups(schema, error)) &&
	    (!known || !(status = coffer_schema_overlay(schema, known, error))) &&
	    !(status = coffer_schema_settle_rollups(schema, error)) &&
	    !(status = coffer_schema_resolve(schema, error)))
		status = derive_layouts(schema, error);
	return status;
}

coffer_status
coffer_schema_settle_bare(coffer_schema *schema, coffer_error *error)
{
	return settle(schema, NULL, error);
}

coffer_status
coffer_schema_settle(coffer_schema *schema, coffer_error *error)
{
	coffer_schema *known;
	coffer_status status = coffer_schema_builtin(&known, error);

	if (!status)
		status = settle(schema, known, error);
	coffer_schema_free(known);
	return status;
}
