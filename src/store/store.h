/*
 * What the files of store/ share: the handles behind coffer.h.
 */
#ifndef COFFER_STORE_STORE_H
#define COFFER_STORE_STORE_H

#include "coffer.h"
#include "disk/disk.h"
#include "format/feature.h"
#include "format/key.h"
#include "format/record.h"
#include "store/checked.h"
#include "store/met.h"
#include "store/reference.h"

#include <pthread.h>

/* The numbers that the file gave to the trees of one table. */
struct coffer_table_trees {
	uint32_t rows;
	uint32_t longs;
	uint32_t *indexes; /* one an index; COFFER_NO_TREE where it has none */
	uint32_t *rollups; /* one a roll-up */
};

struct coffer_trees {
	uint32_t catalogue, pool, pool_hash;
	uint32_t dictionary; /* COFFER_NO_TREE where no value is compressed */
	struct coffer_table_trees *tables;
};

/* Pieces of work of several threads that wait for one write transaction. */
struct coffer_group {
	pthread_mutex_t mutex;
	pthread_cond_t arrival;            /* of a piece */
	struct coffer_piece *first, **end; /* in the order in which they came */
	size_t waiting; /* of them */
	size_t crowd;      /* pieces that were there when the last transaction ended */
	int64_t commit_ns; /* that its commit took */
	size_t limit;  /* pieces that the next transaction takes at the most */
	bool is_led;   /* a thread runs them */
	bool is_ready;
};

struct coffer_store {
	struct coffer_disk *disk;
	coffer_schema *schema;
	struct coffer_trees trees; /* in the schema's memory */
	uint64_t seed;
	uint32_t features; /* known ones: format/feature.h */
	uint64_t transaction; /* whose catalogue was read */
	const char **read_features, **write_features;
	const char *unknown_feature; /* one that is needed to write; NULL: none */
	coffer_step *steps;
	size_t step_count;
	bool is_writable;
	struct coffer_references references; /* of a writable one; in the schema's memory */
	_Atomic(struct coffer_kept_codes *) kept_codes; /* NULL: none, or lent to a transaction */
	_Atomic(struct coffer_known_codes *) known_codes; /* what writers know of texts; NULL: none, or lent */
	struct coffer_group group; /* of a writable one */
	struct coffer_dictionaries *dictionaries; /* NULL: no value is compressed */
	struct coffer_compressor *compressor;     /* of whoever writes now; NULL until the first */
};

/* Texts of codes met before: a code is expanded and its checksum computed once while it stays here. Four to a line of the
 * processor's cache: where rows are read here and there, each code that is found costs one. */
enum { COFFER_CODES_CACHED = 8192 };
struct coffer_cached_code {
	const char *text;
	uint32_t size;
	uint32_t code; /* 0: empty */
};

/* What a read transaction leaves for the next one. Texts stand in the file's map: they are good for another snapshot of the
 * same state in the same map. */
struct coffer_kept_codes {
	uint64_t transaction; /* 0: of no state that another can have */
	const uint8_t *map;
	struct coffer_cached_code codes[COFFER_CODES_CACHED];
};

/*
 * A snapshot with all that reading a row needs. A load reads its own rows through one of its own, which has no
 * store behind it and keeps no codes, since its bytes move.
 */
struct coffer_txn {
	const coffer_schema *schema;
	const struct coffer_trees *trees;
	uint64_t seed;
	uint32_t features;
	struct coffer_snapshot *snapshot;
	struct coffer_cached_code *codes; /* NULL until the first; COFFER_CODES_CACHED of them, in `kept` */
	struct coffer_kept_codes *kept;
	struct coffer_dictionaries *dictionaries; /* shared; NULL: no value is compressed */
	struct coffer_expander *expander;         /* NULL until the first frame */
	coffer_store *store; /* that the codes are kept with; NULL: not kept */
	bool is_building; /* bytes move with the next write: nothing of them is kept */
	uint64_t writes;  /* so far: what a cursor knew of its place before one is void */
	struct coffer_writer *writer; /* of a write transaction; NULL */
	bool is_shared; /* by the pieces of a group, none of which may end it */
};

/* One column as keys meet it. */
static inline struct coffer_form
coffer_column_form(const coffer_column *column)
{
	return (struct coffer_form){
		.kind = column->kind,
		.width = column->width,
		.is_interned = column->is_interned,
		.is_compressed = column->is_compressed,
	};
}

/* One column as the records of a store with these features hold it. */
static inline struct coffer_form
coffer_column_held(const coffer_column *column, uint32_t features)
{
	struct coffer_form form = coffer_column_form(column);

	form.packs_ids = features & COFFER_FEATURE_PACKED_IDS && form.kind == COFFER_TEXT &&
			 !form.is_interned;
	return form;
}

/* The payload of a catalogue entry, its checksum checked. NOT_FOUND. */
COFFER_CHECKED coffer_status
coffer_catalogue_entry(coffer_txn *txn, const char *name, struct coffer_bytes *payload_out,
		       coffer_error *error);

/* The text of a pool code. COFFER_CORRUPT: no such code, or damaged. */
COFFER_CHECKED coffer_status
coffer_pool_text(coffer_txn *txn, uint32_t code, coffer_text *text_out, coffer_error *error);

/* The text of a code that was met lately; false says nothing. */
static inline bool
coffer_pool_find(const coffer_txn *txn, uint32_t code, coffer_text *text_out)
{
	const struct coffer_cached_code *cached;

	if (!txn->codes)
		return false;
	cached = &txn->codes[code % COFFER_CODES_CACHED];
	*text_out = (coffer_text){cached->text, cached->size};
	return cached->code == code; /* which is never 0 */
}

/* The code of a text, NOT_FOUND when the pool does not have it. */
COFFER_CHECKED coffer_status
coffer_pool_code(coffer_txn *txn, coffer_text text, uint32_t *code_out, coffer_error *error);

/* Where a column's element stands and how it is held: what a read of it needs, close together. */
struct coffer_row_column {
	struct coffer_form form;
	uint16_t position;
	bool is_nullable;
};

/* True when the values of a column may be frames where the store says so: those of no key and no relation. */
bool
coffer_column_is_compressible(const coffer_table *table, uint16_t column);

/* What a packed text or a frame of a row was expanded to. */
struct coffer_row_text {
	uint64_t load; /* of the row's loads, the one that it is of */
	coffer_text text;
};

/* What mostly stands at a position of the record. */
struct coffer_row_guess {
	uint8_t kind;  /* of the element */
	uint8_t count; /* of elements from this one on that are of the kind */
};

/* A row whose elements are found as they are asked for. Its arrays are one piece of memory, which begins with the texts. */
struct coffer_row {
	coffer_txn *txn;
	const coffer_table *description;
	uint32_t table;
	uint64_t number;
	struct coffer_row_column *columns;
	size_t column_count;
	struct coffer_row_guess *guesses; /* by position */
	const uint8_t *payload;
	size_t size;
	uint32_t *offsets;     /* of the elements found so far, one more than columns */
	size_t found;          /* offsets[0..found] are known */
	struct coffer_scratch *scratch; /* packed hexadecimal and frames expanded; newest region first */
	size_t scratch_size, scratch_capacity; /* of the newest region */
	uint64_t loads;                /* records that it was pointed at so far */
	struct coffer_row_text *texts; /* by column, in the scratch; good while of the last load */
};

COFFER_CHECKED coffer_status
coffer_row_init(struct coffer_row *row, coffer_txn *txn, uint32_t table, coffer_error *error);
void
coffer_row_release(struct coffer_row *row);

/* Point `row` at the record under its number: envelope and element count are checked. */
COFFER_CHECKED coffer_status
coffer_row_load(struct coffer_row *row, uint64_t number, struct coffer_bytes value,
		coffer_error *error);

/* The same of one that was loaded in this snapshot before: its checksum is not looked at. In pages that are linked falsely another
 * way may lead to another record of that number, which is believed no more than any bytes. */
COFFER_CHECKED coffer_status
coffer_row_open(struct coffer_row *row, uint64_t number, struct coffer_bytes value,
		coffer_error *error);

/* Fetch the row numbered `number` into `row`. COFFER_NOT_FOUND. */
COFFER_CHECKED coffer_status
coffer_row_fetch(struct coffer_row *row, uint64_t number, coffer_error *error);

/* The key hash of a unique index over the row's values. NOT_FOUND when a NULL keeps the row out of it. */
COFFER_CHECKED coffer_status
coffer_row_key_hash(struct coffer_row *row, const coffer_index *index, uint64_t *hash_out,
		    coffer_error *error);

enum { COFFER_AHEAD_MAX = 32 };
struct coffer_cursor {
	coffer_txn *txn;
	uint32_t table;
	struct coffer_row row;
	struct coffer_place *rows;     /* place in the table's tree */
	uint64_t rows_at;              /* the row that a lookup left it at; 0: not known */
	uint64_t writes;               /* of the transaction when it was */
	struct coffer_place **indexes; /* places in index trees; NULL until needed */
	struct coffer_met_keys met;    /* keys looked up before */
	struct coffer_checked_rows checked; /* rows scanned before */
	/* The scan: */
	bool is_scanning, is_started, is_reverse;
	uint16_t index;                /* COFFER_NO_INDEX: over the rows themselves */
	uint8_t low[COFFER_KEY_SIZE_MAX], high[COFFER_KEY_SIZE_MAX]; /* [low, high) */
	size_t low_size, high_size;
	bool has_high, is_empty;
	size_t key_size; /* of a whole key of the index */
	/* The entry that it gave last, while it stands there: */
	uint64_t number; /* 0: it gave none */
	struct coffer_bytes entry, record; /* key, and value, which is a record where the scan is over the rows */
	/* Keys of entries of the index that it gives next, in their order, which `indexes` has passed already: */
	const uint8_t *ahead[COFFER_AHEAD_MAX];
	size_t ahead_at, ahead_count;
	size_t ahead_next; /* so many are taken the next time */
};

/* As coffer_cursor_get, but a row whose number is above `behind`. More than one has a key only while a write goes on. */
COFFER_CHECKED coffer_status
coffer_cursor_get_behind(coffer_cursor *cursor, uint16_t index, const coffer_value *key,
			  uint64_t behind, const coffer_row **row_out, coffer_error *error);

/* The number of a table's last row; 0: it has none. */
COFFER_CHECKED coffer_status
coffer_rows_last(coffer_txn *txn, uint32_t table, uint64_t *number_out, coffer_error *error);

/* The highest row number ever given in a table. */
COFFER_CHECKED coffer_status
coffer_rows_highest(coffer_txn *txn, uint32_t table, uint64_t *number_out, coffer_error *error);

/* Drop what a write transaction changed, if it was not committed, and free its writer. */
void
coffer_writer_end(struct coffer_writer *writer);

/* Codes that writers have met; may be NULL. */
void
coffer_known_codes_free(struct coffer_known_codes *known);

/* Make ready what its writers share. COFFER_NO_MEMORY. */
COFFER_CHECKED coffer_status
coffer_group_init(struct coffer_group *group, coffer_error *error);
void
coffer_group_release(struct coffer_group *group);

/* Bytes of a whole key in the index's tree. */
size_t
coffer_index_key_size(const coffer_table *table, const coffer_index *index);

#endif
