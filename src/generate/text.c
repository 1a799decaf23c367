/*
 * The writers. No printf: a million log rows a few seconds is the goal, and a format string read once
 * a field would be most of it. jsonb's escapes are those of Postgres' escape_json: the two-letter ones,
 * \u00xx for other control characters, everything else as it is.
 */
#include "generate/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const char HEX[] = "0123456789abcdef";
static const char LETTERS[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
static const char BASE64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
coffer_pen_bytes(struct coffer_pen *pen, const char *data, size_t size)
{
	assert((size_t)(pen->end - pen->at) >= size);
	if (size)
		memcpy(pen->at, data, size);
	pen->at += size;
}

void
coffer_pen_text(struct coffer_pen *pen, const char *text)
{
	coffer_pen_bytes(pen, text, strlen(text));
}

void
coffer_pen_decimal(struct coffer_pen *pen, uint64_t number)
{
	char digits[20];
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	coffer_pen_bytes(pen, digits + at, sizeof digits - at);
}

void
coffer_pen_fixed(struct coffer_pen *pen, uint64_t number, unsigned scale)
{
	char digits[24];
	size_t at = sizeof digits;
	unsigned written;

	assert(scale < 20);
	for (written = 0; written <= scale || number; written++) {
		if (written == scale && scale)
			digits[--at] = '.';
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	}
	coffer_pen_bytes(pen, digits + at, sizeof digits - at);
}

void
coffer_pen_fraction(struct coffer_pen *pen, uint64_t number, unsigned scale)
{
	while (scale && number % 10 == 0) {
		number /= 10;
		scale--;
	}
	coffer_pen_fixed(pen, number, scale);
}

/* "2.25e-05" is "0.0000225": noughts, and the digits without their point. */
static void
unfold(struct coffer_pen *pen, const char *digits, size_t size, long exponent)
{
	size_t i;

	assert(exponent < 0); /* money and milliseconds are not as large as to have another one */
	coffer_pen_bytes(pen, "0.", 2);
	for (; exponent < -1; exponent++)
		coffer_pen_bytes(pen, "0", 1);
	for (i = 0; i < size; i++)
		if (digits[i] != '.')
			coffer_pen_bytes(pen, digits + i, 1);
}

void
coffer_pen_real(struct coffer_pen *pen, double real)
{
	char text[COFFER_SCALAR_TEXT_SIZE], *from = text;
	size_t size = coffer_float_print(real, 8, text);
	const char *exponent = memchr(text, 'e', size);

	if (!exponent) {
		coffer_pen_bytes(pen, text, size);
		return;
	}
	if (*from == '-')
		coffer_pen_bytes(pen, from++, 1);
	unfold(pen, from, (size_t)(exponent - from), strtol(exponent + 1, NULL, 10));
}

void
coffer_pen_hex(struct coffer_pen *pen, uint64_t bits, unsigned digits)
{
	unsigned i;

	assert(digits <= 16 && pen->end - pen->at >= 16);
	for (i = digits; i > 0; i--) {
		pen->at[i - 1] = HEX[bits & 15];
		bits >>= 4;
	}
	pen->at += digits;
}

void
coffer_pen_random_hex(struct coffer_pen *pen, struct coffer_random *random, unsigned digits)
{
	for (; digits > 16; digits -= 16)
		coffer_pen_hex(pen, coffer_random_bits(random), 16);
	coffer_pen_hex(pen, coffer_random_bits(random), digits);
}

void
coffer_pen_uuid(struct coffer_pen *pen, struct coffer_random *random)
{
	uint64_t high = coffer_random_bits(random), low = coffer_random_bits(random);

	coffer_pen_hex(pen, high >> 32, 8);
	coffer_pen_bytes(pen, "-", 1);
	coffer_pen_hex(pen, high >> 16, 4);
	coffer_pen_bytes(pen, "-4", 2);
	coffer_pen_hex(pen, high, 3);
	coffer_pen_bytes(pen, "-", 1);
	coffer_pen_hex(pen, (low >> 48 & 0x3fff) | 0x8000, 4);
	coffer_pen_bytes(pen, "-", 1);
	coffer_pen_hex(pen, low, 12);
}

/* Five characters come out of 32 bits: 62^5 is a little less than 2^30. */
static void
letters_of(char *out, unsigned count, uint64_t fraction)
{
	unsigned i;

	for (i = 0; i < count; i++) {
		fraction *= 62;
		out[i] = LETTERS[fraction >> 32];
		fraction &= UINT32_MAX;
	}
}

void
coffer_pen_letters(struct coffer_pen *pen, struct coffer_random *random, unsigned count)
{
	uint64_t bits = 0;
	unsigned size, turn = 0;

	assert(pen->end - pen->at >= (ptrdiff_t)count);
	for (; count; count -= size, turn++) {
		bits = turn & 1 ? bits >> 32 : coffer_random_bits(random);
		size = count < 5 ? count : 5;
		letters_of(pen->at, size, bits & UINT32_MAX);
		pen->at += size;
	}
}

void
coffer_pen_base64(struct coffer_pen *pen, struct coffer_random *random, unsigned bytes)
{
	char four[4];
	uint64_t bits;
	unsigned i;

	for (; bytes > 0; bytes -= bytes < 3 ? bytes : 3) {
		bits = coffer_random_bits(random) >> 40;
		if (bytes < 3)
			bits &= bytes == 2 ? 0xffff00 : 0xff0000;
		for (i = 0; i < 4; i++)
			four[i] = bytes + 1 < i + 1 ? '=' : BASE64[bits >> (18 - 6 * i) & 63];
		coffer_pen_bytes(pen, four, 4);
	}
}

static void
escape(struct coffer_pen *pen, unsigned char byte)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *found = byte ? strchr(from, byte) : NULL;
	char two[2] = {'\\', 'u'};

	if (found)
		two[1] = to[found - from];
	coffer_pen_bytes(pen, two, 2);
	if (!found)
		coffer_pen_hex(pen, byte, 4);
}

void
coffer_pen_json_bytes(struct coffer_pen *pen, const char *data, size_t size)
{
	size_t i, plain = 0;

	coffer_pen_bytes(pen, "\"", 1);
	for (i = 0; i < size; i++) {
		if ((unsigned char)data[i] >= 0x20 && data[i] != '"' && data[i] != '\\')
			continue;
		coffer_pen_bytes(pen, data + plain, i - plain);
		escape(pen, (unsigned char)data[i]);
		plain = i + 1;
	}
	coffer_pen_bytes(pen, data + plain, size - plain);
	coffer_pen_bytes(pen, "\"", 1);
}

void
coffer_pen_json_text(struct coffer_pen *pen, const char *text)
{
	coffer_pen_json_bytes(pen, text, strlen(text));
}

void
coffer_pen_member(struct coffer_pen *pen, const char *name)
{
	if (pen->at[-1] != '{')
		coffer_pen_bytes(pen, ", ", 2);
	coffer_pen_bytes(pen, "\"", 1);
	coffer_pen_text(pen, name);
	coffer_pen_bytes(pen, "\": ", 3);
}

void
coffer_pen_element(struct coffer_pen *pen)
{
	if (pen->at[-1] != '[')
		coffer_pen_bytes(pen, ", ", 2);
}
