/*
 * A live database as a source of rows.
 *
 *   names --> locks --> snapshot, catalogue --> facts --> rows, table by table --> commit
 *
 * Everything is read in one REPEATABLE READ transaction, so that all tables are of one instant. Its
 * tables are locked against ALTER and DROP (never against writers) before the snapshot is taken:
 * the catalogue that is read is the one that the rows are read with, and a missing table or
 * permission shows before the first row. The transaction ends behind the last row.
 */
#include "postgres/postgres.h"

#include "postgres/copy_bytes.h"
#include "postgres/copy_read.h"
#include "postgres/copy_sql.h"
#include "postgres/discover.h"
#include "postgres/result.h"
#include "transfer/selection.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct server {
	struct coffer_source source;
	struct coffer_session session;
	uint32_t table;                   /* the next one to look at */
	bool is_copying;                  /* its COPY has more to say */
	uint64_t rows, rows_before;       /* all of them, and those of the tables before this one */
	struct coffer_copy_reader reader; /* of the table before `table` */
	char *message;                    /* what the last row borrows from */
};

enum { ROWS_PER_POLL = 1024 };

static void
warn(void *context, const char *message)
{
	coffer_source_warn(context, "%s", message);
}

/* ------------------------------------------------------------------ before the rows */

/*
 * Partitions are locked through their root, which alone is read; an extension's own tables are not. Where a
 * part is asked for, a table that may not be read is passed over here: it may not be in that part. Version 12
 * asks for the right to read every partition that it locks with its root, though not to read the root:
 * where that right is not there it locks the root alone.
 */
static const char tables_sql[] =
	"SELECT c.relname, c.relkind = 'p'"
	" AND pg_catalog.current_setting('server_version_num')::pg_catalog.int4 < 130000"
	" AND EXISTS (SELECT FROM pg_catalog.pg_partition_tree(c.oid) AS p"
	"  WHERE NOT pg_catalog.has_table_privilege(p.relid, 'SELECT'))"
	" FROM pg_catalog.pg_class AS c"
	" JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
	" WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
	" AND ($2::pg_catalog.bool OR pg_catalog.has_table_privilege(c.oid, 'SELECT'))"
	" AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.objid = c.oid AND "
	"d.deptype = 'e'"
	" AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid)"
	" ORDER BY c.oid";

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
		coffer_copy_put_text(&sql, *coffer_result_text(names, i, 1) == 't' ? "ONLY " : "");
		coffer_copy_put_table(&sql, session->schema, coffer_result_text(names, i, 0));
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
begin(struct server *server, coffer_error *error)
{
	struct coffer_session *session = &server->session;
	bool is_partial = coffer_selection_is_partial(&server->source.options->selection);
	const char *values[2] = {session->schema, is_partial ? "false" : "true"};
	PGresult *names = NULL;
	coffer_status status;

	status = coffer_session_query_values(session, tables_sql, values, 2, &names, error);
	if (!status)
		status = coffer_result_check(names, "rr", 0, error);
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
	*is_allowed_out = !status && *coffer_result_text(result, 0, 0) == 't';
	PQclear(result);
	return status;
}

typedef coffer_status (*fact_function)(void *context, const char *name, const char *value,
				       coffer_error *error);

static coffer_status
tell_fact(struct server *server, size_t number, fact_function fact, void *context,
	  coffer_error *error)
{
	PGresult *result = NULL;
	bool is_allowed;
	coffer_status status =
		may_call(&server->session, facts[number].function, &is_allowed, error);

	if (!status && is_allowed)
		status = coffer_session_query(&server->session, facts[number].sql, &result, error);
	if (!status && result && PQntuples(result) && !PQgetisnull(result, 0, 0))
		status = fact(context, facts[number].name, coffer_result_text(result, 0, 0), error);
	PQclear(result);
	return status;
}

static coffer_status
tell_facts(struct coffer_source *source, fact_function fact, void *context, coffer_error *error)
{
	struct server *server = (struct server *)source;
	coffer_status status = fact(context, "schema", server->session.schema, error);

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]) && !status; i++)
		status = tell_fact(server, i, fact, context, error);
	return status;
}

/* A table that was never analyzed counts -1 rows or none; the leaves of a partitioned one are counted. */
static const char estimate_sql[] =
	"SELECT c.relname, c.reltuples::pg_catalog.int8 FROM pg_catalog.pg_class AS c"
	" JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
	" WHERE n.nspname = $1 AND c.relkind = 'r' AND c.reltuples > 0";

/* Nobody knows how many rows of a table are younger than a time. */
static coffer_status
estimate(struct server *server, coffer_error *error)
{
	const char *values[1] = {server->session.schema};
	struct coffer_source *source = &server->source;
	PGresult *result;
	coffer_status status = coffer_session_query_values(&server->session, estimate_sql, values,
							   1, &result, error);

	for (int i = 0; !status && !source->options->selection.has_since && i < PQntuples(result);
	     i++) {
		if (coffer_schema_find_table(source->schema, coffer_result_text(result, i, 0)) ==
		    COFFER_NO_TABLE)
			continue;
		source->has_estimate = true;
		source->estimate += strtoull(coffer_result_text(result, i, 1), NULL, 10);
	}
	PQclear(result);
	return status;
}

static coffer_status
discover(struct server *server, coffer_error *error)
{
	struct coffer_source *source = &server->source;
	coffer_status status =
		coffer_discover(&server->session, warn, server, &source->schema, error);

	if (!status)
		status = coffer_selection_apply(source, error);
	return status ? status : coffer_discover_readable(&server->session, source->schema, error);
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

static void
take_count(void *context, const PGresult *result)
{
	*(uint64_t *)context = strtoull(PQcmdTuples((PGresult *)(uintptr_t)result), NULL, 10);
}

/*
 * What the server says behind the last message: an error stands here, not in the stream, and so does the number
 * of rows, with which those that came are compared.
 */
static coffer_status
take_end(struct server *server, coffer_error *error)
{
	uint64_t rows = server->rows - server->rows_before, told = 0;
	coffer_status status = coffer_session_end(&server->session, take_count, NULL, &told, error);

	if (status || told == rows)
		return status;
	return coffer_error_set(error, COFFER_UNREACHABLE,
				"the server sent %" PRIu64 " rows and says it were %" PRIu64, rows,
				told);
}

/* A message that holds no row is passed over. NOT_FOUND at the end of the COPY. */
static coffer_status
take_message(struct server *server, coffer_error *error)
{
	coffer_status status;
	size_t size = 0;

	PQfreemem(server->message);
	server->message = NULL;
	status = receive(&server->session, &server->message, &size, error);
	if (!status && server->message) {
		server->source.bytes += size;
		return coffer_copy_read(&server->reader, server->message, size, error);
	}
	server->is_copying = false;
	if (!status)
		status = take_end(server, error);
	if (!status)
		status = coffer_copy_read_end(&server->reader, error);
	return status ? status : COFFER_NOT_FOUND;
}

static coffer_status
next_row(struct coffer_source *source, const coffer_value **values_out, coffer_error *error)
{
	struct server *server = (struct server *)source;
	const char *name = server->reader.table->name;
	coffer_status status = COFFER_NOT_FOUND;

	*values_out = NULL;
	if (server->rows % ROWS_PER_POLL == 0 && server->is_copying &&
	    (status = coffer_session_poll(&server->session, name, server->rows, source->bytes,
					  error)))
		return status;
	do
		status = server->is_copying ? take_message(server, error) : COFFER_NOT_FOUND;
	while (status == COFFER_NOT_FOUND && server->is_copying);
	if (status < 0)
		coffer_session_place(name, error);
	if (status)
		return status;
	server->rows++;
	*values_out = server->reader.values;
	return COFFER_OK;
}

static coffer_status
start_copy(struct server *server, const coffer_table *table, coffer_error *error)
{
	coffer_buffer sql = {0};
	coffer_status status;

	coffer_copy_out_sql(&sql, server->source.schema, table, server->session.schema,
			    &server->source.options->selection);
	status = run(&server->session, &sql, error);
	coffer_buffer_release(&sql);
	if (status)
		coffer_error_at(error, "%s", table->name);
	server->is_copying = !status;
	server->rows_before = server->rows;
	return status;
}

static void
drop_reader(struct server *server)
{
	if (server->reader.table)
		coffer_copy_reader_release(&server->reader);
	PQfreemem(server->message);
	server->message = NULL;
}

/* Behind the last table the snapshot is no longer needed. */
static coffer_status
next_table(struct coffer_source *source, uint32_t *table_out, coffer_error *error)
{
	struct server *server = (struct server *)source;
	const coffer_schema *schema = source->schema;
	coffer_status status;

	drop_reader(server);
	while (server->table < schema->table_count && !schema->tables[server->table].id)
		server->table++;
	if (server->table == schema->table_count) {
		status = coffer_session_run(&server->session, "COMMIT", error);
		return status ? status : COFFER_NOT_FOUND;
	}
	*table_out = server->table++;
	status = coffer_copy_reader_init(&server->reader, &schema->tables[*table_out], error);
	return status ? status : start_copy(server, &schema->tables[*table_out], error);
}

/* ------------------------------------------------------------------ the whole */

static void
close_server(struct coffer_source *source)
{
	struct server *server = (struct server *)source;

	drop_reader(server);
	coffer_session_close(&server->session);
	coffer_schema_free(source->schema);
	free(server);
}

static const struct coffer_source_operations operations = {
	.next_table = next_table,
	.next_row = next_row,
	.facts = tell_facts,
	.close = close_server,
};

/* Two places may name a schema; they must not differ. */
static coffer_status
check_schema(const struct coffer_session *session, const char *wanted, coffer_error *error)
{
	if (!wanted || !strcmp(session->schema, wanted))
		return COFFER_OK;
	return coffer_error_set(error, COFFER_INVALID, "the source names schema %s, --schema %s",
				session->schema, wanted);
}

coffer_status
coffer_postgres_source_open(const char *name, const coffer_transfer_options *options,
			    struct coffer_source **source_out, coffer_error *error)
{
	struct server *server = calloc(1, sizeof(*server));
	const char *wanted = options->schema;
	coffer_status status;

	*source_out = NULL;
	if (!server)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a source");
	server->source.operations = &operations;
	server->source.options = options;
	server->session.progress = options->progress;
	server->session.progress_context = options->progress_context;
	if ((status = coffer_session_open(&server->session, name, wanted ? wanted : "public", error)) ||
	    (status = check_schema(&server->session, wanted, error)) ||
	    (status = begin(server, error)) || (status = discover(server, error)) ||
	    (status = estimate(server, error)))
		close_server(&server->source);
	else
		*source_out = &server->source;
	return status;
}
