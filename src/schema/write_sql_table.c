/*
 * CREATE TABLE. A partition is made as a table of its own and attached afterwards, so that its columns
 * keep their own order and defaults. An own check stands with its table, for every row has to pass it.
 */
#include "schema/write_sql.h"

#include <string.h>

static const coffer_sequence *
find_identity(const coffer_schema *schema, const coffer_table *table, const coffer_column *column)
{
	for (size_t i = 0; i < schema->sequence_count; i++) {
		const coffer_sequence *sequence = &schema->sequences[i];

		if (sequence->is_identity && sequence->owner_table && sequence->owner_column &&
		    strcmp(sequence->owner_table, table->name) == 0 &&
		    strcmp(sequence->owner_column, column->name) == 0)
			return sequence;
	}
	return NULL;
}

static void
write_identity(coffer_buffer *out, const coffer_schema *schema, const coffer_table *table,
	       const coffer_column *column)
{
	const coffer_sequence *sequence = find_identity(schema, table, column);

	coffer_buffer_printf(out, " GENERATED %s AS IDENTITY",
			     column->identity == COFFER_IDENTITY_ALWAYS ? "ALWAYS" : "BY DEFAULT");
	if (!sequence)
		return;
	coffer_buffer_text(out, " (SEQUENCE NAME ");
	coffer_buffer_identifier(out, sequence->name);
	coffer_sql_sequence_options(out, sequence);
	coffer_buffer_text(out, ")");
}

static void
write_column(coffer_buffer *out, const coffer_schema *schema, const coffer_table *table,
	     const coffer_column *column)
{
	coffer_buffer_identifier(out, column->name);
	coffer_buffer_printf(out, " %s", column->type);
	if (column->collation)
		coffer_buffer_printf(out, " COLLATE %s", column->collation);
	if (column->generated_sql)
		coffer_buffer_printf(out, " GENERATED ALWAYS AS (%s) STORED",
				     column->generated_sql);
	else if (column->default_sql)
		coffer_buffer_printf(out, " DEFAULT %s", column->default_sql);
	if (!column->is_nullable)
		coffer_buffer_text(out, " NOT NULL");
	if (column->identity != COFFER_IDENTITY_NONE)
		write_identity(out, schema, table, column);
}

static void
write_table(coffer_buffer *out, const coffer_schema *schema, const coffer_table *table)
{
	const char *separator = "\n\t";

	coffer_buffer_text(out, table->is_unlogged ? "CREATE UNLOGGED TABLE " : "CREATE TABLE ");
	coffer_buffer_identifier(out, table->name);
	coffer_buffer_text(out, " (");
	for (size_t i = 0; i < table->column_count; i++) {
		coffer_buffer_text(out, separator);
		write_column(out, schema, table, &table->columns[i]);
		separator = ",\n\t";
	}
	for (size_t i = 0; i < table->check_count; i++) {
		if (table->checks[i].is_exclusion || coffer_sql_is_late(&table->checks[i]))
			continue;
		coffer_buffer_printf(out, "%sCONSTRAINT ", separator);
		coffer_buffer_identifier(out, table->checks[i].name);
		coffer_buffer_printf(out, " %s", table->checks[i].definition);
		separator = ",\n\t";
	}
	coffer_buffer_text(out, "\n)");
	if (table->partition_key)
		coffer_buffer_printf(out, " PARTITION BY %s", table->partition_key);
	if (table->options)
		coffer_buffer_printf(out, " WITH (%s)", table->options);
	coffer_buffer_text(out, ";\n");
}

static void
write_owner(coffer_buffer *out, const coffer_sequence *sequence)
{
	if (sequence->is_identity || !sequence->owner_table || !sequence->owner_column)
		return;
	coffer_buffer_text(out, "ALTER SEQUENCE ");
	coffer_buffer_identifier(out, sequence->name);
	coffer_buffer_text(out, " OWNED BY ");
	coffer_buffer_identifier(out, sequence->owner_table);
	coffer_buffer_text(out, ".");
	coffer_buffer_identifier(out, sequence->owner_column);
	coffer_buffer_text(out, ";\n");
}

static void
write_attachment(coffer_buffer *out, const coffer_table *table)
{
	if (!table->partition_of)
		return;
	coffer_buffer_text(out, "ALTER TABLE ONLY ");
	coffer_buffer_identifier(out, table->partition_of);
	coffer_buffer_text(out, " ATTACH PARTITION ");
	coffer_buffer_identifier(out, table->name);
	coffer_buffer_printf(out, " %s;\n",
			     table->partition_bound ? table->partition_bound : "DEFAULT");
}

void
coffer_sql_tables(coffer_buffer *out, const coffer_schema *schema)
{
	for (size_t i = 0; i < schema->table_count; i++)
		write_table(out, schema, &schema->tables[i]);
	for (size_t i = 0; i < schema->sequence_count; i++)
		write_owner(out, &schema->sequences[i]);
	for (size_t i = 0; i < schema->table_count; i++)
		write_attachment(out, &schema->tables[i]);
}
