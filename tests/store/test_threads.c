/*
 * One store, many threads: each reads in transactions of its own while another writes, and others open the same file and close it
 * again. Every snapshot is one that a commit left. Made for the thread sanitizer; see the README of tests/.
 */
#include "tests/support/writing.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum {
	READERS = 3,
	OPENERS = 2,
	COMMITS = 40,
	ROUNDS = 25, /* of a reader, at least */
	LONG_SIZE = 3000,
};

/* A pair has one row in each table, of one name and one number. */
static const char prisma[] = "model Left {\n"
			     "  id Int @id\n  name String /// @coffer.interned\n  text String?\n"
			     "  @@index([name])\n"
			     "}\n"
			     "model Right {\n"
			     "  id Int @id\n  name String /// @coffer.interned\n"
			     "  @@index([name])\n"
			     "}\n";
enum { LEFT, RIGHT };

static atomic_bool is_written;

struct reader {
	pthread_t thread;
	coffer_store *store;
	bool has_failed;
	coffer_error error;
	char found[128]; /* what is not as a commit left it */
};

/* ------------------------------------------------------------------ reading */

struct side {
	uint64_t rows;
	int64_t sum;
	size_t names; /* bytes */
};

static coffer_status
read_row(const coffer_row *row, uint32_t table, struct side *side, coffer_error *error)
{
	coffer_value id, name, note;
	coffer_status status = coffer_row_get(row, 0, &id, error);

	if (!status)
		status = coffer_row_get(row, 1, &name, error);
	if (!status && table == LEFT)
		status = coffer_row_get(row, 2, &note, error);
	if (status)
		return status;
	side->rows++;
	side->sum += id.integer;
	side->names += name.text.size;
	return COFFER_OK;
}

static coffer_status
read_side(coffer_txn *txn, uint32_t table, struct side *side, coffer_error *error)
{
	const coffer_scan all = {.index = COFFER_NO_INDEX};
	coffer_cursor *cursor;
	const coffer_row *row;
	coffer_status status = coffer_cursor_open(txn, table, &cursor, error);

	*side = (struct side){0};
	if (!status)
		status = coffer_cursor_scan(cursor, &all, error);
	while (!status && !(status = coffer_cursor_next(cursor, &row, error)))
		status = read_row(row, table, side, error);
	coffer_cursor_close(cursor);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

static void
compare(struct reader *reader, const struct side *left, const struct side *right)
{
	if (left->rows == right->rows && left->sum == right->sum && left->names == right->names)
		return;
	reader->has_failed = true;
	(void)snprintf(reader->found, sizeof(reader->found), "%llu rows and %llu, in one snapshot",
		       (unsigned long long)left->rows, (unsigned long long)right->rows);
}

static void
read_once(struct reader *reader)
{
	uint8_t digest[COFFER_DIGEST_SIZE];
	struct side left, right;
	coffer_txn *txn;
	coffer_status status = coffer_txn_begin(reader->store, &txn, &reader->error);

	if (!status && !(status = read_side(txn, LEFT, &left, &reader->error)) &&
	    !(status = read_side(txn, RIGHT, &right, &reader->error)) &&
	    !(status = coffer_store_digest(txn, digest, &reader->error)))
		compare(reader, &left, &right);
	coffer_txn_end(txn);
	reader->has_failed = reader->has_failed || status;
}

static void *
read_on(void *context)
{
	struct reader *reader = context;

	for (int i = 0; !reader->has_failed && (i < ROUNDS || !atomic_load(&is_written)); i++)
		read_once(reader);
	return NULL;
}

static void *
open_and_close(void *context)
{
	struct reader *reader = context;
	coffer_status status = COFFER_OK;

	while (!status && !reader->has_failed && !atomic_load(&is_written)) {
		status = coffer_store_open(writing.path, &reader->store, &reader->error);
		if (!status)
			read_once(reader);
		coffer_store_close(reader->store);
	}
	reader->has_failed = reader->has_failed || status;
	return NULL;
}

/* ------------------------------------------------------------------ writing */

static coffer_status
put(coffer_txn *txn, uint32_t table, int64_t id, coffer_error *error)
{
	static char note[LONG_SIZE];
	char name[24];
	coffer_set sets[] = {
		{.column = 0, .value = integer(id)},
		{.column = 1, .value = {.kind = COFFER_TEXT}},
		{.column = 2, .value = {.kind = COFFER_TEXT, .text = {note, sizeof(note)}}},
	};

	memset(note, 'a' + (int)(id % 26), sizeof(note));
	(void)snprintf(name, sizeof(name), "name %lld", (long long)(id % 7 + id / 20));
	sets[1].value.text = (coffer_text){name, strlen(name)};
	return coffer_insert(txn, table, sets, table == LEFT ? 3 : 2, COFFER_CONFLICT_FAIL, NULL,
			     error);
}

/* Pairs come, and some go: their pages are written over by later commits, as soon as nobody reads them. */
static coffer_status
write_one(coffer_store *store, int64_t id, coffer_error *error)
{
	coffer_txn *txn;
	coffer_status status = coffer_txn_begin_write(store, &txn, error);

	if (status)
		return status;
	for (uint32_t table = LEFT; !status && table <= RIGHT; table++) {
		status = put(txn, table, id, error);
		if (!status && id % 3 == 0)
			status = coffer_delete(txn, table, (uint64_t)id - 1, error);
	}
	if (!status)
		return coffer_txn_commit(txn, error);
	coffer_txn_end(txn);
	return status;
}

/* ------------------------------------------------------------------ the test */

static void
must_have_read(struct reader *readers, int count)
{
	for (int i = 0; i < count; i++) {
		assert_int_equal(pthread_join(readers[i].thread, NULL), 0);
		if (readers[i].has_failed)
			fail_msg("%s %s: %s", readers[i].found, readers[i].error.place,
				 readers[i].error.message);
	}
}

static void
every_thread_sees_whole_commits(void **state)
{
	struct reader readers[READERS + OPENERS] = {0};
	coffer_status status = COFFER_OK;

	(void)state;
	coffer_txn_end(writing.txn);
	writing.txn = NULL;
	atomic_store(&is_written, false);
	for (int i = 0; i < READERS + OPENERS; i++) {
		readers[i].store = writing.store;
		assert_int_equal(pthread_create(&readers[i].thread, NULL,
						i < READERS ? read_on : open_and_close,
						&readers[i]),
				 0);
	}
	for (int64_t id = 1; !status && id <= COMMITS; id++)
		status = write_one(writing.store, id, &writing.error);
	atomic_store(&is_written, true);
	must_have_read(readers, READERS + OPENERS);
	must(status);
	must(coffer_txn_begin_write(writing.store, &writing.txn, &writing.error));
}

static int
setup(void **state)
{
	(void)state;
	begin_with(prisma, NULL);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_thread_sees_whole_commits, setup, end_whole),
	};

	return cmocka_run_group_tests_name("threads", tests, make_folder, remove_folder);
}
