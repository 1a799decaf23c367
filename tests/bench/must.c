/*
 * Ends of the measuring programs.
 */
#include "tests/bench/must.h"

#include <errno.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>

void
die(const char *what)
{
	fprintf(stderr, "%s: %s\n", program_invocation_short_name, what);
	exit(1);
}

void
must(coffer_status status, const coffer_error *error)
{
	if (status)
		die(error->message);
}

void
must_lmdb(int code)
{
	if (code)
		die(mdb_strerror(code));
}
