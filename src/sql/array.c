/*
 * Arrays of any type and shape as JSON, so that json_each and ->> read them: the server's text form, or packed elements, become
 * arrays of JSON within one another. What is a number, a boolean or a document of JSON stands there as that, NULL as null, all
 * else, NaN too, as a string.
 *
 * Elements are told apart by commas. Some types have another separator: their arrays stay the server's text.
 */
#include "sql/internal.h"

#include <string.h>

/* More memory than this does not stay with a cursor. */
enum { ARRAY_CAPACITY_MAX = 64 << 10 };

/* How elements are written. */
enum element_form { FORM_STRING, FORM_NUMBER, FORM_BOOLEAN, FORM_DOCUMENT, FORM_NONE };

static const struct {
	const char *name;
	enum element_form form;
} element_types[] = {
	{"smallint", FORM_NUMBER},  {"integer", FORM_NUMBER}, {"bigint", FORM_NUMBER},
	{"real", FORM_NUMBER},      {"double precision", FORM_NUMBER},
	{"numeric", FORM_NUMBER},   {"oid", FORM_NUMBER},     {"boolean", FORM_BOOLEAN},
	{"json", FORM_DOCUMENT},    {"jsonb", FORM_DOCUMENT}, {"box", FORM_NONE},
	{"geometry", FORM_NONE},    {"geography", FORM_NONE},
};

/* The element type's name without its schema and its modifier: "numeric" of "numeric(10,2)[]". */
static coffer_text
element_type(const char *type)
{
	const char *dot = *type == '"' ? NULL : strchr(type, '.');
	const char *name = dot && dot < type + strcspn(type, "([\"") ? dot + 1 : type;

	return (coffer_text){name, strcspn(name, "([")};
}

static enum element_form
form_of(const coffer_column *column)
{
	coffer_text name = element_type(column->base_type ? column->base_type : column->type);

	for (size_t i = 0; i < sizeof(element_types) / sizeof(element_types[0]); i++)
		if (name.size == strlen(element_types[i].name) &&
		    !memcmp(name.data, element_types[i].name, name.size))
			return element_types[i].form;
	return FORM_STRING;
}

bool
coffer_sql_is_array(const coffer_column *column)
{
	const char *type = column->base_type ? column->base_type : column->type;
	size_t size;

	if (column->kind != COFFER_OTHER)
		return column->kind == COFFER_TEXT_ARRAY;
	size = strlen(type);
	return size > 2 && !strcmp(type + size - 2, "[]") && form_of(column) != FORM_NONE;
}

/* ------------------------------------------------------------------ writing */

struct writer {
	coffer_array_shape shape;
	coffer_array_reader elements;
	enum element_form form;
	coffer_buffer *out;
};

/* Is the text one value of JSON, and with `is_number` a number? */
static bool
is_json(coffer_text text, bool is_number)
{
	coffer_json_reader reader;
	coffer_json_token token;
	coffer_text value;

	if (is_number && (!text.size || !strchr("-0123456789", *text.data)))
		return false;
	coffer_json_reader_init(&reader, text);
	return !coffer_json_next_value(&reader, &value, NULL) &&
	       !coffer_json_next(&reader, &token, NULL) && token.type == COFFER_JSON_END;
}

static void
write_element(struct writer *writer, coffer_text element)
{
	bool is_flag = writer->form == FORM_BOOLEAN && element.size == 1;

	if (!element.data)
		coffer_buffer_text(writer->out, "null");
	else if (is_flag && (*element.data == 't' || *element.data == 'f'))
		coffer_buffer_text(writer->out, *element.data == 't' ? "true" : "false");
	else if ((writer->form == FORM_NUMBER || writer->form == FORM_DOCUMENT) &&
		 is_json(element, writer->form == FORM_NUMBER))
		coffer_buffer_append(writer->out, element.data, element.size);
	else
		coffer_json_string(writer->out, element);
}

/* Write the elements of dimension `at` and those below it, of which there are six at most. */
static coffer_status
write_dimension(struct writer *writer, size_t at)
{
	coffer_status status = COFFER_OK;
	coffer_text element;

	coffer_buffer_append(writer->out, "[", 1);
	for (int32_t i = 0; !status && i < writer->shape.sizes[at]; i++) {
		if (i)
			coffer_buffer_append(writer->out, ",", 1);
		if (at + 1 < writer->shape.dimensions)
			status = write_dimension(writer, at + 1);
		else if (!(status = coffer_array_next(&writer->elements, &element)))
			write_element(writer, element);
	}
	coffer_buffer_append(writer->out, "]", 1);
	return status;
}

static coffer_status
write_array(struct writer *writer, const coffer_value *value, coffer_buffer *memory)
{
	coffer_text packed = value->text;
	coffer_status status = COFFER_OK;

	if (value->kind == COFFER_OTHER)
		status = coffer_array_parse(value->text, &writer->shape, memory, &packed, NULL);
	if (status || (status = coffer_array_open(packed, &writer->elements)))
		return status;
	if (value->kind != COFFER_OTHER) {
		writer->shape.dimensions = 1;
		writer->shape.sizes[0] = (int32_t)writer->elements.left;
	}
	if (writer->shape.dimensions)
		return write_dimension(writer, 0);
	coffer_buffer_text(writer->out, "[]");
	return COFFER_OK;
}

void
coffer_sql_result_array(sqlite3_context *context, struct coffer_sql_giver *giver,
			const coffer_column *column, const coffer_value *value)
{
	struct writer writer = {.form = FORM_STRING, .out = &giver->array};
	coffer_buffer memory = {0};
	coffer_status status;

	if (column->kind != COFFER_TEXT_ARRAY)
		writer.form = form_of(column);
	coffer_buffer_clear(writer.out);
	status = write_array(&writer, value, &memory);
	if (writer.out->is_failed || status == COFFER_NO_MEMORY)
		sqlite3_result_error_nomem(context);
	else if (status)
		sqlite3_result_error(context, "not an array", -1);
	else
		coffer_sql_result_text(context, giver,
				       (coffer_text){writer.out->data, writer.out->size});
	if (writer.out->is_failed || writer.out->capacity > ARRAY_CAPACITY_MAX)
		coffer_buffer_release(writer.out);
	coffer_buffer_release(&memory);
}
