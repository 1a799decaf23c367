/*
 * A store's tables as tables of SQLite, so that SQL is answered by SQLite's engine: coffer has no query engine of its own.
 *
 * Every table that has rows of its own, known or carried, becomes a virtual table; a statement reads one snapshot of each
 * store, however many tables it joins. SQLite does not tell virtual tables that only are read of BEGIN: the statements of a
 * transaction each read their own. Nothing can be written.
 *
 * What a column is there:
 *
 *	bool				INTEGER, 0 or 1
 *	int2, int4, int8		INTEGER
 *	float4, float8			REAL; what SQLite does not store: NaN is NULL, -0 is 0
 *	timestamp			TEXT as Postgres prints it: "2024-11-05 10:20:30.12"
 *	timestamptz			TEXT, the same in UTC with "+00:00" behind it
 *	text, varchar			TEXT
 *	json, jsonb			TEXT, the document as Postgres prints it
 *	text[] and other arrays		TEXT, an array of JSON, of arrays where it has more dimensions than one: numbers,
 *					booleans and documents as they are, NULL as null, all else as strings
 *	bytea				BLOB
 *	any other type			TEXT, the server's text form
 *
 * Times of the years 1 to 9999 sort as text and are what SQLite's date functions take. A number that is compared with one is
 * refused where it cannot be told how SQLite would; so is a text that (a, b) IN (...) looks for among numbers, but in a view. In a
 * database whose encoding is UTF-16 a bound on times is ASCII.
 * A trigger's program is a statement of its own: it sees a state of its own. Texts are given where they stand as long as the
 * statement runs, but as copies to a SQLite that closes cursors before (SQLITE_ENABLE_EARLY_CURSOR_CLOSE).
 *
 * SQLite's names do not tell upper case from lower: of names that are equal but for case the first keeps its own, the
 * others get "_2", "_3" ... behind them. So does a table with the name of a table function, of coffer's or of SQLite's
 * json_each and json_tree, which it would hide. "sqlite_" gets "_" in front, and so does a table's "pragma_".
 */
#ifndef SQL_SQL_H
#define SQL_SQL_H

#include "coffer.h"
#include "sql/sqlite.h"

/* What one connection knows of coffer. Belongs to the connection: freed when that is closed. */
struct coffer_sql;

/*
 * How a store is opened that the SQL function coffer_attach names: where its owner is asked whether the file can be
 * trusted. `context` is the options'. Status as for coffer_store_open.
 */
typedef coffer_status (*coffer_sql_opener)(void *context, const char *path,
					   coffer_store **store_out, coffer_error *error);

struct coffer_sql_options {
	coffer_sql_opener open; /* NULL: coffer_store_open */
	void *open_context;     /* outlives the connection */
};

/*
 * Give `db` what coffer has: the module "coffer", the table functions coffer_tables, coffer_columns, coffer_indexes,
 * coffer_relations, coffer_rollups, coffer_sequences, coffer_provenance and coffer_verify, the aggregate coffer_sum(X)
 * (sum.h), and the functions coffer_attach(FILE [, SCHEMA [, 'unverified']]) and coffer_detach(SCHEMA), which only a
 * statement itself may call, never a view or trigger. Once a connection.
 * `options` may be NULL; it is copied. Returns SQLITE_OK, or a failure as sqlite3_errmsg(db) tells it.
 */
int
coffer_sql_register(sqlite3 *db, const struct coffer_sql_options *options,
		    struct coffer_sql **sql_out);

/*
 * Show the tables of `store`, and the gateway's views of them (views.h), in the schema `schema`: "main", "temp", or the name of
 * one that is made for it. Takes the
 * store, whatever it returns; it is closed with the connection or by coffer_detach.
 *
 * COFFER_INVALID    not a name for a schema, or the schema has a table of one of the names, as SQLite says
 * COFFER_NO_MEMORY
 */
COFFER_CHECKED coffer_status
coffer_sql_attach(struct coffer_sql *sql, coffer_store *store, const char *path, const char *schema,
		  coffer_error *error);

/* The schema of the store that was attached last under this name, borrowed from it; NULL: none was. */
const coffer_schema *
coffer_sql_schema(const struct coffer_sql *sql, const char *schema);

/*
 * Why a statement of this connection failed in a store's rows: damage, no memory ... Its status is COFFER_OK while
 * nothing failed there. Borrowed; cleared by coffer_sql_forget.
 */
const coffer_error *
coffer_sql_failure(const struct coffer_sql *sql);
void
coffer_sql_forget(struct coffer_sql *sql);

#endif
