/*
 * Names of features and their bits. SPEC.md 10. A name counts on the side where it belongs alone: a feature that is
 * needed to read is not known among those that are needed to write.
 */
#include "format/feature.h"

#include <string.h>

struct named {
	const char *name; /* in byte order, as the entry lists them */
	uint32_t bit;
	bool is_to_write;
};

static const struct named all[] = {
	{"packed-ids", COFFER_FEATURE_PACKED_IDS, false},
	{"rollups", COFFER_FEATURE_ROLLUPS, true},
	{"zstd", COFFER_FEATURE_ZSTD, false},
	{NULL, COFFER_FEATURES_NONE, false},
};

static uint32_t
find(coffer_text name, bool is_to_write)
{
	for (const struct named *at = all; at->name; at++)
		if (at->is_to_write == is_to_write && strlen(at->name) == name.size &&
		    !memcmp(at->name, name.data, name.size))
			return at->bit;
	return COFFER_FEATURES_NONE;
}

/* Add what is known of a list; returns the first that is not. */
static const coffer_text *
take(const coffer_text *names, size_t count, bool is_to_write, uint32_t *known)
{
	const coffer_text *unknown = NULL;

	for (size_t i = 0; i < count; i++) {
		uint32_t bit = find(names[i], is_to_write);

		*known |= bit;
		if (!bit && !unknown)
			unknown = &names[i];
	}
	return unknown;
}

void
coffer_features_find(const struct coffer_format_entry *entry, struct coffer_features *features_out)
{
	*features_out = (struct coffer_features){0};
	features_out->unknown_to_read = take(entry->read_features, entry->read_feature_count, false,
					     &features_out->known);
	features_out->unknown_to_write = take(entry->write_features, entry->write_feature_count, true,
					      &features_out->known);
}

bool
coffer_feature_is_known(coffer_text name, bool is_to_write)
{
	return find(name, is_to_write) != COFFER_FEATURES_NONE;
}

uint32_t
coffer_features_all(void)
{
	uint32_t known = COFFER_FEATURES_NONE;

	for (const struct named *at = all; at->name; at++)
		known |= at->is_to_write ? 0 : at->bit;
	return known;
}

void
coffer_features_name(uint32_t known, struct coffer_format_entry *entry)
{
	for (const struct named *at = all; at->name; at++) {
		coffer_text name = {at->name, strlen(at->name)};

		if (!(known & at->bit))
			continue;
		if (at->is_to_write)
			entry->write_features[entry->write_feature_count++] = name;
		else
			entry->read_features[entry->read_feature_count++] = name;
	}
}

void
coffer_strangers_find(const struct coffer_format_entry *entry, struct coffer_strangers *strangers_out)
{
	strangers_out->count = 0;
	for (size_t i = 0; i < entry->write_feature_count; i++) {
		const coffer_text *name = &entry->write_features[i];
		char *out = strangers_out->names[strangers_out->count];

		if (find(*name, true))
			continue;
		memcpy(out, name->data, name->size);
		out[name->size] = '\0';
		strangers_out->count++;
	}
}

bool
coffer_strangers_have(const struct coffer_strangers *strangers, const char *name)
{
	for (size_t i = 0; i < strangers->count; i++) {
		size_t size = strlen(strangers->names[i]);

		if (!strncmp(name, strangers->names[i], size) && name[size] == '/')
			return true;
	}
	return false;
}
