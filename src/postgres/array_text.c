/*
 * Values into text[] fields of binary COPY: packed arrays, and the text form read back.
 *
 *   text := [bounds "="] level      level := "{" item ("," item)* "}"
 *   bounds := ("[" [lower ":"] upper "]")+   item := level, or an element at the innermost level
 *
 * The number of dimensions is that of the leading braces, which gives the header its size; its
 * sizes are filled in when the last brace has told them. Depth is bounded by the six dimensions.
 */
#include "postgres/array.h"

#include "postgres/copy_bytes.h"

#include <strings.h>

struct parser {
	const char *at, *end;
	coffer_buffer *out;
	size_t dimensions;
	int32_t sizes[COFFER_ARRAY_DIMENSIONS_MAX]; /* 0: not yet known */
	int32_t lowers[COFFER_ARRAY_DIMENSIONS_MAX];
	bool has_nulls;
};

static const char not_an_array[] = "the text is not the text form of an array";

static bool
accept(struct parser *parser, char c)
{
	if (parser->at == parser->end || *parser->at != c)
		return false;
	parser->at++;
	return true;
}

static bool
parse_integer(struct parser *parser, int32_t *number_out)
{
	bool is_negative = accept(parser, '-');
	const char *start = parser->at;
	int64_t number = 0;

	while (parser->at < parser->end && *parser->at >= '0' && *parser->at <= '9') {
		number = number * 10 + (*parser->at++ - '0');
		if (number > (int64_t)INT32_MAX + is_negative)
			return false;
	}
	*number_out = (int32_t)(is_negative ? -number : number);
	return parser->at > start;
}

static bool
parse_bounds(struct parser *parser)
{
	size_t count = 0;

	while (accept(parser, '[')) {
		int32_t lower = 1, upper;

		if (count == COFFER_ARRAY_DIMENSIONS_MAX || !parse_integer(parser, &upper))
			return false;
		if (accept(parser, ':')) {
			lower = upper;
			if (!parse_integer(parser, &upper))
				return false;
		}
		if (!accept(parser, ']') || upper < lower || (int64_t)upper - lower >= INT32_MAX)
			return false;
		parser->lowers[count] = lower;
		parser->sizes[count++] = upper - lower + 1;
	}
	parser->dimensions = count;
	return !count || accept(parser, '=');
}

/* The element's text goes straight behind a size that is filled in at its end. */
static bool
parse_quoted(struct parser *parser)
{
	while (parser->at < parser->end && *parser->at != '"') {
		if (*parser->at == '\\' && ++parser->at == parser->end)
			return false;
		coffer_copy_put(parser->out, parser->at++, 1);
	}
	return accept(parser, '"');
}

static bool
parse_bare(struct parser *parser, bool *is_null_out)
{
	const char *start = parser->at;
	size_t size;

	while (parser->at < parser->end && !memchr("\"\\{}, \t\n\v\f\r", *parser->at, 11))
		parser->at++;
	size = (size_t)(parser->at - start);
	*is_null_out = size == 4 && !strncasecmp(start, "NULL", 4);
	if (!*is_null_out)
		coffer_copy_put(parser->out, start, size);
	return size > 0;
}

static bool
parse_element(struct parser *parser)
{
	size_t at = parser->out->size;
	bool is_null = false, is_right;
	size_t size;

	coffer_copy_put_u32(parser->out, 0);
	is_right = accept(parser, '"') ? parse_quoted(parser) : parse_bare(parser, &is_null);
	if (!is_right || parser->out->is_failed)
		return false;
	size = parser->out->size - at - 4;
	if (size > INT32_MAX)
		return false;
	parser->has_nulls = parser->has_nulls || is_null;
	coffer_copy_store_u32(parser->out->data + at, is_null ? UINT32_MAX : (uint32_t)size);
	return true;
}

static bool
parse_level(struct parser *parser, size_t depth)
{
	bool is_innermost = depth + 1 == parser->dimensions;
	int32_t count = 0;

	if (!accept(parser, '{'))
		return false;
	do {
		if (!(is_innermost ? parse_element(parser) : parse_level(parser, depth + 1)) ||
		    count == INT32_MAX)
			return false;
		count++;
	} while (accept(parser, ','));
	if (!accept(parser, '}') || (parser->sizes[depth] && parser->sizes[depth] != count))
		return false;
	parser->sizes[depth] = count;
	return true;
}

static bool
count_braces(struct parser *parser)
{
	size_t given = parser->dimensions;
	size_t left = (size_t)(parser->end - parser->at);
	size_t count = 0;

	while (count < left && count <= COFFER_ARRAY_DIMENSIONS_MAX && parser->at[count] == '{')
		count++;
	for (size_t i = 0; !given && i < count && i < COFFER_ARRAY_DIMENSIONS_MAX; i++)
		parser->lowers[i] = 1;
	parser->dimensions = count;
	return count && count <= COFFER_ARRAY_DIMENSIONS_MAX && (!given || given == count);
}

static void
put_empty(coffer_buffer *out)
{
	coffer_copy_put_u32(out, 0);
	coffer_copy_put_u32(out, 0);
	coffer_copy_put_u32(out, COFFER_ARRAY_TEXT_OID);
}

static const char *
encode_text(coffer_text text, coffer_buffer *out)
{
	struct parser parser = {.at = text.data, .end = text.data + text.size, .out = out};
	size_t header = out->size;
	char *at;

	if (text.size == 2 && !memcmp(text.data, "{}", 2)) {
		put_empty(out);
		return NULL;
	}
	if (!text.size || !parse_bounds(&parser) || !count_braces(&parser))
		return not_an_array;
	for (size_t i = 0; i < 3 + 2 * parser.dimensions; i++)
		coffer_copy_put_u32(out, 0);
	if (!parse_level(&parser, 0) || parser.at != parser.end)
		return out->is_failed ? "no memory for an array" : not_an_array;
	at = out->data + header;
	coffer_copy_store_u32(at, (uint32_t)parser.dimensions);
	coffer_copy_store_u32(at + 4, parser.has_nulls ? 1 : 0);
	coffer_copy_store_u32(at + 8, COFFER_ARRAY_TEXT_OID);
	for (size_t i = 0; i < parser.dimensions; i++) {
		coffer_copy_store_u32(at + 12 + 8 * i, (uint32_t)parser.sizes[i]);
		coffer_copy_store_u32(at + 16 + 8 * i, (uint32_t)parser.lowers[i]);
	}
	return NULL;
}

static const char *
encode_packed(coffer_text packed, coffer_buffer *out)
{
	coffer_array_reader reader;
	size_t header = out->size;
	bool has_nulls = false;
	coffer_text element;

	if (coffer_array_open(packed, &reader) || reader.left > INT32_MAX)
		return "a packed array is damaged";
	coffer_copy_put_u32(out, reader.left ? 1 : 0);
	coffer_copy_put_u32(out, 0);
	coffer_copy_put_u32(out, COFFER_ARRAY_TEXT_OID);
	if (reader.left) {
		coffer_copy_put_u32(out, (uint32_t)reader.left);
		coffer_copy_put_u32(out, 1);
	}
	while (reader.left) {
		if (coffer_array_next(&reader, &element) || element.size > INT32_MAX)
			return "a packed array is damaged";
		has_nulls = has_nulls || !element.data;
		coffer_copy_put_u32(out, element.data ? (uint32_t)element.size : UINT32_MAX);
		if (element.data)
			coffer_copy_put(out, element.data, element.size);
	}
	if (has_nulls && !out->is_failed)
		coffer_copy_store_u32(out->data + header + 4, 1);
	return out->is_failed ? "no memory for an array" : NULL;
}

const char *
coffer_array_encode(const coffer_value *value, coffer_buffer *out)
{
	if (value->kind == COFFER_OTHER)
		return encode_text(value->text, out);
	return encode_packed(value->text, out);
}
