/* Times and spans of time as somebody types them. */
#ifndef TOOLS_INSTANT_H
#define TOOLS_INSTANT_H

#include "options.h"

/* "90s", "10m", "2h", "1d", "8w"; a number alone is of seconds. False: none, or more than 64 bits of microseconds. */
bool
coffer_duration_parse(const char *text, int64_t *microseconds_out);

/* A span of time with its unit, "90d" or "-90d", as the time that lies so far back from now. False: it is none. */
bool
coffer_age_parse(const char *text, int64_t *time_out);

/*
 * The time that an option gives, in microseconds since 2000-01-01: as coffer_time_parse reads it, or an age. `*is_given_out` is false where the option is not there. Returns an exit code.
 */
int
coffer_option_time(const struct coffer_arguments *arguments, enum coffer_option_id id,
		   bool *is_given_out, int64_t *time_out);

#endif
