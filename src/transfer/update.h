/*
 * A store is brought up to what its source holds now.
 *
 * Tables with a time column are logs: rows are added to them and stay. Of these the source is asked for what is newer than the
 * last time that the store knows less a window, since rows do not come in the order of their times; what it no longer has stays
 * in the store. All other tables come whole and are compared: rows that are gone at the source go here.
 */
#ifndef COFFER_TRANSFER_UPDATE_H
#define COFFER_TRANSFER_UPDATE_H

#include "transfer/source.h"

/* The window where nobody names one, in seconds. */
enum { COFFER_UPDATE_WINDOW_SECONDS = 600 };

/* Changes of more bytes than this are made in a copy. */
#define COFFER_UPDATE_SIZE_MAX (UINT64_C(128) << 20)

struct coffer_updated_table {
	const char *name; /* the schema's, borrowed for the call */
	bool is_log;
	bool has_since; /* a log: rows from `since` on were looked at */
	int64_t since;
	uint64_t early; /* rows from before `since`, as far as the source tells of them: a server does not */
	uint64_t added, changed, gone, same; /* rows */
};

struct coffer_update_options {
	/* Open the source with these options, which outlive it. It may be asked for a second time. */
	coffer_status (*open)(void *context, const coffer_transfer_options *options,
			      struct coffer_source **source_out, coffer_error *error);
	void *open_context;
	coffer_transfer_options transfer; /* the selection is the store's */
	/* Called with true before other writers are waited for, which nothing but the end of the process ends, and with false behind
	 * that; NULL: nobody wants to know. */
	void (*wait)(bool is_waiting);
	int64_t window;                   /* microseconds */
	uint64_t size_max;                /* 0: COFFER_UPDATE_SIZE_MAX */
	/* Called for each table when all is done. */
	void (*table)(void *context, const struct coffer_updated_table *table);
	void *table_context;
};

struct coffer_update_summary {
	uint64_t tables, added, changed, gone, same; /* rows but for the tables */
	uint64_t bytes, warnings;
	bool is_copied; /* the changes were made in a copy, which has replaced the store */
};

/*
 * Bring the store at `path` up to date, in one transaction: a failure, or an end of the process, leaves it as it was. Others
 * may read it meanwhile, and wait to write. What is more than fits into a transaction is done in a copy beside it, which
 * replaces it at the end.
 *
 * COFFER_INVALID  the source's schema is another than the store's
 * COFFER_CONFLICT the source is another database than the rows came from, and transfer.is_forced is not set;
 *                 a row would refer by a foreign key to one that is not here, since a log has other rows than the source
 * COFFER_BUSY     the copy cannot replace the store: somebody has it open, or has written to it
 * others          as for the source, for reading and for writing a store
 */
COFFER_CHECKED coffer_status
coffer_transfer_update(const char *path, const struct coffer_update_options *options,
		       struct coffer_update_summary *summary_out, coffer_error *error);

#endif
