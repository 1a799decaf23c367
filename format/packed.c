/*
 * Text in fewer bytes: hexadecimal digits two a byte, alone, behind a prefix, or as a uuid. Which of these a text is
 * held as has no choice in it. Eight digits are looked at and packed at once, thirty-two expanded. SPEC.md 4.7.
 */
#include "format/record.h"

enum {
	UUID_DIGITS_LAST = 12, /* of a uuid, behind its last hyphen */
};

static const uint64_t each = COFFER_EACH_BYTE;

/* ------------------------------------------------------------------ digits */

static uint64_t
load_eight(const char *digits)
{
	return coffer_load_u64le((const uint8_t *)digits);
}

/* Four bytes of eight digits, the first digit lowest. */
static uint32_t
pack_eight(uint64_t eight)
{
	uint64_t nibbles = (eight & 0x0f * each) + (eight >> 6 & each) * 9;

	nibbles = __builtin_bswap64(nibbles);
	nibbles = (nibbles | nibbles >> 4) & UINT64_C(0x00ff00ff00ff00ff);
	nibbles = (nibbles | nibbles >> 8) & UINT64_C(0x0000ffff0000ffff);
	return (uint32_t)(nibbles | nibbles >> 16);
}

typedef int8_t lanes __attribute__((vector_size(16)));

static inline lanes
digits_of(lanes nibbles)
{
	return nibbles + '0' + ((nibbles > 9) & ('a' - '0' - 10));
}

/* Sixteen digits of the first or the second eight bytes. */
static inline void
expand_half(lanes bytes, bool is_second, char *out)
{
	lanes high = digits_of(bytes >> 4 & 0x0f), low = digits_of(bytes & 0x0f), digits;

	if (is_second)
		digits = __builtin_shufflevector(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13,
						 29, 14, 30, 15, 31);
	else
		digits = __builtin_shufflevector(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21,
						 6, 22, 7, 23);
	memcpy(out, &digits, sizeof(digits));
}

/* Thirty-two digits of sixteen bytes. */
static inline void
expand_sixteen(const uint8_t *packed, char *out)
{
	lanes bytes;

	memcpy(&bytes, packed, sizeof(bytes));
	expand_half(bytes, false, out);
	expand_half(bytes, true, out + sizeof(bytes));
}

/* Sixteen digits of eight bytes, which are made a vector without going through memory. */
static inline void
expand_eight(const uint8_t *packed, char *out)
{
	typedef uint64_t halves __attribute__((vector_size(16)));
	uint64_t eight;

	memcpy(&eight, packed, sizeof(eight));
	expand_half((lanes)(halves){eight, 0}, false, out);
}

static void
pack(const char *digits, size_t packed_size, uint8_t *out)
{
	size_t at = 0;

	for (; at + 4 <= packed_size; at += 4)
		coffer_store_u32be(out + at, pack_eight(load_eight(digits + 2 * at)));
	for (; at < packed_size; at++)
		out[at] = (uint8_t)(coffer_hex_value((uint8_t)digits[2 * at]) << 4 |
				    coffer_hex_value((uint8_t)digits[2 * at + 1]));
}

static void
expand(const uint8_t *packed, size_t size, char *out)
{
	static const char digits[] = "0123456789abcdef";
	size_t at = 0;

	for (; at + 16 <= size; at += 16)
		expand_sixteen(packed + at, out + 2 * at);
	if (at + 8 <= size) {
		expand_eight(packed + at, out + 2 * at);
		at += 8;
	}
	for (; at < size; at++) {
		out[2 * at] = digits[packed[at] >> 4];
		out[2 * at + 1] = digits[packed[at] & 0x0f];
	}
}

/* How many digits there are at the end. */
static size_t
count_last(coffer_text text)
{
	size_t left = text.size;

	for (; left >= 8; left -= 8) {
		uint64_t others = coffer_find_no_digits(load_eight(text.data + left - 8));

		if (others)
			return text.size - left + (size_t)__builtin_clzll(others) / 8;
	}
	while (left && coffer_hex_value((uint8_t)text.data[left - 1]) != 0xff)
		left--;
	return text.size - left;
}

/* ------------------------------------------------------------------ uuids */

static uint64_t
load_four(const char *digits)
{
	return __builtin_bswap32(coffer_load_u32be((const uint8_t *)digits));
}

/* The digits of a uuid without its hyphens, eight and eight. */
static void
gather_uuid(const char *text, uint64_t eights_out[4])
{
	eights_out[0] = load_eight(text);
	eights_out[1] = load_four(text + 9) | load_four(text + 14) << 32;
	eights_out[2] = load_four(text + 19) | load_four(text + 24) << 32;
	eights_out[3] = load_eight(text + 28);
}

static bool
is_uuid(const char *text)
{
	uint64_t eights[4];

	if (text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
		return false;
	gather_uuid(text, eights);
	return !(coffer_find_no_digits(eights[0]) | coffer_find_no_digits(eights[1]) |
		 coffer_find_no_digits(eights[2]) | coffer_find_no_digits(eights[3]));
}

static void
pack_uuid(const char *text, uint8_t *out)
{
	uint64_t eights[4];

	gather_uuid(text, eights);
	for (size_t i = 0; i < 4; i++)
		coffer_store_u32be(out + 4 * i, pack_eight(eights[i]));
}

static void
expand_uuid(const uint8_t *packed, char *out)
{
	char digits[2 * COFFER_UUID_SIZE];

	expand_sixteen(packed, digits);
	memcpy(out, digits, 8);
	memcpy(out + 9, digits + 8, 4);
	memcpy(out + 14, digits + 12, 4);
	memcpy(out + 19, digits + 16, 4);
	memcpy(out + 24, digits + 20, 12);
	out[8] = out[13] = out[18] = out[23] = '-';
}

/* ------------------------------------------------------------------ texts */

static bool
is_hex(coffer_text text)
{
	if (text.size < 2 * COFFER_HEX_SIZE_MIN || text.size % 2)
		return false;
	if (coffer_find_no_digits(load_eight(text.data)))
		return false; /* as nearly always: no need to count */
	return count_last(text) == text.size;
}

struct coffer_packing
coffer_text_packing(coffer_text text, bool packs_ids)
{
	static const struct coffer_packing none = {COFFER_ELEMENT_VALUE, 0};
	size_t last;

	if (is_hex(text))
		return (struct coffer_packing){COFFER_ELEMENT_HEX, 0};
	if (!packs_ids || text.size > COFFER_ID_SIZE_MAX || text.size < 2 * COFFER_HEX_SIZE_MIN)
		return none;
	last = count_last(text);
	if (last >= 2 * COFFER_HEX_SIZE_MIN)
		return (struct coffer_packing){COFFER_ELEMENT_TAIL, text.size - last + last % 2};
	if (last != UUID_DIGITS_LAST || text.size < COFFER_UUID_TEXT_SIZE ||
	    !is_uuid(text.data + text.size - COFFER_UUID_TEXT_SIZE))
		return none;
	return (struct coffer_packing){COFFER_ELEMENT_UUID, text.size - COFFER_UUID_TEXT_SIZE};
}

size_t
coffer_text_pack(coffer_text text, struct coffer_packing packing, uint8_t *out)
{
	const char *digits = text.data + packing.prefix;
	size_t size = (text.size - packing.prefix) / 2, at = 0;

	if (packing.form == COFFER_ELEMENT_TAIL)
		out[at++] = (uint8_t)packing.prefix;
	if (packing.form == COFFER_ELEMENT_UUID)
		size = COFFER_UUID_SIZE;
	memcpy(out + at, text.data, packing.prefix);
	at += packing.prefix;
	if (packing.form == COFFER_ELEMENT_UUID)
		pack_uuid(digits, out + at);
	else
		pack(digits, size, out + at);
	return at + size;
}

/* Eight bytes a step: behind the prefix stand eight or more on both sides. */
static void
copy_prefix(const char *prefix, size_t size, char *out)
{
	for (size_t at = 0; at < size; at += 8)
		memcpy(out + at, prefix + at, 8);
}

void
coffer_text_expand(enum coffer_element_form form, coffer_text packed, char *out)
{
	size_t prefix = 0;

	if (form == COFFER_ELEMENT_UUID) {
		prefix = packed.size - COFFER_UUID_SIZE;
		copy_prefix(packed.data, prefix, out);
		expand_uuid((const uint8_t *)packed.data + prefix, out + prefix);
		return;
	}
	if (form == COFFER_ELEMENT_TAIL) {
		prefix = (uint8_t)*packed.data++;
		packed.size -= 1 + prefix;
		copy_prefix(packed.data, prefix, out);
		packed.data += prefix;
	}
	expand((const uint8_t *)packed.data, packed.size, out + prefix);
}

/* ------------------------------------------------------------------ elements */

/*
 * The size of the prefix, it, the digits: eight bytes of them or more, and as many as the text has digits at its end, but for
 * a first one that would be odd.
 */
static bool
is_tail(const uint8_t *data, size_t size)
{
	size_t prefix = data[0];

	return prefix && size > prefix + COFFER_HEX_SIZE_MIN &&
	       2 * (size - 1) - prefix <= COFFER_ID_SIZE_MAX &&
	       (coffer_hex_value(data[prefix]) == 0xff ||
		(prefix > 1 ? coffer_hex_value(data[prefix - 1]) == 0xff : true));
}

static bool
is_uuid_size(size_t size)
{
	return size >= COFFER_UUID_SIZE &&
	       size - COFFER_UUID_SIZE + COFFER_UUID_TEXT_SIZE <= COFFER_ID_SIZE_MAX;
}

enum coffer_element_form
coffer_element_id(const uint8_t *bytes, coffer_text *packed_out)
{
	bool is_fixed = *bytes == 0xd8;
	const uint8_t *data = bytes + 3 - is_fixed;
	size_t size = COFFER_UUID_SIZE;

	if (!is_fixed && (*bytes != 0xc7 || (size = bytes[1]) == COFFER_UUID_SIZE))
		return COFFER_ELEMENT_VALUE;
	*packed_out = (coffer_text){(const char *)data, size};
	if (data[-1] == COFFER_ID_UUID && is_uuid_size(size))
		return COFFER_ELEMENT_UUID;
	return data[-1] == COFFER_ID_TAIL && size && is_tail(data, size) ? COFFER_ELEMENT_TAIL
									 : COFFER_ELEMENT_VALUE;
}
