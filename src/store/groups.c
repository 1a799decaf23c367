/*
 * Groups that are added up. Entries stand one behind the other, so that they are sorted and spilled where they are; the hash table
 * holds their numbers. Rows come by time, so that the group of a row is often that of the row before.
 *
 *   entry: key, rows, total, total, ..., nulls and unfit, nulls and unfit, ...
 *
 * A row changes a few words of its group: they stand together, what most rows leave as it is behind them.
 */
#include "store/groups.h"

#include <stdlib.h>
#include <string.h>

enum {
	CAPACITY_MIN = 64,
	SLOTS_PER_ENTRY = 2, /* at the least */
	CACHE_LINE = 64,
};

/* An entry as far as it is the same for any number of sums; as many `lacks` follow the totals. */
struct entry {
	uint8_t key[COFFER_GROUPS_KEY_SIZE];
	int64_t rows;
	coffer_fixed totals[];
};

struct lack {
	int64_t nulls, unfit;
};

void
coffer_groups_init(struct coffer_groups *groups, size_t sum_count, size_t memory_size,
		   struct coffer_sort_scratch *scratch, const char *path)
{
	size_t stride = sizeof(struct entry) +
			sum_count * (sizeof(coffer_fixed) + sizeof(struct lack));

	*groups = (struct coffer_groups){
		.sum_count = sum_count,
		.stride = stride,
		.capacity_max = memory_size / (stride + 2 * SLOTS_PER_ENTRY * sizeof(uint32_t)),
		.spills = scratch != NULL,
	};
	if (groups->capacity_max < CAPACITY_MIN)
		groups->capacity_max = CAPACITY_MIN;
	if (!scratch)
		return;
	coffer_sorter_init(&groups->sorter, stride, memory_size, scratch, path);
	coffer_sorter_order_by(&groups->sorter, COFFER_GROUPS_KEY_SIZE);
}

void
coffer_groups_release(struct coffer_groups *groups)
{
	free(groups->entries);
	free(groups->slots);
	if (groups->spills)
		coffer_sorter_release(&groups->sorter);
	*groups = (struct coffer_groups){0};
}

void
coffer_groups_clear(struct coffer_groups *groups)
{
	if (groups->slots)
		memset(groups->slots, 0, groups->slot_count * sizeof(*groups->slots));
	groups->count = groups->at = 0;
	groups->last = NULL;
}

void
coffer_totals_add(struct coffer_totals *group, const struct coffer_totals *part, size_t sum_count)
{
	group->rows += part->rows;
	for (size_t i = 0; i < sum_count; i++) {
		group->sums[i].values += part->sums[i].values;
		group->sums[i].unfit += part->sums[i].unfit;
		coffer_fixed_add(&group->sums[i].total, &part->sums[i].total);
	}
}

/* ------------------------------------------------------------------ the table */

static inline struct entry *
entry_at(const struct coffer_groups *groups, size_t number)
{
	return (struct entry *)(void *)(groups->entries + number * groups->stride);
}

static inline struct lack *
lacks_of(struct entry *entry, size_t sum_count)
{
	return (struct lack *)(void *)(entry->totals + sum_count);
}

static inline bool
is_key(const void *entry, const uint8_t *key)
{
	return !memcmp(entry, key, COFFER_GROUPS_KEY_SIZE); /* which an entry begins with */
}

static inline size_t
hash_of(const uint8_t *key)
{
	uint64_t words[2], hash;

	memcpy(words, key, sizeof(words));
	hash = (words[0] ^ words[1] * UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(0xd6e8feb86659fd93);
	hash ^= hash >> 32;
	return (size_t)(hash * UINT64_C(0xd6e8feb86659fd93) >> 24);
}

/* The key's slot, or the empty one where it belongs. */
static inline uint32_t *
slot_of(const struct coffer_groups *groups, const uint8_t *key)
{
	size_t mask = groups->slot_count - 1, at = hash_of(key) & mask;

	while (groups->slots[at] && !is_key(entry_at(groups, groups->slots[at] - 1), key))
		at = (at + 1) & mask;
	return &groups->slots[at];
}

static coffer_status
grow(struct coffer_groups *groups, coffer_error *error)
{
	size_t capacity = groups->capacity ? groups->capacity * 2 : CAPACITY_MIN, slot_count = 1;
	uint8_t *entries;
	uint32_t *slots;

	if (capacity > groups->capacity_max)
		capacity = groups->capacity_max;
	while (slot_count < capacity * SLOTS_PER_ENTRY)
		slot_count *= 2;
	entries = realloc(groups->entries, capacity * groups->stride);
	if (entries)
		groups->entries = entries;
	slots = calloc(slot_count, sizeof(*slots));
	if (!entries || !slots) {
		free(slots);
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory to add up");
	}
	free(groups->slots);
	groups->slots = slots;
	groups->slot_count = slot_count;
	groups->capacity = capacity;
	groups->last = NULL;
	for (size_t i = 0; i < groups->count; i++)
		*slot_of(groups, entry_at(groups, i)->key) = (uint32_t)i + 1;
	return COFFER_OK;
}

static coffer_status
spill(struct coffer_groups *groups, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < groups->count; i++) {
		uint8_t *place;

		if (!(status = coffer_sorter_add(&groups->sorter, &place, error)))
			memcpy(place, entry_at(groups, i), groups->stride);
	}
	groups->has_spilled = true;
	coffer_groups_clear(groups);
	return status;
}

static coffer_status
make_room(struct coffer_groups *groups, coffer_error *error)
{
	if (groups->slots && groups->count < groups->capacity)
		return COFFER_OK;
	if (groups->capacity < groups->capacity_max)
		return grow(groups, error);
	if (groups->spills)
		return spill(groups, error);
	return coffer_error_set(error, COFFER_LIMIT, "more groups than there is room for");
}

void
coffer_groups_expect(const struct coffer_groups *groups, const uint8_t key[COFFER_GROUPS_KEY_SIZE])
{
	if (groups->slots)
		__builtin_prefetch(&groups->slots[hash_of(key) & (groups->slot_count - 1)]);
}

void
coffer_groups_expect_entry(const struct coffer_groups *groups,
			   const uint8_t key[COFFER_GROUPS_KEY_SIZE])
{
	size_t number = groups->slots ? groups->slots[hash_of(key) & (groups->slot_count - 1)] : 0;
	const uint8_t *entry;

	if (!number)
		return;
	entry = (const uint8_t *)entry_at(groups, number - 1);
	for (size_t at = 0; at < sizeof(struct entry) + groups->sum_count * sizeof(coffer_fixed);
	     at += CACHE_LINE)
		__builtin_prefetch(entry + at, 1);
}

/* Make `last` the entry of the key. */
static coffer_status
find(struct coffer_groups *groups, const uint8_t *key, coffer_error *error)
{
	uint32_t *slot = groups->slots ? slot_of(groups, key) : NULL;
	struct entry *entry;
	coffer_status status;

	if (slot && *slot) {
		groups->last = (uint8_t *)entry_at(groups, *slot - 1);
		return COFFER_OK;
	}
	if ((status = make_room(groups, error)))
		return status;
	entry = entry_at(groups, groups->count++);
	memset(entry, 0, groups->stride);
	memcpy(entry->key, key, sizeof(entry->key));
	*slot_of(groups, key) = (uint32_t)groups->count;
	groups->last = (uint8_t *)entry;
	return COFFER_OK;
}

/* What is not in the sums. */
static void
add_lacks(struct lack *lacks, const struct coffer_totals *part, size_t sum_count)
{
	for (size_t i = 0; i < sum_count; i++) {
		lacks[i].nulls += part->rows - part->sums[i].values;
		lacks[i].unfit += part->sums[i].unfit;
	}
}

coffer_status
coffer_groups_add(struct coffer_groups *groups, const uint8_t key[COFFER_GROUPS_KEY_SIZE],
		  const struct coffer_totals *part, coffer_error *error)
{
	size_t sum_count = groups->sum_count;
	int64_t lacks = 0;
	struct entry *entry;
	coffer_status status;

	if ((!groups->last || !is_key(groups->last, key)) && (status = find(groups, key, error)))
		return status;
	entry = (struct entry *)(void *)groups->last;
	entry->rows += part->rows;
	for (size_t i = 0; i < sum_count; i++) {
		lacks |= (part->rows - part->sums[i].values) | part->sums[i].unfit;
		coffer_fixed_add(&entry->totals[i], &part->sums[i].total);
	}
	if (lacks)
		add_lacks(lacks_of(entry, sum_count), part, sum_count);
	return COFFER_OK;
}

/* ------------------------------------------------------------------ in order */

static int
compare(const void *left, const void *right)
{
	return memcmp(left, right, COFFER_GROUPS_KEY_SIZE);
}

coffer_status
coffer_groups_finish(struct coffer_groups *groups, coffer_error *error)
{
	coffer_status status;

	groups->at = 0;
	groups->last = NULL;
	if (!groups->has_spilled) {
		if (groups->count)
			qsort(groups->entries, groups->count, groups->stride, compare);
		return COFFER_OK;
	}
	if ((status = spill(groups, error)) ||
	    (status = coffer_sorter_finish(&groups->sorter, error)))
		return status;
	free(groups->entries);
	free(groups->slots);
	groups->entries = NULL;
	groups->slots = NULL;
	groups->capacity = groups->slot_count = 0;
	status = coffer_sorter_next(&groups->sorter, &groups->ahead, error);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

static void
add_entry(struct coffer_totals *group, struct entry *entry, size_t sum_count)
{
	const struct lack *lacks = lacks_of(entry, sum_count);

	group->rows += entry->rows;
	for (size_t i = 0; i < sum_count; i++) {
		group->sums[i].values += entry->rows - lacks[i].nulls;
		group->sums[i].unfit += lacks[i].unfit;
		coffer_fixed_add(&group->sums[i].total, &entry->totals[i]);
	}
}

/* Add up the parts of one key; the sorter's memory of one dies with the next. */
static coffer_status
join_parts(struct coffer_groups *groups, coffer_error *error)
{
	uint64_t words[sizeof(struct entry) / 8 +
		       COFFER_ROLLUP_SUMS_MAX * (sizeof(coffer_fixed) + sizeof(struct lack)) / 8];
	coffer_status status = COFFER_OK;

	memcpy(groups->key, groups->ahead, sizeof(groups->key));
	while (!status && groups->ahead && is_key(groups->ahead, groups->key)) {
		memcpy(words, groups->ahead, groups->stride);
		add_entry(&groups->group, (struct entry *)(void *)words, groups->sum_count);
		status = coffer_sorter_next(&groups->sorter, &groups->ahead, error);
	}
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

coffer_status
coffer_groups_next(struct coffer_groups *groups, const uint8_t **key_out,
		   const struct coffer_totals **group_out, coffer_error *error)
{
	groups->group = (struct coffer_totals){0};
	*key_out = groups->key;
	*group_out = &groups->group;
	if (groups->has_spilled)
		return groups->ahead ? join_parts(groups, error) : COFFER_NOT_FOUND;
	if (groups->at == groups->count)
		return COFFER_NOT_FOUND;
	memcpy(groups->key, entry_at(groups, groups->at)->key, sizeof(groups->key));
	add_entry(&groups->group, entry_at(groups, groups->at++), groups->sum_count);
	return COFFER_OK;
}
