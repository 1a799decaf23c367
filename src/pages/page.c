/*
 * The check of one page, in one pass over its slots where the nodes lie in the order of their keys, as they do on pages
 * that were filled by appending; else in a second one over the nodes as they lie.
 *
 * Whatever a node says of its size is compared with what is left of the page by subtraction before anything behind it is
 * looked at.
 */
#include "pages/page.h"

#include <inttypes.h>
#include <stdio.h>

enum { WORDS_MAX = COFFER_PAGE_SIZE_MAX / 2 / 64 };

int
coffer_page_compare(enum coffer_tree_role role, struct coffer_bytes left, struct coffer_bytes right)
{
	uint64_t a, b;

	if (role == COFFER_ROLE_FREE && left.size == COFFER_FREE_KEY_SIZE &&
	    right.size == COFFER_FREE_KEY_SIZE) {
		a = coffer_little_u64(left.data);
		b = coffer_little_u64(right.data);
	} else {
		a = coffer_key_head(left);
		b = coffer_key_head(right);
		if (a == b)
			return coffer_key_compare_tails(left, right);
	}
	return (a > b) - (a < b);
}

static bool
fail(struct coffer_page_problem *problem, enum coffer_page_fault fault, unsigned node, uint64_t is,
     uint64_t expected)
{
	*problem = (struct coffer_page_problem){fault, node, is, expected};
	return false;
}

static unsigned
upper_of(const uint8_t *page)
{
	return coffer_little_u16(page + 14);
}

static bool
check_header(const uint8_t *page, const struct coffer_page_site *site,
	     struct coffer_page_problem *problem)
{
	unsigned lower = coffer_little_u16(page + 12), upper = upper_of(page);
	unsigned type = site->is_leaf ? COFFER_PAGE_LEAF : COFFER_PAGE_BRANCH;
	unsigned nodes_min = site->is_leaf || site->role == COFFER_ROLE_FREE ? 1 : 2;

	if (coffer_page_number(page) != site->number)
		return fail(problem, COFFER_PAGE_WRONG_NUMBER, 0, coffer_page_number(page),
			    site->number);
	if (coffer_page_type(page) != type)
		return fail(problem, COFFER_PAGE_WRONG_TYPE, 0, coffer_page_type(page), type);
	if (lower < COFFER_PAGE_HEADER_SIZE || lower % 2 || lower > upper ||
	    upper > site->page_size)
		return fail(problem, COFFER_PAGE_WRONG_ROOM, 0, lower, upper);
	if (coffer_page_count(page) < nodes_min)
		return fail(problem, COFFER_PAGE_TOO_FEW, 0, coffer_page_count(page), nodes_min);
	return true;
}

/* The size of a node, of which header and key are inside of the page. */
static uint64_t
node_size(const uint8_t *node, bool is_leaf)
{
	uint64_t size = COFFER_NODE_HEADER_SIZE + (uint64_t)coffer_little_u16(node + 6);

	if (is_leaf)
		size += coffer_node_flags(node) & COFFER_NODE_BIG ? COFFER_PAGE_NUMBER_SIZE
								  : coffer_node_value_size(node);
	return (size + 1) & ~(uint64_t)1;
}

static bool
check_key_size(const uint8_t *node, unsigned number, const struct coffer_page_site *site,
	       struct coffer_page_problem *problem)
{
	unsigned size = coffer_little_u16(node + 6);

	if (!site->is_leaf && !number) /* its key is not looked at, and mostly empty */
		return size <= COFFER_PAGE_KEY_SIZE_MAX ||
		       fail(problem, COFFER_PAGE_WRONG_KEY, number, size, COFFER_PAGE_KEY_SIZE_MAX);
	if (site->role == COFFER_ROLE_FREE)
		return size == COFFER_FREE_KEY_SIZE ||
		       fail(problem, COFFER_PAGE_WRONG_KEY, number, size, COFFER_FREE_KEY_SIZE);
	return (size && size <= COFFER_PAGE_KEY_SIZE_MAX) ||
	       fail(problem, COFFER_PAGE_WRONG_KEY, number, size, COFFER_PAGE_KEY_SIZE_MAX);
}

/* What the node leads to. */
static bool
check_target(const uint8_t *node, unsigned number, const struct coffer_page_site *site,
	     struct coffer_page_problem *problem)
{
	unsigned flags = coffer_node_flags(node);
	uint64_t child;

	if (!site->is_leaf) {
		child = coffer_node_child(node);
		return (child >= COFFER_PAGES_FIRST && child < site->page_count) ||
		       fail(problem, COFFER_PAGE_WRONG_CHILD, number, child, site->page_count);
	}
	if (site->role == COFFER_ROLE_TREES) {
		if (flags != COFFER_NODE_TREE)
			return fail(problem, COFFER_PAGE_WRONG_FLAGS, number, flags,
				    COFFER_NODE_TREE);
		return coffer_node_value_size(node) == COFFER_TREE_RECORD_SIZE ||
		       fail(problem, COFFER_PAGE_WRONG_VALUE, number, coffer_node_value_size(node),
			    COFFER_TREE_RECORD_SIZE);
	}
	return flags <= COFFER_NODE_BIG || fail(problem, COFFER_PAGE_WRONG_FLAGS, number, flags, 0);
}

/* A node inside of the page, from `at_out` to `end_out`. */
static bool
check_node(const uint8_t *page, unsigned number, const struct coffer_page_site *site,
	   unsigned *at_out, unsigned *end_out, struct coffer_page_problem *problem)
{
	unsigned at = coffer_little_u16(page + COFFER_PAGE_HEADER_SIZE + (size_t)2 * number);
	const uint8_t *node;
	uint64_t size;

	if (at % 2 || at < upper_of(page) || at > site->page_size - COFFER_NODE_HEADER_SIZE)
		return fail(problem, COFFER_PAGE_WRONG_SLOT, number, at, upper_of(page));
	node = page + at;
	size = node_size(node, site->is_leaf);
	if (size > site->page_size - at)
		return fail(problem, COFFER_PAGE_WRONG_NODE, number, size, site->page_size - at);
	*at_out = at;
	*end_out = at + (unsigned)size;
	return check_key_size(node, number, site, problem) &&
	       check_target(node, number, site, problem);
}

static bool
is_above(const uint8_t *node, uint64_t head, const uint8_t *before, uint64_t head_before,
	 enum coffer_tree_role role)
{
	if (role == COFFER_ROLE_FREE)
		return coffer_page_compare(role, coffer_node_key(node), coffer_node_key(before)) >
		       0;
	if (head != head_before)
		return head > head_before;
	return coffer_key_compare_tails(coffer_node_key(node), coffer_node_key(before)) > 0;
}

/*
 * Nodes that lie in another order than their keys: walk them as they lie. Each step must come to a slot's node, and as
 * many steps as there are slots to the page's end.
 */
static bool
check_tiles(const uint8_t *page, const struct coffer_page_site *site,
	    struct coffer_page_problem *problem)
{
	unsigned count = coffer_page_count(page), upper = upper_of(page), steps = 0, at;
	uint64_t starts[WORDS_MAX];

	memset(starts, 0, site->page_size / 2 / 8);
	for (unsigned i = 0; i < count; i++) {
		at = (unsigned)(coffer_page_node(page, i) - page);
		starts[at / 2 / 64] |= (uint64_t)1 << (at / 2 % 64);
	}
	for (at = upper; at < site->page_size; steps++) {
		if (!(starts[at / 2 / 64] >> (at / 2 % 64) & 1))
			return fail(problem, COFFER_PAGE_OVERLAP, 0, at, steps);
		at += (unsigned)node_size(page + at, site->is_leaf);
	}
	return steps == count || fail(problem, COFFER_PAGE_OVERLAP, 0, steps, count);
}

/*
 * Nearly every leaf is this one: entries whose values stand beside them, lying in the order of their keys from the page's end
 * downwards. True: it is one, and sound. False says nothing.
 */
static bool
is_usual_leaf(const uint8_t *page, uint32_t page_size)
{
	const uint8_t *slots = page + COFFER_PAGE_HEADER_SIZE, *node, *before = NULL;
	unsigned count = coffer_page_count(page), upper = upper_of(page);
	uint64_t tiled = page_size, head, head_before = 0;

	for (unsigned i = 0; i < count; i++) {
		uint64_t at = coffer_little_u16(slots + (size_t)2 * i), header, size;

		if (at < upper || at > page_size - COFFER_NODE_HEADER_SIZE)
			return false;
		node = page + at;
		header = coffer_little_u64(node); /* value's size, flags, key's size */
		size = COFFER_NODE_HEADER_SIZE + (header >> 48) + (uint32_t)header;
		if ((header >> 32 & 0xffff) || (header >> 48) - 1 >= COFFER_PAGE_KEY_SIZE_MAX ||
		    at + ((size + 1) & ~UINT64_C(1)) != tiled)
			return false;
		tiled = at;
		head = coffer_node_head(node);
		if (head <= head_before && before &&
		    (head < head_before ||
		     coffer_key_compare_tails(coffer_node_key(node), coffer_node_key(before)) <= 0))
			return false;
		before = node;
		head_before = head;
	}
	return tiled == upper && !(upper % 2);
}

/* Any page, and what is wrong with it. */
static bool
check_nodes(const uint8_t *page, const struct coffer_page_site *site,
	    struct coffer_page_problem *problem_out)
{
	unsigned count = coffer_page_count(page), at, end, tiled = site->page_size;
	const uint8_t *node, *before = NULL;
	uint64_t head, head_before = 0;
	bool is_descending = true;

	for (unsigned i = 0; i < count; i++) {
		if (!check_node(page, i, site, &at, &end, problem_out))
			return false;
		is_descending = is_descending && end == tiled;
		tiled = at;
		if (!site->is_leaf && !i)
			continue;
		node = page + at;
		head = coffer_node_head(node);
		if (before && !is_above(node, head, before, head_before, site->role))
			return fail(problem_out, COFFER_PAGE_NO_ORDER, i, 0, 0);
		before = node;
		head_before = head;
	}
	return (is_descending && tiled == upper_of(page)) || check_tiles(page, site, problem_out);
}

bool
coffer_page_check(const uint8_t *page, const struct coffer_page_site *site,
		  struct coffer_page_problem *problem_out)
{
	if (!check_header(page, site, problem_out))
		return false;
	if (site->is_leaf && site->role == COFFER_ROLE_ENTRIES &&
	    is_usual_leaf(page, site->page_size))
		return true;
	return check_nodes(page, site, problem_out);
}

/* The lowest key of a branch stands in its second node; what lies under the first one is below it, so that it is above the
 * fence's `low` and cannot be equal to it. */
bool
coffer_page_check_fence(const uint8_t *page, const struct coffer_page_site *site,
			const struct coffer_page_fence *fence,
			struct coffer_page_problem *problem_out)
{
	unsigned count = coffer_page_count(page), first = site->is_leaf ? 0 : 1;

	if (first == count)
		return true;
	if (fence->low.data &&
	    coffer_page_compare(site->role, coffer_node_key(coffer_page_node(page, first)),
				fence->low) < (int)first)
		return fail(problem_out, COFFER_PAGE_TOO_LOW, first, 0, 0);
	if (fence->high.data &&
	    coffer_page_compare(site->role, coffer_node_key(coffer_page_node(page, count - 1)),
				fence->high) >= 0)
		return fail(problem_out, COFFER_PAGE_TOO_HIGH, count - 1, 0, 0);
	return true;
}

/* Formats take the node, what is, and what was expected. */
void
coffer_page_describe(const struct coffer_page_problem *problem, char *out, size_t size)
{
	uint64_t is = problem->is, expected = problem->expected;
	unsigned node = problem->node;

	switch (problem->fault) {
	case COFFER_PAGE_SOUND:
		(void)snprintf(out, size, "sound");
		break;
	case COFFER_PAGE_WRONG_NUMBER:
		(void)snprintf(out, size, "it has the number %" PRIu64 ", expected %" PRIu64, is,
			       expected);
		break;
	case COFFER_PAGE_WRONG_TYPE:
		(void)snprintf(out, size, "its type is %#" PRIx64 ", expected %#" PRIx64, is,
			       expected);
		break;
	case COFFER_PAGE_WRONG_ROOM:
		(void)snprintf(out, size,
			       "its slots end at %" PRIu64 " and its nodes begin at %" PRIu64, is,
			       expected);
		break;
	case COFFER_PAGE_TOO_FEW:
		(void)snprintf(out, size, "it has %" PRIu64 " nodes, expected at least %" PRIu64,
			       is, expected);
		break;
	case COFFER_PAGE_WRONG_SLOT:
		(void)snprintf(out, size,
			       "slot %u leads to %" PRIu64 ", expected an even place from %" PRIu64,
			       node, is, expected);
		break;
	case COFFER_PAGE_WRONG_NODE:
		(void)snprintf(out, size,
			       "node %u takes %" PRIu64 " bytes, expected at most %" PRIu64, node,
			       is, expected);
		break;
	case COFFER_PAGE_OVERLAP:
		(void)snprintf(out, size, "its nodes overlap or leave a hole");
		break;
	case COFFER_PAGE_WRONG_KEY:
		(void)snprintf(out, size, "the key of node %u has %" PRIu64 " bytes", node, is);
		break;
	case COFFER_PAGE_WRONG_FLAGS:
		(void)snprintf(out, size, "node %u has the flags %#" PRIx64 ", expected %#" PRIx64,
			       node, is, expected);
		break;
	case COFFER_PAGE_WRONG_VALUE:
		(void)snprintf(out, size,
			       "the value of node %u has %" PRIu64 " bytes, expected %" PRIu64,
			       node, is, expected);
		break;
	case COFFER_PAGE_WRONG_CHILD:
		(void)snprintf(out, size,
			       "node %u leads to page %" PRIu64 ", expected one of %" PRIu64
			       " pages",
			       node, is, expected);
		break;
	case COFFER_PAGE_NO_ORDER:
		(void)snprintf(out, size, "the key of node %u is not above the one before", node);
		break;
	case COFFER_PAGE_TOO_LOW:
		(void)snprintf(out, size, "the key of node %u is below what leads to the page",
			       node);
		break;
	case COFFER_PAGE_TOO_HIGH:
		(void)snprintf(out, size,
			       "the key of node %u is not below what leads past the page", node);
		break;
	}
}
