/*
 * disk/: who may not have the lock file. What is read without it is right or refused, whatever a writer does meanwhile; and the
 * lock file is theirs who may write the store, and nobody else's.
 */
#include "tests/support/file.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	STRANGER = 65534,
	KEYS = 200,
	VALUE_SIZE = 300,
	RUN_MS = 700,
};

/* A reader who may not open the lock file: another user where root runs the test, else one to whom it was closed. */
static void
become_stranger(void)
{
	if (!geteuid())
		ensure(!setegid(STRANGER) && !seteuid(STRANGER));
}

/* The file is open to all, and so is the folder. */
static void
must_build_for_all(void)
{
	must_build("0");
	ensure(!chmod(file_folder, 0755) && !chmod(file_path, 0644));
}

/* Open to write, which makes the lock file; a stranger cannot open that. */
static struct coffer_disk *
must_open_alone(void)
{
	struct coffer_disk *disk = must_open();

	ensure(!chmod(file_lock_path, 0));
	return disk;
}

static void
write_all(struct coffer_disk *disk, unsigned number)
{
	struct coffer_edit *edit = must_begin(disk);
	char key[16], value[VALUE_SIZE + 1];

	snprintf(value, sizeof(value), "%0*u", VALUE_SIZE, number);
	for (unsigned i = 0; i < KEYS; i++) {
		snprintf(key, sizeof(key), "key %03u", i);
		must_put(edit, key, value);
	}
	must_commit(edit);
}

static coffer_status
read_one(struct coffer_snapshot *snapshot, unsigned i, unsigned *number_out, coffer_error *error)
{
	char key[16], value[VALUE_SIZE + 1] = "";
	struct coffer_bytes found;
	coffer_status status;

	snprintf(key, sizeof(key), "key %03u", i);
	if ((status = coffer_snapshot_get(snapshot, 0, bytes(key), &found, error)))
		return status;
	ensure(found.size == VALUE_SIZE);
	memcpy(value, found.data, VALUE_SIZE);
	*number_out = (unsigned)strtoul(value, NULL, 10);
	return COFFER_OK;
}

/* ------------------------------------------------------------------ one commit ahead, two commits ahead */

static int
read_behind(int in, int out)
{
	struct coffer_snapshot *snapshot;
	struct coffer_disk *disk;
	coffer_error error = {0};
	unsigned number;

	become_stranger();
	hear(in);
	disk = must_open_to_read();
	snapshot = must_snapshot(disk);
	ensure(!read_one(snapshot, 0, &number, &error) && number == 1);
	say(out);
	hear(in);
	ensure(!read_one(snapshot, 100, &number, &error) && number == 1);
	say(out);
	hear(in);
	check_failed(read_one(snapshot, 199, &number, &error), &error, COFFER_BUSY, "in use");
	ensure(!read_one(snapshot, 0, &number, &error) && number == 1); /* it was read before */
	coffer_snapshot_end(snapshot);
	snapshot = must_snapshot(disk);
	ensure(!read_one(snapshot, 199, &number, &error) && number == 3);
	coffer_snapshot_end(snapshot);
	coffer_disk_close(disk);
	return 0;
}

static void
a_state_is_read_until_a_writer_may_have_written_over_it(void **state)
{
	struct coffer_disk *disk;
	struct child child;

	(void)state;
	must_build_for_all();
	child = child_start(read_behind);
	disk = must_open_alone();
	write_all(disk, 1);
	say(child.out);
	hear(child.in);
	write_all(disk, 2);
	say(child.out);
	hear(child.in);
	write_all(disk, 3);
	child_end(child);
	coffer_disk_close(disk);
}

static int
rest(int in, int out)
{
	struct coffer_snapshot *snapshot;
	struct coffer_disk *disk;
	bool is_same;
	unsigned number;

	become_stranger();
	hear(in);
	disk = must_open_to_read();
	snapshot = must_snapshot(disk);
	coffer_disk_rest(disk, snapshot);
	ensure(!coffer_disk_resume(disk, snapshot, &is_same, NULL) && is_same);
	ensure(!read_one(snapshot, 3, &number, NULL) && number == 1);
	coffer_disk_rest(disk, snapshot);
	say(out);
	hear(in);
	ensure(!coffer_disk_resume(disk, snapshot, &is_same, NULL) && !is_same);
	coffer_snapshot_end(snapshot);
	coffer_disk_close(disk);
	return 0;
}

static void
a_snapshot_that_rested_is_gone_on_with_if_nobody_committed(void **state)
{
	struct coffer_disk *disk;
	struct child child;

	(void)state;
	must_build_for_all();
	child = child_start(rest);
	disk = must_open_alone();
	write_all(disk, 1);
	say(child.out);
	hear(child.in);
	write_all(disk, 2);
	child_end(child);
	coffer_disk_close(disk);
}

/* ------------------------------------------------------------------ beside a writer */

/* One snapshot: true when all of it could be read, which is of one commit then. */
static bool
read_all(struct coffer_disk *disk, unsigned *number_out)
{
	struct coffer_snapshot *snapshot;
	coffer_error error = {0};
	coffer_status status = coffer_disk_snapshot(disk, &snapshot, &error);
	unsigned number = 0;

	for (unsigned i = 0; !status && i < KEYS; i++) {
		status = read_one(snapshot, i, &number, &error);
		ensure(status || !i || number == *number_out);
		if (!i)
			*number_out = number;
	}
	coffer_snapshot_end(snapshot);
	ensure_at(!status || status == COFFER_BUSY, error.message, __FILE__, __LINE__);
	return !status;
}

static int
read_on(int in, int out)
{
	unsigned last = 0, number = 0, reads = 0;
	int64_t end;

	become_stranger();
	hear(in);
	end = now_ms() + RUN_MS;
	while (now_ms() < end) {
		struct coffer_disk *disk = NULL;
		coffer_error error = {0};
		coffer_status status = coffer_disk_open(file_path, &disk, &error);

		ensure_at(!status || status == COFFER_BUSY, error.message, __FILE__, __LINE__);
		for (int i = 0; !status && i < 5; i++) {
			if (!read_all(disk, &number))
				continue;
			ensure(number >= last);
			last = number;
			reads++;
		}
		coffer_disk_close(disk);
	}
	say(out);
	return reads ? 0 : 2;
}

static void
what_is_read_beside_a_writer_is_of_one_commit(void **state)
{
	struct coffer_disk *disk;
	struct child children[2];
	int64_t end;

	(void)state;
	must_build_for_all();
	for (size_t i = 0; i < 2; i++)
		children[i] = child_start(read_on);
	disk = must_open_alone();
	write_all(disk, 1);
	for (size_t i = 0; i < 2; i++)
		say(children[i].out);
	end = now_ms() + RUN_MS;
	for (unsigned number = 2; now_ms() < end; number++)
		write_all(disk, number);
	for (size_t i = 0; i < 2; i++) {
		hear(children[i].in);
		child_end(children[i]);
	}
	coffer_disk_close(disk);
}

/* ------------------------------------------------------------------ whose the lock file is */

static void
the_lock_file_is_theirs_who_may_write_the_store(void **state)
{
	static const struct {
		mode_t store, lock;
	} cases[] = {{0600, 0600}, {0644, 0600}, {0660, 0660}, {0664, 0660}, {0666, 0666}, {0444, 0600}};

	(void)state;
	must_build("1");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct coffer_disk *disk;
		struct stat facts;

		ensure(!chmod(file_path, cases[i].store));
		disk = must_open_to_read();
		ensure(!stat(file_lock_path, &facts));
		assert_int_equal(facts.st_mode & 0777, cases[i].lock);
		coffer_disk_close(disk);
		ensure(access(file_lock_path, F_OK));
	}
}

static void
root_leaves_the_lock_file_to_the_owner_of_the_store(void **state)
{
	struct coffer_disk *disk;
	struct stat facts;

	(void)state;
	if (geteuid())
		skip(); /* only root can be another user */
	must_build("1");
	ensure(!chown(file_path, STRANGER, STRANGER) && !chmod(file_path, 0660));
	disk = must_open_to_read();
	ensure(!stat(file_lock_path, &facts));
	assert_int_equal(facts.st_uid, STRANGER);
	assert_int_equal(facts.st_gid, STRANGER);
	assert_int_equal(facts.st_mode & 0777, 0660);
	coffer_disk_close(disk);
}

static int
only_look(int in, int out)
{
	struct coffer_disk *disk;

	become_stranger();
	hear(in);
	disk = must_open_to_read();
	check(disk, "a", "0");
	say(out);
	hear(in);
	coffer_disk_close(disk);
	return 0;
}

static void
who_may_not_write_the_store_makes_no_lock_file(void **state)
{
	struct child child;

	(void)state;
	if (geteuid())
		skip(); /* only root can be another user */
	must_build_for_all();
	ensure(!chmod(file_folder, 0777));
	child = child_start(only_look);
	say(child.out);
	hear(child.in);
	ensure(access(file_lock_path, F_OK));
	child_end(child);
	ensure(!chmod(file_folder, 0755));
}

#define LIST "system.posix_acl_access"

/* user::rw- user:65534:rw- group::--- mask::rw- other::---, as the kernel has it: what the mode shows of it is 660. */
static const uint8_t access_list[] = {
	2, 0, 0, 0,                            /* version */
	1, 0, 6, 0, 0xff, 0xff, 0xff, 0xff,    /* owner */
	2, 0, 6, 0, 0xfe, 0xff, 0, 0,          /* STRANGER */
	4, 0, 0, 0, 0xff, 0xff, 0xff, 0xff,    /* group */
	0x10, 0, 6, 0, 0xff, 0xff, 0xff, 0xff, /* mask */
	0x20, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, /* others */
};

static void
the_lock_file_has_the_access_list_of_the_store(void **state)
{
	uint8_t now[sizeof(access_list) + 1];
	struct coffer_disk *disk;
	struct stat facts;

	(void)state;
	must_build("1");
	if (setxattr(file_path, LIST, access_list, sizeof(access_list), 0) && errno == ENOTSUP)
		skip();
	disk = must_open();
	ensure(getxattr(file_lock_path, LIST, now, sizeof(now)) == sizeof(access_list));
	assert_memory_equal(now, access_list, sizeof(access_list));
	coffer_disk_close(disk);

	/* That of the folder, which the lock file inherits, is not the store's. */
	ensure(!removexattr(file_path, LIST) && !chmod(file_path, 0660));
	ensure(!setxattr(file_folder, "system.posix_acl_default", access_list, sizeof(access_list), 0));
	disk = must_open();
	ensure(getxattr(file_lock_path, LIST, now, sizeof(now)) < 0 && errno == ENODATA);
	ensure(!stat(file_lock_path, &facts));
	assert_int_equal(facts.st_mode & 0777, 0660);
	coffer_disk_close(disk);
	ensure(!removexattr(file_folder, "system.posix_acl_default"));
}

/* ------------------------------------------------------------------ what others put in the lock file's place */

static void
check_is_left_alone(const char *path)
{
	struct stat facts;

	ensure(!stat(path, &facts));
	assert_int_equal(facts.st_size, 0);
	assert_int_equal(facts.st_mode & 0777, 0640);
}

static void
check_may_be_read(void)
{
	struct coffer_disk *disk = must_open_to_read();

	check(disk, "a", "1");
	coffer_disk_close(disk);
}

static void
another_file_is_not_taken_for_the_lock_file(void **state)
{
	char other[128];
	struct coffer_disk *disk;
	coffer_error error = {0};
	int fd;

	(void)state;
	must_build("1");
	snprintf(other, sizeof(other), "%s/other", file_folder);
	fd = open(other, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
	ensure(fd >= 0 && !fchmod(fd, 0640) && !close(fd));

	ensure(!symlink(other, file_lock_path));
	check_failed(coffer_disk_open_to_write(file_path, &disk, &error), &error, COFFER_IO,
		     "lock file");
	check_may_be_read();
	check_is_left_alone(other);
	error = (coffer_error){0};
	ensure(!unlink(file_lock_path) && !link(other, file_lock_path));
	check_failed(coffer_disk_open_to_write(file_path, &disk, &error), &error, COFFER_IO,
		     "remove it");
	check_may_be_read();
	check_is_left_alone(other);
	ensure(!unlink(file_lock_path) && !unlink(other));
}

static void
a_lock_file_of_one_who_may_not_write_the_store_is_not_believed(void **state)
{
	struct coffer_disk *disk;
	coffer_error error = {0};
	struct stat facts;
	int fd;

	(void)state;
	if (geteuid())
		skip(); /* only root can be another user */
	must_build("1");
	fd = open(file_lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	ensure(fd >= 0 && !fchmod(fd, 0666) && !fchown(fd, STRANGER, STRANGER) && !close(fd));
	check_failed(coffer_disk_open_to_write(file_path, &disk, &error), &error, COFFER_IO,
		     "another user's: remove it");
	check_may_be_read();
	ensure(!stat(file_lock_path, &facts) && !facts.st_size);

	ensure(!chmod(file_path, 0666)); /* then he may write it, too */
	coffer_disk_close(must_open());
	ensure(access(file_lock_path, F_OK));
}

static int
write_with_others(int in, int out)
{
	struct coffer_disk *disk;

	become_stranger();
	hear(in);
	say(out);
	disk = must_open();
	coffer_disk_close(disk);
	return 0;
}

static void
who_meets_a_lock_file_that_is_just_being_made_waits(void **state)
{
	struct child child;
	int fd;

	(void)state;
	must_build("1");
	ensure(!chmod(file_folder, 0755) && !chmod(file_path, 0666));
	child = child_start(write_with_others);
	fd = open(file_lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0);
	ensure(fd >= 0);
	say(child.out);
	hear(child.in);
	(void)usleep(40000);
	ensure(!fchmod(fd, 0666) && !close(fd));
	child_end(child);
	(void)unlink(file_lock_path);
}

/* ------------------------------------------------------------------ a file that is replaced */

static bool is_to_die;

__attribute__((visibility("default"))) int
rename(const char *from, const char *to)
{
	if (is_to_die)
		(void)raise(SIGKILL);
	return (int)syscall(SYS_rename, from, to);
}

static int
die_replacing(int in, int out)
{
	is_to_die = true;
	hear(in);
	say(out);
	must_build("new");
	return 1;
}

static void
who_died_replacing_a_store_leaves_its_lock_file_to_all_who_may_write_it(void **state)
{
	struct coffer_disk *disk;
	struct child child;
	struct stat facts;

	(void)state;
	must_build("old");
	ensure(!chmod(file_path, 0666));
	child = child_start(die_replacing);
	say(child.out);
	hear(child.in);
	ensure(waitpid(child.process, NULL, 0) == child.process);
	ensure(!stat(file_lock_path, &facts));
	assert_int_equal(facts.st_mode & 0777, 0666);
	disk = must_open_to_read();
	check(disk, "a", "old");
	coffer_disk_close(disk);
	close(child.in);
	close(child.out);
}

static int
read_replaced(int in, int out)
{
	struct coffer_snapshot *snapshot, *none;
	struct coffer_disk *disk;
	coffer_error error = {0};
	bool is_same;

	become_stranger();
	hear(in);
	disk = must_open_to_read();
	snapshot = must_snapshot(disk);
	coffer_disk_rest(disk, snapshot);
	say(out);
	hear(in);
	ensure(!coffer_disk_resume(disk, snapshot, &is_same, NULL) && !is_same);
	check_in(snapshot, "a", "old");
	coffer_snapshot_end(snapshot);
	check_failed(coffer_disk_snapshot(disk, &none, &error), &error, COFFER_BUSY, "replaced");
	coffer_disk_close(disk);
	disk = must_open_to_read();
	check(disk, "a", "new");
	coffer_disk_close(disk);
	return 0;
}

static void
no_snapshot_begins_of_a_file_that_was_replaced(void **state)
{
	struct coffer_disk *disk;
	struct child child;
	char moved[128];

	(void)state;
	must_build("old");
	ensure(!chmod(file_folder, 0755) && !chmod(file_path, 0644));
	child = child_start(read_replaced);
	disk = must_open_alone();
	say(child.out);
	hear(child.in);
	coffer_disk_close(disk);
	snprintf(moved, sizeof(moved), "%s/moved", file_folder);
	ensure(!rename(file_path, moved));
	must_build("new");
	ensure(!chmod(file_path, 0644));
	child_end(child);
	ensure(!unlink(moved));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_state_is_read_until_a_writer_may_have_written_over_it),
		cmocka_unit_test(a_snapshot_that_rested_is_gone_on_with_if_nobody_committed),
		cmocka_unit_test(what_is_read_beside_a_writer_is_of_one_commit),
		cmocka_unit_test(the_lock_file_is_theirs_who_may_write_the_store),
		cmocka_unit_test(root_leaves_the_lock_file_to_the_owner_of_the_store),
		cmocka_unit_test(who_may_not_write_the_store_makes_no_lock_file),
		cmocka_unit_test(the_lock_file_has_the_access_list_of_the_store),
		cmocka_unit_test(another_file_is_not_taken_for_the_lock_file),
		cmocka_unit_test(a_lock_file_of_one_who_may_not_write_the_store_is_not_believed),
		cmocka_unit_test(who_meets_a_lock_file_that_is_just_being_made_waits),
		cmocka_unit_test(who_died_replacing_a_store_leaves_its_lock_file_to_all_who_may_write_it),
		cmocka_unit_test(no_snapshot_begins_of_a_file_that_was_replaced),
	};

	return cmocka_run_group_tests_name("guard", tests, file_set_up, file_tear_down);
}
