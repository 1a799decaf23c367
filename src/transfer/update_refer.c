/*
 * A log keeps rows that its source no longer has, and comes to have those alone that are not from before its last ones: what a
 * foreign key leads to is there at the source, and may not be here. Such rows are looked for before the commit.
 */
#include "transfer/update_run.h"

#include <inttypes.h>

enum { ASK_EVERY = 4096 };

/* Did rows go from under those that a log has kept, or did rows come that lead into a log? */
static bool
is_in_doubt(const struct coffer_update *update, uint32_t table, const coffer_relation *relation)
{
	const struct coffer_updated_table *from = &update->tables[table], *to;

	if (relation->is_soft || relation->target_table >= update->schema->table_count)
		return false;
	to = &update->tables[relation->target_table];
	return (from->is_log && (to->gone || to->changed)) ||
	       (to->is_log && (from->added || from->changed));
}

static bool
has_doubt(const struct coffer_update *update, uint32_t number)
{
	const coffer_table *table = &update->schema->tables[number];

	for (size_t i = 0; table->id && i < table->relation_count; i++)
		if (is_in_doubt(update, number, &table->relations[i]))
			return true;
	return false;
}

static coffer_status
refuse(const struct coffer_update *update, uint32_t table, uint64_t number,
       const coffer_error *found, coffer_error *error)
{
	coffer_error_set(error, COFFER_CONFLICT,
			 "%s: the log's rows that are here are not all of those at the source; prune "
			 "the log, give a longer window, or import anew",
			 found->message);
	coffer_error_at(error, "%s[%" PRIu64 "]", update->schema->tables[table].name, number);
	return COFFER_CONFLICT;
}

static coffer_status
ask(const struct coffer_update *update, const char *what, uint64_t rows, coffer_error *error)
{
	const coffer_transfer_options *options = &update->transfer;

	if (rows % ASK_EVERY || !options->progress ||
	    options->progress(options->progress_context, what, rows, update->source->bytes))
		return COFFER_OK;
	return coffer_error_set(error, COFFER_INTERRUPTED, "interrupted");
}

static coffer_status
check_rows(const struct coffer_update *update, uint32_t table, coffer_cursor *cursor,
	   coffer_error *error)
{
	const coffer_scan all = {.index = COFFER_NO_INDEX};
	coffer_status status = coffer_cursor_scan(cursor, &all, error);
	coffer_error found = {0};
	const coffer_row *row;
	uint64_t rows = 0;

	while (!status && !(status = coffer_cursor_next(cursor, &row, error)) &&
	       !(status = ask(update, update->schema->tables[table].name, ++rows, error))) {
		uint64_t number = coffer_row_number(row);

		status = coffer_replica_check(update->write, table, number, &found);
		if (status == COFFER_CONFLICT)
			return refuse(update, table, number, &found, error);
		if (status)
			return coffer_error_set(error, status, "%s", found.message);
	}
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

coffer_status
coffer_update_check_references(const struct coffer_update *update, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (uint32_t i = 0; !status && i < update->schema->table_count; i++) {
		coffer_cursor *cursor;

		if (!has_doubt(update, i))
			continue;
		status = coffer_cursor_open(update->write, i, &cursor, error);
		if (!status)
			status = check_rows(update, i, cursor, error);
		coffer_cursor_close(cursor);
	}
	return status;
}
