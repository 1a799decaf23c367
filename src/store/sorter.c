/*
 * A radix sort from the last byte to the first, stable, one counting pass a byte. Two things are seen first and make
 * most passes needless: bytes that are equal in all keys, and a tail that is in order already, which is the rule since rows
 * arrive by time and get ascending numbers.
 */
#include "store/sorter.h"

#include "disk/disk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	CAPACITY_MIN = 1024,
	TAIL_WIDTH_MAX = 64,     /* keys wider than this are sorted by every byte */
	COUNTED_MAX = 8,         /* bytes whose values are counted in one pass */
	MERGE_BUFFER_MIN = 4096,
	MERGE_BUFFER_MAX = 256 << 10,
};

struct coffer_sort_run {
	uint64_t at, end; /* bytes in the file */
	uint8_t *buffer;
	size_t size, used, capacity;
	const uint8_t *key;
};

void
coffer_sorter_init(struct coffer_sorter *sorter, size_t width, size_t memory_size,
		   struct coffer_sort_scratch *scratch, const char *path)
{
	*sorter = (struct coffer_sorter){
		.width = width,
		.order_width = width,
		.stride = width < 8 ? 8 : (width + 3) & ~(size_t)3,
		.scratch = scratch,
		.path = path,
		.fd = -1,
	};
	sorter->capacity_max = memory_size / sorter->stride;
	if (sorter->capacity_max < CAPACITY_MIN)
		sorter->capacity_max = CAPACITY_MIN;
}

void
coffer_sorter_order_by(struct coffer_sorter *sorter, size_t order_width)
{
	sorter->order_width = order_width;
}

void
coffer_sorter_release(struct coffer_sorter *sorter)
{
	for (size_t i = 0; sorter->runs && i < sorter->run_count; i++)
		free(sorter->runs[i].buffer);
	free(sorter->runs);
	free(sorter->heap);
	free(sorter->run_counts);
	free(sorter->keys);
	if (sorter->fd >= 0)
		(void)close(sorter->fd);
	sorter->runs = NULL;
	sorter->heap = NULL;
	sorter->run_counts = NULL;
	sorter->keys = NULL;
	sorter->fd = -1;
}

/* Bit p is set when `right` from byte p on is not less than `left`: bits of all neighbours ANDed give the tails
 * that are in order. */
static uint64_t
ordered_tails(const uint8_t *left, const uint8_t *right, size_t width)
{
	uint64_t bits = 0;
	bool is_ordered = true;

	for (size_t p = width; p-- > 0;) {
		if (left[p] != right[p])
			is_ordered = left[p] < right[p];
		bits |= (uint64_t)is_ordered << p;
	}
	return bits;
}

/* The first byte of the longest tail that is in order; the width when none is. */
static size_t
find_tail(const struct coffer_sorter *sorter)
{
	uint64_t bits = UINT64_MAX;
	const uint8_t *key = sorter->keys;

	if (sorter->order_width > TAIL_WIDTH_MAX)
		return sorter->order_width;
	for (size_t i = 1; i < sorter->count && bits; i++, key += sorter->stride)
		bits &= ordered_tails(key, key + sorter->stride, sorter->order_width);
	for (size_t p = 0; p < sorter->order_width; p++)
		if (bits >> p & 1)
			return p;
	return sorter->order_width;
}

/* Move one key, eight bytes at a time and the odd four. */
static inline void
move_key(uint8_t *to, const uint8_t *from, size_t stride)
{
	size_t at = 0;

	for (; at + 8 <= stride; at += 8)
		memcpy(to + at, from + at, 8);
	if (at < stride)
		memcpy(to + at, from + at, 4);
}

static void
scatter(const struct coffer_sorter *sorter, size_t byte, const uint8_t *from, uint8_t *to,
	size_t counts[256])
{
	size_t stride = sorter->stride, sum = 0;

	for (size_t value = 0; value < 256; value++) {
		size_t count = counts[value];

		counts[value] = sum;
		sum += count;
	}
	for (size_t i = 0; i < sorter->count; i++, from += stride)
		move_key(to + counts[from[byte]]++ * stride, from, stride);
}

/* How often each value stands in each of `byte_count` bytes of the keys, the first of them `first`: whatever their order. */
static void
count_values(const struct coffer_sorter *sorter, const uint8_t *keys, size_t first, size_t byte_count,
	     size_t counts[COUNTED_MAX][256])
{
	const uint8_t *key = keys + first;

	memset(counts, 0, byte_count * sizeof(*counts));
	for (size_t i = 0; i < sorter->count; i++, key += sorter->stride)
		for (size_t byte = 0; byte < byte_count; byte++)
			counts[byte][key[byte]]++;
}

static bool
reserve_scratch(struct coffer_sorter *sorter)
{
	size_t size = sorter->count * sorter->stride;
	uint8_t *memory;

	if (sorter->scratch->size >= size)
		return true;
	free(sorter->scratch->memory);
	memory = malloc(size);
	sorter->scratch->memory = memory;
	sorter->scratch->size = memory ? size : 0;
	return memory != NULL;
}

static coffer_status
sort_keys(struct coffer_sorter *sorter, coffer_error *error)
{
	size_t tail = find_tail(sorter), counts[COUNTED_MAX][256];
	uint8_t *from = sorter->keys, *to;

	if (!tail || sorter->count < 2)
		return COFFER_OK;
	if (!reserve_scratch(sorter))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory to sort %zu keys",
					sorter->count);
	to = sorter->scratch->memory;
	while (tail > 0) {
		size_t byte_count = tail < COUNTED_MAX ? tail : COUNTED_MAX, byte = byte_count;

		tail -= byte_count;
		count_values(sorter, from, tail, byte_count, counts);
		while (byte-- > 0) {
			uint8_t *swap = to;

			if (counts[byte][from[tail + byte]] == sorter->count)
				continue;
			scatter(sorter, tail + byte, from, to, counts[byte]);
			to = from;
			from = swap;
		}
	}
	if (from != sorter->keys)
		memcpy(sorter->keys, from, sorter->count * sorter->stride);
	return COFFER_OK;
}

static coffer_status
write_all(int fd, const uint8_t *bytes, size_t size, coffer_error *error)
{
	while (size) {
		ssize_t written = write(fd, bytes, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return coffer_error_set(error,
						errno == ENOSPC || errno == EDQUOT ? COFFER_FULL : COFFER_IO,
						"cannot write a temporary file: %s", strerror(errno));
		bytes += written;
		size -= (size_t)written;
	}
	return COFFER_OK;
}

static coffer_status
spill(struct coffer_sorter *sorter, coffer_error *error)
{
	uint64_t *counts;
	coffer_status status = sort_keys(sorter, error);

	if (status)
		return status;
	if (sorter->fd < 0 && (sorter->fd = coffer_disk_scratch(sorter->path)) < 0)
		return coffer_error_set(error, COFFER_IO, "cannot make a temporary file: %s",
					strerror(errno));
	counts = realloc(sorter->run_counts, (sorter->run_count + 1) * sizeof(*counts));
	if (!counts)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory to sort");
	sorter->run_counts = counts;
	status = write_all(sorter->fd, sorter->keys, sorter->count * sorter->stride, error);
	if (status)
		return status;
	sorter->run_counts[sorter->run_count++] = sorter->count;
	sorter->count = 0;
	return COFFER_OK;
}

static coffer_status
grow(struct coffer_sorter *sorter, coffer_error *error)
{
	size_t capacity = sorter->capacity ? sorter->capacity * 2 : CAPACITY_MIN;
	uint8_t *keys;

	if (sorter->capacity == sorter->capacity_max)
		return spill(sorter, error);
	if (capacity > sorter->capacity_max)
		capacity = sorter->capacity_max;
	keys = realloc(sorter->keys, capacity * sorter->stride);
	if (!keys)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory to sort");
	sorter->keys = keys;
	sorter->capacity = capacity;
	return COFFER_OK;
}

coffer_status
coffer_sorter_add(struct coffer_sorter *sorter, uint8_t **key_out, coffer_error *error)
{
	coffer_status status;

	*key_out = NULL;
	if (sorter->count == sorter->capacity && (status = grow(sorter, error)))
		return status;
	*key_out = sorter->keys + sorter->count++ * sorter->stride;
	memset(*key_out + sorter->stride - 8, 0, 8); /* what lies behind the key is moved with it */
	sorter->total++;
	return COFFER_OK;
}

/* Read the run's next key; the run is over when `key` is NULL. */
static coffer_status
advance_run(struct coffer_sorter *sorter, struct coffer_sort_run *run, coffer_error *error)
{
	run->key = NULL;
	if (run->used == run->size) {
		uint64_t left = run->end - run->at;
		size_t size = left < run->capacity ? (size_t)left : run->capacity;

		if (!left)
			return COFFER_OK;
		for (run->size = 0; run->size < size;) {
			ssize_t got = pread(sorter->fd, run->buffer + run->size, size - run->size,
					    (off_t)(run->at + run->size));

			if (got < 0 && errno == EINTR)
				continue;
			if (got <= 0)
				return coffer_error_set(error, COFFER_IO,
							"cannot read a temporary file: %s",
							got ? strerror(errno) : "it is cut");
			run->size += (size_t)got;
		}
		run->at += size;
		run->used = 0;
	}
	run->key = run->buffer + run->used;
	run->used += sorter->stride;
	return COFFER_OK;
}

static bool
is_before(const struct coffer_sorter *sorter, const struct coffer_sort_run *left,
	  const struct coffer_sort_run *right)
{
	return memcmp(left->key, right->key, sorter->order_width) < 0;
}

static void
sift_down(struct coffer_sorter *sorter, size_t at)
{
	struct coffer_sort_run **heap = sorter->heap;

	for (;;) {
		size_t least = at, left = 2 * at + 1, right = left + 1;
		struct coffer_sort_run *swap = heap[at];

		if (left < sorter->heap_count && is_before(sorter, heap[left], heap[least]))
			least = left;
		if (right < sorter->heap_count && is_before(sorter, heap[right], heap[least]))
			least = right;
		if (least == at)
			return;
		heap[at] = heap[least];
		heap[least] = swap;
		at = least;
	}
}

static coffer_status
open_runs(struct coffer_sorter *sorter, coffer_error *error)
{
	size_t memory = sorter->capacity_max * sorter->stride / sorter->run_count;
	coffer_status status = COFFER_OK;
	uint64_t at = 0;

	if (memory > MERGE_BUFFER_MAX)
		memory = MERGE_BUFFER_MAX;
	if (memory < MERGE_BUFFER_MIN)
		memory = MERGE_BUFFER_MIN;
	memory -= memory % sorter->stride;
	for (size_t i = 0; !status && i < sorter->run_count; i++) {
		struct coffer_sort_run *run = &sorter->runs[i];

		run->at = at;
		run->end = at += sorter->run_counts[i] * sorter->stride;
		run->capacity = memory;
		if (!(run->buffer = malloc(memory)))
			return coffer_error_set(error, COFFER_NO_MEMORY, "no memory to merge");
		status = advance_run(sorter, run, error);
		sorter->heap[sorter->heap_count++] = run;
	}
	for (size_t i = sorter->heap_count; !status && i-- > 0;)
		sift_down(sorter, i);
	return status;
}

coffer_status
coffer_sorter_finish(struct coffer_sorter *sorter, coffer_error *error)
{
	coffer_status status;

	if (!sorter->run_count)
		return sort_keys(sorter, error);
	if (sorter->count && (status = spill(sorter, error)))
		return status;
	free(sorter->keys);
	sorter->keys = NULL;
	sorter->count = sorter->capacity = 0;
	sorter->runs = calloc(sorter->run_count, sizeof(*sorter->runs));
	sorter->heap = calloc(sorter->run_count, sizeof(struct coffer_sort_run *));
	if (!sorter->runs || !sorter->heap)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory to merge");
	return open_runs(sorter, error);
}

/* The least run's key is given out; the run moves on at the next call, since the key lies in its buffer. */
static coffer_status
next_merged(struct coffer_sorter *sorter, const uint8_t **key_out, coffer_error *error)
{
	coffer_status status;

	if (sorter->at++) {
		if ((status = advance_run(sorter, sorter->heap[0], error)))
			return status;
		if (!sorter->heap[0]->key)
			sorter->heap[0] = sorter->heap[--sorter->heap_count];
		if (sorter->heap_count)
			sift_down(sorter, 0);
	}
	if (!sorter->heap_count)
		return COFFER_NOT_FOUND;
	*key_out = sorter->heap[0]->key;
	return COFFER_OK;
}

coffer_status
coffer_sorter_next(struct coffer_sorter *sorter, const uint8_t **key_out, coffer_error *error)
{
	*key_out = NULL;
	if (sorter->run_count)
		return sorter->heap_count ? next_merged(sorter, key_out, error) : COFFER_NOT_FOUND;
	if (sorter->at == sorter->count)
		return COFFER_NOT_FOUND;
	*key_out = sorter->keys + sorter->at++ * sorter->stride;
	return COFFER_OK;
}
