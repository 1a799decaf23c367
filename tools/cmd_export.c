/*
 * coffer export: a store into a Postgres database that has none of its tables yet.
 */
#include "moving.h"
#include "reading.h"
#include "report.h"

/* The rows to come, for the time left; a store that cannot be read is the export's to report. */
static uint64_t
count_rows(const char *path)
{
	struct coffer_reading reading;
	uint64_t rows = 0;

	if (!coffer_reading_open(&reading, path, NULL))
		rows = coffer_reading_rows(&reading);
	coffer_reading_close(&reading);
	return rows;
}

int
coffer_command_export(struct coffer_arguments *arguments)
{
	const char *path = arguments->operands[0], *target = arguments->operands[1];
	coffer_transfer_summary summary = {0};
	struct coffer_progress_line line;
	coffer_transfer_options options;
	coffer_error error = {0};
	coffer_status status;
	int code;

	if ((code = coffer_moving_check(arguments, "TARGET", target)))
		return code;
	if (!coffer_option_is_given(arguments, COFFER_OPTION_CREATE))
		return coffer_report_usage(arguments,
					   "needs --create: the tables are made in the target");
	coffer_progress_begin(&line, arguments);
	line.rows_expected = count_rows(path);
	options = coffer_moving_options(arguments, &line);
	status = coffer_postgres_link->export(path, target, &options, &summary, &error);
	return coffer_moving_end(arguments, path, "exported", &line, status, &summary, &error);
}
