/*
 * A store under SQLite: what its tables are called, which way a question goes, what is refused. That answers are right is
 * held against native tables by queries.t; here stand the things that no query says.
 */
#include "sql/sql.h"

#include "tests/support/must.h"
#include "tests/support/small.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/coffer-sql.XXXXXX";
static char path[64];

static const char prisma[] = "model Log {\n"
			     "  id   String   @id\n"
			     "  user String?  /// @coffer.interned\n"
			     "  at   DateTime /// @coffer.time\n"
			     "  n    Int?\n"
			     "  N    Int?\n"
			     "  n_2  Int?\n"
			     "  @@index([at])\n"
			     "  @@index([user, at])\n"
			     "  @@index([n])\n"
			     "}\n"
			     "model log {\n"
			     "  id String @id\n"
			     "}\n"
			     "model sqlite_stat {\n"
			     "  id String @id\n"
			     "}\n";

static coffer_value
text(const char *data)
{
	return (coffer_value){.kind = COFFER_TEXT, .text = {data, strlen(data)}};
}

static void
load_log(coffer_load *load, int number, int64_t time)
{
	char id[16], user[16];
	coffer_error error = {0};
	coffer_value row[6] = {0};

	snprintf(id, sizeof(id), "%d", number);
	snprintf(user, sizeof(user), "user %d", number % 7);
	row[0] = text(id);
	row[1] = text(user);
	row[2] = (coffer_value){.kind = COFFER_TIME, .time = time};
	row[3] = (coffer_value){.kind = COFFER_INT, .integer = number};
	must(coffer_load_row(load, row, &error), &error);
}

static int
setup(void **state)
{
	coffer_load_options options = {.is_forced = true};
	coffer_schema *schema;
	coffer_load *load;
	coffer_error error = {0};

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/a.coffer", folder);
	must(coffer_schema_parse_prisma((coffer_text){prisma, strlen(prisma)}, "test", &schema,
					&error),
	     &error);
	must(coffer_load_begin(path, schema, &options, &load, &error), &error);
	must(coffer_load_table(load, coffer_schema_find_table(schema, "Log"), &error), &error);
	for (int i = 0; i < 200; i++)
		load_log(load, i, INT64_C(86400000000) * i + i * 1000);
	must(coffer_load_finish(load, &error), &error);
	coffer_schema_free(schema);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	unlink(path);
	rmdir(folder);
	return 0;
}

static struct coffer_sql *
open_sql(sqlite3 **db_out, const char *schema)
{
	struct coffer_sql *sql;
	coffer_store *store;
	coffer_error error = {0};

	assert_int_equal(sqlite3_open(":memory:", db_out), SQLITE_OK);
	assert_int_equal(coffer_sql_register(*db_out, NULL, &sql), SQLITE_OK);
	must(coffer_store_open(path, &store, &error), &error);
	must(coffer_sql_attach(sql, store, path, schema, &error), &error);
	return sql;
}

/* The rows of a query, columns with '|' and rows with ' ' between them; or its error. Static memory. */
static const char *
answer(sqlite3 *db, const char *query)
{
	static char out[4096];
	sqlite3_stmt *statement;
	size_t size = 0;
	int code;

	*out = '\0';
	if (sqlite3_prepare_v2(db, query, -1, &statement, NULL))
		return sqlite3_errmsg(db);
	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		if (size)
			out[size++] = ' ';
		for (int i = 0; i < sqlite3_column_count(statement); i++) {
			const char *value = (const char *)sqlite3_column_text(statement, i);

			size += (size_t)snprintf(out + size, sizeof(out) - size, "%s%s",
						 i ? "|" : "", value ? value : "NULL");
		}
	}
	sqlite3_finalize(statement);
	return code == SQLITE_DONE ? out : sqlite3_errmsg(db);
}

static void
assert_answer(sqlite3 *db, const char *query, const char *expected)
{
	assert_string_equal(answer(db, query), expected);
}

/* What EXPLAIN QUERY PLAN says of the table that comes first. */
static void
assert_plan(sqlite3 *db, const char *query, const char *expected)
{
	char explain[512];
	const char *plan;

	snprintf(explain, sizeof(explain), "EXPLAIN QUERY PLAN %s", query);
	plan = strstr(answer(db, explain), "INDEX ");
	assert_non_null(plan);
	plan = strchr(plan, ':') + 1;
	assert_memory_equal(plan, expected, strlen(expected));
	plan += strlen(expected);
	assert_true(!*plan || (*plan == ' ' && plan[1] >= '0' && plan[1] <= '9'));
}

static void
names_differ_by_more_than_case(void **state)
{
	sqlite3 *db;

	(void)state;
	open_sql(&db, "main");
	assert_answer(db, "SELECT name, sql_name, rows FROM coffer_tables ORDER BY name",
		      "Log|Log|200 log|log_2|0 sqlite_stat|_sqlite_stat|0");
	assert_answer(db, "SELECT sql_name FROM coffer_columns WHERE table_name = 'Log'",
		      "id user at n N_3 n_2");
	assert_answer(db, "SELECT n, N_3, n_2 FROM Log WHERE id = '5'", "5|NULL|NULL");
	sqlite3_close(db);
}

/* A store of such tables, without rows. */
static void
make_empty(const char *models, const char *at)
{
	coffer_load_options options = {.is_forced = true};
	coffer_schema *schema;
	coffer_load *load;
	coffer_error error = {0};

	must(coffer_schema_parse_prisma((coffer_text){models, strlen(models)}, "test", &schema,
					&error),
	     &error);
	must(coffer_load_begin(at, schema, &options, &load, &error), &error);
	must(coffer_load_finish(load, &error), &error);
	coffer_schema_free(schema);
}

static void
tables_hide_no_function(void **state)
{
	static const char models[] = "model coffer_tables {\n  id String @id\n}\n"
				     "model coffer_tables_2 {\n  id String @id\n}\n"
				     "model Coffer_Verify {\n  id String @id\n}\n"
				     "model coffer_rollup {\n  id String @id\n}\n"
				     "model json_each {\n  id String @id\n}\n"
				     "model pragma_table_list {\n  id String @id\n}\n"
				     "model coffer_other {\n  id String @id\n}\n";
	char hiding[80], attach[256];
	sqlite3 *db;

	(void)state;
	snprintf(hiding, sizeof(hiding), "%s/hiding.coffer", folder);
	make_empty(models, hiding);
	open_sql(&db, "main");
	snprintf(attach, sizeof(attach), "SELECT coffer_attach('%s', 'h'), coffer_attach('%s')",
		 hiding, hiding);
	assert_answer(db, attach, "7|7");
	assert_answer(db,
		      "SELECT name, sql_name FROM coffer_tables('h') ORDER BY name COLLATE NOCASE",
		      "coffer_other|coffer_other coffer_rollup|coffer_rollup_2 "
		      "coffer_tables|coffer_tables_3 coffer_tables_2|coffer_tables_2 "
		      "Coffer_Verify|Coffer_Verify_2 json_each|json_each_2 "
		      "pragma_table_list|_pragma_table_list");
	assert_answer(db, "SELECT * FROM h.coffer_tables_3", "");
	assert_non_null(strstr(answer(db, attach), "already exists: the second argument names another schema than h, "
						   "coffer_detach takes away what is there"));
	assert_answer(db, "SELECT coffer_detach('h' || char(0) || 'x')", "a NUL is in no name of a file or schema");
	assert_answer(db, "SELECT coffer_attach('x' || char(0), 'n')", "a NUL is in no name of a file or schema");
	assert_answer(db, "SELECT coffer_attach('x', 'n' || char(0))", "a NUL is in no name of a file or schema");
	assert_answer(db, "SELECT invariant FROM coffer_verify", "");
	assert_answer(db, "SELECT count(*) FROM coffer_indexes('h')", "7");
	assert_answer(db, "SELECT count(*) FROM coffer_indexes('h' || char(0) || 'x')", "0");
	assert_answer(db, "SELECT rows FROM coffer_rollup('Log', 'none', 'n', 'h' || char(0))",
		      "coffer_rollup: no store in a schema ''");
	assert_answer(db, "SELECT value FROM json_each('[1]')", "1");
	assert_answer(db, "SELECT name FROM pragma_table_list('Log')", "Log");
	assert_answer(db, "SELECT rows FROM coffer_rollup('coffer_tables', 'none', 'n')",
		      "coffer_rollup: no roll-up 'none'");
	assert_answer(db, "SELECT rows FROM coffer_rollup('Log', 'none', 'n', 'h')",
		      "coffer_rollup: no table 'Log'");
	assert_answer(db, "SELECT rows FROM coffer_rollup('Log', 'none', 'n', 'hi')",
		      "coffer_rollup: no store in a schema 'hi'");
	sqlite3_close(db);
	unlink(hiding);
}

static void
questions_take_the_index_that_answers_them(void **state)
{
	sqlite3 *db;

	(void)state;
	open_sql(&db, "main");
	assert_plan(db, "SELECT * FROM Log WHERE id = ?", "id = ? by the unique key Log_pkey");
	assert_plan(db, "SELECT * FROM Log WHERE id IN ('1', '2')",
		    "id IN (...) by the unique key Log_pkey");
	assert_plan(db, "SELECT * FROM Log WHERE user = ? AND at >= ? ORDER BY at DESC LIMIT 5",
		    "user = ? AND at >= ? by Log_user_at_idx, in the order asked for, backwards");
	assert_plan(db, "SELECT count(*) FROM Log", "every row, counted");
	assert_plan(db, "SELECT * FROM Log", "every row");
	assert_plan(db, "SELECT * FROM Log WHERE n > 190", "n > ? by Log_n_idx");
	assert_plan(db, "SELECT * FROM Log WHERE rowid = 7", "rowid = ?");
	assert_plan(db, "SELECT * FROM Log ORDER BY at LIMIT 3 OFFSET 2",
		    "every row by Log_at_idx, in the order asked for");
	assert_plan(db, "SELECT * FROM Log WHERE id = 5", "every row");
	assert_plan(db, "SELECT user, at FROM Log",
		    "every row by Log_user_at_idx, from the index alone");
	assert_plan(db, "SELECT * FROM Log WHERE at > '2000-01-02' ORDER BY n", "every row");
	/* The range of a literal is measured: of the two ends of a join the smaller one comes first. */
	assert_plan(db, "SELECT * FROM Log a JOIN Log b ON b.user = a.id WHERE a.at < '2000-01-02'",
		    "at < ? by Log_at_idx");
	sqlite3_close(db);
}

static void
bounds_of_times_are_any_text(void **state)
{
	sqlite3 *db;

	(void)state;
	open_sql(&db, "main");
	assert_answer(db, "SELECT count(*) FROM Log WHERE at >= '2000-02' AND at < '2000-03-01'",
		      "29");
	assert_answer(db, "SELECT count(*) FROM Log WHERE at > '2000-01-02 00:00:00.001'", "198");
	assert_answer(db, "SELECT count(*) FROM Log WHERE at >= '2000-01-02 00:00:00.001'", "199");
	assert_answer(db, "SELECT count(*) FROM Log WHERE at = '2000-01-02 00:00:00.001'", "1");
	assert_answer(db, "SELECT count(*) FROM Log WHERE at = '2000-01-02 00:00:00.0010'", "0");
	assert_answer(db, "SELECT count(*) FROM Log WHERE at < ''", "0");
	assert_answer(db, "SELECT count(*) FROM Log WHERE at < 'x'", "200");
	assert_answer(db, "SELECT count(*) FROM Log WHERE at < x'00'", "200");
	assert_answer(db, "SELECT count(*) FROM Log WHERE at > NULL", "0");
	assert_answer(db, "SELECT count(*) FROM Log WHERE at > 2000.5", "0");
	assert_answer(db, "SELECT count(*) FROM Log WHERE at > 1", "200");
	assert_answer(db, "SELECT count(*) FROM Log WHERE at > -abs(7)", "200");
	assert_answer(
		db, "SELECT count(*) FROM Log WHERE at > abs(7)",
		"at is a time, which is a text here, and is compared with a number: datetime(X, "
		"'unixepoch') makes a time of seconds since 1970, CAST(X AS TEXT) a text");
	assert_answer(db, "SELECT count(*) FROM Log WHERE at > CAST(abs(2001) AS TEXT)", "0");
	sqlite3_close(db);
}

static void
nothing_is_written(void **state)
{
	static const char refusal[] =
		"SQL only reads a store: 'coffer put' and 'coffer delete' write it";
	sqlite3 *db;

	(void)state;
	open_sql(&db, "main");
	assert_answer(db, "INSERT INTO log_2 VALUES ('x')", refusal);
	assert_answer(db, "UPDATE Log SET n = 1 WHERE id = '5'", refusal);
	assert_answer(db, "DELETE FROM Log WHERE id = '5'", refusal);
	assert_answer(db, "ALTER TABLE Log RENAME TO other", refusal);
	assert_answer(db, "DROP TABLE Log", "attempt to write a readonly database");
	assert_answer(db, "SELECT count(*) FROM Log", "200");
	sqlite3_close(db);
}

static void
stores_come_and_go(void **state)
{
	char query[128];
	sqlite3 *db;
	sqlite3_stmt *kept;

	(void)state;
	open_sql(&db, "b");
	assert_answer(db, "SELECT count(*) FROM b.Log", "200");
	snprintf(query, sizeof(query), "SELECT coffer_attach('%s', 'c')", path);
	assert_answer(db, query, "3");
	assert_answer(db, "SELECT count(*) FROM b.Log JOIN c.Log AS other USING (id)", "200");
	snprintf(query, sizeof(query), "SELECT coffer_attach('%s')", path);
	assert_answer(db, query, "3");
	assert_answer(db, "SELECT count(*) FROM temp.Log", "200");
	assert_non_null(strstr(answer(db, query), "a.coffer: table \"Log\" already exists"));
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT * FROM c.Log", -1, &kept, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(kept), SQLITE_ROW);
	assert_int_equal(sqlite3_reset(kept), SQLITE_OK);
	assert_answer(db, "SELECT coffer_detach('c')", "1");
	assert_answer(db, "SELECT coffer_detach('c')", "no store is attached under this name");
	assert_int_equal(sqlite3_step(kept), SQLITE_ERROR);
	sqlite3_finalize(kept);
	assert_answer(db, "SELECT coffer_detach('temp')", "1");
	assert_answer(db, "SELECT count(*) FROM temp.Log", "no such table: temp.Log");
	assert_answer(db, "SELECT count(*) FROM coffer_tables", "3");
	sqlite3_close(db);
}

static void
stores_of_one_schema_go_together(void **state)
{
	char other[80], query[160];
	sqlite3 *db;

	(void)state;
	snprintf(other, sizeof(other), "%s/other.coffer", folder);
	small_store(other);
	open_sql(&db, "main");
	snprintf(query, sizeof(query), "SELECT coffer_attach('%s', 'c')", path);
	assert_answer(db, query, "3");
	snprintf(query, sizeof(query), "SELECT coffer_attach('%s', 'c') > 0", other);
	assert_answer(db, query, "1");
	assert_answer(db, "SELECT count(*) FROM c.Log, (SELECT * FROM c.Team LIMIT 1)", "200");
	assert_answer(db, "SELECT coffer_detach('c')", "2");
	assert_answer(db, "SELECT count(*) FROM c.Log", "no such table: c.Log");
	assert_answer(db, "SELECT count(*) FROM coffer_tables", "3");
	sqlite3_close(db);
	unlink(other);
	snprintf(query, sizeof(query), "%s-lock", other);
	unlink(query);
}

/* Whatever stands in the way of one table stands in the way of all. */
static void
a_store_is_detached_whole_or_not_at_all(void **state)
{
	static const char tables[] = "SELECT count(*) FROM sqlite_temp_schema WHERE type = 'table'";
	static const char detach[] = "SELECT coffer_detach('temp')";
	char attach[128];
	sqlite3_stmt *open;
	sqlite3 *db;

	(void)state;
	open_sql(&db, "main");
	snprintf(attach, sizeof(attach), "SELECT coffer_attach('%s')", path);
	assert_answer(db, attach, "3");
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT * FROM temp.log_2", -1, &open, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(open), SQLITE_DONE);
	sqlite3_finalize(open);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT * FROM temp.Log", -1, &open, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(open), SQLITE_ROW);
	assert_non_null(strstr(answer(db, detach), "a statement that has not ended reads "));
	assert_answer(db, tables, "3");
	sqlite3_finalize(open);
	assert_non_null(strstr(answer(db, "SELECT coffer_detach('temp') FROM coffer_tables('temp')"),
			       "a statement that has not ended reads "));
	assert_answer(db, tables, "3");
	/* A transaction that is rolled back would bring dropped tables back. */
	assert_answer(db, "BEGIN", "");
	assert_answer(db, detach, "temp: a store is not detached in a transaction");
	assert_answer(db, "ROLLBACK", "");
	assert_answer(db, "SELECT count(*) FROM temp.Log", "200");
	assert_answer(db, detach, "1");
	assert_answer(db, tables, "0");
	sqlite3_close(db);
}

/* SQLite compares a part of a row value with each row once more, but not as it would without a virtual table. */
static void
texts_are_not_looked_for_among_numbers(void **state)
{
	static const char refusal[] =
		"id is a text, and is looked for among numbers: CAST(X AS TEXT) makes texts of them";
	sqlite3 *db;

	(void)state;
	open_sql(&db, "main");
	assert_answer(db, "SELECT count(*) FROM Log WHERE (id, n) IN (SELECT n, n FROM Log)", refusal);
	assert_answer(db, "SELECT count(*) FROM Log WHERE (n, id) not /* ) */ -- ' in (\n"
			  " IN (SELECT n, n FROM Log)", "0");
	assert_answer(db, "SELECT 1 FROM Log WHERE (n, id /*,*/)\n/* '(' */IN(SELECT n, n FROM Log)"
			  " AND ')' <> \"(\"", refusal);
	assert_answer(db, "SELECT count(*) FROM Log WHERE (id, n) IN (SELECT CAST(n AS TEXT), n FROM Log)",
		      "200");
	assert_answer(db, "SELECT count(*) FROM Log WHERE (id, n) IN (VALUES ('5', 5), (6, 6), (7, '8'))",
		      "2");
	assert_answer(db, "SELECT count(*) FROM Log AS a JOIN Log AS b ON b.id = a.n"
			  " WHERE (lower(a.id)) IN (SELECT '5') AND ', (a, b) IN' > ''", "1");
	assert_answer(db, "SELECT count(*) FROM Log WHERE id IN (SELECT n FROM Log)", "200");
	sqlite3_close(db);
}

/* SQLite has its own ways to take a schema away; what comes under the name later is not coffer's. */
static void
a_schema_that_was_detached_is_forgotten(void **state)
{
	char query[128];
	sqlite3 *db;

	(void)state;
	open_sql(&db, "main");
	snprintf(query, sizeof(query), "SELECT coffer_attach('%s', 'x')", path);
	assert_answer(db, query, "3");
	assert_answer(db, "DETACH x", "");
	assert_answer(db, "SELECT count(*) FROM coffer_tables", "3");
	assert_answer(db, query, "3");
	assert_answer(db, "SELECT count(*) FROM coffer_tables", "6");
	assert_answer(db, "SELECT count(*), max(only_store) FROM coffer_tables('x') WHERE only_store = 'x'", "3|x");
	assert_answer(db, "DETACH x", "");
	assert_answer(db, "ATTACH ':memory:' AS x", "");
	assert_answer(db, "CREATE TABLE x.mine AS SELECT 7 AS n", "");
	assert_answer(db, "SELECT coffer_detach('x')", "no store is attached under this name");
	assert_answer(db, "SELECT n FROM x.mine", "7");
	/* A schema that is read anew has its tables still. */
	assert_answer(db, "BEGIN", "");
	assert_answer(db, "CREATE TABLE gone (n)", "");
	assert_answer(db, "ROLLBACK", "");
	assert_answer(db, "SELECT count(*) FROM coffer_tables", "3");
	assert_answer(db, "SELECT count(*) FROM Log", "200");
	sqlite3_close(db);
}

/* A time that has no place among the texts comes between two runs of a statement. */
static void
an_order_that_no_longer_holds_is_refused(void **state)
{
	static const char query[] = "SELECT id FROM Log ORDER BY at LIMIT 1";
	coffer_set sets[] = {
		{.column = 0, .value = text("far")},
		{.column = 2, .value = {.kind = COFFER_TIME, .time = INT64_C(252455616000000000)}}};
	coffer_set least[] = {{.column = 0, .value = text("least")},
			      {.column = 2, .value = {.kind = COFFER_TIME, .time = INT64_MIN}}};
	coffer_error error = {0};
	coffer_outcome outcome;
	sqlite3_stmt *statement;
	coffer_store *store;
	coffer_txn *txn;
	char copy[80];
	sqlite3 *db;

	(void)state;
	snprintf(copy, sizeof(copy), "%s/order.coffer", folder);
	must(coffer_store_open(path, &store, &error), &error);
	must(coffer_store_copy(store, copy, &(coffer_copy_options){0}, &error), &error);
	coffer_store_close(store);
	must(coffer_store_open_to_write(copy, &store, &error), &error);
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	{
		struct coffer_sql *sql;
		coffer_store *reader;

		assert_int_equal(coffer_sql_register(db, NULL, &sql), SQLITE_OK);
		must(coffer_store_open(copy, &reader, &error), &error);
		must(coffer_sql_attach(sql, reader, copy, "main", &error), &error);
	}
	assert_int_equal(sqlite3_prepare_v2(db, query, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	assert_int_equal(sqlite3_reset(statement), SQLITE_OK);
	assert_answer(db, "SELECT count(*) FROM Log WHERE at >= (SELECT CAST(0 AS INTEGER))", "200");
	must(coffer_txn_begin_write(store, &txn, &error), &error);
	must(coffer_insert(txn, 0, sets, 2, COFFER_CONFLICT_FAIL, &outcome, &error), &error);
	must(coffer_txn_commit(txn, &error), &error);
	assert_int_equal(sqlite3_step(statement), SQLITE_ERROR);
	assert_string_equal(sqlite3_errmsg(db),
			    "times beyond the years 1 to 9999 came since the statement was "
			    "prepared: prepare it again");
	sqlite3_finalize(statement);
	assert_answer(db, query, "far");
	assert_answer(db, "SELECT at FROM Log ORDER BY at LIMIT 1 OFFSET 200",
		      "2000-07-18 00:00:00.199");
	/* "-infinity" lies below "0", and as any text above 0. */
	must(coffer_txn_begin_write(store, &txn, &error), &error);
	must(coffer_insert(txn, 0, least, 2, COFFER_CONFLICT_FAIL, &outcome, &error), &error);
	must(coffer_txn_commit(txn, &error), &error);
	assert_non_null(strstr(answer(db, "SELECT count(*) FROM Log WHERE at >= (SELECT CAST(0 AS INTEGER))"),
			       "at is a time, which is a text here, and is compared with a number"));
	assert_answer(db, "SELECT count(*) FROM Log WHERE at >= (SELECT CAST(-1 AS INTEGER))", "202");
	sqlite3_close(db);
	coffer_store_close(store);
	unlink(copy);
}

static void
doubles_that_are_integers_bound_integers(void **state)
{
	sqlite3 *db;

	(void)state;
	open_sql(&db, "main");
	assert_answer(db, "SELECT count(*) FROM Log WHERE n > 9007199254740994.0", "0");
	assert_answer(db, "SELECT min(n) FROM Log WHERE n > 5.0", "6");
	assert_answer(db, "SELECT min(n) FROM Log WHERE n > 5.5", "6");
	assert_answer(db, "SELECT min(n) FROM Log WHERE n >= 5.5", "6");
	assert_answer(db, "SELECT max(n) FROM Log WHERE n <= 5.5", "5");
	assert_answer(db, "SELECT max(n) FROM Log WHERE n < 5.0", "4");
	assert_answer(db, "SELECT count(*) FROM Log WHERE n >= -1e300 AND n < 1e300", "200");
	sqlite3_close(db);
}

static void
a_schema_opens_no_file(void **state)
{
	char query[128];
	sqlite3 *db;

	(void)state;
	open_sql(&db, "main");
	snprintf(query, sizeof(query), "CREATE VIEW v AS SELECT coffer_attach('%s', 'c')", path);
	assert_answer(db, query, "");
	assert_answer(db, "SELECT * FROM v", "unsafe use of coffer_attach()");
	assert_answer(db, "CREATE VIRTUAL TABLE x USING coffer('/etc/passwd', 0)",
		      "no such table of a store that is attached: coffer_attach('FILE') makes the "
		      "tables");
	assert_answer(db, "CREATE VIRTUAL TABLE x USING coffer(1, 4294967296)",
		      "no such table of a store that is attached: coffer_attach('FILE') makes the "
		      "tables");
	sqlite3_close(db);
}

static void
a_count_that_is_asked_for_more_goes_on_as_a_scan(void **state)
{
	sqlite3 *db;

	(void)state;
	open_sql(&db, "main");
	assert_answer(db, "SELECT rowid FROM Log LIMIT 2 OFFSET 3", "4 5");
	assert_answer(db, "SELECT sum(rowid), count(*) FROM Log", "20100|200");
	assert_answer(db, "SELECT n FROM Log WHERE n >= 20 ORDER BY n LIMIT 2 OFFSET 90",
		      "110 111");
	assert_answer(db, "SELECT rowid FROM Log WHERE n >= 20 ORDER BY n DESC LIMIT 2 OFFSET 90",
		      "110 109");
	assert_answer(db, "SELECT id FROM Log WHERE n >= 20 ORDER BY n LIMIT 2 OFFSET 90",
		      "110 111");
	assert_answer(db, "SELECT count(*) FROM Log WHERE n >= 20 AND n < 150", "130");
	assert_answer(db, "SELECT count(*) FROM Log WHERE n >= 20 ORDER BY n DESC", "180");
	sqlite3_close(db);
}

/* End what runs as soon as there are two statements: that of the query, and verify's own. */
static int
ends_the_second(void *db)
{
	sqlite3_stmt *first = sqlite3_next_stmt(db, NULL);

	return first && sqlite3_next_stmt(db, first);
}

/* By the list itself, which says of which file; at its end SQLite would say it. */
static void
a_verification_is_interrupted(void **state)
{
	char expected[128];
	sqlite3 *db;

	(void)state;
	open_sql(&db, "main");
	assert_answer(db, "SELECT count(*) FROM coffer_verify", "0");
	snprintf(expected, sizeof(expected), "%s: interrupted", path);
	sqlite3_progress_handler(db, 1, ends_the_second, db);
	assert_answer(db, "SELECT count(*) FROM coffer_verify", expected);
	sqlite3_progress_handler(db, 0, NULL, NULL);
	assert_answer(db, "SELECT count(*) FROM coffer_verify", "0");
	sqlite3_close(db);
}

static void
load_text(coffer_load *load, int number, const char *data)
{
	coffer_value row[] = {{.kind = COFFER_INT, .integer = number}, text(data)};
	coffer_error error = {0};

	must(coffer_load_row(load, row, &error), &error);
}

/* A store of texts: 16 KiB of them, each with its NUL, the last of which is a time. */
static void
make_texts(const char *file, int times)
{
	static const char model[] = "model Line {\n  id Int @id\n  text String\n}\n";
	coffer_load_options options = {.is_forced = true};
	coffer_schema *schema;
	coffer_load *load;
	coffer_error error = {0};
	char time[32];

	must(coffer_schema_parse_prisma((coffer_text){model, strlen(model)}, "test", &schema, &error),
	     &error);
	must(coffer_load_begin(file, schema, &options, &load, &error), &error);
	must(coffer_load_table(load, coffer_schema_find_table(schema, "Line"), &error), &error);
	load_text(load, 0, "abc");
	for (int i = 1; i <= times; i++) {
		snprintf(time, sizeof(time), "2024-11-05 10:%02d:%02d", i / 60 % 60, i % 60);
		load_text(load, i, time);
	}
	must(coffer_load_finish(load, &error), &error);
	coffer_schema_free(schema);
}

/* Texts of rows that are looked up stand one behind the other, in pieces of memory that they fill: nothing is read behind one. */
static void
the_day_of_a_text_is_read_from_it_alone(void **state)
{
	enum { TIMES = 16384 / 20 };
	char file[64], query[64];
	struct coffer_sql *sql;
	coffer_store *store;
	coffer_error error = {0};
	sqlite3 *db;

	(void)state;
	snprintf(file, sizeof(file), "%s/texts.coffer", folder);
	make_texts(file, TIMES);
	sql = open_sql(&db, "main");
	must(coffer_store_open(file, &store, &error), &error);
	must(coffer_sql_attach(sql, store, file, "texts", &error), &error);
	assert_answer(db, "SELECT date(text) FROM texts.Line WHERE id = 0", "NULL");
	for (int i = 1; i <= TIMES; i++) {
		snprintf(query, sizeof(query), "SELECT date(text) FROM texts.Line WHERE id = %d", i);
		assert_answer(db, query, "2024-11-05");
	}
	sqlite3_close(db);
	unlink(file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_differ_by_more_than_case),
		cmocka_unit_test(tables_hide_no_function),
		cmocka_unit_test(questions_take_the_index_that_answers_them),
		cmocka_unit_test(bounds_of_times_are_any_text),
		cmocka_unit_test(nothing_is_written),
		cmocka_unit_test(stores_come_and_go),
		cmocka_unit_test(stores_of_one_schema_go_together),
		cmocka_unit_test(a_store_is_detached_whole_or_not_at_all),
		cmocka_unit_test(texts_are_not_looked_for_among_numbers),
		cmocka_unit_test(a_schema_that_was_detached_is_forgotten),
		cmocka_unit_test(an_order_that_no_longer_holds_is_refused),
		cmocka_unit_test(doubles_that_are_integers_bound_integers),
		cmocka_unit_test(a_schema_opens_no_file),
		cmocka_unit_test(a_count_that_is_asked_for_more_goes_on_as_a_scan),
		cmocka_unit_test(a_verification_is_interrupted),
		cmocka_unit_test(the_day_of_a_text_is_read_from_it_alone),
	};

	return cmocka_run_group_tests_name("sql", tests, setup, teardown);
}
