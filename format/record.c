/*
 * Records as a whole: the array header, finding elements without decoding them, and the rule by which values
 * move to the long tree. The rule has no choice in it, so one row has one byte string. SPEC.md 4.
 */
#include "format/record.h"
#include "format/msgpack.h"
#include "format/pack.h"

/* A run of first bytes. */
#define FOUR(size) (size), (size), (size), (size)
#define SIXTEEN(size) FOUR(size), FOUR(size), FOUR(size), FOUR(size)
/* fixstr: header and text. */
#define EIGHT_TEXTS(from) \
	(from) + 1, (from) + 2, (from) + 3, (from) + 4, (from) + 5, (from) + 6, (from) + 7, \
		(from) + 8

const uint8_t coffer_element_sizes[256] = {
	/* 00: fixint */
	SIXTEEN(1), SIXTEEN(1), SIXTEEN(1), SIXTEEN(1), SIXTEEN(1), SIXTEEN(1), SIXTEEN(1),
	SIXTEEN(1),
	/* 80: fixmap, fixarray (the empty one is complete) */
	SIXTEEN(0), 1, 0, 0, 0, FOUR(0), FOUR(0), FOUR(0),
	/* a0: fixstr */
	EIGHT_TEXTS(0), EIGHT_TEXTS(8), EIGHT_TEXTS(16), EIGHT_TEXTS(24),
	/* c0: nil, unused, false, true; bin 8, 16, 32; ext; float32, float64; uint 8, 16, 32, 64 */
	1, 0, 1, 1, 0xff, 0, 0, 0xfe, 0, 0, 0, 9, 2, 3, 5, 9,
	/* d0: int 8, 16, 32, 64; fixext; str 8, 16, 32; array; map */
	2, 3, 5, 9, 3, 4, 6, 10, 18, 0xff, 0, 0, 0, 0, 0, 0,
	/* e0: negative fixint */
	SIXTEEN(1), SIXTEEN(1)};

const uint8_t coffer_element_small_sizes[256] = {
	/* 00: fixint */
	SIXTEEN(1), SIXTEEN(1), SIXTEEN(1), SIXTEEN(1), SIXTEEN(1), SIXTEEN(1), SIXTEEN(1),
	SIXTEEN(1),
	/* 80 */
	SIXTEEN(0), SIXTEEN(0), SIXTEEN(0), SIXTEEN(0),
	/* c0: nil, unused, false, true; float64; uint 8, 16, 32, 64 */
	1, 0, 1, 1, FOUR(0), 0, 0, 0, 9, 2, 3, 5, 9,
	/* d0: int 8, 16, 32, 64 */
	2, 3, 5, 9, FOUR(0), FOUR(0), FOUR(0),
	/* e0: negative fixint */
	SIXTEEN(1), SIXTEEN(1)};

/* Size of an ext's header, whose length takes `width` bytes, and of what follows; 0 when it does not fit. */
static size_t
sized_extension(const uint8_t *bytes, size_t size, size_t width)
{
	size_t header = 2 + width, length = 0;

	if (size < header)
		return 0;
	for (size_t i = 0; i < width; i++)
		length = length << 8 | bytes[1 + i];
	return length <= size - header ? header + length : 0;
}

/* Size of a text's or bytes' header of 16 or 32 bits length and of what follows; 0 when it does not fit. */
static size_t
sized(const uint8_t *bytes, size_t size, size_t header)
{
	size_t length;

	if (size < header)
		return 0;
	length = header == 3 ? coffer_load_u16be(bytes + 1) : coffer_load_u32be(bytes + 1);
	return length <= size - header ? header + length : 0;
}

static size_t
scalar_size(const uint8_t *bytes, size_t size)
{
	size_t taken = size ? coffer_element_sizes[*bytes] : 0;

	if (taken >= 0xfe)
		taken = size >= 2 ? 0x101 - taken + bytes[1] : 0;
	if (taken)
		return taken <= size ? taken : 0;
	switch (size ? *bytes : 0xc1) {
	case 0xc5:
	case 0xda:
		return sized(bytes, size, 3);
	case 0xc6:
	case 0xdb:
		return sized(bytes, size, 5);
	case 0xc8:
		return sized_extension(bytes, size, 2);
	case 0xc9:
		return sized_extension(bytes, size, 4);
	default:
		return 0;
	}
}

/* The number of an array's items and the size of its header; 0 when it is no array or its header is cut. */
static size_t
array_header(const uint8_t *bytes, size_t size, size_t *count_out)
{
	if ((*bytes & 0xf0) == 0x90) {
		*count_out = *bytes & 0x0f;
		return 1;
	}
	if (*bytes == 0xdc && size >= 3) {
		*count_out = coffer_load_u16be(bytes + 1);
		return 3;
	}
	if (*bytes == 0xdd && size >= 5) {
		*count_out = coffer_load_u32be(bytes + 1);
		return 5;
	}
	return 0;
}

size_t
coffer_element_size_slow(const uint8_t *bytes, size_t size)
{
	size_t taken = scalar_size(bytes, size), count = 0, item;

	if (taken || !size)
		return taken;
	taken = array_header(bytes, size, &count);
	if (!taken || count > size - taken)
		return 0;
	for (; count; count--) {
		item = scalar_size(bytes + taken, size - taken);
		if (!item)
			return 0;
		taken += item;
	}
	return taken;
}

enum coffer_fault
coffer_record_open_slow(const uint8_t *payload, size_t size, size_t columns, size_t *header_size_out)
{
	struct coffer_reader reader = coffer_reader_over(payload, size);
	struct coffer_msgpack header = coffer_msgpack_read(&reader);

	*header_size_out = 0;
	if (reader.fault)
		return reader.fault;
	if (header.type != COFFER_MSGPACK_ARRAY)
		return COFFER_FAULT_FORM;
	if (header.count != columns)
		return COFFER_FAULT_COUNT;
	*header_size_out = size - reader.left;
	return COFFER_FAULT_NONE;
}

size_t
coffer_record_header_write(size_t count, uint8_t *out)
{
	struct coffer_writer writer = {.out = out, .capacity = COFFER_RECORD_HEADER_MAX};
	msgpack_packer packer = coffer_packer_over(&writer);

	msgpack_pack_array(&packer, count);
	return writer.size;
}

/* The largest part that may move, the first of equal ones; `count` when none is left. */
static size_t
find_largest(const struct coffer_part *parts, size_t count)
{
	size_t found = count;
	uint32_t size = COFFER_ELEMENT_SIZE_LONG;

	for (size_t i = 0; i < count; i++) {
		if (parts[i].is_movable && !parts[i].is_long && parts[i].size > size) {
			found = i;
			size = parts[i].size;
		}
	}
	return found;
}

size_t
coffer_record_settle(struct coffer_part *parts, size_t count)
{
	uint8_t header[COFFER_RECORD_HEADER_MAX];
	size_t size = coffer_record_header_write(count, header);

	for (size_t i = 0; i < count; i++) {
		parts[i].is_long = false;
		size += parts[i].size;
	}
	while (size > COFFER_RECORD_SIZE_LONG) {
		size_t largest = find_largest(parts, count);

		if (largest == count)
			break;
		parts[largest].is_long = true;
		size -= parts[largest].size - 1;
	}
	return size;
}
