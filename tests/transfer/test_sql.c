/*
 * SQL word by word, and where its statements end: every form of quote that pg_dump writes, whole and in pieces.
 */
#include "transfer/sql.h"
#include "transfer/sql_session.h"
#include "transfer/sql_split.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static coffer_text
text_of(const char *text)
{
	return (coffer_text){text, strlen(text)};
}

/* ------------------------------------------------------------------ tokens */

/* A letter a token: word, name, string, bits, number, symbol, open. */
static const struct {
	const char *sql, *kinds;
} token_cases[] = {
	{"", ""},
	{"  -- a comment\n\t/* b /* nested */ c */ ", ""},
	{"SELECT a1$b", "ww"},
	{"\"a\"\"b\" 'c''d' E'\\'' e'x' B'101' x'1F'", "nsssbb"},
	{"$$a;'b$$ $tag$ $$ $tag$ $1", "ssyd"}, /* "$1" is a parameter */
	{"1 2.5 .5 1e5 1E-5 1e", "ddddddw"},
	{"a::b <> (c)", "wywyyywy"},
	{"Böhm \"Böhm & Söhne\"", "wn"},
	{"'never", "o"},
	{"\"never", "o"},
	{"$x$ never $y$", "o"},
	{"/* never", "o"},
	{"'a\\' b", "sw"},
	{"E'a\\'", "o"},
};

static char
letter_of(enum coffer_sql_kind kind)
{
	static const char letters[] = "-wnsbdyo";

	return letters[kind];
}

static void
tokens_are_told_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(token_cases); i++) {
		struct coffer_sql sql;
		char kinds[16] = "";
		size_t count = 0;

		coffer_sql_init(&sql, text_of(token_cases[i].sql), false);
		while (sql.token.kind != COFFER_SQL_END && count < sizeof(kinds) - 1) {
			kinds[count++] = letter_of(sql.token.kind);
			if (sql.token.kind == COFFER_SQL_OPEN)
				break;
			coffer_sql_next(&sql);
		}
		assert_string_equal(kinds, token_cases[i].kinds);
	}
}

static void
words_are_keywords_in_any_case(void **state)
{
	struct coffer_sql sql;

	(void)state;
	coffer_sql_init(&sql, text_of("Create UNIQUE index \"on\" on"), false);
	assert_false(coffer_sql_accept_words(&sql, "create index"));
	assert_true(coffer_sql_accept_words(&sql, "create unique index"));
	assert_false(coffer_sql_accept(&sql, "on"));
	coffer_sql_next(&sql);
	assert_true(coffer_sql_accept(&sql, "on"));
	assert_int_equal(sql.token.kind, COFFER_SQL_END);
}

static const struct {
	const char *sql, *schema, *name;
} name_cases[] = {
	{"public.\"T\"", "public", "T"},
	{"T", "s", "t"},
	{"\"a\"\"b\".\"c.d\"", "a\"b", "c.d"},
	{"Böhm.x", "böhm", "x"},
	{"n63_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "s",
	 "n63_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
	{"n64_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL, NULL},
	{"\"\"", NULL, NULL},
	{"'a'", NULL, NULL},
	{"a.", NULL, NULL},
};

static void
names_have_schemas(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(name_cases); i++) {
		struct coffer_sql_name name;
		struct coffer_sql sql;

		coffer_sql_init(&sql, text_of(name_cases[i].sql), false);
		assert_int_equal(coffer_sql_name(&sql, "s", &name), name_cases[i].name != NULL);
		if (!name_cases[i].name)
			continue;
		assert_string_equal(name.schema, name_cases[i].schema);
		assert_string_equal(name.name, name_cases[i].name);
	}
}

/* ------------------------------------------------------------------ literals */

static const struct {
	const char *sql, *text, *rest; /* text: NULL is NULL, "DEFAULT", or the value's */
	bool has_backslashes;
} literal_cases[] = {
	{"NULL, 1", NULL, ", 1", false},
	{"NULL::text)", NULL, ")", false},
	{"DEFAULT", "DEFAULT", "", false},
	{"true", "t", "", false},
	{"FALSE", "f", "", false},
	{"-1.5e-3", "-1.5e-3", "", false},
	{"- 5", "- 5", "", false},
	{"'a''b\\c'", "a'b\\c", "", false},
	{"'a''b\\\\c'", "a'b\\c", "", true},
	{"E'a\\nb\\t\\\\\\'\\x41\\101'", "a\nb\t\\'AA", "", false},
	{"B'1010'", "1010", "", false},
	{"''", "", "", false},
	{"$$a'b$$", "a'b", "", false},
	{"'{}'::jsonb", "{}", "", false},
	{"'x'::character varying(3)", "x", "", false},
	{"'x'::public.\"Mood\"[]", "x", "", false},
	{"'2024-01-01'::timestamp(3) without time zone, x", "2024-01-01", ", x", false},
	{"'a'::text::public.mood", "a", "", false},
};

static void
literals_are_read_in_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(literal_cases); i++) {
		const char *expected = literal_cases[i].text;
		struct coffer_sql_literal literal;
		struct coffer_sql sql;
		char *copy = strdup(literal_cases[i].sql);

		coffer_sql_init(&sql, text_of(copy), literal_cases[i].has_backslashes);
		assert_true(coffer_sql_read_literal(&sql, &literal));
		if (!expected)
			assert_int_equal(literal.kind, COFFER_LITERAL_NULL);
		else if (!strcmp(expected, "DEFAULT"))
			assert_int_equal(literal.kind, COFFER_LITERAL_DEFAULT);
		else {
			assert_int_equal(literal.kind, COFFER_LITERAL_TEXT);
			assert_int_equal(literal.text.size, strlen(expected));
			assert_memory_equal(literal.text.data, expected, literal.text.size);
		}
		assert_string_equal(sql.token.at, literal_cases[i].rest);
		free(copy);
	}
}

static void
what_is_no_literal_is_refused(void **state)
{
	static const char *const texts[] = {
		"now()", "ARRAY[1]", "x'1F'", "E'\\u0041'", "(1)",   "-",
		"",      "'a'::",    "- 'a'", "\"a\"",      "'never"};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct coffer_sql_literal literal;
		struct coffer_sql sql;
		char *copy = strdup(texts[i]);
		bool is_read;

		coffer_sql_init(&sql, text_of(copy), false);
		is_read = coffer_sql_read_literal(&sql, &literal);
		assert_false(is_read && sql.token.kind == COFFER_SQL_END);
		free(copy);
	}
}

/* ------------------------------------------------------------------ statements */

/* '|' stands where the statement ends; without one it does not. */
static const struct {
	const char *sql;
	bool has_backslashes, is_row;
} split_cases[] = {
	{"SELECT 1;|SELECT 2;", false, false},
	{"a ';' \";\" -- ;\n /* ; /* ; */ ; */ $$;$$ $x$ ; $$ $x$;|x", false, false},
	{"a 'it''s; ok' E'\\';' ;|", false, false},
	{"a '\\';|'", false, false},
	{"a '\\';'  ;|", true, false},
	{"f(a; b);|", false, false},
	{"a - b / c;|", false, false},
	{"a $1 $ b;|", false, false},
	{"name$with$dollars;| $x$;", false, false},
	{"xE'\\';|'", false, false},
	{"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; "
	 "END;|",
	 false, false},
	{"CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC SELECT 1; END;|", false, false},
	{"CREATE TABLE begin (a int);|b", false, false},
	{"BEGIN;|END;", false, false},
	{"CREATE RULE r AS ON DELETE TO t DO INSTEAD (SELECT 1; SELECT 2);|", false, false},
	{"SELECT 'never", false, false},
	{"SELECT (1;", false, false},
	{"$abc$ $ab$ $abcd$ $$ $abc$;|", false, false},
	{"(1, ')', \"(\", (2))|, (3)", false, true},
	{"('a;b', NULL)|;", false, true},
};

/* The end that is found when the bytes come in pieces of `step`; SIZE_MAX: none. */
static size_t
split_in(const char *sql, size_t size, size_t step, bool has_backslashes, bool is_row)
{
	struct coffer_splitter splitter;
	bool is_done = false;
	size_t at = 0;

	coffer_split_begin(&splitter, has_backslashes, is_row);
	while (at < size && !is_done)
		at += coffer_split(&splitter, sql + at, size - at < step ? size - at : step,
				   &is_done);
	assert_true(is_done || at == size);
	return is_done ? at : SIZE_MAX;
}

static void
statements_end_the_same_in_pieces(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(split_cases); i++) {
		const char *mark = strchr(split_cases[i].sql, '|');
		size_t size = strlen(split_cases[i].sql) - (mark != NULL), end;
		char sql[200];

		end = mark ? (size_t)(mark - split_cases[i].sql) : SIZE_MAX;
		memcpy(sql, split_cases[i].sql, mark ? end : size);
		if (mark)
			memcpy(sql + end, mark + 1, size - end);
		for (size_t step = 1; step <= size; step++)
			assert_int_equal(split_in(sql, size, step, split_cases[i].has_backslashes,
						  split_cases[i].is_row),
					 end);
	}
}

/* ------------------------------------------------------------------ settings */

static const struct {
	const char *sql, *schema;
	bool has_backslashes;
	coffer_status status;
} session_cases[] = {
	{"SELECT pg_catalog.set_config('search_path', '', false);", "public", false, COFFER_OK},
	{"SELECT set_config('search_path', 'x', false);", "x", false, COFFER_OK},
	{"SET search_path = pg_catalog, \"My Schema\", public;", "My Schema", false, COFFER_OK},
	{"SET LOCAL search_path TO 'a';", "a", false, COFFER_OK},
	{"SET standard_conforming_strings = off;", "public", true, COFFER_OK},
	{"SET client_encoding = 'UTF8';", "public", false, COFFER_OK},
	{"SET client_encoding = 'SQL_ASCII';", "public", false, COFFER_OK},
	{"SET client_encoding = 'LATIN1';", "public", false, COFFER_INVALID},
	{"SET NAMES 'EUC_JP';", "public", false, COFFER_INVALID},
	{"SET SESSION AUTHORIZATION 'somebody';", "public", false, COFFER_OK},
	{"SET statement_timeout = 0;", "public", false, COFFER_OK},
	{"SET", "public", false, COFFER_OK},
	{"CREATE TABLE set (a integer);", "public", false, COFFER_OK},
};

static void
settings_change_what_follows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(session_cases); i++) {
		struct coffer_sql_session session;
		coffer_error error = {.status = COFFER_OK};
		struct coffer_sql sql;

		coffer_sql_session_init(&session);
		coffer_sql_init(&sql, text_of(session_cases[i].sql), false);
		assert_int_equal(coffer_sql_session_read(&session, sql, &error),
				 session_cases[i].status);
		assert_string_equal(session.schema, session_cases[i].schema);
		assert_int_equal(session.has_backslashes, session_cases[i].has_backslashes);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_are_told_apart),
		cmocka_unit_test(words_are_keywords_in_any_case),
		cmocka_unit_test(names_have_schemas),
		cmocka_unit_test(literals_are_read_in_place),
		cmocka_unit_test(what_is_no_literal_is_refused),
		cmocka_unit_test(statements_end_the_same_in_pieces),
		cmocka_unit_test(settings_change_what_follows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
