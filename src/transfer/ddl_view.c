/*
 * Views and materialized views. A view on which a key depends is made twice: first without what it
 * reads, behind the keys as it is.
 */
#include "transfer/ddl_parts.h"

#include <string.h>

static coffer_view *
add_view(struct coffer_ddl *ddl, const char *name)
{
	coffer_view *view = coffer_ddl_find_view(ddl, name);

	if (view)
		return view;
	view = coffer_schema_add_view(ddl->schema);
	if (!coffer_ddl_have(ddl, view))
		return NULL;
	view->name = coffer_ddl_keep(ddl, name);
	return view;
}

/* Cuts a tail of so many words off the statement, when it ends with them; `words` in lower case. */
static bool
cut_tail(coffer_text *text, bool has_backslashes, const char *words, size_t count)
{
	const char *begins[5] = {NULL};
	struct coffer_sql sql;
	size_t at = 0;

	coffer_sql_init(&sql, *text, has_backslashes);
	for (; sql.token.kind != COFFER_SQL_END && sql.token.kind != COFFER_SQL_OPEN; at++) {
		begins[at % 5] = sql.token.at;
		coffer_sql_next(&sql);
	}
	if (at <= count)
		return false;
	begins[0] = begins[(at - count) % 5];
	coffer_sql_init(&sql,
			(coffer_text){begins[0], (size_t)(text->data + text->size - begins[0])},
			has_backslashes);
	if (!coffer_sql_accept_words(&sql, words))
		return false;
	text->size = (size_t)(begins[0] - text->data);
	while (text->size && strchr(" \t\r\n", text->data[text->size - 1]))
		text->size--;
	return true;
}

/* What stands behind "AS\n", to the end of the statement. */
static coffer_text
read_definition(struct coffer_ddl *ddl)
{
	const char *begin = ddl->sql.at;

	if (!coffer_sql_is(&ddl->sql, "as")) {
		coffer_ddl_expected(ddl, "AS");
		return (coffer_text){begin, 0};
	}
	while (begin < ddl->sql.end && (*begin == '\r' || *begin == '\n'))
		begin++;
	coffer_sql_next(&ddl->sql);
	while (coffer_ddl_is_well(ddl) && ddl->sql.token.kind != COFFER_SQL_END &&
	       !coffer_sql_is_symbol(&ddl->sql, ';'))
		if (!coffer_sql_skip_brackets(&ddl->sql))
			coffer_ddl_expected(ddl, "a closing bracket");
	return (coffer_text){begin,
			     ddl->sql.before > begin ? (size_t)(ddl->sql.before - begin) : 0};
}

/* The check option is an option like others, whose place among them a dump does not tell. */
static void
add_check_option(struct coffer_ddl *ddl, coffer_view *view, const char *option)
{
	coffer_buffer text = {0};

	if (view->options)
		coffer_buffer_printf(&text, "%s, ", view->options);
	coffer_buffer_printf(&text, "check_option=%s", option);
	if (text.is_failed)
		coffer_ddl_fail_memory(ddl);
	else
		view->options = coffer_ddl_keep(ddl, text.data);
	coffer_buffer_release(&text);
}

void
coffer_ddl_create_view(struct coffer_ddl *ddl)
{
	bool has_backslashes = ddl->sql.has_backslashes;
	struct coffer_sql_name name;
	coffer_view *view;
	coffer_text text;

	coffer_ddl_read_name(ddl, &name);
	if (!coffer_ddl_is_ours(ddl, &name) || !(view = add_view(ddl, name.name)))
		return;
	view->options = NULL;
	view->is_populated = true;
	if (coffer_sql_accept(&ddl->sql, "with"))
		view->options = coffer_ddl_read_options(ddl);
	text = read_definition(ddl);
	if (cut_tail(&text, has_backslashes, "with cascaded check option", 4))
		add_check_option(ddl, view, "cascaded");
	else if (cut_tail(&text, has_backslashes, "with local check option", 4))
		add_check_option(ddl, view, "local");
	view->definition = coffer_ddl_text(ddl, text);
	if (ddl->status)
		coffer_error_at(ddl->error, "%s", name.name);
}

void
coffer_ddl_create_materialized_view(struct coffer_ddl *ddl)
{
	bool has_backslashes = ddl->sql.has_backslashes;
	struct coffer_sql_name name;
	coffer_view *view;
	coffer_text text;

	coffer_sql_accept_words(&ddl->sql, "if not exists");
	coffer_ddl_read_name(ddl, &name);
	if (!coffer_ddl_is_ours(ddl, &name) || !(view = add_view(ddl, name.name)))
		return;
	coffer_ddl_leave_storage(ddl, name.name, false);
	if (coffer_sql_accept(&ddl->sql, "using"))
		coffer_ddl_read_identifier(ddl);
	if (coffer_sql_accept(&ddl->sql, "with"))
		view->options = coffer_ddl_read_options(ddl);
	if (coffer_sql_accept(&ddl->sql, "tablespace"))
		coffer_ddl_read_identifier(ddl);
	text = read_definition(ddl);
	view->is_materialized = true;
	view->is_populated = !cut_tail(&text, has_backslashes, "with no data", 3);
	view->definition = coffer_ddl_text(ddl, text);
	if (ddl->status)
		coffer_error_at(ddl->error, "%s", name.name);
}

void
coffer_ddl_refresh_view(struct coffer_ddl *ddl)
{
	struct coffer_sql_name name;
	coffer_view *view;

	coffer_ddl_read_name(ddl, &name);
	if (coffer_ddl_is_ours(ddl, &name) && (view = coffer_ddl_find_view(ddl, name.name)))
		view->is_populated = true;
}
