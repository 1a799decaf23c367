/*
 * The library chooses its vectors at run time on x86-64, where a compiler may assume no more than SSE2; on
 * other processors what it was compiled for is what there is. The value is the same everywhere.
 */
#include "format/hash_long.h"

#include <xxhash.h>
#if defined(__x86_64__)
#include <xxh_x86dispatch.h> /* its XXH3_64bits_withSeed is the one that chooses */
#endif

uint64_t
coffer_hash_long(const void *bytes, size_t size, uint64_t seed)
{
	return XXH3_64bits_withSeed(bytes, size, seed);
}
