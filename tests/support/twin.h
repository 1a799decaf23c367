/*
 * The plain twin of a store: the same statements on arrays, with loops. A script of bytes says which statements; after every
 * commit the two are held against each other, row by row and index by index, and verify must find nothing but what the twin
 * knows of.
 *
 *   script --> statement --> store                  \
 *                        \-> twin: lists of rows    --> the same answer, the same rows
 */
#ifndef COFFER_TESTS_TWIN_H
#define COFFER_TESTS_TWIN_H

#include "coffer.h"

struct twin_report {
	char text[1024]; /* the first difference; empty: there is none */
	size_t statements, refusals, commits, aborts;
	size_t acted; /* statements that changed more than one row */
	size_t full;  /* transactions that a full map ended */
};

/*
 * Make a store at `path` and run a script on it and on its twin. True when they are the same to the end. The store is left
 * there, closed.
 */
bool
twin_run(const uint8_t *script, size_t size, const char *path, struct twin_report *report_out);

#endif
