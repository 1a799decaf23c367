/*
 * The steps of coffer_schema_settle, in their order.
 */
#ifndef COFFER_SCHEMA_SETTLE_H
#define COFFER_SCHEMA_SETTLE_H

#include "coffer.h"

/* Settle without laying the built-in schema over it: the built-in schema itself. */
COFFER_CHECKED coffer_status
coffer_schema_settle_bare(coffer_schema *schema, coffer_error *error);

/* Names, numbers and limits of what was put together, before anything is derived. */
COFFER_CHECKED coffer_status
coffer_schema_check(const coffer_schema *schema, coffer_error *error);

/* What the built-in schema `known` says of tables of the same names: client defaults, interned marks,
 * time columns, soft relations, roll-ups. What the schema says itself stays. */
COFFER_CHECKED coffer_status
coffer_schema_overlay(coffer_schema *schema, const coffer_schema *known, coffer_error *error);

/* The roll-up `known` of a known table, where `table` has its columns and not yet a roll-up of its name. */
COFFER_CHECKED coffer_status
coffer_schema_add_known_rollup(coffer_schema *schema, coffer_table *table,
			       const coffer_table *known_table, const coffer_rollup *known,
			       coffer_error *error);

/* Check roll-ups, give them names and ids, and mark the text columns that they are by as interned: before what is known is laid over
 * them, and again with that. */
COFFER_CHECKED coffer_status
coffer_schema_settle_rollups(coffer_schema *schema, coffer_error *error);

/* "hour", "day"; NULL of no unit. */
const char *
coffer_rollup_unit_name(coffer_rollup_unit unit);

/* Find the tables that relations refer to and mark text columns at both ends as interned. */
COFFER_CHECKED coffer_status
coffer_schema_resolve(coffer_schema *schema, coffer_error *error);

#endif
