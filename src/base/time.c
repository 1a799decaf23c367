/*
 * Times as text: Postgres' proleptic Gregorian calendar from Julian day 0 (4714-11-24 BC) to the year 294276, in
 * DateStyle ISO. Integer arithmetic only; no zone, no clock, no locale.
 */
#include "base/time.h"

#include "base/float.h"

#include <string.h>
#include <strings.h>

#define DAY INT64_C(86400000000)
#define SECOND INT64_C(1000000)
#define TIME_MIN INT64_C(-211813488000000000)
#define TIME_END INT64_C(9223371331200000000)
#define FIRST_YEAR (-INT64_C(730119) * DAY) /* 0001-01-01 */
#define YEAR_10000 (INT64_C(2921940) * DAY)

enum {
	ERA_DAYS = 146097,         /* 400 years */
	EPOCH_DAYS = 730425,       /* 0000-03-01 to 2000-01-01 */
	YEAR_MAX = 5874897,        /* of a date; times end in 294276 */
	DATE_END_DAY = 2145031949, /* 5874898-01-01 */
	UNIX_EPOCH_DAY = -10957,
	FRACTION_DIGITS_MAX = 80,
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
	/* Divisions of 32 bits take half as long. */
	uint32_t in_era = (uint32_t)(from_march - era * ERA_DAYS);
	uint32_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	uint32_t in_year = in_era - (365 * year + year / 4 - year / 100);
	uint32_t month = (5 * in_year + 2) / 153;
	uint32_t day = in_year - (153 * month + 2) / 5 + 1;

	month = month < 10 ? month + 3 : month - 9;
	return (struct date){era * 400 + year + (month <= 2), (int)month, (int)day};
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

/* A number below 100 in two digits. */
static char *
put_two(char *out, unsigned number)
{
	static const char digits[] = "00010203040506070809101112131415161718192021222324"
				     "25262728293031323334353637383940414243444546474849"
				     "50515253545556575859606162636465666768697071727374"
				     "75767778798081828384858687888990919293949596979899";

	memcpy(out, digits + 2 * (size_t)number, 2);
	return out + 2;
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
put_fraction(char *out, unsigned fraction)
{
	if (!fraction)
		return out;
	*out++ = '.';
	out = put_two(out, fraction / 10000);
	out = put_two(out, fraction / 100 % 100);
	out = put_two(out, fraction % 100);
	while (out[-1] == '0')
		out--;
	return out;
}

static char *
put_time(char *out, int64_t in_day)
{
	unsigned second = (unsigned)(in_day / SECOND);

	out = put_two(out, second / 3600);
	*out++ = ':';
	out = put_two(out, second / 60 % 60);
	*out++ = ':';
	out = put_two(out, second % 60);
	return put_fraction(out, (unsigned)(in_day % SECOND));
}

static char *
put_date(char *out, struct date date)
{
	int64_t year = date.year > 0 ? date.year : 1 - date.year;

	if (year > 9999) {
		out = put(out, year, 5);
	} else {
		out = put_two(out, (unsigned)year / 100);
		out = put_two(out, (unsigned)year % 100);
	}
	*out++ = '-';
	out = put_two(out, (unsigned)date.month);
	*out++ = '-';
	return put_two(out, (unsigned)date.day);
}

size_t
coffer_time_print(int64_t time, bool zone, char out[COFFER_SCALAR_TEXT_SIZE])
{
	bool is_before = time % DAY < 0;
	int64_t in_day = time % DAY + (is_before ? DAY : 0);
	struct date date;
	char *end;

	if (time == INT64_MIN || time == INT64_MAX) {
		end = put_word(out, time < 0 ? "-infinity" : "infinity");
	} else {
		date = date_of(time / DAY - is_before);
		end = put_date(out, date);
		*end++ = ' ';
		end = put_time(end, in_day);
		if (zone)
			end = put_word(end, "+00");
		if (date.year <= 0)
			end = put_word(end, " BC");
	}
	*end = '\0';
	return (size_t)(end - out);
}

/* Times of the years 1 to 9999 have the time of day at one place. */
size_t
coffer_time_print_near(int64_t last, int64_t time, bool zone, char out[COFFER_SCALAR_TEXT_SIZE])
{
	enum { DATE_SIZE = sizeof("0001-01-01 ") - 1 };
	int64_t in_day = last % DAY + (last % DAY < 0 ? DAY : 0), start;
	char *end;

	if (last < FIRST_YEAR || last >= YEAR_10000)
		return coffer_time_print(time, zone, out);
	start = last - in_day;
	if (time < start || (uint64_t)time - (uint64_t)start >= DAY)
		return coffer_time_print(time, zone, out);
	end = put_time(out + DATE_SIZE, time - start);
	if (zone)
		end = put_word(end, "+00");
	*end = '\0';
	return (size_t)(end - out);
}

/* ------------------------------------------------------------------ parsing */

/*
 *   text := blanks (special | date [("T" | blanks) clock] [zone] [era]) blanks
 *   clock := H:M[:S[.fraction]]   zone := "Z" | "UTC" | ... | ("+" | "-") H[[:]M[[:]S]]
 *
 * What is left of a text; `is_wrong` stays once it is set.
 */
struct scanner {
	const char *at, *end;
	bool is_wrong;
};

static const char not_a_time[] = "not a time such as 2024-11-05 10:20:30.123";
static const char by_the_clock[] = "a time by the clock is not taken";
static const char unknown_zone[] = "a zone by its name is not taken, only an offset such as +05:30";
static const char out_of_range[] = "out of the range of dates and times";

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* True where there was a blank. */
static bool
skip_blanks(struct scanner *scanner)
{
	const char *from = scanner->at;

	while (scanner->at < scanner->end && is_blank(*scanner->at))
		scanner->at++;
	return scanner->at > from;
}

static bool
is_letter(const struct scanner *scanner)
{
	return scanner->at < scanner->end && (*scanner->at | 0x20) >= 'a' &&
	       (*scanner->at | 0x20) <= 'z';
}

/* Pass over a whole word in any case. */
static bool
skip_word(struct scanner *scanner, const char *word)
{
	struct scanner after = {.at = scanner->at, .end = scanner->end};
	size_t size = strlen(word);

	if ((size_t)(scanner->end - scanner->at) < size ||
	    strncasecmp(scanner->at, word, size) != 0)
		return false;
	after.at += size;
	if (is_letter(&after))
		return false;
	scanner->at = after.at;
	return true;
}

static bool
skip_any(struct scanner *scanner, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (skip_word(scanner, words[i]))
			return true;
	return false;
}

static bool
skip_byte(struct scanner *scanner, char byte)
{
	if (scanner->at == scanner->end || *scanner->at != byte)
		return false;
	scanner->at++;
	return true;
}

static void
need(struct scanner *scanner, char byte)
{
	if (!skip_byte(scanner, byte))
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

/*
 * The digits behind a point as microseconds. More than six are rounded as Postgres rounds them: through a double,
 * halfway to the even one. Digits that no double between 5e-7 and 1 can tell apart count as one.
 */
static int64_t
round_fraction(const char *digits, size_t count)
{
	char text[1 + FRACTION_DIGITS_MAX + 2] = {'.'};
	size_t kept = count < FRACTION_DIGITS_MAX ? count : FRACTION_DIGITS_MAX;
	double scaled, rest;
	int64_t whole;

	memcpy(text + 1, digits, kept);
	while (count > kept && digits[count - 1] == '0')
		count--;
	if (count > kept)
		text[1 + kept] = '1';
	scaled = coffer_strtod(text, NULL) * 1e6;
	whole = (int64_t)scaled;
	rest = scaled - (double)whole;
	return whole + (rest > 0.5 || (rest == 0.5 && whole % 2));
}

static int64_t
fraction(struct scanner *scanner)
{
	const char *digits = scanner->at;
	int64_t value = 0;

	while (is_digit(scanner))
		scanner->at++;
	if (scanner->at == digits)
		scanner->is_wrong = true;
	if (scanner->at - digits > 6)
		return round_fraction(digits, (size_t)(scanner->at - digits));
	for (int i = 0; i < 6; i++)
		value = value * 10 + (digits + i < scanner->at ? digits[i] - '0' : 0);
	return value;
}

static int64_t
time_of_day(struct scanner *scanner)
{
	int64_t time = number(scanner, 1, 2, 0, 24) * INT64_C(3600);

	need(scanner, ':');
	time = (time + number(scanner, 1, 2, 0, 59) * 60) * SECOND;
	if (skip_byte(scanner, ':')) {
		time += number(scanner, 1, 2, 0, 60) * SECOND;
		if (skip_byte(scanner, '.'))
			time += fraction(scanner);
	}
	if (time > DAY)
		scanner->is_wrong = true;
	return time;
}

static struct date
date(struct scanner *scanner)
{
	struct date date;

	date.year = number(scanner, 3, 7, 1, YEAR_MAX);
	need(scanner, '-');
	date.month = number(scanner, 1, 2, 1, 12);
	need(scanner, '-');
	date.day = number(scanner, 1, 2, 1, 31);
	return date;
}

/* Behind the sign: hours, "0530", or parts with colons between; up to 15:59:59. */
static int32_t
offset(struct scanner *scanner)
{
	const char *digits = scanner->at;
	int hours = number(scanner, 1, 4, 0, 1559), minutes = 0, seconds = 0;

	if (scanner->at - digits > 2) {
		minutes = hours % 100;
		hours /= 100;
	} else if (skip_byte(scanner, ':')) {
		minutes = number(scanner, 1, 2, 0, 59);
		if (skip_byte(scanner, ':'))
			seconds = number(scanner, 1, 2, 0, 59);
	}
	if (hours > 15 || minutes > 59)
		scanner->is_wrong = true;
	return hours * 3600 + minutes * 60 + seconds;
}

/* An offset to the west would read like a fourth part of a date alone. */
static void
zone(struct scanner *scanner, bool has_clock, struct coffer_moment *moment)
{
	static const char *const words[] = {"Z", "UTC", "GMT", "UT", "Zulu"};

	if (skip_any(scanner, words, sizeof(words) / sizeof(*words)))
		return;
	if (skip_byte(scanner, '+'))
		moment->offset = offset(scanner);
	else if (has_clock && skip_byte(scanner, '-'))
		moment->offset = -offset(scanner);
}

static const char *
read_finite(struct scanner *scanner, struct coffer_moment *moment)
{
	struct date day = date(scanner);
	bool has_blanks = skip_blanks(scanner), has_clock;

	has_clock = skip_byte(scanner, 'T') || skip_byte(scanner, 't') ||
		    (has_blanks && is_digit(scanner));
	if (has_clock) {
		(void)skip_blanks(scanner);
		moment->in_day = time_of_day(scanner);
		(void)skip_blanks(scanner);
	}
	zone(scanner, has_clock, moment);
	(void)skip_blanks(scanner);
	if (skip_word(scanner, "BC"))
		day.year = 1 - day.year;
	else
		(void)skip_word(scanner, "AD");
	(void)skip_blanks(scanner);
	if (!scanner->is_wrong && is_letter(scanner))
		return unknown_zone;
	if (scanner->is_wrong || scanner->at < scanner->end)
		return not_a_time;
	if (day.day > month_days(day.year, day.month))
		return out_of_range;
	moment->day = days_of(day);
	return NULL;
}

static bool
read_special(struct scanner *scanner, struct coffer_moment *moment)
{
	bool is_negative = skip_byte(scanner, '-');

	if (is_negative)
		(void)skip_blanks(scanner);
	if (skip_word(scanner, "infinity"))
		moment->infinity = is_negative ? -1 : 1;
	else if (!is_negative && skip_word(scanner, "epoch"))
		moment->day = UNIX_EPOCH_DAY;
	else
		return false;
	(void)skip_blanks(scanner);
	return scanner->at == scanner->end;
}

/* Two digits; 100 or more where one of them is none. */
static inline unsigned
two_digits(const char *at)
{
	unsigned tens = (unsigned char)at[0] - (unsigned)'0', ones = (unsigned char)at[1] - (unsigned)'0';

	return tens < 10 && ones < 10 ? 10 * tens + ones : 100;
}

/* The fraction of a second that a text ends with, point and all; -1 where it is none of up to six digits. */
static int
usual_fraction(const char *at, size_t size)
{
	int fraction = 0;

	if (size && (*at != '.' || size < 2 || size > 7))
		return -1;
	for (size_t i = 1; size && i < 7; i++) {
		unsigned digit = i < size ? (unsigned char)at[i] - (unsigned)'0' : 0;

		if (digit > 9)
			return -1;
		fraction = 10 * fraction + (int)digit;
	}
	return fraction;
}

/* The one form in which a server prints nearly every time, "2024-11-05 10:20:30.123": false where it is another, or wrong. */
static bool
read_usual(coffer_text text, struct coffer_moment *moment)
{
	static const char like[] = "0000-00-00 00:00:00";
	const char *at = text.data;
	unsigned century, year, month, day, hour, minute, second;
	int fraction;

	if (text.size < sizeof(like) - 1 || at[4] != '-' || at[7] != '-' || at[10] != ' ' ||
	    at[13] != ':' || at[16] != ':')
		return false;
	century = two_digits(at);
	year = two_digits(at + 2);
	month = two_digits(at + 5);
	day = two_digits(at + 8);
	hour = two_digits(at + 11);
	minute = two_digits(at + 14);
	second = two_digits(at + 17);
	fraction = usual_fraction(at + sizeof(like) - 1, text.size - (sizeof(like) - 1));
	if (century > 99 || year > 99 || !(century + year) || month < 1 || month > 12 || hour > 23 ||
	    minute > 59 || second > 59 || fraction < 0)
		return false;
	year += 100 * century;
	if (day < 1 || day > (unsigned)month_days(year, (int)month))
		return false;
	moment->day = days_of((struct date){year, (int)month, (int)day});
	moment->in_day = (int64_t)(hour * 3600 + minute * 60 + second) * SECOND + fraction;
	return true;
}

const char *
coffer_moment_read(coffer_text text, struct coffer_moment *moment_out)
{
	static const char *const clock[] = {"now", "today", "tomorrow", "yesterday"};
	struct scanner scanner = {.at = text.data, .end = text.data + text.size};
	struct coffer_moment moment = {0};
	const char *fault = NULL;

	*moment_out = moment;
	if (!text.size)
		return not_a_time;
	if (read_usual(text, moment_out))
		return NULL;
	(void)skip_blanks(&scanner);
	if (is_digit(&scanner))
		fault = read_finite(&scanner, &moment);
	else if (skip_any(&scanner, clock, sizeof(clock) / sizeof(*clock)))
		fault = by_the_clock;
	else if (!read_special(&scanner, &moment))
		fault = not_a_time;
	if (!fault)
		*moment_out = moment;
	return fault;
}

const char *
coffer_moment_time(const struct coffer_moment *moment, bool zone, int64_t *time_out)
{
	int64_t time;

	*time_out = moment->infinity < 0 ? INT64_MIN : INT64_MAX;
	if (moment->infinity)
		return NULL;
	*time_out = 0;
	if (moment->day < TIME_MIN / DAY - 1 || moment->day > TIME_END / DAY)
		return out_of_range;
	time = moment->day * DAY + moment->in_day;
	if (zone)
		time -= moment->offset * SECOND;
	if (time < TIME_MIN || time >= TIME_END)
		return out_of_range;
	*time_out = time;
	return NULL;
}

const char *
coffer_moment_date(const struct coffer_moment *moment, char out[COFFER_SCALAR_TEXT_SIZE])
{
	struct date date = date_of(moment->day);
	char *end;

	if (moment->infinity) {
		end = put_word(out, moment->infinity < 0 ? "-infinity" : "infinity");
	} else if (moment->day < TIME_MIN / DAY || moment->day >= DATE_END_DAY) {
		return out_of_range;
	} else {
		end = put_date(out, date);
		if (date.year <= 0)
			end = put_word(end, " BC");
	}
	*end = '\0';
	return NULL;
}

coffer_status
coffer_time_parse(coffer_text text, int64_t *time_out)
{
	struct coffer_moment moment;
	const char *fault = coffer_moment_read(text, &moment);

	*time_out = 0;
	if (!fault)
		fault = coffer_moment_time(&moment, true, time_out);
	return fault ? COFFER_INVALID : COFFER_OK;
}
