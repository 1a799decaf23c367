/*
 * SPEC.md 6.3: the maps of the catalogue's entry `schema`, as tables, and those of `rollups/<table>` (10.1). One table a struct of coffer.h: its keys in
 * their order, how each value is written and where it lives in memory. Encoding, decoding and the document read the
 * same rows, so they cannot drift apart.
 */
#ifndef COFFER_STORE_CATALOGUE_SHAPE_H
#define COFFER_STORE_CATALOGUE_SHAPE_H

#include "coffer.h"

#include <stddef.h>
#include <stdint.h>

enum {
	COFFER_RELATIONS_MAX = 1024,       /* relations of a table */
	COFFER_LIST_MAX = 65535,           /* members of a list without a limit of its own */
	COFFER_SCHEMA_SIZE_MAX = 64 << 20, /* bytes of the entry `schema` */
	COFFER_STEPS_MAX = 4096,           /* steps of the entry `source`, and facts of a step */
};

/* What a table's replica identity may be. */
#define COFFER_REPLICA_LETTERS "dnfi"

enum coffer_field_type {
	COFFER_FIELD_NAME,     /* const char *: str of 1 to 63 bytes */
	COFFER_FIELD_TEXT,     /* const char *: str */
	COFFER_FIELD_OPTION,   /* const char *: str, or nil for NULL */
	COFFER_FIELD_LETTER,   /* char: str of one byte, one of "dnfi" */
	COFFER_FIELD_BOOL,     /* bool */
	COFFER_FIELD_ENUM,     /* an enum: uint up to `max` */
	COFFER_FIELD_U8,       /* uint8_t: uint */
	COFFER_FIELD_U16,      /* uint16_t: uint */
	COFFER_FIELD_U32,      /* uint32_t: uint */
	COFFER_FIELD_NUMBER16, /* uint16_t: uint, or nil for UINT16_MAX */
	COFFER_FIELD_NUMBER32, /* uint32_t: uint, or nil for UINT32_MAX */
	COFFER_FIELD_I64,      /* int64_t: int */
	COFFER_FIELD_NUMBERS,  /* uint16_t * and its count: array of uint */
	COFFER_FIELD_TEXTS,    /* const char ** and its count: array of str */
	COFFER_FIELD_TWINS, /* const char ** of a count that stands already: array of str, or nil for NULL */
	COFFER_FIELD_LIST, /* structs of `members` and their count: array of maps */
};

struct coffer_field {
	const char *key;
	enum coffer_field_type type;
	uint32_t max; /* of an ENUM's value, or of a count */
	size_t offset, count_offset;
	const struct coffer_shape *members;
};

struct coffer_shape {
	size_t size; /* of the struct */
	size_t field_count;
	const struct coffer_field *fields;
};

extern const struct coffer_shape coffer_schema_shape __attribute__((visibility("hidden")));
extern const struct coffer_shape coffer_rollups_shape __attribute__((visibility("hidden")));

/*
 * Every reference of a schema: names unique, numbers in range, positions a permutation, keys of trees of columns
 * that have one, ids unique. What is wrong gets `status`: COFFER_CORRUPT of a schema that was read,
 * COFFER_INVALID of one that is to be written.
 */
COFFER_CHECKED coffer_status
coffer_catalogue_check(const coffer_schema *schema, coffer_status status, coffer_error *error);

#endif
