/*
 * Keys: big-endian, of fixed width, so that the order of bytes is the order of values; hashes of unique keys;
 * names of trees. SPEC.md 3.2 and 5.
 */
#include "format/key.h"
#include "format/bytes.h"
#include "format/checksum.h"

#include <assert.h>

#define SIGN (UINT64_C(1) << 63)
#define NAN_BITS UINT64_C(0x7ff8000000000000)

/* ------------------------------------------------------------------ numbers */

void
coffer_key_put_hash(uint8_t out[COFFER_HASH_SIZE], uint64_t hash)
{
	coffer_store_u64be(out, hash);
}

uint64_t
coffer_key_get_hash(const uint8_t bytes[COFFER_HASH_SIZE])
{
	return coffer_load_u64be(bytes);
}

void
coffer_key_put_long(uint8_t out[COFFER_LONG_KEY_SIZE], uint64_t number, uint16_t column)
{
	coffer_key_put_row(out, number);
	coffer_store_u16be(out + COFFER_ROW_KEY_SIZE, column);
}

/* ------------------------------------------------------------------ columns */

/* The bits by which floats are compared: one zero, one NaN. */
static uint64_t
float_bits(double real)
{
	uint64_t bits;

	memcpy(&bits, &real, sizeof(bits));
	if (bits << 1 > UINT64_C(0x7ff) << 53)
		return NAN_BITS;
	return bits == SIGN ? 0 : bits;
}

/* The value's 64 bits in an order that unsigned comparison keeps. */
static uint64_t
ordered_bits(const coffer_value *value)
{
	uint64_t bits;

	if (value->kind != COFFER_FLOAT)
		return coffer_key_bits(value->integer);
	bits = float_bits(value->real);
	return bits & SIGN ? ~bits : bits ^ SIGN;
}

size_t
coffer_key_column_size(struct coffer_form form, bool is_nullable)
{
	switch (form.kind) {
	case COFFER_BOOL:
		return 1 + (size_t)is_nullable;
	case COFFER_INT:
	case COFFER_FLOAT:
	case COFFER_TIME:
		return 8 + (size_t)is_nullable;
	case COFFER_TEXT:
	case COFFER_JSON:
		return form.is_interned ? COFFER_CODE_KEY_SIZE : 0;
	default:
		return 0;
	}
}

size_t
coffer_key_column_write(struct coffer_form form, bool is_nullable, const coffer_value *value,
			uint32_t code, uint8_t *out)
{
	size_t size = coffer_key_column_size(form, is_nullable);
	bool is_present = value->kind != COFFER_NULL;

	if (form.is_interned) {
		coffer_key_put_code(out, is_present ? code : 0);
		return size;
	}
	if (is_nullable)
		*out++ = is_present;
	if (form.kind == COFFER_BOOL)
		*out = is_present && value->boolean;
	else if (size)
		coffer_store_u64be(out, is_present ? ordered_bits(value) : 0);
	return size;
}

/* NULL's value bytes are zero. */
static enum coffer_fault
read_null(const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i])
			return COFFER_FAULT_FORM;
	return COFFER_FAULT_NONE;
}

enum coffer_fault
coffer_key_column_read(struct coffer_form form, bool is_nullable, const uint8_t *bytes, size_t size,
		       coffer_value *value_out, uint32_t *code_out)
{
	size_t expected = coffer_key_column_size(form, is_nullable);

	*value_out = (coffer_value){.kind = COFFER_NULL};
	*code_out = 0;
	if (!expected || size < expected || form.kind == COFFER_FLOAT)
		return COFFER_FAULT_FORM;
	if (form.is_interned) {
		*code_out = coffer_key_get_code(bytes);
		value_out->kind = *code_out ? form.kind : COFFER_NULL;
		return COFFER_FAULT_NONE;
	}
	if (is_nullable && bytes[0] > 1)
		return COFFER_FAULT_FORM;
	if (is_nullable && !bytes[0])
		return read_null(bytes, expected);
	bytes += is_nullable;
	value_out->kind = form.kind;
	if (form.kind != COFFER_BOOL)
		value_out->integer = (int64_t)(coffer_load_u64be(bytes) ^ SIGN);
	else if (bytes[0] <= 1)
		value_out->boolean = bytes[0];
	else
		return COFFER_FAULT_FORM;
	return COFFER_FAULT_NONE;
}

/* ------------------------------------------------------------------ unique keys */

uint64_t
coffer_key_hash(uint64_t hash, const coffer_value *value)
{
	uint8_t bytes[8];

	switch (value->kind) {
	case COFFER_NULL:
		return coffer_hash("", 0, ~hash);
	case COFFER_BOOL:
		bytes[0] = value->boolean;
		return coffer_hash(bytes, 1, hash);
	case COFFER_INT:
	case COFFER_TIME:
		coffer_store_u64le(bytes, (uint64_t)value->integer);
		return coffer_hash(bytes, sizeof(bytes), hash);
	case COFFER_FLOAT:
		coffer_store_u64le(bytes, float_bits(value->real));
		return coffer_hash(bytes, sizeof(bytes), hash);
	default:
		return coffer_hash(value->text.data, value->text.size, hash);
	}
}

bool
coffer_key_is_equal(const coffer_value *left, const coffer_value *right)
{
	if (left->kind != right->kind)
		return false;
	switch (left->kind) {
	case COFFER_NULL:
		return true;
	case COFFER_BOOL:
		return left->boolean == right->boolean;
	case COFFER_INT:
	case COFFER_TIME:
		return left->integer == right->integer;
	case COFFER_FLOAT:
		return float_bits(left->real) == float_bits(right->real);
	default:
		return left->text.size == right->text.size &&
		       (!left->text.size ||
			!memcmp(left->text.data, right->text.data, left->text.size));
	}
}

/* ------------------------------------------------------------------ tree names */

/* Copy `name`, with % and / written as %25 and %2F; returns the end. */
static char *
put_escaped(char *out, const char *name)
{
	for (; *name; name++) {
		if (*name == '%' || *name == '/') {
			memcpy(out, *name == '%' ? "%25" : "%2F", 3);
			out += 3;
		} else {
			*out++ = *name;
		}
	}
	return out;
}

size_t
coffer_tree_name(char out[COFFER_TREE_NAME_SIZE], const char *prefix, const char *table,
		 const char *index)
{
	size_t size = strlen(prefix);
	char *end = out;

	assert(size <= sizeof("rollups") - 1 && strlen(table) <= COFFER_NAME_SIZE_MAX);
	assert(!index || strlen(index) <= COFFER_NAME_SIZE_MAX);
	memcpy(end, prefix, size);
	end += size;
	*end++ = '/';
	end = put_escaped(end, table);
	if (index) {
		*end++ = '/';
		end = put_escaped(end, index);
	}
	*end = '\0';
	return (size_t)(end - out);
}
