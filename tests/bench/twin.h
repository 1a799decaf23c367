/*
 * A store's table as a table of SQLite: what the measuring programs that fill one have in common.
 */
#ifndef TESTS_BENCH_TWIN_H
#define TESTS_BENCH_TWIN_H

#include "coffer.h"

#include <sqlite3.h>
#include <stddef.h>

enum { TWIN_SQL_MAX = 16 << 10 };

/* "CREATE TABLE IF NOT EXISTS NAME (...)": all columns by their names, with types where `is_typed`; `primary` is the
 * column that is PRIMARY KEY, or COFFER_NO_COLUMN. False where it does not fit. */
bool
twin_create(const coffer_table *table, const char *name, bool is_typed, uint16_t primary, char sql[TWIN_SQL_MAX]);

/* "INSERT INTO NAME VALUES (?, ...)". False where it does not fit. */
bool
twin_insert(const coffer_table *table, const char *name, char sql[TWIN_SQL_MAX]);

/* `lifetime` is SQLITE_STATIC or SQLITE_TRANSIENT, of texts. SQLite's status. */
int
twin_bind(sqlite3_stmt *statement, int at, const coffer_value *value, sqlite3_destructor_type lifetime);

#endif
