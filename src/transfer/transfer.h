/*
 * Rows on their way into a store or out of it: what every way shares, whether a server stands at its other
 * end (postgres/), a dump, or a folder of files. A client of coffer.h, like postgres/, in an archive of its own.
 */
#ifndef COFFER_TRANSFER_TRANSFER_H
#define COFFER_TRANSFER_TRANSFER_H

#include "coffer.h"

/* Which tables, and which of their rows. A zeroed one takes everything. */
typedef struct coffer_selection {
	const char *const *tables;   /* NULL-terminated names; NULL: all */
	const char *const *excluded; /* NULL-terminated names; NULL: none */
	bool has_since;
	int64_t since; /* of tables with a time column: the rows from then on */
} coffer_selection;

typedef struct coffer_transfer_options {
	bool is_forced;             /* replace a store or file that exists */
	coffer_selection selection;
	coffer_progress progress;   /* polled at least each second, also while the other end is silent */
	void *progress_context;
	/* Called once, with progress_context, before the first row: about how many rows will come. Not called
	 * where nobody knows. */
	void (*expect)(void *progress_context, uint64_t rows);
	/* Called for each thing that is not carried, or other warning: one line. */
	void (*warn)(void *context, const char *message);
	void *warn_context;
} coffer_transfer_options;

typedef struct coffer_transfer_summary {
	uint64_t tables, rows, bytes, warnings;
} coffer_transfer_summary;

struct coffer_source;

/*
 * Read every row of `source` into a new store at `path`. The source stays the caller's to close.
 *
 * COFFER_INTERRUPTED  the progress function asked for it
 * others              as for the source, and as for a load
 */
COFFER_CHECKED coffer_status
coffer_transfer_import(struct coffer_source *source, const char *path,
		       const coffer_transfer_options *options,
		       coffer_transfer_summary *summary_out, coffer_error *error);

#endif
