/*
 * A bump arena: many small allocations with one lifetime.
 */
#ifndef COFFER_BASE_ARENA_H
#define COFFER_BASE_ARENA_H

#include <stddef.h>

struct coffer_arena_block;

struct coffer_arena {
	struct coffer_arena_block *block; /* the newest; each points to the one before */
	size_t used, capacity;            /* of the newest block */
	size_t total;                     /* bytes asked of the heap */
};

/* A zeroed arena is empty and ready. */

/* `size` bytes, 8-byte aligned and zeroed, alive until release; NULL when memory is out. */
void *
coffer_arena_alloc(struct coffer_arena *arena, size_t size);

/* A NUL-terminated copy of `size` bytes; NULL when memory is out. */
char *
coffer_arena_text(struct coffer_arena *arena, const char *data, size_t size);

/* Forget all that was given, keep the newest block for what comes. */
void
coffer_arena_reset(struct coffer_arena *arena);

void
coffer_arena_release(struct coffer_arena *arena);

#endif
