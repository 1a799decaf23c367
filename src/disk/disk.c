/*
 * The disks that this process has open.
 *
 * liblmdb takes fcntl locks, which a process loses when it closes any descriptor of the file: so one process opens a
 * file once, and all who ask for it share it through a registry by device and inode. While the disk is open its
 * descriptor of the lock file stays open too; see lock.c for what it proves.
 */
#include "disk/lmdb.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPEN_TRIES_MAX = 8 };

/* Guards the registry and `users`, and keeps remapping apart from beginning; see coffer_disk_hold. */
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static struct coffer_disk *registry;

/* ------------------------------------------------------------------ forks */

static pthread_once_t counting = PTHREAD_ONCE_INIT;
static int counting_failure;
static unsigned forks; /* from the process that opened the first disk to this one */

static void
count_fork(void)
{
	forks++;
}

static void
begin_counting(void)
{
	counting_failure = pthread_atfork(NULL, NULL, count_fork);
}

coffer_status
coffer_disk_count_forks(coffer_error *error)
{
	if (pthread_once(&counting, begin_counting) || counting_failure)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory to count forks");
	return COFFER_OK;
}

unsigned
coffer_disk_process(void)
{
	return forks;
}

/* ------------------------------------------------------------------ the registry */

/* What a fork inherited is not this process'. */
static bool
is_own(const struct coffer_disk *disk)
{
	return disk->process == coffer_disk_process();
}

static struct coffer_disk *
find_open(const struct stat *facts)
{
	struct coffer_disk *disk = registry;

	while (disk &&
	       (!is_own(disk) || disk->device != facts->st_dev || disk->inode != facts->st_ino))
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

	return is_own(disk) && disk->lock.fd >= 0 && !strncmp(disk->lock.path, path, size) &&
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

/* A fork in another thread must not take the guard along. */
static void
guard_forks(void)
{
	(void)pthread_atfork(coffer_disk_hold, coffer_disk_let, coffer_disk_let);
}

static void
share_new(struct coffer_disk *disk)
{
	disk->users = 1;
	disk->next = registry;
	registry = disk;
}

static coffer_status
share_open(struct coffer_disk *disk, bool is_to_write, struct coffer_disk **disk_out,
	   coffer_error *error)
{
	if (is_to_write && !disk->is_writable)
		return coffer_error_set(error, COFFER_BUSY,
					"in use: this process has the store open for reading only");
	disk->users++;
	*disk_out = disk;
	return COFFER_OK;
}

/* A file that is replaced while it is opened is opened again. */
static coffer_status
open_current(const char *path, bool is_to_write, struct coffer_disk **disk_out, coffer_error *error)
{
	struct coffer_inspection found;
	coffer_status status = COFFER_OK;

	for (int tries = 0; !status && !*disk_out; tries++) {
		struct coffer_disk *open_one;

		if (tries == OPEN_TRIES_MAX)
			return coffer_error_set(
				error, COFFER_BUSY,
				"in use: the store is being replaced, or was while somebody "
				"had it open; try again");
		if ((status = coffer_disk_inspect(path, &found, error)))
			break;
		if ((open_one = find_open(&found.facts)))
			return share_open(open_one, is_to_write, disk_out, error);
		status = coffer_disk_make(path, &found, is_to_write, disk_out, error);
		if (*disk_out)
			share_new(*disk_out);
	}
	return status;
}

static coffer_status
open_resolved(const char *path, bool is_to_write, struct coffer_disk **disk_out,
	      coffer_error *error)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	char *resolved = coffer_file_resolve(path);
	coffer_status status;

	*disk_out = NULL;
	if (!resolved)
		return coffer_error_set(error, errno == ENOMEM ? COFFER_NO_MEMORY : COFFER_IO,
					"cannot open: %s", strerror(errno));
	(void)pthread_once(&once, guard_forks);
	coffer_disk_hold();
	status = open_current(resolved, is_to_write, disk_out, error);
	coffer_disk_let();
	free(resolved);
	return status;
}

coffer_status
coffer_disk_open(const char *path, struct coffer_disk **disk_out, coffer_error *error)
{
	return open_resolved(path, false, disk_out, error);
}

coffer_status
coffer_disk_open_to_write(const char *path, struct coffer_disk **disk_out, coffer_error *error)
{
	return open_resolved(path, true, disk_out, error);
}

/*
 * A forked process leaves what it inherited as it is: liblmdb would clear the slots of the parent's readers, and closing
 * a descriptor of the lock file would lose the locks of a disk that the child opened itself.
 */
void
coffer_disk_close(struct coffer_disk *disk)
{
	struct coffer_disk **link = &registry;

	if (!disk || !is_own(disk))
		return;
	if (disk->pages) {
		coffer_disk_close_origin(disk);
		return;
	}
	coffer_disk_hold();
	if (!--disk->users) {
		while (*link != disk)
			link = &(*link)->next;
		*link = disk->next;
		coffer_disk_free(disk);
	}
	coffer_disk_let();
}

coffer_status
coffer_disk_check_process(const struct coffer_disk *disk, coffer_error *error)
{
	if (is_own(disk))
		return COFFER_OK;
	return coffer_error_set(
		error, COFFER_INVALID,
		"the store was opened before this process was forked: open it here again");
}

const char *
coffer_disk_path(const struct coffer_disk *disk)
{
	return disk->path;
}

void
coffer_disk_describe(const struct coffer_disk *disk, struct coffer_disk_facts *facts_out)
{
	struct stat facts;

	*facts_out = (struct coffer_disk_facts){.page_size = disk->page_size};
	if (disk->pages) {
		facts_out->file_size = disk->source.size;
		facts_out->transaction = coffer_pages_state(disk->pages)->meta.transaction;
		return;
	}
	facts_out->transaction = coffer_window_transaction(disk);
	if (!fstat(disk->fd, &facts))
		facts_out->file_size = (uint64_t)facts.st_size;
}

size_t
coffer_disk_tree_count(const struct coffer_disk *disk)
{
	return disk->names.count;
}

const char *
coffer_disk_tree_name(const struct coffer_disk *disk, uint32_t tree)
{
	return disk->names.names[tree];
}

uint32_t
coffer_disk_tree_find(const struct coffer_disk *disk, const char *name)
{
	size_t low = 0, high = disk->names.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(disk->names.names[middle], name);

		if (!order)
			return (uint32_t)middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return COFFER_NO_TREE;
}

coffer_status
coffer_disk_snapshot(struct coffer_disk *disk, struct coffer_snapshot **snapshot_out,
		     coffer_error *error)
{
	coffer_status status = coffer_disk_check_process(disk, error);
	struct coffer_pages_owner owner = {.ended = coffer_pin_let};
	struct coffer_pages_state state;
	struct coffer_pin *pin;

	*snapshot_out = NULL;
	if (!status && disk->pages)
		return coffer_pages_snapshot(disk->pages, snapshot_out, error);
	if (status || (status = coffer_pin_take(disk, false, &pin, &state, error)))
		return status;
	owner.context = pin;
	owner.memory = coffer_pin_memory(pin);
	status = coffer_pages_begin(&state, &disk->names, &owner, snapshot_out, error);
	if (status)
		coffer_pin_let(pin, NULL);
	return status;
}

/* A disk that is no file of its own is nobody's to write. */
void
coffer_disk_rest(struct coffer_disk *disk, struct coffer_snapshot *snapshot)
{
	if (!disk->pages)
		coffer_pin_rest(coffer_pages_context(snapshot));
}

coffer_status
coffer_disk_resume(struct coffer_disk *disk, struct coffer_snapshot *snapshot, bool *is_same_out,
		   coffer_error *error)
{
	*is_same_out = disk->pages;
	return disk->pages ? COFFER_OK
			   : coffer_pin_resume(coffer_pages_context(snapshot), is_same_out, error);
}
