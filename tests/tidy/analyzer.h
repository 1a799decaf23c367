/*
 * Included in front of every file that clang-tidy reads: the analyzer sees one file at a time and would
 * take `return coffer_error_set(...)` for a possible success, behind which nothing is set.
 */
#include "coffer.h"

static inline coffer_status
analyzer_failure(coffer_status status)
{
	if (status >= 0)
		__builtin_unreachable();
	return status;
}

#define coffer_error_set(...) analyzer_failure((coffer_error_set)(__VA_ARGS__))
#define coffer_error_at(...) analyzer_failure((coffer_error_at)(__VA_ARGS__))
#define coffer_error_in(...) analyzer_failure((coffer_error_in)(__VA_ARGS__))
