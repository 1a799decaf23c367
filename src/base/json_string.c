/*
 * JSON strings. Most texts have nothing to escape: runs are copied whole.
 */
#include "coffer.h"

#include "base/json_run.h"

#include <string.h>

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

/* The last run of a string, and its end, for which there is room. */
static void
end_string(coffer_buffer *out, const char *run, size_t size)
{
	char *at = out->data + out->size;

	if (size)
		memcpy(at, run, size);
	at[size] = '"';
	at[size + 1] = '\0';
	out->size += size + 1;
}

void
coffer_json_string(coffer_buffer *out, coffer_text text)
{
	const char *rest = text.data, *end = text.size ? rest + text.size : rest, *run_end;

	if (!coffer_buffer_reserve(out, text.size + 2))
		return;
	out->data[out->size++] = '"';
	for (; (run_end = coffer_json_run_end(rest, end, false)) < end; rest = run_end + 1) {
		coffer_buffer_append(out, rest, (size_t)(run_end - rest));
		escape(out, (unsigned char)*run_end);
		if (!coffer_buffer_reserve(out, (size_t)(end - run_end)))
			return;
	}
	end_string(out, rest, (size_t)(end - rest));
}
