/*
 * A file of two trees in a scratch folder, edited and looked at, for tests of disk/.
 */
#ifndef COFFER_TESTS_FILE_H
#define COFFER_TESTS_FILE_H

#include "disk/disk.h"

#include <sys/types.h>

/* Valid from file_set_up to file_tear_down, which are cmocka's. */
extern char file_folder[];
extern char file_path[96], file_lock_path[104];
int
file_set_up(void **state);
int
file_tear_down(void **state);

/* Fails the test, or ends a child with status 1. All that follows here fails so, with the message of what failed. */
#define ensure(condition) ensure_at((condition), #condition, __FILE__, __LINE__)
void
ensure_at(bool condition, const char *text, const char *file, int line);

struct coffer_bytes
bytes(const char *text);

/* A new file with the trees "a" and "b", numbers 0 and 1; "a" has one entry a=value. */
void
must_build(const char *value);

/* In tree 0. */
struct coffer_disk *
must_open(void);
struct coffer_disk *
must_open_to_read(void);
struct coffer_snapshot *
must_snapshot(struct coffer_disk *disk);
struct coffer_edit *
must_begin(struct coffer_disk *disk);
void
must_put(struct coffer_edit *edit, const char *key, const char *value);
void
must_commit(struct coffer_edit *edit);
/* One edit with one entry. */
void
must_write(struct coffer_disk *disk, const char *key, const char *value);

/* Put `count` entries of `size` bytes in tree 1, with the keys `first`, `first` + 1, ... */
coffer_status
fill(struct coffer_edit *edit, unsigned first, unsigned count, size_t size, coffer_error *error);

/* Delete them again. */
coffer_status
unfill(struct coffer_edit *edit, unsigned first, unsigned count, coffer_error *error);

/* What a key has; NULL: there is no such entry. */
void
check_in(struct coffer_snapshot *snapshot, const char *key, const char *value);
void
check(struct coffer_disk *disk, const char *key, const char *value);

/* The status, and that the message has the text. */
void
check_failed(coffer_status status, const coffer_error *error, coffer_status wanted,
	     const char *text);

/* By a clock that only goes forward. */
int64_t
now_ms(void);

/*
 * Another process, which shares no open file with this one: call before a disk is opened. It runs `body`, which talks
 * through a pipe in each direction, and its exit status is what `body` returns.
 */
struct child {
	pid_t process;
	int in, out;
};
void
child_begin(void); /* right after a fork of one's own */
struct child
child_start(int (*body)(int in, int out));
/* Write and wait for one byte. */
void
say(int out);
void
hear(int in);
void
child_end(struct child child); /* says a last byte and waits for its exit with 0 */
void
child_kill(struct child child);

#endif
