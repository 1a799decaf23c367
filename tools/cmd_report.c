/*
 * coffer report: the questions that a gateway asks of its books, by name. What there is and takes is listed without a name;
 * the statement behind a name is printed, or run and its rows printed as coffer sql prints them.
 */
#include "instant.h"
#include "report.h"
#include "report_list.h"
#include "shell.h"
#include "transfer/suggest.h"

#include <stdlib.h>
#include <unistd.h>

enum operand { NAME, FILE_OPERAND };

static int
refuse_name(const struct coffer_arguments *arguments, const char *name)
{
	struct coffer_suggestion suggestion = {.word = name};

	for (size_t i = 0; i < coffer_report_count; i++)
		coffer_suggestion_offer(&suggestion, coffer_reports[i].name);
	if (suggestion.best)
		return coffer_report_usage(arguments, "unknown report '%s', did you mean '%s'?",
					   name, suggestion.best);
	if (!access(name, F_OK))
		return coffer_report_usage(arguments,
					   "'%s' is a file: the name of a report comes in front of it; "
					   "'coffer report' lists them",
					   name);
	return coffer_report_usage(arguments, "unknown report '%s'; 'coffer report' lists them",
				   name);
}

/* An age is the time that it means; the statement names that. */
static coffer_status
set_parameter(struct coffer_report_request *request, enum coffer_report_parameter_id parameter,
	      const char *value, coffer_error *error)
{
	char time[COFFER_SCALAR_TEXT_SIZE];
	int64_t meant;

	if (coffer_report_parameters[parameter].type == COFFER_REPORT_TIME &&
	    coffer_age_parse(value, &meant)) {
		coffer_time_print(meant, false, time);
		value = time;
	}
	return coffer_report_set(request, parameter, value, error);
}

/* Every option that is a report's parameter, into the request. Returns an exit code, a fault said. */
static int
read_parameters(const struct coffer_arguments *arguments, struct coffer_report_request *request)
{
	coffer_error error = {0};
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < arguments->given_count; i++) {
		enum coffer_report_parameter_id parameter =
			coffer_report_parameter_of(arguments->given[i].id);

		if (parameter != COFFER_REPORT_PARAMETER_COUNT)
			status = set_parameter(request, parameter, arguments->given[i].value,
					       &error);
	}
	if (status == COFFER_INVALID)
		return coffer_report_usage(arguments, "%s", error.message);
	if (!status && coffer_report_is_backwards(request))
		return coffer_report_usage(arguments, "%s: --from %s is not before --to %s: no row is of such a range",
					   request->report->name, request->literals[COFFER_REPORT_FROM],
					   request->literals[COFFER_REPORT_TO]);
	return status ? coffer_report_error(arguments, &error) : COFFER_EXIT_DONE;
}

/* What is lacking is wrong usage, whatever the store. */
static int
check_parameters(const struct coffer_arguments *arguments,
		 const struct coffer_report_request *request)
{
	coffer_error error = {0};

	if (coffer_report_check(request, &error))
		return coffer_report_usage(arguments, "%s", error.message);
	return COFFER_EXIT_DONE;
}

/* ------------------------------------------------------------------ what there is */

static int
list(const struct coffer_arguments *arguments, const struct coffer_report *only)
{
	struct coffer_output output;
	coffer_error error = {0};
	coffer_status status = coffer_output_open(&output, arguments, &error);

	if (!status)
		coffer_report_list(&output, arguments->is_json, only);
	return coffer_output_close(&output, arguments, status, &error);
}

static void
print_statement(struct coffer_output *output, const coffer_buffer *statement)
{
	coffer_output_bytes(output, statement->data, statement->size - 1);
	coffer_output_text(output, ";\n");
}

/* The statement as it is for a store that lacks nothing. */
static int
print_text(const struct coffer_arguments *arguments, struct coffer_report_request *request)
{
	bool is_count = coffer_option_is_given(arguments, COFFER_OPTION_COUNT_ROWS);
	coffer_buffer statement = {0};
	struct coffer_output output;
	coffer_error error = {0};
	coffer_status status = coffer_output_open(&output, arguments, &error);

	if (!status && !(status = coffer_report_settle(request, NULL, NULL, &error)) &&
	    !(status = coffer_report_write(request, NULL, is_count, &statement, &error)))
		print_statement(&output, &statement);
	coffer_buffer_release(&statement);
	return coffer_output_close(&output, arguments, status, &error);
}

/* ------------------------------------------------------------------ a report of a store */

static void
tell_range(const struct coffer_arguments *arguments, const struct coffer_report_request *request)
{
	const struct coffer_report *report = request->report;

	if (*request->at)
		coffer_report_note(arguments,
				   "%s: at %s, the end of the day of the newest row of %s",
				   report->name, request->at, report->log);
	else if (coffer_report_is_backwards(request))
		coffer_report_note(arguments,
				   "%s: --from %s is not before %s, the end of the day of the newest row of %s",
				   report->name, request->literals[COFFER_REPORT_FROM], request->to,
				   report->log);
	else if (*request->to)
		coffer_report_note(arguments,
				   "%s: %s%s%sto %s, the end of the day of the newest row of %s",
				   report->name, *request->from ? "from " : "", request->from,
				   *request->from ? " " : "", request->to, report->log);
	else if (*request->from)
		coffer_report_note(arguments, "%s: from %s", report->name, request->from);
	else if (request->is_empty)
		coffer_report_note(arguments, "%s: no row of %s has a time", report->name,
				   report->log);
}

/* The one number that a statement gives. */
static coffer_status
ask_number(struct coffer_shell *shell, const char *statement, uint64_t *number_out,
	   coffer_error *error)
{
	sqlite3_stmt *prepared = NULL;
	int code = sqlite3_prepare_v2(shell->db, statement, -1, &prepared, NULL);

	*number_out = 0;
	if (!code && (code = sqlite3_step(prepared)) == SQLITE_ROW) {
		*number_out = (uint64_t)sqlite3_column_int64(prepared, 0);
		code = SQLITE_OK;
	}
	sqlite3_finalize(prepared);
	return code ? coffer_shell_failure(shell, code, error) : COFFER_OK;
}

/* Of a page it is worth saying how many rows there are. */
static coffer_status
tell_total(struct coffer_shell *shell, const struct coffer_report_request *request,
	   const coffer_schema *schema, coffer_error *error)
{
	uint64_t limit = coffer_report_number(request, COFFER_REPORT_LIMIT),
		 offset = coffer_report_number(request, COFFER_REPORT_OFFSET), total, shown;
	char first[COFFER_NUMBER_SIZE], last[COFFER_NUMBER_SIZE], all[COFFER_COUNT_SIZE];
	coffer_buffer statement = {0};
	coffer_status status = coffer_report_write(request, schema, true, &statement, error);

	if (!status)
		status = ask_number(shell, statement.data, &total, error);
	coffer_buffer_release(&statement);
	if (status)
		return status;
	shown = offset < total ? total - offset : 0;
	if (shown > limit)
		shown = limit;
	if (!total)
		coffer_report_note(shell->arguments, "%s: no rows", request->report->name);
	else if (!shown)
		coffer_report_note(shell->arguments, "%s: none of %s", request->report->name,
				   coffer_count_print(total, "row", "rows", all));
	else
		coffer_report_note(shell->arguments, "%s: rows %s to %s of %s",
				   request->report->name, coffer_number_print(offset + 1, first),
				   coffer_number_print(offset + shown, last),
				   coffer_number_print(total, all));
	return COFFER_OK;
}

/* A part of the rows is not to be taken for all of them, nor silence for an answer. */
static coffer_status
tell_rows(struct coffer_shell *shell, const struct coffer_report_request *request,
	  const coffer_schema *schema, coffer_error *error)
{
	const struct coffer_report *report = request->report;

	if (report->is_paged || (request->literals[COFFER_REPORT_LIMIT] && shell->rows &&
				 shell->rows == coffer_report_number(request, COFFER_REPORT_LIMIT)))
		return tell_total(shell, request, schema, error);
	if (!shell->rows && !report->is_one)
		coffer_report_note(shell->arguments, "%s: no rows", report->name);
	return COFFER_OK;
}

/* What a store says of a failure in its rows is better than what SQLite makes of it. */
static coffer_status
settle(struct coffer_shell *shell, struct coffer_report_request *request,
       const coffer_schema *schema, coffer_error *error)
{
	coffer_status status = coffer_report_settle(request, shell->db, schema, error);
	const coffer_error *inner = coffer_sql_failure(shell->sql);

	if (status && inner->status < 0) {
		*error = *inner;
		status = error->status;
	}
	return status;
}

static coffer_status
run(struct coffer_shell *shell, struct coffer_report_request *request, const coffer_schema *schema,
    coffer_error *error)
{
	const struct coffer_arguments *arguments = shell->arguments;
	bool is_count = coffer_option_is_given(arguments, COFFER_OPTION_COUNT_ROWS);
	coffer_buffer statement = {0};
	coffer_status status = settle(shell, request, schema, error);

	if (!status)
		status = coffer_report_write(request, schema, is_count, &statement, error);
	if (!status && coffer_option_is_given(arguments, COFFER_OPTION_SQL)) {
		print_statement(shell->output, &statement);
	} else if (!status) {
		tell_range(arguments, request);
		status = coffer_shell_run(shell, (coffer_text){statement.data, statement.size}, 1,
					  true, error);
		if (!status && !is_count && !arguments->is_quiet && !arguments->is_json)
			status = tell_rows(shell, request, schema, error);
	}
	coffer_buffer_release(&statement);
	return status;
}

/* Of a statement that was run, and not only printed or counted. */
static bool
is_missing(const struct coffer_arguments *arguments, const struct coffer_shell *shell,
	   const struct coffer_report *report)
{
	return report->is_one && !shell->rows &&
	       !coffer_option_is_given(arguments, COFFER_OPTION_SQL) &&
	       !coffer_option_is_given(arguments, COFFER_OPTION_COUNT_ROWS);
}

static int
tell_missing(const struct coffer_arguments *arguments, const struct coffer_report *report)
{
	const char *option = "", *value = "";

	for (size_t i = 0; i < arguments->given_count; i++) {
		enum coffer_report_parameter_id parameter =
			coffer_report_parameter_of(arguments->given[i].id);

		if (parameter == COFFER_REPORT_PARAMETER_COUNT || !(report->required >> parameter & 1))
			continue;
		option = coffer_report_parameters[parameter].option;
		value = arguments->given[i].value;
	}
	return coffer_report_missing(arguments, arguments->operands[FILE_OPERAND], "%s: nothing has --%s %s",
				     report->name, option, value);
}

/* The shell's operands begin with the store. */
static int
answer(const struct coffer_arguments *arguments, struct coffer_report_request *request)
{
	struct coffer_arguments shifted = *arguments;
	struct coffer_output output;
	struct coffer_shell shell = {0};
	coffer_error error = {0};
	coffer_status status;
	int code = COFFER_EXIT_DONE;
	bool is_lacking;

	shifted.operands += FILE_OPERAND;
	shifted.operand_count -= FILE_OPERAND;
	if (!(status = coffer_output_open(&output, &shifted, &error)))
		code = coffer_shell_open(&shell, &shifted, &output);
	if (!status && !code &&
	    (status = run(&shell, request, coffer_sql_schema(shell.sql, "main"), &error)) &&
	    status == COFFER_INVALID)
		coffer_error_in(&error, shifted.operands[0]);
	is_lacking = !status && !code && is_missing(arguments, &shell, request->report);
	coffer_shell_close(&shell);
	if (code) {
		coffer_output_drop(&output);
		return code;
	}
	code = coffer_output_close(&output, arguments, status, &error);
	return code || !is_lacking ? code : tell_missing(arguments, request->report);
}

/* Does an option want a store: is it one that a list or a statement alone has no use for? */
static bool
wants_store(const struct coffer_arguments *arguments)
{
	for (size_t i = 0; i < arguments->given_count; i++) {
		switch (arguments->given[i].id) {
		case COFFER_OPTION_FORCE:
		case COFFER_OPTION_JSON:
		case COFFER_OPTION_OUTPUT:
		case COFFER_OPTION_QUIET:
			break;
		default:
			return true;
		}
	}
	return false;
}

int
coffer_command_report(struct coffer_arguments *arguments)
{
	struct coffer_report_request request = {0};
	bool is_text = coffer_option_is_given(arguments, COFFER_OPTION_SQL);
	int code;

	if (!arguments->operand_count && !is_text && wants_store(arguments))
		return coffer_report_usage(arguments, "needs NAME and FILE");
	if (!arguments->operand_count)
		return is_text ? coffer_report_usage(arguments, "--sql needs the name of a report")
			       : list(arguments, NULL);
	request.report = coffer_report_find(arguments->operands[NAME]);
	if (!request.report)
		return refuse_name(arguments, arguments->operands[NAME]);
	if (arguments->operand_count == 1 && !is_text && wants_store(arguments))
		return coffer_report_usage(arguments, "needs FILE: the store that the report is of");
	if (arguments->operand_count == 1 && !is_text)
		return list(arguments, request.report);
	if (!(code = read_parameters(arguments, &request))) {
		if (arguments->operand_count == 1)
			code = print_text(arguments, &request);
		else if (!(code = check_parameters(arguments, &request)))
			code = answer(arguments, &request);
	}
	coffer_report_release(&request);
	return code;
}
