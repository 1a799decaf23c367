/*
 * One table of a load: its layout and trees before the first row is written, its index trees after the last.
 * SPEC.md 7.
 */
#include "store/load.h"

#include "schema/layout.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { TELL_EVERY = 65536 };

static coffer_status
make_index_trees(coffer_load *load, const coffer_table *table, struct coffer_table_trees *trees,
		 coffer_error *error)
{
	char name[COFFER_TREE_NAME_SIZE];
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < table->index_count; i++) {
		trees->indexes[i] = COFFER_NO_TREE;
		if (table->indexes[i].tree == COFFER_TREE_NONE)
			continue;
		coffer_tree_name(name, "index", table->name, table->indexes[i].name);
		status = coffer_build_tree(load->build, name, &trees->indexes[i], error);
	}
	return status;
}

static coffer_status
make_trees(coffer_load *load, const coffer_table *table, coffer_error *error)
{
	struct coffer_table_trees *trees = &load->trees.tables[load->table];
	char name[COFFER_TREE_NAME_SIZE];
	coffer_status status;

	trees->rows = trees->longs = COFFER_NO_TREE;
	trees->indexes = coffer_schema_memory(load->schema,
					      (table->index_count + 1) * sizeof(*trees->indexes));
	if (!trees->indexes)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the trees");
	if (!table->id)
		return make_index_trees(load, table, trees, error);
	coffer_tree_name(name, "table", table->name, NULL);
	if ((status = coffer_build_tree(load->build, name, &trees->rows, error)))
		return status;
	coffer_tree_name(name, "long", table->name, NULL);
	if ((status = coffer_build_tree(load->build, name, &trees->longs, error)))
		return status;
	return make_index_trees(load, table, trees, error);
}

static coffer_status
make_sorters(coffer_load *load, const coffer_table *table, coffer_error *error)
{
	size_t memory = load->options.memory_size ? load->options.memory_size : COFFER_LOAD_MEMORY;
	size_t shares = 1; /* the scratch is one too */

	for (size_t i = 0; i < table->index_count; i++)
		shares += table->indexes[i].tree != COFFER_TREE_NONE;
	load->sorters = calloc(table->index_count + 1, sizeof(*load->sorters));
	if (!load->sorters)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory to sort");
	for (size_t i = 0; i < table->index_count; i++)
		coffer_sorter_init(&load->sorters[i], coffer_index_key_size(table, &table->indexes[i]),
				   memory / shares, &load->sort_scratch, load->path);
	load->sorter_count = table->index_count;
	return COFFER_OK;
}

/* Where a text has a code nothing but the hash of a key is made of the text itself. */
static void
find_codes(coffer_load *load, const coffer_table *table)
{
	for (size_t i = 0; i < table->column_count; i++)
		load->is_code_enough[i] = table->columns[i].is_interned;
	for (size_t i = 0; i < table->index_count; i++)
		for (size_t c = 0; table->indexes[i].tree == COFFER_TREE_HASHED &&
				   c < table->indexes[i].key_column_count;
		     c++)
			load->is_code_enough[table->indexes[i].key_columns[c]] = false;
}

coffer_status
coffer_load_settle_table(coffer_load *load, coffer_error *error)
{
	const coffer_table *table;
	coffer_status status = coffer_table_layout(load->schema, load->table, error);

	if (status)
		return status;
	table = &load->schema->tables[load->table];
	find_codes(load, table);
	if ((status = make_trees(load, table, error)) ||
	    (status = coffer_encoder_init(&load->encoder, table, &load->reader, error)) ||
	    (status = coffer_load_begin_rollups(load, table, error)))
		return status;
	return make_sorters(load, table, error);
}

/* Rows of one hash, while they pass. */
struct equal_rows {
	uint64_t hash;
	uint64_t numbers[COFFER_EQUAL_HASHES_MAX];
	size_t count;
};

static coffer_status
compare_rows(struct coffer_row *left, struct coffer_row *right, const coffer_index *index,
	     bool *is_equal_out, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	*is_equal_out = true;
	for (size_t i = 0; !status && *is_equal_out && i < index->key_column_count; i++) {
		coffer_value a, b;

		if (!(status = coffer_row_get(left, index->key_columns[i], &a, error)) &&
		    !(status = coffer_row_get(right, index->key_columns[i], &b, error)))
			*is_equal_out = coffer_key_is_equal(&a, &b);
	}
	return status;
}

static coffer_status
fetch_and_compare(coffer_load *load, uint64_t left, uint64_t right, const coffer_index *index,
		  bool *is_equal_out, coffer_error *error)
{
	struct coffer_row rows[2] = {0};
	coffer_status status;

	if (!(status = coffer_row_init(&rows[0], &load->reader, load->table, error)) &&
	    !(status = coffer_row_init(&rows[1], &load->reader, load->table, error)) &&
	    !(status = coffer_row_fetch(&rows[0], left, error)) &&
	    !(status = coffer_row_fetch(&rows[1], right, error)))
		status = compare_rows(&rows[0], &rows[1], index, is_equal_out, error);
	coffer_row_release(&rows[0]);
	coffer_row_release(&rows[1]);
	return status;
}

/* Equal hashes nearly always mean equal keys; only the rows can say. */
static coffer_status
check_unique(coffer_load *load, const coffer_index *index, struct equal_rows *equal,
	     const uint8_t *key, coffer_error *error)
{
	uint64_t hash = coffer_key_get_hash(key), number = coffer_key_get_row(key + COFFER_HASH_SIZE);
	const coffer_table *table = &load->schema->tables[load->table];
	coffer_status status;
	bool is_equal;

	if (!equal->count || equal->hash != hash)
		equal->count = 0;
	for (size_t i = 0; i < equal->count; i++) {
		status = fetch_and_compare(load, equal->numbers[i], number, index, &is_equal, error);
		if (status)
			return status;
		if (is_equal) {
			coffer_error_set(error, COFFER_CONFLICT,
					 "rows %" PRIu64 " and %" PRIu64 " have the same key of %s",
					 equal->numbers[i], number, index->name);
			coffer_error_at(error, "%s", table->name);
			return COFFER_CONFLICT;
		}
	}
	if (equal->count == COFFER_EQUAL_HASHES_MAX)
		return coffer_error_set(error, COFFER_FULL,
					"more than %d rows of table %s have one hash in %s",
					COFFER_EQUAL_HASHES_MAX, table->name, index->name);
	equal->hash = hash;
	equal->numbers[equal->count++] = number;
	return COFFER_OK;
}

/* Keys that were spilled come one by one. */
static coffer_status
write_merged(coffer_load *load, const coffer_index *index, uint32_t tree,
	     struct coffer_sorter *sorter, coffer_error *error)
{
	struct equal_rows equal = {.count = 0};
	coffer_status status = COFFER_OK;
	const uint8_t *key;
	uint64_t count = 0;

	while (!status && !(status = coffer_sorter_next(sorter, &key, error))) {
		if (index->tree == COFFER_TREE_HASHED &&
		    (status = check_unique(load, index, &equal, key, error)))
			break;
		status = coffer_build_append(load->build, tree, (struct coffer_bytes){key, sorter->width},
					     (struct coffer_bytes){NULL, 0}, error);
		if (!status && !(++count % TELL_EVERY))
			status = coffer_load_tell(load, index->name, count, error);
	}
	return status;
}

/* Keys that lie in memory are put from there by the build's thread, while they are checked here and the next are sorted. */
static coffer_status
write_sorted(coffer_load *load, const coffer_index *index, uint32_t tree,
	     struct coffer_sorter *sorter, coffer_error *error)
{
	struct equal_rows equal = {.count = 0};
	coffer_status status = coffer_build_append_run(
		load->build, tree, (struct coffer_bytes){sorter->keys, sorter->width},
		sorter->stride, sorter->count, error);
	const uint8_t *key;
	uint64_t count = 0;

	while (!status && index->tree == COFFER_TREE_HASHED &&
	       !(status = coffer_sorter_next(sorter, &key, error))) {
		status = check_unique(load, index, &equal, key, error);
		if (!status && !(++count % TELL_EVERY))
			status = coffer_load_tell(load, index->name, count, error);
	}
	return status ? status : coffer_load_tell(load, index->name, sorter->count, error);
}

static coffer_status
write_index(coffer_load *load, uint16_t number, coffer_error *error)
{
	const coffer_index *index = &load->schema->tables[load->table].indexes[number];
	struct coffer_sorter *sorter = &load->sorters[number];
	uint32_t tree = load->trees.tables[load->table].indexes[number];
	coffer_status status = coffer_sorter_finish(sorter, error);

	if (!status && sorter->run_count) {
		status = write_merged(load, index, tree, sorter, error);
		coffer_sorter_release(sorter);
	} else if (!status) {
		status = write_sorted(load, index, tree, sorter, error);
	}
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

coffer_status
coffer_load_finish_table(coffer_load *load, coffer_error *error)
{
	const coffer_table *table = &load->schema->tables[load->table];
	coffer_status status = coffer_build_wait_tasks(load->build, error);

	if (!status)
		status = coffer_load_finish_rollups(load, error);
	for (uint16_t i = 0; !status && i < table->index_count; i++)
		if (table->indexes[i].tree != COFFER_TREE_NONE)
			status = write_index(load, i, error);
	if (!status)
		status = coffer_build_wait(load->build, error);
	coffer_load_drop_table(load);
	return status;
}

/* The build may still work with what is freed here; what comes of it was told, or does not matter any more. */
void
coffer_load_drop_table(coffer_load *load)
{
	coffer_status status = load->build ? coffer_build_wait(load->build, NULL) : COFFER_OK;

	(void)status;
	for (size_t i = 0; i < load->sorter_count; i++)
		coffer_sorter_release(&load->sorters[i]);
	free(load->sorters);
	coffer_encoder_release(&load->encoder);
	coffer_tallies_release(&load->tallies);
	coffer_sample_release(&load->sample);
	coffer_load_frames_drop_table(load);
	load->sorters = NULL;
	load->sorter_count = 0;
	load->table = COFFER_NO_TABLE;
}
