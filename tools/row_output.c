/*
 * A row is put together whole before any of it is written, so that half of one is never a result. In JSON
 * control characters stand within strings alone, so that what is escaped on a terminal stays the same row.
 */
#include "row_output.h"

coffer_status
coffer_row_output_init(struct coffer_row_output *rows, const coffer_table *table,
		       const uint16_t *columns, size_t column_count, coffer_error *error)
{
	*rows = (struct coffer_row_output){0};
	return coffer_ndjson_writer_init(&rows->writer, table, columns, column_count, error);
}

void
coffer_row_output_release(struct coffer_row_output *rows)
{
	coffer_ndjson_writer_release(&rows->writer);
	coffer_buffer_release(&rows->row);
}

coffer_status
coffer_row_output_write(struct coffer_row_output *rows, const coffer_row *row,
			struct coffer_output *output, coffer_error *error)
{
	coffer_status status;

	coffer_buffer_clear(&rows->row);
	status = coffer_ndjson_write_row(&rows->writer, row, &rows->row, error);
	if (!status)
		coffer_output_safe(output, rows->row.data, rows->row.size);
	return status;
}
