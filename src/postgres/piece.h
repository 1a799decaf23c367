/*
 * A big table is read in pieces, a statement each: several connections share them, and as they are handed out and taken
 * in turn the rows come in the order of one. The pieces are the same whatever the number of connections.
 */
#ifndef COFFER_POSTGRES_PIECE_H
#define COFFER_POSTGRES_PIECE_H

#include "postgres/session.h"
#include "transfer/transfer.h"

enum coffer_piece_kind {
	COFFER_PIECE_WHOLE,   /* all rows */
	COFFER_PIECE_TIMES,   /* those whose time lies between the bounds */
	COFFER_PIECE_NO_TIME, /* those whose time is NULL */
	COFFER_PIECE_BLOCKS,  /* those of the blocks between the bounds */
};

struct coffer_piece {
	uint32_t table;
	enum coffer_piece_kind kind;
	bool has_low, has_high;
	int64_t low, high; /* the first one of it, the first one behind it: times, or numbers of blocks */
};

/* In the order in which their rows come. */
struct coffer_pieces {
	struct coffer_piece *pieces;
	size_t count, capacity;
};

enum { COFFER_PIECE_SIZE = 8 << 20 }; /* bytes that a piece has at the server, by default */

/*
 * Cut the tables of a settled schema that have rows of their own. Nothing is read of their rows but the last time: a table
 * whose rows lie in the order of its time column's index is cut at what the server's statistics know of its times, one
 * that is read as it lies (from version 14 on) into ranges of blocks; every other one is one piece, and so is one that
 * is not bigger than `size` bytes (0: COFFER_PIECE_SIZE).
 *
 * COFFER_UNREACHABLE, COFFER_INTERRUPTED  as for coffer_session_query
 */
COFFER_CHECKED coffer_status
coffer_pieces_plan(struct coffer_session *session, const coffer_schema *schema,
		   const coffer_selection *selection, size_t size, struct coffer_pieces *pieces_out,
		   coffer_error *error);
void
coffer_pieces_release(struct coffer_pieces *pieces);

/*
 * Cut the times of a table. `bounds`, ascending, part its rows into shares of about one size; the last row has the time
 * `last`. About `parts` pieces are added, which have every row once whatever the bounds say: the first has no lower and
 * the last no upper one. No cut lies at `since` or before; INT64_MIN: rows may have no time, which come last.
 * COFFER_NO_MEMORY alone.
 */
COFFER_CHECKED coffer_status
coffer_pieces_cut_times(struct coffer_pieces *pieces, const coffer_table *table, uint32_t number,
			const int64_t *bounds, size_t count, int64_t last, uint64_t parts,
			int64_t since, coffer_error *error);

/* The same of `blocks` blocks, `share` of them a piece. */
COFFER_CHECKED coffer_status
coffer_pieces_cut_blocks(struct coffer_pieces *pieces, uint32_t number, uint64_t blocks,
			 uint64_t share, coffer_error *error);

#endif
