/*
 * coffer_sum: the same bits whatever the order of the rows, NULL of nothing, windows.
 */
#include "sql/sum.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static sqlite3 *db;

static int
setup(void **state)
{
	(void)state;
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(coffer_sql_add_sum(db), SQLITE_OK);
	/* As a host may have it: functions that views call have to be harmless. */
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	sqlite3_close(db);
	return 0;
}

/* The rows of the query, one value each, with a space between them. */
static void
assert_answer(const char *query, const char *expected)
{
	char out[512] = "";
	sqlite3_stmt *statement;
	size_t size = 0;

	assert_int_equal(sqlite3_prepare_v2(db, query, -1, &statement, NULL), SQLITE_OK);
	while (sqlite3_step(statement) == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(statement, 0);

		size += (size_t)snprintf(out + size, sizeof(out) - size, "%s%s", size ? " " : "",
					 text ? text : "NULL");
	}
	assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
	assert_string_equal(out, expected);
}

static void
the_order_of_the_rows_does_not_show(void **state)
{
	(void)state;
	assert_answer("SELECT coffer_sum(x) FROM (SELECT 1e16 x UNION ALL SELECT 1 UNION ALL "
		      "SELECT -1e16)",
		      "1.0");
	assert_answer("SELECT coffer_sum(x) FROM (SELECT 1 x UNION ALL SELECT 1e16 UNION ALL "
		      "SELECT -1e16)",
		      "1.0");
	assert_answer("WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) "
		      "SELECT coffer_sum(0.1) = 1.0 FROM n",
		      "1");
	assert_answer("WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
		      "SELECT (SELECT coffer_sum(i * 0.00022500000000000002) FROM n) = "
		      "(SELECT coffer_sum(i * 0.00022500000000000002) FROM (SELECT i FROM n ORDER "
		      "BY i * 7919 % 5000))",
		      "1");
}

static void
of_nothing_it_is_null(void **state)
{
	(void)state;
	assert_answer("SELECT coffer_sum(1) WHERE 0", "NULL");
	assert_answer("SELECT coffer_sum(NULL)", "NULL");
	assert_answer("SELECT coffer_sum(x) FROM (SELECT NULL x UNION ALL SELECT 2)", "2.0");
	assert_answer("SELECT coffer_sum(0.0)", "0.0");
}

static void
infinities_add_up_as_floats_do(void **state)
{
	(void)state;
	assert_answer("SELECT coffer_sum(x) = 9e999 FROM (SELECT 9e999 x UNION ALL SELECT 1)", "1");
	assert_answer("SELECT coffer_sum(x) FROM (SELECT 9e999 x UNION ALL SELECT -9e999)", "NULL");
	assert_answer(
		"SELECT coffer_sum(x) = 9e999 FROM (SELECT 1.7e308 x UNION ALL SELECT 1.7e308)",
		"1");
	assert_answer("SELECT coffer_sum(x) FROM (SELECT 1.7e308 x UNION ALL SELECT 1.7e308 UNION "
		      "ALL SELECT -1.7e308)",
		      "1.7e+308");
}

static void
what_leaves_a_window_is_gone(void **state)
{
	(void)state;
	assert_answer("SELECT coffer_sum(x) OVER (ORDER BY i ROWS 1 PRECEDING) FROM "
		      "(SELECT 1 i, 1e300 x UNION ALL SELECT 2, 0.25 UNION ALL SELECT 3, 9e999 "
		      "UNION ALL SELECT 4, NULL UNION ALL SELECT 5, NULL UNION ALL SELECT 6, 3)",
		      "1.0e+300 1.0e+300 Inf Inf NULL 3.0");
}

static void
views_may_call_it(void **state)
{
	(void)state;
	assert_int_equal(
		sqlite3_exec(db, "CREATE VIEW v AS SELECT coffer_sum(1)", NULL, NULL, NULL),
		SQLITE_OK);
	assert_answer("SELECT * FROM v", "1.0");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_order_of_the_rows_does_not_show),
		cmocka_unit_test(of_nothing_it_is_null),
		cmocka_unit_test(infinities_add_up_as_floats_do),
		cmocka_unit_test(what_leaves_a_window_is_gone),
		cmocka_unit_test(views_may_call_it),
	};

	return cmocka_run_group_tests_name("sum", tests, setup, teardown);
}
