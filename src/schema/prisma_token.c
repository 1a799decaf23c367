/*
 * Words of a Prisma schema. The text is bounded by its end alone and may hold any byte; what is not a
 * token fails with its line and column (a column counts bytes). Plain comments are skipped here,
 * documentation comments are tokens, for they carry coffer's directives.
 */
#include "base/utf8.h"
#include "schema/prisma.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static struct coffer_position
position(const struct coffer_prisma *prisma)
{
	return (struct coffer_position){prisma->line,
					(unsigned)(prisma->at - prisma->line_start) + 1};
}

void
coffer_prisma_fail(struct coffer_prisma *prisma, struct coffer_position at, const char *format, ...)
{
	char message[400];
	va_list arguments;

	if (prisma->status)
		return;
	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	prisma->status = coffer_error_set(prisma->error, COFFER_INVALID, "%s", message);
	coffer_error_at(prisma->error, "%s:%u:%u", prisma->place, at.line, at.column);
}

void
coffer_prisma_fail_memory(struct coffer_prisma *prisma)
{
	if (!prisma->status)
		prisma->status =
			coffer_error_set(prisma->error, COFFER_NO_MEMORY, "no memory for a schema");
}

void *
coffer_prisma_memory(struct coffer_prisma *prisma, size_t size)
{
	void *memory = coffer_schema_memory(prisma->schema, size);

	if (!memory)
		coffer_prisma_fail_memory(prisma);
	return memory;
}

const char *
coffer_prisma_keep(struct coffer_prisma *prisma, coffer_buffer *buffer)
{
	const char *text = NULL;

	if (!buffer->is_failed)
		text = coffer_schema_text(prisma->schema, buffer->data ? buffer->data : "");
	if (!text)
		coffer_prisma_fail_memory(prisma);
	coffer_buffer_release(buffer);
	return text;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The byte `ahead` of the next one; NUL behind the end. */
static char
peek(const struct coffer_prisma *prisma, size_t ahead)
{
	return (size_t)(prisma->end - prisma->at) > ahead ? prisma->at[ahead] : '\0';
}

static void
set_text(struct coffer_prisma *prisma, enum coffer_token_kind kind, const char *data, size_t size)
{
	coffer_buffer text = {0};

	prisma->token.kind = kind;
	if (!coffer_utf8_is_valid(data, size))
		coffer_prisma_fail(prisma, prisma->token.position, "not UTF-8");
	coffer_buffer_append(&text, data, size);
	prisma->token.text = coffer_prisma_keep(prisma, &text);
}

static void
read_word(struct coffer_prisma *prisma)
{
	const char *start = prisma->at;

	while (is_letter(peek(prisma, 0)) || is_digit(peek(prisma, 0)) || peek(prisma, 0) == '-')
		prisma->at++;
	set_text(prisma, COFFER_TOKEN_WORD, start, (size_t)(prisma->at - start));
}

static void
read_number(struct coffer_prisma *prisma)
{
	const char *start = prisma->at;

	prisma->at += *start == '-';
	while (is_digit(peek(prisma, 0)))
		prisma->at++;
	if (peek(prisma, 0) == '.' && is_digit(peek(prisma, 1)))
		for (prisma->at++; is_digit(peek(prisma, 0));)
			prisma->at++;
	set_text(prisma, COFFER_TOKEN_NUMBER, start, (size_t)(prisma->at - start));
}

static int
hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	if ((c | 32) >= 'a' && (c | 32) <= 'f')
		return (c | 32) - 'a' + 10;
	return -1;
}

/* The four digits of \uXXXX; -1 where they are none. */
static long
read_unit(struct coffer_prisma *prisma)
{
	long unit = 0;

	for (size_t i = 0; i < 4; i++) {
		int digit = hex_digit(peek(prisma, 0));

		if (digit < 0)
			return -1;
		unit = unit * 16 + digit;
		prisma->at++;
	}
	return unit;
}

static void
append_character(coffer_buffer *out, long code)
{
	char bytes[4];
	size_t size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	for (size_t i = size; i-- > 1; code >>= 6)
		bytes[i] = (char)(0x80 | (code & 0x3f));
	bytes[0] = (char)(size == 1 ? code : (0xf00 >> size) | code);
	coffer_buffer_append(out, bytes, size);
}

/* Behind "\u": one character, as two surrogates where it needs them. */
static void
read_unicode(struct coffer_prisma *prisma, coffer_buffer *out)
{
	long code = read_unit(prisma), low;

	if (code >= 0xd800 && code < 0xdc00 && peek(prisma, 0) == '\\' && peek(prisma, 1) == 'u') {
		prisma->at += 2;
		low = read_unit(prisma);
		code = low >= 0xdc00 && low < 0xe000
			       ? 0x10000 + (code - 0xd800) * 0x400 + low - 0xdc00
			       : -1;
	}
	if (code <= 0 || (code >= 0xd800 && code < 0xe000))
		coffer_prisma_fail(prisma, prisma->token.position, "\\u that is no character");
	else
		append_character(out, code);
}

static void
read_escape(struct coffer_prisma *prisma, coffer_buffer *out)
{
	static const char names[] = "\"\\/nrtbf", bytes[] = "\"\\/\n\r\t\b\f";
	char c = peek(prisma, 1);
	const char *at = c ? strchr(names, c) : NULL;

	prisma->at += c ? 2 : 1;
	if (c == 'u')
		read_unicode(prisma, out);
	else if (at)
		coffer_buffer_append(out, &bytes[at - names], 1);
	else
		coffer_prisma_fail(prisma, prisma->token.position,
				   "an escape that Prisma does not have");
}

static void
read_string(struct coffer_prisma *prisma)
{
	coffer_buffer text = {0};

	prisma->at++;
	while (!prisma->status && peek(prisma, 0) != '"') {
		if (peek(prisma, 0) == '\0' || peek(prisma, 0) == '\n') {
			coffer_prisma_fail(prisma, prisma->token.position,
					   "a string without its end");
		} else if (*prisma->at == '\\') {
			read_escape(prisma, &text);
		} else {
			coffer_buffer_append(&text, prisma->at++, 1);
		}
	}
	if (text.is_failed)
		coffer_prisma_fail_memory(prisma);
	if (!prisma->status)
		prisma->at++;
	set_text(prisma, COFFER_TOKEN_STRING, text.data ? text.data : "", text.size);
	coffer_buffer_release(&text);
}

/* From "//" to the end of the line. True for a documentation comment, now the token. */
static bool
read_comment(struct coffer_prisma *prisma)
{
	const char *stop = memchr(prisma->at, '\n', (size_t)(prisma->end - prisma->at));
	const char *start = prisma->at;
	bool is_doc = peek(prisma, 2) == '/';

	prisma->at = stop ? stop : prisma->end;
	if (is_doc)
		set_text(prisma, COFFER_TOKEN_DOC, start + 3, (size_t)(prisma->at - start) - 3);
	return is_doc;
}

static void
new_line(struct coffer_prisma *prisma)
{
	prisma->at++;
	prisma->line++;
	prisma->line_start = prisma->at;
}

static void
skip_block_comment(struct coffer_prisma *prisma)
{
	struct coffer_position start = position(prisma);

	prisma->at += 2;
	while (prisma->at < prisma->end && !(*prisma->at == '*' && peek(prisma, 1) == '/')) {
		if (*prisma->at == '\n')
			new_line(prisma);
		else
			prisma->at++;
	}
	if (prisma->at == prisma->end)
		coffer_prisma_fail(prisma, start, "a comment without its end");
	else
		prisma->at += 2;
}

/* Skip blanks and comments. True when a documentation comment became the token. */
static bool
skip_blanks(struct coffer_prisma *prisma)
{
	for (;;) {
		char c = peek(prisma, 0), then = peek(prisma, 1);

		prisma->token.position = position(prisma);
		if (c == ' ' || c == '\t' || c == '\r')
			prisma->at++;
		else if (c == '/' && then == '*')
			skip_block_comment(prisma);
		else if (c != '/' || then != '/')
			return false;
		else if (read_comment(prisma))
			return true;
	}
}

static void
read_mark(struct coffer_prisma *prisma)
{
	char c = *prisma->at;

	if (c == '@') {
		bool is_double = peek(prisma, 1) == '@';

		prisma->token.kind = is_double ? COFFER_TOKEN_AT_AT : COFFER_TOKEN_AT;
		prisma->at += is_double ? 2 : 1;
		return;
	}
	if (!c || !strchr("{}()[],:.?=!", c)) {
		coffer_prisma_fail(prisma, prisma->token.position,
				   c >= ' ' && c <= '~' ? "'%c' has no meaning here"
							: "byte 0x%02x has no meaning here",
				   (unsigned char)c);
		return;
	}
	prisma->token.kind = COFFER_TOKEN_MARK;
	prisma->token.mark = c;
	prisma->at++;
}

void
coffer_prisma_next(struct coffer_prisma *prisma)
{
	char c;

	prisma->token = (struct coffer_token){.text = "", .position = prisma->token.position};
	if (prisma->status || skip_blanks(prisma) || prisma->at == prisma->end)
		return;
	c = *prisma->at;
	if (c == '\n') {
		new_line(prisma);
		prisma->token.kind = COFFER_TOKEN_NEWLINE;
	} else if (is_letter(c)) {
		read_word(prisma);
	} else if (is_digit(c) || (c == '-' && is_digit(peek(prisma, 1)))) {
		read_number(prisma);
	} else if (c == '"') {
		read_string(prisma);
	} else {
		read_mark(prisma);
	}
	if (prisma->status)
		prisma->token.kind = COFFER_TOKEN_END;
}
