/*
 * Parts of a database: which tables, and which of their rows.
 */
#ifndef COFFER_TRANSFER_SELECTION_H
#define COFFER_TRANSFER_SELECTION_H

#include "transfer/source.h"

/* The preset of this name ("keys", "logs", "all"); false: there is none. */
bool
coffer_preset_parse(const char *name, coffer_preset *preset_out);
/* Its name; static storage. */
const char *
coffer_preset_name(coffer_preset preset);

/* Does the selection leave anything out? */
bool
coffer_selection_is_partial(const coffer_selection *selection);

/*
 * Which tables of a settled schema the selection takes: `is_taken` has one member a table. A partition goes
 * with its root. What a preset takes includes the tables that foreign keys of its tables lead to.
 *
 * COFFER_NOT_FOUND  no table of a name that the selection gives, or none of the preset's; see
 *                   coffer_table_resolve
 * COFFER_INVALID    a name is another's too or a partition's, or no table is left
 */
COFFER_CHECKED coffer_status
coffer_selection_resolve(const coffer_selection *selection, const coffer_schema *schema,
			 bool *is_taken, coffer_error *error);

/*
 * Leave out of the schema what is not taken and settle it again. Foreign keys that lead to a table that is
 * left out, or with `is_cut` to one with a time column, whose rows may be missing, become soft relations;
 * those of partitions go. Views that may read what is left out go with a warning; sequences go with the
 * table that owns them, unless another one's default draws from them.
 * COFFER_NO_MEMORY, and as for coffer_schema_settle.
 */
COFFER_CHECKED coffer_status
coffer_schema_prune(coffer_schema *schema, const bool *is_taken, bool is_cut,
		    void (*warn)(void *context, const char *message), void *warn_context,
		    coffer_error *error);

/*
 * Apply the selection of the source's options to its schema, which is settled: every source does so as soon
 * as it has one, before its first row. Rows are filtered by coffer_source_next_row; a source may know how
 * not to fetch them at all.
 *
 * COFFER_NOT_FOUND, COFFER_INVALID  as for coffer_selection_resolve
 */
COFFER_CHECKED coffer_status
coffer_selection_apply(struct coffer_source *source, coffer_error *error);

/* The time from which on the rows of a table are taken; false: all of them are. */
bool
coffer_selection_since(const coffer_selection *selection, const coffer_table *table,
		       int64_t *since_out);

/* Does `since` take a row of a table with this time? NULL is never late enough. */
bool
coffer_selection_takes_time(const coffer_selection *selection, const coffer_table *table,
			    const coffer_value *time);

/* Does `since` take this row of a table? `values` has one a column. */
bool
coffer_selection_takes(const coffer_selection *selection, const coffer_table *table,
		       const coffer_value *values);

/* An index of a store's table that is ordered by the time column; COFFER_NO_INDEX where there is none. */
uint16_t
coffer_selection_time_index(const coffer_table *table);

/*
 * Begin a scan of `cursor`, which is one of a store's `table`, that gives every row that `since` takes: by an index of
 * the time column where there is one, so that what lies before is not read; else over all rows.
 */
COFFER_CHECKED coffer_status
coffer_selection_scan(const coffer_selection *selection, const coffer_table *table,
		      coffer_cursor *cursor, coffer_error *error);

/* Tell the facts of a provenance that say which part this is; none for a whole. */
COFFER_CHECKED coffer_status
coffer_selection_facts(const struct coffer_source *source,
		       coffer_status (*fact)(void *context, const char *name, const char *value,
					     coffer_error *error),
		       void *context, coffer_error *error);

#endif
