/*
 * A field is quoted where COPY quotes it: the empty text, since nothing at all is NULL; a text with a comma, a
 * quote or a line break; and "\." in a table of one column, where older servers take that line for the end.
 */
#include "transfer/csv_write.h"

#include "transfer/append.h"

bool
coffer_csv_needs_quotes(coffer_text text, bool is_alone)
{
	if (!text.size || (is_alone && text.size == 2 && !memcmp(text.data, "\\.", 2)))
		return true;
	for (size_t i = 0; i < text.size; i++) {
		char byte = text.data[i];

		if (byte == ',' || byte == '"' || byte == '\n' || byte == '\r')
			return true;
	}
	return false;
}

static void
write_field(coffer_text text, bool is_alone, coffer_buffer *out)
{
	const char *at = text.data, *end = at + text.size, *quote;

	if (!coffer_csv_needs_quotes(text, is_alone)) {
		coffer_append(out, text.data, text.size);
		return;
	}
	coffer_append_char(out, '"');
	while (at < end && (quote = memchr(at, '"', (size_t)(end - at)))) {
		coffer_append(out, at, (size_t)(quote - at) + 1);
		coffer_append_char(out, '"');
		at = quote + 1;
	}
	if (at < end)
		coffer_append(out, at, (size_t)(end - at));
	coffer_append_char(out, '"');
}

void
coffer_csv_write_header(const coffer_table *table, coffer_buffer *out)
{
	for (size_t i = 0; i < table->column_count; i++) {
		const char *name = table->columns[i].name;

		if (i)
			coffer_append_char(out, ',');
		write_field((coffer_text){name, strlen(name)}, table->column_count == 1, out);
	}
	coffer_append_char(out, '\n');
}

coffer_status
coffer_csv_write(const coffer_table *table, const coffer_value *values, coffer_buffer *out,
		 coffer_buffer *scratch, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < table->column_count; i++) {
		if (i)
			coffer_append_char(out, ',');
		if (values[i].kind == COFFER_NULL)
			continue;
		coffer_buffer_clear(scratch);
		status = coffer_value_print(&table->columns[i], &values[i], scratch, error);
		if (status)
			coffer_error_at(error, "%s", table->columns[i].name);
		else
			write_field((coffer_text){scratch->data, scratch->size},
				    table->column_count == 1, out);
	}
	coffer_append_char(out, '\n');
	if (!status && out->is_failed)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row");
	return status;
}
