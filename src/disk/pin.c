/*
 * What holds a state of the file in place while it is read.
 *
 *   reader slot (liblmdb, transaction n) --> meta n mod 2, copied whole --> pages of n by the careful reader
 *
 * liblmdb itself looks at nothing but the metas and the lock file for a transaction that only reads. While the slot is
 * taken nobody uses a page of transaction n again; its meta though is written over by the second commit after it. So the
 * meta is copied at once, and is believed when the other one is still the older: the next commit has not ended then,
 * and the one after it not begun.
 *
 * Without a lock file, which others may have, nothing holds the state in place. Its pages are read one by one into memory, and
 * behind each it is seen whether a writer has come so far that it could be one of his: see pages/source.h.
 */
#include "disk/lmdb.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	TRIES_MAX = 1000,
	TRIES_FOR_CERTAINTY = 4,
	PAUSE_NS = 1000000,
	CACHE_SIZE = 64 << 20, /* bytes of pages that are read without a lock */
};

struct coffer_pin {
	struct coffer_disk *disk;
	struct coffer_window *window;
	MDB_txn *txn; /* NULL: there is no lock */
	bool is_held; /* of a disk that is being opened: whoever does that holds */
	uint64_t transaction, file_size;

	/* What was seen when it began. */
	uint8_t meta[COFFER_META_SIZE], other[COFFER_META_SIZE];
};

/* ------------------------------------------------------------------ life */

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

void
coffer_pin_begun(struct coffer_pin *pin)
{
	struct coffer_disk *disk = pin->disk;
	unsigned number;

	pin->transaction = mdb_txn_id(pin->txn);
	number = pin->transaction & 1;
	pin->window = disk->window;
	pin->window->users++;
	coffer_window_copy_meta(pin->window, disk->page_size, number, pin->meta);
	coffer_window_copy_meta(pin->window, disk->page_size, !number, pin->other);
}

static coffer_status
begin(struct coffer_pin *pin, coffer_error *error)
{
	int code;

	if (!pin->is_held)
		return coffer_map_begin(pin->disk, pin, &pin->txn, error);
	if ((code = mdb_txn_begin(pin->disk->env, NULL, MDB_RDONLY, &pin->txn)))
		return coffer_lmdb_fail(code, "begin a snapshot", error);
	coffer_pin_begun(pin);
	return COFFER_OK;
}

/* The newer memory stays; returns the other one. Pages that are read are read anew by the next snapshot, and may be others. */
static struct coffer_pages_memory *
keep_memory(const struct coffer_pin *pin, struct coffer_pages_memory *memory)
{
	struct coffer_pages_memory *kept = pin->disk->memory;

	if (!memory || !pin->disk->env || (kept && coffer_pages_memory_transaction(kept) >
					coffer_pages_memory_transaction(memory)))
		return memory;
	pin->disk->memory = memory;
	return kept;
}

/* Give up what was begun. */
static void
end(struct coffer_pin *pin, struct coffer_pages_memory *memory)
{
	bool is_counted = pin->txn && !pin->is_held;

	if (pin->txn)
		mdb_txn_abort(pin->txn);
	hold(pin);
	pin->disk->snapshots -= is_counted;
	memory = keep_memory(pin, memory);
	coffer_window_let(pin->window);
	let(pin);
	coffer_pages_memory_free(memory);
	pin->txn = NULL;
	pin->window = NULL;
}

/* A forked process leaves the slot of its parent's reader alone. */
void
coffer_pin_let(void *pin, struct coffer_pages_memory *memory)
{
	struct coffer_pin *own = pin;

	if (own->disk->process == coffer_disk_process())
		end(own, memory);
	else
		coffer_pages_memory_free(memory);
	free(own);
}

void
coffer_pin_rest(struct coffer_pin *pin)
{
	if (!pin->txn || pin->disk->process != coffer_disk_process())
		return;
	mdb_txn_abort(pin->txn);
	pin->txn = NULL;
	hold(pin);
	pin->disk->snapshots--;
	let(pin);
}

/*
 * The transaction that was the last one then is so still: while the slot was free, pages that it uses were taken by nobody. Its
 * meta was found right when the pin was taken, and is as it was.
 */
coffer_status
coffer_pin_resume(struct coffer_pin *pin, bool *is_same_out, coffer_error *error)
{
	const struct coffer_pin before = *pin;
	coffer_status status = coffer_disk_check_process(pin->disk, error);

	*is_same_out = !pin->disk->env && coffer_disk_is_current(pin->disk) &&
		       coffer_window_transaction(pin->disk) == pin->transaction;
	if (status || !pin->disk->env)
		return status;
	if ((status = begin(pin, error))) {
		*pin = before;
		return status;
	}
	*is_same_out = pin->transaction == before.transaction && pin->window == before.window &&
		       !memcmp(pin->meta, before.meta, sizeof(pin->meta));
	hold(pin);
	coffer_window_let(before.window);
	let(pin);
	return COFFER_OK;
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

/* ------------------------------------------------------------------ metas */

/* A writer who had stopped in the middle of writing the meta would have gone on meanwhile. */
static bool
is_still_so(const struct coffer_pin *pin)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	uint8_t again[COFFER_META_SIZE];

	(void)nanosleep(&pause, NULL);
	coffer_window_copy_meta(pin->window, pin->disk->page_size, pin->transaction & 1, again);
	return !memcmp(again, pin->meta, sizeof(again));
}

/* What was seen is the meta of the transaction, whole. A dead writer may have left the other one a transaction ahead of
 * what the lock file says, so that it never becomes certain. */
static coffer_status
judge(const struct coffer_pin *pin, unsigned tries, struct coffer_pages_meta *meta_out,
      bool *is_right_out, coffer_error *error)
{
	unsigned number = pin->transaction & 1;
	struct coffer_pages_meta other;
	coffer_status status;

	*is_right_out = false;
	if ((status = coffer_pages_meta_decode(pin->meta, number, meta_out, error)) ||
	    (status = coffer_pages_meta_decode(pin->other, !number, &other, error)))
		return status;
	if (meta_out->page_size != pin->disk->page_size)
		return coffer_error_set(error, COFFER_CORRUPT,
					"meta page %u: the page size is %" PRIu32
					", it was %" PRIu32,
					number, meta_out->page_size, pin->disk->page_size);
	if (meta_out->transaction == pin->transaction)
		*is_right_out = other.transaction <= pin->transaction ||
				(tries >= TRIES_FOR_CERTAINTY && is_still_so(pin));
	return COFFER_OK;
}

static const char too_often[] = "in use: others write so often that no snapshot could begin";

/* Each try sees a later state. */
static coffer_status
begin_right(struct coffer_pin *pin, struct coffer_pages_meta *meta_out, coffer_error *error)
{
	bool is_right;

	for (unsigned tries = 0; tries < TRIES_MAX; tries++) {
		coffer_status status = begin(pin, error);

		if (!status)
			status = judge(pin, tries, meta_out, &is_right, error);
		if (status || is_right)
			return status;
		end(pin, NULL);
	}
	return coffer_error_set(error, COFFER_BUSY, "%s", too_often);
}

static coffer_status
read_meta(const struct coffer_pin *pin, const struct coffer_page_source *source, unsigned number,
	  uint8_t bytes[COFFER_META_SIZE], coffer_error *error)
{
	size_t got;
	coffer_status status = coffer_page_source_copy(source, (uint64_t)number * pin->disk->page_size,
						       bytes, COFFER_META_SIZE, &got, error);

	if (status || got == COFFER_META_SIZE)
		return status;
	return coffer_error_set(error, COFFER_CORRUPT, "cut: it has no meta page %u", number);
}

/* Both, whole: a writer writes a meta from its beginning to its end, where the number stands. What is the same when it is read
 * again was read in a moment at which he was not at it. */
static coffer_status
read_metas(struct coffer_pin *pin, const struct coffer_page_source *source, bool *are_whole_out,
	   coffer_error *error)
{
	uint8_t again[2][COFFER_META_SIZE];
	coffer_status status = read_meta(pin, source, 0, pin->meta, error);

	*are_whole_out = false;
	if (status || (status = read_meta(pin, source, 1, pin->other, error)) ||
	    (status = read_meta(pin, source, 0, again[0], error)) ||
	    (status = read_meta(pin, source, 1, again[1], error)))
		return status;
	*are_whole_out = !memcmp(again[0], pin->meta, COFFER_META_SIZE) &&
			 !memcmp(again[1], pin->other, COFFER_META_SIZE);
	return COFFER_OK;
}

/* Without a lock: the newer one, of a file that nobody has replaced, as whoever does may do without asking. The file has all of
 * its pages, be it that they came just now. */
static coffer_status
begin_guarded(struct coffer_pin *pin, struct coffer_pages_state *state_out, coffer_error *error)
{
	struct coffer_page_source *source = &state_out->source;
	struct coffer_pages_meta metas[2];
	bool are_whole = false;
	coffer_status status;

	if (!pin->is_held && !coffer_disk_is_current(pin->disk))
		return coffer_error_set(error, COFFER_BUSY,
					"in use: the store was replaced; open it again");
	status = coffer_page_source_read(pin->disk->fd, CACHE_SIZE, source, error);
	for (unsigned tries = 0; !status && !are_whole && tries < TRIES_MAX; tries++)
		status = read_metas(pin, source, &are_whole, error);
	if (!status && !are_whole)
		status = coffer_error_set(error, COFFER_BUSY, "%s", too_often);
	if (status || (status = coffer_pages_meta_decode(pin->meta, 0, &metas[0], error)) ||
	    (status = coffer_pages_meta_decode(pin->other, 1, &metas[1], error)) ||
	    (status = coffer_page_source_read(pin->disk->fd, CACHE_SIZE, source, error)))
		return status;
	state_out->meta = *coffer_pages_newer(metas);
	pin->transaction = source->transaction = state_out->meta.transaction;
	source->is_guarded = true;
	return COFFER_OK;
}

/* ------------------------------------------------------------------ windows */

/* The window that shows all of the state. What is wrong with a last page beyond all sizes is for the reader to say. */
static coffer_status
widen(struct coffer_pin *pin, const struct coffer_pages_meta *meta, coffer_error *error)
{
	struct coffer_disk *disk = pin->disk;
	coffer_status status;
	uint64_t wanted = meta->last_page < UINT64_MAX / meta->page_size
				  ? (meta->last_page + 1) * meta->page_size
				  : 0;

	hold(pin);
	status = coffer_window_follow(disk, wanted, error);
	if (!status && pin->window != disk->window) {
		coffer_window_let(pin->window);
		pin->window = disk->window;
		pin->window->users++;
	}
	pin->file_size = pin->window->file_size;
	let(pin);
	return status;
}

static coffer_status
take(struct coffer_pin *pin, struct coffer_pages_state *state_out, coffer_error *error)
{
	struct coffer_pages_meta *meta = &state_out->meta;
	coffer_status status;

	if (!pin->disk->env)
		return begin_guarded(pin, state_out, error);
	if (!(status = begin_right(pin, meta, error)))
		status = widen(pin, meta, error);
	if (!status)
		coffer_page_source_memory(pin->window->base, (size_t)pin->file_size,
					  &state_out->source);
	return status;
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
	if (status) {
		end(pin, NULL);
		free(pin);
	} else {
		*pin_out = pin;
	}
	return status;
}
