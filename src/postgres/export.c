/*
 * A store into a database: all or nothing.
 *
 *   check names --> types, sequences, tables --> rows --> keys, indexes, constraints, views
 *               --> sequence states --> commit
 *
 * All of it is one READ COMMITTED transaction (a higher level would refuse COPY's FREEZE). Names
 * are looked up first, indexes' too: a conflict shows before the first row and not after the last.
 */
#include "postgres/postgres.h"

#include "postgres/copy_bytes.h"
#include "postgres/copy_send.h"
#include "postgres/copy_sql.h"
#include "postgres/export_names.h"

#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct export
{
	struct coffer_session session;
	const coffer_transfer_options *options;
	coffer_transfer_summary *summary;
	coffer_store *store;
	coffer_txn *txn;
	const coffer_schema *schema;
	struct coffer_copy_sent sent;
};

static coffer_status
run(struct export *export, coffer_buffer *sql, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	coffer_copy_put_byte(sql, 0);
	if (sql->is_failed)
		status = coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a statement");
	else if (sql->size > 1)
		status = coffer_session_run(&export->session, sql->data, error);
	coffer_buffer_release(sql);
	return status;
}

/* ------------------------------------------------------------------ the schema */

static void
warn(struct export *export, const char *format, ...) COFFER_PRINTF(2, 3);

static void
warn(struct export *export, const char *format, ...)
{
	char message[512];
	va_list arguments;

	export->summary->warnings++;
	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	if (export->options->warn)
		export->options->warn(export->options->warn_context, message);
}

static coffer_status
comment_schema(struct export *export, coffer_error *error)
{
	coffer_buffer sql = {0};

	coffer_copy_put_text(&sql, "COMMENT ON SCHEMA ");
	coffer_copy_put_identifier(&sql, export->session.schema);
	coffer_copy_put_text(&sql, " IS ");
	coffer_copy_put_literal(&sql, export->schema->comment);
	return run(export, &sql, error);
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
keep_schema(struct export *export, const PGresult *found, coffer_error *error)
{
	const char *name = export->session.schema, *wanted = export->schema->comment;
	const char *comment = PQgetisnull(found, 0, 0) ? NULL : PQgetvalue(found, 0, 0);
	bool is_owner = *PQgetvalue(found, 0, 1) == 't';

	if (is_no_comment(wanted) || (comment && strcmp(comment, wanted) == 0))
		return COFFER_OK;
	if (is_owner && is_no_comment(comment))
		return comment_schema(export, error);
	warn(export, "the comment of schema \"%s\" is left as it is in the target", name);
	return COFFER_OK;
}

/*
 * CREATE SCHEMA IF NOT EXISTS asks for the right to create before it looks, so coffer looks first.
 */
static coffer_status
create_schema(struct export *export, coffer_error *error)
{
	const char *values[1] = {export->session.schema};
	coffer_buffer sql = {0};
	PGresult *result;
	coffer_status status = coffer_session_query_values(
		&export->session,
		"SELECT pg_catalog.obj_description(oid, 'pg_namespace'),"
		" pg_catalog.pg_has_role(nspowner, 'USAGE')"
		" FROM pg_catalog.pg_namespace WHERE nspname = $1",
		values, 1, &result, error);

	if (!status && PQntuples(result)) {
		status = keep_schema(export, result, error);
	} else if (!status) {
		coffer_copy_put_text(&sql, "CREATE SCHEMA ");
		coffer_copy_put_identifier(&sql, export->session.schema);
		status = run(export, &sql, error);
		if (!status && export->schema->comment)
			status = comment_schema(export, error);
	}
	PQclear(result);
	return status;
}

/* ------------------------------------------------------------------ the parts */

static coffer_status
run_ddl(struct export *export, coffer_ddl_part part, coffer_error *error)
{
	coffer_buffer sql = {0};
	coffer_status status = coffer_schema_write_sql(export->schema, part, NULL, &sql, error);

	if (!status)
		return run(export, &sql, error);
	coffer_buffer_release(&sql);
	return status;
}

static coffer_status
send_tables(struct export *export, coffer_error *error)
{
	const coffer_schema *schema = export->schema;
	coffer_status status = COFFER_OK;

	for (uint32_t i = 0; i < schema->table_count && !status; i++) {
		uint64_t nans = export->sent.nans_changed;

		if (!schema->tables[i].id)
			continue;
		status = coffer_copy_send(&export->session, export->txn, schema, i, &export->sent,
					  error);
		export->summary->tables++;
		if (!status && export->sent.nans_changed > nans)
			warn(export, "%s: %" PRIu64 " NaN with a sign or payload became plain NaN",
			     schema->tables[i].name, export->sent.nans_changed - nans);
	}
	export->summary->rows = export->sent.rows;
	export->summary->bytes = export->sent.bytes;
	return status;
}

static void
put_qualified(coffer_buffer *sql, const char *schema_name, const char *name)
{
	coffer_copy_put_identifier(sql, schema_name);
	coffer_copy_put_byte(sql, '.');
	coffer_copy_put_identifier(sql, name);
}

static void
put_setval(coffer_buffer *sql, const char *schema_name, const coffer_sequence *sequence)
{
	coffer_buffer name = {0};
	char state[64];

	put_qualified(&name, schema_name, sequence->name);
	coffer_copy_put_byte(&name, 0);
	coffer_copy_put_text(sql, "SELECT pg_catalog.setval(");
	coffer_copy_put_literal(sql, name.data ? name.data : "");
	snprintf(state, sizeof(state), "::pg_catalog.regclass, %" PRId64 ", %s);\n",
		 sequence->last_value, sequence->is_called ? "true" : "false");
	coffer_copy_put_text(sql, state);
	sql->is_failed = sql->is_failed || name.is_failed;
	coffer_buffer_release(&name);
}

/*
 * Where sequences stand is a state and no definition. It comes last: a view's rows may be made by calling
 * one.
 */
static coffer_status
restore_sequences(struct export *export, coffer_error *error)
{
	const coffer_schema *schema = export->schema;
	coffer_buffer sql = {0};

	for (size_t i = 0; i < schema->sequence_count; i++)
		put_setval(&sql, export->session.schema, &schema->sequences[i]);
	return run(export, &sql, error);
}

/* ------------------------------------------------------------------ the whole */

static coffer_status
write_all(struct export *export, const char *path, const char *target, coffer_error *error)
{
	struct coffer_session *session = &export->session;
	coffer_status status;

	if ((status = coffer_store_open(path, &export->store, error)) ||
	    (status = coffer_txn_begin(export->store, &export->txn, error)))
		return status;
	export->schema = coffer_store_schema(export->store);
	if ((status = coffer_session_open(session, target, export->schema->name, error)) ||
	    (status = coffer_session_run(session, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
					 error)) ||
	    (status = coffer_session_pin(session, error)) ||
	    (status = coffer_export_check_names(session, export->schema, error)) ||
	    (status = create_schema(export, error)) ||
	    (status = run_ddl(export, COFFER_DDL_BEFORE_DATA, error)) ||
	    (status = send_tables(export, error)) ||
	    (status = run_ddl(export, COFFER_DDL_AFTER_DATA, error)) ||
	    (status = restore_sequences(export, error)))
		return status;
	/* A commit that was sent is not taken back: what the server answers decides, not an interrupt. */
	session->progress = NULL;
	return coffer_session_run(session, "COMMIT", error);
}

/* Take what the server still has to say, for five seconds at the most. */
static void
drain(PGconn *connection)
{
	PGresult *result;

	for (int ticks = 0; ticks < 50;) {
		struct pollfd socket = {.fd = PQsocket(connection), .events = POLLIN};

		if (PQflush(connection) < 0 || !PQconsumeInput(connection))
			return;
		if (PQisBusy(connection)) {
			ticks += poll(&socket, 1, 100) <= 0;
		} else if ((result = PQgetResult(connection))) {
			PQclear(result);
		} else {
			return;
		}
	}
}

/*
 * The server would roll back by itself when the connection goes; who waits knows that nothing is
 * left.
 */
static void
roll_back(PGconn *connection)
{
	if (!connection || PQstatus(connection) != CONNECTION_OK || PQsetnonblocking(connection, 1))
		return;
	if (PQtransactionStatus(connection) == PQTRANS_ACTIVE) {
		(void)PQputCopyEnd(connection, "coffer gave up");
		drain(connection);
	}
	if (PQtransactionStatus(connection) != PQTRANS_IDLE && PQsendQuery(connection, "ROLLBACK"))
		drain(connection);
}

coffer_status
coffer_postgres_export(const char *path, const char *target, const coffer_transfer_options *options,
		       coffer_transfer_summary *summary_out, coffer_error *error)
{
	struct export export = {
		.session = {.progress = options->progress,
			    .progress_context = options->progress_context},
		.options = options,
		.summary = summary_out,
	};
	coffer_status status;

	*summary_out = (coffer_transfer_summary){0};
	status = write_all(&export, path, target, error);
	if (status)
		roll_back(export.session.connection);
	coffer_session_close(&export.session);
	coffer_txn_end(export.txn);
	coffer_store_close(export.store);
	return status;
}
