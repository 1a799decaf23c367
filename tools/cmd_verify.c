/*
 * coffer verify: everything in a store read again and checked; what is wrong, a line each.
 */
#include "json.h"
#include "progress.h"
#include "reading.h"
#include "report.h"

struct run {
	struct coffer_output output;
	struct coffer_json json;
	const char *path;
	bool is_json;
	bool is_begun;   /* the document */
	bool is_damaged; /* a finding is more than a newer feature */
};

/* When there is something to say: a file that cannot be verified at all has an error and no document. */
static void
begin_json(struct run *run)
{
	if (run->is_begun)
		return;
	run->is_begun = true;
	coffer_json_begin(&run->json, &run->output, "coffer/verify/1");
	coffer_json_text(&run->json, "file", run->path);
	coffer_json_open(&run->json, "findings", '[');
}

static void
found(void *context, const coffer_finding *finding)
{
	struct run *run = context;
	struct coffer_output *output = &run->output;

	run->is_damaged |= finding->status != COFFER_UNSUPPORTED;
	if (run->is_json) {
		begin_json(run);
		coffer_json_open_inline(&run->json, NULL, '{');
		coffer_json_text(&run->json, "invariant", finding->invariant);
		coffer_json_text(&run->json, "status", coffer_status_text(finding->status));
		coffer_json_text(&run->json, "place", finding->place);
		coffer_json_text(&run->json, "message", finding->message);
		coffer_json_close(&run->json, '}');
		return;
	}
	coffer_progress_clear();
	coffer_output_text(output, finding->invariant);
	coffer_output_char(output, ' ');
	coffer_output_safe(output, finding->place, strlen(finding->place));
	coffer_output_text(output, ": ");
	coffer_output_safe(output, finding->message, strlen(finding->message));
	coffer_output_char(output, '\n');
	if (output->is_terminal)
		coffer_output_flush(output);
}

static void
end_json(struct coffer_json *json, const coffer_verify_summary *summary)
{
	coffer_json_close(json, ']');
	coffer_json_open(json, "summary", '{');
	coffer_json_number(json, "findings", summary->findings);
	coffer_json_number(json, "tables", summary->tables);
	coffer_json_number(json, "rows", summary->rows);
	coffer_json_number(json, "long_values", summary->long_values);
	coffer_json_number(json, "pool_texts", summary->pool_texts);
	coffer_json_number(json, "index_entries", summary->index_entries);
	if (summary->rollup_groups)
		coffer_json_number(json, "rollup_groups", summary->rollup_groups);
	coffer_json_number(json, "bytes", summary->bytes);
	coffer_json_close(json, '}');
	coffer_json_end(json);
}

static void
end_text(struct coffer_output *output, const char *path, bool is_stopped,
	 const coffer_verify_summary *summary)
{
	char counts[6][COFFER_COUNT_SIZE];

	coffer_output_safe(output, path, strlen(path));
	if (summary->findings)
		coffer_output_format(output, ": %s%s",
				     coffer_count_print(summary->findings, "finding", "findings",
							counts[0]),
				     is_stopped ? ", stopped there after" : "");
	else
		coffer_output_text(output, ": whole");
	coffer_output_format(
		output, ": %s, %s, %s, %s, %s",
		coffer_count_print(summary->tables, "table", "tables", counts[0]),
		coffer_count_print(summary->rows, "row", "rows", counts[1]),
		coffer_count_print(summary->long_values, "long value", "long values", counts[2]),
		coffer_count_print(summary->pool_texts, "pool text", "pool texts", counts[3]),
		coffer_count_print(summary->index_entries, "index entry", "index entries", counts[4]));
	/* Not of a store that keeps none. */
	if (summary->rollup_groups)
		coffer_output_format(output, ", %s",
				     coffer_count_print(summary->rollup_groups, "group of roll-ups",
							"groups of roll-ups", counts[5]));
	coffer_output_char(output, '\n');
}

/* What there is to read, for the time left. A store that does not open is the verification's to report. */
static uint64_t
expect(const char *path)
{
	coffer_store_facts facts = {0};
	struct coffer_reading reading;

	if (!coffer_reading_open(&reading, path, NULL))
		coffer_store_describe(reading.store, &facts);
	coffer_reading_close(&reading);
	return facts.file_size;
}

static coffer_status
verify(struct run *run, const struct coffer_arguments *arguments, uint64_t findings_max,
       coffer_verify_summary *summary, coffer_error *error)
{
	struct coffer_progress_line line;
	coffer_verify_options options = {
		.findings_max = findings_max,
		.found = found,
		.found_context = run,
		.progress = coffer_progress_tell,
		.progress_context = &line,
	};
	const char *path = arguments->operands[0];
	coffer_status status;

	coffer_progress_begin(&line, arguments);
	line.bytes_expected = expect(path);
	run->path = path;
	status = coffer_verify(path, &options, summary, error);
	coffer_progress_clear();
	if (run->is_json && !status)
		begin_json(run);
	/* What was begun is ended, also where the verification could not be. */
	if (run->is_begun)
		end_json(&run->json, summary);
	else if (!status)
		end_text(&run->output, path, findings_max && summary->findings >= findings_max,
			 summary);
	return status;
}

int
coffer_command_verify(struct coffer_arguments *arguments)
{
	struct run run = {.is_json = arguments->is_json};
	coffer_verify_summary summary = {0};
	coffer_error error = {0};
	uint64_t findings_max;
	coffer_status status;
	int code;

	if ((code = coffer_option_number(arguments, COFFER_OPTION_FINDINGS, 0, &findings_max)))
		return code;
	if (!(status = coffer_output_open(&run.output, arguments, &error)))
		status = verify(&run, arguments, findings_max, &summary, &error);
	code = coffer_output_close(&run.output, arguments, status, &error);
	if (code || !summary.findings)
		return code;
	if (!run.is_damaged)
		return COFFER_EXIT_NEWER;
	coffer_report_note(arguments, "%s: " COFFER_REPORT_RECOVER, run.path);
	return COFFER_EXIT_DAMAGED;
}
