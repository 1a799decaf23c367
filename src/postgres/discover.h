/*
 * The server's own catalogue, read into a coffer_schema.
 */
#ifndef COFFER_POSTGRES_DISCOVER_H
#define COFFER_POSTGRES_DISCOVER_H

#include "postgres/session.h"

/*
 * Read all of the session's schema inside the session's transaction and settle it. What is not
 * carried (functions, triggers, policies, ...) is given to `warn`, one line each.
 * COFFER_UNREACHABLE: no such schema, no permission.
 */
COFFER_CHECKED coffer_status
coffer_discover(struct coffer_session *session, void (*warn)(void *context, const char *message),
		void *warn_context, coffer_schema **schema_out, coffer_error *error);

#endif
