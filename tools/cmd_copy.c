/*
 * coffer copy: one snapshot of a store into a new file, while others write.
 */
#include "json.h"
#include "progress.h"
#include "reading.h"
#include "report.h"

#include <sys/stat.h>

static int
print_result(const struct coffer_arguments *arguments, const struct coffer_progress_line *line,
	     coffer_error *error)
{
	const char *path = arguments->operands[1];
	char size[COFFER_NUMBER_SIZE];
	struct coffer_output output;
	struct coffer_json json;
	struct stat facts;
	coffer_status status;
	uint64_t bytes = stat(path, &facts) ? 0 : (uint64_t)facts.st_size;

	coffer_progress_clear();
	coffer_report_note(arguments, "%s: copied, %s in %.1f s", path,
			   coffer_size_print(bytes, size), coffer_progress_seconds(line));
	if (!arguments->is_json)
		return COFFER_EXIT_DONE;
	status = coffer_output_open(&output, arguments, error);
	coffer_json_begin(&json, &output, "coffer/copy/1");
	coffer_json_text(&json, "file", path);
	coffer_json_number(&json, "bytes", bytes);
	coffer_json_end(&json);
	return coffer_output_close(&output, arguments, status, error);
}

int
coffer_command_copy(struct coffer_arguments *arguments)
{
	struct coffer_progress_line line;
	const coffer_copy_options options = {
		.is_forced = coffer_option_is_given(arguments, COFFER_OPTION_FORCE),
		.progress = coffer_progress_tell,
		.progress_context = &line,
	};
	coffer_store *store = NULL;
	coffer_error error = {0};
	coffer_status status;
	int code;

	coffer_progress_begin(&line, arguments);
	if (!(status = coffer_store_open(arguments->operands[0], &store, &error)))
		status = coffer_store_copy(store, arguments->operands[1], &options, &error);
	if (status) {
		coffer_progress_clear();
		code = coffer_report_error(arguments, &error);
	} else {
		code = print_result(arguments, &line, &error);
	}
	coffer_store_close(store);
	return code;
}
