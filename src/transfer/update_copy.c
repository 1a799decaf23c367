/*
 * The copy that a large change is made in: beside the store, under a name that the next update takes over where a process was
 * killed.
 */
#include "transfer/update_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Commit what the copy has so far, and go on. */
coffer_status
coffer_update_commit_part(struct coffer_update *update, coffer_error *error)
{
	coffer_txn *write = update->write;
	coffer_status status;

	update->write = NULL;
	status = coffer_txn_commit(write, error);
	return status ? status : coffer_txn_begin_write(update->copy, &update->write, error);
}

coffer_status
coffer_update_begin_copy(struct coffer_update *update, coffer_error *error)
{
	const coffer_copy_options options = {
		.is_forced = true, /* what a process that was killed has left */
		.progress = update->transfer.progress,
		.progress_context = update->transfer.progress_context,
	};
	coffer_status status;

	if (asprintf(&update->copy_path, "%s.update", update->path) < 0) {
		update->copy_path = NULL;
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a path");
	}
	if ((status = coffer_store_copy(update->store, update->copy_path, &options, error)) ||
	    (status = coffer_store_open_to_write(update->copy_path, &update->copy, error)))
		return status;
	return coffer_txn_begin_write(update->copy, &update->write, error);
}

/* The store is closed before the copy takes its place: who has written to it since then is told. */
coffer_status
coffer_update_end_copy(struct coffer_update *update, coffer_error *error)
{
	const coffer_copy_options options = {
		.is_forced = true,
		.transaction = update->transaction,
		.progress = update->transfer.progress,
		.progress_context = update->transfer.progress_context,
	};

	coffer_txn_end(update->guard);
	coffer_store_close(update->store);
	update->guard = NULL;
	update->store = NULL;
	update->schema = coffer_store_schema(update->copy);
	return coffer_store_copy(update->copy, update->path, &options, error);
}

void
coffer_update_drop_copy(struct coffer_update *update)
{
	char *lock;

	coffer_store_close(update->copy);
	if (!update->copy_path)
		return;
	(void)unlink(update->copy_path);
	if (asprintf(&lock, "%s-lock", update->copy_path) >= 0) {
		(void)unlink(lock);
		free(lock);
	}
	free(update->copy_path);
}
