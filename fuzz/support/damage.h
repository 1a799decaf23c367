/*
 * Damage to an image, of the kinds that stores meet: bits, headers, slots, nodes, child pointers, records of trees, metas,
 * pages exchanged, copied and lost, a file cut.
 */
#ifndef COFFER_FUZZ_DAMAGE_H
#define COFFER_FUZZ_DAMAGE_H

#include "fuzz/support/image.h"

/* Decisions: bytes of an input first, then numbers that follow from them. */
struct choices {
	const uint8_t *data;
	size_t left;
	uint64_t state;
};

struct choices
choices_of(const uint8_t *data, size_t size);
/* A number below `limit`, which is not 0. */
uint64_t
choose(struct choices *choices, uint64_t limit);

enum { DAMAGE_KINDS = 24 };

/* The name of a kind, from 0 on. */
const char *
damage_name(unsigned kind);

/* Do one kind of damage. The image may become shorter, never longer than it was made. */
void
damage(struct image *image, unsigned kind, struct choices *choices);

#endif
