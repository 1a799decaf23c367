/*
 * Where to cut.
 *
 *   tables bigger than a piece --> a time index in order? --> the statistics' bounds --> pieces
 *                            \---> read as it lies?       --> blocks                --/
 *
 * A cut need not be a good one: whatever it is, each row is on one side of it. Statistics are there for nothing, and
 * they are right about nearly all rows; those that came since they were taken are reckoned from the last time.
 */
#include "postgres/piece.h"

#include "postgres/copy_bytes.h"
#include "postgres/copy_sql.h"
#include "postgres/result.h"
#include "transfer/selection.h"

#include <stdlib.h>
#include <string.h>

enum {
	PARTS_MAX = 1 << 16, /* of one table */
	TID_RANGES_FROM = 140000,
};

/* ------------------------------------------------------------------ pieces */

void
coffer_pieces_release(struct coffer_pieces *pieces)
{
	free(pieces->pieces);
	*pieces = (struct coffer_pieces){0};
}

static coffer_status
add(struct coffer_pieces *pieces, const struct coffer_piece *piece, coffer_error *error)
{
	size_t capacity = pieces->capacity ? pieces->capacity * 2 : 32;
	struct coffer_piece *grown = pieces->pieces;

	if (pieces->count == pieces->capacity) {
		if (!(grown = realloc(grown, capacity * sizeof(*grown))))
			return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a plan");
		pieces->pieces = grown;
		pieces->capacity = capacity;
	}
	pieces->pieces[pieces->count++] = *piece;
	return COFFER_OK;
}

/* End `piece` before `at` and begin the next one there. A cut that would leave nothing between is none. */
static coffer_status
cut(struct coffer_pieces *pieces, struct coffer_piece *piece, int64_t at, coffer_error *error)
{
	coffer_status status;

	if (piece->has_low && at <= piece->low)
		return COFFER_OK;
	piece->has_high = true;
	piece->high = at;
	status = add(pieces, piece, error);
	piece->has_low = true;
	piece->low = at;
	piece->has_high = false;
	return status;
}

/* What lies between two bounds is taken to be spread evenly: cut it into `shares`. */
static coffer_status
cut_between(struct coffer_pieces *pieces, struct coffer_piece *piece, int64_t from, int64_t to,
	    uint64_t shares, int64_t since, coffer_error *error)
{
	uint64_t width;
	coffer_status status = COFFER_OK;

	if (to <= from)
		return COFFER_OK;
	if (shares > (uint64_t)(to - from))
		shares = (uint64_t)(to - from);
	width = (uint64_t)(to - from) / shares;
	for (uint64_t i = 1; !status && i <= shares; i++) {
		int64_t at = i == shares ? to : from + (int64_t)(width * i);

		if (at > since)
			status = cut(pieces, piece, at, error);
	}
	return status;
}

/* Rows behind the last bound came since the statistics were taken, as many in a time as came before. */
static coffer_status
cut_behind(struct coffer_pieces *pieces, struct coffer_piece *piece, int64_t from, int64_t last,
	   int64_t width, uint64_t parts, int64_t since, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (uint64_t i = 0; !status && i < parts && width > 0 && last - from > width; i++) {
		from += width;
		if (from > since)
			status = cut(pieces, piece, from, error);
	}
	return status;
}

coffer_status
coffer_pieces_cut_times(struct coffer_pieces *pieces, const coffer_table *table, uint32_t number,
			const int64_t *bounds, size_t count, int64_t last, uint64_t parts,
			int64_t since, coffer_error *error)
{
	struct coffer_piece piece = {.table = number, .kind = COFFER_PIECE_TIMES};
	const struct coffer_piece none = {.table = number, .kind = COFFER_PIECE_NO_TIME};
	uint64_t shares = parts / (count - 1) + 1, stride = (count - 1) / parts;
	coffer_status status = COFFER_OK;
	size_t at = 0;

	if (!stride || shares > 1)
		stride = 1;
	for (; !status && at + stride < count; at += stride)
		status = cut_between(pieces, &piece, bounds[at], bounds[at + stride], shares, since,
				     error);
	if (!status && at)
		status = cut_behind(pieces, &piece, bounds[at], last,
				    (bounds[at] - bounds[0]) / (int64_t)(at / stride * shares),
				    parts, since, error);
	if (!status)
		status = add(pieces, &piece, error);
	/* One that has no bound is the whole table, rows without a time too. */
	if (!status && piece.has_low && since == INT64_MIN &&
	    table->columns[table->time_column].is_nullable)
		status = add(pieces, &none, error);
	return status;
}

coffer_status
coffer_pieces_cut_blocks(struct coffer_pieces *pieces, uint32_t number, uint64_t blocks,
			 uint64_t share, coffer_error *error)
{
	struct coffer_piece piece = {.table = number, .kind = COFFER_PIECE_BLOCKS};
	coffer_status status = COFFER_OK;

	for (uint64_t at = share; !status && at < blocks; at += share)
		status = cut(pieces, &piece, (int64_t)at, error);
	return status ? status : add(pieces, &piece, error);
}

/* ------------------------------------------------------------------ what the server knows */

struct planner {
	struct coffer_session *session;
	const coffer_schema *schema;
	const coffer_selection *selection;
	uint64_t size;
	struct coffer_pieces *pieces;
};

/* Tables that are bigger than a piece, and their blocks where a table may be read by them. */
static const char sizes_sql[] =
	"SELECT c.relname, s.size, CASE WHEN c.relkind = 'r' AND a.amname = 'heap'"
	" THEN pg_catalog.pg_relation_size(c.oid) /"
	" pg_catalog.current_setting('block_size')::pg_catalog.int8 ELSE 0 END"
	" FROM pg_catalog.pg_class AS c"
	" JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
	" LEFT JOIN pg_catalog.pg_am AS a ON a.oid = c.relam"
	" CROSS JOIN LATERAL (SELECT CASE c.relkind WHEN 'r' THEN pg_catalog.pg_table_size(c.oid)"
	"  ELSE (SELECT pg_catalog.sum(pg_catalog.pg_table_size(p.relid))::pg_catalog.int8"
	"   FROM pg_catalog.pg_partition_tree(c.oid) AS p) END AS size) AS s"
	" WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
	" AND s.size > $2::pg_catalog.int8";

/*
 * The bounds in microseconds from 2000 on. Where rows do not lie in the order of their times, an index would lead to
 * and fro in the table, which is sorted as a whole then. Times that no log has are no bounds: they would not fit.
 */
static const char bounds_sql[] =
	"SELECT (EXTRACT(epoch FROM b.at) * 1000000)::pg_catalog.int8 - 946684800000000"
	" FROM pg_catalog.pg_stats AS s CROSS JOIN LATERAL pg_catalog.unnest("
	"s.histogram_bounds::pg_catalog.text::pg_catalog.timestamp[]) AS b (at)"
	" WHERE s.schemaname = $1 AND s.tablename = $2 AND s.attname = $3"
	" AND s.inherited = $4::pg_catalog.bool AND pg_catalog.abs(s.correlation) > 0.8"
	" AND b.at BETWEEN '1900-01-01' AND '2500-01-01' ORDER BY 1";

#define TIME_FROM INT64_C(-3155673600000000) /* 1900 */
#define TIME_BEHIND INT64_C(15778476000000000) /* 2500 */

static int64_t
number(const PGresult *result, int row, int column)
{
	return strtoll(coffer_result_text(result, row, column), NULL, 10);
}

static bool
is_usual(int64_t time)
{
	return time >= TIME_FROM && time < TIME_BEHIND;
}

/* The table's last time, by its index; `last_out` stays as it is where there is no usual one. */
static coffer_status
find_last(const struct planner *planner, const coffer_table *table, int64_t *last_out,
	  coffer_error *error)
{
	coffer_buffer sql = {0};
	PGresult *result = NULL;
	coffer_status status = COFFER_NO_MEMORY;

	coffer_copy_put_text(&sql, "SELECT (EXTRACT(epoch FROM pg_catalog.max(r.");
	coffer_copy_put_identifier(&sql, table->columns[table->time_column].name);
	coffer_copy_put_text(&sql, ")) * 1000000)::pg_catalog.int8 - 946684800000000 FROM ");
	coffer_copy_put_text(&sql, table->partition_key ? "" : "ONLY ");
	coffer_copy_put_table(&sql, planner->session->schema, table->name);
	coffer_copy_put_text(&sql, " AS r WHERE r.");
	coffer_copy_put_identifier(&sql, table->columns[table->time_column].name);
	coffer_copy_put_text(&sql, " < '2500-01-01'");
	coffer_copy_put_byte(&sql, 0);
	if (sql.is_failed)
		coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a statement");
	else if (!(status = coffer_session_query(planner->session, sql.data, &result, error)) &&
		 !(status = coffer_result_check(result, "o", 1, error)) &&
		 is_usual(number(result, 0, 0)))
		*last_out = number(result, 0, 0);
	PQclear(result);
	coffer_buffer_release(&sql);
	return status;
}

static coffer_status
cut_at(struct planner *planner, uint32_t table, const PGresult *result, uint64_t parts,
       coffer_error *error)
{
	const coffer_table *cut = &planner->schema->tables[table];
	size_t count = (size_t)PQntuples(result);
	int64_t *bounds = calloc(count, sizeof(*bounds)), last, since;
	coffer_status status;

	if (!bounds)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a plan");
	for (size_t i = 0; i < count; i++)
		bounds[i] = number(result, (int)i, 0);
	last = bounds[count - 1];
	if (!coffer_selection_since(planner->selection, cut, &since))
		since = INT64_MIN;
	status = find_last(planner, cut, &last, error);
	if (!status)
		status = coffer_pieces_cut_times(planner->pieces, cut, table, bounds, count, last,
						 parts, since, error);
	free(bounds);
	return status;
}

/* `is_cut_out` stays false where the statistics know too little. */
static coffer_status
cut_times(struct planner *planner, uint32_t table, uint64_t parts, bool *is_cut_out,
	  coffer_error *error)
{
	const coffer_table *cut = &planner->schema->tables[table];
	const char *values[4] = {planner->session->schema, cut->name,
				 cut->columns[cut->time_column].name,
				 cut->partition_key ? "true" : "false"};
	bool is_known = true;
	PGresult *result;
	coffer_status status = coffer_session_query_values(planner->session, bounds_sql, values, 4,
							   &result, error);

	if (!status)
		status = coffer_result_check(result, "r", 0, error);
	for (int row = 0; !status && row < PQntuples(result); row++)
		is_known = is_known && is_usual(number(result, row, 0));
	if (!status && is_known && PQntuples(result) > 1) {
		*is_cut_out = true;
		status = cut_at(planner, table, result, parts, error);
	}
	PQclear(result);
	return status;
}

/* A table's line among the sizes; -1: it is small. */
static int
find_size(const PGresult *sizes, const char *name)
{
	for (int row = 0; row < PQntuples(sizes); row++)
		if (strcmp(coffer_result_text(sizes, row, 0), name) == 0)
			return row;
	return -1;
}

static coffer_status
plan_table(struct planner *planner, uint32_t table, const PGresult *sizes, coffer_error *error)
{
	const coffer_table *planned = &planner->schema->tables[table];
	const struct coffer_piece whole = {.table = table, .kind = COFFER_PIECE_WHOLE};
	int row = find_size(sizes, planned->name);
	bool is_timed = coffer_copy_has_time_order(planned), is_cut = false;
	uint64_t size = row < 0 ? 0 : (uint64_t)number(sizes, row, 1), parts, blocks;
	coffer_status status = COFFER_OK;

	if (size <= planner->size)
		return add(planner->pieces, &whole, error);
	parts = size / planner->size + 1;
	if (parts > PARTS_MAX)
		parts = PARTS_MAX;
	blocks = (uint64_t)number(sizes, row, 2);
	if (is_timed)
		status = cut_times(planner, table, parts, &is_cut, error);
	else if (blocks && blocks < UINT32_MAX && planner->session->server_version >= TID_RANGES_FROM) {
		is_cut = true;
		status = coffer_pieces_cut_blocks(planner->pieces, table, blocks, blocks / parts + 1,
						  error);
	}
	return status || is_cut ? status : add(planner->pieces, &whole, error);
}

coffer_status
coffer_pieces_plan(struct coffer_session *session, const coffer_schema *schema,
		   const coffer_selection *selection, size_t size, struct coffer_pieces *pieces_out,
		   coffer_error *error)
{
	struct planner planner = {session, schema, selection, size ? size : COFFER_PIECE_SIZE,
				  pieces_out};
	char least[24];
	const char *values[2] = {session->schema, least};
	PGresult *sizes;
	coffer_status status;

	*pieces_out = (struct coffer_pieces){0};
	snprintf(least, sizeof(least), "%llu", (unsigned long long)planner.size);
	status = coffer_session_query_values(session, sizes_sql, values, 2, &sizes, error);
	if (!status)
		status = coffer_result_check(sizes, "rrr", 0, error);
	for (uint32_t table = 0; !status && table < schema->table_count; table++)
		if (schema->tables[table].id)
			status = plan_table(&planner, table, sizes, error);
	PQclear(sizes);
	return status;
}
