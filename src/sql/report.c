/*
 * The table of reports, and the way from what was asked for to a statement: set, settle, write.
 *
 * Values are put into the text as literals, so that a reader who takes it over has all of it.
 */
#include "sql/report.h"

#include "sql/internal.h"
#include "sql/report_groups.h"
#include "sql/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BIT(parameter) (UINT64_C(1) << COFFER_REPORT_##parameter)
#define OF_SPEND .log = "LiteLLM_SpendLogs", .time = "startTime"
#define OF_ERRORS .log = "LiteLLM_ErrorLogs", .time = "startTime"
#define OF_AUDIT .log = "LiteLLM_AuditLog", .time = "updated_at"

const struct coffer_report_parameter coffer_report_parameters[COFFER_REPORT_PARAMETER_COUNT] = {
	[COFFER_REPORT_KEY] = {"key", "key", COFFER_REPORT_TEXT},
	[COFFER_REPORT_USER] = {"user", "user", COFFER_REPORT_TEXT},
	[COFFER_REPORT_TEAM] = {"team", "team", COFFER_REPORT_TEXT},
	[COFFER_REPORT_END_USER] = {"end_user", "end-user", COFFER_REPORT_TEXT},
	[COFFER_REPORT_ORGANIZATION] = {"organization", "organization", COFFER_REPORT_TEXT},
	[COFFER_REPORT_MODEL] = {"model", "model", COFFER_REPORT_TEXT},
	[COFFER_REPORT_MODEL_GROUP] = {"model_group", "model-group", COFFER_REPORT_TEXT},
	[COFFER_REPORT_MODEL_ID] = {"model_id", "model-id", COFFER_REPORT_TEXT},
	[COFFER_REPORT_TAG] = {"tag", "tag", COFFER_REPORT_TEXT},
	[COFFER_REPORT_SESSION] = {"session", "session", COFFER_REPORT_TEXT},
	[COFFER_REPORT_REQUEST] = {"request", "request", COFFER_REPORT_TEXT},
	[COFFER_REPORT_STATUS] = {"status", "status", COFFER_REPORT_TEXT},
	[COFFER_REPORT_CODE] = {"code", "code", COFFER_REPORT_TEXT},
	[COFFER_REPORT_MIN_SPEND] = {"min_spend", "min-spend", COFFER_REPORT_AMOUNT},
	[COFFER_REPORT_MAX_SPEND] = {"max_spend", "max-spend", COFFER_REPORT_AMOUNT},
	[COFFER_REPORT_ALIAS] = {"alias", "alias", COFFER_REPORT_TEXT},
	[COFFER_REPORT_ROLE] = {"role", "role", COFFER_REPORT_TEXT},
	[COFFER_REPORT_EMAIL] = {"email", "email", COFFER_REPORT_TEXT},
	[COFFER_REPORT_CHANGED_BY] = {"changed_by", "changed-by", COFFER_REPORT_TEXT},
	[COFFER_REPORT_CHANGED_BY_KEY] = {"changed_by_key", "changed-by-key", COFFER_REPORT_TEXT},
	[COFFER_REPORT_ACTION] = {"action", "action", COFFER_REPORT_TEXT},
	[COFFER_REPORT_TABLE] = {"table", "table", COFFER_REPORT_TEXT},
	[COFFER_REPORT_OBJECT] = {"object", "object", COFFER_REPORT_TEXT},
	[COFFER_REPORT_BEFORE] = {"before", "before", COFFER_REPORT_TIME},
	[COFFER_REPORT_AT] = {"at", "at", COFFER_REPORT_TIME},
	[COFFER_REPORT_FROM] = {"from", "from", COFFER_REPORT_TIME},
	[COFFER_REPORT_TO] = {"to", "to", COFFER_REPORT_TIME},
	[COFFER_REPORT_ORDER] = {"order", "order", COFFER_REPORT_CHOICE},
	[COFFER_REPORT_LIMIT] = {"limit", "limit", COFFER_REPORT_NUMBER},
	[COFFER_REPORT_OFFSET] = {"offset", "offset", COFFER_REPORT_NUMBER},
};

const struct coffer_report coffer_reports[] = {
	{.name = "key",
	 .title = "what the gateway looks up of a key: team, membership, budget",
	 .required = BIT(KEY),
	 .is_one = true},
	{.name = "logs",
	 .title = "a page of the spend logs",
	 OF_SPEND,
	 .days = 30,
	 .limit = 50,
	 .is_paged = true},
	{.name = "log",
	 .title = "one spend log with all its columns",
	 .required = BIT(REQUEST),
	 .is_one = true},
	{.name = "key-logs",
	 .title = "the spend logs of a key",
	 .text = "logs",
	 OF_SPEND,
	 .limit = 50,
	 .required = BIT(KEY),
	 .is_paged = true},
	{.name = "user-logs",
	 .title = "the spend logs of a user",
	 .text = "logs",
	 OF_SPEND,
	 .limit = 50,
	 .required = BIT(USER),
	 .is_paged = true},
	{.name = "team-logs",
	 .title = "the spend logs of a team",
	 .text = "logs",
	 OF_SPEND,
	 .limit = 50,
	 .required = BIT(TEAM),
	 .is_paged = true},
	{.name = "end-user-logs",
	 .title = "the spend logs of an end user",
	 .text = "logs",
	 OF_SPEND,
	 .limit = 50,
	 .required = BIT(END_USER),
	 .is_paged = true},
	{.name = "retention",
	 .title = "what retention would remove, by day",
	 OF_SPEND,
	 .by = "",
	 .required = BIT(BEFORE)},
	{.name = "retention-logs",
	 .title = "what retention would remove, the oldest first",
	 .limit = 50,
	 .required = BIT(BEFORE),
	 .is_paged = true},
	{.name = "daily", .title = "spend of each day", OF_SPEND, .days = 30, .by = ""},
	{.name = "daily-keys",
	 .title = "spend of each day and key",
	 OF_SPEND,
	 .days = 30,
	 .by = "api_key"},
	{.name = "daily-users", .title = "spend of each day, user and key", OF_SPEND, .days = 30},
	{.name = "daily-model-groups",
	 .title = "spend of each day and model group",
	 OF_SPEND,
	 .days = 30,
	 .by = "model_group"},
	{.name = "daily-teams",
	 .title = "spend of each day and team",
	 OF_SPEND,
	 .days = 30,
	 .by = "team_id"},
	{.name = "daily-team-models",
	 .title = "spend of each day, team, model and key",
	 OF_SPEND,
	 .days = 30},
	{.name = "daily-tags", .title = "spend of each day and tag", OF_SPEND, .days = 30},
	{.name = "tags", .title = "spend of each tag", OF_SPEND, .days = 30, .limit = 100},
	{.name = "top-keys",
	 .title = "the keys that spent the most",
	 OF_SPEND,
	 .days = 30,
	 .limit = 10,
	 .by = "api_key"},
	{.name = "top-models",
	 .title = "the models that cost the most",
	 OF_SPEND,
	 .days = 30,
	 .limit = 10,
	 .by = "model"},
	{.name = "top-model-groups",
	 .title = "the model groups that cost the most",
	 OF_SPEND,
	 .days = 30,
	 .limit = 10,
	 .by = "model_group"},
	{.name = "top-end-users",
	 .title = "the end users that spent the most",
	 OF_SPEND,
	 .days = 30,
	 .limit = 100},
	{.name = "key-model",
	 .title = "what a key spent on a model",
	 OF_SPEND,
	 .days = 28,
	 .required = BIT(KEY) | BIT(MODEL)},
	{.name = "keys", .title = "a page of the keys", .limit = 50, .is_paged = true},
	{.name = "user-keys",
	 .title = "how many keys each user has",
	 .limit = 50,
	 .is_paged = true},
	{.name = "users", .title = "a page of the users", .limit = 50, .is_paged = true},
	{.name = "teams", .title = "a page of the teams", .limit = 50, .is_paged = true},
	{.name = "team-members",
	 .title = "who is in which team, and what was spent there",
	 .limit = 50,
	 .is_paged = true},
	{.name = "budgets-due",
	 .title = "keys, users, teams and budgets that a reset is due for",
	 OF_SPEND,
	 .limit = 50,
	 .is_paged = true},
	{.name = "audit",
	 .title = "a page of the audit log",
	 OF_AUDIT,
	 .days = 30,
	 .limit = 50,
	 .is_paged = true},
	{.name = "errors",
	 .title = "errors by exception, model and address",
	 OF_ERRORS,
	 .days = 30,
	 .limit = 50},
	{.name = "rate-limits",
	 .title = "requests refused with 429, by day and address",
	 OF_ERRORS,
	 .days = 30},
	{.name = "failures",
	 .title = "failed requests by code, class and model",
	 OF_SPEND,
	 .days = 30,
	 .limit = 50},
	{.name = "session",
	 .title = "the spend logs of a session in their order",
	 .limit = 50,
	 .required = BIT(SESSION),
	 .is_paged = true},
	{.name = "sessions",
	 .title = "a page of the sessions, the last one first",
	 OF_SPEND,
	 .days = 30,
	 .limit = 50,
	 .is_paged = true},
};
const size_t coffer_report_count = sizeof(coffer_reports) / sizeof(coffer_reports[0]);

#define DAY INT64_C(86400000000) /* microseconds */

/* ------------------------------------------------------------------ what a report takes */

const struct coffer_report *
coffer_report_find(const char *name)
{
	for (size_t i = 0; i < coffer_report_count; i++)
		if (!strcmp(coffer_reports[i].name, name))
			return &coffer_reports[i];
	return NULL;
}

static const char *
text_of(const struct coffer_report *report)
{
	const char *name = report->text ? report->text : report->name;

	for (size_t i = 0; coffer_report_texts[i].name; i++)
		if (!strcmp(coffer_report_texts[i].name, name))
			return coffer_report_texts[i].text;
	return "";
}

static bool
is_name(coffer_text text, const char *name)
{
	return text.size == strlen(name) && !memcmp(text.data, name, text.size);
}

coffer_text
coffer_report_next_order(const struct coffer_report *report, const char **place)
{
	if (!*place)
		*place = text_of(report);
	return coffer_template_next_choice(place,
					   coffer_report_parameters[COFFER_REPORT_ORDER].name);
}

bool
coffer_report_takes(const struct coffer_report *report, enum coffer_report_parameter_id parameter)
{
	const char *place = NULL;
	coffer_text name;

	if (parameter == COFFER_REPORT_ORDER)
		return coffer_report_next_order(report, &place).size;
	place = text_of(report);
	while ((name = coffer_template_next_parameter(&place)).size)
		if (is_name(name, coffer_report_parameters[parameter].name))
			return true;
	return false;
}

/* ------------------------------------------------------------------ values */

static coffer_status
keep(struct coffer_report_request *request, enum coffer_report_parameter_id parameter,
     char *literal, coffer_error *error)
{
	if (!literal)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a parameter");
	sqlite3_free(request->literals[parameter]);
	request->literals[parameter] = literal;
	return COFFER_OK;
}

/* Times in the form in which they stand in a store, so that they compare with those as texts. */
static coffer_status
keep_time(struct coffer_report_request *request, enum coffer_report_parameter_id parameter,
	  int64_t time, coffer_error *error)
{
	char text[COFFER_SCALAR_TEXT_SIZE];

	coffer_time_print(time, false, text);
	return keep(request, parameter, sqlite3_mprintf("%Q", text), error);
}

/* The time of such a literal; false of a parameter's name, which stands for one. */
static bool
read_back(const char *literal, int64_t *time_out)
{
	size_t size = strlen(literal);

	return !coffer_time_parse((coffer_text){literal + 1, size - 2}, time_out);
}

static coffer_status
set_time(struct coffer_report_request *request, enum coffer_report_parameter_id parameter,
	 const char *text, coffer_error *error)
{
	int64_t time;

	if (coffer_time_parse((coffer_text){text, strlen(text)}, &time))
		return coffer_error_set(error, COFFER_INVALID,
					"'%s' is not a time such as 2024-11-05 10:20:30", text);
	/* Beyond these years texts do not sort as times do; the infinite ones do. */
	if ((time < COFFER_SQL_TIME_FIRST || time > COFFER_SQL_TIME_LAST) && time != INT64_MIN &&
	    time != INT64_MAX)
		return coffer_error_set(error, COFFER_INVALID, "'%s' is not of the years 1 to 9999",
					text);
	return keep_time(request, parameter, time, error);
}

/* "e9", "E-3"; 0: none. */
static size_t
exponent_size(const char *text)
{
	bool has_sign = *text && (text[1] == '+' || text[1] == '-');
	size_t first = has_sign ? 2 : 1, count;

	if (*text != 'e' && *text != 'E')
		return 0;
	count = strspn(text + first, "0123456789");
	return count && count <= 3 ? first + count : 0;
}

/* Digits, with a fraction and an exponent where `is_amount`; as SQL takes them. */
static coffer_status
set_number(struct coffer_report_request *request, enum coffer_report_parameter_id parameter,
	   const char *text, bool is_amount, coffer_error *error)
{
	static const char digits[] = "0123456789";
	size_t whole = strspn(text, digits), size = whole;

	if (is_amount && text[size] == '.')
		size += 1 + strspn(text + size + 1, digits);
	if (is_amount && whole)
		size += exponent_size(text + size);
	if (!whole || whole > 18 || text[size] || text[size - 1] == '.')
		return coffer_error_set(error, COFFER_INVALID, "'%s' is not a %s", text,
					is_amount ? "decimal from 0, such as 0.25"
						  : "whole number from 0");
	return keep(request, parameter, sqlite3_mprintf("%s", text), error);
}

static coffer_status
set_order(struct coffer_report_request *request, const char *text, coffer_error *error)
{
	coffer_buffer known = {0};
	const char *place = NULL;
	coffer_status status;
	coffer_text word;

	while ((word = coffer_report_next_order(request->report, &place)).size) {
		if (is_name(word, text)) {
			coffer_buffer_release(&known);
			return keep(request, COFFER_REPORT_ORDER, sqlite3_mprintf("%s", text),
				    error);
		}
		coffer_buffer_printf(&known, "%s%.*s", known.size ? ", " : "", (int)word.size,
				     word.data);
	}
	status = coffer_error_set(error, COFFER_INVALID, "'%s' is none of %s", text,
				  known.data ? known.data : "");
	coffer_buffer_release(&known);
	return status;
}

static coffer_status
set_value(struct coffer_report_request *request, enum coffer_report_parameter_id parameter,
	  const char *text, coffer_error *error)
{
	enum coffer_report_type type = coffer_report_parameters[parameter].type;

	switch (type) {
	case COFFER_REPORT_TEXT:
		break;
	case COFFER_REPORT_TIME:
		return set_time(request, parameter, text, error);
	case COFFER_REPORT_NUMBER:
	case COFFER_REPORT_AMOUNT:
		return set_number(request, parameter, text, type == COFFER_REPORT_AMOUNT, error);
	case COFFER_REPORT_CHOICE:
		return set_order(request, text, error);
	}
	return keep(request, parameter, sqlite3_mprintf("%Q", text), error);
}

coffer_status
coffer_report_set(struct coffer_report_request *request, enum coffer_report_parameter_id parameter,
		  const char *text, coffer_error *error)
{
	const char *option = coffer_report_parameters[parameter].option;
	coffer_error fault = {0};
	coffer_status status;

	if (!coffer_report_takes(request->report, parameter))
		return coffer_error_set(error, COFFER_INVALID, "%s takes no --%s",
					request->report->name, option);
	status = set_value(request, parameter, text, &fault);
	if (status)
		return coffer_error_set(error, status, "%s: --%s: %s", request->report->name,
					option, fault.message);
	return COFFER_OK;
}

uint64_t
coffer_report_number(const struct coffer_report_request *request,
		     enum coffer_report_parameter_id parameter)
{
	const char *literal = request->literals[parameter];

	return literal ? strtoull(literal, NULL, 10) : 0;
}

void
coffer_report_release(struct coffer_report_request *request)
{
	for (size_t i = 0; i < COFFER_REPORT_PARAMETER_COUNT; i++) {
		sqlite3_free(request->literals[i]);
		request->literals[i] = NULL;
	}
	sqlite3_free(request->groups);
	request->groups = NULL;
}

/* ------------------------------------------------------------------ defaults */

coffer_status
coffer_report_check(const struct coffer_report_request *request, coffer_error *error)
{
	for (size_t i = 0; i < COFFER_REPORT_PARAMETER_COUNT; i++)
		if (request->report->required >> i & 1 && !request->literals[i])
			return coffer_error_set(error, COFFER_INVALID, "%s needs --%s",
						request->report->name,
						coffer_report_parameters[i].option);
	return COFFER_OK;
}

bool
coffer_report_is_backwards(const struct coffer_report_request *request)
{
	const char *from = request->literals[COFFER_REPORT_FROM],
		   *to = request->literals[COFFER_REPORT_TO];
	int64_t first, end;

	return from && to && read_back(from, &first) && read_back(to, &end) && first >= end;
}

/* The first word of a report's orders is the one that holds unless another is chosen. */
static coffer_status
settle_order(struct coffer_report_request *request, coffer_error *error)
{
	const char *place = NULL;
	coffer_text word;

	if (request->literals[COFFER_REPORT_ORDER])
		return COFFER_OK;
	word = coffer_report_next_order(request->report, &place);
	if (!word.size)
		return COFFER_OK;
	return keep(request, COFFER_REPORT_ORDER,
		    sqlite3_mprintf("%.*s", (int)word.size, word.data), error);
}

static coffer_status
settle_limit(struct coffer_report_request *request, coffer_error *error)
{
	if (!request->report->limit || request->literals[COFFER_REPORT_LIMIT])
		return COFFER_OK;
	return keep(request, COFFER_REPORT_LIMIT, sqlite3_mprintf("%u", request->report->limit),
		    error);
}

static coffer_status
fail(sqlite3 *db, int code, coffer_error *error)
{
	return coffer_error_set(error, code == SQLITE_NOMEM ? COFFER_NO_MEMORY : COFFER_INVALID,
				"%s", sqlite3_errmsg(db));
}

/* The time of the newest row, infinity left out. COFFER_NOT_FOUND: there is none, or no such log. */
static coffer_status
find_newest(const struct coffer_report *report, sqlite3 *db, const coffer_schema *schema,
	    int64_t *time_out, coffer_error *error)
{
	uint32_t table = coffer_schema_find_table(schema, report->log);
	sqlite3_stmt *statement = NULL;
	coffer_status status = COFFER_NOT_FOUND;
	const char *text;
	char *query;
	int code;

	if (table == COFFER_NO_TABLE ||
	    coffer_table_find_column(&schema->tables[table], report->time) == COFFER_NO_COLUMN)
		return COFFER_NOT_FOUND;
	query = sqlite3_mprintf(
		"SELECT s.\"%w\" FROM \"%w\" AS s WHERE s.\"%w\" < '9999-12-31 00:00:00' "
		"ORDER BY s.\"%w\" DESC LIMIT 1",
		report->time, report->log, report->time, report->time);
	code = query ? sqlite3_prepare_v2(db, query, -1, &statement, NULL) : SQLITE_NOMEM;
	sqlite3_free(query);
	if (!code && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		text = (const char *)sqlite3_column_text(statement, 0);
		if (text && !coffer_time_parse((coffer_text){text, strlen(text)}, time_out))
			status = COFFER_OK;
	} else if (code != SQLITE_DONE) {
		status = fail(db, code, error);
	}
	sqlite3_finalize(statement);
	return status;
}

/* The end of the day of this time: the first moment that is not of it. */
static int64_t
end_of_day(int64_t time)
{
	int64_t in_day = time % DAY;

	return time - in_day + (in_day < 0 ? 0 : DAY);
}

/* `time` into a parameter that has no value, and into `text_out` for people. */
static coffer_status
settle_time(struct coffer_report_request *request, enum coffer_report_parameter_id parameter,
	    int64_t time, char text_out[COFFER_SCALAR_TEXT_SIZE], coffer_error *error)
{
	if (request->literals[parameter])
		return COFFER_OK;
	coffer_time_print(time, false, text_out);
	return keep_time(request, parameter, time, error);
}

/* Where the range begins, of one that ends at the literal of `to`. */
static coffer_status
settle_from(struct coffer_report_request *request, coffer_error *error)
{
	int64_t to;

	if (request->literals[COFFER_REPORT_FROM] ||
	    !read_back(request->literals[COFFER_REPORT_TO], &to) || to == INT64_MAX ||
	    to < INT64_MIN + DAY * request->report->days)
		return COFFER_OK;
	return settle_time(request, COFFER_REPORT_FROM, to - DAY * request->report->days,
			   request->from, error);
}

static coffer_status
refuse_no_time(const struct coffer_report *report, const coffer_schema *schema, coffer_error *error)
{
	bool has_log = coffer_schema_find_table(schema, report->log) != COFFER_NO_TABLE;

	return coffer_error_set(error, COFFER_INVALID, "%s needs --at: %s %s %s what time it is",
				report->name, has_log ? "no row of" : "this store has no", report->log,
				has_log ? "says" : "that says");
}

/* A request is one row, whenever it was. */
static bool
has_days(const struct coffer_report_request *request)
{
	return request->report->days && !request->literals[COFFER_REPORT_REQUEST];
}

static coffer_status
settle_range(struct coffer_report_request *request, sqlite3 *db, const coffer_schema *schema,
	     coffer_error *error)
{
	bool has_at = coffer_report_takes(request->report, COFFER_REPORT_AT);
	enum coffer_report_parameter_id end = has_at ? COFFER_REPORT_AT : COFFER_REPORT_TO;
	coffer_status status;
	int64_t newest;

	if (!has_at && !has_days(request))
		return COFFER_OK;
	if (!request->literals[end]) {
		status = find_newest(request->report, db, schema, &newest, error);
		request->is_empty = status == COFFER_NOT_FOUND;
		if (request->is_empty && has_at)
			return refuse_no_time(request->report, schema, error);
		if (status)
			return status < 0 ? status : COFFER_OK;
		if ((status = settle_time(request, end, end_of_day(newest),
					  has_at ? request->at : request->to, error)))
			return status;
	}
	return has_at ? COFFER_OK : settle_from(request, error);
}

/* A text that is only shown keeps the names of what only a store can tell. */
static coffer_status
leave_open(struct coffer_report_request *request, enum coffer_report_parameter_id parameter,
	   coffer_error *error)
{
	if (request->literals[parameter] || !coffer_report_takes(request->report, parameter))
		return COFFER_OK;
	return keep(request, parameter,
		    sqlite3_mprintf(":%s", coffer_report_parameters[parameter].name), error);
}

static coffer_status
leave_all_open(struct coffer_report_request *request, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < COFFER_REPORT_PARAMETER_COUNT; i++)
		if (request->report->required >> i & 1)
			status = leave_open(request, (enum coffer_report_parameter_id)i, error);
	if (!status)
		status = leave_open(request, COFFER_REPORT_AT, error);
	if (!status && has_days(request))
		status = leave_open(request, COFFER_REPORT_FROM, error);
	if (!status && has_days(request))
		status = leave_open(request, COFFER_REPORT_TO, error);
	return status;
}

coffer_status
coffer_report_settle(struct coffer_report_request *request, sqlite3 *db,
		     const coffer_schema *schema, coffer_error *error)
{
	coffer_status status;

	if ((status = settle_order(request, error)) || (status = settle_limit(request, error)))
		return status;
	if (!db)
		return leave_all_open(request, error);
	if ((status = settle_range(request, db, schema, error)))
		return status;
	return coffer_report_settle_groups(request, db, schema, error);
}

/* ------------------------------------------------------------------ the statement */

static bool
is_left_out(size_t parameter, bool is_count)
{
	return is_count && (parameter == COFFER_REPORT_LIMIT || parameter == COFFER_REPORT_OFFSET);
}

coffer_status
coffer_report_write(const struct coffer_report_request *request, const coffer_schema *schema,
		    bool is_count, coffer_buffer *out, coffer_error *error)
{
	enum { SOURCE = COFFER_REPORT_PARAMETER_COUNT, GROUPS, VALUE_COUNT };
	struct coffer_template_value values[VALUE_COUNT] = {
		[SOURCE] = {"source", request->groups ? "rollup" : "rows"},
		[GROUPS] = {"groups", request->groups},
	};
	struct coffer_template template = {text_of(request->report), schema, values, VALUE_COUNT};
	char lack[COFFER_LACK_SIZE];
	coffer_status status;

	for (size_t i = 0; i < COFFER_REPORT_PARAMETER_COUNT; i++)
		values[i] = (struct coffer_template_value){
			coffer_report_parameters[i].name,
			is_left_out(i, is_count) ? NULL : request->literals[i]};
	if (is_count)
		coffer_buffer_text(out, "SELECT count(*) AS rows FROM (\n");
	status = coffer_template_write(&template, out, lack, error);
	if (is_count)
		coffer_buffer_text(out, ")\n");
	if (status == COFFER_NOT_FOUND)
		return coffer_error_set(error, COFFER_INVALID,
					"%s needs %s, which this store does not have",
					request->report->name, lack);
	return status;
}
