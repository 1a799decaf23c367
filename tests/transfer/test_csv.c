/*
 * Rows out of csv and into it: the server's own forms, COPY's rules of quoting, and what is refused with its place.
 */
#include "tests/support/pieces.h"
#include "transfer/csv_read.h"
#include "transfer/csv_write.h"

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
	struct coffer_csv_reader reader;
	const struct coffer_given *row;
	coffer_error error;
};

static void
open_text(struct reading *reading, const char *text, size_t step)
{
	memset(reading, 0, sizeof(*reading));
	reading->pieces = (struct pieces){.at = text, .left = strlen(text), .step = step};
	coffer_input_init(&reading->input, pieces_read, &reading->pieces);
	assert_int_equal(coffer_csv_reader_init(&reading->reader, &reading->input, "rows", schema,
						table, &reading->error),
			 COFFER_OK);
}

static coffer_status
next_row(struct reading *reading)
{
	return coffer_csv_read(&reading->reader, &reading->row, &reading->error);
}

static void
close_text(struct reading *reading)
{
	coffer_csv_reader_release(&reading->reader);
	coffer_input_release(&reading->input);
}

/* What is written of all columns, read again and written again, in pieces of every size. */
static void
what_is_written_comes_back(void **state)
{
	static const char text[] =
		"id,b,s,l,r,f,t,z,x,v,j,k,a,y,n,e\n"
		"1,t,-32768,9223372036854775807,0.1,-0,2024-11-05 10:20:30.123,"
		"2024-11-05 10:20:30.123456+00,\"\",\"a,\"\"\","
		"\"{\"\"a\"\": [1, \"\"x\\n\"\"]}\",\" {\"\"b\"\" :1,\n\"\"b\"\":2}\","
		"\"{a,NULL,\"\"\"\",\"\"b c\"\"}\",\\x0aff,1.50,green\n"
		"2,,,,,,,,,,,,{},,,\n"
		"3,f,,,NaN,-Infinity,infinity,0044-03-15 00:00:00+00 BC,"
		"\"line\r\nline\nline\",,\"\"\"text\"\"\",null,\"[2:3]={a,b}\",\\x,,red\n"
		"4,,,,,,,,\\.,,,,{},,,\n";
	coffer_buffer out = {0}, scratch = {0};

	(void)state;
	for (size_t step = 1; step < 2 * sizeof(text); step += step / 3 + 1) {
		struct reading reading;

		open_text(&reading, text, step);
		coffer_buffer_clear(&out);
		coffer_csv_write_header(table, &out);
		while (!next_row(&reading))
			assert_int_equal(
				coffer_csv_write(table, reading.row->values, &out, &scratch, NULL),
				COFFER_OK);
		if (reading.error.status)
			fail_msg("%s: %s", reading.error.place, reading.error.message);
		assert_string_equal(out.data, text);
		close_text(&reading);
	}
	coffer_buffer_release(&out);
	coffer_buffer_release(&scratch);
}

/* Texts and what their values of x are; NULL for NULL. */
static void
fields_are_quoted_as_copy_does(void **state)
{
	static const struct {
		const char *text, *value;
	} cases[] = {
		{"id,x\n1,\n", NULL},
		{"id,x\n1,\"\"\n", ""},
		{"id,x\n1, a \n", " a "},
		{"id,x\n1,a\"b,c\"d", "ab,cd"},
		{"id,x\n1,\"a\"\"b\"", "a\"b"},
		{"id,x\n1,\"a\"\"\"\r\n", "a\""},
		{"id,x\n1,\"\"\"\"\n", "\""},
		{"id,x\n1,\"a\r\nb\"\r\n", "a\r\nb"},
		{"id,x\n1,\\.\n", "\\."},
		{"id,x\n1,\\N\n", "\\N"},
		{"\xef\xbb\xbfid,x\r\n\r\n1,a\r\n\r\n", "a"},
		{"\"id\",\"x\"\n1,a", "a"},
		{"x,id\na,1\n", "a"},
		{"x,id\n\"\n\n\",1\n", "\n\n"},
	};
	uint16_t x = coffer_table_find_column(table, "x");

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		for (size_t step = 1; step < 32; step++) {
			struct reading reading;
			const coffer_value *value;

			open_text(&reading, cases[i].text, step);
			if (next_row(&reading))
				fail_msg("%s: %s: %s", cases[i].text, reading.error.place,
					 reading.error.message);
			value = &reading.row->values[x];
			assert_true(reading.row->is_given[x]);
			assert_false(reading.row->is_given[1]);
			assert_int_equal(value->kind, cases[i].value ? COFFER_TEXT : COFFER_NULL);
			if (cases[i].value) {
				assert_int_equal(value->text.size, strlen(cases[i].value));
				assert_memory_equal(value->text.data, cases[i].value,
						    value->text.size);
			}
			assert_int_equal(reading.row->values[0].integer, 1);
			assert_int_equal(next_row(&reading), COFFER_NOT_FOUND);
			assert_int_equal(reading.input.bytes, strlen(cases[i].text));
			close_text(&reading);
		}
	}
}

/* Where one column alone is named, an empty line is a row. */
static void
an_empty_line_is_a_null_of_one_column(void **state)
{
	struct reading reading;
	uint16_t x = coffer_table_find_column(table, "x");

	(void)state;
	open_text(&reading, "x\n\na\n\"\"\n", 100);
	assert_int_equal(next_row(&reading), COFFER_OK);
	assert_int_equal(reading.row->values[x].kind, COFFER_NULL);
	assert_int_equal(next_row(&reading), COFFER_OK);
	assert_int_equal(reading.row->values[x].text.size, 1);
	assert_int_equal(next_row(&reading), COFFER_OK);
	assert_int_equal(reading.row->values[x].kind, COFFER_TEXT);
	assert_int_equal(reading.row->values[x].text.size, 0);
	assert_int_equal(next_row(&reading), COFFER_NOT_FOUND);
	close_text(&reading);
}

/* COPY takes a line of "\." for the end, where that is all of it. */
static void
the_mark_of_the_end_is_quoted_where_it_is_a_line(void **state)
{
	coffer_text mark = {"\\.", 2}, other = {"\\.a", 3};

	(void)state;
	assert_true(coffer_csv_needs_quotes(mark, true));
	assert_false(coffer_csv_needs_quotes(mark, false));
	assert_false(coffer_csv_needs_quotes(other, true));
}

static void
what_is_wrong_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *text, *place, *message;
	} cases[] = {
		{"", "rows:1: T", "empty, expected a line with the columns' names"},
		{"\n1\n", "rows:1: T", "no column ''"},
		{"id,nope\n1,2\n", "rows:1: T", "no column 'nope'"},
		{"id, x\n1,2\n", "rows:1: T", "no column ' x', did you mean 'x'?"},
		{"id,x,id\n1,2,3\n", "rows:1: T.id", "named twice"},
		{"id,x\n1\n", "rows:2: T", "1 fields, expected 2 as the first line has"},
		{"id,x\n1,a,\n", "rows:2: T", "3 fields, expected 2 as the first line has"},
		{"id,x\n1,\"a\n", "rows:2: T", "a quote is not closed"},
		{"id,x\n1,\"a\n\n\"\n2,\"b\n", "rows:5: T", "a quote is not closed"},
		{"id,x\n1,\"\n\n\"\nno,b\n", "rows:5: T.id", NULL},
		{"id,x\n1,a\rb\n", "rows:2: T", "a carriage return that is not between quotes"},
		{"id\rx\r1\ra\r", "rows:1: T", "a carriage return that is not between quotes"},
		{"id,b\n1,yep\n", "rows:2: T.b", NULL},
		{"id,x\n1,\xc3\n", "rows:2: T.x", NULL},
		{"id,j\n1,{\n", "rows:2: T.j", NULL},
		{"id,e\n1,blue\n", "rows:2: T.e", NULL},
		{"id,a\n1,\"{\"\n", "rows:2: T.a", NULL},
		{"id,s\n1,\"\"\n", "rows:2: T.s", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct reading reading;
		coffer_status status;

		open_text(&reading, cases[i].text, 1000);
		while (!(status = next_row(&reading)))
			;
		if (status != COFFER_INVALID || strcmp(reading.error.place, cases[i].place) != 0 ||
		    (cases[i].message && strcmp(reading.error.message, cases[i].message) != 0))
			fail_msg("%s: %d, %s, %s", cases[i].text, status, reading.error.place,
				 reading.error.message);
		assert_null(reading.row);
		close_text(&reading);
	}
}

static void
a_row_has_a_limit_and_a_source_may_break(void **state)
{
	struct reading reading;

	(void)state;
	open_text(&reading, "id,x\n1,\"0123456789\n0123456789\n0123456789\n0123456789\"\n", 8);
	reading.input.record_size_max = 32;
	assert_int_equal(next_row(&reading), COFFER_LIMIT);
	assert_string_equal(reading.error.place, "rows:2: T");
	close_text(&reading);
	open_text(&reading, "id,x\n1,a\n2,b", 100);
	reading.pieces.last = COFFER_IO;
	assert_int_equal(next_row(&reading), COFFER_OK);
	assert_int_equal(next_row(&reading), COFFER_IO);
	assert_string_equal(reading.error.place, "rows:3: T");
	close_text(&reading);
}

/* Ends are searched once, however many quotes and line breaks a row has and in however small pieces it comes. */
static void
a_long_row_takes_no_long_time(void **state)
{
	enum { LINES = 400000 };
	coffer_buffer text = {0};
	struct reading reading;
	uint16_t x = coffer_table_find_column(table, "x");

	(void)state;
	coffer_buffer_text(&text, "id,x\n1,\"");
	for (int i = 0; i < LINES; i++)
		coffer_buffer_text(&text, "\"\"\n");
	coffer_buffer_text(&text, "\"\n2,b\n");
	open_text(&reading, text.data, 64);
	assert_int_equal(next_row(&reading), COFFER_OK);
	assert_int_equal(reading.row->values[x].text.size, 2 * LINES);
	assert_int_equal(next_row(&reading), COFFER_OK);
	assert_int_equal(reading.input.line, LINES + 3);
	close_text(&reading);
	coffer_buffer_release(&text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_comes_back),
		cmocka_unit_test(fields_are_quoted_as_copy_does),
		cmocka_unit_test(an_empty_line_is_a_null_of_one_column),
		cmocka_unit_test(the_mark_of_the_end_is_quoted_where_it_is_a_line),
		cmocka_unit_test(what_is_wrong_is_refused_with_its_place),
		cmocka_unit_test(a_row_has_a_limit_and_a_source_may_break),
		cmocka_unit_test(a_long_row_takes_no_long_time),
	};

	return cmocka_run_group_tests(tests, make_schema, free_schema);
}
