/*
 * Texts of SQL that fit themselves to what is asked for and to what a store has: line by line, each rule of template.h.
 */
#include "sql/template.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char prisma[] = "model T {\n  id String @id\n  a Int?\n  user String?\n}\n"
			     "model U {\n  id String @id\n  b Int?\n}\n"
			     "model v {\n  id String @id\n  A Int?\n  a Int?\n}\n"
			     "model V {\n  id String @id\n}\n";

static coffer_schema *schema;

static int
setup(void **state)
{
	coffer_error error = {0};
	coffer_status status = coffer_schema_parse_prisma((coffer_text){prisma, strlen(prisma)},
							  "test", &schema, &error);

	(void)state;
	if (status)
		fail_msg("%s: %s", error.place, error.message);
	for (size_t i = 0; i < schema->table_count; i++)
		schema->tables[i].id = (uint32_t)i + 1; /* as if it had rows of its own */
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	coffer_schema_free(schema);
	return 0;
}

static const struct coffer_template_value values[] = {
	{"given", "'it''s'"}, {"order", "up"}, {"none", NULL}, {"n", "7"}};

/* What becomes of the text: the text, or "lacks NAME". */
static void
assert_written(const coffer_schema *of, const char *text, const char *expected)
{
	struct coffer_template template = {text, of, values, sizeof(values) / sizeof(values[0])};
	char lack[COFFER_LACK_SIZE], found[256];
	coffer_buffer out = {0};
	coffer_status status = coffer_template_write(&template, &out, lack, NULL);

	if (status)
		snprintf(found, sizeof(found), "lacks %s", lack);
	else
		snprintf(found, sizeof(found), "%s", out.data ? out.data : "");
	coffer_buffer_release(&out);
	assert_string_equal(found, expected);
}

static void
parameters_are_put_in_or_take_their_line_along(void **state)
{
	(void)state;
	assert_written(NULL, "a = :given\nb = :none\nc", "a = 'it''s'\nc\n");
	assert_written(NULL, "(:given, :n, :given)\n:none :given\n", "('it''s', 7, 'it''s')\n");
	assert_written(NULL, ":unknown\n:n", "7\n");
	/* No parameters: in texts, in names, in comments. */
	assert_written(NULL, "':none'\n\":none\"\n/* :none */\n",
		       "':none'\n\":none\"\n/* :none */\n");
}

static void
lines_are_chosen(void **state)
{
	(void)state;
	assert_written(NULL, "a --? order=up\nb --? order=down\nc --?\n", "a\nc\n");
	assert_written(NULL, "a --? none=up\n", "");
	assert_written(NULL, "a :none --? order=up\n", "");
}

static void
lines_go_with_what_is_lacking(void **state)
{
	(void)state;
	assert_written(schema, "t.a,\nt.b, --?\n\"x\"\nFROM \"T\" AS t\n",
		       "t.a,\n\"x\"\nFROM \"T\" AS t\n");
	assert_written(schema, "t.\"user\" AS \"user\"\nFROM \"T\" AS t\n",
		       "t.\"user\" AS \"user\"\nFROM \"T\" AS t\n");
	assert_written(schema, "t.b\nFROM \"T\" AS t\n", "lacks T.b");
	assert_written(schema, "w.b\nFROM \"W\" AS w\n", "lacks W");
	assert_written(schema, "1\nFROM \"W\" AS w\n", "lacks W");
	assert_written(schema, "w.b, --?\n1\nJOIN \"W\" AS w --?\n", "1\n");
	/* Aliases of other things than tables are not looked at; nor is what a text or a comment says. */
	assert_written(schema, "e.value\nFROM x AS e\n", "e.value\nFROM x AS e\n");
	assert_written(schema, "'t.b' /* t.b */\nFROM \"T\" AS t\n",
		       "'t.b' /* t.b */\nFROM \"T\" AS t\n");
}

static void
a_join_that_goes_takes_its_columns_along(void **state)
{
	(void)state;
	assert_written(schema,
		       "u.b, --?\n1\nFROM \"T\" AS t\nJOIN \"W\" AS w ON w.id = t.id --?\n"
		       "JOIN \"U\" AS u ON u.id = w.id --?\n",
		       "1\nFROM \"T\" AS t\n");
	assert_written(schema, "u.b, --?\n1\nFROM \"T\" AS t\nJOIN \"U\" AS u ON u.id = t.id --?\n",
		       "u.b,\n1\nFROM \"T\" AS t\nJOIN \"U\" AS u ON u.id = t.id\n");
}

static void
what_was_asked_for_does_not_go_without_a_word(void **state)
{
	(void)state;
	assert_written(schema, "1\nFROM \"T\" AS t\nt.b = :given --?\n", "lacks T.b");
	assert_written(schema, "1\nFROM \"T\" AS t\nt.b = :none --?\n", "1\nFROM \"T\" AS t\n");
	assert_written(schema, "1\nFROM \"T\" AS t\nORDER BY t.b --? order=up\n", "lacks T.b");
	assert_written(schema, "1\nFROM \"T\" AS t\nORDER BY t.b --? order=down\n",
		       "1\nFROM \"T\" AS t\n");
}

/* SQLite takes the first of names that differ in case alone. */
static void
names_mean_what_sqlite_takes_them_for(void **state)
{
	(void)state;
	assert_written(schema, "1\nFROM \"V\" AS x\n", "lacks V");
	assert_written(schema, "x.a\nFROM \"v\" AS x\n", "lacks v.a");
	assert_written(schema, "x.A\nFROM \"v\" AS x\n", "x.A\nFROM \"v\" AS x\n");
	schema->tables[0].id = 0;
	assert_written(schema, "1\nFROM \"T\" AS t\n", "lacks T");
	schema->tables[0].id = 1;
}

static void
assert_next(coffer_text text, const char *expected)
{
	assert_int_equal(text.size, strlen(expected));
	if (text.size)
		assert_memory_equal(text.data, expected, text.size);
}

static void
what_can_be_asked_for_is_found(void **state)
{
	const char *text =
		"':no' :a,:b --? order=up\n/* :no */\n\n:c --? order=down\nd --? other=x";
	const char *place = text;

	(void)state;
	assert_next(coffer_template_next_parameter(&place), "a");
	assert_next(coffer_template_next_parameter(&place), "b");
	assert_next(coffer_template_next_parameter(&place), "c");
	assert_next(coffer_template_next_parameter(&place), "");
	place = text;
	assert_next(coffer_template_next_choice(&place, "order"), "up");
	assert_next(coffer_template_next_choice(&place, "order"), "down");
	assert_next(coffer_template_next_choice(&place, "order"), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parameters_are_put_in_or_take_their_line_along),
		cmocka_unit_test(lines_are_chosen),
		cmocka_unit_test(lines_go_with_what_is_lacking),
		cmocka_unit_test(a_join_that_goes_takes_its_columns_along),
		cmocka_unit_test(what_was_asked_for_does_not_go_without_a_word),
		cmocka_unit_test(names_mean_what_sqlite_takes_them_for),
		cmocka_unit_test(what_can_be_asked_for_is_found),
	};

	return cmocka_run_group_tests_name("template", tests, setup, teardown);
}
