/*
 * The careful reader: LMDB 0.9 files of plain trees, read by ourselves, whatever their bytes are.
 *
 * A second implementation of disk/snapshot.h, without liblmdb. Each page is checked when it is first entered: that it is the
 * page that leads to it meant, of the type and on the level that it should be, with all nodes inside, keys in order and
 * within the bounds that the pages above give. So any bytes give an answer or COFFER_CORRUPT with the tree and the page as its
 * place, in a bounded number of steps: never a crash, a hang or memory without bound. What a checksum would show (an entry
 * exchanged for another that fits, a count in a tree's record) is not seen here.
 *
 * A search that ends before a leaf's first entry or behind its last one looks into the leaf beside it too: there a damaged
 * key of a branch shows, which has led to the wrong one of the two.
 *
 * Failures of all reads: COFFER_CORRUPT; with a source that is read also COFFER_IO and COFFER_NO_MEMORY.
 */
#ifndef COFFER_PAGES_PAGES_H
#define COFFER_PAGES_PAGES_H

#include "base/arena.h"
#include "pages/meta.h"

/* ------------------------------------------------------------------ one state of a file */

/* Bytes, and the meta that describes them. */
struct coffer_pages_state {
	struct coffer_page_source source; /* borrowed: as long as what is made of the state */
	struct coffer_pages_meta meta;
};

/* Pages that the state may have: up to the last one in use, and whole in the source. */
uint64_t
coffer_pages_count(const struct coffer_pages_state *state);

/* Names of trees in byte order; a tree's number is its place. In memory of an arena. */
struct coffer_pages_names {
	const char **names;
	size_t count;
};

/* Walk the main tree of at most `trees_max` trees, which are all plain. */
COFFER_CHECKED coffer_status
coffer_pages_list(const struct coffer_pages_state *state, size_t trees_max,
		  struct coffer_arena *arena, struct coffer_pages_names *names_out,
		  coffer_error *error);

/* What a snapshot has found out about its state: which pages are sound, and where trees are. It saves the next snapshot of the
 * same transaction from finding it out again, as long as nobody has written over that transaction's pages. */
struct coffer_pages_memory;
uint64_t
coffer_pages_memory_transaction(const struct coffer_pages_memory *memory);
void
coffer_pages_memory_free(struct coffer_pages_memory *memory);

/* Who holds a state in place for a snapshot. */
struct coffer_pages_owner {
	struct coffer_pages_memory
		*memory; /* of an earlier snapshot, or NULL; given away, be it of another state */
	/* Told when the snapshot has ended, with what it remembers: the owner's from then on. */
	void (*ended)(void *context, struct coffer_pages_memory *memory);
	void *context;
};

/*
 * Begin a snapshot of a state, whose trees are numbered as `names`, which are borrowed. `owner` may be NULL; it is not told
 * of a snapshot that could not begin.
 *
 * COFFER_NO_MEMORY
 */
COFFER_CHECKED coffer_status
coffer_pages_begin(const struct coffer_pages_state *state, const struct coffer_pages_names *names,
		   const struct coffer_pages_owner *owner, struct coffer_snapshot **snapshot_out,
		   coffer_error *error);

/*
 * Another reader of the same state, for another thread to use at the same time. It borrows the pages and the knowledge of which
 * are sound: all of a tree that it reads were found so through `snapshot`, which ends after it.
 *
 * COFFER_NOT_FOUND  the source is read piece by piece, which one thread alone can
 * COFFER_NO_MEMORY
 */
COFFER_CHECKED coffer_status
coffer_pages_share(const struct coffer_snapshot *snapshot, struct coffer_snapshot **snapshot_out,
		   coffer_error *error);

/* The owner's context; NULL: it has no owner. */
void *
coffer_pages_context(const struct coffer_snapshot *snapshot);

struct coffer_page_walk; /* pages/tree.h */

/* The pages of a snapshot that began here, for a verifier, which reads them itself; and the meta that describes them. Both
 * live as long as the snapshot. */
struct coffer_page_walk *
coffer_pages_walk(struct coffer_snapshot *snapshot);
const struct coffer_pages_meta *
coffer_pages_meta(const struct coffer_snapshot *snapshot);

/* ------------------------------------------------------------------ a whole file */

struct coffer_pages;

/*
 * Open what a source has: metas checked, trees numbered. The source is the caller's and is closed after this.
 *
 * COFFER_NOT_A_COFFER  no LMDB file
 * COFFER_CORRUPT       damaged metas or main tree, a tree that is not plain, or a file that was cut
 */
COFFER_CHECKED coffer_status
coffer_pages_open(const struct coffer_page_source *source, size_t trees_max,
		  struct coffer_pages **pages_out, coffer_error *error);
/* Its snapshots have ended. */
void
coffer_pages_close(struct coffer_pages *pages);

const struct coffer_pages_names *
coffer_pages_names(const struct coffer_pages *pages);
const struct coffer_pages_state *
coffer_pages_state(const struct coffer_pages *pages);

/* A snapshot of the newer of the two states. */
COFFER_CHECKED coffer_status
coffer_pages_snapshot(struct coffer_pages *pages, struct coffer_snapshot **snapshot_out,
		      coffer_error *error);

/* ------------------------------------------------------------------ the free list */

/*
 * Call `record` for each record of the free list in order: the transaction that freed the pages, and their numbers, each
 * 8 bytes little-endian in no order that was checked. False ends the walk with COFFER_OK.
 */
COFFER_CHECKED coffer_status
coffer_pages_walk_free(const struct coffer_pages_state *state,
		       bool (*record)(void *context, uint64_t transaction, const uint8_t *numbers,
				      size_t count),
		       void *context, coffer_error *error);

/* OK when every page that the source does not have any more, or never had, is free: such a file is whole, a writer
 * had not yet given it its length. COFFER_CORRUPT: it was cut. */
COFFER_CHECKED coffer_status
coffer_pages_check_length(const struct coffer_pages_state *state, coffer_error *error);

#endif
