/*
 * coffer create: an empty store.
 */
#include "json.h"
#include "report.h"
#include "transfer/schema_file.h"

static coffer_status
load_schema(const struct coffer_arguments *arguments, coffer_schema **schema_out,
	    coffer_error *error)
{
	const char *path = coffer_option_value(arguments, COFFER_OPTION_SCHEMA);

	return path ? coffer_schema_file_read(path, schema_out, error)
		    : coffer_schema_builtin(schema_out, error);
}

static int
print_result(const struct coffer_arguments *arguments, const coffer_schema *schema,
	     coffer_error *error)
{
	char tables[COFFER_COUNT_SIZE];
	struct coffer_output output;
	struct coffer_json json;
	coffer_status status;

	coffer_report_note(arguments, "%s: created with %s", arguments->operands[0],
			   coffer_count_print(schema->table_count, "table", "tables", tables));
	if (!arguments->is_json)
		return COFFER_EXIT_DONE;
	status = coffer_output_open(&output, arguments, error);
	coffer_json_begin(&json, &output, "coffer/create/1");
	coffer_json_text(&json, "file", arguments->operands[0]);
	coffer_json_number(&json, "tables", schema->table_count);
	coffer_json_end(&json);
	return coffer_output_close(&output, arguments, status, error);
}

int
coffer_command_create(struct coffer_arguments *arguments)
{
	coffer_load_options options = {
		.is_forced = coffer_option_is_given(arguments, COFFER_OPTION_FORCE),
	};
	coffer_error error = {0};
	coffer_schema *schema;
	coffer_status status;
	int code;

	if (!(status = load_schema(arguments, &schema, &error)))
		status = coffer_store_create(arguments->operands[0], schema, &options, &error);
	if (status)
		code = coffer_report_error(arguments, &error);
	else
		code = print_result(arguments, schema, &error);
	coffer_schema_free(schema);
	return code;
}
