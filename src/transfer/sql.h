/*
 * SQL as pg_dump writes it, word by word. A statement is in memory as a whole; nothing is copied:
 * tokens borrow from it.
 */
#ifndef COFFER_TRANSFER_SQL_H
#define COFFER_TRANSFER_SQL_H

#include "coffer.h"

enum coffer_sql_kind {
	COFFER_SQL_END,
	COFFER_SQL_WORD,   /* a keyword or a bare name */
	COFFER_SQL_NAME,   /* "a name" */
	COFFER_SQL_STRING, /* 'x', E'x', $$x$$ */
	COFFER_SQL_BITS,   /* B'101', X'1F' */
	COFFER_SQL_NUMBER,
	COFFER_SQL_SYMBOL, /* "::", or any other byte */
	COFFER_SQL_OPEN,   /* a quote or comment that never ends */
};

struct coffer_sql_token {
	enum coffer_sql_kind kind;
	const char *at; /* quotes and all */
	size_t size;
};

/* The words of one text. Copying the struct keeps a place to come back to. */
struct coffer_sql {
	const char *at, *end;
	bool has_backslashes;          /* standard_conforming_strings is off: '\n' is a line feed */
	struct coffer_sql_token token; /* the present one */
	const char *before;            /* the end of the one before it */
};

/* Begin at the first token of `text`, which outlives the tokens. */
void
coffer_sql_init(struct coffer_sql *sql, coffer_text text, bool has_backslashes);
/* Go on to the next token; behind the last one stands END. */
void
coffer_sql_next(struct coffer_sql *sql);

/*
 * Is the present token this keyword (lower case) or this symbol? accept() also goes on when it is.
 */
bool
coffer_sql_is(const struct coffer_sql *sql, const char *word);
bool
coffer_sql_accept(struct coffer_sql *sql, const char *word);
bool
coffer_sql_is_symbol(const struct coffer_sql *sql, char symbol);
bool
coffer_sql_accept_symbol(struct coffer_sql *sql, char symbol);
/* Go on over all of these keywords ("create unique index") or over none. */
bool
coffer_sql_accept_words(struct coffer_sql *sql, const char *words);

/* Go on to the token behind the bracket that closes the one here; false when none does. */
bool
coffer_sql_skip_brackets(struct coffer_sql *sql);

/* From a token's beginning to the end of the token before the present one. */
coffer_text
coffer_sql_since(const struct coffer_sql *sql, const char *begin);

/*
 * A name as the server reads it: bare ones in lower case, quoted ones without quotes. False: it is
 * none, or too long to be one.
 */
bool
coffer_sql_identifier(const struct coffer_sql_token *token, char out[COFFER_NAME_SIZE_MAX + 1]);

/*
 * What a STRING or BITS token stands for; `out` has room for the token's size and may be where the
 * token is. False: an escape that is none, or one of \u and \U, which pg_dump does not write.
 */
bool
coffer_sql_string(const struct coffer_sql_token *token, bool has_backslashes, char *out,
		  size_t *size_out);

/* A name with the schema that it stands in. */
struct coffer_sql_name {
	char schema[COFFER_NAME_SIZE_MAX + 1];
	char name[COFFER_NAME_SIZE_MAX + 1];
};

/* Read "name" or "schema.name"; a bare one is in `schema`. False: no name is here. */
bool
coffer_sql_name(struct coffer_sql *sql, const char *schema, struct coffer_sql_name *name_out);

/* A literal with the casts behind it. */
struct coffer_sql_literal {
	enum { COFFER_LITERAL_NULL, COFFER_LITERAL_DEFAULT, COFFER_LITERAL_TEXT } kind;
	coffer_text text; /* TEXT: the value's text form, borrowed from the statement */
};

/*
 * Read NULL, DEFAULT, true, false, a number with its sign, or a string, and over any ::type behind
 * it. A string's escapes are undone in place, so the statement's bytes must be the caller's to
 * change. False: none of these is here.
 */
bool
coffer_sql_read_literal(struct coffer_sql *sql, struct coffer_sql_literal *literal_out);

#endif
