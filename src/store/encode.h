/*
 * One row's bytes: its record, its long values and its keys in the indexes. Bulk load and write transactions
 * share it; where the bytes go is theirs to say. SPEC.md 4 and 5.
 */
#ifndef COFFER_STORE_ENCODE_H
#define COFFER_STORE_ENCODE_H

#include "store/store.h"

/* What encoding the rows of one table needs, kept from row to row. */
struct coffer_encoder {
	const coffer_table *table;
	uint64_t seed;
	struct coffer_form *forms; /* by column */
	uint16_t *order; /* column of each element */
	struct coffer_part *parts;
	uint32_t *codes; /* of the row's interned values, by column; 0 for NULL. The caller fills them */
	struct coffer_bytes *frames; /* of the row's values, by column; empty: none. The caller fills them */
	uint8_t *record; /* checksum, header, elements */
	size_t record_capacity;
};

/* The table's layout is settled; its store's seed and features are those of `txn`. COFFER_NO_MEMORY; release always. */
COFFER_CHECKED coffer_status
coffer_encoder_init(struct coffer_encoder *encoder, const coffer_table *table, const coffer_txn *txn,
		    coffer_error *error);
void
coffer_encoder_release(struct coffer_encoder *encoder);

/* Takes one long value under its key; both die with the call. */
typedef coffer_status (*coffer_long_function)(void *context, uint16_t column, struct coffer_bytes key,
					      struct coffer_bytes value, coffer_error *error);

/*
 * Encode the row numbered `number`, its `values` checked, its codes in `encoder->codes` and what is compressed of it in
 * `encoder->frames`, each shorter than its value. Long values go to
 * `put_long` in order of their columns; the sealed record borrows from the encoder until its next row.
 */
COFFER_CHECKED coffer_status
coffer_encoder_record(struct coffer_encoder *encoder, uint64_t number, const coffer_value *values,
		      coffer_long_function put_long, void *context,
		      struct coffer_bytes *record_out, coffer_error *error);

/* True when the column's value of the row last encoded went to `put_long`. */
bool
coffer_encoder_is_long(const struct coffer_encoder *encoder, uint16_t column);

/*
 * The row's key in an index that has a tree, with codes for its interned columns; returns its size: 0 when a
 * NULL keeps the row out of a unique one.
 */
size_t
coffer_encoder_key(const struct coffer_encoder *encoder, const coffer_index *index, uint64_t number,
		   const coffer_value *values, const uint32_t *codes,
		   uint8_t key[COFFER_KEY_SIZE_MAX]);

/*
 * Check that a column can hold a value.
 *
 * COFFER_INVALID  another kind, out of range, NULL where not nullable, text that is not UTF-8
 * COFFER_LIMIT    a value over COFFER_VALUE_SIZE_MAX
 */
COFFER_CHECKED coffer_status
coffer_value_check(const coffer_column *column, const coffer_value *value, coffer_error *error);

#endif
