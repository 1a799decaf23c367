/*
 * What a test says of a store at rest: that it is whole, and what is in it. What fails without being asked to fails the test.
 */
#ifndef COFFER_TESTS_WHOLE_H
#define COFFER_TESTS_WHOLE_H

#include "coffer.h"

/* Verify finds nothing in the store at `path`. */
void
must_be_whole_at(const char *path);

/* Its content digest. */
void
must_digest(const char *path, uint8_t digest[COFFER_DIGEST_SIZE]);

#endif
