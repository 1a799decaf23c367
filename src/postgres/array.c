/*
 * text[] fields of binary COPY into values, and values into such fields.
 *
 * The field: dimensions, a flag for NULLs, the element type's oid, then size and lower bound of
 * each dimension, then the elements, each with its size or -1. An array without elements has no
 * dimension. The flag may be set without a NULL among the elements (the server keeps it over a
 * replaced NULL), so it is the one thing here that a value does not keep.
 */
#include "postgres/array.h"

#include "postgres/copy_bytes.h"

#include <stdlib.h>

/* What the header of a field says. */
struct header {
	coffer_array_shape shape;
	size_t count; /* of elements */
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
take_dimension(struct coffer_copy_bytes *bytes, struct header *header, size_t number)
{
	int32_t size = coffer_copy_take_i32(bytes);
	int32_t lower = coffer_copy_take_i32(bytes);

	if (bytes->is_cut)
		return "an array ends within its dimensions";
	if (size <= 0)
		return "an array has a dimension without elements";
	if (lower > INT32_MAX - (size - 1))
		return "an array's upper bound is out of range";
	if ((size_t)size > bytes->left / 4 / header->count)
		return "an array has more elements than bytes";
	header->shape.sizes[number] = size;
	header->shape.lowers[number] = lower;
	header->count *= (size_t)size;
	return NULL;
}

static const char *
take_header(struct coffer_copy_bytes *bytes, struct header *header)
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
	*header = (struct header){.count = 1, .has_nulls = flags == 1};
	header->shape.dimensions = dimensions;
	for (size_t i = 0; i < dimensions && !fault; i++)
		fault = take_dimension(bytes, header, i);
	if (!dimensions)
		header->count = 0;
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
take_elements(struct coffer_copy_bytes *bytes, const struct header *header,
	      struct coffer_array_scratch *scratch, coffer_buffer *out)
{
	const char *fault = NULL;
	coffer_text *elements;

	if (header->count > scratch->capacity) {
		elements = realloc(scratch->elements, header->count * sizeof(*elements));
		if (!elements) {
			out->is_failed = true;
			return "no memory for an array";
		}
		scratch->elements = elements;
		scratch->capacity = header->count;
	}
	for (size_t i = 0; i < header->count && !fault; i++)
		fault = take_element(bytes, header->has_nulls, &scratch->elements[i]);
	return fault;
}

/* ------------------------------------------------------------------ into a value */

static bool
pack(const struct coffer_array_scratch *scratch, size_t count, coffer_buffer *out)
{
	if (!coffer_copy_reserve(out, coffer_array_size_max(scratch->elements, count)))
		return false;
	out->size = coffer_array_pack(scratch->elements, count, out->data);
	return true;
}

/* An odd shape: by way of a packed array into the text form. */
static bool
print(const struct coffer_array_scratch *scratch, const struct header *header, coffer_buffer *out)
{
	coffer_buffer packed = {0};
	bool is_right =
		pack(scratch, header->count, &packed) &&
		!coffer_array_format(&header->shape, (coffer_text){packed.data, packed.size}, out);

	coffer_buffer_release(&packed);
	return is_right && !out->is_failed;
}

const char *
coffer_array_decode(const uint8_t *bytes, size_t size, struct coffer_array_scratch *scratch,
		    coffer_buffer *out, coffer_value *value_out)
{
	struct coffer_copy_bytes rest = {.at = bytes, .left = size};
	struct header header;
	const char *fault;
	bool is_packed;

	*value_out = (coffer_value){.kind = COFFER_NULL};
	out->size = 0;
	if ((fault = take_header(&rest, &header)) ||
	    (fault = take_elements(&rest, &header, scratch, out)))
		return fault;
	if (rest.left)
		return "bytes follow the elements of an array";
	is_packed = header.shape.dimensions < 2 &&
		    (!header.shape.dimensions || header.shape.lowers[0] == 1);
	if (!(is_packed ? pack(scratch, header.count, out) : print(scratch, &header, out))) {
		out->is_failed = true;
		return "no memory for an array";
	}
	value_out->kind = is_packed ? COFFER_TEXT_ARRAY : COFFER_OTHER;
	value_out->text = (coffer_text){out->data, out->size};
	return NULL;
}

/* ------------------------------------------------------------------ out of a value */

/* The flag for NULLs is filled in when the elements have been seen. */
static void
put_header(coffer_buffer *out, const coffer_array_shape *shape)
{
	coffer_copy_put_u32(out, (uint32_t)shape->dimensions);
	coffer_copy_put_u32(out, 0);
	coffer_copy_put_u32(out, COFFER_ARRAY_TEXT_OID);
	for (size_t i = 0; i < shape->dimensions; i++) {
		coffer_copy_put_u32(out, (uint32_t)shape->sizes[i]);
		coffer_copy_put_u32(out, (uint32_t)shape->lowers[i]);
	}
}

/* `reader` stands before the first element. */
static const char *
put_array(coffer_buffer *out, const coffer_array_shape *shape, coffer_array_reader *reader)
{
	size_t header = out->size;
	bool has_nulls = false;
	coffer_text element;

	put_header(out, shape);
	while (reader->left) {
		if (coffer_array_next(reader, &element) || element.size > INT32_MAX)
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

static const char *
encode_packed(coffer_text packed, coffer_buffer *out)
{
	coffer_array_shape shape = {.lowers = {1}};
	coffer_array_reader reader;

	if (coffer_array_open(packed, &reader) || reader.left > INT32_MAX)
		return "a packed array is damaged";
	shape.dimensions = reader.left > 0;
	shape.sizes[0] = (int32_t)reader.left;
	return put_array(out, &shape, &reader);
}

static const char *
encode_text(coffer_text text, coffer_buffer *out)
{
	const char *fault = "the text is not the text form of an array";
	coffer_buffer memory = {0};
	coffer_array_reader reader;
	coffer_array_shape shape;
	coffer_text packed;
	coffer_status status = coffer_array_parse(text, &shape, &memory, &packed, NULL);

	if (status == COFFER_NO_MEMORY)
		out->is_failed = true;
	else if (!status && !coffer_array_open(packed, &reader))
		fault = put_array(out, &shape, &reader);
	coffer_buffer_release(&memory);
	return fault;
}

const char *
coffer_array_encode(const coffer_value *value, coffer_buffer *out)
{
	if (value->kind == COFFER_OTHER)
		return encode_text(value->text, out);
	return encode_packed(value->text, out);
}
