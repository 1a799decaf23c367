/*
 * Dates and times read from text, before it is decided what of them a type keeps.
 */
#ifndef COFFER_BASE_TIME_H
#define COFFER_BASE_TIME_H

#include "coffer.h"

struct coffer_moment {
	int infinity;   /* -1 or 1: nothing else counts */
	int64_t day;    /* since 2000-01-01 */
	int64_t in_day; /* microseconds, up to 24:00:00 */
	int32_t offset; /* seconds east of UTC that the text says; 0 where it says none */
};

/*
 * Read what Postgres reads in ISO 8601's extended form, looser where it is: single digits, blanks, "epoch",
 * "infinity", BC. NULL, or what is wrong in words.
 */
const char *
coffer_moment_read(coffer_text text, struct coffer_moment *moment_out);

/* The time that a timestamp keeps, the offset dropped; with `zone` what a timestamptz keeps. NULL or words. */
const char *
coffer_moment_time(const struct coffer_moment *moment, bool zone, int64_t *time_out);

/* Print the day as Postgres prints a date, with a NUL. NULL or words. */
const char *
coffer_moment_date(const struct coffer_moment *moment, char out[COFFER_SCALAR_TEXT_SIZE]);

#endif
