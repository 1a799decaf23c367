/*
 * The numbers of LMDB's own pages, little-endian, read by us before liblmdb reads them.
 */
#ifndef COFFER_DISK_BYTES_H
#define COFFER_DISK_BYTES_H

#include <stdint.h>

static inline uint16_t
coffer_get_u16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static inline uint32_t
coffer_get_u32(const uint8_t *bytes)
{
	return coffer_get_u16(bytes) | (uint32_t)coffer_get_u16(bytes + 2) << 16;
}

static inline uint64_t
coffer_get_u64(const uint8_t *bytes)
{
	return coffer_get_u32(bytes) | (uint64_t)coffer_get_u32(bytes + 4) << 32;
}

#endif
