/*
 * The map: how large it is, and what stands in the way of a transaction.
 *
 * liblmdb maps the file once, and only while no transaction of this process is open can the map be made anew: growing it
 * under a reader is a crash. So whoever begins one asks here. An edit counts as open from before it waits for the writer
 * of another process, since liblmdb looks at the map as soon as it has the lock.
 */
#include "disk/lmdb.h"

#include <errno.h>
#include <sys/mman.h>
#include <time.h>

enum {
	MAP_UNIT = 64 << 10, /* a map is a multiple of any page size of a system */
	READERS_CHECK_MS = 1000,
	TRIES_MAX = 40, /* one second in all */
	PAUSE_MS = 25,
	NO_MAP = -1, /* no code of liblmdb or the system: the old map is gone, without a new one */
};

size_t coffer_disk_map_size_min = (size_t)64 << 30;

size_t
coffer_map_size(uint64_t size)
{
	if (size <= coffer_disk_map_size_min / 4)
		return coffer_disk_map_size_min;
	if (size > SIZE_MAX / 8) /* no such map will be made */
		return (size_t)size;
	return ((size_t)size * 4 + MAP_UNIT - 1) / MAP_UNIT * MAP_UNIT;
}

static int64_t
now_ms(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
coffer_map_pause(void)
{
	const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};

	(void)nanosleep(&pause, NULL);
}

void
coffer_map_check_readers(struct coffer_disk *disk, bool is_now)
{
	int64_t now = now_ms();
	int dead;
	bool is_due;

	coffer_disk_hold();
	is_due = is_now || now - disk->readers_checked_ms >= READERS_CHECK_MS;
	if (is_due)
		disk->readers_checked_ms = now;
	coffer_disk_let();
	if (is_due)
		(void)mdb_reader_check(disk->env, &dead);
}

void
coffer_map_filled(struct coffer_disk *disk)
{
	coffer_disk_hold();
	disk->is_full = true;
	coffer_disk_let();
}

/* liblmdb gives the old map away before it makes the new one, and is lost without: see first whether there is room. */
static int
make_anew(struct coffer_disk *disk, size_t size)
{
	void *room =
		mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (room == MAP_FAILED)
		return errno;
	(void)munmap(room, size);
	disk->has_no_map = mdb_env_set_mapsize(disk->env, size) != 0;
	return disk->has_no_map ? NO_MAP : 0;
}

/* While held, with no transaction of this process open: a larger map where over half of it is used. */
static int
grow_when_due(struct coffer_disk *disk)
{
	MDB_envinfo info;
	MDB_stat facts;
	uint64_t used;
	size_t size;
	int code;

	if ((code = mdb_env_info(disk->env, &info)) || (code = mdb_env_stat(disk->env, &facts)))
		return code;
	used = (uint64_t)(info.me_last_pgno + 1) * facts.ms_psize;
	if (used <= info.me_mapsize / 2 && !disk->is_full)
		return 0;
	size = coffer_map_size(used);
	if (size < info.me_mapsize * 2)
		size = info.me_mapsize * 2;
	disk->is_full = false;
	return make_anew(disk, size);
}

static int
begin_reading(struct coffer_disk *disk, struct coffer_pin *pin, MDB_txn **txn_out)
{
	int code;

	coffer_disk_hold();
	code = disk->has_no_map ? NO_MAP : 0;
	if (!code)
		code = mdb_txn_begin(disk->env, NULL, MDB_RDONLY, txn_out);
	if (code == MDB_MAP_RESIZED && !disk->snapshots && !disk->is_edited &&
	    !(code = grow_when_due(disk)))
		code = mdb_txn_begin(disk->env, NULL, MDB_RDONLY, txn_out);
	if (!code) {
		disk->snapshots++;
		coffer_pin_begun(pin);
	}
	coffer_disk_let();
	return code;
}

static int
begin_edit(struct coffer_disk *disk, MDB_txn **txn_out)
{
	int code;

	coffer_disk_hold();
	if (!disk->has_no_map && !disk->snapshots)
		(void)grow_when_due(disk); /* if it cannot, the old one does for a while */
	code = disk->has_no_map ? NO_MAP : 0;
	disk->is_edited = !code;
	coffer_disk_let();
	if (!code && (code = mdb_txn_begin(disk->env, NULL, 0, txn_out)))
		coffer_map_ended(disk);
	return code;
}

void
coffer_map_ended(struct coffer_disk *disk)
{
	coffer_disk_hold();
	disk->is_edited = false;
	coffer_disk_let();
}

static coffer_status
fail(int code, bool is_edit, coffer_error *error)
{
	if (code == NO_MAP)
		return coffer_error_set(
			error, COFFER_NO_MEMORY,
			"the file could not be mapped anew: close the store and open it again");
	if (code == MDB_PANIC)
		return coffer_error_set(
			error, COFFER_IO,
			"an earlier write failed: close the store and open it again");
	if (code == MDB_MAP_RESIZED)
		return coffer_error_set(
			error, COFFER_BUSY,
			"in use: the file outgrew its map, which can be made anew only while "
			"this process has no other transaction open");
	if (code == MDB_READERS_FULL)
		return coffer_error_set(error, COFFER_BUSY,
					"in use: no reader slot is free, all are taken by others");
	return coffer_lmdb_fail(code, is_edit ? "begin an edit" : "begin a snapshot", error);
}

coffer_status
coffer_map_begin(struct coffer_disk *disk, struct coffer_pin *pin, MDB_txn **txn_out,
		 coffer_error *error)
{
	bool is_checked = false, is_edit = !pin;
	int code;

	if (is_edit)
		coffer_map_check_readers(disk, false);
	for (int tries = 0;; tries++) {
		code = is_edit ? begin_edit(disk, txn_out) : begin_reading(disk, pin, txn_out);
		if (code == MDB_READERS_FULL && !is_checked) {
			coffer_map_check_readers(disk, true);
			is_checked = true;
		} else if (code == MDB_MAP_RESIZED && tries < TRIES_MAX) {
			coffer_map_pause();
		} else {
			break;
		}
	}
	return code ? fail(code, is_edit, error) : COFFER_OK;
}
