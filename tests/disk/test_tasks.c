/*
 * The tasks of a build: what they give stands in the file in their order, and what is appended between them in its place,
 * whatever their size. A failure in one is told, and nothing of it is left.
 */
#include "disk/disk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	TASKS = 20000,
	EXTRA_MAX = 100000,
	COLLECT_EVERY = 3333,
	RUN = 500000,
	UNDER_WAY_US = 5000, /* the build's thread has begun with a run, and is far from its end */
};

static char folder[] = "/tmp/coffer-tasks.XXXXXX";
static char path[64];

/* A task is its number, so many bytes of it, and the size of what it gives. */
struct task {
	uint64_t number, size;
};

struct bench {
	struct coffer_build *build;
	uint32_t given, appended;
	uint64_t done;
	uint64_t fail_at;
	bool is_wrong;
};

static uint8_t filling[EXTRA_MAX];

static size_t
size_of(uint64_t number)
{
	return number % 997 == 0 ? EXTRA_MAX : number * 7919 % 600;
}

static struct coffer_bytes
key_of(uint64_t number, uint8_t key[8])
{
	for (size_t i = 8; i-- > 0; number >>= 8)
		key[i] = (uint8_t)number;
	return (struct coffer_bytes){key, 8};
}

static coffer_status
do_task(void *context, struct coffer_bytes bytes, coffer_error *error)
{
	struct bench *bench = context;
	const struct task *task = (const void *)bytes.data;
	uint8_t key[8];

	if (task->number != ++bench->done || bytes.size != sizeof(*task) + size_of(task->number) ||
	    memcmp(task + 1, filling, bytes.size - sizeof(*task)) != 0)
		bench->is_wrong = true;
	if (task->number == bench->fail_at)
		return coffer_error_set(error, COFFER_LIMIT, "task %d is too much", (int)task->number);
	return coffer_build_give(bench->build, bench->given, key_of(task->number, key),
				 (struct coffer_bytes){filling, task->number % 50}, error);
}

static void
open_bench(struct bench *bench)
{
	coffer_error error = {0};

	memset(filling, 'f', sizeof(filling));
	*bench = (struct bench){.build = NULL};
	assert_int_equal(coffer_build_begin(path, true, 2, &bench->build, &error), COFFER_OK);
	assert_int_equal(coffer_build_work(bench->build, do_task, bench, &error), COFFER_OK);
	assert_int_equal(coffer_build_tree(bench->build, "given", &bench->given, &error), COFFER_OK);
	assert_int_equal(coffer_build_tree(bench->build, "appended", &bench->appended, &error),
			 COFFER_OK);
}

static coffer_status
add_task(struct bench *bench, uint64_t number, coffer_error *error)
{
	size_t size = sizeof(struct task) + size_of(number);
	struct task *task;
	uint8_t *place;
	coffer_status status = coffer_build_task(bench->build, size, &place, error);

	if (status)
		return status;
	if (!place && !(task = malloc(size)))
		return COFFER_NO_MEMORY;
	if (place)
		task = (void *)place;
	assert_int_equal((uintptr_t)task % 8, 0);
	*task = (struct task){number, size};
	memcpy(task + 1, filling, size_of(number));
	if (!place) {
		status = do_task(bench, (struct coffer_bytes){(const uint8_t *)task, size}, error);
		free(task);
	}
	return status;
}

static coffer_status
append(struct bench *bench, uint64_t number, coffer_error *error)
{
	uint8_t key[8];

	return coffer_build_append(bench->build, bench->appended, key_of(number, key),
				   (struct coffer_bytes){filling, 3}, error);
}

/* While the file is built, too: who looks sees all that was asked for. */
static void
check_count(const struct bench *bench, uint64_t tasks, uint64_t appended)
{
	struct coffer_tree_size size;
	coffer_error error = {0};

	assert_int_equal(coffer_snapshot_size(coffer_build_snapshot(bench->build), bench->given,
					      &size, &error),
			 COFFER_OK);
	assert_int_equal(size.entries, tasks);
	assert_int_equal(bench->done, tasks);
	assert_int_equal(coffer_snapshot_size(coffer_build_snapshot(bench->build), bench->appended,
					      &size, &error),
			 COFFER_OK);
	assert_int_equal(size.entries, appended);
}

static void
tasks_are_done_in_their_order(void **state)
{
	struct bench bench;
	coffer_error error = {0};
	uint64_t appended = 0;

	(void)state;
	open_bench(&bench);
	for (uint64_t n = 1; n <= TASKS; n++) {
		if (n % 7 == 0)
			assert_int_equal(append(&bench, ++appended, &error), COFFER_OK);
		assert_int_equal(add_task(&bench, n, &error), COFFER_OK);
		if (n % COLLECT_EVERY == 0 || n == 2)
			check_count(&bench, n, appended);
	}
	assert_int_equal(coffer_build_wait_tasks(bench.build, &error), COFFER_OK);
	assert_int_equal(bench.done, TASKS);
	check_count(&bench, TASKS, appended);
	assert_false(bench.is_wrong);
	assert_int_equal(coffer_build_finish(bench.build, &error), COFFER_OK);
}

/* The same build again is the same file: what is appended takes its place among what tasks give. */
static void
a_build_is_the_same_each_time(void **state)
{
	static char first[1 << 22], second[1 << 22];
	char *const contents[] = {first, second};
	size_t sizes[2];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct bench bench;
		coffer_error error = {0};
		FILE *file;

		open_bench(&bench);
		for (uint64_t n = 1; n <= TASKS; n++) {
			assert_int_equal(add_task(&bench, n, &error), COFFER_OK);
			assert_int_equal(append(&bench, n, &error), COFFER_OK);
		}
		assert_int_equal(coffer_build_finish(bench.build, &error), COFFER_OK);
		assert_non_null(file = fopen(path, "rb"));
		sizes[i] = fread(contents[i], 1, sizeof(first), file);
		fclose(file);
	}
	assert_true(sizes[0] > 1 << 20 && sizes[0] < sizeof(first));
	assert_int_equal(sizes[0], sizes[1]);
	assert_memory_equal(first, second, sizes[0]);
}

static void
a_failure_is_told_and_stays(void **state)
{
	static const uint64_t places[] = {1, 2, 997, 3000, 15000};

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		coffer_status status = COFFER_OK;
		coffer_error error = {0};
		struct bench bench;

		open_bench(&bench);
		bench.fail_at = places[i];
		for (uint64_t n = 1; !status && n <= TASKS; n++)
			status = add_task(&bench, n, &error);
		if (!status)
			status = coffer_build_wait(bench.build, &error);
		assert_int_equal(status, COFFER_LIMIT);
		assert_non_null(strstr(error.message, "is too much"));
		assert_int_equal(bench.done, places[i]);
		coffer_build_abort(bench.build);
	}
}

/* A run's keys are the caller's again when it has waited, whatever failed: the address sanitizer looks. */
static void
a_run_is_over_before_a_failure_is_told(void **state)
{
	uint8_t *keys = malloc((size_t)RUN * 8);
	struct bench bench;
	coffer_error error = {0};

	(void)state;
	assert_non_null(keys);
	for (uint64_t n = 0; n < RUN; n++)
		key_of(n, keys + n * 8);
	open_bench(&bench);
	bench.fail_at = 1;
	assert_int_equal(coffer_build_append_run(bench.build, bench.appended,
						 (struct coffer_bytes){keys, 8}, 8, RUN, &error),
			 COFFER_OK);
	assert_int_equal(usleep(UNDER_WAY_US), 0);
	assert_int_equal(add_task(&bench, 1, &error), COFFER_OK);
	assert_int_equal(coffer_build_wait(bench.build, &error), COFFER_LIMIT);
	assert_non_null(strstr(error.message, "is too much"));
	free(keys);
	coffer_build_abort(bench.build);
}

static void
what_is_left_early_is_freed(void **state)
{
	(void)state;
	for (uint64_t count = 0; count < 4000; count += 450) {
		struct bench bench;
		coffer_error error = {0};

		open_bench(&bench);
		for (uint64_t n = 1; n <= count; n++)
			assert_int_equal(add_task(&bench, n, &error), COFFER_OK);
		coffer_build_abort(bench.build);
		assert_true(bench.done <= count);
		assert_false(bench.is_wrong);
	}
}

static int
set_up(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return 1;
	snprintf(path, sizeof(path), "%s/file", folder);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tasks_are_done_in_their_order),
		cmocka_unit_test(a_build_is_the_same_each_time),
		cmocka_unit_test(a_failure_is_told_and_stays),
		cmocka_unit_test(a_run_is_over_before_a_failure_is_told),
		cmocka_unit_test(what_is_left_early_is_freed),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
