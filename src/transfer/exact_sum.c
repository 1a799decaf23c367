/*
 * A fixed-point number as wide as the range of a double: each float is added at its place, in pieces of 32
 * bits. A limb has room for 2^30 additions before what ran over has to be carried into the next.
 */
#include "transfer/exact_sum.h"

#include <math.h>
#include <string.h>

enum {
	FRACTION_BITS = 52,
	EXPONENT_SPECIAL = 0x7ff,
	LIMB_BITS = 32,
	LEAST_EXPONENT = -1074, /* of the first limb's first bit */
	UNCARRIED_MAX = 1 << 29,
};

#define LIMB_SIZE (INT64_C(1) << LIMB_BITS)
#define LIMB_MASK (LIMB_SIZE - 1)

/* Bring each limb but the last into 0 to 2^32 - 1; the last one has the sign. */
static void
carry(int64_t *limbs)
{
	for (size_t i = 0; i + 1 < COFFER_EXACT_LIMBS; i++) {
		int64_t rest = limbs[i] & LIMB_MASK;

		limbs[i + 1] += (limbs[i] - rest) / LIMB_SIZE;
		limbs[i] = rest;
	}
}

static void
note_special(struct coffer_exact_sum *sum, double real)
{
	if (isnan(real))
		sum->has_nan = true;
	else if (real > 0)
		sum->has_infinity = true;
	else
		sum->has_negative_infinity = true;
}

void
coffer_exact_add(struct coffer_exact_sum *sum, double real)
{
	uint64_t bits, fraction, low, high;
	int64_t sign, *limb;
	unsigned exponent, shift;

	memcpy(&bits, &real, sizeof(bits));
	exponent = (unsigned)(bits >> FRACTION_BITS) & EXPONENT_SPECIAL;
	if (exponent == EXPONENT_SPECIAL) {
		note_special(sum, real);
		return;
	}
	fraction = bits & ((UINT64_C(1) << FRACTION_BITS) - 1);
	if (exponent--)
		fraction |= UINT64_C(1) << FRACTION_BITS;
	else
		exponent = 0;
	sign = bits >> 63 ? -1 : 1;
	limb = sum->limbs + exponent / LIMB_BITS;
	shift = exponent % LIMB_BITS;
	low = (fraction & LIMB_MASK) << shift;
	high = (fraction >> LIMB_BITS) << shift;
	limb[0] += sign * (int64_t)(low & LIMB_MASK);
	limb[1] += sign * (int64_t)((low >> LIMB_BITS) + (high & LIMB_MASK));
	limb[2] += sign * (int64_t)(high >> LIMB_BITS);
	if (++sum->uncarried == UNCARRIED_MAX) {
		carry(sum->limbs);
		sum->uncarried = 0;
	}
}

/* The number of the piece is that of its limb behind the one where the unit lies. The last one has the sign. */
void
coffer_exact_add_fixed(struct coffer_exact_sum *sum, const coffer_fixed *fixed, int exponent, int sign)
{
	const uint64_t words[] = {fixed->low, fixed->middle, (uint64_t)fixed->high};
	int64_t *limb = sum->limbs + (exponent - LEAST_EXPONENT) / LIMB_BITS;
	unsigned shift = (unsigned)(exponent - LEAST_EXPONENT) % LIMB_BITS;

	for (size_t i = 0; i < 6; i++) {
		int64_t piece = (int64_t)(words[i / 2] >> (i % 2 * LIMB_BITS) & LIMB_MASK);

		if (i == 5 && fixed->high < 0)
			piece -= LIMB_SIZE;
		piece *= INT64_C(1) << shift;
		limb[i] += sign * (piece & LIMB_MASK);
		limb[i + 1] += sign * ((piece - (piece & LIMB_MASK)) / LIMB_SIZE);
	}
	if (++sum->uncarried == UNCARRIED_MAX) {
		carry(sum->limbs);
		sum->uncarried = 0;
	}
}

/* The number of the highest bit that is set; -1 for none. */
static int
highest_bit(const int64_t *limbs)
{
	for (int i = COFFER_EXACT_LIMBS - 1; i >= 0; i--)
		if (limbs[i])
			return i * LIMB_BITS + 63 - __builtin_clzll((uint64_t)limbs[i]);
	return -1;
}

static uint64_t
limb_at(const int64_t *limbs, int at)
{
	return at < COFFER_EXACT_LIMBS ? (uint64_t)limbs[at] : 0;
}

/* The 64 bits from this one on. */
static uint64_t
bits_from(const int64_t *limbs, int low)
{
	int at = low / LIMB_BITS, shift = low % LIMB_BITS;
	uint64_t bits = limb_at(limbs, at) >> shift | limb_at(limbs, at + 1) << (LIMB_BITS - shift);

	return shift ? bits | limb_at(limbs, at + 2) << (2 * LIMB_BITS - shift) : bits;
}

static bool
has_bits_below(const int64_t *limbs, int low)
{
	for (int i = 0; i < low / LIMB_BITS; i++)
		if (limbs[i])
			return true;
	return limbs[low / LIMB_BITS] & ((INT64_C(1) << low % LIMB_BITS) - 1);
}

/*
 * Round a carried sum that is not negative. 64 bits from the highest one on are turned into a float, which rounds to the
 * nearest and of two to the even one; that anything is left below shows in the last of them.
 */
static double
round_positive(const int64_t *limbs)
{
	int high = highest_bit(limbs), low = high > 63 ? high - 63 : 0;

	return ldexp((double)(bits_from(limbs, low) | has_bits_below(limbs, low)),
		     low + LEAST_EXPONENT);
}

double
coffer_exact_round(const struct coffer_exact_sum *sum)
{
	int64_t limbs[COFFER_EXACT_LIMBS];
	bool is_negative;

	if (sum->has_nan || (sum->has_infinity && sum->has_negative_infinity))
		return (double)NAN;
	if (sum->has_infinity || sum->has_negative_infinity)
		return sum->has_infinity ? (double)INFINITY : (double)-INFINITY;
	memcpy(limbs, sum->limbs, sizeof(limbs));
	carry(limbs);
	is_negative = limbs[COFFER_EXACT_LIMBS - 1] < 0;
	if (!is_negative)
		return round_positive(limbs);
	for (size_t i = 0; i < COFFER_EXACT_LIMBS; i++)
		limbs[i] = -limbs[i];
	carry(limbs);
	return -round_positive(limbs);
}
