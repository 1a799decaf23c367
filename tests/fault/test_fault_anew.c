/*
 * Stores that are written anew from something else, a dump, a store, a damaged store, in place of an old one: the n-th allocation
 * or call into a file fails, for n = 0, 1, 2 ... until one gets through, and the old store is as it was; or the process is
 * killed there, and what stands is the old store or the new one, whole, with nothing beside it but at most the file whose turn
 * was next.
 */
#include "tests/fault/inject.h"
#include "tests/support/must.h"
#include "tests/support/whole.h"

#include "coffer.h"
#include "transfer/dump.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

enum {
	PAGE_DAMAGED = 9,
	FIRST_ONES = 120, /* calls that each fail; of those behind them one in STEP */
	STEP = 13,
	STATES = 2, /* the old store's and the new one's */
};

static char folder[] = "/tmp/coffer-fault.XXXXXX", other_folder[] = "/tmp/coffer-fault.XXXXXX";
static char path[sizeof(folder) + 16], source[sizeof(folder) + 16], damaged[sizeof(folder) + 16];
static char *old_bytes;
static size_t old_size;

/* ------------------------------------------------------------------ operations */

static coffer_status
run_create(coffer_error *error)
{
	const coffer_load_options options = {.is_forced = true};
	coffer_schema *schema;
	coffer_status status = coffer_schema_builtin(&schema, error);

	if (!status)
		status = coffer_store_create(path, schema, &options, error);
	coffer_schema_free(schema);
	return status;
}

static coffer_status
run_import(coffer_error *error)
{
	const coffer_transfer_options options = {.is_forced = true};
	coffer_transfer_summary summary;
	struct coffer_source *dump;
	coffer_status status =
		coffer_dump_source_open("fuzz/corpus/dump/order", &options, &dump, error);

	if (!status)
		status = coffer_transfer_import(dump, path, &options, &summary, error);
	coffer_source_close(dump);
	return status;
}

static coffer_status
run_copy(coffer_error *error)
{
	const coffer_copy_options options = {.is_forced = true};
	coffer_store *store;
	coffer_status status = coffer_store_open(source, &store, error);

	if (!status)
		status = coffer_store_copy(store, path, &options, error);
	coffer_store_close(store);
	return status;
}

/* With a column that is new, and without most others. */
static coffer_status
run_migrate(coffer_error *error)
{
	static const char prisma[] = "model LiteLLM_ModelTable {\n"
				     "  id Int @id\n  model_aliases Json? @map(\"aliases\")\n"
				     "  more String @default(\"more\")\n}\n";
	const coffer_migrate_options options = {.is_forced = true};
	coffer_schema *schema = NULL;
	coffer_store *store;
	coffer_status status = coffer_store_open(source, &store, error);

	if (!status)
		status = coffer_schema_parse_prisma((coffer_text){prisma, sizeof(prisma) - 1},
						    "fault.prisma", &schema, error);
	if (!status)
		status = coffer_store_migrate(store, path, schema, &options, error);
	coffer_schema_free(schema);
	coffer_store_close(store);
	return status;
}

static coffer_status
run_recover(coffer_error *error)
{
	const coffer_recover_options options = {.is_forced = true};
	coffer_recover_summary summary;

	return coffer_store_recover(damaged, path, &options, &summary, error);
}

/* What follows replaces the store by itself. */
static coffer_status
run_compact(coffer_error *error)
{
	const coffer_rewrite_options options = {.path = NULL};
	coffer_rewrite_summary summary;
	coffer_store *store;
	coffer_status status = coffer_store_open(path, &store, error);

	return status ? status : coffer_store_compact(store, &options, &summary, error);
}

static coffer_status
run_prune(coffer_error *error)
{
	const coffer_prune_options options = {.before = INT64_MAX};
	coffer_rewrite_summary summary;
	uint64_t pruned;
	coffer_store *store;
	coffer_status status = coffer_store_open(path, &store, error);

	if (!status)
		status = coffer_store_prune(store, &options, &pruned, &summary, error);
	assert_true(status || pruned == 1);
	return status;
}

static const struct operation {
	const char *name;
	coffer_status (*run)(coffer_error *error);
} operations[] = {
	{"create", run_create},   {"import", run_import},   {"copy", run_copy},
	{"migrate", run_migrate}, {"recover", run_recover}, {"compact", run_compact},
	{"prune", run_prune},
};
enum { OPERATIONS = sizeof(operations) / sizeof(operations[0]) };

/* ------------------------------------------------------------------ what stands there */

static void
restore_old(void)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(old_bytes, 1, old_size, file), old_size);
	assert_int_equal(fclose(file), 0);
}

static bool
is_old(void)
{
	FILE *file = fopen(path, "rb");
	char *bytes = test_malloc(old_size + 1);
	bool is;

	assert_non_null(file);
	is = fread(bytes, 1, old_size + 1, file) == old_size && !memcmp(bytes, old_bytes, old_size);
	test_free(bytes);
	fclose(file);
	return is;
}

/* Files beside the store, which go. One that has something in it is a whole store. */
static unsigned
clear_others(void)
{
	DIR *entries = opendir(folder);
	struct dirent *entry;
	char name[sizeof(folder) + 256];
	unsigned count = 0;

	assert_non_null(entries);
	while ((entry = readdir(entries))) {
		struct stat facts;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") ||
		    !strcmp(entry->d_name, "store") || !strcmp(entry->d_name, "store-lock"))
			continue;
		(void)snprintf(name, sizeof(name), "%s/%s", folder, entry->d_name);
		assert_int_equal(strncmp(entry->d_name, ".store.", 7), 0);
		assert_int_equal(stat(name, &facts), 0);
		if (facts.st_size)
			must_be_whole_at(name);
		assert_int_equal(unlink(name), 0);
		count++;
	}
	closedir(entries);
	return count;
}

/* ------------------------------------------------------------------ failures */

/* What comes of an operation that gets through, failures or not. */
static uint8_t whole[COFFER_DIGEST_SIZE];

static void
must_be_new(void)
{
	uint8_t digest[COFFER_DIGEST_SIZE];

	must_be_whole_at(path);
	must_digest(path, digest);
	assert_memory_equal(digest, whole, sizeof(digest));
}

static bool
inject_failure(const struct operation *operation, enum site site, long n)
{
	coffer_error error = {0};
	coffer_status status;

	was_hit = false;
	countdown[site] = n;
	status = operation->run(&error);
	disarm();
	if (status && (!was_hit || status > 0 || error.status != status || !error.message[0]))
		fail_msg("%s: call %ld: status %d: %s: %s", operation->name, n, status, error.place,
			 error.message);
	/* What was cut short or interrupted may have been done again. */
	if (!status && was_hit && site == SITE_DISK && disk_code != SHORT && disk_code != EINTR)
		fail_msg("%s: call %ld failed and nobody noticed", operation->name, n);
	assert_int_equal(clear_others(), 0);
	if (status && !strstr(error.message, "the new file is in its place"))
		assert_true(is_old());
	else
		must_be_new();
	restore_old();
	return was_hit;
}

static long
next_call(long n)
{
	return n + (n < FIRST_ONES ? 1 : STEP);
}

static void
every_call_may_fail(void **state)
{
	static const int codes[] = {EIO, ENOSPC, EINTR, SHORT};

	(void)state;
	for (size_t i = 0; i < OPERATIONS; i++) {
		coffer_error error = {0};
		long n = 0;

		must(operations[i].run(&error), &error);
		must_digest(path, whole);
		restore_old();
		while (inject_failure(&operations[i], SITE_MEMORY, n))
			n = next_call(n);
		assert_true(n > 20);
		for (size_t code = 0; code < sizeof(codes) / sizeof(codes[0]); code++) {
			disk_code = codes[code];
			for (n = 0; inject_failure(&operations[i], SITE_DISK, n);)
				n = next_call(n);
			assert_true(n > 20);
		}
		disk_code = EIO;
	}
}

/* ------------------------------------------------------------------ kills */

/* False when the operation got through. */
static bool
kill_at(const struct operation *operation, long n)
{
	pid_t child = fork();
	coffer_error error = {0};
	int status;

	assert_true(child >= 0);
	if (!child) {
		disk_code = KILLED;
		countdown[SITE_DISK] = n;
		_exit(operation->run(&error) ? 1 : 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : !WEXITSTATUS(status));
	return WIFSIGNALED(status);
}

/* Which state stands there after a kill: 0, the old one, or 1, which may have the same content. */
static int
check_after_kill(const struct operation *operation, long n)
{
	uint8_t digest[COFFER_DIGEST_SIZE];

	if (is_old())
		return 0;
	must_be_whole_at(path);
	must_digest(path, digest);
	if (memcmp(digest, whole, sizeof(digest)) != 0)
		fail_msg("%s: killed at call %ld: neither the old store nor the new one",
			 operation->name, n);
	return 1;
}

static void
a_kill_leaves_the_old_store_or_the_new_one(void **state)
{
	unsigned left = 0, seen[STATES] = {0};
	coffer_error error = {0};

	(void)state;
	for (size_t i = 0; i < OPERATIONS; i++) {
		restore_old();
		must(operations[i].run(&error), &error);
		must_digest(path, whole);
		restore_old();
		for (long n = 0; kill_at(&operations[i], n); n++) {
			int is_new = check_after_kill(&operations[i], n);
			unsigned others = clear_others();

			assert_true(others <= 1);
			left += others;
			seen[is_new]++;
			if (is_new)
				restore_old();
		}
		assert_int_equal(check_after_kill(&operations[i], -1), 1);
	}
	assert_true(seen[0] > 100 && seen[1] >= OPERATIONS);
	assert_true(left >= OPERATIONS);
}

/* ------------------------------------------------------------------ set up */

static void
read_old(void)
{
	FILE *file = fopen(path, "rb");
	struct stat facts;

	assert_non_null(file);
	assert_int_equal(stat(path, &facts), 0);
	old_size = (size_t)facts.st_size;
	old_bytes = malloc(old_size);
	assert_non_null(old_bytes);
	assert_int_equal(fread(old_bytes, 1, old_size, file), old_size);
	fclose(file);
}

/* A page of a store that is whole otherwise. */
static void
damage_page(void)
{
	FILE *file = fopen(damaged, "r+b");

	assert_non_null(file);
	assert_int_equal(fseek(file, PAGE_DAMAGED * 4096 + 100, SEEK_SET), 0);
	for (int i = 0; i < 600; i++)
		assert_int_equal(fputc(0x5a, file), 0x5a);
	assert_int_equal(fclose(file), 0);
}

static int
set_up(void **state)
{
	static const char *const tables[] = {"LiteLLM_ModelTable", "LiteLLM_AuditLog", NULL};
	coffer_generate_options options = {.rows = 3, .seed = 7, .tables = tables};
	coffer_error error = {0};

	(void)state;
	if (!mkdtemp(folder) || !mkdtemp(other_folder))
		return -1;
	(void)snprintf(path, sizeof(path), "%s/store", folder);
	(void)snprintf(source, sizeof(source), "%s/source", other_folder);
	(void)snprintf(damaged, sizeof(damaged), "%s/damaged", other_folder);
	must(coffer_generate(path, &options, &error), &error);
	read_old();
	options.seed = 8;
	must(coffer_generate(source, &options, &error), &error);
	options.tables = NULL;
	must(coffer_generate(damaged, &options, &error), &error);
	damage_page();
	return 0;
}

static int
tear_down(void **state)
{
	static const char *const ends[] = {"", "-lock"};
	const char *const files[] = {path, source, damaged};
	char name[sizeof(path) + 8];

	(void)state;
	free(old_bytes);
	for (size_t i = 0; i < 6; i++) {
		(void)snprintf(name, sizeof(name), "%s%s", files[i / 2], ends[i % 2]);
		(void)unlink(name);
	}
	return rmdir(folder) || rmdir(other_folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_call_may_fail),
		cmocka_unit_test(a_kill_leaves_the_old_store_or_the_new_one),
	};

	return cmocka_run_group_tests_name("stores written anew", tests, set_up, tear_down);
}
