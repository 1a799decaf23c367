/*
 * Reads of one store beside raw LMDB and SQLite over the same rows, in one run.
 *
 *   bench_read STORE FOLDER
 *
 * FOLDER takes an LMDB file (request_id -> the row as one opaque value, appended in order) and an SQLite file with the
 * primary key and the two indexes that suit the questions best. Each question is asked in turn of each program, so many
 * rounds over; the figures of measure.h are printed. What is read is decoded: coffer checks each record's checksum and
 * expands each code, raw LMDB gives the row's bytes as they are.
 */
#include "coffer.h"
#include "tests/bench/measure.h"
#include "tests/bench/must.h"
#include "tests/bench/twin.h"

#include <lmdb.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
	GETS = 200000,
	USERS = 20000,
	NEWEST = 50,
	DAYS = 20, /* one after the other, each asked for alone */
};

#define DAY (INT64_C(86400) * 1000000)

struct bench {
	coffer_store *store;
	coffer_txn *txn;
	coffer_cursor *cursor;
	const coffer_schema *schema;
	const coffer_table *table;
	uint32_t number;
	uint16_t request_id, start_time, end_user, spend, tokens, model, api_key;
	uint16_t by_key, by_time, by_user;
	sqlite3 *sqlite;
	sqlite3_stmt *get, *get_all, *newest, *range;
	MDB_env *env;
	MDB_txn *raw;
	MDB_dbi dbi;
	char **keys; /* request ids in random order */
	char **users; /* end users that occur, one a sampled row */
	size_t key_count, user_count;
	int64_t first_day;
	volatile double sink; /* so that no read is thrown away by the compiler */
};

static void
must_sqlite(struct bench *bench, int code)
{
	if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
		die(sqlite3_errmsg(bench->sqlite));
}

static uint64_t
step(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 33;
}

static uint16_t
column(const struct bench *bench, const char *name)
{
	uint16_t number = coffer_table_find_column(bench->table, name);

	if (number == COFFER_NO_COLUMN)
		die(name);
	return number;
}

/* The ordered index whose key starts with `first` and, where given, goes on with `second`. */
static uint16_t
ordered_index(const struct bench *bench, uint16_t first, uint16_t second)
{
	for (uint16_t i = 0; i < bench->table->index_count; i++) {
		const coffer_index *index = &bench->table->indexes[i];

		if (index->tree == COFFER_TREE_ORDERED && index->key_columns[0] == first &&
		    (second == COFFER_NO_COLUMN ||
		     (index->key_column_count > 1 && index->key_columns[1] == second)))
			return i;
	}
	die("an index is missing");
	return 0;
}

static void
open_store(struct bench *bench, const char *path)
{
	coffer_error error = {0};

	must(coffer_store_open(path, &bench->store, &error), &error);
	bench->schema = coffer_store_schema(bench->store);
	bench->number = coffer_schema_find_table(bench->schema, "LiteLLM_SpendLogs");
	bench->table = &bench->schema->tables[bench->number];
	bench->request_id = column(bench, "request_id");
	bench->start_time = column(bench, "startTime");
	bench->end_user = column(bench, "end_user");
	bench->spend = column(bench, "spend");
	bench->tokens = column(bench, "total_tokens");
	bench->model = column(bench, "model");
	bench->api_key = column(bench, "api_key");
	bench->by_key = bench->table->primary;
	bench->by_time = ordered_index(bench, bench->start_time, COFFER_NO_COLUMN);
	bench->by_user = ordered_index(bench, bench->end_user, bench->start_time);
	must(coffer_txn_begin(bench->store, &bench->txn, &error), &error);
	must(coffer_cursor_open(bench->txn, bench->number, &bench->cursor, &error), &error);
}

static sqlite3_stmt *
prepare(struct bench *bench, const char *sql)
{
	sqlite3_stmt *statement;

	must_sqlite(bench, sqlite3_prepare_v2(bench->sqlite, sql, -1, &statement, NULL));
	return statement;
}

static sqlite3_stmt *
make_sqlite(struct bench *bench, const char *folder)
{
	char text[TWIN_SQL_MAX];

	snprintf(text, sizeof(text), "%s/rows.sqlite", folder);
	remove(text);
	must_sqlite(bench, sqlite3_open(text, &bench->sqlite));
	must_sqlite(bench,
		    sqlite3_exec(bench->sqlite,
				 "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
				 "PRAGMA cache_size=-1000000; PRAGMA mmap_size=17179869184; BEGIN",
				 NULL, NULL, NULL));
	if (!twin_create(bench->table, "logs", true, bench->request_id, text))
		die("too many columns for a statement");
	must_sqlite(bench, sqlite3_exec(bench->sqlite, text, NULL, NULL, NULL));
	if (!twin_insert(bench->table, "logs", text))
		die("too many columns for a statement");
	return prepare(bench, text);
}

static void
finish_sqlite(struct bench *bench)
{
	must_sqlite(bench, sqlite3_exec(bench->sqlite,
					"CREATE INDEX by_time ON logs (\"startTime\");"
					"CREATE INDEX by_user ON logs (end_user, \"startTime\"); COMMIT",
					NULL, NULL, NULL));
	bench->get = prepare(bench, "SELECT spend, total_tokens, \"startTime\" FROM logs WHERE request_id = ?");
	bench->get_all = prepare(bench, "SELECT * FROM logs WHERE request_id = ?");
	bench->newest = prepare(bench, "SELECT \"startTime\", spend, total_tokens, model, api_key FROM logs"
				       " WHERE end_user = ? ORDER BY \"startTime\" DESC LIMIT 50");
	bench->range = prepare(bench, "SELECT \"startTime\", spend, total_tokens, model, api_key FROM logs"
				      " WHERE \"startTime\" >= ? AND \"startTime\" < ?");
}

struct pair {
	char *key;
	size_t value, value_size; /* in the file of values */
};

static int
compare_pairs(const void *left, const void *right)
{
	return strcmp(((const struct pair *)left)->key, ((const struct pair *)right)->key);
}

/* The row as one value: every column's bytes, as a program that knows no layout would keep them. */
static size_t
put_opaque(char *out, const coffer_value *value)
{
	switch (value->kind) {
	case COFFER_NULL:
		*out = 0;
		return 1;
	case COFFER_BOOL:
	case COFFER_INT:
	case COFFER_TIME:
	case COFFER_FLOAT:
		memcpy(out, &value->integer, 8);
		return 8;
	default:
		memcpy(out, value->text.data, value->text.size);
		return value->text.size;
	}
}

static void
make_lmdb(struct bench *bench, const char *folder, struct pair *pairs, size_t count, char *values)
{
	char path[4096];
	MDB_val key, value;

	snprintf(path, sizeof(path), "%s/rows.lmdb", folder);
	remove(path);
	must_lmdb(mdb_env_create(&bench->env));
	must_lmdb(mdb_env_set_mapsize(bench->env, (size_t)64 << 30));
	must_lmdb(mdb_env_open(bench->env, path, MDB_NOSUBDIR | MDB_NOSYNC, 0600));
	qsort(pairs, count, sizeof(*pairs), compare_pairs);
	for (size_t i = 0; i < count;) {
		must_lmdb(mdb_txn_begin(bench->env, NULL, 0, &bench->raw));
		must_lmdb(mdb_dbi_open(bench->raw, NULL, 0, &bench->dbi));
		for (size_t batch = 0; batch < 50000 && i < count; batch++, i++) {
			key = (MDB_val){strlen(pairs[i].key), pairs[i].key};
			value = (MDB_val){pairs[i].value_size, values + pairs[i].value};
			if (key.mv_size) /* LMDB has no empty key; one request_id is */
				must_lmdb(mdb_put(bench->raw, bench->dbi, &key, &value, MDB_APPEND));
		}
		must_lmdb(mdb_txn_commit(bench->raw));
	}
	must_lmdb(mdb_txn_begin(bench->env, NULL, MDB_RDONLY, &bench->raw));
}

static char *
copy_text(coffer_text text)
{
	char *out = malloc(text.size + 1);

	if (!out)
		die("no memory");
	memcpy(out, text.data, text.size);
	out[text.size] = '\0';
	return out;
}

/* The rows as opaque values, one behind the other: ten million of them do not have to be in memory. */
struct values {
	char path[4096];
	FILE *file;
	size_t size;
};

static void
open_values(struct values *values, const char *folder)
{
	snprintf(values->path, sizeof(values->path), "%s/values", folder);
	values->file = fopen(values->path, "w+");
	if (!values->file)
		die("no file for the values");
}

static char *
map_values(struct values *values)
{
	char *map;

	if (fflush(values->file))
		die("no room for the values");
	map = mmap(NULL, values->size, PROT_READ, MAP_SHARED, fileno(values->file), 0);
	if (map == MAP_FAILED)
		die("no memory for the values");
	return map;
}

static void
close_values(struct values *values, char *map)
{
	munmap(map, values->size);
	fclose(values->file);
	remove(values->path);
}

/* One row into SQLite and behind the values. */
static void
copy_row(struct bench *bench, const coffer_row *row, sqlite3_stmt *insert, struct pair *pair,
	 struct values *values)
{
	static char opaque[16 << 20];
	coffer_error error = {0};
	coffer_value value;
	size_t size = 0;

	for (uint16_t i = 0; i < bench->table->column_count; i++) {
		must(coffer_row_get(row, i, &value, &error), &error);
		must_sqlite(bench, twin_bind(insert, i + 1, &value, SQLITE_TRANSIENT));
		if (value.kind >= COFFER_TEXT && value.text.size > sizeof(opaque) - size - 64)
			die("a row is too long");
		size += put_opaque(opaque + size, &value);
		if (i == bench->request_id)
			pair->key = copy_text(value.text);
		if (i == bench->end_user && value.kind == COFFER_TEXT && value.text.size)
			bench->users[bench->user_count++] = copy_text(value.text);
	}
	if (fwrite(opaque, 1, size, values->file) != size)
		die("no room for the values");
	pair->value = values->size;
	pair->value_size = size;
	values->size += size;
	must_sqlite(bench, sqlite3_step(insert));
	sqlite3_reset(insert);
}

static void
draw_questions(struct bench *bench, const struct pair *pairs, size_t count)
{
	uint64_t state = 1;

	bench->key_count = count < GETS ? count : GETS;
	for (size_t i = 0; i < bench->key_count;) {
		bench->keys[i] = pairs[step(&state) % count].key;
		i += *bench->keys[i] != '\0';
	}
	for (size_t i = 0; i < bench->user_count; i++) {
		size_t other = step(&state) % bench->user_count;
		char *swap = bench->users[i];

		bench->users[i] = bench->users[other];
		bench->users[other] = swap;
	}
	if (bench->user_count > USERS)
		bench->user_count = USERS;
}

static void
find_middle_day(struct bench *bench, const coffer_row *row)
{
	coffer_error error = {0};
	coffer_value value;

	must(coffer_row_get(row, bench->start_time, &value, &error), &error);
	bench->first_day = value.time - value.time % DAY;
}

/* One pass over the store fills the other two. Request ids are unique, hence so are LMDB's keys. */
static void
copy_rows(struct bench *bench, const char *folder)
{
	sqlite3_stmt *insert = make_sqlite(bench, folder);
	struct values values = {.size = 0};
	const coffer_row *row;
	coffer_error error = {0};
	coffer_status status;
	struct pair *pairs;
	uint64_t count;
	size_t at = 0;
	char *map;

	must(coffer_table_count(bench->txn, bench->number, &count, &error), &error);
	pairs = calloc(count, sizeof(*pairs));
	bench->keys = calloc(count, sizeof(*bench->keys));
	bench->users = calloc(count, sizeof(*bench->users));
	open_values(&values, folder);
	must(coffer_cursor_scan(bench->cursor, &(coffer_scan){.index = COFFER_NO_INDEX}, &error), &error);
	while (!(status = coffer_cursor_next(bench->cursor, &row, &error))) {
		if (at == count / 2)
			find_middle_day(bench, row);
		copy_row(bench, row, insert, &pairs[at++], &values);
	}
	if (status != COFFER_NOT_FOUND)
		must(status, &error);
	sqlite3_finalize(insert);
	finish_sqlite(bench);
	map = map_values(&values);
	make_lmdb(bench, folder, pairs, at, map);
	close_values(&values, map);
	draw_questions(bench, pairs, at);
	free(pairs);
}

static size_t
raw_get(struct bench *bench)
{
	for (size_t i = 0; i < bench->key_count; i++) {
		MDB_val key = {strlen(bench->keys[i]), bench->keys[i]}, value;

		must_lmdb(mdb_get(bench->raw, bench->dbi, &key, &value));
		bench->sink += *(const char *)value.mv_data;
	}
	return bench->key_count;
}

/* A transaction of its own for each, as whoever answers one request after another has. */
static size_t
raw_get_alone(struct bench *bench)
{
	for (size_t i = 0; i < bench->key_count; i++) {
		MDB_val key = {strlen(bench->keys[i]), bench->keys[i]}, value;

		mdb_txn_reset(bench->raw);
		must_lmdb(mdb_txn_renew(bench->raw));
		must_lmdb(mdb_get(bench->raw, bench->dbi, &key, &value));
		bench->sink += *(const char *)value.mv_data;
	}
	return bench->key_count;
}

static void
get_three(struct bench *bench, coffer_cursor *cursor, const char *request_id)
{
	coffer_value key = {.kind = COFFER_TEXT, .text = {request_id, strlen(request_id)}};
	coffer_value spend, tokens, start;
	coffer_error error = {0};
	const coffer_row *row;

	must(coffer_cursor_get(cursor, bench->by_key, &key, &row, &error), &error);
	must(coffer_row_get(row, bench->spend, &spend, &error), &error);
	must(coffer_row_get(row, bench->tokens, &tokens, &error), &error);
	must(coffer_row_get(row, bench->start_time, &start, &error), &error);
	bench->sink += spend.real + (double)tokens.integer + (double)start.time;
}

static size_t
coffer_get(struct bench *bench)
{
	for (size_t i = 0; i < bench->key_count; i++)
		get_three(bench, bench->cursor, bench->keys[i]);
	return bench->key_count;
}

static size_t
coffer_get_alone(struct bench *bench)
{
	coffer_error error = {0};

	for (size_t i = 0; i < bench->key_count; i++) {
		coffer_cursor *cursor;
		coffer_txn *txn;

		must(coffer_txn_begin(bench->store, &txn, &error), &error);
		must(coffer_cursor_open(txn, bench->number, &cursor, &error), &error);
		get_three(bench, cursor, bench->keys[i]);
		coffer_cursor_close(cursor);
		coffer_txn_end(txn);
	}
	return bench->key_count;
}

/* Each column as its kind has it, texts of codes expanded. */
static size_t
coffer_get_all(struct bench *bench)
{
	coffer_error error = {0};

	for (size_t i = 0; i < bench->key_count; i++) {
		coffer_value key = {.kind = COFFER_TEXT, .text = {bench->keys[i], strlen(bench->keys[i])}};
		coffer_value value;
		const coffer_row *row;

		must(coffer_cursor_get(bench->cursor, bench->by_key, &key, &row, &error), &error);
		for (uint16_t column = 0; column < bench->table->column_count; column++) {
			must(coffer_row_get(row, column, &value, &error), &error);
			bench->sink += value.kind >= COFFER_TEXT ? (double)value.text.size : (double)value.kind;
		}
	}
	return bench->key_count;
}

static size_t
sqlite_get(struct bench *bench)
{
	for (size_t i = 0; i < bench->key_count; i++) {
		sqlite3_bind_text(bench->get, 1, bench->keys[i], -1, SQLITE_STATIC);
		must_sqlite(bench, sqlite3_step(bench->get));
		bench->sink += sqlite3_column_double(bench->get, 0) +
			       (double)sqlite3_column_int64(bench->get, 1) +
			       (double)sqlite3_column_int64(bench->get, 2);
		sqlite3_reset(bench->get);
	}
	return bench->key_count;
}

static double
sqlite_column(sqlite3_stmt *statement, int column)
{
	switch (sqlite3_column_type(statement, column)) {
	case SQLITE_INTEGER:
		return (double)sqlite3_column_int64(statement, column);
	case SQLITE_FLOAT:
		return sqlite3_column_double(statement, column);
	case SQLITE_NULL:
		return 0;
	default:
		(void)sqlite3_column_text(statement, column);
		return sqlite3_column_bytes(statement, column);
	}
}

static size_t
sqlite_get_all(struct bench *bench)
{
	for (size_t i = 0; i < bench->key_count; i++) {
		sqlite3_bind_text(bench->get_all, 1, bench->keys[i], -1, SQLITE_STATIC);
		must_sqlite(bench, sqlite3_step(bench->get_all));
		for (int column = 0; column < (int)bench->table->column_count; column++)
			bench->sink += sqlite_column(bench->get_all, column);
		sqlite3_reset(bench->get_all);
	}
	return bench->key_count;
}

/* The five columns of a row of a listing. */
static void
read_five(struct bench *bench, const coffer_row *row)
{
	coffer_value start, spend, tokens, model, key;
	coffer_error error = {0};

	must(coffer_row_get(row, bench->start_time, &start, &error), &error);
	must(coffer_row_get(row, bench->spend, &spend, &error), &error);
	must(coffer_row_get(row, bench->tokens, &tokens, &error), &error);
	must(coffer_row_get(row, bench->model, &model, &error), &error);
	must(coffer_row_get(row, bench->api_key, &key, &error), &error);
	bench->sink += spend.real + (double)(model.text.size + key.text.size);
}

static void
step_five(struct bench *bench, sqlite3_stmt *statement)
{
	bench->sink += (double)sqlite3_column_int64(statement, 0) +
		       sqlite3_column_double(statement, 1) +
		       (double)sqlite3_column_int64(statement, 2) +
		       (double)*sqlite3_column_text(statement, 3) +
		       (double)*sqlite3_column_text(statement, 4);
}

static size_t
coffer_rows(struct bench *bench, const coffer_scan *scan, size_t limit)
{
	coffer_error error = {0};
	const coffer_row *row;
	size_t count = 0;

	must(coffer_cursor_scan(bench->cursor, scan, &error), &error);
	while (count < limit && !coffer_cursor_next(bench->cursor, &row, &error)) {
		read_five(bench, row);
		count++;
	}
	if (error.status)
		die(error.message);
	return count;
}

static size_t
sqlite_rows(struct bench *bench, sqlite3_stmt *statement)
{
	size_t count = 0;
	int code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		step_five(bench, statement);
		count++;
	}
	must_sqlite(bench, code);
	sqlite3_reset(statement);
	return count;
}

/* A cursor that has read nothing so far checks each record; the one before may have come to remember which it has. */
static void
begin_anew(struct bench *bench)
{
	coffer_error error = {0};

	coffer_cursor_close(bench->cursor);
	must(coffer_cursor_open(bench->txn, bench->number, &bench->cursor, &error), &error);
}

static size_t
coffer_newest(struct bench *bench)
{
	begin_anew(bench);
	for (size_t i = 0; i < bench->user_count; i++) {
		coffer_value user = {.kind = COFFER_TEXT,
				     .text = {bench->users[i], strlen(bench->users[i])}};

		coffer_rows(bench,
			    &(coffer_scan){.index = bench->by_user,
					   .equal = &user,
					   .equal_count = 1,
					   .is_reverse = true},
			    NEWEST);
	}
	return bench->user_count;
}

static size_t
sqlite_newest(struct bench *bench)
{
	for (size_t i = 0; i < bench->user_count; i++) {
		sqlite3_bind_text(bench->newest, 1, bench->users[i], -1, SQLITE_STATIC);
		sqlite_rows(bench, bench->newest);
	}
	return bench->user_count;
}

static size_t
coffer_days(struct bench *bench)
{
	size_t count = 0;

	begin_anew(bench);
	for (int i = 0; i < DAYS; i++) {
		coffer_value from = {.kind = COFFER_TIME, .time = bench->first_day + i * DAY};
		coffer_value to = {.kind = COFFER_TIME, .time = from.time + DAY};

		count += coffer_rows(
			bench, &(coffer_scan){.index = bench->by_time, .from = &from, .to = &to}, SIZE_MAX);
	}
	return count;
}

static size_t
sqlite_days(struct bench *bench)
{
	size_t count = 0;

	for (int i = 0; i < DAYS; i++) {
		sqlite3_bind_int64(bench->range, 1, bench->first_day + i * DAY);
		sqlite3_bind_int64(bench->range, 2, bench->first_day + (i + 1) * DAY);
		count += sqlite_rows(bench, bench->range);
	}
	return count;
}

struct contender {
	const char *name;
	size_t (*run)(struct bench *bench);
};

/* Ask all contenders in turn, so many rounds; the answers have to agree in number. */
static void
contest(struct bench *bench, const char *row, const struct contender *contenders, size_t count)
{
	struct measure rounds[3][MEASURE_ROUNDS_MAX], start;
	size_t answers[3] = {0}, round_count = measure_rounds(5);

	for (size_t round = 0; round < round_count; round++)
		for (size_t c = 0; c < count; c++) {
			start = measure_now();
			answers[c] = contenders[c].run(bench);
			rounds[c][round] = measure_since(start);
		}
	for (size_t c = 0; c < count; c++) {
		if (answers[c] != answers[0])
			die("the programs do not agree on the number of rows");
		measure_rate(row, contenders[c].name, "/s", rounds[c], round_count, (double)answers[c]);
	}
}

int
main(int count, char **arguments)
{
	static struct bench bench;

	if (count != 3)
		die("usage: bench_read STORE FOLDER");
	open_store(&bench, arguments[1]);
	copy_rows(&bench, arguments[2]);
	contest(&bench, "get-3",
		(struct contender[]){{"lmdb", raw_get}, {"coffer", coffer_get}, {"sqlite", sqlite_get}}, 3);
	contest(&bench, "get-all",
		(struct contender[]){{"lmdb", raw_get},
				     {"coffer", coffer_get_all},
				     {"sqlite", sqlite_get_all}},
		3);
	contest(&bench, "get-alone",
		(struct contender[]){{"lmdb", raw_get_alone},
				     {"coffer", coffer_get_alone},
				     {"sqlite", sqlite_get}},
		3);
	contest(&bench, "newest-50",
		(struct contender[]){{"sqlite", sqlite_newest}, {"coffer", coffer_newest}}, 2);
	contest(&bench, "day", (struct contender[]){{"sqlite", sqlite_days}, {"coffer", coffer_days}}, 2);
	coffer_cursor_close(bench.cursor);
	coffer_txn_end(bench.txn);
	coffer_store_close(bench.store);
	return 0;
}
