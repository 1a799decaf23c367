/*
 * What the statements of a dump set for those that follow: how strings are read, where bare names
 * lie.
 */
#ifndef COFFER_TRANSFER_SQL_SESSION_H
#define COFFER_TRANSFER_SQL_SESSION_H

#include "transfer/sql.h"

struct coffer_sql_session {
	char schema[COFFER_NAME_SIZE_MAX + 1]; /* where bare names lie */
	bool has_backslashes;                  /* standard_conforming_strings is off */
	bool has_tablespace;    /* relations are made in a tablespace of their own ... */
	bool has_access_method; /* ... or by another access method than heap */
};

/* As a server has it that nobody told anything. */
void
coffer_sql_session_init(struct coffer_sql_session *session);

/*
 * Read a SET or set_config() at the first token of `sql`; any other statement changes nothing.
 *
 * COFFER_INVALID  a client_encoding that is not UTF-8
 */
COFFER_CHECKED coffer_status
coffer_sql_session_read(struct coffer_sql_session *session, struct coffer_sql sql,
			coffer_error *error);

#endif
