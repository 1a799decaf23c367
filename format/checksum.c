/*
 * Checksums and hashes: XXH3-64. Short inputs are hashed inline, since the call would cost as much as the hash. It finds damage, not intent. SPEC.md 3.3.
 */
#include "format/checksum.h"
#include "format/bytes.h"
#include "format/hash_long.h"
#include "format/key.h"

#include <assert.h>
#include <endian.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
	KEY_SIZE_MAX = 511, /* the longest key that the file takes */
	/* Up to here 16 bytes at once are fastest: wider vectors take longer to begin than they save, and what follows
	 * them waits too. A record and nearly all long values are shorter. */
	SHORT_SIZE_MAX = 4096,
};

uint64_t
coffer_hash(const void *bytes, size_t size, uint64_t seed)
{
	return XXH3_64bits_withSeed(bytes, size, seed);
}

static inline uint64_t
hash_payload(const void *payload, size_t size, uint64_t seed)
{
	return size > SHORT_SIZE_MAX ? coffer_hash_long(payload, size, seed)
				     : XXH3_64bits_withSeed(payload, size, seed);
}

/* The ten bytes are written at once: the hash reads them by eights, which would wait for pieces to be written. */
static inline uint64_t
seed_of_row(uint32_t id, uint64_t number)
{
	typedef uint64_t pair __attribute__((vector_size(16)));
	uint64_t key = __builtin_bswap64(number << 16);
	pair place = {htole64(id | key << 32), htole64(key >> 32)};

	return XXH3_64bits(&place, 4 + COFFER_ROW_KEY_SIZE);
}

static uint64_t
seed_of(uint32_t id, const void *key, size_t key_size)
{
	uint8_t place[4 + KEY_SIZE_MAX];

	if (key_size == COFFER_ROW_KEY_SIZE)
		return seed_of_row(id, coffer_key_get_row(key));
	assert(key_size <= KEY_SIZE_MAX);
	coffer_store_u32be(place, __builtin_bswap32(id));
	memcpy(place + 4, key, key_size);
	return XXH3_64bits(place, 4 + key_size);
}

uint64_t
coffer_checksum(uint32_t id, const void *key, size_t key_size, const void *payload, size_t size)
{
	return hash_payload(payload, size, seed_of(id, key, key_size));
}

void
coffer_checksum_seal(uint32_t id, const void *key, size_t key_size, uint8_t *value, size_t size)
{
	assert(size >= COFFER_CHECKSUM_SIZE);
	coffer_store_u64le(value, coffer_checksum(id, key, key_size, value + COFFER_CHECKSUM_SIZE,
						  size - COFFER_CHECKSUM_SIZE));
}

static inline enum coffer_fault
check(uint64_t seed, const uint8_t *value, size_t size)
{
	uint64_t expected = hash_payload(value + COFFER_CHECKSUM_SIZE, size - COFFER_CHECKSUM_SIZE, seed);

	return coffer_load_u64le(value) == expected ? COFFER_FAULT_NONE : COFFER_FAULT_CHECKSUM;
}

enum coffer_fault
coffer_checksum_check(uint32_t id, const void *key, size_t key_size, const uint8_t *value, size_t size)
{
	return size < COFFER_CHECKSUM_SIZE ? COFFER_FAULT_CUT
					   : check(seed_of(id, key, key_size), value, size);
}

enum coffer_fault
coffer_checksum_check_row(uint32_t id, uint64_t number, const uint8_t *value, size_t size)
{
	return size < COFFER_CHECKSUM_SIZE ? COFFER_FAULT_CUT
					   : check(seed_of_row(id, number), value, size);
}
