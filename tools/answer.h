/*
 * The answer of a statement, printed row by row in one of six ways.
 *
 * table, box and markdown are for eyes: cells stand below each other, NULL is a word, control characters are escaped,
 * and a long cell may be cut. The columns' widths are those of the first rows (ANSWER_SAMPLE_...): a wider cell that
 * comes later sticks out. csv, json and ndjson are for programs: nothing is cut, whatever its size. In all of them
 * integers have their 64 bits, a real is the shortest decimal that reads back, and a blob is \x and hexadecimal digits.
 */
#ifndef TOOLS_ANSWER_H
#define TOOLS_ANSWER_H

#include "output.h"

#include "sql/sqlite.h"

enum coffer_answer_mode {
	COFFER_ANSWER_TABLE,    /* columns parted by bars */
	COFFER_ANSWER_BOX,      /* the same, framed by lines */
	COFFER_ANSWER_MARKDOWN, /* a table of GitHub's Markdown */
	COFFER_ANSWER_CSV,      /* RFC 4180; NULL is empty, an empty text is "" */
	COFFER_ANSWER_JSON,     /* an array of objects */
	COFFER_ANSWER_NDJSON,   /* an object a line */
	COFFER_ANSWER_MODES,
};

/* By enum coffer_answer_mode: "table" ... */
extern const char *const coffer_answer_mode_names[COFFER_ANSWER_MODES];

/* False: there is no mode of this name. */
bool
coffer_answer_mode_find(const char *name, enum coffer_answer_mode *mode_out);

enum { COFFER_ANSWER_WIDTH = 60 }; /* what width_max is where nobody says */

struct coffer_answer_style {
	enum coffer_answer_mode mode;
	bool has_header;       /* the names of the columns; JSON has them always */
	const char *null_text; /* not for JSON; NULL: "NULL", in csv nothing */
	uint64_t width_max;    /* in table and box a longer cell is cut at so many columns; 0: never */
};

/* The rows whose widths are looked at: so many cells, at least one row, or so many bytes. */
enum { COFFER_ANSWER_SAMPLE_CELLS = 4096, COFFER_ANSWER_SAMPLE_SIZE = 1 << 20 };

struct coffer_answer_column {
	coffer_buffer name; /* as it is printed */
	size_t width;       /* of the name and the cells of the sample */
	bool has_number, has_other;
};

/* A cell of the sample: `text` is from `at` on. */
struct coffer_answer_cell {
	size_t at, size, width;
};

/* Private to answer*.c. */
struct coffer_answer {
	struct coffer_output *output;
	struct coffer_answer_style style;
	sqlite3_stmt *statement;
	struct coffer_answer_column *columns;
	size_t column_count;
	uint64_t rows;
	struct coffer_answer_cell *cells; /* the sample; NULL once it was printed */
	size_t cell_count, cell_max;
	coffer_buffer texts; /* of the sample, then of one cell */
};

/*
 * Begin to print what `statement`, which is prepared, gives. `output`, `statement` and the style's texts outlive the
 * answer. Widths are those of the locale's character set, which the caller chooses. COFFER_NO_MEMORY; end always.
 */
COFFER_CHECKED coffer_status
coffer_answer_begin(struct coffer_answer *answer, struct coffer_output *output,
		    const struct coffer_answer_style *style, sqlite3_stmt *statement,
		    coffer_error *error);

/* Print the row on which the statement stands. What fails in writing is the output's to tell. COFFER_NO_MEMORY */
COFFER_CHECKED coffer_status
coffer_answer_row(struct coffer_answer *answer, coffer_error *error);

/*
 * Print what is left and release everything; when not all rows came, `is_whole` is false and nothing closes the answer, so
 * that it shows.
 */
void
coffer_answer_end(struct coffer_answer *answer, bool is_whole);

#endif
