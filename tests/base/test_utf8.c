/*
 * UTF-8: every code point, every pair of bytes, and the eight bytes at a time (single cases stand in
 * format/vectors/text.txt).
 */
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static size_t
encode(uint32_t point, char out[4])
{
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		out[0] = (char)(0xc0 | point >> 6);
		out[1] = (char)(0x80 | (point & 0x3f));
		return 2;
	}
	if (point < 0x10000) {
		out[0] = (char)(0xe0 | point >> 12);
		out[1] = (char)(0x80 | (point >> 6 & 0x3f));
		out[2] = (char)(0x80 | (point & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | point >> 18);
	out[1] = (char)(0x80 | (point >> 12 & 0x3f));
	out[2] = (char)(0x80 | (point >> 6 & 0x3f));
	out[3] = (char)(0x80 | (point & 0x3f));
	return 4;
}

static void
test_takes_every_code_point_but_nul_and_surrogates(void **state)
{
	char text[4];

	(void)state;
	for (uint32_t point = 0; point < 0x120000; point++) {
		size_t size = encode(point, text);
		bool is_valid = point && (point < 0xd800 || point > 0xdfff) && point <= 0x10ffff;

		assert_int_equal(coffer_utf8_is_valid(text, size), is_valid);
		for (size_t cut = 1; cut < size; cut++)
			assert_false(coffer_utf8_is_valid(text, cut));
	}
}

static void
test_takes_two_bytes_only_as_a_character_or_ascii(void **state)
{
	(void)state;
	for (unsigned pair = 0; pair < 0x10000; pair++) {
		uint8_t first = (uint8_t)(pair >> 8), second = (uint8_t)pair;
		bool is_ascii = first && first < 0x80 && second && second < 0x80;
		bool is_character = first >= 0xc2 && first < 0xe0 && (second & 0xc0) == 0x80;
		char text[2] = {(char)first, (char)second};

		assert_int_equal(coffer_utf8_is_valid(text, 2), is_ascii || is_character);
	}
}

/* A bad byte at each place of a longer text, whatever the alignment. */
static void
test_sees_a_bad_byte_anywhere(void **state)
{
	static const uint8_t bad[] = {0x00, 0x80, 0xc0, 0xff};
	char text[40];

	(void)state;
	for (size_t start = 0; start < 8; start++) {
		for (size_t at = start; at < sizeof(text); at++) {
			for (size_t i = 0; i < sizeof(bad); i++) {
				memset(text, 'a', sizeof(text));
				assert_true(
					coffer_utf8_is_valid(text + start, sizeof(text) - start));
				text[at] = (char)bad[i];
				assert_false(
					coffer_utf8_is_valid(text + start, sizeof(text) - start));
			}
		}
	}
	assert_true(coffer_utf8_is_valid(NULL, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_takes_every_code_point_but_nul_and_surrogates),
		cmocka_unit_test(test_takes_two_bytes_only_as_a_character_or_ascii),
		cmocka_unit_test(test_sees_a_bad_byte_anywhere),
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
