/*
 * Which of the families of modes prints an answer. Each of them says only that memory is out: the message is made here.
 */
#include "answer_parts.h"

#include <stdlib.h>

const char *const coffer_answer_mode_names[COFFER_ANSWER_MODES] = {
	[COFFER_ANSWER_TABLE] = "table", [COFFER_ANSWER_BOX] = "box",
	[COFFER_ANSWER_MARKDOWN] = "markdown", [COFFER_ANSWER_CSV] = "csv",
	[COFFER_ANSWER_JSON] = "json", [COFFER_ANSWER_NDJSON] = "ndjson",
};

bool
coffer_answer_mode_find(const char *name, enum coffer_answer_mode *mode_out)
{
	for (int i = 0; i < COFFER_ANSWER_MODES; i++) {
		if (strcmp(name, coffer_answer_mode_names[i]) != 0)
			continue;
		*mode_out = (enum coffer_answer_mode)i;
		return true;
	}
	return false;
}

static coffer_status
told(coffer_status status, coffer_error *error)
{
	return status ? coffer_error_set(error, status, "no memory for the answer") : COFFER_OK;
}

coffer_status
coffer_answer_begin(struct coffer_answer *answer, struct coffer_output *output,
		    const struct coffer_answer_style *style, sqlite3_stmt *statement,
		    coffer_error *error)
{
	*answer = (struct coffer_answer){
		.output = output,
		.style = *style,
		.statement = statement,
		.column_count = (size_t)sqlite3_column_count(statement),
	};
	answer->columns = calloc(answer->column_count + 1, sizeof(*answer->columns));
	if (!answer->columns)
		return told(COFFER_NO_MEMORY, error);
	switch (style->mode) {
	case COFFER_ANSWER_CSV:
		return told(coffer_answer_csv_begin(answer), error);
	case COFFER_ANSWER_JSON:
	case COFFER_ANSWER_NDJSON:
		return told(coffer_answer_json_begin(answer), error);
	default:
		return told(coffer_answer_grid_begin(answer), error);
	}
}

coffer_status
coffer_answer_row(struct coffer_answer *answer, coffer_error *error)
{
	coffer_status status;

	switch (answer->style.mode) {
	case COFFER_ANSWER_CSV:
		status = coffer_answer_csv_row(answer);
		break;
	case COFFER_ANSWER_JSON:
	case COFFER_ANSWER_NDJSON:
		status = coffer_answer_json_row(answer);
		break;
	default:
		status = coffer_answer_grid_row(answer);
	}
	answer->rows++;
	return told(status, error);
}

void
coffer_answer_end(struct coffer_answer *answer, bool is_whole)
{
	if (answer->columns && answer->style.mode == COFFER_ANSWER_JSON)
		coffer_answer_json_end(answer, is_whole);
	else if (answer->columns && answer->style.mode < COFFER_ANSWER_CSV)
		coffer_answer_grid_end(answer, is_whole);
	for (size_t i = 0; answer->columns && i < answer->column_count; i++)
		coffer_buffer_release(&answer->columns[i].name);
	free(answer->columns);
	free(answer->cells);
	coffer_buffer_release(&answer->texts);
	answer->columns = NULL;
	answer->cells = NULL;
}
