/*
 * Decimals into floats, the nearest one, whatever the locale.
 */
#ifndef COFFER_BASE_FLOAT_H
#define COFFER_BASE_FLOAT_H

/* strtod and strtof of the C locale; errno is ERANGE where the result is not normal. */
double
coffer_strtod(const char *text, char **end_out);
float
coffer_strtof(const char *text, char **end_out);

#endif
