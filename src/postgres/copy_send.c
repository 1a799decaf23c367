/*
 * Rows of a store into COPY FROM STDIN.
 *
 *   cursor --> values --> buffer --> libpq's buffer --> socket
 *
 * A full buffer is handed to libpq only when the one before has left it, and the next is filled
 * while the kernel feeds the server: neither waits for the other, and memory stays at two buffers
 * or one row. libpq does not look at what the server says during a COPY. So as soon as the socket
 * has something to read the COPY is ended to hear it, and unless that was an error another one goes
 * on: a value that is refused stops an export at once and not after its last gigabyte.
 */
#include "postgres/copy_send.h"

#include "postgres/copy_bytes.h"
#include "postgres/copy_sql.h"
#include "transfer/selection.h"

#include <poll.h>
#include <stdlib.h>

enum {
	CHUNK_SIZE = 256 * 1024,
	TICK_MS = 1000,
};

struct sender {
	struct coffer_session *session;
	coffer_txn *txn;
	const struct coffer_copy_job *job;
	struct coffer_copy_writer writer;
	coffer_cursor *cursor;
	coffer_value *values;
	uint16_t *order; /* the columns that are written, in the order in which a record has them */
	uint64_t row_base; /* rows sent by the COPY statements before this one */
	uint64_t rows;     /* by this one */
	bool has_answer;   /* the server said something before it was asked */
	struct coffer_copy_sent *sent;
};

static const coffer_table *
table_of(const struct sender *sender)
{
	return &sender->job->schema->tables[sender->job->table];
}

/* ------------------------------------------------------------------ the socket */

/* Wait until the socket takes more. What it has to say is left unread for the end of the COPY. */
static coffer_status
wait_writable(struct sender *sender, coffer_error *error)
{
	short events = (short)(sender->has_answer ? POLLOUT : POLLIN | POLLOUT);
	struct pollfd socket = {.fd = PQsocket(sender->session->connection), .events = events};
	int count = poll(&socket, 1, TICK_MS);

	if (count > 0 && socket.revents & POLLIN)
		sender->has_answer = true;
	if (count > 0)
		return COFFER_OK;
	return coffer_session_poll(sender->session, table_of(sender)->name, sender->sent->rows,
				   sender->sent->bytes, error);
}

static coffer_status
flush(struct sender *sender, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	int left;

	while (!status && (left = PQflush(sender->session->connection)) != 0) {
		if (left < 0)
			return coffer_session_fail(sender->session, NULL, error);
		status = wait_writable(sender, error);
	}
	return status;
}

/* With nothing left in libpq's buffer only a lack of memory keeps it from taking more. */
static coffer_status
put(struct sender *sender, const char *data, size_t size, coffer_error *error)
{
	coffer_status status = flush(sender, error);
	int is_taken;

	if (status)
		return status;
	is_taken = PQputCopyData(sender->session->connection, data, (int)size);
	if (is_taken < 0)
		return coffer_session_fail(sender->session, NULL, error);
	if (!is_taken)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for rows to send");
	return COFFER_OK;
}

static coffer_status
send_out(struct sender *sender, coffer_error *error)
{
	coffer_buffer *out = &sender->writer.out;
	coffer_status status = COFFER_OK;

	for (size_t at = 0; at < out->size && !status; at += CHUNK_SIZE) {
		size_t size = out->size - at < CHUNK_SIZE ? out->size - at : CHUNK_SIZE;

		status = put(sender, out->data + at, size, error);
		sender->sent->bytes += size;
	}
	out->size = 0;
	if (!status)
		status = coffer_session_poll(sender->session, table_of(sender)->name,
					     sender->sent->rows, sender->sent->bytes, error);
	if (!status && PQflush(sender->session->connection) < 0)
		status = coffer_session_fail(sender->session, NULL, error);
	return status;
}

/* ------------------------------------------------------------------ one COPY statement */

static coffer_status
begin(struct sender *sender, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	coffer_buffer sql = {0};

	coffer_copy_in_sql(&sql, &sender->writer, sender->job->into_schema, sender->job->into,
			   sender->job->is_new);
	if (sql.is_failed)
		status = coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a statement");
	else if ((status = coffer_session_run(sender->session, sql.data, error)))
		coffer_error_at(error, "%s", table_of(sender)->name);
	coffer_buffer_release(&sql);
	sender->has_answer = false;
	coffer_copy_write_begin(&sender->writer);
	return status;
}

static void
place_refusal(void *context, const PGresult *result, coffer_error *error)
{
	const struct sender *sender = context;

	coffer_copy_refused(sender->txn, sender->job, result, sender->row_base, error);
}

static coffer_status
end(struct sender *sender, coffer_error *error)
{
	PGconn *connection = sender->session->connection;
	coffer_status status;

	coffer_copy_write_end(&sender->writer);
	status = send_out(sender, error);
	if (!status)
		status = flush(sender, error);
	if (!status && PQputCopyEnd(connection, NULL) != 1)
		status = coffer_session_fail(sender->session, NULL, error);
	if (!status)
		status = flush(sender, error);
	if (!status)
		status = coffer_session_end(sender->session, NULL, place_refusal, sender, error);
	sender->row_base += sender->rows;
	sender->rows = 0;
	return status;
}

/* ------------------------------------------------------------------ the rows */

coffer_status
coffer_copy_takes(const struct coffer_copy_job *job, const coffer_row *row, bool *is_taken_out,
		  coffer_error *error)
{
	const coffer_table *table = &job->schema->tables[job->table];
	coffer_status status = COFFER_OK;
	coffer_value time;

	*is_taken_out = true;
	if (!job->selection->has_since || table->time_column == COFFER_NO_COLUMN)
		return COFFER_OK;
	status = coffer_row_get(row, table->time_column, &time, error);
	*is_taken_out = !status && coffer_selection_takes_time(job->selection, table, &time);
	return status;
}

static coffer_status
send_row(struct sender *sender, const coffer_row *row, coffer_error *error)
{
	const coffer_table *table = table_of(sender);
	coffer_status status = COFFER_OK;

	for (size_t i = 0; i < sender->writer.column_count && !status; i++)
		status = coffer_row_get(row, sender->order[i], &sender->values[sender->order[i]],
					error);
	if (status)
		return status;
	status = coffer_copy_write(&sender->writer, sender->values, error);
	if (status)
		coffer_error_at(error, "%s[%llu]", table->name,
				(unsigned long long)coffer_row_number(row));
	sender->rows++;
	sender->sent->rows++;
	return status;
}

static coffer_status
send_rows(struct sender *sender, coffer_error *error)
{
	const coffer_scan all = {.index = COFFER_NO_INDEX};
	const coffer_row *row;
	coffer_status status = coffer_cursor_scan(sender->cursor, &all, error);
	bool is_taken;

	while (!status && !(status = coffer_cursor_next(sender->cursor, &row, error))) {
		status = coffer_copy_takes(sender->job, row, &is_taken, error);
		if (!status && is_taken)
			status = send_row(sender, row, error);
		if (!status && sender->writer.out.size >= CHUNK_SIZE)
			status = send_out(sender, error);
		if (!status && sender->has_answer && !(status = end(sender, error)))
			status = begin(sender, error);
	}
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

/* A record is walked once when its columns are asked for in its own order. */
static void
order_columns(struct sender *sender)
{
	const coffer_table *table = table_of(sender);

	for (size_t i = 0; i < sender->writer.column_count; i++) {
		uint16_t column = sender->writer.columns[i];
		size_t at = i;

		for (; at && table->columns[sender->order[at - 1]].position >
				     table->columns[column].position;
		     at--)
			sender->order[at] = sender->order[at - 1];
		sender->order[at] = column;
	}
}

static coffer_status
open_sender(struct sender *sender, coffer_error *error)
{
	size_t count = table_of(sender)->column_count + 1;
	const struct coffer_copy_job *job = sender->job;
	coffer_status status =
		coffer_copy_writer_init(&sender->writer, job->schema, table_of(sender), error);

	if (status)
		return status;
	if (job->columns)
		coffer_copy_writer_choose(&sender->writer, job->columns, job->column_count,
					  !job->is_text);
	sender->values = calloc(count, sizeof(*sender->values));
	sender->order = calloc(count, sizeof(*sender->order));
	if (!sender->values || !sender->order)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row");
	order_columns(sender);
	return coffer_cursor_open(sender->txn, job->table, &sender->cursor, error);
}

coffer_status
coffer_copy_send(struct coffer_session *session, coffer_txn *txn, const struct coffer_copy_job *job,
		 struct coffer_copy_sent *sent, coffer_error *error)
{
	struct sender sender = {.session = session, .txn = txn, .job = job, .sent = sent};
	coffer_status status = open_sender(&sender, error);

	if (!status)
		status = begin(&sender, error);
	if (!status)
		status = send_rows(&sender, error);
	if (!status)
		status = end(&sender, error);
	if (status)
		coffer_session_place(table_of(&sender)->name, error);
	sent->nans_changed += sender.writer.nans_changed;
	coffer_cursor_close(sender.cursor);
	coffer_copy_writer_release(&sender.writer);
	free(sender.values);
	free(sender.order);
	return status;
}
