/*
 * What follows the data. A partitioned table's key or index is made on the parent alone, each
 * partition's by itself, and the two are then attached, so that every name stays what it was. A
 * foreign key of a partitioned table reaches its partitions by itself.
 */
#include "schema/write_sql.h"

#include <string.h>

static void
alter_table(coffer_buffer *out, bool is_only, const char *table)
{
	coffer_buffer_text(out, is_only ? "ALTER TABLE ONLY " : "ALTER TABLE ");
	coffer_buffer_identifier(out, table);
}

static void
add_constraint(coffer_buffer *out, bool is_only, const char *table, const char *name,
	       const char *definition)
{
	alter_table(out, is_only, table);
	coffer_buffer_text(out, " ADD CONSTRAINT ");
	coffer_buffer_identifier(out, name);
	coffer_buffer_printf(out, " %s;\n", definition);
}

void
coffer_sql_index(coffer_buffer *out, const char *table, bool is_only, const coffer_index *index)
{
	if (!index->definition)
		return;
	if (index->is_constraint) {
		add_constraint(out, true, table, index->name, index->definition);
		return;
	}
	coffer_buffer_text(out, index->is_unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
	coffer_buffer_identifier(out, index->name);
	coffer_buffer_text(out, is_only ? " ON ONLY " : " ON ");
	coffer_buffer_identifier(out, table);
	coffer_buffer_printf(out, " USING %s;\n", index->definition);
}

/*
 * A late check of a partition comes from its parent, whichever it was declared on first. So does an exclusion
 * constraint (17 and later): the server does not attach one that was made by itself.
 */
static void
write_checks(coffer_buffer *out, const coffer_table *table)
{
	for (size_t i = 0; i < table->check_count; i++) {
		const coffer_check *check = &table->checks[i];
		bool is_late =
			coffer_sql_is_late(check) && !(table->partition_of && check->is_inherited);

		if (is_late || (check->is_exclusion && !check->is_inherited))
			add_constraint(out, check->is_exclusion && !table->partition_key,
				       table->name, check->name, check->definition);
	}
}

static void
write_attachments(coffer_buffer *out, const coffer_table *table)
{
	for (size_t i = 0; i < table->index_count; i++) {
		if (!table->indexes[i].attached_to)
			continue;
		coffer_buffer_text(out, "ALTER INDEX ");
		coffer_buffer_identifier(out, table->indexes[i].attached_to);
		coffer_buffer_text(out, " ATTACH PARTITION ");
		coffer_buffer_identifier(out, table->indexes[i].name);
		coffer_buffer_text(out, ";\n");
	}
}

static void
write_replica_identity(coffer_buffer *out, const coffer_table *table)
{
	if (table->replica_identity == 'f' || table->replica_identity == 'n') {
		alter_table(out, true, table->name);
		coffer_buffer_printf(out, " REPLICA IDENTITY %s;\n",
				     table->replica_identity == 'f' ? "FULL" : "NOTHING");
	}
	for (size_t i = 0; i < table->index_count; i++) {
		if (table->indexes[i].is_replica_identity && table->replica_identity == 'i') {
			alter_table(out, true, table->name);
			coffer_buffer_text(out, " REPLICA IDENTITY USING INDEX ");
			coffer_buffer_identifier(out, table->indexes[i].name);
			coffer_buffer_text(out, ";\n");
		}
		if (table->indexes[i].is_clustered) {
			alter_table(out, false, table->name);
			coffer_buffer_text(out, " CLUSTER ON ");
			coffer_buffer_identifier(out, table->indexes[i].name);
			coffer_buffer_text(out, ";\n");
		}
	}
}

void
coffer_sql_keys(coffer_buffer *out, const coffer_schema *schema)
{
	for (size_t t = 0; t < schema->table_count; t++) {
		const coffer_table *table = &schema->tables[t];

		for (size_t i = 0; i < table->index_count; i++)
			coffer_sql_index(out, table->name, table->partition_key != NULL,
					 &table->indexes[i]);
		write_checks(out, table);
	}
	for (size_t t = 0; t < schema->table_count; t++)
		write_attachments(out, &schema->tables[t]);
	for (size_t t = 0; t < schema->table_count; t++)
		write_replica_identity(out, &schema->tables[t]);
}

static void
write_action(coffer_buffer *out, const char *event, coffer_action action)
{
	static const char *const words[] = {
		[COFFER_NO_ACTION] = NULL,
		[COFFER_RESTRICT] = "RESTRICT",
		[COFFER_CASCADE] = "CASCADE",
		[COFFER_SET_NULL] = "SET NULL",
		[COFFER_SET_DEFAULT] = "SET DEFAULT",
	};

	if (words[action])
		coffer_buffer_printf(out, " ON %s %s", event, words[action]);
}

static void
write_relation(coffer_buffer *out, const coffer_table *table, const coffer_relation *relation)
{
	const char *tail = relation->definition_tail ? relation->definition_tail : "";

	alter_table(out, !table->partition_key, table->name);
	coffer_buffer_text(out, " ADD CONSTRAINT ");
	coffer_buffer_identifier(out, relation->name);
	coffer_buffer_text(out, " FOREIGN KEY ");
	coffer_sql_columns(out, table, relation->columns, relation->column_count);
	coffer_buffer_text(out, " REFERENCES ");
	coffer_buffer_identifier(out, relation->target);
	for (size_t i = 0; i < relation->column_count; i++) {
		coffer_buffer_text(out, i ? ", " : "(");
		coffer_buffer_identifier(out, relation->target_columns[i]);
	}
	coffer_buffer_text(out, relation->is_match_full ? ") MATCH FULL" : ")");
	write_action(out, "UPDATE", relation->on_update);
	write_action(out, "DELETE", relation->on_delete);
	if (relation->delete_column_count) {
		coffer_buffer_text(out, " ");
		coffer_sql_columns(out, table, relation->delete_columns,
				   relation->delete_column_count);
	}
	coffer_buffer_printf(out, "%s%s;\n", *tail && *tail != ' ' ? " " : "", tail);
}

void
coffer_sql_relations(coffer_buffer *out, const coffer_schema *schema)
{
	for (size_t t = 0; t < schema->table_count; t++)
		for (size_t i = 0; i < schema->tables[t].relation_count; i++) {
			const coffer_relation *relation = &schema->tables[t].relations[i];

			if (!relation->is_soft && !relation->is_inherited)
				write_relation(out, &schema->tables[t], relation);
		}
}
