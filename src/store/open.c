/*
 * Opening a store: the file, then its catalogue, then the trees that the catalogue promises. What the
 * catalogue says is believed only after its checksums and every reference in it were checked.
 * SPEC.md 3, 6 and 10.
 */
#include "store/store.h"

#include "base/arena.h"
#include "format/catalogue.h"
#include "format/checksum.h"
#include "format/feature.h"
#include "store/catalogue.h"
#include "store/compress.h"
#include "store/frame.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

coffer_status
coffer_catalogue_entry(coffer_txn *txn, const char *name, struct coffer_bytes *payload_out,
		       coffer_error *error)
{
	struct coffer_bytes key = {(const uint8_t *)name, strlen(name)}, value;
	coffer_status status;
	enum coffer_fault fault;

	status = coffer_snapshot_get(txn->snapshot, txn->trees->catalogue, key, &value, error);
	if (status)
		return status;
	fault = coffer_checksum_check(COFFER_ID_CATALOGUE, key.data, key.size, value.data, value.size);
	if (fault) {
		coffer_error_set(error, COFFER_CORRUPT, "%s", coffer_fault_text(fault));
		coffer_error_at(error, "catalogue[%s]", name);
		return COFFER_CORRUPT;
	}
	payload_out->data = value.data + COFFER_CHECKSUM_SIZE;
	payload_out->size = value.size - COFFER_CHECKSUM_SIZE;
	return COFFER_OK;
}

static coffer_status
require_entry(coffer_txn *txn, const char *name, struct coffer_bytes *payload_out,
	      coffer_error *error)
{
	coffer_status status = coffer_catalogue_entry(txn, name, payload_out, error);

	if (status == COFFER_NOT_FOUND)
		return coffer_error_set(error, COFFER_CORRUPT, "the catalogue has no entry %s", name);
	return status;
}

static const char **
copy_features(coffer_store *store, const coffer_text *features, size_t count)
{
	const char **out = coffer_schema_memory(store->schema, (count + 1) * sizeof(*out));

	for (size_t i = 0; out && i < count; i++) {
		out[i] = coffer_arena_text(store->schema->arena, features[i].data, features[i].size);
		if (!out[i])
			return NULL;
	}
	return out;
}

static coffer_status
check_features(const struct coffer_format_entry *entry, struct coffer_features *features_out,
	       coffer_error *error)
{
	const coffer_text *unknown;

	coffer_features_find(entry, features_out);
	if (!(unknown = features_out->unknown_to_read))
		return COFFER_OK;
	return coffer_error_set(error, COFFER_UNSUPPORTED,
				"made by a newer coffer: it needs the feature %.*s", (int)unknown->size,
				unknown->data);
}

static coffer_status
load_format(coffer_txn *txn, struct coffer_format_entry *entry,
	    struct coffer_features *features_out, coffer_error *error)
{
	struct coffer_bytes payload;
	coffer_status status = coffer_catalogue_entry(txn, "format", &payload, error);
	enum coffer_fault fault;

	if (status == COFFER_NOT_FOUND)
		return coffer_error_set(error, COFFER_NOT_A_COFFER,
					"not a coffer store: its catalogue has no entry format");
	if (status)
		return status;
	fault = coffer_format_entry_decode(payload.data, payload.size, entry);
	if (fault == COFFER_FAULT_LATER)
		return coffer_error_set(error, COFFER_UNSUPPORTED,
					"made by a newer coffer: its format is of a version after %d",
					COFFER_FORMAT_VERSION);
	if (fault) {
		coffer_error_set(error, COFFER_CORRUPT, "%s", coffer_fault_text(fault));
		coffer_error_at(error, "catalogue[format]");
		return COFFER_CORRUPT;
	}
	return check_features(entry, features_out, error);
}

static coffer_status
load_sequence(coffer_txn *txn, coffer_sequence *sequence, coffer_error *error)
{
	char name[COFFER_ENTRY_NAME_SIZE];
	struct coffer_bytes payload;
	coffer_status status;
	enum coffer_fault fault;

	coffer_entry_name(name, "sequence/", sequence->name);
	if ((status = require_entry(txn, name, &payload, error)))
		return status;
	fault = coffer_sequence_entry_decode(payload.data, payload.size, &sequence->last_value,
					     &sequence->is_called);
	if (!fault)
		return COFFER_OK;
	coffer_error_set(error, COFFER_CORRUPT, "%s", coffer_fault_text(fault));
	coffer_error_at(error, "catalogue[%s]", name);
	return COFFER_CORRUPT;
}

static coffer_status
fail_frames(const char *name, const char *message, coffer_error *error)
{
	coffer_error_set(error, COFFER_CORRUPT, "%s", message);
	coffer_error_at(error, "catalogue[%s]", name);
	return COFFER_CORRUPT;
}

/* Which columns of a table may hold frames: its entry says so; without one none does. */
static coffer_status
load_frames(coffer_txn *txn, coffer_table *table, struct coffer_frames_column *columns,
	    coffer_error *error)
{
	char name[COFFER_ENTRY_NAME_SIZE];
	struct coffer_bytes payload;
	enum coffer_fault fault;
	coffer_status status;
	size_t count;

	coffer_entry_name(name, "frames/", table->name);
	if ((status = coffer_catalogue_entry(txn, name, &payload, error)))
		return status == COFFER_NOT_FOUND ? COFFER_OK : status;
	fault = coffer_frames_entry_decode(payload.data, payload.size, columns, &count);
	if (fault)
		return fail_frames(name, coffer_fault_text(fault), error);
	for (size_t i = 0; i < count; i++) {
		uint16_t column = columns[i].column;

		if (column >= table->column_count || !coffer_column_is_compressible(table, column))
			return fail_frames(name, "it names a column that holds no frames", error);
		table->columns[column].is_compressed = true;
		table->columns[column].dictionary = columns[i].dictionary;
	}
	return COFFER_OK;
}

static coffer_status
load_all_frames(coffer_store *store, coffer_txn *txn, coffer_error *error)
{
	struct coffer_frames_column *columns;
	coffer_status status;

	if (!(store->features & COFFER_FEATURE_ZSTD))
		return COFFER_OK;
	if ((status = coffer_dictionaries_make(&store->dictionaries, error)))
		return status;
	if (!(columns = malloc(COFFER_COLUMNS_MAX * sizeof(*columns))))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the catalogue");
	for (size_t i = 0; !status && i < store->schema->table_count; i++)
		if (store->schema->tables[i].id)
			status = load_frames(txn, &store->schema->tables[i], columns, error);
	free(columns);
	return status;
}

/* The roll-ups of tables that have some. */
static coffer_status
load_rollups(coffer_store *store, coffer_txn *txn, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < store->schema->table_count; i++) {
		coffer_table *table = &store->schema->tables[i];
		char name[COFFER_ENTRY_NAME_SIZE];
		struct coffer_bytes payload;

		coffer_entry_name(name, "rollups/", table->name);
		status = coffer_catalogue_entry(txn, name, &payload, error);
		if (status == COFFER_NOT_FOUND)
			status = COFFER_OK;
		else if (!status)
			status = coffer_catalogue_decode_rollups(payload.data, payload.size, store->schema,
								 table, error);
	}
	return status ? status
		      : coffer_catalogue_check_rollups(store->schema, COFFER_CORRUPT, error);
}

static coffer_status
load_catalogue(coffer_store *store, coffer_txn *txn, struct coffer_strangers *strangers,
	       coffer_error *error)
{
	struct coffer_format_entry format;
	struct coffer_features features;
	struct coffer_bytes payload;
	coffer_status status;

	if ((status = load_format(txn, &format, &features, error)) ||
	    (status = require_entry(txn, "schema", &payload, error)) ||
	    (status = coffer_catalogue_decode_schema(payload.data, payload.size, &store->schema, error)))
		return status;
	store->seed = format.seed;
	store->features = features.known;
	coffer_strangers_find(&format, strangers);
	if (features.unknown_to_write)
		store->unknown_feature = coffer_arena_text(store->schema->arena,
							   features.unknown_to_write->data,
							   features.unknown_to_write->size);
	store->read_features = copy_features(store, format.read_features, format.read_feature_count);
	store->write_features =
		copy_features(store, format.write_features, format.write_feature_count);
	if (!store->read_features || !store->write_features ||
	    (features.unknown_to_write && !store->unknown_feature))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the catalogue");
	for (size_t i = 0; !status && i < store->schema->sequence_count; i++)
		status = load_sequence(txn, &store->schema->sequences[i], error);
	if (!status)
		status = load_all_frames(store, txn, error);
	if (!status && store->features & COFFER_FEATURE_ROLLUPS)
		status = load_rollups(store, txn, error);
	if (!status && !(status = require_entry(txn, "source", &payload, error)))
		status = coffer_catalogue_decode_steps(payload.data, payload.size, store->schema,
						       &store->steps, &store->step_count, error);
	return status;
}

/* Find a tree that the catalogue promises, and count it. */
static coffer_status
find_tree(const coffer_store *store, const char *name, uint32_t *tree_out, size_t *count,
	  coffer_error *error)
{
	*tree_out = coffer_disk_tree_find(store->disk, name);
	if (*tree_out == COFFER_NO_TREE)
		return coffer_error_set(error, COFFER_CORRUPT, "the tree %s is missing", name);
	++*count;
	return COFFER_OK;
}

static coffer_status
find_rollup_trees(coffer_store *store, const coffer_table *table, uint32_t *trees, size_t *count,
		  coffer_error *error)
{
	char name[COFFER_TREE_NAME_SIZE];
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < table->rollup_count; i++) {
		coffer_tree_name(name, "rollups", table->name, table->rollups[i].name);
		status = find_tree(store, name, &trees[i], count, error);
	}
	return status;
}

static coffer_status
find_table_trees(coffer_store *store, uint32_t number, size_t *count, coffer_error *error)
{
	const coffer_table *table = &store->schema->tables[number];
	struct coffer_table_trees *trees = &store->trees.tables[number];
	char name[COFFER_TREE_NAME_SIZE];
	coffer_status status = COFFER_OK;

	trees->rows = trees->longs = COFFER_NO_TREE;
	trees->indexes = coffer_schema_memory(store->schema,
					      (table->index_count + 1) * sizeof(*trees->indexes));
	trees->rollups = coffer_schema_memory(store->schema,
					      (table->rollup_count + 1) * sizeof(*trees->rollups));
	if (!trees->indexes || !trees->rollups)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the trees");
	if (table->id) {
		coffer_tree_name(name, "table", table->name, NULL);
		status = find_tree(store, name, &trees->rows, count, error);
		coffer_tree_name(name, "long", table->name, NULL);
		if (!status)
			status = find_tree(store, name, &trees->longs, count, error);
	}
	for (size_t i = 0; !status && i < table->index_count; i++) {
		trees->indexes[i] = COFFER_NO_TREE;
		if (table->indexes[i].tree == COFFER_TREE_NONE)
			continue;
		coffer_tree_name(name, "index", table->name, table->indexes[i].name);
		status = find_tree(store, name, &trees->indexes[i], count, error);
	}
	return status ? status : find_rollup_trees(store, table, trees->rollups, count, error);
}

static bool
is_of_table(const coffer_store *store, size_t number, uint32_t tree)
{
	const struct coffer_table_trees *of = &store->trees.tables[number];
	const coffer_table *table = &store->schema->tables[number];
	bool is_its = of->rows == tree || of->longs == tree;

	for (size_t i = 0; !is_its && i < table->index_count; i++)
		is_its = of->indexes[i] == tree;
	for (size_t i = 0; !is_its && i < table->rollup_count; i++)
		is_its = of->rollups[i] == tree;
	return is_its;
}

/* The trees are exactly those that the catalogue explains, or bear the name of an unknown feature: name another one. */
static coffer_status
check_unexplained(const coffer_store *store, const struct coffer_strangers *strangers,
		  coffer_error *error)
{
	size_t trees = coffer_disk_tree_count(store->disk);

	for (uint32_t tree = 0; tree < trees; tree++) {
		const char *name = coffer_disk_tree_name(store->disk, tree);
		bool is_explained = !strcmp(name, "catalogue") || !strcmp(name, "pool") ||
				    !strcmp(name, "pool/hash") || tree == store->trees.dictionary ||
				    coffer_strangers_have(strangers, name);

		for (size_t t = 0; !is_explained && t < store->schema->table_count; t++)
			is_explained = is_of_table(store, t, tree);
		if (!is_explained)
			return coffer_error_set(error, COFFER_CORRUPT,
						"the tree %.80s is not one that the catalogue knows", name);
	}
	return COFFER_OK;
}

static coffer_status
find_trees(coffer_store *store, const struct coffer_strangers *strangers, coffer_error *error)
{
	const coffer_schema *schema = store->schema;
	coffer_status status;
	size_t count = 1; /* the catalogue itself */

	store->trees.tables =
		coffer_schema_memory(store->schema, (schema->table_count + 1) * sizeof(*store->trees.tables));
	if (!store->trees.tables)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the trees");
	if ((status = find_tree(store, "pool", &store->trees.pool, &count, error)) ||
	    (status = find_tree(store, "pool/hash", &store->trees.pool_hash, &count, error)))
		return status;
	store->trees.dictionary = COFFER_NO_TREE;
	if (store->features & COFFER_FEATURE_ZSTD)
		status = find_tree(store, "dictionary", &store->trees.dictionary, &count, error);
	for (uint32_t table = 0; !status && table < schema->table_count; table++)
		status = find_table_trees(store, table, &count, error);
	if (!status && count != coffer_disk_tree_count(store->disk))
		status = check_unexplained(store, strangers, error);
	return status;
}

static coffer_status
load(coffer_store *store, coffer_error *error)
{
	coffer_txn txn = {.trees = &store->trees};
	struct coffer_strangers strangers;
	coffer_status status;

	store->trees.catalogue = coffer_disk_tree_find(store->disk, "catalogue");
	if (store->trees.catalogue == COFFER_NO_TREE)
		return coffer_error_set(error, COFFER_NOT_A_COFFER,
					"not a coffer store: an LMDB file without a catalogue");
	if ((status = coffer_disk_snapshot(store->disk, &txn.snapshot, error)))
		return status;
	store->transaction = txn.snapshot->transaction;
	if (!(status = load_catalogue(store, &txn, &strangers, error)))
		status = find_trees(store, &strangers, error);
	coffer_snapshot_end(txn.snapshot);
	return status;
}

/* Read what the disk, which is open, says of itself; close it where that fails. */
static coffer_status
open_on(struct coffer_disk *disk, coffer_store **store_out, coffer_error *error)
{
	coffer_store *store = calloc(1, sizeof(*store));
	coffer_status status;

	if (!store) {
		coffer_disk_close(disk);
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a store handle");
	}
	store->disk = disk;
	if ((status = load(store, error)))
		coffer_store_close(store);
	else
		*store_out = store;
	return status;
}

typedef coffer_status (*open_function)(const char *path, struct coffer_disk **disk_out,
				       coffer_error *error);

static coffer_status
open_with(open_function open, const char *path, coffer_store **store_out, coffer_error *error)
{
	struct coffer_disk *disk;
	coffer_status status;

	*store_out = NULL;
	if (!(status = open(path, &disk, error)))
		status = open_on(disk, store_out, error);
	if (status)
		coffer_error_in(error, path);
	return status;
}

coffer_status
coffer_store_open_origin(const coffer_origin *origin, coffer_store **store_out, coffer_error *error)
{
	struct coffer_disk *disk;
	coffer_status status;

	*store_out = NULL;
	status = coffer_disk_open_origin(origin, &disk, error);
	return status ? status : open_on(disk, store_out, error);
}

coffer_status
coffer_store_open(const char *path, coffer_store **store_out, coffer_error *error)
{
	return open_with(coffer_disk_open, path, store_out, error);
}

/* What an unknown feature promises of every write, this version does not know. */
static coffer_status
make_writable(coffer_store *store, coffer_error *error)
{
	coffer_status status;

	if (store->unknown_feature)
		return coffer_error_set(error, COFFER_UNSUPPORTED,
					"made by a newer coffer: to write it needs the feature %s",
					store->unknown_feature);
	store->is_writable = true;
	if ((status = coffer_group_init(&store->group, error)))
		return status;
	return coffer_references_find(store->schema, &store->references, error);
}

coffer_status
coffer_store_open_to_write(const char *path, coffer_store **store_out, coffer_error *error)
{
	coffer_status status = open_with(coffer_disk_open_to_write, path, store_out, error);

	if (!status && (status = make_writable(*store_out, error))) {
		coffer_store_close(*store_out);
		*store_out = NULL;
		coffer_error_in(error, path);
	}
	return status;
}

void
coffer_store_close(coffer_store *store)
{
	if (!store)
		return;
	coffer_disk_close(store->disk);
	coffer_group_release(&store->group);
	free(atomic_load(&store->kept_codes));
	coffer_known_codes_free(atomic_load(&store->known_codes));
	coffer_dictionaries_free(store->dictionaries);
	coffer_compressor_free(store->compressor);
	coffer_schema_free(store->schema);
	free(store);
}

const coffer_schema *
coffer_store_schema(const coffer_store *store)
{
	return store->schema;
}

void
coffer_store_describe(const coffer_store *store, coffer_store_facts *facts_out)
{
	struct coffer_disk_facts disk;

	coffer_disk_describe(store->disk, &disk);
	*facts_out = (coffer_store_facts){
		.format_version = COFFER_FORMAT_VERSION,
		.seed = store->seed,
		.features = store->read_features,
		.write_features = store->write_features,
		.page_size = disk.page_size,
		.file_size = disk.file_size,
		.transaction = disk.transaction,
	};
}

const coffer_step *
coffer_store_provenance(const coffer_store *store, size_t *count_out)
{
	*count_out = store->step_count;
	return store->steps;
}
