/*
 * Constraints of a table: keys become indexes, foreign keys relations, the rest checks that keep
 * their text.
 */
#include "transfer/ddl_parts.h"

#include <string.h>

static const char *const no_words[] = {NULL};

/* ------------------------------------------------------------------ keys */

/* "(a, b WITHOUT OVERLAPS)" of an index that has one column a name. */
static void
read_key_columns(struct coffer_ddl *ddl, const coffer_table *table, coffer_index *index)
{
	index->is_plain = true;
	index->column_count = coffer_ddl_read_columns(ddl, table, &index->columns);
	if (coffer_sql_accept_words(&ddl->sql, "without overlaps"))
		index->is_plain = false;
	coffer_ddl_expect_symbol(ddl, ')');
}

/* Its own text, but for the options: those stand in front of DEFERRABLE. */
static void
read_definition(struct coffer_ddl *ddl, coffer_index *index, const char *begin)
{
	coffer_text head = coffer_sql_since(&ddl->sql, begin), tail;
	const char *options = NULL, *tail_begin;
	coffer_buffer text = {0};

	if (coffer_sql_accept(&ddl->sql, "with"))
		options = coffer_ddl_read_options(ddl);
	if (coffer_sql_accept_words(&ddl->sql, "using index tablespace"))
		coffer_ddl_read_identifier(ddl);
	tail_begin = ddl->sql.token.at;
	while (coffer_sql_is(&ddl->sql, "deferrable") || coffer_sql_is(&ddl->sql, "initially"))
		coffer_ddl_read_until(ddl, no_words);
	tail = coffer_sql_since(&ddl->sql, tail_begin);
	coffer_buffer_append(&text, head.data, head.size);
	if (options)
		coffer_buffer_printf(&text, " WITH (%s)", options);
	if (tail.size)
		coffer_buffer_printf(&text, " %.*s", (int)tail.size, tail.data);
	if (text.is_failed)
		coffer_ddl_fail_memory(ddl);
	else
		index->definition = coffer_ddl_text(ddl, (coffer_text){text.data, text.size});
	coffer_buffer_release(&text);
}

/* `begin` is where "PRIMARY KEY" or "UNIQUE" stood, which was read. */
static void
read_key(struct coffer_ddl *ddl, coffer_table *table, const char *name, const char *begin,
	 bool is_primary)
{
	coffer_index *index = coffer_table_add_index(ddl->schema, table);

	if (!coffer_ddl_have(ddl, index))
		return;
	index->name = name;
	index->is_unique = index->is_constraint = true;
	index->is_primary = is_primary;
	index->nulls_not_distinct = coffer_sql_accept_words(&ddl->sql, "nulls not distinct");
	read_key_columns(ddl, table, index);
	if (coffer_sql_accept(&ddl->sql, "include"))
		coffer_ddl_read_inside(ddl);
	read_definition(ddl, index, begin);
	coffer_ddl_leave_storage(ddl, name, true);
	for (size_t i = 0; is_primary && i < index->column_count; i++)
		table->columns[index->columns[i]].is_nullable = false;
}

/* ------------------------------------------------------------------ foreign keys */

static coffer_action
read_action(struct coffer_ddl *ddl)
{
	static const struct {
		const char *words;
		coffer_action action;
	} actions[] = {
		{"no action", COFFER_NO_ACTION},     {"restrict", COFFER_RESTRICT},
		{"cascade", COFFER_CASCADE},         {"set null", COFFER_SET_NULL},
		{"set default", COFFER_SET_DEFAULT},
	};

	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++)
		if (coffer_sql_accept_words(&ddl->sql, actions[i].words))
			return actions[i].action;
	coffer_ddl_expected(ddl, "an action");
	return COFFER_NO_ACTION;
}

/* "(a, b)" as names, as many as the relation has columns. */
static void
read_target_columns(struct coffer_ddl *ddl, coffer_relation *relation)
{
	size_t count = 0;

	relation->target_columns = coffer_ddl_memory(
		ddl, (relation->column_count + 1) * sizeof(*relation->target_columns));
	coffer_ddl_expect_symbol(ddl, '(');
	while (coffer_ddl_is_well(ddl) && count < relation->column_count) {
		if (count)
			coffer_ddl_expect_symbol(ddl, ',');
		relation->target_columns[count++] = coffer_ddl_read_identifier(ddl);
	}
	coffer_ddl_expect_symbol(ddl, ')');
}

static void
read_actions(struct coffer_ddl *ddl, const coffer_table *table, coffer_relation *relation)
{
	for (;;) {
		if (coffer_sql_accept_words(&ddl->sql, "match full")) {
			relation->is_match_full = true;
		} else if (coffer_sql_accept_words(&ddl->sql, "on update")) {
			relation->on_update = read_action(ddl);
		} else if (coffer_sql_accept_words(&ddl->sql, "on delete")) {
			relation->on_delete = read_action(ddl);
			if (!coffer_sql_is_symbol(&ddl->sql, '('))
				continue;
			relation->delete_column_count =
				coffer_ddl_read_columns(ddl, table, &relation->delete_columns);
			coffer_ddl_expect_symbol(ddl, ')');
		} else {
			return;
		}
	}
}

/* "DEFERRABLE INITIALLY DEFERRED NOT VALID": what is left of the constraint. */
static void
read_tail(struct coffer_ddl *ddl, coffer_relation *relation)
{
	coffer_text tail;

	if (ddl->sql.token.kind == COFFER_SQL_END || coffer_sql_is_symbol(&ddl->sql, ';') ||
	    coffer_sql_is_symbol(&ddl->sql, ',') || coffer_sql_is_symbol(&ddl->sql, ')'))
		return;
	tail = coffer_ddl_read_until(ddl, no_words);
	relation->definition_tail = coffer_ddl_text(ddl, tail);
}

static bool
has_period(struct coffer_sql sql)
{
	while (!coffer_sql_is_symbol(&sql, ')') && sql.token.kind != COFFER_SQL_END &&
	       sql.token.kind != COFFER_SQL_OPEN) {
		bool is_period = coffer_sql_accept(&sql, "period");

		if (is_period && !coffer_sql_is_symbol(&sql, ',') &&
		    !coffer_sql_is_symbol(&sql, ')'))
			return true;
		if (!is_period)
			coffer_sql_next(&sql);
	}
	return false;
}

static void
refuse_relation(struct coffer_ddl *ddl, const coffer_table *table, const char *name,
		const char *why)
{
	coffer_ddl_warn(ddl, "foreign key \"%s\" of \"%s\" is not carried: %s", name, table->name,
			why);
	coffer_ddl_read_until(ddl, no_words);
}

/* Behind "FOREIGN KEY". Whether the target exists is seen at the end. */
static void
read_relation(struct coffer_ddl *ddl, coffer_table *table, const char *name)
{
	struct coffer_sql_name target;
	coffer_relation *relation;
	uint16_t *columns;
	size_t count;

	if (has_period(ddl->sql)) {
		refuse_relation(ddl, table, name, "it compares periods");
		return;
	}
	count = coffer_ddl_read_columns(ddl, table, &columns);
	coffer_ddl_expect_symbol(ddl, ')');
	coffer_ddl_expect(ddl, "references");
	coffer_ddl_read_name(ddl, &target);
	if (coffer_ddl_is_well(ddl) && !coffer_ddl_is_ours(ddl, &target)) {
		refuse_relation(ddl, table, name, "it refers to a table that is not carried");
		return;
	}
	relation = coffer_table_add_relation(ddl->schema, table);
	if (!coffer_ddl_is_well(ddl) || !coffer_ddl_have(ddl, relation))
		return;
	relation->name = name;
	relation->columns = columns;
	relation->column_count = count;
	relation->target = coffer_ddl_keep(ddl, target.name);
	read_target_columns(ddl, relation);
	read_actions(ddl, table, relation);
	read_tail(ddl, relation);
}

/* ------------------------------------------------------------------ the rest */

static void
read_check(struct coffer_ddl *ddl, coffer_table *table, const char *name, bool is_exclusion)
{
	coffer_check *check = coffer_table_add_check(ddl->schema, table);
	coffer_text text = coffer_ddl_read_until(ddl, no_words);

	if (!coffer_ddl_have(ddl, check))
		return;
	check->name = name;
	check->is_exclusion = is_exclusion;
	check->definition = coffer_ddl_text(ddl, text);
	if (is_exclusion)
		coffer_ddl_leave_storage(ddl, name, true);
}

/* "NOT NULL a NO INHERIT NOT VALID", behind its first two words. */
static void
read_not_null(struct coffer_ddl *ddl, coffer_table *table)
{
	const char *name = coffer_ddl_read_identifier(ddl);
	uint16_t column = coffer_table_find_column(table, name);

	if (column == COFFER_NO_COLUMN) {
		coffer_ddl_fail(ddl, "NOT NULL of a column that %s does not have", table->name);
		return;
	}
	coffer_sql_accept_words(&ddl->sql, "no inherit");
	if (coffer_sql_accept_words(&ddl->sql, "not valid"))
		coffer_ddl_leave(ddl, COFFER_LEFT_NOT_NULL, table->name, ".", name);
	else
		table->columns[column].is_nullable = false;
}

void
coffer_ddl_read_constraint(struct coffer_ddl *ddl, coffer_table *table)
{
	const char *name = coffer_ddl_read_identifier(ddl), *begin = ddl->sql.token.at;
	struct coffer_sql *sql = &ddl->sql;

	if (!name)
		return;
	if (coffer_sql_accept_words(sql, "primary key"))
		read_key(ddl, table, name, begin, true);
	else if (coffer_sql_accept(sql, "unique"))
		read_key(ddl, table, name, begin, false);
	else if (coffer_sql_accept_words(sql, "foreign key"))
		read_relation(ddl, table, name);
	else if (coffer_sql_accept_words(sql, "not null"))
		read_not_null(ddl, table);
	else if (coffer_sql_is(sql, "check") || coffer_sql_is(sql, "exclude"))
		read_check(ddl, table, name, coffer_sql_is(sql, "exclude"));
	else
		coffer_ddl_expected(ddl, "a kind of constraint");
	if (ddl->status)
		coffer_error_at(ddl->error, "%s", name);
}
