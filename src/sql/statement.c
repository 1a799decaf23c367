/*
 * What the text of a statement that runs says of it, where SQLite tells a virtual table nothing.
 */
#include "sql/internal.h"

#include <ctype.h>

/* ------------------------------------------------------------------ (a, b) IN (...) */

/* What is read of a text so far. */
struct reading {
	const char *at;
	uint64_t commas; /* bits: whether a parenthesis that is open has one; bit 0 the last */
	unsigned depth;
	bool is_row; /* the last thing was a parenthesis with a comma, or NOT behind one */
};

enum { DEPTH_MAX = 64 };

/* Step over what has its own end: a text, a quoted name, a comment. False: there is none. */
static bool
skip_quoted(struct reading *reading)
{
	static const char *const ends[][2] = {{"'", "'"}, {"\"", "\""}, {"`", "`"},
					      {"[", "]"}, {"--", "\n"}, {"/*", "*/"}};

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		const char *end;

		if (strncmp(reading->at, ends[i][0], strlen(ends[i][0])) != 0)
			continue;
		end = strstr(reading->at + strlen(ends[i][0]), ends[i][1]);
		reading->at = end ? end + strlen(ends[i][1]) : strchr(reading->at, '\0');
		reading->is_row = reading->is_row && strlen(ends[i][0]) == 2;
		return true;
	}
	return false;
}

static size_t
word_size(const char *text)
{
	size_t size = 0;

	while (isalnum((unsigned char)text[size]) || text[size] == '_' || text[size] & 0x80)
		size++;
	return size;
}

/* Step over a word; whether it is an IN behind a row value. */
static bool
is_in(struct reading *reading, size_t size)
{
	bool is_row = reading->is_row;
	const char *word = reading->at;

	reading->at += size;
	reading->is_row = is_row && size == 3 && !sqlite3_strnicmp(word, "NOT", 3);
	return is_row && size == 2 && !sqlite3_strnicmp(word, "IN", 2);
}

static void
read_sign(struct reading *reading)
{
	bool is_row = false;

	switch (*reading->at) {
	case '(':
		reading->commas <<= 1;
		reading->depth++;
		break;
	case ')':
		is_row = reading->commas & 1;
		reading->commas >>= 1;
		reading->depth -= reading->depth > 0;
		break;
	case ',':
		reading->commas |= 1;
		break;
	default:
		is_row = reading->is_row && isspace((unsigned char)*reading->at);
		break;
	}
	reading->is_row = is_row;
	reading->at++;
}

/* A text that is too deep to be followed may have anything. */
static bool
has_rows_in(const char *sql)
{
	struct reading reading = {.at = sql};

	while (*reading.at && reading.depth < DEPTH_MAX) {
		size_t size = word_size(reading.at);

		if (size && is_in(&reading, size))
			return true;
		if (!size && !skip_quoted(&reading))
			read_sign(&reading);
	}
	return *reading.at;
}

/* ------------------------------------------------------------------ GROUP BY */

/* Of a group_concat() that is somewhere before a BY the order of the rows shows. */
static bool
has_group_by(const char *sql)
{
	size_t space;

	for (; (sql = strpbrk(sql, "gG")); sql++) {
		if (sqlite3_strnicmp(sql, "group", 5))
			continue;
		space = strspn(sql + 5, " \t\r\n\f");
		if (space && !sqlite3_strnicmp(sql + 5 + space, "by", 2))
			return true;
	}
	return false;
}

/* ------------------------------------------------------------------ statements that run */

static bool
one_runs(sqlite3 *db, bool (*has)(const char *sql))
{
	for (sqlite3_stmt *statement = NULL; (statement = sqlite3_next_stmt(db, statement));)
		if (sqlite3_stmt_busy(statement) && sqlite3_sql(statement) &&
		    has(sqlite3_sql(statement)))
			return true;
	return false;
}

bool
coffer_sql_is_grouping(sqlite3 *db)
{
	return one_runs(db, has_group_by);
}

bool
coffer_sql_has_rows_in(sqlite3 *db)
{
	return one_runs(db, has_rows_in);
}
