/*
 * A row as one JSON object on one line: the columns in order, every value so that it reads back to the
 * same (the manual page, section ROWS).
 */
#ifndef TOOLS_NDJSON_H
#define TOOLS_NDJSON_H

#include "output.h"

/* Some columns of a table, ready to be written row by row. */
struct coffer_ndjson {
	const coffer_table *table;
	uint16_t *columns;
	size_t column_count;
	char *names;          /* each as it stands in front of its value: `,"name":` */
	size_t *name_ends;    /* in names */
	coffer_value *values; /* of the row at hand */
};

/* With a NULL `columns` all of them. COFFER_NO_MEMORY. Release always. */
coffer_status
coffer_ndjson_init(struct coffer_ndjson *ndjson, const coffer_table *table, const uint16_t *columns,
		   size_t column_count, coffer_error *error);
void
coffer_ndjson_release(struct coffer_ndjson *ndjson);

/* Write the object, without a newline. Nothing is written of a row that cannot be read whole. */
coffer_status
coffer_ndjson_row(struct coffer_ndjson *ndjson, struct coffer_output *output, const coffer_row *row,
		  coffer_error *error);

/* One value of a column. COFFER_CORRUPT: a packed array is not one. */
coffer_status
coffer_ndjson_value(struct coffer_output *output, const coffer_column *column,
		    const coffer_value *value, coffer_error *error);

#endif
