/*
 * Which roll-up answers a report or a view, and the text that stands for the rows then.
 *
 * A group is a row to the text: it has the beginning of its span for a time, the roll-up's value, and `requests`, how
 * many rows it stands for.
 */
#include "sql/report_groups.h"

#include "sql/internal.h"

#include <string.h>

#define HOUR INT64_C(3600000000) /* microseconds */

/* What is added up. Money is a float and exact, tokens are integers. */
static const struct summed {
	const char *name, *given;
	coffer_kind kind;
} sums[] = {
	{"spend", "exact", COFFER_FLOAT},
	{"prompt_tokens", "total", COFFER_INT},
	{"completion_tokens", "total", COFFER_INT},
	{"total_tokens", "total", COFFER_INT},
};
enum { SUM_COUNT = sizeof(sums) / sizeof(sums[0]) };

/* The groups that would do. */
struct wanted {
	const char *time, *column; /* "": by time alone */
	size_t sum_count;          /* of the first of `sums` */
	int64_t span;              /* of a group, at most: what begins or ends the range begins a span of this length */
};

static bool
has_sum(const coffer_table *table, const coffer_rollup *rollup, const struct summed *sum)
{
	for (size_t i = 0; i < rollup->sum_count; i++)
		if (!strcmp(table->columns[rollup->sums[i]].name, sum->name))
			return table->columns[rollup->sums[i]].kind == sum->kind;
	return false;
}

static bool
is_fit(const struct wanted *wanted, const coffer_table *table, const coffer_rollup *rollup)
{
	const char *by = rollup->column == COFFER_NO_COLUMN ? "" : table->columns[rollup->column].name;

	for (size_t i = 0; i < wanted->sum_count; i++)
		if (!has_sum(table, rollup, &sums[i]))
			return false;
	return !strcmp(by, wanted->column) &&
	       !strcmp(table->columns[rollup->time_column].name, wanted->time) &&
	       (rollup->unit == COFFER_ROLLUP_DAY ? 24 * HOUR : HOUR) <= wanted->span;
}

/* Days before hours: they are fewer. */
static const coffer_rollup *
find_rollup(const struct wanted *wanted, const coffer_table *table)
{
	const coffer_rollup *found = NULL;

	for (size_t i = 0; i < table->rollup_count; i++)
		if (is_fit(wanted, table, &table->rollups[i]) &&
		    (!found || table->rollups[i].unit > found->unit))
			found = &table->rollups[i];
	return found;
}

/*
 * What tells whether a sum lacks a value in the range: the groups of any column do, and those by time alone are the fewest. Of
 * all sums floats alone may lack something.
 */
static const coffer_rollup *
find_fewest(struct wanted wanted, const coffer_table *table, const coffer_rollup *rollup)
{
	const coffer_rollup *fewest;

	wanted.column = "";
	fewest = find_rollup(&wanted, table);
	return fewest ? fewest : rollup;
}

/* The columns of the groups, each under the name of the one that it stands for. */
static void
write_columns(const struct wanted *wanted, sqlite3_str *out)
{
	sqlite3_str_appendf(out, "SELECT g.time AS \"%w\"", wanted->time);
	if (*wanted->column)
		sqlite3_str_appendf(out, ", g.value AS \"%w\"", wanted->column);
	sqlite3_str_appendall(out, ", g.rows AS requests");
	for (size_t i = 0; i < wanted->sum_count; i++) {
		sqlite3_str_appendf(out, ", g.%s", sums[i].given);
		if (i)
			sqlite3_str_appendf(out, "%u", (unsigned)i + 1);
		sqlite3_str_appendf(out, " AS %s", sums[i].name);
	}
	sqlite3_str_appendall(out, "\n");
}

/* The first of the sums, as the function of SQL takes them; of the store in this schema, where one is said. */
static void
write_function(const coffer_table *table, const coffer_rollup *rollup, size_t sum_count,
	       const char *schema_name, sqlite3_str *out)
{
	sqlite3_str_appendf(out, "coffer_rollup(%Q, %Q, '", table->name, rollup->name);
	for (size_t i = 0; i < sum_count; i++)
		sqlite3_str_appendf(out, "%s%s", i ? ", " : "", sums[i].name);
	sqlite3_str_appendall(out, "'");
	if (schema_name)
		sqlite3_str_appendf(out, ", %Q", schema_name);
	sqlite3_str_appendall(out, ")");
}

/* ------------------------------------------------------------------ reports */

/* The columns that rows are chosen by. */
static const struct {
	enum coffer_report_parameter_id parameter;
	const char *column;
} filters[] = {
	{COFFER_REPORT_KEY, "api_key"},
	{COFFER_REPORT_USER, "user"},
	{COFFER_REPORT_TEAM, "team_id"},
	{COFFER_REPORT_END_USER, "end_user"},
	{COFFER_REPORT_MODEL, "model"},
	{COFFER_REPORT_MODEL_GROUP, "model_group"},
};

/* The one column that the report groups or chooses by; "" for none; NULL where there are several. */
static const char *
find_column(const struct coffer_report_request *request)
{
	const char *column = request->report->by;

	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
		if (!request->literals[filters[i].parameter] || !strcmp(column, filters[i].column))
			continue;
		if (*column)
			return NULL;
		column = filters[i].column;
	}
	return column;
}

/* The longest span that begins at the bound; 0: none, or none of the years whose texts sort as times do. */
static int64_t
span_at(const char *literal)
{
	int64_t time;

	if (!literal || coffer_time_parse((coffer_text){literal + 1, strlen(literal) - 2}, &time) ||
	    time < COFFER_SQL_TIME_FIRST || time > COFFER_SQL_TIME_LAST || time % HOUR)
		return 0;
	return time % (24 * HOUR) ? HOUR : 24 * HOUR;
}

/* The ends of a range, of which a report takes some. */
static const struct {
	enum coffer_report_parameter_id parameter;
	const char *compared;
} bounds[] = {
	{COFFER_REPORT_FROM, ">="},
	{COFFER_REPORT_TO, "<"},
	{COFFER_REPORT_BEFORE, "<"},
};
enum { BOUND_COUNT = sizeof(bounds) / sizeof(bounds[0]) };

static int64_t
span_of(const struct coffer_report_request *request)
{
	int64_t span = 24 * HOUR, at;

	for (size_t i = 0; i < BOUND_COUNT; i++) {
		if (!coffer_report_takes(request->report, bounds[i].parameter))
			continue;
		at = span_at(request->literals[bounds[i].parameter]);
		span = at < span ? at : span;
	}
	return span;
}

static char *
unfit_query(const struct coffer_report_request *request, const coffer_table *table,
	    const coffer_rollup *rollup, sqlite3_str *text)
{
	sqlite3_str_appendall(text, "SELECT 1 FROM ");
	write_function(table, rollup, 1, NULL, text);
	sqlite3_str_appendall(text, " WHERE unfit");
	for (size_t i = 0; i < BOUND_COUNT; i++)
		if (request->literals[bounds[i].parameter])
			sqlite3_str_appendf(text, " AND time %s %s", bounds[i].compared,
					    request->literals[bounds[i].parameter]);
	sqlite3_str_appendall(text, " LIMIT 1");
	return sqlite3_str_finish(text);
}

static coffer_status
ask_unfit(const struct coffer_report_request *request, sqlite3 *db, const coffer_table *table,
	  const coffer_rollup *rollup, bool *is_unfit_out, coffer_error *error)
{
	char *query = unfit_query(request, table, rollup, sqlite3_str_new(db));
	sqlite3_stmt *statement = NULL;
	coffer_status status = COFFER_OK;
	int code = query ? sqlite3_prepare_v2(db, query, -1, &statement, NULL) : SQLITE_NOMEM;

	if (!code)
		code = sqlite3_step(statement);
	*is_unfit_out = code == SQLITE_ROW;
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		status = coffer_error_set(error, code == SQLITE_NOMEM ? COFFER_NO_MEMORY : COFFER_INVALID,
					  "%s", sqlite3_errmsg(db));
	sqlite3_finalize(statement);
	sqlite3_free(query);
	return status;
}

static const coffer_table *
find_table(const coffer_schema *schema, const char *name)
{
	uint32_t number = coffer_schema_find_table(schema, name);

	return number == COFFER_NO_TABLE ? NULL : &schema->tables[number];
}

coffer_status
coffer_report_settle_groups(struct coffer_report_request *request, sqlite3 *db,
			    const coffer_schema *schema, coffer_error *error)
{
	const struct coffer_report *report = request->report;
	const coffer_table *table = report->by ? find_table(schema, report->log) : NULL;
	struct wanted wanted = {report->time, report->by ? find_column(request) : NULL, SUM_COUNT,
				span_of(request)};
	const coffer_rollup *rollup = table && wanted.column ? find_rollup(&wanted, table) : NULL;
	coffer_status status;
	sqlite3_str *text;
	bool is_unfit;

	if (!rollup)
		return COFFER_OK;
	status = ask_unfit(request, db, table, find_fewest(wanted, table, rollup), &is_unfit, error);
	if (status || is_unfit)
		return status;
	text = sqlite3_str_new(db);
	sqlite3_str_appendall(text, "(\n");
	write_columns(&wanted, text);
	sqlite3_str_appendall(text, "FROM ");
	write_function(table, rollup, SUM_COUNT, NULL, text);
	sqlite3_str_appendall(text, " AS g\n)");
	sqlite3_free(request->groups);
	if (!(request->groups = sqlite3_str_finish(text)))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a query's text");
	return COFFER_OK;
}

/* ------------------------------------------------------------------ views */

#define VIEW_LOG "LiteLLM_SpendLogs"
#define VIEW_TIME "startTime"

/* A row where a sum lacks a value in the days that the views are of. */
static void
write_lack(const coffer_table *table, const coffer_rollup *rollup, const char *schema_name,
	   sqlite3_str *out)
{
	sqlite3_str_appendall(out, "(SELECT 1 FROM ");
	write_function(table, rollup, 1, schema_name, out);
	sqlite3_str_appendall(
		out, " WHERE unfit AND time >= datetime('now', 'start of day', '-30 days') LIMIT 1)");
}

/*
 * A view's text is made once, and a value that a sum lacks may come later: so it asks for one each time, the groups where there
 * is none and the rows where there is. What is joined with nothing is not read.
 */
static void
write_either(const struct wanted *wanted, const coffer_table *table, const coffer_rollup *rollup,
	     const char *schema_name, sqlite3_str *out)
{
	const coffer_rollup *fewest = find_fewest(*wanted, table, rollup);

	sqlite3_str_appendall(out, "(\n");
	write_columns(wanted, out);
	sqlite3_str_appendall(out, "FROM (SELECT 1 WHERE NOT EXISTS ");
	write_lack(table, fewest, schema_name, out);
	sqlite3_str_appendall(out, ") CROSS JOIN ");
	write_function(table, rollup, wanted->sum_count, schema_name, out);
	sqlite3_str_appendf(out, " AS g\nUNION ALL\nSELECT r.\"%w\"", wanted->time);
	if (*wanted->column)
		sqlite3_str_appendf(out, ", r.\"%w\"", wanted->column);
	sqlite3_str_appendf(out, ", 1, r.%s\nFROM ", sums[0].name);
	write_lack(table, fewest, schema_name, out);
	sqlite3_str_appendf(out, " CROSS JOIN \"%w\" AS r\n)", table->name);
}

coffer_status
coffer_view_groups(const coffer_schema *schema, const char *schema_name, const char *column,
		   char **groups_out, coffer_error *error)
{
	const coffer_table *table = find_table(schema, VIEW_LOG);
	struct wanted wanted = {VIEW_TIME, column, 1, 24 * HOUR};
	const coffer_rollup *rollup = table ? find_rollup(&wanted, table) : NULL;
	sqlite3_str *text;

	*groups_out = NULL;
	if (!rollup)
		return COFFER_OK;
	text = sqlite3_str_new(NULL);
	write_either(&wanted, table, rollup, schema_name, text);
	if (!(*groups_out = sqlite3_str_finish(text)))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a query's text");
	return COFFER_OK;
}
