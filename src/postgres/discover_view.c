/*
 * Views and materialized views, each behind those that it reads. Names decide among views that
 * could come next, so that the same views always come in the same order.
 */
#include "postgres/discover_parts.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
enum {
	VIEW_OID, VIEW_NAME, VIEW_COMMENT, VIEW_DEFINITION, VIEW_OPTIONS, VIEW_IS_MATERIALIZED,
	VIEW_IS_POPULATED, VIEW_NEEDS,
};
/* clang-format on */

/*
 * The definition ends with a semicolon. VIEW_NEEDS: oids, ",1,2,", of the schema's views that it
 * reads.
 */
/* clang-format off */
static const char views_sql[] =
	"SELECT c.oid, c.relname, pg_catalog.obj_description(c.oid, 'pg_class'),"
	" pg_catalog.rtrim(pg_catalog.pg_get_viewdef(c.oid), ';'::pg_catalog.text),"
	" " COFFER_OPTIONS_SQL("c.reloptions", "") ", c.relkind = 'm', c.relispopulated,"
	" (SELECT pg_catalog.concat(',', pg_catalog.string_agg(DISTINCT d.refobjid::pg_catalog.text,"
	"   ','::pg_catalog.text), ',')"
	"  FROM pg_catalog.pg_rewrite AS r"
	"  JOIN pg_catalog.pg_depend AS d"
	"   ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass::pg_catalog.oid AND d.objid = r.oid"
	"   AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid"
	"  JOIN pg_catalog.pg_class AS v ON v.oid = d.refobjid"
	"  WHERE r.ev_class = c.oid AND v.oid <> c.oid AND v.relkind IN ('v', 'm')"
	"  AND v.relnamespace = c.relnamespace)"
	" FROM pg_catalog.pg_class AS c"
	" WHERE c.relnamespace = $1::pg_catalog.oid AND c.relkind IN ('v', 'm')"
	" AND" COFFER_NOT_EXTENSION("pg_catalog.pg_class", "c.oid")
	" ORDER BY c.relname";
/* clang-format on */

static void
add_view(struct coffer_discovery *discovery, const PGresult *result, int row)
{
	coffer_view *view = coffer_schema_add_view(discovery->schema);

	if (!view) {
		discovery->is_out_of_memory = true;
		return;
	}
	view->name = coffer_discovery_text(discovery, result, row, VIEW_NAME);
	view->comment = coffer_discovery_text(discovery, result, row, VIEW_COMMENT);
	view->definition = coffer_discovery_text(discovery, result, row, VIEW_DEFINITION);
	view->options = coffer_discovery_text(discovery, result, row, VIEW_OPTIONS);
	view->is_materialized = coffer_field_bool(result, row, VIEW_IS_MATERIALIZED);
	view->is_populated = coffer_field_bool(result, row, VIEW_IS_POPULATED);
}

/* May view `row` come now? Those that it reads must be among the done. */
static bool
is_ready(const PGresult *result, int row, const bool *is_done)
{
	const char *needs = coffer_field(result, row, VIEW_NEEDS);
	int other;

	for (other = 0; needs[1] && other < PQntuples(result); other++) {
		const char *oid = coffer_field(result, other, VIEW_OID), *at = needs;
		size_t size = strlen(oid);

		if (is_done[other])
			continue;
		while ((at = strstr(at + 1, oid)))
			if (at[-1] == ',' && at[size] == ',')
				return false;
	}
	return true;
}

/* The first that may come next, or -1: all done, or the rest read each other. */
static int
next_view(const PGresult *result, const bool *is_done)
{
	int row;

	for (row = 0; row < PQntuples(result); row++)
		if (!is_done[row] && is_ready(result, row, is_done))
			return row;
	return -1;
}

coffer_status
coffer_discover_views(struct coffer_discovery *discovery)
{
	PGresult *result;
	coffer_status status = coffer_discovery_query(discovery, views_sql, &result);
	size_t count = status ? 0 : (size_t)PQntuples(result);
	bool *is_done = coffer_schema_memory(discovery->schema, count + 1);
	int row;

	if (!is_done)
		discovery->is_out_of_memory = true;
	while (!status && is_done && (row = next_view(result, is_done)) >= 0) {
		is_done[row] = true;
		add_view(discovery, result, row);
	}
	for (row = 0; !status && is_done && row < (int)count; row++)
		if (!is_done[row])
			coffer_discovery_warn(
				discovery,
				"view \"%s\" is not carried: it reads itself by way of "
				"others",
				coffer_field(result, row, VIEW_NAME));
	PQclear(result);
	return status ? status : coffer_discovery_finish(discovery);
}
