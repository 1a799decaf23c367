/*
 * UTF-8 by RFC 3629 section 4: no overlong forms, no surrogates, nothing above U+10FFFF; and no NUL byte,
 * which Postgres takes in no text. Nearly all texts are ASCII, so eight bytes at a time come first.
 */
#include "base/utf8.h"

#include <string.h>

#define ONES UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

/* Each byte is 01 to 7f. */
static inline bool
is_plain(const uint8_t *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return !((word | (word - ONES)) & HIGHS);
}

static inline bool
is_in(uint8_t byte, uint8_t low, uint8_t high)
{
	return byte >= low && byte <= high;
}

size_t
coffer_utf8_character_size(const uint8_t *at, size_t left)
{
	uint8_t low = 0x80, high = 0xbf;
	size_t size = *at < 0xe0 ? 2 : *at < 0xf0 ? 3 : 4;

	if (!is_in(*at, 0xc2, 0xf4) || size > left)
		return 0;
	if (*at == 0xe0)
		low = 0xa0;
	else if (*at == 0xed)
		high = 0x9f;
	else if (*at == 0xf0)
		low = 0x90;
	else if (*at == 0xf4)
		high = 0x8f;
	if (!is_in(at[1], low, high))
		return 0;
	for (size_t i = 2; i < size; i++)
		if (!is_in(at[i], 0x80, 0xbf))
			return 0;
	return size;
}

bool
coffer_utf8_is_valid(const char *data, size_t size)
{
	const uint8_t *begin = (const uint8_t *)data, *at = begin;

	while (size) {
		size_t taken = 1;

		if (size >= 32 && is_plain(at) && is_plain(at + 8) && is_plain(at + 16) &&
		    is_plain(at + 24))
			taken = 32;
		else if (size >= 8 && is_plain(at))
			taken = 8;
		else if (size < 8 && at - begin >= 8 && is_plain(at + size - 8))
			return true; /* some of these were looked at before */
		else if (*at >= 0x80)
			taken = coffer_utf8_character_size(at, size);
		else if (!*at)
			return false;
		if (!taken)
			return false;
		at += taken;
		size -= taken;
	}
	return true;
}
