/*
 * Blocks double in size up to a megabyte; a request larger than a block gets one of its own. A
 * block is zeroed when it is made, so that memory from the arena needs no second pass.
 */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	BLOCK_SIZE_MIN = 4096,
	BLOCK_SIZE_MAX = 1 << 20,
	ALIGNMENT = 8,
};

struct coffer_arena_block {
	struct coffer_arena_block *before;
	size_t size;
	unsigned char memory[];
};

static int
add_block(struct coffer_arena *arena, size_t size_min)
{
	size_t size = arena->capacity ? arena->capacity * 2 : BLOCK_SIZE_MIN;
	struct coffer_arena_block *block;

	if (size > BLOCK_SIZE_MAX)
		size = BLOCK_SIZE_MAX;
	if (size < size_min)
		size = size_min;
	if (size > SIZE_MAX - sizeof(*block) || !(block = calloc(1, sizeof(*block) + size)))
		return -1;
	block->before = arena->block;
	block->size = size;
	arena->block = block;
	arena->used = 0;
	arena->capacity = size;
	arena->total += size;
	return 0;
}

void *
coffer_arena_alloc(struct coffer_arena *arena, size_t size)
{
	void *memory;

	if (size > SIZE_MAX - ALIGNMENT)
		return NULL;
	size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	if (size > arena->capacity - arena->used && add_block(arena, size))
		return NULL;
	memory = arena->block ? arena->block->memory + arena->used : NULL;
	arena->used += size;
	return memory;
}

char *
coffer_arena_text(struct coffer_arena *arena, const char *data, size_t size)
{
	char *text = size < SIZE_MAX ? coffer_arena_alloc(arena, size + 1) : NULL;

	if (text && size)
		memcpy(text, data, size);
	return text;
}

static void
free_blocks(struct coffer_arena_block *block)
{
	while (block) {
		struct coffer_arena_block *before = block->before;

		free(block);
		block = before;
	}
}

void
coffer_arena_reset(struct coffer_arena *arena)
{
	if (!arena->block)
		return;
	free_blocks(arena->block->before);
	arena->block->before = NULL;
	memset(arena->block->memory, 0, arena->used);
	arena->total = arena->block->size;
	arena->capacity = arena->block->size;
	arena->used = 0;
}

void
coffer_arena_release(struct coffer_arena *arena)
{
	free_blocks(arena->block);
	memset(arena, 0, sizeof(*arena));
}
