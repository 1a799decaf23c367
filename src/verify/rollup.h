/*
 * What the files that check roll-ups share.
 */
#ifndef COFFER_VERIFY_ROLLUP_H
#define COFFER_VERIFY_ROLLUP_H

#include "format/rollup.h"
#include "verify/verify.h"

/* A sum of 192 bits, of which the rest of a division counts. */
struct coffer_rollup_sum_check {
	uint64_t low, middle, high;
};

/* One roll-up while the rows pass. */
struct coffer_rollup_check {
	const coffer_rollup *rollup;
	struct coffer_totals_form form;
	uint32_t tree;
	bool is_weighed; /* a row weighs what it does in the roll-up before */
	struct coffer_rollup_sum_check rows, groups;
	size_t key_size;
	uint8_t key[COFFER_TOTALS_KEY_SIZE_MAX]; /* of the row's group */
	int64_t from, to; /* the span that it begins with; from > to: none */
	uint32_t code;    /* that it ends with; 0: none */
	bool has_hash;    /* of the key as it is */
	uint64_t hash;
};

/* Make `of->key` that of the group of a row with these elements; `column` where the roll-up has one. */
void
coffer_verify_totals_key(struct coffer_rollup_check *of, const struct coffer_element *time,
			const struct coffer_element *column);

/* The magnitude of a float in units of 2^-96. False: it is no whole number of them, or one of 2^127 or more. */
bool
coffer_verify_units(double real, uint64_t *high, uint64_t *low);

/* Report how the tree called `name` differs from the rows. */
void
coffer_check_rollup_locate(struct coffer_table_check *check, struct coffer_rollup_check *of,
			   const char *name);

#endif
