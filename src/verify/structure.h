/*
 * What the structural checks share: the pages of the file, who has claimed them, and the tree that is walked.
 */
#ifndef COFFER_VERIFY_STRUCTURE_H
#define COFFER_VERIFY_STRUCTURE_H

#include "pages/tree.h"
#include "verify/verify.h"

struct coffer_structure {
	struct coffer_verifier *verifier;
	struct coffer_page_walk *walk;
	const struct coffer_pages_meta *meta;
	uint64_t *claimed; /* a bit a page, up to the last one in use */
	struct coffer_tree_record
		*records; /* by tree; of a tree that the main tree does not have: zeros */
	bool *is_there;   /* by tree */
	bool is_damaged;  /* what belongs to whom is not known of all pages */
	bool is_trial;    /* nothing is reported: whoever finds damage begins anew */
	uint64_t ticks;
};

/* One tree while its pages are walked. */
struct coffer_tree_check {
	struct coffer_structure *structure;
	struct coffer_page_tree tree;
	const struct coffer_pages_meta *meta; /* of the state that it belongs to */
	bool is_older;                        /* the older state: its pages are not claimed */
	bool is_damaged;
	struct coffer_page_place path;
	uint64_t branch_pages, leaf_pages, overflow_pages, entries;
};

/* Report a finding about a tree's page, or about the tree (page 0). Of an older state all are I27. */
void
coffer_structure_report(struct coffer_tree_check *check, enum coffer_invariant invariant,
			uint64_t page, const char *format, ...) COFFER_PRINTF(4, 5);

/* I24: take a page that nobody else has. False, and a finding, when somebody has. */
bool
coffer_structure_claim(struct coffer_tree_check *check, uint64_t page);
/* I24, the other half: pages that nobody has. */
void
coffer_structure_unclaimed(struct coffer_structure *structure);

/* I20 to I23 and I26: walk a tree. Sets `is_damaged`. */
void
coffer_structure_tree(struct coffer_tree_check *check);

/* I25 or I27: one record of the free list. */
void
coffer_structure_free_record(struct coffer_tree_check *check, struct coffer_bytes key,
			     struct coffer_bytes value);

/* I19, and I27 as far as the meta goes. False: there is no older state to look at. */
void
coffer_structure_metas(struct coffer_structure *structure);

#endif
