/*
 * Places: paths from the root to an entry, moved without recursion.
 *
 * A page is checked when it is entered for the first time. Whoever steps from one leaf to the next checks each time that the
 * next one lies within the bounds of its place: as keys ascend strictly from leaf to leaf, no walk comes to one twice, be
 * the pages linked as they may.
 */
#include "pages/find.h"

#include <inttypes.h>

enum {
	CACHE_LINE = 64,
	PAGE_SIZE_USUAL = 4096,
	AHEAD_MAX = 1024,
	LINES_USUAL = 4, /* of a record */
	SLOT_SIZE = 2,
	NODE_SIZE_MIN = COFFER_NODE_HEADER_SIZE + 2,
	NODE_SPREAD = 128, /* by so much a large node lies beside where it should */
};

static const struct coffer_span anywhere = {0, UINT64_MAX};

/* ------------------------------------------------------------------ life */

static void
pin_places(void *context, struct coffer_cache *cache)
{
	const struct coffer_page_walk *walk = context;

	for (const struct coffer_page_place *place = walk->places; place; place = place->after) {
		for (unsigned level = 0; level < place->depth; level++)
			coffer_cache_pin(cache, coffer_page_number(place->levels[level].page), 1);
		coffer_cache_pin(cache, place->run, place->run_count);
	}
}

coffer_status
coffer_page_walk_open(struct coffer_page_walk *walk, const struct coffer_pages_state *state,
		      uint64_t *checked, coffer_error *error)
{
	coffer_status status;

	walk->places = NULL;
	status = coffer_image_open(&walk->image, &state->source, state->meta.page_size,
				   coffer_pages_count(state), checked, error);
	if (!status)
		coffer_image_set_pins(&walk->image, pin_places, walk);
	return status;
}

void
coffer_page_walk_close(struct coffer_page_walk *walk)
{
	coffer_image_close(&walk->image);
}

void
coffer_page_place_open(struct coffer_page_place *place, struct coffer_page_walk *walk,
		       const struct coffer_page_tree *tree)
{
	place->walk = walk;
	place->tree = tree;
	place->depth = 0;
	place->run = place->run_count = 0;
	place->before = place->after = NULL;
	place->span = anywhere;
	place->is_in_bounds = false;
	if (!walk->image.cache)
		return;
	place->after = walk->places;
	if (place->after)
		place->after->before = place;
	walk->places = place;
}

void
coffer_page_place_close(struct coffer_page_place *place)
{
	if (!place->walk->image.cache)
		return;
	if (place->after)
		place->after->before = place->before;
	if (place->before)
		place->before->after = place->after;
	else
		place->walk->places = place->after;
}

/* ------------------------------------------------------------------ entering pages */

static coffer_status
fail_page(const struct coffer_page_place *place, uint64_t number, coffer_error *error)
{
	return coffer_error_at(error, "%s[page %" PRIu64 "]", place->tree->name, number);
}

static coffer_status
fail_problem(const struct coffer_page_place *place, uint64_t number,
	     const struct coffer_page_problem *problem, coffer_error *error)
{
	char text[160];

	coffer_page_describe(problem, text, sizeof(text));
	(void)coffer_error_set(error, COFFER_CORRUPT, "%s", text);
	(void)fail_page(place, number, error);
	return COFFER_CORRUPT;
}

/* What the pages above `level` allow the keys of a page there. */
static struct coffer_page_fence
fence_of(const struct coffer_page_place *place, unsigned level)
{
	struct coffer_page_fence fence = {{NULL, 0}, {NULL, 0}};

	while (level-- && (!fence.low.data || !fence.high.data)) {
		const struct coffer_level *above = &place->levels[level];

		if (!fence.low.data && above->index)
			fence.low = coffer_node_key(coffer_page_node(above->page, above->index));
		if (!fence.high.data && above->index + 1 < above->count)
			fence.high =
				coffer_node_key(coffer_page_node(above->page, above->index + 1));
	}
	return fence;
}

static coffer_status
check(const struct coffer_page_place *place, unsigned level, uint64_t number, const uint8_t *page,
      coffer_error *error)
{
	struct coffer_image *image = &place->walk->image;
	const struct coffer_page_site site = {
		.number = number,
		.page_count = image->page_count,
		.page_size = image->page_size,
		.is_leaf = level + 1 == place->tree->record.depth,
		.role = place->tree->role,
	};
	struct coffer_page_fence fence = fence_of(place, level);
	struct coffer_page_problem problem;
	bool is_known =
		coffer_image_is_checked(image, number) &&
		coffer_page_type(page) == (site.is_leaf ? COFFER_PAGE_LEAF : COFFER_PAGE_BRANCH);

	if ((!is_known && !coffer_page_check(page, &site, &problem)) ||
	    !coffer_page_check_fence(page, &site, &fence, &problem))
		return fail_problem(place, number, &problem, error);
	/* Others may look at the same bits: coffer_pages_share. */
	if (!is_known)
		coffer_image_set_checked(image, number);
	return COFFER_OK;
}

/* Have the page `number` as that of `level`. */
static coffer_status
enter(struct coffer_page_place *place, unsigned level, uint64_t number, coffer_error *error)
{
	struct coffer_level *entered = &place->levels[level];
	coffer_status status;

	place->depth = level;
	if ((status = coffer_image_page(&place->walk->image, number, &entered->page, error))) {
		(void)fail_page(place, number, error);
		return status;
	}
	if ((status = check(place, level, number, entered->page, error)))
		return status;
	entered->count = coffer_page_count(entered->page);
	place->depth = level + 1;
	place->is_in_bounds = true;
	return COFFER_OK;
}

/* As enter, by a search: a page that one comes to again is not held against its bounds again. */
static inline coffer_status
enter_again(struct coffer_page_place *place, unsigned level, uint64_t number,
	    enum coffer_page_type type, coffer_error *error)
{
	const struct coffer_image *image = &place->walk->image;
	const uint8_t *page = image->base + (number << image->page_shift);
	struct coffer_level *entered = &place->levels[level];

	/* What was checked is there. */
	if (!coffer_image_is_checked(image, number) || coffer_page_type(page) != type)
		return enter(place, level, number, error);
	*entered = (struct coffer_level){.page = page, .count = coffer_page_count(page)};
	place->depth = level + 1;
	place->is_in_bounds = false;
	return COFFER_OK;
}

static uint64_t
child_of(const struct coffer_level *level)
{
	return coffer_node_child(coffer_page_node(level->page, level->index));
}

/* From the page that `level` stands on to the first or last entry below its node. */
static coffer_status
descend(struct coffer_page_place *place, unsigned level, bool is_last, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	place->span = anywhere;
	while (!status && ++level < place->tree->record.depth) {
		status = enter(place, level, child_of(&place->levels[level - 1]), error);
		if (!status)
			place->levels[level].index = is_last ? place->levels[level].count - 1 : 0;
	}
	if (status)
		place->depth = 0;
	return status;
}

/* ------------------------------------------------------------------ moving */

static coffer_status
go_to_end(struct coffer_page_place *place, bool is_last, coffer_error *error)
{
	coffer_status status;

	place->depth = 0;
	if (!place->tree->record.depth)
		return COFFER_NOT_FOUND;
	status = enter(place, 0, place->tree->record.root, error);
	if (status)
		return status;
	place->levels[0].index = is_last ? place->levels[0].count - 1 : 0;
	return descend(place, 0, is_last, error);
}

/*
 * To the leaf beside the one that it stands on. NOT_FOUND: there is none, and it stays. A search may have come to a leaf out
 * of its bounds, where another way led to it before: what lies beside it is not the next one then.
 */
static __attribute__((noinline)) coffer_status
go_beside(struct coffer_page_place *place, bool is_after, coffer_error *error)
{
	unsigned level = place->depth - 1;
	struct coffer_level *above = &place->levels[level];
	coffer_status status = COFFER_OK;

	if (!place->is_in_bounds)
		status = check(place, level, coffer_page_number(above->page), above->page, error);
	if (status)
		return status;
	place->is_in_bounds = true;
	do {
		if (!level--)
			return COFFER_NOT_FOUND;
		above = &place->levels[level];
	} while (is_after ? above->index + 1 == above->count : !above->index);
	above->index = is_after ? above->index + 1 : above->index - 1;
	return descend(place, level, !is_after, error);
}

static inline coffer_status
step(struct coffer_page_place *place, bool is_after, coffer_error *error)
{
	struct coffer_level *leaf;

	if (!place->depth)
		return go_to_end(place, !is_after, error);
	leaf = &place->levels[place->depth - 1];
	if (is_after ? leaf->index + 1 >= leaf->count : !leaf->index)
		return go_beside(place, is_after, error);
	leaf->index = is_after ? leaf->index + 1 : leaf->index - 1;
	return COFFER_OK;
}

/* ------------------------------------------------------------------ searching */

/* Have the lines of a node come, and where its size is not that of all others, those around it. */
static inline __attribute__((always_inline)) void
fetch_around(uintptr_t node, uint32_t size)
{
	uintptr_t end = node + (size < AHEAD_MAX ? size : AHEAD_MAX);

	if (size > CACHE_LINE) {
		node -= NODE_SPREAD;
		end += CACHE_LINE;
	}
	for (uintptr_t line = node & ~(uintptr_t)(CACHE_LINE - 1); line < end; line += CACHE_LINE)
		__builtin_prefetch((const void *)line);
}

/*
 * Have all come at once that a search looks at on a page: its header, and the slot and the node where the target is, were its
 * nodes as many, as large and as even as they mostly are, and appended in order. Each is known by the one before only, and
 * takes as long as memory does. A hint: there need not be anything at these addresses. Inlined at once, since gcc takes a
 * function that does nothing else for one that does nothing.
 */
static inline __attribute__((always_inline)) void
fetch_page(const struct coffer_page_place *place, uint64_t number, unsigned count,
	   const struct coffer_target *target)
{
	const struct coffer_image *image = &place->walk->image;
	uintptr_t page = (uintptr_t)image->base + (number << image->page_shift);
	uint32_t room = image->page_size - COFFER_PAGE_HEADER_SIZE, size;
	unsigned slot;

	if (!count || target->head < place->span.low || target->head > place->span.high)
		return;
	size = room / count;
	if (size < SLOT_SIZE + NODE_SIZE_MIN)
		return;
	size -= SLOT_SIZE;
	slot = coffer_span_slot(&place->span, target->head, count);
	__builtin_prefetch((const void *)page);
	__builtin_prefetch((const void *)(page + COFFER_PAGE_HEADER_SIZE + SLOT_SIZE * slot));
	fetch_around(page + image->page_size - size * (slot + 1), size);
}

static coffer_status
search(struct coffer_page_place *place, const struct coffer_target *target, bool *is_equal_out,
       coffer_error *error)
{
	unsigned last = place->tree->record.depth - 1u;
	uint64_t number = place->tree->record.root;
	coffer_status status;

	place->span = anywhere;
	for (unsigned level = 0; level < last; level++) {
		struct coffer_level *branch = &place->levels[level];

		if ((status = enter_again(place, level, number, COFFER_PAGE_BRANCH, error)))
			return status;
		branch->index = coffer_page_find(branch, 1, target, place->span, is_equal_out);
		branch->index -= !*is_equal_out;
		coffer_span_narrow(&place->span, branch);
		number = child_of(branch);
		fetch_page(place, number,
			   level + 1 == last ? place->tree->leaf_nodes : place->tree->branch_nodes,
			   target);
	}
	if (!(status = enter_again(place, last, number, COFFER_PAGE_LEAF, error)))
		place->levels[last].index = coffer_page_find(&place->levels[last], 0, target,
							     place->span, is_equal_out);
	return status;
}

/* Look into the leaf before the one that it stands on: entering it shows whether it is in its place. */
static coffer_status
look_before(const struct coffer_page_place *place, coffer_error *error)
{
	struct coffer_page_place look;
	coffer_status status;

	coffer_page_place_open(&look, place->walk, place->tree);
	look.depth = place->depth;
	memcpy(look.levels, place->levels, place->depth * sizeof(look.levels[0]));
	status = go_beside(&look, false, error);
	coffer_page_place_close(&look);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

/* The leaf that it stands on has keys on both sides of the target's, or the very key. */
static bool
is_around(const struct coffer_page_place *place, const struct coffer_target *target)
{
	const struct coffer_level *leaf;

	if (!place->depth || target->head < place->span.low || target->head > place->span.high)
		return false;
	leaf = &place->levels[place->depth - 1];
	return coffer_target_compare(coffer_page_node(leaf->page, 0), target) <= 0 &&
	       coffer_target_compare(coffer_page_node(leaf->page, leaf->count - 1), target) >= 0;
}

/* To the first entry whose key is not below `key`; NOT_FOUND behind the last, from where PREVIOUS leads to it. */
static coffer_status
seek(struct coffer_page_place *place, struct coffer_bytes key, coffer_error *error)
{
	const struct coffer_target target = {key, coffer_key_head(key)};
	struct coffer_level *leaf;
	coffer_status status;
	bool is_equal;

	if (is_around(place, &target)) {
		leaf = &place->levels[place->depth - 1];
		leaf->index = coffer_page_find(leaf, 0, &target, place->span, &is_equal);
		return COFFER_OK;
	}
	place->depth = 0;
	if (!place->tree->record.depth)
		return COFFER_NOT_FOUND;
	if ((status = search(place, &target, &is_equal, error))) {
		place->depth = 0;
		return status;
	}
	leaf = &place->levels[place->depth - 1];
	if (leaf->index == leaf->count)
		return go_beside(place, true, error);
	if (!leaf->index && !is_equal)
		return look_before(place, error);
	return COFFER_OK;
}

/* ------------------------------------------------------------------ giving */

/* What may be wrong with the run of a value of `size` bytes that begins at page `number`; NULL: nothing. */
static const char *
check_run(const struct coffer_image *image, uint64_t number, uint64_t size, uint64_t *count_out)
{
	const uint8_t *page = image->base + (number << image->page_shift);
	uint64_t there = image->page_count - number;

	*count_out = (COFFER_PAGE_HEADER_SIZE + size + image->page_size - 1) >> image->page_shift;
	if (coffer_page_number(page) != number)
		return "an overflow page has another number";
	if (coffer_page_type(page) != COFFER_PAGE_OVERFLOW)
		return "a value's page is no overflow page";
	if (coffer_page_run(page) < *count_out)
		return "a value is longer than its overflow pages";
	if (coffer_page_run(page) > there)
		return "overflow pages reach out of the file";
	return NULL;
}

static coffer_status
fail_run(const struct coffer_page_place *place, uint64_t number, const char *message,
	 coffer_error *error)
{
	(void)coffer_error_set(error, COFFER_CORRUPT, "%s", message);
	(void)fail_page(place, number, error);
	return COFFER_CORRUPT;
}

/* A value on overflow pages, which follow each other in the file. */
static __attribute__((noinline)) coffer_status
give_big(struct coffer_page_place *place, const uint8_t *node, struct coffer_bytes *value_out,
	 coffer_error *error)
{
	struct coffer_image *image = &place->walk->image;
	uint64_t number = coffer_little_u64(coffer_node_data(node)), count;
	const uint8_t *page;
	const char *message;
	coffer_status status;

	if (coffer_node_flags(node) != COFFER_NODE_BIG)
		return fail_run(place, coffer_page_number(place->levels[place->depth - 1].page),
				"an entry of another kind of tree", error);
	if (number < COFFER_PAGES_FIRST || number >= image->page_count)
		return fail_run(place, coffer_page_number(place->levels[place->depth - 1].page),
				"a value's overflow pages are outside of the file", error);
	if ((status = coffer_image_page(image, number, &page, error))) {
		(void)fail_page(place, number, error);
		return status;
	}
	message = check_run(image, number, coffer_node_value_size(node), &count);
	if (message)
		return fail_run(place, number, message, error);
	if (image->cache &&
	    (status = coffer_cache_load(image->cache, image, number, count, error))) {
		(void)fail_page(place, number, error);
		return status;
	}
	place->run = number;
	place->run_count = count;
	*value_out =
		(struct coffer_bytes){page + COFFER_PAGE_HEADER_SIZE, coffer_node_value_size(node)};
	return COFFER_OK;
}

static inline coffer_status
give(struct coffer_page_place *place, struct coffer_bytes *key_out, struct coffer_bytes *value_out,
     coffer_error *error)
{
	const struct coffer_level *leaf = &place->levels[place->depth - 1];
	const uint8_t *node = coffer_page_node(leaf->page, leaf->index);
	unsigned inline_flags = place->tree->role == COFFER_ROLE_TREES ? COFFER_NODE_TREE : 0;

	*key_out = coffer_node_key(node);
	if (coffer_node_flags(node) != inline_flags)
		return give_big(place, node, value_out, error);
	*value_out = (struct coffer_bytes){coffer_node_data(node), coffer_node_value_size(node)};
	return COFFER_OK;
}

/*
 * Rows that were loaded together lie on pages that follow each other: while a scan looks at this value, what lies a page
 * further on can come from memory, which takes longer than all else that a scan does with a row. A value that was searched
 * for is fetched itself. A hint only: there need not be anything at these addresses.
 */
static inline __attribute__((always_inline)) void
fetch_ahead(struct coffer_bytes value, enum coffer_move move)
{
	uintptr_t at = (uintptr_t)value.data;
	uintptr_t size = value.size < AHEAD_MAX ? value.size : AHEAD_MAX;

	if (move == COFFER_MOVE_NEXT)
		at += PAGE_SIZE_USUAL;
	else if (move == COFFER_MOVE_PREVIOUS)
		at -= PAGE_SIZE_USUAL;
	__builtin_prefetch((const void *)(at & ~(uintptr_t)(PAGE_SIZE_USUAL - 1)));
	/* How many lines most records take cannot be foreseen: to fetch one in vain takes less. */
	for (uintptr_t line = 0; line < LINES_USUAL * CACHE_LINE; line += CACHE_LINE)
		__builtin_prefetch((const void *)(at + line));
	__builtin_prefetch((const void *)(at + size - 1));
	if (size <= 2 * LINES_USUAL * CACHE_LINE)
		return;
	for (uintptr_t line = LINES_USUAL * CACHE_LINE; line < size; line += CACHE_LINE)
		__builtin_prefetch((const void *)(at + line));
}

coffer_status
coffer_page_place_move(struct coffer_page_place *place, enum coffer_move move,
		       struct coffer_bytes *key, struct coffer_bytes *value_out,
		       coffer_error *error)
{
	coffer_status status = COFFER_INVALID;

	switch (move) {
	case COFFER_MOVE_NEXT:
		status = step(place, true, error);
		break;
	case COFFER_MOVE_PREVIOUS:
		status = step(place, false, error);
		break;
	case COFFER_MOVE_SEEK:
		status = seek(place, *key, error);
		break;
	case COFFER_MOVE_FIRST:
		status = go_to_end(place, false, error);
		break;
	case COFFER_MOVE_LAST:
		status = go_to_end(place, true, error);
		break;
	}
	if (!status && !(status = give(place, key, value_out, error)) &&
	    value_out->size > CACHE_LINE)
		fetch_ahead(*value_out, move);
	return status;
}

/*
 * The end of a walk over nodes, which a bound may bring nearer: going up the first node that is not stepped over, going down the
 * last that is. Mostly the farthest node is within the bound, and so are all others then.
 */
static unsigned
clip(const struct coffer_level *leaf, bool is_after, unsigned end, struct coffer_bytes bound)
{
	const struct coffer_target target = {bound, coffer_key_head(bound)};
	const uint8_t *farthest = coffer_page_node(leaf->page, is_after ? end - 1 : end);
	bool is_below = coffer_target_compare(farthest, &target) < 0, is_equal;

	return is_below == is_after ? end
				    : coffer_page_find(leaf, 0, &target, anywhere, &is_equal);
}

/* A node of a key of that size, with its value beside it. */
static inline bool
is_plain(const uint8_t *node, size_t key_size)
{
	return coffer_little_u32(node + 4) == (uint32_t)key_size << 16;
}

size_t
coffer_page_place_skip(struct coffer_page_place *place, enum coffer_move move, size_t key_size,
		       struct coffer_bytes bound, size_t max, const uint8_t **keys_out)
{
	bool is_after = move == COFFER_MOVE_NEXT;
	struct coffer_level *leaf;
	unsigned end, left;
	size_t count = 0;

	if (!place->depth)
		return 0;
	leaf = &place->levels[place->depth - 1];
	left = is_after ? leaf->count - 1 - leaf->index : leaf->index;
	if (!left || !max)
		return 0;
	if (left > max)
		left = (unsigned)max;
	end = is_after ? leaf->index + 1 + left : leaf->index - left;
	if (bound.data)
		end = clip(leaf, is_after, end, bound);
	/* Nothing lies between where it stands already at the bound, or beyond it. */
	while (is_after ? leaf->index + 1 < end : leaf->index > end) {
		unsigned next = is_after ? leaf->index + 1 : leaf->index - 1;
		const uint8_t *node = coffer_page_node(leaf->page, next);

		if (!is_plain(node, key_size))
			break;
		if (keys_out)
			keys_out[count] = node + COFFER_NODE_HEADER_SIZE;
		count++;
		leaf->index = next;
	}
	return count;
}

/* Leaves beside the one that a search ends on are looked into as by seek. */
coffer_status
coffer_page_place_find(struct coffer_page_place *place, struct coffer_bytes key,
		       struct coffer_bytes *value_out, coffer_error *error)
{
	const struct coffer_target target = {key, coffer_key_head(key)};
	struct coffer_bytes found;
	coffer_status status;
	bool is_equal;

	if (!place->tree->record.depth)
		return COFFER_NOT_FOUND;
	if ((status = search(place, &target, &is_equal, error)))
		return status;
	if (is_equal)
		return give(place, &found, value_out, error);
	if (!place->levels[place->depth - 1].index)
		status = go_beside(place, false, error);
	else if (place->levels[place->depth - 1].index == place->levels[place->depth - 1].count)
		status = go_beside(place, true, error);
	return status ? status : COFFER_NOT_FOUND;
}
