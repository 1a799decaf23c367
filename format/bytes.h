/*
 * Bounded, sticky reading and writing of bytes: the only pointer arithmetic of the format.
 *
 * A reader never gives a byte beyond its end. The first fault stays, later reads give zeros, so a decoder
 * reads field after field and asks once at its end. Sizes are compared by subtraction.
 */
#ifndef COFFER_FORMAT_BYTES_H
#define COFFER_FORMAT_BYTES_H

#include "format/fault.h"
#include "format/number.h"

#include <stddef.h>
#include <string.h>

/* ------------------------------------------------------------------ reading */

struct coffer_reader {
	const uint8_t *at;
	size_t left;
	enum coffer_fault fault; /* the first; sticky */
};

static inline struct coffer_reader
coffer_reader_over(const void *bytes, size_t size)
{
	return (struct coffer_reader){.at = bytes, .left = size};
}

/* Remember `fault` unless an earlier one stands; nothing can be read any more. */
static inline void
coffer_reader_fail(struct coffer_reader *reader, enum coffer_fault fault)
{
	if (!reader->fault)
		reader->fault = fault;
	reader->left = 0;
}

/* The next `size` bytes, passed over; NULL and CUT when they are not there. `size` > 0. */
static inline const uint8_t *
coffer_reader_take(struct coffer_reader *reader, size_t size)
{
	const uint8_t *taken = reader->at;

	if (size > reader->left) {
		coffer_reader_fail(reader, COFFER_FAULT_CUT);
		return NULL;
	}
	reader->at += size;
	reader->left -= size;
	return taken;
}

static inline uint8_t
coffer_read_u8(struct coffer_reader *reader)
{
	const uint8_t *bytes = coffer_reader_take(reader, 1);

	return bytes ? *bytes : 0;
}

static inline uint16_t
coffer_read_u16be(struct coffer_reader *reader)
{
	const uint8_t *bytes = coffer_reader_take(reader, 2);

	return bytes ? coffer_load_u16be(bytes) : 0;
}

static inline uint32_t
coffer_read_u32be(struct coffer_reader *reader)
{
	const uint8_t *bytes = coffer_reader_take(reader, 4);

	return bytes ? coffer_load_u32be(bytes) : 0;
}

static inline uint64_t
coffer_read_u64be(struct coffer_reader *reader)
{
	const uint8_t *bytes = coffer_reader_take(reader, 8);

	return bytes ? coffer_load_u64be(bytes) : 0;
}

/* The fault of all that was read; TRAILING when bytes are left. */
static inline enum coffer_fault
coffer_reader_finish(const struct coffer_reader *reader)
{
	if (reader->fault)
		return reader->fault;
	return reader->left ? COFFER_FAULT_TRAILING : COFFER_FAULT_NONE;
}

/* ------------------------------------------------------------------ writing */

/* Into memory of a size that the caller took from a ..._max; what does not fit is not written. */
struct coffer_writer {
	uint8_t *out;
	size_t size, capacity;
};

static inline int
coffer_writer_put(struct coffer_writer *writer, const void *bytes, size_t size)
{
	if (size > writer->capacity - writer->size)
		return -1;
	if (size)
		memcpy(writer->out + writer->size, bytes, size);
	writer->size += size;
	return 0;
}

#endif
