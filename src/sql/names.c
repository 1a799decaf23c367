/*
 * SQLite's names do not tell upper case from lower and keep "sqlite_" for itself: names that collide there get a number
 * behind them.
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
is_taken(char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (names[i] && !sqlite3_stricmp(names[i], name))
			return true;
	return false;
}

/* A name of the store keeps its own before one that was made up takes it. */
static bool
is_name(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (names[i] && !sqlite3_stricmp(names[i], name))
			return true;
	return false;
}

static char *
choose(const char *const *wanted, size_t count, size_t at, char **names)
{
	const char *name = wanted[at];
	bool is_reserved = !sqlite3_strnicmp(name, "sqlite_", 7);
	size_t size = strlen(name) + SUFFIX_SIZE;
	char *chosen = malloc(size);

	if (!chosen)
		return NULL;
	sqlite3_snprintf((int)size, chosen, "%s%s", is_reserved ? "_" : "", name);
	for (unsigned number = 2;
	     is_taken(names, at, chosen) || (number > 2 && is_name(wanted, count, chosen));
	     number++)
		sqlite3_snprintf((int)size, chosen, "%s%s_%u", is_reserved ? "_" : "", name,
				 number);
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
coffer_sql_names(const char *const *names, size_t count)
{
	char **chosen = calloc(count + 1, sizeof(*chosen));

	for (size_t i = 0; chosen && i < count; i++) {
		if (names[i] && !(chosen[i] = choose(names, count, i, chosen))) {
			coffer_sql_names_free(chosen, count);
			return NULL;
		}
	}
	return chosen;
}
