/*
 * Reports and views that a roll-up answers: groups in the place of rows, where what comes of it is the same to the last bit.
 */
#ifndef SQL_REPORT_GROUPS_H
#define SQL_REPORT_GROUPS_H

#include "sql/report.h"

/*
 * Set `groups` of a request whose range is settled: what its text has as :groups, in the lines of source=rollup. It stays
 * NULL, and the rows are asked, where the store has no roll-up that knows what is asked, the range cuts one of its groups in
 * two, or a sum in it lacks a value.
 *
 * COFFER_INVALID    what SQLite says of the statement that looks for such values
 * COFFER_NO_MEMORY
 */
COFFER_CHECKED coffer_status
coffer_report_settle_groups(struct coffer_report_request *request, sqlite3 *db,
			    const coffer_schema *schema, coffer_error *error);

/*
 * The same for one of the gateway's views, which are of days up to now, of the store in the schema `schema_name` of SQLite's:
 * spend by day and `column`, "" for none. `groups_out` is SQLite's memory; NULL where the store has no roll-up of these.
 *
 * COFFER_NO_MEMORY
 */
COFFER_CHECKED coffer_status
coffer_view_groups(const coffer_schema *schema, const char *schema_name, const char *column,
		   char **groups_out, coffer_error *error);

#endif
