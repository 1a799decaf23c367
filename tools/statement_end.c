/*
 * The end of a statement. SQLite's triggers, in which semicolons stand, are not let in, so that one will do.
 */
#include "statement_end.h"

/* Within quotes or a comment; a doubled quote ends it and opens it again, which comes to the same. */
static void
step_within(struct coffer_statement_end *end, char byte)
{
	char closing = end->within == '[' ? ']' : end->within == '-' ? '\n' : end->within;

	if (end->within == '*') {
		if (byte == '/' && end->before == '*')
			end->within = 0;
		end->before = end->within ? byte : 0;
	} else if (byte == closing) {
		end->within = 0;
	}
}

static bool
is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f' || byte == '\v';
}

/* Outside of both; true at the semicolon. */
static bool
step_outside(struct coffer_statement_end *end, char byte)
{
	char before = end->before;

	end->before = 0;
	if (before == '-' && byte == '-') {
		end->within = '-';
		return false;
	}
	if (before == '/' && byte == '*') {
		end->within = '*';
		return false;
	}
	if (before) /* it was a minus or a slash, not a comment */
		end->has_content = true;
	if (byte == '-' || byte == '/') {
		end->before = byte;
		return false;
	}
	if (byte == ';')
		return true;
	if (byte == '\'' || byte == '"' || byte == '`' || byte == '[')
		end->within = byte;
	end->has_content = end->has_content || !is_blank(byte);
	return false;
}

size_t
coffer_statement_end_find(struct coffer_statement_end *end, const char *text, size_t size,
			  bool *is_ended_out)
{
	*is_ended_out = false;
	for (size_t i = 0; i < size; i++) {
		if (end->within) {
			step_within(end, text[i]);
		} else if (step_outside(end, text[i])) {
			*end = (struct coffer_statement_end){0};
			*is_ended_out = true;
			return i + 1;
		}
	}
	return size;
}
