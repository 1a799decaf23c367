/*
 * What a snapshot reads: our own map of the file, and the meta of the transaction that holds its pages in place.
 *
 *   reader slot (liblmdb, transaction n) --> meta n mod 2, copied whole --> pages of n by the careful reader
 *
 * liblmdb itself looks at nothing but the metas and the lock file for a transaction that only reads. While the slot is
 * taken nobody uses a page of transaction n again; its meta though is written over by the second commit after it. So the
 * meta is copied at once, and is believed when the other one is still the older: the next commit has not ended then,
 * and the one after it not begun.
 */
#include "disk/lmdb.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TRIES_MAX = 16 };

struct coffer_window {
	const uint8_t *base;
	size_t size;        /* of the map: more than the file, which may grow */
	uint64_t file_size; /* as last seen */
	unsigned users;     /* the disk, as long as it is its newest, and snapshots */
};

struct coffer_pin {
	struct coffer_disk *disk;
	struct coffer_window *window;
	MDB_txn *txn; /* NULL: nobody can write */
	uint64_t transaction;
	bool is_held; /* of a disk that is being opened: whoever does that holds */
};

/* ------------------------------------------------------------------ windows */

static void
unmap(struct coffer_window *window)
{
	void *map;

	memcpy(&map, &window->base, sizeof(map)); /* munmap knows no const */
	(void)munmap(map, window->size);
	free(window);
}

/* Room for a file that grows, if there is any; else for the file as it is. */
static coffer_status
map(const struct coffer_disk *disk, uint64_t file_size, struct coffer_window **view_out,
    coffer_error *error)
{
	struct coffer_window *window = calloc(1, sizeof(*window));
	void *map = MAP_FAILED;

	*view_out = window;
	if (!window || file_size > SIZE_MAX)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a map");
	window->file_size = file_size;
	window->size = disk->env ? coffer_map_size(file_size) : (size_t)file_size;
	map = mmap(NULL, window->size, PROT_READ, MAP_SHARED, disk->fd, 0);
	if (map == MAP_FAILED && window->size > file_size) {
		window->size = (size_t)file_size;
		map = mmap(NULL, window->size, PROT_READ, MAP_SHARED, disk->fd, 0);
	}
	if (map == MAP_FAILED)
		return coffer_error_set(error, errno == ENOMEM ? COFFER_NO_MEMORY : COFFER_IO,
					"cannot map the file: %s", strerror(errno));
	window->base = map;
	window->users = 1;
	return COFFER_OK;
}

static coffer_status
ask_size(const struct coffer_disk *disk, uint64_t *size_out, coffer_error *error)
{
	struct stat facts;

	if (fstat(disk->fd, &facts))
		return coffer_error_set(error, COFFER_IO, "cannot read: %s", strerror(errno));
	*size_out = (uint64_t)facts.st_size;
	return COFFER_OK;
}

coffer_status
coffer_window_open(struct coffer_disk *disk, coffer_error *error)
{
	struct coffer_window *window = NULL;
	uint64_t size = 0;
	coffer_status status = ask_size(disk, &size, error);

	if (!status)
		status = map(disk, size, &window, error);
	if (status)
		free(window);
	else
		disk->window = window;
	return status;
}

/* While held, or when nobody else has the disk. */
void
coffer_window_let(struct coffer_window *window)
{
	if (window && !--window->users)
		unmap(window);
}

/* While held: see to it that the window has what the file has, if `size` bytes are wanted. The file grows only. */
static coffer_status
follow(struct coffer_disk *disk, uint64_t size, coffer_error *error)
{
	struct coffer_window *window = disk->window, *larger = NULL;
	coffer_status status;

	if (size <= window->file_size)
		return COFFER_OK;
	if ((status = ask_size(disk, &size, error)))
		return status;
	if (size <= window->size) {
		window->file_size = size;
		return COFFER_OK;
	}
	if ((status = map(disk, size, &larger, error))) {
		free(larger);
		return status;
	}
	disk->window = larger;
	coffer_window_let(window);
	return COFFER_OK;
}

/* ------------------------------------------------------------------ metas */

static void
copy_meta(const struct coffer_window *window, uint32_t page_size, unsigned number,
	  uint8_t bytes[COFFER_META_SIZE])
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	memcpy(bytes, window->base + (size_t)number * page_size, COFFER_META_SIZE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* What a look at the metas came to. */
enum look { CERTAIN, LIKELY, MISSED };

/* The meta of `transaction`. */
static coffer_status
look(const struct coffer_disk *disk, uint64_t transaction, struct coffer_pages_meta *meta_out,
     enum look *look_out, coffer_error *error)
{
	uint8_t bytes[COFFER_META_SIZE], other[COFFER_META_SIZE], again[COFFER_META_SIZE];
	struct coffer_pages_meta other_meta;
	unsigned number = transaction & 1;
	coffer_status status;

	*look_out = MISSED;
	copy_meta(disk->window, disk->page_size, number, bytes);
	copy_meta(disk->window, disk->page_size, !number, other);
	copy_meta(disk->window, disk->page_size, number, again);
	if ((status = coffer_pages_meta_decode(bytes, number, meta_out, error)) ||
	    (status = coffer_pages_meta_decode(other, !number, &other_meta, error)))
		return status;
	if (meta_out->page_size != disk->page_size)
		return coffer_error_set(error, COFFER_CORRUPT, "meta page %u is damaged", number);
	if (meta_out->transaction != transaction || memcmp(bytes, again, sizeof(bytes)) != 0)
		return COFFER_OK;
	*look_out = other_meta.transaction <= transaction ? CERTAIN : LIKELY;
	return COFFER_OK;
}

/* Where nobody writes: the newer one. */
static coffer_status
look_alone(const struct coffer_disk *disk, struct coffer_pages_meta *meta_out, coffer_error *error)
{
	struct coffer_pages_meta metas[2];
	struct coffer_source source;
	coffer_status status;

	coffer_source_memory(disk->window->base, disk->window->size, &source);
	if ((status = coffer_pages_metas(&source, metas, error)))
		return status;
	*meta_out = *coffer_pages_newer(metas);
	return COFFER_OK;
}

uint64_t
coffer_window_transaction(const struct coffer_disk *disk)
{
	uint8_t bytes[COFFER_META_SIZE];
	struct coffer_pages_meta meta;
	uint64_t transaction = 0;

	coffer_disk_hold();
	for (unsigned number = 0; number < 2; number++) {
		copy_meta(disk->window, disk->page_size, number, bytes);
		if (!coffer_pages_meta_decode(bytes, number, &meta, NULL) &&
		    meta.transaction > transaction)
			transaction = meta.transaction;
	}
	coffer_disk_let();
	return transaction;
}

/* ------------------------------------------------------------------ pins */

static void
hold(const struct coffer_pin *pin)
{
	if (!pin->is_held)
		coffer_disk_hold();
}

static void
let(const struct coffer_pin *pin)
{
	if (!pin->is_held)
		coffer_disk_let();
}

static coffer_status
begin(struct coffer_pin *pin, coffer_error *error)
{
	int code;

	if (!pin->is_held)
		return coffer_map_begin(pin->disk, false, &pin->txn, error);
	code = mdb_txn_begin(pin->disk->env, NULL, MDB_RDONLY, &pin->txn);
	return code ? coffer_lmdb_fail(code, "begin a snapshot", error) : COFFER_OK;
}

/* Give up what was begun. */
static void
end(struct coffer_pin *pin)
{
	if (pin->txn) {
		mdb_txn_abort(pin->txn);
		if (!pin->is_held)
			coffer_map_ended(pin->disk, false);
	}
	hold(pin);
	coffer_window_let(pin->window);
	let(pin);
	pin->txn = NULL;
	pin->window = NULL;
}

struct coffer_pages_memory *
coffer_pin_memory(struct coffer_pin *pin)
{
	struct coffer_pages_memory *memory;

	hold(pin);
	memory = pin->disk->memory;
	if (memory && coffer_pages_memory_transaction(memory) == pin->transaction)
		pin->disk->memory = NULL;
	else
		memory = NULL;
	let(pin);
	return memory;
}

/* The newer one stays. */
static void
keep_memory(struct coffer_pin *pin, struct coffer_pages_memory *memory)
{
	struct coffer_pages_memory **kept = &pin->disk->memory, *older = memory;

	if (!memory)
		return;
	hold(pin);
	if (!*kept || coffer_pages_memory_transaction(*kept) <= pin->transaction) {
		older = *kept;
		*kept = memory;
	}
	let(pin);
	coffer_pages_memory_free(older);
}

/* A forked process leaves the slot of its parent's reader alone. */
void
coffer_pin_let(void *pin, struct coffer_pages_memory *memory)
{
	struct coffer_pin *let_pin = pin;

	if (let_pin->disk->process == getpid()) {
		keep_memory(let_pin, memory);
		end(let_pin);
	} else {
		coffer_pages_memory_free(memory);
	}
	free(let_pin);
}

static coffer_status
take_window(struct coffer_pin *pin, struct coffer_pages_state *state_out, coffer_error *error)
{
	struct coffer_disk *disk = pin->disk;
	const struct coffer_pages_meta *meta = &state_out->meta;
	coffer_status status = COFFER_OK;

	/* What is wrong with a last page beyond all sizes is for the reader to say. */
	if (meta->last_page < UINT64_MAX / meta->page_size)
		status = follow(disk, (meta->last_page + 1) * meta->page_size, error);
	if (status)
		return status;
	pin->transaction = meta->transaction;
	pin->window = disk->window;
	pin->window->users++;
	coffer_source_memory(pin->window->base, (size_t)pin->window->file_size, &state_out->source);
	return COFFER_OK;
}

static coffer_status
try_once(struct coffer_pin *pin, struct coffer_pages_state *state_out, enum look *look_out,
	 coffer_error *error)
{
	struct coffer_disk *disk = pin->disk;
	coffer_status status;

	if (disk->env && (status = begin(pin, error)))
		return status;
	*look_out = CERTAIN;
	hold(pin);
	status = disk->env ? look(disk, mdb_txn_id(pin->txn), &state_out->meta, look_out, error)
			   : look_alone(disk, &state_out->meta, error);
	if (!status && *look_out != MISSED)
		status = take_window(pin, state_out, error);
	let(pin);
	return status;
}

/* Each try sees a later state. */
static coffer_status
take(struct coffer_pin *pin, struct coffer_pages_state *state_out, coffer_error *error)
{
	enum look look = MISSED;

	for (int tries = 1; tries <= TRIES_MAX; tries++) {
		coffer_status status = try_once(pin, state_out, &look, error);

		if (!status && (look == CERTAIN || (look == LIKELY && tries == TRIES_MAX)))
			return COFFER_OK;
		end(pin);
		if (status)
			return status;
	}
	return coffer_error_set(error, COFFER_BUSY,
				"in use: others write so often that no snapshot could begin");
}

coffer_status
coffer_pin_take(struct coffer_disk *disk, bool is_held, struct coffer_pin **pin_out,
		struct coffer_pages_state *state_out, coffer_error *error)
{
	struct coffer_pin *pin = calloc(1, sizeof(*pin));
	coffer_status status;

	*pin_out = NULL;
	if (!pin)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a snapshot");
	pin->disk = disk;
	pin->is_held = is_held;
	status = take(pin, state_out, error);
	if (status)
		free(pin);
	else
		*pin_out = pin;
	return status;
}
