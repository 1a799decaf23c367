/*
 * From a type's name to the way its values are held. SPEC.md 4.3.
 */
#ifndef COFFER_SCHEMA_KIND_H
#define COFFER_SCHEMA_KIND_H

#include "coffer.h"

/* Derive kind, width, zone and binary JSON of a column from its type, through domains of the schema. */
void
coffer_column_derive_kind(const coffer_schema *schema, coffer_column *column);

#endif
