/*
 * SPEC.md 3.1: a file that ends before its last page is whole when nobody has ever written the pages that it lacks, which
 * are all free then. A writer leaves such a file when it dies after a commit, before it has given the file its length.
 *
 *   newer meta --> free tree --> its records --> page numbers --> every missing one is there
 *
 * The file may be anything, so that liblmdb never sees it before this: pages are read, not mapped, each number is held
 * against the file, and no more pages are read than the file has.
 */
#include "disk/lmdb.h"

#include "disk/bytes.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	PAGE_HEADER_SIZE = 16,
	AT_PAGE_FLAGS = 10,
	AT_LOWER = 12,
	AT_RUN = 12, /* of an overflow page: pages in its run */
	FLAG_BRANCH = 0x01,
	FLAG_LEAF = 0x02,
	FLAG_OVERFLOW = 0x04,
	NODE_HEADER_SIZE = 8,
	NODE_BIG = 0x01, /* the value is on overflow pages */
	KEY_SIZE = 8,    /* of the free tree: the number of a transaction */
	NUMBER_SIZE = 8,
	CHUNK_SIZE = 4096,
	FIRST_PAGE = 2, /* behind the metas */
};

struct level {
	uint8_t *page;
	unsigned nodes, next;
};

struct walk {
	int fd;
	uint32_t page_size;
	uint64_t page_count; /* whole pages in the file */
	uint64_t last_page;
	uint64_t budget;   /* pages that may still be read */
	uint64_t missing;  /* pages from page_count to last_page that were not yet found */
	uint64_t *is_free; /* a bit for each of them */
	int cause;         /* errno of a read that failed */
	unsigned depth;
	struct level levels[COFFER_FREE_DEPTH_MAX];
};

/* False: the bytes are not there, or cannot be read. */
static bool
read_at(struct walk *walk, uint64_t offset, uint8_t *out, size_t size)
{
	ssize_t got = pread(walk->fd, out, size, (off_t)offset);

	if (got < 0)
		walk->cause = errno;
	return got >= 0 && (size_t)got == size;
}

/* A page that the file has, and that is not one too many. */
static bool
may_visit(struct walk *walk, uint64_t page, uint64_t run)
{
	if (page < FIRST_PAGE || page >= walk->page_count || !run ||
	    run > walk->page_count - page || run > walk->budget)
		return false;
	walk->budget -= run;
	return true;
}

static bool
descend(struct walk *walk, unsigned depth, uint64_t page)
{
	struct level *level = &walk->levels[depth];
	uint8_t *bytes = level->page;
	unsigned lower, flags = depth + 1 < walk->depth ? FLAG_BRANCH : FLAG_LEAF;

	if (!may_visit(walk, page, 1) ||
	    !read_at(walk, page * walk->page_size, bytes, walk->page_size))
		return false;
	lower = coffer_get_u16(bytes + AT_LOWER);
	if (coffer_get_u64(bytes) != page || coffer_get_u16(bytes + AT_PAGE_FLAGS) != flags ||
	    lower <= PAGE_HEADER_SIZE || lower > walk->page_size || lower % 2)
		return false;
	level->nodes = (lower - PAGE_HEADER_SIZE) / 2;
	level->next = 0;
	return true;
}

/* The next node of a level; NULL where its header is not inside of the page. */
static const uint8_t *
next_node(const struct walk *walk, struct level *level)
{
	unsigned at = coffer_get_u16(level->page + PAGE_HEADER_SIZE + 2 * level->next++);

	if (at < PAGE_HEADER_SIZE + 2 * level->nodes || at > walk->page_size - NODE_HEADER_SIZE)
		return NULL;
	return level->page + at;
}

/* Page numbers of a record: each is one that the file has, or one that it lacks. */
static bool
take_numbers(struct walk *walk, const uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t page = coffer_get_u64(bytes + i * NUMBER_SIZE), at, bit;

		if (page < FIRST_PAGE || page > walk->last_page)
			return false;
		if (page < walk->page_count)
			continue;
		at = page - walk->page_count;
		bit = (uint64_t)1 << at % 64;
		walk->missing -= !(walk->is_free[at / 64] & bit);
		walk->is_free[at / 64] |= bit;
	}
	return true;
}

/* A value that stands in its leaf: a count, then so many numbers; it may be longer. */
static bool
take_value(struct walk *walk, const uint8_t *value, size_t size)
{
	uint64_t count;

	if (size < NUMBER_SIZE)
		return false;
	count = coffer_get_u64(value);
	return count <= size / NUMBER_SIZE - 1 &&
	       take_numbers(walk, value + NUMBER_SIZE, (size_t)count);
}

/* The same on overflow pages, of which only the first has a header. */
static bool
take_overflow(struct walk *walk, uint64_t page, size_t size)
{
	uint64_t offset = page * walk->page_size, run, count;
	uint8_t chunk[CHUNK_SIZE];

	if (page >= walk->page_count || size < NUMBER_SIZE ||
	    !read_at(walk, offset, chunk, PAGE_HEADER_SIZE + NUMBER_SIZE))
		return false;
	run = coffer_get_u32(chunk + AT_RUN);
	count = coffer_get_u64(chunk + PAGE_HEADER_SIZE);
	if (coffer_get_u64(chunk) != page ||
	    coffer_get_u16(chunk + AT_PAGE_FLAGS) != FLAG_OVERFLOW || !may_visit(walk, page, run) ||
	    size > run * walk->page_size - PAGE_HEADER_SIZE || count > size / NUMBER_SIZE - 1)
		return false;
	offset += PAGE_HEADER_SIZE + NUMBER_SIZE;
	while (count) {
		size_t here =
			count < CHUNK_SIZE / NUMBER_SIZE ? (size_t)count : CHUNK_SIZE / NUMBER_SIZE;

		if (!read_at(walk, offset, chunk, here * NUMBER_SIZE) ||
		    !take_numbers(walk, chunk, here))
			return false;
		offset += here * NUMBER_SIZE;
		count -= here;
	}
	return true;
}

static bool
take_record(struct walk *walk, const struct level *leaf, const uint8_t *node)
{
	size_t room = walk->page_size - (size_t)(node - leaf->page) - NODE_HEADER_SIZE;
	size_t size = coffer_get_u16(node) | (size_t)coffer_get_u16(node + 2) << 16;
	unsigned flags = coffer_get_u16(node + 4);
	const uint8_t *value = node + NODE_HEADER_SIZE + KEY_SIZE;

	if (coffer_get_u16(node + 6) != KEY_SIZE || room < KEY_SIZE)
		return false;
	room -= KEY_SIZE;
	if (flags == NODE_BIG)
		return room >= NUMBER_SIZE && take_overflow(walk, coffer_get_u64(value), size);
	return !flags && size <= room && take_value(walk, value, size);
}

static uint64_t
child_of(const uint8_t *node)
{
	return coffer_get_u16(node) | (uint64_t)coffer_get_u16(node + 2) << 16 |
	       (uint64_t)coffer_get_u16(node + 4) << 32;
}

/* Depth first, without recursion. False: the free tree is damaged, or cannot be read. */
static bool
walk_tree(struct walk *walk, uint64_t root)
{
	unsigned depth = 0;

	if (!descend(walk, 0, root))
		return false;
	for (;;) {
		struct level *level = &walk->levels[depth];
		const uint8_t *node;

		if (level->next == level->nodes) {
			if (!depth--)
				return true;
			continue;
		}
		if (!(node = next_node(walk, level)))
			return false;
		if (depth + 1 == walk->depth) {
			if (!take_record(walk, level, node))
				return false;
		} else if (!descend(walk, ++depth, child_of(node))) {
			return false;
		}
	}
}

/* False: no memory. */
static bool
prepare(struct walk *walk, uint8_t **pages_out)
{
	*pages_out = malloc((size_t)walk->depth * walk->page_size);
	walk->is_free = calloc(walk->missing / 64 + 1, sizeof(*walk->is_free));
	if (!*pages_out || !walk->is_free)
		return false;
	for (unsigned i = 0; i < walk->depth; i++)
		walk->levels[i].page = *pages_out + (size_t)i * walk->page_size;
	return true;
}

coffer_status
coffer_free_tail_check(int fd, uint64_t size, const struct coffer_meta *meta, coffer_error *error)
{
	struct walk walk = {
		.fd = fd,
		.page_size = meta->page_size,
		.page_count = size / meta->page_size,
		.last_page = meta->last_page,
		.depth = meta->free_depth,
	};
	uint8_t *pages = NULL;
	bool is_whole = false, has_memory = true;

	walk.budget = walk.page_count;
	walk.missing = walk.last_page - walk.page_count + 1;
	/* Each missing page takes a number in the file, so that the bits are few. */
	if (walk.missing <= size / NUMBER_SIZE && walk.depth &&
	    walk.depth <= COFFER_FREE_DEPTH_MAX && (has_memory = prepare(&walk, &pages)))
		is_whole = walk_tree(&walk, meta->free_root) && !walk.missing;
	free(pages);
	free(walk.is_free);
	if (!has_memory)
		return coffer_error_set(error, COFFER_NO_MEMORY,
					"no memory for a walk of the free list");
	if (is_whole)
		return COFFER_OK;
	if (walk.cause)
		return coffer_error_set(error, COFFER_IO, "cannot read: %s", strerror(walk.cause));
	return coffer_error_set(error, COFFER_CORRUPT,
				"cut: the file has %" PRIu64 " bytes, expected %" PRIu64
				" pages of %" PRIu32,
				size, meta->last_page + 1, meta->page_size);
}
