/*
 * The comparison of a store with a source, table after table as the source gives them; the tables that it does not
 * have come last.
 */
#include "transfer/compare_run.h"
#include "transfer/selection.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_PER_POLL = 1024 };

bool
coffer_compared_is_equal(const struct coffer_compared_table *table)
{
	return (table->left || table->is_subset) && table->right && !table->column_differences &&
	       !table->changed && !table->only_left && (!table->only_right || table->is_subset);
}

/* ------------------------------------------------------------------ one row */

coffer_status
coffer_compare_load(struct coffer_compare_run *run, const coffer_row *row, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < run->table.left->column_count; i++)
		status = coffer_row_get(row, (uint16_t)i, &run->left[i], error);
	return status;
}

static uint64_t
bits_of(double real)
{
	uint64_t bits;

	memcpy(&bits, &real, sizeof(bits));
	return bits;
}

bool
coffer_compare_is_equal(const coffer_value *left, const coffer_value *right)
{
	if (left->kind != right->kind)
		return false;
	switch (left->kind) {
	case COFFER_NULL:
		return true;
	case COFFER_BOOL:
		return left->boolean == right->boolean;
	case COFFER_INT:
		return left->integer == right->integer;
	case COFFER_FLOAT:
		return bits_of(left->real) == bits_of(right->real);
	case COFFER_TIME:
		return left->time == right->time;
	case COFFER_TEXT:
	case COFFER_JSON:
	case COFFER_TEXT_ARRAY:
	case COFFER_BYTES:
	case COFFER_OTHER:
		break;
	}
	return left->text.size == right->text.size &&
	       (!left->text.size ||
		memcmp(left->text.data, right->text.data, left->text.size) == 0);
}

size_t
coffer_compare_changes(struct coffer_compare_run *run, const coffer_value *right)
{
	size_t count = 0;

	for (size_t i = 0; i < run->table.pair_count; i++) {
		const struct coffer_column_pair *pair = &run->table.pairs[i];

		if (!coffer_compare_is_equal(&run->left[pair->left], &right[pair->right]))
			run->changed[count++] = (uint16_t)i;
	}
	return count;
}

coffer_status
coffer_compare_only_left(struct coffer_compare_run *run, uint64_t number, coffer_error *error)
{
	const struct coffer_compared_row row = {
		.table = &run->table, .left = run->left, .number = number};

	run->table.only_left++;
	return run->options->row ? run->options->row(run->options->context, &row, error)
				 : COFFER_OK;
}

coffer_status
coffer_compare_only_right(struct coffer_compare_run *run, const coffer_value *right,
			  coffer_error *error)
{
	const struct coffer_compared_row row = {.table = &run->table, .right = right};

	run->table.only_right++;
	if (run->table.is_subset)
		return COFFER_OK;
	coffer_compare_add_right(run, right);
	return run->options->row ? run->options->row(run->options->context, &row, error)
				 : COFFER_OK;
}

coffer_status
coffer_compare_poll(struct coffer_compare_run *run, coffer_error *error)
{
	const struct coffer_compare_options *options = run->options;

	if (run->rows++ % ROWS_PER_POLL || !options->progress ||
	    options->progress(options->progress_context, run->table.left->name, run->rows - 1,
			      run->source->bytes))
		return COFFER_OK;
	return coffer_error_set(error, COFFER_INTERRUPTED, "interrupted");
}

coffer_status
coffer_compare_next_left(struct coffer_compare_run *run, uint64_t *number_out, coffer_error *error)
{
	const coffer_selection *selection = &run->options->selection;
	const coffer_row *row = NULL;
	coffer_status status;

	do {
		if (!(status = coffer_compare_poll(run, error)) &&
		    !(status = coffer_cursor_next(run->cursor, &row, error)))
			status = coffer_compare_load(run, row, error);
	} while (!status && !coffer_selection_takes(selection, run->table.left, run->left));
	*number_out = status ? 0 : coffer_row_number(row);
	return status;
}

/* ------------------------------------------------------------------ a table of one side */

static coffer_status
count_right(struct coffer_compare_run *run, coffer_error *error)
{
	const coffer_value *right;
	coffer_status status = COFFER_OK;

	while (!status && !(status = coffer_source_next_row(run->source, &right, error)))
		status = coffer_compare_only_right(run, right, error);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

static coffer_status
count_left(struct coffer_compare_run *run, coffer_error *error)
{
	coffer_status status = coffer_selection_scan(&run->options->selection, run->table.left,
						     run->cursor, error);
	uint64_t number;

	while (!status && !(status = coffer_compare_next_left(run, &number, error)))
		status = coffer_compare_only_left(run, number, error);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

/* ------------------------------------------------------------------ one table */

static coffer_status
compare_rows(struct coffer_compare_run *run, coffer_error *error)
{
	if (!run->table.left)
		return count_right(run, error);
	if (!run->table.right)
		return count_left(run, error);
	return run->table.key ? coffer_compare_keyed(run, error)
			      : coffer_compare_multiset(run, error);
}

static coffer_status
begin_table(struct coffer_compare_run *run, coffer_error *error)
{
	const coffer_table *left = run->table.left;
	coffer_status status;

	run->left = calloc(left ? left->column_count + 1 : 1, sizeof(*run->left));
	if (!run->left)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row");
	if (run->options->begin)
		run->options->begin(run->options->context, &run->table);
	status = coffer_compare_columns(run, error);
	if (!status && left)
		status = coffer_cursor_open(run->txn, run->number, &run->cursor, error);
	return status;
}

static void
end_table(struct coffer_compare_run *run)
{
	coffer_cursor_close(run->cursor);
	coffer_compare_columns_release(run);
	coffer_met_release(&run->met);
	free(run->left);
	run->cursor = NULL;
	run->left = NULL;
	run->guess = 0;
}

static void
sum_up(const struct coffer_compared_table *table, struct coffer_compare_summary *summary)
{
	summary->tables++;
	summary->tables_different += !coffer_compared_is_equal(table);
	summary->same += table->same;
	summary->changed += table->changed;
	summary->only_left += table->only_left;
	summary->only_right += table->only_right;
}

/* Either side may be NULL, not both. */
static coffer_status
compare_table(struct coffer_compare_run *run, uint32_t left, const coffer_table *right,
	      struct coffer_compare_summary *summary, coffer_error *error)
{
	coffer_status status;

	run->table = (struct coffer_compared_table){
		.left = left == COFFER_NO_TABLE ? NULL : &run->schema->tables[left],
		.right = right,
		.is_subset = run->options->is_subset,
	};
	run->number = left;
	if (!(status = begin_table(run, error)) && !(status = compare_rows(run, error))) {
		if (run->options->end)
			run->options->end(run->options->context, &run->table);
		sum_up(&run->table, summary);
	}
	end_table(run);
	return status;
}

/* ------------------------------------------------------------------ the whole */

/* The number of the table on the left: one that has rows of its own and is not done yet. */
static uint32_t
find_left(const struct coffer_compare_run *run, const char *name, const bool *is_wanted)
{
	uint32_t number = coffer_schema_find_table(run->schema, name);

	return number != COFFER_NO_TABLE && is_wanted[number] ? number : COFFER_NO_TABLE;
}

static coffer_status
compare_tables(struct coffer_compare_run *run, bool *is_wanted,
	       struct coffer_compare_summary *summary, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	uint32_t table, left;

	while (!status && !(status = coffer_source_next_table(run->source, &table, error))) {
		const coffer_table *right = &run->source->schema->tables[table];

		left = find_left(run, right->name, is_wanted);
		if (left != COFFER_NO_TABLE)
			is_wanted[left] = false;
		status = compare_table(run, left, right, summary, error);
	}
	if (status == COFFER_NOT_FOUND)
		status = COFFER_OK;
	for (left = 0; !status && left < run->schema->table_count; left++)
		if (is_wanted[left])
			status = compare_table(run, left, NULL, summary, error);
	return status;
}

coffer_status
coffer_compare(coffer_store *store, coffer_txn *txn, struct coffer_source *source,
	       const struct coffer_compare_options *options,
	       struct coffer_compare_summary *summary_out, coffer_error *error)
{
	struct coffer_compare_run run = {
		.options = options,
		.schema = coffer_store_schema(store),
		.txn = txn,
		.source = source,
	};
	bool *is_wanted = calloc(run.schema->table_count + 1, sizeof(*is_wanted));
	coffer_status status;

	*summary_out = (struct coffer_compare_summary){0};
	if (!is_wanted)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory to compare");
	status = coffer_selection_resolve(&options->selection, run.schema, is_wanted, error);
	for (uint32_t i = 0; i < run.schema->table_count; i++)
		is_wanted[i] = is_wanted[i] && run.schema->tables[i].id;
	if (!status)
		status = compare_tables(&run, is_wanted, summary_out, error);
	free(is_wanted);
	return status;
}
