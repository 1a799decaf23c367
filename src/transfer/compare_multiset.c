/*
 * Rows without a key, as a multiset.
 *
 *   row beside row while they are equal --> the rest of the left counted by hash --> the rest of the right taken off
 *   --> what is left of the left, in a second pass
 *
 * Two sides of one origin are equal row beside row and nothing is hashed. The hash has a random key: nobody can make
 * up rows that collide.
 */
#include "transfer/compare_run.h"
#include "transfer/selection.h"
#include "transfer/tally.h"

#include <sodium.h>
#include <string.h>

struct multiset {
	struct coffer_compare_run *run;
	struct coffer_tally tally;
	uint8_t key[crypto_generichash_KEYBYTES];
	uint64_t beside; /* left rows that had an equal one beside them */
};

/* ------------------------------------------------------------------ hashes */

/* A value's kind, then what it holds, a text behind its size: no two rows give one string of bytes. */
static void
hash_value(crypto_generichash_state *state, const coffer_value *value)
{
	uint8_t head[1 + sizeof(uint64_t)] = {(uint8_t)value->kind};
	uint64_t bits = 0;

	if (value->kind >= COFFER_TEXT)
		bits = value->text.size;
	else if (value->kind == COFFER_BOOL)
		bits = value->boolean;
	else if (value->kind == COFFER_FLOAT)
		memcpy(&bits, &value->real, sizeof(bits));
	else if (value->kind != COFFER_NULL)
		bits = (uint64_t)value->integer;
	memcpy(head + 1, &bits, sizeof(bits));
	crypto_generichash_update(state, head, sizeof(head));
	if (value->kind >= COFFER_TEXT && value->text.size)
		crypto_generichash_update(state, (const uint8_t *)value->text.data,
					  value->text.size);
}

static void
hash_row(const struct multiset *set, const coffer_value *values, bool is_left,
	 uint8_t hash[COFFER_TALLY_HASH_SIZE])
{
	const struct coffer_compared_table *table = &set->run->table;
	crypto_generichash_state state;

	crypto_generichash_init(&state, set->key, sizeof(set->key), COFFER_TALLY_HASH_SIZE);
	for (size_t i = 0; i < table->pair_count; i++)
		hash_value(&state, &values[is_left ? table->pairs[i].left : table->pairs[i].right]);
	crypto_generichash_final(&state, hash, COFFER_TALLY_HASH_SIZE);
}

/* ------------------------------------------------------------------ the steps */

/* Count the left row at hand and all behind it. */
static coffer_status
count_left(struct multiset *set, coffer_error *error)
{
	uint8_t hash[COFFER_TALLY_HASH_SIZE];
	coffer_status status;
	uint64_t number;

	do {
		coffer_compare_add_left(set->run);
		hash_row(set, set->run->left, true, hash);
		status = coffer_tally_add(&set->tally, hash, error);
	} while (!status && !(status = coffer_compare_next_left(set->run, &number, error)));
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

/* Take the right row at hand and all behind it off the count. */
static coffer_status
take_right(struct multiset *set, const coffer_value *right, coffer_error *error)
{
	struct coffer_compare_run *run = set->run;
	uint8_t hash[COFFER_TALLY_HASH_SIZE];
	coffer_status status = COFFER_OK;

	do {
		hash_row(set, right, false, hash);
		if (coffer_tally_take(&set->tally, hash)) {
			coffer_compare_add_right(run, right);
			run->table.same++;
		} else {
			status = coffer_compare_only_right(run, right, error);
		}
	} while (!status && !(status = coffer_source_next_row(run->source, &right, error)));
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

/* Tell the left rows that are still counted. */
static coffer_status
take_left(struct multiset *set, coffer_error *error)
{
	struct coffer_compare_run *run = set->run;
	coffer_status status = coffer_selection_scan(&run->options->selection, run->table.left,
						     run->cursor, error);
	uint8_t hash[COFFER_TALLY_HASH_SIZE];
	uint64_t number;

	for (uint64_t i = 0; !status && i < set->beside; i++)
		status = coffer_compare_next_left(run, &number, error);
	while (!status && set->tally.total &&
	       !(status = coffer_compare_next_left(run, &number, error))) {
		hash_row(set, run->left, true, hash);
		if (coffer_tally_take(&set->tally, hash))
			status = coffer_compare_only_left(run, number, error);
	}
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

/* The right side has ended: every left row from the one at hand on is there alone. */
static coffer_status
tell_left(struct multiset *set, uint64_t number, coffer_error *error)
{
	coffer_status status;

	do {
		coffer_compare_add_left(set->run);
		status = coffer_compare_only_left(set->run, number, error);
	} while (!status && !(status = coffer_compare_next_left(set->run, &number, error)));
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

/* Pass over rows that are equal beside each other. `right_out` is NULL, or `number_out` 0, where that side has ended. */
static coffer_status
walk(struct multiset *set, const coffer_value **right_out, uint64_t *number_out,
     coffer_error *error)
{
	struct coffer_compare_run *run = set->run;
	coffer_status left, right;

	for (;; set->beside++) {
		right = coffer_source_next_row(run->source, right_out, error);
		if (right < 0)
			return right;
		if (right)
			*right_out = NULL;
		left = coffer_compare_next_left(run, number_out, error);
		if (left || right || coffer_compare_changes(run, *right_out))
			return left < 0 ? left : COFFER_OK;
		run->table.same++;
		coffer_compare_add_left(run);
		coffer_compare_add_right(run, *right_out);
	}
}

coffer_status
coffer_compare_multiset(struct coffer_compare_run *run, coffer_error *error)
{
	struct multiset set = {.run = run};
	const coffer_value *right;
	coffer_status status;
	uint64_t number;

	if (sodium_init() < 0)
		return coffer_error_set(error, COFFER_IO, "no random numbers on this system");
	randombytes_buf(set.key, sizeof(set.key));
	coffer_tally_init(&set.tally, run->options->memory_size);
	if (!(status = coffer_selection_scan(&run->options->selection, run->table.left, run->cursor,
					     error)))
		status = walk(&set, &right, &number, error);
	if (!status && number && !right)
		status = tell_left(&set, number, error);
	else if (!status && number)
		status = count_left(&set, error);
	if (!status && right)
		status = take_right(&set, right, error);
	if (!status && set.tally.total)
		status = take_left(&set, error);
	coffer_tally_release(&set.tally);
	return status;
}
