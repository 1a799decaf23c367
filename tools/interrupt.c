/*
 * Signals. The first asks: long work looks at the note and ends in order, so that the old file or none
 * is left. The second one ends the process. SIGPIPE is ignored so that a reader of our standard output
 * who leaves cannot cut an import short; whoever writes there sees EPIPE and comes back to here. SIGBUS ends the
 * process as damage does.
 */
#include "interrupt.h"

#include "command.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static volatile sig_atomic_t noted, is_let, is_prompting;

/* What else a signal stops: safe to call in a handler. */
static void (*volatile stop)(void *context);
static void *volatile stop_context;

static void
note(int number)
{
	static const char text[] = "coffer: interrupted\n";

	if (stop)
		stop(stop_context);
	if (is_prompting && number == SIGINT) {
		noted = number;
		return;
	}
	if (is_let && write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(128 + number);
	if (noted || is_let)
		_exit(128 + number);
	noted = number;
}

/* A map ends where its file ends: who reads on gets this. What was being written has no name yet, or the one kept here. */
static const char *volatile unfinished;

/* What is said then is put together before: it names the file, where there is one alone. */
static char cut_text[PATH_MAX + 128] = "coffer: a file was cut, or its disk failed, while it was read\n";
static size_t cut_size = sizeof("coffer: a file was cut, or its disk failed, while it was read\n") - 1;

void
coffer_interrupt_reads(const char *path)
{
	int size = snprintf(cut_text, sizeof(cut_text), "coffer: %s: the file was cut, or its disk failed, while it was read\n",
			    path);

	cut_size = size < (int)sizeof(cut_text) ? (size_t)size : sizeof(cut_text) - 1;
	for (size_t i = 0; i + 1 < cut_size; i++)
		if ((unsigned char)cut_text[i] < 0x20 || cut_text[i] == 0x7f)
			cut_text[i] = '?';
}

static void
end_cut(int number)
{
	(void)number;
	if (write(STDERR_FILENO, cut_text, cut_size) < 0 || !unfinished)
		_exit(COFFER_EXIT_DAMAGED);
	(void)unlink(unfinished);
	_exit(COFFER_EXIT_DAMAGED);
}

void
coffer_interrupt_unfinished(const char *path)
{
	unfinished = path;
}

void
coffer_interrupt_watch(void)
{
	struct sigaction action = {.sa_handler = note}, cut = {.sa_handler = end_cut}, old;

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	/* Under nohup it stays ignored. */
	if (!sigaction(SIGHUP, NULL, &old) && old.sa_handler != SIG_IGN)
		sigaction(SIGHUP, &action, NULL);
	sigemptyset(&cut.sa_mask);
	sigaction(SIGBUS, &cut, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
	sigaction(SIGXFSZ, &action, NULL); /* a file that may not grow is an error like a full disk */
}

void
coffer_interrupt_let(bool is_immediate)
{
	is_let = is_immediate;
}

void
coffer_interrupt_stop(void (*call)(void *context), void *context)
{
	stop = NULL;
	stop_context = context;
	stop = call;
}

void
coffer_interrupt_prompt(bool is_on)
{
	is_prompting = is_on;
}

bool
coffer_interrupt_forget(void)
{
	if (noted != SIGINT)
		return false;
	noted = 0;
	return true;
}

bool
coffer_interrupt_is_noted(void)
{
	return noted != 0;
}

/* Signals come while poll waits and not between the look at the note and the waiting. */
int
coffer_interrupt_wait(int file)
{
	struct pollfd wanted = {.fd = file, .events = POLLIN};
	sigset_t all, before;
	int ready = 1;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	if (!noted && ppoll(&wanted, 1, NULL, &before) < 0 && errno == EINTR)
		ready = 0;
	sigprocmask(SIG_SETMASK, &before, NULL);
	return noted ? -1 : ready;
}

int
coffer_interrupt_code(void)
{
	return 128 + (noted ? noted : SIGINT);
}

_Noreturn void
coffer_interrupt_broken_pipe(void)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t set;

	sigemptyset(&action.sa_mask);
	sigaction(SIGPIPE, &action, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(SIGPIPE);
	_exit(128 + SIGPIPE);
}
