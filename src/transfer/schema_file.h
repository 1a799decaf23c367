/* A schema from a file: Prisma's language, or the document that coffer_schema_write_json writes. */
#ifndef COFFER_TRANSFER_SCHEMA_FILE_H
#define COFFER_TRANSFER_SCHEMA_FILE_H

#include "coffer.h"

/* Does the name end as that of a file that is no store: .prisma or .json? */
bool
coffer_schema_file_is(const char *path);

/*
 * Read and settle it: the document where the name ends in .json, else Prisma's language; "-" is standard input. The
 * caller frees the schema.
 *
 * COFFER_IO                      no such file, or it cannot be read
 * COFFER_INVALID, COFFER_LIMIT   as for the parser; over 64 MiB
 */
COFFER_CHECKED coffer_status
coffer_schema_file_read(const char *path, coffer_schema **schema_out, coffer_error *error);

/* Read a store's schema with how its rows lie there (coffer_schema_parse_layout): of a document alone, Prisma's language cannot
 * say that. The same statuses. */
COFFER_CHECKED coffer_status
coffer_schema_file_read_layout(const char *path, coffer_schema **schema_out, coffer_error *error);

#endif
