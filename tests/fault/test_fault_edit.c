/*
 * The n-th allocation or call into the file fails, for n = 0, 1, 2 ... until an edit gets through: when the edit says that
 * it was committed the new state is there, else the old one, and the disk goes on or says that it has to be opened again.
 */
#include "tests/fault/inject.h"
#include "tests/support/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* Large values and small ones, on pages that were free and on new ones. */
static coffer_status
edit_once(struct coffer_disk *disk, coffer_error *error)
{
	struct coffer_edit *edit;
	struct coffer_bytes found;
	coffer_status status = coffer_edit_begin(disk, &edit, error);

	if (status)
		return status;
	if ((status = coffer_snapshot_get(coffer_edit_snapshot(edit), 0, bytes("a"), &found,
					  error)) ||
	    (status = coffer_edit_put(edit, 0, bytes("a"), bytes("new"), error)) ||
	    (status = coffer_edit_delete(edit, 0, bytes("b"), error)) ||
	    (status = fill(edit, 5, 20, 700, error)) ||
	    (status = fill(edit, 100, 2, 9000, error))) {
		coffer_edit_abort(edit);
		return status;
	}
	return coffer_edit_commit(edit, error);
}

static void
build_old(void)
{
	struct coffer_disk *disk;
	struct coffer_edit *edit;
	coffer_error error = {0};

	must_build("old");
	disk = must_open();
	for (int i = 0; i < 3; i++) {
		edit = must_begin(disk);
		must_put(edit, "b", "old");
		assert_int_equal(fill(edit, 0, 10, 700, &error), COFFER_OK);
		must_commit(edit);
	}
	coffer_disk_close(disk);
}

static void
check_state(struct coffer_disk *disk, bool is_new)
{
	struct coffer_snapshot *snapshot = must_snapshot(disk);
	struct coffer_tree_size size;

	check_in(snapshot, "a", is_new ? "new" : "old");
	check_in(snapshot, "b", is_new ? NULL : "old");
	assert_int_equal(coffer_snapshot_size(snapshot, 1, &size, NULL), COFFER_OK);
	assert_int_equal(size.entries, is_new ? 27 : 10);
	coffer_snapshot_end(snapshot);
}

/* The failure is told, as a full disk where it is one. */
static void
check_told(coffer_status status, const coffer_error *error, enum site site)
{
	assert_true(was_hit);
	assert_int_equal(error->status, status);
	assert_true(error->message[0]);
	if (site == SITE_MEMORY)
		assert_int_equal(status, COFFER_NO_MEMORY);
	else if (disk_code == ENOSPC)
		assert_int_equal(status, COFFER_FULL);
	else
		assert_int_equal(status, COFFER_IO);
}

/* Failures after which the disk had to be opened again: a meta page that could not be written. */
static unsigned reopened;

/* False when the edit got through without being hit. */
static bool
inject_into_edit(enum site site, long n)
{
	struct coffer_disk *disk;
	coffer_error error = {0}, later = {0};
	coffer_status status, next;

	build_old();
	disk = must_open();
	was_hit = false;
	countdown[site] = n;
	status = edit_once(disk, &error);
	disarm();
	if (status)
		check_told(status, &error, site);

	next = status ? edit_once(disk, &later) : COFFER_OK;
	reopened += next != COFFER_OK;
	if (next)
		check_failed(next, &later, COFFER_IO, "close the store and open it again");
	else
		check_state(disk, true);
	coffer_disk_close(disk);
	disk = must_open();
	check_state(disk, !status || !next);
	coffer_disk_close(disk);
	return was_hit;
}

static void
edits_fail_whole_or_not_at_all(void **state)
{
	static const int codes[] = {EIO, ENOSPC, EINTR, SHORT};

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		disk_code = codes[i];
		for (enum site site = 0; site < SITES; site++) {
			long n = 0;

			while (inject_into_edit(site, n))
				n++;
			assert_true(n >= (site == SITE_MEMORY ? 1 : 20));
		}
	}
	disk_code = EIO;
	assert_true(reopened > 0 && reopened < 6);
}

/* Opening for writing, with all of its steps. */
static bool
inject_into_open(enum site site, long n)
{
	struct coffer_disk *disk;
	coffer_error error = {0};
	coffer_status status;

	was_hit = false;
	countdown[site] = n;
	status = coffer_disk_open_to_write(file_path, &disk, &error);
	disarm();
	if (status) {
		assert_null(disk);
		check_told(status, &error, site);
		disk = must_open();
	}
	check_state(disk, false);
	coffer_disk_close(disk);
	assert_int_not_equal(access(file_lock_path, F_OK), 0);
	return was_hit;
}

static void
inject_into_opens(void)
{
	for (enum site site = 0; site < SITES; site++) {
		long n = 0;

		while (inject_into_open(site, n))
			n++;
		assert_true(n > (site == SITE_MEMORY ? 2 : 10));
	}
}

static void
opening_fails_clean(void **state)
{
	(void)state;
	build_old();
	inject_into_opens();
}

/* A file that lacks free pages: what cannot be read, or held in memory, is not called damage. */
static void
opening_a_short_file_fails_clean(void **state)
{
	struct coffer_disk *disk;
	struct coffer_edit *edit;
	coffer_error error = {0};
	struct stat facts;

	(void)state;
	build_old();
	disk = must_open();
	edit = must_begin(disk);
	assert_int_equal(fill(edit, 1000, 300, 9000, &error), COFFER_OK);
	must_commit(edit);
	edit = must_begin(disk);
	assert_int_equal(unfill(edit, 1000, 300, &error), COFFER_OK);
	must_commit(edit);
	for (int i = 0; i < 5; i++)
		must_write(disk, "a", "old");
	coffer_disk_close(disk);
	assert_int_equal(stat(file_path, &facts), 0);
	assert_int_equal(truncate(file_path, facts.st_size - 300 * 4096), 0);
	inject_into_opens();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edits_fail_whole_or_not_at_all),
		cmocka_unit_test(opening_fails_clean),
		cmocka_unit_test(opening_a_short_file_fails_clean),
	};

	return cmocka_run_group_tests_name("faults of edits", tests, file_set_up, file_tear_down);
}
