/*
 * Where results go. A file is written beside its place under a temporary name, mode 0600, synced, and
 * linked or renamed: its name never stands for half of it, and without --force link() itself refuses
 * what has appeared there meanwhile. Its place is where links lead: a link stays what it is.
 */
#include "output.h"

#include "follow.h"
#include "interrupt.h"
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *
name_of(const struct coffer_output *output)
{
	return output->path ? output->path : "standard output";
}

static coffer_status
fail(const struct coffer_output *output, int number, coffer_error *error)
{
	coffer_status status = COFFER_IO;

	if (number == EEXIST)
		status = COFFER_EXISTS;
	if (number == ENOSPC || number == EDQUOT)
		status = COFFER_FULL;
	if (number == EINTR)
		status = COFFER_INTERRUPTED;
	coffer_error_set(error, status, "%s",
			 status == COFFER_EXISTS        ? "exists already"
			 : status == COFFER_INTERRUPTED ? "interrupted"
							: strerror(number));
	coffer_error_at(error, "%s", name_of(output));
	return status;
}

coffer_status
coffer_output_check(const struct coffer_output *output, coffer_error *error)
{
	return output->failure ? fail(output, output->failure, error) : COFFER_OK;
}

/* A device or a pipe is written to where it is: in its place a file would be of no use to anybody. */
static bool
is_stream(const char *path)
{
	struct stat facts;

	return !stat(path, &facts) && !S_ISREG(facts.st_mode) && !S_ISDIR(facts.st_mode);
}

bool
coffer_output_is_same(const char *left, const char *right)
{
	struct stat one, other;

	return !stat(left, &one) && !stat(right, &other) && one.st_dev == other.st_dev &&
	       one.st_ino == other.st_ino;
}

bool
coffer_output_is_onto(const struct coffer_output *output, const char *path)
{
	return output->path && coffer_output_is_same(output->path, path);
}

/* A file that the command itself was given to read; the target of an export is none. */
static bool
is_operand(const struct coffer_arguments *arguments, const char *path)
{
	for (int i = 0; i < arguments->operand_count; i++)
		if (arguments->operands[i] != path &&
		    coffer_output_is_same(path, arguments->operands[i]))
			return true;
	return false;
}

coffer_status
coffer_output_open(struct coffer_output *output, const struct coffer_arguments *arguments,
		   coffer_error *error)
{
	return coffer_output_open_path(output, coffer_option_value(arguments, COFFER_OPTION_OUTPUT),
				       arguments, error);
}

static void
use_standard_output(struct coffer_output *output)
{
	output->path = NULL;
	output->file = STDOUT_FILENO;
	output->is_terminal = isatty(STDOUT_FILENO);
}

/* An open descriptor goes on where it stands, whatever is behind it: a file's bytes are whoever's who opened it. */
static coffer_status
use_descriptor(struct coffer_output *output, int descriptor, coffer_error *error)
{
	int flags = fcntl(descriptor, F_GETFL);

	if (descriptor == STDOUT_FILENO) {
		use_standard_output(output);
		return COFFER_OK;
	}
	if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY)
		return fail(output, EBADF, error);
	output->file = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
	output->is_terminal = isatty(output->file);
	return output->file < 0 ? fail(output, errno, error) : COFFER_OK;
}

static coffer_status
open_stream(struct coffer_output *output, coffer_error *error)
{
	output->file = open(output->path, O_WRONLY | O_CLOEXEC);
	if (output->file < 0)
		return fail(output, errno, error);
	output->is_terminal = isatty(output->file);
	return COFFER_OK;
}

static coffer_status
check_place(struct coffer_output *output, const struct coffer_arguments *arguments,
	    coffer_error *error)
{
	const char *path = output->path;
	struct stat facts;

	if (path[strlen(path) - 1] == '/' || (!stat(path, &facts) && S_ISDIR(facts.st_mode)))
		return fail(output, EISDIR, error);
	if (!output->is_forced && !access(path, F_OK))
		return fail(output, EEXIST, error);
	if (!is_operand(arguments, path))
		return COFFER_OK;
	output->path = NULL;
	coffer_error_set(error, COFFER_INVALID, "the command reads it: it is not written over");
	return coffer_error_at(error, "%s", path);
}

/* Beside output->place. */
static coffer_status
open_temporary(struct coffer_output *output, coffer_error *error)
{
	size_t size = strlen(output->place) + sizeof(".XXXXXX");
	int number;

	output->temporary = malloc(size);
	if (!output->temporary)
		return fail(output, ENOMEM, error);
	snprintf(output->temporary, size, "%s.XXXXXX", output->place);
	output->file = mkostemp(output->temporary, O_CLOEXEC);
	number = errno;
	coffer_interrupt_unfinished(output->file >= 0 ? output->temporary : NULL);
	if (output->file >= 0)
		return COFFER_OK;
	free(output->temporary);
	output->temporary = NULL;
	return fail(output, number, error);
}

coffer_status
coffer_output_open_path(struct coffer_output *output, const char *path,
			const struct coffer_arguments *arguments, coffer_error *error)
{
	int descriptor, number;
	coffer_status status;

	output->failure = 0;
	output->place = output->temporary = NULL;
	output->size = 0;
	output->is_forced = coffer_option_is_given(arguments, COFFER_OPTION_FORCE);
	use_standard_output(output);
	if (!path || !strcmp(path, "-"))
		return COFFER_OK;
	output->path = path;
	output->file = -1;
	output->is_terminal = false;
	output->place = coffer_follow(path, &descriptor);
	number = errno;
	if (descriptor >= 0)
		return use_descriptor(output, descriptor, error);
	if (is_stream(path))
		return open_stream(output, error);
	if ((status = check_place(output, arguments, error)))
		return status;
	return output->place ? open_temporary(output, error) : fail(output, number, error);
}

/* An interruption is seen here too: a reader may be so slow that nothing else is reached. */
static void
write_all(struct coffer_output *output, const char *bytes, size_t size)
{
	while (size && !output->failure) {
		ssize_t written = write(output->file, bytes, size);

		if (written >= 0) {
			bytes += written;
			size -= (size_t)written;
		} else if (errno != EINTR || coffer_interrupt_is_noted()) {
			output->failure = errno;
		}
	}
}

void
coffer_output_flush(struct coffer_output *output)
{
	write_all(output, output->buffer, output->size);
	output->size = 0;
}

void
coffer_output_long(struct coffer_output *output, const char *bytes, size_t size)
{
	coffer_output_flush(output);
	if (size < sizeof(output->buffer) / 2)
		coffer_output_bytes(output, bytes, size);
	else
		write_all(output, bytes, size);
}

void
coffer_output_text(struct coffer_output *output, const char *text)
{
	coffer_output_bytes(output, text, strlen(text));
}

void
coffer_output_format(struct coffer_output *output, const char *format, ...)
{
	char text[1024];
	va_list rest;

	va_start(rest, format);
	vsnprintf(text, sizeof(text), format, rest);
	va_end(rest);
	coffer_output_text(output, text);
}

void
coffer_output_safe(struct coffer_output *output, const char *bytes, size_t size)
{
	if (!output->is_terminal) {
		coffer_output_bytes(output, bytes, size);
		return;
	}
	for (size_t i = 0; i < size; i++) {
		unsigned char byte = (unsigned char)bytes[i],
			      next = (unsigned char)(i + 1 < size ? bytes[i + 1] : 0);

		if (byte == 0xc2 && next >= 0x80 && next < 0xa0)
			coffer_output_format(output, "\\u%04x",
					     (unsigned)(unsigned char)bytes[++i]);
		else if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f)
			coffer_output_format(output, "\\u%04x", (unsigned)byte);
		else
			coffer_output_char(output, bytes[i]);
	}
}

/* The folder's own entry is synced too, else the name could be lost with the power. */
static int
sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	int file = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	int failed = file < 0 || (fsync(file) && errno != EINVAL);
	int number = errno;

	if (file >= 0)
		close(file);
	free(folder);
	return failed ? number : 0;
}

/* Returns an errno. */
static int
give_name(struct coffer_output *output)
{
	int file = output->file;

	output->file = -1;
	if (fsync(file) && errno != EINVAL) {
		int number = errno;

		close(file);
		return number;
	}
	if (close(file))
		return errno;
	if (output->is_forced) {
		if (rename(output->temporary, output->place))
			return errno;
	} else {
		if (link(output->temporary, output->place))
			return errno;
		unlink(output->temporary);
	}
	coffer_interrupt_unfinished(NULL);
	free(output->temporary);
	output->temporary = NULL;
	return sync_folder(output->place);
}

void
coffer_output_drop(struct coffer_output *output)
{
	if (output->path && output->file >= 0)
		close(output->file);
	if (output->temporary)
		unlink(output->temporary);
	coffer_interrupt_unfinished(NULL);
	free(output->temporary);
	free(output->place);
	output->temporary = output->place = NULL;
}

int
coffer_output_close(struct coffer_output *output, const struct coffer_arguments *arguments,
		    coffer_status status, coffer_error *error)
{
	bool is_whole = !status || status == COFFER_NOT_FOUND;

	if (is_whole || !output->path)
		coffer_output_flush(output);
	if (is_whole && output->temporary && !output->failure)
		output->failure = give_name(output);
	coffer_output_drop(output);
	if (output->failure == EPIPE && !output->path)
		coffer_interrupt_broken_pipe();
	if (is_whole && output->failure)
		status = fail(output, output->failure, error);
	return status < 0 ? coffer_report_error(arguments, error) : COFFER_EXIT_DONE;
}
