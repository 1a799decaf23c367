/*
 * What the command says about itself: one line on standard error, or with --json an object, and the
 * exit code that goes with it. Control characters in it are escaped, whatever the data held.
 */
#ifndef TOOLS_REPORT_H
#define TOOLS_REPORT_H

#include "options.h"

/* What helps where a store is damaged, for people. */
#define COFFER_REPORT_RECOVER "'coffer recover' saves what is whole"

/* The exit code of a failed status. */
int
coffer_exit_code(coffer_status status);

/*
 * Say what went wrong and, where a person reads it, what helps; returns its exit code. Without a place in the error the
 * command's name stands.
 */
int
coffer_report_error(const struct coffer_arguments *arguments, const coffer_error *error);

/* Say what is wrong with the command line and where help is; returns COFFER_EXIT_USAGE. */
int
coffer_report_usage(const struct coffer_arguments *arguments, const char *format, ...)
	COFFER_PRINTF(2, 3);

/* Say that what was asked for at `place` is not there; returns COFFER_EXIT_NOT_FOUND. */
int
coffer_report_missing(const struct coffer_arguments *arguments, const char *place,
		      const char *format, ...) COFFER_PRINTF(3, 4);

/* Talk, unless --quiet asked for none. */
void
coffer_report_note(const struct coffer_arguments *arguments, const char *format, ...)
	COFFER_PRINTF(2, 3);

/* A warning of the library's; `context` is the arguments. Also said under --quiet. */
void
coffer_report_warning(void *context, const char *message);

/* The same as a note: `context` is the arguments. */
void
coffer_report_remark(void *context, const char *message);

/* "12,345,678" */
enum { COFFER_NUMBER_SIZE = 32 };
const char *
coffer_number_print(uint64_t number, char out[COFFER_NUMBER_SIZE]);
/* "1 row", "12,345 rows": the number and what there are that many of, a short word for one of it and for any other number. */
enum { COFFER_COUNT_SIZE = 2 * COFFER_NUMBER_SIZE };
const char *
coffer_count_print(uint64_t count, const char *one, const char *many, char out[COFFER_COUNT_SIZE]);
/* "512 B", "12.3 MiB" */
const char *
coffer_size_print(uint64_t bytes, char out[COFFER_NUMBER_SIZE]);

#endif
