/* A store that a command writes to, and what is said of it at the end. */
#ifndef TOOLS_WRITING_H
#define TOOLS_WRITING_H

#include "options.h"

struct coffer_writing {
	coffer_store *store;
	coffer_txn *txn; /* NULL while none is open */
	const coffer_schema *schema;
	coffer_effects effects; /* of the transactions that were committed */
};

/* Status as for coffer_store_open_to_write; the place is never empty. Close always. */
coffer_status
coffer_writing_open(struct coffer_writing *writing, const char *path, coffer_error *error);
/* Drops what was not committed. */
void
coffer_writing_close(struct coffer_writing *writing);

/* Begin a transaction; another writer is waited for, and a signal ends the waiting. */
coffer_status
coffer_writing_begin(struct coffer_writing *writing, coffer_error *error);
coffer_status
coffer_writing_commit(struct coffer_writing *writing, coffer_error *error);

#endif
