/*
 * verify as a whole: what it counts, when it stops, what it refuses, and that no damage of a value passes unseen
 * or brings it down.
 */
#include "format/checksum.h"
#include "tests/support/bare.h"
#include "tests/support/small.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	VALUE_MAX = 8192,
	NAME_MAX_SIZE = 64,
};

static char folder[] = "/tmp/coffer-verify.XXXXXX";
static char path[64];

static void
must_be_clean(void)
{
	coffer_verify_summary summary;
	coffer_error error = {0};

	assert_int_equal(coffer_verify(path, NULL, &summary, &error), COFFER_OK);
	assert_int_equal(summary.findings, 0);
}

/* ------------------------------------------------------------------ what it says */

static void
counts_what_it_read(void **state)
{
	coffer_verify_summary summary;
	coffer_error error = {0};

	(void)state;
	small_store(path);
	assert_int_equal(coffer_verify(path, NULL, &summary, &error), COFFER_OK);
	assert_int_equal(summary.findings, 0);
	assert_int_equal(summary.tables, 2);
	assert_int_equal(summary.rows, SMALL_TEAMS + SMALL_KEYS);
	assert_int_equal(summary.long_values, 1);
	assert_int_equal(summary.pool_texts, 4);
	/* Two of Team; five of Key, of which one leaves out the row with a NULL. */
	assert_int_equal(summary.index_entries, 2 * SMALL_TEAMS + 5 * SMALL_KEYS - 1);
	assert_true(summary.bytes > 0);
	assert_int_equal(coffer_verify(path, NULL, NULL, NULL), COFFER_OK);
}

static void
refuses_what_is_no_store(void **state)
{
	coffer_verify_summary summary;
	coffer_error error = {0};
	FILE *file;

	(void)state;
	(void)unlink(path);
	assert_int_equal(coffer_verify(path, NULL, &summary, &error), COFFER_IO);
	assert_non_null(strstr(error.place, path));
	file = fopen(path, "we");
	assert_non_null(file);
	for (int i = 0; i < 10000; i++)
		(void)fputc('x', file);
	(void)fclose(file);
	error = (coffer_error){0};
	assert_int_equal(coffer_verify(path, NULL, &summary, &error), COFFER_NOT_A_COFFER);
}

struct patience {
	unsigned calls, calls_max;
};

static bool
be_patient(void *context, const char *what, uint64_t rows, uint64_t bytes)
{
	struct patience *patience = context;

	assert_non_null(what);
	(void)rows;
	(void)bytes;
	return ++patience->calls < patience->calls_max;
}

static void
stops_when_told(void **state)
{
	struct patience patience = {.calls_max = 1};
	coffer_verify_options options = {.progress = be_patient, .progress_context = &patience};
	coffer_verify_summary summary;
	coffer_error error = {0};

	(void)state;
	small_store(path);
	assert_int_equal(coffer_verify(path, &options, &summary, &error), COFFER_INTERRUPTED);
	assert_int_equal(patience.calls, 1);
	assert_int_equal(error.status, COFFER_INTERRUPTED);
}

/* ------------------------------------------------------------------ damage */

static void
put_value(const char *tree, MDB_val key, const uint8_t *value, size_t size)
{
	MDB_val v = {.mv_size = size};
	struct bare bare;

	memcpy(&v.mv_data, &value, sizeof(v.mv_data));
	bare_begin(&bare, path, tree);
	assert_int_equal(mdb_put(bare.txn, bare.tree, &key, &v, 0), 0);
	bare_commit(&bare);
}

/* One value of the store, copied. */
struct entry {
	char tree[NAME_MAX_SIZE];
	uint8_t key[NAME_MAX_SIZE];
	size_t key_size;
	uint8_t value[VALUE_MAX];
	size_t size;
};

static bool
read_entry(const char *tree, size_t number, struct entry *entry)
{
	MDB_cursor *cursor;
	MDB_val key, value;
	struct bare bare;
	int code = 0;

	bare_begin(&bare, path, tree);
	assert_int_equal(mdb_cursor_open(bare.txn, bare.tree, &cursor), 0);
	for (size_t i = 0; !code && i <= number; i++)
		code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
	if (!code) {
		assert_true(key.mv_size <= sizeof(entry->key) &&
			    value.mv_size <= sizeof(entry->value));
		(void)snprintf(entry->tree, sizeof(entry->tree), "%s", tree);
		memcpy(entry->key, key.mv_data, entry->key_size = key.mv_size);
		memcpy(entry->value, value.mv_data, entry->size = value.mv_size);
	}
	mdb_cursor_close(cursor);
	bare_abort(&bare);
	return !code;
}

static MDB_val
key_of(struct entry *entry)
{
	return (MDB_val){.mv_size = entry->key_size, .mv_data = entry->key};
}

static const struct {
	const char *name;
	uint32_t id;
} sealed_trees[] = {
	{"catalogue", COFFER_ID_CATALOGUE},
	{"long/Key", COFFER_ID_TABLE_MIN + 1},
	{"pool", COFFER_ID_POOL},
	{"table/Key", COFFER_ID_TABLE_MIN + 1},
	{"table/Team", COFFER_ID_TABLE_MIN},
};
enum { SEALED_TREES = sizeof(sealed_trees) / sizeof(sealed_trees[0]) };

/* A flipped bit, wherever it is in a value with a checksum, is found. */
static void
finds_any_flipped_bit(void **state)
{
	static struct entry entry;
	coffer_verify_summary summary;

	(void)state;
	small_store(path);
	for (size_t tree = 0; tree < SEALED_TREES; tree++)
		for (size_t number = 0; read_entry(sealed_trees[tree].name, number, &entry);
		     number++) {
			for (size_t at = 0; at < entry.size; at += 1 + entry.size / 16) {
				coffer_status status;

				entry.value[at] ^= (uint8_t)(1 << at % 8);
				put_value(entry.tree, key_of(&entry), entry.value, entry.size);
				status = coffer_verify(path, NULL, &summary, NULL);
				if (!status && !summary.findings)
					fail_msg("%s entry %zu byte %zu", entry.tree, number, at);
				entry.value[at] ^= (uint8_t)(1 << at % 8);
			}
			put_value(entry.tree, key_of(&entry), entry.value, entry.size);
		}
	must_be_clean();
}

/* A small generator, so that a failure comes again. */
static uint32_t
draw(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/* Bytes behind a right checksum may be anything: verify says something or nothing, and goes on living. */
static void
survives_sealed_damage(void **state)
{
	static struct entry entry, broken;
	coffer_verify_summary summary;
	uint32_t random = 2;

	(void)state;
	small_store(path);
	for (size_t tree = 0; tree < SEALED_TREES; tree++)
		for (size_t number = 0; read_entry(sealed_trees[tree].name, number, &entry);
		     number++) {
			for (int round = 0; round < 24; round++) {
				broken = entry;
				for (uint32_t hits = 1 + draw(&random) % 3; hits; hits--)
					broken.value[8 + draw(&random) % (entry.size - 8)] =
						(uint8_t)draw(&random);
				if (draw(&random) % 4 == 0)
					broken.size = 8 + draw(&random) % (entry.size - 8);
				coffer_checksum_seal(sealed_trees[tree].id, broken.key,
						     broken.key_size, broken.value, broken.size);
				put_value(broken.tree, key_of(&broken), broken.value, broken.size);
				(void)!coffer_verify(path, NULL, &summary, NULL);
			}
			put_value(entry.tree, key_of(&entry), entry.value, entry.size);
		}
	must_be_clean();
}

static void
report_nothing_more(void *context, const coffer_finding *finding)
{
	unsigned *count = context;

	assert_string_equal(finding->invariant, "I5");
	++*count;
}

static void
stops_after_findings_max(void **state)
{
	static struct entry entry;
	unsigned count = 0;
	coffer_verify_options options = {
		.findings_max = 2,
		.found = report_nothing_more,
		.found_context = &count,
	};
	coffer_verify_summary summary;
	coffer_error error = {0};

	(void)state;
	small_store(path);
	for (size_t number = 0; read_entry("table/Key", number, &entry); number++) {
		entry.value[0] ^= 1;
		put_value(entry.tree, key_of(&entry), entry.value, entry.size);
	}
	assert_int_equal(coffer_verify(path, &options, &summary, &error), COFFER_OK);
	assert_int_equal(count, 2);
	assert_int_equal(summary.findings, 2);
}

/* ------------------------------------------------------------------ read piece by piece */

enum { LONG_ROWS = 600, LONG_SIZE = 3000 };

/* Each row has two values on overflow pages, so that some row's values lie on both sides of any bound of a cache. */
static void
load_long_rows(void)
{
	static char digits[LONG_SIZE], document[LONG_SIZE];
	coffer_load_options options = {
		.is_forced = true, .has_seed = true, .seed = SMALL_SEED, .is_plain = true};
	coffer_schema *schema = small_schema();
	coffer_value values[KEY_COLUMNS];
	coffer_error error = {0};
	coffer_load *load;

	memset(digits, 'z', sizeof(digits));
	memset(document, '1', sizeof(document));
	assert_int_equal(coffer_load_begin(path, schema, &options, &load, &error), COFFER_OK);
	assert_int_equal(coffer_load_table(load, SMALL_KEY, &error), COFFER_OK);
	for (unsigned number = 1; number <= LONG_ROWS; number++) {
		small_key(number, values);
		values[KEY_TEAM] = (coffer_value){.kind = COFFER_NULL};
		values[KEY_DATA].kind = COFFER_BYTES;
		values[KEY_DATA].text = (coffer_text){digits, LONG_SIZE};
		values[KEY_DOCUMENT] =
			(coffer_value){.kind = COFFER_JSON, .text = {document, LONG_SIZE}};
		assert_int_equal(coffer_load_row(load, values, &error), COFFER_OK);
	}
	assert_int_equal(coffer_load_finish(load, &error), COFFER_OK);
	coffer_schema_free(schema);
}

static void
needs_no_more_than_a_small_cache(void **state)
{
	coffer_origin origin = {.cache_size_max = 1};
	coffer_verify_summary summary;
	coffer_error error = {0};
	struct stat facts;

	(void)state;
	load_long_rows();
	origin.fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(origin.fd >= 0);
	assert_int_equal(fstat(origin.fd, &facts), 0);
	origin.size = (uint64_t)facts.st_size;
	assert_int_equal(coffer_verify_origin(&origin, NULL, &summary, &error), COFFER_OK);
	assert_int_equal(summary.findings, 0);
	assert_int_equal(summary.long_values, 2 * LONG_ROWS);
	(void)close(origin.fd);
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
	(void)unlink(path);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_what_it_read),
		cmocka_unit_test(refuses_what_is_no_store),
		cmocka_unit_test(stops_when_told),
		cmocka_unit_test(finds_any_flipped_bit),
		cmocka_unit_test(survives_sealed_damage),
		cmocka_unit_test(stops_after_findings_max),
		cmocka_unit_test(needs_no_more_than_a_small_cache),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
