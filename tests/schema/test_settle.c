/*
 * Settling schemas that were put together by hand: kinds, record order, trees, relations, partitions,
 * and what is refused.
 */
#include "coffer.h"
#include "schema/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static coffer_schema *
new_schema(void)
{
	coffer_schema *schema;

	assert_int_equal(coffer_schema_new(&schema, NULL), COFFER_OK);
	return schema;
}

static uint32_t
add_table(coffer_schema *schema, const char *name)
{
	coffer_table *table = coffer_schema_add_table(schema);

	table->name = coffer_schema_text(schema, name);
	return (uint32_t)(schema->table_count - 1);
}

static uint16_t
add_column(coffer_schema *schema, uint32_t table, const char *name, const char *type)
{
	coffer_column *column = coffer_table_add_column(schema, &schema->tables[table]);

	column->name = coffer_schema_text(schema, name);
	column->type = coffer_schema_text(schema, type);
	column->is_nullable = true;
	return (uint16_t)(schema->tables[table].column_count - 1);
}

static coffer_index *
add_index(coffer_schema *schema, uint32_t table, const char *name, size_t count,
	  const uint16_t *columns)
{
	coffer_index *index = coffer_table_add_index(schema, &schema->tables[table]);

	index->name = coffer_schema_text(schema, name);
	index->definition = "btree (...)";
	index->is_plain = true;
	index->columns = coffer_schema_memory(schema, count * sizeof(*columns));
	memcpy(index->columns, columns, count * sizeof(*columns));
	index->column_count = count;
	return index;
}

static coffer_relation *
add_relation(coffer_schema *schema, uint32_t table, uint16_t column, const char *target,
	     const char *target_column)
{
	coffer_relation *relation = coffer_table_add_relation(schema, &schema->tables[table]);

	relation->name = "r";
	relation->target = coffer_schema_text(schema, target);
	relation->columns = coffer_schema_memory(schema, sizeof(column));
	relation->columns[0] = column;
	relation->column_count = 1;
	relation->target_columns = coffer_schema_memory(schema, sizeof(char *));
	relation->target_columns[0] = coffer_schema_text(schema, target_column);
	return relation;
}

static void
test_kinds_follow_types(void **state)
{
	static const struct {
		const char *type;
		coffer_kind kind;
		int width;
		bool has_zone, is_binary_json;
	} cases[] = {
		{"boolean", COFFER_BOOL, 0, false, false},
		{"smallint", COFFER_INT, 2, false, false},
		{"integer", COFFER_INT, 4, false, false},
		{"bigint", COFFER_INT, 8, false, false},
		{"real", COFFER_FLOAT, 4, false, false},
		{"double precision", COFFER_FLOAT, 8, false, false},
		{"timestamp without time zone", COFFER_TIME, 0, false, false},
		{"timestamp(3) without time zone", COFFER_TIME, 0, false, false},
		{"timestamp(6) with time zone", COFFER_TIME, 0, true, false},
		{"text", COFFER_TEXT, 0, false, false},
		{"character varying", COFFER_TEXT, 0, false, false},
		{"character varying(255)", COFFER_TEXT, 0, false, false},
		{"character(3)", COFFER_OTHER, 0, false, false},
		{"json", COFFER_JSON, 0, false, false},
		{"jsonb", COFFER_JSON, 0, false, true},
		{"text[]", COFFER_TEXT_ARRAY, 0, false, false},
		{"character varying(3)[]", COFFER_OTHER, 0, false, false},
		{"integer[]", COFFER_OTHER, 0, false, false},
		{"bytea", COFFER_BYTES, 0, false, false},
		{"numeric(65,30)", COFFER_OTHER, 0, false, false},
		{"\"JobStatus\"", COFFER_OTHER, 0, false, false},
		{"\"Mail \"\"x\"", COFFER_TEXT, 0, false, false},
		{"amount", COFFER_INT, 8, false, false},
		{"timestamp(", COFFER_OTHER, 0, false, false},
		{"", COFFER_OTHER, 0, false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		coffer_schema *schema = new_schema();
		coffer_domain *domain = coffer_schema_add_domain(schema);
		const coffer_column *column;

		domain->name = "Mail \"x";
		domain->type = "character varying(80)";
		domain = coffer_schema_add_domain(schema);
		domain->name = "amount";
		domain->type = "whole";
		domain = coffer_schema_add_domain(schema);
		domain->name = "whole";
		domain->type = "bigint";
		add_table(schema, "t");
		add_column(schema, 0, "a", cases[i].type);
		assert_int_equal(coffer_schema_settle(schema, NULL),
				 *cases[i].type ? COFFER_OK : COFFER_INVALID);
		column = &schema->tables[0].columns[0];
		if (*cases[i].type) {
			assert_int_equal(column->kind, cases[i].kind);
			assert_int_equal(column->width, cases[i].width);
			assert_int_equal(column->has_zone, cases[i].has_zone);
			assert_int_equal(column->is_binary_json, cases[i].is_binary_json);
		}
		coffer_schema_free(schema);
	}
}

static void
test_record_order(void **state)
{
	static const char *const types[] = {
		"jsonb", "text", "bytea", "boolean", "text",   "integer",
		"real",  "uuid", "text",  "text[]",  "bigint", "timestamp without time zone"};
	static const uint16_t positions[] = {11, 7, 9, 5, 2, 3, 1, 8, 6, 10, 4, 0};
	coffer_schema *schema = new_schema();
	uint16_t key = 4;

	(void)state;
	add_table(schema, "t");
	for (size_t i = 0; i < 12; i++) {
		char name[2] = {(char)('a' + i), '\0'};

		add_column(schema, 0, name, types[i]);
	}
	schema->tables[0].columns[8].is_interned = true;
	add_index(schema, 0, "k", 1, &key)->is_unique = true;
	schema->tables[0].indexes[0].is_primary = true;
	assert_int_equal(coffer_schema_settle(schema, NULL), COFFER_OK);
	for (size_t i = 0; i < 12; i++)
		assert_int_equal(schema->tables[0].columns[i].position, positions[i]);
	coffer_schema_free(schema);
}

static void
test_index_stops_before_a_column_without_a_key(void **state)
{
	const uint16_t columns[] = {0, 1, 0};
	coffer_schema *schema = new_schema();
	const coffer_table *table;

	(void)state;
	add_table(schema, "t");
	add_column(schema, 0, "n", "integer");
	add_column(schema, 0, "s", "text");
	add_column(schema, 0, "at", "timestamp with time zone");
	schema->tables[0].time_column = 2;
	add_index(schema, 0, "n_s", 2, columns);
	add_index(schema, 0, "s_n", 2, columns + 1);
	add_index(schema, 0, "key", 2, columns)->is_unique = true;
	assert_int_equal(coffer_schema_settle(schema, NULL), COFFER_OK);
	table = &schema->tables[0];
	assert_int_equal(table->indexes[0].tree, COFFER_TREE_ORDERED);
	assert_int_equal(table->indexes[0].key_column_count, 2);
	assert_int_equal(table->indexes[0].key_columns[0], 0);
	assert_int_equal(table->indexes[0].key_columns[1], 2);
	assert_int_equal(table->indexes[1].tree, COFFER_TREE_NONE);
	assert_int_equal(table->indexes[2].tree, COFFER_TREE_HASHED);
	assert_int_equal(table->indexes[2].key_column_count, 2);
	coffer_schema_free(schema);
}

static void
test_layout_follows_interned_marks_and_is_idempotent(void **state)
{
	const uint16_t columns[] = {0, 1};
	coffer_schema *schema = new_schema();
	const coffer_table *table;

	(void)state;
	add_table(schema, "parent");
	add_column(schema, 0, "id", "text");
	add_index(schema, 0, "pk", 1, columns)->is_unique = true;
	schema->tables[0].indexes[0].is_primary = true;
	add_table(schema, "child");
	add_column(schema, 1, "parent", "text");
	add_column(schema, 1, "s", "text");
	add_index(schema, 1, "s", 1, columns + 1);
	add_relation(schema, 1, 0, "parent", "id");
	assert_int_equal(coffer_schema_settle(schema, NULL), COFFER_OK);
	assert_int_equal(coffer_schema_settle(schema, NULL), COFFER_OK);
	table = &schema->tables[1];
	assert_true(schema->tables[0].columns[0].is_interned);
	assert_int_equal(table->index_count, 2);
	assert_string_equal(table->indexes[1].name, "child_parent_rel");
	assert_null(table->indexes[1].definition);
	assert_int_equal(table->relations[0].index, 1);
	assert_int_equal(table->relations[0].target_index, 0);
	assert_int_equal(table->indexes[0].tree, COFFER_TREE_NONE);
	assert_int_equal(table->columns[0].position, 0);
	schema->tables[1].columns[1].is_interned = true;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(coffer_table_layout(schema, 1, NULL), COFFER_OK);
		assert_int_equal(schema->tables[1].index_count, 2);
		assert_int_equal(schema->tables[1].indexes[0].tree, COFFER_TREE_ORDERED);
		assert_int_equal(schema->tables[1].relations[0].index, 1);
	}
	coffer_schema_free(schema);
}

static void
test_target_without_a_unique_key_gets_an_index(void **state)
{
	coffer_schema *schema = new_schema();

	(void)state;
	add_table(schema, "parent");
	add_column(schema, 0, "id", "text");
	add_table(schema, "child");
	add_column(schema, 1, "parent", "text");
	add_relation(schema, 1, 0, "parent", "id")->is_soft = true;
	assert_int_equal(coffer_schema_settle(schema, NULL), COFFER_OK);
	assert_int_equal(schema->tables[1].relations[0].target_index, COFFER_NO_INDEX);
	assert_string_equal(schema->tables[0].indexes[0].name, "parent_id_rel");
	coffer_schema_free(schema);
}

/* A foreign key may name the members of a unique key in another order. */
static void
test_unique_key_is_found_in_any_order(void **state)
{
	static const char prisma[] = "model Parent {\n a Int\n b Int\n children Child[]\n @@id([a, b])\n}\n"
				     "model Child {\n id Int @id\n x Int\n y Int\n parent Parent "
				     "@relation(fields: [y, x], references: [b, a])\n}\n";
	coffer_schema *schema;

	(void)state;
	assert_int_equal(coffer_schema_parse_prisma((coffer_text){prisma, sizeof(prisma) - 1},
						    "test.prisma", &schema, NULL),
			 COFFER_OK);
	assert_int_equal(schema->tables[1].relations[0].target_index, schema->tables[0].primary);
	coffer_schema_free(schema);
}

static void
test_partition_has_no_rows_of_its_own(void **state)
{
	const uint16_t column = 0;
	coffer_schema *schema = new_schema();

	(void)state;
	add_table(schema, "child");
	add_column(schema, 0, "id", "integer");
	add_index(schema, 0, "pk", 1, &column)->is_unique = true;
	schema->tables[0].partition_of = "parent";
	add_table(schema, "parent");
	add_column(schema, 1, "id", "integer");
	assert_int_equal(coffer_schema_settle(schema, NULL), COFFER_OK);
	assert_int_equal(schema->tables[0].id, 0);
	assert_int_equal(schema->tables[0].indexes[0].tree, COFFER_TREE_NONE);
	assert_int_equal(schema->tables[1].id, 16);
	coffer_schema_free(schema);
}

static void
test_known_table_is_overlaid_by_name(void **state)
{
	coffer_schema *schema = new_schema();
	const coffer_table *table;

	(void)state;
	add_table(schema, "LiteLLM_SpendLogs");
	add_column(schema, 0, "added", "text");
	add_column(schema, 0, "api_key", "text");
	add_column(schema, 0, "startTime", "timestamp with time zone");
	add_column(schema, 0, "model", "integer");
	add_column(schema, 0, "call_type", "text");
	assert_int_equal(coffer_schema_settle(schema, NULL), COFFER_OK);
	table = &schema->tables[0];
	assert_true(table->is_known);
	assert_int_equal(table->time_column, 2);
	assert_false(table->columns[0].is_interned);
	assert_true(table->columns[1].is_interned);
	assert_false(table->columns[3].is_interned);
	assert_true(table->columns[4].is_interned);
	assert_int_equal(table->relation_count, 1);
	assert_string_equal(table->relations[0].target, "LiteLLM_VerificationToken");
	assert_int_equal(table->relations[0].target_table, COFFER_NO_TABLE);
	assert_int_equal(table->indexes[table->relations[0].index].key_column_count, 2);
	coffer_schema_free(schema);
}

static void
break_table_name(coffer_schema *schema)
{
	add_table(schema, "t");
}

static void
break_column_name(coffer_schema *schema)
{
	add_column(schema, 0, "a", "text");
}

static void
break_target(coffer_schema *schema)
{
	add_relation(schema, 0, 0, "gone", "x");
}

static void
break_target_column(coffer_schema *schema)
{
	add_relation(schema, 0, 0, "t", "x");
}

static void
break_number(coffer_schema *schema)
{
	const uint16_t columns[] = {7};

	add_index(schema, 0, "i", 1, columns);
}

static void
break_long_name(coffer_schema *schema)
{
	add_column(schema, 0, "a123456789a123456789a123456789a123456789a123456789a123456789abcd",
		   "text");
}

static void
break_encoding(coffer_schema *schema)
{
	add_column(schema, 0, "\xff", "text");
}

static void
break_column_count(coffer_schema *schema)
{
	for (int i = 0; i < COFFER_COLUMNS_MAX; i++) {
		char name[] = {'x', (char)('a' + i / 676), (char)('a' + i / 26 % 26),
			       (char)('a' + i % 26), 0};

		add_column(schema, 0, name, "text");
	}
}

static void
break_index_count(coffer_schema *schema)
{
	const uint16_t column = 0;

	for (int i = 0; i <= COFFER_INDEXES_MAX; i++) {
		char name[] = {'i', (char)('a' + i / 26), (char)('a' + i % 26), 0};

		add_index(schema, 0, name, 1, &column);
	}
}

static void
test_what_does_not_hold_is_refused_with_its_place(void **state)
{
	static const struct {
		void (*breaks)(coffer_schema *schema);
		coffer_status status;
		const char *place, *message;
	} cases[] = {
		{break_table_name, COFFER_INVALID, "", "the table t is there twice"},
		{break_column_name, COFFER_INVALID, "t", "the column a is there twice"},
		{break_target, COFFER_INVALID, "t.r", "refers to gone, which does not exist"},
		{break_target_column, COFFER_INVALID, "t.r", "refers to t.x, which does not exist"},
		{break_number, COFFER_INVALID, "t", "i names column number 7 of 1"},
		{break_long_name, COFFER_LIMIT, "t", NULL},
		{break_encoding, COFFER_INVALID, "t", "the name of a column is not UTF-8"},
		{break_column_count, COFFER_LIMIT, "t", "1601 columns, at most 1600 are allowed"},
		{break_index_count, COFFER_LIMIT, "t", "257 indexes, at most 256 are allowed"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		coffer_error error = {.status = COFFER_OK};
		coffer_schema *schema = new_schema();

		add_table(schema, "t");
		add_column(schema, 0, "a", "text");
		cases[i].breaks(schema);
		assert_int_equal(coffer_schema_settle(schema, &error), cases[i].status);
		assert_string_equal(error.place, cases[i].place);
		if (cases[i].message)
			assert_string_equal(error.message, cases[i].message);
		coffer_schema_free(schema);
	}
}

static void
test_own_index_name_is_cut_and_made_unique(void **state)
{
	static const char name[] =
		"a_table_with_a_name_of_exactly_sixty_three_bytes_xxxxxxxxxxxxxx";
	coffer_schema *schema = new_schema();

	(void)state;
	assert_int_equal(strlen(name), 63);
	add_table(schema, name);
	add_column(schema, 0, "a", "integer");
	add_column(schema, 0, "b", "integer");
	add_relation(schema, 0, 0, "gone", "x")->is_soft = true;
	add_relation(schema, 0, 1, "gone", "x")->is_soft = true;
	schema->tables[0].relations[1].name = "r2";
	assert_int_equal(coffer_schema_settle(schema, NULL), COFFER_OK);
	assert_string_equal(schema->tables[0].indexes[0].name,
			    "a_table_with_a_name_of_exactly_sixty_three_bytes_xxxxxxxxxx_rel");
	assert_string_equal(schema->tables[0].indexes[1].name,
			    "a_table_with_a_name_of_exactly_sixty_three_bytes_xxxxxxxxx_rel1");
	coffer_schema_free(schema);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds_follow_types),
		cmocka_unit_test(test_record_order),
		cmocka_unit_test(test_index_stops_before_a_column_without_a_key),
		cmocka_unit_test(test_layout_follows_interned_marks_and_is_idempotent),
		cmocka_unit_test(test_target_without_a_unique_key_gets_an_index),
		cmocka_unit_test(test_partition_has_no_rows_of_its_own),
		cmocka_unit_test(test_known_table_is_overlaid_by_name),
		cmocka_unit_test(test_unique_key_is_found_in_any_order),
		cmocka_unit_test(test_what_does_not_hold_is_refused_with_its_place),
		cmocka_unit_test(test_own_index_name_is_cut_and_made_unique),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
