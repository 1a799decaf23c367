/*
 * TRUNCATE where it is allowed: it gives the disk back, and it cannot reach into other tables.
 *
 * The server refuses to truncate a table that another one refers to, whether or not that one has rows. Such
 * a table is emptied by DELETE, and so are those that it refers to. DELETE would reach into the other
 * table by ON DELETE CASCADE or SET NULL: so that one is locked, and looked at first. If any of its
 * rows refers to a table that is to be emptied nothing is done.
 */
#include "postgres/export_clear.h"

#include "postgres/copy_bytes.h"
#include "postgres/copy_sql.h"
#include "postgres/result.h"

#include <stdio.h>
#include <stdlib.h>

struct clearing {
	struct coffer_export *export;
	const struct coffer_matches *matches;
	const struct coffer_order *order;
	bool *is_deleted; /* of each match: it cannot be truncated */
};

/* ------------------------------------------------------------------ what refers to them from outside */

enum { OUTSIDE_SCHEMA, OUTSIDE_TABLE, OUTSIDE_KEY, OUTSIDE_TARGET, OUTSIDE_CONDITION };

/* ", 'name'" for each table that is emptied, partitions too. */
static void
put_names(coffer_buffer *sql, const struct coffer_matches *matches)
{
	for (uint32_t i = 0; i < matches->target->table_count; i++) {
		if (!coffer_matches_find(matches, i))
			continue;
		coffer_copy_put_text(sql, ", ");
		coffer_copy_put_literal(sql, matches->target->tables[i].name);
	}
}

/* Foreign keys from other tables, with the condition under which a row of theirs refers to anything. */
static void
put_outside(coffer_buffer *sql, const struct coffer_export *export,
	    const struct coffer_matches *matches)
{
	coffer_copy_put_text(
		sql,
		"SELECT n.nspname, c.relname, k.conname, t.relname, (SELECT pg_catalog.string_agg("
		"pg_catalog.format('%I IS NOT NULL', a.attname), ' AND ') FROM "
		"pg_catalog.pg_attribute"
		" AS a WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey))"
		" FROM pg_catalog.pg_constraint AS k"
		" JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid"
		" JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
		" JOIN pg_catalog.pg_class AS t ON t.oid = k.confrelid"
		" JOIN pg_catalog.pg_namespace AS m ON m.oid = t.relnamespace"
		" WHERE k.contype = 'f' AND k.conparentid = 0::pg_catalog.oid AND m.nspname = ");
	coffer_copy_put_literal(sql, export->session.schema);
	coffer_copy_put_text(sql, " AND t.relname IN (NULL");
	put_names(sql, matches);
	coffer_copy_put_text(sql, ") AND NOT (n.nspname = ");
	coffer_copy_put_literal(sql, export->session.schema);
	coffer_copy_put_text(sql, " AND (c.relname IN (NULL");
	put_names(sql, matches);
	coffer_copy_put_text(sql, ")) IS TRUE) ORDER BY 1, 2, 3");
}

static coffer_status
lock_outside(struct coffer_export *export, const PGresult *outside, int row, coffer_error *error)
{
	coffer_buffer sql = {0};

	coffer_copy_put_text(&sql, "LOCK TABLE ");
	coffer_copy_put_table(&sql, coffer_result_text(outside, row, OUTSIDE_SCHEMA),
			      coffer_result_text(outside, row, OUTSIDE_TABLE));
	coffer_copy_put_text(&sql, " IN SHARE MODE");
	return coffer_export_run(export, &sql, error);
}

static coffer_status
check_outside(struct coffer_export *export, const PGresult *outside, int row, coffer_error *error)
{
	coffer_buffer sql = {0};
	PGresult *result = NULL;
	coffer_status status = lock_outside(export, outside, row, error);

	if (status)
		return status;
	coffer_copy_put_text(&sql, "SELECT 1 FROM ");
	coffer_copy_put_table(&sql, coffer_result_text(outside, row, OUTSIDE_SCHEMA),
			      coffer_result_text(outside, row, OUTSIDE_TABLE));
	coffer_copy_put_text(&sql, " WHERE ");
	coffer_copy_put_text(&sql, coffer_result_text(outside, row, OUTSIDE_CONDITION));
	coffer_copy_put_text(&sql, " LIMIT 1");
	status = coffer_export_query(export, &sql, &result, error);
	if (!status)
		status = coffer_result_check(result, "r", 0, error);
	if (!status && PQntuples(result)) {
		status = coffer_error_set(error, COFFER_CONFLICT,
					  "cannot be emptied: rows of %.100s.%.100s, which stays, "
					  "refer to it by %.100s",
					  coffer_result_text(outside, row, OUTSIDE_SCHEMA),
					  coffer_result_text(outside, row, OUTSIDE_TABLE),
					  coffer_result_text(outside, row, OUTSIDE_KEY));
		coffer_error_at(error, "%s", coffer_result_text(outside, row, OUTSIDE_TARGET));
	}
	PQclear(result);
	return status;
}

/* True when the table was not yet one of those that are deleted from. */
static bool
mark(struct clearing *clearing, uint32_t target)
{
	const struct coffer_match *match = coffer_matches_find(clearing->matches, target);
	bool *is_deleted = match ? &clearing->is_deleted[match - clearing->matches->list] : NULL;

	if (!match || *is_deleted)
		return false;
	*is_deleted = true;
	return true;
}

static coffer_status
look_outside(struct clearing *clearing, coffer_error *error)
{
	const struct coffer_matches *matches = clearing->matches;
	coffer_buffer sql = {0};
	PGresult *outside;
	coffer_status status;

	put_outside(&sql, clearing->export, matches);
	status = coffer_export_query(clearing->export, &sql, &outside, error);
	if (!status)
		status = coffer_result_check(outside, "rrrrr", 0, error);
	for (int row = 0; !status && row < PQntuples(outside); row++) {
		status = check_outside(clearing->export, outside, row, error);
		mark(clearing,
		     coffer_schema_find_table(matches->target,
					      coffer_result_text(outside, row, OUTSIDE_TARGET)));
	}
	PQclear(outside);
	return status;
}

/* What a table that is not truncated refers to cannot be truncated either. True when that is news. */
static bool
mark_needed(struct clearing *clearing)
{
	const struct coffer_matches *matches = clearing->matches;
	const coffer_schema *target = matches->target;
	bool is_marked = false;

	for (uint32_t t = 0; t < target->table_count; t++) {
		const struct coffer_match *from = coffer_matches_find(matches, t);
		const coffer_table *table = &target->tables[t];

		if (!from || !clearing->is_deleted[from - matches->list])
			continue;
		for (size_t r = 0; r < table->relation_count; r++)
			if (!table->relations[r].is_soft &&
			    mark(clearing, table->relations[r].target_table))
				is_marked = true;
	}
	return is_marked;
}

/* ------------------------------------------------------------------ emptying */

/* A partitioned table is emptied with its partitions, a parent by inheritance without its children. */
static void
put_emptied(coffer_buffer *sql, const struct clearing *clearing, const struct coffer_match *match)
{
	const coffer_table *table = coffer_match_target(clearing->matches, match);

	coffer_copy_put_text(sql, table->partition_key ? "" : "ONLY ");
	coffer_copy_put_table(sql, clearing->export->session.schema, table->name);
}

static coffer_status
truncate(const struct clearing *clearing, coffer_error *error)
{
	coffer_buffer sql = {0};

	for (size_t i = 0; i < clearing->matches->count; i++) {
		if (clearing->is_deleted[i])
			continue;
		coffer_copy_put_text(&sql, sql.size ? ", " : "TRUNCATE ");
		put_emptied(&sql, clearing, &clearing->matches->list[i]);
	}
	return coffer_export_run(clearing->export, &sql, error);
}

/* The tables of a group in one statement, at whose end foreign keys are looked at. */
static coffer_status
delete_group(const struct clearing *clearing, size_t start, size_t end, coffer_error *error)
{
	const struct coffer_order *order = clearing->order;
	coffer_buffer sql = {0};
	char piece[48];

	for (size_t place = start; place < end; place++) {
		if (!clearing->is_deleted[order->places[place]])
			continue;
		snprintf(piece, sizeof(piece), "%s d%zu AS (DELETE FROM ", sql.size ? "," : "WITH",
			 place);
		coffer_copy_put_text(&sql, piece);
		put_emptied(&sql, clearing, &clearing->matches->list[order->places[place]]);
		coffer_copy_put_text(&sql, ")");
	}
	if (sql.size)
		coffer_copy_put_text(&sql, " SELECT 1");
	return coffer_export_run(clearing->export, &sql, error);
}

static coffer_status
delete_groups(const struct clearing *clearing, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	size_t end = clearing->order->count, start;

	for (; end && !status; end = start) {
		start = clearing->order->groups[end - 1];
		status = delete_group(clearing, start, end, error);
	}
	return status;
}

coffer_status
coffer_export_clear(struct coffer_export *export, const struct coffer_matches *matches,
		    const struct coffer_order *order, coffer_error *error)
{
	struct clearing clearing = {
		.export = export,
		.matches = matches,
		.order = order,
		.is_deleted = calloc(matches->count + 1, sizeof(bool)),
	};
	coffer_status status;

	if (!clearing.is_deleted)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for tables");
	if (!(status = coffer_session_poll(&export->session, "emptying tables", 0, 0, error)) &&
	    !(status = look_outside(&clearing, error))) {
		while (mark_needed(&clearing))
			;
		if (!(status = truncate(&clearing, error)))
			status = delete_groups(&clearing, error);
	}
	free(clearing.is_deleted);
	return status;
}
