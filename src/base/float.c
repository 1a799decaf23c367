/*
 * Floats as text: the shortest decimal that lies strictly between the halfway points to both neighbours, the
 * nearest one of that length, laid out as Postgres lays it out.
 *
 *   bits --> mantissa * 2^exponent --> scaled by 10^k to 18 or 19 digits --> fewest digits --> layout
 *
 * Scaling is exact: in 128 bits for the sizes that money and counts have, in a long number for all others. Nothing
 * depends on libc's printf or on the locale.
 */
#include "base/float.h"

#include "coffer.h"

#include <float.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned __int128 uint128;

enum {
	FAST_POWER_MAX = 27, /* 5^27 fits in 63 bits, a mantissa of 55 bits beside it in 128 */
	LIMBS_MAX = 40,      /* of 32 bits; 2^1026 takes 33 */
};

/* Of a positive, finite float: mantissa * 2^exponent. */
struct binary {
	uint64_t mantissa;
	int exponent;
	bool is_lower_near; /* the neighbour below is at half the distance */
};

/* digits * 10^exponent */
struct decimal {
	uint64_t digits;
	int exponent;
};

/* A number cut to an integer, and whether something was cut off. */
struct scaled {
	uint64_t whole;
	bool has_rest;
};

/* ------------------------------------------------------------------ scaling */

static uint64_t
power(uint64_t base, int exponent)
{
	uint64_t result = 1;

	while (exponent-- > 0)
		result *= base;
	return result;
}

/* mantissa * 5^k * 2^shift for 0 <= k <= FAST_POWER_MAX and -127 <= shift <= 0. */
static struct scaled
scale_fast(uint64_t mantissa, uint64_t five, int shift)
{
	uint128 product = (uint128)mantissa * five;
	uint128 whole = product >> -shift;

	return (struct scaled){(uint64_t)whole, whole << -shift != product};
}

/* A long number; limbs from the lowest. */
struct large {
	uint32_t limbs[LIMBS_MAX];
	int count;
	bool has_rest;
};

static void
multiply(struct large *large, uint32_t by)
{
	uint64_t carry = 0;

	for (int i = 0; i < large->count; i++) {
		carry += (uint64_t)large->limbs[i] * by;
		large->limbs[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry)
		large->limbs[large->count++] = (uint32_t)carry;
}

static void
divide(struct large *large, uint32_t by)
{
	uint64_t rest = 0;

	for (int i = large->count - 1; i >= 0; i--) {
		rest = rest << 32 | large->limbs[i];
		large->limbs[i] = (uint32_t)(rest / by);
		rest %= by;
	}
	while (large->count && !large->limbs[large->count - 1])
		large->count--;
	large->has_rest |= rest != 0;
}

/* mantissa * 10^k * 2^exponent for any k and exponent of a float. */
static struct scaled
scale_slow(uint64_t mantissa, int k, int exponent)
{
	struct large large = {.limbs = {(uint32_t)mantissa, (uint32_t)(mantissa >> 32)},
			      .count = 2};
	uint64_t whole;

	for (int left = k; left > 0; left -= left < 9 ? left : 9)
		multiply(&large, (uint32_t)power(10, left < 9 ? left : 9));
	for (int left = exponent; left > 0; left -= left < 31 ? left : 31)
		multiply(&large, UINT32_C(1) << (left < 31 ? left : 31));
	for (int left = -k; left > 0; left -= left < 9 ? left : 9)
		divide(&large, (uint32_t)power(10, left < 9 ? left : 9));
	for (int left = -exponent; left > 0; left -= left < 31 ? left : 31)
		divide(&large, UINT32_C(1) << (left < 31 ? left : 31));
	whole = large.count > 0 ? large.limbs[0] : 0;
	if (large.count > 1)
		whole |= (uint64_t)large.limbs[1] << 32;
	return (struct scaled){whole, large.has_rest};
}

/* ------------------------------------------------------------------ shortest digits */

/* floor(log10(2^exponent)), for exponents of floats. */
static int
log10_of_power(int exponent)
{
	return (int)((int64_t)exponent * 78913 >> 18);
}

static int
bit_length(uint64_t number)
{
	return 64 - __builtin_clzll(number);
}

/*
 * Of the multiples of 10^j strictly between `low` and `high`, for the largest j that has any, the one nearest to
 * `value`; halfway goes to the even one.
 */
static struct decimal
shorten(struct scaled low, struct scaled value, struct scaled high)
{
	uint64_t bottom = low.whole, top = high.whole - !high.has_rest, unit = 1, count, rest;
	int exponent = 0;

	for (; top / 10 > bottom / 10; exponent++) {
		top /= 10;
		bottom /= 10;
		unit *= 10;
	}
	count = value.whole / unit;
	rest = value.whole % unit;
	if (rest > unit / 2 || (rest == unit / 2 && (value.has_rest || count % 2)))
		count++;
	if (count <= bottom)
		count = bottom + 1;
	else if (count > top)
		count = top;
	return (struct decimal){count, exponent};
}

static struct decimal
shortest(struct binary binary)
{
	uint64_t value = binary.mantissa * 4, low = value - (binary.is_lower_near ? 1 : 2),
		 high = value + 2;
	int exponent = binary.exponent - 2;
	/* About 10^17 <= value * 10^k * 2^exponent < 2 * 10^18: a multiple of 10 lies between the neighbours. */
	int k = 17 - log10_of_power(bit_length(value) - 1 + exponent);
	int shift = exponent + k;
	struct decimal decimal;

	if (k >= 0 && k <= FAST_POWER_MAX && shift <= 0 && shift > -128) {
		uint64_t five = power(5, k);

		decimal = shorten(scale_fast(low, five, shift), scale_fast(value, five, shift),
				  scale_fast(high, five, shift));
	} else {
		decimal = shorten(scale_slow(low, k, exponent), scale_slow(value, k, exponent),
				  scale_slow(high, k, exponent));
	}
	decimal.exponent -= k;
	return decimal;
}

/* ------------------------------------------------------------------ layout */

/* The digits of `number` without zeros at the end, which go to the exponent; returns how many. */
static int
print_digits(struct decimal *decimal, char out[20])
{
	char reversed[20] = {0};
	int count = 0, taken = 0;

	while (decimal->digits % 10 == 0) {
		decimal->digits /= 10;
		decimal->exponent++;
	}
	for (uint64_t left = decimal->digits; left; left /= 10)
		reversed[count++] = (char)('0' + left % 10);
	while (taken < count) {
		out[taken] = reversed[count - 1 - taken];
		taken++;
	}
	return count;
}

static char *
put(char *out, const char *text, int size)
{
	memcpy(out, text, (size_t)size);
	return out + size;
}

static char *
put_zeros(char *out, int count)
{
	if (count <= 0)
		return out;
	memset(out, '0', (size_t)count);
	return out + count;
}

/* "123", "12300", "1.23", "0.00123": `point` digits stand before the point. */
static char *
put_fixed(char *out, const char *digits, int count, int point)
{
	if (point <= 0) {
		out = put(out, "0.", 2);
		return put(put_zeros(out, -point), digits, count);
	}
	if (point >= count)
		return put_zeros(put(out, digits, count), point - count);
	out = put(out, digits, point);
	*out++ = '.';
	return put(out, digits + point, count - point);
}

/* "1.23e+45", two digits of the exponent at the least. */
static char *
put_scientific(char *out, const char *digits, int count, int exponent)
{
	unsigned size = (unsigned)(exponent < 0 ? -exponent : exponent);

	*out++ = *digits;
	if (count > 1) {
		*out++ = '.';
		out = put(out, digits + 1, count - 1);
	}
	*out++ = 'e';
	*out++ = exponent < 0 ? '-' : '+';
	if (size >= 100)
		*out++ = (char)('0' + size / 100);
	*out++ = (char)('0' + size / 10 % 10);
	*out++ = (char)('0' + size % 10);
	return out;
}

/* Positive and finite. */
static char *
put_finite(char *out, struct binary binary, int width)
{
	struct decimal decimal = shortest(binary);
	char digits[20] = {0};
	int count = print_digits(&decimal, digits);
	int exponent = decimal.exponent + count - 1;

	if (exponent >= -4 && exponent < (width == 4 ? 6 : 15))
		return put_fixed(out, digits, count, exponent + 1);
	return put_scientific(out, digits, count, exponent);
}

/* ------------------------------------------------------------------ */

static struct binary
split_double(double real)
{
	uint64_t bits;
	struct binary binary;
	int exponent;

	memcpy(&bits, &real, sizeof(bits));
	exponent = (int)(bits >> 52 & 0x7ff);
	binary.mantissa = bits & ((UINT64_C(1) << 52) - 1);
	binary.is_lower_near = !binary.mantissa && exponent > 1;
	binary.mantissa |= (uint64_t)(exponent > 0) << 52;
	binary.exponent = (exponent ? exponent : 1) - 1075;
	return binary;
}

/* A float4 widened: the same number, with the mantissa that the float4 has. */
static struct binary
split_float(double real)
{
	float narrow = (float)real;
	uint32_t bits;
	struct binary binary;
	int exponent;

	memcpy(&bits, &narrow, sizeof(bits));
	exponent = (int)(bits >> 23 & 0xff);
	binary.mantissa = bits & ((UINT32_C(1) << 23) - 1);
	binary.is_lower_near = !binary.mantissa && exponent > 1;
	binary.mantissa |= (uint64_t)(exponent > 0) << 23;
	binary.exponent = (exponent ? exponent : 1) - 150;
	return binary;
}

static char *
put_word(char *out, const char *word)
{
	return put(out, word, (int)strlen(word));
}

size_t
coffer_float_print(double real, int width, char out[COFFER_SCALAR_TEXT_SIZE])
{
	char *end = out;
	uint64_t bits;

	if (width == 4)
		real = (float)real;
	memcpy(&bits, &real, sizeof(bits));
	if (real != real) {
		end = put_word(end, "NaN");
	} else {
		if (bits >> 63)
			*end++ = '-';
		if (!(bits << 1))
			*end++ = '0';
		else if ((bits << 1) == UINT64_C(0x7ff) << 53)
			end = put_word(end, "Infinity");
		else
			end = put_finite(end, width == 4 ? split_float(real) : split_double(real),
					 width);
	}
	*end = '\0';
	return (size_t)(end - out);
}

/* ------------------------------------------------------------------ the other way */

/* The locale "C" is always there and takes no memory. */
double
coffer_strtod(const char *text, char **end_out)
{
	return strtod_l(text, end_out, newlocale(LC_ALL_MASK, "C", (locale_t)0));
}

float
coffer_strtof(const char *text, char **end_out)
{
	return strtof_l(text, end_out, newlocale(LC_ALL_MASK, "C", (locale_t)0));
}

/* So many digits make a number that a double holds, as it holds the power of ten: their quotient is rounded once. */
enum { DECIMAL_DIGITS_MAX = 15 };

bool
coffer_short_decimal_read(coffer_text text, double *number_out)
{
	static const double powers[DECIMAL_DIGITS_MAX] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6, 1e7,
							  1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14};
	bool is_negative = text.size && *text.data == '-';
	size_t point = text.size;
	int64_t digits = 0;

	*number_out = 0;
	if (FLT_EVAL_METHOD != 0 || text.size - is_negative > DECIMAL_DIGITS_MAX + 1)
		return false;
	for (size_t i = is_negative; i < text.size; i++) {
		unsigned digit = (unsigned char)text.data[i] - (unsigned)'0';

		if (digit <= 9)
			digits = 10 * digits + digit;
		else if (text.data[i] == '.' && i > is_negative && point == text.size)
			point = i;
		else
			return false;
	}
	if (text.size == is_negative || point + 1 == text.size ||
	    (point == text.size && text.size - is_negative > DECIMAL_DIGITS_MAX))
		return false;
	*number_out = (double)digits;
	if (point < text.size)
		*number_out /= powers[text.size - point - 1];
	if (is_negative)
		*number_out = -*number_out;
	return true;
}
