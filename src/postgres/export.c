/*
 * A store into a database: all or nothing.
 *
 *   store, selection --> connect --> BEGIN --> make the tables, or fill those that are there --> COMMIT
 *
 * All of it is one READ COMMITTED transaction: a higher level would refuse COPY's FREEZE, and what others
 * write meanwhile into tables that are filled would fail the export instead of being updated by it.
 */
#include "postgres/export.h"

#include "postgres/copy_bytes.h"
#include "postgres/result.h"
#include "transfer/copy_schema.h"
#include "transfer/selection.h"

#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* ------------------------------------------------------------------ what the parts share */

void
coffer_export_warn(struct coffer_export *export, const char *format, ...)
{
	const coffer_transfer_options *options = &export->options->transfer;
	char message[512];
	va_list arguments;

	export->summary->warnings++;
	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	if (options->warn)
		options->warn(options->warn_context, message);
}

static void
warn(void *context, const char *message)
{
	coffer_export_warn(context, "%s", message);
}

coffer_status
coffer_export_run(struct coffer_export *export, coffer_buffer *sql, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	coffer_copy_put_byte(sql, 0);
	if (sql->is_failed)
		status = coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a statement");
	else if (sql->size > 1)
		status = coffer_session_run(&export->session, sql->data, error);
	coffer_buffer_release(sql);
	return status;
}

coffer_status
coffer_export_query(struct coffer_export *export, coffer_buffer *sql, PGresult **result_out,
		    coffer_error *error)
{
	coffer_status status;

	*result_out = NULL;
	coffer_copy_put_byte(sql, 0);
	if (sql->is_failed)
		status = coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a statement");
	else
		status = coffer_session_query(&export->session, sql->data, result_out, error);
	coffer_buffer_release(sql);
	return status;
}

void
coffer_export_count(struct coffer_export *export, uint32_t table,
		    const coffer_export_counts *counts)
{
	if (export->options->count)
		export->options->count(export->options->count_context,
				       export->schema->tables[table].name, counts);
}

coffer_status
coffer_export_send(struct coffer_export *export, const struct coffer_copy_job *job,
		   coffer_error *error)
{
	uint64_t nans = export->sent.nans_changed;
	coffer_status status =
		coffer_copy_send(&export->session, export->txn, job, &export->sent, error);

	export->summary->tables++;
	export->summary->rows = export->sent.rows;
	export->summary->bytes = export->sent.bytes;
	if (!status && export->sent.nans_changed > nans)
		coffer_export_warn(
			export, "%s: %" PRIu64 " NaN with a sign or payload became plain NaN",
			job->schema->tables[job->table].name, export->sent.nans_changed - nans);
	return status;
}

/* ------------------------------------------------------------------ the whole */

static coffer_status
select_part(struct coffer_export *export, coffer_error *error)
{
	const coffer_selection *selection = &export->options->transfer.selection;
	coffer_status status;

	export->is_taken = calloc(export->schema->table_count + 1, sizeof(*export->is_taken));
	if (!export->is_taken)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a selection");
	status = coffer_selection_resolve(selection, export->schema, export->is_taken, error);
	if (status || !coffer_selection_is_partial(selection))
		return status;
	if (!(status = coffer_schema_borrow(export->schema, &export->part, error)))
		status = coffer_schema_prune(
			export->part, export->is_taken, selection->has_since,
			export->options->mode == COFFER_EXPORT_CREATE ? warn : NULL, export, error);
	return status;
}

static coffer_status
write_all(struct coffer_export *export, const char *path, const char *target, coffer_error *error)
{
	struct coffer_session *session = &export->session;
	bool is_new = export->options->mode == COFFER_EXPORT_CREATE;
	coffer_status status;

	if ((status = coffer_store_open(path, &export->store, error)) ||
	    (status = coffer_txn_begin(export->store, &export->txn, error)))
		return status;
	export->schema = coffer_store_schema(export->store);
	if ((status = select_part(export, error)) ||
	    (status = coffer_session_open(session, target, export->schema->name, error)) ||
	    (status = coffer_session_run(session, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
					 error)) ||
	    (status = coffer_session_pin(session, error)) ||
	    (status = is_new ? coffer_export_create(export, error)
			     : coffer_export_fill(export, error)))
		return status;
	/* A commit that was sent is not taken back: what the server answers decides, not an interrupt. */
	session->progress = NULL;
	return coffer_session_run(session, "COMMIT", error);
}

/* Take what the server still has to say, for five seconds at the most. */
static void
drain(PGconn *connection)
{
	PGresult *result;

	for (int ticks = 0; ticks < 50;) {
		struct pollfd socket = {.fd = PQsocket(connection), .events = POLLIN};

		if (PQflush(connection) < 0 || !PQconsumeInput(connection))
			return;
		if (PQisBusy(connection)) {
			ticks += poll(&socket, 1, 100) <= 0;
		} else if ((result = PQgetResult(connection)) && !coffer_result_is_copy(result)) {
			PQclear(result);
		} else {
			PQclear(result);
			return;
		}
	}
}

/*
 * The server would roll back by itself when the connection goes; who waits knows that nothing is
 * left. One that has not answered for seconds is not waited for again.
 */
static void
roll_back(const struct coffer_session *session)
{
	PGconn *connection = session->connection;

	if (!connection || PQstatus(connection) != CONNECTION_OK || session->is_silent)
		return;
	if (PQtransactionStatus(connection) == PQTRANS_ACTIVE) {
		(void)PQputCopyEnd(connection, "coffer gave up");
		drain(connection);
	}
	if (PQtransactionStatus(connection) != PQTRANS_IDLE && PQsendQuery(connection, "ROLLBACK"))
		drain(connection);
}

coffer_status
coffer_postgres_export(const char *path, const char *target, const coffer_export_options *options,
		       coffer_transfer_summary *summary_out, coffer_error *error)
{
	struct coffer_export export = {
		.session = {.progress = options->transfer.progress,
			    .progress_context = options->transfer.progress_context},
		.options = options,
		.summary = summary_out,
	};
	coffer_status status;

	*summary_out = (coffer_transfer_summary){0};
	status = write_all(&export, path, target, error);
	if (status)
		roll_back(&export.session);
	coffer_session_close(&export.session);
	coffer_schema_free(export.part);
	free(export.is_taken);
	coffer_txn_end(export.txn);
	coffer_store_close(export.store);
	return status;
}
