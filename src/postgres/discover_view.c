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
	"SELECT c.oid, c.relname, " COFFER_COMMENT_SQL("c.oid", "pg_class", "0") ","
	" pg_catalog.rtrim(pg_catalog.pg_get_viewdef(c.oid), ';'::pg_catalog.text),"
	" nullif(pg_catalog.concat_ws(', '::pg_catalog.text, " COFFER_OPTIONS_SQL("c.reloptions", "") ","
	"  " COFFER_OPTIONS_SQL("t.reloptions", "toast.") "), ''::pg_catalog.text),"
	" c.relkind = 'm', c.relispopulated,"
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
	" LEFT JOIN pg_catalog.pg_class AS t ON t.oid = c.reltoastrelid"
	" WHERE c.relnamespace = $1::pg_catalog.oid AND c.relkind IN ('v', 'm')"
	" AND" COFFER_NOT_EXTENSION("pg_catalog.pg_class", "c.oid")
	" ORDER BY c.relname";
/* clang-format on */

/* Views of the server while they are put into order, by row of the result. */
struct views {
	const PGresult *result;
	bool *is_done;
	bool *is_empty; /* has no rows now, or reads one that has none */
};

/* Does view `row` read view `other`? */
static bool
needs(const struct views *views, int row, int other)
{
	const char *oid = coffer_field(views->result, other, VIEW_OID);
	const char *at = coffer_field(views->result, row, VIEW_NEEDS);
	size_t size = strlen(oid);

	while ((at = strstr(at + 1, oid)))
		if (at[-1] == ',' && at[size] == ',')
			return true;
	return false;
}

/*
 * A materialized view may have rows from a time when one that it reads had some too. They cannot be
 * made again, so it goes without them; pg_dump does the same.
 */
static bool
is_empty(const struct views *views, int row)
{
	for (int other = 0; other < PQntuples(views->result); other++)
		if (views->is_empty[other] && needs(views, row, other))
			return true;
	return !coffer_field_bool(views->result, row, VIEW_IS_POPULATED);
}

static void
add_view(struct coffer_discovery *discovery, const struct views *views, int row)
{
	coffer_view *view = coffer_schema_add_view(discovery->schema);
	const PGresult *result = views->result;

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
	if (!view->is_materialized || !view->is_populated || !views->is_empty[row])
		return;
	view->is_populated = false;
	coffer_discovery_warn(discovery,
			      "rows of materialized view \"%s\" are not carried: it reads one "
			      "that has none",
			      coffer_field(result, row, VIEW_NAME));
}

/* May view `row` come now? Those that it reads must be among the done. */
static bool
is_ready(const struct views *views, int row)
{
	for (int other = 0; other < PQntuples(views->result); other++)
		if (!views->is_done[other] && needs(views, row, other))
			return false;
	return true;
}

/* The first that may come next, or -1: all done, or the rest read each other. */
static int
next_view(const struct views *views)
{
	for (int row = 0; row < PQntuples(views->result); row++)
		if (!views->is_done[row] && is_ready(views, row))
			return row;
	return -1;
}

/* Those that may never come read themselves by way of others. */
static void
add_views(struct coffer_discovery *discovery, const struct views *views)
{
	int row;

	while ((row = next_view(views)) >= 0) {
		views->is_done[row] = true;
		views->is_empty[row] = is_empty(views, row);
		add_view(discovery, views, row);
	}
	for (row = 0; row < PQntuples(views->result); row++)
		if (!views->is_done[row])
			coffer_discovery_warn(
				discovery,
				"view \"%s\" is not carried: it reads itself by way of others",
				coffer_field(views->result, row, VIEW_NAME));
}

coffer_status
coffer_discover_views(struct coffer_discovery *discovery)
{
	PGresult *result;
	coffer_status status = coffer_discovery_query(discovery, views_sql, "rrororrr", &result);
	size_t count = status ? 0 : (size_t)PQntuples(result);
	struct views views = {
		.result = result,
		.is_done = coffer_schema_memory(discovery->schema, count + 1),
		.is_empty = coffer_schema_memory(discovery->schema, count + 1),
	};

	if (!views.is_done || !views.is_empty)
		discovery->is_out_of_memory = true;
	else if (!status)
		add_views(discovery, &views);
	PQclear(result);
	return status ? status : coffer_discovery_finish(discovery);
}
