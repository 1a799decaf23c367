/*
 * Interning: one code a text, whether it is found in memory, in the pool or, after the table was given up, in the tree.
 */
#include "store/intern.h"

#include "format/checksum.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	TEXTS = 5000,
	SEED = 11,
};

static char folder[] = "/tmp/coffer-intern.XXXXXX";
static char path[64];

/* A build with a pool, and what interns into it. */
struct bench {
	struct coffer_build *build;
	struct coffer_trees trees;
	coffer_txn reader;
	struct coffer_sort_scratch scratch;
	struct coffer_intern intern;
};

static void
open_bench(struct bench *bench, size_t slot_count_max)
{
	coffer_error error = {0};

	*bench = (struct bench){.build = NULL};
	assert_int_equal(coffer_build_begin(path, true, 2, &bench->build, &error), COFFER_OK);
	assert_int_equal(coffer_build_tree(bench->build, "pool", &bench->trees.pool, &error),
			 COFFER_OK);
	assert_int_equal(
		coffer_build_tree(bench->build, "pool/hash", &bench->trees.pool_hash, &error),
		COFFER_OK);
	bench->reader = (coffer_txn){
		.trees = &bench->trees,
		.seed = SEED,
		.snapshot = coffer_build_snapshot(bench->build),
		.is_building = true,
	};
	coffer_intern_init(&bench->intern, bench->build, &bench->reader, &bench->scratch, path);
	if (slot_count_max)
		bench->intern.slot_count_max = slot_count_max;
}

static void
close_bench(struct bench *bench)
{
	coffer_intern_release(&bench->intern);
	coffer_build_abort(bench->build);
	free(bench->scratch.memory);
}

/* Texts of all sizes: the empty one, short ones, and some too long to be kept in memory. */
static coffer_text
text_of(uint32_t number)
{
	static char text[COFFER_INTERN_TEXT_MAX + 64];
	int size = snprintf(text, 16, "%u", number);

	if (!number)
		return (coffer_text){NULL, 0};
	if (number % 100)
		return (coffer_text){text, (size_t)size};
	memset(text + size, '.', COFFER_INTERN_TEXT_MAX);
	return (coffer_text){text, (size_t)size + COFFER_INTERN_TEXT_MAX};
}

static void
intern(struct bench *bench, uint32_t number, uint32_t expected)
{
	coffer_error error = {0};
	uint32_t code;

	if (coffer_intern_code(&bench->intern, text_of(number), &code, &error))
		fail_msg("%s: %s", error.place, error.message);
	assert_int_equal(code, expected);
}

static void
check_pool(struct bench *bench, uint32_t count)
{
	struct coffer_tree_size size;
	coffer_error error = {0};
	coffer_text text, expected;
	uint32_t code;

	assert_int_equal(
		coffer_snapshot_size(bench->reader.snapshot, bench->trees.pool, &size, &error),
		COFFER_OK);
	assert_int_equal(size.entries, count);
	assert_int_equal(
		coffer_snapshot_size(bench->reader.snapshot, bench->trees.pool_hash, &size, &error),
		COFFER_OK);
	assert_int_equal(size.entries, count);
	for (uint32_t i = 0; i < count; i++) {
		expected = text_of(i);
		assert_int_equal(coffer_pool_code(&bench->reader, expected, &code, &error),
				 COFFER_OK);
		assert_int_equal(code, i + 1);
		assert_int_equal(coffer_pool_text(&bench->reader, code, &text, &error), COFFER_OK);
		assert_int_equal(text.size, expected.size);
		if (text.size)
			assert_memory_equal(text.data, expected.data, text.size);
	}
	assert_int_equal(
		coffer_pool_code(&bench->reader, (coffer_text){"absent", 6}, &code, &error),
		COFFER_NOT_FOUND);
	assert_int_equal(code, 0);
	assert_int_equal(coffer_pool_text(&bench->reader, count + 1, &text, &error),
			 COFFER_CORRUPT);
}

static void
check_interning(size_t slot_count_max, bool is_in_tree)
{
	struct bench bench;
	coffer_error error = {0};

	open_bench(&bench, slot_count_max);
	for (uint32_t i = 0; i < TEXTS; i++) {
		intern(&bench, i, i + 1);
		intern(&bench, i, i + 1);
		intern(&bench, i / 2, i / 2 + 1);
	}
	for (uint32_t i = 0; i < TEXTS; i++)
		intern(&bench, i, i + 1);
	assert_int_equal(bench.intern.is_in_tree, is_in_tree);
	assert_int_equal(coffer_intern_finish(&bench.intern, &error), COFFER_OK);
	check_pool(&bench, TEXTS);
	close_bench(&bench);
}

static void
gives_one_code_a_text(void **state)
{
	(void)state;
	check_interning(0, false);
}

static void
gives_up_its_table(void **state)
{
	(void)state;
	check_interning(1024, true);
	check_interning(2048, true);
}

static void
finishes_empty(void **state)
{
	struct bench bench;
	coffer_error error = {0};

	(void)state;
	open_bench(&bench, 0);
	assert_int_equal(coffer_intern_finish(&bench.intern, &error), COFFER_OK);
	check_pool(&bench, 0);
	close_bench(&bench);
}

static void
says_when_codes_run_out(void **state)
{
	struct bench bench;
	coffer_error error = {0};
	uint32_t code;

	(void)state;
	open_bench(&bench, 0);
	bench.intern.code = UINT32_MAX - 1;
	intern(&bench, 1, UINT32_MAX);
	intern(&bench, 1, UINT32_MAX);
	assert_int_equal(coffer_intern_code(&bench.intern, text_of(2), &code, &error), COFFER_FULL);
	assert_string_equal(error.message, "the pool has no code left");
	close_bench(&bench);
}

/* Slots of one hash are told apart by their texts, and there are at most 64 of them. */
static void
bounds_equal_hashes(void **state)
{
	struct bench bench;
	coffer_error error = {0};
	coffer_text wanted = {"wanted", 6};
	uint64_t hash = coffer_hash(wanted.data, wanted.size, SEED);
	uint32_t code;

	(void)state;
	open_bench(&bench, 0);
	for (uint32_t i = 0; i < COFFER_EQUAL_HASHES_MAX; i++)
		intern(&bench, i, i + 1);
	for (size_t i = 0; i < bench.intern.slot_count; i++)
		bench.intern.slots[i].code = 0;
	for (uint32_t i = 0; i < COFFER_EQUAL_HASHES_MAX; i++)
		bench.intern.slots[(hash + i) & (bench.intern.slot_count - 1)] =
			(struct coffer_intern_slot){hash, i + 1, 0};
	assert_int_equal(coffer_intern_code(&bench.intern, wanted, &code, &error), COFFER_FULL);
	close_bench(&bench);
}

static int
make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof(path), "%s/store", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_one_code_a_text), cmocka_unit_test(gives_up_its_table),
		cmocka_unit_test(finishes_empty),        cmocka_unit_test(says_when_codes_run_out),
		cmocka_unit_test(bounds_equal_hashes),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
