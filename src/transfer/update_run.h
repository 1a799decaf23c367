/* Inside the update of a store. */
#ifndef COFFER_TRANSFER_UPDATE_RUN_H
#define COFFER_TRANSFER_UPDATE_RUN_H

#include "transfer/update.h"

struct coffer_update {
	const struct coffer_update_options *options;
	const char *path;
	coffer_transfer_options transfer;
	coffer_store *store;
	const coffer_schema *schema;
	coffer_txn *guard; /* the store's write transaction */
	coffer_txn *read;
	coffer_txn *write;  /* what the changes go to: the guard, or the copy's */
	coffer_store *copy; /* NULL: in place */
	char *copy_path;
	uint64_t transaction; /* the store's last before this one */
	bool is_copying, is_too_large, is_first_row;
	struct coffer_source *source;
	struct coffer_updated_table *tables; /* one a table of the schema */
	uint32_t table;                      /* the one that is compared */
	coffer_value *values;                /* of a row, in the store's order of columns */
	coffer_fact *facts;                  /* of the step */
	size_t fact_count;
};

/* ------------------------------------------------------------------ update_part.c */

/* Which tables are logs, and from which time on each is asked for. As for reading a store. */
coffer_status
coffer_update_find_times(struct coffer_update *update, coffer_error *error);

/* Make the selection: a store that was made of a part stays that part. */
void
coffer_update_select_part(struct coffer_update *update);

/* COFFER_INVALID: the source's schema is another than the store's; the first difference is named. */
coffer_status
coffer_update_check_schema(struct coffer_update *update, coffer_error *error);

/* ------------------------------------------------------------------ update_refer.c */

/* When all is written. COFFER_CONFLICT: a log's row, or one that leads into a log, leads nowhere here; it is named. */
COFFER_CHECKED coffer_status
coffer_update_check_references(const struct coffer_update *update, coffer_error *error);

/* ------------------------------------------------------------------ update_step.c */

/* Collect what the source says of itself, before its rows: a server's snapshot ends behind the last of them. */
coffer_status
coffer_update_tell_source(struct coffer_update *update, coffer_error *error);

/* Write the step. */
coffer_status
coffer_update_add_step(struct coffer_update *update, const struct coffer_update_summary *summary,
		       coffer_error *error);
void
coffer_update_drop_facts(struct coffer_update *update);

/* ------------------------------------------------------------------ update_copy.c */

/* Make the copy and begin to write to it. */
coffer_status
coffer_update_begin_copy(struct coffer_update *update, coffer_error *error);

/* Commit what the copy has so far, and go on. */
coffer_status
coffer_update_commit_part(struct coffer_update *update, coffer_error *error);

/* Put the copy in the place of the store, which is closed. COFFER_BUSY: somebody has it open, or has written to it. */
coffer_status
coffer_update_end_copy(struct coffer_update *update, coffer_error *error);

/* Remove it. */
void
coffer_update_drop_copy(struct coffer_update *update);

#endif
