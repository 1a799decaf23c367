/*
 * How many rows of each hash: what rows without a key are compared by. It lies in memory as long as it is small and
 * in a file without a name when it is not, which the system may write out.
 */
#ifndef COFFER_TRANSFER_TALLY_H
#define COFFER_TRANSFER_TALLY_H

#include "coffer.h"

enum { COFFER_TALLY_HASH_SIZE = 16 };

struct coffer_tally_slot {
	uint8_t hash[COFFER_TALLY_HASH_SIZE];
	uint64_t count;
	bool is_used;
};

struct coffer_tally {
	struct coffer_tally_slot *slots; /* a mapping; at most half of them in use */
	size_t capacity, used;
	size_t memory_size; /* beyond it the slots lie in a file */
	uint64_t total;     /* rows that are in it */
};

/* `memory_size` 0: 64 MiB. Release always. */
void
coffer_tally_init(struct coffer_tally *tally, size_t memory_size);
void
coffer_tally_release(struct coffer_tally *tally);

/* Count a row. Hashes are spread evenly. COFFER_NO_MEMORY; COFFER_IO, COFFER_FULL of a temporary file. */
COFFER_CHECKED coffer_status
coffer_tally_add(struct coffer_tally *tally, const uint8_t hash[COFFER_TALLY_HASH_SIZE],
		 coffer_error *error);

/* Take one row of this hash away; false when there is none. */
bool
coffer_tally_take(struct coffer_tally *tally, const uint8_t hash[COFFER_TALLY_HASH_SIZE]);

#endif
