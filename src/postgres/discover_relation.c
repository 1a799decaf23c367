/*
 * Foreign keys, by structure: their definition text would name tables of the schema with or
 * without it, as the server's search_path has it.
 *
 * A key that refers to a partitioned table has rows of its own in the catalogue for each partition
 * referred to; those are the server's own doing and are left out. A partition's key that its
 * parent's made is marked.
 */
#include "postgres/discover_parts.h"

/* clang-format off */
enum {
	RELATION_TABLE, RELATION_NAME, RELATION_COMMENT, RELATION_COLUMNS, RELATION_TARGET,
	RELATION_TARGET_COLUMNS, RELATION_ON_UPDATE, RELATION_ON_DELETE, RELATION_MATCH,
	RELATION_TAIL, RELATION_DELETE_COLUMNS, RELATION_IS_INHERITED, RELATION_IS_ELSEWHERE,
	RELATION_IS_PERIOD,
};

static const char relations_sql[] =
	"SELECT k.conrelid, k.conname, " COFFER_COMMENT_SQL("k.oid", "pg_constraint", "0") ", k.conkey,"
	" k.confrelid, k.confkey, k.confupdtype, k.confdeltype, k.confmatchtype,"
	" pg_catalog.concat_ws(' '::pg_catalog.text,"
	"  CASE WHEN k.condeferrable THEN 'DEFERRABLE' END,"
	"  CASE WHEN k.condeferred THEN 'INITIALLY DEFERRED' END,"
	"  CASE WHEN e.is_enforced = 'false'::pg_catalog.text THEN 'NOT ENFORCED'"
	"   WHEN NOT k.convalidated THEN 'NOT VALID' END),"
	" e.delete_columns, k.conparentid <> 0::pg_catalog.oid,"
	" t.relnamespace <> c.relnamespace, e.is_period"
	" FROM pg_catalog.pg_constraint AS k"
	" JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid"
	" JOIN pg_catalog.pg_class AS t ON t.oid = k.confrelid"
	" LEFT JOIN pg_catalog.pg_constraint AS p ON p.oid = k.conparentid"
	" CROSS JOIN LATERAL (SELECT"
	"  pg_catalog.jsonb_extract_path_text(j.row, 'conenforced') AS is_enforced,"
	"  pg_catalog.jsonb_extract_path_text(j.row, 'conperiod') AS is_period,"
	"  pg_catalog.jsonb_extract_path_text(j.row, 'confdelsetcols') AS delete_columns"
	"  FROM (SELECT pg_catalog.to_jsonb(k) AS row) AS j) AS e"
	" WHERE c.relnamespace = $1::pg_catalog.oid AND c.relkind IN ('r', 'p') AND k.contype = 'f'"
	" AND (p.oid IS NULL OR p.conrelid <> k.conrelid)"
	" ORDER BY k.conrelid, k.conname";
/* clang-format on */

static coffer_action
action_of(char letter)
{
	switch (letter) {
	case 'r':
		return COFFER_RESTRICT;
	case 'c':
		return COFFER_CASCADE;
	case 'n':
		return COFFER_SET_NULL;
	case 'd':
		return COFFER_SET_DEFAULT;
	default:
		return COFFER_NO_ACTION;
	}
}

/* The names of the columns referred to; they come in the order of the columns that refer. */
static void
add_target(struct coffer_discovery *discovery, coffer_relation *relation,
	   const struct coffer_found *target, const PGresult *result, int row)
{
	const coffer_table *table = &discovery->schema->tables[target->table];
	uint16_t *columns;
	size_t at, count = coffer_field_columns(discovery, target, result, row,
						RELATION_TARGET_COLUMNS, &columns);

	relation->target = table->name;
	relation->target_columns = coffer_schema_memory(
		discovery->schema, (count + 1) * sizeof(relation->target_columns[0]));
	if (!relation->target_columns || count != relation->column_count) {
		discovery->is_out_of_memory = true;
		return;
	}
	for (at = 0; at < count; at++)
		relation->target_columns[at] = table->columns[columns[at]].name;
}

static void
add_relation(struct coffer_discovery *discovery, const struct coffer_found *source,
	     const struct coffer_found *target, const PGresult *result, int row)
{
	coffer_relation *relation = coffer_table_add_relation(
		discovery->schema, &discovery->schema->tables[source->table]);
	const char *tail = coffer_field(result, row, RELATION_TAIL);

	if (!relation) {
		discovery->is_out_of_memory = true;
		return;
	}
	relation->name = coffer_discovery_text(discovery, result, row, RELATION_NAME);
	relation->comment = coffer_discovery_text(discovery, result, row, RELATION_COMMENT);
	relation->column_count = coffer_field_columns(discovery, source, result, row,
						      RELATION_COLUMNS, &relation->columns);
	add_target(discovery, relation, target, result, row);
	relation->on_update = action_of(coffer_field_letter(result, row, RELATION_ON_UPDATE));
	relation->on_delete = action_of(coffer_field_letter(result, row, RELATION_ON_DELETE));
	if (tail && tail[0])
		relation->definition_tail =
			coffer_discovery_text(discovery, result, row, RELATION_TAIL);
	relation->delete_column_count = coffer_field_columns(
		discovery, source, result, row, RELATION_DELETE_COLUMNS, &relation->delete_columns);
	relation->is_match_full = coffer_field_letter(result, row, RELATION_MATCH) == 'f';
	relation->is_inherited = coffer_field_bool(result, row, RELATION_IS_INHERITED);
}

coffer_status
coffer_discover_relations(struct coffer_discovery *discovery)
{
	PGresult *result;
	coffer_status status =
		coffer_discovery_query(discovery, relations_sql, "rrorrrrrroorro", &result);
	int row;

	for (row = 0; !status && row < PQntuples(result); row++) {
		const struct coffer_found *source =
			coffer_discovery_find(discovery, coffer_field(result, row, RELATION_TABLE));
		const struct coffer_found *target = coffer_discovery_find(
			discovery, coffer_field(result, row, RELATION_TARGET));
		const char *why = NULL;

		if (!source)
			continue;
		if (!target || coffer_field_bool(result, row, RELATION_IS_ELSEWHERE))
			why = "it refers to a table that is not carried";
		else if (coffer_field_bool(result, row, RELATION_IS_PERIOD))
			why = "it compares periods";
		if (why)
			coffer_discovery_warn(discovery,
					      "foreign key \"%s\" of \"%s\" is not carried: %s",
					      coffer_field(result, row, RELATION_NAME),
					      discovery->schema->tables[source->table].name, why);
		else
			add_relation(discovery, source, target, result, row);
	}
	PQclear(result);
	return status ? status : coffer_discovery_finish(discovery);
}
