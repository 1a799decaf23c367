/*
 * A value's text into the value that Postgres stores, and back.
 *
 *   text --> read by the column's kind --> settled --> stored
 *                                          ^ a value that came by another way begins here
 */
#include "value/value.h"

#include "base/utf8.h"
#include "schema/kind.h"

#include <inttypes.h>
#include <string.h>

static struct coffer_value_call
begin(const coffer_schema *schema, const coffer_column *column, coffer_buffer *memory,
      coffer_error *error)
{
	coffer_buffer_clear(memory);
	memory->is_failed = false;
	return (struct coffer_value_call){
		.schema = schema,
		.column = column,
		.type = coffer_column_plain_type(schema, column),
		.memory = memory,
		.error = error,
	};
}

/* Do values of this kind have a text? */
static bool
has_text(coffer_kind kind)
{
	return kind >= COFFER_TEXT;
}

static coffer_status
check_size(const struct coffer_value_call *call, size_t size)
{
	if (size <= COFFER_VALUE_SIZE_MAX)
		return COFFER_OK;
	return coffer_error_set(call->error, COFFER_LIMIT, "%zu bytes, expected at most %d", size,
				COFFER_VALUE_SIZE_MAX);
}

/* ------------------------------------------------------------------ settling */

static bool
fits_kind(const coffer_column *column, const coffer_value *value)
{
	return value->kind == column->kind ||
	       (value->kind == COFFER_OTHER && column->kind == COFFER_TEXT_ARRAY);
}

static coffer_status
settle(const struct coffer_value_call *call, coffer_value *value)
{
	coffer_status status =
		has_text(value->kind) ? check_size(call, value->text.size) : COFFER_OK;

	if (status)
		return status;
	switch (value->kind) {
	case COFFER_NULL:
	case COFFER_BOOL:
	case COFFER_BYTES:
		return COFFER_OK;
	case COFFER_INT:
		return coffer_value_check_range(call, value);
	case COFFER_FLOAT:
		return coffer_float_settle(call, value);
	case COFFER_TIME:
		return coffer_time_settle(call, value);
	case COFFER_TEXT:
		return coffer_string_settle(call, value);
	case COFFER_JSON:
		return coffer_document_settle(call, value);
	case COFFER_TEXT_ARRAY:
		return coffer_array_check(call, value);
	case COFFER_OTHER:
		if (call->column->kind == COFFER_TEXT_ARRAY)
			return coffer_array_settle_text(call, value);
		return coffer_other_settle(call, value);
	}
	return COFFER_OK;
}

coffer_status
coffer_value_settle(const coffer_schema *schema, const coffer_column *column, coffer_value *value,
		    coffer_buffer *memory, coffer_error *error)
{
	struct coffer_value_call call = begin(schema, column, memory, error);
	coffer_value settled = *value;
	coffer_status status;

	if (value->kind == COFFER_NULL)
		return COFFER_OK;
	if (!fits_kind(column, value))
		return coffer_value_refuse(&call, "a value of another kind, expected one",
					   (coffer_text){NULL, 0});
	status = settle(&call, &settled);
	if (!status)
		*value = settled;
	return status;
}

/* ------------------------------------------------------------------ parsing */

static coffer_status
read_value(const struct coffer_value_call *call, coffer_text text, coffer_value *value)
{
	switch (value->kind) {
	case COFFER_BOOL:
		return coffer_bool_read(call, text, value);
	case COFFER_INT:
		return coffer_int_read(call, text, value);
	case COFFER_FLOAT:
		return coffer_float_read(call, text, value);
	case COFFER_TIME:
		return coffer_time_read(call, text, value);
	case COFFER_BYTES:
		return coffer_bytes_read(call, text, value);
	case COFFER_TEXT_ARRAY:
		value->kind = COFFER_OTHER;
		break;
	case COFFER_NULL:
	case COFFER_TEXT:
	case COFFER_JSON:
	case COFFER_OTHER:
		break;
	}
	value->text = text;
	return COFFER_OK;
}

/* Of the type "text" and no domain over it. Of each row most columns are asked: a call would cost as much as the rest. */
static inline bool
is_text_column(const coffer_column *column)
{
	const char *type = column->type;

	return column->kind == COFFER_TEXT && !column->base_type && type[0] == 't' &&
	       type[1] == 'e' && type[2] == 'x' && type[3] == 't' && !type[4];
}

/* Most columns: text of any length, which is what it is. */
static bool
is_whole_text(const coffer_column *column, coffer_text text)
{
	return is_text_column(column) && text.size <= COFFER_VALUE_SIZE_MAX &&
	       coffer_utf8_is_valid(text.data, text.size);
}

coffer_status
coffer_value_parse(const coffer_schema *schema, const coffer_column *column, coffer_text text,
		   coffer_buffer *memory, coffer_value *value_out, coffer_error *error)
{
	coffer_value value = {.kind = column->kind};
	struct coffer_value_call call;
	coffer_status status;

	*value_out = (coffer_value){.kind = COFFER_NULL};
	if (!text.data)
		text.data = "";
	if (is_whole_text(column, text)) {
		*value_out = (coffer_value){.kind = COFFER_TEXT, .text = text};
		return COFFER_OK;
	}
	call = begin(schema, column, memory, error);
	if ((status = read_value(&call, text, &value)) || (status = settle(&call, &value)))
		return status;
	*value_out = value;
	return COFFER_OK;
}

/* ------------------------------------------------------------------ printing */

static void
print_bytes(coffer_text bytes, coffer_buffer *out)
{
	static const char digits[] = "0123456789abcdef";
	char *at;

	if (!coffer_buffer_reserve(out, 2 + 2 * bytes.size))
		return;
	coffer_buffer_append(out, "\\x", 2);
	at = out->data + out->size;
	for (size_t i = 0; i < bytes.size; i++) {
		*at++ = digits[(unsigned char)bytes.data[i] >> 4];
		*at++ = digits[(unsigned char)bytes.data[i] & 15];
	}
	*at = '\0';
	out->size += 2 * bytes.size;
}

static coffer_status
print(const coffer_column *column, const coffer_value *value, coffer_buffer *out)
{
	char text[COFFER_SCALAR_TEXT_SIZE];

	switch (value->kind) {
	case COFFER_BOOL:
		coffer_buffer_text(out, value->boolean ? "t" : "f");
		break;
	case COFFER_INT:
		coffer_buffer_printf(out, "%" PRId64, value->integer);
		break;
	case COFFER_FLOAT:
		coffer_buffer_append(out, text,
				     coffer_float_print(value->real, column->width, text));
		break;
	case COFFER_TIME:
		coffer_buffer_append(out, text,
				     coffer_time_print(value->time, column->has_zone, text));
		break;
	case COFFER_BYTES:
		print_bytes(value->text, out);
		break;
	case COFFER_TEXT_ARRAY:
		return coffer_array_print_packed(value->text, out);
	case COFFER_NULL:
	case COFFER_TEXT:
	case COFFER_JSON:
	case COFFER_OTHER:
		coffer_buffer_append(out, value->text.data, value->text.size);
		break;
	}
	return COFFER_OK;
}

coffer_status
coffer_value_print(const coffer_column *column, const coffer_value *value, coffer_buffer *out,
		   coffer_error *error)
{
	coffer_status status;

	if (value->kind == COFFER_NULL || !fits_kind(column, value))
		return coffer_error_set(error, COFFER_INVALID, "not a value of type %s",
					column->type);
	status = print(column, value, out);
	if (status)
		return coffer_error_set(error, status, "not a packed array");
	if (out->is_failed)
		return coffer_error_set(error, COFFER_NO_MEMORY,
					"no memory for the text of a value");
	return COFFER_OK;
}
