/*
 * JSON strings. Most texts have nothing to escape: runs are copied whole.
 */
#include "coffer.h"

/* Bytes that end a run. */
static const unsigned char special[256] = {
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,         1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, ['"'] = 1, ['\\'] = 1,
};

static void
escape(coffer_buffer *out, unsigned char byte)
{
	static const char short_names[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	static const char digits[] = "0123456789abcdef";
	char text[] = {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};

	for (size_t i = 0; i + 1 < sizeof(short_names); i += 2) {
		if (byte == (unsigned char)short_names[i]) {
			text[1] = short_names[i + 1];
			coffer_buffer_append(out, text, 2);
			return;
		}
	}
	coffer_buffer_append(out, text, sizeof(text));
}

void
coffer_json_string(coffer_buffer *out, coffer_text text)
{
	const char *rest = text.data, *end = text.size ? rest + text.size : rest;

	coffer_buffer_append(out, "\"", 1);
	while (rest < end) {
		const char *run = rest;

		while (rest < end && !special[(unsigned char)*rest])
			rest++;
		coffer_buffer_append(out, run, (size_t)(rest - run));
		if (rest < end)
			escape(out, (unsigned char)*rest++);
	}
	coffer_buffer_append(out, "\"", 1);
}
