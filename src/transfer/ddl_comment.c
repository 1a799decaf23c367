/*
 * COMMENT ON what is carried. Comments of other things go with them without a word, but for those
 * that a server's catalogue is asked for.
 */
#include "transfer/ddl_parts.h"

#include <string.h>

/* Behind IS. */
static void
set_comment(struct coffer_ddl *ddl, const char **comment)
{
	coffer_ddl_expect(ddl, "is");
	*comment = coffer_ddl_read_string(ddl);
}

static void
on_schema(struct coffer_ddl *ddl)
{
	const char *name = coffer_ddl_read_identifier(ddl);

	if (name && !strcmp(name, ddl->options.schema))
		set_comment(ddl, &ddl->schema->comment);
}

static void
on_type(struct coffer_ddl *ddl)
{
	struct coffer_sql_name name;

	coffer_ddl_read_name(ddl, &name);
	for (size_t i = 0; coffer_ddl_is_ours(ddl, &name) && i < ddl->schema->enum_count; i++)
		if (!strcmp(ddl->schema->enums[i].name, name.name))
			set_comment(ddl, &ddl->schema->enums[i].comment);
}

static void
on_domain(struct coffer_ddl *ddl)
{
	struct coffer_sql_name name;

	coffer_ddl_read_name(ddl, &name);
	for (size_t i = 0; coffer_ddl_is_ours(ddl, &name) && i < ddl->schema->domain_count; i++)
		if (!strcmp(ddl->schema->domains[i].name, name.name))
			set_comment(ddl, &ddl->schema->domains[i].comment);
}

static void
on_sequence(struct coffer_ddl *ddl)
{
	struct coffer_sql_name name;

	coffer_ddl_read_name(ddl, &name);
	for (size_t i = 0; coffer_ddl_is_ours(ddl, &name) && i < ddl->schema->sequence_count; i++)
		if (!strcmp(ddl->schema->sequences[i].name, name.name))
			set_comment(ddl, &ddl->schema->sequences[i].comment);
}

static void
on_table(struct coffer_ddl *ddl)
{
	struct coffer_sql_name name;
	coffer_table *table;

	coffer_ddl_read_name(ddl, &name);
	if (coffer_ddl_is_ours(ddl, &name) && (table = coffer_ddl_find_table(ddl, name.name)))
		set_comment(ddl, &table->comment);
}

static void
on_view(struct coffer_ddl *ddl)
{
	struct coffer_sql_name name;
	coffer_view *view;

	coffer_ddl_read_name(ddl, &name);
	if (coffer_ddl_is_ours(ddl, &name) && (view = coffer_ddl_find_view(ddl, name.name)))
		set_comment(ddl, &view->comment);
}

/* "schema.table.column", or "table.column" in the session's schema. */
static void
on_column(struct coffer_ddl *ddl)
{
	struct coffer_sql_name name;
	const char *column;
	coffer_table *table;
	uint16_t number;

	coffer_ddl_read_name(ddl, &name);
	if (coffer_sql_accept_symbol(&ddl->sql, '.')) {
		column = coffer_ddl_read_identifier(ddl);
	} else {
		column = coffer_ddl_keep(ddl, name.name);
		memcpy(name.name, name.schema, sizeof(name.name));
		memcpy(name.schema, ddl->session.schema, sizeof(name.schema));
	}
	if (!coffer_ddl_is_ours(ddl, &name))
		return;
	table = coffer_ddl_find_table(ddl, name.name);
	number = table ? coffer_table_find_column(table, column) : COFFER_NO_COLUMN;
	if (number != COFFER_NO_COLUMN)
		set_comment(ddl, &table->columns[number].comment);
	else if (coffer_ddl_find_view(ddl, name.name))
		coffer_ddl_leave(ddl, COFFER_LEFT_VIEW_COLUMN_COMMENT, name.name, ".", column);
}

static bool
on_index_of(struct coffer_ddl *ddl, coffer_index *indexes, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(indexes[i].name, name) != 0)
			continue;
		if (indexes[i].is_constraint)
			coffer_ddl_leave(ddl, COFFER_LEFT_CONSTRAINT_INDEX_COMMENT, name, "", NULL);
		else
			set_comment(ddl, &indexes[i].comment);
		return true;
	}
	return false;
}

static void
on_index(struct coffer_ddl *ddl)
{
	struct coffer_sql_name name;
	bool is_found = false;

	coffer_ddl_read_name(ddl, &name);
	if (!coffer_ddl_is_ours(ddl, &name))
		return;
	for (size_t i = 0; !is_found && i < ddl->schema->table_count; i++)
		is_found = on_index_of(ddl, ddl->schema->tables[i].indexes,
				       ddl->schema->tables[i].index_count, name.name);
	for (size_t i = 0; !is_found && i < ddl->schema->view_count; i++)
		is_found = on_index_of(ddl, ddl->schema->views[i].indexes,
				       ddl->schema->views[i].index_count, name.name);
	if (!is_found) /* an exclusion constraint's */
		coffer_ddl_leave(ddl, COFFER_LEFT_CONSTRAINT_INDEX_COMMENT, name.name, "", NULL);
}

static void
on_check_of(struct coffer_ddl *ddl, coffer_check *checks, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(checks[i].name, name))
			set_comment(ddl, &checks[i].comment);
}

static void
on_constraint_of(struct coffer_ddl *ddl, coffer_table *table, const char *name)
{
	for (size_t i = 0; i < table->index_count; i++)
		if (table->indexes[i].is_constraint && !strcmp(table->indexes[i].name, name))
			set_comment(ddl, &table->indexes[i].comment);
	for (size_t i = 0; i < table->relation_count; i++)
		if (!strcmp(table->relations[i].name, name))
			set_comment(ddl, &table->relations[i].comment);
	on_check_of(ddl, table->checks, table->check_count, name);
}

/* "CONSTRAINT name ON schema.table", or "ON DOMAIN schema.domain". */
static void
on_constraint(struct coffer_ddl *ddl)
{
	const char *name = coffer_ddl_read_identifier(ddl);
	struct coffer_sql_name owner;
	coffer_table *table;
	bool is_of_domain;

	coffer_ddl_expect(ddl, "on");
	is_of_domain = coffer_sql_accept(&ddl->sql, "domain");
	coffer_ddl_read_name(ddl, &owner);
	if (!coffer_ddl_is_ours(ddl, &owner))
		return;
	for (size_t i = 0; is_of_domain && i < ddl->schema->domain_count; i++) {
		coffer_domain *domain = &ddl->schema->domains[i];

		if (!strcmp(domain->name, owner.name))
			on_check_of(ddl, domain->checks, domain->check_count, name);
	}
	if (!is_of_domain && (table = coffer_ddl_find_table(ddl, owner.name)))
		on_constraint_of(ddl, table, name);
}

void
coffer_ddl_comment(struct coffer_ddl *ddl)
{
	static const struct {
		const char *words;
		void (*read)(struct coffer_ddl *ddl);
	} kinds[] = {
		{"schema", on_schema},          {"type", on_type},     {"domain", on_domain},
		{"sequence", on_sequence},      {"table", on_table},   {"view", on_view},
		{"materialized view", on_view}, {"column", on_column}, {"index", on_index},
		{"constraint", on_constraint},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (coffer_sql_accept_words(&ddl->sql, kinds[i].words)) {
			kinds[i].read(ddl);
			return;
		}
}
