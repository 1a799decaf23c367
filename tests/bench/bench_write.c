/*
 * Durable writes of spend logs beside SQLite in WAL mode with synchronous=FULL and the same indexes, in one run.
 *
 *   bench_write STORE FOLDER
 *
 * The rows are those of STORE, in their order. Each program takes the same ones in turn: one a transaction, a hundred
 * a transaction, and a stream of a thousand a transaction; the medians and their ratios are printed. FOLDER takes the
 * files, which begin empty.
 */
#include "coffer.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	ROUNDS = 3,
	ROWS_MAX = 60000,
};

/* Rows a transaction, and transactions a round. */
static const struct plan {
	const char *name;
	size_t rows, transactions;
} plans[] = {
	{"one row a commit", 1, 600},
	{"100 rows a commit", 100, 60},
	{"a stream, 1,000 rows a commit", 1000, 10},
};
enum { PLANS = sizeof(plans) / sizeof(plans[0]) };

struct bench {
	const char *folder;
	const coffer_table *table;
	uint32_t number;
	coffer_value *rows; /* column_count a row; their texts are copies */
	size_t row_count, at;
	coffer_store *source, *store;
	sqlite3 *sqlite;
	sqlite3_stmt *insert;
};

static void
die(const char *what)
{
	fprintf(stderr, "bench_write: %s\n", what);
	exit(1);
}

static void
must(coffer_status status, const coffer_error *error)
{
	if (status)
		die(error->message);
}

static void
must_sqlite(struct bench *bench, int code)
{
	if (code != SQLITE_OK && code != SQLITE_DONE)
		die(sqlite3_errmsg(bench->sqlite));
}

static double
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static char *
keep(const char *data, size_t size)
{
	char *copy = malloc(size + 1);

	if (!copy)
		die("no memory");
	memcpy(copy, data, size);
	copy[size] = '\0';
	return copy;
}

/* The rows stay in memory: reading them is not what is measured. */
static void
read_rows(struct bench *bench, const char *path)
{
	const coffer_scan all = {.index = COFFER_NO_INDEX};
	coffer_error error = {0};
	coffer_cursor *cursor;
	const coffer_row *row;
	coffer_txn *txn;
	size_t columns;

	must(coffer_store_open(path, &bench->source, &error), &error);
	bench->number = coffer_schema_find_table(coffer_store_schema(bench->source), "LiteLLM_SpendLogs");
	if (bench->number == COFFER_NO_TABLE)
		die("no spend logs");
	bench->table = &coffer_store_schema(bench->source)->tables[bench->number];
	columns = bench->table->column_count;
	bench->rows = calloc(ROWS_MAX * columns, sizeof(*bench->rows));
	if (!bench->rows)
		die("no memory");
	must(coffer_txn_begin(bench->source, &txn, &error), &error);
	must(coffer_cursor_open(txn, bench->number, &cursor, &error), &error);
	must(coffer_cursor_scan(cursor, &all, &error), &error);
	while (bench->row_count < ROWS_MAX && !coffer_cursor_next(cursor, &row, &error)) {
		coffer_value *values = &bench->rows[bench->row_count++ * columns];

		for (uint16_t i = 0; i < columns; i++) {
			must(coffer_row_get(row, i, &values[i], &error), &error);
			if (values[i].kind >= COFFER_TEXT)
				values[i].text.data = keep(values[i].text.data, values[i].text.size);
		}
	}
	coffer_cursor_close(cursor);
	coffer_txn_end(txn);
}

/* ------------------------------------------------------------------ coffer */

static void
open_store(struct bench *bench)
{
	char path[512];
	coffer_load_options options = {.is_forced = true};
	coffer_schema *schema;
	coffer_error error = {0};

	snprintf(path, sizeof(path), "%s/write.coffer", bench->folder);
	must(coffer_schema_builtin(&schema, &error), &error);
	must(coffer_store_create(path, schema, &options, &error), &error);
	coffer_schema_free(schema);
	must(coffer_store_open_to_write(path, &bench->store, &error), &error);
}

static void
insert(struct bench *bench, coffer_txn *txn, const coffer_value *values)
{
	coffer_set sets[64];
	coffer_error error = {0};

	for (uint16_t i = 0; i < bench->table->column_count; i++)
		sets[i] = (coffer_set){.column = i, .value = values[i]};
	must(coffer_insert(txn, bench->number, sets, bench->table->column_count, COFFER_CONFLICT_FAIL,
			   NULL, &error),
	     &error);
}

static void
run_coffer(struct bench *bench, const struct plan *plan)
{
	const coffer_value *row = &bench->rows[bench->at * bench->table->column_count];
	coffer_error error = {0};
	coffer_txn *txn;

	for (size_t t = 0; t < plan->transactions; t++) {
		must(coffer_txn_begin_write(bench->store, &txn, &error), &error);
		for (size_t i = 0; i < plan->rows; i++, row += bench->table->column_count)
			insert(bench, txn, row);
		must(coffer_txn_commit(txn, &error), &error);
	}
}

/* ------------------------------------------------------------------ SQLite */

static void
open_sqlite(struct bench *bench)
{
	char path[512], sql[4096] = "CREATE TABLE s(", list[256] = "INSERT INTO s VALUES(";

	snprintf(path, sizeof(path), "%s/write.sqlite", bench->folder);
	for (size_t i = 0; i < bench->table->column_count; i++) {
		size_t size = strlen(sql), at = strlen(list);

		snprintf(sql + size, sizeof(sql) - size, "%s\"%s\"", i ? "," : "", bench->table->columns[i].name);
		snprintf(list + at, sizeof(list) - at, "%s?", i ? "," : "");
	}
	snprintf(sql + strlen(sql), sizeof(sql) - strlen(sql),
		 ");"
		 "CREATE UNIQUE INDEX s0 ON s(request_id);"
		 "CREATE INDEX s1 ON s(startTime);"
		 "CREATE INDEX s2 ON s(end_user, startTime);"
		 "CREATE INDEX s3 ON s(api_key, startTime);"
		 "CREATE INDEX s4 ON s(\"user\", startTime);"
		 "CREATE INDEX s5 ON s(team_id, startTime);");
	snprintf(list + strlen(list), sizeof(list) - strlen(list), ")");
	must_sqlite(bench, sqlite3_open(path, &bench->sqlite));
	must_sqlite(bench, sqlite3_exec(bench->sqlite,
					"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-262144",
					NULL, NULL, NULL));
	must_sqlite(bench, sqlite3_exec(bench->sqlite, sql, NULL, NULL, NULL));
	must_sqlite(bench, sqlite3_prepare_v2(bench->sqlite, list, -1, &bench->insert, NULL));
}

static void
bind(struct bench *bench, int at, const coffer_value *value)
{
	switch (value->kind) {
	case COFFER_NULL:
		sqlite3_bind_null(bench->insert, at);
		break;
	case COFFER_BOOL:
		sqlite3_bind_int(bench->insert, at, value->boolean);
		break;
	case COFFER_INT:
	case COFFER_TIME:
		sqlite3_bind_int64(bench->insert, at, value->integer);
		break;
	case COFFER_FLOAT:
		sqlite3_bind_double(bench->insert, at, value->real);
		break;
	default:
		sqlite3_bind_text(bench->insert, at, value->text.data, (int)value->text.size,
				  SQLITE_STATIC);
	}
}

static void
run_sqlite(struct bench *bench, const struct plan *plan)
{
	const coffer_value *row = &bench->rows[bench->at * bench->table->column_count];

	for (size_t t = 0; t < plan->transactions; t++) {
		must_sqlite(bench, sqlite3_exec(bench->sqlite, "BEGIN IMMEDIATE", NULL, NULL, NULL));
		for (size_t i = 0; i < plan->rows; i++, row += bench->table->column_count) {
			for (size_t c = 0; c < bench->table->column_count; c++)
				bind(bench, (int)c + 1, &row[c]);
			must_sqlite(bench, sqlite3_step(bench->insert));
			must_sqlite(bench, sqlite3_reset(bench->insert));
		}
		must_sqlite(bench, sqlite3_exec(bench->sqlite, "COMMIT", NULL, NULL, NULL));
	}
}

/* ------------------------------------------------------------------ the runs */

static int
compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

static void
measure(struct bench *bench, const struct plan *plan)
{
	double coffer[ROUNDS], sqlite[ROUNDS], rows = (double)(plan->rows * plan->transactions), begun;

	for (size_t round = 0; round < ROUNDS; round++) {
		if (bench->at + plan->rows * plan->transactions > bench->row_count)
			die("the store has too few spend logs");
		sync();
		begun = now();
		run_coffer(bench, plan);
		coffer[round] = now() - begun;
		sync();
		begun = now();
		run_sqlite(bench, plan);
		sqlite[round] = now() - begun;
		bench->at += plan->rows * plan->transactions;
	}
	qsort(coffer, ROUNDS, sizeof(*coffer), compare);
	qsort(sqlite, ROUNDS, sizeof(*sqlite), compare);
	printf("%-38s %-12s %12.0f rows/s\n", plan->name, "SQLite", rows / sqlite[ROUNDS / 2]);
	printf("%-38s %-12s %12.0f rows/s  ratio %.2f\n", plan->name, "coffer", rows / coffer[ROUNDS / 2],
	       sqlite[ROUNDS / 2] / coffer[ROUNDS / 2]);
}

int
main(int count, char **arguments)
{
	struct bench bench = {0};

	if (count != 3)
		die("needs STORE and FOLDER");
	bench.folder = arguments[2];
	read_rows(&bench, arguments[1]);
	open_store(&bench);
	open_sqlite(&bench);
	for (size_t i = 0; i < PLANS; i++)
		measure(&bench, &plans[i]);
	sqlite3_finalize(bench.insert);
	sqlite3_close(bench.sqlite);
	coffer_store_close(bench.store);
	coffer_store_close(bench.source);
	return 0;
}
