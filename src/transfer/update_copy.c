/*
 * The copy that a large change is made in: beside the store, under a name that is nobody else's. One that a killed process has
 * left goes with the next update, or with whatever else puts a file in the store's place.
 */
#include "transfer/update_run.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* As files on their way to a place are called: DIR/.NAME.coffer., and six letters. NULL: no memory. */
static char *
name_copy(const char *path)
{
	char *folder = strdup(path), *name = strdup(path), *out = NULL;

	if (folder && name &&
	    asprintf(&out, "%s/.%s.coffer.update", dirname(folder), basename(name)) < 0)
		out = NULL;
	free(folder);
	free(name);
	return out;
}

coffer_status
coffer_update_begin_copy(struct coffer_update *update, coffer_error *error)
{
	const coffer_copy_options options = {
		.progress = update->transfer.progress,
		.progress_context = update->transfer.progress_context,
	};
	coffer_status status;

	update->copy_path = name_copy(update->path);
	if (!update->copy_path)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a path");
	(void)unlink(update->copy_path); /* what a process that was killed has left */
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

/* Its lock file goes when it is closed: the name is another's only after that. */
void
coffer_update_drop_copy(struct coffer_update *update)
{
	if (update->copy_path)
		(void)unlink(update->copy_path);
	coffer_store_close(update->copy);
	free(update->copy_path);
}
