/*
 * What a schema has and coffer does not carry. One query asks for all of it, as pairs of a kind
 * and a name; a kind with few members gets a line a member, one with many a single line.
 */
#include "postgres/copy_bytes.h"
#include "postgres/discover_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ALONE_MAX = 3, /* so many of a kind have lines of their own */
	NAMED_MAX = 8, /* so many are named in the line of many */
};

/*
 * Some minor releases keep a number of their own, pg_attver, among every column's options; pg_dump
 * leaves it out, and so is it left out here. Functions that a range type brings are internal to
 * it.
 */

/* SQL: a relation's name, and a column's, as messages have them. */
/* clang-format off */
#define NAME(alias) "pg_catalog.quote_ident(" alias "::pg_catalog.text)"
#define DOT "'.'::pg_catalog.text"

static const struct {
	const char *one, *many; /* "trigger %s is" not carried */
	const char *sql;        /* gives names; $1 is the schema's oid */
} kinds[] = {
	{ "function %s is not carried", "%d functions are not carried: ",
	  "SELECT " NAME("p.proname") " FROM pg_catalog.pg_proc AS p"
	  " WHERE p.pronamespace = $1::pg_catalog.oid AND p.prokind IN ('f', 'w')"
	  " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend AS i"
	  "  WHERE i.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid"
	  "  AND i.objid = p.oid AND i.deptype IN ('e', 'i'))" },
	{ "procedure %s is not carried", "%d procedures are not carried: ",
	  "SELECT " NAME("p.proname") " FROM pg_catalog.pg_proc AS p"
	  " WHERE p.pronamespace = $1::pg_catalog.oid AND p.prokind = 'p'"
	  " AND" COFFER_NOT_EXTENSION("pg_catalog.pg_proc", "p.oid") },
	{ "aggregate %s is not carried", "%d aggregates are not carried: ",
	  "SELECT " NAME("p.proname") " FROM pg_catalog.pg_proc AS p"
	  " WHERE p.pronamespace = $1::pg_catalog.oid AND p.prokind = 'a'"
	  " AND" COFFER_NOT_EXTENSION("pg_catalog.pg_proc", "p.oid") },
	{ "trigger %s is not carried", "%d triggers are not carried: ",
	  "SELECT " NAME("t.tgname") " || ' on '::pg_catalog.text || " NAME("c.relname")
	  " FROM pg_catalog.pg_trigger AS t JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid"
	  " WHERE c.relnamespace = $1::pg_catalog.oid AND NOT t.tgisinternal" },
	{ "rule %s is not carried", "%d rules are not carried: ",
	  "SELECT " NAME("r.rulename") " || ' on '::pg_catalog.text || " NAME("c.relname")
	  " FROM pg_catalog.pg_rewrite AS r JOIN pg_catalog.pg_class AS c ON c.oid = r.ev_class"
	  " WHERE c.relnamespace = $1::pg_catalog.oid AND r.rulename <> '_RETURN'" },
	{ "policy %s is not carried", "%d policies are not carried: ",
	  "SELECT " NAME("p.polname") " || ' on '::pg_catalog.text || " NAME("c.relname")
	  " FROM pg_catalog.pg_policy AS p JOIN pg_catalog.pg_class AS c ON c.oid = p.polrelid"
	  " WHERE c.relnamespace = $1::pg_catalog.oid" },
	{ "row level security of table %s is not carried",
	  "row level security of %d tables is not carried: ",
	  "SELECT " NAME("c.relname") " FROM pg_catalog.pg_class AS c"
	  " WHERE c.relnamespace = $1::pg_catalog.oid AND (c.relrowsecurity OR c.relforcerowsecurity)" },
	{ "inheritance of table %s is not carried", "inheritance of %d tables is not carried: ",
	  "SELECT DISTINCT " NAME("c.relname") " FROM pg_catalog.pg_inherits AS i"
	  " JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid"
	  " WHERE c.relnamespace = $1::pg_catalog.oid AND c.relkind IN ('r', 'f')"
	  " AND NOT c.relispartition" },
	{ "foreign table %s is not carried", "%d foreign tables are not carried: ",
	  "SELECT " NAME("c.relname") " FROM pg_catalog.pg_class AS c"
	  " WHERE c.relnamespace = $1::pg_catalog.oid AND c.relkind = 'f'" },
	{ "table %s of a composite type is carried as an ordinary one",
	  "%d tables of a composite type are carried as ordinary ones: ",
	  "SELECT " NAME("c.relname") " FROM pg_catalog.pg_class AS c"
	  " WHERE c.relnamespace = $1::pg_catalog.oid AND c.reloftype <> 0::pg_catalog.oid" },
	{ "composite type %s is not carried", "%d composite types are not carried: ",
	  "SELECT " NAME("c.relname") " FROM pg_catalog.pg_class AS c"
	  " WHERE c.relnamespace = $1::pg_catalog.oid AND c.relkind = 'c'"
	  " AND" COFFER_NOT_EXTENSION("pg_catalog.pg_class", "c.oid") },
	{ "type %s is not carried", "%d types are not carried: ",
	  "SELECT " NAME("t.typname") " FROM pg_catalog.pg_type AS t"
	  " WHERE t.typnamespace = $1::pg_catalog.oid AND t.typtype IN ('b', 'r', 'p')"
	  " AND t.typcategory <> 'A'"
	  " AND" COFFER_NOT_EXTENSION("pg_catalog.pg_type", "t.oid") },
	{ "type %s of another schema is used and not carried",
	  "%d types of other schemas are used and not carried: ",
	  "SELECT DISTINCT pg_catalog.format_type(coalesce(e.oid, t.oid), NULL)"
	  " FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid"
	  " JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid"
	  " JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace"
	  " LEFT JOIN pg_catalog.pg_type AS e ON e.oid = t.typelem AND t.typcategory = 'A'"
	  " WHERE c.relnamespace = $1::pg_catalog.oid AND c.relkind IN ('r', 'p') AND a.attnum > 0"
	  " AND NOT a.attisdropped AND t.typnamespace <> c.relnamespace AND n.nspname <> 'pg_catalog'"
	  " AND n.nspname <> 'information_schema'" },
	{ "collation %s is not carried", "%d collations are not carried: ",
	  "SELECT " NAME("l.collname") " FROM pg_catalog.pg_collation AS l"
	  " WHERE l.collnamespace = $1::pg_catalog.oid"
	  " AND" COFFER_NOT_EXTENSION("pg_catalog.pg_collation", "l.oid") },
	{ "operator %s is not carried", "%d operators are not carried: ",
	  "SELECT o.oprname::pg_catalog.text FROM pg_catalog.pg_operator AS o"
	  " WHERE o.oprnamespace = $1::pg_catalog.oid"
	  " AND" COFFER_NOT_EXTENSION("pg_catalog.pg_operator", "o.oid") },
	{ "operator class %s is not carried", "%d operator classes are not carried: ",
	  "SELECT " NAME("o.opcname") " FROM pg_catalog.pg_opclass AS o"
	  " WHERE o.opcnamespace = $1::pg_catalog.oid"
	  " AND" COFFER_NOT_EXTENSION("pg_catalog.pg_opclass", "o.oid") },
	{ "text search object %s is not carried", "%d text search objects are not carried: ",
	  "SELECT " NAME("c.cfgname") " FROM pg_catalog.pg_ts_config AS c"
	  " WHERE c.cfgnamespace = $1::pg_catalog.oid"
	  " AND" COFFER_NOT_EXTENSION("pg_catalog.pg_ts_config", "c.oid")
	  " UNION ALL SELECT " NAME("d.dictname") " FROM pg_catalog.pg_ts_dict AS d"
	  " WHERE d.dictnamespace = $1::pg_catalog.oid"
	  " AND" COFFER_NOT_EXTENSION("pg_catalog.pg_ts_dict", "d.oid") },
	{ "extended statistics %s are not carried", "%d extended statistics are not carried: ",
	  "SELECT " NAME("s.stxname") " FROM pg_catalog.pg_statistic_ext AS s"
	  " WHERE s.stxnamespace = $1::pg_catalog.oid" },
	{ "publication of table %s is not carried", "publication of %d tables is not carried: ",
	  "SELECT DISTINCT " NAME("c.relname") " FROM pg_catalog.pg_publication_rel AS p"
	  " JOIN pg_catalog.pg_class AS c ON c.oid = p.prrelid"
	  " WHERE c.relnamespace = $1::pg_catalog.oid" },
	{ "table %s belongs to an extension and is not carried",
	  "%d tables belong to extensions and are not carried: ",
	  "SELECT " NAME("c.relname") " FROM pg_catalog.pg_class AS c"
	  " WHERE c.relnamespace = $1::pg_catalog.oid AND c.relkind IN ('r', 'p')"
	  " AND NOT (" COFFER_NOT_EXTENSION("pg_catalog.pg_class", "c.oid") ")" },
	{ "access method or tablespace of %s is not carried",
	  "access methods or tablespaces of %d relations are not carried: ",
	  "SELECT " NAME("c.relname") " FROM pg_catalog.pg_class AS c"
	  " LEFT JOIN pg_catalog.pg_am AS a ON a.oid = c.relam"
	  " WHERE c.relnamespace = $1::pg_catalog.oid AND (c.reltablespace <> 0::pg_catalog.oid"
	  " OR (c.relkind IN ('r', 'm', 'p') AND a.amname <> 'heap'))" },
	{ "comment of column %s of a view is not carried",
	  "comments of %d columns of views are not carried: ",
	  "SELECT " NAME("c.relname") " || " DOT " || " NAME("a.attname")
	  " FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid"
	  " WHERE c.relnamespace = $1::pg_catalog.oid AND c.relkind IN ('v', 'm') AND a.attnum > 0"
	  " AND pg_catalog.col_description(c.oid, a.attnum::pg_catalog.int4) IS NOT NULL" },
	{ "default of column %s of a view is not carried",
	  "defaults of %d columns of views are not carried: ",
	  "SELECT " NAME("c.relname") " || " DOT " || " NAME("a.attname")
	  " FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid"
	  " WHERE c.relnamespace = $1::pg_catalog.oid AND c.relkind = 'v' AND a.atthasdef" },
	{ "comment of index %s of a constraint is not carried",
	  "comments of %d indexes of constraints are not carried: ",
	  "SELECT " NAME("x.relname") " FROM pg_catalog.pg_class AS x"
	  " JOIN pg_catalog.pg_constraint AS k ON k.conindid = x.oid AND k.contype IN ('p', 'u', 'x')"
	  " WHERE x.relnamespace = $1::pg_catalog.oid"
	  " AND pg_catalog.obj_description(x.oid, 'pg_class') IS NOT NULL" },
	{ "storage or statistics settings of column %s are not carried",
	  "storage or statistics settings of %d columns are not carried: ",
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
	  " ''::pg_catalog.text) <> ''::pg_catalog.text)" },
	{ "NOT NULL of column %s is not valid and not carried",
	  "NOT NULL of %d columns is not valid and not carried: ",
	  "SELECT " NAME("c.relname") " || " DOT " || " NAME("a.attname")
	  " FROM pg_catalog.pg_constraint AS k JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid"
	  " JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey)"
	  " WHERE c.relnamespace = $1::pg_catalog.oid AND k.contype = 'n' AND NOT k.convalidated" },
	{ "extension %s is used and not carried: the target needs it",
	  "%d extensions are used and not carried, the target needs them: ",
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
	  " OR t.typnamespace = $1::pg_catalog.oid)" },
};
/* clang-format on */

enum { KIND_COUNT = sizeof(kinds) / sizeof(kinds[0]) };

/* All kinds in one statement, ordered by kind and name. */
static void
put_left_sql(coffer_buffer *out)
{
	char head[64];
	size_t kind;

	for (kind = 0; kind < KIND_COUNT; kind++) {
		snprintf(head, sizeof(head), "%sSELECT %zu AS kind, name FROM (",
			 kind ? " UNION ALL " : "", kind);
		coffer_copy_put_text(out, head);
		coffer_copy_put_text(out, kinds[kind].sql);
		coffer_copy_put_text(out, ") AS k (name)");
	}
	coffer_copy_put_text(out, " ORDER BY 1, 2");
	coffer_copy_put(out, "", 1);
}

/* `pattern` with its one %s or %d replaced. The patterns are those of the table above alone. */
static void
fill(char *out, size_t capacity, const char *pattern, const char *word)
{
	const char *percent = strchr(pattern, '%');

	snprintf(out, capacity, "%.*s%s%s", (int)(percent - pattern), pattern, word, percent + 2);
}

static void
warn_many(struct coffer_discovery *discovery, size_t kind, const PGresult *result, int row, int end)
{
	char head[128], names[900] = "", number[16];
	size_t used = 0;
	int at;

	snprintf(number, sizeof(number), "%d", end - row);
	fill(head, sizeof(head), kinds[kind].many, number);
	for (at = row; at < end && at - row < NAMED_MAX && used < sizeof(names); at++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s",
					 at > row ? ", " : "", PQgetvalue(result, at, 1));
	if (at < end)
		coffer_discovery_warn(discovery, "%s%.700s and %d more", head, names, end - at);
	else
		coffer_discovery_warn(discovery, "%s%.700s", head, names);
}

static void
warn_kind(struct coffer_discovery *discovery, size_t kind, const PGresult *result, int row, int end)
{
	char line[512];

	if (end - row > ALONE_MAX) {
		warn_many(discovery, kind, result, row, end);
		return;
	}
	for (; row < end; row++) {
		fill(line, sizeof(line), kinds[kind].one, PQgetvalue(result, row, 1));
		coffer_discovery_warn(discovery, "%s", line);
	}
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
	status = coffer_discovery_query(discovery, sql.data, &result);
	coffer_buffer_release(&sql);
	rows = status ? 0 : PQntuples(result);
	for (row = 0; row < rows; row = end) {
		int64_t kind = coffer_field_integer(result, row, 0);

		for (end = row + 1; end < rows && coffer_field_integer(result, end, 0) == kind;
		     end++)
			;
		warn_kind(discovery, (size_t)kind, result, row, end);
	}
	PQclear(result);
	return status;
}
