/* Where a statement of SQL ends, found piece by piece: a semicolon that stands in no quotes and no comment. */
#ifndef TOOLS_STATEMENT_END_H
#define TOOLS_STATEMENT_END_H

#include <stdbool.h>
#include <stddef.h>

/* A zeroed one stands in front of a statement. */
struct coffer_statement_end {
	char within;      /* ' " ` [ of what was opened; '-' or '*': a comment; 0: nothing */
	char before;      /* the byte before, where it may begin or end a comment */
	bool has_content; /* more than blanks and comments has come */
};

/*
 * Look at more of the text. Returns how much of it belongs to the statement: up to and with its semicolon, when
 * `is_ended_out`, and then it stands in front of the next; else all.
 */
size_t
coffer_statement_end_find(struct coffer_statement_end *end, const char *text, size_t size,
			  bool *is_ended_out);

#endif
