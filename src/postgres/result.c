/*
 * Looked at once, as it comes, so that whoever reads it need not.
 */
#include "postgres/result.h"

#include <string.h>

static bool
has_null(const PGresult *result, const char *shape)
{
	for (int column = 0; shape[column]; column++)
		for (int row = 0; shape[column] == 'r' && row < PQntuples(result); row++)
			if (PQgetisnull(result, row, column))
				return true;
	return false;
}

coffer_status
coffer_result_check(const PGresult *result, const char *shape, int rows_min, coffer_error *error)
{
	if (PQresultStatus(result) == PGRES_TUPLES_OK && PQnfields(result) == (int)strlen(shape) &&
	    PQntuples(result) >= rows_min && !has_null(result, shape))
		return COFFER_OK;
	return coffer_error_set(error, COFFER_UNREACHABLE,
				"the server's answer is not one to what it was asked");
}

bool
coffer_result_is_copy(const PGresult *result)
{
	ExecStatusType kind = PQresultStatus(result);

	return kind == PGRES_COPY_IN || kind == PGRES_COPY_OUT || kind == PGRES_COPY_BOTH;
}

const char *
coffer_result_text(const PGresult *result, int row, int column)
{
	const char *text = PQgetvalue(result, row, column);

	return text ? text : "";
}
