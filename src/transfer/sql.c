/*
 * Tokens of SQL: words, names, strings in all their quotes, numbers; every other byte stands for
 * itself. Nothing of the grammar is known here. Bytes above 127 are letters, as for the server.
 */
#include "transfer/sql.h"

#include <string.h>

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (unsigned char)c >= 0x80;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static char
lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* The byte `ahead` of the next one; NUL behind the end. */
static char
peek(const struct coffer_sql *sql, size_t ahead)
{
	return (size_t)(sql->end - sql->at) > ahead ? sql->at[ahead] : '\0';
}

/* ------------------------------------------------------------------ blanks and quotes */

static bool
skip_block_comment(struct coffer_sql *sql)
{
	size_t depth = 0;

	do {
		if (peek(sql, 0) == '/' && peek(sql, 1) == '*') {
			depth++;
			sql->at += 2;
		} else if (peek(sql, 0) == '*' && peek(sql, 1) == '/') {
			depth--;
			sql->at += 2;
		} else if (sql->at++ == sql->end) {
			sql->at = sql->end;
			return false;
		}
	} while (depth);
	return true;
}

/* False: a comment never ends. */
static bool
skip_blanks(struct coffer_sql *sql)
{
	for (;;) {
		if (sql->at < sql->end && is_blank(*sql->at)) {
			sql->at++;
		} else if (peek(sql, 0) == '-' && peek(sql, 1) == '-') {
			const char *end = memchr(sql->at, '\n', (size_t)(sql->end - sql->at));

			sql->at = end ? end + 1 : sql->end;
		} else if (peek(sql, 0) == '/' && peek(sql, 1) == '*') {
			if (!skip_block_comment(sql))
				return false;
		} else {
			return true;
		}
	}
}

/* The quote that ends what begins at `at`, or a doubled one's first half; NULL: it never ends. */
static const char *
find_quote(const char *at, const char *end, char quote, bool has_escapes)
{
	const char *found = memchr(at, quote, (size_t)(end - at)), *escape;

	while (has_escapes && found && (escape = memchr(at, '\\', (size_t)(found - at)))) {
		at = escape + 2;
		if (at > found)
			found = at < end ? memchr(at, quote, (size_t)(end - at)) : NULL;
	}
	return found;
}

/* Over what stands between two quotes, doubled ones included. False: the second is missing. */
static bool
skip_quoted(struct coffer_sql *sql, char quote, bool has_escapes)
{
	const char *at = sql->at;

	do {
		sql->at = at + 1;
		at = find_quote(sql->at, sql->end, quote, has_escapes);
		if (!at) {
			sql->at = sql->end;
			return false;
		}
		at++;
	} while (at < sql->end && *at == quote);
	sql->at = at;
	return true;
}

/* The size of the "$tag$" here; 0: none. */
static size_t
tag_size(const struct coffer_sql *sql)
{
	size_t size = 1;

	if (is_digit(peek(sql, 1)))
		return 0;
	while (is_letter(peek(sql, size)) || is_digit(peek(sql, size)))
		size++;
	return peek(sql, size) == '$' ? size + 1 : 0;
}

static bool
skip_dollars(struct coffer_sql *sql, size_t size)
{
	const char *tag = sql->at;
	const char *end = memmem(tag + size, (size_t)(sql->end - tag) - size, tag, size);

	sql->at = end ? end + size : sql->end;
	return end != NULL;
}

/* ------------------------------------------------------------------ tokens */

static enum coffer_sql_kind
read_word(struct coffer_sql *sql)
{
	while (is_letter(peek(sql, 0)) || is_digit(peek(sql, 0)) || peek(sql, 0) == '$')
		sql->at++;
	return COFFER_SQL_WORD;
}

static enum coffer_sql_kind
read_number(struct coffer_sql *sql)
{
	while (is_digit(peek(sql, 0)) || peek(sql, 0) == '.')
		sql->at++;
	if (lower(peek(sql, 0)) == 'e') {
		bool has_sign = peek(sql, 1) == '-' || peek(sql, 1) == '+';

		if (is_digit(peek(sql, has_sign ? 2 : 1)))
			for (sql->at += has_sign ? 2 : 1; is_digit(peek(sql, 0));)
				sql->at++;
	}
	return COFFER_SQL_NUMBER;
}

static enum coffer_sql_kind
read_symbol(struct coffer_sql *sql)
{
	sql->at += peek(sql, 0) == ':' && peek(sql, 1) == ':' ? 2 : 1;
	return COFFER_SQL_SYMBOL;
}

static enum coffer_sql_kind
read_quoted(struct coffer_sql *sql, enum coffer_sql_kind kind, bool has_escapes)
{
	return skip_quoted(sql, *sql->at, has_escapes) ? kind : COFFER_SQL_OPEN;
}

static enum coffer_sql_kind
read_prefixed(struct coffer_sql *sql, char prefix)
{
	sql->at++;
	if (prefix == 'e')
		return read_quoted(sql, COFFER_SQL_STRING, true);
	return read_quoted(sql, COFFER_SQL_BITS, false);
}

static enum coffer_sql_kind
read_token(struct coffer_sql *sql)
{
	char c = peek(sql, 0), prefix = lower(c);
	size_t size;

	if (sql->at == sql->end)
		return COFFER_SQL_END;
	if (peek(sql, 1) == '\'' && (prefix == 'e' || prefix == 'b' || prefix == 'x'))
		return read_prefixed(sql, prefix);
	if (is_letter(c))
		return read_word(sql);
	if (is_digit(c) || (c == '.' && is_digit(peek(sql, 1))))
		return read_number(sql);
	if (c == '\'')
		return read_quoted(sql, COFFER_SQL_STRING, sql->has_backslashes);
	if (c == '"')
		return read_quoted(sql, COFFER_SQL_NAME, false);
	if (c == '$' && (size = tag_size(sql)))
		return skip_dollars(sql, size) ? COFFER_SQL_STRING : COFFER_SQL_OPEN;
	return read_symbol(sql);
}

void
coffer_sql_next(struct coffer_sql *sql)
{
	bool is_whole;

	sql->before = sql->at;
	is_whole = skip_blanks(sql);
	sql->token.at = sql->at;
	sql->token.kind = is_whole ? read_token(sql) : COFFER_SQL_OPEN;
	sql->token.size = (size_t)(sql->at - sql->token.at);
}

void
coffer_sql_init(struct coffer_sql *sql, coffer_text text, bool has_backslashes)
{
	const char *data = text.data ? text.data : "";

	*sql = (struct coffer_sql){
		.at = data, .end = data + text.size, .has_backslashes = has_backslashes};
	coffer_sql_next(sql);
}

bool
coffer_sql_is(const struct coffer_sql *sql, const char *word)
{
	const struct coffer_sql_token *token = &sql->token;

	if (token->kind != COFFER_SQL_WORD)
		return false;
	for (size_t i = 0; i < token->size; i++)
		if (lower(token->at[i]) != word[i])
			return false;
	return !word[token->size];
}

bool
coffer_sql_accept(struct coffer_sql *sql, const char *word)
{
	bool is_here = coffer_sql_is(sql, word);

	if (is_here)
		coffer_sql_next(sql);
	return is_here;
}

bool
coffer_sql_is_symbol(const struct coffer_sql *sql, char symbol)
{
	return sql->token.kind == COFFER_SQL_SYMBOL && sql->token.size == 1 &&
	       *sql->token.at == symbol;
}

bool
coffer_sql_accept_symbol(struct coffer_sql *sql, char symbol)
{
	bool is_here = coffer_sql_is_symbol(sql, symbol);

	if (is_here)
		coffer_sql_next(sql);
	return is_here;
}

bool
coffer_sql_accept_words(struct coffer_sql *sql, const char *words)
{
	struct coffer_sql place = *sql;
	char word[32];

	while (*words) {
		size_t size = strcspn(words, " ");

		if (size >= sizeof(word))
			return false;
		memcpy(word, words, size);
		word[size] = '\0';
		if (!coffer_sql_accept(&place, word))
			return false;
		words += size + (words[size] == ' ');
	}
	*sql = place;
	return true;
}

bool
coffer_sql_skip_brackets(struct coffer_sql *sql)
{
	size_t depth = 0;

	do {
		if (sql->token.kind == COFFER_SQL_END || sql->token.kind == COFFER_SQL_OPEN)
			return false;
		if (coffer_sql_is_symbol(sql, '(') || coffer_sql_is_symbol(sql, '['))
			depth++;
		else if (coffer_sql_is_symbol(sql, ')') || coffer_sql_is_symbol(sql, ']'))
			depth--;
		coffer_sql_next(sql);
	} while (depth);
	return true;
}

coffer_text
coffer_sql_since(const struct coffer_sql *sql, const char *begin)
{
	return (coffer_text){begin, sql->before > begin ? (size_t)(sql->before - begin) : 0};
}

/* ------------------------------------------------------------------ what tokens stand for */

bool
coffer_sql_identifier(const struct coffer_sql_token *token, char out[COFFER_NAME_SIZE_MAX + 1])
{
	bool is_quoted = token->kind == COFFER_SQL_NAME;
	const char *end = token->at + token->size - is_quoted;
	size_t size = 0;

	if (!is_quoted && token->kind != COFFER_SQL_WORD)
		return false;
	for (const char *at = token->at + is_quoted; at < end; at++) {
		if (size == COFFER_NAME_SIZE_MAX || !*at)
			return false;
		out[size++] = is_quoted ? *at : lower(*at);
		at += is_quoted && *at == '"';
	}
	out[size] = '\0';
	return size > 0;
}

static int
digit_of(char c, int base)
{
	int digit = is_digit(c)                          ? c - '0'
		    : lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10
							 : 99;

	return digit < base ? digit : -1;
}

/* Up to `count` digits at `*at`, which goes on over them. */
static char
read_code(const char **at, const char *end, int base, int count)
{
	int code = 0;

	while (count-- && *at < end && digit_of(**at, base) >= 0)
		code = code * base + digit_of(*(*at)++, base);
	return (char)(code & 0xff);
}

/* What stands behind a backslash at `*at`, which goes on over it. */
static bool
read_escape(const char **at, const char *end, char *out)
{
	static const char letters[] = "bfnrt", bytes[] = "\b\f\n\r\t";
	const char *letter = memchr(letters, **at, sizeof(letters) - 1);

	if (**at == 'u' || **at == 'U')
		return false;
	if (digit_of(**at, 8) >= 0) {
		*out = read_code(at, end, 8, 3);
	} else if (**at == 'x' && *at + 1 < end && digit_of((*at)[1], 16) >= 0) {
		*at += 1;
		*out = read_code(at, end, 16, 2);
	} else {
		*out = letter ? bytes[letter - letters] : **at;
		*at += 1;
	}
	return true;
}

/* A run without quotes and escapes is moved as one. */
static bool
decode_quoted(const char *at, const char *end, bool has_escapes, char *out, size_t *size_out)
{
	char *begin = out;

	while (at < end) {
		const char *quote = memchr(at, '\'', (size_t)(end - at)),
			   *stop = quote ? quote : end;
		const char *escape = has_escapes ? memchr(at, '\\', (size_t)(stop - at)) : NULL;

		stop = escape ? escape : stop;
		memmove(out, at, (size_t)(stop - at));
		out += stop - at;
		at = stop;
		if (at == end)
			break;
		if (!escape) { /* a doubled quote */
			*out++ = *at;
			at += 2;
		} else if (++at < end && !read_escape(&at, end, out++)) {
			return false;
		}
	}
	*size_out = (size_t)(out - begin);
	return true;
}

bool
coffer_sql_string(const struct coffer_sql_token *token, bool has_backslashes, char *out,
		  size_t *size_out)
{
	const char *at = token->at, *end = token->at + token->size;
	bool has_prefix = *at != '\'' && *at != '$';
	bool has_escapes = token->kind == COFFER_SQL_STRING && (has_prefix || has_backslashes);

	*size_out = 0;
	if (token->kind != COFFER_SQL_STRING && token->kind != COFFER_SQL_BITS)
		return false;
	if (*at == '$') {
		size_t tag = (size_t)((const char *)memchr(at + 1, '$', token->size - 1) - at) + 1;

		*size_out = token->size - 2 * tag;
		memmove(out, at + tag, *size_out);
		return true;
	}
	return decode_quoted(at + has_prefix + 1, end - 1, has_escapes, out, size_out);
}

bool
coffer_sql_name(struct coffer_sql *sql, const char *schema, struct coffer_sql_name *name_out)
{
	struct coffer_sql place = *sql;

	memset(name_out, 0, sizeof(*name_out));
	if (!coffer_sql_identifier(&place.token, name_out->name))
		return false;
	coffer_sql_next(&place);
	if (coffer_sql_accept_symbol(&place, '.')) {
		memcpy(name_out->schema, name_out->name, sizeof(name_out->schema));
		if (!coffer_sql_identifier(&place.token, name_out->name))
			return false;
		coffer_sql_next(&place);
	} else {
		size_t size = strnlen(schema, COFFER_NAME_SIZE_MAX);

		memcpy(name_out->schema, schema, size);
	}
	*sql = place;
	return true;
}

/* ------------------------------------------------------------------ literals */

/*
 * A part of a type behind its name: a modifier, or one of the words of "timestamp with time zone".
 */
static bool
skip_type_part(struct coffer_sql *sql)
{
	static const char *const words[] = {"varying", "precision", "without",
					    "with",    "time",      "zone"};

	if (coffer_sql_is_symbol(sql, '(') || coffer_sql_is_symbol(sql, '['))
		return coffer_sql_skip_brackets(sql);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (coffer_sql_accept(sql, words[i]))
			return true;
	return false;
}

/* "::type", as often as it stands here. */
static bool
skip_casts(struct coffer_sql *sql)
{
	struct coffer_sql_name type;

	while (sql->token.kind == COFFER_SQL_SYMBOL && sql->token.size == 2) {
		coffer_sql_next(sql);
		if (!coffer_sql_name(sql, "", &type))
			return false;
		while (skip_type_part(sql))
			;
	}
	return true;
}

static bool
read_signed(struct coffer_sql *sql, coffer_text *text_out)
{
	const char *begin = sql->token.at;

	if (!coffer_sql_accept_symbol(sql, '-'))
		coffer_sql_accept_symbol(sql, '+');
	if (sql->token.kind != COFFER_SQL_NUMBER)
		return false;
	coffer_sql_next(sql);
	*text_out = coffer_sql_since(sql, begin);
	return true;
}

static bool
read_string(struct coffer_sql *sql, coffer_text *text_out)
{
	char *out = (char *)(uintptr_t)sql->token.at; /* the caller's to change */

	if (lower(*out) == 'x')
		return false;
	if (!coffer_sql_string(&sql->token, sql->has_backslashes, out, &text_out->size))
		return false;
	text_out->data = out;
	coffer_sql_next(sql);
	return true;
}

bool
coffer_sql_read_literal(struct coffer_sql *sql, struct coffer_sql_literal *literal_out)
{
	bool is_true = coffer_sql_is(sql, "true");

	*literal_out = (struct coffer_sql_literal){.kind = COFFER_LITERAL_TEXT};
	if (coffer_sql_accept(sql, "null")) {
		literal_out->kind = COFFER_LITERAL_NULL;
	} else if (coffer_sql_accept(sql, "default")) {
		literal_out->kind = COFFER_LITERAL_DEFAULT;
	} else if (coffer_sql_accept(sql, "true") || coffer_sql_accept(sql, "false")) {
		literal_out->text = (coffer_text){is_true ? "t" : "f", 1};
	} else if (sql->token.kind == COFFER_SQL_STRING || sql->token.kind == COFFER_SQL_BITS) {
		if (!read_string(sql, &literal_out->text))
			return false;
	} else if (!read_signed(sql, &literal_out->text)) {
		return false;
	}
	return skip_casts(sql);
}
