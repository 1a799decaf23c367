/*
 * date() of a column, in place of SQLite's own: a table of a store prints its times in one shape, whose first ten characters
 * are the answer, where SQLite makes a Julian day of the text and a text of that.
 */
#include "sql/internal.h"

#include <string.h>

enum { DAY_SIZE = 10, TIME_SIZE = 19 };

/* "2024-11-05 10:20:30", or its day: whether each character is what stands here, or a digit where a 0 does. */
static bool
has_shape(const char *text, size_t size)
{
	static const char shape[] = "0000-00-00 00:00:00";
	unsigned wrong = 0;

	for (size_t i = 0; i < size; i++)
		wrong |= shape[i] == '0' ? (unsigned char)(text[i] - '0') > 9 : text[i] != shape[i];
	return !wrong;
}

static unsigned
two_digits(const char *text)
{
	return 10u * (unsigned)(text[0] - '0') + (unsigned)(text[1] - '0');
}

static bool
is_day(const char *text)
{
	static const uint8_t days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	unsigned month = two_digits(text + 5), day = two_digits(text + 8);
	unsigned century = two_digits(text), year = two_digits(text + 2);

	if (!month || month > 12 || !day || day > days[month - 1])
		return false;
	return month != 2 || day < 29 || (year ? year : century) % 4 == 0;
}

/* Behind the seconds: a fraction, or nothing, and the offset that a time with a zone has here. */
static bool
has_usual_end(const char *end)
{
	if (*end == '.' && (unsigned char)(end[1] - '0') <= 9)
		for (end++; (unsigned char)(*end - '0') <= 9; end++)
			;
	return !*end || !strcmp(end, "+00:00");
}

/*
 * Whether a text, which has a NUL behind it, begins with its date as SQLite sees it. A day's and a time's do; of a text column's
 * 30th of February, 24th hour or last thousandth of a day SQLite makes one day or another, by its version.
 */
static bool
begins_with_date(const char *text, size_t size)
{
	if (size == DAY_SIZE)
		return has_shape(text, DAY_SIZE) && is_day(text);
	return size >= TIME_SIZE && has_shape(text, TIME_SIZE) && is_day(text) &&
	       two_digits(text + 11) < 24 && text[14] < '6' && text[17] < '6' &&
	       has_usual_end(text + TIME_SIZE) && strncmp(text + 11, "23:59:59.999", 12) != 0;
}

/* Ask the function that SQLite has. */
static void
ask_sqlite(sqlite3_context *context, sqlite3_value *value)
{
	sqlite3 *db = sqlite3_context_db_handle(context);
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(db, "SELECT date(?1)", -1, &statement, NULL);

	if (!code)
		code = sqlite3_bind_value(statement, 1, value);
	if (!code)
		code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		sqlite3_result_value(context, sqlite3_column_value(statement, 0));
	else
		sqlite3_result_error_code(context, code);
	sqlite3_finalize(statement);
}

static void
give_date(sqlite3_context *context, int count, sqlite3_value **values)
{
	const char *text;

	(void)count;
	if (sqlite3_value_type(*values) == SQLITE_NULL)
		return;
	text = sqlite3_value_type(*values) == SQLITE_TEXT
		       ? (const char *)sqlite3_value_text(*values)
		       : NULL;
	if (text && begins_with_date(text, (size_t)sqlite3_value_bytes(*values)))
		sqlite3_result_text(context, text, DAY_SIZE, SQLITE_TRANSIENT);
	else
		ask_sqlite(context, *values);
}

int
coffer_sql_find_function(sqlite3_vtab *table, int count, const char *name,
			 void (**function)(sqlite3_context *, int, sqlite3_value **), void **context)
{
	(void)table;
	if (count != 1 || sqlite3_stricmp(name, "date"))
		return 0;
	*function = give_date;
	*context = NULL;
	return 1;
}
