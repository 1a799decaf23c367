/*
 * What other stores of one file take for the same spend logs, written durably and in one transaction.
 *
 *   bench_load STORE FOLDER
 *
 * Raw LMDB gets each row as one opaque value, which lies ready in memory, in the rows' order, and three indexes sorted
 * and appended: request_id, startTime and end_user with startTime. SQLite gets the columns, then the same three
 * indexes. Sorting, writing and the sync are what is timed, reading the store is not; the figures of measure.h are
 * printed, beside which `coffer import` of the same rows as COPY text is put, and the sizes of the files.
 */
#include "coffer.h"
#include "tests/bench/measure.h"
#include "tests/bench/must.h"
#include "tests/bench/twin.h"

#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	PREFIX_WORDS = 3,
	CHUNK = 5000, /* rows that SQLite is given at a time */
	KEY_SIZE_MAX = 511,
};

/* Where a row's parts lie in the file of values. */
struct record {
	size_t at, size;
	size_t id_at, user_at; /* within the row */
	uint16_t id_size, user_size;
	int64_t time;
};

struct bench {
	const char *folder;
	coffer_store *store;
	coffer_txn *txn;
	const coffer_table *table;
	uint32_t number;
	uint16_t request_id, start_time, end_user;
	struct record *records;
	size_t count;
	const char *values;
	size_t values_size;
};

static void
must_sqlite(sqlite3 *sqlite, int code)
{
	if (code != SQLITE_OK && code != SQLITE_DONE)
		die(sqlite3_errmsg(sqlite));
}

static uint16_t
column(const struct bench *bench, const char *name)
{
	uint16_t number = coffer_table_find_column(bench->table, name);

	if (number == COFFER_NO_COLUMN)
		die(name);
	return number;
}

static void
path_of(const struct bench *bench, const char *name, char path[4096])
{
	if (snprintf(path, 4096, "%s/%s", bench->folder, name) >= 4096)
		die("a path is too long");
}

static void
weigh(const char *path, const char *contender)
{
	struct stat status;

	if (stat(path, &status))
		die(path);
	measure_amount("size-load", contender, "MiB", (double)status.st_blocks * 512 / (1 << 20));
}

/* ------------------------------------------------------------------ the rows */

static void
write_value(FILE *file, const coffer_value *value, struct record *record)
{
	const void *data =
		value->kind >= COFFER_TEXT ? (const void *)value->text.data : &value->integer;
	size_t size = value->kind == COFFER_NULL   ? 0
		      : value->kind >= COFFER_TEXT ? value->text.size
						   : 8;

	if (fwrite(data, 1, size, file) != size)
		die("no room for the values");
	record->size += size;
}

static void
write_row(const struct bench *bench, const coffer_row *row, FILE *file, struct record *record)
{
	coffer_error error = {0};
	coffer_value value;

	for (uint16_t i = 0; i < bench->table->column_count; i++) {
		must(coffer_row_get(row, i, &value, &error), &error);
		if (i == bench->start_time)
			record->time = value.time;
		if (i == bench->request_id) {
			record->id_at = record->size;
			record->id_size = (uint16_t)value.text.size;
		}
		if (i == bench->end_user) {
			record->user_at = record->size;
			record->user_size =
				value.kind == COFFER_NULL ? 0 : (uint16_t)value.text.size;
		}
		write_value(file, &value, record);
	}
}

/* Into a file that is mapped: ten million rows do not have to be in memory. */
static void
read_rows(struct bench *bench)
{
	coffer_error error = {0};
	coffer_cursor *cursor;
	const coffer_row *row;
	coffer_status status;
	char path[4096];
	uint64_t count;
	FILE *file;

	path_of(bench, "values", path);
	file = fopen(path, "w+");
	must(coffer_table_count(bench->txn, bench->number, &count, &error), &error);
	bench->records = calloc(count, sizeof(*bench->records));
	if (!file || !bench->records)
		die("no room for the rows");
	must(coffer_cursor_open(bench->txn, bench->number, &cursor, &error), &error);
	must(coffer_cursor_scan(cursor, &(coffer_scan){.index = COFFER_NO_INDEX}, &error), &error);
	while (!(status = coffer_cursor_next(cursor, &row, &error))) {
		struct record *record = &bench->records[bench->count++];

		record->at = bench->values_size;
		write_row(bench, row, file, record);
		bench->values_size += record->size;
	}
	if (status != COFFER_NOT_FOUND)
		must(status, &error);
	coffer_cursor_close(cursor);
	fflush(file);
	bench->values = mmap(NULL, bench->values_size, PROT_READ, MAP_SHARED | MAP_POPULATE,
			     fileno(file), 0);
	if (bench->values == MAP_FAILED)
		die("no memory for the rows");
	fclose(file);
	unlink(path);
}

/* ------------------------------------------------------------------ raw LMDB */

/* A text key to sort: its first 24 bytes as numbers, then the text itself. */
struct entry {
	uint64_t prefix[PREFIX_WORDS];
	const char *text;
	uint64_t row;
	uint16_t size;
};

static struct entry
entry_of(const char *text, uint16_t size, uint64_t row)
{
	struct entry entry = {.text = text, .size = size, .row = row};
	uint8_t bytes[8 * PREFIX_WORDS] = {0};

	memcpy(bytes, text, size < sizeof(bytes) ? size : sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++)
		entry.prefix[i / 8] = entry.prefix[i / 8] << 8 | bytes[i];
	return entry;
}

static int
compare_entries(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order;

	for (size_t i = 0; i < PREFIX_WORDS; i++)
		if (a->prefix[i] != b->prefix[i])
			return a->prefix[i] < b->prefix[i] ? -1 : 1;
	order = memcmp(a->text, b->text, a->size < b->size ? a->size : b->size);
	if (order || a->size != b->size)
		return order ? order : a->size < b->size ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

static void
put_big(uint8_t out[8], uint64_t number)
{
	for (int i = 7; i >= 0; i--, number >>= 8)
		out[i] = (uint8_t)number;
}

/* Texts that are empty have no entry: LMDB has no empty key. */
static size_t
sort_texts(const struct bench *bench, struct entry *entries, bool is_user)
{
	size_t count = 0;

	for (size_t i = 0; i < bench->count; i++) {
		const struct record *record = &bench->records[i];
		uint16_t size = is_user ? record->user_size : record->id_size;
		const char *text =
			bench->values + record->at + (is_user ? record->user_at : record->id_at);

		if (size && size <= KEY_SIZE_MAX)
			entries[count++] = entry_of(text, size, i);
	}
	qsort(entries, count, sizeof(*entries), compare_entries);
	return count;
}

static void
append_records(const struct bench *bench, MDB_txn *txn)
{
	MDB_dbi tree;

	must_lmdb(mdb_dbi_open(txn, "rows", MDB_CREATE | MDB_INTEGERKEY, &tree));
	for (size_t i = 0; i < bench->count; i++) {
		uint64_t row = i;
		MDB_val key = {sizeof(row), &row};
		MDB_val value = {bench->records[i].size,
				 (void *)(uintptr_t)(bench->values + bench->records[i].at)};

		must_lmdb(mdb_put(txn, tree, &key, &value, MDB_APPEND));
	}
}

static void
append_texts(const struct bench *bench, MDB_txn *txn, struct entry *entries, bool is_user)
{
	size_t count = sort_texts(bench, entries, is_user);
	MDB_dbi tree;

	must_lmdb(mdb_dbi_open(txn, is_user ? "users" : "ids",
			       MDB_CREATE | (is_user ? MDB_DUPSORT | MDB_DUPFIXED : 0), &tree));
	for (size_t i = 0; i < count; i++) {
		MDB_val key = {entries[i].size, (void *)(uintptr_t)entries[i].text}, value;
		uint8_t found[16];

		put_big(found, (uint64_t)bench->records[entries[i].row].time);
		put_big(found + 8, entries[i].row);
		value = is_user ? (MDB_val){16, found} : (MDB_val){8, found + 8};
		must_lmdb(mdb_put(txn, tree, &key, &value, is_user ? MDB_APPENDDUP : MDB_APPEND));
	}
}

/* The rows come in this order. */
static void
append_times(const struct bench *bench, MDB_txn *txn)
{
	MDB_dbi tree;

	must_lmdb(mdb_dbi_open(txn, "times", MDB_CREATE | MDB_DUPSORT | MDB_DUPFIXED, &tree));
	for (size_t i = 0; i < bench->count; i++) {
		uint8_t time[8], row[8];
		MDB_val key = {8, time}, value = {8, row};

		put_big(time, (uint64_t)bench->records[i].time);
		put_big(row, i);
		must_lmdb(mdb_put(txn, tree, &key, &value, MDB_APPENDDUP));
	}
}

static struct measure
load_lmdb(const struct bench *bench, const char *path)
{
	struct entry *entries = calloc(bench->count, sizeof(*entries));
	struct measure start;
	MDB_env *env;
	MDB_txn *txn;

	if (!entries)
		die("no memory");
	remove(path);
	sync();
	start = measure_now();
	must_lmdb(mdb_env_create(&env));
	must_lmdb(mdb_env_set_mapsize(env, (size_t)64 << 30));
	must_lmdb(mdb_env_set_maxdbs(env, 4));
	must_lmdb(mdb_env_open(env, path, MDB_NOSUBDIR | MDB_NOLOCK, 0600));
	must_lmdb(mdb_txn_begin(env, NULL, 0, &txn));
	append_records(bench, txn);
	append_texts(bench, txn, entries, false);
	append_times(bench, txn);
	append_texts(bench, txn, entries, true);
	must_lmdb(mdb_txn_commit(txn));
	mdb_env_close(env);
	free(entries);
	return measure_since(start);
}

/* ------------------------------------------------------------------ SQLite */

struct chunk {
	coffer_value *values;
	size_t rows;
};

static void
free_chunk(const struct bench *bench, struct chunk *chunk)
{
	for (size_t i = 0; i < chunk->rows * bench->table->column_count; i++)
		if (chunk->values[i].kind >= COFFER_TEXT)
			free((void *)(uintptr_t)chunk->values[i].text.data);
	chunk->rows = 0;
}

static bool
read_chunk(const struct bench *bench, coffer_cursor *cursor, struct chunk *chunk)
{
	coffer_value *value = chunk->values;
	coffer_error error = {0};
	const coffer_row *row;

	for (; chunk->rows < CHUNK && !coffer_cursor_next(cursor, &row, &error); chunk->rows++)
		for (uint16_t i = 0; i < bench->table->column_count; i++, value++) {
			must(coffer_row_get(row, i, value, &error), &error);
			if (value->kind < COFFER_TEXT)
				continue;
			value->text.data = memcpy(malloc(value->text.size + 1), value->text.data,
						  value->text.size);
		}
	return chunk->rows > 0;
}

static void
insert_chunk(const struct bench *bench, sqlite3 *sqlite, sqlite3_stmt *insert,
	     const struct chunk *chunk)
{
	const coffer_value *value = chunk->values;

	for (size_t row = 0; row < chunk->rows; row++) {
		for (int i = 1; i <= (int)bench->table->column_count; i++)
			must_sqlite(sqlite, twin_bind(insert, i, value++, SQLITE_STATIC));
		must_sqlite(sqlite, sqlite3_step(insert));
		must_sqlite(sqlite, sqlite3_reset(insert));
	}
}

static sqlite3 *
open_sqlite(const struct bench *bench, const char *path, sqlite3_stmt **insert_out)
{
	char sql[TWIN_SQL_MAX];
	sqlite3 *sqlite;

	remove(path);
	must_sqlite(NULL, sqlite3_open(path, &sqlite));
	must_sqlite(sqlite,
		    sqlite3_exec(sqlite,
				 "PRAGMA synchronous=FULL; PRAGMA cache_size=-1000000; BEGIN", NULL,
				 NULL, NULL));
	if (!twin_create(bench->table, "logs", true, COFFER_NO_COLUMN, sql))
		die("too many columns for a statement");
	must_sqlite(sqlite, sqlite3_exec(sqlite, sql, NULL, NULL, NULL));
	if (!twin_insert(bench->table, "logs", sql))
		die("too many columns for a statement");
	must_sqlite(sqlite, sqlite3_prepare_v2(sqlite, sql, -1, insert_out, NULL));
	return sqlite;
}

static void
finish_sqlite(sqlite3 *sqlite, sqlite3_stmt *insert)
{
	sqlite3_finalize(insert);
	must_sqlite(sqlite,
		    sqlite3_exec(sqlite,
				 "CREATE UNIQUE INDEX ids ON logs (request_id);"
				 "CREATE INDEX times ON logs (\"startTime\");"
				 "CREATE INDEX users ON logs (end_user, \"startTime\"); COMMIT",
				 NULL, NULL, NULL));
	sqlite3_close(sqlite);
}

static void
add_time(struct measure *sum, struct measure start)
{
	struct measure more = measure_since(start);

	sum->wall += more.wall;
	sum->cpu += more.cpu;
}

static struct measure
load_sqlite(const struct bench *bench, const char *path)
{
	struct chunk chunk = {.values = calloc((size_t)CHUNK * bench->table->column_count,
					       sizeof(*chunk.values))};
	struct measure sum = {0, 0}, start;
	coffer_error error = {0};
	coffer_cursor *cursor;
	sqlite3_stmt *insert;
	sqlite3 *sqlite = open_sqlite(bench, path, &insert);

	sync();
	must(coffer_cursor_open(bench->txn, bench->number, &cursor, &error), &error);
	must(coffer_cursor_scan(cursor, &(coffer_scan){.index = COFFER_NO_INDEX}, &error), &error);
	while (read_chunk(bench, cursor, &chunk)) {
		start = measure_now();
		insert_chunk(bench, sqlite, insert, &chunk);
		add_time(&sum, start);
		free_chunk(bench, &chunk);
	}
	start = measure_now();
	finish_sqlite(sqlite, insert);
	add_time(&sum, start);
	coffer_cursor_close(cursor);
	free(chunk.values);
	return sum;
}

/* ------------------------------------------------------------------ the contest */

int
main(int count, char **arguments)
{
	static struct bench bench;
	struct measure lmdb[MEASURE_ROUNDS_MAX], sqlite[MEASURE_ROUNDS_MAX];
	size_t rounds = measure_rounds(3);
	char lmdb_path[4096], sqlite_path[4096];
	coffer_error error = {0};

	if (count != 3)
		die("usage: bench_load STORE FOLDER");
	bench.folder = arguments[2];
	must(coffer_store_open(arguments[1], &bench.store, &error), &error);
	bench.number =
		coffer_schema_find_table(coffer_store_schema(bench.store), "LiteLLM_SpendLogs");
	bench.table = &coffer_store_schema(bench.store)->tables[bench.number];
	bench.request_id = column(&bench, "request_id");
	bench.start_time = column(&bench, "startTime");
	bench.end_user = column(&bench, "end_user");
	must(coffer_txn_begin(bench.store, &bench.txn, &error), &error);
	read_rows(&bench);
	path_of(&bench, "load.lmdb", lmdb_path);
	path_of(&bench, "load.sqlite", sqlite_path);
	for (size_t round = 0; round < rounds; round++) {
		lmdb[round] = load_lmdb(&bench, lmdb_path);
		sqlite[round] = load_sqlite(&bench, sqlite_path);
	}
	measure_rate("load", "lmdb", "rows/s", lmdb, rounds, (double)bench.count);
	measure_rate("load", "sqlite", "rows/s", sqlite, rounds, (double)bench.count);
	weigh(lmdb_path, "lmdb");
	weigh(sqlite_path, "sqlite");
	coffer_txn_end(bench.txn);
	coffer_store_close(bench.store);
	return 0;
}
