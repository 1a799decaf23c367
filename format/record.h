/*
 * SPEC.md 4 Records: one msgpack array, an element a column in record order.
 *
 * An element is decoded by the form of its column. What it gives is the value, or where to find it: a code
 * in the pool, a long value in its own tree, or packed hexadecimal that the caller expands.
 */
#ifndef COFFER_FORMAT_RECORD_H
#define COFFER_FORMAT_RECORD_H

#include "coffer.h"
#include "format/fault.h"

enum {
	COFFER_RECORD_SIZE_LONG = 1024, /* a longer payload moves values out */
	COFFER_ELEMENT_SIZE_LONG = 64,  /* an element of this size or less stays */
	COFFER_ELEMENT_HEADER_MAX = 9,  /* bytes that an element needs beside its text at the most */
	COFFER_RECORD_HEADER_MAX = 3,
};

/* What decides how the values of a column are held. */
struct coffer_form {
	coffer_kind kind;
	uint8_t width;
	bool is_interned;
};

enum coffer_element_form {
	COFFER_ELEMENT_VALUE, /* `value` is the value, NULL included */
	COFFER_ELEMENT_CODE,  /* `code` in the pool */
	COFFER_ELEMENT_HEX,   /* `value.text` is packed: expand to twice its size */
	COFFER_ELEMENT_LONG,  /* `true`: in the long tree */
};

struct coffer_element {
	enum coffer_element_form form;
	uint32_t code;
	coffer_value value; /* texts borrow from the bytes */
};

/* Of each first byte: the size of the whole element where the byte alone says it, 0xff where a length byte
 * follows, 0 for all others. */
extern const uint8_t coffer_element_sizes[256] __attribute__((visibility("hidden")));

/* coffer_element_size of the rare elements: longer texts and arrays. */
size_t
coffer_element_size_slow(const uint8_t *bytes, size_t size);

/*
 * The number of bytes of the element at `bytes`, header and all; 0 when it is malformed or does not end
 * within `size`. Only what a record may hold is taken: no maps, no ext, no nested arrays beyond one level.
 * Inline: this is what a scan spends its time in.
 */
static inline size_t
coffer_element_size(const uint8_t *bytes, size_t size)
{
	size_t taken = size ? coffer_element_sizes[*bytes] : 0;

	if (taken == 0xff && size >= 2)
		taken = 2 + (size_t)bytes[1];
	else if (!taken || taken == 0xff)
		return coffer_element_size_slow(bytes, size);
	return taken <= size ? taken : 0;
}

/* Read the array header of a record: the bytes it takes in `header_size_out`. COUNT when it does not have `columns`. */
enum coffer_fault
coffer_record_open(const uint8_t *payload, size_t size, size_t columns, size_t *header_size_out);

/*
 * Decode the element that takes exactly `size` bytes. Everything is checked but that text is UTF-8, which
 * writers check and verify checks again (coffer_element_check_text).
 */
enum coffer_fault
coffer_element_decode(struct coffer_form form, const uint8_t *bytes, size_t size,
		      struct coffer_element *element_out);

/* SPEC.md 4.3: true when a number, time or float4 is one that a column of this form can hold; all else is. */
bool
coffer_element_is_in_range(struct coffer_form form, const coffer_value *value);

/* TEXT when a text, JSON, OTHER value or an array's element is not valid UTF-8 without NUL; arrays canonical. */
enum coffer_fault
coffer_element_check_text(struct coffer_form form, const struct coffer_element *element);

/* Expand packed hexadecimal: writes 2 * size bytes. */
void
coffer_hex_expand(const uint8_t *packed, size_t size, char *out);

/* Bytes that coffer_element_write needs at the most for this value. */
size_t
coffer_element_size_max(const coffer_value *value);

/*
 * Write a value in its column's canonical form at `out` (of coffer_element_size_max bytes) and return its size. With
 * an interned form a value that is not NULL is written as `code`. The value is of the column's kind.
 */
size_t
coffer_element_write(struct coffer_form form, const coffer_value *value, uint32_t code, uint8_t *out);

/* The plain form (SPEC.md 4.9): whole text, no hex, no code. */
size_t
coffer_element_write_plain(const coffer_value *value, uint8_t *out);

/* Write an array header of `count` at `out` (COFFER_RECORD_HEADER_MAX bytes); returns its size. */
size_t
coffer_record_header_write(size_t count, uint8_t *out);

/* One element of a record that is being put together. */
struct coffer_part {
	uint32_t size;   /* encoded */
	bool is_movable; /* not NULL, not a code, of kind TEXT, JSON, BYTES, TEXT_ARRAY or OTHER */
	bool is_long;    /* out: it moves to the long tree */
};

/* SPEC.md 4.4: mark the parts that move; returns the payload's size then, header included. */
size_t
coffer_record_settle(struct coffer_part *parts, size_t count);

#endif
