/*
 * Bytes that come from a file, a pipe or a caller's function, taken record by record. What was taken is
 * the caller's to change in place: that is how texts lose their escapes without a copy.
 *
 *   init --> more, more, ... --> take --> more, ... --> release
 *
 * Memory is bounded by a few times the longest record.
 */
#ifndef COFFER_TRANSFER_INPUT_H
#define COFFER_TRANSFER_INPUT_H

#include "coffer.h"

/* Bytes of a record at the most: a text of the longest kind, half of its bytes escaped. */
#define COFFER_RECORD_SIZE_MAX ((size_t)1 << 31)

/*
 * Up to `size` bytes into `buffer`; `size_out` is 0 at the end alone.
 *
 * COFFER_IO, COFFER_INTERRUPTED
 */
typedef coffer_status (*coffer_input_read)(void *context, void *buffer, size_t size,
					   size_t *size_out, coffer_error *error);

struct coffer_input {
	coffer_input_read read;
	void *context;
	size_t record_size_max;
	char *buffer;
	size_t capacity;
	size_t begin, end; /* what was read and not yet taken, in the buffer */
	bool is_at_end;    /* nothing comes behind it */
	bool is_passing;   /* the line taken last was too long: what is left of it is still to be passed over */
	uint64_t bytes;    /* taken so far */
	uint64_t line;     /* of the record taken last, from 1; who takes counts on */
};

/* Nothing is read yet. `context` outlives the input. Release it always. */
void
coffer_input_init(struct coffer_input *input, coffer_input_read read, void *context);
void
coffer_input_release(struct coffer_input *input);

/*
 * Read on behind what is there, which may move.
 *
 * COFFER_NOT_FOUND  the end: nothing came
 * COFFER_LIMIT      a record over `record_size_max`
 * COFFER_NO_MEMORY, and what `read` returns
 */
COFFER_CHECKED coffer_status
coffer_input_more(struct coffer_input *input, coffer_error *error);

/* What is there: `end - begin` bytes; NULL while nothing was read. */
static inline char *
coffer_input_bytes(const struct coffer_input *input)
{
	return input->buffer ? input->buffer + input->begin : NULL;
}

/* Take `size` bytes of what is there: they stay where they are until the next call. */
void
coffer_input_take(struct coffer_input *input, size_t size);

/*
 * Take the next line, without its '\n' (a '\r' before that stays); the last one needs none. Counts it. It
 * is the caller's to change until the next call.
 *
 * COFFER_NOT_FOUND  no byte is left
 * COFFER_LIMIT      a line over `record_size_max`: it counts, its memory is given back, the next call goes on behind it
 * others            as for more
 */
COFFER_CHECKED coffer_status
coffer_input_line(struct coffer_input *input, char **line_out, size_t *size_out,
		  coffer_error *error);

/* Reads a descriptor; the progress function is asked at least each second, also while nothing comes. */
struct coffer_input_file {
	int file;
	coffer_progress progress; /* NULL: none; false interrupts */
	void *progress_context;
	const char *what; /* for the progress function */
	uint64_t rows;    /* for the progress function: kept by whoever counts them */
	uint64_t bytes;
};
coffer_status
coffer_input_read_file(void *context, void *buffer, size_t size, size_t *size_out,
		       coffer_error *error);

#endif
