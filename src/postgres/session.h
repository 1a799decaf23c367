/*
 * A connection to a server, with its session pinned so that the same rows give the same bytes.
 */
#ifndef COFFER_POSTGRES_SESSION_H
#define COFFER_POSTGRES_SESSION_H

#include "coffer.h"

#include <libpq-fe.h>

/* What a connection string says, Prisma's parameters taken out. All texts are owned by it. */
struct coffer_target {
	char *conninfo; /* for libpq: a URI or keyword=value string; "" for the environment alone */
	char *schema;   /* the `schema` parameter, or NULL */
};

/*
 * Parse `source` (see postgres.h), `env:` resolved. Pure but for the environment.
 * COFFER_INVALID: not a connection string; the message never has a password in it.
 */
COFFER_CHECKED coffer_status
coffer_target_parse(const char *source, struct coffer_target *target_out, coffer_error *error);
void
coffer_target_release(struct coffer_target *target);

struct coffer_session {
	PGconn *connection;
	char *schema;             /* the one that is read or written */
	int server_version;       /* 150018 */
	coffer_progress progress; /* may be NULL */
	void *progress_context;
	/* What was last told to `progress`: told again while the server is silent. */
	char what[128];
	uint64_t rows, bytes;
	int tick_ms; /* `progress` is asked at least so often while the server is silent; 0: each second */
	bool is_interrupted; /* the running statement was cancelled because `progress` said so */
	bool is_silent;      /* and did not end within seconds */
};

/*
 * Connect and pin: UTF8 (an encoding that is not convertible is refused), UTC, ISO dates,
 * extra_float_digits 3, bytea hex, IntervalStyle postgres, lc_monetary C, row_security off, no
 * timeouts, search_path the one schema alone (so that definitions come unqualified).
 * `schema_default` is used when the target names none; NULL: "public".
 *
 * `session` is zeroed but for `progress` and `progress_context`, which are the caller's. After a
 * failure nothing is left to close, though closing is allowed.
 *
 * COFFER_INVALID      not a connection string
 * COFFER_UNREACHABLE  with the server's words, passwords redacted
 * COFFER_INTERRUPTED  the progress function asked for it
 */
COFFER_CHECKED coffer_status
coffer_session_open(struct coffer_session *session, const char *source, const char *schema_default,
		    coffer_error *error);
void
coffer_session_close(struct coffer_session *session);

/*
 * Pin again what coffer_session_open pinned, inside of a transaction for that transaction: behind a
 * pooler it may have another connection to the server than what was run before it.
 */
COFFER_CHECKED coffer_status
coffer_session_pin(struct coffer_session *session, coffer_error *error);

/*
 * Run a command that returns no rows (several are allowed, joined by ';'), or a query; both poll
 * progress (interrupt: cancels the server's work). A COPY statement leaves the connection in its
 * copy state, the result of a query being that of the COPY.
 */
COFFER_CHECKED coffer_status
coffer_session_run(struct coffer_session *session, const char *sql, coffer_error *error);
COFFER_CHECKED coffer_status
coffer_session_query(struct coffer_session *session, const char *sql, PGresult **result_out,
		     coffer_error *error);

/* A query with `count` parameters ($1, ...) in text form; one statement alone. */
COFFER_CHECKED coffer_status
coffer_session_query_values(struct coffer_session *session, const char *sql,
			    const char *const *values, int count, PGresult **result_out,
			    coffer_error *error);

/*
 * Wait until the socket can be read, or with `is_write` also written, or a tick has passed; asks
 * progress in the latter case. For loops around PQgetCopyData and PQputCopyData.
 *
 * COFFER_INTERRUPTED  as for coffer_session_poll
 * COFFER_UNREACHABLE  the connection is gone
 */
COFFER_CHECKED coffer_status
coffer_session_wait(struct coffer_session *session, bool is_write, coffer_error *error);

/*
 * The next result of what was sent, NULL in `result_out` when there is none left; waits as above. While a COPY
 * has not ended it is that of its beginning, again and again: see coffer_session_end.
 */
COFFER_CHECKED coffer_status
coffer_session_result(struct coffer_session *session, PGresult **result_out, coffer_error *error);

/*
 * Take the results that follow the end of a COPY. `result` is called with each that is not a failure, and
 * `refused` with each that is, when its words stand in `error`; both may be NULL.
 * Status of the first failure; COFFER_UNREACHABLE: the server begins to copy again.
 */
COFFER_CHECKED coffer_status
coffer_session_end(struct coffer_session *session,
		   void (*result)(void *context, const PGresult *result),
		   void (*refused)(void *context, const PGresult *result, coffer_error *error),
		   void *context, coffer_error *error);

/*
 * The status for what the server or the connection last said: UNREACHABLE, CONFLICT (duplicate
 * object or key), FULL, INTERRUPTED ...; puts its message, one line and redacted, into `error`.
 */
coffer_status
coffer_session_fail(struct coffer_session *session, const PGresult *result, coffer_error *error);

/* Put `table` in front of a message that has no place yet; an interrupt needs none. */
void
coffer_session_place(const char *table, coffer_error *error);

/* Ask progress whether to go on; COFFER_INTERRUPTED after cancelling the running statement. */
COFFER_CHECKED coffer_status
coffer_session_poll(struct coffer_session *session, const char *what, uint64_t rows, uint64_t bytes,
		    coffer_error *error);

/* Ask the server to end what it does for this session, without waiting for it. */
void
coffer_session_cancel(struct coffer_session *session);

/*
 * SQL: the comment on the object with this oid of this catalogue, or on one of its columns (else 0). The
 * functions that servers have for it compare with any operators of search_path up to version 13.
 */
/* clang-format off */
#define COFFER_COMMENT_SQL(object, catalogue, column) \
	"(SELECT comment.description FROM pg_catalog.pg_description AS comment" \
	" WHERE comment.objoid = " object \
	" AND comment.classoid = 'pg_catalog." catalogue "'::pg_catalog.regclass::pg_catalog.oid" \
	" AND comment.objsubid = " column ")"
/* clang-format on */

#endif
