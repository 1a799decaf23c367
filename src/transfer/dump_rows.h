/*
 * Rows of a plain dump, block by block as its map has them, in the normal form of their types.
 */
#ifndef COFFER_TRANSFER_DUMP_ROWS_H
#define COFFER_TRANSFER_DUMP_ROWS_H

#include "transfer/dump_map.h"
#include "transfer/given.h"

struct coffer_dump_rows {
	const char *name; /* the file's, for places */
	const coffer_schema *schema;
	const coffer_table *table; /* that has the rows */
	const struct coffer_dump_block *block;
	struct coffer_input_file file;
	struct coffer_input input;
	struct coffer_given given;
	uint16_t *columns; /* of the table, that the block gives, in its order */
	size_t column_count;
	uint64_t line; /* of the row */
	uint64_t rows; /* of the block that were read */
	/* Of an INSERT: */
	bool is_default;   /* DEFAULT VALUES */
	bool is_in_values; /* another row is to come in this statement */
	size_t row_size,
		row_lines; /* of the row that values borrow from: it is taken with the next call */
};

/* `file` is at no place of its own; it and the schema outlive the rows. Release it always. */
void
coffer_dump_rows_init(struct coffer_dump_rows *rows, const struct coffer_input_file *file,
		      const char *name, const coffer_schema *schema);
void
coffer_dump_rows_release(struct coffer_dump_rows *rows);

/* Go to a table. COFFER_NO_MEMORY. */
COFFER_CHECKED coffer_status
coffer_dump_rows_begin(struct coffer_dump_rows *rows, const coffer_table *table,
		       coffer_error *error);

/*
 * Go to a block of rows of the table, or of a partition of it.
 *
 * COFFER_INVALID  columns that the table does not have, or lacks, and whose values a dump does not
 *                 tell
 * others          as for reading
 */
COFFER_CHECKED coffer_status
coffer_dump_rows_open(struct coffer_dump_rows *rows, const struct coffer_dump_block *block,
		      coffer_error *error);

/*
 * The next row: one value a column of the table, borrowed until the next call.
 *
 * COFFER_NOT_FOUND  the block's end
 * COFFER_INVALID    not a row as pg_dump writes it, or not a value of its type; the place says
 *                   which
 * others            as for reading and for coffer_value_parse
 */
COFFER_CHECKED coffer_status
coffer_dump_rows_next(struct coffer_dump_rows *rows, const coffer_value **values_out,
		      coffer_error *error);

#endif
