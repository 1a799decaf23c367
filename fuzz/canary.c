/*
 * Property: no input starts with "coffer". It is false, so that the corpus of this target fails: the
 * replay in `make check` demands that failure, which proves that a broken property would be seen.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size >= 6 && !memcmp(data, "coffer", 6))
		abort();
	return 0;
}
