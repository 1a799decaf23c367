/*
 * coffer recover: what is whole of a damaged store into a new one.
 */
#include "json.h"
#include "progress.h"
#include "report.h"

#include <stdio.h>

struct recovery {
	struct coffer_arguments *arguments;
	uint64_t losses;
};

static void
tell(void *context, const char *place, const char *message)
{
	struct recovery *recovery = context;
	char text[1024];

	recovery->losses++;
	(void)snprintf(text, sizeof(text), "%s: %s", place, message);
	coffer_progress_clear();
	coffer_report_warning(recovery->arguments, text);
}

static int
print_document(const struct recovery *recovery, const coffer_recover_summary *summary,
	       coffer_error *error)
{
	struct coffer_output output;
	struct coffer_json json;
	coffer_status status = coffer_output_open(&output, recovery->arguments, error);

	coffer_json_begin(&json, &output, "coffer/recover/1");
	coffer_json_text(&json, "file", recovery->arguments->operands[1]);
	coffer_json_number(&json, "tables", summary->tables);
	coffer_json_number(&json, "rows", summary->rows);
	coffer_json_number(&json, "rows_lost", summary->rows_lost);
	coffer_json_number(&json, "entries_lost", summary->entries_lost);
	coffer_json_number(&json, "pages_lost", summary->pages_lost);
	coffer_json_bool(&json, "is_mixed", summary->is_mixed);
	coffer_json_end(&json);
	return coffer_output_close(&output, recovery->arguments, status, error);
}

static int
print_result(const struct recovery *recovery, const coffer_recover_summary *summary,
	     coffer_error *error)
{
	char rows[COFFER_NUMBER_SIZE], lost[COFFER_NUMBER_SIZE];
	int code = COFFER_EXIT_DONE;

	coffer_progress_clear();
	coffer_report_note(recovery->arguments, "%s: %s rows recovered, %s known to be lost",
			   recovery->arguments->operands[1], coffer_number_print(summary->rows, rows),
			   coffer_number_print(summary->rows_lost, lost));
	if (recovery->arguments->is_json)
		code = print_document(recovery, summary, error);
	return !code && (recovery->losses || summary->is_mixed) ? COFFER_EXIT_WARNINGS : code;
}

int
coffer_command_recover(struct coffer_arguments *arguments)
{
	struct recovery recovery = {.arguments = arguments};
	struct coffer_progress_line line;
	const coffer_recover_options options = {
		.is_forced = coffer_option_is_given(arguments, COFFER_OPTION_FORCE),
		.lost = tell,
		.lost_context = &recovery,
		.progress = coffer_progress_tell,
		.progress_context = &line,
	};
	coffer_recover_summary summary;
	coffer_error error = {0};

	coffer_progress_begin(&line, arguments);
	if (coffer_store_recover(arguments->operands[0], arguments->operands[1], &options, &summary,
				 &error)) {
		coffer_progress_clear();
		return coffer_report_error(arguments, &error);
	}
	if (summary.is_mixed)
		coffer_report_warning(arguments,
				      "the list of free pages is lost: rows that were deleted, and "
				      "former states of rows, may have come along");
	return print_result(&recovery, &summary, &error);
}
