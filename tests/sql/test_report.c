/*
 * Reports on stores that lack something: of the gateway's tables and columns each is taken away in turn, and each report is
 * written for what is left. Either what is written can be run there, or what is lacking is named, and is really needed.
 */
#include "sql/report.h"
#include "sql/sum.h"

#include "tests/support/must.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const char coffer_builtin_prisma[];

/* What newer gateways have. */
static const struct {
	const char *table, *columns;
} newer[] = {
	{"LiteLLM_SpendLogs",
	 "  session_id String?\n  status String?\n  request_duration_ms Int?\n"},
	{"LiteLLM_VerificationToken", "  organization_id String?\n"},
	{"LiteLLM_UserTable", "  created_at DateTime?\n"},
};

enum { REQUESTS_MAX = 256 };

static coffer_schema *schema;
static sqlite3 *db;
static struct coffer_report_request requests[REQUESTS_MAX];
static size_t request_count;

static void
must_run(const char *statement)
{
	if (sqlite3_exec(db, statement, NULL, NULL, NULL))
		fail_msg("%s: %s", sqlite3_errmsg(db), statement);
}

static void
make_table(const coffer_table *table)
{
	coffer_buffer out = {0};

	coffer_buffer_printf(&out, "DROP TABLE IF EXISTS \"%s\"; CREATE TABLE \"%s\" (",
			     table->name, table->name);
	for (size_t i = 0; i < table->column_count; i++)
		coffer_buffer_printf(&out, "%s\"%s\"", i ? ", " : "", table->columns[i].name);
	coffer_buffer_text(&out, ")");
	must_run(out.data);
	coffer_buffer_release(&out);
}

/* The built-in schema with what newer gateways have at the beginning of their models. */
static void
write_prisma(coffer_buffer *out)
{
	const char *text = coffer_builtin_prisma, *line;

	for (; *text; text = line) {
		line = strchrnul(text, '\n');
		line += *line == '\n';
		coffer_buffer_append(out, text, (size_t)(line - text));
		for (size_t i = 0; i < sizeof(newer) / sizeof(newer[0]); i++) {
			size_t size = strlen(newer[i].table);

			if (!strncmp(text, "model ", 6) &&
			    !strncmp(text + 6, newer[i].table, size) && text[6 + size] == ' ')
				coffer_buffer_text(out, newer[i].columns);
		}
	}
}

static const char *
value_for(enum coffer_report_type type)
{
	switch (type) {
	case COFFER_REPORT_TIME:
		return "2024-11-05T10:20:30Z";
	case COFFER_REPORT_NUMBER:
		return "7";
	case COFFER_REPORT_AMOUNT:
		return "0.25";
	default:
		return "it's";
	}
}

/* A request of the report: with all that it takes, or with what it needs; `order` is empty for its first. */
static void
ask(struct coffer_report_request *request, const struct coffer_report *report, bool is_full,
    coffer_text order)
{
	char word[32];
	coffer_error error = {0};

	*request = (struct coffer_report_request){.report = report};
	for (size_t i = 0; i < COFFER_REPORT_PARAMETER_COUNT; i++) {
		enum coffer_report_parameter_id id = (enum coffer_report_parameter_id)i;

		if (id == COFFER_REPORT_ORDER || !coffer_report_takes(report, id))
			continue;
		if (is_full || report->required >> i & 1)
			must(coffer_report_set(request, id,
					       value_for(coffer_report_parameters[i].type), &error),
			     &error);
	}
	if (order.size) {
		snprintf(word, sizeof(word), "%.*s", (int)order.size, order.data);
		must(coffer_report_set(request, COFFER_REPORT_ORDER, word, &error), &error);
	}
	must(coffer_report_settle(request, NULL, NULL, &error), &error);
}

/* In each order with all that the report takes, and with what it needs. */
static void
ask_all(const struct coffer_report *report)
{
	const char *place = NULL;
	coffer_text order = {0};

	do {
		for (int is_full = 0; is_full < 2; is_full++) {
			assert_true(request_count < REQUESTS_MAX);
			ask(&requests[request_count++], report, is_full, order);
		}
		order = coffer_report_next_order(report, &place);
	} while (order.size);
}

static int
setup(void **state)
{
	coffer_buffer prisma = {0};
	coffer_error error = {0};

	(void)state;
	write_prisma(&prisma);
	must(coffer_schema_parse_prisma((coffer_text){prisma.data, prisma.size}, "test", &schema,
					&error),
	     &error);
	coffer_buffer_release(&prisma);
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	assert_int_equal(coffer_sql_add_sum(db), SQLITE_OK);
	for (size_t i = 0; i < schema->table_count; i++) {
		schema->tables[i].id = (uint32_t)i + 1; /* as if it had rows of its own */
		make_table(&schema->tables[i]);
	}
	for (size_t i = 0; i < coffer_report_count; i++)
		ask_all(&coffer_reports[i]);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < request_count; i++)
		coffer_report_release(&requests[i]);
	sqlite3_close(db);
	coffer_schema_free(schema);
	return 0;
}

static bool
can_be_run(const char *text)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(db, text, -1, &statement, NULL);

	sqlite3_finalize(statement);
	return code == SQLITE_OK;
}

/* Does the text name the table in front of the dot? */
static bool
names_table(const char *text, const char *lack)
{
	char table[COFFER_NAME_SIZE_MAX + 1];

	snprintf(table, sizeof(table), "%.*s", (int)strcspn(lack, "."), lack);
	return strstr(text, table);
}

/* The request on what is left when `lack` is gone. Counts those that were refused. */
static void
hold(struct coffer_report_request *request, const char *lack, size_t *refused)
{
	coffer_buffer whole = {0}, fitted = {0};
	coffer_error error = {0};
	coffer_status status;

	must(coffer_report_write(request, NULL, false, &whole, &error), &error);
	status = coffer_report_write(request, schema, false, &fitted, &error);
	if (status) {
		if (!strstr(error.message, lack) || can_be_run(whole.data))
			fail_msg("without %s: %s", lack, error.message);
	} else if (names_table(whole.data, lack) || strcmp(whole.data, fitted.data)) {
		if (!can_be_run(fitted.data))
			fail_msg("without %s: %s: %s", lack, sqlite3_errmsg(db), fitted.data);
	}
	*refused += status != COFFER_OK;
	coffer_buffer_release(&whole);
	coffer_buffer_release(&fitted);
}

static void
hold_all(const char *lack, size_t *refused)
{
	for (size_t i = 0; i < request_count; i++)
		hold(&requests[i], lack, refused);
}

static void
nothing_is_lacking(void **state)
{
	size_t refused = 0;

	(void)state;
	hold_all("LiteLLM_", &refused);
	assert_int_equal(refused, 0);
}

static void
a_column_is_lacking(void **state)
{
	char lack[2 * COFFER_NAME_SIZE_MAX + 2];
	size_t refused = 0;

	(void)state;
	for (size_t t = 0; t < schema->table_count; t++) {
		coffer_table *table = &schema->tables[t];

		/* The last one takes the place of each in turn. */
		for (size_t i = 0; i < table->column_count; i++) {
			coffer_column gone = table->columns[i];

			snprintf(lack, sizeof(lack), "%s.%s", table->name, gone.name);
			table->columns[i] = table->columns[--table->column_count];
			make_table(table);
			hold_all(lack, &refused);
			table->columns[table->column_count++] = table->columns[i];
			table->columns[i] = gone;
		}
		make_table(table);
	}
	assert_true(refused > 100);
}

static void
a_table_is_lacking(void **state)
{
	char statement[128];
	size_t refused = 0;

	(void)state;
	for (size_t t = 0; t < schema->table_count; t++) {
		coffer_table *table = &schema->tables[t];
		uint32_t id = table->id;

		snprintf(statement, sizeof(statement), "DROP TABLE \"%s\"", table->name);
		must_run(statement);
		table->id = 0;
		hold_all(table->name, &refused);
		table->id = id;
		make_table(table);
	}
	assert_true(refused > 50);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_lacking),
		cmocka_unit_test(a_column_is_lacking),
		cmocka_unit_test(a_table_is_lacking),
	};

	return cmocka_run_group_tests_name("report", tests, setup, teardown);
}
