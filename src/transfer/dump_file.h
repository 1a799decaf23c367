/*
 * The plain SQL of a dump as a file that can be read twice, whatever the dump is: a file, a stream,
 * an archive.
 */
#ifndef COFFER_TRANSFER_DUMP_FILE_H
#define COFFER_TRANSFER_DUMP_FILE_H

#include "transfer/transfer.h"

struct coffer_dump_file {
	int file; /* of plain SQL; -1: none */
	/* Without a folder: for places and the provenance; borrowed from the path. */
	const char *name;
	const char *format; /* "plain", "custom", "tar", "directory"; static */
	uint64_t size;      /* of the dump as it came; 0 where nobody knows */
};

/*
 * Open the dump at `path`; "-" is standard input. A stream is copied into a file without a name in
 * the folder of temporary files (TMPDIR, else /tmp), and so is what pg_restore makes of an archive.
 * Close it always.
 *
 * COFFER_IO           no such file, or it cannot be read; pg_restore is not there or failed
 * COFFER_INVALID      a file of another kind, by its first bytes
 * COFFER_FULL         no room for the copy
 * COFFER_INTERRUPTED  the progress function asked for it
 */
COFFER_CHECKED coffer_status
coffer_dump_file_open(struct coffer_dump_file *dump, const char *path,
		      const coffer_transfer_options *options, coffer_error *error);
void
coffer_dump_file_close(struct coffer_dump_file *dump);

/* A new file without a name among the temporary ones. COFFER_IO. */
COFFER_CHECKED coffer_status
coffer_scratch_open(int *file_out, coffer_error *error);

/*
 * Have pg_restore write an archive as SQL into `output`. The archive is `archive`, at its first
 * byte, or where that is -1 the folder `path`.
 */
COFFER_CHECKED coffer_status
coffer_restore_run(int archive, const char *path, int output,
		   const coffer_transfer_options *options, coffer_error *error);

#endif
