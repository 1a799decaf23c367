/*
 * Decimal numbers are kept as the digits they were written with and a place for the point among them:
 *
 *   digits   0 0 1 2 3 4 0      digit number i stands for 10^(point - 1 - i)
 *            |   ^     ^ last
 *            |   first           point may lie before the first digit and behind the last
 *
 * The limits are those of numeric: 131,072 digits before the point, 16,383 behind it.
 */
#include "value/decimal.h"

#include "format/json.h"

#include <string.h>

enum {
	GROUP_DIGITS = 4, /* numeric counts in units of 10,000 */
	GROUP_SHORT_MAX =
		63, /* first group's number from -64 to 63, and scale, in a short header */
	HEADER_SHORT = 6,
	HEADER_LONG = 8,
};

/* What Postgres 12 to 18 take at the most. */
#define EXPONENT_END INT64_C(1073741823)

static coffer_text
take_digits(coffer_text *rest)
{
	coffer_text digits = {rest->data, 0};

	while (digits.size < rest->size && digits.data[digits.size] >= '0' &&
	       digits.data[digits.size] <= '9')
		digits.size++;
	rest->data += digits.size;
	rest->size -= digits.size;
	return digits;
}

static bool
take_byte(coffer_text *rest, char byte)
{
	if (!rest->size || *rest->data != byte)
		return false;
	rest->data++;
	rest->size--;
	return true;
}

static bool
take_exponent(coffer_text *rest, int64_t *exponent_out)
{
	bool is_negative = !take_byte(rest, '+') && take_byte(rest, '-');
	coffer_text digits = take_digits(rest);
	int64_t exponent = 0;

	for (size_t i = 0; i < digits.size; i++) {
		exponent = exponent * 10 + (digits.data[i] - '0');
		if (exponent >= EXPONENT_END)
			return false;
	}
	*exponent_out = is_negative ? -exponent : exponent;
	return digits.size > 0;
}

bool
coffer_decimal_read(coffer_text text, struct coffer_decimal *decimal_out)
{
	struct coffer_decimal decimal = {0};

	*decimal_out = decimal;
	if (!text.size)
		return false;
	decimal.is_negative = !take_byte(&text, '+') && take_byte(&text, '-');
	decimal.whole = take_digits(&text);
	if (take_byte(&text, '.'))
		decimal.fraction = take_digits(&text);
	if (!decimal.whole.size && !decimal.fraction.size)
		return false;
	if ((take_byte(&text, 'e') || take_byte(&text, 'E')) &&
	    !take_exponent(&text, &decimal.exponent))
		return false;
	*decimal_out = decimal;
	return !text.size;
}

/* ------------------------------------------------------------------ digits and point */

/* `first` and `last` are numbers of digits that are not 0; both are `count` where there is none. */
struct layout {
	int64_t count, point, first, last, scale;
};

static char
digit(const struct coffer_decimal *decimal, int64_t number)
{
	size_t at = (size_t)number;

	if (number < 0)
		return '0';
	if (at < decimal->whole.size)
		return decimal->whole.data[at];
	at -= decimal->whole.size;
	return at < decimal->fraction.size ? decimal->fraction.data[at] : '0';
}

static struct layout
lay_out(const struct coffer_decimal *decimal)
{
	int64_t whole = (int64_t)decimal->whole.size, fraction = (int64_t)decimal->fraction.size;
	struct layout layout = {.count = whole + fraction, .point = whole + decimal->exponent};

	while (layout.first < layout.count && digit(decimal, layout.first) == '0')
		layout.first++;
	layout.last = layout.count;
	if (layout.first < layout.count)
		do
			layout.last--;
		while (digit(decimal, layout.last) == '0');
	if (fraction > decimal->exponent)
		layout.scale = fraction - decimal->exponent;
	return layout;
}

static bool
is_zero(const struct layout *layout)
{
	return layout->first == layout->count;
}

/* Digits before the point, none of them a needless 0. */
static int64_t
whole_digits(const struct layout *layout)
{
	return is_zero(layout) || layout->point <= layout->first ? 0
								 : layout->point - layout->first;
}

static size_t
printed_size(bool is_negative, int64_t whole, int64_t scale)
{
	return (size_t)(is_negative + (whole ? whole : 1) + (scale ? 1 + scale : 0));
}

static bool
is_printed_negative(const struct coffer_decimal *decimal, const struct layout *layout)
{
	return decimal->is_negative && !is_zero(layout);
}

size_t
coffer_decimal_size(const struct coffer_decimal *decimal)
{
	struct layout layout = lay_out(decimal);
	int64_t whole = whole_digits(&layout);

	if (whole > COFFER_NUMBER_WHOLE_MAX || layout.scale > COFFER_NUMBER_FRACTION_MAX)
		return 0;
	return printed_size(is_printed_negative(decimal, &layout), whole, layout.scale);
}

void
coffer_decimal_print(const struct coffer_decimal *decimal, coffer_buffer *out)
{
	struct layout layout = lay_out(decimal);
	int64_t whole = whole_digits(&layout);
	bool is_negative = is_printed_negative(decimal, &layout);
	char *at;

	if (!coffer_buffer_reserve(out, printed_size(is_negative, whole, layout.scale)))
		return;
	at = out->data + out->size;
	if (is_negative)
		*at++ = '-';
	if (!whole)
		*at++ = '0';
	for (int64_t i = 0; i < whole; i++)
		*at++ = digit(decimal, layout.first + i);
	if (layout.scale)
		*at++ = '.';
	for (int64_t i = 0; i < layout.scale; i++)
		*at++ = digit(decimal, layout.point + i);
	*at = '\0';
	out->size = (size_t)(at - out->data);
}

/* ------------------------------------------------------------------ rounding */

/* Add one to the last of `count` digits; the carry ends in the one before the first. */
static void
increment(char *digits, int64_t count)
{
	while (count > 0 && digits[count] == '9')
		digits[count--] = '0';
	digits[count]++;
}

bool
coffer_decimal_round(const struct coffer_decimal *decimal, int precision, int scale,
		     coffer_buffer *out)
{
	char digits[COFFER_DECIMAL_PRECISION_MAX + 2] = {'0'};
	struct layout layout = lay_out(decimal);
	struct coffer_decimal rounded = {.is_negative = decimal->is_negative};
	int64_t end = layout.point + scale, kept = end - layout.first;

	if (is_zero(&layout) || kept < 0)
		kept = 0;
	if (kept > precision || precision > COFFER_DECIMAL_PRECISION_MAX)
		return false;
	for (int64_t i = 0; i < kept; i++)
		digits[1 + i] = digit(decimal, layout.first + i);
	if (digit(decimal, end) >= '5')
		increment(digits, kept);
	if (digits[0] != '0' && kept == precision)
		return false;
	rounded.whole = (coffer_text){digits, (size_t)kept + 1};
	rounded.exponent = -(int64_t)scale;
	coffer_decimal_print(&rounded, out);
	return true;
}

/* ------------------------------------------------------------------ stored */

static int64_t
group_of(int64_t power)
{
	return power >= 0 ? power / GROUP_DIGITS : (power - GROUP_DIGITS + 1) / GROUP_DIGITS;
}

size_t
coffer_decimal_stored_size(const struct coffer_decimal *decimal)
{
	struct layout layout = lay_out(decimal);
	int64_t top = 0, groups = 0;
	bool is_short;

	if (!is_zero(&layout)) {
		top = group_of(layout.point - 1 - layout.first);
		groups = top - group_of(layout.point - 1 - layout.last) + 1;
	}
	is_short = layout.scale <= GROUP_SHORT_MAX && top <= GROUP_SHORT_MAX &&
		   top >= -GROUP_SHORT_MAX - 1;
	return (size_t)((is_short ? HEADER_SHORT : HEADER_LONG) + 2 * groups);
}
