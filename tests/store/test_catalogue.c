/*
 * The catalogue's large entries: what is written reads back to the same bytes, and no broken reference gets
 * through in either direction.
 */
#include "store/catalogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static coffer_index *
add_index(coffer_schema *schema, coffer_table *table, const char *name, uint16_t column,
	  bool is_primary)
{
	coffer_index *index = coffer_table_add_index(schema, table);

	index->name = name;
	index->definition = is_primary ? "PRIMARY KEY (id)" : "btree (owner)";
	index->is_primary = index->is_unique = index->is_constraint = is_primary;
	index->is_plain = true;
	index->columns = coffer_schema_memory(schema, sizeof(*index->columns));
	*index->columns = column;
	index->column_count = 1;
	return index;
}

static coffer_table *
add_table(coffer_schema *schema, const char *name)
{
	static const char *const types[] = {"integer", "text", "jsonb", "timestamp with time zone",
					    "real"};
	static const char *const names[] = {"id", "owner", "data", "at", "cost"};
	coffer_table *table = coffer_schema_add_table(schema);

	table->name = name;
	for (size_t i = 0; i < 5; i++) {
		coffer_column *column = coffer_table_add_column(schema, table);

		column->name = names[i];
		column->type = types[i];
		column->is_nullable = i > 0;
	}
	table->time_column = 3;
	add_index(schema, table, "pkey", 0, true);
	return table;
}

/* Two tables with a relation, a partition, and one of each other thing with every text set. */
static coffer_schema *
make_schema(void)
{
	static const char *labels[] = {"on", "off", ""}, *target_columns[] = {"id"};
	coffer_schema *schema;
	coffer_table *table;
	coffer_relation *relation;
	coffer_check *check;
	coffer_sequence *sequence;
	coffer_domain *domain;
	coffer_view *view;

	assert_int_equal(coffer_schema_new(&schema, NULL), COFFER_OK);
	schema->comment = "what it is for";
	*coffer_schema_add_enum(schema) = (coffer_enum){"mode", "a mode", labels, 3};
	domain = coffer_schema_add_domain(schema);
	*domain = (coffer_domain){.name = "money", .type = "double precision", .is_not_null = true};
	check = coffer_domain_add_check(schema, domain);
	*check = (coffer_check){
		.name = "positive", .definition = "CHECK (VALUE > 0)", .comment = "c"};
	sequence = coffer_schema_add_sequence(schema);
	*sequence = (coffer_sequence){.name = "a_id_seq",
				      .type = "bigint",
				      .start = INT64_MIN,
				      .increment = -1,
				      .minimum = INT64_MIN,
				      .maximum = INT64_MAX,
				      .cache = 1,
				      .is_cycle = true,
				      .owner_table = "a",
				      .owner_column = "id",
				      .is_identity = true};
	table = add_table(schema, "a");
	add_index(schema, table, "a_owner_idx", 1, false);
	relation = coffer_table_add_relation(schema, table);
	relation->name = "a_id_fkey";
	relation->columns = coffer_schema_memory(schema, sizeof(*relation->columns));
	relation->column_count = 1;
	relation->target = "b";
	relation->target_columns = target_columns;
	relation->on_delete = COFFER_SET_DEFAULT;
	relation->definition_tail = "NOT VALID";
	add_table(schema, "b")->replica_identity = 'f';
	table = add_table(schema, "b_1");
	table->partition_of = "b";
	table->partition_bound = "DEFAULT";
	view = coffer_schema_add_view(schema);
	*view = (coffer_view){.name = "v", .definition = "SELECT 1", .is_materialized = true};
	coffer_view_add_index(schema, view)->name = "v_idx";
	assert_int_equal(coffer_schema_settle(schema, NULL), COFFER_OK);
	return schema;
}

static coffer_buffer
encode(const coffer_schema *schema)
{
	coffer_buffer out = {0};
	coffer_error error = {0};

	if (coffer_catalogue_encode_schema(schema, &out, &error))
		fail_msg("%s: %s", error.place, error.message);
	return out;
}

static coffer_status
decode(const coffer_buffer *bytes, coffer_schema **schema_out, coffer_error *error)
{
	return coffer_catalogue_decode_schema((const uint8_t *)bytes->data, bytes->size, schema_out,
					      error);
}

static void
note(void *context, const coffer_schema_difference *difference)
{
	(void)context;
	print_error("%s: %s\n", difference->place, difference->what);
}

/* Encode, decode, encode: the same bytes, and the same schema by every measure. */
static void
check_round_trip(coffer_schema *schema)
{
	coffer_buffer first = encode(schema), second;
	coffer_schema *back = NULL;
	coffer_error error = {0};

	if (decode(&first, &back, &error))
		fail_msg("%s: %s", error.place, error.message);
	second = encode(back);
	assert_int_equal(first.size, second.size);
	assert_memory_equal(first.data, second.data, first.size);
	assert_int_equal(coffer_schema_compare(schema, back, note, NULL), 0);
	/* What was read may be settled again and appended to. */
	assert_int_equal(coffer_schema_settle(back, NULL), COFFER_OK);
	coffer_buffer_release(&first);
	coffer_buffer_release(&second);
	coffer_schema_free(back);
	coffer_schema_free(schema);
}

static void
test_schemas_come_back(void **state)
{
	coffer_schema *empty, *builtin;

	(void)state;
	assert_int_equal(coffer_schema_new(&empty, NULL), COFFER_OK);
	check_round_trip(empty);
	check_round_trip(make_schema());
	assert_int_equal(coffer_schema_builtin(&builtin, NULL), COFFER_OK);
	check_round_trip(builtin);
}

static void
test_derived_values_come_back(void **state)
{
	coffer_schema *schema = make_schema(), *back = NULL;
	coffer_buffer bytes = encode(schema);
	const coffer_table *table;

	(void)state;
	assert_int_equal(decode(&bytes, &back, NULL), COFFER_OK);
	table = &back->tables[0];
	assert_int_equal(table->id, 16);
	assert_int_equal(back->tables[1].id, 17);
	assert_int_equal(back->tables[1].replica_identity, 'f');
	assert_int_equal(back->tables[2].id, 0);
	assert_int_equal(table->primary, 0);
	assert_int_equal(table->indexes[0].tree, COFFER_TREE_HASHED);
	assert_int_equal(table->columns[4].width, 4);
	assert_int_equal(table->columns[3].position, 0);
	assert_true(table->columns[3].has_zone && table->columns[2].is_binary_json);
	assert_int_equal(table->relations[0].target_table, 1);
	assert_int_equal(table->relations[0].target_index, 0);
	assert_int_equal(table->indexes[table->relations[0].index].tree, COFFER_TREE_ORDERED);
	assert_null(table->columns[0].comment);
	assert_string_equal(back->enums[0].labels[2], "");
	assert_true(back->sequences[0].start == INT64_MIN);
	assert_int_equal(back->sequences[0].last_value, 0);
	coffer_buffer_release(&bytes);
	coffer_schema_free(back);
	coffer_schema_free(schema);
}

/* Any one changed byte is refused, or is another schema with those bytes. Every cut is refused. */
static void
test_no_damage_gets_through(void **state)
{
	static const uint8_t changes[] = {0x01, 0x80, 0xff};
	coffer_schema *schema = make_schema(), *back = NULL;
	coffer_buffer bytes = encode(schema), again;
	coffer_error error;

	(void)state;
	for (size_t i = 0; i < bytes.size * 3; i++) {
		bytes.data[i / 3] ^= (char)changes[i % 3];
		memset(&error, 0, sizeof(error));
		if (decode(&bytes, &back, &error) == COFFER_OK) {
			again = encode(back);
			assert_int_equal(again.size, bytes.size);
			assert_memory_equal(again.data, bytes.data, bytes.size);
			coffer_buffer_release(&again);
			coffer_schema_free(back);
		} else {
			assert_int_equal(error.status, COFFER_CORRUPT);
			assert_memory_equal(error.place, "catalogue[schema]", 17);
			assert_null(back);
		}
		bytes.data[i / 3] ^= (char)changes[i % 3];
	}
	for (; bytes.size > 0; bytes.size--) {
		coffer_buffer cut = {.data = bytes.data, .size = bytes.size - 1};

		assert_int_equal(decode(&cut, &back, NULL), COFFER_CORRUPT);
	}
	coffer_buffer_release(&bytes);
	coffer_schema_free(schema);
}

/* ------------------------------------------------------------------ references */

static const char *nothing[] = {"nothing"}, *missing[] = {"on", NULL, "off"};

#define BREAK(name, ...) \
	static void break_##name(coffer_schema *s) \
	{ \
		__VA_ARGS__; \
	}

BREAK(kind, s->tables[0].columns[0].kind = COFFER_NULL)
BREAK(width, s->tables[0].columns[0].width = 3)
BREAK(interned, s->tables[0].columns[0].is_interned = true)
BREAK(zone, s->tables[0].columns[0].has_zone = true)
BREAK(binary, s->tables[0].columns[0].is_binary_json = true)
BREAK(position, s->tables[0].columns[0].position = 0)
BREAK(far_position, s->tables[0].columns[0].position = 5)
BREAK(time, s->tables[0].time_column = 1)
BREAK(far_time, s->tables[0].time_column = 5)
BREAK(column_name, s->tables[0].columns[1].name = "id")
BREAK(empty_name, s->tables[0].columns[1].name = "")
BREAK(utf8, s->tables[0].columns[1].name = "\xff")
BREAK(no_type, s->tables[0].columns[1].type = NULL)
BREAK(index_column, s->tables[0].indexes[0].columns[0] = 5)
BREAK(tree, s->tables[0].indexes[0].tree = COFFER_TREE_NONE)
BREAK(unique, s->tables[1].indexes[0].is_unique = false)
BREAK(primary, s->tables[0].primary = COFFER_NO_INDEX)
BREAK(far_primary, s->tables[0].primary = 9, s->tables[0].indexes[0].is_primary = false)
BREAK(ordered, s->tables[0].indexes[s->tables[0].relations[0].index].key_columns[1] = 2)
BREAK(partition, s->tables[2].indexes[0].tree = COFFER_TREE_HASHED,
      s->tables[2].indexes[0].key_columns = s->tables[2].indexes[0].columns,
      s->tables[2].indexes[0].key_column_count = 1)
BREAK(relation_column, s->tables[0].relations[0].columns[0] = 9)
BREAK(relation_index, s->tables[0].relations[0].index = 0)
BREAK(relation_none, s->tables[0].relations[0].column_count = 0,
      s->tables[0].relations[0].target_columns = NULL)
BREAK(target, s->tables[0].relations[0].target_table = 9)
BREAK(target_name, s->tables[0].relations[0].target = "a")
BREAK(target_column, s->tables[0].relations[0].target_columns = nothing)
BREAK(target_index, s->tables[0].relations[0].target_index = 7)
BREAK(target_gone, s->tables[0].relations[0].target_table = COFFER_NO_TABLE)
BREAK(id, s->tables[0].id = 15)
BREAK(same_id, s->tables[0].id = 17)
BREAK(table_name, s->tables[0].name = "b")
BREAK(replica, s->tables[0].replica_identity = 'x')
BREAK(view, s->views[0].indexes[0].tree = COFFER_TREE_ORDERED)
BREAK(label, s->enums[0].labels = missing)

static void
test_broken_references_are_refused(void **state)
{
	static const struct {
		void (*breaks)(coffer_schema *schema);
		const char *place;
	} cases[] = {
		{break_kind, "catalogue[schema].a.id"},
		{break_width, "catalogue[schema].a.id"},
		{break_interned, "catalogue[schema].a.id"},
		{break_zone, "catalogue[schema].a.id"},
		{break_binary, "catalogue[schema].a.id"},
		{break_position, "catalogue[schema].a.at"},
		{break_far_position, "catalogue[schema].a.id"},
		{break_time, "catalogue[schema].a"},
		{break_far_time, "catalogue[schema].a"},
		{break_column_name, "catalogue[schema].a"},
		{break_empty_name, "catalogue[schema].tables[0].columns[1].name"},
		{break_utf8, "catalogue[schema].tables[0].columns[1].name"},
		{break_no_type, "catalogue[schema].tables[0].columns[1].type"},
		{break_index_column, "catalogue[schema].a.pkey"},
		{break_tree, "catalogue[schema].a.pkey"},
		{break_unique, "catalogue[schema].b.pkey"},
		{break_primary, "catalogue[schema].a.pkey"},
		{break_far_primary, "catalogue[schema].a"},
		{break_ordered, "catalogue[schema].a.a_id_rel"},
		{break_partition, "catalogue[schema].b_1.pkey"},
		{break_relation_column, "catalogue[schema].a.a_id_fkey"},
		{break_relation_index, "catalogue[schema].a.a_id_fkey"},
		{break_relation_none, "catalogue[schema].a.a_id_fkey"},
		{break_target, "catalogue[schema].a.a_id_fkey"},
		{break_target_name, "catalogue[schema].a.a_id_fkey"},
		{break_target_column, "catalogue[schema].a.a_id_fkey"},
		{break_target_index, "catalogue[schema].a.a_id_fkey"},
		{break_target_gone, "catalogue[schema].a.a_id_fkey"},
		{break_id, "catalogue[schema].a"},
		{break_same_id, "catalogue[schema].b"},
		{break_table_name, "catalogue[schema]"},
		{break_replica, "catalogue[schema].tables[0].replica_identity"},
		{break_view, "catalogue[schema]"},
		{break_label, "catalogue[schema].enums[0].labels"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		coffer_schema *schema = make_schema();
		coffer_buffer out = {0};
		coffer_error error = {0};

		cases[i].breaks(schema);
		if (coffer_catalogue_encode_schema(schema, &out, &error) != COFFER_INVALID)
			fail_msg("case %zu, %s: accepted", i, cases[i].place);
		assert_string_equal(error.place, cases[i].place);
		coffer_buffer_release(&out);
		coffer_schema_free(schema);
	}
}

/* The byte that follows the n-th `key` in the bytes. */
static char *
value_of(coffer_buffer *bytes, const char *key, int nth)
{
	size_t size = strlen(key);

	for (size_t i = 0; i + size < bytes->size; i++)
		if ((uint8_t)bytes->data[i] == 0xa0 + size &&
		    !memcmp(bytes->data + i + 1, key, size) && !nth--)
			return bytes->data + i + 1 + size;
	fail_msg("no key %s", key);
	return NULL;
}

/* The same in the bytes: each is a well-formed schema but for one number. */
static void
test_broken_bytes_are_refused(void **state)
{
	static const struct {
		const char *key;
		int nth;
		uint8_t value;
		const char *place, *message;
	} cases[] = {
		{"kind", 0, 10, "catalogue[schema].tables[0].columns[0].kind",
		 "a number is out of range"},
		{"kind", 0, 0, "catalogue[schema].a.id", "a column cannot be of the kind 0"},
		{"nullable", 0, 1, "catalogue[schema].tables[0].columns[0].nullable",
		 "an element of another type stands here"},
		{"position", 0, 0, "catalogue[schema].a.at",
		 "the position 0 is taken or beyond 5 columns"},
		{"tree", 0, 3, "catalogue[schema].tables[0].indexes[0].tree",
		 "a number is out of range"},
		{"id", 1, 15, "catalogue[schema].a", "the id is 15, expected 16 or more"},
		{"target_table", 0, 3, "catalogue[schema].a.a_id_fkey", "refers to table 3 of 3"},
		{"target_columns", 0, 0xc0, "catalogue[schema].tables[0].relations[0].on_update",
		 "an element of another type stands here"},
		{"views", 0, 0x92, "catalogue[schema].views[1]", "the bytes end too early"},
		{"tables", 0, 0x9f, "catalogue[schema].tables[3]",
		 "an element of another type stands here"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		coffer_schema *schema = make_schema(), *back;
		coffer_buffer bytes = encode(schema);
		coffer_error error = {0};

		*value_of(&bytes, cases[i].key, cases[i].nth) = (char)cases[i].value;
		assert_int_equal(decode(&bytes, &back, &error), COFFER_CORRUPT);
		assert_null(back);
		assert_string_equal(error.message, cases[i].message);
		assert_string_equal(error.place, cases[i].place);
		coffer_buffer_release(&bytes);
		coffer_schema_free(schema);
	}
}

/* ------------------------------------------------------------------ provenance */

static void
test_steps_come_back(void **state)
{
	coffer_fact facts[] = {{"tool", "coffer 0.1.0"}, {"note", ""}};
	coffer_step steps[] = {{facts, 2}, {NULL, 0}}, *back;
	coffer_buffer bytes = {0}, again = {0};
	coffer_schema *schema;
	size_t count;

	(void)state;
	assert_int_equal(coffer_schema_new(&schema, NULL), COFFER_OK);
	assert_int_equal(coffer_catalogue_encode_steps(steps, 2, &bytes, NULL), COFFER_OK);
	assert_int_equal(coffer_catalogue_decode_steps((const uint8_t *)bytes.data, bytes.size,
						       schema, &back, &count, NULL),
			 COFFER_OK);
	assert_int_equal(count, 2);
	assert_int_equal(back[0].fact_count, 2);
	assert_string_equal(back[0].facts[0].value, "coffer 0.1.0");
	assert_int_equal(coffer_catalogue_encode_steps(back, count, &again, NULL), COFFER_OK);
	assert_int_equal(again.size, bytes.size);
	assert_memory_equal(again.data, bytes.data, bytes.size);
	for (size_t size = 0; size < bytes.size; size++)
		assert_int_equal(coffer_catalogue_decode_steps((const uint8_t *)bytes.data, size,
							       schema, &back, &count, NULL),
				 COFFER_CORRUPT);
	coffer_buffer_release(&bytes);
	coffer_buffer_release(&again);
	coffer_schema_free(schema);
}

static void
test_broken_steps_are_refused(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		const char *place;
	} cases[] = {
		{"\x91\x91\x91\xa1\x61", 5, "catalogue[source][0]"},
		{"\x91\x91\x93\xa1\x61\xa1\x61\xa1\x61", 9, "catalogue[source][0]"},
		{"\x91\x91\x92\xa1\x61\x01", 6, "catalogue[source][0]"},
		{"\x91\x91\x92\xa1\x61\xa1\xff", 7, "catalogue[source][0]"},
		{"\x90\xc0", 2, "catalogue[source]"},
		{"\xdd\xff\xff\xff\xff", 5, "catalogue[source]"},
		{"\x80", 1, "catalogue[source]"},
	};
	coffer_schema *schema;
	coffer_step *steps;
	size_t count;

	(void)state;
	assert_int_equal(coffer_schema_new(&schema, NULL), COFFER_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		coffer_error error = {0};
		const uint8_t *bytes = (const uint8_t *)cases[i].bytes;

		assert_int_equal(coffer_catalogue_decode_steps(bytes, cases[i].size, schema, &steps,
							       &count, &error),
				 COFFER_CORRUPT);
		assert_string_equal(error.place, cases[i].place);
		assert_null(steps);
	}
	coffer_schema_free(schema);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_schemas_come_back),
		cmocka_unit_test(test_derived_values_come_back),
		cmocka_unit_test(test_no_damage_gets_through),
		cmocka_unit_test(test_broken_references_are_refused),
		cmocka_unit_test(test_broken_bytes_are_refused),
		cmocka_unit_test(test_steps_come_back),
		cmocka_unit_test(test_broken_steps_are_refused),
	};

	return cmocka_run_group_tests_name("catalogue", tests, NULL, NULL);
}
