/*
 * The end of a statement, as psql sees it: a semicolon outside of quotes, comments, brackets and
 * the bodies of functions that are written in SQL (CREATE FUNCTION ... BEGIN ATOMIC ...; ...;
 * END;).
 *
 * What takes long, the inside of quotes, goes at the speed of memchr.
 */
#include "transfer/sql_split.h"

#include <string.h>

static bool
is_of_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || (unsigned char)c >= 0x80;
}

void
coffer_split_begin(struct coffer_splitter *splitter, bool has_backslashes, bool is_row)
{
	*splitter = (struct coffer_splitter){.has_backslashes = has_backslashes, .is_row = is_row};
}

/* ------------------------------------------------------------------ words */

static bool
is_word(const struct coffer_splitter *splitter, const char *word)
{
	return splitter->word_size == strlen(word) &&
	       memcmp(splitter->word, word, splitter->word_size) == 0;
}

/* The bodies of functions alone hold semicolons outside of brackets. */
static bool
is_routine(const struct coffer_splitter *splitter)
{
	const char *heads = splitter->heads;
	size_t at = heads[1] == 'o' && heads[2] == 'r' ? 3 : 1;

	return heads[0] == 'c' && (heads[at] == 'f' || heads[at] == 'p');
}

static void
note_head(struct coffer_splitter *splitter)
{
	static const char *const words[] = {"create", "or", "replace", "function", "procedure"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (is_word(splitter, words[i]))
			splitter->heads[splitter->words] = *words[i];
}

static void
end_word(struct coffer_splitter *splitter)
{
	if (splitter->words < sizeof(splitter->heads))
		note_head(splitter);
	splitter->words++;
	if (!is_routine(splitter) || splitter->brackets)
		return;
	if (is_word(splitter, "begin") || (splitter->bodies && is_word(splitter, "case")))
		splitter->bodies++;
	else if (splitter->bodies && is_word(splitter, "end"))
		splitter->bodies--;
}

static void
take_word_byte(struct coffer_splitter *splitter, char c)
{
	if (splitter->word_size < sizeof(splitter->word))
		splitter->word[splitter->word_size++] =
			(char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* ------------------------------------------------------------------ quotes and comments */

/* Up to the quote's end or an escape; returns the bytes stepped over. */
static size_t
in_quote(struct coffer_splitter *splitter, const char *bytes, size_t size)
{
	const char *quote, *escape = NULL;

	if (splitter->is_escaped) {
		splitter->is_escaped = false;
		return 1;
	}
	quote = memchr(bytes, splitter->quote, size);
	if (splitter->has_escapes)
		escape = memchr(bytes, '\\', quote ? (size_t)(quote - bytes) : size);
	if (escape) {
		splitter->is_escaped = true;
		return (size_t)(escape - bytes) + 1;
	}
	if (!quote)
		return size;
	splitter->place = COFFER_SPLIT_QUOTED;
	return (size_t)(quote - bytes) + 1;
}

static void
open_quote(struct coffer_splitter *splitter, char quote)
{
	bool has_prefix = is_word(splitter, "e") && splitter->place == COFFER_SPLIT_WORD;

	splitter->place = COFFER_SPLIT_QUOTE;
	splitter->quote = quote;
	splitter->has_escapes = quote == '\'' && (splitter->has_backslashes || has_prefix);
}

static size_t
in_line_comment(struct coffer_splitter *splitter, const char *bytes, size_t size)
{
	const char *end = memchr(bytes, '\n', size);

	if (!end)
		return size;
	splitter->place = COFFER_SPLIT_CODE;
	return (size_t)(end - bytes) + 1;
}

static void
in_block_comment(struct coffer_splitter *splitter, char c)
{
	char last = splitter->last;

	splitter->last = c;
	if (last == '/' && c == '*')
		splitter->comments++;
	else if (last == '*' && c == '/')
		splitter->comments--;
	else
		return;
	splitter->last = '\0';
	if (!splitter->comments)
		splitter->place = COFFER_SPLIT_CODE;
}

/*
 * A dollar that begins no tag is an operator's or a parameter's. Returns whether the byte was
 * taken.
 */
static bool
in_tag(struct coffer_splitter *splitter, char c)
{
	bool is_first_digit = splitter->tag_size == 1 && c >= '0' && c <= '9';

	if (c == '$') {
		splitter->tag[splitter->tag_size++] = c;
		splitter->tag_at = 0;
		splitter->place = COFFER_SPLIT_DOLLAR;
		return true;
	}
	if (!is_of_word(c) || is_first_digit || splitter->tag_size > COFFER_NAME_SIZE_MAX) {
		splitter->place = COFFER_SPLIT_CODE;
		return false;
	}
	splitter->tag[splitter->tag_size++] = c;
	return true;
}

/* The tag has a dollar at its ends alone, so a mismatch begins anew at a dollar or not at all. */
static size_t
in_dollars(struct coffer_splitter *splitter, const char *bytes, size_t size)
{
	const char *dollar;

	if (!splitter->tag_at) {
		dollar = memchr(bytes, '$', size);
		splitter->tag_at = dollar ? 1 : 0;
		return dollar ? (size_t)(dollar - bytes) + 1 : size;
	}
	if (*bytes == splitter->tag[splitter->tag_at])
		splitter->tag_at++;
	else
		splitter->tag_at = *bytes == '$' ? 1 : 0;
	if (splitter->tag_at == splitter->tag_size)
		splitter->place = COFFER_SPLIT_CODE;
	return 1;
}

/* ------------------------------------------------------------------ code */

/* A byte outside of everything; true: it ends what was begun. */
static bool
in_code(struct coffer_splitter *splitter, char c)
{
	splitter->place = COFFER_SPLIT_CODE;
	switch (c) {
	case '-':
		splitter->place = COFFER_SPLIT_DASH;
		break;
	case '/':
		splitter->place = COFFER_SPLIT_SLASH;
		break;
	case '$':
		splitter->tag[0] = c;
		splitter->tag_size = 1;
		splitter->place = COFFER_SPLIT_TAG;
		break;
	case '(':
		splitter->rows += !splitter->brackets++;
		break;
	case ')':
		splitter->brackets -= splitter->brackets > 0;
		return splitter->is_row && !splitter->brackets;
	case ';':
		return !splitter->is_row && !splitter->brackets && !splitter->bodies;
	default:
		break;
	}
	return false;
}

static bool
take_code(struct coffer_splitter *splitter, char c)
{
	bool is_in_word = splitter->place == COFFER_SPLIT_WORD;

	if (is_of_word(c) || (is_in_word && c == '$')) {
		if (!is_in_word)
			splitter->word_size = 0;
		splitter->place = COFFER_SPLIT_WORD;
		take_word_byte(splitter, c);
		return false;
	}
	if (is_in_word)
		end_word(splitter);
	if (c == '\'' || c == '"') {
		open_quote(splitter, c);
		return false;
	}
	return in_code(splitter, c);
}

/* Behind a '-', '/' or a closing quote, a byte may go on with what that one began. */
static bool
take_second(struct coffer_splitter *splitter, char c)
{
	if (splitter->place == COFFER_SPLIT_DASH && c == '-') {
		splitter->place = COFFER_SPLIT_LINE;
	} else if (splitter->place == COFFER_SPLIT_SLASH && c == '*') {
		splitter->place = COFFER_SPLIT_BLOCK;
		splitter->comments = 1;
		splitter->last = '\0';
	} else if (splitter->place == COFFER_SPLIT_QUOTED && c == splitter->quote) {
		splitter->place = COFFER_SPLIT_QUOTE;
	} else {
		return take_code(splitter, c);
	}
	return false;
}

size_t
coffer_split(struct coffer_splitter *splitter, const char *bytes, size_t size, bool *is_done_out)
{
	size_t at = 0;

	*is_done_out = false;
	while (at < size && !*is_done_out) {
		switch (splitter->place) {
		case COFFER_SPLIT_QUOTE:
			at += in_quote(splitter, bytes + at, size - at);
			break;
		case COFFER_SPLIT_LINE:
			at += in_line_comment(splitter, bytes + at, size - at);
			break;
		case COFFER_SPLIT_BLOCK:
			in_block_comment(splitter, bytes[at++]);
			break;
		case COFFER_SPLIT_TAG:
			at += in_tag(splitter, bytes[at]);
			break;
		case COFFER_SPLIT_DOLLAR:
			at += in_dollars(splitter, bytes + at, size - at);
			break;
		case COFFER_SPLIT_CODE:
		case COFFER_SPLIT_WORD:
			*is_done_out = take_code(splitter, bytes[at++]);
			break;
		default:
			*is_done_out = take_second(splitter, bytes[at++]);
			break;
		}
	}
	return at;
}

const char *
coffer_split_open(const struct coffer_splitter *splitter)
{
	switch (splitter->place) {
	case COFFER_SPLIT_QUOTE:
	case COFFER_SPLIT_DOLLAR:
		return "a quote";
	case COFFER_SPLIT_BLOCK:
		return "a comment";
	default:
		return splitter->brackets ? "a bracket" : splitter->bodies ? "a function" : NULL;
	}
}
