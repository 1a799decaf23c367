/*
 * A store into SQL that psql loads.
 */
#include "sql_export.h"

#include "moving.h"
#include "output.h"
#include "part.h"
#include "report.h"
#include "transfer/sql_write.h"

#include <string.h>

static int
check_options(const struct coffer_arguments *arguments)
{
	bool is_stream = !strcmp(arguments->operands[1], "-");

	if (coffer_moving_has_mode(arguments))
		return coffer_report_usage(arguments,
					   "--create, --append, --upsert and --replace are "
					   "for a database, not for a file");
	if (is_stream && arguments->is_json)
		return coffer_report_usage(arguments,
					   "--json and - would both write to standard output");
	return COFFER_EXIT_DONE;
}

static coffer_status
take(void *context, const char *bytes, size_t size, coffer_error *error)
{
	struct coffer_output *output = context;

	coffer_output_safe(output, bytes, size);
	return coffer_output_check(output, error);
}

static coffer_status
write_sql(const char *path, struct coffer_output *output, const coffer_transfer_options *options,
	  coffer_transfer_summary *summary, coffer_error *error)
{
	struct coffer_source *source;
	coffer_status status = coffer_store_source_open(path, options, &source, error);

	if (!status)
		status = coffer_sql_write(source, take, output, summary, error);
	coffer_source_close(source);
	return status;
}

static int export(struct coffer_arguments *arguments, const struct coffer_part *part)
{
	const char *path = arguments->operands[0], *target = arguments->operands[1];
	coffer_transfer_summary summary = {0};
	struct coffer_progress_line line;
	coffer_transfer_options options;
	struct coffer_output output;
	coffer_error error = {0};
	coffer_status status;
	int code;

	coffer_progress_begin(&line, arguments);
	options = coffer_moving_options(arguments, &line);
	options.expect = coffer_moving_expect;
	options.selection = part->selection;
	status = coffer_output_open_path(&output, target, arguments, &error);
	if (!status)
		status = write_sql(path, &output, &options, &summary, &error);
	coffer_progress_clear();
	if ((code = coffer_output_close(&output, arguments, status, &error)))
		return code;
	return coffer_moving_end(arguments, path, "exported", &line, status, &summary, NULL,
				 &error);
}

int
coffer_sql_export(struct coffer_arguments *arguments)
{
	struct coffer_part part;
	int code = check_options(arguments);

	if (code)
		return code;
	if (!(code = coffer_part_read(arguments, &part)))
		code = export(arguments, &part);
	coffer_part_release(&part);
	return code;
}
