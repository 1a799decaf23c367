/*
 * The header and the blocks of a frame (RFC 8878, 3.1.1), as far as they are told without expanding anything:
 *
 *   descriptor | dictionary's key, 1 byte or none | size of the text, 1, 2 or 4 bytes | block | block | ...
 *
 * Each block has a header of 3 bytes that says whether it is the last, its type and its size.
 */
#include "format/frame.h"

#include "coffer.h"

enum {
	SINGLE_SEGMENT = 0x20, /* the text is one piece: no window is declared */
	HAS_DICTIONARY = 0x01,
	SIZE_SHIFT = 6,
	BLOCK_HEADER_SIZE = 3,
	BLOCK_SIZE_MAX = 128 << 10,
	BLOCK_RAW = 0,
	BLOCK_REPEATED = 1, /* one byte, over and over */
	BLOCK_COMPRESSED = 2,
};

const uint8_t coffer_frame_magic[COFFER_FRAME_MAGIC_SIZE] = {0x28, 0xb5, 0x2f, 0xfd};

static uint32_t
read_little(const uint8_t *bytes, size_t width)
{
	uint32_t number = 0;

	while (width--)
		number = number << 8 | bytes[width];
	return number;
}

/* The size of the text, and how many bytes it takes; 0 bytes for a form that is not allowed. */
static size_t
read_text_size(const uint8_t *bytes, size_t size, unsigned form, size_t *text_size_out)
{
	size_t width = (size_t)1 << form;

	if (form > 2 || size < width)
		return 0;
	*text_size_out = read_little(bytes, width) + (form == 1 ? 256 : 0);
	return width;
}

/* The blocks end with the bytes, and the last one says that it is. */
static bool
are_blocks(const uint8_t *bytes, size_t size)
{
	bool is_last = false;

	while (!is_last) {
		uint32_t header;
		size_t block;

		if (size < BLOCK_HEADER_SIZE)
			return false;
		header = read_little(bytes, BLOCK_HEADER_SIZE);
		block = header >> 3;
		is_last = header & 1;
		if ((header >> 1 & 3) > BLOCK_COMPRESSED || block > BLOCK_SIZE_MAX)
			return false;
		if ((header >> 1 & 3) == BLOCK_REPEATED)
			block = 1;
		if (block > size - BLOCK_HEADER_SIZE)
			return false;
		bytes += BLOCK_HEADER_SIZE + block;
		size -= BLOCK_HEADER_SIZE + block;
	}
	return !size;
}

enum coffer_fault
coffer_frame_open(const uint8_t *bytes, size_t size, struct coffer_frame *frame_out)
{
	size_t at = 1, width;
	unsigned descriptor;

	*frame_out = (struct coffer_frame){0, 0};
	if (size < 2)
		return COFFER_FAULT_FRAME;
	descriptor = bytes[0];
	if ((descriptor & 0x3e) != SINGLE_SEGMENT)
		return COFFER_FAULT_FRAME;
	if (descriptor & HAS_DICTIONARY && !(frame_out->dictionary = bytes[at++]))
		return COFFER_FAULT_FRAME;
	width = read_text_size(bytes + at, size - at, descriptor >> SIZE_SHIFT, &frame_out->text_size);
	if (!width || !frame_out->text_size || frame_out->text_size > COFFER_VALUE_SIZE_MAX ||
	    frame_out->text_size > COFFER_FRAME_RATIO_MAX * (uint64_t)size)
		return COFFER_FAULT_FRAME;
	return are_blocks(bytes + at + width, size - at - width) ? COFFER_FAULT_NONE
								 : COFFER_FAULT_FRAME;
}
