/* "did you mean": the nearest of the names that are offered. */
#ifndef COFFER_TRANSFER_SUGGEST_H
#define COFFER_TRANSFER_SUGGEST_H

#include <stddef.h>

/* Start with `word` set and the rest zero; `best` is NULL while nothing near was offered. */
struct coffer_suggestion {
	const char *word;
	const char *best;
	size_t distance;
};

void
coffer_suggestion_offer(struct coffer_suggestion *suggestion, const char *name);

#endif
