/*
 * Rows into tables that a target has.
 *
 *   match --> order --> (empty the tables) --> group after group --> deferred checks --> sequences
 *
 * A table is copied into as it is where no row need look for another row of it: an append to a table whose
 * rows do not refer to each other. Everything else is staged in temporary tables, from which one
 * statement fills all tables of a group: foreign keys are checked at a statement's end, so rows may
 * refer to later ones, in the same table or in another of the group.
 */
#include "postgres/export_clear.h"
#include "postgres/export_sequence.h"
#include "postgres/export_stage.h"

#include "postgres/copy_bytes.h"
#include "postgres/result.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct filling {
	struct coffer_export *export;
	struct coffer_matches matches;
	struct coffer_order order;
	struct coffer_match_key *keys; /* of each match, in an upsert */
	uint64_t *sent, *fresh; /* rows of each match: staged, and how many of them are new */
};

static bool
is_upsert(const struct filling *filling)
{
	return filling->export->options->mode == COFFER_EXPORT_UPSERT;
}

static const struct coffer_match *
match_at(const struct filling *filling, size_t place)
{
	return &filling->matches.list[filling->order.places[place]];
}

/* ------------------------------------------------------------------ a table by itself */

static coffer_status
append(struct filling *filling, const struct coffer_match *match, coffer_error *error)
{
	struct coffer_export *export = filling->export;
	const struct coffer_copy_job job = {
		.schema = export->schema,
		.table = match->table,
		.selection = &export->options->transfer.selection,
		.columns = match->columns,
		.column_count = match->column_count,
		.is_text = match->is_text,
		.into_schema = export->session.schema,
		.into = coffer_match_target(&filling->matches, match)->name,
	};
	coffer_export_counts counts = {.inserted = export->sent.rows};
	coffer_status status = coffer_export_send(export, &job, error);

	counts.inserted = export->sent.rows - counts.inserted;
	if (!status)
		coffer_export_count(export, match->table, &counts);
	return status;
}

/* ------------------------------------------------------------------ a group by way of temporary tables */

static coffer_status
stage(struct filling *filling, size_t place, coffer_error *error)
{
	struct coffer_export *export = filling->export;
	const struct coffer_match *match = match_at(filling, place);
	size_t number = filling->order.places[place];
	uint64_t before = export->sent.rows;
	coffer_status status = coffer_stage_fill(export, &filling->matches, match, number, error);

	filling->sent[number] = export->sent.rows - before;
	if (!status && is_upsert(filling))
		status = coffer_stage_count_new(export, &filling->matches, match,
						&filling->keys[number], number,
						&filling->fresh[number], error);
	if (status)
		coffer_session_place(coffer_match_target(&filling->matches, match)->name, error);
	return status;
}

/* "WITH i0 AS (INSERT ...), i1 AS (...) SELECT (SELECT count(*) FROM i0), ..." */
static void
put_statement(coffer_buffer *sql, const struct filling *filling, size_t start, size_t end)
{
	char piece[80];

	for (size_t place = start; place < end; place++) {
		size_t number = filling->order.places[place];

		snprintf(piece, sizeof(piece), "%s i%zu AS (", place == start ? "WITH" : ",",
			 number);
		coffer_copy_put_text(sql, piece);
		coffer_stage_put_insert(sql, filling->export, &filling->matches,
					match_at(filling, place),
					is_upsert(filling) ? &filling->keys[number] : NULL, number);
		coffer_copy_put_text(sql, ")");
	}
	for (size_t place = start; place < end; place++) {
		snprintf(piece, sizeof(piece), "%s (SELECT pg_catalog.count(*) FROM i%zu)",
			 place == start ? " SELECT" : ",", filling->order.places[place]);
		coffer_copy_put_text(sql, piece);
	}
}

/* Somebody else may have added a row since the new ones were counted: it was updated then. */
static void
count_written(struct filling *filling, size_t place, uint64_t written)
{
	size_t number = filling->order.places[place];
	uint64_t inserted = is_upsert(filling) ? filling->fresh[number] : written;
	coffer_export_counts counts;

	if (inserted > written)
		inserted = written;
	counts = (coffer_export_counts){
		.inserted = inserted,
		.updated = written - inserted,
		.same = filling->sent[number] - written,
	};
	coffer_export_count(filling->export, match_at(filling, place)->table, &counts);
}

static coffer_status
insert(struct filling *filling, size_t start, size_t end, coffer_error *error)
{
	coffer_buffer sql = {0};
	PGresult *result;
	coffer_status status;

	put_statement(&sql, filling, start, end);
	status = coffer_export_query(filling->export, &sql, &result, error);
	if (!status && (PQntuples(result) != 1 || PQnfields(result) != (int)(end - start)))
		status = coffer_result_check(result, "", 1, error);
	for (size_t place = start; place < end && !status; place++)
		count_written(
			filling, place,
			strtoull(coffer_result_text(result, 0, (int)(place - start)), NULL, 10));
	PQclear(result);
	if (status)
		coffer_session_place(
			coffer_match_target(&filling->matches, match_at(filling, start))->name,
			error);
	for (size_t place = start; place < end && !status; place++)
		status = coffer_stage_drop(filling->export, filling->order.places[place], error);
	return status;
}

static coffer_status
fill_group(struct filling *filling, size_t start, size_t end, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	if (!is_upsert(filling) && !filling->order.is_circular[start])
		return append(filling, match_at(filling, start), error);
	for (size_t place = start; place < end && !status; place++)
		status = stage(filling, place, error);
	return status ? status : insert(filling, start, end, error);
}

/* ------------------------------------------------------------------ the whole */

static coffer_status
find_keys(struct filling *filling, coffer_error *error)
{
	size_t count = filling->matches.count;
	coffer_status status = COFFER_OK;

	filling->keys = calloc(count + 1, sizeof(*filling->keys));
	filling->sent = calloc(count + 1, sizeof(*filling->sent));
	filling->fresh = calloc(count + 1, sizeof(*filling->fresh));
	if (!filling->keys || !filling->sent || !filling->fresh)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for keys");
	for (size_t i = 0; i < count && is_upsert(filling) && !status; i++)
		status = coffer_match_find_key(&filling->matches, &filling->matches.list[i],
					       &filling->keys[i], error);
	return status;
}

static coffer_status
fill(struct filling *filling, coffer_error *error)
{
	struct coffer_export *export = filling->export;
	coffer_status status;

	if ((status = coffer_matches_make(export, &filling->matches, error)) ||
	    (status = coffer_order_make(&filling->matches, &filling->order, error)) ||
	    (status = find_keys(filling, error)))
		return status;
	if (export->options->mode == COFFER_EXPORT_REPLACE)
		status = coffer_export_clear(export, &filling->matches, &filling->order, error);
	for (size_t start = 0, end; start < filling->order.count && !status; start = end) {
		end = coffer_order_group_end(&filling->order, start);
		status = fill_group(filling, start, end, error);
	}
	/* What is checked at the end is checked now: a sequence that was moved may stay where it is. */
	if (!status)
		status = coffer_session_run(&export->session, "SET CONSTRAINTS ALL IMMEDIATE",
					    error);
	return status ? status : coffer_export_advance(export, &filling->matches, error);
}

coffer_status
coffer_export_fill(struct coffer_export *export, coffer_error *error)
{
	struct filling filling = {.export = export};
	coffer_status status = fill(&filling, error);

	free(filling.keys);
	free(filling.sent);
	free(filling.fresh);
	coffer_order_release(&filling.order);
	coffer_matches_release(&filling.matches);
	return status;
}
