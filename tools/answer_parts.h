/* What answer*.c share: a cell's text, and the two families of modes. */
#ifndef TOOLS_ANSWER_PARTS_H
#define TOOLS_ANSWER_PARTS_H

#include "answer.h"

/* How many bytes at the front of a text are UTF-8. */
size_t
coffer_answer_utf8_size(coffer_text text);

/*
 * Append a text for eyes: one line, control characters, marks of writing direction and what is not UTF-8 escaped, cut at
 * `width_max` columns (0: never) with "..." as one character. Returns its width in columns.
 */
size_t
coffer_answer_cell_text(coffer_buffer *out, coffer_text text, bool is_markdown, size_t width_max);

/* The same of a column of the statement's row. */
size_t
coffer_answer_cell(coffer_buffer *out, const struct coffer_answer *answer, int column,
		   bool *is_number_out);

/* table, box, markdown */
coffer_status
coffer_answer_grid_begin(struct coffer_answer *answer);
coffer_status
coffer_answer_grid_row(struct coffer_answer *answer);
void
coffer_answer_grid_end(struct coffer_answer *answer, bool is_whole);

/* csv, json, ndjson */
coffer_status
coffer_answer_csv_begin(struct coffer_answer *answer);
coffer_status
coffer_answer_csv_row(struct coffer_answer *answer);
coffer_status
coffer_answer_json_begin(struct coffer_answer *answer);
coffer_status
coffer_answer_json_row(struct coffer_answer *answer);
void
coffer_answer_json_end(struct coffer_answer *answer, bool is_whole);

#endif
