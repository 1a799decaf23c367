/*
 * The same SQL over a store's virtual tables and over native tables of SQLite with the same rows, in one run.
 *
 *   bench_sql STORE FOLDER [ROW ...]
 *
 * FOLDER takes the native file, with the keys and the indexes that suit the questions best. Each question is prepared once a
 * side and asked in turn, so many rounds over; the figures of measure.h are printed. "limit" is what the same statement takes
 * over virtual tables that only hand over answers that were there before: floor.h. Of rows that are named only these are
 * measured, and a native file that is there is taken as it is.
 */
#include "sql/sql.h"
#include "tests/bench/floor.h"
#include "tests/bench/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEYS_MAX = 4096 };
/* One thread asks on either side, as in `coffer sql`. */
enum { OPEN_FLAGS = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX };

struct side {
	sqlite3 *db;
	struct coffer_sql *sql;
};

/* A question: `per_round` times a round, with a parameter drawn by `keys`, once where that is NULL. */
struct question {
	const char *row;
	const char *query;
	const char *keys;
	int per_round;
	struct floor_part
		parts[FLOOR_PARTS_MAX]; /* the rows that each of its tables has for a key */
};

#define LOGS "LiteLLM_SpendLogs"
#define OF_KEY(column) "(SELECT " column " FROM LiteLLM_VerificationToken WHERE token = ?1)"

static const struct question questions[] = {
	{"sql-get",
	 "SELECT * FROM LiteLLM_SpendLogs WHERE request_id = ?1",
	 "SELECT request_id FROM LiteLLM_SpendLogs WHERE rowid % 257 = 5",
	 20000,
	 {{LOGS, "WHERE request_id = ?1"}}},
	{"sql-newest-50",
	 "SELECT request_id, startTime, spend, total_tokens, model FROM LiteLLM_SpendLogs WHERE "
	 "api_key = ?1 "
	 "ORDER BY startTime DESC LIMIT 50",
	 "SELECT api_key FROM LiteLLM_SpendLogs WHERE rowid % 257 = 5",
	 1000,
	 {{LOGS, "WHERE api_key = ?1 ORDER BY startTime DESC LIMIT 50"}}},
	{"sql-day",
	 "SELECT request_id, startTime, spend, total_tokens, model FROM LiteLLM_SpendLogs WHERE "
	 "startTime >= ?1 "
	 "AND startTime < date(?1, '+1 day')",
	 "SELECT DISTINCT date(startTime) FROM LiteLLM_SpendLogs",
	 10,
	 {{LOGS, "WHERE startTime >= ?1 AND startTime < date(?1, '+1 day')"}}},
	{"sql-retention",
	 "SELECT request_id FROM LiteLLM_SpendLogs WHERE startTime < ?1 ORDER BY startTime LIMIT "
	 "1000",
	 "SELECT date(max(startTime), '-7 days') FROM LiteLLM_SpendLogs",
	 100,
	 {{LOGS, "WHERE startTime < ?1 ORDER BY startTime LIMIT 1000"}}},
	{"sql-spend",
	 "SELECT date(startTime), model, sum(spend), count(*) FROM LiteLLM_SpendLogs GROUP BY 1, 2",
	 NULL,
	 1,
	 {{LOGS, ""}}},
	{"sql-count-key",
	 "SELECT count(*) FROM LiteLLM_SpendLogs WHERE api_key = ?1",
	 "SELECT api_key FROM LiteLLM_SpendLogs WHERE rowid % 257 = 5",
	 1000,
	 {{LOGS, "WHERE api_key = ?1"}}},
	{"sql-count", "SELECT count(*) FROM LiteLLM_SpendLogs", NULL, 3, {{LOGS, ""}}},
	{"sql-auth",
	 "SELECT k.token, k.spend, k.max_budget, k.models, t.team_alias, t.max_budget, m.spend, "
	 "b.max_budget, l.aliases "
	 "FROM LiteLLM_VerificationToken AS k LEFT JOIN LiteLLM_TeamTable AS t ON t.team_id = "
	 "k.team_id "
	 "LEFT JOIN LiteLLM_TeamMembership AS m ON m.user_id = k.user_id AND m.team_id = k.team_id "
	 "LEFT JOIN LiteLLM_BudgetTable AS b ON b.budget_id = k.budget_id "
	 "LEFT JOIN LiteLLM_ModelTable AS l ON l.id = t.model_id WHERE k.token = ?1",
	 "SELECT token FROM LiteLLM_VerificationToken",
	 20000,
	 {{"LiteLLM_VerificationToken", "WHERE token = ?1"},
	  {"LiteLLM_TeamTable", "WHERE team_id = " OF_KEY("team_id")},
	  {"LiteLLM_TeamMembership",
	   "WHERE user_id = " OF_KEY("user_id") " AND team_id = " OF_KEY("team_id")},
	  {"LiteLLM_BudgetTable", "WHERE budget_id = " OF_KEY("budget_id")},
	  {"LiteLLM_ModelTable", "WHERE id = (SELECT model_id FROM LiteLLM_TeamTable WHERE "
				 "team_id = " OF_KEY("team_id") ")"}}},
};

static const char *const indexes[] = {
	"CREATE INDEX native.a ON LiteLLM_SpendLogs (startTime)",
	"CREATE INDEX native.b ON LiteLLM_SpendLogs (api_key, startTime)",
	"CREATE UNIQUE INDEX native.c ON LiteLLM_SpendLogs (request_id)",
	"CREATE UNIQUE INDEX native.d ON LiteLLM_VerificationToken (token)",
	"CREATE UNIQUE INDEX native.e ON LiteLLM_TeamTable (team_id)",
	"CREATE UNIQUE INDEX native.f ON LiteLLM_TeamMembership (user_id, team_id)",
	"CREATE UNIQUE INDEX native.g ON LiteLLM_BudgetTable (budget_id)",
	"CREATE UNIQUE INDEX native.h ON LiteLLM_ModelTable (id)",
};

static const char *const tables[] = {
	"LiteLLM_SpendLogs",      "LiteLLM_VerificationToken", "LiteLLM_TeamTable",
	"LiteLLM_TeamMembership", "LiteLLM_BudgetTable",       "LiteLLM_ModelTable",
};

static void
must(sqlite3 *db, int code)
{
	if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW)
		return;
	fprintf(stderr, "bench_sql: %s\n", sqlite3_errmsg(db));
	exit(1);
}

static void
run(sqlite3 *db, const char *statement)
{
	must(db, sqlite3_exec(db, statement, NULL, NULL, NULL));
}

static struct side
open_store(const char *path)
{
	coffer_error error = {0};
	coffer_store *store;
	struct side side;

	must(NULL, sqlite3_open_v2(":memory:", &side.db, OPEN_FLAGS, NULL));
	must(side.db, coffer_sql_register(side.db, NULL, &side.sql));
	if (coffer_store_open(path, &store, &error) ||
	    coffer_sql_attach(side.sql, store, path, "main", &error)) {
		fprintf(stderr, "bench_sql: %s\n", error.message);
		exit(1);
	}
	run(side.db, "PRAGMA cache_size = -1000000");
	return side;
}

/* The same rows as tables of SQLite's own. */
static void
make_native(struct side from, const char *folder)
{
	char text[4096];

	snprintf(text, sizeof(text), "ATTACH '%s/rows.sqlite' AS native", folder);
	run(from.db, text);
	run(from.db, "PRAGMA native.synchronous = OFF; PRAGMA native.journal_mode = OFF");
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		snprintf(text, sizeof(text), "CREATE TABLE native.%s AS SELECT * FROM main.%s",
			 tables[i], tables[i]);
		run(from.db, text);
	}
	for (size_t i = 0; i < sizeof(indexes) / sizeof(*indexes); i++)
		run(from.db, indexes[i]);
	run(from.db, "ANALYZE native; DETACH native");
}

static struct side
open_native(struct side from, const char *folder)
{
	struct side side = {0};
	char text[4096];

	snprintf(text, sizeof(text), "%s/rows.sqlite", folder);
	if (access(text, F_OK))
		make_native(from, folder);
	must(NULL,
	     sqlite3_open_v2(text, &side.db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL));
	run(side.db, "PRAGMA mmap_size = 17179869184; PRAGMA cache_size = -1000000");
	return side;
}

static char **
draw_keys(struct side side, const char *query, int *count_out)
{
	char **keys = calloc(KEYS_MAX, sizeof(*keys));
	sqlite3_stmt *statement;

	must(side.db, sqlite3_prepare_v2(side.db, query, -1, &statement, NULL));
	for (*count_out = 0; *count_out < KEYS_MAX && sqlite3_step(statement) == SQLITE_ROW;
	     ++*count_out)
		keys[*count_out] = strdup((const char *)sqlite3_column_text(statement, 0));
	sqlite3_finalize(statement);
	return keys;
}

/* Ask once; read every value. Returns the rows. */
static long
ask(sqlite3 *db, sqlite3_stmt *statement, const char *key, long *bytes)
{
	long rows = 0;
	int code;

	if (key)
		must(db, sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC));
	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(statement); i++)
			if (sqlite3_column_type(statement, i) == SQLITE_TEXT)
				*bytes += *sqlite3_column_text(statement, i) +
					  sqlite3_column_bytes(statement, i);
		rows++;
	}
	must(db, code);
	must(db, sqlite3_reset(statement));
	return rows;
}

/* Who answers: SQLite's own tables, tables of answers that are there, and the store's. */
enum { NATIVE, FLOOR, COFFER, CONTENDERS };
static const char *const contenders[CONTENDERS] = {"sqlite", "limit", "coffer"};

struct contest {
	const struct question *question;
	char **keys; /* NULL: it takes none */
	int key_count;
	struct floor *floor;
	sqlite3 *dbs[CONTENDERS];
	sqlite3_stmt *statements[CONTENDERS];
};

static struct measure
time_round(const struct contest *contest, int contender, size_t round, long *rows)
{
	struct measure start = measure_now();
	long bytes = 0;

	*rows = 0;
	for (int i = 0; i < contest->question->per_round; i++) {
		int key = (i * 7919 + (int)round) % contest->key_count;

		if (contender == FLOOR)
			floor_choose(contest->floor, key);
		*rows += ask(contest->dbs[contender], contest->statements[contender],
			     contest->keys ? contest->keys[key] : NULL, &bytes);
	}
	return measure_since(start);
}

static void
run_rounds(const struct contest *contest)
{
	struct measure times[CONTENDERS][MEASURE_ROUNDS_MAX];
	long rows[CONTENDERS];
	size_t rounds = measure_rounds(5);

	for (size_t round = 0; round < rounds; round++) {
		for (int i = 0; i < CONTENDERS; i++)
			times[i][round] = time_round(contest, i, round, &rows[i]);
		if (rows[NATIVE] == rows[COFFER] && rows[NATIVE] == rows[FLOOR])
			continue;
		fprintf(stderr, "bench_sql: %s: %ld rows, %ld and %ld\n", contest->question->row,
			rows[NATIVE], rows[FLOOR], rows[COFFER]);
		exit(1);
	}
	for (int i = 0; i < CONTENDERS; i++)
		measure_time(contest->question->row, contenders[i], "us", times[i], rounds,
			     contest->question->per_round);
}

static void
measure(const struct question *question, struct side native, struct side coffer)
{
	struct contest contest = {
		.question = question,
		.key_count = 1,
		.dbs = {[NATIVE] = native.db, [COFFER] = coffer.db},
	};

	if (question->keys)
		contest.keys = draw_keys(coffer, question->keys, &contest.key_count);
	must(native.db,
	     sqlite3_prepare_v2(native.db, question->query, -1, &contest.statements[NATIVE], NULL));
	must(coffer.db,
	     sqlite3_prepare_v2(coffer.db, question->query, -1, &contest.statements[COFFER], NULL));
	contest.floor = floor_make(native.db, question->parts, question->query, contest.keys,
				   contest.key_count);
	contest.statements[FLOOR] = floor_statement(contest.floor);
	contest.dbs[FLOOR] = sqlite3_db_handle(contest.statements[FLOOR]);
	run_rounds(&contest);
	sqlite3_finalize(contest.statements[NATIVE]);
	sqlite3_finalize(contest.statements[COFFER]);
	floor_free(contest.floor);
	for (int i = 0; contest.keys && i < contest.key_count; i++)
		free(contest.keys[i]);
	free(contest.keys);
}

/* Whether a row is among those that were named, or none was. */
static bool
is_asked(const char *row, char **named)
{
	bool is_named = !*named;

	for (; *named; named++)
		is_named = is_named || !strcmp(*named, row);
	return is_named;
}

int
main(int count, char **arguments)
{
	struct side coffer, native;

	if (count < 3) {
		fprintf(stderr, "usage: bench_sql STORE FOLDER [ROW ...]\n");
		return 2;
	}
	coffer = open_store(arguments[1]);
	native = open_native(coffer, arguments[2]);
	for (size_t i = 0; i < sizeof(questions) / sizeof(*questions); i++)
		if (is_asked(questions[i].row, arguments + 3))
			measure(&questions[i], native, coffer);
	sqlite3_close(native.db);
	sqlite3_close(coffer.db);
	return 0;
}
