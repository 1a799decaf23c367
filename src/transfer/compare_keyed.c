/*
 * Rows matched by their primary key.
 *
 *   right row --> the left row behind the last match, else by key --> same or changed, and met
 *   left rows that were not met --> only on the left
 *
 * Two sides of one origin have their rows in one order: a guess then spares the search. A second row of one key, as a
 * source without unique keys may have it, is only on the right.
 */
#include "transfer/compare_run.h"
#include "transfer/selection.h"

#include <inttypes.h>

/* A guess is right only where the key has the same bits: what is equal in another form is found by the index. */
static coffer_status
has_key(const coffer_row *row, const coffer_index *key, const coffer_value *values, bool *has_out,
	coffer_error *error)
{
	coffer_status status = COFFER_OK;
	coffer_value value;

	*has_out = true;
	for (size_t i = 0; !status && *has_out && i < key->key_column_count; i++) {
		status = coffer_row_get(row, key->key_columns[i], &value, error);
		*has_out = !status && coffer_compare_is_equal(&value, &values[i]);
	}
	return status;
}

/* The left row with the key of `right`. COFFER_NOT_FOUND, also for a key that is NULL. */
static coffer_status
find_left(struct coffer_compare_run *run, const coffer_value *right, const coffer_row **row_out,
	  coffer_error *error)
{
	const coffer_index *key = run->table.key;
	coffer_value values[COFFER_KEY_COLUMNS_MAX];
	coffer_status status = COFFER_NOT_FOUND;
	bool is_right = false;

	for (size_t i = 0; i < key->key_column_count; i++) {
		values[i] = right[run->key_columns[i]];
		if (values[i].kind == COFFER_NULL)
			return COFFER_NOT_FOUND;
	}
	if (run->guess)
		status = coffer_cursor_get_number(run->cursor, run->guess, row_out, error);
	if (!status)
		status = has_key(*row_out, key, values, &is_right, error);
	if (status < 0 || is_right)
		return status;
	return coffer_cursor_get(run->cursor, run->table.left->primary, values, row_out, error);
}

static coffer_status
compare_match(struct coffer_compare_run *run, const coffer_row *row, const coffer_value *right,
	      coffer_error *error)
{
	struct coffer_compared_row found = {
		.table = &run->table, .left = run->left, .right = right, .changed = run->changed};
	coffer_status status;

	found.number = coffer_row_number(row);
	run->guess = found.number + 1;
	if ((status = coffer_met_add(&run->met, found.number, error)) ||
	    (status = coffer_compare_load(run, row, error)))
		return status;
	coffer_compare_add_left(run);
	coffer_compare_add_right(run, right);
	found.changed_count = coffer_compare_changes(run, right);
	if (!found.changed_count) {
		run->table.same++;
		return COFFER_OK;
	}
	run->table.changed++;
	return run->options->row ? run->options->row(run->options->context, &found, error)
				 : COFFER_OK;
}

static coffer_status
take_right(struct coffer_compare_run *run, const coffer_value *right, coffer_error *error)
{
	const coffer_row *row;
	coffer_status status = find_left(run, right, &row, error);

	if (!status && !coffer_met_has(&run->met, coffer_row_number(row)))
		return compare_match(run, row, right, error);
	return status < 0 ? status : coffer_compare_only_right(run, right, error);
}

/* One row of the left that was not met. */
static coffer_status
take_left(struct coffer_compare_run *run, uint64_t number, coffer_error *error)
{
	const coffer_row *row;
	coffer_status status = coffer_cursor_get_number(run->cursor, number, &row, error);

	if (status == COFFER_NOT_FOUND)
		return coffer_error_set(error, COFFER_CORRUPT,
					"an index of table %s names row %" PRIu64
					", which does not exist",
					run->table.left->name, number);
	if (!status)
		status = coffer_compare_load(run, row, error);
	if (status || !coffer_selection_takes(&run->options->selection, run->table.left, run->left))
		return status;
	coffer_compare_add_left(run);
	return coffer_compare_only_left(run, number, error);
}

static coffer_status
take_rest(struct coffer_compare_run *run, coffer_cursor *numbers, coffer_error *error)
{
	coffer_status status =
		coffer_selection_scan(&run->options->selection, run->table.left, numbers, error);
	uint64_t number;

	while (!status && !(status = coffer_cursor_next_number(numbers, &number, error)))
		if (!(status = coffer_compare_poll(run, error)) &&
		    !coffer_met_has(&run->met, number))
			status = take_left(run, number, error);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

coffer_status
coffer_compare_keyed(struct coffer_compare_run *run, coffer_error *error)
{
	coffer_cursor *numbers = NULL;
	const coffer_value *right;
	uint64_t rows;
	coffer_status status = COFFER_OK;

	run->guess = 1;
	while (!status && !(status = coffer_source_next_row(run->source, &right, error)))
		status = take_right(run, right, error);
	if (status != COFFER_NOT_FOUND ||
	    (status = coffer_table_count(run->txn, run->number, &rows, error)))
		return status;
	if (rows == run->met.count)
		return COFFER_OK;
	status = coffer_cursor_open(run->txn, run->number, &numbers, error);
	if (!status)
		status = take_rest(run, numbers, error);
	coffer_cursor_close(numbers);
	return status;
}
