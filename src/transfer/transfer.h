/*
 * Rows on their way into a store or out of it: what every way shares, whether a server stands at its other
 * end (postgres/), a dump, or a folder of files. A client of coffer.h, like postgres/, in an archive of its own.
 */
#ifndef COFFER_TRANSFER_TRANSFER_H
#define COFFER_TRANSFER_TRANSFER_H

#include "coffer.h"

/* Tables that belong together, as the gateway's own guide to moving a database has them. */
typedef enum coffer_preset {
	COFFER_PRESET_NONE,
	COFFER_PRESET_KEYS, /* who may do what: keys, users, teams, budgets, organisations, models */
	COFFER_PRESET_LOGS, /* what was done: spend, errors, changes */
	COFFER_PRESET_ALL,
} coffer_preset;

/*
 * Which tables, and which of their rows: those of the preset and those that are named, or all where neither
 * is given, without those that are excluded. Names are as coffer_table_resolve takes them. A zeroed
 * selection takes everything.
 */
typedef struct coffer_selection {
	coffer_preset preset;
	const char *const *tables;   /* NULL-terminated names; NULL: none are named */
	const char *const *excluded; /* NULL-terminated names; NULL: none */
	bool has_since;
	int64_t since; /* of tables with a time column: the rows from then on */
	/* The same for one of these tables, where it answers true; the later time counts. NULL: for none. */
	bool (*since_of)(void *context, const coffer_table *table, int64_t *since_out);
	void *since_context;
	const coffer_schema *within; /* only tables that this one has too, by name; NULL: any */
} coffer_selection;

typedef struct coffer_transfer_options {
	bool is_forced; /* replace a store or file that exists */
	bool is_plain;  /* of a new store: as of coffer_load_options */
	const char *schema; /* which one to import, of sources that have several; NULL: the usual one */
	coffer_selection selection;
	coffer_progress
		progress; /* polled at least each second, also while the other end is silent */
	void *progress_context;
	/* Called once, with progress_context, before the first row: about how many rows will come. Not called
	 * where nobody knows. */
	void (*expect)(void *progress_context, uint64_t rows);
	/* Called for each thing that is not carried, or other warning: one line. */
	void (*warn)(void *context, const char *message);
	/* Called, with warn_context, for what the user may like to know and nothing depends on: one line. */
	void (*note)(void *context, const char *message);
	void *warn_context;
	/*
	 * Of a server: over how many connections to read, all on one snapshot; 0 is 1. The rows are the same and come in
	 * the same order whatever the number is. Where not so many can be had, it is told by `note`.
	 */
	unsigned connections;
	const char *input_name; /* the path of a dump that is on standard input; NULL: none */
	size_t piece_size; /* bytes of a table that are read by one statement; 0: the usual number */
} coffer_transfer_options;

typedef struct coffer_transfer_summary {
	uint64_t tables, rows, bytes, warnings;
} coffer_transfer_summary;

struct coffer_source;

/*
 * The store at `path` as a source: one snapshot of it, which is taken here. Close it with coffer_source_close; `options`
 * outlives it.
 *
 * COFFER_NOT_FOUND, COFFER_INVALID  as for coffer_selection_apply
 * others                            as for coffer_store_open and coffer_txn_begin
 */
COFFER_CHECKED coffer_status
coffer_store_source_open(const char *path, const coffer_transfer_options *options,
			 struct coffer_source **source_out, coffer_error *error);

/*
 * Read every row of `source` into a new store at `path`. The source stays the caller's to close.
 *
 * COFFER_INTERRUPTED  the progress function asked for it
 * others              as for the source, and as for a load
 */
COFFER_CHECKED coffer_status
coffer_transfer_import(struct coffer_source *source, const char *path,
		       const coffer_transfer_options *options, coffer_transfer_summary *summary_out,
		       coffer_error *error);

#endif
