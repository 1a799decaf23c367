/*
 * What the library under test asks of the allocator: the linker puts these in front of malloc and its kin (--wrap, see the
 * Makefile).
 */
#ifndef COFFER_TESTS_MUTANTS_MEMORY_H
#define COFFER_TESTS_MUTANTS_MEMORY_H

#include <stddef.h>

struct memory {
	long long outstanding, peak; /* bytes since memory_begin */
	size_t largest;              /* asked for at once */
};

extern struct memory memory;

void
memory_begin(void);

#endif
