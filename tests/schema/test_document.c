/*
 * A schema as a JSON document: what is written reads back to an equal schema, and what is not such a document is
 * refused with its place.
 */
#include "coffer.h"
#include "tests/support/small.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static coffer_schema *
parse(const char *json)
{
	coffer_error error = {0};
	coffer_schema *schema;

	if (coffer_schema_parse_json((coffer_text){json, strlen(json)}, "schema.json", &schema,
				     &error))
		fail_msg("%s: %s", error.place, error.message);
	return schema;
}

static void
check_same(const coffer_schema *schema)
{
	coffer_buffer first = {0}, second = {0};
	coffer_schema *again;

	assert_int_equal(coffer_schema_write_json(schema, &first, NULL), COFFER_OK);
	again = parse(first.data);
	assert_int_equal(coffer_schema_write_json(again, &second, NULL), COFFER_OK);
	assert_string_equal(first.data, second.data);
	assert_int_equal(coffer_schema_compare(schema, again, NULL, NULL), 0);
	coffer_schema_free(again);
	coffer_buffer_release(&first);
	coffer_buffer_release(&second);
}

/* Every member that is not derived, with a value that is not the one it has when it is left out. */
static const char everything[] =
	"{\"schema\": \"coffer/schema/1\", \"name\": \"B\\u00f6hm\", \"comment\": \"c\",\n"
	"\"enums\": [{\"name\":\"e\",\"labels\":[\"a\",\"\",\"\\\"\"],\"comment\":\"c\"}],\n"
	"\"domains\": "
	"[{\"name\":\"d\",\"type\":\"integer\",\"collation\":\"\\\"C\\\"\",\"default_sql\":\"1\","
	"\"is_not_null\":true,\"checks\":[{\"name\":\"k\",\"definition\":\"CHECK (VALUE > 0)\"}],"
	"\"comment\":\"c\"}],\n"
	"\"sequences\": [{\"name\":\"s\",\"type\":\"bigint\",\"start\":1,\"increment\":-1,"
	"\"minimum\":-9223372036854775808,\"maximum\":9223372036854775807,\"cache\":2,\"is_cycle\":"
	"true,"
	"\"owner_table\":\"t\",\"owner_column\":\"id\",\"is_identity\":true,\"is_unlogged\":true,"
	"\"last_value\":7,\"is_called\":true,\"comment\":\"c\"}],\n"
	"\"tables\": [{\"name\":\"t\",\"model\":\"M\",\"comment\":\"c\",\"partition_key\":\"RANGE "
	"(at)\","
	"\"options\":\"fillfactor=70\",\"is_unlogged\":true,\"replica_identity\":\"f\",\n"
	" \"columns\":[{\"name\":\"id\",\"field\":\"f\",\"type\":\"d\",\"base_type\":\"integer\","
	"\"is_nullable\":false,\"default_sql\":\"2\",\"generated_sql\":\"3\",\"identity\":\"by "
	"default\","
	"\"client_default\":\"cuid\",\"is_updated_at\":true,\"collation\":\"x\",\"comment\":\"c\"},"
	"{\"name\":\"at\",\"type\":\"timestamp(3) without time zone\",\"is_nullable\":true},"
	"{\"name\":\"x\",\"type\":\"text\",\"is_nullable\":true,\"is_interned\":true}],\n"
	" \"time_column\":\"at\",\n"
	" \"indexes\":[{\"name\":\"i\",\"definition\":\"PRIMARY KEY (id)\",\"is_primary\":true,"
	"\"is_unique\":true,\"is_constraint\":true,\"is_plain\":true,\"nulls_not_distinct\":true,"
	"\"is_replica_identity\":true,\"is_clustered\":true,\"comment\":\"c\",\"columns\":[\"id\","
	"\"x\"]}],\n"
	" \"relations\":[{\"name\":\"r\",\"columns\":[\"x\"],\"target\":\"t\",\"target_columns\":["
	"\"x\"],"
	"\"on_update\":\"cascade\",\"on_delete\":\"set null\",\"delete_columns\":[\"x\"],"
	"\"is_match_full\":true,\"definition_tail\":\" NOT VALID\",\"comment\":\"c\"},"
	"{\"name\":\"soft\",\"columns\":[\"x\"],\"target\":\"*\",\"is_soft\":true}],\n"
	" \"checks\":[{\"name\":\"k\",\"definition\":\"CHECK (true)\",\"is_exclusion\":true,"
	"\"is_inherited\":true,\"comment\":\"c\"}]},\n"
	"{\"name\":\"p\",\"partition_of\":\"t\",\"partition_bound\":\"DEFAULT\","
	"\"columns\":[{\"name\":\"id\",\"type\":\"d\",\"base_type\":\"integer\",\"is_nullable\":"
	"false}],"
	"\"indexes\":[{\"name\":\"j\",\"definition\":\"btree "
	"(id)\",\"attached_to\":\"i\",\"columns\":[\"id\"]}],"
	"\"relations\":[]}],\n"
	"\"views\": [{\"name\":\"v\",\"definition\":\"SELECT "
	"1\",\"options\":\"security_barrier=true\","
	"\"is_materialized\":true,\"is_populated\":true,\"comment\":\"c\","
	"\"indexes\":[{\"name\":\"vi\",\"definition\":\"btree (a)\"}]}]}\n";

static void
every_member_comes_back(void **state)
{
	coffer_schema *schema = parse(everything);
	const coffer_table *table = &schema->tables[0];
	const coffer_sequence *sequence = &schema->sequences[0];

	(void)state;
	check_same(schema);
	assert_string_equal(schema->name, "B\xc3\xb6hm");
	assert_int_equal(sequence->minimum, INT64_MIN);
	assert_int_equal(sequence->maximum, INT64_MAX);
	assert_int_equal(sequence->last_value, 7);
	assert_true(sequence->is_called && sequence->is_cycle && sequence->is_identity);
	assert_int_equal(table->replica_identity, 'f');
	assert_int_equal(table->time_column, 1);
	assert_int_equal(table->columns[0].identity, COFFER_IDENTITY_BY_DEFAULT);
	assert_int_equal(table->columns[0].client_default, COFFER_CLIENT_CUID);
	assert_int_equal(table->columns[0].kind, COFFER_INT);
	assert_true(table->columns[2].is_interned);
	assert_int_equal(table->indexes[0].columns[1], 2);
	assert_true(table->indexes[0].is_clustered && table->indexes[0].nulls_not_distinct);
	assert_int_equal(table->relations[0].on_update, COFFER_CASCADE);
	assert_int_equal(table->relations[0].on_delete, COFFER_SET_NULL);
	assert_int_equal(table->relations[0].delete_columns[0], 2);
	assert_string_equal(table->relations[0].definition_tail, " NOT VALID");
	assert_true(table->relations[1].is_soft);
	assert_null(table->relations[1].target_columns);
	assert_true(schema->views[0].is_populated);
	assert_string_equal(schema->views[0].indexes[0].definition, "btree (a)");
	coffer_schema_free(schema);
}

static void
other_schemas_come_back(void **state)
{
	coffer_schema *schema;

	(void)state;
	assert_int_equal(coffer_schema_builtin(&schema, NULL), COFFER_OK);
	check_same(schema);
	coffer_schema_free(schema);
	schema = small_schema();
	check_same(schema);
	coffer_schema_free(schema);
	assert_int_equal(coffer_schema_new(&schema, NULL), COFFER_OK);
	assert_int_equal(coffer_schema_settle(schema, NULL), COFFER_OK);
	check_same(schema);
	coffer_schema_free(schema);
}

/* Whoever writes one by hand says nothing of kinds, positions, keys and the indexes of relations. */
static void
what_is_derived_is_passed_over(void **state)
{
	static const char json[] =
		"{\"schema\":\"coffer/schema/"
		"1\",\"name\":\"public\",\"tables\":[{\"name\":\"t\",\"id\":[{}],"
		"\"columns\":[{\"name\":\"a\",\"type\":\"integer\",\"kind\":{\"x\":[1,{}]},"
		"\"position\":null,"
		"\"is_nullable\":true}],\"is_known\":3,\"indexes\":[{\"name\":\"own\",\"columns\":["
		"\"a\"],"
		"\"tree\":\"?\",\"key_columns\":[\"nope\"]}]}]}";
	coffer_schema *schema = parse(json);

	(void)state;
	assert_int_equal(schema->tables[0].columns[0].kind, COFFER_INT);
	assert_int_equal(schema->tables[0].id, 16);
	assert_false(schema->tables[0].is_known);
	assert_int_equal(schema->tables[0].index_count, 0);
	coffer_schema_free(schema);
}

#define BEGIN "{\"schema\":\"coffer/schema/1\",\"name\":\"public\""
#define TABLE BEGIN ",\"tables\":[{\"name\":\"t\",\"columns\":[{\"name\":\"a\",\"type\":\"text\"}]"

static const struct {
	const char *json, *place, *message;
} refused[] = {
	{"", "schema.json", "not JSON: expected a value at byte 1"},
	{"[]", "schema.json", "expected an object"},
	{"{}", "schema.json", "expected \"schema\": \"coffer/schema/1\" first"},
	{"{\"name\":\"public\"}", "schema.json", "expected \"schema\": \"coffer/schema/1\" first"},
	{"{\"schema\":1}", "schema.json", "expected \"coffer/schema/1\""},
	{"{\"schema\":\"coffer/schema/2\"}", "schema.json", "expected \"coffer/schema/1\""},
	{"{\"schema\":\"coffer/schema/1\"}", "schema.json", "a schema without 'name'"},
	{BEGIN "} x", "schema.json", "not JSON: expected the end at byte 46"},
	{BEGIN ",\"nmae\":1}", "schema.json", "a schema has no member 'nmae'"},
	{BEGIN ",\"name\":\"x\"}", "schema.json.name", "given twice"},
	{BEGIN ",\"comment\":null}", "schema.json.comment", "expected a string"},
	{BEGIN ",\"comment\":\"\\u0000\"}", "schema.json.comment",
	 "expected no \\u0000 and no half of a surrogate pair"},
	{BEGIN ",\"tables\":{}}", "schema.json.tables", "expected an array"},
	{BEGIN ",\"tables\":[1]}", "schema.json.tables[0]", "expected an object"},
	{BEGIN ",\"tables\":[{\"name\":\"a\"},{\"name\":\"a\"}]}", "schema.json",
	 "the table a is there twice"},
	{BEGIN ",\"tables\":[{\"name\":\"\"}]}", "schema.json", "a table without a name"},
	{BEGIN ",\"sequences\":[{\"name\":\"s\",\"type\":\"bigint\",\"start\":1.5}]}",
	 "schema.json.sequences[0].start", "expected a whole number of 64 bits"},
	{BEGIN
	 ",\"sequences\":[{\"name\":\"s\",\"type\":\"bigint\",\"cache\":9223372036854775808}]}",
	 "schema.json.sequences[0].cache", "expected a whole number of 64 bits"},
	{TABLE ",\"is_unlogged\":1}]}", "schema.json.tables[0].is_unlogged",
	 "expected true or false"},
	{TABLE ",\"replica_identity\":\"x\"}]}", "schema.json.tables[0].replica_identity",
	 "expected one of the letters dnfi"},
	{TABLE ",\"replica_identity\":\"\"}]}", "schema.json.tables[0].replica_identity",
	 "expected one of the letters dnfi"},
	{TABLE ",\"time_column\":\"b\"}]}", "schema.json.tables[0].time_column",
	 "no column 'b' stands above it"},
	{TABLE ",\"indexes\":[{\"name\":\"i\",\"columns\":[\"a\",\"b\"]}]}]}",
	 "schema.json.tables[0].indexes[0].columns", "no column 'b' stands above it"},
	{TABLE ",\"relations\":[{\"name\":\"r\",\"columns\":[\"a\"],\"target\":\"t\","
	       "\"target_columns\":[\"a\",\"a\"]}]}]}",
	 "schema.json.tables[0].relations[0].target_columns", "2 of them, expected 1"},
	{TABLE ",\"relations\":[{\"name\":\"r\",\"target\":\"t\",\"on_delete\":\"drop\"}]}]}",
	 "schema.json.tables[0].relations[0].on_delete", "'drop' is none of its words"},
	{BEGIN ",\"views\":[{\"name\":\"v\",\"definition\":\"x\",\"indexes\":[{\"name\":\"i\","
	       "\"columns\":[\"a\"]}]}]}",
	 "schema.json.views[0].indexes[0].columns", "no column 'a' stands above it"},
};

static void
what_is_wrong_is_refused_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		const char *json = refused[i].json;
		coffer_schema *schema;
		coffer_error error = {0};
		coffer_status status = coffer_schema_parse_json((coffer_text){json, strlen(json)},
								"schema.json", &schema, &error);

		if (status != COFFER_INVALID || strcmp(error.place, refused[i].place) != 0 ||
		    strcmp(error.message, refused[i].message) != 0)
			fail_msg("%s: %d, %s, %s", json, status, error.place, error.message);
		assert_null(schema);
	}
}

/* ------------------------------------------------------------------ how rows lie */

/* Ids and positions that settling would not give. */
#define LAID(id, one, two, kind) \
	"{\"schema\": \"coffer/schema/1\", \"name\": \"s\", \"tables\": [{\"name\":\"t\"" id \
	",\"columns\":[{\"name\":\"a\",\"type\":\"text\",\"kind\":\"" kind "\"" one \
	"},{\"name\":\"b\",\"type\":\"text\",\"kind\":\"text\"" two "}]}]}"
#define AT(number) ",\"position\":" number

static void
a_layout_is_kept(void **state)
{
	static const char json[] = LAID(",\"id\":4294967295", AT("1"), AT("0"), "text");
	coffer_error error = {0};
	coffer_schema *schema;

	(void)state;
	assert_int_equal(coffer_schema_parse_layout((coffer_text){json, sizeof(json) - 1}, "l",
						    &schema, &error),
			 COFFER_OK);
	assert_int_equal(schema->tables[0].id, UINT32_MAX);
	assert_int_equal(schema->tables[0].columns[0].position, 1);
	assert_int_equal(schema->tables[0].columns[1].position, 0);
	coffer_schema_free(schema);
	schema = parse(json);
	assert_int_equal(schema->tables[0].id, 16);
	assert_int_equal(schema->tables[0].columns[0].position, 0);
	coffer_schema_free(schema);
}

static const struct {
	const char *json, *place, *message;
} refused_layouts[] = {
	{LAID("", AT("1"), AT("0"), "text"), "l.tables[0]", "a table without 'id'"},
	{LAID(",\"id\":16", AT("1"), "", "text"), "l.tables[0].columns[1]",
	 "a column without 'position'"},
	{LAID(",\"id\":4294967296", AT("1"), AT("0"), "text"), "l.tables[0].id",
	 "expected a number of 32 bits"},
	{LAID(",\"id\":-1", AT("1"), AT("0"), "text"), "l.tables[0].id",
	 "expected a number of 32 bits"},
	{LAID(",\"id\":16", AT("65536"), AT("0"), "text"), "l.tables[0].columns[0].position",
	 "expected a number of 16 bits"},
	{LAID(",\"id\":16", AT("\"1\""), AT("0"), "text"), "l.tables[0].columns[0].position",
	 "expected a whole number of 64 bits"},
	{LAID(",\"id\":16", AT("1"), AT("0"), "json"), "l.t.a",
	 "the type text is held in another way here: 'kind' and 'is_interned' are another version's"},
};

static void
a_layout_that_says_too_little_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused_layouts); i++) {
		const char *json = refused_layouts[i].json;
		coffer_error error = {0};
		coffer_schema *schema;
		coffer_status status = coffer_schema_parse_layout(
			(coffer_text){json, strlen(json)}, "l", &schema, &error);

		if (status != COFFER_INVALID ||
		    strcmp(error.place, refused_layouts[i].place) != 0 ||
		    strcmp(error.message, refused_layouts[i].message) != 0)
			fail_msg("%s: %d, %s, %s", json, status, error.place, error.message);
		assert_null(schema);
	}
}

static void
lists_have_limits(void **state)
{
	coffer_buffer json = {0};
	coffer_error error = {0};
	coffer_schema *schema;

	(void)state;
	coffer_buffer_text(&json, TABLE ",\"indexes\":[");
	for (int i = 0; i <= COFFER_INDEXES_MAX; i++)
		coffer_buffer_printf(&json, "%s{\"name\":\"i%d\"}", i ? "," : "", i);
	coffer_buffer_text(&json, "]}]}");
	assert_int_equal(coffer_schema_parse_json((coffer_text){json.data, json.size},
						  "schema.json", &schema, &error),
			 COFFER_LIMIT);
	assert_string_equal(error.place, "schema.json.tables[0].indexes");
	coffer_buffer_release(&json);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_member_comes_back),
		cmocka_unit_test(other_schemas_come_back),
		cmocka_unit_test(what_is_derived_is_passed_over),
		cmocka_unit_test(what_is_wrong_is_refused_with_its_place),
		cmocka_unit_test(a_layout_is_kept),
		cmocka_unit_test(a_layout_that_says_too_little_is_refused),
		cmocka_unit_test(lists_have_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
