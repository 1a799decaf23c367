/*
 * SPEC.md 6 Catalogue entries, but for `schema`, whose model lives in memory of its own (store/catalogue.h).
 */
#ifndef COFFER_FORMAT_CATALOGUE_H
#define COFFER_FORMAT_CATALOGUE_H

#include "coffer.h"
#include "format/fault.h"

enum {
	COFFER_FORMAT_VERSION = 1,
	COFFER_FEATURES_MAX = 64,
	COFFER_FEATURE_NAME_MAX = 32,
};

/* The entry `format`. Feature names borrow from the bytes. */
struct coffer_format_entry {
	uint64_t version;
	uint64_t seed;
	coffer_text read_features[COFFER_FEATURES_MAX];
	size_t read_feature_count;
	coffer_text write_features[COFFER_FEATURES_MAX];
	size_t write_feature_count;
};

/* An entry's name: a prefix ("sequence/", "row/", "frames/") and the name of a sequence or table. */
enum { COFFER_ENTRY_NAME_SIZE = 9 + COFFER_NAME_SIZE_MAX + 1 };
void
coffer_entry_name(char out[COFFER_ENTRY_NAME_SIZE], const char *prefix, const char *name);

/* Payloads, without the checksum. Encoders return the size; `out` has COFFER_FORMAT_ENTRY_MAX bytes and so on. */
enum {
	COFFER_FORMAT_ENTRY_MAX = 64 + 2 * COFFER_FEATURES_MAX * (COFFER_FEATURE_NAME_MAX + 2),
	COFFER_SEQUENCE_ENTRY_MAX = 16,
	COFFER_ROW_ENTRY_MAX = 9,
};
size_t
coffer_format_entry_encode(const struct coffer_format_entry *entry, uint8_t *out);
/* LATER when the version is newer (the rest is then not read). */
enum coffer_fault
coffer_format_entry_decode(const uint8_t *payload, size_t size, struct coffer_format_entry *entry_out);

size_t
coffer_sequence_entry_encode(int64_t last_value, bool is_called, uint8_t *out);
enum coffer_fault
coffer_sequence_entry_decode(const uint8_t *payload, size_t size, int64_t *last_value_out,
			     bool *is_called_out);

/* One column of an entry `frames/<table>`: its values may be frames; new ones are compressed with this dictionary. */
struct coffer_frames_column {
	uint16_t column;
	uint8_t dictionary; /* its key; 0: none */
};
/* Columns ascend; `out` has COFFER_FRAMES_ENTRY_HEADER_MAX bytes, and COFFER_FRAMES_COLUMN_MAX for each. */
enum {
	COFFER_FRAMES_ENTRY_HEADER_MAX = 3,
	COFFER_FRAMES_COLUMN_MAX = 6,
};
size_t
coffer_frames_entry_encode(const struct coffer_frames_column *columns, size_t count, uint8_t *out);
/* `columns_out` has room for COFFER_COLUMNS_MAX. COUNT for none and for too many; NOT_CANONICAL when they do not ascend. */
enum coffer_fault
coffer_frames_entry_decode(const uint8_t *payload, size_t size,
			   struct coffer_frames_column *columns_out, size_t *count_out);

size_t
coffer_row_entry_encode(uint64_t number, uint8_t *out);
enum coffer_fault
coffer_row_entry_decode(const uint8_t *payload, size_t size, uint64_t *number_out);

#endif
