/*
 * What the files of the twin share: twin_schema.c (tables, values), twin_rows.c (the rows and what statements do to them),
 * twin.c (the script, the comparison).
 */
#ifndef COFFER_TESTS_TWIN_PARTS_H
#define COFFER_TESTS_TWIN_PARTS_H

#include "coffer.h"

enum {
	TWIN_TABLES_MAX = 16,
	TWIN_ROWS_MAX = 120, /* of a table */
	TWIN_WAITS_MAX = 4096,
	TWIN_SEQUENCES_MAX = 4,
	TWIN_PAPERS = 40, /* rows that the table Paper has from the beginning */
	TWIN_PAPER_COLUMNS = 7,
	TWIN_PAPER_SIZE = 2048,
};

struct twin_row {
	uint64_t number;
	const coffer_value
		*values; /* one a column; never changed, another array takes their place */
};

struct twin_table {
	struct twin_row rows[TWIN_ROWS_MAX]; /* by number */
	size_t count;
	uint64_t last; /* the highest number given */
};

/* A check at the end of the transaction. */
struct twin_wait {
	uint32_t table;
	const coffer_relation *relation; /* NULL: unique */
	const coffer_index *index;
	uint64_t number;
};

struct twin_state {
	struct twin_table tables[TWIN_TABLES_MAX];
	struct {
		int64_t last_value;
		bool is_called;
	} sequences[TWIN_SEQUENCES_MAX];
	struct twin_wait waits[TWIN_WAITS_MAX];
	size_t wait_count;
	bool is_deferred;
};

struct twin {
	const coffer_schema *schema; /* the store's */
	coffer_schema *memory;       /* of values, to the end of the script */
	struct twin_state now, committed, trial;
	size_t acted; /* statements that changed more than one row */
	bool is_over; /* a limit of the twin's own: the script ends */
};

/* ------------------------------------------------------------------ twin_schema.c */

/* Tables with columns of every kind and foreign keys of every action; settled. NULL when memory is out. */
coffer_schema *
twin_schema(void);

/* Value number `choice` for a column: few that meet often, and ones at the edges. Some a column cannot hold. */
coffer_value
twin_value(const coffer_column *column, uint8_t choice);

/* Row `number` of Paper, in normal form; its body is in `room`, of TWIN_PAPER_SIZE bytes. */
void
twin_paper(unsigned number, coffer_value values[TWIN_PAPER_COLUMNS], char *room);

/* What a server stores of a value that was given; false where it refuses it. In `memory`. */
bool
twin_settle(coffer_schema *memory, const coffer_column *column, coffer_value *value);

/* Equal as keys are. */
bool
twin_is_equal(const coffer_value *left, const coffer_value *right);

/* Equal to the last bit. */
bool
twin_is_same(const coffer_value *left, const coffer_value *right);

/* ------------------------------------------------------------------ twin_rows.c */

/* The statements, on `now`. */
coffer_status
twin_insert(struct twin *twin, uint32_t table, const coffer_set *sets, size_t count,
	    coffer_on_conflict on_conflict, coffer_outcome *outcome_out);
coffer_status
twin_update(struct twin *twin, uint32_t table, uint64_t number, const coffer_set *sets,
	    size_t count);
coffer_status
twin_delete(struct twin *twin, uint32_t table, uint64_t number);
coffer_status
twin_replica_put(struct twin *twin, uint32_t table, const coffer_value *values, uint64_t number);
coffer_status
twin_replica_delete(struct twin *twin, uint32_t table, uint64_t number);
coffer_status
twin_set_sequence(struct twin *twin, size_t sequence, int64_t last_value, bool is_called);

/* Make `now` lasting, or go back to what was: after a commit that is refused, too. */
coffer_status
twin_commit(struct twin *twin);
void
twin_abort(struct twin *twin);

/* Foreign keys of rows that lead nowhere: replicas bring them. */
size_t
twin_count_dangling(const struct twin *twin);

/* The row of this number; NULL where there is none. */
struct twin_row *
twin_find(struct twin_state *state, uint32_t table, uint64_t number);

#endif
