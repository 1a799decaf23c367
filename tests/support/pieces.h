/*
 * For tests of what reads rows out of bytes: a table with a column of every kind, and bytes that come in pieces of
 * any size.
 */
#ifndef COFFER_TESTS_PIECES_H
#define COFFER_TESTS_PIECES_H

#include "transfer/input.h"

/*
 * Table T: id integer; b boolean, s smallint, l bigint, r real, f double precision, t timestamp(3), z timestamptz(6),
 * x text, v varchar(3), j jsonb, k json, a text[], y bytea, n numeric(10,2), e an enum Color of red and green. All
 * but `id` and `a` may be NULL.
 */
coffer_schema *
pieces_schema(void);

struct pieces {
	const char *at;
	size_t left, step;
	coffer_status last; /* what the end is: COFFER_OK, or a failure */
};

/* A coffer_input_read. */
coffer_status
pieces_read(void *context, void *buffer, size_t size, size_t *size_out, coffer_error *error);

#endif
