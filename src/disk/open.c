/*
 * Opening a store's file: it is looked at first, then locked, then given to liblmdb, then looked at again.
 *
 *   metas checked --> lock file taken --> liblmdb --> names still lead here --> lock file speaks of this file --> trees
 *
 * What fails after the first step because somebody replaced the file is begun again by the caller.
 */
#include "disk/lmdb.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	COMMIT_TRIES_MAX = 16,
};

/* Look at the file before liblmdb does. Never called for a file that this process has open: the close would drop
 * no lock of the data file, since liblmdb locks the lock file alone, but a second look is not needed either. */
coffer_status
coffer_disk_inspect(const char *path, struct coffer_inspection *found_out, coffer_error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	coffer_status status;

	if (fd < 0)
		return coffer_error_set(error, COFFER_IO, "cannot open: %s", strerror(errno));
	if (fstat(fd, &found_out->facts))
		status = coffer_error_set(error, COFFER_IO, "cannot open: %s", strerror(errno));
	else if (!S_ISREG(found_out->facts.st_mode))
		status = coffer_error_set(error, COFFER_NOT_A_COFFER,
					  "not a coffer store: not a regular file");
	else
		status = coffer_meta_read(fd, found_out->metas, error);
	(void)close(fd);
	return status;
}

/* The handles that liblmdb has room for, which each transaction clears. It opens none where nobody writes through it. */
static MDB_dbi
handles_max(const struct coffer_disk *disk, const struct coffer_inspection *found)
{
	uint64_t first = found->metas[0].main.entries, second = found->metas[1].main.entries;

	if (!disk->is_writable)
		return 0;
	return (MDB_dbi)(first > second ? first : second) + 1;
}

/*
 * Whoever replaces a store holds a lock file alone that nobody has filled. Killed there, it leaves the lock to those who wait,
 * and each of two has it shared: liblmdb cannot map the empty file, and says EINVAL. One of the next tries is the first to fill it.
 */
static bool
is_unfilled(const struct coffer_disk *disk, int code)
{
	struct stat facts;

	return code == EINVAL && !fstat(disk->lock.fd, &facts) && !facts.st_size;
}

static coffer_status
open_environment(struct coffer_disk *disk, const struct coffer_inspection *found,
		 bool *is_open_out, coffer_error *error)
{
	unsigned flags = MDB_NOSUBDIR | MDB_NOTLS | (disk->is_writable ? 0 : MDB_RDONLY);
	int code;

	if ((code = mdb_env_create(&disk->env)))
		return coffer_lmdb_fail(code, "make an environment", error);
	if ((code = mdb_env_set_maxdbs(disk->env, handles_max(disk, found))) ||
	    (code = mdb_env_set_maxreaders(disk->env, COFFER_READERS_MAX)) ||
	    (code = mdb_env_set_mapsize(disk->env,
					coffer_map_size((uint64_t)found->facts.st_size))) ||
	    (code = mdb_env_open(disk->env, disk->path, flags, 0600)) ||
	    (code = mdb_env_get_fd(disk->env, &disk->fd)))
		return is_unfilled(disk, code) ? COFFER_OK : coffer_lmdb_fail(code, "open", error);
	*is_open_out = true;
	return COFFER_OK;
}

/* liblmdb has no part in it: pin.c sees to what a writer does meanwhile. */
static coffer_status
open_alone(struct coffer_disk *disk, bool *is_open_out, coffer_error *error)
{
	disk->fd = open(disk->path, O_RDONLY | O_CLOEXEC);
	*is_open_out = disk->fd >= 0;
	return *is_open_out
		       ? COFFER_OK
		       : coffer_error_set(error, COFFER_IO, "cannot open: %s", strerror(errno));
}

bool
coffer_disk_is_current(const struct coffer_disk *disk)
{
	struct stat facts;

	return !stat(disk->path, &facts) && facts.st_dev == disk->device &&
	       facts.st_ino == disk->inode &&
	       (disk->lock.fd < 0 || coffer_lock_is_current(&disk->lock));
}

/* The file and the lock file that liblmdb opened are those that we looked at and hold. */
static coffer_status
check_identity(struct coffer_disk *disk, const struct stat *seen, bool *is_current_out,
	       coffer_error *error)
{
	struct stat facts;

	if (fstat(disk->fd, &facts))
		return coffer_error_set(error, COFFER_IO, "cannot open: %s", strerror(errno));
	disk->device = facts.st_dev;
	disk->inode = facts.st_ino;
	*is_current_out = facts.st_dev == seen->st_dev && facts.st_ino == seen->st_ino &&
			  coffer_disk_is_current(disk);
	return COFFER_OK;
}

enum agreement { AGREES, BEHIND, DIFFERS };

/*
 * The lock file says which transaction was the last. One that was left by an older file of this name, removed by hand
 * while somebody had it open, names another, and liblmdb would follow it to a meta page that is not the newest. One that
 * is a transaction behind may be that of a writer who is about to end its commit, or who died there.
 */
static int
compare_once(MDB_env *env, enum agreement *found_out)
{
	MDB_envinfo before, after;
	MDB_txn *txn;
	size_t number;
	int code;

	if ((code = mdb_env_info(env, &before)) ||
	    (code = mdb_txn_begin(env, NULL, MDB_RDONLY, &txn)))
		return code;
	code = mdb_env_info(env, &after);
	number = mdb_txn_id(txn);
	mdb_txn_abort(txn);
	if (number + 1 == before.me_last_txnid)
		*found_out = BEHIND;
	else if (number >= before.me_last_txnid && number <= after.me_last_txnid)
		*found_out = AGREES;
	else
		*found_out = DIFFERS;
	return code;
}

/* Wait for a commit to end. */
static int
compare(MDB_env *env, enum agreement *found_out)
{
	int code = compare_once(env, found_out);

	for (int tries = 1; !code && *found_out == BEHIND && tries < COMMIT_TRIES_MAX; tries++) {
		coffer_map_pause();
		code = compare_once(env, found_out);
	}
	return code;
}

/* liblmdb puts the lock file right for the writer who comes after a dead one. */
static int
settle(MDB_env *env)
{
	MDB_txn *txn;
	int code = mdb_txn_begin(env, NULL, 0, &txn);

	if (!code)
		mdb_txn_abort(txn);
	return code;
}

static coffer_status
check_transaction(struct coffer_disk *disk, enum agreement *found_out, coffer_error *error)
{
	int code = compare(disk->env, found_out);

	if (!code && *found_out == BEHIND && disk->is_writable && !(code = settle(disk->env)))
		code = compare_once(disk->env, found_out);
	return code ? coffer_lmdb_fail(code, "begin a snapshot", error) : COFFER_OK;
}

/* Handles stay valid for later transactions only when the one that opened them commits. */
static coffer_status
open_handles(struct coffer_disk *disk, coffer_error *error)
{
	MDB_txn *txn;
	int code;

	disk->handles =
		coffer_arena_alloc(&disk->arena, (disk->names.count + 1) * sizeof(*disk->handles));
	if (!disk->handles)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the trees");
	if ((code = mdb_txn_begin(disk->env, NULL, MDB_RDONLY, &txn)))
		return coffer_lmdb_fail(code, "begin a snapshot", error);
	for (size_t i = 0; !code && i < disk->names.count; i++)
		code = mdb_dbi_open(txn, disk->names.names[i], 0, &disk->handles[i]);
	if (code)
		mdb_txn_abort(txn);
	else
		code = mdb_txn_commit(txn);
	return code ? coffer_lmdb_fail(code, "open a tree", error) : COFFER_OK;
}

/* By the careful reader; liblmdb sees the trees after that, and only where it is to write. */
static coffer_status
number_trees(struct coffer_disk *disk, coffer_error *error)
{
	struct coffer_pages_state state;
	struct coffer_pin *pin;
	coffer_status status = coffer_pin_take(disk, true, &pin, &state, error);

	if (status)
		return status;
	status = coffer_pages_list(&state, COFFER_TREES_MAX, &disk->arena, &disk->names, error);
	coffer_pin_let(pin, NULL);
	return status || !disk->is_writable ? status : open_handles(disk, error);
}

void
coffer_disk_free(struct coffer_disk *disk)
{
	coffer_window_let(disk->window);
	coffer_pages_memory_free(disk->memory);
	if (disk->env)
		mdb_env_close(disk->env);
	else if (disk->fd >= 0)
		(void)close(disk->fd);
	coffer_lock_close(&disk->lock);
	coffer_arena_release(&disk->arena);
	(void)pthread_mutex_destroy(&disk->writer);
	free(disk->path);
	free(disk);
}

/* A lock file that is not to be had, for whatever reason: read without a lock, whoever may write meanwhile. */
static coffer_status
open_lock(struct coffer_disk *disk, const struct stat *store, coffer_error *error)
{
	coffer_error first = {0};
	coffer_status status = coffer_lock_shared(&disk->lock, disk->path, store, &first);

	if ((status == COFFER_IO || status == COFFER_FULL) && !disk->is_writable && disk->lock.fd < 0)
		return COFFER_OK;
	if (status)
		return coffer_error_set(error, status, "%s", first.message);
	return COFFER_OK;
}

static coffer_status
new_disk(const char *path, bool is_writable, struct coffer_disk **disk_out, coffer_error *error)
{
	coffer_status status = coffer_disk_count_forks(error);
	struct coffer_disk *disk;

	if (status)
		return status;
	disk = calloc(1, sizeof(*disk));
	if (!disk || pthread_mutex_init(&disk->writer, NULL)) {
		free(disk);
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a store handle");
	}
	disk->fd = disk->lock.fd = -1;
	disk->process = coffer_disk_process();
	disk->is_writable = is_writable;
	disk->path = strdup(path);
	*disk_out = disk;
	return disk->path ? COFFER_OK
			  : coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a path");
}

/* Before liblmdb maps the file, or without it. Not open in spite of COFFER_OK: try again. */
static coffer_status
open_file(struct coffer_disk *disk, const struct coffer_inspection *found, bool *is_open_out,
	  coffer_error *error)
{
	coffer_status status;

	*is_open_out = false;
	if (disk->is_writable && faccessat(AT_FDCWD, disk->path, W_OK, AT_EACCESS))
		return coffer_error_set(error, COFFER_IO, "cannot be written: %s", strerror(errno));
	if ((status = open_lock(disk, &found->facts, error)))
		return status;
	return disk->lock.fd < 0 ? open_alone(disk, is_open_out, error)
				 : open_environment(disk, found, is_open_out, error);
}

/* `agreement_out` is AGREES when it is whole and current. */
static coffer_status
open_disk(struct coffer_disk *disk, const struct coffer_inspection *found,
	  enum agreement *agreement_out, coffer_error *error)
{
	bool is_open, is_current = false;
	coffer_status status;
	int dead;

	*agreement_out = DIFFERS;
	disk->page_size = found->metas[0].page_size;
	if ((status = open_file(disk, found, &is_open, error)) || !is_open ||
	    (status = check_identity(disk, &found->facts, &is_current, error)) || !is_current)
		return status;
	if (!disk->env) {
		*agreement_out = AGREES;
	} else {
		(void)mdb_reader_check(disk->env, &dead);
		if ((status = check_transaction(disk, agreement_out, error)) ||
		    *agreement_out != AGREES)
			return status;
	}
	if (disk->env && (status = coffer_window_open(disk, error)))
		return status;
	return number_trees(disk, error);
}

static coffer_status
make(const char *path, const struct coffer_inspection *found, bool is_writable,
     struct coffer_disk **disk_out, enum agreement *agreement_out, coffer_error *error)
{
	struct coffer_disk *disk = NULL;
	coffer_status status = new_disk(path, is_writable, &disk, error);

	*disk_out = NULL;
	if (!status)
		status = open_disk(disk, found, agreement_out, error);
	if (!status && *agreement_out == AGREES)
		*disk_out = disk;
	else if (disk)
		coffer_disk_free(disk);
	return status;
}

/* Only a writer can settle what a dead one has left; a reader that may write becomes one for a moment. */
coffer_status
coffer_disk_make(const char *path, const struct coffer_inspection *found, bool is_writable,
		 struct coffer_disk **disk_out, coffer_error *error)
{
	struct coffer_disk *writer;
	enum agreement agreement;
	coffer_status status = make(path, found, is_writable, disk_out, &agreement, error);

	if (!status && agreement == BEHIND && !is_writable &&
	    !make(path, found, true, &writer, &agreement, NULL) && writer)
		coffer_disk_free(writer);
	return status;
}
