/*
 * Growing a buffer of COPY bytes: it doubles, keeps its memory from row to row, and a failure
 * sticks.
 */
#include "postgres/copy_bytes.h"

#include <stdlib.h>

bool
coffer_copy_reserve_more(coffer_buffer *out, size_t size)
{
	size_t capacity = out->capacity ? out->capacity : 256;
	char *data;

	if (out->is_failed || size > SIZE_MAX / 4 - out->size) {
		out->is_failed = true;
		return false;
	}
	while (capacity <= out->size + size)
		capacity *= 2;
	data = realloc(out->data, capacity);
	if (!data) {
		out->is_failed = true;
		return false;
	}
	out->data = data;
	out->capacity = capacity;
	return true;
}
