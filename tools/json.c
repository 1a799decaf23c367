/*
 * A writer of JSON. It says nothing that it was not asked for: whoever calls it opens and closes in
 * order.
 */
#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes that end a run: 1 always, 2 on a terminal. */
static const unsigned char special[256] = {
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,         1,          1,          1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, ['"'] = 1, ['\\'] = 1, [0x7f] = 2, [0xc2] = 2,
};

/* Write one special byte, or two where it is the first of a control character; returns how many. */
static size_t
escape(struct coffer_output *output, const unsigned char *bytes, size_t size)
{
	static const char short_names[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	unsigned code = bytes[0];
	size_t used = 1;

	for (size_t i = 0; i + 1 < sizeof(short_names); i += 2) {
		if (code == (unsigned char)short_names[i]) {
			coffer_output_char(output, '\\');
			coffer_output_char(output, short_names[i + 1]);
			return 1;
		}
	}
	if (code == 0xc2) {
		if (size < 2 || bytes[1] >= 0xa0) {
			coffer_output_char(output, (char)code);
			return 1;
		}
		code = bytes[1];
		used = 2;
	}
	coffer_output_format(output, "\\u%04x", code);
	return used;
}

void
coffer_json_string(struct coffer_output *output, const char *bytes, size_t size)
{
	const unsigned char *rest = (const unsigned char *)bytes, *end = rest + size;
	unsigned char mask = output->is_terminal ? 3 : 1;

	coffer_output_char(output, '"');
	while (rest < end) {
		const unsigned char *run = rest;

		while (rest < end && !(special[*rest] & mask))
			rest++;
		coffer_output_bytes(output, (const char *)run, (size_t)(rest - run));
		if (rest < end)
			rest += escape(output, rest, (size_t)(end - rest));
	}
	coffer_output_char(output, '"');
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
	coffer_json_string(json->output, name, strlen(name));
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
		coffer_json_string(json->output, copy, strlen(copy));
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
