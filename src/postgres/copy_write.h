/*
 * Rows into COPY FROM STDIN: binary, or text for a table that has a column carried by its text
 * form.
 *
 * The statement is coffer_copy_in_sql's (copy_sql.h). Generated columns are left out: the server
 * makes their values.
 */
#ifndef COFFER_POSTGRES_COPY_WRITE_H
#define COFFER_POSTGRES_COPY_WRITE_H

#include "coffer.h"

struct coffer_copy_writer {
	const coffer_table *table; /* borrowed */
	bool is_binary;
	uint16_t *columns; /* those that are written, by number */
	size_t column_count;
	coffer_buffer out; /* bytes not yet sent: send them and set `size` to 0 */
	coffer_buffer scratch;
	uint64_t nans_changed; /* NaNs whose sign or payload text COPY cannot say */
};

/* COFFER_NO_MEMORY alone. Release it in any case. */
COFFER_CHECKED coffer_status
coffer_copy_writer_init(struct coffer_copy_writer *writer, const coffer_schema *schema,
			const coffer_table *table, coffer_error *error);
/* Write these columns, binary or text, in place of all that init chose; at most as many as the table has. */
void
coffer_copy_writer_choose(struct coffer_copy_writer *writer, const uint16_t *columns, size_t count,
			  bool is_binary);
void
coffer_copy_writer_release(struct coffer_copy_writer *writer);

/* Append what stands before the first row, and behind the last. */
void
coffer_copy_write_begin(struct coffer_copy_writer *writer);
void
coffer_copy_write_end(struct coffer_copy_writer *writer);

/*
 * Append one row; `values` has one a column of the table, in the schema's order.
 *
 * COFFER_INVALID    a value is not of its column's kind, or an array's text is no array; the place
 *                   is the column's name
 * COFFER_LIMIT      a value beyond COFFER_VALUE_SIZE_MAX
 * COFFER_NO_MEMORY  the buffer is then of no further use
 */
COFFER_CHECKED coffer_status
coffer_copy_write(struct coffer_copy_writer *writer, const coffer_value *values,
		  coffer_error *error);

#endif
