/*
 * The first connection exports its snapshot; each other one sets it, is seen to be of the same server, and locks the
 * same tables without waiting: behind somebody who waits for the first one's locks it would wait for ever.
 *
 * A pooler may lead to another server, a server may have no connection left: what is asked for is speed, and nothing
 * else depends on it.
 */
#include "postgres/join.h"

#include "postgres/copy_bytes.h"
#include "postgres/copy_sql.h"
#include "postgres/result.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Functions that the first connection has to be allowed to call. */
static const char *const functions[] = {
	"pg_export_snapshot()",
	"pg_postmaster_start_time()",
	"txid_current_snapshot()",
};

/* The same answer over two connections: one server, one database and one snapshot. */
static const char identity_sql[] =
	"SELECT pg_catalog.concat_ws(' ', pg_catalog.pg_postmaster_start_time(),"
	" pg_catalog.current_database(), pg_catalog.txid_current_snapshot())";

coffer_status
coffer_session_lock(struct coffer_session *session, const PGresult *names, bool is_patient,
		    coffer_error *error)
{
	coffer_buffer sql = {0};
	coffer_status status = COFFER_OK;

	for (int i = 0; i < PQntuples(names); i++) {
		coffer_copy_put_text(&sql, i ? ", " : "LOCK TABLE ");
		coffer_copy_put_text(&sql, *coffer_result_text(names, i, 1) == 't' ? "ONLY " : "");
		coffer_copy_put_table(&sql, session->schema, coffer_result_text(names, i, 0));
	}
	coffer_copy_put_text(&sql, " IN ACCESS SHARE MODE");
	coffer_copy_put_text(&sql, is_patient ? "" : " NOWAIT");
	coffer_copy_put_byte(&sql, 0);
	if (sql.is_failed)
		status = coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a statement");
	else if (PQntuples(names))
		status = coffer_session_run(session, sql.data, error);
	coffer_buffer_release(&sql);
	return status;
}

coffer_status
coffer_session_may_call(struct coffer_session *session, const char *function, bool *is_allowed_out,
			coffer_error *error)
{
	const char *values[1] = {function};
	PGresult *result;
	coffer_status status = coffer_session_query_values(
		session,
		"SELECT pg_catalog.has_function_privilege("
		"pg_catalog.to_regprocedure('pg_catalog.' || $1), 'EXECUTE')",
		values, 1, &result, error);

	*is_allowed_out = !status && *coffer_result_text(result, 0, 0) == 't';
	PQclear(result);
	return status;
}

/* One text that a query gives; the caller's to free. */
static coffer_status
ask(struct coffer_session *session, const char *sql, char **text_out, coffer_error *error)
{
	PGresult *result;
	coffer_status status = coffer_session_query(session, sql, &result, error);

	*text_out = NULL;
	if (!status && !(status = coffer_result_check(result, "r", 1, error)) &&
	    !(*text_out = strdup(coffer_result_text(result, 0, 0))))
		status = coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a text");
	PQclear(result);
	return status;
}

/* What others need to join, NULL where the first one may not give it. The texts are the caller's to free. */
struct invitation {
	char *snapshot, *identity;
};

static coffer_status
invite(struct coffer_session *first, struct invitation *invitation, coffer_error *error)
{
	bool is_allowed = true;
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && is_allowed && i < sizeof(functions) / sizeof(functions[0]); i++)
		status = coffer_session_may_call(first, functions[i], &is_allowed, error);
	if (status || !is_allowed)
		return status;
	status = ask(first, "SELECT pg_catalog.pg_export_snapshot()", &invitation->snapshot, error);
	return status ? status : ask(first, identity_sql, &invitation->identity, error);
}

static coffer_status
begin(struct coffer_session *session, const struct invitation *invitation, coffer_error *error)
{
	coffer_buffer sql = {0};
	coffer_status status = COFFER_NO_MEMORY;

	coffer_copy_put_text(&sql, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
				   " SET TRANSACTION SNAPSHOT ");
	coffer_copy_put_literal(&sql, invitation->snapshot);
	coffer_copy_put_byte(&sql, 0);
	if (sql.is_failed)
		coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a statement");
	else
		status = coffer_session_run(session, sql.data, error);
	coffer_buffer_release(&sql);
	return status ? status : coffer_session_pin(session, error);
}

static coffer_status
check_identity(struct coffer_session *session, const struct invitation *invitation,
	       coffer_error *error)
{
	char *identity;
	coffer_status status = ask(session, identity_sql, &identity, error);

	if (!status && strcmp(identity, invitation->identity) != 0)
		status = coffer_error_set(error, COFFER_UNREACHABLE,
					  "it leads to another server or snapshot");
	free(identity);
	return status;
}

static coffer_status
join(const char *name, struct coffer_lane *lane, const struct coffer_session *first,
     const struct invitation *invitation, const PGresult *names, coffer_error *error)
{
	struct coffer_session *session = &lane->session;
	coffer_status status;

	session->progress = first->progress;
	session->progress_context = first->progress_context;
	if ((status = coffer_session_open(session, name, first->schema, error)))
		return status;
	if ((status = begin(session, invitation, error)) ||
	    (status = check_identity(session, invitation, error)) ||
	    (status = coffer_session_lock(session, names, false, error)))
		coffer_session_close(session);
	return status;
}

static void
tell_why(const coffer_transfer_options *options, unsigned count, unsigned wanted, const char *why)
{
	char message[1024];

	snprintf(message, sizeof(message), "%u of %u connections: %s", count, wanted, why);
	if (options->note)
		options->note(options->warn_context, message);
}

coffer_status
coffer_join(const char *name, struct coffer_lane *lanes, unsigned wanted, const PGresult *names,
	    const coffer_transfer_options *options, unsigned *count_out, coffer_error *error)
{
	struct invitation invitation = {NULL, NULL};
	coffer_error failure = {0}; /* not the caller's, who keeps the first one: it may be none */
	coffer_status status = COFFER_OK;

	*count_out = 1;
	if (wanted > 1 && (status = invite(&lanes[0].session, &invitation, &failure)))
		wanted = 1;
	while (*count_out < wanted && invitation.identity && !status) {
		status = join(name, &lanes[*count_out], &lanes[0].session, &invitation, names, &failure);
		*count_out += !status;
	}
	if (status == COFFER_UNREACHABLE && invitation.identity) {
		tell_why(options, *count_out, wanted, failure.message);
		status = COFFER_OK;
	} else if (!status && *count_out < wanted) {
		tell_why(options, *count_out, wanted, "this role may not export a snapshot");
	}
	free(invitation.snapshot);
	free(invitation.identity);
	if (status && error && error->status >= 0)
		*error = failure;
	return status;
}
