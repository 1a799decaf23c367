/*
 * What a role may not read is said once it is known what is to be read: a part may leave it out.
 */
#include "postgres/discover_parts.h"

#include <string.h>

/* Tables before sequences, each by name. */
static const char unreadable_sql[] =
	"SELECT c.relname, c.relkind = 'S' FROM pg_catalog.pg_class AS c"
	" JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
	" WHERE n.nspname = $1 AND CASE WHEN c.relkind = 'S'"
	"  THEN NOT pg_catalog.has_sequence_privilege(c.oid, 'SELECT')"
	"  WHEN c.relkind IN ('r', 'p') THEN NOT pg_catalog.has_table_privilege(c.oid, 'SELECT')"
	" END ORDER BY 2, 1";

static bool
has_sequence(const coffer_schema *schema, const char *name)
{
	for (size_t i = 0; i < schema->sequence_count; i++)
		if (strcmp(schema->sequences[i].name, name) == 0)
			return true;
	return false;
}

static bool
has_table(const coffer_schema *schema, const char *name)
{
	uint32_t table = coffer_schema_find_table(schema, name);

	return table != COFFER_NO_TABLE && schema->tables[table].id;
}

coffer_status
coffer_discover_readable(struct coffer_session *session, const coffer_schema *schema,
			 coffer_error *error)
{
	const char *values[1] = {session->schema};
	PGresult *result;
	coffer_status status =
		coffer_session_query_values(session, unreadable_sql, values, 1, &result, error);

	if (!status)
		status = coffer_result_check(result, "rr", 0, error);
	for (int row = 0; !status && row < PQntuples(result); row++) {
		const char *name = coffer_field(result, row, 0);
		bool is_sequence = coffer_field_bool(result, row, 1);

		if (is_sequence ? has_sequence(schema, name) : has_table(schema, name))
			status = coffer_error_set(error, COFFER_UNREACHABLE,
						  "permission denied for %s \"%s\"",
						  is_sequence ? "sequence" : "table", name);
	}
	PQclear(result);
	return status;
}
