/*
 * disk/: a file that ends before its last page is whole when the pages that it lacks are free (SPEC.md 3.1), and cut when
 * not. The files are liblmdb's own, which leaves out the pages that an edit took at the end and gave back.
 */
#include "disk/lmdb.h"
#include "tests/support/file.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct coffer_pages_meta metas[2];

static coffer_status
look(coffer_error *error)
{
	int fd = open(file_path, O_RDONLY);
	coffer_status status;

	assert_true(fd >= 0);
	status = coffer_meta_read(fd, metas, error);
	close(fd);
	return status;
}

static uint64_t
file_pages(void)
{
	struct stat facts;

	assert_int_equal(stat(file_path, &facts), 0);
	return (uint64_t)facts.st_size / 4096;
}

/* `keys` of them, each with a value of `size` bytes, put or deleted. */
static void
change(MDB_txn *txn, MDB_dbi tree, unsigned keys, size_t size, bool is_put)
{
	char *value = calloc(1, size);

	for (unsigned i = 0; i < keys; i++) {
		MDB_val key = {sizeof(i), &i}, data = {size, value};

		assert_int_equal(is_put ? mdb_put(txn, tree, &key, &data, 0)
					: mdb_del(txn, tree, &key, NULL),
				 0);
	}
	free(value);
}

/*
 * Entries that stay and entries that go; as many transactions as `records` under a reader, each of which leaves a record
 * in the free tree; then a few in which what was last written is freed and what was first freed is used.
 */
struct recipe {
	unsigned kept, records, lost;
	size_t size;
	unsigned depth; /* of the free tree */
};

static MDB_env *
new_environment(void)
{
	MDB_env *env;

	(void)unlink(file_path);
	assert_int_equal(mdb_env_create(&env), 0);
	assert_int_equal(mdb_env_set_maxdbs(env, 2), 0);
	assert_int_equal(mdb_env_set_mapsize(env, (size_t)1 << 30), 0);
	assert_int_equal(mdb_env_open(env, file_path, MDB_NOSUBDIR | MDB_NOSYNC | MDB_NOTLS, 0600),
			 0);
	return env;
}

static void
change_a_little(MDB_env *env, MDB_dbi tree)
{
	MDB_txn *txn;

	assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
	change(txn, tree, 1, 500, true);
	assert_int_equal(mdb_txn_commit(txn), 0);
}

static void
write_file(const struct recipe *recipe)
{
	MDB_env *env = new_environment();
	MDB_txn *txn, *reader;
	MDB_dbi a, b;

	assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
	assert_int_equal(mdb_dbi_open(txn, "a", MDB_CREATE, &a), 0);
	assert_int_equal(mdb_dbi_open(txn, "b", MDB_CREATE, &b), 0);
	change(txn, a, recipe->kept, 500, true);
	change(txn, b, recipe->lost, recipe->size, true);
	assert_int_equal(mdb_txn_commit(txn), 0);
	assert_int_equal(mdb_txn_begin(env, NULL, MDB_RDONLY, &reader), 0);
	for (unsigned i = 0; i < recipe->records; i++)
		change_a_little(env, a);
	mdb_txn_abort(reader);
	assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
	change(txn, b, recipe->lost, recipe->size, false);
	assert_int_equal(mdb_txn_commit(txn), 0);
	for (unsigned i = 0; i < 5; i++)
		change_a_little(env, a);
	mdb_env_close(env);
}

/* What liblmdb says is free: the first page of those that reach the end, and the last page. */
static void
find_tail(uint64_t *first_out, uint64_t *last_out)
{
	MDB_env *env;
	MDB_txn *txn;
	MDB_cursor *cursor;
	MDB_envinfo info;
	MDB_val key, value;
	bool *is_free;
	uint64_t page;

	assert_int_equal(mdb_env_create(&env), 0);
	assert_int_equal(mdb_env_open(env, file_path, MDB_NOSUBDIR | MDB_NOLOCK | MDB_RDONLY, 0600),
			 0);
	assert_int_equal(mdb_env_info(env, &info), 0);
	is_free = calloc(info.me_last_pgno + 1, sizeof(*is_free));
	assert_int_equal(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn), 0);
	assert_int_equal(mdb_cursor_open(txn, 0, &cursor), 0);
	while (!mdb_cursor_get(cursor, &key, &value, MDB_NEXT))
		for (uint64_t i = 1, count = *(uint64_t *)value.mv_data; i <= count; i++) {
			memcpy(&page, (char *)value.mv_data + i * sizeof(page), sizeof(page));
			is_free[page] = true;
		}
	mdb_cursor_close(cursor);
	mdb_txn_abort(txn);
	mdb_env_close(env);
	*last_out = page = info.me_last_pgno;
	while (is_free[page])
		page--;
	*first_out = page + 1;
	free(is_free);
}

/* One leaf, records on overflow pages, and a free tree of several levels. */
static const struct recipe recipes[] = {{40, 0, 40, 500, 1},
					{40, 0, 10000, 500, 1},
					{40, 1500, 10, 500, 2},
					{4, 16000, 300, 500, 3}};

static void
a_file_may_lack_its_free_pages_and_no_other(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(recipes) / sizeof(recipes[0]); i++) {
		coffer_error error = {0};
		uint64_t first, last, page;

		write_file(&recipes[i]);
		find_tail(&first, &last);
		assert_true(first <= last);
		if (look(&error))
			fail_msg("%s", error.message);
		assert_int_equal(coffer_pages_newer(metas)->free.depth, recipes[i].depth);
		for (page = file_pages(); page >= first; page--) {
			assert_int_equal(truncate(file_path, (off_t)(page * 4096)), 0);
			assert_int_equal(look(&error), COFFER_OK);
		}
		assert_int_equal(truncate(file_path, (off_t)(first * 4096 - 1)), 0);
		check_failed(look(&error), &error, COFFER_CORRUPT, "cut");
		error = (coffer_error){0};
		assert_int_equal(truncate(file_path, (off_t)((first - 1) * 4096)), 0);
		check_failed(look(&error), &error, COFFER_CORRUPT, "cut");
	}
}

static void
such_a_file_is_read_and_written_and_has_its_length_then(void **state)
{
	struct coffer_disk *disk;
	uint64_t first, last;

	(void)state;
	write_file(&recipes[0]);
	find_tail(&first, &last);
	assert_int_equal(truncate(file_path, (off_t)(first * 4096)), 0);
	disk = must_open();
	must_write(disk, "new", "value");
	check(disk, "new", "value");
	coffer_disk_close(disk);
	assert_true(file_pages() > last);
	disk = must_open_to_read();
	check(disk, "new", "value");
	coffer_disk_close(disk);
}

/* Each byte of the pages of the free tree set to each of a few values: an answer, whatever it is, and never a crash. */
static void
a_damaged_free_list_is_refused_or_says_the_same(void **state)
{
	static const uint8_t values[] = {0x00, 0x01, 0x02, 0x04, 0x7f, 0xff};
	uint64_t first, last, refused = 0;
	uint8_t pages[2][4096], old;
	coffer_error error;
	off_t root;
	int fd;

	(void)state;
	write_file(&recipes[1]);
	find_tail(&first, &last);
	assert_int_equal(truncate(file_path, (off_t)(first * 4096)), 0);
	fd = open(file_path, O_RDWR);
	assert_int_equal(pread(fd, pages, sizeof(pages), 0), sizeof(pages));
	/* Transaction 2 is on page 0. */
	memcpy(&first, pages[0] + 80, sizeof(first));
	root = (off_t)first * 4096;
	for (off_t at = 0; at < 2 * 4096; at++) {
		off_t here = at < 4096 ? at : root + at - 4096;

		assert_int_equal(pread(fd, &old, 1, here), 1);
		for (size_t i = 0; i < sizeof(values); i++) {
			error = (coffer_error){0};
			assert_int_equal(pwrite(fd, &values[i], 1, here), 1);
			if (look(&error)) {
				refused++;
				assert_true(error.status == COFFER_CORRUPT ||
					    error.status == COFFER_NOT_A_COFFER);
			}
		}
		assert_int_equal(pwrite(fd, &old, 1, here), 1);
	}
	close(fd);
	assert_true(refused > 100);
	assert_int_equal(look(&error), COFFER_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_may_lack_its_free_pages_and_no_other),
		cmocka_unit_test(such_a_file_is_read_and_written_and_has_its_length_then),
		cmocka_unit_test(a_damaged_free_list_is_refused_or_says_the_same),
	};

	return cmocka_run_group_tests_name("free tail", tests, file_set_up, file_tear_down);
}
