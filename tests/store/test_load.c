/*
 * A load: what is written is what was given, what must not be written is refused with its place, and verify finds
 * nothing wrong with what a load made.
 */
#include "tests/support/must.h"
#include "tests/support/small.h"

#include <dirent.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/coffer-load.XXXXXX";
static char path[64];

static coffer_value
text(coffer_kind kind, const char *data, size_t size)
{
	return (coffer_value){.kind = kind, .text = {data, size}};
}

static coffer_value
integer(int64_t number)
{
	return (coffer_value){.kind = COFFER_INT, .integer = number};
}

static const coffer_value null = {.kind = COFFER_NULL};

static coffer_schema *
parse(const char *prisma)
{
	coffer_schema *schema;
	coffer_error error = {0};

	must(coffer_schema_parse_prisma((coffer_text){prisma, strlen(prisma)}, "test.prisma",
					&schema, &error),
	     &error);
	return schema;
}

static coffer_load *
begin(coffer_schema *schema, size_t memory_size)
{
	coffer_load_options options = {
		.is_forced = true,
		.has_seed = true,
		.memory_size = memory_size,
	};
	coffer_error error = {0};
	coffer_load *load;

	must(coffer_load_begin(path, schema, &options, &load, &error), &error);
	return load;
}

static void
must_verify(uint64_t rows)
{
	coffer_verify_summary summary;
	coffer_error error = {0};

	must(coffer_verify(path, NULL, &summary, &error), &error);
	assert_int_equal(summary.findings, 0);
	assert_int_equal(summary.rows, rows);
}

/* Bits and bytes, not as keys: -0 is not 0. */
static bool
is_same(const coffer_value *left, const coffer_value *right)
{
	if (left->kind != right->kind)
		return false;
	switch (left->kind) {
	case COFFER_NULL:
		return true;
	case COFFER_BOOL:
		return left->boolean == right->boolean;
	case COFFER_INT:
	case COFFER_TIME:
	case COFFER_FLOAT:
		return !memcmp(&left->integer, &right->integer, sizeof(left->integer));
	default:
		return left->text.size == right->text.size &&
		       (!left->text.size ||
			!memcmp(left->text.data, right->text.data, left->text.size));
	}
}

/* ------------------------------------------------------------------ round trips */

static void
gives_back_every_kind(void **state)
{
	coffer_value expected[KEY_COLUMNS], found;
	const coffer_row *row;
	coffer_cursor *cursor;
	coffer_store *store;
	coffer_error error = {0};
	coffer_txn *txn;

	(void)state;
	small_store(path);
	must(coffer_store_open(path, &store, &error), &error);
	must(coffer_txn_begin(store, &txn, &error), &error);
	must(coffer_cursor_open(txn, SMALL_KEY, &cursor, &error), &error);
	for (unsigned number = 1; number <= SMALL_KEYS; number++) {
		small_key(number, expected);
		must(coffer_cursor_get_number(cursor, number, &row, &error), &error);
		assert_int_equal(coffer_row_number(row), number);
		for (uint16_t column = KEY_COLUMNS; column-- > 0;) {
			must(coffer_row_get(row, column, &found, &error), &error);
			if (!is_same(&found, &expected[column]))
				fail_msg("Key[%u] column %u", number, column);
		}
	}
	assert_int_equal(coffer_cursor_get_number(cursor, SMALL_KEYS + 1, &row, &error),
			 COFFER_NOT_FOUND);
	assert_null(row);
	coffer_cursor_close(cursor);
	coffer_txn_end(txn);
	coffer_store_close(store);
	must_verify(SMALL_TEAMS + SMALL_KEYS);
}

static const char values_prisma[] = "model T {\n"
				    "  id   Int @id\n"
				    "  text String?\n"
				    "  json Json?\n"
				    "  time DateTime?\n"
				    "  wide Float?\n"
				    "  tiny Float? @db.Real\n"
				    "  big  BigInt?\n"
				    "  data Bytes?\n"
				    "  list String[]\n"
				    "}\n";
enum { T_ID, T_TEXT, T_JSON, T_TIME, T_WIDE, T_TINY, T_BIG, T_DATA, T_LIST, T_COLUMNS };

static void
clear(coffer_value values[T_COLUMNS], int64_t id)
{
	for (size_t i = 0; i < T_COLUMNS; i++)
		values[i] = null;
	values[T_ID] = integer(id);
}

static void
check_row(coffer_cursor *cursor, uint64_t number, const coffer_value *expected)
{
	const coffer_row *row;
	coffer_error error = {0};
	coffer_value found;

	must(coffer_cursor_get_number(cursor, number, &row, &error), &error);
	for (uint16_t column = 0; column < T_COLUMNS; column++) {
		must(coffer_row_get(row, column, &found, &error), &error);
		if (!is_same(&found, &expected[column]))
			fail_msg("row %" PRIu64 " column %u", number, column);
	}
}

/* Each row of `rows` is loaded, read back and verified. */
static void
check_rows(coffer_value (*rows)[T_COLUMNS], size_t count)
{
	coffer_schema *schema = parse(values_prisma);
	coffer_load *load = begin(schema, 0);
	coffer_cursor *cursor;
	coffer_store *store;
	coffer_error error = {0};
	coffer_txn *txn;

	must(coffer_load_table(load, 0, &error), &error);
	for (size_t i = 0; i < count; i++)
		must(coffer_load_row(load, rows[i], &error), &error);
	must(coffer_load_finish(load, &error), &error);
	coffer_schema_free(schema);
	must(coffer_store_open(path, &store, &error), &error);
	must(coffer_txn_begin(store, &txn, &error), &error);
	must(coffer_cursor_open(txn, 0, &cursor, &error), &error);
	for (size_t i = 0; i < count; i++)
		check_row(cursor, i + 1, rows[i]);
	coffer_cursor_close(cursor);
	coffer_txn_end(txn);
	coffer_store_close(store);
	must_verify(count);
}

static void
keeps_every_bit_of_numbers(void **state)
{
	static const double floats[] = {0.0, -0.0, 5e-324, 1.7976931348623157e308, 0.1, -1.5};
	static const int64_t times[] = {INT64_MIN,
					INT64_MAX,
					0,
					-1,
					INT64_C(-211813488000000000),
					INT64_C(9223371331199999999)};
	static const int64_t numbers[] = {INT64_MIN, INT64_MAX, 0, -1, 127, 128};
	static const float tinies[] = {0.0f, -0.0f, 1e-45f, 3.4028234e38f, 0.1f, -1.5f};
	static coffer_value rows[9][T_COLUMNS];
	static const uint64_t odd_nan = UINT64_C(0xfff8000020000000);

	(void)state;
	for (size_t i = 0; i < 9; i++) {
		clear(rows[i], (int64_t)i - 4);
		if (i >= 6)
			continue;
		rows[i][T_TIME] = (coffer_value){.kind = COFFER_TIME, .time = times[i]};
		rows[i][T_WIDE] = (coffer_value){.kind = COFFER_FLOAT, .real = floats[i]};
		rows[i][T_TINY] = (coffer_value){.kind = COFFER_FLOAT, .real = (double)tinies[i]};
		rows[i][T_BIG] = integer(numbers[i]);
	}
	rows[6][T_WIDE] = (coffer_value){.kind = COFFER_FLOAT, .real = (double)INFINITY};
	rows[7][T_WIDE] = (coffer_value){.kind = COFFER_FLOAT, .real = (double)-INFINITY};
	rows[8][T_WIDE].kind = rows[8][T_TINY].kind = COFFER_FLOAT;
	memcpy(&rows[8][T_WIDE].real, &odd_nan, sizeof(odd_nan));
	memcpy(&rows[8][T_TINY].real, &odd_nan, sizeof(odd_nan));
	rows[6][T_TINY] = rows[6][T_WIDE];
	rows[7][T_TINY] = rows[7][T_WIDE];
	check_rows(rows, 9);
}

/* Sizes around each edge of the encodings, the packing of hexadecimal and the long rule. */
static void
keeps_texts_of_every_size(void **state)
{
	static const size_t sizes[] = {0,    1,    14,   15,    16,    17,     31,
				       32,   62,   63,   64,    255,   256,    400,
				       1000, 1024, 1025, 65535, 65536, 100000, 10000000};
	enum { SIZES = sizeof(sizes) / sizeof(sizes[0]) };
	static coffer_value rows[3 * SIZES][T_COLUMNS];
	char *hex = malloc(sizes[SIZES - 1]), *plain = malloc(sizes[SIZES - 1]);

	(void)state;
	assert_true(hex && plain);
	memset(hex, 'a', sizes[SIZES - 1]);
	memset(plain, 'z', sizes[SIZES - 1]);
	for (size_t i = 0; i < SIZES; i++) {
		coffer_value *row = rows[3 * i];

		for (size_t k = 0; k < 3; k++)
			clear(rows[3 * i + k], (int64_t)(3 * i + k));
		row[T_TEXT] = text(COFFER_TEXT, hex, sizes[i]);
		row = rows[3 * i + 1];
		row[T_TEXT] = text(COFFER_TEXT, plain, sizes[i]);
		row[T_DATA] = text(COFFER_BYTES, plain, sizes[i]);
		row = rows[3 * i + 2];
		row[T_TEXT] = text(COFFER_TEXT, plain, 500);
		row[T_DATA] = text(COFFER_BYTES, plain, 500);
		row[T_JSON] = text(COFFER_JSON, plain, sizes[i]);
		row[T_LIST] = text(COFFER_OTHER, plain, 30);
	}
	check_rows(rows, 3 * SIZES);
	free(hex);
	free(plain);
}

static void
keeps_arrays_apart(void **state)
{
	static const coffer_text members[] = {
		{"", 0}, {NULL, 0}, {"NULL", 4}, {"0123456789abcdef", 16}};
	static coffer_value rows[8][T_COLUMNS];
	static char packed[4][128];

	(void)state;
	for (size_t i = 0; i < 8; i++)
		clear(rows[i], (int64_t)i);
	for (size_t i = 0; i < 4; i++)
		rows[i][T_LIST] = text(COFFER_TEXT_ARRAY, packed[i],
				       coffer_array_pack(members, i + 1, packed[i]));
	rows[4][T_LIST] =
		text(COFFER_TEXT_ARRAY, packed[3], coffer_array_pack(members, 4, packed[3]));
	rows[5][T_LIST] = text(COFFER_OTHER, "[0:1]={a,b}", 11);
	rows[6][T_LIST] = text(COFFER_OTHER, "{{a,b},{c,d}}", 13);
	rows[6][T_JSON] = text(COFFER_JSON, "null", 4);
	check_rows(rows, 8);
}

/* ------------------------------------------------------------------ refusals */

static const struct refusal {
	const char *name;
	uint16_t column;
	coffer_value value;
	coffer_status status;
	const char *place;
} refusals[] = {
	{"NULL", KEY_ALIAS, {.kind = COFFER_NULL}, COFFER_INVALID, "Key[2].alias"},
	{"another kind", KEY_SMALL, {.kind = COFFER_BOOL}, COFFER_INVALID, "Key[2].small"},
	{"int2", KEY_SMALL, {.kind = COFFER_INT, .integer = 32768}, COFFER_INVALID, "Key[2].small"},
	{"int2 below",
	 KEY_SMALL,
	 {.kind = COFFER_INT, .integer = -32769},
	 COFFER_INVALID,
	 "Key[2].small"},
	{"int4",
	 KEY_NUMBER,
	 {.kind = COFFER_INT, .integer = INT64_C(1) << 31},
	 COFFER_INVALID,
	 "Key[2].number"},
	{"time", KEY_AT, {.kind = COFFER_TIME, .time = INT64_MIN + 1}, COFFER_INVALID, "Key[2].at"},
	{"float4", KEY_RATIO, {.kind = COFFER_FLOAT, .real = 0.1}, COFFER_INVALID, "Key[2].ratio"},
	{"not UTF-8",
	 KEY_NOTE,
	 {.kind = COFFER_TEXT, .text = {"a\xff", 2}},
	 COFFER_INVALID,
	 "Key[2].note"},
	{"NUL",
	 KEY_NOTE,
	 {.kind = COFFER_TEXT, .text = {"a\0b", 3}},
	 COFFER_INVALID,
	 "Key[2].note"},
	{"no array",
	 KEY_TAGS,
	 {.kind = COFFER_TEXT_ARRAY, .text = {"\x91\x01", 2}},
	 COFFER_INVALID,
	 "Key[2].tags"},
	{"too large",
	 KEY_DATA,
	 {.kind = COFFER_BYTES, .text = {"", (size_t)COFFER_VALUE_SIZE_MAX + 1}},
	 COFFER_LIMIT,
	 "Key[2].data"},
};

static void
refuses_values_with_their_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		coffer_schema *schema = small_schema();
		coffer_load *load = begin(schema, 0);
		coffer_value values[KEY_COLUMNS];
		coffer_error error = {0};

		must(coffer_load_table(load, SMALL_KEY, &error), &error);
		small_key(1, values);
		must(coffer_load_row(load, values, &error), &error);
		small_key(2, values);
		values[refusals[i].column] = refusals[i].value;
		if (coffer_load_row(load, values, &error) != refusals[i].status ||
		    strcmp(error.place, refusals[i].place) != 0)
			fail_msg("%s: %d at %s: %s", refusals[i].name, (int)error.status,
				 error.place, error.message);
		/* The first failure stays. */
		small_key(2, values);
		assert_int_equal(coffer_load_row(load, values, NULL), refusals[i].status);
		assert_int_equal(coffer_load_finish(load, NULL), refusals[i].status);
		coffer_schema_free(schema);
	}
}

/* Two rows that agree in this column (and in none of the others' keys) are refused by this index. */
static void
check_conflict(uint16_t column, const char *message)
{
	coffer_schema *schema = small_schema();
	coffer_load *load = begin(schema, 0);
	coffer_value values[KEY_COLUMNS], first[KEY_COLUMNS];
	char kept[64];
	coffer_error error = {0};

	must(coffer_load_table(load, SMALL_KEY, &error), &error);
	small_key(1, first);
	if (first[column].kind >= COFFER_TEXT) {
		memcpy(kept, first[column].text.data, first[column].text.size);
		first[column].text.data = kept;
	}
	must(coffer_load_row(load, first, &error), &error);
	small_key(3, values);
	values[column] = first[column];
	must(coffer_load_row(load, values, &error), &error);
	assert_int_equal(coffer_load_finish(load, &error), COFFER_CONFLICT);
	assert_string_equal(error.place, "Key");
	assert_string_equal(error.message, message);
	coffer_schema_free(schema);
}

static void
refuses_equal_keys(void **state)
{
	(void)state;
	check_conflict(KEY_TOKEN, "rows 1 and 2 have the same key of Key_pkey");
	check_conflict(KEY_ALIAS, "rows 1 and 2 have the same key of Key_alias_key");
	/* Rows 1 and 3 have one team. */
	check_conflict(KEY_NUMBER, "rows 1 and 2 have the same key of Key_team_id_number_key");
}

/* Load two rows whose composite key has a NULL. */
static coffer_status
load_nulls(bool nulls_not_distinct)
{
	coffer_schema *schema = small_schema();
	uint16_t index =
		coffer_table_find_index(&schema->tables[SMALL_KEY], "Key_team_id_number_key");
	coffer_value values[KEY_COLUMNS];
	coffer_error error = {0};
	coffer_load *load;
	coffer_status status;

	schema->tables[SMALL_KEY].indexes[index].nulls_not_distinct = nulls_not_distinct;
	load = begin(schema, 0);
	must(coffer_load_table(load, SMALL_KEY, &error), &error);
	for (unsigned number = 1; number <= 2; number++) {
		small_key(number, values);
		values[KEY_TEAM] = null;
		values[KEY_NUMBER] = integer(1);
		must(coffer_load_row(load, values, &error), &error);
	}
	status = coffer_load_finish(load, &error);
	coffer_schema_free(schema);
	return status;
}

static void
nulls_are_distinct_unless_declared(void **state)
{
	(void)state;
	assert_int_equal(load_nulls(false), COFFER_OK);
	must_verify(2);
	assert_int_equal(load_nulls(true), COFFER_CONFLICT);
}

static void
refuses_calls_out_of_order(void **state)
{
	coffer_schema *schema = small_schema();
	coffer_value values[KEY_COLUMNS];
	coffer_load *load = begin(schema, 0);

	(void)state;
	small_key(1, values);
	assert_int_equal(coffer_load_row(load, values, NULL), COFFER_INVALID);
	coffer_load_abort(load);
	load = begin(schema, 0);
	assert_int_equal(coffer_load_table(load, SMALL_KEY, NULL), COFFER_OK);
	assert_int_equal(coffer_load_table(load, SMALL_KEY, NULL), COFFER_INVALID);
	coffer_load_abort(load);
	load = begin(schema, 0);
	assert_int_equal(coffer_load_table(load, 2, NULL), COFFER_INVALID);
	coffer_load_abort(load);
	coffer_load_abort(NULL);
	coffer_schema_free(schema);
}

static size_t
count_files(void)
{
	DIR *files = opendir(folder);
	struct dirent *entry;
	size_t count = 0;

	assert_non_null(files);
	while ((entry = readdir(files)))
		count += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
	(void)closedir(files);
	return count;
}

static void
leaves_nothing_behind(void **state)
{
	coffer_schema *schema = small_schema();
	coffer_error error = {0};
	coffer_load *load;

	(void)state;
	(void)unlink(path);
	coffer_load_abort(begin(schema, 0));
	assert_int_equal(count_files(), 0);
	must(coffer_store_create(path, schema, NULL, &error), &error);
	assert_int_equal(count_files(), 1);
	must_verify(0);
	assert_int_equal(coffer_load_begin(path, schema, NULL, &load, &error), COFFER_EXISTS);
	assert_null(load);
	assert_int_equal(count_files(), 1);
	coffer_schema_free(schema);
}

static bool
refuse_to_go_on(void *context, const char *what, uint64_t rows, uint64_t bytes)
{
	(void)context;
	(void)what;
	(void)rows;
	(void)bytes;
	return false;
}

static void
is_interrupted(void **state)
{
	coffer_load_options options = {.is_forced = true, .progress = refuse_to_go_on};
	coffer_schema *schema = small_schema();
	coffer_error error = {0};
	coffer_load *load;

	(void)state;
	must(coffer_load_begin(path, schema, &options, &load, &error), &error);
	assert_int_equal(coffer_load_finish(load, &error), COFFER_INTERRUPTED);
	coffer_schema_free(schema);
}

/* ------------------------------------------------------------------ many rows */

static const char many_prisma[] = "model M {\n"
				  "  id     Int @id\n"
				  "  few    String\n"
				  "  some   String?\n"
				  "  single String\n"
				  "  @@index([few, some])\n"
				  "}\n";

static void
load_many(int64_t rows, size_t memory_size)
{
	coffer_schema *schema = parse(many_prisma);
	coffer_load *load = begin(schema, memory_size);
	coffer_error error = {0};
	char few[16], single[16];

	must(coffer_load_table(load, 0, &error), &error);
	for (int64_t i = 0; i < rows; i++) {
		coffer_value values[] = {
			integer(rows - i),
			text(COFFER_TEXT, few,
			     (size_t)snprintf(few, sizeof(few), "few-%d", (int)i % 7)),
			/* Too few that are not NULL to be judged. */
			i < 63 ? text(COFFER_TEXT, "some", 4) : null,
			text(COFFER_TEXT, single,
			     (size_t)snprintf(single, sizeof(single), "single-%d", (int)i)),
		};

		must(coffer_load_row(load, values, &error), &error);
	}
	must(coffer_load_finish(load, &error), &error);
	coffer_schema_free(schema);
}

static void
check_interned(bool is_few_interned)
{
	const coffer_table *table;
	coffer_store *store;
	coffer_error error = {0};

	must(coffer_store_open(path, &store, &error), &error);
	table = &coffer_store_schema(store)->tables[0];
	assert_int_equal(table->columns[1].is_interned, is_few_interned);
	assert_false(table->columns[2].is_interned);
	assert_false(table->columns[3].is_interned);
	/* An index over texts has a tree once they are interned. */
	assert_int_equal(table->indexes[1].tree,
			 is_few_interned ? COFFER_TREE_ORDERED : COFFER_TREE_NONE);
	coffer_store_close(store);
}

static void
interns_what_repeats(void **state)
{
	(void)state;
	load_many(63, 0);
	must_verify(63);
	check_interned(false);
	load_many(64, 0);
	must_verify(64);
	check_interned(true);
}

static const char documents_prisma[] = "model D {\n"
				       "  id    Int @id\n"
				       "  tags  Json?\n"
				       "  empty Json\n"
				       "  each  Json\n"
				       "  edge  Json\n"
				       "  long  Json\n"
				       "}\n";

enum { DOCUMENTS = 640, DOCUMENT_MAX = 1024 };

/* `tags` are 64 documents, and none in every tenth row. */
static void
document_row(int64_t number, char texts[2][32], const char *whole, coffer_value values[6])
{
	size_t tags = (size_t)snprintf(texts[0], 32, "[\"tag-%d\"]", 10 + (int)number % 64);
	size_t each = (size_t)snprintf(texts[1], 32, "{\"n\": %d}", (int)number);

	values[0] = integer(number);
	values[1] = number % 10 ? text(COFFER_JSON, texts[0], tags) : null;
	values[2] = text(COFFER_JSON, "{}", 2);
	values[3] = text(COFFER_JSON, texts[1], each);
	values[4] = text(COFFER_JSON, whole, DOCUMENT_MAX);
	values[5] = text(COFFER_JSON, whole, DOCUMENT_MAX + (number == 1));
}

static void
check_documents(const char *whole)
{
	coffer_value expected[6], found;
	coffer_cursor *cursor;
	coffer_store *store;
	coffer_error error = {0};
	const coffer_row *row;
	char texts[2][32];
	coffer_txn *txn;

	must(coffer_store_open(path, &store, &error), &error);
	for (uint16_t column = 0; column < 6; column++)
		assert_int_equal(coffer_store_schema(store)->tables[0].columns[column].is_interned,
				 column == 1 || column == 4);
	must(coffer_txn_begin(store, &txn, &error), &error);
	must(coffer_cursor_open(txn, 0, &cursor, &error), &error);
	for (unsigned number = 1; number <= DOCUMENTS; number++) {
		document_row(number, texts, whole, expected);
		must(coffer_cursor_get_number(cursor, number, &row, &error), &error);
		for (uint16_t column = 0; column < 6; column++) {
			must(coffer_row_get(row, column, &found, &error), &error);
			assert_true(is_same(&found, &expected[column]));
		}
	}
	coffer_cursor_close(cursor);
	coffer_txn_end(txn);
	coffer_store_close(store);
}

/* What is short and repeats is held as codes, but not what is no longer than one, nor where one document is too long. */
static void
interns_short_documents(void **state)
{
	coffer_schema *schema = parse(documents_prisma);
	coffer_load *load = begin(schema, 0);
	char texts[2][32], whole[DOCUMENT_MAX + 2];
	coffer_error error = {0};
	coffer_value values[6];

	(void)state;
	memset(whole, 'w', sizeof(whole));
	whole[0] = whole[DOCUMENT_MAX - 1] = '"';
	whole[DOCUMENT_MAX] = ' ';
	must(coffer_load_table(load, 0, &error), &error);
	for (int64_t number = 1; number <= DOCUMENTS; number++) {
		document_row(number, texts, whole, values);
		must(coffer_load_row(load, values, &error), &error);
	}
	must(coffer_load_finish(load, &error), &error);
	coffer_schema_free(schema);
	must_verify(DOCUMENTS);
	check_documents(whole);
}

/* More rows than the sample and than the sorters' memory. */
static void
loads_many_rows_in_little_memory(void **state)
{
	(void)state;
	load_many(12000, 1);
	must_verify(12000);
	check_interned(true);
}

static int
make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof(path), "%s/store", folder);
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
		cmocka_unit_test(gives_back_every_kind),
		cmocka_unit_test(keeps_every_bit_of_numbers),
		cmocka_unit_test(keeps_texts_of_every_size),
		cmocka_unit_test(keeps_arrays_apart),
		cmocka_unit_test(refuses_values_with_their_place),
		cmocka_unit_test(refuses_equal_keys),
		cmocka_unit_test(nulls_are_distinct_unless_declared),
		cmocka_unit_test(refuses_calls_out_of_order),
		cmocka_unit_test(leaves_nothing_behind),
		cmocka_unit_test(is_interrupted),
		cmocka_unit_test(interns_what_repeats),
		cmocka_unit_test(interns_short_documents),
		cmocka_unit_test(loads_many_rows_in_little_memory),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
