/*
 * Rows and definitions as SQL: every byte of a small one, and that it is read back to the same. What psql would take
 * for its own is refused.
 */
#include "transfer/dump.h"
#include "transfer/sql_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char path[256];

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

static coffer_status
keep(void *context, const char *bytes, size_t size, coffer_error *error)
{
	(void)error;
	coffer_buffer_append(context, bytes, size);
	return COFFER_OK;
}

static coffer_status
refuse(void *context, const char *bytes, size_t size, coffer_error *error)
{
	(void)context;
	(void)bytes;
	(void)size;
	return coffer_error_set(error, COFFER_FULL, "no room");
}

/* Write the source that a dump of this text is. */
static coffer_status
write_dump(const char *text, coffer_sql_sink sink, coffer_buffer *out,
	   coffer_transfer_summary *summary, coffer_error *error)
{
	static const coffer_transfer_options options;
	struct coffer_source *source;
	FILE *file = fopen(path, "wb");
	coffer_status status;

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
	*error = (coffer_error){.status = COFFER_OK};
	assert_int_equal(coffer_dump_source_open(path, &options, &source, error), COFFER_OK);
	status = coffer_sql_write(source, sink, out, summary, error);
	coffer_source_close(source);
	return status;
}

static const char dump[] =
	"CREATE SCHEMA mine;\nCOMMENT ON SCHEMA mine IS 'it''s ours';\n"
	"CREATE TYPE mine.mood AS ENUM (\n    'sad'\n);\n"
	"CREATE TABLE mine.\"T\" (\n    id integer NOT NULL,\n    b text,\n    c bytea,\n    d "
	"text[],\n"
	"    e boolean,\n    f double precision,\n    g mine.mood DEFAULT 'sad'::mine.mood,\n"
	"    h integer GENERATED ALWAYS AS ((id * 2)) STORED\n);\n"
	"CREATE TABLE mine.empty (\n);\n"
	"CREATE SEQUENCE mine.\"it's\"\n    START WITH 1\n    INCREMENT BY 1\n    NO MINVALUE\n    "
	"NO MAXVALUE\n"
	"    CACHE 1;\n"
	"COPY mine.\"T\" (id, b, c, d, e, f, g) FROM stdin;\n"
	"1\ta\\tb\\nc\\\\d\\re\\bf\\vg\\fh\t\\\\x5c0a\t{\"a b\",NULL}\tt\t-0\tsad\n"
	"2\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n3\t\t\\\\x\t{}\tf\tNaN\tsad\n\\.\n"
	"COPY mine.empty  FROM stdin;\n\n\\.\n"
	"SELECT pg_catalog.setval('mine.\"it''s\"', 7, true);\n"
	"ALTER TABLE ONLY mine.\"T\"\n    ADD CONSTRAINT k PRIMARY KEY (id);\n";

static const char expected[] =
	"\nBEGIN;\nCREATE SCHEMA IF NOT EXISTS mine;\nSET search_path = mine;\n"
	"CREATE TYPE mood AS ENUM ('sad');\n"
	"CREATE SEQUENCE \"it's\" AS bigint START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE "
	"9223372036854775807 "
	"CACHE 1;\n"
	"CREATE TABLE \"T\" (\n\tid integer NOT NULL,\n\tb text,\n\tc bytea,\n\td text[],\n\te "
	"boolean,\n"
	"\tf double precision,\n\tg mood DEFAULT 'sad'::mood,\n\th integer GENERATED ALWAYS AS "
	"((id * 2)) STORED\n);\n"
	"CREATE TABLE empty (\n);\n"
	"COPY \"T\" (id, b, c, d, e, f, g) FROM stdin;\n"
	"1\ta\\tb\\nc\\\\d\\re\\bf\\vg\\fh\t\\\\x5c0a\t{\"a b\",NULL}\tt\t-0\tsad\n"
	"2\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n3\t\t\\\\x\t{}\tf\tNaN\tsad\n\\.\n\n"
	"COPY empty FROM stdin;\n\n\\.\n\n"
	"SET search_path = mine;\n"
	"ALTER TABLE ONLY \"T\" ADD CONSTRAINT k PRIMARY KEY (id);\n"
	"COMMENT ON SCHEMA mine IS 'it''s ours';\n"
	"SELECT pg_catalog.setval(E'mine.\"it''s\"'::pg_catalog.regclass, 7, true);\n"
	"COMMIT;\n\n-- coffer export complete\n";

static void
every_byte_is_as_psql_takes_it(void **state)
{
	coffer_transfer_summary summary;
	coffer_buffer out = {0};
	coffer_error error;
	const char *begin;

	(void)state;
	if (write_dump(dump, keep, &out, &summary, &error))
		fail_msg("%s: %s", error.place, error.message);
	assert_memory_equal(out.data, "-- coffer export\n--\n-- Made by coffer ", 37);
	begin = strstr(out.data, "\nBEGIN;\n");
	assert_non_null(begin);
	assert_string_equal(begin, expected);
	assert_int_equal(summary.tables, 2);
	assert_int_equal(summary.rows, 4);
	coffer_buffer_release(&out);
}

static void
what_is_written_is_read_and_written_again(void **state)
{
	coffer_transfer_summary summary;
	coffer_buffer first = {0}, second = {0};
	coffer_error error;

	(void)state;
	assert_int_equal(write_dump(dump, keep, &first, &summary, &error), COFFER_OK);
	if (write_dump(first.data, keep, &second, &summary, &error))
		fail_msg("%s: %s", error.place, error.message);
	assert_string_equal(first.data, second.data);
	coffer_buffer_release(&first);
	coffer_buffer_release(&second);
}

static void
commands_of_psql_are_refused(void **state)
{
	static const char *const dumps[] = {
		"CREATE TABLE t (\n    a integer\n);\nCREATE VIEW v AS\n SELECT 1 \\! id\n;\n",
		"CREATE TABLE t (\n    a text DEFAULT f(\\! id\n)\n);\n",
		"CREATE TABLE t (\n    a text\n);\nCREATE INDEX i ON t USING btree (a) WHERE \\! "
		"id\n;\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(dumps) / sizeof(*dumps); i++) {
		coffer_transfer_summary summary;
		coffer_buffer out = {0};
		coffer_error error;

		assert_int_equal(write_dump(dumps[i], keep, &out, &summary, &error),
				 COFFER_INVALID);
		assert_non_null(strstr(error.message, "a backslash outside of quotes"));
		assert_null(out.data ? strstr(out.data, "\\!") : NULL);
		coffer_buffer_release(&out);
	}
}

static void
a_sink_that_fails_ends_it(void **state)
{
	coffer_transfer_summary summary;
	coffer_error error;

	(void)state;
	assert_int_equal(write_dump(dump, refuse, NULL, &summary, &error), COFFER_FULL);
	assert_string_equal(error.message, "no room");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_is_as_psql_takes_it),
		cmocka_unit_test(what_is_written_is_read_and_written_again),
		cmocka_unit_test(commands_of_psql_are_refused),
		cmocka_unit_test(a_sink_that_fails_ends_it),
	};

	return cmocka_run_group_tests(tests, make_path, remove_path);
}
