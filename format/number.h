/*
 * Numbers in bytes: big-endian, as msgpack and keys have them, and the little-endian ones of checksums and hashes. The
 * compiler makes one instruction of each.
 */
#ifndef COFFER_FORMAT_NUMBER_H
#define COFFER_FORMAT_NUMBER_H

#include <stdint.h>

static inline uint16_t
coffer_load_u16be(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static inline uint32_t
coffer_load_u32be(const uint8_t *bytes)
{
	return (uint32_t)coffer_load_u16be(bytes) << 16 | coffer_load_u16be(bytes + 2);
}

static inline uint64_t
coffer_load_u64be(const uint8_t *bytes)
{
	return (uint64_t)coffer_load_u32be(bytes) << 32 | coffer_load_u32be(bytes + 4);
}

static inline uint64_t
coffer_load_u64le(const uint8_t *bytes)
{
	return __builtin_bswap64(coffer_load_u64be(bytes));
}

static inline void
coffer_store_u16be(uint8_t *out, uint16_t number)
{
	out[0] = (uint8_t)(number >> 8);
	out[1] = (uint8_t)number;
}

static inline void
coffer_store_u32be(uint8_t *out, uint32_t number)
{
	coffer_store_u16be(out, (uint16_t)(number >> 16));
	coffer_store_u16be(out + 2, (uint16_t)number);
}

static inline void
coffer_store_u64be(uint8_t *out, uint64_t number)
{
	coffer_store_u32be(out, (uint32_t)(number >> 32));
	coffer_store_u32be(out + 4, (uint32_t)number);
}

static inline void
coffer_store_u64le(uint8_t *out, uint64_t number)
{
	coffer_store_u64be(out, __builtin_bswap64(number));
}

#endif
