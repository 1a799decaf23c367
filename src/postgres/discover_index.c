/*
 * Primary keys, unique constraints and indexes, of tables and of materialized views.
 *
 * An index keeps what follows USING in its definition. That is cut off in SQL: what stands in
 * front is built again from the catalogue as the server builds it, compared, and its length taken
 * away, so that no name can be mistaken for the word. A constraint keeps its own text; storage
 * parameters of its index, which that lacks, are put where ALTER TABLE takes them.
 */
#include "postgres/discover_parts.h"

#include <string.h>

/* clang-format off */
enum {
	INDEX_TABLE, INDEX_NAME, INDEX_DEFINITION, INDEX_COMMENT, INDEX_ATTACHED_TO,
	INDEX_IS_PRIMARY, INDEX_IS_UNIQUE, INDEX_IS_CONSTRAINT, INDEX_IS_PLAIN,
	INDEX_NULLS_NOT_DISTINCT, INDEX_IS_REPLICA, INDEX_IS_CLUSTERED, INDEX_COLUMNS,
	INDEX_IS_VALID, INDEX_VIEW,
};

static const char indexes_sql[] =
	"SELECT i.indrelid, x.relname,"
	" CASE WHEN k.oid IS NULL THEN"
	"  CASE WHEN pg_catalog.strpos(e.definition, e.front) = 1"
	"   THEN pg_catalog.substr(e.definition, pg_catalog.length(e.front) + 1) END"
	" WHEN e.options IS NULL THEN e.definition"
	" ELSE pg_catalog.substr(e.definition, 1,"
	"   pg_catalog.length(e.definition) - pg_catalog.length(e.tail))"
	"  || ' WITH ('::pg_catalog.text || e.options || ')'::pg_catalog.text || e.tail END,"
	" CASE WHEN k.oid IS NULL THEN " COFFER_COMMENT_SQL("x.oid", "pg_class", "0")
	"  ELSE " COFFER_COMMENT_SQL("k.oid", "pg_constraint", "0") " END,"
	" p.relname, i.indisprimary, i.indisunique, k.oid IS NOT NULL,"
	" i.indpred IS NULL AND i.indexprs IS NULL AND coalesce(e.is_period, ''::pg_catalog.text)"
	"  <> 'true'::pg_catalog.text,"
	" e.nulls_not_distinct, i.indisreplident, i.indisclustered,"
	" (SELECT pg_catalog.string_agg(n.attnum::pg_catalog.text, ' '::pg_catalog.text ORDER BY n.number)"
	"  FROM pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY AS n (attnum, number)"
	"  WHERE n.number <= i.indnkeyatts),"
	" i.indisvalid OR x.relkind = 'I', CASE WHEN c.relkind = 'm' THEN c.relname END"
	" FROM pg_catalog.pg_index AS i"
	" JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid"
	" JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid"
	" JOIN pg_catalog.pg_namespace AS s ON s.oid = c.relnamespace"
	" JOIN pg_catalog.pg_am AS a ON a.oid = x.relam"
	" LEFT JOIN pg_catalog.pg_constraint AS k ON k.conindid = i.indexrelid"
	"  AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')"
	" LEFT JOIN pg_catalog.pg_inherits AS h ON h.inhrelid = i.indexrelid"
	" LEFT JOIN pg_catalog.pg_class AS p ON p.oid = h.inhparent"
	" CROSS JOIN LATERAL (SELECT"
	"  CASE WHEN k.oid IS NULL THEN pg_catalog.pg_get_indexdef(i.indexrelid)"
	"   ELSE pg_catalog.pg_get_constraintdef(k.oid) END AS definition,"
	"  pg_catalog.concat('CREATE ', CASE WHEN i.indisunique THEN 'UNIQUE ' END, 'INDEX ',"
	"   pg_catalog.quote_ident(x.relname::pg_catalog.text), ' ON ',"
	"   CASE WHEN x.relkind = 'I' THEN 'ONLY ' END,"
	"   pg_catalog.quote_ident(s.nspname::pg_catalog.text), '.',"
	"   pg_catalog.quote_ident(c.relname::pg_catalog.text), ' USING ') AS front,"
	"  pg_catalog.concat(CASE WHEN k.condeferrable THEN ' DEFERRABLE' END,"
	"   CASE WHEN k.condeferred THEN ' INITIALLY DEFERRED' END) AS tail,"
	"  " COFFER_OPTIONS_SQL("x.reloptions", "") " AS options,"
	"  pg_catalog.jsonb_extract_path_text(pg_catalog.to_jsonb(k), 'conperiod') AS is_period,"
	"  pg_catalog.jsonb_extract_path_text(pg_catalog.to_jsonb(i), 'indnullsnotdistinct')"
	"   AS nulls_not_distinct) AS e"
	" WHERE c.relnamespace = $1::pg_catalog.oid AND c.relkind IN ('r', 'p', 'm')"
	" AND (k.contype IS NULL OR k.contype <> 'x')"
	" ORDER BY i.indrelid, NOT i.indisprimary, x.relname";
/* clang-format on */

static void
fill_index(struct coffer_discovery *discovery, coffer_index *index, const PGresult *result, int row)
{
	index->name = coffer_discovery_text(discovery, result, row, INDEX_NAME);
	index->definition = coffer_discovery_text(discovery, result, row, INDEX_DEFINITION);
	index->comment = coffer_discovery_text(discovery, result, row, INDEX_COMMENT);
	index->attached_to = coffer_discovery_text(discovery, result, row, INDEX_ATTACHED_TO);
	index->is_primary = coffer_field_bool(result, row, INDEX_IS_PRIMARY);
	index->is_unique = coffer_field_bool(result, row, INDEX_IS_UNIQUE);
	index->is_constraint = coffer_field_bool(result, row, INDEX_IS_CONSTRAINT);
	index->is_plain = coffer_field_bool(result, row, INDEX_IS_PLAIN);
	index->nulls_not_distinct = coffer_field_bool(result, row, INDEX_NULLS_NOT_DISTINCT);
	index->is_replica_identity = coffer_field_bool(result, row, INDEX_IS_REPLICA);
	index->is_clustered = coffer_field_bool(result, row, INDEX_IS_CLUSTERED);
}

static coffer_view *
find_view(struct coffer_discovery *discovery, const char *name)
{
	size_t at;

	for (at = 0; name && at < discovery->schema->view_count; at++)
		if (strcmp(discovery->schema->views[at].name, name) == 0)
			return &discovery->schema->views[at];
	return NULL;
}

/* One index to the table or view that has it. A materialized view's columns have no numbers. */
static void
add_index(struct coffer_discovery *discovery, const PGresult *result, int row)
{
	const struct coffer_found *found =
		coffer_discovery_find(discovery, coffer_field(result, row, INDEX_TABLE));
	coffer_view *view =
		found ? NULL : find_view(discovery, coffer_field(result, row, INDEX_VIEW));
	coffer_index *index;

	if (!found && !view)
		return;
	index = found ? coffer_table_add_index(discovery->schema,
					       &discovery->schema->tables[found->table])
		      : coffer_view_add_index(discovery->schema, view);
	if (!index) {
		discovery->is_out_of_memory = true;
		return;
	}
	fill_index(discovery, index, result, row);
	if (found)
		index->column_count = coffer_field_columns(discovery, found, result, row,
							   INDEX_COLUMNS, &index->columns);
}

coffer_status
coffer_discover_indexes(struct coffer_discovery *discovery)
{
	PGresult *result;
	coffer_status status =
		coffer_discovery_query(discovery, indexes_sql, "rrooorrrrorroro", &result);
	int row;

	for (row = 0; !status && row < PQntuples(result); row++) {
		const char *name = coffer_field(result, row, INDEX_NAME);

		if (!coffer_field_bool(result, row, INDEX_IS_VALID))
			coffer_discovery_warn(discovery, "index \"%s\" is invalid and not carried",
					      name);
		else if (!coffer_field(result, row, INDEX_DEFINITION))
			status = coffer_error_set(discovery->error, COFFER_UNREACHABLE,
						  "the definition of index \"%s\" cannot be read",
						  name);
		else
			add_index(discovery, result, row);
	}
	PQclear(result);
	return status ? status : coffer_discovery_finish(discovery);
}
