/*
 * The two meta pages: what describes a state of the file. LMDB writes the one and the other in turn; the one with the
 * higher transaction is the newer.
 */
#ifndef COFFER_PAGES_META_H
#define COFFER_PAGES_META_H

#include "pages/page.h"
#include "pages/source.h"

/* What a file says of one tree. */
struct coffer_tree_record {
	uint32_t pad;
	uint16_t flags;
	uint16_t depth; /* levels of pages; 0: empty */
	uint64_t branch_pages, leaf_pages, overflow_pages, entries;
	uint64_t root; /* COFFER_NO_PAGE: empty */
};

struct coffer_pages_meta {
	uint32_t page_size;
	uint64_t address; /* of a map; 0: anywhere */
	uint64_t map_size;
	struct coffer_tree_record free, main;
	uint64_t last_page;
	uint64_t transaction;
};

enum {
	COFFER_META_SIZE = 152,   /* bytes of a meta page that mean something */
	COFFER_FREE_FLAGS = 0x08, /* keys are numbers */
	COFFER_FREE_FLAG_FILE =
		0x4000, /* besides, where LMDB was told that the path is the file's, not a folder's */
};

/*
 * Decode meta `number`, 0 or 1, from the first COFFER_META_SIZE bytes of its page. What makes it unusable is refused: the
 * rest is for whoever uses the trees to check.
 *
 * COFFER_NOT_A_COFFER  another magic number or data format
 * COFFER_CORRUPT       page size, page number, flags
 */
COFFER_CHECKED coffer_status
coffer_pages_meta_decode(const uint8_t bytes[COFFER_META_SIZE], unsigned number,
			 struct coffer_pages_meta *meta_out, coffer_error *error);

/* The transaction that a meta is of, looked up in a file whose metas are in order but for that. COFFER_IO; COFFER_CORRUPT: it
 * was cut. */
COFFER_CHECKED coffer_status
coffer_pages_transaction(const struct coffer_page_source *source, uint32_t page_size,
			 unsigned number, uint64_t *transaction_out, coffer_error *error);

/* Read both. COFFER_IO besides. */
COFFER_CHECKED coffer_status
coffer_pages_metas(const struct coffer_page_source *source, struct coffer_pages_meta metas_out[2],
		   coffer_error *error);

/* CORRUPT unless one is the state before the other, each on the page that is its turn. A writer may come between the reading of
 * the one and of the other. */
COFFER_CHECKED coffer_status
coffer_pages_check_turns(const struct coffer_pages_meta metas[2], coffer_error *error);

/* CORRUPT when one of them has more trees than `trees_max`. */
COFFER_CHECKED coffer_status
coffer_pages_check_trees(const struct coffer_pages_meta metas[2], size_t trees_max,
			 coffer_error *error);

static inline const struct coffer_pages_meta *
coffer_pages_newer(const struct coffer_pages_meta metas[2])
{
	return &metas[metas[1].transaction > metas[0].transaction];
}

void
coffer_tree_record_decode(const uint8_t bytes[COFFER_TREE_RECORD_SIZE],
			  struct coffer_tree_record *record_out);

/* A message when the tree of a record cannot be read, else NULL: an empty one is wholly so, any other has its root among
 * `page_count` pages, a depth that LMDB can have, not more pages than there are, and not more entries than its leaves can
 * have: who counts by the record alone so ends. */
const char *
coffer_tree_record_check(const struct coffer_tree_record *record, uint64_t page_count);

#endif
