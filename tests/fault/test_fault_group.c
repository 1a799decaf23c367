/*
 * The n-th allocation or call into the file fails, for n = 0, 1, 2 ... while a group of pieces is written, one of which is
 * refused behind its first row, until all gets through. What each thread was told is so, whatever happened; and one failure
 * takes at most one piece with it, unless no transaction can begin any more.
 */
#include "tests/fault/inject.h"
#include "tests/support/must.h"
#include "tests/support/whole.h"

#include "store/store.h"

#include <stdio.h>

enum { PIECES = 5, REFUSED = 2, LONG_SIZE = 9000 };

static const char prisma[] = "model Row {\n  id Int @id\n  note String /// @coffer.interned\n  long String?\n}\n";
enum { ROW_ID, ROW_NOTE, ROW_LONG };

static char folder[] = "/tmp/coffer-fault.XXXXXX";
static char path[sizeof(folder) + 16];
static coffer_store *store;
static char long_text[LONG_SIZE];
static char old_bytes[256 << 10]; /* the store before each attempt */
static size_t old_size;

struct piece {
	int id;
	pthread_t thread;
	coffer_status status;
	coffer_error error;
};

/* ------------------------------------------------------------------ pieces */

static coffer_status
put_row(coffer_txn *txn, int id, coffer_error *error)
{
	char note[16];
	const coffer_set sets[] = {
		{.column = ROW_ID, .value = {.kind = COFFER_INT, .integer = id}},
		{.column = ROW_NOTE,
		 .value = {.kind = COFFER_TEXT,
			   .text = {note, (size_t)snprintf(note, sizeof(note), "note %d", id)}}},
		{.column = ROW_LONG, .value = {.kind = COFFER_TEXT, .text = {long_text, LONG_SIZE}}},
	};

	return coffer_insert(txn, 0, sets, id % 2 ? 3 : 2, COFFER_CONFLICT_FAIL, NULL, error);
}

static coffer_status
run_piece(coffer_txn *txn, void *context, coffer_error *error)
{
	const struct piece *piece = context;
	coffer_status status = put_row(txn, piece->id, error);

	return !status && piece->id == REFUSED ? put_row(txn, piece->id, error) : status;
}

static void *
run_thread(void *context)
{
	struct piece *piece = context;

	piece->status = coffer_group_write(store, run_piece, piece, &piece->error);
	return NULL;
}

/* All wait in the group when the call is chosen that fails. */
static void
run_group(struct piece pieces[PIECES], enum site site, long n)
{
	coffer_error error = {0};
	coffer_txn *txn;
	size_t waiting = 0;

	must(coffer_txn_begin_write(store, &txn, &error), &error);
	for (int i = 0; i < PIECES; i++) {
		pieces[i] = (struct piece){.id = i};
		assert_int_equal(pthread_create(&pieces[i].thread, NULL, run_thread, &pieces[i]), 0);
		while (waiting < (size_t)i + 1) {
			usleep(50);
			pthread_mutex_lock(&store->group.mutex);
			waiting = store->group.waiting;
			pthread_mutex_unlock(&store->group.mutex);
		}
	}
	countdown[site] = n;
	coffer_txn_end(txn);
	for (int i = 0; i < PIECES; i++)
		assert_int_equal(pthread_join(pieces[i].thread, NULL), 0);
	disarm();
}

/* ------------------------------------------------------------------ what became of them */

static bool
is_there(coffer_txn *txn, int id)
{
	const coffer_value key = {.kind = COFFER_INT, .integer = id};
	coffer_error error = {0};
	coffer_cursor *cursor;
	const coffer_row *row;
	coffer_status status;

	must(coffer_cursor_open(txn, 0, &cursor, &error), &error);
	status = coffer_cursor_get(cursor, 0, &key, &row, &error);
	coffer_cursor_close(cursor);
	assert_true(status == COFFER_OK || status == COFFER_NOT_FOUND);
	return !status;
}

static void
check_told(const struct piece *piece, enum site site, long n)
{
	coffer_status status = piece->status;
	bool is_right = site == SITE_MEMORY ? status == COFFER_NO_MEMORY
					    : status == COFFER_IO || (disk_code == ENOSPC &&
								      status == COFFER_FULL);

	if (!was_hit || !is_right || piece->error.status != status || !piece->error.message[0])
		fail_msg("call %ld: piece %d: status %d: %s", n, piece->id, status, piece->error.message);
}

static unsigned failed_alone, failed_together, saved;

/* How many failed that had done nothing wrong. */
static unsigned
check_pieces(const struct piece pieces[PIECES], enum site site, long n)
{
	coffer_error error = {0};
	unsigned failed = 0;
	coffer_txn *txn;

	must(coffer_txn_begin(store, &txn, &error), &error);
	for (int i = 0; i < PIECES; i++) {
		assert_int_equal(is_there(txn, i), !pieces[i].status);
		if (i == REFUSED && pieces[i].status == COFFER_CONFLICT)
			continue;
		assert_true(i != REFUSED || pieces[i].status);
		failed += pieces[i].status != COFFER_OK;
		if (pieces[i].status)
			check_told(&pieces[i], site, n);
	}
	coffer_txn_end(txn);
	return failed;
}

static void
make_store(void)
{
	coffer_schema *schema;
	coffer_error error = {0};
	FILE *file;

	must(coffer_schema_parse_prisma((coffer_text){prisma, sizeof(prisma) - 1}, "fault.prisma",
					&schema, &error),
	     &error);
	must(coffer_store_create(path, schema, NULL, &error), &error);
	coffer_schema_free(schema);
	file = fopen(path, "rb");
	assert_non_null(file);
	old_size = fread(old_bytes, 1, sizeof(old_bytes), file);
	assert_in_range(old_size, 1, sizeof(old_bytes) - 1);
	fclose(file);
}

static void
open_old(void)
{
	FILE *file = fopen(path, "wb");
	coffer_error error = {0};

	assert_non_null(file);
	assert_int_equal(fwrite(old_bytes, 1, old_size, file), old_size);
	assert_int_equal(fclose(file), 0);
	must(coffer_store_open_to_write(path, &store, &error), &error);
}

/* Nobody can begin, or nobody any more: nothing else fails with all. */
static void
check_together(const struct piece *piece, bool is_reopened, long n)
{
	const char *message = piece->error.message;

	if (!is_reopened && !strstr(message, "begin an edit") && !strstr(message, "no memory for"))
		fail_msg("call %ld: all failed: %s", n, message);
}

static bool
inject(enum site site, long n)
{
	struct piece pieces[PIECES], last = {.id = PIECES};
	coffer_error error = {0};
	unsigned failed;
	bool is_reopened;

	open_old();
	was_hit = false;
	run_group(pieces, site, n);
	/* After a meta page that was not written the store has to be opened again. */
	is_reopened = coffer_group_write(store, run_piece, &last, &error) != COFFER_OK;
	if (is_reopened) {
		error = (coffer_error){0};
		coffer_store_close(store);
		must(coffer_store_open_to_write(path, &store, &error), &error);
		must(coffer_group_write(store, run_piece, &last, &error), &error);
	}
	failed = check_pieces(pieces, site, n);
	saved += was_hit && !failed;
	failed_alone += failed == 1;
	failed_together += failed > 1;
	coffer_store_close(store);
	must_be_whole_at(path);
	if (failed > 1)
		check_together(&pieces[PIECES - 1], is_reopened, n);
	return was_hit;
}

static void
a_failure_takes_no_other_piece_with_it(void **state)
{
	static const struct {
		enum site site;
		int code;
	} ways[] = {{SITE_MEMORY, 0}, {SITE_DISK, EIO}, {SITE_DISK, ENOSPC}, {SITE_DISK, SHORT}};

	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		long n = 0;

		disk_code = ways[i].code;
		while (inject(ways[i].site, n))
			n++;
		assert_true(n > 20);
	}
	print_message("# %u took one piece, %u all that waited, %u none\n", failed_alone,
		      failed_together, saved);
	assert_true(failed_alone > 10 && failed_together > 2 && saved > 50);
}

static int
set_up(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof(path), "%s/store", folder);
	memset(long_text, 'l', LONG_SIZE);
	make_store();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failure_takes_no_other_piece_with_it),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
