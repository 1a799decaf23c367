/*
 * What the measuring programs do where something goes wrong that is not measured: they say what, and end.
 */
#ifndef TESTS_BENCH_MUST_H
#define TESTS_BENCH_MUST_H

#include "coffer.h"

#include <stdnoreturn.h>

/* Say `what` behind the program's name and end with 1. */
noreturn void
die(const char *what);

void
must(coffer_status status, const coffer_error *error);

/* `code` is liblmdb's. */
void
must_lmdb(int code);

#endif
