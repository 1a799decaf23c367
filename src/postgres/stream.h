/*
 * The rows of a server's tables, read over one or several connections and given out in one order.
 */
#ifndef COFFER_POSTGRES_STREAM_H
#define COFFER_POSTGRES_STREAM_H

#include "postgres/copy_read.h"
#include "postgres/lane.h"
#include "postgres/piece.h"

struct coffer_stream {
	/* The caller's, set before the start: */
	const coffer_schema *schema;
	const coffer_transfer_options *options;
	struct coffer_lane *lanes; /* each with a session in a transaction of the same snapshot */
	unsigned lane_count;
	struct coffer_pieces pieces; /* released by coffer_stream_stop */

	size_t piece;                     /* the one that rows come from, or come next */
	size_t ordered;                   /* lanes have orders for all pieces before this one */
	bool is_reading;                  /* the table has more to say */
	uint64_t rows, bytes;             /* given out so far */
	uint64_t rows_before;             /* those of the pieces before this one */
	struct coffer_copy_reader reader; /* of the table that rows come from */
	struct coffer_block *block;       /* what they come from; NULL: none yet */
	size_t at;                        /* how far it is read */
};

/* Give every lane its thread and first orders. Stop it in any case. COFFER_NO_MEMORY alone. */
COFFER_CHECKED coffer_status
coffer_stream_start(struct coffer_stream *stream, coffer_error *error);

/*
 * Go to the next table, whose rows come next; all rows of the one before were read. COFFER_NOT_FOUND behind the last one.
 */
COFFER_CHECKED coffer_status
coffer_stream_next_table(struct coffer_stream *stream, uint32_t *table_out, coffer_error *error);

/*
 * The next row of that table, borrowed until the next call. COFFER_NOT_FOUND behind the last one.
 *
 * COFFER_INTERRUPTED  the progress function asked for it
 * others              as for coffer_lane_take and coffer_copy_read
 */
COFFER_CHECKED coffer_status
coffer_stream_next_row(struct coffer_stream *stream, const coffer_value **values_out,
		       coffer_error *error);

/* End all threads, cancelling what the server does for them. The sessions are the caller's again. */
void
coffer_stream_stop(struct coffer_stream *stream);

#endif
