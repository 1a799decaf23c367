/*
 * Roll-ups, I30: what the rows add up to is held against the trees. SPEC.md 10.1.
 *
 *   rows: key, numbers --> number under a secret \
 *                                                 equal? else rollup_locate.c says where they differ
 *   tree: key, numbers --> number under a secret /
 *
 * A group's numbers are weighed by secret factors and by a hash of its key, all modulo a prime that nobody could foresee: rows add
 * up to the same as their groups whatever their order, in constant memory, and groups that differ to another number but for
 * chance. What a row is in a roll-up is derived here in another way than the writer's.
 */
#include "verify/rollup.h"

#include "format/checksum.h"
#include "store/catalogue.h"

#include <endian.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Keys are short: a call takes longer than their hash. */
#define XXH_INLINE_ALL
#include <xxhash.h>

typedef unsigned __int128 uint128;

#define PRIME_MIN (UINT64_C(1) << 60)

/* ------------------------------------------------------------------ the catalogue's entries */

/* One entry into its table; false when it is there and cannot be read, which the walk over the catalogue reports. */
static bool
read_entry(struct coffer_verifier *verifier, coffer_table *table)
{
	char name[sizeof("rollups/") + COFFER_NAME_SIZE_MAX];
	struct coffer_bytes key = {(const uint8_t *)name, 0}, value;
	coffer_error error = {0};
	coffer_status status;

	(void)snprintf(name, sizeof(name), "rollups/%s", table->name);
	key.size = strlen(name);
	if (!coffer_verifier_get(verifier, verifier->catalogue, key, &value))
		return true;
	if (coffer_checksum_check(COFFER_ID_CATALOGUE, key.data, key.size, value.data, value.size))
		return false;
	status = coffer_catalogue_decode_rollups(value.data + COFFER_CHECKSUM_SIZE,
						 value.size - COFFER_CHECKSUM_SIZE, verifier->schema,
						 table, &error);
	if (status && status != COFFER_CORRUPT)
		coffer_verifier_fail(verifier, status, error.message);
	return !status;
}

void
coffer_verify_read_rollups(struct coffer_verifier *verifier)
{
	coffer_schema *schema = verifier->schema;
	coffer_error error = {0};
	coffer_status status;

	for (size_t i = 0; i < schema->table_count; i++)
		if (!read_entry(verifier, &schema->tables[i]))
			verifier->are_rollups_damaged = true;
	status = coffer_catalogue_check_rollups(schema, COFFER_CORRUPT, &error);
	if (status && status != COFFER_CORRUPT)
		coffer_verifier_fail(verifier, status, error.message);
	if (status != COFFER_CORRUPT)
		return;
	coffer_verifier_report(verifier, COFFER_CATALOGUE, COFFER_CORRUPT,
			       (struct coffer_spot){.base = error.place}, "%s", error.message);
	verifier->are_rollups_damaged = true;
	for (size_t i = 0; i < schema->table_count; i++)
		schema->tables[i].rollup_count = 0;
}

/* ------------------------------------------------------------------ secrets */

static uint64_t
secret_number(const struct coffer_verifier *verifier, uint64_t number)
{
	return XXH3_64bits_withSecret(&number, sizeof(number), verifier->secret,
				      sizeof(verifier->secret));
}

static uint64_t
multiply(uint64_t left, uint64_t right, uint64_t prime)
{
	return (uint64_t)((uint128)left * right % prime);
}

static uint64_t
power(uint64_t base, uint64_t exponent, uint64_t prime)
{
	uint64_t result = 1;

	for (; exponent; exponent >>= 1) {
		if (exponent & 1)
			result = multiply(result, base, prime);
		base = multiply(base, base, prime);
	}
	return result;
}

/* Does `base` show that an odd number is none? Miller and Rabin's. */
static bool
is_witness(uint64_t base, uint64_t number)
{
	int twos = __builtin_ctzll(number - 1);
	uint64_t at = power(base, (number - 1) >> twos, number);

	if (at == 1 || at == number - 1)
		return false;
	while (--twos > 0)
		if ((at = multiply(at, at, number)) == number - 1)
			return false;
	return true;
}

static bool
is_prime(uint64_t number)
{
	static const uint8_t bases[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};

	for (size_t i = 0; i < sizeof(bases); i++)
		if (is_witness(bases[i], number))
			return false;
	return true; /* these bases leave no other of 64 bits */
}

/* One of forty odd numbers of this size is a prime. */
void
coffer_verify_rollup_secrets(struct coffer_verifier *verifier)
{
	uint64_t number = 0, *weights = verifier->rollup_weights;

	do
		verifier->prime = PRIME_MIN | (secret_number(verifier, number++) >> 4) | 1;
	while (!is_prime(verifier->prime));
	for (size_t i = 0; i < COFFER_ROLLUP_WEIGHTS; i++)
		weights[i] = secret_number(verifier, number++) % verifier->prime;
}

/* ------------------------------------------------------------------ weighing */

enum { WEIGHTS_A_SUM = 3 };

/* Of values, of those that do not fit, and of the total of a sum. */
static const uint64_t *
weights_of(const struct coffer_table_check *check, size_t sum)
{
	return check->verifier->rollup_weights + 1 + WEIGHTS_A_SUM * sum;
}

static uint64_t
negate(uint64_t rest, bool is_negative, uint64_t prime)
{
	return is_negative && rest ? prime - rest : rest;
}

static uint64_t
hash_key(const struct coffer_verifier *verifier, const uint8_t *key, size_t size)
{
	return XXH3_64bits_withSecret(key, size, verifier->secret, sizeof(verifier->secret));
}

/* Add what a group, or a row, weighs under its key. */
static void
weigh(struct coffer_rollup_sum_check *sum, uint64_t hash, uint64_t numbers)
{
	uint128 product = (uint128)(hash >> 3) * numbers;
	uint64_t low = (uint64_t)product, high = (uint64_t)(product >> 64);

	sum->low += low;
	high += sum->low < low; /* which has room for it */
	sum->middle += high;
	sum->high += sum->middle < high;
}

static uint64_t
rest_of(const struct coffer_rollup_sum_check *sum, uint64_t prime)
{
	uint64_t rest = sum->high % prime;

	rest = (uint64_t)(((uint128)rest << 64 | sum->middle) % prime);
	return (uint64_t)(((uint128)rest << 64 | sum->low) % prime);
}

/* ------------------------------------------------------------------ a row */

/* A float as a whole number of 2^-96 of less than 2^127; the scaling is exact, or ends beyond that. */
bool
coffer_verify_units(double real, uint64_t *high, uint64_t *low)
{
	double units = fabs(real) * 0x1p96;

	*high = *low = 0;
	if (!(units < 0x1p127))
		return false;
	if (units < 0x1p53) {
		*low = (uint64_t)units;
		return (double)*low == units;
	}
	*high = (uint64_t)(units * 0x1p-64);
	*low = (uint64_t)(units - (double)*high * 0x1p64);
	return true;
}

static uint128
weigh_value(const uint64_t *weights, const coffer_value *value, uint64_t prime)
{
	uint64_t high, low, rest;

	if (value->kind == COFFER_NULL)
		return 0;
	if (value->kind == COFFER_FLOAT) {
		if (!coffer_verify_units(value->real, &high, &low))
			return (uint128)weights[0] + weights[1];
		rest = (uint64_t)(((uint128)high << 64 | low) % prime);
		rest = negate(rest, value->real < 0, prime);
	} else {
		low = value->integer < 0 ? 0 - (uint64_t)value->integer : (uint64_t)value->integer;
		rest = negate(low < prime ? low : low % prime, value->integer < 0, prime);
	}
	return (uint128)weights[2] * rest + weights[0];
}

/* The key of the row's group: a presence byte where the time may be NULL, where its span begins, the code. */
static void
put_time(struct coffer_rollup_check *of, const coffer_value *time)
{
	int64_t begin = time->time;
	uint64_t number;

	if (time->kind == COFFER_TIME && begin >= of->from && begin <= of->to)
		return;
	memset(of->key, 0, of->key_size);
	of->from = 1;
	of->to = 0;
	of->code = 0;
	of->has_hash = false;
	if (time->kind == COFFER_NULL)
		return;
	if (begin != INT64_MIN && begin != INT64_MAX) {
		begin -= (begin % of->form.span + of->form.span) % of->form.span;
		of->from = begin;
		of->to = begin + of->form.span - 1;
	}
	of->key[0] = 1;
	number = htobe64((uint64_t)begin + (UINT64_C(1) << 63));
	memcpy(of->key + of->form.is_time_nullable, &number, sizeof(number));
}

static void
put_code(struct coffer_rollup_check *of, uint32_t code)
{
	uint32_t number = htobe32(code);

	if (code == of->code)
		return;
	memcpy(of->key + of->key_size - COFFER_CODE_KEY_SIZE, &number, sizeof(number));
	of->code = code;
	of->has_hash = false;
}

void
coffer_verify_totals_key(struct coffer_rollup_check *of, const struct coffer_element *time,
			const struct coffer_element *column)
{
	put_time(of, &time->value);
	if (of->form.has_code)
		put_code(of, column->form == COFFER_ELEMENT_CODE ? column->code : 0);
}

/* The same columns are mostly summed by all roll-ups: then the row was weighed for the one before. */
static bool
is_weighed(const coffer_rollup *is, size_t number)
{
	const coffer_rollup *before = is - 1;

	return number && is->sum_count == before->sum_count &&
	       (!is->sum_count || !memcmp(is->sums, before->sums, is->sum_count * sizeof(*is->sums)));
}

void
coffer_check_rollups_add(struct coffer_table_check *check)
{
	uint64_t numbers = 0;

	for (size_t i = 0; i < check->rollup_count; i++) {
		struct coffer_rollup_check *of = &check->rollups[i];
		const coffer_rollup *rollup = of->rollup;
		uint128 sum = check->verifier->rollup_weights[0];

		if (!of->is_weighed) {
			for (size_t s = 0; s < rollup->sum_count; s++)
				sum += weigh_value(weights_of(check, s),
						   &check->elements[rollup->sums[s]].value,
						   check->verifier->prime);
			numbers = (uint64_t)(sum % check->verifier->prime);
		}
		coffer_verify_totals_key(of, &check->elements[rollup->time_column],
					of->form.has_code ? &check->elements[rollup->column] : NULL);
		if (!of->has_hash)
			of->hash = hash_key(check->verifier, of->key, of->key_size);
		of->has_hash = true;
		weigh(&of->rows, of->hash, numbers);
	}
}

/* ------------------------------------------------------------------ a group */

static uint64_t
rest_of_total(coffer_fixed total, uint64_t prime)
{
	bool is_negative = total.high < 0;
	struct coffer_rollup_sum_check magnitude;

	if (is_negative)
		total = coffer_fixed_negated(total);
	magnitude = (struct coffer_rollup_sum_check){total.low, total.middle, (uint64_t)total.high};
	return negate(rest_of(&magnitude, prime), is_negative, prime);
}

static uint64_t
weigh_group(const struct coffer_table_check *check, const struct coffer_rollup_check *of,
	    const struct coffer_totals *group)
{
	uint128 sum = (uint128)check->verifier->rollup_weights[0] * (uint64_t)group->rows;

	for (size_t i = 0; i < of->rollup->sum_count; i++) {
		const uint64_t *weights = weights_of(check, i);

		sum += (uint128)weights[0] * (uint64_t)group->sums[i].values;
		sum += (uint128)weights[1] * (uint64_t)group->sums[i].unfit;
		sum += (uint128)weights[2] * rest_of_total(group->sums[i].total, check->verifier->prime);
	}
	return (uint64_t)(sum % check->verifier->prime);
}

/* False: an entry that is none of a roll-up, or whose checksum is wrong. */
static bool
add_entry(const struct coffer_table_check *check, struct coffer_rollup_check *of,
	  struct coffer_bytes key, struct coffer_bytes value)
{
	struct coffer_totals group;
	coffer_value time;
	uint32_t code;

	if (coffer_totals_key_read(&of->form, key.data, key.size, &time, &code) ||
	    coffer_checksum_check(of->rollup->id, key.data, key.size, value.data, value.size) ||
	    coffer_totals_decode(&of->form, value.data + COFFER_CHECKSUM_SIZE,
				value.size - COFFER_CHECKSUM_SIZE, &group))
		return false;
	weigh(&of->groups, hash_key(check->verifier, key.data, key.size), weigh_group(check, of, &group));
	return true;
}

void
coffer_check_rollup(struct coffer_table_check *check, size_t number)
{
	struct coffer_rollup_check *of = &check->rollups[number];
	char name[COFFER_TREE_NAME_SIZE];
	struct coffer_walk walk;
	bool is_sound = true;

	if (of->tree == COFFER_NO_TREE)
		return;
	coffer_tree_name(name, "rollups", check->table->name, of->rollup->name);
	coffer_walk_open(&walk, check->verifier, of->tree, name);
	while (coffer_walk_next(&walk)) {
		check->verifier->summary->rollup_groups++;
		is_sound &= add_entry(check, of, walk.key, walk.value);
	}
	coffer_walk_close(&walk);
	if (check->verifier->is_over ||
	    (is_sound && (check->has_unread_rows || rest_of(&of->rows, check->verifier->prime) ==
							    rest_of(&of->groups, check->verifier->prime))))
		return;
	coffer_check_rollup_locate(check, of, name);
}

/* ------------------------------------------------------------------ the whole table */

bool
coffer_check_rollups_open(struct coffer_table_check *check)
{
	size_t count = check->table->rollup_count;

	check->rollups = calloc(count + 1, sizeof(*check->rollups));
	if (!check->rollups)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct coffer_rollup_check *of = &check->rollups[i];

		of->rollup = &check->table->rollups[i];
		of->form = coffer_totals_form_of(check->table, of->rollup);
		of->key_size = coffer_totals_key_size(&of->form);
		of->tree = check->trees->rollups[i];
		of->is_weighed = is_weighed(of->rollup, i);
		of->from = 1;
	}
	check->rollup_count = count;
	return true;
}

static void
join(struct coffer_rollup_sum_check *sum, const struct coffer_rollup_sum_check *other)
{
	uint128 word = (uint128)sum->low + other->low;

	sum->low = (uint64_t)word;
	word = (uint128)sum->middle + other->middle + (uint64_t)(word >> 64);
	sum->middle = (uint64_t)word;
	sum->high += other->high + (uint64_t)(word >> 64);
}

void
coffer_check_rollups_join(struct coffer_table_check *check, const struct coffer_table_check *other)
{
	for (size_t i = 0; i < check->rollup_count; i++)
		join(&check->rollups[i].rows, &other->rollups[i].rows);
}

void
coffer_check_rollups_close(struct coffer_table_check *check)
{
	free(check->rollups);
}
