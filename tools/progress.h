/* A line on standard error that says how far long work is, drawn only on a terminal. */
#ifndef TOOLS_PROGRESS_H
#define TOOLS_PROGRESS_H

#include "options.h"

struct coffer_progress_line {
	const char *title; /* "import" */
	bool is_drawn;
	uint64_t rows_expected;  /* 0: not known */
	uint64_t bytes_expected; /* 0: not known; else what the time left is reckoned by */
	uint64_t rows;           /* the most that was told: an index counts its own from 0 */
	char what[64];
	double begun, grown, drawn; /* seconds; `grown`: when `rows` last grew */
};

/* `is_drawn` is false without a terminal and under --quiet and --json. What is expected may be set after. */
void
coffer_progress_begin(struct coffer_progress_line *line, const struct coffer_arguments *arguments);

/* A coffer_progress; `context` is the line. False once an interruption was noted. */
bool
coffer_progress_tell(void *context, const char *what, uint64_t rows, uint64_t bytes);

/* Wipe the line that is drawn at the moment, if one is. */
void
coffer_progress_clear(void);

/* Seconds since begin. */
double
coffer_progress_seconds(const struct coffer_progress_line *line);

#endif
