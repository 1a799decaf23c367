/*
 * The n-th call of a kind fails. The linker puts the functions below in front of the real ones (--wrap, see the Makefile),
 * so that the library under test is the one that ships. Included once by each program here.
 */
#ifndef COFFER_TESTS_INJECT_H
#define COFFER_TESTS_INJECT_H

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum site { SITE_MEMORY, SITE_DISK, SITES };

enum {
	SHORT = -1,  /* in place of an errno: half of what is written, with success */
	KILLED = -2, /* the process ends, before the call */
};

static long countdown[SITES] = {-1, -1};
static int disk_code = EIO;
static bool was_hit;

static bool
fails(enum site site)
{
	if (countdown[site] < 0 || countdown[site]--)
		return false;
	was_hit = true;
	if (site == SITE_DISK && disk_code == KILLED)
		(void)kill(getpid(), SIGKILL);
	return site == SITE_MEMORY || disk_code != SHORT;
}

/* How much of `size` bytes is written: half where the call is the one that falls short. */
static size_t
shorten(size_t size)
{
	bool is_short = countdown[SITE_DISK] == 0 && disk_code == SHORT && size > 1;

	return is_short ? size / 2 : size;
}

#define WRAP_MEMORY(name, parameters, arguments) \
	void *__real_##name parameters; \
	void *__wrap_##name parameters; \
	void *__wrap_##name parameters \
	{ \
		if (!fails(SITE_MEMORY)) \
			return __real_##name arguments; \
		errno = ENOMEM; \
		return NULL; \
	}
WRAP_MEMORY(malloc, (size_t size), (size))
WRAP_MEMORY(calloc, (size_t count, size_t size), (count, size))
WRAP_MEMORY(realloc, (void *memory, size_t size), (memory, size))
WRAP_MEMORY(strdup, (const char *text), (text))

#define WRAP_LMDB(name, parameters, arguments) \
	int __real_##name parameters; \
	int __wrap_##name parameters; \
	int __wrap_##name parameters \
	{ \
		return fails(SITE_DISK) ? disk_code : __real_##name arguments; \
	}
WRAP_LMDB(mdb_env_create, (MDB_env * *env), (env))
WRAP_LMDB(mdb_env_open, (MDB_env * env, const char *path, unsigned flags, mdb_mode_t mode),
	  (env, path, flags, mode))
WRAP_LMDB(mdb_env_set_mapsize, (MDB_env * env, size_t size), (env, size))
WRAP_LMDB(mdb_env_info, (MDB_env * env, MDB_envinfo *facts), (env, facts))
WRAP_LMDB(mdb_env_stat, (MDB_env * env, MDB_stat *facts), (env, facts))
WRAP_LMDB(mdb_env_sync, (MDB_env * env, int force), (env, force))
WRAP_LMDB(mdb_txn_begin, (MDB_env * env, MDB_txn *parent, unsigned flags, MDB_txn **txn),
	  (env, parent, flags, txn))
WRAP_LMDB(mdb_dbi_open, (MDB_txn * txn, const char *name, unsigned flags, MDB_dbi *dbi),
	  (txn, name, flags, dbi))
WRAP_LMDB(mdb_get, (MDB_txn * txn, MDB_dbi dbi, MDB_val *key, MDB_val *value),
	  (txn, dbi, key, value))
WRAP_LMDB(mdb_put, (MDB_txn * txn, MDB_dbi dbi, MDB_val *key, MDB_val *value, unsigned flags),
	  (txn, dbi, key, value, flags))
WRAP_LMDB(mdb_del, (MDB_txn * txn, MDB_dbi dbi, MDB_val *key, MDB_val *value),
	  (txn, dbi, key, value))
WRAP_LMDB(mdb_cursor_open, (MDB_txn * txn, MDB_dbi dbi, MDB_cursor **cursor), (txn, dbi, cursor))
WRAP_LMDB(mdb_cursor_get, (MDB_cursor * cursor, MDB_val *key, MDB_val *value, MDB_cursor_op op),
	  (cursor, key, value, op))
WRAP_LMDB(mdb_cursor_put, (MDB_cursor * cursor, MDB_val *key, MDB_val *value, unsigned flags),
	  (cursor, key, value, flags))

/* A commit that fails has ended its transaction all the same. */
int
__real_mdb_txn_commit(MDB_txn *txn);
int
__wrap_mdb_txn_commit(MDB_txn *txn);
int
__wrap_mdb_txn_commit(MDB_txn *txn)
{
	if (!fails(SITE_DISK))
		return __real_mdb_txn_commit(txn);
	mdb_txn_abort(txn);
	return disk_code;
}

#define WRAP_SYSTEM(type, name, parameters, arguments) \
	type __real_##name parameters; \
	type __wrap_##name parameters; \
	type __wrap_##name parameters \
	{ \
		if (!fails(SITE_DISK)) \
			return __real_##name arguments; \
		errno = disk_code; \
		return -1; \
	}
WRAP_SYSTEM(ssize_t, pread, (int fd, void *out, size_t size, off_t at), (fd, out, size, at))
WRAP_SYSTEM(ssize_t, read, (int fd, void *out, size_t size), (fd, out, size))
WRAP_SYSTEM(int, fstat, (int fd, struct stat *facts), (fd, facts))
WRAP_SYSTEM(int, fsync, (int fd), (fd))
WRAP_SYSTEM(int, rename, (const char *from, const char *to), (from, to))
WRAP_SYSTEM(int, linkat, (int from_fd, const char *from, int to_fd, const char *to, int flags),
	    (from_fd, from, to_fd, to, flags))

WRAP_SYSTEM(int, renameat2,
	    (int from_fd, const char *from, int to_fd, const char *to, unsigned flags),
	    (from_fd, from, to_fd, to, flags))

/* Not of a lock file, which whoever only reads does without: see cli/full.t. */
int
__real_fallocate(int fd, int mode, off_t at, off_t size);
int
__wrap_fallocate(int fd, int mode, off_t at, off_t size);
int
__wrap_fallocate(int fd, int mode, off_t at, off_t size)
{
	if (mode || !fails(SITE_DISK))
		return __real_fallocate(fd, mode, at, size);
	errno = disk_code;
	return -1;
}

ssize_t
__real_write(int fd, const void *bytes, size_t size);
ssize_t
__wrap_write(int fd, const void *bytes, size_t size);
ssize_t
__wrap_write(int fd, const void *bytes, size_t size)
{
	size_t shortened = shorten(size);

	if (!fails(SITE_DISK))
		return __real_write(fd, bytes, shortened);
	errno = disk_code;
	return -1;
}

/* The calls within liblmdb: its own library finds these before the system's. */
#define REPLACE_SYSTEM(type, name, parameters, site, code, arguments) \
	__attribute__((visibility("default"))) type name parameters; \
	type name parameters \
	{ \
		if (!fails(site)) \
			return (type)syscall arguments; \
		errno = code; \
		return (type)-1; \
	}
REPLACE_SYSTEM(int, fdatasync, (int fd), SITE_DISK, disk_code, (SYS_fdatasync, fd))
REPLACE_SYSTEM(void *, mmap, (void *at, size_t size, int kind, int flags, int fd, off_t from),
	       SITE_MEMORY, ENOMEM, (SYS_mmap, at, size, kind, flags, fd, from))

__attribute__((visibility("default"))) ssize_t
pwrite(int fd, const void *bytes, size_t size, off_t at);
ssize_t
pwrite(int fd, const void *bytes, size_t size, off_t at)
{
	size_t shortened = shorten(size);

	if (!fails(SITE_DISK))
		return (ssize_t)syscall(SYS_pwrite64, fd, bytes, shortened, at);
	errno = disk_code;
	return -1;
}

/* One that falls short ends before its last part. */
__attribute__((visibility("default"))) ssize_t
writev(int fd, const struct iovec *parts, int count);
ssize_t
writev(int fd, const struct iovec *parts, int count)
{
	int shortened = (int)shorten((size_t)count);

	if (!fails(SITE_DISK))
		return (ssize_t)syscall(SYS_writev, fd, parts, shortened);
	errno = disk_code;
	return -1;
}

static void
disarm(void)
{
	countdown[SITE_MEMORY] = countdown[SITE_DISK] = -1;
}

#endif
