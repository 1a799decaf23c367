/*
 * coffer delete: one row by its key, with what foreign keys do to those that refer to it.
 */
#include "json.h"
#include "report.h"
#include "select.h"
#include "writing.h"

struct request {
	const coffer_table *table;
	uint32_t table_number;
	uint16_t index;
	coffer_value key[COFFER_KEY_COLUMNS_MAX];
};

static int
choose(const struct coffer_arguments *arguments, const coffer_schema *schema,
       struct request *request)
{
	int code = coffer_select_table(arguments, schema, arguments->operands[1],
				       &request->table_number);

	if (code)
		return code;
	request->table = &schema->tables[request->table_number];
	if ((code = coffer_select_index(arguments, request->table, COFFER_TREE_HASHED,
					&request->index)))
		return code;
	return coffer_select_key(arguments, request->table, request->index, 2, request->key);
}

/* COFFER_NOT_FOUND: no row has the key. */
static coffer_status
delete_row(struct coffer_writing *writing, const struct request *request, coffer_error *error)
{
	coffer_cursor *cursor = NULL;
	const coffer_row *row;
	uint64_t number = 0;
	coffer_status status = coffer_writing_begin(writing, error);

	if (!status)
		status = coffer_cursor_open(writing->txn, request->table_number, &cursor, error);
	if (!status &&
	    !(status = coffer_cursor_get(cursor, request->index, request->key, &row, error)))
		number = coffer_row_number(row);
	coffer_cursor_close(cursor);
	if (!status)
		status = coffer_delete(writing->txn, request->table_number, number, error);
	return status ? status : coffer_writing_commit(writing, error);
}

static int
print_result(const struct coffer_arguments *arguments, const struct coffer_writing *writing,
	     const struct request *request, coffer_error *error)
{
	const coffer_effects *effects = &writing->effects;
	char deleted[COFFER_COUNT_SIZE];
	struct coffer_output output;
	struct coffer_json json;
	coffer_status status;

	coffer_report_note(arguments, "%s: %s deleted, %llu updated", request->table->name,
			   coffer_count_print(effects->deleted, "row", "rows", deleted),
			   (unsigned long long)effects->updated);
	if (!arguments->is_json)
		return COFFER_EXIT_DONE;
	status = coffer_output_open(&output, arguments, error);
	coffer_json_begin(&json, &output, "coffer/delete/1");
	coffer_json_text(&json, "table", request->table->name);
	coffer_json_number(&json, "deleted", effects->deleted);
	coffer_json_number(&json, "updated", effects->updated);
	coffer_json_end(&json);
	return coffer_output_close(&output, arguments, status, error);
}

int
coffer_command_delete(struct coffer_arguments *arguments)
{
	struct coffer_writing writing;
	struct request request = {0};
	coffer_error error = {0};
	coffer_status status;
	int code;

	if (coffer_writing_open(&writing, arguments->operands[0], &error)) {
		code = coffer_report_error(arguments, &error);
	} else if (!(code = choose(arguments, writing.schema, &request))) {
		status = delete_row(&writing, &request, &error);
		if (status == COFFER_NOT_FOUND)
			code = coffer_select_missing(arguments, request.table, 2);
		else if (status)
			code = coffer_report_error(arguments, &error);
		else
			code = print_result(arguments, &writing, &request, &error);
	}
	coffer_writing_close(&writing);
	return code;
}
