/*
 * A small checker of jsonb's normal form: the text that Postgres prints for a document. Members by
 * length and then by bytes, none twice; one space behind ':' and ','; escapes only where they must be;
 * numbers without exponent. Good enough to hold generated documents against, no general parser.
 */
#ifndef COFFER_TESTS_GENERATE_JSONB_H
#define COFFER_TESTS_GENERATE_JSONB_H

#include "coffer.h"

#include <ctype.h>
#include <string.h>

struct jsonb_walk {
	const char *at, *end;
};

static bool
jsonb_value(struct jsonb_walk *walk, int depth);

static bool
jsonb_take(struct jsonb_walk *walk, const char *text)
{
	size_t size = strlen(text);

	if ((size_t)(walk->end - walk->at) < size || memcmp(walk->at, text, size) != 0)
		return false;
	walk->at += size;
	return true;
}

/* A control character without a two-letter escape: \u00 and two lower-case digits. */
static bool
jsonb_escape(struct jsonb_walk *walk)
{
	int high, low;

	if (walk->end - walk->at >= 1 && strchr("\"\\bfnrt", *walk->at)) {
		walk->at++;
		return true;
	}
	if (!jsonb_take(walk, "u00") || walk->end - walk->at < 2)
		return false;
	high = walk->at[0];
	low = walk->at[1];
	walk->at += 2;
	return (high == '0' || high == '1') &&
	       ((low >= '0' && low <= '9') || (low >= 'a' && low <= 'f')) &&
	       !(high == '0' && strchr("89acd", low));
}

static bool
jsonb_string(struct jsonb_walk *walk, coffer_text *content_out)
{
	const char *from = walk->at + 1;

	if (!jsonb_take(walk, "\""))
		return false;
	while (walk->at < walk->end && *walk->at != '"') {
		if ((unsigned char)*walk->at < 0x20)
			return false;
		if (*walk->at++ == '\\' && !jsonb_escape(walk))
			return false;
	}
	*content_out = (coffer_text){from, (size_t)(walk->at - from)};
	return jsonb_take(walk, "\"");
}

static bool
jsonb_digits(struct jsonb_walk *walk)
{
	const char *from = walk->at;

	while (walk->at < walk->end && isdigit((unsigned char)*walk->at))
		walk->at++;
	return walk->at > from;
}

static bool
jsonb_number(struct jsonb_walk *walk)
{
	const char *from;

	jsonb_take(walk, "-");
	from = walk->at;
	if (!jsonb_digits(walk) || (*from == '0' && walk->at - from > 1))
		return false;
	return !jsonb_take(walk, ".") || jsonb_digits(walk);
}

static bool
jsonb_object(struct jsonb_walk *walk, int depth)
{
	coffer_text name, before = {NULL, 0};

	if (jsonb_take(walk, "}"))
		return true;
	do {
		if (!jsonb_string(walk, &name) || !jsonb_take(walk, ": ") ||
		    !jsonb_value(walk, depth))
			return false;
		if (before.data &&
		    (name.size < before.size ||
		     (name.size == before.size && memcmp(name.data, before.data, name.size) <= 0)))
			return false;
		before = name;
	} while (jsonb_take(walk, ", "));
	return jsonb_take(walk, "}");
}

static bool
jsonb_array(struct jsonb_walk *walk, int depth)
{
	if (jsonb_take(walk, "]"))
		return true;
	do {
		if (!jsonb_value(walk, depth))
			return false;
	} while (jsonb_take(walk, ", "));
	return jsonb_take(walk, "]");
}

static bool
jsonb_value(struct jsonb_walk *walk, int depth)
{
	coffer_text string;

	if (depth == 0 || walk->at == walk->end)
		return false;
	if (jsonb_take(walk, "{"))
		return jsonb_object(walk, depth - 1);
	if (jsonb_take(walk, "["))
		return jsonb_array(walk, depth - 1);
	if (*walk->at == '"')
		return jsonb_string(walk, &string);
	return jsonb_take(walk, "null") || jsonb_take(walk, "true") || jsonb_take(walk, "false") ||
	       jsonb_number(walk);
}

static bool
jsonb_is_normal(coffer_text text)
{
	struct jsonb_walk walk = {text.data, text.data + text.size};

	return jsonb_value(&walk, 16) && walk.at == walk.end;
}

#endif
