/*
 * Keys that a cursor has looked up: where the record of a row stands, or that there is none, as long as the snapshot does. A gateway
 * asks for the same keys, teams and budgets again and again; for one that was met lately neither an index nor the table is
 * searched. A record is held against its checksum and the key as ever: two keys may have one hash.
 */
#ifndef STORE_MET_H
#define STORE_MET_H

#include <stddef.h>
#include <stdint.h>

enum {
	COFFER_MET_KEYS = 8192,
	COFFER_MET_BEHIND = 64, /* lookups: who looks up a few keys does not pay for memory of them */
	/* Rows: of a larger table few keys come again while they are remembered. */
	COFFER_MET_ROWS_MAX = 4 * COFFER_MET_KEYS,
};

struct coffer_met_key {
	uint64_t hash;
	uint64_t number;       /* of the row */
	const uint8_t *record; /* NULL: no row has a key of this hash */
	uint32_t size;
	uint32_t index; /* one more than the index; 0: nothing is remembered here */
};

struct coffer_met_keys {
	unsigned lookups;            /* so far, up to COFFER_MET_BEHIND */
	struct coffer_met_key *keys; /* NULL: nothing is remembered; COFFER_MET_KEYS of them */
};

/* What is remembered of a key, or would be. There are keys. */
static inline struct coffer_met_key *
coffer_met_place(const struct coffer_met_keys *met, uint16_t index, uint64_t hash)
{
	return &met->keys[(hash + index) % COFFER_MET_KEYS];
}

#endif
