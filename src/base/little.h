/*
 * Little-endian numbers at any address, and the first bytes of a key as a number: what reading a file's pages needs.
 */
#ifndef COFFER_BASE_LITTLE_H
#define COFFER_BASE_LITTLE_H

#include <stdint.h>

static inline uint16_t
coffer_little_u16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static inline uint32_t
coffer_little_u32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

static inline uint64_t
coffer_little_u64(const uint8_t *bytes)
{
	return (uint64_t)bytes[0] | (uint64_t)bytes[1] << 8 | (uint64_t)bytes[2] << 16 |
	       (uint64_t)bytes[3] << 24 | (uint64_t)bytes[4] << 32 | (uint64_t)bytes[5] << 40 |
	       (uint64_t)bytes[6] << 48 | (uint64_t)bytes[7] << 56;
}

/* Eight bytes as a number whose order is that of the bytes. */
static inline uint64_t
coffer_head_u64(const uint8_t *bytes)
{
	return __builtin_bswap64(coffer_little_u64(bytes));
}

#endif
