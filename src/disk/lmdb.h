/*
 * What the files of disk/ share of liblmdb.
 */
#ifndef COFFER_DISK_LMDB_H
#define COFFER_DISK_LMDB_H

#include "disk/disk.h"

#include <lmdb.h>
#include <pthread.h>
#include <sys/stat.h>

/* The meta pages as the file has them, checked (LMDB 0.9, data format 1, 64-bit little-endian). */
struct coffer_meta {
	uint32_t page_size;
	uint64_t tree_count; /* entries of the main tree; the larger of the two metas */
	uint64_t last_page;  /* of the newer meta */
};

/* Read and check the metas of `fd`. NOT_A_COFFER, CORRUPT, IO. */
COFFER_CHECKED coffer_status
coffer_meta_read(int fd, struct coffer_meta *meta_out, coffer_error *error);

/* Turn what liblmdb says into a status: the map or disk full, damage, the system's errors. */
coffer_status
coffer_lmdb_fail(int code, const char *doing, coffer_error *error);

/* A snapshot over a transaction; `tree` numbers index `handles`. With `disk` NULL the snapshot is embedded in a build. */
struct coffer_lmdb_snapshot {
	struct coffer_snapshot snapshot;
	MDB_txn *txn;
	const MDB_dbi *handles;
	struct coffer_disk *disk;
};
extern const struct coffer_snapshot_operations coffer_lmdb_operations;

/* A snapshot of `disk` has ended. */
void
coffer_disk_snapshot_ended(struct coffer_disk *disk);

/* The file-and-lock protocol: SPEC.md 3.5. */
struct coffer_lock {
	char *path; /* of the lock file */
	int fd;
	dev_t device;
	ino_t inode;
};

/* Open (make) the lock file of `path` without locking it. COFFER_IO with errno in `errno`. */
COFFER_CHECKED coffer_status
coffer_lock_open(struct coffer_lock *lock, const char *path, coffer_error *error);
/* True while the lock file that is open is the one that its path names. */
bool
coffer_lock_is_current(const struct coffer_lock *lock);
/* Take it alone; COFFER_BUSY when anybody has it. */
COFFER_CHECKED coffer_status
coffer_lock_exclusive(struct coffer_lock *lock, coffer_error *error);
/* Remove the lock file if nobody else has it, and close. */
void
coffer_lock_close(struct coffer_lock *lock);

/*
 * Between hold and let no disk is opened or closed in this process: what was found out by then stays true. A process
 * never conflicts with its own locks, so that whoever replaces a file has to ask here.
 */
void
coffer_disk_hold(void);
void
coffer_disk_let(void);
/* While held: true when this process has `path` or its lock file open as a disk. */
bool
coffer_disk_is_open_here(const char *path);

/* The map's size for a file of `size` bytes. */
size_t
coffer_map_size(uint64_t size);

#endif
