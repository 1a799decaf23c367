/*
 * The Prisma parser: what each construct becomes, in the words of the server, and where what is wrong
 * is found. The texts were compared with what Postgres 15 deparses.
 */
#include "coffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static coffer_schema *
parse(const char *text)
{
	coffer_error error = {.status = COFFER_OK};
	coffer_schema *schema;

	if (coffer_schema_parse_prisma((coffer_text){text, strlen(text)}, "s.prisma", &schema,
				       &error))
		fail_msg("%s: %s", error.place, error.message);
	return schema;
}

/* "model M { a <words> }" with an enum JobStatus beside it. */
static coffer_schema *
parse_field(const char *words)
{
	static const char head[] =
		"enum JobStatus {\nACTIVE\nGONE @map(\"gone-1\")\n}\nmodel M {\na ";
	char model[600];

	snprintf(model, sizeof(model), "%s%s\n}\n", head, words);
	return parse(model);
}

static const struct {
	const char *words, *type, *default_sql;
	bool is_nullable;
} fields[] = {
	{"String", "text", NULL, false},
	{"String?", "text", NULL, true},
	{"String[]", "text[]", NULL, true},
	{"String @default(\"\")", "text", "''::text", false},
	{"String @default(\"a\\\\b'c\")", "text", "'a\\b''c'::text", false},
	{"String @default(\"\\u00e4\\ud83d\\ude00\")", "text", "'\xc3\xa4\xf0\x9f\x98\x80'::text",
	 false},
	{"String @db.VarChar(3) @default(\"x\")", "character varying(3)", "'x'::character varying",
	 false},
	{"String @db.VarChar", "character varying", NULL, false},
	{"String @db.Char @default(\"x\")", "character(1)", "'x'::bpchar", false},
	{"String @db.Bit @default(\"1\")", "bit(1)", "'1'::\"bit\"", false},
	{"String @db.VarBit(5)", "bit varying(5)", NULL, false},
	{"String @db.Uuid @default(dbgenerated(\"gen_random_uuid()\"))", "uuid",
	 "gen_random_uuid()", false},
	{"String @db.Inet @default(\"1.2.3.4\")", "inet", "'1.2.3.4'::inet", false},
	{"Int @default(5)", "integer", "5", false},
	{"Int @default(-1)", "integer", "'-1'::integer", false},
	{"Int @default(-0)", "integer", "0", false},
	{"Int @default(007)", "integer", "7", false},
	{"Int @default(-2147483648)", "integer", "'-2147483648'::integer", false},
	{"Int @db.SmallInt @default(-3)", "smallint", "'-3'::integer", false},
	{"BigInt @default(5)", "bigint", "5", false},
	{"BigInt @default(2147483648)", "bigint", "'2147483648'::bigint", false},
	{"BigInt @default(-5000000000)", "bigint", "'-5000000000'::bigint", false},
	{"Float @default(0.0)", "double precision", "0.0", false},
	{"Float @default(-1.5)", "double precision", "'-1.5'::numeric", false},
	{"Float @db.Real", "real", NULL, false},
	{"Decimal @default(1.5)", "numeric(65,30)", "1.5", false},
	{"Decimal @db.Decimal(10)", "numeric(10,0)", NULL, false},
	{"Decimal @db.Decimal(10, 2)", "numeric(10,2)", NULL, false},
	{"Decimal @db.Decimal @default(99999999999999999999)", "numeric",
	 "'99999999999999999999'::numeric", false},
	{"Decimal @db.Money", "money", NULL, false},
	{"Boolean @default(false)", "boolean", "false", false},
	{"DateTime @default(now())", "timestamp(3) without time zone", "CURRENT_TIMESTAMP", false},
	{"DateTime @default(\"2024-01-01T00:00:00.120Z\")", "timestamp(3) without time zone",
	 "'2024-01-01 00:00:00.12'::timestamp without time zone", false},
	{"DateTime @default(\"2024-01-01T00:00:00+05:30\")", "timestamp(3) without time zone",
	 "'2024-01-01 00:00:00'::timestamp without time zone", false},
	{"DateTime @db.Timestamptz(6) @default(\"2024-01-01T00:00:00+05:30\")",
	 "timestamp(6) with time zone", "'2023-12-31 18:30:00+00'::timestamp with time zone",
	 false},
	{"DateTime @db.Timestamptz(6) @default(\"2024-01-01T00:00:00Z\")",
	 "timestamp(6) with time zone", "'2024-01-01 00:00:00+00'::timestamp with time zone",
	 false},
	{"DateTime @db.Date", "date", NULL, false},
	{"DateTime @db.Time(3)", "time(3) without time zone", NULL, false},
	{"DateTime @db.Timetz", "time with time zone", NULL, false},
	{"DateTime @db.Timestamp", "timestamp without time zone", NULL, false},
	{"Json @default(\"{}\")", "jsonb", "'{}'::jsonb", false},
	{"Json @default(\"{\\\"a\\\":[1,\\\",:\\\"]}\")", "jsonb", "'{\"a\": [1, \",:\"]}'::jsonb",
	 false},
	{"Json @db.Json @default(\"{\\\"a\\\":1}\")", "json", "'{\"a\":1}'::json", false},
	{"Bytes @default(\"aGVsbG8=\")", "bytea", "'\\x68656c6c6f'::bytea", false},
	{"JobStatus @default(GONE)", "\"JobStatus\"", "'gone-1'::\"JobStatus\"", false},
	{"JobStatus[] @default([ACTIVE])", "\"JobStatus\"[]", "ARRAY['ACTIVE'::\"JobStatus\"]",
	 true},
	{"String[] @default([])", "text[]", "ARRAY[]::text[]", true},
	{"String[] @default([\"a\", \"b'c\"])", "text[]", "ARRAY['a'::text, 'b''c'::text]", true},
	{"String[] @db.VarChar(5) @default([])", "character varying(5)[]",
	 "(ARRAY[]::character varying[])::character varying(5)[]", true},
	{"String[] @db.VarChar(5) @default([\"a\"])", "character varying(5)[]",
	 "ARRAY['a'::character varying(5)]", true},
	{"Int[] @default([1, -2])", "integer[]", "ARRAY[1, '-2'::integer]", true},
	{"BigInt[] @default([1, 5000000000, -1])", "bigint[]",
	 "ARRAY[(1)::bigint, '5000000000'::bigint, ('-1'::integer)::bigint]", true},
	{"Float[] @default([1.5, -2])", "double precision[]",
	 "ARRAY[(1.5)::double precision, ('-2'::integer)::double precision]", true},
	{"Decimal[] @db.Decimal(10, 2) @default([1, -1.5])", "numeric(10,2)[]",
	 "ARRAY[(1)::numeric(10,2), '-1.5'::numeric(10,2)]", true},
	{"DateTime[] @default([])", "timestamp(3) without time zone[]",
	 "(ARRAY[]::timestamp without time zone[])::timestamp(3) without time zone[]", true},
	{"Unsupported(\"tsvector\")?", "tsvector", NULL, true},
};

static void
test_types_and_defaults_are_the_servers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		coffer_schema *schema = parse_field(fields[i].words);
		const coffer_column *column = &schema->tables[0].columns[0];

		assert_string_equal(column->type, fields[i].type);
		assert_int_equal(column->is_nullable, fields[i].is_nullable);
		if (fields[i].default_sql)
			assert_string_equal(column->default_sql, fields[i].default_sql);
		else
			assert_null(column->default_sql);
		coffer_schema_free(schema);
	}
}

static void
test_client_defaults(void **state)
{
	static const struct {
		const char *words;
		coffer_client_default client_default;
		bool is_updated_at;
	} cases[] = {
		{"String @default(uuid())", COFFER_CLIENT_UUID, false},
		{"String @default(cuid(2))", COFFER_CLIENT_CUID, false},
		{"DateTime @default(now()) @updatedAt", COFFER_CLIENT_NOW, true},
		{"DateTime @updatedAt", COFFER_CLIENT_NONE, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		coffer_schema *schema = parse_field(cases[i].words);

		assert_int_equal(schema->tables[0].columns[0].client_default,
				 cases[i].client_default);
		assert_int_equal(schema->tables[0].columns[0].is_updated_at,
				 cases[i].is_updated_at);
		coffer_schema_free(schema);
	}
}

static void
test_keys_and_indexes(void **state)
{
	static const struct {
		const char *name, *definition;
		bool is_unique, is_constraint;
	} expected[] = {
		{"t_pkey", "PRIMARY KEY (a, \"User\")", true, true},
		{"t_b_key", "btree (b)", true, false},
		{"own", "btree (c DESC)", true, false},
		{"t_b_User_key", "btree (b, \"User\")", true, false},
		{"t_c_a_idx", "btree (c DESC, a)", false, false},
		{"named", "btree (b)", false, false},
		{"old_name", "btree (c)", false, false},
		{"t_j_idx", "gin (j)", false, false},
		{"paths", "gin (j jsonb_path_ops)", false, false},
		{"t_a_rather_long_name_of_a_column_another_rather_long_name_o_idx",
		 "brin (a_rather_long_name_of_a_column, another_rather_long_name_of_a_column)",
		 false, false},
	};
	coffer_schema *schema = parse(
		"model T {\n a Int\n b String @unique\n c Int @unique(map: \"own\", sort: Desc)\n"
		" user String @map(\"User\")\n j Json\n a_rather_long_name_of_a_column Int\n"
		" another_rather_long_name_of_a_column Int\n"
		" @@id([a, user])\n @@unique([b, user], name: \"client\")\n @@index([c(sort: "
		"Desc), a])\n"
		" @@index([b], map: \"named\")\n @@index(fields: [c], name: \"old_name\")\n"
		" @@index([j], type: Gin)\n @@index([j(ops: JsonbPathOps)], type: Gin, map: "
		"\"paths\")\n"
		" @@index([a_rather_long_name_of_a_column, another_rather_long_name_of_a_column], "
		"type: Brin)\n"
		" @@map(\"t\")\n}\n");
	const coffer_table *table = &schema->tables[0];

	(void)state;
	assert_string_equal(table->model, "T");
	assert_string_equal(table->indexes[table->primary].name, "t_pkey");
	assert_int_equal(table->index_count, sizeof(expected) / sizeof(*expected));
	for (size_t i = 0; i < table->index_count; i++) {
		uint16_t number = coffer_table_find_index(table, expected[i].name);

		assert_true(number != COFFER_NO_INDEX);
		assert_string_equal(table->indexes[number].definition, expected[i].definition);
		assert_int_equal(table->indexes[number].is_unique, expected[i].is_unique);
		assert_int_equal(table->indexes[number].is_constraint, expected[i].is_constraint);
	}
	assert_string_equal(table->columns[3].field, "user");
	coffer_schema_free(schema);
}

static void
test_relations_have_prismas_actions(void **state)
{
	static const struct {
		const char *name;
		coffer_action on_update, on_delete;
	} expected[] = {
		{"C_a_fkey", COFFER_CASCADE, COFFER_SET_NULL},
		{"C_b_fkey", COFFER_CASCADE, COFFER_RESTRICT},
		{"mapped", COFFER_NO_ACTION, COFFER_CASCADE},
	};
	coffer_schema *schema = parse("model P {\n id Int @id\n as C[]\n bs C[] @relation(\"b\")\n "
				      "cs C[] @relation(name: \"c\")\n}\n"
				      "model C {\n a Int?\n b Int\n c Int\n pa P? "
				      "@relation(fields: [a], references: [id])\n"
				      " pb P? @relation(\"b\", fields: [b], references: [id])\n"
				      " pc P @relation(\"c\", fields: [c], references: [id], "
				      "onDelete: Cascade, onUpdate: NoAction,\n"
				      "   map: \"mapped\")\n}\n");
	const coffer_table *table = &schema->tables[1];

	(void)state;
	assert_int_equal(schema->tables[0].column_count, 1);
	assert_int_equal(table->relation_count, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(table->relations[i].name, expected[i].name);
		assert_int_equal(table->relations[i].on_update, expected[i].on_update);
		assert_int_equal(table->relations[i].on_delete, expected[i].on_delete);
		assert_int_equal(table->relations[i].target_table, 0);
	}
	coffer_schema_free(schema);
}

static void
test_directives(void **state)
{
	coffer_schema *schema =
		parse("/// some words\n/// @coffer.refers a, b -> T(x, y)\nmodel M {\n"
		      " a String /// @coffer.interned\n b String\n /// @coffer.time\n"
		      " at DateTime\n /// @coffer.refers c -> *\n c String\n d String\n}\n"
		      "model T {\n x String\n y String\n}\n");
	const coffer_table *table = &schema->tables[0];

	(void)state;
	assert_int_equal(table->time_column, 2);
	assert_true(table->columns[0].is_interned && table->columns[3].is_interned);
	assert_false(table->columns[4].is_interned);
	assert_int_equal(table->relation_count, 2);
	assert_string_equal(table->relations[0].name, "M.a_b");
	assert_int_equal(table->relations[0].column_count, 2);
	assert_string_equal(table->relations[0].target_columns[1], "y");
	assert_string_equal(table->relations[1].target, "*");
	assert_null(table->relations[1].target_columns);
	coffer_schema_free(schema);
}

static void
test_serial_sequence_is_named_as_the_server_does(void **state)
{
	coffer_schema *schema = parse(
		"model A_model_with_a_name_of_more_than_thirty_bytes {\n"
		" a_column_with_a_name_of_thirty_one BigInt @id @default(autoincrement())\n}\n");
	const coffer_sequence *sequence = &schema->sequences[0];

	(void)state;
	assert_string_equal(sequence->name,
			    "A_model_with_a_name_of_more_t_a_column_with_a_name_of_thirt_seq");
	assert_string_equal(sequence->type, "bigint");
	assert_true(sequence->maximum == INT64_MAX);
	coffer_schema_free(schema);
}

static void
test_other_blocks_and_comments_are_skipped(void **state)
{
	coffer_schema *schema =
		parse("// a\n/* b\n { */ generator g {\n\tprovider = \"x\"\n}\n"
		      "datasource d {\n provider = \"postgresql\"\n url = env(\"U\")\n}\n"
		      "view V {\n a Int @unique\n}\n"
		      "model M { // c\n\ta Int // @coffer.nothing\n\n\t// d\n}\r\n");

	(void)state;
	assert_int_equal(schema->table_count, 1);
	assert_int_equal(schema->tables[0].column_count, 1);
	coffer_schema_free(schema);
}

static void
test_errors_have_line_and_column(void **state)
{
	static const struct {
		const char *text, *place, *message;
	} cases[] = {
		{"model M {\n a Strin\n}", "s.prisma:2:2", "no type, model or enum is named Strin"},
		{"model M {\n a Int @defalt(1)\n}", "s.prisma:2:9",
		 "no attribute defalt is known here"},
		{"model M {\n a Int\n @@index([b])\n}", "s.prisma:3:11",
		 "no column field of this name"},
		{"model M {\n a Int\n @@index([a(length: 3)])\n}", "s.prisma:3:21",
		 "only sort and ops are known here"},
		{"model M {\n a Int @unique(clustered: true)\n}", "s.prisma:2:27",
		 "@unique has no argument clustered on Postgres"},
		{"model M {\n a Int @default(\"x\")\n}", "s.prisma:2:17",
		 "no default for a field of type Int"},
		{"model M {\n a Int @default(nanoid())\n}", "s.prisma:2:17",
		 "nanoid(...) is no default of a Int field"},
		{"model M {\n a String @db.Int\n}", "s.prisma:2:12",
		 "no native type @db.Int on Postgres"},
		{"model M {\n a Int @db.Uuid\n}", "s.prisma:2:9",
		 "@db.Uuid is for String, not for Int"},
		{"model M {\n a Int\n a Int\n}", "s.prisma:3:2", "the field a is there twice"},
		{"model M {\n}\nmodel M {\n}", "s.prisma:3:7", "M is there twice"},
		{"model M {\n a Int", "s.prisma:2:7", "the end of the line expected"},
		{"model M {\n a String @default(\"x\n}", "s.prisma:2:20",
		 "a string without its end"},
		{"model M {\n \xff Int\n}", "s.prisma:2:2", "byte 0xff has no meaning here"},
		{"model M {\n a Int?\n @@id([a])\n}", "s.prisma:3:8",
		 "a may be null in a primary key"},
		{"model M {\n n N[]\n}\nmodel N {\n m M[]\n}", "s.prisma:2:2",
		 "N has no field with `fields` that refers back to M"},
		{"model M {\n a Int\n m M? @relation(\"x\", fields: [b], references: [a])\n}",
		 "s.prisma:3:31", "no column field of this name, or too many"},
		{"model M {\n a Int /// @coffer.interned\n}", "s.prisma:2:2",
		 "only String and Json fields are interned"},
		{"model M {\n a Int /// @coffer.inter\n}", "s.prisma:2:8",
		 "no such directive here: @coffer.inter"},
		{"/// @coffer.refers a -> \nmodel M {\n a Int\n}", "s.prisma:1:1",
		 "\"columns -> Table(columns)\", as many on either side, expected"},
		{"/// @coffer.refers a -> *\n", "s.prisma:1:1", "a directive without its model"},
		{"model M {\n a Int\n /// @coffer.time\n}", "s.prisma:3:2",
		 "a directive without its field"},
		{"datasource d {\n provider = \"mysql\"\n}", "s.prisma:2:13",
		 "the provider is mysql, only postgresql is known"},
		{"type T {\n}", "s.prisma:1:1",
		 "a model, an enum, a view, a datasource or a generator expected, found type"},
		{"/* x", "s.prisma:1:1", "a comment without its end"},
		{"model M {\n a Int @default([[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]])\n}",
		 "s.prisma:2:33", "more than 16 values in one another"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		coffer_error error = {.status = COFFER_OK};
		coffer_text text = {cases[i].text, strlen(cases[i].text)};
		coffer_schema *schema;

		assert_int_equal(coffer_schema_parse_prisma(text, "s.prisma", &schema, &error),
				 COFFER_INVALID);
		assert_null(schema);
		assert_string_equal(error.message, cases[i].message);
		assert_string_equal(error.place, cases[i].place);
	}
}

static void
test_a_text_beyond_the_limit_is_refused(void **state)
{
	static char text[(1 << 20) + 1];
	coffer_schema *schema;

	(void)state;
	memset(text, '\n', sizeof(text));
	assert_int_equal(
		coffer_schema_parse_prisma((coffer_text){text, sizeof(text)}, "s", &schema, NULL),
		COFFER_LIMIT);
	assert_int_equal(coffer_schema_parse_prisma((coffer_text){text, sizeof(text) - 1}, "s",
						    &schema, NULL),
			 COFFER_OK);
	assert_int_equal(schema->table_count, 0);
	coffer_schema_free(schema);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types_and_defaults_are_the_servers),
		cmocka_unit_test(test_client_defaults),
		cmocka_unit_test(test_keys_and_indexes),
		cmocka_unit_test(test_relations_have_prismas_actions),
		cmocka_unit_test(test_directives),
		cmocka_unit_test(test_serial_sequence_is_named_as_the_server_does),
		cmocka_unit_test(test_other_blocks_and_comments_are_skipped),
		cmocka_unit_test(test_errors_have_line_and_column),
		cmocka_unit_test(test_a_text_beyond_the_limit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
