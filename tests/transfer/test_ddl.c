/*
 * DDL of dumps, statement by statement: what becomes of each in the model, what is taken off its texts, what is
 * said of the rest, and what is refused. The statements of versions later than the one that the tests of
 * tests/postgres/ have are here: they were compared with what a server 18 makes of them.
 */
#include "transfer/ddl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char warnings[4000];

static void
keep_warning(void *context, const char *message)
{
	size_t used = strlen(warnings);

	(void)context;
	assert_true(strlen(message) + 2 < sizeof(warnings) - used);
	snprintf(warnings + used, sizeof(warnings) - used, "%s\n", message);
}

static struct coffer_ddl *
begin(const char *schema)
{
	const struct coffer_ddl_options options = {.schema = schema, .warn = keep_warning};
	struct coffer_ddl *ddl;

	*warnings = '\0';
	assert_int_equal(coffer_ddl_new(&options, &ddl, NULL), COFFER_OK);
	return ddl;
}

/* Statements with a line feed behind each. */
static void
read_all(struct coffer_ddl *ddl, const char *sql)
{
	coffer_error error = {.status = COFFER_OK};

	while (*sql) {
		const char *end = strstr(sql, ";\n");
		size_t size = end ? (size_t)(end - sql) + 1 : strlen(sql);

		if (coffer_ddl_read(ddl, (coffer_text){sql, size}, &error))
			fail_msg("%.*s: %s: %s", (int)size, sql, error.place, error.message);
		sql += size + (end != NULL);
	}
}

static coffer_schema *
finish(struct coffer_ddl *ddl)
{
	coffer_error error = {.status = COFFER_OK};
	coffer_schema *schema;

	if (coffer_ddl_finish(ddl, &schema, &error))
		fail_msg("%s: %s", error.place, error.message);
	coffer_ddl_free(ddl);
	return schema;
}

static coffer_schema *
schema_of(const char *schema, const char *sql)
{
	struct coffer_ddl *ddl = begin(schema);

	read_all(ddl, sql);
	return finish(ddl);
}

static void
assert_text(const char *found, const char *expected)
{
	if (!expected)
		assert_null(found);
	else if (!found)
		fail_msg("NULL, expected %s", expected);
	else
		assert_string_equal(found, expected);
}

static const coffer_table *
table_of(const coffer_schema *schema, const char *name)
{
	uint32_t number = coffer_schema_find_table(schema, name);

	assert_int_not_equal(number, COFFER_NO_TABLE);
	return &schema->tables[number];
}

static const coffer_column *
column_of(const coffer_table *table, const char *name)
{
	uint16_t number = coffer_table_find_column(table, name);

	assert_int_not_equal(number, COFFER_NO_COLUMN);
	return &table->columns[number];
}

static const coffer_index *
index_of(const coffer_table *table, const char *name)
{
	uint16_t number = coffer_table_find_index(table, name);

	assert_int_not_equal(number, COFFER_NO_INDEX);
	return &table->indexes[number];
}

/* ------------------------------------------------------------------ columns */

static const struct {
	const char *sql, *type, *default_sql, *generated_sql, *collation;
	bool is_nullable;
} column_cases[] = {
	{"text", "text", NULL, NULL, NULL, true},
	{"character varying(12) NOT NULL", "character varying(12)", NULL, NULL, NULL, false},
	{"timestamp(3) with time zone DEFAULT now() NOT NULL", "timestamp(3) with time zone",
	 "now()", NULL, NULL, false},
	{"double precision DEFAULT '-1'::integer", "double precision", "'-1'::integer", NULL, NULL,
	 true},
	{"text DEFAULT 'NOT NULL, x'::text", "text", "'NOT NULL, x'::text", NULL, NULL, true},
	{"text DEFAULT NULL::text", "text", "NULL::text", NULL, NULL, true},
	{"text COLLATE pg_catalog.\"C\" DEFAULT ''::text", "text", "''::text", NULL, "\"C\"", true},
	{"text COLLATE public.mine", "text", NULL, NULL, "mine", true},
	{"text COLLATE other.\"Mine\"", "text", NULL, NULL, "other.\"Mine\"", true},
	{"integer DEFAULT nextval('public.\"T_id_seq\"'::regclass) NOT NULL", "integer",
	 "nextval('\"T_id_seq\"'::regclass)", NULL, NULL, false},
	{"text GENERATED ALWAYS AS ((public.f(b) || ':'::text)) STORED", "text", NULL,
	 "(f(b) || ':'::text)", NULL, true},
	{"public.\"Mood\"[] DEFAULT '{}'::public.\"Mood\"[]", "\"Mood\"[]", "'{}'::\"Mood\"[]",
	 NULL, NULL, true},
	/* 18: a NOT NULL may have a name, and a generated column may be made when it is read. */
	{"text CONSTRAINT \"a name\" NOT NULL", "text", NULL, NULL, NULL, false},
	{"text DEFAULT ''::text CONSTRAINT x NOT NULL NO INHERIT", "text", "''::text", NULL, NULL,
	 false},
	{"integer GENERATED ALWAYS AS ((b * 2))", "integer", NULL, "(b * 2)", NULL, true},
};

static void
columns_are_as_a_server_tells_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(column_cases); i++) {
		const coffer_column *column;
		coffer_schema *schema;
		char sql[400];

		snprintf(sql, sizeof(sql), "CREATE TABLE public.t (\n    a %s,\n    b text\n);\n",
			 column_cases[i].sql);
		schema = schema_of("public", sql);
		column = column_of(table_of(schema, "t"), "a");
		assert_text(column->type, column_cases[i].type);
		assert_text(column->default_sql, column_cases[i].default_sql);
		assert_text(column->generated_sql, column_cases[i].generated_sql);
		assert_text(column->collation, column_cases[i].collation);
		assert_int_equal(column->is_nullable, column_cases[i].is_nullable);
		assert_int_equal(table_of(schema, "t")->column_count, 2);
		coffer_schema_free(schema);
	}
}

/* ------------------------------------------------------------------ the qualification */

static const struct {
	const char *schema, *sql, *expected;
} view_cases[] = {
	{"public", "SELECT a FROM public.t", "SELECT a FROM t"},
	{"public", "SELECT t.a FROM (public.t\n  JOIN public.\"U v\" u ON ((u.a = t.a)))",
	 "SELECT t.a FROM (t\n  JOIN \"U v\" u ON ((u.a = t.a)))"},
	{"public", "SELECT 'public.t', \"public.t\" FROM public.t",
	 "SELECT 'public.t', \"public.t\" FROM t"},
	{"public", "SELECT 'public.t'::regclass, 'public.t'::text",
	 "SELECT 't'::regclass, 'public.t'::text"},
	{"a'b", "SELECT nextval('\"a''b\".\"c''d\"'::regclass)",
	 "SELECT nextval('\"c''d\"'::regclass)"},
	{"public", "SELECT (a OPERATOR(public.<>) b), (a OPERATOR(pg_catalog.=) b)",
	 "SELECT (a <> b), (a OPERATOR(pg_catalog.=) b)"},
	{"public", "SELECT 'x'::public.mood, other.f(public.f(1))",
	 "SELECT 'x'::mood, other.f(f(1))"},
	{"public", "SELECT x.public.a FROM publics.t", "SELECT x.public.a FROM publics.t"},
	/* The schema's name is an alias's too: columns of that one keep it. */
	{"p", "SELECT p.a, p.f(p.b), q.c FROM p.t p, p.u q WHERE (p.a = p.c)",
	 "SELECT p.a, f(p.b), q.c FROM t p, u q WHERE (p.a = p.c)"},
	{"p", "SELECT p.a FROM (p.t p JOIN p.u ON ((p.a = u.a)))",
	 "SELECT p.a FROM (t p JOIN u ON ((p.a = u.a)))"},
	{"p", "SELECT EXTRACT(epoch FROM p.a) AS x, ( SELECT u.a FROM p.u) AS y FROM p.t p",
	 "SELECT EXTRACT(epoch FROM p.a) AS x, ( SELECT u.a FROM u) AS y FROM t p"},
	{"p", "SELECT 'x'::p.mood FROM p.t p", "SELECT 'x'::mood FROM t p"},
	/* Or a table's. */
	{"p", "SELECT p.a FROM p.p", "SELECT p.a FROM p"},
};

static void
names_lose_their_schema(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(view_cases); i++) {
		coffer_buffer sql = {0};
		coffer_schema *schema;

		coffer_buffer_text(&sql, "CREATE VIEW ");
		coffer_buffer_identifier(&sql, view_cases[i].schema);
		coffer_buffer_printf(&sql, ".v AS\n %s;\n", view_cases[i].sql);
		schema = schema_of(view_cases[i].schema, sql.data);
		assert_int_equal(schema->view_count, 1);
		assert_int_equal(schema->views[0].definition[0], ' ');
		assert_string_equal(schema->views[0].definition + 1, view_cases[i].expected);
		coffer_schema_free(schema);
		coffer_buffer_release(&sql);
	}
}

static void
needless_quotes_go_when_all_names_have_them(void **state)
{
	coffer_schema *schema = schema_of(
		"public",
		"CREATE TABLE \"public\".\"t\" (\n    \"a\" \"text\" DEFAULT \"f\"(\"b\"),\n"
		"    \"B c\" integer\n);\n");
	const coffer_table *table = table_of(schema, "t");

	(void)state;
	assert_text(column_of(table, "a")->default_sql, "f(b)");
	assert_text(column_of(table, "a")->type, "text");
	column_of(table, "B c");
	coffer_schema_free(schema);
}

/* Strings of a session without standard_conforming_strings are kept as one with them writes them. */
static void
backslashes_mean_what_the_session_says(void **state)
{
	coffer_schema *schema = schema_of(
		"public", "SET standard_conforming_strings = off;\n"
			  "CREATE TABLE public.t (\n    a text DEFAULT 'a\\\\b''c'::text\n);\n"
			  "COMMENT ON TABLE public.t IS E'it\\'s\\nso';\n");
	const coffer_table *table = table_of(schema, "t");

	(void)state;
	assert_text(column_of(table, "a")->default_sql, "'a\\b''c'::text");
	assert_text(table->comment, "it's\nso");
	coffer_schema_free(schema);
}

/* ------------------------------------------------------------------ points in time */

#define ZONED "timestamp with time zone"

static const struct {
	const char *sql, *expected;
} instant_cases[] = {
	{"SELECT '2024-01-01 05:45:00.5+05:45'::" ZONED,
	 "SELECT '2024-01-01 00:00:00.5+00'::" ZONED},
	{"SELECT '2023-12-31 18:00:00-06'::timestamp(3) with time zone",
	 "SELECT '2024-01-01 00:00:00+00'::timestamp(3) with time zone"},
	{"SELECT 'infinity'::" ZONED ", '0044-03-15 00:00:00-12 BC'::" ZONED,
	 "SELECT 'infinity'::" ZONED ", '0044-03-15 12:00:00+00 BC'::" ZONED},
	/* What is none, or not alone. */
	{"SELECT 'x'::" ZONED ", E'2024-01-01 05:45:00+05:45'::" ZONED,
	 "SELECT 'x'::" ZONED ", E'2024-01-01 05:45:00+05:45'::" ZONED},
	{"SELECT '2024-01-01 05:45:00'::timestamp without time zone",
	 "SELECT '2024-01-01 05:45:00'::timestamp without time zone"},
	{"SELECT '05:45:00+05:45'::time with time zone",
	 "SELECT '05:45:00+05:45'::time with time zone"},
	{"SELECT '{\"2024-01-01 05:45:00+05:45\"}'::" ZONED "[]",
	 "SELECT '{\"2024-01-01 05:45:00+05:45\"}'::" ZONED "[]"},
	{"SELECT '2024-01-01 05:45:00+05:45'::text", "SELECT '2024-01-01 05:45:00+05:45'::text"},
};

static void
points_in_time_are_in_utc(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(instant_cases); i++) {
		coffer_buffer sql = {0};
		coffer_schema *schema;

		coffer_buffer_printf(&sql, "CREATE VIEW public.v AS\n %s;\n", instant_cases[i].sql);
		schema = schema_of("public", sql.data);
		assert_string_equal(schema->views[0].definition + 1, instant_cases[i].expected);
		coffer_schema_free(schema);
		coffer_buffer_release(&sql);
	}
}

#define NOT_UTC "'2024-01-01 05:45:00+05:45'"
#define IN_UTC "'2024-01-01 00:00:00+00'"

static const struct {
	const char *key, *bounds, *expected;
} bound_cases[] = {
	{"RANGE (at)", "FOR VALUES FROM (" NOT_UTC ") TO (MAXVALUE)",
	 "FOR VALUES FROM (" IN_UTC ") TO (MAXVALUE)"},
	{"RANGE (b, f(at, b), \"At\" some_ops)",
	 "FOR VALUES FROM (" NOT_UTC ", " NOT_UTC ", " NOT_UTC ") TO ('b', MINVALUE, " NOT_UTC ")",
	 "FOR VALUES FROM (" NOT_UTC ", " NOT_UTC ", " IN_UTC ") TO ('b', MINVALUE, " IN_UTC ")"},
	{"RANGE (at(b))", "FOR VALUES FROM (" NOT_UTC ") TO (MAXVALUE)",
	 "FOR VALUES FROM (" NOT_UTC ") TO (MAXVALUE)"},
	{"LIST (at)", "FOR VALUES IN (NULL, " NOT_UTC ", 'infinity')",
	 "FOR VALUES IN (NULL, " IN_UTC ", 'infinity')"},
	{"LIST (b)", "FOR VALUES IN ('a', " NOT_UTC ")", "FOR VALUES IN ('a', " NOT_UTC ")"},
	{"HASH (at)", "FOR VALUES WITH (modulus 2, remainder 0)",
	 "FOR VALUES WITH (modulus 2, remainder 0)"},
};

static void
bounds_in_time_are_in_utc(void **state)
{
	static const char columns[] = "    at timestamp with time zone,\n"
				      "    \"At\" timestamp(3) with time zone,\n    b text\n";

	(void)state;
	for (size_t i = 0; i < COUNT(bound_cases); i++) {
		coffer_buffer sql = {0};
		coffer_schema *schema;

		coffer_buffer_printf(
			&sql,
			"CREATE TABLE public.root (\n%s)\nPARTITION BY %s;\n"
			"CREATE TABLE public.leaf (\n%s);\n"
			"ALTER TABLE ONLY public.root ATTACH PARTITION public.leaf %s;\n",
			columns, bound_cases[i].key, columns, bound_cases[i].bounds);
		schema = schema_of("public", sql.data);
		assert_text(table_of(schema, "leaf")->partition_bound, bound_cases[i].expected);
		coffer_schema_free(schema);
		coffer_buffer_release(&sql);
	}
}

/* ------------------------------------------------------------------ constraints */

#define TABLES \
	"CREATE TABLE public.t (\n    a integer,\n    b text,\n    c tsrange\n);\n" \
	"CREATE TABLE public.u (\n    x integer,\n    y text\n);\n"

static const struct {
	const char *sql, *definition;
	bool is_primary, is_plain, nulls_not_distinct;
	size_t column_count;
} key_cases[] = {
	{"PRIMARY KEY (a, b)", "PRIMARY KEY (a, b)", true, true, false, 2},
	{"UNIQUE (b) INCLUDE (a)", "UNIQUE (b) INCLUDE (a)", false, true, false, 1},
	{"UNIQUE NULLS NOT DISTINCT (b)", "UNIQUE NULLS NOT DISTINCT (b)", false, true, true, 1},
	{"UNIQUE (b, a) WITH (fillfactor='60') DEFERRABLE INITIALLY DEFERRED",
	 "UNIQUE (b, a) WITH (fillfactor=60) DEFERRABLE INITIALLY DEFERRED", false, true, false, 2},
	{"PRIMARY KEY (a, c WITHOUT OVERLAPS)", "PRIMARY KEY (a, c WITHOUT OVERLAPS)", true, false,
	 false, 2},
};

static void
keys_become_indexes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(key_cases); i++) {
		const coffer_index *index;
		coffer_schema *schema;
		char sql[600];

		snprintf(sql, sizeof(sql),
			 TABLES "ALTER TABLE ONLY public.t\n    ADD CONSTRAINT k %s;\n",
			 key_cases[i].sql);
		schema = schema_of("public", sql);
		index = index_of(table_of(schema, "t"), "k");
		assert_text(index->definition, key_cases[i].definition);
		assert_true(index->is_unique && index->is_constraint);
		assert_int_equal(index->is_primary, key_cases[i].is_primary);
		assert_int_equal(index->is_plain, key_cases[i].is_plain);
		assert_int_equal(index->nulls_not_distinct, key_cases[i].nulls_not_distinct);
		assert_int_equal(index->column_count, key_cases[i].column_count);
		assert_int_equal(column_of(table_of(schema, "t"), "a")->is_nullable,
				 !key_cases[i].is_primary);
		coffer_schema_free(schema);
	}
}

static const struct {
	const char *sql, *tail;
	coffer_action on_update, on_delete;
	size_t delete_column_count;
	bool is_match_full;
} relation_cases[] = {
	{"(a, b) REFERENCES public.u(x, y)", NULL, COFFER_NO_ACTION, COFFER_NO_ACTION, 0, false},
	{"(a, b) REFERENCES public.u(x, y) MATCH FULL ON UPDATE CASCADE ON DELETE SET NULL (a)",
	 NULL, COFFER_CASCADE, COFFER_SET_NULL, 1, true},
	{"(a, b) REFERENCES public.u(x, y) ON UPDATE RESTRICT ON DELETE SET DEFAULT DEFERRABLE "
	 "INITIALLY "
	 "DEFERRED",
	 "DEFERRABLE INITIALLY DEFERRED", COFFER_RESTRICT, COFFER_SET_DEFAULT, 0, false},
	{"(a, b) REFERENCES public.u(x, y) NOT VALID", "NOT VALID", COFFER_NO_ACTION,
	 COFFER_NO_ACTION, 0, false},
	{"(a, b) REFERENCES public.u(x, y) NOT ENFORCED", "NOT ENFORCED", COFFER_NO_ACTION,
	 COFFER_NO_ACTION, 0, false},
};

static void
foreign_keys_become_relations(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(relation_cases); i++) {
		const coffer_relation *relation;
		coffer_schema *schema;
		char sql[600];

		snprintf(sql, sizeof(sql),
			 TABLES "ALTER TABLE ONLY public.t\n    ADD CONSTRAINT f FOREIGN KEY %s;\n",
			 relation_cases[i].sql);
		schema = schema_of("public", sql);
		assert_int_equal(table_of(schema, "t")->relation_count, 1);
		relation = &table_of(schema, "t")->relations[0];
		assert_text(relation->target, "u");
		assert_text(relation->target_columns[1], "y");
		assert_int_equal(relation->column_count, 2);
		assert_text(relation->definition_tail, relation_cases[i].tail);
		assert_int_equal(relation->on_update, relation_cases[i].on_update);
		assert_int_equal(relation->on_delete, relation_cases[i].on_delete);
		assert_int_equal(relation->delete_column_count,
				 relation_cases[i].delete_column_count);
		assert_int_equal(relation->is_match_full, relation_cases[i].is_match_full);
		coffer_schema_free(schema);
	}
}

static const struct {
	const char *sql, *definition;
	size_t column_count;
	bool is_unique, is_plain;
} index_cases[] = {
	{"INDEX i ON public.t USING btree (a DESC, b)", "btree (a DESC, b)", 2, false, true},
	{"UNIQUE INDEX i ON ONLY public.t USING btree (b COLLATE \"C\" text_pattern_ops) INCLUDE "
	 "(a)",
	 "btree (b COLLATE \"C\" text_pattern_ops) INCLUDE (a)", 1, true, true},
	{"INDEX i ON public.t USING btree (lower(b), a)", "btree (lower(b), a)", 0, false, false},
	{"INDEX i ON public.t USING btree (a, public.f(b), b)", "btree (a, f(b), b)", 1, false,
	 false},
	{"INDEX i ON public.t USING btree (((a + 1)))", "btree (((a + 1)))", 0, false, false},
	{"UNIQUE INDEX i ON public.t USING btree (a) WHERE (b <> 'x'::public.mood)",
	 "btree (a) WHERE (b <> 'x'::mood)", 1, true, false},
	{"INDEX i ON public.t USING gist (b public.gist_ops (siglen='32')) WITH (fillfactor='70')",
	 "gist (b gist_ops (siglen='32')) WITH (fillfactor='70')", 1, false, true},
};

static void
indexes_keep_what_follows_using(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(index_cases); i++) {
		const coffer_index *index;
		coffer_schema *schema;
		char sql[600];

		snprintf(sql, sizeof(sql), TABLES "CREATE %s;\n", index_cases[i].sql);
		schema = schema_of("public", sql);
		index = index_of(table_of(schema, "t"), "i");
		assert_text(index->definition, index_cases[i].definition);
		assert_int_equal(index->column_count, index_cases[i].column_count);
		assert_int_equal(index->is_unique, index_cases[i].is_unique);
		assert_int_equal(index->is_plain, index_cases[i].is_plain);
		coffer_schema_free(schema);
	}
}

/* ------------------------------------------------------------------ partitions and heirs */

static void
partitions_have_what_their_root_has(void **state)
{
	coffer_schema *schema = schema_of(
		"public",
		"CREATE TABLE public.team (\n    id text NOT NULL\n);\n"
		"CREATE TABLE public.root (\n    a integer,\n    b text,\n"
		"    CONSTRAINT positive CHECK ((a > 0))\n)\nPARTITION BY RANGE (a);\n"
		"CREATE TABLE public.leaf (\n    b text,\n    a integer,\n"
		"    CONSTRAINT positive CHECK ((a > 0)),\n    CONSTRAINT own CHECK ((a < 9))\n);\n"
		"ALTER TABLE ONLY public.root ATTACH PARTITION public.leaf FOR VALUES FROM (1) TO "
		"(10);\n"
		"ALTER TABLE public.root\n    ADD CONSTRAINT late CHECK ((a <> 5)) NOT VALID;\n"
		"CREATE INDEX root_a ON ONLY public.root USING btree (a);\n"
		"CREATE INDEX leaf_a ON public.leaf USING btree (a);\n"
		"ALTER INDEX public.root_a ATTACH PARTITION public.leaf_a;\n"
		"ALTER TABLE public.root\n"
		"    ADD CONSTRAINT root_b_fkey FOREIGN KEY (b) REFERENCES public.team(id);\n");
	const coffer_table *leaf = table_of(schema, "leaf"), *root = table_of(schema, "root");

	(void)state;
	assert_text(root->partition_key, "RANGE (a)");
	assert_text(leaf->partition_of, "root");
	assert_text(leaf->partition_bound, "FOR VALUES FROM (1) TO (10)");
	assert_int_equal(leaf->id, 0);
	assert_text(index_of(leaf, "leaf_a")->attached_to, "root_a");
	assert_int_equal(leaf->check_count, 3);
	assert_text(leaf->checks[0].name, "late");
	assert_true(leaf->checks[0].is_inherited);
	assert_text(leaf->checks[1].name, "own");
	assert_false(leaf->checks[1].is_inherited);
	assert_true(leaf->checks[2].is_inherited);
	assert_int_equal(leaf->relation_count, 1);
	assert_true(leaf->relations[0].is_inherited);
	assert_int_equal(leaf->relations[0].columns[0], 0);
	assert_int_equal(root->relations[0].columns[0], 1);
	coffer_schema_free(schema);
}

/* A partition's foreign key that its root's made has another name where a constraint has that one. */
static void
names_that_are_taken_are_made_anew(void **state)
{
	coffer_schema *schema = schema_of(
		"public", "CREATE TABLE public.team (\n    id text NOT NULL\n);\n"
			  "CREATE TABLE public.root (\n    b text\n)\nPARTITION BY LIST (b);\n"
			  "CREATE TABLE "
			  "public.läääääääääääääf (\n    b text,\n    CONSTRAINT f CHECK ((b <> "
			  "''::text))\n);\n"
			  "ALTER TABLE ONLY public.root ATTACH PARTITION "
			  "public.läääääääääääääf DEFAULT;\n"
			  "ALTER TABLE public.root\n"
			  "    ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES public.team(id);\n");
	const coffer_table *leaf = &schema->tables[2];

	(void)state;
	assert_text(leaf->partition_of, "root");
	assert_text(leaf->relations[0].name, "lääääääääääää_b_fkey");
	coffer_schema_free(schema);
}

static void
heirs_have_their_parents_columns(void **state)
{
	coffer_schema *schema = schema_of(
		"public",
		"CREATE TABLE public.base (\n    a integer NOT NULL,\n    b text DEFAULT "
		"'x'::text,\n"
		"    c integer NOT NULL NO INHERIT,\n    CONSTRAINT k CHECK ((a > 0)),\n"
		"    CONSTRAINT n CHECK ((a > 1)) NO INHERIT\n);\n"
		"CREATE TABLE public.heir (\n    d integer,\n    b text DEFAULT 'y'::text\n)\n"
		"INHERITS (public.base);\n");
	const coffer_table *heir = table_of(schema, "heir");

	(void)state;
	assert_int_equal(heir->column_count, 4);
	assert_text(heir->columns[0].name, "a");
	assert_false(heir->columns[0].is_nullable);
	assert_text(heir->columns[1].default_sql, "'y'::text");
	assert_true(heir->columns[2].is_nullable);
	assert_text(heir->columns[3].name, "d");
	assert_int_equal(heir->check_count, 1);
	assert_false(heir->checks[0].is_inherited);
	assert_string_equal(warnings, "inheritance of table heir is not carried\n");
	coffer_schema_free(schema);
}

/* ------------------------------------------------------------------ types, sequences, views */

static void
domains_know_what_lies_under_them(void **state)
{
	coffer_schema *schema = schema_of(
		"public",
		"CREATE DOMAIN other.far AS numeric(5,2);\n"
		"CREATE DOMAIN public.z AS integer CONSTRAINT \"z nn\" NOT NULL DEFAULT 1\n"
		"\tCONSTRAINT z_check CHECK ((VALUE > 0));\n"
		"CREATE DOMAIN public.a AS public.z;\n"
		"CREATE DOMAIN public.m AS public.z[];\n"
		"CREATE TYPE public.mood AS ENUM (\n    'sad',\n    'it''s'\n);\n"
		"CREATE TYPE public.nothing AS ENUM (\n);\n"
		"CREATE TABLE public.t (\n    a public.a,\n    b other.far,\n    c "
		"public.mood\n);\n"
		"ALTER DOMAIN public.a ADD CONSTRAINT late CHECK ((VALUE > 5)) NOT VALID;\n"
		"COMMENT ON CONSTRAINT z_check ON DOMAIN public.z IS 'above';\n");
	const coffer_table *table = table_of(schema, "t");

	(void)state;
	assert_text(schema->domains[0].name, "z");
	assert_true(schema->domains[0].is_not_null);
	assert_text(schema->domains[0].default_sql, "1");
	assert_text(schema->domains[0].checks[0].definition, "CHECK ((VALUE > 0))");
	assert_text(schema->domains[0].checks[0].comment, "above");
	assert_text(schema->domains[1].name, "a");
	assert_text(schema->domains[1].checks[0].definition, "CHECK ((VALUE > 5)) NOT VALID");
	assert_text(schema->domains[2].name, "m");
	assert_text(column_of(table, "a")->base_type, "integer");
	assert_text(column_of(table, "b")->base_type, "numeric(5,2)");
	assert_null(column_of(table, "c")->base_type);
	assert_text(schema->enums[0].labels[1], "it's");
	assert_int_equal(schema->enums[1].label_count, 0);
	assert_string_equal(warnings, "type other.far of another schema is used and not carried\n");
	coffer_schema_free(schema);
}

static void
sequences_have_the_limits_of_their_types(void **state)
{
	coffer_schema *schema = schema_of(
		"public",
		"CREATE SEQUENCE public.up\n    AS smallint\n    START WITH 5\n    INCREMENT BY 2\n"
		"    NO MINVALUE\n    NO MAXVALUE\n    CACHE 3\n    CYCLE;\n"
		"CREATE UNLOGGED SEQUENCE public.down\n    START WITH -1\n    INCREMENT BY -1\n"
		"    NO MINVALUE\n    NO MAXVALUE\n    CACHE 1;\n"
		"CREATE TABLE public.t (\n    id integer NOT NULL,\n    n bigint\n);\n"
		"ALTER TABLE public.t ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (\n"
		"    SEQUENCE NAME public.t_id_seq\n    START WITH 1\n    INCREMENT BY 1\n"
		"    NO MINVALUE\n    MAXVALUE 100\n    CACHE 1\n);\n"
		"ALTER SEQUENCE public.up OWNED BY public.t.n;\n"
		"SELECT pg_catalog.setval('public.up', 7, true);\n"
		"SELECT pg_catalog.setval('public.t_id_seq', 1, false);\n");
	const coffer_sequence *down = &schema->sequences[0], *identity = &schema->sequences[1],
			      *up = &schema->sequences[2];

	(void)state;
	assert_true(down->is_unlogged && down->minimum == INT64_MIN && down->maximum == -1);
	assert_false(down->is_called);
	assert_int_equal(down->last_value, -1);
	assert_true(identity->is_identity && identity->minimum == 1 && identity->maximum == 100);
	assert_text(identity->type, "integer");
	assert_text(identity->owner_column, "id");
	assert_int_equal(table_of(schema, "t")->columns[0].identity, COFFER_IDENTITY_BY_DEFAULT);
	assert_true(up->minimum == 1 && up->maximum == INT16_MAX && up->is_cycle && up->cache == 3);
	assert_text(up->owner_column, "n");
	assert_true(up->is_called && up->last_value == 7);
	coffer_schema_free(schema);
}

static void
views_come_behind_what_they_read(void **state)
{
	coffer_schema *schema = schema_of(
		"public", "CREATE VIEW public.z AS\n SELECT 1 AS a;\n"
			  "CREATE VIEW public.a WITH (security_barrier='true') AS\n SELECT z.a\n   "
			  "FROM public.z\n"
			  "  WITH CASCADED CHECK OPTION;\n"
			  "CREATE VIEW public.early AS\nSELECT\n    NULL::integer AS a;\n"
			  "CREATE MATERIALIZED VIEW public.m\nWITH (fillfactor='90') AS\n SELECT "
			  "a.a\n   FROM public.a\n"
			  "  WITH NO DATA;\n"
			  "CREATE MATERIALIZED VIEW public.n AS\n SELECT 2 AS b\n  WITH NO DATA;\n"
			  "CREATE UNIQUE INDEX m_a ON public.m USING btree (a);\n"
			  "ALTER TABLE public.m CLUSTER ON m_a;\n"
			  "REFRESH MATERIALIZED VIEW public.m;\n"
			  "CREATE OR REPLACE VIEW public.early AS\n SELECT m.a\n   FROM public.m;\n"
			  "COMMENT ON COLUMN public.z.a IS 'lost';\n");
	static const char *const names[] = {"n", "z", "a", "m", "early"};

	(void)state;
	assert_int_equal(schema->view_count, 5);
	for (size_t i = 0; i < 5; i++)
		assert_text(schema->views[i].name, names[i]);
	assert_text(schema->views[2].options, "security_barrier=true, check_option=cascaded");
	assert_text(schema->views[2].definition, " SELECT z.a\n   FROM z");
	assert_true(schema->views[3].is_materialized && schema->views[3].is_populated);
	assert_text(schema->views[3].options, "fillfactor=90");
	assert_true(schema->views[3].indexes[0].is_clustered);
	assert_true(schema->views[3].indexes[0].is_plain);
	assert_false(schema->views[0].is_populated);
	assert_text(schema->views[4].definition, " SELECT m.a\n   FROM m");
	assert_string_equal(warnings, "comment of column z.a of a view is not carried\n");
	coffer_schema_free(schema);
}

/* ------------------------------------------------------------------ what is left, what is refused */

static void
what_is_not_carried_is_said(void **state)
{
	coffer_schema *schema = schema_of(
		"public", TABLES
		"CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA public;\n"
		"CREATE FUNCTION public.g(a integer) RETURNS integer\n    LANGUAGE sql\n    AS "
		"$$SELECT 1$$;\n"
		"CREATE FUNCTION public.f() RETURNS integer\n    LANGUAGE sql\n    AS $$SELECT "
		"1$$;\n"
		"CREATE FUNCTION other.h() RETURNS integer\n    LANGUAGE sql\n    AS $$SELECT "
		"1$$;\n"
		"CREATE TRIGGER \"T r\" BEFORE UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION "
		"public.f();\n"
		"CREATE RULE r AS\n    ON DELETE TO public.t DO INSTEAD NOTHING;\n"
		"ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;\n"
		"ALTER TABLE ONLY public.t FORCE ROW LEVEL SECURITY;\n"
		"ALTER TABLE ONLY public.t ALTER COLUMN a SET STATISTICS 500;\n"
		"ALTER TABLE ONLY public.t ALTER COLUMN a SET STORAGE PLAIN;\n"
		"ALTER PUBLICATION pub ADD TABLE ONLY public.t;\n"
		"CREATE OPERATOR public.=== (\n    FUNCTION = public.f\n);\n"
		"SET default_tablespace = fast;\n"
		"CREATE TABLE public.w (\n    a integer\n);\n"
		"ALTER TABLE public.t\n    ADD CONSTRAINT nn NOT NULL b NOT VALID;\n"
		"ALTER TABLE ONLY public.t\n"
		"    ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES other.u(x);\n"
		"ALTER TABLE ONLY public.t\n"
		"    ADD CONSTRAINT p FOREIGN KEY (a, PERIOD c) REFERENCES public.u(x, PERIOD y);\n"
		"GRANT SELECT ON TABLE public.t TO somebody;\n"
		"ALTER TABLE public.t OWNER TO somebody;\n"
		"ALTER TYPE public.mood OWNER TO somebody;\n"
		"CREATE SERVER s FOREIGN DATA WRAPPER w;\n"
		"MAKE SOMETHING WE DO NOT KNOW;\n");

	(void)state;
	assert_string_equal(warnings,
			    "extension hstore is not carried: the target may need it\n"
			    "foreign key \"f\" of \"t\" is not carried: it refers to a table that "
			    "is not carried\n"
			    "foreign key \"p\" of \"t\" is not carried: it compares periods\n"
			    "a statement that is not known is passed over: MAKE SOMETHING WE DO\n"
			    "function f is not carried\n"
			    "function g is not carried\n"
			    "trigger \"T r\" on t is not carried\n"
			    "rule r on t is not carried\n"
			    "row level security of table t is not carried\n"
			    "operator === is not carried\n"
			    "publication of table t is not carried\n"
			    "access method or tablespace of w is not carried\n"
			    "storage or statistics settings of column t.a are not carried\n"
			    "NOT NULL of column t.b is not valid and not carried\n");
	assert_true(column_of(table_of(schema, "t"), "b")->is_nullable);
	assert_int_equal(table_of(schema, "t")->relation_count, 0);
	coffer_schema_free(schema);
}

static const struct {
	const char *sql, *place, *message;
} refused_cases[] = {
	{"CREATE TABLE public.t (\n    a\n);", "t", "a type is expected"},
	{"CREATE TABLE public.t (\n    a integer PRIMARY KEY\n);", "t", "what pg_dump writes"},
	{"CREATE TABLE public.t (\n    LIKE public.u\n);", "t",
	 "CONSTRAINT and a name is expected"},
	{"CREATE TABLE public.t PARTITION OF public.u DEFAULT;", "t", "what pg_dump writes"},
	{"CREATE TABLE public.t AS SELECT 1;", "t", "what pg_dump writes"},
	{"CREATE TABLE public.t (\n    a integer\n)\nINHERITS (public.gone);", "t",
	 "does not define"},
	{"CREATE TABLE public.t (\n    a text DEFAULT 'x", "t", "never ends"},
	{"CREATE TABLE public.t (\n    a integer", "t", "is expected where the statement ends"},
	{"CREATE TABLE public.t (\n    a text DEFAULT '\xff'::text\n);", "t", "not UTF-8"},
	{"COMMENT ON TABLE public.u IS E'\\xff';", "", "not UTF-8"},
	{"COMMENT ON TABLE public.u IS E'a\\000b';", "", "not UTF-8"},
	{"CREATE VIEW public.v WITH (a=E'b\\000c') AS SELECT 1;", "v", "a NUL byte in an option"},
	{"ALTER TABLE public.u ALTER COLUMN gone SET NOT NULL;", "u", "u has no column gone"},
	{"ALTER TABLE ONLY public.u ADD CONSTRAINT k PRIMARY KEY (gone);", "u.k",
	 "a column of the table is expected"},
	{"ALTER TABLE ONLY public.u ADD CONSTRAINT k PRIMARY (a);", "u.k", "a kind of constraint"},
	{"ALTER TABLE public.u RENAME TO v;", "u", "what pg_dump alters"},
	{"CREATE INDEX i ON public.u USING btree (gone);", "i",
	 "a column of the table is expected"},
	{"CREATE TYPE public.mood AS ENUM ('a'", "", "')' is expected"},
	{"CREATE SEQUENCE public.s\n    START WITH 9223372036854775808;", "", "64 bits"},
	{"CREATE SEQUENCE public.s\n    START WITH 5\n    MAXVALUE 4;", "", "outside of"},
	{"SET client_encoding = 'LATIN1';", "", "UTF8 is expected"},
};

static void
what_is_wrong_is_refused_by_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused_cases); i++) {
		struct coffer_ddl *ddl = begin("public");
		coffer_error error = {.status = COFFER_OK};
		const char *sql = refused_cases[i].sql;

		read_all(ddl, "CREATE TABLE public.u (\n    a integer\n);\n");
		assert_int_equal(coffer_ddl_read(ddl, (coffer_text){sql, strlen(sql)}, &error),
				 COFFER_INVALID);
		assert_string_equal(error.place, refused_cases[i].place);
		if (!strstr(error.message, refused_cases[i].message))
			fail_msg("%s, expected %s", error.message, refused_cases[i].message);
		coffer_ddl_free(ddl);
	}
}

static void
other_schemas_are_passed_over(void **state)
{
	coffer_schema *schema = schema_of(
		"mine", "CREATE SCHEMA mine;\nCOMMENT ON SCHEMA mine IS 'ours';\n"
			"COMMENT ON SCHEMA public IS 'not ours';\n"
			"CREATE TABLE public.t (\n    a integer PRIMARY KEY -- not even read\n);\n"
			"CREATE TABLE mine.t (\n    a integer\n);\n"
			"ALTER TABLE ONLY public.t ADD CONSTRAINT k PRIMARY KEY (nothing);\n"
			"SET search_path = mine;\n"
			"CREATE TABLE u (\n    a integer\n);\n");

	(void)state;
	assert_int_equal(schema->table_count, 2);
	assert_text(schema->name, "mine");
	assert_text(schema->comment, "ours");
	assert_string_equal(warnings, "");
	coffer_schema_free(schema);
}

static void
rows_of_partitions_are_their_roots(void **state)
{
	struct coffer_ddl *ddl = begin("public");
	const struct coffer_sql_name leaf = {"other", "leaf"}, own = {"public", "own"},
				     root = {"public", "root"}, gone = {"public", "gone"},
				     elsewhere = {"other", "root"};
	coffer_schema *schema;

	(void)state;
	read_all(ddl, "CREATE TABLE public.own (\n    a integer\n);\n"
		      "CREATE TABLE public.root (\n    a integer\n)\nPARTITION BY LIST (a);\n"
		      "CREATE TABLE other.middle (\n    a integer\n)\nPARTITION BY LIST (a);\n"
		      "ALTER TABLE ONLY public.root ATTACH PARTITION other.middle DEFAULT;\n"
		      "ALTER TABLE ONLY other.middle ATTACH PARTITION other.leaf DEFAULT;\n"
		      "ALTER TABLE ONLY other.root ATTACH PARTITION public.own DEFAULT;\n");
	assert_int_equal(coffer_ddl_finish(ddl, &schema, NULL), COFFER_OK);
	assert_int_equal(coffer_ddl_find(ddl, schema, &leaf),
			 coffer_schema_find_table(schema, "root"));
	assert_int_equal(coffer_ddl_find(ddl, schema, &root),
			 coffer_schema_find_table(schema, "root"));
	assert_int_equal(coffer_ddl_find(ddl, schema, &own),
			 coffer_schema_find_table(schema, "own"));
	assert_int_equal(coffer_ddl_find(ddl, schema, &gone), COFFER_NO_TABLE);
	assert_int_equal(coffer_ddl_find(ddl, schema, &elsewhere), COFFER_NO_TABLE);
	assert_string_equal(
		warnings,
		"table \"own\" is a partition of a table of another schema: carried as a "
		"table of its own\n"
		"table \"root\" has partitions that are foreign or of another schema: their "
		"rows are carried, they are not\n");
	coffer_schema_free(schema);
	coffer_ddl_free(ddl);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_as_a_server_tells_them),
		cmocka_unit_test(names_lose_their_schema),
		cmocka_unit_test(needless_quotes_go_when_all_names_have_them),
		cmocka_unit_test(backslashes_mean_what_the_session_says),
		cmocka_unit_test(points_in_time_are_in_utc),
		cmocka_unit_test(bounds_in_time_are_in_utc),
		cmocka_unit_test(keys_become_indexes),
		cmocka_unit_test(foreign_keys_become_relations),
		cmocka_unit_test(indexes_keep_what_follows_using),
		cmocka_unit_test(partitions_have_what_their_root_has),
		cmocka_unit_test(names_that_are_taken_are_made_anew),
		cmocka_unit_test(heirs_have_their_parents_columns),
		cmocka_unit_test(domains_know_what_lies_under_them),
		cmocka_unit_test(sequences_have_the_limits_of_their_types),
		cmocka_unit_test(views_come_behind_what_they_read),
		cmocka_unit_test(what_is_not_carried_is_said),
		cmocka_unit_test(what_is_wrong_is_refused_by_name),
		cmocka_unit_test(other_schemas_are_passed_over),
		cmocka_unit_test(rows_of_partitions_are_their_roots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
