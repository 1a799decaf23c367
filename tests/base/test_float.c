/*
 * Floats as text: the digits that Postgres prints, and that they read back to the same bits.
 */
#include "base/float.h"
#include "coffer.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Expected texts were printed by Postgres 15. */
static const struct {
	double real;
	int width;
	const char *text;
} floats[] = {
	{0.0, 8, "0"},
	{-0.0, 8, "-0"},
	{1.0, 8, "1"},
	{0.1, 8, "0.1"},
	{0.1 + 0.2, 8, "0.30000000000000004"},
	{0.00022500000000000002, 8, "0.00022500000000000002"},
	{0.0001, 8, "0.0001"},
	{0.00001, 8, "1e-05"},
	{123456789012345.0, 8, "123456789012345"},
	{1e14, 8, "100000000000000"},
	{1e15, 8, "1e+15"},
	{9007199254740993.0, 8, "9.007199254740992e+15"},
	{1e22, 8, "1e+22"},
	{1e23, 8,
	 "9.999999999999999e+22"}, /* halfway between two floats: no shorter text is strictly inside */
	{5.684341886080802e-14, 8,
	 "5.684341886080802e-14"}, /* a power of two: the neighbours are not equally far */
	{DBL_MAX, 8, "1.7976931348623157e+308"},
	{DBL_MIN, 8, "2.2250738585072014e-308"},
	{4.9406564584124654e-324, 8, "5e-324"},
	{-4.9406564584124654e-324, 8, "-5e-324"},
	{INFINITY, 8, "Infinity"},
	{-INFINITY, 8, "-Infinity"},
	{NAN, 8, "NaN"},
	{0.1F, 4, "0.1"},
	{0.1F, 8, "0.10000000149011612"},
	{123456.0F, 4, "123456"},
	{1234567.0F, 4, "1.234567e+06"},
	{16777216.0F, 4, "1.6777216e+07"},
	{FLT_MAX, 4, "3.4028235e+38"},
	{FLT_MIN, 4, "1.1754944e-38"},
	{1.4e-45F, 4, "1e-45"},
	{-0.0F, 4, "-0"},
	{INFINITY, 4, "Infinity"},
	{NAN, 4, "NaN"},
};

static void
test_prints_as_postgres(void **state)
{
	char out[COFFER_SCALAR_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(floats) / sizeof(*floats); i++) {
		assert_int_equal(coffer_float_print(floats[i].real, floats[i].width, out),
				 strlen(floats[i].text));
		assert_string_equal(out, floats[i].text);
	}
}

static uint64_t
next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void
expect_same(double real)
{
	char out[COFFER_SCALAR_TEXT_SIZE];
	double back;

	coffer_float_print(real, 8, out);
	back = strtod(out, NULL);
	if (memcmp(&back, &real, sizeof(real)))
		fail_msg("%a was printed as %s", real, out);
	assert_true(strspn(out, "-0.") >= strlen(out) || strlen(out) <= 24);
}

/* Any bits, and the powers of two with their neighbours: the borders of the arithmetic. */
static void
test_every_double_reads_back(void **state)
{
	uint64_t random = 88172645463325252U;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		uint64_t bits = next(&random);
		double real;

		memcpy(&real, &bits, sizeof(real));
		if (isfinite(real))
			expect_same(real);
	}
	for (int exponent = -1074; exponent < 1024; exponent++) {
		double power = ldexp(1.0, exponent);

		expect_same(power);
		expect_same(nextafter(power, 0.0));
		expect_same(nextafter(power, INFINITY) < INFINITY ? nextafter(power, INFINITY)
								  : power);
	}
}

static void
test_every_float4_reads_back(void **state)
{
	uint64_t random = 7;
	char out[COFFER_SCALAR_TEXT_SIZE];

	(void)state;
	for (int i = 0; i < 200000; i++) {
		uint32_t bits = i < 100000 ? (uint32_t)next(&random) : (uint32_t)(i - 100000) << 15;
		float real, back;

		memcpy(&real, &bits, sizeof(real));
		if (!isfinite(real))
			continue;
		assert_true(coffer_float_print((double)real, 4, out) < 20);
		back = strtof(out, NULL);
		assert_memory_equal(&back, &real, sizeof(real));
	}
}

/* Short decimals have a reader of their own: it says what strtod says, to the bit, or nothing. */
static void
test_short_decimals_are_read_as_any_other(void **state)
{
	static const char bytes[] = "01234567890123456789012345678901234567890123456789.....-e+ ";
	uint32_t random = 1, taken = 0;

	(void)state;
	for (int i = 0; i < 2000000; i++) {
		char text[20], *end;
		double number, expected;
		size_t size;

		random = random * 1664525 + 1013904223;
		size = (random >> 16) % sizeof(text);
		for (size_t at = 0; at < size; at++) {
			random = random * 1664525 + 1013904223;
			text[at] = bytes[(random >> 16) % (sizeof(bytes) - 1)];
		}
		if (!coffer_short_decimal_read((coffer_text){text, size}, &number))
			continue;
		text[size] = '\0';
		expected = strtod(text, &end);
		assert_ptr_equal(end, text + size);
		assert_memory_equal(&number, &expected, sizeof(number));
		taken++;
	}
	assert_true(taken > 200000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prints_as_postgres),
		cmocka_unit_test(test_every_double_reads_back),
		cmocka_unit_test(test_every_float4_reads_back),
		cmocka_unit_test(test_short_decimals_are_read_as_any_other),
	};

	return cmocka_run_group_tests_name("float", tests, NULL, NULL);
}
