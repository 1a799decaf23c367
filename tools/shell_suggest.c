/*
 * "did you mean" for SQL: what SQLite does not find is looked for among the names that it knows, columns among those of the
 * tables that the statement speaks of. A table is found by its name without LiteLLM_ too, as the other commands know it.
 */
#include "shell.h"
#include "transfer/suggest.h"

#include <stdio.h>
#include <string.h>

enum { NAME_SIZE = 256 };

/* ?1 is the schema that the name is in, NULL where it names none; ?2 the statement. */
struct kind {
	const char *prefix; /* SQLite's words in front of the name */
	const char *names;  /* what it may mean; what that may be called */
	bool has_schema; /* the name may have one in front of it, which a suggestion has then too */
};

static const struct kind kinds[] = {
	{
		"no such table: ",
		"SELECT name, name FROM pragma_table_list WHERE schema = ifnull(?1, schema)"
		" UNION ALL SELECT name, substr(name, 9) FROM pragma_table_list"
		" WHERE schema = ifnull(?1, schema) AND name LIKE 'LiteLLM\\_%' ESCAPE '\\'",
		true,
	},
	{
		"no such column: ",
		"SELECT field.name, field.name FROM pragma_table_list listed,"
		" pragma_table_xinfo(listed.name, listed.schema) field"
		" WHERE instr(lower(?2), lower(listed.name))",
		false,
	},
	{"no such function: ", "SELECT name, name FROM pragma_function_list", false},
};

static const struct kind *
kind_of(const char *message)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strncmp(message, kinds[i].prefix, strlen(kinds[i].prefix)))
			return &kinds[i];
	return NULL;
}

/* A name that is offered lasts as long as the row that it is in: the nearest one so far is copied. */
static void
offer(struct coffer_suggestion *suggestion, sqlite3_stmt *names, char nearest[NAME_SIZE])
{
	const char *name = (const char *)sqlite3_column_text(names, 0);
	const char *called = (const char *)sqlite3_column_text(names, 1);
	const char *before = suggestion->best;

	if (!name || !called || strlen(name) >= NAME_SIZE)
		return;
	coffer_suggestion_offer(suggestion, called);
	if (suggestion->best == before)
		return;
	(void)snprintf(nearest, NAME_SIZE, "%s", name);
	suggestion->best = nearest;
}

static void
find(struct coffer_shell *shell, const struct kind *kind, const char *schema, coffer_text text,
     struct coffer_suggestion *suggestion, char nearest[NAME_SIZE])
{
	sqlite3_stmt *names = NULL;

	if (sqlite3_prepare_v2(shell->db, kind->names, -1, &names, NULL))
		return;
	(void)sqlite3_bind_text(names, 1, schema, -1, SQLITE_STATIC);
	if (sqlite3_bind_parameter_count(names) > 1)
		(void)sqlite3_bind_text(names, 2, text.data, (int)text.size, SQLITE_STATIC);
	while (sqlite3_step(names) == SQLITE_ROW)
		offer(suggestion, names, nearest);
	(void)sqlite3_finalize(names);
}

void
coffer_shell_suggest(struct coffer_shell *shell, coffer_text text, coffer_error *error)
{
	char word[sizeof(error->message)], nearest[NAME_SIZE];
	const struct kind *kind = kind_of(error->message);
	struct coffer_suggestion suggestion = {.word = word};
	const char *schema = NULL;
	size_t used = strlen(error->message);
	char *dot;

	if (!kind || error->status != COFFER_INVALID)
		return;
	(void)snprintf(word, sizeof(word), "%s", error->message + strlen(kind->prefix));
	dot = strrchr(word, '.');
	if (dot) {
		*dot = '\0';
		suggestion.word = dot + 1;
		schema = kind->has_schema ? word : NULL;
	}
	find(shell, kind, schema, text, &suggestion, nearest);
	if (suggestion.best)
		(void)snprintf(error->message + used, sizeof(error->message) - used,
			       ", did you mean '%s%s%s'?", schema ? schema : "", schema ? "." : "",
			       suggestion.best);
}
