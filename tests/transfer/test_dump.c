/*
 * Dumps as sources: rows of COPY and INSERT in all their forms, whose they are, and what is refused with its file,
 * line, table and column.
 */
#include "transfer/dump.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char path[256];
static char warnings[2000];

static void
keep_warning(void *context, const char *message)
{
	size_t used = strlen(warnings);

	(void)context;
	assert_true(strlen(message) + 2 < sizeof(warnings) - used);
	snprintf(warnings + used, sizeof(warnings) - used, "%s\n", message);
}

static int
make_path(void **state)
{
	const char *folder = getenv("TMPDIR");

	(void)state;
	snprintf(path, sizeof(path), "%s/%ld.sql", folder ? folder : "/tmp", (long)getpid());
	return 0;
}

static int
remove_path(void **state)
{
	(void)state;
	(void)unlink(path);
	return 0;
}

static void
write_file(const char *text, size_t size)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static coffer_transfer_options options = {.warn = keep_warning};

/* Open a dump of this text; its status. */
static coffer_status
open_text(const char *text, const char *schema, struct coffer_source **source, coffer_error *error)
{
	*warnings = '\0';
	*error = (coffer_error){.status = COFFER_OK};
	options.schema = schema;
	write_file(text, strlen(text));
	return coffer_dump_source_open(path, &options, source, error);
}

static void
append_value(coffer_buffer *out, const coffer_column *column, const coffer_value *value)
{
	if (value->kind == COFFER_NULL)
		coffer_buffer_text(out, "~");
	else
		assert_int_equal(coffer_value_print(column, value, out, NULL), COFFER_OK);
}

/* All rows of all tables: "table:" and each row's values with '|' between, ';' behind. */
static coffer_status
print_rows(struct coffer_source *source, coffer_buffer *out, coffer_error *error)
{
	const coffer_value *values;
	coffer_status status;
	uint32_t number;

	while (!(status = coffer_source_next_table(source, &number, error))) {
		const coffer_table *table = &source->schema->tables[number];

		coffer_buffer_printf(out, "%s:", table->name);
		while (!(status = coffer_source_next_row(source, &values, error))) {
			for (size_t i = 0; i < table->column_count; i++) {
				coffer_buffer_text(out, i ? "|" : "");
				append_value(out, &table->columns[i], &values[i]);
			}
			coffer_buffer_text(out, ";");
		}
		if (status != COFFER_NOT_FOUND)
			return status;
	}
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

static void
assert_rows(const char *text, const char *schema, const char *expected)
{
	struct coffer_source *source;
	coffer_buffer out = {0};
	coffer_error error;
	coffer_status status = open_text(text, schema, &source, &error);

	if (!status)
		status = print_rows(source, &out, &error);
	if (status)
		fail_msg("%s: %s", error.place, error.message);
	assert_string_equal(out.data, expected);
	coffer_source_close(source);
	coffer_buffer_release(&out);
}

/* ------------------------------------------------------------------ rows */

#define TABLE "CREATE TABLE public.t (\n    a integer,\n    b text\n);\n"
#define COPY TABLE "COPY public.t (a, b) FROM stdin;\n"

static const struct {
	const char *text, *rows;
} row_cases[] = {
	{COPY "1\tone\n\\N\t\\N\n3\t\n\\.\n", "t:1|one;~|~;3|;"},
	{COPY "\\.\n", "t:"},
	{COPY "1\tx\n\\.", "t:1|x;"},
	{COPY "1\ta\\tb\\nc\\rd\\\\e\\bf\\fg\\vh\n\\.\n", "t:1|a\tb\nc\rd\\e\bf\fg\vh;"},
	{COPY "1\t\\101\\x42\\x4\\60\\q\\\"\n\\.\n", "t:1|AB\x04"
						     "0q\";"},
	{COPY "1\t\\\\N\n2\t\\\\.\n3\tx\\N\n\\.\n", "t:1|\\N;2|\\.;3|xN;"},
	{COPY "1\ta\\\tb\n\\.\n", "t:1|a\tb;"},
	{COPY "1\tend\\\n\\.\n", "t:1|end\\;"},
	{COPY "1\tone\r\n\\N\t\\N\r\n\\.\r\n", "t:1|one;~|~;"},
	{TABLE "COPY public.t FROM stdin;\n1\tall\n\\.\n", "t:1|all;"},
	{TABLE "COPY public.t (b, a) FROM stdin;\nx\t1\n\\.\n", "t:1|x;"},
	{TABLE "COPY public.t (b) FROM stdin;\nx\n\\.\n", "t:~|x;"},
	{TABLE "INSERT INTO public.t VALUES (1, 'it''s; \\n');\nINSERT INTO public.t VALUES (NULL, "
	       "NULL);\n",
	 "t:1|it's; \\n;~|~;"},
	{TABLE "INSERT INTO public.t (b, a) VALUES (E'x\\ny', -5);\n", "t:-5|x\ny;"},
	{TABLE "INSERT INTO public.t VALUES\n\t(1, 'a'),\n\t(2, '),(');\nINSERT INTO public.t "
	       "VALUES\n\t(3, "
	       "'c');\n",
	 "t:1|a;2|),(;3|c;"},
	{TABLE "INSERT INTO public.t (a) OVERRIDING SYSTEM VALUE VALUES (7);\n", "t:7|~;"},
	{TABLE "INSERT INTO public.t VALUES (1, 'x') ON CONFLICT DO NOTHING;\n", "t:1|x;"},
	{TABLE
	 "INSERT INTO public.t VALUES (1, 'x'::text);\n-- between\nINSERT INTO public.t VALUES (2, "
	 "$$y$$);\n",
	 "t:1|x;2|y;"},
	{"CREATE TABLE public.e (\n);\nCOPY public.e  FROM stdin;\n\n\n\\.\n", "e:;;"},
	{"CREATE TABLE public.e (\n);\nINSERT INTO public.e DEFAULT VALUES;\nINSERT INTO public.e "
	 "DEFAULT "
	 "VALUES;\n",
	 "e:;;"},
	{"CREATE TABLE public.d (\n    a integer DEFAULT 5,\n    b text DEFAULT 'it''s'::text NOT "
	 "NULL,\n"
	 "    c text\n);\nCOPY public.d (c) FROM stdin;\nx\ny\n\\.\n",
	 "d:5|it's|x;5|it's|y;"},
	{"SET standard_conforming_strings = off;\n" TABLE
	 "INSERT INTO public.t VALUES (1, 'a\\\\b\\';');\n",
	 "t:1|a\\b';;"},
	{"CREATE TABLE public.b (\n    a bit(4),\n    b boolean,\n    c jsonb,\n    d bytea\n);\n"
	 "INSERT INTO public.b VALUES (B'1010', true, '{\"b\": 1, \"a\": [2.50]}', '\\x00ff');\n",
	 "b:1010|t|{\"a\": [2.50], \"b\": 1}|\\x00ff;"},
	{"\xef\xbb\xbf-- with a mark\n\\restrict x\n" COPY "1\tx\n\\.\n\\unrestrict x\n", "t:1|x;"},
	{"\\connect db\nSET search_path = public;\nCREATE TABLE t (\n    a integer\n);\nCOPY t (a) "
	 "FROM stdin;\n"
	 "4\n\\.\n",
	 "t:4;"},
};

static void
rows_come_in_every_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(row_cases); i++)
		assert_rows(row_cases[i].text, NULL, row_cases[i].rows);
}

/* Leaves stand where their names put them, and their columns in an order of their own. */
static void
rows_of_partitions_come_with_their_root(void **state)
{
	(void)state;
	assert_rows(
		"CREATE TABLE public.r (\n    a integer,\n    b text\n)\nPARTITION BY LIST (a);\n"
		"CREATE TABLE public.l1 (\n    a integer,\n    b text\n);\n"
		"CREATE TABLE public.m (\n    a integer\n);\n"
		"CREATE TABLE public.z (\n    b text,\n    a integer\n);\n"
		"ALTER TABLE ONLY public.r ATTACH PARTITION public.l1 FOR VALUES IN (1);\n"
		"ALTER TABLE ONLY public.r ATTACH PARTITION public.z FOR VALUES IN (2);\n"
		"INSERT INTO public.l1 VALUES (1, 'x');\n"
		"COPY public.m (a) FROM stdin;\n7\n\\.\n"
		"INSERT INTO public.l1 VALUES (1, 'y');\n"
		"INSERT INTO public.z VALUES ('w', 2);\n"
		"COPY public.z (b, a) FROM stdin;\nv\t2\n\\.\n",
		NULL, "m:7;r:1|x;1|y;2|w;2|v;");
}

/* Generated columns have no values in a dump; what is said of them is no secret. */
static void
generated_columns_have_no_values(void **state)
{
	(void)state;
	assert_rows("CREATE TABLE public.g (\n    a integer,\n"
		    "    b integer GENERATED ALWAYS AS ((a * 2)) STORED NOT NULL\n);\n"
		    "COPY public.g (a) FROM stdin;\n1\n\\.\n"
		    "INSERT INTO public.g VALUES (2, DEFAULT);\n"
		    "INSERT INTO public.g (a) VALUES (3);\n",
		    NULL, "g:1|~;2|~;3|~;");
	assert_string_equal(warnings,
			    "values of generated column \"g\".\"b\" are not in a dump: they "
			    "are NULL until a server makes them again\n");
}

static void
rows_without_definitions_go_by_name(void **state)
{
	struct coffer_source *source;
	coffer_error error;

	(void)state;
	assert_int_equal(
		open_text(
			"COPY public.\"LiteLLM_ModelTable\" (id, aliases, created_at, created_by, "
			"updated_at, updated_by) FROM stdin;\n"
			"3\t{\"a\": \"b\"}\t2024-11-05 10:20:30.123\tx\t2024-11-05 "
			"10:20:30\tx\n\\.\n"
			"SELECT pg_catalog.setval('public.\"LiteLLM_ModelTable_id_seq\"', 9, "
			"true);\n",
			NULL, &source, &error),
		COFFER_OK);
	assert_int_equal(source->schema->table_count, 1);
	assert_string_equal(source->schema->tables[0].name, "LiteLLM_ModelTable");
	assert_int_equal(source->schema->sequence_count, 1);
	assert_int_equal(source->schema->sequences[0].last_value, 9);
	coffer_source_close(source);
}

/* ------------------------------------------------------------------ schemas */

#define TWO \
	"CREATE TABLE one.t (\n    a integer\n);\nCREATE TABLE two.t (\n    a text\n);\n" \
	"COPY one.t (a) FROM stdin;\n1\n\\.\nCOPY two.t (a) FROM stdin;\nx\n\\.\n"

static void
one_schema_is_taken(void **state)
{
	(void)state;
	assert_rows(TWO, "one", "t:1;");
	assert_rows(TWO, "two", "t:x;");
	assert_rows(TWO "CREATE TABLE public.p (\n    a integer\n);\n", NULL, "p:");
	assert_rows("CREATE TYPE public.mood AS ENUM (\n    'x'\n);\nCREATE TABLE one.t (\n    a "
		    "integer\n);\n",
		    NULL, "t:");
}

/* ------------------------------------------------------------------ what is refused */

static const struct {
	const char *text, *schema;
	coffer_status status;
	const char *place, *message; /* place: without the file's name */
} refused_cases[] = {
	{"", NULL, COFFER_INVALID, "", "the file is empty"},
	{"{\"a\": 1}\n", NULL, COFFER_INVALID, ":1", "not a dump"},
	{"id,name\n1,x\n", NULL, COFFER_INVALID, ":1", "not a dump"},
	{"-- only a comment\n", NULL, COFFER_INVALID, ":2", "not a dump"},
	{"SET a = 1;\n", NULL, COFFER_NOT_FOUND, "", "no table is in the dump"},
	{TWO, NULL, COFFER_NOT_FOUND, "", "--schema chooses one: one, two"},
	{TWO, "three", COFFER_NOT_FOUND, "", "no schema three is in the dump, which has one, two"},
	{"SET client_encoding = 'LATIN1';\n", NULL, COFFER_INVALID, ":1", "UTF8 is expected"},
	{"CREATE TABLE public.t (\n    a integer,\n    b 'x'\n);\n", NULL, COFFER_INVALID, ":1: t",
	 "a type is expected"},
	{"-- x\n\nCREATE TABLE public.t (\n    a integer PRIMARY KEY\n);\n", NULL, COFFER_INVALID,
	 ":3: t", "what pg_dump writes"},
	{"SET a = 1;\n-- x\nSELECT 'never\n", NULL, COFFER_INVALID, ":3", "never ends"},
	{TABLE "/* never", NULL, COFFER_INVALID, ":5", "within a comment"},
	{COPY "1\tx\n", NULL, COFFER_INVALID, ":7", "within the rows of a COPY"},
	{COPY "1\tx\n2\tlong", NULL, COFFER_INVALID, ":7", "within the rows of a COPY"},
	{TABLE "INSERT INTO public.t VALUES (1, 'x", NULL, COFFER_INVALID, ":5",
	 "within an INSERT"},
	{TABLE "INSERT INTO public.t SELECT 1;\n", NULL, COFFER_INVALID, ":5",
	 "with VALUES is expected"},
	{TABLE "COPY public.t (a, b) FROM stdin WITH (FORMAT csv);\n", NULL, COFFER_INVALID, ":5",
	 "without options"},
	{"-- PostgreSQL database dump\n" TABLE, NULL, COFFER_INVALID, ":6",
	 "line that ends it is missing"},
	{TABLE "\\connect other\n", NULL, COFFER_INVALID, ":5", "another database begins here"},
	{TABLE "COPY public.gone (a) FROM stdin;\n\\.\n", NULL, COFFER_INVALID, ":6: gone",
	 "does not define"},
	{"COPY public.gone (a) FROM stdin;\n\\.\n", NULL, COFFER_INVALID, ":2: gone",
	 "built-in schema does not have"},
	{TABLE "COPY public.t (a, gone) FROM stdin;\n1\tx\n\\.\n", NULL, COFFER_INVALID,
	 ":6: t.gone", "does not have"},
	{TABLE "COPY public.t (a, a) FROM stdin;\n1\tx\n\\.\n", NULL, COFFER_INVALID, ":6: t.a",
	 "twice"},
	{COPY "1\tx\n2\n\\.\n", NULL, COFFER_INVALID, ":7: t.b", "ends before this column"},
	{COPY "1\tx\n2\ty\tz\n\\.\n", NULL, COFFER_INVALID, ":7: t", "more values than columns"},
	{COPY "1\tx\nten\ty\n\\.\n", NULL, COFFER_INVALID, ":7: t.a", "integer"},
	{COPY "1\t\xff\n\\.\n", NULL, COFFER_INVALID, ":6: t.b", "UTF-8"},
	{COPY "1\t\\0\n\\.\n", NULL, COFFER_INVALID, ":6: t.b", ""},
	{"CREATE TABLE public.e (\n);\nCOPY public.e  FROM stdin;\nx\n\\.\n", NULL, COFFER_INVALID,
	 ":4: e", "without columns"},
	{TABLE "INSERT INTO public.t VALUES (1, 'x\ny');\nINSERT INTO public.t VALUES (2);\n", NULL,
	 COFFER_INVALID, ":7: t.b", "ends before this column"},
	{TABLE "INSERT INTO public.t VALUES (1, 'x', 3);\n", NULL, COFFER_INVALID, ":5: t",
	 "more values than columns"},
	{TABLE "INSERT INTO public.t VALUES (1, now());\n", NULL, COFFER_INVALID, ":5: t.b",
	 "a literal is expected"},
	{TABLE "INSERT INTO public.t VALUES (1 + 1, 'x');\n", NULL, COFFER_INVALID, ":5: t.b",
	 "a literal is expected"},
	{TABLE "INSERT INTO public.t VALUES (1, 'x') , ;\n", NULL, COFFER_INVALID, ":5: t",
	 "a row in brackets"},
	{"CREATE TABLE public.t (\n    a integer NOT NULL,\n    b text\n);\nCOPY public.t (b) FROM "
	 "stdin;\n"
	 "x\n\\.\n",
	 NULL, COFFER_INVALID, ":6: t.a", "NOT NULL"},
	{"CREATE TABLE public.t (\n    a timestamp without time zone DEFAULT now(),\n    b "
	 "text\n);\n"
	 "COPY public.t (b) FROM stdin;\nx\n\\.\n",
	 NULL, COFFER_INVALID, ":6: t.a", "no literal"},
	{TABLE TABLE, NULL, COFFER_INVALID, "", "is there twice"},
};

static void
what_is_wrong_has_its_place(void **state)
{
	const char *name = strrchr(path, '/') + 1;

	(void)state;
	for (size_t i = 0; i < COUNT(refused_cases); i++) {
		struct coffer_source *source = NULL;
		coffer_buffer out = {0};
		coffer_error error;
		coffer_status status =
			open_text(refused_cases[i].text, refused_cases[i].schema, &source, &error);

		if (!status)
			status = print_rows(source, &out, &error);
		assert_int_equal(status, refused_cases[i].status);
		if (status) {
			assert_memory_equal(error.place, name, strlen(name));
			if (*refused_cases[i].place)
				assert_string_equal(error.place + strlen(name),
						    refused_cases[i].place);
			if (!strstr(error.message, refused_cases[i].message))
				fail_msg("%s: %s, expected %s", error.place, error.message,
					 refused_cases[i].message);
		}
		coffer_source_close(source);
		coffer_buffer_release(&out);
	}
}

/* Files of other kinds are told by their first bytes. */
static void
other_files_are_told_what_they_are(void **state)
{
	static const struct {
		const char *bytes, *message;
		size_t size;
	} cases[] = {
		{"\x1f\x8b\x08\0\0\0", "compressed by gzip", 6},
		{"\x28\xb5\x2f\xfd\0", "compressed by zstd", 5},
		{"SQLite format 3\0x", "an SQLite database", 17},
		{"PK\x03\x04", "a zip archive", 4},
		{"SELECT 1;\0SELECT 2;", "not a dump", 19},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		coffer_error error = {.status = COFFER_OK};
		struct coffer_source *source;

		write_file(cases[i].bytes, cases[i].size);
		assert_int_equal(coffer_dump_source_open(path, &options, &source, &error),
				 COFFER_INVALID);
		assert_non_null(strstr(error.message, cases[i].message));
		assert_null(source);
	}
}

static void
a_statement_has_a_limit(void **state)
{
	enum { SIZE = (1 << 26) + 64 };
	char *text = malloc(SIZE);
	coffer_error error = {.status = COFFER_OK};
	struct coffer_source *source;

	(void)state;
	assert_non_null(text);
	memset(text, ' ', SIZE);
	memcpy(text, TABLE "SELECT", sizeof(TABLE "SELECT") - 1);
	text[SIZE - 1] = ';';
	write_file(text, SIZE);
	assert_int_equal(coffer_dump_source_open(path, &options, &source, &error), COFFER_LIMIT);
	assert_non_null(strstr(error.message, "bytes in a statement"));
	free(text);
}

/* ------------------------------------------------------------------ provenance, progress */

static coffer_status
print_fact(void *context, const char *name, const char *value, coffer_error *error)
{
	(void)error;
	coffer_buffer_printf(context, "%s=%s\n", name, value);
	return COFFER_OK;
}

static void
the_header_tells_where_rows_come_from(void **state)
{
	struct coffer_source *source;
	coffer_buffer out = {0};
	coffer_error error;
	char expected[400];

	(void)state;
	assert_int_equal(open_text("--\n-- PostgreSQL database dump\n--\n\n"
				   "-- Dumped from database version 18.3 (Debian 18.3-1)\n"
				   "-- Dumped by pg_dump version 17.6\n\n" COPY "1\tx\n2\ty\n\\.\n"
				   "--\n-- PostgreSQL database dump complete\n--\n",
				   NULL, &source, &error),
			 COFFER_OK);
	assert_true(source->has_estimate && source->estimate == 2);
	assert_int_equal(source->operations->facts(source, print_fact, &out, &error), COFFER_OK);
	snprintf(expected, sizeof(expected),
		 "schema=public\ndump=%s\nformat=plain\nsize=263\n"
		 "server_version=18.3 (Debian 18.3-1)\npg_dump_version=17.6\n",
		 strrchr(path, '/') + 1);
	assert_string_equal(out.data, expected);
	coffer_source_close(source);
	coffer_buffer_release(&out);
}

static bool
refuse_to_go_on(void *context, const char *what, uint64_t rows, uint64_t bytes)
{
	(void)context;
	(void)what;
	(void)rows;
	(void)bytes;
	return false;
}

static void
progress_interrupts(void **state)
{
	coffer_transfer_options impatient = {.progress = refuse_to_go_on};
	coffer_error error = {.status = COFFER_OK};
	struct coffer_source *source;

	(void)state;
	write_file(COPY "\\.\n", sizeof(COPY "\\.\n") - 1);
	assert_int_equal(coffer_dump_source_open(path, &impatient, &source, &error),
			 COFFER_INTERRUPTED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_come_in_every_form),
		cmocka_unit_test(rows_of_partitions_come_with_their_root),
		cmocka_unit_test(generated_columns_have_no_values),
		cmocka_unit_test(rows_without_definitions_go_by_name),
		cmocka_unit_test(one_schema_is_taken),
		cmocka_unit_test(what_is_wrong_has_its_place),
		cmocka_unit_test(other_files_are_told_what_they_are),
		cmocka_unit_test(a_statement_has_a_limit),
		cmocka_unit_test(the_header_tells_where_rows_come_from),
		cmocka_unit_test(progress_interrupts),
	};

	return cmocka_run_group_tests(tests, make_path, remove_path);
}
