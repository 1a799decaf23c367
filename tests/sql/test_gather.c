/*
 * Rows that are gathered for GROUP BY: the answers are those of SQLite's own table of the same rows, whatever is grouped; rows of one
 * text come together, and come as they stand where that is of no use; a store that is damaged, or whose pages are not all in
 * memory, is one like any other.
 */
#include "sql/sql.h"

#include "tests/support/must.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ROWS = 30000, MARKED = 20000, MODELS = 15, COLUMNS = 9 };
#define MARK INT64_C(0x1122334455667788)
#define DAY INT64_C(86400000000)

static char folder[] = "/tmp/coffer-gather.XXXXXX";
static char path[64], damaged_path[64];
static sqlite3 *db;

static const char prisma[] = "model Log {\n"
			     "  id    Int       @id\n"
			     "  at    DateTime?\n"
			     "  model String?\n"
			     "  team  String\n"
			     "  user  String\n"
			     "  spend Float\n"
			     "  n     BigInt?\n"
			     "  ok    Boolean\n"
			     "  until DateTime?\n"
			     "  @@index([at])\n"
			     "}\n";

/* ------------------------------------------------------------------ the rows */

static coffer_value
text(const char *bytes)
{
	return (coffer_value){.kind = COFFER_TEXT, .text = {bytes, strlen(bytes)}};
}

/* Some three hundred rows a day, from before 2000 on; a few without a time. */
static coffer_value
time_of(int row)
{
	coffer_value time = {.kind = COFFER_TIME, .time = (row - ROWS / 4) * (DAY / 301)};

	if (row % 97 == 5)
		time.kind = COFFER_NULL;
	return time;
}

/* Another order, and times at both ends of all. */
static coffer_value
end_of(int row)
{
	coffer_value time = time_of(row * 17 % ROWS);

	if (row % 9973 == 7)
		time = (coffer_value){.kind = COFFER_TIME, .time = row % 2 ? INT64_MAX : INT64_MIN};
	return time;
}

/* In the beginning each comes so often that its text is one of the pool; later there are too many for a block to be sorted by. */
static int
user_of(int row)
{
	return row < ROWS / 3 ? row / 16 * 31 % 499 : row / 2;
}

static void
load_row(coffer_load *load, int row)
{
	char model[32], team[32], user[32];
	coffer_error error = {0};
	coffer_value values[COLUMNS] = {
		{.kind = COFFER_INT, .integer = row},
		time_of(row),
		[5] = {.kind = COFFER_FLOAT, .real = (row % 41) * 0.125},
		[6] = {.kind = row % 5 ? COFFER_INT : COFFER_NULL, .integer = row % 1000},
		[7] = {.kind = COFFER_BOOL, .boolean = row % 3 == 0},
		[8] = end_of(row),
	};

	snprintf(model, sizeof(model), "model-%d", row * 7 % MODELS);
	snprintf(team, sizeof(team), "%c-team", 'a' + row / 11 % 7);
	snprintf(user, sizeof(user), "user-%d@example.com", user_of(row));
	if (row % 13)
		values[2] = text(model);
	values[3] = text(team);
	values[4] = text(user);
	if (row == MARKED)
		values[6] = (coffer_value){.kind = COFFER_INT, .integer = MARK};
	must(coffer_load_row(load, values, &error), &error);
}

static void
make_store(void)
{
	coffer_load_options options = {.is_forced = true};
	coffer_error error = {0};
	coffer_schema *schema;
	coffer_load *load;

	must(coffer_schema_parse_prisma((coffer_text){prisma, strlen(prisma)}, "test", &schema,
					&error),
	     &error);
	must(coffer_load_begin(path, schema, &options, &load, &error), &error);
	must(coffer_load_table(load, 0, &error), &error);
	for (int i = 1; i <= ROWS; i++)
		load_row(load, i);
	must(coffer_load_finish(load, &error), &error);
	coffer_schema_free(schema);
}

/* ------------------------------------------------------------------ connections */

static sqlite3 *
connect_to(coffer_store *store)
{
	struct coffer_sql *sql;
	coffer_error error = {0};
	sqlite3 *fresh;

	assert_int_equal(sqlite3_open(":memory:", &fresh), SQLITE_OK);
	assert_int_equal(coffer_sql_register(fresh, NULL, &sql), SQLITE_OK);
	must(coffer_sql_attach(sql, store, path, "main", &error), &error);
	return fresh;
}

static void
run(sqlite3 *in, const char *statement)
{
	if (sqlite3_exec(in, statement, NULL, NULL, NULL))
		fail_msg("%s: %s", statement, sqlite3_errmsg(in));
}

static int
setup(void **state)
{
	coffer_error error = {0};
	coffer_store *store;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/a.coffer", folder);
	snprintf(damaged_path, sizeof(damaged_path), "%s/b.coffer", folder);
	make_store();
	must(coffer_store_open(path, &store, &error), &error);
	for (int i = 2; i <= 4; i++)
		assert_true(coffer_store_schema(store)->tables[0].columns[i].is_interned);
	db = connect_to(store);
	run(db, "ATTACH ':memory:' AS native; CREATE TABLE native.Log AS SELECT * FROM main.Log");
	return 0;
}

static int
teardown(void **state)
{
	char name[80];

	(void)state;
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	for (int i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "%s-lock", i ? damaged_path : path);
		unlink(name);
		unlink(i ? damaged_path : path);
	}
	return rmdir(folder);
}

/* ------------------------------------------------------------------ answers */

/* All that a query gives, value by value, in one text. */
static char *
answer(sqlite3 *of, const char *query)
{
	coffer_buffer out = {0};
	sqlite3_stmt *statement;
	int code;

	if (sqlite3_prepare_v2(of, query, -1, &statement, NULL))
		fail_msg("%s: %s", query, sqlite3_errmsg(of));
	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(statement); i++) {
			const unsigned char *value = sqlite3_column_text(statement, i);

			coffer_buffer_printf(&out, "%d:%s|", sqlite3_column_type(statement, i),
					     value ? (const char *)value : "");
		}
		coffer_buffer_text(&out, "\n");
	}
	if (code != SQLITE_DONE)
		fail_msg("%s: %s", query, sqlite3_errmsg(of));
	sqlite3_finalize(statement);
	assert_false(out.is_failed);
	return out.data ? out.data : strdup("");
}

/* `%s` of a query stands for the schema. */
static void
must_equal_native(sqlite3 *of, const char *query)
{
	char *words[2], *answers[2];

	words[0] = sqlite3_mprintf(query, "main", "main");
	words[1] = sqlite3_mprintf(query, "native", "native");
	answers[0] = answer(of, words[0]);
	answers[1] = answer(db, words[1]);
	if (strcmp(answers[0], answers[1]))
		fail_msg("%s:\n%.300s\n%.300s", words[0], answers[0], answers[1]);
	for (int i = 0; i < 2; i++) {
		free(answers[i]);
		sqlite3_free(words[i]);
	}
}

static const char *const queries[] = {
	"SELECT date(at), model, sum(spend), count(*) FROM %s.Log GROUP BY 1, 2",
	"SELECT model, date(at), sum(n), count(at), min(at), max(at) FROM %s.Log GROUP BY 1, 2",
	"SELECT model, count(*), sum(spend) FROM %s.Log GROUP BY model",
	"SELECT team, model, ok, max(spend), count(n) FROM %s.Log GROUP BY 1, 2, 3",
	"SELECT user, sum(spend) FROM %s.Log GROUP BY user",
	"SELECT user, team, model, date(at), sum(spend) FROM %s.Log GROUP BY 1, 2, 3, 4",
	"SELECT team, count(DISTINCT user), count(DISTINCT model) FROM %s.Log GROUP BY team",
	"SELECT strftime('%%Y-%%m', at), team, sum(n) FROM %s.Log GROUP BY 1, 2 HAVING sum(n) > 9",
	"SELECT model, sum(id), max(rowid) FROM %s.Log GROUP BY model",
	"SELECT model, sum(spend) FROM %s.Log WHERE team > 'c' GROUP BY model",
	"SELECT team, sum(n) FROM %s.Log WHERE user = 'user-31@example.com' GROUP BY team",
	"SELECT team, sum(n) FROM %s.Log WHERE model IS NULL AND n > 900 GROUP BY team",
	"SELECT model, count(*) FROM %s.Log GROUP BY model ORDER BY 2 DESC, 1 LIMIT 3",
	"SELECT model, date(until), max(until), sum(n) FROM %s.Log GROUP BY 1, 2",
	"SELECT date(at), model, sum(spend), count(*) FROM %s.Log WHERE at >= '2000-02-01' AND at "
	"< "
	"'2000-02-20' GROUP BY 1, 2",
	"SELECT team, max(at), count(*) FROM %s.Log WHERE at < '1999-12-25 10:00' GROUP BY team",
	"SELECT team, count(*) FROM %s.Log WHERE until < '2000-02-01 10:00' GROUP BY team",
	"SELECT team, sum(n) FROM (SELECT team, n FROM %s.Log LIMIT 300) GROUP BY team",
	"SELECT a.team, count(*) FROM %s.Log AS a JOIN %s.Log AS b ON b.id = a.id + 1 AND "
	"b.team <> a.team GROUP BY a.team",
	"SELECT team, (SELECT count(*) FROM %s.Log AS b WHERE b.team = a.team AND b.n = 1 GROUP BY "
	"b.team) FROM (SELECT DISTINCT team FROM %s.Log) AS a ORDER BY 1",
	"SELECT team, min(model), max(user) FROM %s.Log GROUP BY team",
};

static void
answers_are_those_of_a_native_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(queries) / sizeof(*queries); i++)
		must_equal_native(db, queries[i]);
}

static void
pages_that_are_read_give_the_same(void **state)
{
	coffer_error error = {0};
	coffer_origin origin = {.fd = open(path, O_RDONLY), .cache_size_max = 1};
	coffer_store *store;
	struct stat facts;
	sqlite3 *other;

	(void)state;
	assert_true(origin.fd >= 0 && !fstat(origin.fd, &facts));
	origin.size = (uint64_t)facts.st_size;
	must(coffer_store_open_origin(&origin, &store, &error), &error);
	other = connect_to(store);
	for (size_t i = 0; i < 4; i++)
		must_equal_native(other, queries[i]);
	assert_int_equal(sqlite3_close(other), SQLITE_OK);
	close(origin.fd);
}

/* ------------------------------------------------------------------ order */

/* How often a row's first letter is another one than that of the row before, in the order in which SQLite is given rows. */
static int
count_changes(const char *query)
{
	char *given = answer(db, query), *at = given + 2;
	int changes = 0;

	for (; at[1] != '|'; at++)
		changes += at[0] != at[1];
	free(given);
	return changes;
}

static void
rows_of_one_text_come_together(void **state)
{
	int gathered = count_changes(
		"SELECT group_concat(substr(team, 1, 1), '') FROM Log GROUP BY n IS 0.5");
	int plain = count_changes("SELECT group_concat(substr(team, 1, 1), '') FROM Log");
	int ordered =
		count_changes("SELECT group_concat(substr(team, 1, 1), '') FROM Log ORDER BY 1");
	int spaced =
		count_changes("SELECT group_concat(substr(team, 1, 1), '') FROM Log Group\n\tby "
			      "n IS 0.5");

	(void)state;
	assert_int_equal(plain, ROWS / 11);
	assert_int_equal(ordered, plain);
	assert_int_equal(spaced, gathered);
	/* Two teams in a block of 16; seven in those of 128 and 1,024 and in four of 8,192. */
	assert_int_equal(gathered, 2 + 6 * 7 - 1);
	/* By day first: it may be what is grouped. */
	gathered = count_changes("SELECT group_concat(substr(team, 1, 1), '') FROM Log WHERE at > "
				 "'2000-01-10' AND at < '2000-01-31' GROUP BY n IS 0.5");
	assert_true(gathered > 21 * 5 && gathered < 24 * 8);
}

/* The first 1,168 rows are sorted; but for one in 41 they are asked for no more than the condition. */
static void
rows_that_do_not_pass_are_not_gathered(void **state)
{
	int changes = count_changes("SELECT group_concat(substr(team, 1, 1), '') FROM Log WHERE "
				    "spend = 5 GROUP BY n IS 0.5");

	(void)state;
	assert_true(changes > ROWS / 41 - 1168 / 41 - 2 && changes < ROWS / 41);
}

/* A subquery that wants one row does not pay for a block of a thousand. */
static void
who_wants_few_rows_reads_few(void **state)
{
	/* SQLite tells of no LIMIT where a condition is its own to judge. */
	char *given = answer(db, "SELECT max(id), count(team) FROM (SELECT id, team FROM Log WHERE "
				 "length(team) > 0 LIMIT 16) GROUP BY id IS 0.5");

	(void)state;
	assert_non_null(strstr(given, "1:16|1:16|"));
	free(given);
}

/* ------------------------------------------------------------------ damage */

/* Write the store anew with one byte of a row's number changed, or the kind of the page that it stands on. */
static void
damage(bool is_page)
{
	size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t mark[8];
	struct stat facts;
	uint8_t *bytes, *found;
	int from = open(path, O_RDONLY), to = open(damaged_path, O_CREAT | O_TRUNC | O_WRONLY, 0600);

	assert_true(from >= 0 && to >= 0 && !fstat(from, &facts));
	bytes = malloc((size_t)facts.st_size);
	assert_int_equal(read(from, bytes, (size_t)facts.st_size), facts.st_size);
	for (int i = 0; i < 8; i++)
		mark[i] = (uint8_t)(MARK >> (56 - 8 * i));
	found = memmem(bytes, (size_t)facts.st_size, mark, sizeof(mark));
	assert_non_null(found);
	if (is_page)
		bytes[(size_t)(found - bytes) / page_size * page_size + 10] ^= 1;
	else
		found[3] ^= 1;
	assert_int_equal(write(to, bytes, (size_t)facts.st_size), facts.st_size);
	free(bytes);
	close(from);
	close(to);
}

static void
a_damaged_row_is_an_error_where_it_is_asked_for(void **state)
{
	coffer_error error = {0};
	sqlite3_stmt *statement;
	coffer_store *store;
	sqlite3 *other;

	(void)state;
	damage(false);
	must(coffer_store_open(damaged_path, &store, &error), &error);
	other = connect_to(store);
	assert_int_equal(sqlite3_prepare_v2(other, "SELECT team, sum(n) FROM Log GROUP BY team", -1,
					    &statement, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_CORRUPT);
	assert_non_null(strstr(sqlite3_errmsg(other), "Log[20000]"));
	sqlite3_finalize(statement);
	must_equal_native(other,
			  "SELECT team, model, sum(n) FROM %s.Log WHERE rowid <> 20000 GROUP "
			  "BY 1, 2");
	assert_int_equal(sqlite3_close(other), SQLITE_OK);
}

/* Where the scan comes to it, behind rows that were given. */
static void
a_damaged_page_is_an_error_and_no_end(void **state)
{
	sqlite3_stmt *statement;
	coffer_error error = {0};
	coffer_store *store;
	sqlite3 *other;
	int rows = 0, code;

	(void)state;
	damage(true);
	must(coffer_store_open(damaged_path, &store, &error), &error);
	other = connect_to(store);
	assert_int_equal(sqlite3_prepare_v2(other, "SELECT spend FROM Log", -1, &statement, NULL),
			 SQLITE_OK);
	while ((code = sqlite3_step(statement)) == SQLITE_ROW)
		rows++;
	assert_int_equal(code, SQLITE_CORRUPT);
	assert_in_range(rows, 1, 19999);
	assert_non_null(strstr(sqlite3_errmsg(other), "table/Log[page "));
	assert_null(strstr(strstr(sqlite3_errmsg(other), "[page ") + 1, "[page "));
	sqlite3_finalize(statement);
	assert_int_equal(sqlite3_close(other), SQLITE_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_those_of_a_native_table),
		cmocka_unit_test(pages_that_are_read_give_the_same),
		cmocka_unit_test(rows_of_one_text_come_together),
		cmocka_unit_test(rows_that_do_not_pass_are_not_gathered),
		cmocka_unit_test(who_wants_few_rows_reads_few),
		cmocka_unit_test(a_damaged_row_is_an_error_where_it_is_asked_for),
		cmocka_unit_test(a_damaged_page_is_an_error_and_no_end),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
