/*
 * Frames into values. The dictionaries of a store are digested once, when a frame first needs them, and are shared by all
 * its transactions; what expands frames is a transaction's own, and goes to the next one.
 */
#ifndef COFFER_STORE_FRAME_H
#define COFFER_STORE_FRAME_H

#include "format/frame.h"
#include "store/store.h"

/* COFFER_NO_MEMORY. */
COFFER_CHECKED coffer_status
coffer_dictionaries_make(struct coffer_dictionaries **dictionaries_out, coffer_error *error);
void
coffer_dictionaries_free(struct coffer_dictionaries *dictionaries);

/*
 * The bytes of a dictionary, borrowed from the snapshot. COFFER_CORRUPT: there is none of this key, or it is damaged.
 */
COFFER_CHECKED coffer_status
coffer_dictionary_read(coffer_txn *txn, uint32_t key, struct coffer_bytes *bytes_out,
		       coffer_error *error);

/* Why zstd takes no dictionary of these bytes: COFFER_CORRUPT or COFFER_NO_MEMORY. */
coffer_status
coffer_dictionary_fail(struct coffer_bytes bytes, uint32_t key, coffer_error *error);

/* Bytes that coffer_frame_expand needs: the text, and behind it the frame as zstd wants it. */
static inline size_t
coffer_frame_room(const struct coffer_frame *frame, size_t size)
{
	return frame->text_size + COFFER_FRAME_MAGIC_SIZE + size;
}

/*
 * Expand a frame that coffer_frame_open took into `out`, of coffer_frame_room bytes; the first `text_size` of them are the
 * text then.
 *
 * COFFER_CORRUPT  it does not expand to exactly its size, or its dictionary is missing
 */
COFFER_CHECKED coffer_status
coffer_frame_expand(coffer_txn *txn, const struct coffer_frame *frame, struct coffer_bytes bytes,
		    char *out, coffer_error *error);

/* Leave what expands frames to the transaction that comes next. */
void
coffer_expander_leave(coffer_txn *txn);

#endif
