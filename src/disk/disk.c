/*
 * A store's file, open for reading.
 *
 * liblmdb takes fcntl locks, which a process loses when it closes any descriptor of the file: so one process opens a
 * file once, and all who ask for it share it through a registry by device and inode. While the disk is open its
 * descriptor of the lock file stays open too; see lock.c for what it proves.
 */
#include "disk/lmdb.h"

#include "base/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	READERS_MAX = 510,
	OPEN_TRIES_MAX = 8,
};

size_t coffer_disk_map_size_min = (size_t)64 << 30;

struct coffer_disk {
	struct coffer_disk *next; /* in the registry */
	unsigned users;
	dev_t device;
	ino_t inode;
	MDB_env *env;
	struct coffer_lock lock; /* fd -1: opened without one (read-only folder) */
	char *path;
	uint32_t page_size;
	struct coffer_arena arena; /* of the names */
	const char **names;
	MDB_dbi *handles;
	size_t tree_count;
	unsigned snapshots; /* open snapshots, guarded by `guard` */
};

/* Guards the registry, `users` and `snapshots`, and keeps remapping apart from beginning. */
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static struct coffer_disk *registry;

size_t
coffer_map_size(uint64_t size)
{
	return size > coffer_disk_map_size_min / 4 ? (size_t)size * 4 : coffer_disk_map_size_min;
}

static struct coffer_disk *
find_open(const struct stat *facts)
{
	struct coffer_disk *disk = registry;

	while (disk && (disk->device != facts->st_dev || disk->inode != facts->st_ino))
		disk = disk->next;
	return disk;
}

void
coffer_disk_hold(void)
{
	pthread_mutex_lock(&guard);
}

void
coffer_disk_let(void)
{
	pthread_mutex_unlock(&guard);
}

/* A file that was moved away by hand leaves its lock file behind, which is the one that matters. */
static bool
has_lock_file(const struct coffer_disk *disk, const char *path)
{
	size_t size = strlen(path);
	struct stat facts;

	return disk->lock.fd >= 0 && !strncmp(disk->lock.path, path, size) &&
	       !strcmp(disk->lock.path + size, "-lock") && !stat(disk->lock.path, &facts) &&
	       facts.st_dev == disk->lock.device && facts.st_ino == disk->lock.inode;
}

bool
coffer_disk_is_open_here(const char *path)
{
	const struct coffer_disk *disk = registry;
	struct stat facts;

	if (!stat(path, &facts) && find_open(&facts))
		return true;
	while (disk && !has_lock_file(disk, path))
		disk = disk->next;
	return disk != NULL;
}

/* Look at the file before liblmdb does. Never called for a file that this process has open: the close would drop
 * no lock of the data file, since liblmdb locks the lock file alone, but a second look is not needed either. */
static coffer_status
inspect(const char *path, struct stat *facts, struct coffer_meta *meta, coffer_error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	coffer_status status;

	if (fd < 0)
		return coffer_error_set(error, COFFER_IO, "cannot open: %s", strerror(errno));
	if (fstat(fd, facts))
		status = coffer_error_set(error, COFFER_IO, "cannot open: %s", strerror(errno));
	else if (!S_ISREG(facts->st_mode))
		status = coffer_error_set(error, COFFER_NOT_A_COFFER,
					  "not a coffer store: not a regular file");
	else
		status = coffer_meta_read(fd, meta, error);
	(void)close(fd);
	return status;
}

static coffer_status
open_environment(struct coffer_disk *disk, const struct coffer_meta *meta, const struct stat *facts,
		 coffer_error *error)
{
	unsigned flags = MDB_NOSUBDIR | MDB_RDONLY | MDB_NOTLS;
	int code;

	if (disk->lock.fd < 0)
		flags |= MDB_NOLOCK;
	if ((code = mdb_env_create(&disk->env)))
		return coffer_lmdb_fail(code, "make an environment", error);
	if ((code = mdb_env_set_maxdbs(disk->env, (MDB_dbi)meta->tree_count + 1)) ||
	    (code = mdb_env_set_maxreaders(disk->env, READERS_MAX)) ||
	    (code = mdb_env_set_mapsize(disk->env, coffer_map_size((uint64_t)facts->st_size))) ||
	    (code = mdb_env_open(disk->env, disk->path, flags, 0600)))
		return coffer_lmdb_fail(code, "open", error);
	return COFFER_OK;
}

/* The file and the lock file that liblmdb opened are those that we looked at and hold. */
static coffer_status
check_identity(struct coffer_disk *disk, const struct stat *seen, bool *is_current_out,
	       coffer_error *error)
{
	struct stat facts;
	int fd, code = mdb_env_get_fd(disk->env, &fd);

	if (code)
		return coffer_lmdb_fail(code, "open", error);
	if (fstat(fd, &facts))
		return coffer_error_set(error, COFFER_IO, "cannot open: %s", strerror(errno));
	*is_current_out = facts.st_dev == seen->st_dev && facts.st_ino == seen->st_ino &&
			  (disk->lock.fd < 0 || coffer_lock_is_current(&disk->lock));
	disk->device = facts.st_dev;
	disk->inode = facts.st_ino;
	return COFFER_OK;
}

/*
 * The lock file says which transaction was the last. One that was left by an older file of this name, removed by hand
 * while somebody had it open, names another, and liblmdb would follow it to a meta page that is not the newest.
 */
static coffer_status
check_transaction(struct coffer_disk *disk, bool *is_current_out, coffer_error *error)
{
	MDB_envinfo before, after;
	MDB_txn *txn;
	int code;

	if ((code = mdb_env_info(disk->env, &before)) ||
	    (code = mdb_txn_begin(disk->env, NULL, MDB_RDONLY, &txn)))
		return coffer_lmdb_fail(code, "begin a snapshot", error);
	code = mdb_env_info(disk->env, &after);
	*is_current_out =
		mdb_txn_id(txn) >= before.me_last_txnid && mdb_txn_id(txn) <= after.me_last_txnid;
	mdb_txn_abort(txn);
	return code ? coffer_lmdb_fail(code, "begin a snapshot", error) : COFFER_OK;
}

static coffer_status
number_tree(struct coffer_disk *disk, MDB_txn *txn, const MDB_val *key, size_t number,
	    coffer_error *error)
{
	const char *name = coffer_arena_text(&disk->arena, key->mv_data, key->mv_size);
	unsigned flags = 0;
	int code;

	if (!name)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a tree's name");
	code = strlen(name) == key->mv_size ? mdb_dbi_open(txn, name, 0, &disk->handles[number])
					    : MDB_INCOMPATIBLE;
	if (!code)
		code = mdb_dbi_flags(txn, disk->handles[number], &flags);
	if (code || flags)
		return coffer_error_set(error, COFFER_CORRUPT, "tree %.80s is not a plain tree", name);
	disk->names[number] = name;
	return COFFER_OK;
}

static coffer_status
walk_names(struct coffer_disk *disk, MDB_txn *txn, size_t trees_max, coffer_error *error)
{
	MDB_cursor *cursor = NULL;
	MDB_val key, value;
	MDB_dbi main_tree;
	coffer_status status = COFFER_OK;
	int code;

	if ((code = mdb_dbi_open(txn, NULL, 0, &main_tree)) ||
	    (code = mdb_cursor_open(txn, main_tree, &cursor)))
		return coffer_lmdb_fail(code, "read the names of the trees", error);
	while (!status && !(code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT))) {
		if (disk->tree_count == trees_max)
			status = coffer_error_set(error, COFFER_CORRUPT,
						  "more trees than the meta page says: %zu", trees_max);
		else if (!(status = number_tree(disk, txn, &key, disk->tree_count, error)))
			disk->tree_count++;
	}
	mdb_cursor_close(cursor);
	if (!status && code != MDB_NOTFOUND)
		status = coffer_lmdb_fail(code, "read the names of the trees", error);
	return status;
}

/* Handles stay valid for later transactions only when the one that opened them commits. */
static coffer_status
number_trees(struct coffer_disk *disk, const struct coffer_meta *meta, coffer_error *error)
{
	size_t trees_max = (size_t)meta->tree_count;
	coffer_status status;
	MDB_txn *txn;
	int code;

	disk->names = coffer_arena_alloc(&disk->arena, (trees_max + 1) * sizeof(*disk->names));
	disk->handles = coffer_arena_alloc(&disk->arena, (trees_max + 1) * sizeof(*disk->handles));
	if (!disk->names || !disk->handles)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the trees");
	if ((code = mdb_txn_begin(disk->env, NULL, MDB_RDONLY, &txn)))
		return coffer_lmdb_fail(code, "begin a snapshot", error);
	status = walk_names(disk, txn, trees_max, error);
	if (status)
		mdb_txn_abort(txn);
	else if ((code = mdb_txn_commit(txn)))
		status = coffer_lmdb_fail(code, "read the names of the trees", error);
	return status;
}

static void
free_disk(struct coffer_disk *disk)
{
	if (disk->env)
		mdb_env_close(disk->env);
	coffer_lock_close(&disk->lock);
	coffer_arena_release(&disk->arena);
	free(disk->path);
	free(disk);
}

/* A folder or lock file that cannot be written: read without a lock, which is right only where nobody
 * can write. A lock file that exists but is closed to us means that somebody may. */
static coffer_status
open_lock(struct coffer_disk *disk, coffer_error *error)
{
	coffer_error first = {0};
	coffer_status status = coffer_lock_open(&disk->lock, disk->path, &first);
	int cause = errno;

	if (status == COFFER_IO && (cause == EROFS || cause == EACCES) &&
	    disk->lock.path && access(disk->lock.path, F_OK))
		return COFFER_OK;
	if (status)
		return coffer_error_set(error, status, "%s", first.message);
	return COFFER_OK;
}

static coffer_status
open_once(const char *path, const struct stat *facts, const struct coffer_meta *meta,
	  struct coffer_disk **disk_out, bool *is_current_out, coffer_error *error)
{
	struct coffer_disk *disk = calloc(1, sizeof(*disk));
	coffer_status status;
	int dead;

	if (!disk)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a store handle");
	disk->lock.fd = -1;
	disk->page_size = meta->page_size;
	if (!(disk->path = strdup(path)))
		status = coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a path");
	else if (!(status = open_lock(disk, error)) &&
		 !(status = open_environment(disk, meta, facts, error)) &&
		 !(status = check_identity(disk, facts, is_current_out, error)) && *is_current_out) {
		(void)mdb_reader_check(disk->env, &dead);
		status = check_transaction(disk, is_current_out, error);
		if (!status && *is_current_out)
			status = number_trees(disk, meta, error);
	}
	if (status || !*is_current_out)
		free_disk(disk);
	else
		*disk_out = disk;
	return status;
}

/* A file that is replaced while it is opened is opened again. */
static coffer_status
open_current(const char *path, struct coffer_disk **disk_out, coffer_error *error)
{
	bool is_current = false;
	coffer_status status = COFFER_OK;
	struct coffer_meta meta;
	struct stat facts;

	for (int tries = 0; !status && !is_current; tries++) {
		if (tries == OPEN_TRIES_MAX)
			return coffer_error_set(error, COFFER_BUSY,
						"in use: the store is being replaced, or was while somebody "
						"had it open; try again");
		if ((status = inspect(path, &facts, &meta, error)))
			break;
		*disk_out = find_open(&facts);
		if (*disk_out) {
			(*disk_out)->users++;
			break;
		}
		status = open_once(path, &facts, &meta, disk_out, &is_current, error);
		if (!status && is_current) {
			(*disk_out)->users = 1;
			(*disk_out)->next = registry;
			registry = *disk_out;
		}
	}
	return status;
}

coffer_status
coffer_disk_open(const char *path, struct coffer_disk **disk_out, coffer_error *error)
{
	coffer_status status;

	*disk_out = NULL;
	pthread_mutex_lock(&guard);
	status = open_current(path, disk_out, error);
	pthread_mutex_unlock(&guard);
	return status;
}

void
coffer_disk_close(struct coffer_disk *disk)
{
	struct coffer_disk **link = &registry;

	if (!disk)
		return;
	pthread_mutex_lock(&guard);
	if (!--disk->users) {
		while (*link != disk)
			link = &(*link)->next;
		*link = disk->next;
		free_disk(disk);
	}
	pthread_mutex_unlock(&guard);
}

void
coffer_disk_describe(const struct coffer_disk *disk, struct coffer_disk_facts *facts_out)
{
	struct stat facts;
	int fd;

	*facts_out = (struct coffer_disk_facts){.page_size = disk->page_size};
	if (!mdb_env_get_fd(disk->env, &fd) && !fstat(fd, &facts))
		facts_out->file_size = (uint64_t)facts.st_size;
}

size_t
coffer_disk_tree_count(const struct coffer_disk *disk)
{
	return disk->tree_count;
}

const char *
coffer_disk_tree_name(const struct coffer_disk *disk, uint32_t tree)
{
	return disk->names[tree];
}

uint32_t
coffer_disk_tree_find(const struct coffer_disk *disk, const char *name)
{
	size_t low = 0, high = disk->tree_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(disk->names[middle], name);

		if (!order)
			return (uint32_t)middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return COFFER_NO_TREE;
}

/* Another process let the file outgrow our map: map anew, which only works while no snapshot of ours is open. */
static coffer_status
begin(struct coffer_disk *disk, MDB_txn **txn_out, coffer_error *error)
{
	int code = mdb_txn_begin(disk->env, NULL, MDB_RDONLY, txn_out);

	if (code == MDB_MAP_RESIZED && !disk->snapshots && !(code = mdb_env_set_mapsize(disk->env, 0)))
		code = mdb_txn_begin(disk->env, NULL, MDB_RDONLY, txn_out);
	if (code)
		return coffer_lmdb_fail(code, "begin a snapshot", error);
	disk->snapshots++;
	return COFFER_OK;
}

coffer_status
coffer_disk_snapshot(struct coffer_disk *disk, struct coffer_snapshot **snapshot_out, coffer_error *error)
{
	struct coffer_lmdb_snapshot *snapshot = malloc(sizeof(*snapshot));
	coffer_status status;

	*snapshot_out = NULL;
	if (!snapshot)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a snapshot");
	*snapshot = (struct coffer_lmdb_snapshot){
		.snapshot.operations = &coffer_lmdb_operations,
		.handles = disk->handles,
		.disk = disk,
	};
	pthread_mutex_lock(&guard);
	status = begin(disk, &snapshot->txn, error);
	pthread_mutex_unlock(&guard);
	if (status)
		free(snapshot);
	else
		*snapshot_out = &snapshot->snapshot;
	return status;
}

void
coffer_disk_snapshot_ended(struct coffer_disk *disk)
{
	pthread_mutex_lock(&guard);
	disk->snapshots--;
	pthread_mutex_unlock(&guard);
}
