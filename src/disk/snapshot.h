/*
 * The reading interface: one snapshot of a file of plain trees. store/ and verify/ read only through it. Two
 * implementations are behind it: pages/ for whoever reads, liblmdb for whoever sees its own changes.
 *
 * Bytes that a snapshot gives are borrowed until the snapshot ends, unless the snapshot is that of an edit or of a file
 * being built: there they die with its next write. Where a file is read piece by piece and not mapped, what a place gives
 * dies when it moves on or is closed. Trees are numbered by the file that made the snapshot.
 */
#ifndef COFFER_DISK_SNAPSHOT_H
#define COFFER_DISK_SNAPSHOT_H

#include "coffer.h"

#define COFFER_NO_TREE UINT32_MAX

struct coffer_bytes {
	const uint8_t *data;
	size_t size;
};

enum coffer_move {
	COFFER_MOVE_FIRST,
	COFFER_MOVE_LAST,
	COFFER_MOVE_NEXT,
	COFFER_MOVE_PREVIOUS,
	COFFER_MOVE_SEEK, /* to the first entry whose key is not less than the key given */
};

struct coffer_tree_size {
	uint64_t entries;
	uint64_t bytes; /* of the pages that the tree takes */
};

struct coffer_snapshot;
struct coffer_place; /* a cursor in one tree of a snapshot */

struct coffer_snapshot_operations {
	/* The value under `key`, or NOT_FOUND. */
	coffer_status (*get)(struct coffer_snapshot *snapshot, uint32_t tree, struct coffer_bytes key,
			     struct coffer_bytes *value_out, coffer_error *error);
	coffer_status (*size)(struct coffer_snapshot *snapshot, uint32_t tree,
			      struct coffer_tree_size *size_out, coffer_error *error);
	coffer_status (*place_open)(struct coffer_snapshot *snapshot, uint32_t tree,
				    struct coffer_place **place_out, coffer_error *error);
	/* NOT_FOUND past either end, where the place stays; a new place's NEXT is FIRST, its PREVIOUS LAST. `key` is in:
	 * SEEK's; out: the key found. */
	coffer_status (*place_move)(struct coffer_place *place, enum coffer_move move,
				    struct coffer_bytes *key, struct coffer_bytes *value_out,
				    coffer_error *error);
	/*
	 * Step over up to `max` of the entries that follow in one direction, NEXT or PREVIOUS, on the page that the place stands on,
	 * as long as their keys have `key_size` bytes and are below `bound` (PREVIOUS: not below it); without data there is no
	 * bound. Returns how many they were; 0 says nothing of what follows. Their keys go to `keys_out`, unless that is NULL,
	 * as they came.
	 */
	size_t (*place_skip)(struct coffer_place *place, enum coffer_move move, size_t key_size,
			     struct coffer_bytes bound, size_t max, const uint8_t **keys_out);
	void (*place_close)(struct coffer_place *place);
	void (*end)(struct coffer_snapshot *snapshot);
};

/* Implementations begin with these. */
struct coffer_snapshot {
	const struct coffer_snapshot_operations *operations;
	struct coffer_bytes held; /* memory that stays and does not change until it ends; may be empty */
	uint64_t transaction; /* whose state it is; 0: of none that was committed */
};
struct coffer_place {
	const struct coffer_snapshot_operations *operations;
};

static inline coffer_status
coffer_snapshot_get(struct coffer_snapshot *snapshot, uint32_t tree, struct coffer_bytes key,
		struct coffer_bytes *value_out, coffer_error *error)
{
	return snapshot->operations->get(snapshot, tree, key, value_out, error);
}

static inline coffer_status
coffer_snapshot_size(struct coffer_snapshot *snapshot, uint32_t tree, struct coffer_tree_size *size_out,
		 coffer_error *error)
{
	return snapshot->operations->size(snapshot, tree, size_out, error);
}

static inline coffer_status
coffer_place_open(struct coffer_snapshot *snapshot, uint32_t tree, struct coffer_place **place_out,
		  coffer_error *error)
{
	return snapshot->operations->place_open(snapshot, tree, place_out, error);
}

static inline coffer_status
coffer_place_move(struct coffer_place *place, enum coffer_move move, struct coffer_bytes *key,
		  struct coffer_bytes *value_out, coffer_error *error)
{
	return place->operations->place_move(place, move, key, value_out, error);
}

/* An implementation need not have it. */
static inline size_t
coffer_place_skip(struct coffer_place *place, enum coffer_move move, size_t key_size,
		  struct coffer_bytes bound, size_t max, const uint8_t **keys_out)
{
	return place->operations->place_skip
		       ? place->operations->place_skip(place, move, key_size, bound, max, keys_out)
		       : 0;
}

static inline void
coffer_place_close(struct coffer_place *place)
{
	if (place)
		place->operations->place_close(place);
}

static inline void
coffer_snapshot_end(struct coffer_snapshot *snapshot)
{
	if (snapshot)
		snapshot->operations->end(snapshot);
}

#endif
