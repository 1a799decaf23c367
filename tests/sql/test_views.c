/*
 * The gateway's views over a store: which are there, and what they say at the edges, where the gateway's own fail or err.
 * That they say what the gateway's do where these are right is tests/postgres/report.t's to show.
 */
#include "sql/sql.h"
#include "tests/support/writing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ALL \
	"Last30dKeysBySpend Last30dModelsBySpend Last30dTopEndUsersSpend " \
	"LiteLLM_VerificationTokenView " \
	"MonthlyGlobalSpend MonthlyGlobalSpendPerKey MonthlyGlobalSpendPerUserPerKey " \
	"dailytagspend"

static sqlite3 *db;
static struct coffer_sql *sql;

/* Whether the gateway that is made has no roll-ups, as one of an older coffer. */
static bool is_old;

/* An empty gateway, or one of these tables, open for writing. */
static void
make(const char *prisma)
{
	coffer_load_options options = {.is_forced = true};
	coffer_schema *schema;

	if (prisma) {
		begin_with(prisma, NULL);
		return;
	}
	must(coffer_schema_builtin(&schema, &writing.error));
	for (size_t i = 0; is_old && i < schema->table_count; i++)
		schema->tables[i].rollup_count = 0;
	must(coffer_store_create(writing.path, schema, &options, &writing.error));
	coffer_schema_free(schema);
	begin();
}

static void
attach(const char *schema)
{
	coffer_store *store;

	must(coffer_txn_commit(writing.txn, &writing.error));
	coffer_store_close(writing.store);
	must(coffer_store_open(writing.path, &store, &writing.error));
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	/* As a careful host has it. */
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	assert_int_equal(coffer_sql_register(db, NULL, &sql), SQLITE_OK);
	must(coffer_sql_attach(sql, store, writing.path, schema, &writing.error));
}

static const char *
answer(const char *query)
{
	static char out[4096];
	sqlite3_stmt *statement;
	size_t size = 0;

	*out = '\0';
	if (sqlite3_prepare_v2(db, query, -1, &statement, NULL))
		return sqlite3_errmsg(db);
	while (sqlite3_step(statement) == SQLITE_ROW) {
		if (size)
			out[size++] = ' ';
		for (int i = 0; i < sqlite3_column_count(statement); i++) {
			const char *value = (const char *)sqlite3_column_text(statement, i);

			size += (size_t)snprintf(out + size, sizeof(out) - size, "%s%s",
						 i ? "|" : "", value ? value : "NULL");
		}
	}
	return sqlite3_finalize(statement) ? sqlite3_errmsg(db) : out;
}

static void
assert_answer(const char *query, const char *expected)
{
	assert_string_equal(answer(query), expected);
}

static void
every_schema_has_them(void **state)
{
	static const char *const schemas[] = {"main", "temp", "edge"};
	char query[256];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		make(NULL);
		attach(schemas[i]);
		snprintf(query, sizeof(query),
			 "SELECT name FROM %s.sqlite_schema WHERE type = 'view' ORDER BY 1",
			 schemas[i]);
		assert_answer(query, ALL);
		snprintf(query, sizeof(query), "SELECT count(*) FROM %s.dailytagspend", schemas[i]);
		assert_answer(query, "0");
		sqlite3_close(db);
	}
}

static void
they_go_with_their_store(void **state)
{
	(void)state;
	make(NULL);
	attach("temp");
	assert_answer("SELECT coffer_detach('temp')", "1");
	assert_answer("SELECT count(*) FROM temp.sqlite_schema", "0");
	sqlite3_close(db);
	make(NULL);
	attach("edge");
	assert_answer("SELECT coffer_detach('edge')", "1");
	sqlite3_close(db);
}

static void
a_store_without_keys_lacks_what_needs_them(void **state)
{
	(void)state;
	make("model LiteLLM_SpendLogs {\n  request_id String @id\n  spend Float\n  startTime "
	     "DateTime\n  api_key String\n}\n");
	attach("main");
	assert_answer("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY 1",
		      "MonthlyGlobalSpend MonthlyGlobalSpendPerKey");
	sqlite3_close(db);
}

static void
a_table_of_the_name_stays(void **state)
{
	(void)state;
	make("model LiteLLM_SpendLogs {\n  request_id String @id\n  spend Float\n  startTime "
	     "DateTime\n  api_key String\n}\n"
	     "model monthlyglobalSpend {\n  id String @id\n}\n");
	must(insert("monthlyglobalSpend", PAIRS({"id", text("mine")})));
	attach("main");
	assert_answer("SELECT * FROM MonthlyGlobalSpend", "mine");
	assert_answer("SELECT name FROM sqlite_schema WHERE type = 'view'",
		      "MonthlyGlobalSpendPerKey");
	sqlite3_close(db);
}

/* A log, `days` days and `microseconds` after the beginning of today in UTC. */
static void
log_row(const char *id, int64_t days, int64_t microseconds, const char *user, const char *end_user,
	const char *tags)
{
	const int64_t day = INT64_C(86400000000);
	static int64_t today;
	coffer_value time = {.kind = COFFER_TIME}, none = {.kind = COFFER_NULL};
	coffer_value json = {.kind = COFFER_JSON, .text = {tags, tags ? strlen(tags) : 0}};
	sqlite3 *clock;
	sqlite3_stmt *statement;

	if (!today) {
		assert_int_equal(sqlite3_open(":memory:", &clock), SQLITE_OK);
		sqlite3_prepare_v2(
			clock, "SELECT unixepoch('now', 'start of day') - unixepoch('2000-01-01')",
			-1, &statement, NULL);
		assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
		today = sqlite3_column_int64(statement, 0) * 1000000;
		sqlite3_finalize(statement);
		sqlite3_close(clock);
	}
	time.time = today + days * day + microseconds;
	must(insert("LiteLLM_SpendLogs",
		    PAIRS({"request_id", text(id)}, {"call_type", text("c")}, {"spend", real(0.25)},
			  {"startTime", time}, {"endTime", time},
			  {"model", text(user && *user ? "m" : "")},
			  {"user", user ? text(user) : none},
			  {"end_user", end_user ? text(end_user) : none},
			  {"request_tags", tags ? json : none})));
}

static void
the_window_begins_with_a_day(void **state)
{
	(void)state;
	make(NULL);
	log_row("out", -30, -1000, "u", "e", "[]");
	log_row("in", -30, 0, "u", "e", "[]");
	log_row("today", 0, 0, "u", "e", "[]");
	log_row("to come", 3, 0, "u", "e", "[]");
	attach("main");
	assert_answer("SELECT count(*), sum(spend), min(date) = date('now', '-30 days') FROM "
		      "MonthlyGlobalSpend",
		      "3|0.75|1");
	assert_answer("SELECT * FROM Last30dModelsBySpend", "m|0.75");
	sqlite3_close(db);
}

static const char *
groups_of(const char *view)
{
	char query[256];

	snprintf(query, sizeof(query),
		 "SELECT sql LIKE '%%coffer_rollup(%%' FROM sqlite_schema WHERE name = '%s'", view);
	return answer(query);
}

static void
rows_are_asked_without_rollups(void **state)
{
	static const char *const views[] = {"Last30dKeysBySpend", "Last30dModelsBySpend",
					    "MonthlyGlobalSpend", "MonthlyGlobalSpendPerKey"};

	(void)state;
	for (int i = 0; i < 2; i++) {
		is_old = i;
		make(NULL);
		log_row("1", -1, 0, "u", "u", NULL);
		log_row("2", -1, 5000, "u", "e", NULL);
		attach("main");
		for (size_t k = 0; k < 4; k++)
			assert_string_equal(groups_of(views[k]), is_old ? "0" : "1");
		assert_answer("SELECT spend FROM MonthlyGlobalSpend", "0.5");
		assert_answer("SELECT api_key, spend FROM MonthlyGlobalSpendPerKey", "|0.5");
		assert_answer("SELECT * FROM Last30dModelsBySpend", "m|0.5");
		assert_answer("SELECT total_spend FROM Last30dKeysBySpend", "0.5");
		sqlite3_close(db);
	}
	is_old = false;
}

static void
end_users_that_are_the_user_are_left_out(void **state)
{
	(void)state;
	make(NULL);
	log_row("1", -1, 0, "u", "u", NULL);
	log_row("2", -1, 0, "u", "e", NULL);
	log_row("3", -1, 0, NULL, "e", NULL);
	log_row("4", -1, 0, NULL, NULL, NULL);
	log_row("5", -1, 0, "", "", NULL);
	log_row("6", -1, 0, "", "coffer", NULL);
	attach("main");
	assert_answer("SELECT * FROM Last30dTopEndUsersSpend ORDER BY end_user",
		      "coffer|1|0.25 e|2|0.5");
	assert_answer("SELECT * FROM Last30dModelsBySpend", "m|0.5");
	assert_answer(
		"SELECT spend, api_key, user FROM MonthlyGlobalSpendPerUserPerKey ORDER BY user",
		"0.5||NULL 0.5|| 0.5||u");
	sqlite3_close(db);
}

static void
tags_are_the_texts_of_a_list(void **state)
{
	static const char *const tags[] = {"[\"a\", \"a\", 5, null, [\"b\"], {\"c\": \"d\"}]",
					   "{\"a\": \"e\"}",
					   "\"a\"",
					   "7",
					   "null",
					   "[]",
					   NULL,
					   "[\"it's \\\"\"]"};
	char id[8];

	(void)state;
	make(NULL);
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		snprintf(id, sizeof(id), "%zu", i);
		log_row(id, -100, 0, "u", "e", tags[i]);
	}
	attach("main");
	assert_answer("SELECT individual_request_tag, log_count, total_spend FROM dailytagspend "
		      "ORDER BY 1",
		      "a|2|0.5 it's \"|1|0.25");
	sqlite3_close(db);
}

static void
keys_have_their_teams(void **state)
{
	(void)state;
	make(NULL);
	must(insert("LiteLLM_TeamTable",
		    PAIRS({"team_id", text("t")}, {"spend", real(2)}, {"tpm_limit", integer(7)})));
	must(insert("LiteLLM_VerificationToken",
		    PAIRS({"token", text("k")}, {"team_id", text("t")})));
	must(insert("LiteLLM_VerificationToken",
		    PAIRS({"token", text("l")}, {"team_id", text("gone")})));
	attach("main");
	assert_answer("SELECT token, team_spend, team_max_budget, team_tpm_limit FROM "
		      "LiteLLM_VerificationTokenView ORDER BY 1",
		      "k|2.0|NULL|7 l|NULL|NULL|NULL");
	sqlite3_close(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_schema_has_them),
		cmocka_unit_test(they_go_with_their_store),
		cmocka_unit_test(a_store_without_keys_lacks_what_needs_them),
		cmocka_unit_test(a_table_of_the_name_stays),
		cmocka_unit_test(the_window_begins_with_a_day),
		cmocka_unit_test(rows_are_asked_without_rollups),
		cmocka_unit_test(end_users_that_are_the_user_are_left_out),
		cmocka_unit_test(tags_are_the_texts_of_a_list),
		cmocka_unit_test(keys_have_their_teams),
	};

	return cmocka_run_group_tests_name("views", tests, make_folder, remove_folder);
}
