/*
 * Stores to be damaged: made through coffer.h, row by row and in several commits, with all that is known of them.
 */
#ifndef COFFER_FUZZ_SUBJECT_H
#define COFFER_FUZZ_SUBJECT_H

#include "fuzz/support/damage.h"
#include "fuzz/support/entry.h"
#include "fuzz/support/reading.h"

enum { SUBJECT_STATES_MAX = 8 };

struct subject {
	const char *name;
	coffer_schema *schema;
	/* After each commit that was kept; the last one is the newest. */
	struct image states[SUBJECT_STATES_MAX];
	uint64_t traces[SUBJECT_STATES_MAX]; /* what reading each of them gives */
	size_t state_count;
	struct entries entries; /* of the newest */
	struct knowledge known; /* of all */
	size_t value_size_max;
};

struct subject_options {
	unsigned rows;      /* that are there at first */
	unsigned commits;   /* that change some of them */
	unsigned long_size; /* some values are up to so long */
	bool is_brief;      /* traces are those of brief readings */
	bool is_lone;       /* one table only, with two indexes besides its key */
	bool is_old;        /* a store without any feature */
	bool is_loaded;     /* the first rows come by a bulk load, with documents that it compresses */
};

/* Make one in a file at `path`, which is removed again. NULL, or what failed. */
const char *
subject_make(struct subject *subject, const char *path, const struct subject_options *options,
	     struct choices *choices);
/* Take the file at `path` as the only state. */
const char *
subject_take(struct subject *subject, const char *path);
void
subject_free(struct subject *subject);

#endif
