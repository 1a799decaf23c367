/*
 * Packed text arrays: a msgpack array of texts and nils, as a record holds it. SPEC.md 4.3.
 */
#include "coffer.h"
#include "format/msgpack.h"
#include "format/pack.h"
#include "format/record.h"

enum { HEADER_MAX = 5 };

size_t
coffer_array_size_max(const coffer_text *elements, size_t count)
{
	size_t size = HEADER_MAX;

	for (size_t i = 0; i < count; i++)
		size += HEADER_MAX + elements[i].size;
	return size;
}

size_t
coffer_array_pack(const coffer_text *elements, size_t count, void *out)
{
	struct coffer_writer writer = {.out = out,
				       .capacity = coffer_array_size_max(elements, count)};
	msgpack_packer packer = coffer_packer_over(&writer);

	msgpack_pack_array(&packer, count);
	for (size_t i = 0; i < count; i++) {
		if (elements[i].data)
			coffer_pack_text(&packer, elements[i].data, elements[i].size);
		else
			msgpack_pack_nil(&packer);
	}
	return writer.size;
}

coffer_status
coffer_array_open(coffer_text packed, coffer_array_reader *reader_out)
{
	struct coffer_reader reader = coffer_reader_over(packed.data, packed.size);
	uint32_t count = coffer_msgpack_read_array(&reader, UINT32_MAX);

	*reader_out = (coffer_array_reader){.left = 0};
	if (reader.fault)
		return COFFER_CORRUPT;
	reader_out->rest = (coffer_text){(const char *)reader.at, reader.left};
	reader_out->left = count;
	return COFFER_OK;
}

/* Step over one of the short texts that nearly all elements are. False says nothing. */
static inline bool
next_text(coffer_array_reader *array, coffer_text *element_out)
{
	const uint8_t *bytes = (const uint8_t *)array->rest.data;
	size_t size;

	if (!array->left || !(size = coffer_element_size(bytes, array->rest.size)) ||
	    !coffer_element_str(bytes, element_out))
		return false;
	array->rest.data += size;
	array->rest.size -= size;
	array->left--;
	return true;
}

coffer_status
coffer_array_next(coffer_array_reader *array, coffer_text *element_out)
{
	struct coffer_reader reader;
	struct coffer_msgpack item;

	if (next_text(array, element_out))
		return COFFER_OK;
	*element_out = (coffer_text){NULL, 0};
	if (!array->left)
		return array->rest.size ? COFFER_CORRUPT : COFFER_NOT_FOUND;
	reader = coffer_reader_over(array->rest.data, array->rest.size);
	item = coffer_msgpack_read(&reader);
	if (reader.fault || (item.type != COFFER_MSGPACK_STR && item.type != COFFER_MSGPACK_NIL))
		return COFFER_CORRUPT;
	if (item.type == COFFER_MSGPACK_STR)
		*element_out = item.text;
	array->rest = (coffer_text){(const char *)reader.at, reader.left};
	array->left--;
	return COFFER_OK;
}
