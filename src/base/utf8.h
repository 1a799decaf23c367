/*
 * UTF-8 as Postgres takes it: RFC 3629 section 4, and no NUL byte.
 */
#ifndef COFFER_BASE_UTF8_H
#define COFFER_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The size of the character of several bytes (its first is 0x80 or more) at `at`; 0 where it is not
 * well-formed or does not end within `left`. */
size_t
coffer_utf8_character_size(const uint8_t *at, size_t left);

bool
coffer_utf8_is_valid(const char *data, size_t size);

#endif
