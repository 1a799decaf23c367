/*
 * What the files of verify/ share. SPEC.md 9.
 *
 * Verify stands beside store/: it reads trees itself, decodes with format/ and derives anew, in code of its own,
 * what a writer derived: canonical forms, the long rule, keys, hashes. State is sticky: a failure to read or the
 * end of patience is remembered in the verifier, walks then end, and nobody passes a status on.
 */
#ifndef COFFER_VERIFY_VERIFY_H
#define COFFER_VERIFY_VERIFY_H

#include "base/arena.h"
#include "coffer.h"
#include "disk/disk.h"
#include "format/fault.h"
#include "format/feature.h"
#include "format/key.h"
#include "format/record.h"

/* The invariants, by their numbers in SPEC.md 9. */
enum coffer_invariant {
	COFFER_TREES = 1,   /* the trees are those that the catalogue explains */
	COFFER_CATALOGUE,   /* its entries are known, sound and all there */
	COFFER_FEATURES,    /* version and features are known */
	COFFER_ROW_KEYS,    /* row numbers: 6 bytes, from 1 */
	COFFER_CHECKSUMS,   /* of records and long values */
	COFFER_RECORDS,     /* canonical, every element of its column's form */
	COFFER_LONGS,       /* exactly the values that must move are in the long tree */
	COFFER_POOL,        /* codes, checksums and texts */
	COFFER_POOL_HASHES, /* pool/hash answers for each text, and texts are unique */
	COFFER_CODES,       /* a code in a record is in the pool */
	COFFER_NOT_NULL,
	COFFER_RANGES,       /* integers, times, float4 */
	COFFER_INDEXES,      /* entries are those of the rows, in both directions */
	COFFER_UNIQUE,       /* no two rows have one unique key */
	COFFER_FOREIGN_KEYS, /* what is referred to exists */
	COFFER_SEQUENCES,    /* states lie within bounds */
	COFFER_ROW_ENTRIES,  /* row/<table> */
	COFFER_PROVENANCE,
	COFFER_METAS,      /* both describe a state that can be */
	COFFER_PAGES,      /* of trees: sound as coffer_page_check says */
	COFFER_KEY_ORDER,  /* keys ascend through a whole tree, within what its branches say */
	COFFER_DEPTH,      /* all leaves on the level that the record says */
	COFFER_OVERFLOWS,  /* runs are long enough for their values, and in the file */
	COFFER_CLAIMS,     /* every page belongs to one tree, one run or the free list */
	COFFER_FREE_LIST,  /* its records */
	COFFER_COUNTS,     /* entries and pages are as many as the record says */
	COFFER_OLDER_META, /* the older state's free list */
	COFFER_DICTIONARIES, /* keys, checksums and bytes that zstd takes */
	COFFER_FRAMES,       /* each expands to exactly its text */
	COFFER_ROLLUP_GROUPS, /* are those of the rows, in both directions */
};

/* Memory for expanded hexadecimal and frames. */
struct coffer_expansion {
	char *data;
	size_t capacity;
};

/* Texts of codes met before. */
enum { COFFER_VERIFY_TEXTS = 1 << 15 };
struct coffer_verify_text {
	uint32_t code; /* 0: empty */
	coffer_text text;
};

/* Trees of one table; COFFER_NO_TREE where one is missing. */
struct coffer_verify_trees {
	uint32_t rows, longs;
	uint32_t *indexes, *rollups;
	bool is_unreadable; /* rows or long values stand on damaged pages: nothing can be said of the table */
};

enum {
	COFFER_SUM_SECRET_SIZE = 192,
	COFFER_ROLLUP_WEIGHTS = 1 + 3 * COFFER_ROLLUP_SUMS_MAX,
};

struct coffer_lane; /* a thread's part of shared work; share.c */

struct coffer_verifier {
	const coffer_verify_options *options;
	coffer_verify_summary *summary;
	coffer_error *error;
	coffer_status status; /* of the first failure that is no finding */
	bool is_over;         /* enough findings, interrupted or failed */
	coffer_error read_error; /* of the read that failed last */
	uint64_t ticks;
	struct coffer_disk *disk;
	struct coffer_snapshot *snapshot;
	bool *damaged; /* by tree: its pages are, so that nothing can be said of its entries */
	coffer_schema *schema;
	uint64_t seed;
	uint32_t features;             /* known ones: format/feature.h */
	struct coffer_strangers strangers;
	bool are_rollups_damaged;      /* an entry that describes them is: their trees may be anything */
	uint32_t catalogue, pool, pool_hash, dictionary;
	struct coffer_verify_frames *frames; /* NULL: no value is compressed */
	bool is_pool_damaged;                   /* then any code may be in it */
	struct coffer_verify_trees *tables;     /* in the schema's memory */
	uint64_t *codes;                        /* one bit a code; NULL: the pool is asked */
	uint32_t code_max;                      /* the highest in the pool */
	struct coffer_verify_text *texts;       /* COFFER_VERIFY_TEXTS of them */
	uint8_t secret[COFFER_SUM_SECRET_SIZE]; /* of this run's sums */
	uint64_t prime, rollup_weights[COFFER_ROLLUP_WEIGHTS]; /* secrets too; where there are roll-ups */
	struct coffer_lane *lane; /* NULL: the caller's thread */
	size_t lane_count;        /* threads that are at work; 0: this one */
};

/* ------------------------------------------------------------------ findings and walks (report.c, walk.c) */

/* Where a finding is: base, base[entry], base[page 7], base[row], base[row].column. */
struct coffer_spot {
	const char *base;
	const char *entry;
	uint64_t page; /* 0: none */
	uint64_t row;  /* 0: none */
	const char *column;
};

void
coffer_verifier_report(struct coffer_verifier *verifier, enum coffer_invariant invariant,
		       coffer_status status, struct coffer_spot spot, const char *format, ...)
	COFFER_PRINTF(5, 6);

/* A finding in words. */
struct coffer_found {
	enum coffer_invariant invariant;
	coffer_status status;
	const char *place, *message;
};
/* Tell the caller, in its thread. */
void
coffer_verifier_found(struct coffer_verifier *verifier, const struct coffer_found *found);

/* Remember a failure that ends the run. */
void
coffer_verifier_fail(struct coffer_verifier *verifier, coffer_status status, const char *message);

/* Check the checksum in front of a value; a finding says both. The payload is what follows. */
bool
coffer_verifier_unseal(struct coffer_verifier *verifier, enum coffer_invariant invariant,
		       struct coffer_spot spot, uint32_t id, struct coffer_bytes key,
		       struct coffer_bytes value, struct coffer_bytes *payload_out);

/* Keys from one on, until another: both a row number's. */
struct coffer_range {
	bool has_from, has_until; /* else from the first on, to the last */
	uint8_t from[COFFER_ROW_KEY_SIZE], until[COFFER_ROW_KEY_SIZE];
};

/* All entries of a tree in order, or those of a range. `name` and `range` borrow. */
struct coffer_walk {
	struct coffer_verifier *verifier;
	const char *name;
	const struct coffer_range *range; /* NULL: all; set before the first step */
	enum coffer_move move;
	struct coffer_place *place; /* NULL: the tree is missing or could not be read */
	struct coffer_bytes key, value;
};

void
coffer_walk_open(struct coffer_walk *walk, struct coffer_verifier *verifier, uint32_t tree,
		 const char *name);
/* Those of a range alone, which stays; before the first step. */
void
coffer_walk_within(struct coffer_walk *walk, const struct coffer_range *range);
/* False at the end, after a failure, and when the verifier is over. */
bool
coffer_walk_next(struct coffer_walk *walk);
void
coffer_walk_close(struct coffer_walk *walk);

/* The value under a key; false when there is none (`is_there` stays false) or it could not be read. */
bool
coffer_verifier_get(struct coffer_verifier *verifier, uint32_t tree, struct coffer_bytes key,
		    struct coffer_bytes *value_out);

/* A place in a tree, NULL when the tree is missing or could not be read; and a move of it to a key, false past
 * the end and when it could not be read. */
struct coffer_place *
coffer_verifier_place(struct coffer_verifier *verifier, uint32_t tree);
bool
coffer_verifier_move(struct coffer_verifier *verifier, uint32_t tree, struct coffer_place *place,
		     enum coffer_move move, struct coffer_bytes *key);

/* ------------------------------------------------------------------ sharing (share.c) */

/* Tables of less than four such pieces are walked by one thread. Smaller in tests. */
extern uint64_t coffer_verify_piece_size;

/* Work in pieces that do not depend on each other. */
struct coffer_shared_work {
	const char *name; /* for the progress */
	size_t pieces;
	uint64_t bytes; /* of all that is to be read */
	void *context;
	/* What a thread needs of its own; false: that was a failure. */
	bool (*begin)(void *context, struct coffer_verifier *verifier, void **own_out);
	void (*piece)(void *own, size_t number);
	/* Add up what the thread has, and free it. Threads do so one at a time. */
	void (*end)(void *context, void *own);
};

/* Do it all, with several threads where that pays. Findings, and the numbers that are told with them, are the same, and come
 * in the same order: that of the pieces. */
void
coffer_verifier_share(struct coffer_verifier *verifier, const struct coffer_shared_work *work);
/* Would several threads do it? */
bool
coffer_verifier_may_share(const struct coffer_verifier *verifier,
			  const struct coffer_shared_work *work);

/* Keep a finding of a thread's until its turn. */
void
coffer_lane_hold(struct coffer_lane *lane, const struct coffer_found *found);
/* Say how far a thread is, and end it where all is over. */
void
coffer_lane_tick(struct coffer_lane *lane);

/* ------------------------------------------------------------------ sums (sum.c) */

/*
 * What a set of keys adds up to under the run's secret: two sets with one sum are equal but for chance, whatever
 * their order, and no file can be made to fool a secret that it does not know.
 */
struct coffer_sum {
	uint64_t low, high, count;
};

void
coffer_sum_add(struct coffer_sum *sum, const struct coffer_verifier *verifier, const uint8_t *key,
	       size_t size);
/* Add another set. */
void
coffer_sum_join(struct coffer_sum *sum, const struct coffer_sum *other);
bool
coffer_sum_is_equal(const struct coffer_sum *left, const struct coffer_sum *right);

/* ------------------------------------------------------------------ values (value.c, canonical.c) */

static inline struct coffer_form
coffer_verify_form(const struct coffer_verifier *verifier, const coffer_column *column)
{
	return (struct coffer_form){
		.kind = column->kind,
		.width = column->width,
		.is_interned = column->is_interned,
		.is_compressed = column->is_compressed,
		.packs_ids = verifier->features & COFFER_FEATURE_PACKED_IDS &&
			     column->kind == COFFER_TEXT && !column->is_interned,
	};
}

/* Where Postgres' timestamps end: the year 294277. */
#define COFFER_VERIFY_TIME_END INT64_C(9223371331200000000)

/* The number in 6 big-endian bytes. */
uint64_t
coffer_verify_row_number(const uint8_t *bytes);

/* The text of a code that the pool has; false when it does not. */
bool
coffer_verifier_text(struct coffer_verifier *verifier, uint32_t code, coffer_text *text_out);

/* Where the pool itself has to be asked. */
bool
coffer_verifier_ask_code(struct coffer_verifier *verifier, uint32_t code);

static inline bool
coffer_verifier_has_code(struct coffer_verifier *verifier, uint32_t code)
{
	if (!verifier->codes || verifier->is_pool_damaged || code > verifier->code_max)
		return coffer_verifier_ask_code(verifier, code);
	return verifier->codes[code / 64] >> (code % 64) & 1;
}

/* The value of an element, codes and packed texts expanded. False: no such code, or no memory. */
bool
coffer_verifier_value(struct coffer_verifier *verifier, const coffer_column *column,
		      const struct coffer_element *element, struct coffer_expansion *expansion,
		      coffer_value *value_out);

/* `size` bytes of an expansion, which lose what it held; NULL: no memory, which ends the run. */
char *
coffer_verifier_room(struct coffer_verifier *verifier, struct coffer_expansion *expansion,
		     size_t size);

/* True when two values are equal as keys. */
bool
coffer_verify_is_equal(const coffer_value *left, const coffer_value *right);

/* Fetch one column of a row without reporting: false when the row is not there or cannot be read. */
bool
coffer_verifier_fetch(struct coffer_verifier *verifier, uint32_t table, uint64_t row,
		      uint16_t column, struct coffer_element *element_out);
bool
coffer_verifier_has_row(struct coffer_verifier *verifier, uint32_t table, uint64_t row);
/* The row is there and its checksum is right: else it says nothing about its keys. */
bool
coffer_verifier_is_sound(struct coffer_verifier *verifier, uint32_t table, uint64_t row);

/* True when the element is the only encoding of what was decoded from it. */
bool
coffer_verify_is_canonical(struct coffer_form form, const struct coffer_element *element, const uint8_t *bytes, size_t size);

/* A text that a TEXT column does not hold as it is. */
bool
coffer_verify_is_packable(struct coffer_form form, coffer_text text);

/* NULL when the value lies within its column's range, else the range in words. */
const char *
coffer_verify_range(const coffer_column *column, const coffer_value *value);

/* ------------------------------------------------------------------ keys (key.c) */

/* Bytes of a whole key; 0 when a column has no fixed-width key. */
size_t
coffer_verify_key_size(const coffer_table *table, const coffer_index *index);

/*
 * The key that a row must have in an index. `elements` by column number; only those of the key are read.
 *
 * COFFER_KEY_NONE     a NULL keeps the row out
 * COFFER_KEY_UNKNOWN  a value could not be had: that is a finding of its own
 */
enum coffer_key_state { COFFER_KEY_MADE, COFFER_KEY_NONE, COFFER_KEY_UNKNOWN };
enum coffer_key_state
coffer_verifier_key(struct coffer_verifier *verifier, const coffer_table *table,
		    const coffer_index *index, const struct coffer_element *elements, uint64_t row,
		    struct coffer_expansion *expansion, uint8_t key_out[COFFER_KEY_SIZE_MAX]);

/* Chain one value to a key's hash. */
uint64_t
coffer_verify_hash(uint64_t hash, const coffer_value *value);

/* ------------------------------------------------------------------ checks */

/* One column of a record as it was read. */
struct coffer_held {
	uint32_t size; /* of the element as a whole, wherever it stands */
	bool is_long;
};

struct coffer_reference; /* a foreign key that is checked; reference.c */
struct coffer_rollup_check; /* rollup.h */

/* What stands at one place of a record. */
struct coffer_slot {
	struct coffer_form form;
	uint16_t column;
	bool is_nullable;
};

/* One table while its rows are walked, all of them or, by one thread of several, some. */
struct coffer_table_check {
	struct coffer_verifier *verifier;
	const coffer_table *table;
	uint32_t number;
	const struct coffer_verify_trees *trees;
	struct coffer_slot *slots;       /* in record order */
	struct coffer_form *forms;       /* by column */
	struct coffer_element *elements; /* by column */
	struct coffer_held *held;        /* by column */
	struct coffer_bytes *longs; /* by column: the element in the long tree; NULL data: none */
	uint16_t *long_columns;     /* those that this row has */
	size_t long_count;
	struct coffer_arena long_memory; /* of their bytes, where those would not stay */
	struct coffer_walk long_walk;
	bool has_long;           /* the walk stands on an entry */
	bool has_moved;          /* the record says that a value is there */
	struct coffer_sum *sums; /* by index: of the rows */
	size_t *key_sizes;       /* by index */
	struct coffer_reference *references;
	size_t reference_count;
	struct coffer_rollup_check *rollups;
	size_t rollup_count;
	bool has_unread_rows; /* then nothing can be said of what rows add up to */
	struct coffer_expansion expansion, expansion_other;
	uint64_t row;
};

/* I19 to I27: every page of the file, before anything is believed. Fills `damaged`. */
void
coffer_verify_structure(struct coffer_verifier *verifier);

/* I1 to I3, and what else the catalogue holds. False when nothing can be read by it. */
bool
coffer_verify_open_catalogue(struct coffer_verifier *verifier);
void
coffer_verify_trees(struct coffer_verifier *verifier);
void
coffer_verify_catalogue(struct coffer_verifier *verifier);

/* I28: the tree `dictionary`, before any entry or frame names one of its keys. */
void
coffer_verify_dictionaries(struct coffer_verifier *verifier);
void
coffer_verify_frames_release(struct coffer_verifier *verifier);
/* Let a thread's verifier expand with the dictionaries of another, which stays. False: no memory. */
bool
coffer_verify_frames_share(struct coffer_verifier *verifier, const struct coffer_verifier *of);
void
coffer_verify_frames_unshare(struct coffer_verifier *verifier);

/* An entry `frames/<table>`: its columns are marked; what is wrong with it in words, or NULL. */
const char *
coffer_verify_frames_entry(struct coffer_verifier *verifier, coffer_table *table,
			   struct coffer_bytes payload);

/*
 * I29: expand a frame, into `expansion`. What is wrong with it in words, or NULL; also where nothing can be said, since its dictionary
 * was found wrong before.
 */
const char *
coffer_verifier_check_frame(struct coffer_verifier *verifier, coffer_text stored,
			    struct coffer_expansion *expansion);

void
coffer_verify_pool(struct coffer_verifier *verifier);

/* Everything about one table: its rows in one walk, then its indexes. */
void
coffer_verify_table(struct coffer_verifier *verifier, uint32_t number);

/* The record of `check->row`: false when its elements could not all be read. */
bool
coffer_check_record(struct coffer_table_check *check, struct coffer_bytes payload);
/* Gather the row's long values, reporting those of rows that do not exist. UINT64_MAX: all that are left. */
void
coffer_check_gather_longs(struct coffer_table_check *check, uint64_t row);
/* The long rule on the row that was read, whose record has `size` bytes, `header` bytes of array header included. */
void
coffer_check_long_rule(struct coffer_table_check *check, size_t header, size_t size);

/* Compare an index's tree with the sum of the rows. */
void
coffer_check_index(struct coffer_table_check *check, uint16_t number);

bool
coffer_check_references_open(struct coffer_table_check *check);
void
coffer_check_references(struct coffer_table_check *check);
void
coffer_check_references_close(struct coffer_table_check *check);

/* Read what describes roll-ups into the schema; what is wrong with an entry the walk over the catalogue says. */
void
coffer_verify_read_rollups(struct coffer_verifier *verifier);

/* Secret numbers of this run, once for all roll-ups. */
void
coffer_verify_rollup_secrets(struct coffer_verifier *verifier);

bool
coffer_check_rollups_open(struct coffer_table_check *check);
/* Add the row that was read. */
void
coffer_check_rollups_add(struct coffer_table_check *check);
/* Compare a roll-up's tree with what the rows add up to. */
void
coffer_check_rollup(struct coffer_table_check *check, size_t number);
/* Add what the rows of another check of the same table add up to. */
void
coffer_check_rollups_join(struct coffer_table_check *check, const struct coffer_table_check *other);
void
coffer_check_rollups_close(struct coffer_table_check *check);

#endif
