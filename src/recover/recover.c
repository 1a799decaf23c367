/*
 * A damaged store into a fresh one.
 *
 *   salvage --> schema --> rows in order of their numbers --> values --> load
 *
 * What was salvaged is read by store/'s own row reader, through a snapshot whose trees are the lists of what was found: so a
 * row comes whole, with its long values and texts, or is lost by name.
 */
#include "recover/description.h"

#include "format/catalogue.h"
#include "format/feature.h"
#include "format/key.h"
#include "store/catalogue.h"
#include "store/frame.h"
#include "store/load.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	PLACE_SIZE = COFFER_NAME_SIZE_MAX + 24,
	ROWS_TRIED = 256, /* of a table, to find out which features the store had */
	TREE_POOL = 0,
	TREE_DICTIONARY,
	TREE_TABLES, /* then two a table: rows, long values */
};

struct recovery {
	struct coffer_snapshot snapshot; /* first: what store/ reads through */
	const coffer_recover_options *options;
	coffer_recover_summary *summary;
	struct coffer_page_source source;
	struct coffer_salvage salvage;
	struct coffer_description described;
	coffer_schema *old,
		*fresh; /* the described ones: of the damaged store and of the new one */
	struct coffer_trees trees;
	coffer_txn txn;
	coffer_step *steps;
	size_t step_count;
	coffer_load *load;
	bool is_walked; /* every table's tree was, so that they say what rows there were */
};

static void
tell(void *context, const char *place, const char *message)
{
	struct recovery *recovery = context;

	if (recovery->options->lost)
		recovery->options->lost(recovery->options->lost_context, place, message);
}

/* ------------------------------------------------------------------ a snapshot of what was found */

/* The list that stands for a tree. */
static const struct coffer_found_list *
list_of(const struct recovery *recovery, uint32_t tree)
{
	const struct coffer_found_table *table;

	if (tree == TREE_POOL)
		return &recovery->salvage.pool;
	if (tree == TREE_DICTIONARY)
		return &recovery->salvage.dictionaries;
	table = &recovery->salvage.tables[(tree - TREE_TABLES) / 2];
	return (tree - TREE_TABLES) % 2 ? &table->longs : &table->rows;
}

static coffer_status
get(struct coffer_snapshot *snapshot, uint32_t tree, struct coffer_bytes key,
    struct coffer_bytes *value_out, coffer_error *error)
{
	const struct recovery *recovery = (const struct recovery *)snapshot;
	uint64_t number = key.size == COFFER_CODE_KEY_SIZE ? coffer_key_get_code(key.data)
							   : coffer_key_get_row(key.data);
	uint32_t column =
		key.size == COFFER_LONG_KEY_SIZE ? (uint32_t)(key.data[6] << 8 | key.data[7]) : 0;
	const struct coffer_found *found =
		coffer_found_get(list_of(recovery, tree), number, column);

	(void)error;
	if (!found)
		return COFFER_NOT_FOUND;
	*value_out = coffer_found_value(&recovery->salvage, found);
	return COFFER_OK;
}

/* A row is read by `get` alone. */
static const struct coffer_snapshot_operations operations = {.get = get};

static coffer_status
make_trees(struct recovery *recovery, coffer_error *error)
{
	size_t count = recovery->old->table_count;

	recovery->trees.tables =
		coffer_schema_memory(recovery->old, (count + 1) * sizeof(*recovery->trees.tables));
	if (!recovery->trees.tables)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the trees");
	recovery->trees.pool = TREE_POOL;
	recovery->trees.dictionary = TREE_DICTIONARY;
	for (uint32_t i = 0; i < count; i++) {
		recovery->trees.tables[i].rows = TREE_TABLES + 2 * i;
		recovery->trees.tables[i].longs = TREE_TABLES + 1 + 2 * i;
	}
	recovery->snapshot.operations = &operations;
	recovery->txn.schema = recovery->old;
	recovery->txn.trees = &recovery->trees;
	recovery->txn.snapshot = &recovery->snapshot;
	return COFFER_OK;
}

/* ------------------------------------------------------------------ the catalogue */

/* Its state where the file has lost it. A schema that is given came with one. */
static void
begin_sequence(struct recovery *recovery, coffer_sequence *sequence)
{
	recovery->summary->entries_lost++;
	if (recovery->described.is_given) {
		tell(recovery, sequence->name,
		     "the sequence's state is lost: it goes on as the given schema says");
		return;
	}
	sequence->last_value = sequence->start;
	sequence->is_called = false;
	tell(recovery, sequence->name, "the sequence's state is lost: it begins anew");
}

static void
keep_sequences(struct recovery *recovery)
{
	for (size_t i = 0; i < recovery->fresh->sequence_count; i++)
		if (!coffer_salvage_sequence(&recovery->salvage, &recovery->fresh->sequences[i]))
			begin_sequence(recovery, &recovery->fresh->sequences[i]);
}

static void
read_steps(struct recovery *recovery)
{
	const struct coffer_bytes *steps = &recovery->salvage.source_entry;

	if (!steps->data ||
	    coffer_catalogue_decode_steps(steps->data, steps->size, recovery->old, &recovery->steps,
					  &recovery->step_count, NULL))
		tell(recovery, "catalogue[source]", "where the rows came from is lost");
}

/* The columns that an entry names; without a sound one every column that may hold frames. */
static void
mark_frames(struct recovery *recovery, coffer_table *table, struct coffer_frames_column *columns)
{
	char name[COFFER_ENTRY_NAME_SIZE];
	struct coffer_bytes payload;
	size_t count = 0;

	coffer_entry_name(name, "frames/", table->name);
	if (!coffer_salvage_entry(&recovery->salvage, name, &payload) ||
	    coffer_frames_entry_decode(payload.data, payload.size, columns, &count))
		for (size_t i = 0; i < table->column_count; i++)
			table->columns[i].is_compressed =
				coffer_column_is_compressible(table, (uint16_t)i);
	for (size_t i = 0; i < count; i++)
		if (columns[i].column < table->column_count &&
		    coffer_column_is_compressible(table, columns[i].column))
			table->columns[columns[i].column].is_compressed = true;
}

static coffer_status
find_frames(struct recovery *recovery, coffer_error *error)
{
	struct coffer_frames_column *columns;
	coffer_status status;

	if (!(recovery->txn.features & COFFER_FEATURE_ZSTD))
		return COFFER_OK;
	if ((status = coffer_dictionaries_make(&recovery->txn.dictionaries, error)))
		return status;
	if (!(columns = malloc(COFFER_COLUMNS_MAX * sizeof(*columns))))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the catalogue");
	for (size_t i = 0; i < recovery->old->table_count; i++)
		mark_frames(recovery, &recovery->old->tables[i], columns);
	free(columns);
	return COFFER_OK;
}

/* What describes the roll-ups of a table into it, where it is there and sound. */
static void
find_rollups(const struct recovery *recovery, coffer_schema *schema, coffer_table *table)
{
	char name[COFFER_ENTRY_NAME_SIZE];
	struct coffer_bytes payload;

	coffer_entry_name(name, "rollups/", table->name);
	if (coffer_salvage_entry(&recovery->salvage, name, &payload))
		(void)coffer_catalogue_decode_rollups(payload.data, payload.size, schema, table, NULL);
}

/* Both schemas get the roll-ups that are described; who gave a schema may have given some. */
static void
keep_rollups(struct recovery *recovery)
{
	coffer_schema *old = recovery->old, *fresh = recovery->fresh;

	for (size_t i = 0; i < old->table_count; i++) {
		find_rollups(recovery, old, &old->tables[i]);
		find_rollups(recovery, fresh, &fresh->tables[i]);
	}
	if (coffer_schema_has_rollups(fresh) &&
	    !coffer_catalogue_check_rollups(fresh, COFFER_CORRUPT, NULL))
		return;
	for (size_t i = 0; i < old->table_count; i++)
		old->tables[i].rollup_count = fresh->tables[i].rollup_count = 0;
	if (!recovery->described.has_format || !(recovery->txn.features & COFFER_FEATURE_ROLLUPS))
		return;
	tell(recovery, "catalogue[rollups]", "which roll-ups there were is lost: there are none any more");
	recovery->summary->entries_lost++;
}

static coffer_status
read_catalogue(struct recovery *recovery, coffer_error *error)
{
	const struct coffer_salvage *salvage = &recovery->salvage;
	struct coffer_description *described = &recovery->described;
	coffer_recover_summary *summary = recovery->summary;
	coffer_status status;

	summary->is_description_lost = !salvage->schema_entry.data || !salvage->format_entry.data;
	status = coffer_describe(salvage, recovery->options->schema, described, error);
	if (status)
		return status;
	summary->is_schema_given = described->is_given;
	summary->is_schema_proven = described->is_proven;
	if (described->is_given)
		tell(recovery, "catalogue[schema]",
		     "it is lost: rows are read by the schema that is given");
	if (!described->has_format)
		tell(recovery, "catalogue[format]", "it is lost: version 1 is assumed");
	recovery->old = described->old;
	recovery->fresh = described->fresh;
	recovery->txn.seed = described->seed;
	recovery->txn.features = described->features;
	if ((status = find_frames(recovery, error)))
		return status;
	keep_sequences(recovery);
	keep_rollups(recovery);
	read_steps(recovery);
	return make_trees(recovery, error);
}

/* ------------------------------------------------------------------ rows */

static bool
is_dropped(const struct coffer_found *found)
{
	return !found->size;
}

static void
tell_row(struct recovery *recovery, const coffer_table *table, uint64_t number, const char *message)
{
	char place[PLACE_SIZE];

	(void)snprintf(place, sizeof(place), "%s[%" PRIu64 "]", table->name, number);
	tell(recovery, place, message);
}

/* A whole row, or why it cannot be had. */
static coffer_status
read_row(struct recovery *recovery, struct coffer_row *row, const struct coffer_found *found,
	 coffer_value *values, coffer_error *error)
{
	coffer_status status = coffer_row_load(
		row, found->number, coffer_found_value(&recovery->salvage, found), error);

	for (uint16_t i = 0; !status && i < row->description->column_count; i++)
		if (!(status = coffer_row_get(row, i, &values[i], error)))
			status = coffer_value_check(&row->description->columns[i], &values[i],
						    error);
	return status;
}

/* ------------------------------------------------------------------ features that are lost */

/* How many of a table's first rows can be read. */
static coffer_status
count_readable(struct recovery *recovery, uint32_t table, uint64_t *count, coffer_error *error)
{
	const struct coffer_found_list *rows = &recovery->salvage.tables[table].rows;
	coffer_value *values =
		calloc(recovery->old->tables[table].column_count + 1, sizeof(*values));
	struct coffer_row row = {0};
	coffer_status status = coffer_row_init(&row, &recovery->txn, table, error);

	if (!status && !values)
		status = coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row");
	for (size_t i = 0; !status && i < rows->count && i < ROWS_TRIED; i++)
		*count += !read_row(recovery, &row, &rows->list[i], values, NULL);
	coffer_row_release(&row);
	free(values);
	return status;
}

/*
 * A feature changes what forms a value may have, never what a form means: where it is lost which ones a store has, they are those
 * by which most rows can be read, and no row is read as another by the rest.
 */
static coffer_status
find_features(struct recovery *recovery, coffer_error *error)
{
	uint32_t all = recovery->described.features, best = all, tried = all;
	uint64_t most = 0;
	coffer_status status = COFFER_OK;

	do {
		uint64_t count = 0;

		recovery->txn.features = tried;
		for (uint32_t i = 0; !status && i < recovery->old->table_count; i++)
			if (recovery->old->tables[i].id)
				status = count_readable(recovery, i, &count, error);
		best = count > most ? tried : best;
		most = count > most ? count : most;
		tried = (tried - 1) & all;
	} while (!status && tried != all);
	recovery->txn.features = best;
	return status;
}

/* ------------------------------------------------------------------ former states of rows */

/*
 * A key that two rows have can only be of two states of one row: the older goes, once the newer was read whole.
 *
 *   rows --> hash of the key, number --> sorted --> rows of one hash, the newest first --> their keys compared
 */
struct keyed {
	uint64_t hash, number;
};

struct sieve {
	struct recovery *recovery;
	uint32_t table;
	const coffer_index *index;
	struct coffer_row row, other;
	coffer_value *values; /* by column */
	struct keyed *keys;
	size_t count;
};

static int
compare_keyed(const void *left, const void *right)
{
	const struct keyed *a = left, *b = right;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return (a->number > b->number) - (a->number < b->number);
}

static coffer_status
fail_memory(coffer_error *error)
{
	return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row");
}

static struct coffer_found_list *
rows_of(const struct sieve *sieve)
{
	return &sieve->recovery->salvage.tables[sieve->table].rows;
}

/* The hash of each row's key; rows that cannot be read are left for the load to lose. */
static coffer_status
hash_rows(struct sieve *sieve, coffer_error *error)
{
	const struct coffer_found_list *rows = rows_of(sieve);

	sieve->count = 0;
	for (size_t i = 0; i < rows->count; i++) {
		struct keyed *key = &sieve->keys[sieve->count];
		coffer_status status;

		if (is_dropped(&rows->list[i]))
			continue;
		key->number = rows->list[i].number;
		status = coffer_row_load(
			&sieve->row, key->number,
			coffer_found_value(&sieve->recovery->salvage, &rows->list[i]), NULL);
		if (!status)
			status = coffer_row_key_hash(&sieve->row, sieve->index, &key->hash, NULL);
		if (status == COFFER_NO_MEMORY)
			return fail_memory(error);
		sieve->count += !status;
	}
	return COFFER_OK;
}

/* Has the row that was read last the same key as this one? */
static coffer_status
has_key_of(struct sieve *sieve, uint64_t number, bool *has_out)
{
	const struct coffer_found *found = coffer_found_get(rows_of(sieve), number, 0);
	coffer_status status = coffer_row_load(
		&sieve->other, number, coffer_found_value(&sieve->recovery->salvage, found), NULL);
	coffer_value left, right;

	*has_out = true;
	for (size_t i = 0; !status && *has_out && i < sieve->index->key_column_count; i++) {
		uint16_t column = sieve->index->key_columns[i];

		if (!(status = coffer_row_get(&sieve->row, column, &left, NULL)) &&
		    !(status = coffer_row_get(&sieve->other, column, &right, NULL)))
			*has_out = coffer_key_is_equal(&left, &right);
	}
	return status;
}

static void
drop(struct sieve *sieve, uint64_t number, const char *message)
{
	struct coffer_found_list *rows = rows_of(sieve);

	rows->list[coffer_found_get(rows, number, 0) - rows->list].size = 0;
	tell_row(sieve->recovery, &sieve->recovery->old->tables[sieve->table], number, message);
	sieve->recovery->summary->rows_lost++;
}

/* Of rows with one hash, the newest first, those go whose key one before them has. */
static coffer_status
sift_equal(struct sieve *sieve, const struct keyed *keys, size_t count, coffer_error *error)
{
	uint64_t kept[COFFER_EQUAL_HASHES_MAX];
	size_t kept_count = 0;
	coffer_status status = COFFER_OK;

	while (status != COFFER_NO_MEMORY && count--) {
		uint64_t number = keys[count].number;
		bool is_older = false;

		status = read_row(sieve->recovery, &sieve->row,
				  coffer_found_get(rows_of(sieve), number, 0), sieve->values, NULL);
		if (status)
			continue;
		for (size_t i = 0; !status && !is_older && i < kept_count; i++)
			status = has_key_of(sieve, kept[i], &is_older);
		if (is_older && !status)
			drop(sieve, number, "a later row has its key: left out");
		else if (!status && kept_count == COFFER_EQUAL_HASHES_MAX)
			drop(sieve, number, "too many rows have the hash of its key: left out");
		else if (!status)
			kept[kept_count++] = number;
	}
	return status == COFFER_NO_MEMORY ? fail_memory(error) : COFFER_OK;
}

static coffer_status
sift_index(struct sieve *sieve, coffer_error *error)
{
	coffer_status status = hash_rows(sieve, error);
	size_t end;

	if (!status && sieve->count)
		qsort(sieve->keys, sieve->count, sizeof(*sieve->keys), compare_keyed);
	for (size_t from = 0; !status && from < sieve->count; from = end) {
		for (end = from + 1;
		     end < sieve->count && sieve->keys[end].hash == sieve->keys[from].hash;)
			end++;
		if (end - from > 1)
			status = sift_equal(sieve, &sieve->keys[from], end - from, error);
	}
	return status;
}

static coffer_status
drop_older(struct recovery *recovery, uint32_t number, coffer_value *values, coffer_error *error)
{
	const coffer_table *table = &recovery->old->tables[number];
	struct sieve sieve = {.recovery = recovery, .table = number, .values = values};
	coffer_status status;

	sieve.keys = calloc(rows_of(&sieve)->count + 1, sizeof(*sieve.keys));
	if (!sieve.keys)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the keys");
	if (!(status = coffer_row_init(&sieve.row, &recovery->txn, number, error)))
		status = coffer_row_init(&sieve.other, &recovery->txn, number, error);
	for (size_t i = 0; !status && i < table->index_count; i++) {
		sieve.index = &table->indexes[i];
		if (sieve.index->tree == COFFER_TREE_HASHED)
			status = sift_index(&sieve, error);
	}
	coffer_row_release(&sieve.row);
	coffer_row_release(&sieve.other);
	free(sieve.keys);
	return status;
}

/* ------------------------------------------------------------------ loading */

static coffer_status
load_rows(struct recovery *recovery, uint32_t table, struct coffer_row *row, coffer_value *values,
	  coffer_error *error)
{
	const struct coffer_found_list *rows = &recovery->salvage.tables[table].rows;
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < rows->count; i++) {
		coffer_error lost = {0};

		if (is_dropped(&rows->list[i]))
			continue;
		status = read_row(recovery, row, &rows->list[i], values, &lost);
		if (status == COFFER_NO_MEMORY)
			return coffer_error_set(error, status, "%s", lost.message);
		if (status) {
			tell_row(recovery, row->description, rows->list[i].number, lost.message);
			recovery->summary->rows_lost++;
			status = COFFER_OK;
		} else if (!(status = coffer_load_row(recovery->load, values, error))) {
			recovery->summary->rows++;
		}
	}
	return status;
}

static coffer_status
recover_table(struct recovery *recovery, uint32_t table, coffer_error *error)
{
	size_t columns = recovery->old->tables[table].column_count;
	coffer_value *values = calloc(columns + 1, sizeof(*values));
	struct coffer_row row = {0};
	uint64_t before = recovery->summary->rows;
	coffer_status status = coffer_load_table(recovery->load, table, error);

	if (!status && !values)
		status = coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row");
	if (!status && !(status = drop_older(recovery, table, values, error)) &&
	    !(status = coffer_row_init(&row, &recovery->txn, table, error)))
		status = load_rows(recovery, table, &row, values, error);
	coffer_row_release(&row);
	free(values);
	recovery->summary->tables++;
	if (!status && recovery->options->table)
		recovery->options->table(recovery->options->table_context,
					 recovery->old->tables[table].name,
					 recovery->summary->rows - before);
	return status;
}

/* ------------------------------------------------------------------ trees that can be walked */

/* The rows that a table's tree says it has, where it could not be walked. */
static void
tell_missing(struct recovery *recovery, struct coffer_snapshot *snapshot, uint32_t tree,
	     uint32_t table)
{
	uint64_t found = recovery->salvage.tables[table].rows.count;
	char message[96];
	struct coffer_tree_size size;

	if (coffer_snapshot_size(snapshot, tree, &size, NULL) || size.entries <= found)
		return;
	(void)snprintf(message, sizeof(message), "%" PRIu64 " of its %" PRIu64 " rows are lost",
		       size.entries - found, size.entries);
	tell(recovery, recovery->old->tables[table].name, message);
	recovery->summary->rows_lost += size.entries - found;
}

static uint32_t
find_tree(const struct coffer_pages_names *names, const char *name)
{
	for (uint32_t i = 0; i < names->count; i++)
		if (!strcmp(names->names[i], name))
			return i;
	return COFFER_NO_TREE;
}

static coffer_status
walk_table(struct recovery *recovery, struct coffer_snapshot *snapshot,
	   const struct coffer_pages_names *names, uint32_t table, coffer_error *error)
{
	struct coffer_found_table *found = &recovery->salvage.tables[table];
	char name[COFFER_TREE_NAME_SIZE];
	coffer_status status = COFFER_NOT_FOUND;
	uint32_t tree;

	coffer_tree_name(name, "long", recovery->old->tables[table].name, NULL);
	if ((tree = find_tree(names, name)) != COFFER_NO_TREE)
		status = coffer_salvage_walk(&recovery->salvage, snapshot, tree, true,
					     &found->longs, error);
	if (status < 0)
		return status;
	coffer_tree_name(name, "table", recovery->old->tables[table].name, NULL);
	if ((tree = find_tree(names, name)) == COFFER_NO_TREE) {
		recovery->is_walked = false;
		return COFFER_OK;
	}
	status =
		coffer_salvage_walk(&recovery->salvage, snapshot, tree, false, &found->rows, error);
	if (status == COFFER_NOT_FOUND) {
		recovery->is_walked = false;
		tell_missing(recovery, snapshot, tree, table);
	}
	return status < 0 ? status : COFFER_OK;
}

static coffer_status
walk_all(struct recovery *recovery, struct coffer_snapshot *snapshot,
	 const struct coffer_pages_names *names, coffer_error *error)
{
	uint32_t pool = find_tree(names, "pool"), dictionary = find_tree(names, "dictionary");
	coffer_status status = COFFER_OK;

	if (pool != COFFER_NO_TREE)
		status = coffer_salvage_walk(&recovery->salvage, snapshot, pool, false,
					     &recovery->salvage.pool, error);
	if (status >= 0 && dictionary != COFFER_NO_TREE)
		status = coffer_salvage_walk(&recovery->salvage, snapshot, dictionary, false,
					     &recovery->salvage.dictionaries, error);
	recovery->is_walked = true;
	for (uint32_t i = 0; status >= 0 && i < recovery->old->table_count; i++)
		if (recovery->old->tables[i].id)
			status = walk_table(recovery, snapshot, names, i, error);
	return status < 0 ? status : COFFER_OK;
}

/* Where the state of the file is known, its sound trees say what is in them. */
static coffer_status
walk_trees(struct recovery *recovery, coffer_error *error)
{
	const struct coffer_pages_state state = {recovery->source, recovery->salvage.meta};
	struct coffer_pages_names names = {0};
	struct coffer_snapshot *snapshot = NULL;
	struct coffer_arena arena = {0};
	coffer_status status = COFFER_OK;

	if (recovery->salvage.has_free_list &&
	    !coffer_pages_list(&state, COFFER_TREES_MAX, &arena, &names, NULL) &&
	    !(status = coffer_description_check(&recovery->described, &names, error)) &&
	    !coffer_pages_begin(&state, &names, NULL, &snapshot, NULL))
		status = walk_all(recovery, snapshot, &names, error);
	coffer_snapshot_end(snapshot);
	coffer_arena_release(&arena);
	return status;
}

/* ------------------------------------------------------------------ the whole */

static coffer_status
begin_load(struct recovery *recovery, const char *path, coffer_error *error)
{
	const coffer_recover_options *options = recovery->options;
	const coffer_load_options load_options = {
		.is_forced = options->is_forced,
		.has_seed = recovery->described.has_format,
		.seed = recovery->txn.seed,
		.progress = options->progress,
		.progress_context = options->progress_context,
	};
	coffer_status status =
		coffer_load_begin(path, recovery->fresh, &load_options, &recovery->load, error);

	if (status)
		return status;
	recovery->load->steps = recovery->steps;
	recovery->load->step_count = recovery->step_count;
	if ((status = coffer_load_fact(recovery->load, "step", "recover", error)))
		return status;
	return coffer_load_fact(recovery->load, "coffer", COFFER_VERSION, error);
}

/* A store without rows would look like one that was recovered: it is made only of one that is known to have had none. */
static coffer_status
check_rows(const struct recovery *recovery, coffer_error *error)
{
	const coffer_recover_summary *summary = recovery->summary;
	bool is_doubtful = summary->is_schema_given && !summary->is_schema_proven;

	if (summary->rows || (recovery->is_walked && !summary->rows_lost))
		return COFFER_OK;
	return coffer_error_set(
		error, COFFER_CORRUPT, "no row could be recovered%s",
		is_doubtful ? ": the schema that is given may not be this store's" : "");
}

static coffer_status
recover(struct recovery *recovery, const char *path, coffer_error *error)
{
	struct coffer_salvage *salvage = &recovery->salvage;
	coffer_status status;

	if ((status = coffer_salvage_open(salvage, &recovery->source, error)) ||
	    (status = read_catalogue(recovery, error)))
		return status;
	if ((status = coffer_salvage_scan(salvage, recovery->old, error)) ||
	    (status = walk_trees(recovery, error)) ||
	    (!recovery->described.has_format && (status = find_features(recovery, error))))
		return status;
	recovery->summary->is_mixed = salvage->is_mixed;
	coffer_salvage_tell_lost(salvage);
	if ((status = begin_load(recovery, path, error)))
		return status;
	for (uint32_t i = 0; !status && i < recovery->old->table_count; i++)
		if (recovery->old->tables[i].id)
			status = recover_table(recovery, i, error);
	return status ? status : check_rows(recovery, error);
}

/* What is damaged may be all that there is of the rows: the new store never takes its place. */
static coffer_status
check_place(int fd, const char *path, coffer_error *error)
{
	struct stat damaged, taken;

	if (fstat(fd, &damaged))
		return coffer_error_set(error, COFFER_IO, "cannot read: %s", strerror(errno));
	if (!stat(path, &taken) && taken.st_dev == damaged.st_dev && taken.st_ino == damaged.st_ino)
		return coffer_error_set(
			error, COFFER_INVALID,
			"the new store would take the damaged one's place: give it another");
	return COFFER_OK;
}

/* Map the damaged file; it is only read. */
static coffer_status
open_source(const char *damaged, const char *path, struct coffer_page_source *source_out,
	    coffer_error *error)
{
	int fd = open(damaged, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	coffer_status status;

	if (fd < 0)
		return coffer_error_set(error, COFFER_IO, "cannot open: %s", strerror(errno));
	if (!(status = check_place(fd, path, error)))
		status = coffer_page_source_map(fd, source_out, error);
	(void)close(fd);
	return status;
}

coffer_status
coffer_store_recover(const char *damaged, const char *path, const coffer_recover_options *options,
		     coffer_recover_summary *summary_out, coffer_error *error)
{
	struct recovery recovery = {.options = options, .summary = summary_out};
	coffer_status status;

	*summary_out = (coffer_recover_summary){0};
	recovery.salvage.lost = tell;
	recovery.salvage.lost_context = &recovery;
	recovery.salvage.progress = options->progress;
	recovery.salvage.progress_context = options->progress_context;
	if ((status = open_source(damaged, path, &recovery.source, error)) ||
	    (status = recover(&recovery, path, error))) {
		coffer_load_abort(recovery.load);
		if (error && !error->place[0])
			coffer_error_at(error, "%s", damaged);
	} else {
		status = coffer_load_finish(recovery.load, error);
	}
	summary_out->entries_lost += recovery.salvage.entries_lost;
	summary_out->pages_lost += recovery.salvage.pages_lost;
	coffer_salvage_release(&recovery.salvage);
	free(recovery.txn.kept);
	coffer_expander_leave(&recovery.txn);
	coffer_dictionaries_free(recovery.txn.dictionaries);
	coffer_description_release(&recovery.described);
	coffer_page_source_close(&recovery.source);
	return status;
}
