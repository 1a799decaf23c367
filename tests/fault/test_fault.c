/*
 * The n-th allocation or call into the file fails, for n = 0, 1, 2 ... until an operation gets through: each failure
 * must come back as one, leave the old file or none and nothing beside it, and leak nothing (the sanitizers see to that).
 *
 *	test_fault		operations on files
 *	test_fault postgres	import and export, with the server that COFFER_TEST_SERVER names (see postgres.t)
 *
 * The linker puts the functions of inject.h in front of the real ones, so that the library is the one that ships.
 */
#include "coffer.h"
#include "postgres/postgres.h"
#include "tests/fault/inject.h"
#include "transfer/dump.h"
#include "transfer/folder.h"
#include "transfer/sql_write.h"
#include "verify/verify.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* ------------------------------------------------------------------ operations */

static char folder[] = "/tmp/coffer-fault.XXXXXX";
static char path[sizeof(folder) + 16];

static coffer_status
run_create(coffer_error *error)
{
	coffer_load_options options = {.is_forced = true};
	coffer_schema *schema;
	coffer_status status = coffer_schema_builtin(&schema, error);

	if (!status)
		status = coffer_store_create(path, schema, &options, error);
	coffer_schema_free(schema);
	return status;
}

static coffer_status
run_generate(coffer_error *error)
{
	coffer_generate_options options = {.rows = 3, .seed = 7, .is_forced = true};

	return coffer_generate(path, &options, error);
}

static coffer_status
read_rows(coffer_txn *txn, uint32_t table, coffer_error *error)
{
	const coffer_scan all = {.index = COFFER_NO_INDEX};
	coffer_cursor *cursor;
	const coffer_row *row;
	coffer_value value;
	coffer_status status = coffer_cursor_open(txn, table, &cursor, error);

	if (!status)
		status = coffer_cursor_scan(cursor, &all, error);
	while (!status && !(status = coffer_cursor_next(cursor, &row, error)))
		for (uint16_t c = 0; !status && c < 4; c++)
			status = coffer_row_get(row, c, &value, error);
	coffer_cursor_close(cursor);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

static coffer_status
read_key(coffer_txn *txn, uint32_t table, coffer_error *error)
{
	coffer_value key = {.kind = COFFER_TEXT, .text = {"no such user", 12}};
	coffer_cursor *cursor;
	const coffer_row *row;
	coffer_status status = coffer_cursor_open(txn, table, &cursor, error);

	if (!status)
		status = coffer_cursor_get(cursor, 0, &key, &row, error);
	coffer_cursor_close(cursor);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

static coffer_status
run_read(coffer_error *error)
{
	uint8_t digest[COFFER_DIGEST_SIZE];
	coffer_txn *txn = NULL;
	coffer_store *store;
	coffer_status status = coffer_store_open(path, &store, error);
	uint32_t table;

	if (!status)
		status = coffer_txn_begin(store, &txn, error);
	if (!status) {
		table = coffer_schema_find_table(coffer_store_schema(store), "LiteLLM_UserTable");
		if (!(status = read_rows(txn, table, error)) &&
		    !(status = read_key(txn, table, error)))
			status = coffer_store_digest(txn, digest, error);
	}
	coffer_txn_end(txn);
	coffer_store_close(store);
	return status;
}

/* Whatever fails, what is verified is all that there is. */
static coffer_status
verify(unsigned threads, coffer_error *error)
{
	static uint64_t groups;
	coffer_verify_summary summary;
	coffer_verify_options options = {.threads = threads};
	coffer_status status = coffer_verify(path, &options, &summary, error);

	if (!status && summary.findings)
		return coffer_error_set(error, COFFER_CORRUPT, "findings in a whole store");
	if (!status && was_hit && summary.rollup_groups != groups)
		return coffer_error_set(error, COFFER_CORRUPT, "roll-ups that were not verified");
	if (!status)
		groups = summary.rollup_groups;
	return status;
}

static coffer_status
run_verify(coffer_error *error)
{
	return verify(1, error);
}

/* The call that fails may be any thread's. */
static coffer_status
run_verify_shared(coffer_error *error)
{
	uint64_t usual = coffer_verify_piece_size;
	coffer_status status;

	coffer_verify_piece_size = 1;
	status = verify(3, error);
	coffer_verify_piece_size = usual;
	return status;
}

static coffer_status
run_import(coffer_error *error)
{
	coffer_transfer_options options = {.is_forced = true};
	coffer_transfer_summary summary;
	struct coffer_source *source;
	coffer_status status =
		coffer_postgres_source_open("env:COFFER_TEST_SERVER", &options, &source, error);

	if (!status)
		status = coffer_transfer_import(source, path, &options, &summary, error);
	coffer_source_close(source);
	return status;
}

static coffer_status
export_to(const char *schema, coffer_export_mode mode, coffer_error *error)
{
	const coffer_export_options options = {.mode = mode};
	coffer_transfer_summary summary;
	char url[512];

	snprintf(url, sizeof(url), "%s&schema=%s", getenv("COFFER_TEST_TARGET"), schema);
	return coffer_postgres_export(path, url, &options, &summary, error);
}

/* Each run has a schema of its own, since one that gets through fills it. */
static coffer_status
run_export(coffer_error *error)
{
	static int count;
	char schema[16];

	snprintf(schema, sizeof(schema), "s%d", count++);
	return export_to(schema, COFFER_EXPORT_CREATE, error);
}

static coffer_status
prepare_fill(coffer_error *error)
{
	return export_to("filled", COFFER_EXPORT_CREATE, error);
}

static coffer_status
run_fill(coffer_error *error)
{
	return export_to("filled", COFFER_EXPORT_UPSERT, error);
}

/* Fewer tables make fewer files. */
static const char *const few_tables[] = {"LiteLLM_ModelTable", "LiteLLM_UserTable", NULL};

static coffer_status
write_folder(const char *to, coffer_row_format format, coffer_error *error)
{
	const coffer_transfer_options options = {.is_forced = true, .selection.tables = few_tables};
	coffer_transfer_summary summary;
	struct coffer_source *source;
	coffer_status status = coffer_store_source_open(path, &options, &source, error);

	if (!status)
		status = coffer_folder_write(source, to, format, &options, &summary, error);
	coffer_source_close(source);
	return status;
}

static coffer_status
read_folder(const char *from, coffer_error *error)
{
	const coffer_transfer_options options = {.is_forced = true};
	coffer_transfer_summary summary;
	struct coffer_source *source;
	coffer_status status = coffer_folder_source_open(from, &options, &source, error);

	if (!status)
		status = coffer_transfer_import(source, path, &options, &summary, error);
	coffer_source_close(source);
	return status;
}

/* Into a folder, into the same one again in the other format, and back. */
static coffer_status
run_folder(coffer_error *error)
{
	static const char *const ends[] = {"/schema.json",
					   "/schema.prisma",
					   "/LiteLLM_ModelTable.csv",
					   "/LiteLLM_UserTable.csv",
					   "/LiteLLM_ModelTable.ndjson",
					   "/LiteLLM_UserTable.ndjson"};
	char to[sizeof(path)], file[sizeof(path) + 32];
	coffer_status status;

	snprintf(to, sizeof(to), "%s/out", folder);
	if (!(status = write_folder(to, COFFER_FORMAT_NDJSON, error)) &&
	    !(status = write_folder(to, COFFER_FORMAT_CSV, error)))
		status = read_folder(to, error);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(file, sizeof(file), "%s%s", to, ends[i]);
		unlink(file);
	}
	rmdir(to);
	return status;
}

static coffer_status
read_dump(const char *from, coffer_error *error)
{
	const coffer_transfer_options options = {.is_forced = true};
	coffer_transfer_summary summary;
	struct coffer_source *source;
	coffer_status status = coffer_dump_source_open(from, &options, &source, error);

	if (!status)
		status = coffer_transfer_import(source, path, &options, &summary, error);
	coffer_source_close(source);
	return status;
}

static coffer_status
drop(void *context, const char *bytes, size_t size, coffer_error *error)
{
	(void)context;
	(void)bytes;
	(void)size;
	(void)error;
	return COFFER_OK;
}

static coffer_status
run_sql(coffer_error *error)
{
	const coffer_transfer_options options = {.warn = NULL};
	coffer_transfer_summary summary;
	struct coffer_source *source;
	coffer_status status = coffer_store_source_open(path, &options, &source, error);

	if (!status)
		status = coffer_sql_write(source, drop, NULL, &summary, error);
	coffer_source_close(source);
	return status;
}

/* One dump after the other takes the store's place: what one that fails leaves is the one before. */
static const char *dump_path;

static coffer_status
run_dump(coffer_error *error)
{
	return read_dump(dump_path, error);
}

static coffer_status
prepare_types(coffer_error *error)
{
	(void)error;
	dump_path = "fuzz/corpus/ddl/eighteen";
	return COFFER_OK;
}

static coffer_status
prepare_indexes(coffer_error *error)
{
	(void)error;
	dump_path = "fuzz/corpus/ddl/indexes";
	return COFFER_OK;
}

static coffer_status
prepare_rows(coffer_error *error)
{
	dump_path = "fuzz/corpus/dump/partition";
	return read_dump("fuzz/corpus/dump/order", error);
}

/* ------------------------------------------------------------------ the loop */

struct operation {
	const char *name;
	coffer_status (*run)(coffer_error *error);
	bool is_writing; /* a store of its own takes the place of the old one */
	long step;       /* of the calls behind the first forty: which are tried */
	coffer_status (*prepare)(coffer_error *error);
};

/* The old store, by its content: what a failed operation must leave. */
static char *
read_file(size_t *size_out)
{
	FILE *file = fopen(path, "rb");
	struct stat facts;
	char *bytes;

	assert_non_null(file);
	assert_int_equal(stat(path, &facts), 0);
	bytes = test_malloc((size_t)facts.st_size + 1);
	*size_out = fread(bytes, 1, (size_t)facts.st_size, file);
	fclose(file);
	return bytes;
}

/* Nothing lies beside the store; a lock file may be left, which harms nobody. */
static void
check_alone(void)
{
	DIR *entries = opendir(folder);
	struct dirent *entry;

	assert_non_null(entries);
	while ((entry = readdir(entries)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
		    strcmp(entry->d_name, "store.coffer") != 0 &&
		    strcmp(entry->d_name, "store.coffer-lock") != 0)
			fail_msg("%s was left", entry->d_name);
	closedir(entries);
}

static void
check_untouched(const char *old, size_t old_size)
{
	size_t size;
	char *bytes = read_file(&size);

	assert_int_equal(size, old_size);
	assert_memory_equal(bytes, old, size);
	test_free(bytes);
	check_alone();
}

/* Run the operation with the n-th call failing. False when it got through without being hit. */
static bool
inject_once(const struct operation *operation, enum site site, long n)
{
	size_t old_size;
	char *old = read_file(&old_size);
	coffer_error error = {0};
	coffer_status status;

	was_hit = false;
	countdown[site] = n;
	status = operation->run(&error);
	disarm();
	if (status && !was_hit)
		fail_msg("%s: %s: %s", operation->name, error.place, error.message);
	/* Memory for a cache may be refused without harm; a write may not. */
	if (!status && was_hit && site == SITE_DISK && operation->is_writing)
		fail_msg("%s: call %ld failed and nobody noticed", operation->name, n);
	if (status) {
		assert_true(status < 0);
		if (site == SITE_MEMORY && status == COFFER_CORRUPT)
			fail_msg("%s: allocation %ld failed: %s", operation->name, n, error.message);
		assert_int_equal(error.status, status);
		assert_true(error.message[0]);
		if (!strstr(error.message, "the new file is in its place"))
			check_untouched(old, old_size);
	}
	test_free(old);
	return was_hit;
}

/* Fail at every n until the operation is through before the n-th; where it is dear, not at every n after the first forty.
 * Returns that n. */
static long
inject(const struct operation *operation, enum site site)
{
	long n = 0;

	while (inject_once(operation, site, n))
		n += n >= 40 ? operation->step : 1;
	return n;
}

static void
test_operation(void **state)
{
	const struct operation *operation = *state;
	coffer_error error = {0};

	was_hit = false;
	assert_int_equal(run_generate(&error), COFFER_OK);
	assert_int_equal(run_verify(&error), COFFER_OK);
	if (operation->prepare)
		assert_int_equal(operation->prepare(&error), COFFER_OK);
	for (enum site site = 0; site < SITES; site++)
		assert_true(inject(operation, site) > 3);
	check_alone();
	assert_int_equal(run_verify(&error), COFFER_OK);
}

/* A full disk is told apart from a broken one. */
static void
test_full_disk(void **state)
{
	coffer_error error = {0};

	(void)state;
	disk_code = ENOSPC;
	countdown[SITE_DISK] = 40;
	assert_int_equal(run_generate(&error), COFFER_FULL);
	disarm();
	disk_code = EIO;
}

static int
set_up(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/store.coffer", folder);
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
	return rmdir(folder);
}

int
main(int count, char **arguments)
{
	static struct operation operations[] = {
		{"create", run_create, true, 1, NULL},
		{"generate", run_generate, true, 1, NULL},
		{"read", run_read, false, 1, NULL},
		{"verify", run_verify, false, 1, NULL},
		{"import", run_import, true, 7, NULL},
		{"export", run_export, false, 7, NULL},
		{"fill", run_fill, false, 7, prepare_fill},
		{"folder", run_folder, true, 31, NULL},
		{"dump of types", run_dump, true, 17, prepare_types},
		{"dump of indexes", run_dump, true, 17, prepare_indexes},
		{"dump of rows", run_dump, true, 7, prepare_rows},
		{"sql", run_sql, false, 3, prepare_rows},
		{"verify, shared", run_verify_shared, false, 13, NULL},
	};
	const struct CMUnitTest files[] = {
		cmocka_unit_test_prestate(test_operation, &operations[0]),
		cmocka_unit_test_prestate(test_operation, &operations[1]),
		cmocka_unit_test_prestate(test_operation, &operations[2]),
		cmocka_unit_test_prestate(test_operation, &operations[3]),
		cmocka_unit_test_prestate(test_operation, &operations[12]),
		cmocka_unit_test_prestate(test_operation, &operations[7]),
		cmocka_unit_test_prestate(test_operation, &operations[8]),
		cmocka_unit_test_prestate(test_operation, &operations[9]),
		cmocka_unit_test_prestate(test_operation, &operations[10]),
		cmocka_unit_test_prestate(test_operation, &operations[11]),
		cmocka_unit_test(test_full_disk),
	};
	const struct CMUnitTest server[] = {
		cmocka_unit_test_prestate(test_operation, &operations[4]),
		cmocka_unit_test_prestate(test_operation, &operations[5]),
		cmocka_unit_test_prestate(test_operation, &operations[6]),
	};

	(void)arguments;
	if (count > 1)
		return cmocka_run_group_tests_name("faults with a server", server, set_up,
						   tear_down);
	return cmocka_run_group_tests_name("faults", files, set_up, tear_down);
}
