/*
 * Two processes are killed at any moment, again and again: one writer with transactions of its own, and several that commit
 * in a group. What a writer was told to be committed it says in a ledger, a pipe to its parent. After each kill the store
 * opens and is whole, it holds all that the ledger says and of each writer at most the one batch more that was committed and
 * not said, each whole; and the next writers go on.
 *
 *	LEDGER_KILLS=1000 test_ledger	so many times
 */
#include "tests/support/file.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	KILLS = 40,
	PROCESSES = 2,
	GROUPED = 4, /* writers that commit in a group, besides the first one */
	WRITERS = 1 + GROUPED,
	ROWS = 5,  /* of a batch */
	KEPT = 10, /* batches; older ones are deleted */
	LONG_SIZE = 5000,
	DELAY_MAX_MS = 40,
};

static const char prisma[] =
	"model Writer {\n  id Int @id\n  last BigInt\n  rows Row[]\n}\n"
	"/// @coffer.rollup hour -> batch\n"
	"/// @coffer.rollup day name -> number\n"
	"model Row {\n"
	"  writer_id Int\n  batch BigInt\n  number Int\n  name String /// @coffer.interned\n"
	"  long String?\n  at DateTime @default(now()) /// @coffer.time\n"
	"  writer Writer @relation(fields: [writer_id], references: [id])\n"
	"  @@id([writer_id, batch, number])\n"
	"  @@index([batch])\n"
	"}\n";
enum { WRITER, ROW };
enum { ROW_WRITER, ROW_BATCH, ROW_NUMBER, ROW_NAME, ROW_LONG, ROW_COLUMNS /* that are set */ };

static _Thread_local coffer_error error;

/* What a writer says. */
struct entry {
	int64_t writer, batch;
};

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

static int64_t
integer_of(const coffer_row *row, uint16_t column)
{
	coffer_value value;

	must(coffer_row_get(row, column, &value, &error), "a value");
	return value.integer;
}

/* ------------------------------------------------------------------ a writer */

static void
insert_row(coffer_txn *txn, int64_t writer, int64_t batch, int number)
{
	char name[32], long_text[LONG_SIZE];
	int size = snprintf(name, sizeof(name), "name %d", (int)(batch % 100));
	coffer_set sets[] = {
		{.column = ROW_WRITER, .value = integer(writer)},
		{.column = ROW_BATCH, .value = integer(batch)},
		{.column = ROW_NUMBER, .value = integer(number)},
		{.column = ROW_NAME, .value = {.kind = COFFER_TEXT, .text = {name, (size_t)size}}},
		{.column = ROW_LONG,
		 .value = {.kind = COFFER_TEXT, .text = {long_text, LONG_SIZE}}},
	};

	memset(long_text, 'a' + (int)(batch % 26), sizeof(long_text));
	must(coffer_insert(txn, ROW, sets, number % 2 ? ROW_COLUMNS : ROW_LONG,
			   COFFER_CONFLICT_FAIL, NULL, &error),
	     "an insert");
}

static void
delete_row(coffer_txn *txn, int64_t writer, int64_t batch, int number)
{
	const coffer_value key[] = {integer(writer), integer(batch), integer(number)};
	coffer_cursor *cursor;
	const coffer_row *row;
	uint64_t of;

	must(coffer_cursor_open(txn, ROW, &cursor, &error), "a cursor");
	must(coffer_cursor_get(cursor, 0, key, &row, &error), "an old row");
	of = coffer_row_number(row);
	coffer_cursor_close(cursor);
	must(coffer_delete(txn, ROW, of, &error), "a delete");
}

/* Rows of Writer are numbered as their ids. */
static int64_t
last_of(coffer_txn *txn, int64_t writer)
{
	coffer_cursor *cursor;
	const coffer_row *row;
	int64_t last;

	must(coffer_cursor_open(txn, WRITER, &cursor, &error), "a cursor");
	must(coffer_cursor_get_number(cursor, (uint64_t)writer, &row, &error), "the writer");
	last = integer_of(row, 1);
	coffer_cursor_close(cursor);
	return last;
}

/* The next batch of a writer, in a transaction; more than once where it has to be made again. */
static coffer_status
write_batch(coffer_txn *txn, void *context, coffer_error *group_error)
{
	const coffer_set one_more = {.column = 1, .is_increment = true, .value = integer(1)};
	struct entry *entry = context;

	(void)group_error;
	entry->batch = last_of(txn, entry->writer) + 1;
	for (int i = 0; i < ROWS; i++) {
		insert_row(txn, entry->writer, entry->batch, i);
		if (entry->batch > KEPT)
			delete_row(txn, entry->writer, entry->batch - KEPT, i);
	}
	must(coffer_update(txn, WRITER, (uint64_t)entry->writer, &one_more, 1, &error), "an update");
	return COFFER_OK;
}

static coffer_store *opened;
static int ledger;

static bool
say_batch(struct entry entry)
{
	return write(ledger, &entry, sizeof(entry)) == sizeof(entry);
}

static int
be_alone(int in, int out)
{
	struct entry entry = {.writer = 1};
	coffer_txn *txn;

	(void)in;
	ledger = out;
	must(coffer_store_open_to_write(file_path, &opened, &error), "open");
	do {
		must(coffer_txn_begin_write(opened, &txn, &error), "begin");
		must(write_batch(txn, &entry, &error), "a batch");
		must(coffer_txn_commit(txn, &error), "commit");
	} while (say_batch(entry));
	return 1;
}

static void *
be_grouped(void *context)
{
	struct entry entry = {.writer = *(const int64_t *)context};

	do
		must(coffer_group_write(opened, write_batch, &entry, &error), "a batch in a group");
	while (say_batch(entry));
	return NULL;
}

static int
be_a_group(int in, int out)
{
	static const int64_t writers[GROUPED] = {2, 3, 4, 5};
	pthread_t thread;

	ledger = out;
	must(coffer_store_open_to_write(file_path, &opened, &error), "open");
	for (size_t i = 0; i < GROUPED; i++)
		ensure(!pthread_create(&thread, NULL, be_grouped, (void *)(uintptr_t)&writers[i]));
	hear(in); /* in vain: it is killed */
	return 1;
}

/* ------------------------------------------------------------------ the parent */

static void
make_store(void)
{
	coffer_schema *schema;
	coffer_store *store;
	coffer_txn *txn;

	must(coffer_schema_parse_prisma((coffer_text){prisma, sizeof(prisma) - 1}, "test.prisma",
					&schema, &error),
	     "a schema");
	must(coffer_store_create(file_path, schema, NULL, &error), "create");
	coffer_schema_free(schema);
	must(coffer_store_open_to_write(file_path, &store, &error), "open");
	must(coffer_txn_begin_write(store, &txn, &error), "begin");
	for (int i = 1; i <= WRITERS; i++) {
		const coffer_set sets[] = {{.column = 0, .value = integer(i)},
					   {.column = 1, .value = integer(0)}};

		must(coffer_insert(txn, WRITER, sets, 2, COFFER_CONFLICT_FAIL, NULL, &error),
		     "a writer");
	}
	must(coffer_txn_commit(txn, &error), "commit");
	coffer_store_close(store);
}

/* The rows of a writer are those of its last batches, each with all that belongs to it. */
static void
check_rows(coffer_txn *txn, int64_t writer, int64_t last)
{
	int64_t first = last > KEPT ? last - KEPT + 1 : 1;
	coffer_cursor *cursor;
	const coffer_row *row;
	coffer_value value;

	must(coffer_cursor_open(txn, ROW, &cursor, &error), "a cursor");
	for (int64_t batch = first; batch <= last; batch++)
		for (int i = 0; i < ROWS; i++) {
			const coffer_value key[] = {integer(writer), integer(batch), integer(i)};

			must(coffer_cursor_get(cursor, 0, key, &row, &error),
			     "a row that was committed");
			must(coffer_row_get(row, ROW_LONG, &value, &error), "its text");
			assert_int_equal(value.kind == COFFER_TEXT, i % 2);
			assert_true(i % 2 == 0 ||
				    (value.text.size == LONG_SIZE &&
				     value.text.data[LONG_SIZE - 1] == 'a' + (int)(batch % 26)));
		}
	coffer_cursor_close(cursor);
}

/* What was found is known from then on. */
static void
check_store(int64_t acknowledged[WRITERS])
{
	const coffer_verify_options options = {0};
	coffer_verify_summary summary;
	coffer_store *store;
	coffer_txn *txn;
	uint64_t rows, expected = 0;

	must(coffer_verify(file_path, &options, &summary, &error), "verify");
	assert_int_equal(summary.findings, 0);
	must(coffer_store_open(file_path, &store, &error), "open");
	must(coffer_txn_begin(store, &txn, &error), "a snapshot");
	for (int i = 0; i < WRITERS; i++) {
		int64_t last = last_of(txn, i + 1);

		assert_in_range(last, acknowledged[i], acknowledged[i] + 1);
		acknowledged[i] = last;
		check_rows(txn, i + 1, last);
		expected += (uint64_t)(last < KEPT ? last : KEPT) * ROWS;
	}
	must(coffer_table_count(txn, ROW, &rows, &error), "a count");
	assert_int_equal(rows, expected);
	coffer_txn_end(txn);
	coffer_store_close(store);
}

/* What stands in the ledger of a process that is no more. */
static void
read_ledger(struct child child, int64_t acknowledged[WRITERS])
{
	struct entry entry;

	while (read(child.in, &entry, sizeof(entry)) == sizeof(entry)) {
		assert_in_range(entry.writer, 1, WRITERS);
		assert_true(entry.batch > acknowledged[entry.writer - 1]);
		acknowledged[entry.writer - 1] = entry.batch;
	}
	close(child.in);
	close(child.out);
}

static void
kill_after(struct child children[PROCESSES], unsigned delay_ms)
{
	const struct timespec delay = {.tv_nsec = (long)delay_ms * 1000000};

	(void)nanosleep(&delay, NULL);
	for (int i = 0; i < PROCESSES; i++)
		assert_int_equal(kill(children[i].process, SIGKILL), 0);
	for (int i = 0; i < PROCESSES; i++)
		assert_int_equal(waitpid(children[i].process, NULL, 0), children[i].process);
}

static void
what_was_acknowledged_is_there(void **state)
{
	const char *kills = getenv("LEDGER_KILLS");
	int64_t acknowledged[WRITERS] = {0};
	struct child children[PROCESSES];
	unsigned seed = 1;

	(void)state;
	make_store();
	for (int n = 0; n < (kills ? (int)strtoul(kills, NULL, 10) : KILLS); n++) {
		children[0] = child_start(be_alone);
		children[1] = child_start(be_a_group);
		seed = seed * 1103515245 + 12345;
		kill_after(children, 1 + seed / 65536 % DELAY_MAX_MS);
		for (int i = 0; i < PROCESSES; i++)
			read_ledger(children[i], acknowledged);
		check_store(acknowledged);
	}
	for (int i = 0; i < WRITERS; i++) {
		print_message("# writer %d: %lld batches\n", i + 1, (long long)acknowledged[i]);
		assert_true(acknowledged[i] > 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_acknowledged_is_there),
	};

	return cmocka_run_group_tests(tests, file_set_up, file_tear_down);
}
