/* A store that a command reads: its file, its schema and one snapshot of it. */
#ifndef TOOLS_READING_H
#define TOOLS_READING_H

#include "options.h"

struct coffer_reading {
	coffer_store *store;
	coffer_txn *txn;
	const coffer_schema *schema;
};

/* Status as for coffer_store_open and coffer_txn_begin; the place is never empty. Close always. */
coffer_status
coffer_reading_open(struct coffer_reading *reading, const char *path, coffer_error *error);
void
coffer_reading_close(struct coffer_reading *reading);

/* Rows of all tables; 0 where they cannot be counted. */
uint64_t
coffer_reading_rows(const struct coffer_reading *reading);

/* The FILE of --attach NAME=FILE, within the word. NULL: the word is not of this form. */
const char *
coffer_attached_path(const char *word);

#endif
