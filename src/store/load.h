/*
 * What the files of the bulk load share.
 */
#ifndef COFFER_STORE_LOAD_H
#define COFFER_STORE_LOAD_H

#include "base/arena.h"
#include "store/encode.h"
#include "store/intern.h"
#include "store/rollup.h"
#include "store/sorter.h"
#include "store/store.h"

enum {
	COFFER_LOAD_MEMORY = 152 << 20,   /* for sorting, by default */
	COFFER_SAMPLE_ROWS_MAX = 10000,
	COFFER_SAMPLE_SIZE_MAX = 8 << 20,
	COFFER_SAMPLE_VALUES_MIN = 64,    /* counted, of a column to be interned */
	COFFER_SAMPLE_REPEATS_MIN = 8,    /* values a distinct text */
	COFFER_SAMPLE_JSON_SIZE_MAX = 1024, /* of a document in a column to be interned */
	COFFER_SAMPLE_JSON_SIZE_MIN = 8,    /* of one that is counted */
};

/* The first rows of a table, kept until they show which columns repeat. */
struct coffer_sample {
	struct coffer_arena arena;
	coffer_value **rows;
	uint64_t *numbers; /* of the rows */
	size_t count;
};

struct coffer_load_frames; /* load_frames.c */

struct coffer_load {
	char *path;
	coffer_schema *schema; /* the caller's */
	coffer_load_options options;
	const coffer_store *replaced; /* the store whose place the new one takes; NULL: none that is open here */
	uint64_t transaction;  /* that it was read as of */
	struct coffer_build *build;
	struct coffer_trees trees;
	uint32_t features;     /* of the store that is made: format/feature.h */
	coffer_txn reader;     /* of what was built so far */
	struct coffer_intern intern;
	struct coffer_load_frames *frames; /* NULL: nothing is compressed */
	struct coffer_sort_scratch sort_scratch;
	coffer_fact *facts;    /* names and values in `fact_texts` */
	size_t fact_count;
	struct coffer_arena fact_texts;
	const coffer_step *steps; /* of the provenance, that come before this load's own; borrowed */
	size_t step_count;
	bool *is_done;         /* a table each: its rows were ended */
	uint64_t *highest;     /* a table each: its entry `row/`; 0: none */
	coffer_status status;  /* the first failure: nothing goes on after it */

	/* The table whose rows come now: */
	uint32_t table;        /* COFFER_NO_TABLE: none */
	bool is_sampling;
	struct coffer_sample sample;
	/* What the build's tasks work with while there are any, for that table: */
	struct coffer_encoder encoder;
	struct coffer_sorter *sorters; /* one an index; unused where it has no tree */
	size_t sorter_count;
	struct coffer_tallies tallies;

	/* The row that comes now, apart from what the tasks look at for each of theirs: */
	bool is_code_enough[COFFER_COLUMNS_MAX]; /* the column's texts are not looked at once they have codes */
	uint32_t codes[COFFER_COLUMNS_MAX]; /* of its interned values; 0 for NULL */
	uint64_t row;        /* the last number given, to a row of the sample too */
	uint64_t rows_total; /* of all tables */
};

/*
 * As coffer_load_begin, but the new store takes the place of `store`, as its snapshot of this transaction shows it. The store
 * is closed before coffer_load_finish. Status as for coffer_build_begin_anew.
 */
COFFER_CHECKED coffer_status
coffer_load_begin_anew(const coffer_store *store, uint64_t transaction, coffer_schema *schema,
		       const coffer_load_options *options, coffer_load **load_out,
		       coffer_error *error);

/* The row that is added next has this number, above all before it in its table. */
void
coffer_load_number(coffer_load *load, uint64_t number);

/* The highest number that was ever given in a table, where no row has it any more. */
void
coffer_load_highest(coffer_load *load, uint32_t table, uint64_t number);

/* Encode a row, write it and note its index entries, by and by: as a task. The table's layout is settled. */
COFFER_CHECKED coffer_status
coffer_load_write(coffer_load *load, uint64_t number, const coffer_value *values,
		  coffer_error *error);
/* The build's function: the rest of a row. */
COFFER_CHECKED coffer_status
coffer_load_task(void *context, struct coffer_bytes task, coffer_error *error);

/* Check a row's values against their columns. */
COFFER_CHECKED coffer_status
coffer_load_check(const coffer_load *load, const coffer_value *values, coffer_error *error);

/* Copy a row into the sample; `is_full_out` when no further one should come. */
COFFER_CHECKED coffer_status
coffer_sample_add(struct coffer_sample *sample, uint64_t number, const coffer_value *values,
		  size_t count, bool *is_full_out, coffer_error *error);
/* More rows may come than those in the sample. */
bool
coffer_sample_is_full(const struct coffer_sample *sample);
/* Mark the columns of `table` that repeat in the sample as interned. */
COFFER_CHECKED coffer_status
coffer_sample_judge(const struct coffer_sample *sample, coffer_table *table, coffer_error *error);
/* Take the mark from the columns of `table` that do not repeat in the sample, but for those that `demanded` marks, which is
 * the same table as its schema alone makes it. Where too few rows say anything it stays. */
COFFER_CHECKED coffer_status
coffer_sample_unmark(const struct coffer_sample *sample, const coffer_table *demanded,
		     coffer_table *table, coffer_error *error);
void
coffer_sample_release(struct coffer_sample *sample);
/* True when a table has columns that a sample could mark. */
bool
coffer_sample_is_wanted(const coffer_table *table);

/* Settle the layout of the current table and make its trees and sorters. */
COFFER_CHECKED coffer_status
coffer_load_settle_table(coffer_load *load, coffer_error *error);
/* Write the current table's index trees and free what was kept for it. */
COFFER_CHECKED coffer_status
coffer_load_finish_table(coffer_load *load, coffer_error *error);
/* Make the trees of the current table's roll-ups and begin to add up; write them when its rows are over. */
COFFER_CHECKED coffer_status
coffer_load_begin_rollups(coffer_load *load, const coffer_table *table, coffer_error *error);
COFFER_CHECKED coffer_status
coffer_load_finish_rollups(coffer_load *load, coffer_error *error);

/* Free what is kept for the current table. */
void
coffer_load_drop_table(coffer_load *load);

/* ------------------------------------------------------------------ load_frames.c */

/* Make ready to compress, unless the options forbid it; release always. */
COFFER_CHECKED coffer_status
coffer_load_frames_begin(coffer_load *load, coffer_error *error);
void
coffer_load_frames_release(coffer_load *load);

/* True when a table has columns that may be compressed: a sample of its rows is needed. */
bool
coffer_load_frames_are_wanted(const coffer_load *load, const coffer_table *table);
/* Judge the current table's columns by its sample, once its interned columns are known. */
COFFER_CHECKED coffer_status
coffer_load_frames_sample(coffer_load *load, coffer_error *error);
/* Compress a row's values into the encoder's frames. In a task. */
COFFER_CHECKED coffer_status
coffer_load_frames_row(coffer_load *load, const coffer_value *values, coffer_error *error);
/* Behind the row's task: see whether its values are to be compressed otherwise from the next row on. */
COFFER_CHECKED coffer_status
coffer_load_frames_follow(coffer_load *load, const coffer_value *values, coffer_error *error);
/* Forget what is kept for the current table. */
void
coffer_load_frames_drop_table(coffer_load *load);
/* The payload of the entry `frames/<table>` at `out`, of what coffer_frames_entry_encode needs for all columns; 0: none. */
size_t
coffer_load_frames_entry(const coffer_table *table, uint8_t *out);

/* Tell how far it is; COFFER_INTERRUPTED when that was the answer. */
COFFER_CHECKED coffer_status
coffer_load_tell(coffer_load *load, const char *what, uint64_t count, coffer_error *error);

#endif
