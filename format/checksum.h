/*
 * SPEC.md 3.3 Checksums: XXH3-64 of the payload, seeded by the hash of where it stands, so that a
 * value that was moved, swapped or damaged is refused.
 */
#ifndef COFFER_FORMAT_CHECKSUM_H
#define COFFER_FORMAT_CHECKSUM_H

#include "format/fault.h"

#include <stddef.h>
#include <stdint.h>

enum {
	COFFER_CHECKSUM_SIZE = 8,
	/* What the key is a key of. */
	COFFER_ID_CATALOGUE = 0,
	COFFER_ID_POOL = 1,
	COFFER_ID_DICTIONARY = 2,
	COFFER_ID_TABLE_MIN = 16,
};

/* XXH3-64 of `size` bytes. */
uint64_t
coffer_hash(const void *bytes, size_t size, uint64_t seed);

/* The checksum of a payload that stands under `key` in the tree or table `id`. */
uint64_t
coffer_checksum(uint32_t id, const void *key, size_t key_size, const void *payload, size_t size);

/* Write the checksum of value[8..size) into value[0..8). `size` >= 8. */
void
coffer_checksum_seal(uint32_t id, const void *key, size_t key_size, uint8_t *value, size_t size);

/* CUT when the value is shorter than a checksum, CHECKSUM when it is wrong. The payload is what follows it. */
enum coffer_fault
coffer_checksum_check(uint32_t id, const void *key, size_t key_size, const uint8_t *value, size_t size);

/* The same of a row's record. */
enum coffer_fault
coffer_checksum_check_row(uint32_t id, uint64_t number, const uint8_t *value, size_t size);

#endif
