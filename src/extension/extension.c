/*
 * coffer_sqlite.so: what coffer gives a connection of SQLite (sql/sql.h), for hosts that load extensions. All of coffer is in
 * the file, on the host's own SQLite; of its names only the entry point can be seen from outside (extension.map).
 *
 * A store that is new to this machine is verified before its first answer, as the command does it.
 */
#include "sql/sql.h"
#include "trust/known.h"

const sqlite3_api_routines *sqlite3_api;

/* Called by the host, which makes the name out of the file's. */
COFFER_API int
sqlite3_coffersqlite_init(sqlite3 *db, char **message, const sqlite3_api_routines *api);

/* What is no store is told by opening it. A machine that cannot remember verifies again. */
static coffer_status
open_trusted(void *context, const char *path, coffer_store **store_out, coffer_error *error)
{
	struct coffer_known_file file;
	coffer_error found = {0};
	coffer_status status;

	(void)context;
	*store_out = NULL;
	if (!coffer_known_identify(path, &file) ||
	    coffer_known_look_up(&file) != COFFER_STANDING_UNKNOWN)
		return coffer_store_open(path, store_out, error);
	status = coffer_known_verify(path, NULL, NULL, &found);
	if (!status)
		(void)coffer_known_remember(&file, false);
	if (!status || status == COFFER_NOT_A_COFFER)
		return coffer_store_open(path, store_out, error);
	if (error)
		*error = found;
	return status;
}

int
sqlite3_coffersqlite_init(sqlite3 *db, char **message, const sqlite3_api_routines *api)
{
	const struct coffer_sql_options options = {.open = open_trusted};
	struct coffer_sql *sql;
	int code;

	sqlite3_api = api;
	if (sqlite3_libversion_number() < 3040000) {
		*message = sqlite3_mprintf("coffer needs SQLite 3.40 or newer, and this is %s",
					   sqlite3_libversion());
		return SQLITE_ERROR;
	}
	code = coffer_sql_register(db, &options, &sql);
	if (code)
		*message = sqlite3_mprintf("%s", sqlite3_errmsg(db));
	return code;
}
