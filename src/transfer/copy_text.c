/*
 * The one writer of text COPY: of a dump, and of what goes to a server for types without a binary form that
 * coffer knows.
 */
#include "transfer/copy_text.h"

#include "transfer/append.h"

/* The letter behind the backslash for a byte that text COPY would misread; 0 for the rest. */
static char
escape(char c)
{
	switch (c) {
	case '\b':
		return 'b';
	case '\t':
		return 't';
	case '\n':
		return 'n';
	case '\v':
		return 'v';
	case '\f':
		return 'f';
	case '\r':
		return 'r';
	case '\\':
		return '\\';
	default:
		return 0;
	}
}

/* Most of a text needs no escape: it is copied in runs. */
static void
put_escaped(coffer_buffer *out, coffer_text text)
{
	size_t start = 0;

	for (size_t i = 0; i < text.size; i++) {
		char letter = escape(text.data[i]);

		if (!letter)
			continue;
		coffer_append(out, text.data + start, i - start);
		coffer_append_char(out, '\\');
		coffer_append_char(out, letter);
		start = i + 1;
	}
	if (text.size)
		coffer_append(out, text.data + start, text.size - start);
}

bool
coffer_copy_text_changes(const coffer_value *value)
{
	uint64_t bits;

	if (value->kind != COFFER_FLOAT || value->real == value->real)
		return false;
	memcpy(&bits, &value->real, sizeof(bits));
	return bits != UINT64_C(0x7ff8000000000000);
}

/* Texts need no printing, numbers and times no escaping. */
coffer_status
coffer_copy_text_value(const coffer_column *column, const coffer_value *value, coffer_buffer *out,
		       coffer_buffer *scratch, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	switch (value->kind) {
	case COFFER_NULL:
		coffer_append(out, "\\N", 2);
		break;
	case COFFER_TEXT:
	case COFFER_JSON:
	case COFFER_OTHER:
		put_escaped(out, value->text);
		break;
	case COFFER_BOOL:
	case COFFER_INT:
	case COFFER_FLOAT:
	case COFFER_TIME:
		return coffer_value_print(column, value, out, error);
	case COFFER_TEXT_ARRAY:
	case COFFER_BYTES:
		coffer_buffer_clear(scratch);
		status = coffer_value_print(column, value, scratch, error);
		if (!status)
			put_escaped(out, (coffer_text){scratch->data, scratch->size});
		break;
	}
	if (!status && out->is_failed)
		status = coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row");
	return status;
}
