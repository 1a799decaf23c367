/*
 * Rows out of ndjson: an object a line, its members the columns that are given. It reads what the writer
 * writes (the manual page, section ROWS) and what people and other programs write by hand:
 *
 * - White space, the order of members and the escapes in names and strings are as JSON allows them. Lines
 *   end in '\n' or '\r\n', the last one need not; empty ones are passed over, and so is a byte order mark
 *   at the very begin. An object never goes on in the next line.
 * - A column that is not named is not given. One that the table does not have, or one that is given twice,
 *   is refused: the first may be a misspelling, of the second nobody knows which is meant.
 * - Numbers are taken from their digits. Columns of integers, floats and numeric take a string too, whose
 *   text is read as the server would: "9007199254740993", "NaN".
 * - A document is any JSON value; null alone is SQL NULL. Only an object whose single member is $json or
 *   $text (in a document), or $array (in an array), means something else than itself.
 * - Nothing else is converted: a string is no boolean, a number is no text, an object is no text.
 */
#ifndef COFFER_TRANSFER_NDJSON_READ_H
#define COFFER_TRANSFER_NDJSON_READ_H

#include "transfer/given.h"
#include "transfer/input.h"

struct coffer_ndjson_reader {
	struct coffer_input *input;
	const char *source; /* names it in errors: "spend.ndjson", "standard input" */
	struct coffer_given row;
	char *line;              /* the one at hand: texts lose their escapes where they stand */
	uint16_t column;         /* the one at hand; COFFER_NO_COLUMN between members */
	uint16_t expected;       /* the column that most likely comes next */
	coffer_buffer elements;  /* of the array at hand */
	coffer_json_reader json; /* of the line at hand */
};

/* `input`, `source` and `schema` (settled) outlive the reader. COFFER_NO_MEMORY. Release it always. */
coffer_status
coffer_ndjson_reader_init(struct coffer_ndjson_reader *reader, struct coffer_input *input,
			  const char *source, const coffer_schema *schema,
			  const coffer_table *table, coffer_error *error);
void
coffer_ndjson_reader_release(struct coffer_ndjson_reader *reader);

/*
 * The next row; borrowed until the next call. The place of an error is "spend.ndjson:17", behind it the table
 * and, where it is about one, the column.
 *
 * COFFER_NOT_FOUND  no row is left; `error` untouched
 * COFFER_INVALID    not a JSON object, a column that is unknown or given twice, a value that the column
 *                   does not take
 * COFFER_LIMIT      a line over COFFER_RECORD_SIZE_MAX, or a value beyond a limit of its type; the next call goes on behind
 *                   the line
 * COFFER_NO_MEMORY, and what the input returns
 */
COFFER_CHECKED coffer_status
coffer_ndjson_read(struct coffer_ndjson_reader *reader, const struct coffer_given **row_out,
		   coffer_error *error);

#endif
