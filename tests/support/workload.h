/*
 * LMDB files as liblmdb leaves them after random transactions: several trees, keys of all sizes, values in leaves and on
 * overflow pages, trees made, emptied and dropped, a reader that holds pages back.
 */
#ifndef COFFER_TESTS_WORKLOAD_H
#define COFFER_TESTS_WORKLOAD_H

#include <stdbool.h>
#include <stdint.h>

enum { WORKLOAD_TREES = 5 };

/* Random numbers; any state but 0. */
uint64_t
workload_random(uint64_t *state);

/* The name of tree `tree`. */
const char *
workload_tree(unsigned tree);

/* A key of the kinds that the workload writes in tree `tree`, at most 511 bytes, in `out`; its size. */
unsigned
workload_key(uint64_t *state, unsigned tree, uint8_t *out);

/* Write a file at `path` (instead of what is there). `is_extended`: give it the length up to its last page in use. */
void
workload_make(const char *path, uint64_t seed, bool is_extended);

#endif
