/*
 * COMMENT ON every object that has one. The server's own words on the schema public are left to it.
 */
#include "schema/write_sql.h"

#include <string.h>

/* "COMMENT ON <kind> <name>[ ON <of kind><of>] IS '...'". */
static void
write_comment(coffer_buffer *out, const char *kind, const char *name, const char *of_kind,
	      const char *of, const char *comment)
{
	if (!comment)
		return;
	coffer_buffer_printf(out, "COMMENT ON %s ", kind);
	coffer_buffer_identifier(out, name);
	if (of) {
		coffer_buffer_printf(out, " ON %s", of_kind);
		coffer_buffer_identifier(out, of);
	}
	coffer_buffer_text(out, " IS ");
	coffer_sql_literal(out, comment);
	coffer_buffer_text(out, ";\n");
}

static void
write_column_comment(coffer_buffer *out, const coffer_table *table, const coffer_column *column)
{
	if (!column->comment)
		return;
	coffer_buffer_text(out, "COMMENT ON COLUMN ");
	coffer_buffer_identifier(out, table->name);
	coffer_buffer_text(out, ".");
	coffer_buffer_identifier(out, column->name);
	coffer_buffer_text(out, " IS ");
	coffer_sql_literal(out, column->comment);
	coffer_buffer_text(out, ";\n");
}

static void
write_index_comments(coffer_buffer *out, const char *owner, const coffer_index *indexes,
		     size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (indexes[i].is_constraint)
			write_comment(out, "CONSTRAINT", indexes[i].name, "", owner,
				      indexes[i].comment);
		else
			write_comment(out, "INDEX", indexes[i].name, NULL, NULL,
				      indexes[i].comment);
}

static void
write_table_comments(coffer_buffer *out, const coffer_table *table)
{
	write_comment(out, "TABLE", table->name, NULL, NULL, table->comment);
	for (size_t i = 0; i < table->column_count; i++)
		write_column_comment(out, table, &table->columns[i]);
	write_index_comments(out, table->name, table->indexes, table->index_count);
	for (size_t i = 0; i < table->check_count; i++)
		write_comment(out, "CONSTRAINT", table->checks[i].name, "", table->name,
			      table->checks[i].comment);
	for (size_t i = 0; i < table->relation_count; i++)
		if (!table->relations[i].is_soft && !table->relations[i].is_inherited)
			write_comment(out, "CONSTRAINT", table->relations[i].name, "", table->name,
				      table->relations[i].comment);
}

void
coffer_sql_comments(coffer_buffer *out, const coffer_schema *schema, const char *schema_name)
{
	if (schema_name && schema->comment &&
	    strcmp(schema->comment, "standard public schema") != 0)
		write_comment(out, "SCHEMA", schema_name, NULL, NULL, schema->comment);
	for (size_t i = 0; i < schema->enum_count; i++)
		write_comment(out, "TYPE", schema->enums[i].name, NULL, NULL,
			      schema->enums[i].comment);
	for (size_t i = 0; i < schema->domain_count; i++) {
		const coffer_domain *domain = &schema->domains[i];

		write_comment(out, "DOMAIN", domain->name, NULL, NULL, domain->comment);
		for (size_t c = 0; c < domain->check_count; c++)
			write_comment(out, "CONSTRAINT", domain->checks[c].name, "DOMAIN ",
				      domain->name, domain->checks[c].comment);
	}
	for (size_t i = 0; i < schema->sequence_count; i++)
		write_comment(out, "SEQUENCE", schema->sequences[i].name, NULL, NULL,
			      schema->sequences[i].comment);
	for (size_t i = 0; i < schema->table_count; i++)
		write_table_comments(out, &schema->tables[i]);
	for (size_t i = 0; i < schema->view_count; i++) {
		const coffer_view *view = &schema->views[i];

		write_comment(out, view->is_materialized ? "MATERIALIZED VIEW" : "VIEW", view->name,
			      NULL, NULL, view->comment);
		write_index_comments(out, view->name, view->indexes, view->index_count);
	}
}
