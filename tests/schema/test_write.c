/*
 * Both writers: DDL of everything that the model holds, in the order in which a load runs it, and
 * Prisma that parses to the same schema again.
 */
#include "coffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static uint16_t numbers[] = {0, 1};
static const char *id_columns[] = {"id", "at"};
static const char *labels[] = {"a'b", "c\\d"};

static coffer_column parent_columns[] = {
	{.name = "id", .type = "integer", .identity = COFFER_IDENTITY_ALWAYS, .comment = "the key"},
	{.name = "at", .type = "timestamp with time zone", .default_sql = "now()"},
	{.name = "Sum", .type = "numeric(10,2)", .generated_sql = "(id * 2)", .is_nullable = true},
	{.name = "user", .type = "text", .collation = "\"C\"", .is_nullable = true},
};
static coffer_column child_columns[] = {
	{.name = "id", .type = "integer"},
	{.name = "at", .type = "timestamp with time zone"},
};
static coffer_index parent_indexes[] = {
	{.name = "p_pkey",
	 .definition = "PRIMARY KEY (id, at)",
	 .is_primary = true,
	 .is_unique = true,
	 .is_constraint = true,
	 .is_plain = true,
	 .columns = numbers,
	 .column_count = 2,
	 .comment = "pk"},
	{.name = "p_at",
	 .definition = "btree (at DESC) WHERE (id > 0)",
	 .columns = numbers + 1,
	 .column_count = 1,
	 .comment = "late"},
	{.name = "own", .columns = numbers, .column_count = 1},
};
static coffer_index child_indexes[] = {
	{.name = "c_pkey",
	 .definition = "PRIMARY KEY (id, at)",
	 .is_primary = true,
	 .is_unique = true,
	 .is_constraint = true,
	 .is_plain = true,
	 .columns = numbers,
	 .column_count = 2,
	 .attached_to = "p_pkey",
	 .is_replica_identity = true,
	 .is_clustered = true},
};
static coffer_check parent_checks[] = {
	{.name = "positive", .definition = "CHECK ((id > 0))", .comment = "it's"},
	{.name = "later", .definition = "CHECK ((id < 9)) NOT VALID"},
	{.name = "apart", .definition = "EXCLUDE USING gist (at WITH =)", .is_exclusion = true},
};
static coffer_check child_checks[] = {
	{.name = "positive", .definition = "CHECK ((id > 0))", .is_inherited = true},
	{.name = "later", .definition = "CHECK ((id < 9)) NOT VALID", .is_inherited = true},
};
static coffer_relation parent_relations[] = {
	{.name = "p_up",
	 .columns = numbers,
	 .column_count = 2,
	 .target = "Other",
	 .target_columns = id_columns,
	 .on_update = COFFER_CASCADE,
	 .on_delete = COFFER_SET_NULL,
	 .delete_columns = numbers,
	 .delete_column_count = 1,
	 .is_match_full = true,
	 .definition_tail = "DEFERRABLE INITIALLY DEFERRED",
	 .target_table = 2,
	 .comment = "up"},
	{.name = "soft",
	 .columns = numbers,
	 .column_count = 1,
	 .target = "*",
	 .target_table = COFFER_NO_TABLE,
	 .is_soft = true},
};
static coffer_relation child_relations[] = {
	{.name = "c_up",
	 .columns = numbers,
	 .column_count = 2,
	 .target = "Other",
	 .target_columns = id_columns,
	 .target_table = 2,
	 .is_inherited = true},
};
static coffer_table tables[] = {
	{.name = "p",
	 .partition_key = "RANGE (at)",
	 .columns = parent_columns,
	 .column_count = 4,
	 .indexes = parent_indexes,
	 .index_count = 3,
	 .checks = parent_checks,
	 .check_count = 3,
	 .relations = parent_relations,
	 .relation_count = 2,
	 .comment = "logs",
	 .time_column = COFFER_NO_COLUMN,
	 .replica_identity = 'd'},
	{.name = "c",
	 .partition_of = "p",
	 .partition_bound = "FOR VALUES FROM ('a') TO ('b')",
	 .columns = child_columns,
	 .column_count = 2,
	 .indexes = child_indexes,
	 .index_count = 1,
	 .checks = child_checks,
	 .check_count = 2,
	 .relations = child_relations,
	 .relation_count = 1,
	 .is_unlogged = true,
	 .options = "fillfactor=70",
	 .time_column = COFFER_NO_COLUMN,
	 .replica_identity = 'i'},
	{.name = "Other",
	 .columns = child_columns,
	 .column_count = 2,
	 .time_column = COFFER_NO_COLUMN,
	 .replica_identity = 'f'},
	{.name = "empty", .time_column = COFFER_NO_COLUMN, .replica_identity = 'n'},
};
static coffer_sequence sequences[] = {
	{.name = "p_id_seq",
	 .type = "integer",
	 .start = 1,
	 .increment = 1,
	 .minimum = 1,
	 .maximum = 99,
	 .cache = 1,
	 .is_identity = true,
	 .owner_table = "p",
	 .owner_column = "id"},
	{.name = "free",
	 .type = "bigint",
	 .start = -5,
	 .increment = -1,
	 .minimum = -9,
	 .maximum = -1,
	 .cache = 3,
	 .is_cycle = true,
	 .owner_table = "Other",
	 .owner_column = "id",
	 .comment = "down"},
};
static coffer_enum enums[] = {{.name = "Kind", .labels = labels, .label_count = 2, .comment = "k"}};
static coffer_check domain_checks[] = {
	{.name = "short", .definition = "CHECK ((length(VALUE) < 9))", .comment = "s"},
	{.name = "shorter", .definition = "CHECK ((length(VALUE) < 5)) NOT VALID"},
};
static coffer_domain domains[] = {
	{.name = "word",
	 .type = "text",
	 .collation = "\"C\"",
	 .default_sql = "'x'::text",
	 .is_not_null = true,
	 .checks = domain_checks,
	 .check_count = 2,
	 .comment = "w"},
};
static coffer_index view_indexes[] = {
	{.name = "v_id", .definition = "btree (id)", .is_unique = true, .is_clustered = true},
};
static coffer_view views[] = {
	{.name = "plain",
	 .definition = " SELECT 1 AS a;",
	 .options = "security_barrier=true",
	 .comment = "v"},
	{.name = "kept",
	 .definition = "SELECT 2 AS id",
	 .is_materialized = true,
	 .indexes = view_indexes,
	 .index_count = 1,
	 .comment = "m"},
};
static const coffer_schema schema = {
	.name = "public",
	.comment = "ours",
	.enums = enums,
	.enum_count = 1,
	.domains = domains,
	.domain_count = 1,
	.sequences = sequences,
	.sequence_count = 2,
	.tables = tables,
	.table_count = 4,
	.views = views,
	.view_count = 2,
};

static const char before[] =
	"CREATE SCHEMA IF NOT EXISTS \"My schema\";\n"
	"SET search_path = \"My schema\";\n"
	"CREATE TYPE \"Kind\" AS ENUM ('a''b', E'c\\\\d');\n"
	"CREATE SEQUENCE free AS bigint START WITH -5 INCREMENT BY -1 MINVALUE -9 MAXVALUE -1 "
	"CACHE 3 CYCLE;\n"
	"CREATE DOMAIN word AS text COLLATE \"C\" DEFAULT 'x'::text NOT NULL\n"
	"\tCONSTRAINT short CHECK ((length(VALUE) < 9));\n"
	"CREATE TABLE p (\n"
	"\tid integer NOT NULL GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME p_id_seq START WITH 1 "
	"INCREMENT BY 1"
	" MINVALUE 1 MAXVALUE 99 CACHE 1),\n"
	"\tat timestamp with time zone DEFAULT now() NOT NULL,\n"
	"\t\"Sum\" numeric(10,2) GENERATED ALWAYS AS ((id * 2)) STORED,\n"
	"\t\"user\" text COLLATE \"C\",\n"
	"\tCONSTRAINT positive CHECK ((id > 0))\n"
	") PARTITION BY RANGE (at);\n"
	"CREATE UNLOGGED TABLE c (\n"
	"\tid integer NOT NULL,\n"
	"\tat timestamp with time zone NOT NULL,\n"
	"\tCONSTRAINT positive CHECK ((id > 0))\n"
	") WITH (fillfactor=70);\n"
	"CREATE TABLE \"Other\" (\n"
	"\tid integer NOT NULL,\n"
	"\tat timestamp with time zone NOT NULL\n"
	");\n"
	"CREATE TABLE empty (\n"
	");\n"
	"ALTER SEQUENCE free OWNED BY \"Other\".id;\n"
	"ALTER TABLE ONLY p ATTACH PARTITION c FOR VALUES FROM ('a') TO ('b');\n";

static const char after[] =
	"ALTER DOMAIN word ADD CONSTRAINT shorter CHECK ((length(VALUE) < 5)) NOT VALID;\n"
	"ALTER TABLE ONLY p ADD CONSTRAINT p_pkey PRIMARY KEY (id, at);\n"
	"CREATE INDEX p_at ON ONLY p USING btree (at DESC) WHERE (id > 0);\n"
	"ALTER TABLE p ADD CONSTRAINT later CHECK ((id < 9)) NOT VALID;\n"
	"ALTER TABLE p ADD CONSTRAINT apart EXCLUDE USING gist (at WITH =);\n"
	"ALTER TABLE ONLY c ADD CONSTRAINT c_pkey PRIMARY KEY (id, at);\n"
	"ALTER INDEX p_pkey ATTACH PARTITION c_pkey;\n"
	"ALTER TABLE ONLY c REPLICA IDENTITY USING INDEX c_pkey;\n"
	"ALTER TABLE c CLUSTER ON c_pkey;\n"
	"ALTER TABLE ONLY \"Other\" REPLICA IDENTITY FULL;\n"
	"ALTER TABLE ONLY empty REPLICA IDENTITY NOTHING;\n"
	"ALTER TABLE p ADD CONSTRAINT p_up FOREIGN KEY (id, at) REFERENCES \"Other\"(id, at) MATCH "
	"FULL"
	" ON UPDATE CASCADE ON DELETE SET NULL (id) DEFERRABLE INITIALLY DEFERRED;\n"
	"CREATE VIEW plain WITH (security_barrier=true) AS\n SELECT 1 AS a;\n"
	"CREATE MATERIALIZED VIEW kept AS\nSELECT 2 AS id\nWITH NO DATA;\n"
	"CREATE UNIQUE INDEX v_id ON kept USING btree (id);\n"
	"ALTER MATERIALIZED VIEW kept CLUSTER ON v_id;\n"
	"COMMENT ON TYPE \"Kind\" IS 'k';\n"
	"COMMENT ON DOMAIN word IS 'w';\n"
	"COMMENT ON CONSTRAINT short ON DOMAIN word IS 's';\n"
	"COMMENT ON SEQUENCE free IS 'down';\n"
	"COMMENT ON TABLE p IS 'logs';\n"
	"COMMENT ON COLUMN p.id IS 'the key';\n"
	"COMMENT ON CONSTRAINT p_pkey ON p IS 'pk';\n"
	"COMMENT ON INDEX p_at IS 'late';\n"
	"COMMENT ON CONSTRAINT positive ON p IS 'it''s';\n"
	"COMMENT ON CONSTRAINT p_up ON p IS 'up';\n"
	"COMMENT ON VIEW plain IS 'v';\n"
	"COMMENT ON MATERIALIZED VIEW kept IS 'm';\n";

static void
test_ddl_before_data(void **state)
{
	coffer_buffer out = {.size = 0};

	(void)state;
	assert_int_equal(
		coffer_schema_write_sql(&schema, COFFER_DDL_BEFORE_DATA, "My schema", &out, NULL),
		COFFER_OK);
	assert_string_equal(out.data, before);
	coffer_buffer_release(&out);
}

static void
test_ddl_after_data(void **state)
{
	coffer_buffer out = {.size = 0};

	(void)state;
	assert_int_equal(coffer_schema_write_sql(&schema, COFFER_DDL_AFTER_DATA, NULL, &out, NULL),
			 COFFER_OK);
	assert_string_equal(out.data, after);
	coffer_buffer_release(&out);
}

static void
test_named_schema_gets_its_comment(void **state)
{
	coffer_buffer out = {.size = 0};

	(void)state;
	assert_int_equal(coffer_schema_write_sql(&schema, COFFER_DDL_AFTER_DATA, "x", &out, NULL),
			 COFFER_OK);
	assert_non_null(strstr(out.data, "SET search_path = x;\n"));
	assert_null(strstr(out.data, "CREATE SCHEMA"));
	assert_non_null(strstr(out.data, "COMMENT ON SCHEMA x IS 'ours';\n"));
	coffer_buffer_release(&out);
}

static void
fail_difference(void *context, const coffer_schema_difference *difference)
{
	(void)context;
	print_error("%s: %s: %s, %s\n", difference->place, difference->what,
		    difference->left ? difference->left : "(none)",
		    difference->right ? difference->right : "(none)");
}

/* Parse, write, parse again: nothing differs and the text is the same again. */
static void
check_round_trip(const coffer_schema *left)
{
	coffer_buffer text = {.size = 0}, again = {.size = 0};
	coffer_error error = {.status = COFFER_OK};
	coffer_schema *right;

	assert_int_equal(coffer_schema_write_prisma(left, &text, NULL), COFFER_OK);
	if (coffer_schema_parse_prisma((coffer_text){text.data, text.size}, "written", &right,
				       &error))
		fail_msg("%s: %s\n%s", error.place, error.message, text.data);
	assert_int_equal(coffer_schema_compare(left, right, fail_difference, NULL), 0);
	assert_int_equal(coffer_schema_write_prisma(right, &again, NULL), COFFER_OK);
	assert_string_equal(text.data, again.data);
	coffer_buffer_release(&text);
	coffer_buffer_release(&again);
	coffer_schema_free(right);
}

static void
test_prisma_of_the_builtin_schema_parses_to_it(void **state)
{
	coffer_schema *left;

	(void)state;
	assert_int_equal(coffer_schema_builtin(&left, NULL), COFFER_OK);
	check_round_trip(left);
	coffer_schema_free(left);
}

static void
test_prisma_keeps_what_it_has_words_for(void **state)
{
	static const char text[] =
		"enum K {\n A\n B @map(\"b-1\")\n @@map(\"k 1\")\n}\n"
		"/// @coffer.refers s -> *\n"
		"model P {\n id Int @id(map: \"other\") @default(autoincrement())\n s String "
		"@map(\"a b\")\n"
		" t String @default(\"x\\\"y\\\\z\\n\") /// @coffer.interned\n at DateTime "
		"@default(now()) /// @coffer.time\n"
		" v String @db.VarChar(7) @default(\"q\")\n k K @default(B)\n n Decimal? "
		"@db.Decimal(9, 2)\n"
		" f Float @default(-1.5)\n l K[] @default([A])\n z Unsupported(\"tsvector\")?\n"
		" up P? @relation(\"tree\", fields: [upId], references: [id], onDelete: "
		"NoAction)\n upId Int? @unique\n"
		" down P? @relation(\"tree\")\n one C[] @relation(\"one\")\n two C[] "
		"@relation(\"two\")\n"
		" @@unique([s(sort: Desc), t])\n @@index([z(ops: raw(\"x_ops\"))], type: Gin)\n"
		" @@index([at(sort: Desc), id], map: \"m\")\n @@map(\"parents of all\")\n}\n"
		"model C {\n a Int\n b Int?\n p P @relation(\"one\", fields: [a], references: "
		"[id], map: \"fk\")\n"
		" q P? @relation(\"two\", fields: [b], references: [id], onDelete: Cascade, "
		"onUpdate: Restrict)\n"
		" @@id([a, b2])\n b2 Int\n}\n";
	coffer_schema *left;

	(void)state;
	assert_int_equal(coffer_schema_parse_prisma((coffer_text){text, sizeof(text) - 1}, "text",
						    &left, NULL),
			 COFFER_OK);
	check_round_trip(left);
	coffer_schema_free(left);
}

static void
test_prisma_says_the_rest_in_comments(void **state)
{
	static const char *const lines[] = {
		"/// comment: logs\n",
		"/// partitioned by RANGE (at)\n",
		"/// partition of p\n",
		"/// | CHECK ((id > 0))\n",
		"  /// generated: (id * 2)\n",
		"  /// identity: always\n",
		"/// view plain\n",
		"/// domain word\n",
		"  /// index p_at\n",
	};
	coffer_buffer text = {.size = 0};
	coffer_schema *again;

	(void)state;
	parent_columns[0].comment = "two\n@coffer.time";
	assert_int_equal(coffer_schema_write_prisma(&schema, &text, NULL), COFFER_OK);
	parent_columns[0].comment = "the key";
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		assert_non_null(strstr(text.data, lines[i]));
	assert_int_equal(
		coffer_schema_parse_prisma((coffer_text){text.data, text.size}, "t", &again, NULL),
		COFFER_OK);
	assert_int_equal(again->tables[0].time_column, COFFER_NO_COLUMN);
	coffer_buffer_release(&text);
	coffer_schema_free(again);
}

static void
test_identifiers_are_quoted_as_the_server_does(void **state)
{
	static const char *const cases[][2] = {
		{"a", "a"},
		{"a_1", "a_1"},
		{"_a", "_a"},
		{"1a", "\"1a\""},
		{"A", "\"A\""},
		{"a b", "\"a b\""},
		{"", "\"\""},
		{"a\"b", "\"a\"\"b\""},
		{"user", "\"user\""},
		{"between", "\"between\""},
		{"left", "\"left\""},
		{"name", "name"},
		{"xmltable", "\"xmltable\""},
		{"all", "\"all\""},
		{"\xc3\xa4", "\"\xc3\xa4\""},
		{"a$", "\"a$\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		coffer_buffer out = {.size = 0};

		coffer_buffer_identifier(&out, cases[i][0]);
		assert_string_equal(out.data, cases[i][1]);
		coffer_buffer_release(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ddl_before_data),
		cmocka_unit_test(test_ddl_after_data),
		cmocka_unit_test(test_named_schema_gets_its_comment),
		cmocka_unit_test(test_prisma_of_the_builtin_schema_parses_to_it),
		cmocka_unit_test(test_prisma_keeps_what_it_has_words_for),
		cmocka_unit_test(test_prisma_says_the_rest_in_comments),
		cmocka_unit_test(test_identifiers_are_quoted_as_the_server_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
