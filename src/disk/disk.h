/*
 * The file: what is known of LMDB stays in this folder.
 *
 * A disk is a store's file opened for reading, shared by all who open it in this process, since liblmdb
 * loses its locks when one process opens a file twice. A build is a new file that nobody else sees until it
 * takes its place under its name.
 */
#ifndef COFFER_DISK_DISK_H
#define COFFER_DISK_DISK_H

#include "coffer.h"
#include "disk/snapshot.h"

enum {
	COFFER_TREES_MAX = 16384,           /* named trees in a file */
	COFFER_BUILD_COMMIT_SIZE = 32 << 20, /* a build commits when so many bytes were put */
};

/* The least size of a map; address space, not memory. Smaller in tests of a full map. */
extern size_t coffer_disk_map_size_min;

struct coffer_disk;

struct coffer_disk_facts {
	uint32_t page_size;
	uint64_t file_size;
};

/*
 * Open `path` for reading and number its trees. The metas are checked before liblmdb sees the file.
 *
 * COFFER_IO, COFFER_NOT_A_COFFER, COFFER_CORRUPT (cut, or a tree that is not plain), COFFER_BUSY (being replaced)
 */
COFFER_CHECKED coffer_status
coffer_disk_open(const char *path, struct coffer_disk **disk_out, coffer_error *error);
void
coffer_disk_close(struct coffer_disk *disk);

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

/* Begin a snapshot. COFFER_BUSY: no reader slot is free, or the map must grow while others are open. */
COFFER_CHECKED coffer_status
coffer_disk_snapshot(struct coffer_disk *disk, struct coffer_snapshot **snapshot_out, coffer_error *error);

struct coffer_build;

/*
 * Begin a new file beside `path`, of at most `trees_max` trees.
 * COFFER_EXISTS: `path` exists and is_forced is not set. COFFER_IO: the folder cannot be written.
 */
COFFER_CHECKED coffer_status
coffer_build_begin(const char *path, bool is_forced, size_t trees_max,
		   struct coffer_build **build_out, coffer_error *error);

/* Make a tree and number it. */
COFFER_CHECKED coffer_status
coffer_build_tree(struct coffer_build *build, const char *name, uint32_t *tree_out,
		  coffer_error *error);

/* Add an entry behind the last one of a tree: keys ascend. COFFER_FULL: disk or map full. */
COFFER_CHECKED coffer_status
coffer_build_append(struct coffer_build *build, uint32_t tree, struct coffer_bytes key,
		    struct coffer_bytes value, coffer_error *error);
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
