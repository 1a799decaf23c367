/*
 * What can be found in a damaged file. A tree that can be walked from its first to its last entry says itself what is in it. In
 * place of any other every page in use is looked at: a checksum binds a value to its table and key (SPEC.md 3.3), so that an
 * entry needs no path that leads to it. Index entries have no checksum and are made anew.
 */
#ifndef COFFER_RECOVER_SALVAGE_H
#define COFFER_RECOVER_SALVAGE_H

#include "disk/snapshot.h"
#include "pages/pages.h"

/* A value that was found: where it stands in the source, with its checksum. */
struct coffer_found {
	uint64_t number; /* of the row, or the code of a pool text, or the key of a dictionary */
	uint32_t column; /* of a long value */
	uint32_t size;
	uint64_t at;
	uint64_t page; /* of its entry */
};

struct coffer_found_list {
	struct coffer_found *list;
	size_t count, capacity;
};

struct coffer_found_table {
	struct coffer_found_list rows, longs;
};

/* Told of what is lost: `place` and `message` live for the call. */
typedef void (*coffer_lost_function)(void *context, const char *place, const char *message);

enum { COFFER_SCHEMA_SEALS_MAX = 8 };

struct coffer_salvage {
	struct coffer_page_source source; /* mapped or in memory; borrowed */
	uint32_t page_size;
	uint64_t page_count;   /* that are looked at */
	uint64_t source_pages; /* whole in the source */
	uint64_t last_page;    /* as the newest meta says; 0: no meta can be read */
	uint64_t *free_pages;  /* a bit a page */
	bool has_free_list;
	bool is_mixed;                     /* pages of former states, or the free room of pages, were looked at as well */
	struct coffer_pages_meta meta;     /* with the free list; zeroed without */
	const coffer_schema *schema;       /* once it was found */
	struct coffer_found_table *tables; /* one a table of the schema */
	struct coffer_found_list pool, dictionaries;
	struct coffer_bytes schema_entry, source_entry,
		format_entry; /* payloads; data NULL: not found */
	/* Checksums of entries `schema` whose payload is damaged. */
	uint64_t schema_seals[COFFER_SCHEMA_SEALS_MAX];
	size_t schema_seal_count;
	struct coffer_found_list
		entries; /* `frames/...`, `rollups/...`; fields as of `sequences` */
	struct coffer_found_list
		sequences; /* `at` and `size` of the value, `number` of the key, `column` its size */
	struct coffer_found_list damaged; /* `column` is what it would be: a LOST_... */
	size_t owner;                     /* the table of the entry before */
	/* Bytes of values on overflow pages that a pass may still look at, and that may be tried for table after table: nodes that
	 * lead to one value over and over must not make work without end. */
	uint64_t overflow_left, tries_left;
	coffer_lost_function lost;
	void *lost_context;
	coffer_progress progress;
	void *progress_context;
	uint64_t entries_lost, pages_lost;
};

/*
 * Look at the metas and the free list of a source, and find what there is of the catalogue. Release always.
 * COFFER_NOT_A_COFFER: no page says that this is an LMDB file.
 */
COFFER_CHECKED coffer_status
coffer_salvage_open(struct coffer_salvage *salvage, const struct coffer_page_source *source,
		    coffer_error *error);
void
coffer_salvage_release(struct coffer_salvage *salvage);

/* Find every row, long value and pool text of `schema`, which outlives it, and sort them. */
COFFER_CHECKED coffer_status
coffer_salvage_scan(struct coffer_salvage *salvage, const coffer_schema *schema,
		    coffer_error *error);

/*
 * Where the tree of this name can be walked, take what it holds in place of what was found on pages. `has_column`: keys are
 * those of long values. COFFER_NO_MEMORY; COFFER_NOT_FOUND: it cannot be walked, and the list is as it was.
 */
COFFER_CHECKED coffer_status
coffer_salvage_walk(struct coffer_salvage *salvage, struct coffer_snapshot *snapshot, uint32_t tree,
		    bool has_column, struct coffer_found_list *list, coffer_error *error);

/* Tell of the damaged entries that no tree that was walked has: of a row that one has, the load says that it is lost. */
void
coffer_salvage_tell_lost(struct coffer_salvage *salvage);

/* Set the state of a sequence, of several the one that has gone furthest; false when its entry is lost. */
bool
coffer_salvage_sequence(struct coffer_salvage *salvage, coffer_sequence *sequence);

/* The payload of the catalogue entry of this name that was found last; false when it is lost. */
bool
coffer_salvage_entry(const struct coffer_salvage *salvage, const char *name,
		     struct coffer_bytes *payload_out);
/* What was found under a key, or NULL. `column` is 0 but for long values. */
const struct coffer_found *
coffer_found_get(const struct coffer_found_list *list, uint64_t number, uint32_t column);

static inline struct coffer_bytes
coffer_found_value(const struct coffer_salvage *salvage, const struct coffer_found *found)
{
	return (struct coffer_bytes){salvage->source.memory + found->at, found->size};
}

#endif
