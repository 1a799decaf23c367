/*
 * coffer compact: a store anew, without what it does not use.
 */
#include "json.h"
#include "report.h"
#include "rewriting.h"

static int
print_result(const struct coffer_rewriting *rewriting, coffer_error *error)
{
	char rows[COFFER_COUNT_SIZE], before[COFFER_NUMBER_SIZE], after[COFFER_NUMBER_SIZE];
	uint64_t bytes = coffer_rewriting_bytes(rewriting);
	struct coffer_output output;
	struct coffer_json json;
	coffer_status status;
	int code;

	coffer_report_note(rewriting->arguments, "%s: compacted, %s, %s -> %s in %.1f s",
			   rewriting->path,
			   coffer_count_print(rewriting->summary.rows, "row", "rows", rows),
			   coffer_size_print(rewriting->bytes_before, before),
			   coffer_size_print(bytes, after),
			   coffer_progress_seconds(&rewriting->line));
	if (!rewriting->arguments->is_json)
		return coffer_rewriting_end(rewriting);
	status = coffer_output_open(&output, rewriting->arguments, error);
	coffer_json_begin(&json, &output, "coffer/compact/1");
	coffer_json_text(&json, "file", rewriting->path);
	coffer_json_number(&json, "rows", rewriting->summary.rows);
	coffer_json_number(&json, "bytes_before", rewriting->bytes_before);
	coffer_json_number(&json, "bytes", bytes);
	coffer_json_end(&json);
	code = coffer_output_close(&output, rewriting->arguments, status, error);
	return code ? code : coffer_rewriting_end(rewriting);
}

int
coffer_command_compact(struct coffer_arguments *arguments)
{
	struct coffer_rewriting rewriting;
	coffer_error error = {0};
	coffer_status status = coffer_rewriting_open(&rewriting, arguments, &error);

	if (!status) {
		status = coffer_store_compact(rewriting.store, &rewriting.options,
					      &rewriting.summary, &error);
		if (status && !error.place[0])
			coffer_error_at(&error, "%s", arguments->operands[0]);
	}
	coffer_progress_clear();
	return status ? coffer_report_error(arguments, &error) : print_result(&rewriting, &error);
}
