/*
 * coffer migrate: a store into a new one of another schema.
 */
#include "json.h"
#include "progress.h"
#include "report.h"
#include "transfer/schema_file.h"

#include <stdio.h>

struct migration {
	struct coffer_arguments *arguments;
	uint64_t losses;
};

/* A warning where something was in it, else a word. */
static void
tell(void *context, const coffer_loss *loss)
{
	struct migration *migration = context;
	char values[COFFER_COUNT_SIZE], message[512];
	bool is_table = *loss->what == 't';

	if (!loss->values) {
		coffer_report_note(migration->arguments, "%s: the new schema has no such %s",
				   loss->place, loss->what);
		return;
	}
	migration->losses++;
	snprintf(message, sizeof(message), "%s: %s not carried, the new schema has no such %s",
		 loss->place,
		 coffer_count_print(loss->values, is_table ? "row is" : "value is",
				    is_table ? "rows are" : "values are", values),
		 loss->what);
	coffer_progress_clear();
	coffer_report_warning(migration->arguments, message);
}

static int
print_result(const struct migration *migration, const struct coffer_progress_line *line,
	     coffer_error *error)
{
	const char *path = migration->arguments->operands[1];
	struct coffer_output output;
	struct coffer_json json;
	coffer_status status;
	int code = COFFER_EXIT_DONE;

	coffer_progress_clear();
	coffer_report_note(migration->arguments, "%s: migrated in %.1f s", path,
			   coffer_progress_seconds(line));
	if (migration->arguments->is_json) {
		status = coffer_output_open(&output, migration->arguments, error);
		coffer_json_begin(&json, &output, "coffer/migrate/1");
		coffer_json_text(&json, "file", path);
		coffer_json_number(&json, "warnings", migration->losses);
		coffer_json_end(&json);
		code = coffer_output_close(&output, migration->arguments, status, error);
	}
	return !code && migration->losses ? COFFER_EXIT_WARNINGS : code;
}

int
coffer_command_migrate(struct coffer_arguments *arguments)
{
	struct migration migration = {.arguments = arguments};
	struct coffer_progress_line line;
	const coffer_migrate_options options = {
		.is_forced = coffer_option_is_given(arguments, COFFER_OPTION_FORCE),
		.is_plain = coffer_option_is_given(arguments, COFFER_OPTION_PLAIN),
		.lost = tell,
		.lost_context = &migration,
		.progress = coffer_progress_tell,
		.progress_context = &line,
	};
	const char *path = coffer_option_value(arguments, COFFER_OPTION_SCHEMA);
	coffer_schema *schema = NULL;
	coffer_store *store = NULL;
	coffer_error error = {0};
	coffer_status status;
	int code;

	if (!path)
		return coffer_report_usage(arguments, "needs --schema: the schema to migrate to");
	coffer_progress_begin(&line, arguments);
	if (!(status = coffer_schema_file_read(path, &schema, &error)) &&
	    !(status = coffer_store_open(arguments->operands[0], &store, &error)))
		status = coffer_store_migrate(store, arguments->operands[1], schema, &options, &error);
	if (status) {
		coffer_progress_clear();
		code = coffer_report_error(arguments, &error);
	} else {
		code = print_result(&migration, &line, &error);
	}
	coffer_store_close(store);
	coffer_schema_free(schema);
	return code;
}
