/*
 * What stands where in the file of a store that is whole: each entry of each tree, and each number in the free list. Damage
 * finds its targets by it, and entries that were damaged get a right checksum again by it.
 */
#ifndef COFFER_FUZZ_ENTRY_H
#define COFFER_FUZZ_ENTRY_H

#include "coffer.h"
#include "fuzz/support/image.h"

enum { ENTRY_NOT_SEALED = UINT32_MAX };

/* Offsets are from the start of the file. */
struct entry {
	uint32_t tree; /* its place in the main tree */
	uint32_t id;   /* of its checksum, or ENTRY_NOT_SEALED */
	uint32_t node, key, key_size;
	uint32_t value, value_size;
};

struct entries {
	struct entry *entries;
	size_t count, capacity;
	uint32_t *free_numbers; /* where the free list has a page's number */
	size_t free_count, free_capacity;
};

/* List what the newer state of the file has. False when there is no memory. */
bool
entries_list(const struct image *image, const coffer_schema *schema, struct entries *entries_out);
void
entries_free(struct entries *entries);

/* Seal each entry anew whose key or value is not as in `whole`. Returns how many. */
size_t
entries_seal(const struct entries *entries, const struct image *whole, struct image *image);

#endif
