/*
 * Hashing what is long: the value is that of a short way, and whoever computes after it with SSE is not held up.
 */
#include "format/checksum.h"
#include "format/hash_long.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SIZE = 1 << 20 };

static uint8_t *
some_bytes(void)
{
	uint8_t *bytes = malloc(SIZE);

	assert_non_null(bytes);
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = (uint8_t)(i * 37 >> 3);
	return bytes;
}

static void
test_the_value_is_that_of_the_short_way(void **state)
{
	uint8_t *bytes = some_bytes();

	(void)state;
	for (size_t size = 0; size <= SIZE; size = size * 3 + 1)
		assert_true(coffer_hash_long(bytes, size, 7) == coffer_hash(bytes, size, 7));
	free(bytes);
}

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

enum {
	EXTENDED_STATES = 0x0d, /* leaf of CPUID */
	SAYS_IN_USE = 1 << 2,   /* it does, in xgetbv */
	UPPER_PARTS = 0x44,     /* of 256 and of 512 bits */
};

static bool
says_what_is_in_use(void)
{
	unsigned a, b, c, d;

	return __builtin_cpu_supports("avx") &&
	       __get_cpuid_count(EXTENDED_STATES, 1, &a, &b, &c, &d) && a & SAYS_IN_USE;
}

static __attribute__((target("xsave"))) bool
has_upper_parts_in_use(void)
{
	return _xgetbv(1) & UPPER_PARTS;
}

static __attribute__((target("avx"))) void
clear_upper_parts(void)
{
	_mm256_zeroupper();
}

static void
test_no_upper_part_stays_in_use(void **state)
{
	volatile uint64_t hash;
	uint8_t *bytes;
	bool is_in_use;

	(void)state;
	if (!says_what_is_in_use())
		skip();
	clear_upper_parts();
	if (has_upper_parts_in_use())
		skip(); /* a processor may say so at any time */
	bytes = some_bytes();
	hash = coffer_hash_long(bytes, SIZE, 7);
	is_in_use = has_upper_parts_in_use();
	(void)hash;
	assert_false(is_in_use);
	free(bytes);
}
#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_value_is_that_of_the_short_way),
#if defined(__x86_64__)
		cmocka_unit_test(test_no_upper_part_stays_in_use),
#endif
	};

	return cmocka_run_group_tests_name("hash_long", tests, NULL, NULL);
}
