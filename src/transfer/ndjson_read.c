/*
 * A line of ndjson into a row.
 *
 *   input --> line --> tokens --> values in normal form
 *
 * Nothing is allocated for a row once the buffers have grown: texts lose their escapes where they stand in
 * the line, and only values that are written in another way than they are held go into a column's memory.
 */
#include "transfer/ndjson_read.h"

#include "transfer/table_name.h"

#include <string.h>

coffer_status
coffer_ndjson_reader_init(struct coffer_ndjson_reader *reader, struct coffer_input *input,
			  const char *source, const coffer_schema *schema,
			  const coffer_table *table, coffer_error *error)
{
	*reader = (struct coffer_ndjson_reader){.input = input, .source = source};
	return coffer_given_init(&reader->row, schema, table, error);
}

void
coffer_ndjson_reader_release(struct coffer_ndjson_reader *reader)
{
	coffer_given_release(&reader->row);
	coffer_buffer_release(&reader->elements);
}

static const coffer_column *
column_of(const struct coffer_ndjson_reader *reader)
{
	return &reader->row.table->columns[reader->column];
}

static const char *
describe(coffer_json_type type)
{
	switch (type) {
	case COFFER_JSON_OBJECT:
		return "an object";
	case COFFER_JSON_ARRAY:
		return "an array";
	case COFFER_JSON_STRING:
		return "a string";
	case COFFER_JSON_NUMBER:
		return "a number";
	case COFFER_JSON_TRUE:
	case COFFER_JSON_FALSE:
		return "a boolean";
	case COFFER_JSON_NULL:
		return "null";
	case COFFER_JSON_END:
	case COFFER_JSON_OBJECT_END:
	case COFFER_JSON_ARRAY_END:
	case COFFER_JSON_NAME:
		break;
	}
	return "nothing";
}

/* ------------------------------------------------------------------ texts */

/* What a string or a name stands for, put where it stands: it never grows. */
static coffer_status
take_text(struct coffer_ndjson_reader *reader, const coffer_json_token *token,
	  coffer_text *text_out, coffer_error *error)
{
	*text_out = token->text;
	if (token->decoded_size == COFFER_JSON_NO_TEXT)
		return coffer_error_set(
			error, COFFER_INVALID,
			"\\u0000 or half of a surrogate pair, which no text can hold");
	if (token->decoded_size == token->text.size)
		return COFFER_OK;
	coffer_json_decode(token, reader->line + (token->text.data - reader->line));
	text_out->size = token->decoded_size;
	return COFFER_OK;
}

/* The name of the next member, which is to be this one. */
static coffer_status
take_name(struct coffer_ndjson_reader *reader, const char *name, coffer_error *error)
{
	coffer_json_token token;
	coffer_text found = {"", 0};
	coffer_status status = coffer_json_next(&reader->json, &token, error);

	if (!status && token.type == COFFER_JSON_NAME)
		status = take_text(reader, &token, &found, error);
	if (!status && (found.size != strlen(name) || memcmp(found.data, name, found.size) != 0))
		return coffer_error_set(error, COFFER_INVALID,
					"an object, but not {\"%s\":\"...\"}", name);
	return status;
}

/* The text of an object whose only member has this name and is a string. The object is open already. */
static coffer_status
take_wrapped(struct coffer_ndjson_reader *reader, const char *name, coffer_text *text_out,
	     coffer_error *error)
{
	coffer_status status = take_name(reader, name, error);
	coffer_json_token token;

	*text_out = (coffer_text){NULL, 0};
	if (status)
		return status;
	if ((status = coffer_json_next(&reader->json, &token, error)))
		return status;
	if (token.type != COFFER_JSON_STRING)
		return coffer_error_set(error, COFFER_INVALID,
					"%s behind \"%s\", expected a string", describe(token.type),
					name);
	if ((status = take_text(reader, &token, text_out, error)) ||
	    (status = coffer_json_next(&reader->json, &token, error)))
		return status;
	if (token.type != COFFER_JSON_OBJECT_END)
		return coffer_error_set(error, COFFER_INVALID, "another member beside \"%s\"",
					name);
	return COFFER_OK;
}

/* ------------------------------------------------------------------ documents */

/* What a document may begin with to be one of ours: a name that begins with '$', escaped or not. In a document that was
 * read something that is no space follows the brace. */
static bool
may_be_wrapped(coffer_text document)
{
	const char *at = document.data, *end = at + document.size;

	if (*at++ != '{')
		return false;
	at += strspn(at, " \t\r");
	return end - at > 2 && at[0] == '"' && (at[1] == '$' || at[1] == '\\');
}

enum wrapper { NOT_WRAPPED, WRAPPED_JSON, WRAPPED_TEXT };

/*
 * Look whether the object has one member and which. `value_out` is that member's value as it stands there.
 * The document was read once already, so that nothing in it is wrong.
 */
static enum wrapper
look_inside(struct coffer_ndjson_reader *reader, coffer_text document, coffer_text *value_out)
{
	enum wrapper wrapper = NOT_WRAPPED;
	coffer_json_token token;
	char name[5];

	coffer_json_reader_init(&reader->json, document);
	for (int i = 0; i < 2; i++)
		if (coffer_json_next(&reader->json, &token, NULL))
			return NOT_WRAPPED;
	if (token.type != COFFER_JSON_NAME || token.decoded_size != sizeof(name))
		return NOT_WRAPPED;
	coffer_json_decode(&token, name);
	if (!memcmp(name, "$json", sizeof(name)))
		wrapper = WRAPPED_JSON;
	else if (!memcmp(name, "$text", sizeof(name)))
		wrapper = WRAPPED_TEXT;
	if (!wrapper || coffer_json_next_value(&reader->json, value_out, NULL) ||
	    coffer_json_next(&reader->json, &token, NULL) || token.type != COFFER_JSON_OBJECT_END)
		return NOT_WRAPPED;
	return wrapper;
}

static coffer_status
unwrap(struct coffer_ndjson_reader *reader, coffer_text *document, coffer_error *error)
{
	coffer_json_token token;
	coffer_text value;
	coffer_status status;

	switch (look_inside(reader, *document, &value)) {
	case NOT_WRAPPED:
		break;
	case WRAPPED_JSON:
		*document = value;
		break;
	case WRAPPED_TEXT:
		coffer_json_reader_init(&reader->json, value);
		if ((status = coffer_json_next(&reader->json, &token, error)))
			return status;
		if (token.type != COFFER_JSON_STRING)
			return coffer_error_set(error, COFFER_INVALID,
						"%s behind \"$text\", expected a string",
						describe(token.type));
		return take_text(reader, &token, document, error);
	}
	return COFFER_OK;
}

static coffer_status
take_document(struct coffer_ndjson_reader *reader, coffer_error *error)
{
	coffer_json_reader place;
	coffer_text document;
	coffer_status status = coffer_json_next_value(&reader->json, &document, error);

	if (status)
		return status;
	if (document.size == 4 && !memcmp(document.data, "null", 4)) {
		reader->row.is_given[reader->column] = true;
		return COFFER_OK;
	}
	if (may_be_wrapped(document)) {
		place = reader->json;
		status = unwrap(reader, &document, error);
		reader->json = place;
	}
	return status ? status : coffer_given_parse(&reader->row, reader->column, document, error);
}

/* ------------------------------------------------------------------ arrays */

static coffer_status
keep_element(struct coffer_ndjson_reader *reader, const coffer_json_token *token,
	     coffer_error *error)
{
	coffer_text element = {NULL, 0};
	coffer_status status = COFFER_OK;

	if (token->type == COFFER_JSON_STRING)
		status = take_text(reader, token, &element, error);
	else if (token->type != COFFER_JSON_NULL)
		return coffer_error_set(error, COFFER_INVALID,
					"%s in an array, expected strings and nulls%s",
					describe(token->type),
					token->type == COFFER_JSON_ARRAY
						? "; another shape is {\"$array\":\"{...}\"}"
						: "");
	coffer_buffer_append(&reader->elements, &element, sizeof(element));
	return status;
}

/* The opening bracket was taken. */
static coffer_status
take_array(struct coffer_ndjson_reader *reader, coffer_error *error)
{
	coffer_buffer *memory = &reader->row.memory[reader->column];
	coffer_value *value = &reader->row.values[reader->column];
	coffer_status status = COFFER_OK;
	const coffer_text *elements;
	coffer_json_token token;
	size_t count;

	coffer_buffer_clear(&reader->elements);
	coffer_buffer_clear(memory);
	while (!status && !(status = coffer_json_next(&reader->json, &token, error)) &&
	       token.type != COFFER_JSON_ARRAY_END)
		status = keep_element(reader, &token, error);
	if (status)
		return status;
	elements = (const void *)reader->elements.data;
	count = reader->elements.size / sizeof(*elements);
	if (reader->elements.is_failed ||
	    !coffer_buffer_reserve(memory, coffer_array_size_max(elements, count)))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for an array of %zu",
					count);
	memory->size = coffer_array_pack(elements, count, memory->data);
	value->kind = COFFER_TEXT_ARRAY;
	value->text = (coffer_text){memory->data, memory->size};
	reader->row.is_given[reader->column] = true;
	return COFFER_OK;
}

/* ------------------------------------------------------------------ the others */

static coffer_status
refuse(const struct coffer_ndjson_reader *reader, const coffer_json_token *token,
       coffer_error *error)
{
	static const char *const expected[] = {
		[COFFER_BOOL] = "true or false",
		[COFFER_INT] = "a number",
		[COFFER_FLOAT] = "a number",
		[COFFER_TIME] = "a time as a string",
		[COFFER_TEXT] = "a string",
		[COFFER_TEXT_ARRAY] = "an array of strings",
		[COFFER_BYTES] = "a string such as \"\\\\x0aff\"",
		[COFFER_OTHER] = "the server's text form as a string",
	};
	const coffer_column *column = column_of(reader);

	return coffer_error_set(error, COFFER_INVALID, "%s, but a column of type %s takes %s",
				describe(token->type), column->type, expected[column->kind]);
}

static bool
takes_numbers(const coffer_column *column)
{
	const char *type = column->base_type ? column->base_type : column->type;

	if (column->kind == COFFER_OTHER)
		return !strncmp(type, "numeric", 7) && (!type[7] || type[7] == '(');
	return column->kind == COFFER_INT || column->kind == COFFER_FLOAT;
}

static coffer_status
take_string(struct coffer_ndjson_reader *reader, const coffer_json_token *token,
	    coffer_error *error)
{
	coffer_kind kind = column_of(reader)->kind;
	coffer_value value = {.kind = kind};
	coffer_status status;

	if (kind == COFFER_BOOL || kind == COFFER_TEXT_ARRAY)
		return refuse(reader, token, error);
	if ((status = take_text(reader, token, &value.text, error)))
		return status;
	if (kind == COFFER_TEXT)
		return coffer_given_settle(&reader->row, reader->column, value, error);
	return coffer_given_parse(&reader->row, reader->column, value.text, error);
}

static coffer_status
take_other_array(struct coffer_ndjson_reader *reader, coffer_error *error)
{
	coffer_text text;
	coffer_status status = take_wrapped(reader, "$array", &text, error);

	return status ? status : coffer_given_parse(&reader->row, reader->column, text, error);
}

static coffer_status
take_value(struct coffer_ndjson_reader *reader, coffer_error *error)
{
	const coffer_column *column = column_of(reader);
	coffer_json_token token;
	coffer_status status;
	coffer_value value;

	if (column->kind == COFFER_JSON)
		return take_document(reader, error);
	if ((status = coffer_json_next(&reader->json, &token, error)))
		return status;
	if (token.type == COFFER_JSON_STRING)
		return take_string(reader, &token, error);
	if (token.type == COFFER_JSON_NUMBER && takes_numbers(column))
		return coffer_given_parse(&reader->row, reader->column, token.text, error);
	if (token.type == COFFER_JSON_ARRAY && column->kind == COFFER_TEXT_ARRAY)
		return take_array(reader, error);
	if (token.type == COFFER_JSON_OBJECT && column->kind == COFFER_TEXT_ARRAY)
		return take_other_array(reader, error);
	value = (coffer_value){.kind = COFFER_BOOL, .boolean = token.type == COFFER_JSON_TRUE};
	if (token.type == COFFER_JSON_NULL)
		value.kind = COFFER_NULL;
	else if (column->kind != COFFER_BOOL ||
		 (token.type != COFFER_JSON_TRUE && token.type != COFFER_JSON_FALSE))
		return refuse(reader, &token, error);
	reader->row.values[reader->column] = value;
	reader->row.is_given[reader->column] = true;
	return COFFER_OK;
}

/* ------------------------------------------------------------------ rows */

static bool
is_named(const coffer_column *column, coffer_text name)
{
	return !strncmp(column->name, name.data, name.size) && !column->name[name.size];
}

/* Rows name their columns in the table's order nearly always, so that the next one is tried first. */
static uint16_t
find_column(struct coffer_ndjson_reader *reader, coffer_text name)
{
	const coffer_table *table = reader->row.table;
	uint16_t column = reader->expected;

	if (column < table->column_count && is_named(&table->columns[column], name))
		return column;
	for (column = 0; column < table->column_count; column++)
		if (is_named(&table->columns[column], name))
			return column;
	return COFFER_NO_COLUMN;
}

static coffer_status
take_member(struct coffer_ndjson_reader *reader, const coffer_json_token *token,
	    coffer_error *error)
{
	coffer_text name;
	coffer_status status = take_text(reader, token, &name, error);

	if (status)
		return status;
	reader->column = find_column(reader, name);
	if (reader->column == COFFER_NO_COLUMN)
		return coffer_column_refuse(reader->row.table, name, COFFER_INVALID, error);
	if (reader->row.is_given[reader->column])
		return coffer_error_set(error, COFFER_INVALID, "given twice");
	reader->expected = (uint16_t)(reader->column + 1);
	status = take_value(reader, error);
	if (!status)
		reader->column = COFFER_NO_COLUMN;
	return status;
}

static coffer_status
take_row(struct coffer_ndjson_reader *reader, coffer_text line, coffer_error *error)
{
	coffer_json_token token;
	coffer_status status;

	coffer_given_clear(&reader->row);
	reader->expected = 0;
	coffer_json_reader_init(&reader->json, line);
	if ((status = coffer_json_next(&reader->json, &token, error)))
		return status;
	if (token.type != COFFER_JSON_OBJECT)
		return coffer_error_set(error, COFFER_INVALID, "%s, expected an object a line",
					describe(token.type));
	while (!(status = coffer_json_next(&reader->json, &token, error)) &&
	       token.type == COFFER_JSON_NAME)
		if ((status = take_member(reader, &token, error)))
			break;
	return status ? status : coffer_json_next(&reader->json, &token, error);
}

static bool
is_blank(const char *line, size_t size)
{
	while (size && (line[size - 1] == ' ' || line[size - 1] == '\t' || line[size - 1] == '\r'))
		size--;
	return !size;
}

/* The next line that is not blank. */
static coffer_status
take_line(struct coffer_ndjson_reader *reader, coffer_text *line_out, coffer_error *error)
{
	coffer_status status;
	size_t size;

	do {
		if ((status = coffer_input_line(reader->input, &reader->line, &size, error)))
			return status;
		if (reader->input->line == 1 && size >= 3 &&
		    !memcmp(reader->line, "\xef\xbb\xbf", 3)) {
			reader->line += 3;
			size -= 3;
		}
	} while (is_blank(reader->line, size));
	*line_out = (coffer_text){reader->line, size};
	return COFFER_OK;
}

static coffer_status
fail(const struct coffer_ndjson_reader *reader, uint64_t line, coffer_error *error)
{
	const char *table = reader->row.table->name;

	if (reader->column == COFFER_NO_COLUMN)
		return coffer_error_at(error, "%s:%llu: %s", reader->source,
				       (unsigned long long)line, table);
	return coffer_error_at(error, "%s:%llu: %s.%s", reader->source, (unsigned long long)line,
			       table, column_of(reader)->name);
}

coffer_status
coffer_ndjson_read(struct coffer_ndjson_reader *reader, const struct coffer_given **row_out,
		   coffer_error *error)
{
	coffer_text line;
	coffer_status status;

	*row_out = NULL;
	reader->column = COFFER_NO_COLUMN;
	status = take_line(reader, &line, error);
	if (status < 0)
		fail(reader, reader->input->line + !reader->input->is_passing, error);
	if (status)
		return status;
	status = take_row(reader, line, error);
	if (status)
		fail(reader, reader->input->line, error);
	else
		*row_out = &reader->row;
	return status;
}
