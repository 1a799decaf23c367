/*
 * coffer export: a store into a Postgres database, whose tables are made or filled, into a file of SQL, or into a
 * folder of files.
 */
#include "folder.h"
#include "moving.h"
#include "part.h"
#include "reading.h"
#include "report.h"
#include "sql_export.h"
#include "transfer/selection.h"

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

static const struct {
	enum coffer_option_id option;
	coffer_export_mode mode;
} modes[] = {
	{COFFER_OPTION_CREATE, COFFER_EXPORT_CREATE},
	{COFFER_OPTION_APPEND, COFFER_EXPORT_APPEND},
	{COFFER_OPTION_UPSERT, COFFER_EXPORT_UPSERT},
	{COFFER_OPTION_REPLACE, COFFER_EXPORT_REPLACE},
};

static int
read_mode(const struct coffer_arguments *arguments, coffer_export_mode *mode_out)
{
	size_t count = 0;

	*mode_out = COFFER_EXPORT_CREATE;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (!coffer_option_is_given(arguments, modes[i].option))
			continue;
		*mode_out = modes[i].mode;
		count++;
	}
	if (count == 1)
		return COFFER_EXIT_DONE;
	return coffer_report_usage(arguments,
				   "%s --create, --append, --upsert and --replace: what becomes of "
				   "the target's tables",
				   count ? "only one of" : "needs one of");
}

static int
export_rows(struct coffer_arguments *arguments, const char *path, const char *target,
	    const struct coffer_part *part, coffer_export_mode mode)
{
	bool is_new = mode == COFFER_EXPORT_CREATE;
	coffer_transfer_summary summary = {0};
	struct coffer_counts counts = {.list = NULL};
	coffer_export_options options = {
		.mode = mode,
		.count = coffer_counts_keep,
		.count_context = &counts,
	};
	struct coffer_progress_line line;
	coffer_error error = {0};
	coffer_status status;
	int code;

	coffer_progress_begin(&line, arguments);
	if (!coffer_selection_is_partial(&part->selection))
		line.rows_expected = count_rows(path);
	options.transfer = coffer_moving_options(arguments, &line);
	options.transfer.selection = part->selection;
	status = coffer_postgres_link->export(path, target, &options, &summary, &error);
	code = coffer_moving_end(arguments, path, "exported", &line, status, &summary,
				 is_new ? NULL : &counts, &error);
	coffer_counts_release(&counts);
	return code;
}

static int
export_to_server(struct coffer_arguments *arguments)
{
	const char *path = arguments->operands[0], *target = arguments->operands[1];
	coffer_export_mode mode;
	struct coffer_part part;
	int code;

	if (coffer_option_is_given(arguments, COFFER_OPTION_FORMAT) ||
	    coffer_option_is_given(arguments, COFFER_OPTION_FORCE))
		return coffer_report_usage(arguments, "--format and --force are for files");
	if ((code = read_mode(arguments, &mode)))
		return code;
	if (!(code = coffer_part_read(arguments, &part)))
		code = export_rows(arguments, path, target, &part, mode);
	coffer_part_release(&part);
	return code;
}

int
coffer_command_export(struct coffer_arguments *arguments)
{
	switch (coffer_moving_target(arguments, arguments->operands[1])) {
	case COFFER_TARGET_SERVER:
		return export_to_server(arguments);
	case COFFER_TARGET_FOLDER:
		return coffer_folder_export(arguments);
	case COFFER_TARGET_SQL:
		return coffer_sql_export(arguments);
	case COFFER_TARGET_NONE:
		break;
	}
	return coffer_moving_refuse_target(arguments);
}
