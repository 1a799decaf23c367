/*
 * A live database as a source of rows.
 *
 *   names --> locks --> snapshot, catalogue --> facts --> rows, table by table --> commit
 *
 * Everything is read in one REPEATABLE READ transaction, so that all tables are of one instant. Its
 * tables are locked against ALTER and DROP (never against writers) before the snapshot is taken:
 * the catalogue that is read is the one that the rows are read with, and a missing table or
 * permission shows before the first row. The transaction ends behind the last row. Further connections read in the
 * same snapshot (join.c); how rows come over all of them is stream.c's.
 */
#include "postgres/postgres.h"

#include "postgres/discover.h"
#include "postgres/join.h"
#include "postgres/result.h"
#include "postgres/stream.h"
#include "transfer/selection.h"

#include <stdlib.h>
#include <string.h>

struct server {
	struct coffer_source source;
	struct coffer_lane lanes[COFFER_CONNECTIONS_MAX]; /* the first one's session has read the catalogue */
	struct coffer_stream stream;
	bool is_started; /* the stream */
};

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

/*
 * The names are read outside of the transaction: a query in it would take the snapshot too early.
 */
static coffer_status
begin(struct server *server, const char *name, coffer_error *error)
{
	const coffer_transfer_options *options = server->source.options;
	unsigned wanted = options->connections ? options->connections : 1;
	struct coffer_session *session = &server->lanes[0].session;
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
		status = coffer_session_lock(session, names, true, error);
	if (!status)
		status = coffer_join(name, server->lanes, wanted, names, options,
				     &server->stream.lane_count, error);
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

typedef coffer_status (*fact_function)(void *context, const char *name, const char *value,
				       coffer_error *error);

static coffer_status
tell_fact(struct server *server, size_t number, fact_function fact, void *context,
	  coffer_error *error)
{
	struct coffer_session *session = &server->lanes[0].session;
	PGresult *result = NULL;
	const char *function = facts[number].function;
	bool is_allowed = true;
	coffer_status status = COFFER_OK;

	if (function)
		status = coffer_session_may_call(session, function, &is_allowed, error);
	if (!status && is_allowed)
		status = coffer_session_query(session, facts[number].sql, &result, error);
	if (!status && result && PQntuples(result) && !PQgetisnull(result, 0, 0))
		status = fact(context, facts[number].name, coffer_result_text(result, 0, 0), error);
	PQclear(result);
	return status;
}

static coffer_status
tell_facts(struct coffer_source *source, fact_function fact, void *context, coffer_error *error)
{
	struct server *server = (struct server *)source;
	coffer_status status = fact(context, "schema", server->lanes[0].session.schema, error);

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
	const char *values[1] = {server->lanes[0].session.schema};
	struct coffer_source *source = &server->source;
	PGresult *result;
	coffer_status status = coffer_session_query_values(&server->lanes[0].session, estimate_sql, values,
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
		coffer_discover(&server->lanes[0].session, warn, server, &source->schema, error);

	if (!status)
		status = coffer_selection_apply(source, error);
	return status ? status : coffer_discover_readable(&server->lanes[0].session, source->schema, error);
}

/* ------------------------------------------------------------------ the rows */

/* All connections have their threads from here on. */
static coffer_status
start(struct server *server, coffer_error *error)
{
	struct coffer_stream *stream = &server->stream;
	const coffer_transfer_options *options = server->source.options;
	coffer_status status;

	server->is_started = true;
	stream->schema = server->source.schema;
	status = coffer_pieces_plan(&server->lanes[0].session, stream->schema, &options->selection,
				    options->piece_size, &stream->pieces, error);
	return status ? status : coffer_stream_start(stream, error);
}

/*
 * Behind the last table the snapshot is no longer needed. Nothing was written, and the server has said of each COPY that it is
 * whole: a connection that dies now takes nothing away.
 */
static coffer_status
end(struct server *server, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	coffer_stream_stop(&server->stream);
	for (unsigned i = 0; !status && i < server->stream.lane_count; i++) {
		struct coffer_session *session = &server->lanes[i].session;
		coffer_error failure = {0}; /* not the caller's, who keeps the first one: it may be none */

		session->progress = server->source.options->progress;
		session->progress_context = server->source.options->progress_context;
		status = coffer_session_run(session, "COMMIT", &failure);
		if (status == COFFER_UNREACHABLE)
			status = COFFER_OK;
		else if (status && error)
			*error = failure;
	}
	return status ? status : COFFER_NOT_FOUND;
}

static coffer_status
next_table(struct coffer_source *source, uint32_t *table_out, coffer_error *error)
{
	struct server *server = (struct server *)source;
	coffer_status status = server->is_started ? COFFER_OK : start(server, error);

	if (!status)
		status = coffer_stream_next_table(&server->stream, table_out, error);
	return status == COFFER_NOT_FOUND ? end(server, error) : status;
}

static coffer_status
next_row(struct coffer_source *source, const coffer_value **values_out, coffer_error *error)
{
	struct server *server = (struct server *)source;
	coffer_status status = coffer_stream_next_row(&server->stream, values_out, error);

	source->bytes = server->stream.bytes;
	return status;
}

/* ------------------------------------------------------------------ the whole */

static void
close_server(struct coffer_source *source)
{
	struct server *server = (struct server *)source;

	coffer_stream_stop(&server->stream);
	for (unsigned i = 0; i < COFFER_CONNECTIONS_MAX; i++)
		coffer_session_close(&server->lanes[i].session);
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
	if (options->connections > COFFER_CONNECTIONS_MAX) {
		free(server);
		return coffer_error_set(error, COFFER_LIMIT, "%u connections, expected at most %d",
					options->connections, COFFER_CONNECTIONS_MAX);
	}
	if (!server)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a source");
	server->source.operations = &operations;
	server->source.options = options;
	server->stream.options = options;
	server->stream.lanes = server->lanes;
	server->lanes[0].session.progress = options->progress;
	server->lanes[0].session.progress_context = options->progress_context;
	if ((status = coffer_session_open(&server->lanes[0].session, name, wanted ? wanted : "public", error)) ||
	    (status = check_schema(&server->lanes[0].session, wanted, error)) ||
	    (status = begin(server, name, error)) || (status = discover(server, error)) ||
	    (status = estimate(server, error)))
		close_server(&server->source);
	else
		*source_out = &server->source;
	return status;
}
