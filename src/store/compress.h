/*
 * Values into frames, for whoever writes rows. A frame is a function of a dictionary and a value alone (and of the version
 * of libzstd): which thread makes it, and what it made before, does not show.
 */
#ifndef COFFER_STORE_COMPRESS_H
#define COFFER_STORE_COMPRESS_H

#include "format/frame.h"
#include "store/store.h"

#include <zstd.h>

enum {
	COFFER_COMPRESSION_LEVEL = 2, /* with a dictionary 3 takes longer and makes no less of short texts */
	COFFER_COMPRESS_SIZE_MIN = 32, /* a shorter text stays as it is */
};

struct coffer_compressor {
	ZSTD_CCtx *context;
	ZSTD_CDict *dictionaries[COFFER_DICTIONARIES_MAX + 1]; /* by key; NULL: not there yet */
	uint8_t *memory; /* of the frames of one row */
	size_t capacity;
};

/* COFFER_NO_MEMORY. */
COFFER_CHECKED coffer_status
coffer_compressor_make(struct coffer_compressor **compressor_out, coffer_error *error);
void
coffer_compressor_free(struct coffer_compressor *compressor);

/* A context with all that does not depend on the value; NULL: no memory. Freed with ZSTD_freeCCtx. */
ZSTD_CCtx *
coffer_compress_context(void);

/*
 * Compress a text with a dictionary, or without one (NULL), into `out` of as many bytes as the text has. `frame_out` is in
 * there; empty where a frame would not be shorter by an eighth at least.
 *
 * COFFER_NO_MEMORY
 */
COFFER_CHECKED coffer_status
coffer_compress(ZSTD_CCtx *context, const ZSTD_CDict *dictionary, coffer_text text, uint8_t *out,
		struct coffer_bytes *frame_out, coffer_error *error);

/*
 * The frames of a row, by column; empty where the value stays as it is. The dictionaries of the table's columns are there.
 * They borrow from the compressor until the next row. COFFER_NO_MEMORY.
 */
COFFER_CHECKED coffer_status
coffer_compress_row(struct coffer_compressor *compressor, const coffer_table *table,
		    const coffer_value *values, struct coffer_bytes *frames, coffer_error *error);

#endif
