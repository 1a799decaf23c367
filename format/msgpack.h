/*
 * SPEC.md 1.3 Canonical msgpack: a bounded cursor for reading; msgpack-c's packer over fixed memory for writing.
 *
 * The cursor takes the canonical form only: shortest headers and integers, float64. Counts are held
 * against the bytes that are left before anything is believed. It allocates nothing and never recurses: who
 * reads a nested object reads its items one after another.
 */
#ifndef COFFER_FORMAT_MSGPACK_H
#define COFFER_FORMAT_MSGPACK_H

#include "coffer.h"
#include "format/bytes.h"

enum coffer_msgpack_type {
	COFFER_MSGPACK_NIL,
	COFFER_MSGPACK_BOOL,
	COFFER_MSGPACK_UINT, /* not negative */
	COFFER_MSGPACK_INT,  /* negative */
	COFFER_MSGPACK_FLOAT,
	COFFER_MSGPACK_STR,
	COFFER_MSGPACK_BIN,
	COFFER_MSGPACK_ARRAY, /* its items follow */
	COFFER_MSGPACK_MAP,   /* twice its count follow */
	COFFER_MSGPACK_EXT,   /* bytes of an application's own type */
};

struct coffer_msgpack {
	enum coffer_msgpack_type type;
	uint8_t extension; /* EXT: its type; those from 128 are the negative ones */
	union {
		bool boolean;
		uint64_t number;
		int64_t integer;
		double real;
		coffer_text text; /* STR, BIN, EXT: borrows from the bytes */
		uint32_t count;   /* ARRAY, MAP */
	};
};

/* Read one item; of an array or a map its header. NIL when the reader has a fault: FORM for what no coffer
 * writes (float32, 0xc1), NOT_CANONICAL for a longer form than needed. */
struct coffer_msgpack
coffer_msgpack_read(struct coffer_reader *reader);

/* Items of one expected type, FORM when another stands there and RANGE or COUNT beyond the limit. */
uint64_t
coffer_msgpack_read_uint(struct coffer_reader *reader, uint64_t max);
int64_t
coffer_msgpack_read_int(struct coffer_reader *reader);
bool
coffer_msgpack_read_bool(struct coffer_reader *reader);
coffer_text
coffer_msgpack_read_str(struct coffer_reader *reader, size_t size_max);
uint32_t
coffer_msgpack_read_array(struct coffer_reader *reader, uint32_t count_max);

/* A map of exactly `count` entries, and a key that must be this one. */
void
coffer_msgpack_read_map(struct coffer_reader *reader, uint32_t count);
void
coffer_msgpack_read_key(struct coffer_reader *reader, const char *key);

#endif
