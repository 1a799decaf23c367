/*
 * Property: of a frame that coffer_frame_open takes libzstd says the same: one frame, of this size, with this dictionary; and
 * it expands to exactly its size or not at all.
 *
 * Input: the frame.
 */
#include "fuzz/demand.h"

#include "format/frame.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

enum { SIZE_MOST = 1 << 14 };

static void
expand(const uint8_t *whole, size_t size, size_t text_size)
{
	char *text = malloc(text_size);
	size_t found = text ? ZSTD_decompress(text, text_size, whole, size) : 0;

	if (text)
		demand(ZSTD_isError(found) || found <= text_size);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t whole[COFFER_FRAME_MAGIC_SIZE + SIZE_MOST];
	struct coffer_frame frame;

	if (size > SIZE_MOST || coffer_frame_open(data, size, &frame))
		return 0;
	demand(frame.text_size && frame.text_size <= COFFER_FRAME_RATIO_MAX * size);
	memcpy(whole, coffer_frame_magic, COFFER_FRAME_MAGIC_SIZE);
	memcpy(whole + COFFER_FRAME_MAGIC_SIZE, data, size);
	size += COFFER_FRAME_MAGIC_SIZE;
	demand(ZSTD_getFrameContentSize(whole, size) == frame.text_size);
	demand(ZSTD_getDictID_fromFrame(whole, size) == frame.dictionary);
	demand(ZSTD_findFrameCompressedSize(whole, size) == size);
	if (!frame.dictionary)
		expand(whole, size, frame.text_size);
	return 0;
}
