/*
 * What a statement's arguments say of the rows that a plan wants: the values that key columns must equal, a list of them for
 * one, and ranges of the column behind.
 */
#ifndef SQL_ARGUMENTS_H
#define SQL_ARGUMENTS_H

#include "sql/internal.h"

/* A value of a list; while they are read its text is known by its place among the arguments' texts, which move. */
struct coffer_sql_member {
	coffer_value value;
	size_t at;
};

/* Zeroed, and used for one scan behind the other. Values borrow from it. */
struct coffer_sql_arguments {
	coffer_value equal[COFFER_KEY_COLUMNS_MAX]; /* the plan's; that of its list is whoever reads the list to set */
	struct coffer_sql_member *list;             /* the values that the plan's list has, distinct and in order */
	size_t list_count, list_capacity;
	struct coffer_sql_range ranges[COFFER_SQL_RANGES_MAX];
	size_t range_count; /* of three the middle one is that of the years 1 to 9999 */
	coffer_buffer texts; /* of `equal` and `list` */
	/* Where there are three: the bounds as texts. */
	coffer_text lower, upper; /* data NULL: none */
	coffer_buffer bounds;
};

void
coffer_sql_arguments_release(struct coffer_sql_arguments *arguments);

/* Whether they are to be kept for another statement: not with the memory of a long list, nor after a failed allocation, which
 * their buffers remember. */
bool
coffer_sql_arguments_are_small(const struct coffer_sql_arguments *arguments);

/* The column at a place in the key of the plan's index. */
static inline const coffer_column *
coffer_sql_key_column(const struct coffer_sql_table *table, const struct coffer_sql_plan *plan,
		      size_t at)
{
	return &table->table->columns[table->table->indexes[plan->index].key_columns[at]];
}

/*
 * Read the values of xFilter for a plan; returns SQLite's code, and a refusal is the table's message. `match_out` is
 * COFFER_SQL_MATCH_VALUE where they are there to be used; COFFER_SQL_MATCH_NONE: there is no such row; COFFER_SQL_MATCH_UNSURE:
 * any row may be one.
 */
int
coffer_sql_arguments_read(struct coffer_sql_arguments *arguments, struct coffer_sql_table *table,
			  const struct coffer_sql_plan *plan, sqlite3_value **values,
			  enum coffer_sql_match *match_out);

/* Whether a time beyond the years 1 to 9999, whose text has a place of its own, lies within the bounds. */
bool
coffer_sql_arguments_admit(const struct coffer_sql_arguments *arguments,
			   const struct coffer_sql_table *table, const struct coffer_sql_plan *plan,
			   int64_t time);

#endif
