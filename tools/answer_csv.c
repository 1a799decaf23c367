/*
 * csv as RFC 4180 has it: lines end with CR and LF, what holds a comma, a quote or an end of line stands in quotes. NULL is
 * nothing, or the text that was asked for, without quotes; a text that reads like it has quotes.
 */
#include "answer_parts.h"

static const char *
null_text(const struct coffer_answer *answer)
{
	return answer->style.null_text ? answer->style.null_text : "";
}

static void
print_text(struct coffer_answer *answer, const char *text, size_t size)
{
	struct coffer_output *output = answer->output;
	const char *null = null_text(answer);
	bool is_quoted = size == strlen(null) && !memcmp(text, null, size);

	for (size_t i = 0; !is_quoted && i < size; i++)
		is_quoted = text[i] == '"' || text[i] == ',' || text[i] == '\r' || text[i] == '\n';
	if (!is_quoted) {
		coffer_output_safe(output, text, size);
		return;
	}
	coffer_output_char(output, '"');
	while (size) {
		const char *quote = memchr(text, '"', size);
		size_t piece = quote ? (size_t)(quote - text) + 1 : size;

		coffer_output_safe(output, text, piece);
		if (quote)
			coffer_output_char(output, '"');
		text += piece;
		size -= piece;
	}
	coffer_output_char(output, '"');
}

static void
print_blob(struct coffer_output *output, const unsigned char *bytes, size_t size)
{
	static const char digits[] = "0123456789abcdef";

	coffer_output_text(output, "\\x");
	for (size_t i = 0; i < size; i++) {
		coffer_output_char(output, digits[bytes[i] >> 4]);
		coffer_output_char(output, digits[bytes[i] & 15]);
	}
}

/* False: SQLite has no memory for the value. */
static bool
print_value(struct coffer_answer *answer, int column)
{
	sqlite3_stmt *statement = answer->statement;
	char number[COFFER_SCALAR_TEXT_SIZE];
	const char *text;

	switch (sqlite3_column_type(statement, column)) {
	case SQLITE_NULL:
		coffer_output_text(answer->output, null_text(answer));
		return true;
	case SQLITE_INTEGER:
		coffer_output_format(answer->output, "%lld",
				     (long long)sqlite3_column_int64(statement, column));
		return true;
	case SQLITE_FLOAT:
		(void)coffer_float_print(sqlite3_column_double(statement, column), 8, number);
		coffer_output_text(answer->output, number);
		return true;
	case SQLITE_BLOB:
		print_blob(answer->output, sqlite3_column_blob(statement, column),
			   (size_t)sqlite3_column_bytes(statement, column));
		return true;
	default:
		text = (const char *)sqlite3_column_text(statement, column);
		if (text)
			print_text(answer, text, (size_t)sqlite3_column_bytes(statement, column));
		return text;
	}
}

static void
end_cell(struct coffer_answer *answer, size_t column)
{
	coffer_output_text(answer->output, column + 1 < answer->column_count ? "," : "\r\n");
}

coffer_status
coffer_answer_csv_begin(struct coffer_answer *answer)
{
	for (size_t i = 0; answer->style.has_header && i < answer->column_count; i++) {
		const char *name = sqlite3_column_name(answer->statement, (int)i);

		if (!name)
			return COFFER_NO_MEMORY;
		print_text(answer, name, strlen(name));
		end_cell(answer, i);
	}
	return COFFER_OK;
}

coffer_status
coffer_answer_csv_row(struct coffer_answer *answer)
{
	for (size_t i = 0; i < answer->column_count; i++) {
		if (!print_value(answer, (int)i))
			return COFFER_NO_MEMORY;
		end_cell(answer, i);
	}
	return COFFER_OK;
}
