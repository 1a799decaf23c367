/*
 * Rows come in and go out without an allocation each: what a store of twice the rows asks of the allocator more, from first
 * to last, is a few blocks that grow. The linker puts the functions below in front of the real ones (--wrap, see the
 * Makefile), so that the library is the one that ships; what other libraries allocate within is theirs.
 */
#include "tests/support/must.h"
#include "transfer/dump.h"
#include "transfer/sql_write.h"
#include "transfer/transfer.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	ROWS_FEW = 20000, /* beyond the sample of a load */
	ROWS_MANY = 40000,
	MORE_MAX = (ROWS_MANY - ROWS_FEW) / 200,
};

static char folder[] = "/tmp/coffer-allocations.XXXXXX";
static char few_path[64], many_path[64], path[64], dump_path[64];

static atomic_size_t count; /* a build has threads */

#define WRAP(name, parameters, arguments) \
	void *__real_##name parameters; \
	void *__wrap_##name parameters; \
	void *__wrap_##name parameters \
	{ \
		count++; \
		return __real_##name arguments; \
	}
WRAP(malloc, (size_t size), (size))
WRAP(calloc, (size_t times, size_t size), (times, size))
WRAP(realloc, (void *memory, size_t size), (memory, size))
WRAP(strdup, (const char *text), (text))

static void
generate(const char *to, uint64_t rows)
{
	static const char *const tables[] = {"LiteLLM_SpendLogs", NULL};
	const coffer_generate_options options = {
		.rows = rows, .seed = 1, .tables = tables, .is_forced = true};
	coffer_error error = {0};

	must(coffer_generate(to, &options, &error), &error);
}

/* ------------------------------------------------------------------ ways in and out, of the store at `from` */

static void
load(const char *from)
{
	generate(path, from == few_path ? ROWS_FEW : ROWS_MANY);
}

static coffer_status
keep(void *context, const char *data, size_t size, coffer_error *error)
{
	(void)error;
	return !context || fwrite(data, 1, size, context) == size ? COFFER_OK : COFFER_IO;
}

static void
dump(const char *from, FILE *to)
{
	const coffer_transfer_options options = {.is_forced = true};
	coffer_transfer_summary summary;
	struct coffer_source *source;
	coffer_error error = {0};

	must(coffer_store_source_open(from, &options, &source, &error), &error);
	must(coffer_sql_write(source, keep, to, &summary, &error), &error);
	coffer_source_close(source);
}

static void
export(const char *from)
{
	dump(from, NULL);
}

static void
import(const char *from)
{
	const coffer_transfer_options options = {.is_forced = true};
	coffer_transfer_summary summary;
	struct coffer_source *source;
	coffer_error error = {0};

	(void)from;
	must(coffer_dump_source_open(dump_path, &options, &source, &error), &error);
	must(coffer_transfer_import(source, path, &options, &summary, &error), &error);
	coffer_source_close(source);
}

/* Every column of every row. */
static void
scan(const char *from)
{
	coffer_error error = {0};
	coffer_cursor *cursor;
	coffer_status status;
	const coffer_row *row;
	coffer_store *store;
	coffer_value value;
	coffer_txn *txn;
	uint32_t table;

	must(coffer_store_open(from, &store, &error), &error);
	must(coffer_txn_begin(store, &txn, &error), &error);
	table = coffer_schema_find_table(coffer_store_schema(store), "LiteLLM_SpendLogs");
	must(coffer_cursor_open(txn, table, &cursor, &error), &error);
	must(coffer_cursor_scan(cursor, &(coffer_scan){.index = COFFER_NO_INDEX}, &error), &error);
	while (!(status = coffer_cursor_next(cursor, &row, &error)))
		for (uint16_t i = 0; i < coffer_store_schema(store)->tables[table].column_count; i++)
			must(coffer_row_get(row, i, &value, &error), &error);
	assert_int_equal(status, COFFER_NOT_FOUND);
	coffer_cursor_close(cursor);
	coffer_txn_end(txn);
	coffer_store_close(store);
}

static void
write_dump(const char *from)
{
	FILE *file = fopen(dump_path, "we");

	assert_non_null(file);
	dump(from, file);
	assert_int_equal(fclose(file), 0);
}

static const struct way {
	const char *name;
	void (*run)(const char *from);
} ways[] = {
	{"load", load},
	{"import", import},
	{"scan", scan},
	{"export", export},
};

static size_t
count_of(const struct way *way, const char *from)
{
	write_dump(from);
	count = 0;
	way->run(from);
	return count;
}

static void
no_row_is_allocated_for(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		size_t few = count_of(&ways[i], few_path), many = count_of(&ways[i], many_path);

		assert_true(few > 0);
		if (many > few + MORE_MAX)
			fail_msg("%s of %d rows: %zu allocations, of %d rows: %zu", ways[i].name,
				 ROWS_FEW, few, ROWS_MANY, many);
	}
}

static int
set_up(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(few_path, sizeof(few_path), "%s/few", folder);
	(void)snprintf(many_path, sizeof(many_path), "%s/many", folder);
	(void)snprintf(path, sizeof(path), "%s/store", folder);
	(void)snprintf(dump_path, sizeof(dump_path), "%s/dump.sql", folder);
	generate(few_path, ROWS_FEW);
	generate(many_path, ROWS_MANY);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	(void)unlink(few_path);
	(void)unlink(many_path);
	(void)unlink(path);
	(void)unlink(dump_path);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_row_is_allocated_for),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
