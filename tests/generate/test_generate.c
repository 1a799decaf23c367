/*
 * coffer_generate through the store: the same file twice, chosen tables alone, refusals.
 */
#include "generate/era.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[512];
static struct coffer_draft draft;

static const char *
path_of(const char *name)
{
	static char paths[4][600];
	static unsigned turn;
	char *path = paths[turn++ % 4];

	snprintf(path, sizeof paths[0], "%s/%s", folder, name);
	return path;
}

static int
make_folder(void **state)
{
	const char *temporary = getenv("TMPDIR");

	(void)state;
	snprintf(folder, sizeof folder, "%s/generate-XXXXXX", temporary ? temporary : "/tmp");
	return mkdtemp(folder) ? 0 : -1;
}

static int
remove_folder(void **state)
{
	static const char *const names[] = {"a", "b", "c"};
	char lock[640];
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		unlink(path_of(names[i]));
		snprintf(lock, sizeof lock, "%s-lock", path_of(names[i]));
		unlink(lock);
	}
	return rmdir(folder);
}

static coffer_text
read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *data;
	long size;

	assert_non_null(file);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	size = ftell(file);
	assert_true(size > 0);
	rewind(file);
	data = malloc((size_t)size);
	assert_non_null(data);
	assert_int_equal(fread(data, 1, (size_t)size, file), size);
	fclose(file);
	return (coffer_text){data, (size_t)size};
}

static void
generate(const char *path, const coffer_generate_options *options)
{
	coffer_error error = {0};
	coffer_status status = coffer_generate(path, options, &error);

	if (status)
		fail_msg("%s: %s", error.place, error.message);
}

static void
the_same_options_give_the_same_bytes(void **state)
{
	const coffer_generate_options options = {.rows = 2000, .seed = 5, .is_forced = true};
	coffer_text left, right;

	(void)state;
	generate(path_of("a"), &options);
	generate(path_of("b"), &options);
	left = read_file(path_of("a"));
	right = read_file(path_of("b"));
	assert_int_equal(left.size, right.size);
	assert_memory_equal(left.data, right.data, left.size);
	free((void *)(uintptr_t)left.data);
	free((void *)(uintptr_t)right.data);
}

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
	case COFFER_FLOAT: /* its bits */
	case COFFER_TIME:
		return left->integer == right->integer;
	default:
		return left->text.size == right->text.size &&
		       memcmp(left->text.data, right->text.data, left->text.size) == 0;
	}
}

/* Every value of every row of `table` is the one that the gateway makes. */
static void
compare_table(coffer_txn *txn, const coffer_schema *schema, const struct coffer_gateway *gateway,
	      uint32_t table)
{
	uint32_t number = coffer_schema_find_table(schema, coffer_gateway_tables[table].name), row;
	coffer_scan all = {.index = COFFER_NO_INDEX};
	coffer_cursor *cursor;
	const coffer_row *stored;
	coffer_value value;
	uint16_t column;

	assert_int_equal(coffer_cursor_open(txn, number, &cursor, NULL), COFFER_OK);
	assert_int_equal(coffer_cursor_scan(cursor, &all, NULL), COFFER_OK);
	for (row = 0; row < gateway->counts[table]; row++) {
		coffer_gateway_write(gateway, table, row, &draft);
		assert_int_equal(coffer_cursor_next(cursor, &stored, NULL), COFFER_OK);
		for (column = 0; column < draft.count; column++) {
			assert_int_equal(coffer_row_get(stored, column, &value, NULL), COFFER_OK);
			assert_true(is_same(&value, &draft.values[column]));
		}
	}
	assert_int_equal(coffer_cursor_next(cursor, &stored, NULL), COFFER_NOT_FOUND);
	coffer_cursor_close(cursor);
}

static void
check_store(const char *path, const struct coffer_gateway *gateway, const bool *is_chosen)
{
	coffer_store *store;
	coffer_txn *txn;
	uint64_t rows;
	uint32_t table;

	assert_int_equal(coffer_store_open(path, &store, NULL), COFFER_OK);
	assert_int_equal(coffer_store_schema(store)->table_count, COFFER_GATEWAY_TABLES);
	assert_int_equal(coffer_txn_begin(store, &txn, NULL), COFFER_OK);
	for (table = 0; table < COFFER_GATEWAY_TABLES; table++) {
		if (is_chosen[table]) {
			compare_table(txn, coffer_store_schema(store), gateway, table);
			continue;
		}
		assert_int_equal(coffer_table_count(txn,
						    coffer_schema_find_table(
							    coffer_store_schema(store),
							    coffer_gateway_tables[table].name),
						    &rows, NULL),
				 COFFER_OK);
		assert_int_equal(rows, 0);
	}
	coffer_txn_end(txn);
	coffer_store_close(store);
}

static void
the_store_holds_the_rows_as_made(void **state)
{
	static const uint64_t sizes[] = {0, 1, 10, 5000};
	bool is_chosen[COFFER_GATEWAY_TABLES];
	struct coffer_gateway gateway;
	size_t i;

	(void)state;
	memset(is_chosen, true, sizeof is_chosen);
	for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		coffer_generate_options options = {.rows = sizes[i], .seed = 6, .is_forced = true};

		generate(path_of("a"), &options);
		assert_int_equal(coffer_gateway_init(&gateway, &options, NULL), COFFER_OK);
		check_store(path_of("a"), &gateway, is_chosen);
		coffer_gateway_release(&gateway);
	}
}

static void
todays_store_holds_todays_rows(void **state)
{
	const coffer_generate_options options = {.rows = 3000,
						 .seed = 6,
						 .era = COFFER_ERA_TODAY,
						 .prompts_percent = 10,
						 .is_forced = true};
	bool is_chosen[COFFER_GATEWAY_TABLES];
	struct coffer_gateway gateway;

	(void)state;
	memset(is_chosen, true, sizeof is_chosen);
	generate(path_of("a"), &options);
	assert_int_equal(coffer_gateway_init(&gateway, &options, NULL), COFFER_OK);
	check_store(path_of("a"), &gateway, is_chosen);
	coffer_gateway_release(&gateway);
}

/* The other fifteen tables are the built-in ones, and the log has its columns and twelve more. */
static void
todays_schema_is_the_built_in_one_and_more(void **state)
{
	coffer_schema *older, *today;
	uint32_t i, logs;
	size_t column;

	(void)state;
	assert_int_equal(coffer_era_schema(COFFER_ERA_OLDER, &older, NULL), COFFER_OK);
	assert_int_equal(coffer_era_schema(COFFER_ERA_TODAY, &today, NULL), COFFER_OK);
	assert_int_equal(today->table_count, older->table_count);
	logs = coffer_schema_find_table(today, "LiteLLM_SpendLogs");
	for (i = 0; i < older->table_count; i++) {
		assert_string_equal(older->tables[i].name, today->tables[i].name);
		assert_int_equal(older->tables[i].column_count + (i == logs ? 12 : 0),
				 today->tables[i].column_count);
		assert_true(today->tables[i].is_known);
		for (column = 0; column < older->tables[i].column_count; column++) {
			const coffer_column *left = &older->tables[i].columns[column];
			const coffer_column *right = &today->tables[i].columns[column];

			assert_string_equal(left->name, right->name);
			assert_int_equal(left->kind, right->kind);
			assert_int_equal(left->is_interned, right->is_interned);
		}
	}
	assert_int_equal(today->tables[logs].time_column, older->tables[logs].time_column);
	coffer_schema_free(older);
	coffer_schema_free(today);
}

static void
chosen_tables_have_the_same_rows(void **state)
{
	static const char *const tables[] = {"LiteLLM_SpendLogs", "LiteLLM_TeamTable",
					     "LiteLLM_SpendLogs", NULL};
	const coffer_generate_options options = {
		.rows = 700, .seed = 7, .tables = tables, .is_forced = true};
	bool is_chosen[COFFER_GATEWAY_TABLES] = {[COFFER_SPEND_LOGS] = true, [COFFER_TEAMS] = true};
	struct coffer_gateway gateway;

	(void)state;
	generate(path_of("a"), &options);
	assert_int_equal(coffer_gateway_init(&gateway, &options, NULL), COFFER_OK);
	check_store(path_of("a"), &gateway, is_chosen);
	coffer_gateway_release(&gateway);
}

static void
the_sequence_stands_at_the_highest_id(void **state)
{
	static const char *const other[] = {"LiteLLM_Config", NULL};
	static const struct {
		const char *const *tables;
		int64_t last_value;
		bool is_called;
	} cases[] = {{NULL, 6, true}, {other, 1, false}};
	const coffer_schema *schema;
	coffer_store *store;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		coffer_generate_options options = {
			.rows = 100000, .seed = 8, .tables = other, .is_forced = true};
		static const char *const aliases[] = {"LiteLLM_ModelTable", NULL};

		if (!cases[i].tables)
			options.tables = aliases;
		generate(path_of("a"), &options);
		assert_int_equal(coffer_store_open(path_of("a"), &store, NULL), COFFER_OK);
		schema = coffer_store_schema(store);
		assert_int_equal(schema->sequence_count, 1);
		assert_int_equal(schema->sequences[0].last_value, cases[i].last_value);
		assert_int_equal(schema->sequences[0].is_called, cases[i].is_called);
		coffer_store_close(store);
	}
}

static void
provenance_tells_the_options_and_no_more(void **state)
{
	static const coffer_fact facts[] = {{"generator", "coffer generate"},
					    {"version", COFFER_VERSION},
					    {"rows", "10"},
					    {"seed", "18446744073709551615"}};
	const coffer_generate_options options = {.rows = 10, .seed = UINT64_MAX, .is_forced = true};
	coffer_store_facts described;
	const coffer_step *steps;
	coffer_store *store;
	size_t count, i;

	(void)state;
	generate(path_of("a"), &options);
	assert_int_equal(coffer_store_open(path_of("a"), &store, NULL), COFFER_OK);
	steps = coffer_store_provenance(store, &count);
	assert_int_equal(count, 1);
	assert_int_equal(steps[0].fact_count, 4);
	for (i = 0; i < 4; i++) {
		assert_string_equal(steps[0].facts[i].name, facts[i].name);
		assert_string_equal(steps[0].facts[i].value, facts[i].value);
	}
	coffer_store_describe(store, &described);
	assert_int_equal(described.seed, UINT64_MAX);
	coffer_store_close(store);
}

static void
todays_provenance_tells_the_era(void **state)
{
	static const coffer_fact facts[] = {
		{"rows", "10"}, {"seed", "1"}, {"era", "today"}, {"prompts", "25"}};
	const coffer_generate_options options = {.rows = 10,
						 .seed = 1,
						 .era = COFFER_ERA_TODAY,
						 .prompts_percent = 25,
						 .is_forced = true};
	const coffer_step *steps;
	coffer_store *store;
	size_t count, i;

	(void)state;
	generate(path_of("a"), &options);
	assert_int_equal(coffer_store_open(path_of("a"), &store, NULL), COFFER_OK);
	steps = coffer_store_provenance(store, &count);
	assert_int_equal(count, 1);
	assert_int_equal(steps[0].fact_count, 6);
	for (i = 0; i < 4; i++) {
		assert_string_equal(steps[0].facts[i + 2].name, facts[i].name);
		assert_string_equal(steps[0].facts[i + 2].value, facts[i].value);
	}
	coffer_store_close(store);
}

static void
check_digest(const char *path, const char *expected)
{
	uint8_t digest[COFFER_DIGEST_SIZE];
	char text[2 * COFFER_DIGEST_SIZE + 1];
	coffer_store *store;
	coffer_txn *txn;
	size_t i;

	assert_int_equal(coffer_store_open(path, &store, NULL), COFFER_OK);
	assert_int_equal(coffer_txn_begin(store, &txn, NULL), COFFER_OK);
	assert_int_equal(coffer_store_digest(txn, digest, NULL), COFFER_OK);
	for (i = 0; i < sizeof digest; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
	assert_string_equal(text, expected);
	coffer_txn_end(txn);
	coffer_store_close(store);
}

/*
 * The content digest does not depend on codes, pages or the file's format: rows of these options have it on every
 * machine, for ever. A change of the generator that is meant changes it here.
 */
static void
the_rows_are_the_same_everywhere(void **state)
{
	static const struct {
		coffer_era era;
		uint32_t prompts;
		const char *digest;
	} cases[] = {
		{COFFER_ERA_OLDER, 0, "02d0b51392739f3bec23ca10292281a28c72f2575aaa107c81fe06bf00c9ee57"},
		{COFFER_ERA_TODAY, 0, "5d043446050888acc3eea7d69d0869f3cf713a324ace0c97f6aee5c1ba3d5da8"},
		{COFFER_ERA_TODAY, 20, "77336d9789c603a42376cc7b29056984e8268900ccf936c0331d959e5a48f9a8"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		coffer_generate_options options = {.rows = 2000,
						   .seed = 3,
						   .era = cases[i].era,
						   .prompts_percent = cases[i].prompts,
						   .is_forced = true};

		generate(path_of("a"), &options);
		check_digest(path_of("a"), cases[i].digest);
	}
}

static void
what_cannot_be_made_is_refused(void **state)
{
	static const char *const tables[] = {"LiteLLM_SpendLogs", "spendlogs", NULL};
	coffer_generate_options options = {.rows = 1, .tables = tables};
	coffer_error error = {0};

	(void)state;
	assert_int_equal(coffer_generate(path_of("c"), &options, &error), COFFER_INVALID);
	assert_string_equal(error.message, "no table \"spendlogs\" in the built-in schema");
	options = (coffer_generate_options){.rows = 1, .prompts_percent = 1};
	error = (coffer_error){0};
	assert_int_equal(coffer_generate(path_of("c"), &options, &error), COFFER_INVALID);
	assert_string_equal(
		error.message,
		"prompts in 1 of 100 rows asked for, the older era has no columns for them");
	options = (coffer_generate_options){
		.rows = 1, .era = COFFER_ERA_TODAY, .prompts_percent = 101};
	error = (coffer_error){0};
	assert_int_equal(coffer_generate(path_of("c"), &options, &error), COFFER_INVALID);
	assert_string_equal(error.message,
			    "prompts in 101 of 100 rows asked for, at most 100 can be");
	options = (coffer_generate_options){.rows = UINT64_MAX};
	error = (coffer_error){0};
	assert_int_equal(coffer_generate(path_of("c"), &options, &error), COFFER_LIMIT);
	assert_int_equal(access(path_of("c"), F_OK), -1);
	options.rows = 1;
	assert_int_equal(coffer_generate(path_of("c"), &options, NULL), COFFER_OK);
	error = (coffer_error){0};
	assert_int_equal(coffer_generate(path_of("c"), &options, &error), COFFER_EXISTS);
	options.is_forced = true;
	assert_int_equal(coffer_generate(path_of("c"), &options, NULL), COFFER_OK);
	assert_int_equal(coffer_generate("/nonexistent/c", &options, NULL), COFFER_IO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_options_give_the_same_bytes),
		cmocka_unit_test(the_store_holds_the_rows_as_made),
		cmocka_unit_test(todays_store_holds_todays_rows),
		cmocka_unit_test(todays_schema_is_the_built_in_one_and_more),
		cmocka_unit_test(chosen_tables_have_the_same_rows),
		cmocka_unit_test(the_sequence_stands_at_the_highest_id),
		cmocka_unit_test(provenance_tells_the_options_and_no_more),
		cmocka_unit_test(todays_provenance_tells_the_era),
		cmocka_unit_test(the_rows_are_the_same_everywhere),
		cmocka_unit_test(what_cannot_be_made_is_refused),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
