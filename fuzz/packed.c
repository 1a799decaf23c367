/*
 * Property: how a text is packed is what SPEC.md 4.7 says when it is read character by character; the element gives the
 * text back, both ways to decode it agree, and cut or in the other kind of store it is refused.
 *
 * Input: one byte, odd in a store with packed ids, then the text.
 */
#include "fuzz/demand.h"

#include "format/record.h"

enum { TEXT_MOST = 1 << 16 };

static size_t
count_digits(coffer_text text)
{
	size_t count = 0;

	while (count < text.size && memchr("0123456789abcdef", text.data[text.size - 1 - count], 16))
		count++;
	return count;
}

static bool
ends_in_uuid(coffer_text text)
{
	static const unsigned groups[] = {12, 4, 4, 4, 8};

	for (size_t i = 0; i < 5; i++) {
		if (count_digits(text) < groups[i])
			return false;
		text.size -= groups[i];
		if (i < 4 && (!text.size || text.data[--text.size] != '-'))
			return false;
	}
	return true;
}

static enum coffer_element_form
expected(coffer_text text, bool packs_ids)
{
	size_t digits = count_digits(text);

	if (digits == text.size && digits % 2 == 0 && digits >= 16)
		return COFFER_ELEMENT_HEX;
	if (!packs_ids || text.size > 255)
		return COFFER_ELEMENT_VALUE;
	if (ends_in_uuid(text))
		return COFFER_ELEMENT_UUID;
	return digits >= 16 ? COFFER_ELEMENT_TAIL : COFFER_ELEMENT_VALUE;
}

static void
demand_text(const struct coffer_element *element, coffer_text text)
{
	static char expanded[TEXT_MOST];
	coffer_text packed = element->value.text;

	if (element->form == COFFER_ELEMENT_VALUE) {
		demand(packed.size == text.size &&
		       (!text.size || !memcmp(packed.data, text.data, text.size)));
		return;
	}
	demand(coffer_text_expanded_size(element->form, packed) == text.size);
	coffer_text_expand(element->form, packed, expanded);
	demand(!memcmp(expanded, text.data, text.size));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t out[TEXT_MOST + COFFER_ELEMENT_HEADER_MAX];
	struct coffer_element element, usual = {.form = COFFER_ELEMENT_VALUE};
	struct coffer_form form = {.kind = COFFER_TEXT};
	coffer_value value = {.kind = COFFER_TEXT};
	size_t written;

	if (!size || size > TEXT_MOST)
		return 0;
	form.packs_ids = data[0] & 1;
	value.text = (coffer_text){(const char *)data + 1, size - 1};
	written = coffer_element_write(form, &value, 0, out);
	demand(written <= coffer_element_size_max(&value));
	demand(coffer_element_size(out, written) == written);
	demand(!coffer_element_decode(form, out, written, &element));
	demand(element.form == expected(value.text, form.packs_ids));
	demand_text(&element, value.text);
	if (coffer_element_decode_usual(form, out, &usual.form, &usual.code, &usual.value)) {
		demand(usual.form == element.form);
		demand_text(&usual, value.text);
	}
	demand(coffer_element_decode(form, out, written - 1, &usual));
	form.packs_ids = !form.packs_ids;
	demand(!coffer_element_decode(form, out, written, &usual) ==
	       (element.form == expected(value.text, form.packs_ids)));
	return 0;
}
