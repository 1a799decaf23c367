/*
 * Inside the parsing of connection strings: what target.c and target_uri.c share. The contract is
 * in session.h.
 */
#ifndef COFFER_POSTGRES_TARGET_H
#define COFFER_POSTGRES_TARGET_H

#include "postgres/session.h"

enum { PARAMETER_SIZE_MAX = 40 }; /* bytes in a parameter's name */

/* A letter, digit, '_' or '+': what names and schemes are made of. */
bool
coffer_target_is_word(char letter);

/* Is this one of libpq's parameters, or our own `schema`? */
bool
coffer_target_is_parameter(const char *name, size_t size);

coffer_status
coffer_target_no_memory(coffer_error *error);

/* `source` has "://". Fills both fields of a zeroed `target`, some of them also when it fails. */
COFFER_CHECKED coffer_status
coffer_target_parse_uri(const char *source, struct coffer_target *target, coffer_error *error);

#endif
