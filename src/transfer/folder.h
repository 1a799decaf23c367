/*
 * A folder of files as a place for rows: one file a table, and beside them the schema.
 *
 *   schema.json            all that a schema says (coffer schema --json)
 *   schema.prisma          what Prisma's language can say of it, for people and for Prisma
 *   LiteLLM_TeamTable.csv  the rows of a table, in their order; or .ndjson
 *
 * In a file's name '%' and '/' of a table's stand as %25 and %2F, and a '.' at its begin as %2E.
 */
#ifndef COFFER_TRANSFER_FOLDER_H
#define COFFER_TRANSFER_FOLDER_H

#include "transfer/source.h"

typedef enum coffer_row_format {
	COFFER_FORMAT_NDJSON,
	COFFER_FORMAT_CSV,
} coffer_row_format;

/* The format of this name ("ndjson", "csv"), which is also how its files' names end; false: there is none. */
bool
coffer_row_format_parse(const char *name, coffer_row_format *format_out);
const char *
coffer_row_format_name(coffer_row_format format);

/* Is there a folder at `path`? */
bool
coffer_folder_is(const char *path);

/*
 * A folder as a source. The schema is that of schema.json, else of schema.prisma, else the built-in one. Where both are
 * there and say different things, that is a warning. Files take the names of tables as coffer_table_resolve does;
 * names that begin with '.' are passed over. A table without a file has no rows. Where no states of sequences are
 * told, a sequence goes on behind the highest number in the column that owns it.
 *
 * A column that a file does not have is NULL in all its rows; that is refused where the column has a default, since
 * nothing makes one here, or may not be NULL.
 *
 * COFFER_IO         it cannot be read
 * COFFER_INVALID    a file that is no table's, two files of one table, a wrong schema; no file at all
 * COFFER_NOT_FOUND  a file whose name is no table's, or a table that the selection names
 * others            (rows) as for coffer_ndjson_read and coffer_csv_read; COFFER_INTERRUPTED
 */
COFFER_CHECKED coffer_status
coffer_folder_source_open(const char *path, const coffer_transfer_options *options,
			  struct coffer_source **source_out, coffer_error *error);

/*
 * Write all rows of `source` and its schema into a new folder at `path`, files of mode 0600. It is made under a
 * temporary name beside `path` and takes its name when it is whole and synced. An empty folder is replaced; another one
 * only with options->is_forced, and then only where everything in it was written by coffer.
 *
 * COFFER_EXISTS     there is a folder at `path`, and it may not be replaced
 * COFFER_CONFLICT   what is there is no folder, which is never replaced
 * COFFER_IO         it cannot be written there
 * COFFER_FULL       no space is left
 * others            as for the source; COFFER_INTERRUPTED
 */
COFFER_CHECKED coffer_status
coffer_folder_write(struct coffer_source *source, const char *path, coffer_row_format format,
		    const coffer_transfer_options *options, coffer_transfer_summary *summary_out,
		    coffer_error *error);

#endif
