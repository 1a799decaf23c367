/*
 * Times as text, as Postgres prints and takes them.
 */
#include "coffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define DAY INT64_C(86400000000)

/* Expected texts were printed by Postgres 15. */
static const struct {
	int64_t time;
	const char *text, *zoned;
} times[] = {
	{0, "2000-01-01 00:00:00", "2000-01-01 00:00:00+00"},
	{-1, "1999-12-31 23:59:59.999999", "1999-12-31 23:59:59.999999+00"},
	{120000, "2000-01-01 00:00:00.12", "2000-01-01 00:00:00.12+00"},
	{59 * DAY, "2000-02-29 00:00:00", "2000-02-29 00:00:00+00"},
	{-730426 * DAY, "0001-02-29 00:00:00 BC", "0001-02-29 00:00:00+00 BC"},
	{-730486 * DAY, "0002-12-31 00:00:00 BC", "0002-12-31 00:00:00+00 BC"},
	{784108977123000, "2024-11-05 08:02:57.123", "2024-11-05 08:02:57.123+00"},
	{INT64_C(-211813488000000000), "4714-11-24 00:00:00 BC", "4714-11-24 00:00:00+00 BC"},
	{INT64_C(9223371331199999999), "294276-12-31 23:59:59.999999",
	 "294276-12-31 23:59:59.999999+00"},
	{INT64_MAX, "infinity", "infinity"},
	{INT64_MIN, "-infinity", "-infinity"},
};

static coffer_status
parse(const char *text, int64_t *time)
{
	return coffer_time_parse((coffer_text){text, strlen(text)}, time);
}

static void
test_prints_as_postgres(void **state)
{
	char out[COFFER_SCALAR_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		assert_int_equal(coffer_time_print(times[i].time, false, out),
				 strlen(times[i].text));
		assert_string_equal(out, times[i].text);
		assert_int_equal(coffer_time_print(times[i].time, true, out),
				 strlen(times[i].zoned));
		assert_string_equal(out, times[i].zoned);
	}
}

/* Whatever was printed before, at the edges of its day and at those of the years of four digits. */
static void
test_prints_near_as_it_prints(void **state)
{
	static const int64_t days[] = {-2451545, -730120, -730119, -1, 0, 1, 9075, 2921939, 2921940};
	static const int64_t apart[] = {-DAY, -1, 0, 1, 59999999, DAY - 1, DAY, INT64_C(1) << 45};
	char out[COFFER_SCALAR_TEXT_SIZE], expected[COFFER_SCALAR_TEXT_SIZE];
	const size_t count = sizeof(days) / sizeof(*days) * sizeof(apart) / sizeof(*apart);

	(void)state;
	for (size_t i = 0; i < count * sizeof(apart) / sizeof(*apart); i++) {
		int64_t last = days[i / 64] * DAY + apart[i / 8 % 8], time = last + apart[i % 8];
		bool zone = i % 3 == 0;

		(void)coffer_time_print(last, zone, out);
		assert_int_equal(coffer_time_print_near(last, time, zone, out),
				 coffer_time_print(time, zone, expected));
		assert_string_equal(out, expected);
		(void)coffer_time_print_near(time, INT64_MAX, zone, out);
		assert_string_equal(out, "infinity");
		(void)coffer_time_print_near(INT64_MAX, INT64_MIN, zone, out);
		(void)coffer_time_print_near(INT64_MIN, time, zone, out);
		assert_string_equal(out, expected);
	}
}

static void
test_parses_what_it_prints(void **state)
{
	int64_t time;

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		assert_int_equal(parse(times[i].text, &time), COFFER_OK);
		assert_true(time == times[i].time);
		assert_int_equal(parse(times[i].zoned, &time), COFFER_OK);
		assert_true(time == times[i].time);
	}
}

/* Every day of the range's first and last centuries and of the years around 0 and now. */
static void
test_every_day_comes_back(void **state)
{
	static const int64_t from[] = {-2451545, -767000, -40000, 106700000};
	char out[COFFER_SCALAR_TEXT_SIZE];
	int64_t time;

	(void)state;
	for (size_t i = 0; i < sizeof(from) / sizeof(*from); i++) {
		for (int64_t day = from[i]; day < from[i] + 50000; day++) {
			size_t size = coffer_time_print(day * DAY + 1, false, out);

			assert_int_equal(coffer_time_parse((coffer_text){out, size}, &time),
					 COFFER_OK);
			assert_true(time == day * DAY + 1);
		}
	}
}

static void
test_takes_other_spellings(void **state)
{
	static const char *const texts[] = {
		"2024-11-05 08:02:57.123",   "2024-11-05T08:02:57.123",
		"2024-11-05T08:02:57.123Z",  "2024-11-05T08:02:57.123+00",
		"2024-11-05 08:02:57.12300", "2024-11-05T08:02:57.123+00:00",
		" 2024-11-5  8:2:57.123 ",   "2024-11-05t 08:02:57.123 z",
		"2024-11-05 13:32:57.123+0530", "2024-11-05 00:02:57.123 -8 AD",
		"2024-11-05 08:02:57.123 utc", "002024-11-05 08:02:57.123-00:00:00",
		"2024-11-05 08:02:57.1229995", "2024-11-05 08:02:57.12300049999999999999",
	};
	int64_t time;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		assert_int_equal(parse(texts[i], &time), COFFER_OK);
		assert_true(time == 784108977123000);
	}
	assert_int_equal(parse("2024-11-05", &time), COFFER_OK);
	assert_true(time == 784080000000000);
	assert_int_equal(parse("2024-11-04 24:00", &time), COFFER_OK);
	assert_true(time == 784080000000000);
	assert_int_equal(parse("2024-11-04 23:59:60", &time), COFFER_OK);
	assert_true(time == 784080000000000);
	assert_int_equal(parse("Epoch", &time), COFFER_OK);
	assert_true(time == -946684800000000);
	assert_int_equal(parse(" - INFINITY ", &time), COFFER_OK);
	assert_true(time == INT64_MIN);
}

static void
test_refuses_what_is_no_time(void **state)
{
	static const char *const texts[] = {
		"",
		"now",
		"2024",
		"2024-13-01",
		"2024-02-30",
		"2023-02-29",
		"1900-02-29",
		"2024-00-01",
		"2024-01-00",
		"0000-01-01",
		"24-01-01",
		"today",
		"2024-001-01",
		"2024-01-01 24:00:00.000001",
		"2024-01-01 00:60:00",
		"2024-01-01 00:00:61",
		"2024-01-01 23:59:60.5",
		"2024-01-01 00:00:00.",
		"2024-01-01 00",
		"2024-01-01T",
		"2024-01-01-08",
		"2024-01-01 00:00:00+",
		"2024-01-01 00:00:00+16",
		"2024-01-01 00:00:00+15:60",
		"2024-01-01 00:00:00+05300",
		"2024-01-01 00:00:00 Europe/Paris",
		"2024-01-01 00:00:00 ESTBC",
		"2024-01-01 00:00:00Z+00",
		"4714-11-23 00:00:00 BC",
		"4714-11-24 00:00:00+01 BC",
		"294277-01-01 00:00:00",
		"294276-12-31 23:59:59.9999995",
		"+infinity",
		"inf",
		"infinitys",
		"9999999-01-01",
	};
	int64_t time;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (parse(texts[i], &time) != COFFER_INVALID)
			fail_msg("\"%s\" was taken", texts[i]);
		assert_true(time == 0);
	}
}

/* A text that is not NUL-terminated is read to its end only. */
/* The usual form has a reader of its own, which a blank in front keeps away: both say the same of any text like it. */
static void
test_the_usual_form_is_read_as_any_other(void **state)
{
	static const char like[] = " 2024-02-28 23:59:59.999999", others[] = "0123456789:-. +Z\t";
	uint32_t random = 1, taken = 0;

	(void)state;
	for (int i = 0; i < 2000000; i++) {
		char text[sizeof(like)];
		int64_t usual, general;
		size_t size;
		coffer_status status;

		memcpy(text, like, sizeof(like));
		for (int change = 0; change < 3; change++) {
			random = random * 1664525 + 1013904223;
			text[1 + (random >> 8) % (sizeof(like) - 2)] =
				others[(random >> 20) % (random >> 30 ? 10 : sizeof(others) - 1)];
		}
		size = 17 + (random >> 12) % (sizeof(like) - 17);
		status = coffer_time_parse((coffer_text){text + 1, size - 1}, &usual);
		assert_int_equal(coffer_time_parse((coffer_text){text, size}, &general), status);
		assert_int_equal(usual, general);
		taken += !status;
	}
	assert_true(taken > 100000 && taken < 1900000);
}

static void
test_stops_at_the_end(void **state)
{
	int64_t time;

	(void)state;
	assert_int_equal(coffer_time_parse((coffer_text){"2024-11-05 08:02:57.123", 19}, &time),
			 COFFER_OK);
	assert_true(time == 784108977000000);
	assert_int_equal(coffer_time_parse((coffer_text){NULL, 0}, &time), COFFER_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prints_as_postgres),
		cmocka_unit_test(test_prints_near_as_it_prints),
		cmocka_unit_test(test_parses_what_it_prints),
		cmocka_unit_test(test_every_day_comes_back),
		cmocka_unit_test(test_takes_other_spellings),
		cmocka_unit_test(test_refuses_what_is_no_time),
		cmocka_unit_test(test_the_usual_form_is_read_as_any_other),
		cmocka_unit_test(test_stops_at_the_end),
	};

	return cmocka_run_group_tests_name("time", tests, NULL, NULL);
}
