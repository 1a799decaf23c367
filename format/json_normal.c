/*
 * Is a document in jsonb's normal form? The common case of an import, so one pass and no copy: every token must be
 * written as jsonb writes it, as far from the one before as jsonb puts it, and every name above the one before.
 */
#include "format/json.h"

#include <string.h>

enum { LEVELS_MAX = 64 };

/* The last name of each object that is open, and the end of the last token. */
struct walk {
	coffer_text names[LEVELS_MAX + 1];
	const char *end;
	coffer_json_type before;
};

static bool
is_above(coffer_text name, coffer_text before)
{
	if (!before.data || name.size != before.size)
		return !before.data || name.size > before.size;
	return memcmp(name.data, before.data, name.size) > 0;
}

/* One space behind a colon or a comma, nothing else between two tokens. The grammar says where these are. */
static bool
is_spaced(const struct walk *walk, const char *begin, coffer_json_type type)
{
	bool is_close = type == COFFER_JSON_OBJECT_END || type == COFFER_JSON_ARRAY_END;
	bool is_first = walk->before == COFFER_JSON_OBJECT || walk->before == COFFER_JSON_ARRAY ||
			walk->before == COFFER_JSON_END;

	if (is_first || is_close || type == COFFER_JSON_END)
		return begin == walk->end;
	return begin - walk->end == 2 && begin[-1] == ' ';
}

static bool
take(struct walk *walk, const coffer_json_token *token, unsigned depth)
{
	bool is_quoted = token->type == COFFER_JSON_NAME || token->type == COFFER_JSON_STRING;

	if (!is_spaced(walk, token->text.data - is_quoted, token->type))
		return false;
	if ((is_quoted || token->type == COFFER_JSON_NUMBER) && !token->is_normal)
		return false;
	if (token->type == COFFER_JSON_OBJECT)
		walk->names[depth] = (coffer_text){NULL, 0};
	if (token->type == COFFER_JSON_NAME) {
		if (token->decoded_size != token->text.size ||
		    !is_above(token->text, walk->names[depth]))
			return false;
		walk->names[depth] = token->text;
	}
	walk->end = token->text.data + token->text.size + is_quoted;
	walk->before = token->type;
	return true;
}

bool
coffer_json_is_normal(coffer_text document)
{
	coffer_json_reader reader;
	coffer_json_token token;
	struct walk walk;

	walk.end = document.data;
	walk.before = COFFER_JSON_END;
	if (document.size > COFFER_JSON_SIZE_SAFE)
		return false;
	coffer_json_reader_init(&reader, document);
	do {
		if (coffer_json_next(&reader, &token, NULL) || reader.depth > LEVELS_MAX ||
		    !take(&walk, &token, reader.depth))
			return false;
	} while (token.type != COFFER_JSON_END);
	return true;
}

/* ------------------------------------------------------------------ names */

/* The bytes that a string stands for, one after another. */
struct decoder {
	coffer_text rest;
	char bytes[COFFER_JSON_ESCAPE_SIZE_MAX]; /* of an escape */
	size_t taken, count;
};

static unsigned char
next_byte(struct decoder *decoder)
{
	size_t used;

	if (decoder->taken < decoder->count)
		return (unsigned char)decoder->bytes[decoder->taken++];
	if (*decoder->rest.data != '\\') {
		decoder->rest.size--;
		return (unsigned char)*decoder->rest.data++;
	}
	decoder->count = coffer_json_decode_escape(decoder->rest, decoder->bytes, &used);
	decoder->rest.data += used;
	decoder->rest.size -= used;
	decoder->taken = 1;
	return (unsigned char)decoder->bytes[0];
}

int
coffer_json_compare_decoded(coffer_text left, coffer_text right, size_t decoded_size)
{
	struct decoder lefts = {.rest = left}, rights = {.rest = right};
	int order = 0;

	if (left.size == decoded_size && right.size == decoded_size)
		return decoded_size ? memcmp(left.data, right.data, decoded_size) : 0;
	for (size_t i = 0; !order && i < decoded_size; i++)
		order = next_byte(&lefts) - next_byte(&rights);
	return order;
}
