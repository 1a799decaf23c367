/*
 * Values on the command line, read as the column's kind asks.
 */
#include "report.h"
#include "select.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool
read_bool(const char *text, coffer_value *value)
{
	value->boolean = !strcasecmp(text, "true") || !strcasecmp(text, "t");
	return value->boolean || !strcasecmp(text, "false") || !strcasecmp(text, "f");
}

static bool
read_integer(const char *text, coffer_value *value)
{
	const char *digits = text + (*text == '-' || *text == '+');
	char *end;

	errno = 0;
	value->integer = strtoll(text, &end, 10);
	return *digits >= '0' && *digits <= '9' && !*end && !errno;
}

/* A column of four bytes holds the nearest of its own numbers. */
static bool
read_float(const char *text, int width, coffer_value *value)
{
	const char *digits = text + (*text == '-' || *text == '+');
	bool is_number = (*digits >= '0' && *digits <= '9') || *digits == '.';
	char *end;

	if (!is_number && strcasecmp(digits, "NaN") && strcasecmp(digits, "Infinity") &&
	    strcasecmp(digits, "inf"))
		return false;
	value->real = width == 4 ? (double)strtof(text, &end) : strtod(text, &end);
	return end != text && !*end;
}

static int
digit_of(char letter)
{
	if (letter >= '0' && letter <= '9')
		return letter - '0';
	letter = (char)(letter | ' ');
	return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/* "\x0aff", in place: the bytes are fewer than the digits. What does not fit stays as it is. */
static bool
read_bytes(char *text, coffer_value *value)
{
	size_t size = strlen(text);

	if (size < 2 || text[0] != '\\' || text[1] != 'x' || size % 2)
		return false;
	for (size_t i = 2; i < size; i++)
		if (digit_of(text[i]) < 0)
			return false;
	for (size_t i = 2; i < size; i += 2)
		text[i / 2 - 1] = (char)(digit_of(text[i]) << 4 | digit_of(text[i + 1]));
	value->text = (coffer_text){text, size / 2 - 1};
	return true;
}

int
coffer_select_value(const struct coffer_arguments *arguments, const coffer_table *table,
		    uint16_t column, char *text, coffer_value *value_out)
{
	const coffer_column *of = &table->columns[column];
	const char *wanted = NULL;

	*value_out = (coffer_value){.kind = of->kind};
	switch (of->kind) {
	case COFFER_BOOL:
		wanted = read_bool(text, value_out) ? NULL : "true or false";
		break;
	case COFFER_INT:
		wanted = read_integer(text, value_out) ? NULL : "a whole number";
		break;
	case COFFER_FLOAT:
		wanted =
			read_float(text, of->width, value_out) ? NULL : "a number, NaN or Infinity";
		break;
	case COFFER_TIME:
		if (coffer_time_parse((coffer_text){text, strlen(text)}, &value_out->time))
			wanted = "a time such as 2024-11-05T10:20:30";
		break;
	case COFFER_BYTES:
		wanted = read_bytes(text, value_out) ? NULL : "bytes such as \\x0aff";
		break;
	case COFFER_TEXT_ARRAY:
		wanted = "an array, which has no form on the command line";
		break;
	case COFFER_NULL:
	case COFFER_TEXT:
	case COFFER_JSON:
	case COFFER_OTHER:
		value_out->text = (coffer_text){text, strlen(text)};
		break;
	}
	if (!wanted)
		return COFFER_EXIT_DONE;
	return coffer_report_usage(arguments, "'%s' does not fit %s.%s (%s): it takes %s", text,
				   table->name, of->name, of->type, wanted);
}

int
coffer_select_key(const struct coffer_arguments *arguments, const coffer_table *table,
		  uint16_t index_number, int first, coffer_value key[COFFER_KEY_COLUMNS_MAX])
{
	const coffer_index *index = &table->indexes[index_number];
	size_t given = (size_t)(arguments->operand_count - first);
	char names[512] = "";
	int code = COFFER_EXIT_DONE;

	for (size_t i = 0; given != index->key_column_count && i < index->key_column_count; i++) {
		size_t size = strlen(names);

		snprintf(names + size, sizeof(names) - size, "%s%s", i ? ", " : "",
			 table->columns[index->key_columns[i]].name);
	}
	if (given != index->key_column_count)
		return coffer_report_usage(arguments,
					   "the key of %s has %zu columns (%s), %zu given",
					   table->name, index->key_column_count, names, given);
	for (size_t i = 0; !code && i < given; i++)
		code = coffer_select_value(arguments, table, index->key_columns[i],
					   arguments->operands[(size_t)first + i], &key[i]);
	return code;
}
