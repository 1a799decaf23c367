/*
 * The second pass over a dump: the rows of COPY and INSERT.
 *
 * A line of COPY loses its escapes where it stands, a row of INSERT its quotes; values borrow from
 * either. What a block does not give is what the server would put there: a default that is a
 * literal, NULL where there is none. Generated columns have no values in a dump: they are NULL.
 */
#include "transfer/dump_rows.h"

#include "transfer/sql_split.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIELD_SIZE_SHORT = 24 };

void
coffer_dump_rows_init(struct coffer_dump_rows *rows, const struct coffer_input_file *file,
		      const char *name, const coffer_schema *schema)
{
	*rows = (struct coffer_dump_rows){.name = name, .schema = schema, .file = *file};
	coffer_input_init(&rows->input, coffer_input_read_file, &rows->file);
}

static void
leave_table(struct coffer_dump_rows *rows)
{
	if (rows->table)
		coffer_given_release(&rows->given);
	free(rows->columns);
	rows->columns = NULL;
	rows->table = NULL;
}

void
coffer_dump_rows_release(struct coffer_dump_rows *rows)
{
	leave_table(rows);
	coffer_input_release(&rows->input);
}

coffer_status
coffer_dump_rows_begin(struct coffer_dump_rows *rows, const coffer_table *table,
		       coffer_error *error)
{
	leave_table(rows);
	rows->table = table;
	rows->file.what = table->name;
	rows->columns = calloc(table->column_count + 1, sizeof(*rows->columns));
	if (!rows->columns) {
		rows->table = NULL;
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a list of columns");
	}
	return coffer_given_init(&rows->given, rows->schema, table, error);
}

/* ------------------------------------------------------------------ failures */

static coffer_status
fail_at(const struct coffer_dump_rows *rows, const char *column, coffer_status status,
	coffer_error *error)
{
	const char *table = rows->table->name;
	unsigned long long line = rows->line;

	if (status >= 0)
		return status;
	if (column)
		coffer_error_at(error, "%s:%llu: %s.%s", rows->name, line, table, column);
	else
		coffer_error_at(error, "%s:%llu: %s", rows->name, line, table);
	return status;
}

static coffer_status
refuse(const struct coffer_dump_rows *rows, const char *column, const char *message,
       coffer_error *error)
{
	return fail_at(rows, column, coffer_error_set(error, COFFER_INVALID, "%s", message), error);
}

/* ------------------------------------------------------------------ bytes */

static char *
here(const struct coffer_dump_rows *rows)
{
	return rows->input.buffer + rows->input.begin;
}

static size_t
left(const struct coffer_dump_rows *rows)
{
	return rows->input.end - rows->input.begin;
}

static void
take(struct coffer_dump_rows *rows, size_t size)
{
	const char *at = here(rows), *end = at + size;

	while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
		rows->line++;
		at++;
	}
	coffer_input_take(&rows->input, size);
}

/* The file was whole when it was looked at first. */
static coffer_status
changed(coffer_error *error)
{
	return coffer_error_set(error, COFFER_IO, "the dump changed while it was read");
}

static coffer_status
look_ahead(struct coffer_dump_rows *rows, size_t size, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	while (!status && left(rows) < size)
		status = coffer_input_more(&rows->input, error);
	if (status == COFFER_NOT_FOUND)
		status = changed(error);
	return fail_at(rows, NULL, status, error);
}

/* ------------------------------------------------------------------ what a block does not give */

/* The column's memory keeps the value, which may borrow from a text that goes. */
static coffer_status
keep(struct coffer_dump_rows *rows, uint16_t column, coffer_error *error)
{
	coffer_value *value = &rows->given.values[column];
	coffer_buffer *memory = &rows->given.memory[column];
	bool has_text = value->kind == COFFER_TEXT || value->kind == COFFER_JSON ||
			value->kind == COFFER_TEXT_ARRAY || value->kind == COFFER_BYTES ||
			value->kind == COFFER_OTHER;

	if (!has_text || value->text.data == memory->data)
		return COFFER_OK;
	coffer_buffer_clear(memory);
	coffer_buffer_append(memory, value->text.data, value->text.size);
	if (memory->is_failed)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a default");
	value->text.data = memory->data;
	return COFFER_OK;
}

static coffer_status
parse_default(struct coffer_dump_rows *rows, uint16_t number, char *sql_text, coffer_error *error)
{
	const coffer_column *column = &rows->table->columns[number];
	struct coffer_sql_literal literal;
	struct coffer_sql sql;
	coffer_status status;

	coffer_sql_init(&sql, (coffer_text){sql_text, strlen(sql_text)}, false);
	if (!coffer_sql_read_literal(&sql, &literal) || sql.token.kind != COFFER_SQL_END)
		return refuse(rows, column->name,
			      "a column that the rows do not give, and whose default is no literal",
			      error);
	if (literal.kind != COFFER_LITERAL_TEXT)
		return COFFER_OK;
	status = coffer_given_parse(&rows->given, number, literal.text, error);
	if (!status)
		status = keep(rows, number, error);
	return fail_at(rows, column->name, status, error);
}

/* Give a column its default. */
static coffer_status
give_default(struct coffer_dump_rows *rows, uint16_t number, coffer_error *error)
{
	const coffer_column *column = &rows->table->columns[number];
	coffer_status status;
	char *copy;

	rows->given.values[number].kind = COFFER_NULL;
	if (column->generated_sql)
		return COFFER_OK;
	if (column->default_sql) {
		copy = strdup(column->default_sql);
		status =
			copy ? parse_default(rows, number, copy, error)
			     : coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a default");
		free(copy);
		return status;
	}
	if (column->is_nullable)
		return COFFER_OK;
	return refuse(rows, column->name,
		      "a column that the rows do not give, and that is NOT NULL", error);
}

static coffer_status
give_absent(struct coffer_dump_rows *rows, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	coffer_given_clear(&rows->given);
	for (size_t i = 0; i < rows->column_count; i++)
		rows->given.is_given[rows->columns[i]] = true;
	for (size_t i = 0; i < rows->table->column_count && !status; i++)
		if (!rows->given.is_given[i])
			status = give_default(rows, (uint16_t)i, error);
	return status;
}

/* ------------------------------------------------------------------ the head of a block */

static coffer_status
add_column(struct coffer_dump_rows *rows, const char *name, coffer_error *error)
{
	uint16_t number = coffer_table_find_column(rows->table, name);

	if (number == COFFER_NO_COLUMN)
		return refuse(rows, name, "the rows give a column that the table does not have",
			      error);
	for (size_t i = 0; i < rows->column_count; i++)
		if (rows->columns[i] == number)
			return refuse(rows, name, "the rows give a column twice", error);
	rows->columns[rows->column_count++] = number;
	return COFFER_OK;
}

/*
 * Without a list INSERT gives all columns in the order of the table that it names, COPY those not
 * generated.
 */
static coffer_status
add_all(struct coffer_dump_rows *rows, coffer_error *error)
{
	uint32_t number = coffer_schema_find_table(rows->schema, rows->block->table.name);
	coffer_status status = COFFER_OK;
	const coffer_table *named;

	if (strcmp(rows->block->table.schema, rows->schema->name) != 0 || number == COFFER_NO_TABLE)
		return refuse(rows, NULL,
			      "rows of a partition elsewhere that do not name their columns",
			      error);
	named = &rows->schema->tables[number];
	for (size_t i = 0; i < named->column_count && !status; i++)
		if (!rows->block->is_copy || !named->columns[i].generated_sql)
			status = add_column(rows, named->columns[i].name, error);
	return status;
}

static coffer_status
add_listed(struct coffer_dump_rows *rows, struct coffer_sql sql, coffer_error *error)
{
	char name[COFFER_NAME_SIZE_MAX + 1];
	coffer_status status = COFFER_OK;

	coffer_sql_accept_symbol(&sql, '(');
	while (!status && !coffer_sql_is_symbol(&sql, ')')) {
		if (!coffer_sql_identifier(&sql.token, name))
			return refuse(rows, NULL, "a list of columns is expected", error);
		coffer_sql_next(&sql);
		coffer_sql_accept_symbol(&sql, ',');
		status = add_column(rows, name, error);
	}
	return status;
}

static coffer_status
read_head(struct coffer_dump_rows *rows, coffer_error *error)
{
	const struct coffer_dump_block *block = rows->block;
	size_t size = (size_t)(block->data - block->begin);
	coffer_status status = look_ahead(rows, size, error);
	struct coffer_dump_head head;
	struct coffer_sql sql;

	if (status)
		return status;
	coffer_sql_init(&sql, (coffer_text){here(rows), size}, block->has_backslashes);
	if (!coffer_dump_read_head(&sql, block->table.schema, &head))
		return fail_at(rows, NULL, changed(error), error);
	rows->column_count = 0;
	rows->is_default = head.is_default;
	if (head.has_columns)
		status = add_listed(rows, head.columns, error);
	else if (!head.is_default)
		status = add_all(rows, error);
	coffer_input_take(&rows->input, size);
	return status;
}

coffer_status
coffer_dump_rows_open(struct coffer_dump_rows *rows, const struct coffer_dump_block *block,
		      coffer_error *error)
{
	coffer_status status;

	rows->block = block;
	rows->line = block->line;
	rows->rows = 0;
	rows->is_in_values = true;
	rows->row_size = 0;
	coffer_input_release(&rows->input);
	coffer_input_init(&rows->input, coffer_input_read_file, &rows->file);
	if (lseek(rows->file.file, (off_t)block->begin, SEEK_SET) < 0)
		return coffer_error_set(error, COFFER_IO, "%s: %s", rows->name, strerror(errno));
	status = read_head(rows, error);
	return status ? status : give_absent(rows, error);
}

/* ------------------------------------------------------------------ COPY */

static int
digit_of(char c, int base)
{
	int digit = c >= '0' && c <= '9'   ? c - '0'
		    : c >= 'a' && c <= 'f' ? c - 'a' + 10
		    : c >= 'A' && c <= 'F' ? c - 'A' + 10
					   : 99;

	return digit < base ? digit : -1;
}

static char
read_code(const char **at, const char *end, int base, int count)
{
	int code = 0;

	while (count-- && *at < end && digit_of(**at, base) >= 0)
		code = code * base + digit_of(*(*at)++, base);
	return (char)(code & 0xff);
}

/* The byte that an escape stands for; `*at` is behind its backslash and goes on over it. */
static char
read_escape(const char **at, const char *end)
{
	static const char letters[] = "bfnrtv", bytes[] = "\b\f\n\r\t\v";
	const char *letter = memchr(letters, **at, sizeof(letters) - 1);

	if (digit_of(**at, 8) >= 0)
		return read_code(at, end, 8, 3);
	if (**at == 'x' && *at + 1 < end && digit_of((*at)[1], 16) >= 0) {
		*at += 1;
		return read_code(at, end, 16, 2);
	}
	*at += 1;
	return letter ? bytes[letter - letters] : (*at)[-1];
}

/*
 * From the first backslash of a field on. Returns where the field ends: a tab, or the end of the
 * line.
 */
static char *
unescape(char *backslash, char *end, char **text_end_out)
{
	const char *at = backslash;
	char *out = backslash;

	while (at < end && *at != '\t') {
		if (*at++ != '\\')
			*out++ = at[-1];
		else if (at < end)
			*out++ = read_escape(&at, end);
		else
			*out++ = '\\';
	}
	*text_end_out = out;
	return backslash + (at - backslash);
}

/* What is left of a line. */
struct line {
	char *at, *end;
	char *backslash; /* the first one from `at` on, or from before it; the end where there is none */
};

/* Many fields have no backslash: it is not looked for in each. */
static void
find_backslash(struct line *line, char *from)
{
	line->backslash = memchr(from, '\\', (size_t)(line->end - from));
	if (!line->backslash)
		line->backslash = line->end;
}

/* The first tab, or the end. Most fields are short: eight bytes are looked at at once, without a call. */
static char *
find_tab(char *at, char *end)
{
	const uint64_t each = UINT64_C(0x0101010101010101);
	const char *stop = end - at < FIELD_SIZE_SHORT ? at : at + FIELD_SIZE_SHORT;
	uint64_t eight;

	for (; at < stop; at += sizeof(eight)) {
		memcpy(&eight, at, sizeof(eight));
		eight = le64toh(eight) ^ each * '\t';
		eight = (eight - each) & ~eight & each * 0x80;
		if (eight)
			return at + __builtin_ctzll(eight) / 8;
	}
	at = memchr(at, '\t', (size_t)(end - at));
	return at ? at : end;
}

/* The field where the line goes on, its data NULL for NULL. The line goes on where it ends. */
static void
read_field(struct line *line, coffer_text *field_out)
{
	char *at = line->at, *text_end = find_tab(at, line->end);

	line->at = text_end;
	if (text_end - at == 2 && at[0] == '\\' && at[1] == 'N') {
		*field_out = (coffer_text){NULL, 0};
		return;
	}
	if (line->backslash < at)
		find_backslash(line, at);
	if (line->backslash < text_end)
		line->at = unescape(line->backslash, line->end, &text_end);
	*field_out = (coffer_text){at, (size_t)(text_end - at)};
}

static coffer_status
give(struct coffer_dump_rows *rows, uint16_t column, coffer_text text, coffer_error *error)
{
	coffer_status status;

	if (!text.data) {
		rows->given.values[column].kind = COFFER_NULL;
		return COFFER_OK;
	}
	status = coffer_given_parse(&rows->given, column, text, error);
	return fail_at(rows, rows->table->columns[column].name, status, error);
}

static coffer_status
read_line(struct coffer_dump_rows *rows, char *at, size_t size, coffer_error *error)
{
	struct line line = {.at = at, .end = at + size};
	coffer_status status = COFFER_OK;
	coffer_text field;

	if (size && line.end[-1] == '\r')
		line.end--;
	find_backslash(&line, at);
	if (!rows->column_count && at < line.end)
		return refuse(rows, NULL, "a row without columns has a value", error);
	for (size_t i = 0; i < rows->column_count && !status; i++) {
		bool is_last = i + 1 == rows->column_count;

		read_field(&line, &field);
		if (line.at == line.end && !is_last)
			return refuse(rows, rows->table->columns[rows->columns[i + 1]].name,
				      "the row ends before this column", error);
		if (line.at < line.end && is_last)
			return refuse(rows, NULL, "the row has more values than columns", error);
		line.at++;
		status = give(rows, rows->columns[i], field, error);
	}
	return status;
}

static coffer_status
next_of_copy(struct coffer_dump_rows *rows, coffer_error *error)
{
	coffer_status status;
	char *line;
	size_t size;

	if (rows->rows == rows->block->rows)
		return COFFER_NOT_FOUND;
	rows->line = rows->block->line + rows->rows++;
	status = coffer_input_line(&rows->input, &line, &size, error);
	if (status == COFFER_NOT_FOUND)
		status = changed(error);
	return status ? fail_at(rows, NULL, status, error) : read_line(rows, line, size, error);
}

/* ------------------------------------------------------------------ INSERT */

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static coffer_status
skip_blanks(struct coffer_dump_rows *rows, coffer_error *error)
{
	coffer_status status;

	while (!(status = look_ahead(rows, 1, error)) && is_blank(*here(rows)))
		take(rows, 1);
	return status;
}

static bool
is_at_end(const struct coffer_dump_rows *rows)
{
	return rows->block->begin + rows->input.bytes >= rows->block->end;
}

/* See that a row is there from bracket to bracket. */
static coffer_status
gather_row(struct coffer_dump_rows *rows, coffer_error *error)
{
	struct coffer_splitter splitter;
	coffer_status status = COFFER_OK;
	bool is_done = false;
	size_t seen = 0;

	coffer_split_begin(&splitter, rows->block->has_backslashes, true);
	while (!is_done && !status) {
		seen += coffer_split(&splitter, here(rows) + seen, left(rows) - seen, &is_done);
		if (!is_done)
			status = look_ahead(rows, seen + 1, error);
	}
	rows->row_size = seen;
	rows->row_lines = 0;
	for (const char *at = here(rows), *end = at + seen;
	     at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
		rows->row_lines++;
	return status;
}

static coffer_status
give_literal(struct coffer_dump_rows *rows, uint16_t column,
	     const struct coffer_sql_literal *literal, coffer_error *error)
{
	if (literal->kind == COFFER_LITERAL_DEFAULT)
		return give_default(rows, column, error);
	return give(rows, column,
		    literal->kind == COFFER_LITERAL_NULL ? (coffer_text){NULL, 0} : literal->text,
		    error);
}

/* Strings lose their quotes where they stand, so the lines are counted first. */
static coffer_status
read_values(struct coffer_dump_rows *rows, coffer_error *error)
{
	static const char expected[] = "a literal is expected, as pg_dump writes it";
	struct coffer_sql_literal literal;
	coffer_status status = COFFER_OK;
	struct coffer_sql sql;

	coffer_sql_init(&sql, (coffer_text){here(rows), rows->row_size},
			rows->block->has_backslashes);
	coffer_sql_accept_symbol(&sql, '(');
	for (size_t i = 0; i < rows->column_count && !status; i++) {
		const char *column = rows->table->columns[rows->columns[i]].name;

		if (i && coffer_sql_is_symbol(&sql, ')'))
			return refuse(rows, column, "the row ends before this column", error);
		if ((i && !coffer_sql_accept_symbol(&sql, ',')) ||
		    !coffer_sql_read_literal(&sql, &literal))
			return refuse(rows, column, expected, error);
		status = give_literal(rows, rows->columns[i], &literal, error);
	}
	if (!status && coffer_sql_is_symbol(&sql, ','))
		return refuse(rows, NULL, "the row has more values than columns", error);
	if (!status && !coffer_sql_is_symbol(&sql, ')'))
		return refuse(rows, NULL, expected, error);
	return status;
}

/*
 * Behind a row: a comma and another one, or the end of the statement, whatever stands in front of
 * it.
 */
static coffer_status
end_row(struct coffer_dump_rows *rows, coffer_error *error)
{
	struct coffer_splitter splitter;
	coffer_status status = skip_blanks(rows, error);
	bool is_done = false;

	rows->is_in_values = !status && *here(rows) == ',';
	if (rows->is_in_values) {
		take(rows, 1);
		return COFFER_OK;
	}
	coffer_split_begin(&splitter, rows->block->has_backslashes, false);
	while (!status && !is_done && !(status = look_ahead(rows, 1, error)))
		take(rows, coffer_split(&splitter, here(rows), left(rows), &is_done));
	return status;
}

/* The next statement's head has the bytes of the first one's. */
static coffer_status
begin_statement(struct coffer_dump_rows *rows, coffer_error *error)
{
	size_t size = (size_t)(rows->block->data - rows->block->begin);
	coffer_status status = skip_blanks(rows, error);

	if (!status && !(status = look_ahead(rows, size, error)))
		take(rows, size);
	rows->is_in_values = true;
	return status;
}

/* What the row before borrowed is free now. */
static coffer_status
leave_row(struct coffer_dump_rows *rows, coffer_error *error)
{
	if (!rows->row_size)
		return COFFER_OK;
	coffer_input_take(&rows->input, rows->row_size);
	rows->line += rows->row_lines;
	rows->row_size = 0;
	return end_row(rows, error);
}

static coffer_status
next_of_insert(struct coffer_dump_rows *rows, coffer_error *error)
{
	coffer_status status = leave_row(rows, error);

	if (!status && !rows->is_in_values) {
		if (is_at_end(rows))
			return COFFER_NOT_FOUND;
		status = begin_statement(rows, error);
	}
	if (status || (status = skip_blanks(rows, error)))
		return status;
	if (rows->is_default)
		return end_row(rows, error);
	if (*here(rows) != '(')
		return refuse(rows, NULL, "a row in brackets is expected", error);
	status = gather_row(rows, error);
	return status ? status : read_values(rows, error);
}

coffer_status
coffer_dump_rows_next(struct coffer_dump_rows *rows, const coffer_value **values_out,
		      coffer_error *error)
{
	coffer_status status =
		rows->block->is_copy ? next_of_copy(rows, error) : next_of_insert(rows, error);

	*values_out = status ? NULL : rows->given.values;
	rows->file.rows += !status;
	return status;
}
