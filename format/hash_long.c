/*
 * libxxhash chooses its vectors at run time on x86-64, where a compiler may assume no more than SSE2; its
 * static library does not, nor does that of another processor: there what it was compiled for is what there is.
 * The value is the same everywhere.
 *
 * What it chooses leaves the upper parts of the vector registers in use. As long as they are, each instruction of SSE waits
 * for the one before that wrote its register: libzstd, which uses these alone, took more than twice as long to expand a
 * value in every process that had hashed a long one. So they are cleared.
 */
#include "format/hash_long.h"

#define XXH_DISPATCH_DISABLE_REPLACE
#include <xxhash.h>
#if defined(__x86_64__)
#include <immintrin.h>
#include <xxh_x86dispatch.h>
#pragma weak XXH3_64bits_withSeed_dispatch

static __attribute__((target("avx"))) void
clear_upper_parts(void)
{
	_mm256_zeroupper();
}
#endif

uint64_t
coffer_hash_long(const void *bytes, size_t size, uint64_t seed)
{
#if defined(__x86_64__)
	if (XXH3_64bits_withSeed_dispatch) {
		uint64_t hash = XXH3_64bits_withSeed_dispatch(bytes, size, seed);

		if (__builtin_cpu_supports("avx"))
			clear_upper_parts();
		return hash;
	}
#endif
	return XXH3_64bits_withSeed(bytes, size, seed);
}
