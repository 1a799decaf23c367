/*
 * A dump as a source of rows: what pg_dump writes, plain or as an archive.
 */
#ifndef COFFER_TRANSFER_DUMP_H
#define COFFER_TRANSFER_DUMP_H

#include "transfer/source.h"

/*
 * Is it there, and a dump rather than a store: a file of another kind, a pipe, "-" for standard
 * input, a folder of pg_dump -Fd? Whether it is a dump indeed is seen when it is opened.
 */
bool
coffer_dump_is_source(const char *path);

/*
 * A source of every table of one schema in the dump at `path`: the options' `schema`, else
 * `public`, else the only one that has tables. A dump without definitions has those of the built-in
 * schema, by table name. Close it with coffer_source_close; `options` outlives it.
 *
 * COFFER_INVALID    not a dump, a damaged one, or one that coffer does not read; the place is the
 *                   file and the
 *                   line
 * COFFER_NOT_FOUND  the dump has no such schema, or several and none is chosen
 * others            as for opening a file; COFFER_LIMIT, COFFER_INTERRUPTED
 */
COFFER_CHECKED coffer_status
coffer_dump_source_open(const char *path, const coffer_transfer_options *options,
			struct coffer_source **source_out, coffer_error *error);

/* Can the dump at `path` be read once only: "-" for standard input, a pipe, a device? */
bool
coffer_dump_is_stream(const char *path);

/*
 * Read the stream at `path` to its end and put a copy without a name in the place of standard input: "-" is opened after that
 * without waiting for anybody, and again where standard input was set to its first byte before. A file as standard input
 * stays there.
 *
 * COFFER_IO           it cannot be read, or no temporary file be made
 * COFFER_FULL         no room for the copy
 * COFFER_INTERRUPTED  the options' progress function asked for it
 */
COFFER_CHECKED coffer_status
coffer_dump_take_stream(const char *path, const coffer_transfer_options *options,
			coffer_error *error);

#endif
