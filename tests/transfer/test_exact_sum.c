/*
 * Exact sums: the same whatever the order, rounded once, and what floats' own addition does with what is not finite.
 */
#include "transfer/exact_sum.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <float.h>
#include <math.h>
#include <string.h>

static double
sum_of(const double *values, size_t count, bool is_reverse)
{
	struct coffer_exact_sum sum = {.uncarried = 0};

	for (size_t i = 0; i < count; i++)
		coffer_exact_add(&sum, values[is_reverse ? count - 1 - i : i]);
	return coffer_exact_round(&sum);
}

static void
expect(const double *values, size_t count, double wanted)
{
	for (int reverse = 0; reverse < 2; reverse++) {
		double sum = sum_of(values, count, reverse);

		assert_memory_equal(&sum, &wanted, sizeof(sum));
	}
}

#define EXPECT(wanted, ...) \
	expect((const double[]){__VA_ARGS__}, sizeof((double[]){__VA_ARGS__}) / sizeof(double), \
	       wanted)

static void
nothing_is_lost(void **state)
{
	(void)state;
	expect(NULL, 0, 0);
	EXPECT(0.1, 0.1);
	EXPECT(1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1);
	EXPECT(1, 1e300, 1, -1e300);
	EXPECT(1e-300, 1e300, 1e-300, -1e300);
	EXPECT(-3, 1e16, -3, -1e16);
	EXPECT(DBL_MAX, DBL_MAX, DBL_MAX, -DBL_MAX);
	EXPECT(0, 5.5, -5.5);
	EXPECT(-0.1, -0.1);
}

static void
subnormals_are_exact(void **state)
{
	(void)state;
	EXPECT(5e-324, 5e-324);
	EXPECT(1e-323, 5e-324, 5e-324);
	EXPECT(DBL_MIN, DBL_MIN - 5e-324, 5e-324);
	EXPECT(-5e-324, DBL_MIN, 5e-324 - DBL_MIN - 1e-323);
}

/* 2^53 and halves of its last bit, and what tips the balance far below. */
static void
ties_go_to_the_even(void **state)
{
	const double base = 9007199254740992.0;

	(void)state;
	EXPECT(base, base, 1);
	EXPECT(base + 2, base, 1, 5e-324);
	EXPECT(base, base, 1, -5e-324);
	EXPECT(base + 4, base + 2, 1);
	EXPECT(-base, -base, -1);
	EXPECT(-base - 2, -base, -1, -5e-324);
}

static void
the_infinite_is_as_floats_have_it(void **state)
{
	const double nan_sum =
		sum_of((const double[]){1, (double)INFINITY, (double)-INFINITY}, 3, false);

	(void)state;
	EXPECT((double)INFINITY, 1, (double)INFINITY);
	EXPECT((double)-INFINITY, (double)-INFINITY, 1e308);
	EXPECT((double)INFINITY, DBL_MAX, DBL_MAX);
	EXPECT((double)-INFINITY, -DBL_MAX, -DBL_MAX);
	assert_true(isnan(nan_sum));
	assert_true(isnan(sum_of((const double[]){(double)NAN, 1}, 2, false)));
}

/* Whole numbers of up to 53 bits at random scales, beside an integer of 128 bits. */
static void
many_are_as_an_integer_has_them(void **state)
{
	struct coffer_exact_sum sum = {.uncarried = 0};
	__int128 wanted = 0;
	uint64_t random = 7;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		int64_t whole;
		int scale;

		random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
		whole = (int64_t)(random >> 11) * (random & 1 ? 1 : -1);
		scale = (int)(random >> 4 & 31);
		wanted += (__int128)whole * ((__int128)1 << scale);
		coffer_exact_add(&sum, ldexp((double)whole, scale));
		assert_true(coffer_exact_round(&sum) == (double)wanted);
	}
	assert_true(coffer_exact_round(&sum) == (double)wanted);
}

/* What has run over is carried in time: it is as if nearly as many had been added as a limb has room for. */
static void
carries_keep_the_sum(void **state)
{
	struct coffer_exact_sum sum = {.uncarried = 0};

	(void)state;
	for (int i = 0; i < 5; i++)
		coffer_exact_add(&sum, -1.5);
	sum.uncarried = (1U << 29) - 5;
	for (int i = 0; i < 10; i++)
		coffer_exact_add(&sum, 1.5);
	assert_int_equal(sum.uncarried, 5);
	assert_true(coffer_exact_round(&sum) == 7.5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_lost),
		cmocka_unit_test(subnormals_are_exact),
		cmocka_unit_test(ties_go_to_the_even),
		cmocka_unit_test(the_infinite_is_as_floats_have_it),
		cmocka_unit_test(many_are_as_an_integer_has_them),
		cmocka_unit_test(carries_keep_the_sum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
