/*
 * SPEC.md 4.11 Frames: a value compressed by zstd. What is checked here is what stands around the compressed bytes: a
 * frame that passes says how long its text is and which dictionary it needs, and asks for no more memory than it may.
 */
#ifndef COFFER_FORMAT_FRAME_H
#define COFFER_FORMAT_FRAME_H

#include "format/fault.h"

#include <stddef.h>
#include <stdint.h>

enum {
	COFFER_DICTIONARIES_MAX = 255,              /* keys of the tree `dictionary`, from 1 */
	COFFER_DICTIONARY_SIZE_MAX = 256 << 10,
	COFFER_FRAME_RATIO_MAX = 1024,              /* bytes of text a byte of a frame */
	COFFER_FRAME_MAGIC_SIZE = 4,                /* of a frame as zstd has it; it is not stored */
	COFFER_FRAME_EXTENSION = 1,                 /* the ext type of a frame in a TEXT column */
	COFFER_DICTIONARY_KEY_SIZE = 4,
};

/* What zstd wants in front of a stored frame. */
extern const uint8_t coffer_frame_magic[COFFER_FRAME_MAGIC_SIZE]
	__attribute__((visibility("hidden")));

struct coffer_frame {
	uint32_t dictionary; /* its key; 0: none */
	size_t text_size;    /* at least 1, at most COFFER_FRAME_RATIO_MAX times the frame's bytes */
};

/* FRAME for everything that is not one whole frame of the form in SPEC.md 4.11; its blocks are not expanded. */
enum coffer_fault
coffer_frame_open(const uint8_t *bytes, size_t size, struct coffer_frame *frame_out);

#endif
