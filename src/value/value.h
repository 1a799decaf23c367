/*
 * Between text and values: what the parts of this layer share. The public functions are in coffer.h, "values as
 * text".
 */
#ifndef COFFER_VALUE_VALUE_H
#define COFFER_VALUE_VALUE_H

#include "coffer.h"

/* One call of a public function. */
struct coffer_value_call {
	const coffer_schema *schema;
	const coffer_column *column;
	const char *type;      /* the column's, below its domains */
	coffer_buffer *memory; /* empty: what changes goes here */
	coffer_error *error;
};

/* Blanks at both ends are no part of most types' values. */
coffer_text
coffer_text_trim(coffer_text text);

/* True where the text is `word` in any case. */
bool
coffer_text_is(coffer_text text, const char *word);

/* The number in "prefix(number)" or "prefix(number) more"; -1 where `type` is not of that form. */
int
coffer_type_modifier(const char *type, const char *prefix);

/* Refuse: "`what` of type smallint: '70000'", or without the text where its data is NULL. INVALID. */
coffer_status
coffer_value_refuse(const struct coffer_value_call *call, const char *what, coffer_text text);

/* Refuse "'text' for type date: `why`". INVALID. */
coffer_status
coffer_value_refuse_because(const struct coffer_value_call *call, const char *why,
			    coffer_text text);

/* Refuse a number or time that its column's width or the format cannot hold. INVALID. */
coffer_status
coffer_value_check_range(const struct coffer_value_call *call, const coffer_value *value);

/* Refuse what is not UTF-8 or has a NUL byte. INVALID. */
coffer_status
coffer_value_not_text(const struct coffer_value_call *call);

/* NO_MEMORY where the call's memory is out, else OK. */
coffer_status
coffer_value_memory(const struct coffer_value_call *call);

/* ------------------------------------------------------------------ from text, by kind */

coffer_status
coffer_bool_read(const struct coffer_value_call *call, coffer_text text, coffer_value *value);
coffer_status
coffer_int_read(const struct coffer_value_call *call, coffer_text text, coffer_value *value);
coffer_status
coffer_float_read(const struct coffer_value_call *call, coffer_text text, coffer_value *value);
coffer_status
coffer_time_read(const struct coffer_value_call *call, coffer_text text, coffer_value *value);
coffer_status
coffer_bytes_read(const struct coffer_value_call *call, coffer_text text, coffer_value *value);

/* ------------------------------------------------------------------ to what Postgres stores, by kind */

coffer_status
coffer_float_settle(const struct coffer_value_call *call, coffer_value *value);
coffer_status
coffer_time_settle(const struct coffer_value_call *call, coffer_value *value);
/* text, character varying */
coffer_status
coffer_string_settle(const struct coffer_value_call *call, coffer_value *value);
/* character(length): cut or padded with blanks. Of valid UTF-8. */
coffer_status
coffer_padded_settle(const struct coffer_value_call *call, size_t length, coffer_text *text);
/* json, jsonb */
coffer_status
coffer_document_settle(const struct coffer_value_call *call, coffer_value *value);
/* text[]: a packed one is checked, of the text form it becomes a packed one or the text that Postgres prints. */
coffer_status
coffer_array_check(const struct coffer_value_call *call, const coffer_value *value);
coffer_status
coffer_array_settle_text(const struct coffer_value_call *call, coffer_value *value);
/* What has no kind of its own: the text form into the normal one, where it is known. */
coffer_status
coffer_other_settle(const struct coffer_value_call *call, coffer_value *value);

/* Append the text form of a packed array. CORRUPT where it is none. */
coffer_status
coffer_array_print_packed(coffer_text packed, coffer_buffer *out);

#endif
