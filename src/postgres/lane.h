/*
 * One of the connections that a source reads over, with a thread of its own that takes what the server sends and keeps it
 * until its turn comes.
 *
 *   begin --> start --> order, order, ... --> take, take, ... --> stop
 *
 * One thread alone gives the orders and takes what comes of them, in their order. What is kept is bounded: the server
 * waits where nobody takes.
 */
#ifndef COFFER_POSTGRES_LANE_H
#define COFFER_POSTGRES_LANE_H

#include "postgres/session.h"

/* Messages of one COPY, one behind the other, each with its size in front. */
struct coffer_block {
	struct coffer_block *next;
	char *bytes;
	size_t size, capacity;
	bool is_last;  /* of its COPY, which ended well */
	uint64_t told; /* the rows that the server says it sent; of the last block */
};

/* A number of COPY statements with semicolons between them, which the lane frees. */
struct coffer_order {
	struct coffer_order *next;
	char *sql;
	size_t count;
};

struct coffer_lane {
	struct coffer_session session; /* the thread's own from start to stop */
	struct coffer_lane_shared *shared; /* what two threads look at; NULL before start */
};

/*
 * Give the lane, whose session is open and in its transaction, a thread. `size_max`: bytes that it may keep; one message
 * more may come, whatever its size. Stop it in any case before its session is closed.
 * COFFER_NO_MEMORY alone.
 */
COFFER_CHECKED coffer_status
coffer_lane_start(struct coffer_lane *lane, size_t size_max, coffer_error *error);

/* Give it `count` statements more; `sql` is the lane's to free from now on. COFFER_NO_MEMORY alone. */
COFFER_CHECKED coffer_status
coffer_lane_order(struct coffer_lane *lane, char *sql, size_t count, coffer_error *error);

/*
 * The next block, which is the caller's until it gives it back; NULL in `block_out`: there was none for a tenth of a
 * second. Do not ask for more than was ordered.
 *
 * Failures are those of coffer_session_run and coffer_session_end; they come behind the blocks that came before them.
 */
COFFER_CHECKED coffer_status
coffer_lane_take(struct coffer_lane *lane, struct coffer_block **block_out, coffer_error *error);
void
coffer_lane_give_back(struct coffer_lane *lane, struct coffer_block *block);

/* The next message of a block, from `at` on, which moves; NULL: there is none. */
const char *
coffer_block_next(const struct coffer_block *block, size_t *at, size_t *size_out);

/* Ask the thread to end; what the server is doing for it is cancelled. It need not have been started. */
void
coffer_lane_ask_to_stop(struct coffer_lane *lane);
/* The same, and wait for it. The session is the caller's again. */
void
coffer_lane_stop(struct coffer_lane *lane);

#endif
