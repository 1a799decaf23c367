/*
 * SPEC.md 4 Records: one msgpack array, an element a column in record order.
 *
 * An element is decoded by the form of its column. What it gives is the value, or where to find it: a code
 * in the pool, a long value in its own tree, or packed text or a frame that the caller expands.
 */
#ifndef COFFER_FORMAT_RECORD_H
#define COFFER_FORMAT_RECORD_H

#include "coffer.h"
#include "format/fault.h"
#include "format/number.h"

#include <string.h>

enum {
	COFFER_RECORD_SIZE_LONG = 1024, /* a longer payload moves values out */
	COFFER_ELEMENT_SIZE_LONG = 64,  /* an element of this size or less stays */
	COFFER_ELEMENT_HEADER_MAX = 9, /* bytes that an element needs beside its text at the most */
	COFFER_RECORD_HEADER_MAX = 3,
	COFFER_HEX_SIZE_MIN = 8,   /* packed; shorter texts are not */
	COFFER_ID_SIZE_MAX = 255,  /* of a text that ends in a uuid or in digits; longer ones are not packed */
	COFFER_ID_UUID = 2,        /* ext types */
	COFFER_ID_TAIL = 3,
	COFFER_UUID_SIZE = 16,
	COFFER_UUID_TEXT_SIZE = 36,
};

/* What decides how the values of a column are held. */
struct coffer_form {
	coffer_kind kind;
	uint8_t width;
	bool is_interned;
	bool packs_ids; /* of a TEXT column that is not interned, in a store with the feature packed-ids */
	bool is_compressed; /* values may be frames */
};

enum coffer_element_form {
	COFFER_ELEMENT_VALUE, /* `value` is the value, NULL included */
	COFFER_ELEMENT_CODE,  /* `code` in the pool */
	COFFER_ELEMENT_LONG,  /* `true`: in the long tree */
	COFFER_ELEMENT_FRAME, /* `value.text` is a frame: format/frame.h */
	/* `value.text` is packed: coffer_text_expand. */
	COFFER_ELEMENT_HEX,  /* digits */
	COFFER_ELEMENT_UUID, /* a prefix, 16 bytes */
	COFFER_ELEMENT_TAIL, /* the size of a prefix, it, digits */
};

struct coffer_element {
	enum coffer_element_form form;
	uint32_t code;
	coffer_value value; /* texts borrow from the bytes */
};

/* Of each first byte: the size of the whole element where the byte alone says it, 0xff where a length byte
 * follows, 0xfe where a type follows that, 0 for all others. */
extern const uint8_t coffer_element_sizes[256] __attribute__((visibility("hidden")));
/* The same of nil, booleans and numbers, 0 for all others. */
extern const uint8_t coffer_element_small_sizes[256] __attribute__((visibility("hidden")));

/* coffer_element_size of the rare elements: longer texts, arrays, ext. */
size_t
coffer_element_size_slow(const uint8_t *bytes, size_t size);

/*
 * The number of bytes of the element at `bytes`, header and all; 0 when it is malformed or does not end
 * within `size`. Only what a record may hold is taken: no maps, no nested arrays beyond one level.
 * Inline: this is what a scan spends its time in.
 */
static inline size_t
coffer_element_size(const uint8_t *bytes, size_t size)
{
	size_t taken = size ? coffer_element_sizes[*bytes] : 0;

	if (taken >= 0xfe && size >= 2)
		taken = 0x101 - taken + bytes[1];
	else if (!taken || taken >= 0xfe)
		return coffer_element_size_slow(bytes, size);
	return taken <= size ? taken : 0;
}

/* The value of a lowercase hexadecimal digit, 0xff for all others. */
static inline uint8_t
coffer_hex_value(uint8_t digit)
{
	if ((uint8_t)(digit - '0') < 10)
		return (uint8_t)(digit - '0');
	if ((uint8_t)(digit - 'a') < 6)
		return (uint8_t)(digit - 'a' + 10);
	return 0xff;
}

#define COFFER_EACH_BYTE UINT64_C(0x0101010101010101)

/* Of eight characters at once: the highest bit of each byte that is no lowercase hexadecimal digit. */
static inline uint64_t
coffer_find_no_digits(uint64_t eight)
{
	const uint64_t each = COFFER_EACH_BYTE;
	uint64_t low = eight & 0x7f * each;
	uint64_t digits = (low + (0x80 - '0') * each) & ~(low + (0x7f - '9') * each);
	uint64_t letters = (low + (0x80 - 'a') * each) & ~(low + (0x7f - 'f') * each);

	return (~(digits | letters) | eight) & 0x80 * each;
}

/* False for nearly all texts that are not packed: those that are end in twelve digits. Were fewer than eight looked at, it
 * could not be foreseen how this ends. */
static inline bool
coffer_text_may_pack(coffer_text text)
{
	return text.size >= 2 * COFFER_HEX_SIZE_MIN &&
	       !coffer_find_no_digits(
		       coffer_load_u64le((const uint8_t *)text.data + text.size - 8));
}

/* SPEC.md 4.7: how a TEXT column holds a text, VALUE for a str; `prefix` bytes stand before the digits. */
struct coffer_packing {
	enum coffer_element_form form;
	size_t prefix;
};
struct coffer_packing
coffer_text_packing(coffer_text text, bool packs_ids);

/* Write a text as its packing says, but for the header, at `out` (of text.size bytes); returns the size. */
size_t
coffer_text_pack(coffer_text text, struct coffer_packing packing, uint8_t *out);

/* The size of a packed text when it is expanded. */
static inline size_t
coffer_text_expanded_size(enum coffer_element_form form, coffer_text packed)
{
	size_t prefix;

	if (form == COFFER_ELEMENT_HEX)
		return 2 * packed.size;
	if (form == COFFER_ELEMENT_UUID)
		return packed.size - COFFER_UUID_SIZE + COFFER_UUID_TEXT_SIZE;
	prefix = (uint8_t)*packed.data;
	return 2 * (packed.size - 1) - prefix;
}

/* Expand what a decoder gave: writes that many bytes. */
void
coffer_text_expand(enum coffer_element_form form, coffer_text packed, char *out);

/* Times from Julian day 0 to the year 294277, as Postgres holds them. */
#define COFFER_TIME_MIN INT64_C(-211813488000000000)
#define COFFER_TIME_END INT64_C(9223371331200000000)

/* A number that is not negative, in its shortest form; false for all other elements. */
static inline bool
coffer_element_uint(const uint8_t *bytes, uint64_t *number_out)
{
	*number_out = *bytes;
	if (*bytes < 0x80)
		return true;
	switch (*bytes) {
	case 0xcc:
		*number_out = bytes[1];
		return *number_out >= 0x80;
	case 0xcd:
		*number_out = coffer_load_u16be(bytes + 1);
		return *number_out > UINT8_MAX;
	case 0xce:
		*number_out = coffer_load_u32be(bytes + 1);
		return *number_out > UINT16_MAX;
	case 0xcf:
		*number_out = coffer_load_u64be(bytes + 1);
		return *number_out > UINT32_MAX;
	default:
		return false;
	}
}

/* The text of a str element of up to 65,535 bytes in its shortest form; false for all other elements. */
static inline bool
coffer_element_str(const uint8_t *bytes, coffer_text *text_out)
{
	text_out->data = (const char *)bytes + 1;
	text_out->size = *bytes & 0x1f;
	if ((*bytes & 0xe0) == 0xa0)
		return true;
	if (*bytes == 0xd9) {
		*text_out = (coffer_text){(const char *)bytes + 2, bytes[1]};
		return text_out->size > 0x1f;
	}
	if (*bytes != 0xda)
		return false;
	*text_out = (coffer_text){(const char *)bytes + 3, coffer_load_u16be(bytes + 1)};
	return text_out->size > UINT8_MAX;
}

/* UUID or TAIL of a packed id of the size that coffer_element_size gave, and its bytes; VALUE for all other elements. */
enum coffer_element_form
coffer_element_id(const uint8_t *bytes, coffer_text *packed_out);

/* The number of an interned column's element, which is not nil. */
static inline bool
coffer_element_code(const uint8_t *bytes, uint32_t *code_out)
{
	uint64_t number;
	bool is_code = coffer_element_uint(bytes, &number) && number && number <= UINT32_MAX;

	*code_out = (uint32_t)number;
	return is_code;
}

/* One that holds its value itself, and is no text. */
static inline bool
coffer_element_scalar(struct coffer_form form, const uint8_t *bytes, coffer_value *value_out)
{
	uint64_t number, max = form.width == 4   ? INT32_MAX
			       : form.width == 2 ? INT16_MAX
						 : INT64_MAX;

	switch (form.kind) {
	case COFFER_BOOL:
		value_out->boolean = *bytes & 1;
		return (*bytes & 0xfe) == 0xc2;
	case COFFER_INT:
	case COFFER_TIME:
		if (!coffer_element_uint(bytes, &number))
			return false;
		value_out->integer = (int64_t)number;
		return form.kind == COFFER_TIME ? number < COFFER_TIME_END : number <= max;
	case COFFER_FLOAT:
		if (*bytes != 0xcb || form.width == 4)
			return false;
		number = coffer_load_u64be(bytes + 1);
		memcpy(&value_out->real, &number, sizeof(number));
		return true;
	default:
		return false;
	}
}

/*
 * Decode an element of the size that coffer_element_size gave, when it is one of those that nearly all are, into a value
 * or a code; what is LONG is not. False says nothing but that coffer_element_decode has to look at it. Inline: a read
 * of many columns spends its time in here.
 */
static inline bool
coffer_element_decode_usual(struct coffer_form form, const uint8_t *bytes,
			    enum coffer_element_form *form_out, uint32_t *code_out,
			    coffer_value *value_out)
{
	*form_out = COFFER_ELEMENT_VALUE;
	value_out->kind = *bytes == 0xc0 ? COFFER_NULL : form.kind;
	if (*bytes == 0xc0)
		return true;
	if (form.is_interned) {
		*form_out = COFFER_ELEMENT_CODE;
		return coffer_element_code(bytes, code_out);
	}
	if (form.kind < COFFER_TEXT)
		return coffer_element_scalar(form, bytes, value_out);
	if (form.kind == COFFER_TEXT && *bytes == 0xc4) {
		*form_out = COFFER_ELEMENT_HEX;
		value_out->text = (coffer_text){(const char *)bytes + 2, bytes[1]};
		return bytes[1] >= COFFER_HEX_SIZE_MIN;
	}
	if (form.kind == COFFER_JSON && *bytes == 0xc4) {
		*form_out = COFFER_ELEMENT_FRAME;
		value_out->text = (coffer_text){(const char *)bytes + 2, bytes[1]};
		return form.is_compressed;
	}
	if (form.kind != COFFER_TEXT && form.kind != COFFER_JSON && form.kind != COFFER_OTHER)
		return false;
	if (!coffer_element_str(bytes, &value_out->text)) {
		enum coffer_element_form id =
			form.packs_ids ? coffer_element_id(bytes, &value_out->text) : 0;

		*form_out = id == COFFER_ELEMENT_UUID ? id : COFFER_ELEMENT_TAIL;
		return id != COFFER_ELEMENT_VALUE;
	}
	return form.kind != COFFER_TEXT || !coffer_text_may_pack(value_out->text) ||
	       coffer_text_packing(value_out->text, form.packs_ids).form == COFFER_ELEMENT_VALUE;
}

/* coffer_record_open of the rare records, and of those that are wrong. */
enum coffer_fault
coffer_record_open_slow(const uint8_t *payload, size_t size, size_t columns,
			size_t *header_size_out);

/* Read the array header of a record: the bytes it takes in `header_size_out`. COUNT when it does not have `columns`. */
static inline enum coffer_fault
coffer_record_open(const uint8_t *payload, size_t size, size_t columns, size_t *header_size_out)
{
	bool is_short = columns < 16;
	size_t header = is_short ? 1 : COFFER_RECORD_HEADER_MAX;

	*header_size_out = header;
	if (size >= header + columns &&
	    (is_short ? *payload == (0x90 | columns)
		      : *payload == 0xdc && coffer_load_u16be(payload + 1) == columns))
		return COFFER_FAULT_NONE;
	return coffer_record_open_slow(payload, size, columns, header_size_out);
}

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

/* Bytes that coffer_element_write needs at the most for this value. */
size_t
coffer_element_size_max(const coffer_value *value);

/*
 * Write a value in its column's canonical form at `out` (of coffer_element_size_max bytes) and return its size. With
 * an interned form a value that is not NULL is written as `code`. The value is of the column's kind.
 */
size_t
coffer_element_write(struct coffer_form form, const coffer_value *value, uint32_t code,
		     uint8_t *out);

/* A frame of `size` bytes as an element of a TEXT or JSON column: its size, and writing it. */
size_t
coffer_element_frame_size(coffer_kind kind, size_t size);
size_t
coffer_element_write_frame(coffer_kind kind, const void *frame, size_t size, uint8_t *out);

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
