/*
 * pg_restore as the reader of archives: no other program knows all their versions and compressions.
 *
 * It is found on PATH and started without a shell. It reads the archive from its standard input and
 * writes into the file that it is given as its standard output; what it complains of comes through
 * a pipe, whose end is its own.
 */
#include "transfer/dump_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	COMPLAINT_SIZE_MAX = 300, /* bytes of its first complaint that are kept */
	TICK_MS = 200,
};

struct child {
	pid_t pid;
	int complaints; /* the end of the pipe that is read */
	char complaint[COMPLAINT_SIZE_MAX + 1];
	size_t complaint_size;
};

/* ------------------------------------------------------------------ start */

static int
spawn(struct child *child, int archive, const char *path, int output, int complaints)
{
	char *words[] = {(char *)(uintptr_t) "pg_restore", (char *)(uintptr_t) "-f",
			 (char *)(uintptr_t) "-",          (char *)(uintptr_t) "--",
			 (char *)(uintptr_t)path,          NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t signals;
	int fault = posix_spawn_file_actions_init(&actions);

	if (fault)
		return fault;
	if ((fault = posix_spawnattr_init(&attributes))) {
		posix_spawn_file_actions_destroy(&actions);
		return fault;
	}
	sigemptyset(&signals);
	(void)posix_spawnattr_setsigmask(&attributes, &signals);
	(void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	if (archive >= 0)
		fault = posix_spawn_file_actions_adddup2(&actions, archive, STDIN_FILENO);
	if (!fault)
		fault = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	if (!fault)
		fault = posix_spawn_file_actions_adddup2(&actions, complaints, STDERR_FILENO);
	if (!fault)
		fault = posix_spawnp(&child->pid, words[0], &actions, &attributes, words, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return fault;
}

static coffer_status
start(struct child *child, int archive, const char *path, int output, coffer_error *error)
{
	int ends[2], fault;

	if (pipe2(ends, O_CLOEXEC))
		return coffer_error_set(error, COFFER_IO, "no pipe: %s", strerror(errno));
	fault = spawn(child, archive, path, output, ends[1]);
	close(ends[1]);
	child->complaints = ends[0];
	if (!fault)
		return COFFER_OK;
	close(ends[0]);
	if (fault == ENOENT)
		return coffer_error_set(
			error, COFFER_IO,
			"an archive needs pg_restore, which is not on PATH: install the "
			"Postgres client programs, or dump in the plain format (pg_dump "
			"-Fp)");
	return coffer_error_set(error, COFFER_IO, "pg_restore cannot be started: %s",
				strerror(fault));
}

/* ------------------------------------------------------------------ watch */

/* The first line is kept; the rest is read so that the pipe does not fill. */
static void
keep_complaint(struct child *child, const char *data, size_t size)
{
	for (size_t i = 0; i < size && child->complaint_size < COMPLAINT_SIZE_MAX; i++) {
		if (data[i] == '\n')
			child->complaint_size = COMPLAINT_SIZE_MAX;
		else
			child->complaint[child->complaint_size++] =
				(char)(data[i] < ' ' && data[i] >= 0 ? ' ' : data[i]);
	}
}

static coffer_status
tell(const coffer_transfer_options *options, int output, coffer_error *error)
{
	struct stat stat;
	uint64_t size = fstat(output, &stat) ? 0 : (uint64_t)stat.st_size;

	if (!options->progress ||
	    options->progress(options->progress_context, "pg_restore", 0, size))
		return COFFER_OK;
	return coffer_error_set(error, COFFER_INTERRUPTED, "interrupted");
}

/* Until it closes its standard error, which it does by ending. */
static coffer_status
watch(struct child *child, const coffer_transfer_options *options, int output, coffer_error *error)
{
	struct pollfd ready = {.fd = child->complaints, .events = POLLIN};
	char data[1024];
	ssize_t size = 1;

	while (size) {
		coffer_status status = tell(options, output, error);

		if (status)
			return status;
		if (poll(&ready, 1, TICK_MS) <= 0)
			continue;
		size = read(child->complaints, data, sizeof(data));
		if (size > 0)
			keep_complaint(child, data, (size_t)size);
		else if (size < 0 && errno != EINTR && errno != EAGAIN)
			return coffer_error_set(error, COFFER_IO, "%s", strerror(errno));
	}
	return COFFER_OK;
}

static coffer_status
end(struct child *child, coffer_status status, coffer_error *error)
{
	int how = 0;

	if (status)
		kill(child->pid, SIGTERM);
	while (waitpid(child->pid, &how, 0) < 0 && errno == EINTR)
		;
	close(child->complaints);
	if (status || (WIFEXITED(how) && !WEXITSTATUS(how)))
		return status;
	if (WIFEXITED(how) && WEXITSTATUS(how) == 127 && !*child->complaint)
		return coffer_error_set(error, COFFER_IO, "pg_restore cannot be started");
	return coffer_error_set(error, COFFER_IO, "pg_restore failed: %s",
				*child->complaint ? child->complaint : "it says nothing");
}

coffer_status
coffer_restore_run(int archive, const char *path, int output,
		   const coffer_transfer_options *options, coffer_error *error)
{
	struct child child = {.pid = 0};
	coffer_status status;

	if (archive >= 0 && lseek(archive, 0, SEEK_SET) < 0)
		return coffer_error_set(error, COFFER_IO, "%s", strerror(errno));
	if ((status = start(&child, archive, path, output, error)))
		return status;
	status = watch(&child, options, output, error);
	return end(&child, status, error);
}
