/*
 * XXH3-64 of longer inputs with the widest vectors that the processor has.
 */
#ifndef COFFER_FORMAT_HASH_LONG_H
#define COFFER_FORMAT_HASH_LONG_H

#include <stddef.h>
#include <stdint.h>

/* The same value as coffer_hash gives; worth its call beyond some 240 bytes. */
uint64_t
coffer_hash_long(const void *bytes, size_t size, uint64_t seed);

#endif
