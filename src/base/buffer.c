/*
 * The growable text: doubles, is always NUL-terminated, and a failure sticks.
 */
#include "coffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
coffer_buffer_reserve(coffer_buffer *buffer, size_t size)
{
	size_t capacity = buffer->capacity ? buffer->capacity : 256;
	char *data;

	if (buffer->is_failed || size > SIZE_MAX / 4 || buffer->size > SIZE_MAX / 4) {
		buffer->is_failed = true;
		return false;
	}
	if (buffer->capacity > buffer->size + size)
		return true;
	while (capacity <= buffer->size + size)
		capacity *= 2;
	data = realloc(buffer->data, capacity);
	if (!data) {
		buffer->is_failed = true;
		return false;
	}
	buffer->data = data;
	buffer->capacity = capacity;
	return true;
}

void
coffer_buffer_append(coffer_buffer *buffer, const void *data, size_t size)
{
	if (!coffer_buffer_reserve(buffer, size))
		return;
	if (size)
		memcpy(buffer->data + buffer->size, data, size);
	buffer->size += size;
	buffer->data[buffer->size] = '\0';
}

void
coffer_buffer_text(coffer_buffer *buffer, const char *text)
{
	coffer_buffer_append(buffer, text, strlen(text));
}

void
coffer_buffer_printf(coffer_buffer *buffer, const char *format, ...)
{
	va_list arguments, again;
	int size;

	va_start(arguments, format);
	va_copy(again, arguments);
	size = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (size < 0)
		buffer->is_failed = true;
	else if (coffer_buffer_reserve(buffer, (size_t)size)) {
		vsnprintf(buffer->data + buffer->size, (size_t)size + 1, format, again);
		buffer->size += (size_t)size;
	}
	va_end(again);
}

void
coffer_buffer_clear(coffer_buffer *buffer)
{
	buffer->size = 0;
	if (buffer->data)
		buffer->data[0] = '\0';
}

void
coffer_buffer_release(coffer_buffer *buffer)
{
	free(buffer->data);
	memset(buffer, 0, sizeof(*buffer));
}
