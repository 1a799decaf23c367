/*
 * The rows of a table, or of a range, for GROUP BY, which sorts them: block by block they are given in an order of day and texts,
 * since what comes nearly in order is sorted in half the time. Nothing rests on it: SQL leaves open in which order a table gives
 * its rows.
 *
 *   rows of a scan --> values of the columns that are used --> a block, its rows in order --> SQLite
 */
#ifndef SQL_GATHER_H
#define SQL_GATHER_H

#include "sql/internal.h"

enum {
	COFFER_SQL_GATHER_COLUMNS = 8, /* used at the most */
	COFFER_SQL_GATHER_ROWS = 4096, /* of a scan, at the least, as they are estimated */
};

/* Whether rows of which these columns are used (bits, as of sqlite3_index_info.colUsed) can be gathered: a few columns, of
 * numbers and times and of texts of the pool, one of these at least. */
bool
coffer_sql_can_gather(const coffer_table *table, uint64_t used);

/* `spare`: of the columns that are used those that may be asked for or not, as an index has seen to their conditions. NULL: no
 * memory. */
struct coffer_sql_gather;
struct coffer_sql_gather *
coffer_sql_gather_make(const coffer_table *table, uint64_t used, uint64_t spare);
void
coffer_sql_gather_free(struct coffer_sql_gather *gather);

/*
 * Come to the next row of a scan that was begun on `cursor`, in the transaction `txn`. `is_over_out`: the rest is to be taken as it
 * comes, from the row on that `cursor` stands on, or where `number_out` is 0, from the one behind it. Status of coffer_cursor_next_number.
 */
COFFER_CHECKED coffer_status
coffer_sql_gather_next(struct coffer_sql_gather *gather, const coffer_txn *txn,
		       coffer_cursor *cursor, bool *is_over_out, uint64_t *number_out,
		       coffer_error *error);

/* A column of the row; NULL: it is not one of those that are used. */
const coffer_value *
coffer_sql_gather_value(struct coffer_sql_gather *gather, size_t column);

#endif
