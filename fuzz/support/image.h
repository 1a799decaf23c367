/*
 * LMDB files made in memory, of any page size, from trees given in order: what fuzz targets and tests damage.
 *
 * liblmdb makes pages of the system's size only; small ones are deep trees from few bytes. An image has two metas as
 * a compacting copy writes them: an empty state of transaction 0 and the content of transaction 1.
 */
#ifndef COFFER_FUZZ_IMAGE_H
#define COFFER_FUZZ_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct image {
	uint8_t *data;
	size_t size;
	uint32_t page_size;
};

struct image_entry {
	const uint8_t *key, *value;
	size_t key_size, value_size;
};

/* One named tree: entries in ascending order of keys, each key of 1 byte to what a page of the size takes (see image_key_max). */
struct image_tree {
	const char *name;
	const struct image_entry *entries;
	size_t count;
};

struct image_options {
	uint32_t page_size;
	unsigned free_pages; /* behind the content, listed as free */
	uint64_t shuffle;    /* not 0: nodes lie in a page in an order that this seed makes */
};

/* Bytes of key that a page of this size takes at most: a branch has room for two of them. */
size_t
image_key_max(uint32_t page_size);

/* Make an image; trees ascend by name. False when there is no memory. Freed by image_free. */
bool
image_make(struct image *image_out, const struct image_tree *trees, size_t count,
	   const struct image_options *options);
void
image_free(struct image *image);

#endif
