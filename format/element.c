/*
 * Elements: one value of a row, in the form that its column's kind gives it. What is written is what is
 * accepted: decoding and encoding again gives the same bytes. SPEC.md 4.3.
 */
#include "base/utf8.h"
#include "format/frame.h"
#include "format/msgpack.h"
#include "format/pack.h"
#include "format/record.h"

enum {
	FLOAT4_LOST = 29, /* mantissa bits that a float4 does not have */
};

/* ------------------------------------------------------------------ decoding */

static bool
is_in_width(int64_t integer, uint8_t width)
{
	switch (width) {
	case 2:
		return integer >= INT16_MIN && integer <= INT16_MAX;
	case 4:
		return integer >= INT32_MIN && integer <= INT32_MAX;
	default:
		return true;
	}
}

static bool
is_time(int64_t time)
{
	return (time >= COFFER_TIME_MIN && time < COFFER_TIME_END) || time == INT64_MIN ||
	       time == INT64_MAX;
}

/* True when these are the bits of a float4 widened: none of the bits that it does not have is set. */
static bool
is_float4(uint64_t bits)
{
	unsigned exponent = bits >> 52 & 0x7ff;
	unsigned lost = FLOAT4_LOST;

	if (!(bits << 1))
		return true;
	if (exponent == 0x7ff)
		return !(bits & ((UINT64_C(1) << lost) - 1));
	if (exponent < 1023 - 149 || exponent > 1023 + 127)
		return false;
	if (exponent < 1023 - 126)
		lost += 1023 - 126 - exponent;
	return !(bits & ((UINT64_C(1) << lost) - 1));
}

bool
coffer_element_is_in_range(struct coffer_form form, const coffer_value *value)
{
	uint64_t bits;

	switch (value->kind) {
	case COFFER_INT:
		return is_in_width(value->integer, form.width);
	case COFFER_TIME:
		return is_time(value->time);
	case COFFER_FLOAT:
		memcpy(&bits, &value->real, sizeof(bits));
		return form.width != 4 || is_float4(bits);
	default:
		return true;
	}
}

/* A number that is not negative, when the element is exactly that in its shortest form. Most are: what is not
 * takes the cursor, which knows why. */
static inline bool
is_uint(const uint8_t *bytes, size_t size, uint64_t *number_out)
{
	return coffer_element_sizes[*bytes] == size && coffer_element_uint(bytes, number_out);
}

static enum coffer_fault
read_int(const uint8_t *bytes, size_t size, int64_t *integer_out)
{
	struct coffer_reader reader = coffer_reader_over(bytes, size);
	uint64_t number;

	if (is_uint(bytes, size, &number) && number <= INT64_MAX) {
		*integer_out = (int64_t)number;
		return COFFER_FAULT_NONE;
	}
	*integer_out = coffer_msgpack_read_int(&reader);
	return coffer_reader_finish(&reader);
}

static enum coffer_fault
decode_int(struct coffer_form form, const uint8_t *bytes, size_t size,
	   struct coffer_element *element)
{
	int64_t integer;
	enum coffer_fault fault = read_int(bytes, size, &integer);

	if (fault)
		return fault;
	element->value.kind = form.kind;
	element->value.integer = integer;
	if (form.kind == COFFER_TIME)
		return is_time(integer) ? COFFER_FAULT_NONE : COFFER_FAULT_RANGE;
	return is_in_width(integer, form.width) ? COFFER_FAULT_NONE : COFFER_FAULT_RANGE;
}

static enum coffer_fault
decode_float(struct coffer_form form, const uint8_t *bytes, size_t size,
	     struct coffer_element *element)
{
	uint64_t bits;

	if (*bytes != 0xcb)
		return COFFER_FAULT_FORM;
	if (size != 9)
		return size < 9 ? COFFER_FAULT_CUT : COFFER_FAULT_TRAILING;
	bits = coffer_load_u64be(bytes + 1);
	element->value.kind = COFFER_FLOAT;
	memcpy(&element->value.real, &bits, sizeof(bits));
	return form.width != 4 || is_float4(bits) ? COFFER_FAULT_NONE : COFFER_FAULT_NOT_CANONICAL;
}

static enum coffer_fault
decode_bool(const uint8_t *bytes, size_t size, struct coffer_element *element)
{
	if ((*bytes & 0xfe) != 0xc2)
		return COFFER_FAULT_FORM;
	element->value.kind = COFFER_BOOL;
	element->value.boolean = *bytes & 1;
	return size == 1 ? COFFER_FAULT_NONE : COFFER_FAULT_TRAILING;
}

static enum coffer_fault
decode_code(const uint8_t *bytes, size_t size, struct coffer_element *element)
{
	struct coffer_reader reader = coffer_reader_over(bytes, size);
	uint64_t code;

	if (!is_uint(bytes, size, &code))
		code = coffer_msgpack_read_uint(&reader, UINT64_MAX);
	else
		reader.left = 0;
	if (!reader.fault && (!code || code > UINT32_MAX))
		return COFFER_FAULT_RANGE;
	element->form = COFFER_ELEMENT_CODE;
	element->code = (uint32_t)code;
	return coffer_reader_finish(&reader);
}

static enum coffer_fault
decode_packed(const struct coffer_msgpack *item, struct coffer_element *element)
{
	element->form = COFFER_ELEMENT_HEX;
	element->value.text = item->text;
	if (item->text.size < COFFER_HEX_SIZE_MIN)
		return COFFER_FAULT_NOT_CANONICAL;
	return item->text.size <= COFFER_VALUE_SIZE_MAX / 2 ? COFFER_FAULT_NONE
							    : COFFER_FAULT_RANGE;
}

/* An id in its only form. */
static enum coffer_fault
decode_id(const struct coffer_msgpack *item, const uint8_t *bytes, struct coffer_element *element)
{
	if (item->extension != COFFER_ID_UUID && item->extension != COFFER_ID_TAIL)
		return COFFER_FAULT_FORM;
	if (item->text.size > UINT8_MAX)
		return COFFER_FAULT_NOT_CANONICAL;
	element->form = coffer_element_id(bytes, &element->value.text);
	return element->form == COFFER_ELEMENT_VALUE ? COFFER_FAULT_NOT_CANONICAL
						     : COFFER_FAULT_NONE;
}

/* The items of a text array, each a text or nil; nothing is kept but that they are there. */
static enum coffer_fault
decode_array(const uint8_t *bytes, size_t size, struct coffer_element *element)
{
	struct coffer_reader reader = coffer_reader_over(bytes, size);
	uint32_t count = coffer_msgpack_read(&reader).count;

	for (; count && !reader.fault; count--) {
		struct coffer_msgpack item = coffer_msgpack_read(&reader);

		if (!reader.fault && item.type != COFFER_MSGPACK_STR &&
		    item.type != COFFER_MSGPACK_NIL)
			coffer_reader_fail(&reader, COFFER_FAULT_FORM);
	}
	if (!reader.fault && size - reader.left > COFFER_VALUE_SIZE_MAX)
		return COFFER_FAULT_RANGE;
	element->value.kind = COFFER_TEXT_ARRAY;
	element->value.text = (coffer_text){(const char *)bytes, size};
	return coffer_reader_finish(&reader);
}

/* A compressed column holds frames as bin, or as ext where bin is packed digits. */
static bool
is_frame(struct coffer_form form, const struct coffer_msgpack *item)
{
	if (!form.is_compressed)
		return false;
	return (form.kind == COFFER_JSON && item->type == COFFER_MSGPACK_BIN) ||
	       (form.kind == COFFER_TEXT && item->type == COFFER_MSGPACK_EXT &&
		item->extension == COFFER_FRAME_EXTENSION);
}

/* What a column of this kind holds beside str. */
static enum coffer_fault
decode_other_form(struct coffer_form form, const struct coffer_msgpack *item, const uint8_t *bytes,
		  struct coffer_element *element)
{
	coffer_kind kind = form.kind;

	if (is_frame(form, item)) {
		element->form = COFFER_ELEMENT_FRAME;
		element->value.text = item->text;
		return COFFER_FAULT_NONE;
	}
	if (kind == COFFER_TEXT && item->type == COFFER_MSGPACK_BIN)
		return decode_packed(item, element);
	if (form.packs_ids && item->type == COFFER_MSGPACK_EXT)
		return decode_id(item, bytes, element);
	if (kind == COFFER_BYTES && item->type == COFFER_MSGPACK_BIN) {
		element->value.text = item->text;
		return item->text.size <= COFFER_VALUE_SIZE_MAX ? COFFER_FAULT_NONE
								: COFFER_FAULT_RANGE;
	}
	if (kind == COFFER_JSON && item->type == COFFER_MSGPACK_BIN)
		return COFFER_FAULT_LATER;
	return COFFER_FAULT_FORM;
}

static enum coffer_fault
decode_str(struct coffer_form form, coffer_text text, struct coffer_element *element)
{
	coffer_kind kind = form.kind;

	if (kind == COFFER_BYTES)
		return COFFER_FAULT_FORM;
	if (text.size > COFFER_VALUE_SIZE_MAX)
		return COFFER_FAULT_RANGE;
	if (kind == COFFER_TEXT_ARRAY)
		element->value.kind = COFFER_OTHER;
	else if (kind == COFFER_TEXT &&
		 coffer_text_packing(text, form.packs_ids).form != COFFER_ELEMENT_VALUE)
		return COFFER_FAULT_NOT_CANONICAL;
	element->value.text = text;
	return COFFER_FAULT_NONE;
}

/* Text, JSON, bytes, arrays and carried types. */
static enum coffer_fault
decode_text(struct coffer_form form, const uint8_t *bytes, size_t size,
	    struct coffer_element *element)
{
	coffer_kind kind = form.kind;
	struct coffer_reader reader = coffer_reader_over(bytes, size);
	struct coffer_msgpack item = coffer_msgpack_read(&reader);
	enum coffer_fault fault;

	if (reader.fault)
		return reader.fault;
	element->value.kind = kind;
	if (item.type == COFFER_MSGPACK_BOOL && item.boolean)
		element->form = COFFER_ELEMENT_LONG;
	else if (item.type == COFFER_MSGPACK_ARRAY && kind == COFFER_TEXT_ARRAY)
		return decode_array(bytes, size, element);
	else if (item.type == COFFER_MSGPACK_ARRAY && kind == COFFER_JSON)
		return COFFER_FAULT_LATER;
	else if ((fault = item.type == COFFER_MSGPACK_STR
				  ? decode_str(form, item.text, element)
				  : decode_other_form(form, &item, bytes, element)))
		return fault;
	return coffer_reader_finish(&reader);
}

enum coffer_fault
coffer_element_decode(struct coffer_form form, const uint8_t *bytes, size_t size,
		      struct coffer_element *element_out)
{
	*element_out = (struct coffer_element){.form = COFFER_ELEMENT_VALUE};
	if (!size)
		return COFFER_FAULT_CUT;
	if (*bytes == 0xc0)
		return size == 1 ? COFFER_FAULT_NONE : COFFER_FAULT_TRAILING;
	if (form.is_interned)
		return decode_code(bytes, size, element_out);
	switch (form.kind) {
	case COFFER_BOOL:
		return decode_bool(bytes, size, element_out);
	case COFFER_INT:
	case COFFER_TIME:
		return decode_int(form, bytes, size, element_out);
	case COFFER_FLOAT:
		return decode_float(form, bytes, size, element_out);
	case COFFER_NULL:
		return COFFER_FAULT_FORM;
	default:
		return decode_text(form, bytes, size, element_out);
	}
}

/* ------------------------------------------------------------------ text */

static bool
is_text(coffer_text text)
{
	return coffer_utf8_is_valid(text.data, text.size);
}

static enum coffer_fault
check_array(coffer_text packed)
{
	struct coffer_reader reader = coffer_reader_over(packed.data, packed.size);
	uint32_t count = coffer_msgpack_read_array(&reader, UINT32_MAX);

	for (; count && !reader.fault; count--) {
		struct coffer_msgpack item = coffer_msgpack_read(&reader);

		if (item.type == COFFER_MSGPACK_STR && !is_text(item.text))
			return COFFER_FAULT_TEXT;
	}
	return coffer_reader_finish(&reader);
}

/* Digits are text. */
static enum coffer_fault
check_prefix(coffer_text prefix)
{
	return is_text(prefix) ? COFFER_FAULT_NONE : COFFER_FAULT_TEXT;
}

enum coffer_fault
coffer_element_check_text(struct coffer_form form, const struct coffer_element *element)
{
	coffer_text packed = element->value.text;

	if (element->form == COFFER_ELEMENT_UUID)
		return check_prefix((coffer_text){packed.data, packed.size - COFFER_UUID_SIZE});
	if (element->form == COFFER_ELEMENT_TAIL)
		return check_prefix((coffer_text){packed.data + 1, (uint8_t)packed.data[0]});
	if (element->form != COFFER_ELEMENT_VALUE || form.is_interned)
		return COFFER_FAULT_NONE;
	switch (element->value.kind) {
	case COFFER_TEXT:
	case COFFER_JSON:
	case COFFER_OTHER:
		return is_text(element->value.text) ? COFFER_FAULT_NONE : COFFER_FAULT_TEXT;
	case COFFER_TEXT_ARRAY:
		return check_array(element->value.text);
	default:
		return COFFER_FAULT_NONE;
	}
}

/* ------------------------------------------------------------------ writing */

size_t
coffer_element_size_max(const coffer_value *value)
{
	return COFFER_ELEMENT_HEADER_MAX + (value->kind >= COFFER_TEXT ? value->text.size : 0);
}

static void
write_packed(struct coffer_writer *writer, msgpack_packer *packer, coffer_text text,
	     struct coffer_packing packing)
{
	size_t digits = (text.size - packing.prefix) / 2;

	if (packing.form == COFFER_ELEMENT_HEX)
		msgpack_pack_bin(packer, digits);
	else if (packing.form == COFFER_ELEMENT_UUID)
		msgpack_pack_ext(packer, packing.prefix + COFFER_UUID_SIZE, COFFER_ID_UUID);
	else
		msgpack_pack_ext(packer, 1 + packing.prefix + digits, COFFER_ID_TAIL);
	if (writer->capacity - writer->size >= text.size)
		writer->size += coffer_text_pack(text, packing, writer->out + writer->size);
}

/* Of 1, 2, 4, 8 and 16 bytes an ext has no length. */
size_t
coffer_element_frame_size(coffer_kind kind, size_t size)
{
	size_t width = size <= UINT8_MAX ? 1 : size <= UINT16_MAX ? 2 : 4;

	if (kind == COFFER_JSON)
		return 1 + width + size;
	if (size && size <= 16 && !(size & (size - 1)))
		width = 0;
	return 2 + width + size;
}

size_t
coffer_element_write_frame(coffer_kind kind, const void *frame, size_t size, uint8_t *out)
{
	struct coffer_writer writer = {.out = out, .capacity = coffer_element_frame_size(kind, size)};
	msgpack_packer packer = coffer_packer_over(&writer);

	if (kind == COFFER_JSON)
		msgpack_pack_bin(&packer, size);
	else
		msgpack_pack_ext(&packer, size, COFFER_FRAME_EXTENSION);
	coffer_writer_put(&writer, frame, size);
	return writer.size;
}

size_t
coffer_element_write_plain(const coffer_value *value, uint8_t *out)
{
	struct coffer_writer writer = {.out = out, .capacity = coffer_element_size_max(value)};
	msgpack_packer packer = coffer_packer_over(&writer);

	switch (value->kind) {
	case COFFER_NULL:
		msgpack_pack_nil(&packer);
		break;
	case COFFER_BOOL:
		(void)(value->boolean ? msgpack_pack_true(&packer) : msgpack_pack_false(&packer));
		break;
	case COFFER_INT:
	case COFFER_TIME:
		msgpack_pack_int64(&packer, value->integer);
		break;
	case COFFER_FLOAT:
		msgpack_pack_double(&packer, value->real);
		break;
	case COFFER_BYTES:
		msgpack_pack_bin(&packer, value->text.size);
		msgpack_pack_bin_body(&packer, value->text.data, value->text.size);
		break;
	case COFFER_TEXT_ARRAY:
		coffer_writer_put(&writer, value->text.data, value->text.size);
		break;
	default:
		coffer_pack_text(&packer, value->text.data, value->text.size);
	}
	return writer.size;
}

size_t
coffer_element_write(struct coffer_form form, const coffer_value *value, uint32_t code,
		     uint8_t *out)
{
	struct coffer_writer writer = {.out = out, .capacity = coffer_element_size_max(value)};
	msgpack_packer packer = coffer_packer_over(&writer);
	struct coffer_packing packing = {COFFER_ELEMENT_VALUE, 0};

	if (form.is_interned && value->kind != COFFER_NULL) {
		msgpack_pack_uint32(&packer, code);
		return writer.size;
	}
	if (value->kind == COFFER_TEXT && coffer_text_may_pack(value->text))
		packing = coffer_text_packing(value->text, form.packs_ids);
	if (packing.form == COFFER_ELEMENT_VALUE)
		return coffer_element_write_plain(value, out);
	write_packed(&writer, &packer, value->text, packing);
	return writer.size;
}
