/*
 * Numbers for generated rows, from a counter and not from a state.
 *
 * A stream is named by (seed, subject, number); its draws are a pure function of that name and of how
 * many were drawn before. So each row of each table can be made alone, and a table left out changes no
 * other. Integers only: the same numbers on every machine.
 */
#ifndef COFFER_GENERATE_RANDOM_H
#define COFFER_GENERATE_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coffer_random {
	uint64_t base;  /* distinct for every number of a subject */
	uint64_t drawn;
};

/* A bijection of 64 bits in which every input bit moves about half of the output bits. */
uint64_t
coffer_random_mix(uint64_t bits);

struct coffer_random
coffer_random_open(uint64_t seed, uint32_t subject, uint64_t number);

/* 64 even bits. The first draws of two numbers of one subject are never equal. */
uint64_t
coffer_random_bits(struct coffer_random *random);

/* An even number in [0, bound); 0 when bound is 0. */
uint32_t
coffer_random_below(struct coffer_random *random, uint32_t bound);

/* True in `parts` of 1000 draws. */
bool
coffer_random_chance(struct coffer_random *random, uint32_t parts);

/* A number in [low, high), 0 < low < high; each doubling is as likely as any other. */
uint32_t
coffer_random_skewed(struct coffer_random *random, uint32_t low, uint32_t high);

/*
 * Zipf's law over the ranks 0 to count - 1: rank i has the weight 1 / (i + 1)^s with s = 1 + 2^-roots,
 * so 2 roots give 1.25 and 3 give 1.125. A zeroed one is empty.
 */
struct coffer_zipf {
	uint32_t *ceilings; /* of the ranks, as shares of 2^32, ascending */
	uint32_t count;
};

/* False when memory is out. A count of 0 is allowed; nothing can be drawn from it. */
bool
coffer_zipf_init(struct coffer_zipf *zipf, uint32_t count, int roots);
void
coffer_zipf_release(struct coffer_zipf *zipf);

uint32_t
coffer_zipf_draw(const struct coffer_zipf *zipf, struct coffer_random *random);

#endif
