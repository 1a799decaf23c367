/*
 * Kinds from DAMAGE_KINDS on are a table of functions; each leaves the image as it is where it finds nothing to do.
 */
#include "fuzz/support/mutant.h"

#include <stdlib.h>
#include <string.h>

enum {
	HEADER = 16,
	SECTOR = 512,
	META_TRANSACTION = 144,
	META_END = 152,
	GROWTH_MAX = 3 * 4096,
	SEVERAL_MAX = 6,
	TRIES = 8,
	BRANCH = 1,
	OVERFLOW = 4,
};

/* What a kind works on: the copy, and what it is a copy of. */
struct work {
	const struct subject *subject;
	const struct image *whole;
	struct mutant *mutant;
	struct choices *choices;
};

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

/* One with a value, if there is one. */
static const struct entry *
any_value(const struct work *work)
{
	const struct entries *entries = &work->subject->entries;
	size_t at = (size_t)choose(work->choices, entries->count);

	for (size_t i = 0; i < entries->count && !entries->entries[at].value_size; i++)
		at = (at + 1) % entries->count;
	return &entries->entries[at];
}

static const struct entry *
any_entry(const struct work *work)
{
	const struct entries *entries = &work->subject->entries;

	return &entries->entries[choose(work->choices, entries->count)];
}

/* An entry of this id, if there is one. */
static const struct entry *
entry_of(const struct work *work, uint32_t id)
{
	const struct entries *entries = &work->subject->entries;
	size_t at = (size_t)choose(work->choices, entries->count);

	for (size_t i = 0; i < entries->count && entries->entries[at].id != id; i++)
		at = (at + 1) % entries->count;
	return &entries->entries[at];
}

static void
exchange(uint8_t *one, uint8_t *other, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		uint8_t kept = one[i];

		one[i] = other[i];
		other[i] = kept;
	}
}

/* A byte of the range becomes another one, or some do. */
static void
change_bytes(const struct work *work, uint32_t at, uint32_t size)
{
	uint64_t times = size ? 1 + choose(work->choices, 4) * choose(work->choices, 2) : 0;

	while (times--) {
		uint8_t *byte = work->mutant->image.data + at + choose(work->choices, size);

		*byte = (uint8_t)(choose(work->choices, 2) ? *byte ^ 1u << choose(work->choices, 8)
							   : choose(work->choices, 256));
	}
}

/* ------------------------------------------------------------------ entries */

static void
value_bytes(const struct work *work)
{
	const struct entry *entry = any_value(work);

	change_bytes(work, entry->value, entry->value_size);
}

static void
key_bytes(const struct work *work)
{
	const struct entry *entry = any_entry(work);

	change_bytes(work, entry->key, entry->key_size);
}

static void
catalogue_bytes(const struct work *work)
{
	const struct entry *entry = entry_of(work, 0);

	change_bytes(work, entry->value, entry->value_size);
}

static void
pool_bytes(const struct work *work)
{
	const struct entry *entry = entry_of(work, 1);

	change_bytes(work, entry->value, entry->value_size);
}

/* A length in the payload: the byte behind the checksum, or one of the next few, grows to what it can be. */
static void
length_forged(const struct work *work)
{
	static const uint8_t forms[] = {0xdf, 0xdd, 0xdb, 0xc6, 0xde, 0xdc, 0xd9, 0xff};
	const struct entry *entry = any_value(work);
	uint64_t at = 8 + choose(work->choices, 12);

	if (at < entry->value_size)
		work->mutant->image.data[entry->value + at] =
			forms[choose(work->choices, sizeof(forms))];
}

/* Another entry of the tree whose key, or value, is as long; itself where there is none. */
static const struct entry *
twin(const struct work *work, const struct entry *entry, bool by_key)
{
	const struct entries *entries = &work->subject->entries;
	size_t at = (size_t)choose(work->choices, entries->count);

	for (size_t i = 0; i < entries->count; i++, at = (at + 1) % entries->count) {
		const struct entry *other = &entries->entries[at];

		if (other != entry && other->tree == entry->tree &&
		    (by_key ? other->key_size == entry->key_size
			    : other->value_size == entry->value_size))
			return other;
	}
	return entry;
}

static void
values_exchanged(const struct work *work)
{
	const struct entry *one = any_value(work), *other = twin(work, one, false);
	uint8_t *data = work->mutant->image.data;

	exchange(data + one->value, data + other->value, one->value_size);
}

static void
value_copied(const struct work *work)
{
	const struct entry *one = any_value(work), *other = twin(work, one, false);
	uint8_t *data = work->mutant->image.data;

	memmove(data + one->value, data + other->value, one->value_size);
}

static void
keys_exchanged(const struct work *work)
{
	const struct entry *one = any_entry(work), *other = twin(work, one, true);
	uint8_t *data = work->mutant->image.data;

	exchange(data + one->key, data + other->key, one->key_size);
}

static void
key_copied(const struct work *work)
{
	const struct entry *one = any_entry(work), *other = twin(work, one, true);
	uint8_t *data = work->mutant->image.data;

	memmove(data + one->key, data + other->key, one->key_size);
}

/* The slot goes and the node's bytes are closed up, as a deletion would; counts stay. */
static void
entry_removed(const struct work *work)
{
	const struct entry *entry = any_entry(work);
	uint32_t page_size = work->mutant->image.page_size;
	uint8_t *page = work->mutant->image.data + entry->node / page_size * page_size;
	uint64_t lower = get(page + 12, 2), upper = get(page + 14, 2), at = entry->node % page_size;
	uint64_t inside =
		entry->value / page_size == entry->node / page_size ? entry->value_size : 8;
	uint64_t size = (8 + entry->key_size + inside + 1) / 2 * 2;
	uint8_t *slot = page + HEADER;

	memmove(page + upper + size, page + upper, at - upper);
	while (get(slot, 2) != at)
		slot += 2;
	memmove(slot, slot + 2, (size_t)(page + lower - slot - 2));
	put(page + 12, lower - 2, 2);
	put(page + 14, upper + size, 2);
	for (slot = page + HEADER; slot < page + lower - 2; slot += 2)
		if (get(slot, 2) < at)
			put(slot, get(slot, 2) + size, 2);
}

/* ------------------------------------------------------------------ pages */

static void
children_exchanged(const struct work *work)
{
	struct image *image = &work->mutant->image;
	uint64_t count = image->size / image->page_size, at = choose(work->choices, count);

	for (uint64_t i = 0; i < count; i++, at = (at + 1) % count) {
		uint8_t *page = image->data + at * image->page_size;
		uint64_t slots = (get(page + 12, 2) - HEADER) / 2, one;

		if (get(page + 10, 2) != BRANCH)
			continue;
		one = choose(work->choices, slots - 1);
		exchange(page + get(page + HEADER + 2 * one, 2),
			 page + get(page + HEADER + 2 * (one + 1), 2), 6);
		return;
	}
}

static void
overflow_header(const struct work *work)
{
	struct image *image = &work->mutant->image;
	uint64_t count = image->size / image->page_size, at = choose(work->choices, count);

	for (uint64_t i = 0; i < count; i++, at = (at + 1) % count) {
		uint8_t *page = image->data + at * image->page_size;

		if (get(page + 10, 2) != OVERFLOW)
			continue;
		put(page + 12,
		    choose(work->choices, 2) ? choose(work->choices, count)
					     : choose(work->choices, UINT32_MAX),
		    4);
		return;
	}
}

/* A page of the free list becomes another number, one in use most of the time. */
static void
free_number(const struct work *work)
{
	const struct entries *entries = &work->subject->entries;
	struct image *image = &work->mutant->image;

	if (entries->free_count)
		put(image->data + entries->free_numbers[choose(work->choices, entries->free_count)],
		    choose(work->choices, image->size / image->page_size + 2), 8);
}

static void
sector_zeroed(const struct work *work)
{
	struct image *image = &work->mutant->image;

	memset(image->data + choose(work->choices, image->size / SECTOR) * SECTOR, 0, SECTOR);
}

/* All from some byte on lies a few bytes further. */
static void
bytes_shifted(const struct work *work)
{
	struct image *image = &work->mutant->image;
	size_t at = (size_t)choose(work->choices, image->size);
	size_t by = 1 + (size_t)choose(work->choices, 64);

	if (at + by < image->size)
		memmove(image->data + at + by, image->data + at, image->size - at - by);
}

/* Room was made for it. */
static void
bytes_appended(const struct work *work)
{
	struct image *image = &work->mutant->image;
	size_t more = 1 + (size_t)choose(work->choices, GROWTH_MAX);

	memset(image->data + image->size, choose(work->choices, 2) ? 0 : 0xa5, more);
	image->size += more;
}

/* ------------------------------------------------------------------ metas and earlier states */

static uint8_t *
meta_of(const struct image *image, unsigned number)
{
	return image->data + (size_t)number * image->page_size;
}

static unsigned
newer_meta(const struct image *image)
{
	return get(meta_of(image, 1) + META_TRANSACTION, 8) >
	       get(meta_of(image, 0) + META_TRANSACTION, 8);
}

/* One meta as it is in the place of the other; with the page number of its new place, or without. */
static void
meta_copied(const struct work *work)
{
	struct image *image = &work->mutant->image;
	unsigned from = (unsigned)choose(work->choices, 2);
	size_t keep = choose(work->choices, 2) ? 8 : 0;

	memcpy(meta_of(image, !from) + keep, meta_of(image, from) + keep, META_END - keep);
}

/* The transaction of the newer meta falls below the other's, or the other's rises above it. */
static void
meta_older(const struct work *work)
{
	struct image *image = &work->mutant->image;
	unsigned newer = newer_meta(image);
	uint8_t *new = meta_of(image, newer) + META_TRANSACTION,
		*old = meta_of(image, !newer) + META_TRANSACTION;

	work->mutant->is_older = true;
	switch (choose(work->choices, 3)) {
	case 0:
		put(new, get(new, 8) >= 2 ? get(new, 8) - 2 : 0, 8);
		break;
	case 1:
		put(old, get(old, 8) + 2, 8);
		break;
	default:
		memset(new - META_TRANSACTION, 0, META_END);
	}
}

static const struct image *
earlier(const struct work *work)
{
	return &work->subject->states[choose(work->choices, work->subject->state_count)];
}

static void
file_older(const struct work *work)
{
	const struct image *state = earlier(work);
	struct image *image = &work->mutant->image;

	work->mutant->is_older = true;
	if (state->size > image->size)
		return;
	memcpy(image->data, state->data, state->size);
	image->size = state->size;
}

/* As a write that was lost leaves it. */
static void
page_older(const struct work *work)
{
	const struct image *state = earlier(work);
	struct image *image = &work->mutant->image;
	uint64_t count = (state->size < image->size ? state->size : image->size) / image->page_size;
	uint64_t at = choose(work->choices, count);

	memcpy(image->data + at * image->page_size, state->data + at * image->page_size,
	       image->page_size);
}

static void
pages_older(const struct work *work)
{
	const struct image *state = earlier(work);
	struct image *image = &work->mutant->image;
	uint64_t count = (state->size < image->size ? state->size : image->size) / image->page_size;

	for (uint64_t at = 0; at < count; at++)
		if (choose(work->choices, 2))
			memcpy(image->data + at * image->page_size,
			       state->data + at * image->page_size, image->page_size);
}

static void
sector_older(const struct work *work)
{
	const struct image *state = earlier(work);
	struct image *image = &work->mutant->image;
	uint64_t count = (state->size < image->size ? state->size : image->size) / SECTOR;
	uint64_t at = choose(work->choices, count);

	memcpy(image->data + at * SECTOR, state->data + at * SECTOR, SECTOR);
}

static void
several(const struct work *work)
{
	for (uint64_t i = 2 + choose(work->choices, SEVERAL_MAX); i--;)
		damage(&work->mutant->image, (unsigned)choose(work->choices, DAMAGE_KINDS - 3),
		       work->choices);
}

/* ------------------------------------------------------------------ all kinds */

static const struct {
	const char *name;
	void (*apply)(const struct work *work);
} kinds[] = {
	{"value-bytes", value_bytes},
	{"key-bytes", key_bytes},
	{"catalogue-bytes", catalogue_bytes},
	{"pool-bytes", pool_bytes},
	{"length-forged", length_forged},
	{"values-exchanged", values_exchanged},
	{"value-copied", value_copied},
	{"keys-exchanged", keys_exchanged},
	{"key-copied", key_copied},
	{"entry-removed", entry_removed},
	{"children-exchanged", children_exchanged},
	{"overflow-header", overflow_header},
	{"free-number", free_number},
	{"sector-zeroed", sector_zeroed},
	{"bytes-shifted", bytes_shifted},
	{"bytes-appended", bytes_appended},
	{"meta-copied", meta_copied},
	{"meta-older", meta_older},
	{"file-older", file_older},
	{"page-older", page_older},
	{"pages-older", pages_older},
	{"sector-older", sector_older},
	{"several", several},
};

const unsigned mutant_kinds = DAMAGE_KINDS + sizeof(kinds) / sizeof(kinds[0]);

const char *
mutant_name(unsigned kind)
{
	return kind < DAMAGE_KINDS ? damage_name(kind) : kinds[kind - DAMAGE_KINDS].name;
}

static bool
is_whole(const struct image *image, const struct image *whole)
{
	return image->size == whole->size && !memcmp(image->data, whole->data, whole->size);
}

bool
mutant_make(const struct subject *subject, unsigned kind, bool may_seal, struct choices *choices,
	    struct mutant *mutant_out)
{
	const struct image *whole = &subject->states[subject->state_count - 1];
	struct work work = {subject, whole, mutant_out, choices};

	*mutant_out = (struct mutant){.image = *whole};
	mutant_out->image.data = malloc(whole->size + GROWTH_MAX);
	if (!mutant_out->image.data)
		return false;
	memcpy(mutant_out->image.data, whole->data, whole->size);
	for (int tries = 0; tries < TRIES && is_whole(&mutant_out->image, whole); tries++) {
		if (kind < DAMAGE_KINDS)
			damage(&mutant_out->image, kind, choices);
		else
			kinds[kind - DAMAGE_KINDS].apply(&work);
	}
	if (may_seal && !mutant_out->is_older)
		mutant_out->sealed = entries_seal(&subject->entries, whole, &mutant_out->image);
	mutant_out->is_forged = mutant_out->sealed;
	return true;
}

void
mutant_free(struct mutant *mutant)
{
	free(mutant->image.data);
	mutant->image.data = NULL;
}
