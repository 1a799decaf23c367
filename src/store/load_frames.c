/*
 * Compressing in a load: which columns, with which dictionaries, and when a dictionary has grown old.
 *
 *   sample --> a dictionary a column --> frames --> windows of rows: no longer as short? --> a new sample --> ...
 *
 * What is decided depends on the rows alone and their order, so that the same rows make the same file. Values are looked at
 * in windows; a column whose frames have become longer than they were, or that has come to hold much and is not compressed,
 * collects its next values and is judged anew, once the rows so far were compressed. A dictionary stays in the file beside
 * those that follow it. SPEC.md 8.4.
 */
#include "store/load.h"

#include "format/catalogue.h"
#include "format/checksum.h"
#include "format/feature.h"
#include "store/compress.h"
#include "store/train.h"

#include <stdlib.h>
#include <string.h>

enum {
	WINDOW_ROWS = 16384,
	WINDOW_BYTES = 32 << 20,
	LOOK_BYTES_MIN = 1 << 20,     /* of a column in a window that says something */
	COLLECT_VALUES = 8192,
	COLLECT_BYTES = 4 << 20,
	FIRST_VALUES = 1024,          /* of a column that was empty when the sample was taken: is enough */
	JUDGED_MAX = 16,              /* times that a column is judged */
};

/* One column that may be compressed. */
struct coffer_load_frames_column {
	uint16_t column;
	bool is_collecting;
	bool has_first;                 /* window with this dictionary */
	unsigned judged;
	uint64_t text_bytes, held_bytes; /* of this window, the latter once its tasks are done */
	uint64_t first_text, first_held; /* of the first */
	struct coffer_arena memory;      /* of what is collected */
	struct coffer_train_sample sample;
};

struct coffer_load_frames {
	struct coffer_compressor *compressor;
	uint32_t key;      /* the last one given to a dictionary */
	bool is_used;      /* some table has frames */
	/* The table whose rows come now: */
	struct coffer_load_frames_column *columns;
	size_t count;
	uint64_t rows, bytes; /* of this window */
	uint64_t *held_bytes; /* of the columns, counted by tasks, which have them to themselves */
};

/* ------------------------------------------------------------------ beginning and end */

coffer_status
coffer_load_frames_begin(coffer_load *load, coffer_error *error)
{
	load->trees.dictionary = COFFER_NO_TREE;
	for (size_t t = 0; t < load->schema->table_count; t++)
		for (size_t i = 0; i < load->schema->tables[t].column_count; i++) {
			load->schema->tables[t].columns[i].is_compressed = false;
			load->schema->tables[t].columns[i].dictionary = 0;
		}
	if (load->options.is_plain)
		return COFFER_OK;
	load->frames = calloc(1, sizeof(*load->frames));
	return load->frames ? coffer_compressor_make(&load->frames->compressor, error)
			    : coffer_error_set(error, COFFER_NO_MEMORY, "no memory to compress");
}

static void
drop_sample(struct coffer_load_frames_column *column)
{
	coffer_arena_release(&column->memory);
	free(column->sample.texts);
	column->sample = (struct coffer_train_sample){0};
	column->is_collecting = false;
}

void
coffer_load_frames_drop_table(coffer_load *load)
{
	struct coffer_load_frames *frames = load->frames;

	if (!frames)
		return;
	for (size_t i = 0; i < frames->count; i++)
		drop_sample(&frames->columns[i]);
	free(frames->columns);
	free(frames->held_bytes);
	frames->columns = NULL;
	frames->held_bytes = NULL;
	frames->count = 0;
	frames->rows = frames->bytes = 0;
}

void
coffer_load_frames_release(coffer_load *load)
{
	coffer_load_frames_drop_table(load);
	if (load->frames)
		coffer_compressor_free(load->frames->compressor);
	free(load->frames);
	load->frames = NULL;
}

bool
coffer_load_frames_are_wanted(const coffer_load *load, const coffer_table *table)
{
	if (!load->frames || !table->id)
		return false;
	for (uint16_t i = 0; i < table->column_count; i++)
		if (coffer_column_is_compressible(table, i))
			return true;
	return false;
}

/* ------------------------------------------------------------------ dictionaries */

/* The tree is there as soon as anything is compressed. */
static coffer_status
use(coffer_load *load, coffer_error *error)
{
	if (load->frames->is_used)
		return COFFER_OK;
	load->frames->is_used = true;
	load->features |= COFFER_FEATURE_ZSTD;
	return coffer_build_tree(load->build, "dictionary", &load->trees.dictionary, error);
}

static coffer_status
put_dictionary(coffer_load *load, const struct coffer_train_result *result, coffer_error *error)
{
	size_t size = COFFER_CHECKSUM_SIZE + result->dictionary_size;
	uint8_t key[COFFER_CODE_KEY_SIZE], *value = malloc(size);
	coffer_status status;

	if (!value)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a dictionary");
	coffer_key_put_code(key, load->frames->key);
	memcpy(value + COFFER_CHECKSUM_SIZE, result->dictionary, result->dictionary_size);
	coffer_checksum_seal(COFFER_ID_DICTIONARY, key, sizeof(key), value, size);
	status = coffer_build_append(load->build, load->trees.dictionary,
				     (struct coffer_bytes){key, sizeof(key)},
				     (struct coffer_bytes){value, size}, error);
	free(value);
	return status;
}

/* Take what was found best for a column. */
static coffer_status
adopt(coffer_load *load, coffer_column *column, const struct coffer_train_result *result,
      coffer_error *error)
{
	struct coffer_load_frames *frames = load->frames;
	ZSTD_CDict *dictionary;
	coffer_status status;

	if (!result->is_worth || result->is_current)
		return COFFER_OK;
	if ((status = use(load, error)))
		return status;
	column->is_compressed = true;
	column->dictionary = 0;
	if (!result->dictionary)
		return COFFER_OK;
	dictionary = ZSTD_createCDict(result->dictionary, result->dictionary_size,
				      COFFER_COMPRESSION_LEVEL);
	if (!dictionary)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a dictionary");
	frames->compressor->dictionaries[++frames->key] = dictionary;
	column->dictionary = (uint8_t)frames->key;
	return put_dictionary(load, result, error);
}

static coffer_status
judge(coffer_load *load, struct coffer_load_frames_column *of,
      const struct coffer_train_sample *sample, coffer_error *error)
{
	coffer_column *column = &load->schema->tables[load->table].columns[of->column];
	const struct coffer_load_frames *frames = load->frames;
	struct coffer_train_result result;
	coffer_status status = coffer_build_wait_tasks(load->build, error);

	if (status)
		return status;
	status = coffer_train(
		sample, frames->key < COFFER_DICTIONARIES_MAX ? frames->key + 1 : 0,
		frames->compressor->dictionaries[column->dictionary], &result, error);
	if (!status)
		status = adopt(load, column, &result, error);
	free(result.dictionary);
	of->judged++;
	of->has_first = false;
	return status;
}

/* ------------------------------------------------------------------ the sample of a table */

static coffer_status
judge_first(coffer_load *load, struct coffer_load_frames_column *of, coffer_text *texts,
	    coffer_error *error)
{
	struct coffer_train_sample sample = {.texts = texts};

	for (size_t i = 0; i < load->sample.count; i++) {
		const coffer_value *value = &load->sample.rows[i][of->column];

		if (value->kind != COFFER_NULL && value->text.size >= COFFER_COMPRESS_SIZE_MIN)
			sample.texts[sample.count++] = value->text;
	}
	/* Prompts of the oldest rows may have been pruned: what is there comes later. */
	of->is_collecting = coffer_sample_is_full(&load->sample) && sample.count < FIRST_VALUES &&
			    sample.count < load->sample.count / 2;
	return of->is_collecting ? COFFER_OK : judge(load, of, &sample, error);
}

coffer_status
coffer_load_frames_sample(coffer_load *load, coffer_error *error)
{
	coffer_table *table = &load->schema->tables[load->table];
	struct coffer_load_frames *frames = load->frames;
	coffer_status status = COFFER_OK;
	coffer_text *texts;

	if (!coffer_load_frames_are_wanted(load, table))
		return COFFER_OK;
	frames->columns = calloc(table->column_count, sizeof(*frames->columns));
	frames->held_bytes = calloc(table->column_count, sizeof(*frames->held_bytes));
	texts = malloc((load->sample.count + 1) * sizeof(*texts));
	if (!frames->columns || !frames->held_bytes || !texts)
		status = coffer_error_set(error, COFFER_NO_MEMORY, "no memory to compress");
	for (uint16_t i = 0; !status && i < table->column_count; i++)
		if (coffer_column_is_compressible(table, i)) {
			frames->columns[frames->count].column = i;
			status = judge_first(load, &frames->columns[frames->count++], texts, error);
		}
	free(texts);
	return status;
}

/* ------------------------------------------------------------------ windows */

/* Frames that take a quarter more than those of the first window with this dictionary say that it is old. */
static bool
is_older(const struct coffer_load_frames_column *of)
{
	return (double)of->held_bytes * (double)of->first_text * 4 >
	       (double)of->first_held * (double)of->text_bytes * 5;
}

static void
look(struct coffer_load_frames_column *of, const coffer_column *column)
{
	/* What was judged anew and is still not worth it is judged ever more seldom. */
	unsigned doubled = column->is_compressed || !of->judged ? 0 : of->judged - 1;
	bool says_something = of->judged < JUDGED_MAX &&
			      of->text_bytes >= (uint64_t)LOOK_BYTES_MIN << doubled;

	if (says_something && (!column->is_compressed || (of->has_first && is_older(of))))
		of->is_collecting = true;
	else if (says_something && column->is_compressed && !of->has_first) {
		of->has_first = true;
		of->first_text = of->text_bytes;
		of->first_held = of->held_bytes;
	}
	of->text_bytes = of->held_bytes = 0;
}

static void
end_window(struct coffer_load_frames *frames, const coffer_table *table)
{
	for (size_t i = 0; i < frames->count; i++) {
		struct coffer_load_frames_column *of = &frames->columns[i];

		of->held_bytes += frames->held_bytes[i];
		frames->held_bytes[i] = 0;
		if (!of->is_collecting)
			look(of, &table->columns[of->column]);
	}
	frames->rows = frames->bytes = 0;
}

static coffer_status
collect(coffer_load *load, struct coffer_load_frames_column *of, coffer_text text,
	coffer_error *error)
{
	struct coffer_train_sample *sample = &of->sample;
	coffer_status status;

	if (text.size > COFFER_TRAIN_SIZE_MAX)
		text.size = COFFER_TRAIN_SIZE_MAX;
	if (!sample->texts)
		sample->texts = calloc(COLLECT_VALUES, sizeof(*sample->texts));
	if (sample->texts)
		sample->texts[sample->count] = (coffer_text){
			coffer_arena_text(&of->memory, text.data, text.size), text.size};
	if (!sample->texts || !sample->texts[sample->count].data)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a sample of values");
	if (++sample->count < (of->judged ? COLLECT_VALUES : FIRST_VALUES) &&
	    of->memory.total < COLLECT_BYTES)
		return COFFER_OK;
	status = judge(load, of, sample, error);
	drop_sample(of);
	return status;
}

static bool
is_counted(const coffer_value *value)
{
	return value->kind != COFFER_NULL && value->text.size >= COFFER_COMPRESS_SIZE_MIN;
}

coffer_status
coffer_load_frames_row(coffer_load *load, const coffer_value *values, coffer_error *error)
{
	const coffer_table *table = &load->schema->tables[load->table];
	struct coffer_load_frames *frames = load->frames;
	coffer_status status;

	if (!frames || !frames->count)
		return COFFER_OK;
	status = coffer_compress_row(frames->compressor, table, values, load->encoder.frames, error);
	for (size_t i = 0; !status && i < frames->count; i++) {
		uint16_t column = frames->columns[i].column;
		size_t frame_size = load->encoder.frames[column].size;

		if (is_counted(&values[column]))
			frames->held_bytes[i] += frame_size ? frame_size : values[column].text.size;
	}
	return status;
}

coffer_status
coffer_load_frames_follow(coffer_load *load, const coffer_value *values, coffer_error *error)
{
	struct coffer_load_frames *frames = load->frames;
	coffer_status status = COFFER_OK;

	if (!frames || !frames->count)
		return COFFER_OK;
	for (size_t i = 0; !status && i < frames->count; i++) {
		struct coffer_load_frames_column *of = &frames->columns[i];
		const coffer_value *value = &values[of->column];

		if (!is_counted(value))
			continue;
		frames->bytes += value->text.size;
		of->text_bytes += value->text.size;
		if (of->is_collecting)
			status = collect(load, of, value->text, error);
	}
	if (++frames->rows < WINDOW_ROWS && frames->bytes < WINDOW_BYTES)
		return status;
	if (!status)
		status = coffer_build_wait_tasks(load->build, error);
	if (!status)
		end_window(frames, &load->schema->tables[load->table]);
	return status;
}

/* ------------------------------------------------------------------ the catalogue */

size_t
coffer_load_frames_entry(const coffer_table *table, uint8_t *out)
{
	struct coffer_frames_column columns[COFFER_COLUMNS_MAX];
	size_t found = 0;

	for (uint16_t i = 0; i < table->column_count; i++)
		if (table->columns[i].is_compressed)
			columns[found++] = (struct coffer_frames_column){
				i, table->columns[i].dictionary};
	return found ? coffer_frames_entry_encode(columns, found, out) : 0;
}
