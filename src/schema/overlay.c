/*
 * Tables that coffer knows by name get what only the gateway's own schema can say: what its client
 * sets by itself, which texts repeat, which column tells arrival, the relations that it uses
 * without a foreign key, and what its reports add up. An older or newer gateway lacks or adds columns: everything goes by name, and
 * what does not fit the table as it stands is left out.
 */
#include "schema/settle.h"

#include <string.h>

static coffer_status
no_memory(coffer_error *error)
{
	return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a schema");
}

static coffer_status
overlay_column(coffer_schema *schema, coffer_column *column, const coffer_column *known,
	       coffer_error *error)
{
	if (column->client_default == COFFER_CLIENT_NONE)
		column->client_default = known->client_default;
	column->is_updated_at |= known->is_updated_at;
	if (column->kind == COFFER_TEXT || column->kind == COFFER_JSON)
		column->is_interned |= known->is_interned;
	if (known->field && !column->field &&
	    !(column->field = coffer_schema_text(schema, known->field)))
		return no_memory(error);
	return COFFER_OK;
}

static bool
is_same_relation(const coffer_table *table, const coffer_relation *relation,
		 const coffer_table *known_table, const coffer_relation *known)
{
	bool is_same = relation->column_count == known->column_count &&
		       strcmp(relation->target, known->target) == 0;

	for (size_t i = 0; is_same && i < known->column_count; i++)
		is_same = strcmp(table->columns[relation->columns[i]].name,
				 known_table->columns[known->columns[i]].name) == 0;
	return is_same;
}

/* True where the table has the relation's columns and the target, if it is there, has what they refer to. */
static bool
does_fit(const coffer_schema *schema, const coffer_table *table, const coffer_table *known_table,
	 const coffer_relation *known)
{
	uint32_t number = coffer_schema_find_table(schema, known->target);
	const coffer_table *target = number == COFFER_NO_TABLE ? NULL : &schema->tables[number];

	for (size_t i = 0; i < table->relation_count; i++)
		if (is_same_relation(table, &table->relations[i], known_table, known))
			return false;
	for (size_t i = 0; i < known->column_count; i++) {
		const char *name = known_table->columns[known->columns[i]].name;
		uint16_t from = coffer_table_find_column(table, name);
		uint16_t to =
			target ? coffer_table_find_column(target, known->target_columns[i]) : 0;

		if (from == COFFER_NO_COLUMN || to == COFFER_NO_COLUMN ||
		    (target && table->columns[from].kind != target->columns[to].kind))
			return false;
	}
	return true;
}

static coffer_status
add_soft(coffer_schema *schema, coffer_table *table, const coffer_table *known_table,
	 const coffer_relation *known, coffer_error *error)
{
	size_t count = known->column_count;
	coffer_relation *relation = coffer_table_add_relation(schema, table);

	if (!relation)
		return no_memory(error);
	relation->is_soft = true;
	relation->name = coffer_schema_text(schema, known->name);
	relation->target = coffer_schema_text(schema, known->target);
	relation->columns = coffer_schema_memory(schema, count * sizeof(*relation->columns));
	if (!relation->name || !relation->target || !relation->columns)
		return no_memory(error);
	relation->column_count = count;
	for (size_t i = 0; i < count; i++)
		relation->columns[i] = coffer_table_find_column(
			table, known_table->columns[known->columns[i]].name);
	if (!known->target_columns)
		return COFFER_OK;
	relation->target_columns = coffer_schema_memory(schema, count * sizeof(char *));
	for (size_t i = 0; relation->target_columns && i < count; i++)
		if (!(relation->target_columns[i] =
			      coffer_schema_text(schema, known->target_columns[i])))
			return no_memory(error);
	return relation->target_columns ? COFFER_OK : no_memory(error);
}

static coffer_status
overlay_table(coffer_schema *schema, coffer_table *table, const coffer_table *known,
	      coffer_error *error)
{
	coffer_status status = COFFER_OK;

	table->is_known = true;
	for (size_t i = 0; i < known->column_count && !status; i++) {
		uint16_t column = coffer_table_find_column(table, known->columns[i].name);

		if (column != COFFER_NO_COLUMN)
			status = overlay_column(schema, &table->columns[column], &known->columns[i],
						error);
		if (column != COFFER_NO_COLUMN && i == known->time_column &&
		    table->time_column == COFFER_NO_COLUMN &&
		    table->columns[column].kind == COFFER_TIME)
			table->time_column = column;
	}
	for (size_t i = 0; i < known->relation_count && !status; i++)
		if (known->relations[i].is_soft &&
		    does_fit(schema, table, known, &known->relations[i]))
			status = add_soft(schema, table, known, &known->relations[i], error);
	for (size_t i = 0; i < known->rollup_count && !status; i++)
		status = coffer_schema_add_known_rollup(schema, table, known, &known->rollups[i], error);
	return status;
}

coffer_status
coffer_schema_overlay(coffer_schema *schema, const coffer_schema *known, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t i = 0; i < known->table_count && !status; i++) {
		uint32_t table = coffer_schema_find_table(schema, known->tables[i].name);

		if (table != COFFER_NO_TABLE)
			status = overlay_table(schema, &schema->tables[table], &known->tables[i],
					       error);
	}
	return status;
}
