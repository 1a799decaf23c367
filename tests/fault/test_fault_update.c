/*
 * The n-th allocation or call into the files fails while a store is compared with another and brought up to date from it, in
 * place and in a copy: each failure comes back as one, the store has afterwards all of the update or nothing of it, and
 * nothing lies beside it.
 */
#include "tests/fault/inject.h"
#include "tests/support/must.h"
#include "tests/support/whole.h"
#include "transfer/compare.h"
#include "transfer/update.h"

#include <dirent.h>
#include <stdio.h>

enum {
	TABLES_COMPARED = 16,
	FIRST_ONES = 40, /* that each fail; of those behind them ever fewer do, since each run writes and reads files */
};

static char folder[] = "/tmp/coffer-fault.XXXXXX", source_folder[] = "/tmp/coffer-fault.XXXXXX";
static char path[sizeof(folder) + 16], before_path[sizeof(folder) + 16],
	source_path[sizeof(folder) + 16];
static uint8_t before[COFFER_DIGEST_SIZE], after[COFFER_DIGEST_SIZE];
static uint64_t size_max;

/* ------------------------------------------------------------------ operations */

static coffer_status
open_source(void *context, const coffer_transfer_options *options,
	    struct coffer_source **source_out, coffer_error *error)
{
	(void)context;
	return coffer_store_source_open(source_path, options, source_out, error);
}

/* A window that reaches back before all logs. */
static coffer_status
run_update(coffer_error *error)
{
	const struct coffer_update_options options = {
		.open = open_source,
		.window = INT64_C(1000000) * 86400 * 3650,
		.size_max = size_max,
	};
	struct coffer_update_summary summary;

	return coffer_transfer_update(path, &options, &summary, error);
}

static coffer_status
run_compare(coffer_error *error)
{
	const coffer_transfer_options transfer = {.is_forced = false};
	const struct coffer_compare_options options = {.memory_size = 1};
	struct coffer_compare_summary summary = {0};
	struct coffer_source *source = NULL;
	coffer_store *store = NULL;
	coffer_txn *txn = NULL;
	coffer_status status;

	if (!(status = coffer_store_open(path, &store, error)) &&
	    !(status = coffer_txn_begin(store, &txn, error)) &&
	    !(status = coffer_store_source_open(source_path, &transfer, &source, error)))
		status = coffer_compare(store, txn, source, &options, &summary, error);
	if (!status)
		assert_int_equal(summary.tables, TABLES_COMPARED);
	coffer_source_close(source);
	coffer_txn_end(txn);
	coffer_store_close(store);
	return status;
}

/* ------------------------------------------------------------------ what is left */

static void
copy_file(const char *from, const char *to)
{
	char bytes[1 << 16];
	FILE *in = fopen(from, "rbe"), *out = fopen(to, "wbe");
	size_t size;

	assert_non_null(in);
	assert_non_null(out);
	while ((size = fread(bytes, 1, sizeof(bytes), in)))
		assert_int_equal(fwrite(bytes, 1, size, out), size);
	fclose(in);
	assert_int_equal(fclose(out), 0);
}

static void
verify(void)
{
	coffer_verify_options options = {0};
	coffer_verify_summary summary;
	coffer_error error = {0};

	must(coffer_verify(path, &options, &summary, &error), &error);
	assert_int_equal(summary.findings, 0);
}

static void
check_alone(void)
{
	DIR *entries = opendir(folder);
	struct dirent *entry;

	assert_non_null(entries);
	while ((entry = readdir(entries)))
		if (entry->d_name[0] != '.' && strcmp(entry->d_name, "store") != 0 &&
		    strcmp(entry->d_name, "store-lock") != 0)
			fail_msg("%s was left", entry->d_name);
	closedir(entries);
}

/* ------------------------------------------------------------------ the loop */

struct operation {
	const char *name;
	coffer_status (*run)(coffer_error *error);
	uint64_t size_max;
	bool is_writing;
};

/* A failure to place the new file's name durably comes after it is there; then the store has it all. */
static bool
inject_once(const struct operation *operation, enum site site, long n)
{
	uint8_t found[COFFER_DIGEST_SIZE];
	coffer_error error = {0};
	coffer_status status;
	bool has_changed;

	copy_file(before_path, path);
	was_hit = false;
	countdown[site] = n;
	status = operation->run(&error);
	disarm();
	if (status && !was_hit)
		fail_msg("%s: %s: %s", operation->name, error.place, error.message);
	verify();
	check_alone();
	must_digest(path, found);
	has_changed = memcmp(found, before, sizeof(found)) != 0;
	if (has_changed)
		assert_memory_equal(found, after, sizeof(found));
	assert_int_equal(has_changed && !operation->is_writing, false);
	if (status) {
		assert_true(status < 0);
		assert_int_equal(error.status, status);
		assert_true(error.message[0]);
		if (!strstr(error.message, "the new file is in its place"))
			assert_false(has_changed);
	} else {
		assert_int_equal(has_changed, operation->is_writing);
	}
	return was_hit;
}

static void
every_call_may_fail(void **state)
{
	const struct operation *operation = *state;

	size_max = operation->size_max;
	for (enum site site = 0; site < SITES; site++) {
		long n = 0;

		while (inject_once(operation, site, n))
			n += 1 + n / FIRST_ONES;
		assert_true(n > 3);
	}
}

static int
set_up(void **state)
{
	coffer_generate_options options = {.rows = 3, .seed = 7, .is_forced = true};
	coffer_error error = {0};

	(void)state;
	if (!mkdtemp(folder) || !mkdtemp(source_folder))
		return -1;
	snprintf(path, sizeof(path), "%s/store", folder);
	snprintf(before_path, sizeof(before_path), "%s/before", source_folder);
	snprintf(source_path, sizeof(source_path), "%s/source", source_folder);
	must(coffer_generate(before_path, &options, &error), &error);
	options.seed = 8;
	must(coffer_generate(source_path, &options, &error), &error);
	copy_file(before_path, path);
	must(run_update(&error), &error);
	must_digest(before_path, before);
	must_digest(path, after);
	assert_memory_not_equal(before, after, sizeof(before));
	return 0;
}

static int
tear_down(void **state)
{
	char lock[sizeof(path) + 8];

	(void)state;
	snprintf(lock, sizeof(lock), "%s-lock", path);
	unlink(path);
	unlink(lock);
	unlink(before_path);
	unlink(source_path);
	return rmdir(folder) || rmdir(source_folder);
}

int
main(void)
{
	static struct operation operations[] = {
		{"compare", run_compare, 0, false},
		{"update", run_update, 0, true},
		{"update in a copy", run_update, 1, true},
	};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(every_call_may_fail, &operations[0]),
		cmocka_unit_test_prestate(every_call_may_fail, &operations[1]),
		cmocka_unit_test_prestate(every_call_may_fail, &operations[2]),
	};

	return cmocka_run_group_tests_name("faults of updates", tests, set_up, tear_down);
}
