/*
 * Groups of a roll-up while they are added up: a hash table in bounded memory, and when that is full, sorted runs of parts that
 * are added to each other at the end. Load, write transactions and verify gather groups in it, each in its own way.
 */
#ifndef COFFER_STORE_GROUPS_H
#define COFFER_STORE_GROUPS_H

#include "coffer.h"
#include "format/rollup.h"
#include "store/sorter.h"

/* Bytes of a key in a table, what it lacks filled with zeros, so that two are compared as numbers. */
enum { COFFER_GROUPS_KEY_SIZE = 16 };

struct coffer_groups {
	size_t sum_count, stride; /* bytes of an entry */
	uint8_t *entries;         /* in the order in which they came */
	size_t count, capacity, capacity_max;
	uint32_t *slots;          /* number of an entry + 1; 0 empty */
	size_t slot_count;        /* a power of two */
	uint8_t *last;            /* the entry that was found last; NULL: none */
	struct coffer_sorter sorter; /* where `spills` */
	bool spills, has_spilled;
	size_t at;                /* the next entry, once it was finished */
	const uint8_t *ahead;     /* the sorter's next, read already; NULL: none */
	bool is_over;
	uint8_t key[COFFER_GROUPS_KEY_SIZE];
	struct coffer_totals group; /* given out last */
};

/*
 * For groups of so many sums, `memory_size` bytes of them at the most. With `scratch` what is more goes to a file in the folder of
 * `path`, which is borrowed; without it add is COFFER_LIMIT then: the caller empties the table before
 * it is full.
 */
void
coffer_groups_init(struct coffer_groups *groups, size_t sum_count, size_t memory_size,
		   struct coffer_sort_scratch *scratch, const char *path);
void
coffer_groups_release(struct coffer_groups *groups);

/* Add to the group of a key, which may be new. COFFER_LIMIT, COFFER_NO_MEMORY, COFFER_FULL, COFFER_IO. */
COFFER_CHECKED coffer_status
coffer_groups_add(struct coffer_groups *groups, const uint8_t key[COFFER_GROUPS_KEY_SIZE],
		  const struct coffer_totals *part, coffer_error *error);

/*
 * The memory of a group is seldom near: ask for it a while before the group is added to, first for its place in the table, then
 * for itself.
 */
void
coffer_groups_expect(const struct coffer_groups *groups, const uint8_t key[COFFER_GROUPS_KEY_SIZE]);
void
coffer_groups_expect_entry(const struct coffer_groups *groups,
			   const uint8_t key[COFFER_GROUPS_KEY_SIZE]);

/* After the last add: begin to give groups in order of their keys. */
COFFER_CHECKED coffer_status
coffer_groups_finish(struct coffer_groups *groups, coffer_error *error);
/* The next group, borrowed until the next call. COFFER_NOT_FOUND at the end. */
COFFER_CHECKED coffer_status
coffer_groups_next(struct coffer_groups *groups, const uint8_t **key_out,
		   const struct coffer_totals **group_out, coffer_error *error);

/* Forget all groups, keep the memory; of a table that does not spill. */
void
coffer_groups_clear(struct coffer_groups *groups);

/* Add the numbers of a group with so many sums to another's. */
void
coffer_totals_add(struct coffer_totals *group, const struct coffer_totals *part, size_t sum_count);

#endif
