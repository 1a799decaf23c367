/*
 * Property: a record that is accepted is the only encoding of its values: every element that is decoded is written
 * again as the same bytes, and finding the element and decoding it agree about its end. What coffer_element_decode_usual
 * takes is what coffer_element_decode gives.
 *
 * Input: the number of columns, one byte a column (its kind, width, interned, compressed), then the record.
 */
#include "fuzz/demand.h"

#include "format/bytes.h"
#include "format/record.h"

enum { COLUMNS_MOST = 64 };

static struct coffer_form
form_of(uint8_t byte)
{
	struct coffer_form form = {.kind = (coffer_kind)(1 + byte % 9)};

	if (form.kind == COFFER_INT)
		form.width = (uint8_t)(2 << (byte >> 4 & 3) % 3);
	if (form.kind == COFFER_FLOAT)
		form.width = byte & 0x40 ? 4 : 8;
	form.is_interned = byte & 0x80 && (form.kind == COFFER_TEXT || form.kind == COFFER_JSON);
	form.packs_ids = byte & 0x40 && form.kind == COFFER_TEXT && !form.is_interned;
	form.is_compressed = byte & 0x20 && !form.is_interned &&
			     (form.kind == COFFER_TEXT || form.kind == COFFER_JSON);
	return form;
}

/* Write what was decoded; a long value's mark stands for itself. */
static size_t
write(struct coffer_form form, struct coffer_element *element, uint8_t *out)
{
	static char expanded[1 << 17];
	coffer_value value = element->value;

	if (element->form == COFFER_ELEMENT_LONG) {
		*out = 0xc3;
		return 1;
	}
	if (element->form == COFFER_ELEMENT_FRAME)
		return coffer_element_write_frame(form.kind, value.text.data, value.text.size, out);
	if (element->form >= COFFER_ELEMENT_HEX) {
		value.text = (coffer_text){
			expanded, coffer_text_expanded_size(element->form, element->value.text)};
		coffer_text_expand(element->form, element->value.text, expanded);
	}
	if (element->form == COFFER_ELEMENT_CODE)
		value.kind = form.kind;
	return coffer_element_write(form, &value, element->code, out);
}

/* What the short way decodes the long way decodes to the same. */
static void
compare_ways(struct coffer_form form, const uint8_t *bytes, size_t size)
{
	struct coffer_element element, usual = {.form = COFFER_ELEMENT_VALUE};

	if (!coffer_element_decode_usual(form, bytes, &usual.form, &usual.code, &usual.value))
		return;
	demand(coffer_element_decode(form, bytes, size, &element) == COFFER_FAULT_NONE);
	demand(usual.form == element.form);
	if (usual.form == COFFER_ELEMENT_CODE) {
		demand(usual.code == element.code);
		return;
	}
	demand(usual.value.kind == element.value.kind);
	switch (usual.value.kind) {
	case COFFER_NULL:
		break;
	case COFFER_BOOL:
		demand(usual.value.boolean == element.value.boolean);
		break;
	case COFFER_INT:
	case COFFER_TIME:
	case COFFER_FLOAT:
		demand(usual.value.integer == element.value.integer);
		break;
	default:
		demand(usual.value.text.data == element.value.text.data &&
		       usual.value.text.size == element.value.text.size);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t out[1 << 17];
	size_t count = size ? data[0] % COLUMNS_MOST : 0, header;
	const uint8_t *forms = data + 1, *record = forms + count;
	struct coffer_element element;

	if (size < 1 + count || size > 1 << 16)
		return 0;
	size -= 1 + count;
	if (coffer_record_open(record, size, count, &header))
		return 0;
	demand(coffer_record_header_write(count, out) == header && !memcmp(out, record, header));
	record += header;
	size -= header;
	for (size_t i = 0; i < count; i++) {
		struct coffer_form form = form_of(forms[i]);
		size_t taken = coffer_element_size(record, size);

		demand(taken <= size);
		/* Decoding is bounded on its own, whatever was found. */
		demand(taken == size ||
		       coffer_element_decode(form, record, size, &element) != COFFER_FAULT_NONE);
		if (taken)
			compare_ways(form, record, taken);
		if (!taken || coffer_element_decode(form, record, taken, &element))
			return 0;
		if (coffer_element_check_text(form, &element) == COFFER_FAULT_NONE)
			demand(write(form, &element, out) == taken && !memcmp(out, record, taken));
		record += taken;
		size -= taken;
	}
	return 0;
}
