/*
 * SPEC.md 10.1 Roll-ups: keys and values of groups, and the exact sums in them.
 *
 * A sum is a whole number of units: of 1 where the column holds integers, of 2^-96 where it holds floats. What does not
 * fit that is counted instead of added, so that a sum depends neither on the order of its rows nor on what was there
 * meanwhile, and 192 bits have room for any table.
 */
#ifndef COFFER_FORMAT_ROLLUP_H
#define COFFER_FORMAT_ROLLUP_H

#include "coffer.h"
#include "format/fault.h"

enum {
	COFFER_TOTALS_KEY_SIZE_MAX = 1 + 8 + 4,
	COFFER_FIXED_SIZE_MAX = 24, /* bytes of a sum */
	COFFER_TOTALS_ELEMENT_MAX = 9 + 9 + 2 + COFFER_FIXED_SIZE_MAX,
	COFFER_TOTALS_VALUE_MAX = 3 + 9 + COFFER_ROLLUP_SUMS_MAX * COFFER_TOTALS_ELEMENT_MAX, /* without its checksum */
};

/* ------------------------------------------------------------------ sums */

/* The float as a number of 2^-96, when it is one of less than 2^127 of them. False: it is not, and nothing is to be added. */
bool
coffer_fixed_of_float(double real, coffer_fixed *out);
static inline void
coffer_fixed_of_integer(int64_t integer, coffer_fixed *out)
{
	int64_t sign = integer < 0 ? -1 : 0;

	out->low = (uint64_t)integer;
	out->middle = (uint64_t)sign;
	out->high = sign;
}

static inline void
coffer_fixed_add(coffer_fixed *sum, const coffer_fixed *part)
{
	uint64_t low = sum->low + part->low, carry = low < part->low;
	uint64_t middle = sum->middle + part->middle, over = middle < part->middle;

	middle += carry;
	over += middle < carry;
	sum->low = low;
	sum->middle = middle;
	sum->high = (int64_t)((uint64_t)sum->high + (uint64_t)part->high + over);
}

static inline coffer_fixed
coffer_fixed_negated(coffer_fixed number)
{
	coffer_fixed negated = {~number.low, ~number.middle, ~number.high};
	static const coffer_fixed one = {1, 0, 0};

	coffer_fixed_add(&negated, &one);
	return negated;
}

static inline bool
coffer_fixed_is_equal(const coffer_fixed *left, const coffer_fixed *right)
{
	return left->low == right->low && left->middle == right->middle && left->high == right->high;
}

/* ------------------------------------------------------------------ groups */

/* What one column adds up to in a group, or by how much that changes. */
struct coffer_totals_sum {
	int64_t values; /* that are not NULL */
	int64_t unfit;  /* of them, those that are not in the sum */
	coffer_fixed total;
};

struct coffer_totals {
	int64_t rows;
	struct coffer_totals_sum sums[COFFER_ROLLUP_SUMS_MAX]; /* as many as the roll-up has */
};

/* How the keys and values of a roll-up are held. */
struct coffer_totals_form {
	int64_t span;          /* microseconds of a group */
	bool is_time_nullable; /* the key has a presence byte */
	bool has_code;         /* a column besides the time */
	size_t sum_count;
	bool is_float[COFFER_ROLLUP_SUMS_MAX];
};

struct coffer_totals_form
coffer_totals_form_of(const coffer_table *table, const coffer_rollup *rollup);

size_t
coffer_totals_key_size(const struct coffer_totals_form *form);

/* The first time of the span that a time lies in; the infinities are spans of their own. */
int64_t
coffer_totals_begin(const struct coffer_totals_form *form, int64_t time);

/* Write the key of the group that a row of this time (TIME or NULL) and code (0: NULL) is in; returns its size. */
size_t
coffer_totals_key_write(const struct coffer_totals_form *form, const coffer_value *time, uint32_t code,
		       uint8_t out[COFFER_TOTALS_KEY_SIZE_MAX]);

/* KEY: not written so, or of a time at which no group begins. */
enum coffer_fault
coffer_totals_key_read(const struct coffer_totals_form *form, const uint8_t *key, size_t size,
		      coffer_value *time_out, uint32_t *code_out);

/* Write the payload of a group that has rows; returns its size. */
size_t
coffer_totals_encode(const struct coffer_totals_form *form, const struct coffer_totals *group,
		    uint8_t out[COFFER_TOTALS_VALUE_MAX]);

/* RANGE: numbers that no rows give. */
enum coffer_fault
coffer_totals_decode(const struct coffer_totals_form *form, const uint8_t *payload, size_t size,
		    struct coffer_totals *group_out);

#endif
