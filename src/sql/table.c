/*
 * One table of a store as a virtual table: USING coffer(STORE, TABLE), both by number, which only coffer_sql_attach writes.
 * It names what was attached, never a file, so that a schema from elsewhere opens nothing.
 */
#include "sql/internal.h"

#include <stdlib.h>
#include <string.h>

/* A number in decimal, whole; UINT32_MAX: none. */
static uint32_t
read_number(const char *text)
{
	uint32_t number = 0;

	if (!*text)
		return UINT32_MAX;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || number > (UINT32_MAX - 9) / 10 - 1)
			return UINT32_MAX;
		number = number * 10 + (uint32_t)(*text - '0');
	}
	return number;
}

/* The declared type, by which SQLite compares. */
static const char *
affinity(const coffer_column *column)
{
	switch (column->kind) {
	case COFFER_BOOL:
	case COFFER_INT:
		return "INTEGER";
	case COFFER_FLOAT:
		return "REAL";
	case COFFER_BYTES:
		return "BLOB";
	default:
		return "TEXT";
	}
}

/* SQLite wants a column: a table without any has one that does not show. */
static int
declare(struct coffer_sql_table *table)
{
	coffer_buffer text = {0};
	int code = SQLITE_NOMEM;

	coffer_buffer_text(&text, "CREATE TABLE x(");
	for (size_t i = 0; i < table->table->column_count; i++) {
		coffer_buffer_text(&text, i ? ", " : "");
		coffer_sql_quote(&text, table->names[i]);
		coffer_buffer_printf(&text, " %s", affinity(&table->table->columns[i]));
	}
	coffer_buffer_text(&text, table->table->column_count ? ")" : "\"nothing\" HIDDEN)");
	if (!text.is_failed)
		code = sqlite3_declare_vtab(table->store->sql->db, text.data);
	/* Views may read it where the schema is not trusted: it reads what was attached, and does nothing else. */
	if (!code)
		code = sqlite3_vtab_config(table->store->sql->db, SQLITE_VTAB_INNOCUOUS);
	coffer_buffer_release(&text);
	return code;
}

char **
coffer_sql_column_names(const coffer_table *table)
{
	const char **names = calloc(table->column_count + 1, sizeof(*names));
	char **chosen = NULL;

	if (names) {
		for (size_t i = 0; i < table->column_count; i++)
			names[i] = table->columns[i].name;
		chosen = coffer_sql_names(NULL, names, table->column_count);
	}
	free(names);
	return chosen;
}

static int
disconnect(sqlite3_vtab *base)
{
	struct coffer_sql_table *table = (struct coffer_sql_table *)base;

	coffer_sql_names_free(table->names, table->table->column_count);
	for (size_t i = 0; i < table->plan_count; i++)
		free(table->plans[i]);
	free(table->plans);
	free(table->estimates);
	free(table->probes);
	coffer_sql_store_release(table->store);
	free(table);
	return SQLITE_OK;
}

/* DROP TABLE, by whom? SQLite takes no message from here and says its own of the code: the database is readonly. */
static int
destroy(sqlite3_vtab *base)
{
	const struct coffer_sql_table *table = (const struct coffer_sql_table *)base;

	return table->store->is_leaving ? disconnect(base) : SQLITE_READONLY;
}

static size_t
key_columns_max(const coffer_table *table)
{
	size_t most = 0;

	for (size_t i = 0; i < table->index_count; i++)
		if (table->indexes[i].key_column_count > most)
			most = table->indexes[i].key_column_count;
	return most;
}

static struct coffer_sql_table *
make_table(struct coffer_sql_store *store, uint32_t number)
{
	struct coffer_sql_table *table = calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	table->store = store;
	store->references++;
	table->number = number;
	table->table = &store->description->tables[number];
	table->estimate_columns = key_columns_max(table->table);
	table->names = coffer_sql_column_names(table->table);
	table->probes = calloc(table->table->column_count + 1, 1);
	table->estimates = calloc(table->table->index_count * table->estimate_columns + 1,
				  sizeof(*table->estimates));
	if (!table->names || !table->probes || !table->estimates) {
		disconnect(&table->base);
		return NULL;
	}
	return table;
}

static int
connect_table(sqlite3 *db, void *context, int count, const char *const *arguments,
	      sqlite3_vtab **out, char **message)
{
	struct coffer_sql *sql = context;
	struct coffer_sql_store *store = NULL;
	struct coffer_sql_table *table;
	uint32_t number = 0;
	int code;

	(void)db;
	*out = NULL;
	if (count == 5) {
		store = coffer_sql_store_find(sql, read_number(arguments[3]));
		number = read_number(arguments[4]);
	}
	if (!store || number >= store->description->table_count ||
	    !store->description->tables[number].id) {
		*message = sqlite3_mprintf(
			"no such table of a store that is attached: coffer_attach('FILE') "
			"makes the tables");
		return SQLITE_ERROR;
	}
	table = make_table(store, number);
	if (!table)
		return SQLITE_NOMEM;
	code = declare(table);
	if (code)
		disconnect(&table->base);
	else
		*out = &table->base;
	return code;
}

/* Rows come into a store by its own rules, which SQL does not know. */
static int
refuse(sqlite3_vtab *base)
{
	sqlite3_free(base->zErrMsg);
	base->zErrMsg = sqlite3_mprintf(
		"SQL only reads a store: 'coffer put' and 'coffer delete' write it");
	return SQLITE_READONLY;
}

static int
refuse_write(sqlite3_vtab *base, int count, sqlite3_value **values, sqlite3_int64 *number)
{
	(void)count;
	(void)values;
	(void)number;
	return refuse(base);
}

/* Whoever detaches the store finds its tables by their names. */
static int
refuse_name(sqlite3_vtab *base, const char *name)
{
	(void)name;
	return refuse(base);
}

const sqlite3_module coffer_sql_table_module = {
	.iVersion = 1,
	.xCreate = connect_table,
	.xConnect = connect_table,
	.xBestIndex = coffer_sql_best_index,
	.xDisconnect = disconnect,
	.xDestroy = destroy,
	.xOpen = coffer_sql_cursor_open,
	.xClose = coffer_sql_cursor_close,
	.xFilter = coffer_sql_cursor_filter,
	.xNext = coffer_sql_cursor_next,
	.xEof = coffer_sql_cursor_eof,
	.xColumn = coffer_sql_cursor_column,
	.xRowid = coffer_sql_cursor_rowid,
	.xUpdate = refuse_write,
	.xFindFunction = coffer_sql_find_function,
	.xRename = refuse_name,
};
