/*
 * Names of at most 63 bytes that are made of other names, as the server, Prisma and coffer make them.
 */
#ifndef COFFER_SCHEMA_NAME_H
#define COFFER_SCHEMA_NAME_H

#include "coffer.h"

/* `size` cut back to at most `size_max` without cutting a UTF-8 character in two. */
size_t
coffer_name_clip(const char *name, size_t size, size_t size_max);

/* `base` and `suffix` joined, the base cut so that the suffix stays whole, as Prisma cuts. The copy
 * lives as long as the schema; NULL when memory is out. */
char *
coffer_name_join(coffer_schema *schema, const char *base, const char *suffix);

/* "<table>_<column>_..." of these columns; release it after use. */
void
coffer_name_columns(coffer_buffer *out, const coffer_table *table, const uint16_t *columns,
		    size_t count);

/* The name that the server gives to the sequence of a serial column. NULL when memory is out. */
char *
coffer_name_sequence(coffer_schema *schema, const char *table, const char *column);

/* Is `spelled`, as the server prints an identifier, this name? */
bool
coffer_name_is_spelled(const char *spelled, const char *name);

/* True where each of the `count` names differs from the others; `twice_out` is one that does not.
 * Sorts `names`. */
bool
coffer_names_differ(const char **names, size_t count, const char **twice_out);

#endif
