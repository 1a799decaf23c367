/*
 * Recovery where the list of free pages is lost, so that former states of rows and sequences are found beside the last ones: which of
 * them comes back.
 */
#include "tests/support/writing.h"

#include "format/checksum.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { PAGE = 4096, LONG_SIZE = 6000, COLLIDING_SIZE = 32, COLLIDING = 5 };

static const char prisma[] = "model Thing {\n"
			     "  id String @id\n  number Int @unique @default(autoincrement())\n"
			     "  note String?\n"
			     "}\n";
static char saved[sizeof(writing.path) + 8], told[4096];

static void
note_lost(void *context, const char *place, const char *message)
{
	size_t size = strlen(told);

	(void)context;
	(void)snprintf(told + size, sizeof(told) - size, "%s: %s\n", place, message);
}

/* See tests/store/test_limits.c: with this seed all texts that begin so have one hash. */
static uint64_t
seed_of_collisions(void)
{
	uint64_t word;

	memcpy(&word, "tangled ", sizeof(word));
	return word - UINT64_C(0xbe4ba423396cfeb8);
}

static const char *
colliding(unsigned number)
{
	static char texts[COLLIDING][COLLIDING_SIZE + 1];

	(void)snprintf(texts[number], sizeof(texts[number]), "tangled %08uthe same for all",
		       number);
	return texts[number];
}

static int
setup(void **state)
{
	const coffer_load_options options = {
		.is_forced = true, .has_seed = true, .seed = seed_of_collisions()};
	coffer_schema *schema;

	(void)state;
	(void)snprintf(saved, sizeof(saved), "%s-saved", writing.path);
	told[0] = '\0';
	must(coffer_schema_parse_prisma((coffer_text){prisma, sizeof(prisma) - 1}, "test.prisma",
					&schema, &writing.error));
	must(coffer_store_create(writing.path, schema, &options, &writing.error));
	coffer_schema_free(schema);
	begin();
	return 0;
}

/* ------------------------------------------------------------------ damage */

static void
write_over(long at, const void *bytes, size_t size)
{
	FILE *file = fopen(writing.path, "r+b");

	assert_non_null(file);
	assert_int_equal(fseek(file, at, SEEK_SET), 0);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

/* Where the bytes stand the last time in the file. */
static long
find_last(const char *bytes)
{
	size_t size = strlen(bytes);
	FILE *file = fopen(writing.path, "rb");
	struct stat facts;
	char *all;
	long at;

	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &facts), 0);
	all = malloc((size_t)facts.st_size);
	assert_non_null(all);
	assert_int_equal(fread(all, 1, (size_t)facts.st_size, file), facts.st_size);
	(void)fclose(file);
	for (at = facts.st_size - (long)size; at > 0 && memcmp(all + at, bytes, size) != 0;)
		at--;
	free(all);
	assert_true(at > 0);
	return at;
}

/* The store is closed, and loses its lists of free pages. Then it is recovered, and what came back is open. */
static void
recover_mixed(void)
{
	const coffer_recover_options options = {.is_forced = true, .lost = note_lost};
	coffer_recover_summary summary;
	uint8_t wrong[48];

	memset(wrong, 0xff, sizeof(wrong));
	write_over(40, wrong, sizeof(wrong));
	write_over(PAGE + 40, wrong, sizeof(wrong));
	must(coffer_store_recover(writing.path, saved, &options, &summary, &writing.error));
	assert_true(summary.is_mixed);
	assert_int_equal(rename(saved, writing.path), 0);
	begin();
}

static void
close_store(void)
{
	must(coffer_txn_commit(writing.txn, &writing.error));
	coffer_store_close(writing.store);
}

/* ------------------------------------------------------------------ tests */

/* A row that went and came again: two states of it, of which the newer has lost its long value or not. */
static void
write_twice(void)
{
	static char note[LONG_SIZE + 1];

	memset(note, 'n', LONG_SIZE);
	must(insert("Thing", PAIRS({"id", text("one")}, {"note", text("the older one")})));
	commit();
	must(delete_row("Thing", text("one")));
	commit();
	must(insert("Thing", PAIRS({"id", text("one")}, {"note", text(note)})));
	close_store();
}

static void
the_newer_state_of_a_row_comes_back(void **state)
{
	(void)state;
	write_twice();
	recover_mixed();
	assert_non_null(strstr(told, "a later row has its key"));
	assert_int_equal(count_rows("Thing"), 1);
	assert_int_equal(strlen(show("Thing", text("one"), "note")), LONG_SIZE);
}

static void
the_older_state_comes_back_where_the_newer_is_lost(void **state)
{
	(void)state;
	write_twice();
	write_over(find_last("nnnnnnnn"), "x", 1);
	recover_mixed();
	assert_null(strstr(told, "a later row has its key"));
	assert_int_equal(count_rows("Thing"), 1);
	assert_string_equal(show("Thing", text("one"), "note"), "the older one");
}

static void
rows_whose_keys_have_one_hash_all_come_back(void **state)
{
	(void)state;
	for (unsigned i = 0; i < COLLIDING; i++) {
		must(insert("Thing", PAIRS({"id", text(colliding(i))})));
		commit();
	}
	close_store();
	assert_int_equal(coffer_hash(colliding(0), COLLIDING_SIZE, seed_of_collisions()),
			 coffer_hash(colliding(1), COLLIDING_SIZE, seed_of_collisions()));
	recover_mixed();
	assert_int_equal(count_rows("Thing"), COLLIDING);
	for (unsigned i = 0; i < COLLIDING; i++)
		assert_true(is_there("Thing", text(colliding(i))));
}

static void
a_sequence_does_not_go_back(void **state)
{
	char id[16];

	(void)state;
	for (int i = 1; i <= 8; i++) {
		(void)snprintf(id, sizeof(id), "t%d", i);
		must(insert("Thing", PAIRS({"id", text(id)})));
		commit();
	}
	close_store();
	recover_mixed();
	assert_int_equal(coffer_store_schema(writing.store)->sequences[0].last_value, 8);
	must(insert("Thing", PAIRS({"id", text("next")})));
	assert_string_equal(show("Thing", text("next"), "number"), "9");
}

int
main(void)
{
#define STATES(test) cmocka_unit_test_setup_teardown(test, setup, end_whole)
	const struct CMUnitTest tests[] = {
		STATES(the_newer_state_of_a_row_comes_back),
		STATES(the_older_state_comes_back_where_the_newer_is_lost),
		STATES(rows_whose_keys_have_one_hash_all_come_back),
		STATES(a_sequence_does_not_go_back),
	};

	return cmocka_run_group_tests_name("states", tests, make_folder, remove_folder);
}
