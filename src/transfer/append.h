/*
 * Appending to a coffer_buffer where it is done for each value: without a call as long as there is room.
 */
#ifndef COFFER_TRANSFER_APPEND_H
#define COFFER_TRANSFER_APPEND_H

#include "coffer.h"

#include <string.h>

static inline void
coffer_append(coffer_buffer *out, const char *bytes, size_t size)
{
	if (out->is_failed || size >= out->capacity - out->size) {
		coffer_buffer_append(out, bytes, size);
		return;
	}
	memcpy(out->data + out->size, bytes, size);
	out->size += size;
	out->data[out->size] = '\0';
}

static inline void
coffer_append_char(coffer_buffer *out, char byte)
{
	coffer_append(out, &byte, 1);
}

static inline void
coffer_append_text(coffer_buffer *out, const char *text)
{
	coffer_append(out, text, strlen(text));
}

#endif
