/*
 * Writing into a coffer_buffer. A failed allocation is sticky: it is remembered in `is_failed`, later
 * writes do nothing, and the caller asks once at the end.
 */
#ifndef COFFER_BASE_BUFFER_H
#define COFFER_BASE_BUFFER_H

#include "coffer.h"

#include <stdarg.h>

/* Make room for `size` more bytes and a NUL. False when memory is out. */
bool
coffer_buffer_reserve(coffer_buffer *buffer, size_t size);

void
coffer_buffer_append(coffer_buffer *buffer, const void *data, size_t size);
void
coffer_buffer_text(coffer_buffer *buffer, const char *text);
void
coffer_buffer_printf(coffer_buffer *buffer, const char *format, ...) COFFER_PRINTF(2, 3);

/* Forget the content, keep the memory. */
void
coffer_buffer_clear(coffer_buffer *buffer);

#endif
