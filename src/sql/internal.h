/*
 * What the parts of sql/ share. One struct coffer_sql a connection; it has stores, each with its open snapshot; a store has
 * tables, each a virtual table of SQLite; a table has cursors.
 */
#ifndef SQL_INTERNAL_H
#define SQL_INTERNAL_H

#include "sql/sql.h"

#include <string.h>

struct coffer_sql_store {
	struct coffer_sql_store *next;
	struct coffer_sql *sql;
	unsigned number; /* what the statements that make its tables call it */
	char *schema;
	char *path;   /* as it was given */
	char *file;   /* whatever the current folder becomes */
	char **names; /* of its tables, by number; NULL: not shown */
	coffer_store *store;
	const coffer_schema *description;
	coffer_txn *
		txn; /* the snapshot of the statements that run; while none does it rests, or is NULL */
	struct coffer_sql_texts *texts; /* of the snapshot; NULL: none so far */
	struct coffer_sql_cursor *idle; /* cursors of the snapshot that no statement has */
	unsigned idle_count;
	unsigned readers;    /* cursors that read it */
	unsigned references; /* of its connection, and of each of its tables */
	uint64_t snapshot;   /* how many were taken */
	bool is_own_schema;  /* the schema was made for it */
	bool is_leaving;     /* its tables are taken away by us */
	uint64_t views;      /* bits: those that were made, as coffer_sql_make_views has them */
};

struct coffer_sql {
	sqlite3 *db;
	struct coffer_sql_options options;
	struct coffer_sql_store *stores;
	unsigned stores_made;
	unsigned references; /* modules and functions that SQLite has not let go */
	bool copies_all; /* SQLite closes a cursor while it still holds what that gave */
	const char *functions[16]; /* its table functions' names: of what was registered */
	size_t function_count;
	coffer_error failure;
};

/* How a bound of a range stands. */
enum coffer_sql_bound {
	COFFER_SQL_BOUND_NONE,
	COFFER_SQL_BOUND_INCLUSIVE,
	COFFER_SQL_BOUND_EXCLUSIVE,
};

enum coffer_sql_way {
	COFFER_SQL_COUNT,  /* every row, none of whose columns is asked for */
	COFFER_SQL_ROWS,   /* every row, by row number */
	COFFER_SQL_NUMBER, /* the row of one number */
	COFFER_SQL_UNIQUE, /* the row of a unique key */
	COFFER_SQL_RANGE,  /* a range of an ordered index */
};

/* Which rows, in which order. The arguments of a scan come as: the equal ones, the lower bound, the upper one. */
struct coffer_sql_plan {
	enum coffer_sql_way way;
	uint16_t index;
	/* Where an argument's type leaves open what it equals: every row by this index, or by row number. */
	uint16_t fallback;
	size_t equal_count;
	size_t list;        /* which of the equal ones is a list of values; equal_count: none */
	uint32_t null_safe; /* bits: those that NULL equals NULL in */
	uint32_t looped;    /* bits: those that are lists whose values SQLite brings one by one */
	enum coffer_sql_bound lower, upper;
	bool is_reverse, is_ordered;
	size_t order_end; /* one behind the last key column that the order asked for rests on; 0: on none */
	bool is_covered; /* the index says all that is asked for */
	uint64_t gathered; /* bits: the columns that are used, where rows can be gathered for GROUP BY; 0: they cannot */
};

/* What is known of how many rows share the first columns of an index. */
struct coffer_sql_estimate {
	uint64_t rows_then; /* of the table when it was sampled */
	double group;
};

struct coffer_sql_table {
	sqlite3_vtab base; /* first */
	struct coffer_sql_store *store;
	uint32_t number;
	const coffer_table *table;
	char **names; /* of its columns */
	struct coffer_sql_plan **plans;
	size_t plan_count, plan_capacity;
	struct coffer_sql_estimate
		*estimates; /* by index and number of columns, up to estimate_columns */
	size_t estimate_columns;
	/* Of the snapshot `probed`, by column: what coffer_sql_probe has found. */
	uint64_t probed;
	uint8_t *probes;
};

/* ------------------------------------------------------------------ connection and stores (register.c, attach.c) */

/* An error that says nothing yet; cheaper than clearing all of it. */
static inline void
coffer_sql_clear(coffer_error *error)
{
	error->status = COFFER_OK;
	error->place[0] = error->message[0] = '\0';
}

/* Register a module whose context is `sql`; `name` is kept. */
int
coffer_sql_module(struct coffer_sql *sql, const char *name, const sqlite3_module *module);

/* Keep a failure for coffer_sql_failure and return SQLite's code for it. */
int
coffer_sql_fail(struct coffer_sql *sql, const coffer_error *error);

/* "FILE: PLACE: MESSAGE", in SQLite's memory; NULL: none is left. */
char *
coffer_sql_message(const char *path, const coffer_error *error);

/* The same of a virtual table that reads a store: the message becomes the statement's. */
int
coffer_sql_store_fail(const struct coffer_sql_store *store, sqlite3_vtab *table,
		      const coffer_error *error);
int
coffer_sql_table_fail(struct coffer_sql_table *table, const coffer_error *error);

/* The store of this number; NULL: none. */
struct coffer_sql_store *
coffer_sql_store_find(struct coffer_sql *sql, unsigned number);

void
coffer_sql_store_release(struct coffer_sql_store *store);

/* Forget stores whose tables are gone by SQLite's own DETACH or DROP. */
void
coffer_sql_sweep(struct coffer_sql *sql);

/* Take part in the store's snapshot, which is begun if no statement has one open; and leave it. */
COFFER_CHECKED coffer_status
coffer_sql_snapshot_take(struct coffer_sql_store *store, coffer_error *error);
void
coffer_sql_snapshot_leave(struct coffer_sql_store *store);

/* Close every store. */
void
coffer_sql_close(struct coffer_sql *sql);

/* The functions coffer_attach and coffer_detach: of attach.c. */
void
coffer_sql_attach_function(sqlite3_context *context, int count, sqlite3_value **values);
void
coffer_sql_detach_function(sqlite3_context *context, int count, sqlite3_value **values);

/* ------------------------------------------------------------------ names (names.c) */

/*
 * `count` names for SQLite out of `names`, unique whatever their case; of tables of `sql` none is a table function's. A NULL
 * stays one. NULL: no memory.
 */
char **
coffer_sql_names(const struct coffer_sql *sql, const char *const *names, size_t count);
void
coffer_sql_names_free(char **names, size_t count);

/* An argument that is a name; "", which nothing is called, where it has a NUL within. NULL: it is none. */
static inline const char *
coffer_sql_name(sqlite3_value *value)
{
	const char *text = (const char *)sqlite3_value_text(value);

	return text && strlen(text) != (size_t)sqlite3_value_bytes(value) ? "" : text;
}

/* Append a name in double quotes. */
void
coffer_sql_quote(coffer_buffer *out, const char *name);

/* ------------------------------------------------------------------ tables (table.c, plan.c, cursor.c) */

extern const sqlite3_module coffer_sql_table_module;

/* The names of its columns for SQLite: coffer_sql_names. */
char **
coffer_sql_column_names(const coffer_table *table);

int
coffer_sql_best_index(sqlite3_vtab *base, sqlite3_index_info *info);

struct coffer_sql_cursor;

/* Free the store's idle cursors. */
void
coffer_sql_cursors_free(struct coffer_sql_store *store);
/* Have the idle cursors forget texts that were kept. */
void
coffer_sql_cursors_forget(struct coffer_sql_store *store);

int
coffer_sql_cursor_open(sqlite3_vtab *base, sqlite3_vtab_cursor **out);
int
coffer_sql_cursor_close(sqlite3_vtab_cursor *base);
int
coffer_sql_cursor_filter(sqlite3_vtab_cursor *base, int plan, const char *words, int count,
			 sqlite3_value **values);
int
coffer_sql_cursor_next(sqlite3_vtab_cursor *base);
int
coffer_sql_cursor_eof(sqlite3_vtab_cursor *base);
int
coffer_sql_cursor_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column);
int
coffer_sql_cursor_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out);

/* ------------------------------------------------------------------ how many rows, which times (estimate.c) */

/* The table's rows. 0 where they cannot be counted: whoever reads them is told why. */
uint64_t
coffer_sql_row_count(struct coffer_sql_table *table);

/* How many of its `rows` rows share the first `columns` columns of an index, on average. */
double
coffer_sql_group_size(struct coffer_sql_table *table, uint16_t index, size_t columns,
		      uint64_t rows);

/* What part of the rows has a value of a column, which is no text, within bounds. -1 where no index tells. */
double
coffer_sql_part(struct coffer_sql_table *table, uint16_t column, enum coffer_sql_bound lower,
		sqlite3_value *from, enum coffer_sql_bound upper, sqlite3_value *to);

enum {
	COFFER_SQL_TAME = 1,    /* every time lies in the years 1 to 9999 */
	COFFER_SQL_ORDERLY = 2, /* or is infinite: their texts sort as they do */
	COFFER_SQL_PROBED = 4,
};
/* Of a column of times. 0 where no index tells. */
unsigned
coffer_sql_probe(struct coffer_sql_table *table, uint16_t column);

/* ------------------------------------------------------------------ functions of a column (overload.c) */

/* sqlite3_module.xFindFunction: date() of a column. */
int
coffer_sql_find_function(sqlite3_vtab *table, int count, const char *name,
			 void (**function)(sqlite3_context *, int, sqlite3_value **),
			 void **context);

/* ------------------------------------------------------------------ the text of a statement (statement.c) */

/* Whether a statement that runs has a GROUP BY, or looks for a row value in a list, (a, b) IN (...). Not where a view does. */
bool
coffer_sql_is_grouping(sqlite3 *db);
bool
coffer_sql_has_rows_in(sqlite3 *db);

/* ------------------------------------------------------------------ values (value.c, array.c, time.c) */

/* Whether a value is bytes that stand somewhere. */
static inline bool
coffer_sql_has_text(const coffer_value *value)
{
	return value->kind >= COFFER_TEXT;
}

/* Below, equal to or above 0 as the one text is below, equal to or above the other, byte by byte. */
static inline int
coffer_sql_text_compare(coffer_text left, coffer_text right)
{
	size_t common = left.size < right.size ? left.size : right.size;
	int order = common ? memcmp(left.data, right.data, common) : 0;

	return order ? order : (left.size > right.size) - (left.size < right.size);
}
uint64_t
coffer_sql_text_hash(coffer_text text);

enum { COFFER_SQL_TIME_SIZE = COFFER_SCALAR_TEXT_SIZE + 8 };

/* Texts of one snapshot that many rows share (text.c). NULL: no memory. */
struct coffer_sql_texts;
struct coffer_sql_texts *
coffer_sql_texts_make(void);
void
coffer_sql_texts_free(struct coffer_sql_texts *texts);
/* Whether no more of them, or few, are kept. */
bool
coffer_sql_texts_are_full(const struct coffer_sql_texts *texts);
/* A text that stands in the snapshot's map, with a NUL behind it, until they are freed. NULL: copy it. */
const char *
coffer_sql_texts_find(struct coffer_sql_texts *texts, coffer_text text);
/* The same of any text, wherever it stands. */
const char *
coffer_sql_texts_keep(struct coffer_sql_texts *texts, coffer_text text);

/* How a cursor's values are given to SQLite. */
struct coffer_sql_giver {
	const coffer_txn *txn; /* that they are read in */
	struct coffer_sql_texts *texts; /* NULL: none is kept */
	bool is_scanned;       /* of many rows, not of one */
	const char *kept; /* the text of `texts` that SQLite was given last; NULL: none was, or it copied one */
	/* The text of the time that was printed last: one and the same is asked for several times a row. */
	bool has_zone;
	int64_t time;
	size_t size; /* 0: none yet */
	char text[COFFER_SQL_TIME_SIZE];
	coffer_buffer array; /* the last one's JSON */
};

void
coffer_sql_giver_release(struct coffer_sql_giver *giver);

/* Give SQLite a value of the column. */
void
coffer_sql_result(sqlite3_context *context, struct coffer_sql_giver *giver,
		  const coffer_column *column, const coffer_value *value);

/* Give SQLite a text that stands somewhere while the row does. */
void
coffer_sql_result_text(sqlite3_context *context, struct coffer_sql_giver *giver,
		       coffer_text text);

/* Whether a column's values are arrays, which SQL sees as JSON; and give SQLite one. */
bool
coffer_sql_is_array(const coffer_column *column);
void
coffer_sql_result_array(sqlite3_context *context, struct coffer_sql_giver *giver,
			const coffer_column *column, const coffer_value *value);

/* What an argument says of a column that is to equal it. */
enum coffer_sql_match {
	COFFER_SQL_MATCH_VALUE,  /* what equals it is this value */
	COFFER_SQL_MATCH_NONE,   /* nothing does */
	COFFER_SQL_MATCH_UNSURE, /* that depends on what SQLite converts */
};
/* `out` borrows from the argument. */
enum coffer_sql_match
coffer_sql_match(const coffer_column *column, sqlite3_value *argument, bool is_null_safe,
		 coffer_value *out);

/*
 * Whether it cannot be told how SQLite compares a bound with the column: a number with times, which are texts. By itself it
 * becomes a text; beside the number of a column, or a CAST to one, every text is above it. Below all times both are one;
 * where these are not all of the years 1 to 9999, below "-infinity".
 */
bool
coffer_sql_is_unclear(const coffer_column *column, sqlite3_value *bound, bool is_tame);

/* One range [from, to) of a column; an absent bound is none. */
struct coffer_sql_range {
	bool has_from, has_to;
	coffer_value from, to;
};
enum { COFFER_SQL_RANGES_MAX = 3 };
/*
 * The ranges, ascending, outside of which no value of the column lies within the bounds; either argument may be NULL: no
 * bound. Returns their number.
 */
size_t
coffer_sql_ranges(const coffer_column *column, enum coffer_sql_bound lower, sqlite3_value *from,
		  enum coffer_sql_bound upper, sqlite3_value *to, bool is_tame,
		  struct coffer_sql_range out[COFFER_SQL_RANGES_MAX]);

/* The first and the last microsecond of the years 1 to 9999, whose texts sort as they do. */
#define COFFER_SQL_TIME_FIRST (INT64_C(-63082281600) * 1000000)
#define COFFER_SQL_TIME_LAST (INT64_C(252455615999) * 1000000 + 999999)

size_t
coffer_sql_time_print(int64_t time, bool has_zone, char out[COFFER_SQL_TIME_SIZE]);
/* The same where `out` begins with what was printed of the time `last`, which is quicker for one of the same day. */
size_t
coffer_sql_time_print_near(int64_t last, int64_t time, bool has_zone,
			   char out[COFFER_SQL_TIME_SIZE]);
/* Below, equal to or above 0 as the time's text is below, equal to or above `text`. */
int
coffer_sql_time_compare(int64_t time, bool has_zone, coffer_text text);

/* The first time of the years 1 to 9999 whose text is not below `text`, or (is_above) is above it; the microsecond
 * behind them where there is none. */
int64_t
coffer_sql_time_seek(coffer_text text, bool has_zone, bool is_above);

/* ------------------------------------------------------------------ lists (lists.c) */

/* Register the table functions. */
int
coffer_sql_lists_register(struct coffer_sql *sql);

/* ------------------------------------------------------------------ roll-ups (rollup.c) */

/* Register the table function coffer_rollup. */
int
coffer_sql_rollup_register(struct coffer_sql *sql);

#endif
