/*
 * The rows of one table of a store into COPY FROM STDIN.
 */
#ifndef COFFER_POSTGRES_COPY_SEND_H
#define COFFER_POSTGRES_COPY_SEND_H

#include "postgres/copy_write.h"
#include "postgres/session.h"
#include "transfer/transfer.h"

/* What was sent: `rows` and `bytes` are added to, for progress over all tables. */
struct coffer_copy_sent {
	uint64_t rows, bytes;
	uint64_t nans_changed; /* see copy_write.h */
};

/* What is sent, and where to. All of it is borrowed. */
struct coffer_copy_job {
	const coffer_schema *schema; /* the store's */
	uint32_t table;
	const coffer_selection *selection;
	const uint16_t *columns; /* by number; NULL: all but generated ones */
	size_t column_count;
	bool is_text; /* the target's types are others: it reads what is printed */
	const char *into_schema,
		*into; /* the table that takes the rows; its columns have the same names */
	bool is_new;   /* this server transaction made it */
};

/* Does the job's selection take this row? Status as for reading the row. */
COFFER_CHECKED coffer_status
coffer_copy_takes(const struct coffer_copy_job *job, const coffer_row *row, bool *is_taken_out,
		  coffer_error *error);

/*
 * Send the rows of the job's table in the transaction's store, in order of row numbers.
 *
 * COFFER_UNREACHABLE  the connection is gone, or the server refused a value or a row: the place is
 *                     "table[key].column" as far as the server says it
 * others              as for reading the store; COFFER_INTERRUPTED. The COPY is then still open
 */
COFFER_CHECKED coffer_status
coffer_copy_send(struct coffer_session *session, coffer_txn *txn, const struct coffer_copy_job *job,
		 struct coffer_copy_sent *sent, coffer_error *error);

/*
 * Put in front of `error` the place of the row that the server's context names ("COPY t, line 5,
 * column x: ..."): its table, key and column. `row_base` rows of the table were sent by COPY
 * statements before.
 */
void
coffer_copy_refused(coffer_txn *txn, const struct coffer_copy_job *job, const PGresult *refusal,
		    uint64_t row_base, coffer_error *error);

#endif
