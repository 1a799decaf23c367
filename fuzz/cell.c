/*
 * Property: whatever a text holds, its cell is UTF-8 on one line without control characters and marks of direction, as wide as
 * it is said to be and not wider than asked; a cut one begins as the whole one does; in Markdown no mark stands unescaped. How
 * much of a text is UTF-8 is what a plain decoder says.
 *
 * Input: a byte for the width, a byte whose lowest bit says Markdown, then the text.
 */
#include "fuzz/demand.h"

#include "base/utf8.h"
#include "tools/answer_parts.h"

#include <locale.h>
#include <string.h>
#include <wchar.h>

static bool
is_turn(wchar_t code)
{
	return code == 0x200e || code == 0x200f || code == 0x61c ||
	       (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

/* The width of a cell whose every character is fit to be shown. */
static size_t
width_of(const coffer_buffer *cell)
{
	mbstate_t state = {0};
	size_t width = 0;

	demand(coffer_utf8_is_valid(cell->data, cell->size));
	for (size_t at = 0; at < cell->size;) {
		wchar_t code;
		size_t taken = mbrtowc(&code, cell->data + at, cell->size - at, &state);
		int columns = wcwidth(code);

		demand(taken && taken <= cell->size - at && columns >= 0 && !is_turn(code));
		width += (size_t)columns;
		at += taken;
	}
	return width;
}

/* A backslash escapes what stands behind it, or is the second of such a pair. */
static void
check_marks(const coffer_buffer *cell)
{
	for (size_t i = 0; i < cell->size; i++) {
		if (cell->data[i] == '\\')
			demand(++i < cell->size);
		else
			demand(!strchr("`*_[<&|~", cell->data[i]));
	}
}

static void
check_cut(const coffer_buffer *whole, size_t width, coffer_text text, bool is_markdown,
	  size_t width_max)
{
	static const char cut_mark[] = "\xe2\x80\xa6";
	const size_t mark_size = sizeof(cut_mark) - 1;
	coffer_buffer cell = {0};
	size_t cut_width = coffer_answer_cell_text(&cell, text, is_markdown, width_max);

	demand(!cell.is_failed && cut_width <= width_max && width_of(&cell) == cut_width);
	if (width <= width_max) {
		demand(cell.size == whole->size && cut_width == width);
	} else {
		demand(cell.size >= mark_size);
		cell.size -= mark_size;
		demand(!memcmp(cell.data + cell.size, cut_mark, mark_size));
		demand(cell.size <= whole->size);
	}
	demand(!cell.size || !memcmp(cell.data, whole->data, cell.size));
	coffer_buffer_release(&cell);
}

/* A NUL byte is a character here, as it is to SQLite. */
static void
check_utf8(coffer_text text)
{
	const uint8_t *bytes = (const uint8_t *)text.data;
	size_t whole = 0, size;

	for (; whole < text.size; whole += size) {
		size = bytes[whole] < 0x80
			       ? 1
			       : coffer_utf8_character_size(bytes + whole, text.size - whole);
		if (!size)
			break;
	}
	demand(coffer_answer_utf8_size(text) == whole);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool is_set;
	coffer_buffer whole = {0};
	coffer_text text;
	size_t width;

	if (size < 2)
		return 0;
	is_set = is_set || setlocale(LC_CTYPE, "C.UTF-8");
	demand(is_set);
	text = (coffer_text){(const char *)data + 2, size - 2};
	check_utf8(text);
	width = coffer_answer_cell_text(&whole, text, data[1] & 1, 0);
	demand(!whole.is_failed && width_of(&whole) == width);
	if (data[1] & 1)
		check_marks(&whole);
	check_cut(&whole, width, text, data[1] & 1, 1u + data[0]);
	coffer_buffer_release(&whole);
	return 0;
}
