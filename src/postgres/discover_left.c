/*
 * What a schema has and coffer does not carry. One query asks for all of it, as pairs of a kind
 * and a name.
 */
#include "postgres/copy_bytes.h"
#include "postgres/discover_parts.h"
#include "transfer/left.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Some minor releases keep a number of their own, pg_attver, among every column's options; pg_dump
 * leaves it out, and so is it left out here. Functions that a range type brings are internal to
 * it.
 */

/* SQL: a relation's name, and a column's, as messages have them. */
/* clang-format off */
#define NAME(alias) "pg_catalog.quote_ident(" alias "::pg_catalog.text)"
#define DOT "'.'::pg_catalog.text"

/* What gives the names of each kind; $1 is the schema's oid. */
static const char *const kinds[COFFER_LEFT_KINDS] = {
	[COFFER_LEFT_FUNCTION] =
		"SELECT " NAME("p.proname") " FROM pg_catalog.pg_proc AS p"
		" WHERE p.pronamespace = $1::pg_catalog.oid AND p.prokind IN ('f', 'w')"
		" AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend AS i"
		"  WHERE i.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid"
		"  AND i.objid = p.oid AND i.deptype IN ('e', 'i'))",
	[COFFER_LEFT_PROCEDURE] =
		"SELECT " NAME("p.proname") " FROM pg_catalog.pg_proc AS p"
		" WHERE p.pronamespace = $1::pg_catalog.oid AND p.prokind = 'p'"
		" AND" COFFER_NOT_EXTENSION("pg_catalog.pg_proc", "p.oid"),
	[COFFER_LEFT_AGGREGATE] =
		"SELECT " NAME("p.proname") " FROM pg_catalog.pg_proc AS p"
		" WHERE p.pronamespace = $1::pg_catalog.oid AND p.prokind = 'a'"
		" AND" COFFER_NOT_EXTENSION("pg_catalog.pg_proc", "p.oid"),
	[COFFER_LEFT_TRIGGER] =
		"SELECT " NAME("t.tgname") " || ' on '::pg_catalog.text || " NAME("c.relname")
		" FROM pg_catalog.pg_trigger AS t JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid"
		" WHERE c.relnamespace = $1::pg_catalog.oid AND NOT t.tgisinternal",
	[COFFER_LEFT_RULE] =
		"SELECT " NAME("r.rulename") " || ' on '::pg_catalog.text || " NAME("c.relname")
		" FROM pg_catalog.pg_rewrite AS r JOIN pg_catalog.pg_class AS c ON c.oid = r.ev_class"
		" WHERE c.relnamespace = $1::pg_catalog.oid AND r.rulename <> '_RETURN'",
	[COFFER_LEFT_POLICY] =
		"SELECT " NAME("p.polname") " || ' on '::pg_catalog.text || " NAME("c.relname")
		" FROM pg_catalog.pg_policy AS p JOIN pg_catalog.pg_class AS c ON c.oid = p.polrelid"
		" WHERE c.relnamespace = $1::pg_catalog.oid",
	[COFFER_LEFT_ROW_SECURITY] =
		"SELECT " NAME("c.relname") " FROM pg_catalog.pg_class AS c"
		" WHERE c.relnamespace = $1::pg_catalog.oid AND (c.relrowsecurity OR c.relforcerowsecurity)",
	[COFFER_LEFT_INHERITANCE] =
		"SELECT DISTINCT " NAME("c.relname") " FROM pg_catalog.pg_inherits AS i"
		" JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid"
		" WHERE c.relnamespace = $1::pg_catalog.oid AND c.relkind IN ('r', 'f')"
		" AND NOT c.relispartition",
	[COFFER_LEFT_FOREIGN_TABLE] =
		"SELECT " NAME("c.relname") " FROM pg_catalog.pg_class AS c"
		" WHERE c.relnamespace = $1::pg_catalog.oid AND c.relkind = 'f'",
	[COFFER_LEFT_TYPED_TABLE] =
		"SELECT " NAME("c.relname") " FROM pg_catalog.pg_class AS c"
		" WHERE c.relnamespace = $1::pg_catalog.oid AND c.reloftype <> 0::pg_catalog.oid",
	[COFFER_LEFT_COMPOSITE_TYPE] =
		"SELECT " NAME("c.relname") " FROM pg_catalog.pg_class AS c"
		" WHERE c.relnamespace = $1::pg_catalog.oid AND c.relkind = 'c'"
		" AND" COFFER_NOT_EXTENSION("pg_catalog.pg_class", "c.oid"),
	[COFFER_LEFT_TYPE] =
		"SELECT " NAME("t.typname") " FROM pg_catalog.pg_type AS t"
		" WHERE t.typnamespace = $1::pg_catalog.oid AND t.typtype IN ('b', 'r', 'p')"
		" AND t.typcategory <> 'A'"
		" AND" COFFER_NOT_EXTENSION("pg_catalog.pg_type", "t.oid"),
	[COFFER_LEFT_TYPE_ELSEWHERE] =
		"SELECT DISTINCT pg_catalog.format_type(coalesce(e.oid, t.oid), NULL)"
		" FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid"
		" JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid"
		" JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace"
		" LEFT JOIN pg_catalog.pg_type AS e ON e.oid = t.typelem AND t.typcategory = 'A'"
		" WHERE c.relnamespace = $1::pg_catalog.oid AND c.relkind IN ('r', 'p') AND a.attnum > 0"
		" AND NOT a.attisdropped AND t.typnamespace <> c.relnamespace AND n.nspname <> 'pg_catalog'"
		" AND n.nspname <> 'information_schema'",
	[COFFER_LEFT_COLLATION] =
		"SELECT " NAME("l.collname") " FROM pg_catalog.pg_collation AS l"
		" WHERE l.collnamespace = $1::pg_catalog.oid"
		" AND" COFFER_NOT_EXTENSION("pg_catalog.pg_collation", "l.oid"),
	[COFFER_LEFT_OPERATOR] =
		"SELECT o.oprname::pg_catalog.text FROM pg_catalog.pg_operator AS o"
		" WHERE o.oprnamespace = $1::pg_catalog.oid"
		" AND" COFFER_NOT_EXTENSION("pg_catalog.pg_operator", "o.oid"),
	[COFFER_LEFT_OPERATOR_CLASS] =
		"SELECT " NAME("o.opcname") " FROM pg_catalog.pg_opclass AS o"
		" WHERE o.opcnamespace = $1::pg_catalog.oid"
		" AND" COFFER_NOT_EXTENSION("pg_catalog.pg_opclass", "o.oid"),
	[COFFER_LEFT_TEXT_SEARCH] =
		"SELECT " NAME("c.cfgname") " FROM pg_catalog.pg_ts_config AS c"
		" WHERE c.cfgnamespace = $1::pg_catalog.oid"
		" AND" COFFER_NOT_EXTENSION("pg_catalog.pg_ts_config", "c.oid")
		" UNION ALL SELECT " NAME("d.dictname") " FROM pg_catalog.pg_ts_dict AS d"
		" WHERE d.dictnamespace = $1::pg_catalog.oid"
		" AND" COFFER_NOT_EXTENSION("pg_catalog.pg_ts_dict", "d.oid"),
	[COFFER_LEFT_STATISTICS] =
		"SELECT " NAME("s.stxname") " FROM pg_catalog.pg_statistic_ext AS s"
		" WHERE s.stxnamespace = $1::pg_catalog.oid",
	[COFFER_LEFT_PUBLICATION] =
		"SELECT DISTINCT " NAME("c.relname") " FROM pg_catalog.pg_publication_rel AS p"
		" JOIN pg_catalog.pg_class AS c ON c.oid = p.prrelid"
		" WHERE c.relnamespace = $1::pg_catalog.oid",
	[COFFER_LEFT_EXTENSION_TABLE] =
		"SELECT " NAME("c.relname") " FROM pg_catalog.pg_class AS c"
		" WHERE c.relnamespace = $1::pg_catalog.oid AND c.relkind IN ('r', 'p')"
		" AND NOT (" COFFER_NOT_EXTENSION("pg_catalog.pg_class", "c.oid") ")",
	[COFFER_LEFT_ACCESS_METHOD] =
		"SELECT " NAME("c.relname") " FROM pg_catalog.pg_class AS c"
		" LEFT JOIN pg_catalog.pg_am AS a ON a.oid = c.relam"
		" WHERE c.relnamespace = $1::pg_catalog.oid AND (c.reltablespace <> 0::pg_catalog.oid"
		" OR (c.relkind IN ('r', 'm', 'p') AND a.amname <> 'heap'))",
	[COFFER_LEFT_VIEW_COLUMN_COMMENT] =
		"SELECT " NAME("c.relname") " || " DOT " || " NAME("a.attname")
		" FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid"
		" WHERE c.relnamespace = $1::pg_catalog.oid AND c.relkind IN ('v', 'm') AND a.attnum > 0"
		" AND " COFFER_COMMENT_SQL("c.oid", "pg_class", "a.attnum::pg_catalog.int4") " IS NOT NULL",
	[COFFER_LEFT_VIEW_COLUMN_DEFAULT] =
		"SELECT " NAME("c.relname") " || " DOT " || " NAME("a.attname")
		" FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid"
		" WHERE c.relnamespace = $1::pg_catalog.oid AND c.relkind = 'v' AND a.atthasdef",
	[COFFER_LEFT_CONSTRAINT_INDEX_COMMENT] =
		"SELECT " NAME("x.relname") " FROM pg_catalog.pg_class AS x"
		" JOIN pg_catalog.pg_constraint AS k ON k.conindid = x.oid AND k.contype IN ('p', 'u', 'x')"
		" WHERE x.relnamespace = $1::pg_catalog.oid"
		" AND " COFFER_COMMENT_SQL("x.oid", "pg_class", "0") " IS NOT NULL",
	[COFFER_LEFT_COLUMN_SETTINGS] =
		"SELECT " NAME("c.relname") " || " DOT " || " NAME("a.attname")
		" FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid"
		" JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid"
		" WHERE c.relnamespace = $1::pg_catalog.oid AND c.relkind IN ('r', 'p', 'm', 'i', 'I')"
		" AND a.attnum > 0 AND NOT a.attisdropped"
		" AND (a.attstorage <> t.typstorage AND c.relkind NOT IN ('i', 'I')"
		" OR EXISTS (SELECT 1 FROM pg_catalog.unnest(a.attoptions) AS o (option)"
		"  WHERE NOT pg_catalog.starts_with(o.option, 'pg_attver='::pg_catalog.text))"
		" OR coalesce(a.attstattarget::pg_catalog.int4, -1) >= 0"
		" OR coalesce(pg_catalog.jsonb_extract_path_text(pg_catalog.to_jsonb(a), 'attcompression'),"
		" ''::pg_catalog.text) <> ''::pg_catalog.text)",
	[COFFER_LEFT_NOT_NULL] =
		"SELECT " NAME("c.relname") " || " DOT " || " NAME("a.attname")
		" FROM pg_catalog.pg_constraint AS k JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid"
		" JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey)"
		" WHERE c.relnamespace = $1::pg_catalog.oid AND k.contype = 'n' AND NOT k.convalidated",
	[COFFER_LEFT_EXTENSION] =
		"SELECT DISTINCT " NAME("x.extname") " FROM pg_catalog.pg_depend AS d"
		" JOIN pg_catalog.pg_depend AS m ON m.classid = d.refclassid AND m.objid = d.refobjid"
		"  AND m.deptype = 'e'"
		" JOIN pg_catalog.pg_extension AS x ON x.oid = m.refobjid"
		" LEFT JOIN pg_catalog.pg_class AS c ON c.oid = d.objid"
		"  AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid"
		" LEFT JOIN pg_catalog.pg_constraint AS k ON k.oid = d.objid"
		"  AND d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass::pg_catalog.oid"
		" LEFT JOIN pg_catalog.pg_attrdef AS f ON f.oid = d.objid"
		"  AND d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass::pg_catalog.oid"
		" LEFT JOIN pg_catalog.pg_rewrite AS r ON r.oid = d.objid"
		"  AND d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass::pg_catalog.oid"
		" LEFT JOIN pg_catalog.pg_type AS t ON t.oid = d.objid AND t.typtype = 'd'"
		"  AND d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid"
		" LEFT JOIN pg_catalog.pg_class AS o ON o.oid = coalesce(f.adrelid, r.ev_class)"
		" WHERE d.deptype <> 'e' AND (c.relnamespace = $1::pg_catalog.oid"
		" OR k.connamespace = $1::pg_catalog.oid OR o.relnamespace = $1::pg_catalog.oid"
		" OR t.typnamespace = $1::pg_catalog.oid)",
};
/* clang-format on */

/* All kinds in one statement, ordered by kind and name. */
static void
put_left_sql(coffer_buffer *out)
{
	char head[64];
	size_t kind;

	for (kind = 0; kind < COFFER_LEFT_KINDS; kind++) {
		snprintf(head, sizeof(head), "%sSELECT %zu AS kind, name FROM (",
			 kind ? " UNION ALL " : "", kind);
		coffer_copy_put_text(out, head);
		coffer_copy_put_text(out, kinds[kind]);
		coffer_copy_put_text(out, ") AS k (name)");
	}
	coffer_copy_put_text(out, " ORDER BY 1, 2");
	coffer_copy_put(out, "", 1);
}

static void
warn_kind(struct coffer_discovery *discovery, enum coffer_left_kind kind, const PGresult *result,
	  int row, int end)
{
	size_t count = (size_t)(end - row);
	const char **names = coffer_schema_memory(discovery->schema, count * sizeof(*names));

	if (!names) {
		discovery->is_out_of_memory = true;
		return;
	}
	for (size_t at = 0; at < count; at++)
		names[at] = PQgetvalue(result, row + (int)at, 1);
	if (discovery->warn)
		coffer_left_say(kind, names, count, discovery->warn, discovery->warn_context);
}

coffer_status
coffer_discover_left(struct coffer_discovery *discovery)
{
	coffer_buffer sql = {.data = NULL};
	PGresult *result;
	coffer_status status;
	int row, end, rows;

	put_left_sql(&sql);
	discovery->is_out_of_memory = discovery->is_out_of_memory || sql.is_failed;
	status = coffer_discovery_query(discovery, sql.data, "rr", &result);
	coffer_buffer_release(&sql);
	rows = status ? 0 : PQntuples(result);
	for (row = 0; row < rows; row = end) {
		int64_t kind = coffer_field_integer(result, row, 0);

		for (end = row + 1; end < rows && coffer_field_integer(result, end, 0) == kind;
		     end++)
			;
		if (kind >= 0 && kind < COFFER_LEFT_KINDS)
			warn_kind(discovery, (enum coffer_left_kind)kind, result, row, end);
	}
	PQclear(result);
	return status;
}
