/*
 * Stores that are written anew out of a store: with another schema, without what is not used any more, without old rows.
 * They go through a load; compact and prune keep the tables, their columns and the numbers of the rows, settle the rest
 * of the schema as for a new store, and put the new store in the place of the old one unless they are told another.
 */
#ifndef COFFER_STORE_REWRITE_H
#define COFFER_STORE_REWRITE_H

#include "store/load.h"

/* Begin the new store: it has the old one's seed, its steps and one of its own called `step`. `path` NULL: in the place of
 * `store`, as `txn` shows it. Status as for a load. */
COFFER_CHECKED coffer_status
coffer_rewrite_begin_load(coffer_store *store, const coffer_txn *txn, const char *path,
			  coffer_schema *schema, const coffer_load_options *options,
			  const char *step, coffer_load **load_out, coffer_error *error);

/* Give every row of a table to `take` in the order of their numbers; a failure of it ends the walk. */
typedef coffer_status (*coffer_take_row)(void *context, const coffer_row *row, coffer_error *error);
COFFER_CHECKED coffer_status
coffer_rewrite_rows(coffer_txn *txn, uint32_t table, coffer_take_row take, void *context,
		    coffer_error *error);

/* What becomes of a row. A zeroed one: it stays as it is. */
struct coffer_fate {
	bool is_gone;
	const coffer_value *const *instead; /* of each column the value that it gets, NULL: its own; NULL: all their own */
};

struct coffer_rewrite {
	coffer_store *store;
	const coffer_rewrite_options *options;
	const char *step;
	/* Says what becomes of each row; NULL: all stay. */
	coffer_status (*sift)(void *context, uint32_t table, const coffer_row *row,
			      struct coffer_fate *fate_out, coffer_error *error);
	/* Adds facts to the step; NULL: none. */
	coffer_status (*tell)(void *context, coffer_load *load, coffer_error *error);
	void *context;
	coffer_rewrite_summary *summary;

	/* Its own: */
	coffer_txn *txn;       /* from open to close */
	coffer_schema *schema; /* the new store's */
	coffer_load *load;
	uint32_t table;        /* whose rows are on their way */
	coffer_value *values;  /* of a row of it */
	uint64_t rows;         /* of it, so far */
	uint64_t number_last;  /* of the last one that stayed */
};

/*
 * Begin the snapshot that is rewritten. Close always.
 *
 * COFFER_BUSY         somebody has written to the store since it was opened
 * COFFER_UNSUPPORTED  it has a feature that this version cannot write
 * COFFER_INVALID      it is no file of its own
 * COFFER_IO           no permission to write it
 */
COFFER_CHECKED coffer_status
coffer_rewrite_open(struct coffer_rewrite *rewrite, coffer_error *error);

/* Write the rows of the new store. COFFER_BUSY besides: somebody has the old one open, or has written to it. */
COFFER_CHECKED coffer_status
coffer_rewrite_write(struct coffer_rewrite *rewrite, coffer_error *error);

/* Put it in its place. COFFER_BUSY as before. */
COFFER_CHECKED coffer_status
coffer_rewrite_finish(struct coffer_rewrite *rewrite, coffer_error *error);

/* Close the store too. */
void
coffer_rewrite_close(struct coffer_rewrite *rewrite);

/* Take marks of interned columns away that the rows do not bear out; `schema` is a copy of the transaction's. SPEC.md 8.1. */
COFFER_CHECKED coffer_status
coffer_rewrite_judge_marks(coffer_txn *txn, coffer_schema *schema, coffer_error *error);

#endif
