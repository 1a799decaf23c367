/*
 * Rows are numbered one by one, so that the parts of a usual table are full and a million rows take 300 KiB. At the
 * worst each row has a part of its own, which is at most a few times what the row takes in its file.
 */
#include "transfer/met.h"

#include <sodium.h>
#include <stdlib.h>

enum {
	CAPACITY_MIN = 64,
	PART_BITS = COFFER_MET_WORDS * 64,
};

void
coffer_met_release(struct coffer_met *met)
{
	free(met->parts);
	*met = (struct coffer_met){0};
}

/* The part of this number, or the empty one where it goes. */
static struct coffer_met_part *
find(struct coffer_met_part *parts, size_t capacity, uint64_t multiplier, uint64_t number)
{
	size_t mask = capacity - 1;
	size_t at = (size_t)(number * multiplier >> (64 - __builtin_ctzll(capacity)));

	while (parts[at].number && parts[at].number != number)
		at = (at + 1) & mask;
	return &parts[at];
}

bool
coffer_met_has(const struct coffer_met *met, uint64_t number)
{
	uint64_t bit = number % PART_BITS;

	if (!met->capacity)
		return false;
	return find(met->parts, met->capacity, met->multiplier, number / PART_BITS + 1)
			       ->bits[bit / 64] >>
		       bit % 64 &
	       1;
}

static bool
grow(struct coffer_met *met)
{
	size_t capacity = met->capacity ? met->capacity * 2 : CAPACITY_MIN;
	struct coffer_met_part *parts = calloc(capacity, sizeof(*parts));

	if (!parts)
		return false;
	if (!met->multiplier) {
		randombytes_buf(&met->multiplier, sizeof(met->multiplier));
		met->multiplier |= 1;
	}
	for (size_t i = 0; i < met->capacity; i++)
		if (met->parts[i].number)
			*find(parts, capacity, met->multiplier, met->parts[i].number) =
				met->parts[i];
	free(met->parts);
	met->parts = parts;
	met->capacity = capacity;
	return true;
}

coffer_status
coffer_met_add(struct coffer_met *met, uint64_t number, coffer_error *error)
{
	uint64_t bit = number % PART_BITS, mask = UINT64_C(1) << bit % 64, *word;
	struct coffer_met_part *part;

	if (met->used >= met->capacity / 2 && !grow(met))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the rows met");
	part = find(met->parts, met->capacity, met->multiplier, number / PART_BITS + 1);
	met->used += !part->number;
	part->number = number / PART_BITS + 1;
	word = &part->bits[bit / 64];
	met->count += !(*word & mask);
	*word |= mask;
	return COFFER_OK;
}
