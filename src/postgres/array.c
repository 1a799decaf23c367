/*
 * text[] fields of binary COPY into values, and values into the text form.
 *
 * The field: dimensions, a flag for NULLs, the element type's oid, then size and lower bound of
 * each dimension, then the elements, each with its size or -1. An array without elements has no
 * dimension. The flag may be set without a NULL among the elements (the server keeps it over a
 * replaced NULL), so it is the one thing here that a value does not keep.
 */
#include "postgres/array.h"

#include "postgres/copy_bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

struct shape {
	size_t dimensions;
	size_t count; /* of elements */
	int32_t sizes[COFFER_ARRAY_DIMENSIONS_MAX];
	int32_t lowers[COFFER_ARRAY_DIMENSIONS_MAX];
	bool has_nulls;
};

void
coffer_array_scratch_release(struct coffer_array_scratch *scratch)
{
	free(scratch->elements);
	*scratch = (struct coffer_array_scratch){0};
}

/* Every element takes at least the four bytes of its size, which bounds their number. */
static const char *
take_dimension(struct coffer_copy_bytes *bytes, struct shape *shape, size_t number)
{
	int32_t size = coffer_copy_take_i32(bytes);
	int32_t lower = coffer_copy_take_i32(bytes);

	if (bytes->is_cut)
		return "an array ends within its dimensions";
	if (size <= 0)
		return "an array has a dimension without elements";
	if (lower > INT32_MAX - (size - 1))
		return "an array's upper bound is out of range";
	if ((size_t)size > bytes->left / 4 / shape->count)
		return "an array has more elements than bytes";
	shape->sizes[number] = size;
	shape->lowers[number] = lower;
	shape->count *= (size_t)size;
	return NULL;
}

static const char *
take_shape(struct coffer_copy_bytes *bytes, struct shape *shape)
{
	uint32_t dimensions = coffer_copy_take_u32(bytes);
	uint32_t flags = coffer_copy_take_u32(bytes);
	uint32_t oid = coffer_copy_take_u32(bytes);
	const char *fault = NULL;

	if (bytes->is_cut)
		return "an array ends within its header";
	if (dimensions > COFFER_ARRAY_DIMENSIONS_MAX)
		return "an array has more than 6 dimensions";
	if (flags > 1)
		return "an array has unknown flags";
	if (oid != COFFER_ARRAY_TEXT_OID)
		return "an array's elements are not of type text";
	*shape = (struct shape){.dimensions = dimensions, .count = 1, .has_nulls = flags == 1};
	for (size_t i = 0; i < dimensions && !fault; i++)
		fault = take_dimension(bytes, shape, i);
	if (!dimensions)
		shape->count = 0;
	return fault;
}

static const char *
take_element(struct coffer_copy_bytes *bytes, bool has_nulls, coffer_text *element)
{
	int32_t size = coffer_copy_take_i32(bytes);
	const uint8_t *data;

	*element = (coffer_text){0};
	if (size == -1 && !bytes->is_cut)
		return has_nulls ? NULL : "an array without NULLs has one";
	if (size < 0)
		return "an array's element has a negative size";
	data = coffer_copy_take(bytes, (size_t)size);
	if (bytes->is_cut)
		return "an array ends within its elements";
	*element = (coffer_text){(const char *)data, (size_t)size};
	return NULL;
}

static const char *
take_elements(struct coffer_copy_bytes *bytes, const struct shape *shape,
	      struct coffer_array_scratch *scratch, coffer_buffer *out)
{
	const char *fault = NULL;
	coffer_text *elements;

	if (shape->count > scratch->capacity) {
		elements = realloc(scratch->elements, shape->count * sizeof(*elements));
		if (!elements) {
			out->is_failed = true;
			return "no memory for an array";
		}
		scratch->elements = elements;
		scratch->capacity = shape->count;
	}
	for (size_t i = 0; i < shape->count && !fault; i++)
		fault = take_element(bytes, shape->has_nulls, &scratch->elements[i]);
	return fault;
}

/*
 * Bare elements are those that read back as themselves: not empty, not NULL, nothing that means
 * something.
 */
static bool
is_bare(coffer_text element)
{
	if (!element.size || (element.size == 4 && !strncasecmp(element.data, "NULL", 4)))
		return false;
	for (size_t i = 0; i < element.size; i++) {
		char c = element.data[i];

		if (c == '"' || c == '\\' || c == '{' || c == '}' || c == ',' || c == ' ' ||
		    (c >= '\t' && c <= '\r'))
			return false;
	}
	return true;
}

static void
print_element(coffer_buffer *out, coffer_text element)
{
	if (!element.data) {
		coffer_copy_put(out, "NULL", 4);
		return;
	}
	if (is_bare(element)) {
		coffer_copy_put(out, element.data, element.size);
		return;
	}
	coffer_copy_put_byte(out, '"');
	for (size_t i = 0; i < element.size; i++) {
		if (element.data[i] == '"' || element.data[i] == '\\')
			coffer_copy_put_byte(out, '\\');
		coffer_copy_put(out, &element.data[i], 1);
	}
	coffer_copy_put_byte(out, '"');
}

/* Bounds are printed for every dimension as soon as one of them does not begin at 1. */
static void
print_bounds(coffer_buffer *out, const struct shape *shape)
{
	bool is_plain = true;
	char bounds[32];

	for (size_t i = 0; i < shape->dimensions; i++)
		is_plain = is_plain && shape->lowers[i] == 1;
	if (is_plain)
		return;
	for (size_t i = 0; i < shape->dimensions; i++) {
		snprintf(bounds, sizeof(bounds), "[%d:%d]", shape->lowers[i],
			 shape->lowers[i] + (shape->sizes[i] - 1));
		coffer_copy_put_text(out, bounds);
	}
	coffer_copy_put_byte(out, '=');
}

/*
 * How many of the dimensions begin (or end) at this element: those whose elements' number divides
 * `at`.
 */
static void
print_braces(coffer_buffer *out, const struct shape *shape, size_t at, char brace)
{
	size_t stride = 1;

	for (size_t i = shape->dimensions; i-- > 0;) {
		stride *= (size_t)shape->sizes[i];
		if (at % stride)
			return;
		coffer_copy_put(out, &brace, 1);
	}
}

static void
print(coffer_buffer *out, const struct shape *shape, const coffer_text *elements)
{
	print_bounds(out, shape);
	for (size_t i = 0; i < shape->count; i++) {
		if (i)
			coffer_copy_put_byte(out, ',');
		print_braces(out, shape, i, '{');
		print_element(out, elements[i]);
		print_braces(out, shape, i + 1, '}');
	}
}

const char *
coffer_array_decode(const uint8_t *bytes, size_t size, struct coffer_array_scratch *scratch,
		    coffer_buffer *out, coffer_value *value_out)
{
	struct coffer_copy_bytes rest = {.at = bytes, .left = size};
	struct shape shape;
	const char *fault;
	bool is_packed;

	*value_out = (coffer_value){.kind = COFFER_NULL};
	out->size = 0;
	if ((fault = take_shape(&rest, &shape)) ||
	    (fault = take_elements(&rest, &shape, scratch, out)))
		return fault;
	if (rest.left)
		return "bytes follow the elements of an array";
	is_packed = shape.dimensions < 2 && (!shape.dimensions || shape.lowers[0] == 1);
	if (!is_packed)
		print(out, &shape, scratch->elements);
	else if (coffer_copy_reserve(out, coffer_array_size_max(scratch->elements, shape.count)))
		out->size = coffer_array_pack(scratch->elements, shape.count, out->data);
	if (out->is_failed)
		return "no memory for an array";
	value_out->kind = is_packed ? COFFER_TEXT_ARRAY : COFFER_OTHER;
	value_out->text = (coffer_text){out->data, out->size};
	return NULL;
}

const char *
coffer_array_print(const coffer_value *value, coffer_buffer *out)
{
	coffer_array_reader reader;
	coffer_text element;
	coffer_status status;

	if (value->kind == COFFER_OTHER) {
		coffer_copy_put(out, value->text.data, value->text.size);
		return NULL;
	}
	status = coffer_array_open(value->text, &reader);
	coffer_copy_put_byte(out, '{');
	for (bool is_first = true; !status && reader.left; is_first = false) {
		status = coffer_array_next(&reader, &element);
		if (!is_first)
			coffer_copy_put_byte(out, ',');
		print_element(out, element);
	}
	coffer_copy_put_byte(out, '}');
	return status ? "a packed array is damaged" : NULL;
}
