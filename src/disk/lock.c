/*
 * The lock file beside a store. liblmdb locks its first byte: shared while a file is open. A lock file belongs to
 * a path, not to an inode, so whoever replaces a store takes that byte alone first, and whoever opens one
 * checks afterwards that the lock file it holds is still the one that the path names: an inode that we hold open
 * cannot come back under another name, so equal numbers mean the same file all along.
 *
 * The last user removes the lock file. Whoever opens a store takes the byte before liblmdb does, which then finds it taken by
 * its own process: left to liblmdb, the moment between the two opens is long enough for others to come, go and remove the file.
 */
#include "disk/lmdb.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	SHARED_TRIES_MAX = 100, /* each one that fails is another process that has closed the store */
	OPEN_TRIES_MAX = 10,
};

static bool
may_make(const char *path, const struct stat *store)
{
	return !store || store->st_uid == geteuid() || !faccessat(AT_FDCWD, path, W_OK, AT_EACCESS);
}

/*
 * Others may write the folder too, and put what they like there: a lock file that is theirs, from which liblmdb would take what
 * ends us; or another name of a file of ours, which it would write over. One without a name was removed a moment ago.
 */
static bool
is_safe(const struct stat *facts, const struct stat *store)
{
	mode_t others = S_IWGRP | S_IWOTH;

	return S_ISREG(facts->st_mode) && facts->st_nlink <= 1 &&
	       (store->st_mode & others || !facts->st_uid || facts->st_uid == geteuid() ||
		facts->st_uid == store->st_uid);
}

/*
 * Whoever may write the store may lock it, and nobody else: what liblmdb finds in a lock file it believes. Root leaves it to the
 * store's owner. Without the store's group and access list others have no part in it; a folder's may be one to inherit.
 */
static void
share(int fd, const char *path, const struct stat *store)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	mode_t mode = S_IRUSR | S_IWUSR;

	if (!fchown(fd, geteuid() ? (uid_t)-1 : store->st_uid, store->st_gid) && file >= 0 &&
	    coffer_file_take_list(file, fd) && store->st_mode & S_IWGRP)
		mode |= S_IRGRP | S_IWGRP;
	if (store->st_mode & S_IWOTH)
		mode |= S_IROTH | S_IWOTH;
	(void)fchmod(fd, mode);
	if (file >= 0)
		(void)close(file);
}

/*
 * Who makes it gives it to the others a moment later, as long as it is empty. A link that lies there instead would lead liblmdb
 * to a file of ours that it was never meant for.
 */
static int
open_made(const char *path, bool may_make)
{
	int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | (may_make ? O_CREAT : 0), cause;
	struct stat facts;

	for (int tries = 1;; tries++) {
		int fd = open(path, flags, 0600);

		if (fd >= 0 || errno != EACCES || !may_make || tries == OPEN_TRIES_MAX)
			return fd;
		cause = errno;
		if (lstat(path, &facts) || facts.st_size) {
			errno = cause;
			return fd;
		}
		coffer_map_pause();
	}
}

coffer_status
coffer_lock_open(struct coffer_lock *lock, const char *path, const struct stat *store,
		 coffer_error *error)
{
	static const char suffix[] = "-lock";
	size_t size = strlen(path);
	struct stat facts;

	*lock = (struct coffer_lock){.fd = -1};
	lock->path = malloc(size + sizeof(suffix));
	if (!lock->path)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a path");
	memcpy(lock->path, path, size);
	memcpy(lock->path + size, suffix, sizeof(suffix));
	lock->fd = open_made(lock->path, may_make(path, store));
	if (lock->fd < 0 || fstat(lock->fd, &facts))
		return coffer_error_set(error, COFFER_IO, "cannot open the lock file %s: %s", lock->path,
					strerror(errno));
	if (store && !is_safe(&facts, store)) {
		(void)close(lock->fd);
		lock->fd = -1;
		return coffer_error_set(error, COFFER_IO,
					"the lock file %s is not one, or is another user's: remove it",
					lock->path);
	}
	if (store && facts.st_uid == geteuid())
		share(lock->fd, path, store);
	lock->device = facts.st_dev;
	lock->inode = facts.st_ino;
	return COFFER_OK;
}

static bool
try_exclusive(const struct coffer_lock *lock)
{
	struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};

	return !fcntl(lock->fd, F_SETLK, &range);
}

/* Alone where nobody has it, as liblmdb asks for it, so that it fills the lock file; shared with whoever has. */
static coffer_status
take(const struct coffer_lock *lock, coffer_error *error)
{
	struct flock range = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};

	if (try_exclusive(lock))
		return COFFER_OK;
	while (fcntl(lock->fd, F_SETLKW, &range))
		if (errno != EINTR)
			return coffer_error_set(error, COFFER_IO, "cannot lock the lock file %s: %s",
						lock->path, strerror(errno));
	return COFFER_OK;
}

/* liblmdb maps it: a page that the disk has no room for would end us by SIGBUS. */
static coffer_status
reserve(const struct coffer_lock *lock, coffer_error *error)
{
	while (fallocate(lock->fd, FALLOC_FL_KEEP_SIZE, 0, COFFER_LOCK_SIZE)) {
		if (errno == EOPNOTSUPP)
			break;
		if (errno != EINTR)
			return coffer_error_set(
				error, errno == ENOSPC || errno == EDQUOT ? COFFER_FULL : COFFER_IO,
				"no room for the lock file %s: %s", lock->path, strerror(errno));
	}
	return COFFER_OK;
}

coffer_status
coffer_lock_shared(struct coffer_lock *lock, const char *path, const struct stat *store,
		   coffer_error *error)
{
	coffer_status status;
	int tries = 0;

	while (!(status = coffer_lock_open(lock, path, store, error)) && !(status = take(lock, error)) &&
	       !coffer_lock_is_current(lock) && ++tries < SHARED_TRIES_MAX)
		coffer_lock_close(lock);
	if (!status && (status = reserve(lock, error)))
		coffer_lock_close(lock);
	return status;
}

bool
coffer_lock_is_current(const struct coffer_lock *lock)
{
	struct stat facts;

	return !stat(lock->path, &facts) && facts.st_dev == lock->device &&
	       facts.st_ino == lock->inode;
}

coffer_status
coffer_lock_exclusive(struct coffer_lock *lock, coffer_error *error)
{
	if (!try_exclusive(lock) || !coffer_lock_is_current(lock))
		return coffer_error_set(error, COFFER_BUSY, "in use: another process has the store open");
	return COFFER_OK;
}

coffer_status
coffer_lock_check_alone(const struct coffer_lock *lock, coffer_error *error)
{
	struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};

	if (lock->fd < 0 || fcntl(lock->fd, F_GETLK, &range) || range.l_type == F_UNLCK)
		return COFFER_OK;
	return coffer_error_set(error, COFFER_BUSY, "in use: another process has the store open");
}

void
coffer_lock_close(struct coffer_lock *lock)
{
	if (lock->fd >= 0) {
		if (try_exclusive(lock) && coffer_lock_is_current(lock))
			(void)unlink(lock->path);
		(void)close(lock->fd);
	}
	free(lock->path);
	*lock = (struct coffer_lock){.fd = -1};
}
