/*
 * Entries on their way into a file that is being built, with a thread that puts them: whoever makes the entries need not
 * wait for the file.
 *
 * One thread alone calls these functions. Entries are put in the order in which they came, each by the function that the
 * queue was made with, in the queue's thread or the caller's, never in both at a time.
 */
#ifndef COFFER_DISK_QUEUE_H
#define COFFER_DISK_QUEUE_H

#include "disk/snapshot.h"

struct coffer_queue;

struct coffer_queue_entry {
	uint32_t tree;
	bool is_last; /* its key is greater than all of its tree's */
	struct coffer_bytes key, value;
	/* Of a run of keys of one size, `count` of them, `stride` bytes apart: `key` is the first, and they have no values. */
	size_t count, stride;
};

typedef coffer_status (*coffer_queue_function)(void *context, const struct coffer_queue_entry *entry,
					       coffer_error *error);

/* Entries are handed over in blocks of this many bytes. COFFER_NO_MEMORY alone. */
COFFER_CHECKED coffer_status
coffer_queue_make(coffer_queue_function put, void *context, size_t block_size,
		  struct coffer_queue **queue_out, coffer_error *error);

/* Copy an entry into the queue; a run's keys are not copied and stay until coffer_queue_wait. What failed of those before it is told here, or by the next call. */
COFFER_CHECKED coffer_status
coffer_queue_add(struct coffer_queue *queue, const struct coffer_queue_entry *entry,
		 coffer_error *error);

/*
 * An entry without a key whose value the caller writes itself, of `size` bytes from `place_out` on, aligned for numbers of eight
 * bytes: before its next call. NULL with success: it is too long for the queue, every entry before it was put, and the caller
 * does with it what is to be done. What failed of those before it is told here, or by the next call.
 */
COFFER_CHECKED coffer_status
coffer_queue_reserve(struct coffer_queue *queue, uint32_t tree, size_t size, uint8_t **place_out,
		     coffer_error *error);

/* Wait until every entry was put: the file is the caller's until the next one is added. */
COFFER_CHECKED coffer_status
coffer_queue_wait(struct coffer_queue *queue, coffer_error *error);

/* End the thread; what it has not put is lost. NULL is allowed. */
void
coffer_queue_free(struct coffer_queue *queue);

#endif
