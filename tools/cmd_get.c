/*
 * coffer get: one row by its key and, with --related, what stands around it.
 */
#include "json.h"
#include "row_output.h"
#include "reading.h"
#include "related.h"
#include "report.h"
#include "select.h"

#include <stdlib.h>

struct request {
	const coffer_table *table;
	uint32_t table_number;
	uint16_t index;
	coffer_value key[COFFER_KEY_COLUMNS_MAX];
	uint16_t *columns;
	size_t column_count;
	struct coffer_related related;
	bool is_related;
};

static int
choose(const struct coffer_arguments *arguments, const coffer_schema *schema,
       struct request *request)
{
	int code;

	*request = (struct request){
		.is_related = coffer_option_is_given(arguments, COFFER_OPTION_RELATED),
		.related.is_reverse = coffer_option_is_given(arguments, COFFER_OPTION_REVERSE),
	};
	if ((code = coffer_option_number(arguments, COFFER_OPTION_LIMIT, 10,
					 &request->related.limit)) ||
	    (code = coffer_select_table(arguments, schema, arguments->operands[1],
					&request->table_number)))
		return code;
	request->table = &schema->tables[request->table_number];
	if (!request->is_related &&
	    (request->related.is_reverse || coffer_option_is_given(arguments, COFFER_OPTION_LIMIT)))
		return coffer_report_usage(arguments, "--limit and --reverse need --related");
	if ((code = coffer_select_index(arguments, request->table, COFFER_TREE_HASHED,
					&request->index)) ||
	    (code = coffer_select_key(arguments, request->table, request->index, 2, request->key)))
		return code;
	return coffer_select_columns(arguments, request->table, &request->columns,
				     &request->column_count);
}

static coffer_status
print(const struct coffer_arguments *arguments, const struct coffer_reading *reading,
      struct request *request, const coffer_row *row, struct coffer_output *output,
      coffer_error *error)
{
	struct coffer_row_output rows;
	coffer_status status = coffer_row_output_init(&rows, request->table, request->columns,
						  request->column_count, error);
	struct coffer_json json;

	if (!status && (arguments->is_json || request->is_related)) {
		coffer_json_begin(&json, output,
				  request->is_related ? "coffer/related/1" : "coffer/row/1");
		coffer_json_text(&json, "table", request->table->name);
		coffer_json_name(&json, "row");
		status = coffer_row_output_write(&rows, row, output, error);
		if (!status && request->is_related) {
			request->related.schema = reading->schema;
			request->related.txn = reading->txn;
			status = coffer_related_print(&request->related, &json,
						      request->table_number, row, error);
		}
		if (!status)
			coffer_json_end(&json);
	} else if (!status && !(status = coffer_row_output_write(&rows, row, output, error))) {
		coffer_output_char(output, '\n');
	}
	coffer_row_output_release(&rows);
	return status;
}

/* COFFER_NOT_FOUND: no row has the key. */
static coffer_status
get(const struct coffer_arguments *arguments, const struct coffer_reading *reading,
    struct request *request, struct coffer_output *output, coffer_error *error)
{
	const coffer_row *row;
	coffer_cursor *cursor;
	coffer_status status =
		coffer_cursor_open(reading->txn, request->table_number, &cursor, error);

	if (!status &&
	    !(status = coffer_cursor_get(cursor, request->index, request->key, &row, error)) &&
	    !(status = coffer_output_open(output, arguments, error)))
		status = print(arguments, reading, request, row, output, error);
	coffer_cursor_close(cursor);
	return status;
}

static int
run(const struct coffer_arguments *arguments, const struct coffer_reading *reading,
    struct request *request)
{
	struct coffer_output output = {.file = -1};
	coffer_error error = {0};
	coffer_status status = get(arguments, reading, request, &output, &error);

	if (status == COFFER_NOT_FOUND)
		return coffer_select_missing(arguments, request->table, 2);
	return coffer_output_close(&output, arguments, status, &error);
}

int
coffer_command_get(struct coffer_arguments *arguments)
{
	struct coffer_reading reading;
	struct request request = {0};
	coffer_error error = {0};
	int code;

	if (coffer_reading_open(&reading, arguments->operands[0], &error))
		code = coffer_report_error(arguments, &error);
	else if (!(code = choose(arguments, reading.schema, &request)))
		code = run(arguments, &reading, &request);
	free(request.columns);
	coffer_reading_close(&reading);
	return code;
}
