/*
 * JSON token by token: what is taken, what is refused at which byte, and which documents are in jsonb's normal form.
 */
#include "format/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static coffer_text
text_of(const char *text)
{
	return (coffer_text){text, strlen(text)};
}

/* One letter a token: { } [ ] n s d t f 0. */
static void
assert_tokens(const char *document, const char *expected)
{
	static const char letters[] = ".{}[]nsdtf0";
	coffer_json_reader reader;
	coffer_json_token token;

	coffer_json_reader_init(&reader, text_of(document));
	for (size_t i = 0; i <= strlen(expected); i++) {
		assert_int_equal(coffer_json_next(&reader, &token, NULL), COFFER_OK);
		assert_int_equal(letters[token.type], expected[i] ? expected[i] : '.');
	}
	assert_int_equal(reader.depth, 0);
	assert_int_equal(coffer_json_next(&reader, &token, NULL), COFFER_OK);
	assert_int_equal(token.type, COFFER_JSON_END);
}

static void
test_tokens_follow_the_grammar(void **state)
{
	(void)state;
	assert_tokens("{}", "{}");
	assert_tokens(" [ ] ", "[]");
	assert_tokens("\t-0.5E+3\r\n", "d");
	assert_tokens("\"a\"", "s");
	assert_tokens("[true,false,null,\"\",0]", "[tf0sd]");
	assert_tokens("{\"a\" : {\"b\":[{}, 1]} , \"c\":\"d\"}", "{n{n[{}d]}ns}");
}

static void
test_texts_are_as_they_are_written(void **state)
{
	coffer_json_reader reader;
	coffer_json_token token;
	coffer_text value;

	(void)state;
	coffer_json_reader_init(
		&reader, text_of("{\"a\\n\": [1.50, {\"b\": \"x\"}], \"c\": \"y z\", \"d\":-1e5}"));
	assert_int_equal(coffer_json_next(&reader, &token, NULL), COFFER_OK);
	assert_int_equal(coffer_json_next(&reader, &token, NULL), COFFER_OK);
	assert_int_equal(token.type, COFFER_JSON_NAME);
	assert_int_equal(token.text.size, 3);
	assert_memory_equal(token.text.data, "a\\n", 3);
	assert_int_equal(token.decoded_size, 2);
	assert_int_equal(coffer_json_next_value(&reader, &value, NULL), COFFER_OK);
	assert_int_equal(value.size, 18);
	assert_memory_equal(value.data, "[1.50, {\"b\": \"x\"}]", 18);
	assert_int_equal(coffer_json_next(&reader, &token, NULL), COFFER_OK);
	assert_int_equal(coffer_json_next_value(&reader, &value, NULL), COFFER_OK);
	assert_memory_equal(value.data, "\"y z\"", 5);
	assert_int_equal(value.size, 5);
	assert_int_equal(coffer_json_next(&reader, &token, NULL), COFFER_OK);
	assert_int_equal(coffer_json_next_value(&reader, &value, NULL), COFFER_OK);
	assert_memory_equal(value.data, "-1e5", 4);
	assert_int_equal(coffer_json_next_value(&reader, &value, NULL), COFFER_INVALID);
	assert_null(value.data);
}

/* No value comes where a name, the end of an array or the end of the document does; that ends the reading. */
static void
test_a_value_is_asked_for_where_none_comes(void **state)
{
	static const char *const documents[] = {"{\"a\":1}", "[]", ""};
	coffer_json_reader reader;
	coffer_json_token token;
	coffer_text value;

	(void)state;
	for (size_t i = 0; i < COUNT(documents); i++) {
		coffer_json_reader_init(&reader, text_of(documents[i]));
		if (*documents[i])
			assert_int_equal(coffer_json_next(&reader, &token, NULL), COFFER_OK);
		assert_int_equal(coffer_json_next_value(&reader, &value, NULL), COFFER_INVALID);
		assert_int_equal(coffer_json_next(&reader, &token, NULL), COFFER_INVALID);
	}
}

static void
test_strings_are_decoded(void **state)
{
	static const struct {
		const char *document, *text;
	} cases[] = {
		{"\"\"", ""},
		{"\"abc\"", "abc"},
		{"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"},
		{"\"\\u0041\\u00e9\\u20AC\\uffff\"", "A\xc3\xa9\xe2\x82\xac\xef\xbf\xbf"},
		{"\"\\ud83d\\uDE00!\"", "\xf0\x9f\x98\x80!"},
		{"\"\xe4\xb8\x96 0123456789\\n0123456789\"", "\xe4\xb8\x96 0123456789\n0123456789"},
	};
	coffer_json_reader reader;
	coffer_json_token token;
	char out[64];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		coffer_json_reader_init(&reader, text_of(cases[i].document));
		assert_int_equal(coffer_json_next(&reader, &token, NULL), COFFER_OK);
		assert_int_equal(token.decoded_size, strlen(cases[i].text));
		coffer_json_decode(&token, out);
		assert_memory_equal(out, cases[i].text, token.decoded_size);
	}
}

static void
test_some_strings_are_no_text(void **state)
{
	static const char *const documents[] = {
		"\"\\u0000\"",     "\"a\\ud800\"",       "\"\\udc00\\ud800\"",
		"\"\\n\\ud800x\"", "\"\\ud800\\ud800\"", "\"\\ud83d\\u0041\"",
	};
	coffer_json_reader reader;
	coffer_json_token token;

	(void)state;
	for (size_t i = 0; i < COUNT(documents); i++) {
		coffer_json_reader_init(&reader, text_of(documents[i]));
		assert_int_equal(coffer_json_next(&reader, &token, NULL), COFFER_OK);
		assert_true(token.decoded_size == COFFER_JSON_NO_TEXT);
		assert_false(token.is_normal);
		assert_int_equal(coffer_json_next(&reader, &token, NULL), COFFER_OK);
	}
}

static void
test_what_is_no_json_is_refused_with_the_place(void **state)
{
	static const struct {
		const char *document, *message;
	} cases[] = {
		{"", "expected a value at byte 1"},
		{" ", "expected a value at byte 2"},
		{"[1,]", "expected a value at byte 4"},
		{"[1 2]", "expected ',' or ']' at byte 4"},
		{"{,}", "expected a member's name at byte 2"},
		{"{\"a\"}", "expected ':' at byte 5"},
		{"{\"a\":}", "expected a value at byte 6"},
		{"{\"a\":1,}", "expected a member's name at byte 8"},
		{"{\"a\":1]", "expected ',' or '}' at byte 7"},
		{"{1:2}", "expected a member's name at byte 2"},
		{"[}", "expected a value at byte 2"},
		{"{} x", "expected the end at byte 4"},
		{"nul", "expected a value at byte 1"},
		{"nullx", "expected the end at byte 5"},
		{"True", "expected a value at byte 1"},
		{"01", "expected the end at byte 2"},
		{"-", "expected digits at byte 2"},
		{"+1", "expected a value at byte 1"},
		{".5", "expected a value at byte 1"},
		{"1.", "expected digits behind the point at byte 3"},
		{"1e", "expected digits of an exponent at byte 3"},
		{"1e+", "expected digits of an exponent at byte 4"},
		{"NaN", "expected a value at byte 1"},
		{"'a'", "expected a value at byte 1"},
		{"\"a", "expected a string that ends at byte 3"},
		{"\"a\\", "expected a string that ends at byte 3"},
		{"\"\\x41\"", "expected an escape that JSON knows at byte 2"},
		{"\"\\u12g4\"", "expected four hexadecimal digits behind \\u at byte 2"},
		{"\"\\u12\"", "expected four hexadecimal digits behind \\u at byte 2"},
		{"\"a\tb\"", "expected no control character in a string at byte 3"},
		{"\"0123456\x01\"", "expected no control character in a string at byte 9"},
		{"\"\xc3(\"", "expected UTF-8 at byte 2"},
		{"\"0123456789\xed\xa0\x80\"", "expected UTF-8 at byte 12"},
		{"\xef\xbb\xbf{}", "expected a value at byte 1"},
		{"[1,\v2]", "expected a value at byte 4"},
	};
	coffer_json_reader reader;
	coffer_json_token token;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		coffer_error error = {0};
		coffer_status status;

		coffer_json_reader_init(&reader, text_of(cases[i].document));
		do
			status = coffer_json_next(&reader, &token, &error);
		while (!status && token.type != COFFER_JSON_END);
		if (status != COFFER_INVALID)
			fail_msg("taken: %s", cases[i].document);
		assert_int_equal(strncmp(error.message, "not JSON: ", 10), 0);
		assert_string_equal(error.message + 10, cases[i].message);
		assert_int_equal(coffer_json_next(&reader, &token, NULL), COFFER_INVALID);
	}
}

static void
test_nesting_ends_at_its_limit(void **state)
{
	size_t most = COFFER_JSON_DEPTH_MAX;
	char *document = malloc(most + 1);
	coffer_json_reader reader;
	coffer_json_token token;
	coffer_error error = {0};

	(void)state;
	memset(document, '[', most + 1);
	coffer_json_reader_init(&reader, (coffer_text){document, most + 1});
	for (size_t i = 0; i < most; i++)
		assert_int_equal(coffer_json_next(&reader, &token, &error), COFFER_OK);
	assert_int_equal(reader.depth, most);
	assert_int_equal(coffer_json_next(&reader, &token, &error), COFFER_LIMIT);
	assert_string_equal(
		error.message,
		"arrays and objects are nested too deep, expected at most 16384 levels");
	free(document);
}

/* As a server prints them. */
static void
test_normal_form_is_recognised(void **state)
{
	static const char *const documents[] = {
		"{}",
		"[]",
		"null",
		"\"\"",
		"-1.50",
		"0.0",
		"[1, 2.0, -30, true, false, null, \"a b\"]",
		"{\"a\": 1, \"b\": {\"z\": []}, \"aa\": {}}",
		"{\"\": 0, \"\xc3\xa9\": [{\"a\": 1}, {\"a\": 2}]}",
		"\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u000b\\u001f/\x7f\xc2\x80\"",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(documents); i++)
		if (!coffer_json_is_normal(text_of(documents[i])))
			fail_msg("not recognised: %s", documents[i]);
}

static void
test_any_other_form_is_not(void **state)
{
	static const char *const documents[] = {
		"",
		" {}",
		"{} ",
		"[ ]",
		"{]",
		"[}",
		"[1,2]",
		"[1 ,2]",
		"[1,  2]",
		"[1,\t2]",
		"[1, 2 ]",
		"{\"a\":1}",
		"{\"a\" :1}",
		"{\"a\": 1,\"b\": 2}",
		"{\"b\": 1, \"a\": 2}",
		"{\"aa\": 1, \"b\": 2}",
		"{\"a\": 1, \"a\": 2}",
		"[{\"a\": 1, \"a\": 2}]",
		"1e5",
		"-0",
		"-0.00",
		"\"\\/\"",
		"\"\\u0041\"",
		"\"\\u001F\"",
		"\"\\u0008\"",
		"\"\\u000a\"",
		"\"\\u0022\"",
		"\"\\u007f\"",
		"\"\\u0000\"",
		"\"\\ud800\"",
		"{\"a\": 1",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(documents); i++)
		if (coffer_json_is_normal(text_of(documents[i])))
			fail_msg("recognised: %s", documents[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tokens_follow_the_grammar),
		cmocka_unit_test(test_texts_are_as_they_are_written),
		cmocka_unit_test(test_a_value_is_asked_for_where_none_comes),
		cmocka_unit_test(test_strings_are_decoded),
		cmocka_unit_test(test_some_strings_are_no_text),
		cmocka_unit_test(test_what_is_no_json_is_refused_with_the_place),
		cmocka_unit_test(test_nesting_ends_at_its_limit),
		cmocka_unit_test(test_normal_form_is_recognised),
		cmocka_unit_test(test_any_other_form_is_not),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
