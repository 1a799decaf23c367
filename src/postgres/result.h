/*
 * A server's answer, which may be another than the one that was asked for: a pooler's, a later version's, or
 * one that means harm.
 */
#ifndef COFFER_POSTGRES_RESULT_H
#define COFFER_POSTGRES_RESULT_H

#include "coffer.h"

#include <libpq-fe.h>

/*
 * Has the result as many columns as `shape` has letters, and `rows_min` rows or more? In a column whose
 * letter is 'r' (required) nothing is NULL; in one that has 'o' (optional) it may be.
 * COFFER_UNREACHABLE: it has not.
 */
COFFER_CHECKED coffer_status
coffer_result_check(const PGresult *result, const char *shape, int rows_min, coffer_error *error);

/* Is it the beginning of a COPY? There the next result is the same again until the COPY is ended. */
bool
coffer_result_is_copy(const PGresult *result);

/* A field; "" where it is NULL or not there. */
const char *
coffer_result_text(const PGresult *result, int row, int column);

#endif
