/*
 * Values of kind OTHER: a text that must be what the server's output function prints. Of the types here that text is
 * known; of all others it is taken as it is.
 */
#include "value/value.h"

#include "base/time.h"
#include "base/utf8.h"
#include "schema/kind.h"
#include "value/decimal.h"

#include <stdlib.h>
#include <string.h>

enum { UUID_BYTES = 16 };

static const char wrong[] = "not a value", beyond[] = "out of the range";

/* What the call's memory holds becomes the text, unless it is the text. */
static coffer_status
take_memory(const struct coffer_value_call *call, coffer_text *text)
{
	coffer_text made = {call->memory->data, call->memory->size};
	coffer_status status = coffer_value_memory(call);

	if (!status && (made.size != text->size || memcmp(made.data, text->data, made.size) != 0))
		*text = made;
	return status;
}

/* ------------------------------------------------------------------ numeric */

/* The two numbers of "numeric(10,2)"; false for "numeric". */
static bool
read_modifiers(const char *type, int *precision_out, int *scale_out)
{
	char *end;

	if (strncmp(type, "numeric(", 8) != 0)
		return false;
	*precision_out = (int)strtol(type + 8, &end, 10);
	*scale_out = *end == ',' ? (int)strtol(end + 1, NULL, 10) : 0;
	return true;
}

/* NaN and, from Postgres 14 on, the infinities; NULL where it is none. */
static const char *
special(coffer_text text)
{
	if (coffer_text_is(text, "NaN"))
		return "NaN";
	if (coffer_text_is(text, "Infinity") || coffer_text_is(text, "+Infinity") ||
	    coffer_text_is(text, "inf") || coffer_text_is(text, "+inf"))
		return "Infinity";
	if (coffer_text_is(text, "-Infinity") || coffer_text_is(text, "-inf"))
		return "-Infinity";
	return NULL;
}

static coffer_status
settle_numeric(const struct coffer_value_call *call, coffer_text *text)
{
	coffer_text digits = coffer_text_trim(*text);
	const char *name = special(digits);
	struct coffer_decimal decimal;
	int precision, scale;
	bool has_modifiers = read_modifiers(call->type, &precision, &scale);

	if (name) {
		if (has_modifiers && strcmp(name, "NaN") != 0)
			return coffer_value_refuse(call, beyond, *text);
		coffer_buffer_text(call->memory, name);
		return take_memory(call, text);
	}
	if (!coffer_decimal_read(digits, &decimal))
		return coffer_value_refuse(call, wrong, *text);
	if (!coffer_decimal_size(&decimal) ||
	    (has_modifiers && !coffer_decimal_round(&decimal, precision, scale, call->memory)))
		return coffer_value_refuse(call, beyond, *text);
	if (!has_modifiers)
		coffer_decimal_print(&decimal, call->memory);
	return take_memory(call, text);
}

/* ------------------------------------------------------------------ uuid, date, enum */

static bool
is_hex(char letter)
{
	return (letter >= '0' && letter <= '9') || ((letter | ' ') >= 'a' && (letter | ' ') <= 'f');
}

/* In braces or not; a dash may stand behind every second byte. */
static bool
read_uuid(coffer_text text, char digits[2 * UUID_BYTES])
{
	const char *at = text.data, *end = text.data + text.size;
	bool has_brace = text.size && *at == '{';

	at += has_brace;
	for (size_t i = 0; i < UUID_BYTES; i++) {
		if (end - at < 2 || !is_hex(at[0]) || !is_hex(at[1]))
			return false;
		digits[2 * i] = (char)(at[0] | ' ');
		digits[2 * i + 1] = (char)(at[1] | ' ');
		at += 2;
		if (i % 2 && i + 1 < UUID_BYTES && at < end && *at == '-')
			at++;
	}
	if (has_brace && (at == end || *at++ != '}'))
		return false;
	return at == end;
}

static coffer_status
settle_uuid(const struct coffer_value_call *call, coffer_text *text)
{
	static const size_t groups[] = {8, 4, 4, 4, 12};
	char digits[2 * UUID_BYTES];
	size_t from = 0;

	if (!read_uuid(*text, digits))
		return coffer_value_refuse(call, wrong, *text);
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++) {
		if (i)
			coffer_buffer_append(call->memory, "-", 1);
		coffer_buffer_append(call->memory, digits + from, groups[i]);
		from += groups[i];
	}
	return take_memory(call, text);
}

static coffer_status
settle_date(const struct coffer_value_call *call, coffer_text *text)
{
	char date[COFFER_SCALAR_TEXT_SIZE];
	struct coffer_moment moment;
	const char *fault = coffer_moment_read(*text, &moment);

	if (!fault)
		fault = coffer_moment_date(&moment, date);
	if (fault)
		return coffer_value_refuse_because(call, fault, *text);
	coffer_buffer_text(call->memory, date);
	return take_memory(call, text);
}

static coffer_status
check_label(const struct coffer_value_call *call, const coffer_enum *type, coffer_text text)
{
	for (size_t i = 0; i < type->label_count; i++)
		if (strlen(type->labels[i]) == text.size &&
		    memcmp(type->labels[i], text.data, text.size) == 0)
			return COFFER_OK;
	return coffer_value_refuse(call, "not a label", text);
}

/* ------------------------------------------------------------------ */

coffer_status
coffer_other_settle(const struct coffer_value_call *call, coffer_value *value)
{
	const coffer_enum *labels;
	int length = coffer_type_modifier(call->type, "character");

	if (!coffer_utf8_is_valid(value->text.data, value->text.size))
		return coffer_value_not_text(call);
	if (length >= 0)
		return coffer_padded_settle(call, (size_t)length, &value->text);
	if (!strcmp(call->type, "numeric") ||
	    (!strncmp(call->type, "numeric(", 8) && call->type[strlen(call->type) - 1] == ')'))
		return settle_numeric(call, &value->text);
	if (!strcmp(call->type, "uuid"))
		return settle_uuid(call, &value->text);
	if (!strcmp(call->type, "date"))
		return settle_date(call, &value->text);
	labels = coffer_schema_find_enum(call->schema, call->type);
	return labels ? check_label(call, labels, value->text) : COFFER_OK;
}
