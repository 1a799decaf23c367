/*
 * Rows that a cursor's scans have read: a record that was held against its checksum is not held against it again as long as
 * the snapshot stays, in which it does not change. So it is with the pages that rows stand on. A report asks for the same
 * rows again and again; of those that are looked up by a key each is checked every time.
 */
#ifndef STORE_CHECKED_H
#define STORE_CHECKED_H

#include <stdbool.h>
#include <stdint.h>

enum {
	COFFER_CHECKED_BEHIND = 1024, /* rows: who reads a few does not pay for the memory of all */
	/* Bits a row there is, at the most: numbers of rows that were deleted have bits too. */
	COFFER_CHECKED_SPREAD_MAX = 16,
};

struct coffer_checked_rows {
	unsigned behind; /* rows that were read before there were bits, up to COFFER_CHECKED_BEHIND */
	uint64_t *bits;  /* by row number; NULL: nothing is remembered */
	uint64_t count;  /* of them */
};

static inline bool
coffer_checked_has(const struct coffer_checked_rows *checked, uint64_t number)
{
	return number < checked->count && checked->bits[number / 64] >> number % 64 & 1;
}

static inline void
coffer_checked_add(const struct coffer_checked_rows *checked, uint64_t number)
{
	if (checked->bits && number < checked->count)
		checked->bits[number / 64] |= UINT64_C(1) << number % 64;
}

#endif
