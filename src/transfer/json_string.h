/* A text as a JSON string. */
#ifndef COFFER_TRANSFER_JSON_STRING_H
#define COFFER_TRANSFER_JSON_STRING_H

#include "coffer.h"

/* Append the literal: the quote, the backslash and what is below U+0020 are escaped and nothing else. */
void
coffer_json_string(coffer_buffer *out, const char *bytes, size_t size);

#endif
