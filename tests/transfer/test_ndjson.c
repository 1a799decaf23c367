/*
 * Rows out of ndjson: what the writer writes comes back, what people write by hand is read as they mean it,
 * and all else is refused with its place.
 */
#include "tests/support/pieces.h"
#include "transfer/ndjson_read.h"
#include "transfer/ndjson_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static coffer_schema *schema;
static const coffer_table *table;

static int
make_schema(void **state)
{
	(void)state;
	schema = pieces_schema();
	table = &schema->tables[0];
	return 0;
}

static int
free_schema(void **state)
{
	(void)state;
	coffer_schema_free(schema);
	return 0;
}

struct reading {
	struct pieces pieces;
	struct coffer_input input;
	struct coffer_ndjson_reader reader;
	const struct coffer_given *row;
	coffer_error error;
};

static void
open_text(struct reading *reading, const char *text, size_t step)
{
	memset(reading, 0, sizeof(*reading));
	reading->pieces = (struct pieces){.at = text, .left = strlen(text), .step = step};
	coffer_input_init(&reading->input, pieces_read, &reading->pieces);
	assert_int_equal(coffer_ndjson_reader_init(&reading->reader, &reading->input, "rows",
						   schema, table, &reading->error),
			 COFFER_OK);
}

static coffer_status
next_row(struct reading *reading)
{
	return coffer_ndjson_read(&reading->reader, &reading->row, &reading->error);
}

static void
close_text(struct reading *reading)
{
	coffer_ndjson_reader_release(&reading->reader);
	coffer_input_release(&reading->input);
}

/* The row's `column`, written again: its name and value as an object. */
static void
write_column(const struct coffer_given *row, const char *column, coffer_buffer *out)
{
	uint16_t number = coffer_table_find_column(table, column);
	struct coffer_ndjson_writer writer;

	assert_true(row->is_given[number]);
	assert_int_equal(coffer_ndjson_writer_init(&writer, table, &number, 1, NULL), COFFER_OK);
	coffer_buffer_clear(out);
	assert_int_equal(coffer_ndjson_write(&writer, row->values, out, NULL), COFFER_OK);
	coffer_ndjson_writer_release(&writer);
}

struct form {
	const char *column, *given;
	const char *held; /* NULL: as given */
};

static void
check_forms(const struct form *forms, size_t count)
{
	coffer_buffer out = {0};

	for (size_t i = 0; i < count; i++) {
		const char *held = forms[i].held ? forms[i].held : forms[i].given;
		struct reading reading;
		char line[512], expected[512];

		snprintf(line, sizeof(line), "{\"%s\":%s}", forms[i].column, forms[i].given);
		snprintf(expected, sizeof(expected), "{\"%s\":%s}", forms[i].column, held);
		open_text(&reading, line, 16);
		if (next_row(&reading))
			fail_msg("%s: %s: %s", line, reading.error.place, reading.error.message);
		write_column(reading.row, forms[i].column, &out);
		assert_string_equal(out.data, expected);
		assert_int_equal(next_row(&reading), COFFER_NOT_FOUND);
		close_text(&reading);
	}
	coffer_buffer_release(&out);
}

static void
what_is_written_comes_back(void **state)
{
	static const struct form forms[] = {
		{"b", "true", NULL},
		{"b", "false", NULL},
		{"b", "null", NULL},
		{"s", "-32768", NULL},
		{"l", "9223372036854775807", NULL},
		{"l", "-9223372036854775808", NULL},
		{"r", "0.1", NULL},
		{"r", "1e+06", NULL},
		{"r", "\"NaN\"", NULL},
		{"f", "-0", NULL},
		{"f", "5e-324", NULL},
		{"f", "1.7976931348623157e+308", NULL},
		{"f", "\"-Infinity\"", NULL},
		{"t", "\"2024-11-05T10:20:30.123\"", NULL},
		{"t", "\"infinity\"", NULL},
		{"t", "\"0044-03-15T00:00:00 BC\"", NULL},
		{"z", "\"2024-11-05T10:20:30.123456Z\"", NULL},
		{"z", "\"0044-03-15T00:00:00Z BC\"", NULL},
		{"z", "\"-infinity\"", NULL},
		{"x", "\"\"", NULL},
		{"x", "\"a\\\"b\\\\c\\u001f\\n\x7f\xc2\x85\xf0\x9f\x98\x80\"", NULL},
		{"v", "\"\xc3\xa9\xc3\xa9\xc3\xa9\"", NULL},
		{"j", "{\"$json\":null}", NULL},
		{"j", "{\"$json\":{\"$json\": 1}}", NULL},
		{"j", "{\"$json\":{\"$text\": \"a\"}}", NULL},
		{"j", "{\"$json\": 1, \"b\": 2}", "{\"b\": 2, \"$json\": 1}"},
		{"j", "{\"$jsonx\": 1}", NULL},
		{"j", "[1, 2.50, \"\\u0007\", null, {}]", NULL},
		{"j", "\"text\"", NULL},
		{"j", "123456789012345678901234567890.10", NULL},
		{"k", "{\"b\" :1,\"a\":2, \"b\":1e5}", NULL},
		{"k", "{\"$text\":\" null\\n\"}", NULL},
		{"k", "{\"$json\":{ \"$te\\u0078t\" : \"\\u0000\"}}", NULL},
		{"k", "\"\\ud800\"", NULL},
		{"a", "[]", NULL},
		{"a", "[null]", NULL},
		{"a", "[\"\",\"NULL\",\"a,b\",null,\"\\\"\"]", NULL},
		{"a", "{\"$array\":\"[2:3]={a,b}\"}", NULL},
		{"a", "{\"$array\":\"{{a,NULL},{\\\"\\\",\\\"x y\\\"}}\"}", NULL},
		{"y", "\"\\\\x\"", NULL},
		{"y", "\"\\\\x0aff\"", NULL},
		{"n", "\"1.50\"", NULL},
		{"e", "\"green\"", NULL},
	};

	(void)state;
	check_forms(forms, COUNT(forms));
}

static void
what_people_write_is_brought_to_its_form(void **state)
{
	static const struct form forms[] = {
		{"l", "\"9007199254740993\"", "9007199254740993"},
		{"f", "0.10", "0.1"},
		{"f", "1E2", "100"},
		{"f", "12345678901234567890", "1.2345678901234567e+19"},
		{"f", "\"1.5\"", "1.5"},
		{"r", "16777217", "1.6777216e+07"},
		{"t", "\"2024-11-05 10:20:30\"", "\"2024-11-05T10:20:30\""},
		{"t", "\"2024-11-05\"", "\"2024-11-05T00:00:00\""},
		{"t", "\"2024-11-05T10:20:30.1234567Z\"", "\"2024-11-05T10:20:30.123\""},
		{"z", "\"2024-11-05T10:20:30+02:00\"", "\"2024-11-05T08:20:30Z\""},
		{"x", "\"\\u00e9\\uD83D\\uDE00\\/\"", "\"\xc3\xa9\xf0\x9f\x98\x80/\""},
		{"x", "\"\\u0041\\u0042\"", "\"AB\""},
		{"v", "\"ab     \"", "\"ab \""},
		{"j", " { \"b\" : 1.0e2 , \"a\":null,\"b\":2 } ", "{\"a\": null, \"b\": 2}"},
		{"j", "{\"$\\u006ason\" : null }", "{\"$json\":null}"},
		{"j", "{\"$text\":\" [1,2] \"}", "[1, 2]"},
		{"j", "{ \"$json\" : [ 1 ] }", "[1]"},
		{"k", "{\"$text\":\"[1]\"}", "[1]"},
		{"a", "{\"$array\":\"{a,b}\"}", "[\"a\",\"b\"]"},
		{"a", " [ \"a\" , null ] ", "[\"a\",null]"},
		{"a", "null", NULL},
		{"n", "1.5", "\"1.50\""},
		{"n", "12345678.905", "\"12345678.91\""},
		{"y", "\"\\\\x0A Ff\"", "\"\\\\x0aff\""},
	};

	(void)state;
	check_forms(forms, COUNT(forms));
}

/* Lines, their ends, and the order of members: always the same three rows, in pieces of any size. */
static void
lines_end_as_they_like(void **state)
{
	static const char *const texts[] = {
		"{\"id\":1,\"x\":\"a\"}\n{\"id\":2}\n{\"id\":3,\"x\":null}\n",
		"{\"id\":1,\"x\":\"a\"}\r\n{\"id\":2}\r\n{\"id\":3,\"x\":null}",
		"\xef\xbb\xbf{\"x\":\"a\",\"id\":1}\n\n "
		"\t\n{\"id\":2}\n\r\n{\"x\":null,\"id\":3}\n\n",
		"\n\n{ \"id\" : 1 , \"x\" : \"a\" } "
		"\n\t{\"\\u0069d\":2}\n{\"id\":3,\"\\u0078\":null}",
	};
	uint16_t x = coffer_table_find_column(table, "x");

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		for (size_t step = 1; step < 100; step += step / 2 + 1) {
			struct reading reading;

			open_text(&reading, texts[i], step);
			for (int64_t id = 1; id <= 3; id++) {
				assert_int_equal(next_row(&reading), COFFER_OK);
				assert_true(reading.row->is_given[0]);
				assert_int_equal(reading.row->values[0].integer, id);
				assert_int_equal(reading.row->is_given[x], id != 2);
				assert_int_equal(reading.row->values[x].kind,
						 id == 1 ? COFFER_TEXT : COFFER_NULL);
			}
			assert_int_equal(next_row(&reading), COFFER_NOT_FOUND);
			assert_int_equal(next_row(&reading), COFFER_NOT_FOUND);
			assert_int_equal(reading.input.bytes, strlen(texts[i]));
			close_text(&reading);
		}
	}
}

static void
an_input_may_be_empty(void **state)
{
	static const char *const texts[] = {"", "\n", " \r\n\t\n", "\xef\xbb\xbf",
					    "\xef\xbb\xbf\n"};
	struct reading reading;

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		open_text(&reading, texts[i], 3);
		assert_int_equal(next_row(&reading), COFFER_NOT_FOUND);
		assert_int_equal(reading.error.status, COFFER_OK);
		close_text(&reading);
	}
}

static const struct {
	const char *text, *place, *message;
} refused[] = {
	{"[1]", "rows:1: T", "an array, expected an object a line"},
	{"\n{\"id\":1}x", "rows:2: T", "not JSON: expected the end at byte 9"},
	{"{\"id\":1}{\"id\":2}", "rows:1: T", "not JSON: expected the end at byte 9"},
	{"{\"id\":1", "rows:1: T", "not JSON: expected ',' or '}' at byte 8"},
	{"{\"id\":\n1}", "rows:1: T.id", "not JSON: expected a value at byte 7"},
	{"{\"id\":1,\"nope\":2}", "rows:1: T", "no column 'nope'"},
	{"{\"ID\":1}", "rows:1: T", "no column 'ID', did you mean 'id'?"},
	{"{\"i\":1}", "rows:1: T", "no column 'i', did you mean 'id'?"},
	{"{\"\":1}", "rows:1: T", "no column ''"},
	{"{\"id\":1,\"x\":\"a\",\"\\u0069d\":1}", "rows:1: T.id", "given twice"},
	{"{\"b\":1}", "rows:1: T.b", "a number, but a column of type boolean takes true or false"},
	{"{\"b\":\"true\"}", "rows:1: T.b",
	 "a string, but a column of type boolean takes true or false"},
	{"{\"s\":true}", "rows:1: T.s", "a boolean, but a column of type smallint takes a number"},
	{"{\"x\":1}", "rows:1: T.x", "a number, but a column of type text takes a string"},
	{"{\"x\":{\"a\":1}}", "rows:1: T.x", "an object, but a column of type text takes a string"},
	{"{\"x\":\"\\u0000\"}", "rows:1: T.x",
	 "\\u0000 or half of a surrogate pair, which no text can hold"},
	{"{\"x\":\"\\ud800\\u0041\"}", "rows:1: T.x",
	 "\\u0000 or half of a surrogate pair, which no text can hold"},
	{"{\"x\":\"a\tb\"}", "rows:1: T.x", NULL},
	{"{\"x\":\"\xc3\"}", "rows:1: T.x", NULL},
	{"{\"e\":1}", "rows:1: T.e",
	 "a number, but a column of type \"Color\" takes the server's text form as a "
	 "string"},
	{"{\"e\":\"blue\"}", "rows:1: T.e", NULL},
	{"{\"a\":\"{}\"}", "rows:1: T.a",
	 "a string, but a column of type text[] takes an array of strings"},
	{"{\"a\":[1]}", "rows:1: T.a", "a number in an array, expected strings and nulls"},
	{"{\"a\":[[\"a\"]]}", "rows:1: T.a",
	 "an array in an array, expected strings and nulls; another shape is "
	 "{\"$array\":\"{...}\"}"},
	{"{\"a\":{}}", "rows:1: T.a", "an object, but not {\"$array\":\"...\"}"},
	{"{\"a\":{\"$array\":1}}", "rows:1: T.a", "a number behind \"$array\", expected a string"},
	{"{\"a\":{\"$array\":\"{}\",\"b\":1}}", "rows:1: T.a", "another member beside \"$array\""},
	{"{\"a\":{\"$array\":\"{\"}}", "rows:1: T.a", NULL},
	{"{\"j\":{\"$text\":1}}", "rows:1: T.j", "a number behind \"$text\", expected a string"},
	{"{\"j\":{\"$text\":\"nope\"}}", "rows:1: T.j", NULL},
	{"{\"j\":{\"$text\":\"\"}}", "rows:1: T.j", NULL},
	{"{\"j\":\"\\u0000\"}", "rows:1: T.j", NULL},
	{"{\"j\":[1,}", "rows:1: T.j", NULL},
	{"{\"s\":32768}", "rows:1: T.s", NULL},
	{"{\"s\":1.5}", "rows:1: T.s", NULL},
	{"{\"l\":9223372036854775808}", "rows:1: T.l", NULL},
	{"{\"r\":1e39}", "rows:1: T.r", NULL},
	{"{\"f\":1e400}", "rows:1: T.f", NULL},
	{"{\"t\":\"yesterday\"}", "rows:1: T.t", NULL},
	{"{\"t\":0}", "rows:1: T.t",
	 "a number, but a column of type timestamp(3) without time zone takes a time as a "
	 "string"},
	{"{\"v\":\"abcd\"}", "rows:1: T.v", NULL},
	{"{\"y\":\"\\\\xabc\"}", "rows:1: T.y", NULL},
	{"{\"n\":123456789}", "rows:1: T.n", NULL},
};

static void
what_is_wrong_is_refused_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct reading reading;
		coffer_status status;

		open_text(&reading, refused[i].text, 1000);
		status = next_row(&reading);
		if (status != COFFER_INVALID ||
		    strcmp(reading.error.place, refused[i].place) != 0 ||
		    (refused[i].message && strcmp(reading.error.message, refused[i].message) != 0))
			fail_msg("%s: %d, %s, %s", refused[i].text, status, reading.error.place,
				 reading.error.message);
		assert_null(reading.row);
		close_text(&reading);
	}
}

/* A value of the row before must not be seen in the next one. */
static void
a_row_forgets_the_one_before(void **state)
{
	struct reading reading;

	(void)state;
	open_text(&reading, "{\"id\":1,\"j\":[1,2],\"a\":[\"x\"],\"b\":true}\n{\"id\":2}\n{}\n", 7);
	assert_int_equal(next_row(&reading), COFFER_OK);
	assert_int_equal(next_row(&reading), COFFER_OK);
	for (uint16_t i = 1; i < table->column_count; i++) {
		assert_false(reading.row->is_given[i]);
		assert_int_equal(reading.row->values[i].kind, COFFER_NULL);
	}
	assert_int_equal(next_row(&reading), COFFER_OK);
	assert_false(reading.row->is_given[0]);
	close_text(&reading);
}

static void
a_line_has_a_limit(void **state)
{
	static const char text[] =
		"{\"id\":1}\n{\"x\":\"0123456789012345678901234567890123456789\"}\n";
	struct reading reading;

	(void)state;
	open_text(&reading, text, 8);
	reading.input.record_size_max = 32;
	assert_int_equal(next_row(&reading), COFFER_OK);
	assert_int_equal(next_row(&reading), COFFER_LIMIT);
	assert_string_equal(reading.error.place, "rows:2: T");
	close_text(&reading);
	open_text(&reading, text, 8);
	reading.input.record_size_max = 60;
	assert_int_equal(next_row(&reading), COFFER_OK);
	assert_int_equal(next_row(&reading), COFFER_OK);
	close_text(&reading);
}

/* Whatever the small pieces are in which it comes, and whether the last line has an end. */
static void
a_line_that_is_too_long_is_passed_over(void **state)
{
	static const char text[] = "{\"id\":1}\n"
				   "{\"x\":\"0123456789012345678901234567890123456789\"}\n"
				   "{\"id\":2}\n"
				   "\n"
				   "{\"x\":\"012345678901234567890123456789\",}}}}}}\n"
				   "{\"id\":3,\"none\":0}\n"
				   "{\"x\":\"0123456789012345678901234567890123456789012345";
	struct reading reading;

	(void)state;
	for (size_t size = 1; size <= 8; size++) {
		open_text(&reading, text, size);
		reading.input.record_size_max = 32;
		assert_int_equal(next_row(&reading), COFFER_OK);
		assert_int_equal(reading.row->values[0].integer, 1);
		assert_int_equal(next_row(&reading), COFFER_LIMIT);
		assert_string_equal(reading.error.place, "rows:2: T");
		reading.error = (coffer_error){0};
		assert_int_equal(next_row(&reading), COFFER_OK);
		assert_int_equal(reading.row->values[0].integer, 2);
		assert_int_equal(reading.input.line, 3);
		assert_int_equal(next_row(&reading), COFFER_LIMIT);
		assert_string_equal(reading.error.place, "rows:5: T");
		reading.error = (coffer_error){0};
		assert_int_equal(next_row(&reading), COFFER_INVALID);
		assert_string_equal(reading.error.place, "rows:6: T");
		reading.error = (coffer_error){0};
		assert_int_equal(next_row(&reading), COFFER_LIMIT);
		assert_string_equal(reading.error.place, "rows:7: T");
		assert_int_equal(next_row(&reading), COFFER_NOT_FOUND);
		assert_int_equal(reading.input.line, 7);
		assert_int_equal(reading.input.bytes, strlen(text));
		close_text(&reading);
	}
}

static void
a_source_that_breaks_is_told(void **state)
{
	struct reading reading;

	(void)state;
	open_text(&reading, "{\"id\":1}\n{\"id\":2}", 100);
	reading.pieces.last = COFFER_IO;
	assert_int_equal(next_row(&reading), COFFER_OK);
	assert_int_equal(next_row(&reading), COFFER_IO);
	assert_string_equal(reading.error.place, "rows:2: T");
	assert_string_equal(reading.error.message, "the source broke");
	close_text(&reading);
}

/* Long values move the buffers while the row is read. */
static void
long_values_are_whole(void **state)
{
	enum { SIZE = 300000 };
	uint16_t x = coffer_table_find_column(table, "x"), j = coffer_table_find_column(table, "j");
	coffer_buffer text = {0};
	struct reading reading;

	(void)state;
	coffer_buffer_text(&text, "{\"x\":\"");
	for (int i = 0; i < SIZE / 2; i++)
		coffer_buffer_text(&text, "\\n");
	coffer_buffer_text(&text, "\",\"j\":\"");
	for (int i = 0; i < SIZE; i++)
		coffer_buffer_text(&text, "a");
	coffer_buffer_text(&text, "\"}\n{\"id\":2}\n");
	open_text(&reading, text.data, 4096);
	assert_int_equal(next_row(&reading), COFFER_OK);
	assert_int_equal(reading.row->values[x].text.size, SIZE / 2);
	for (int i = 0; i < SIZE / 2; i++)
		assert_int_equal(reading.row->values[x].text.data[i], '\n');
	assert_int_equal(reading.row->values[j].text.size, SIZE + 2);
	assert_int_equal(next_row(&reading), COFFER_OK);
	close_text(&reading);
	coffer_buffer_release(&text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_comes_back),
		cmocka_unit_test(what_people_write_is_brought_to_its_form),
		cmocka_unit_test(lines_end_as_they_like),
		cmocka_unit_test(an_input_may_be_empty),
		cmocka_unit_test(what_is_wrong_is_refused_with_its_place),
		cmocka_unit_test(a_row_forgets_the_one_before),
		cmocka_unit_test(a_line_has_a_limit),
		cmocka_unit_test(a_line_that_is_too_long_is_passed_over),
		cmocka_unit_test(a_source_that_breaks_is_told),
		cmocka_unit_test(long_values_are_whole),
	};

	return cmocka_run_group_tests(tests, make_schema, free_schema);
}
