/*
 * What the files of disk/ share of liblmdb.
 */
#ifndef COFFER_DISK_LMDB_H
#define COFFER_DISK_LMDB_H

#include "disk/disk.h"

#include "base/arena.h"
#include "pages/pages.h"

#include <lmdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/types.h>

/* Read and check the metas of `fd`, and that pages behind its end, if there are any, are free. NOT_A_COFFER, CORRUPT, IO,
 * NO_MEMORY; BUSY: it changes all the time. */
COFFER_CHECKED coffer_status
coffer_meta_read(int fd, struct coffer_pages_meta metas_out[2], coffer_error *error);

/* Turn what liblmdb says into a status: the map or disk full, damage, the system's errors. */
coffer_status
coffer_lmdb_fail(int code, const char *doing, coffer_error *error);

/* A snapshot over the transaction of a build or an edit, which ends it; `tree` numbers index `handles`. */
struct coffer_lmdb_snapshot {
	struct coffer_snapshot snapshot;
	MDB_txn *txn;
	const MDB_dbi *handles;
};
extern const struct coffer_snapshot_operations coffer_lmdb_operations;

enum {
	COFFER_READERS_MAX = 510,
	COFFER_LOCK_SIZE = 32 << 10, /* what liblmdb makes of it: 64 bytes for each, and 128 */
};

/* The file-and-lock protocol: SPEC.md 3.5. */
struct coffer_lock {
	char *path; /* of the lock file */
	int fd;
	dev_t device;
	ino_t inode;
};

/*
 * Open the lock file of `path` without locking it, and make it where it is not there, unless `store` says that it is not ours to
 * make: whoever may neither write the file nor owns it would shut out those who may. `store` NULL: there is no file. COFFER_IO:
 * it cannot be opened, or is not to be believed, with `fd` -1.
 */
COFFER_CHECKED coffer_status
coffer_lock_open(struct coffer_lock *lock, const char *path, const struct stat *store,
		 coffer_error *error);
/*
 * As coffer_lock_open, and take it for opening the store, which liblmdb does after it in this process: waits for whoever has
 * it alone. COFFER_IO: a file system without locks, too. A lock file that is not current comes back where others open and
 * close the store without end. COFFER_FULL: the disk has no room for it, and `fd` is -1.
 */
COFFER_CHECKED coffer_status
coffer_lock_shared(struct coffer_lock *lock, const char *path, const struct stat *store,
		   coffer_error *error);
/* True while the lock file that is open is the one that its path names. */
bool
coffer_lock_is_current(const struct coffer_lock *lock);
/* Take it alone; COFFER_BUSY when anybody has it. */
COFFER_CHECKED coffer_status
coffer_lock_exclusive(struct coffer_lock *lock, coffer_error *error);
/* COFFER_BUSY when another process has it at this moment; takes nothing. Of one that is not open: OK. */
COFFER_CHECKED coffer_status
coffer_lock_check_alone(const struct coffer_lock *lock, coffer_error *error);
/* Remove the lock file if nobody else has it, and close. */
void
coffer_lock_close(struct coffer_lock *lock);

struct coffer_disk {
	struct coffer_disk *next; /* in the registry */
	unsigned users;
	unsigned process; /* that opened it, as coffer_disk_process says it: a fork inherits the memory, not the locks */
	bool is_writable;
	dev_t device;
	ino_t inode;
	MDB_env *env;            /* NULL: opened without a lock, which was not to be had; then there is no window either */
	struct coffer_lock lock; /* fd -1: none, as above */
	int fd;                  /* of the file; liblmdb's, if it has it open */
	char *path;              /* resolved */
	struct coffer_pages
		*pages; /* of an origin: no file of its own, and none of what is above; NULL */
	struct coffer_page_source source; /* of an origin */
	uint32_t page_size;
	struct coffer_arena arena; /* of the names */
	struct coffer_pages_names names;
	MDB_dbi *handles;       /* of a writable one; by the numbers of the names */
	pthread_mutex_t writer; /* held by the thread that has an edit, from before its begin */
	_Atomic(const void *) editor; /* that thread, while it holds it: coffer_edit_check */

	/* The rest is looked at and changed between hold and let. */
	struct coffer_window *window;
	struct coffer_pages_memory *memory; /* of the newest state that a snapshot has ended of */
	unsigned snapshots;                 /* open ones */
	bool is_edited;  /* an edit is open or waits for other processes: the map stays */
	bool is_full;    /* an edit found the map full */
	bool has_no_map; /* making a new one failed: nothing but closing is left */
	int64_t readers_checked_ms; /* when dead processes were looked for */
};

/* One look at the file, made before liblmdb makes its own. */
struct coffer_inspection {
	struct stat facts;
	struct coffer_pages_meta metas[2];
};
COFFER_CHECKED coffer_status
coffer_disk_inspect(const char *path, struct coffer_inspection *found_out, coffer_error *error);

/* Open the file that was inspected. OK with NULL in `disk_out`: it was replaced meanwhile. `path` is resolved. */
COFFER_CHECKED coffer_status
coffer_disk_make(const char *path, const struct coffer_inspection *found, bool is_writable,
		 struct coffer_disk **disk_out, coffer_error *error);
void
coffer_disk_free(struct coffer_disk *disk);

/* True while the disk's path and that of its lock file name what is open. */
bool
coffer_disk_is_current(const struct coffer_disk *disk);

/* A number that this process has, and none that it was forked from or that is forked from it. Each statement asks for it twice,
 * which the system would take longer to say than some statements take. */
unsigned
coffer_disk_process(void);
/* Begin to count forks; before a disk is opened. NO_MEMORY. */
COFFER_CHECKED coffer_status
coffer_disk_count_forks(coffer_error *error);

/* INVALID in a process that was forked after the disk was opened. */
COFFER_CHECKED coffer_status
coffer_disk_check_process(const struct coffer_disk *disk, coffer_error *error);

/* Our own map of the file beside liblmdb's, shared by the snapshots that began on it. */
struct coffer_window {
	const uint8_t *base;
	size_t size;        /* of the map: more than the file, which may grow */
	uint64_t file_size; /* as last seen */
	unsigned users;     /* the disk, as long as it is its newest, and snapshots */
};

/* Make the disk's first one. */
COFFER_CHECKED coffer_status
coffer_window_open(struct coffer_disk *disk, coffer_error *error);
/* While held: see to it that the disk's has what the file has, if `size` bytes are wanted. */
COFFER_CHECKED coffer_status
coffer_window_follow(struct coffer_disk *disk, uint64_t size, coffer_error *error);
/* While held, or when nobody else has the disk. */
void
coffer_window_let(struct coffer_window *window);
void
coffer_window_copy_meta(const struct coffer_window *window, uint32_t page_size, unsigned number,
			uint8_t bytes[COFFER_META_SIZE]);
/* The last transaction that was committed, by whomever. */
uint64_t
coffer_window_transaction(const struct coffer_disk *disk);

/* What holds a state of the file in place while it is read: a transaction of liblmdb and a window; without a lock it is read
 * piece by piece, with a look at the metas behind each. */
struct coffer_pin;

/* `state_out` lives as long as the pin. `is_held`: whoever opens the disk holds, and nobody else has it. Status as for
 * coffer_disk_snapshot. */
COFFER_CHECKED coffer_status
coffer_pin_take(struct coffer_disk *disk, bool is_held, struct coffer_pin **pin_out,
		struct coffer_pages_state *state_out, coffer_error *error);
/* While held: its transaction of liblmdb has begun at this moment. */
void
coffer_pin_begun(struct coffer_pin *pin);
/* What the snapshot that ended last remembers, if it was of this pin's state; else NULL. The caller's from then on. */
struct coffer_pages_memory *
coffer_pin_memory(struct coffer_pin *pin);
/* `pin` is a struct coffer_pin; `memory` (may be NULL) is kept for the next snapshot. */
void
coffer_pin_let(void *pin, struct coffer_pages_memory *memory);

/* Let go of what it holds, but not of the window, and take it again: the same state, where nobody committed meanwhile; else
 * it can only be let. */
void
coffer_pin_rest(struct coffer_pin *pin);
COFFER_CHECKED coffer_status
coffer_pin_resume(struct coffer_pin *pin, bool *is_same_out, coffer_error *error);

/*
 * Begin a liblmdb transaction, with all that may be in its way: readers that died, another process that made the file
 * outgrow the map. An editor has no pin and holds `writer`; coffer_map_ended is told when its edit has ended.
 */
COFFER_CHECKED coffer_status
coffer_map_begin(struct coffer_disk *disk, struct coffer_pin *pin, MDB_txn **txn_out,
		 coffer_error *error);
void
coffer_map_ended(struct coffer_disk *disk);
/* Sleep for a moment in which another process may get on. */
void
coffer_map_pause(void);
/* An edit found the map full: the next one may begin with a larger one. */
void
coffer_map_filled(struct coffer_disk *disk);
/* Free the slots of processes that died, at most once a second, or now. */
void
coffer_map_check_readers(struct coffer_disk *disk, bool is_now);

/* `path` with no symbolic link in it, to be freed; its last part need not exist. NULL with errno. */
char *
coffer_file_resolve(const char *path);
/* Give a file the access list of another, or none. Where a file has one the mode's bits for its group are the most that the list
 * may allow, and not the group's. False with errno. */
bool
coffer_file_take_list(int from, int to);
/* Give the file its length up to the last page where pages at its end were never written. Never a truncation. 0 or errno. */
int
coffer_file_extend(MDB_env *env);
/* liblmdb calls a short write EIO; mostly the disk is full. What it really was: ENOSPC, EDQUOT, EFBIG or `code`. */
int
coffer_file_cause(MDB_env *env, int code);
/* Both of liblmdb's values, which have no const: it does not write through them. */
void
coffer_lmdb_values(MDB_val out[2], struct coffer_bytes key, struct coffer_bytes value);

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

/* Close a disk that is an origin. */
void
coffer_disk_close_origin(struct coffer_disk *disk);

#endif
