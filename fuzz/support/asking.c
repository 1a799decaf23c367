/*
 * See asking.h. Tables and columns are taken from the store's own schema, a few of each, so that a hostile one costs no more.
 * A statement that fails is a line of the trace like an answer.
 */
#include "fuzz/support/asking.h"

#include "format/checksum.h"
#include "sql/sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TABLES_MAX = 8, COLUMNS_MAX = 4 };

/* T stands for the table's name and C for the column's, each behind a '$'. */
static const char *const of_table[] = {
	"SELECT rowid, * FROM $T ORDER BY rowid",
	"SELECT count(*) FROM $T",
	"SELECT count(*), sum(rowid) FROM $T WHERE rowid IN (1, 3, 5)",
};
static const char *const of_column[] = {
	"SELECT rowid, $C FROM $T ORDER BY $C, rowid",
	"SELECT min($C), max($C), count(DISTINCT $C) FROM $T",
	"SELECT rowid FROM $T WHERE $C = (SELECT $C FROM $T ORDER BY rowid DESC LIMIT 1) ORDER BY "
	"rowid",
	"SELECT rowid FROM $T WHERE $C >= (SELECT $C FROM $T ORDER BY rowid LIMIT 1) ORDER BY $C "
	"DESC, rowid LIMIT 9",
	"SELECT count(*) FROM $T WHERE $C IN (SELECT $C FROM $T WHERE rowid % 3 = 0)",
	"SELECT count(*) FROM $T AS a JOIN $T AS b ON a.$C = b.$C",
	"SELECT $C, count(*) FROM $T GROUP BY $C ORDER BY $C",
};
static const char *const of_store[] = {
	"SELECT name, sql_name, rows FROM coffer_tables",
	"SELECT * FROM coffer_columns",
	"SELECT * FROM coffer_indexes",
	"SELECT * FROM coffer_relations",
	"SELECT * FROM coffer_sequences",
};

static void
add(struct asking *asking, const void *bytes, size_t size)
{
	asking->trace = coffer_hash(bytes, size, asking->trace);
}

static void
fail(struct asking *asking, const char *what, const char *why)
{
	if (!asking->failures++)
		(void)snprintf(asking->failure, sizeof(asking->failure), "%.120s: %.120s", what,
			       why);
	add(asking, "failed", 6);
}

static void
add_value(struct asking *asking, sqlite3_stmt *statement, int column)
{
	int type = sqlite3_column_type(statement, column);
	const void *data = sqlite3_column_blob(statement, column);
	size_t size = (size_t)sqlite3_column_bytes(statement, column);

	add(asking, &type, sizeof(type));
	add(asking, data ? data : "", data ? size : 0);
}

static void
ask(struct asking *asking, sqlite3 *db, const char *query)
{
	sqlite3_stmt *statement;
	int code = sqlite3_prepare_v2(db, query, -1, &statement, NULL);

	while (!code && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(statement); i++)
			add_value(asking, statement, i);
		code = SQLITE_OK;
	}
	if (code != SQLITE_DONE)
		fail(asking, query, sqlite3_errmsg(db));
	sqlite3_finalize(statement);
}

static void
add_name(coffer_buffer *out, const char *name)
{
	coffer_buffer_text(out, "\"");
	for (; *name; name++) {
		coffer_buffer_append(out, name, 1);
		if (*name == '"')
			coffer_buffer_text(out, "\"");
	}
	coffer_buffer_text(out, "\"");
}

static void
ask_of(struct asking *asking, sqlite3 *db, const char *pattern, const char *table,
       const char *column)
{
	coffer_buffer query = {0};

	for (const char *at; (at = strchr(pattern, '$')); pattern = at + 2) {
		coffer_buffer_append(&query, pattern, (size_t)(at - pattern));
		add_name(&query, at[1] == 'T' ? table : column);
	}
	coffer_buffer_text(&query, pattern);
	if (query.is_failed)
		fail(asking, "a query", "no memory");
	else
		ask(asking, db, query.data);
	coffer_buffer_release(&query);
}

/* The first column of each index, and the first ones of all, each once. */
static size_t
choose_columns(const coffer_table *table, uint16_t out[COLUMNS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; count < COLUMNS_MAX && i < table->index_count + table->column_count;
	     i++) {
		bool is_index = i < table->index_count, is_there = false;
		uint16_t column = (uint16_t)(i - table->index_count);

		if (is_index && !table->indexes[i].key_column_count)
			continue;
		if (is_index)
			column = table->indexes[i].key_columns[0];
		for (size_t k = 0; k < count; k++)
			is_there = is_there || out[k] == column;
		if (!is_there)
			out[count++] = column;
	}
	return count;
}

static void
ask_table(struct asking *asking, sqlite3 *db, const coffer_table *table)
{
	uint16_t columns[COLUMNS_MAX];
	size_t count = choose_columns(table, columns);

	for (size_t i = 0; i < sizeof(of_table) / sizeof(of_table[0]); i++)
		ask_of(asking, db, of_table[i], table->name, "");
	for (size_t k = 0; k < count; k++)
		for (size_t i = 0; i < sizeof(of_column) / sizeof(of_column[0]); i++)
			ask_of(asking, db, of_column[i], table->name,
			       table->columns[columns[k]].name);
}

void
asking_make(coffer_store *store, struct asking *asking_out)
{
	const coffer_schema *schema = coffer_store_schema(store);
	struct coffer_sql *sql;
	coffer_error error = {0};
	sqlite3 *db;

	*asking_out = (struct asking){0};
	if (sqlite3_open(":memory:", &db) || coffer_sql_register(db, NULL, &sql)) {
		fail(asking_out, "SQLite", "cannot be opened");
		coffer_store_close(store);
	} else if (coffer_sql_attach(sql, store, "store", "main", &error)) {
		fail(asking_out, "attach", error.message);
	} else {
		for (size_t i = 0; i < sizeof(of_store) / sizeof(of_store[0]); i++)
			ask(asking_out, db, of_store[i]);
		for (size_t i = 0, asked = 0; i < schema->table_count && asked < TABLES_MAX; i++)
			if (schema->tables[i].id && ++asked)
				ask_table(asking_out, db, &schema->tables[i]);
	}
	sqlite3_close(db);
}
