/*
 * The statements around COPY. All names in them are quoted and unqualified but for the schema.
 */
#ifndef COFFER_POSTGRES_COPY_SQL_H
#define COFFER_POSTGRES_COPY_SQL_H

#include "postgres/copy_write.h"
#include "postgres/piece.h"
#include "transfer/transfer.h"

/*
 * True when binary COPY can carry the column both ways: its own kind, or an enum, whose label is
 * its bytes.
 */
bool
coffer_copy_is_binary(const coffer_schema *schema, const coffer_column *column);

/* Append a double-quoted identifier, or a quoted literal. */
void
coffer_copy_put_identifier(coffer_buffer *out, const char *name);
void
coffer_copy_put_literal(coffer_buffer *out, const char *text);

/* Append a table's name with its schema's. */
void
coffer_copy_put_table(coffer_buffer *out, const char *schema_name, const char *table_name);

/* Does an index give the table's rows in the order of their times? They are read in that order then. */
bool
coffer_copy_has_time_order(const coffer_table *table);

/*
 * Append the statement that gives the table's rows to a coffer_copy_reader, in order of their
 * arrival where an index gives that. `schema_name` is the schema at the server. Of a table with a time
 * column the rows from the selection's `since` on; those of this piece of it, or NULL: all.
 */
void
coffer_copy_out_sql(coffer_buffer *out, const coffer_schema *schema, const coffer_table *table,
		    const char *schema_name, const coffer_selection *selection,
		    const struct coffer_piece *piece);

/*
 * Append the statement that takes what the writer writes, into this table of the server's. `is_new`: the
 * transaction made it itself.
 */
void
coffer_copy_in_sql(coffer_buffer *out, const struct coffer_copy_writer *writer,
		   const char *schema_name, const char *table_name, bool is_new);

#endif
