/*
 * Rows and their definitions as SQL that psql loads: what goes out where no server can be reached.
 */
#ifndef COFFER_TRANSFER_SQL_WRITE_H
#define COFFER_TRANSFER_SQL_WRITE_H

#include "transfer/source.h"

/* Takes all bytes or fails. */
typedef coffer_status (*coffer_sql_sink)(void *context, const char *bytes, size_t size,
					 coffer_error *error);

/*
 * Write the schema of `source` and all its rows, as COPY, in one transaction that an empty database takes:
 *
 *	psql -X -v ON_ERROR_STOP=1 -d DATABASE -f FILE
 *
 * COFFER_INVALID  a definition that psql would take for one of its own commands
 * others          as for the source and the sink; COFFER_NO_MEMORY
 */
COFFER_CHECKED coffer_status
coffer_sql_write(struct coffer_source *source, coffer_sql_sink sink, void *context,
		 coffer_transfer_summary *summary_out, coffer_error *error);

#endif
