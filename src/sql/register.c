/*
 * What a connection of SQLite has of coffer, and how long: until SQLite has let go of the last module that was
 * registered with it.
 */
#include "sql/internal.h"
#include "sql/sum.h"

#include <stdlib.h>
#include <string.h>

static void
release(void *context)
{
	struct coffer_sql *sql = context;

	if (--sql->references)
		return;
	coffer_sql_close(sql);
	free(sql);
}

int
coffer_sql_module(struct coffer_sql *sql, const char *name, const sqlite3_module *module)
{
	if (!module->xCreate) {
		if (sql->function_count == sizeof(sql->functions) / sizeof(sql->functions[0]))
			return SQLITE_FULL;
		sql->functions[sql->function_count++] = name;
	}
	sql->references++;
	return sqlite3_create_module_v2(sql->db, name, module, sql, release);
}

static int
add_function(struct coffer_sql *sql, const char *name, int count,
	     void (*function)(sqlite3_context *, int, sqlite3_value **))
{
	sql->references++;
	return sqlite3_create_function_v2(sql->db, name, count, SQLITE_UTF8 | SQLITE_DIRECTONLY,
					  sql, function, NULL, NULL, release);
}

static int
add_all(struct coffer_sql *sql)
{
	int code = coffer_sql_module(sql, "coffer", &coffer_sql_table_module);

	if (!code)
		code = coffer_sql_lists_register(sql);
	if (!code)
		code = coffer_sql_rollup_register(sql);
	if (!code)
		code = coffer_sql_add_sum(sql->db);
	for (int count = 1; !code && count <= 3; count++)
		code = add_function(sql, "coffer_attach", count, coffer_sql_attach_function);
	if (!code)
		code = add_function(sql, "coffer_detach", 1, coffer_sql_detach_function);
	return code;
}

int
coffer_sql_register(sqlite3 *db, const struct coffer_sql_options *options,
		    struct coffer_sql **sql_out)
{
	struct coffer_sql *sql = calloc(1, sizeof(*sql));
	int code;

	*sql_out = NULL;
	if (!sql)
		return SQLITE_NOMEM;
	sql->db = db;
	if (options)
		sql->options = *options;
	sql->copies_all = sqlite3_compileoption_used("ENABLE_EARLY_CURSOR_CLOSE");
	sql->references = 1;
	code = add_all(sql);
	/* A module that could not be registered has released its reference already. */
	if (!code)
		*sql_out = sql;
	release(sql);
	return code;
}

static int
code_of(coffer_status status)
{
	switch (status) {
	case COFFER_NO_MEMORY:
		return SQLITE_NOMEM;
	case COFFER_CORRUPT:
	case COFFER_UNSUPPORTED:
		return SQLITE_CORRUPT_VTAB;
	case COFFER_BUSY:
		return SQLITE_BUSY;
	case COFFER_INTERRUPTED:
		return SQLITE_INTERRUPT;
	case COFFER_IO:
		return SQLITE_IOERR;
	default:
		return SQLITE_ERROR;
	}
}

int
coffer_sql_fail(struct coffer_sql *sql, const coffer_error *error)
{
	if (!sql->failure.status)
		sql->failure = *error;
	return code_of(error->status);
}

/* A store that cannot be opened has its path for a place. */
char *
coffer_sql_message(const char *path, const coffer_error *error)
{
	bool has_place = *error->place && strcmp(error->place, path) != 0;

	return sqlite3_mprintf("%s: %s%s%s", path, has_place ? error->place : "",
			       has_place ? ": " : "", error->message);
}

int
coffer_sql_store_fail(const struct coffer_sql_store *store, sqlite3_vtab *table,
		      const coffer_error *error)
{
	coffer_error named = *error;

	sqlite3_free(table->zErrMsg);
	table->zErrMsg = coffer_sql_message(store->path, error);
	(void)coffer_error_in(&named, store->path);
	return coffer_sql_fail(store->sql, &named);
}

int
coffer_sql_table_fail(struct coffer_sql_table *table, const coffer_error *error)
{
	return coffer_sql_store_fail(table->store, &table->base, error);
}

const coffer_error *
coffer_sql_failure(const struct coffer_sql *sql)
{
	return &sql->failure;
}

void
coffer_sql_forget(struct coffer_sql *sql)
{
	memset(&sql->failure, 0, sizeof(sql->failure));
}
