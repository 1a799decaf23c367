/*
 * How rows are read when nothing but their checksums can be believed.
 *
 *   entry format --> version, features, seed             \
 *   entry schema, or else the schema that is given     --> two copies of it
 *
 * A record does not say which of two texts is which: a schema that is given decides it. So it is held against all that may be
 * left of the lost one: its checksum, which proves that the two are the same, and the names of the file's trees.
 */
#include "recover/description.h"

#include "format/catalogue.h"
#include "format/checksum.h"
#include "format/feature.h"
#include "format/key.h"
#include "store/catalogue.h"

#include <stdlib.h>
#include <string.h>

static coffer_status
fail_lost(const char *entry, coffer_error *error)
{
	return coffer_error_set(error, COFFER_CORRUPT,
				"the catalogue's entry %s is lost: without it no row can be read",
				entry);
}

/* ------------------------------------------------------------------ version, features */

static coffer_status
read_format(const struct coffer_salvage *salvage, struct coffer_description *description,
	    coffer_error *error)
{
	const struct coffer_bytes *payload = &salvage->format_entry;
	struct coffer_features features = {0};
	struct coffer_format_entry format;
	enum coffer_fault fault = coffer_format_entry_decode(payload->data, payload->size, &format);

	if (!fault)
		coffer_features_find(&format, &features);
	if (fault == COFFER_FAULT_LATER || features.unknown_to_read)
		return coffer_error_set(error, COFFER_UNSUPPORTED, "made by a newer coffer");
	if (fault)
		return coffer_error_set(error, COFFER_CORRUPT, "catalogue[format]: %s",
					coffer_fault_text(fault));
	description->seed = format.seed;
	description->has_format = true;
	description->features = features.known;
	return COFFER_OK;
}

static coffer_status
find_format(const struct coffer_salvage *salvage, const coffer_schema *given,
	    struct coffer_description *description, coffer_error *error)
{
	if (salvage->format_entry.data)
		return read_format(salvage, description, error);
	description->features = coffer_features_all();
	if (given)
		return COFFER_OK;
	return fail_lost(salvage->schema_entry.data ? "format" : "schema", error);
}

/* ------------------------------------------------------------------ the schema */

static coffer_status
decode_twice(struct coffer_bytes payload, struct coffer_description *description,
	     coffer_error *error)
{
	coffer_status status = coffer_catalogue_decode_schema(payload.data, payload.size,
							      &description->old, error);

	return status ? status
		      : coffer_catalogue_decode_schema(payload.data, payload.size,
						       &description->fresh, error);
}

static bool
has_its_seal(const struct coffer_salvage *salvage, struct coffer_bytes payload)
{
	static const char key[] = "schema";
	uint64_t seal = coffer_checksum(COFFER_ID_CATALOGUE, key, sizeof(key) - 1, payload.data,
					payload.size);

	for (size_t i = 0; i < salvage->schema_seal_count; i++)
		if (salvage->schema_seals[i] == seal)
			return true;
	return false;
}

/* Roll-ups are entries of their own. Those that are given are taken unless the store is known to have had none. */
static coffer_status
take_rollups(const coffer_schema *given, struct coffer_description *description, coffer_error *error)
{
	coffer_status status;

	if (description->has_format && !(description->features & COFFER_FEATURE_ROLLUPS))
		return COFFER_OK;
	status = coffer_schema_copy_rollups(given, description->old, error);
	return status ? status : coffer_schema_copy_rollups(given, description->fresh, error);
}

/* Written as a catalogue has it, and read as that of a stranger: so it is checked whole. */
static coffer_status
take_given(const struct coffer_salvage *salvage, const coffer_schema *given,
	   struct coffer_description *description, coffer_error *error)
{
	coffer_buffer bytes = {0};
	coffer_status status = coffer_catalogue_encode_schema(given, &bytes, error);
	struct coffer_bytes payload = {(const uint8_t *)bytes.data, bytes.size};

	if (!status)
		status = decode_twice(payload, description, error);
	if (!status)
		status = take_rollups(given, description, error);
	if (!status)
		description->is_proven = has_its_seal(salvage, payload);
	coffer_buffer_release(&bytes);
	if (!status || status == COFFER_NO_MEMORY)
		return status;
	if (error) {
		error->status = COFFER_INVALID;
		coffer_error_at(error, "the schema that is given: ");
	}
	return COFFER_INVALID;
}

/* Where a sequence's own state is lost, the one that came with the schema is the best that there is. */
static void
take_sequences(const coffer_schema *given, struct coffer_description *description)
{
	for (size_t i = 0; i < given->sequence_count; i++) {
		description->fresh->sequences[i].last_value = given->sequences[i].last_value;
		description->fresh->sequences[i].is_called = given->sequences[i].is_called;
	}
}

static coffer_status
find_schema(const struct coffer_salvage *salvage, const coffer_schema *given,
	    struct coffer_description *description, coffer_error *error)
{
	coffer_status status = COFFER_CORRUPT;

	if (salvage->schema_entry.data)
		status = decode_twice(salvage->schema_entry, description, given ? NULL : error);
	else if (!given)
		return fail_lost("schema", error);
	if (status != COFFER_CORRUPT || !given)
		return status == COFFER_NO_MEMORY
			       ? coffer_error_set(error, status, "no memory for a schema")
			       : status;
	description->is_given = true;
	if (!(status = take_given(salvage, given, description, error)))
		take_sequences(given, description);
	return status;
}

coffer_status
coffer_describe(const struct coffer_salvage *salvage, const coffer_schema *given,
		struct coffer_description *description_out, coffer_error *error)
{
	coffer_status status;

	*description_out = (struct coffer_description){0};
	status = find_format(salvage, given, description_out, error);
	return status ? status : find_schema(salvage, given, description_out, error);
}

void
coffer_description_release(struct coffer_description *description)
{
	coffer_schema_free(description->old);
	coffer_schema_free(description->fresh);
	*description = (struct coffer_description){0};
}

/* ------------------------------------------------------------------ trees */

struct trees {
	const struct coffer_pages_names *names;
	size_t found;
	coffer_error *error;
};

static int
compare_names(const void *wanted, const void *other)
{
	return strcmp(wanted, *(const char *const *)other);
}

static coffer_status
want_tree(struct trees *trees, const char *prefix, const char *table, const char *index)
{
	char name[COFFER_TREE_NAME_SIZE];

	coffer_tree_name(name, prefix, table, index);
	trees->found++;
	if (trees->names->count && bsearch(name, trees->names->names, trees->names->count,
					   sizeof(*trees->names->names), compare_names))
		return COFFER_OK;
	return coffer_error_set(
		trees->error, COFFER_INVALID,
		"the schema that is given is another store's: this one has no tree %s", name);
}

static coffer_status
want_table(struct trees *trees, const coffer_table *table)
{
	coffer_status status = want_tree(trees, "table", table->name, NULL);

	if (!status)
		status = want_tree(trees, "long", table->name, NULL);
	for (size_t i = 0; !status && i < table->index_count; i++)
		if (table->indexes[i].tree != COFFER_TREE_NONE)
			status = want_tree(trees, "index", table->name, table->indexes[i].name);
	return status;
}

/* Trees that a schema speaks of. */
static size_t
count_trees(const struct coffer_pages_names *names)
{
	static const char *const prefixes[] = {"table/", "long/", "index/"};
	size_t count = 0;

	for (size_t i = 0; i < names->count; i++)
		for (size_t p = 0; p < sizeof(prefixes) / sizeof(*prefixes); p++)
			count += !strncmp(names->names[i], prefixes[p], strlen(prefixes[p]));
	return count;
}

coffer_status
coffer_description_check(const struct coffer_description *description,
			 const struct coffer_pages_names *names, coffer_error *error)
{
	struct trees trees = {.names = names, .error = error};
	coffer_status status = COFFER_OK;
	size_t count = count_trees(names);

	if (!description->is_given || description->is_proven)
		return COFFER_OK;
	for (size_t i = 0; !status && i < description->old->table_count; i++)
		if (description->old->tables[i].id)
			status = want_table(&trees, &description->old->tables[i]);
	if (status || count == trees.found)
		return status;
	return coffer_error_set(
		error, COFFER_INVALID,
		"the schema that is given is another store's: this one has %zu trees of "
		"tables and indexes, by that schema there are %zu",
		count, trees.found);
}
