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

enum { COFFER_CONNECTIONS_MAX = 16 }; /* of one source */

/*
 * A source of every table of one schema, read in one REPEATABLE READ snapshot that is taken here, over one or several
 * connections. Close it with coffer_source_close; `options` outlives it. Its progress is asked by the thread that asks
 * for rows, and by no other.
 *
 * COFFER_UNREACHABLE  no connection, wrong password, no permission, no such schema, a table gone meanwhile
 * COFFER_INTERRUPTED  the progress function asked for it
 */
COFFER_CHECKED coffer_status
coffer_postgres_source_open(const char *name, const coffer_transfer_options *options,
			    struct coffer_source **source_out, coffer_error *error);

/* What becomes of the target's tables. */
typedef enum coffer_export_mode {
	COFFER_EXPORT_CREATE, /* they are made, and none may be there */
	COFFER_EXPORT_APPEND, /* rows are added; a key that exists is a conflict */
	COFFER_EXPORT_UPSERT, /* a row whose key exists is updated where it differs, else it is added */
	COFFER_EXPORT_REPLACE, /* they are emptied, then rows are added */
} coffer_export_mode;

/* How the rows of one table went. Of rows that are the same nothing was written. */
typedef struct coffer_export_counts {
	uint64_t inserted, updated, same;
} coffer_export_counts;

typedef struct coffer_export_options {
	coffer_export_mode mode;
	coffer_transfer_options transfer; /* `is_forced` and `expect` are not used */
	/* Called for each table when its rows are in, unless NULL; a later failure takes them out again. */
	void (*count)(void *context, const char *table, const coffer_export_counts *counts);
	void *count_context;
} coffer_export_options;

/*
 * Copy every row that the selection takes into the target database, in one transaction: all or nothing. The
 * target schema is the target's `schema` parameter, else the store's own.
 *
 * All modes but CREATE match tables and columns by name with those that the target has. A column that the
 * target lacks must be NULL in every row, one that the store lacks must have a default or take NULL; types
 * may differ where the target reads what the other prints, which is warned of where it may lose something.
 * Tables come in the order of the target's foreign keys, those that refer to each other together. The key of
 * UPSERT is the target's own: its primary key, else a unique index without NULLs.
 *
 * COFFER_CONFLICT     CREATE: an object of that name exists in the target; else: a row breaks a unique or
 *                     foreign key of the target; REPLACE: a table that stays refers to one that is emptied
 * COFFER_UNREACHABLE  as above; a table or column that does not fit; a value that the server refuses: named
 *                     by table, key and column
 * COFFER_NOT_FOUND, COFFER_INVALID  as for coffer_selection_resolve
 * others              as for opening and reading a store
 */
COFFER_CHECKED coffer_status
coffer_postgres_export(const char *path, const char *target, const coffer_export_options *options,
		       coffer_transfer_summary *summary_out, coffer_error *error);

#endif
