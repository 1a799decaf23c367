/*
 * Several connections: the same rows in the same order and the same bytes of the store, whatever their number; pieces
 * have each row once, wherever they are cut.
 */
#include "postgres/join.h"
#include "postgres/postgres.h"
#include "postgres/stream.h"

#include "transfer/source.h"

#include "server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct server server;
static char folder[] = "/tmp/coffer-lanes.XXXXXX";
static char noted[1024];

static void
note(void *context, const char *message)
{
	(void)context;
	snprintf(noted, sizeof(noted), "%s", message);
}

/* ------------------------------------------------------------------ cuts */

static coffer_column timed_columns[] = {{.name = "at", .kind = COFFER_TIME}};
static coffer_table timed = {.name = "timed", .columns = timed_columns, .column_count = 1};

/* In how many pieces is a row with this time, which has one? */
static size_t
pieces_of(const struct coffer_pieces *pieces, int64_t time)
{
	size_t found = 0;

	for (size_t i = 0; i < pieces->count; i++) {
		const struct coffer_piece *piece = &pieces->pieces[i];

		found += piece->kind == COFFER_PIECE_TIMES && (!piece->has_low || time >= piece->low) &&
			 (!piece->has_high || time < piece->high);
	}
	return found;
}

static void
cut_at(const int64_t *bounds, size_t count, int64_t last, uint64_t parts, int64_t since,
       struct coffer_pieces *pieces)
{
	coffer_error error = {0};

	*pieces = (struct coffer_pieces){0};
	assert_int_equal(coffer_pieces_cut_times(pieces, &timed, 7, bounds, count, last, parts, since,
						 &error),
			 COFFER_OK);
	for (int64_t time = -20; time < 400; time++)
		assert_int_equal(pieces_of(pieces, time), 1);
	assert_int_equal(pieces_of(pieces, INT64_MIN), 1);
	assert_int_equal(pieces_of(pieces, INT64_MAX), 1);
	for (size_t i = 0; i < pieces->count; i++) {
		assert_int_equal(pieces->pieces[i].table, 7);
		assert_true(!i || pieces->pieces[i].kind == COFFER_PIECE_NO_TIME ||
			    pieces->pieces[i].low == pieces->pieces[i - 1].high);
	}
}

static void
test_cut_times(void **state)
{
	static const int64_t even[] = {0, 100, 200, 300}, odd[] = {0, 0, 50, 40, 40, 300};
	struct coffer_pieces pieces;

	(void)state;
	cut_at(even, COUNT(even), 300, 3, INT64_MIN, &pieces);
	assert_true(pieces.count >= 4 && pieces.count <= 8);
	coffer_pieces_release(&pieces);
	cut_at(even, COUNT(even), 300, 1, INT64_MIN, &pieces);
	assert_int_equal(pieces.count, 2);
	coffer_pieces_release(&pieces);
	cut_at(even, COUNT(even), 300, 1000, INT64_MIN, &pieces);
	assert_in_range(pieces.count, 290, 310);
	coffer_pieces_release(&pieces);
	cut_at(odd, COUNT(odd), 390, 5, INT64_MIN, &pieces);
	coffer_pieces_release(&pieces);
	/* Rows that are younger than the statistics are cut as the others are; one of another age does not matter. */
	cut_at(even, COUNT(even), 600, 2, INT64_MIN, &pieces);
	assert_in_range(pieces.count, 4, 6);
	coffer_pieces_release(&pieces);
	cut_at(even, COUNT(even), INT64_C(15000000000000000), 10, INT64_MIN, &pieces);
	assert_in_range(pieces.count, 10, 30);
	coffer_pieces_release(&pieces);
	/* Nothing is cut before the time from which on rows are taken. */
	cut_at(even, COUNT(even), 300, 30, 150, &pieces);
	for (size_t i = 1; i < pieces.count; i++)
		assert_true(pieces.pieces[i].low > 150);
	coffer_pieces_release(&pieces);
}

static void
test_rows_without_a_time(void **state)
{
	static const int64_t bounds[] = {0, 100, 200}, equal[] = {100, 100};
	struct coffer_pieces pieces;

	(void)state;
	timed_columns[0].is_nullable = true;
	cut_at(bounds, COUNT(bounds), 200, 2, INT64_MIN, &pieces);
	assert_int_equal(pieces.pieces[pieces.count - 1].kind, COFFER_PIECE_NO_TIME);
	coffer_pieces_release(&pieces);
	cut_at(bounds, COUNT(bounds), 200, 2, 10, &pieces);
	assert_int_equal(pieces.pieces[pieces.count - 1].kind, COFFER_PIECE_TIMES);
	coffer_pieces_release(&pieces);
	/* Bounds that lead to no cut: one piece, which has them already. */
	cut_at(equal, COUNT(equal), 100, 2, INT64_MIN, &pieces);
	assert_int_equal(pieces.count, 1);
	coffer_pieces_release(&pieces);
	timed_columns[0].is_nullable = false;
}

static void
test_cut_blocks(void **state)
{
	static const struct {
		uint64_t blocks, share;
		size_t count;
	} cases[] = {{1, 1, 1}, {2, 1, 2}, {10, 3, 4}, {9, 3, 3}, {5, 9, 1}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct coffer_pieces pieces = {0};
		coffer_error error = {0};

		assert_int_equal(coffer_pieces_cut_blocks(&pieces, 3, cases[i].blocks,
							  cases[i].share, &error),
				 COFFER_OK);
		assert_int_equal(pieces.count, cases[i].count);
		assert_false(pieces.pieces[0].has_low || pieces.pieces[pieces.count - 1].has_high);
		for (size_t p = 1; p < pieces.count; p++)
			assert_int_equal(pieces.pieces[p].low, pieces.pieces[p - 1].high);
		coffer_pieces_release(&pieces);
	}
}

/* ------------------------------------------------------------------ a server's rows */

/* A store of fixed seed and without a provenance: its bytes depend on rows and their order alone. */
static void
load(const char *name, const char *path, coffer_transfer_options *options)
{
	const coffer_load_options load_options = {.has_seed = true, .seed = 5};
	struct coffer_source *source;
	const coffer_value *values;
	coffer_load *load;
	coffer_error error = {0};
	coffer_status status = coffer_postgres_source_open(name, options, &source, &error);
	uint32_t table;

	if (!status)
		status = coffer_load_begin(path, source->schema, &load_options, &load, &error);
	while (!status && !(status = coffer_source_next_table(source, &table, &error))) {
		status = coffer_load_table(load, table, &error);
		while (!status && !(status = coffer_source_next_row(source, &values, &error)))
			status = coffer_load_row(load, values, &error);
		if (status == COFFER_NOT_FOUND)
			status = COFFER_OK;
	}
	if (status != COFFER_NOT_FOUND || coffer_load_finish(load, &error))
		fail_msg("%s: %s %s", path, error.place, error.message);
	coffer_source_close(source);
}

static void
check_same_bytes(const char *left, const char *right)
{
	char command[512];

	snprintf(command, sizeof(command), "cmp %s %s", left, right);
	if (system(command))
		fail_msg("%s and %s differ", left, right);
}

/* The store that one connection makes and those that several make. */
static void
check_connections(const char *database, coffer_transfer_options *options)
{
	char name[64], one[128], several[128];

	snprintf(name, sizeof(name), "dbname=%s", database);
	snprintf(one, sizeof(one), "%s/one", folder);
	snprintf(several, sizeof(several), "%s/several", folder);
	options->connections = 0;
	load(name, one, options);
	for (options->connections = 2; options->connections <= 5; options->connections++) {
		noted[0] = '\0';
		load(name, several, options);
		check_same_bytes(one, several);
		assert_string_equal(noted, "");
		unlink(several);
	}
	unlink(one);
}

static void
test_same_store(void **state)
{
	static const char *const names[] = {"source", "analyzed", "late"};
	coffer_transfer_options options = {.piece_size = 65536, .note = note};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		options.selection.has_since = false;
		check_connections(names[i], &options);
		options.selection.has_since = true;
		options.selection.since = INT64_C(757468800000000); /* the second day */
		check_connections(names[i], &options);
	}
}

/* With pieces and without: the content is the same, whatever the pieces are. */
static void
test_same_rows(void **state)
{
	coffer_transfer_options options = {.connections = 3, .note = note};
	uint8_t digests[3][COFFER_DIGEST_SIZE];
	static const size_t sizes[] = {1 << 30, 65536, 8192};

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		coffer_error error = {0};
		coffer_store *store;
		coffer_txn *txn;
		char path[128];

		options.piece_size = sizes[i];
		snprintf(path, sizeof(path), "%s/rows.%zu", folder, i);
		load("dbname=analyzed", path, &options);
		assert_int_equal(coffer_store_open(path, &store, &error), COFFER_OK);
		assert_int_equal(coffer_txn_begin(store, &txn, &error), COFFER_OK);
		assert_int_equal(coffer_store_digest(txn, digests[i], &error), COFFER_OK);
		coffer_txn_end(txn);
		coffer_store_close(store);
	}
	assert_memory_equal(digests[0], digests[1], COFFER_DIGEST_SIZE);
	assert_memory_equal(digests[0], digests[2], COFFER_DIGEST_SIZE);
}

/* What is cut at all: each table that is big enough, by its statistics or its blocks. */
static void
test_plan(void **state)
{
	static const struct {
		const char *name;
		enum coffer_piece_kind first, last;
	} tables[] = {
		{"LiteLLM_SpendLogs", COFFER_PIECE_TIMES, COFFER_PIECE_NO_TIME},
		{"heap", COFFER_PIECE_BLOCKS, COFFER_PIECE_BLOCKS},
		{"parted", COFFER_PIECE_WHOLE, COFFER_PIECE_WHOLE},
		{"small", COFFER_PIECE_WHOLE, COFFER_PIECE_WHOLE},
	};
	coffer_transfer_options options = {.connections = 1};
	struct coffer_session session = {.connection = NULL};
	struct coffer_source *source;
	struct coffer_pieces pieces;
	coffer_error error = {0};

	(void)state;
	assert_int_equal(coffer_postgres_source_open("dbname=analyzed", &options, &source, &error),
			 COFFER_OK);
	assert_int_equal(coffer_session_open(&session, "dbname=analyzed", NULL, &error), COFFER_OK);
	assert_int_equal(coffer_pieces_plan(&session, source->schema, &options.selection, 65536,
					    &pieces, &error),
			 COFFER_OK);
	for (size_t t = 0; t < COUNT(tables); t++) {
		const struct coffer_piece *first = NULL, *last = NULL;

		for (size_t i = 0; i < pieces.count; i++) {
			const struct coffer_piece *piece = &pieces.pieces[i];

			if (strcmp(source->schema->tables[piece->table].name, tables[t].name) != 0)
				continue;
			first = first ? first : piece;
			last = piece;
		}
		assert_non_null(first);
		if (session.server_version < 140000 && tables[t].first == COFFER_PIECE_BLOCKS)
			continue;
		assert_int_equal(first->kind, tables[t].first);
		assert_int_equal(last->kind, tables[t].last);
		assert_true((last - first > 3) == (first->kind != COFFER_PIECE_WHOLE));
	}
	coffer_pieces_release(&pieces);
	coffer_session_close(&session);
	coffer_source_close(source);
}

/* Nothing else than speed depends on what cannot be had. */
static void
test_fewer_connections(void **state)
{
	static const struct {
		const char *role, *words;
	} cases[] = {
		{"dbname=analyzed user=single", "1 of 3 connections: "},
		{"dbname=analyzed user=twofold", "2 of 3 connections: "},
		{"dbname=closed user=barred", "this role may not export a snapshot"},
	};
	coffer_transfer_options options = {.connections = 3, .piece_size = 65536, .note = note};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char path[128];

		noted[0] = '\0';
		snprintf(path, sizeof(path), "%s/fewer.%zu", folder, i);
		load(cases[i].role, path, &options);
		assert_non_null(strstr(noted, cases[i].words));
	}
}

/* Wait until somebody waits for a lock. */
static void
wait_for_queue(struct coffer_session *session)
{
	coffer_error error = {0};
	int waiting = 0;

	while (!waiting) {
		PGresult *result;

		assert_int_equal(coffer_session_query(session,
						      "SELECT 1 FROM pg_catalog.pg_locks WHERE NOT granted",
						      &result, &error),
				 COFFER_OK);
		waiting = PQntuples(result);
		PQclear(result);
	}
}

/* Behind somebody who waits for a lock of the first connection another one would wait for ever: it is refused. */
static void
test_a_waiting_lock(void **state)
{
	struct coffer_session first = {.connection = NULL}, waiting = {.connection = NULL};
	struct coffer_session joining = {.connection = NULL};
	coffer_error error = {0};
	PGresult *names;

	(void)state;
	assert_int_equal(coffer_session_open(&first, "dbname=late", NULL, &error), COFFER_OK);
	assert_int_equal(coffer_session_open(&waiting, "dbname=late", NULL, &error), COFFER_OK);
	assert_int_equal(coffer_session_open(&joining, "dbname=late", NULL, &error), COFFER_OK);
	assert_int_equal(coffer_session_query(&first, "SELECT 'heap', false", &names, &error),
			 COFFER_OK);
	assert_int_equal(coffer_session_run(&first, "BEGIN", &error), COFFER_OK);
	assert_int_equal(coffer_session_lock(&first, names, true, &error), COFFER_OK);
	assert_int_equal(PQsendQuery(waiting.connection, "BEGIN; LOCK TABLE heap"), 1);
	assert_int_equal(PQflush(waiting.connection), 0);
	wait_for_queue(&first);
	assert_int_equal(coffer_session_run(&joining, "BEGIN", &error), COFFER_OK);
	assert_int_equal(coffer_session_lock(&joining, names, false, &error), COFFER_UNREACHABLE);
	PQclear(names);
	coffer_session_close(&joining);
	coffer_session_close(&waiting);
	coffer_session_close(&first);
}

/* ------------------------------------------------------------------ ends before the end */

struct stopper {
	uint64_t rows;
};

static bool
stop_behind(void *context, const char *what, uint64_t rows, uint64_t bytes)
{
	const struct stopper *stopper = context;

	(void)what;
	(void)bytes;
	return rows < stopper->rows;
}

/* Left in the middle of anything, by an interrupt or by who does not want more: nothing hangs and nothing is left. */
static void
test_left_early(void **state)
{
	(void)state;
	for (unsigned connections = 1; connections <= 3; connections++) {
		for (uint64_t rows = 0; rows < 8000; rows += 2048) {
			struct stopper stopper = {rows ? rows : 1};
			coffer_transfer_options options = {.connections = connections,
							   .piece_size = 65536,
							   .progress = stop_behind,
							   .progress_context = &stopper};
			struct coffer_source *source;
			const coffer_value *values;
			coffer_error error = {0};
			coffer_status status = COFFER_OK;
			uint32_t table;

			assert_int_equal(coffer_postgres_source_open("dbname=analyzed", &options,
								     &source, &error),
					 COFFER_OK);
			while (!status &&
			       !(status = coffer_source_next_table(source, &table, &error)) && rows) {
				while (!(status = coffer_source_next_row(source, &values, &error)))
					;
				status = status == COFFER_NOT_FOUND ? COFFER_OK : status;
			}
			assert_int_equal(status, rows ? COFFER_INTERRUPTED : COFFER_OK);
			coffer_source_close(source);
		}
	}
}

/* All connections to `late`. */
static void
kill_connections(void)
{
	struct coffer_session killer = {.connection = NULL};
	coffer_error error = {0};

	assert_int_equal(coffer_session_open(&killer, "dbname=source", NULL, &error), COFFER_OK);
	assert_int_equal(coffer_session_run(&killer,
					    "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity"
					    " WHERE datname = 'late'",
					    &error),
			 COFFER_OK);
	coffer_session_close(&killer);
}

/* Over three connections, in pieces. */
static struct coffer_source *
open_late(void)
{
	static const coffer_transfer_options options = {.connections = 3, .piece_size = 65536};
	struct coffer_source *source;
	coffer_error error = {0};

	assert_int_equal(coffer_postgres_source_open("dbname=late", &options, &source, &error),
			 COFFER_OK);
	return source;
}

/* Another connection's failure is told in its turn: what comes before it was read, and what comes behind it is not. */
static void
test_a_killed_connection(void **state)
{
	struct coffer_source *source = open_late();
	const coffer_value *values;
	coffer_error error = {0};
	coffer_status status;
	uint32_t table;

	(void)state;
	assert_int_equal(coffer_source_next_table(source, &table, &error), COFFER_OK);
	kill_connections();
	do {
		while (!(status = coffer_source_next_row(source, &values, &error)))
			;
		if (status == COFFER_NOT_FOUND)
			status = coffer_source_next_table(source, &table, &error);
	} while (!status);
	assert_int_equal(status, COFFER_UNREACHABLE);
	coffer_source_close(source);
}

/* The rows of the first `count` tables, or of all that there are: how many it were. */
static size_t
read_tables(struct coffer_source *source, size_t count)
{
	const coffer_value *values;
	coffer_error error = {0};
	coffer_status status = COFFER_OK;
	uint32_t table;
	size_t read = 0;

	while (read < count && !(status = coffer_source_next_table(source, &table, &error))) {
		while (!(status = coffer_source_next_row(source, &values, &error)))
			;
		assert_int_equal(status, COFFER_NOT_FOUND);
		read++;
	}
	assert_int_equal(status, COFFER_NOT_FOUND);
	return read;
}

/* Whoever has every row needs the connections no more. */
static void
test_connections_killed_behind_the_rows(void **state)
{
	struct coffer_source *source = open_late();
	coffer_error error = {0};
	uint32_t table;
	size_t count;

	(void)state;
	count = read_tables(source, SIZE_MAX);
	coffer_source_close(source);
	source = open_late();
	assert_int_equal(read_tables(source, count), count);
	kill_connections();
	assert_int_equal(coffer_source_next_table(source, &table, &error), COFFER_NOT_FOUND);
	assert_int_equal(error.status, COFFER_OK);
	coffer_source_close(source);
}

static const char databases[] =
	"fill() {"
	" pg_sql \"$1\" \"INSERT INTO \\\"LiteLLM_SpendLogs\\\" SELECT '$2' || n, CASE WHEN n % 97 = 0 THEN NULL"
	"  WHEN n % 89 = 0 THEN 'infinity' WHEN n % 83 = 0 THEN '-infinity'"
	"  ELSE timestamp '2024-01-01' + n / 3 * interval '1 minute' + interval '$3 days' END, repeat('x', 200)"
	"  FROM generate_series(1, 4000) AS n;"
	" INSERT INTO heap SELECT n, repeat('y', 100) FROM generate_series(1, 3000) AS n;"
	" INSERT INTO parted SELECT n, repeat('z', 100) FROM generate_series(1, 3000) AS n;"
	" INSERT INTO small VALUES (1)\"\n"
	"}\n"
	"for d in source analyzed late closed; do\n"
	" pg_load $d\n"
	" pg_sql $d \"CREATE TABLE small (a integer); CREATE TABLE \\\"LiteLLM_SpendLogs\\\" (request_id text PRIMARY KEY,"
	"   \\\"startTime\\\" timestamp(3), body text); CREATE INDEX ON \\\"LiteLLM_SpendLogs\\\" (\\\"startTime\\\");"
	"  CREATE TABLE heap (id integer, body text); CREATE TABLE parted (id integer, body text) PARTITION BY HASH (id);"
	"  CREATE TABLE parted0 PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
	"  CREATE TABLE parted1 PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER 1);"
	"  CREATE TABLE \\\"z z\\\" (a integer); GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC\"\n"
	" fill $d a 0\n"
	" [ $d = source ] || pg_sql $d ANALYZE\n"
	"done\n"
	"fill late b 3; fill late c 1\n"
	"pg_sql closed 'REVOKE EXECUTE ON FUNCTION pg_export_snapshot() FROM PUBLIC'\n"
	"pg_sql postgres 'CREATE ROLE single LOGIN CONNECTION LIMIT 1; CREATE ROLE twofold LOGIN CONNECTION LIMIT 2;"
	" CREATE ROLE barred LOGIN'\n";

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut_times),      cmocka_unit_test(test_rows_without_a_time),
		cmocka_unit_test(test_cut_blocks),     cmocka_unit_test(test_plan),
		cmocka_unit_test(test_same_store),     cmocka_unit_test(test_same_rows),
		cmocka_unit_test(test_fewer_connections), cmocka_unit_test(test_a_waiting_lock),
		cmocka_unit_test(test_left_early),     cmocka_unit_test(test_a_killed_connection),
		cmocka_unit_test(test_connections_killed_behind_the_rows),
	};
	char command[64];
	int failed;

	if (!mkdtemp(folder))
		return 1;
	if (!server_start(&server, databases)) {
		printf("1..0 # SKIP no Postgres server is installed\n");
		rmdir(folder);
		return 0;
	}
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	server_stop(&server);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return failed || system(command) ? 1 : 0;
}
