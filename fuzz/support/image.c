/*
 * Trees from the leaves upwards: entries are laid into leaves, then the leaves' first keys into branches, level after
 * level, until one page is left. A level is laid out twice: first to see which node begins a page, then to write them.
 */
#include "fuzz/support/image.h"

#include <stdlib.h>
#include <string.h>

enum {
	HEADER = 16,
	NODE_HEADER = 8,
	RECORD = 48,
	NUMBER = 8,
	BRANCH = 1,
	LEAF = 2,
	OVERFLOW = 4,
	META = 8,
	BIG = 1,
	TREE = 2,
	FREE_FLAGS = 8,
	DEPTH_MAX = 32,
};

/* What becomes a node: of a leaf an entry, of a branch a key and a page. */
struct node {
	const uint8_t *key, *value;
	size_t key_size, value_size;
	uint64_t page; /* of the child, or the first overflow page */
	uint16_t flags;
};

struct record {
	uint16_t flags, depth;
	uint64_t branch, leaf, overflow, entries, root;
};

struct builder {
	const struct image_options *options;
	struct image image;
	size_t capacity;
	uint64_t pages; /* begun so far */
	uint64_t random;
	bool has_failed;
};

static void
put(uint8_t *out, uint64_t number, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		out[i] = (uint8_t)(number >> (8 * i));
}

static unsigned
below(struct builder *builder, unsigned limit)
{
	builder->random = builder->random * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (unsigned)((builder->random >> 33) % limit);
}

size_t
image_key_max(uint32_t page_size)
{
	size_t max = (page_size - HEADER) / 2 - 2 - NODE_HEADER - NUMBER;

	return max > 511 ? 511 : max;
}

/* `count` new zeroed pages that follow each other; the number of the first. */
static uint64_t
take_pages(struct builder *builder, uint64_t count)
{
	size_t size = (size_t)(builder->pages + count) * builder->options->page_size;
	uint64_t first = builder->pages;
	uint8_t *data;

	if (size > builder->capacity) {
		data = realloc(builder->image.data, size * 2);
		if (!data) {
			builder->has_failed = true;
			return 0;
		}
		memset(data + builder->capacity, 0, size * 2 - builder->capacity);
		builder->image.data = data;
		builder->capacity = size * 2;
	}
	builder->pages += count;
	return first;
}

static uint8_t *
page_at(struct builder *builder, uint64_t number)
{
	return builder->image.data + number * builder->options->page_size;
}

static void
put_header(uint8_t *page, uint64_t number, unsigned type)
{
	put(page, number, 8);
	put(page + 10, type, 2);
}

/* ------------------------------------------------------------------ nodes */

static size_t
node_size(const struct node *node, bool is_leaf)
{
	size_t size = NODE_HEADER + node->key_size;

	if (is_leaf)
		size += node->flags & BIG ? (size_t)NUMBER : node->value_size;
	return (size + 1) & ~(size_t)1;
}

static void
put_node(uint8_t *out, const struct node *node, bool is_leaf)
{
	uint64_t low = is_leaf ? node->value_size : node->page;

	put(out, low, 4);
	put(out + 4, is_leaf ? node->flags : node->page >> 32, 2);
	put(out + 6, node->key_size, 2);
	if (node->key_size)
		memcpy(out + NODE_HEADER, node->key, node->key_size);
	out += NODE_HEADER + node->key_size;
	if (is_leaf && node->flags & BIG)
		put(out, node->page, NUMBER);
	else if (is_leaf && node->value_size)
		memcpy(out, node->value, node->value_size);
}

static void
put_overflow(struct builder *builder, struct node *node, struct record *record)
{
	uint32_t size = builder->options->page_size;
	uint64_t count = (HEADER + node->value_size + size - 1) / size;
	uint64_t first = take_pages(builder, count);

	if (builder->has_failed)
		return;
	put_header(page_at(builder, first), first, OVERFLOW);
	put(page_at(builder, first) + 12, count, 4);
	memcpy(page_at(builder, first) + HEADER, node->value, node->value_size);
	node->page = first;
	node->flags = BIG;
	record->overflow += count;
}

/* ------------------------------------------------------------------ levels */

/* How many of the nodes fit into one page. */
static size_t
fit(const struct builder *builder, const struct node *nodes, size_t count, bool is_leaf)
{
	size_t room = builder->options->page_size - HEADER, taken = 0;

	while (taken < count) {
		struct node node = nodes[taken];
		size_t size;

		if (!is_leaf && !taken)
			node.key_size = 0;
		size = 2 + node_size(&node, is_leaf);
		if (size > room)
			break;
		room -= size;
		taken++;
	}
	/* No branch has one child alone. */
	if (!is_leaf && count - taken == 1 && taken > 2)
		taken--;
	return taken;
}

static void
put_page(struct builder *builder, uint64_t number, const struct node *nodes, size_t count,
	 bool is_leaf)
{
	uint8_t *page = page_at(builder, number);
	size_t at = builder->options->page_size, order[32768 / 10];

	for (size_t i = 0; i < count; i++)
		order[i] = i;
	for (size_t i = count; builder->options->shuffle && i > 1; i--) {
		size_t other = below(builder, (unsigned)i), kept = order[i - 1];

		order[i - 1] = order[other];
		order[other] = kept;
	}
	for (size_t i = 0; i < count; i++) {
		struct node node = nodes[order[i]];

		if (!is_leaf && !order[i])
			node.key_size = 0;
		at -= node_size(&node, is_leaf);
		put_node(page + at, &node, is_leaf);
		put(page + HEADER + 2 * order[i], at, 2);
	}
	put_header(page, number, is_leaf ? LEAF : BRANCH);
	put(page + 12, HEADER + 2 * count, 2);
	put(page + 14, at, 2);
}

/* Lay `count` nodes into pages; their first keys become the nodes of the next level, in the same memory. */
static size_t
put_level(struct builder *builder, struct node *nodes, size_t count, bool is_leaf)
{
	size_t done = 0, pages = 0;

	while (done < count && !builder->has_failed) {
		size_t taken = fit(builder, nodes + done, count - done, is_leaf);
		uint64_t number = take_pages(builder, 1);
		struct node above = nodes[done];

		if (builder->has_failed)
			break;
		put_page(builder, number, nodes + done, taken, is_leaf);
		above.page = number;
		nodes[pages++] = above;
		done += taken;
	}
	return pages;
}

static void
put_levels(struct builder *builder, struct node *nodes, size_t count, struct record *record)
{
	record->root = UINT64_MAX;
	record->entries = count;
	if (!count)
		return;
	count = put_level(builder, nodes, count, true);
	record->leaf = count;
	record->depth = 1;
	while (count > 1 && !builder->has_failed) {
		count = put_level(builder, nodes, count, false);
		record->branch += count;
		record->depth++;
	}
	record->root = nodes[0].page;
}

/* ------------------------------------------------------------------ trees */

static void
put_tree(struct builder *builder, const struct image_entry *entries, size_t count,
	 struct record *record)
{
	size_t inline_max = (((builder->options->page_size - HEADER) / 2) & ~(size_t)1) - 2;
	struct node *nodes = calloc(count + 1, sizeof(*nodes));

	*record = (struct record){.root = UINT64_MAX};
	if (!nodes)
		builder->has_failed = true;
	for (size_t i = 0; i < count && !builder->has_failed; i++) {
		nodes[i] = (struct node){
			.key = entries[i].key,
			.key_size = entries[i].key_size,
			.value = entries[i].value,
			.value_size = entries[i].value_size,
		};
		if (node_size(&nodes[i], true) > inline_max)
			put_overflow(builder, &nodes[i], record);
	}
	if (!builder->has_failed)
		put_levels(builder, nodes, count, record);
	free(nodes);
}

static void
put_record(uint8_t out[RECORD], const struct record *record, uint32_t pad)
{
	put(out, pad, 4);
	put(out + 4, record->flags, 2);
	put(out + 6, record->depth, 2);
	put(out + 8, record->branch, 8);
	put(out + 16, record->leaf, 8);
	put(out + 24, record->overflow, 8);
	put(out + 32, record->entries, 8);
	put(out + 40, record->root, 8);
}

static void
put_main(struct builder *builder, const struct image_tree *trees, size_t count,
	 struct record *record)
{
	struct node *nodes = calloc(count + 1, sizeof(*nodes));
	uint8_t *records = calloc(count + 1, RECORD);
	struct record of_tree;

	if (!nodes || !records)
		builder->has_failed = true;
	for (size_t i = 0; i < count && !builder->has_failed; i++) {
		put_tree(builder, trees[i].entries, trees[i].count, &of_tree);
		put_record(records + i * RECORD, &of_tree, 0);
		nodes[i] = (struct node){
			.key = (const uint8_t *)trees[i].name,
			.key_size = strlen(trees[i].name),
			.value = records + i * RECORD,
			.value_size = RECORD,
			.flags = TREE,
		};
	}
	*record = (struct record){.root = UINT64_MAX};
	if (!builder->has_failed)
		put_levels(builder, nodes, count, record);
	free(nodes);
	free(records);
}

/* One record of transaction 1 with all pages behind the last one, in descending order. */
static void
put_free(struct builder *builder, struct record *record)
{
	unsigned count = builder->options->free_pages;
	uint8_t key[NUMBER] = {1}, *value = calloc(count + 1, NUMBER);
	struct image_entry entry = {key, value, sizeof(key), (count + 1) * (size_t)NUMBER};
	uint64_t first = take_pages(builder, count);

	*record = (struct record){.root = UINT64_MAX};
	if (!value)
		builder->has_failed = true;
	for (unsigned i = 0; i < count && !builder->has_failed; i++)
		put(value + (size_t)(i + 1) * NUMBER, first + count - 1 - i, NUMBER);
	if (count && !builder->has_failed) {
		put(value, count, NUMBER);
		put_tree(builder, &entry, 1, record);
	}
	free(value);
}

static void
put_meta(struct builder *builder, unsigned number, const struct record *free_list,
	 const struct record *main_tree, uint64_t last_page)
{
	uint8_t *page = page_at(builder, number);

	put_header(page, number, META);
	put(page + 16, 0xBEEFC0DE, 4);
	put(page + 20, 1, 4);
	put(page + 32, UINT64_C(1) << 30, 8);
	put_record(page + 40, free_list, builder->options->page_size);
	put_record(page + 88, main_tree, 0);
	put(page + 136, last_page, 8);
	put(page + 144, number, 8);
}

bool
image_make(struct image *image_out, const struct image_tree *trees, size_t count,
	   const struct image_options *options)
{
	struct builder builder = {.options = options, .random = options->shuffle};
	struct record main_tree, free_list, empty = {.root = UINT64_MAX};

	(void)take_pages(&builder, 2);
	put_main(&builder, trees, count, &main_tree);
	if (!builder.has_failed)
		put_free(&builder, &free_list);
	if (builder.has_failed) {
		free(builder.image.data);
		*image_out = (struct image){0};
		return false;
	}
	free_list.flags = empty.flags = FREE_FLAGS;
	put_meta(&builder, 1, &free_list, &main_tree, builder.pages - 1);
	put_meta(&builder, 0, &empty, &(struct record){.root = UINT64_MAX}, 1);
	*image_out = (struct image){
		.data = builder.image.data,
		.size = (size_t)builder.pages * options->page_size,
		.page_size = options->page_size,
	};
	return true;
}

void
image_free(struct image *image)
{
	free(image->data);
	*image = (struct image){0};
}
