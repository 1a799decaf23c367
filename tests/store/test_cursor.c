/*
 * Cursors against a model: whatever a scan, lookup or relation gives equals what a loop over an array of the same
 * rows gives. And the content digest.
 */
#include "format/checksum.h"
#include "format/key.h"
#include "store/store.h"
#include "tests/support/bare.h"
#include "tests/support/must.h"
#include "tests/support/recipe.h"
#include "tests/support/small.h"

#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/coffer-cursor.XXXXXX";
static char path[64];

static uint32_t
draw(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static const char log_prisma[] = "model Log {\n"
				 "  id    String   @id\n"
				 "  user  String?  /// @coffer.interned\n"
				 "  at    DateTime /// @coffer.time\n"
				 "  n     Int?\n"
				 "  ratio Float?\n"
				 "  ok    Boolean\n"
				 "  @@index([user])\n"
				 "  @@index([n])\n"
				 "  @@index([ratio])\n"
				 "  @@index([user, n])\n"
				 "  @@index([ok, ratio])\n"
				 "}\n";

enum { LOG_ID, LOG_USER, LOG_AT, LOG_N, LOG_RATIO, LOG_OK, LOG_COLUMNS };
enum {
	ROWS = 300,
	USERS = 4,
	SCANS = 4000,
	LOG_SEED = 1,
};

/* A row of the model; numbers are from 1. */
struct model_row {
	uint64_t number;
	char id[16];
	coffer_value values[LOG_COLUMNS];
};

static struct model_row model[ROWS];
static const char *const users[USERS] = {"u0", "u1", "u2", ""};
static uint32_t user_rank[USERS + 1]; /* order of first appearance; the last is NULL's */

/* ------------------------------------------------------------------ the model */

static coffer_value
draw_user(uint32_t *random)
{
	uint32_t user = draw(random) % (USERS + 1);

	if (user == USERS)
		return (coffer_value){.kind = COFFER_NULL};
	return (coffer_value){.kind = COFFER_TEXT, .text = {users[user], strlen(users[user])}};
}

static coffer_value
draw_value(uint16_t column, uint32_t *random)
{
	static const double reals[] = {
		-1.5, -0.0, 0.0, 2.5, 1e300, (double)NAN, (double)INFINITY, (double)-INFINITY};

	if ((column == LOG_N || column == LOG_RATIO) && draw(random) % 5 == 0)
		return (coffer_value){.kind = COFFER_NULL};
	switch (column) {
	case LOG_USER:
		return draw_user(random);
	case LOG_AT:
		return (coffer_value){.kind = COFFER_TIME,
				      .time = (int64_t)(draw(random) % 20) - 10};
	case LOG_N:
		return (coffer_value){.kind = COFFER_INT,
				      .integer = (int64_t)(draw(random) % 7) - 3};
	case LOG_RATIO:
		return (coffer_value){.kind = COFFER_FLOAT, .real = reals[draw(random) % 8]};
	default:
		return (coffer_value){.kind = COFFER_BOOL, .boolean = draw(random) % 2};
	}
}

static void
fill_model(void)
{
	uint32_t random = 5, rank = 1;

	memset(user_rank, 0, sizeof(user_rank));
	for (uint32_t i = 0; i < ROWS; i++) {
		struct model_row *row = &model[i];

		row->number = i + 1;
		(void)snprintf(row->id, sizeof(row->id), "log-%u", i);
		row->values[LOG_ID] =
			(coffer_value){.kind = COFFER_TEXT, .text = {row->id, strlen(row->id)}};
		for (uint16_t column = LOG_USER; column < LOG_COLUMNS; column++)
			row->values[column] = draw_value(column, &random);
		for (size_t u = 0; u < USERS; u++)
			if (row->values[LOG_USER].kind &&
			    row->values[LOG_USER].text.data == users[u] && !user_rank[u])
				user_rank[u] = rank++;
	}
}

static uint32_t
rank_of(const coffer_value *user)
{
	for (size_t u = 0; user->kind && u < USERS; u++)
		if (user->text.data == users[u])
			return user_rank[u];
	return 0;
}

static int
compare_reals(double left, double right)
{
	if (left != left || right != right)
		return (left != left) - (right != right);
	return (left > right) - (left < right);
}

/* Index order: NULL first, texts by code, NaN last. */
static int
compare_values(const coffer_value *left, const coffer_value *right)
{
	if (left->kind == COFFER_NULL || right->kind == COFFER_NULL)
		return (left->kind != COFFER_NULL) - (right->kind != COFFER_NULL);
	switch (left->kind) {
	case COFFER_BOOL:
		return left->boolean - right->boolean;
	case COFFER_FLOAT:
		return compare_reals(left->real, right->real);
	case COFFER_TEXT:
		return (rank_of(left) > rank_of(right)) - (rank_of(left) < rank_of(right));
	default:
		return (left->integer > right->integer) - (left->integer < right->integer);
	}
}

static const coffer_index *sort_index;

static int
compare_rows(const void *left, const void *right)
{
	const struct model_row *const *a = left, *const *b = right;
	int order = 0;

	for (size_t i = 0; sort_index && !order && i < sort_index->key_column_count; i++)
		order = compare_values(&(*a)->values[sort_index->key_columns[i]],
				       &(*b)->values[sort_index->key_columns[i]]);
	return order ? order : ((*a)->number > (*b)->number) - ((*a)->number < (*b)->number);
}

static bool
matches(const struct model_row *row, const coffer_index *index, const coffer_scan *scan)
{
	const coffer_value *next;

	for (size_t i = 0; i < scan->equal_count; i++)
		if (compare_values(&row->values[index->key_columns[i]], &scan->equal[i]) != 0)
			return false;
	if (!scan->from && !scan->to)
		return true;
	next = &row->values[index->key_columns[scan->equal_count]];
	return next->kind != COFFER_NULL &&
	       (!scan->from || compare_values(next, scan->from) >= 0) &&
	       (!scan->to || compare_values(next, scan->to) < 0);
}

/* What the scan must give, in order. */
static size_t
scan_model(const coffer_index *index, const coffer_scan *scan, const struct model_row **out)
{
	size_t count = 0;

	for (size_t i = 0; i < ROWS; i++)
		if (!index || matches(&model[i], index, scan))
			out[count++] = &model[i];
	sort_index = index;
	qsort(out, count, sizeof(struct model_row *), compare_rows);
	for (size_t i = 0; scan->is_reverse && i < count / 2; i++) {
		const struct model_row *swap = out[i];

		out[i] = out[count - 1 - i];
		out[count - 1 - i] = swap;
	}
	return count;
}

/* ------------------------------------------------------------------ the store */

struct log {
	coffer_store *store;
	coffer_txn *txn;
	coffer_cursor *cursor;
	const coffer_table *table;
};

/* Load the model's rows in the order of `order`, or as they are. */
static void
write_log(const uint32_t *order, uint64_t seed)
{
	coffer_load_options options = {.is_forced = true, .has_seed = true, .seed = seed};
	coffer_schema *schema;
	coffer_error error = {0};
	coffer_load *load;

	must(coffer_schema_parse_prisma((coffer_text){log_prisma, strlen(log_prisma)}, "log.prisma",
					&schema, &error),
	     &error);
	must(coffer_load_begin(path, schema, &options, &load, &error), &error);
	must(coffer_load_table(load, 0, &error), &error);
	for (size_t i = 0; i < ROWS; i++)
		must(coffer_load_row(load, model[order ? order[i] : i].values, &error), &error);
	must(coffer_load_finish(load, &error), &error);
	coffer_schema_free(schema);
}

static void
open_log(struct log *log)
{
	coffer_error error = {0};

	must(coffer_store_open(path, &log->store, &error), &error);
	must(coffer_txn_begin(log->store, &log->txn, &error), &error);
	must(coffer_cursor_open(log->txn, 0, &log->cursor, &error), &error);
	log->table = &coffer_store_schema(log->store)->tables[0];
}

static void
close_log(struct log *log)
{
	coffer_cursor_close(log->cursor);
	coffer_txn_end(log->txn);
	coffer_store_close(log->store);
}

/* An entry says of its row what the row says; floats it cannot. */
static void
check_entry(struct log *log, const coffer_index *index, const coffer_row *row)
{
	coffer_value own, said;
	coffer_error error = {0};

	for (size_t i = 0; i < index->key_column_count; i++) {
		uint16_t column = index->key_columns[i];

		if (log->table->columns[column].kind == COFFER_FLOAT) {
			assert_int_equal(coffer_cursor_key(log->cursor, i, &said, &error), COFFER_INVALID);
			memset(&error, 0, sizeof(error));
			continue;
		}
		must(coffer_cursor_key(log->cursor, i, &said, &error), &error);
		must(coffer_row_get(row, column, &own, &error), &error);
		assert_true(coffer_key_is_equal(&own, &said));
	}
	assert_int_equal(coffer_cursor_key(log->cursor, index->key_column_count, &said, &error), COFFER_INVALID);
}

/* Rows that are passed over are as many as a scan gives, and what follows them is the next one. */
static void
check_passing(struct log *log, const coffer_scan *scan, const struct model_row **expected,
	      size_t count)
{
	uint64_t number, passed;
	coffer_error error = {0};
	const coffer_row *row;
	size_t i = 0;

	must(coffer_cursor_scan(log->cursor, scan, &error), &error);
	while (i < count) {
		for (size_t times = 1 + i % 7; times-- && i < count;) {
			must(coffer_cursor_next_number(log->cursor, &number, &error), &error);
			assert_int_equal(number, expected[i++]->number);
		}
		must(coffer_cursor_pass(log->cursor, &passed, &error), &error);
		i += passed;
		if (passed)
			assert_int_equal(coffer_cursor_row(log->cursor, &row, &error), COFFER_INVALID);
	}
	assert_int_equal(i, count);
	assert_int_equal(coffer_cursor_next_number(log->cursor, &number, &error), COFFER_NOT_FOUND);
	assert_int_equal(coffer_cursor_pass(log->cursor, &passed, &error), COFFER_INVALID);
}

static void
check_scan(struct log *log, const coffer_scan *scan)
{
	static const struct model_row *expected[ROWS];
	const coffer_index *index =
		scan->index == COFFER_NO_INDEX ? NULL : &log->table->indexes[scan->index];
	size_t count = scan_model(index, scan, expected);
	coffer_error error = {0};
	const coffer_row *row;
	uint64_t number;

	must(coffer_cursor_scan(log->cursor, scan, &error), &error);
	for (size_t i = 0; i < count; i++) {
		coffer_value id;

		must(coffer_cursor_next(log->cursor, &row, &error), &error);
		assert_int_equal(coffer_row_number(row), expected[i]->number);
		must(coffer_row_get(row, LOG_ID, &id, &error), &error);
		assert_int_equal(id.text.size, strlen(expected[i]->id));
		assert_memory_equal(id.text.data, expected[i]->id, id.text.size);
	}
	assert_int_equal(coffer_cursor_next(log->cursor, &row, &error), COFFER_NOT_FOUND);
	assert_int_equal(coffer_cursor_next(log->cursor, &row, &error), COFFER_NOT_FOUND);
	assert_null(row);
	must(coffer_cursor_scan(log->cursor, scan, &error), &error);
	for (size_t i = 0; i < count; i++) {
		must(coffer_cursor_next_number(log->cursor, &number, &error), &error);
		assert_int_equal(number, expected[i]->number);
		for (size_t times = i % 3; times--;) {
			must(coffer_cursor_row(log->cursor, &row, &error), &error);
			assert_int_equal(coffer_row_number(row), number);
			if (index)
				check_entry(log, index, row);
		}
	}
	assert_int_equal(coffer_cursor_next_number(log->cursor, &number, &error), COFFER_NOT_FOUND);
	assert_int_equal(number, 0);
	check_passing(log, scan, expected, count);
}

/* Keys of numbers below zero, NaN and NULL are what verify derives in other code. */
static void
is_sound(void **state)
{
	coffer_verify_summary summary;
	coffer_error error = {0};

	(void)state;
	must(coffer_verify(path, NULL, &summary, &error), &error);
	assert_int_equal(summary.findings, 0);
	assert_int_equal(summary.rows, ROWS);
}

/* ------------------------------------------------------------------ scans */

static void
scans_all_rows(void **state)
{
	struct log log;

	(void)state;
	open_log(&log);
	check_scan(&log, &(coffer_scan){.index = COFFER_NO_INDEX});
	check_scan(&log, &(coffer_scan){.index = COFFER_NO_INDEX, .is_reverse = true});
	close_log(&log);
}

static void
refuse_row(struct log *log)
{
	coffer_error error = {0};
	const coffer_row *row;

	assert_int_equal(coffer_cursor_row(log->cursor, &row, &error), COFFER_INVALID);
	assert_null(row);
	assert_true(error.message[0]);
}

/* Before the first entry, behind the last one, and where a lookup has ended the scan. */
static void
gives_no_row_where_the_scan_has_none(void **state)
{
	const coffer_scan scans[] = {{.index = COFFER_NO_INDEX}, {.index = 1}};
	coffer_error error = {0};
	const coffer_row *row;
	struct log log;
	uint64_t number;

	(void)state;
	open_log(&log);
	refuse_row(&log);
	for (size_t i = 0; i < sizeof(scans) / sizeof(scans[0]); i++) {
		must(coffer_cursor_scan(log.cursor, &scans[i], &error), &error);
		refuse_row(&log);
		while (!coffer_cursor_next_number(log.cursor, &number, &error))
			must(coffer_cursor_row(log.cursor, &row, &error), &error);
		refuse_row(&log);
		must(coffer_cursor_scan(log.cursor, &scans[i], &error), &error);
		must(coffer_cursor_next_number(log.cursor, &number, &error), &error);
		must(coffer_cursor_get_number(log.cursor, 2, &row, &error), &error);
		refuse_row(&log);
	}
	close_log(&log);
}

/* Change the last byte of a row's id in the file, under whoever has it open. */
static void
damage_row(size_t number)
{
	static char bytes[1 << 20];
	const char *id = model[number - 1].id;
	size_t size, length = strlen(id), found = 0;
	FILE *file = fopen(path, "r+b");

	assert_non_null(file);
	size = fread(bytes, 1, sizeof(bytes), file);
	assert_in_range(size, 1, sizeof(bytes) - 1);
	for (size_t at = 0; at + length < size; at++) {
		if (memcmp(bytes + at, id, length) != 0)
			continue;
		found++;
		assert_int_equal(fseek(file, (long)(at + length - 1), SEEK_SET), 0);
		assert_int_equal(fputc('x', file), 'x');
	}
	assert_int_equal(found, 1);
	assert_int_equal(fclose(file), 0);
}

/* The rows up to `last`, in order; returns what the last one came to. */
static coffer_status
read_rows(struct log *log, uint16_t index, size_t last)
{
	const coffer_scan scan = {.index = index};
	coffer_status status = COFFER_OK;
	coffer_error error = {0};
	const coffer_row *row;

	must(coffer_cursor_scan(log->cursor, &scan, &error), &error);
	for (size_t i = 0; !status && i < last; i++)
		status = coffer_cursor_next(log->cursor, &row, &error);
	return status;
}

/* By then a cursor has come to remember which rows it has read. */
enum { TIMES = 6 };

/* Of rows with an odd number and an even one. */
static void
checks_each_row_that_it_was_not_given_before(void **state)
{
	(void)state;
	for (size_t last = ROWS - 1; last <= ROWS; last++) {
		struct log log;

		write_log(NULL, LOG_SEED);
		open_log(&log);
		for (int times = 0; times < TIMES; times++)
			assert_int_equal(read_rows(&log, COFFER_NO_INDEX, last - 1), COFFER_OK);
		damage_row(last);
		assert_int_equal(read_rows(&log, COFFER_NO_INDEX, last - 1), COFFER_OK);
		assert_int_equal(read_rows(&log, COFFER_NO_INDEX, last), COFFER_CORRUPT);
		assert_int_equal(read_rows(&log, 2, ROWS), COFFER_CORRUPT);
		close_log(&log);
	}
}

/* What is there to be gained is that no checksum is looked at: so the damage of a row shows in another snapshot only, and to
 * who looks the row up. */
static void
checks_a_row_once_a_snapshot(void **state)
{
	coffer_error error = {0};
	const coffer_row *row;
	struct log log;

	(void)state;
	open_log(&log);
	for (int times = 0; times < TIMES; times++)
		assert_int_equal(read_rows(&log, 2, ROWS), COFFER_OK);
	damage_row(ROWS);
	assert_int_equal(read_rows(&log, 2, ROWS), COFFER_OK);
	assert_int_equal(read_rows(&log, COFFER_NO_INDEX, ROWS), COFFER_OK);
	assert_int_equal(coffer_cursor_get_number(log.cursor, ROWS, &row, &error), COFFER_CORRUPT);
	close_log(&log);
	open_log(&log);
	assert_int_equal(read_rows(&log, 2, ROWS), COFFER_CORRUPT);
	close_log(&log);
}

/* A page that is read anew may be another one. */
static void
remembers_no_row_of_a_file_that_is_read(void **state)
{
	coffer_origin origin = {.cache_size_max = 1};
	coffer_error error = {0};
	struct stat facts;
	struct log log;

	(void)state;
	origin.fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(fstat(origin.fd, &facts), 0);
	origin.size = (uint64_t)facts.st_size;
	must(coffer_store_open_origin(&origin, &log.store, &error), &error);
	must(coffer_txn_begin(log.store, &log.txn, &error), &error);
	must(coffer_cursor_open(log.txn, 0, &log.cursor, &error), &error);
	for (int times = 0; times < TIMES; times++)
		assert_int_equal(read_rows(&log, COFFER_NO_INDEX, ROWS), COFFER_OK);
	assert_null(log.cursor->checked.bits);
	close_log(&log);
	assert_int_equal(close(origin.fd), 0);
}

/* Where pages are linked falsely two ways may lead to two records of one number, one of which was never looked at. */
static void
opens_no_record_shorter_than_its_checksum(void **state)
{
	/* A record of NULLs. */
	static const uint8_t bytes[] = {
		[COFFER_CHECKSUM_SIZE] = 0x90 | LOG_COLUMNS, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0};
	coffer_error error = {0};
	struct coffer_row row;
	struct log log;

	(void)state;
	open_log(&log);
	must(coffer_row_init(&row, log.txn, 0, &error), &error);
	must(coffer_row_open(&row, 1, (struct coffer_bytes){bytes, sizeof(bytes)}, &error), &error);
	for (size_t size = 0; size < sizeof(bytes); size++)
		assert_int_equal(coffer_row_open(&row, 1, (struct coffer_bytes){bytes, size}, NULL),
				 COFFER_CORRUPT);
	coffer_row_release(&row);
	close_log(&log);
}

static coffer_value
draw_bound(uint16_t column, uint32_t *random)
{
	coffer_value value;

	do
		value = draw_value(column, random);
	while (value.kind == COFFER_NULL);
	return value;
}

static void
draw_scan(struct log *log, uint32_t *random)
{
	uint16_t number = (uint16_t)(1 + draw(random) % (log->table->index_count - 1));
	const coffer_index *index = &log->table->indexes[number];
	coffer_value equal[COFFER_KEY_COLUMNS_MAX], from, to;
	coffer_scan scan = {.index = number, .equal = equal, .is_reverse = draw(random) % 2};
	uint16_t next;

	scan.equal_count = draw(random) % (index->key_column_count + 1);
	for (size_t i = 0; i < scan.equal_count; i++)
		equal[i] = draw_value(index->key_columns[i], random);
	next = scan.equal_count < index->key_column_count ? index->key_columns[scan.equal_count]
							  : LOG_USER;
	if (next != LOG_USER && draw(random) % 3) {
		from = draw_bound(next, random);
		to = draw_bound(next, random);
		scan.from = draw(random) % 3 ? &from : NULL;
		scan.to = draw(random) % 3 ? &to : NULL;
	}
	check_scan(log, &scan);
}

/* One step of a scan, whichever; `*at` is how many entries it has given. */
static void
step_somehow(struct log *log, const struct model_row *const *expected, size_t count, size_t *at,
	     uint32_t *random)
{
	uint32_t way = draw(random) % 8;
	const struct model_row *stands = *at < count ? expected[*at] : NULL;
	coffer_status status;
	coffer_error error = {0};
	const coffer_row *row;
	uint64_t number = 0;

	if (!way && *at && !coffer_cursor_pass(log->cursor, &number, &error)) {
		*at += number;
	} else if (way < 5) {
		status = coffer_cursor_next_number(log->cursor, &number, &error);
		assert_int_equal(status, stands ? COFFER_OK : COFFER_NOT_FOUND);
		assert_int_equal(number, stands ? stands->number : 0);
		++*at;
	} else {
		status = coffer_cursor_next(log->cursor, &row, &error);
		assert_int_equal(status, stands ? COFFER_OK : COFFER_NOT_FOUND);
		assert_true(stands ? coffer_row_number(row) == stands->number : !row);
		++*at;
	}
}

/* End it by another scan, by a lookup, or where it ends. */
static void
leave_somewhere(struct log *log, const coffer_scan *scan, const struct model_row *const *expected,
		size_t count, uint32_t *random)
{
	size_t at = 0, last = draw(random) % (count + 2);
	uint64_t number = 1 + draw(random) % ROWS;
	coffer_error error = {0};
	const coffer_row *row;

	must(coffer_cursor_scan(log->cursor, scan, &error), &error);
	while (at < last)
		step_somehow(log, expected, count, &at, random);
	if (draw(random) % 2)
		return;
	if (draw(random) % 2)
		must(coffer_cursor_get_number(log->cursor, number, &row, &error), &error);
	else
		must(coffer_cursor_get(log->cursor, log->table->primary,
				       &model[number - 1].values[LOG_ID], &row, &error),
		     &error);
	assert_int_equal(coffer_row_number(row), number);
	assert_int_equal(coffer_cursor_next_number(log->cursor, &number, &error), COFFER_NOT_FOUND);
	assert_int_equal(number, 0);
}

/* What one scan has at hand is nothing to the next one. */
static void
scans_follow_scans_that_were_left(void **state)
{
	static const struct model_row *expected[ROWS];
	uint32_t random = 23;
	struct log log;

	(void)state;
	open_log(&log);
	for (int i = 0; i < SCANS; i++) {
		uint16_t index = (uint16_t)(draw(&random) % log.table->index_count);
		coffer_value equal;
		coffer_scan scan = {.index = index ? index : COFFER_NO_INDEX,
				    .equal = &equal,
				    .equal_count = index ? draw(&random) % 2 : 0,
				    .is_reverse = draw(&random) % 2};

		if (scan.equal_count)
			equal = draw_value(log.table->indexes[index].key_columns[0], &random);
		leave_somewhere(&log, &scan, expected,
				scan_model(index ? &log.table->indexes[index] : NULL, &scan, expected),
				&random);
	}
	close_log(&log);
}

static void
scans_equal_the_model(void **state)
{
	uint32_t random = 17;
	struct log log;

	(void)state;
	open_log(&log);
	for (int i = 0; i < SCANS; i++)
		draw_scan(&log, &random);
	close_log(&log);
}

static void
finds_nothing_for_a_missing_text(void **state)
{
	coffer_value absent = {.kind = COFFER_TEXT, .text = {"absent", 6}};
	coffer_scan scan = {.index = 1, .equal = &absent, .equal_count = 1};
	coffer_error error = {0};
	const coffer_row *row;
	struct log log;

	(void)state;
	open_log(&log);
	for (int reverse = 0; reverse < 2; reverse++) {
		scan.is_reverse = reverse;
		must(coffer_cursor_scan(log.cursor, &scan, &error), &error);
		assert_int_equal(coffer_cursor_next(log.cursor, &row, &error), COFFER_NOT_FOUND);
	}
	close_log(&log);
}

static void
refuses_scans_that_do_not_fit(void **state)
{
	coffer_value user = {.kind = COFFER_TEXT, .text = {"u0", 2}};
	coffer_value number = {.kind = COFFER_INT, .integer = 1};
	const coffer_value many[4] = {user, number, number, number};
	const coffer_scan scans[] = {
		{.index = COFFER_NO_INDEX, .from = &number},
		{.index = COFFER_NO_INDEX, .equal = &number, .equal_count = 1},
		{.index = 0},                                     /* the primary key: hashed */
		{.index = 99},                                    /* none */
		{.index = 1, .from = &user},                      /* a range of texts */
		{.index = 1, .equal = &number, .equal_count = 1}, /* another kind */
		{.index = 2, .equal = many, .equal_count = 4},    /* more than the index has */
	};
	coffer_error error;
	const coffer_row *row;
	struct log log;

	(void)state;
	open_log(&log);
	for (size_t i = 0; i < sizeof(scans) / sizeof(scans[0]); i++) {
		error = (coffer_error){0};
		if (coffer_cursor_scan(log.cursor, &scans[i], &error) != COFFER_INVALID)
			fail_msg("scan %zu was taken", i);
		assert_true(error.message[0]);
		assert_int_equal(coffer_cursor_next(log.cursor, &row, &error), COFFER_NOT_FOUND);
	}
	close_log(&log);
}

/* NULL of a column that is never NULL has the bytes of false, which is a value. */
static void
finds_no_null_where_none_can_be(void **state)
{
	coffer_value null = {.kind = COFFER_NULL};
	coffer_scan scan = {.equal = &null, .equal_count = 1};
	coffer_error error = {0};
	const coffer_row *row;
	struct log log;

	(void)state;
	open_log(&log);
	scan.index = coffer_table_find_index(log.table, "Log_ok_ratio_idx");
	assert_int_not_equal(scan.index, COFFER_NO_INDEX);
	for (int reverse = 0; reverse < 2; reverse++) {
		scan.is_reverse = reverse;
		must(coffer_cursor_scan(log.cursor, &scan, &error), &error);
		assert_int_equal(coffer_cursor_next(log.cursor, &row, &error), COFFER_NOT_FOUND);
	}
	close_log(&log);
}

/* ------------------------------------------------------------------ lookups */

/* Scan the rows until the cursor remembers that their checksums were looked at. */
static void
come_to_know_rows(coffer_cursor *cursor)
{
	const coffer_scan all = {.index = COFFER_NO_INDEX};
	coffer_error error = {0};
	const coffer_row *row;

	for (int i = 0; i < 2 * COFFER_CHECKED_BEHIND; i++) {
		must(coffer_cursor_scan(cursor, &all, &error), &error);
		while (!coffer_cursor_next(cursor, &row, &error))
			;
	}
	assert_non_null(cursor->checked.bits);
	assert_true(coffer_checked_has(&cursor->checked, 3));
}

static void
find_stale_entry(coffer_cursor *cursor)
{
	const coffer_scan scan = {.index = 1};
	const coffer_row *row;
	coffer_error error = {0};
	coffer_status status;

	must(coffer_cursor_scan(cursor, &scan, &error), &error);
	do
		status = coffer_cursor_next(cursor, &row, &error);
	while (!status && coffer_row_number(row) != 3);
	assert_int_equal(status, COFFER_CORRUPT);
	assert_string_equal(error.message,
			    "index Team_name_idx of table Team names row 3, which has other values");
	assert_int_equal(coffer_cursor_row(cursor, &row, &error), COFFER_CORRUPT);
	assert_null(row);
}

/* No checksum binds an entry to its row. */
static void
gives_no_row_that_an_entry_does_not_speak_of(void **state)
{
	struct recipe recipe;
	coffer_error error = {0};
	coffer_store *store;
	coffer_cursor *cursor;
	coffer_txn *txn;

	(void)state;
	recipe_apply("tests/files/bad-5.2-entry-stale", path, &recipe);
	must(coffer_store_open(path, &store, &error), &error);
	must(coffer_txn_begin(store, &txn, &error), &error);
	must(coffer_cursor_open(txn, SMALL_TEAM, &cursor, &error), &error);
	find_stale_entry(cursor);
	come_to_know_rows(cursor);
	find_stale_entry(cursor);
	coffer_cursor_close(cursor);
	coffer_txn_end(txn);
	coffer_store_close(store);
}

static void
gets_by_unique_key(void **state)
{
	coffer_value absent = {.kind = COFFER_TEXT, .text = {"log-", 4}};
	coffer_value number = {.kind = COFFER_INT, .integer = 1};
	coffer_error error = {0};
	const coffer_row *row;
	struct log log;

	(void)state;
	open_log(&log);
	for (size_t i = 0; i < ROWS; i++) {
		must(coffer_cursor_get(log.cursor, 0, &model[i].values[LOG_ID], &row, &error),
		     &error);
		assert_int_equal(coffer_row_number(row), model[i].number);
	}
	assert_int_equal(coffer_cursor_get(log.cursor, 0, &absent, &row, &error), COFFER_NOT_FOUND);
	assert_null(row);
	assert_false(error.message[0]);
	assert_int_equal(coffer_cursor_get(log.cursor, 0, &number, &row, &error), COFFER_INVALID);
	error = (coffer_error){0};
	assert_int_equal(coffer_cursor_get(log.cursor, 1, &number, &row, &error), COFFER_INVALID);
	close_log(&log);
}

/* More rounds than a cursor needs to remember keys: those that there are and those that there are not. */
static void
gets_the_same_keys_again(void **state)
{
	char text[32];
	coffer_value absent = {.kind = COFFER_TEXT, .text = {text, 0}};
	coffer_error error = {0};
	const coffer_row *row;
	coffer_value value;
	struct log log;

	(void)state;
	open_log(&log);
	for (size_t i = 0; i < (size_t)5 * ROWS; i++) {
		const struct model_row *expected = &model[i * 7 % ROWS];

		must(coffer_cursor_get(log.cursor, 0, &expected->values[LOG_ID], &row, &error),
		     &error);
		assert_int_equal(coffer_row_number(row), expected->number);
		must(coffer_row_get(row, LOG_AT, &value, &error), &error);
		assert_int_equal(value.time, expected->values[LOG_AT].time);
		absent.text.size = (size_t)snprintf(text, sizeof(text), "none-%zu", i % 50);
		assert_int_equal(coffer_cursor_get(log.cursor, 0, &absent, &row, &error),
				 COFFER_NOT_FOUND);
		assert_null(row);
	}
	close_log(&log);
}

/* Entries of one hash for the rows 1 to `count`, none of which has the key. */
static void
forge_hashes(const char *key, uint64_t count)
{
	uint8_t entry[COFFER_HASH_KEY_SIZE];
	MDB_val name = {sizeof(entry), entry}, value = {0, NULL};
	struct bare bare;

	bare_begin(&bare, path, "index/Log/Log_pkey");
	coffer_key_put_hash(entry, coffer_hash(key, strlen(key), LOG_SEED));
	for (uint64_t row = 1; row <= count; row++) {
		coffer_key_put_row(entry + COFFER_HASH_SIZE, row);
		assert_int_equal(mdb_put(bare.txn, bare.tree, &name, &value, 0), 0);
	}
	bare_commit(&bare);
}

static void
drop_row(uint64_t number)
{
	uint8_t bytes[COFFER_ROW_KEY_SIZE];
	MDB_val key = {sizeof(bytes), bytes};
	struct bare bare;

	bare_begin(&bare, path, "table/Log");
	coffer_key_put_row(bytes, number);
	assert_int_equal(mdb_del(bare.txn, bare.tree, &key, NULL), 0);
	bare_commit(&bare);
}

/* Not an end of the scan, nor a key that no row has. */
static void
finds_entries_without_their_row_damaged(void **state)
{
	const uint64_t gone = ROWS / 2;
	const coffer_scan scan = {.index = 2};
	coffer_error error = {0};
	const coffer_row *row;
	uint64_t number = 0;
	struct log log;

	(void)state;
	drop_row(gone);
	open_log(&log);
	must(coffer_cursor_scan(log.cursor, &scan, &error), &error);
	while (number != gone)
		must(coffer_cursor_next_number(log.cursor, &number, &error), &error);
	assert_int_equal(coffer_cursor_row(log.cursor, &row, &error), COFFER_CORRUPT);
	assert_string_equal(error.message,
			    "index Log_n_idx of table Log names row 150, which does not exist");
	must(coffer_cursor_next_number(log.cursor, &number, &error), &error);
	must(coffer_cursor_row(log.cursor, &row, &error), &error);
	error = (coffer_error){0};
	assert_int_equal(coffer_cursor_get(log.cursor, 0, &model[gone - 1].values[LOG_ID], &row, &error), COFFER_CORRUPT);
	assert_string_equal(error.message,
			    "index Log_pkey of table Log names row 150, which does not exist");
	assert_int_equal(coffer_cursor_get_number(log.cursor, gone, &row, &error), COFFER_NOT_FOUND);
	close_log(&log);
}

static void
looks_behind_as_many_equal_hashes_as_there_may_be(void **state)
{
	coffer_value absent = {.kind = COFFER_TEXT, .text = {"absent", 6}};
	coffer_error error = {0};
	const coffer_row *row;
	struct log log;

	(void)state;
	forge_hashes("absent", COFFER_EQUAL_HASHES_MAX);
	open_log(&log);
	/* Again and again, since a cursor comes to remember what no entry has the hash of. */
	for (int i = 0; i < 200; i++)
		assert_int_equal(coffer_cursor_get(log.cursor, 0, &absent, &row, &error),
				 COFFER_NOT_FOUND);
	close_log(&log);
	forge_hashes("absent", COFFER_EQUAL_HASHES_MAX + 1);
	open_log(&log);
	for (int i = 0; i < 200; i++)
		assert_int_equal(coffer_cursor_get(log.cursor, 0, &absent, &row, &error),
				 COFFER_CORRUPT);
	close_log(&log);
}

static void
gets_codes(void **state)
{
	coffer_error error = {0};
	const coffer_row *row;
	struct log log;
	uint32_t code;

	(void)state;
	open_log(&log);
	for (size_t i = 0; i < ROWS; i++) {
		must(coffer_cursor_get_number(log.cursor, model[i].number, &row, &error), &error);
		must(coffer_row_get_code(row, LOG_USER, &code, &error), &error);
		assert_int_equal(code, rank_of(&model[i].values[LOG_USER]));
	}
	assert_int_equal(coffer_row_get_code(row, LOG_N, &code, &error), COFFER_INVALID);
	assert_int_equal(coffer_cursor_get_number(log.cursor, 0, &row, &error), COFFER_NOT_FOUND);
	assert_int_equal(coffer_cursor_get_number(log.cursor, UINT64_MAX, &row, &error),
			 COFFER_NOT_FOUND);
	close_log(&log);
}

/* ------------------------------------------------------------------ relations and composite keys */

static void
check_referrers(coffer_cursor *teams, coffer_cursor *keys, uint64_t team, const uint64_t *expected)
{
	const coffer_row *row, *key;
	coffer_error error = {0};

	must(coffer_cursor_get_number(teams, team, &row, &error), &error);
	must(coffer_row_referrers(row, keys, 0, true, &error), &error);
	for (; *expected; expected++) {
		must(coffer_cursor_next(keys, &key, &error), &error);
		assert_int_equal(coffer_row_number(key), *expected);
	}
	assert_int_equal(coffer_cursor_next(keys, &key, &error), COFFER_NOT_FOUND);
}

static void
follows_relations(void **state)
{
	static const uint64_t teams_of[] = {1, 2, 1, 2};
	coffer_cursor *teams, *keys;
	const coffer_row *row, *team;
	coffer_store *store;
	coffer_error error = {0};
	coffer_txn *txn;

	(void)state;
	small_store(path);
	must(coffer_store_open(path, &store, &error), &error);
	must(coffer_txn_begin(store, &txn, &error), &error);
	must(coffer_cursor_open(txn, SMALL_TEAM, &teams, &error), &error);
	must(coffer_cursor_open(txn, SMALL_KEY, &keys, &error), &error);
	for (uint64_t number = 1; number <= 4; number++) {
		must(coffer_cursor_get_number(keys, number, &row, &error), &error);
		must(coffer_row_follow(row, 0, teams, &team, &error), &error);
		assert_int_equal(coffer_row_number(team), teams_of[number - 1]);
	}
	must(coffer_cursor_get_number(keys, 5, &row, &error), &error);
	assert_int_equal(coffer_row_follow(row, 0, teams, &team, &error), COFFER_NOT_FOUND);
	assert_int_equal(coffer_row_follow(row, 1, teams, &team, &error), COFFER_INVALID);
	check_referrers(teams, keys, 1, (const uint64_t[]){3, 1, 0});
	check_referrers(teams, keys, 2, (const uint64_t[]){4, 2, 0});
	check_referrers(teams, keys, 3, (const uint64_t[]){0});
	coffer_cursor_close(keys);
	coffer_cursor_close(teams);
	coffer_txn_end(txn);
	coffer_store_close(store);
}

static void
gets_by_composite_key(void **state)
{
	coffer_value key[2] = {{.kind = COFFER_TEXT, .text = {"team-2", 6}}, {.kind = COFFER_INT}};
	const coffer_table *table;
	coffer_cursor *keys;
	const coffer_row *row;
	coffer_store *store;
	coffer_error error = {0};
	coffer_txn *txn;
	uint16_t index;

	(void)state;
	small_store(path);
	must(coffer_store_open(path, &store, &error), &error);
	table = &coffer_store_schema(store)->tables[SMALL_KEY];
	index = coffer_table_find_index(table, "Key_team_id_number_key");
	must(coffer_txn_begin(store, &txn, &error), &error);
	must(coffer_cursor_open(txn, SMALL_KEY, &keys, &error), &error);
	key[1].integer = 4;
	must(coffer_cursor_get(keys, index, key, &row, &error), &error);
	assert_int_equal(coffer_row_number(row), 4);
	key[1].integer = 3;
	assert_int_equal(coffer_cursor_get(keys, index, key, &row, &error), COFFER_NOT_FOUND);
	key[0].kind = COFFER_NULL;
	assert_int_equal(coffer_cursor_get(keys, index, key, &row, &error), COFFER_INVALID);
	coffer_cursor_close(keys);
	coffer_txn_end(txn);
	coffer_store_close(store);
}

/* ------------------------------------------------------------------ digest */

static void
digest_log(uint8_t digest[COFFER_DIGEST_SIZE])
{
	coffer_error error = {0};
	struct log log;

	open_log(&log);
	must(coffer_store_digest(log.txn, digest, &error), &error);
	close_log(&log);
}

static void
digest_is_of_the_rows_alone(void **state)
{
	uint8_t expected[COFFER_DIGEST_SIZE], found[COFFER_DIGEST_SIZE];
	uint32_t order[ROWS], random = 3;

	(void)state;
	write_log(NULL, 1);
	digest_log(expected);
	for (uint32_t i = 0; i < ROWS; i++)
		order[i] = i;
	for (uint32_t i = ROWS - 1; i > 0; i--) {
		uint32_t other = draw(&random) % (i + 1), swap = order[i];

		order[i] = order[other];
		order[other] = swap;
	}
	write_log(order, 2);
	digest_log(found);
	assert_memory_equal(found, expected, sizeof(found));
	model[ROWS / 2].values[LOG_OK].boolean = !model[ROWS / 2].values[LOG_OK].boolean;
	write_log(order, 2);
	digest_log(found);
	assert_memory_not_equal(found, expected, sizeof(found));
}

static int
make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof(path), "%s/store", folder);
	fill_model();
	return 0;
}

static int
make_log(void **state)
{
	(void)state;
	write_log(NULL, LOG_SEED);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(is_sound, make_log),
		cmocka_unit_test_setup(scans_all_rows, make_log),
		cmocka_unit_test_setup(scans_follow_scans_that_were_left, make_log),
		cmocka_unit_test_setup(scans_equal_the_model, make_log),
		cmocka_unit_test_setup(gives_no_row_where_the_scan_has_none, make_log),
		cmocka_unit_test_setup(checks_each_row_that_it_was_not_given_before, make_log),
		cmocka_unit_test_setup(checks_a_row_once_a_snapshot, make_log),
		cmocka_unit_test_setup(remembers_no_row_of_a_file_that_is_read, make_log),
		cmocka_unit_test_setup(opens_no_record_shorter_than_its_checksum, make_log),
		cmocka_unit_test_setup(finds_nothing_for_a_missing_text, make_log),
		cmocka_unit_test_setup(refuses_scans_that_do_not_fit, make_log),
		cmocka_unit_test_setup(finds_no_null_where_none_can_be, make_log),
		cmocka_unit_test(gives_no_row_that_an_entry_does_not_speak_of),
		cmocka_unit_test_setup(gets_by_unique_key, make_log),
		cmocka_unit_test_setup(gets_the_same_keys_again, make_log),
		cmocka_unit_test_setup(looks_behind_as_many_equal_hashes_as_there_may_be, make_log),
		cmocka_unit_test_setup(finds_entries_without_their_row_damaged, make_log),
		cmocka_unit_test_setup(gets_codes, make_log),
		cmocka_unit_test(follows_relations),
		cmocka_unit_test(gets_by_composite_key),
		cmocka_unit_test(digest_is_of_the_rows_alone),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
