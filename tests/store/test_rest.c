/*
 * A read transaction that rests: it goes on where nobody has committed, else it says so; and what it had read is not used for
 * another state, nor does it keep a writer from the pages that it let go of.
 */
#include "coffer.h"

#include "tests/support/must.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/coffer-rest.XXXXXX";
static char path[64], lock[80];

static const char prisma[] = "model Log {\n"
			     "  id   String @id\n"
			     "  user String /// @coffer.interned\n"
			     "}\n";

static coffer_value
text(const char *data)
{
	return (coffer_value){.kind = COFFER_TEXT, .text = {data, strlen(data)}};
}

static void
write_rows(coffer_store *store, int from, int to)
{
	coffer_error error = {0};
	coffer_outcome outcome;
	coffer_txn *txn;

	must(coffer_txn_begin_write(store, &txn, &error), &error);
	for (int i = from; i < to; i++) {
		char id[16], user[32];
		coffer_set sets[] = {{.column = 0}, {.column = 1}};

		snprintf(id, sizeof(id), "%d", i);
		snprintf(user, sizeof(user), "user %d", i);
		sets[0].value = text(id);
		sets[1].value = text(user);
		must(coffer_insert(txn, 0, sets, 2, COFFER_CONFLICT_FAIL, &outcome, &error), &error);
	}
	must(coffer_txn_commit(txn, &error), &error);
}

static void
make_store(void)
{
	coffer_load_options options = {.is_forced = true};
	coffer_error error = {0};
	coffer_schema *schema;

	must(coffer_schema_parse_prisma((coffer_text){prisma, strlen(prisma)}, "test", &schema, &error), &error);
	must(coffer_store_create(path, schema, &options, &error), &error);
	coffer_schema_free(schema);
}

static void
assert_user(coffer_cursor *cursor, const char *id, const char *user)
{
	const coffer_value key = text(id);
	coffer_error error = {0};
	const coffer_row *row;
	coffer_value value;

	must(coffer_cursor_get(cursor, 0, &key, &row, &error), &error);
	must(coffer_row_get(row, 1, &value, &error), &error);
	assert_int_equal(value.text.size, strlen(user));
	assert_memory_equal(value.text.data, user, value.text.size);
}

static void
it_goes_on_where_nobody_commits(void **state)
{
	coffer_error error = {0};
	coffer_store *store;
	coffer_cursor *cursor;
	coffer_txn *txn;
	bool is_same;

	(void)state;
	make_store();
	must(coffer_store_open_to_write(path, &store, &error), &error);
	write_rows(store, 0, 100);
	must(coffer_txn_begin(store, &txn, &error), &error);
	must(coffer_cursor_open(txn, 0, &cursor, &error), &error);
	assert_user(cursor, "5", "user 5");
	for (int i = 0; i < 200; i++) { /* more often than there are reader slots */
		coffer_txn_rest(txn);
		must(coffer_txn_resume(txn, &is_same, &error), &error);
		assert_true(is_same);
		assert_user(cursor, "5", "user 5");
		assert_user(cursor, "99", "user 99");
	}
	coffer_cursor_close(cursor);
	coffer_txn_end(txn);
	coffer_store_close(store);
}

static void
it_says_that_somebody_committed(void **state)
{
	coffer_error error = {0};
	coffer_store *store;
	coffer_cursor *cursor;
	coffer_txn *txn;
	bool is_same;

	(void)state;
	make_store();
	must(coffer_store_open_to_write(path, &store, &error), &error);
	for (int i = 0; i < 30; i++) {
		char last[16], user[32];

		snprintf(last, sizeof(last), "%d", i * 50 + 49);
		snprintf(user, sizeof(user), "user %s", last);
		must(coffer_txn_begin(store, &txn, &error), &error);
		must(coffer_cursor_open(txn, 0, &cursor, &error), &error);
		coffer_txn_rest(txn);
		write_rows(store, i * 50, i * 50 + 50);
		must(coffer_txn_resume(txn, &is_same, &error), &error);
		assert_false(is_same);
		coffer_cursor_close(cursor);
		coffer_txn_end(txn);
		must(coffer_txn_begin(store, &txn, &error), &error);
		must(coffer_cursor_open(txn, 0, &cursor, &error), &error);
		assert_user(cursor, last, user);
		assert_user(cursor, "3", "user 3");
		coffer_cursor_close(cursor);
		coffer_txn_end(txn);
	}
	coffer_store_close(store);
}

/* Pages that it reads while it does not rest are not used again; those that it let go of are. */
static uint64_t
size_after_writes(bool is_resting)
{
	coffer_store_facts facts;
	coffer_error error = {0};
	coffer_store *store;
	coffer_txn *txn;

	make_store();
	must(coffer_store_open_to_write(path, &store, &error), &error);
	write_rows(store, 0, 2000);
	must(coffer_txn_begin(store, &txn, &error), &error);
	if (is_resting)
		coffer_txn_rest(txn);
	for (int i = 0; i < 60; i++)
		write_rows(store, 2000 + i, 2001 + i);
	coffer_txn_end(txn);
	coffer_store_describe(store, &facts);
	coffer_store_close(store);
	return facts.file_size;
}

static void
what_rests_keeps_no_page(void **state)
{
	(void)state;
	assert_true(size_after_writes(true) < size_after_writes(false));
}

static int
setup(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/a.coffer", folder);
	snprintf(lock, sizeof(lock), "%s-lock", path);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	unlink(path);
	unlink(lock);
	rmdir(folder);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_goes_on_where_nobody_commits),
		cmocka_unit_test(it_says_that_somebody_committed),
		cmocka_unit_test(what_rests_keeps_no_page),
	};

	return cmocka_run_group_tests_name("rest", tests, setup, teardown);
}
