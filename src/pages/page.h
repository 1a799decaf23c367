/*
 * One page of a tree in an LMDB 0.9 file: its layout, and the check that makes reading it safe. Pure functions over bytes.
 *
 *   header, 16 bytes | slots, 2 bytes each | room | nodes, one a slot, in any order, without a hole
 *
 * A page is looked into by the inline functions only after coffer_page_check found it sound; of keys and sizes nothing has
 * to be checked then.
 */
#ifndef COFFER_PAGES_PAGE_H
#define COFFER_PAGES_PAGE_H

#include "base/little.h"
#include "disk/snapshot.h"

#include <string.h>

enum {
	COFFER_PAGE_SIZE_MIN = 512,
	COFFER_PAGE_SIZE_MAX = 32768,
	COFFER_PAGE_HEADER_SIZE = 16,
	COFFER_NODE_HEADER_SIZE = 8,
	COFFER_PAGE_KEY_SIZE_MAX = 511,
	COFFER_TREE_RECORD_SIZE = 48,
	COFFER_TREE_DEPTH_MAX = 32,
	COFFER_FREE_KEY_SIZE = 8, /* of the tree of free pages: a transaction's number */
	COFFER_PAGE_NUMBER_SIZE = 8,
	COFFER_PAGES_FIRST = 2, /* behind the metas */
	/* Entries in a leaf of the largest page: a slot and a node of one byte's key each. */
	COFFER_PAGE_ENTRIES_MAX = (COFFER_PAGE_SIZE_MAX - COFFER_PAGE_HEADER_SIZE) /
				  (2 + COFFER_NODE_HEADER_SIZE + 2),
};

#define COFFER_NO_PAGE UINT64_MAX /* the root of an empty tree */

enum coffer_page_type {
	COFFER_PAGE_BRANCH = 0x01,
	COFFER_PAGE_LEAF = 0x02,
	COFFER_PAGE_OVERFLOW = 0x04,
	COFFER_PAGE_META = 0x08,
};

enum coffer_node_flag {
	COFFER_NODE_BIG = 0x01,  /* the value stands on overflow pages */
	COFFER_NODE_TREE = 0x02, /* the value is the record of a tree */
};

/* What the leaves of a tree hold. */
enum coffer_tree_role {
	COFFER_ROLE_ENTRIES, /* a named tree: keys and values */
	COFFER_ROLE_TREES,   /* the main tree: names and records of trees */
	COFFER_ROLE_FREE, /* the free list: transactions and pages, keys in the order of numbers */
};

/* ------------------------------------------------------------------ looking into a sound page */

static inline uint64_t
coffer_page_number(const uint8_t *page)
{
	return coffer_little_u64(page);
}

static inline unsigned
coffer_page_type(const uint8_t *page)
{
	return coffer_little_u16(page + 10);
}

/* Of an overflow page: pages in its run. */
static inline uint32_t
coffer_page_run(const uint8_t *page)
{
	return coffer_little_u32(page + 12);
}

/* Nodes in it. */
static inline unsigned
coffer_page_count(const uint8_t *page)
{
	return (unsigned)(coffer_little_u16(page + 12) - COFFER_PAGE_HEADER_SIZE) / 2;
}

static inline const uint8_t *
coffer_page_node(const uint8_t *page, unsigned node)
{
	return page + coffer_little_u16(page + COFFER_PAGE_HEADER_SIZE + (size_t)2 * node);
}

static inline unsigned
coffer_node_flags(const uint8_t *node)
{
	return coffer_little_u16(node + 4);
}

static inline struct coffer_bytes
coffer_node_key(const uint8_t *node)
{
	return (struct coffer_bytes){node + COFFER_NODE_HEADER_SIZE, coffer_little_u16(node + 6)};
}

/* Of a leaf's node: bytes of the value, wherever it stands. */
static inline uint32_t
coffer_node_value_size(const uint8_t *node)
{
	return coffer_little_u32(node);
}

/* Of a branch's node: the page below it. */
static inline uint64_t
coffer_node_child(const uint8_t *node)
{
	return coffer_little_u32(node) | (uint64_t)coffer_little_u16(node + 4) << 32;
}

/* What stands behind the key: the value, or the number of its first overflow page. */
static inline const uint8_t *
coffer_node_data(const uint8_t *node)
{
	return node + COFFER_NODE_HEADER_SIZE + coffer_little_u16(node + 6);
}

/* ------------------------------------------------------------------ keys */

/* The first eight bytes of a node's key as a number, zeros behind a shorter one. */
static inline uint64_t
coffer_node_head(const uint8_t *node)
{
	size_t size = coffer_little_u16(node + 6);

	if (size >= sizeof(uint64_t))
		return coffer_head_u64(node + COFFER_NODE_HEADER_SIZE);
	/* The eight bytes up to its end begin in the node's header. */
	return size ? coffer_head_u64(node + size) << (64 - 8 * size) : 0;
}

/* The same of any bytes. */
static inline uint64_t
coffer_key_head(struct coffer_bytes key)
{
	uint8_t first[sizeof(uint64_t)] = {0};

	if (key.size >= sizeof(first))
		return coffer_head_u64(key.data);
	if (key.size)
		memcpy(first, key.data, key.size);
	return coffer_head_u64(first);
}

/* The order of two keys with equal heads: by bytes, the shorter first when one begins the other. */
static inline int
coffer_key_compare_tails(struct coffer_bytes left, struct coffer_bytes right)
{
	size_t size = left.size < right.size ? left.size : right.size, at = sizeof(uint64_t);

	while (at < size) {
		uint64_t a, b;

		/* The last eight bytes begin among those that were equal. */
		if (size - at < sizeof(uint64_t))
			at = size - sizeof(uint64_t);
		a = coffer_head_u64(left.data + at);
		b = coffer_head_u64(right.data + at);
		if (a != b)
			return a > b ? 1 : -1;
		at += sizeof(uint64_t);
	}
	return (left.size > right.size) - (left.size < right.size);
}

/* The order of two keys of a tree: negative, 0 or positive. */
int
coffer_page_compare(enum coffer_tree_role role, struct coffer_bytes left,
		    struct coffer_bytes right);

/* ------------------------------------------------------------------ the check */

/* What can be wrong with a page. */
enum coffer_page_fault {
	COFFER_PAGE_SOUND,
	COFFER_PAGE_WRONG_NUMBER, /* another page's */
	COFFER_PAGE_WRONG_TYPE,   /* not the one type that its place in the tree asks for */
	COFFER_PAGE_WRONG_ROOM,   /* slots end or nodes begin where they cannot */
	COFFER_PAGE_TOO_FEW,      /* nodes */
	COFFER_PAGE_WRONG_SLOT,   /* leads out of the nodes, or to an odd address */
	COFFER_PAGE_WRONG_NODE,   /* reaches out of the page */
	COFFER_PAGE_OVERLAP,      /* nodes that overlap or leave a hole */
	COFFER_PAGE_WRONG_KEY,    /* of a size that it cannot have */
	COFFER_PAGE_WRONG_FLAGS,  /* of a node */
	COFFER_PAGE_WRONG_VALUE,  /* of a size that it cannot have */
	COFFER_PAGE_WRONG_CHILD,  /* outside of the file */
	COFFER_PAGE_NO_ORDER,     /* a key that is not above the one before */
	COFFER_PAGE_TOO_LOW,      /* a key below what the pages above allow */
	COFFER_PAGE_TOO_HIGH,
};

struct coffer_page_problem {
	enum coffer_page_fault fault;
	unsigned node;
	uint64_t is, expected;
};

/* Where the page stands. */
struct coffer_page_site {
	uint64_t number;
	uint64_t
		page_count; /* pages that a child may be: those of the file up to the last one in use */
	uint32_t page_size;
	bool is_leaf;
	enum coffer_tree_role role;
};

/* True when the page is sound: of the right type, all nodes inside and tiling it, keys in order. */
bool
coffer_page_check(const uint8_t *page, const struct coffer_page_site *site,
		  struct coffer_page_problem *problem_out);

/* Keys that bound those of a page: `low` itself is allowed, `high` is not. NULL data: no bound. */
struct coffer_page_fence {
	struct coffer_bytes low, high;
};

/* True when the keys of a sound page lie within the fence. */
bool
coffer_page_check_fence(const uint8_t *page, const struct coffer_page_site *site,
			const struct coffer_page_fence *fence,
			struct coffer_page_problem *problem_out);

/* Say it in words: what is, and what was expected. */
void
coffer_page_describe(const struct coffer_page_problem *problem, char *out, size_t size);

#endif
