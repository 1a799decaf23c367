/*
 * What a test does when something goes wrong that is not tested: it fails at the caller's line and says what the error says.
 */
#ifndef COFFER_TESTS_MUST_H
#define COFFER_TESTS_MUST_H

#include "coffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define must(status, error) must_at((status), (error), __FILE__, __LINE__)

static inline void
must_at(coffer_status status, const coffer_error *error, const char *file, int line)
{
	if (!status)
		return;
	print_error("status %d: %s: %s\n", status, error->place, error->message);
	_fail(file, line);
}

#endif
