/*
 * Tables of a target are emptied before they are filled anew.
 */
#ifndef COFFER_POSTGRES_EXPORT_CLEAR_H
#define COFFER_POSTGRES_EXPORT_CLEAR_H

#include "postgres/export_order.h"

/*
 * Take every row out of the matched tables, and out of no other.
 *
 * COFFER_CONFLICT     a row of another table refers to one of them
 * COFFER_UNREACHABLE  no permission
 */
COFFER_CHECKED coffer_status
coffer_export_clear(struct coffer_export *export, const struct coffer_matches *matches,
		    const struct coffer_order *order, coffer_error *error);

#endif
