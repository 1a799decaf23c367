/*
 * The queue of a build: entries are put in their order whatever their size, a failure is told once it is known, and nothing
 * hangs that is left early.
 */
#include "disk/queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum {
	VALUE_MAX = 100000,
	BLOCK_SIZE = 128 << 10,
};

/* What was put: entry n has n for its key, and a value of which each byte and the size follow from n. */
struct kept {
	uint32_t count, fail_at;
	bool is_wrong;
};

static uint8_t values[VALUE_MAX];

static size_t
size_of(uint32_t n)
{
	return n % 997 == 0 ? VALUE_MAX : n * 7919 % 300;
}

static coffer_status
keep(void *context, const struct coffer_queue_entry *entry, coffer_error *error)
{
	struct kept *kept = context;
	uint32_t n = ++kept->count, key = 0;

	if (n == kept->fail_at)
		return coffer_error_set(error, COFFER_FULL, "the disk is full at %u", n);
	memcpy(&key, entry->key.data, sizeof(key));
	if (key != n || entry->tree != n % 5 || entry->is_last != (n % 2 == 0) || entry->count ||
	    entry->key.size != sizeof(key) || entry->value.size != size_of(n) ||
	    memcmp(entry->value.data, values, entry->value.size) != 0)
		kept->is_wrong = true;
	return COFFER_OK;
}

static coffer_status
add(struct coffer_queue *queue, uint32_t n, coffer_error *error)
{
	const struct coffer_queue_entry entry = {.tree = n % 5,
						 .is_last = n % 2 == 0,
						 .key = {(const uint8_t *)&n, sizeof(n)},
						 .value = {values, size_of(n)}};

	return coffer_queue_add(queue, &entry, error);
}

static struct coffer_queue *
make(struct kept *kept)
{
	struct coffer_queue *queue;
	coffer_error error = {0};

	memset(values, 'v', sizeof(values));
	assert_int_equal(coffer_queue_make(keep, kept, BLOCK_SIZE, &queue, &error), COFFER_OK);
	return queue;
}

static void
entries_are_put_in_their_order(void **state)
{
	struct kept kept = {.count = 0};
	struct coffer_queue *queue = make(&kept);
	coffer_error error = {0};

	(void)state;
	for (uint32_t n = 1; n <= 50000; n++) {
		assert_int_equal(add(queue, n, &error), COFFER_OK);
		if (n % 7001 == 0 || n == 3) {
			assert_int_equal(coffer_queue_wait(queue, &error), COFFER_OK);
			assert_int_equal(kept.count, n);
		}
	}
	assert_int_equal(coffer_queue_wait(queue, &error), COFFER_OK);
	assert_int_equal(kept.count, 50000);
	assert_false(kept.is_wrong);
	coffer_queue_free(queue);
}

static coffer_status
keep_run(void *context, const struct coffer_queue_entry *entry, coffer_error *error)
{
	uint32_t *next = context, key;

	(void)error;
	memcpy(&key, entry->key.data, sizeof(key));
	assert_int_equal(entry->key.size, sizeof(key));
	assert_int_equal(entry->value.size, 0);
	assert_int_equal(key, (*next)++);
	return COFFER_OK;
}

/* Runs, small and big, between entries that are copied. */
static void
runs_are_put_from_where_they_lie(void **state)
{
	static uint32_t keys[20000][3];
	static const size_t counts[] = {1, 9000, 2, 5000, 4096, 1800};
	struct coffer_queue *queue;
	coffer_error error = {0};
	uint32_t next = 0;
	size_t at = 0;

	(void)state;
	for (uint32_t i = 0; i < 20000; i++)
		keys[i][0] = i;
	assert_int_equal(coffer_queue_make(keep_run, &next, BLOCK_SIZE, &queue, &error), COFFER_OK);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct coffer_queue_entry entry = {.key = {(const uint8_t *)keys[at++], 4}};

		assert_int_equal(coffer_queue_add(queue, &entry, &error), COFFER_OK);
		entry.key.data = (const uint8_t *)keys[at];
		entry.count = counts[i];
		entry.stride = sizeof(keys[0]);
		assert_int_equal(coffer_queue_add(queue, &entry, &error), COFFER_OK);
		at += counts[i];
	}
	assert_int_equal(coffer_queue_wait(queue, &error), COFFER_OK);
	assert_int_equal(next, at);
	coffer_queue_free(queue);
}

/* It stays: nothing is put behind it, and every later call tells the same. */
static void
a_failure_is_told(void **state)
{
	static const uint32_t places[] = {1, 2, 997, 3000, 20000};

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct kept kept = {.fail_at = places[i]};
		struct coffer_queue *queue = make(&kept);
		coffer_error error = {0};
		coffer_status status = COFFER_OK;

		for (uint32_t n = 1; !status && n <= 50000; n++)
			status = add(queue, n, &error);
		if (!status)
			status = coffer_queue_wait(queue, &error);
		assert_int_equal(status, COFFER_FULL);
		assert_non_null(strstr(error.message, "the disk is full at"));
		error = (coffer_error){0};
		assert_int_equal(coffer_queue_wait(queue, &error), COFFER_FULL);
		assert_non_null(strstr(error.message, "the disk is full at"));
		assert_int_equal(kept.count, places[i]);
		coffer_queue_free(queue);
	}
}

static void
what_is_left_early_is_freed(void **state)
{
	(void)state;
	for (uint32_t count = 0; count < 9000; count += 600) {
		struct kept kept = {.count = 0};
		struct coffer_queue *queue = make(&kept);
		coffer_error error = {0};

		for (uint32_t n = 1; n <= count; n++)
			assert_int_equal(add(queue, n, &error), COFFER_OK);
		coffer_queue_free(queue);
		assert_true(kept.count <= count);
		assert_false(kept.is_wrong);
	}
	coffer_queue_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_are_put_in_their_order),
		cmocka_unit_test(runs_are_put_from_where_they_lie),
		cmocka_unit_test(a_failure_is_told),
		cmocka_unit_test(what_is_left_early_is_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
