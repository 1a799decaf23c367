/*
 * coffer diff: what differs between two stores, or two sources of any kind, by key and column.
 */
#include "comparing.h"
#include "report.h"
#include "schema_diff.h"
#include "transfer/selection.h"

#include <stdlib.h>

/* The left schema as the selection leaves it, which the right one is already. */
static coffer_status
prune_left(const struct coffer_comparing *comparing, coffer_schema **schema_out,
	   coffer_error *error)
{
	const coffer_selection *selection = &comparing->options.selection;
	coffer_status status = coffer_schema_copy(comparing->left.schema, schema_out, error);
	bool *is_taken;

	if (status || !coffer_selection_is_partial(selection))
		return status;
	is_taken = coffer_schema_memory(*schema_out, (*schema_out)->table_count + 1);
	if (!is_taken)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a selection");
	if ((status = coffer_selection_resolve(selection, *schema_out, is_taken, error)))
		return status;
	return coffer_schema_prune(*schema_out, is_taken, selection->has_since, NULL, NULL, error);
}

static coffer_status
compare_schemas(struct coffer_comparing *comparing, size_t *count_out, coffer_error *error)
{
	struct coffer_differences *differences = &comparing->differences;
	struct coffer_schema_differences printed = {
		.output = &comparing->output,
		.json = differences->is_json ? &differences->json : NULL,
		.is_ndjson = differences->is_ndjson,
	};
	coffer_schema *left = NULL;
	coffer_status status = prune_left(comparing, &left, error);

	if (!status && printed.json) {
		coffer_json_begin(printed.json, &comparing->output, "coffer/diff/1");
		coffer_json_open(printed.json, "schema_differences", '[');
	}
	if (!status)
		*count_out =
			coffer_schema_differences_print(&printed, left, comparing->right->schema);
	if (!status && printed.json)
		coffer_json_close(printed.json, ']');
	coffer_schema_free(left);
	return status;
}

static coffer_status
diff(struct coffer_comparing *comparing, const struct coffer_arguments *arguments,
     bool *is_different_out, coffer_error *error)
{
	struct coffer_compare_summary summary = {0};
	size_t schema_differences = 0;
	coffer_status status = coffer_comparing_open_left(comparing, arguments->operands[0], error);

	if (!status)
		status = coffer_comparing_open_right(comparing, arguments->operands[1], arguments,
						     error);
	if (!status)
		status = compare_schemas(comparing, &schema_differences, error);
	if (!status)
		status = coffer_comparing_run(comparing, &summary, error);
	if (!status)
		coffer_differences_end(&comparing->differences, &summary, schema_differences);
	*is_different_out = summary.tables_different || schema_differences;
	return status;
}

int
coffer_command_diff(struct coffer_arguments *arguments)
{
	struct coffer_comparing comparing = {
		.differences = {.left = {"A", "in A", "left"}, .right = {"B", "in B", "right"}},
	};
	coffer_error error = {0};
	coffer_status status;
	bool is_different = false;
	int code = coffer_comparing_init(&comparing, arguments);

	if (!code) {
		status = diff(&comparing, arguments, &is_different, &error);
		code = coffer_comparing_end(&comparing, arguments, status, is_different, &error);
	}
	coffer_comparing_release(&comparing);
	return code;
}
