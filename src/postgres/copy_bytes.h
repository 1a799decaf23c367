/*
 * The bytes of binary COPY: big-endian integers, read within bounds and written into a growing
 * buffer.
 *
 * A take that does not fit leaves `is_cut` set, and every later take gives zero or nothing: a
 * decoder asks once, at the end. A put that finds no memory sets `is_failed` of its buffer in the
 * same way.
 */
#ifndef COFFER_POSTGRES_COPY_BYTES_H
#define COFFER_POSTGRES_COPY_BYTES_H

#include "coffer.h"

#include <string.h>

struct coffer_copy_bytes {
	const uint8_t *at;
	size_t left;
	bool is_cut;
};

/* `size` bytes borrowed from the input; NULL when they are not there. */
static inline const uint8_t *
coffer_copy_take(struct coffer_copy_bytes *bytes, size_t size)
{
	const uint8_t *taken = bytes->at;

	if (bytes->is_cut || size > bytes->left) {
		bytes->is_cut = true;
		return NULL;
	}
	bytes->at += size;
	bytes->left -= size;
	return taken;
}

static inline uint16_t
coffer_copy_take_u16(struct coffer_copy_bytes *bytes)
{
	const uint8_t *b = coffer_copy_take(bytes, 2);

	return b ? (uint16_t)(b[0] << 8 | b[1]) : 0;
}

static inline uint32_t
coffer_copy_take_u32(struct coffer_copy_bytes *bytes)
{
	const uint8_t *b = coffer_copy_take(bytes, 4);

	return b ? (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3] : 0;
}

static inline uint64_t
coffer_copy_take_u64(struct coffer_copy_bytes *bytes)
{
	uint64_t high = coffer_copy_take_u32(bytes);

	return high << 32 | coffer_copy_take_u32(bytes);
}

/* Two's complement without a cast of an unsigned value that does not fit. */
static inline int32_t
coffer_copy_take_i32(struct coffer_copy_bytes *bytes)
{
	uint32_t bits = coffer_copy_take_u32(bytes);
	int32_t number;

	memcpy(&number, &bits, sizeof(number));
	return number;
}

/* Make room for `size` more bytes and a NUL; false when memory is out. */
static inline bool
coffer_copy_reserve(coffer_buffer *out, size_t size)
{
	if (size < out->capacity - out->size && !out->is_failed)
		return true;
	return coffer_buffer_reserve(out, size);
}

static inline void
coffer_copy_put(coffer_buffer *out, const void *data, size_t size)
{
	if (!size || !coffer_copy_reserve(out, size))
		return;
	memcpy(out->data + out->size, data, size);
	out->size += size;
}

static inline void
coffer_copy_put_text(coffer_buffer *out, const char *text)
{
	coffer_copy_put(out, text, strlen(text));
}

static inline void
coffer_copy_put_byte(coffer_buffer *out, uint8_t byte)
{
	coffer_copy_put(out, &byte, 1);
}

static inline void
coffer_copy_store_u32(void *at, uint32_t number)
{
	uint8_t bytes[4] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16),
			    (uint8_t)(number >> 8), (uint8_t)number};

	memcpy(at, bytes, sizeof(bytes));
}

static inline void
coffer_copy_put_u16(coffer_buffer *out, uint16_t number)
{
	uint8_t bytes[2] = {(uint8_t)(number >> 8), (uint8_t)number};

	coffer_copy_put(out, bytes, sizeof(bytes));
}

static inline void
coffer_copy_put_u32(coffer_buffer *out, uint32_t number)
{
	uint8_t bytes[4];

	coffer_copy_store_u32(bytes, number);
	coffer_copy_put(out, bytes, sizeof(bytes));
}

static inline void
coffer_copy_put_u64(coffer_buffer *out, uint64_t number)
{
	coffer_copy_put_u32(out, (uint32_t)(number >> 32));
	coffer_copy_put_u32(out, (uint32_t)number);
}

#endif
