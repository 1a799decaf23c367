/*
 * One store, one write transaction: what tests of statements do with it.
 */
#include "tests/support/writing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct writing writing;

void
must(coffer_status status)
{
	if (status)
		fail_msg("%s: %s", writing.error.place, writing.error.message);
}

void
must_refuse(coffer_status status, coffer_status wanted, const char *place, const char *words)
{
	if (status != wanted || strcmp(writing.error.place, place) != 0 ||
	    !strstr(writing.error.message, words))
		fail_msg("status %d, \"%s: %s\"; expected %d, \"%s: ...%s...\"", status,
			 writing.error.place, writing.error.message, wanted, place, words);
	writing.error = (coffer_error){0};
}

coffer_value
text(const char *data)
{
	return (coffer_value){.kind = COFFER_TEXT, .text = {data, strlen(data)}};
}

coffer_value
integer(int64_t number)
{
	return (coffer_value){.kind = COFFER_INT, .integer = number};
}

coffer_value
real(double number)
{
	return (coffer_value){.kind = COFFER_FLOAT, .real = number};
}

const coffer_value null = {.kind = COFFER_NULL};

uint32_t
table_number(const char *name)
{
	uint32_t number = coffer_schema_find_table(coffer_store_schema(writing.store), name);

	assert_int_not_equal(number, COFFER_NO_TABLE);
	return number;
}

uint16_t
column_number(const char *table, const char *name)
{
	uint16_t number = coffer_table_find_column(
		&coffer_store_schema(writing.store)->tables[table_number(table)], name);

	assert_int_not_equal(number, COFFER_NO_COLUMN);
	return number;
}

static size_t
make_sets(const char *table, const struct pair *pairs, coffer_set *sets)
{
	size_t count = 0;

	for (; pairs[count].column; count++) {
		bool is_increment = *pairs[count].column == '+';

		sets[count] = (coffer_set){
			.column = column_number(table, pairs[count].column + is_increment),
			.is_increment = is_increment,
			.value = pairs[count].value,
		};
	}
	return count;
}

coffer_status
insert_as(const char *table, coffer_on_conflict on_conflict, coffer_outcome *outcome,
	  const struct pair *pairs)
{
	coffer_set sets[16];
	size_t count = make_sets(table, pairs, sets);

	return coffer_insert(writing.txn, table_number(table), sets, count, on_conflict, outcome,
			     &writing.error);
}

coffer_status
insert(const char *table, const struct pair *pairs)
{
	coffer_outcome outcome;

	return insert_as(table, COFFER_CONFLICT_FAIL, &outcome, pairs);
}

coffer_status
find_in(coffer_txn *in, const char *table, coffer_value key, coffer_cursor **cursor,
	const coffer_row **row)
{
	uint32_t number = table_number(table);

	must(coffer_cursor_open(in, number, cursor, &writing.error));
	return coffer_cursor_get(*cursor,
				 coffer_store_schema(writing.store)->tables[number].primary, &key,
				 row, &writing.error);
}

uint64_t
number_of(const char *table, coffer_value key)
{
	coffer_cursor *cursor;
	const coffer_row *row;
	uint64_t number;

	must(find_in(writing.txn, table, key, &cursor, &row));
	number = coffer_row_number(row);
	coffer_cursor_close(cursor);
	return number;
}

bool
is_there(const char *table, coffer_value key)
{
	coffer_cursor *cursor;
	const coffer_row *row;
	coffer_status status = find_in(writing.txn, table, key, &cursor, &row);

	coffer_cursor_close(cursor);
	assert_true(status == COFFER_OK || status == COFFER_NOT_FOUND);
	return !status;
}

coffer_status
update(const char *table, coffer_value key, const struct pair *pairs)
{
	coffer_set sets[16];
	size_t count = make_sets(table, pairs, sets);

	return coffer_update(writing.txn, table_number(table), number_of(table, key), sets, count,
			     &writing.error);
}

coffer_status
delete_row(const char *table, coffer_value key)
{
	return coffer_delete(writing.txn, table_number(table), number_of(table, key),
			     &writing.error);
}

const char *
show(const char *table, coffer_value key, const char *column)
{
	static coffer_buffer out;
	uint16_t number = column_number(table, column);
	coffer_cursor *cursor;
	const coffer_row *row;
	coffer_value value;

	must(find_in(writing.txn, table, key, &cursor, &row));
	must(coffer_row_get(row, number, &value, &writing.error));
	out.size = 0;
	if (value.kind == COFFER_NULL)
		coffer_buffer_text(&out, "NULL");
	else
		must(coffer_value_print(&coffer_store_schema(writing.store)
						 ->tables[table_number(table)]
						 .columns[number],
					&value, &out, &writing.error));
	coffer_buffer_append(&out, "", 1);
	coffer_cursor_close(cursor);
	return out.data;
}

uint64_t
count_rows(const char *table)
{
	uint64_t rows;

	must(coffer_table_count(writing.txn, table_number(table), &rows, &writing.error));
	return rows;
}

void
commit(void)
{
	must(coffer_txn_commit(writing.txn, &writing.error));
	must(coffer_txn_begin_write(writing.store, &writing.txn, &writing.error));
}

static void
found(void *context, const coffer_finding *finding)
{
	(void)context;
	print_error("%s %s: %s\n", finding->invariant, finding->place, finding->message);
}

void
must_be_whole(void)
{
	const coffer_verify_options options = {.found = found};
	coffer_verify_summary summary;

	must(coffer_verify(writing.path, &options, &summary, &writing.error));
	assert_int_equal(summary.findings, 0);
}

void
begin(void)
{
	writing.error = (coffer_error){0};
	must(coffer_store_open_to_write(writing.path, &writing.store, &writing.error));
	must(coffer_txn_begin_write(writing.store, &writing.txn, &writing.error));
}

void
begin_with(const char *prisma, void (*change)(coffer_schema *schema))
{
	coffer_load_options options = {.is_forced = true};
	coffer_schema *schema;

	must(coffer_schema_parse_prisma((coffer_text){prisma, strlen(prisma)}, "test.prisma",
					&schema, &writing.error));
	if (change) {
		change(schema);
		must(coffer_schema_settle(schema, &writing.error));
	}
	must(coffer_store_create(writing.path, schema, &options, &writing.error));
	coffer_schema_free(schema);
	begin();
}

int
end_whole(void **state)
{
	(void)state;
	must(coffer_txn_commit(writing.txn, &writing.error));
	coffer_store_close(writing.store);
	must_be_whole();
	return 0;
}

int
make_folder(void **state)
{
	(void)state;
	(void)snprintf(writing.folder, sizeof(writing.folder), "/tmp/coffer-write.XXXXXX");
	if (!mkdtemp(writing.folder))
		return -1;
	(void)snprintf(writing.path, sizeof(writing.path), "%s/store", writing.folder);
	return 0;
}

int
remove_folder(void **state)
{
	(void)state;
	unlink(writing.path);
	return rmdir(writing.folder);
}
