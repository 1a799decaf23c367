/*
 * coffer import --update: what has changed at the source into a store that exists.
 */
#include "updating.h"

#include "instant.h"
#include "interrupt.h"
#include "json.h"
#include "moving.h"
#include "report.h"
#include "transfer/dump.h"
#include "transfer/update.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct updating {
	struct coffer_arguments *arguments;
	struct coffer_progress_line line;
	struct coffer_output output;
	struct coffer_json json;
	bool is_begun;  /* the document is open */
	bool is_stream; /* the source is, and was taken */
};

/* ------------------------------------------------------------------ the command line */

static int
refuse_parts(const struct coffer_arguments *arguments)
{
	static const enum coffer_option_id refused[] = {
		COFFER_OPTION_PRESET, COFFER_OPTION_TABLE, COFFER_OPTION_EXCLUDE_TABLE,
		COFFER_OPTION_SINCE,
	};

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (coffer_option_is_given(arguments, refused[i]))
			return coffer_report_usage(
				arguments, "--update takes what FILE holds: no --table, "
					   "--exclude-table, --preset or --since");
	return COFFER_EXIT_DONE;
}

/* "90s", "10m", "2h", "1d"; a number alone is of seconds. */
static int
read_window(const struct coffer_arguments *arguments, int64_t *window_out)
{
	const char *text = coffer_option_value(arguments, COFFER_OPTION_WINDOW);

	*window_out = COFFER_UPDATE_WINDOW_SECONDS * INT64_C(1000000);
	if (!text || coffer_duration_parse(text, window_out))
		return COFFER_EXIT_DONE;
	return coffer_report_usage(arguments, "option '--window': '%s' is not a time such as 10m",
				   text);
}

/* ------------------------------------------------------------------ the result */

static void
write_table(struct updating *updating, const struct coffer_updated_table *table)
{
	struct coffer_json *json = &updating->json;
	char since[COFFER_SCALAR_TEXT_SIZE];

	if (!updating->is_begun) {
		coffer_json_begin(json, &updating->output, "coffer/update/1");
		coffer_json_text(json, "file", updating->arguments->operands[1]);
		coffer_json_open(json, "tables", '[');
		updating->is_begun = true;
	}
	coffer_json_open_inline(json, NULL, '{');
	coffer_json_text(json, "name", table->name);
	coffer_json_bool(json, "is_log", table->is_log);
	if (table->has_since) {
		coffer_time_print(table->since, false, since);
		coffer_json_text(json, "since", since);
	}
	coffer_json_number(json, "early", table->early);
	coffer_json_number(json, "new", table->added);
	coffer_json_number(json, "changed", table->changed);
	coffer_json_number(json, "gone", table->gone);
	coffer_json_number(json, "same", table->same);
	coffer_json_close(json, '}');
}

/* Files that are carried bring rows late, which must not be lost without a word. */
static void
tell_early(const struct updating *updating, const struct coffer_updated_table *table)
{
	char number[COFFER_COUNT_SIZE], since[COFFER_SCALAR_TEXT_SIZE];

	coffer_time_print(table->since, false, since);
	coffer_progress_clear();
	coffer_report_note(updating->arguments,
			   "%s: %s from before %s not looked at, a longer --window takes more",
			   table->name, coffer_count_print(table->early, "row", "rows", number), since);
}

/* Tables in which nothing has changed are a program's to hear of. */
static void
take_table(void *context, const struct coffer_updated_table *table)
{
	struct updating *updating = context;
	char numbers[4][COFFER_NUMBER_SIZE];

	if (updating->arguments->is_json)
		write_table(updating, table);
	if (table->early)
		tell_early(updating, table);
	if (!table->added && !table->changed && !table->gone)
		return;
	coffer_progress_clear();
	coffer_report_note(updating->arguments, "%s: %s new, %s changed, %s gone, %s the same",
			   table->name, coffer_number_print(table->added, numbers[0]),
			   coffer_number_print(table->changed, numbers[1]),
			   coffer_number_print(table->gone, numbers[2]),
			   coffer_number_print(table->same, numbers[3]));
}

static void
write_end(struct updating *updating, const struct coffer_update_summary *summary)
{
	struct coffer_json *json = &updating->json;

	coffer_json_close(json, ']');
	coffer_json_number(json, "new", summary->added);
	coffer_json_number(json, "changed", summary->changed);
	coffer_json_number(json, "gone", summary->gone);
	coffer_json_number(json, "same", summary->same);
	coffer_json_bool(json, "is_copied", summary->is_copied);
	coffer_json_number(json, "bytes", summary->bytes);
	coffer_json_number(json, "warnings", summary->warnings);
	coffer_json_number(json, "milliseconds",
			   (uint64_t)(coffer_progress_seconds(&updating->line) * 1000));
	coffer_json_end(json);
}

static int
end(struct updating *updating, coffer_status status, const struct coffer_update_summary *summary,
    coffer_error *error)
{
	const struct coffer_arguments *arguments = updating->arguments;
	char numbers[4][COFFER_NUMBER_SIZE];
	int code;

	coffer_progress_clear();
	if (status)
		return coffer_report_error(arguments, error);
	coffer_report_note(arguments,
			   "%s: updated, %s new, %s changed, %s gone, %s the same in %.1f s",
			   arguments->operands[1], coffer_number_print(summary->added, numbers[0]),
			   coffer_number_print(summary->changed, numbers[1]),
			   coffer_number_print(summary->gone, numbers[2]),
			   coffer_number_print(summary->same, numbers[3]),
			   coffer_progress_seconds(&updating->line));
	if (updating->is_begun)
		write_end(updating, summary);
	code = coffer_output_close(&updating->output, arguments, status, error);
	return !code && summary->warnings ? COFFER_EXIT_WARNINGS : code;
}

/* ------------------------------------------------------------------ the whole */

/* A stream is standard input by then, and that a file, which is read again where the update has to be begun anew. */
static coffer_status
open_source(void *context, const coffer_transfer_options *options,
	    struct coffer_source **source_out, coffer_error *error)
{
	const struct updating *updating = context;

	if (updating->is_stream && lseek(STDIN_FILENO, 0, SEEK_SET))
		return coffer_error_set(error, COFFER_IO, "standard input: %s", strerror(errno));
	return coffer_moving_open(updating->is_stream ? "-" : updating->arguments->operands[0],
				  options, source_out, error);
}

/* Whoever feeds a stream may take its time, for which no other writer of the store waits. */
static coffer_status
take_stream(struct updating *updating, coffer_transfer_options *options, coffer_error *error)
{
	const char *source = updating->arguments->operands[0];

	updating->is_stream = coffer_dump_is_stream(source);
	if (!updating->is_stream)
		return COFFER_OK;
	if (strcmp(source, "-") != 0)
		options->input_name = source;
	return coffer_dump_take_stream(source, options, error);
}

int
coffer_updating_run(struct coffer_arguments *arguments)
{
	struct updating updating = {.arguments = arguments};
	struct coffer_update_options options = {
		.open = open_source,
		.open_context = &updating,
		.transfer = coffer_moving_options(arguments, &updating.line),
		.wait = coffer_interrupt_let,
		.table = take_table,
		.table_context = &updating,
	};
	struct coffer_update_summary summary = {0};
	coffer_error error = {0};
	coffer_status status;
	int code;

	if ((code = refuse_parts(arguments)) || (code = read_window(arguments, &options.window)) ||
	    (code = coffer_moving_connections(arguments, arguments->operands[0],
					      &options.transfer.connections)))
		return code;
	coffer_progress_begin(&updating.line, arguments);
	if (!(status = coffer_output_open(&updating.output, arguments, &error)) &&
	    !(status = take_stream(&updating, &options.transfer, &error)))
		status = coffer_transfer_update(arguments->operands[1], &options, &summary, &error);
	return end(&updating, status, &summary, &error);
}
