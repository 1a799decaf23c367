/*
 * The key that a row must have in an index, made in other code than the writer's. SPEC.md 5.
 */
#include "verify/verify.h"

#include <endian.h>
#include <string.h>

/* Keys are short: a call takes as long as their hash. */
#define XXH_INLINE_ALL
#include <xxhash.h>

static const uint64_t sign = UINT64_C(1) << 63;
static const uint64_t nan_bits = UINT64_C(0x7ff8000000000000);

/* In 1, 4, 6 or 8 bytes, of which each takes one move. */
static inline void
put_big(uint8_t *out, uint64_t number, size_t size)
{
	number = htobe64(number << (64 - 8 * size));
	switch (size) {
	case 1:
		*out = (uint8_t)number;
		break;
	case 4:
		memcpy(out, &number, 4);
		break;
	case COFFER_ROW_KEY_SIZE:
		memcpy(out, &number, COFFER_ROW_KEY_SIZE);
		break;
	default:
		memcpy(out, &number, 8);
	}
}

/* In keys there is one zero and one NaN. */
static uint64_t
key_bits(double real)
{
	uint64_t bits;

	if (real == 0)
		return 0;
	if (real != real)
		return nan_bits;
	memcpy(&bits, &real, sizeof(bits));
	return bits;
}

/* ------------------------------------------------------------------ hashed keys */

static uint64_t
hash_number(uint64_t hash, uint64_t number)
{
	uint8_t little[8];

	number = htole64(number);
	memcpy(little, &number, sizeof(little));
	return XXH3_64bits_withSeed(little, sizeof(little), hash);
}

uint64_t
coffer_verify_hash(uint64_t hash, const coffer_value *value)
{
	uint8_t byte;

	switch (value->kind) {
	case COFFER_NULL:
		return XXH3_64bits_withSeed("", 0, ~hash);
	case COFFER_BOOL:
		byte = value->boolean;
		return XXH3_64bits_withSeed(&byte, 1, hash);
	case COFFER_INT:
		return hash_number(hash, (uint64_t)value->integer);
	case COFFER_TIME:
		return hash_number(hash, (uint64_t)value->time);
	case COFFER_FLOAT:
		return hash_number(hash, key_bits(value->real));
	default:
		return XXH3_64bits_withSeed(value->text.size ? value->text.data : "",
					    value->text.size, hash);
	}
}

static enum coffer_key_state
hashed_key(struct coffer_verifier *verifier, const coffer_table *table, const coffer_index *index,
	   const struct coffer_element *elements, struct coffer_expansion *expansion, uint8_t **key)
{
	uint64_t hash = verifier->seed;

	for (size_t i = 0; i < index->key_column_count; i++) {
		uint16_t column = index->key_columns[i];
		coffer_value value;

		if (!coffer_verifier_value(verifier, &table->columns[column], &elements[column],
					   expansion, &value))
			return COFFER_KEY_UNKNOWN;
		if (value.kind == COFFER_NULL && !index->nulls_not_distinct)
			return COFFER_KEY_NONE;
		hash = coffer_verify_hash(hash, &value);
	}
	put_big(*key, hash, COFFER_HASH_SIZE);
	*key += COFFER_HASH_SIZE;
	return COFFER_KEY_MADE;
}

/* ------------------------------------------------------------------ ordered keys */

static size_t
value_size(const coffer_column *column)
{
	switch (column->kind) {
	case COFFER_BOOL:
		return 1;
	case COFFER_INT:
	case COFFER_FLOAT:
	case COFFER_TIME:
		return 8;
	case COFFER_TEXT:
	case COFFER_JSON:
		return column->is_interned ? 4 : 0;
	default:
		return 0;
	}
}

size_t
coffer_verify_key_size(const coffer_table *table, const coffer_index *index)
{
	size_t size = COFFER_ROW_KEY_SIZE;

	if (index->tree == COFFER_TREE_HASHED)
		return COFFER_HASH_SIZE + COFFER_ROW_KEY_SIZE;
	for (size_t i = 0; i < index->key_column_count; i++) {
		const coffer_column *column = &table->columns[index->key_columns[i]];

		if (!value_size(column))
			return 0;
		size += value_size(column) + (!column->is_interned && column->is_nullable);
	}
	return size;
}

/* Numbers so that byte order is value order; 0 stands for NULL behind its presence byte. */
static uint64_t
ordered_bits(const coffer_value *value)
{
	uint64_t bits;

	switch (value->kind) {
	case COFFER_BOOL:
		return value->boolean;
	case COFFER_INT:
		return (uint64_t)value->integer ^ sign;
	case COFFER_TIME:
		return (uint64_t)value->time ^ sign;
	case COFFER_FLOAT:
		bits = key_bits(value->real);
		return bits & sign ? ~bits : bits ^ sign;
	default:
		return 0;
	}
}

static enum coffer_key_state
ordered_key(const coffer_table *table, const coffer_index *index,
	    const struct coffer_element *elements, uint8_t **key)
{
	for (size_t i = 0; i < index->key_column_count; i++) {
		const coffer_column *column = &table->columns[index->key_columns[i]];
		const struct coffer_element *element = &elements[index->key_columns[i]];
		size_t size = value_size(column);

		if (!size || element->form == COFFER_ELEMENT_LONG)
			return COFFER_KEY_UNKNOWN;
		if (column->is_interned) {
			put_big(*key, element->form == COFFER_ELEMENT_CODE ? element->code : 0,
				size);
		} else {
			if (column->is_nullable)
				*(*key)++ = element->value.kind != COFFER_NULL;
			put_big(*key, ordered_bits(&element->value), size);
		}
		*key += size;
	}
	return COFFER_KEY_MADE;
}

enum coffer_key_state
coffer_verifier_key(struct coffer_verifier *verifier, const coffer_table *table,
		    const coffer_index *index, const struct coffer_element *elements, uint64_t row,
		    struct coffer_expansion *expansion, uint8_t key_out[COFFER_KEY_SIZE_MAX])
{
	uint8_t *at = key_out;
	enum coffer_key_state state;

	if (index->tree == COFFER_TREE_HASHED)
		state = hashed_key(verifier, table, index, elements, expansion, &at);
	else
		state = ordered_key(table, index, elements, &at);
	put_big(at, row, COFFER_ROW_KEY_SIZE);
	return state;
}
