/*
 * Pieces are ordered in turn and taken in turn.
 *
 *   pieces --> orders: lane 0, lane 1, lane 0, ... --> blocks: lane 0, lane 1, lane 0, ... --> rows
 *
 * While the rows of one piece are taken the other lanes fetch those that follow, each about one piece ahead. A lane that
 * is alone gets many statements in one order, so that the server never waits for the next one.
 */
#include "postgres/stream.h"

#include "postgres/copy_sql.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
	ROWS_PER_POLL = 1024,
	TOGETHER_MAX = 32, /* statements of an order, of a lane that is alone */
	AHEAD_ALONE = TOGETHER_MAX + 1,
	AHEAD = 2,         /* pieces that a lane has orders for, of several */
	KEPT_ALONE = 1 << 20,
	KEPT_TOGETHER = 64 << 20, /* bytes that all lanes keep, of several */
	KEPT_MAX = 12 << 20,      /* and each of them */
};

/* ------------------------------------------------------------------ orders */

static struct coffer_lane *
lane_of(const struct coffer_stream *stream, size_t piece)
{
	return &stream->lanes[piece % stream->lane_count];
}

/* Behind the last piece of an order that begins with `piece`: a lane that is alone reads on in the same table. */
static size_t
order_end(const struct coffer_stream *stream, size_t piece)
{
	const struct coffer_pieces *pieces = &stream->pieces;
	size_t end = piece + 1;

	while (stream->lane_count == 1 && end < pieces->count && end - piece < TOGETHER_MAX &&
	       pieces->pieces[end].table == pieces->pieces[piece].table)
		end++;
	return end;
}

static coffer_status
order(struct coffer_stream *stream, coffer_error *error)
{
	size_t from = stream->ordered, end = order_end(stream, from);
	struct coffer_lane *lane = lane_of(stream, from);
	coffer_buffer sql = {0};

	for (size_t i = from; i < end; i++) {
		const struct coffer_piece *piece = &stream->pieces.pieces[i];

		coffer_buffer_text(&sql, i == from ? "" : "; ");
		coffer_copy_out_sql(&sql, stream->schema, &stream->schema->tables[piece->table],
				    lane->session.schema, &stream->options->selection, piece);
	}
	if (sql.is_failed) {
		coffer_buffer_release(&sql);
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a statement");
	}
	stream->ordered = end;
	return coffer_lane_order(lane, sql.data, end - from, error);
}

static coffer_status
order_more(struct coffer_stream *stream, coffer_error *error)
{
	size_t ahead = stream->lane_count == 1 ? AHEAD_ALONE : AHEAD * stream->lane_count;
	coffer_status status = COFFER_OK;

	while (!status && stream->ordered < stream->pieces.count &&
	       stream->ordered - stream->piece < ahead)
		status = order(stream, error);
	return status;
}

/* ------------------------------------------------------------------ rows */

static coffer_status
ask(const struct coffer_stream *stream, coffer_error *error)
{
	const coffer_transfer_options *options = stream->options;

	if (!options->progress || options->progress(options->progress_context, stream->reader.table->name,
						    stream->rows, stream->bytes))
		return COFFER_OK;
	return coffer_error_set(error, COFFER_INTERRUPTED, "interrupted");
}

static void
give_back(struct coffer_stream *stream)
{
	if (stream->block)
		coffer_lane_give_back(lane_of(stream, stream->piece), stream->block);
	stream->block = NULL;
	stream->at = 0;
}

/* Wait for the piece's next block. */
static coffer_status
take_block(struct coffer_stream *stream, coffer_error *error)
{
	struct coffer_lane *lane = lane_of(stream, stream->piece);
	coffer_status status = COFFER_OK;

	give_back(stream);
	while (!status && !(status = coffer_lane_take(lane, &stream->block, error)) && !stream->block)
		status = ask(stream, error);
	return status;
}

/* The server says how many rows it sent, with which those that came are compared. Another piece may follow. */
static coffer_status
end_piece(struct coffer_stream *stream, coffer_error *error)
{
	uint64_t rows = stream->rows - stream->rows_before, told = stream->block->told;
	const struct coffer_piece *piece = &stream->pieces.pieces[stream->piece];
	coffer_status status;

	if (told != rows)
		return coffer_error_set(error, COFFER_UNREACHABLE,
					"the server sent %" PRIu64 " rows and says it were %" PRIu64,
					rows, told);
	if ((status = coffer_copy_read_end(&stream->reader, error)))
		return status;
	give_back(stream);
	stream->rows_before = stream->rows;
	stream->is_reading = ++stream->piece < stream->pieces.count && piece[1].table == piece->table;
	coffer_copy_read_anew(&stream->reader);
	return order_more(stream, error);
}

/* A message that holds no row is passed over: COFFER_NOT_FOUND. */
static coffer_status
take_message(struct coffer_stream *stream, coffer_error *error)
{
	const char *message = NULL;
	size_t size = 0;
	coffer_status status;

	if (stream->block)
		message = coffer_block_next(stream->block, &stream->at, &size);
	if (message) {
		stream->bytes += size;
		return coffer_copy_read(&stream->reader, message, size, error);
	}
	if (stream->block && stream->block->is_last)
		status = end_piece(stream, error);
	else
		status = take_block(stream, error);
	return status ? status : COFFER_NOT_FOUND;
}

coffer_status
coffer_stream_next_row(struct coffer_stream *stream, const coffer_value **values_out,
		       coffer_error *error)
{
	coffer_status status = COFFER_NOT_FOUND;

	*values_out = NULL;
	if (stream->rows % ROWS_PER_POLL == 0 && stream->is_reading && (status = ask(stream, error)))
		return status;
	do
		status = stream->is_reading ? take_message(stream, error) : COFFER_NOT_FOUND;
	while (status == COFFER_NOT_FOUND && stream->is_reading);
	if (status < 0)
		coffer_session_place(stream->reader.table->name, error);
	if (status)
		return status;
	stream->rows++;
	*values_out = stream->reader.values;
	return COFFER_OK;
}

/* ------------------------------------------------------------------ the whole */

coffer_status
coffer_stream_start(struct coffer_stream *stream, coffer_error *error)
{
	size_t kept = KEPT_TOGETHER / stream->lane_count;
	coffer_status status = COFFER_OK;

	if (kept > KEPT_MAX)
		kept = KEPT_MAX;
	for (unsigned i = 0; !status && i < stream->lane_count; i++)
		status = coffer_lane_start(&stream->lanes[i],
					   stream->lane_count == 1 ? KEPT_ALONE : kept, error);
	return status ? status : order_more(stream, error);
}

coffer_status
coffer_stream_next_table(struct coffer_stream *stream, uint32_t *table_out, coffer_error *error)
{
	if (stream->reader.table)
		coffer_copy_reader_release(&stream->reader);
	if (stream->piece == stream->pieces.count)
		return COFFER_NOT_FOUND;
	*table_out = stream->pieces.pieces[stream->piece].table;
	stream->is_reading = true;
	return coffer_copy_reader_init(&stream->reader, &stream->schema->tables[*table_out], error);
}

void
coffer_stream_stop(struct coffer_stream *stream)
{
	give_back(stream);
	for (unsigned i = 0; i < stream->lane_count; i++)
		coffer_lane_ask_to_stop(&stream->lanes[i]);
	for (unsigned i = 0; i < stream->lane_count; i++)
		coffer_lane_stop(&stream->lanes[i]);
	if (stream->reader.table)
		coffer_copy_reader_release(&stream->reader);
	coffer_pieces_release(&stream->pieces);
	stream->is_reading = false;
}
