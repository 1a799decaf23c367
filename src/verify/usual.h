/*
 * Elements as nearly all are, found sound by what they are and not by decoding and encoding them: one look at the first byte says
 * which form it is, and whether the column may have it. What is none of these is not wrong, but takes the long way: record.c.
 */
#ifndef COFFER_VERIFY_USUAL_H
#define COFFER_VERIFY_USUAL_H

#include "base/utf8.h"
#include "verify/verify.h"

/* A number below 2^32 in its shortest form. */
static inline bool
coffer_usual_small(struct coffer_bytes bytes, uint32_t *number_out)
{
	const uint8_t *at = bytes.data;

	switch (bytes.size) {
	case 1:
		*number_out = *at;
		return *at < 0x80;
	case 2:
		*number_out = at[1];
		return *at == 0xcc && at[1] >= 0x80;
	case 3:
		*number_out = (uint32_t)at[1] << 8 | at[2];
		return *at == 0xcd && at[1];
	case 5:
		*number_out = (uint32_t)at[1] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 8 |
			      at[4];
		return *at == 0xce && (at[1] || at[2]);
	default:
		return false;
	}
}

/* The number of a header of nine bytes; false where it has another. */
static inline bool
coffer_usual_eight(struct coffer_bytes bytes, uint8_t first, uint64_t *number_out)
{
	if (bytes.size != 9 || *bytes.data != first)
		return false;
	memcpy(number_out, bytes.data + 1, sizeof(*number_out));
	*number_out = __builtin_bswap64(*number_out);
	return true;
}

static inline bool
coffer_usual_code(struct coffer_verifier *verifier, struct coffer_bytes bytes,
		  struct coffer_element *element)
{
	element->form = COFFER_ELEMENT_CODE;
	return coffer_usual_small(bytes, &element->code) && element->code &&
	       coffer_verifier_has_code(verifier, element->code);
}

static inline bool
coffer_usual_integer(struct coffer_form form, struct coffer_bytes bytes,
		     struct coffer_element *element)
{
	uint32_t small = 0;
	bool is_small = coffer_usual_small(bytes, &small);

	element->value.integer = small;
	return is_small && small <= (form.width == 2 ? INT16_MAX : INT32_MAX);
}

/* Times from an hour after the epoch on. */
static inline bool
coffer_usual_time(struct coffer_bytes bytes, struct coffer_element *element)
{
	uint64_t number = 0;
	bool is_one = coffer_usual_eight(bytes, 0xcf, &number);

	element->value.time = (int64_t)number;
	return is_one && number > UINT32_MAX && number < COFFER_VERIFY_TIME_END;
}

static inline bool
coffer_usual_float(struct coffer_form form, struct coffer_bytes bytes, struct coffer_element *element)
{
	uint64_t bits = 0;
	bool is_one = form.width != 4 && coffer_usual_eight(bytes, 0xcb, &bits);

	memcpy(&element->value.real, &bits, sizeof(bits));
	return is_one;
}

/* A str of less than 256 bytes. */
static inline bool
coffer_usual_str(struct coffer_bytes bytes, coffer_text *text_out)
{
	if ((*bytes.data & 0xe0) == 0xa0)
		*text_out = (coffer_text){(const char *)bytes.data + 1, *bytes.data & 31u};
	else if (*bytes.data == 0xd9 && bytes.size >= 2 + 32)
		*text_out = (coffer_text){(const char *)bytes.data + 2, bytes.data[1]};
	else
		return false;
	return coffer_utf8_is_valid(text_out->data, text_out->size);
}

/* Sixteen bytes of a uuid, behind a prefix or none. */
static inline bool
coffer_usual_uuid(struct coffer_bytes bytes, struct coffer_element *element)
{
	const uint8_t *at = bytes.data;
	size_t header = *at == 0xd8 ? 2 : 3, size = bytes.size - header;

	element->form = COFFER_ELEMENT_UUID;
	element->value.text = (coffer_text){(const char *)at + header, size};
	if (*at == 0xd8)
		return at[1] == COFFER_ID_UUID;
	return *at == 0xc7 && at[2] == COFFER_ID_UUID && size > COFFER_UUID_SIZE &&
	       size - COFFER_UUID_SIZE + COFFER_UUID_TEXT_SIZE <= COFFER_ID_SIZE_MAX &&
	       coffer_utf8_is_valid((const char *)at + header, size - COFFER_UUID_SIZE);
}

static inline bool
coffer_usual_text(struct coffer_form form, struct coffer_bytes bytes, struct coffer_element *element)
{
	if (coffer_usual_str(bytes, &element->value.text))
		return !coffer_verify_is_packable(form, element->value.text);
	if (form.packs_ids && (*bytes.data == 0xd8 || *bytes.data == 0xc7) && bytes.size > 3)
		return coffer_usual_uuid(bytes, element);
	element->form = COFFER_ELEMENT_HEX;
	element->value.text = (coffer_text){(const char *)bytes.data + 2, bytes.size - 2};
	return *bytes.data == 0xc4 && bytes.size >= 2 + COFFER_HEX_SIZE_MIN;
}

/* A document as it is, or a frame, which is still to be expanded. */
static inline bool
coffer_usual_document(struct coffer_form form, struct coffer_bytes bytes,
		      struct coffer_element *element)
{
	if (*bytes.data != 0xc4)
		return coffer_usual_str(bytes, &element->value.text);
	element->form = COFFER_ELEMENT_FRAME;
	element->value.text = (coffer_text){(const char *)bytes.data + 2, bytes.size - 2};
	return form.is_compressed;
}

/*
 * The element of the size that coffer_element_size gave, when it is one of these and nothing is wrong with it. False says nothing, and
 * leaves anything in `element`.
 */
static inline bool
coffer_usual_element(struct coffer_verifier *verifier, const struct coffer_slot *slot,
		     struct coffer_bytes bytes, struct coffer_element *element)
{
	struct coffer_form form = slot->form;

	element->form = COFFER_ELEMENT_VALUE;
	element->value.kind = COFFER_NULL;
	if (*bytes.data == 0xc0)
		return slot->is_nullable;
	if (form.is_interned)
		return coffer_usual_code(verifier, bytes, element);
	element->value.kind = form.kind;
	switch (form.kind) {
	case COFFER_BOOL:
		element->value.boolean = *bytes.data & 1;
		return (*bytes.data & 0xfe) == 0xc2;
	case COFFER_INT:
		return coffer_usual_integer(form, bytes, element);
	case COFFER_TIME:
		return coffer_usual_time(bytes, element);
	case COFFER_FLOAT:
		return coffer_usual_float(form, bytes, element);
	case COFFER_TEXT:
		return coffer_usual_text(form, bytes, element);
	case COFFER_JSON:
		return coffer_usual_document(form, bytes, element);
	case COFFER_OTHER:
		return coffer_usual_str(bytes, &element->value.text);
	default:
		return false;
	}
}

#endif
