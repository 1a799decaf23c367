/*
 * A connection to a server.
 *
 * Nothing here blocks for longer than a second without asking the progress function: the
 * connection is made step by step and never blocks, statements are sent and their results waited for
 * on the socket.
 * An interrupt cancels what the server is doing and takes the answer that follows, so that the
 * connection stays usable for a ROLLBACK.
 *
 * Everything that changes how values are printed, or how the server's catalogue is deparsed, is
 * pinned in one round trip.
 */
#include "postgres/session.h"

#include "postgres/result.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	TICK_MS = 1000,  /* progress is asked at least so often */
	DRAIN_MS = 5000, /* how long a cancelled statement may take to end */
	VERSION_MIN = 120000,
};

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Wait for the socket, at most `timeout_ms`. True when something happened on it. */
static bool
wait_socket(const PGconn *connection, short events, int timeout_ms)
{
	struct pollfd socket = {.fd = PQsocket(connection), .events = events};

	return socket.fd < 0 || poll(&socket, 1, timeout_ms) > 0;
}

/* ------------------------------------------------------------------ failures */

/* The status for an SQLSTATE; "" when the connection itself failed. */
static coffer_status
state_status(const struct coffer_session *session, const char *state)
{
	static const struct {
		char state[6];
		coffer_status status;
	} known[] = {
		{"23505", COFFER_CONFLICT}, /* unique_violation */
		{"23503", COFFER_CONFLICT}, /* foreign_key_violation */
		{"23001", COFFER_CONFLICT}, /* restrict_violation */
		{"21000", COFFER_CONFLICT}, /* cardinality_violation: one row twice */
		{"23P01", COFFER_CONFLICT}, /* exclusion_violation */
		{"42P07", COFFER_CONFLICT}, /* duplicate_table */
		{"42710", COFFER_CONFLICT}, /* duplicate_object */
		{"42P06", COFFER_CONFLICT}, /* duplicate_schema */
		{"53100", COFFER_FULL},     /* disk_full */
	};
	size_t at;

	for (at = 0; at < sizeof(known) / sizeof(known[0]); at++)
		if (strcmp(state, known[at].state) == 0)
			return known[at].status;
	if (strcmp(state, "57014") == 0 && session->is_interrupted)
		return COFFER_INTERRUPTED;
	return COFFER_UNREACHABLE;
}

static void
append(char *out, size_t capacity, const char *text)
{
	size_t used = strlen(out);

	snprintf(out + used, capacity - used, "%s", text);
}

/* Append `text` to the line in `out`: white space folded, a password replaced. */
static void
append_line(char *out, size_t capacity, const char *text, const char *password)
{
	size_t used = strlen(out), secret = password ? strlen(password) : 0;

	while (*text && used + 4 < capacity) {
		if (secret >= 3 && strncmp(text, password, secret) == 0) {
			memcpy(out + used, "***", 3);
			used += 3;
			text += secret;
		} else if (strchr(" \t\r\n", *text)) {
			if (used && out[used - 1] != ' ')
				out[used++] = ' ';
			text++;
		} else {
			out[used++] = *text++;
		}
	}
	while (used && out[used - 1] == ' ')
		used--;
	out[used] = '\0';
}

coffer_status
coffer_session_fail(struct coffer_session *session, const PGresult *result, coffer_error *error)
{
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	const char *primary = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	const char *detail = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL) : NULL;
	const char *password = session->connection ? PQpass(session->connection) : NULL;
	char line[480] = "";

	if (session->is_interrupted && (!state || strcmp(state, "57014") == 0))
		return coffer_error_set(error, COFFER_INTERRUPTED, "interrupted");
	append_line(line, sizeof(line), primary ? primary : PQerrorMessage(session->connection),
		    password);
	if (detail && strlen(line) + 8 < sizeof(line)) {
		append(line, sizeof(line), " (");
		append_line(line, sizeof(line) - 1, detail, password);
		append(line, sizeof(line), ")");
	}
	if (!line[0])
		append(line, sizeof(line), "the server gave no reason");
	return coffer_error_set(error, state_status(session, state ? state : ""), "%s", line);
}

void
coffer_session_place(const char *table, coffer_error *error)
{
	if (error && !error->place[0] && error->status != COFFER_INTERRUPTED)
		(void)coffer_error_at(error, "%s", table);
}

/* ------------------------------------------------------------------ waiting */

static void *
send_cancel(void *handle)
{
	char reason[256];

	(void)PQcancel(handle, reason, sizeof(reason));
	PQfreeCancel(handle);
	return NULL;
}

/*
 * PQcancel makes a connection of its own and waits until the server closes it, which one that hangs never does:
 * a thread waits, for which nobody waits.
 */
void
coffer_session_cancel(struct coffer_session *session)
{
	PGcancel *handle = PQgetCancel(session->connection);
	pthread_t thread;

	session->is_interrupted = true;
	if (!handle)
		return;
	if (pthread_create(&thread, NULL, send_cancel, handle) == 0)
		pthread_detach(thread);
	else
		PQfreeCancel(handle);
}

coffer_status
coffer_session_poll(struct coffer_session *session, const char *what, uint64_t rows, uint64_t bytes,
		    coffer_error *error)
{
	if (what != session->what)
		snprintf(session->what, sizeof(session->what), "%s", what);
	session->rows = rows;
	session->bytes = bytes;
	if (!session->progress ||
	    session->progress(session->progress_context, session->what, rows, bytes))
		return COFFER_OK;
	if (PQtransactionStatus(session->connection) == PQTRANS_ACTIVE)
		coffer_session_cancel(session);
	return coffer_error_set(error, COFFER_INTERRUPTED, "interrupted");
}

/* Ask again with what was told last. */
static coffer_status
ask(struct coffer_session *session, coffer_error *error)
{
	return coffer_session_poll(session, session->what, session->rows, session->bytes, error);
}

coffer_status
coffer_session_wait(struct coffer_session *session, bool is_write, coffer_error *error)
{
	int tick_ms = session->tick_ms ? session->tick_ms : TICK_MS;

	if (!wait_socket(session->connection, is_write ? POLLIN | POLLOUT : POLLIN, tick_ms))
		return ask(session, error);
	if (PQsocket(session->connection) < 0 || !PQconsumeInput(session->connection))
		return coffer_session_fail(session, NULL, error);
	return COFFER_OK;
}

coffer_status
coffer_session_result(struct coffer_session *session, PGresult **result_out, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	*result_out = NULL;
	while (!status && PQisBusy(session->connection))
		status = coffer_session_wait(session, false, error);
	if (!status)
		*result_out = PQgetResult(session->connection);
	return status;
}

coffer_status
coffer_session_end(struct coffer_session *session,
		   void (*taken)(void *context, const PGresult *result),
		   void (*refused)(void *context, const PGresult *result, coffer_error *error),
		   void *context, coffer_error *error)
{
	coffer_status status, failure = COFFER_OK;
	bool is_copy = false;
	PGresult *result;

	while (!is_copy && !(status = coffer_session_result(session, &result, error)) && result) {
		is_copy = coffer_result_is_copy(result);
		if (PQresultStatus(result) == PGRES_COMMAND_OK) {
			if (taken)
				taken(context, result);
		} else if (!failure && is_copy) {
			failure = coffer_error_set(error, COFFER_UNREACHABLE,
						   "the server begins to copy again");
		} else if (!failure) {
			failure = coffer_session_fail(session, result, error);
			if (refused)
				refused(context, result, error);
		}
		PQclear(result);
	}
	return status ? status : failure;
}

/* After an interrupt: take what the cancelled statement still gives, for a limited time. */
static void
drain(struct coffer_session *session)
{
	int64_t end = now_ms() + DRAIN_MS;
	PGresult *result;

	while (now_ms() < end) {
		if (PQisBusy(session->connection)) {
			wait_socket(session->connection, POLLIN, 100);
			if (!PQconsumeInput(session->connection))
				return;
		} else if (!(result = PQgetResult(session->connection))) {
			session->is_interrupted = false;
			return;
		} else {
			bool is_copy = coffer_result_is_copy(result);

			PQclear(result);
			if (is_copy)
				return;
		}
	}
	session->is_silent = true;
}

/* ------------------------------------------------------------------ statements */

/* A long statement leaves as fast as the server takes it. */
static coffer_status
flush(struct coffer_session *session, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	int left;

	while (!status && (left = PQflush(session->connection)) != 0)
		status = left < 0 ? coffer_session_fail(session, NULL, error)
				  : coffer_session_wait(session, true, error);
	return status;
}

/* Take all results of what was sent; the last one goes out unless one failed. */
static coffer_status
collect(struct coffer_session *session, PGresult **result_out, coffer_error *error)
{
	PGresult *result, *last = NULL;
	coffer_status status = flush(session, error), failure = COFFER_OK;

	while (!status && !(status = coffer_session_result(session, &result, error)) && result) {
		ExecStatusType kind = PQresultStatus(result);
		bool is_copy = coffer_result_is_copy(result);

		if (kind != PGRES_COMMAND_OK && kind != PGRES_TUPLES_OK && !is_copy && !failure)
			failure = coffer_session_fail(session, result, error);
		PQclear(last);
		last = result;
		if (is_copy)
			break;
	}
	if (status == COFFER_INTERRUPTED)
		drain(session);
	if (!status)
		status = failure;
	if (!status && !last)
		status = coffer_session_fail(session, NULL, error);
	if (status || !result_out)
		PQclear(last);
	else
		*result_out = last;
	return status;
}

coffer_status
coffer_session_query_values(struct coffer_session *session, const char *sql,
			    const char *const *values, int count, PGresult **result_out,
			    coffer_error *error)
{
	*result_out = NULL;
	if (!PQsendQueryParams(session->connection, sql, count, NULL, values, NULL, NULL, 0))
		return coffer_session_fail(session, NULL, error);
	return collect(session, result_out, error);
}

coffer_status
coffer_session_query(struct coffer_session *session, const char *sql, PGresult **result_out,
		     coffer_error *error)
{
	*result_out = NULL;
	if (!PQsendQuery(session->connection, sql))
		return coffer_session_fail(session, NULL, error);
	return collect(session, result_out, error);
}

coffer_status
coffer_session_run(struct coffer_session *session, const char *sql, coffer_error *error)
{
	if (!PQsendQuery(session->connection, sql))
		return coffer_session_fail(session, NULL, error);
	return collect(session, NULL, error);
}

/* ------------------------------------------------------------------ open and close */

static void
ignore_notice(void *context, const PGresult *result)
{
	(void)context;
	(void)result;
}

/* libpq looks at connect_timeout only where it waits itself. 0: none is set. */
static int64_t
connect_timeout_ms(PGconn *connection)
{
	PQconninfoOption *options = PQconninfo(connection), *at;
	long seconds = 0;

	for (at = options; at && at->keyword; at++)
		if (strcmp(at->keyword, "connect_timeout") == 0 && at->val)
			seconds = strtol(at->val, NULL, 10);
	PQconninfoFree(options);
	return seconds > 0 && seconds < INT32_MAX ? seconds * 1000 : 0;
}

/* Let the connection take its next steps until it stands or fails. */
static coffer_status
establish(struct coffer_session *session, coffer_error *error)
{
	int64_t timeout_ms = connect_timeout_ms(session->connection), end = now_ms() + timeout_ms;
	PostgresPollingStatusType step = PGRES_POLLING_WRITING;
	coffer_status status = COFFER_OK;

	snprintf(session->what, sizeof(session->what), "connecting");
	if (PQstatus(session->connection) == CONNECTION_BAD)
		return coffer_session_fail(session, NULL, error);
	while (step != PGRES_POLLING_OK) {
		if (step == PGRES_POLLING_FAILED)
			return coffer_session_fail(session, NULL, error);
		if (wait_socket(session->connection,
				step == PGRES_POLLING_READING ? POLLIN : POLLOUT, TICK_MS))
			step = PQconnectPoll(session->connection);
		else if ((status = ask(session, error)))
			return status;
		if (timeout_ms && step != PGRES_POLLING_OK && now_ms() > end)
			return coffer_error_set(error, COFFER_UNREACHABLE,
						"the server did not answer within %lld seconds",
						(long long)timeout_ms / 1000);
	}
	return COFFER_OK;
}

/* Those that a server does not know yet, or not any more, are left out by the join. */
/* clang-format off */
static const char pin_sql[] =
	"SELECT pg_catalog.set_config(s.name, v.value, $2::pg_catalog.bool) FROM (VALUES"
	" ('search_path', pg_catalog.quote_ident($1::pg_catalog.text)),"
	" ('TimeZone', 'UTC'), ('DateStyle', 'ISO, MDY'), ('IntervalStyle', 'postgres'),"
	" ('extra_float_digits', '3'), ('bytea_output', 'hex'), ('xmlbinary', 'base64'),"
	" ('xmloption', 'content'), ('lc_monetary', 'C'), ('standard_conforming_strings', 'on'),"
	" ('array_nulls', 'on'), ('transform_null_equals', 'off'), ('quote_all_identifiers', 'off'),"
	" ('row_security', 'off'), ('synchronize_seqscans', 'off'), ('jit', 'off'),"
	" ('check_function_bodies', 'off'), ('client_min_messages', 'warning'),"
	" ('default_transaction_read_only', 'off'), ('default_tablespace', ''),"
	" ('statement_timeout', '0'), ('lock_timeout', '0'), ('transaction_timeout', '0'),"
	" ('idle_in_transaction_session_timeout', '0'), ('idle_session_timeout', '0')"
	") AS v (name, value) JOIN pg_catalog.pg_settings AS s"
	" ON s.name OPERATOR(pg_catalog.=) v.name::pg_catalog.text";
/* clang-format on */

coffer_status
coffer_session_pin(struct coffer_session *session, coffer_error *error)
{
	bool is_local = PQtransactionStatus(session->connection) == PQTRANS_INTRANS;
	const char *values[2] = {session->schema, is_local ? "true" : "false"};
	PGresult *result;
	coffer_status status =
		coffer_session_query_values(session, pin_sql, values, 2, &result, error);

	PQclear(result);
	return status;
}

static coffer_status
check_server(struct coffer_session *session, coffer_error *error)
{
	const char *encoding = PQparameterStatus(session->connection, "server_encoding");

	session->server_version = PQserverVersion(session->connection);
	if (session->server_version < VERSION_MIN)
		return coffer_error_set(error, COFFER_UNREACHABLE,
					"the server is of version %d.%d, 12 or newer is needed",
					session->server_version / 10000,
					session->server_version / 100 % 100);
	if (!encoding || strcmp(encoding, "SQL_ASCII") == 0)
		return coffer_error_set(
			error, COFFER_UNREACHABLE,
			"the database's encoding is SQL_ASCII, which cannot be converted to UTF-8");
	return COFFER_OK;
}

/* What a connection string says wins over the first, the last win over it. */
static PGconn *
start(const char *conninfo)
{
	const char *const names[] = {
		"fallback_application_name", "keepalives", "keepalives_idle", "keepalives_interval",
		"keepalives_count",          "dbname",     "client_encoding", NULL,
	};
	const char *const values[] = {"coffer", "1", "60", "10", "6", conninfo, "UTF8", NULL};

	return PQconnectStartParams(names, values, 1);
}

coffer_status
coffer_session_open(struct coffer_session *session, const char *source, const char *schema_default,
		    coffer_error *error)
{
	struct coffer_target target;
	coffer_status status = coffer_target_parse(source, &target, error);

	if (status)
		return status;
	session->is_interrupted = false;
	session->rows = session->bytes = 0;
	session->schema = strdup(target.schema    ? target.schema
				 : schema_default ? schema_default
						  : "public");
	session->connection = start(target.conninfo);
	coffer_target_release(&target);
	/* libpq would print what a server says of its own accord, while it connects too. */
	if (session->connection)
		PQsetNoticeReceiver(session->connection, ignore_notice, NULL);
	if (!session->schema || !session->connection)
		status = coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a connection");
	else
		status = establish(session, error);
	if (!status && PQsetnonblocking(session->connection, 1))
		status = coffer_session_fail(session, NULL, error);
	if (!status)
		status = check_server(session, error);
	if (!status)
		status = coffer_session_pin(session, error);
	if (status)
		coffer_session_close(session);
	return status;
}

void
coffer_session_close(struct coffer_session *session)
{
	PQfinish(session->connection);
	free(session->schema);
	session->connection = NULL;
	session->schema = NULL;
}
