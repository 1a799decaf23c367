/*
 * ALTER TABLE, whose subject may be a view as well.
 */
#include "transfer/ddl_parts.h"

#include <string.h>

static coffer_column *
find_column(coffer_table *table, const char *name)
{
	uint16_t number = coffer_table_find_column(table, name);

	return number == COFFER_NO_COLUMN ? NULL : &table->columns[number];
}

/* What is set of a column that the table has. */
static void
set_of_column(struct coffer_ddl *ddl, coffer_table *table, coffer_column *column)
{
	struct coffer_sql *sql = &ddl->sql;

	if (coffer_sql_accept(sql, "default"))
		column->default_sql = coffer_ddl_read_expression(ddl);
	else if (coffer_sql_accept_words(sql, "not null"))
		column->is_nullable = false;
	else if (coffer_sql_is(sql, "statistics") || coffer_sql_is(sql, "storage") ||
		 coffer_sql_is(sql, "compression") || coffer_sql_is_symbol(sql, '('))
		coffer_ddl_leave(ddl, COFFER_LEFT_COLUMN_SETTINGS, table->name, ".", column->name);
	else
		coffer_ddl_expected(ddl, "what pg_dump sets of a column");
}

static void
alter_column(struct coffer_ddl *ddl, coffer_table *table)
{
	const char *name = coffer_ddl_read_identifier(ddl);
	coffer_column *column = name ? find_column(table, name) : NULL;
	struct coffer_sql *sql = &ddl->sql;

	if (!column) {
		coffer_ddl_fail(ddl, "%s has no column %s", table->name, name ? name : "");
	} else if (coffer_sql_accept(sql, "set")) {
		set_of_column(ddl, table, column);
	} else if (coffer_sql_accept_words(sql, "add generated")) {
		coffer_ddl_read_identity(ddl, table, column);
	} else if (coffer_sql_accept_words(sql, "drop not null")) {
		column->is_nullable = true;
	} else if (coffer_sql_accept_words(sql, "drop default")) {
		column->default_sql = NULL;
	} else {
		coffer_ddl_expected(ddl, "what pg_dump alters of a column");
	}
}

/* Parents are made before their partitions are attached, those elsewhere too. */
static void
attach(struct coffer_ddl *ddl, const struct coffer_sql_name *parent)
{
	struct coffer_ddl_partition *partition;
	struct coffer_sql_name name;
	coffer_table *table;

	coffer_ddl_read_name(ddl, &name);
	partition =
		coffer_ddl_append(ddl, &ddl->partitions, &ddl->partition_count, sizeof(*partition));
	if (!partition || !coffer_ddl_is_well(ddl))
		return;
	*partition = (struct coffer_ddl_partition){name, *parent};
	table = coffer_ddl_is_ours(ddl, &name) ? coffer_ddl_find_table(ddl, name.name) : NULL;
	if (table && !coffer_ddl_is_ours(ddl, parent))
		coffer_ddl_warn(ddl,
				"table \"%s\" is a partition of a table of another schema: carried "
				"as a table of its own",
				table->name);
	if (!table || !coffer_ddl_is_ours(ddl, parent))
		return;
	table->partition_of = coffer_ddl_keep(ddl, parent->name);
	table->partition_bound =
		coffer_sql_is(&ddl->sql, "default")
			? "DEFAULT"
			: coffer_ddl_read_bounds(ddl, coffer_ddl_find_table(ddl, parent->name));
}

static void
set_replica_identity(struct coffer_ddl *ddl, coffer_table *table)
{
	const char *name;
	uint16_t index;

	if (coffer_sql_accept(&ddl->sql, "full")) {
		table->replica_identity = 'f';
	} else if (coffer_sql_accept(&ddl->sql, "nothing")) {
		table->replica_identity = 'n';
	} else if (coffer_sql_accept_words(&ddl->sql, "using index")) {
		name = coffer_ddl_read_identifier(ddl);
		index = coffer_table_find_index(table, name);
		if (index == COFFER_NO_INDEX)
			return;
		table->replica_identity = 'i';
		table->indexes[index].is_replica_identity = true;
	}
}

static bool
is_row_security(struct coffer_ddl *ddl)
{
	return coffer_sql_accept_words(&ddl->sql, "enable row level security") ||
	       coffer_sql_accept_words(&ddl->sql, "force row level security");
}

/* One that says nothing of what is carried: owners, triggers, what --clean drops. */
static bool
is_without_meaning(const struct coffer_ddl *ddl)
{
	static const char *const words[] = {"owner", "enable", "disable",  "drop", "detach",
					    "no",    "not",    "validate", NULL};

	for (size_t i = 0; words[i]; i++)
		if (coffer_sql_is(&ddl->sql, words[i]))
			return true;
	return false;
}

static void
alter_table(struct coffer_ddl *ddl, coffer_table *table)
{
	struct coffer_sql *sql = &ddl->sql;

	if (coffer_sql_accept_words(sql, "add constraint"))
		coffer_ddl_read_constraint(ddl, table);
	else if (coffer_sql_accept_words(sql, "alter column") || coffer_sql_accept(sql, "alter"))
		alter_column(ddl, table);
	else if (coffer_sql_accept_words(sql, "replica identity"))
		set_replica_identity(ddl, table);
	else if (coffer_sql_accept_words(sql, "cluster on"))
		coffer_ddl_read_cluster(ddl, table->indexes, table->index_count);
	else if (is_row_security(ddl))
		coffer_ddl_leave(ddl, COFFER_LEFT_ROW_SECURITY, table->name, "", NULL);
	else if (!is_without_meaning(ddl))
		coffer_ddl_expected(ddl, "what pg_dump alters of a table");
	if (ddl->status)
		coffer_error_at(ddl->error, "%s", table->name);
}

static void
alter_view(struct coffer_ddl *ddl, coffer_view *view)
{
	if (coffer_sql_accept_words(&ddl->sql, "cluster on"))
		coffer_ddl_read_cluster(ddl, view->indexes, view->index_count);
	else if (coffer_sql_accept_words(&ddl->sql, "alter column")) {
		const char *column = coffer_ddl_read_identifier(ddl);

		if (column && coffer_sql_accept_words(&ddl->sql, "set default"))
			coffer_ddl_leave(ddl, COFFER_LEFT_VIEW_COLUMN_DEFAULT, view->name, ".",
					 column);
		else if (column && coffer_sql_accept(&ddl->sql, "set"))
			coffer_ddl_leave(ddl, COFFER_LEFT_COLUMN_SETTINGS, view->name, ".", column);
	}
}

/*
 * What --clean drops is not there yet; a key of a table that is not defined would be lost without a
 * word.
 */
static void
alter_unknown(struct coffer_ddl *ddl, const char *name)
{
	if (coffer_sql_accept_words(&ddl->sql, "alter column"))
		coffer_ddl_read_identifier(ddl);
	if (!is_without_meaning(ddl))
		coffer_ddl_warn(ddl,
				"a change of \"%s\" is passed over: the dump does not define it",
				name);
}

void
coffer_ddl_alter_table(struct coffer_ddl *ddl)
{
	struct coffer_sql_name name;
	coffer_table *table;
	coffer_view *view;

	coffer_sql_accept_words(&ddl->sql, "if exists");
	coffer_sql_accept(&ddl->sql, "only");
	coffer_ddl_read_name(ddl, &name);
	if (!coffer_ddl_is_well(ddl))
		return;
	if (coffer_sql_accept_words(&ddl->sql, "attach partition"))
		attach(ddl, &name);
	else if (!coffer_ddl_is_ours(ddl, &name))
		return;
	else if ((table = coffer_ddl_find_table(ddl, name.name)))
		alter_table(ddl, table);
	else if ((view = coffer_ddl_find_view(ddl, name.name)))
		alter_view(ddl, view);
	else
		alter_unknown(ddl, name.name);
}
