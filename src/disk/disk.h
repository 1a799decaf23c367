/*
 * The file: what is known of LMDB stays in this folder.
 *
 * A disk is a store's file, opened for reading or for writing too and shared by all who open it in this process,
 * since liblmdb loses its locks when one process opens a file twice. An edit is one write transaction of a disk. A
 * build is a new file that nobody else sees until it takes its place under its name.
 *
 * A path is resolved before anything is done with it: a store that is reached through a symbolic link has the
 * lock file of the real file. A process that was forked may close what it inherited and nothing else.
 */
#ifndef COFFER_DISK_DISK_H
#define COFFER_DISK_DISK_H

#include "coffer.h"
#include "disk/snapshot.h"

enum {
	COFFER_TREES_MAX = 16384,            /* named trees in a file */
	COFFER_BUILD_COMMIT_SIZE = 32 << 20, /* a build commits when so many bytes were put */
};

/* The least size of a map; address space, not memory. Smaller in tests of a full map. */
extern size_t coffer_disk_map_size_min;

struct coffer_disk;

struct coffer_disk_facts {
	uint32_t page_size;
	uint64_t file_size;
	uint64_t transaction; /* the last one that was committed, by whomever */
};

/*
 * Open `path` for reading and number its trees. The metas are checked before liblmdb sees the file, and its pages are read
 * without liblmdb, by pages/: they may have any bytes. A disk that this process has open is shared, be it for writing.
 *
 * COFFER_IO, COFFER_NOT_A_COFFER, COFFER_CORRUPT (cut, or a tree that is not plain), COFFER_BUSY (being replaced)
 *
 * Whoever cannot have the lock file reads without it, piece by piece: any read of a snapshot is COFFER_BUSY once others have
 * committed twice since it began, and a new snapshot once they have replaced the file.
 */
COFFER_CHECKED coffer_status
coffer_disk_open(const char *path, struct coffer_disk **disk_out, coffer_error *error);

/*
 * As coffer_disk_open, for writing too: whoever writes believes every page that liblmdb comes to.
 *
 * COFFER_BUSY  besides: this process has the store open for reading only
 * COFFER_IO    besides: no permission to write the file, or its lock file
 */
COFFER_CHECKED coffer_status
coffer_disk_open_to_write(const char *path, struct coffer_disk **disk_out, coffer_error *error);

/* Open bytes that are no file of their own, which nobody writes to meanwhile. No lock is taken, nothing is shared. */
COFFER_CHECKED coffer_status
coffer_disk_open_origin(const coffer_origin *origin, struct coffer_disk **disk_out,
			coffer_error *error);
void
coffer_disk_close(struct coffer_disk *disk);

/* Where its file is, without symbolic links; NULL of an origin. */
const char *
coffer_disk_path(const struct coffer_disk *disk);

void
coffer_disk_describe(const struct coffer_disk *disk, struct coffer_disk_facts *facts_out);

/* Trees are numbered from 0 in byte order of their names. */
size_t
coffer_disk_tree_count(const struct coffer_disk *disk);
const char *
coffer_disk_tree_name(const struct coffer_disk *disk, uint32_t tree);
/* COFFER_NO_TREE where there is none. */
uint32_t
coffer_disk_tree_find(const struct coffer_disk *disk, const char *name);

/*
 * Begin a snapshot, which any thread may use and end, one at a time.
 *
 * COFFER_BUSY       no reader slot is free, or the file outgrew the map while other transactions are open
 * COFFER_INVALID    this process was forked after it had opened the disk
 * COFFER_IO         a write to the disk failed so that it has to be closed and opened again
 * COFFER_NO_MEMORY  besides: the file outgrew its map and there is no room for a larger one
 */
COFFER_CHECKED coffer_status
coffer_disk_snapshot(struct coffer_disk *disk, struct coffer_snapshot **snapshot_out,
		     coffer_error *error);

/*
 * Let others use the pages of a snapshot that nobody reads for a while, and take it up again. Resumed it is as it was, places
 * and all, where `is_same_out`: nobody has committed. Else it can only be ended. Status as for coffer_disk_snapshot; after a
 * failure it rests.
 */
void
coffer_disk_rest(struct coffer_disk *disk, struct coffer_snapshot *snapshot);
COFFER_CHECKED coffer_status
coffer_disk_resume(struct coffer_disk *disk, struct coffer_snapshot *snapshot, bool *is_same_out,
		   coffer_error *error);

struct coffer_edit;

/*
 * Begin an edit of a disk that is open for writing; waits for the one before it, whichever thread or process has that.
 * One thread begins, uses and ends an edit. The map grows here when it is over half full and no snapshot of
 * this process is open.
 *
 * COFFER_BUSY     the path names another file by now: the store was replaced and has to be opened again; this thread
 *                 has an edit of the disk already; or as for coffer_disk_snapshot
 * COFFER_INVALID  the disk is open for reading only, or this process was forked after it had opened the disk
 * COFFER_IO, COFFER_NO_MEMORY: as for coffer_disk_snapshot
 */
COFFER_CHECKED coffer_status
coffer_edit_begin(struct coffer_disk *disk, struct coffer_edit **edit_out, coffer_error *error);

/* May this thread begin one? INVALID, and BUSY where it has one already: as for the begin. It waits for nobody. */
COFFER_CHECKED coffer_status
coffer_edit_check(const struct coffer_disk *disk, coffer_error *error);

/*
 * What stands in the file with this edit's changes. Borrowed from the edit: valid until its end; its bytes until the
 * edit's next put or delete, after which a place in it has to seek before it moves on. Places are closed before the end.
 */
struct coffer_snapshot *
coffer_edit_snapshot(struct coffer_edit *edit);

/*
 * Put an entry, new or instead of the old one. `key`, of 1 to 511 bytes, and `value` are not this edit's own bytes. After
 * a failure the edit can only be ended: all later calls give that failure again.
 *
 * COFFER_FULL   the disk or the map is full; a later edit may find the map grown
 * COFFER_LIMIT  the size of the key, or a value of nearly 2 GiB or more
 */
COFFER_CHECKED coffer_status
coffer_edit_put(struct coffer_edit *edit, uint32_t tree, struct coffer_bytes key,
		struct coffer_bytes value, coffer_error *error);
/* COFFER_NOT_FOUND: there is no such entry, and nothing has changed. Failures as for put. */
COFFER_CHECKED coffer_status
coffer_edit_delete(struct coffer_edit *edit, uint32_t tree, struct coffer_bytes key,
		   coffer_error *error);

/* The number that its state gets when it is committed: one above that of the state it began on. */
uint64_t
coffer_edit_transaction(const struct coffer_edit *edit);

/* Bytes put so far, keys and values, for callers that bound a transaction. */
uint64_t
coffer_edit_size(const struct coffer_edit *edit);

/*
 * Make the changes seen and lasting: they are on the medium when it returns COFFER_OK, and there are none after a failure.
 * Frees `edit` whatever it returns.
 *
 * COFFER_FULL  the disk or the map is full
 * COFFER_IO    it could not be written; where the next begin demands that the store is opened again, the medium failed
 *              at the last step, and only opening it tells
 * others       what an earlier call failed with
 */
COFFER_CHECKED coffer_status
coffer_edit_commit(struct coffer_edit *edit, coffer_error *error);
void
coffer_edit_abort(struct coffer_edit *edit);

struct coffer_build;

/*
 * Begin a new file beside `path`, of at most `trees_max` trees.
 * COFFER_EXISTS: `path` exists and is_forced is not set. COFFER_IO: the folder cannot be written.
 */
COFFER_CHECKED coffer_status
coffer_build_begin(const char *path, bool is_forced, size_t trees_max,
		   struct coffer_build **build_out, coffer_error *error);

/*
 * Begin the file that is to take the place of `disk`'s own, which is no origin, as this transaction left it. Its one user
 * closes it before the build is finished. COFFER_BUSY: somebody else has it open at this moment; else as for
 * coffer_build_begin.
 */
COFFER_CHECKED coffer_status
coffer_build_begin_anew(const struct coffer_disk *disk, uint64_t transaction, size_t trees_max,
			struct coffer_build **build_out, coffer_error *error);

/* What is replaced must be the file that is there now, as this transaction left it: else finishing is COFFER_BUSY, and what others have written
 * to it meanwhile is not lost. The new file gets the old one's owner, mode and access list. */
void
coffer_build_replace(struct coffer_build *build, uint64_t transaction);

/* Make a tree and number it. */
COFFER_CHECKED coffer_status
coffer_build_tree(struct coffer_build *build, const char *name, uint32_t *tree_out,
		  coffer_error *error);

/*
 * Add an entry behind the last one of a tree: keys ascend. COFFER_FULL: disk or map full. Entries are put by a thread of the
 * build's: a failure may be that of an entry that was added before.
 */
COFFER_CHECKED coffer_status
coffer_build_append(struct coffer_build *build, uint32_t tree, struct coffer_bytes key,
		    struct coffer_bytes value, coffer_error *error);
/*
 * Add `count` entries without values in the same way, whose keys of one size lie `stride` bytes apart. They are not
 * copied: they stay as they are until coffer_build_wait, or until the build's end.
 */
COFFER_CHECKED coffer_status
coffer_build_append_run(struct coffer_build *build, uint32_t tree, struct coffer_bytes first,
			size_t stride, size_t count, coffer_error *error);
/*
 * Work that ends in entries: a task is bytes that the build's caller writes, of which this function makes them. Tasks are done in
 * the order in which they came, those of a large build in a thread of their own; what is appended or put behind a task
 * stands behind its entries. The function adds its entries by coffer_build_give, and calls nothing else of the build.
 */
typedef coffer_status (*coffer_build_function)(void *context, struct coffer_bytes task,
					       coffer_error *error);
COFFER_CHECKED coffer_status
coffer_build_work(struct coffer_build *build, coffer_build_function function, void *context,
		  coffer_error *error);
/*
 * Room for a task of `size` bytes, aligned for numbers of eight bytes, which the caller fills before its next call of any
 * function of the build. NULL with success: it is too long, every task before it was done, and the caller does it himself. A failure may
 * be that of a task before it.
 */
COFFER_CHECKED coffer_status
coffer_build_task(struct coffer_build *build, size_t size, uint8_t **place_out, coffer_error *error);
/* As coffer_build_append, for what does a task. */
COFFER_CHECKED coffer_status
coffer_build_give(struct coffer_build *build, uint32_t tree, struct coffer_bytes key,
		  struct coffer_bytes value, coffer_error *error);
/* Wait until all tasks were done: what they work with is the caller's until the next one. */
COFFER_CHECKED coffer_status
coffer_build_wait_tasks(struct coffer_build *build, coffer_error *error);

/* Wait until all tasks were done, and all that was added is in the file. */
COFFER_CHECKED coffer_status
coffer_build_wait(struct coffer_build *build, coffer_error *error);
/* Add an entry anywhere. */
COFFER_CHECKED coffer_status
coffer_build_put(struct coffer_build *build, uint32_t tree, struct coffer_bytes key,
		 struct coffer_bytes value, coffer_error *error);

/* What was put so far. Borrowed from the build: valid until its end, its bytes until its next write. */
struct coffer_snapshot *
coffer_build_snapshot(struct coffer_build *build);

/* Bytes put so far. */
uint64_t
coffer_build_size(const struct coffer_build *build);

/*
 * Commit, sync and put the file under its name; frees `build` whatever it returns.
 * COFFER_EXISTS: the name was taken meanwhile. COFFER_BUSY: somebody has the old file open.
 */
COFFER_CHECKED coffer_status
coffer_build_finish(struct coffer_build *build, coffer_error *error);
void
coffer_build_abort(struct coffer_build *build);

/* A nameless file in the folder of `path`, for what does not fit in memory; -1 with errno. */
int
coffer_disk_scratch(const char *path);

#endif
