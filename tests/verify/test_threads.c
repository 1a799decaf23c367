/*
 * One table shared by several threads: what is found, its order, what is counted and where it ends are those of one thread.
 */
#include "tests/support/bare.h"
#include "tests/support/small.h"
#include "verify/verify.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	KEYS = 3000,
	PIECE_SIZE = 16 << 10,
	THREADS = 5,
	TEXT_SIZE = 1 << 20,
	VALUE_MAX = 8192,
};

static char folder[] = "/tmp/coffer-threads.XXXXXX";
static char path[64];

/* What a run says. */
struct said {
	coffer_verify_summary summary;
	coffer_status status;
	unsigned calls, calls_max; /* of progress; 0: as many as there are */
	pthread_t thread;          /* the one that calls */
	size_t size;
	char text[TEXT_SIZE];
};

static void
found(void *context, const coffer_finding *finding)
{
	struct said *said = context;

	assert_true(pthread_equal(said->thread, pthread_self()));
	said->size += (size_t)snprintf(said->text + said->size, sizeof(said->text) - said->size,
				       "%s %d %s: %s\n", finding->invariant, finding->status,
				       finding->place, finding->message);
	assert_true(said->size < sizeof(said->text));
}

static bool
progress(void *context, const char *what, uint64_t rows, uint64_t bytes)
{
	struct said *said = context;

	assert_true(pthread_equal(said->thread, pthread_self()));
	assert_non_null(what);
	(void)rows;
	(void)bytes;
	return ++said->calls != said->calls_max;
}

static void
run(unsigned threads, uint64_t findings_max, unsigned calls_max, struct said *said)
{
	const coffer_verify_options options = {
		.findings_max = findings_max,
		.found = found,
		.found_context = said,
		.progress = progress,
		.progress_context = said,
		.threads = threads,
	};
	coffer_error error = {0};

	memset(said, 0, sizeof(*said));
	said->thread = pthread_self();
	said->calls_max = calls_max;
	said->status = coffer_verify(path, &options, &said->summary, &error);
	assert_int_equal(error.status, said->status);
}

static struct said one, several;

static void
must_be_equal(uint64_t findings_max)
{
	run(1, findings_max, 0, &one);
	run(THREADS, findings_max, 0, &several);
	assert_int_equal(one.status, COFFER_OK);
	assert_int_equal(several.status, COFFER_OK);
	assert_string_equal(several.text, one.text);
	assert_memory_equal(&several.summary, &one.summary, sizeof(one.summary));
}

/* ------------------------------------------------------------------ damage */

/* Flip a bit of the value of every `step`-th entry, or take the entry away. */
static void
damage_each(const char *tree, unsigned step, bool is_taken)
{
	struct bare bare;
	MDB_cursor *cursor;
	MDB_val key, value;
	uint8_t bytes[VALUE_MAX];

	bare_begin(&bare, path, tree);
	assert_int_equal(mdb_cursor_open(bare.txn, bare.tree, &cursor), 0);
	for (unsigned i = 1; !mdb_cursor_get(cursor, &key, &value, MDB_NEXT); i++) {
		if (i % step)
			continue;
		if (is_taken) {
			assert_int_equal(mdb_cursor_del(cursor, 0), 0);
			continue;
		}
		assert_true(value.mv_size <= sizeof(bytes));
		memcpy(bytes, value.mv_data, value.mv_size);
		bytes[0] ^= 1;
		value.mv_data = bytes;
		assert_int_equal(mdb_cursor_put(cursor, &key, &value, MDB_CURRENT), 0);
	}
	mdb_cursor_close(cursor);
	bare_commit(&bare);
}

/* An entry that should not be there. */
static void
put(const char *tree, const char *key, size_t size, const char *value)
{
	struct bare bare;
	MDB_val k = {.mv_size = size}, v = {.mv_size = strlen(value)};

	memcpy(&k.mv_data, &key, sizeof(key));
	memcpy(&v.mv_data, &value, sizeof(value));
	bare_begin(&bare, path, tree);
	assert_int_equal(mdb_put(bare.txn, bare.tree, &k, &v, 0), 0);
	bare_commit(&bare);
}

/* ------------------------------------------------------------------ tests */

static void
counts_the_same(void **state)
{
	(void)state;
	small_store_of(path, KEYS);
	must_be_equal(0);
	assert_int_equal(several.summary.findings, 0);
	assert_int_equal(several.summary.rows, SMALL_TEAMS + KEYS);
	assert_true(several.calls > 0);
}

static void
finds_the_same(void **state)
{
	(void)state;
	small_store_of(path, KEYS);
	damage_each("table/Key", 7, false);
	damage_each("index/Key/Key_is_on_idx", 11, true);
	damage_each("long/Key", 3, false);
	put("table/Key", "\0\0\0\0\4", 5, "");
	put("table/Key", "\0\0\0\0\4\0\0", 7, "");
	put("long/Key", "\0\0\0\0\4\1\0", 7, "");
	put("long/Key", "\0\0\0\0\5\2\0\x0a", 8, "12345678");
	put("long/Key", "\377\377\377\0\5\2\0\x0a", 8, "12345678");
	put("index/Key/Key_is_on_idx", "nothing that is a key", 12, "");
	must_be_equal(0);
	assert_true(several.summary.findings > KEYS / 7 + KEYS / 20);
}

/* Wherever one thread would have ended. */
static void
stops_at_the_same(void **state)
{
	uint64_t all;

	(void)state;
	small_store_of(path, KEYS);
	damage_each("table/Key", 7, false);
	damage_each("index/Key/Key_is_on_idx", 11, true);
	run(1, 0, 0, &one);
	all = one.summary.findings;
	for (uint64_t max = 1; max < all; max += 1 + all / 11)
		must_be_equal(max);
}

/* A row with a number that is far from all others leaves one range with all of them. */
static void
takes_rows_far_apart(void **state)
{
	(void)state;
	small_store_of(path, KEYS);
	put("table/Key", "\177\377\377\377\377\377", 6, "12345678");
	must_be_equal(0);
	assert_int_equal(several.summary.rows, SMALL_TEAMS + KEYS + 1);
}

/* What was said until then is how it would have begun. */
static void
stops_when_told(void **state)
{
	unsigned calls;

	(void)state;
	small_store_of(path, KEYS);
	damage_each("table/Key", 2, false);
	run(1, 0, 0, &one);
	run(THREADS, 0, 0, &several);
	calls = several.calls;
	for (unsigned call = 1; call < calls; call += 1 + calls / 16) {
		run(THREADS, 0, call, &several);
		/* It may have needed fewer calls than the time before. */
		if (several.status)
			assert_int_equal(several.status, COFFER_INTERRUPTED);
		assert_memory_equal(several.text, one.text, several.size);
	}
	run(THREADS, 0, 1, &several);
	assert_int_equal(several.status, COFFER_INTERRUPTED);
}

static int
make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof(path), "%s/store", folder);
	coffer_verify_piece_size = PIECE_SIZE;
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_the_same),	 cmocka_unit_test(finds_the_same),
		cmocka_unit_test(stops_at_the_same),	 cmocka_unit_test(takes_rows_far_apart),
		cmocka_unit_test(stops_when_told),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
