/*
 * A schema as a JSON document, "coffer/schema/1": each member under the name that it has in coffer.h, columns by
 * name instead of number, what is absent or false left out. The tables here say what there is; writing and
 * reading follow the same rows, so that they cannot drift apart.
 */
#ifndef COFFER_SCHEMA_DOCUMENT_H
#define COFFER_SCHEMA_DOCUMENT_H

#include "coffer.h"

#define COFFER_SCHEMA_DOCUMENT_NAME "coffer/schema/1"

enum coffer_member_type {
	COFFER_MEMBER_TEXT,    /* const char *: a string, always there */
	COFFER_MEMBER_OPTION,  /* const char *: a string; NULL: not there */
	COFFER_MEMBER_BOOL,    /* bool, always there */
	COFFER_MEMBER_FLAG,    /* bool: true, or not there */
	COFFER_MEMBER_INTEGER, /* int64_t, always there */
	COFFER_MEMBER_WORD,    /* an enum: one of `words`; not there where its word is NULL */
	COFFER_MEMBER_LETTER,  /* char: one of the letters of words[0]; not there for the first */
	COFFER_MEMBER_TEXTS,   /* const char ** and its count */
	COFFER_MEMBER_TWINS, /* const char ** of a count that stands already; not there for NULL */
	COFFER_MEMBER_COLUMNS, /* uint16_t * and its count: columns of the table */
	COFFER_MEMBER_COLUMN,  /* uint16_t: a column of the table; not there for COFFER_NO_COLUMN */
	COFFER_MEMBER_LIST,    /* structs of `shape` and their count */
	/* Written for whoever reads it, passed over when it is read: settling derives these. */
	COFFER_MEMBER_DERIVED_WORD,    /* an enum: one of `words` */
	COFFER_MEMBER_DERIVED_U16,     /* uint16_t */
	COFFER_MEMBER_DERIVED_U32,     /* uint32_t */
	COFFER_MEMBER_DERIVED_FLAG,    /* bool: true, or not there */
	COFFER_MEMBER_DERIVED_COLUMNS, /* uint16_t * and its count */
};

struct coffer_document_shape;

struct coffer_member {
	const char *key;
	enum coffer_member_type type;
	bool is_left_out;   /* of COLUMNS and a LIST: when it is empty */
	uint32_t count_max; /* of what has a count; of words, how many there are */
	size_t offset, count_offset;
	const char *const *words;
	const struct coffer_document_shape *shape;
	void *(*add)(coffer_schema *schema, void *owner); /* one to the list; NULL without memory */
};

struct coffer_document_shape {
	const char *what; /* "column" */
	const struct coffer_member *members;
	size_t member_count; /* at most 64 */
	size_t size;         /* of the struct */
	bool has_columns;    /* a table: what is below it refers to them */
	bool is_inline;      /* on one line */
};

extern const struct coffer_document_shape coffer_document_schema
	__attribute__((visibility("hidden")));

#endif
