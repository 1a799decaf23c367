/*
 * Values behind elements: codes and packed texts expanded, single columns of other rows fetched, equality
 * and ranges decided. SPEC.md 4.3, 5.3 and 8.
 */
#include "verify/verify.h"

#include "format/checksum.h"

#include <stdlib.h>
#include <string.h>

enum { DOUBLED_MAX = 1 << 20 };

/* Postgres' timestamps begin at Julian day 0. */
static const int64_t time_min = INT64_C(-211813488000000000);

uint64_t
coffer_verify_row_number(const uint8_t *bytes)
{
	uint64_t number = 0;

	for (size_t i = 0; i < COFFER_ROW_KEY_SIZE; i++)
		number = number << 8 | bytes[i];
	return number;
}

/* ------------------------------------------------------------------ the pool's texts */

static bool
get_text(struct coffer_verifier *verifier, uint32_t code, struct coffer_bytes *value_out)
{
	uint8_t key[COFFER_CODE_KEY_SIZE] = {(uint8_t)(code >> 24), (uint8_t)(code >> 16),
					     (uint8_t)(code >> 8), (uint8_t)code};

	return coffer_verifier_get(verifier, verifier->pool,
				   (struct coffer_bytes){key, sizeof(key)}, value_out);
}

bool
coffer_verifier_ask_code(struct coffer_verifier *verifier, uint32_t code)
{
	struct coffer_bytes value;

	if (verifier->is_pool_damaged)
		return true;
	if (code > verifier->code_max)
		return false;
	return get_text(verifier, code, &value);
}

/* Checksums were checked when the pool was walked. */
bool
coffer_verifier_text(struct coffer_verifier *verifier, uint32_t code, coffer_text *text_out)
{
	struct coffer_verify_text *kept = &verifier->texts[code % COFFER_VERIFY_TEXTS];
	struct coffer_bytes value;

	*text_out = (coffer_text){NULL, 0};
	if (!code || !coffer_verifier_has_code(verifier, code))
		return false;
	if (kept->code != code) {
		if (!get_text(verifier, code, &value) || value.size < COFFER_CHECKSUM_SIZE)
			return false;
		kept->code = code;
		kept->text.data = (const char *)value.data + COFFER_CHECKSUM_SIZE;
		kept->text.size = value.size - COFFER_CHECKSUM_SIZE;
	}
	*text_out = kept->text;
	return true;
}

/* ------------------------------------------------------------------ values */

/* Two digits a byte; returns where they end. */
static char *
put_digits(char *out, const char *packed, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		uint8_t byte = (uint8_t)packed[i];

		*out++ = "0123456789abcdef"[byte >> 4];
		*out++ = "0123456789abcdef"[byte & 15];
	}
	return out;
}

static char *
put_uuid(char *out, const char *packed)
{
	static const uint8_t groups[] = {4, 2, 2, 2, 6};

	for (size_t i = 0; i < sizeof(groups); packed += groups[i++]) {
		if (i)
			*out++ = '-';
		out = put_digits(out, packed, groups[i]);
	}
	return out;
}

static char *
put_text(char *out, enum coffer_element_form form, coffer_text packed)
{
	size_t prefix = form == COFFER_ELEMENT_UUID   ? packed.size - COFFER_UUID_SIZE
			: form == COFFER_ELEMENT_TAIL ? (uint8_t)*packed.data++
						      : 0;

	if (form == COFFER_ELEMENT_TAIL)
		packed.size--;
	memcpy(out, packed.data, prefix);
	out += prefix;
	return form == COFFER_ELEMENT_UUID
		       ? put_uuid(out, packed.data + prefix)
		       : put_digits(out, packed.data + prefix, packed.size - prefix);
}

char *
coffer_verifier_room(struct coffer_verifier *verifier, struct coffer_expansion *expansion,
		     size_t size)
{
	/* Twice as much while it is little: what a frame says that it holds may be a thousand times the file's bytes. */
	size_t capacity = size < DOUBLED_MAX ? size * 2 : size;

	if (size > expansion->capacity) {
		free(expansion->data);
		expansion->data = malloc(capacity);
		expansion->capacity = expansion->data ? capacity : 0;
	}
	if (!expansion->data)
		coffer_verifier_fail(verifier, COFFER_NO_MEMORY, "no memory for a value");
	return expansion->data;
}

static bool
expand(struct coffer_verifier *verifier, const struct coffer_element *element,
       struct coffer_expansion *expansion, coffer_text *text_out)
{
	size_t size = 2 * element->value.text.size + COFFER_UUID_TEXT_SIZE;
	char *end;

	if (!coffer_verifier_room(verifier, expansion, size))
		return false;
	end = put_text(expansion->data, element->form, element->value.text);
	*text_out = (coffer_text){expansion->data, (size_t)(end - expansion->data)};
	return true;
}

bool
coffer_verifier_value(struct coffer_verifier *verifier, const coffer_column *column,
		      const struct coffer_element *element, struct coffer_expansion *expansion,
		      coffer_value *value_out)
{
	*value_out = element->value;
	switch (element->form) {
	case COFFER_ELEMENT_VALUE:
		return true;
	case COFFER_ELEMENT_CODE:
		value_out->kind = column->kind;
		return coffer_verifier_text(verifier, element->code, &value_out->text);
	case COFFER_ELEMENT_HEX:
	case COFFER_ELEMENT_UUID:
	case COFFER_ELEMENT_TAIL:
		value_out->kind = COFFER_TEXT;
		return expand(verifier, element, expansion, &value_out->text);
	default:
		return false;
	}
}

bool
coffer_verify_is_equal(const coffer_value *left, const coffer_value *right)
{
	if (left->kind != right->kind)
		return false;
	switch (left->kind) {
	case COFFER_NULL:
		return true;
	case COFFER_BOOL:
		return left->boolean == right->boolean;
	case COFFER_INT:
		return left->integer == right->integer;
	case COFFER_TIME:
		return left->time == right->time;
	case COFFER_FLOAT:
		return left->real == right->real ||
		       (left->real != left->real && right->real != right->real);
	default:
		return left->text.size == right->text.size &&
		       (!left->text.size ||
			!memcmp(left->text.data, right->text.data, left->text.size));
	}
}

/* ------------------------------------------------------------------ single columns */

static bool
get_row(struct coffer_verifier *verifier, uint32_t table, uint64_t row,
	struct coffer_bytes *value_out)
{
	uint8_t key[COFFER_ROW_KEY_SIZE];

	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)(row >> (8 * (sizeof(key) - 1 - i)));
	return coffer_verifier_get(verifier, verifier->tables[table].rows,
				   (struct coffer_bytes){key, sizeof(key)}, value_out);
}

bool
coffer_verifier_has_row(struct coffer_verifier *verifier, uint32_t table, uint64_t row)
{
	struct coffer_bytes value;

	return get_row(verifier, table, row, &value);
}

bool
coffer_verifier_is_sound(struct coffer_verifier *verifier, uint32_t table, uint64_t row)
{
	uint8_t key[COFFER_ROW_KEY_SIZE];
	struct coffer_bytes value;

	coffer_key_put_row(key, row);
	return get_row(verifier, table, row, &value) &&
	       !coffer_checksum_check(verifier->schema->tables[table].id, key, sizeof(key),
				      value.data, value.size);
}

static bool
get_long(struct coffer_verifier *verifier, uint32_t table, uint64_t row, uint16_t column,
	 struct coffer_bytes *element_out)
{
	uint8_t key[COFFER_LONG_KEY_SIZE];

	for (size_t i = 0; i < COFFER_ROW_KEY_SIZE; i++)
		key[i] = (uint8_t)(row >> (8 * (COFFER_ROW_KEY_SIZE - 1 - i)));
	key[6] = (uint8_t)(column >> 8);
	key[7] = (uint8_t)column;
	if (!coffer_verifier_get(verifier, verifier->tables[table].longs,
				 (struct coffer_bytes){key, sizeof(key)}, element_out) ||
	    element_out->size < COFFER_CHECKSUM_SIZE)
		return false;
	element_out->data += COFFER_CHECKSUM_SIZE;
	element_out->size -= COFFER_CHECKSUM_SIZE;
	return true;
}

/* The bytes of the column's element in its record. */
static bool
find_element(const coffer_table *table, uint16_t column, struct coffer_bytes record,
	     struct coffer_bytes *element_out)
{
	size_t header, at, size = 0;

	record.data += COFFER_CHECKSUM_SIZE;
	record.size -= COFFER_CHECKSUM_SIZE;
	if (coffer_record_open(record.data, record.size, table->column_count, &header))
		return false;
	at = header;
	for (size_t p = 0; p <= table->columns[column].position; p++) {
		at += size;
		if (!(size = coffer_element_size(record.data + at, record.size - at)))
			return false;
	}
	*element_out = (struct coffer_bytes){record.data + at, size};
	return true;
}

bool
coffer_verifier_fetch(struct coffer_verifier *verifier, uint32_t table, uint64_t row,
		      uint16_t column, struct coffer_element *element_out)
{
	const coffer_table *of = &verifier->schema->tables[table];
	struct coffer_form form = coffer_verify_form(verifier, &of->columns[column]);
	struct coffer_bytes record, bytes;

	if (!get_row(verifier, table, row, &record) || record.size < COFFER_CHECKSUM_SIZE ||
	    !find_element(of, column, record, &bytes) ||
	    coffer_element_decode(form, bytes.data, bytes.size, element_out))
		return false;
	if (element_out->form != COFFER_ELEMENT_LONG)
		return true;
	return get_long(verifier, table, row, column, &bytes) &&
	       !coffer_element_decode(form, bytes.data, bytes.size, element_out) &&
	       element_out->form != COFFER_ELEMENT_LONG;
}

/* ------------------------------------------------------------------ ranges */

static uint64_t
bits_of(double real)
{
	uint64_t bits;

	memcpy(&bits, &real, sizeof(bits));
	return bits;
}

static bool
is_float4(double real)
{
	uint64_t bits = bits_of(real);

	if ((bits >> 52 & 0x7ff) == 0x7ff)
		return !(bits & ((UINT64_C(1) << 29) - 1));
	if (real > 3.5e38 || real < -3.5e38)
		return false;
	return bits_of((double)(float)real) == bits;
}

const char *
coffer_verify_range(const coffer_column *column, const coffer_value *value)
{
	if (value->kind == COFFER_INT && column->width == 2 &&
	    (value->integer < INT16_MIN || value->integer > INT16_MAX))
		return "a number of 16 bits";
	if (value->kind == COFFER_INT && column->width == 4 &&
	    (value->integer < INT32_MIN || value->integer > INT32_MAX))
		return "a number of 32 bits";
	if (value->kind == COFFER_TIME && value->time != INT64_MIN && value->time != INT64_MAX &&
	    (value->time < time_min || value->time >= COFFER_VERIFY_TIME_END))
		return "a time from 4713 BC to 294276";
	if (value->kind == COFFER_FLOAT && column->width == 4 && !is_float4(value->real))
		return "a float4 widened bit by bit";
	return NULL;
}
