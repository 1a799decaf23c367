/*
 * A table, and a column, by the name that somebody gives it.
 */
#ifndef COFFER_TRANSFER_TABLE_NAME_H
#define COFFER_TRANSFER_TABLE_NAME_H

#include "coffer.h"

/*
 * A table by its name; or, where that is no other's, by its name in any case and with LiteLLM_ left out:
 * "spendlogs".
 *
 * COFFER_NOT_FOUND  no such table: `error` has the name as its place and names the nearest one
 * COFFER_INVALID    the name may mean two tables, or means a partition, whose rows are its root's
 */
COFFER_CHECKED coffer_status
coffer_table_resolve(const coffer_schema *schema, const char *name, uint32_t *table_out,
		     coffer_error *error);

/*
 * Say that `table` has no column `name`, and which one is near; the place is the caller's to add. A name that is longer than
 * a column's is cut. Returns `status`.
 */
coffer_status
coffer_column_refuse(const coffer_table *table, coffer_text name, coffer_status status,
		     coffer_error *error);

#endif
