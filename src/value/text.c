/*
 * What the parts of this layer do with texts: blanks, words, modifiers, refusals; and text, character varying and
 * character, whose lengths count characters.
 */
#include "value/value.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	EXCERPT_SIZE_MAX = 40,
	LENGTH_MAX = 10485760, /* of character(n) and character varying(n) */
};

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

coffer_text
coffer_text_trim(coffer_text text)
{
	while (text.size && is_blank(*text.data)) {
		text.data++;
		text.size--;
	}
	while (text.size && is_blank(text.data[text.size - 1]))
		text.size--;
	return text;
}

bool
coffer_text_is(coffer_text text, const char *word)
{
	return text.size == strlen(word) && strncasecmp(text.data, word, text.size) == 0;
}

int
coffer_type_modifier(const char *type, const char *prefix)
{
	size_t size;
	char *end;
	long number;

	if (*type != *prefix) /* as for most columns */
		return -1;
	size = strlen(prefix);
	if (strncmp(type, prefix, size) != 0 || type[size] != '(')
		return -1;
	number = strtol(type + size + 1, &end, 10);
	if (*end != ')' || (end[1] && end[1] != ' ') || number < 0 || number > LENGTH_MAX)
		return -1;
	return (int)number;
}

/* ------------------------------------------------------------------ refusals */

/* The beginning of a text on one line: whole characters, what cannot be shown as '?'. */
static void
excerpt(coffer_text text, char out[EXCERPT_SIZE_MAX + 4])
{
	size_t size = text.size < EXCERPT_SIZE_MAX ? text.size : EXCERPT_SIZE_MAX;

	while (size < text.size && size > EXCERPT_SIZE_MAX - 4 && (text.data[size] & 0xc0) == 0x80)
		size--;
	if (size)
		memcpy(out, text.data, size);
	out[size] = '\0';
	for (size_t i = 0; i < size; i++)
		if ((unsigned char)out[i] < 0x20 || out[i] == 0x7f)
			out[i] = '?';
	if (!coffer_utf8_is_valid(out, size))
		out[0] = '\0';
	if (size < text.size)
		memcpy(out + strlen(out), "...", 4);
}

coffer_status
coffer_value_refuse(const struct coffer_value_call *call, const char *what, coffer_text text)
{
	char shown[EXCERPT_SIZE_MAX + 4];

	if (!text.data)
		return coffer_error_set(call->error, COFFER_INVALID, "%s of type %s", what,
					call->column->type);
	excerpt(text, shown);
	return coffer_error_set(call->error, COFFER_INVALID, "%s of type %s: '%s'", what,
				call->column->type, shown);
}

coffer_status
coffer_value_refuse_because(const struct coffer_value_call *call, const char *why, coffer_text text)
{
	char shown[EXCERPT_SIZE_MAX + 4];

	excerpt(text, shown);
	return coffer_error_set(call->error, COFFER_INVALID, "'%s' for type %s: %s", shown,
				call->column->type, why);
}

coffer_status
coffer_value_not_text(const struct coffer_value_call *call)
{
	return coffer_error_set(call->error, COFFER_INVALID,
				"not valid UTF-8, or a NUL byte in it");
}

coffer_status
coffer_value_memory(const struct coffer_value_call *call)
{
	if (!call->memory->is_failed)
		return COFFER_OK;
	return coffer_error_set(call->error, COFFER_NO_MEMORY, "no memory for a value of type %s",
				call->column->type);
}

/* ------------------------------------------------------------------ lengths */

static size_t
count_characters(coffer_text text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.size; i++)
		count += (text.data[i] & 0xc0) != 0x80;
	return count;
}

/* `count` characters of a text that has at least so many. */
static coffer_text
first_characters(coffer_text text, size_t count)
{
	size_t size = 0;

	for (; size < text.size && (count || (text.data[size] & 0xc0) == 0x80); size++)
		count -= (text.data[size] & 0xc0) != 0x80;
	return (coffer_text){text.data, size};
}

/* Cut blanks off that are beyond the length; anything else there is refused. */
static coffer_status
shorten(const struct coffer_value_call *call, size_t length, size_t count, coffer_text *text)
{
	coffer_text kept = first_characters(*text, length);

	for (size_t i = kept.size; i < text->size; i++)
		if (text->data[i] != ' ')
			return coffer_error_set(call->error, COFFER_INVALID,
						"too long for type %s: %zu characters",
						call->column->type, count);
	*text = kept;
	return COFFER_OK;
}

coffer_status
coffer_string_settle(const struct coffer_value_call *call, coffer_value *value)
{
	int length = coffer_type_modifier(call->type, "character varying");
	size_t count;

	if (!coffer_utf8_is_valid(value->text.data, value->text.size))
		return coffer_value_not_text(call);
	if (length < 0 || value->text.size <= (size_t)length)
		return COFFER_OK;
	count = count_characters(value->text);
	return count > (size_t)length ? shorten(call, (size_t)length, count, &value->text)
				      : COFFER_OK;
}

coffer_status
coffer_padded_settle(const struct coffer_value_call *call, size_t length, coffer_text *text)
{
	size_t count = count_characters(*text);

	if (count > length)
		return shorten(call, length, count, text);
	if (count == length)
		return COFFER_OK;
	if (coffer_buffer_reserve(call->memory, text->size + (length - count))) {
		coffer_buffer_append(call->memory, text->data, text->size);
		memset(call->memory->data + text->size, ' ', length - count);
		call->memory->size += length - count;
		*text = (coffer_text){call->memory->data, call->memory->size};
	}
	return coffer_value_memory(call);
}
