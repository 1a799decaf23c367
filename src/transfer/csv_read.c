/*
 * A row of csv is first found whole, line breaks between quotes included, and then taken apart where it stands:
 * a field that loses its quotes only gets shorter. Both steps look at each byte a bounded number of times.
 */
#include "transfer/csv_read.h"

#include "transfer/table_name.h"

#include <stdlib.h>
#include <string.h>

coffer_status
coffer_csv_reader_init(struct coffer_csv_reader *reader, struct coffer_input *input,
		       const char *source, const coffer_schema *schema, const coffer_table *table,
		       coffer_error *error)
{
	*reader = (struct coffer_csv_reader){
		.input = input, .source = source, .column = COFFER_NO_COLUMN};
	reader->columns = calloc(table->column_count + 1, sizeof(*reader->columns));
	if (!reader->columns)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row");
	return coffer_given_init(&reader->row, schema, table, error);
}

void
coffer_csv_reader_release(struct coffer_csv_reader *reader)
{
	coffer_given_release(&reader->row);
	free(reader->columns);
	reader->columns = NULL;
}

/* ------------------------------------------------------------------ a whole row */

/* How far the search for the end of a row has come, from the first byte that was not taken. */
struct search {
	size_t at;      /* everything before it was looked at */
	size_t newline; /* at or behind `at`; where there is none, how far the bytes go that have none */
	bool has_newline;
	bool is_quoted;
};

/* The next line break at or behind `at`, found once however many quotes stand before it. */
static void
find_newline(struct search *search, const char *bytes, size_t size)
{
	const char *newline;

	if (search->has_newline && search->newline >= search->at)
		return;
	if (search->has_newline || search->newline < search->at)
		search->newline = search->at;
	newline = memchr(bytes + search->newline, '\n', size - search->newline);
	search->has_newline = newline != NULL;
	search->newline = newline ? (size_t)(newline - bytes) : size;
}

/* True when the row ends at the line break that was found. */
static bool
find_end(struct search *search, const char *bytes, size_t size)
{
	while (search->at < size) {
		size_t end = size;
		const char *quote;

		if (!search->is_quoted) {
			find_newline(search, bytes, size);
			end = search->newline;
		}
		quote = memchr(bytes + search->at, '"', end - search->at);
		if (!quote) {
			search->at = end;
			if (!search->is_quoted && search->has_newline)
				return true;
			continue;
		}
		search->is_quoted = !search->is_quoted;
		search->at = (size_t)(quote - bytes) + 1;
	}
	return false;
}

static uint64_t
count_lines(const char *bytes, size_t size)
{
	const char *end = bytes + size;
	uint64_t lines = 1;

	while (bytes < end && (bytes = memchr(bytes, '\n', (size_t)(end - bytes)))) {
		lines++;
		bytes++;
	}
	return lines;
}

/* The next row without its end. `line_out` is the one at which it begins. COFFER_NOT_FOUND: no byte is left. */
static coffer_status
take_record(struct coffer_csv_reader *reader, uint64_t *line_out, coffer_error *error)
{
	struct coffer_input *input = reader->input;
	struct search search = {0};
	coffer_status status = COFFER_OK;
	bool is_found = false;

	*line_out = input->line + 1;
	while (!status && !(is_found = find_end(&search, coffer_input_bytes(input),
						input->end - input->begin)))
		status = coffer_input_more(input, error);
	if (status < 0 || (status && input->begin == input->end))
		return status;
	if (search.is_quoted)
		return coffer_error_set(error, COFFER_INVALID, "a quote is not closed");
	reader->record = coffer_input_bytes(input);
	reader->record_size = search.at;
	input->line += count_lines(reader->record, search.at);
	coffer_input_take(input, search.at + is_found);
	if (search.at && reader->record[search.at - 1] == '\r')
		reader->record_size--;
	return COFFER_OK;
}

/* ------------------------------------------------------------------ fields */

struct field {
	coffer_text text;
	bool is_quoted;
};

/* A field as it is taken apart: `out` never overtakes `in`. */
struct parts {
	char *in, *out, *end;
};

static void
keep(struct parts *parts, size_t size)
{
	if (parts->out != parts->in)
		memmove(parts->out, parts->in, size);
	parts->out += size;
	parts->in += size;
}

/* At a quote that opens; on to behind the one that closes. In a whole row it is there. */
static void
take_quoted(struct parts *parts)
{
	for (parts->in++; parts->in < parts->end;) {
		const char *quote = memchr(parts->in, '"', (size_t)(parts->end - parts->in));

		keep(parts, (size_t)((quote ? quote : parts->end) - parts->in));
		if (parts->end - parts->in < 2 || parts->in[1] != '"')
			break;
		parts->in++;
		keep(parts, 1);
	}
	parts->in += parts->in < parts->end;
}

/* Take a field apart from `*at` on, to behind its comma. `is_last_out`: the row ends with it. */
static coffer_status
take_field(struct coffer_csv_reader *reader, size_t *at, struct field *field_out, bool *is_last_out,
	   coffer_error *error)
{
	char *begin = reader->record + *at;
	struct parts parts = {begin, begin, reader->record + reader->record_size};

	*field_out = (struct field){.text = {begin, 0}};
	while (parts.in < parts.end && *parts.in != ',') {
		if (*parts.in == '"') {
			field_out->is_quoted = true;
			take_quoted(&parts);
		} else if (*parts.in == '\r') {
			return coffer_error_set(error, COFFER_INVALID,
						"a carriage return that is not between quotes");
		} else {
			*parts.out++ = *parts.in++;
		}
	}
	*is_last_out = parts.in == parts.end;
	*at = (size_t)(parts.in - reader->record) + !*is_last_out;
	field_out->text.size = (size_t)(parts.out - begin);
	return COFFER_OK;
}

static coffer_status
take_name(struct coffer_csv_reader *reader, const struct field *field, coffer_error *error)
{
	const coffer_table *table = reader->row.table;
	char name[COFFER_NAME_SIZE_MAX + 1] = "";
	uint16_t column;

	if (field->text.size <= COFFER_NAME_SIZE_MAX)
		memcpy(name, field->text.data, field->text.size);
	column = strlen(name) == field->text.size ? coffer_table_find_column(table, name)
						  : COFFER_NO_COLUMN;
	if (column == COFFER_NO_COLUMN)
		return coffer_column_refuse(table, field->text, COFFER_INVALID, error);
	if (reader->row.is_given[column]) {
		reader->column = column;
		return coffer_error_set(error, COFFER_INVALID, "named twice");
	}
	reader->row.is_given[column] = true;
	reader->columns[reader->column_count++] = column;
	return COFFER_OK;
}

/* The line that names the columns. */
static coffer_status
take_header(struct coffer_csv_reader *reader, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	bool is_last = false;
	struct field field;
	size_t at = 0;

	coffer_given_clear(&reader->row);
	if (reader->record_size >= 3 && !memcmp(reader->record, "\xef\xbb\xbf", 3))
		at = 3;
	if (at == reader->record_size && !reader->row.table->column_count)
		return COFFER_OK;
	while (!status && !is_last) {
		status = take_field(reader, &at, &field, &is_last, error);
		if (!status)
			status = take_name(reader, &field, error);
	}
	return status;
}

static coffer_status
take_value(struct coffer_csv_reader *reader, uint16_t column, const struct field *field,
	   coffer_error *error)
{
	reader->row.is_given[column] = true;
	if (!field->text.size && !field->is_quoted)
		return COFFER_OK;
	reader->column = column;
	return coffer_given_parse(&reader->row, column, field->text, error);
}

static coffer_status
take_row(struct coffer_csv_reader *reader, coffer_error *error)
{
	bool is_last = !reader->record_size && !reader->column_count;
	coffer_status status = COFFER_OK;
	size_t at = 0, count = 0;
	struct field field;

	coffer_given_clear(&reader->row);
	while (!status && !is_last) {
		reader->column = COFFER_NO_COLUMN;
		status = take_field(reader, &at, &field, &is_last, error);
		if (!status && count < reader->column_count)
			status = take_value(reader, reader->columns[count], &field, error);
		count++;
	}
	reader->column = status ? reader->column : COFFER_NO_COLUMN;
	if (!status && count != reader->column_count)
		return coffer_error_set(error, COFFER_INVALID,
					"%zu fields, expected %zu as the first line has", count,
					reader->column_count);
	return status;
}

/* ------------------------------------------------------------------ rows */

/* The header, when it was not read yet, and the next row that is not passed over. */
static coffer_status
next(struct coffer_csv_reader *reader, uint64_t *line_out, coffer_error *error)
{
	coffer_status status;

	if (!reader->is_begun) {
		status = take_record(reader, line_out, error);
		if (status == COFFER_NOT_FOUND)
			return coffer_error_set(error, COFFER_INVALID,
						"empty, expected a line with the columns' names");
		if (status || (status = take_header(reader, error)))
			return status;
		reader->is_begun = true;
	}
	do {
		if ((status = take_record(reader, line_out, error)))
			return status;
	} while (!reader->record_size && reader->column_count > 1);
	return take_row(reader, error);
}

static void
place(const struct coffer_csv_reader *reader, uint64_t line, coffer_error *error)
{
	const coffer_table *table = reader->row.table;

	if (reader->column == COFFER_NO_COLUMN)
		coffer_error_at(error, "%s:%llu: %s", reader->source, (unsigned long long)line,
				table->name);
	else
		coffer_error_at(error, "%s:%llu: %s.%s", reader->source, (unsigned long long)line,
				table->name, table->columns[reader->column].name);
}

coffer_status
coffer_csv_read(struct coffer_csv_reader *reader, const struct coffer_given **row_out,
		coffer_error *error)
{
	coffer_status status;
	uint64_t line;

	*row_out = NULL;
	reader->column = COFFER_NO_COLUMN;
	status = next(reader, &line, error);
	if (status < 0)
		place(reader, line, error);
	if (!status)
		*row_out = &reader->row;
	return status;
}
