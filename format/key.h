/*
 * SPEC.md 5 Keys: fixed-width, big-endian, so that memcmp order is value order; and SPEC.md 3.2 tree names.
 */
#ifndef COFFER_FORMAT_KEY_H
#define COFFER_FORMAT_KEY_H

#include "coffer.h"
#include "format/record.h"

enum {
	COFFER_ROW_KEY_SIZE = 6,
	COFFER_LONG_KEY_SIZE = 8,
	COFFER_CODE_KEY_SIZE = 4,
	COFFER_HASH_SIZE = 8,
	COFFER_HASH_KEY_SIZE = 14,       /* hash, row number */
	COFFER_POOL_HASH_KEY_SIZE = 12,  /* hash, code */
	COFFER_KEY_COLUMN_SIZE_MAX = 9,
	COFFER_KEY_SIZE_MAX = 32 * 9 + 6,
	COFFER_EQUAL_HASHES_MAX = 64,
	COFFER_TREE_NAME_SIZE = 8 + 3 * 63 + 1 + 3 * 63 + 1, /* with its NUL */
};

#define COFFER_ROW_NUMBER_MAX ((UINT64_C(1) << 48) - 1)

static inline void
coffer_key_put_row(uint8_t out[COFFER_ROW_KEY_SIZE], uint64_t number)
{
	coffer_store_u16be(out, (uint16_t)(number >> 32));
	coffer_store_u32be(out + 2, (uint32_t)number);
}

static inline uint64_t
coffer_key_get_row(const uint8_t bytes[COFFER_ROW_KEY_SIZE])
{
	return (uint64_t)coffer_load_u16be(bytes) << 32 | coffer_load_u32be(bytes + 2);
}

static inline void
coffer_key_put_code(uint8_t out[COFFER_CODE_KEY_SIZE], uint32_t code)
{
	coffer_store_u32be(out, code);
}

static inline uint32_t
coffer_key_get_code(const uint8_t bytes[COFFER_CODE_KEY_SIZE])
{
	return coffer_load_u32be(bytes);
}

void coffer_key_put_hash(uint8_t out[COFFER_HASH_SIZE], uint64_t hash);
uint64_t coffer_key_get_hash(const uint8_t bytes[COFFER_HASH_SIZE]);
void coffer_key_put_long(uint8_t out[COFFER_LONG_KEY_SIZE], uint64_t number, uint16_t column);

/* What a column's value that is a number or a time, and not NULL, is in a key. */
static inline uint64_t
coffer_key_bits(int64_t integer)
{
	return (uint64_t)integer ^ UINT64_C(1) << 63;
}

/* SPEC.md 5.2: bytes that a column takes in an ordered key; 0 when it has no fixed-width key. */
size_t
coffer_key_column_size(struct coffer_form form, bool is_nullable);

/* Write a value (of an interned column: its code, 0 for NULL) at `out`; returns the column's size. */
size_t
coffer_key_column_write(struct coffer_form form, bool is_nullable, const coffer_value *value,
			uint32_t code, uint8_t *out);

/*
 * Read what write has written, of `size` bytes. `value_out` is NULL, INT, TIME or BOOL; of an interned column `code_out` says
 * it, 0 for NULL, and `value_out` only whether it is NULL. Floats lose bits in keys and are not read.
 *
 * COFFER_FAULT_FORM  not written so, or a float's
 */
enum coffer_fault
coffer_key_column_read(struct coffer_form form, bool is_nullable, const uint8_t *bytes, size_t size,
		       coffer_value *value_out, uint32_t *code_out);

/* SPEC.md 5.3: chain one member's value to the hash of a unique key; begin with the store's seed. */
uint64_t
coffer_key_hash(uint64_t hash, const coffer_value *value);

/* True when two values of one column are equal as keys: -0 is 0, every NaN is one. NULL equals NULL here. */
bool
coffer_key_is_equal(const coffer_value *left, const coffer_value *right);

/* SPEC.md 3.2: "table/<table>", "long/<table>"; with `index` "index/<table>/<index>", "rollups/<table>/<roll-up>". Returns
 * the length. */
size_t
coffer_tree_name(char out[COFFER_TREE_NAME_SIZE], const char *prefix, const char *table,
		 const char *index);

#endif
