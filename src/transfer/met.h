/*
 * Which row numbers were met: a set of bits over 2^48 numbers, of which only the parts are held that have one.
 */
#ifndef COFFER_TRANSFER_MET_H
#define COFFER_TRANSFER_MET_H

#include "coffer.h"

/* A part takes 64 bytes, as many as a line of the processor's cache. */
enum { COFFER_MET_WORDS = 7 };
struct coffer_met_part {
	uint64_t number; /* from 1; 0: empty */
	uint64_t bits[COFFER_MET_WORDS];
};

/* A zeroed one is empty. */
struct coffer_met {
	struct coffer_met_part *parts; /* by hash of their numbers, at most half of them in use */
	size_t capacity, used;
	uint64_t
		multiplier; /* of the hash: random, so that nobody can make up numbers that collide */
	uint64_t count;     /* numbers met */
};

void
coffer_met_release(struct coffer_met *met);

bool
coffer_met_has(const struct coffer_met *met, uint64_t number);

/* COFFER_NO_MEMORY */
COFFER_CHECKED coffer_status
coffer_met_add(struct coffer_met *met, uint64_t number, coffer_error *error);

#endif
