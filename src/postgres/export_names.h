/*
 * Whether a target has room for the names of a store.
 */
#ifndef COFFER_POSTGRES_EXPORT_NAMES_H
#define COFFER_POSTGRES_EXPORT_NAMES_H

#include "postgres/session.h"

/*
 * COFFER_CONFLICT  the target's schema has a relation or type of that name, or the name is one of the
 *                  server's own, so that statements without a schema would mean the server's
 */
COFFER_CHECKED coffer_status
coffer_export_check_names(struct coffer_session *session, const coffer_schema *schema,
			  coffer_error *error);

#endif
