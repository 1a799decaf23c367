/*
 * coffer schema: what a store describes, in Prisma's language, as DDL or as JSON; and what differs
 * between two.
 */
#include "json.h"
#include "reading.h"
#include "report.h"
#include "schema_diff.h"
#include "transfer/schema_file.h"

/* A schema from a store, or read from a file. */
struct side {
	struct coffer_reading reading;
	coffer_schema *parsed;
	const coffer_schema *schema;
};

static coffer_status
open_side(struct side *side, const char *path, coffer_error *error)
{
	coffer_status status;

	if (coffer_schema_file_is(path)) {
		status = coffer_schema_file_read(path, &side->parsed, error);
		side->schema = side->parsed;
	} else {
		status = coffer_reading_open(&side->reading, path, error);
		side->schema = side->reading.schema;
	}
	return status;
}

static void
close_side(struct side *side)
{
	coffer_schema_free(side->parsed);
	coffer_reading_close(&side->reading);
}

/* ------------------------------------------------------------------ differences */

static size_t
print_differences(struct coffer_output *output, bool is_json, const coffer_schema *left,
		  const coffer_schema *right)
{
	struct coffer_json json = {.output = output};
	struct coffer_schema_differences differences = {
		.output = output,
		.json = is_json ? &json : NULL,
	};
	size_t count;

	if (is_json) {
		coffer_json_begin(&json, output, "coffer/schema-diff/1");
		coffer_json_open(&json, "differences", '[');
	}
	count = coffer_schema_differences_print(&differences, left, right);
	if (is_json) {
		coffer_json_close(&json, ']');
		coffer_json_number(&json, "count", count);
		coffer_json_end(&json);
	}
	return count;
}

/* ------------------------------------------------------------------ the schema itself */

static coffer_status
print_schema(const struct coffer_arguments *arguments, const coffer_schema *schema,
	     struct coffer_output *output, coffer_error *error)
{
	coffer_buffer buffer = {0};
	coffer_status status;

	if (arguments->is_json)
		status = coffer_schema_write_json(schema, &buffer, error);
	else if (coffer_option_is_given(arguments, COFFER_OPTION_SQL))
		status = coffer_schema_write_sql(schema, COFFER_DDL_ALL, NULL, &buffer, error);
	else
		status = coffer_schema_write_prisma(schema, &buffer, error);
	if (!status)
		coffer_output_safe(output, buffer.data, buffer.size);
	coffer_buffer_release(&buffer);
	return status;
}

static int
check_options(const struct coffer_arguments *arguments)
{
	bool is_diff = coffer_option_is_given(arguments, COFFER_OPTION_DIFF);
	int forms = coffer_option_is_given(arguments, COFFER_OPTION_SQL) +
		    coffer_option_is_given(arguments, COFFER_OPTION_PRISMA);

	if (is_diff && forms)
		return coffer_report_usage(arguments, "--diff takes neither --sql nor --prisma");
	if (forms + (arguments->is_json && !is_diff) > 1)
		return coffer_report_usage(arguments, "--prisma, --sql and --json: one of them");
	return COFFER_EXIT_DONE;
}

int
coffer_command_schema(struct coffer_arguments *arguments)
{
	const char *other = coffer_option_value(arguments, COFFER_OPTION_DIFF);
	struct side left = {.parsed = NULL}, right = {.parsed = NULL};
	struct coffer_output output;
	coffer_error error = {0};
	coffer_status status;
	size_t count = 0;
	int code;

	if ((code = check_options(arguments)))
		return code;
	if (!(status = coffer_output_open(&output, arguments, &error)) &&
	    !(status = open_side(&left, arguments->operands[0], &error)) && other)
		status = open_side(&right, other, &error);
	if (!status && other)
		count = print_differences(&output, arguments->is_json, left.schema, right.schema);
	else if (!status)
		status = print_schema(arguments, left.schema, &output, &error);
	close_side(&right);
	close_side(&left);
	code = coffer_output_close(&output, arguments, status, &error);
	return code ? code : count ? COFFER_EXIT_DIFFERENT : COFFER_EXIT_DONE;
}
