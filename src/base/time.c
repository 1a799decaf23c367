/*
 * Times as Postgres prints and reads them in DateStyle ISO: proleptic Gregorian, microseconds since
 * 2000-01-01, from 4714-11-24 BC (Julian day 0) to 294276-12-31. The year before 1 is 1 BC.
 */
#include "coffer.h"

#include <string.h>

#define SECOND INT64_C(1000000)
#define DAY (INT64_C(86400) * SECOND)
#define TIME_MIN INT64_C(-211813488000000000)
#define TIME_END INT64_C(9223371331200000000)

enum {
	DAYS_IN_ERA = 146097, /* of 400 years */
	EPOCH_DAYS = 730425,  /* from 0000-03-01 to 2000-01-01 */
	YEAR_MAX = 294277,
	ZONE_HOURS_MAX = 15,
};

struct date {
	int64_t year; /* 0 is 1 BC */
	int64_t month, day;
};

static int64_t
floor_divide(int64_t value, int64_t by)
{
	return value / by - (value % by < 0);
}

/* Years are counted from March, so that the leap day is a year's last. */
static struct date
date_of_days(int64_t days)
{
	int64_t from_zero = days + EPOCH_DAYS;
	int64_t era = floor_divide(from_zero, DAYS_IN_ERA);
	int64_t in_era = from_zero - era * DAYS_IN_ERA;
	int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / (DAYS_IN_ERA - 1)) / 365;
	int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * in_year + 2) / 153;

	return (struct date){
		.year = era * 400 + year + (month >= 10),
		.month = month < 10 ? month + 3 : month - 9,
		.day = in_year - (153 * month + 2) / 5 + 1,
	};
}

static int64_t
days_of_date(struct date date)
{
	int64_t year = date.year - (date.month <= 2);
	int64_t era = floor_divide(year, 400), in_era = year - era * 400;
	int64_t month = date.month > 2 ? date.month - 3 : date.month + 9;
	int64_t in_year = (153 * month + 2) / 5 + date.day - 1;

	return era * DAYS_IN_ERA + in_era * 365 + in_era / 4 - in_era / 100 + in_year - EPOCH_DAYS;
}

/* ------------------------------------------------------------------ printing */

/* At least `width` digits. */
static char *
put_number(char *out, int64_t value, int width)
{
	int64_t limit = 10;
	int digits = 1;

	for (; digits < width || value >= limit; digits++)
		limit *= 10;
	for (int i = digits; i-- > 0; value /= 10)
		out[i] = (char)('0' + value % 10);
	return out + digits;
}

static char *
put_part(char *out, char before, int64_t value)
{
	*out = before;
	return put_number(out + 1, value, 2);
}

/* The fraction of a second, its trailing zeros dropped. */
static char *
put_fraction(char *out, int64_t micros)
{
	if (!micros)
		return out;
	*out = '.';
	out = put_number(out + 1, micros, 6);
	while (out[-1] == '0')
		out--;
	return out;
}

static char *
put_text(char *out, const char *text)
{
	size_t size = strlen(text);

	memcpy(out, text, size);
	return out + size;
}

static char *
put_time(char *out, int64_t time, bool zone)
{
	int64_t days = floor_divide(time, DAY), rest = time - days * DAY;
	struct date date = date_of_days(days);

	out = put_number(out, date.year > 0 ? date.year : 1 - date.year, 4);
	out = put_part(out, '-', date.month);
	out = put_part(out, '-', date.day);
	out = put_part(out, ' ', rest / (3600 * SECOND));
	out = put_part(out, ':', rest / (60 * SECOND) % 60);
	out = put_part(out, ':', rest / SECOND % 60);
	out = put_fraction(out, rest % SECOND);
	if (zone)
		out = put_text(out, "+00");
	return date.year > 0 ? out : put_text(out, " BC");
}

size_t
coffer_time_print(int64_t time, bool zone, char out[COFFER_SCALAR_TEXT_SIZE])
{
	char *end;

	if (time == INT64_MAX)
		end = put_text(out, "infinity");
	else if (time == INT64_MIN)
		end = put_text(out, "-infinity");
	else
		end = put_time(out, time, zone);
	*end = '\0';
	return (size_t)(end - out);
}

/* ------------------------------------------------------------------ parsing */

/* What is left of the text; a failure sticks. */
struct scanner {
	const char *at, *end;
	bool is_failed;
};

static bool
take(struct scanner *scanner, char wanted)
{
	if (scanner->at == scanner->end || *scanner->at != wanted)
		return false;
	scanner->at++;
	return true;
}

static bool
take_text(struct scanner *scanner, const char *wanted)
{
	size_t size = strlen(wanted);

	if ((size_t)(scanner->end - scanner->at) < size || memcmp(scanner->at, wanted, size))
		return false;
	scanner->at += size;
	return true;
}

static void
require(struct scanner *scanner, char wanted)
{
	if (!take(scanner, wanted))
		scanner->is_failed = true;
}

/* Between `digits_min` and `digits_max` digits; counts them in `digits_out` where that is not NULL. */
static int64_t
number(struct scanner *scanner, int digits_min, int digits_max, int *digits_out)
{
	int64_t value = 0;
	int digits = 0;

	while (digits < digits_max && scanner->at < scanner->end && *scanner->at >= '0' &&
	       *scanner->at <= '9') {
		value = value * 10 + (*scanner->at++ - '0');
		digits++;
	}
	if (digits < digits_min)
		scanner->is_failed = true;
	if (digits_out)
		*digits_out = digits;
	return value;
}

static int64_t
days_in_month(struct date date)
{
	struct date next = {date.year + (date.month == 12), date.month % 12 + 1, 1};

	date.day = 1;
	return days_of_date(next) - days_of_date(date);
}

static struct date
scan_date(struct scanner *scanner)
{
	struct date date;

	date.year = number(scanner, 4, 6, NULL);
	require(scanner, '-');
	date.month = number(scanner, 2, 2, NULL);
	require(scanner, '-');
	date.day = number(scanner, 2, 2, NULL);
	if (date.year < 1 || date.year > YEAR_MAX || date.month < 1 || date.month > 12)
		scanner->is_failed = true;
	return date;
}

static int64_t
scan_fraction(struct scanner *scanner)
{
	int64_t micros;
	int digits;

	if (!take(scanner, '.'))
		return 0;
	micros = number(scanner, 1, 6, &digits);
	for (; digits < 6; digits++)
		micros *= 10;
	return micros;
}

/* The time of day; nothing is midnight. */
static int64_t
scan_clock(struct scanner *scanner)
{
	int64_t hours, minutes, seconds = 0, micros = 0;

	if (!take(scanner, 'T') && !(scanner->end - scanner->at > 1 && scanner->at[1] != 'B' &&
				     take(scanner, ' ')))
		return 0;
	hours = number(scanner, 2, 2, NULL);
	require(scanner, ':');
	minutes = number(scanner, 2, 2, NULL);
	if (take(scanner, ':')) {
		seconds = number(scanner, 2, 2, NULL);
		micros = scan_fraction(scanner);
	}
	if (hours > 23 || minutes > 59 || seconds > 59)
		scanner->is_failed = true;
	return ((hours * 60 + minutes) * 60 + seconds) * SECOND + micros;
}

/* The offset from UTC: "Z", "+00", "-03:30", "+0530"; nothing is none. */
static int64_t
scan_zone(struct scanner *scanner)
{
	int64_t hours, minutes = 0;
	bool is_east = take(scanner, '+');

	if (!is_east && !take(scanner, '-')) {
		(void)take(scanner, 'Z');
		return 0;
	}
	hours = number(scanner, 2, 2, NULL);
	if (take(scanner, ':') ||
	    (scanner->at < scanner->end && *scanner->at >= '0' && *scanner->at <= '9'))
		minutes = number(scanner, 2, 2, NULL);
	if (hours > ZONE_HOURS_MAX || minutes > 59)
		scanner->is_failed = true;
	return (is_east ? 1 : -1) * (hours * 60 + minutes) * 60 * SECOND;
}

static coffer_status
scan_time(struct scanner *scanner, int64_t *time_out)
{
	struct date date = scan_date(scanner);
	int64_t clock = scan_clock(scanner), zone = scan_zone(scanner), time;

	if (take_text(scanner, " BC"))
		date.year = 1 - date.year;
	if (scanner->is_failed || scanner->at != scanner->end || date.day < 1 ||
	    date.day > days_in_month(date))
		return COFFER_INVALID;
	/* Beyond the last day the product might not fit. */
	if (days_of_date(date) > TIME_END / DAY)
		return COFFER_INVALID;
	time = days_of_date(date) * DAY + clock - zone;
	if (time < TIME_MIN || time >= TIME_END)
		return COFFER_INVALID;
	*time_out = time;
	return COFFER_OK;
}

coffer_status
coffer_time_parse(coffer_text text, int64_t *time_out)
{
	struct scanner scanner = {text.data, text.data + text.size, false};

	*time_out = 0;
	if (take_text(&scanner, "infinity") && scanner.at == scanner.end) {
		*time_out = INT64_MAX;
		return COFFER_OK;
	}
	scanner.at = text.data;
	if (take_text(&scanner, "-infinity") && scanner.at == scanner.end) {
		*time_out = INT64_MIN;
		return COFFER_OK;
	}
	scanner.at = text.data;
	return scan_time(&scanner, time_out);
}
