/*
 * Sums that do not depend on the order of what is added: every bit of every float is kept, and the whole is
 * rounded once, when it is asked for.
 */
#ifndef COFFER_TRANSFER_EXACT_SUM_H
#define COFFER_TRANSFER_EXACT_SUM_H

#include "coffer.h"

/* 32 bits each: from the least bit of a float to its greatest, and 48 bits for as many rows as a table has. */
enum { COFFER_EXACT_LIMBS = 68 };

/* A zeroed one is the sum of nothing. */
struct coffer_exact_sum {
	int64_t limbs
		[COFFER_EXACT_LIMBS]; /* the first counts 2^-1074; each may run over, until it is carried */
	uint32_t uncarried;           /* additions since then */
	bool has_nan, has_infinity, has_negative_infinity;
};

void
coffer_exact_add(struct coffer_exact_sum *sum, double real);

/* Add, or with `sign` -1 take away, a whole number of 2^exponent, which is from COFFER_FIXED_EXPONENT to 0. */
void
coffer_exact_add_fixed(struct coffer_exact_sum *sum, const coffer_fixed *fixed, int exponent, int sign);

/* The float nearest to the sum, the even one of two; infinities and NaN as the floats' own addition has them. */
double
coffer_exact_round(const struct coffer_exact_sum *sum);

#endif
