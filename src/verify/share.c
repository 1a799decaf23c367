/*
 * Work that several threads share.
 *
 *   pieces --> lanes, each a thread with a verifier of its own --> what they found, piece by piece --> the caller's thread
 *
 * The caller's thread checks nothing itself: it gives out what was found in the order of the pieces, asks for patience, and says
 * when it is over. A lane has room for few findings; then it waits until its piece has its turn. Pieces are taken in order, so that
 * the one whose turn it is is always at work, and everything comes as it would from one thread.
 */
#include "verify/verify.h"

#include "base/thread.h"
#include "pages/pages.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	THREADS_MAX = 16,
	THREADS_USUAL = 8, /* more of them wait for memory */
	HELD_MAX = 16,     /* findings of a piece that wait for their turn */
	PATIENCE = 100 * 1000 * 1000, /* ns between two questions whether to go on */
};

uint64_t coffer_verify_piece_size = 1 << 20;

struct held {
	struct held *next;
	enum coffer_invariant invariant;
	coffer_status status;
	coffer_verify_summary before; /* what the piece had counted */
	size_t message;               /* where it begins in `text`, behind the place */
	char text[];
};

struct piece {
	struct held *first, **end;
	size_t count; /* of those held */
	bool is_done;
	const struct coffer_lane *failed; /* in it: NULL or the lane that did */
	coffer_verify_summary summary;
};

struct share {
	struct coffer_verifier *verifier;
	const struct coffer_shared_work *work;
	struct piece *pieces;
	pthread_mutex_t mutex; /* of all that follows, and of the pieces */
	pthread_cond_t came, went;
	size_t next, turn; /* the piece to be taken, and the one that is given out */
	uint64_t rows, bytes;
	bool is_over;
};

struct coffer_lane {
	struct coffer_verifier verifier;
	coffer_verify_summary summary; /* of the piece */
	uint64_t rows, bytes;          /* of it that were told */
	coffer_error error;
	struct share *share;
	struct piece *piece;
	pthread_t thread;
};

/* ------------------------------------------------------------------ sizes */

static size_t
processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) ? 1 : (size_t)CPU_COUNT(&set);
}

static size_t
threads_of(const struct coffer_verifier *verifier, const struct coffer_shared_work *work)
{
	size_t threads = verifier->options->threads, most = THREADS_MAX;

	if (verifier->lane || work->bytes < 4 * coffer_verify_piece_size)
		return 1;
	if (!threads) {
		threads = processors();
		most = THREADS_USUAL;
	}
	if (threads > most)
		threads = most;
	return threads < work->pieces ? threads : work->pieces;
}

/* ------------------------------------------------------------------ lanes */

static void
free_lane(struct coffer_lane *lane)
{
	if (!lane)
		return;
	coffer_snapshot_end(lane->verifier.snapshot);
	coffer_verify_frames_unshare(&lane->verifier);
	free(lane->verifier.texts);
	free(lane);
}

/* NULL: no memory, or nothing that two threads can read. */
static struct coffer_lane *
make_lane(struct share *share)
{
	struct coffer_lane *lane = calloc(1, sizeof(*lane));
	const struct coffer_verifier *of = share->verifier;

	if (!lane)
		return NULL;
	lane->share = share;
	lane->verifier = *of;
	lane->verifier.lane = lane;
	lane->verifier.summary = &lane->summary;
	lane->verifier.error = &lane->error;
	lane->verifier.frames = NULL;
	lane->verifier.snapshot = NULL;
	lane->verifier.texts = calloc(COFFER_VERIFY_TEXTS, sizeof(*lane->verifier.texts));
	if (!lane->verifier.texts || coffer_pages_share(of->snapshot, &lane->verifier.snapshot, NULL) ||
	    !coffer_verify_frames_share(&lane->verifier, of)) {
		free_lane(lane);
		return NULL;
	}
	return lane;
}

/* The next piece; false when there is none, or the work is over. */
static bool
take(struct coffer_lane *lane)
{
	struct share *share = lane->share;
	bool is_left;

	pthread_mutex_lock(&share->mutex);
	is_left = !share->is_over && share->next < share->work->pieces;
	if (is_left)
		lane->piece = &share->pieces[share->next++];
	pthread_mutex_unlock(&share->mutex);
	lane->summary = (coffer_verify_summary){0};
	lane->rows = lane->bytes = 0;
	return is_left;
}

static void
tell(struct coffer_lane *lane)
{
	struct share *share = lane->share;

	share->rows += lane->summary.rows - lane->rows;
	share->bytes += lane->summary.bytes - lane->bytes;
	lane->rows = lane->summary.rows;
	lane->bytes = lane->summary.bytes;
	lane->verifier.is_over |= share->is_over;
}

void
coffer_lane_tick(struct coffer_lane *lane)
{
	pthread_mutex_lock(&lane->share->mutex);
	tell(lane);
	pthread_mutex_unlock(&lane->share->mutex);
}

static void
finish(struct coffer_lane *lane)
{
	struct share *share = lane->share;

	pthread_mutex_lock(&share->mutex);
	tell(lane);
	lane->piece->summary = lane->summary;
	lane->piece->failed = lane->verifier.status ? lane : NULL;
	lane->piece->is_done = true;
	pthread_cond_signal(&share->came);
	pthread_mutex_unlock(&share->mutex);
}

static void *
run(void *context)
{
	struct coffer_lane *lane = context;
	const struct coffer_shared_work *work = lane->share->work;
	void *own = NULL;

	while (!lane->verifier.is_over && take(lane)) {
		if (own || work->begin(work->context, &lane->verifier, &own))
			work->piece(own, (size_t)(lane->piece - lane->share->pieces));
		finish(lane);
	}
	if (!own)
		return NULL;
	pthread_mutex_lock(&lane->share->mutex);
	work->end(work->context, own);
	pthread_mutex_unlock(&lane->share->mutex);
	return NULL;
}

/* ------------------------------------------------------------------ findings */

static struct held *
make_held(const struct coffer_lane *lane, const struct coffer_found *found)
{
	size_t place = strlen(found->place) + 1, message = strlen(found->message) + 1;
	struct held *held = malloc(sizeof(*held) + place + message);

	if (!held)
		return NULL;
	held->next = NULL;
	held->invariant = found->invariant;
	held->status = found->status;
	held->before = lane->summary;
	held->message = place;
	memcpy(held->text, found->place, place);
	memcpy(held->text + place, found->message, message);
	return held;
}

void
coffer_lane_hold(struct coffer_lane *lane, const struct coffer_found *found)
{
	struct held *held = make_held(lane, found);
	struct share *share = lane->share;
	struct piece *piece = lane->piece;

	if (!held) {
		coffer_verifier_fail(&lane->verifier, COFFER_NO_MEMORY, "no memory for a finding");
		return;
	}
	pthread_mutex_lock(&share->mutex);
	while (piece->count == HELD_MAX && !share->is_over)
		pthread_cond_wait(&share->went, &share->mutex);
	*piece->end = held;
	piece->end = &held->next;
	piece->count++;
	tell(lane);
	pthread_cond_signal(&share->came);
	pthread_mutex_unlock(&share->mutex);
}

static void
add_summary(coffer_verify_summary *to, const coffer_verify_summary *from)
{
	to->rows += from->rows;
	to->long_values += from->long_values;
	to->index_entries += from->index_entries;
	to->rollup_groups += from->rollup_groups;
	to->bytes += from->bytes;
}

/* What was counted up to here is what one thread would have counted, if this is the last finding. */
static void
give_out(struct coffer_verifier *verifier, const struct held *held)
{
	coffer_verify_summary *summary = verifier->summary, before = *summary;

	add_summary(summary, &held->before);
	coffer_verifier_found(verifier, &(struct coffer_found){
						.invariant = held->invariant,
						.status = held->status,
						.place = held->text,
						.message = held->text + held->message,
					});
	before.findings = summary->findings;
	if (!verifier->is_over)
		*summary = before;
}

/* All that are held, while the mutex is not. */
static void
give_out_all(struct share *share, struct held *held)
{
	while (held) {
		struct held *next = held->next;

		if (!share->verifier->is_over)
			give_out(share->verifier, held);
		free(held);
		held = next;
	}
}

/* ------------------------------------------------------------------ the caller's thread */

static void
ask_patience(struct share *share)
{
	const coffer_verify_options *options = share->verifier->options;
	uint64_t rows = share->rows, bytes = share->bytes;

	pthread_mutex_unlock(&share->mutex);
	if (!options->progress(options->progress_context, share->work->name, rows, bytes))
		coffer_verifier_fail(share->verifier, COFFER_INTERRUPTED, "interrupted");
	pthread_mutex_lock(&share->mutex);
}

/* Until something was found, or done. */
static void
wait_for_lanes(struct share *share)
{
	struct timespec until;

	if (!share->verifier->options->progress) {
		pthread_cond_wait(&share->came, &share->mutex);
		return;
	}
	ask_patience(share);
	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += PATIENCE;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	if (!share->verifier->is_over && !share->pieces[share->turn].count &&
	    !share->pieces[share->turn].is_done)
		pthread_cond_timedwait(&share->came, &share->mutex, &until);
}

/* A piece that has all been given out. */
static void
pass(struct share *share, const struct piece *piece)
{
	add_summary(share->verifier->summary, &piece->summary);
	if (piece->failed)
		coffer_verifier_fail(share->verifier, piece->failed->verifier.status,
				     piece->failed->error.message);
	share->turn++;
}

static void
take_turns(struct share *share)
{
	pthread_mutex_lock(&share->mutex);
	while (share->turn < share->work->pieces && !share->verifier->is_over) {
		struct piece *piece = &share->pieces[share->turn];
		struct held *held = piece->first;

		if (!held && piece->is_done) {
			pass(share, piece);
		} else if (!held) {
			wait_for_lanes(share);
		} else {
			piece->first = NULL;
			piece->end = &piece->first;
			piece->count = 0;
			pthread_cond_broadcast(&share->went);
			pthread_mutex_unlock(&share->mutex);
			give_out_all(share, held);
			pthread_mutex_lock(&share->mutex);
		}
	}
	share->is_over = true;
	pthread_cond_broadcast(&share->went);
	pthread_mutex_unlock(&share->mutex);
}

/* ------------------------------------------------------------------ the whole */

/* The caller does it all. */
static void
work_alone(struct coffer_verifier *verifier, const struct coffer_shared_work *work)
{
	void *own = NULL;

	if (!work->begin(work->context, verifier, &own))
		return;
	for (size_t i = 0; i < work->pieces && !verifier->is_over; i++)
		work->piece(own, i);
	work->end(work->context, own);
}

static bool
open_share(struct share *share)
{
	pthread_condattr_t clock;

	share->pieces = calloc(share->work->pieces, sizeof(*share->pieces));
	if (!share->pieces)
		return false;
	for (size_t i = 0; i < share->work->pieces; i++)
		share->pieces[i].end = &share->pieces[i].first;
	/* These cannot fail as they are used here. */
	(void)pthread_condattr_init(&clock);
	(void)pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	(void)pthread_mutex_init(&share->mutex, NULL);
	(void)pthread_cond_init(&share->came, &clock);
	(void)pthread_cond_init(&share->went, NULL);
	(void)pthread_condattr_destroy(&clock);
	return true;
}

static void
close_share(struct share *share)
{
	for (size_t i = 0; i < share->work->pieces; i++)
		give_out_all(share, share->pieces[i].first);
	free(share->pieces);
	(void)pthread_cond_destroy(&share->went);
	(void)pthread_cond_destroy(&share->came);
	(void)pthread_mutex_destroy(&share->mutex);
}

/* False: nobody came, and nothing was done. */
static bool
work_together(struct share *share, size_t threads)
{
	struct coffer_lane *lanes[THREADS_MAX];
	size_t count = 0;

	while (count < threads && (lanes[count] = make_lane(share))) {
		lanes[count]->verifier.lane_count = threads;
		if (coffer_thread_start(&lanes[count]->thread, run, lanes[count])) {
			free_lane(lanes[count]);
			break;
		}
		count++;
	}
	if (count)
		take_turns(share);
	for (size_t i = 0; i < count; i++) {
		(void)pthread_join(lanes[i]->thread, NULL);
		free_lane(lanes[i]);
	}
	return count > 0;
}

bool
coffer_verifier_may_share(const struct coffer_verifier *verifier,
			  const struct coffer_shared_work *work)
{
	return threads_of(verifier, work) > 1;
}

void
coffer_verifier_share(struct coffer_verifier *verifier, const struct coffer_shared_work *work)
{
	size_t threads = threads_of(verifier, work);
	struct share share = {
		.verifier = verifier,
		.work = work,
		.rows = verifier->summary->rows,
		.bytes = verifier->summary->bytes,
	};
	bool is_done = false;

	if (threads > 1 && open_share(&share)) {
		is_done = work_together(&share, threads);
		close_share(&share);
	}
	if (!is_done)
		work_alone(verifier, work);
}
