/*
 * Statements about what is not carried, in the words in which a server's catalogue would be told of
 * it, and those that say nothing of a schema at all. Whatever else stands in a dump is named when
 * it is passed over.
 */
#include "transfer/ddl_parts.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ by name */

static void
leave_named(struct coffer_ddl *ddl, enum coffer_left_kind kind)
{
	struct coffer_sql_name name;

	coffer_sql_accept_words(&ddl->sql, "if not exists");
	coffer_ddl_read_name(ddl, &name);
	if (coffer_ddl_is_ours(ddl, &name))
		coffer_ddl_leave(ddl, kind, name.name, "", NULL);
}

/*
 * A trigger, rule or policy: a bare name, and further on "ON schema.table" or, of a rule, "ON event
 * TO table".
 */
static void
leave_of_table(struct coffer_ddl *ddl, enum coffer_left_kind kind, const char *word)
{
	const char *name = coffer_ddl_read_identifier(ddl);
	struct coffer_sql_name table;

	while (ddl->sql.token.kind != COFFER_SQL_END && ddl->sql.token.kind != COFFER_SQL_OPEN &&
	       !coffer_sql_accept(&ddl->sql, word))
		coffer_sql_next(&ddl->sql);
	coffer_ddl_read_name(ddl, &table);
	if (coffer_ddl_is_ours(ddl, &table))
		coffer_ddl_leave(ddl, kind, name, " on ", table.name);
}

/* "schema.<>": its name is made of symbols. */
static void
leave_operator(struct coffer_ddl *ddl)
{
	char schema[COFFER_NAME_SIZE_MAX + 1] = "";
	struct coffer_ddl_left *left;
	const char *begin;
	coffer_buffer text = {0};
	coffer_text name;

	if (coffer_sql_identifier(&ddl->sql.token, schema))
		coffer_sql_next(&ddl->sql);
	coffer_sql_accept_symbol(&ddl->sql, '.');
	begin = ddl->sql.token.at;
	while (ddl->sql.token.kind == COFFER_SQL_SYMBOL && !coffer_sql_is_symbol(&ddl->sql, '('))
		coffer_sql_next(&ddl->sql);
	name = coffer_sql_since(&ddl->sql, begin);
	if (strcmp(*schema ? schema : ddl->session.schema, ddl->options.schema) != 0)
		return;
	left = coffer_ddl_append(ddl, &ddl->left, &ddl->left_count, sizeof(*left));
	coffer_buffer_append(&text, name.data, name.size);
	if (left) {
		left->kind = COFFER_LEFT_OPERATOR;
		left->name = coffer_ddl_keep(ddl, text.is_failed ? "" : text.data);
	}
	coffer_buffer_release(&text);
}

/* "ALTER PUBLICATION name ADD TABLE ONLY schema.table". */
static void
leave_publication(struct coffer_ddl *ddl)
{
	struct coffer_sql_name table;

	coffer_ddl_read_identifier(ddl);
	if (!coffer_sql_accept_words(&ddl->sql, "add table"))
		return;
	coffer_sql_accept(&ddl->sql, "only");
	coffer_ddl_read_name(ddl, &table);
	if (coffer_ddl_is_ours(ddl, &table))
		coffer_ddl_leave(ddl, COFFER_LEFT_PUBLICATION, table.name, "", NULL);
}

/* Whether something uses it cannot be seen in a dump. */
static void
leave_extension(struct coffer_ddl *ddl)
{
	const char *name;

	coffer_sql_accept_words(&ddl->sql, "if not exists");
	name = coffer_ddl_read_identifier(ddl);
	ddl->has_extensions = true;
	if (name && strcmp(name, "plpgsql") != 0)
		coffer_ddl_warn(ddl, "extension %s is not carried: the target may need it", name);
}

static const struct {
	const char *words;
	enum coffer_left_kind kind;
} named[] = {
	{"create function", COFFER_LEFT_FUNCTION},
	{"create or replace function", COFFER_LEFT_FUNCTION},
	{"create procedure", COFFER_LEFT_PROCEDURE},
	{"create or replace procedure", COFFER_LEFT_PROCEDURE},
	{"create aggregate", COFFER_LEFT_AGGREGATE},
	{"create foreign table", COFFER_LEFT_FOREIGN_TABLE},
	{"create collation", COFFER_LEFT_COLLATION},
	{"create operator class", COFFER_LEFT_OPERATOR_CLASS},
	{"create text search configuration", COFFER_LEFT_TEXT_SEARCH},
	{"create text search dictionary", COFFER_LEFT_TEXT_SEARCH},
	{"create statistics", COFFER_LEFT_STATISTICS},
};

static const struct {
	const char *words;
	enum coffer_left_kind kind;
	const char *before; /* the table's name */
} of_tables[] = {
	{"create trigger", COFFER_LEFT_TRIGGER, "on"},
	{"create constraint trigger", COFFER_LEFT_TRIGGER, "on"},
	{"create rule", COFFER_LEFT_RULE, "to"},
	{"create or replace rule", COFFER_LEFT_RULE, "to"},
	{"create policy", COFFER_LEFT_POLICY, "on"},
};

static const struct {
	const char *words;
	void (*leave)(struct coffer_ddl *ddl);
} others[] = {
	{"create extension", leave_extension},
	{"alter publication", leave_publication},
};

static bool
leave_one_of(struct coffer_ddl *ddl)
{
	struct coffer_sql *sql = &ddl->sql;

	for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++)
		if (coffer_sql_accept_words(sql, named[i].words)) {
			leave_named(ddl, named[i].kind);
			return true;
		}
	for (size_t i = 0; i < sizeof(of_tables) / sizeof(*of_tables); i++)
		if (coffer_sql_accept_words(sql, of_tables[i].words)) {
			leave_of_table(ddl, of_tables[i].kind, of_tables[i].before);
			return true;
		}
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (coffer_sql_accept_words(sql, others[i].words)) {
			others[i].leave(ddl);
			return true;
		}
	return false;
}

/* ------------------------------------------------------------------ of no consequence */

/* What says nothing of the tables of a schema, by its first words. */
static const char *const silent[] = {
	"set",
	"reset",
	"select",
	"begin",
	"start",
	"commit",
	"end",
	"rollback",
	"grant",
	"revoke",
	"drop",
	"security label",
	"lock",
	"truncate",
	"analyze",
	"vacuum",
	"do",
	"discard",
	"call",
	"import foreign schema",
	"reassign",
	"checkpoint",
	"reindex",
	"notify",
	"refresh",
	"create schema",
	"create database",
	"create role",
	"create user",
	"create group",
	"create tablespace",
	"create language",
	"create trusted",
	"create procedural",
	"create or replace language",
	"create or replace procedural",
	"create or replace trusted",
	"create cast",
	"create conversion",
	"create default conversion",
	"create transform",
	"create access method",
	"create event trigger",
	"create publication",
	"create subscription",
	"create server",
	"create foreign data wrapper",
	"create operator family",
	"create text search parser",
	"create text search template",
	"create temporary",
	"create temp",
	"alter aggregate",
	"alter collation",
	"alter conversion",
	"alter database",
	"alter default privileges",
	"alter event trigger",
	"alter extension",
	"alter foreign",
	"alter function",
	"alter group",
	"alter language",
	"alter large object",
	"alter materialized view",
	"alter operator",
	"alter policy",
	"alter procedural",
	"alter procedure",
	"alter role",
	"alter routine",
	"alter rule",
	"alter schema",
	"alter server",
	"alter statistics",
	"alter subscription",
	"alter system",
	"alter tablespace",
	"alter text search",
	"alter trigger",
	"alter user",
	"alter view",
	"alter access method",
};

static bool
is_owner_change(struct coffer_sql sql)
{
	struct coffer_sql_name name;

	return coffer_sql_accept_words(&sql, "alter type") && coffer_sql_name(&sql, "", &name) &&
	       coffer_sql_is(&sql, "owner");
}

void
coffer_ddl_leave_statement(struct coffer_ddl *ddl)
{
	enum { SHOWN_MAX = 60 };
	struct coffer_sql sql = ddl->sql;
	const char *begin = sql.token.at;
	coffer_text shown;

	if (sql.token.kind == COFFER_SQL_END || coffer_sql_is_symbol(&sql, ';') ||
	    leave_one_of(ddl) || is_owner_change(sql))
		return;
	for (size_t i = 0; i < sizeof(silent) / sizeof(*silent); i++)
		if (coffer_sql_accept_words(&sql, silent[i]))
			return;
	if (coffer_sql_accept_words(&ddl->sql, "create operator")) {
		leave_operator(ddl);
		return;
	}
	for (size_t i = 0; i < 4 && sql.token.kind != COFFER_SQL_END; i++)
		coffer_sql_next(&sql);
	shown = coffer_sql_since(&sql, begin);
	coffer_ddl_warn(ddl, "a statement that is not known is passed over: %.*s",
			shown.size < SHOWN_MAX ? (int)shown.size : SHOWN_MAX, shown.data);
}

/* ------------------------------------------------------------------ in the end */

static int
by_kind_and_name(const void *left, const void *right)
{
	const struct coffer_ddl_left *a = left, *b = right;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return strcmp(a->name, b->name);
}

/* Whether a name that is there twice is one thing that was spoken of twice. */
static bool
is_distinct(enum coffer_left_kind kind)
{
	return kind == COFFER_LEFT_TYPE_ELSEWHERE || kind == COFFER_LEFT_ROW_SECURITY ||
	       kind == COFFER_LEFT_PUBLICATION || kind == COFFER_LEFT_COLUMN_SETTINGS ||
	       kind == COFFER_LEFT_ACCESS_METHOD || kind == COFFER_LEFT_INHERITANCE ||
	       kind == COFFER_LEFT_EXTENSION_TABLE;
}

static void
say_kind(struct coffer_ddl *ddl, size_t at, size_t end)
{
	enum coffer_left_kind kind = ddl->left[at].kind;
	const char **names = coffer_ddl_memory(ddl, (end - at) * sizeof(*names));
	size_t count = 0;

	for (; names && at < end; at++)
		if (!count || !is_distinct(kind) ||
		    strcmp(names[count - 1], ddl->left[at].name) != 0)
			names[count++] = ddl->left[at].name;
	if (names && ddl->options.warn)
		coffer_left_say(kind, names, count, ddl->options.warn, ddl->options.warn_context);
}

void
coffer_ddl_say_left(struct coffer_ddl *ddl)
{
	size_t end;

	if (ddl->left_count)
		qsort(ddl->left, ddl->left_count, sizeof(*ddl->left), by_kind_and_name);
	for (size_t at = 0; coffer_ddl_is_well(ddl) && at < ddl->left_count; at = end) {
		for (end = at + 1; end < ddl->left_count; end++)
			if (ddl->left[end].kind != ddl->left[at].kind)
				break;
		say_kind(ddl, at, end);
	}
}
