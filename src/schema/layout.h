/*
 * How a table lies in a store: what follows from its columns, indexes and relations and from which
 * columns are interned. SPEC.md 4.10 (record order) and 7 (indexes).
 */
#ifndef COFFER_SCHEMA_LAYOUT_H
#define COFFER_SCHEMA_LAYOUT_H

#include "coffer.h"

/*
 * Derive the layout of table number `table` from the interned marks as they are now: record positions,
 * trees and key columns of its indexes, the indexes that relations need at either end, and the index
 * numbers in relations from and to it. The schema was settled before. Idempotent: coffer's own indexes
 * (those without a definition) are dropped and made again, so that none is there twice; the numbers of
 * declared indexes change only where an own one stood in front of them.
 *
 * COFFER_LIMIT  more than COFFER_INDEXES_MAX indexes
 */
COFFER_CHECKED coffer_status
coffer_table_layout(coffer_schema *schema, uint32_t table, coffer_error *error);

/*
 * True when the index has such a tree and its key begins with exactly these columns; a hashed key has no others, and
 * any order of them will do.
 */
bool
coffer_index_begins_with(const coffer_index *index, coffer_tree_kind tree, const uint16_t *columns,
			 size_t count);

/* True when `column` is one of these numbers of columns. */
bool
coffer_columns_have(const uint16_t *columns, size_t count, uint16_t column);

/* True where a value of this column has a fixed width in an ordered key (SPEC.md 5.1). */
bool
coffer_column_has_key(const coffer_column *column);

#endif
