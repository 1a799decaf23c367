/*
 * The set of rows met and the tally of hashes: against an array, sparse, and when they grow.
 */
#include "transfer/met.h"
#include "transfer/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

enum { NUMBERS = 20000 };

static void
met_numbers_are_those_added(void **state)
{
	struct coffer_met met = {.parts = NULL};
	coffer_error error = {0};

	(void)state;
	assert_false(coffer_met_has(&met, 1));
	for (uint64_t number = 1; number <= NUMBERS; number += 3)
		assert_int_equal(coffer_met_add(&met, number, &error), COFFER_OK);
	for (uint64_t number = 1; number <= NUMBERS; number++)
		assert_int_equal(coffer_met_has(&met, number), number % 3 == 1);
	assert_int_equal(met.count, (NUMBERS + 2) / 3);
	assert_int_equal(coffer_met_add(&met, 1, &error), COFFER_OK);
	assert_int_equal(met.count, (NUMBERS + 2) / 3);
	coffer_met_release(&met);
}

/* All over the 48 bits of a row number, ends included. */
static void
met_numbers_may_be_sparse(void **state)
{
	const uint64_t step = (UINT64_C(1) << 48) / NUMBERS, last = (UINT64_C(1) << 48) - 1;
	struct coffer_met met = {.parts = NULL};
	coffer_error error = {0};

	(void)state;
	for (uint64_t i = 0; i < NUMBERS; i++)
		assert_int_equal(coffer_met_add(&met, 1 + i * step, &error), COFFER_OK);
	assert_int_equal(coffer_met_add(&met, last, &error), COFFER_OK);
	for (uint64_t i = 0; i < NUMBERS; i++) {
		assert_true(coffer_met_has(&met, 1 + i * step));
		assert_false(coffer_met_has(&met, 2 + i * step));
	}
	assert_true(coffer_met_has(&met, last));
	assert_false(coffer_met_has(&met, last - 1));
	assert_int_equal(met.count, NUMBERS + 1);
	coffer_met_release(&met);
}

/* Hashes that are spread evenly, as the tally asks for. */
static void
make_hash(uint64_t number, uint8_t hash[COFFER_TALLY_HASH_SIZE])
{
	uint64_t words[2] = {number * UINT64_C(0x9e3779b97f4a7c15), number};

	memcpy(hash, words, sizeof(words));
}

/* Number n is counted n % 4 times; so often it is taken and no oftener. */
static void
check_tally(size_t memory_size)
{
	uint8_t hash[COFFER_TALLY_HASH_SIZE];
	struct coffer_tally tally;
	coffer_error error = {0};
	uint64_t total = 0;

	coffer_tally_init(&tally, memory_size);
	make_hash(1, hash);
	assert_false(coffer_tally_take(&tally, hash));
	for (uint64_t time = 0; time < 3; time++)
		for (uint64_t number = 0; number < NUMBERS; number++) {
			make_hash(number, hash);
			if (number % 4 <= time)
				continue;
			assert_int_equal(coffer_tally_add(&tally, hash, &error), COFFER_OK);
			total++;
		}
	assert_int_equal(tally.total, total);
	for (uint64_t number = 0; number < NUMBERS; number++) {
		make_hash(number, hash);
		for (uint64_t time = 0; time < number % 4; time++)
			assert_true(coffer_tally_take(&tally, hash));
		assert_false(coffer_tally_take(&tally, hash));
	}
	assert_int_equal(tally.total, 0);
	coffer_tally_release(&tally);
}

static void
a_tally_counts_each_hash(void **state)
{
	(void)state;
	check_tally(0);
}

static void
a_tally_goes_on_in_a_file(void **state)
{
	(void)state;
	check_tally(1 << 16);
	check_tally(1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(met_numbers_are_those_added),
		cmocka_unit_test(met_numbers_may_be_sparse),
		cmocka_unit_test(a_tally_counts_each_hash),
		cmocka_unit_test(a_tally_goes_on_in_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
