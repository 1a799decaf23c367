/*
 * Session and discovery against a real server: what is pinned, how failures are told, what of a
 * schema is found, and what is said of the rest.
 */
#include "postgres/discover.h"

#include "server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct server server;
static int version; /* 150018: pg_load leaves out of a fixture what the server does not know yet */
static char warnings[8192];

static void
note(void *context, const char *message)
{
	size_t used = strlen(warnings);

	(void)context;
	assert_true(strlen(message) + 1 < sizeof(warnings) - used);
	snprintf(warnings + used, sizeof(warnings) - used, "%s\n", message);
}

static void
open_session(struct coffer_session *session, const char *source)
{
	coffer_error error = {.status = COFFER_OK};

	if (coffer_session_open(session, source, NULL, &error))
		fail_msg("%s: %s", source, error.message);
	version = session->server_version;
}

static coffer_schema *
discover(const char *source)
{
	struct coffer_session session = {.connection = NULL};
	coffer_schema *schema = NULL;
	coffer_error error = {.status = COFFER_OK};

	warnings[0] = '\0';
	open_session(&session, source);
	/* A pooler may give the transaction another connection, which knows nothing of the session. */
	if (coffer_session_run(&session, "RESET ALL", &error) ||
	    coffer_session_run(&session, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
			       &error) ||
	    coffer_discover(&session, note, NULL, &schema, &error))
		fail_msg("%s: %s %s", source, error.place, error.message);
	coffer_session_close(&session);
	return schema;
}

static coffer_table *
table_of(coffer_schema *schema, const char *name)
{
	uint32_t number = coffer_schema_find_table(schema, name);

	if (number == COFFER_NO_TABLE)
		fail_msg("no table %s", name);
	return &schema->tables[number];
}

static coffer_column *
column_of(coffer_table *table, const char *name)
{
	uint16_t number = coffer_table_find_column(table, name);

	if (number == COFFER_NO_COLUMN)
		fail_msg("no column %s.%s", table->name, name);
	return &table->columns[number];
}

static coffer_index *
index_of(coffer_table *table, const char *name)
{
	uint16_t number = coffer_table_find_index(table, name);

	if (number == COFFER_NO_INDEX)
		fail_msg("no index %s", name);
	return &table->indexes[number];
}

static coffer_relation *
relation_of(coffer_table *table, const char *name)
{
	size_t at;

	for (at = 0; at < table->relation_count; at++)
		if (strcmp(table->relations[at].name, name) == 0)
			return &table->relations[at];
	fail_msg("no relation %s", name);
	return NULL;
}

static coffer_check *
check_of(coffer_table *table, const char *name)
{
	size_t at;

	for (at = 0; at < table->check_count; at++)
		if (strcmp(table->checks[at].name, name) == 0)
			return &table->checks[at];
	fail_msg("no check %s", name);
	return NULL;
}

static coffer_sequence *
sequence_of(coffer_schema *schema, const char *name)
{
	size_t at;

	for (at = 0; at < schema->sequence_count; at++)
		if (strcmp(schema->sequences[at].name, name) == 0)
			return &schema->sequences[at];
	fail_msg("no sequence %s", name);
	return NULL;
}

/* ------------------------------------------------------------------ session */

static void
settings_of_the_database_change_nothing(void **state)
{
	static const char sql[] =
		"SELECT TIMESTAMPTZ '2024-11-05 10:20:30+02', '\\x00ff'::bytea, 0.1::float8 + 0.2, "
		"INTERVAL '-1 day',"
		" '1.5'::money, current_setting('search_path'), "
		"current_setting('statement_timeout'),"
		" current_setting('application_name'), current_setting('client_encoding'),"
		" current_setting('quote_all_identifiers')";
	static const char *const expected[] = {
		"2024-11-05 08:20:30+00",
		"\\x00ff",
		"0.30000000000000004",
		"-1 days",
		"1.50",
		"\"My Schema\"",
		"0",
		"coffer",
		"UTF8",
		"off",
	};
	struct coffer_session session = {.connection = NULL};
	coffer_error error = {.status = COFFER_OK};
	PGresult *result;
	size_t at;

	(void)state;
	open_session(&session, "dbname=hostile schema='My Schema'");
	assert_int_equal(coffer_session_query(&session, sql, &result, &error), COFFER_OK);
	for (at = 0; at < COUNT(expected); at++)
		assert_string_equal(PQgetvalue(result, 0, (int)at) +
					    (at == 4 && PQgetvalue(result, 0, 4)[0] == '$'),
				    expected[at]);
	PQclear(result);
	coffer_session_close(&session);
}

static void
a_connection_that_fails_says_why_and_no_password(void **state)
{
	static const struct {
		const char *source, *words;
	} cases[] = {
		{"user=locked password=wrong-secret", "password authentication failed"},
		{"user=locked password=''", "no password supplied"},
		{"dbname=nowhere", "database \"nowhere\" does not exist"},
		{"user=nobody_at_all", "role \"nobody_at_all\" does not exist"},
		{"host=/nowhere password=secret", "No such file or directory"},
		{"host=127.0.0.1 port=1 password=secret", "Connection refused"},
		{"dbname=ascii", "SQL_ASCII"},
		{"user=secret password=secret", "***"},
		{"service=secret-not-there", "definition of service"},
	};
	size_t at;

	(void)state;
	for (at = 0; at < COUNT(cases); at++) {
		struct coffer_session session = {.connection = NULL};
		coffer_error error = {.status = COFFER_OK};

		assert_int_equal(coffer_session_open(&session, cases[at].source, NULL, &error),
				 COFFER_UNREACHABLE);
		assert_null(session.connection);
		assert_null(strchr(error.message, '\n'));
		if (!strstr(error.message, cases[at].words) ||
		    (at != COUNT(cases) - 1 && strstr(error.message, "secret")))
			fail_msg("%s: %s", cases[at].source, error.message);
	}
}

static void
the_state_of_a_failure_decides_its_status(void **state)
{
	static const struct {
		const char *sql;
		coffer_status status;
		const char *message;
	} cases[] = {
		{"SELECT * FROM nothing", COFFER_UNREACHABLE,
		 "relation \"nothing\" does not exist"},
		{"CREATE TABLE twice (a int)", COFFER_CONFLICT,
		 "relation \"twice\" already exists"},
		{"CREATE TYPE twice AS ENUM ()", COFFER_CONFLICT, "type \"twice\" already exists"},
		{"CREATE SCHEMA public", COFFER_CONFLICT, "schema \"public\" already exists"},
		{"INSERT INTO plain VALUES (1)", COFFER_CONFLICT,
		 "duplicate key value violates unique constraint \"plain_pkey\" (Key (id)=(1) "
		 "already exists.)"},
		{"DO $$ BEGIN RAISE SQLSTATE '53100' USING MESSAGE = E'no\n  room'; END $$",
		 COFFER_FULL, "no room"},
		{"DO $$ BEGIN RAISE SQLSTATE '57014' USING MESSAGE = 'not us'; END $$",
		 COFFER_UNREACHABLE, "not us"},
		{"SELECT 1; SELECT 1 / 0; SELECT 2", COFFER_UNREACHABLE, "division by zero"},
	};
	struct coffer_session session = {.connection = NULL};
	size_t at;

	(void)state;
	open_session(&session, "dbname=left");
	for (at = 0; at < COUNT(cases); at++) {
		coffer_error error = {.status = COFFER_OK};

		assert_int_equal(coffer_session_run(&session, cases[at].sql, &error),
				 cases[at].status);
		assert_string_equal(error.message, cases[at].message);
	}
	coffer_session_close(&session);
}

static bool
stop(void *context, const char *what, uint64_t rows, uint64_t bytes)
{
	int *asked = context;

	(void)what;
	(void)rows;
	(void)bytes;
	return ++*asked < 2;
}

static void
an_interrupt_cancels_and_leaves_the_connection_usable(void **state)
{
	int asked = 0;
	struct coffer_session session = {.progress = stop, .progress_context = &asked};
	coffer_error error = {.status = COFFER_OK};
	time_t start = time(NULL);

	(void)state;
	open_session(&session, "dbname=postgres");
	assert_int_equal(coffer_session_run(&session, "SELECT pg_sleep(60)", &error),
			 COFFER_INTERRUPTED);
	assert_true(time(NULL) - start < 10);
	assert_string_equal(error.message, "interrupted");
	session.progress = NULL;
	error.status = COFFER_OK;
	assert_int_equal(coffer_session_run(&session, "SELECT 1", &error), COFFER_OK);
	coffer_session_close(&session);
}

static void
a_server_that_hangs_up_is_told_in_one_line(void **state)
{
	struct coffer_session session = {.connection = NULL};
	coffer_error error = {.status = COFFER_OK};

	(void)state;
	open_session(&session, "dbname=postgres");
	assert_int_equal(coffer_session_run(
				 &session, "SELECT pg_terminate_backend(pg_backend_pid())", &error),
			 COFFER_UNREACHABLE);
	assert_non_null(strstr(error.message, "terminating connection"));
	error.status = COFFER_OK;
	assert_int_equal(coffer_session_run(&session, "SELECT 1", &error), COFFER_UNREACHABLE);
	assert_null(strchr(error.message, '\n'));
	coffer_session_close(&session);
}

/* ------------------------------------------------------------------ discovery */

static void
types_and_sequences_are_found(void **state)
{
	coffer_schema *schema = discover("dbname=own schema='Böhm & Söhne'");
	coffer_sequence *sequence = sequence_of(schema, "Down Under");
	coffer_domain *last;

	(void)state;
	assert_string_equal(warnings, "");
	assert_string_equal(schema->name, "Böhm & Söhne");
	assert_int_equal(schema->enum_count, 2);
	assert_int_equal(schema->enums[0].label_count, 5);
	assert_string_equal(schema->enums[0].labels[1], "before ok");
	assert_int_equal(schema->enums[1].label_count, 0);
	assert_int_equal(schema->domain_count, 5);
	last = &schema->domains[4];
	assert_string_equal(last->name, "small_positive");
	assert_string_equal(last->type, "positive");
	assert_true(last->is_not_null);
	assert_string_equal(last->checks[0].comment, "below a thousand");
	assert_string_equal(sequence->type, "smallint");
	assert_int_equal(sequence->increment, -3);
	assert_int_equal(sequence->minimum, -30);
	assert_true(sequence->is_cycle && sequence->is_called);
	assert_string_equal(sequence->owner_table, "numbered");
	assert_false(sequence_of(schema, "never_called")->is_called);
	assert_true(sequence_of(schema, "numbered's own")->is_identity);
	assert_true(sequence_of(schema, "far")->last_value == INT64_MAX - 1);
	coffer_schema_free(schema);
}

static void
columns_are_found(void **state)
{
	coffer_schema *schema = discover("dbname=own schema='Böhm & Söhne'");
	coffer_table *table = table_of(schema, "extremes");

	(void)state;
	assert_int_equal(column_of(table, "id")->identity, COFFER_IDENTITY_ALWAYS);
	assert_string_equal(column_of(table, "when zoned s")->type, "timestamp(0) with time zone");
	assert_string_equal(column_of(table, "twice")->generated_sql,
			    "((middle)::numeric * (2)::numeric)");
	assert_null(column_of(table, "twice")->default_sql);
	table = table_of(schema, "indexed");
	assert_string_equal(column_of(table, "title")->collation, "\"C\"");
	assert_string_equal(column_of(table, "kind")->base_type, "character varying(12)");
	assert_null(column_of(table, "kind")->collation);
	assert_string_equal(column_of(table, "feeling")->base_type, "\"Mood\"");
	assert_string_equal(column_of(table, "id")->default_sql,
			    "nextval('indexed_id_seq'::regclass)");
	assert_false(column_of(table, "level")->is_nullable);
	assert_string_equal(
		table->options,
		"fillfactor=70, autovacuum_enabled=false, toast.autovacuum_enabled=false");
	assert_int_equal(table->replica_identity, 'i');
	table = table_of(schema, "dropped");
	assert_int_equal(table->column_count, 4);
	assert_string_equal(table->columns[1].name, "c");
	assert_int_equal(index_of(table, "dropped_idx")->columns[0], 3);
	assert_int_equal(index_of(table, "dropped_idx")->columns[1], 1);
	assert_int_equal(table_of(schema, "no_columns")->column_count, 0);
	assert_true(table_of(schema, "careless")->is_unlogged);
	coffer_schema_free(schema);
}

static void
indexes_and_constraints_are_found(void **state)
{
	static const struct {
		const char *name, *definition;
		size_t columns;
		bool is_plain;
	} cases[] = {
		{"indexed_pkey", "PRIMARY KEY (id)", 1, true},
		{"indexed_at_idx", "btree (at DESC, level)", 2, true},
		{"indexed_lower_idx", "btree (lower(title), id)", 0, false},
		{"indexed_mid_idx", "btree (id, lower(body), level)", 1, false},
		{"indexed_part_idx", "btree (kind) WHERE (flag AND (title <> ''::text))", 1, false},
		{"indexed_path_idx", "gin (data jsonb_path_ops) WITH (fastupdate=off)", 1, true},
		{"indexed_prefix_idx", "btree (title text_pattern_ops) INCLUDE (flag)", 1, true},
		{"indexed USING btree (x)", "btree (flag)", 1, true},
		{"late", "UNIQUE (title, kind) DEFERRABLE INITIALLY DEFERRED", 2, true},
		{"with more", "UNIQUE (level) INCLUDE (flag) WITH (fillfactor=60)", 1, true},
	};
	coffer_schema *schema = discover("dbname=own schema='Böhm & Söhne'");
	coffer_table *table = table_of(schema, "indexed");
	coffer_index *once;
	size_t at;

	(void)state;
	for (at = 0; at < COUNT(cases); at++) {
		coffer_index *index = index_of(table, cases[at].name);

		assert_string_equal(index->definition, cases[at].definition);
		assert_int_equal(index->column_count, cases[at].columns);
		assert_int_equal(index->is_plain, cases[at].is_plain);
	}
	once = index_of(table, "no_nulls_twice");
	assert_int_equal(once->nulls_not_distinct, version >= 150000);
	assert_string_equal(once->definition, version >= 150000
						      ? "UNIQUE NULLS NOT DISTINCT (weight)"
						      : "UNIQUE (weight)");
	assert_true(once->is_plain);
	assert_true(index_of(table, "indexed_at_idx")->is_clustered);
	assert_true(index_of(table, "indexed_plain_idx")->is_replica_identity);
	assert_true(check_of(table, "not_at_once")->is_exclusion);
	assert_string_equal(check_of(table, "not_at_once")->definition,
			    "EXCLUDE USING gist (during WITH &&) WHERE (flag)");
	assert_string_equal(check_of(table_of(schema, "child"), "child_later")->definition,
			    "CHECK ((a < 3)) NOT VALID");
	coffer_schema_free(schema);
}

static void
foreign_keys_are_found(void **state)
{
	coffer_schema *schema = discover("dbname=own schema='Böhm & Söhne'");
	coffer_table *table = table_of(schema, "child");
	coffer_relation *relation = relation_of(table, "child_pair");

	(void)state;
	assert_int_equal(relation->on_update, COFFER_CASCADE);
	assert_int_equal(relation->on_delete, COFFER_SET_NULL);
	assert_int_equal(relation->delete_column_count, version >= 150000);
	if (version >= 150000)
		assert_int_equal(relation->delete_columns[0], 1);
	relation = relation_of(table, "child_swapped");
	assert_int_equal(relation->columns[0], 2);
	assert_string_equal(relation->target_columns[0], "b");
	assert_string_equal(relation_of(table, "child_c")->definition_tail,
			    "DEFERRABLE INITIALLY DEFERRED");
	assert_string_equal(relation_of(table, "child_self")->comment, "a tree");
	relation = relation_of(table_of(schema, "orphan"), "orphan_full");
	assert_true(relation->is_match_full);
	assert_string_equal(relation->definition_tail, "NOT VALID");
	coffer_schema_free(schema);
}

static void
views_come_behind_what_they_read(void **state)
{
	static const char *const order[] = {
		"checked",   "steps",   "z_base",       "a_on_z",
		"M %/\"v\"", "counted", "a_on_counted", "b_unfilled",
	};
	coffer_schema *schema = discover("dbname=own schema='Böhm & Söhne'");
	size_t at;

	(void)state;
	assert_int_equal(schema->view_count, COUNT(order));
	for (at = 0; at < COUNT(order); at++)
		assert_string_equal(schema->views[at].name, order[at]);
	assert_string_equal(schema->views[0].options, "check_option=cascaded");
	assert_true(schema->views[5].is_materialized && schema->views[5].is_populated);
	assert_int_equal(schema->views[5].index_count, 2);
	assert_string_equal(schema->views[5].indexes[1].definition,
			    "btree (rows DESC) WHERE (rows > 1)");
	assert_false(schema->views[7].is_populated);
	coffer_schema_free(schema);
}

static void
partitions_are_tables_behind_their_parents(void **state)
{
	coffer_schema *schema = discover("dbname=partitioned");
	coffer_table *table = table_of(schema, "LiteLLM_SpendLogs");

	(void)state;
	assert_string_equal(warnings, "");
	assert_string_equal(table->partition_key, "RANGE (\"startTime\")");
	assert_false(relation_of(table, "LiteLLM_SpendLogs_team_id_fkey")->is_inherited);
	table = table_of(schema, "LiteLLM_SpendLogs_p2024_12");
	assert_string_equal(table->partition_of, "LiteLLM_SpendLogs");
	assert_string_equal(
		table->partition_bound,
		"FOR VALUES FROM ('2024-12-01 00:00:00+00') TO ('2025-01-01 00:00:00+00')");
	assert_string_equal(index_of(table, "december_key")->attached_to, "LiteLLM_SpendLogs_pkey");
	assert_int_equal(index_of(table, "december_key")->columns[0], 2);
	assert_true(check_of(table, "spend_is_finite")->is_inherited);
	assert_true(relation_of(table, "LiteLLM_SpendLogs_team_id_fkey")->is_inherited);
	table = table_of(schema, "LiteLLM_SpendLogs_p2024_11_1_all");
	assert_string_equal(table->partition_of, "LiteLLM_SpendLogs_p2024_11_1");
	assert_int_equal(table - schema->tables, schema->table_count - 1);
	assert_int_equal(table_of(schema, "refers")->relation_count, 1);
	coffer_schema_free(schema);
}

static void
what_is_not_carried_is_said(void **state)
{
	static const char expected[] =
		"foreign key \"outsider_id_fkey\" of \"outsider\" is not carried: it refers to a "
		"table that is not "
		"carried\n"
		"4 functions are not carried: \"F three\", f1, f2, touch\n"
		"procedure proceed is not carried\n"
		"aggregate total is not carried\n"
		"trigger on_change on plain is not carried\n"
		"rule nothing on plain is not carried\n"
		"policy mine on guarded is not carried\n"
		"row level security of table guarded is not carried\n"
		"inheritance of table heir is not carried\n"
		"composite type pair is not carried\n"
		"type span is not carried\n"
		"type apart.flavour of another schema is used and not carried\n"
		"extended statistics together are not carried\n"
		"publication of table heir is not carried\n"
		"publication of table plain is not carried\n"
		"comment of column elsewhere.id of a view is not carried\n"
		"comment of index plain_pkey of a constraint is not carried\n"
		"storage or statistics settings of 4 columns are not carried: heir.a, heir.b, "
		"plain.a, plain.b\n";
	coffer_schema *schema = discover("dbname=left");

	(void)state;
	assert_string_equal(warnings, expected);
	coffer_schema_free(schema);
}

static void
a_gateway_of_today_is_found_without_a_warning(void **state)
{
	coffer_schema *schema = discover("dbname=today");

	(void)state;
	assert_string_equal(warnings, "");
	assert_int_equal(schema->table_count, 65);
	assert_int_equal(schema->view_count, 8);
	assert_int_equal(column_of(table_of(schema, "LiteLLM_SkillsTable"), "file_content")->kind,
			 COFFER_BYTES);
	coffer_schema_free(schema);
}

/* Operators of the schema that would fit better than the server's own are not taken. */
static void
operators_of_the_schema_are_not_used(void **state)
{
	coffer_schema *schema = discover("dbname=hostile");

	(void)state;
	assert_int_equal(schema->table_count, 1);
	assert_non_null(strstr(warnings, "operator"));
	coffer_schema_free(schema);
}

static void
what_may_not_be_read_is_an_error_that_names_it(void **state)
{
	static const struct {
		const char *source, *message;
	} cases[] = {
		{"dbname=own schema=nothing", "there is no schema \"nothing\""},
		{"dbname=denied user=reader schema=closed",
		 "permission denied for schema \"closed\""},
		{"dbname=denied user=reader", "permission denied for table \"Private\""},
		{"dbname=denied user=reader schema=counting",
		 "permission denied for sequence \"next\""},
	};
	size_t at;

	(void)state;
	for (at = 0; at < COUNT(cases); at++) {
		struct coffer_session session = {.connection = NULL};
		coffer_error error = {.status = COFFER_OK};
		coffer_schema *schema;
		coffer_status status;

		open_session(&session, cases[at].source);
		status = coffer_discover(&session, NULL, NULL, &schema, &error);
		if (!status)
			status = coffer_discover_readable(&session, schema, &error);
		assert_int_equal(status, COFFER_UNREACHABLE);
		coffer_schema_free(schema);
		assert_string_equal(error.message, cases[at].message);
		coffer_session_close(&session);
	}
}

/* clang-format off */
static const char setup[] =
	"{ for name in own left partitioned today; do pg_load $name fixture-$name.sql; done\n"
	"pg_sql postgres \"CREATE ROLE locked LOGIN PASSWORD 'right-secret'\"\n"
	"pg_sql postgres \"CREATE ROLE reader LOGIN\"\n"
	"psql -Xqd postgres -c \"CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII'\"\n"
	"pg_load denied; pg_sql denied 'CREATE TABLE \"Private\" (a int); CREATE SCHEMA closed; CREATE SCHEMA counting;"
	" GRANT USAGE ON SCHEMA counting TO reader; CREATE SEQUENCE counting.next'\n"
	"pg_load hostile; psql -Xqd hostile -f - <<'END'\n"
	"CREATE TABLE t (a int);\n"
	"CREATE FUNCTION lie(oid, integer) RETURNS boolean LANGUAGE sql AS 'SELECT 1 / 0 = 0';\n"
	"CREATE OPERATOR = (LEFTARG = oid, RIGHTARG = integer, FUNCTION = lie);\n"
	"CREATE FUNCTION lie(name, text) RETURNS text LANGUAGE sql AS 'SELECT (1 / 0)::text';\n"
	"CREATE OPERATOR || (LEFTARG = name, RIGHTARG = text, FUNCTION = lie);\n"
	"CREATE FUNCTION quote_ident(name) RETURNS text LANGUAGE sql AS 'SELECT (1 / 0)::text';\n"
	"ALTER DATABASE hostile SET timezone = 'Asia/Kathmandu';\n"
	"ALTER DATABASE hostile SET datestyle = 'SQL, DMY';\n"
	"ALTER DATABASE hostile SET intervalstyle = 'iso_8601';\n"
	"ALTER DATABASE hostile SET bytea_output = 'escape';\n"
	"ALTER DATABASE hostile SET extra_float_digits = -5;\n"
	"ALTER DATABASE hostile SET statement_timeout = '20s';\n"
	"ALTER DATABASE hostile SET quote_all_identifiers = on;\n"
	"ALTER DATABASE hostile SET default_transaction_read_only = on;\n"
	"END\n"
	"} >&2 2>/dev/null";
/* clang-format on */

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_of_the_database_change_nothing),
		cmocka_unit_test(a_connection_that_fails_says_why_and_no_password),
		cmocka_unit_test(the_state_of_a_failure_decides_its_status),
		cmocka_unit_test(an_interrupt_cancels_and_leaves_the_connection_usable),
		cmocka_unit_test(a_server_that_hangs_up_is_told_in_one_line),
		cmocka_unit_test(types_and_sequences_are_found),
		cmocka_unit_test(columns_are_found),
		cmocka_unit_test(indexes_and_constraints_are_found),
		cmocka_unit_test(foreign_keys_are_found),
		cmocka_unit_test(views_come_behind_what_they_read),
		cmocka_unit_test(partitions_are_tables_behind_their_parents),
		cmocka_unit_test(what_is_not_carried_is_said),
		cmocka_unit_test(a_gateway_of_today_is_found_without_a_warning),
		cmocka_unit_test(operators_of_the_schema_are_not_used),
		cmocka_unit_test(what_may_not_be_read_is_an_error_that_names_it),
	};
	int failed;

	if (!server_start(&server, setup)) {
		printf("1..0 # SKIP no Postgres server is installed\n");
		return 0;
	}
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	server_stop(&server);
	return failed;
}
