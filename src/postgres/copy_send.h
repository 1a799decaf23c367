/*
 * The rows of one table of a store into COPY FROM STDIN.
 */
#ifndef COFFER_POSTGRES_COPY_SEND_H
#define COFFER_POSTGRES_COPY_SEND_H

#include "postgres/copy_write.h"
#include "postgres/session.h"

/* What was sent: `rows` and `bytes` are added to, for progress over all tables. */
struct coffer_copy_sent {
	uint64_t rows, bytes;
	uint64_t nans_changed; /* see copy_write.h */
};

/*
 * Send every row of table number `table` of the transaction's store, in order of row numbers, to
 * the table of that name, which this server transaction made itself.
 *
 * COFFER_UNREACHABLE  the connection is gone, or the server refused a value or a row: the place is
 *                     "table[key].column" as far as the server says it
 * others              as for reading the store; COFFER_INTERRUPTED. The COPY is then still open
 */
COFFER_CHECKED coffer_status
coffer_copy_send(struct coffer_session *session, coffer_txn *txn, const coffer_schema *schema,
		 uint32_t table, struct coffer_copy_sent *sent, coffer_error *error);

/*
 * Put in front of `error` the place of the row that the server's context names ("COPY t, line 5,
 * column x: ..."): its table, key and column. `row_base` rows of the table were sent by COPY
 * statements before.
 */
void
coffer_copy_refused(coffer_txn *txn, const coffer_schema *schema, uint32_t table,
		    const char *context, uint64_t row_base, coffer_error *error);

#endif
