/*
 * Values on the command line, read as the column's kind asks.
 */
#include "instant.h"
#include "report.h"
#include "select.h"

#include <stdio.h>
#include <string.h>

/*
 * As the server reads it. Of these kinds a value is all in itself, or bytes that are fewer than the text was and take
 * its place; and none of them needs to know more types than its own.
 */
static bool
read_value(const coffer_column *column, char *text, coffer_value *value_out)
{
	static const coffer_schema no_types;
	coffer_buffer memory = {0};
	coffer_status status = coffer_value_parse(
		&no_types, column, (coffer_text){text, strlen(text)}, &memory, value_out, NULL);

	if (!status && value_out->kind == COFFER_BYTES) {
		if (value_out->text.size)
			memmove(text, value_out->text.data, value_out->text.size);
		value_out->text.data = text;
	}
	coffer_buffer_release(&memory);
	return !status;
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
		wanted = read_value(of, text, value_out) ? NULL : "true or false";
		break;
	case COFFER_INT:
		wanted = read_value(of, text, value_out) ? NULL : "a whole number";
		break;
	case COFFER_FLOAT:
		wanted = read_value(of, text, value_out) ? NULL : "a number, NaN or Infinity";
		break;
	case COFFER_TIME:
		/* A bound keeps its digits and its offset, whatever the column has. */
		if (!coffer_age_parse(text, &value_out->time) &&
		    coffer_time_parse((coffer_text){text, strlen(text)}, &value_out->time))
			wanted = "a time such as 2024-11-05T10:20:30, or an age such as 7d";
		break;
	case COFFER_BYTES:
		wanted = read_value(of, text, value_out) ? NULL : "bytes such as \\x0aff";
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
	char names[512] = "", columns[COFFER_COUNT_SIZE];
	int code = COFFER_EXIT_DONE;

	for (size_t i = 0; given != index->key_column_count && i < index->key_column_count; i++) {
		size_t size = strlen(names);

		snprintf(names + size, sizeof(names) - size, "%s%s", i ? ", " : "",
			 table->columns[index->key_columns[i]].name);
	}
	if (given != index->key_column_count)
		return coffer_report_usage(arguments,
					   "the key of %s has %s (%s), %zu given", table->name,
					   coffer_count_print(index->key_column_count, "column",
							      "columns", columns),
					   names, given);
	for (size_t i = 0; !code && i < given; i++)
		code = coffer_select_value(arguments, table, index->key_columns[i],
					   arguments->operands[(size_t)first + i], &key[i]);
	return code;
}
