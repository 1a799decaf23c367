/*
 * Sums of keyed hashes: two sets of keys are compared in constant memory, in whatever order they come.
 */
#include "verify/verify.h"

/* Keys are short: a call takes longer than their hash. */
#define XXH_INLINE_ALL
#include <xxhash.h>

void
coffer_sum_add(struct coffer_sum *sum, const struct coffer_verifier *verifier, const uint8_t *key,
	       size_t size)
{
	XXH128_hash_t hash =
		XXH3_128bits_withSecret(key, size, verifier->secret, sizeof(verifier->secret));

	sum->low += hash.low64;
	sum->high += hash.high64;
	sum->count++;
}

void
coffer_sum_join(struct coffer_sum *sum, const struct coffer_sum *other)
{
	sum->low += other->low;
	sum->high += other->high;
	sum->count += other->count;
}

bool
coffer_sum_is_equal(const struct coffer_sum *left, const struct coffer_sum *right)
{
	return left->low == right->low && left->high == right->high && left->count == right->count;
}
