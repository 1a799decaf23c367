/*
 * From a type's name to the way its values are held. SPEC.md 4.3.
 */
#ifndef COFFER_SCHEMA_KIND_H
#define COFFER_SCHEMA_KIND_H

#include "coffer.h"

/* Derive kind, width, zone and binary JSON of a column from its type, through domains of the schema. */
void
coffer_column_derive_kind(const coffer_schema *schema, coffer_column *column);

/* What the column's type is below its domains, as format_type() prints it, modifier and all. */
const char *
coffer_column_plain_type(const coffer_schema *schema, const coffer_column *column);

/* The schema's enum of this type's name, quoted or not; NULL where it has none. */
const coffer_enum *
coffer_schema_find_enum(const coffer_schema *schema, const char *type);

#endif
