/*
 * The views that the gateway makes in its database, over the tables of a store (views/). Their last 30 days end now, as the
 * gateway's do: of a store that is older they are empty, and reports, which take a time, tell more.
 */
#ifndef SQL_VIEWS_H
#define SQL_VIEWS_H

#include "coffer.h"
#include "sql/sqlite.h"

/*
 * Make those whose tables and columns `schema` has, and whose name, in any case, nothing in `schema_name` of `db` has.
 * `made_out` has a bit for each one that was made: what coffer_sql_drop_views takes.
 *
 * COFFER_NO_MEMORY, COFFER_INVALID as SQLite says
 */
COFFER_CHECKED coffer_status
coffer_sql_make_views(sqlite3 *db, const coffer_schema *schema, const char *schema_name,
		      uint64_t *made_out, coffer_error *error);

COFFER_CHECKED coffer_status
coffer_sql_drop_views(sqlite3 *db, const char *schema_name, uint64_t made, coffer_error *error);

#endif
