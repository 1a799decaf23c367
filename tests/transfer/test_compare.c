/*
 * A store against a source: the counts, and the rows that are told, are those that a loop over two arrays finds, whatever the
 * order of the rows, with a key and without one, keys twice and NULL keys at the source included.
 */
#include "tests/support/must.h"
#include "tests/support/small.h"
#include "transfer/compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ID, NUMBER, REAL, TEXT, AT, COLUMNS };
enum { ROWS_MAX = 60, ROUNDS = 300 };

/* A row in little: each value is drawn of a few, so that rows often agree. */
struct row {
	int id; /* -1: NULL */
	int number, real, text, at;
};

static char path[] = "/tmp/coffer-compare.XXXXXX";
static uint32_t random_state = 1;

static uint32_t
draw(uint32_t below)
{
	random_state = random_state * 1664525U + 1013904223U;
	return (random_state >> 8) % below;
}

/* ------------------------------------------------------------------ tables */

static void
add_column(coffer_schema *schema, const char *name, const char *type)
{
	coffer_column *column = coffer_table_add_column(schema, &schema->tables[0]);

	column->name = name;
	column->type = type;
	column->is_nullable = strcmp(name, "id") != 0;
}

static coffer_index *
add_index(coffer_schema *schema, const char *name, const char *definition, uint16_t column)
{
	coffer_index *index = coffer_table_add_index(schema, &schema->tables[0]);

	index->name = name;
	index->definition = definition;
	index->is_plain = true;
	index->columns = coffer_schema_memory(schema, sizeof(*index->columns));
	index->columns[0] = column;
	index->column_count = 1;
	return index;
}

/* With a time index a scan from a time on takes another way. */
static bool has_time_index;

static coffer_schema *
make_schema(bool has_key, bool is_swapped)
{
	coffer_error error = {0};
	coffer_schema *schema;
	coffer_table *table;
	coffer_index *index;

	must(coffer_schema_new(&schema, &error), &error);
	table = coffer_schema_add_table(schema);
	table->name = "t";
	table->replica_identity = 'd';
	table->time_column = is_swapped ? 3 : AT;
	add_column(schema, "id", "integer");
	add_column(schema, "number", "bigint");
	add_column(schema, "real", "double precision");
	add_column(schema, is_swapped ? "at" : "text",
		   is_swapped ? "timestamp(3) without time zone" : "text");
	add_column(schema, is_swapped ? "text" : "at",
		   is_swapped ? "text" : "timestamp(3) without time zone");
	if (has_key) {
		index = add_index(schema, "t_pkey", "PRIMARY KEY (id)", ID);
		index->is_primary = index->is_unique = index->is_constraint = true;
	} else {
		schema->tables[0].columns[ID].is_nullable = true;
	}
	if (has_time_index)
		add_index(schema, "t_at", "btree (at)", table->time_column);
	must(coffer_schema_settle(schema, &error), &error);
	return schema;
}

/* Values that are equal as numbers and differ in their bits are among them, and texts of every length. */
static void
values_of(const struct row *row, bool is_swapped, coffer_value values[COLUMNS])
{
	static const char *const texts[] = {"", "a", "b", "longer"};
	static const double reals[] = {0.0, -0.0, 0.1};
	int text = is_swapped ? 4 : TEXT, at = is_swapped ? 3 : AT;

	memset(values, 0, COLUMNS * sizeof(*values));
	if (row->id >= 0)
		values[ID] = (coffer_value){.kind = COFFER_INT, .integer = row->id};
	if (row->number)
		values[NUMBER] = (coffer_value){.kind = COFFER_INT, .integer = row->number};
	if (row->real < 3)
		values[REAL] = (coffer_value){.kind = COFFER_FLOAT, .real = reals[row->real]};
	if (row->text < 4)
		values[text] = (coffer_value){.kind = COFFER_TEXT,
					      .text = {texts[row->text], strlen(texts[row->text])}};
	if (row->at)
		values[at] =
			(coffer_value){.kind = COFFER_TIME, .time = row->at * INT64_C(1000000)};
}

static void
make_store(const struct row *rows, size_t count, bool has_key)
{
	coffer_load_options options = {.is_forced = true};
	coffer_schema *schema = make_schema(has_key, false);
	coffer_value values[COLUMNS];
	coffer_error error = {0};
	coffer_load *load;

	must(coffer_load_begin(path, schema, &options, &load, &error), &error);
	must(coffer_load_table(load, 0, &error), &error);
	for (size_t i = 0; i < count; i++) {
		values_of(&rows[i], false, values);
		must(coffer_load_row(load, values, &error), &error);
	}
	must(coffer_load_finish(load, &error), &error);
	coffer_schema_free(schema);
}

/* ------------------------------------------------------------------ a source of an array */

struct array_source {
	struct coffer_source source;
	const struct row *rows;
	size_t count, at;
	bool is_swapped, is_told;
	coffer_value values[COLUMNS];
};

static coffer_status
next_table(struct coffer_source *source, uint32_t *table_out, coffer_error *error)
{
	struct array_source *array = (struct array_source *)source;

	(void)error;
	*table_out = 0;
	if (array->is_told)
		return COFFER_NOT_FOUND;
	array->is_told = true;
	return COFFER_OK;
}

static coffer_status
next_row(struct coffer_source *source, const coffer_value **values_out, coffer_error *error)
{
	struct array_source *array = (struct array_source *)source;

	(void)error;
	*values_out = NULL;
	if (array->at == array->count)
		return COFFER_NOT_FOUND;
	values_of(&array->rows[array->at++], array->is_swapped, array->values);
	*values_out = array->values;
	return COFFER_OK;
}

static const struct coffer_source_operations operations = {
	.next_table = next_table,
	.next_row = next_row,
};

/* ------------------------------------------------------------------ what is found */

struct found {
	struct coffer_compared_table table; /* counts alone */
	char sums[2][COFFER_SCALAR_TEXT_SIZE];
	int64_t least, greatest;            /* of `at` on the right */
	int changed, only_left, only_right; /* rows told */
	int changed_reals;
};

static coffer_status
take_row(void *context, const struct coffer_compared_row *row, coffer_error *error)
{
	struct found *found = context;

	(void)error;
	found->changed += row->left && row->right;
	found->only_left += !row->right;
	found->only_right += !row->left;
	assert_int_equal(!row->left, !row->number);
	assert_int_equal(row->left && row->right, row->changed_count > 0);
	for (size_t i = 0; i < row->changed_count; i++)
		found->changed_reals += row->table->pairs[row->changed[i]].left == REAL;
	return COFFER_OK;
}

static void
take_table(void *context, const struct coffer_compared_table *table)
{
	struct found *found = context;

	found->table = *table;
	for (size_t i = 0; i < table->pair_count; i++) {
		const struct coffer_column_pair *pair = &table->pairs[i];

		if (pair->left == NUMBER) {
			coffer_total_print(&table->left_totals[i], &table->left->columns[NUMBER],
					   found->sums[0]);
			coffer_total_print(&table->right_totals[i], &table->left->columns[NUMBER],
					   found->sums[1]);
		}
		if (pair->left == AT && table->right_totals[i].values) {
			found->least = table->right_totals[i].least;
			found->greatest = table->right_totals[i].greatest;
		}
	}
}

struct question {
	bool has_key, is_swapped, has_since;
	int since; /* seconds */
	size_t memory_size;
};

static struct found
compare(const struct question *question, const struct row *right, size_t count)
{
	coffer_transfer_options transfer = {
		.selection.has_since = question->has_since,
		.selection.since = question->since * INT64_C(1000000),
	};
	struct array_source source = {
		.source = {.operations = &operations, .options = &transfer},
		.rows = right,
		.count = count,
		.is_swapped = question->is_swapped,
	};
	struct found found = {.changed = 0};
	struct coffer_compare_options options = {
		.selection = transfer.selection,
		.memory_size = question->memory_size,
		.row = take_row,
		.end = take_table,
		.context = &found,
	};
	struct coffer_compare_summary summary;
	coffer_error error = {0};
	coffer_store *store;
	coffer_txn *txn;

	source.source.schema = make_schema(question->has_key, question->is_swapped);
	must(coffer_store_open(path, &store, &error), &error);
	must(coffer_txn_begin(store, &txn, &error), &error);
	must(coffer_compare(store, txn, &source.source, &options, &summary, &error), &error);
	assert_int_equal(summary.tables, 1);
	assert_int_equal(summary.same, found.table.same);
	assert_int_equal(summary.tables_different,
			 !!(found.table.changed + found.table.only_left + found.table.only_right));
	assert_int_equal(found.table.changed, found.changed);
	assert_int_equal(found.table.only_left, found.only_left);
	assert_int_equal(found.table.only_right, found.only_right);
	coffer_txn_end(txn);
	coffer_store_close(store);
	coffer_schema_free(source.source.schema);
	return found;
}

/* ------------------------------------------------------------------ the model */

static struct row
draw_row(int id)
{
	return (struct row){
		.id = id,
		.number = (int)draw(2),
		.real = (int)draw(4),
		.text = (int)draw(5),
		.at = (int)draw(4),
	};
}

static bool
is_same(const struct row *left, const struct row *right)
{
	return memcmp(left, right, sizeof(*left)) == 0;
}

static bool
is_taken(const struct question *question, const struct row *row)
{
	return !question->has_since || (row->at && row->at >= question->since);
}

static void
shuffle(struct row *rows, size_t count)
{
	for (size_t i = count; i > 1; i--) {
		size_t other = draw((uint32_t)i);
		struct row swap = rows[other];

		rows[other] = rows[i - 1];
		rows[i - 1] = swap;
	}
}

/* Match each right row with the first left one that is free and has its key, or is all the same. */
static void
expect(const struct question *question, const struct row *left, size_t left_count,
       const struct row *right, size_t right_count, const struct found *found)
{
	bool is_met[ROWS_MAX] = {false};
	uint64_t same = 0, changed = 0, only_left = 0, only_right = 0;

	for (size_t r = 0; r < right_count; r++) {
		size_t l = 0;

		if (!is_taken(question, &right[r]))
			continue;
		for (; l < left_count; l++)
			if (question->has_key ? right[r].id >= 0 && left[l].id == right[r].id
					      : !is_met[l] && is_same(&left[l], &right[r]))
				break;
		if (l == left_count || is_met[l]) {
			only_right++;
			continue;
		}
		is_met[l] = true;
		same += is_same(&left[l], &right[r]);
		changed += !is_same(&left[l], &right[r]);
	}
	for (size_t l = 0; l < left_count; l++)
		only_left += !is_met[l] && is_taken(question, &left[l]);
	assert_int_equal(found->table.same, same);
	assert_int_equal(found->table.changed, changed);
	assert_int_equal(found->table.only_left, only_left);
	assert_int_equal(found->table.only_right, only_right);
}

/* The left rows with something done to them. */
static size_t
make_right(const struct row *left, size_t count, bool has_key, struct row *right)
{
	size_t size = 0;

	for (size_t i = 0; i < count; i++) {
		uint32_t what = draw(12);

		if (what == 0)
			continue;
		right[size] = left[i];
		if (what == 1)
			right[size] = draw_row(left[i].id);
		size++;
		if (what == 2 && size < ROWS_MAX)
			right[size++] = left[i];
		if (what == 3 && size < ROWS_MAX)
			right[size++] = draw_row(has_key ? (int)draw(2 * ROWS_MAX) : left[i].id);
		if (what == 4 && size < ROWS_MAX)
			right[size++] = draw_row(-1);
	}
	return size;
}

static void
check_round(const struct question *question, uint32_t round)
{
	struct row left[ROWS_MAX], right[2 * ROWS_MAX];
	size_t left_count = draw(ROWS_MAX / 2), right_count;
	struct found found;

	for (size_t i = 0; i < left_count; i++)
		left[i] = draw_row(question->has_key ? (int)i : (int)draw(3));
	shuffle(left, left_count);
	make_store(left, left_count, question->has_key);
	right_count = make_right(left, left_count, question->has_key, right);
	if (round % 2)
		shuffle(right, right_count);
	found = compare(question, right, right_count);
	expect(question, left, left_count, right, right_count, &found);
}

static void
check(struct question question)
{
	for (uint32_t round = 0; round < ROUNDS; round++) {
		question.is_swapped = round % 3 == 0;
		question.memory_size = round % 5 == 0;
		has_time_index = round % 4 > 1;
		question.since = (int)draw(4);
		check_round(&question, round);
	}
	has_time_index = false;
}

static void
rows_with_a_key_are_matched_by_it(void **state)
{
	(void)state;
	check((struct question){.has_key = true});
}

static void
rows_without_a_key_are_a_multiset(void **state)
{
	(void)state;
	check((struct question){.has_key = false});
}

static void
rows_before_a_time_are_not_compared(void **state)
{
	(void)state;
	check((struct question){.has_key = true, .has_since = true});
	check((struct question){.has_key = false, .has_since = true});
}

/* ------------------------------------------------------------------ one thing at a time */

static void
equality_is_of_bits(void **state)
{
	const struct row left = {.id = 1, .real = 0}, right = {.id = 1, .real = 1};
	struct found found;

	(void)state;
	make_store(&left, 1, true);
	found = compare(&(struct question){.has_key = true}, &right, 1);
	assert_int_equal(found.changed, 1);
	assert_int_equal(found.changed_reals, 1);
	found = compare(&(struct question){.has_key = true}, &left, 1);
	assert_int_equal(found.table.same, 1);
}

static void
sums_and_ranges_are_of_each_side(void **state)
{
	const struct row left[] = {{.id = 1, .number = 5, .at = 7},
				   {.id = 2, .number = 1, .at = 1}};
	const struct row right[] = {{.id = 1, .number = 5, .at = 7},
				    {.id = 2, .number = -3, .at = 2},
				    {.id = 3, .number = 40}};
	struct found found;

	(void)state;
	for (int has_key = 0; has_key < 2; has_key++) {
		make_store(left, 2, has_key);
		found = compare(&(struct question){.has_key = has_key}, right, 3);
		assert_string_equal(found.sums[0], "6");
		assert_string_equal(found.sums[1], "42");
		assert_int_equal(found.least, 2000000);
		assert_int_equal(found.greatest, 7000000);
	}
}

/* A sum of integers runs over 64 bits and not over its own. */
static void
a_sum_of_integers_does_not_run_over(void **state)
{
	const coffer_column column = {.kind = COFFER_INT};
	struct coffer_total total = {.kind = COFFER_TOTAL_SUM, .values = 3, .whole = INT64_MAX};
	char text[COFFER_SCALAR_TEXT_SIZE];

	(void)state;
	total.whole += INT64_MAX;
	total.whole += INT64_MAX;
	coffer_total_print(&total, &column, text);
	assert_string_equal(text, "27670116110564327421");
	total.whole = -total.whole;
	coffer_total_print(&total, &column, text);
	assert_string_equal(text, "-27670116110564327421");
	total.whole = 0;
	coffer_total_print(&total, &column, text);
	assert_string_equal(text, "0");
}

/* ------------------------------------------------------------------ a store as a source */

static void
a_store_is_a_source_of_all_it_holds(void **state)
{
	char copy[sizeof(path) + 8], lock[sizeof(copy) + 8];
	const coffer_transfer_options options = {.is_forced = true};
	coffer_transfer_summary summary;
	struct coffer_source *source;
	uint8_t digests[2][COFFER_DIGEST_SIZE];
	coffer_error error = {0};

	(void)state;
	snprintf(copy, sizeof(copy), "%s.copy", path);
	small_store(path);
	must(coffer_store_source_open(path, &options, &source, &error), &error);
	assert_true(source->has_estimate);
	assert_int_equal(source->estimate, SMALL_TEAMS + SMALL_KEYS);
	must(coffer_transfer_import(source, copy, &options, &summary, &error), &error);
	coffer_source_close(source);
	assert_int_equal(summary.rows, SMALL_TEAMS + SMALL_KEYS);
	for (int i = 0; i < 2; i++) {
		coffer_store *store;
		coffer_txn *txn;

		must(coffer_store_open(i ? copy : path, &store, &error), &error);
		must(coffer_txn_begin(store, &txn, &error), &error);
		must(coffer_store_digest(txn, digests[i], &error), &error);
		coffer_txn_end(txn);
		coffer_store_close(store);
	}
	assert_memory_equal(digests[0], digests[1], COFFER_DIGEST_SIZE);
	snprintf(lock, sizeof(lock), "%s-lock", copy);
	unlink(copy);
	unlink(lock);
}

static void
what_is_no_store_is_refused_with_its_name(void **state)
{
	const coffer_transfer_options options = {.is_forced = true};
	struct coffer_source *source;
	coffer_error error = {0};
	FILE *file = fopen(path, "we");

	(void)state;
	assert_non_null(file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(coffer_store_source_open(path, &options, &source, &error),
			 COFFER_NOT_A_COFFER);
	assert_null(source);
	assert_string_equal(error.place, path);
}

static int
make_path(void **state)
{
	int file = mkstemp(path);

	(void)state;
	return file < 0 || close(file);
}

static int
remove_path(void **state)
{
	char lock[sizeof(path) + 8];

	(void)state;
	snprintf(lock, sizeof(lock), "%s-lock", path);
	unlink(lock);
	return unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_with_a_key_are_matched_by_it),
		cmocka_unit_test(rows_without_a_key_are_a_multiset),
		cmocka_unit_test(rows_before_a_time_are_not_compared),
		cmocka_unit_test(equality_is_of_bits),
		cmocka_unit_test(sums_and_ranges_are_of_each_side),
		cmocka_unit_test(a_sum_of_integers_does_not_run_over),
		cmocka_unit_test(a_store_is_a_source_of_all_it_holds),
		cmocka_unit_test(what_is_no_store_is_refused_with_its_name),
	};

	return cmocka_run_group_tests(tests, make_path, remove_path);
}
