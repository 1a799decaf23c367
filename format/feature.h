/*
 * Features: what a store has that a reader or a writer must know of, by name in the entry `format`. SPEC.md 10.
 * Inside of a program they are a set of bits, so that a question is a mask.
 */
#ifndef COFFER_FORMAT_FEATURE_H
#define COFFER_FORMAT_FEATURE_H

#include "format/catalogue.h"

#include <stdbool.h>

/* One bit each, never given again; the names stand in feature.c in the same order. */
enum coffer_feature {
	COFFER_FEATURES_NONE = 0,
	COFFER_FEATURE_PACKED_IDS = 1 << 0, /* ids in TEXT columns: SPEC.md 4.7 */
	COFFER_FEATURE_ZSTD = 1 << 1,       /* frames and dictionaries: SPEC.md 4.11, 8.4 */
	COFFER_FEATURE_ROLLUPS = 1 << 2,    /* SPEC.md 10.1; needed to write */
	COFFER_FEATURES_NEW = COFFER_FEATURE_PACKED_IDS, /* those of a store that is made today */
};

/* What `entry` names that this version knows, as bits; of the rest the first of each kind, NULL: none. */
struct coffer_features {
	uint32_t known;
	const coffer_text *unknown_to_read, *unknown_to_write; /* in the entry */
};
void
coffer_features_find(const struct coffer_format_entry *entry, struct coffer_features *features_out);

/* A feature that is known on one side, to read or to write, is unknown on the other. */
bool
coffer_feature_is_known(coffer_text name, bool is_to_write);

/* All of those needed to read that this version knows. */
uint32_t
coffer_features_all(void);

/* Write the names of `known` into an entry that has none. They stand as long as the program. */
void
coffer_features_name(uint32_t known, struct coffer_format_entry *entry);

/*
 * Unknown features that are needed to write: what they bring to a store stands under their names, and is passed over
 * by who only reads.
 */
struct coffer_strangers {
	char names[COFFER_FEATURES_MAX][COFFER_FEATURE_NAME_MAX + 1];
	size_t count;
};
void
coffer_strangers_find(const struct coffer_format_entry *entry, struct coffer_strangers *strangers_out);
/* A tree or an entry of this name is one of theirs: it begins with such a name and a slash. */
bool
coffer_strangers_have(const struct coffer_strangers *strangers, const char *name);

#endif
