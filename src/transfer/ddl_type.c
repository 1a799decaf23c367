/*
 * Enums and domains. Other types are not carried.
 */
#include "transfer/ddl_parts.h"

#include <string.h>

enum { LABELS_MAX = 65535 }; /* SPEC.md 11 */

/* ------------------------------------------------------------------ enums */

static size_t
count_labels(struct coffer_sql sql)
{
	size_t count = 0;

	for (; sql.token.kind == COFFER_SQL_STRING; count++) {
		coffer_sql_next(&sql);
		coffer_sql_accept_symbol(&sql, ',');
	}
	return count;
}

static void
read_enum(struct coffer_ddl *ddl, const struct coffer_sql_name *name)
{
	coffer_enum *type = coffer_schema_add_enum(ddl->schema);
	size_t count;

	coffer_ddl_expect_symbol(ddl, '(');
	count = count_labels(ddl->sql);
	if (count > LABELS_MAX)
		coffer_ddl_fail(ddl, "an enum of %zu labels, at most %d are allowed", count,
				LABELS_MAX);
	if (!coffer_ddl_have(ddl, type) || !coffer_ddl_is_well(ddl))
		return;
	type->name = coffer_ddl_keep(ddl, name->name);
	type->labels = coffer_ddl_memory(ddl, (count + 1) * sizeof(*type->labels));
	while (coffer_ddl_is_well(ddl) && type->label_count < count) {
		const char *label = coffer_ddl_read_string(ddl);

		if (!label)
			coffer_ddl_expected(ddl, "a label");
		else
			type->labels[type->label_count++] = label;
		coffer_sql_accept_symbol(&ddl->sql, ',');
	}
	coffer_ddl_expect_symbol(ddl, ')');
}

/* A range brings a type of its own; a shell comes before its type and is named once. */
void
coffer_ddl_create_type(struct coffer_ddl *ddl)
{
	struct coffer_sql_name name;

	coffer_ddl_read_name(ddl, &name);
	if (!coffer_ddl_is_ours(ddl, &name) || ddl->sql.token.kind == COFFER_SQL_END ||
	    coffer_sql_is_symbol(&ddl->sql, ';'))
		return;
	if (coffer_sql_accept_words(&ddl->sql, "as enum"))
		read_enum(ddl, &name);
	else if (coffer_sql_accept(&ddl->sql, "as") && coffer_sql_is_symbol(&ddl->sql, '('))
		coffer_ddl_leave(ddl, COFFER_LEFT_COMPOSITE_TYPE, name.name, "", NULL);
	else
		coffer_ddl_leave(ddl, COFFER_LEFT_TYPE, name.name, "", NULL);
}

/* ------------------------------------------------------------------ domains */

static void
read_domain_check(struct coffer_ddl *ddl, coffer_domain *domain, const char *name)
{
	static const char *const ends[] = {"constraint", NULL};
	coffer_check *check = coffer_domain_add_check(ddl->schema, domain);
	coffer_text text = coffer_ddl_read_until(ddl, ends);

	if (!coffer_ddl_have(ddl, check))
		return;
	check->name = name;
	check->definition = coffer_ddl_text(ddl, text);
}

/*
 * What stands behind a domain's type, in any order. A NOT NULL may have a name, which says nothing.
 */
static bool
read_domain_clause(struct coffer_ddl *ddl, coffer_domain *domain)
{
	const char *name = NULL;

	if (coffer_sql_accept(&ddl->sql, "constraint"))
		name = coffer_ddl_read_identifier(ddl);
	if (coffer_sql_accept_words(&ddl->sql, "not null"))
		domain->is_not_null = true;
	else if (name && coffer_sql_is(&ddl->sql, "check"))
		read_domain_check(ddl, domain, name);
	else if (coffer_sql_accept(&ddl->sql, "default"))
		domain->default_sql = coffer_ddl_read_expression(ddl);
	else if (coffer_sql_accept(&ddl->sql, "collate"))
		domain->collation = coffer_ddl_read_collation(ddl);
	else if (!coffer_sql_accept(&ddl->sql, "null"))
		return false;
	return true;
}

/* A domain of another schema says what lies under columns that have it. */
static void
note_domain(struct coffer_ddl *ddl, const struct coffer_sql_name *name)
{
	struct coffer_ddl_domain *domain =
		coffer_ddl_append(ddl, &ddl->domains, &ddl->domain_count, sizeof(*domain));
	coffer_buffer text = {0};

	coffer_buffer_identifier(&text, name->schema);
	coffer_buffer_text(&text, ".");
	coffer_buffer_identifier(&text, name->name);
	if (domain) {
		domain->name = coffer_ddl_keep(ddl, text.is_failed ? "" : text.data);
		domain->type = coffer_ddl_read_type(ddl);
	}
	coffer_buffer_release(&text);
}

void
coffer_ddl_create_domain(struct coffer_ddl *ddl)
{
	struct coffer_sql_name name;
	coffer_domain *domain;

	coffer_ddl_read_name(ddl, &name);
	coffer_ddl_expect(ddl, "as");
	if (!coffer_ddl_is_ours(ddl, &name)) {
		if (coffer_ddl_is_well(ddl))
			note_domain(ddl, &name);
		return;
	}
	domain = coffer_schema_add_domain(ddl->schema);
	if (!coffer_ddl_have(ddl, domain))
		return;
	domain->name = coffer_ddl_keep(ddl, name.name);
	domain->type = coffer_ddl_read_type(ddl);
	while (coffer_ddl_is_well(ddl) && read_domain_clause(ddl, domain))
		;
	if (ddl->sql.token.kind != COFFER_SQL_END && !coffer_sql_is_symbol(&ddl->sql, ';'))
		coffer_ddl_expected(ddl, "what pg_dump writes behind the type of a domain");
}

static coffer_domain *
find_domain(struct coffer_ddl *ddl, const char *name)
{
	for (size_t i = 0; i < ddl->schema->domain_count; i++)
		if (!strcmp(ddl->schema->domains[i].name, name))
			return &ddl->schema->domains[i];
	return NULL;
}

/* A check that is not valid stands behind the data. */
void
coffer_ddl_alter_domain(struct coffer_ddl *ddl)
{
	struct coffer_sql_name name;
	coffer_domain *domain;
	const char *check;

	coffer_ddl_read_name(ddl, &name);
	if (!coffer_ddl_is_ours(ddl, &name) || !(domain = find_domain(ddl, name.name)) ||
	    !coffer_sql_accept_words(&ddl->sql, "add constraint"))
		return;
	check = coffer_ddl_read_identifier(ddl);
	if (coffer_sql_is(&ddl->sql, "check"))
		read_domain_check(ddl, domain, check);
}
