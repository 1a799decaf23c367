/*
 * COPY streams: the bytes of every kind, exact sizes, places of errors, and the statements around
 * them.
 */
#include "postgres/copy_read.h"
#include "postgres/copy_sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define HEADER "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"

enum { B, I2, I4, I8, F4, F8, T, TZ, TX, J, JB, A, BY, E, COLUMNS };

static coffer_column columns[COLUMNS] = {
	[B] = {.name = "b", .type = "boolean", .kind = COFFER_BOOL},
	[I2] = {.name = "i2", .type = "smallint", .kind = COFFER_INT, .width = 2},
	[I4] = {.name = "i4", .type = "integer", .kind = COFFER_INT, .width = 4},
	[I8] = {.name = "i8", .type = "bigint", .kind = COFFER_INT, .width = 8},
	[F4] = {.name = "f4", .type = "real", .kind = COFFER_FLOAT, .width = 4},
	[F8] = {.name = "f8", .type = "double precision", .kind = COFFER_FLOAT, .width = 8},
	[T] = {.name = "t", .type = "timestamp without time zone", .kind = COFFER_TIME},
	[TZ] = {.name = "tz",
		.type = "timestamp with time zone",
		.kind = COFFER_TIME,
		.has_zone = true},
	[TX] = {.name = "tx", .type = "text", .kind = COFFER_TEXT},
	[J] = {.name = "j", .type = "json", .kind = COFFER_JSON},
	[JB] = {.name = "jb", .type = "jsonb", .kind = COFFER_JSON, .is_binary_json = true},
	[A] = {.name = "a", .type = "text[]", .kind = COFFER_TEXT_ARRAY},
	[BY] = {.name = "by", .type = "bytea", .kind = COFFER_BYTES},
	[E] = {.name = "e", .type = "\"Mood\"", .kind = COFFER_OTHER},
};

static coffer_enum enums[] = {{.name = "Mood"}};
static coffer_table table = {.name = "every",
			     .columns = columns,
			     .column_count = COLUMNS,
			     .time_column = COFFER_NO_COLUMN,
			     .primary = COFFER_NO_INDEX,
			     .id = 16};
static coffer_schema schema = {
	.name = "public", .enums = enums, .enum_count = 1, .tables = &table, .table_count = 1};

static double
from_bits(uint64_t bits)
{
	double real;

	memcpy(&real, &bits, sizeof(real));
	return real;
}

static coffer_text
text_of(const char *text)
{
	return (coffer_text){text, strlen(text)};
}

/* A row with something of each kind. */
static void
fill(coffer_value *values)
{
	for (size_t i = 0; i < COLUMNS; i++)
		values[i] = (coffer_value){.kind = columns[i].kind};
	values[B].boolean = true;
	values[I2].integer = -2;
	values[I4].integer = INT32_MIN;
	values[I8].integer = INT64_MIN;
	values[F4].real = 0.5;
	values[F8].real = -0.0;
	values[T].time = INT64_MAX;
	values[TZ].time = INT64_C(-211813488000000000);
	values[TX].text = text_of("a\tb\\N");
	values[J].text = text_of("{\"a\" : 1}");
	values[JB].text = text_of("{}");
	values[A].kind = COFFER_OTHER;
	values[A].text = text_of("[2:3]={a,NULL}");
	values[BY].text = (coffer_text){"\0\xff", 2};
	values[E].text = text_of("happy");
}

static const char filled[] =
	"\0\016"
	"\0\0\0\1\1"
	"\0\0\0\2\377\376"
	"\0\0\0\4\200\0\0\0"
	"\0\0\0\10\200\0\0\0\0\0\0\0"
	"\0\0\0\4\77\0\0\0"
	"\0\0\0\10\200\0\0\0\0\0\0\0"
	"\0\0\0\10\177\377\377\377\377\377\377\377"
	"\0\0\0\10\375\17\174\301\101\37\240\0"
	"\0\0\0\5a\tb\\N"
	"\0\0\0\11{\"a\" : 1}"
	"\0\0\0\3\1{}"
	"\0\0\0\35\0\0\0\1\0\0\0\1\0\0\0\31\0\0\0\2\0\0\0\2\0\0\0\1a\377\377\377\377"
	"\0\0\0\2\0\377"
	"\0\0\0\5happy";

static bool
is_equal(const coffer_value *left, const coffer_value *right)
{
	if (left->kind != right->kind)
		return false;
	if (left->kind == COFFER_NULL)
		return true;
	if (left->kind == COFFER_BOOL)
		return left->boolean == right->boolean;
	if (left->kind <= COFFER_TIME)
		return left->integer == right->integer;
	return left->text.size == right->text.size &&
	       !memcmp(left->text.data, right->text.data, left->text.size);
}

static void
a_row_of_every_kind_has_the_server_bytes(void **state)
{
	struct coffer_copy_writer writer;
	struct coffer_copy_reader reader;
	coffer_value values[COLUMNS];
	coffer_error error = {0};

	(void)state;
	fill(values);
	assert_int_equal(coffer_copy_writer_init(&writer, &schema, &table, &error), COFFER_OK);
	assert_true(writer.is_binary);
	coffer_copy_write_begin(&writer);
	assert_int_equal(coffer_copy_write(&writer, values, &error), COFFER_OK);
	assert_int_equal(writer.out.size, 19 + sizeof(filled) - 1);
	assert_memory_equal(writer.out.data, HEADER, 19);
	assert_memory_equal(writer.out.data + 19, filled, sizeof(filled) - 1);
	assert_int_equal(coffer_copy_reader_init(&reader, &table, &error), COFFER_OK);
	assert_int_equal(coffer_copy_read(&reader, writer.out.data, writer.out.size, &error),
			 COFFER_OK);
	assert_int_equal(reader.rows, 1);
	for (size_t i = 0; i < COLUMNS; i++)
		assert_true(is_equal(&reader.values[i], &values[i]));
	writer.out.size = 0;
	coffer_copy_write_end(&writer);
	assert_int_equal(coffer_copy_read(&reader, writer.out.data, writer.out.size, &error),
			 COFFER_NOT_FOUND);
	assert_int_equal(coffer_copy_read_end(&reader, &error), COFFER_OK);
	coffer_copy_reader_release(&reader);
	coffer_copy_writer_release(&writer);
}

static void
nulls_come_back_as_nulls(void **state)
{
	struct coffer_copy_writer writer;
	struct coffer_copy_reader reader;
	coffer_value values[COLUMNS] = {{.kind = COFFER_NULL}};
	coffer_error error = {0};

	(void)state;
	assert_int_equal(coffer_copy_writer_init(&writer, &schema, &table, &error), COFFER_OK);
	assert_int_equal(coffer_copy_reader_init(&reader, &table, &error), COFFER_OK);
	assert_int_equal(coffer_copy_read(&reader, HEADER, 19, &error), COFFER_NOT_FOUND);
	assert_int_equal(coffer_copy_write(&writer, values, &error), COFFER_OK);
	assert_int_equal(writer.out.size, 2 + 4 * COLUMNS);
	assert_int_equal(coffer_copy_read(&reader, writer.out.data, writer.out.size, &error),
			 COFFER_OK);
	for (size_t i = 0; i < COLUMNS; i++)
		assert_int_equal(reader.values[i].kind, COFFER_NULL);
	coffer_copy_reader_release(&reader);
	coffer_copy_writer_release(&writer);
}

/* float4 goes through a double bit by bit: the signalling NaN too. */
static void
float4_keeps_every_bit(void **state)
{
	static const struct {
		uint32_t narrow;
		uint64_t wide;
	} cases[] = {
		{0x00000000, 0x0000000000000000}, {0x80000000, 0x8000000000000000},
		{0x3f800000, 0x3ff0000000000000}, {0x7f7fffff, 0x47efffffe0000000},
		{0x00000001, 0x36a0000000000000}, {0x807fffff, 0xb80fffffc0000000},
		{0x7f800000, 0x7ff0000000000000}, {0xff800000, 0xfff0000000000000},
		{0x7fc00000, 0x7ff8000000000000}, {0xffc00001, 0xfff8000020000000},
		{0x7f800001, 0x7ff0000020000000}, {0x7fffffff, 0x7fffffffe0000000},
	};
	coffer_table one = {.name = "one", .columns = &columns[F4], .column_count = 1};
	struct coffer_copy_reader reader;
	struct coffer_copy_writer writer;
	coffer_error error = {0};

	(void)state;
	assert_int_equal(coffer_copy_reader_init(&reader, &one, &error), COFFER_OK);
	assert_int_equal(coffer_copy_writer_init(&writer, &schema, &one, &error), COFFER_OK);
	reader.is_begun = true;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint32_t bits = cases[i].narrow;
		uint8_t tuple[10] = {0,
				     1,
				     0,
				     0,
				     0,
				     4,
				     (uint8_t)(bits >> 24),
				     (uint8_t)(bits >> 16),
				     (uint8_t)(bits >> 8),
				     (uint8_t)bits};
		double expected = from_bits(cases[i].wide);

		assert_int_equal(coffer_copy_read(&reader, tuple, 10, &error), COFFER_OK);
		assert_memory_equal(&reader.values[0].real, &expected, sizeof(expected));
		writer.out.size = 0;
		assert_int_equal(coffer_copy_write(&writer, reader.values, &error), COFFER_OK);
		assert_memory_equal(writer.out.data, tuple, 10);
	}
	coffer_copy_reader_release(&reader);
	coffer_copy_writer_release(&writer);
}

static void
a_cut_row_is_refused_at_every_size(void **state)
{
	struct coffer_copy_reader reader;
	uint8_t *bytes;

	(void)state;
	for (size_t size = 0; size < sizeof(filled) - 1; size++) {
		coffer_error error = {0};

		bytes = malloc(size ? size : 1);
		assert_non_null(bytes);
		memcpy(bytes, filled, size);
		assert_int_equal(coffer_copy_reader_init(&reader, &table, &error), COFFER_OK);
		reader.is_begun = true;
		assert_int_equal(coffer_copy_read(&reader, bytes, size, &error), COFFER_INVALID);
		assert_memory_equal(error.place, "every[1]", 8);
		coffer_copy_reader_release(&reader);
		free(bytes);
	}
}

static void
damage_is_told_with_row_and_column(void **state)
{
	static const struct {
		size_t column, size;
		const char *field, *place, *message;
	} cases[] = {
		{B, 5, "\0\0\0\1\2", "every[8].b", "a boolean is neither 0 nor 1"},
		{B, 6, "\0\0\0\2\0\0", "every[8].b", "a value has a wrong size for its type"},
		{I2, 8, "\0\0\0\4\0\0\0\0", "every[8].i2", "a value has a wrong size for its type"},
		{I8, 8, "\0\0\0\4\0\0\0\0", "every[8].i8", "a value has a wrong size for its type"},
		{F4, 4, "\0\0\0\0", "every[8].f4", "a value has a wrong size for its type"},
		{T, 12, "\0\0\0\10\177\377\377\377\377\377\377\376", "every[8].t",
		 "a time is out of range"},
		{TX, 4, "\377\377\377\376", "every[8].tx", "a value has a negative size"},
		{TX, 4, "\177\377\377\377", "every[8].tx", "the row ends within a value"},
		{JB, 4, "\0\0\0\0", "every[8].jb", "a jsonb value is not of version 1"},
		{JB, 5, "\0\0\0\1\2", "every[8].jb", "a jsonb value is not of version 1"},
		{A, 5, "\0\0\0\1\2", "every[8].a", "an array ends within its header"},
	};
	uint8_t bytes[256];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct coffer_copy_reader reader;
		coffer_error error = {0};
		size_t size = 2 + 4 * cases[i].column;

		memset(bytes, 0xff, sizeof(bytes));
		bytes[0] = 0;
		bytes[1] = COLUMNS;
		memcpy(bytes + size, cases[i].field, cases[i].size);
		size += cases[i].size + 4 * (COLUMNS - 1 - cases[i].column);
		assert_int_equal(coffer_copy_reader_init(&reader, &table, &error), COFFER_OK);
		reader.is_begun = true;
		reader.rows = 7;
		assert_int_equal(coffer_copy_read(&reader, bytes, size, &error), COFFER_INVALID);
		assert_string_equal(error.place, cases[i].place);
		assert_string_equal(error.message, cases[i].message);
		coffer_copy_reader_release(&reader);
	}
}

static void
a_stream_that_is_none_is_refused(void **state)
{
	static const struct {
		size_t size;
		const char *bytes, *message;
	} cases[] = {
		{0, "", "the stream does not begin as binary COPY does"},
		{18, HEADER, "the stream does not begin as binary COPY does"},
		{19, "PGCOPX\n\377\r\n\0\0\0\0\0\0\0\0",
		 "the stream does not begin as binary COPY does"},
		{19, "PGCOPY\n\377\r\n\0\0\1\0\0\0\0\0", "the stream has unknown flags"},
		{19, "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\1",
		 "the stream does not begin as binary COPY does"},
		{20, HEADER "\0", "the row ends within its count of columns"},
		{21, HEADER "\0\1", "the row has another number of columns"},
		{22, HEADER "\377\377\0", "bytes follow the end of the stream"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct coffer_copy_reader reader;
		coffer_error error = {0};

		assert_int_equal(coffer_copy_reader_init(&reader, &table, &error), COFFER_OK);
		assert_int_equal(coffer_copy_read(&reader, cases[i].bytes, cases[i].size, &error),
				 COFFER_INVALID);
		assert_string_equal(error.message, cases[i].message);
		coffer_copy_reader_release(&reader);
	}
}

static void
the_stream_must_end_with_its_trailer(void **state)
{
	struct coffer_copy_reader reader;
	coffer_error error = {0};

	(void)state;
	assert_int_equal(coffer_copy_reader_init(&reader, &table, &error), COFFER_OK);
	assert_int_equal(coffer_copy_read(&reader, HEADER, 19, &error), COFFER_NOT_FOUND);
	assert_int_equal(coffer_copy_read_end(&reader, &error), COFFER_INVALID);
	assert_string_equal(error.message, "the stream ends before its trailer");
	error = (coffer_error){0};
	assert_int_equal(coffer_copy_read(&reader, "\377\377", 2, &error), COFFER_NOT_FOUND);
	assert_int_equal(coffer_copy_read_end(&reader, &error), COFFER_OK);
	assert_int_equal(coffer_copy_read(&reader, filled, sizeof(filled) - 1, &error),
			 COFFER_INVALID);
	assert_string_equal(error.message, "bytes follow the end of the stream");
	coffer_copy_reader_release(&reader);
}

/* One column of a type that coffer carries makes the whole table text. */
static void
a_carried_type_makes_text_with_escapes(void **state)
{
	static const char expected[] =
		"t\t-2\t-2147483648\t-9223372036854775808\t0.5\t-0\tinfinity\t"
		"4714-11-24 00:00:00+00 BC\ta\\tb\\\\N\t{\"a\" : 1}\t{}\t[2:3]={a,NULL}\t"
		"\\\\x00ff\thappy\n";
	static const char escaped[] = "\\N\t\\N\t\\N\t\\N\t\\N\tNaN\t\\N\t\\N\t"
				      "\\b\\f\\n\\r\\v\\\\.\t\\N\t\\N\t\\N\t\\N\t\\N\n";
	coffer_column carried[COLUMNS];
	coffer_table other = table;
	struct coffer_copy_writer writer;
	coffer_value values[COLUMNS];
	coffer_error error = {0};

	(void)state;
	fill(values);
	memcpy(carried, columns, sizeof(columns));
	carried[E].type = "numeric(5,2)";
	other.columns = carried;
	assert_int_equal(coffer_copy_writer_init(&writer, &schema, &other, &error), COFFER_OK);
	assert_false(writer.is_binary);
	coffer_copy_write_begin(&writer);
	assert_int_equal(coffer_copy_write(&writer, values, &error), COFFER_OK);
	coffer_copy_write_end(&writer);
	assert_int_equal(writer.out.size, sizeof(expected) - 1);
	assert_memory_equal(writer.out.data, expected, sizeof(expected) - 1);
	writer.out.size = 0;
	memset(values, 0, sizeof(values));
	values[TX] = (coffer_value){.kind = COFFER_TEXT};
	values[TX].text = text_of("\b\f\n\r\v\\.");
	values[F8] = (coffer_value){.kind = COFFER_FLOAT};
	values[F8].real = from_bits(0x7ff8000000000001);
	assert_int_equal(coffer_copy_write(&writer, values, &error), COFFER_OK);
	assert_int_equal(writer.out.size, sizeof(escaped) - 1);
	assert_memory_equal(writer.out.data, escaped, sizeof(escaped) - 1);
	assert_int_equal(writer.nans_changed, 1);
	coffer_copy_writer_release(&writer);
}

static void
a_value_of_another_kind_is_refused(void **state)
{
	struct coffer_copy_writer writer;
	coffer_value values[COLUMNS];
	coffer_error error = {0};

	(void)state;
	fill(values);
	values[I4].kind = COFFER_TEXT;
	assert_int_equal(coffer_copy_writer_init(&writer, &schema, &table, &error), COFFER_OK);
	assert_int_equal(coffer_copy_write(&writer, values, &error), COFFER_INVALID);
	assert_string_equal(error.place, "i4");
	fill(values);
	values[A].text = text_of("[2:3]={a}");
	error = (coffer_error){0};
	assert_int_equal(coffer_copy_write(&writer, values, &error), COFFER_INVALID);
	assert_string_equal(error.place, "a");
	fill(values);
	values[TX].text.size = (size_t)COFFER_VALUE_SIZE_MAX + 1;
	error = (coffer_error){0};
	assert_int_equal(coffer_copy_write(&writer, values, &error), COFFER_LIMIT);
	assert_string_equal(error.place, "tx");
	coffer_copy_writer_release(&writer);
}

static const coffer_selection everything = {.has_since = false};
static const coffer_selection late = {.has_since = true, .since = INT64_C(86400000000)};

static void
statements_name_every_column(void **state)
{
	coffer_column some[] = {
		{.name = "we\"ird", .type = "text", .kind = COFFER_TEXT},
		{.name = "at", .type = "timestamp", .kind = COFFER_TIME},
		{.name = "n", .type = "numeric", .kind = COFFER_OTHER},
		{.name = "g", .type = "text", .kind = COFFER_TEXT, .generated_sql = "lower(x)"},
	};
	uint16_t first[] = {1};
	coffer_index index = {.name = "i",
			      .definition = "btree (at)",
			      .is_plain = true,
			      .columns = first,
			      .column_count = 1};
	coffer_table other = {.name = "T",
			      .columns = some,
			      .column_count = 4,
			      .indexes = &index,
			      .index_count = 1,
			      .time_column = 1};
	struct coffer_copy_writer writer;
	coffer_error error = {0};
	coffer_buffer sql = {0};

	(void)state;
	coffer_copy_out_sql(&sql, &schema, &other, "s", &everything, NULL);
	assert_string_equal(
		sql.data,
		"COPY (SELECT \"we\"\"ird\", \"at\", CASE WHEN pg_catalog.num_nonnulls(\"n\") = 1"
		" THEN pg_catalog.format('%s', \"n\") END, \"g\" FROM ONLY \"s\".\"T\" AS r"
		" ORDER BY r.\"at\") TO STDOUT (FORMAT binary)");
	index.definition = "brin (at)";
	other.partition_key = "RANGE (at)";
	sql.size = 0;
	coffer_copy_out_sql(&sql, &schema, &other, "s", &everything, NULL);
	assert_non_null(strstr(sql.data, " FROM \"s\".\"T\" AS r) TO STDOUT"));
	sql.size = 0;
	coffer_copy_out_sql(&sql, &schema, &other, "s", &late, NULL);
	assert_non_null(strstr(sql.data, " AS r WHERE r.\"at\" OPERATOR(pg_catalog.>=)"
					 " E'2000-01-02 00:00:00'::pg_catalog.timestamp) TO"));
	some[1].has_zone = true;
	sql.size = 0;
	coffer_copy_out_sql(&sql, &schema, &other, "s", &late, NULL);
	assert_non_null(strstr(sql.data, " E'2000-01-02 00:00:00+00'::pg_catalog.timestamptz) TO"));
	assert_int_equal(coffer_copy_writer_init(&writer, &schema, &other, &error), COFFER_OK);
	sql.size = 0;
	coffer_copy_in_sql(&sql, &writer, "s", "T", true);
	assert_string_equal(
		sql.data,
		"COPY \"s\".\"T\" (\"we\"\"ird\", \"at\", \"n\") FROM STDIN (FORMAT text)");
	other.partition_key = NULL;
	some[2].type = "\"Mood\"";
	coffer_copy_writer_release(&writer);
	assert_int_equal(coffer_copy_writer_init(&writer, &schema, &other, &error), COFFER_OK);
	sql.size = 0;
	coffer_copy_in_sql(&sql, &writer, "s", "T", true);
	assert_non_null(strstr(sql.data, " FROM STDIN (FORMAT binary, FREEZE)"));
	coffer_copy_writer_release(&writer);
	coffer_buffer_release(&sql);
}

static void
a_table_without_columns_has_rows(void **state)
{
	coffer_table empty = {.name = "none", .time_column = COFFER_NO_COLUMN};
	struct coffer_copy_reader reader;
	struct coffer_copy_writer writer;
	coffer_error error = {0};
	coffer_buffer sql = {0};

	(void)state;
	assert_int_equal(coffer_copy_reader_init(&reader, &empty, &error), COFFER_OK);
	assert_int_equal(coffer_copy_read(&reader, HEADER "\0", 21, &error), COFFER_OK);
	assert_int_equal(coffer_copy_writer_init(&writer, &schema, &empty, &error), COFFER_OK);
	assert_int_equal(coffer_copy_write(&writer, reader.values, &error), COFFER_OK);
	assert_int_equal(writer.out.size, 2);
	coffer_copy_out_sql(&sql, &schema, &empty, "s", &everything, NULL);
	assert_string_equal(sql.data,
			    "COPY (SELECT  FROM ONLY \"s\".\"none\" AS r) TO STDOUT (FORMAT binary)");
	sql.size = 0;
	coffer_copy_in_sql(&sql, &writer, "s", "none", false);
	assert_string_equal(sql.data, "COPY \"s\".\"none\" FROM STDIN (FORMAT binary)");
	coffer_copy_reader_release(&reader);
	coffer_copy_writer_release(&writer);
	coffer_buffer_release(&sql);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_of_every_kind_has_the_server_bytes),
		cmocka_unit_test(nulls_come_back_as_nulls),
		cmocka_unit_test(float4_keeps_every_bit),
		cmocka_unit_test(a_cut_row_is_refused_at_every_size),
		cmocka_unit_test(damage_is_told_with_row_and_column),
		cmocka_unit_test(a_stream_that_is_none_is_refused),
		cmocka_unit_test(the_stream_must_end_with_its_trailer),
		cmocka_unit_test(a_carried_type_makes_text_with_escapes),
		cmocka_unit_test(a_value_of_another_kind_is_refused),
		cmocka_unit_test(statements_name_every_column),
		cmocka_unit_test(a_table_without_columns_has_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
