/*
 * coffer scan: rows of a table, all or those of an index, as ndjson.
 */
#include "interrupt.h"
#include "json.h"
#include "row_output.h"
#include "progress.h"
#include "reading.h"
#include "report.h"
#include "select.h"

#include <inttypes.h>
#include <stdlib.h>

enum { POLL_ROWS = 256 }; /* between two looks at the note of an interruption */

/* What is asked for, in numbers of the schema. */
struct request {
	const coffer_table *table;
	uint32_t table_number;
	coffer_scan scan;
	coffer_value equal[COFFER_KEY_COLUMNS_MAX], from, to;
	uint16_t *columns;
	size_t column_count;
	uint64_t limit;
	uint64_t expected; /* rows; 0: not known before */
	bool is_count;
};

/* The values of --key, one a key column from the first. */
static int
choose_keys(const struct coffer_arguments *arguments, struct request *request)
{
	const coffer_index *index = &request->table->indexes[request->scan.index];
	size_t position = 0;
	char *text, columns[COFFER_COUNT_SIZE];
	int code;

	while ((text = coffer_option_next(arguments, COFFER_OPTION_KEY, &position))) {
		size_t count = request->scan.equal_count;

		if (count == index->key_column_count || count == COFFER_KEY_COLUMNS_MAX)
			return coffer_report_usage(arguments,
						   "index %s has %s: too many --key", index->name,
						   coffer_count_print(index->key_column_count, "column",
								      "columns", columns));
		code = coffer_select_value(arguments, request->table, index->key_columns[count],
					   text, &request->equal[count]);
		if (code)
			return code;
		request->scan.equal_count++;
	}
	request->scan.equal = request->equal;
	return COFFER_EXIT_DONE;
}

static int
choose_bound(const struct coffer_arguments *arguments, const struct request *request,
	     enum coffer_option_id id, coffer_value *value, const coffer_value **bound_out)
{
	const coffer_index *index = &request->table->indexes[request->scan.index];
	char *text = coffer_option_value(arguments, id);
	const coffer_column *column;
	uint16_t number;

	if (!text)
		return COFFER_EXIT_DONE;
	if (request->scan.equal_count == index->key_column_count)
		return coffer_report_usage(
			arguments, "index %s has no column behind --key for a range", index->name);
	number = index->key_columns[request->scan.equal_count];
	column = &request->table->columns[number];
	if (column->is_interned)
		return coffer_report_usage(
			arguments, "column %s of index %s takes --key, not a range: it is a text",
			column->name, index->name);
	*bound_out = value;
	return coffer_select_value(arguments, request->table, number, text, value);
}

static int
choose_range(const struct coffer_arguments *arguments, struct request *request)
{
	int code;

	if (request->scan.index == COFFER_NO_INDEX) {
		if (coffer_option_is_given(arguments, COFFER_OPTION_KEY) ||
		    coffer_option_is_given(arguments, COFFER_OPTION_FROM) ||
		    coffer_option_is_given(arguments, COFFER_OPTION_TO))
			return coffer_report_usage(arguments,
						   "--key, --from and --to need --index");
		return COFFER_EXIT_DONE;
	}
	if ((code = choose_keys(arguments, request)) ||
	    (code = choose_bound(arguments, request, COFFER_OPTION_FROM, &request->from,
				 &request->scan.from)))
		return code;
	return choose_bound(arguments, request, COFFER_OPTION_TO, &request->to, &request->scan.to);
}

static int
choose(const struct coffer_arguments *arguments, const coffer_schema *schema,
       struct request *request)
{
	int code;

	*request = (struct request){
		.scan.is_reverse = coffer_option_is_given(arguments, COFFER_OPTION_REVERSE),
		.is_count = coffer_option_is_given(arguments, COFFER_OPTION_COUNT_ROWS),
	};
	if ((code = coffer_option_number(arguments, COFFER_OPTION_LIMIT, UINT64_MAX,
					 &request->limit)) ||
	    (code = coffer_select_table(arguments, schema, arguments->operands[1],
					&request->table_number)))
		return code;
	request->table = &schema->tables[request->table_number];
	if ((code = coffer_select_index(arguments, request->table, COFFER_TREE_ORDERED,
					&request->scan.index)) ||
	    (code = choose_range(arguments, request)))
		return code;
	return coffer_select_columns(arguments, request->table, &request->columns,
				     &request->column_count);
}

/* A slow scan is interrupted, and its progress told where the rows do not go to the terminal. */
static coffer_status
poll(struct coffer_progress_line *line, const struct request *request, uint64_t rows,
     coffer_error *error)
{
	if (rows % POLL_ROWS || coffer_progress_tell(line, request->table->name, rows, 0))
		return COFFER_OK;
	return coffer_error_set(error, COFFER_INTERRUPTED, "interrupted");
}

static coffer_status
count_rows(coffer_cursor *cursor, const struct request *request, struct coffer_progress_line *line,
	   uint64_t *rows_out, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	uint64_t number;

	while (!status && *rows_out < request->limit) {
		if (!(status = coffer_cursor_next_number(cursor, &number, error)))
			status = poll(line, request, ++*rows_out, error);
	}
	return status;
}

/* Under --json the rows are members of an array, a line each all the same. */
static coffer_status
print_rows(coffer_cursor *cursor, const struct request *request, struct coffer_output *output,
	   bool is_array, struct coffer_progress_line *line, uint64_t *rows_out,
	   coffer_error *error)
{
	struct coffer_row_output rows;
	coffer_status status = coffer_row_output_init(&rows, request->table, request->columns,
						  request->column_count, error);
	const coffer_row *row;

	while (!status && *rows_out < request->limit && !output->failure) {
		if ((status = coffer_cursor_next(cursor, &row, error)))
			break;
		if (is_array)
			coffer_output_text(output, *rows_out ? ",\n\t\t" : "\n\t\t");
		if ((status = coffer_row_output_write(&rows, row, output, error)))
			break;
		if (!is_array)
			coffer_output_char(output, '\n');
		status = poll(line, request, ++*rows_out, error);
	}
	coffer_row_output_release(&rows);
	return status;
}

static coffer_status
print(const struct coffer_arguments *arguments, coffer_cursor *cursor,
      const struct request *request, struct coffer_output *output, coffer_error *error)
{
	struct coffer_progress_line line;
	struct coffer_json json;
	coffer_status status;
	uint64_t rows = 0;

	coffer_progress_begin(&line, arguments);
	line.is_drawn = line.is_drawn && !output->is_terminal;
	line.rows_expected = request->expected;
	if (arguments->is_json) {
		coffer_json_begin(&json, output,
				  request->is_count ? "coffer/count/1" : "coffer/rows/1");
		coffer_json_text(&json, "table", request->table->name);
	}
	if (arguments->is_json && !request->is_count)
		coffer_json_open(&json, "rows", '[');
	if (request->is_count)
		status = count_rows(cursor, request, &line, &rows, error);
	else
		status = print_rows(cursor, request, output, arguments->is_json, &line, &rows,
				    error);
	coffer_progress_clear();
	if (status < 0)
		return status;
	if (arguments->is_json) {
		json.is_empty = json.is_empty && !rows;
		if (!request->is_count)
			coffer_json_close(&json, ']');
		coffer_json_number(&json, "count", rows);
		coffer_json_end(&json);
	} else if (request->is_count) {
		coffer_output_format(output, "%" PRIu64 "\n", rows);
	}
	return COFFER_OK;
}

static coffer_status
scan(const struct coffer_arguments *arguments, const struct coffer_reading *reading,
     struct request *request, struct coffer_output *output, coffer_error *error)
{
	coffer_cursor *cursor;
	coffer_status status =
		coffer_cursor_open(reading->txn, request->table_number, &cursor, error);

	if (!status && request->scan.index == COFFER_NO_INDEX)
		status = coffer_table_count(reading->txn, request->table_number, &request->expected,
					    error);
	if (request->expected > request->limit)
		request->expected = request->limit;
	if (!status && !(status = coffer_cursor_scan(cursor, &request->scan, error)))
		status = print(arguments, cursor, request, output, error);
	coffer_cursor_close(cursor);
	return status;
}

static int
run(const struct coffer_arguments *arguments, const struct coffer_reading *reading,
    struct request *request)
{
	struct coffer_output output;
	coffer_error error = {0};
	coffer_status status = coffer_output_open(&output, arguments, &error);

	if (!status)
		status = scan(arguments, reading, request, &output, &error);
	return coffer_output_close(&output, arguments, status, &error);
}

int
coffer_command_scan(struct coffer_arguments *arguments)
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
