/*
 * Enums, domains and sequences of the schema.
 */
#include "postgres/copy_bytes.h"
#include "postgres/discover_parts.h"

#include <stdio.h>
#include <string.h>

/* Mark that memory ran out when `pointer` is NULL; true when it is not. */
static bool
have(struct coffer_discovery *discovery, const void *pointer)
{
	if (!pointer)
		discovery->is_out_of_memory = true;
	return pointer != NULL;
}

/* ------------------------------------------------------------------ enums */

enum { ENUM_OID, ENUM_NAME, ENUM_COMMENT, ENUM_LABEL };

/* clang-format off */
static const char enums_sql[] =
	"SELECT t.oid, t.typname, " COFFER_COMMENT_SQL("t.oid", "pg_type", "0") ", l.enumlabel"
	" FROM pg_catalog.pg_type AS t"
	" LEFT JOIN pg_catalog.pg_enum AS l ON l.enumtypid = t.oid"
	" WHERE t.typnamespace = $1::pg_catalog.oid AND t.typtype = 'e'"
	" AND" COFFER_NOT_EXTENSION("pg_catalog.pg_type", "t.oid")
	" ORDER BY t.typname, l.enumsortorder";
/* clang-format on */

/* The enum whose labels are rows `row` to `end`. */
static void
add_enum(struct coffer_discovery *discovery, const PGresult *result, int row, int end)
{
	coffer_enum *type = coffer_schema_add_enum(discovery->schema);
	size_t count = (size_t)(end - row);

	if (!have(discovery, type))
		return;
	type->name = coffer_discovery_text(discovery, result, row, ENUM_NAME);
	type->comment = coffer_discovery_text(discovery, result, row, ENUM_COMMENT);
	type->labels = coffer_schema_memory(discovery->schema, count * sizeof(type->labels[0]));
	if (!have(discovery, type->labels))
		return;
	for (; row < end; row++)
		if (coffer_field(result, row, ENUM_LABEL))
			type->labels[type->label_count++] =
				coffer_discovery_text(discovery, result, row, ENUM_LABEL);
}

coffer_status
coffer_discover_enums(struct coffer_discovery *discovery)
{
	PGresult *result;
	coffer_status status = coffer_discovery_query(discovery, enums_sql, "rroo", &result);
	int row, end, rows = status ? 0 : PQntuples(result);

	for (row = 0; row < rows; row = end) {
		for (end = row + 1; end < rows; end++)
			if (strcmp(coffer_field(result, end, ENUM_OID),
				   coffer_field(result, row, ENUM_OID)) != 0)
				break;
		add_enum(discovery, result, row, end);
	}
	PQclear(result);
	return status ? status : coffer_discovery_finish(discovery);
}

/* ------------------------------------------------------------------ domains */

/* clang-format off */
enum {
	DOMAIN_NAME, DOMAIN_COMMENT, DOMAIN_TYPE, DOMAIN_COLLATION, DOMAIN_DEFAULT,
	DOMAIN_IS_NOT_NULL, CHECK_NAME, CHECK_DEFINITION, CHECK_COMMENT,
};
/* clang-format on */

/*
 * One row a check, those without one in between; a domain stands behind the domains that it is
 * made of, be it as elements of an array. typdefault would be the words of the day that it was made.
 */
/* clang-format off */
static const char domains_sql[] =
	"SELECT t.typname, " COFFER_COMMENT_SQL("t.oid", "pg_type", "0") ","
	" pg_catalog.format_type(t.typbasetype, t.typtypmod),"
	" CASE WHEN t.typcollation <> b.typcollation THEN"
	"  CASE WHEN m.oid = $1::pg_catalog.oid OR m.nspname = 'pg_catalog' THEN ''::pg_catalog.text"
	"   ELSE pg_catalog.quote_ident(m.nspname::pg_catalog.text) || '.'::pg_catalog.text END"
	"  || pg_catalog.quote_ident(l.collname::pg_catalog.text) END,"
	" pg_catalog.pg_get_expr(t.typdefaultbin, 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid),"
	" t.typnotnull,"
	" k.conname, pg_catalog.pg_get_constraintdef(k.oid),"
	" " COFFER_COMMENT_SQL("k.oid", "pg_constraint", "0")
	" FROM pg_catalog.pg_type AS t"
	" JOIN pg_catalog.pg_type AS b ON b.oid = t.typbasetype"
	" LEFT JOIN pg_catalog.pg_collation AS l ON l.oid = t.typcollation"
	" LEFT JOIN pg_catalog.pg_namespace AS m ON m.oid = l.collnamespace"
	" LEFT JOIN pg_catalog.pg_constraint AS k ON k.contypid = t.oid AND k.contype = 'c'"
	" LEFT JOIN LATERAL (WITH RECURSIVE down (oid, depth) AS ("
	"  SELECT t.oid, 0 UNION ALL"
	"  SELECT CASE d.typtype WHEN 'd' THEN d.typbasetype ELSE d.typelem END, down.depth + 1"
	"  FROM down JOIN pg_catalog.pg_type AS d ON d.oid = down.oid"
	"  AND (d.typtype = 'd' OR d.typelem <> 0::pg_catalog.oid AND d.typlen = -1::pg_catalog.int2))"
	"  SELECT pg_catalog.max(down.depth) AS depth FROM down) AS h ON true"
	" WHERE t.typnamespace = $1::pg_catalog.oid AND t.typtype = 'd'"
	" AND" COFFER_NOT_EXTENSION("pg_catalog.pg_type", "t.oid")
	" ORDER BY h.depth, t.typname, k.conname";
/* clang-format on */

static void
add_domain_check(struct coffer_discovery *discovery, coffer_domain *domain, const PGresult *result,
		 int row)
{
	coffer_check *check;

	if (!coffer_field(result, row, CHECK_NAME))
		return;
	check = coffer_domain_add_check(discovery->schema, domain);
	if (!have(discovery, check))
		return;
	check->name = coffer_discovery_text(discovery, result, row, CHECK_NAME);
	check->definition = coffer_discovery_text(discovery, result, row, CHECK_DEFINITION);
	check->comment = coffer_discovery_text(discovery, result, row, CHECK_COMMENT);
}

static coffer_domain *
add_domain(struct coffer_discovery *discovery, const PGresult *result, int row)
{
	coffer_domain *domain = coffer_schema_add_domain(discovery->schema);

	if (!have(discovery, domain))
		return NULL;
	domain->name = coffer_discovery_text(discovery, result, row, DOMAIN_NAME);
	domain->comment = coffer_discovery_text(discovery, result, row, DOMAIN_COMMENT);
	domain->type = coffer_discovery_text(discovery, result, row, DOMAIN_TYPE);
	domain->collation = coffer_discovery_text(discovery, result, row, DOMAIN_COLLATION);
	domain->default_sql = coffer_discovery_text(discovery, result, row, DOMAIN_DEFAULT);
	domain->is_not_null = coffer_field_bool(result, row, DOMAIN_IS_NOT_NULL);
	return domain;
}

coffer_status
coffer_discover_domains(struct coffer_discovery *discovery)
{
	PGresult *result;
	coffer_status status = coffer_discovery_query(discovery, domains_sql, "roroorooo", &result);
	coffer_domain *domain = NULL;
	int row;

	for (row = 0; !status && row < PQntuples(result); row++) {
		if (!domain || strcmp(domain->name, coffer_field(result, row, DOMAIN_NAME)) != 0)
			domain = add_domain(discovery, result, row);
		if (!domain || (status = coffer_discovery_finish(discovery)))
			break;
		add_domain_check(discovery, domain, result, row);
	}
	PQclear(result);
	return status ? status : coffer_discovery_finish(discovery);
}

/* ------------------------------------------------------------------ sequences */

/* clang-format off */
enum {
	SEQUENCE_NAME, SEQUENCE_COMMENT, SEQUENCE_TYPE, SEQUENCE_START, SEQUENCE_INCREMENT,
	SEQUENCE_MINIMUM, SEQUENCE_MAXIMUM, SEQUENCE_CACHE, SEQUENCE_IS_CYCLE,
	SEQUENCE_OWNER_TABLE, SEQUENCE_OWNER_COLUMN, SEQUENCE_IS_IDENTITY,
	SEQUENCE_PERSISTENCE, SEQUENCE_IS_READABLE, SEQUENCE_PATH,
};
/* clang-format on */

/* The state is told whole only by the sequence itself: the last column says where that is. */
/* clang-format off */
static const char sequences_sql[] =
	"SELECT c.relname, " COFFER_COMMENT_SQL("c.oid", "pg_class", "0") ","
	" pg_catalog.format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax,"
	" s.seqcache, s.seqcycle, t.relname, a.attname, d.deptype = 'i', c.relpersistence,"
	" pg_catalog.has_sequence_privilege(c.oid, 'SELECT'),"
	" pg_catalog.quote_ident(n.nspname::pg_catalog.text) || '.'::pg_catalog.text"
	"  || pg_catalog.quote_ident(c.relname::pg_catalog.text)"
	" FROM pg_catalog.pg_class AS c"
	" JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
	" JOIN pg_catalog.pg_sequence AS s ON s.seqrelid = c.oid"
	" LEFT JOIN (pg_catalog.pg_depend AS d"
	"  JOIN pg_catalog.pg_class AS t ON t.oid = d.refobjid"
	"  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid)"
	"  ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid"
	"  AND d.objid = c.oid AND d.objsubid = 0"
	"  AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid"
	"  AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i') AND t.relnamespace = c.relnamespace"
	" WHERE c.relnamespace = $1::pg_catalog.oid"
	" AND" COFFER_NOT_EXTENSION("pg_catalog.pg_class", "c.oid")
	" ORDER BY c.relname";
/* clang-format on */

static coffer_status
add_sequence(struct coffer_discovery *discovery, const PGresult *result, int row)
{
	coffer_sequence *sequence = coffer_schema_add_sequence(discovery->schema);

	if (!have(discovery, sequence))
		return coffer_discovery_finish(discovery);
	sequence->name = coffer_discovery_text(discovery, result, row, SEQUENCE_NAME);
	sequence->comment = coffer_discovery_text(discovery, result, row, SEQUENCE_COMMENT);
	sequence->type = coffer_discovery_text(discovery, result, row, SEQUENCE_TYPE);
	sequence->start = coffer_field_integer(result, row, SEQUENCE_START);
	sequence->increment = coffer_field_integer(result, row, SEQUENCE_INCREMENT);
	sequence->minimum = coffer_field_integer(result, row, SEQUENCE_MINIMUM);
	sequence->maximum = coffer_field_integer(result, row, SEQUENCE_MAXIMUM);
	sequence->cache = coffer_field_integer(result, row, SEQUENCE_CACHE);
	sequence->is_cycle = coffer_field_bool(result, row, SEQUENCE_IS_CYCLE);
	sequence->owner_table = coffer_discovery_text(discovery, result, row, SEQUENCE_OWNER_TABLE);
	sequence->owner_column =
		coffer_discovery_text(discovery, result, row, SEQUENCE_OWNER_COLUMN);
	sequence->is_identity = coffer_field_bool(result, row, SEQUENCE_IS_IDENTITY);
	sequence->is_unlogged = coffer_field_letter(result, row, SEQUENCE_PERSISTENCE) == 'u';
	sequence->last_value = sequence->start;
	return COFFER_OK;
}

/*
 * All states in one statement: "SELECT 0, ... UNION ALL SELECT 1, ...". The number comes back with
 * each row, since branches promise no order. What may not be read is coffer_discover_readable's to say.
 */
static void
put_states_sql(coffer_buffer *out, const PGresult *sequences)
{
	char head[64];
	int row;

	for (row = 0; row < PQntuples(sequences); row++) {
		if (!coffer_field_bool(sequences, row, SEQUENCE_IS_READABLE))
			continue;
		snprintf(head, sizeof(head), "%sSELECT %d, last_value, is_called FROM ",
			 out->size ? " UNION ALL " : "", row);
		coffer_copy_put_text(out, head);
		coffer_copy_put_text(out, coffer_result_text(sequences, row, SEQUENCE_PATH));
	}
	coffer_copy_put(out, "", 1);
}

static coffer_status
read_states(struct coffer_discovery *discovery, const PGresult *sequences)
{
	coffer_buffer sql = {.data = NULL};
	PGresult *result = NULL;
	coffer_status status;
	int row;

	put_states_sql(&sql, sequences);
	discovery->is_out_of_memory = discovery->is_out_of_memory || sql.is_failed;
	status = coffer_discovery_finish(discovery);
	if (!status && sql.size > 1)
		status = coffer_session_query(discovery->session, sql.data, &result,
					      discovery->error);
	if (!status && result)
		status = coffer_result_check(result, "rrr", 0, discovery->error);
	coffer_buffer_release(&sql);
	for (row = 0; !status && result && row < PQntuples(result); row++) {
		uint64_t number = (uint64_t)coffer_field_integer(result, row, 0);
		coffer_sequence *sequence = discovery->schema->sequences;

		if (number >= discovery->schema->sequence_count)
			continue;
		sequence += number;
		sequence->last_value = coffer_field_integer(result, row, 1);
		sequence->is_called = coffer_field_bool(result, row, 2);
	}
	PQclear(result);
	return status;
}

coffer_status
coffer_discover_sequences(struct coffer_discovery *discovery)
{
	PGresult *result;
	coffer_status status =
		coffer_discovery_query(discovery, sequences_sql, "rorrrrrrroooorr", &result);
	int row;

	for (row = 0; !status && row < PQntuples(result); row++)
		status = add_sequence(discovery, result, row);
	if (!status && PQntuples(result))
		status = read_states(discovery, result);
	PQclear(result);
	return status ? status : coffer_discovery_finish(discovery);
}
