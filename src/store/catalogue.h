/*
 * The catalogue's large entries: the schema and the provenance, between bytes and memory.
 * SPEC.md 6.3 and 6.5.
 */
#ifndef COFFER_STORE_CATALOGUE_H
#define COFFER_STORE_CATALOGUE_H

#include "coffer.h"
#include "format/fault.h"

/* Append the payload of the entry `schema`. Sequence states are not in it. */
coffer_status
coffer_catalogue_encode_schema(const coffer_schema *schema, coffer_buffer *out, coffer_error *error);

/*
 * Decode it: bounded by the bytes given, every name, number and reference checked, and everything
 * derived as it stands in the bytes (positions, trees, key columns), so that no rule of the writer is
 * needed to read. COFFER_CORRUPT with the place; COFFER_NO_MEMORY.
 */
coffer_status
coffer_catalogue_decode_schema(const uint8_t *payload, size_t size, coffer_schema **schema_out,
			       coffer_error *error);

/*
 * The roll-ups of a table: the entry `rollups/<table>`. Decoded they live in the schema's memory, of which `table` is one; whether
 * their columns are of the right kinds coffer_catalogue_check_rollups tells, once those of all tables are there.
 */
coffer_status
coffer_catalogue_encode_rollups(const coffer_table *table, coffer_buffer *out, coffer_error *error);
coffer_status
coffer_catalogue_decode_rollups(const uint8_t *payload, size_t size, coffer_schema *schema,
				coffer_table *table, coffer_error *error);

/* Of a schema with roll-ups: names differ, columns are of their kinds, ids ascend. What is wrong gets `wrong`: COFFER_CORRUPT of
 * what was read, COFFER_INVALID of what is to be written. */
COFFER_CHECKED coffer_status
coffer_catalogue_check_rollups(const coffer_schema *schema, coffer_status wrong, coffer_error *error);

/* Has any table of the schema a roll-up? */
bool
coffer_schema_has_rollups(const coffer_schema *schema);

/* The roll-ups of a schema into a copy of it, which has the same tables without them. COFFER_NO_MEMORY. */
COFFER_CHECKED coffer_status
coffer_schema_copy_rollups(const coffer_schema *schema, coffer_schema *copy, coffer_error *error);

/* Provenance: the entry `source`. Decoded steps live in `schema`'s memory. */
coffer_status
coffer_catalogue_encode_steps(const coffer_step *steps, size_t count, coffer_buffer *out,
			      coffer_error *error);
coffer_status
coffer_catalogue_decode_steps(const uint8_t *payload, size_t size, coffer_schema *schema,
			      coffer_step **steps_out, size_t *count_out, coffer_error *error);

#endif
