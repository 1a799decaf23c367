/*
 * The server's own catalogue, read into a coffer_schema.
 */
#ifndef COFFER_POSTGRES_DISCOVER_H
#define COFFER_POSTGRES_DISCOVER_H

#include "postgres/session.h"

/*
 * Read all of the session's schema inside the session's transaction and settle it. What is not
 * carried (functions, triggers, policies, ...) is given to `warn`, one line each. A sequence that this role
 * may not read stands at its start.
 * COFFER_UNREACHABLE: no such schema, no permission for it.
 */
COFFER_CHECKED coffer_status
coffer_discover(struct coffer_session *session, void (*warn)(void *context, const char *message),
		void *warn_context, coffer_schema **schema_out, coffer_error *error);

/*
 * May this role read every table and sequence of the schema, which may be a part of what was discovered? A
 * partition is read through its root, so the right to read that one is enough, as it is for the server.
 * COFFER_UNREACHABLE: no permission for one, by name.
 */
COFFER_CHECKED coffer_status
coffer_discover_readable(struct coffer_session *session, const coffer_schema *schema,
			 coffer_error *error);

#endif
