/* Rows of a store as results: ndjson to an output. */
#ifndef TOOLS_ROW_OUTPUT_H
#define TOOLS_ROW_OUTPUT_H

#include "output.h"
#include "transfer/ndjson_write.h"

struct coffer_row_output {
	struct coffer_ndjson_writer writer;
	coffer_buffer row; /* the one at hand */
};

/* With a NULL `columns` all of them. COFFER_NO_MEMORY. Release always. */
coffer_status
coffer_row_output_init(struct coffer_row_output *rows, const coffer_table *table,
		       const uint16_t *columns, size_t column_count, coffer_error *error);
void
coffer_row_output_release(struct coffer_row_output *rows);

/* Write the object, without a newline; nothing of a row that cannot be read whole. */
coffer_status
coffer_row_output_write(struct coffer_row_output *rows, const coffer_row *row,
			struct coffer_output *output, coffer_error *error);

#endif
