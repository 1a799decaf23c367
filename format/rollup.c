/*
 * Groups of roll-ups in bytes. SPEC.md 10.1. A key is that of an ordered index (5.2) without the row number, of the time at which
 * the group begins; a sum is a bin with the fewest bytes of its two's complement, big-endian: none for 0.
 */
#include "format/rollup.h"

#include "format/key.h"
#include "format/msgpack.h"
#include "format/pack.h"

#include <math.h>
#include <string.h>

#define MICROSECONDS_PER_HOUR INT64_C(3600000000)

enum {
	FRACTION_BITS = 52,
	EXPONENT_MASK = 0x7ff,
	EXPONENT_ZERO = 1075 - 96, /* of a float whose last bit is one unit */
	FIT_BITS = 127,
	/* Bytes that the sum of 2^48 integers, or of as many floats that fit, takes at the most. */
	INTEGER_SIZE_MAX = 14,
	FLOAT_SIZE_MAX = 22,
};

/* ------------------------------------------------------------------ sums */

/* Word for word: a copy of the whole would wait until its words have reached memory. */
static inline void
set(coffer_fixed *out, uint64_t low, uint64_t middle, bool is_negative)
{
	uint64_t sign = is_negative ? UINT64_MAX : 0;

	/* Two's complement: all bits inverted, and one added. */
	out->low = (low ^ sign) - sign;
	out->middle = (middle ^ sign) + (is_negative && !low);
	out->high = is_negative ? -1 : 0;
}

bool
coffer_fixed_of_float(double real, coffer_fixed *out)
{
	uint64_t bits, fraction;
	int shift;

	set(out, 0, 0, false);
	memcpy(&bits, &real, sizeof(bits));
	if (!(bits << 1))
		return true;
	shift = (int)(bits >> FRACTION_BITS & EXPONENT_MASK);
	if (!shift || shift == EXPONENT_MASK)
		return false;
	fraction = (bits & ((UINT64_C(1) << FRACTION_BITS) - 1)) | UINT64_C(1) << FRACTION_BITS;
	shift -= EXPONENT_ZERO;
	if (shift + __builtin_ctzll(fraction) < 0 || shift + FRACTION_BITS >= FIT_BITS)
		return false;
	if (shift <= 0)
		set(out, fraction >> -shift, 0, bits >> 63);
	else if (shift < 64)
		set(out, fraction << shift, fraction >> (64 - shift), bits >> 63);
	else
		set(out, 0, fraction << (shift - 64), bits >> 63);
	return true;
}

/* The 64 bits from the highest one on; that anything is left below shows in the last of them. */
static uint64_t
highest_bits(coffer_fixed number, int *exponent)
{
	uint64_t above = (uint64_t)number.high, at = number.middle, below = number.low;
	int shift = 128;

	while (!above && shift) {
		above = at;
		at = below;
		below = 0;
		shift -= 64;
	}
	if (above && __builtin_clzll(above)) {
		int gap = __builtin_clzll(above);

		above = above << gap | at >> (64 - gap);
		at <<= gap;
		shift -= gap;
	}
	*exponent += shift;
	return above | (at || below);
}

/* A float is made of 64 bits, which rounds to the nearest and of two to the even one. */
double
coffer_fixed_round(const coffer_fixed *fixed, int exponent)
{
	bool is_negative = fixed->high < 0;
	uint64_t bits = highest_bits(is_negative ? coffer_fixed_negated(*fixed) : *fixed, &exponent);
	double rounded = ldexp((double)bits, exponent);

	return is_negative ? -rounded : rounded;
}

/* The 24 bytes, big-endian, and where those begin that say the number. */
static size_t
write_fixed(const coffer_fixed *number, uint8_t bytes[COFFER_FIXED_SIZE_MAX])
{
	uint8_t sign = number->high < 0 ? 0xff : 0;
	size_t first = 0;

	coffer_store_u64be(bytes, (uint64_t)number->high);
	coffer_store_u64be(bytes + 8, number->middle);
	coffer_store_u64be(bytes + 16, number->low);
	while (first < COFFER_FIXED_SIZE_MAX && bytes[first] == sign)
		first++;
	/* A byte of sign where the first one would say the other; of -1 it is all there is. */
	if (first == COFFER_FIXED_SIZE_MAX ? sign : (bytes[first] ^ sign) & 0x80)
		first--;
	return first;
}

/* No byte of sign in front of one that says it too, and none of 0. */
static bool
is_shortest(coffer_text text)
{
	uint8_t first;

	if (!text.size)
		return true;
	first = (uint8_t)text.data[0];
	if (text.size == 1)
		return first;
	return (first && first != 0xff) || ((first ^ (uint8_t)text.data[1]) & 0x80);
}

static bool
read_fixed(coffer_text text, coffer_fixed *out)
{
	uint8_t bytes[COFFER_FIXED_SIZE_MAX];
	size_t gap = COFFER_FIXED_SIZE_MAX - text.size;

	memset(bytes, text.size && text.data[0] & 0x80 ? 0xff : 0, sizeof(bytes));
	if (text.size)
		memcpy(bytes + gap, text.data, text.size);
	out->high = (int64_t)coffer_load_u64be(bytes);
	out->middle = coffer_load_u64be(bytes + 8);
	out->low = coffer_load_u64be(bytes + 16);
	return is_shortest(text);
}

/* ------------------------------------------------------------------ keys */

struct coffer_totals_form
coffer_totals_form_of(const coffer_table *table, const coffer_rollup *rollup)
{
	struct coffer_totals_form form = {
		.span = MICROSECONDS_PER_HOUR * (rollup->unit == COFFER_ROLLUP_DAY ? 24 : 1),
		.is_time_nullable = table->columns[rollup->time_column].is_nullable,
		.has_code = rollup->column != COFFER_NO_COLUMN,
		.sum_count = rollup->sum_count,
	};

	for (size_t i = 0; i < rollup->sum_count; i++)
		form.is_float[i] = table->columns[rollup->sums[i]].kind == COFFER_FLOAT;
	return form;
}

static const struct coffer_form time_form = {.kind = COFFER_TIME};

size_t
coffer_totals_key_size(const struct coffer_totals_form *form)
{
	return coffer_key_column_size(time_form, form->is_time_nullable) +
	       (form->has_code ? COFFER_CODE_KEY_SIZE : 0);
}

int64_t
coffer_totals_begin(const struct coffer_totals_form *form, int64_t time)
{
	int64_t rest;

	if (time == INT64_MIN || time == INT64_MAX)
		return time;
	rest = time % form->span;
	return time - rest - (rest < 0 ? form->span : 0);
}

size_t
coffer_totals_key_write(const struct coffer_totals_form *form, const coffer_value *time, uint32_t code,
		       uint8_t out[COFFER_TOTALS_KEY_SIZE_MAX])
{
	coffer_value begin = *time;
	size_t size;

	if (begin.kind == COFFER_TIME)
		begin.time = coffer_totals_begin(form, begin.time);
	size = coffer_key_column_write(time_form, form->is_time_nullable, &begin, 0, out);
	if (form->has_code) {
		coffer_key_put_code(out + size, code);
		size += COFFER_CODE_KEY_SIZE;
	}
	return size;
}

static bool
is_time(const coffer_value *value)
{
	return value->time == INT64_MIN || value->time == INT64_MAX ||
	       (value->time >= COFFER_TIME_MIN && value->time < COFFER_TIME_END);
}

enum coffer_fault
coffer_totals_key_read(const struct coffer_totals_form *form, const uint8_t *key, size_t size,
		      coffer_value *time_out, uint32_t *code_out)
{
	size_t time_size = coffer_key_column_size(time_form, form->is_time_nullable);

	*time_out = (coffer_value){.kind = COFFER_NULL};
	*code_out = 0;
	if (size != coffer_totals_key_size(form) ||
	    coffer_key_column_read(time_form, form->is_time_nullable, key, time_size, time_out,
				   code_out))
		return COFFER_FAULT_KEY;
	if (time_out->kind == COFFER_TIME &&
	    (!is_time(time_out) || coffer_totals_begin(form, time_out->time) != time_out->time))
		return COFFER_FAULT_KEY;
	if (form->has_code)
		*code_out = coffer_key_get_code(key + time_size);
	return COFFER_FAULT_NONE;
}

/* ------------------------------------------------------------------ values */

size_t
coffer_totals_encode(const struct coffer_totals_form *form, const struct coffer_totals *group,
		    uint8_t out[COFFER_TOTALS_VALUE_MAX])
{
	struct coffer_writer writer = {.out = out, .capacity = COFFER_TOTALS_VALUE_MAX};
	msgpack_packer packer = coffer_packer_over(&writer);

	msgpack_pack_array(&packer, 1 + 3 * form->sum_count);
	msgpack_pack_uint64(&packer, (uint64_t)group->rows);
	for (size_t i = 0; i < form->sum_count; i++) {
		const struct coffer_totals_sum *sum = &group->sums[i];
		uint8_t bytes[COFFER_FIXED_SIZE_MAX];
		size_t first = write_fixed(&sum->total, bytes);

		msgpack_pack_uint64(&packer, (uint64_t)sum->values);
		msgpack_pack_uint64(&packer, (uint64_t)sum->unfit);
		msgpack_pack_bin(&packer, sizeof(bytes) - first);
		msgpack_pack_bin_body(&packer, bytes + first, sizeof(bytes) - first);
	}
	return writer.size;
}

static void
read_total(struct coffer_reader *reader, bool is_float, struct coffer_totals_sum *sum)
{
	struct coffer_msgpack item = coffer_msgpack_read(reader);

	if (reader->fault)
		return;
	if (item.type != COFFER_MSGPACK_BIN)
		coffer_reader_fail(reader, COFFER_FAULT_FORM);
	else if (item.text.size > (size_t)(is_float ? FLOAT_SIZE_MAX : INTEGER_SIZE_MAX))
		coffer_reader_fail(reader, COFFER_FAULT_RANGE);
	else if (!read_fixed(item.text, &sum->total))
		coffer_reader_fail(reader, COFFER_FAULT_NOT_CANONICAL);
}

enum coffer_fault
coffer_totals_decode(const struct coffer_totals_form *form, const uint8_t *payload, size_t size,
		    struct coffer_totals *group_out)
{
	struct coffer_reader reader = coffer_reader_over(payload, size);
	uint32_t count = coffer_msgpack_read_array(&reader, 1 + 3 * COFFER_ROLLUP_SUMS_MAX);

	*group_out = (struct coffer_totals){0};
	if (count != 1 + 3 * form->sum_count)
		coffer_reader_fail(&reader, COFFER_FAULT_COUNT);
	group_out->rows = (int64_t)coffer_msgpack_read_uint(&reader, COFFER_ROW_NUMBER_MAX);
	for (size_t i = 0; i < form->sum_count; i++) {
		struct coffer_totals_sum *sum = &group_out->sums[i];

		sum->values =
			(int64_t)coffer_msgpack_read_uint(&reader, (uint64_t)group_out->rows);
		sum->unfit = (int64_t)coffer_msgpack_read_uint(
			&reader, form->is_float[i] ? (uint64_t)sum->values : 0);
		read_total(&reader, form->is_float[i], sum);
	}
	if (!reader.fault && !group_out->rows)
		coffer_reader_fail(&reader, COFFER_FAULT_RANGE);
	return coffer_reader_finish(&reader);
}
