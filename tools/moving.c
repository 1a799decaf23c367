/*
 * Import and export. A source is never said again: it may hold a password.
 */
#include "moving.h"

#include "json.h"
#include "report.h"
#include "transfer/dump.h"
#include "transfer/folder.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define SERVERS \
	"a Postgres URL (postgresql://...), a conninfo string (host=... dbname=...), " \
	"env:NAME or postgres:"
#define SOURCES "a dump, a store, a folder of .ndjson or .csv files, "
#define TARGETS \
	"a file whose name ends in .sql, - for standard output, " \
	"a folder (one that is there, a name with / behind it, or any with --format), "

static bool
is_server(const char *name)
{
	return coffer_postgres_link && coffer_postgres_link->is_source(name);
}

bool
coffer_moving_is_store(const char *name)
{
	return !is_server(name) && !coffer_dump_is_source(name) && !coffer_folder_is(name);
}

bool
coffer_moving_is_dump(const char *name)
{
	return !is_server(name) && coffer_dump_is_source(name);
}

/* A file that cannot be had. */
static int
refuse_file(const struct coffer_arguments *arguments, const char *name)
{
	coffer_error error = {0};

	(void)coffer_error_set(&error, COFFER_IO, "cannot open: %s", strerror(errno));
	(void)coffer_error_at(&error, "%s", name);
	return coffer_report_error(arguments, &error);
}

int
coffer_moving_check(const struct coffer_arguments *arguments, const char *source)
{
	if (is_server(source) || coffer_dump_is_source(source) || !access(source, F_OK))
		return COFFER_EXIT_DONE;
	/* What has a sign of a URL or a conninfo string in it may hold a password. */
	if (*source && !strpbrk(source, ":=@"))
		return refuse_file(arguments, source);
	return coffer_report_usage(
		arguments, "SOURCE is none of: %s%s", SOURCES,
		coffer_postgres_link ? SERVERS : "and this coffer was built without Postgres");
}

enum coffer_target
coffer_moving_target(const struct coffer_arguments *arguments, const char *name)
{
	size_t size = strlen(name);

	if (is_server(name))
		return COFFER_TARGET_SERVER;
	if (coffer_option_is_given(arguments, COFFER_OPTION_FORMAT) || coffer_folder_is(name) ||
	    (size && name[size - 1] == '/'))
		return COFFER_TARGET_FOLDER;
	if (!strcmp(name, "-") || (size > 4 && !strcmp(name + size - 4, ".sql")))
		return COFFER_TARGET_SQL;
	return COFFER_TARGET_NONE;
}

bool
coffer_moving_has_mode(const struct coffer_arguments *arguments)
{
	return coffer_option_is_given(arguments, COFFER_OPTION_CREATE) ||
	       coffer_option_is_given(arguments, COFFER_OPTION_APPEND) ||
	       coffer_option_is_given(arguments, COFFER_OPTION_UPSERT) ||
	       coffer_option_is_given(arguments, COFFER_OPTION_REPLACE);
}

int
coffer_moving_refuse_target(const struct coffer_arguments *arguments)
{
	return coffer_report_usage(
		arguments, "TARGET is none of: %s%s", TARGETS,
		coffer_postgres_link ? SERVERS : "and this coffer was built without Postgres");
}

coffer_status
coffer_moving_open(const char *name, const coffer_transfer_options *options,
		   struct coffer_source **source_out, coffer_error *error)
{
	if (is_server(name))
		return coffer_postgres_link->open_source(name, options, source_out, error);
	if (coffer_dump_is_source(name))
		return coffer_dump_source_open(name, options, source_out, error);
	if (coffer_folder_is(name))
		return coffer_folder_source_open(name, options, source_out, error);
	return coffer_store_source_open(name, options, source_out, error);
}

coffer_transfer_options
coffer_moving_options(struct coffer_arguments *arguments, struct coffer_progress_line *line)
{
	return (coffer_transfer_options){
		.is_forced = coffer_option_is_given(arguments, COFFER_OPTION_FORCE),
		.progress = coffer_progress_tell,
		.progress_context = line,
		.warn = coffer_report_warning,
		.note = coffer_report_remark,
		.warn_context = arguments,
	};
}

int
coffer_moving_connections(const struct coffer_arguments *arguments, const char *source,
			  unsigned *connections_out)
{
	uint64_t number;
	int code = coffer_option_number(arguments, COFFER_OPTION_CONNECTIONS, 1, &number);

	*connections_out = 1;
	if (code || !coffer_option_is_given(arguments, COFFER_OPTION_CONNECTIONS))
		return code;
	if (!is_server(source))
		return coffer_report_usage(arguments, "--connections is for a SOURCE that is a server");
	if (!number || number > COFFER_CONNECTIONS_MAX)
		return coffer_report_usage(arguments, "option '--connections': a number from 1 to %d",
					   COFFER_CONNECTIONS_MAX);
	*connections_out = (unsigned)number;
	return COFFER_EXIT_DONE;
}

void
coffer_moving_expect(void *line, uint64_t rows)
{
	((struct coffer_progress_line *)line)->rows_expected = rows;
}

static int
print_document(const struct coffer_arguments *arguments, const char *path, const char *schema,
	       const coffer_transfer_summary *summary, const struct coffer_counts *counts,
	       double seconds, coffer_error *error)
{
	struct coffer_output output;
	struct coffer_json json;
	coffer_status status = coffer_output_open(&output, arguments, error);

	coffer_json_begin(&json, &output, schema);
	coffer_json_text(&json, "file", path);
	coffer_json_number(&json, "tables", summary->tables);
	coffer_json_number(&json, "rows", summary->rows);
	coffer_json_number(&json, "bytes", summary->bytes);
	coffer_json_number(&json, "warnings", summary->warnings);
	coffer_json_number(&json, "milliseconds", (uint64_t)(seconds * 1000));
	if (counts)
		coffer_counts_write(&json, counts);
	coffer_json_end(&json);
	return coffer_output_close(&output, arguments, status, error);
}

int
coffer_moving_end(const struct coffer_arguments *arguments, const char *path, const char *verb,
		  const struct coffer_progress_line *line, coffer_status status,
		  const coffer_transfer_summary *summary, const struct coffer_counts *counts,
		  coffer_error *error)
{
	char tables[COFFER_COUNT_SIZE], rows[COFFER_COUNT_SIZE], size[COFFER_NUMBER_SIZE];
	double seconds = coffer_progress_seconds(line);
	bool is_import = arguments->command->id == COFFER_COMMAND_IMPORT;
	int code = COFFER_EXIT_DONE;

	coffer_progress_clear();
	if (status)
		return coffer_report_error(arguments, error);
	if (counts)
		coffer_counts_note(arguments, counts);
	coffer_report_note(arguments, "%s: %s %s, %s, %s in %.1f s", path, verb,
			   coffer_count_print(summary->tables, "table", "tables", tables),
			   coffer_count_print(summary->rows, "row", "rows", rows),
			   coffer_size_print(summary->bytes, size), seconds);
	if (summary->warnings)
		coffer_report_note(arguments, "%s",
				   coffer_count_print(summary->warnings, "warning", "warnings", rows));
	if (arguments->is_json)
		code = print_document(arguments, path,
				      is_import ? "coffer/import/1" : "coffer/export/1", summary,
				      counts, seconds, error);
	if (!code && summary->warnings)
		code = COFFER_EXIT_WARNINGS;
	return code;
}
