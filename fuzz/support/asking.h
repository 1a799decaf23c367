/*
 * Everything that SQL asks of a store in its own way: each table whole and counted, and by its keys' columns in order, by
 * value, in a range, in a list, joined with itself; the catalogue's lists. What came of it is a single number.
 */
#ifndef COFFER_FUZZ_ASKING_H
#define COFFER_FUZZ_ASKING_H

#include "coffer.h"

struct asking {
	uint64_t trace;    /* of all answers, failures included */
	uint64_t failures; /* statements that did not come to an end */
	char failure[256]; /* the first one */
};

/* Takes the store. */
void
asking_make(coffer_store *store, struct asking *asking_out);

#endif
