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

/* Provenance: the entry `source`. Decoded steps live in `schema`'s memory. */
coffer_status
coffer_catalogue_encode_steps(const coffer_step *steps, size_t count, coffer_buffer *out,
			      coffer_error *error);
coffer_status
coffer_catalogue_decode_steps(const uint8_t *payload, size_t size, coffer_schema *schema,
			      coffer_step **steps_out, size_t *count_out, coffer_error *error);

#endif
