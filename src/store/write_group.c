/*
 * Group commit: pieces of work of several threads in one write transaction, one sync for all of them.
 *
 *	thread --> queue --> who finds nobody leading leads: begin, piece, piece, ..., commit --> each hears of its own
 *
 * Pieces run in the order in which they came, and each sees those before it, as transactions of their own would. They stay
 * in the queue until it is known what became of them, so that nothing of a transaction that has to be dropped is lost: it is
 * made again with fewer. Only what goes wrong with the first piece of a transaction is that piece's own fault for certain.
 * Whoever comes while one leads is taken along. Who was there the last time mostly comes again as soon as it is awake: it is
 * waited for, for a part of what a commit takes. A lone thread waits for nobody.
 */
#include "store/write.h"

#include <semaphore.h>
#include <time.h>

enum {
	PIECES_MAX = 1024,    /* of one transaction */
	BYTES_MAX = 16 << 20, /* after which it takes no more */
	PATIENCE = 4,         /* the part of a commit's time that is waited, */
	PATIENCE_MAX_MS = 10, /* but no longer: a medium may have stalled */
};

/*
 * On the stack of the thread that waits for it, until its turn comes: it is done, or that thread leads. A semaphore of its own,
 * since who waits at a condition has to take the mutex once more, and all that are told at once would queue there.
 */
struct coffer_piece {
	coffer_group_work work;
	void *context;
	coffer_status status;
	coffer_error failure;
	bool is_done;
	sem_t turn;
	struct coffer_piece *next;
};

static int
init_arrival(pthread_cond_t *arrival)
{
	pthread_condattr_t kind;
	int code = pthread_condattr_init(&kind);

	if (code)
		return code;
	if (!(code = pthread_condattr_setclock(&kind, CLOCK_MONOTONIC)))
		code = pthread_cond_init(arrival, &kind);
	(void)pthread_condattr_destroy(&kind);
	return code;
}

coffer_status
coffer_group_init(struct coffer_group *group, coffer_error *error)
{
	*group = (struct coffer_group){.limit = PIECES_MAX};
	group->end = &group->first;
	if (pthread_mutex_init(&group->mutex, NULL))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a store handle");
	if (init_arrival(&group->arrival)) {
		(void)pthread_mutex_destroy(&group->mutex);
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a store handle");
	}
	group->is_ready = true;
	return COFFER_OK;
}

void
coffer_group_release(struct coffer_group *group)
{
	if (!group->is_ready)
		return;
	(void)pthread_cond_destroy(&group->arrival);
	(void)pthread_mutex_destroy(&group->mutex);
}

static int64_t
now_ns(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* ------------------------------------------------------------------ the queue, all under its mutex */

static void
push(struct coffer_group *group, struct coffer_piece *piece)
{
	*group->end = piece;
	group->end = &piece->next;
	group->waiting++;
	(void)pthread_cond_signal(&group->arrival);
}

/* The piece at `link`, waited for until `end` where there is none. */
static struct coffer_piece *
await(struct coffer_group *group, struct coffer_piece *const *link, int64_t end)
{
	const struct timespec time = {.tv_sec = end / 1000000000, .tv_nsec = end % 1000000000};

	while (!*link && !pthread_cond_timedwait(&group->arrival, &group->mutex, &time))
		;
	return *link;
}

/* Tell the first `count` pieces, or all there are, what became of them: `failure` if there is one, else what each found. */
static void
answer(struct coffer_group *group, size_t count, const coffer_error *failure)
{
	while (group->first && count--) {
		struct coffer_piece *piece = group->first;

		if (failure) {
			piece->status = failure->status;
			piece->failure = *failure;
		}
		group->first = piece->next;
		group->waiting--;
		piece->is_done = true;
		(void)sem_post(&piece->turn); /* it may be gone by now */
	}
	if (!group->first)
		group->end = &group->first;
}

/* ------------------------------------------------------------------ one transaction */

/*
 * Run a piece as if it had the transaction for itself: what it left to the end is checked behind it. False: it was refused
 * and has written before, or the transaction has failed; then that can only be dropped.
 */
static bool
run_piece(struct coffer_writer *writer, struct coffer_piece *piece)
{
	uint64_t writes = writer->txn->writes;

	coffer_writer_turn(writer);
	piece->failure = (coffer_error){0};
	piece->status = piece->work(writer->txn, piece->context, &piece->failure);
	if (!piece->status)
		piece->status = coffer_writer_of(writer->txn, &writer, &piece->failure);
	if (!piece->status)
		piece->status = coffer_writer_check_pending(writer, &piece->failure);
	writer->pending_count = 0;
	return !piece->status || (!writer->status && writer->txn->writes == writes);
}

static int64_t
patience_ns(const struct coffer_group *group)
{
	const int64_t most = PATIENCE_MAX_MS * INT64_C(1000000);
	int64_t part = group->commit_ns / PATIENCE;

	return part < most ? part : most;
}

/* How many pieces, from the first one, ran well, up to `limit`; in `is_spoiled_out`, whether another one did not. */
static size_t
run_pieces(struct coffer_group *group, struct coffer_writer *writer, size_t limit,
	   bool *is_spoiled_out)
{
	struct coffer_piece **link = &group->first, *piece;
	size_t count = 0;
	int64_t end = 0;

	*is_spoiled_out = false;
	(void)pthread_mutex_lock(&group->mutex);
	while (count < limit && coffer_edit_size(writer->edit) < BYTES_MAX) {
		if (!*link && count < group->crowd) {
			if (!end)
				end = now_ns() + patience_ns(group);
			await(group, link, end);
		}
		if (!(piece = *link))
			break;
		(void)pthread_mutex_unlock(&group->mutex);
		*is_spoiled_out = !run_piece(writer, piece);
		(void)pthread_mutex_lock(&group->mutex);
		if (*is_spoiled_out)
			break;
		count++;
		link = &piece->next;
	}
	(void)pthread_mutex_unlock(&group->mutex);
	return count;
}

static coffer_status
commit(struct coffer_group *group, coffer_txn *txn, coffer_error *error)
{
	int64_t begun = now_ns();
	coffer_status status = coffer_txn_commit(txn, error);

	group->commit_ns = now_ns() - begun; /* only the leader looks at it */
	return status;
}

/*
 * One transaction of the pieces that are there and of those that come while it runs. Where it is dropped, the next one takes
 * those before the piece that spoiled it, or half of them where nobody knows which one it was, until one stands alone.
 */
static void
run_transaction(coffer_store *store)
{
	struct coffer_group *group = &store->group;
	size_t limit = group->limit, count = 0;
	coffer_error failure = {0};
	coffer_txn *txn;
	coffer_status status;
	bool is_spoiled = false;

	(void)pthread_mutex_unlock(&group->mutex);
	status = coffer_txn_begin_write(store, &txn, &failure);
	if (!status) {
		txn->is_shared = true;
		count = run_pieces(group, txn->writer, limit, &is_spoiled);
		txn->is_shared = false;
		if (is_spoiled)
			coffer_txn_end(txn);
		else
			status = commit(group, txn, &failure);
	}
	(void)pthread_mutex_lock(&group->mutex);
	group->crowd = group->waiting;
	group->limit = PIECES_MAX;
	if (is_spoiled && !count)
		answer(group, 1, NULL);
	else if (is_spoiled)
		group->limit = count;
	else if (count > 1 && status)
		group->limit = count / 2;
	else if (status)
		answer(group, count ? count : SIZE_MAX, &failure);
	else
		answer(group, count, NULL);
}

/* ------------------------------------------------------------------ a thread */

static void
await_turn(struct coffer_piece *piece)
{
	while (sem_wait(&piece->turn))
		; /* interrupted */
}

/* Until the leader's own piece is done; then whose piece is the first one leads, if there is any. */
static void
lead(coffer_store *store, const struct coffer_piece *piece)
{
	struct coffer_group *group = &store->group;

	(void)pthread_mutex_lock(&group->mutex);
	while (!piece->is_done)
		run_transaction(store);
	group->is_led = group->first != NULL;
	if (group->first)
		(void)sem_post(&group->first->turn);
	(void)pthread_mutex_unlock(&group->mutex);
}

/* Wait for others to do it, or do it where nobody does. */
static void
see_to_it(coffer_store *store, struct coffer_piece *piece)
{
	struct coffer_group *group = &store->group;
	bool is_led;

	(void)pthread_mutex_lock(&group->mutex);
	push(group, piece);
	is_led = group->is_led;
	group->is_led = true;
	(void)pthread_mutex_unlock(&group->mutex);
	if (is_led)
		await_turn(piece);
	if (!piece->is_done)
		lead(store, piece);
}

coffer_status
coffer_group_write(coffer_store *store, coffer_group_work work, void *context, coffer_error *error)
{
	struct coffer_piece piece = {.work = work, .context = context};
	coffer_status status;

	if (!store->is_writable)
		return coffer_error_set(error, COFFER_INVALID,
					"the store is open for reading only");
	if ((status = coffer_edit_check(store->disk, error)))
		return status;
	/* It cannot fail as it is used here. */
	(void)sem_init(&piece.turn, 0, 0);
	see_to_it(store, &piece);
	(void)sem_destroy(&piece.turn);
	if (error && piece.status && !error->status)
		*error = piece.failure;
	return piece.status;
}
