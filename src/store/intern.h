/*
 * Giving pool codes to texts while a store is built. SPEC.md 8.
 */
#ifndef COFFER_STORE_INTERN_H
#define COFFER_STORE_INTERN_H

#include "store/sorter.h"
#include "store/store.h"

struct coffer_intern_slot {
	uint64_t hash;
	uint32_t code;   /* 0: empty */
	uint32_t at;     /* where the text stands in `texts`, in units of 8 bytes, from 1; 0: only in the pool */
};

/*
 * 16 bytes a distinct text in a table that doubles up to COFFER_INTERN_SLOTS_MAX slots; beyond that the table is given up
 * for the tree pool/hash itself. Texts met first are kept in memory too, so that the common ones are compared
 * without a descent.
 */
enum {
	COFFER_INTERN_SLOTS_MAX = 1 << 21,    /* 32 MiB */
	COFFER_INTERN_TEXTS_MAX = 16 << 20,   /* bytes of texts kept */
	COFFER_INTERN_TEXT_MAX = 4096,        /* a longer one is not kept */
};

struct coffer_intern {
	struct coffer_build *build;
	coffer_txn *reader; /* over the build */
	struct coffer_intern_slot *slots;
	size_t slot_count, used;
	size_t slot_count_max;
	uint8_t *texts; /* size as u64, bytes, padding */
	size_t texts_size, texts_capacity;
	uint32_t code;  /* the last one given */
	bool is_in_tree; /* the table was given up */
	uint8_t *scratch; /* a pool value being sealed */
	size_t scratch_size;
	struct coffer_sort_scratch *sort_scratch;
	const char *path;
};

void
coffer_intern_init(struct coffer_intern *intern, struct coffer_build *build, coffer_txn *reader,
		   struct coffer_sort_scratch *sort_scratch, const char *path);
void
coffer_intern_release(struct coffer_intern *intern);

/* The code of a text, given now if it has none. COFFER_FULL: codes or equal hashes ran out. */
COFFER_CHECKED coffer_status
coffer_intern_code(struct coffer_intern *intern, coffer_text text, uint32_t *code_out,
		   coffer_error *error);

/* Write the tree pool/hash, unless it stands already. */
COFFER_CHECKED coffer_status
coffer_intern_finish(struct coffer_intern *intern, coffer_error *error);

#endif
