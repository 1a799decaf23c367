/*
 * Property: the order of encoded keys is the order of their values, equal values have equal keys and equal hashes,
 * and a key has the size that its columns promise.
 *
 * Input: the number of columns, one byte a column (its kind, nullable), then two rows of nine bytes a column:
 * a byte that says NULL, and the value's bits.
 */
#include "fuzz/demand.h"

#include "format/bytes.h"
#include "format/key.h"

enum { COLUMNS_MOST = 8, VALUE_SIZE = 9 };

static struct coffer_form
form_of(uint8_t byte)
{
	static const struct coffer_form forms[] = {
		{.kind = COFFER_BOOL}, {.kind = COFFER_INT, .width = 8}, {.kind = COFFER_FLOAT, .width = 8},
		{.kind = COFFER_TIME}, {.kind = COFFER_TEXT, .is_interned = true},
	};

	return forms[byte % 5];
}

/* A value of the column, NULL only where it may be. A code stands in `code`, 0 for NULL. */
static coffer_value
value_of(struct coffer_form form, bool is_nullable, const uint8_t *bytes, uint32_t *code)
{
	coffer_value value = {.kind = form.kind};
	uint64_t bits = coffer_load_u64be(bytes + 1);

	*code = 0;
	if (is_nullable && bytes[0] & 1) {
		value.kind = COFFER_NULL;
	} else if (form.kind == COFFER_FLOAT) {
		memcpy(&value.real, &bits, sizeof(bits));
	} else if (form.kind == COFFER_BOOL) {
		value.boolean = bits & 1;
	} else if (form.is_interned) {
		*code = (uint32_t)bits | 1;
	} else {
		value.integer = (int64_t)bits;
	}
	return value;
}

/* Below, equal, above: NULL first, numbers, NaN last. */
static int
compare(const coffer_value *left, uint32_t left_code, const coffer_value *right,
	uint32_t right_code)
{
	if (left->kind == COFFER_NULL || right->kind == COFFER_NULL)
		return (right->kind == COFFER_NULL) - (left->kind == COFFER_NULL);
	if (left->kind == COFFER_TEXT)
		return (left_code > right_code) - (left_code < right_code);
	if (left->kind == COFFER_BOOL)
		return left->boolean - right->boolean;
	if (left->kind != COFFER_FLOAT)
		return (left->integer > right->integer) - (left->integer < right->integer);
	if (left->real != left->real || right->real != right->real)
		return (left->real != left->real) - (right->real != right->real);
	return (left->real > right->real) - (left->real < right->real);
}

/* What was written is read, and written again is the same; whatever other bytes are, they are refused or are so, too. */
static void
demand_back(struct coffer_form form, bool is_nullable, const uint8_t *bytes, size_t size,
	    uint32_t code)
{
	uint8_t again[COFFER_KEY_COLUMN_SIZE_MAX], other[COFFER_KEY_COLUMN_SIZE_MAX] = {0};
	coffer_value value;
	uint32_t found;

	if (form.kind == COFFER_FLOAT || !size)
		return;
	demand(!coffer_key_column_read(form, is_nullable, bytes, size, &value, &found));
	demand(!form.is_interned || found == code || !value.kind);
	demand(coffer_key_column_write(form, is_nullable, &value, found, again) == size);
	demand(!memcmp(again, bytes, size));
	memcpy(other, bytes, size);
	other[0] ^= (uint8_t)code;
	if (!coffer_key_column_read(form, is_nullable, other, size, &value, &found)) {
		demand(coffer_key_column_write(form, is_nullable, &value, found, again) == size);
		demand(!memcmp(again, other, size));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t keys[2][COLUMNS_MOST * COFFER_KEY_COLUMN_SIZE_MAX];
	size_t count = size ? data[0] % COLUMNS_MOST : 0, sizes[2] = {0, 0}, promised = 0;
	uint64_t hashes[2] = {1, 1};
	int expected = 0, order;

	if (size < 1 + count + 2 * count * VALUE_SIZE)
		return 0;
	for (size_t i = 0; i < count; i++) {
		struct coffer_form form = form_of(data[1 + i]);
		bool is_nullable = data[1 + i] & 0x80;
		const uint8_t *left = data + 1 + count + i * VALUE_SIZE,
			      *right = left + count * VALUE_SIZE;
		uint32_t codes[2];
		coffer_value values[2] = {value_of(form, is_nullable, left, &codes[0]),
					  value_of(form, is_nullable, right, &codes[1])};

		promised += coffer_key_column_size(form, is_nullable);
		for (int k = 0; k < 2; k++) {
			size_t written = coffer_key_column_write(form, is_nullable, &values[k],
								 codes[k], keys[k] + sizes[k]);

			demand_back(form, is_nullable, keys[k] + sizes[k], written, codes[k]);
			sizes[k] += written;
			hashes[k] = coffer_key_hash(hashes[k], &values[k]);
		}
		order = compare(&values[0], codes[0], &values[1], codes[1]);
		demand(form.is_interned || coffer_key_is_equal(&values[0], &values[1]) == !order);
		if (!expected)
			expected = order;
	}
	demand(sizes[0] == promised && sizes[1] == promised);
	order = memcmp(keys[0], keys[1], promised);
	demand((order > 0) - (order < 0) == expected);
	demand(expected || hashes[0] == hashes[1]);
	return 0;
}
