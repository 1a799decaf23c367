/*
 * Decimal numbers as Postgres' numeric has them, from text to text; no digit passes through a float.
 */
#ifndef COFFER_VALUE_DECIMAL_H
#define COFFER_VALUE_DECIMAL_H

#include "coffer.h"

enum {
	COFFER_DECIMAL_PRECISION_MAX = 1000, /* of numeric(p, s) */
};

/* whole.fraction * 10^exponent; the digits are borrowed, leading zeros and all. */
struct coffer_decimal {
	bool is_negative;
	coffer_text whole, fraction;
	int64_t exponent;
};

/* Read a number without blanks around it. False where it is none, or its exponent is beyond any numeric. */
bool
coffer_decimal_read(coffer_text text, struct coffer_decimal *decimal_out);

/* Bytes that coffer_decimal_print appends; 0 where numeric cannot hold the number. */
size_t
coffer_decimal_size(const struct coffer_decimal *decimal);

/* Append the number as numeric without a modifier prints it. Only where its size is not 0. */
void
coffer_decimal_print(const struct coffer_decimal *decimal, coffer_buffer *out);

/* Append the number rounded to `scale`, half away from zero. Only where its size is not 0. False where it then has
 * too many digits for numeric(precision, scale). */
bool
coffer_decimal_round(const struct coffer_decimal *decimal, int precision, int scale,
		     coffer_buffer *out);

/* Bytes of the number as a numeric in jsonb. Only where its size is not 0. */
size_t
coffer_decimal_stored_size(const struct coffer_decimal *decimal);

#endif
