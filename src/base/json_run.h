/*
 * The runs of a JSON string: what stands between its escapes and its end, eight bytes looked at at once.
 */
#ifndef BASE_JSON_RUN_H
#define BASE_JSON_RUN_H

#include "base/little.h"

#include <stdbool.h>
#include <stdint.h>

/* A quote, a backslash, a control character; with `is_ascii` a byte of a longer character too. */
static inline bool
coffer_json_ends_run(uint8_t byte, bool is_ascii)
{
	return byte == '"' || byte == '\\' || byte < 0x20 || (is_ascii && byte >= 0x80);
}

/* The same of eight bytes: the high bit of each that does. A borrow only reaches bytes behind a hit. */
static inline uint64_t
coffer_json_ends_of_run(uint64_t word, bool is_ascii)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), highs = 0x80 * ones;
	uint64_t quotes = word ^ ones * '"', slashes = word ^ ones * '\\';
	uint64_t hits = ((quotes - ones) & ~quotes) | ((slashes - ones) & ~slashes) |
			((word - ones * 0x20) & ~word);

	return (is_ascii ? hits | word : hits) & highs;
}

/* The first byte from `at` on that ends the run; `end` where there is none. */
static inline const char *
coffer_json_run_end(const char *at, const char *end, bool is_ascii)
{
	uint64_t hits;

	for (; end - at >= 8; at += 8) {
		hits = coffer_json_ends_of_run(coffer_little_u64((const uint8_t *)at), is_ascii);
		if (hits)
			return at + __builtin_ctzll(hits) / 8;
	}
	while (at < end && !coffer_json_ends_run((uint8_t)*at, is_ascii))
		at++;
	return at;
}

#endif
