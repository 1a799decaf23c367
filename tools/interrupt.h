/* SIGINT, SIGTERM and SIGHUP ask for an end: the first is noted, the second ends at once. */
#ifndef TOOLS_INTERRUPT_H
#define TOOLS_INTERRUPT_H

#include <stdbool.h>

void
coffer_interrupt_watch(void);
bool
coffer_interrupt_is_noted(void);
/* A file to be removed should a cut store end the process; NULL: none. It stays the caller's. */
void
coffer_interrupt_unfinished(const char *path);
/* The store that is read, for what is said should it be cut. */
void
coffer_interrupt_reads(const char *path);
/* For work that does not look at the note and leaves nothing behind: the first signal ends at once too. */
void
coffer_interrupt_let(bool is_immediate);
/* Something that is told of each signal in its handler, from when this returns; NULL: nothing. */
void
coffer_interrupt_stop(void (*call)(void *context), void *context);
/* At a prompt SIGINT never ends the process, however often it comes. */
void
coffer_interrupt_prompt(bool is_on);
/* Forget a SIGINT that was noted. False: there is none. */
bool
coffer_interrupt_forget(void);
/* Wait until there is something to read, or its end: 1. -1: a signal is noted, however little before; 0: another came. */
int
coffer_interrupt_wait(int file);
/* 128 and the signal's number: 130 after SIGINT, which also stands when none was noted. */
int
coffer_interrupt_code(void);

/* End as a process does that writes to a pipe without a reader: by SIGPIPE, without a word. */
_Noreturn void
coffer_interrupt_broken_pipe(void);

#endif
