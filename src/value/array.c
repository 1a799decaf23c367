/*
 * text[]: the text form read into packed elements and a shape, and printed again.
 *
 *   text := [bounds "="] level      level := "{" item ("," item)* "}"
 *   bounds := ("[" [lower ":"] upper "]")+   item := level, or an element at the innermost level
 *
 * Blanks may stand around everything but inside of bounds. The number of dimensions is that of the leading braces;
 * what Postgres 12 to 16 and what 17 and 18 make of odd nesting differs, and only what both take is taken. Depth is
 * bounded by the six dimensions.
 */
#include "value/value.h"

#include "base/utf8.h"
#include "format/pack.h"

#include <string.h>

enum {
	HEADER_MAX = 5, /* of a packed array, and of an element */
	BOUNDS_SIZE_MAX = 32,
	COUNT_MAX = 134217727, /* elements of an array in Postgres */
};

struct parser {
	const char *at, *end;
	coffer_buffer *out; /* elements, behind room for the header */
	coffer_array_shape *shape;
	size_t dimensions;
	uint32_t count;
};

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void
skip_blanks(struct parser *parser)
{
	while (parser->at < parser->end && is_blank(*parser->at))
		parser->at++;
}

static bool
take(struct parser *parser, char c)
{
	if (parser->at == parser->end || *parser->at != c)
		return false;
	parser->at++;
	return true;
}

/* ------------------------------------------------------------------ bounds */

static bool
parse_integer(struct parser *parser, int32_t *number_out)
{
	bool is_negative = take(parser, '-');
	const char *start;
	int64_t number = 0;

	if (!is_negative)
		(void)take(parser, '+');
	start = parser->at;
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
	coffer_array_shape *shape = parser->shape;
	int32_t lower, upper;

	skip_blanks(parser);
	while (take(parser, '[')) {
		lower = 1;
		if (shape->dimensions == COFFER_ARRAY_DIMENSIONS_MAX ||
		    !parse_integer(parser, &upper))
			return false;
		if (take(parser, ':')) {
			lower = upper;
			if (!parse_integer(parser, &upper))
				return false;
		}
		if (!take(parser, ']') || upper < lower || (int64_t)upper - lower >= INT32_MAX)
			return false;
		shape->lowers[shape->dimensions] = lower;
		shape->sizes[shape->dimensions++] = upper - lower + 1;
		skip_blanks(parser);
	}
	if (shape->dimensions && !take(parser, '='))
		return false;
	skip_blanks(parser);
	return true;
}

/* ------------------------------------------------------------------ elements */

/* Where an element's text lies, and how long it is without its backslashes. */
struct element {
	const char *begin, *end;
	size_t size;
	bool is_null;
};

static bool
scan_quoted(struct parser *parser, struct element *element)
{
	element->begin = parser->at;
	for (; parser->at < parser->end && *parser->at != '"'; parser->at++, element->size++)
		if (*parser->at == '\\' && ++parser->at == parser->end)
			return false;
	element->end = parser->at;
	return take(parser, '"');
}

/* Blanks within count, those at the end do not unless a backslash is before them. */
static bool
scan_bare(struct parser *parser, struct element *element)
{
	bool has_escape = false;
	size_t size = 0;

	element->begin = element->end = parser->at;
	while (parser->at < parser->end && !memchr("\"{},", *parser->at, 4)) {
		bool is_escape = *parser->at == '\\';

		if (is_escape && ++parser->at == parser->end)
			return false;
		has_escape = has_escape || is_escape;
		size++;
		if (!is_blank(*parser->at++) || is_escape) {
			element->size = size;
			element->end = parser->at;
		}
	}
	element->is_null =
		!has_escape && coffer_text_is((coffer_text){element->begin, element->size}, "NULL");
	return element->end > element->begin;
}

static void
unescape(const struct element *element, char *out)
{
	for (const char *at = element->begin; at < element->end; at++) {
		if (*at == '\\')
			at++;
		*out++ = *at;
	}
}

/* Pack the element behind the others. */
static void
put_element(coffer_buffer *out, const struct element *element)
{
	struct coffer_writer writer = {.capacity = HEADER_MAX};
	msgpack_packer packer = coffer_packer_over(&writer);

	if (!coffer_buffer_reserve(out, HEADER_MAX + element->size))
		return;
	writer.out = (uint8_t *)out->data + out->size;
	if (element->is_null) {
		msgpack_pack_nil(&packer);
		out->size += writer.size;
		return;
	}
	msgpack_pack_str(&packer, element->size);
	out->size += writer.size;
	if ((size_t)(element->end - element->begin) == element->size && element->size)
		memcpy(out->data + out->size, element->begin, element->size);
	else
		unescape(element, out->data + out->size);
	out->size += element->size;
}

static bool
parse_element(struct parser *parser)
{
	struct element element = {0};
	bool is_right =
		take(parser, '"') ? scan_quoted(parser, &element) : scan_bare(parser, &element);

	if (!is_right || parser->count == COUNT_MAX || element.size > COFFER_VALUE_SIZE_MAX)
		return false;
	parser->count++;
	put_element(parser->out, &element);
	return !parser->out->is_failed;
}

/* ------------------------------------------------------------------ levels */

static bool
parse_level(struct parser *parser, size_t depth)
{
	bool is_innermost = depth + 1 == parser->dimensions;
	int32_t *size = &parser->shape->sizes[depth], count = 0;

	skip_blanks(parser);
	if (!take(parser, '{'))
		return false;
	do {
		skip_blanks(parser);
		if (!(is_innermost ? parse_element(parser) : parse_level(parser, depth + 1)) ||
		    count == INT32_MAX)
			return false;
		count++;
		skip_blanks(parser);
	} while (take(parser, ','));
	if (!take(parser, '}') || (*size && *size != count))
		return false;
	*size = count;
	return true;
}

/* An empty array has no dimensions, so none can be given. */
static bool
parse_empty(struct parser *parser)
{
	const char *begin = parser->at;

	if (!parser->shape->dimensions && take(parser, '{')) {
		skip_blanks(parser);
		if (take(parser, '}'))
			return true;
	}
	parser->at = begin;
	return false;
}

/* Without bounds that are given all begin at 1. */
static bool
count_braces(struct parser *parser)
{
	size_t given = parser->shape->dimensions;

	for (const char *at = parser->at; at < parser->end && (*at == '{' || is_blank(*at)); at++)
		parser->dimensions += *at == '{';
	if (!parser->dimensions || parser->dimensions > COFFER_ARRAY_DIMENSIONS_MAX ||
	    (given && given != parser->dimensions))
		return false;
	for (size_t i = given; i < parser->dimensions; i++)
		parser->shape->lowers[i] = 1;
	parser->shape->dimensions = parser->dimensions;
	return true;
}

static bool
parse(struct parser *parser)
{
	if (!parse_bounds(parser))
		return false;
	if (!parse_empty(parser) && (!count_braces(parser) || !parse_level(parser, 0)))
		return false;
	skip_blanks(parser);
	return parser->at == parser->end;
}

coffer_status
coffer_array_parse(coffer_text text, coffer_array_shape *shape_out, coffer_buffer *memory,
		   coffer_text *packed_out, coffer_error *error)
{
	uint8_t header[HEADER_MAX];
	struct coffer_writer writer = {.out = header, .capacity = sizeof(header)};
	struct parser parser = {
		.at = text.data,
		.end = text.size ? text.data + text.size : text.data,
		.out = memory,
		.shape = shape_out,
	};
	msgpack_packer packer = coffer_packer_over(&writer);
	bool is_right;
	char *begin;

	*shape_out = (coffer_array_shape){0};
	*packed_out = (coffer_text){NULL, 0};
	coffer_buffer_clear(memory);
	coffer_buffer_append(memory, header, sizeof(header));
	is_right = parse(&parser);
	if (memory->is_failed)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for an array");
	if (!is_right)
		return coffer_error_set(error, COFFER_INVALID, "not the text form of an array");
	if (memory->size > COFFER_VALUE_SIZE_MAX)
		return coffer_error_set(error, COFFER_LIMIT, "an array of more than %d bytes",
					COFFER_VALUE_SIZE_MAX);
	msgpack_pack_array(&packer, parser.count);
	begin = memory->data + HEADER_MAX - writer.size;
	memcpy(begin, header, writer.size);
	*packed_out = (coffer_text){begin, (size_t)(memory->data + memory->size - begin)};
	return COFFER_OK;
}

/* ------------------------------------------------------------------ printing */

/* Bare elements are those that read back as themselves: not empty, not NULL, nothing that means something. */
static bool
is_bare(coffer_text element)
{
	if (!element.size || coffer_text_is(element, "NULL"))
		return false;
	for (size_t i = 0; i < element.size; i++)
		if (is_blank(element.data[i]) || memchr("\"\\{},", element.data[i], 5))
			return false;
	return true;
}

static void
print_element(coffer_text element, coffer_buffer *out)
{
	char *at;

	if (!element.data || is_bare(element)) {
		coffer_buffer_append(out, element.data ? element.data : "NULL",
				     element.data ? element.size : 4);
		return;
	}
	if (!coffer_buffer_reserve(out, 2 + 2 * element.size))
		return;
	at = out->data + out->size;
	*at++ = '"';
	for (size_t i = 0; i < element.size; i++) {
		if (element.data[i] == '"' || element.data[i] == '\\')
			*at++ = '\\';
		*at++ = element.data[i];
	}
	*at++ = '"';
	*at = '\0';
	out->size = (size_t)(at - out->data);
}

/* Bounds are printed for every dimension as soon as one of them does not begin at 1. */
static void
print_bounds(const coffer_array_shape *shape, coffer_buffer *out)
{
	bool is_plain = true;

	for (size_t i = 0; i < shape->dimensions; i++)
		is_plain = is_plain && shape->lowers[i] == 1;
	for (size_t i = 0; !is_plain && i < shape->dimensions; i++)
		coffer_buffer_printf(out, "[%d:%d]", shape->lowers[i],
				     shape->lowers[i] + (shape->sizes[i] - 1));
	if (!is_plain)
		coffer_buffer_append(out, "=", 1);
}

/* How many of the dimensions begin (or end) at element `at`: those whose number of elements divides it. */
static void
print_braces(const coffer_array_shape *shape, size_t at, const char *brace, coffer_buffer *out)
{
	size_t stride = 1;

	for (size_t i = shape->dimensions; i-- > 0;) {
		stride *= (size_t)shape->sizes[i];
		if (at % stride)
			return;
		coffer_buffer_append(out, brace, 1);
	}
}

/* Elements that the shape has; SIZE_MAX where it is none. */
static size_t
count_elements(const coffer_array_shape *shape)
{
	size_t count = shape->dimensions > 0;

	if (shape->dimensions > COFFER_ARRAY_DIMENSIONS_MAX)
		return SIZE_MAX;
	for (size_t i = 0; i < shape->dimensions; i++) {
		if (shape->sizes[i] <= 0 || (size_t)shape->sizes[i] > COUNT_MAX / count)
			return SIZE_MAX;
		count *= (size_t)shape->sizes[i];
	}
	return count;
}

coffer_status
coffer_array_format(const coffer_array_shape *shape, coffer_text packed, coffer_buffer *out)
{
	coffer_array_reader reader;
	coffer_text element;

	if (coffer_array_open(packed, &reader) || reader.left != count_elements(shape))
		return COFFER_CORRUPT;
	print_bounds(shape, out);
	for (size_t i = 0, count = reader.left; i < count; i++) {
		if (coffer_array_next(&reader, &element))
			return COFFER_CORRUPT;
		if (i)
			coffer_buffer_append(out, ",", 1);
		print_braces(shape, i, "{", out);
		print_element(element, out);
		print_braces(shape, i + 1, "}", out);
	}
	if (!shape->dimensions)
		coffer_buffer_append(out, "{}", 2);
	return coffer_array_next(&reader, &element) == COFFER_NOT_FOUND ? COFFER_OK
									: COFFER_CORRUPT;
}

coffer_status
coffer_array_print_packed(coffer_text packed, coffer_buffer *out)
{
	coffer_array_shape shape = {.lowers = {1}};
	coffer_array_reader reader;

	if (coffer_array_open(packed, &reader) || reader.left > COUNT_MAX)
		return COFFER_CORRUPT;
	shape.dimensions = reader.left > 0;
	shape.sizes[0] = (int32_t)reader.left;
	return coffer_array_format(&shape, packed, out);
}

/* ------------------------------------------------------------------ values */

coffer_status
coffer_array_check(const struct coffer_value_call *call, const coffer_value *value)
{
	coffer_array_reader reader;
	coffer_text element;
	coffer_status status = coffer_array_open(value->text, &reader);

	while (!status && !(status = coffer_array_next(&reader, &element)))
		if (element.data && !coffer_utf8_is_valid(element.data, element.size))
			return coffer_value_not_text(call);
	if (status != COFFER_NOT_FOUND)
		return coffer_error_set(call->error, COFFER_INVALID, "not a packed array");
	return COFFER_OK;
}

coffer_status
coffer_array_settle_text(const struct coffer_value_call *call, coffer_value *value)
{
	coffer_buffer *memory = call->memory, elements;
	coffer_array_shape shape;
	coffer_status status;
	coffer_text packed;

	if (!coffer_utf8_is_valid(value->text.data, value->text.size))
		return coffer_value_not_text(call);
	status = coffer_array_parse(value->text, &shape, memory, &packed, call->error);
	if (status)
		return status;
	if (!shape.dimensions || (shape.dimensions == 1 && shape.lowers[0] == 1)) {
		*value = (coffer_value){.kind = COFFER_TEXT_ARRAY, .text = packed};
		return COFFER_OK;
	}
	elements = *memory;
	*memory = (coffer_buffer){0};
	status = coffer_array_format(&shape, packed, memory);
	coffer_buffer_release(&elements);
	if (!status && !(status = coffer_value_memory(call)))
		value->text = (coffer_text){memory->data, memory->size};
	return status;
}
