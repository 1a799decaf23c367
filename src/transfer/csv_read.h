/*
 * Rows out of csv, as COPY ... FROM ... (FORMAT csv, HEADER) reads them: RFC 4180, NULL as nothing, the empty
 * text as "", each value in the server's text form.
 *
 * - The first line names the columns, in any order. A name that the table does not have, or one that is there
 *   twice, is refused; a column that is not named is not given. Every row has a field for each.
 * - Rows end in '\n' or '\r\n', the last one need not; a byte order mark at the very begin is passed over, and so
 *   is an empty line, unless one column alone is named: then it is a NULL.
 * - A field may be quoted in part: a"b,c"d is ab,cd. Between quotes a comma and a line break are text, and two
 *   quotes are one. "\." means nothing. A '\r' that ends no row stands between quotes.
 */
#ifndef COFFER_TRANSFER_CSV_READ_H
#define COFFER_TRANSFER_CSV_READ_H

#include "transfer/given.h"
#include "transfer/input.h"

struct coffer_csv_reader {
	struct coffer_input *input;
	const char *source; /* names it in errors: "spend.csv" */
	struct coffer_given row;
	uint16_t *columns; /* as the header names them */
	size_t column_count;
	bool is_begun;   /* the header was read */
	uint16_t column; /* the one at hand; COFFER_NO_COLUMN where it is about the whole row */
	char *record;    /* the one at hand */
	size_t record_size;
};

/* `input`, `source` and `schema` (settled) outlive the reader. COFFER_NO_MEMORY. Release it always. */
coffer_status
coffer_csv_reader_init(struct coffer_csv_reader *reader, struct coffer_input *input,
		       const char *source, const coffer_schema *schema, const coffer_table *table,
		       coffer_error *error);
void
coffer_csv_reader_release(struct coffer_csv_reader *reader);

/*
 * The next row; borrowed until the next call. The place of an error is "spend.csv:17", the line at which the row
 * begins, behind it the table and, where it is about one, the column.
 *
 * COFFER_NOT_FOUND  no row is left; `error` untouched
 * COFFER_INVALID    no header, or one with a wrong name; too few fields or too many; a quote that is not closed;
 *                   a value that the column does not take
 * COFFER_LIMIT      a row over COFFER_RECORD_SIZE_MAX, or a value beyond a limit of its type
 * COFFER_NO_MEMORY, and what the input returns
 */
COFFER_CHECKED coffer_status
coffer_csv_read(struct coffer_csv_reader *reader, const struct coffer_given **row_out,
		coffer_error *error);

#endif
