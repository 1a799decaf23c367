/*
 * JSON, token by token, as Postgres' lexer takes it: RFC 8259 with any value at the top, UTF-8, nothing converted.
 *
 * Most bytes of a document stand in strings, so these are passed over eight at a time. Nesting is one bit a level,
 * and the state says what may come next; there is no recursion and no memory beside the reader.
 */
#include "format/json.h"

#include "base/json_run.h"
#include "base/utf8.h"

#include <string.h>

enum state {
	BEFORE_VALUE,
	BEFORE_FIRST_ITEM, /* or ']' */
	BEFORE_FIRST_NAME, /* or '}' */
	AFTER_VALUE,
	FAILED,
};

enum { CODE_NONE = -1 };

static const char too_deep[] = "arrays and objects are nested too deep";

void
coffer_json_reader_init(coffer_json_reader *reader, coffer_text document)
{
	reader->begin = reader->at = document.data;
	reader->end = document.size ? document.data + document.size : document.data;
	reader->fault = NULL;
	reader->depth = 0;
	reader->state = BEFORE_VALUE;
}

static bool
fail(coffer_json_reader *reader, const char *fault)
{
	reader->fault = fault;
	reader->state = FAILED;
	return false;
}

static inline void
skip_space(coffer_json_reader *reader)
{
	while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\n' ||
					    *reader->at == '\t' || *reader->at == '\r'))
		reader->at++;
}

/* ------------------------------------------------------------------ strings */

static int
hex_digit(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	digit = (char)(digit | 0x20);
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* The number that four hexadecimal digits make; CODE_NONE where they are not there. */
static int
hex_code(const char *at, const char *end)
{
	int code = 0;

	if (end - at < 4)
		return CODE_NONE;
	for (int i = 0; i < 4; i++) {
		int digit = hex_digit(at[i]);

		if (digit < 0)
			return CODE_NONE;
		code = code << 4 | digit;
	}
	return code;
}

static bool
is_high_half(int code)
{
	return code >= 0xd800 && code < 0xdc00;
}

static bool
is_low_half(int code)
{
	return code >= 0xdc00 && code < 0xe000;
}

/* The code that an escape of six bytes at `at` gives, two of them where it is a pair; how long it is. */
static int
escaped_code(const char *at, const char *end, size_t *size_out)
{
	int code = hex_code(at + 2, end), low = CODE_NONE;

	*size_out = 6;
	if (is_high_half(code) && end - at >= 12 && at[6] == '\\' && at[7] == 'u')
		low = hex_code(at + 8, end);
	if (!is_low_half(low))
		return code;
	*size_out = 12;
	return 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
}

static size_t
utf8_size(int code)
{
	return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/* The character behind a backslash as jsonb writes it: its letter's code; 0 where it is none of them. */
static char
short_escape(char letter)
{
	switch (letter) {
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	case '"':
	case '\\':
	case '/':
		return letter;
	default:
		return 0;
	}
}

/* A control character without a letter of its own, in lower case: how jsonb writes it. */
static bool
is_normal_code(const char *at, int code)
{
	return code > 0 && code < 0x20 && !(code >= 8 && code <= 13 && code != 11) &&
	       (at[5] < 'A' || at[5] > 'F');
}

/* Pass over one escape; what decoding takes away is added to the token's size. */
static bool
read_escape(coffer_json_reader *reader, coffer_json_token *token)
{
	const char *at = reader->at;
	size_t size = 2, decoded = 1;

	if (reader->end - at < 2)
		return fail(reader, "a string that ends");
	if (at[1] != 'u') {
		if (!short_escape(at[1]))
			return fail(reader, "an escape that JSON knows");
		token->is_normal = token->is_normal && at[1] != '/';
	} else {
		int code = escaped_code(at, reader->end, &size);

		if (code == CODE_NONE)
			return fail(reader, "four hexadecimal digits behind \\u");
		if (code == 0 || is_high_half(code) || is_low_half(code))
			token->decoded_size = COFFER_JSON_NO_TEXT;
		decoded = utf8_size(code);
		token->is_normal = token->is_normal && is_normal_code(at, code);
	}
	if (token->decoded_size != COFFER_JSON_NO_TEXT)
		token->decoded_size += size - decoded;
	reader->at += size;
	return true;
}

/* Pass over characters of several bytes; one seldom comes alone. */
static bool
skip_characters(coffer_json_reader *reader)
{
	size_t size;

	do {
		size = coffer_utf8_character_size((const uint8_t *)reader->at,
						  (size_t)(reader->end - reader->at));
		reader->at += size;
	} while (size && reader->at < reader->end && (unsigned char)*reader->at >= 0x80);
	return size > 0;
}

/* At the first quote; on to behind the last. Until then `decoded_size` is what decoding takes away. */
static bool
read_string(coffer_json_reader *reader, coffer_json_token *token)
{
	const char *begin = ++reader->at;

	token->decoded_size = 0;
	token->is_normal = true;
	for (;;) {
		reader->at = coffer_json_run_end(reader->at, reader->end, true);
		if (reader->at == reader->end)
			return fail(reader, "a string that ends");
		if (*reader->at == '"')
			break;
		if (*reader->at == '\\') {
			if (!read_escape(reader, token))
				return false;
		} else if ((unsigned char)*reader->at < 0x20) {
			return fail(reader, "no control character in a string");
		} else if (!skip_characters(reader)) {
			return fail(reader, "UTF-8");
		}
	}
	token->text = (coffer_text){begin, (size_t)(reader->at - begin)};
	reader->at++;
	if (token->decoded_size != COFFER_JSON_NO_TEXT)
		token->decoded_size = token->text.size - token->decoded_size;
	return true;
}

static size_t
put_utf8(char *out, int code)
{
	static const int marks[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t size = utf8_size(code);

	for (size_t i = size; i-- > 1; code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3f));
	out[0] = (char)(marks[size] | code);
	return size;
}

size_t
coffer_json_decode_escape(coffer_text rest, char out[COFFER_JSON_ESCAPE_SIZE_MAX], size_t *used_out)
{
	*used_out = 2;
	if (rest.data[1] == 'u')
		return put_utf8(out, escaped_code(rest.data, rest.data + rest.size, used_out));
	*out = short_escape(rest.data[1]);
	return 1;
}

void
coffer_json_decode(const coffer_json_token *token, char *out)
{
	coffer_text rest = token->text;
	char bytes[COFFER_JSON_ESCAPE_SIZE_MAX];

	while (rest.size) {
		const char *slash = memchr(rest.data, '\\', rest.size);
		size_t used = slash ? (size_t)(slash - rest.data) : rest.size, size;

		memmove(out, rest.data, used);
		out += used;
		rest = (coffer_text){rest.data + used, rest.size - used};
		if (!slash)
			break;
		size = coffer_json_decode_escape(rest, bytes, &used);
		memcpy(out, bytes, size);
		out += size;
		rest = (coffer_text){rest.data + used, rest.size - used};
	}
}

/* ------------------------------------------------------------------ numbers and words */

static size_t
skip_digits(coffer_json_reader *reader)
{
	const char *begin = reader->at;

	while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9')
		reader->at++;
	return (size_t)(reader->at - begin);
}

static inline bool
skip_byte(coffer_json_reader *reader, char byte)
{
	if (reader->at == reader->end || *reader->at != byte)
		return false;
	reader->at++;
	return true;
}

static bool
has_digit_above_zero(const char *at, const char *end)
{
	while (at < end && (*at < '1' || *at > '9'))
		at++;
	return at < end;
}

static bool
read_exponent(coffer_json_reader *reader)
{
	if (!skip_byte(reader, '+'))
		(void)skip_byte(reader, '-');
	return skip_digits(reader) || fail(reader, "digits of an exponent");
}

static bool
read_number(coffer_json_reader *reader, coffer_json_token *token)
{
	const char *begin = reader->at, *digits;
	bool is_negative = skip_byte(reader, '-'), has_exponent = false;
	size_t whole, fraction = 0;

	digits = reader->at;
	whole = skip_byte(reader, '0') ? 1 : skip_digits(reader);
	if (!whole)
		return fail(reader, "digits");
	if (skip_byte(reader, '.') && !(fraction = skip_digits(reader)))
		return fail(reader, "digits behind the point");
	if (reader->at < reader->end && (*reader->at | 0x20) == 'e') {
		reader->at++;
		has_exponent = true;
		if (!read_exponent(reader))
			return false;
	}
	token->text = (coffer_text){begin, (size_t)(reader->at - begin)};
	token->is_normal = !has_exponent && whole <= COFFER_NUMBER_WHOLE_MAX &&
			   fraction <= COFFER_NUMBER_FRACTION_MAX &&
			   (!is_negative || has_digit_above_zero(digits, reader->at));
	return true;
}

static bool
read_word(coffer_json_reader *reader, coffer_json_token *token, const char *word, size_t size)
{
	if ((size_t)(reader->end - reader->at) < size || memcmp(reader->at, word, size) != 0)
		return fail(reader, "a value");
	token->text = (coffer_text){reader->at, size};
	reader->at += size;
	return true;
}

/* ------------------------------------------------------------------ structure */

static inline bool
is_in_object(const coffer_json_reader *reader)
{
	unsigned level = reader->depth - 1;

	return reader->is_object[level / 64] >> level % 64 & 1;
}

static bool
open_level(coffer_json_reader *reader, coffer_json_token *token, bool is_object)
{
	uint64_t bit = UINT64_C(1) << reader->depth % 64;
	uint64_t *bits = &reader->is_object[reader->depth / 64];

	if (reader->depth == COFFER_JSON_DEPTH_MAX)
		return fail(reader, too_deep);
	*bits = is_object ? *bits | bit : *bits & ~bit;
	reader->depth++;
	reader->state = is_object ? BEFORE_FIRST_NAME : BEFORE_FIRST_ITEM;
	token->type = is_object ? COFFER_JSON_OBJECT : COFFER_JSON_ARRAY;
	token->text = (coffer_text){reader->at++, 1};
	return true;
}

static bool
close_level(coffer_json_reader *reader, coffer_json_token *token, coffer_json_type type)
{
	reader->depth--;
	reader->state = AFTER_VALUE;
	token->type = type;
	token->text = (coffer_text){reader->at++, 1};
	return true;
}

static bool
read_value(coffer_json_reader *reader, coffer_json_token *token)
{
	if (reader->at == reader->end)
		return fail(reader, "a value");
	reader->state = AFTER_VALUE;
	switch (*reader->at) {
	case '"':
		token->type = COFFER_JSON_STRING;
		return read_string(reader, token);
	case '{':
		return open_level(reader, token, true);
	case '[':
		return open_level(reader, token, false);
	case 't':
		token->type = COFFER_JSON_TRUE;
		return read_word(reader, token, "true", 4);
	case 'f':
		token->type = COFFER_JSON_FALSE;
		return read_word(reader, token, "false", 5);
	case 'n':
		token->type = COFFER_JSON_NULL;
		return read_word(reader, token, "null", 4);
	default:
		token->type = COFFER_JSON_NUMBER;
		if (*reader->at != '-' && (*reader->at < '0' || *reader->at > '9'))
			return fail(reader, "a value");
		return read_number(reader, token);
	}
}

/* A member's name and the colon behind it. */
static bool
read_name(coffer_json_reader *reader, coffer_json_token *token)
{
	token->type = COFFER_JSON_NAME;
	if (reader->at == reader->end || *reader->at != '"')
		return fail(reader, "a member's name");
	if (!read_string(reader, token))
		return false;
	skip_space(reader);
	if (!skip_byte(reader, ':'))
		return fail(reader, "':'");
	reader->state = BEFORE_VALUE;
	return true;
}

/* Behind a value: a comma and what follows it, the end of its array or object, or the end of the document. */
static bool
read_after_value(coffer_json_reader *reader, coffer_json_token *token)
{
	bool is_object;

	if (!reader->depth) {
		token->type = COFFER_JSON_END;
		token->text = (coffer_text){reader->at, 0};
		return reader->at == reader->end || fail(reader, "the end");
	}
	is_object = is_in_object(reader);
	if (skip_byte(reader, ',')) {
		skip_space(reader);
		return is_object ? read_name(reader, token) : read_value(reader, token);
	}
	if (reader->at < reader->end && *reader->at == (is_object ? '}' : ']'))
		return close_level(reader, token,
				   is_object ? COFFER_JSON_OBJECT_END : COFFER_JSON_ARRAY_END);
	return fail(reader, is_object ? "',' or '}'" : "',' or ']'");
}

static bool
read_token(coffer_json_reader *reader, coffer_json_token *token)
{
	bool is_first = reader->state == BEFORE_FIRST_ITEM || reader->state == BEFORE_FIRST_NAME;

	skip_space(reader);
	if (reader->state == AFTER_VALUE)
		return read_after_value(reader, token);
	if (is_first && reader->at < reader->end) {
		if (*reader->at == ']' && reader->state == BEFORE_FIRST_ITEM)
			return close_level(reader, token, COFFER_JSON_ARRAY_END);
		if (*reader->at == '}' && reader->state == BEFORE_FIRST_NAME)
			return close_level(reader, token, COFFER_JSON_OBJECT_END);
	}
	if (reader->state == BEFORE_FIRST_NAME)
		return read_name(reader, token);
	return read_value(reader, token);
}

static coffer_status
report(const coffer_json_reader *reader, coffer_error *error)
{
	if (reader->fault == too_deep)
		return coffer_error_set(error, COFFER_LIMIT, "%s, expected at most %d levels",
					too_deep, COFFER_JSON_DEPTH_MAX);
	return coffer_error_set(error, COFFER_INVALID, "not JSON: expected %s at byte %zu",
				reader->fault, (size_t)(reader->at - reader->begin) + 1);
}

coffer_status
coffer_json_next(coffer_json_reader *reader, coffer_json_token *token_out, coffer_error *error)
{
	*token_out = (coffer_json_token){.type = COFFER_JSON_END};
	if (reader->state != FAILED && read_token(reader, token_out))
		return COFFER_OK;
	return report(reader, error);
}

coffer_status
coffer_json_next_value(coffer_json_reader *reader, coffer_text *value_out, coffer_error *error)
{
	unsigned depth = reader->depth;
	coffer_json_token token;
	coffer_status status = coffer_json_next(reader, &token, error);
	const char *begin = token.text.data;
	bool is_string = token.type == COFFER_JSON_STRING;

	*value_out = (coffer_text){NULL, 0};
	if (!status && (token.type == COFFER_JSON_END || token.type == COFFER_JSON_NAME ||
			reader->depth < depth)) {
		fail(reader, "a value");
		status = report(reader, error);
	}
	while (!status && reader->depth > depth)
		status = coffer_json_next(reader, &token, error);
	if (status)
		return status;
	begin -= is_string;
	*value_out = (coffer_text){begin, (size_t)(reader->at - begin)};
	return COFFER_OK;
}
