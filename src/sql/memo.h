/*
 * Rows that a cursor has looked up, by key, with what they gave to SQLite: a gateway asks for the same keys, teams and budgets again
 * and again, and one that came before is neither searched nor decoded, copied or printed anew. All of it is memory, which holds
 * what a record said whose checksum was right; it is good as long as the snapshot and its texts.
 */
#ifndef SQL_MEMO_H
#define SQL_MEMO_H

#include "sql/internal.h"

enum { COFFER_SQL_MEMO_KEYS = 2, COFFER_SQL_MEMO_VALUES = 12 };

struct coffer_sql_memo_value {
	uint32_t type; /* SQLite's; 0: nothing is remembered */
	uint32_t size; /* of a text of a key */
	union {
		int64_t integer;
		double real;
		const char *text; /* with its NUL */
	};
};

struct coffer_sql_memo_row {
	uint64_t hash;   /* of the key */
	uint64_t number; /* of the row; 0: there is none */
	uint32_t next;   /* one more than the place of another of its chain; 0: it is the last */
	uint32_t index;
	struct coffer_sql_memo_value key[COFFER_SQL_MEMO_KEYS];
	struct coffer_sql_memo_value values[COFFER_SQL_MEMO_VALUES];
};

/* Of a table of so many rows and columns. NULL: no memory, or of so many rows none is remembered. */
struct coffer_sql_memo;
struct coffer_sql_memo *
coffer_sql_memo_make(uint64_t rows, size_t columns);
void
coffer_sql_memo_free(struct coffer_sql_memo *memo);
/* The texts are gone; `memo` may be NULL. */
void
coffer_sql_memo_forget(struct coffer_sql_memo *memo);

/* The row of a key, the memo's until it is given another one. NULL: it was not met. */
struct coffer_sql_memo_row *
coffer_sql_memo_find(struct coffer_sql_memo *memo, uint16_t index, const coffer_value *key,
		     size_t count);
/* Remember that a key has the row `number`, 0 for none. NULL: it is not remembered; in vain: nothing is any more. */
struct coffer_sql_memo_row *
coffer_sql_memo_add(struct coffer_sql_memo *memo, struct coffer_sql_texts *texts, uint16_t index,
		    const coffer_value *key, size_t count, uint64_t number);

bool
coffer_sql_memo_is_in_vain(const struct coffer_sql_memo *memo);

/* Give SQLite what a column of the row is. False: it is not remembered. */
bool
coffer_sql_memo_give(const struct coffer_sql_memo *memo, const struct coffer_sql_memo_row *row,
		     size_t column, sqlite3_context *context);
/* Remember what SQLite was given for a value, unless it is a text that is not kept: `text` NULL. */
void
coffer_sql_memo_keep(struct coffer_sql_memo *memo, struct coffer_sql_memo_row *row, size_t column,
		     const coffer_value *value, const char *text);

#endif
