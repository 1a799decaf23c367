/*
 * The n-th allocation or call into the file fails, for n = 0, 1, 2 ... until a statement gets through. A statement that fails
 * before it writes leaves its transaction as it was, and made again it works; one that fails later ends it, and nothing of it
 * is there. A commit that fails leaves the store as it was, or as it was to be.
 */
#include "tests/fault/inject.h"
#include "tests/support/must.h"
#include "tests/support/whole.h"

#include "coffer.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	CHILDREN = 40, /* more than a plan looks at one after another */
	LONG_SIZE = 3000,
};

static const char prisma[] = "model Parent {\n"
			     "  id Int @id @default(autoincrement())\n  code String @unique\n  "
			     "note String? /// @coffer.interned\n"
			     "  long String?\n  a Child[]\n  b Orphan[]\n"
			     "}\n"
			     "/// @coffer.rollup hour -> amount\n"
			     "/// @coffer.rollup day code -> amount, id\n"
			     "model Child {\n"
			     "  id Int @id\n  code String\n  long String?\n"
			     "  at DateTime? /// @coffer.time\n  amount Float?\n"
			     "  parent Parent @relation(fields: [code], references: [code], "
			     "onDelete: Cascade, onUpdate: Cascade)\n"
			     "}\n"
			     "model Orphan {\n"
			     "  id Int @id\n  parent_id Int? @unique\n  count Int @default(0)\n  document Json?\n"
			     "  parent Parent? @relation(fields: [parent_id], references: [id], "
			     "onDelete: SetNull, onUpdate: SetNull)\n"
			     "}\n";
enum { PARENT, CHILD, ORPHAN };

static char folder[] = "/tmp/coffer-fault.XXXXXX";
static char path[sizeof(folder) + 16], copy_path[sizeof(folder) + 16];
static char *old_bytes; /* the store before each attempt */
static size_t old_size;
static char long_text[LONG_SIZE + 1];

static coffer_value
text(const char *data)
{
	return (coffer_value){.kind = COFFER_TEXT, .text = {data, strlen(data)}};
}

static coffer_value
integer(int64_t number)
{
	return (coffer_value){.kind = COFFER_INT, .integer = number};
}

/* ------------------------------------------------------------------ statements */

static coffer_status
insert(coffer_txn *txn, coffer_error *error)
{
	const coffer_set sets[] = {
		{.column = 1, .value = text("new code")},
		{.column = 2, .value = text("a note that no row has")},
		{.column = 3, .value = text(long_text)},
	};

	return coffer_insert(txn, PARENT, sets, 3, COFFER_CONFLICT_FAIL, NULL, error);
}

static coffer_status
insert_or_update(coffer_txn *txn, coffer_error *error)
{
	const coffer_set sets[] = {
		{.column = 0, .value = integer(1)},
		{.column = 1, .value = text("other code")},
		{.column = 2, .value = text("another note")},
	};

	return coffer_insert(txn, PARENT, sets, 3, COFFER_CONFLICT_UPDATE, NULL, error);
}

static coffer_status
update_key(coffer_txn *txn, coffer_error *error)
{
	const coffer_set sets[] = {
		{.column = 0, .is_increment = true, .value = integer(100)},
		{.column = 1, .value = text("moved")},
		{.column = 3, .value = text("short")},
	};

	return coffer_update(txn, PARENT, 1, sets, 3, error);
}

/* In place: nothing but the record depends on it. */
static coffer_status
count(coffer_txn *txn, coffer_error *error)
{
	const coffer_set set = {.column = 2, .is_increment = true, .value = integer(1)};

	return coffer_update(txn, ORPHAN, 1, &set, 1, error);
}

static coffer_status
update_document(coffer_txn *txn, coffer_error *error)
{
	static const char document[] = "{\"b\":1,\"a\":[2]}";
	const coffer_set set = {.column = 3,
				.value = {.kind = COFFER_JSON, .text = {document, sizeof(document) - 1}}};

	return coffer_update(txn, ORPHAN, 1, &set, 1, error);
}

static coffer_status
delete_all(coffer_txn *txn, coffer_error *error)
{
	return coffer_delete(txn, PARENT, 1, error);
}

static coffer_status
put_replica(coffer_txn *txn, coffer_error *error)
{
	const coffer_value values[] = {integer(2), text("p2"), text("from a source"),
				       text(long_text)};

	return coffer_replica_put(txn, PARENT, values, 1, error);
}

static coffer_status
delete_replica(coffer_txn *txn, coffer_error *error)
{
	return coffer_replica_delete(txn, CHILD, 8, error);
}

static coffer_status
add_step(coffer_txn *txn, coffer_error *error)
{
	coffer_fact facts[] = {{"step", "test"}};
	const coffer_step step = {facts, 1};

	return coffer_txn_add_step(txn, &step, error);
}

static coffer_status
set_sequence(coffer_txn *txn, coffer_error *error)
{
	return coffer_txn_set_sequence(txn, 0, 77, true, error);
}

static const struct statement {
	const char *name;
	coffer_status (*run)(coffer_txn *txn, coffer_error *error);
	bool is_content;      /* the content digest shows it */
	bool is_refused_late; /* the commit finds a key twice: the rows stay as they were */
	bool is_numbered;     /* a sequence gives another number to each attempt */
} statements[] = {
	{"insert", insert, true, false, true},
	{"insert or update", insert_or_update, true, false, false},
	{"update of a key", update_key, true, false, false},
	{"update of a counter", count, true, false, false},
	{"update of a document", update_document, true, false, false},
	{"delete", delete_all, true, false, false},
	{"replica", put_replica, true, true, false},
	{"replica gone", delete_replica, true, false, false},
	{"step", add_step, false, false, false},
	{"sequence", set_sequence, false, false, false},
};

/* ------------------------------------------------------------------ the store */

static void
fill(coffer_txn *txn)
{
	coffer_error error = {0};

	for (int i = 1; i <= 2; i++) {
		const coffer_set sets[] = {
			{.column = 1, .value = text(i == 1 ? "p1" : "p2")},
			{.column = 2, .value = text("a note")},
			{.column = 3, .value = text(long_text)},
		};

		must(coffer_insert(txn, PARENT, sets, 3, COFFER_CONFLICT_FAIL, NULL, &error),
		     &error);
	}
	for (int i = 1; i <= CHILDREN; i++) {
		const coffer_set sets[] = {
			{.column = 0, .value = integer(i)},
			{.column = 1, .value = text("p1")},
			{.column = 2, .value = text(i % 8 ? "short" : long_text)},
			{.column = 3, .value = {.kind = COFFER_TIME, .time = i * INT64_C(3000000000)}},
			{.column = 4, .value = {.kind = COFFER_FLOAT, .real = i / 4.0}},
		};

		must(coffer_insert(txn, CHILD, sets, 5, COFFER_CONFLICT_FAIL, NULL, &error),
		     &error);
	}
	for (int i = 1; i <= 2; i++) {
		const coffer_set sets[] = {{.column = 0, .value = integer(i)},
					   {.column = 1, .value = integer(i)}};

		must(coffer_insert(txn, ORPHAN, sets, 2, COFFER_CONFLICT_FAIL, NULL, &error),
		     &error);
	}
}

static void
make_old(void)
{
	coffer_schema *schema;
	coffer_store *store;
	coffer_txn *txn;
	coffer_error error = {0};
	struct stat facts;
	FILE *file;

	must(coffer_schema_parse_prisma((coffer_text){prisma, sizeof(prisma) - 1}, "fault.prisma",
					&schema, &error),
	     &error);
	must(coffer_store_create(path, schema, NULL, &error), &error);
	coffer_schema_free(schema);
	must(coffer_store_open_to_write(path, &store, &error), &error);
	must(coffer_txn_begin_write(store, &txn, &error), &error);
	fill(txn);
	must(coffer_txn_commit(txn, &error), &error);
	coffer_store_close(store);
	assert_int_equal(stat(path, &facts), 0);
	old_size = (size_t)facts.st_size;
	old_bytes = malloc(old_size);
	file = fopen(path, "rb");
	assert_int_equal(fread(old_bytes, 1, old_size, file), old_size);
	fclose(file);
}

static void
restore_old(void)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(old_bytes, 1, old_size, file), old_size);
	assert_int_equal(fclose(file), 0);
}

/* The store is whole, and in the state of this digest. */
static void
check_state(const uint8_t wanted[COFFER_DIGEST_SIZE], const char *what, long n)
{
	uint8_t digest[COFFER_DIGEST_SIZE];

	must_be_whole_at(path);
	must_digest(path, digest);
	if (memcmp(digest, wanted, sizeof(digest)) != 0)
		fail_msg("%s: call %ld: the store is in another state", what, n);
}

/* The failure is told, as what it is. */
static void
check_told(coffer_status status, const coffer_error *error, enum site site, const char *what,
	   long n)
{
	bool is_right = site == SITE_MEMORY ? status == COFFER_NO_MEMORY
					    : status == COFFER_IO || (disk_code == ENOSPC &&
								      status == COFFER_FULL);

	if (!was_hit || !is_right || error->status != status || !error->message[0])
		fail_msg("%s: call %ld: status %d: %s: %s", what, n, status, error->place,
			 error->message);
}

/* ------------------------------------------------------------------ statements that fail */

static uint8_t old_digest[COFFER_DIGEST_SIZE], new_digest[COFFER_DIGEST_SIZE];

/* Both states of a statement. */
static void
learn_digests(const struct statement *statement)
{
	coffer_store *store;
	coffer_txn *txn;
	coffer_error error = {0};
	coffer_status status;

	restore_old();
	must_digest(path, old_digest);
	must(coffer_store_open_to_write(path, &store, &error), &error);
	must(coffer_txn_begin_write(store, &txn, &error), &error);
	must(statement->run(txn, &error), &error);
	status = coffer_txn_commit(txn, &error);
	assert_int_equal(status, statement->is_refused_late ? COFFER_CONFLICT : COFFER_OK);
	coffer_store_close(store);
	must_digest(path, new_digest);
	if ((memcmp(old_digest, new_digest, sizeof(new_digest)) != 0) !=
	    (statement->is_content && !statement->is_refused_late))
		fail_msg("%s: the digest tells otherwise", statement->name);
}

static unsigned gone_on, ended; /* transactions after a failure */

/*
 * After a failure: what was not written yet can be tried again, else the commit says the same. True when it was committed,
 * which takes the disk its time and is done now and then.
 */
static bool
go_on(const struct statement *statement, coffer_txn *txn, coffer_status status, long n)
{
	coffer_error error = {0};
	coffer_status again = statement->run(txn, &error);

	if (!again) {
		gone_on++;
		if (n % 5) {
			coffer_txn_end(txn);
			return false;
		}
		again = coffer_txn_commit(txn, &error);
		assert_int_equal(again, statement->is_refused_late ? COFFER_CONFLICT : COFFER_OK);
		return true;
	}
	ended++;
	assert_int_equal(again, status);
	assert_non_null(strstr(error.message, "the transaction has failed before"));
	assert_int_equal(coffer_txn_commit(txn, NULL), status);
	return false;
}

/* False when the statement got through without being hit. */
static bool
inject_into_statement(const struct statement *statement, enum site site, long n)
{
	coffer_store *store;
	coffer_txn *txn;
	coffer_error error = {0};
	bool is_done = true;
	coffer_status status;

	restore_old();
	must(coffer_store_open_to_write(path, &store, &error), &error);
	must(coffer_txn_begin_write(store, &txn, &error), &error);
	was_hit = false;
	countdown[site] = n;
	status = statement->run(txn, &error);
	disarm();
	if (status) {
		check_told(status, &error, site, statement->name, n);
		is_done = go_on(statement, txn, status, n);
	} else {
		/* What failed was a cache, which nobody needs. */
		assert_true(!was_hit || site == SITE_MEMORY);
		status = coffer_txn_commit(txn, &error);
		assert_int_equal(status, statement->is_refused_late ? COFFER_CONFLICT : COFFER_OK);
	}
	coffer_store_close(store);
	if (is_done && statement->is_numbered)
		must_be_whole_at(path);
	else
		check_state(is_done ? new_digest : old_digest, statement->name, n);
	return was_hit;
}

static void
statements_fail_whole_or_not_at_all(void **state)
{
	(void)state;
	for (size_t s = 0; s < sizeof(statements) / sizeof(statements[0]); s++) {
		learn_digests(&statements[s]);
		for (enum site site = 0; site < SITES; site++) {
			long n = 0;

			while (inject_into_statement(&statements[s], site, n))
				n++;
			if (n < 1)
				fail_msg("%s: nothing failed", statements[s].name);
		}
	}
	assert_true(gone_on > 100 && ended > 100);
}

/* ------------------------------------------------------------------ commits that fail */

static unsigned reopened;

/* Begin a transaction with every statement's kind of change, and let the commit or the beginning fail. */
static bool
inject_into_commit(enum site site, long n, bool is_begin)
{
	const struct statement *statement = &statements[2];
	coffer_store *store = NULL;
	coffer_txn *txn = NULL;
	coffer_error error = {0}, later = {0};
	coffer_status status = COFFER_OK;

	restore_old();
	was_hit = false;
	if (!is_begin)
		must(coffer_store_open_to_write(path, &store, &error), &error);
	countdown[site] = is_begin ? n : -1;
	if (is_begin)
		status = coffer_store_open_to_write(path, &store, &error);
	if (!status)
		status = coffer_txn_begin_write(store, &txn, &error);
	disarm();
	if (!status)
		must(statement->run(txn, &later), &later);
	countdown[site] = is_begin ? -1 : n;
	if (!status)
		status = coffer_txn_commit(txn, &error);
	disarm();
	if (status) {
		check_told(status, &error, site, is_begin ? "begin" : "commit", n);
		if (is_begin && !store)
			must(coffer_store_open_to_write(path, &store, &later), &later);
		/* After a meta page that was not written the store has to be opened again. */
		if (coffer_txn_begin_write(store, &txn, &later)) {
			reopened++;
			later = (coffer_error){0};
			coffer_store_close(store);
			must(coffer_store_open_to_write(path, &store, &later), &later);
			must(coffer_txn_begin_write(store, &txn, &later), &later);
		}
		must(statement->run(txn, &later), &later);
		must(coffer_txn_commit(txn, &later), &later);
	}
	coffer_store_close(store);
	check_state(new_digest, is_begin ? "begin" : "commit", n);
	return was_hit;
}

static void
commits_fail_whole_or_not_at_all(void **state)
{
	static const int codes[] = {EIO, ENOSPC, EINTR, SHORT};

	(void)state;
	learn_digests(&statements[2]);
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		disk_code = codes[i];
		for (enum site site = 0; site < SITES; site++)
			for (int is_begin = 0; is_begin < 2; is_begin++) {
				long n = 0;

				while (inject_into_commit(site, n, is_begin))
					n++;
				assert_true(n >= 2);
			}
	}
	disk_code = EIO;
	assert_true(reopened > 0);
}

/* ------------------------------------------------------------------ copies that fail */

static bool
inject_into_copy(enum site site, long n)
{
	coffer_store *store;
	coffer_error error = {0};
	coffer_status status;

	must(coffer_store_open_to_write(path, &store, &error), &error);
	was_hit = false;
	countdown[site] = n;
	status = coffer_store_copy(store, copy_path, NULL, &error);
	disarm();
	coffer_store_close(store);
	if (status) {
		check_told(status, &error, site, "copy", n);
		if (!strstr(error.message, "the new file is in its place"))
			assert_int_not_equal(access(copy_path, F_OK), 0);
	} else {
		must_be_whole_at(copy_path);
	}
	(void)unlink(copy_path);
	check_state(old_digest, "copy", n);
	return was_hit;
}

static void
copies_fail_whole_or_not_at_all(void **state)
{
	(void)state;
	restore_old();
	must_digest(path, old_digest);
	for (enum site site = 0; site < SITES; site++) {
		long n = 0;

		while (inject_into_copy(site, n))
			n++;
		assert_true(n > 5);
	}
}

static int
set_up(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof(path), "%s/store", folder);
	(void)snprintf(copy_path, sizeof(copy_path), "%s/copy", folder);
	memset(long_text, 'l', LONG_SIZE);
	make_old();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	free(old_bytes);
	unlink(path);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statements_fail_whole_or_not_at_all),
		cmocka_unit_test(commits_fail_whole_or_not_at_all),
		cmocka_unit_test(copies_fail_whole_or_not_at_all),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
