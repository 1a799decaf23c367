/*
 * The least that a question costs over virtual tables of SQLite: tables whose answers were made before, and that only hand
 * them over. What is left is SQLite's own interface, which no store behind it can undercut.
 */
#ifndef TESTS_BENCH_FLOOR_H
#define TESTS_BENCH_FLOOR_H

#include <sqlite3.h>
#include <stddef.h>

struct floor;

/* A table, and which of its rows it answers with: what stands behind FROM TABLE, with the key as ?1. */
struct floor_part {
	const char *table;
	const char *rows;
};

enum { FLOOR_PARTS_MAX = 8 };

/*
 * Make the question's floor on a connection of its own: its answers, for each of `key_count` keys (NULL: one, without a key),
 * are read from `source`, which has tables of the same names. `parts` ends with a table that is NULL. Ends the program where
 * SQLite fails. floor_free frees it.
 */
struct floor *
floor_make(sqlite3 *source, const struct floor_part *parts, const char *query, char **keys,
	   int key_count);
void
floor_free(struct floor *floor);

/* The question itself, prepared; the floor's. */
sqlite3_stmt *
floor_statement(const struct floor *floor);

/* Answer as for this key from now on. */
void
floor_choose(struct floor *floor, int key);

#endif
