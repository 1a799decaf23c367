/*
 * Values read from text, settled and printed: what each type takes, what it makes of it, and what it says of what it
 * refuses. That a server does the same is held by tests/postgres/values.t.
 */
#include "coffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A schema of one column. */
struct setting {
	coffer_schema *schema;
	coffer_column *column;
	coffer_buffer memory, text;
	coffer_error error;
};

static void
add_types(coffer_schema *schema)
{
	static const char *labels[] = {"sad", "very \"happy\""};
	coffer_enum *mood = coffer_schema_add_enum(schema);
	coffer_domain *domain;

	mood->name = "Mood";
	mood->labels = labels;
	mood->label_count = COUNT(labels);
	domain = coffer_schema_add_domain(schema);
	domain->name = "price";
	domain->type = "numeric(6,2)";
	domain = coffer_schema_add_domain(schema);
	domain->name = "dear";
	domain->type = "price";
	domain = coffer_schema_add_domain(schema);
	domain->name = "moment";
	domain->type = "timestamp(3) without time zone";
}

static struct setting
set_up(const char *type)
{
	struct setting setting = {0};
	coffer_table *table;

	assert_int_equal(coffer_schema_new(&setting.schema, NULL), COFFER_OK);
	add_types(setting.schema);
	table = coffer_schema_add_table(setting.schema);
	table->name = "t";
	setting.column = coffer_table_add_column(setting.schema, table);
	setting.column->name = "c";
	setting.column->type = type;
	setting.column->is_nullable = true;
	assert_int_equal(coffer_schema_settle(setting.schema, NULL), COFFER_OK);
	setting.column = setting.schema->tables[0].columns;
	return setting;
}

static void
tear_down(struct setting *setting)
{
	coffer_schema_free(setting->schema);
	coffer_buffer_release(&setting->memory);
	coffer_buffer_release(&setting->text);
}

static coffer_status
parse(struct setting *setting, const char *text, coffer_value *value)
{
	setting->error = (coffer_error){0};
	return coffer_value_parse(setting->schema, setting->column,
				  (coffer_text){text, strlen(text)}, &setting->memory, value,
				  &setting->error);
}

static void
assert_printed(struct setting *setting, const coffer_value *value, const char *expected)
{
	coffer_buffer_clear(&setting->text);
	assert_int_equal(coffer_value_print(setting->column, value, &setting->text, NULL),
			 COFFER_OK);
	if (setting->text.size)
		assert_string_equal(setting->text.data, expected);
	assert_int_equal(setting->text.size, strlen(expected));
}

/* ------------------------------------------------------------------ one type after the other */

/* What is read; NULL: refused, with this message. */
struct text_case {
	const char *type, *text, *printed, *message;
};

static void
check_cases(const struct text_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct setting setting = set_up(cases[i].type);
		coffer_value value;
		coffer_status status = parse(&setting, cases[i].text, &value);

		if (cases[i].printed) {
			if (status)
				fail_msg("%s: %s: %s", cases[i].type, cases[i].text,
					 setting.error.message);
			assert_printed(&setting, &value, cases[i].printed);
		} else {
			if (status != COFFER_INVALID)
				fail_msg("%s took %s", cases[i].type, cases[i].text);
			assert_int_equal(value.kind, COFFER_NULL);
			assert_string_equal(setting.error.message, cases[i].message);
		}
		tear_down(&setting);
	}
}

static void
test_scalars(void **state)
{
	static const struct text_case cases[] = {
		{"boolean", " TRU\n", "t", NULL},
		{"boolean", "of", "f", NULL},
		{"boolean", "o", NULL, "not a value of type boolean: 'o'"},
		{"boolean", "", NULL, "not a value of type boolean: ''"},
		{"smallint", " -32768 ", "-32768", NULL},
		{"smallint", "32768", NULL, "out of the range of type smallint: '32768'"},
		{"integer", "+007", "7", NULL},
		{"integer", "-2147483649", NULL, "out of the range of type integer: '-2147483649'"},
		{"integer", "0x10", NULL, "not a value of type integer: '0x10'"},
		{"integer", "1_000", NULL, "not a value of type integer: '1_000'"},
		{"bigint", "-9223372036854775808", "-9223372036854775808", NULL},
		{"bigint", "9223372036854775808", NULL,
		 "out of the range of type bigint: '9223372036854775808'"},
		{"bigint", "99999999999999999999999999x", NULL,
		 "not a value of type bigint: '99999999999999999999999999x'"},
		{"double precision", " -Infinity ", "-Infinity", NULL},
		{"double precision", "5e-324", "5e-324", NULL},
		{"double precision", "1e-400", NULL,
		 "out of the range of type double precision: '1e-400'"},
		{"double precision", "1e400", NULL,
		 "out of the range of type double precision: '1e400'"},
		{"double precision", "1,5", NULL, "not a value of type double precision: '1,5'"},
		{"double precision", " ", NULL, "not a value of type double precision: ' '"},
		/* By way of a double it would be 1. */
		{"real", "1.00000005960464477539062500001", "1.0000001", NULL},
		{"real", "3.4028236e38", NULL, "out of the range of type real: '3.4028236e38'"},
		{"real", "nan", "NaN", NULL},
	};

	(void)state;
	check_cases(cases, COUNT(cases));
}

static void
test_times(void **state)
{
	static const struct text_case cases[] = {
		{"timestamp without time zone", "2024-11-05T10:20:30+05:30", "2024-11-05 10:20:30",
		 NULL},
		{"timestamp with time zone", "2024-11-05T10:20:30+05:30", "2024-11-05 04:50:30+00",
		 NULL},
		{"timestamp(3) without time zone", "2024-11-05 10:20:30.1235",
		 "2024-11-05 10:20:30.124", NULL},
		{"timestamp(3) without time zone", "2024-11-05 10:20:30.1234999",
		 "2024-11-05 10:20:30.124", NULL},
		{"timestamp(3) without time zone", "1999-12-31 23:59:59.9995",
		 "1999-12-31 23:59:59.999", NULL},
		{"timestamp(3) without time zone", "1999-12-31 23:59:59.9996",
		 "2000-01-01 00:00:00", NULL},
		{"timestamp(0) with time zone", "2024-11-05 23:59:59.5", "2024-11-06 00:00:00+00",
		 NULL},
		{"timestamp(3) without time zone", "infinity", "infinity", NULL},
		{"moment", "2024-11-05 10:20:30.1235", "2024-11-05 10:20:30.124", NULL},
		{"timestamp(3) without time zone", "294276-12-31 23:59:59.9995", NULL,
		 "out of the range of type timestamp(3) without time zone: '294277-01-01 "
		 "00:00:00'"},
		{"timestamp with time zone", "4714-11-24 00:00:00+01 BC", NULL,
		 "'4714-11-24 00:00:00+01 BC' for type timestamp with time zone: out of the range "
		 "of dates and times"},
		{"timestamp with time zone", "now", NULL,
		 "'now' for type timestamp with time zone: a time by the clock is not taken"},
		{"timestamp with time zone", "2024-11-05 10:20 EST", NULL,
		 "'2024-11-05 10:20 EST' for type timestamp with time zone: a zone by its name is "
		 "not taken, only an "
		 "offset such as +05:30"},
		{"date", " 2024-2-29 10:00 ", "2024-02-29", NULL},
		{"date", "2024-11-05 24:00:00", "2024-11-05", NULL},
		{"date", "0044-03-15 BC", "0044-03-15 BC", NULL},
		{"date", "5874897-12-31", "5874897-12-31", NULL},
		{"date", "-infinity", "-infinity", NULL},
		{"date", "epoch", "1970-01-01", NULL},
		{"date", "2023-02-29", NULL,
		 "'2023-02-29' for type date: out of the range of dates and times"},
		{"date", "5874898-01-01", NULL,
		 "'5874898-01-01' for type date: not a time such as 2024-11-05 10:20:30.123"},
	};

	(void)state;
	check_cases(cases, COUNT(cases));
}

static void
test_texts(void **state)
{
	static const struct text_case cases[] = {
		{"text", " a\xc3\xa9 ", " a\xc3\xa9 ", NULL},
		{"text", "\xff", NULL, "not valid UTF-8, or a NUL byte in it"},
		{"character varying(3)", "\xc3\xa9\xc3\xa9\xc3\xa9", "\xc3\xa9\xc3\xa9\xc3\xa9",
		 NULL},
		{"character varying(3)", "\xc3\xa9\xc3\xa9  ", "\xc3\xa9\xc3\xa9 ", NULL},
		{"character varying(3)", "abcd", NULL,
		 "too long for type character varying(3): 4 characters"},
		{"character varying", "abcd ", "abcd ", NULL},
		{"character(3)", "", "   ", NULL},
		{"character(3)", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80  ", NULL},
		{"character(3)", "abc ", "abc", NULL},
		{"character(3)", "abc\t", NULL, "too long for type character(3): 4 characters"},
		{"\"Mood\"", "very \"happy\"", "very \"happy\"", NULL},
		{"\"Mood\"", "Sad", NULL, "not a label of type \"Mood\": 'Sad'"},
		{"uuid", "{A0EEBC999C0B4EF8-BB6D6BB9BD380A11}",
		 "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", NULL},
		{"uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1", NULL,
		 "not a value of type uuid: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1'"},
		{"uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11-and-then-some", NULL,
		 "not a value of type uuid: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11-and...'"},
		{"uuid", "\x01\xc3\xa9\n", NULL, "not a value of type uuid: '?\xc3\xa9?'"},
		{"interval", "1 day", "1 day", NULL},
		{"interval", "\xc3(", NULL, "not valid UTF-8, or a NUL byte in it"},
		{"integer[]", "{1,2}", "{1,2}", NULL},
		{"character(3)[]", "{abcd}", "{abcd}", NULL},
		{"bytea", "\\x0aFF 00", "\\x0aff00", NULL},
		{"bytea", "a\\\\\\001\xc3\xa9", "\\x615c01c3a9", NULL},
		{"bytea", "", "\\x", NULL},
		{"bytea", "\\x0", NULL, "not a value of type bytea: '\\x0'"},
		{"bytea", "\\400", NULL, "not a value of type bytea: '\\400'"},
		{"bytea", "a\\", NULL, "not a value of type bytea: 'a\\'"},
	};

	(void)state;
	check_cases(cases, COUNT(cases));
}

static void
test_numerics(void **state)
{
	static const struct text_case cases[] = {
		{"numeric", " -0012.50 ", "-12.50", NULL},
		{"numeric", "-.00", "0.00", NULL},
		{"numeric", "1.50e1", "15.0", NULL},
		{"numeric", "1.5e3", "1500", NULL},
		{"numeric", "15e-3", "0.015", NULL},
		{"numeric", "nan", "NaN", NULL},
		{"numeric", "-INF", "-Infinity", NULL},
		{"numeric", "1e131072", NULL, "out of the range of type numeric: '1e131072'"},
		{"numeric", "1e-16384", NULL, "out of the range of type numeric: '1e-16384'"},
		{"numeric", "1e1000000000000", NULL,
		 "not a value of type numeric: '1e1000000000000'"},
		{"numeric", ".", NULL, "not a value of type numeric: '.'"},
		{"numeric(5,2)", "999.994", "999.99", NULL},
		{"numeric(5,2)", "-0.005", "-0.01", NULL},
		{"numeric(5,2)", "0.00499", "0.00", NULL},
		{"numeric(5,2)", "999.995", NULL,
		 "out of the range of type numeric(5,2): '999.995'"},
		{"numeric(5,2)", "inf", NULL, "out of the range of type numeric(5,2): 'inf'"},
		{"numeric(2,4)", "0.00994", "0.0099", NULL},
		{"numeric(2,4)", "0.00995", NULL,
		 "out of the range of type numeric(2,4): '0.00995'"},
		{"numeric(3,-2)", "12350", "12400", NULL},
		{"numeric(3,-2)", "49", "0", NULL},
		{"numeric(3,-2)", "99950", NULL, "out of the range of type numeric(3,-2): '99950'"},
		{"dear", "9999.994", "9999.99", NULL},
		{"dear", "9999.995", NULL, "out of the range of type dear: '9999.995'"},
	};

	(void)state;
	check_cases(cases, COUNT(cases));
}

static void
test_arrays(void **state)
{
	static const struct text_case cases[] = {
		{"text[]", "{}", "{}", NULL},
		{"text[]", " { a , \"b c\" , NULL , \\NULL , d  e } ",
		 "{a,\"b c\",NULL,\"NULL\",\"d  e\"}", NULL},
		{"text[]", "[1:2]={a,b}", "{a,b}", NULL},
		{"text[]", "[2:3]={a,\"\\\"\"}", "[2:3]={a,\"\\\"\"}", NULL},
		{"text[]", "{{a, b},{ c,NULL}}", "{{a,b},{c,NULL}}", NULL},
		{"text[]", "{{a},{b,c}}", NULL, "not the text form of an array"},
		{"text[]", "{a\xff}", NULL, "not valid UTF-8, or a NUL byte in it"},
	};

	(void)state;
	check_cases(cases, COUNT(cases));
}

static void
test_documents(void **state)
{
	static const struct text_case cases[] = {
		{"json", " {\"b\":1, \"b\":\"\\u0000\\ud800\"} ",
		 " {\"b\":1, \"b\":\"\\u0000\\ud800\"} ", NULL},
		{"json", "{'a':1}", NULL, "not JSON: expected a member's name at byte 2"},
		{"jsonb", "{\"b\":1,\"aa\":2,\"a\":[3,{}],\"b\":[]}",
		 "{\"a\": [3, {}], \"b\": [], \"aa\": 2}", NULL},
		{"jsonb", "{\"\\u0061\":1,\"a\":2,\"\\/\":3,\"\\n\":4}",
		 "{\"\\n\": 4, \"/\": 3, \"a\": 2}", NULL},
		{"jsonb", "[1e2, 1.50E1, -0, -0.0, 12e-3, 0e-2]",
		 "[100, 15.0, 0, 0.0, 0.012, 0.00]", NULL},
		{"jsonb", "\"\\u00e9\\ud83d\\ude00\\/\\u0022\\u000A\\u001F\\u007f\"",
		 "\"\xc3\xa9\xf0\x9f\x98\x80/\\\"\\n\\u001f\x7f\"", NULL},
		{"jsonb", "\"\\u0000\"", NULL,
		 "a string in the document is not text: \\u0000, or half of a surrogate pair"},
		{"jsonb", "{\"\\ud800\":1}", NULL,
		 "a string in the document is not text: \\u0000, or half of a surrogate pair"},
		{"jsonb", "1e131072", NULL,
		 "a number in the document is out of the range of numeric"},
		{"jsonb", "{\"a\":1e1000000000,\"a\":1}", NULL,
		 "a number in the document is out of the range of numeric"},
		{"jsonb", "[1,]", NULL, "not JSON: expected a value at byte 4"},
	};

	(void)state;
	check_cases(cases, COUNT(cases));
}

/* ------------------------------------------------------------------ documents */

/* The case that imports live by: nothing is copied, no memory asked for. */
static void
test_a_document_in_normal_form_is_borrowed(void **state)
{
	static const char document[] = "{\"a\": [1, 2.50, \"\xc3\xa9\\n\"], \"bb\": {}}";
	struct setting setting = set_up("jsonb");
	coffer_value value;

	(void)state;
	assert_int_equal(parse(&setting, document, &value), COFFER_OK);
	assert_ptr_equal(value.text.data, document);
	assert_int_equal(setting.memory.capacity, 0);
	tear_down(&setting);
}

/* Many members in several orders, each name twice, names of three lengths. */
static void
test_members_are_sorted_and_single(void **state)
{
	static const unsigned steps[] = {1, 999, 371, 607};
	struct setting setting = set_up("jsonb");
	coffer_buffer document = {0}, expected = {0};
	coffer_value value;

	(void)state;
	for (size_t at = 0; at < COUNT(steps); at++) {
		unsigned step = steps[at];

		coffer_buffer_clear(&document);
		coffer_buffer_clear(&expected);
		for (unsigned i = 0; i < 2000; i++)
			coffer_buffer_printf(&document, "%s\"%u\":%u", i ? "," : "{",
					     i * step % 1000, i);
		coffer_buffer_text(&document, "}");
		for (unsigned i = 0; i < 1000; i++) {
			unsigned last = 0;

			for (unsigned k = 1000; k < 2000; k++)
				last = k * step % 1000 == i ? k : last;
			coffer_buffer_printf(&expected, "%s\"%u\": %u", i ? ", " : "{", i, last);
		}
		coffer_buffer_text(&expected, "}");
		assert_int_equal(parse(&setting, document.data, &value), COFFER_OK);
		assert_printed(&setting, &value, expected.data);
	}
	coffer_buffer_release(&document);
	coffer_buffer_release(&expected);
	tear_down(&setting);
}

static char *
nest(size_t depth, const char *open, const char *middle, const char *close)
{
	size_t size = depth * (strlen(open) + strlen(close)) + strlen(middle) + 1;
	char *document = malloc(size), *at = document;

	for (size_t i = 0; i < depth; i++)
		at = mempcpy(at, open, strlen(open));
	at = mempcpy(at, middle, strlen(middle));
	for (size_t i = 0; i < depth; i++)
		at = mempcpy(at, close, strlen(close));
	*at = '\0';
	return document;
}

/* At every depth there is something to sort, so that the slow way is taken down to the limit. */
static void
test_nesting_takes_no_stack(void **state)
{
	struct setting setting = set_up("jsonb");
	char *document = nest(COFFER_JSON_DEPTH_MAX, "{\"b\":1,\"a\":", "2", "}"),
	     *expected = nest(COFFER_JSON_DEPTH_MAX, "{\"a\": ", "2", ", \"b\": 1}"),
	     *deeper = nest(COFFER_JSON_DEPTH_MAX + 1, "[", "", "]");
	coffer_value value;

	(void)state;
	assert_int_equal(parse(&setting, document, &value), COFFER_OK);
	assert_printed(&setting, &value, expected);
	assert_int_equal(parse(&setting, deeper, &value), COFFER_LIMIT);
	free(document);
	free(expected);
	free(deeper);
	tear_down(&setting);
}

/* Ten bytes a number, 131,072 in normal form: 8,192 of them are a gibibyte. Refused before they are written. */
static void
test_numbers_do_not_grow_beyond_a_value(void **state)
{
	struct setting setting = set_up("jsonb");
	char *document = nest(8200, "1e131071, ", "1", "");
	coffer_buffer array = {0};
	coffer_value value;

	(void)state;
	coffer_buffer_printf(&array, "[%s]", document);
	assert_int_equal(parse(&setting, array.data, &value), COFFER_LIMIT);
	assert_string_equal(
		setting.error.message,
		"a document that takes more than 1073741823 bytes with its numbers written out");
	coffer_buffer_release(&array);
	free(document);
	tear_down(&setting);
}

/* One item more than an array of jsonb has, one member more than an object has. */
static void
test_jsonb_ends_where_the_server_ends(void **state)
{
	static const struct {
		size_t count;
		const char *open, *close, *message;
	} cases[] = {
		{(1 << 24) + 1, "0,", "[0]",
		 "a document with more items in an array than jsonb holds: 16777216"},
		{(1 << 23) + 1, "\"\":0,", "{\"\":0}",
		 "a document with more members in an object than jsonb holds: 8388608"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct setting setting = set_up("jsonb");
		char *inner = nest(cases[i].count - 1, cases[i].open, "", "");
		coffer_buffer document = {0};
		coffer_value value;

		coffer_buffer_printf(&document, "%c%s%s", *cases[i].close, inner,
				     cases[i].close + 1);
		assert_int_equal(parse(&setting, document.data, &value), COFFER_LIMIT);
		assert_string_equal(setting.error.message, cases[i].message);
		coffer_buffer_release(&document);
		free(inner);
		tear_down(&setting);
	}
}

/* ------------------------------------------------------------------ settling */

static coffer_status
settle(struct setting *setting, coffer_value *value)
{
	setting->error = (coffer_error){0};
	return coffer_value_settle(setting->schema, setting->column, value, &setting->memory,
				   &setting->error);
}

static coffer_value
text_value(coffer_kind kind, const char *text)
{
	coffer_value value = {.kind = kind};

	value.text = (coffer_text){text, strlen(text)};
	return value;
}

static const struct {
	const char *type;
	coffer_value value;
	const char *printed, *message;
} of_other_origin[] = {
	{"smallint", {.kind = COFFER_INT, .integer = 32767}, "32767", NULL},
	{"smallint",
	 {.kind = COFFER_INT, .integer = 32768},
	 NULL,
	 "out of the range of type smallint: '32768'"},
	{"real", {.kind = COFFER_FLOAT, .real = 0.1}, "0.1", NULL},
	{"real",
	 {.kind = COFFER_FLOAT, .real = 1e39},
	 NULL,
	 "out of the range of type real: '1e+39'"},
	{"real",
	 {.kind = COFFER_FLOAT, .real = -1e-50},
	 NULL,
	 "out of the range of type real: '-1e-50'"},
	{"double precision", {.kind = COFFER_FLOAT, .real = 1e300}, "1e+300", NULL},
	{"moment", {.kind = COFFER_TIME, .time = -1499}, "1999-12-31 23:59:59.999", NULL},
	{"moment", {.kind = COFFER_TIME, .time = -1500}, "1999-12-31 23:59:59.998", NULL},
	{"moment", {.kind = COFFER_TIME, .time = INT64_MIN}, "-infinity", NULL},
	{"timestamp without time zone",
	 {.kind = COFFER_TIME, .time = INT64_MAX - 1},
	 NULL,
	 "out of the range of type timestamp without time zone: '294277-01-09 "
	 "04:00:54.775806'"},
	{"text[]",
	 {.kind = COFFER_TEXT_ARRAY,
	  .text = {"\x92\xa1"
		   "a\xc0",
		   4}},
	 "{a,NULL}",
	 NULL},
	{"text[]",
	 {.kind = COFFER_TEXT_ARRAY,
	  .text = {"\x92\xa1"
		   "a",
		   3}},
	 NULL,
	 "not a packed array"},
	{"text[]",
	 {.kind = COFFER_TEXT_ARRAY, .text = {"\x91\xa1\xff", 3}},
	 NULL,
	 "not valid UTF-8, or a NUL byte in it"},
	{"text[]", {.kind = COFFER_OTHER, .text = {"[0:0]={ a}", 10}}, "[0:0]={a}", NULL},
	{"text",
	 {.kind = COFFER_TEXT, .text = {"a\0b", 3}},
	 NULL,
	 "not valid UTF-8, or a NUL byte in it"},
	{"text",
	 {.kind = COFFER_INT, .integer = 1},
	 NULL,
	 "a value of another kind, expected one of type text"},
};

static void
test_values_of_other_origin_settle(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(of_other_origin); i++) {
		struct setting setting = set_up(of_other_origin[i].type);
		coffer_value value = of_other_origin[i].value, before = value;
		coffer_status status = settle(&setting, &value);

		if (of_other_origin[i].printed) {
			assert_int_equal(status, COFFER_OK);
			assert_printed(&setting, &value, of_other_origin[i].printed);
		} else {
			assert_int_equal(status, COFFER_INVALID);
			assert_string_equal(setting.error.message, of_other_origin[i].message);
			assert_int_equal(value.kind, before.kind);
		}
		tear_down(&setting);
	}
}

/* The text form of a plain shape becomes the packed array, since SPEC.md 4.8 has no other form for it. */
static void
test_a_plain_array_is_packed(void **state)
{
	struct setting setting = set_up("text[]");
	coffer_value value = text_value(COFFER_OTHER, "{a,NULL}");

	(void)state;
	assert_int_equal(settle(&setting, &value), COFFER_OK);
	assert_int_equal(value.kind, COFFER_TEXT_ARRAY);
	assert_int_equal(value.text.size, 4);
	assert_memory_equal(value.text.data,
			    "\x92\xa1"
			    "a\xc0",
			    4);
	tear_down(&setting);
}

static void
test_null_stays_null(void **state)
{
	struct setting setting = set_up("integer");
	coffer_value value = {.kind = COFFER_NULL};

	(void)state;
	assert_int_equal(settle(&setting, &value), COFFER_OK);
	assert_int_equal(value.kind, COFFER_NULL);
	assert_int_equal(coffer_value_print(setting.column, &value, &setting.text, &setting.error),
			 COFFER_INVALID);
	assert_string_equal(setting.error.message, "not a value of type integer");
	tear_down(&setting);
}

static void
test_a_value_ends_at_its_limit(void **state)
{
	struct setting setting = set_up("text");
	coffer_value value = {.kind = COFFER_TEXT};

	(void)state;
	value.text = (coffer_text){"", (size_t)COFFER_VALUE_SIZE_MAX + 1};
	assert_int_equal(settle(&setting, &value), COFFER_LIMIT);
	assert_string_equal(setting.error.message, "1073741824 bytes, expected at most 1073741823");
	tear_down(&setting);
}

/* ------------------------------------------------------------------ arrays of any shape */

static void
test_an_array_is_read_with_its_shape(void **state)
{
	coffer_array_shape shape;
	coffer_buffer memory = {0}, out = {0};
	coffer_text packed, text = {"[2:3][-1:0]={{a,b},{\"\",NULL}}", 29};

	(void)state;
	assert_int_equal(coffer_array_parse(text, &shape, &memory, &packed, NULL), COFFER_OK);
	assert_int_equal(shape.dimensions, 2);
	assert_int_equal(shape.sizes[0], 2);
	assert_int_equal(shape.sizes[1], 2);
	assert_int_equal(shape.lowers[0], 2);
	assert_int_equal(shape.lowers[1], -1);
	assert_int_equal(packed.size, 7);
	assert_memory_equal(packed.data,
			    "\x94\xa1"
			    "a\xa1"
			    "b\xa0\xc0",
			    7);
	assert_int_equal(coffer_array_format(&shape, packed, &out), COFFER_OK);
	assert_string_equal(out.data, text.data);
	shape.sizes[0] = 3;
	assert_int_equal(coffer_array_format(&shape, packed, &out), COFFER_CORRUPT);
	shape.dimensions = 7;
	assert_int_equal(coffer_array_format(&shape, packed, &out), COFFER_CORRUPT);
	coffer_buffer_release(&memory);
	coffer_buffer_release(&out);
}

static void
test_what_is_no_array_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"{",
		"}",
		"a",
		"{a",
		"{a}}",
		"{a}x",
		"{{}}",
		"{{},{}}",
		"{a,}",
		"{,a}",
		"{a\"b\"}",
		"{\"a}",
		"{\"a\\",
		"{\"a\"b}",
		"{{a},{b,c}}",
		"{{a},b}",
		"{a,{b}}",
		"{{a},{{b}}}",
		"[1:2]={a}",
		"[1:1]{a}",
		"[1:1][1:1]={a}",
		"[2:1]={}",
		"[1:0]={}",
		"[1:1]={}",
		"[:1]={a}",
		"[1:]={a}",
		"[]={a}",
		"[1 :1]={a}",
		"[99999999999:1]={a}",
		"[2147483648:2147483648]={a}",
		"[-2147483648:2147483647]={a}",
		"[1:1]=",
		"{{{{{{{x}}}}}}}",
		"[1:1][1:1][1:1][1:1][1:1][1:1][1:1]={{{{{{{x}}}}}}}",
	};
	coffer_buffer memory = {0};
	coffer_array_shape shape;
	coffer_text packed;

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		if (coffer_array_parse((coffer_text){texts[i], strlen(texts[i])}, &shape, &memory,
				       &packed, NULL) != COFFER_INVALID)
			fail_msg("taken: %s", texts[i]);
	coffer_buffer_release(&memory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scalars),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_numerics),
		cmocka_unit_test(test_arrays),
		cmocka_unit_test(test_documents),
		cmocka_unit_test(test_a_document_in_normal_form_is_borrowed),
		cmocka_unit_test(test_members_are_sorted_and_single),
		cmocka_unit_test(test_nesting_takes_no_stack),
		cmocka_unit_test(test_numbers_do_not_grow_beyond_a_value),
		cmocka_unit_test(test_jsonb_ends_where_the_server_ends),
		cmocka_unit_test(test_values_of_other_origin_settle),
		cmocka_unit_test(test_a_plain_array_is_packed),
		cmocka_unit_test(test_null_stays_null),
		cmocka_unit_test(test_a_value_ends_at_its_limit),
		cmocka_unit_test(test_an_array_is_read_with_its_shape),
		cmocka_unit_test(test_what_is_no_array_is_refused),
	};

	return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
