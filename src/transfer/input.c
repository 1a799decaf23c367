/*
 * The buffer holds what was read and not yet taken. When a record does not end in it, what there is moves
 * to the front and, where that is not enough, the buffer doubles: each byte is moved a few times at the most.
 */
#include "transfer/input.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	BLOCK_SIZE = 1 << 17, /* room for one read; a pipe gives half of it at a time */
	TICK_MS = 1000,       /* progress is asked at least so often */
};

void
coffer_input_init(struct coffer_input *input, coffer_input_read read, void *context)
{
	*input = (struct coffer_input){
		.read = read,
		.context = context,
		.record_size_max = COFFER_RECORD_SIZE_MAX,
	};
}

void
coffer_input_release(struct coffer_input *input)
{
	free(input->buffer);
	input->buffer = NULL;
	input->begin = input->end = input->capacity = 0;
}

/* Room for a block behind what there is. Behind a record's size there is always a byte to spare. */
static coffer_status
make_room(struct coffer_input *input, coffer_error *error)
{
	size_t size = input->end - input->begin, capacity = input->capacity;
	char *buffer;

	if (size > input->record_size_max)
		return coffer_error_set(error, COFFER_LIMIT,
					"no end within %zu bytes, the most that a row may have",
					input->record_size_max);
	if (input->begin && input->begin >= size) {
		memcpy(input->buffer, input->buffer + input->begin, size);
		input->begin = 0;
		input->end = size;
	}
	if (capacity - input->end >= BLOCK_SIZE)
		return COFFER_OK;
	capacity = capacity ? 2 * capacity : 2 * BLOCK_SIZE;
	buffer = realloc(input->buffer, capacity);
	if (!buffer)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row of %zu bytes",
					size);
	input->buffer = buffer;
	input->capacity = capacity;
	return COFFER_OK;
}

coffer_status
coffer_input_more(struct coffer_input *input, coffer_error *error)
{
	coffer_status status;
	size_t size;

	if (input->is_at_end)
		return COFFER_NOT_FOUND;
	if ((status = make_room(input, error)) ||
	    (status = input->read(input->context, input->buffer + input->end, BLOCK_SIZE, &size,
				  error)))
		return status;
	input->end += size;
	input->is_at_end = !size;
	return size ? COFFER_OK : COFFER_NOT_FOUND;
}

void
coffer_input_take(struct coffer_input *input, size_t size)
{
	input->begin += size;
	input->bytes += size;
	if (input->begin == input->end)
		input->begin = input->end = 0;
}

static void
give_up(struct coffer_input *input)
{
	input->line++;
	input->bytes += input->end - input->begin;
	coffer_input_release(input);
	input->is_passing = true;
}

/* To behind the end of the line that was given up. */
static coffer_status
pass_over(struct coffer_input *input, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	while (!status && input->is_passing) {
		char *at = coffer_input_bytes(input);
		size_t size = input->end - input->begin;
		char *newline = size ? memchr(at, '\n', size) : NULL;

		coffer_input_take(input, newline ? (size_t)(newline - at) + 1 : size);
		if (newline)
			input->is_passing = false;
		else
			status = coffer_input_more(input, error);
	}
	return status;
}

coffer_status
coffer_input_line(struct coffer_input *input, char **line_out, size_t *size_out,
		  coffer_error *error)
{
	size_t seen = 0, size;
	char *newline = NULL;
	coffer_status status;

	*line_out = NULL;
	*size_out = 0;
	if ((status = pass_over(input, error)))
		return status;
	for (;;) {
		size = input->end - input->begin;
		if (size > seen)
			newline = memchr(input->buffer + input->begin + seen, '\n', size - seen);
		if (newline || status)
			break;
		seen = size;
		status = coffer_input_more(input, error);
	}
	if (!newline && status == COFFER_LIMIT && size > input->record_size_max)
		give_up(input);
	if (!newline && (status < 0 || !size))
		return status;
	*line_out = input->buffer + input->begin;
	*size_out = newline ? (size_t)(newline - *line_out) : size;
	input->line++;
	coffer_input_take(input, *size_out + (newline != NULL));
	return COFFER_OK;
}

static coffer_status
ask(const struct coffer_input_file *file, coffer_error *error)
{
	if (!file->progress ||
	    file->progress(file->progress_context, file->what, file->rows, file->bytes))
		return COFFER_OK;
	return coffer_error_set(error, COFFER_INTERRUPTED, "interrupted");
}

coffer_status
coffer_input_read_file(void *context, void *buffer, size_t size, size_t *size_out,
		       coffer_error *error)
{
	struct coffer_input_file *file = context;
	struct pollfd ready = {.fd = file->file, .events = POLLIN};
	coffer_status status;
	ssize_t taken;

	*size_out = 0;
	do {
		if ((status = ask(file, error)))
			return status;
		if (!poll(&ready, 1, TICK_MS)) {
			taken = -1;
			errno = EAGAIN;
			continue;
		}
		taken = read(file->file, buffer, size);
	} while (taken < 0 && (errno == EINTR || errno == EAGAIN));
	if (taken < 0)
		return coffer_error_set(error, COFFER_IO, "%s", strerror(errno));
	*size_out = (size_t)taken;
	file->bytes += (uint64_t)taken;
	return COFFER_OK;
}
