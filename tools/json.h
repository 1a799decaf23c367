/*
 * JSON documents: written member by member, the outer levels indented, each member that is opened
 * inline on a line of its own.
 */
#ifndef TOOLS_JSON_H
#define TOOLS_JSON_H

#include "output.h"

struct coffer_json {
	struct coffer_output *output;
	unsigned depth;
	unsigned inline_depth; /* from which nothing is put on a new line; 0: none */
	bool is_empty;         /* nothing was written yet in the innermost one */
};

/* Bytes of the UTF-8 character at `text`, which ends with a NUL; 0: it is none. */
size_t
coffer_json_utf8_size(const char *text);

/* Open a document and its `schema` member: "coffer/<thing>/1". */
void
coffer_json_begin(struct coffer_json *json, struct coffer_output *output, const char *schema);
/* Close it, with a newline. */
void
coffer_json_end(struct coffer_json *json);

/* In all of these `name` is NULL for a member of an array. */
void
coffer_json_open(struct coffer_json *json, const char *name, char bracket);
void
coffer_json_open_inline(struct coffer_json *json, const char *name, char bracket);
void
coffer_json_close(struct coffer_json *json, char bracket);
/* What comes in front of a member's value; the value follows through `output`. */
void
coffer_json_name(struct coffer_json *json, const char *name);
/* NULL is null. What is not UTF-8, as a path may be, becomes U+FFFD byte by byte. */
void
coffer_json_text(struct coffer_json *json, const char *name, const char *text);
/* Nothing for NULL. */
void
coffer_json_text_if(struct coffer_json *json, const char *name, const char *text);
void
coffer_json_number(struct coffer_json *json, const char *name, uint64_t number);
void
coffer_json_integer(struct coffer_json *json, const char *name, int64_t number);
void
coffer_json_bool(struct coffer_json *json, const char *name, bool is_true);
/* Nothing for false. */
void
coffer_json_bool_if(struct coffer_json *json, const char *name, bool is_true);

#endif
