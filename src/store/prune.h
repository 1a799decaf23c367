/*
 * What the files of prune share: which tables lose what.
 */
#ifndef COFFER_STORE_PRUNE_H
#define COFFER_STORE_PRUNE_H

#include "base/arena.h"
#include "store/rewrite.h"

struct coffer_pruned {
	bool is_chosen;
	uint64_t counted;             /* rows that go, or change; found before anything is written */
	uint64_t seen;                /* the same as the writing meets them */
	const coffer_value **instead; /* of each column the value that it gets, NULL: its own; NULL: rows go whole */
};

struct coffer_prune {
	const coffer_prune_options *options;
	coffer_store *store;
	coffer_txn *txn;
	struct coffer_pruned *tables; /* one a table of the schema */
	struct coffer_arena memory;   /* of the values that columns get */
	uint32_t table;               /* whose rows are looked at */
	const struct coffer_reference *reference; /* by which others refer to what goes */
	coffer_cursor *target;
	uint64_t rows;                /* looked at so far */
};

static inline const coffer_table *
coffer_prune_table(const struct coffer_prune *prune, uint32_t table)
{
	return &prune->store->schema->tables[table];
}

/* Is the row from before the time, and has it anything that is to go? */
COFFER_CHECKED coffer_status
coffer_prune_takes(const struct coffer_prune *prune, uint32_t table, const coffer_row *row,
		   bool *is_taken_out, coffer_error *error);

/*
 * Mark the chosen tables, and make what the columns get.
 *
 * COFFER_NOT_FOUND  no such table or column
 * COFFER_INVALID    a table without a time column; a column that cannot be emptied
 */
COFFER_CHECKED coffer_status
coffer_prune_choose(struct coffer_prune *prune, coffer_error *error);

/* Count what goes or changes. COFFER_CONFLICT: a row that stays refers to one that goes. */
COFFER_CHECKED coffer_status
coffer_prune_count(struct coffer_prune *prune, coffer_error *error);

#endif
