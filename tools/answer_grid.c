/*
 * table, box and markdown: cells below each other. The first rows are kept until there are enough of them to know the
 * widths, or no more come; then everything is printed as it comes.
 */
#include "answer_parts.h"

#include <stdlib.h>

/* What stands around the cells of a line; of a rule, what its dashes are. */
struct frame {
	const char *left, *between, *right, *dash;
};

static const struct frame row_frames[] = {
	[COFFER_ANSWER_TABLE] = {" ", " | ", "", NULL},
	[COFFER_ANSWER_BOX] = {"\xe2\x94\x82 ", " \xe2\x94\x82 ", " \xe2\x94\x82", NULL},
	[COFFER_ANSWER_MARKDOWN] = {"| ", " | ", " |", NULL},
};
static const struct frame header_rules[] = {
	[COFFER_ANSWER_TABLE] = {"", "+", "", "-"},
	[COFFER_ANSWER_BOX] = {"\xe2\x94\x9c", "\xe2\x94\xbc", "\xe2\x94\xa4", "\xe2\x94\x80"},
	[COFFER_ANSWER_MARKDOWN] = {"|", "|", "|", "-"},
};
static const struct frame top_rule = {"\xe2\x94\x8c", "\xe2\x94\xac", "\xe2\x94\x90", "\xe2\x94\x80"};
static const struct frame bottom_rule = {"\xe2\x94\x94", "\xe2\x94\xb4", "\xe2\x94\x98",
					 "\xe2\x94\x80"};

static bool
is_right(const struct coffer_answer *answer, size_t column)
{
	return answer->columns[column].has_number && !answer->columns[column].has_other;
}

static void
print_rule(struct coffer_answer *answer, const struct frame *rule)
{
	struct coffer_output *output = answer->output;
	bool is_markdown = answer->style.mode == COFFER_ANSWER_MARKDOWN;

	coffer_output_text(output, rule->left);
	for (size_t i = 0; i < answer->column_count; i++) {
		bool has_colon = is_markdown && is_right(answer, i);

		if (i)
			coffer_output_text(output, rule->between);
		for (size_t dash = 0; dash < answer->columns[i].width + 2 - has_colon; dash++)
			coffer_output_text(output, rule->dash);
		if (has_colon)
			coffer_output_char(output, ':');
	}
	coffer_output_text(output, rule->right);
	coffer_output_char(output, '\n');
}

static void
pad(struct coffer_output *output, size_t width, size_t wanted)
{
	for (; width < wanted; width++)
		coffer_output_char(output, ' ');
}

/* The last cell of a line without a frame on its right is not filled up. */
static void
print_cell(struct coffer_answer *answer, size_t column, coffer_text text, size_t width)
{
	const struct frame *frame = &row_frames[answer->style.mode];
	size_t wanted = answer->columns[column].width;

	coffer_output_text(answer->output, column ? frame->between : frame->left);
	if (is_right(answer, column))
		pad(answer->output, width, wanted);
	coffer_output_bytes(answer->output, text.data, text.size);
	if (!is_right(answer, column) && (*frame->right || column + 1 < answer->column_count))
		pad(answer->output, width, wanted);
	if (column + 1 < answer->column_count)
		return;
	coffer_output_text(answer->output, frame->right);
	coffer_output_char(answer->output, '\n');
}

static size_t
name_width(struct coffer_answer *answer, size_t column, coffer_buffer *out)
{
	const char *name = sqlite3_column_name(answer->statement, (int)column);
	bool is_markdown = answer->style.mode == COFFER_ANSWER_MARKDOWN;

	if (!name) {
		out->is_failed = true;
		return 0;
	}
	return coffer_answer_cell_text(out, (coffer_text){name, strlen(name)}, is_markdown,
				       is_markdown ? 0 : (size_t)answer->style.width_max);
}

static void
print_head(struct coffer_answer *answer)
{
	if (answer->style.mode == COFFER_ANSWER_BOX)
		print_rule(answer, &top_rule);
	if (!answer->style.has_header)
		return;
	for (size_t i = 0; i < answer->column_count; i++) {
		coffer_buffer *name = &answer->columns[i].name;
		size_t width;

		coffer_buffer_clear(name);
		width = name_width(answer, i, name);
		print_cell(answer, i, (coffer_text){name->data, name->size}, width);
	}
	print_rule(answer, &header_rules[answer->style.mode]);
}

/* Print what was kept: from here on the widths stand. */
static void
settle(struct coffer_answer *answer)
{
	print_head(answer);
	for (size_t i = 0; i < answer->cell_count; i++) {
		const struct coffer_answer_cell *cell = &answer->cells[i];

		print_cell(answer, i % answer->column_count,
			   (coffer_text){answer->texts.data + cell->at, cell->size}, cell->width);
	}
	free(answer->cells);
	answer->cells = NULL;
}

coffer_status
coffer_answer_grid_begin(struct coffer_answer *answer)
{
	size_t rows = COFFER_ANSWER_SAMPLE_CELLS / (answer->column_count + 1) + 1;
	bool is_failed = false;

	answer->cell_max = rows * answer->column_count;
	answer->cells = calloc(answer->cell_max + 1, sizeof(*answer->cells));
	for (size_t i = 0; i < answer->column_count; i++) {
		struct coffer_answer_column *column = &answer->columns[i];
		size_t width = name_width(answer, i, &column->name);

		column->width = answer->style.has_header ? width : 0;
		is_failed = is_failed || column->name.is_failed;
	}
	return is_failed || !answer->cells ? COFFER_NO_MEMORY : COFFER_OK;
}

static void
keep_cell(struct coffer_answer *answer, size_t number)
{
	struct coffer_answer_column *column = &answer->columns[number];
	struct coffer_answer_cell *cell = &answer->cells[answer->cell_count++];
	bool is_number;

	cell->at = answer->texts.size;
	cell->width = coffer_answer_cell(&answer->texts, answer, (int)number, &is_number);
	cell->size = answer->texts.size - cell->at;
	if (cell->width > column->width)
		column->width = cell->width;
	if (is_number)
		column->has_number = true;
	else if (sqlite3_column_type(answer->statement, (int)number) != SQLITE_NULL)
		column->has_other = true;
}

static void
print_row(struct coffer_answer *answer)
{
	bool is_number;

	for (size_t i = 0; i < answer->column_count; i++) {
		size_t width;

		coffer_buffer_clear(&answer->texts);
		width = coffer_answer_cell(&answer->texts, answer, (int)i, &is_number);
		print_cell(answer, i, (coffer_text){answer->texts.data, answer->texts.size}, width);
	}
}

coffer_status
coffer_answer_grid_row(struct coffer_answer *answer)
{
	if (!answer->cells) {
		print_row(answer);
		return answer->texts.is_failed ? COFFER_NO_MEMORY : COFFER_OK;
	}
	for (size_t i = 0; i < answer->column_count; i++)
		keep_cell(answer, i);
	if (answer->texts.is_failed)
		return COFFER_NO_MEMORY;
	if (answer->cell_count == answer->cell_max ||
	    answer->texts.size >= COFFER_ANSWER_SAMPLE_SIZE)
		settle(answer);
	return COFFER_OK;
}

void
coffer_answer_grid_end(struct coffer_answer *answer, bool is_whole)
{
	if (answer->cells && !answer->texts.is_failed)
		settle(answer);
	if (is_whole && answer->style.mode == COFFER_ANSWER_BOX)
		print_rule(answer, &bottom_rule);
}
