/*
 * coffer_sum(X): the sum of floats that does not depend on the order of the rows. Every bit is kept and the whole is rounded
 * once; NULLs are left out; of no values it is NULL. Texts and blobs count as sum() counts them, but
 * for exact sums of coffer_rollup.
 */
#ifndef SQL_SUM_H
#define SQL_SUM_H

#include "coffer.h"
#include "sql/sqlite.h"

/* Give `db` the function, as an aggregate and for windows. Returns SQLite's code. */
int
coffer_sql_add_sum(sqlite3 *db);

/* Give SQLite an exact sum, which coffer_sum takes beside floats. */
void
coffer_sql_result_fixed(sqlite3_context *context, const coffer_fixed *fixed, int exponent);

#endif
