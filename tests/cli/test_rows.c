/*
 * How `coffer scan` and `coffer get` write every kind of value: a store is made through the library, the
 * command ($COFFER) prints it, and the lines are compared byte by byte.
 */
#include "coffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[256], path[300];

static int
make_folder(void **state)
{
	const char *parent = getenv("TMPDIR");

	(void)state;
	snprintf(folder, sizeof(folder), "%s/coffer-rows.XXXXXX", parent ? parent : "/tmp");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/a.coffer", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	unlink(path);
	strncat(path, "-lock", sizeof(path) - strlen(path) - 1);
	unlink(path);
	return rmdir(folder);
}

/* A store with one table t: `id` of type integer and `v` of the type that is looked at. */
static void
make_store(const char *type, const coffer_value *values, size_t count)
{
	coffer_load_options options = {.is_forced = true, .has_seed = true, .seed = 1};
	coffer_error error = {0};
	coffer_schema *schema;
	coffer_column *column;
	coffer_index *index;
	coffer_table *table;
	coffer_load *load;

	assert_int_equal(coffer_schema_new(&schema, &error), COFFER_OK);
	table = coffer_schema_add_table(schema);
	table->name = "t";
	table->replica_identity = 'd';
	table->time_column = COFFER_NO_COLUMN;
	column = coffer_table_add_column(schema, table);
	column->name = "id";
	column->type = "integer";
	column = coffer_table_add_column(schema, table);
	column->name = "v";
	column->type = type;
	column->is_nullable = true;
	index = coffer_table_add_index(schema, table);
	index->name = "t_pkey";
	index->definition = "PRIMARY KEY (id)";
	index->is_primary = index->is_unique = index->is_constraint = index->is_plain = true;
	index->columns = coffer_schema_memory(schema, sizeof(*index->columns));
	index->column_count = 1;
	assert_int_equal(coffer_schema_settle(schema, &error), COFFER_OK);
	assert_int_equal(coffer_load_begin(path, schema, &options, &load, &error), COFFER_OK);
	assert_int_equal(coffer_load_table(load, 0, &error), COFFER_OK);
	for (size_t i = 0; i < count; i++) {
		coffer_value row[] = {{.kind = COFFER_INT, .integer = (int64_t)i}, values[i]};

		if (coffer_load_row(load, row, &error))
			fail_msg("%s: %s", error.place, error.message);
	}
	assert_int_equal(coffer_load_finish(load, &error), COFFER_OK);
	coffer_schema_free(schema);
}

/* What `$COFFER words` prints, to be freed. */
static char *
print(const char *words)
{
	const char *command = getenv("COFFER");
	char line[1024];
	size_t size;
	char *text = malloc(1 << 20);
	FILE *pipe;

	snprintf(line, sizeof(line), "'%s' %s", command ? command : "build/coffer", words);
	pipe = popen(line, "r"); /* NOLINT(cert-env33-c) */
	assert_non_null(pipe);
	assert_non_null(text);
	size = fread(text, 1, (1 << 20) - 1, pipe);
	text[size] = '\0';
	assert_int_equal(pclose(pipe), 0);
	return text;
}

/* Load the values into a column of `type`, and compare how a scan writes each. */
static void
check(const char *type, const coffer_value *values, const char *const *wanted, size_t count)
{
	char words[400], *text, *rest;

	make_store(type, values, count);
	snprintf(words, sizeof(words), "scan '%s' t --columns v", path);
	text = rest = print(words);
	for (size_t i = 0; i < count; i++) {
		char *line = strsep(&rest, "\n");
		char expected[512];

		snprintf(expected, sizeof(expected), "{\"v\":%s}", wanted[i]);
		assert_non_null(line);
		assert_string_equal(line, expected);
	}
	assert_string_equal(rest, "");
	free(text);
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TEXT(name, literal) \
	{ \
		.kind = (name), .text = { literal, sizeof(literal) - 1 } \
	}

static void
integers_are_verbatim(void **state)
{
	const coffer_value values[] = {
		{.kind = COFFER_NULL},
		{.kind = COFFER_INT, .integer = 0},
		{.kind = COFFER_INT, .integer = -1},
		{.kind = COFFER_INT, .integer = INT64_C(9007199254740993)},
		{.kind = COFFER_INT, .integer = INT64_MAX},
		{.kind = COFFER_INT, .integer = INT64_MIN},
	};
	const char *const wanted[] = {"null",
				      "0",
				      "-1",
				      "9007199254740993",
				      "9223372036854775807",
				      "-9223372036854775808"};

	(void)state;
	check("bigint", values, wanted, COUNT(values));
}

static void
booleans_are_words(void **state)
{
	const coffer_value values[] = {{.kind = COFFER_BOOL, .boolean = true},
				       {.kind = COFFER_BOOL, .boolean = false}};
	const char *const wanted[] = {"true", "false"};

	(void)state;
	check("boolean", values, wanted, COUNT(values));
}

static void
floats_are_shortest_and_the_rest_strings(void **state)
{
	const coffer_value values[] = {
		{.kind = COFFER_FLOAT, .real = 0.1},       {.kind = COFFER_FLOAT, .real = -0.0},
		{.kind = COFFER_FLOAT, .real = 5e-324},    {.kind = COFFER_FLOAT, .real = 1e22},
		{.kind = COFFER_FLOAT, .real = NAN},       {.kind = COFFER_FLOAT, .real = INFINITY},
		{.kind = COFFER_FLOAT, .real = -INFINITY},
	};
	const char *const wanted[] = {"0.1",     "-0",           "5e-324",       "1e+22",
				      "\"NaN\"", "\"Infinity\"", "\"-Infinity\""};
	const coffer_value narrow[] = {{.kind = COFFER_FLOAT, .real = (double)0.1F}};
	const char *const narrow_wanted[] = {"0.1"};

	(void)state;
	check("double precision", values, wanted, COUNT(values));
	check("real", narrow, narrow_wanted, 1);
}

static void
times_are_iso(void **state)
{
	const coffer_value values[] = {
		{.kind = COFFER_TIME, .time = 0},
		{.kind = COFFER_TIME, .time = INT64_C(123000)},
		{.kind = COFFER_TIME, .time = -1},
		{.kind = COFFER_TIME, .time = INT64_C(9223371331199999999)},
		{.kind = COFFER_TIME, .time = INT64_C(-211813488000000000)},
		{.kind = COFFER_TIME, .time = INT64_MAX},
		{.kind = COFFER_TIME, .time = INT64_MIN},
	};
	const char *const wanted[] = {
		"\"2000-01-01T00:00:00\"",
		"\"2000-01-01T00:00:00.123\"",
		"\"1999-12-31T23:59:59.999999\"",
		"\"294276-12-31T23:59:59.999999\"",
		"\"4714-11-24T00:00:00 BC\"",
		"\"infinity\"",
		"\"-infinity\"",
	};
	const char *const zoned[] = {
		"\"2000-01-01T00:00:00Z\"",
		"\"2000-01-01T00:00:00.123Z\"",
		"\"1999-12-31T23:59:59.999999Z\"",
		"\"294276-12-31T23:59:59.999999Z\"",
		"\"4714-11-24T00:00:00Z BC\"",
		"\"infinity\"",
		"\"-infinity\"",
	};

	(void)state;
	check("timestamp without time zone", values, wanted, COUNT(values));
	check("timestamp with time zone", values, zoned, COUNT(values));
	for (size_t i = 0; i < COUNT(values); i++) {
		coffer_text text = {zoned[i] + 1, strlen(zoned[i]) - 2};
		int64_t time;

		assert_int_equal(coffer_time_parse(text, &time), COFFER_OK);
		assert_true(time == values[i].time);
	}
}

static void
texts_are_escaped_as_little_as_json_allows(void **state)
{
	const coffer_value values[] = {
		TEXT(COFFER_TEXT, ""),
		TEXT(COFFER_TEXT, "plain / \x7f \xc2\x85 \xc3\x89 \xf0\x9f\x8d\x80"),
		TEXT(COFFER_TEXT, "\"\\\b\f\n\r\t\x01\x1f"),
		TEXT(COFFER_TEXT, "0123456789abcdef"),
	};
	const char *const wanted[] = {
		"\"\"",
		"\"plain / \x7f \xc2\x85 \xc3\x89 \xf0\x9f\x8d\x80\"",
		"\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\"",
		"\"0123456789abcdef\"",
	};

	(void)state;
	check("text", values, wanted, COUNT(values));
}

static void
documents_are_verbatim_or_wrapped(void **state)
{
	const coffer_value values[] = {
		{.kind = COFFER_NULL},
		TEXT(COFFER_JSON, "null"),
		TEXT(COFFER_JSON, "{\"a\": 1.00, \"a\":123456789012345678901234567890}"),
		TEXT(COFFER_JSON, "\"null\""),
		TEXT(COFFER_JSON, "[null]"),
		TEXT(COFFER_JSON, "{\"$json\": null}"),
		TEXT(COFFER_JSON, "{ \"\\u0024json\" :[{\"a\":1},\",}\\\"\"] }"),
		TEXT(COFFER_JSON, "{\"$json\": 1, \"b\": 2}"),
		TEXT(COFFER_JSON, "{\"$jsonb\": 1}"),
		TEXT(COFFER_JSON, "{\"$text\":\"\"}"),
		TEXT(COFFER_JSON, "{\"a\":{\"$json\":1}}"),
		TEXT(COFFER_JSON, "{}"),
		TEXT(COFFER_JSON, " [1]"),
		TEXT(COFFER_JSON, "{\n\t\"a\": 1}"),
		TEXT(COFFER_JSON, "null "),
	};
	const char *const wanted[] = {
		"null",
		"{\"$json\":null}",
		"{\"a\": 1.00, \"a\":123456789012345678901234567890}",
		"\"null\"",
		"[null]",
		"{\"$json\":{\"$json\": null}}",
		"{\"$json\":{ \"\\u0024json\" :[{\"a\":1},\",}\\\"\"] }}",
		"{\"$json\": 1, \"b\": 2}",
		"{\"$jsonb\": 1}",
		"{\"$json\":{\"$text\":\"\"}}",
		"{\"a\":{\"$json\":1}}",
		"{}",
		"{\"$text\":\" [1]\"}",
		"{\"$text\":\"{\\n\\t\\\"a\\\": 1}\"}",
		"{\"$text\":\"null \"}",
	};

	(void)state;
	check("json", values, wanted, COUNT(values));
}

static coffer_value
pack(const coffer_text *elements, size_t count, char *memory)
{
	return (coffer_value){.kind = COFFER_TEXT_ARRAY,
			      .text = {memory, coffer_array_pack(elements, count, memory)}};
}

static void
arrays_are_arrays_where_json_has_the_shape(void **state)
{
	const coffer_text one[] = {{"a", 1}, {NULL, 0}, {"", 0}, {"NULL", 4}, {"x\"y", 3}};
	char memory[2][256];
	const coffer_value values[] = {
		{.kind = COFFER_NULL},
		pack(NULL, 0, memory[0]),
		pack(one, COUNT(one), memory[1]),
		TEXT(COFFER_OTHER, "[2:3]={a,\"b c\"}"),
	};
	const char *const wanted[] = {"null", "[]", "[\"a\",null,\"\",\"NULL\",\"x\\\"y\"]",
				      "{\"$array\":\"[2:3]={a,\\\"b c\\\"}\"}"};

	(void)state;
	check("text[]", values, wanted, COUNT(values));
}

static void
bytes_are_hexadecimal_and_others_strings(void **state)
{
	const coffer_value bytes[] = {TEXT(COFFER_BYTES, ""), TEXT(COFFER_BYTES, "\x00\xff\x5c")};
	const char *const bytes_wanted[] = {"\"\\\\x\"", "\"\\\\x00ff5c\""};
	const coffer_value others[] = {TEXT(COFFER_OTHER, "1.50"), TEXT(COFFER_OTHER, "NaN")};
	const char *const others_wanted[] = {"\"1.50\"", "\"NaN\""};

	(void)state;
	check("bytea", bytes, bytes_wanted, COUNT(bytes));
	check("numeric(10,2)", others, others_wanted, COUNT(others));
}

/* A value that does not fit the output's buffer, and rows that end at its end. */
static void
long_values_are_whole(void **state)
{
	enum { SIZE = 200000 };
	char *memory = malloc(SIZE), *text, words[400];
	coffer_value values[3];

	(void)state;
	assert_non_null(memory);
	memset(memory, 'y', SIZE);
	values[0] = (coffer_value){.kind = COFFER_TEXT, .text = {memory, SIZE}};
	values[1] = (coffer_value){.kind = COFFER_TEXT, .text = {memory, 65536 - 8}};
	values[2] = (coffer_value){.kind = COFFER_TEXT, .text = {memory, 40000}};
	make_store("text", values, COUNT(values));
	snprintf(words, sizeof(words), "scan '%s' t -c v", path);
	text = print(words);
	assert_int_equal(strlen(text), SIZE + 65536 - 8 + 40000 + 3 * strlen("{\"v\":\"\"}\n"));
	assert_int_equal(strspn(text + 6, "y"), SIZE);
	free(text);
	free(memory);
}

static void
a_key_is_read_as_its_column_asks(void **state)
{
	const coffer_value values[] = {TEXT(COFFER_TEXT, "a"), TEXT(COFFER_TEXT, "b")};
	char words[400], *text;

	(void)state;
	make_store("text", values, COUNT(values));
	snprintf(words, sizeof(words), "get '%s' T +1", path);
	text = print(words);
	assert_string_equal(text, "{\"id\":1,\"v\":\"b\"}\n");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_are_verbatim),
		cmocka_unit_test(booleans_are_words),
		cmocka_unit_test(floats_are_shortest_and_the_rest_strings),
		cmocka_unit_test(times_are_iso),
		cmocka_unit_test(texts_are_escaped_as_little_as_json_allows),
		cmocka_unit_test(documents_are_verbatim_or_wrapped),
		cmocka_unit_test(arrays_are_arrays_where_json_has_the_shape),
		cmocka_unit_test(bytes_are_hexadecimal_and_others_strings),
		cmocka_unit_test(long_values_are_whole),
		cmocka_unit_test(a_key_is_read_as_its_column_asks),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
