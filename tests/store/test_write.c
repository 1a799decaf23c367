/*
 * Write transactions, one statement at a time: what is stored, what is refused and that a refusal leaves no trace, what
 * foreign keys do. After every test the store passes verify.
 */
#include "tests/support/small.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/coffer-write.XXXXXX";
static char path[64];

/* The store under test; opened by each test's setup. */
static coffer_store *store;
static coffer_txn *txn;
static coffer_error error;

static void
must(coffer_status status)
{
	if (status)
		fail_msg("%s: %s", error.place, error.message);
}

/* What is expected to be refused is, and with these words somewhere in it. */
static void
must_refuse(coffer_status status, coffer_status wanted, const char *place, const char *words)
{
	if (status != wanted || strcmp(error.place, place) != 0 || !strstr(error.message, words))
		fail_msg("status %d, \"%s: %s\"; expected %d, \"%s: ...%s...\"", status, error.place,
			 error.message, wanted, place, words);
	error = (coffer_error){0};
}

static coffer_value
text(const char *data)
{
	return (coffer_value){.kind = COFFER_TEXT, .text = {data, strlen(data)}};
}

static coffer_value
integer(int64_t number)
{
	return (coffer_value){.kind = COFFER_INT, .integer = number};
}

static coffer_value
real(double number)
{
	return (coffer_value){.kind = COFFER_FLOAT, .real = number};
}

static const coffer_value null = {.kind = COFFER_NULL};

static uint32_t
table_number(const char *name)
{
	uint32_t number = coffer_schema_find_table(coffer_store_schema(store), name);

	assert_int_not_equal(number, COFFER_NO_TABLE);
	return number;
}

static uint16_t
column_number(const char *table, const char *name)
{
	uint16_t number = coffer_table_find_column(
		&coffer_store_schema(store)->tables[table_number(table)], name);

	assert_int_not_equal(number, COFFER_NO_COLUMN);
	return number;
}

/* A column and its value, as tests write them. */
struct pair {
	const char *column;
	coffer_value value;
};
#define PAIRS(...) ((const struct pair[]){__VA_ARGS__, {NULL, {.kind = COFFER_NULL}}})

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

static coffer_status
insert_as(const char *table, coffer_on_conflict on_conflict, coffer_outcome *outcome,
	  const struct pair *pairs)
{
	coffer_set sets[16];
	size_t count = make_sets(table, pairs, sets);

	return coffer_insert(txn, table_number(table), sets, count, on_conflict, outcome, &error);
}

static coffer_status
insert(const char *table, const struct pair *pairs)
{
	coffer_outcome outcome;

	return insert_as(table, COFFER_CONFLICT_FAIL, &outcome, pairs);
}

/* The row with this one-column primary key in a transaction. */
static coffer_status
find_in(coffer_txn *in, const char *table, coffer_value key, coffer_cursor **cursor,
	const coffer_row **row)
{
	uint32_t number = table_number(table);

	must(coffer_cursor_open(in, number, cursor, &error));
	return coffer_cursor_get(*cursor, coffer_store_schema(store)->tables[number].primary, &key, row,
				 &error);
}

static uint64_t
number_of(const char *table, coffer_value key)
{
	coffer_cursor *cursor;
	const coffer_row *row;
	uint64_t number;

	must(find_in(txn, table, key, &cursor, &row));
	number = coffer_row_number(row);
	coffer_cursor_close(cursor);
	return number;
}

static bool
is_there(const char *table, coffer_value key)
{
	coffer_cursor *cursor;
	const coffer_row *row;
	coffer_status status = find_in(txn, table, key, &cursor, &row);

	coffer_cursor_close(cursor);
	assert_true(status == COFFER_OK || status == COFFER_NOT_FOUND);
	return !status;
}

static coffer_status
update(const char *table, coffer_value key, const struct pair *pairs)
{
	coffer_set sets[16];
	size_t count = make_sets(table, pairs, sets);

	return coffer_update(txn, table_number(table), number_of(table, key), sets, count, &error);
}

static coffer_status
delete_row(const char *table, coffer_value key)
{
	return coffer_delete(txn, table_number(table), number_of(table, key), &error);
}

/* A column of a row in the output function's text; "NULL" for one. Lives until the next call. */
static const char *
show(const char *table, coffer_value key, const char *column)
{
	static coffer_buffer out;
	uint16_t number = column_number(table, column);
	coffer_cursor *cursor;
	const coffer_row *row;
	coffer_value value;

	must(find_in(txn, table, key, &cursor, &row));
	must(coffer_row_get(row, number, &value, &error));
	out.size = 0;
	if (value.kind == COFFER_NULL)
		coffer_buffer_text(&out, "NULL");
	else
		must(coffer_value_print(
			&coffer_store_schema(store)->tables[table_number(table)].columns[number], &value,
			&out, &error));
	coffer_buffer_append(&out, "", 1);
	coffer_cursor_close(cursor);
	return out.data;
}

static uint64_t
count_rows(const char *table)
{
	uint64_t rows;

	must(coffer_table_count(txn, table_number(table), &rows, &error));
	return rows;
}

static void
commit(void)
{
	must(coffer_txn_commit(txn, &error));
	must(coffer_txn_begin_write(store, &txn, &error));
}

static void
found(void *context, const coffer_finding *finding)
{
	(void)context;
	print_error("%s %s: %s\n", finding->invariant, finding->place, finding->message);
}

static void
must_be_whole(void)
{
	const coffer_verify_options options = {.found = found};
	coffer_verify_summary summary;

	must(coffer_verify(path, &options, &summary, &error));
	assert_int_equal(summary.findings, 0);
}

static void
begin(void)
{
	error = (coffer_error){0};
	must(coffer_store_open_to_write(path, &store, &error));
	must(coffer_txn_begin_write(store, &txn, &error));
}

static void
begin_with(const char *prisma)
{
	coffer_load_options options = {.is_forced = true};
	coffer_schema *schema;

	must(coffer_schema_parse_prisma((coffer_text){prisma, strlen(prisma)}, "test.prisma", &schema,
					&error));
	must(coffer_store_create(path, schema, &options, &error));
	coffer_schema_free(schema);
	begin();
}

static int
teardown(void **state)
{
	(void)state;
	must(coffer_txn_commit(txn, &error));
	coffer_store_close(store);
	must_be_whole();
	return 0;
}

/* ------------------------------------------------------------------ one row */

static int
setup_small(void **state)
{
	(void)state;
	small_store(path);
	begin();
	return 0;
}

static const struct pair new_key[] = {
	{"token", {.kind = COFFER_TEXT, .text = {"0123456789abcdef", 16}}},
	{"alias", {.kind = COFFER_TEXT, .text = {"new", 3}}},
	{"at", {.kind = COFFER_TIME, .time = 1234567890}},
	{"small", {.kind = COFFER_INT, .integer = 7}},
	{"ratio", {.kind = COFFER_FLOAT, .real = 0.5}},
	{"color", {.kind = COFFER_OTHER, .text = {"red", 3}}},
	{"document", {.kind = COFFER_JSON, .text = {"{\"b\":1,\"a\":2e2,\"a\":[]}", 22}}},
	{NULL, {.kind = COFFER_NULL}},
};

static void
an_insert_stores_what_the_server_would(void **state)
{
	const coffer_value key = text("0123456789abcdef");

	(void)state;
	must(insert("Key", new_key));
	assert_string_equal(show("Key", key, "document"), "{\"a\": [], \"b\": 1}");
	assert_string_equal(show("Key", key, "at"), "2000-01-01 00:20:34.568");
	assert_string_equal(show("Key", key, "number"), "1");
	assert_string_equal(show("Key", key, "tags"), "NULL");
	commit();
	assert_string_equal(show("Key", key, "document"), "{\"a\": [], \"b\": 1}");
	assert_int_equal(count_rows("Key"), SMALL_KEYS + 1);
}

static void
a_refusal_leaves_no_trace(void **state)
{
	(void)state;
	must_refuse(insert("Key", PAIRS({"token", text("t")}, {"alias", text("key-1")})),
		    COFFER_INVALID, "Key.at", "NOT NULL");
	must_refuse(update("Key", text("00000000000000000000000000000002"), PAIRS({"alias", text("key-1")})),
		    COFFER_CONFLICT, "Key", "alias = 'key-1' is taken (Key_alias_key)");
	must_refuse(update("Key", text("00000000000000000000000000000002"), PAIRS({"team_id", text("none")})),
		    COFFER_CONFLICT, "Key", "team_id = 'none' refers to no row of Team");
	must_refuse(update("Key", text("00000000000000000000000000000002"), PAIRS({"small", integer(40000)})),
		    COFFER_INVALID, "Key.small", "smallint");
	must_refuse(update("Key", text("00000000000000000000000000000002"),
			   PAIRS({"small", integer(1)}, {"small", integer(2)})),
		    COFFER_INVALID, "Key.small", "twice");
	must_refuse(update("Key", text("00000000000000000000000000000002"),
			   PAIRS({"color", {.kind = COFFER_OTHER, .text = {"blue", 4}}})),
		    COFFER_INVALID, "Key.color", "blue");
	commit();
	assert_int_equal(count_rows("Key"), SMALL_KEYS);
	assert_string_equal(show("Key", text("00000000000000000000000000000002"), "alias"), "key-2");
}

static void
an_update_changes_what_it_sets_alone(void **state)
{
	const coffer_value key = text("00000000000000000000000000000004");
	char note[2048];

	(void)state;
	must(update("Key", key, PAIRS({"+ratio", real(0.25)}, {"+small", integer(-3)})));
	assert_string_equal(show("Key", key, "ratio"), "2.25");
	assert_string_equal(show("Key", key, "small"), "-7");
	commit();
	assert_int_equal(strlen(show("Key", key, "note")), 1500);
	must(update("Key", key, PAIRS({"note", text("short")})));
	must_refuse(update("Key", key, PAIRS({"+small", integer(-32767)})), COFFER_INVALID, "Key.small",
		    "out of the range");
	commit();
	assert_string_equal(show("Key", key, "note"), "short");
	memset(note, 'x', sizeof(note));
	note[sizeof(note) - 1] = '\0';
	must(update("Key", key, PAIRS({"note", text(note)})));
	commit();
	assert_string_equal(show("Key", key, "note"), note);
	must(delete_row("Key", key));
	commit();
	assert_false(is_there("Key", key));
}

static void
a_key_may_move_and_be_taken_over(void **state)
{
	const coffer_value key = text("00000000000000000000000000000001");

	(void)state;
	must(update("Key", key, PAIRS({"alias", text("moved")}, {"team_id", null})));
	must(update("Key", text("00000000000000000000000000000002"), PAIRS({"alias", text("key-1")})));
	commit();
	assert_string_equal(show("Key", text("00000000000000000000000000000002"), "alias"), "key-1");
	assert_string_equal(show("Key", key, "team_id"), "NULL");
}

static void
a_taken_key_is_skipped_or_updated(void **state)
{
	const coffer_value key = text("0123456789abcdef");
	coffer_outcome outcome;

	(void)state;
	must(insert_as("Key", COFFER_CONFLICT_UPDATE, &outcome, new_key));
	assert_int_equal(outcome, COFFER_INSERTED);
	must(insert_as("Key", COFFER_CONFLICT_SKIP, &outcome, new_key));
	assert_int_equal(outcome, COFFER_SKIPPED);
	must(insert_as("Key", COFFER_CONFLICT_SKIP, &outcome,
		       PAIRS({"token", text("other")}, {"alias", text("new")})));
	assert_int_equal(outcome, COFFER_SKIPPED);
	must(insert_as("Key", COFFER_CONFLICT_UPDATE, &outcome,
		       PAIRS({"token", key}, {"note", text("seen")}, {"+ratio", real(1)})));
	assert_int_equal(outcome, COFFER_UPDATED);
	assert_string_equal(show("Key", key, "note"), "seen");
	assert_string_equal(show("Key", key, "ratio"), "1.5");
	must_refuse(insert("Key", new_key), COFFER_CONFLICT, "Key", "is taken (Key_pkey)");
	must(insert_as("Team", COFFER_CONFLICT_UPDATE, &outcome,
		       PAIRS({"id", text("team-9")}, {"+spend", real(2)})));
	assert_int_equal(outcome, COFFER_INSERTED);
	assert_string_equal(show("Team", text("team-9"), "spend"), "2");
}

static void
row_numbers_are_never_given_again(void **state)
{
	uint64_t last;

	(void)state;
	must(insert("Team", PAIRS({"id", text("team-4")}, {"spend", real(0)})));
	last = number_of("Team", text("team-4"));
	commit();
	must(delete_row("Team", text("team-4")));
	commit();
	must_be_whole();
	must(insert("Team", PAIRS({"id", text("team-5")}, {"spend", real(0)})));
	assert_int_equal(number_of("Team", text("team-5")), last + 1);
	commit();
	must_be_whole();
	must(insert("Team", PAIRS({"id", text("team-6")}, {"spend", real(0)})));
	must(delete_row("Team", text("team-6")));
	must(insert("Team", PAIRS({"id", text("team-6")}, {"spend", real(0)})));
	assert_int_equal(number_of("Team", text("team-6")), last + 3);
}

static void
an_ended_transaction_drops_its_changes(void **state)
{
	coffer_txn *reader;
	uint64_t rows;

	(void)state;
	must(insert("Key", new_key));
	must(coffer_txn_begin(store, &reader, &error));
	must(coffer_table_count(reader, table_number("Key"), &rows, &error));
	assert_int_equal(rows, SMALL_KEYS);
	coffer_txn_end(reader);
	coffer_txn_end(txn);
	must(coffer_txn_begin_write(store, &txn, &error));
	assert_false(is_there("Key", text("0123456789abcdef")));
	must(insert("Key", new_key));
	assert_string_equal(show("Key", text("0123456789abcdef"), "number"), "1");
}

static void
what_only_reads_does_not_write(void **state)
{
	coffer_txn *reader;

	(void)state;
	must(coffer_txn_begin(store, &reader, &error));
	must_refuse(coffer_delete(reader, 0, 1, &error), COFFER_INVALID, "", "only reads");
	coffer_txn_end(reader);
	must_refuse(coffer_delete(txn, 99, 1, &error), COFFER_INVALID, "", "no rows of its own");
	assert_int_equal(coffer_delete(txn, table_number("Team"), 4711, &error), COFFER_NOT_FOUND);
}

static void
a_write_ends_a_scan(void **state)
{
	const coffer_scan all = {.index = COFFER_NO_INDEX};
	coffer_cursor *cursor;
	const coffer_row *row;

	(void)state;
	must(coffer_cursor_open(txn, table_number("Team"), &cursor, &error));
	must(coffer_cursor_scan(cursor, &all, &error));
	must(coffer_cursor_next(cursor, &row, &error));
	must(insert("Team", PAIRS({"id", text("team-4")}, {"spend", real(0)})));
	must_refuse(coffer_cursor_next(cursor, &row, &error), COFFER_INVALID, "", "ended the scan");
	coffer_cursor_close(cursor);
}

/* ------------------------------------------------------------------ foreign keys */

static const char actions_prisma[] =
	"model Parent {\n"
	"  id Int @id\n"
	"  code String @unique\n"
	"  a RestrictChild[]\n  b CascadeChild[]\n  c NullChild[]\n  d DefaultChild[]\n  e PlainChild[]\n"
	"}\n"
	"model RestrictChild {\n"
	"  id Int @id\n  parent_id Int?\n"
	"  p Parent? @relation(fields: [parent_id], references: [id], onDelete: Restrict, onUpdate: Restrict)\n"
	"}\n"
	"model CascadeChild {\n"
	"  id Int @id\n  code String?\n  below Grandchild[]\n"
	"  p Parent? @relation(fields: [code], references: [code], onDelete: Cascade, onUpdate: Cascade)\n"
	"}\n"
	"model NullChild {\n"
	"  id Int @id\n  parent_id Int? @unique\n"
	"  p Parent? @relation(fields: [parent_id], references: [id], onDelete: SetNull, onUpdate: SetNull)\n"
	"}\n"
	"model DefaultChild {\n"
	"  id Int @id\n  parent_id Int @default(1)\n"
	"  p Parent @relation(fields: [parent_id], references: [id], onDelete: SetDefault, onUpdate: SetDefault)\n"
	"}\n"
	"model PlainChild {\n"
	"  id Int @id\n  parent_id Int?\n"
	"  p Parent? @relation(fields: [parent_id], references: [id], onDelete: NoAction, onUpdate: NoAction)\n"
	"}\n"
	"model Grandchild {\n"
	"  id Int @id\n  child_id Int\n"
	"  c CascadeChild @relation(fields: [child_id], references: [id], onDelete: Cascade, onUpdate: Cascade)\n"
	"}\n"
	"model Node {\n"
	"  id Int @id\n  up_id Int?\n"
	"  up Node? @relation(\"tree\", fields: [up_id], references: [id], onDelete: Cascade, onUpdate: Cascade)\n"
	"  down Node[] @relation(\"tree\")\n"
	"}\n";

static int
setup_actions(void **state)
{
	(void)state;
	begin_with(actions_prisma);
	for (int i = 1; i <= 3; i++) {
		char code[16];

		(void)snprintf(code, sizeof(code), "p%d", i);
		must(insert("Parent", PAIRS({"id", integer(i)}, {"code", text(code)})));
	}
	commit();
	return 0;
}

static void
restrict_refuses(void **state)
{
	(void)state;
	must(insert("RestrictChild", PAIRS({"id", integer(1)}, {"parent_id", integer(2)})));
	must_refuse(delete_row("Parent", integer(2)), COFFER_CONFLICT, "Parent",
		    "a row of RestrictChild still refers to it");
	must_refuse(update("Parent", integer(2), PAIRS({"id", integer(9)})), COFFER_CONFLICT, "Parent",
		    "RestrictChild");
	must(update("Parent", integer(2), PAIRS({"code", text("other")})));
	must(delete_row("RestrictChild", integer(1)));
	must(delete_row("Parent", integer(2)));
}

static void
cascade_takes_along(void **state)
{
	coffer_effects effects;

	(void)state;
	for (int i = 1; i <= 40; i++)
		must(insert("CascadeChild", PAIRS({"id", integer(i)}, {"code", text(i % 2 ? "p1" : "p2")})));
	for (int i = 1; i <= 40; i++)
		must(insert("Grandchild", PAIRS({"id", integer(i)}, {"child_id", integer(i)})));
	commit();
	must(update("Parent", integer(1), PAIRS({"code", text("renamed")})));
	assert_string_equal(show("CascadeChild", integer(3), "code"), "renamed");
	must(update("CascadeChild", integer(3), PAIRS({"id", integer(300)})));
	assert_string_equal(show("Grandchild", integer(3), "child_id"), "300");
	commit();
	must(delete_row("Parent", integer(1)));
	coffer_txn_effects(txn, &effects);
	assert_int_equal(effects.deleted, 41);
	assert_int_equal(count_rows("CascadeChild"), 20);
	assert_int_equal(count_rows("Grandchild"), 20);
}

static void
set_null_and_default_do(void **state)
{
	(void)state;
	must(insert("NullChild", PAIRS({"id", integer(1)}, {"parent_id", integer(2)})));
	must(insert("DefaultChild", PAIRS({"id", integer(1)}, {"parent_id", integer(2)})));
	must(insert("DefaultChild", PAIRS({"id", integer(2)})));
	must(delete_row("Parent", integer(2)));
	assert_string_equal(show("NullChild", integer(1), "parent_id"), "NULL");
	assert_string_equal(show("DefaultChild", integer(1), "parent_id"), "1");
	must_refuse(delete_row("Parent", integer(1)), COFFER_CONFLICT, "Parent",
		    "a row of DefaultChild still refers to it");
	assert_true(is_there("Parent", integer(1)));
}

static void
no_action_looks_at_the_end(void **state)
{
	(void)state;
	must(insert("PlainChild", PAIRS({"id", integer(1)}, {"parent_id", integer(3)})));
	must_refuse(delete_row("Parent", integer(3)), COFFER_CONFLICT, "Parent",
		    "a row of PlainChild still refers to it");
	commit();
	coffer_txn_defer(txn);
	must(delete_row("Parent", integer(3)));
	must(delete_row("PlainChild", integer(1)));
	must(insert("PlainChild", PAIRS({"id", integer(2)}, {"parent_id", integer(77)})));
	must(insert("Parent", PAIRS({"id", integer(77)}, {"code", text("late")})));
	commit();
	coffer_txn_defer(txn);
	must(insert("PlainChild", PAIRS({"id", integer(3)}, {"parent_id", integer(78)})));
	must_refuse(coffer_txn_commit(txn, &error), COFFER_CONFLICT, "PlainChild",
		    "parent_id = '78' refers to no row of Parent");
	must(coffer_txn_begin_write(store, &txn, &error));
	assert_false(is_there("PlainChild", integer(3)));
}

static void
rows_refer_to_their_own_table(void **state)
{
	(void)state;
	must(insert("Node", PAIRS({"id", integer(1)}, {"up_id", integer(1)})));
	must(insert("Node", PAIRS({"id", integer(2)}, {"up_id", integer(1)})));
	must(insert("Node", PAIRS({"id", integer(3)}, {"up_id", integer(2)})));
	must_refuse(insert("Node", PAIRS({"id", integer(4)}, {"up_id", integer(5)})), COFFER_CONFLICT,
		    "Node", "up_id = '5'");
	must(update("Node", integer(1), PAIRS({"id", integer(10)})));
	assert_string_equal(show("Node", integer(10), "up_id"), "10");
	assert_string_equal(show("Node", integer(2), "up_id"), "10");
	commit();
	must(update("Node", integer(10), PAIRS({"up_id", integer(3)})));
	must(delete_row("Node", integer(2)));
	assert_int_equal(count_rows("Node"), 0);
}

/* ------------------------------------------------------------------ defaults */

static const char defaults_prisma[] =
	"model Thing {\n"
	"  id String @id @default(uuid())\n"
	"  other String @default(cuid())\n"
	"  number Int @default(autoincrement())\n"
	"  flag Boolean @default(true)\n"
	"  rate Float @default(-0.5)\n"
	"  name String @default(\"it's\\\\\")\n"
	"  tags String[] @default([\"a\", \"b c\"])\n"
	"  document Json @default(\"{\\\"b\\\": 1}\")\n"
	"  made DateTime @default(now())\n"
	"  touched DateTime @updatedAt\n"
	"  served String? @default(dbgenerated(\"gen_random_uuid()\"))\n"
	"  asked String? @default(dbgenerated(\"current_user\"))\n"
	"}\n";

static int
setup_defaults(void **state)
{
	(void)state;
	begin_with(defaults_prisma);
	return 0;
}

static void
defaults_are_made(void **state)
{
	const char *made;

	(void)state;
	must_refuse(insert("Thing", PAIRS({"id", text("a")})), COFFER_INVALID, "Thing.asked",
		    "only a server evaluates");
	must(insert("Thing", PAIRS({"id", text("a")}, {"asked", null})));
	assert_int_equal(strlen(show("Thing", text("a"), "other")), 25);
	assert_int_equal(*show("Thing", text("a"), "other"), 'c');
	assert_string_equal(show("Thing", text("a"), "flag"), "t");
	assert_string_equal(show("Thing", text("a"), "rate"), "-0.5");
	assert_string_equal(show("Thing", text("a"), "name"), "it's\\");
	assert_string_equal(show("Thing", text("a"), "tags"), "{a,\"b c\"}");
	assert_string_equal(show("Thing", text("a"), "document"), "{\"b\": 1}");
	assert_int_equal(strlen(show("Thing", text("a"), "served")), 36);
	assert_int_equal(show("Thing", text("a"), "served")[14], '4');
	made = show("Thing", text("a"), "made");
	assert_int_equal(made[0], '2');
	assert_true(strlen(made) <= strlen("2026-01-01 00:00:00.000"));
	must(insert("Thing", PAIRS({"asked", null})));
	must(insert("Thing", PAIRS({"id", text("b")}, {"asked", null})));
	assert_int_equal(count_rows("Thing"), 3);
}

static void
updated_at_moves(void **state)
{
	const coffer_value early = {.kind = COFFER_TIME, .time = 1000};

	(void)state;
	must(insert("Thing", PAIRS({"id", text("a")}, {"asked", null}, {"touched", early}, {"made", early})));
	assert_string_equal(show("Thing", text("a"), "touched"), "2000-01-01 00:00:00.001");
	must(update("Thing", text("a"), PAIRS({"flag", {.kind = COFFER_BOOL, .boolean = false}})));
	assert_string_not_equal(show("Thing", text("a"), "touched"), "2000-01-01 00:00:00.001");
	assert_string_equal(show("Thing", text("a"), "made"), "2000-01-01 00:00:00.001");
	must(update("Thing", text("a"), PAIRS({"touched", early})));
	assert_string_equal(show("Thing", text("a"), "touched"), "2000-01-01 00:00:00.001");
}

/* ------------------------------------------------------------------ replicas, sequences, provenance */

static void
replica(const char *id, const char *name, uint64_t number)
{
	const coffer_value values[] = {text(id), text(name), real(0)};

	must(coffer_replica_put(txn, table_number("Team"), values, number, &error));
}

static void
a_replica_may_trade_keys(void **state)
{
	uint64_t one = number_of("Team", text("team-1")), two = number_of("Team", text("team-2"));

	(void)state;
	replica("team-2", "was one", one);
	replica("team-1", "was two", two);
	commit();
	assert_string_equal(show("Team", text("team-2"), "name"), "was one");
	replica("team-3", "doubled", 0);
	must_refuse(coffer_txn_commit(txn, &error), COFFER_CONFLICT, "Team", "id = 'team-3' is taken");
	must(coffer_txn_begin_write(store, &txn, &error));
	must(coffer_replica_delete(txn, table_number("Team"), one, &error));
	replica("team-7", "new", 0);
	commit();
	assert_int_equal(count_rows("Team"), SMALL_TEAMS);
	replica("team-2", "back", 0);
}

static void
sequences_and_steps_are_set(void **state)
{
	coffer_fact facts[] = {{"step", "test"}, {"what", "more"}};
	const coffer_step step = {facts, 2};
	const coffer_step *steps;
	size_t count;

	(void)state;
	must(coffer_txn_set_sequence(txn, 0, 41, true, &error));
	must_refuse(coffer_txn_set_sequence(txn, 0, 0, true, &error), COFFER_INVALID, "", "outside of sequence");
	must(insert("Key", new_key));
	assert_string_equal(show("Key", text("0123456789abcdef"), "number"), "42");
	must(coffer_txn_add_step(txn, &step, &error));
	must(coffer_txn_commit(txn, &error));
	coffer_store_close(store);
	begin();
	steps = coffer_store_provenance(store, &count);
	assert_int_equal(count, 2);
	assert_string_equal(steps[1].facts[1].value, "more");
	assert_int_equal(coffer_store_schema(store)->sequences[0].last_value, 42);
}

static void
a_copy_is_the_same(void **state)
{
	const coffer_copy_options options = {.is_forced = true};
	uint8_t before[COFFER_DIGEST_SIZE], after[COFFER_DIGEST_SIZE];
	coffer_store *copied;
	coffer_txn *reader;
	char other[80];

	(void)state;
	(void)snprintf(other, sizeof(other), "%s-copy", path);
	must(insert("Key", new_key));
	commit();
	must(insert("Team", PAIRS({"id", text("unseen")}, {"spend", real(0)})));
	must(coffer_store_copy(store, other, &options, &error));
	must(coffer_txn_begin(store, &reader, &error));
	must(coffer_store_digest(reader, before, &error));
	coffer_txn_end(reader);
	must(coffer_store_open(other, &copied, &error));
	must(coffer_txn_begin(copied, &reader, &error));
	must(coffer_store_digest(reader, after, &error));
	coffer_txn_end(reader);
	coffer_store_close(copied);
	assert_memory_equal(before, after, sizeof(before));
	unlink(other);
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
	unlink(path);
	return rmdir(folder);
}

#define SMALL(test) cmocka_unit_test_setup_teardown(test, setup_small, teardown)
#define ACTIONS(test) cmocka_unit_test_setup_teardown(test, setup_actions, teardown)
#define DEFAULTS(test) cmocka_unit_test_setup_teardown(test, setup_defaults, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SMALL(an_insert_stores_what_the_server_would),
		SMALL(a_refusal_leaves_no_trace),
		SMALL(an_update_changes_what_it_sets_alone),
		SMALL(a_key_may_move_and_be_taken_over),
		SMALL(a_taken_key_is_skipped_or_updated),
		SMALL(row_numbers_are_never_given_again),
		SMALL(an_ended_transaction_drops_its_changes),
		SMALL(what_only_reads_does_not_write),
		SMALL(a_write_ends_a_scan),
		ACTIONS(restrict_refuses),
		ACTIONS(cascade_takes_along),
		ACTIONS(set_null_and_default_do),
		ACTIONS(no_action_looks_at_the_end),
		ACTIONS(rows_refer_to_their_own_table),
		DEFAULTS(defaults_are_made),
		DEFAULTS(updated_at_moves),
		SMALL(a_replica_may_trade_keys),
		SMALL(sequences_and_steps_are_set),
		SMALL(a_copy_is_the_same),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
