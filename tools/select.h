/*
 * What the words of a command line name in a store: a table, columns, an index, a value. Each function
 * says what is wrong and returns the exit code: not found for a name, usage for a value.
 */
#ifndef TOOLS_SELECT_H
#define TOOLS_SELECT_H

#include "options.h"

/*
 * A table by its name; or, where that is no other's, by its name in any case and with LiteLLM_ left out:
 * "spendlogs".
 */
int
coffer_select_table(const struct coffer_arguments *arguments, const coffer_schema *schema,
		    const char *name, uint32_t *table_out);

/* A column by its name. */
int
coffer_select_column(const struct coffer_arguments *arguments, const coffer_table *table,
		     const char *name, uint16_t *column_out);

/* The columns of every --columns, parted by commas unless the whole is a name. `columns_out` is to be
 * freed and NULL when the option is not given. */
int
coffer_select_columns(const struct coffer_arguments *arguments, const coffer_table *table,
		      uint16_t **columns_out, size_t *count_out);

/*
 * The index that --index names, of this kind of tree: its name, or its first columns parted by commas
 * (all its columns for a unique one). Without the option the primary key for HASHED, none for ORDERED.
 */
int
coffer_select_index(const struct coffer_arguments *arguments, const coffer_table *table,
		    coffer_tree_kind tree, uint16_t *index_out);

/* The value that a text stands for in a column. The value borrows from `text`, which may be changed. */
int
coffer_select_value(const struct coffer_arguments *arguments, const coffer_table *table,
		    uint16_t column, char *text, coffer_value *value_out);

/* The key of a unique index, one operand a column from operand number `first` on. */
int
coffer_select_key(const struct coffer_arguments *arguments, const coffer_table *table,
		  uint16_t index, int first, coffer_value key[COFFER_KEY_COLUMNS_MAX]);

/* Say that no row of the store has the key that stands in the operands from `first` on. Returns the exit code. */
int
coffer_select_missing(const struct coffer_arguments *arguments, const coffer_table *table, int first);

#endif
