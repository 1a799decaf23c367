/*
 * A new file, written beside its place and put there at the end.
 *
 *   nameless file --> commits of 32 MiB, unsynced --> one sync --> name --> sync of the folder
 *
 * The file has no name while it is written (O_TMPFILE), so that a killed process leaves nothing; where the file
 * system knows no such files it has a temporary one, as it has for a moment where it replaces another file: the next build
 * of the same name removes what a process that was killed then has left. liblmdb works on it without a lock file: nobody else knows it.
 *
 * Entries go through a queue, whose thread has the transaction until everything was put. Whoever reads what was built so
 * far, makes a tree or finishes waits for that. Tasks have a queue of their own in front of that one, through which entries
 * that come behind them go too.
 */
#include "disk/lmdb.h"

#include "disk/queue.h"
#include "disk/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	TREE_NAME_MAX = 511,
	PUT_SIZE = 1024, /* what an entry put anywhere counts: it may touch a page of its own */
	ENTRIES_SIZE = 128 << 10, /* of a block of the queues */
	TASKS_SIZE = 256 << 10,
	CACHE_LINE = 64,
};

struct coffer_build {
	char *path;      /* where the file goes */
	char *temporary; /* its name until then; NULL while it has none */
	bool is_forced;
	bool is_replacement; /* of the file as `transaction` left it */
	uint64_t transaction;
	dev_t device; /* of that file; new files are of the same few transactions */
	ino_t inode;  /* 0: it was not there */
	int fd;
	MDB_env *env;
	struct coffer_queue *queue; /* of entries */
	struct coffer_queue *tasks; /* NULL: there come none */
	bool has_tasks; /* that may not be done yet */
	coffer_build_function work;
	void *work_context;
	struct coffer_lmdb_snapshot snapshot; /* over the current transaction */
	struct coffer_snapshot given; /* the same to whoever reads: behind the queue */
	MDB_dbi *handles;
	MDB_cursor **cursors; /* for appending; of the current transaction, NULL where not open */
	size_t tree_count, trees_max;
	/* What each of the threads writes for each entry, apart from the rest and from one another: */
	uint8_t apart[CACHE_LINE];
	_Atomic uint64_t size_added; /* bytes that were given, by one thread at a time */
	uint8_t apart_too[CACHE_LINE];
	uint64_t size, size_committed; /* bytes put */
};

/* ------------------------------------------------------------------ waiting */

coffer_status
coffer_build_wait_tasks(struct coffer_build *build, coffer_error *error)
{
	coffer_status status = build->has_tasks ? coffer_queue_wait(build->tasks, error) : COFFER_OK;

	if (!status)
		build->has_tasks = false;
	return status;
}

/* Behind a failure too: keys of a run stand in the caller's memory until then. */
coffer_status
coffer_build_wait(struct coffer_build *build, coffer_error *error)
{
	coffer_status status = coffer_build_wait_tasks(build, error);
	coffer_status later = coffer_queue_wait(build->queue, status ? NULL : error);

	return status ? status : later;
}

/* ------------------------------------------------------------------ reading */

static struct coffer_build *
build_of(struct coffer_snapshot *given)
{
	return (struct coffer_build *)((char *)given - offsetof(struct coffer_build, given));
}

static coffer_status
get(struct coffer_snapshot *given, uint32_t tree, struct coffer_bytes key,
    struct coffer_bytes *value_out, coffer_error *error)
{
	struct coffer_build *build = build_of(given);
	coffer_status status = coffer_build_wait(build, error);

	return status ? status
		      : coffer_snapshot_get(&build->snapshot.snapshot, tree, key, value_out, error);
}

static coffer_status
size_of(struct coffer_snapshot *given, uint32_t tree, struct coffer_tree_size *size_out,
	coffer_error *error)
{
	struct coffer_build *build = build_of(given);
	coffer_status status = coffer_build_wait(build, error);

	return status ? status
		      : coffer_snapshot_size(&build->snapshot.snapshot, tree, size_out, error);
}

/* A place moves by itself: it does not outlive the next entry. */
static coffer_status
place_open(struct coffer_snapshot *given, uint32_t tree, struct coffer_place **place_out,
	   coffer_error *error)
{
	struct coffer_build *build = build_of(given);
	coffer_status status = coffer_build_wait(build, error);

	*place_out = NULL;
	return status ? status
		      : coffer_place_open(&build->snapshot.snapshot, tree, place_out, error);
}

/* It ends with its build. */
static void
end(struct coffer_snapshot *given)
{
	(void)given;
}

static const struct coffer_snapshot_operations operations = {
	.get = get,
	.size = size_of,
	.place_open = place_open,
	.end = end,
};

/* ------------------------------------------------------------------ the file */

static int
open_nameless(const char *path)
{
	char *folder = strdup(path);
	int fd = folder ? open(dirname(folder), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600) : -1;

	free(folder);
	return fd;
}

int
coffer_disk_scratch(const char *path)
{
	int fd = open_nameless(path);
	char *name = fd < 0 ? coffer_temporary_path(path) : NULL;

	if (!name)
		return fd;
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		(void)unlink(name);
	free(name);
	return fd;
}

static coffer_status
open_file(struct coffer_build *build, coffer_error *error)
{
	build->fd = open_nameless(build->path);
	if (build->fd >= 0) {
		coffer_temporary_hold(build->fd);
		return COFFER_OK;
	}
	if (errno == ENOENT || errno == EACCES || errno == EROFS || errno == ENOTDIR)
		return coffer_error_set(error, COFFER_IO, "cannot make a file in its folder: %s",
					strerror(errno));
	build->temporary = coffer_temporary_path(build->path);
	if (!build->temporary)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a path");
	build->fd = coffer_temporary_make(build->temporary);
	if (build->fd < 0) {
		coffer_status status =
			coffer_error_set(error, errno == ENOSPC ? COFFER_FULL : COFFER_IO,
					 "cannot make a file in its folder: %s", strerror(errno));

		free(build->temporary);
		build->temporary = NULL;
		return status;
	}
	return COFFER_OK;
}

static coffer_status
begin(struct coffer_build *build, coffer_error *error)
{
	int code = mdb_txn_begin(build->env, NULL, 0, &build->snapshot.txn);

	if (code) {
		build->snapshot.txn = NULL;
		return coffer_lmdb_fail(code, "begin a transaction", error);
	}
	return COFFER_OK;
}

static coffer_status
open_environment(struct coffer_build *build, coffer_error *error)
{
	char name[64];
	int code;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", build->fd);
	if ((code = mdb_env_create(&build->env)))
		return coffer_lmdb_fail(code, "make an environment", error);
	if ((code = mdb_env_set_maxdbs(build->env, (MDB_dbi)build->trees_max + 1)) ||
	    (code = mdb_env_set_mapsize(build->env, coffer_disk_map_size_min)) ||
	    (code = mdb_env_open(build->env, build->temporary ? build->temporary : name,
				 MDB_NOSUBDIR | MDB_NOSYNC | MDB_NOLOCK | MDB_NOTLS, 0600)))
		return coffer_lmdb_fail(code, "make a store", error);
	return begin(build, error);
}

/* Cursors of a write transaction die with it. */
static void
close_cursors(struct coffer_build *build)
{
	for (size_t tree = 0; tree < build->tree_count; tree++) {
		if (build->cursors[tree])
			mdb_cursor_close(build->cursors[tree]);
		build->cursors[tree] = NULL;
	}
}

static coffer_status
commit(struct coffer_build *build, coffer_error *error)
{
	MDB_txn *txn = build->snapshot.txn;
	int code;

	close_cursors(build);
	build->snapshot.txn = NULL;
	build->size_committed = build->size;
	code = mdb_txn_commit(txn);
	return code ? coffer_lmdb_fail(coffer_file_cause(build->env, code), "write", error)
		    : COFFER_OK;
}

/* Let the disk begin with what was committed while the rows still come: the one sync at the end finds less to do. */
static void
write_ahead(const struct coffer_build *build)
{
	(void)sync_file_range(build->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
}

/* Only between transactions can the map grow. */
static coffer_status
grow_map(struct coffer_build *build, coffer_error *error)
{
	MDB_envinfo info;
	MDB_stat facts;
	size_t used;
	int code;

	if ((code = mdb_env_info(build->env, &info)) || (code = mdb_env_stat(build->env, &facts)))
		return coffer_lmdb_fail(code, "read the map's size", error);
	used = (info.me_last_pgno + 1) * facts.ms_psize;
	if (used <= info.me_mapsize / 2)
		return COFFER_OK;
	code = mdb_env_set_mapsize(build->env, info.me_mapsize * 2);
	return code ? coffer_lmdb_fail(code, "grow the map", error) : COFFER_OK;
}

static coffer_status
commit_when_due(struct coffer_build *build, size_t size, coffer_error *error)
{
	coffer_status status;

	build->size += size;
	if (build->size - build->size_committed < COFFER_BUILD_COMMIT_SIZE)
		return COFFER_OK;
	if ((status = commit(build, error)))
		return status;
	write_ahead(build);
	status = grow_map(build, error);
	return status ? status : begin(build, error);
}

static coffer_status
append(struct coffer_build *build, const struct coffer_queue_entry *entry, coffer_error *error)
{
	uint32_t tree = entry->tree;
	MDB_val pair[2];
	int code = 0;

	coffer_lmdb_values(pair, entry->key, entry->value);
	if (!build->cursors[tree])
		code = mdb_cursor_open(build->snapshot.txn, build->handles[tree],
				       &build->cursors[tree]);
	if (!code)
		code = mdb_cursor_put(build->cursors[tree], &pair[0], &pair[1], MDB_APPEND);
	if (code)
		return coffer_lmdb_fail(coffer_file_cause(build->env, code), "write", error);
	return commit_when_due(build, entry->key.size + entry->value.size, error);
}

static coffer_status
put_anywhere(struct coffer_build *build, const struct coffer_queue_entry *entry, coffer_error *error)
{
	MDB_val pair[2];
	int code;

	coffer_lmdb_values(pair, entry->key, entry->value);
	code = mdb_put(build->snapshot.txn, build->handles[entry->tree], &pair[0], &pair[1],
		       MDB_NOOVERWRITE);
	if (code)
		return coffer_lmdb_fail(coffer_file_cause(build->env, code), "write", error);
	return commit_when_due(build, entry->key.size + entry->value.size + PUT_SIZE, error);
}

/* The queue's function. */
static coffer_status
put(void *context, const struct coffer_queue_entry *entry, coffer_error *error)
{
	struct coffer_build *build = context;

	if (!build->snapshot.txn)
		return coffer_error_set(error, COFFER_IO, "an earlier write failed");
	return entry->is_last ? append(build, entry, error) : put_anywhere(build, entry, error);
}

/* While disks are held. */
static coffer_status
check_target(const char *path, bool is_forced, coffer_error *error)
{
	struct stat facts;
	bool is_there = !stat(path, &facts);

	if (is_there && !S_ISREG(facts.st_mode))
		return coffer_error_set(error, COFFER_CONFLICT, "exists and is not a regular file");
	if (is_there && !is_forced)
		return coffer_error_set(error, COFFER_EXISTS, "exists already");
	if (coffer_disk_is_open_here(path))
		return coffer_error_set(error, COFFER_BUSY,
					"in use: this process has the store open");
	return COFFER_OK;
}

/* While disks are held: of a disk that is to be replaced. Who is there now will hardly be gone at the end. */
static coffer_status
check_alone(const struct coffer_disk *disk, coffer_error *error)
{
	if (disk->users > 1)
		return coffer_error_set(error, COFFER_BUSY,
					"in use: this process has the store open elsewhere");
	return coffer_lock_check_alone(&disk->lock, error);
}

/* `replaced` is the disk whose place the file is to take; NULL: none is open here. */
static coffer_status
open_build(struct coffer_build *build, const char *path, const struct coffer_disk *replaced,
	   coffer_error *error)
{
	size_t trees_max = build->trees_max;
	coffer_status status;

	build->path = coffer_file_resolve(path);
	if (!build->path)
		return coffer_error_set(error, errno == ENOMEM ? COFFER_NO_MEMORY : COFFER_IO,
					"cannot make a file in its folder: %s", strerror(errno));
	build->handles = calloc(trees_max + 1, sizeof(*build->handles));
	build->cursors = calloc(trees_max + 1, sizeof(*build->cursors));
	if (!build->handles || !build->cursors)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a build");
	build->snapshot.handles = build->handles;
	coffer_disk_hold();
	status = replaced ? check_alone(replaced, error)
			  : check_target(build->path, build->is_forced, error);
	coffer_disk_let();
	if (status || (status = open_file(build, error)))
		return status;
	return open_environment(build, error);
}

static coffer_status
begin_build(const char *path, const struct coffer_disk *replaced, bool is_forced, size_t trees_max,
	    struct coffer_build **build_out, coffer_error *error)
{
	struct coffer_build *build;
	coffer_status status;

	*build_out = NULL;
	if (trees_max > COFFER_TREES_MAX)
		return coffer_error_set(error, COFFER_LIMIT, "%zu trees, expected at most %d",
					trees_max, COFFER_TREES_MAX);
	build = calloc(1, sizeof(*build));
	if (!build)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a build");
	build->fd = -1;
	build->is_forced = is_forced;
	build->trees_max = trees_max;
	build->snapshot.snapshot.operations = &coffer_lmdb_operations;
	build->given.operations = &operations;
	status = coffer_queue_make(put, build, ENTRIES_SIZE, &build->queue, error);
	if (!status)
		status = open_build(build, path, replaced, error);
	if (status)
		coffer_build_abort(build);
	else
		*build_out = build;
	return status;
}

coffer_status
coffer_build_begin(const char *path, bool is_forced, size_t trees_max,
		   struct coffer_build **build_out, coffer_error *error)
{
	return begin_build(path, NULL, is_forced, trees_max, build_out, error);
}

/* Who could open the old file, which is open here as `fd`, can open the new one, and nobody else. */
static coffer_status
take_over_owner(const struct coffer_build *build, int fd, const struct stat *old,
		coffer_error *error)
{
	struct stat facts;

	if (!fstat(build->fd, &facts) &&
	    ((facts.st_uid == old->st_uid && facts.st_gid == old->st_gid) ||
	     !fchown(build->fd, old->st_uid, old->st_gid)) &&
	    coffer_file_take_list(fd, build->fd) &&
	    !fchmod(build->fd, old->st_mode & (S_IRWXU | S_IRWXG | S_IRWXO)))
		return COFFER_OK;
	return coffer_error_set(error, COFFER_IO,
				"cannot give the new file the owner and mode of the old one: %s",
				strerror(errno));
}

coffer_status
coffer_build_begin_anew(const struct coffer_disk *disk, uint64_t transaction, size_t trees_max,
			struct coffer_build **build_out, coffer_error *error)
{
	struct stat facts;
	coffer_status status;

	status = begin_build(disk->path, disk, true, trees_max, build_out, error);
	if (status)
		return status;
	coffer_build_replace(*build_out, transaction);
	(*build_out)->device = disk->device;
	(*build_out)->inode = disk->inode;
	/* Who may not do so hears of it before the rows are written, not after that. */
	if (fstat(disk->fd, &facts))
		status = coffer_error_set(error, COFFER_IO, "cannot open: %s", strerror(errno));
	else
		status = take_over_owner(*build_out, disk->fd, &facts, error);
	if (!status)
		return COFFER_OK;
	coffer_build_abort(*build_out);
	*build_out = NULL;
	return status;
}

coffer_status
coffer_build_tree(struct coffer_build *build, const char *name, uint32_t *tree_out,
		  coffer_error *error)
{
	coffer_status status = coffer_build_wait(build, error);
	int code;

	*tree_out = COFFER_NO_TREE;
	if (status)
		return status;
	if (build->tree_count == build->trees_max || strlen(name) > TREE_NAME_MAX)
		return coffer_error_set(error, COFFER_LIMIT, "no room for tree %.80s", name);
	code = mdb_dbi_open(build->snapshot.txn, name, MDB_CREATE,
			    &build->handles[build->tree_count]);
	if (code)
		return coffer_lmdb_fail(code, "make a tree", error);
	*tree_out = (uint32_t)build->tree_count++;
	return COFFER_OK;
}

/* Into the file's own queue. */
static coffer_status
give(struct coffer_build *build, const struct coffer_queue_entry *entry, coffer_error *error)
{
	uint64_t size = entry->key.size * (entry->count ? entry->count : 1) + entry->value.size +
			(entry->is_last ? 0 : PUT_SIZE);

	atomic_store_explicit(&build->size_added,
			      atomic_load_explicit(&build->size_added, memory_order_relaxed) + size,
			      memory_order_relaxed);
	return coffer_queue_add(build->queue, entry, error);
}

/* Behind the tasks that are not done. */
static coffer_status
add(struct coffer_build *build, const struct coffer_queue_entry *entry, coffer_error *error)
{
	return build->has_tasks ? coffer_queue_add(build->tasks, entry, error)
				: give(build, entry, error);
}

coffer_status
coffer_build_append(struct coffer_build *build, uint32_t tree, struct coffer_bytes key,
		    struct coffer_bytes value, coffer_error *error)
{
	const struct coffer_queue_entry entry = {
		.tree = tree, .is_last = true, .key = key, .value = value};

	return add(build, &entry, error);
}

coffer_status
coffer_build_append_run(struct coffer_build *build, uint32_t tree, struct coffer_bytes first,
			size_t stride, size_t count, coffer_error *error)
{
	const struct coffer_queue_entry entry = {
		.tree = tree, .is_last = true, .key = first, .count = count, .stride = stride};

	return count ? add(build, &entry, error) : COFFER_OK;
}

coffer_status
coffer_build_put(struct coffer_build *build, uint32_t tree, struct coffer_bytes key,
		 struct coffer_bytes value, coffer_error *error)
{
	const struct coffer_queue_entry entry = {.tree = tree, .key = key, .value = value};

	return add(build, &entry, error);
}

coffer_status
coffer_build_give(struct coffer_build *build, uint32_t tree, struct coffer_bytes key,
		  struct coffer_bytes value, coffer_error *error)
{
	const struct coffer_queue_entry entry = {
		.tree = tree, .is_last = true, .key = key, .value = value};

	return give(build, &entry, error);
}

/* The function of the queue of tasks: a task is of no tree. */
static coffer_status
work(void *context, const struct coffer_queue_entry *entry, coffer_error *error)
{
	struct coffer_build *build = context;

	return entry->tree == COFFER_NO_TREE
		       ? build->work(build->work_context, entry->value, error)
		       : give(build, entry, error);
}

coffer_status
coffer_build_work(struct coffer_build *build, coffer_build_function function, void *context,
		  coffer_error *error)
{
	build->work = function;
	build->work_context = context;
	return coffer_queue_make(work, build, TASKS_SIZE, &build->tasks, error);
}

coffer_status
coffer_build_task(struct coffer_build *build, size_t size, uint8_t **place_out, coffer_error *error)
{
	if (!build->has_tasks)
		build->has_tasks = true;
	return coffer_queue_reserve(build->tasks, COFFER_NO_TREE, size, place_out, error);
}

struct coffer_snapshot *
coffer_build_snapshot(struct coffer_build *build)
{
	return &build->given;
}

uint64_t
coffer_build_size(const struct coffer_build *build)
{
	return atomic_load_explicit(&build->size_added, memory_order_relaxed);
}

/* So that a shorter file is a cut file. */
static coffer_status
extend(struct coffer_build *build, coffer_error *error)
{
	int code = coffer_file_extend(build->env);

	return code ? coffer_lmdb_fail(code, "extend the file", error) : COFFER_OK;
}

static coffer_status
write_out(struct coffer_build *build, coffer_error *error)
{
	coffer_status status = coffer_build_wait(build, error);
	int code;

	if (status)
		return status;
	if (!build->snapshot.txn)
		return coffer_error_set(error, COFFER_IO, "an earlier write failed");
	if ((status = commit(build, error)) || (status = extend(build, error)))
		return status;
	code = mdb_env_sync(build->env, 1);
	mdb_env_close(build->env);
	build->env = NULL;
	return code ? coffer_lmdb_fail(code, "sync", error) : COFFER_OK;
}

/* Give the nameless file the name `name`, which must be free. */
static int
link_nameless(const struct coffer_build *build, const char *name)
{
	char self[64];

	snprintf(self, sizeof(self), "/proc/self/fd/%d", build->fd);
	return linkat(AT_FDCWD, self, AT_FDCWD, name, AT_SYMLINK_FOLLOW);
}

static coffer_status
fail_naming(coffer_error *error)
{
	if (errno == EEXIST)
		return coffer_error_set(error, COFFER_EXISTS, "exists already");
	return coffer_error_set(error, errno == ENOSPC ? COFFER_FULL : COFFER_IO,
				"cannot put the new file in its place: %s", strerror(errno));
}

/* A name that nobody has, for the moment between link and rename. */
static coffer_status
name_temporarily(struct coffer_build *build, coffer_error *error)
{
	char *name = coffer_temporary_path(build->path);
	int fd = name ? mkostemp(name, O_CLOEXEC) : -1;

	if (fd < 0 || unlink(name) || link_nameless(build, name)) {
		coffer_status status =
			name ? fail_naming(error)
			     : coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a path");

		if (fd >= 0)
			(void)close(fd);
		free(name);
		return status;
	}
	(void)close(fd);
	build->temporary = name;
	return COFFER_OK;
}

/* Opened before the file gets its name, so that nothing but the sync itself can fail after that. */
static coffer_status
open_folder(const char *path, int *fd_out, coffer_error *error)
{
	char *copy = strdup(path);

	*fd_out = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	free(copy);
	if (!copy)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a path");
	return *fd_out >= 0 ? COFFER_OK
			    : coffer_error_set(error, COFFER_IO, "cannot open its folder: %s",
					       strerror(errno));
}

/* Some file systems cannot sync a folder and say EINVAL. */
static coffer_status
sync_folder(int fd, coffer_error *error)
{
	if (!fsync(fd) || errno == EINVAL)
		return COFFER_OK;
	return coffer_error_set(
		error, COFFER_IO,
		"the new file is in its place, but its folder could not be synced: %s",
		strerror(errno));
}

static coffer_status
place_new(struct coffer_build *build, coffer_error *error)
{
	if (!build->temporary)
		return link_nameless(build, build->path) ? fail_naming(error) : COFFER_OK;
	return link(build->temporary, build->path) ? fail_naming(error) : COFFER_OK;
}

static coffer_status
place_over(struct coffer_build *build, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	if (!build->temporary && (status = name_temporarily(build, error)))
		return status;
	if (rename(build->temporary, build->path))
		return fail_naming(error);
	free(build->temporary);
	build->temporary = NULL;
	return COFFER_OK;
}

void
coffer_build_replace(struct coffer_build *build, uint64_t transaction)
{
	struct stat facts;

	build->is_replacement = true;
	build->transaction = transaction;
	if (stat(build->path, &facts))
		return;
	build->device = facts.st_dev;
	build->inode = facts.st_ino;
}

static coffer_status
compare_replaced(const struct coffer_build *build, int fd, struct stat *facts_out,
		 coffer_error *error)
{
	struct coffer_pages_meta metas[2];
	coffer_status status;

	if (fstat(fd, facts_out))
		return coffer_error_set(error, COFFER_IO, "cannot open: %s", strerror(errno));
	if ((status = coffer_meta_read(fd, metas, error)))
		return status;
	if (build->inode &&
	    (facts_out->st_dev != build->device || facts_out->st_ino != build->inode))
		return coffer_error_set(error, COFFER_BUSY,
					"in use: somebody has replaced it meanwhile");
	if (coffer_pages_newer(metas)->transaction != build->transaction)
		return coffer_error_set(error, COFFER_BUSY,
					"in use: somebody has written to it meanwhile");
	return COFFER_OK;
}

/* Is the old file still as the new one's maker knew it? Nobody writes to it while its lock is held alone. */
static coffer_status
check_replaced(const struct coffer_build *build, coffer_error *error)
{
	int fd = build->is_replacement ? open(build->path, O_RDONLY | O_CLOEXEC) : -1;
	coffer_status status = COFFER_OK;
	struct stat facts;

	if (!build->is_replacement)
		return COFFER_OK;
	if (fd < 0)
		return coffer_error_set(error, COFFER_IO, "cannot open: %s", strerror(errno));
	status = compare_replaced(build, fd, &facts, error);
	if (!status)
		status = take_over_owner(build, fd, &facts, error);
	(void)close(fd);
	return status;
}

/*
 * Give the file its name, with its lock file taken alone, and open to all who may write the old one, should we be killed: even a new
 * name may have a lock file that somebody holds whose store was removed by hand. Who opens the old file meanwhile waits for the lock, then sees that the lock file is another.
 */
static coffer_status
place(struct coffer_build *build, coffer_error *error)
{
	coffer_status status = check_target(build->path, build->is_forced, error);
	struct coffer_lock lock;
	struct stat old;
	bool is_ours; /* else the folder's rights alone let us replace it */

	if (status)
		return status;
	is_ours = !stat(build->path, &old) && !faccessat(AT_FDCWD, build->path, W_OK, AT_EACCESS);
	if (!(status = coffer_lock_open(&lock, build->path, is_ours ? &old : NULL, error)) &&
	    !(status = coffer_lock_exclusive(&lock, error)) &&
	    !(status = check_replaced(build, error))) {
		coffer_temporary_sweep(build->path);
		status = build->is_forced ? place_over(build, error) : place_new(build, error);
	}
	coffer_lock_close(&lock);
	return status;
}

coffer_status
coffer_build_finish(struct coffer_build *build, coffer_error *error)
{
	coffer_status status = write_out(build, error);
	int folder = -1;

	if (!status && !(status = open_folder(build->path, &folder, error))) {
		coffer_disk_hold();
		status = place(build, error);
		coffer_disk_let();
		if (!status)
			status = sync_folder(folder, error);
	}
	if (folder >= 0)
		(void)close(folder);
	coffer_build_abort(build);
	return status;
}

void
coffer_build_abort(struct coffer_build *build)
{
	if (!build)
		return;
	coffer_queue_free(build->tasks);
	coffer_queue_free(build->queue);
	if (build->snapshot.txn) {
		close_cursors(build);
		mdb_txn_abort(build->snapshot.txn);
	}
	if (build->env)
		mdb_env_close(build->env);
	if (build->fd >= 0)
		(void)close(build->fd);
	if (build->temporary)
		(void)unlink(build->temporary);
	free(build->temporary);
	free(build->path);
	free(build->handles);
	free(build->cursors);
	free(build);
}
