/*
 * Sorting many fixed-width keys in bounded memory: runs are sorted in memory, spilled to a nameless file when the memory
 * is full, and merged while they are read back.
 */
#ifndef COFFER_STORE_SORTER_H
#define COFFER_STORE_SORTER_H

#include "coffer.h"

enum { COFFER_SORT_WIDTH_MAX = 352 };

/* Scratch that several sorters take turns with; zeroed at first, released by the caller. */
struct coffer_sort_scratch {
	uint8_t *memory;
	size_t size;
};

struct coffer_sort_run; /* one spilled run while it is merged */

struct coffer_sorter {
	size_t width, stride;    /* bytes of a key; of its place, a multiple of 4 from 8 */
	size_t order_width;      /* of the width what the order goes by; the rest is carried along */
	uint8_t *keys;
	size_t count, capacity, capacity_max; /* keys in memory */
	struct coffer_sort_scratch *scratch;
	const char *path;        /* its folder takes the spilled runs; borrowed */
	int fd;                  /* of the spilled runs; -1 while there are none */
	uint64_t *run_counts;
	size_t run_count;
	uint64_t total;
	struct coffer_sort_run *runs; /* while merging */
	struct coffer_sort_run **heap;
	size_t heap_count;
	size_t at;               /* next key in memory, where nothing was spilled */
};

/* `memory_size` bounds the keys held in memory; the scratch and, while merging, the read buffers take as much again. */
void
coffer_sorter_init(struct coffer_sorter *sorter, size_t width, size_t memory_size,
		   struct coffer_sort_scratch *scratch, const char *path);
/* Before the first add: order by the first bytes of each key alone; which of equal ones comes first is open. */
void
coffer_sorter_order_by(struct coffer_sorter *sorter, size_t order_width);
void
coffer_sorter_release(struct coffer_sorter *sorter);

/* Room for one more key, to be filled at once. COFFER_NO_MEMORY, COFFER_FULL, COFFER_IO. */
COFFER_CHECKED coffer_status
coffer_sorter_add(struct coffer_sorter *sorter, uint8_t **key_out, coffer_error *error);

/* After the last add, before the first next. */
COFFER_CHECKED coffer_status
coffer_sorter_finish(struct coffer_sorter *sorter, coffer_error *error);

/* Keys in ascending order, equal ones repeated; borrowed until the next call. NOT_FOUND at the end. */
COFFER_CHECKED coffer_status
coffer_sorter_next(struct coffer_sorter *sorter, const uint8_t **key_out, coffer_error *error);

#endif
