/*
 * text[] in binary COPY: what the server sends becomes a packed value or its text form, and both
 * become the server's bytes again.
 */
#include "postgres/array.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static coffer_value
text_form(const char *text)
{
	coffer_value value = {.kind = COFFER_OTHER};

	value.text = (coffer_text){text, strlen(text)};
	return value;
}

static const coffer_column column = {.name = "a", .type = "text[]", .kind = COFFER_TEXT_ARRAY};

static size_t
from_hex(const char *hex, uint8_t *bytes)
{
	size_t size = 0;
	unsigned byte;

	for (; *hex; hex += 2, size++) {
		while (*hex == ' ')
			hex++;
		byte = (unsigned)strtoul((char[3]){hex[0], hex[1]}, NULL, 16);
		bytes[size] = (uint8_t)byte;
	}
	return size;
}

/* Every shape but one dimension from 1 keeps the text that array_out prints. */
static void
odd_shapes_keep_the_server_text_form(void **state)
{
	static const char *const texts[] = {
		"[2:3]={a,b}",
		"{{a,b},{c,NULL}}",
		"[0:0]={\"\"}",
		"[-1:0][5:6]={{a,b},{c,d}}",
		"[1:1][2:2]={{a}}",
		"[2:4]={\"null\",NULL,\"NULL\"}",
		"[2:2]={\"{a,b}\"}",
		"[0:3]={\"a b\",\"a\\\"b\",\"a\\\\b\",\"\t\n\v\f\r\"}",
		"{{{{{{x}}}}}}",
		"{{{1,2},{3,4}},{{5,6},{7,8}}}",
		"[2147483647:2147483647]={a}",
		"[-2147483648:-2147483647]={a,\xc3\xa9}",
	};
	struct coffer_array_scratch scratch = {0};
	coffer_buffer bytes = {0}, out = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		coffer_value value = text_form(texts[i]), decoded;

		bytes.size = 0;
		assert_null(coffer_array_encode(&value, &bytes));
		assert_null(coffer_array_decode((const uint8_t *)bytes.data, bytes.size, &scratch,
						&out, &decoded));
		assert_int_equal(decoded.kind, COFFER_OTHER);
		assert_int_equal(decoded.text.size, strlen(texts[i]));
		assert_memory_equal(decoded.text.data, texts[i], decoded.text.size);
	}
	coffer_array_scratch_release(&scratch);
	coffer_buffer_release(&bytes);
	coffer_buffer_release(&out);
}

/*
 * Text forms of plain shapes are read too: what comes back is packed and prints as the same text.
 */
static void
one_dimension_from_1_is_packed(void **state)
{
	static const char *const texts[] = {
		"{}", "{a}", "{NULL}", "{\"\"}", "{a,NULL,\"b c\",\"\\\"\"}", "{NULLS,nul}",
	};
	struct coffer_array_scratch scratch = {0};
	coffer_buffer bytes = {0}, again = {0}, out = {0}, text = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		coffer_value value = text_form(texts[i]), decoded;

		bytes.size = again.size = text.size = 0;
		assert_null(coffer_array_encode(&value, &bytes));
		assert_null(coffer_array_decode((const uint8_t *)bytes.data, bytes.size, &scratch,
						&out, &decoded));
		assert_int_equal(decoded.kind, COFFER_TEXT_ARRAY);
		assert_null(coffer_array_encode(&decoded, &again));
		assert_int_equal(again.size, bytes.size);
		assert_memory_equal(again.data, bytes.data, bytes.size);
		assert_int_equal(coffer_value_print(&column, &decoded, &text, NULL), COFFER_OK);
		assert_int_equal(text.size, strlen(texts[i]));
		assert_memory_equal(text.data, texts[i], text.size);
	}
	coffer_array_scratch_release(&scratch);
	coffer_buffer_release(&bytes);
	coffer_buffer_release(&again);
	coffer_buffer_release(&out);
	coffer_buffer_release(&text);
}

static void
what_is_no_text_form_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"{",
		"a",
		"{a",
		"{a}}",
		"{a}x",
		"{}x",
		"{{}}",
		"{a,}",
		"{,a}",
		"{a\"b\"}",
		"{\"a}",
		"{\"a\\",
		"{\"a\"b}",
		"{{a},{b,c}}",
		"{{a},b}",
		"{a,{b}}",
		"[1:2]={a}",
		"[1:1]{a}",
		"[1:1][1:1]={a}",
		"[2:1]={}",
		"[1:0]={}",
		"[:1]={a}",
		"[1:]={a}",
		"[99999999999:1]={a}",
		"[2147483648:2147483648]={a}",
		"[-2147483648:2147483647]={a}",
		"[1:1]=",
		"{{{{{{{x}}}}}}}",
		"[1:1][1:1][1:1][1:1][1:1][1:1][1:1]={{{{{{{x}}}}}}}",
	};
	coffer_buffer bytes = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		coffer_value value = text_form(texts[i]);

		bytes.size = 0;
		if (!coffer_array_encode(&value, &bytes))
			fail_msg("taken: %s", texts[i]);
	}
	coffer_buffer_release(&bytes);
}

static void
damaged_fields_are_refused_with_the_reason(void **state)
{
	static const struct {
		const char *hex, *fault;
	} cases[] = {
		{"", "an array ends within its header"},
		{"00000001 00000000 000000", "an array ends within its header"},
		{"00000007 00000000 00000019", "an array has more than 6 dimensions"},
		{"00000000 00000002 00000019", "an array has unknown flags"},
		{"00000000 00000000 00000017", "an array's elements are not of type text"},
		{"00000000 00000000 00000019 00", "bytes follow the elements of an array"},
		{"00000001 00000000 00000019 00000001", "an array ends within its dimensions"},
		{"00000001 00000000 00000019 00000000 00000001",
		 "an array has a dimension without elements"},
		{"00000001 00000000 00000019 ffffffff 00000001",
		 "an array has a dimension without elements"},
		{"00000001 00000000 00000019 00000002 7fffffff 00000000 00000000",
		 "an array's upper bound is out of range"},
		{"00000001 00000000 00000019 00000002 00000001 00000000",
		 "an array has more elements than bytes"},
		{"00000002 00000000 00000019 7fffffff 00000001 7fffffff 00000001",
		 "an array has more elements than bytes"},
		{"00000001 00000000 00000019 00000001 00000001 ffffffff",
		 "an array without NULLs has one"},
		{"00000001 00000001 00000019 00000001 00000001 fffffffe",
		 "an array's element has a negative size"},
		{"00000001 00000000 00000019 00000001 00000001 00000002 61",
		 "an array ends within its elements"},
		{"00000001 00000000 00000019 00000001 00000001 00000001 6161",
		 "bytes follow the elements of an array"},
	};
	struct coffer_array_scratch scratch = {0};
	coffer_buffer out = {0};
	uint8_t bytes[64];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t size = from_hex(cases[i].hex, bytes);
		coffer_value value;
		const char *fault = coffer_array_decode(bytes, size, &scratch, &out, &value);

		assert_non_null(fault);
		assert_string_equal(fault, cases[i].fault);
	}
	coffer_array_scratch_release(&scratch);
	coffer_buffer_release(&out);
}

/* The server keeps its flag when the last NULL was replaced: it says nothing about the value. */
static void
the_flag_for_nulls_may_be_set_without_one(void **state)
{
	struct coffer_array_scratch scratch = {0};
	coffer_buffer out = {0}, text = {0};
	uint8_t bytes[64];
	size_t size = from_hex("00000001 00000001 00000019 00000001 00000001 00000001 61", bytes);
	coffer_value value;

	(void)state;
	assert_null(coffer_array_decode(bytes, size, &scratch, &out, &value));
	assert_int_equal(coffer_value_print(&column, &value, &text, NULL), COFFER_OK);
	assert_memory_equal(text.data, "{a}", 3);
	coffer_array_scratch_release(&scratch);
	coffer_buffer_release(&out);
	coffer_buffer_release(&text);
}

static void
a_damaged_packed_array_is_refused(void **state)
{
	coffer_value value = {.kind = COFFER_TEXT_ARRAY};
	coffer_buffer out = {0};

	(void)state;
	value.text = (coffer_text){"\x92\xa1"
				   "a",
				   3};
	assert_string_equal(coffer_array_encode(&value, &out), "a packed array is damaged");
	assert_int_equal(coffer_value_print(&column, &value, &out, NULL), COFFER_CORRUPT);
	coffer_buffer_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(odd_shapes_keep_the_server_text_form),
		cmocka_unit_test(one_dimension_from_1_is_packed),
		cmocka_unit_test(what_is_no_text_form_is_refused),
		cmocka_unit_test(damaged_fields_are_refused_with_the_reason),
		cmocka_unit_test(the_flag_for_nulls_may_be_set_without_one),
		cmocka_unit_test(a_damaged_packed_array_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
