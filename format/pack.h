/*
 * msgpack-c's packer over fixed memory: what it packs is canonical (SPEC.md 1.3) as long as only the
 * functions without `fix`, without float32 and without ext are called.
 */
#ifndef COFFER_FORMAT_PACK_H
#define COFFER_FORMAT_PACK_H

#include "format/bytes.h"

#include <msgpack/pack.h>

/* The packer's callback: `data` is a coffer_writer. */
static inline int
coffer_pack_write(void *data, const char *bytes, size_t size)
{
	return coffer_writer_put(data, bytes, size);
}

static inline msgpack_packer
coffer_packer_over(struct coffer_writer *writer)
{
	return (msgpack_packer){.data = writer, .callback = coffer_pack_write};
}

static inline void
coffer_pack_text(msgpack_packer *packer, const char *data, size_t size)
{
	msgpack_pack_str(packer, size);
	msgpack_pack_str_body(packer, data, size);
}

#endif
