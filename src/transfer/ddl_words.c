/*
 * The small change of reading DDL: names, numbers, lists, failures.
 */
#include "transfer/ddl_parts.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_MAX = 40 }; /* bytes of a statement in a message */

void
coffer_ddl_fail(struct coffer_ddl *ddl, const char *format, ...)
{
	char message[400];
	va_list arguments;

	if (ddl->status)
		return;
	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	ddl->status = coffer_error_set(ddl->error, COFFER_INVALID, "%s", message);
}

void
coffer_ddl_fail_memory(struct coffer_ddl *ddl)
{
	if (!ddl->status)
		ddl->status =
			coffer_error_set(ddl->error, COFFER_NO_MEMORY, "no memory for a schema");
}

void
coffer_ddl_warn(struct coffer_ddl *ddl, const char *format, ...)
{
	char message[512];
	va_list arguments;

	if (!ddl->options.warn || ddl->status)
		return;
	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	ddl->options.warn(ddl->options.warn_context, message);
}

void
coffer_ddl_expected(struct coffer_ddl *ddl, const char *what)
{
	const struct coffer_sql_token *token = &ddl->sql.token;
	size_t size = token->size < SHOWN_MAX ? token->size : SHOWN_MAX;

	if (token->kind == COFFER_SQL_END)
		coffer_ddl_fail(ddl, "%s is expected where the statement ends", what);
	else if (token->kind == COFFER_SQL_OPEN)
		coffer_ddl_fail(ddl, "a quote or comment never ends: %.*s", (int)size, token->at);
	else
		coffer_ddl_fail(ddl, "%s is expected, not %.*s", what, (int)size, token->at);
}

void
coffer_ddl_expect(struct coffer_ddl *ddl, const char *word)
{
	if (!coffer_sql_accept(&ddl->sql, word))
		coffer_ddl_expected(ddl, word);
}

void
coffer_ddl_expect_symbol(struct coffer_ddl *ddl, char symbol)
{
	const char what[] = {'\'', symbol, '\'', '\0'};

	if (!coffer_sql_accept_symbol(&ddl->sql, symbol))
		coffer_ddl_expected(ddl, what);
}

/* ------------------------------------------------------------------ memory */

void *
coffer_ddl_memory(struct coffer_ddl *ddl, size_t size)
{
	void *memory = coffer_schema_memory(ddl->schema, size);

	if (!memory)
		coffer_ddl_fail_memory(ddl);
	return memory;
}

bool
coffer_ddl_have(struct coffer_ddl *ddl, const void *member)
{
	if (!member)
		coffer_ddl_fail_memory(ddl);
	return member != NULL;
}

/* The array has room for the next power of two of its count. */
void *
coffer_ddl_append(struct coffer_ddl *ddl, void *array, size_t *count, size_t size)
{
	void *members, *moved;

	memcpy(&members, array, sizeof(members));
	if ((*count & (*count - 1)) == 0) {
		moved = realloc(members, (*count ? *count * 2 : 1) * size);
		if (!moved) {
			coffer_ddl_fail_memory(ddl);
			return NULL;
		}
		memcpy(array, &moved, sizeof(moved));
		members = moved;
	}
	return memset((char *)members + (*count)++ * size, 0, size);
}

/* Texts of the catalogue are UTF-8 without NUL; another one has failed. */
static bool
is_text(struct coffer_ddl *ddl, const char *text, size_t size)
{
	static const coffer_column column = {.name = "", .type = "text", .kind = COFFER_TEXT};
	coffer_buffer memory = {0};
	coffer_value value;
	coffer_status status = coffer_value_parse(ddl->schema, &column, (coffer_text){text, size},
						  &memory, &value, NULL);

	coffer_buffer_release(&memory);
	if (status)
		coffer_ddl_fail(ddl, "a name or a text is not UTF-8");
	return !status;
}

const char *
coffer_ddl_keep(struct coffer_ddl *ddl, const char *text)
{
	const char *copy;

	if (!text || !is_text(ddl, text, strlen(text)))
		return NULL;
	copy = coffer_schema_text(ddl->schema, text);
	if (!copy)
		coffer_ddl_fail_memory(ddl);
	return copy;
}

/* ------------------------------------------------------------------ names and numbers */

/* Is a name in quotes that it does not need? Then all are. */
static bool
is_quoted_needlessly(const struct coffer_sql_token *token)
{
	char name[COFFER_NAME_SIZE_MAX + 1];
	coffer_buffer bare = {0};
	bool is_needless = false;

	if (token->kind != COFFER_SQL_NAME || !coffer_sql_identifier(token, name))
		return false;
	coffer_buffer_identifier(&bare, name);
	is_needless = !bare.is_failed && !strcmp(bare.data, name);
	coffer_buffer_release(&bare);
	return is_needless;
}

void
coffer_ddl_read_name(struct coffer_ddl *ddl, struct coffer_sql_name *name_out)
{
	if (!ddl->is_all_quoted)
		ddl->is_all_quoted = is_quoted_needlessly(&ddl->sql.token);
	if (!coffer_sql_name(&ddl->sql, ddl->session.schema, name_out))
		coffer_ddl_expected(ddl, "a name");
	else if (is_text(ddl, name_out->schema, strlen(name_out->schema)))
		is_text(ddl, name_out->name, strlen(name_out->name));
}

bool
coffer_ddl_is_ours(const struct coffer_ddl *ddl, const struct coffer_sql_name *name)
{
	return !ddl->status && !strcmp(name->schema, ddl->options.schema);
}

const char *
coffer_ddl_read_identifier(struct coffer_ddl *ddl)
{
	char name[COFFER_NAME_SIZE_MAX + 1];

	if (!coffer_sql_identifier(&ddl->sql.token, name)) {
		coffer_ddl_expected(ddl, "a name");
		return NULL;
	}
	coffer_sql_next(&ddl->sql);
	return coffer_ddl_keep(ddl, name);
}

const char *
coffer_ddl_read_string(struct coffer_ddl *ddl)
{
	const struct coffer_sql_token *token = &ddl->sql.token;
	size_t size;
	char *text;

	if (coffer_sql_accept(&ddl->sql, "null"))
		return NULL;
	if (token->kind != COFFER_SQL_STRING || !(text = coffer_ddl_memory(ddl, token->size + 1)) ||
	    !coffer_sql_string(token, ddl->sql.has_backslashes, text, &size)) {
		coffer_ddl_expected(ddl, "a string");
		return NULL;
	}
	if (!is_text(ddl, text, size))
		return NULL;
	text[size] = '\0';
	coffer_sql_next(&ddl->sql);
	return size ? text : NULL;
}

int64_t
coffer_ddl_read_integer(struct coffer_ddl *ddl)
{
	bool is_negative = coffer_sql_accept_symbol(&ddl->sql, '-');
	const struct coffer_sql_token *token = &ddl->sql.token;
	char digits[24];
	int64_t number;

	if (token->kind != COFFER_SQL_NUMBER || token->size > sizeof(digits) - 2) {
		coffer_ddl_expected(ddl, "a whole number");
		return 0;
	}
	digits[0] = is_negative ? '-' : '+';
	memcpy(digits + 1, token->at, token->size);
	digits[token->size + 1] = '\0';
	errno = 0;
	number = strtoll(digits, NULL, 10);
	if (errno || digits[1 + strspn(digits + 1, "0123456789")])
		coffer_ddl_expected(ddl, "a whole number of 64 bits");
	coffer_sql_next(&ddl->sql);
	return number;
}

size_t
coffer_ddl_read_columns(struct coffer_ddl *ddl, const coffer_table *table, uint16_t **columns_out)
{
	char name[COFFER_NAME_SIZE_MAX + 1];
	size_t count = 0;

	*columns_out = coffer_ddl_memory(ddl, COFFER_KEY_COLUMNS_MAX * sizeof(**columns_out));
	coffer_ddl_expect_symbol(ddl, '(');
	do {
		uint16_t column = COFFER_NO_COLUMN;

		if (coffer_sql_identifier(&ddl->sql.token, name))
			column = coffer_table_find_column(table, name);
		if (column == COFFER_NO_COLUMN)
			coffer_ddl_expected(ddl, "a column of the table");
		else if (count == COFFER_KEY_COLUMNS_MAX)
			coffer_ddl_fail(ddl, "more than %d columns in a key",
					COFFER_KEY_COLUMNS_MAX);
		if (!coffer_ddl_is_well(ddl))
			return 0;
		(*columns_out)[count++] = column;
		coffer_sql_next(&ddl->sql);
	} while (coffer_sql_accept_symbol(&ddl->sql, ','));
	return count;
}

coffer_table *
coffer_ddl_find_table(struct coffer_ddl *ddl, const char *name)
{
	uint32_t number = coffer_schema_find_table(ddl->schema, name);

	return number == COFFER_NO_TABLE ? NULL : &ddl->schema->tables[number];
}

coffer_view *
coffer_ddl_find_view(struct coffer_ddl *ddl, const char *name)
{
	for (size_t i = 0; i < ddl->schema->view_count; i++)
		if (!strcmp(ddl->schema->views[i].name, name))
			return &ddl->schema->views[i];
	return NULL;
}

/* ------------------------------------------------------------------ what is left */

void
coffer_ddl_leave(struct coffer_ddl *ddl, enum coffer_left_kind kind, const char *name,
		 const char *between, const char *other)
{
	struct coffer_ddl_left *left =
		coffer_ddl_append(ddl, &ddl->left, &ddl->left_count, sizeof(*left));
	coffer_buffer text = {0};

	coffer_buffer_identifier(&text, name);
	if (other) {
		coffer_buffer_text(&text, between);
		coffer_buffer_identifier(&text, other);
	}
	if (left) {
		left->kind = kind;
		left->name = coffer_ddl_keep(ddl, text.is_failed ? NULL : text.data);
	}
	if (text.is_failed || (left && !left->name)) {
		coffer_ddl_fail_memory(ddl);
		ddl->left_count -= left != NULL;
	}
	coffer_buffer_release(&text);
}

void
coffer_ddl_leave_storage(struct coffer_ddl *ddl, const char *name, bool is_index)
{
	if (ddl->session.has_tablespace || (ddl->session.has_access_method && !is_index))
		coffer_ddl_leave(ddl, COFFER_LEFT_ACCESS_METHOD, name, "", NULL);
}
