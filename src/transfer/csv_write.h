/*
 * Rows as csv, byte for byte as the server's COPY ... TO ... (FORMAT csv, HEADER) writes them under the session
 * that coffer pins: RFC 4180 with '\n' behind each row, NULL as nothing and the empty text as "".
 */
#ifndef COFFER_TRANSFER_CSV_WRITE_H
#define COFFER_TRANSFER_CSV_WRITE_H

#include "coffer.h"

/* Does a csv field with this text need quotes? `is_alone`: of a table with one column. */
bool
coffer_csv_needs_quotes(coffer_text text, bool is_alone);

/* Append the columns' names, with the newline. `out` fails when memory is out. */
void
coffer_csv_write_header(const coffer_table *table, coffer_buffer *out);

/*
 * Append a row: `values` has one a column. `scratch` is any buffer of the caller's, kept from row to row.
 *
 * COFFER_NO_MEMORY, COFFER_CORRUPT  as for coffer_value_print; a part of the row may stand in `out`
 */
COFFER_CHECKED coffer_status
coffer_csv_write(const coffer_table *table, const coffer_value *values, coffer_buffer *out,
		 coffer_buffer *scratch, coffer_error *error);

#endif
