/*
 * Searching a page that was checked.
 */
#ifndef COFFER_PAGES_FIND_H
#define COFFER_PAGES_FIND_H

#include "pages/tree.h"

/* What is searched for. */
struct coffer_target {
	struct coffer_bytes key;
	uint64_t head;
};

static inline int
coffer_target_compare(const uint8_t *node, const struct coffer_target *target)
{
	uint64_t head = coffer_node_head(node);

	if (head != target->head)
		return head > target->head ? 1 : -1;
	return coffer_key_compare_tails(coffer_node_key(node), target->key);
}

/* What a branch says of the page below the node that it stands on. */
static inline void
coffer_span_narrow(struct coffer_span *span, const struct coffer_level *branch)
{
	if (branch->index)
		span->low = coffer_node_head(coffer_page_node(branch->page, branch->index));
	if (branch->index + 1 < branch->count)
		span->high = coffer_node_head(coffer_page_node(branch->page, branch->index + 1));
}

/* Which one of so many nodes has a head that lies within the span, when they come evenly. */
static inline unsigned
coffer_span_slot(const struct coffer_span *span, uint64_t head, unsigned count)
{
	/* Halved, to be signed; one more, so that none is divided by nothing. */
	double whole = (double)(int64_t)((span->high - span->low) >> 1) + 1;
	unsigned slot = (unsigned)((double)(int64_t)((head - span->low) >> 1) * count / whole);

	return slot < count ? slot : count - 1;
}

/* The first node from `first` on whose key is not below the target's; the number of nodes when there is none. The span is
 * where to look first, not a bound. */
unsigned
coffer_page_find(const struct coffer_level *level, unsigned first,
		 const struct coffer_target *target, struct coffer_span span, bool *is_equal_out);

#endif
