/*
 * Tables with their columns and checks. A partitioned table and its partitions are tables of their
 * own; parents stand before their partitions, else the order is that of the names, so that two
 * servers with the same objects give the same model.
 */
#include "postgres/discover_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
enum {
	TABLE_OID, TABLE_NAME, TABLE_COMMENT, TABLE_KEY, TABLE_PARENT, TABLE_BOUND,
	TABLE_OPTIONS, TABLE_TOAST_OPTIONS, TABLE_PERSISTENCE, TABLE_REPLICA,
	TABLE_IS_FOREIGN_PARENT, TABLE_HAS_FOREIGN_PART,
};

static const char tables_sql[] =
	"SELECT c.oid, c.relname, " COFFER_COMMENT_SQL("c.oid", "pg_class", "0") ","
	" CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END,"
	" CASE WHEN p.relnamespace = c.relnamespace THEN p.relname END,"
	" CASE WHEN p.relnamespace = c.relnamespace"
	"  THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END,"
	" " COFFER_OPTIONS_SQL("c.reloptions", "") ","
	" " COFFER_OPTIONS_SQL("t.reloptions", "toast.") ","
	" c.relpersistence, c.relreplident,"
	" p.oid IS NOT NULL AND p.relnamespace <> c.relnamespace,"
	" EXISTS (SELECT 1 FROM pg_catalog.pg_inherits AS k JOIN pg_catalog.pg_class AS b"
	"  ON b.oid = k.inhrelid WHERE k.inhparent = c.oid AND c.relkind = 'p'"
	"  AND (b.relnamespace <> c.relnamespace OR b.relkind = 'f'))"
	" FROM pg_catalog.pg_class AS c"
	" LEFT JOIN pg_catalog.pg_class AS t ON t.oid = c.reltoastrelid"
	" LEFT JOIN pg_catalog.pg_inherits AS i ON i.inhrelid = c.oid AND c.relispartition"
	" LEFT JOIN pg_catalog.pg_class AS p ON p.oid = i.inhparent"
	" LEFT JOIN LATERAL (WITH RECURSIVE up (oid, depth) AS ("
	"  SELECT c.oid, 0 UNION ALL SELECT h.inhparent, up.depth + 1 FROM up"
	"  JOIN pg_catalog.pg_inherits AS h ON h.inhrelid = up.oid WHERE c.relispartition)"
	"  SELECT pg_catalog.max(up.depth) AS depth FROM up) AS l ON true"
	" WHERE c.relnamespace = $1::pg_catalog.oid AND c.relkind IN ('r', 'p')"
	" AND" COFFER_NOT_EXTENSION("pg_catalog.pg_class", "c.oid")
	" ORDER BY l.depth, c.relname";
/* clang-format on */

static const char *
join_options(struct coffer_discovery *discovery, const PGresult *result, int row)
{
	const char *own = coffer_field(result, row, TABLE_OPTIONS);
	const char *toast = coffer_field(result, row, TABLE_TOAST_OPTIONS);
	size_t size;
	char *text;

	if (!own || !toast)
		return coffer_discovery_text(discovery, result, row,
					     own ? TABLE_OPTIONS : TABLE_TOAST_OPTIONS);
	size = strlen(own) + strlen(toast) + sizeof(", ");
	text = coffer_schema_memory(discovery->schema, size);
	if (text)
		snprintf(text, size, "%s, %s", own, toast);
	else
		discovery->is_out_of_memory = true;
	return text;
}

static coffer_status
add_table(struct coffer_discovery *discovery, const PGresult *result, int row)
{
	coffer_table *table = coffer_schema_add_table(discovery->schema);
	const char *name = coffer_field(result, row, TABLE_NAME);

	if (!table) {
		discovery->is_out_of_memory = true;
		return coffer_discovery_finish(discovery);
	}
	table->name = coffer_discovery_text(discovery, result, row, TABLE_NAME);
	table->comment = coffer_discovery_text(discovery, result, row, TABLE_COMMENT);
	table->partition_key = coffer_discovery_text(discovery, result, row, TABLE_KEY);
	table->partition_of = coffer_discovery_text(discovery, result, row, TABLE_PARENT);
	table->partition_bound = coffer_discovery_text(discovery, result, row, TABLE_BOUND);
	table->options = join_options(discovery, result, row);
	table->is_unlogged = coffer_field_letter(result, row, TABLE_PERSISTENCE) == 'u';
	table->replica_identity = coffer_field_letter(result, row, TABLE_REPLICA);
	table->time_column = COFFER_NO_COLUMN;
	if (coffer_field_bool(result, row, TABLE_IS_FOREIGN_PARENT))
		coffer_discovery_warn(discovery,
				      "table \"%s\" is a partition of a table of another schema: "
				      "carried as a table of its own",
				      name);
	if (coffer_field_bool(result, row, TABLE_HAS_FOREIGN_PART))
		coffer_discovery_warn(discovery,
				      "table \"%s\" has partitions that are foreign or of another "
				      "schema: their rows are carried, they are not",
				      name);
	return COFFER_OK;
}

static coffer_status
index_oids(struct coffer_discovery *discovery, const PGresult *result)
{
	size_t count = (size_t)PQntuples(result), at;

	discovery->found =
		coffer_schema_memory(discovery->schema, (count + 1) * sizeof(*discovery->found));
	discovery->is_out_of_memory = discovery->is_out_of_memory || !discovery->found;
	for (at = 0; discovery->found && at < count; at++) {
		discovery->found[at].oid = (Oid)coffer_field_integer(result, (int)at, TABLE_OID);
		discovery->found[at].table = (uint32_t)at;
	}
	if (discovery->found)
		qsort(discovery->found, count, sizeof(*discovery->found), coffer_found_compare);
	discovery->found_count = count;
	return coffer_discovery_finish(discovery);
}

coffer_status
coffer_discover_tables(struct coffer_discovery *discovery)
{
	PGresult *result;
	coffer_status status =
		coffer_discovery_query(discovery, tables_sql, "rroooooorrrr", &result);
	int row;

	if (!status && PQntuples(result) > COFFER_TABLES_MAX)
		status = coffer_error_set(discovery->error, COFFER_LIMIT,
					  "the schema has %d tables, a store holds %d at the most",
					  PQntuples(result), COFFER_TABLES_MAX);
	for (row = 0; !status && row < PQntuples(result); row++)
		status = add_table(discovery, result, row);
	if (!status)
		status = index_oids(discovery, result);
	PQclear(result);
	return status;
}

/* ------------------------------------------------------------------ columns */

/* clang-format off */
enum {
	COLUMN_TABLE, COLUMN_NUMBER, COLUMN_NAME, COLUMN_TYPE, COLUMN_BASE_TYPE,
	COLUMN_IS_NOT_NULL, COLUMN_EXPRESSION, COLUMN_GENERATED, COLUMN_IDENTITY,
	COLUMN_COLLATION, COLUMN_COMMENT,
};
/* clang-format on */

/*
 * A NOT NULL that was never validated (18 and later) promises nothing of the rows that are there. From 17
 * on a partition's column is an identity because its parent's is, and cannot be made one by itself.
 */
/* clang-format off */
static const char columns_sql[] =
	"WITH RECURSIVE under (domain, type, modifier) AS ("
	" SELECT d.oid, d.typbasetype, d.typtypmod FROM pg_catalog.pg_type AS d WHERE d.typtype = 'd'"
	" UNION ALL SELECT u.domain, d.typbasetype, d.typtypmod FROM under AS u"
	" JOIN pg_catalog.pg_type AS d ON d.oid = u.type WHERE d.typtype = 'd')"
	" SELECT a.attrelid, a.attnum, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),"
	" (SELECT pg_catalog.format_type(u.type, u.modifier) FROM under AS u"
	"  JOIN pg_catalog.pg_type AS b ON b.oid = u.type"
	"  WHERE u.domain = a.atttypid AND b.typtype <> 'd'),"
	" a.attnotnull AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint AS n"
	"  WHERE n.conrelid = a.attrelid AND n.contype = 'n' AND NOT n.convalidated"
	"  AND a.attnum = ANY (n.conkey)),"
	" pg_catalog.pg_get_expr(d.adbin, d.adrelid), a.attgenerated,"
	" CASE WHEN NOT c.relispartition OR"
	"  pg_catalog.current_setting('server_version_num')::pg_catalog.int4 < 170000"
	"  THEN a.attidentity ELSE ''::pg_catalog.\"char\" END,"
	" CASE WHEN a.attcollation <> t.typcollation THEN"
	"  CASE WHEN k.collnamespace = ANY (ARRAY[$1::pg_catalog.oid, q.oid]) THEN ''::pg_catalog.text"
	"   ELSE pg_catalog.quote_ident(m.nspname::pg_catalog.text) || '.'::pg_catalog.text END"
	"  || pg_catalog.quote_ident(k.collname::pg_catalog.text) END,"
	" " COFFER_COMMENT_SQL("a.attrelid", "pg_class", "a.attnum::pg_catalog.int4")
	" FROM pg_catalog.pg_class AS c"
	" JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid"
	" JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid"
	" JOIN pg_catalog.pg_namespace AS q ON q.nspname = 'pg_catalog'"
	" LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
	" LEFT JOIN pg_catalog.pg_collation AS k ON k.oid = a.attcollation"
	" LEFT JOIN pg_catalog.pg_namespace AS m ON m.oid = k.collnamespace"
	" WHERE c.relnamespace = $1::pg_catalog.oid AND c.relkind IN ('r', 'p')"
	" AND a.attnum > 0 AND NOT a.attisdropped"
	" ORDER BY a.attrelid, a.attnum";
/* clang-format on */

static coffer_identity
identity_of(char letter)
{
	return letter == 'a'   ? COFFER_IDENTITY_ALWAYS
	       : letter == 'd' ? COFFER_IDENTITY_BY_DEFAULT
			       : COFFER_IDENTITY_NONE;
}

static void
add_column(struct coffer_discovery *discovery, coffer_table *table, const PGresult *result, int row)
{
	coffer_column *column = coffer_table_add_column(discovery->schema, table);
	char generated = coffer_field_letter(result, row, COLUMN_GENERATED);
	const char *expression;

	if (!column) {
		discovery->is_out_of_memory = true;
		return;
	}
	expression = coffer_discovery_text(discovery, result, row, COLUMN_EXPRESSION);
	column->name = coffer_discovery_text(discovery, result, row, COLUMN_NAME);
	column->type = coffer_discovery_text(discovery, result, row, COLUMN_TYPE);
	column->base_type = coffer_discovery_text(discovery, result, row, COLUMN_BASE_TYPE);
	column->collation = coffer_discovery_text(discovery, result, row, COLUMN_COLLATION);
	column->comment = coffer_discovery_text(discovery, result, row, COLUMN_COMMENT);
	column->is_nullable = !coffer_field_bool(result, row, COLUMN_IS_NOT_NULL);
	column->identity = identity_of(coffer_field_letter(result, row, COLUMN_IDENTITY));
	if (generated == '\0')
		column->default_sql = expression;
	else
		column->generated_sql = expression;
	if (generated == 'v')
		coffer_discovery_warn(discovery,
				      "column \"%s\".\"%s\" is generated when it is read: "
				      "carried as a stored one",
				      table->name, column->name);
}

/* The columns of one table: rows `row` to `end`. */
static void
add_columns(struct coffer_discovery *discovery, struct coffer_found *found, const PGresult *result,
	    int row, int end)
{
	size_t count = (size_t)(end - row), at;

	found->attnums = coffer_schema_memory(discovery->schema, count * sizeof(found->attnums[0]));
	if (!found->attnums) {
		discovery->is_out_of_memory = true;
		return;
	}
	for (at = 0; at < count; at++, row++) {
		found->attnums[at] = (uint16_t)coffer_field_integer(result, row, COLUMN_NUMBER);
		add_column(discovery, &discovery->schema->tables[found->table], result, row);
	}
}

coffer_status
coffer_discover_columns(struct coffer_discovery *discovery)
{
	PGresult *result;
	coffer_status status =
		coffer_discovery_query(discovery, columns_sql, "rrrrororroo", &result);
	int row, end, rows = status ? 0 : PQntuples(result);

	for (row = 0; row < rows && !status; row = end) {
		const char *oid = coffer_field(result, row, COLUMN_TABLE);
		const struct coffer_found *found = coffer_discovery_find(discovery, oid);

		for (end = row + 1; end < rows; end++)
			if (strcmp(coffer_field(result, end, COLUMN_TABLE), oid) != 0)
				break;
		if (found && found->attnums)
			status = coffer_error_set(discovery->error, COFFER_UNREACHABLE,
						  "the server lists a table's columns twice");
		else if (found)
			add_columns(discovery, &discovery->found[found - discovery->found], result,
				    row, end);
	}
	PQclear(result);
	return status ? status : coffer_discovery_finish(discovery);
}

/* ------------------------------------------------------------------ checks */

enum { CHECK_TABLE, CHECK_NAME, CHECK_DEFINITION, CHECK_COMMENT, CHECK_KIND, CHECK_IS_INHERITED };

/* What a partition has from its parent is marked: the parent makes it again. */
/* clang-format off */
static const char checks_sql[] =
	"SELECT k.conrelid, k.conname, pg_catalog.pg_get_constraintdef(k.oid),"
	" " COFFER_COMMENT_SQL("k.oid", "pg_constraint", "0") ", k.contype,"
	" c.relispartition AND (k.coninhcount > 0 AND NOT k.conislocal OR k.conparentid <> 0::pg_catalog.oid)"
	" FROM pg_catalog.pg_constraint AS k JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid"
	" WHERE c.relnamespace = $1::pg_catalog.oid AND c.relkind IN ('r', 'p')"
	" AND k.contype IN ('c', 'x') ORDER BY k.conrelid, k.conname";
/* clang-format on */

coffer_status
coffer_discover_checks(struct coffer_discovery *discovery)
{
	PGresult *result;
	coffer_status status = coffer_discovery_query(discovery, checks_sql, "rrrorr", &result);
	int row;

	for (row = 0; !status && row < PQntuples(result); row++) {
		const struct coffer_found *found =
			coffer_discovery_find(discovery, coffer_field(result, row, CHECK_TABLE));
		coffer_check *check;

		if (!found)
			continue;
		check = coffer_table_add_check(discovery->schema,
					       &discovery->schema->tables[found->table]);
		if (!check) {
			discovery->is_out_of_memory = true;
			break;
		}
		check->name = coffer_discovery_text(discovery, result, row, CHECK_NAME);
		check->definition = coffer_discovery_text(discovery, result, row, CHECK_DEFINITION);
		check->comment = coffer_discovery_text(discovery, result, row, CHECK_COMMENT);
		check->is_exclusion = coffer_field_letter(result, row, CHECK_KIND) == 'x';
		check->is_inherited = coffer_field_bool(result, row, CHECK_IS_INHERITED);
	}
	PQclear(result);
	return status ? status : coffer_discovery_finish(discovery);
}
