/*
 * coffer generate: a reproducible, realistic gateway in a new store.
 */
#include "json.h"
#include "progress.h"
#include "reading.h"
#include "report.h"
#include "select.h"

#include <stdlib.h>
#include <string.h>

/* The names that --table gives, in full; NULL for all. `schema` owns them. */
static int
choose_tables(const struct coffer_arguments *arguments, const coffer_schema *schema,
	      const char ***tables_out)
{
	size_t position = 0, count = 0;
	int code = COFFER_EXIT_DONE;
	const char *name;
	uint32_t number;

	*tables_out = NULL;
	if (!coffer_option_is_given(arguments, COFFER_OPTION_TABLE))
		return COFFER_EXIT_DONE;
	*tables_out = calloc(arguments->given_count + 1, sizeof(**tables_out));
	if (!*tables_out)
		return coffer_report_usage(arguments, "no memory for the tables");
	while (!code && (name = coffer_option_next(arguments, COFFER_OPTION_TABLE, &position))) {
		code = coffer_select_table(arguments, schema, name, &number);
		if (!code)
			(*tables_out)[count++] = schema->tables[number].name;
	}
	return code;
}

static int
print_result(const struct coffer_arguments *arguments, const coffer_generate_options *options,
	     const struct coffer_progress_line *line, coffer_error *error)
{
	struct coffer_reading reading;
	struct coffer_output output;
	struct coffer_json json;
	coffer_status status = coffer_reading_open(&reading, arguments->operands[0], error);
	uint64_t rows = status ? 0 : coffer_reading_rows(&reading);
	char number[COFFER_COUNT_SIZE];

	coffer_reading_close(&reading);
	if (status)
		return coffer_report_error(arguments, error);
	coffer_report_note(arguments, "%s: generated %s in %.1f s", arguments->operands[0],
			   coffer_count_print(rows, "row", "rows", number), coffer_progress_seconds(line));
	if (!arguments->is_json)
		return COFFER_EXIT_DONE;
	status = coffer_output_open(&output, arguments, error);
	coffer_json_begin(&json, &output, "coffer/generate/1");
	coffer_json_text(&json, "file", arguments->operands[0]);
	coffer_json_number(&json, "seed", options->seed);
	coffer_json_number(&json, "rows", rows);
	coffer_json_end(&json);
	return coffer_output_close(&output, arguments, status, error);
}

static int
generate(const struct coffer_arguments *arguments, coffer_generate_options options)
{
	struct coffer_progress_line line;
	coffer_error error = {0};
	coffer_status status;

	coffer_progress_begin(&line, arguments);
	/* About a twelfth as many are in the other tables. */
	line.rows_expected = options.rows + options.rows / 12;
	options.is_forced = coffer_option_is_given(arguments, COFFER_OPTION_FORCE);
	options.is_plain = coffer_option_is_given(arguments, COFFER_OPTION_PLAIN);
	options.progress = coffer_progress_tell;
	options.progress_context = &line;
	status = coffer_generate(arguments->operands[0], &options, &error);
	coffer_progress_clear();
	if (status)
		return coffer_report_error(arguments, &error);
	return print_result(arguments, &options, &line, &error);
}

/* --era and --prompts. */
static int
choose_era(const struct coffer_arguments *arguments, coffer_generate_options *options)
{
	const char *era = coffer_option_value(arguments, COFFER_OPTION_ERA);
	uint64_t percent;
	int code = coffer_option_number(arguments, COFFER_OPTION_PROMPTS, 0, &percent);

	if (code)
		return code;
	if (era && strcmp(era, "today") == 0)
		options->era = COFFER_ERA_TODAY;
	else if (era && strcmp(era, "older") != 0)
		return coffer_report_usage(arguments,
					   "option '--era': '%s' is none of: older, today", era);
	if (percent > 100)
		return coffer_report_usage(arguments,
					   "option '--prompts': so many of 100 rows, and not more");
	if (percent && options->era == COFFER_ERA_OLDER)
		return coffer_report_usage(arguments, "--prompts needs --era today");
	options->prompts_percent = (uint32_t)percent;
	return COFFER_EXIT_DONE;
}

int
coffer_command_generate(struct coffer_arguments *arguments)
{
	coffer_generate_options options = {0};
	coffer_schema *schema = NULL;
	const char **tables = NULL;
	coffer_error error = {0};
	int code;

	if ((code = coffer_option_number(arguments, COFFER_OPTION_ROWS, 10000, &options.rows)) ||
	    (code = coffer_option_number(arguments, COFFER_OPTION_SEED, 1, &options.seed)) ||
	    (code = choose_era(arguments, &options)))
		return code;
	if (coffer_schema_builtin(&schema, &error))
		return coffer_report_error(arguments, &error);
	code = choose_tables(arguments, schema, &tables);
	options.tables = tables;
	if (!code)
		code = generate(arguments, options);
	free(tables);
	coffer_schema_free(schema);
	return code;
}
