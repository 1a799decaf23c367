/*
 * Decimals into floats, the nearest one, whatever the locale.
 */
#ifndef COFFER_BASE_FLOAT_H
#define COFFER_BASE_FLOAT_H

#include "coffer.h"

/* strtod and strtof of the C locale; errno is ERANGE where the result is not normal. */
double
coffer_strtod(const char *text, char **end_out);
float
coffer_strtof(const char *text, char **end_out);

/* The same for the texts that most are, "-12.5": up to fifteen digits, some in front of a point. False: it is another, or wrong. */
bool
coffer_short_decimal_read(coffer_text text, double *number_out);

#endif
