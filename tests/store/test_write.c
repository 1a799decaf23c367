/*
 * Write transactions, one statement at a time: what is stored, what is refused and that a refusal leaves no trace, what
 * foreign keys do. After every test the store passes verify.
 */
#include "tests/support/small.h"
#include "tests/support/writing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* ------------------------------------------------------------------ one row */

static int
setup_small(void **state)
{
	(void)state;
	small_store(writing.path);
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
	must(update("Key", key, PAIRS({"ratio", real(0.1)})));
	assert_string_equal(show("Key", key, "ratio"), "0.1");
	must_refuse(update("Key", key, PAIRS({"ratio", real(1e300)})), COFFER_INVALID, "Key.ratio", "real");
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
	must(coffer_txn_begin(writing.store, &reader, &writing.error));
	must(coffer_table_count(reader, table_number("Key"), &rows, &writing.error));
	assert_int_equal(rows, SMALL_KEYS);
	coffer_txn_end(reader);
	coffer_txn_end(writing.txn);
	must(coffer_txn_begin_write(writing.store, &writing.txn, &writing.error));
	assert_false(is_there("Key", text("0123456789abcdef")));
	must(insert("Key", new_key));
	assert_string_equal(show("Key", text("0123456789abcdef"), "number"), "1");
}

/* A code that a dropped transaction had given is another text's in the next one. */
static void
a_dropped_code_is_forgotten(void **state)
{
	const coffer_value key = text("00000000000000000000000000000002");

	(void)state;
	must(insert("Team", PAIRS({"id", text("kept")}, {"name", text("kept")}, {"spend", real(0)})));
	commit();
	must(insert("Team", PAIRS({"id", text("gone")}, {"name", text("gone")}, {"spend", real(0)})));
	must(update("Key", key, PAIRS({"team_id", text("gone")})));
	coffer_txn_end(writing.txn);
	must(coffer_txn_begin_write(writing.store, &writing.txn, &writing.error));
	must(insert("Team", PAIRS({"id", text("other")}, {"name", text("other")}, {"spend", real(0)})));
	must(update("Key", key, PAIRS({"team_id", text("other")})));
	must(insert("Team", PAIRS({"id", text("gone")}, {"name", text("gone")}, {"spend", real(0)})));
	must(update("Key", key, PAIRS({"team_id", text("gone")})));
	commit();
	assert_string_equal(show("Key", key, "team_id"), "gone");
	must(update("Key", key, PAIRS({"team_id", text("kept")})));
	assert_string_equal(show("Key", key, "team_id"), "kept");
}

static void
what_only_reads_does_not_write(void **state)
{
	coffer_txn *reader;

	(void)state;
	must(coffer_txn_begin(writing.store, &reader, &writing.error));
	must_refuse(coffer_delete(reader, 0, 1, &writing.error), COFFER_INVALID, "", "only reads");
	coffer_txn_end(reader);
	must_refuse(coffer_delete(writing.txn, 99, 1, &writing.error), COFFER_INVALID, "", "no rows of its own");
	assert_int_equal(coffer_delete(writing.txn, table_number("Team"), 4711, &writing.error), COFFER_NOT_FOUND);
}

static void
a_write_ends_a_scan(void **state)
{
	const coffer_scan all = {.index = COFFER_NO_INDEX};
	coffer_cursor *cursor;
	const coffer_row *row;

	(void)state;
	must(coffer_cursor_open(writing.txn, table_number("Team"), &cursor, &writing.error));
	must(coffer_cursor_scan(cursor, &all, &writing.error));
	must(coffer_cursor_next(cursor, &row, &writing.error));
	must(insert("Team", PAIRS({"id", text("team-4")}, {"spend", real(0)})));
	must_refuse(coffer_cursor_row(cursor, &row, &writing.error), COFFER_INVALID, "", "ended the scan");
	must_refuse(coffer_cursor_next(cursor, &row, &writing.error), COFFER_INVALID, "", "ended the scan");
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
	begin_with(actions_prisma, NULL);
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
	coffer_txn_effects(writing.txn, &effects);
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
	coffer_txn_defer(writing.txn);
	must(delete_row("Parent", integer(3)));
	must(delete_row("PlainChild", integer(1)));
	must(insert("PlainChild", PAIRS({"id", integer(2)}, {"parent_id", integer(77)})));
	must(insert("Parent", PAIRS({"id", integer(77)}, {"code", text("late")})));
	commit();
	coffer_txn_defer(writing.txn);
	must(insert("PlainChild", PAIRS({"id", integer(3)}, {"parent_id", integer(78)})));
	must_refuse(coffer_txn_commit(writing.txn, &writing.error), COFFER_CONFLICT, "PlainChild",
		    "parent_id = '78' refers to no row of Parent");
	must(coffer_txn_begin_write(writing.store, &writing.txn, &writing.error));
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
	begin_with(defaults_prisma, NULL);
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

/* A cast in a default that holds less than the column: a server stores less than the literal. */
static const char narrow_prisma[] =
	"model Length {\n  id Int @id\n  x String? @default(dbgenerated(\"'abc'::character varying(2)\"))\n}\n"
	"model Element {\n  id Int @id\n  x String[] @default(dbgenerated(\"ARRAY['abc'::character varying(2)]\"))\n}\n"
	"model Digits {\n  id Int @id\n  x DateTime? @default(dbgenerated(\"CURRENT_TIMESTAMP(0)\"))\n}\n"
	"model Cut {\n  id Int @id\n  x DateTime? @default(dbgenerated(\"(now())::timestamp(0) without time zone\"))\n}\n"
	"model Day {\n  id Int @id\n  x DateTime? @default(dbgenerated(\"'2020-01-01 10:00:00'::date\"))\n}\n"
	"model Single {\n  id Int @id\n  x Float? @default(dbgenerated(\"'0.1'::real\"))\n}\n"
	"model Wide {\n  id Int @id\n  x String? @default(dbgenerated(\"'abc'::character varying(9)\")) @db.VarChar(9)\n"
	"  y DateTime? @default(dbgenerated(\"CURRENT_TIMESTAMP(6)\"))\n"
	"  z Float? @default(dbgenerated(\"'0.1'::double precision\"))\n}\n";

static void
narrow_defaults_are_refused(void **state)
{
	static const char *const places[] = {"Length.x", "Element.x", "Digits.x",
					     "Cut.x", "Day.x", "Single.x"};

	(void)state;
	begin_with(narrow_prisma, NULL);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		char table[16];

		(void)snprintf(table, sizeof(table), "%.*s", (int)strcspn(places[i], "."), places[i]);
		must_refuse(insert(table, PAIRS({"id", integer(1)})), COFFER_INVALID, places[i],
			    "only a server evaluates");
	}
	must(insert("Wide", PAIRS({"id", integer(1)})));
	assert_string_equal(show("Wide", integer(1), "x"), "abc");
	assert_string_equal(show("Wide", integer(1), "z"), "0.1");
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

/* ------------------------------------------------------------------ counters */

static const char counter_prisma[] =
	"model Counter {\n"
	"  id Int @id\n  count BigInt?\n  small Int @db.SmallInt\n  ratio Float?\n  single Float @db.Real\n"
	"  flag Boolean\n  at DateTime? @db.Timestamp(3)\n  touched DateTime @updatedAt\n"
	"  rank Int? @unique\n  long String\n  owner_id Int?\n"
	"  owner Counter? @relation(\"owner\", fields: [owner_id], references: [id])\n"
	"  owned Counter[] @relation(\"owner\")\n"
	"}\n";

static coffer_value
flag(bool is_set)
{
	return (coffer_value){.kind = COFFER_BOOL, .boolean = is_set};
}

static void
setup_counter(void)
{
	static char data[3000];

	memset(data, 'l', sizeof(data) - 1);
	begin_with(counter_prisma, NULL);
	for (int i = 1; i <= 3; i++)
		must(insert("Counter", PAIRS({"id", integer(i)}, {"count", integer(0)}, {"small", integer(0)},
					     {"ratio", real(0)}, {"single", real(0)}, {"flag", flag(false)},
					     {"rank", integer(i)}, {"long", text(data)})));
	commit();
}

/* Of the same size as before or of another, a value is what was set, in its canonical form: end_whole verifies that. */
static void
a_counter_takes_any_number(void **state)
{
	static const int64_t numbers[] = {
		1, 2, 127, 128, 129, 255, 256, 257, 65535, 65536, 65537, -1, -2, -32, -33, -128, -129, -32768,
		-32769, 4294967295, 4294967296, INT64_MAX, INT64_MAX - 1, INT64_MIN, INT64_MIN + 1, 0, 1, 0,
	};

	(void)state;
	setup_counter();
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		char expected[24];

		snprintf(expected, sizeof(expected), "%lld", (long long)numbers[i]);
		must(update("Counter", integer(2),
			    PAIRS({"count", integer(numbers[i])}, {"flag", flag(i % 2)},
				  {"ratio", real((double)numbers[i])})));
		assert_string_equal(show("Counter", integer(2), "count"), expected);
		assert_string_equal(show("Counter", integer(2), "flag"), i % 2 ? "t" : "f");
		commit();
		must_be_whole();
	}
	must(update("Counter", integer(2), PAIRS({"+ratio", real(0.25)}, {"+count", integer(-7)})));
	must(update("Counter", integer(2), PAIRS({"+ratio", real(0.5)}, {"+count", integer(8)})));
	assert_string_equal(show("Counter", integer(2), "ratio"), "0.75");
	assert_string_equal(show("Counter", integer(2), "count"), "1");
	assert_int_equal(strlen(show("Counter", integer(2), "long")), 2999);
}

static void
a_counter_is_refused_what_any_update_is(void **state)
{
	(void)state;
	setup_counter();
	must(update("Counter", integer(1), PAIRS({"small", integer(32766)}, {"single", real(3e38)})));
	must_refuse(update("Counter", integer(1), PAIRS({"flag", flag(true)}, {"+small", integer(2)})),
		    COFFER_INVALID, "Counter.small", "out of the range of smallint");
	must_refuse(update("Counter", integer(1), PAIRS({"+single", real(3e38)})), COFFER_INVALID,
		    "Counter.single", "out of the range of real");
	must_refuse(update("Counter", integer(1), PAIRS({"small", integer(1 << 20)})), COFFER_INVALID,
		    "Counter.small", "out of the range");
	must_refuse(update("Counter", integer(1), PAIRS({"flag", null})), COFFER_INVALID, "Counter.flag",
		    "NOT NULL");
	must_refuse(update("Counter", integer(1), PAIRS({"flag", integer(1)})), COFFER_INVALID,
		    "Counter.flag", "expected one of type boolean");
	must_refuse(update("Counter", integer(1), PAIRS({"small", integer(1)}, {"rank", integer(2)})),
		    COFFER_CONFLICT, "Counter", "rank = '2' is taken");
	must_refuse(update("Counter", integer(1), PAIRS({"small", integer(1)}, {"owner_id", integer(9)})),
		    COFFER_CONFLICT, "Counter", "refers to no row");
	must_refuse(coffer_update(writing.txn, 0, 4, NULL, 0, &writing.error), COFFER_NOT_FOUND, "", "");
	assert_string_equal(show("Counter", integer(1), "small"), "32766");
	assert_string_equal(show("Counter", integer(1), "flag"), "f");
	commit();
	must(update("Counter", integer(1), PAIRS({"rank", integer(7)}, {"owner_id", integer(3)})));
	must(update("Counter", integer(1), PAIRS({"count", null}, {"ratio", null})));
	must(update("Counter", integer(1), PAIRS({"+count", integer(1)}, {"+ratio", real(1)})));
	assert_string_equal(show("Counter", integer(1), "count"), "NULL");
	must(update("Counter", integer(1), PAIRS({"count", integer(1)}, {"ratio", real(1)})));
	assert_string_equal(show("Counter", integer(1), "ratio"), "1");
	assert_string_equal(show("Counter", integer(1), "owner_id"), "3");
}

/* ------------------------------------------------------------------ replicas, sequences, provenance */

static void
replica(const char *id, const char *name, uint64_t number)
{
	const coffer_value values[] = {text(id), text(name), real(0)};

	must(coffer_replica_put(writing.txn, table_number("Team"), values, number, &writing.error));
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
	must_refuse(coffer_txn_commit(writing.txn, &writing.error), COFFER_CONFLICT, "Team", "id = 'team-3' is taken");
	must(coffer_txn_begin_write(writing.store, &writing.txn, &writing.error));
	must(coffer_replica_delete(writing.txn, table_number("Team"), one, &writing.error));
	replica("team-7", "new", 0);
	commit();
	assert_int_equal(count_rows("Team"), SMALL_TEAMS);
	replica("team-2", "back", 0);
}

/* A key that was in the way and is none any more. */
static void
a_replica_may_give_a_key_up(void **state)
{
	coffer_value values[KEY_COLUMNS];
	uint64_t number;

	(void)state;
	must(insert("Key", new_key));
	number = number_of("Key", text("0123456789abcdef"));
	small_key(1, values);
	values[KEY_TOKEN] = text("0123456789abcdef");
	values[KEY_ALIAS] = text("another");
	must(coffer_replica_put(writing.txn, SMALL_KEY, values, number, &writing.error));
	values[KEY_TEAM] = null;
	must(coffer_replica_put(writing.txn, SMALL_KEY, values, number, &writing.error));
	commit();
	assert_string_equal(show("Key", text("0123456789abcdef"), "team_id"), "NULL");
}

/* What a cursor of the transaction gave may be what the next write takes, which moves it. */
static void
a_row_may_be_written_from_another(void **state)
{
	const coffer_value from = text("00000000000000000000000000000004");
	coffer_cursor *cursor;
	const coffer_row *row;
	coffer_set sets[KEY_COLUMNS];
	char name[32];

	(void)state;
	for (int i = 0; i < 200; i++) {
		(void)snprintf(name, sizeof(name), "interned name %d", i);
		must(insert("Team", PAIRS({"id", text(name)}, {"name", text(name)}, {"spend", real(0)})));
	}
	must(update("Key", from, PAIRS({"team_id", text("interned name 7")})));
	for (int i = 0; i < 50; i++) {
		(void)snprintf(name, sizeof(name), "%020d", i);
		must(find_in(writing.txn, "Key", from, &cursor, &row));
		for (uint16_t c = 0; c < KEY_COLUMNS; c++) {
			sets[c] = (coffer_set){.column = c};
			must(coffer_row_get(row, c, &sets[c].value, &writing.error));
		}
		sets[KEY_TOKEN].value = sets[KEY_ALIAS].value = text(name);
		sets[KEY_NUMBER].value = integer(100 + i);
		must(coffer_insert(writing.txn, SMALL_KEY, sets, KEY_COLUMNS, COFFER_CONFLICT_FAIL, NULL,
				   &writing.error));
		coffer_cursor_close(cursor);
		must(insert("Team", PAIRS({"id", text(name)}, {"name", text(name)}, {"spend", real(0)})));
		assert_int_equal(strlen(show("Key", text(name), "note")), 1500);
		assert_string_equal(show("Key", text(name), "team_id"), "interned name 7");
	}
}

static void
sequences_and_steps_are_set(void **state)
{
	coffer_fact facts[] = {{"step", "test"}, {"what", "more"}};
	const coffer_step step = {facts, 2};
	const coffer_step *steps;
	size_t count;

	(void)state;
	must(coffer_txn_set_sequence(writing.txn, 0, 41, true, &writing.error));
	must_refuse(coffer_txn_set_sequence(writing.txn, 0, 0, true, &writing.error), COFFER_INVALID, "", "outside of sequence");
	must(insert("Key", new_key));
	assert_string_equal(show("Key", text("0123456789abcdef"), "number"), "42");
	must(coffer_txn_add_step(writing.txn, &step, &writing.error));
	must(coffer_txn_commit(writing.txn, &writing.error));
	coffer_store_close(writing.store);
	begin();
	steps = coffer_store_provenance(writing.store, &count);
	assert_int_equal(count, 2);
	assert_string_equal(steps[1].facts[1].value, "more");
	assert_int_equal(coffer_store_schema(writing.store)->sequences[0].last_value, 42);
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
	(void)snprintf(other, sizeof(other), "%s-copy", writing.path);
	must(insert("Key", new_key));
	commit();
	must(insert("Team", PAIRS({"id", text("unseen")}, {"spend", real(0)})));
	must(coffer_store_copy(writing.store, other, &options, &writing.error));
	must(coffer_txn_begin(writing.store, &reader, &writing.error));
	must(coffer_store_digest(reader, before, &writing.error));
	coffer_txn_end(reader);
	must(coffer_store_open(other, &copied, &writing.error));
	must(coffer_txn_begin(copied, &reader, &writing.error));
	must(coffer_store_digest(reader, after, &writing.error));
	coffer_txn_end(reader);
	coffer_store_close(copied);
	assert_memory_equal(before, after, sizeof(before));
	unlink(other);
}

#define SMALL(test) cmocka_unit_test_setup_teardown(test, setup_small, end_whole)
#define ACTIONS(test) cmocka_unit_test_setup_teardown(test, setup_actions, end_whole)
#define DEFAULTS(test) cmocka_unit_test_setup_teardown(test, setup_defaults, end_whole)

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
		SMALL(a_dropped_code_is_forgotten),
		SMALL(what_only_reads_does_not_write),
		SMALL(a_write_ends_a_scan),
		ACTIONS(restrict_refuses),
		ACTIONS(cascade_takes_along),
		ACTIONS(set_null_and_default_do),
		ACTIONS(no_action_looks_at_the_end),
		ACTIONS(rows_refer_to_their_own_table),
		DEFAULTS(defaults_are_made),
		cmocka_unit_test_teardown(narrow_defaults_are_refused, end_whole),
		cmocka_unit_test_teardown(a_counter_takes_any_number, end_whole),
		cmocka_unit_test_teardown(a_counter_is_refused_what_any_update_is, end_whole),
		DEFAULTS(updated_at_moves),
		SMALL(a_replica_may_trade_keys),
		SMALL(a_replica_may_give_a_key_up),
		SMALL(a_row_may_be_written_from_another),
		SMALL(sequences_and_steps_are_set),
		SMALL(a_copy_is_the_same),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
