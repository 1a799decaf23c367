/*
 * What foreign keys do where it is easy to get wrong: in which order, with values that are equal and yet others, into columns
 * that cannot hold them. The expectations are what a Postgres 15 does with the same rows. After every test the store passes
 * verify.
 */
#include "tests/support/writing.h"

#include "disk/disk.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ------------------------------------------------------------------ values */

static const char values_prisma[] = "model Name {\n"
				    "  id String @id\n"
				    "  a Default[]\n  b Short[]\n"
				    "}\n"
				    "model Default {\n"
				    "  id Int @id\n  name String @default(\"none\")\n"
				    "  n Name @relation(fields: [name], references: [id], "
				    "onDelete: SetDefault, onUpdate: SetDefault)\n"
				    "}\n"
				    "model Short {\n"
				    "  id Int @id\n  name String @db.VarChar(4)\n"
				    "  n Name @relation(fields: [name], references: [id], "
				    "onDelete: Cascade, onUpdate: Cascade)\n"
				    "}\n"
				    "model Wide {\n"
				    "  id BigInt @id\n"
				    "  a Narrow[]\n"
				    "}\n"
				    "model Narrow {\n"
				    "  id Int @id\n  wide Int\n"
				    "  w Wide @relation(fields: [wide], references: [id], "
				    "onDelete: Cascade, onUpdate: Cascade)\n"
				    "}\n"
				    "model Real {\n"
				    "  id Float @id\n"
				    "  a RealCascade[]\n  b RealRestrict[]\n  c RealPlain[]\n"
				    "}\n"
				    "model RealCascade {\n"
				    "  id Int @id\n  real Float?\n"
				    "  r Real? @relation(fields: [real], references: [id], "
				    "onDelete: Cascade, onUpdate: Cascade)\n"
				    "}\n"
				    "model RealRestrict {\n"
				    "  id Int @id\n  real Float?\n"
				    "  r Real? @relation(fields: [real], references: [id], "
				    "onDelete: Restrict, onUpdate: Restrict)\n"
				    "}\n"
				    "model RealPlain {\n"
				    "  id Int @id\n  real Float?\n"
				    "  r Real? @relation(fields: [real], references: [id], "
				    "onDelete: NoAction, onUpdate: NoAction)\n"
				    "}\n";

static int
setup_values(void **state)
{
	(void)state;
	begin_with(values_prisma, NULL);
	return 0;
}

static void
set_default_of_a_text_is_stored(void **state)
{
	(void)state;
	must(insert("Name", PAIRS({"id", text("none")})));
	must(insert("Name", PAIRS({"id", text("some")})));
	must(insert("Default", PAIRS({"id", integer(1)}, {"name", text("some")})));
	commit();
	must(delete_row("Name", text("some")));
	assert_string_equal(show("Default", integer(1), "name"), "none");
}

static void
a_cascaded_value_has_to_fit(void **state)
{
	(void)state;
	must(insert("Name", PAIRS({"id", text("abcd")})));
	must(insert("Short", PAIRS({"id", integer(1)}, {"name", text("abcd")})));
	must_refuse(update("Name", text("abcd"), PAIRS({"id", text("abcde")})), COFFER_INVALID,
		    "Short.name", "character varying(4)");
	must(update("Name", text("abcd"), PAIRS({"id", text("dcba")})));
	assert_string_equal(show("Short", integer(1), "name"), "dcba");
	must(insert("Wide", PAIRS({"id", integer(1)})));
	must(insert("Narrow", PAIRS({"id", integer(1)}, {"wide", integer(1)})));
	must_refuse(update("Wide", integer(1), PAIRS({"id", integer(INT64_C(1) << 40)})),
		    COFFER_INVALID, "Narrow.wide", "integer");
	must(update("Wide", integer(1), PAIRS({"id", integer(INT32_MAX)})));
	assert_string_equal(show("Narrow", integer(1), "wide"), "2147483647");
}

/* A server compares the bytes of a key that is referred to, and the values of one that refers. */
static void
an_equal_key_of_other_bytes_moves(void **state)
{
	(void)state;
	for (int i = 1; i <= 3; i++)
		must(insert("Real", PAIRS({"id", real(i - 1)})));
	must(insert("RealCascade", PAIRS({"id", integer(1)}, {"real", real(-0.0)})));
	assert_string_equal(show("RealCascade", integer(1), "real"), "-0");
	must(update("Real", real(0), PAIRS({"id", real(-0.0)})));
	must(update("Real", real(0), PAIRS({"id", real(0.0)})));
	assert_string_equal(show("RealCascade", integer(1), "real"), "0");
	must(insert("RealRestrict", PAIRS({"id", integer(1)}, {"real", real(0)})));
	must(update("Real", real(0), PAIRS({"id", real(0.0)})));
	must_refuse(update("Real", real(0), PAIRS({"id", real(-0.0)})), COFFER_CONFLICT, "Real",
		    "a row of RealRestrict still refers to it");
	must(delete_row("RealRestrict", integer(1)));
	must(insert("RealPlain", PAIRS({"id", integer(1)}, {"real", real(0)})));
	must(update("Real", real(0), PAIRS({"id", real(-0.0)})));
	assert_string_equal(show("RealPlain", integer(1), "real"), "0");
	must(insert("Real", PAIRS({"id", real(NAN)})));
	must(insert("RealCascade", PAIRS({"id", integer(2)}, {"real", real(NAN)})));
	must(delete_row("Real", real(NAN)));
	assert_false(is_there("RealCascade", integer(2)));
}

/* ------------------------------------------------------------------ order */

/*
 * Two ways lead from Root to the key of Leaf, one of them a step longer. What refers to Leaf goes along with the shorter one
 * first; whether it is then looked at too early depends on which foreign key was made first.
 */
#define ROOT "model Root {\n  id Int @id\n  middles Middle[]\n  leaves Leaf[]\n}\n"
#define MIDDLE \
	"model Middle {\n" \
	"  id Int @id\n" \
	"  root Root @relation(fields: [id], references: [id], onUpdate: Cascade, onDelete: " \
	"Cascade)\n" \
	"  leaves Leaf[]\n" \
	"}\n"
#define LEAF \
	"model Leaf {\n" \
	"  x Int\n  y Int\n" \
	"  root Root @relation(fields: [y], references: [id], onUpdate: Cascade, onDelete: " \
	"Cascade)\n" \
	"  middle Middle @relation(fields: [x], references: [id], onUpdate: Cascade, onDelete: " \
	"Cascade)\n" \
	"  ends End[]\n" \
	"  @@id([x, y])\n" \
	"}\n"
#define END \
	"model End {\n" \
	"  id Int @id\n  x Int\n  y Int\n" \
	"  leaf Leaf @relation(fields: [x, y], references: [x, y], onUpdate: Cascade, onDelete: " \
	"Cascade)\n" \
	"}\n"

static void
insert_paths(void)
{
	must(insert("Root", PAIRS({"id", integer(1)})));
	must(insert("Middle", PAIRS({"id", integer(1)})));
	must(insert("Leaf", PAIRS({"x", integer(1)}, {"y", integer(1)})));
	must(insert("End", PAIRS({"id", integer(1)}, {"x", integer(1)}, {"y", integer(1)})));
	commit();
}

static void
a_key_that_moves_twice_takes_along_twice(void **state)
{
	(void)state;
	begin_with(ROOT MIDDLE LEAF END, NULL);
	insert_paths();
	must(update("Root", integer(1), PAIRS({"id", integer(2)})));
	assert_string_equal(show("End", integer(1), "x"), "2");
	assert_string_equal(show("End", integer(1), "y"), "2");
	must(delete_row("Root", integer(2)));
	assert_int_equal(count_rows("End"), 0);
}

static void
a_row_is_looked_at_in_its_turn(void **state)
{
	(void)state;
	begin_with(ROOT LEAF MIDDLE END, NULL);
	insert_paths();
	must_refuse(update("Root", integer(1), PAIRS({"id", integer(2)})), COFFER_CONFLICT, "End",
		    "x = '1', y = '2' refers to no row of Leaf");
	assert_true(is_there("Root", integer(1)));
}

static const char twice_prisma[] =
	"model P {\n  id Int @id\n  a First[] @relation(\"a\")\n  b First[] @relation(\"b\")\n"
	"  c Second[] @relation(\"c\")\n  d Second[] @relation(\"d\")\n}\n"
	"model First {\n"
	"  id Int @id\n  a Int\n  b Int\n"
	"  p P @relation(\"a\", fields: [a], references: [id], onDelete: NoAction)\n"
	"  q P @relation(\"b\", fields: [b], references: [id], onDelete: Cascade)\n"
	"}\n"
	"model Second {\n"
	"  id Int @id\n  a Int\n  b Int\n"
	"  p P @relation(\"c\", fields: [a], references: [id], onDelete: Cascade)\n"
	"  q P @relation(\"d\", fields: [b], references: [id], onDelete: Restrict)\n"
	"}\n";

static void
the_first_foreign_key_comes_first(void **state)
{
	const coffer_value one = integer(1), two = integer(2);

	(void)state;
	begin_with(twice_prisma, NULL);
	must(insert("P", PAIRS({"id", one})));
	must(insert("P", PAIRS({"id", two})));
	must(insert("First", PAIRS({"id", one}, {"a", one}, {"b", one})));
	must_refuse(delete_row("P", one), COFFER_CONFLICT, "P",
		    "a row of First still refers to it");
	must(insert("Second", PAIRS({"id", one}, {"a", two}, {"b", two})));
	must(delete_row("P", two));
	assert_int_equal(count_rows("Second"), 0);
}

/* ------------------------------------------------------------------ generated columns */

static const char generated_prisma[] = "model Parent {\n"
				       "  id Int @id\n"
				       "  children Child[]\n"
				       "}\n"
				       "model Child {\n"
				       "  id Int @id\n  parent Int?\n  twice Int?\n"
				       "  p Parent? @relation(fields: [parent], references: [id], "
				       "onUpdate: Cascade, onDelete: SetNull)\n"
				       "}\n";

static void
generate_twice(coffer_schema *schema)
{
	schema->tables[1].columns[2].generated_sql = coffer_schema_text(schema, "(parent * 2)");
}

static int
setup_generated(void **state)
{
	(void)state;
	begin_with(generated_prisma, generate_twice);
	return 0;
}

static void
a_row_with_generated_columns_is_not_changed_behind_them(void **state)
{
	(void)state;
	must(insert("Parent", PAIRS({"id", integer(1)})));
	must(insert("Child",
		    PAIRS({"id", integer(1)}, {"parent", integer(1)}, {"twice", integer(2)})));
	must_refuse(update("Parent", integer(1), PAIRS({"id", integer(2)})), COFFER_INVALID,
		    "Child.twice", "generated");
	must_refuse(delete_row("Parent", integer(1)), COFFER_INVALID, "Child.twice", "generated");
	must(delete_row("Child", integer(1)));
	must(delete_row("Parent", integer(1)));
}

/* ------------------------------------------------------------------ unusual declarations */

static const char unusual_prisma[] =
	"model Place {\n  id Int @id\n  rank Int @unique\n}\n"
	"model Pair {\n  x Int\n  y Int\n  both Both[]\n  @@id([x, y])\n}\n"
	"model Both {\n"
	"  id Int @id\n  a Int\n  b Int\n"
	"  pair Pair @relation(fields: [a, b], references: [x, y])\n"
	"}\n";

static void
declare_unusually(coffer_schema *schema)
{
	coffer_index *rank = &schema->tables[0].indexes[1];
	coffer_relation *pair = &schema->tables[2].relations[0];

	rank->is_constraint = true;
	rank->definition =
		coffer_schema_text(schema, "UNIQUE (rank) DEFERRABLE INITIALLY DEFERRED");
	pair->columns[1] = pair->columns[0];
}

static void
a_deferred_unique_key_waits(void **state)
{
	(void)state;
	begin_with(unusual_prisma, declare_unusually);
	for (int i = 1; i <= 2; i++)
		must(insert("Place", PAIRS({"id", integer(i)}, {"rank", integer(i)})));
	must(update("Place", integer(1), PAIRS({"rank", integer(2)})));
	must(update("Place", integer(2), PAIRS({"rank", integer(1)})));
	commit();
	assert_string_equal(show("Place", integer(1), "rank"), "2");
	must(insert("Place", PAIRS({"id", integer(3)}, {"rank", integer(1)})));
	must_refuse(coffer_txn_commit(writing.txn, &writing.error), COFFER_CONFLICT, "Place",
		    "rank = '1' is taken (Place_rank_key)");
	must(coffer_txn_begin_write(writing.store, &writing.txn, &writing.error));
	assert_int_equal(count_rows("Place"), 2);
}

static void
one_column_may_refer_twice(void **state)
{
	(void)state;
	begin_with(unusual_prisma, declare_unusually);
	must(insert("Pair", PAIRS({"x", integer(1)}, {"y", integer(1)})));
	must(insert("Pair", PAIRS({"x", integer(1)}, {"y", integer(2)})));
	must(insert("Both", PAIRS({"id", integer(1)}, {"a", integer(1)}, {"b", integer(7)})));
	must_refuse(insert("Both", PAIRS({"id", integer(2)}, {"a", integer(2)}, {"b", integer(7)})),
		    COFFER_CONFLICT, "Both", "refers to no row of Pair");
	must(coffer_delete(writing.txn, table_number("Pair"), 2, &writing.error));
	must_refuse(coffer_delete(writing.txn, table_number("Pair"), 1, &writing.error),
		    COFFER_CONFLICT, "Pair", "a row of Both still refers to it");
}

/* A server holds new rows against a foreign key that is NOT VALID, and leaves the old ones alone. */
static void
declare_not_valid(coffer_schema *schema)
{
	schema->tables[1].relations[0].definition_tail = "NOT VALID";
}

static void
a_foreign_key_that_is_not_valid_holds_for_new_rows(void **state)
{
	const coffer_value orphan[] = {integer(1), integer(77), integer(154)};

	(void)state;
	begin_with(generated_prisma, declare_not_valid);
	must(coffer_replica_put(writing.txn, 1, orphan, 0, &writing.error));
	commit();
	must_be_whole();
	must(update("Child", integer(1), PAIRS({"twice", integer(0)})));
	must_refuse(update("Child", integer(1), PAIRS({"parent", integer(78)})), COFFER_CONFLICT,
		    "Child", "parent = '78' refers to no row of Parent");
	must_refuse(insert("Child", PAIRS({"id", integer(2)}, {"parent", integer(77)})),
		    COFFER_CONFLICT, "Child", "parent = '77' refers to no row of Parent");
	must(insert("Parent", PAIRS({"id", integer(77)})));
	must(update("Parent", integer(77), PAIRS({"id", integer(7)})));
	assert_string_equal(show("Child", integer(1), "parent"), "7");
}

static void
declare_not_enforced(coffer_schema *schema)
{
	schema->tables[1].relations[0].definition_tail = "NOT ENFORCED";
}

static void
a_foreign_key_that_is_not_enforced_holds_for_none(void **state)
{
	(void)state;
	begin_with(generated_prisma, declare_not_enforced);
	must(insert("Child", PAIRS({"id", integer(1)}, {"parent", integer(77)})));
	must(insert("Parent", PAIRS({"id", integer(77)})));
	must(update("Parent", integer(77), PAIRS({"id", integer(7)})));
	assert_string_equal(show("Child", integer(1), "parent"), "77");
	must(coffer_delete(writing.txn, table_number("Parent"), 1, &writing.error));
	commit();
	must_be_whole();
}

/* ------------------------------------------------------------------ damage */

static void
an_entry_without_its_row_is_damage(void **state)
{
	static const uint8_t row[] = {0, 0, 0, 0, 0, 1};
	struct coffer_disk *disk;
	struct coffer_edit *edit;

	(void)state;
	begin_with(generated_prisma, NULL);
	must(insert("Parent", PAIRS({"id", integer(1)})));
	must(insert("Child", PAIRS({"id", integer(1)}, {"parent", integer(1)})));
	commit();
	coffer_txn_end(writing.txn);
	coffer_store_close(writing.store);
	must(coffer_disk_open_to_write(writing.path, &disk, &writing.error));
	must(coffer_edit_begin(disk, &edit, &writing.error));
	must(coffer_edit_delete(edit, coffer_disk_tree_find(disk, "table/Child"),
				(struct coffer_bytes){row, sizeof(row)}, &writing.error));
	must(coffer_edit_commit(edit, &writing.error));
	coffer_disk_close(disk);
	begin();
	must_refuse(delete_row("Parent", integer(1)), COFFER_CORRUPT, "Child",
		    "an index names row 1, which does not exist");
	coffer_txn_end(writing.txn);
	coffer_store_close(writing.store);
}

int
main(void)
{
#define VALUES(test) cmocka_unit_test_setup_teardown(test, setup_values, end_whole)
#define WHOLE(test) cmocka_unit_test_setup_teardown(test, NULL, end_whole)
#define GENERATED(test) cmocka_unit_test_setup_teardown(test, setup_generated, end_whole)
	const struct CMUnitTest tests[] = {
		VALUES(set_default_of_a_text_is_stored),
		VALUES(a_cascaded_value_has_to_fit),
		VALUES(an_equal_key_of_other_bytes_moves),
		WHOLE(a_key_that_moves_twice_takes_along_twice),
		WHOLE(a_row_is_looked_at_in_its_turn),
		WHOLE(the_first_foreign_key_comes_first),
		WHOLE(a_deferred_unique_key_waits),
		WHOLE(one_column_may_refer_twice),
		WHOLE(a_foreign_key_that_is_not_valid_holds_for_new_rows),
		WHOLE(a_foreign_key_that_is_not_enforced_holds_for_none),
		cmocka_unit_test(an_entry_without_its_row_is_damage),
		GENERATED(a_row_with_generated_columns_is_not_changed_behind_them),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
