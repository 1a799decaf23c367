/*
 * Several processes with one store, for some seconds: two write, two read, one makes the file outgrow its map, one copies it,
 * one tries to put another store in its place. Whoever looks sees one state: money moves and none is made, every entry is
 * counted, every copy is whole.
 *
 *	PROCESSES_SECONDS=60 test_processes	for so long
 */
#include "tests/support/file.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	SECONDS = 3,
	SMALL_MAP = 4 << 20, /* others may add some hundred kilobytes between the look at it and one's turn */
	ACCOUNTS = 20,
	BALANCE = 1000,
	BLOB_SIZE_MAX = 60000,
	BLOBS_MAX = 200,
	WRITERS = 2,
};

/* A new file's map grows only every so many megabytes. */
static const size_t new_file_map = (size_t)256 << 20;

static const char prisma[] =
	"model Account {\n"
	"  id Int @id\n  balance Int\n  name String @unique\n  a Entry[] @relation(\"a\")\n  b "
	"Entry[] @relation(\"b\")\n"
	"}\n"
	"model Entry {\n"
	"  id Int @id @default(autoincrement())\n  from_id Int\n  to_id Int\n  amount Int\n"
	"  note String /// @coffer.interned\n"
	"  from Account @relation(\"a\", fields: [from_id], references: [id])\n"
	"  to Account @relation(\"b\", fields: [to_id], references: [id])\n"
	"}\n"
	"model Total {\n  id Int @id\n  entries BigInt\n}\n"
	"model Blob {\n  id Int @id @default(autoincrement())\n  bytes Bytes\n}\n";
enum { ACCOUNT, ENTRY, TOTAL, BLOB };

static coffer_error error;

/* What a child says when something goes wrong that must not. */
static void
must(coffer_status status, const char *what)
{
	if (status)
		fprintf(stderr, "%s: status %d: %s: %s\n", what, status, error.place,
			error.message);
	ensure(!status);
}

static coffer_value
integer(int64_t number)
{
	return (coffer_value){.kind = COFFER_INT, .integer = number};
}

static coffer_value
text(const char *data, int size)
{
	return (coffer_value){.kind = COFFER_TEXT, .text = {data, (size_t)size}};
}

/* Has the parent said that it is enough? */
static bool
is_over(int in)
{
	char byte;

	return read(in, &byte, 1) >= 0;
}

/* Open, tell the parent, and do `turn` again and again; each has its own numbers by `seed`. */
static void
work(int in, int out, void (*turn)(coffer_store **store, uint64_t *seed))
{
	uint64_t seed = (uint64_t)getpid() * UINT64_C(0x9e3779b97f4a7c15);
	coffer_store *store;

	must(coffer_store_open_to_write(file_path, &store, &error), "open");
	ensure(!fcntl(in, F_SETFL, O_NONBLOCK));
	ensure(write(out, "", 1) == 1);
	while (!is_over(in))
		turn(&store, &seed);
	coffer_store_close(store);
}

static uint32_t
draw(uint64_t *seed, uint32_t below)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return (uint32_t)((*seed * UINT64_C(0x2545f4914f6cdd1d)) >> 33) % below;
}

/* ------------------------------------------------------------------ writers */

static uint64_t entries_committed;

static void
add(coffer_txn *txn, uint32_t table, uint64_t row, uint16_t column, int64_t number)
{
	const coffer_set set = {.column = column, .is_increment = true, .value = integer(number)};

	must(coffer_update(txn, table, row, &set, 1, &error), "an update");
}

/* Rows of Account are numbered as their ids, from 1. */
static void
transfer(coffer_txn *txn, uint64_t *seed)
{
	int64_t from = 1 + draw(seed, ACCOUNTS), to = 1 + draw(seed, ACCOUNTS),
		amount = draw(seed, 100);
	char note[32];
	int size = snprintf(note, sizeof(note), "note %u", draw(seed, 500));
	const coffer_set sets[] = {
		{.column = 1, .value = integer(from)},
		{.column = 2, .value = integer(to)},
		{.column = 3, .value = integer(amount)},
		{.column = 4, .value = text(note, size)},
	};

	add(txn, ACCOUNT, (uint64_t)from, 1, -amount);
	must(coffer_insert(txn, ENTRY, sets, 4, COFFER_CONFLICT_FAIL, NULL, &error), "an insert");
	add(txn, ACCOUNT, (uint64_t)to, 1, amount);
	add(txn, TOTAL, 1, 1, 1);
}

static void
write_turn(coffer_store **store, uint64_t *seed)
{
	uint32_t count = 1 + draw(seed, 5);
	coffer_txn *txn;

	must(coffer_txn_begin_write(*store, &txn, &error), "begin");
	for (uint32_t i = 0; i < count; i++)
		transfer(txn, seed);
	if (!draw(seed, 8)) {
		coffer_txn_end(txn);
	} else {
		must(coffer_txn_commit(txn, &error), "commit");
		entries_committed += count;
	}
	if (!draw(seed, 20)) {
		coffer_store_close(*store);
		must(coffer_store_open_to_write(file_path, store, &error), "open again");
	}
}

static int
be_writer(int in, int out)
{
	work(in, out, write_turn);
	ensure(write(out, &entries_committed, sizeof(entries_committed)) ==
	       sizeof(entries_committed));
	return 0;
}

/* ------------------------------------------------------------------ readers */

static int64_t
integer_of(const coffer_row *row, uint16_t column)
{
	coffer_value value;

	must(coffer_row_get(row, column, &value, &error), "a value");
	return value.integer;
}

static void
check_account(coffer_txn *txn, int64_t id)
{
	const coffer_value key = integer(id);
	const coffer_row *row;
	coffer_cursor *cursor;

	must(coffer_cursor_open(txn, ACCOUNT, &cursor, &error), "a cursor");
	must(coffer_cursor_get(cursor, 0, &key, &row, &error), "an account");
	ensure(integer_of(row, 0) == id);
	coffer_cursor_close(cursor);
}

/* Every entry in the order of its number, one above the other; they refer to accounts that are there. */
static uint64_t
check_entries(coffer_txn *txn)
{
	const coffer_scan all = {.index = COFFER_NO_INDEX};
	coffer_cursor *cursor;
	const coffer_row *row;
	uint64_t count = 0;
	int64_t last = 0;
	coffer_value note;

	must(coffer_cursor_open(txn, ENTRY, &cursor, &error), "a cursor");
	must(coffer_cursor_scan(cursor, &all, &error), "a scan");
	while (!coffer_cursor_next(cursor, &row, &error)) {
		ensure(integer_of(row, 0) > last);
		last = integer_of(row, 0);
		must(coffer_row_get(row, 4, &note, &error), "a note");
		ensure(note.text.size > 5 && !memcmp(note.text.data, "note ", 5));
		if (!(count++ % 64))
			check_account(txn, integer_of(row, 1));
	}
	ensure(!error.status);
	coffer_cursor_close(cursor);
	return count;
}

static int64_t
sum_of(coffer_txn *txn, uint32_t table, uint16_t column)
{
	const coffer_scan all = {.index = COFFER_NO_INDEX};
	coffer_cursor *cursor;
	const coffer_row *row;
	int64_t sum = 0;

	must(coffer_cursor_open(txn, table, &cursor, &error), "a cursor");
	must(coffer_cursor_scan(cursor, &all, &error), "a scan");
	while (!coffer_cursor_next(cursor, &row, &error))
		sum += integer_of(row, column);
	ensure(!error.status);
	coffer_cursor_close(cursor);
	return sum;
}

static void
check_snapshot(coffer_store *store)
{
	coffer_txn *txn;
	uint64_t counted;

	must(coffer_txn_begin(store, &txn, &error), "a snapshot");
	ensure(sum_of(txn, ACCOUNT, 1) == (int64_t)ACCOUNTS * BALANCE);
	must(coffer_table_count(txn, ENTRY, &counted, &error), "a count");
	ensure(check_entries(txn) == counted);
	ensure((int64_t)counted == sum_of(txn, TOTAL, 1));
	coffer_txn_end(txn);
}

static void
read_turn(coffer_store **store, uint64_t *seed)
{
	(void)seed;
	check_snapshot(*store);
}

static int
be_reader(int in, int out)
{
	work(in, out, read_turn);
	return 0;
}

/* ------------------------------------------------------------------ one who grows, one who copies, one who replaces */

static void
grow_turn(coffer_store **store, uint64_t *seed)
{
	static char bytes_of[BLOB_SIZE_MAX];
	const coffer_set set = {
		.column = 1,
		.value = {.kind = COFFER_BYTES, .text = {bytes_of, draw(seed, BLOB_SIZE_MAX)}},
	};
	const coffer_scan all = {.index = COFFER_NO_INDEX};
	coffer_cursor *cursor;
	uint64_t count, first;
	coffer_txn *txn;

	must(coffer_txn_begin_write(*store, &txn, &error), "begin");
	must(coffer_table_count(txn, BLOB, &count, &error), "a count");
	if (count > BLOBS_MAX) {
		must(coffer_cursor_open(txn, BLOB, &cursor, &error), "a cursor");
		must(coffer_cursor_scan(cursor, &all, &error), "a scan");
		must(coffer_cursor_next_number(cursor, &first, &error), "a row");
		coffer_cursor_close(cursor);
		must(coffer_delete(txn, BLOB, first, &error), "a delete");
	}
	must(coffer_insert(txn, BLOB, &set, 1, COFFER_CONFLICT_FAIL, NULL, &error), "an insert");
	must(coffer_txn_commit(txn, &error), "commit");
}

static int
be_grower(int in, int out)
{
	work(in, out, grow_turn);
	return 0;
}

static void
must_be_whole(const char *path)
{
	const coffer_verify_options options = {0};
	coffer_verify_summary summary;

	must(coffer_verify(path, &options, &summary, &error), "verify");
	ensure(!summary.findings);
}

static void
copy_turn(coffer_store **store, uint64_t *seed)
{
	char path[128];
	coffer_store *copy;

	(void)seed;
	(void)snprintf(path, sizeof(path), "%s/copy", file_folder);
	must(coffer_store_copy(*store, path, NULL, &error), "copy");
	must_be_whole(path);
	must(coffer_store_open(path, &copy, &error), "the copy");
	check_snapshot(copy);
	coffer_store_close(copy);
	ensure(!unlink(path));
}

static int
be_copier(int in, int out)
{
	coffer_disk_map_size_min = new_file_map;
	work(in, out, copy_turn);
	return 0;
}

/* Others have the store open: nobody takes its place, and nobody is harmed by the attempt. */
static int
be_replacer(int in, int out)
{
	const coffer_generate_options generate = {.rows = 1, .seed = 1, .is_forced = true};
	const coffer_load_options load = {.is_forced = true};
	coffer_schema *schema;
	unsigned refused = 0;

	coffer_disk_map_size_min = new_file_map;
	must(coffer_schema_builtin(&schema, &error), "a schema");
	ensure(!fcntl(in, F_SETFL, O_NONBLOCK));
	ensure(write(out, "", 1) == 1);
	for (; !is_over(in); refused += 2) {
		ensure(coffer_store_create(file_path, schema, &load, &error) == COFFER_BUSY);
		ensure(strstr(error.message, "in use"));
		error = (coffer_error){0};
		ensure(coffer_generate(file_path, &generate, &error) == COFFER_BUSY);
		error = (coffer_error){0};
	}
	coffer_schema_free(schema);
	ensure(refused > 2);
	return 0;
}

/* ------------------------------------------------------------------ the parent */

static void
make_store(void)
{
	const coffer_set total[] = {{.column = 0, .value = integer(1)},
				    {.column = 1, .value = integer(0)}};
	coffer_schema *schema;
	coffer_store *store;
	coffer_txn *txn;
	char name[32];

	must(coffer_schema_parse_prisma((coffer_text){prisma, sizeof(prisma) - 1}, "test.prisma",
					&schema, &error),
	     "a schema");
	must(coffer_store_create(file_path, schema, NULL, &error), "create");
	coffer_schema_free(schema);
	must(coffer_store_open_to_write(file_path, &store, &error), "open");
	must(coffer_txn_begin_write(store, &txn, &error), "begin");
	for (int i = 1; i <= ACCOUNTS; i++) {
		int size = snprintf(name, sizeof(name), "account %d", i);
		const coffer_set sets[] = {
			{.column = 0, .value = integer(i)},
			{.column = 1, .value = integer(BALANCE)},
			{.column = 2, .value = text(name, size)},
		};

		must(coffer_insert(txn, ACCOUNT, sets, 3, COFFER_CONFLICT_FAIL, NULL, &error),
		     "an account");
	}
	must(coffer_insert(txn, TOTAL, total, 2, COFFER_CONFLICT_FAIL, NULL, &error), "the total");
	must(coffer_txn_commit(txn, &error), "commit");
	coffer_store_close(store);
}

/* The store alone is left, whole, with all that was said to be there. */
static void
check_end(uint64_t entries)
{
	coffer_store *store;
	coffer_txn *txn;
	uint64_t counted;

	must_be_whole(file_path);
	must(coffer_store_open(file_path, &store, &error), "open");
	check_snapshot(store);
	must(coffer_txn_begin(store, &txn, &error), "a snapshot");
	must(coffer_table_count(txn, ENTRY, &counted, &error), "a count");
	assert_int_equal(counted, entries);
	assert_true(counted > 0);
	coffer_txn_end(txn);
	coffer_store_close(store);
}

static void
everybody_sees_one_state(void **state)
{
	static int (*const bodies[])(int in, int out) = {
		be_writer, be_writer, be_reader, be_reader, be_grower, be_copier, be_replacer,
	};
	enum { CHILDREN = sizeof(bodies) / sizeof(bodies[0]) };
	const char *seconds = getenv("PROCESSES_SECONDS");
	struct child children[CHILDREN];
	uint64_t entries = 0, one;

	(void)state;
	coffer_disk_map_size_min = SMALL_MAP;
	make_store();
	for (size_t i = 0; i < CHILDREN; i++) {
		children[i] = child_start(bodies[i]);
		assert_int_equal(read(children[i].in, &one, 1), 1);
	}
	sleep(seconds ? (unsigned)strtoul(seconds, NULL, 10) : SECONDS);
	for (size_t i = CHILDREN; i-- > 0;) {
		if (i < WRITERS) {
			assert_int_equal(write(children[i].out, "", 1), 1);
			assert_int_equal(read(children[i].in, &one, sizeof(one)), sizeof(one));
			entries += one;
		}
		child_end(children[i]);
	}
	check_end(entries);
	print_message("# %llu entries\n", (unsigned long long)entries);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everybody_sees_one_state),
	};

	return cmocka_run_group_tests(tests, file_set_up, file_tear_down);
}
