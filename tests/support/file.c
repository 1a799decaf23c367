/*
 * See file.h.
 */
#include "tests/support/file.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

char file_folder[64];
char file_path[96], file_lock_path[104];

int
file_set_up(void **state)
{
	(void)state;
	(void)signal(SIGPIPE, SIG_IGN); /* a child may have gone before it is told to */
	snprintf(file_folder, sizeof(file_folder), "/tmp/coffer-file.XXXXXX");
	if (!mkdtemp(file_folder))
		return -1;
	snprintf(file_path, sizeof(file_path), "%s/store", file_folder);
	snprintf(file_lock_path, sizeof(file_lock_path), "%s-lock", file_path);
	return 0;
}

int
file_tear_down(void **state)
{
	(void)state;
	unlink(file_path);
	unlink(file_lock_path);
	return rmdir(file_folder);
}

struct coffer_bytes
bytes(const char *text)
{
	return (struct coffer_bytes){(const uint8_t *)text, strlen(text)};
}

static bool is_child;

/* A child that went back into cmocka would run the rest of the tests. */
void
ensure_at(bool condition, const char *text, const char *file, int line)
{
	if (condition)
		return;
	if (!is_child)
		fail_msg("%s:%d: %s", file, line, text);
	fprintf(stderr, "child: %s:%d: %s\n", file, line, text);
	_exit(1);
}

static void
must(coffer_status status, const coffer_error *error)
{
	ensure_at(!status, error->message, __FILE__, __LINE__);
}

void
must_build(const char *value)
{
	struct coffer_build *build;
	coffer_error error = {0};
	uint32_t a, b;

	must(coffer_build_begin(file_path, true, 4, &build, &error), &error);
	must(coffer_build_tree(build, "a", &a, &error), &error);
	must(coffer_build_tree(build, "b", &b, &error), &error);
	must(coffer_build_append(build, a, bytes("a"), bytes(value), &error), &error);
	must(coffer_build_finish(build, &error), &error);
}

struct coffer_disk *
must_open(void)
{
	struct coffer_disk *disk;
	coffer_error error = {0};

	must(coffer_disk_open_to_write(file_path, &disk, &error), &error);
	return disk;
}

struct coffer_disk *
must_open_to_read(void)
{
	struct coffer_disk *disk;
	coffer_error error = {0};

	must(coffer_disk_open(file_path, &disk, &error), &error);
	return disk;
}

struct coffer_snapshot *
must_snapshot(struct coffer_disk *disk)
{
	struct coffer_snapshot *snapshot;
	coffer_error error = {0};

	must(coffer_disk_snapshot(disk, &snapshot, &error), &error);
	return snapshot;
}

struct coffer_edit *
must_begin(struct coffer_disk *disk)
{
	struct coffer_edit *edit;
	coffer_error error = {0};

	must(coffer_edit_begin(disk, &edit, &error), &error);
	return edit;
}

void
must_put(struct coffer_edit *edit, const char *key, const char *value)
{
	coffer_error error = {0};

	must(coffer_edit_put(edit, 0, bytes(key), bytes(value), &error), &error);
}

void
must_commit(struct coffer_edit *edit)
{
	coffer_error error = {0};

	must(coffer_edit_commit(edit, &error), &error);
}

void
must_write(struct coffer_disk *disk, const char *key, const char *value)
{
	struct coffer_edit *edit = must_begin(disk);

	must_put(edit, key, value);
	must_commit(edit);
}

static struct coffer_bytes
number_key(unsigned number, uint8_t out[4])
{
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(number >> (24 - 8 * i));
	return (struct coffer_bytes){out, 4};
}

coffer_status
fill(struct coffer_edit *edit, unsigned first, unsigned count, size_t size, coffer_error *error)
{
	static _Thread_local uint8_t
		value[1 << 16]; /* no memory that a test of faults would refuse */
	coffer_status status = COFFER_OK;
	uint8_t key[4];

	ensure(size <= sizeof(value));
	for (unsigned i = first; !status && i < first + count; i++) {
		memset(value, (int)(i % 251), size);
		status = coffer_edit_put(edit, 1, number_key(i, key),
					 (struct coffer_bytes){value, size}, error);
	}
	return status;
}

coffer_status
unfill(struct coffer_edit *edit, unsigned first, unsigned count, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	uint8_t key[4];

	for (unsigned i = first; !status && i < first + count; i++)
		status = coffer_edit_delete(edit, 1, number_key(i, key), error);
	return status;
}

void
check_in(struct coffer_snapshot *snapshot, const char *key, const char *value)
{
	struct coffer_bytes found;
	coffer_status status = coffer_snapshot_get(snapshot, 0, bytes(key), &found, NULL);

	ensure(status == (value ? COFFER_OK : COFFER_NOT_FOUND));
	if (value)
		ensure(found.size == strlen(value) && !memcmp(found.data, value, found.size));
}

void
check(struct coffer_disk *disk, const char *key, const char *value)
{
	struct coffer_snapshot *snapshot = must_snapshot(disk);

	check_in(snapshot, key, value);
	coffer_snapshot_end(snapshot);
}

void
check_failed(coffer_status status, const coffer_error *error, coffer_status wanted,
	     const char *text)
{
	char both[700];

	snprintf(both, sizeof(both), "status %d, \"%s\", expected %d, \"%s\"", status,
		 error->message, wanted, text);
	ensure_at(status == wanted && error->status == wanted && strstr(error->message, text), both,
		  __FILE__, __LINE__);
}

int64_t
now_ms(void)
{
	struct timespec now;

	ensure(!clock_gettime(CLOCK_MONOTONIC, &now));
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
say(int out)
{
	ensure(write(out, "", 1) == 1);
}

void
hear(int in)
{
	char byte;

	ensure(read(in, &byte, 1) == 1);
}

/* cmocka would catch what ends a process and go on with the next test. */
void
child_begin(void)
{
	static const int ends[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};

	is_child = true;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		(void)signal(ends[i], SIG_DFL);
}

struct child
child_start(int (*body)(int in, int out))
{
	int down[2], up[2];
	struct child child;

	ensure(!pipe(down) && !pipe(up));
	child = (struct child){.process = fork(), .in = up[0], .out = down[1]};
	ensure(child.process >= 0);
	if (!child.process) {
		child_begin();
		close(up[0]);
		close(down[1]);
		_exit(body(down[0], up[1]));
	}
	close(up[1]);
	close(down[0]);
	return child;
}

static void
close_pipes(struct child child)
{
	close(child.in);
	close(child.out);
}

void
child_end(struct child child)
{
	int exit_status;

	(void)!write(child.out, "", 1);
	assert_int_equal(waitpid(child.process, &exit_status, 0), child.process);
	assert_int_equal(exit_status, 0);
	close_pipes(child);
}

void
child_kill(struct child child)
{
	assert_int_equal(kill(child.process, SIGKILL), 0);
	assert_int_equal(waitpid(child.process, NULL, 0), child.process);
	close_pipes(child);
}
