/*
 * A store into a database: all or nothing.
 *
 *   check names --> types, sequences, tables --> rows --> keys, indexes, constraints, views
 *               --> sequence states, materialized views --> commit
 *
 * All of it is one READ COMMITTED transaction (a higher level would refuse COPY's FREEZE). Names
 * are looked up first, indexes' too: a conflict shows before the first row and not after the last.
 */
#include "postgres/postgres.h"

#include "postgres/copy_bytes.h"
#include "postgres/copy_send.h"
#include "postgres/copy_sql.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>

struct export
{
	struct coffer_session session;
	const coffer_postgres_options *options;
	coffer_postgres_summary *summary;
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

/* ------------------------------------------------------------------ names */

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

/*
 * Relations and types that are in the target's schema already; the lists begin with NULL so that
 * none is empty.
 */
static void
put_conflict_query(coffer_buffer *sql, const coffer_schema *schema, const char *schema_name)
{
	coffer_copy_put_text(sql, "SELECT o.name FROM pg_catalog.pg_namespace AS n JOIN ("
				  "SELECT relname AS name, relnamespace AS space"
				  " FROM pg_catalog.pg_class WHERE relname IN (NULL");
	put_relation_names(sql, schema);
	coffer_copy_put_text(sql, ") UNION ALL SELECT typname, typnamespace"
				  " FROM pg_catalog.pg_type WHERE typname IN (NULL");
	for (size_t i = 0; i < schema->enum_count; i++)
		put_name(sql, schema->enums[i].name);
	for (size_t i = 0; i < schema->domain_count; i++)
		put_name(sql, schema->domains[i].name);
	coffer_copy_put_text(sql, ")) AS o ON o.space = n.oid WHERE n.nspname = ");
	coffer_copy_put_literal(sql, schema_name);
	coffer_copy_put_text(sql, " ORDER BY 1 LIMIT 1");
	coffer_copy_put_byte(sql, 0);
}

static coffer_status
check_names(struct export *export, coffer_error *error)
{
	const char *schema_name = export->session.schema;
	coffer_buffer sql = {0};
	PGresult *result = NULL;
	coffer_status status = COFFER_OK;

	put_conflict_query(&sql, export->schema, schema_name);
	if (sql.is_failed)
		status = coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a statement");
	else
		status = coffer_session_query(&export->session, sql.data, &result, error);
	if (!status && PQntuples(result)) {
		status = coffer_error_set(error, COFFER_CONFLICT,
					  "exists already in schema \"%s\" of the target",
					  schema_name);
		coffer_error_at(error, "%s", PQgetvalue(result, 0, 0));
	}
	PQclear(result);
	coffer_buffer_release(&sql);
	return status;
}

/*
 * CREATE SCHEMA IF NOT EXISTS asks for the right to create before it looks, so coffer looks first.
 * A schema that is there keeps its comment: it is not coffer's.
 */
static coffer_status
create_schema(struct export *export, coffer_error *error)
{
	const char *values[1] = {export->session.schema};
	coffer_buffer sql = {0};
	PGresult *result;
	coffer_status status;

	status = coffer_session_query_values(
		&export->session, "SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1", values,
		1, &result, error);
	if (!status && !PQntuples(result)) {
		coffer_copy_put_text(&sql, "CREATE SCHEMA ");
		coffer_copy_put_identifier(&sql, export->session.schema);
		if (export->schema->comment) {
			coffer_copy_put_text(&sql, "; COMMENT ON SCHEMA ");
			coffer_copy_put_identifier(&sql, export->session.schema);
			coffer_copy_put_text(&sql, " IS ");
			coffer_copy_put_literal(&sql, export->schema->comment);
		}
		status = run(export, &sql, error);
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

static void
warn_of_nans(struct export *export, const char *table, uint64_t count)
{
	char message[160];

	export->summary->warnings++;
	snprintf(message, sizeof(message),
		 "%s: %" PRIu64 " NaN with a sign or payload became plain NaN", table, count);
	if (export->options->warn)
		export->options->warn(export->options->warn_context, message);
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
			warn_of_nans(export, schema->tables[i].name,
				     export->sent.nans_changed - nans);
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

/* What is a state and no definition: where sequences stand, and the rows of materialized views. */
static coffer_status
restore_states(struct export *export, coffer_error *error)
{
	const coffer_schema *schema = export->schema;
	coffer_buffer sql = {0};

	for (size_t i = 0; i < schema->sequence_count; i++)
		put_setval(&sql, export->session.schema, &schema->sequences[i]);
	for (size_t i = 0; i < schema->view_count; i++) {
		if (!schema->views[i].is_materialized || !schema->views[i].is_populated)
			continue;
		coffer_copy_put_text(&sql, "REFRESH MATERIALIZED VIEW ");
		put_qualified(&sql, export->session.schema, schema->views[i].name);
		coffer_copy_put_text(&sql, ";\n");
	}
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
	    (status = check_names(export, error)) || (status = create_schema(export, error)) ||
	    (status = run_ddl(export, COFFER_DDL_BEFORE_DATA, error)) ||
	    (status = send_tables(export, error)) ||
	    (status = run_ddl(export, COFFER_DDL_AFTER_DATA, error)) ||
	    (status = restore_states(export, error)))
		return status;
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
coffer_postgres_export(const char *path, const char *target, const coffer_postgres_options *options,
		       coffer_postgres_summary *summary_out, coffer_error *error)
{
	struct export export = {
		.session = {.progress = options->progress,
			    .progress_context = options->progress_context},
		.options = options,
		.summary = summary_out,
	};
	coffer_status status;

	*summary_out = (coffer_postgres_summary){0};
	status = write_all(&export, path, target, error);
	if (status)
		roll_back(export.session.connection);
	coffer_session_close(&export.session);
	coffer_txn_end(export.txn);
	coffer_store_close(export.store);
	return status;
}
