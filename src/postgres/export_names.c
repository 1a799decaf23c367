/*
 * Names are looked up before anything is made: a conflict shows before the first row and not after the
 * last.
 *
 * The store's definitions stand without a schema, and pg_catalog comes before any schema in search_path.
 * A relation that is named as one of the server's own would be made, but all that follows would mean
 * the server's. Types are told with their schema where they are hidden; only what is said of them is not.
 */
#include "postgres/export_names.h"

#include "postgres/copy_bytes.h"
#include "postgres/copy_sql.h"
#include "postgres/result.h"

#include <string.h>

static void
put_name(coffer_buffer *sql, const char *name)
{
	coffer_copy_put_text(sql, ", ");
	coffer_copy_put_literal(sql, name);
}

static void
put_index_names(coffer_buffer *sql, const coffer_index *indexes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (indexes[i].definition)
			put_name(sql, indexes[i].name);
	}
}

static void
put_relation_names(coffer_buffer *sql, const coffer_schema *schema)
{
	for (size_t i = 0; i < schema->table_count; i++) {
		put_name(sql, schema->tables[i].name);
		put_index_names(sql, schema->tables[i].indexes, schema->tables[i].index_count);
	}
	for (size_t i = 0; i < schema->view_count; i++) {
		put_name(sql, schema->views[i].name);
		put_index_names(sql, schema->views[i].indexes, schema->views[i].index_count);
	}
	for (size_t i = 0; i < schema->sequence_count; i++)
		put_name(sql, schema->sequences[i].name);
}

/* Do statements of its own follow the one that makes it? */
static bool
is_named_again(const coffer_domain *domain)
{
	for (size_t i = 0; i < domain->check_count; i++) {
		if (domain->checks[i].comment || strstr(domain->checks[i].definition, "NOT VALID"))
			return true;
	}
	return domain->comment != NULL;
}

static void
put_type_names(coffer_buffer *sql, const coffer_schema *schema, bool is_own)
{
	for (size_t i = 0; i < schema->enum_count; i++) {
		if (is_own || schema->enums[i].comment)
			put_name(sql, schema->enums[i].name);
	}
	for (size_t i = 0; i < schema->domain_count; i++) {
		if (is_own || is_named_again(&schema->domains[i]))
			put_name(sql, schema->domains[i].name);
	}
}

/* Names that are there already in `schema_name`; the lists begin with NULL so that none is empty. */
static void
put_query(coffer_buffer *sql, const coffer_schema *schema, const char *schema_name, bool is_own)
{
	coffer_copy_put_text(sql, "SELECT o.name FROM pg_catalog.pg_namespace AS n JOIN ("
				  "SELECT relname AS name, relnamespace AS space"
				  " FROM pg_catalog.pg_class WHERE relname IN (NULL");
	put_relation_names(sql, schema);
	coffer_copy_put_text(sql, ") UNION ALL SELECT typname, typnamespace"
				  " FROM pg_catalog.pg_type WHERE typname IN (NULL");
	put_type_names(sql, schema, is_own);
	coffer_copy_put_text(sql, ")) AS o ON o.space = n.oid WHERE n.nspname = ");
	coffer_copy_put_literal(sql, schema_name);
	coffer_copy_put_text(sql, " ORDER BY 1 LIMIT 1");
	coffer_copy_put_byte(sql, 0);
}

static coffer_status
check(struct coffer_session *session, const coffer_schema *schema, const char *schema_name,
      bool is_own, coffer_error *error)
{
	coffer_buffer sql = {0};
	PGresult *result = NULL;
	coffer_status status = COFFER_OK;

	put_query(&sql, schema, schema_name, is_own);
	if (sql.is_failed)
		status = coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a statement");
	else
		status = coffer_session_query(session, sql.data, &result, error);
	if (!status)
		status = coffer_result_check(result, "r", 0, error);
	if (!status && PQntuples(result)) {
		if (is_own)
			status = coffer_error_set(error, COFFER_CONFLICT,
						  "exists already in schema \"%s\" of the target",
						  schema_name);
		else
			status =
				coffer_error_set(error, COFFER_CONFLICT,
						 "the server has one of this name, which hides it");
		coffer_error_at(error, "%s", coffer_result_text(result, 0, 0));
	}
	PQclear(result);
	coffer_buffer_release(&sql);
	return status;
}

coffer_status
coffer_export_check_names(struct coffer_session *session, const coffer_schema *schema,
			  coffer_error *error)
{
	coffer_status status = check(session, schema, session->schema, true, error);

	return status ? status : check(session, schema, "pg_catalog", false, error);
}
