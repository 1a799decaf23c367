/*
 * Durable writes beside SQLite in WAL mode with synchronous=FULL and the same indexes, in one run.
 *
 *   bench_write STORE FOLDER
 *
 * The rows are spend logs of STORE, in their order, and keys made after one of its keys. Each program takes the same ones
 * in short rounds in turn, since a medium's syncs swing; the figures of measure.h are printed, and the median of each
 * round's ratio.
 * FOLDER takes the files, which begin empty.
 *
 * Eight threads: coffer's write through coffer_group_write; SQLite's have a connection each and queue at a mutex of the
 * program's, which serves it better than its own sleeping between tries.
 */
#include "coffer.h"
#include "tests/bench/measure.h"
#include "tests/bench/must.h"
#include "tests/bench/twin.h"

#include <inttypes.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	ROUNDS_MAX = 15,
	ROWS_MAX = 60000,
	KEYS = 5000,
	THREADS = 8,
};

/* Rows a transaction, and transactions a round. */
static const struct plan {
	const char *name;
	size_t rows, transactions;
	enum { ALONE, TOGETHER, INCREMENTS } way;
} plans[] = {
	{"commit-1", 1, 100, ALONE},
	{"threads-8", 1, 400, TOGETHER},
	{"commit-100", 100, 10, ALONE},
	{"stream", 1000, 1, ALONE},
	{"increments", KEYS, 1, INCREMENTS},
};
enum { PLANS = sizeof(plans) / sizeof(plans[0]) };

/* The rows of one table, in memory: reading them is not what is measured. */
struct rows {
	uint32_t number;
	const coffer_table *table;
	coffer_value *values; /* column_count a row; their texts are copies */
	size_t count;
};

/* One connection to SQLite. */
struct connection {
	sqlite3 *sqlite;
	sqlite3_stmt *insert, *insert_key, *increment;
};

struct bench {
	const char *folder;
	struct rows logs, keys;
	size_t at; /* the next spend log */
	coffer_store *source, *store;
	struct connection connections[THREADS];
	pthread_mutex_t queue; /* of SQLite's writers */
};

static void
must_sqlite(const struct connection *connection, int code)
{
	if (code != SQLITE_OK && code != SQLITE_DONE)
		die(sqlite3_errmsg(connection->sqlite));
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

static void
copy_row(const struct rows *rows, const coffer_row *row, coffer_value *values)
{
	coffer_error error = {0};

	for (uint16_t i = 0; i < rows->table->column_count; i++) {
		must(coffer_row_get(row, i, &values[i], &error), &error);
		if (values[i].kind >= COFFER_TEXT)
			values[i].text.data = keep(values[i].text.data, values[i].text.size);
	}
}

static coffer_value *
row_of(const struct rows *rows, size_t number)
{
	return &rows->values[number * rows->table->column_count];
}

static void
read_rows(struct bench *bench, const char *table, size_t count_max, struct rows *rows)
{
	const coffer_scan all = {.index = COFFER_NO_INDEX};
	coffer_error error = {0};
	coffer_cursor *cursor;
	const coffer_row *row;
	coffer_txn *txn;

	rows->number = coffer_schema_find_table(coffer_store_schema(bench->source), table);
	if (rows->number == COFFER_NO_TABLE)
		die("a table is missing");
	rows->table = &coffer_store_schema(bench->source)->tables[rows->number];
	rows->values = calloc(ROWS_MAX * rows->table->column_count, sizeof(*rows->values));
	if (!rows->values)
		die("no memory");
	must(coffer_txn_begin(bench->source, &txn, &error), &error);
	must(coffer_cursor_open(txn, rows->number, &cursor, &error), &error);
	must(coffer_cursor_scan(cursor, &all, &error), &error);
	while (rows->count < count_max && !coffer_cursor_next(cursor, &row, &error))
		copy_row(rows, row, row_of(rows, rows->count++));
	coffer_cursor_close(cursor);
	coffer_txn_end(txn);
}

static uint16_t
column_of(const struct rows *rows, const char *name)
{
	for (uint16_t i = 0; i < rows->table->column_count; i++)
		if (!strcmp(rows->table->columns[i].name, name))
			return i;
	die("a column is missing");
	return 0;
}

/* Keys with tokens as the gateway makes them, in no order, that refer to nothing. */
static void
make_keys(struct bench *bench)
{
	struct rows *keys = &bench->keys;
	uint16_t token;
	char text[65];

	read_rows(bench, "LiteLLM_VerificationToken", 1, keys);
	token = column_of(keys, "token");
	for (; keys->count < KEYS; keys->count++) {
		coffer_value *values = row_of(keys, keys->count);

		memcpy(values, keys->values, keys->table->column_count * sizeof(*values));
		for (int i = 0; i < 4; i++)
			snprintf(text + 16 * i, 17, "%016" PRIx64,
				 (keys->count + 1) * (UINT64_C(0x9e3779b97f4a7c15) + 2 * (unsigned)i));
		values[token].text = (coffer_text){keep(text, 64), 64};
	}
	for (size_t i = 0; i < keys->table->relation_count; i++)
		for (size_t row = 0; !keys->table->relations[i].is_soft && row < KEYS; row++)
			row_of(keys, row)[keys->table->relations[i].columns[0]].kind = COFFER_NULL;
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

static coffer_status
insert(coffer_txn *txn, const struct rows *rows, size_t number, coffer_error *error)
{
	const coffer_value *values = row_of(rows, number);
	coffer_set sets[64];

	for (uint16_t i = 0; i < rows->table->column_count; i++)
		sets[i] = (coffer_set){.column = i, .value = values[i]};
	return coffer_insert(txn, rows->number, sets, rows->table->column_count,
			     COFFER_CONFLICT_FAIL, NULL, error);
}

static void
run_coffer(struct bench *bench, const struct plan *plan)
{
	size_t row = bench->at;
	coffer_error error = {0};
	coffer_txn *txn;

	for (size_t t = 0; t < plan->transactions; t++) {
		must(coffer_txn_begin_write(bench->store, &txn, &error), &error);
		for (size_t i = 0; i < plan->rows; i++)
			must(insert(txn, &bench->logs, row++, &error), &error);
		must(coffer_txn_commit(txn, &error), &error);
	}
}

static void
fill_coffer(struct bench *bench)
{
	coffer_error error = {0};
	coffer_txn *txn;

	must(coffer_txn_begin_write(bench->store, &txn, &error), &error);
	for (size_t i = 0; i < KEYS; i++)
		must(insert(txn, &bench->keys, i, &error), &error);
	must(coffer_txn_commit(txn, &error), &error);
}

static void
increment_coffer(struct bench *bench)
{
	const struct rows *keys = &bench->keys;
	const coffer_value one = {.kind = COFFER_FLOAT, .real = 0.25};
	uint16_t token = column_of(keys, "token"), spend = column_of(keys, "spend");
	coffer_error error = {0};
	coffer_txn *txn;

	must(coffer_txn_begin_write(bench->store, &txn, &error), &error);
	for (size_t i = 0; i < KEYS; i++) {
		const coffer_set sets[] = {
			{.column = token, .value = row_of(keys, i)[token]},
			{.column = spend, .is_increment = true, .value = one},
		};

		must(coffer_insert(txn, keys->number, sets, 2, COFFER_CONFLICT_UPDATE, NULL, &error),
		     &error);
	}
	must(coffer_txn_commit(txn, &error), &error);
}

/* ------------------------------------------------------------------ SQLite */

/* CREATE TABLE and INSERT of all columns of a table. */
static void
make_table(struct connection *connection, const struct rows *rows, const char *name,
	   sqlite3_stmt **insert_out)
{
	char sql[TWIN_SQL_MAX];

	if (!twin_create(rows->table, name, false, COFFER_NO_COLUMN, sql))
		die("too many columns for a statement");
	must_sqlite(connection, sqlite3_exec(connection->sqlite, sql, NULL, NULL, NULL));
	if (!twin_insert(rows->table, name, sql))
		die("too many columns for a statement");
	must_sqlite(connection, sqlite3_prepare_v2(connection->sqlite, sql, -1, insert_out, NULL));
}

static void
open_sqlite(struct bench *bench, struct connection *connection)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/write.sqlite", bench->folder);
	must_sqlite(connection, sqlite3_open(path, &connection->sqlite));
	must_sqlite(connection, sqlite3_exec(connection->sqlite,
					     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
					     "PRAGMA cache_size=-262144; PRAGMA busy_timeout=60000",
					     NULL, NULL, NULL));
	make_table(connection, &bench->logs, "s", &connection->insert);
	make_table(connection, &bench->keys, "k", &connection->insert_key);
	must_sqlite(connection,
		    sqlite3_exec(connection->sqlite,
				 "CREATE UNIQUE INDEX IF NOT EXISTS s0 ON s(request_id);"
				 "CREATE INDEX IF NOT EXISTS s1 ON s(startTime);"
				 "CREATE INDEX IF NOT EXISTS s2 ON s(end_user, startTime);"
				 "CREATE INDEX IF NOT EXISTS s3 ON s(api_key, startTime);"
				 "CREATE INDEX IF NOT EXISTS s4 ON s(\"user\", startTime);"
				 "CREATE INDEX IF NOT EXISTS s5 ON s(team_id, startTime);"
				 "CREATE UNIQUE INDEX IF NOT EXISTS k0 ON k(token);",
				 NULL, NULL, NULL));
	must_sqlite(connection, sqlite3_prepare_v2(connection->sqlite,
						   "UPDATE k SET spend = spend + ? WHERE token = ?",
						   -1, &connection->increment, NULL));
}

static void
close_sqlite(struct connection *connection)
{
	sqlite3_finalize(connection->insert);
	sqlite3_finalize(connection->insert_key);
	sqlite3_finalize(connection->increment);
	sqlite3_close(connection->sqlite);
}

static void
say(struct connection *connection, const char *sql)
{
	must_sqlite(connection, sqlite3_exec(connection->sqlite, sql, NULL, NULL, NULL));
}

static void
insert_sqlite(struct connection *connection, sqlite3_stmt *statement, const struct rows *rows,
	      size_t number)
{
	for (size_t i = 0; i < rows->table->column_count; i++)
		must_sqlite(connection, twin_bind(statement, (int)i + 1, &row_of(rows, number)[i],
						  SQLITE_STATIC));
	must_sqlite(connection, sqlite3_step(statement));
	must_sqlite(connection, sqlite3_reset(statement));
}

static void
run_sqlite(struct bench *bench, const struct plan *plan)
{
	struct connection *connection = &bench->connections[0];
	size_t row = bench->at;

	for (size_t t = 0; t < plan->transactions; t++) {
		say(connection, "BEGIN IMMEDIATE");
		for (size_t i = 0; i < plan->rows; i++)
			insert_sqlite(connection, connection->insert, &bench->logs, row++);
		say(connection, "COMMIT");
	}
}

static void
fill_sqlite(struct bench *bench)
{
	struct connection *connection = &bench->connections[0];

	say(connection, "BEGIN IMMEDIATE");
	for (size_t i = 0; i < KEYS; i++)
		insert_sqlite(connection, connection->insert_key, &bench->keys, i);
	say(connection, "COMMIT");
}

static void
increment_sqlite(struct bench *bench)
{
	const coffer_value one = {.kind = COFFER_FLOAT, .real = 0.25};
	struct connection *connection = &bench->connections[0];
	uint16_t token = column_of(&bench->keys, "token");

	say(connection, "BEGIN IMMEDIATE");
	for (size_t i = 0; i < KEYS; i++) {
		must_sqlite(connection, twin_bind(connection->increment, 1, &one, SQLITE_STATIC));
		must_sqlite(connection, twin_bind(connection->increment, 2,
						  &row_of(&bench->keys, i)[token], SQLITE_STATIC));
		must_sqlite(connection, sqlite3_step(connection->increment));
		must_sqlite(connection, sqlite3_reset(connection->increment));
	}
	say(connection, "COMMIT");
}

/* ------------------------------------------------------------------ threads */

struct thread {
	struct bench *bench;
	struct connection *connection;
	size_t row, count;
	pthread_t id;
};

static coffer_status
insert_one(coffer_txn *txn, void *context, coffer_error *error)
{
	const struct thread *thread = context;

	return insert(txn, &thread->bench->logs, thread->row, error);
}

static void *
thread_coffer(void *context)
{
	struct thread *thread = context;
	coffer_error error = {0};

	for (; thread->count--; thread->row += THREADS)
		must(coffer_group_write(thread->bench->store, insert_one, thread, &error), &error);
	return NULL;
}

static void *
thread_sqlite(void *context)
{
	struct thread *thread = context;
	struct connection *connection = thread->connection;

	for (; thread->count--; thread->row += THREADS) {
		pthread_mutex_lock(&thread->bench->queue);
		say(connection, "BEGIN IMMEDIATE");
		insert_sqlite(connection, connection->insert, &thread->bench->logs, thread->row);
		say(connection, "COMMIT");
		pthread_mutex_unlock(&thread->bench->queue);
	}
	return NULL;
}

/* Threads take rows in turn, as those of a gateway do: what they write at one time is of that time. */
static void
run_threads(struct bench *bench, const struct plan *plan, void *(*body)(void *context))
{
	struct thread threads[THREADS];
	size_t share = plan->transactions / THREADS;

	for (size_t i = 0; i < THREADS; i++) {
		threads[i] = (struct thread){
			.bench = bench,
			.connection = &bench->connections[i],
			.row = bench->at + i,
			.count = share,
		};
		if (pthread_create(&threads[i].id, NULL, body, &threads[i]))
			die("no thread");
	}
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i].id, NULL);
}

/* ------------------------------------------------------------------ the runs */

static struct measure
timed(struct bench *bench, const struct plan *plan, bool is_coffer)
{
	struct measure begun;

	sync();
	begun = measure_now();
	if (plan->way == ALONE)
		(is_coffer ? run_coffer : run_sqlite)(bench, plan);
	else if (plan->way == TOGETHER)
		run_threads(bench, plan, is_coffer ? thread_coffer : thread_sqlite);
	else
		(is_coffer ? increment_coffer : increment_sqlite)(bench);
	return measure_since(begun);
}

/* No spend log is written twice: a small store is enough for fewer rounds. */
static size_t
rounds_of(const struct bench *bench)
{
	size_t rows = 0, rounds;

	for (size_t i = 0; i < PLANS; i++)
		if (plans[i].way != INCREMENTS)
			rows += plans[i].rows * plans[i].transactions;
	rounds = bench->logs.count / rows;
	if (!rounds)
		die("the store has too few spend logs");
	return rounds < ROUNDS_MAX ? rounds : ROUNDS_MAX;
}

static void
measure(struct bench *bench, const struct plan *plan)
{
	struct measure coffer[ROUNDS_MAX], sqlite[ROUNDS_MAX];
	double ratios[ROUNDS_MAX], rows = (double)(plan->rows * plan->transactions);
	size_t rounds = rounds_of(bench);

	for (size_t round = 0; round < rounds; round++) {
		coffer[round] = timed(bench, plan, true);
		sqlite[round] = timed(bench, plan, false);
		ratios[round] = sqlite[round].wall / coffer[round].wall;
		if (plan->way != INCREMENTS)
			bench->at += plan->rows * plan->transactions;
	}
	measure_rate(plan->name, "sqlite", "/s", sqlite, rounds, rows);
	measure_rate(plan->name, "coffer", "/s", coffer, rounds, rows);
	measure_amount(plan->name, "coffer", "ratio", measure_median(ratios, rounds));
}

int
main(int count, char **arguments)
{
	struct bench bench = {.queue = PTHREAD_MUTEX_INITIALIZER};
	coffer_error error = {0};

	if (count != 3)
		die("needs STORE and FOLDER");
	bench.folder = arguments[2];
	must(coffer_store_open(arguments[1], &bench.source, &error), &error);
	read_rows(&bench, "LiteLLM_SpendLogs", ROWS_MAX, &bench.logs);
	make_keys(&bench);
	open_store(&bench);
	for (size_t i = 0; i < THREADS; i++)
		open_sqlite(&bench, &bench.connections[i]);
	fill_coffer(&bench);
	fill_sqlite(&bench);
	for (size_t i = 0; i < PLANS; i++)
		measure(&bench, &plans[i]);
	for (size_t i = 0; i < THREADS; i++)
		close_sqlite(&bench.connections[i]);
	coffer_store_close(bench.store);
	coffer_store_close(bench.source);
	return 0;
}
