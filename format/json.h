/*
 * jsonb's normal form: the text that Postgres prints for a document. Members by length of their names, then by
 * bytes, none twice; ": " and ", " between; numbers as numeric prints them; escapes only where they must be.
 */
#ifndef COFFER_FORMAT_JSON_H
#define COFFER_FORMAT_JSON_H

#include "coffer.h"

enum {
	/* Digits of a numeric, which is what jsonb makes of a number: before its point and behind it. */
	COFFER_NUMBER_WHOLE_MAX = 131072,
	COFFER_NUMBER_FRACTION_MAX = 16383,
	/* Documents up to this size are within the limits of jsonb's size: no text takes more than 6 bytes there
	 * for one of its own, and there may be 2^28 - 1. */
	COFFER_JSON_SIZE_SAFE = 32 << 20,
};

/*
 * True where `document` is in normal form and Postgres can hold it. False says nothing certain: what is rare (names
 * with escapes, more than a few levels, more bytes than any limit of jsonb allows to pass unseen) is left to a
 * slower look.
 */
bool
coffer_json_is_normal(coffer_text document);

enum { COFFER_JSON_ESCAPE_SIZE_MAX = 4 };

/* Write what the escape at the beginning of `rest`, a part of a string that can be decoded, stands for. Returns
 * its size, and how much of `rest` it is in `used_out`. */
size_t
coffer_json_decode_escape(coffer_text rest, char out[COFFER_JSON_ESCAPE_SIZE_MAX],
			  size_t *used_out);

/* Compare, as memcmp does, what two strings stand for: both `decoded_size` bytes. */
int
coffer_json_compare_decoded(coffer_text left, coffer_text right, size_t decoded_size);

#endif
