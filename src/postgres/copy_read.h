/*
 * Binary COPY into rows: what the server sends for `COPY (SELECT ...) TO STDOUT (FORMAT binary)`
 * with the columns of a table in their order, those of kind OTHER as text (copy_sql.h).
 */
#ifndef COFFER_POSTGRES_COPY_READ_H
#define COFFER_POSTGRES_COPY_READ_H

#include "postgres/array.h"

struct coffer_copy_reader {
	const coffer_table *table; /* borrowed */
	coffer_value *values;      /* the row last read, one a column */
	uint64_t rows;             /* read so far */
	bool is_begun, is_ended;   /* the header, the trailer was seen */
	struct coffer_array_scratch scratch;
	coffer_buffer *arrays; /* one a column: what its array was packed into */
};

/* COFFER_NO_MEMORY alone. Release it in any case. */
COFFER_CHECKED coffer_status
coffer_copy_reader_init(struct coffer_copy_reader *reader, const coffer_table *table,
			coffer_error *error);
void
coffer_copy_reader_release(struct coffer_copy_reader *reader);

/*
 * Take one message: a tuple; the header alone or before a tuple; the trailer. `reader->values` then
 * borrows from `bytes` and from the reader, until its next call. After the first rows no memory is
 * asked for.
 *
 * COFFER_NOT_FOUND  the message holds no row; `error` is untouched
 * COFFER_INVALID    not binary COPY of this table; the place is "table[row].column", rows from 1
 */
COFFER_CHECKED coffer_status
coffer_copy_read(struct coffer_copy_reader *reader, const void *bytes, size_t size,
		 coffer_error *error);

/* Another stream of rows of the same table begins; rows are counted on. */
static inline void
coffer_copy_read_anew(struct coffer_copy_reader *reader)
{
	reader->is_begun = reader->is_ended = false;
}

/* COFFER_INVALID when the stream ended before its trailer. */
COFFER_CHECKED coffer_status
coffer_copy_read_end(const struct coffer_copy_reader *reader, coffer_error *error);

#endif
