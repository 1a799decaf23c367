/*
 * Inside the writer of DDL. Everything goes by plain writing into one buffer; its failure sticks.
 */
#ifndef COFFER_SCHEMA_WRITE_SQL_H
#define COFFER_SCHEMA_WRITE_SQL_H

#include "coffer.h"

/* A quoted SQL literal, for any setting of standard_conforming_strings. */
void
coffer_sql_literal(coffer_buffer *out, const char *text);

/* "(a, b)" */
void
coffer_sql_columns(coffer_buffer *out, const coffer_table *table, const uint16_t *columns,
		   size_t count);

/* " START WITH 1 INCREMENT BY 1 ..." */
void
coffer_sql_sequence_options(coffer_buffer *out, const coffer_sequence *sequence);

/* True for a check that was added NOT VALID: it follows the data. */
bool
coffer_sql_is_late(const coffer_check *check);

/* CREATE TABLE of each table, then the sequences' owners and the partitions' parents. */
void
coffer_sql_tables(coffer_buffer *out, const coffer_schema *schema);

/* Keys, indexes, late checks and what depends on indexes. */
void
coffer_sql_keys(coffer_buffer *out, const coffer_schema *schema);
void
coffer_sql_index(coffer_buffer *out, const char *table, bool is_only, const coffer_index *index);
void
coffer_sql_relations(coffer_buffer *out, const coffer_schema *schema);

/* COMMENT ON everything; on the schema itself where it is named. */
void
coffer_sql_comments(coffer_buffer *out, const coffer_schema *schema, const char *schema_name);

#endif
