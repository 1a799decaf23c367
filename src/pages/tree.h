/*
 * What the files of pages/ share: a snapshot, its trees, and places in them.
 */
#ifndef COFFER_PAGES_TREE_H
#define COFFER_PAGES_TREE_H

#include "pages/pages.h"

/* One tree as a snapshot knows it. */
struct coffer_page_tree {
	const char *name; /* in errors */
	enum coffer_tree_role role;
	struct coffer_tree_record record;
	unsigned leaf_nodes, branch_nodes; /* on a page of it, on average; 0: not known */
};

/* The page on one level of a place, and the node in it. */
struct coffer_level {
	const uint8_t *page;
	unsigned index, count;
};

/* Between which heads those of a page lie, as the pages above say it. The ends of all numbers say nothing. */
struct coffer_span {
	uint64_t low, high;
};

/* A path from the root to an entry. */
struct coffer_page_place {
	struct coffer_place place;
	struct coffer_page_walk *walk;
	const struct coffer_page_tree *tree;
	struct coffer_page_place *before, *after; /* open ones, where pages have to be pinned */
	unsigned depth;                           /* levels; 0: it stands nowhere */
	uint64_t run, run_count;                  /* pages of the value that it gave */
	struct coffer_span span;                  /* of the leaf that it stands on */
	bool is_in_bounds; /* the leaf was held against what the pages above allow */
	struct coffer_level levels[COFFER_TREE_DEPTH_MAX];
};

/* An image and who looks at it. */
struct coffer_page_walk {
	struct coffer_image image;
	struct coffer_page_place *places; /* where pages have to be pinned */
};

/* `checked` is borrowed, as coffer_image_open says. */
COFFER_CHECKED coffer_status
coffer_page_walk_open(struct coffer_page_walk *walk, const struct coffer_pages_state *state,
		      uint64_t *checked, coffer_error *error);
void
coffer_page_walk_close(struct coffer_page_walk *walk);

/* A place in `tree`, standing nowhere. The place is the caller's memory; close it before the walk. */
void
coffer_page_place_open(struct coffer_page_place *place, struct coffer_page_walk *walk,
		       const struct coffer_page_tree *tree);
void
coffer_page_place_close(struct coffer_page_place *place);

/* As place_move of disk/snapshot.h. */
COFFER_CHECKED coffer_status
coffer_page_place_move(struct coffer_page_place *place, enum coffer_move move,
		       struct coffer_bytes *key, struct coffer_bytes *value_out,
		       coffer_error *error);

/* As place_skip of disk/snapshot.h. */
size_t
coffer_page_place_skip(struct coffer_page_place *place, enum coffer_move move, size_t key_size,
		       struct coffer_bytes bound, size_t max, const uint8_t **keys_out);

/* Go to `key` and give its value, or NOT_FOUND. */
COFFER_CHECKED coffer_status
coffer_page_place_find(struct coffer_page_place *place, struct coffer_bytes key,
		       struct coffer_bytes *value_out, coffer_error *error);

/* Decode and check the record of a tree that stands in the main tree. */
COFFER_CHECKED coffer_status
coffer_page_tree_open(struct coffer_page_tree *tree, const char *name, struct coffer_bytes record,
		      uint64_t page_count, coffer_error *error);
/* The main tree or the free list of a state. */
COFFER_CHECKED coffer_status
coffer_page_tree_own(struct coffer_page_tree *tree, enum coffer_tree_role role,
		     const struct coffer_pages_meta *meta, uint64_t page_count,
		     coffer_error *error);

#endif
