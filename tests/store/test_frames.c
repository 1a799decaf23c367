/*
 * Values held as frames: what is read is what was loaded or written, whatever it was compressed with; the rows are the same as
 * those of a plain store, and the same rows make the same file.
 */
#include "coffer.h"
#include "tests/support/recipe.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { COLUMN_ID, COLUMN_DOCUMENT, COLUMN_NOTE, COLUMN_OTHER, COLUMNS };
enum { ROWS = 3000, LATE = 50000, TEXT_MAX = 4 << 20 };

static const char prisma[] = "model Log {\n"
			     "  id       Int    @id\n"
			     "  document Json?\n"
			     "  note     String?\n"
			     "  other    Json?\n"
			     "}\n";

static char folder[] = "/tmp/coffer-frames.XXXXXX";
static char path[64], twin[64];
static coffer_error error;

/* What the row of a number holds. */
typedef void (*row_function)(unsigned number, coffer_value values[COLUMNS]);

static void
must(coffer_status status)
{
	if (status)
		fail_msg("%s: %s", error.place, error.message);
}

static coffer_value
text(coffer_kind kind, const char *data, size_t size)
{
	return (coffer_value){.kind = kind, .text = {data, size}};
}

static void
write_document(unsigned number, const char *shape, char *out, size_t size)
{
	(void)snprintf(out, size,
		       "{\"%s\": {\"status\": null, \"user_api_key\": \"%08x%08x\", \"attempts\": %u, "
		       "\"additional_usage_values\": {\"prompt_tokens_details\": {\"cached_tokens\": %u}, "
		       "\"completion_tokens_details\": {\"reasoning_tokens\": 0}}}, \"team\": \"Team %u\"}",
		       shape, number % 97 * 2654435761U, number % 97 * 40503U, number % 3, number * 7 % 1000,
		       number % 17);
}

static void
usual_row(unsigned number, coffer_value values[COLUMNS])
{
	static char document[512], note[512];

	write_document(number, "metadata", document, sizeof(document));
	(void)snprintf(note, sizeof(note),
		       "Error %u: the upstream model answered too late, and request number %u was given up after "
		       "%u attempts\n  at handler.call (/usr/lib/gateway/handler.py:%u)\n",
		       number % 5, number, number % 4, number % 300);
	values[COLUMN_ID] = (coffer_value){.kind = COFFER_INT, .integer = number};
	values[COLUMN_DOCUMENT] = number % 11 ? text(COFFER_JSON, document, strlen(document))
					      : (coffer_value){.kind = COFFER_NULL};
	values[COLUMN_NOTE] = text(COFFER_TEXT, note, strlen(note));
	values[COLUMN_OTHER] = text(COFFER_JSON, "{}", 2);
}

/* Half way documents come to be others, and `other` begins to hold something. */
static void
changing_row(unsigned number, coffer_value values[COLUMNS])
{
	static char changed[512], other[512];

	usual_row(number, values);
	if (number < LATE / 2)
		return;
	for (size_t i = 0; i < 256; i++)
		changed[i] = "qwertzuiopasdfghjklyxcvbnm"[(number / 64 * 31 + i * i * 7 + i * (number % 3)) % 26];
	changed[0] = changed[255] = '"';
	write_document(number, "prompt", other, sizeof(other));
	values[COLUMN_DOCUMENT] = text(COFFER_JSON, changed, 256);
	values[COLUMN_OTHER] = text(COFFER_JSON, other, strlen(other));
}

/* Documents of one kind in `other`, and in `document` too. */
static void
other_row(unsigned number, coffer_value values[COLUMNS])
{
	static char other[512];

	usual_row(number, values);
	write_document(number, "metadata", other, sizeof(other));
	values[COLUMN_DOCUMENT].kind = values[COLUMN_NOTE].kind = COFFER_NULL;
	values[COLUMN_OTHER] = text(COFFER_JSON, other, strlen(other));
}

static void
double_row(unsigned number, coffer_value values[COLUMNS])
{
	coffer_value other;

	other_row(number, values);
	other = values[COLUMN_OTHER];
	usual_row(number, values);
	values[COLUMN_OTHER] = other;
}

static void
load_with(coffer_schema *schema, const char *at, unsigned rows, row_function row, bool is_plain)
{
	const coffer_load_options options = {
		.is_forced = true, .has_seed = true, .seed = 5, .is_plain = is_plain};
	coffer_value values[COLUMNS];
	coffer_load *made;

	must(coffer_load_begin(at, schema, &options, &made, &error));
	must(coffer_load_table(made, 0, &error));
	for (unsigned number = 1; number <= rows; number++) {
		row(number, values);
		must(coffer_load_row(made, values, &error));
	}
	must(coffer_load_finish(made, &error));
}

static void
load(const char *at, unsigned rows, row_function row, bool is_plain)
{
	coffer_schema *schema;

	must(coffer_schema_parse_prisma((coffer_text){prisma, strlen(prisma)}, "p", &schema, &error));
	load_with(schema, at, rows, row, is_plain);
	coffer_schema_free(schema);
}

static void
must_verify(const char *at)
{
	coffer_verify_summary summary;

	must(coffer_verify(at, NULL, &summary, &error));
	assert_int_equal(summary.findings, 0);
}

/* Each column asked for twice: what was expanded for the first time stays, and is given again. */
static void
must_be(const coffer_row *row, const coffer_value values[COLUMNS])
{
	const char *texts[COLUMNS] = {NULL};

	for (uint16_t asked = 0; asked < 2 * COLUMNS; asked++) {
		uint16_t i = asked % COLUMNS;
		coffer_value found;

		must(coffer_row_get(row, i, &found, &error));
		assert_int_equal(found.kind, values[i].kind);
		if (found.kind == COFFER_INT)
			assert_int_equal(found.integer, values[i].integer);
		if (found.kind < COFFER_TEXT)
			continue;
		assert_int_equal(found.text.size, values[i].text.size);
		assert_memory_equal(found.text.data, values[i].text.data, found.text.size);
		if (asked >= COLUMNS)
			assert_ptr_equal(found.text.data, texts[i]);
		texts[i] = found.text.data;
	}
}

static void
must_hold(const char *at, unsigned rows, row_function expected)
{
	const coffer_scan all = {.index = COFFER_NO_INDEX};
	coffer_value values[COLUMNS];
	coffer_cursor *cursor;
	coffer_store *store;
	coffer_txn *txn;
	const coffer_row *row;

	must(coffer_store_open(at, &store, &error));
	must(coffer_txn_begin(store, &txn, &error));
	must(coffer_cursor_open(txn, 0, &cursor, &error));
	must(coffer_cursor_scan(cursor, &all, &error));
	for (unsigned number = 1; number <= rows; number++) {
		must(coffer_cursor_next(cursor, &row, &error));
		expected(number, values);
		must_be(row, values);
	}
	assert_int_equal(coffer_cursor_next(cursor, &row, &error), COFFER_NOT_FOUND);
	coffer_cursor_close(cursor);
	coffer_txn_end(txn);
	coffer_store_close(store);
}

static void
digest(const char *at, uint8_t out[COFFER_DIGEST_SIZE])
{
	coffer_store *store;
	coffer_txn *txn;

	must(coffer_store_open(at, &store, &error));
	must(coffer_txn_begin(store, &txn, &error));
	must(coffer_store_digest(txn, out, &error));
	coffer_txn_end(txn);
	coffer_store_close(store);
}

static uint64_t
size_of(const char *at)
{
	struct stat facts;

	assert_int_equal(stat(at, &facts), 0);
	return (uint64_t)facts.st_size;
}

struct tree_size {
	const char *name;
	uint64_t entries, bytes;
};

static void
keep_size(void *context, const char *name, uint64_t entries, uint64_t bytes)
{
	struct tree_size *size = context;

	if (strcmp(name, size->name) != 0)
		return;
	size->entries = entries;
	size->bytes = bytes;
}

static struct tree_size
tree_of(const char *at, const char *name)
{
	struct tree_size size = {.name = name};
	coffer_store *store;
	coffer_txn *txn;

	must(coffer_store_open(at, &store, &error));
	must(coffer_txn_begin(store, &txn, &error));
	must(coffer_store_trees(txn, keep_size, &size, &error));
	coffer_txn_end(txn);
	coffer_store_close(store);
	return size;
}

static bool
is_compressed(const char *at)
{
	coffer_store_facts facts;
	coffer_store *store;
	bool is_found = false;

	must(coffer_store_open(at, &store, &error));
	coffer_store_describe(store, &facts);
	for (size_t i = 0; facts.features[i]; i++)
		is_found |= !strcmp(facts.features[i], "zstd");
	coffer_store_close(store);
	return is_found;
}

static void
must_be_same_file(const char *left, const char *right)
{
	FILE *files[2] = {fopen(left, "re"), fopen(right, "re")};
	int byte;

	assert_true(files[0] && files[1]);
	while ((byte = getc(files[0])) != EOF)
		assert_int_equal(byte, getc(files[1]));
	assert_int_equal(getc(files[1]), EOF);
	(void)fclose(files[0]);
	(void)fclose(files[1]);
}

/* ------------------------------------------------------------------ loading */

static void
holds_what_was_loaded(void **state)
{
	uint8_t left[COFFER_DIGEST_SIZE], right[COFFER_DIGEST_SIZE];

	(void)state;
	load(path, ROWS, usual_row, false);
	load(twin, ROWS, usual_row, true);
	must_hold(path, ROWS, usual_row);
	must_verify(path);
	must_verify(twin);
	assert_true(is_compressed(path));
	assert_false(is_compressed(twin));
	assert_true(size_of(path) * 2 < size_of(twin));
	digest(path, left);
	digest(twin, right);
	assert_memory_equal(left, right, sizeof(left));
	load(twin, ROWS, usual_row, false);
	must_be_same_file(path, twin);
}

/* A dictionary would take more than it saves. */
static void
leaves_few_rows_as_they_are(void **state)
{
	(void)state;
	load(path, 20, usual_row, false);
	assert_false(is_compressed(path));
	must_verify(path);
}

/* A new generation for the documents, a first one for what was empty before; older frames stay readable. */
static void
trains_anew_when_rows_change(void **state)
{
	(void)state;
	load(path, LATE / 2 - 1, usual_row, false);
	assert_int_equal(tree_of(path, "dictionary").entries, 2);
	load(path, LATE, changing_row, false);
	assert_true(tree_of(path, "dictionary").entries >= 3);
	must_hold(path, LATE, changing_row);
	must_verify(path);
	load(twin, LATE, changing_row, false);
	must_be_same_file(path, twin);
}

/* Texts of every size, most of them too short or too strange for a frame, up to some MiB. */
static void
sized_row(unsigned number, coffer_value values[COLUMNS])
{
	static char memory[TEXT_MAX + 2];
	size_t size = number <= 1000 ? number : 1000 + (size_t)(number - 1000) * 20011;

	usual_row(number, values);
	for (size_t i = 0; i < size; i++)
		memory[i] = number % 2 ? (char)('a' + (i * i / 97 + number) % 17)
				       : "0123456789abcdef"[(i * 7 + number) % 16];
	values[COLUMN_NOTE] = text(COFFER_TEXT, memory, size);
}

static void
holds_texts_of_every_size(void **state)
{
	(void)state;
	load(path, 1200, sized_row, false);
	must_hold(path, 1200, sized_row);
	must_verify(path);
}

/* ------------------------------------------------------------------ writing */

static void
set_row(coffer_set sets[COLUMNS], const coffer_value values[COLUMNS])
{
	for (uint16_t i = 0; i < COLUMNS; i++)
		sets[i] = (coffer_set){.column = i, .value = values[i], .is_settled = true};
}

static void
insert_rows(unsigned from, unsigned to)
{
	coffer_value values[COLUMNS];
	coffer_set sets[COLUMNS];
	coffer_store *store;
	coffer_txn *txn;
	coffer_outcome outcome;

	must(coffer_store_open_to_write(path, &store, &error));
	must(coffer_txn_begin_write(store, &txn, &error));
	for (unsigned at = from; at <= to; at++) {
		usual_row(at, values);
		set_row(sets, values);
		must(coffer_insert(txn, 0, sets, COLUMNS, COFFER_CONFLICT_FAIL, &outcome, &error));
	}
	must(coffer_txn_commit(txn, &error));
	coffer_store_close(store);
}

static void
compresses_what_is_written(void **state)
{
	uint64_t before;

	(void)state;
	load(path, ROWS, usual_row, false);
	before = tree_of(path, "table/Log").bytes;
	insert_rows(ROWS + 1, ROWS + 1000);
	assert_true(tree_of(path, "table/Log").bytes - before < 1000 * 250);
	must_hold(path, ROWS + 1000, usual_row);
	must_verify(path);
}

/* Into the long tree, out of it, and another column's update beside a value that is there. */
static void
moves_values_as_they_grow(void **state)
{
	static char long_text[200000];
	coffer_value values[COLUMNS], found;
	coffer_store *store;
	coffer_txn *txn;
	coffer_cursor *cursor;
	const coffer_row *row;

	(void)state;
	load(path, ROWS, usual_row, false);
	for (size_t i = 0; i < sizeof(long_text); i++)
		long_text[i] = (char)('a' + (i * i / 7 + i / 13) % 23);
	must(coffer_store_open_to_write(path, &store, &error));
	for (size_t size = sizeof(long_text); size; size /= 3) {
		coffer_set sets[] = {
			{.column = COLUMN_NOTE, .value = text(COFFER_TEXT, long_text, size)},
			{.column = COLUMN_OTHER, .value = text(COFFER_JSON, size % 2 ? "[1]" : "[2]", 3)},
		};

		must(coffer_txn_begin_write(store, &txn, &error));
		must(coffer_update(txn, 0, 7, sets, 1, &error));
		must(coffer_update(txn, 0, 7, &sets[1], 1, &error));
		must(coffer_txn_commit(txn, &error));
		must(coffer_txn_begin(store, &txn, &error));
		must(coffer_cursor_open(txn, 0, &cursor, &error));
		must(coffer_cursor_get_number(cursor, 7, &row, &error));
		usual_row(7, values);
		values[COLUMN_NOTE] = sets[0].value;
		values[COLUMN_OTHER] = sets[1].value;
		must_be(row, values);
		must(coffer_row_get(row, COLUMN_NOTE, &found, &error));
		coffer_cursor_close(cursor);
		coffer_txn_end(txn);
		must_verify(path);
	}
	coffer_store_close(store);
}

/* ------------------------------------------------------------------ what is broken */

static void
refuses_bad_frames(void **state)
{
	static const char *const names[] = {
		"bad-4.11-frame-block",    "bad-4.11-frame-checksum", "bad-4.11-frame-dictionary",
		"bad-4.11-frame-ratio",    "bad-4.11-frame-size",     "bad-4.11-frame-trailing",
		"bad-8.4-dictionary-bytes", "bad-8.4-dictionary-damaged", "bad-8.4-dictionary-long",
		"bad-8.4-dictionary-tables",
	};
	struct recipe recipe;
	coffer_cursor *cursor;
	coffer_store *store;
	coffer_txn *txn;
	const coffer_row *row;
	coffer_value value;
	char name[96];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const coffer_schema *schema;
		uint32_t table;

		(void)snprintf(name, sizeof(name), "tests/files/%s", names[i]);
		recipe_apply(name, path, &recipe);
		must(coffer_store_open(path, &store, &error));
		schema = coffer_store_schema(store);
		table = coffer_schema_find_table(schema, "Key");
		must(coffer_txn_begin(store, &txn, &error));
		must(coffer_cursor_open(txn, table, &cursor, &error));
		must(coffer_cursor_get_number(cursor, 2, &row, &error));
		assert_int_equal(
			coffer_row_get(row,
				       coffer_table_find_column(&schema->tables[table], "document"),
				       &value, &error),
			COFFER_CORRUPT);
		assert_int_equal(value.kind, COFFER_NULL);
		assert_string_equal(error.place, "Key[2].document");
		error = (coffer_error){0};
		coffer_cursor_close(cursor);
		coffer_txn_end(txn);
		coffer_store_close(store);
	}
}

static int
make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof(path), "%s/store", folder);
	(void)snprintf(twin, sizeof(twin), "%s/twin", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	(void)unlink(path);
	(void)unlink(twin);
	return rmdir(folder);
}

/* What an earlier load left in the schema says nothing of this one. */
static void
judges_as_if_for_the_first_time(void **state)
{
	coffer_schema *schema;

	(void)state;
	must(coffer_schema_parse_prisma((coffer_text){prisma, strlen(prisma)}, "p", &schema, &error));
	load_with(schema, path, ROWS, other_row, false);
	assert_true(schema->tables[0].columns[COLUMN_OTHER].is_compressed);
	load_with(schema, path, ROWS, double_row, false);
	load(twin, ROWS, double_row, false);
	assert_true(schema->tables[0].columns[COLUMN_OTHER].is_compressed);
	coffer_schema_free(schema);
	must_be_same_file(path, twin);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_what_was_loaded),
		cmocka_unit_test(leaves_few_rows_as_they_are),
		cmocka_unit_test(trains_anew_when_rows_change),
		cmocka_unit_test(holds_texts_of_every_size),
		cmocka_unit_test(compresses_what_is_written),
		cmocka_unit_test(moves_values_as_they_grow),
		cmocka_unit_test(judges_as_if_for_the_first_time),
		cmocka_unit_test(refuses_bad_frames),
	};

	return cmocka_run_group_tests_name("frames", tests, make_folder, remove_folder);
}
