/*
 * The thread of a connection.
 *
 *   orders --> COPY --> messages --> block, block, ... --> whoever takes
 *
 * Messages are put together in blocks, so that two threads meet once for hundreds of rows. Blocks that were given back
 * are filled again.
 */
#include "postgres/lane.h"

#include "base/thread.h"
#include "postgres/result.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	BLOCK_SIZE = 256 << 10,
	TICK_MS = 100,
	SPARE_MAX = 4, /* blocks that are kept to be filled again */
};

struct coffer_lane_shared {
	pthread_t thread;
	pthread_mutex_t mutex; /* of all that follows */
	pthread_cond_t came;   /* a block, or the end: for whoever takes */
	pthread_cond_t went;   /* a block was taken, an order given, or it is to stop: for the thread */
	struct coffer_order *orders, **last_order;
	struct coffer_block *blocks, **last_block, *spare;
	size_t spare_count, size, size_max;
	bool is_stopped, is_over;
	coffer_status status; /* why it is over */
	coffer_error error;
};

/* ------------------------------------------------------------------ blocks */

static void
free_block(struct coffer_block *block)
{
	if (block)
		free(block->bytes);
	free(block);
}

static void
free_blocks(struct coffer_block *block)
{
	while (block) {
		struct coffer_block *next = block->next;

		free_block(block);
		block = next;
	}
}

static struct coffer_block *
make_block(void)
{
	struct coffer_block *block = calloc(1, sizeof(*block));

	if (!block || !(block->bytes = malloc(BLOCK_SIZE))) {
		free(block);
		return NULL;
	}
	block->capacity = BLOCK_SIZE;
	return block;
}

/* An empty one, made where none was given back. */
static struct coffer_block *
new_block(struct coffer_lane_shared *shared)
{
	struct coffer_block *block;

	pthread_mutex_lock(&shared->mutex);
	block = shared->spare;
	if (block) {
		shared->spare = block->next;
		shared->spare_count--;
	}
	pthread_mutex_unlock(&shared->mutex);
	if (!block)
		return make_block();
	block->next = NULL;
	block->size = 0;
	block->is_last = false;
	return block;
}

static bool
reserve(struct coffer_block *block, size_t size)
{
	char *bytes;

	if (size <= block->capacity - block->size)
		return true;
	bytes = realloc(block->bytes, block->size + size);
	if (!bytes)
		return false;
	block->bytes = bytes;
	block->capacity = block->size + size;
	return true;
}

const char *
coffer_block_next(const struct coffer_block *block, size_t *at, size_t *size_out)
{
	const char *message = block->bytes + *at + sizeof(*size_out);

	if (*at == block->size)
		return NULL;
	memcpy(size_out, block->bytes + *at, sizeof(*size_out));
	*at += sizeof(*size_out) + *size_out;
	return message;
}

/* ------------------------------------------------------------------ the thread */

/* The progress function of the lane's session. */
static bool
goes_on(void *context, const char *what, uint64_t rows, uint64_t bytes)
{
	struct coffer_lane_shared *shared = context;
	bool is_stopped;

	(void)what;
	(void)rows;
	(void)bytes;
	pthread_mutex_lock(&shared->mutex);
	is_stopped = shared->is_stopped;
	pthread_mutex_unlock(&shared->mutex);
	return !is_stopped;
}

/* Hand a block over when there is room. False: it is to stop. */
static bool
hand_over(struct coffer_lane_shared *shared, struct coffer_block *block)
{
	bool is_stopped;

	pthread_mutex_lock(&shared->mutex);
	while (!shared->is_stopped && shared->size && shared->size + block->size > shared->size_max)
		pthread_cond_wait(&shared->went, &shared->mutex);
	is_stopped = shared->is_stopped;
	if (!is_stopped) {
		*shared->last_block = block;
		shared->last_block = &block->next;
		shared->size += block->size;
		pthread_cond_signal(&shared->came);
	}
	pthread_mutex_unlock(&shared->mutex);
	if (is_stopped)
		free_block(block);
	return !is_stopped;
}

/* The next order; NULL: it is to stop. */
static struct coffer_order *
wait_for_order(struct coffer_lane_shared *shared)
{
	struct coffer_order *order = NULL;

	pthread_mutex_lock(&shared->mutex);
	while (!shared->is_stopped && !shared->orders)
		pthread_cond_wait(&shared->went, &shared->mutex);
	if (!shared->is_stopped) {
		order = shared->orders;
		shared->orders = order->next;
		if (!order->next)
			shared->last_order = &shared->orders;
	}
	pthread_mutex_unlock(&shared->mutex);
	return order;
}

/* The next message of a COPY; NULL at its end. libpq's buffer is emptied before the socket is waited for. */
static coffer_status
receive(struct coffer_session *session, char **message_out, size_t *size_out, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	int size;

	while (!status && !(size = PQgetCopyData(session->connection, message_out, 1)))
		status = coffer_session_wait(session, false, error);
	if (status || size == -1)
		*message_out = NULL;
	else if (size < 0)
		status = coffer_session_fail(session, NULL, error);
	else
		*size_out = (size_t)size;
	return status;
}

/* Put a message into the block that is being filled, or a full one's successor. */
static coffer_status
keep(struct coffer_lane_shared *shared, struct coffer_block **block, const char *message,
     size_t size, coffer_error *error)
{
	if ((*block)->size && size + sizeof(size) > (*block)->capacity - (*block)->size) {
		struct coffer_block *full = *block;

		*block = NULL;
		if (!hand_over(shared, full))
			return coffer_error_set(error, COFFER_INTERRUPTED, "interrupted");
		*block = new_block(shared);
	}
	if (!*block || !reserve(*block, sizeof(size) + size))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row of %zu bytes",
					size);
	memcpy((*block)->bytes + (*block)->size, &size, sizeof(size));
	memcpy((*block)->bytes + (*block)->size + sizeof(size), message, size);
	(*block)->size += sizeof(size) + size;
	return COFFER_OK;
}

static void
take_count(void *context, const PGresult *result)
{
	*(uint64_t *)context = strtoull(PQcmdTuples((PGresult *)(uintptr_t)result), NULL, 10);
}

/* The end of a COPY behind which the next one of the same order begins. */
static coffer_status
take_end_between(struct coffer_session *session, uint64_t *told_out, coffer_error *error)
{
	PGresult *end = NULL, *next = NULL;
	coffer_status status = coffer_session_result(session, &end, error);

	if (!status && PQresultStatus(end) == PGRES_COMMAND_OK) {
		take_count(told_out, end);
		status = coffer_session_result(session, &next, error);
		if (!status && PQresultStatus(next) != PGRES_COPY_OUT)
			status = coffer_session_fail(session, next, error);
	} else if (!status) {
		status = coffer_session_fail(session, end, error);
	}
	PQclear(end);
	PQclear(next);
	return status;
}

/* All of a COPY that has begun. What the server says behind the last message counts: an error stands there. */
static coffer_status
take_copy(struct coffer_lane *lane, bool is_last, coffer_error *error)
{
	struct coffer_session *session = &lane->session;
	struct coffer_block *block = new_block(lane->shared);
	coffer_status status = COFFER_OK;
	char *message = NULL;
	size_t size = 0;

	if (!block)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for rows");
	while (!(status = receive(session, &message, &size, error)) && message) {
		status = keep(lane->shared, &block, message, size, error);
		PQfreemem(message);
		if (status)
			break;
	}
	if (!status)
		status = is_last ? coffer_session_end(session, take_count, NULL, &block->told, error)
				 : take_end_between(session, &block->told, error);
	if (status) {
		if (block && block->size && status != COFFER_INTERRUPTED)
			(void)hand_over(lane->shared, block);
		else
			free_block(block);
		return status;
	}
	block->is_last = true;
	return hand_over(lane->shared, block)
		       ? COFFER_OK
		       : coffer_error_set(error, COFFER_INTERRUPTED, "interrupted");
}

static coffer_status
carry_out(struct coffer_lane *lane, const struct coffer_order *order, coffer_error *error)
{
	coffer_status status = coffer_session_run(&lane->session, order->sql, error);

	for (size_t i = 0; !status && i < order->count; i++)
		status = take_copy(lane, i + 1 == order->count, error);
	return status;
}

static void
free_order(struct coffer_order *order)
{
	if (order)
		free(order->sql);
	free(order);
}

static void *
run(void *context)
{
	struct coffer_lane *lane = context;
	struct coffer_lane_shared *shared = lane->shared;
	struct coffer_order *order;
	coffer_error error = {0};
	coffer_status status = COFFER_OK;

	while (!status && (order = wait_for_order(shared))) {
		status = carry_out(lane, order, &error);
		free_order(order);
	}
	if (status == COFFER_INTERRUPTED && !lane->session.is_interrupted)
		coffer_session_cancel(&lane->session);
	pthread_mutex_lock(&shared->mutex);
	shared->is_over = true;
	shared->status = status;
	shared->error = error;
	pthread_cond_signal(&shared->came);
	pthread_mutex_unlock(&shared->mutex);
	return NULL;
}

/* ------------------------------------------------------------------ whoever takes */

static void
free_shared(struct coffer_lane_shared *shared)
{
	while (shared->orders) {
		struct coffer_order *order = shared->orders;

		shared->orders = order->next;
		free_order(order);
	}
	free_blocks(shared->blocks);
	free_blocks(shared->spare);
	(void)pthread_cond_destroy(&shared->came);
	(void)pthread_cond_destroy(&shared->went);
	(void)pthread_mutex_destroy(&shared->mutex);
	free(shared);
}

static bool
init_conditions(struct coffer_lane_shared *shared)
{
	pthread_condattr_t clock;
	bool is_made;

	if (pthread_condattr_init(&clock))
		return false;
	is_made = !pthread_condattr_setclock(&clock, CLOCK_MONOTONIC) &&
		  !pthread_cond_init(&shared->came, &clock);
	if (is_made && pthread_cond_init(&shared->went, &clock)) {
		(void)pthread_cond_destroy(&shared->came);
		is_made = false;
	}
	(void)pthread_condattr_destroy(&clock);
	return is_made;
}

static struct coffer_lane_shared *
new_shared(size_t size_max)
{
	struct coffer_lane_shared *shared = calloc(1, sizeof(*shared));

	if (!shared)
		return NULL;
	if (pthread_mutex_init(&shared->mutex, NULL)) {
		free(shared);
		return NULL;
	}
	if (!init_conditions(shared)) {
		(void)pthread_mutex_destroy(&shared->mutex);
		free(shared);
		return NULL;
	}
	shared->last_order = &shared->orders;
	shared->last_block = &shared->blocks;
	shared->size_max = size_max;
	return shared;
}

coffer_status
coffer_lane_start(struct coffer_lane *lane, size_t size_max, coffer_error *error)
{
	lane->shared = new_shared(size_max);
	if (!lane->shared)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a connection");
	lane->session.progress = goes_on;
	lane->session.progress_context = lane->shared;
	lane->session.tick_ms = TICK_MS;
	if (!coffer_thread_start(&lane->shared->thread, run, lane))
		return COFFER_OK;
	free_shared(lane->shared);
	lane->shared = NULL;
	lane->session.progress = NULL;
	return coffer_error_set(error, COFFER_NO_MEMORY, "no thread for a connection");
}

coffer_status
coffer_lane_order(struct coffer_lane *lane, char *sql, size_t count, coffer_error *error)
{
	struct coffer_lane_shared *shared = lane->shared;
	struct coffer_order *order = calloc(1, sizeof(*order));

	if (!order) {
		free(sql);
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a statement");
	}
	order->sql = sql;
	order->count = count;
	pthread_mutex_lock(&shared->mutex);
	*shared->last_order = order;
	shared->last_order = &order->next;
	pthread_cond_signal(&shared->went);
	pthread_mutex_unlock(&shared->mutex);
	return COFFER_OK;
}

static struct timespec
in_a_tick(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	time.tv_nsec += TICK_MS * 1000000L;
	time.tv_sec += time.tv_nsec / 1000000000L;
	time.tv_nsec %= 1000000000L;
	return time;
}

coffer_status
coffer_lane_take(struct coffer_lane *lane, struct coffer_block **block_out, coffer_error *error)
{
	struct coffer_lane_shared *shared = lane->shared;
	struct timespec end = in_a_tick();
	struct coffer_block *block;
	coffer_status status = COFFER_OK;
	int code = 0;

	pthread_mutex_lock(&shared->mutex);
	while (!shared->blocks && !shared->is_over && !code)
		code = pthread_cond_timedwait(&shared->came, &shared->mutex, &end);
	block = shared->blocks;
	if (block) {
		shared->blocks = block->next;
		if (!block->next)
			shared->last_block = &shared->blocks;
		shared->size -= block->size;
		pthread_cond_signal(&shared->went);
	} else if (shared->is_over) {
		status = shared->status;
		if (error)
			*error = shared->error;
	}
	pthread_mutex_unlock(&shared->mutex);
	*block_out = block;
	return status;
}

/* One that grew for a long row would stay as big. */
void
coffer_lane_give_back(struct coffer_lane *lane, struct coffer_block *block)
{
	struct coffer_lane_shared *shared = lane->shared;
	bool is_kept;

	if (!block)
		return;
	pthread_mutex_lock(&shared->mutex);
	is_kept = shared->spare_count < SPARE_MAX && block->capacity == BLOCK_SIZE;
	if (is_kept) {
		block->next = shared->spare;
		shared->spare = block;
		shared->spare_count++;
	}
	pthread_mutex_unlock(&shared->mutex);
	if (!is_kept)
		free_block(block);
}

void
coffer_lane_ask_to_stop(struct coffer_lane *lane)
{
	struct coffer_lane_shared *shared = lane->shared;

	if (!shared)
		return;
	pthread_mutex_lock(&shared->mutex);
	shared->is_stopped = true;
	pthread_cond_signal(&shared->went);
	pthread_mutex_unlock(&shared->mutex);
}

void
coffer_lane_stop(struct coffer_lane *lane)
{
	if (!lane->shared)
		return;
	coffer_lane_ask_to_stop(lane);
	(void)pthread_join(lane->shared->thread, NULL);
	free_shared(lane->shared);
	lane->shared = NULL;
	lane->session.progress = NULL;
	lane->session.tick_ms = 0;
}
