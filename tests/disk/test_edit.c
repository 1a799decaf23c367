/*
 * disk/: edits within one process. What is seen when, what stays after a commit, an abort or a full map, and who may do
 * what with a disk.
 */
#include "tests/support/file.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { SMALL_MAP = 1 << 20 };

static size_t map_size_min;

static off_t
file_size(void)
{
	struct stat facts;

	assert_int_equal(stat(file_path, &facts), 0);
	return facts.st_size;
}

/* The bytes that the newer meta page speaks of. */
static off_t
size_in_use(void)
{
	uint64_t pages[2], numbers[2];
	FILE *file = fopen(file_path, "rb");

	assert_non_null(file);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(fseek(file, i * 4096 + 136, SEEK_SET), 0);
		assert_int_equal(fread(&pages[i], sizeof(pages[i]), 1, file), 1);
		assert_int_equal(fread(&numbers[i], sizeof(numbers[i]), 1, file), 1);
	}
	fclose(file);
	return (off_t)(pages[numbers[1] > numbers[0]] + 1) * 4096;
}

/* ------------------------------------------------------------------ what is seen */

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
	before = must_snapshot(disk);
	edit = must_begin(disk);
	must_put(edit, "a", "2");
	must_put(edit, "b", "3");
	assert_int_equal(coffer_edit_size(edit), 4);
	check_in(coffer_edit_snapshot(edit), "a", "2");
	check_in(coffer_edit_snapshot(edit), "b", "3");
	assert_int_equal(coffer_edit_delete(edit, 0, bytes("b"), &error), COFFER_OK);
	assert_int_equal(coffer_edit_delete(edit, 0, bytes("b"), &error), COFFER_NOT_FOUND);
	assert_int_equal(error.status, COFFER_OK);
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
	coffer_edit_abort(NULL);
	coffer_disk_close(disk);
}

/* ------------------------------------------------------------------ as a plain table would have it */

enum { MODEL_KEYS = 300, MODEL_EDITS = 120, MODEL_CHANGES = 40 };

/* By key: 0 is none, else the value's size and, mixed with the key, its bytes. */
struct model {
	unsigned sizes[MODEL_KEYS];
};

static unsigned random_state = 1;

static unsigned
random_below(unsigned bound)
{
	random_state = random_state * 1664525u + 1013904223u;
	return (random_state >> 8) % bound;
}

static struct coffer_bytes
model_key(unsigned number, char out[16])
{
	snprintf(out, 16, "key %03u", number);
	return bytes(out);
}

static struct coffer_bytes
model_value(unsigned number, unsigned size)
{
	static uint8_t value[20000];

	for (unsigned i = 0; i < size; i++)
		value[i] = (uint8_t)(number + size + i / 7);
	return (struct coffer_bytes){value, size};
}

/* Both in order of the keys; values of one page and of several. */
static void
check_model(struct coffer_snapshot *snapshot, const struct model *model)
{
	enum coffer_move move = COFFER_MOVE_FIRST;
	struct coffer_place *place;
	struct coffer_bytes key, value, wanted;
	coffer_error error = {0};
	char name[16];

	assert_int_equal(coffer_place_open(snapshot, 1, &place, &error), COFFER_OK);
	for (unsigned i = 0; i < MODEL_KEYS; i++) {
		if (!model->sizes[i])
			continue;
		key = (struct coffer_bytes){0};
		assert_int_equal(coffer_place_move(place, move, &key, &value, &error), COFFER_OK);
		move = COFFER_MOVE_NEXT;
		wanted = model_key(i, name);
		assert_int_equal(key.size, wanted.size);
		assert_memory_equal(key.data, wanted.data, key.size);
		wanted = model_value(i, model->sizes[i]);
		assert_int_equal(value.size, wanted.size);
		assert_memory_equal(value.data, wanted.data, value.size);
	}
	key = (struct coffer_bytes){0};
	assert_int_equal(coffer_place_move(place, move, &key, &value, &error), COFFER_NOT_FOUND);
	coffer_place_close(place);
}

static void
change_once(struct coffer_edit *edit, struct model *model)
{
	unsigned number = random_below(MODEL_KEYS);
	coffer_error error = {0};
	coffer_status status;
	char name[16];

	if (random_below(3)) {
		unsigned size = 1 + random_below(random_below(8) ? 200 : 20000);

		status = coffer_edit_put(edit, 1, model_key(number, name),
					 model_value(number, size), &error);
		assert_int_equal(status, COFFER_OK);
		model->sizes[number] = size;
	} else {
		status = coffer_edit_delete(edit, 1, model_key(number, name), &error);
		assert_int_equal(status, model->sizes[number] ? COFFER_OK : COFFER_NOT_FOUND);
		model->sizes[number] = 0;
	}
}

static void
random_edits_leave_what_a_plain_table_has(void **state)
{
	static struct model committed, changed;
	struct coffer_disk *disk;
	struct coffer_snapshot *snapshot;

	(void)state;
	must_build("1");
	disk = must_open();
	for (unsigned i = 0; i < MODEL_EDITS; i++) {
		struct coffer_edit *edit = must_begin(disk);

		changed = committed;
		for (unsigned k = random_below(MODEL_CHANGES); k; k--)
			change_once(edit, &changed);
		check_model(coffer_edit_snapshot(edit), &changed);
		if (random_below(4)) {
			must_commit(edit);
			committed = changed;
		} else {
			coffer_edit_abort(edit);
		}
		if (!random_below(8)) {
			coffer_disk_close(disk);
			disk = must_open();
		}
		snapshot = must_snapshot(disk);
		check_model(snapshot, &committed);
		coffer_snapshot_end(snapshot);
	}
	coffer_disk_close(disk);
}

/* ------------------------------------------------------------------ failures */

static void
a_failure_is_kept_to_the_end_of_the_edit(void **state)
{
	static const uint8_t zeros[512];
	const struct coffer_bytes keys[] = {{zeros, 0}, {zeros, sizeof(zeros)}};
	struct coffer_disk *disk;

	(void)state;
	must_build("1");
	disk = must_open();
	for (size_t i = 0; i < 2; i++) {
		struct coffer_edit *edit = must_begin(disk);
		coffer_error first = {0}, again = {0}, last = {0};

		must_put(edit, "a", "2");
		assert_int_equal(coffer_edit_put(edit, 0, keys[i], bytes("v"), &first),
				 COFFER_LIMIT);
		assert_int_equal(coffer_edit_delete(edit, 0, bytes("a"), &again), COFFER_LIMIT);
		assert_string_equal(again.message, first.message);
		assert_int_equal(coffer_edit_commit(edit, &last), COFFER_LIMIT);
		assert_string_equal(last.message, first.message);
		check(disk, "a", "1");
	}
	coffer_disk_close(disk);
}

static void
keys_of_511_bytes_are_taken(void **state)
{
	char key[512];
	struct coffer_disk *disk;

	(void)state;
	must_build("1");
	disk = must_open();
	memset(key, 'k', sizeof(key));
	key[511] = 0;
	must_write(disk, key, "long");
	check(disk, key, "long");
	coffer_disk_close(disk);
}

static void
a_map_that_fills_loses_nothing_and_the_next_edit_finds_it_grown(void **state)
{
	struct coffer_disk *disk;
	struct coffer_edit *edit;
	struct coffer_snapshot *reader;
	coffer_error error = {0};

	(void)state;
	must_build("1");
	coffer_disk_map_size_min = SMALL_MAP;
	disk = must_open();
	edit = must_begin(disk);
	must_put(edit, "a", "2");
	check_failed(fill(edit, 0, 2000, 1000, &error), &error, COFFER_FULL, "the map is full");
	error = (coffer_error){0};
	assert_int_equal(coffer_edit_commit(edit, &error), COFFER_FULL);
	check(disk, "a", "1");

	/* It stays as it is while somebody reads. */
	reader = must_snapshot(disk);
	edit = must_begin(disk);
	error = (coffer_error){0};
	assert_int_equal(fill(edit, 0, 2000, 1000, &error), COFFER_FULL);
	coffer_edit_abort(edit);
	check_in(reader, "a", "1");
	coffer_snapshot_end(reader);

	edit = must_begin(disk);
	must_put(edit, "a", "2");
	error = (coffer_error){0};
	assert_int_equal(fill(edit, 0, 1500, 1000, &error), COFFER_OK);
	must_commit(edit);
	check(disk, "a", "2");
	coffer_disk_close(disk);
	coffer_disk_map_size_min = map_size_min;
}

static void
the_map_grows_before_it_is_full(void **state)
{
	struct coffer_disk *disk;
	coffer_error error = {0};

	(void)state;
	must_build("1");
	coffer_disk_map_size_min = SMALL_MAP;
	disk = must_open();
	for (unsigned i = 0; i < 40; i++) {
		struct coffer_edit *edit = must_begin(disk);
		coffer_status status = fill(edit, i * 300, 300, 1000, &error);

		assert_int_equal(status, COFFER_OK);
		must_commit(edit);
	}
	assert_true(file_size() > 10 * SMALL_MAP);
	coffer_disk_close(disk);
	coffer_disk_map_size_min = map_size_min;
}

/* In a process of its own, for the limit's sake. */
static int
write_beyond_a_limit(int in, int out)
{
	struct rlimit old, tight;
	struct coffer_disk *disk = must_open();
	struct coffer_edit *edit = must_begin(disk);
	coffer_error error = {0};

	(void)in;
	(void)out;
	(void)signal(SIGXFSZ, SIG_IGN);
	ensure(!getrlimit(RLIMIT_FSIZE, &old));
	tight = (struct rlimit){.rlim_cur = 200000, .rlim_max = old.rlim_max};
	must_put(edit, "a", "2");
	ensure(fill(edit, 0, 1000, 1000, &error) == COFFER_OK);
	ensure(!setrlimit(RLIMIT_FSIZE, &tight));
	check_failed(coffer_edit_commit(edit, &error), &error, COFFER_FULL, "File too large");
	check(disk, "a", "1");
	must_write(disk, "a", "3");
	ensure(!setrlimit(RLIMIT_FSIZE, &old));
	edit = must_begin(disk);
	check_in(coffer_edit_snapshot(edit), "a", "3");
	must_put(edit, "a", "4");
	error = (coffer_error){0};
	ensure(fill(edit, 0, 1000, 1000, &error) == COFFER_OK);
	must_commit(edit);
	check(disk, "a", "4");
	coffer_disk_close(disk);
	return 0;
}

static void
a_file_that_may_not_grow_is_full(void **state)
{
	(void)state;
	must_build("1");
	child_end(child_start(write_beyond_a_limit));
}

/* ------------------------------------------------------------------ the file */

/* What is put and deleted in one edit takes pages at the end and never writes them. */
static void
a_commit_gives_the_file_all_its_length(void **state)
{
	struct coffer_disk *disk;
	coffer_error error = {0};

	(void)state;
	must_build("1");
	disk = must_open();
	for (unsigned i = 0; i < 6; i++) {
		struct coffer_edit *edit = must_begin(disk);

		assert_int_equal(i & 1 ? unfill(edit, 0, 300, &error)
				       : fill(edit, 0, 400, 500, &error),
				 COFFER_OK);
		if (i == 5) {
			assert_int_equal(fill(edit, 1000, 30, 9000, &error), COFFER_OK);
			assert_int_equal(unfill(edit, 1000, 30, &error), COFFER_OK);
		}
		must_commit(edit);
		assert_int_equal(file_size(), size_in_use());
	}
	coffer_disk_close(disk);
}

/* By hand: our own commands are refused while it is open. */
static void
a_store_that_was_replaced_takes_no_edits(void **state)
{
	struct coffer_disk *disk;
	struct coffer_edit *edit;
	struct coffer_snapshot *reader;
	coffer_error error = {0};
	char moved[128];

	(void)state;
	must_build("old");
	snprintf(moved, sizeof(moved), "%s.moved", file_path);
	disk = must_open();
	reader = must_snapshot(disk);
	assert_int_equal(rename(file_path, moved), 0);
	check_failed(coffer_edit_begin(disk, &edit, &error), &error, COFFER_BUSY, "replaced");
	assert_null(edit);
	assert_int_equal(rename(moved, file_path), 0);
	must_write(disk, "a", "new");

	assert_int_equal(unlink(file_lock_path), 0);
	error = (coffer_error){0};
	check_failed(coffer_edit_begin(disk, &edit, &error), &error, COFFER_BUSY, "replaced");
	check_in(reader, "a", "old");
	check(disk, "a", "new");
	coffer_snapshot_end(reader);
	coffer_disk_close(disk);
}

static void
a_link_leads_to_the_real_file_and_its_lock_file(void **state)
{
	struct coffer_disk *disk, *same;
	struct coffer_build *build;
	coffer_error error = {0};
	char link_path[128], link_lock[136], target[128];
	uint32_t tree;
	struct stat facts;

	(void)state;
	must_build("1");
	snprintf(link_path, sizeof(link_path), "%s/link", file_folder);
	snprintf(link_lock, sizeof(link_lock), "%s-lock", link_path);
	assert_int_equal(symlink("store", link_path), 0);
	assert_int_equal(coffer_disk_open_to_write(link_path, &disk, &error), COFFER_OK);
	assert_int_equal(access(file_lock_path, F_OK), 0);
	assert_int_not_equal(access(link_lock, F_OK), 0);
	same = must_open();
	assert_ptr_equal(same, disk);
	coffer_disk_close(same);
	must_write(disk, "a", "2");
	assert_int_equal(coffer_build_begin(link_path, true, 1, &build, &error), COFFER_BUSY);
	coffer_disk_close(disk);

	/* The file that the link names is replaced, not the link. */
	error = (coffer_error){0};
	assert_int_equal(coffer_build_begin(link_path, true, 1, &build, &error), COFFER_OK);
	assert_int_equal(coffer_build_tree(build, "a", &tree, &error), COFFER_OK);
	assert_int_equal(coffer_build_append(build, tree, bytes("a"), bytes("3"), &error),
			 COFFER_OK);
	assert_int_equal(coffer_build_finish(build, &error), COFFER_OK);
	assert_int_equal(lstat(link_path, &facts), 0);
	assert_true(S_ISLNK(facts.st_mode));
	assert_int_equal(readlink(link_path, target, sizeof(target)), 5);
	disk = must_open();
	check(disk, "a", "3");
	coffer_disk_close(disk);
	assert_int_equal(unlink(link_path), 0);
}

/* ------------------------------------------------------------------ who may */

static void
a_disk_that_is_open_for_reading_only_is_not_written(void **state)
{
	struct coffer_disk *reader, *writer;
	struct coffer_edit *edit;
	coffer_error error = {0};

	(void)state;
	must_build("1");
	reader = must_open_to_read();
	check_failed(coffer_disk_open_to_write(file_path, &writer, &error), &error, COFFER_BUSY,
		     "reading only");
	assert_null(writer);
	error = (coffer_error){0};
	check_failed(coffer_edit_begin(reader, &edit, &error), &error, COFFER_INVALID,
		     "reading only");
	coffer_disk_close(reader);

	writer = must_open();
	reader = must_open_to_read();
	assert_ptr_equal(reader, writer);
	coffer_disk_close(writer);
	must_write(reader, "a", "2");
	check(reader, "a", "2");
	coffer_disk_close(reader);
}

/* As somebody who is not root, since root may write everywhere. */
static int
open_as_nobody(int in, int out)
{
	struct coffer_disk *disk;
	coffer_error error = {0};

	(void)in;
	(void)out;
	ensure(!setgid(65534) && !setuid(65534));
	check_failed(coffer_disk_open_to_write(file_path, &disk, &error), &error, COFFER_IO,
		     "Permission denied");
	disk = must_open_to_read();
	check(disk, "a", "1");
	coffer_disk_close(disk);
	return 0;
}

static void
a_file_without_permission_is_read_and_not_written(void **state)
{
	(void)state;
	must_build("1");
	if (geteuid())
		skip();
	assert_int_equal(chmod(file_path, 0444), 0);
	assert_int_equal(chmod(file_folder, 0755), 0);
	child_end(child_start(open_as_nobody));
	assert_int_equal(access(file_lock_path, F_OK), -1);
}

static void
a_thread_has_one_edit_at_a_time(void **state)
{
	struct coffer_disk *disk;
	struct coffer_edit *edit, *second;
	coffer_error error = {0};

	(void)state;
	must_build("1");
	disk = must_open();
	edit = must_begin(disk);
	check_failed(coffer_edit_begin(disk, &second, &error), &error, COFFER_BUSY, "this thread");
	must_put(edit, "a", "2");
	must_commit(edit);
	check(disk, "a", "2");
	coffer_disk_close(disk);
}

/* ------------------------------------------------------------------ threads */

enum { THREAD_EDITS = 150, WRITERS = 2, READERS = 3 };

static struct coffer_disk *shared;
static int writers_left = WRITERS;

/* Both entries always have the same number; each edit makes it one more. */
static void *
write_in_a_thread(void *unused)
{
	for (unsigned i = 0; i < THREAD_EDITS; i++) {
		struct coffer_edit *edit;
		struct coffer_bytes found;
		coffer_error error = {0};
		uint8_t value[4] = {0};
		uint32_t number;

		if (coffer_edit_begin(shared, &edit, &error) ||
		    coffer_snapshot_get(coffer_edit_snapshot(edit), 0, bytes("x"), &found, &error))
			abort();
		memcpy(&number, found.data, sizeof(number));
		number++;
		memcpy(value, &number, sizeof(number));
		if (coffer_edit_put(edit, 0, bytes("x"), (struct coffer_bytes){value, 4}, &error) ||
		    fill(edit, number % 64 * 8, 8, 500, &error) ||
		    coffer_edit_put(edit, 0, bytes("y"), (struct coffer_bytes){value, 4}, &error) ||
		    coffer_edit_commit(edit, &error))
			abort();
	}
	__atomic_sub_fetch(&writers_left, 1, __ATOMIC_SEQ_CST);
	return unused;
}

static void *
read_in_a_thread(void *unused)
{
	uint32_t last = 0, x, y;

	while (__atomic_load_n(&writers_left, __ATOMIC_SEQ_CST)) {
		struct coffer_snapshot *snapshot;
		struct coffer_bytes found;
		coffer_error error = {0};

		if (coffer_disk_snapshot(shared, &snapshot, &error) ||
		    coffer_snapshot_get(snapshot, 0, bytes("x"), &found, &error))
			abort();
		memcpy(&x, found.data, sizeof(x));
		if (coffer_snapshot_get(snapshot, 0, bytes("y"), &found, &error))
			abort();
		memcpy(&y, found.data, sizeof(y));
		coffer_snapshot_end(snapshot);
		if (x != y || x < last)
			abort();
		last = x;
	}
	return unused;
}

static void
threads_write_in_turn_and_read_meanwhile(void **state)
{
	static const uint8_t zero[4];
	pthread_t threads[WRITERS + READERS];
	struct coffer_edit *edit;
	struct coffer_snapshot *snapshot;
	struct coffer_bytes found;
	coffer_error error = {0};
	uint32_t number;

	(void)state;
	must_build("1");
	shared = must_open();
	edit = must_begin(shared);
	for (const char *key = "x"; key; key = *key == 'x' ? "y" : NULL)
		assert_int_equal(coffer_edit_put(edit, 0, bytes(key),
						 (struct coffer_bytes){zero, sizeof(zero)}, &error),
				 COFFER_OK);
	must_commit(edit);
	for (size_t i = 0; i < WRITERS + READERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL,
						i < WRITERS ? write_in_a_thread : read_in_a_thread,
						NULL),
				 0);
	for (size_t i = 0; i < WRITERS + READERS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	snapshot = must_snapshot(shared);
	assert_int_equal(coffer_snapshot_get(snapshot, 0, bytes("x"), &found, &error), COFFER_OK);
	memcpy(&number, found.data, sizeof(number));
	assert_int_equal(number, WRITERS * THREAD_EDITS);
	coffer_snapshot_end(snapshot);
	coffer_disk_close(shared);
}

/* Each entry of tree 1 is of one byte's value throughout; all of them are there. */
static void *
read_all_in_a_thread(void *unused)
{
	const struct timespec pause = {.tv_nsec = 200000};

	while (__atomic_load_n(&writers_left, __ATOMIC_SEQ_CST)) {
		enum coffer_move move = COFFER_MOVE_FIRST;
		struct coffer_snapshot *snapshot;
		struct coffer_tree_size size;
		struct coffer_place *place;
		struct coffer_bytes key = {0}, value;
		uint64_t count = 0;

		if (coffer_disk_snapshot(shared, &snapshot, NULL) ||
		    coffer_place_open(snapshot, 1, &place, NULL))
			abort();
		for (; !coffer_place_move(place, move, &key, &value, NULL); count++) {
			move = COFFER_MOVE_NEXT;
			if (value.data[0] != value.data[value.size - 1])
				abort();
		}
		if (coffer_snapshot_size(snapshot, 1, &size, NULL) || size.entries != count)
			abort();
		coffer_place_close(place);
		coffer_snapshot_end(snapshot);
		(void)nanosleep(&pause, NULL);
	}
	return unused;
}

/* A map that is full grows when for once nobody reads. */
static void
threads_read_while_the_map_grows(void **state)
{
	pthread_t threads[READERS];
	unsigned full = 0;

	(void)state;
	must_build("1");
	coffer_disk_map_size_min = 1 << 17;
	shared = must_open();
	writers_left = 1;
	for (size_t i = 0; i < READERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, read_all_in_a_thread, NULL), 0);
	for (unsigned i = 0; i < 100 && full < 100000;) {
		struct coffer_edit *edit = must_begin(shared);
		coffer_status status = fill(edit, i * 20, 20, 700, NULL);

		if (!status)
			status = coffer_edit_commit(edit, NULL);
		else
			coffer_edit_abort(edit);
		assert_true(!status || status == COFFER_FULL);
		i += !status;
		full += status == COFFER_FULL;
	}
	__atomic_store_n(&writers_left, 0, __ATOMIC_SEQ_CST);
	for (size_t i = 0; i < READERS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_true(full < 100000);
	coffer_disk_close(shared);
	coffer_disk_map_size_min = map_size_min;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_edit_sees_its_changes_and_others_see_them_after_its_commit),
		cmocka_unit_test(an_aborted_edit_leaves_nothing),
		cmocka_unit_test(random_edits_leave_what_a_plain_table_has),
		cmocka_unit_test(a_failure_is_kept_to_the_end_of_the_edit),
		cmocka_unit_test(keys_of_511_bytes_are_taken),
		cmocka_unit_test(a_map_that_fills_loses_nothing_and_the_next_edit_finds_it_grown),
		cmocka_unit_test(the_map_grows_before_it_is_full),
		cmocka_unit_test(a_file_that_may_not_grow_is_full),
		cmocka_unit_test(a_commit_gives_the_file_all_its_length),
		cmocka_unit_test(a_store_that_was_replaced_takes_no_edits),
		cmocka_unit_test(a_link_leads_to_the_real_file_and_its_lock_file),
		cmocka_unit_test(a_disk_that_is_open_for_reading_only_is_not_written),
		cmocka_unit_test(a_file_without_permission_is_read_and_not_written),
		cmocka_unit_test(a_thread_has_one_edit_at_a_time),
		cmocka_unit_test(threads_write_in_turn_and_read_meanwhile),
		cmocka_unit_test(threads_read_while_the_map_grows),
	};

	map_size_min = coffer_disk_map_size_min;
	return cmocka_run_group_tests_name("edits", tests, file_set_up, file_tear_down);
}
