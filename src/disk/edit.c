/*
 * One write transaction of a disk.
 *
 * A thread has the disk's `writer` from before the begin to the end, so that the editors of one process queue there, and
 * those of several at liblmdb's lock, which survives the death of its owner. The first failure of a write is kept: liblmdb
 * can do nothing with such a transaction but end it.
 */
#include "disk/lmdb.h"

#include <stdlib.h>
#include <unistd.h>

enum { VALUE_SIZE_MAX = INT32_MAX - (1 << 16) }; /* what the system writes in one call */

struct coffer_edit {
	struct coffer_lmdb_snapshot snapshot; /* over the transaction, which it does not end */
	struct coffer_disk *disk;
	uint64_t size;
	coffer_error failure; /* the first */
	MDB_cursor *cursors[]; /* by tree: what puts; NULL until its first. They end with the transaction. */
};

/* After the writer before us has gone, and not only before we wait for it. */
static coffer_status
check_current(struct coffer_edit *edit, coffer_error *error)
{
	if (coffer_disk_is_current(edit->disk))
		return COFFER_OK;
	mdb_txn_abort(edit->snapshot.txn);
	coffer_map_ended(edit->disk);
	return coffer_error_set(error, COFFER_BUSY,
				"in use: the store was replaced; open it again");
}

/* Its address stands for the thread. */
static _Thread_local char this_thread;

static void
take_turn(struct coffer_disk *disk)
{
	(void)pthread_mutex_lock(&disk->writer);
	atomic_store(&disk->editor, &this_thread);
}

static void
end_turn(struct coffer_disk *disk)
{
	atomic_store(&disk->editor, NULL);
	(void)pthread_mutex_unlock(&disk->writer);
}

static coffer_status
begin(struct coffer_edit *edit, coffer_error *error)
{
	struct coffer_disk *disk = edit->disk;
	coffer_status status;

	take_turn(disk);
	if ((status = coffer_map_begin(disk, NULL, &edit->snapshot.txn, error)) ||
	    (status = check_current(edit, error)))
		end_turn(disk);
	return status;
}

coffer_status
coffer_edit_check(const struct coffer_disk *disk, coffer_error *error)
{
	coffer_status status = coffer_disk_check_process(disk, error);

	if (status)
		return status;
	if (!disk->is_writable)
		return coffer_error_set(error, COFFER_INVALID,
					"the store is open for reading only");
	if (atomic_load(&disk->editor) == &this_thread)
		return coffer_error_set(error, COFFER_BUSY,
					"in use: this thread is writing already");
	return COFFER_OK;
}

coffer_status
coffer_edit_begin(struct coffer_disk *disk, struct coffer_edit **edit_out, coffer_error *error)
{
	struct coffer_edit *edit;
	coffer_status status = coffer_edit_check(disk, error);

	*edit_out = NULL;
	if (status)
		return status;
	edit = calloc(1, sizeof(*edit) + disk->names.count * sizeof(*edit->cursors));
	if (!edit)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for an edit");
	edit->disk = disk;
	edit->snapshot.snapshot.operations = &coffer_lmdb_operations;
	edit->snapshot.handles = disk->handles;
	status = begin(edit, error);
	if (status)
		free(edit);
	else
		*edit_out = edit;
	return status;
}

struct coffer_snapshot *
coffer_edit_snapshot(struct coffer_edit *edit)
{
	return &edit->snapshot.snapshot;
}

/* The first failure, again. */
static coffer_status
fail_again(const struct coffer_edit *edit, coffer_error *error)
{
	return coffer_error_set(error, edit->failure.status, "%s", edit->failure.message);
}

static coffer_status
fail(struct coffer_edit *edit, int code, coffer_error *error)
{
	if (code == MDB_MAP_FULL) {
		coffer_map_filled(edit->disk);
		(void)coffer_error_set(
			&edit->failure, COFFER_FULL,
			"cannot write: the map is full; it grows when this process has no "
			"other transaction open");
	} else {
		(void)coffer_lmdb_fail(coffer_file_cause(edit->disk->env, code), "write",
				       &edit->failure);
	}
	return fail_again(edit, error);
}

/* A cursor that stays finds a key on the page of the one before, or behind the last of all, without a search from the root. */
static int
put(struct coffer_edit *edit, uint32_t tree, MDB_val entry[2])
{
	MDB_cursor **cursor = &edit->cursors[tree];
	int code = 0;

	if (!*cursor)
		code = mdb_cursor_open(edit->snapshot.txn, edit->snapshot.handles[tree], cursor);
	return code ? code : mdb_cursor_put(*cursor, &entry[0], &entry[1], 0);
}

coffer_status
coffer_edit_put(struct coffer_edit *edit, uint32_t tree, struct coffer_bytes key,
		struct coffer_bytes value, coffer_error *error)
{
	MDB_val entry[2];
	int code;

	if (edit->failure.status)
		return fail_again(edit, error);
	coffer_lmdb_values(entry, key, value);
	code = value.size > VALUE_SIZE_MAX
		       ? MDB_BAD_VALSIZE
		       : put(edit, tree, entry);
	if (code)
		return fail(edit, code, error);
	edit->size += key.size + value.size;
	return COFFER_OK;
}

coffer_status
coffer_edit_delete(struct coffer_edit *edit, uint32_t tree, struct coffer_bytes key,
		   coffer_error *error)
{
	MDB_val entry[2];
	int code;

	if (edit->failure.status)
		return fail_again(edit, error);
	coffer_lmdb_values(entry, key, (struct coffer_bytes){0});
	code = mdb_del(edit->snapshot.txn, edit->snapshot.handles[tree], &entry[0], NULL);
	if (code == MDB_NOTFOUND)
		return COFFER_NOT_FOUND;
	return code ? fail(edit, code, error) : COFFER_OK;
}

uint64_t
coffer_edit_transaction(const struct coffer_edit *edit)
{
	return mdb_txn_id(edit->snapshot.txn);
}

uint64_t
coffer_edit_size(const struct coffer_edit *edit)
{
	return edit->size;
}

static void
end(struct coffer_edit *edit)
{
	coffer_map_ended(edit->disk);
	end_turn(edit->disk);
	free(edit);
}

coffer_status
coffer_edit_commit(struct coffer_edit *edit, coffer_error *error)
{
	coffer_status status = coffer_disk_check_process(edit->disk, error);
	int code;

	if (status || edit->failure.status) {
		if (!status)
			status = fail_again(edit, error);
		coffer_edit_abort(edit);
		return status;
	}
	code = mdb_txn_commit(edit->snapshot.txn);
	if (code)
		status = fail(edit, code, error);
	else /* What was committed stays so, be the file short of pages that nobody uses. */
		(void)coffer_file_extend(edit->disk->env);
	end(edit);
	return status;
}

/* What a forked process inherits of an edit is memory, no more. */
void
coffer_edit_abort(struct coffer_edit *edit)
{
	if (!edit)
		return;
	if (edit->disk->process != coffer_disk_process()) {
		free(edit);
		return;
	}
	mdb_txn_abort(edit->snapshot.txn);
	end(edit);
}
