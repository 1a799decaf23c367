/*
 * Roll-ups through the API: what they say after every kind of write, which ranges give what, and that nothing stays of a
 * transaction that was dropped. That groups are those of the rows verify and tests/support/twin.c say after random writes.
 */
#include "tests/support/writing.h"

#include "store/groups.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char prisma[] = "/// @coffer.rollup hour -> spend, tokens\n"
			     "/// @coffer.rollup day team -> spend\n"
			     "model Log {\n"
			     "  id     Int       @id\n"
			     "  at     DateTime? /// @coffer.time\n"
			     "  team   String?\n"
			     "  spend  Float?\n"
			     "  tokens Int\n"
			     "  key    Key?      @relation(fields: [team], references: [name], onDelete: SetNull, onUpdate: Cascade)\n"
			     "}\n"
			     "model Key {\n"
			     "  name String @id\n"
			     "  logs Log[]\n"
			     "}\n";

#define HOUR INT64_C(3600000000)

static coffer_value
at(int64_t time)
{
	return (coffer_value){.kind = COFFER_TIME, .time = time};
}

static void
log_row(int64_t id, coffer_value time, coffer_value team, double spend, int64_t tokens)
{
	must(insert("Log", PAIRS({"id", integer(id)}, {"at", time}, {"team", team},
				 {"spend", real(spend)}, {"tokens", integer(tokens)})));
}

static int
begin_logs(void **state)
{
	static const char *const names[] = {"a", "b", "c"};

	(void)state;
	begin_with(prisma, NULL);
	for (size_t i = 0; i < 3; i++)
		must(insert("Key", PAIRS({"name", text(names[i])})));
	log_row(1, at(0), text("a"), 0.5, 1);
	log_row(2, at(HOUR - 1000), text("b"), 0.25, 2);
	log_row(3, at(HOUR), text("a"), 1, 3);
	log_row(4, at(24 * HOUR), text("a"), 1e-300, 4);
	log_row(5, null, null, 2, 5);
	log_row(6, at(-1000), text("c"), 4, 6);
	return 0;
}

/* The groups that a scan gives: "time team rows: values unfit total, ...; " one after the other. */
static const char *
groups(const char *rollup, const coffer_rollup_scan *scan)
{
	static char out[4096];
	static const coffer_rollup_scan all;
	const coffer_table *table = &coffer_store_schema(writing.store)->tables[table_number("Log")];
	uint16_t number = coffer_table_find_rollup(table, rollup);
	coffer_rollup_cursor *cursor;
	const coffer_rollup_group *group;
	size_t used = 0;
	coffer_status status;

	assert_int_not_equal(number, COFFER_NO_ROLLUP);
	must(coffer_rollup_open(writing.txn, table_number("Log"), number, &cursor, &writing.error));
	must(coffer_rollup_seek(cursor, scan ? scan : &all, &writing.error));
	out[0] = '\0';
	while (!(status = coffer_rollup_next(cursor, &group, &writing.error))) {
		if (group->time.kind == COFFER_NULL)
			used += (size_t)snprintf(out + used, sizeof(out) - used, "NULL");
		else
			used += (size_t)snprintf(out + used, sizeof(out) - used, "%lld",
						 (long long)(group->time.time / HOUR));
		if (group->value.kind == COFFER_TEXT)
			used += (size_t)snprintf(out + used, sizeof(out) - used, " %.*s",
						 (int)group->value.text.size, group->value.text.data);
		used += (size_t)snprintf(out + used, sizeof(out) - used, " %llu:",
					 (unsigned long long)group->rows);
		for (size_t i = 0; i < table->rollups[number].sum_count; i++)
			used += (size_t)snprintf(
				out + used, sizeof(out) - used, " %llu %llu %g",
				(unsigned long long)group->sums[i].values,
				(unsigned long long)group->sums[i].unfit,
				coffer_fixed_round(&group->sums[i].total,
						   i ? 0 : COFFER_FIXED_EXPONENT));
		used += (size_t)snprintf(out + used, sizeof(out) - used, "; ");
	}
	assert_int_equal(status, COFFER_NOT_FOUND);
	coffer_rollup_close(cursor);
	return out;
}

static void
groups_are_those_of_the_rows(void **state)
{
	(void)state;
	assert_string_equal(groups("hour", NULL),
			    "NULL 1: 1 0 2 1 0 5; -1 1: 1 0 4 1 0 6; 0 2: 2 0 0.75 2 0 3; 1 1: 1 0 1 1 0 3; "
			    "24 1: 1 1 0 1 0 4; ");
	commit();
	assert_string_equal(groups("day_team", NULL),
			    "NULL 1: 1 0 2; -24 c 1: 1 0 4; 0 a 2: 2 0 1.5; 0 b 1: 1 0 0.25; 24 a 1: 1 1 0; ");
}

static void
ranges_take_groups_that_begin_in_them(void **state)
{
	const coffer_value zero = at(0), one = at(1), hour = at(HOUR), day = at(24 * HOUR),
			   first = at(INT64_MIN), last = at(INT64_MAX);

	(void)state;
	assert_string_equal(groups("hour", &(coffer_rollup_scan){.from = &zero, .to = &hour}),
			    "0 2: 2 0 0.75 2 0 3; ");
	assert_string_equal(groups("hour", &(coffer_rollup_scan){.from = &one, .to = &day}),
			    "1 1: 1 0 1 1 0 3; ");
	assert_string_equal(groups("hour", &(coffer_rollup_scan){.from = &zero, .to = &one}),
			    "0 2: 2 0 0.75 2 0 3; ");
	assert_string_equal(groups("hour", &(coffer_rollup_scan){.from = &day}),
			    "24 1: 1 1 0 1 0 4; ");
	assert_string_equal(groups("hour", &(coffer_rollup_scan){.from = &first, .to = &zero}),
			    "-1 1: 1 0 4 1 0 6; ");
	assert_string_equal(groups("hour", &(coffer_rollup_scan){.to = &zero}),
			    "NULL 1: 1 0 2 1 0 5; -1 1: 1 0 4 1 0 6; ");
	assert_string_equal(groups("hour", &(coffer_rollup_scan){.from = &last}), "");
	assert_string_equal(groups("hour", &(coffer_rollup_scan){.from = &day, .to = &zero}), "");
}

static void
one_text_is_sought_in_each_span(void **state)
{
	const coffer_value a = text("a"), b = text("b"), nobody = text("nobody"), zero = at(0),
			   day = at(24 * HOUR);

	(void)state;
	assert_string_equal(groups("day_team", &(coffer_rollup_scan){.equal = &a}),
			    "0 a 2: 2 0 1.5; 24 a 1: 1 1 0; ");
	assert_string_equal(groups("day_team", &(coffer_rollup_scan){.equal = &b}), "0 b 1: 1 0 0.25; ");
	assert_string_equal(groups("day_team", &(coffer_rollup_scan){.equal = &null}), "NULL 1: 1 0 2; ");
	assert_string_equal(groups("day_team", &(coffer_rollup_scan){.equal = &nobody}), "");
	assert_string_equal(
		groups("day_team", &(coffer_rollup_scan){.from = &zero, .to = &day, .equal = &a}),
		"0 a 2: 2 0 1.5; ");
}

/* Places where spans end: the infinities, with codes before and behind the one that is sought. */
static void
the_infinities_are_spans(void **state)
{
	const coffer_value a = text("a"), b = text("b"), c = text("c");

	(void)state;
	log_row(7, at(INT64_MAX), text("b"), 8, 7);
	log_row(8, at(INT64_MIN), text("b"), 16, 8);
	assert_string_equal(groups("day_team", &(coffer_rollup_scan){.equal = &a}),
			    "0 a 2: 2 0 1.5; 24 a 1: 1 1 0; ");
	assert_string_equal(groups("day_team", &(coffer_rollup_scan){.equal = &b}),
			    "-2562047788 b 1: 1 0 16; 0 b 1: 1 0 0.25; 2562047788 b 1: 1 0 8; ");
	assert_string_equal(groups("day_team", &(coffer_rollup_scan){.equal = &c}), "-24 c 1: 1 0 4; ");
}

static void
updates_and_deletes_move_rows(void **state)
{
	(void)state;
	commit();
	must(update("Log", integer(1), PAIRS({"spend", null}, {"at", at(HOUR)})));
	must(update("Log", integer(3), PAIRS({"+spend", real(0.5)})));
	must(delete_row("Log", integer(2)));
	must(update("Log", integer(4), PAIRS({"tokens", integer(4)})));
	assert_string_equal(groups("hour", NULL),
			    "NULL 1: 1 0 2 1 0 5; -1 1: 1 0 4 1 0 6; 1 2: 1 0 1.5 2 0 4; 24 1: 1 1 0 1 0 4; ");
	must(delete_row("Log", integer(4)));
	must(delete_row("Log", integer(5)));
	commit();
	must_be_whole();
	assert_string_equal(groups("hour", NULL), "-1 1: 1 0 4 1 0 6; 1 2: 1 0 1.5 2 0 4; ");
}

static void
what_foreign_keys_do_is_in_them(void **state)
{
	(void)state;
	commit();
	must(update("Key", text("a"), PAIRS({"name", text("z")})));
	must(delete_row("Key", text("c")));
	assert_string_equal(groups("day_team", NULL),
			    "NULL 1: 1 0 2; -24 1: 1 0 4; 0 b 1: 1 0 0.25; 0 z 2: 2 0 1.5; 24 z 1: 1 1 0; ");
	commit();
	must_be_whole();
}

static void
what_is_refused_or_dropped_leaves_nothing(void **state)
{
	char before[4096];

	(void)state;
	commit();
	(void)snprintf(before, sizeof(before), "%s", groups("hour", NULL));
	assert_int_equal(insert("Log", PAIRS({"id", integer(1)}, {"tokens", integer(1)})),
			 COFFER_CONFLICT);
	writing.error = (coffer_error){0};
	assert_string_equal(groups("hour", NULL), before);
	log_row(9, at(0), null, 1, 1);
	assert_string_not_equal(groups("hour", NULL), before);
	coffer_txn_end(writing.txn);
	must(coffer_txn_begin_write(writing.store, &writing.txn, &writing.error));
	assert_string_equal(groups("hour", NULL), before);
}

static void
a_write_ends_a_scan(void **state)
{
	static const coffer_rollup_scan all;
	coffer_rollup_cursor *cursor;
	const coffer_rollup_group *group;

	(void)state;
	must(coffer_rollup_open(writing.txn, table_number("Log"), 0, &cursor, &writing.error));
	must(coffer_rollup_seek(cursor, &all, &writing.error));
	must(coffer_rollup_next(cursor, &group, &writing.error));
	log_row(9, at(0), null, 1, 1);
	must_refuse(coffer_rollup_next(cursor, &group, &writing.error), COFFER_INVALID, "", "a write has ended");
	assert_null(group);
	coffer_rollup_close(cursor);
}

static void
what_no_rollup_can_answer_is_refused(void **state)
{
	const coffer_value word = text("a"), number = integer(1), before = at(INT64_MIN + 1);
	coffer_rollup_cursor *cursor;

	(void)state;
	must_refuse(coffer_rollup_open(writing.txn, table_number("Log"), 2, &cursor, &writing.error),
		    COFFER_INVALID, "", "no roll-up");
	assert_null(cursor);
	must_refuse(coffer_rollup_open(writing.txn, table_number("Key"), 0, &cursor, &writing.error),
		    COFFER_INVALID, "", "no roll-up");
	must(coffer_rollup_open(writing.txn, table_number("Log"), 0, &cursor, &writing.error));
	must_refuse(coffer_rollup_seek(cursor, &(coffer_rollup_scan){.equal = &word}, &writing.error),
		    COFFER_INVALID, "", "by no column");
	must_refuse(coffer_rollup_seek(cursor, &(coffer_rollup_scan){.from = &number}, &writing.error),
		    COFFER_INVALID, "", "no time");
	must_refuse(coffer_rollup_seek(cursor, &(coffer_rollup_scan){.to = &before}, &writing.error),
		    COFFER_INVALID, "", "no time");
	coffer_rollup_close(cursor);
}

/* More groups than a transaction gathers before it writes them. */
static void
many_groups_are_written_before_the_commit(void **state)
{
	enum { ROWS = 30000 };

	(void)state;
	for (int64_t i = 0; i < ROWS; i++)
		log_row(100 + i, at(i * 24 * HOUR), null, 1, 1);
	commit();
	must_be_whole();
	for (int64_t i = 0; i < ROWS; i += 2)
		must(delete_row("Log", integer(100 + i)));
	commit();
	must_be_whole();
}

/* ------------------------------------------------------------------ groups in little memory */

static void
what_does_not_fit_is_spilled_and_joined(void **state)
{
	struct coffer_sort_scratch scratch = {0};
	struct coffer_totals part = {.rows = 1, .sums = {{.values = 1, .total = {UINT64_MAX, 0, 0}}}};
	const struct coffer_totals *group;
	struct coffer_groups table;
	const uint8_t *key;
	size_t count = 0;

	(void)state;
	coffer_groups_init(&table, 1, 1, &scratch, "/tmp/coffer");
	for (uint32_t i = 0; i < 50000; i++) {
		uint8_t bytes[COFFER_GROUPS_KEY_SIZE] = {0};

		bytes[0] = (uint8_t)(i * 7 % 5000 >> 8);
		bytes[1] = (uint8_t)(i * 7 % 5000);
		part.sums[0].unfit = i % 2;
		must(coffer_groups_add(&table, bytes, &part, &writing.error));
	}
	assert_true(table.has_spilled);
	must(coffer_groups_finish(&table, &writing.error));
	for (; !coffer_groups_next(&table, &key, &group, &writing.error); count++) {
		assert_int_equal(key[0] << 8 | key[1], count);
		assert_int_equal(group->rows, 10);
		assert_int_equal(group->sums[0].values, 10);
		assert_true(group->sums[0].total.middle == 9 &&
			    group->sums[0].total.low == UINT64_MAX - 9);
	}
	assert_int_equal(count, 5000);
	coffer_groups_release(&table);
	free(scratch.memory);
}

/* A load with next to no memory gives the same store as one with all of it. */
static void
a_load_in_little_memory_is_whole(void **state)
{
	coffer_load_options options = {.is_forced = true, .has_seed = true, .memory_size = 4096};
	coffer_schema *schema;
	coffer_load *load;

	(void)state;
	coffer_txn_end(writing.txn);
	coffer_store_close(writing.store);
	must(coffer_schema_parse_prisma((coffer_text){prisma, sizeof(prisma) - 1}, "logs", &schema,
					&writing.error));
	must(coffer_load_begin(writing.path, schema, &options, &load, &writing.error));
	must(coffer_load_table(load, coffer_schema_find_table(schema, "Log"), &writing.error));
	for (int64_t i = 0; i < 20000; i++) {
		const coffer_value values[] = {integer(i), i % 11 ? at(i * 7919 % 3000 * HOUR) : null, null,
					       i % 13 ? real((double)i / 64) : null, integer(-i)};

		must(coffer_load_row(load, values, &writing.error));
	}
	must(coffer_load_finish(load, &writing.error));
	coffer_schema_free(schema);
	must_be_whole();
	must(coffer_store_open_to_write(writing.path, &writing.store, &writing.error));
	must(coffer_txn_begin_write(writing.store, &writing.txn, &writing.error));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin_logs, end_whole)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(groups_are_those_of_the_rows),
		TEST(ranges_take_groups_that_begin_in_them),
		TEST(one_text_is_sought_in_each_span),
		TEST(the_infinities_are_spans),
		TEST(updates_and_deletes_move_rows),
		TEST(what_foreign_keys_do_is_in_them),
		TEST(what_is_refused_or_dropped_leaves_nothing),
		TEST(a_write_ends_a_scan),
		TEST(what_no_rollup_can_answer_is_refused),
		TEST(many_groups_are_written_before_the_commit),
		TEST(a_load_in_little_memory_is_whole),
		cmocka_unit_test(what_does_not_fit_is_spilled_and_joined),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
