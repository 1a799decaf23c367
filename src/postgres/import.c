/*
 * A live database into a new store.
 *
 *   names --> locks --> snapshot, catalogue --> facts --> rows, table by table --> commit --> indexes
 *
 * Everything is read in one REPEATABLE READ transaction, so that all tables are of one instant. Its
 * tables are locked against ALTER and DROP (never against writers) before the snapshot is taken:
 * the catalogue that is read is the one that the rows are read with, and a missing table or
 * permission shows before the first row. The transaction ends before the store builds its last
 * indexes.
 */
#include "postgres/postgres.h"

#include "postgres/copy_bytes.h"
#include "postgres/copy_read.h"
#include "postgres/copy_sql.h"
#include "postgres/discover.h"

#include <stdlib.h>

struct import {
	struct coffer_session session;
	const coffer_postgres_options *options;
	coffer_postgres_summary *summary;
	coffer_schema *schema;
	coffer_load *load;
};

enum { ROWS_PER_POLL = 1024 };

static void
warn(void *context, const char *message)
{
	struct import *import = context;

	import->summary->warnings++;
	if (import->options->warn)
		import->options->warn(import->options->warn_context, message);
}

/* ------------------------------------------------------------------ before the rows */

/*
 * Partitions are locked through their root, which alone is read; an extension's own tables are not.
 */
static const char tables_sql[] =
	"SELECT c.relname FROM pg_catalog.pg_class AS c"
	" JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
	" WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
	" AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.objid = c.oid AND "
	"d.deptype = 'e'"
	" AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass) ORDER BY c.oid";

static coffer_status
run(struct coffer_session *session, coffer_buffer *sql, coffer_error *error)
{
	coffer_copy_put_byte(sql, 0);
	if (sql->is_failed)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a statement");
	return coffer_session_run(session, sql->data, error);
}

static coffer_status
lock_tables(struct coffer_session *session, const PGresult *names, coffer_error *error)
{
	coffer_buffer sql = {0};
	coffer_status status = COFFER_OK;

	for (int i = 0; i < PQntuples(names); i++) {
		coffer_copy_put_text(&sql, i ? ", " : "LOCK TABLE ");
		coffer_copy_put_identifier(&sql, session->schema);
		coffer_copy_put_byte(&sql, '.');
		coffer_copy_put_identifier(&sql, PQgetvalue(names, i, 0));
	}
	coffer_copy_put_text(&sql, " IN ACCESS SHARE MODE");
	if (PQntuples(names))
		status = run(session, &sql, error);
	coffer_buffer_release(&sql);
	return status;
}

/*
 * The names are read outside of the transaction: a query in it would take the snapshot too early.
 */
static coffer_status
begin(struct coffer_session *session, coffer_error *error)
{
	const char *values[1] = {session->schema};
	PGresult *names = NULL;
	coffer_status status;

	status = coffer_session_query_values(session, tables_sql, values, 1, &names, error);
	if (!status)
		status = coffer_session_run(
			session, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", error);
	if (!status)
		status = lock_tables(session, names, error);
	PQclear(names);
	return status;
}

/* What is recorded of the source. A fact whose function this role may not call is left out. */
static const struct {
	const char *name, *function, *sql;
} facts[] = {
	{"server_version", NULL, "SELECT pg_catalog.current_setting('server_version')"},
	{"database", NULL, "SELECT pg_catalog.current_database()"},
	{"role", NULL, "SELECT CURRENT_USER"},
	{"encoding", NULL, "SELECT pg_catalog.current_setting('server_encoding')"},
	{"time", NULL,
	 "SELECT pg_catalog.to_char(pg_catalog.now(), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"},
	{"snapshot", "txid_current_snapshot()", "SELECT pg_catalog.txid_current_snapshot()"},
	{"system_identifier", "pg_control_system()",
	 "SELECT system_identifier FROM pg_catalog.pg_control_system()"},
	{"wal_position", "pg_current_wal_lsn()",
	 "SELECT pg_catalog.pg_current_wal_lsn() WHERE NOT pg_catalog.pg_is_in_recovery()"},
	{"wal_position", "pg_last_wal_replay_lsn()",
	 "SELECT pg_catalog.pg_last_wal_replay_lsn() WHERE pg_catalog.pg_is_in_recovery()"},
};

/*
 * A refusal would doom the transaction, so the right is looked up first; a function may be missing
 * too.
 */
static coffer_status
may_call(struct coffer_session *session, const char *function, bool *is_allowed_out,
	 coffer_error *error)
{
	const char *values[1] = {function};
	PGresult *result;
	coffer_status status;

	*is_allowed_out = !function;
	if (!function)
		return COFFER_OK;
	status = coffer_session_query_values(
		session,
		"SELECT pg_catalog.has_function_privilege("
		"pg_catalog.to_regprocedure('pg_catalog.' || $1), 'EXECUTE')",
		values, 1, &result, error);
	*is_allowed_out = !status && *PQgetvalue(result, 0, 0) == 't';
	PQclear(result);
	return status;
}

static coffer_status
record_fact(struct import *import, size_t number, coffer_error *error)
{
	PGresult *result = NULL;
	bool is_allowed;
	coffer_status status =
		may_call(&import->session, facts[number].function, &is_allowed, error);

	if (!status && is_allowed)
		status = coffer_session_query(&import->session, facts[number].sql, &result, error);
	if (!status && result && PQntuples(result) && !PQgetisnull(result, 0, 0))
		status = coffer_load_fact(import->load, facts[number].name,
					  PQgetvalue(result, 0, 0), error);
	PQclear(result);
	return status;
}

/* A table that was never analyzed counts -1 rows or none; the leaves of a partitioned one are counted. */
static const char estimate_sql[] =
	"SELECT pg_catalog.sum(c.reltuples)::pg_catalog.int8 FROM pg_catalog.pg_class AS c"
	" JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
	" WHERE n.nspname = $1 AND c.relkind = 'r' AND c.reltuples > 0";

static coffer_status
tell_expected(struct import *import, coffer_error *error)
{
	const char *values[1] = {import->session.schema};
	PGresult *result;
	coffer_status status;

	if (!import->options->expect)
		return COFFER_OK;
	status = coffer_session_query_values(&import->session, estimate_sql, values, 1, &result,
					     error);
	if (!status && !PQgetisnull(result, 0, 0))
		import->options->expect(import->options->progress_context,
					strtoull(PQgetvalue(result, 0, 0), NULL, 10));
	PQclear(result);
	return status;
}

static coffer_status
record_facts(struct import *import, coffer_error *error)
{
	coffer_status status = coffer_load_fact(import->load, "step", "import", error);

	if (!status)
		status = coffer_load_fact(import->load, "coffer", COFFER_VERSION, error);
	if (!status)
		status = coffer_load_fact(import->load, "schema", import->session.schema, error);
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]) && !status; i++)
		status = record_fact(import, i, error);
	return status;
}

/* ------------------------------------------------------------------ the rows */

/*
 * The next message of a COPY; NULL at its end. libpq's buffer is emptied before the socket is
 * waited for.
 */
static coffer_status
receive(struct coffer_session *session, char **message_out, size_t *size_out, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	int size;

	while (!status && !(size = PQgetCopyData(session->connection, message_out, 1)))
		status = coffer_session_wait(session, false, error);
	if (status || size == -1)
		*message_out = NULL;
	else if (size < 0)
		status = coffer_session_fail(session, NULL, error);
	else
		*size_out = (size_t)size;
	return status;
}

/* What the server says behind the last message: an error stands here, not in the stream. */
static coffer_status
take_end(struct coffer_session *session, coffer_error *error)
{
	coffer_status status, failure = COFFER_OK;
	PGresult *result;

	while (!(status = coffer_session_result(session, &result, error)) && result) {
		if (PQresultStatus(result) != PGRES_COMMAND_OK && !failure)
			failure = coffer_session_fail(session, result, error);
		PQclear(result);
	}
	return status ? status : failure;
}

static coffer_status
take_rows(struct import *import, struct coffer_copy_reader *reader, coffer_error *error)
{
	coffer_postgres_summary *summary = import->summary;
	coffer_status status;
	char *message;
	size_t size = 0;

	while (!(status = receive(&import->session, &message, &size, error)) && message) {
		status = coffer_copy_read(reader, message, size, error);
		if (!status) {
			status = coffer_load_row(import->load, reader->values, error);
			summary->rows++;
			summary->bytes += size;
		}
		PQfreemem(message);
		if (!status && summary->rows % ROWS_PER_POLL == 0)
			status = coffer_session_poll(&import->session, reader->table->name,
						     summary->rows, summary->bytes, error);
		if (status && status != COFFER_NOT_FOUND)
			return status;
	}
	if (!status)
		status = take_end(&import->session, error);
	return status ? status : coffer_copy_read_end(reader, error);
}

static coffer_status
start_copy(struct import *import, const coffer_table *table, coffer_error *error)
{
	coffer_buffer sql = {0};
	coffer_status status;

	coffer_copy_out_sql(&sql, import->schema, table, import->session.schema);
	status = run(&import->session, &sql, error);
	coffer_buffer_release(&sql);
	return status;
}

static coffer_status
copy_table(struct import *import, uint32_t number, coffer_error *error)
{
	const coffer_table *table = &import->schema->tables[number];
	struct coffer_copy_reader reader;
	coffer_status status = coffer_copy_reader_init(&reader, table, error);

	if (!status)
		status = coffer_load_table(import->load, number, error);
	if (!status)
		status = coffer_session_poll(&import->session, table->name, import->summary->rows,
					     import->summary->bytes, error);
	if (!status && (status = start_copy(import, table, error)))
		coffer_error_at(error, "%s", table->name);
	if (!status && (status = take_rows(import, &reader, error)))
		coffer_session_place(table->name, error);
	coffer_copy_reader_release(&reader);
	import->summary->tables++;
	return status;
}

static coffer_status
copy_tables(struct import *import, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (uint32_t i = 0; i < import->schema->table_count && !status; i++) {
		if (import->schema->tables[i].id)
			status = copy_table(import, i, error);
	}
	return status;
}

/* ------------------------------------------------------------------ the whole */

static coffer_status
read_all(struct import *import, const char *source, const char *path, coffer_error *error)
{
	const coffer_postgres_options *options = import->options;
	const coffer_load_options load_options = {
		.is_forced = options->is_forced,
		.progress = options->progress,
		.progress_context = options->progress_context,
	};
	coffer_status status;

	if ((status = coffer_session_open(&import->session, source, "public", error)) ||
	    (status = begin(&import->session, error)) ||
	    (status = coffer_discover(&import->session, warn, import, &import->schema, error)) ||
	    (status = coffer_load_begin(path, import->schema, &load_options, &import->load,
					error)) ||
	    (status = record_facts(import, error)) || (status = tell_expected(import, error)) ||
	    (status = copy_tables(import, error)))
		return status;
	return coffer_session_run(&import->session, "COMMIT", error);
}

coffer_status
coffer_postgres_import(const char *source, const char *path, const coffer_postgres_options *options,
		       coffer_postgres_summary *summary_out, coffer_error *error)
{
	struct import import = {
		.session = {.progress = options->progress,
			    .progress_context = options->progress_context},
		.options = options,
		.summary = summary_out,
	};
	coffer_status status;

	*summary_out = (coffer_postgres_summary){0};
	status = read_all(&import, source, path, error);
	coffer_session_close(&import.session);
	if (status)
		coffer_load_abort(import.load);
	else
		status = coffer_load_finish(import.load, error);
	coffer_schema_free(import.schema);
	return status;
}
