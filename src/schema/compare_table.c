/*
 * Comparing tables: columns property by property, since those are what gateways change; indexes,
 * relations and constraints each as one text.
 */
#include "schema/compare.h"

#include <string.h>

static const char *
identity_text(const coffer_column *column)
{
	static const char *const words[] = {NULL, "always", "by default"};

	return words[column->identity];
}

static void
compare_properties(struct coffer_comparison *comparison, const char *place,
		   const coffer_column *left, const coffer_column *right)
{
	coffer_comparison_report(comparison, place, "type", left->type, right->type);
	coffer_comparison_report(comparison, place, "nullability",
				 left->is_nullable ? "null" : "not null",
				 right->is_nullable ? "null" : "not null");
	coffer_comparison_report(comparison, place, "default", left->default_sql,
				 right->default_sql);
	coffer_comparison_report(comparison, place, "generated", left->generated_sql,
				 right->generated_sql);
	coffer_comparison_report(comparison, place, "collation", left->collation, right->collation);
	coffer_comparison_report(comparison, place, "identity", identity_text(left),
				 identity_text(right));
	coffer_comparison_report(comparison, place, "comment", left->comment, right->comment);
}

/* The column `name` of either side, at least one of them there. */
static void
compare_column(struct coffer_comparison *comparison, const char *owner, const char *name,
	       const coffer_column *left, const coffer_column *right)
{
	coffer_buffer place = {.size = 0};

	coffer_buffer_printf(&place, "%s.%s", owner, name);
	if (place.is_failed)
		comparison->count++;
	else if (left && right)
		compare_properties(comparison, place.data, left, right);
	else
		coffer_comparison_report(comparison, place.data, "column", left ? left->type : NULL,
					 right ? right->type : NULL);
	coffer_buffer_release(&place);
}

static void
compare_columns(struct coffer_comparison *comparison, const coffer_table *left,
		const coffer_table *right)
{
	for (size_t i = 0; i < left->column_count; i++) {
		const coffer_column *column = &left->columns[i];

		compare_column(comparison, left->name, column->name, column,
			       coffer_comparison_find(right->columns, right->column_count,
						      sizeof(coffer_column), column->name));
	}
	for (size_t i = 0; i < right->column_count; i++) {
		const coffer_column *column = &right->columns[i];

		if (coffer_table_find_column(left, column->name) == COFFER_NO_COLUMN)
			compare_column(comparison, left->name, column->name, NULL, column);
	}
}

/* Coffer's own indexes follow from the relations. */
static bool
is_declared(const void *member)
{
	return ((const coffer_index *)member)->definition != NULL;
}

static void
describe_index(coffer_buffer *out, const void *member)
{
	const coffer_index *index = member;

	coffer_buffer_printf(out, "%s%s%s%s%s%s",
			     index->is_unique && !index->is_constraint ? "UNIQUE " : "",
			     index->definition ? index->definition : "",
			     index->attached_to ? " attached to " : "",
			     index->attached_to ? index->attached_to : "",
			     index->is_replica_identity ? " replica identity" : "",
			     index->is_clustered ? " clustered" : "");
}

static void
describe_check(coffer_buffer *out, const void *member)
{
	coffer_buffer_text(out, ((const coffer_check *)member)->definition);
}

static const struct coffer_member_kind index_kind = {
	"index", sizeof(coffer_index), offsetof(coffer_index, comment), is_declared, describe_index,
};
static const struct coffer_member_kind check_kind = {
	"constraint", sizeof(coffer_check), offsetof(coffer_check, comment), NULL, describe_check,
};

static void
describe_relation(coffer_buffer *out, const coffer_table *table, const coffer_relation *relation)
{
	static const char *const actions[] = {"no action", "restrict", "cascade", "set null",
					      "set default"};

	coffer_buffer_text(out, relation->is_soft ? "soft (" : "(");
	for (size_t i = 0; i < relation->column_count; i++)
		coffer_buffer_printf(out, "%s%s", i ? ", " : "",
				     table->columns[relation->columns[i]].name);
	coffer_buffer_printf(out, ") -> %s(", relation->target);
	for (size_t i = 0; relation->target_columns && i < relation->column_count; i++)
		coffer_buffer_printf(out, "%s%s", i ? ", " : "", relation->target_columns[i]);
	coffer_buffer_text(out, ")");
	if (!relation->is_soft)
		coffer_buffer_printf(out, " on update %s on delete %s",
				     actions[relation->on_update], actions[relation->on_delete]);
	for (size_t i = 0; i < relation->delete_column_count; i++)
		coffer_buffer_printf(out, " %s", table->columns[relation->delete_columns[i]].name);
	coffer_buffer_printf(out, "%s%s%s", relation->is_match_full ? " match full" : "",
			     relation->definition_tail ? " " : "",
			     relation->definition_tail ? relation->definition_tail : "");
}

/* Compare the relation `name` as texts, which need their tables, for columns are numbers. */
static void
compare_relation(struct coffer_comparison *comparison, const char *name,
		 const coffer_table *left_table, const coffer_relation *left,
		 const coffer_table *right_table, const coffer_relation *right)
{
	coffer_buffer place = {.size = 0}, texts[2] = {{.size = 0}, {.size = 0}};

	coffer_buffer_printf(&place, "%s.%s", left_table->name, name);
	if (left)
		describe_relation(&texts[0], left_table, left);
	if (right)
		describe_relation(&texts[1], right_table, right);
	if (place.is_failed || texts[0].is_failed || texts[1].is_failed)
		comparison->count++;
	else
		coffer_comparison_report(comparison, place.data, "relation", texts[0].data,
					 texts[1].data);
	if (left && right && !place.is_failed)
		coffer_comparison_report(comparison, place.data, "comment", left->comment,
					 right->comment);
	coffer_buffer_release(&place);
	coffer_buffer_release(&texts[0]);
	coffer_buffer_release(&texts[1]);
}

static const coffer_relation *
find_relation(const coffer_table *table, const char *name)
{
	return coffer_comparison_find(table->relations, table->relation_count,
				      sizeof(coffer_relation), name);
}

static void
compare_relations(struct coffer_comparison *comparison, const coffer_table *left,
		  const coffer_table *right)
{
	for (size_t i = 0; i < left->relation_count; i++) {
		const char *name = left->relations[i].name;

		compare_relation(comparison, name, left, &left->relations[i], right,
				 find_relation(right, name));
	}
	for (size_t i = 0; i < right->relation_count; i++) {
		const char *name = right->relations[i].name;

		if (!find_relation(left, name))
			compare_relation(comparison, name, left, NULL, right, &right->relations[i]);
	}
}

static void
compare_table(struct coffer_comparison *comparison, const coffer_table *left,
	      const coffer_table *right)
{
	const char replica[2][2] = {{left->replica_identity}, {right->replica_identity}};

	compare_columns(comparison, left, right);
	coffer_comparison_members(comparison, &index_kind, left->name,
				  (struct coffer_members){left->indexes, left->index_count},
				  (struct coffer_members){right->indexes, right->index_count});
	compare_relations(comparison, left, right);
	coffer_comparison_members(comparison, &check_kind, left->name,
				  (struct coffer_members){left->checks, left->check_count},
				  (struct coffer_members){right->checks, right->check_count});
	coffer_comparison_report(comparison, left->name, "comment", left->comment, right->comment);
	coffer_comparison_report(comparison, left->name, "partitioning", left->partition_key,
				 right->partition_key);
	coffer_comparison_report(comparison, left->name, "partition of", left->partition_of,
				 right->partition_of);
	coffer_comparison_report(comparison, left->name, "partition bound", left->partition_bound,
				 right->partition_bound);
	coffer_comparison_report(comparison, left->name, "options", left->options, right->options);
	coffer_comparison_report(comparison, left->name, "persistence",
				 left->is_unlogged ? "unlogged" : "permanent",
				 right->is_unlogged ? "unlogged" : "permanent");
	coffer_comparison_report(comparison, left->name, "replica identity", replica[0],
				 replica[1]);
}

void
coffer_comparison_tables(struct coffer_comparison *comparison, const coffer_schema *left,
			 const coffer_schema *right)
{
	for (size_t i = 0; i < left->table_count; i++) {
		const coffer_table *table = &left->tables[i];
		uint32_t other = coffer_schema_find_table(right, table->name);

		if (other == COFFER_NO_TABLE)
			coffer_comparison_report(comparison, table->name, "table", table->name,
						 NULL);
		else
			compare_table(comparison, table, &right->tables[other]);
	}
	for (size_t i = 0; i < right->table_count; i++)
		if (coffer_schema_find_table(left, right->tables[i].name) == COFFER_NO_TABLE)
			coffer_comparison_report(comparison, right->tables[i].name, "table", NULL,
						 right->tables[i].name);
}
