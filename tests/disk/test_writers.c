/*
 * disk/: several processes with one file. Writers in turn, a map that another process outgrew, processes that are killed in
 * every state, the moment in which a commit is in the file and not in the lock file, and what a fork inherits.
 *
 * pwrite stands in front of the system's, so that a writer can be held or killed behind its meta page.
 */
#include "tests/support/file.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	SMALL_MAP = 1 << 20,
	META_WRITE_SIZE = 120, /* of liblmdb's write of a meta page */
	READERS_MAX = 510,
};

static size_t map_size_min;

/* What happens once the next meta page is in the file. */
static enum { META_NOTHING, META_KILL, META_HOLD } after_meta;

__attribute__((visibility("default"))) ssize_t
pwrite(int fd, const void *data, size_t size, off_t at)
{
	ssize_t done = syscall(SYS_pwrite64, fd, data, size, at);
	const struct timespec hold = {.tv_nsec = 150000000};

	if (size == META_WRITE_SIZE && at < 8192 && after_meta == META_KILL)
		(void)raise(SIGKILL);
	if (size == META_WRITE_SIZE && at < 8192 && after_meta == META_HOLD)
		(void)nanosleep(&hold, NULL);
	return done;
}

/* ------------------------------------------------------------------ in turn */

static int
hold_an_edit(int in, int out)
{
	struct coffer_disk *disk = must_open();
	struct coffer_edit *edit = must_begin(disk);
	const struct timespec pause = {.tv_nsec = 100000000};

	must_put(edit, "a", "first");
	say(out);
	(void)nanosleep(&pause, NULL);
	must_commit(edit);
	hear(in);
	coffer_disk_close(disk);
	return 0;
}

static void
a_second_writer_waits_for_the_first(void **state)
{
	struct coffer_disk *disk;
	struct coffer_edit *edit;
	struct child child;

	(void)state;
	must_build("1");
	child = child_start(hold_an_edit);
	disk = must_open();
	hear(child.in);
	check(disk, "a", "1");
	edit = must_begin(disk);
	check_in(coffer_edit_snapshot(edit), "a", "first");
	must_put(edit, "a", "second");
	must_commit(edit);
	check(disk, "a", "second");
	child_end(child);
	coffer_disk_close(disk);
}

enum { COUNT_EDITS = 60 };

/* Opens anew for every few edits, each of which adds one. */
static int
count_up(int in, int out)
{
	struct coffer_disk *disk = NULL;

	(void)in;
	(void)out;
	for (unsigned i = 0; i < COUNT_EDITS; i++) {
		struct coffer_edit *edit;
		struct coffer_bytes found;
		coffer_error error = {0};
		char number[24] = {0};

		if (i % 4 == 0) {
			coffer_disk_close(disk);
			disk = must_open();
		}
		edit = must_begin(disk);
		ensure(!coffer_snapshot_get(coffer_edit_snapshot(edit), 0, bytes("a"), &found,
					    &error));
		ensure(found.size < sizeof(number));
		memcpy(number, found.data, found.size);
		snprintf(number, sizeof(number), "%ld", strtol(number, NULL, 10) + 1);
		must_put(edit, "a", number);
		ensure(!fill(edit, i * 4, 4, 3000, &error));
		must_commit(edit);
	}
	coffer_disk_close(disk);
	return 0;
}

static int
look_on(int in, int out)
{
	(void)in;
	(void)out;
	for (unsigned i = 0; i < COUNT_EDITS; i++) {
		struct coffer_disk *disk = must_open_to_read();
		struct coffer_snapshot *snapshot = must_snapshot(disk);
		struct coffer_bytes found;
		coffer_error error = {0};

		ensure(!coffer_snapshot_get(snapshot, 0, bytes("a"), &found, &error));
		coffer_snapshot_end(snapshot);
		coffer_disk_close(disk);
	}
	return 0;
}

static void
no_edit_is_lost_between_processes_that_open_and_close(void **state)
{
	struct coffer_disk *disk;
	struct child children[5];
	char sum[16];

	(void)state;
	must_build("0");
	for (size_t i = 0; i < 5; i++)
		children[i] = child_start(i < 3 ? count_up : look_on);
	for (size_t i = 0; i < 5; i++)
		child_end(children[i]);
	disk = must_open_to_read();
	snprintf(sum, sizeof(sum), "%d", 3 * COUNT_EDITS);
	check(disk, "a", sum);
	coffer_disk_close(disk);
}

/* ------------------------------------------------------------------ the map */

static int
outgrow_the_map(int in, int out)
{
	struct coffer_disk *disk;
	struct coffer_edit *edit;
	coffer_error error = {0};

	coffer_disk_map_size_min = (size_t)64 << 20;
	disk = must_open();
	hear(in);
	edit = must_begin(disk);
	ensure(!fill(edit, 0, 4000, 1000, &error));
	must_put(edit, "a", "2");
	must_commit(edit);
	say(out);
	hear(in);
	coffer_disk_close(disk);
	return 0;
}

static void
a_file_that_outgrew_the_map_is_mapped_anew_when_nobody_looks(void **state)
{
	struct coffer_disk *disk;
	struct coffer_snapshot *old, *new_one;
	struct coffer_edit *edit;
	struct child child;
	coffer_error error = {0};
	int64_t begun;

	(void)state;
	must_build("1");
	child = child_start(outgrow_the_map);
	coffer_disk_map_size_min = SMALL_MAP;
	disk = must_open();
	old = must_snapshot(disk);
	say(child.out);
	hear(child.in);

	begun = now_ms();
	check_failed(coffer_disk_snapshot(disk, &new_one, &error), &error, COFFER_BUSY, "outgrew");
	assert_null(new_one);
	error = (coffer_error){0};
	check_failed(coffer_edit_begin(disk, &edit, &error), &error, COFFER_BUSY, "outgrew");
	assert_null(edit);
	assert_in_range(now_ms() - begun, 500, 20000);
	check_in(old, "a", "1");
	coffer_snapshot_end(old);

	check(disk, "a", "2");
	must_write(disk, "a", "3");
	check(disk, "a", "3");
	child_end(child);
	coffer_disk_close(disk);
	coffer_disk_map_size_min = map_size_min;
}

static void
an_edit_maps_the_file_anew_too(void **state)
{
	struct coffer_disk *disk;
	struct child child;

	(void)state;
	must_build("1");
	child = child_start(outgrow_the_map);
	coffer_disk_map_size_min = SMALL_MAP;
	disk = must_open();
	say(child.out);
	hear(child.in);
	must_write(disk, "b", "2");
	check(disk, "a", "2");
	check(disk, "b", "2");
	child_end(child);
	coffer_disk_close(disk);
	coffer_disk_map_size_min = map_size_min;
}

/* ------------------------------------------------------------------ killed */

static int
write_and_wait(int in, int out)
{
	struct coffer_disk *disk = must_open();
	struct coffer_edit *edit = must_begin(disk);
	coffer_error error = {0};

	must_put(edit, "a", "lost");
	ensure(!fill(edit, 0, 100, 1000, &error));
	say(out);
	hear(in);
	return 1;
}

static void
a_writer_that_was_killed_is_not_waited_for(void **state)
{
	struct coffer_disk *disk;
	struct child child;

	(void)state;
	must_build("1");
	child = child_start(write_and_wait);
	disk = must_open();
	hear(child.in);
	child_kill(child);
	check(disk, "a", "1");
	must_write(disk, "b", "2");
	check(disk, "a", "1");
	check(disk, "b", "2");
	coffer_disk_close(disk);
}

static off_t
size_after_edits(struct coffer_disk *disk, unsigned count)
{
	coffer_error error = {0};
	struct stat facts;

	for (unsigned i = 0; i < count; i++) {
		struct coffer_edit *edit = must_begin(disk);

		assert_int_equal(fill(edit, 0, 10, 3000, &error), COFFER_OK);
		must_commit(edit);
	}
	assert_int_equal(stat(file_path, &facts), 0);
	return facts.st_size;
}

static int
read_and_wait(int in, int out)
{
	struct coffer_disk *disk = must_open_to_read();
	struct coffer_snapshot *snapshot = must_snapshot(disk);

	say(out);
	hear(in);
	coffer_snapshot_end(snapshot);
	coffer_disk_close(disk);
	return 0;
}

/* Says the number of each edit once it is committed, until it is killed. */
static int
count_until_killed(int in, int out)
{
	struct coffer_disk *disk = must_open();

	(void)in;
	for (uint32_t i = 1; i < UINT32_MAX; i++) {
		struct coffer_edit *edit = must_begin(disk);
		char number[16];

		snprintf(number, sizeof(number), "%u", i);
		must_put(edit, "a", number);
		ensure(!fill(edit, i % 16 * 4, 8, 100 + i % 40 * 100, NULL));
		if (i % 5 == 0)
			ensure(!fill(edit, 1000, 5, 9000, NULL) && !unfill(edit, 1000, 5, NULL));
		must_put(edit, "b", number);
		must_commit(edit);
		ensure(write(out, &i, sizeof(i)) == sizeof(i));
	}
	return 1;
}

static uint32_t
number_of(struct coffer_disk *disk, const char *key)
{
	struct coffer_snapshot *snapshot = must_snapshot(disk);
	struct coffer_bytes found;
	char text[16] = {0};

	ensure(!coffer_snapshot_get(snapshot, 0, bytes(key), &found, NULL));
	ensure(found.size < sizeof(text));
	memcpy(text, found.data, found.size);
	coffer_snapshot_end(snapshot);
	return (uint32_t)strtoul(text, NULL, 10);
}

/* With another process that keeps the lock file, or without. */
static void
kill_after(unsigned delay_us, bool has_keeper)
{
	struct child writer, keeper = {0};
	struct coffer_disk *disk;
	uint32_t told = 0, next, found;

	must_build("0");
	if (has_keeper) {
		keeper = child_start(read_and_wait);
		hear(keeper.in);
	}
	writer = child_start(count_until_killed);
	usleep(delay_us);
	assert_int_equal(kill(writer.process, SIGKILL), 0);
	while (read(writer.in, &next, sizeof(next)) == sizeof(next))
		told = next;
	child_kill(writer);
	disk = told % 2 ? must_open() : must_open_to_read();
	found = number_of(disk, "a");
	assert_in_range(found, told, told + 1);
	if (found)
		assert_int_equal(number_of(disk, "b"), found);
	coffer_disk_close(disk);
	if (has_keeper)
		child_end(keeper);
}

static void
what_a_killed_writer_was_told_is_there(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 16; i++)
		kill_after(2000 + i * 2977 % 20000, i % 2);
}

/* A reader pins the pages of its snapshot, which edits can then not use again; a dead one does not. */
static void
a_reader_that_was_killed_pins_nothing(void **state)
{
	struct coffer_disk *disk;
	struct child child;
	off_t alive, dead;

	(void)state;
	must_build("1");
	child = child_start(read_and_wait);
	disk = must_open();
	hear(child.in);
	alive = size_after_edits(disk, 20);
	assert_true(alive > 20 * 30000);
	child_kill(child);
	usleep(1100000); /* the dead are looked for once a second */
	dead = size_after_edits(disk, 40);
	assert_true(dead < alive + 100000);
	coffer_disk_close(disk);
}

static int
take_all_slots(int in, int out)
{
	static struct coffer_snapshot *snapshots[READERS_MAX];
	struct coffer_disk *disk = must_open_to_read();
	coffer_error error = {0};

	hear(in);
	for (size_t i = 0; i < READERS_MAX; i++)
		ensure(!coffer_disk_snapshot(disk, &snapshots[i], &error) || i >= READERS_MAX - 2);
	say(out);
	hear(in);
	return 1;
}

static void
slots_of_killed_readers_are_free(void **state)
{
	struct coffer_disk *disk;
	struct coffer_snapshot *snapshot;
	struct child child;
	coffer_error error = {0};

	(void)state;
	must_build("1");
	child = child_start(take_all_slots);
	disk = must_open();
	say(child.out);
	hear(child.in);
	check_failed(coffer_disk_snapshot(disk, &snapshot, &error), &error, COFFER_BUSY,
		     "no reader slot");
	must_write(disk, "a", "2");
	child_kill(child);
	check(disk, "a", "2");
	coffer_disk_close(disk);
}

/* ------------------------------------------------------------------ between the file and the lock file */

static int
die_behind_the_meta_page(int in, int out)
{
	struct coffer_disk *disk = must_open();
	struct coffer_edit *edit = must_begin(disk);

	must_put(edit, "a", "2");
	say(out);
	hear(in);
	after_meta = META_KILL;
	must_commit(edit);
	return 1;
}

static int
see_the_new_state_reading(int in, int out)
{
	struct coffer_disk *disk;

	(void)out;
	hear(in);
	disk = must_open_to_read();
	check(disk, "a", "2");
	coffer_disk_close(disk);
	return 0;
}

static int
see_the_new_state_writing(int in, int out)
{
	struct coffer_disk *disk;

	(void)out;
	hear(in);
	disk = must_open();
	check(disk, "a", "2");
	must_write(disk, "b", "3");
	coffer_disk_close(disk);
	return 0;
}

/* The lock file is kept by a reader, and is a transaction behind. */
static void
see_what_a_dead_writer_left(int (*look)(int in, int out))
{
	struct child keeper, writer, looker;
	int how;

	must_build("1");
	keeper = child_start(read_and_wait);
	hear(keeper.in);
	writer = child_start(die_behind_the_meta_page);
	looker = child_start(look);
	hear(writer.in);
	say(writer.out);
	assert_int_equal(waitpid(writer.process, &how, 0), writer.process);
	assert_true(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL);
	child_end(looker);
	child_end(keeper);
}

static void
a_commit_whose_writer_died_behind_it_is_seen(void **state)
{
	struct coffer_disk *disk;

	(void)state;
	see_what_a_dead_writer_left(see_the_new_state_reading);
	see_what_a_dead_writer_left(see_the_new_state_writing);
	disk = must_open_to_read();
	check(disk, "b", "3");
	coffer_disk_close(disk);
}

static int
commit_slowly(int in, int out)
{
	struct coffer_disk *disk = must_open();
	int64_t begun = now_ms();

	after_meta = META_HOLD;
	say(out);
	for (unsigned i = 0; i < 4; i++)
		must_write(disk, "a", "2");
	after_meta = META_NOTHING;
	ensure(now_ms() - begun >= 4 * 150);
	say(out);
	hear(in);
	coffer_disk_close(disk);
	return 0;
}

/* Most of the time the newer meta page is in the file and not yet in the lock file. */
static void
a_store_is_opened_while_a_commit_is_under_way(void **state)
{
	struct child writer;
	unsigned count = 0;

	(void)state;
	must_build("1");
	writer = child_start(commit_slowly);
	hear(writer.in);
	for (int64_t begun = now_ms(); now_ms() - begun < 400; count++) {
		struct coffer_disk *disk = count % 2 ? must_open() : must_open_to_read();

		coffer_snapshot_end(must_snapshot(disk));
		coffer_disk_close(disk);
	}
	hear(writer.in);
	child_end(writer);
}

/* ------------------------------------------------------------------ fork */

static struct coffer_disk *parents_disk;
static struct coffer_snapshot *parents_snapshot;
static struct coffer_edit *parents_edit;

/* What the parent has open is of no use to a child, and does not suffer from it. */
static int
misuse_what_was_inherited(int in, int out)
{
	struct coffer_snapshot *snapshot;
	struct coffer_edit *edit;
	struct coffer_disk *own;
	coffer_error error = {0};

	check_failed(coffer_disk_snapshot(parents_disk, &snapshot, &error), &error, COFFER_INVALID,
		     "forked");
	error = (coffer_error){0};
	check_failed(coffer_edit_begin(parents_disk, &edit, &error), &error, COFFER_INVALID,
		     "forked");
	error = (coffer_error){0};
	check_failed(coffer_edit_commit(parents_edit, &error), &error, COFFER_INVALID, "forked");
	own = must_open();
	ensure(own != parents_disk);
	check(own, "a", "1");
	coffer_snapshot_end(parents_snapshot);
	coffer_disk_close(parents_disk);
	say(out);
	hear(in);
	must_write(own, "b", "child");
	coffer_disk_close(own);
	return 0;
}

static void
a_fork_inherits_nothing_and_harms_nothing(void **state)
{
	struct coffer_build *build;
	coffer_error error = {0};
	struct child child;

	(void)state;
	must_build("1");
	parents_disk = must_open();
	parents_snapshot = must_snapshot(parents_disk);
	parents_edit = must_begin(parents_disk);
	must_put(parents_edit, "a", "2");
	child = child_start(misuse_what_was_inherited);
	hear(child.in);
	must_commit(parents_edit);

	/* The slot of our snapshot is still ours: its pages are not used again. */
	for (unsigned i = 0; i < 20; i++) {
		struct coffer_edit *edit = must_begin(parents_disk);

		assert_int_equal(fill(edit, 0, i * 2, 1000, &error), COFFER_OK);
		must_put(edit, "a", "2");
		must_commit(edit);
	}
	check_in(parents_snapshot, "a", "1");
	check(parents_disk, "a", "2");
	coffer_snapshot_end(parents_snapshot);
	coffer_disk_close(parents_disk);

	/* The child has its own lock still. */
	assert_int_equal(coffer_build_begin(file_path, true, 1, &build, &error), COFFER_OK);
	check_failed(coffer_build_finish(build, &error), &error, COFFER_BUSY, "another process");
	child_end(child);
	parents_disk = must_open();
	check(parents_disk, "b", "child");
	coffer_disk_close(parents_disk);
	assert_int_not_equal(access(file_lock_path, F_OK), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_second_writer_waits_for_the_first),
		cmocka_unit_test(no_edit_is_lost_between_processes_that_open_and_close),
		cmocka_unit_test(a_file_that_outgrew_the_map_is_mapped_anew_when_nobody_looks),
		cmocka_unit_test(an_edit_maps_the_file_anew_too),
		cmocka_unit_test(a_writer_that_was_killed_is_not_waited_for),
		cmocka_unit_test(what_a_killed_writer_was_told_is_there),
		cmocka_unit_test(a_reader_that_was_killed_pins_nothing),
		cmocka_unit_test(slots_of_killed_readers_are_free),
		cmocka_unit_test(a_commit_whose_writer_died_behind_it_is_seen),
		cmocka_unit_test(a_store_is_opened_while_a_commit_is_under_way),
		cmocka_unit_test(a_fork_inherits_nothing_and_harms_nothing),
	};

	map_size_min = coffer_disk_map_size_min;
	return cmocka_run_group_tests_name("writers", tests, file_set_up, file_tear_down);
}
