/*
 * The counter-based generator and Zipf's law in integers.
 *
 * The mix is two rounds of "fold the high half down, multiply by an odd constant", each step of which
 * can be undone, so it is a bijection. The constants are the fractional bits of the square roots of 2,
 * 3, 5 and 7 made odd: nothing up the sleeve. Zipf's weights need a power that is no integer; square
 * roots of integers give 1.25 and 1.125 without libm, whose last bit differs between machines.
 */
#include "generate/random.h"

#include <assert.h>
#include <stdlib.h>

#define ROOT_2 UINT64_C(0x6a09e667f3bcc909)
#define ROOT_3 UINT64_C(0xbb67ae8584caa73b)
#define ROOT_5 UINT64_C(0x3c6ef372fe94f82b)
#define ROOT_7 UINT64_C(0xa54ff53a5f1d36f1)

uint64_t
coffer_random_mix(uint64_t bits)
{
	bits ^= bits >> 32;
	bits *= ROOT_3;
	bits ^= bits >> 29;
	bits *= ROOT_7;
	return bits ^ bits >> 32;
}

struct coffer_random
coffer_random_open(uint64_t seed, uint32_t subject, uint64_t number)
{
	uint64_t key = coffer_random_mix(coffer_random_mix(seed + ROOT_5) + subject * ROOT_2);
	struct coffer_random random = {.base = coffer_random_mix(key + number * ROOT_5)};

	return random;
}

uint64_t
coffer_random_bits(struct coffer_random *random)
{
	return coffer_random_mix(random->base + ++random->drawn * ROOT_2);
}

uint32_t
coffer_random_below(struct coffer_random *random, uint32_t bound)
{
	return (uint32_t)((coffer_random_bits(random) >> 32) * bound >> 32);
}

bool
coffer_random_chance(struct coffer_random *random, uint32_t parts)
{
	return coffer_random_below(random, 1000) < parts;
}

uint32_t
coffer_random_skewed(struct coffer_random *random, uint32_t low, uint32_t high)
{
	uint32_t doublings = 1, from, to;

	assert(low > 0 && low < high);
	while ((uint64_t)low << doublings < high)
		doublings++;
	from = low << coffer_random_below(random, doublings);
	to = high - from < from ? high : from * 2;
	return from + coffer_random_below(random, to - from);
}

/* The largest integer whose square is not above `square`. */
static uint64_t
root(uint64_t square)
{
	uint64_t low = 0, high = UINT64_C(1) << 32, middle;

	while (high - low > 1) {
		middle = low + (high - low) / 2;
		if (middle * middle <= square)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* The weight of rank number `rank`, as a share of 2^48. */
static uint64_t
weight(uint64_t rank, int roots)
{
	uint64_t power = (rank + 1) << 20; /* 20 bits of it are behind the point */
	int i;

	for (i = 0; i < roots; i++)
		power = root(power << 20);
	return ((UINT64_C(1) << 48) / (rank + 1) << 12) / (power >> 8);
}

bool
coffer_zipf_init(struct coffer_zipf *zipf, uint32_t count, int roots)
{
	uint64_t total = 0, sum = 0;
	uint32_t i;

	zipf->count = count;
	zipf->ceilings = NULL;
	if (!count)
		return true;
	zipf->ceilings = malloc(count * sizeof *zipf->ceilings);
	if (!zipf->ceilings)
		return false;
	for (i = 0; i < count; i++)
		total += weight(i, roots);
	for (i = 0; i + 1 < count; i++) {
		sum += weight(i, roots);
		zipf->ceilings[i] = (uint32_t)(sum / (total / UINT32_MAX + 1));
	}
	zipf->ceilings[i] = UINT32_MAX;
	return true;
}

void
coffer_zipf_release(struct coffer_zipf *zipf)
{
	free(zipf->ceilings);
	zipf->ceilings = NULL;
	zipf->count = 0;
}

uint32_t
coffer_zipf_draw(const struct coffer_zipf *zipf, struct coffer_random *random)
{
	uint32_t point = coffer_random_below(random, UINT32_MAX);
	uint32_t low = 0, high = zipf->count - 1, middle;

	assert(zipf->count > 0);
	while (low < high) {
		middle = low + (high - low) / 2;
		if (zipf->ceilings[middle] > point)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}
