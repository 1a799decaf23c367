/*
 * JSON documents in rows. Only documents that look as if they had to be wrapped are walked, and these
 * with care: a column of type json keeps its text as it was written, escapes, white space and all.
 */
#include "transfer/json_document.h"

#include "transfer/append.h"

/* What is left of a document. */
struct walk {
	const char *at, *end;
};

static bool
is_space(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static void
skip_space(struct walk *walk)
{
	while (walk->at < walk->end && is_space(*walk->at))
		walk->at++;
}

static bool
take(struct walk *walk, char byte)
{
	if (walk->at == walk->end || *walk->at != byte)
		return false;
	walk->at++;
	return true;
}

/* Skip a string whose opening quote was taken. */
static void
skip_string(struct walk *walk)
{
	while (walk->at < walk->end && *walk->at != '"')
		walk->at += *walk->at == '\\' && walk->end - walk->at > 1 ? 2 : 1;
	(void)take(walk, '"');
}

/* One letter of a key, which may stand there as an escape. */
static bool
take_letter(struct walk *walk, char letter)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char code = (unsigned char)letter;

	if (take(walk, letter))
		return true;
	if (walk->end - walk->at < 6 || memcmp(walk->at, "\\u00", 4) ||
	    (walk->at[4] | ' ') != digits[code >> 4] || (walk->at[5] | ' ') != digits[code & 15])
		return false;
	walk->at += 6;
	return true;
}

static bool
take_key(struct walk *walk, const char *key)
{
	struct walk begin = *walk;

	for (; *key; key++) {
		if (!take_letter(walk, *key)) {
			*walk = begin;
			return false;
		}
	}
	if (take(walk, '"'))
		return true;
	*walk = begin;
	return false;
}

/* Does a comma follow at this level? Then the object has another member. */
static bool
has_more(struct walk *walk)
{
	for (size_t depth = 0; walk->at < walk->end;) {
		char byte = *walk->at++;

		if (byte == '"')
			skip_string(walk);
		else if (byte == '{' || byte == '[')
			depth++;
		else if (depth && (byte == '}' || byte == ']'))
			depth--;
		else if (!depth && (byte == ',' || byte == '}'))
			return byte == ',';
	}
	return false;
}

static bool
is_wrapper(const char *text, size_t size)
{
	struct walk walk = {text, text + size};

	if (!take(&walk, '{'))
		return false;
	skip_space(&walk);
	if (!take(&walk, '"') || (!take_key(&walk, "$json") && !take_key(&walk, "$text")))
		return false;
	return !has_more(&walk);
}

static bool
is_one_line(const char *text, size_t size)
{
	return size && !is_space(text[0]) && !is_space(text[size - 1]) &&
	       !memchr(text, '\n', size) && !memchr(text, '\r', size);
}

void
coffer_json_document(coffer_buffer *out, const char *text, size_t size)
{
	if (!is_one_line(text, size)) {
		coffer_append_text(out, "{\"$text\":");
		coffer_json_string(out, (coffer_text){text, size});
		coffer_append_char(out, '}');
	} else if ((size == 4 && !memcmp(text, "null", 4)) || is_wrapper(text, size)) {
		coffer_append_text(out, "{\"$json\":");
		coffer_append(out, text, size);
		coffer_append_char(out, '}');
	} else {
		coffer_append(out, text, size);
	}
}
