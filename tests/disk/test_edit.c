/*
 * disk/: edits. What is seen when, by whom, and what stays after a commit, an abort, a full map or a killed process.
 */
#include "disk/disk.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/coffer-edit.XXXXXX";
static char path[64], lock_path[72];

static struct coffer_bytes
bytes(const char *text)
{
	return (struct coffer_bytes){(const uint8_t *)text, strlen(text)};
}

/* A file with the trees "a" and "b"; "a" has one entry a=value. */
static void
must_build(const char *value)
{
	struct coffer_build *build;
	coffer_error error = {0};
	uint32_t a, b;

	assert_int_equal(coffer_build_begin(path, true, 4, &build, &error), COFFER_OK);
	assert_int_equal(coffer_build_tree(build, "a", &a, &error), COFFER_OK);
	assert_int_equal(coffer_build_tree(build, "b", &b, &error), COFFER_OK);
	assert_int_equal(coffer_build_append(build, a, bytes("a"), bytes(value), &error),
			 COFFER_OK);
	assert_int_equal(coffer_build_finish(build, &error), COFFER_OK);
}

static struct coffer_disk *
must_open(void)
{
	struct coffer_disk *disk;
	coffer_error error = {0};

	if (coffer_disk_open_to_write(path, &disk, &error))
		fail_msg("%s", error.message);
	return disk;
}

static struct coffer_edit *
must_begin(struct coffer_disk *disk)
{
	struct coffer_edit *edit;
	coffer_error error = {0};

	if (coffer_edit_begin(disk, &edit, &error))
		fail_msg("%s", error.message);
	return edit;
}

static void
must_put(struct coffer_edit *edit, const char *key, const char *value)
{
	coffer_error error = {0};

	if (coffer_edit_put(edit, 0, bytes(key), bytes(value), &error))
		fail_msg("%s", error.message);
}

static void
must_commit(struct coffer_edit *edit)
{
	coffer_error error = {0};

	if (coffer_edit_commit(edit, &error))
		fail_msg("%s", error.message);
}

/* `value` NULL: there is none. */
static void
check_in(struct coffer_snapshot *snapshot, const char *key, const char *value)
{
	struct coffer_bytes found;
	coffer_status status = coffer_snapshot_get(snapshot, 0, bytes(key), &found, NULL);

	assert_int_equal(status, value ? COFFER_OK : COFFER_NOT_FOUND);
	if (value) {
		assert_int_equal(found.size, strlen(value));
		assert_memory_equal(found.data, value, found.size);
	}
}

static void
check(struct coffer_disk *disk, const char *key, const char *value)
{
	struct coffer_snapshot *snapshot;
	coffer_error error = {0};

	if (coffer_disk_snapshot(disk, &snapshot, &error))
		fail_msg("%s", error.message);
	check_in(snapshot, key, value);
	coffer_snapshot_end(snapshot);
}

static void
an_edit_sees_its_changes_and_others_see_them_after_its_commit(void **state)
{
	struct coffer_disk *disk;
	struct coffer_edit *edit;
	struct coffer_snapshot *before;
	coffer_error error = {0};

	(void)state;
	must_build("1");
	disk = must_open();
	assert_int_equal(coffer_disk_snapshot(disk, &before, &error), COFFER_OK);
	edit = must_begin(disk);
	must_put(edit, "a", "2");
	must_put(edit, "b", "3");
	assert_int_equal(coffer_edit_size(edit), 4);
	check_in(coffer_edit_snapshot(edit), "a", "2");
	check_in(coffer_edit_snapshot(edit), "b", "3");
	assert_int_equal(coffer_edit_delete(edit, 0, bytes("b"), &error), COFFER_OK);
	assert_int_equal(coffer_edit_delete(edit, 0, bytes("b"), &error), COFFER_NOT_FOUND);
	check_in(coffer_edit_snapshot(edit), "b", NULL);
	check(disk, "a", "1");
	must_commit(edit);
	check_in(before, "a", "1");
	check(disk, "a", "2");
	coffer_snapshot_end(before);
	coffer_disk_close(disk);
}

static void
an_aborted_edit_leaves_nothing(void **state)
{
	struct coffer_disk *disk;
	struct coffer_edit *edit;

	(void)state;
	must_build("1");
	disk = must_open();
	edit = must_begin(disk);
	must_put(edit, "a", "2");
	coffer_edit_abort(edit);
	check(disk, "a", "1");
	edit = must_begin(disk);
	check_in(coffer_edit_snapshot(edit), "a", "1");
	coffer_edit_abort(edit);
	coffer_disk_close(disk);
}

static int
set_up(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/store", folder);
	snprintf(lock_path, sizeof(lock_path), "%s-lock", path);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(path);
	unlink(lock_path);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_edit_sees_its_changes_and_others_see_them_after_its_commit),
		cmocka_unit_test(an_aborted_edit_leaves_nothing),
	};

	return cmocka_run_group_tests_name("edits", tests, set_up, tear_down);
}
