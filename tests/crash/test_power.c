/*
 * The power goes while edits are written. What a writer wrote is logged with its syncs, then each prefix of the log is
 * played back: writes that were synced are in the file, each of the others is there, is not, or is there in part. Every
 * such file has to open at the last state that was acknowledged, or at the one that was about to be, and take edits.
 *
 *   edits --> log of writes and syncs --> prefix --> some of the unsynced writes --> file --> its content is a known one
 *
 * A sector of 512 bytes is written whole or not at all, as LMDB expects of its meta pages. The system's functions stand
 * below, where liblmdb finds them first.
 */
#include "tests/support/file.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	EVENTS_MAX = 4096,
	EDITS = 16,
	SECTOR_SIZE = 512,
	IMAGE_SIZE_MAX = 4 << 20,
	VARIANTS = 8, /* of each prefix */
};

#define SEEN_BY_LIBLMDB __attribute__((visibility("default")))

/* ------------------------------------------------------------------ the log */

struct event {
	enum { EVENT_WRITE, EVENT_LENGTH, EVENT_SYNC, EVENT_COMMITTED } kind;
	bool is_synced; /* a write that lasts when it returns */
	off_t at;       /* LENGTH: the end */
	size_t size;
	uint8_t *bytes;
};

static struct event events[EVENTS_MAX];
static size_t event_count;
static bool is_logging;

static struct event *
add_event(int kind)
{
	struct event *event = &events[event_count++];

	if (event_count == EVENTS_MAX)
		abort();
	*event = (struct event){.kind = kind};
	return event;
}

static void
log_write(int fd, const struct iovec *parts, int count, off_t at)
{
	struct event *event = add_event(EVENT_WRITE);
	uint8_t *to;

	event->at = at;
	event->is_synced = (fcntl(fd, F_GETFL) & O_DSYNC) != 0;
	for (int i = 0; i < count; i++)
		event->size += parts[i].iov_len;
	event->bytes = to = malloc(event->size);
	if (!to)
		abort();
	for (int i = 0; i < count; to += parts[i++].iov_len)
		memcpy(to, parts[i].iov_base, parts[i].iov_len);
}

SEEN_BY_LIBLMDB ssize_t
pwrite(int fd, const void *bytes, size_t size, off_t at)
{
	struct iovec part = {.iov_len = size};

	memcpy(&part.iov_base, &bytes, sizeof(bytes));
	if (is_logging)
		log_write(fd, &part, 1, at);
	return syscall(SYS_pwrite64, fd, bytes, size, at);
}

SEEN_BY_LIBLMDB ssize_t
writev(int fd, const struct iovec *parts, int count)
{
	if (is_logging)
		log_write(fd, parts, count, lseek(fd, 0, SEEK_CUR));
	return syscall(SYS_writev, fd, parts, count);
}

SEEN_BY_LIBLMDB int
fdatasync(int fd)
{
	if (is_logging)
		add_event(EVENT_SYNC);
	return (int)syscall(SYS_fdatasync, fd);
}

SEEN_BY_LIBLMDB int
fallocate(int fd, int mode, off_t at, off_t size)
{
	if (is_logging)
		add_event(EVENT_LENGTH)->at = at + size;
	return (int)syscall(SYS_fallocate, fd, mode, at, size);
}

/* ------------------------------------------------------------------ the edits */

/* What the file has after so many edits. */
static uint64_t contents[EDITS + 1];

static uint64_t
mix(uint64_t hash, struct coffer_bytes data)
{
	for (size_t i = 0; i < data.size; i++)
		hash = (hash ^ data.data[i]) * 0x100000001b3u;
	return (hash ^ data.size) * 0x100000001b3u;
}

static uint64_t
content_of(struct coffer_disk *disk)
{
	struct coffer_snapshot *snapshot = must_snapshot(disk);
	uint64_t hash = 0xcbf29ce484222325u;

	for (uint32_t tree = 0; tree < 2; tree++) {
		enum coffer_move move = COFFER_MOVE_FIRST;
		struct coffer_bytes key = {0}, value;
		struct coffer_place *place;

		ensure(!coffer_place_open(snapshot, tree, &place, NULL));
		for (; !coffer_place_move(place, move, &key, &value, NULL); move = COFFER_MOVE_NEXT)
			hash = mix(mix(hash, key), value);
		coffer_place_close(place);
	}
	coffer_snapshot_end(snapshot);
	return hash;
}

/* Pages that are new, used again and given back at the end of the file; values of one page and of several. */
static void
edit_number(struct coffer_disk *disk, unsigned number)
{
	struct coffer_edit *edit = must_begin(disk);
	char text[16];

	snprintf(text, sizeof(text), "%u", number);
	must_put(edit, "a", text);
	ensure(!fill(edit, number % 4 * 10, 20, 100 + number * 37, NULL));
	if (number % 3 == 2)
		ensure(!unfill(edit, number % 4 * 10, 10, NULL));
	if (number % 5 == 4)
		ensure(!fill(edit, 1000, 10, 9000, NULL) && !unfill(edit, 1000, 10, NULL));
	if (number % 5 == 1)
		ensure(!fill(edit, 2000 + number, 2, 15000, NULL));
	must_commit(edit);
}

/* The file as it was before the first edit. */
static uint8_t base[IMAGE_SIZE_MAX];
static size_t base_size;

static void
write_edits(void)
{
	struct coffer_disk *disk;
	FILE *file;

	must_build("0");
	file = fopen(file_path, "rb");
	ensure(file != NULL);
	base_size = fread(base, 1, sizeof(base), file);
	fclose(file);
	disk = must_open();
	contents[0] = content_of(disk);
	for (unsigned i = 0; i < EDITS; i++) {
		is_logging = true;
		edit_number(disk, i + 1);
		add_event(EVENT_COMMITTED);
		is_logging = false;
		contents[i + 1] = content_of(disk);
	}
	coffer_disk_close(disk);
}

/* ------------------------------------------------------------------ what is left of it */

static uint8_t image[IMAGE_SIZE_MAX];
static size_t image_size;
static uint64_t random_state = 1;

static unsigned
random_below(unsigned bound)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(random_state >> 33) % bound;
}

/* The sectors of a write: all, none, or each by chance. */
enum fate { FATE_WRITTEN, FATE_LOST, FATE_TORN };

static void
play(const struct event *event, enum fate fate)
{
	if (event->kind == EVENT_LENGTH && fate == FATE_WRITTEN && image_size < (size_t)event->at)
		image_size = (size_t)event->at;
	if (event->kind != EVENT_WRITE || fate == FATE_LOST)
		return;
	ensure((size_t)event->at + event->size <= IMAGE_SIZE_MAX);
	for (size_t done = 0, here; done < event->size; done += here) {
		size_t at = (size_t)event->at + done;

		here = SECTOR_SIZE - at % SECTOR_SIZE;
		if (here > event->size - done)
			here = event->size - done;
		if (fate == FATE_TORN && random_below(2))
			continue;
		memcpy(image + at, event->bytes + done, here);
		if (image_size < at + here)
			image_size = at + here;
	}
}

/* Variant 0 loses all that was not synced, 1 nothing; the others do by chance. */
static enum fate
choose(unsigned variant)
{
	if (variant < 2)
		return variant ? FATE_WRITTEN : FATE_LOST;
	return (enum fate)random_below(3);
}

/* The first events that last for certain, when the power goes after `count` of them: the last one may not have ended. */
static size_t
count_synced(size_t count)
{
	while (count > 1 && events[count - 2].kind != EVENT_SYNC)
		count--;
	return count - 1;
}

static void
make_image(size_t count, unsigned variant, bool has_syncs)
{
	size_t synced = has_syncs && count ? count_synced(count) : 0;

	memset(image, 0, sizeof(image));
	memcpy(image, base, base_size);
	image_size = base_size;
	for (size_t i = 0; i < count; i++) {
		bool is_certain = i < synced || (has_syncs && events[i].is_synced && i + 1 < count);

		play(&events[i], is_certain ? FATE_WRITTEN : choose(variant));
	}
}

/* In a process of its own: a file that is not as it should be may be the end of it. */
static int
look_at_image(unsigned committed, bool is_edited)
{
	struct coffer_disk *disk;
	uint64_t content;
	FILE *file;

	(void)unlink(file_path); /* a file system may sync what is written over an old file */
	file = fopen(file_path, "wb");
	ensure(file && fwrite(image, 1, image_size, file) == image_size && !fclose(file));
	if (coffer_disk_open_to_write(file_path, &disk, NULL))
		return 1;
	content = content_of(disk);
	if (content != contents[committed] &&
	    (committed == EDITS || content != contents[committed + 1]))
		return 2;
	if (is_edited) {
		edit_number(disk, 100);
		edit_number(disk, 101);
		check(disk, "a", "101");
	}
	coffer_disk_close(disk);
	return 0;
}

/* Returns how many files were not as they should be. */
static unsigned
play_back(bool has_syncs, unsigned *looks_out)
{
	unsigned committed = 0, wrong = 0;

	*looks_out = 0;
	for (size_t count = 0; count <= event_count; count++) {
		committed += count && events[count - 1].kind == EVENT_COMMITTED;
		for (unsigned variant = 0; variant < VARIANTS; variant++, ++*looks_out) {
			int exit_status;
			pid_t process;

			make_image(count, variant, has_syncs);
			process = fork();
			if (!process) {
				child_begin();
				if (!has_syncs) /* what a bad file makes it say is of no interest */
					(void)!freopen("/dev/null", "w", stderr);
				_exit(look_at_image(committed, has_syncs && !random_below(16)));
			}
			ensure(waitpid(process, &exit_status, 0) == process);
			if (exit_status && has_syncs)
				print_error("# %zu events, variant %u, %u committed: %d\n", count,
					    variant, committed, exit_status);
			wrong += exit_status != 0;
		}
	}
	return wrong;
}

static void
every_power_cut_leaves_a_known_state(void **state)
{
	unsigned looks, wrong;

	(void)state;
	write_edits();
	assert_true(event_count > 5 * EDITS);
	wrong = play_back(true, &looks);
	print_message("# %u files, %zu events\n", looks, event_count);
	assert_int_equal(wrong, 0);
}

/* Were nothing synced, many files would be wrong: so the test can tell. */
static void
without_syncs_it_would_be_seen(void **state)
{
	unsigned looks;

	(void)state;
	assert_true(play_back(false, &looks) > looks / 10);
}

static int
tear_down(void **state)
{
	for (size_t i = 0; i < event_count; i++)
		free(events[i].bytes);
	return file_tear_down(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_power_cut_leaves_a_known_state),
		cmocka_unit_test(without_syncs_it_would_be_seen),
	};

	return cmocka_run_group_tests_name("power cuts", tests, file_set_up, tear_down);
}
