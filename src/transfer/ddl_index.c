/*
 * CREATE INDEX and what is said of indexes later.
 */
#include "transfer/ddl_parts.h"

#include <string.h>

/* A function's name with a bracket behind it, or a bracket itself: anything but a column's name. */
static bool
is_expression(struct coffer_sql place)
{
	char name[COFFER_NAME_SIZE_MAX + 1];

	if (!coffer_sql_identifier(&place.token, name))
		return true;
	coffer_sql_next(&place);
	return coffer_sql_is_symbol(&place, '(') || coffer_sql_is_symbol(&place, '.');
}

/*
 * The columns at the front of "(a, b DESC, lower(c))", up to the first expression. Those of a view
 * have no numbers: `table` is NULL then.
 */
static void
read_columns(struct coffer_ddl *ddl, const coffer_table *table, coffer_index *index)
{
	static const char *const no_words[] = {NULL};
	char name[COFFER_NAME_SIZE_MAX + 1];

	index->is_plain = true;
	index->columns = coffer_ddl_memory(ddl, COFFER_KEY_COLUMNS_MAX * sizeof(*index->columns));
	coffer_ddl_expect_symbol(ddl, '(');
	do {
		uint16_t column = COFFER_NO_COLUMN;

		if (is_expression(ddl->sql))
			index->is_plain = false;
		else if (table && coffer_sql_identifier(&ddl->sql.token, name) &&
			 (column = coffer_table_find_column(table, name)) == COFFER_NO_COLUMN)
			coffer_ddl_expected(ddl, "a column of the table");
		if (!coffer_ddl_is_well(ddl))
			return;
		if (column != COFFER_NO_COLUMN && index->is_plain &&
		    index->column_count < COFFER_KEY_COLUMNS_MAX)
			index->columns[index->column_count++] = column;
		coffer_ddl_read_until(ddl, no_words);
	} while (coffer_ddl_is_well(ddl) && coffer_sql_accept_symbol(&ddl->sql, ','));
	coffer_ddl_expect_symbol(ddl, ')');
}

/*
 * Behind USING: the access method, the columns, and what the planner and the tree need to know of
 * them.
 */
static void
read_definition(struct coffer_ddl *ddl, const coffer_table *table, coffer_index *index)
{
	static const char *const where[] = {"where", NULL};
	const char *begin = ddl->sql.token.at;

	coffer_ddl_read_identifier(ddl);
	read_columns(ddl, table, index);
	if (coffer_sql_accept(&ddl->sql, "include"))
		coffer_ddl_read_inside(ddl);
	index->nulls_not_distinct = coffer_sql_accept_words(&ddl->sql, "nulls not distinct");
	while (coffer_ddl_is_well(ddl) && ddl->sql.token.kind != COFFER_SQL_END &&
	       !coffer_sql_is_symbol(&ddl->sql, ';')) {
		if (coffer_sql_is(&ddl->sql, "where"))
			index->is_plain = false;
		coffer_ddl_read_until(ddl, where);
	}
	index->definition = coffer_ddl_text(ddl, coffer_sql_since(&ddl->sql, begin));
}

static void
create(struct coffer_ddl *ddl, bool is_unique)
{
	const char *name = coffer_ddl_read_identifier(ddl);
	struct coffer_sql_name relation;
	coffer_index *index = NULL;
	coffer_table *table;
	coffer_view *view;

	coffer_ddl_expect(ddl, "on");
	coffer_sql_accept(&ddl->sql, "only");
	coffer_ddl_read_name(ddl, &relation);
	coffer_ddl_expect(ddl, "using");
	if (!coffer_ddl_is_ours(ddl, &relation))
		return;
	table = coffer_ddl_find_table(ddl, relation.name);
	view = coffer_ddl_find_view(ddl, relation.name);
	if (!table && !view) {
		coffer_ddl_warn(ddl, "index \"%s\" is passed over: the dump does not define \"%s\"",
				name, relation.name);
		return;
	}
	index = table ? coffer_table_add_index(ddl->schema, table)
		      : coffer_view_add_index(ddl->schema, view);
	if (!coffer_ddl_have(ddl, index))
		return;
	index->name = name;
	index->is_unique = is_unique;
	read_definition(ddl, table, index);
	coffer_ddl_leave_storage(ddl, name, true);
	if (ddl->status)
		coffer_error_at(ddl->error, "%s", name);
}

void
coffer_ddl_create_index(struct coffer_ddl *ddl)
{
	create(ddl, false);
}

void
coffer_ddl_create_unique_index(struct coffer_ddl *ddl)
{
	create(ddl, true);
}

static coffer_index *
find_index(struct coffer_ddl *ddl, const char *name)
{
	for (size_t i = 0; i < ddl->schema->table_count; i++) {
		coffer_table *table = &ddl->schema->tables[i];
		uint16_t number = coffer_table_find_index(table, name);

		if (number != COFFER_NO_INDEX)
			return &table->indexes[number];
	}
	return NULL;
}

/* An index of an exclusion constraint is known as that constraint. */
static coffer_check *
find_exclusion(struct coffer_ddl *ddl, const char *name)
{
	for (size_t i = 0; i < ddl->schema->table_count; i++) {
		coffer_table *table = &ddl->schema->tables[i];

		for (size_t c = 0; c < table->check_count; c++)
			if (table->checks[c].is_exclusion && !strcmp(table->checks[c].name, name))
				return &table->checks[c];
	}
	return NULL;
}

static void
attach(struct coffer_ddl *ddl, const struct coffer_sql_name *parent)
{
	struct coffer_sql_name name;
	coffer_index *index;
	coffer_check *check;

	coffer_ddl_read_name(ddl, &name);
	if (!coffer_ddl_is_ours(ddl, &name) || !coffer_ddl_is_ours(ddl, parent))
		return;
	if ((index = find_index(ddl, name.name)))
		index->attached_to = coffer_ddl_keep(ddl, parent->name);
	else if ((check = find_exclusion(ddl, name.name)))
		check->is_inherited = true;
}

void
coffer_ddl_alter_index(struct coffer_ddl *ddl)
{
	struct coffer_sql_name name;

	coffer_sql_accept_words(&ddl->sql, "if exists");
	coffer_ddl_read_name(ddl, &name);
	if (coffer_sql_accept_words(&ddl->sql, "attach partition"))
		attach(ddl, &name);
	else if (coffer_ddl_is_ours(ddl, &name) &&
		 (coffer_sql_accept_words(&ddl->sql, "alter column")))
		coffer_ddl_leave(ddl, COFFER_LEFT_COLUMN_SETTINGS, name.name, "", NULL);
}

void
coffer_ddl_read_cluster(struct coffer_ddl *ddl, coffer_index *indexes, size_t count)
{
	const char *name = coffer_ddl_read_identifier(ddl);

	for (size_t i = 0; name && i < count; i++)
		if (!strcmp(indexes[i].name, name))
			indexes[i].is_clustered = true;
}
