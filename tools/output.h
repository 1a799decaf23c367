/*
 * The result: a buffered stream to standard output, or to a new file that takes its name only when all
 * of it is written. A failure sticks: what comes after it does nothing, finish tells it.
 */
#ifndef TOOLS_OUTPUT_H
#define TOOLS_OUTPUT_H

#include "options.h"

#include <string.h>

enum { COFFER_OUTPUT_SIZE = 1 << 16 };

struct coffer_output {
	int file;
	int failure;      /* an errno; 0: none */
	bool is_terminal; /* control characters are escaped */
	bool is_forced;
	const char *path; /* as it was given; NULL: standard output */
	char *place;      /* where it leads */
	char *temporary;
	size_t size;
	char buffer[COFFER_OUTPUT_SIZE];
};

/*
 * As --output and --force say. Links are followed; what is no regular file, and a descriptor that is open, /dev/stdout, is
 * written to. Close always.
 *
 * COFFER_EXISTS  the file exists and --force is not given
 * COFFER_IO      its folder cannot be written
 */
coffer_status
coffer_output_open(struct coffer_output *output, const struct coffer_arguments *arguments,
		   coffer_error *error);

/* The same to `path`, whatever --output says; NULL and "-" are standard output. */
coffer_status
coffer_output_open_path(struct coffer_output *output, const char *path,
			const struct coffer_arguments *arguments, coffer_error *error);

/*
 * With a `status` of COFFER_OK or COFFER_NOT_FOUND write what is left and give the file its name, else
 * leave no file. Says what failed, here or in `error`; returns the exit code. Does not come back when
 * the reader of standard output has left.
 */
int
coffer_output_close(struct coffer_output *output, const struct coffer_arguments *arguments,
		    coffer_status status, coffer_error *error);

/* Leave no file; for whoever has said already what failed. */
void
coffer_output_drop(struct coffer_output *output);

/* Would the output take the place of the file at `path`? */
bool
coffer_output_is_onto(const struct coffer_output *output, const char *path);

/* What a failure so far will be told as, for whoever would go on for long: COFFER_FULL, COFFER_IO, INTERRUPTED. */
coffer_status
coffer_output_check(const struct coffer_output *output, coffer_error *error);

/* Do both paths lead to one file that is there? */
bool
coffer_output_is_same(const char *left, const char *right);

void
coffer_output_flush(struct coffer_output *output);
void
coffer_output_long(struct coffer_output *output, const char *bytes, size_t size);

static inline void
coffer_output_bytes(struct coffer_output *output, const char *bytes, size_t size)
{
	if (size > sizeof(output->buffer) - output->size) {
		coffer_output_long(output, bytes, size);
		return;
	}
	if (size)
		memcpy(output->buffer + output->size, bytes, size);
	output->size += size;
}

static inline void
coffer_output_char(struct coffer_output *output, char byte)
{
	if (output->size == sizeof(output->buffer))
		coffer_output_flush(output);
	output->buffer[output->size++] = byte;
}

void
coffer_output_text(struct coffer_output *output, const char *text);
/* For lines of a known and small length. */
void
coffer_output_format(struct coffer_output *output, const char *format, ...) COFFER_PRINTF(2, 3);
/* Text of the data's: on a terminal all control characters but newline and tab are escaped. */
void
coffer_output_safe(struct coffer_output *output, const char *bytes, size_t size);

#endif
