/*
 * More connections to a server, in the snapshot of the first.
 */
#ifndef COFFER_POSTGRES_JOIN_H
#define COFFER_POSTGRES_JOIN_H

#include "postgres/lane.h"
#include "transfer/transfer.h"

/* Lock every table of a result, whose columns are a name and whether it is locked without its partitions. */
COFFER_CHECKED coffer_status
coffer_session_lock(struct coffer_session *session, const PGresult *names, bool is_patient,
		    coffer_error *error);

/*
 * May this role call a function, "name(types)" in pg_catalog? A refusal would doom the transaction; a function may be
 * missing too.
 */
COFFER_CHECKED coffer_status
coffer_session_may_call(struct coffer_session *session, const char *function, bool *is_allowed_out,
			coffer_error *error);

/*
 * Open connections to `name` until there are `wanted` lanes, the first of which has its transaction and its locks of
 * `names`. Each one more has a transaction of the same snapshot and the same locks. `count_out` says how many there are:
 * where one cannot be had, the options' note tells why, and that is no failure.
 *
 * COFFER_UNREACHABLE, COFFER_INTERRUPTED, COFFER_NO_MEMORY
 */
COFFER_CHECKED coffer_status
coffer_join(const char *name, struct coffer_lane *lanes, unsigned wanted, const PGresult *names,
	    const coffer_transfer_options *options, unsigned *count_out, coffer_error *error);

#endif
