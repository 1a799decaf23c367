/*
 * Which relations are enforced: declared ones, between tables that have rows, over a unique key of the target, and
 * only where equality at the server is equality of the values that we hold. A numeric 1.0 equals 1.00 and a collation
 * may hold "a" equal to "A": what only the server can say is left to it.
 */
#include "store/reference.h"

#include "schema/name.h"

#include <string.h>

static bool
is_enum(const coffer_schema *schema, const char *type)
{
	for (size_t i = 0; i < schema->enum_count; i++)
		if (coffer_name_is_spelled(type, schema->enums[i].name))
			return true;
	return false;
}

static bool
is_compared_by_value(const coffer_schema *schema, const coffer_column *column)
{
	const char *type = column->base_type ? column->base_type : column->type;

	if (column->kind == COFFER_TEXT)
		return !column->collation;
	if (column->kind == COFFER_OTHER)
		return !strcmp(type, "uuid") || is_enum(schema, type);
	return column->kind != COFFER_JSON && column->kind != COFFER_TEXT_ARRAY;
}

/* Can the pair's equality be told from the values? */
static bool
is_comparable(const coffer_schema *schema, const coffer_column *left, const coffer_column *right)
{
	return left->kind == right->kind && left->has_zone == right->has_zone &&
	       is_compared_by_value(schema, left) && is_compared_by_value(schema, right);
}

/* The member of the relation that refers to column `wanted` of the target, or COFFER_NO_COLUMN. */
static uint16_t
find_member(const coffer_relation *relation, const coffer_table *target, uint16_t wanted)
{
	for (size_t i = 0; i < relation->column_count; i++)
		if (!strcmp(relation->target_columns[i], target->columns[wanted].name))
			return relation->columns[i];
	return COFFER_NO_COLUMN;
}

static bool
is_declared(const coffer_schema *schema, const coffer_table *table, const coffer_relation *relation)
{
	const char *tail = relation->definition_tail;

	return table->id && !relation->is_soft && relation->target_table < schema->table_count &&
	       !(tail && strstr(tail, "NOT ENFORCED")) &&
	       relation->target_index != COFFER_NO_INDEX &&
	       schema->tables[relation->target_table].id;
}

/* False when memory is out. `*is_enforced_out` says whether `reference` was filled. */
static bool
fill(coffer_schema *schema, uint32_t number, const coffer_relation *relation,
     struct coffer_reference *reference, bool *is_enforced_out)
{
	const coffer_table *table = &schema->tables[number];
	const coffer_table *target;
	const coffer_index *index;
	uint16_t *columns, *targets;

	*is_enforced_out = false;
	if (!is_declared(schema, table, relation))
		return true;
	target = &schema->tables[relation->target_table];
	index = &target->indexes[relation->target_index];
	columns = coffer_schema_memory(schema, (index->key_column_count + 1) * sizeof(*columns));
	targets = coffer_schema_memory(schema, (relation->column_count + 1) * sizeof(*targets));
	if (!columns || !targets)
		return false;
	for (size_t i = 0; i < relation->column_count; i++)
		targets[i] = coffer_table_find_column(target, relation->target_columns[i]);
	for (size_t k = 0; k < index->key_column_count; k++) {
		columns[k] = find_member(relation, target, index->key_columns[k]);
		if (columns[k] == COFFER_NO_COLUMN ||
		    !is_comparable(schema, &table->columns[columns[k]],
				   &target->columns[index->key_columns[k]]))
			return true;
	}
	*reference = (struct coffer_reference){
		.relation = relation,
		.table = number,
		.target = relation->target_table,
		.index = relation->target_index,
		.column_count = index->key_column_count,
		.columns = columns,
		.target_columns = index->key_columns,
		.relation_targets = targets,
		.is_deferred = relation->definition_tail &&
			       strstr(relation->definition_tail, "INITIALLY DEFERRED"),
	};
	*is_enforced_out = true;
	return true;
}

/* List them by table, `to` or `from`: counted, then placed. */
static bool
list(coffer_schema *schema, const struct coffer_reference *all, size_t count, bool is_to,
     const struct coffer_reference *const **list_out, const size_t **begin_out)
{
	size_t *begin = coffer_schema_memory(schema, (schema->table_count + 2) * sizeof(*begin));
	const struct coffer_reference **members =
		coffer_schema_memory(schema, (count + 1) * sizeof(*members));

	if (!begin || !members)
		return false;
	for (size_t i = 0; i < count; i++)
		begin[(is_to ? all[i].target : all[i].table) + 2]++;
	for (size_t table = 2; table < schema->table_count + 2; table++)
		begin[table] += begin[table - 1];
	for (size_t i = 0; i < count; i++)
		members[begin[(is_to ? all[i].target : all[i].table) + 1]++] = &all[i];
	*list_out = members;
	*begin_out = begin;
	return true;
}

coffer_status
coffer_references_find(coffer_schema *schema, struct coffer_references *references_out,
		       coffer_error *error)
{
	struct coffer_reference *all;
	size_t count = 0, at = 0;
	bool is_enforced, is_ready;

	*references_out = (struct coffer_references){0};
	for (size_t t = 0; t < schema->table_count; t++)
		count += schema->tables[t].relation_count;
	is_ready = (all = coffer_schema_memory(schema, (count + 1) * sizeof(*all))) != NULL;
	for (uint32_t t = 0; t < schema->table_count; t++)
		for (size_t r = 0; is_ready && r < schema->tables[t].relation_count; r++) {
			is_ready = fill(schema, t, &schema->tables[t].relations[r], &all[at],
					&is_enforced);
			at += is_ready && is_enforced;
		}
	if (!is_ready ||
	    !list(schema, all, at, false, &references_out->from, &references_out->from_begin) ||
	    !list(schema, all, at, true, &references_out->to, &references_out->to_begin))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the foreign keys");
	return COFFER_OK;
}
