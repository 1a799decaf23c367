/*
 * The roll-ups of one table while rows are written: each row goes into its group of each. Bulk load and write transactions
 * share it; where the groups go is theirs to say. SPEC.md 10.1.
 */
#ifndef COFFER_STORE_ROLLUP_H
#define COFFER_STORE_ROLLUP_H

#include "format/checksum.h"
#include "store/groups.h"
#include "store/store.h"

/* One roll-up while it is added up. */
struct coffer_tally {
	const coffer_rollup *rollup;
	struct coffer_totals_form form;
	struct coffer_groups groups;
	bool has_sums_before; /* the same columns as the roll-up before: their values stand already */
	size_t time_size;     /* bytes of the time in the key */
	int64_t from, to;     /* the span that `key` begins with; from > to: none */
	uint8_t key[COFFER_GROUPS_KEY_SIZE];
	struct coffer_totals part; /* of the row that was counted last, unless has_sums_before */
};

struct coffer_tallies {
	struct coffer_tally *list; /* one a roll-up of the table */
	size_t count;
	bool is_late;     /* a row is added when the next one comes, so that its groups are near by then */
	bool has_pending; /* a row was counted and is not yet added */
};

/*
 * `memory_size`, `scratch` and `path` as for coffer_groups_init, the memory for all of them; with `scratch` rows are added late:
 * settle before the groups are looked at. COFFER_NO_MEMORY; release always.
 */
COFFER_CHECKED coffer_status
coffer_tallies_init(struct coffer_tallies *tallies, const coffer_table *table, size_t memory_size,
		    struct coffer_sort_scratch *scratch, const char *path, coffer_error *error);
void
coffer_tallies_release(struct coffer_tallies *tallies);

/* Add a row, or with `sign` -1 take it away. `codes` are those of its interned values, by column. */
COFFER_CHECKED coffer_status
coffer_tallies_add(struct coffer_tallies *tallies, const coffer_value *values, const uint32_t *codes,
		   int sign, coffer_error *error);

/* Add the row that waits. */
COFFER_CHECKED coffer_status
coffer_tallies_settle(struct coffer_tallies *tallies, coffer_error *error);

/* Seal a group under its key: the value with its checksum is in `out`, its size is returned. */
size_t
coffer_tally_seal(const struct coffer_tally *tally, const uint8_t *key,
		  const struct coffer_totals *group,
		  uint8_t out[COFFER_CHECKSUM_SIZE + COFFER_TOTALS_VALUE_MAX]);

/* Read a value of a roll-up's tree. COFFER_CORRUPT. */
COFFER_CHECKED coffer_status
coffer_totals_open(const coffer_table *table, const coffer_rollup *rollup,
		  const struct coffer_totals_form *form, struct coffer_bytes key,
		  struct coffer_bytes value, struct coffer_totals *group_out, coffer_error *error);

#endif
