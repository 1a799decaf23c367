/*
 * Times as text: Postgres' proleptic Gregorian calendar from Julian day 0 (4714-11-24 BC) to the year 294276, in
 * DateStyle ISO. Integer arithmetic only; no zone, no clock, no locale.
 */
#include "coffer.h"

#include <string.h>

#define DAY INT64_C(86400000000)
#define SECOND INT64_C(1000000)
#define TIME_MIN INT64_C(-211813488000000000)
#define TIME_END INT64_C(9223371331200000000)

enum {
	ERA_DAYS = 146097,   /* 400 years */
	EPOCH_DAYS = 730425, /* 0000-03-01 to 2000-01-01 */
	YEAR_MAX = 294276,
};

/* A civil date; `year` is astronomical: 0 is 1 BC. */
struct date {
	int64_t year;
	int month, day;
};

/*
 * Days are counted in years that begin in March, so that the leap day is a year's last day and months have
 * their lengths in a pattern of five: 153 days.
 */
static struct date
date_of(int64_t days)
{
	int64_t from_march = days + EPOCH_DAYS;
	int64_t era = (from_march >= 0 ? from_march : from_march - ERA_DAYS + 1) / ERA_DAYS;
	int64_t in_era = from_march - era * ERA_DAYS;
	int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
	int month = (int)((5 * in_year + 2) / 153);
	int day = (int)(in_year - (153 * month + 2) / 5) + 1;

	month = month < 10 ? month + 3 : month - 9;
	return (struct date){era * 400 + year + (month <= 2), month, day};
}

static int64_t
days_of(struct date date)
{
	int64_t year = date.year - (date.month <= 2);
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t in_era = year - era * 400;
	int64_t month = date.month > 2 ? date.month - 3 : date.month + 9;
	int64_t in_year = (153 * month + 2) / 5 + date.day - 1;

	return era * ERA_DAYS + in_era * 365 + in_era / 4 - in_era / 100 + in_year - EPOCH_DAYS;
}

static int
month_days(int64_t year, int month)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && is_leap);
}

/* ------------------------------------------------------------------ printing */

/* `number` in at least `digits` digits; returns the end. */
static char *
put(char *out, int64_t number, int digits)
{
	char reversed[20];
	int count = 0;

	for (; number || count < digits; number /= 10)
		reversed[count++] = (char)('0' + number % 10);
	while (count)
		*out++ = reversed[--count];
	return out;
}

static char *
put_word(char *out, const char *word)
{
	size_t size = strlen(word);

	memcpy(out, word, size);
	return out + size;
}

/* The fraction of a second without the zeros at its end. */
static char *
put_fraction(char *out, int64_t fraction)
{
	if (!fraction)
		return out;
	*out++ = '.';
	out = put(out, fraction, 6);
	while (out[-1] == '0')
		out--;
	return out;
}

static char *
put_time(char *out, int64_t in_day)
{
	out = put(out, in_day / (3600 * SECOND), 2);
	*out++ = ':';
	out = put(out, in_day / (60 * SECOND) % 60, 2);
	*out++ = ':';
	out = put(out, in_day / SECOND % 60, 2);
	return put_fraction(out, in_day % SECOND);
}

static char *
put_date(char *out, struct date date)
{
	out = put(out, date.year > 0 ? date.year : 1 - date.year, 4);
	*out++ = '-';
	out = put(out, date.month, 2);
	*out++ = '-';
	return put(out, date.day, 2);
}

size_t
coffer_time_print(int64_t time, bool zone, char out[COFFER_SCALAR_TEXT_SIZE])
{
	int64_t days = time / DAY - (time % DAY < 0);
	struct date date = date_of(days);
	char *end;

	if (time == INT64_MIN || time == INT64_MAX) {
		end = put_word(out, time < 0 ? "-infinity" : "infinity");
	} else {
		end = put_date(out, date);
		*end++ = ' ';
		end = put_time(end, time - days * DAY);
		if (zone)
			end = put_word(end, "+00");
		if (date.year <= 0)
			end = put_word(end, " BC");
	}
	*end = '\0';
	return (size_t)(end - out);
}

/* ------------------------------------------------------------------ parsing */

/* What is left of a text; `is_wrong` stays once it is set. */
struct scanner {
	const char *at, *end;
	bool is_wrong;
};

static bool
skip(struct scanner *scanner, const char *word)
{
	size_t size = strlen(word);

	if ((size_t)(scanner->end - scanner->at) < size || memcmp(scanner->at, word, size) != 0)
		return false;
	scanner->at += size;
	return true;
}

static void
need(struct scanner *scanner, const char *word)
{
	if (!skip(scanner, word))
		scanner->is_wrong = true;
}

static bool
is_digit(const struct scanner *scanner)
{
	return scanner->at < scanner->end && *scanner->at >= '0' && *scanner->at <= '9';
}

/* A number of `least` to `most` digits from `low` to `high`; `low` when it is wrong. */
static int
number(struct scanner *scanner, int least, int most, int low, int high)
{
	int value = 0, digits = 0;

	for (; digits < most && is_digit(scanner); digits++)
		value = value * 10 + (*scanner->at++ - '0');
	if (digits >= least && value >= low && value <= high)
		return value;
	scanner->is_wrong = true;
	return low;
}

static int64_t
fraction(struct scanner *scanner)
{
	int64_t value = 0, unit = SECOND;

	if (!skip(scanner, "."))
		return 0;
	if (!is_digit(scanner))
		scanner->is_wrong = true;
	for (; is_digit(scanner) && unit > 1; unit /= 10)
		value = value * 10 + (*scanner->at++ - '0');
	return value * unit;
}

static int64_t
time_of_day(struct scanner *scanner)
{
	int64_t seconds = number(scanner, 2, 2, 0, 23) * INT64_C(3600);

	need(scanner, ":");
	seconds += number(scanner, 2, 2, 0, 59) * INT64_C(60);
	need(scanner, ":");
	seconds += number(scanner, 2, 2, 0, 59);
	return seconds * SECOND + fraction(scanner);
}

static struct date
date(struct scanner *scanner)
{
	struct date date;

	date.year = number(scanner, 4, 6, 1, YEAR_MAX);
	need(scanner, "-");
	date.month = number(scanner, 2, 2, 1, 12);
	need(scanner, "-");
	date.day = number(scanner, 2, 2, 1, 31);
	return date;
}

static coffer_status
parse_finite(struct scanner *scanner, int64_t *time_out)
{
	struct date day = date(scanner);
	int64_t in_day = 0, days;

	if (skip(scanner, " ") || skip(scanner, "T")) {
		in_day = time_of_day(scanner);
		if (!skip(scanner, "Z") && skip(scanner, "+00"))
			(void)skip(scanner, ":00");
	}
	if (skip(scanner, " BC"))
		day.year = 1 - day.year;
	if (scanner->is_wrong || scanner->at < scanner->end ||
	    day.day > month_days(day.year, day.month))
		return COFFER_INVALID;
	days = days_of(day);
	if (days < TIME_MIN / DAY || days >= TIME_END / DAY)
		return COFFER_INVALID;
	*time_out = days * DAY + in_day;
	return COFFER_OK;
}

coffer_status
coffer_time_parse(coffer_text text, int64_t *time_out)
{
	struct scanner scanner = {.at = text.data, .end = text.data + text.size};

	*time_out = 0;
	if (!text.size)
		return COFFER_INVALID;
	if (!skip(&scanner, "infinity") && !skip(&scanner, "-infinity"))
		return parse_finite(&scanner, time_out);
	if (scanner.at < scanner.end)
		return COFFER_INVALID;
	*time_out = *text.data == '-' ? INT64_MIN : INT64_MAX;
	return COFFER_OK;
}
