/*
 * Each kind of damage finds its place by what the bytes say, as far as that makes sense: where they are damaged already, any
 * place within the image does.
 */
#include "fuzz/support/damage.h"

#include <stdlib.h>
#include <string.h>

enum {
	HEADER = 16,
	NODE_HEADER = 8,
	RECORD = 48,
	TRIES = 32,
	BRANCH = 1,
	LEAF = 2,
	OVERFLOW = 4,
};

struct choices
choices_of(const uint8_t *data, size_t size)
{
	struct choices choices = {.data = data, .left = size, .state = 0x9E3779B97F4A7C15u ^ size};

	for (size_t i = 0; i < size; i++)
		choices.state = (choices.state ^ data[i]) * 0x100000001B3u;
	return choices;
}

uint64_t
choose(struct choices *choices, uint64_t limit)
{
	uint64_t number = 0;
	unsigned bytes = limit <= 1 ? 0 : limit <= 256 ? 1 : limit <= 65536 ? 2 : 4;

	for (unsigned i = 0; i < bytes && choices->left; i++, choices->left--)
		number = number << 8 | *choices->data++;
	if (!choices->left) {
		choices->state =
			choices->state * UINT64_C(6364136223846793005) + 1442695040888963407u;
		number ^= choices->state >> 31;
	}
	return number % limit;
}

static uint64_t
get(const uint8_t *bytes, unsigned count)
{
	uint64_t number = 0;

	for (unsigned i = count; i--;)
		number = number << 8 | bytes[i];
	return number;
}

static void
put(uint8_t *out, uint64_t number, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		out[i] = (uint8_t)(number >> (8 * i));
}

static uint64_t
page_count(const struct image *image)
{
	return image->size / image->page_size;
}

static uint8_t *
any_page(const struct image *image, struct choices *choices)
{
	return image->data + choose(choices, page_count(image)) * image->page_size;
}

/* A page of the type, if one of a few is. */
static uint8_t *
page_of_type(const struct image *image, unsigned type, struct choices *choices)
{
	uint8_t *page = any_page(image, choices);
	uint64_t count = page_count(image);

	for (uint64_t i = 0; i < count && get(page + 10, 2) != type; i++) {
		page += image->page_size;
		if (page == image->data + count * image->page_size)
			page = image->data;
	}
	return page;
}

static uint8_t *
any_node(const struct image *image, uint8_t *page, struct choices *choices)
{
	uint64_t slots = (get(page + 12, 2) - HEADER) / 2, at;

	if (!slots || slots > image->page_size / 2 - HEADER)
		slots = 1;
	at = get(page + HEADER + 2 * choose(choices, slots), 2);
	if (at > image->page_size - NODE_HEADER)
		at = image->page_size - NODE_HEADER;
	return page + at;
}

/* Another value for a field: near to the old one, one bit of it, at a limit, or any. */
static void
change(uint8_t *field, unsigned bytes, struct choices *choices)
{
	static const uint64_t limits[] = {0,    1,     2,     16,    511,        512,
					  4096, 32767, 32768, 65535, UINT32_MAX, UINT64_MAX};
	uint64_t old = get(field, bytes), value;

	switch (choose(choices, 5)) {
	case 0:
		value = old + 1 + choose(choices, 3);
		break;
	case 1:
		value = old - 1 - choose(choices, 3);
		break;
	case 2:
		value = old ^ UINT64_C(1) << choose(choices, 8 * (uint64_t)bytes);
		break;
	case 3:
		value = limits[choose(choices, sizeof(limits) / sizeof(limits[0]))];
		break;
	default:
		value = choose(choices, UINT32_MAX);
		break;
	}
	put(field, value, bytes);
}

static void
damage_bytes(struct image *image, unsigned kind, struct choices *choices)
{
	uint8_t *at = image->data + choose(choices, image->size);

	switch (kind) {
	case 0:
		*at = (uint8_t)(*at ^ 1u << choose(choices, 8));
		break;
	case 1:
		*at = (uint8_t)choose(choices, 256);
		break;
	default:
		if (image->size - (size_t)(at - image->data) >= 8)
			change(at, 1u << choose(choices, 4), choices);
	}
}

static void
damage_header(const struct image *image, struct choices *choices)
{
	static const struct {
		unsigned at, bytes;
	} fields[] = {{0, 8}, {8, 2}, {10, 2}, {12, 2}, {14, 2}, {12, 4}, {16, 2}, {18, 2}};
	uint64_t field = choose(choices, sizeof(fields) / sizeof(fields[0]));

	change(any_page(image, choices) + fields[field].at, fields[field].bytes, choices);
}

static void
damage_slots(const struct image *image, bool is_leaf, struct choices *choices)
{
	uint8_t *page = page_of_type(image, is_leaf ? LEAF : BRANCH, choices);
	uint64_t slots = (get(page + 12, 2) - HEADER) / 2, kept;
	uint8_t *one, *other;

	if (!slots || slots > image->page_size / 2 - HEADER)
		slots = 1;
	one = page + HEADER + 2 * choose(choices, slots);
	other = page + HEADER + 2 * choose(choices, slots);
	kept = get(one, 2);
	switch (choose(choices, 3)) {
	case 0: /* exchanged */
		put(one, get(other, 2), 2);
		put(other, kept, 2);
		break;
	case 1: /* twice the same */
		put(one, get(other, 2), 2);
		break;
	default:
		change(one, 2, choices);
	}
}

/* A node's header, its key, or what stands behind it. */
static void
damage_node(const struct image *image, unsigned type, unsigned part, struct choices *choices)
{
	uint8_t *page = page_of_type(image, type, choices);
	uint8_t *node = any_node(image, page, choices);
	size_t left = image->page_size - (size_t)(node - page);
	uint64_t key_size = get(node + 6, 2);
	static const struct {
		unsigned at, bytes;
	} fields[] = {{0, 2}, {2, 2}, {0, 4}, {4, 2}, {6, 2}, {0, 6}};
	uint64_t field = choose(choices, sizeof(fields) / sizeof(fields[0]));

	if (part == 0)
		change(node + fields[field].at, fields[field].bytes, choices);
	else if (part == 1 && key_size && key_size <= left - NODE_HEADER)
		change(node + NODE_HEADER + choose(choices, key_size), 1, choices);
	else if (part == 2 && key_size + NODE_HEADER + 8 <= left)
		change(node + NODE_HEADER + key_size, 8, choices);
}

/* A branch's child becomes another page of the file. */
static void
damage_child(const struct image *image, struct choices *choices)
{
	uint8_t *page = page_of_type(image, BRANCH, choices);
	uint8_t *node = any_node(image, page, choices);

	put(node, choose(choices, page_count(image) + 2), 4);
}

static void
damage_meta(const struct image *image, struct choices *choices)
{
	uint8_t *page = image->data + choose(choices, 2) * image->page_size;
	static const struct {
		unsigned at, bytes;
	} fields[] = {{16, 4},  {20, 4},  {24, 8},  {32, 8},  {40, 4},  {44, 2}, {46, 2}, {48, 8},
		      {56, 8},  {64, 8},  {72, 8},  {80, 8},  {88, 4},  {92, 2}, {94, 2}, {96, 8},
		      {104, 8}, {112, 8}, {120, 8}, {128, 8}, {136, 8}, {144, 8}};
	uint64_t field = choose(choices, sizeof(fields) / sizeof(fields[0]));

	if (page + image->page_size <= image->data + image->size)
		change(page + fields[field].at, fields[field].bytes, choices);
}

/* A field of a named tree's record: any leaf node with a value of a record's size will do. */
static void
damage_record(const struct image *image, struct choices *choices)
{
	static const struct {
		unsigned at, bytes;
	} fields[] = {{0, 4}, {4, 2}, {6, 2}, {8, 8}, {16, 8}, {24, 8}, {32, 8}, {40, 8}};
	uint64_t field = choose(choices, sizeof(fields) / sizeof(fields[0]));

	for (int tries = 0; tries < TRIES; tries++) {
		uint8_t *page = page_of_type(image, LEAF, choices);
		uint8_t *node = any_node(image, page, choices);
		uint64_t at = NODE_HEADER + get(node + 6, 2);

		if (get(node, 4) != RECORD ||
		    at + RECORD > image->page_size - (size_t)(node - page))
			continue;
		change(node + at + fields[field].at, fields[field].bytes, choices);
		return;
	}
}

/* 0: exchanged, 1: copied, 2: copied with the number of its new place, 3: zeroes, 4: ones. */
static void
damage_page(const struct image *image, unsigned how, struct choices *choices)
{
	uint8_t *one = any_page(image, choices), *other = any_page(image, choices);
	uint8_t number[8];

	memcpy(number, one, sizeof(number));
	for (uint32_t i = 0; i < image->page_size; i++) {
		uint8_t kept = one[i];

		one[i] = how < 3 ? other[i] : how == 3 ? 0 : 0xff;
		if (!how)
			other[i] = kept;
	}
	if (how == 2)
		memcpy(one, number, sizeof(number));
}

static void
damage_length(struct image *image, bool is_whole_pages, struct choices *choices)
{
	uint64_t pages = choose(choices, page_count(image)) + 1;

	image->size = (size_t)(pages * image->page_size);
	if (!is_whole_pages)
		image->size -= (size_t)choose(choices, image->page_size);
}

/* The trees of two records are exchanged: roots that lead to another tree. */
static void
damage_roots(const struct image *image, struct choices *choices)
{
	uint8_t *page = page_of_type(image, LEAF, choices);
	uint8_t *one = any_node(image, page, choices), *other = any_node(image, page, choices);
	uint64_t at = NODE_HEADER + get(one + 6, 2), at_other = NODE_HEADER + get(other + 6, 2);
	uint8_t kept[RECORD];

	if (get(one, 4) != RECORD || get(other, 4) != RECORD ||
	    at + RECORD > image->page_size - (size_t)(one - page) ||
	    at_other + RECORD > image->page_size - (size_t)(other - page))
		return;
	memcpy(kept, one + at, RECORD);
	memmove(one + at, other + at_other, RECORD);
	memcpy(other + at_other, kept, RECORD);
}

const char *
damage_name(unsigned kind)
{
	static const char *const names[DAMAGE_KINDS] = {
		"bit",
		"byte",
		"number",
		"header",
		"header-again",
		"leaf-slots",
		"branch-slots",
		"leaf-node",
		"leaf-key",
		"leaf-value",
		"branch-node",
		"branch-key",
		"child",
		"child-again",
		"meta",
		"record",
		"pages-exchanged",
		"page-copied",
		"page-copied-numbered",
		"page-zeroes",
		"page-ones",
		"cut-pages",
		"cut",
		"roots-exchanged",
	};

	return names[kind];
}

void
damage(struct image *image, unsigned kind, struct choices *choices)
{
	/* What is cut to less than the metas is what it is. */
	if (image->size < 2 * (size_t)image->page_size)
		return;
	switch (kind) {
	case 0:
	case 1:
	case 2:
		damage_bytes(image, kind, choices);
		break;
	case 3:
	case 4:
		damage_header(image, choices);
		break;
	case 5:
	case 6:
		damage_slots(image, kind == 5, choices);
		break;
	case 7:
	case 8:
	case 9:
		damage_node(image, LEAF, kind - 7, choices);
		break;
	case 10:
	case 11:
		damage_node(image, BRANCH, kind - 10, choices);
		break;
	case 12:
	case 13:
		damage_child(image, choices);
		break;
	case 14:
		damage_meta(image, choices);
		break;
	case 15:
		damage_record(image, choices);
		break;
	case 16:
	case 17:
	case 18:
	case 19:
	case 20:
		damage_page(image, kind - 16, choices);
		break;
	case 21:
	case 22:
		damage_length(image, kind == 21, choices);
		break;
	default:
		damage_roots(image, choices);
		break;
	}
}
