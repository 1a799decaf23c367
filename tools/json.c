/*
 * A writer of JSON. It says nothing that it was not asked for: whoever calls it opens and closes in
 * order.
 */
#include "json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* On a terminal all control characters are escaped. */
static void
write_string(struct coffer_output *output, const char *text)
{
	coffer_buffer literal = {0};

	coffer_json_string(&literal, (coffer_text){text, strlen(text)});
	if (literal.is_failed)
		output->failure = ENOMEM;
	else
		coffer_output_safe(output, literal.data, literal.size);
	coffer_buffer_release(&literal);
}

static void
break_line(struct coffer_json *json)
{
	if (json->inline_depth)
		return;
	coffer_output_char(json->output, '\n');
	for (unsigned i = 0; i < json->depth; i++)
		coffer_output_char(json->output, '\t');
}

void
coffer_json_name(struct coffer_json *json, const char *name)
{
	if (!json->is_empty)
		coffer_output_char(json->output, ',');
	if (json->depth)
		break_line(json);
	json->is_empty = false;
	if (!name)
		return;
	write_string(json->output, name);
	coffer_output_char(json->output, ':');
	if (!json->inline_depth)
		coffer_output_char(json->output, ' ');
}

void
coffer_json_open(struct coffer_json *json, const char *name, char bracket)
{
	coffer_json_name(json, name);
	coffer_output_char(json->output, bracket);
	json->depth++;
	json->is_empty = true;
}

void
coffer_json_open_inline(struct coffer_json *json, const char *name, char bracket)
{
	coffer_json_open(json, name, bracket);
	if (!json->inline_depth)
		json->inline_depth = json->depth;
}

void
coffer_json_close(struct coffer_json *json, char bracket)
{
	bool is_inline = json->inline_depth;

	if (json->inline_depth == json->depth)
		json->inline_depth = 0;
	json->depth--;
	if (!is_inline && !json->is_empty)
		break_line(json);
	coffer_output_char(json->output, bracket);
	json->is_empty = false;
}

void
coffer_json_begin(struct coffer_json *json, struct coffer_output *output, const char *schema)
{
	*json = (struct coffer_json){.output = output, .is_empty = true};
	coffer_json_open(json, NULL, '{');
	coffer_json_text(json, "schema", schema);
}

void
coffer_json_end(struct coffer_json *json)
{
	coffer_json_close(json, '}');
	coffer_output_char(json->output, '\n');
}

/* The least and the highest second byte behind a first one; the others are 0x80 to 0xbf. */
static bool
is_second(unsigned char first, unsigned char second)
{
	unsigned char low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
	unsigned char high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;

	return second >= low && second <= high;
}

size_t
coffer_json_utf8_size(const char *text)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t size = bytes[0] < 0x80 ? 1 : bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;

	if (size == 1)
		return 1;
	if (bytes[0] < 0xc2 || bytes[0] > 0xf4 || !is_second(bytes[0], bytes[1]))
		return 0;
	for (size_t i = 2; i < size; i++)
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	return size;
}

/* A copy in UTF-8, NULL without memory: a character in the place of a byte takes three. */
static char *
copy_utf8(const char *text)
{
	char *copy = malloc(3 * strlen(text) + 1), *out = copy;

	while (copy && *text) {
		size_t size = coffer_json_utf8_size(text);

		out = mempcpy(out, size ? text : "\xef\xbf\xbd", size ? size : 3);
		text += size ? size : 1;
	}
	if (copy)
		*out = '\0';
	return copy;
}

void
coffer_json_text(struct coffer_json *json, const char *name, const char *text)
{
	char *copy = text ? copy_utf8(text) : NULL;

	coffer_json_name(json, name);
	if (copy)
		write_string(json->output, copy);
	else
		coffer_output_text(json->output, "null");
	free(copy);
}

void
coffer_json_text_if(struct coffer_json *json, const char *name, const char *text)
{
	if (text)
		coffer_json_text(json, name, text);
}

void
coffer_json_number(struct coffer_json *json, const char *name, uint64_t number)
{
	coffer_json_name(json, name);
	coffer_output_format(json->output, "%" PRIu64, number);
}

void
coffer_json_integer(struct coffer_json *json, const char *name, int64_t number)
{
	coffer_json_name(json, name);
	coffer_output_format(json->output, "%" PRId64, number);
}

void
coffer_json_bool(struct coffer_json *json, const char *name, bool is_true)
{
	coffer_json_name(json, name);
	coffer_output_text(json->output, is_true ? "true" : "false");
}

void
coffer_json_bool_if(struct coffer_json *json, const char *name, bool is_true)
{
	if (is_true)
		coffer_json_bool(json, name, true);
}
