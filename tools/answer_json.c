/*
 * json and ndjson: a row is an object, its names in the order of the columns; a name that another column has too gets "_2",
 * "_3" ... so that no value hides another. Infinities, which JSON does not have, are texts, as coffer scan writes them.
 */
#include "answer_parts.h"

/* What is not UTF-8, as CAST can make it of a blob, becomes U+FFFD byte by byte: a reader of JSON takes nothing else. */
static void
add_string(coffer_buffer *out, coffer_buffer *scratch, coffer_text text)
{
	size_t whole = coffer_answer_utf8_size(text);

	if (whole == text.size) {
		coffer_json_string(out, text);
		return;
	}
	coffer_buffer_clear(scratch);
	while (text.size) {
		coffer_buffer_append(scratch, text.data, whole);
		text.data += whole;
		text.size -= whole;
		if (!text.size)
			break;
		coffer_buffer_text(scratch, "\xef\xbf\xbd");
		text.data++;
		text.size--;
		whole = coffer_answer_utf8_size(text);
	}
	coffer_json_string(out, (coffer_text){scratch->data, scratch->size});
	out->is_failed = out->is_failed || scratch->is_failed;
}

static bool
is_taken(const struct coffer_answer *answer, size_t column, const char *name)
{
	for (size_t i = 0; i < column; i++)
		if (!strcmp(answer->columns[i].name.data, name))
			return true;
	return false;
}

/* Keep the name of a column as a literal of JSON with its colon. */
static bool
make_name(struct coffer_answer *answer, size_t column)
{
	const char *name = sqlite3_column_name(answer->statement, (int)column);
	coffer_buffer *out = &answer->columns[column].name, unique = {0}, scratch = {0};
	bool is_made;

	for (size_t number = 1; name; number++) {
		coffer_buffer_clear(&unique);
		coffer_buffer_clear(out);
		coffer_buffer_text(&unique, name);
		if (number > 1)
			coffer_buffer_printf(&unique, "_%zu", number);
		add_string(out, &scratch, (coffer_text){unique.data, unique.size});
		coffer_buffer_text(out, ":");
		if (unique.is_failed || out->is_failed || !is_taken(answer, column, out->data))
			break;
	}
	is_made = name && !unique.is_failed && !out->is_failed;
	coffer_buffer_release(&unique);
	coffer_buffer_release(&scratch);
	return is_made;
}

coffer_status
coffer_answer_json_begin(struct coffer_answer *answer)
{
	for (size_t i = 0; i < answer->column_count; i++)
		if (!make_name(answer, i))
			return COFFER_NO_MEMORY;
	if (answer->style.mode == COFFER_ANSWER_JSON)
		coffer_output_char(answer->output, '[');
	return COFFER_OK;
}

static void
add_real(coffer_buffer *out, double real)
{
	char number[COFFER_SCALAR_TEXT_SIZE];
	bool is_finite = real - real == 0;

	(void)coffer_float_print(real, 8, number);
	coffer_buffer_printf(out, is_finite ? "%s" : "\"%s\"", number);
}

static void
add_blob(coffer_buffer *out, const unsigned char *bytes, size_t size)
{
	static const char digits[] = "0123456789abcdef";

	coffer_buffer_text(out, "\"\\\\x");
	for (size_t i = 0; i < size; i++) {
		coffer_buffer_append(out, &digits[bytes[i] >> 4], 1);
		coffer_buffer_append(out, &digits[bytes[i] & 15], 1);
	}
	coffer_buffer_text(out, "\"");
}

static void
add_value(coffer_buffer *out, coffer_buffer *scratch, sqlite3_stmt *statement, int column)
{
	const char *text;

	switch (sqlite3_column_type(statement, column)) {
	case SQLITE_NULL:
		coffer_buffer_text(out, "null");
		break;
	case SQLITE_INTEGER:
		coffer_buffer_printf(out, "%lld", (long long)sqlite3_column_int64(statement, column));
		break;
	case SQLITE_FLOAT:
		add_real(out, sqlite3_column_double(statement, column));
		break;
	case SQLITE_BLOB:
		add_blob(out, sqlite3_column_blob(statement, column),
			 (size_t)sqlite3_column_bytes(statement, column));
		break;
	default:
		text = (const char *)sqlite3_column_text(statement, column);
		if (text)
			add_string(out, scratch,
				   (coffer_text){text, (size_t)sqlite3_column_bytes(statement, column)});
		else
			out->is_failed = true;
	}
}

coffer_status
coffer_answer_json_row(struct coffer_answer *answer)
{
	bool is_array = answer->style.mode == COFFER_ANSWER_JSON;
	coffer_buffer scratch = {0};

	coffer_buffer_clear(&answer->texts);
	if (is_array)
		coffer_buffer_text(&answer->texts, answer->rows ? ",\n" : "\n");
	for (size_t i = 0; i < answer->column_count; i++) {
		coffer_buffer_text(&answer->texts, i ? "," : "{");
		coffer_buffer_text(&answer->texts, answer->columns[i].name.data);
		add_value(&answer->texts, &scratch, answer->statement, (int)i);
	}
	coffer_buffer_text(&answer->texts, is_array ? "}" : "}\n");
	coffer_buffer_release(&scratch);
	if (answer->texts.is_failed)
		return COFFER_NO_MEMORY;
	coffer_output_safe(answer->output, answer->texts.data, answer->texts.size);
	return COFFER_OK;
}

void
coffer_answer_json_end(struct coffer_answer *answer, bool is_whole)
{
	if (is_whole)
		coffer_output_text(answer->output, answer->rows ? "\n]\n" : "]\n");
}
