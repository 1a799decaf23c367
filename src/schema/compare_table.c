/*
 * Comparing tables: columns property by property, since those are what gateways change; indexes,
 * relations and constraints each as one text.
 */
#include "schema/compare.h"
#include "base/buffer.h"

#include <string.h>

static const char *
identity_text(const coffer_column *column)
{
	static const char *const words[] = { NULL, "always", "by default" };

	return words[column->identity];
}

static void
compare_column(struct coffer_comparison *comparison, const char *owner, const coffer_column *left,
	       const coffer_column *right)
{
	coffer_buffer place = { 0 };

	coffer_buffer_printf(&place, "%s.%s", owner, left ? left->name : right->name);
	if (place.is_failed) {
		comparison->count++;
	} else if (!left || !right) {
		coffer_comparison_report(comparison, place.data, "column", left ? left->type : NULL,
					 right ? right->type : NULL);
	} else {
		coffer_comparison_report(comparison, place.data, "type", left->type, right->type);
		coffer_comparison_report(comparison, place.data, "nullability",
					 left->is_nullable ? "null" : "not null",
					 right->is_nullable ? "null" : "not null");
		coffer_comparison_report(comparison, place.data, "default", left->default_sql,
					 right->default_sql);
		coffer_comparison_report(comparison, place.data, "generated", left->generated_sql,
					 right->generated_sql);
		coffer_comparison_report(comparison, place.data, "collation", left->collation,
					 right->collation);
		coffer_comparison_report(comparison, place.data, "identity", identity_text(left),
					 identity_text(right));
		coffer_comparison_report(comparison, place.data, "comment", left->comment, right->comment);
	}
	coffer_buffer_release(&place);
}

static void
compare_columns(struct coffer_comparison *comparison, const coffer_table *left,
		const coffer_table *right)
{
	for (size_t i = 0; i < left->column_count; i++)
		compare_column(comparison, left->name, &left->columns[i],
			       coffer_comparison_find(right->columns, right->column_count,
						      sizeof(coffer_column), left->columns[i].name));
	for (size_t i = 0; i < right->column_count; i++)
		if (coffer_table_find_column(left, right->columns[i].name) == COFFER_NO_COLUMN)
			compare_column(comparison, left->name, NULL, &right->columns[i]);
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

	coffer_buffer_printf(out, "%s%s%s%s%s%s", index->is_unique && !index->is_constraint ? "UNIQUE " : "",
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
	static const char *const actions[] = { "no action", "restrict", "cascade", "set null",
					       "set default" };

	coffer_buffer_text(out, relation->is_soft ? "soft (" : "(");
	for (size_t i = 0; i < relation->column_count; i++)
		coffer_buffer_printf(out, "%s%s", i ? ", " : "", table->columns[relation->columns[i]].name);
	coffer_buffer_printf(out, ") -> %s(", relation->target);
	for (size_t i = 0; relation->target_columns && i < relation->column_count; i++)
		coffer_buffer_printf(out, "%s%s", i ? ", " : "", relation->target_columns[i]);
	coffer_buffer_text(out, ")");
	if (!relation->is_soft)
		coffer_buffer_printf(out, " on update %s on delete %s", actions[relation->on_update],
				     actions[relation->on_delete]);
	for (size_t i = 0; i < relation->delete_column_count; i++)
		coffer_buffer_printf(out, " %s", table->columns[relation->delete_columns[i]].name);
	coffer_buffer_printf(out, "%s%s%s", relation->is_match_full ? " match full" : "",
			     relation->definition_tail ? " " : "",
			     relation->definition_tail ? relation->definition_tail : "");
}

/* A relation's text needs its table, for columns are numbers. */
static void
compare_relation(struct coffer_comparison *comparison, const coffer_table *left_table,
		 const coffer_relation *left, const coffer_table *right_table,
		 const coffer_relation *right)
{
	coffer_buffer place = { 0 }, left_text = { 0 }, right_text = { 0 };

	coffer_buffer_printf(&place, "%s.%s", left_table->name, left ? left->name : right->name);
	if (left)
		describe_relation(&left_text, left_table, left);
	if (right)
		describe_relation(&right_text, right_table, right);
	if (place.is_failed || left_text.is_failed || right_text.is_failed)
		comparison->count++;
	else
		coffer_comparison_report(comparison, place.data, "relation", left_text.data,
					 right_text.data);
	if (left && right && !place.is_failed)
		coffer_comparison_report(comparison, place.data, "comment", left->comment, right->comment);
	coffer_buffer_release(&place);
	coffer_buffer_release(&left_text);
	coffer_buffer_release(&right_text);
}

static void
compare_relations(struct coffer_comparison *comparison, const coffer_table *left,
		  const coffer_table *right)
{
	for (size_t i = 0; i < left->relation_count; i++)
		compare_relation(comparison, left, &left->relations[i], right,
				 coffer_comparison_find(right->relations, right->relation_count,
							sizeof(coffer_relation), left->relations[i].name));
	for (size_t i = 0; i < right->relation_count; i++)
		if (!coffer_comparison_find(left->relations, left->relation_count, sizeof(coffer_relation),
					    right->relations[i].name))
			compare_relation(comparison, left, NULL, right, &right->relations[i]);
}

static void
compare_table(struct coffer_comparison *comparison, const coffer_table *left, const coffer_table *right)
{
	const char replica[2][2] = { { left->replica_identity }, { right->replica_identity } };

	compare_columns(comparison, left, right);
	coffer_comparison_members(comparison, &index_kind, left->name,
				  (struct coffer_members){ left->indexes, left->index_count },
				  (struct coffer_members){ right->indexes, right->index_count });
	compare_relations(comparison, left, right);
	coffer_comparison_members(comparison, &check_kind, left->name,
				  (struct coffer_members){ left->checks, left->check_count },
				  (struct coffer_members){ right->checks, right->check_count });
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
	coffer_comparison_report(comparison, left->name, "replica identity", replica[0], replica[1]);
}

void
coffer_comparison_tables(struct coffer_comparison *comparison, const coffer_schema *left,
			 const coffer_schema *right)
{
	for (size_t i = 0; i < left->table_count; i++) {
		const coffer_table *table = &left->tables[i];
		uint32_t other = coffer_schema_find_table(right, table->name);

		if (other == COFFER_NO_TABLE)
			coffer_comparison_report(comparison, table->name, "table", table->name, NULL);
		else
			compare_table(comparison, table, &right->tables[other]);
	}
	for (size_t i = 0; i < right->table_count; i++)
		if (coffer_schema_find_table(left, right->tables[i].name) == COFFER_NO_TABLE)
			coffer_comparison_report(comparison, right->tables[i].name, "table", NULL,
						 right->tables[i].name);
}
