/*
 * The same SQL over a store's virtual tables and over native tables of SQLite with the same rows, in one run.
 *
 *   bench_sql STORE FOLDER
 *
 * FOLDER takes the native file, with the keys and the indexes that suit the questions best. Each question is prepared once a
 * side and asked in turn, so many rounds over; the figures of measure.h are printed.
 */
#include "sql/sql.h"
#include "tests/bench/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
};

static const struct question questions[] = {
	{"sql-get", "SELECT * FROM LiteLLM_SpendLogs WHERE request_id = ?1",
	 "SELECT request_id FROM LiteLLM_SpendLogs WHERE rowid % 257 = 5", 20000},
	{"sql-newest-50",
	 "SELECT request_id, startTime, spend, total_tokens, model FROM LiteLLM_SpendLogs WHERE "
	 "api_key = ?1 "
	 "ORDER BY startTime DESC LIMIT 50",
	 "SELECT api_key FROM LiteLLM_SpendLogs WHERE rowid % 257 = 5", 1000},
	{"sql-day",
	 "SELECT request_id, startTime, spend, total_tokens, model FROM LiteLLM_SpendLogs WHERE "
	 "startTime >= ?1 "
	 "AND startTime < date(?1, '+1 day')",
	 "SELECT DISTINCT date(startTime) FROM LiteLLM_SpendLogs", 10},
	{"sql-retention",
	 "SELECT request_id FROM LiteLLM_SpendLogs WHERE startTime < ?1 ORDER BY startTime LIMIT "
	 "1000",
	 "SELECT date(max(startTime), '-7 days') FROM LiteLLM_SpendLogs", 100},
	{"sql-spend",
	 "SELECT date(startTime), model, sum(spend), count(*) FROM LiteLLM_SpendLogs GROUP BY 1, 2",
	 NULL, 1},
	{"sql-count-key", "SELECT count(*) FROM LiteLLM_SpendLogs WHERE api_key = ?1",
	 "SELECT api_key FROM LiteLLM_SpendLogs WHERE rowid % 257 = 5", 1000},
	{"sql-count", "SELECT count(*) FROM LiteLLM_SpendLogs", NULL, 3},
	{"sql-auth",
	 "SELECT k.token, k.spend, k.max_budget, k.models, t.team_alias, t.max_budget, m.spend, "
	 "b.max_budget, l.aliases "
	 "FROM LiteLLM_VerificationToken AS k LEFT JOIN LiteLLM_TeamTable AS t ON t.team_id = "
	 "k.team_id "
	 "LEFT JOIN LiteLLM_TeamMembership AS m ON m.user_id = k.user_id AND m.team_id = k.team_id "
	 "LEFT JOIN LiteLLM_BudgetTable AS b ON b.budget_id = k.budget_id "
	 "LEFT JOIN LiteLLM_ModelTable AS l ON l.id = t.model_id WHERE k.token = ?1",
	 "SELECT token FROM LiteLLM_VerificationToken", 20000},
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
static struct side
make_native(struct side from, const char *folder)
{
	struct side side = {0};
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
	snprintf(text, sizeof(text), "%s/rows.sqlite", folder);
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

static struct measure
time_round(const struct question *question, sqlite3 *db, sqlite3_stmt *statement, char **keys,
	   int key_count, size_t round, long *rows)
{
	struct measure start = measure_now();
	long bytes = 0;

	*rows = 0;
	for (int i = 0; i < question->per_round; i++)
		*rows += ask(db, statement, keys ? keys[(i * 7919 + (int)round) % key_count] : NULL,
			     &bytes);
	return measure_since(start);
}

static void
measure(const struct question *question, struct side native, struct side coffer)
{
	struct measure times[2][MEASURE_ROUNDS_MAX];
	sqlite3_stmt *statements[2];
	long rows[2];
	int key_count = 1;
	size_t rounds = measure_rounds(5);
	char **keys = question->keys ? draw_keys(coffer, question->keys, &key_count) : NULL;

	must(native.db, sqlite3_prepare_v2(native.db, question->query, -1, &statements[0], NULL));
	must(coffer.db, sqlite3_prepare_v2(coffer.db, question->query, -1, &statements[1], NULL));
	for (size_t round = 0; round < rounds; round++) {
		times[0][round] = time_round(question, native.db, statements[0], keys, key_count,
					     round, &rows[0]);
		times[1][round] = time_round(question, coffer.db, statements[1], keys, key_count,
					     round, &rows[1]);
		if (rows[0] != rows[1]) {
			fprintf(stderr, "bench_sql: %s: %ld rows and %ld rows\n", question->row,
				rows[0], rows[1]);
			exit(1);
		}
	}
	for (int i = 0; i < 2; i++) {
		measure_time(question->row, i ? "coffer" : "sqlite", "us", times[i], rounds,
			     question->per_round);
		sqlite3_finalize(statements[i]);
	}
	for (int i = 0; keys && i < key_count; i++)
		free(keys[i]);
	free(keys);
}

int
main(int count, char **arguments)
{
	struct side coffer, native;

	if (count != 3) {
		fprintf(stderr, "usage: bench_sql STORE FOLDER\n");
		return 2;
	}
	coffer = open_store(arguments[1]);
	native = make_native(coffer, arguments[2]);
	for (size_t i = 0; i < sizeof(questions) / sizeof(*questions); i++)
		measure(&questions[i], native, coffer);
	sqlite3_close(native.db);
	sqlite3_close(coffer.db);
	return 0;
}
