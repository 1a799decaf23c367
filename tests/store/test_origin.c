/*
 * Stores that are no file of their own: in memory, in a descriptor, in the middle of another file. They give what the file
 * gives, verify as it does, and nothing is left beside them.
 */
#include "tests/support/small.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { BEFORE = 1234 }; /* bytes of an archive in front of its member */

static char folder[] = "/tmp/coffer-origin.XXXXXX";
static char path[64], archive[64];
static coffer_error error;
static uint8_t *bytes;
static size_t size;
static uint8_t digest[COFFER_DIGEST_SIZE];

static void
must(coffer_status status)
{
	if (status)
		fail_msg("%s: %s", error.place, error.message);
}

static void
take_digest(coffer_store *store, uint8_t out[COFFER_DIGEST_SIZE])
{
	coffer_txn *txn;

	must(coffer_txn_begin(store, &txn, &error));
	must(coffer_store_digest(txn, out, &error));
	coffer_txn_end(txn);
}

static void
must_be_the_same(const coffer_origin *origin)
{
	uint8_t found[COFFER_DIGEST_SIZE];
	coffer_verify_summary summary;
	coffer_store_facts facts;
	coffer_store *store;

	must(coffer_store_open_origin(origin, &store, &error));
	take_digest(store, found);
	assert_memory_equal(found, digest, sizeof(digest));
	coffer_store_describe(store, &facts);
	assert_int_equal(facts.file_size, origin->size);
	coffer_store_close(store);
	must(coffer_verify_origin(origin, NULL, &summary, &error));
	assert_int_equal(summary.findings, 0);
	assert_int_equal(summary.rows, SMALL_TEAMS + SMALL_KEYS);
}

static void
memory_is_read(void **state)
{
	(void)state;
	must_be_the_same(&(coffer_origin){.memory = bytes, .size = size});
}

static void
a_descriptor_is_read(void **state)
{
	int fd = open(path, O_RDONLY);

	(void)state;
	must_be_the_same(&(coffer_origin){.fd = fd, .size = size});
	must_be_the_same(&(coffer_origin){.fd = fd, .size = size, .cache_size_max = 1});
	close(fd);
}

static void
a_member_of_an_archive_is_read(void **state)
{
	int fd = open(archive, O_RDONLY);

	(void)state;
	must_be_the_same(&(coffer_origin){.fd = fd, .offset = BEFORE, .size = size});
	close(fd);
}

/* Where the bytes end early, an error comes and no signal. */
static void
a_cut_descriptor_is_an_error(void **state)
{
	int fd = open(archive, O_RDWR);
	coffer_origin origin = {.fd = fd, .offset = BEFORE, .size = size, .cache_size_max = 1};
	uint8_t found[COFFER_DIGEST_SIZE];
	coffer_store *store;
	coffer_txn *txn;

	(void)state;
	must(coffer_store_open_origin(&origin, &store, &error));
	assert_int_equal(ftruncate(fd, BEFORE + 3 * 4096), 0);
	must(coffer_txn_begin(store, &txn, &error));
	assert_int_equal(coffer_store_digest(txn, found, &error), COFFER_CORRUPT);
	coffer_txn_end(txn);
	coffer_store_close(store);
	assert_int_equal(coffer_store_open_origin(&origin, &store, NULL), COFFER_CORRUPT);
	assert_null(store);
	close(fd);
}

static void
other_bytes_are_refused(void **state)
{
	static const char text[4096] = "no store";
	coffer_origin origin = {.memory = text, .size = sizeof(text)};
	coffer_verify_summary summary;
	coffer_store *store;

	(void)state;
	assert_int_equal(coffer_store_open_origin(&origin, &store, NULL), COFFER_NOT_A_COFFER);
	assert_int_equal(coffer_verify_origin(&origin, NULL, &summary, NULL), COFFER_NOT_A_COFFER);
	origin.size = 0;
	assert_int_equal(coffer_store_open_origin(&origin, &store, NULL), COFFER_NOT_A_COFFER);
	origin = (coffer_origin){.memory = bytes, .size = size / 2};
	assert_int_equal(coffer_store_open_origin(&origin, &store, NULL), COFFER_CORRUPT);
}

static void
it_is_not_written(void **state)
{
	const coffer_origin origin = {.memory = bytes, .size = size};
	coffer_store *store;
	coffer_txn *txn;

	(void)state;
	must(coffer_store_open_origin(&origin, &store, &error));
	assert_int_equal(coffer_txn_begin_write(store, &txn, NULL), COFFER_INVALID);
	coffer_store_close(store);
}

/* A file that nobody may write, in a folder that nobody may write: no lock file is made. */
static void
a_read_only_folder_stays_as_it_is(void **state)
{
	uint8_t found[COFFER_DIGEST_SIZE];
	coffer_store *store;
	char lock[80];

	(void)state;
	(void)snprintf(lock, sizeof(lock), "%s-lock", path);
	if (!getuid() && seteuid(65534))
		skip();
	if (!coffer_store_open(path, &store, &error)) {
		take_digest(store, found);
		assert_memory_equal(found, digest, sizeof(digest));
		coffer_store_close(store);
	} else {
		fail_msg("%s: %s", error.place, error.message);
	}
	assert_int_equal(access(lock, F_OK), -1);
	if (!getuid())
		assert_int_equal(seteuid(0), 0);
}

static void
write_archive(void)
{
	static const uint8_t before[BEFORE] = {7};
	FILE *file = fopen(archive, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(before, 1, BEFORE, file), BEFORE);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fwrite(before, 1, BEFORE, file), BEFORE);
	fclose(file);
}

static int
setup(void **state)
{
	struct stat facts;
	coffer_store *store;
	FILE *file;

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof(path), "%s/store", folder);
	(void)snprintf(archive, sizeof(archive), "%s/archive", folder);
	small_store(path);
	must(coffer_store_open(path, &store, &error));
	take_digest(store, digest);
	coffer_store_close(store);
	file = fopen(path, "rb");
	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &facts), 0);
	size = (size_t)facts.st_size;
	bytes = malloc(size);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, size, file), size);
	fclose(file);
	write_archive();
	assert_int_equal(chmod(path, 0444), 0);
	return chmod(folder, 0555);
}

static int
teardown(void **state)
{
	(void)state;
	free(bytes);
	(void)chmod(folder, 0755);
	unlink(path);
	unlink(archive);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_read),
		cmocka_unit_test(a_descriptor_is_read),
		cmocka_unit_test(a_member_of_an_archive_is_read),
		cmocka_unit_test(other_bytes_are_refused),
		cmocka_unit_test(it_is_not_written),
		cmocka_unit_test(a_read_only_folder_stays_as_it_is),
		cmocka_unit_test(a_cut_descriptor_is_an_error),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
