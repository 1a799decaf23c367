/*
 * coffer import: a live Postgres schema, or what is in files, into a store, a new one or one that is brought up to date.
 */
#include "moving.h"
#include "part.h"
#include "report.h"
#include "updating.h"

static coffer_status
import(const char *name, const char *path, const coffer_transfer_options *options,
       coffer_transfer_summary *summary, coffer_error *error)
{
	struct coffer_source *source;
	coffer_status status = coffer_moving_open(name, options, &source, error);

	if (!status)
		status = coffer_transfer_import(source, path, options, summary, error);
	coffer_source_close(source);
	return status;
}

static int
import_anew(struct coffer_arguments *arguments)
{
	const char *source = arguments->operands[0], *path = arguments->operands[1];
	coffer_transfer_summary summary = {0};
	struct coffer_progress_line line;
	coffer_transfer_options options;
	struct coffer_part part;
	coffer_error error = {0};
	coffer_status status;
	unsigned connections = 1;
	int code = coffer_part_read(arguments, &part);

	if (!code)
		code = coffer_moving_connections(arguments, source, &connections);
	if (!code) {
		coffer_progress_begin(&line, arguments);
		options = coffer_moving_options(arguments, &line);
		options.expect = coffer_moving_expect;
		options.schema = coffer_option_value(arguments, COFFER_OPTION_SCHEMA);
		options.selection = part.selection;
		options.connections = connections;
		options.is_plain = coffer_option_is_given(arguments, COFFER_OPTION_PLAIN);
		status = import(source, path, &options, &summary, &error);
		code = coffer_moving_end(arguments, path, "imported", &line, status, &summary, NULL,
					 &error);
	}
	coffer_part_release(&part);
	return code;
}

int
coffer_command_import(struct coffer_arguments *arguments)
{
	int code = coffer_moving_check(arguments, arguments->operands[0]);

	if (code)
		return code;
	if (coffer_postgres_link && coffer_postgres_link->is_source(arguments->operands[1]))
		return coffer_report_usage(arguments,
					   "FILE reads like a source: the source comes first");
	if (coffer_option_is_given(arguments, COFFER_OPTION_UPDATE) &&
	    coffer_option_is_given(arguments, COFFER_OPTION_PLAIN))
		return coffer_report_usage(arguments, "--plain is of a new store, not of --update");
	if (coffer_option_is_given(arguments, COFFER_OPTION_UPDATE))
		return coffer_updating_run(arguments);
	if (coffer_option_is_given(arguments, COFFER_OPTION_WINDOW))
		return coffer_report_usage(arguments, "--window needs --update");
	return import_anew(arguments);
}
