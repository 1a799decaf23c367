/*
 * Everything that can be read of a store, in one order: what came of it is a single number, so that two stores are compared,
 * and each value is looked for among those that the store ever had.
 */
#ifndef COFFER_FUZZ_READING_H
#define COFFER_FUZZ_READING_H

#include "coffer.h"

/* Hashes; grows. */
struct hash_set {
	uint64_t *slots;
	size_t count, capacity;
};

struct known_key; /* one unique key of a row */

/* What a store has, or had in one of its states. */
struct knowledge {
	struct hash_set placed; /* of table, row number, column and value */
	struct hash_set loose;  /* of table, column and value */
	struct hash_set keyed;  /* of the keys */
	struct known_key *keys;
	size_t key_count;
	size_t value_size_max;
};

struct reading {
	uint64_t trace;    /* of all that was read, failures included */
	uint64_t rows;     /* given */
	uint64_t failures; /* reads that did not give an answer */
	uint64_t
		strangers; /* values that the store never had, rows that are not what was asked for */
	char failure[256], stranger[256]; /* the first one */
};

struct reading_options {
	const struct knowledge *known; /* NULL: nobody knows */
	bool is_renumbered;            /* rows have other numbers than they had */
	bool is_brief;                 /* without digest, relations and equal values */
};

/* Learn a store: each value of each row, each unique key; 0, or the status of the read that failed. */
coffer_status
knowledge_learn(struct knowledge *known, coffer_store *store);
void
knowledge_free(struct knowledge *known);

/* Read everything: scans of tables and indexes both ways, rows by key, by relation and by equal value, groups of
 * roll-ups, sizes, the digest. */
void
reading_make(coffer_store *store, const struct reading_options *options,
	     struct reading *reading_out);

#endif
