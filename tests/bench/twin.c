/*
 * Statements are put together by appending; what does not fit shows at the end.
 */
#include "tests/bench/twin.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

COFFER_PRINTF(2, 3)
static bool
add(char sql[TWIN_SQL_MAX], const char *format, ...)
{
	size_t size = strlen(sql);
	va_list arguments;
	int more;

	va_start(arguments, format);
	more = vsnprintf(sql + size, TWIN_SQL_MAX - size, format, arguments);
	va_end(arguments);
	return more >= 0 && (size_t)more < TWIN_SQL_MAX - size;
}

static const char *
type_of(coffer_kind kind)
{
	if (kind == COFFER_FLOAT)
		return " REAL";
	return kind == COFFER_INT || kind == COFFER_TIME ? " INTEGER" : " TEXT";
}

bool
twin_create(const coffer_table *table, const char *name, bool is_typed, uint16_t primary,
	    char sql[TWIN_SQL_MAX])
{
	bool fits;

	*sql = '\0';
	fits = add(sql, "CREATE TABLE IF NOT EXISTS %s (", name);
	for (uint16_t i = 0; i < table->column_count && fits; i++)
		fits = add(sql, "%s\"%s\"%s%s", i ? ", " : "", table->columns[i].name,
			   is_typed ? type_of(table->columns[i].kind) : "",
			   i == primary ? " PRIMARY KEY" : "");
	return fits && add(sql, ")");
}

bool
twin_insert(const coffer_table *table, const char *name, char sql[TWIN_SQL_MAX])
{
	bool fits;

	*sql = '\0';
	fits = add(sql, "INSERT INTO %s VALUES (?", name);
	for (uint16_t i = 1; i < table->column_count && fits; i++)
		fits = add(sql, ", ?");
	return fits && add(sql, ")");
}

int
twin_bind(sqlite3_stmt *statement, int at, const coffer_value *value,
	  sqlite3_destructor_type lifetime)
{
	switch (value->kind) {
	case COFFER_NULL:
		return sqlite3_bind_null(statement, at);
	case COFFER_BOOL:
		return sqlite3_bind_int(statement, at, value->boolean);
	case COFFER_INT:
	case COFFER_TIME:
		return sqlite3_bind_int64(statement, at, value->integer);
	case COFFER_FLOAT:
		return sqlite3_bind_double(statement, at, value->real);
	default:
		return sqlite3_bind_text(statement, at, value->text.data, (int)value->text.size,
					 lifetime);
	}
}
