/*
 * A ring of blocks of entries.
 *
 *   add --> the block that is being filled --> full ones --> the thread --> put
 *
 * Two threads meet once for hundreds of entries. The thread begins with the first full block: a small file needs none.
 */
#include "disk/queue.h"

#include "base/thread.h"

#include <stdlib.h>
#include <string.h>

enum {
	BLOCKS = 8, /* one of them is filled while the others wait */
	RUN_MIN = 4096, /* keys that are handed over at once */
	DIRECT_PART = 4, /* an entry of more than one part of so many of a block is put at once, and not copied */
	ALIGNMENT = 8,   /* of each entry */
};

struct block {
	uint8_t *bytes; /* entries: a head, the key, the value */
	size_t size;
};

/* In front of an entry, each word stored by itself: what is put together on the stack is slow to copy from there. */
enum head {
	HEAD_KEY_SIZE,
	HEAD_VALUE_SIZE,
	HEAD_TREE, /* twice, and one more where the key is the last */
	HEAD_COUNT, /* of a run, whose place and stride stand where others have their key; else 0 */
	HEAD_WORDS,
};
enum { HEAD_SIZE = HEAD_WORDS * sizeof(uint64_t) };

struct run {
	const uint8_t *keys;
	size_t stride;
};

struct coffer_queue {
	coffer_queue_function put;
	void *context;
	size_t block_size;
	struct block blocks[BLOCKS];
	pthread_t thread;
	bool has_thread;
	pthread_mutex_t mutex; /* of all that follows */
	pthread_cond_t came, went;
	size_t first, count; /* of the full blocks */
	bool is_ended;
	coffer_status status; /* the first failure */
	coffer_error error;
	/* The caller's alone, and far from what the thread looks at for each entry: */
	size_t filled; /* the block that is filled */
	size_t size;   /* of what stands there */
};

coffer_status
coffer_queue_make(coffer_queue_function put, void *context, size_t block_size,
		  struct coffer_queue **queue_out, coffer_error *error)
{
	struct coffer_queue *queue = calloc(1, sizeof(*queue));

	*queue_out = NULL;
	if (!queue)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a build");
	queue->put = put;
	queue->context = context;
	queue->block_size = block_size;
	/* With no attributes these cannot fail. */
	(void)pthread_mutex_init(&queue->mutex, NULL);
	(void)pthread_cond_init(&queue->came, NULL);
	(void)pthread_cond_init(&queue->went, NULL);
	*queue_out = queue;
	return COFFER_OK;
}

void
coffer_queue_free(struct coffer_queue *queue)
{
	if (!queue)
		return;
	if (queue->has_thread) {
		pthread_mutex_lock(&queue->mutex);
		queue->is_ended = true;
		pthread_cond_signal(&queue->came);
		pthread_mutex_unlock(&queue->mutex);
		(void)pthread_join(queue->thread, NULL);
	}
	(void)pthread_cond_destroy(&queue->came);
	(void)pthread_cond_destroy(&queue->went);
	(void)pthread_mutex_destroy(&queue->mutex);
	for (size_t i = 0; i < BLOCKS; i++)
		free(queue->blocks[i].bytes);
	free(queue);
}

/* ------------------------------------------------------------------ putting */

static uint64_t
word(const uint8_t *head, enum head which)
{
	uint64_t value;

	memcpy(&value, head + which * sizeof(value), sizeof(value));
	return value;
}

static void
put_word(uint8_t *head, enum head which, uint64_t value)
{
	memcpy(head + which * sizeof(value), &value, sizeof(value));
}

/* The keys of a run, which lie where the caller has them. */
static coffer_status
put_run(const struct coffer_queue *queue, const struct coffer_queue_entry *run, coffer_error *error)
{
	struct coffer_queue_entry entry = {.tree = run->tree, .is_last = run->is_last, .key = run->key};
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < run->count; i++, entry.key.data += run->stride)
		status = queue->put(queue->context, &entry, error);
	return status;
}

static coffer_status
put_entry(const struct coffer_queue *queue, const struct coffer_queue_entry *entry,
	  coffer_error *error)
{
	return entry->count ? put_run(queue, entry, error)
			    : queue->put(queue->context, entry, error);
}

static size_t
aligned(size_t size)
{
	return (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

static coffer_status
put_block(const struct coffer_queue *queue, const struct block *block, coffer_error *error)
{
	const uint8_t *at = block->bytes, *end = at + block->size;
	coffer_status status = COFFER_OK;

	while (!status && at < end) {
		struct coffer_queue_entry entry = {.tree = (uint32_t)(word(at, HEAD_TREE) >> 1),
						   .is_last = word(at, HEAD_TREE) & 1,
						   .count = (size_t)word(at, HEAD_COUNT)};

		entry.key = (struct coffer_bytes){at + HEAD_SIZE, (size_t)word(at, HEAD_KEY_SIZE)};
		entry.value.size = (size_t)word(at, HEAD_VALUE_SIZE);
		if (entry.count) {
			struct run run;

			memcpy(&run, at + HEAD_SIZE, sizeof(run));
			entry.key.data = run.keys;
			entry.stride = run.stride;
			at += HEAD_SIZE + sizeof(run);
		} else {
			entry.value.data = entry.key.data + entry.key.size;
			at += HEAD_SIZE + aligned(entry.key.size + entry.value.size);
		}
		status = put_entry(queue, &entry, error);
	}
	return status;
}

/* The next full block; NULL: there comes none any more. */
static struct block *
wait_for_block(struct coffer_queue *queue)
{
	struct block *block = NULL;

	pthread_mutex_lock(&queue->mutex);
	while (!queue->count && !queue->is_ended)
		pthread_cond_wait(&queue->came, &queue->mutex);
	if (!queue->is_ended)
		block = &queue->blocks[queue->first];
	pthread_mutex_unlock(&queue->mutex);
	return block;
}

/* Behind a failure blocks are passed over. */
static void *
run(void *context)
{
	struct coffer_queue *queue = context;
	coffer_status status = COFFER_OK;
	coffer_error error = {0};
	struct block *block;

	while ((block = wait_for_block(queue))) {
		if (!status)
			status = put_block(queue, block, &error);
		pthread_mutex_lock(&queue->mutex);
		queue->first = (queue->first + 1) % BLOCKS;
		queue->count--;
		if (status && !queue->status) {
			queue->status = status;
			queue->error = error;
		}
		pthread_cond_signal(&queue->went);
		pthread_mutex_unlock(&queue->mutex);
	}
	return NULL;
}

/* ------------------------------------------------------------------ adding */

/* What has failed so far. While the mutex is held. */
static coffer_status
failure(const struct coffer_queue *queue, coffer_error *error)
{
	if (queue->status && error)
		*error = queue->error;
	return queue->status;
}

/* Wait until at most `left` full blocks wait. */
static coffer_status
wait_for(struct coffer_queue *queue, size_t left, coffer_error *error)
{
	coffer_status status;

	pthread_mutex_lock(&queue->mutex);
	while (queue->count > left)
		pthread_cond_wait(&queue->went, &queue->mutex);
	status = failure(queue, error);
	pthread_mutex_unlock(&queue->mutex);
	return status;
}

/* Keep what failed in the caller's own thread. */
static coffer_status
note(struct coffer_queue *queue, coffer_status status, const coffer_error *error)
{
	if (!status)
		return COFFER_OK;
	pthread_mutex_lock(&queue->mutex);
	queue->status = status;
	if (error)
		queue->error = *error;
	pthread_mutex_unlock(&queue->mutex);
	return status;
}

/* The caller puts what it has filled: there is no thread, or none that has anything to do. */
static coffer_status
put_here(struct coffer_queue *queue, coffer_error *error)
{
	struct block *block = &queue->blocks[queue->filled];
	coffer_status status;

	block->size = queue->size;
	queue->size = 0;
	status = block->size ? put_block(queue, block, error) : COFFER_OK;
	return note(queue, status, error);
}

/* Give the filled block to the thread and go on with the next one, which is free as long as not all others wait. */
static coffer_status
hand_over(struct coffer_queue *queue, coffer_error *error)
{
	coffer_status status;

	/* Without a thread the caller puts its entries itself. */
	if (!queue->has_thread)
		queue->has_thread = !coffer_thread_start(&queue->thread, run, queue);
	if (!queue->has_thread)
		return put_here(queue, error);
	pthread_mutex_lock(&queue->mutex);
	queue->blocks[queue->filled].size = queue->size;
	queue->count++;
	pthread_cond_signal(&queue->came);
	pthread_mutex_unlock(&queue->mutex);
	status = wait_for(queue, BLOCKS - 1, error);
	queue->filled = (queue->filled + 1) % BLOCKS;
	queue->size = 0;
	return status;
}

coffer_status
coffer_queue_wait(struct coffer_queue *queue, coffer_error *error)
{
	coffer_status status = wait_for(queue, 0, error);

	return status ? status : put_here(queue, error);
}

static size_t
copied_size(const struct coffer_queue_entry *entry)
{
	return HEAD_SIZE +
	       (entry->count ? sizeof(struct run) : aligned(entry->key.size + entry->value.size));
}

static bool
is_direct(const struct coffer_queue *queue, size_t size)
{
	return size > queue->block_size / DIRECT_PART;
}

/* Room for so many bytes in the block that is filled, behind what stands there. */
static coffer_status
reserve(struct coffer_queue *queue, size_t size, uint8_t **place_out, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	struct block *block;

	*place_out = NULL;
	if (queue->size + size > queue->block_size && (status = hand_over(queue, error)))
		return status;
	block = &queue->blocks[queue->filled];
	if (!block->bytes && !(block->bytes = malloc(queue->block_size)))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a build");
	*place_out = block->bytes + queue->size;
	queue->size += size;
	return COFFER_OK;
}

static void
write_head(uint8_t *to, const struct coffer_queue_entry *entry)
{
	put_word(to, HEAD_KEY_SIZE, entry->key.size);
	put_word(to, HEAD_VALUE_SIZE, entry->value.size);
	put_word(to, HEAD_TREE, (uint64_t)entry->tree << 1 | entry->is_last);
	put_word(to, HEAD_COUNT, entry->count);
}

static void
copy(uint8_t *to, const struct coffer_queue_entry *entry)
{
	const struct run run = {entry->key.data, entry->stride};

	write_head(to, entry);
	to += HEAD_SIZE;
	if (entry->count)
		memcpy(to, &run, sizeof(run));
	else
		memcpy(to, entry->key.data, entry->key.size);
	if (entry->value.size)
		memcpy(to + entry->key.size, entry->value.data, entry->value.size);
}

coffer_status
coffer_queue_add(struct coffer_queue *queue, const struct coffer_queue_entry *entry,
		 coffer_error *error)
{
	size_t size = copied_size(entry);
	coffer_status status;
	uint8_t *place;

	if (is_direct(queue, size)) {
		status = coffer_queue_wait(queue, error);
		return status ? status : note(queue, put_entry(queue, entry, error), error);
	}
	if ((status = reserve(queue, size, &place, error)))
		return status;
	copy(place, entry);
	/* A run is work for the thread as it is. */
	return entry->count > RUN_MIN ? hand_over(queue, error) : COFFER_OK;
}

coffer_status
coffer_queue_reserve(struct coffer_queue *queue, uint32_t tree, size_t size, uint8_t **place_out,
		     coffer_error *error)
{
	const struct coffer_queue_entry entry = {.tree = tree, .value = {NULL, size}};
	coffer_status status;

	*place_out = NULL;
	if (is_direct(queue, copied_size(&entry)))
		return coffer_queue_wait(queue, error);
	if ((status = reserve(queue, copied_size(&entry), place_out, error)))
		return status;
	write_head(*place_out, &entry);
	*place_out += HEAD_SIZE;
	return COFFER_OK;
}
