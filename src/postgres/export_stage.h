/*
 * Rows on their way into tables that a target has: first into temporary tables, then with one statement to
 * where they belong.
 */
#ifndef COFFER_POSTGRES_EXPORT_STAGE_H
#define COFFER_POSTGRES_EXPORT_STAGE_H

#include "postgres/export_order.h"

/* The key that tells rows of a match's target apart: columns of the target's table. */
struct coffer_match_key {
	const uint16_t *columns;
	size_t column_count;
};

/*
 * The target's primary key, else its first unique index that cannot hold NULL and is checked at once.
 * COFFER_UNREACHABLE: there is none, or a column of it is not in the store.
 */
COFFER_CHECKED coffer_status
coffer_match_find_key(const struct coffer_matches *matches, const struct coffer_match *match,
		      struct coffer_match_key *key_out, coffer_error *error);

/*
 * Copy the rows of a match into a new temporary table that is like its target, checks and all, so that a
 * value that the target cannot take is refused here, with its row. `number` tells the tables apart.
 * Status as for coffer_copy_send.
 */
COFFER_CHECKED coffer_status
coffer_stage_fill(struct coffer_export *export, const struct coffer_matches *matches,
		  const struct coffer_match *match, size_t number, coffer_error *error);

/*
 * How many of the staged rows have no row of their key in the target.
 * COFFER_CONFLICT: two staged rows have one key.
 */
COFFER_CHECKED coffer_status
coffer_stage_count_new(struct coffer_export *export, const struct coffer_matches *matches,
		       const struct coffer_match *match, const struct coffer_match_key *key,
		       size_t number, uint64_t *count_out, coffer_error *error);

/* Append the INSERT of the staged rows into the target, and with a key what becomes of rows that are there.
 * It returns a row for each that it writes. */
void
coffer_stage_put_insert(coffer_buffer *sql, const struct coffer_export *export,
			const struct coffer_matches *matches, const struct coffer_match *match,
			const struct coffer_match_key *key, size_t number);

/* Drop the temporary table. */
COFFER_CHECKED coffer_status
coffer_stage_drop(struct coffer_export *export, size_t number, coffer_error *error);

#endif
