/*
 * Inside an export: what its parts share. All of them work in one transaction, which the whole commits or
 * rolls back.
 */
#ifndef COFFER_POSTGRES_EXPORT_H
#define COFFER_POSTGRES_EXPORT_H

#include "postgres/copy_send.h"
#include "postgres/postgres.h"

struct coffer_export {
	struct coffer_session session;
	const coffer_export_options *options;
	coffer_transfer_summary *summary;
	coffer_store *store;
	coffer_txn *txn;
	const coffer_schema *schema; /* of the store */
	bool *is_taken;              /* by the selection: one a table of the schema */
	coffer_schema
		*part; /* what is left of the schema when the selection leaves something out */
	struct coffer_copy_sent sent;
};

/* The schema that the target gets: the part, or all of it. */
static inline const coffer_schema *
coffer_export_schema(const struct coffer_export *export)
{
	return export->part ? export->part : export->schema;
}

/* Is it a table whose rows are exported? */
static inline bool
coffer_export_takes(const struct coffer_export *export, uint32_t table)
{
	return export->is_taken[table] && export->schema->tables[table].id;
}

/* Count a warning and say it. */
void
coffer_export_warn(struct coffer_export *export, const char *format, ...) COFFER_PRINTF(2, 3);

/* Run what `sql` holds, if anything, and release it. */
COFFER_CHECKED coffer_status
coffer_export_run(struct coffer_export *export, coffer_buffer *sql, coffer_error *error);

/* Run the query that `sql` holds and release it. */
COFFER_CHECKED coffer_status
coffer_export_query(struct coffer_export *export, coffer_buffer *sql, PGresult **result_out,
		    coffer_error *error);

/* Copy the rows of a table; `job` says where to. Counts in the summary and warns of NaNs. */
COFFER_CHECKED coffer_status
coffer_export_send(struct coffer_export *export, const struct coffer_copy_job *job,
		   coffer_error *error);

/* Tell how a table's rows went. */
void
coffer_export_count(struct coffer_export *export, uint32_t table,
		    const coffer_export_counts *counts);

/* Append the statement that puts the target's sequence of this name into the state of the store's. */
void
coffer_export_put_setval(coffer_buffer *sql, const char *schema_name, const char *name,
			 const coffer_sequence *state);

/* Make the schema in the target and copy every row into it. Status as for coffer_postgres_export. */
COFFER_CHECKED coffer_status
coffer_export_create(struct coffer_export *export, coffer_error *error);

/* Copy rows into tables that the target has. Status as for coffer_postgres_export. */
COFFER_CHECKED coffer_status
coffer_export_fill(struct coffer_export *export, coffer_error *error);

#endif
