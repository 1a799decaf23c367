/*
 * A store's file damaged on purpose, by kinds that have names: those of damage.h, and those that need to know what a store is:
 * values and keys, exchanged and forged ones, earlier states of the whole file, of its metas or of some pages.
 */
#ifndef COFFER_FUZZ_MUTANT_H
#define COFFER_FUZZ_MUTANT_H

#include "fuzz/support/damage.h"
#include "fuzz/support/subject.h"

/* How many kinds there are. */
extern const unsigned mutant_kinds;
/* The name of one, from 0 on. */
const char *
mutant_name(unsigned kind);

struct mutant {
	struct image image;
	/* Entries that have a right checksum though they are damaged: their content is what it is now. */
	size_t sealed;
	bool is_forged; /* sealed, or made to fit otherwise */
	bool is_older;  /* an earlier state as a whole */
};

/* Damage a copy of the subject's newest state; `may_seal`: seal what was damaged anew. False when there is no memory. */
bool
mutant_make(const struct subject *subject, unsigned kind, bool may_seal, struct choices *choices,
	    struct mutant *mutant_out);
void
mutant_free(struct mutant *mutant);

#endif
