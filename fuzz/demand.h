/*
 * What the targets share: the function that a fuzzer calls, and the end when a property does not hold.
 */
#ifndef COFFER_FUZZ_DEMAND_H
#define COFFER_FUZZ_DEMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void
demand(bool is_true)
{
	if (!is_true)
		abort();
}

#endif
