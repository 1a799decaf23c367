/*
 * Texts on their way to SQLite: of each length, with a NUL at each place, which only damage has. Each is memory of its own, of its
 * very size, so that a sanitizer sees a byte that is read beside it.
 */
#include "sql/internal.h"

#include "tests/support/must.h"

#include <stdlib.h>
#include <string.h>

enum {
	SIZE_MAX_TRIED = 1100, /* above what is copied with a NUL behind it */
	SIZE_MAX_NUL = 140,    /* above what is copied in one go */
};

static coffer_text given;

static void
give(sqlite3_context *context, int count, sqlite3_value **values)
{
	static struct coffer_sql_giver giver = {.is_scanned = true};

	(void)count;
	(void)values;
	coffer_sql_result_text(context, &giver, given);
}

/* What SQLite has of it: a text of that size, those bytes. */
static void
check(sqlite3_stmt *statement, const char *expected, size_t size)
{
	char *copy = malloc(size + !size);

	assert_non_null(copy);
	memcpy(copy, expected, size);
	given = (coffer_text){copy, size};
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	assert_int_equal(sqlite3_column_type(statement, 0), SQLITE_TEXT);
	assert_int_equal(sqlite3_column_bytes(statement, 0), size);
	if (size)
		assert_memory_equal(sqlite3_column_blob(statement, 0), expected, size);
	assert_int_equal(sqlite3_reset(statement), SQLITE_OK);
	free(copy);
}

static void
gives_each_text(void **state)
{
	char text[SIZE_MAX_TRIED];
	sqlite3_stmt *statement;
	sqlite3 *db;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('!' + i % 90);
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(sqlite3_create_function(db, "give", 0, SQLITE_UTF8, NULL, give, NULL,
						 NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT give()", -1, &statement, NULL), SQLITE_OK);
	for (size_t size = 0; size <= sizeof(text); size++)
		check(statement, text, size);
	for (size_t at = 0; at < SIZE_MAX_NUL; at++) {
		char kept = text[at];

		text[at] = '\0';
		for (size_t size = at + 1; size <= SIZE_MAX_NUL; size++)
			check(statement, text, size);
		text[at] = kept;
	}
	assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_each_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
