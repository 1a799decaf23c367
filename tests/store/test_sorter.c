/*
 * The sorter against qsort: every width, with and without runs that spill, keys in any order.
 */
#include "store/sorter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MEMORY_MIN = 1 }; /* the sorter takes its least: 1024 keys */

static size_t sorted_width;

static int
compare(const void *left, const void *right)
{
	return memcmp(left, right, sorted_width);
}

static uint32_t
draw(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/* How the keys of a case come. */
enum pattern { RANDOM, ASCENDING, DESCENDING, EQUAL, FEW, TAIL_ASCENDS };

static void
fill(enum pattern pattern, uint8_t *key, size_t width, uint32_t at, uint32_t *random)
{
	uint32_t number = pattern == DESCENDING ? UINT32_MAX - at : at;

	memset(key, 0x55, width);
	if (pattern == RANDOM)
		for (size_t i = 0; i < width; i++)
			key[i] = (uint8_t)draw(random);
	if (pattern == FEW)
		key[width / 2] = (uint8_t)(draw(random) % 3);
	if (pattern == TAIL_ASCENDS)
		key[0] = (uint8_t)draw(random);
	if (pattern == ASCENDING || pattern == DESCENDING || pattern == TAIL_ASCENDS)
		for (size_t i = 0; i < 3; i++)
			key[width - 1 - i] = (uint8_t)(number >> (8 * i));
}

static void
check(size_t width, uint32_t count, size_t memory, enum pattern pattern)
{
	struct coffer_sort_scratch scratch = {NULL, 0};
	uint8_t *expected = malloc(count * width + 1);
	uint32_t random = (uint32_t)width + count;
	struct coffer_sorter sorter;
	coffer_error error = {0};
	const uint8_t *found;
	uint8_t *key;

	assert_non_null(expected);
	coffer_sorter_init(&sorter, width, memory, &scratch, "/tmp/coffer-sorter");
	for (uint32_t i = 0; i < count; i++) {
		assert_int_equal(coffer_sorter_add(&sorter, &key, &error), COFFER_OK);
		fill(pattern, key, width, i, &random);
		memcpy(expected + i * width, key, width);
	}
	sorted_width = width;
	qsort(expected, count, width, compare);
	assert_int_equal(coffer_sorter_finish(&sorter, &error), COFFER_OK);
	for (uint32_t i = 0; i < count; i++) {
		assert_int_equal(coffer_sorter_next(&sorter, &found, &error), COFFER_OK);
		if (memcmp(found, expected + i * width, width) != 0)
			fail_msg("width %zu, %u keys, pattern %d: key %u differs", width, count,
				 (int)pattern, i);
	}
	assert_int_equal(coffer_sorter_next(&sorter, &found, &error), COFFER_NOT_FOUND);
	assert_int_equal(coffer_sorter_next(&sorter, &found, &error), COFFER_NOT_FOUND);
	assert_null(found);
	assert_int_equal(sorter.total, count);
	coffer_sorter_release(&sorter);
	free(scratch.memory);
	free(expected);
}

static void
sorts_every_width(void **state)
{
	(void)state;
	for (size_t width = 4; width <= COFFER_SORT_WIDTH_MAX; width += width < 24 ? 1 : 37)
		check(width, 1500, (size_t)1 << 20, RANDOM);
}

static void
sorts_few_keys(void **state)
{
	(void)state;
	for (uint32_t count = 0; count < 5; count++)
		for (enum pattern pattern = RANDOM; pattern <= TAIL_ASCENDS; pattern++)
			check(14, count, MEMORY_MIN, pattern);
}

static void
merges_runs(void **state)
{
	static const size_t widths[] = {4, 8, 14, 20, 63, 64, 65, 300};

	(void)state;
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++)
		for (enum pattern pattern = RANDOM; pattern <= TAIL_ASCENDS; pattern++)
			check(widths[i], 5000, MEMORY_MIN, pattern);
}

/* The last run may be full, empty or of one key. */
static void
merges_at_the_edge_of_a_run(void **state)
{
	(void)state;
	for (uint32_t count = 1023; count <= 1025; count++)
		check(14, count, MEMORY_MIN, RANDOM);
	for (uint32_t count = 2047; count <= 2049; count++)
		check(14, count, MEMORY_MIN, RANDOM);
}

static void
says_where_it_cannot_spill(void **state)
{
	struct coffer_sort_scratch scratch = {NULL, 0};
	struct coffer_sorter sorter;
	coffer_error error = {0};
	coffer_status status = COFFER_OK;
	uint8_t *key;

	(void)state;
	coffer_sorter_init(&sorter, 8, MEMORY_MIN, &scratch, "/nowhere/at/all");
	for (int i = 0; !status && i < 2000; i++)
		if (!(status = coffer_sorter_add(&sorter, &key, &error)))
			memset(key, i, 8);
	assert_int_equal(status, COFFER_IO);
	assert_int_equal(error.status, COFFER_IO);
	coffer_sorter_release(&sorter);
	free(scratch.memory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorts_every_width),
		cmocka_unit_test(sorts_few_keys),
		cmocka_unit_test(merges_runs),
		cmocka_unit_test(merges_at_the_edge_of_a_run),
		cmocka_unit_test(says_where_it_cannot_spill),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
