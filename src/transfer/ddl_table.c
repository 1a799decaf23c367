/*
 * CREATE TABLE with its columns. What a table inherits stands in front of its own columns, as at
 * the server; a dump repeats of it only what differs.
 */
#include "transfer/ddl_parts.h"

#include <string.h>

/* ------------------------------------------------------------------ columns */

/* Virtual ones are made when they are read: their values are nowhere. */
static void
read_generated(struct coffer_ddl *ddl, coffer_table *table, coffer_column *column)
{
	struct coffer_sql place = ddl->sql;

	if (!coffer_sql_accept_words(&place, "always as") || !coffer_sql_is_symbol(&place, '(')) {
		coffer_ddl_read_identity(ddl, table, column);
		return;
	}
	ddl->sql = place;
	column->generated_sql = coffer_ddl_text(ddl, coffer_ddl_read_inside(ddl));
	if (coffer_sql_accept(&ddl->sql, "stored"))
		return;
	coffer_sql_accept(&ddl->sql, "virtual");
	coffer_ddl_warn(
		ddl, "column \"%s\".\"%s\" is generated when it is read: carried as a stored one",
		table->name, column->name);
}

static void
keep_from_heirs(struct coffer_ddl *ddl, const coffer_table *table, const coffer_column *column)
{
	struct coffer_ddl_column *kept = coffer_ddl_append(
		ddl, &ddl->not_inherited, &ddl->not_inherited_count, sizeof(*kept));

	if (kept)
		*kept = (struct coffer_ddl_column){table->name, column->name};
}

static bool
is_kept_from_heirs(const struct coffer_ddl *ddl, const coffer_table *table,
		   const coffer_column *column)
{
	for (size_t i = 0; i < ddl->not_inherited_count; i++)
		if (!strcmp(ddl->not_inherited[i].table, table->name) &&
		    !strcmp(ddl->not_inherited[i].name, column->name))
			return true;
	return false;
}

/* One of what may stand behind a column's type; false: none is here. A NOT NULL may have a name. */
static bool
read_clause(struct coffer_ddl *ddl, coffer_table *table, coffer_column *column)
{
	struct coffer_sql *sql = &ddl->sql;

	if (coffer_sql_accept(sql, "constraint"))
		coffer_ddl_read_identifier(ddl);
	if (coffer_sql_accept_words(sql, "not null")) {
		column->is_nullable = false;
		if (coffer_sql_accept_words(sql, "no inherit"))
			keep_from_heirs(ddl, table, column);
	} else if (coffer_sql_accept(sql, "default")) {
		column->default_sql = coffer_ddl_read_expression(ddl);
	} else if (coffer_sql_accept(sql, "collate")) {
		column->collation = coffer_ddl_read_collation(ddl);
	} else if (coffer_sql_accept(sql, "generated")) {
		read_generated(ddl, table, column);
	} else if (!coffer_sql_accept(sql, "null")) {
		return false;
	}
	return true;
}

/* A column that the table has already, because it inherits it, is made its own. */
static coffer_column *
add_column(struct coffer_ddl *ddl, coffer_table *table, const char *name)
{
	uint16_t number = coffer_table_find_column(table, name);
	coffer_column *column;

	if (number != COFFER_NO_COLUMN)
		return &table->columns[number];
	column = coffer_table_add_column(ddl->schema, table);
	if (!coffer_ddl_have(ddl, column))
		return NULL;
	column->name = name;
	column->is_nullable = true;
	return column;
}

static void
read_column(struct coffer_ddl *ddl, coffer_table *table)
{
	const char *name = coffer_ddl_read_identifier(ddl);
	coffer_column *column = name ? add_column(ddl, table, name) : NULL;

	if (!column)
		return;
	if (table->column_count > COFFER_COLUMNS_MAX)
		coffer_ddl_fail(ddl, "more than %d columns in %s", COFFER_COLUMNS_MAX, table->name);
	column->type = coffer_ddl_read_type(ddl);
	while (coffer_ddl_is_well(ddl) && read_clause(ddl, table, column))
		;
	if (!coffer_sql_is_symbol(&ddl->sql, ',') && !coffer_sql_is_symbol(&ddl->sql, ')'))
		coffer_ddl_expected(ddl, "another column, or what pg_dump writes of one");
}

/* ------------------------------------------------------------------ inheritance */

static void
inherit_column(struct coffer_ddl *ddl, coffer_table *table, const coffer_table *parent,
	       const coffer_column *from)
{
	coffer_column *column;

	if (coffer_table_find_column(table, from->name) != COFFER_NO_COLUMN)
		return;
	column = coffer_table_add_column(ddl->schema, table);
	if (!coffer_ddl_have(ddl, column))
		return;
	*column = (coffer_column){
		.name = from->name,
		.type = from->type,
		.default_sql = from->default_sql,
		.generated_sql = from->generated_sql,
		.collation = from->collation,
		.is_nullable = from->is_nullable || is_kept_from_heirs(ddl, parent, from),
	};
}

static void
inherit_columns(struct coffer_ddl *ddl, coffer_table *table, const struct coffer_sql_name *name)
{
	const coffer_table *parent = NULL;
	struct coffer_ddl_heir *heir;

	if (coffer_ddl_is_ours(ddl, name))
		parent = coffer_ddl_find_table(ddl, name->name);
	if (!parent) {
		coffer_ddl_fail(ddl, "%s inherits from %s.%s, which the dump does not define",
				table->name, name->schema, name->name);
		return;
	}
	for (size_t i = 0; coffer_ddl_is_well(ddl) && i < parent->column_count; i++)
		inherit_column(ddl, table, parent, &parent->columns[i]);
	heir = coffer_ddl_append(ddl, &ddl->heirs, &ddl->heir_count, sizeof(*heir));
	if (heir)
		*heir = (struct coffer_ddl_heir){table->name, parent->name};
}

/*
 * INHERITS stands behind the columns, and what it says comes before them: the place is looked up
 * first.
 */
static void
read_parents(struct coffer_ddl *ddl, coffer_table *table)
{
	struct coffer_sql begin = ddl->sql;
	struct coffer_sql_name name;

	if (!coffer_sql_skip_brackets(&ddl->sql)) {
		coffer_ddl_expected(ddl, "a closing bracket");
	} else if (coffer_sql_accept(&ddl->sql, "inherits")) {
		coffer_ddl_leave(ddl, COFFER_LEFT_INHERITANCE, table->name, "", NULL);
		coffer_ddl_expect_symbol(ddl, '(');
		do {
			coffer_ddl_read_name(ddl, &name);
			if (coffer_ddl_is_well(ddl))
				inherit_columns(ddl, table, &name);
		} while (coffer_ddl_is_well(ddl) && coffer_sql_accept_symbol(&ddl->sql, ','));
	}
	ddl->sql = begin;
}

/* ------------------------------------------------------------------ the table */

/* EXCLUDE may be a column's name too. */
static bool
is_constraint(const struct coffer_ddl *ddl)
{
	static const char *const words[] = {"constraint", "check",   "primary",
					    "unique",     "foreign", "like"};
	struct coffer_sql place = ddl->sql;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (coffer_sql_is(&place, words[i]))
			return true;
	return coffer_sql_accept(&place, "exclude") &&
	       (coffer_sql_is_symbol(&place, '(') || coffer_sql_is(&place, "using"));
}

static void
read_elements(struct coffer_ddl *ddl, coffer_table *table)
{
	coffer_ddl_expect_symbol(ddl, '(');
	if (coffer_sql_accept_symbol(&ddl->sql, ')'))
		return;
	do {
		if (!is_constraint(ddl))
			read_column(ddl, table);
		else if (coffer_sql_accept(&ddl->sql, "constraint"))
			coffer_ddl_read_constraint(ddl, table);
		else
			coffer_ddl_expected(ddl, "CONSTRAINT and a name");
	} while (coffer_ddl_is_well(ddl) && coffer_sql_accept_symbol(&ddl->sql, ','));
	coffer_ddl_expect_symbol(ddl, ')');
}

/* What stands behind the columns. */
static bool
read_tail(struct coffer_ddl *ddl, coffer_table *table)
{
	static const char *const ends[] = {"with", "using", "tablespace", NULL};
	struct coffer_sql *sql = &ddl->sql;

	if (coffer_sql_accept_words(sql, "partition by"))
		table->partition_key = coffer_ddl_text(ddl, coffer_ddl_read_until(ddl, ends));
	else if (coffer_sql_accept(sql, "inherits"))
		coffer_ddl_read_inside(ddl);
	else if (coffer_sql_accept(sql, "with"))
		table->options = coffer_ddl_read_options(ddl);
	else if (coffer_sql_accept(sql, "using") || coffer_sql_accept(sql, "tablespace"))
		coffer_ddl_leave(ddl, COFFER_LEFT_ACCESS_METHOD, table->name, "",
				 coffer_ddl_read_identifier(ddl) ? NULL : "");
	else
		return false;
	return true;
}

static void
read_table(struct coffer_ddl *ddl, const char *name, bool is_unlogged)
{
	coffer_table *table = coffer_schema_add_table(ddl->schema);

	if (!coffer_ddl_have(ddl, table))
		return;
	table->name = coffer_ddl_keep(ddl, name);
	table->is_unlogged = is_unlogged;
	coffer_ddl_leave_storage(ddl, name, false);
	if (coffer_sql_is_symbol(&ddl->sql, '(')) {
		read_parents(ddl, table);
		read_elements(ddl, table);
	}
	while (coffer_ddl_is_well(ddl) && read_tail(ddl, table))
		;
	if (coffer_ddl_is_well(ddl) && ddl->sql.token.kind != COFFER_SQL_END &&
	    !coffer_sql_is_symbol(&ddl->sql, ';'))
		coffer_ddl_expected(ddl, "what pg_dump writes behind the columns of a table");
}

static void
create(struct coffer_ddl *ddl, bool is_unlogged)
{
	struct coffer_sql_name name;

	coffer_sql_accept_words(&ddl->sql, "if not exists");
	coffer_ddl_read_name(ddl, &name);
	if (!coffer_ddl_is_ours(ddl, &name))
		return;
	if (ddl->schema->table_count == COFFER_TABLES_MAX)
		coffer_ddl_fail(ddl, "more than %d tables", COFFER_TABLES_MAX);
	else
		read_table(ddl, name.name, is_unlogged);
	if (ddl->status)
		coffer_error_at(ddl->error, "%s", name.name);
}

void
coffer_ddl_create_table(struct coffer_ddl *ddl)
{
	create(ddl, false);
}

void
coffer_ddl_create_unlogged_table(struct coffer_ddl *ddl)
{
	create(ddl, true);
}
