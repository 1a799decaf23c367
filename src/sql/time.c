/*
 * Times as SQLite sees them: texts. Those of the years 1 to 9999 sort as the times do, so that a bound that is any text
 * at all, "2024-11" or "x", has one place among them; it is found by halving, without a grammar for what it may be.
 */
#include "sql/internal.h"

#include <string.h>

/* Put the zone behind a time that was printed without one. */
static size_t
add_zone(int64_t time, bool has_zone, char out[COFFER_SQL_TIME_SIZE], size_t size)
{
	const char *era;

	if (!has_zone || time == INT64_MIN || time == INT64_MAX)
		return size;
	era = size > 3 && !memcmp(&out[size - 3], " BC", 3) ? " BC" : "";
	size -= strlen(era);
	memcpy(out + size, "+00:00", 6);
	memcpy(out + size + 6, era, strlen(era) + 1);
	return size + 6 + strlen(era);
}

size_t
coffer_sql_time_print(int64_t time, bool has_zone, char out[COFFER_SQL_TIME_SIZE])
{
	return add_zone(time, has_zone, out, coffer_time_print(time, false, out));
}

size_t
coffer_sql_time_print_near(int64_t last, int64_t time, bool has_zone,
			   char out[COFFER_SQL_TIME_SIZE])
{
	return add_zone(time, has_zone, out, coffer_time_print_near(last, time, false, out));
}

int
coffer_sql_time_compare(int64_t time, bool has_zone, coffer_text text)
{
	char printed[COFFER_SQL_TIME_SIZE];
	size_t size = coffer_sql_time_print(time, has_zone, printed);

	return coffer_sql_text_compare((coffer_text){printed, size}, text);
}

int64_t
coffer_sql_time_seek(coffer_text text, bool has_zone, bool is_above)
{
	int64_t low = COFFER_SQL_TIME_FIRST, high = COFFER_SQL_TIME_LAST + 1, guess;

	/* A time as it is printed is its own place. */
	if (!coffer_time_parse(text, &guess) && guess >= low && guess < high &&
	    !coffer_sql_time_compare(guess, has_zone, text))
		return guess + is_above;
	while (low < high) {
		int64_t middle = low + (high - low) / 2;
		int order = coffer_sql_time_compare(middle, has_zone, text);

		if (order > 0 || (!order && !is_above))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}
