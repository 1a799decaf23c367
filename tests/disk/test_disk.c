/*
 * disk/: what is opened and refused, how a new file takes its place, and the lock file's life.
 */
#include "disk/disk.h"
#include "disk/temporary.h"

#include <fcntl.h>
#include <lmdb.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/coffer-disk.XXXXXX";
static char path[64], lock_path[72];

static struct coffer_bytes
bytes(const char *text)
{
	return (struct coffer_bytes){(const uint8_t *)text, strlen(text)};
}

/* A file with the trees "a" and "b"; "a" has one entry a=value. */
static coffer_status
build(const char *value, bool is_forced, coffer_error *error)
{
	struct coffer_build *new_file;
	uint32_t a, b;
	coffer_status status = coffer_build_begin(path, is_forced, 4, &new_file, error);

	if (status)
		return status;
	assert_int_equal(coffer_build_tree(new_file, "a", &a, error), COFFER_OK);
	assert_int_equal(coffer_build_tree(new_file, "b", &b, error), COFFER_OK);
	assert_int_equal(coffer_build_append(new_file, a, bytes("a"), bytes(value), error), COFFER_OK);
	return coffer_build_finish(new_file, error);
}

static void
must_build(const char *value)
{
	coffer_error error = {0};

	if (build(value, true, &error))
		fail_msg("%s", error.message);
}

static void
check_value(struct coffer_disk *disk, const char *value)
{
	struct coffer_snapshot *snapshot;
	struct coffer_bytes found;
	coffer_error error = {0};

	assert_int_equal(coffer_disk_snapshot(disk, &snapshot, &error), COFFER_OK);
	assert_int_equal(coffer_snapshot_get(snapshot, coffer_disk_tree_find(disk, "a"), bytes("a"),
					     &found, &error),
			 COFFER_OK);
	assert_int_equal(found.size, strlen(value));
	assert_memory_equal(found.data, value, found.size);
	coffer_snapshot_end(snapshot);
}

static void
check_refused(coffer_status wanted, const char *message)
{
	struct coffer_disk *disk;
	coffer_error error = {0};

	assert_int_equal(coffer_disk_open(path, &disk, &error), wanted);
	assert_null(disk);
	assert_int_equal(error.status, wanted);
	if (!strstr(error.message, message))
		fail_msg("\"%s\" does not say \"%s\"", error.message, message);
}

static void
write_file(const char *content, size_t size)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(content, 1, size, file), size);
	fclose(file);
}

static void
poke(long at, const char *content, size_t size)
{
	FILE *file = fopen(path, "r+b");

	assert_non_null(file);
	assert_int_equal(fseek(file, at, SEEK_SET), 0);
	assert_int_equal(fwrite(content, 1, size, file), size);
	fclose(file);
}

static void
names_are_numbered_in_order(void **state)
{
	struct coffer_disk *disk;
	coffer_error error = {0};

	(void)state;
	must_build("1");
	assert_int_equal(coffer_disk_open(path, &disk, &error), COFFER_OK);
	assert_int_equal(coffer_disk_tree_count(disk), 2);
	assert_string_equal(coffer_disk_tree_name(disk, 0), "a");
	assert_int_equal(coffer_disk_tree_find(disk, "b"), 1);
	assert_int_equal(coffer_disk_tree_find(disk, "c"), COFFER_NO_TREE);
	check_value(disk, "1");
	coffer_disk_close(disk);
}

static void
a_file_is_opened_once_and_the_lock_file_goes_with_the_last_user(void **state)
{
	struct coffer_disk *first, *second;
	coffer_error error = {0};

	(void)state;
	must_build("1");
	assert_int_equal(coffer_disk_open(path, &first, &error), COFFER_OK);
	assert_int_equal(coffer_disk_open(path, &second, &error), COFFER_OK);
	assert_ptr_equal(first, second);
	assert_int_equal(access(lock_path, F_OK), 0);
	coffer_disk_close(first);
	assert_int_equal(access(lock_path, F_OK), 0);
	check_value(second, "1");
	coffer_disk_close(second);
	assert_int_not_equal(access(lock_path, F_OK), 0);
}

static void
other_files_are_not_stores(void **state)
{
	static const char zeros[8192];

	(void)state;
	unlink(path);
	check_refused(COFFER_IO, "No such file");
	write_file("", 0);
	check_refused(COFFER_NOT_A_COFFER, "not a coffer store");
	write_file("SQLite format 3", 16);
	check_refused(COFFER_NOT_A_COFFER, "not a coffer store");
	write_file(zeros, sizeof(zeros));
	check_refused(COFFER_NOT_A_COFFER, "not a coffer store");
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	check_refused(COFFER_NOT_A_COFFER, "not a regular file");
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	check_refused(COFFER_NOT_A_COFFER, "not a regular file");
	unlink(path);
	assert_int_not_equal(access(lock_path, F_OK), 0);
}

static void
a_cut_file_is_told_apart(void **state)
{
	struct stat facts;

	(void)state;
	must_build("1");
	assert_int_equal(stat(path, &facts), 0);
	assert_int_equal(truncate(path, facts.st_size - 1), 0);
	check_refused(COFFER_CORRUPT, "cut");
	assert_int_equal(truncate(path, 4096), 0);
	check_refused(COFFER_CORRUPT, "cut: it ends before meta page 1 does");
}

static void
damaged_metas_are_refused(void **state)
{
	(void)state;
	must_build("1");
	poke(16, "\0", 1);
	check_refused(COFFER_NOT_A_COFFER, "at byte 16, is 0xbeefc000, expected 0xbeefc0de");
	poke(10, "\0", 1); /* nor anything else of a meta page */
	check_refused(COFFER_NOT_A_COFFER, "no LMDB file begins like this");
	must_build("1");
	poke(4096 + 16, "\0", 1);
	check_refused(COFFER_CORRUPT,
		      "meta page 1: the magic number is 0xbeefc000, expected 0xbeefc0de");
	must_build("1");
	poke(4096 + 20, "\3", 1);
	check_refused(COFFER_CORRUPT, "meta page 1: the data format is 3, expected 1");
	must_build("1");
	poke(4096 + 41, "\40", 1);
	check_refused(COFFER_CORRUPT, "meta page 1: the page size is 8192, that of meta page 0 is 4096");
	must_build("1");
	poke(0, "\7", 1);
	check_refused(COFFER_CORRUPT, "meta page 0: it says that it is page 7");
	must_build("1");
	poke(4096 + 10, "\2", 1);
	check_refused(COFFER_CORRUPT, "meta page 1: it says that it is no meta page");
	must_build("1");
	poke(20, "\3", 1);
	check_refused(COFFER_NOT_A_COFFER, "data format 3");
	must_build("1");
	poke(40, "\0\0\0\0", 4);
	check_refused(COFFER_CORRUPT, "page size");
	must_build("1");
	poke(92, "\4", 1);
	check_refused(COFFER_CORRUPT, "not a plain tree");
	must_build("1");
	poke(120, "\377\377\377", 3);
	check_refused(COFFER_CORRUPT, "trees");
}

static void
a_tree_of_duplicates_is_refused(void **state)
{
	MDB_env *env;
	MDB_txn *txn;
	MDB_dbi dbi;

	(void)state;
	unlink(path);
	assert_int_equal(mdb_env_create(&env), 0);
	mdb_env_set_maxdbs(env, 2);
	assert_int_equal(mdb_env_open(env, path, MDB_NOSUBDIR | MDB_NOLOCK, 0600), 0);
	assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
	assert_int_equal(mdb_dbi_open(txn, "a", MDB_CREATE | MDB_DUPSORT, &dbi), 0);
	assert_int_equal(mdb_txn_commit(txn), 0);
	mdb_env_close(env);
	check_refused(COFFER_CORRUPT, "not a plain tree");
}

/* What the careful reader builds on: pages that are not there cannot be looked at without the end of this process. */
static void
liblmdb_looks_at_the_metas_alone_for_a_reader(void **state)
{
	MDB_env *env;
	MDB_txn *txn;
	int dead;

	(void)state;
	must_build("1");
	assert_int_equal(truncate(path, 2 * 4096), 0);
	assert_int_equal(mdb_env_create(&env), 0);
	assert_int_equal(mdb_env_set_maxdbs(env, 4), 0);
	assert_int_equal(mdb_env_open(env, path, MDB_NOSUBDIR | MDB_RDONLY | MDB_NOTLS, 0600), 0);
	assert_int_equal(mdb_reader_check(env, &dead), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn), 0);
		assert_true(mdb_txn_id(txn) > 0);
		mdb_txn_abort(txn);
	}
	mdb_env_close(env);
	unlink(lock_path);
}

/* All pages but the metas have other bytes: the careful reader says so, and nothing else is looked at. */
static void
pages_of_any_bytes_are_refused(void **state)
{
	static const char fills[] = {'\0', '\377', 'a'};
	struct coffer_disk *disk;
	char page[4096];
	struct stat facts;

	(void)state;
	for (size_t i = 0; i < sizeof(fills); i++) {
		coffer_error error = {0};

		must_build("1");
		assert_int_equal(stat(path, &facts), 0);
		memset(page, fills[i], sizeof(page));
		for (off_t at = 2 * 4096; at < facts.st_size; at += 4096)
			poke(at, page, sizeof(page));
		assert_int_equal(coffer_disk_open(path, &disk, &error), COFFER_CORRUPT);
		assert_non_null(strstr(error.place, "main tree[page "));
	}
}

static void
a_name_that_is_taken_is_not_overwritten(void **state)
{
	struct coffer_disk *disk;
	coffer_error error = {0};

	(void)state;
	must_build("old");
	assert_int_equal(build("new", false, &error), COFFER_EXISTS);
	assert_int_equal(coffer_disk_open(path, &disk, NULL), COFFER_OK);
	check_value(disk, "old");
	coffer_disk_close(disk);
}

/* A child that has the file open until a byte comes through the pipe that it gives. */
static pid_t
hold_open(int *go)
{
	int told[2], wait[2];
	struct coffer_disk *disk;
	pid_t child;
	char byte;

	assert_int_equal(pipe(told) | pipe(wait), 0);
	child = fork();
	if (!child) {
		int failed = close(wait[1]) || coffer_disk_open(path, &disk, NULL) ||
			     write(told[1], "", 1) != 1 || read(wait[0], &byte, 1) != 1;

		if (!failed)
			coffer_disk_close(disk);
		_exit(failed);
	}
	assert_int_equal(read(told[0], &byte, 1), 1);
	*go = wait[1];
	return child;
}

static void
let_go(pid_t child, int go)
{
	int exit_status;

	assert_int_equal(write(go, "", 1), 1);
	assert_int_equal(waitpid(child, &exit_status, 0), child);
	assert_int_equal(exit_status, 0);
}

static void
a_store_that_is_open_is_not_replaced(void **state)
{
	struct coffer_disk *disk;
	coffer_error error = {0};
	pid_t child;
	int go;

	(void)state;
	must_build("old");
	assert_int_equal(coffer_disk_open(path, &disk, &error), COFFER_OK);
	assert_int_equal(build("new", true, &error), COFFER_BUSY);
	coffer_disk_close(disk);

	/* The same with another process that has it open. */
	child = hold_open(&go);
	error = (coffer_error){0};
	assert_int_equal(build("new", true, &error), COFFER_BUSY);
	assert_non_null(strstr(error.message, "in use"));
	let_go(child, go);

	error = (coffer_error){0};
	assert_int_equal(build("new", true, &error), COFFER_OK);
	assert_int_equal(coffer_disk_open(path, &disk, &error), COFFER_OK);
	check_value(disk, "new");
	coffer_disk_close(disk);
}

/* Take a lock file that is made, and that nobody has filled; -1: it is there, or taken. */
static int
take_alone(void)
{
	struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
	int lock = open(lock_path, O_RDWR | O_CREAT | O_EXCL, 0600);

	return lock < 0 || fcntl(lock, F_SETLK, &range) ? -1 : lock;
}

/* Hold the lock file alone, as whoever replaces the store does, once or as often behind one another. */
static pid_t
hold_alone(int count, useconds_t time, bool is_killed)
{
	int ready[2], lock, last;
	pid_t child;
	char byte;

	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (!child) {
		lock = take_alone();
		if (lock < 0 || write(ready[1], "", 1) != 1)
			_exit(1);
		(void)usleep(time);
		for (int i = 1; i < count; i++) {
			last = lock;
			if (unlink(lock_path) || (lock = take_alone()) < 0 || close(last))
				_exit(1);
			(void)usleep(time);
		}
		_exit(!is_killed && unlink(lock_path));
	}
	assert_true(child > 0);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	(void)close(ready[0]);
	(void)close(ready[1]);
	return child;
}

static void
check_waits(pid_t child)
{
	struct coffer_disk *disk;
	coffer_error error = {0};
	int exit_status;

	assert_int_equal(coffer_disk_open(path, &disk, &error), COFFER_OK);
	check_value(disk, "value");
	coffer_disk_close(disk);
	assert_int_equal(waitpid(child, &exit_status, 0), child);
	assert_int_equal(exit_status, 0);
}

static void
who_opens_while_a_store_is_replaced_waits(void **state)
{
	(void)state;
	must_build("value");
	check_waits(hold_alone(1, 300000, false));
	check_waits(hold_alone(1, 300000, true));
}

static void
who_opens_outlasts_lock_files_that_come_and_go(void **state)
{
	(void)state;
	must_build("value");
	check_waits(hold_alone(24, 20000, false));
}

/* A file of as many transactions; the last says "a" = "new". */
static void
write_transactions(unsigned count)
{
	char name[] = "a", old[] = "old", new[] = "new";
	MDB_val key = {1, name}, value = {3, old};
	MDB_env *env;
	MDB_txn *txn;
	MDB_dbi tree;

	assert_int_equal(mdb_env_create(&env), 0);
	assert_int_equal(mdb_env_set_maxdbs(env, 1), 0);
	assert_int_equal(mdb_env_open(env, path, MDB_NOSUBDIR | MDB_NOLOCK, 0600), 0);
	for (unsigned i = 0; i < count; i++) {
		if (i == count - 1)
			value.mv_data = new;
		assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
		assert_int_equal(mdb_dbi_open(txn, "a", MDB_CREATE, &tree), 0);
		assert_int_equal(mdb_put(txn, tree, &key, &value, 0), 0);
		assert_int_equal(mdb_txn_commit(txn), 0);
	}
	mdb_env_close(env);
}

/* The lock file of a file that is gone belongs to whoever has that open. */
static void
a_lock_file_of_another_file_is_not_believed(void **state)
{
	struct coffer_disk *disk;
	coffer_error error = {0};
	pid_t child;
	int go;

	(void)state;
	must_build("gone");
	child = hold_open(&go);
	assert_int_equal(unlink(path), 0);
	write_transactions(4);
	check_refused(COFFER_BUSY, "in use");
	let_go(child, go);
	assert_int_equal(coffer_disk_open(path, &disk, &error), COFFER_OK);
	check_value(disk, "new");
	coffer_disk_close(disk);
}

/* The lock file outlives a store that is removed by hand while it is open: a new one waits for its users. */
static void
a_new_store_does_not_take_a_lock_that_is_held(void **state)
{
	struct coffer_disk *disk;
	coffer_error error = {0};

	(void)state;
	must_build("old");
	assert_int_equal(coffer_disk_open(path, &disk, &error), COFFER_OK);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(build("new", false, &error), COFFER_BUSY);
	check_value(disk, "old");
	coffer_disk_close(disk);
	error = (coffer_error){0};
	assert_int_equal(build("new", false, &error), COFFER_OK);
}

static void
a_full_map_is_full_and_leaves_nothing(void **state)
{
	size_t map_size_min = coffer_disk_map_size_min;
	struct coffer_build *new_file;
	coffer_error error = {0};
	static const char value[1024];
	coffer_status status = COFFER_OK;
	uint32_t tree;

	(void)state;
	unlink(path);
	coffer_disk_map_size_min = 1 << 20;
	assert_int_equal(coffer_build_begin(path, false, 1, &new_file, &error), COFFER_OK);
	assert_int_equal(coffer_build_tree(new_file, "a", &tree, &error), COFFER_OK);
	for (uint32_t i = 0; !status && i < 4096; i++) {
		uint8_t key[4] = {(uint8_t)(i >> 24), (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i};

		status = coffer_build_append(new_file, tree, (struct coffer_bytes){key, 4},
					     (struct coffer_bytes){(const uint8_t *)value, 1024}, &error);
	}
	assert_int_equal(status, COFFER_FULL);
	coffer_build_abort(new_file);
	coffer_disk_map_size_min = map_size_min;
	assert_int_not_equal(access(path, F_OK), 0);
}

static void
an_aborted_build_leaves_nothing(void **state)
{
	struct coffer_build *new_file;
	coffer_error error = {0};
	char command[128];

	(void)state;
	unlink(path);
	assert_int_equal(coffer_build_begin(path, false, 1, &new_file, &error), COFFER_OK);
	coffer_build_abort(new_file);
	snprintf(command, sizeof(command), "test -z \"$(ls -A %s)\"", folder);
	assert_int_equal(system(command), 0);
	error = (coffer_error){0};
	assert_int_equal(coffer_build_begin("/nowhere/at/all", false, 1, &new_file, &error), COFFER_IO);
	assert_non_null(strstr(error.message, "folder"));
}

/* A name beside the file, `kind` behind its own. */
static const char *
beside(const char *kind)
{
	static char name[128];

	snprintf(name, sizeof(name), "%s/.%s%s", folder, strrchr(path, '/') + 1, kind);
	return name;
}

static void
what_was_left_is_removed_and_nothing_else(void **state)
{
	static const char *const kept[] = {".AbC123", ".coffer.AbC12", ".coffer.AbC1234", ".coffer.AbC-23",
					   "x.coffer.AbC123"};
	int held = open(beside(".coffer.held00"), O_CREAT | O_RDWR, 0600);

	(void)state;
	assert_true(held >= 0);
	assert_int_equal(flock(held, LOCK_EX), 0);
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		assert_int_equal(close(open(beside(kept[i]), O_CREAT | O_RDWR, 0600)), 0);
	assert_int_equal(close(open(beside(".coffer.AbC123"), O_CREAT | O_RDWR, 0600)), 0);
	assert_int_equal(symlink(path, beside(".coffer.linked")), 0);
	assert_int_equal(mkdir(beside(".coffer.folder"), 0700), 0);
	must_build("1");
	assert_int_equal(access(beside(".coffer.AbC123"), F_OK), -1);
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		assert_int_equal(unlink(beside(kept[i])), 0);
	assert_int_equal(unlink(beside(".coffer.linked")), 0);
	assert_int_equal(rmdir(beside(".coffer.folder")), 0);
	assert_int_equal(access(beside(".coffer.held00"), F_OK), 0);
	assert_int_equal(close(held), 0);
	must_build("2");
	assert_int_equal(access(beside(".coffer.held00"), F_OK), -1);
}

static void
a_file_that_has_a_maker_is_not_left(void **state)
{
	char *name = coffer_temporary_path(path);
	int fd;

	(void)state;
	assert_non_null(name);
	fd = coffer_temporary_make(name);
	assert_true(fd >= 0);
	coffer_temporary_sweep(path);
	assert_int_equal(access(name, F_OK), 0);
	assert_int_equal(close(fd), 0);
	coffer_temporary_sweep(path);
	assert_int_equal(access(name, F_OK), -1);
	free(name);
}

static void
a_new_file_is_private_and_readable_without_its_lock_file(void **state)
{
	struct coffer_disk *disk;
	coffer_error error = {0};
	struct stat facts;

	(void)state;
	must_build("1");
	assert_int_equal(stat(path, &facts), 0);
	assert_int_equal(facts.st_mode & 0777, 0600);
	if (!geteuid())
		return; /* root may write everywhere */
	assert_int_equal(chmod(folder, 0500), 0);
	assert_int_equal(coffer_disk_open(path, &disk, &error), COFFER_OK);
	check_value(disk, "1");
	coffer_disk_close(disk);
	assert_int_equal(chmod(folder, 0700), 0);
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
		cmocka_unit_test(names_are_numbered_in_order),
		cmocka_unit_test(a_file_is_opened_once_and_the_lock_file_goes_with_the_last_user),
		cmocka_unit_test(other_files_are_not_stores),
		cmocka_unit_test(a_cut_file_is_told_apart),
		cmocka_unit_test(damaged_metas_are_refused),
		cmocka_unit_test(a_tree_of_duplicates_is_refused),
		cmocka_unit_test(liblmdb_looks_at_the_metas_alone_for_a_reader),
		cmocka_unit_test(pages_of_any_bytes_are_refused),
		cmocka_unit_test(a_name_that_is_taken_is_not_overwritten),
		cmocka_unit_test(a_store_that_is_open_is_not_replaced),
		cmocka_unit_test(who_opens_while_a_store_is_replaced_waits),
		cmocka_unit_test(who_opens_outlasts_lock_files_that_come_and_go),
		cmocka_unit_test(a_lock_file_of_another_file_is_not_believed),
		cmocka_unit_test(a_new_store_does_not_take_a_lock_that_is_held),
		cmocka_unit_test(a_full_map_is_full_and_leaves_nothing),
		cmocka_unit_test(an_aborted_build_leaves_nothing),
		cmocka_unit_test(what_was_left_is_removed_and_nothing_else),
		cmocka_unit_test(a_file_that_has_a_maker_is_not_left),
		cmocka_unit_test(a_new_file_is_private_and_readable_without_its_lock_file),
	};

	return cmocka_run_group_tests_name("disk", tests, set_up, tear_down);
}
