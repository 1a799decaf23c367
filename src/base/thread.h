/*
 * Threads of the library's own, in whatever process it is part of: signals are for the threads that were there before, but
 * those that tell of what a thread did itself.
 */
#ifndef COFFER_BASE_THREAD_H
#define COFFER_BASE_THREAD_H

#include <pthread.h>
#include <signal.h>
#include <stddef.h>

/* Begin a thread that takes no signals. Returns 0, or what pthread_create says. */
static inline int
coffer_thread_start(pthread_t *thread_out, void *(*run)(void *context), void *context)
{
	sigset_t all, before;
	int code;

	sigfillset(&all);
	sigdelset(&all, SIGBUS);
	sigdelset(&all, SIGSEGV);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	code = pthread_create(thread_out, NULL, run, context);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return code;
}

#endif
