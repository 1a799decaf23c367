/*
 * Differences for people: lines that a terminal shows, each value cut where it gets long.
 */
#include "differences_parts.h"

#include "report.h"
#include "transfer/ndjson_write.h"

#include <stdio.h>

enum { VALUE_WIDTH = 60 }; /* bytes of a value that are shown */

/* Is a character of UTF-8 going on at this byte? */
static bool
is_within_character(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* Print a written value from `begin` on, cut at both ends where it has to be: at a whole character. */
static void
print_cut(coffer_buffer *lines, const coffer_buffer *written, size_t begin)
{
	size_t end = written->size;

	if (end - begin > VALUE_WIDTH)
		end = begin + VALUE_WIDTH;
	while (end < written->size && end > begin && is_within_character(written->data[end]))
		end--;
	coffer_buffer_text(lines, begin ? "..." : "");
	coffer_buffer_append(lines, written->data + begin, end - begin);
	coffer_buffer_text(lines, end < written->size ? "..." : "");
}

static coffer_status
write_value(coffer_buffer *written, const coffer_table *table, uint16_t column,
	    const coffer_value *values, coffer_error *error)
{
	coffer_status status;

	coffer_buffer_clear(written);
	status = coffer_ndjson_value(&table->columns[column], &values[column], written, error);
	if (!status && written->is_failed)
		status = coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a value");
	return status;
}

/*
 * Where to begin to print two values so that what differs is seen: at their beginning, or a little before the first difference
 * where that is too far from it.
 */
static size_t
find_begin(const coffer_buffer *left, const coffer_buffer *right)
{
	size_t end = left->size < right->size ? left->size : right->size, begin = 0;

	while (begin < end && left->data[begin] == right->data[begin])
		begin++;
	if (begin < VALUE_WIDTH)
		return 0;
	begin -= VALUE_WIDTH / 3;
	while (begin && is_within_character(left->data[begin]))
		begin--;
	return begin;
}

static coffer_status
print_name(struct coffer_differences *differences, const struct coffer_compared_row *row,
	   coffer_error *error)
{
	const struct coffer_naming naming = coffer_differences_name(row);
	coffer_buffer *lines = &differences->lines, *written = &differences->written[0];
	coffer_status status = COFFER_OK;

	coffer_buffer_text(lines, "  [");
	for (size_t i = 0; !status && i < naming.count; i++) {
		coffer_buffer_printf(lines, "%s%s=", i ? ", " : "",
				     naming.table->columns[naming.columns[i]].name);
		status =
			write_value(written, naming.table, naming.columns[i], naming.values, error);
		if (!status)
			print_cut(lines, written, 0);
	}
	coffer_buffer_text(lines, "]");
	return status;
}

static coffer_status
print_change(struct coffer_differences *differences, const struct coffer_compared_row *row,
	     const struct coffer_column_pair *pair, coffer_error *error)
{
	const struct coffer_compared_table *table = row->table;
	coffer_buffer *lines = &differences->lines;
	coffer_buffer *left = &differences->written[0], *right = &differences->written[1];
	coffer_status status = print_name(differences, row, error);
	size_t begin;

	if (status || (status = write_value(left, table->left, pair->left, row->left, error)) ||
	    (status = write_value(right, table->right, pair->right, row->right, error)))
		return status;
	begin = find_begin(left, right);
	coffer_buffer_printf(lines, ".%s: ", table->left->columns[pair->left].name);
	print_cut(lines, left, begin);
	coffer_buffer_printf(lines, " %s, ", differences->left.place);
	print_cut(lines, right, begin);
	coffer_buffer_printf(lines, " %s\n", differences->right.place);
	return COFFER_OK;
}

/* A line for each column that differs. */
static coffer_status
print_changes(struct coffer_differences *differences, const struct coffer_compared_row *row,
	      coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < row->changed_count; i++)
		status = print_change(differences, row, &row->table->pairs[row->changed[i]], error);
	return status;
}

coffer_status
coffer_differences_print_row(struct coffer_differences *differences,
			     const struct coffer_compared_row *row, coffer_error *error)
{
	coffer_status status;

	if (row->left && row->right)
		return print_changes(differences, row, error);
	status = print_name(differences, row, error);
	coffer_buffer_printf(&differences->lines, ": only %s\n",
			     row->left ? differences->left.place : differences->right.place);
	return status;
}

void
coffer_differences_print_column(struct coffer_differences *differences, const coffer_column *left,
				const coffer_column *right)
{
	coffer_buffer_printf(&differences->lines, "  .%s: %s %s, %s %s\n",
			     left ? left->name : right->name, left ? left->type : "no column",
			     differences->left.place, right ? right->type : "no column",
			     differences->right.place);
}

/* How far a name reaches on the screen: bytes that continue a character do not count. */
int
coffer_differences_width(const char *name)
{
	int width = 0;

	for (; *name; name++)
		width += ((unsigned char)*name & 0xc0) != 0x80;
	return width;
}

static const char *
print_rows(bool is_there, uint64_t rows, char out[COFFER_NUMBER_SIZE])
{
	return is_there ? coffer_number_print(rows, out) : "-";
}

void
coffer_differences_print_head(struct coffer_differences *differences)
{
	char only[2][32];

	snprintf(only[0], sizeof(only[0]), "only %s", differences->left.place);
	snprintf(only[1], sizeof(only[1]), "only %s", differences->right.place);
	coffer_output_format(differences->output, "%-*s %13s %13s %13s %10s %10s %10s\n",
			     differences->name_width, "table", differences->left.column,
			     differences->right.column, "same", "changed", only[0], only[1]);
}

static void
print_counts(struct coffer_differences *differences, const struct coffer_compared_table *table)
{
	const char *name = table->left ? table->left->name : table->right->name;
	uint64_t both = table->same + table->changed;
	char numbers[6][COFFER_NUMBER_SIZE];

	coffer_output_safe(differences->output, name, strlen(name));
	coffer_output_format(differences->output, "%*s %13s %13s %13s %10s %10s %10s\n",
			     differences->name_width - coffer_differences_width(name), "",
			     print_rows(table->left, both + table->only_left, numbers[0]),
			     print_rows(table->right, both + table->only_right, numbers[1]),
			     coffer_number_print(table->same, numbers[2]),
			     coffer_number_print(table->changed, numbers[3]),
			     coffer_number_print(table->only_left, numbers[4]),
			     coffer_number_print(table->only_right, numbers[5]));
}

/* "12.5", "2024-11-05 10:20:30 to 2024-11-06 10:20:30", or "none" where no row has a value. */
static void
print_total(const struct coffer_total *total, const coffer_column *column, char *out, size_t size)
{
	char least[COFFER_SCALAR_TEXT_SIZE], greatest[COFFER_SCALAR_TEXT_SIZE];

	if (!total->values) {
		snprintf(out, size, "none");
	} else if (total->kind == COFFER_TOTAL_SUM) {
		coffer_total_print(total, column, least);
		snprintf(out, size, "%s", least);
	} else {
		coffer_time_print(total->least, column->has_zone, least);
		coffer_time_print(total->greatest, column->has_zone, greatest);
		snprintf(out, size, "%s to %s", least, greatest);
	}
}

/* Sums are all printed; of the ranges that of the table's own time, and what differs. */
static void
print_totals(struct coffer_differences *differences, const struct coffer_compared_table *table)
{
	for (size_t i = 0; i < table->pair_count; i++) {
		const struct coffer_column_pair *pair = &table->pairs[i];
		const struct coffer_total *left = &table->left_totals[i],
					  *right = &table->right_totals[i];
		const coffer_column *column = &table->left->columns[pair->left];
		const char *what = left->kind == COFFER_TOTAL_SUM ? "sum " : "";
		char texts[2][128];

		if (left->kind == COFFER_TOTAL_NONE || (!left->values && !right->values))
			continue;
		print_total(left, column, texts[0], sizeof(texts[0]));
		print_total(right, &table->right->columns[pair->right], texts[1], sizeof(texts[1]));
		if (strcmp(texts[0], texts[1]) != 0)
			coffer_buffer_printf(&differences->lines, "  %s: %s%s %s, %s %s\n",
					     column->name, what, texts[0], differences->left.place,
					     texts[1], differences->right.place);
		else if (left->kind == COFFER_TOTAL_SUM || pair->left == table->left->time_column)
			coffer_buffer_printf(&differences->lines, "  %s: %s%s on both sides\n",
					     column->name, what, texts[0]);
	}
}

static void
print_lines(struct coffer_differences *differences, const struct coffer_compared_table *table)
{
	uint64_t found = table->changed + table->only_left +
			 (table->is_subset ? 0 : table->only_right);
	char number[COFFER_COUNT_SIZE];

	if (found > differences->limit)
		coffer_buffer_printf(&differences->lines, "  and %s\n",
				     coffer_count_print(found - differences->limit, "more row",
							"more rows", number));
	if (differences->is_reconciling)
		print_totals(differences, table);
	if (differences->lines.size)
		coffer_output_safe(differences->output, differences->lines.data,
				   differences->lines.size);
	coffer_buffer_clear(&differences->lines);
}

void
coffer_differences_print_table(struct coffer_differences *differences,
			       const struct coffer_compared_table *table)
{
	print_counts(differences, table);
	print_lines(differences, table);
}
