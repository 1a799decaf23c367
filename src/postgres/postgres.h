/*
 * Between a Postgres server and a store: what the command needs of postgres/, an archive of its own
 * that is a client of coffer.h and of libpq.
 */
#ifndef COFFER_POSTGRES_H
#define COFFER_POSTGRES_H

#include "transfer/transfer.h"

/*
 * A source or target is a URL as gateways have it ("postgresql://user:password@host:5432/db?schema=x",
 * Prisma's parameters taken out and honoured), a libpq conninfo string ("host=/run dbname=x"), "env:NAME"
 * (the value of that environment variable, in either form), or "postgres:" (PG* variables, service and
 * pass files alone say where).
 */

/* True when `source` is in one of these forms; the rest are files and folders. */
bool
coffer_postgres_is_source(const char *source);

/*
 * A source of every table of one schema, read in one REPEATABLE READ snapshot that is taken here. Close it with
 * coffer_source_close; `options` outlives it.
 *
 * COFFER_UNREACHABLE  no connection, wrong password, no permission, no such schema, a table gone meanwhile
 * COFFER_INTERRUPTED  the progress function asked for it
 */
COFFER_CHECKED coffer_status
coffer_postgres_source_open(const char *name, const coffer_transfer_options *options,
			    struct coffer_source **source_out, coffer_error *error);

/*
 * Create the store's schema in the target database and copy every row into it, in one transaction:
 * all or nothing. The target schema is the target's `schema` parameter, else the store's own.
 *
 * COFFER_CONFLICT     an object of that name exists in the target
 * COFFER_UNREACHABLE  as above, and a value that the server refuses: named by table, key and column
 * others              as for opening and reading a store
 */
COFFER_CHECKED coffer_status
coffer_postgres_export(const char *path, const char *target, const coffer_transfer_options *options,
		       coffer_transfer_summary *summary_out, coffer_error *error);

#endif
