/*
 * UTF-8 as Postgres takes it: RFC 3629 section 4, and no NUL byte.
 */
#ifndef COFFER_BASE_UTF8_H
#define COFFER_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

bool
coffer_utf8_is_valid(const char *data, size_t size);

#endif
