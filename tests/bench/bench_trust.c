/*
 * What care costs: the careful reader beside liblmdb on one file, verify beside a hash of the same bytes and beside SQLite's
 * integrity_check of the same rows and indexes, in one run.
 *
 *   bench_trust STORE FOLDER
 *
 * STORE has spend logs and no other table, so that SQLite, whose file goes to FOLDER, can have the same; the file is in memory. All
 * are asked in turn, so many rounds over; the figures of measure.h are printed.
 */
#include "coffer.h"
#include "disk/snapshot.h"
#include "format/key.h"
#include "pages/page.h"
#include "pages/tree.h"
#include "tests/bench/measure.h"
#include "tests/bench/must.h"
#include "tests/bench/twin.h"

#include <fcntl.h>
#include <inttypes.h>
#include <lmdb.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

enum {
	OPENINGS = 500, /* of a round */
	TREES_MAX = 256,
	TEXT_MAX = 8192,
	CACHE_LINE = 64,
};

static const char table_name[] = "LiteLLM_SpendLogs", rows_tree[] = "table/LiteLLM_SpendLogs";

struct bench {
	const char *path;
	coffer_store *store;
	const coffer_table *table;
	uint32_t number;
	uint8_t row_key[COFFER_ROW_KEY_SIZE]; /* of a row in the middle */
	sqlite3 *sqlite;
	uint64_t rows;
	uint64_t pages_on_the_way, anonymous; /* the most, in KiB, while verify was at work */
	volatile uint64_t sink;               /* so that no read is thrown away by the compiler */
};

static void
must_sqlite(struct bench *bench, int code)
{
	if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
		die(sqlite3_errmsg(bench->sqlite));
}

/* All of it comes from memory. */
static void
look_at(struct bench *bench, const uint8_t *bytes, size_t size)
{
	uint64_t sum = 0;

	for (size_t at = 0; at < size; at += CACHE_LINE)
		sum += bytes[at];
	bench->sink += sum;
}

/* ------------------------------------------------------------------ liblmdb */

struct raw {
	MDB_env *env;
	MDB_txn *txn;
};

static void
raw_open(struct bench *bench, struct raw *raw)
{
	must_lmdb(mdb_env_create(&raw->env));
	must_lmdb(mdb_env_set_maxdbs(raw->env, TREES_MAX));
	must_lmdb(mdb_env_open(raw->env, bench->path, MDB_NOSUBDIR | MDB_RDONLY | MDB_NOLOCK, 0));
	must_lmdb(mdb_txn_begin(raw->env, NULL, MDB_RDONLY, &raw->txn));
}

static void
raw_close(struct raw *raw)
{
	mdb_txn_abort(raw->txn);
	mdb_env_close(raw->env);
}

static void
raw_row(struct bench *bench)
{
	for (int i = 0; i < OPENINGS; i++) {
		MDB_val key = {sizeof(bench->row_key), bench->row_key}, value;
		struct raw raw;
		MDB_dbi tree;

		raw_open(bench, &raw);
		must_lmdb(mdb_dbi_open(raw.txn, rows_tree, 0, &tree));
		must_lmdb(mdb_get(raw.txn, tree, &key, &value));
		bench->sink += *(const uint8_t *)value.mv_data;
		raw_close(&raw);
	}
}

static void
raw_walk(struct bench *bench, struct raw *raw, MDB_dbi tree, bool is_main)
{
	MDB_cursor *cursor;
	MDB_val key, value;
	int code;

	must_lmdb(mdb_cursor_open(raw->txn, tree, &cursor));
	while (!(code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT))) {
		char name[256];
		MDB_dbi found;

		look_at(bench, key.mv_data, key.mv_size);
		look_at(bench, value.mv_data, value.mv_size);
		if (!is_main)
			continue;
		(void)snprintf(name, sizeof(name), "%.*s", (int)key.mv_size, (char *)key.mv_data);
		must_lmdb(mdb_dbi_open(raw->txn, name, 0, &found));
		raw_walk(bench, raw, found, false);
	}
	if (code != MDB_NOTFOUND)
		must_lmdb(code);
	mdb_cursor_close(cursor);
}

static void
raw_scan(struct bench *bench)
{
	struct raw raw;
	MDB_dbi tree;

	raw_open(bench, &raw);
	must_lmdb(mdb_dbi_open(raw.txn, NULL, 0, &tree));
	raw_walk(bench, &raw, tree, true);
	raw_close(&raw);
}

/* ------------------------------------------------------------------ the careful reader */

struct careful {
	struct coffer_page_source source;
	struct coffer_pages *pages;
	struct coffer_snapshot *snapshot;
};

static void
careful_open(struct bench *bench, struct careful *careful)
{
	int fd = open(bench->path, O_RDONLY | O_CLOEXEC);
	coffer_error error = {0};

	must(coffer_page_source_map(fd, &careful->source, &error), &error);
	(void)close(fd);
	must(coffer_pages_open(&careful->source, TREES_MAX, &careful->pages, &error), &error);
	must(coffer_pages_snapshot(careful->pages, &careful->snapshot, &error), &error);
}

static void
careful_close(struct careful *careful)
{
	coffer_snapshot_end(careful->snapshot);
	coffer_pages_close(careful->pages);
	coffer_page_source_close(&careful->source);
}

/* The pages that were entered so far. */
static uint64_t
count_entered(struct careful *careful)
{
	const struct coffer_image *image = &coffer_pages_walk(careful->snapshot)->image;
	uint64_t count = 0;

	for (uint64_t page = 0; page < image->page_count; page++)
		count += coffer_image_is_checked(image, page);
	return count;
}

static uint32_t
find_tree(const struct coffer_pages *pages)
{
	const struct coffer_pages_names *names = coffer_pages_names(pages);
	uint32_t tree = 0;

	while (tree < names->count && strcmp(names->names[tree], rows_tree) != 0)
		tree++;
	if (tree == names->count)
		die("no tree of rows");
	return tree;
}

static void
careful_row(struct bench *bench)
{
	for (int i = 0; i < OPENINGS; i++) {
		struct coffer_bytes key = {bench->row_key, sizeof(bench->row_key)}, value;
		coffer_error error = {0};
		struct careful careful;

		careful_open(bench, &careful);
		must(coffer_snapshot_get(careful.snapshot, find_tree(careful.pages), key, &value,
					 &error),
		     &error);
		bench->sink += *value.data;
		if (!i)
			bench->pages_on_the_way = count_entered(&careful);
		careful_close(&careful);
	}
}

static void
careful_walk(struct bench *bench, struct careful *careful, uint32_t tree)
{
	struct coffer_place *place;
	struct coffer_bytes key, value;
	coffer_error error = {0};
	coffer_status status;

	must(coffer_place_open(careful->snapshot, tree, &place, &error), &error);
	while (!(status = coffer_place_move(place, COFFER_MOVE_NEXT, &key, &value, &error))) {
		look_at(bench, key.data, key.size);
		look_at(bench, value.data, value.size);
	}
	if (status != COFFER_NOT_FOUND)
		must(status, &error);
	coffer_place_close(place);
}

static void
careful_scan(struct bench *bench)
{
	struct careful careful;

	careful_open(bench, &careful);
	for (uint32_t i = 0; i < coffer_pages_names(careful.pages)->count; i++)
		careful_walk(bench, &careful, i);
	careful_close(&careful);
}

/* ------------------------------------------------------------------ verify, and what it is beside */

static void
hash_file(struct bench *bench)
{
	int fd = open(bench->path, O_RDONLY | O_CLOEXEC);
	struct stat facts;
	void *map;

	if (fd < 0 || fstat(fd, &facts))
		die("the store cannot be opened");
	map = mmap(NULL, (size_t)facts.st_size, PROT_READ, MAP_SHARED, fd, 0);
	(void)close(fd);
	if (map == MAP_FAILED)
		die("the store cannot be mapped");
	bench->sink += XXH3_64bits(map, (size_t)facts.st_size);
	(void)munmap(map, (size_t)facts.st_size);
}

/* What the process has of its own, not of the file. */
static bool
note_memory(void *context, const char *what, uint64_t rows, uint64_t bytes)
{
	struct bench *bench = context;
	FILE *file = fopen("/proc/self/status", "re");
	char line[256];
	uint64_t size;

	(void)what;
	(void)rows;
	(void)bytes;
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, "RssAnon:", 8) &&
		    (size = strtoull(line + 8, NULL, 10)) > bench->anonymous)
			bench->anonymous = size;
	if (file)
		(void)fclose(file);
	return true;
}

static void
verify(struct bench *bench)
{
	const coffer_verify_options options = {.progress = note_memory, .progress_context = bench};
	coffer_verify_summary summary;
	coffer_error error = {0};

	must(coffer_verify(bench->path, &options, &summary, &error), &error);
	if (summary.findings)
		die("verify found something");
}

static void
check_integrity(struct bench *bench)
{
	sqlite3_stmt *check;

	must_sqlite(bench,
		    sqlite3_prepare_v2(bench->sqlite, "PRAGMA integrity_check", -1, &check, NULL));
	must_sqlite(bench, sqlite3_step(check));
	if (strcmp((const char *)sqlite3_column_text(check, 0), "ok") != 0)
		die("SQLite found something");
	(void)sqlite3_finalize(check);
}

/* ------------------------------------------------------------------ the same rows in SQLite */

__attribute__((format(printf, 2, 3))) static void
add(char text[TEXT_MAX], const char *format, ...)
{
	size_t size = strlen(text);
	va_list arguments;
	int more;

	va_start(arguments, format);
	more = vsnprintf(text + size, TEXT_MAX - size, format, arguments);
	va_end(arguments);
	if (more < 0 || (size_t)more >= TEXT_MAX - size)
		die("a statement is too long");
}

static void
run_sql(struct bench *bench, const char *sql)
{
	must_sqlite(bench, sqlite3_exec(bench->sqlite, sql, NULL, NULL, NULL));
}

static void
make_indexes(struct bench *bench)
{
	for (uint16_t i = 0; i < bench->table->index_count; i++) {
		const coffer_index *index = &bench->table->indexes[i];
		char sql[TEXT_MAX] = "CREATE ";

		if (index->tree == COFFER_TREE_NONE)
			continue;
		add(sql, "%sINDEX index_%d ON logs (", index->is_unique ? "UNIQUE " : "", i);
		for (uint16_t c = 0; c < index->key_column_count; c++)
			add(sql, "%s\"%s\"", c ? ", " : "",
			    bench->table->columns[index->key_columns[c]].name);
		add(sql, ")");
		run_sql(bench, sql);
	}
}

static void
insert_rows(struct bench *bench, coffer_cursor *cursor, sqlite3_stmt *insert)
{
	coffer_error error = {0};
	const coffer_row *row;
	coffer_value value;

	while (!coffer_cursor_next(cursor, &row, &error)) {
		for (uint16_t i = 0; i < bench->table->column_count; i++) {
			must(coffer_row_get(row, i, &value, &error), &error);
			must_sqlite(bench, twin_bind(insert, i + 1, &value, SQLITE_TRANSIENT));
		}
		must_sqlite(bench, sqlite3_step(insert));
		(void)sqlite3_reset(insert);
	}
	if (error.status)
		die(error.message);
}

static void
make_sqlite(struct bench *bench, coffer_cursor *cursor, const char *folder)
{
	char path[TEXT_MAX] = "", sql[TWIN_SQL_MAX];
	sqlite3_stmt *insert;

	add(path, "%s/trust.sqlite", folder);
	must_sqlite(bench, sqlite3_open(path, &bench->sqlite));
	run_sql(bench,
		"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-1000000;"
		"PRAGMA mmap_size=17179869184; BEGIN");
	if (!twin_create(bench->table, "logs", false, COFFER_NO_COLUMN, sql))
		die("a statement is too long");
	run_sql(bench, sql);
	if (!twin_insert(bench->table, "logs", sql))
		die("a statement is too long");
	must_sqlite(bench, sqlite3_prepare_v2(bench->sqlite, sql, -1, &insert, NULL));
	insert_rows(bench, cursor, insert);
	(void)sqlite3_finalize(insert);
	make_indexes(bench);
	run_sql(bench, "COMMIT");
}

/* ------------------------------------------------------------------ the contests */

struct contender {
	const char *name;
	void (*run)(struct bench *bench);
};

/* Two in turn, each doing its work `times` times a round: a row, a reading. */
static void
contest(struct bench *bench, const char *row, const char *unit, const struct contender pair[2],
	double times)
{
	struct measure spent[2][MEASURE_ROUNDS_MAX], start;
	size_t rounds = measure_rounds(3);

	for (size_t round = 0; round < rounds; round++)
		for (int i = 0; i < 2; i++) {
			start = measure_now();
			pair[i].run(bench);
			spent[i][round] = measure_since(start);
		}
	for (int i = 0; i < 2; i++) {
		if (strcmp(unit, "rows/s") == 0)
			measure_rate(row, pair[i].name, unit, spent[i], rounds, times);
		else
			measure_time(row, pair[i].name, unit, spent[i], rounds, times);
	}
}

static void
compare_readers(struct bench *bench)
{
	contest(bench, "open-row", "us",
		(struct contender[]){{"lmdb", raw_row}, {"coffer", careful_row}}, OPENINGS);
	contest(bench, "open-scan", "s",
		(struct contender[]){{"lmdb", raw_scan}, {"coffer", careful_scan}}, 1);
	measure_amount("open-pages", "coffer", "pages", (double)bench->pages_on_the_way);
}

static void
compare_verify(struct bench *bench)
{
	contest(bench, "verify-hash", "s",
		(struct contender[]){{"limit", hash_file}, {"coffer", verify}}, 1);
	contest(bench, "verify", "rows/s",
		(struct contender[]){{"coffer", verify}, {"sqlite", check_integrity}},
		(double)bench->rows);
}

static void
weigh_memory(struct bench *bench)
{
	coffer_store_facts facts;

	coffer_store_describe(bench->store, &facts);
	measure_amount("verify-memory", "coffer", "MiB", (double)bench->anonymous / 1024);
	measure_amount("verify-memory", "limit", "MiB",
		       64 + (double)facts.file_size / facts.page_size / 8 / (1 << 20));
}

int
main(int count, char **arguments)
{
	static struct bench bench;
	coffer_cursor *cursor;
	coffer_error error = {0};
	coffer_txn *txn;

	if (count != 3)
		die("usage: bench_trust STORE FOLDER");
	bench.path = arguments[1];
	must(coffer_store_open(bench.path, &bench.store, &error), &error);
	bench.number = coffer_schema_find_table(coffer_store_schema(bench.store), table_name);
	if (bench.number == COFFER_NO_TABLE)
		die("no spend logs");
	bench.table = &coffer_store_schema(bench.store)->tables[bench.number];
	must(coffer_txn_begin(bench.store, &txn, &error), &error);
	must(coffer_table_count(txn, bench.number, &bench.rows, &error), &error);
	coffer_key_put_row(bench.row_key, bench.rows / 2);
	compare_readers(&bench);
	/* The memory of verify before SQLite has a cache. */
	verify(&bench);
	weigh_memory(&bench);
	must(coffer_cursor_open(txn, bench.number, &cursor, &error), &error);
	must(coffer_cursor_scan(cursor, &(coffer_scan){.index = COFFER_NO_INDEX}, &error), &error);
	make_sqlite(&bench, cursor, arguments[2]);
	coffer_cursor_close(cursor);
	coffer_txn_end(txn);
	compare_verify(&bench);
	coffer_store_close(bench.store);
	(void)sqlite3_close(bench.sqlite);
	return 0;
}
