/*
 * Completion: names of tables and their columns, from SQLite itself, then its keywords; of a line that begins with a dot
 * the shell's commands.
 */
#include "line_names.h"

#include <strings.h>

enum { SHOWN_MAX = 200 };

struct search {
	const char *word;
	size_t size, count;
	coffer_buffer *common, *shown;
};

static const char names_sql[] =
	"SELECT name FROM pragma_table_list WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
	" UNION SELECT listed.schema FROM pragma_table_list listed"
	" UNION SELECT field.name FROM pragma_table_list listed,"
	" pragma_table_xinfo(listed.name, listed.schema) field"
	" WHERE listed.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND listed.type <> 'shadow'";

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

/* Names that would have to be quoted, in which anything may be, are left out. */
static bool
is_plain(const char *name, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (!name[i] || !strchr(letters, name[i]))
			return false;
	return true;
}

static void
offer(struct search *search, const char *name, size_t size)
{
	const char *rest = name + search->size;
	size_t same = 0, left = size - search->size;

	if (size <= search->size || !is_plain(name, size) || strncasecmp(name, search->word, search->size) != 0)
		return;
	if (!search->count++)
		coffer_buffer_append(search->common, rest, left);
	while (same < search->common->size && same < left &&
	       !strncasecmp(search->common->data + same, rest + same, 1))
		same++;
	search->common->size = same;
	if (search->common->data)
		search->common->data[same] = '\0';
	if (search->count > SHOWN_MAX)
		return;
	coffer_buffer_text(search->shown, search->count > 1 ? "  " : "");
	coffer_buffer_append(search->shown, name, size);
}

static void
offer_names(struct coffer_shell *shell, struct search *search)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(shell->db, names_sql, -1, &statement, NULL))
		return;
	while (sqlite3_step(statement) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(statement, 0);

		if (name)
			offer(search, name, strlen(name));
	}
	(void)sqlite3_finalize(statement);
}

static void
offer_keywords(struct search *search)
{
	const char *name;
	int size;

	for (int i = 0; i < sqlite3_keyword_count(); i++)
		if (!sqlite3_keyword_name(i, &name, &size))
			offer(search, name, (size_t)size);
}

size_t
coffer_line_names(struct coffer_shell *shell, const char *text, size_t size, coffer_buffer *common,
		  coffer_buffer *shown)
{
	struct search search = {.common = common, .shown = shown};
	const char *name;

	while (search.size < size && text[size - search.size - 1] &&
	       strchr(letters, text[size - search.size - 1]))
		search.size++;
	search.word = text + size - search.size;
	if (size == search.size + 1 && *text == '.') {
		for (size_t i = 0; (name = coffer_shell_dot_name(i)); i++)
			offer(&search, name, strlen(name));
		return search.count;
	}
	if (!search.size)
		return 0;
	offer_names(shell, &search);
	offer_keywords(&search);
	return search.count;
}
