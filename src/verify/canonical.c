/*
 * Whether an element is the only encoding of its value. The header that the value must have is made here anew and
 * compared; texts are not copied, since they are the bytes behind it. SPEC.md 4.2 and 4.3.
 */
#include "verify/verify.h"

#include <string.h>

enum {
	NIL = 0xc0,
	FALSE = 0xc2,
	TRUE = 0xc3,
	FLOAT = 0xcb,
	HEX_DIGITS_MIN = 16,
	ID_MAX = 255, /* bytes of a text that is packed as an id */
	FRAME = 1, /* type of an ext */
};

/* A first byte, and a number behind it, big-endian in `width` bytes. */
struct header {
	uint64_t number;
	uint8_t first, width;
};

static struct header
numbered(uint8_t first, uint64_t number, uint8_t width)
{
	return (struct header){number, first, width};
}

static uint64_t
read_number(const uint8_t *bytes, size_t width)
{
	uint64_t number = 0;

	for (size_t i = 0; i < width; i++)
		number = number << 8 | bytes[i];
	return number;
}

static size_t
header_size(struct header header)
{
	return 1 + (size_t)header.width;
}

static struct header
unsigned_header(uint64_t number)
{
	if (number < 0x80)
		return numbered((uint8_t)number, 0, 0);
	if (number <= UINT8_MAX)
		return numbered(0xcc, number, 1);
	if (number <= UINT16_MAX)
		return numbered(0xcd, number, 2);
	return number <= UINT32_MAX ? numbered(0xce, number, 4) : numbered(0xcf, number, 8);
}

static struct header
integer_header(int64_t number)
{
	uint64_t bits = (uint64_t)number;

	if (number >= 0)
		return unsigned_header(bits);
	if (number >= -32)
		return numbered((uint8_t)bits, 0, 0);
	if (number >= INT8_MIN)
		return numbered(0xd0, bits, 1);
	if (number >= INT16_MIN)
		return numbered(0xd1, bits, 2);
	return number >= INT32_MIN ? numbered(0xd2, bits, 4) : numbered(0xd3, bits, 8);
}

static struct header
str_header(size_t size)
{
	if (size < 32)
		return numbered((uint8_t)(0xa0 | size), 0, 0);
	if (size <= UINT8_MAX)
		return numbered(0xd9, size, 1);
	return size <= UINT16_MAX ? numbered(0xda, size, 2) : numbered(0xdb, size, 4);
}

static struct header
bin_header(size_t size)
{
	if (size <= UINT8_MAX)
		return numbered(0xc4, size, 1);
	return size <= UINT16_MAX ? numbered(0xc5, size, 2) : numbered(0xc6, size, 4);
}

/* Of the sizes that have a tag of their own an id may have 16 alone. */
static struct header
id_header(uint8_t type, size_t size)
{
	return size == 16 ? numbered(0xd8, type, 1) : numbered(0xc7, size << 8 | type, 2);
}

static bool
starts_with(const uint8_t *bytes, size_t size, struct header header)
{
	uint64_t mask = UINT64_MAX >> (64 - 8 * header.width) % 64;

	return size > header.width && bytes[0] == header.first &&
	       (!header.width || read_number(bytes + 1, header.width) == (header.number & mask));
}

static bool
is_header(const uint8_t *bytes, size_t size, struct header header)
{
	return size == header_size(header) && starts_with(bytes, size, header);
}

/* Most integers take one byte. */
static bool
is_integer(const uint8_t *bytes, size_t size, int64_t number)
{
	if (size == 1)
		return number >= -32 && number < 128 && bytes[0] == (uint8_t)number;
	return is_header(bytes, size, integer_header(number));
}

static bool
is_float(const uint8_t *bytes, size_t size, double real)
{
	uint64_t bits, found;

	if (size != 1 + sizeof(bits) || bytes[0] != FLOAT)
		return false;
	memcpy(&bits, &real, sizeof(bits));
	memcpy(&found, bytes + 1, sizeof(found));
	return bits == __builtin_bswap64(found);
}

/* The text fills what is behind the header. */
static bool
is_text(const uint8_t *bytes, size_t size, struct header header, coffer_text text)
{
	return starts_with(bytes, size, header) && text.size == size - header_size(header) &&
	       (!text.size || text.data == (const char *)bytes + header_size(header));
}

static bool
is_digit(char character)
{
	return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'f');
}

/* How many digits a text ends in. */
static size_t
count_digits(coffer_text text)
{
	size_t count = 0;

	while (count < text.size && is_digit(text.data[text.size - 1 - count]))
		count++;
	return count;
}

static bool
ends_in_uuid(coffer_text text)
{
	static const char form[] = "dddddddd-dddd-dddd-dddd-dddddddddddd";
	size_t size = sizeof(form) - 1;

	if (text.size < size)
		return false;
	for (size_t i = size; i-- > 0;) {
		char character = text.data[text.size - size + i];

		if (form[i] == 'd' ? !is_digit(character) : character != form[i])
			return false;
	}
	return true;
}

bool
coffer_verify_is_packable(struct coffer_form form, coffer_text text)
{
	size_t digits;

	if (text.size < HEX_DIGITS_MIN || !is_digit(text.data[text.size - 1]))
		return false;
	if (form.packs_ids && text.size <= ID_MAX && ends_in_uuid(text))
		return true;
	digits = count_digits(text);
	if (digits < HEX_DIGITS_MIN)
		return false;
	return (digits == text.size && digits % 2 == 0) || (form.packs_ids && text.size <= ID_MAX);
}

static bool
is_uuid(const uint8_t *bytes, size_t size, coffer_text packed)
{
	return packed.size >= COFFER_UUID_SIZE && packed.size - 16 + 36 <= ID_MAX &&
	       is_text(bytes, size, id_header(2, packed.size), packed);
}

/* No more digits can be packed than are. */
static bool
is_tail(const uint8_t *bytes, size_t size, coffer_text packed)
{
	coffer_text prefix = {packed.data + 1, packed.size ? (uint8_t)packed.data[0] : 0};
	size_t digits;

	if (!prefix.size || packed.size < 1 + prefix.size)
		return false;
	digits = 2 * (packed.size - 1 - prefix.size);
	return digits >= HEX_DIGITS_MIN && prefix.size + digits <= ID_MAX &&
	       count_digits(prefix) < 2 && is_text(bytes, size, id_header(3, packed.size), packed);
}

/* A str or nil with the shortest header: its whole size, 0 when it is something else. */
static size_t
array_member(const uint8_t *bytes, size_t size)
{
	uint64_t text;

	if (bytes[0] == NIL)
		return 1;
	if (bytes[0] >= 0xa0 && bytes[0] < 0xc0)
		text = bytes[0] & 31u;
	else if (bytes[0] < 0xd9 || bytes[0] > 0xdb || size < 1u + (1u << (bytes[0] - 0xd9)))
		return 0;
	else
		text = read_number(bytes + 1, 1u << (bytes[0] - 0xd9));
	if (!starts_with(bytes, size, str_header(text)) ||
	    text > size - header_size(str_header(text)))
		return 0;
	return header_size(str_header(text)) + text;
}

static bool
is_array(const uint8_t *bytes, size_t size)
{
	uint64_t count;
	size_t at, member;

	if ((bytes[0] & 0xf0) == 0x90) {
		count = bytes[0] & 15u;
		at = 1;
	} else if (bytes[0] == 0xdc && size >= 3) {
		count = read_number(bytes + 1, 2);
		at = count > 15 ? 3 : size + 1;
	} else if (bytes[0] == 0xdd && size >= 5) {
		count = read_number(bytes + 1, 4);
		at = count > UINT16_MAX ? 5 : size + 1;
	} else {
		return false;
	}
	for (; count && at < size; count--, at += member)
		if (!(member = array_member(bytes + at, size - at)))
			return false;
	return !count && at == size;
}

static bool
is_value(struct coffer_form form, const coffer_value *value, const uint8_t *bytes, size_t size)
{
	switch (value->kind) {
	case COFFER_NULL:
		return size == 1 && bytes[0] == NIL;
	case COFFER_BOOL:
		return size == 1 && bytes[0] == (value->boolean ? TRUE : FALSE);
	case COFFER_INT:
		return is_integer(bytes, size, value->integer);
	case COFFER_TIME:
		return is_integer(bytes, size, value->time);
	case COFFER_FLOAT:
		return is_float(bytes, size, value->real);
	case COFFER_TEXT:
		return is_text(bytes, size, str_header(value->text.size), value->text) &&
		       !coffer_verify_is_packable(form, value->text);
	case COFFER_JSON:
	case COFFER_OTHER:
		return is_text(bytes, size, str_header(value->text.size), value->text);
	case COFFER_BYTES:
		return is_text(bytes, size, bin_header(value->text.size), value->text);
	case COFFER_TEXT_ARRAY:
		return is_array(bytes, size);
	}
	return false;
}

static struct header
extension_header(size_t size)
{
	for (uint8_t log = 0; log <= 4; log++)
		if (size == (size_t)1 << log)
			return numbered((uint8_t)(0xd4 + log), 0, 0);
	if (size <= UINT8_MAX)
		return numbered(0xc7, size, 1);
	return size <= UINT16_MAX ? numbered(0xc8, size, 2) : numbered(0xc9, size, 4);
}

/* The type stands between the header and the bytes. */
static bool
is_extension(const uint8_t *bytes, size_t size, uint8_t type, coffer_text text)
{
	struct header header = extension_header(text.size);
	size_t at = header_size(header);

	return starts_with(bytes, size, header) && size == at + 1 + text.size &&
	       bytes[at] == type && text.data == (const char *)bytes + at + 1;
}

/* bin, or an ext in a column where bin is packed digits. */
static bool
is_frame(coffer_kind kind, coffer_text text, const uint8_t *bytes, size_t size)
{
	return kind == COFFER_TEXT ? is_extension(bytes, size, FRAME, text)
				   : is_text(bytes, size, bin_header(text.size), text);
}

bool
coffer_verify_is_canonical(struct coffer_form form, const struct coffer_element *element,
			   const uint8_t *bytes, size_t size)
{
	if (!size)
		return false;
	switch (element->form) {
	case COFFER_ELEMENT_VALUE:
		return is_value(form, &element->value, bytes, size);
	case COFFER_ELEMENT_CODE:
		return is_integer(bytes, size, element->code);
	case COFFER_ELEMENT_HEX:
		return element->value.text.size >= HEX_DIGITS_MIN / 2 &&
		       is_text(bytes, size, bin_header(element->value.text.size),
			       element->value.text);
	case COFFER_ELEMENT_UUID:
		return is_uuid(bytes, size, element->value.text);
	case COFFER_ELEMENT_TAIL:
		return is_tail(bytes, size, element->value.text);
	case COFFER_ELEMENT_LONG:
		return size == 1 && bytes[0] == TRUE;
	case COFFER_ELEMENT_FRAME:
		return is_frame(form.kind, element->value.text, bytes, size);
	}
	return false;
}
