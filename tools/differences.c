/*
 * Differences for people and for programs. A table's line has its counts, which are whole only behind its last row, so
 * that what people see of its rows waits for it: as text, and no more of them than were asked for.
 */
#include "differences_parts.h"

#include "progress.h"
#include "report.h"

#include <inttypes.h>

enum {
	NAMING_COLUMNS = 3, /* that name a row without a key */
	NAME_WIDTH_MIN = 5,
};

/* ------------------------------------------------------------------ rows and their names */

static void
name_by(struct coffer_naming *naming, const coffer_table *of, const coffer_index *key)
{
	naming->count = key->key_column_count;
	for (size_t i = 0; i < naming->count; i++)
		naming->columns[i] = coffer_table_find_column(
			naming->table, of->columns[key->key_columns[i]].name);
	naming->is_key = true;
}

struct coffer_naming
coffer_differences_name(const struct coffer_compared_row *row)
{
	const struct coffer_compared_table *table = row->table;
	struct coffer_naming naming = {
		.table = row->left ? table->left : table->right,
		.values = row->left ? row->left : row->right,
	};

	if (table->key) {
		name_by(&naming, table->left, table->key);
	} else if (naming.table->primary != COFFER_NO_INDEX) {
		name_by(&naming, naming.table, &naming.table->indexes[naming.table->primary]);
	} else {
		while (naming.count < NAMING_COLUMNS && naming.count < naming.table->column_count) {
			naming.columns[naming.count] = (uint16_t)naming.count;
			naming.count++;
		}
	}
	return naming;
}

/* ------------------------------------------------------------------ what a comparison tells */

static void
begin_table(void *context, const struct coffer_compared_table *table)
{
	struct coffer_differences *differences = context;
	struct coffer_json *json = &differences->json;

	differences->told = 0;
	if (!differences->is_json)
		return;
	coffer_json_open(json, NULL, '{');
	coffer_json_text(json, "table", table->left ? table->left->name : table->right->name);
	coffer_json_open(json, differences->is_reconciling ? "columns" : "differences", '[');
	differences->is_in_rows = !differences->is_reconciling;
}

/* Each line of ndjson is a document of its own. */
static void
begin_line(struct coffer_differences *differences)
{
	if (differences->is_ndjson)
		differences->json =
			(struct coffer_json){.output = differences->output, .is_empty = true};
}

static void
end_line(struct coffer_differences *differences)
{
	if (differences->is_ndjson)
		coffer_output_char(differences->output, '\n');
}

static void
take_column(void *context, const struct coffer_compared_table *table, const coffer_column *left,
	    const coffer_column *right)
{
	struct coffer_differences *differences = context;

	if (!differences->is_json && !differences->is_ndjson) {
		coffer_differences_print_column(differences, left, right);
		return;
	}
	begin_line(differences);
	coffer_differences_write_column(differences, table, left, right);
	end_line(differences);
}

/* From the columns of a table to its rows. */
static void
turn_to_rows(struct coffer_differences *differences)
{
	if (!differences->is_json || differences->is_in_rows)
		return;
	coffer_json_close(&differences->json, ']');
	coffer_json_open(&differences->json, "differences", '[');
	differences->is_in_rows = true;
}

static coffer_status
take_row(void *context, const struct coffer_compared_row *row, coffer_error *error)
{
	struct coffer_differences *differences = context;
	coffer_status status;

	if (differences->told == differences->limit)
		return COFFER_OK;
	differences->told++;
	if (!differences->is_json && !differences->is_ndjson) {
		status = coffer_differences_print_row(differences, row, error);
	} else {
		turn_to_rows(differences);
		begin_line(differences);
		status = coffer_differences_write_row(differences, row, error);
		end_line(differences);
	}
	if (status)
		return status;
	if (differences->lines.is_failed)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the differences");
	if (differences->output->failure)
		return coffer_error_set(error, COFFER_IO, "the output failed");
	return COFFER_OK;
}

static void
end_table(void *context, const struct coffer_compared_table *table)
{
	struct coffer_differences *differences = context;

	if (differences->is_json) {
		turn_to_rows(differences);
		coffer_json_close(&differences->json, ']');
		coffer_differences_write_table(differences, table);
		coffer_json_close(&differences->json, '}');
	} else if (!differences->is_ndjson) {
		coffer_progress_clear();
		if (!differences->is_begun)
			coffer_differences_print_head(differences);
		differences->is_begun = true;
		coffer_differences_print_table(differences, table);
	}
}

/* ------------------------------------------------------------------ the whole */

static int
widest_name(const coffer_schema *schema, int width)
{
	for (size_t i = 0; i < schema->table_count; i++)
		if (coffer_differences_width(schema->tables[i].name) > width)
			width = coffer_differences_width(schema->tables[i].name);
	return width;
}

void
coffer_differences_begin(struct coffer_differences *differences, const coffer_schema *left,
			 const coffer_schema *right)
{
	differences->name_width = widest_name(right, widest_name(left, NAME_WIDTH_MIN));
	if (differences->is_json)
		coffer_json_open(&differences->json, "tables", '[');
}

struct coffer_compare_options
coffer_differences_options(struct coffer_differences *differences)
{
	return (struct coffer_compare_options){
		.begin = begin_table,
		.column = differences->is_reconciling ? take_column : NULL,
		.row = take_row,
		.end = end_table,
		.context = differences,
		.is_subset = differences->is_subset,
	};
}

/* What was left out of the comparison. */
static void
print_part(const struct coffer_differences *differences)
{
	char since[COFFER_SCALAR_TEXT_SIZE], tables[COFFER_COUNT_SIZE];

	coffer_time_print(differences->since, true, since);
	if (differences->has_since)
		coffer_output_format(differences->output, "logs: only rows from %s on\n", since);
	if (differences->tables_outside)
		coffer_output_format(differences->output, "not compared: %s only %s\n",
				     coffer_count_print(differences->tables_outside, "table", "tables",
							tables),
				     differences->right.place);
}

static void
print_end(struct coffer_differences *differences, const struct coffer_compare_summary *summary,
	  bool has_others)
{
	struct coffer_output *output = differences->output;
	char numbers[3][COFFER_NUMBER_SIZE], tables[COFFER_COUNT_SIZE], rows[COFFER_COUNT_SIZE];

	if (!summary->tables_different && !has_others) {
		coffer_output_format(output, "equal: %s, %s",
				     coffer_count_print(summary->tables, "table", "tables", tables),
				     coffer_count_print(summary->same, "row", "rows", rows));
		if (differences->is_subset)
			coffer_output_format(output, ", %s more only %s",
					     coffer_number_print(summary->only_right, numbers[1]),
					     differences->right.place);
		coffer_output_char(output, '\n');
	} else if (!summary->tables_different) {
		coffer_output_text(output, "different: the schema, no row\n");
	} else {
		coffer_output_format(output,
				     "different: %" PRIu64
				     " of %s; rows: %s changed, %s only %s, %s only %s\n",
				     summary->tables_different,
				     coffer_count_print(summary->tables, "table", "tables", tables),
				     coffer_number_print(summary->changed, numbers[0]),
				     coffer_number_print(summary->only_left, numbers[1]),
				     differences->left.place,
				     coffer_number_print(summary->only_right, numbers[2]),
				     differences->right.place);
	}
}

static void
write_end(struct coffer_differences *differences, const struct coffer_compare_summary *summary,
	  bool has_others)
{
	struct coffer_json *json = &differences->json;
	char since[COFFER_SCALAR_TEXT_SIZE];

	coffer_json_close(json, ']');
	if (differences->has_since) {
		coffer_time_print(differences->since, true, since);
		coffer_json_text(json, "since", since);
	}
	if (differences->is_subset)
		coffer_json_bool(json, "subset", true);
	coffer_json_number(json, "tables_outside", differences->tables_outside);
	coffer_json_number(json, "tables_different", summary->tables_different);
	coffer_json_bool(json, "equal", !summary->tables_different && !has_others);
	coffer_json_end(json);
}

void
coffer_differences_end(struct coffer_differences *differences,
		       const struct coffer_compare_summary *summary, bool has_others)
{
	if (differences->is_json) {
		write_end(differences, summary, has_others);
	} else if (!differences->is_ndjson) {
		print_part(differences);
		print_end(differences, summary, has_others);
	}
}

void
coffer_differences_release(struct coffer_differences *differences)
{
	coffer_buffer_release(&differences->lines);
	coffer_buffer_release(&differences->written[0]);
	coffer_buffer_release(&differences->written[1]);
}
