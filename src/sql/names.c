/*
 * SQLite's names do not tell upper case from lower and keep "sqlite_" for itself, and a table hides the table function of its
 * name: names that collide there get a number behind them, those of SQLite's own beginnings "_" in front.
 */
#include "sql/internal.h"

#include <stdlib.h>
#include <string.h>

/* Room for what stands before and behind a name. */
enum { SUFFIX_SIZE = 16 };

void
coffer_sql_quote(coffer_buffer *out, const char *name)
{
	coffer_buffer_text(out, "\"");
	for (const char *quote; (quote = strchr(name, '"')); name = quote + 1) {
		coffer_buffer_append(out, name, (size_t)(quote - name));
		coffer_buffer_text(out, "\"\"");
	}
	coffer_buffer_text(out, name);
	coffer_buffer_text(out, "\"");
}

static bool
has_name(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (names[i] && !sqlite3_stricmp(names[i], name))
			return true;
	return false;
}

/* The first name that is this one but for case. */
static size_t
find_first(const char *const *names, size_t at)
{
	size_t first = 0;

	while (first < at && (!names[first] || sqlite3_stricmp(names[first], names[at])))
		first++;
	return first;
}

/* A stranger's table is not to answer what coffer, a report or SQLite itself asks a function. */
static bool
is_function(const struct coffer_sql *sql, const char *name)
{
	if (!sql)
		return false;
	return has_name(sql->functions, sql->function_count, name) ||
	       !sqlite3_stricmp(name, "json_each") || !sqlite3_stricmp(name, "json_tree");
}

/* What begins like this is SQLite's, of tables its pragmas too, whatever stands behind it. */
static bool
is_kept(const struct coffer_sql *sql, const char *name)
{
	return !sqlite3_strnicmp(name, "sqlite_", 7) || (sql && !sqlite3_strnicmp(name, "pragma_", 7));
}

/* `number` is the one that the last of its equals got, and goes on. A name of the store keeps its own before one that was
 * made up takes it. */
static char *
choose(const struct coffer_sql *sql, const char *const *wanted, size_t count, size_t at, char **names,
       unsigned *number)
{
	const char *name = wanted[at];
	const char *prefix = is_kept(sql, name) ? "_" : "";
	size_t size = strlen(name) + SUFFIX_SIZE;
	char *chosen = malloc(size);
	bool is_own = !*prefix;

	if (!chosen)
		return NULL;
	sqlite3_snprintf((int)size, chosen, "%s%s", prefix, name);
	while (is_function(sql, chosen) || has_name((const char *const *)names, at, chosen) ||
	       (!is_own && has_name(wanted, count, chosen))) {
		sqlite3_snprintf((int)size, chosen, "%s%s_%u", prefix, name, ++*number);
		is_own = false;
	}
	return chosen;
}

void
coffer_sql_names_free(char **names, size_t count)
{
	for (size_t i = 0; names && i < count; i++)
		free(names[i]);
	free(names);
}

char **
coffer_sql_names(const struct coffer_sql *sql, const char *const *names, size_t count)
{
	char **chosen = calloc(count + 1, sizeof(*chosen));
	unsigned *numbers = calloc(count + 1, sizeof(*numbers));
	bool is_failed = !chosen || !numbers;

	for (size_t i = 0; !is_failed && i < count; i++) {
		unsigned *number = names[i] ? &numbers[find_first(names, i)] : NULL;

		if (!number)
			continue;
		*number += !*number;
		chosen[i] = choose(sql, names, count, i, chosen, number);
		is_failed = !chosen[i];
	}
	free(numbers);
	if (!is_failed)
		return chosen;
	coffer_sql_names_free(chosen, count);
	return NULL;
}
