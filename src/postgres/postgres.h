/*
 * Between a Postgres server and a store: what the command needs of postgres/, an archive of its own
 * that is a client of coffer.h and of libpq.
 */
#ifndef COFFER_POSTGRES_H
#define COFFER_POSTGRES_H

#include "coffer.h"

/*
 * A source or target is a URL as gateways have it ("postgresql://user:password@host:5432/db?schema=x",
 * Prisma's parameters taken out and honoured), a libpq conninfo string ("host=/run dbname=x"), "env:NAME"
 * (the value of that environment variable, in either form), or "postgres:" (PG* variables, service and
 * pass files alone say where).
 */

/* True when `source` is in one of these forms; the rest are files and folders. */
bool
coffer_postgres_is_source(const char *source);

typedef struct coffer_postgres_options {
	bool is_forced;           /* import: replace a store that exists */
	coffer_progress progress; /* polled at least each second, also while the server is silent */
	void *progress_context;
	/* Import: called once, with progress_context, before the first row: about how many rows will come, by the
	 * server's own statistics. Not called where it has none. */
	void (*expect)(void *progress_context, uint64_t rows);
	/* Called for each thing that is not carried, or other warning: one line. */
	void (*warn)(void *context, const char *message);
	void *warn_context;
} coffer_postgres_options;

typedef struct coffer_postgres_summary {
	uint64_t tables, rows, bytes, warnings;
} coffer_postgres_summary;

/*
 * Read every table of one schema in one REPEATABLE READ snapshot into a new store at `path`.
 *
 * COFFER_UNREACHABLE  no connection, wrong password, no permission, no such schema, a table gone meanwhile
 * COFFER_INTERRUPTED  the progress function asked for it
 * others              as for a load
 */
COFFER_CHECKED coffer_status
coffer_postgres_import(const char *source, const char *path, const coffer_postgres_options *options,
		       coffer_postgres_summary *summary_out, coffer_error *error);

/*
 * Create the store's schema in the target database and copy every row into it, in one transaction:
 * all or nothing. The target schema is the target's `schema` parameter, else the store's own.
 *
 * COFFER_CONFLICT     an object of that name exists in the target
 * COFFER_UNREACHABLE  as above, and a value that the server refuses: named by table, key and column
 * others              as for opening and reading a store
 */
COFFER_CHECKED coffer_status
coffer_postgres_export(const char *path, const char *target, const coffer_postgres_options *options,
		       coffer_postgres_summary *summary_out, coffer_error *error);

#endif
