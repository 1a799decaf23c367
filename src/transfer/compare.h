/*
 * A store against a source: table by table, matched by name, their columns too, row by row.
 *
 * The store is the left side, the source the right one. Rows of a table with a primary key are matched by it;
 * those of a table without one are compared as a multiset. Values are equal when they have the same bits: a
 * float's -0 is not 0, a document of another spelling is another document. Columns of other kinds on the two
 * sides, or on one side only, are told and not compared.
 */
#ifndef COFFER_TRANSFER_COMPARE_H
#define COFFER_TRANSFER_COMPARE_H

#include "transfer/exact_sum.h"
#include "transfer/source.h"

enum coffer_total_kind {
	COFFER_TOTAL_NONE,
	COFFER_TOTAL_SUM, /* of an INT or FLOAT column that is no part of a key and counts nothing */
	COFFER_TOTAL_RANGE, /* of a TIME column */
};

/* What the values of one column come to on one side. */
struct coffer_total {
	enum coffer_total_kind kind;
	uint64_t values;              /* that are not NULL */
	int64_t least, greatest;      /* RANGE */
	__int128 whole;               /* SUM of INT: never runs over */
	struct coffer_exact_sum real; /* SUM of FLOAT */
};

/* Write a SUM, a FLOAT's rounded once. Returns its length. */
size_t
coffer_total_print(const struct coffer_total *total, const coffer_column *column,
		   char out[COFFER_SCALAR_TEXT_SIZE]);

/* A column of both sides, by its number in each table; of one kind. */
struct coffer_column_pair {
	uint16_t left, right;
};

/* One table, as far as it is known: the counts and totals are whole when it is done. */
struct coffer_compared_table {
	const coffer_table *left, *right; /* NULL: that side does not have it */
	bool is_subset;                   /* as the options say */
	struct coffer_column_pair *pairs;
	size_t pair_count;
	const coffer_index *key; /* the left one's primary key; NULL: a multiset */
	size_t column_differences;
	uint64_t same, changed, only_left, only_right;   /* rows */
	struct coffer_total *left_totals, *right_totals; /* one a pair */
};

/* Has it nothing that differs? */
bool
coffer_compared_is_equal(const struct coffer_compared_table *table);

/* Two rows that differ, or one that the other side does not have. Borrowed for the call. */
struct coffer_compared_row {
	const struct coffer_compared_table *table;
	const coffer_value *left;  /* one a column of table->left; NULL: not there */
	const coffer_value *right; /* one a column of table->right; NULL: not there */
	uint64_t number;           /* the left one's row number, 0 where it is not there */
	const uint16_t *changed;   /* of two rows: numbers of the pairs that differ */
	size_t changed_count;
};

/* Zeroed ones compare everything and tell nothing. */
struct coffer_compare_options {
	coffer_selection selection; /* of the left side; the source has its own, the same */
	coffer_progress
		progress; /* polled while no row comes from the source, which polls its own */
	void *progress_context;
	/* What the source alone has is counted and is no difference: its rows are not told, nor in its totals. */
	bool is_subset;
	size_t memory_size; /* for rows without a key, beyond which they go to a file; 0: 64 MiB */
	/* For each table: begin, each column on one side only (the other NULL) or of another type, each row
	 * that differs, end. NULL where it is not wanted. A status of row()'s ends the comparison. */
	void (*begin)(void *context, const struct coffer_compared_table *table);
	void (*column)(void *context, const struct coffer_compared_table *table,
		       const coffer_column *left, const coffer_column *right);
	coffer_status (*row)(void *context, const struct coffer_compared_row *row,
			     coffer_error *error);
	void (*end)(void *context, const struct coffer_compared_table *table);
	void *context;
};

struct coffer_compare_summary {
	uint64_t tables, tables_different;
	uint64_t same, changed, only_left, only_right; /* rows */
};

/*
 * Compare the snapshot `txn` of `store` with every row of `source`, which was not read from yet. Memory does not
 * grow with the rows but by a bit for each.
 *
 * COFFER_OK           compared; the summary says whether they are equal
 * COFFER_NOT_FOUND, COFFER_INVALID  as for coffer_selection_resolve
 * COFFER_INTERRUPTED  the progress function asked for it
 * others              as for reading the store and the source, and what row() returned
 */
COFFER_CHECKED coffer_status
coffer_compare(coffer_store *store, coffer_txn *txn, struct coffer_source *source,
	       const struct coffer_compare_options *options,
	       struct coffer_compare_summary *summary_out, coffer_error *error);

#endif
