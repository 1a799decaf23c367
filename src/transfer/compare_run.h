/*
 * Inside the comparison of a store with a source: one table at a time.
 */
#ifndef COFFER_TRANSFER_COMPARE_RUN_H
#define COFFER_TRANSFER_COMPARE_RUN_H

#include "transfer/compare.h"
#include "transfer/met.h"

struct coffer_compare_run {
	const struct coffer_compare_options *options;
	const coffer_schema *schema; /* the left one */
	coffer_txn *txn;
	struct coffer_source *source;
	uint64_t rows; /* looked at, for the progress */
	/* The table at hand: */
	struct coffer_compared_table table;
	uint32_t number;                              /* on the left */
	coffer_cursor *cursor;                        /* on the left; NULL where there is none */
	coffer_value *left;                           /* the left row's values */
	uint16_t *changed;                            /* room for the pairs that differ */
	uint16_t key_columns[COFFER_KEY_COLUMNS_MAX]; /* the key's, on the right */
	struct coffer_met met;                        /* left rows that were matched */
	uint64_t guess; /* the left row behind the one that was matched last; 0: none */
};

/* Pair the columns of the table, tell those that have no partner, choose the key and the totals. COFFER_NO_MEMORY. */
coffer_status
coffer_compare_columns(struct coffer_compare_run *run, coffer_error *error);
void
coffer_compare_columns_release(struct coffer_compare_run *run);

/* Add a row of one side to its totals. */
void
coffer_compare_add_left(struct coffer_compare_run *run);
void
coffer_compare_add_right(struct coffer_compare_run *run, const coffer_value *right);

/* The same bits? */
bool
coffer_compare_is_equal(const coffer_value *left, const coffer_value *right);

/* Read all values of a left row into run->left. */
coffer_status
coffer_compare_load(struct coffer_compare_run *run, const coffer_row *row, coffer_error *error);

/* Read the next left row of the scan that the selection takes. COFFER_NOT_FOUND at the end. */
coffer_status
coffer_compare_next_left(struct coffer_compare_run *run, uint64_t *number_out, coffer_error *error);

/* Fill run->changed with the pairs in which run->left and `right` differ; returns their number. */
size_t
coffer_compare_changes(struct coffer_compare_run *run, const coffer_value *right);

/* Count and tell a row that one side alone has. */
coffer_status
coffer_compare_only_left(struct coffer_compare_run *run, uint64_t number, coffer_error *error);
coffer_status
coffer_compare_only_right(struct coffer_compare_run *run, const coffer_value *right,
			  coffer_error *error);

/* Count a row looked at on the left. COFFER_INTERRUPTED. */
coffer_status
coffer_compare_poll(struct coffer_compare_run *run, coffer_error *error);

/* Rows matched by key, and as a multiset. */
coffer_status
coffer_compare_keyed(struct coffer_compare_run *run, coffer_error *error);
coffer_status
coffer_compare_multiset(struct coffer_compare_run *run, coffer_error *error);

#endif
