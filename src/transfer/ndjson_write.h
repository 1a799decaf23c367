/*
 * A row as one JSON object on one line: the columns in order, every value so that it reads back to the
 * same (the manual page, section ROWS).
 */
#ifndef COFFER_TRANSFER_NDJSON_WRITE_H
#define COFFER_TRANSFER_NDJSON_WRITE_H

#include "coffer.h"

/* Some columns of a table, ready to be written row by row. */
struct coffer_ndjson_writer {
	const coffer_table *table;
	uint16_t *columns;
	size_t column_count;
	char *names;          /* each as it stands in front of its value: `,"name":` */
	size_t *name_ends;    /* in names */
	coffer_value *values; /* of the row at hand, one a column of the table */
};

/* With a NULL `columns` all of them. COFFER_NO_MEMORY. Release always. */
coffer_status
coffer_ndjson_writer_init(struct coffer_ndjson_writer *writer, const coffer_table *table,
			  const uint16_t *columns, size_t column_count, coffer_error *error);
void
coffer_ndjson_writer_release(struct coffer_ndjson_writer *writer);

/*
 * Append the object, without a newline; nothing of a row that cannot be read whole.
 *
 * COFFER_NO_MEMORY  a part of it may stand in `out`
 * others            as for coffer_row_get
 */
coffer_status
coffer_ndjson_write_row(struct coffer_ndjson_writer *writer, const coffer_row *row,
			coffer_buffer *out, coffer_error *error);

/*
 * The same of values: one a column of the table, in its order. COFFER_CORRUPT: a packed array is not one, and a
 * part of the object may stand in `out`.
 */
coffer_status
coffer_ndjson_write(const struct coffer_ndjson_writer *writer, const coffer_value *values,
		    coffer_buffer *out, coffer_error *error);

/* One value of a column. COFFER_CORRUPT: a packed array is not one. */
coffer_status
coffer_ndjson_value(const coffer_column *column, const coffer_value *value, coffer_buffer *out,
		    coffer_error *error);

#endif
