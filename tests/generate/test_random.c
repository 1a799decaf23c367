/*
 * The counter-based generator, Zipf's law in integers, the writers of text and the calendar.
 */
#include "generate/calendar.h"
#include "generate/random.h"
#include "generate/text.h"
#include "tests/generate/jsonb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

/* Pinned: another value here makes other files of the same seed. */
static void
draws_are_a_function_of_their_name(void **state)
{
	struct coffer_random random = coffer_random_open(1, 2, 3), other;
	uint64_t first = coffer_random_bits(&random), second = coffer_random_bits(&random);

	(void)state;
	other = coffer_random_open(1, 2, 3);
	assert_int_equal(coffer_random_bits(&other), first);
	assert_int_equal(coffer_random_bits(&other), second);
	other = coffer_random_open(1, 2, 4);
	assert_int_not_equal(coffer_random_bits(&other), first);
	other = coffer_random_open(1, 3, 3);
	assert_int_not_equal(coffer_random_bits(&other), first);
	other = coffer_random_open(2, 2, 3);
	assert_int_not_equal(coffer_random_bits(&other), first);
	assert_int_equal(coffer_random_mix(0), 0);
	assert_int_equal(coffer_random_mix(1), UINT64_C(0x95d607b784b99510));
	assert_int_equal(first, UINT64_C(0x1ac040695e22814f));
}

static void
every_input_bit_moves_half_of_the_output(void **state)
{
	unsigned bit, flips;
	uint64_t i;

	(void)state;
	for (bit = 0; bit < 64; bit++) {
		flips = 0;
		for (i = 1; i <= 1000; i++)
			flips += (unsigned)__builtin_popcountll(
				coffer_random_mix(i * UINT64_C(0x9e3779b97f4a7c15)) ^
				coffer_random_mix((i * UINT64_C(0x9e3779b97f4a7c15)) ^
						  UINT64_C(1) << bit));
		assert_in_range(flips, 28000, 36000);
	}
}

static void
numbers_stay_in_their_range(void **state)
{
	struct coffer_random random = coffer_random_open(9, 9, 9);
	unsigned i, small = 0, counts[10] = {0};
	uint32_t number;

	(void)state;
	for (i = 0; i < 100000; i++) {
		number = coffer_random_below(&random, 10);
		assert_in_range(number, 0, 9);
		counts[number]++;
		number = coffer_random_skewed(&random, 10, 4000);
		assert_in_range(number, 10, 3999);
		small += number < 200;
		assert_in_range(coffer_random_skewed(&random, 1000, 4000000000u), 1000,
				3999999999u);
	}
	for (i = 0; i < 10; i++)
		assert_in_range(counts[i], 9500, 10500);
	assert_in_range(small, 45000, 55000);
	assert_int_equal(coffer_random_below(&random, 0), 0);
	assert_int_equal(coffer_random_below(&random, 1), 0);
	assert_int_equal(coffer_random_skewed(&random, 1, 2), 1);
}

static void
zipf_gives_the_first_ranks_their_share(void **state)
{
	static const struct {
		uint32_t count;
		int roots;
		uint32_t first_low, first_high, ten_low, ten_high; /* of 100,000 draws */
	} cases[] = {
		{1, 2, 100000, 100000, 100000, 100000},
		{10, 2, 41000, 44000, 100000, 100000},
		{4000, 2, 24000, 26000, 57000, 60000}, /* 1 / sum of i^-1.25 = 0.249; ten: 0.585 */
		{50000, 3, 14500, 17500, 40000, 45000},
	};
	struct coffer_random random = coffer_random_open(1, 1, 1);
	struct coffer_zipf zipf;
	uint32_t first, ten, i, rank;
	size_t at;

	(void)state;
	for (at = 0; at < sizeof cases / sizeof *cases; at++) {
		assert_true(coffer_zipf_init(&zipf, cases[at].count, cases[at].roots));
		for (i = 0, first = 0, ten = 0; i < 100000; i++) {
			rank = coffer_zipf_draw(&zipf, &random);
			assert_true(rank < cases[at].count);
			first += rank == 0;
			ten += rank < 10;
		}
		assert_in_range(first, cases[at].first_low, cases[at].first_high);
		assert_in_range(ten, cases[at].ten_low, cases[at].ten_high);
		coffer_zipf_release(&zipf);
	}
	assert_true(coffer_zipf_init(&zipf, 0, 2));
	coffer_zipf_release(&zipf);
}

/* ------------------------------------------------------------------ text */

static void
numbers_are_written(void **state)
{
	static const struct {
		uint64_t number;
		unsigned scale;
		const char *decimal, *fixed, *fraction;
	} cases[] = {
		{0, 0, "0", "0", "0"},
		{0, 3, "0", "0.000", "0"},
		{7, 1, "7", "0.7", "0.7"},
		{1250, 3, "1250", "1.250", "1.25"},
		{7000, 3, "7000", "7.000", "7"},
		{700, 0, "700", "700", "700"},
		{25, 7, "25", "0.0000025", "0.0000025"},
		{UINT64_MAX, 0, "18446744073709551615", "18446744073709551615",
		 "18446744073709551615"},
		{UINT64_MAX, 10, "18446744073709551615", "1844674407.3709551615",
		 "1844674407.3709551615"},
	};
	char bytes[64];
	size_t at;

	(void)state;
	for (at = 0; at < sizeof cases / sizeof *cases; at++) {
		struct coffer_pen pen = {bytes, bytes, bytes + sizeof bytes};

		coffer_pen_decimal(&pen, cases[at].number);
		*pen.at = '\0';
		assert_string_equal(bytes, cases[at].decimal);
		pen.at = bytes;
		coffer_pen_fixed(&pen, cases[at].number, cases[at].scale);
		*pen.at = '\0';
		assert_string_equal(bytes, cases[at].fixed);
		pen.at = bytes;
		coffer_pen_fraction(&pen, cases[at].number, cases[at].scale);
		*pen.at = '\0';
		assert_string_equal(bytes, cases[at].fraction);
	}
}

/* As a jsonb prints them: by their shortest digits, and never with an exponent. */
static void
doubles_are_written_without_exponent(void **state)
{
	static const struct {
		double real;
		const char *text;
	} cases[] = {
		{0.0, "0"},
		{1.5, "1.5"},
		{-12.25, "-12.25"},
		{0.00022500000000000002, "0.00022500000000000002"},
		{2.25e-05, "0.0000225"},
		{-1e-07, "-0.0000001"},
		{3e-12, "0.000000000003"},
		{8.750000000000001e-06, "0.000008750000000000001"},
	};
	char bytes[64];
	size_t at;

	(void)state;
	for (at = 0; at < sizeof cases / sizeof *cases; at++) {
		struct coffer_pen pen = {bytes, bytes, bytes + sizeof bytes};

		coffer_pen_real(&pen, cases[at].real);
		*pen.at = '\0';
		assert_string_equal(bytes, cases[at].text);
	}
}

static void
random_texts_have_their_shape(void **state)
{
	struct coffer_random random = coffer_random_open(5, 5, 5);
	char bytes[256];
	unsigned size;

	(void)state;
	for (size = 0; size < 70; size++) {
		struct coffer_pen pen = {bytes, bytes, bytes + sizeof bytes};

		coffer_pen_random_hex(&pen, &random, size);
		assert_int_equal(pen.at - bytes, size);
		*pen.at = '\0';
		assert_int_equal(strspn(bytes, "0123456789abcdef"), size);
		pen.at = bytes;
		coffer_pen_letters(&pen, &random, size);
		assert_int_equal(pen.at - bytes, size);
		pen.at = bytes;
		coffer_pen_base64(&pen, &random, size);
		assert_int_equal(pen.at - bytes, (size + 2) / 3 * 4);
		*pen.at = '\0';
		assert_int_equal(strlen(bytes) - strcspn(bytes, "="), (3 - size % 3) % 3);
		pen.at = bytes;
		coffer_pen_uuid(&pen, &random);
		assert_int_equal(pen.at - bytes, 36);
		assert_true(bytes[14] == '4' && strchr("89ab", bytes[19]));
	}
}

static void
json_is_written_in_normal_form(void **state)
{
	static const char *const refused[] = {
		"",
		"{",
		"{\"a\":1}",
		"{\"a\": 1,\"b\": 2}",
		"{\"b\": 1, \"a\": 2}",
		"{\"aa\": 1, \"b\": 2}",
		"{\"a\": 1, \"a\": 2}",
		"01",
		"1e5",
		"[1,2]",
		"[1, ]",
		"nul",
		"\"\\u000a\"",
		"\"\n\"",
		"{} ",
	};
	char bytes[256];
	struct coffer_pen pen = {bytes, bytes, bytes + sizeof bytes};
	size_t at;

	(void)state;
	coffer_pen_text(&pen, "{");
	coffer_pen_member(&pen, "a");
	coffer_pen_json_bytes(&pen, "\"\\\b\f\n\r\t\x01\x1f/é", 12);
	coffer_pen_member(&pen, "bb");
	coffer_pen_text(&pen, "[");
	coffer_pen_element(&pen);
	coffer_pen_text(&pen, "1.50");
	coffer_pen_element(&pen);
	coffer_pen_json_text(&pen, "");
	coffer_pen_text(&pen, "]}");
	*pen.at = '\0';
	assert_string_equal(
		bytes,
		"{\"a\": \"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f/é\", \"bb\": [1.50, \"\"]}");
	assert_true(jsonb_is_normal((coffer_text){bytes, strlen(bytes)}));
	for (at = 0; at < sizeof refused / sizeof *refused; at++)
		assert_false(jsonb_is_normal((coffer_text){refused[at], strlen(refused[at])}));
}

/* ------------------------------------------------------------------ calendar */

static void
times_ascend_within_the_ninety_days(void **state)
{
	static const uint32_t counts[] = {1, 2, 1000, UINT32_MAX};
	struct coffer_calendar calendar;
	int64_t time, before;
	uint32_t i, step, number;
	size_t at;

	(void)state;
	assert_true(coffer_calendar_init(&calendar, 3));
	for (at = 0; at < sizeof counts / sizeof *counts; at++) {
		before = COFFER_CALENDAR_FROM;
		step = counts[at] < 1000 ? 1 : counts[at] / 1000;
		for (i = 0; i < counts[at] / step; i++) {
			number = i * step;
			time = coffer_calendar_time(&calendar, number, counts[at],
						    i % 2 ? UINT32_MAX : 0);
			assert_true(time >= before && time < COFFER_CALENDAR_TO);
			before = time;
		}
		time = coffer_calendar_time(&calendar, counts[at] - 1, counts[at], UINT32_MAX);
		assert_true(time >= before && time < COFFER_CALENDAR_TO);
	}
	coffer_calendar_release(&calendar);
}

static void
office_hours_are_busy_and_sundays_are_not(void **state)
{
	struct coffer_calendar calendar;
	uint32_t i, noon = 0, night = 0, sunday = 0;
	int64_t time, day;

	(void)state;
	assert_true(coffer_calendar_init(&calendar, 3));
	for (i = 0; i < 100000; i++) {
		time = coffer_calendar_time(&calendar, i, 100000, 0);
		day = time / COFFER_DAY_MS;
		noon += time % COFFER_DAY_MS / 3600000 == 9;
		night += time % COFFER_DAY_MS / 3600000 == 3;
		sunday += (day + 5) % 7 == 6;
	}
	assert_in_range(noon, 6000, 10500);
	assert_in_range(night, 200, 900);
	assert_in_range(sunday, 2500, 6000);
	coffer_calendar_release(&calendar);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(draws_are_a_function_of_their_name),
		cmocka_unit_test(every_input_bit_moves_half_of_the_output),
		cmocka_unit_test(numbers_stay_in_their_range),
		cmocka_unit_test(zipf_gives_the_first_ranks_their_share),
		cmocka_unit_test(numbers_are_written),
		cmocka_unit_test(doubles_are_written_without_exponent),
		cmocka_unit_test(random_texts_have_their_shape),
		cmocka_unit_test(json_is_written_in_normal_form),
		cmocka_unit_test(times_ascend_within_the_ninety_days),
		cmocka_unit_test(office_hours_are_busy_and_sundays_are_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
