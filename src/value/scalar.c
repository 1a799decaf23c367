/*
 * Values of a fixed width: boolean, integers, floats, times; and bytes, which only as text are more than themselves.
 */
#include "value/value.h"

#include "base/float.h"
#include "base/time.h"
#include "format/record.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <string.h>
#include <strings.h>

enum { PRECISION_FULL = 6 }; /* digits of a second */

static const char wrong[] = "not a value", beyond[] = "out of the range";

static bool
is_in_range(const coffer_column *column, const coffer_value *value)
{
	struct coffer_form form = {.kind = value->kind, .width = column->width};

	return coffer_element_is_in_range(form, value);
}

/* With all the digits that a float8 has, whatever the column's width. */
static coffer_status
refuse_value(const struct coffer_value_call *call, const coffer_value *value)
{
	coffer_column column = *call->column;
	coffer_buffer text = {0};
	coffer_status status;

	column.width = 8;
	status = coffer_value_print(&column, value, &text, call->error);
	if (!status)
		status = coffer_value_refuse(call, beyond, (coffer_text){text.data, text.size});
	coffer_buffer_release(&text);
	return status;
}

coffer_status
coffer_value_check_range(const struct coffer_value_call *call, const coffer_value *value)
{
	return is_in_range(call->column, value) ? COFFER_OK : refuse_value(call, value);
}

/* ------------------------------------------------------------------ boolean */

/* Any beginning of a word counts that no other word has too, so "o" is neither. */
coffer_status
coffer_bool_read(const struct coffer_value_call *call, coffer_text text, coffer_value *value)
{
	static const struct {
		const char *word;
		size_t least;
		bool is_true;
	} words[] = {
		{"true", 1, true}, {"false", 1, false}, {"yes", 1, true}, {"no", 1, false},
		{"on", 2, true},   {"off", 2, false},   {"1", 1, true},   {"0", 1, false},
	};
	coffer_text word = coffer_text_trim(text);

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (word.size < words[i].least || word.size > strlen(words[i].word) ||
		    strncasecmp(word.data, words[i].word, word.size) != 0)
			continue;
		value->boolean = words[i].is_true;
		return COFFER_OK;
	}
	return coffer_value_refuse(call, wrong, text);
}

/* ------------------------------------------------------------------ integers */

/* The number is built below zero, where there is one more. */
coffer_status
coffer_int_read(const struct coffer_value_call *call, coffer_text text, coffer_value *value)
{
	coffer_text digits = coffer_text_trim(text);
	bool is_negative = digits.size && *digits.data == '-', is_beyond = false;
	int64_t number = 0;

	if (digits.size && (*digits.data == '-' || *digits.data == '+'))
		digits = (coffer_text){digits.data + 1, digits.size - 1};
	if (!digits.size)
		return coffer_value_refuse(call, wrong, text);
	for (size_t i = 0; i < digits.size; i++) {
		if (digits.data[i] < '0' || digits.data[i] > '9')
			return coffer_value_refuse(call, wrong, text);
		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_sub_overflow(number, digits.data[i] - '0', &number))
			is_beyond = true;
	}
	if (!is_negative && __builtin_sub_overflow(0, number, &number))
		is_beyond = true;
	if (is_beyond)
		return coffer_value_refuse(call, beyond, text);
	value->integer = number;
	return COFFER_OK;
}

/* ------------------------------------------------------------------ floats */

/*
 * A column of four bytes takes what a cast to real takes: the nearest one, if that is neither 0 nor infinite. What is
 * of four bytes already stays, a NaN with all its bits.
 */
coffer_status
coffer_float_settle(const struct coffer_value_call *call, coffer_value *value)
{
	coffer_value narrow = {.kind = COFFER_FLOAT, .real = (double)(float)value->real};
	double size = fabs(value->real);

	if (is_in_range(call->column, value))
		return COFFER_OK;
	if ((narrow.real == 0 && size > 0) || (fabs(narrow.real) > FLT_MAX && size <= DBL_MAX))
		return refuse_value(call, value);
	*value = narrow;
	return COFFER_OK;
}

coffer_status
coffer_float_read(const struct coffer_value_call *call, coffer_text text, coffer_value *value)
{
	coffer_text digits = coffer_text_trim(text);
	coffer_status status;
	char *end;

	if (call->column->width != 4 && coffer_short_decimal_read(text, &value->real))
		return COFFER_OK;
	coffer_buffer_append(call->memory, digits.data, digits.size);
	if (!digits.size || (status = coffer_value_memory(call)))
		return digits.size ? status : coffer_value_refuse(call, wrong, text);
	errno = 0;
	value->real = call->column->width == 4 ? (double)coffer_strtof(call->memory->data, &end)
					       : coffer_strtod(call->memory->data, &end);
	if (end != call->memory->data + digits.size)
		return coffer_value_refuse(call, wrong, text);
	if (errno == ERANGE && (value->real == 0 || value->real - value->real != 0))
		return coffer_value_refuse(call, beyond, text);
	return COFFER_OK;
}

/* ------------------------------------------------------------------ times */

/* As the server rounds: half away from 2000-01-01. */
static int64_t
round_time(int64_t time, int precision)
{
	int64_t unit = 1;

	for (int i = precision; i < 6; i++)
		unit *= 10;
	if (time >= 0)
		return (time + unit / 2) / unit * unit;
	return -((-time + unit / 2) / unit * unit);
}

coffer_status
coffer_time_settle(const struct coffer_value_call *call, coffer_value *value)
{
	int precision = coffer_type_modifier(call->type, "timestamp");
	coffer_value rounded = *value;
	coffer_status status = coffer_value_check_range(call, value);

	if (status || precision < 0 || precision >= PRECISION_FULL || value->time == INT64_MIN ||
	    value->time == INT64_MAX)
		return status;
	rounded.time = round_time(value->time, precision);
	status = coffer_value_check_range(call, &rounded);
	if (!status)
		*value = rounded;
	return status;
}

coffer_status
coffer_time_read(const struct coffer_value_call *call, coffer_text text, coffer_value *value)
{
	struct coffer_moment moment;
	const char *fault = coffer_moment_read(text, &moment);

	if (!fault)
		fault = coffer_moment_time(&moment, call->column->has_zone, &value->time);
	return fault ? coffer_value_refuse_because(call, fault, text) : COFFER_OK;
}

/* ------------------------------------------------------------------ bytes */

static int
digit_of(char letter)
{
	if (letter >= '0' && letter <= '9')
		return letter - '0';
	letter = (char)(letter | ' ');
	return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/* Behind "\\x": two digits a byte, blanks between bytes. */
static bool
read_hex(coffer_text text, coffer_buffer *out)
{
	char *at;

	if (!coffer_buffer_reserve(out, text.size / 2))
		return true;
	at = out->data;
	while (text.size) {
		int high = digit_of(*text.data), low = text.size > 1 ? digit_of(text.data[1]) : -1;
		bool is_blank = *text.data == ' ' || *text.data == '\n' || *text.data == '\t' ||
				*text.data == '\r';

		if (!is_blank && (high < 0 || low < 0))
			return false;
		if (!is_blank)
			*at++ = (char)(high << 4 | low);
		text.data += is_blank ? 1 : 2;
		text.size -= is_blank ? 1 : 2;
	}
	out->size = (size_t)(at - out->data);
	return true;
}

/* The byte that three octal digits say, or -1. */
static int
octal(coffer_text text)
{
	int byte = 0;

	if (text.size < 3 || *text.data > '3')
		return -1;
	for (int i = 0; i < 3; i++) {
		if (text.data[i] < '0' || text.data[i] > '7')
			return -1;
		byte = byte * 8 + (text.data[i] - '0');
	}
	return byte;
}

/* The older form: bytes as they are, a backslash doubled, any byte as a backslash and three octal digits. */
static bool
read_escaped(coffer_text text, coffer_buffer *out)
{
	while (text.size) {
		const char *slash = memchr(text.data, '\\', text.size);
		size_t plain = slash ? (size_t)(slash - text.data) : text.size, used = 2;
		char byte = '\\';

		coffer_buffer_append(out, text.data, plain);
		text = (coffer_text){text.data + plain, text.size - plain};
		if (!slash)
			break;
		if (text.size < 2 || text.data[1] != '\\') {
			int code = octal((coffer_text){text.data + 1, text.size - 1});

			if (code < 0)
				return false;
			byte = (char)code;
			used = 4;
		}
		coffer_buffer_append(out, &byte, 1);
		text = (coffer_text){text.data + used, text.size - used};
	}
	return true;
}

coffer_status
coffer_bytes_read(const struct coffer_value_call *call, coffer_text text, coffer_value *value)
{
	coffer_text digits = {text.data + 2, text.size - 2};
	bool is_right;

	value->text = text;
	if (!text.size || !memchr(text.data, '\\', text.size))
		return COFFER_OK;
	if (text.size >= 2 && text.data[0] == '\\' && text.data[1] == 'x')
		is_right = read_hex(digits, call->memory);
	else
		is_right = read_escaped(text, call->memory);
	if (!is_right)
		return coffer_value_refuse(call, wrong, text);
	value->text = (coffer_text){call->memory->data, call->memory->size};
	return coffer_value_memory(call);
}
