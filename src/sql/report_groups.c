/*
 * Which roll-up answers a report, and the text that stands for the rows then.
 *
 * A group is a row to the report's text: it has the beginning of its span for a time, the roll-up's value, and `requests`, how
 * many rows it stands for.
 */
#include "sql/report_groups.h"

#include "sql/internal.h"

#include <string.h>

#define HOUR INT64_C(3600000000) /* microseconds */

/* What the reports add up. Money is a float and exact, tokens are integers. */
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

/* Is the bound one at which a group begins, and of the years whose texts sort as times do? */
static bool
is_between(const char *literal, int64_t span)
{
	int64_t time;

	return literal && !coffer_time_parse((coffer_text){literal + 1, strlen(literal) - 2}, &time) &&
	       time >= COFFER_SQL_TIME_FIRST && time <= COFFER_SQL_TIME_LAST && time % span == 0;
}

static bool
has_sum(const coffer_table *table, const coffer_rollup *rollup, const struct summed *sum)
{
	for (size_t i = 0; i < rollup->sum_count; i++)
		if (!strcmp(table->columns[rollup->sums[i]].name, sum->name))
			return table->columns[rollup->sums[i]].kind == sum->kind;
	return false;
}

static bool
is_fit(const struct coffer_report_request *request, const coffer_table *table,
       const coffer_rollup *rollup, const char *column)
{
	const char *by = rollup->column == COFFER_NO_COLUMN ? "" : table->columns[rollup->column].name;
	int64_t span = rollup->unit == COFFER_ROLLUP_DAY ? 24 * HOUR : HOUR;

	for (size_t i = 0; i < SUM_COUNT; i++)
		if (!has_sum(table, rollup, &sums[i]))
			return false;
	return !strcmp(by, column) &&
	       !strcmp(table->columns[rollup->time_column].name, request->report->time) &&
	       is_between(request->literals[COFFER_REPORT_FROM], span) &&
	       is_between(request->literals[COFFER_REPORT_TO], span);
}

/* Days before hours: they are fewer. */
static const coffer_rollup *
find_rollup(const struct coffer_report_request *request, const coffer_table *table, const char *column)
{
	const coffer_rollup *found = NULL;

	for (size_t i = 0; i < table->rollup_count; i++)
		if (is_fit(request, table, &table->rollups[i], column) &&
		    (!found || table->rollups[i].unit > found->unit))
			found = &table->rollups[i];
	return found;
}

/*
 * Of all sums floats alone may lack something: whether one does in the range the groups of any column say, and those by time
 * alone are the fewest.
 */
static char *
unfit_query(const struct coffer_report_request *request, const coffer_table *table,
	    const coffer_rollup *rollup)
{
	const coffer_rollup *fewest = find_rollup(request, table, "");

	if (fewest)
		rollup = fewest;
	return sqlite3_mprintf(
		"SELECT 1 FROM coffer_rollup(%Q, %Q, %Q) WHERE time >= %s AND time < %s AND unfit LIMIT 1",
		request->report->log, rollup->name, sums[0].name,
		request->literals[COFFER_REPORT_FROM], request->literals[COFFER_REPORT_TO]);
}

static coffer_status
ask_unfit(const struct coffer_report_request *request, sqlite3 *db, const coffer_table *table,
	  const coffer_rollup *rollup, bool *is_unfit_out, coffer_error *error)
{
	char *query = unfit_query(request, table, rollup);
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

static void
write_groups(const struct coffer_report *report, const coffer_rollup *rollup, const char *column,
	     sqlite3_str *out)
{
	sqlite3_str_appendf(out, "(\nSELECT time AS \"%w\"", report->time);
	if (*column)
		sqlite3_str_appendf(out, ", value AS \"%w\"", column);
	sqlite3_str_appendall(out, ", rows AS requests");
	for (size_t i = 0; i < SUM_COUNT; i++) {
		sqlite3_str_appendf(out, ", %s", sums[i].given);
		if (i)
			sqlite3_str_appendf(out, "%u", (unsigned)i + 1);
		sqlite3_str_appendf(out, " AS %s", sums[i].name);
	}
	sqlite3_str_appendf(out, "\nFROM coffer_rollup(%Q, %Q, '", report->log, rollup->name);
	for (size_t i = 0; i < SUM_COUNT; i++)
		sqlite3_str_appendf(out, "%s%s", i ? ", " : "", sums[i].name);
	sqlite3_str_appendall(out, "')\n)");
}

coffer_status
coffer_report_settle_groups(struct coffer_report_request *request, sqlite3 *db,
			    const coffer_schema *schema, coffer_error *error)
{
	const struct coffer_report *report = request->report;
	uint32_t number = report->by ? coffer_schema_find_table(schema, report->log) : COFFER_NO_TABLE;
	const coffer_table *table = number == COFFER_NO_TABLE ? NULL : &schema->tables[number];
	const char *column = report->by ? find_column(request) : NULL;
	const coffer_rollup *rollup = table && column ? find_rollup(request, table, column) : NULL;
	coffer_status status;
	sqlite3_str *text;
	bool is_unfit;

	if (!rollup)
		return COFFER_OK;
	if ((status = ask_unfit(request, db, table, rollup, &is_unfit, error)) || is_unfit)
		return status;
	text = sqlite3_str_new(db);
	write_groups(report, rollup, column, text);
	sqlite3_free(request->groups);
	if (!(request->groups = sqlite3_str_finish(text)))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a query's text");
	return COFFER_OK;
}
