/*
 * What lies where in a plain dump: the first pass over it, which reads every statement's first
 * words and steps over rows.
 */
#ifndef COFFER_TRANSFER_DUMP_MAP_H
#define COFFER_TRANSFER_DUMP_MAP_H

#include "transfer/input.h"
#include "transfer/sql_session.h"

#define COFFER_DUMP_STATEMENT_SIZE_MAX \
	((size_t)1 << 26) /* bytes of a statement other than INSERT */

enum {
	COFFER_DUMP_STATEMENTS_MAX = 1 << 20, /* that define something */
	COFFER_DUMP_BLOCKS_MAX = 1 << 18,
	COFFER_DUMP_SCHEMAS_MAX = 1024,
	COFFER_DUMP_VERSION_SIZE_MAX = 79,
};

/*
 * Rows of one table, one after another: those of a COPY, or of INSERT statements with the same
 * head.
 */
struct coffer_dump_block {
	struct coffer_sql_name table;
	bool is_copy, has_backslashes;
	uint64_t begin; /* where the statement stands in the file */
	uint64_t data;  /* where the first row does */
	uint64_t end;   /* behind the last one */
	uint64_t line;  /* of the data, from 1 */
	uint64_t rows;
};

/* A statement that may define something. */
struct coffer_dump_statement {
	uint64_t begin, line;
	size_t size;
};

struct coffer_dump_schema {
	char name[COFFER_NAME_SIZE_MAX + 1];
	bool has_tables; /* or rows of tables */
};

struct coffer_dump_map {
	struct coffer_dump_block *blocks;
	size_t block_count;
	struct coffer_dump_statement *statements;
	size_t statement_count;
	struct coffer_dump_schema *schemas; /* that are spoken of, in the order in which they are */
	size_t schema_count;
	bool has_tables; /* some are defined, not only filled */
	char server_version[COFFER_DUMP_VERSION_SIZE_MAX + 1]; /* "" where the dump does not say */
	char dump_version[COFFER_DUMP_VERSION_SIZE_MAX + 1];
};

/*
 * Make the map of what `input` gives, from the file's first byte on. `name` is the file's, for
 * places. Release it always.
 *
 * COFFER_INVALID    no dump: not SQL, cut, of several databases, in another encoding
 * COFFER_LIMIT      a statement or a number of things beyond the limits above
 * COFFER_NO_MEMORY, and what reading gives
 */
COFFER_CHECKED coffer_status
coffer_dump_map_make(struct coffer_dump_map *map, struct coffer_input *input, const char *name,
		     coffer_error *error);
void
coffer_dump_map_release(struct coffer_dump_map *map);

/*
 * What stands in front of rows: "COPY table (a, b) FROM stdin;", "INSERT INTO table (a, b) VALUES".
 */
struct coffer_dump_head {
	struct coffer_sql_name table;
	bool is_copy;
	bool is_default; /* INSERT ... DEFAULT VALUES: no row follows */
	bool has_columns;
	struct coffer_sql columns; /* at the list's bracket */
};

/*
 * Read the head at the first token of `sql`, which then is at the first token behind it, COPY's
 * semicolon. A bare table is in `schema`. False: it is none, or goes on behind the text.
 */
bool
coffer_dump_read_head(struct coffer_sql *sql, const char *schema,
		      struct coffer_dump_head *head_out);

#endif
