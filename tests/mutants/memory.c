/*
 * Blocks are counted by what the allocator says that they hold, so that a block of another library's that is freed here, or the
 * other way round, does little harm. A map of a file is address space, one without is memory.
 */
#include "tests/mutants/memory.h"

#include <malloc.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct memory memory;

void *
__real_malloc(size_t size);
void *
__wrap_malloc(size_t size);
void *
__real_calloc(size_t count, size_t size);
void *
__wrap_calloc(size_t count, size_t size);
void *
__real_realloc(void *block, size_t size);
void *
__wrap_realloc(void *block, size_t size);
void
__real_free(void *block);
void
__wrap_free(void *block);
void *
__real_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);
void *
__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);

void
memory_begin(void)
{
	memory = (struct memory){0};
}

static void
ask(size_t size)
{
	if (size > memory.largest)
		memory.largest = size;
}

static void *
taken(void *block)
{
	memory.outstanding += (long long)malloc_usable_size(block);
	if (memory.outstanding > memory.peak)
		memory.peak = memory.outstanding;
	return block;
}

void *
__wrap_malloc(size_t size)
{
	ask(size);
	return taken(__real_malloc(size));
}

void *
__wrap_calloc(size_t count, size_t size)
{
	ask(count * size);
	return taken(__real_calloc(count, size));
}

void *
__wrap_realloc(void *block, size_t size)
{
	size_t before = malloc_usable_size(block);
	void *larger;

	ask(size);
	larger = __real_realloc(block, size);
	if (larger)
		memory.outstanding -= (long long)before;
	return taken(larger);
}

void
__wrap_free(void *block)
{
	memory.outstanding -= (long long)malloc_usable_size(block);
	__real_free(block);
}

void *
__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
	if (flags & MAP_ANONYMOUS)
		ask(size);
	return __real_mmap(at, size, protection, flags, fd, offset);
}
