/*
 * Opening: what must be read before anything else can be, and the trees that it explains. SPEC.md 3, 6
 * and 10.
 */
#include "verify/verify.h"

#include "format/catalogue.h"
#include "format/checksum.h"
#include "format/feature.h"
#include "store/catalogue.h"

#include <inttypes.h>
#include <string.h>

static struct coffer_spot
spot_of(const char *entry)
{
	return (struct coffer_spot){.base = "catalogue", .entry = entry};
}

static void
report(struct coffer_verifier *verifier, const char *entry, const char *message)
{
	coffer_verifier_report(verifier, COFFER_CATALOGUE, COFFER_CORRUPT, spot_of(entry), "%s",
			       message);
}

/* ------------------------------------------------------------------ opening */

/* An entry that the rest cannot be read without. */
static bool
open_entry(struct coffer_verifier *verifier, const char *name, struct coffer_bytes *payload_out)
{
	struct coffer_bytes key = {(const uint8_t *)name, strlen(name)}, value;

	if (!coffer_verifier_get(verifier, verifier->catalogue, key, &value)) {
		report(verifier, name, "the entry is missing");
		return false;
	}
	return coffer_verifier_unseal(verifier, COFFER_CATALOGUE, spot_of(name),
				      COFFER_ID_CATALOGUE, key, value, payload_out);
}

static bool
is_same(const void *left, size_t left_size, struct coffer_bytes right)
{
	return left_size == right.size && !memcmp(left, right.data, left_size);
}

static void
report_unknown(struct coffer_verifier *verifier, const coffer_text *names, size_t count,
	       bool is_to_write, const char *what)
{
	for (size_t i = 0; i < count; i++)
		if (!coffer_feature_is_known(names[i], is_to_write))
			coffer_verifier_report(verifier, COFFER_FEATURES, COFFER_UNSUPPORTED,
					       spot_of("format"), "the feature %.*s%s",
					       (int)names[i].size, names[i].data, what);
}

static bool
check_features(struct coffer_verifier *verifier, const struct coffer_format_entry *entry)
{
	struct coffer_features features;

	coffer_features_find(entry, &features);
	verifier->features = features.known;
	coffer_strangers_find(entry, &verifier->strangers);
	report_unknown(verifier, entry->write_features, entry->write_feature_count, true,
		       " is not known: what it promises is not checked");
	report_unknown(verifier, entry->read_features, entry->read_feature_count, false,
		       ", needed to read, is not known");
	if (features.unknown_to_read)
		coffer_verifier_fail(
			verifier, COFFER_UNSUPPORTED,
			"made by a newer coffer: it needs a feature that is not known");
	return !features.unknown_to_read;
}

static bool
open_format(struct coffer_verifier *verifier)
{
	uint8_t again[COFFER_FORMAT_ENTRY_MAX];
	struct coffer_format_entry entry = {0};
	struct coffer_bytes payload;
	enum coffer_fault fault;

	if (!open_entry(verifier, "format", &payload)) {
		coffer_verifier_fail(verifier, COFFER_CORRUPT,
				     "the catalogue's entry format is damaged");
		return false;
	}
	fault = coffer_format_entry_decode(payload.data, payload.size, &entry);
	if (fault == COFFER_FAULT_LATER) {
		coffer_verifier_report(verifier, COFFER_FEATURES, COFFER_UNSUPPORTED,
				       spot_of("format"), "the version is %" PRIu64 ", expected %d",
				       entry.version, COFFER_FORMAT_VERSION);
		coffer_verifier_fail(verifier, COFFER_UNSUPPORTED,
				     "made by a newer coffer: its format is of a later version");
		return false;
	}
	if (fault) {
		report(verifier, "format", coffer_fault_text(fault));
		coffer_verifier_fail(verifier, COFFER_CORRUPT,
				     "the catalogue's entry format is damaged");
		return false;
	}
	if (!is_same(again, coffer_format_entry_encode(&entry, again), payload))
		report(verifier, "format", coffer_fault_text(COFFER_FAULT_NOT_CANONICAL));
	verifier->seed = entry.seed;
	return check_features(verifier, &entry);
}

static bool
open_schema(struct coffer_verifier *verifier)
{
	struct coffer_bytes payload;
	coffer_error error = {0};
	coffer_status status;

	if (open_entry(verifier, "schema", &payload)) {
		status = coffer_catalogue_decode_schema(payload.data, payload.size,
							&verifier->schema, &error);
		if (!status)
			return true;
		if (status != COFFER_CORRUPT && status != COFFER_UNSUPPORTED) {
			coffer_verifier_fail(verifier, status, error.message);
			return false;
		}
		coffer_verifier_report(verifier, COFFER_CATALOGUE, status, spot_of("schema"),
				       "%s%s%s", error.place, error.place[0] ? ": " : "",
				       error.message);
	}
	coffer_verifier_fail(verifier, COFFER_CORRUPT, "the catalogue's entry schema is damaged");
	return false;
}

bool
coffer_verify_open_catalogue(struct coffer_verifier *verifier)
{
	struct coffer_bytes key = {(const uint8_t *)"format", 6}, value;

	verifier->catalogue = coffer_disk_tree_find(verifier->disk, "catalogue");
	if (verifier->catalogue == COFFER_NO_TREE)
		coffer_verifier_fail(verifier, COFFER_NOT_A_COFFER,
				     "not a coffer store: an LMDB file without a catalogue");
	else if (verifier->damaged[verifier->catalogue])
		coffer_verifier_fail(verifier, COFFER_CORRUPT,
				     "the pages of the catalogue are damaged");
	else if (!coffer_verifier_get(verifier, verifier->catalogue, key, &value) &&
		 !verifier->summary->findings)
		coffer_verifier_fail(verifier, COFFER_NOT_A_COFFER,
				     "not a coffer store: its catalogue has no entry format");
	if (verifier->is_over || !open_format(verifier) || !open_schema(verifier))
		return false;
	if (verifier->features & COFFER_FEATURE_ROLLUPS)
		coffer_verify_read_rollups(verifier);
	return !verifier->is_over;
}

/* ------------------------------------------------------------------ trees */

static uint32_t
explain(struct coffer_verifier *verifier, bool *explained, const char *name)
{
	uint32_t tree = coffer_disk_tree_find(verifier->disk, name);

	if (tree != COFFER_NO_TREE)
		explained[tree] = true;
	else
		coffer_verifier_report(verifier, COFFER_TREES, COFFER_CORRUPT,
				       (struct coffer_spot){.base = name}, "the tree is missing");
	return tree;
}

static bool
explain_table(struct coffer_verifier *verifier, bool *explained, uint32_t number)
{
	const coffer_table *table = &verifier->schema->tables[number];
	struct coffer_verify_trees *trees = &verifier->tables[number];
	char name[COFFER_TREE_NAME_SIZE];

	*trees = (struct coffer_verify_trees){.rows = COFFER_NO_TREE, .longs = COFFER_NO_TREE};
	trees->indexes = coffer_schema_memory(verifier->schema,
					      (table->index_count + 1) * sizeof(*trees->indexes));
	trees->rollups = coffer_schema_memory(verifier->schema,
					      (table->rollup_count + 1) * sizeof(*trees->rollups));
	if (!trees->indexes || !trees->rollups)
		return false;
	if (table->id) {
		coffer_tree_name(name, "table", table->name, NULL);
		trees->rows = explain(verifier, explained, name);
		coffer_tree_name(name, "long", table->name, NULL);
		trees->longs = explain(verifier, explained, name);
	}
	for (size_t i = 0; i < table->index_count; i++) {
		trees->indexes[i] = COFFER_NO_TREE;
		if (table->indexes[i].tree == COFFER_TREE_NONE)
			continue;
		coffer_tree_name(name, "index", table->name, table->indexes[i].name);
		trees->indexes[i] = explain(verifier, explained, name);
	}
	for (size_t i = 0; i < table->rollup_count; i++) {
		coffer_tree_name(name, "rollups", table->name, table->rollups[i].name);
		trees->rollups[i] = explain(verifier, explained, name);
	}
	return true;
}

/* A tree that is there and can be read, or COFFER_NO_TREE. */
static uint32_t
readable(const struct coffer_verifier *verifier, uint32_t tree)
{
	return tree != COFFER_NO_TREE && verifier->damaged[tree] ? COFFER_NO_TREE : tree;
}

/* What stands on damaged pages was reported, and what hangs on it would be found wrong in every row. */
static void
leave_out_damaged(struct coffer_verifier *verifier)
{
	for (size_t t = 0; t < verifier->schema->table_count; t++) {
		struct coffer_verify_trees *trees = &verifier->tables[t];

		trees->is_unreadable = readable(verifier, trees->rows) != trees->rows ||
				       readable(verifier, trees->longs) != trees->longs;
		for (size_t i = 0; i < verifier->schema->tables[t].index_count; i++)
			trees->indexes[i] = readable(verifier, trees->indexes[i]);
		for (size_t i = 0; i < verifier->schema->tables[t].rollup_count; i++)
			trees->rollups[i] = readable(verifier, trees->rollups[i]);
	}
	verifier->is_pool_damaged = readable(verifier, verifier->pool) != verifier->pool;
	verifier->pool = readable(verifier, verifier->pool);
	verifier->pool_hash = readable(verifier, verifier->pool_hash);
	verifier->dictionary = readable(verifier, verifier->dictionary);
}

/* Nobody can say of such a tree whether it may be there. */
static bool
is_unknowable(const struct coffer_verifier *verifier, uint32_t tree)
{
	const char *name = coffer_disk_tree_name(verifier->disk, tree);

	return coffer_strangers_have(&verifier->strangers, name) ||
	       (verifier->are_rollups_damaged && !strncmp(name, "rollups/", strlen("rollups/")));
}

void
coffer_verify_trees(struct coffer_verifier *verifier)
{
	size_t trees = coffer_disk_tree_count(verifier->disk);
	size_t tables = verifier->schema->table_count;
	bool *explained = coffer_schema_memory(verifier->schema, trees + 1);
	bool is_ready;

	verifier->tables =
		coffer_schema_memory(verifier->schema, (tables + 1) * sizeof(*verifier->tables));
	is_ready = explained && verifier->tables;
	if (is_ready) {
		(void)explain(verifier, explained, "catalogue");
		verifier->pool = explain(verifier, explained, "pool");
		verifier->pool_hash = explain(verifier, explained, "pool/hash");
		if (verifier->features & COFFER_FEATURE_ZSTD)
			verifier->dictionary = explain(verifier, explained, "dictionary");
	}
	for (uint32_t table = 0; is_ready && table < tables; table++)
		is_ready = explain_table(verifier, explained, table);
	if (!is_ready)
		coffer_verifier_fail(verifier, COFFER_NO_MEMORY, "no memory for the trees");
	for (uint32_t tree = 0; is_ready && tree < trees; tree++)
		if (!explained[tree] && !is_unknowable(verifier, tree))
			coffer_verifier_report(verifier, COFFER_TREES, COFFER_CORRUPT,
					       (struct coffer_spot){.base = coffer_disk_tree_name(
									    verifier->disk, tree)},
					       "the tree is not one that the catalogue knows");
	if (is_ready)
		leave_out_damaged(verifier);
}
