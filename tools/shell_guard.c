/*
 * What SQL may do here: read, and write temporary tables and views. It is allowed by name; what is not named is refused
 * while the statement is compiled, so that nothing of it runs, and in words that say what there is instead.
 */
#include "shell.h"

#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

static const char *const pragmas[] = {
	"collation_list", "compile_options", "database_list", "function_list",
	"index_info",     "index_list",      "index_xinfo",   "module_list",
	"pragma_list",    "table_info",      "table_list",    "table_xinfo",
};

/* Functions that open files. */
static const char *const functions[] = {"load_extension", "coffer_attach", "coffer_detach"};

static bool
is_among(const char *name, const char *const *list, size_t count)
{
	for (size_t i = 0; name && i < count; i++)
		if (!strcasecmp(name, list[i]))
			return true;
	return false;
}

/* The first refusal of a statement is what is said. */
static int COFFER_PRINTF(2, 3)
refuse(struct coffer_shell *shell, const char *format, ...)
{
	va_list rest;

	if (*shell->refusal)
		return SQLITE_DENY;
	va_start(rest, format);
	(void)vsnprintf(shell->refusal, sizeof(shell->refusal), format, rest);
	va_end(rest);
	return SQLITE_DENY;
}

/* SQLite asks for its own table of tables when it compiles a definition, be it one that is never made; from a statement of
 * anybody's it keeps that table itself. What is made has been asked for too. */
static int
guard_write(struct coffer_shell *shell, const char *table, const char *schema)
{
	if (!strcmp(schema ? schema : "", "temp") || !strcmp(table, "sqlite_master"))
		return SQLITE_OK;
	return refuse(shell,
		      "%s is only read by SQL: 'coffer put' writes rows into a store, 'coffer delete' "
		      "takes one out",
		      table);
}

static int
guard_rest(struct coffer_shell *shell, int action, const char *first)
{
	switch (action) {
	case SQLITE_ATTACH:
		/* VACUUM attaches a file without a name. */
		if (!first || !*first)
			return refuse(shell, "SQL only reads a store: 'coffer compact' writes it anew");
		return refuse(shell, "SQL opens no files: --attach NAME=FILE shows another store");
	case SQLITE_DETACH:
		return refuse(shell, "a store is shown to the end: %s is not detached", first);
	case SQLITE_PRAGMA:
		return refuse(shell, "PRAGMA %s is not among those that only tell", first);
	case SQLITE_CREATE_INDEX:
	case SQLITE_CREATE_TABLE:
	case SQLITE_CREATE_TRIGGER:
	case SQLITE_CREATE_VIEW:
		return refuse(shell,
			      "%s cannot be made in a store: SQL makes TEMP tables and views, of its own session",
			      first);
	case SQLITE_CREATE_VTABLE:
		return refuse(shell,
			      "%s cannot be made: SQL makes TEMP tables and views, and no virtual tables", first);
	case SQLITE_DROP_TABLE:
	case SQLITE_DROP_VTABLE:
		return refuse(shell, "%s is a store's: SQL only reads it", first);
	default:
		return refuse(shell, "SQL only reads here, and makes TEMP tables and views");
	}
}

static int
guard(void *context, int action, const char *first, const char *second, const char *schema,
      const char *within)
{
	struct coffer_shell *shell = context;

	(void)within;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_RECURSIVE:
	case SQLITE_TRANSACTION:
	case SQLITE_SAVEPOINT:
	case SQLITE_CREATE_TEMP_TABLE:
	case SQLITE_CREATE_TEMP_VIEW:
	case SQLITE_CREATE_TEMP_INDEX:
	case SQLITE_DROP_TEMP_TABLE:
	case SQLITE_DROP_TEMP_VIEW:
	case SQLITE_DROP_TEMP_INDEX:
		return SQLITE_OK;
	case SQLITE_FUNCTION:
		return is_among(second, functions, sizeof(functions) / sizeof(functions[0]))
			       ? refuse(shell, "%s() is off: --attach NAME=FILE shows another store",
					second)
			       : SQLITE_OK;
	case SQLITE_PRAGMA:
		return is_among(first, pragmas, sizeof(pragmas) / sizeof(pragmas[0]))
			       ? SQLITE_OK
			       : guard_rest(shell, action, first);
	case SQLITE_INSERT:
	case SQLITE_UPDATE:
	case SQLITE_DELETE:
		return guard_write(shell, first, schema);
	default:
		return guard_rest(shell, action, first);
	}
}

void
coffer_shell_guard(struct coffer_shell *shell)
{
	enum { STATEMENT_SIZE_MAX = 16 << 20 };

	(void)sqlite3_db_config(shell->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(shell->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	/* A name in double quotes that is no column's would be a text, and the mistake not seen. */
	(void)sqlite3_db_config(shell->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	(void)sqlite3_db_config(shell->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	(void)sqlite3_limit(shell->db, SQLITE_LIMIT_SQL_LENGTH, STATEMENT_SIZE_MAX);
	(void)sqlite3_set_authorizer(shell->db, guard, shell);
}
