/*
 * Times and spans of time as somebody types them: "2024-11-05T10:20", "90d".
 */
#include "instant.h"

#include "report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Seconds from 1970 to 2000, where times begin; and the first one that a column holds. SPEC.md 4.6. */
#define EPOCH INT64_C(946684800)
#define TIME_FIRST INT64_C(-211813488000000000)

bool
coffer_duration_parse(const char *text, int64_t *microseconds_out)
{
	static const struct {
		const char *name;
		int64_t seconds;
	} units[] = {{"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}, {"w", 604800}};
	int64_t number;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	number = strtoll(text, &end, 10);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!errno && !strcmp(end, units[i].name) &&
		    !__builtin_mul_overflow(number, units[i].seconds * 1000000, microseconds_out))
			return true;
	return false;
}

/* A whole second. */
static int64_t
now(void)
{
	struct timespec time = {0};

	(void)clock_gettime(CLOCK_REALTIME, &time);
	return ((int64_t)time.tv_sec - EPOCH) * 1000000;
}

/* A number alone is no age: it may be meant for a year. */
bool
coffer_age_parse(const char *text, int64_t *time_out)
{
	size_t size;
	int64_t age;

	text += *text == '-';
	size = strlen(text);
	return size && text[size - 1] > '9' && coffer_duration_parse(text, &age) &&
	       !__builtin_sub_overflow(now(), age, time_out) && *time_out >= TIME_FIRST;
}

int
coffer_option_time(const struct coffer_arguments *arguments, enum coffer_option_id id,
		   bool *is_given_out, int64_t *time_out)
{
	const char *text = coffer_option_value(arguments, id), *name = "";

	*is_given_out = text;
	if (!text || coffer_age_parse(text, time_out) ||
	    !coffer_time_parse((coffer_text){text, strlen(text)}, time_out))
		return COFFER_EXIT_DONE;
	for (size_t i = 0; i < coffer_option_count; i++)
		if (coffer_options[i].id == id)
			name = coffer_options[i].name;
	return coffer_report_usage(
		arguments,
		"option '--%s': '%s' is neither a time such as 2024-11-05T10:20 nor an age such as 90d",
		name, text);
}
