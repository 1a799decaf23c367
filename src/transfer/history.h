/*
 * What a store's provenance tells of the part of its source that it holds. What it says is believed as far as asking the
 * source for less goes.
 */
#ifndef COFFER_TRANSFER_HISTORY_H
#define COFFER_TRANSFER_HISTORY_H

#include "coffer.h"

/* The value of a fact of this name, or NULL; borrowed. */
const char *
coffer_history_fact(const coffer_step *step, const char *name);

/* The step of the last import, or NULL; borrowed from the store. */
const coffer_step *
coffer_history_import(const coffer_store *store);

/* Were rows of a table removed by their age (coffer_store_prune) since the last import? Those from before this time. */
bool
coffer_history_pruned(const coffer_store *store, const char *table, int64_t *before_out);

#endif
