/*
 * The schema as Postgres DDL in two parts, before and after the data: types, sequences and tables with
 * what belongs to a row alone; then keys, indexes, references, views and comments. A database made by
 * it has the dump of the one that the schema was read from.
 */
#include "schema/write_sql.h"

#include <inttypes.h>
#include <string.h>

void
coffer_sql_literal(coffer_buffer *out, const char *text)
{
	coffer_buffer_text(out, strchr(text, '\\') ? "E'" : "'");
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			coffer_buffer_append(out, text, 1);
		coffer_buffer_append(out, text, 1);
	}
	coffer_buffer_text(out, "'");
}

void
coffer_sql_columns(coffer_buffer *out, const coffer_table *table, const uint16_t *columns,
		   size_t count)
{
	for (size_t i = 0; i < count; i++) {
		coffer_buffer_text(out, i ? ", " : "(");
		coffer_buffer_identifier(out, table->columns[columns[i]].name);
	}
	coffer_buffer_text(out, ")");
}

bool
coffer_sql_is_late(const coffer_check *check)
{
	static const char tail[] = " NOT VALID";
	size_t size = strlen(check->definition);

	return size >= strlen(tail) && strcmp(check->definition + size - strlen(tail), tail) == 0;
}

void
coffer_sql_sequence_options(coffer_buffer *out, const coffer_sequence *sequence)
{
	coffer_buffer_printf(out,
			     " START WITH %" PRId64 " INCREMENT BY %" PRId64 " MINVALUE %" PRId64
			     " MAXVALUE %" PRId64 " CACHE %" PRId64 "%s",
			     sequence->start, sequence->increment, sequence->minimum,
			     sequence->maximum, sequence->cache,
			     sequence->is_cycle ? " CYCLE" : "");
}

static void
write_enum(coffer_buffer *out, const coffer_enum *type)
{
	coffer_buffer_text(out, "CREATE TYPE ");
	coffer_buffer_identifier(out, type->name);
	coffer_buffer_text(out, " AS ENUM (");
	for (size_t i = 0; i < type->label_count; i++) {
		coffer_buffer_text(out, i ? ", " : "");
		coffer_sql_literal(out, type->labels[i]);
	}
	coffer_buffer_text(out, ");\n");
}

/* A sequence that stands for itself; one of an identity column is made by its column. */
static void
write_sequence(coffer_buffer *out, const coffer_sequence *sequence)
{
	if (sequence->is_identity)
		return;
	coffer_buffer_text(out, sequence->is_unlogged ? "CREATE UNLOGGED SEQUENCE "
						      : "CREATE SEQUENCE ");
	coffer_buffer_identifier(out, sequence->name);
	coffer_buffer_printf(out, " AS %s", sequence->type);
	coffer_sql_sequence_options(out, sequence);
	coffer_buffer_text(out, ";\n");
}

static void
write_domain(coffer_buffer *out, const coffer_domain *domain)
{
	coffer_buffer_text(out, "CREATE DOMAIN ");
	coffer_buffer_identifier(out, domain->name);
	coffer_buffer_printf(out, " AS %s", domain->type);
	if (domain->collation)
		coffer_buffer_printf(out, " COLLATE %s", domain->collation);
	if (domain->default_sql)
		coffer_buffer_printf(out, " DEFAULT %s", domain->default_sql);
	if (domain->is_not_null)
		coffer_buffer_text(out, " NOT NULL");
	for (size_t i = 0; i < domain->check_count; i++) {
		if (coffer_sql_is_late(&domain->checks[i]))
			continue;
		coffer_buffer_text(out, "\n\tCONSTRAINT ");
		coffer_buffer_identifier(out, domain->checks[i].name);
		coffer_buffer_printf(out, " %s", domain->checks[i].definition);
	}
	coffer_buffer_text(out, ";\n");
}

static void
write_late_domain_checks(coffer_buffer *out, const coffer_domain *domain)
{
	for (size_t i = 0; i < domain->check_count; i++) {
		if (!coffer_sql_is_late(&domain->checks[i]))
			continue;
		coffer_buffer_text(out, "ALTER DOMAIN ");
		coffer_buffer_identifier(out, domain->name);
		coffer_buffer_text(out, " ADD CONSTRAINT ");
		coffer_buffer_identifier(out, domain->checks[i].name);
		coffer_buffer_printf(out, " %s;\n", domain->checks[i].definition);
	}
}

static void
write_view(coffer_buffer *out, const coffer_view *view)
{
	const char *kind = view->is_materialized ? "MATERIALIZED VIEW" : "VIEW";
	size_t size = strlen(view->definition);

	while (size && strchr("; \n\t", view->definition[size - 1]))
		size--;
	coffer_buffer_printf(out, "CREATE %s ", kind);
	coffer_buffer_identifier(out, view->name);
	if (view->options)
		coffer_buffer_printf(out, " WITH (%s)", view->options);
	coffer_buffer_text(out, " AS\n");
	coffer_buffer_append(out, view->definition, size);
	if (view->is_materialized && !view->is_populated)
		coffer_buffer_text(out, "\nWITH NO DATA");
	coffer_buffer_text(out, ";\n");
	for (size_t i = 0; i < view->index_count; i++) {
		coffer_sql_index(out, view->name, false, &view->indexes[i]);
		if (!view->indexes[i].is_clustered)
			continue;
		coffer_buffer_text(out, "ALTER MATERIALIZED VIEW ");
		coffer_buffer_identifier(out, view->name);
		coffer_buffer_text(out, " CLUSTER ON ");
		coffer_buffer_identifier(out, view->indexes[i].name);
		coffer_buffer_text(out, ";\n");
	}
}

static void
write_before(coffer_buffer *out, const coffer_schema *schema)
{
	for (size_t i = 0; i < schema->enum_count; i++)
		write_enum(out, &schema->enums[i]);
	for (size_t i = 0; i < schema->sequence_count; i++)
		write_sequence(out, &schema->sequences[i]);
	for (size_t i = 0; i < schema->domain_count; i++)
		write_domain(out, &schema->domains[i]);
	coffer_sql_tables(out, schema);
}

static void
write_after(coffer_buffer *out, const coffer_schema *schema, const char *schema_name)
{
	for (size_t i = 0; i < schema->domain_count; i++)
		write_late_domain_checks(out, &schema->domains[i]);
	coffer_sql_keys(out, schema);
	coffer_sql_relations(out, schema);
	for (size_t i = 0; i < schema->view_count; i++)
		write_view(out, &schema->views[i]);
	coffer_sql_comments(out, schema, schema_name);
}

coffer_status
coffer_schema_write_sql(const coffer_schema *schema, coffer_ddl_part parts, const char *schema_name,
			coffer_buffer *out, coffer_error *error)
{
	if (schema_name && (parts & COFFER_DDL_BEFORE_DATA)) {
		coffer_buffer_text(out, "CREATE SCHEMA IF NOT EXISTS ");
		coffer_buffer_identifier(out, schema_name);
		coffer_buffer_text(out, ";\n");
	}
	if (schema_name) {
		coffer_buffer_text(out, "SET search_path = ");
		coffer_buffer_identifier(out, schema_name);
		coffer_buffer_text(out, ";\n");
	}
	coffer_buffer_text(out, "");
	if (parts & COFFER_DDL_BEFORE_DATA)
		write_before(out, schema);
	if (parts & COFFER_DDL_AFTER_DATA)
		write_after(out, schema, schema_name);
	if (out->is_failed)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for DDL");
	return COFFER_OK;
}
