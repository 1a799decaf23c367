/*
 * The DDL of a dump, statement by statement.
 *
 *   statement --> its kind --> a part of the model --> ... --> order, inheritance, settling
 *
 * A dump is the words of pg_dump, versions 12 to 18: its statements have few forms, and those alone
 * are read.
 */
#include "transfer/ddl_parts.h"

#include <stdlib.h>
#include <string.h>

/* "CREATE OR REPLACE VIEW" gives a view its definition when what that needs is there. */
static const struct {
	const char *words;
	void (*read)(struct coffer_ddl *ddl);
} statements[] = {
	{"create table", coffer_ddl_create_table},
	{"create unlogged table", coffer_ddl_create_unlogged_table},
	{"alter table", coffer_ddl_alter_table},
	{"create index", coffer_ddl_create_index},
	{"create unique index", coffer_ddl_create_unique_index},
	{"alter index", coffer_ddl_alter_index},
	{"comment on", coffer_ddl_comment},
	{"create type", coffer_ddl_create_type},
	{"create domain", coffer_ddl_create_domain},
	{"alter domain", coffer_ddl_alter_domain},
	{"create sequence", coffer_ddl_create_sequence},
	{"create unlogged sequence", coffer_ddl_create_unlogged_sequence},
	{"alter sequence", coffer_ddl_alter_sequence},
	{"create view", coffer_ddl_create_view},
	{"create or replace view", coffer_ddl_create_view},
	{"create materialized view", coffer_ddl_create_materialized_view},
	{"refresh materialized view", coffer_ddl_refresh_view},
};

coffer_status
coffer_ddl_new(const struct coffer_ddl_options *options, struct coffer_ddl **ddl_out,
	       coffer_error *error)
{
	struct coffer_ddl *ddl = calloc(1, sizeof(*ddl));
	coffer_status status;

	*ddl_out = NULL;
	if (!ddl)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a schema");
	ddl->options = *options;
	coffer_sql_session_init(&ddl->session);
	status = options->base ? COFFER_OK : coffer_schema_new(&ddl->schema, error);
	if (options->base)
		ddl->schema = options->base;
	if (!status && !(ddl->schema->name = coffer_schema_text(ddl->schema, options->schema)))
		status = coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a schema");
	if (status) {
		coffer_ddl_free(ddl);
		return status;
	}
	if (!strcmp(options->schema, "public")) /* every database has it, so a dump does not */
		ddl->schema->comment = "standard public schema";
	*ddl_out = ddl;
	return COFFER_OK;
}

void
coffer_ddl_free(struct coffer_ddl *ddl)
{
	if (!ddl)
		return;
	coffer_schema_free(ddl->schema);
	free(ddl->partitions);
	free(ddl->left);
	free(ddl->heirs);
	free(ddl->domains);
	free(ddl->not_inherited);
	free(ddl);
}

static void
read_statement(struct coffer_ddl *ddl)
{
	struct coffer_sql place = ddl->sql;
	struct coffer_sql_name function;

	for (size_t i = 0; i < sizeof(statements) / sizeof(*statements); i++)
		if (coffer_sql_accept_words(&ddl->sql, statements[i].words)) {
			statements[i].read(ddl);
			return;
		}
	if (coffer_sql_accept(&place, "select") && coffer_sql_name(&place, "", &function) &&
	    !strcmp(function.name, "setval")) {
		ddl->sql = place;
		coffer_ddl_set_sequence(ddl);
		return;
	}
	coffer_ddl_leave_statement(ddl);
}

coffer_status
coffer_ddl_read(struct coffer_ddl *ddl, coffer_text statement, coffer_error *error)
{
	ddl->status = COFFER_OK;
	ddl->error = error;
	coffer_sql_init(&ddl->sql, statement, ddl->session.has_backslashes);
	ddl->status = coffer_sql_session_read(&ddl->session, ddl->sql, error);
	if (coffer_ddl_is_well(ddl))
		read_statement(ddl);
	return ddl->status;
}

coffer_status
coffer_ddl_finish(struct coffer_ddl *ddl, coffer_schema **schema_out, coffer_error *error)
{
	coffer_status status;

	*schema_out = NULL;
	ddl->status = COFFER_OK;
	ddl->error = error;
	coffer_ddl_put_in_order(ddl);
	if (coffer_ddl_is_well(ddl))
		coffer_ddl_say_left(ddl);
	status = ddl->status;
	if (!status)
		status = coffer_schema_settle(ddl->schema, error);
	if (status)
		return status;
	*schema_out = ddl->schema;
	ddl->schema = NULL;
	return COFFER_OK;
}

static const struct coffer_sql_name *
parent_of(const struct coffer_ddl *ddl, const struct coffer_sql_name *name)
{
	for (size_t i = 0; i < ddl->partition_count; i++)
		if (!strcmp(ddl->partitions[i].name.name, name->name) &&
		    !strcmp(ddl->partitions[i].name.schema, name->schema))
			return &ddl->partitions[i].parent;
	return NULL;
}

/* A chain of partitions is no longer than all of them. */
uint32_t
coffer_ddl_find(const struct coffer_ddl *ddl, const coffer_schema *schema,
		const struct coffer_sql_name *name)
{
	for (size_t steps = 0; name && steps <= ddl->partition_count; steps++) {
		uint32_t number = COFFER_NO_TABLE;

		if (!strcmp(name->schema, ddl->options.schema))
			number = coffer_schema_find_table(schema, name->name);
		if (number != COFFER_NO_TABLE && schema->tables[number].id)
			return number;
		name = parent_of(ddl, name);
	}
	return COFFER_NO_TABLE;
}

bool
coffer_ddl_has_extensions(const struct coffer_ddl *ddl)
{
	return ddl->has_extensions;
}
