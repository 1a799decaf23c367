/*
 * libxxhash chooses its vectors at run time on x86-64, where a compiler may assume no more than SSE2; its
 * static library does not, nor does that of another processor: there what it was compiled for is what there is.
 * The value is the same everywhere.
 */
#include "format/hash_long.h"

#define XXH_DISPATCH_DISABLE_REPLACE
#include <xxhash.h>
#if defined(__x86_64__)
#include <xxh_x86dispatch.h>
#pragma weak XXH3_64bits_withSeed_dispatch
#endif

uint64_t
coffer_hash_long(const void *bytes, size_t size, uint64_t seed)
{
#if defined(__x86_64__)
	if (XXH3_64bits_withSeed_dispatch)
		return XXH3_64bits_withSeed_dispatch(bytes, size, seed);
#endif
	return XXH3_64bits_withSeed(bytes, size, seed);
}
