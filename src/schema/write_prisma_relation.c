/*
 * Relations as Prisma wants them, a field at either side. A field is named after the model that it
 * leads to; where two relations join the same models, their columns make the names differ.
 */
#include "schema/name.h"
#include "schema/write_prisma.h"

#include <string.h>

static bool
is_written(const coffer_schema *schema, const coffer_table *table, const coffer_relation *relation)
{
	return !relation->is_soft && !relation->is_inherited && !table->partition_of &&
	       relation->target_table != COFFER_NO_TABLE &&
	       !schema->tables[relation->target_table].partition_of;
}

/* The foreign keys that join two tables in either direction. */
static size_t
count_between(const coffer_schema *schema, uint32_t one, uint32_t other)
{
	size_t count = 0;

	for (size_t i = 0; i < schema->tables[one].relation_count; i++)
		count += is_written(schema, &schema->tables[one],
				    &schema->tables[one].relations[i]) &&
			 schema->tables[one].relations[i].target_table == other;
	for (size_t i = 0; one != other && i < schema->tables[other].relation_count; i++)
		count += is_written(schema, &schema->tables[other],
				    &schema->tables[other].relations[i]) &&
			 schema->tables[other].relations[i].target_table == one;
	return count;
}

/* The name of a relation's field in `table`: the other model's, and what makes it the only one. */
static void
write_field_name(coffer_buffer *out, const coffer_schema *schema, const coffer_table *table,
		 const coffer_table *other, size_t number, bool is_alone, bool is_back)
{
	coffer_buffer name = {0};

	coffer_prisma_write_table_name(&name, schema, other->name);
	if (!is_alone)
		coffer_buffer_printf(&name, "%s%zu", is_back ? "_of_" : "_by_", number);
	for (size_t i = 0; !name.is_failed && i < table->column_count; i++) {
		coffer_buffer field = {0};

		coffer_prisma_write_field_name(&field, table, (uint16_t)i);
		if (!field.is_failed && strcmp(field.data, name.data) == 0)
			coffer_buffer_text(&name, "_row");
		out->is_failed |= field.is_failed;
		coffer_buffer_release(&field);
	}
	coffer_buffer_text(out, "  ");
	coffer_buffer_text(out, name.data ? name.data : "");
	coffer_buffer_text(out, " ");
	coffer_prisma_write_table_name(out, schema, other->name);
	out->is_failed |= name.is_failed;
	coffer_buffer_release(&name);
}

static void
write_action(coffer_buffer *out, const char *name, coffer_action action, coffer_action otherwise)
{
	static const char *const words[] = {"NoAction", "Restrict", "Cascade", "SetNull",
					    "SetDefault"};

	if (action != otherwise)
		coffer_buffer_printf(out, ", %s: %s", name, words[action]);
}

static void
write_map(coffer_buffer *out, const coffer_table *table, const coffer_relation *relation)
{
	static const char suffix[] = "_fkey";
	coffer_buffer base = {0};
	size_t size;

	coffer_name_columns(&base, table, relation->columns, relation->column_count);
	size = base.is_failed ? 0
			      : coffer_name_clip(base.data, base.size,
						 COFFER_NAME_SIZE_MAX - strlen(suffix));
	if (base.is_failed || strlen(relation->name) != size + strlen(suffix) ||
	    memcmp(relation->name, base.data, size) != 0 ||
	    strcmp(relation->name + size, suffix) != 0) {
		coffer_buffer_text(out, ", map: ");
		coffer_prisma_write_string(out, relation->name);
	}
	out->is_failed |= base.is_failed;
	coffer_buffer_release(&base);
}

static void
write_owner(coffer_buffer *out, const coffer_schema *schema, uint32_t number, size_t at)
{
	const coffer_table *table = &schema->tables[number];
	const coffer_relation *relation = &table->relations[at];
	const coffer_table *target = &schema->tables[relation->target_table];
	bool is_alone =
		count_between(schema, number, relation->target_table) == 1 && table != target;
	bool is_optional = false, is_required = false;

	for (size_t i = 0; i < relation->column_count; i++) {
		is_optional |= table->columns[relation->columns[i]].is_nullable;
		is_required |= !table->columns[relation->columns[i]].is_nullable;
	}
	if (relation->is_match_full || relation->definition_tail || relation->delete_column_count)
		coffer_prisma_write_comment(
			out, "  ", "match, delay or columns not said here: ", relation->name);
	write_field_name(out, schema, table, target, at, is_alone, false);
	coffer_buffer_text(out, is_optional ? "? @relation(" : " @relation(");
	if (!is_alone) {
		coffer_prisma_write_string(out, relation->name);
		coffer_buffer_text(out, ", ");
	}
	coffer_buffer_text(out, "fields: ");
	coffer_prisma_write_fields(out, table, relation->columns, relation->column_count);
	coffer_buffer_text(out, ", references: [");
	for (size_t i = 0; i < relation->column_count; i++) {
		coffer_buffer_text(out, i ? ", " : "");
		coffer_prisma_write_field_name(
			out, target, coffer_table_find_column(target, relation->target_columns[i]));
	}
	coffer_buffer_text(out, "]");
	write_action(out, "onDelete", relation->on_delete,
		     is_required ? COFFER_RESTRICT : COFFER_SET_NULL);
	write_action(out, "onUpdate", relation->on_update, COFFER_CASCADE);
	write_map(out, table, relation);
	coffer_buffer_text(out, ")\n");
}

/* True where at most one row refers to a target: the columns are a unique key. */
static bool
is_one_to_one(const coffer_table *table, const coffer_relation *relation)
{
	for (size_t i = 0; i < table->index_count; i++) {
		const coffer_index *index = &table->indexes[i];

		if (index->is_unique && index->is_plain &&
		    index->column_count == relation->column_count &&
		    memcmp(index->columns, relation->columns,
			   relation->column_count * sizeof(*relation->columns)) == 0)
			return true;
	}
	return false;
}

static void
write_back(coffer_buffer *out, const coffer_schema *schema, uint32_t number, uint32_t source,
	   size_t at)
{
	const coffer_table *table = &schema->tables[number], *other = &schema->tables[source];
	const coffer_relation *relation = &other->relations[at];
	bool is_alone = count_between(schema, number, source) == 1 && table != other;

	write_field_name(out, schema, table, other, at, is_alone, true);
	coffer_buffer_text(out, is_one_to_one(other, relation) ? "?" : "[]");
	if (!is_alone) {
		coffer_buffer_text(out, " @relation(");
		coffer_prisma_write_string(out, relation->name);
		coffer_buffer_text(out, ")");
	}
	coffer_buffer_text(out, "\n");
}

void
coffer_prisma_write_relations(coffer_buffer *out, const coffer_schema *schema, uint32_t number)
{
	const coffer_table *table = &schema->tables[number];
	size_t size = out->size;

	coffer_buffer_text(out, "\n");
	for (size_t i = 0; i < table->relation_count; i++)
		if (is_written(schema, table, &table->relations[i]))
			write_owner(out, schema, number, i);
	for (size_t t = 0; t < schema->table_count; t++)
		for (size_t i = 0; i < schema->tables[t].relation_count; i++)
			if (is_written(schema, &schema->tables[t],
				       &schema->tables[t].relations[i]) &&
			    schema->tables[t].relations[i].target_table == number)
				write_back(out, schema, number, (uint32_t)t, i);
	if (out->size == size + 1)
		out->data[out->size = size] = '\0';
}

void
coffer_prisma_write_references(coffer_buffer *out, const coffer_schema *schema,
			       const coffer_table *table)
{
	for (size_t r = 0; r < table->relation_count; r++) {
		const coffer_relation *relation = &table->relations[r];
		uint32_t target = relation->target_table;

		if (!relation->is_soft)
			continue;
		coffer_buffer_text(out, "/// @coffer.refers ");
		for (size_t i = 0; i < relation->column_count; i++) {
			coffer_buffer_text(out, i ? ", " : "");
			coffer_prisma_write_field_name(out, table, relation->columns[i]);
		}
		coffer_buffer_text(out, " -> ");
		coffer_prisma_write_table_name(out, schema, relation->target);
		for (size_t i = 0; relation->target_columns && i < relation->column_count; i++) {
			coffer_buffer_text(out, i ? ", " : "(");
			if (target == COFFER_NO_TABLE)
				coffer_buffer_text(out, relation->target_columns[i]);
			else
				coffer_prisma_write_field_name(
					out, &schema->tables[target],
					coffer_table_find_column(&schema->tables[target],
								 relation->target_columns[i]));
		}
		coffer_buffer_text(out, relation->target_columns ? ")\n" : "\n");
	}
}
