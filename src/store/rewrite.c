/*
 * A store written anew, its rows under their old numbers.
 *
 *   snapshot --> row --> stays, changes or goes --> load --> in the place of the store
 *
 * Everything else is as the load makes it for any new store: codes, indexes, features. Whoever writes to the old store
 * meanwhile would lose what he wrote: that is looked for now and then, and once more when nobody can write any longer.
 */
#include "store/rewrite.h"

#include "store/catalogue_shape.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOOK_EVERY = 4096 };

/* ------------------------------------------------------------------ what every way of writing anew shares */

coffer_status
coffer_rewrite_begin_load(coffer_store *store, const coffer_txn *txn, const char *path,
			  coffer_schema *schema, const coffer_load_options *options,
			  const char *step, coffer_load **load_out, coffer_error *error)
{
	coffer_load_options seeded = *options;
	coffer_status status;

	seeded.has_seed = true;
	seeded.seed = store->seed;
	if (path)
		status = coffer_load_begin(path, schema, &seeded, load_out, error);
	else
		status = coffer_load_begin_anew(store, txn->snapshot->transaction, schema, &seeded,
						load_out, error);
	if (status)
		return status;
	(*load_out)->steps = store->steps;
	(*load_out)->step_count = store->step_count;
	if ((status = coffer_load_fact(*load_out, "step", step, error)))
		return status;
	return coffer_load_fact(*load_out, "coffer", COFFER_VERSION, error);
}

coffer_status
coffer_rewrite_rows(coffer_txn *txn, uint32_t table, coffer_take_row take, void *context,
		    coffer_error *error)
{
	const coffer_scan all = {.index = COFFER_NO_INDEX};
	coffer_cursor *cursor;
	const coffer_row *row;
	coffer_status status = coffer_cursor_open(txn, table, &cursor, error);

	if (!status)
		status = coffer_cursor_scan(cursor, &all, error);
	while (!status && !(status = coffer_cursor_next(cursor, &row, error)))
		status = take(context, row, error);
	coffer_cursor_close(cursor);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

/* ------------------------------------------------------------------ one row */

static bool
is_in_place(const struct coffer_rewrite *rewrite)
{
	return !rewrite->options->path;
}

static coffer_status
check_untouched(const struct coffer_rewrite *rewrite, coffer_error *error)
{
	struct coffer_disk_facts facts;

	coffer_disk_describe(rewrite->store->disk, &facts);
	if (!is_in_place(rewrite) || facts.transaction == rewrite->txn->snapshot->transaction)
		return COFFER_OK;
	return coffer_error_set(error, COFFER_BUSY, "in use: somebody writes to it");
}

/* Rows that go are none to the load, which would ask whether it is to go on. */
static coffer_status
look(const struct coffer_rewrite *rewrite, coffer_error *error)
{
	coffer_status status = check_untouched(rewrite, error);

	return status ? status
		      : coffer_load_tell(rewrite->load,
					 rewrite->schema->tables[rewrite->table].name,
					 rewrite->summary->rows, error);
}

static coffer_status
read_values(const struct coffer_rewrite *rewrite, const coffer_row *row,
	    const coffer_value *const *instead, coffer_error *error)
{
	size_t count = rewrite->schema->tables[rewrite->table].column_count;
	coffer_status status = COFFER_OK;

	for (uint16_t column = 0; !status && column < count; column++)
		if (instead && instead[column])
			rewrite->values[column] = *instead[column];
		else
			status = coffer_row_get(row, column, &rewrite->values[column], error);
	return status;
}

static coffer_status
take_row(void *context, const coffer_row *row, coffer_error *error)
{
	struct coffer_rewrite *rewrite = context;
	struct coffer_fate fate = {.is_gone = false};
	coffer_status status = COFFER_OK;

	rewrite->rows++;
	if (!(++rewrite->summary->rows_read % LOOK_EVERY))
		status = look(rewrite, error);
	if (!status && rewrite->sift)
		status = rewrite->sift(rewrite->context, rewrite->table, row, &fate, error);
	if (status || fate.is_gone || (status = read_values(rewrite, row, fate.instead, error)))
		return status;
	rewrite->number_last = coffer_row_number(row);
	rewrite->summary->rows++;
	coffer_load_number(rewrite->load, rewrite->number_last);
	return coffer_load_row(rewrite->load, rewrite->values, error);
}

/* ------------------------------------------------------------------ one table */

/* The tree says itself how many it has: what a damaged one hides would be gone for good. */
static coffer_status
check_count(const struct coffer_rewrite *rewrite, coffer_error *error)
{
	uint64_t rows;
	coffer_status status = coffer_table_count(rewrite->txn, rewrite->table, &rows, error);

	if (status || rows == rewrite->rows)
		return status;
	coffer_error_set(error, COFFER_CORRUPT,
			 "%" PRIu64 " rows are there, and its tree says %" PRIu64, rewrite->rows,
			 rows);
	coffer_error_at(error, "%s", rewrite->schema->tables[rewrite->table].name);
	return COFFER_CORRUPT;
}

/* Numbers are never given twice, so that the highest is kept where its row has gone. */
static coffer_status
keep_highest(struct coffer_rewrite *rewrite, coffer_error *error)
{
	uint64_t highest;
	coffer_status status =
		coffer_rows_highest(rewrite->txn, rewrite->table, &highest, error);

	if (!status && highest > rewrite->number_last)
		coffer_load_highest(rewrite->load, rewrite->table, highest);
	return status;
}

static coffer_status
take_table(struct coffer_rewrite *rewrite, uint32_t table, coffer_error *error)
{
	size_t columns = rewrite->schema->tables[table].column_count;
	coffer_status status = coffer_load_table(rewrite->load, table, error);

	if (status)
		return status;
	rewrite->table = table;
	rewrite->number_last = rewrite->rows = 0;
	rewrite->values = calloc(columns + 1, sizeof(*rewrite->values));
	if (!rewrite->values)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row");
	status = coffer_rewrite_rows(rewrite->txn, table, take_row, rewrite, error);
	free(rewrite->values);
	if (!status)
		status = check_count(rewrite, error);
	return status ? status : keep_highest(rewrite, error);
}

static coffer_status
take_tables(struct coffer_rewrite *rewrite, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (uint32_t table = 0; !status && table < rewrite->schema->table_count; table++)
		if (rewrite->schema->tables[table].id)
			status = take_table(rewrite, table, error);
	return status;
}

/* ------------------------------------------------------------------ the whole */

static coffer_status
check_permission(const struct coffer_rewrite *rewrite, coffer_error *error)
{
	const char *path = coffer_disk_path(rewrite->store->disk);

	if (!is_in_place(rewrite))
		return COFFER_OK;
	if (!path)
		return coffer_error_set(error, COFFER_INVALID,
					"the store is no file of its own that could be replaced");
	if (rewrite->store->unknown_feature)
		return coffer_error_set(error, COFFER_UNSUPPORTED,
					"made by a newer coffer: to write it needs the feature %s",
					rewrite->store->unknown_feature);
	if (faccessat(AT_FDCWD, path, W_OK, AT_EACCESS))
		return coffer_error_set(error, COFFER_IO, "cannot be written: %s", strerror(errno));
	return COFFER_OK;
}

coffer_status
coffer_rewrite_open(struct coffer_rewrite *rewrite, coffer_error *error)
{
	coffer_status status = check_permission(rewrite, error);

	*rewrite->summary = (coffer_rewrite_summary){.rows = 0};
	if (status || (status = coffer_txn_begin(rewrite->store, &rewrite->txn, error)))
		return status;
	if (rewrite->txn->snapshot->transaction == rewrite->store->transaction)
		return COFFER_OK;
	return coffer_error_set(error, COFFER_BUSY, "in use: somebody writes to it");
}

static coffer_status
begin(struct coffer_rewrite *rewrite, coffer_error *error)
{
	const coffer_load_options options = {
		.is_forced = rewrite->options->is_forced,
		.is_plain = rewrite->options->is_plain,
		.progress = rewrite->options->progress,
		.progress_context = rewrite->options->progress_context,
	};
	coffer_status status =
		coffer_schema_copy(rewrite->store->schema, &rewrite->schema, error);

	/* What a store of today has that an older one lacks comes with settling: roll-ups, indexes of relations. */
	if (status || (status = coffer_schema_settle(rewrite->schema, error)) ||
	    (status = coffer_rewrite_judge_marks(rewrite->txn, rewrite->schema, error)))
		return status;
	status = coffer_rewrite_begin_load(rewrite->store, rewrite->txn, rewrite->options->path,
					   rewrite->schema, &options, rewrite->step,
					   &rewrite->load, error);
	return status || !rewrite->tell ? status
					: rewrite->tell(rewrite->context, rewrite->load, error);
}

coffer_status
coffer_rewrite_write(struct coffer_rewrite *rewrite, coffer_error *error)
{
	coffer_status status = begin(rewrite, error);

	return status ? status : take_tables(rewrite, error);
}

/* The file is let go of before the other takes its place; the steps are the store's until they are written. */
coffer_status
coffer_rewrite_finish(struct coffer_rewrite *rewrite, coffer_error *error)
{
	coffer_load *load = rewrite->load;

	rewrite->load = NULL;
	rewrite->summary->is_step_left_out = rewrite->store->step_count >= COFFER_STEPS_MAX;
	if (is_in_place(rewrite)) {
		coffer_txn_end(rewrite->txn);
		rewrite->txn = NULL;
		coffer_disk_close(rewrite->store->disk);
		rewrite->store->disk = NULL;
	}
	return coffer_load_finish(load, error);
}

void
coffer_rewrite_close(struct coffer_rewrite *rewrite)
{
	coffer_load_abort(rewrite->load);
	coffer_txn_end(rewrite->txn);
	coffer_schema_free(rewrite->schema);
	coffer_store_close(rewrite->store);
}
