/*
 * A store's tables and columns and those of a target, by name.
 */
#ifndef COFFER_POSTGRES_EXPORT_MATCH_H
#define COFFER_POSTGRES_EXPORT_MATCH_H

#include "postgres/export.h"

/* One table of the store and the target's of that name. */
struct coffer_match {
	uint32_t table;  /* in the store's schema */
	uint32_t target; /* in the target's */
	uint64_t rows;   /* of the store's */
	/* Columns that rows are sent in: by number in the store's table, and in the target's. */
	uint16_t *columns, *target_columns;
	size_t column_count;
	bool is_text; /* some are of other types in the target: sent as they are printed */
};

struct coffer_matches {
	coffer_schema *target;
	struct coffer_match *list;
	size_t count;
};

/*
 * Read the target's catalogue and match every table that the export takes. Warns of types that differ, where
 * a value may lose something, and of columns that the target generates. Release `matches_out` in any case.
 *
 * COFFER_UNREACHABLE  the target has no such table; or lacks a column that is not NULL in every row; or has
 *                     one that takes neither NULL nor a default, and the store lacks it
 * others              as for coffer_discover and for reading the store
 */
COFFER_CHECKED coffer_status
coffer_matches_make(struct coffer_export *export, struct coffer_matches *matches_out,
		    coffer_error *error);
void
coffer_matches_release(struct coffer_matches *matches);

/* The two tables of a match. */
const coffer_table *
coffer_match_source(const struct coffer_export *export, const struct coffer_match *match);
const coffer_table *
coffer_match_target(const struct coffer_matches *matches, const struct coffer_match *match);

/* The match of this table of the target, or of the partitioned table that it belongs to; NULL: none. */
const struct coffer_match *
coffer_matches_find(const struct coffer_matches *matches, uint32_t target);

/* Does the match send this column of its target's table? */
bool
coffer_match_has(const struct coffer_match *match, uint16_t target_column);

#endif
