/*
 * A store's schema and rows into a database that has none of its tables.
 *
 *   check names --> types, sequences, tables --> rows --> keys, indexes, constraints, views
 *               --> sequence states
 *
 * Names are looked up first, indexes' too: a conflict shows before the first row and not after the last.
 */
#include "postgres/copy_bytes.h"
#include "postgres/copy_sql.h"
#include "postgres/export.h"
#include "postgres/export_names.h"
#include "postgres/result.h"

#include <string.h>

/* ------------------------------------------------------------------ the schema */

static coffer_status
comment_schema(struct coffer_export *export, coffer_error *error)
{
	coffer_buffer sql = {0};

	coffer_copy_put_text(&sql, "COMMENT ON SCHEMA ");
	coffer_copy_put_identifier(&sql, export->session.schema);
	coffer_copy_put_text(&sql, " IS ");
	coffer_copy_put_literal(&sql, export->schema->comment);
	return coffer_export_run(export, &sql, error);
}

/* The words that every database's schema public has, and a schema's that says nothing. */
static bool
is_no_comment(const char *comment)
{
	return !comment || strcmp(comment, "standard public schema") == 0;
}

/*
 * A schema that is there gets the store's comment where it has none and this role may give it one;
 * words that it has are not coffer's to replace.
 */
static coffer_status
keep_schema(struct coffer_export *export, const PGresult *found, coffer_error *error)
{
	const char *name = export->session.schema, *wanted = export->schema->comment;
	const char *comment = PQgetisnull(found, 0, 0) ? NULL : coffer_result_text(found, 0, 0);
	bool is_owner = *coffer_result_text(found, 0, 1) == 't';

	if (is_no_comment(wanted) || (comment && strcmp(comment, wanted) == 0))
		return COFFER_OK;
	if (is_owner && is_no_comment(comment))
		return comment_schema(export, error);
	coffer_export_warn(export, "the comment of schema \"%s\" is left as it is in the target",
			   name);
	return COFFER_OK;
}

/* clang-format off */
static const char schema_sql[] =
	"SELECT " COFFER_COMMENT_SQL("n.oid", "pg_namespace", "0") ","
	" pg_catalog.pg_has_role(n.nspowner, 'USAGE')"
	" FROM pg_catalog.pg_namespace AS n WHERE n.nspname = $1";
/* clang-format on */

/*
 * CREATE SCHEMA IF NOT EXISTS asks for the right to create before it looks, so coffer looks first.
 */
static coffer_status
create_schema(struct coffer_export *export, coffer_error *error)
{
	const char *values[1] = {export->session.schema};
	coffer_buffer sql = {0};
	PGresult *result;
	coffer_status status = coffer_session_query_values(&export->session, schema_sql, values, 1,
							   &result, error);

	if (!status)
		status = coffer_result_check(result, "or", 0, error);
	if (!status && PQntuples(result)) {
		status = keep_schema(export, result, error);
	} else if (!status) {
		coffer_copy_put_text(&sql, "CREATE SCHEMA ");
		coffer_copy_put_identifier(&sql, export->session.schema);
		status = coffer_export_run(export, &sql, error);
		if (!status && export->schema->comment)
			status = comment_schema(export, error);
	}
	PQclear(result);
	return status;
}

/* ------------------------------------------------------------------ the parts */

static coffer_status
run_ddl(struct coffer_export *export, coffer_ddl_part part, coffer_error *error)
{
	coffer_buffer sql = {0};
	coffer_status status =
		coffer_schema_write_sql(coffer_export_schema(export), part, NULL, &sql, error);

	if (!status)
		return coffer_export_run(export, &sql, error);
	coffer_buffer_release(&sql);
	return status;
}

static coffer_status
send_tables(struct coffer_export *export, coffer_error *error)
{
	const coffer_schema *schema = export->schema;
	coffer_status status = COFFER_OK;

	for (uint32_t i = 0; i < schema->table_count && !status; i++) {
		const struct coffer_copy_job job = {
			.schema = schema,
			.table = i,
			.selection = &export->options->transfer.selection,
			.into_schema = export->session.schema,
			.into = schema->tables[i].name,
			.is_new = true,
		};

		if (coffer_export_takes(export, i))
			status = coffer_export_send(export, &job, error);
	}
	return status;
}

/*
 * Where sequences stand is a state and no definition. It comes last: a view's rows may be made by calling
 * one.
 */
static coffer_status
restore_sequences(struct coffer_export *export, coffer_error *error)
{
	const coffer_schema *schema = coffer_export_schema(export);
	coffer_buffer sql = {0};

	for (size_t i = 0; i < schema->sequence_count; i++)
		coffer_export_put_setval(&sql, export->session.schema, schema->sequences[i].name,
					 &schema->sequences[i]);
	return coffer_export_run(export, &sql, error);
}

coffer_status
coffer_export_create(struct coffer_export *export, coffer_error *error)
{
	coffer_status status;

	if ((status = coffer_export_check_names(&export->session, coffer_export_schema(export),
						error)) ||
	    (status = create_schema(export, error)) ||
	    (status = run_ddl(export, COFFER_DDL_BEFORE_DATA, error)) ||
	    (status = send_tables(export, error)) ||
	    (status = run_ddl(export, COFFER_DDL_AFTER_DATA, error)))
		return status;
	return restore_sequences(export, error);
}
