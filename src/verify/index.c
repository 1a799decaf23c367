/*
 * An index against its rows.
 *
 *   rows --> keys --> sum \
 *                          equal? --> done
 *   tree --> keys --> sum /      \--> look each up in the other, and name those that are not there
 *
 * SPEC.md 7.
 */
#include "verify/verify.h"

#include <inttypes.h>
#include <string.h>

/* An index while it is walked, and the rows of one hash while they pass. */
struct index_check {
	struct coffer_table_check *check;
	const coffer_index *index;
	uint16_t number;
	size_t key_size;
	const char *name; /* of its tree */
	uint8_t hash[COFFER_HASH_SIZE];
	uint64_t equal[COFFER_EQUAL_HASHES_MAX];
	size_t equal_count;
};

static struct coffer_spot
spot_of(const struct index_check *of, uint64_t row)
{
	return (struct coffer_spot){.base = of->name, .row = row};
}

/* ------------------------------------------------------------------ unique keys */

static bool
is_same_key(struct index_check *of, uint64_t left, uint64_t right)
{
	struct coffer_table_check *check = of->check;

	for (size_t i = 0; i < of->index->key_column_count; i++) {
		uint16_t number = of->index->key_columns[i];
		const coffer_column *column = &check->table->columns[number];
		struct coffer_element elements[2];
		coffer_value values[2];

		if (!coffer_verifier_fetch(check->verifier, check->number, left, number,
					   &elements[0]) ||
		    !coffer_verifier_fetch(check->verifier, check->number, right, number,
					   &elements[1]) ||
		    !coffer_verifier_value(check->verifier, column, &elements[0], &check->expansion,
					   &values[0]) ||
		    !coffer_verifier_value(check->verifier, column, &elements[1],
					   &check->expansion_other, &values[1]) ||
		    !coffer_verify_is_equal(&values[0], &values[1]))
			return false;
	}
	return true;
}

/* Equal hashes stand side by side, and so do the rows of one key. */
static void
check_unique(struct index_check *of, const uint8_t *key, uint64_t row)
{
	struct coffer_verifier *verifier = of->check->verifier;

	if (!of->equal_count || memcmp(of->hash, key, COFFER_HASH_SIZE))
		of->equal_count = 0;
	for (size_t i = 0; i < of->equal_count; i++)
		if (of->equal[i] != row && is_same_key(of, of->equal[i], row))
			coffer_verifier_report(
				verifier, COFFER_UNIQUE, COFFER_CONFLICT,
				(struct coffer_spot){.base = of->check->table->name, .row = row},
				"rows %" PRIu64 " and %" PRIu64 " have the same key of %s",
				of->equal[i], row, of->index->name);
	if (of->equal_count == COFFER_EQUAL_HASHES_MAX) {
		coffer_verifier_report(verifier, COFFER_UNIQUE, COFFER_CORRUPT, spot_of(of, row),
				       "more than %d entries of one hash", COFFER_EQUAL_HASHES_MAX);
		return;
	}
	memcpy(of->hash, key, COFFER_HASH_SIZE);
	of->equal[of->equal_count++] = row;
}

/* ------------------------------------------------------------------ locating */

static enum coffer_key_state
key_of_row(struct index_check *of, uint64_t row, uint8_t key_out[COFFER_KEY_SIZE_MAX])
{
	struct coffer_table_check *check = of->check;

	if (!coffer_verifier_is_sound(check->verifier, check->number, row))
		return COFFER_KEY_UNKNOWN;
	for (size_t i = 0; i < of->index->key_column_count; i++) {
		uint16_t column = of->index->key_columns[i];

		if (!coffer_verifier_fetch(check->verifier, check->number, row, column,
					   &check->elements[column]))
			return COFFER_KEY_UNKNOWN;
	}
	return coffer_verifier_key(check->verifier, check->table, of->index, check->elements, row,
				   &check->expansion, key_out);
}

static void
write_hex(const uint8_t *bytes, size_t size, char out[2 * 32 + 1])
{
	size = size > 32 ? 32 : size;
	for (size_t i = 0; i < size; i++) {
		out[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
		out[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
	}
	out[2 * size] = '\0';
}

/* An entry that is not that of the row which it names. */
static void
locate_stale(struct index_check *of, const uint8_t *entry)
{
	struct coffer_verifier *verifier = of->check->verifier;
	uint64_t row = coffer_verify_row_number(entry + of->key_size - COFFER_ROW_KEY_SIZE);
	uint8_t key[COFFER_KEY_SIZE_MAX];
	char is[65], expected[65];
	enum coffer_key_state state;

	write_hex(entry, of->key_size, is);
	if (!coffer_verifier_has_row(verifier, of->check->number, row)) {
		coffer_verifier_report(verifier, COFFER_INDEXES, COFFER_CORRUPT, spot_of(of, row),
				       "the entry %s names a row that does not exist", is);
		return;
	}
	state = key_of_row(of, row, key);
	if (state == COFFER_KEY_NONE) {
		coffer_verifier_report(verifier, COFFER_INDEXES, COFFER_CORRUPT, spot_of(of, row),
				       "the entry is %s, expected none: the row has a NULL", is);
	} else if (state == COFFER_KEY_MADE && memcmp(key, entry, of->key_size)) {
		write_hex(key, of->key_size, expected);
		coffer_verifier_report(verifier, COFFER_INDEXES, COFFER_CORRUPT, spot_of(of, row),
				       "the entry is %s, the row has %s", is, expected);
	}
}

static void
locate_missing(struct index_check *of, uint64_t row)
{
	struct coffer_table_check *check = of->check;
	uint8_t key[COFFER_KEY_SIZE_MAX];
	struct coffer_bytes value;
	char expected[65];

	if (key_of_row(of, row, key) != COFFER_KEY_MADE ||
	    coffer_verifier_get(check->verifier, check->trees->indexes[of->number],
				(struct coffer_bytes){key, of->key_size}, &value))
		return;
	write_hex(key, of->key_size, expected);
	coffer_verifier_report(check->verifier, COFFER_INDEXES, COFFER_CORRUPT, spot_of(of, row),
			       "the row's entry %s is missing", expected);
}

static void
locate(struct index_check *of)
{
	struct coffer_table_check *check = of->check;
	struct coffer_walk walk;

	coffer_walk_open(&walk, check->verifier, check->trees->indexes[of->number], of->name);
	while (coffer_walk_next(&walk))
		if (walk.key.size == of->key_size)
			locate_stale(of, walk.key.data);
	coffer_walk_close(&walk);
	coffer_walk_open(&walk, check->verifier, check->trees->rows, check->table->name);
	while (coffer_walk_next(&walk))
		if (walk.key.size == COFFER_ROW_KEY_SIZE)
			locate_missing(of, coffer_verify_row_number(walk.key.data));
	coffer_walk_close(&walk);
}

/* ------------------------------------------------------------------ the walk */

static bool
check_entry(struct index_check *of, const struct coffer_walk *walk)
{
	if (walk->key.size != of->key_size)
		coffer_verifier_report(of->check->verifier, COFFER_INDEXES, COFFER_CORRUPT,
				       spot_of(of, 0), "a key has %zu bytes, expected %zu",
				       walk->key.size, of->key_size);
	else if (walk->value.size)
		coffer_verifier_report(
			of->check->verifier, COFFER_INDEXES, COFFER_CORRUPT,
			spot_of(of, coffer_verify_row_number(walk->key.data + of->key_size -
							     COFFER_ROW_KEY_SIZE)),
			"the entry has a value of %zu bytes, expected none", walk->value.size);
	return walk->key.size == of->key_size;
}

static struct coffer_sum
sum_entries(struct index_check *of)
{
	struct coffer_table_check *check = of->check;
	struct coffer_sum sum = {0};
	struct coffer_walk walk;

	coffer_walk_open(&walk, check->verifier, check->trees->indexes[of->number], of->name);
	while (coffer_walk_next(&walk)) {
		check->verifier->summary->index_entries++;
		if (!check_entry(of, &walk))
			continue;
		coffer_sum_add(&sum, check->verifier, walk.key.data, walk.key.size);
		if (of->index->tree == COFFER_TREE_HASHED)
			check_unique(of, walk.key.data,
				     coffer_verify_row_number(walk.key.data + COFFER_HASH_SIZE));
	}
	coffer_walk_close(&walk);
	return sum;
}

void
coffer_check_index(struct coffer_table_check *check, uint16_t number)
{
	char name[COFFER_TREE_NAME_SIZE];
	struct index_check of = {
		.check = check,
		.index = &check->table->indexes[number],
		.number = number,
		.name = name,
	};
	struct coffer_sum sum;

	coffer_tree_name(name, "index", check->table->name, of.index->name);
	of.key_size = coffer_verify_key_size(check->table, of.index);
	if (!of.key_size) {
		coffer_verifier_report(check->verifier, COFFER_CATALOGUE, COFFER_CORRUPT,
				       spot_of(&of, 0),
				       "a column of its key has no fixed-width key");
		return;
	}
	if (check->trees->indexes[number] == COFFER_NO_TREE)
		return;
	sum = sum_entries(&of);
	if (!check->verifier->is_over && !coffer_sum_is_equal(&sum, &check->sums[number]))
		locate(&of);
}
