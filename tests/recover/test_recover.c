/*
 * Recovery of stores that were damaged at random: every row that comes back is one that was there, with every value, and the
 * new store passes verify but for what refers to rows that are lost. An undamaged store comes back whole.
 */
#include "coffer.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	ROWS = 120,
	SEEDS = 60,
	PAGE = 4096,
};

static char folder[] = "/tmp/coffer-recover.XXXXXX";
static char whole[64], damaged[64], saved[64];
static coffer_error error;

static void
must(coffer_status status)
{
	if (status)
		fail_msg("%s: %s", error.place, error.message);
}

static uint32_t
draw(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*state >> 33);
}

/* Rows that came and went, so that pages are free and hold what was deleted. */
static void
delete_some(void)
{
	coffer_store *store;
	uint32_t table;

	must(coffer_store_open_to_write(whole, &store, &error));
	table = coffer_schema_find_table(coffer_store_schema(store), "LiteLLM_SpendLogs");
	for (uint64_t number = 1; number < ROWS; number += 3) {
		coffer_txn *txn;

		must(coffer_txn_begin_write(store, &txn, &error));
		must(coffer_delete(txn, table, number, &error));
		must(coffer_txn_commit(txn, &error));
	}
	coffer_store_close(store);
}

static uint8_t *
read_whole(size_t *size_out)
{
	struct stat facts;
	FILE *file = fopen(whole, "rb");
	uint8_t *bytes;

	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &facts), 0);
	bytes = malloc((size_t)facts.st_size);
	assert_non_null(bytes);
	*size_out = fread(bytes, 1, (size_t)facts.st_size, file);
	fclose(file);
	return bytes;
}

static void
write_damaged(const uint8_t *bytes, size_t size)
{
	FILE *file = fopen(damaged, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	fclose(file);
}

/* Bytes, whole pages, a meta, or the end of the file. */
static size_t
damage(uint8_t *bytes, size_t size, uint64_t *random)
{
	uint32_t kind = draw(random) % 5, count = draw(random) % 4 + 1;

	for (uint32_t i = 0; i < count; i++) {
		size_t page = draw(random) % (size / PAGE) * PAGE;

		if (kind == 0)
			bytes[draw(random) % size] ^= (uint8_t)(1u << draw(random) % 8);
		else if (kind == 1)
			for (size_t at = 0; at < PAGE; at++)
				bytes[page + at] = (uint8_t)draw(random);
		else if (kind == 2)
			memset(bytes + page, 0, PAGE);
		else if (kind == 3)
			bytes[draw(random) % (2 * PAGE)] ^= 0xff;
	}
	return kind == 4 ? size - draw(random) % (size / 2) : size;
}

struct opened {
	coffer_store *store;
	coffer_txn *txn;
};

static void
open_at(const char *path, struct opened *out)
{
	must(coffer_store_open(path, &out->store, &error));
	must(coffer_txn_begin(out->store, &out->txn, &error));
}

static void
close_opened(struct opened *opened)
{
	coffer_txn_end(opened->txn);
	coffer_store_close(opened->store);
}

static bool
is_equal(const coffer_value *left, const coffer_value *right)
{
	if (left->kind != right->kind)
		return false;
	if (left->kind == COFFER_NULL)
		return true;
	if (left->kind == COFFER_BOOL)
		return left->boolean == right->boolean;
	if (left->kind < COFFER_TEXT)
		return left->integer == right->integer;
	return left->text.size == right->text.size &&
	       (!left->text.size || !memcmp(left->text.data, right->text.data, left->text.size));
}

/* The same row by its key in the whole store. */
static void
must_have_been_there(struct opened *old, uint32_t number, const coffer_table *table,
		     const coffer_row *row)
{
	const coffer_index *index = &table->indexes[table->primary];
	coffer_value key[COFFER_KEY_COLUMNS_MAX], left, right;
	const coffer_row *found;
	coffer_cursor *cursor;

	for (size_t i = 0; i < index->key_column_count; i++)
		must(coffer_row_get(row, index->key_columns[i], &key[i], &error));
	must(coffer_cursor_open(old->txn, number, &cursor, &error));
	assert_int_equal(coffer_cursor_get(cursor, coffer_store_schema(old->store)->tables[number].primary,
					   key, &found, &error),
			 COFFER_OK);
	for (uint16_t i = 0; i < table->column_count; i++) {
		must(coffer_row_get(row, i, &left, &error));
		must(coffer_row_get(found, i, &right, &error));
		assert_true(is_equal(&left, &right));
	}
	coffer_cursor_close(cursor);
}

static void
compare_stores(void)
{
	const coffer_scan all = {.index = COFFER_NO_INDEX};
	struct opened old, new;
	coffer_status status;

	open_at(whole, &old);
	open_at(saved, &new);
	for (uint32_t t = 0; t < coffer_store_schema(new.store)->table_count; t++) {
		coffer_cursor *cursor;
		const coffer_row *row;

		must(coffer_cursor_open(new.txn, t, &cursor, &error));
		must(coffer_cursor_scan(cursor, &all, &error));
		while (!(status = coffer_cursor_next(cursor, &row, &error)))
			must_have_been_there(&old, t, &coffer_store_schema(new.store)->tables[t], row);
		assert_int_equal(status, COFFER_NOT_FOUND);
		coffer_cursor_close(cursor);
	}
	close_opened(&old);
	close_opened(&new);
}

/* What refers to a row that is lost is no fault of the recovery. */
static void
found(void *context, const coffer_finding *finding)
{
	(void)context;
	if (strcmp(finding->invariant, "I15") != 0)
		fail_msg("%s %s: %s", finding->invariant, finding->place, finding->message);
}

static void
must_be_sound(void)
{
	const coffer_verify_options options = {.found = found};
	coffer_verify_summary summary;

	must(coffer_verify(saved, &options, &summary, &error));
}

static void
count_lost(void *context, const char *place, const char *message)
{
	assert_true(*place && *message);
	++*(uint64_t *)context;
}

static coffer_status
recover(coffer_recover_summary *summary, uint64_t *lost)
{
	const coffer_recover_options options = {
		.is_forced = true,
		.lost = count_lost,
		.lost_context = lost,
	};

	*lost = 0;
	error = (coffer_error){0};
	return coffer_store_recover(damaged, saved, &options, summary, &error);
}

static void
a_whole_store_comes_back_whole(void **state)
{
	uint8_t before[COFFER_DIGEST_SIZE], after[COFFER_DIGEST_SIZE];
	coffer_recover_summary summary;
	struct opened opened;
	uint64_t lost;
	size_t size;
	uint8_t *bytes = read_whole(&size);

	(void)state;
	write_damaged(bytes, size);
	free(bytes);
	must(recover(&summary, &lost));
	assert_int_equal(lost, 0);
	assert_false(summary.is_mixed);
	open_at(whole, &opened);
	must(coffer_store_digest(opened.txn, before, &error));
	close_opened(&opened);
	open_at(saved, &opened);
	must(coffer_store_digest(opened.txn, after, &error));
	close_opened(&opened);
	assert_memory_equal(before, after, sizeof(before));
}

static void
what_comes_back_was_there(void **state)
{
	size_t size, recovered = 0;
	uint8_t *bytes = read_whole(&size), *copy = malloc(size);

	(void)state;
	assert_non_null(copy);
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		coffer_recover_summary summary;
		uint64_t random = seed, lost;
		coffer_status status;

		memcpy(copy, bytes, size);
		write_damaged(copy, damage(copy, size, &random));
		status = recover(&summary, &lost);
		assert_true(status == COFFER_OK || status == COFFER_CORRUPT ||
			    status == COFFER_UNSUPPORTED || status == COFFER_NOT_A_COFFER);
		if (status)
			continue;
		recovered++;
		must_be_sound();
		if (!summary.is_mixed)
			compare_stores();
	}
	assert_true(recovered > SEEDS / 2);
	free(bytes);
	free(copy);
}

/* Without a list of free pages a deleted row may come back; then it says so. */
static void
a_lost_free_list_is_told(void **state)
{
	coffer_recover_summary summary;
	uint64_t lost;
	size_t size;
	uint8_t *bytes = read_whole(&size);

	(void)state;
	memset(bytes + 40, 0xff, 48);
	memset(bytes + PAGE + 40, 0xff, 48);
	write_damaged(bytes, size);
	free(bytes);
	must(recover(&summary, &lost));
	assert_true(summary.is_mixed);
	must_be_sound();
}

static void
what_is_no_store_is_refused(void **state)
{
	static const uint8_t zeros[4 * PAGE];
	coffer_recover_summary summary;
	uint64_t lost;

	(void)state;
	write_damaged(zeros, sizeof(zeros));
	assert_int_equal(recover(&summary, &lost), COFFER_NOT_A_COFFER);
	write_damaged(zeros, 0);
	assert_int_equal(recover(&summary, &lost), COFFER_NOT_A_COFFER);
	unlink(damaged);
	assert_int_equal(recover(&summary, &lost), COFFER_IO);
}

static int
setup(void **state)
{
	const coffer_generate_options options = {.rows = ROWS, .seed = 4};

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(whole, sizeof(whole), "%s/whole", folder);
	(void)snprintf(damaged, sizeof(damaged), "%s/damaged", folder);
	(void)snprintf(saved, sizeof(saved), "%s/saved", folder);
	must(coffer_generate(whole, &options, &error));
	delete_some();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	unlink(whole);
	unlink(damaged);
	unlink(saved);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_store_comes_back_whole),
		cmocka_unit_test(what_comes_back_was_there),
		cmocka_unit_test(a_lost_free_list_is_told),
		cmocka_unit_test(what_is_no_store_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
