/*
 * One state for a statement: whatever the order in which its parts are run, and although a writer commits between two rows,
 * all of them see the store as it was when the first of them looked. The writer is a function of SQL, commit(), that puts a row
 * into each of two tables in one transaction: a state has as many rows of the one as of the other.
 */
#include "sql/sql.h"

#include "tests/support/must.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROWS = 40 };

static char folder[] = "/tmp/coffer-snapshot.XXXXXX";
static char path[64], other_path[64];
static coffer_store *writer;
static int rows; /* of each table, as the last commit left it */
static sqlite3 *db;

static const char prisma[] = "model T {\n"
			     "  id Int @id\n"
			     "  n  Int\n"
			     "  @@index([n])\n"
			     "}\n"
			     "model U {\n"
			     "  id Int @id\n"
			     "  n  Int\n"
			     "  @@index([n])\n"
			     "}\n";

static coffer_value
integer(int64_t number)
{
	return (coffer_value){.kind = COFFER_INT, .integer = number};
}

/* One row more in each table, in one transaction. */
static void
write_rows(int number)
{
	coffer_set sets[] = {{.column = 0, .value = integer(number)},
			     {.column = 1, .value = integer(number % 7)}};
	coffer_error error = {0};
	coffer_outcome outcome;
	coffer_txn *txn;

	must(coffer_txn_begin_write(writer, &txn, &error), &error);
	for (uint32_t table = 0; table < 2; table++)
		must(coffer_insert(txn, table, sets, 2, COFFER_CONFLICT_FAIL, &outcome, &error),
		     &error);
	must(coffer_txn_commit(txn, &error), &error);
	rows = number;
}

static void
commit(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	(void)values;
	write_rows(rows + 1);
	sqlite3_result_int(context, 0);
}

static void
make_store(const char *at, int count)
{
	coffer_load_options options = {.is_forced = true};
	coffer_error error = {0};
	coffer_schema *schema;
	coffer_load *load;

	must(coffer_schema_parse_prisma((coffer_text){prisma, strlen(prisma)}, "test", &schema,
					&error),
	     &error);
	must(coffer_load_begin(at, schema, &options, &load, &error), &error);
	for (uint32_t table = 0; table < 2; table++) {
		must(coffer_load_table(load, table, &error), &error);
		for (int i = 1; i <= count; i++)
			must(coffer_load_row(load, (coffer_value[]){integer(i), integer(i % 7)},
					     &error),
			     &error);
	}
	must(coffer_load_finish(load, &error), &error);
	coffer_schema_free(schema);
}

static int
make_folder(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/a.coffer", folder);
	snprintf(other_path, sizeof(other_path), "%s/b.coffer", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	char name[80];

	(void)state;
	for (int i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "%s-lock", i ? other_path : path);
		unlink(name);
		unlink(i ? other_path : path);
	}
	rmdir(folder);
	return 0;
}

static int
setup(void **state)
{
	struct coffer_sql *sql;
	coffer_error error = {0};
	coffer_store *store;

	(void)state;
	make_store(path, ROWS);
	rows = ROWS;
	must(coffer_store_open_to_write(path, &writer, &error), &error);
	must(coffer_store_open(path, &store, &error), &error);
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(coffer_sql_register(db, NULL, &sql), SQLITE_OK);
	must(coffer_sql_attach(sql, store, path, "main", &error), &error);
	assert_int_equal(sqlite3_create_function(db, "commit_rows", -1, SQLITE_UTF8, NULL, commit,
						 NULL, NULL),
			 SQLITE_OK);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	for (sqlite3_stmt *left; (left = sqlite3_next_stmt(db, NULL));)
		sqlite3_finalize(left);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	coffer_store_close(writer);
	return 0;
}

static sqlite3_stmt *
prepare(const char *query)
{
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(db, query, -1, &statement, NULL))
		fail_msg("%s: %s", query, sqlite3_errmsg(db));
	return statement;
}

/*
 * Every value that the query gives is the same number of rows, one that there were while it ran; it commits at least `commits`
 * times.
 */
static void
sees_one_state(const char *query, int commits)
{
	sqlite3_stmt *statement = prepare(query);
	int before = rows, seen = 0, code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(statement); i++) {
			int value = sqlite3_column_int(statement, i);

			if (seen && value != seen)
				fail_msg("%s: %d and %d", query, seen, value);
			seen = value;
		}
	}
	sqlite3_finalize(statement);
	if (code != SQLITE_DONE)
		fail_msg("%s: %s", query, sqlite3_errmsg(db));
	if (seen < before || seen > rows)
		fail_msg("%s: %d, and there were %d to %d", query, seen, before, rows);
	if (rows < before + commits)
		fail_msg("%s: committed only %d times", query, rows - before);
}

/* ------------------------------------------------------------------ one statement */

static void
joins_see_one_state(void **state)
{
	(void)state;
	sees_one_state(
		"SELECT count(*) + sum(commit_rows(a.id)) FROM T AS a JOIN U AS b ON a.id = b.id",
		ROWS);
	sees_one_state("SELECT count(*) FROM T AS a LEFT JOIN U AS b ON b.id = a.id AND "
		       "commit_rows(b.id) = 0",
		       ROWS);
	sees_one_state("SELECT count(DISTINCT b.id) FROM T AS a CROSS JOIN U AS b ON commit_rows() "
		       "= 0 WHERE a.id < 3",
		       2);
	sees_one_state("SELECT count(*) FROM (VALUES (commit_rows()), (commit_rows()), (1)) AS v "
		       "JOIN T ON v.column1 = 1",
		       2);
	sees_one_state("SELECT count(*) FROM T AS a JOIN T AS b ON a.n = b.n AND a.id = b.id WHERE "
		       "commit_rows(a.id) = 0",
		       ROWS);
}

static void
subqueries_see_one_state(void **state)
{
	(void)state;
	sees_one_state("SELECT (SELECT count(*) FROM T), (SELECT count(*) + commit_rows() FROM U), "
		       "(SELECT count(*) FROM T)",
		       1);
	sees_one_state("SELECT (SELECT count(*) FROM T) + commit_rows(), (SELECT count(*) FROM U)",
		       1);
	sees_one_state("SELECT (SELECT max(id) FROM T WHERE n >= 0) + commit_rows(), (SELECT "
		       "count(*) FROM U WHERE n >= 0)",
		       1);
	sees_one_state("SELECT count(*) FROM T WHERE commit_rows(id) = 0 AND (SELECT count(*) FROM "
		       "U) = (SELECT max(id) FROM T)",
		       ROWS);
}

static void
correlated_subqueries_see_one_state(void **state)
{
	(void)state;
	sees_one_state("SELECT commit_rows(v) + (SELECT count(*) FROM T WHERE n >= v) FROM (SELECT "
		       "0 AS v UNION ALL SELECT 0 UNION ALL SELECT -1)",
		       3);
	sees_one_state("SELECT (SELECT count(*) FROM T WHERE id > -v) + commit_rows(v) FROM "
		       "(SELECT 0 AS v UNION ALL SELECT 1 UNION ALL SELECT 2)",
		       3);
	sees_one_state(
		"SELECT (SELECT count(*) FROM U WHERE U.n >= 0 * T.id) + commit_rows(T.id) FROM T",
		ROWS);
	sees_one_state("SELECT count(*) FROM T WHERE commit_rows(id) = 0 AND EXISTS (SELECT 1 FROM "
		       "U WHERE U.id = T.id)",
		       ROWS);
	sees_one_state("SELECT (SELECT max(id) FROM T WHERE id <= x.value + 1000000) + "
		       "commit_rows() FROM json_each('[1,2,3]') AS x",
		       3);
}

static void
compounds_see_one_state(void **state)
{
	(void)state;
	sees_one_state("SELECT count(*) FROM T UNION ALL SELECT count(*) + commit_rows() FROM U "
		       "UNION ALL SELECT count(*) FROM T",
		       1);
	sees_one_state("SELECT count(*) + commit_rows() FROM T UNION ALL SELECT max(id) FROM U "
		       "UNION ALL SELECT max(id) + commit_rows() FROM T",
		       2);
	sees_one_state("SELECT c FROM (SELECT count(*) + commit_rows() AS c FROM T UNION SELECT "
		       "count(*) FROM U)",
		       1);
	sees_one_state("SELECT count(*) FROM (SELECT id FROM T WHERE commit_rows(id) = 0 UNION "
		       "SELECT id FROM U)",
		       ROWS);
	sees_one_state("SELECT count(*) FROM (SELECT id FROM T WHERE commit_rows(id) = 0 INTERSECT "
		       "SELECT id FROM U)",
		       ROWS);
	sees_one_state("SELECT count(*) + (SELECT count(*) FROM (SELECT id FROM T WHERE "
		       "commit_rows(id) = 0 EXCEPT SELECT id FROM U)) FROM U",
		       ROWS);
}

static void
common_tables_see_one_state(void **state)
{
	(void)state;
	sees_one_state("WITH a AS MATERIALIZED (SELECT count(*) + commit_rows() AS c FROM T), b AS "
		       "MATERIALIZED (SELECT count(*) AS c FROM U) SELECT a.c, b.c FROM a, b",
		       1);
	sees_one_state(
		"WITH a AS MATERIALIZED (SELECT count(*) AS c FROM T), z AS MATERIALIZED (SELECT "
		"commit_rows() AS c), b AS MATERIALIZED (SELECT count(*) AS c FROM U) "
		"SELECT a.c, z.c + b.c FROM a, z, b",
		1);
	sees_one_state("WITH RECURSIVE r(i, c) AS (SELECT 0, (SELECT count(*) FROM T) UNION ALL "
		       "SELECT i + 1 + commit_rows(i), (SELECT count(*) FROM U WHERE n > i - 100) "
		       "FROM r WHERE i < 5) SELECT c FROM r",
		       5);
	sees_one_state("WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT T.id + commit_rows(T.id) "
		       "FROM r JOIN T ON T.id = r.i + 1) SELECT max(i) FROM r",
		       ROWS - 1);
}

static void
sorting_and_grouping_see_one_state(void **state)
{
	(void)state;
	sees_one_state("SELECT total FROM (SELECT count(*) OVER () AS total, id FROM T WHERE "
		       "commit_rows(id) = 0) ORDER BY id DESC LIMIT 5",
		       ROWS);
	sees_one_state("SELECT sum(c) FROM (SELECT n, count(*) AS c FROM T WHERE commit_rows(id) = "
		       "0 GROUP BY n)",
		       ROWS);
	sees_one_state(
		"SELECT max(id) + commit_rows() FROM T HAVING count(*) = (SELECT count(*) FROM U)",
		1);
	sees_one_state(
		"SELECT count(*) FROM T WHERE id IN (SELECT id FROM U WHERE commit_rows(id) = 0)",
		ROWS);
	sees_one_state(
		"SELECT count(*) FROM T WHERE id IN (SELECT id FROM U) AND commit_rows(id) = 0",
		ROWS);
}

static void
the_next_statement_sees_what_was_committed(void **state)
{
	sqlite3_stmt *statement = prepare("SELECT count(*) FROM T");

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
		assert_int_equal(sqlite3_column_int(statement, 0), rows);
		sqlite3_reset(statement);
		write_rows(rows + 1);
	}
	sqlite3_finalize(statement);
}

static void
rows_that_are_still_to_come_are_those_of_the_beginning(void **state)
{
	sqlite3_stmt *statement = prepare("SELECT id FROM T WHERE n >= 0 ORDER BY n, rowid");
	int before = rows, count = 0;

	(void)state;
	for (; sqlite3_step(statement) == SQLITE_ROW; count++)
		write_rows(rows + 1);
	assert_int_equal(count, before);
	sqlite3_finalize(statement);
	sees_one_state("SELECT count(*) FROM T", 0);
}

/* ------------------------------------------------------------------ a plan that was made for another state */

static void
times_become_wild_under_a_plan(void **state)
{
	static const char wild[] =
		"model W {\n  id Int @id\n  at DateTime @db.Timestamp(6)\n  @@index([at])\n}\n";
	coffer_error error = {0};
	struct coffer_sql *sql;
	sqlite3_stmt *ordered, *ranged;
	coffer_schema *schema;
	coffer_store *store, *edited;
	coffer_outcome outcome;
	coffer_load *load;
	coffer_txn *txn;
	sqlite3 *own;

	(void)state;
	must(coffer_schema_parse_prisma((coffer_text){wild, strlen(wild)}, "test", &schema, &error),
	     &error);
	must(coffer_load_begin(other_path, schema, &(coffer_load_options){.is_forced = true}, &load,
			       &error),
	     &error);
	must(coffer_load_table(load, 0, &error), &error);
	for (int i = 1; i <= 9; i++)
		must(coffer_load_row(
			     load,
			     (coffer_value[]){integer(i),
					      {.kind = COFFER_TIME, .time = i * INT64_C(1000000)}},
			     &error),
		     &error);
	must(coffer_load_finish(load, &error), &error);
	coffer_schema_free(schema);
	must(coffer_store_open_to_write(other_path, &edited, &error), &error);
	must(coffer_store_open(other_path, &store, &error), &error);
	assert_int_equal(sqlite3_open(":memory:", &own), SQLITE_OK);
	assert_int_equal(coffer_sql_register(own, NULL, &sql), SQLITE_OK);
	must(coffer_sql_attach(sql, store, other_path, "main", &error), &error);
	assert_int_equal(sqlite3_prepare_v2(
				 own, "SELECT group_concat(id) FROM (SELECT id FROM W ORDER BY at)",
				 -1, &ordered, NULL),
			 SQLITE_OK);
	assert_int_equal(
		sqlite3_prepare_v2(
			own,
			"SELECT count(*) FROM W WHERE at >= '1999' AND at < '2000-01-01 00:00:03'",
			-1, &ranged, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_step(ordered), SQLITE_ROW);
	assert_string_equal(sqlite3_column_text(ordered, 0), "1,2,3,4,5,6,7,8,9");
	sqlite3_reset(ordered);

	/* The year 10000 sorts as a text before the year 2000, and so does the year 19999 behind 1999. */
	must(coffer_txn_begin_write(edited, &txn, &error), &error);
	for (int i = 0; i < 2; i++)
		must(coffer_insert(txn, 0,
				   (coffer_set[]){{.column = 0, .value = integer(10 + i)},
						  {.column = 1,
						   .value = {.kind = COFFER_TIME,
							     .time = (i ? INT64_C(567993600000)
									: INT64_C(252455616000)) *
								     1000000}}},
				   2, COFFER_CONFLICT_FAIL, &outcome, &error),
		     &error);
	must(coffer_txn_commit(txn, &error), &error);

	assert_int_equal(sqlite3_step(ranged), SQLITE_ROW);
	assert_int_equal(sqlite3_column_int(ranged, 0), 3);
	assert_int_equal(sqlite3_step(ordered), SQLITE_ROW);
	assert_string_equal(sqlite3_column_text(ordered, 0), "10,11,1,2,3,4,5,6,7,8,9");
	sqlite3_finalize(ordered);
	sqlite3_finalize(ranged);
	assert_int_equal(sqlite3_close(own), SQLITE_OK);
	coffer_store_close(edited);
}

/* ------------------------------------------------------------------ keys that were looked up before */

/* What T.n is of the key; -1: there is no such row. */
static int
look_up(sqlite3_stmt *statement, int id)
{
	int n = -1;

	assert_int_equal(sqlite3_bind_int(statement, 1, id), SQLITE_OK);
	if (sqlite3_step(statement) == SQLITE_ROW)
		n = sqlite3_column_int(statement, 0);
	assert_int_equal(sqlite3_reset(statement), SQLITE_OK);
	return n;
}

/* Cursors remember keys, and that there is none, for one state alone: the next has other rows. */
static void
a_key_met_before_is_looked_up_in_the_state_of_today(void **state)
{
	coffer_set set = {.column = 1, .value = integer(100)};
	sqlite3_stmt *statement = prepare("SELECT n FROM T WHERE id = ?1");
	coffer_error error = {0};
	coffer_txn *txn;

	(void)state;
	for (int round = 0; round < 5; round++)
		for (int id = 1; id <= ROWS + 10; id++)
			assert_int_equal(look_up(statement, id), id <= ROWS ? id % 7 : -1);
	write_rows(ROWS + 1);
	must(coffer_txn_begin_write(writer, &txn, &error), &error);
	must(coffer_update(txn, 0, 3, &set, 1, &error), &error);
	must(coffer_txn_commit(txn, &error), &error);
	for (int round = 0; round < 5; round++)
		for (int id = 1; id <= ROWS + 10; id++)
			assert_int_equal(look_up(statement, id), id == 3          ? 100
								 : id <= ROWS + 1 ? id % 7
										  : -1);
	sqlite3_finalize(statement);
}

/* ------------------------------------------------------------------ a store that is replaced */

/* A command does not replace a store that is in use; another program may. */
static void
a_store_that_is_replaced_is_read_to_its_end(void **state)
{
	sqlite3_stmt *statement;
	int count = 1;

	(void)state;
	make_store(other_path, 7);
	statement = prepare("SELECT T.id, (SELECT count(*) FROM U WHERE U.n >= T.n * 0) FROM T "
			    "ORDER BY T.n, T.rowid");
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	assert_int_equal(rename(other_path, path), 0);
	for (; sqlite3_step(statement) == SQLITE_ROW; count++)
		assert_int_equal(sqlite3_column_int(statement, 1), ROWS);
	assert_int_equal(count, ROWS);
	sqlite3_finalize(statement);
	/* Who has it open goes on with what it has. */
	sees_one_state("SELECT count(*) FROM T UNION ALL SELECT count(*) FROM U UNION ALL "
		       "SELECT max(id) FROM T",
		       0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(joins_see_one_state, setup, teardown),
		cmocka_unit_test_setup_teardown(subqueries_see_one_state, setup, teardown),
		cmocka_unit_test_setup_teardown(correlated_subqueries_see_one_state, setup,
						teardown),
		cmocka_unit_test_setup_teardown(compounds_see_one_state, setup, teardown),
		cmocka_unit_test_setup_teardown(common_tables_see_one_state, setup, teardown),
		cmocka_unit_test_setup_teardown(sorting_and_grouping_see_one_state, setup,
						teardown),
		cmocka_unit_test_setup_teardown(the_next_statement_sees_what_was_committed, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			rows_that_are_still_to_come_are_those_of_the_beginning, setup, teardown),
		cmocka_unit_test(times_become_wild_under_a_plan),
		cmocka_unit_test_setup_teardown(a_key_met_before_is_looked_up_in_the_state_of_today,
						setup, teardown),
		cmocka_unit_test_setup_teardown(a_store_that_is_replaced_is_read_to_its_end, setup,
						teardown),
	};

	return cmocka_run_group_tests_name("one snapshot", tests, make_folder, remove_folder);
}
