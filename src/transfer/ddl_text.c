/*
 * Pieces of SQL that the model keeps as texts: types, expressions, definitions.
 *
 * A dump is deparsed with an empty search_path, the model's texts with the schema alone in it. So
 * the qualification by the schema is taken off, word by word: of names, of operators, and within
 * the strings that are cast to a name ('public.x'::regclass). A column or an alias may have the
 * schema's name as well; where the name also stands alone in a text, only what the grammar makes an
 * object's name loses it. Points in time are brought to UTC as well.
 */
#include "transfer/ddl_parts.h"

#include <string.h>

enum { DEPTH_MAX = 63 }; /* of brackets within which FROM is told from other lists */

struct stripper {
	struct coffer_ddl *ddl;
	coffer_buffer *out;
	struct coffer_sql sql;
	const char *done; /* what stands before it was written */
	bool is_strict;
	bool is_behind_dot, is_behind_object; /* what the word before makes of this one */
	unsigned depth;
	uint64_t selects, froms; /* a bit a depth: a SELECT was there, its FROM goes on */
};

static void
strip(struct coffer_ddl *ddl, coffer_text text, bool is_inner, coffer_buffer *out);

static bool
is_schema(const struct coffer_ddl *ddl, const struct coffer_sql_token *token)
{
	char name[COFFER_NAME_SIZE_MAX + 1];

	return coffer_sql_identifier(token, name) && !strcmp(name, ddl->options.schema);
}

/* Is the schema's name here, with a dot behind it? `place` then goes on behind the dot. */
static bool
skip_qualifier(const struct coffer_ddl *ddl, struct coffer_sql *place)
{
	if (!is_schema(ddl, &place->token))
		return false;
	coffer_sql_next(place);
	return coffer_sql_accept_symbol(place, '.');
}

/* Does the schema's name stand in the text as the name of something else, be it within the schema? */
static bool
stands_alone(const struct coffer_ddl *ddl, coffer_text text)
{
	struct coffer_sql sql;
	bool is_behind_dot = false;

	coffer_sql_init(&sql, text, ddl->session.has_backslashes);
	while (sql.token.kind != COFFER_SQL_END && sql.token.kind != COFFER_SQL_OPEN) {
		struct coffer_sql place = sql;

		if (!is_behind_dot && is_schema(ddl, &sql.token) &&
		    (!skip_qualifier(ddl, &place) || is_schema(ddl, &place.token)))
			return true;
		is_behind_dot = coffer_sql_is_symbol(&sql, '.');
		coffer_sql_next(&sql);
	}
	return false;
}

/* ------------------------------------------------------------------ where a name is an object's */

static uint64_t
bit(const struct stripper *stripper)
{
	return stripper->depth <= DEPTH_MAX ? UINT64_C(1) << stripper->depth : 0;
}

static void
open_bracket(struct stripper *stripper)
{
	bool is_in_from = stripper->froms & bit(stripper) && stripper->is_behind_object;

	stripper->depth++;
	stripper->selects &= ~bit(stripper);
	stripper->froms &= ~bit(stripper);
	if (is_in_from)
		stripper->froms |= bit(stripper);
	stripper->is_behind_object = is_in_from;
}

static void
note_symbol(struct stripper *stripper)
{
	const struct coffer_sql *sql = &stripper->sql;

	if (coffer_sql_is_symbol(sql, '(')) {
		open_bracket(stripper);
		return;
	}
	if (coffer_sql_is_symbol(sql, ')') && stripper->depth)
		stripper->depth--;
	stripper->is_behind_object = sql->token.size == 2 || (coffer_sql_is_symbol(sql, ',') &&
							      stripper->froms & bit(stripper));
}

static void
note_word(struct stripper *stripper)
{
	static const char *const ends[] = {"where", "group",  "having",    "window", "order",
					   "limit", "offset", "fetch",     "union",  "except",
					   "for",   "on",     "intersect", "using"};
	static const char *const begins[] = {"join", "only", "collate", "references"};
	const struct coffer_sql *sql = &stripper->sql;

	stripper->is_behind_object = false;
	for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++)
		stripper->is_behind_object |= coffer_sql_is(sql, begins[i]);
	if (coffer_sql_is(sql, "select")) {
		stripper->selects |= bit(stripper);
		stripper->froms &= ~bit(stripper);
	} else if (coffer_sql_is(sql, "from") && stripper->selects & bit(stripper)) {
		stripper->froms |= bit(stripper);
		stripper->is_behind_object = true;
	} else if (coffer_sql_is(sql, "join")) {
		stripper->froms |= bit(stripper);
	}
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (coffer_sql_is(sql, ends[i]))
			stripper->froms &= ~bit(stripper);
}

static void
note(struct stripper *stripper)
{
	if (stripper->sql.token.kind == COFFER_SQL_SYMBOL)
		note_symbol(stripper);
	else if (stripper->sql.token.kind == COFFER_SQL_WORD)
		note_word(stripper);
	else
		stripper->is_behind_object = false;
	stripper->is_behind_dot = coffer_sql_is_symbol(&stripper->sql, '.');
}

/* `place` is at the name behind the qualifier. */
static bool
is_object(const struct stripper *stripper, struct coffer_sql place)
{
	if (place.token.kind != COFFER_SQL_WORD && place.token.kind != COFFER_SQL_NAME)
		return false;
	if (!stripper->is_strict || stripper->is_behind_object)
		return true;
	coffer_sql_next(&place);
	return coffer_sql_is_symbol(&place, '(');
}

/* ------------------------------------------------------------------ what is changed */

/* Write what was not written yet, up to `end`, and go on at `next`. */
static void
write_up_to(struct stripper *stripper, const char *end, const char *next)
{
	coffer_buffer_append(stripper->out, stripper->done, (size_t)(end - stripper->done));
	stripper->done = next;
}

/* OPERATOR(public.<>): the operator alone. False: it is none of the schema's. */
static bool
strip_operator(struct stripper *stripper)
{
	struct coffer_sql place = stripper->sql;
	const char *begin, *end;

	if (!coffer_sql_accept(&place, "operator") || !coffer_sql_accept_symbol(&place, '(') ||
	    !skip_qualifier(stripper->ddl, &place) || place.token.kind != COFFER_SQL_SYMBOL)
		return false;
	begin = place.token.at;
	while (place.token.kind == COFFER_SQL_SYMBOL && !coffer_sql_is_symbol(&place, ')'))
		coffer_sql_next(&place);
	end = place.before;
	if (!coffer_sql_is_symbol(&place, ')'))
		return false;
	write_up_to(stripper, stripper->sql.token.at, begin);
	write_up_to(stripper, end, place.at);
	coffer_sql_next(&place);
	stripper->sql = place;
	stripper->is_behind_object = stripper->is_behind_dot = false;
	return true;
}

/* Is the string that is here cast to one of the reg types, whose text forms are names? */
static bool
is_name_string(struct coffer_sql place)
{
	char type[COFFER_NAME_SIZE_MAX + 1];

	if (place.token.kind != COFFER_SQL_STRING)
		return false;
	coffer_sql_next(&place);
	if (place.token.kind != COFFER_SQL_SYMBOL || place.token.size != 2)
		return false;
	coffer_sql_next(&place);
	return coffer_sql_identifier(&place.token, type) && !strncmp(type, "reg", 3);
}

/* As the server deparses one: with standard_conforming_strings on, where a backslash is itself. */
static void
write_string(coffer_buffer *out, coffer_text text)
{
	coffer_buffer_text(out, "'");
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] == '\'')
			coffer_buffer_text(out, "'");
		coffer_buffer_append(out, text.data + i, 1);
	}
	coffer_buffer_text(out, "'");
}

/* A string that is a name loses the qualifier; any other one what only backslashes would say. */
static void
strip_string(struct stripper *stripper, bool is_name)
{
	struct coffer_sql_token *token = &stripper->sql.token;
	coffer_buffer bare = {0}, inner = {0};
	coffer_text text = {NULL, 0};

	if (coffer_buffer_reserve(&bare, token->size) &&
	    coffer_sql_string(token, stripper->sql.has_backslashes, bare.data, &text.size)) {
		text.data = bare.data;
		if (is_name) {
			strip(stripper->ddl, text, true, &inner);
			text = (coffer_text){inner.data ? inner.data : "", inner.size};
		}
		write_up_to(stripper, token->at, token->at + token->size);
		write_string(stripper->out, text);
	}
	if (bare.is_failed || inner.is_failed)
		coffer_ddl_fail_memory(stripper->ddl);
	coffer_buffer_release(&bare);
	coffer_buffer_release(&inner);
}

/* A point in time, in UTC. False: none is here. */
static bool
strip_instant(struct stripper *stripper)
{
	const struct coffer_sql_token *token = &stripper->sql.token;
	coffer_buffer instant = {0};
	bool is_instant = coffer_ddl_is_instant(stripper->sql) &&
			  coffer_ddl_read_instant(stripper->ddl, token, &instant);

	if (is_instant) {
		write_up_to(stripper, token->at, token->at + token->size);
		coffer_buffer_append(stripper->out, instant.data, instant.size);
	}
	coffer_buffer_release(&instant);
	return is_instant;
}

/* Does a backslash in the string that is here begin an escape, by the session's doing? */
static bool
has_escape(const struct coffer_sql *sql)
{
	const struct coffer_sql_token *token = &sql->token;

	return token->kind == COFFER_SQL_STRING && sql->has_backslashes && *token->at == '\'' &&
	       memchr(token->at, '\\', token->size);
}

/* A name in quotes, in those that it needs. */
static void
strip_quotes(struct stripper *stripper)
{
	const struct coffer_sql_token *token = &stripper->sql.token;
	char name[COFFER_NAME_SIZE_MAX + 1];

	if (token->kind != COFFER_SQL_NAME || !coffer_sql_identifier(token, name))
		return;
	write_up_to(stripper, token->at, token->at + token->size);
	coffer_buffer_identifier(stripper->out, name);
}

/* One step at the present token. */
static void
strip_token(struct stripper *stripper, bool is_inner)
{
	struct coffer_sql place = stripper->sql;

	if (!stripper->is_behind_dot && skip_qualifier(stripper->ddl, &place) &&
	    is_object(stripper, place)) {
		write_up_to(stripper, stripper->sql.token.at, place.token.at);
		stripper->sql = place;
	} else if (!is_inner && is_name_string(stripper->sql)) {
		strip_string(stripper, true);
	} else if (is_inner || !strip_instant(stripper)) {
		if (has_escape(&stripper->sql))
			strip_string(stripper, false);
		else if (strip_operator(stripper))
			return;
	}
	if (stripper->ddl->is_all_quoted)
		strip_quotes(stripper);
	note(stripper);
	coffer_sql_next(&stripper->sql);
}

/* `is_inner`: of a string within SQL, in which no other one is looked into. */
static void
strip(struct coffer_ddl *ddl, coffer_text text, bool is_inner, coffer_buffer *out)
{
	struct stripper stripper = {
		.ddl = ddl,
		.out = out,
		.done = text.data,
		.is_strict = stands_alone(ddl, text),
	};

	coffer_sql_init(&stripper.sql, text, ddl->session.has_backslashes);
	while (stripper.sql.token.kind != COFFER_SQL_END &&
	       stripper.sql.token.kind != COFFER_SQL_OPEN)
		strip_token(&stripper, is_inner);
	write_up_to(&stripper, text.data + text.size, NULL);
}

const char *
coffer_ddl_text(struct coffer_ddl *ddl, coffer_text text)
{
	coffer_buffer out = {0};
	const char *copy = NULL;

	if (!coffer_ddl_is_well(ddl))
		return NULL;
	if (text.size && memchr(text.data, '\0', text.size)) {
		coffer_ddl_fail(ddl, "a NUL byte in a statement");
		return NULL;
	}
	strip(ddl, text, false, &out);
	if (out.is_failed)
		coffer_ddl_fail_memory(ddl);
	else
		copy = coffer_ddl_keep(ddl, out.data ? out.data : "");
	coffer_buffer_release(&out);
	return copy;
}

/* ------------------------------------------------------------------ pieces */

static bool
is_one_of(const struct coffer_sql *sql, const char *const *words)
{
	for (; *words; words++)
		if (coffer_sql_is(sql, *words))
			return true;
	return false;
}

coffer_text
coffer_ddl_read_until(struct coffer_ddl *ddl, const char *const *words)
{
	struct coffer_sql *sql = &ddl->sql;
	const char *begin = sql->token.at;
	bool is_first = true;

	while (coffer_ddl_is_well(ddl) && sql->token.kind != COFFER_SQL_END) {
		if (coffer_sql_is_symbol(sql, ',') || coffer_sql_is_symbol(sql, ')') ||
		    coffer_sql_is_symbol(sql, ';') || (!is_first && is_one_of(sql, words)))
			break;
		if (!coffer_sql_skip_brackets(sql))
			coffer_ddl_expected(ddl, "a closing bracket");
		is_first = false;
	}
	if (is_first)
		coffer_ddl_expected(ddl, "an expression or a type");
	return coffer_sql_since(sql, begin);
}

coffer_text
coffer_ddl_read_inside(struct coffer_ddl *ddl)
{
	const char *begin = ddl->sql.at;
	coffer_text text = {NULL, 0};

	if (!coffer_sql_is_symbol(&ddl->sql, '(') || !coffer_sql_skip_brackets(&ddl->sql)) {
		coffer_ddl_expected(ddl, "an expression in brackets");
		return text;
	}
	text = coffer_sql_since(&ddl->sql, begin);
	text.size -= text.size > 0;
	return text;
}

/* The words that may follow a type or a default in the definition of a column or domain. */
static const char *const clauses[] = {
	"collate", "default", "not",        "generated", "constraint", "check",
	"primary", "unique",  "references", "null",      NULL,
};

const char *
coffer_ddl_read_type(struct coffer_ddl *ddl)
{
	struct coffer_sql place = ddl->sql;
	struct coffer_sql_name name;

	if (!coffer_sql_name(&place, "", &name))
		coffer_ddl_expected(ddl, "a type");
	return coffer_ddl_text(ddl, coffer_ddl_read_until(ddl, clauses));
}

const char *
coffer_ddl_read_expression(struct coffer_ddl *ddl)
{
	return coffer_ddl_text(ddl, coffer_ddl_read_until(ddl, clauses));
}

const char *
coffer_ddl_read_collation(struct coffer_ddl *ddl)
{
	struct coffer_sql_name name;
	coffer_buffer text = {0};
	const char *copy = NULL;

	coffer_ddl_read_name(ddl, &name);
	if (strcmp(name.schema, "pg_catalog") != 0 &&
	    strcmp(name.schema, ddl->options.schema) != 0) {
		coffer_buffer_identifier(&text, name.schema);
		coffer_buffer_text(&text, ".");
	}
	coffer_buffer_identifier(&text, name.name);
	if (text.is_failed)
		coffer_ddl_fail_memory(ddl);
	else
		copy = coffer_ddl_keep(ddl, text.data);
	coffer_buffer_release(&text);
	return copy;
}

/* ------------------------------------------------------------------ options */

/* Whether a value stands bare between the brackets of WITH: a word or a plain number. */
static bool
is_bare(coffer_text value)
{
	size_t at = 0, digits;

	while (at < value.size &&
	       ((value.data[at] >= 'a' && value.data[at] <= 'z') || value.data[at] == '_'))
		at++;
	if (at && at == value.size)
		return true;
	for (at = 0, digits = 0; at < value.size && value.data[at] >= '0' && value.data[at] <= '9';)
		at++;
	if (!at || at == value.size)
		return at > 0;
	if (value.data[at++] != '.')
		return false;
	for (; at < value.size && value.data[at] >= '0' && value.data[at] <= '9'; at++)
		digits++;
	return digits && at == value.size;
}

/* As quote_literal() prints it: E'' where a backslash is in it. */
static void
write_literal(coffer_buffer *out, coffer_text text)
{
	coffer_buffer_text(out, memchr(text.data, '\\', text.size) ? "E'" : "'");
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] == '\'' || text.data[i] == '\\')
			coffer_buffer_append(out, text.data + i, 1);
		coffer_buffer_append(out, text.data + i, 1);
	}
	coffer_buffer_text(out, "'");
}

/* "name" or "toast.name", as its words are. */
static void
read_option_name(struct coffer_ddl *ddl, coffer_buffer *out)
{
	char name[COFFER_NAME_SIZE_MAX + 1];

	do {
		if (!coffer_sql_identifier(&ddl->sql.token, name)) {
			coffer_ddl_expected(ddl, "an option");
			return;
		}
		coffer_buffer_identifier(out, name);
		coffer_sql_next(&ddl->sql);
		if (coffer_sql_is_symbol(&ddl->sql, '.'))
			coffer_buffer_text(out, ".");
	} while (coffer_sql_accept_symbol(&ddl->sql, '.'));
}

/* Without a value an option is switched on. */
static void
read_option_value(struct coffer_ddl *ddl, coffer_buffer *out)
{
	coffer_buffer decoded = {0};
	coffer_text value = {"true", 4};

	if (coffer_sql_accept_symbol(&ddl->sql, '=')) {
		const struct coffer_sql_token token = ddl->sql.token;

		value = coffer_ddl_read_until(ddl, (const char *const[]){NULL});
		if (token.kind == COFFER_SQL_STRING && coffer_ddl_is_well(ddl) &&
		    coffer_buffer_reserve(&decoded, token.size) &&
		    coffer_sql_string(&token, ddl->sql.has_backslashes, decoded.data, &value.size))
			value.data = decoded.data;
	}
	coffer_buffer_text(out, "=");
	if (is_bare(value))
		coffer_buffer_append(out, value.data, value.size);
	else
		write_literal(out, value);
	out->is_failed = out->is_failed || decoded.is_failed;
	coffer_buffer_release(&decoded);
}

const char *
coffer_ddl_read_options(struct coffer_ddl *ddl)
{
	coffer_buffer out = {0};
	const char *copy = NULL;

	coffer_ddl_expect_symbol(ddl, '(');
	do {
		coffer_buffer_text(&out, out.size ? ", " : "");
		read_option_name(ddl, &out);
		read_option_value(ddl, &out);
	} while (coffer_ddl_is_well(ddl) && coffer_sql_accept_symbol(&ddl->sql, ','));
	coffer_ddl_expect_symbol(ddl, ')');
	if (out.is_failed)
		coffer_ddl_fail_memory(ddl);
	else if (memchr(out.data, '\0', out.size))
		coffer_ddl_fail(ddl, "a NUL byte in an option");
	else
		copy = coffer_ddl_keep(ddl, out.data);
	coffer_buffer_release(&out);
	return copy;
}
