/*
 * A store into a folder of files.
 */
#include "folder.h"

#include "moving.h"
#include "part.h"
#include "report.h"
#include "transfer/folder.h"

static int
read_format(const struct coffer_arguments *arguments, coffer_row_format *format_out)
{
	const char *name = coffer_option_value(arguments, COFFER_OPTION_FORMAT);

	*format_out = COFFER_FORMAT_NDJSON;
	if (!name || coffer_row_format_parse(name, format_out))
		return COFFER_EXIT_DONE;
	return coffer_report_usage(arguments, "option '--format': '%s' is none of: ndjson, csv",
				   name);
}

/* What becomes of tables that a database has already. */
static int
refuse_modes(const struct coffer_arguments *arguments)
{
	if (coffer_moving_has_mode(arguments))
		return coffer_report_usage(arguments,
					   "--create, --append, --upsert and --replace are "
					   "for a database, not for a folder");
	return COFFER_EXIT_DONE;
}

static coffer_status export(const char *path, const char *folder, coffer_row_format format,
			    const coffer_transfer_options *options,
			    coffer_transfer_summary *summary, coffer_error *error)
{
	struct coffer_source *source;
	coffer_status status = coffer_store_source_open(path, options, &source, error);

	if (!status)
		status = coffer_folder_write(source, folder, format, options, summary, error);
	coffer_source_close(source);
	return status;
}

int
coffer_folder_export(struct coffer_arguments *arguments)
{
	const char *path = arguments->operands[0], *folder = arguments->operands[1];
	coffer_transfer_summary summary = {0};
	struct coffer_progress_line line;
	coffer_transfer_options options;
	coffer_row_format format;
	struct coffer_part part;
	coffer_error error = {0};
	coffer_status status;
	int code;

	if ((code = refuse_modes(arguments)) || (code = read_format(arguments, &format)))
		return code;
	if (!(code = coffer_part_read(arguments, &part))) {
		coffer_progress_begin(&line, arguments);
		options = coffer_moving_options(arguments, &line);
		options.expect = coffer_moving_expect;
		options.selection = part.selection;
		status = export(path, folder, format, &options, &summary, &error);
		code = coffer_moving_end(arguments, path, "exported", &line, status, &summary, NULL,
					 &error);
	}
	coffer_part_release(&part);
	return code;
}
