/*
 * A cell for eyes. What a terminal or a reader of Markdown would act on is escaped, whatever the data held; a value's size
 * does not count, for no more of it is looked at than is shown.
 */
#include "answer_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <wchar.h>

/* The character at the front of `text`: its code point, `size_out` bytes. -1: no UTF-8, one byte. */
static int32_t
decode(coffer_text text, size_t *size_out)
{
	const unsigned char *bytes = (const unsigned char *)text.data;
	size_t size = bytes[0] < 0x80 ? 1 : bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
	static const int32_t lowest[] = {0, 0, 0x80, 0x800, 0x10000};
	int32_t code = bytes[0];

	*size_out = 1;
	if (size == 1)
		return code;
	if (bytes[0] < 0xc2 || bytes[0] > 0xf4 || size > text.size)
		return -1;
	code &= 0x7f >> size;
	for (size_t i = 1; i < size; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return -1;
		code = code << 6 | (bytes[i] & 0x3f);
	}
	if (code < lowest[size] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return -1;
	*size_out = size;
	return code;
}

size_t
coffer_answer_utf8_size(coffer_text text)
{
	size_t whole = 0, size;

	while (whole < text.size) {
		if (!(text.data[whole] & 0x80)) {
			whole++;
			continue;
		}
		if (decode((coffer_text){text.data + whole, text.size - whole}, &size) < 0)
			break;
		whole += size;
	}
	return whole;
}

/* Marks that turn the direction of what stands behind them, in this cell or the next. */
static bool
is_turn(int32_t code)
{
	return code == 0x200e || code == 0x200f || code == 0x61c || (code >= 0x202a && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069);
}

/* What is a mark of Markdown's or HTML's where it stands in a cell. */
static bool
is_mark(int32_t code)
{
	switch (code) {
	case '\\':
	case '`':
	case '*':
	case '_':
	case '[':
	case '<':
	case '&':
	case '|':
	case '~':
		return true;
	default:
		return false;
	}
}

/* Write a character as it is shown; returns its width. */
static size_t
show(char shown[16], coffer_text text, int32_t code, size_t size, bool is_markdown)
{
	int width = code < 0 ? -1 : code < 0x7f ? (code >= 0x20 ? 1 : -1) : wcwidth((wchar_t)code);

	if (code < 0)
		return (size_t)snprintf(shown, 16, "\\x%02x", (unsigned char)*text.data);
	if (code == '\n' || code == '\t' || code == '\r')
		return (size_t)snprintf(shown, 16, "\\%c", code == '\n' ? 'n' : code == '\t' ? 't' : 'r');
	if (width < 0 || is_turn(code))
		return (size_t)snprintf(shown, 16, code > 0xffff ? "\\U%08" PRIx32 : "\\u%04" PRIx32,
					(uint32_t)code);
	if (is_markdown && is_mark(code))
		return (size_t)snprintf(shown, 16, "\\%c", (char)code);
	memcpy(shown, text.data, size);
	shown[size] = '\0';
	return (size_t)width;
}

/* How many bytes at the front, up to `size_max`, are shown as they are, a column each. */
static size_t
plain_size(coffer_text text, bool is_markdown, size_t size_max)
{
	size_t size = 0;

	if (size_max > text.size)
		size_max = text.size;
	while (size < size_max && text.data[size] >= 0x20 && text.data[size] < 0x7f &&
	       !(is_markdown && is_mark(text.data[size])))
		size++;
	return size;
}

size_t
coffer_answer_cell_text(coffer_buffer *out, coffer_text text, bool is_markdown, size_t width_max)
{
	size_t start = out->size, width = 0, fitting = 0, fitting_width = 0, size;
	char shown[16];

	for (; text.size; text.data += size, text.size -= size) {
		size_t room = !width_max ? SIZE_MAX : width + 1 < width_max ? width_max - 1 - width : 0;
		int32_t code;
		size_t more;

		if ((size = plain_size(text, is_markdown, room))) {
			coffer_buffer_append(out, text.data, size);
			width = fitting_width = width + size;
			fitting = out->size - start;
			continue;
		}
		code = decode(text, &size);
		more = show(shown, text, code, size, is_markdown);
		if (width_max && width + more > width_max) {
			out->size = start + fitting;
			coffer_buffer_text(out, "\xe2\x80\xa6");
			return fitting_width + 1;
		}
		coffer_buffer_text(out, shown);
		width += more;
		if (width < width_max) {
			fitting = out->size - start;
			fitting_width = width;
		}
	}
	return width;
}

/* As many of a blob's bytes as can be shown, and one more, for the cut to be seen. */
static size_t
cell_blob(coffer_buffer *out, const unsigned char *bytes, size_t size, size_t width_max)
{
	coffer_buffer digits = {0};
	size_t width;

	if (width_max && size > width_max)
		size = width_max;
	coffer_buffer_text(&digits, "\\x");
	for (size_t i = 0; i < size; i++)
		coffer_buffer_printf(&digits, "%02x", bytes[i]);
	width = coffer_answer_cell_text(out, (coffer_text){digits.data, digits.size}, false, width_max);
	out->is_failed = out->is_failed || digits.is_failed;
	coffer_buffer_release(&digits);
	return width;
}

size_t
coffer_answer_cell(coffer_buffer *out, const struct coffer_answer *answer, int column,
		   bool *is_number_out)
{
	const struct coffer_answer_style *style = &answer->style;
	bool is_markdown = style->mode == COFFER_ANSWER_MARKDOWN;
	size_t width_max = is_markdown ? 0 : (size_t)style->width_max;
	int type = sqlite3_column_type(answer->statement, column);
	char number[COFFER_SCALAR_TEXT_SIZE];
	const char *text = number;

	*is_number_out = type == SQLITE_INTEGER || type == SQLITE_FLOAT;
	if (type == SQLITE_BLOB)
		return cell_blob(out, sqlite3_column_blob(answer->statement, column),
				 (size_t)sqlite3_column_bytes(answer->statement, column), width_max);
	if (type == SQLITE_INTEGER)
		snprintf(number, sizeof(number), "%lld",
			 (long long)sqlite3_column_int64(answer->statement, column));
	else if (type == SQLITE_FLOAT)
		(void)coffer_float_print(sqlite3_column_double(answer->statement, column), 8, number);
	else if (type == SQLITE_NULL)
		text = style->null_text ? style->null_text : "NULL";
	else
		text = (const char *)sqlite3_column_text(answer->statement, column);
	if (!text) /* SQLite had no memory for it */
		out->is_failed = true;
	if (!text)
		return 0;
	return coffer_answer_cell_text(
		out,
		(coffer_text){text, type == SQLITE_TEXT
					    ? (size_t)sqlite3_column_bytes(answer->statement, column)
					    : strlen(text)},
		is_markdown && type != SQLITE_NULL, width_max);
}
