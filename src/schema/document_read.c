/*
 * The document, read as its tables say. Nothing is passed over but what settling derives: a member that is unknown,
 * given twice or of another type is refused, so that a misspelt one cannot be lost.
 *
 * Everything below is called with the first token of its value taken.
 */
#include "schema/document.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	coffer_json_reader json;
	coffer_json_token token; /* the last one */
	coffer_schema *schema;
	const coffer_table *table; /* whose columns names mean; NULL of a view's indexes */
	coffer_buffer array;       /* of the list of columns or texts at hand */
	bool has_layout;           /* how rows lie in a store is read too */
	coffer_error *error;
};

static coffer_status
no_memory(struct reader *reader)
{
	return coffer_error_set(reader->error, COFFER_NO_MEMORY, "no memory for a schema");
}

static coffer_status
refuse(struct reader *reader, const char *expected)
{
	return coffer_error_set(reader->error, COFFER_INVALID, "expected %s", expected);
}

static coffer_status
next(struct reader *reader)
{
	return coffer_json_next(&reader->json, &reader->token, reader->error);
}

/* ------------------------------------------------------------------ scalars */

/* What a string or a name stands for. */
static coffer_status
read_text(struct reader *reader, const char **text_out)
{
	const coffer_json_token *token = &reader->token;
	char *text;

	*text_out = NULL;
	if (token->type != COFFER_JSON_STRING && token->type != COFFER_JSON_NAME)
		return refuse(reader, "a string");
	if (token->decoded_size == COFFER_JSON_NO_TEXT)
		return refuse(reader, "no \\u0000 and no half of a surrogate pair");
	text = coffer_schema_memory(reader->schema, token->decoded_size + 1);
	if (!text)
		return no_memory(reader);
	coffer_json_decode(token, text);
	*text_out = text;
	return COFFER_OK;
}

static coffer_status
read_bool(struct reader *reader, bool *value)
{
	*value = reader->token.type == COFFER_JSON_TRUE;
	if (!*value && reader->token.type != COFFER_JSON_FALSE)
		return refuse(reader, "true or false");
	return COFFER_OK;
}

static coffer_status
read_integer(struct reader *reader, int64_t *value)
{
	coffer_text text = reader->token.text;
	char digits[24] = "", *end;

	if (reader->token.type == COFFER_JSON_NUMBER && text.size < sizeof(digits))
		memcpy(digits, text.data, text.size);
	errno = 0;
	*value = strtoll(digits, &end, 10);
	if (errno || !digits[0] || *end)
		return refuse(reader, "a whole number of 64 bits");
	return COFFER_OK;
}

/* A number that a store has: of a table, or of a place in a record. */
static coffer_status
read_number(struct reader *reader, int64_t max, int64_t *value)
{
	coffer_status status = read_integer(reader, value);

	if (!status && (*value < 0 || *value > max))
		return refuse(reader, max == UINT16_MAX ? "a number of 16 bits" : "a number of 32 bits");
	return status;
}

static coffer_status
read_layout(struct reader *reader, const struct coffer_member *member, void *value)
{
	int64_t number = 0;
	coffer_status status;

	if (member->type == COFFER_MEMBER_DERIVED_U16) {
		status = read_number(reader, UINT16_MAX, &number);
		memcpy(value, &(uint16_t){(uint16_t)number}, sizeof(uint16_t));
	} else {
		status = read_number(reader, UINT32_MAX, &number);
		memcpy(value, &(uint32_t){(uint32_t)number}, sizeof(uint32_t));
	}
	return status;
}

static coffer_status
read_word(struct reader *reader, const struct coffer_member *member, uint32_t *value)
{
	const char *text;
	coffer_status status = read_text(reader, &text);

	if (status)
		return status;
	for (uint32_t i = 0; i < member->count_max; i++) {
		if (member->words[i] && !strcmp(text, member->words[i])) {
			*value = i;
			return COFFER_OK;
		}
	}
	return coffer_error_set(reader->error, COFFER_INVALID, "'%.80s' is none of its words",
				text);
}

static coffer_status
read_letter(struct reader *reader, const struct coffer_member *member, char *value)
{
	const char *text;
	coffer_status status = read_text(reader, &text);

	if (status)
		return status;
	if (strlen(text) != 1 || !strchr(member->words[0], *text))
		return coffer_error_set(reader->error, COFFER_INVALID,
					"expected one of the letters %s", member->words[0]);
	*value = *text;
	return COFFER_OK;
}

static coffer_status
read_column(struct reader *reader, uint16_t *value)
{
	const char *name;
	coffer_status status = read_text(reader, &name);

	if (status)
		return status;
	*value = reader->table ? coffer_table_find_column(reader->table, name) : COFFER_NO_COLUMN;
	if (*value == COFFER_NO_COLUMN)
		return coffer_error_set(reader->error, COFFER_INVALID,
					"no column '%.80s' stands above it", name);
	return COFFER_OK;
}

/* ------------------------------------------------------------------ lists */

/* The first token of the next item of an array; COFFER_NOT_FOUND at its end. `count` is how many there were. */
static coffer_status
next_item(struct reader *reader, const struct coffer_member *member, size_t count)
{
	coffer_status status = next(reader);

	if (status)
		return status;
	if (reader->token.type == COFFER_JSON_ARRAY_END)
		return COFFER_NOT_FOUND;
	if (count < member->count_max)
		return COFFER_OK;
	return coffer_error_set(reader->error, COFFER_LIMIT, "more than the %u allowed",
				member->count_max);
}

/* Columns or texts, one after another into the array. */
static coffer_status
read_items(struct reader *reader, const struct coffer_member *member, bool are_columns,
	   size_t *count_out)
{
	coffer_status status;
	const char *text;
	uint16_t column;
	size_t count = 0;

	coffer_buffer_clear(&reader->array);
	for (; !(status = next_item(reader, member, count)); count++) {
		status = are_columns ? read_column(reader, &column) : read_text(reader, &text);
		if (status)
			break;
		if (are_columns)
			coffer_buffer_append(&reader->array, &column, sizeof(column));
		else
			coffer_buffer_append(&reader->array, &text, sizeof(text));
	}
	*count_out = count;
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

static coffer_status
read_array(struct reader *reader, const struct coffer_member *member, char *at)
{
	bool are_columns = member->type == COFFER_MEMBER_COLUMNS;
	size_t count, twin_count;
	coffer_status status = read_items(reader, member, are_columns, &count);
	void *array;

	if (status)
		return status;
	memcpy(&twin_count, at + member->count_offset, sizeof(twin_count));
	if (member->type == COFFER_MEMBER_TWINS && count != twin_count)
		return coffer_error_set(reader->error, COFFER_INVALID, "%zu of them, expected %zu",
					count, twin_count);
	if (reader->array.is_failed)
		return no_memory(reader);
	if (!count)
		return COFFER_OK;
	array = coffer_schema_memory(reader->schema, reader->array.size);
	if (!array)
		return no_memory(reader);
	memcpy(array, reader->array.data, reader->array.size);
	memcpy(at + member->offset, &array, sizeof(array));
	memcpy(at + member->count_offset, &count, sizeof(count));
	return COFFER_OK;
}

static coffer_status
read_struct(struct reader *reader, const struct coffer_document_shape *shape, char *at);

/* Lists are nested as deep as the tables: schema, table, column. */
static coffer_status
read_list(struct reader *reader, const struct coffer_member *member, char *at)
{
	coffer_status status;
	size_t count = 0;

	for (; !(status = next_item(reader, member, count)); count++) {
		void *item = member->add(reader->schema, at);

		status = item ? read_struct(reader, member->shape, item) : no_memory(reader);
		if (status) {
			coffer_error_at(reader->error, "[%zu]", count);
			break;
		}
	}
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

static coffer_status
read_many(struct reader *reader, const struct coffer_member *member, char *at)
{
	if (reader->token.type != COFFER_JSON_ARRAY)
		return refuse(reader, "an array");
	if (member->type == COFFER_MEMBER_LIST)
		return read_list(reader, member, at);
	return read_array(reader, member, at);
}

/* ------------------------------------------------------------------ structs */

/* Pass over a value. */
static coffer_status
skip(struct reader *reader)
{
	bool is_open =
		reader->token.type == COFFER_JSON_OBJECT || reader->token.type == COFFER_JSON_ARRAY;
	unsigned depth = reader->json.depth - is_open;
	coffer_status status = COFFER_OK;

	while (!status && reader->json.depth > depth)
		status = next(reader);
	return status;
}

static coffer_status
read_member(struct reader *reader, const struct coffer_member *member, char *at)
{
	void *value = at + member->offset;

	switch (member->type) {
	case COFFER_MEMBER_TEXT:
	case COFFER_MEMBER_OPTION:
		return read_text(reader, value);
	case COFFER_MEMBER_BOOL:
	case COFFER_MEMBER_FLAG:
		return read_bool(reader, value);
	case COFFER_MEMBER_INTEGER:
		return read_integer(reader, value);
	case COFFER_MEMBER_WORD:
		return read_word(reader, member, value);
	case COFFER_MEMBER_LETTER:
		return read_letter(reader, member, value);
	case COFFER_MEMBER_COLUMN:
		return read_column(reader, value);
	case COFFER_MEMBER_COLUMNS:
	case COFFER_MEMBER_TEXTS:
	case COFFER_MEMBER_TWINS:
	case COFFER_MEMBER_LIST:
		return read_many(reader, member, at);
	case COFFER_MEMBER_DERIVED_U16:
	case COFFER_MEMBER_DERIVED_U32:
		return reader->has_layout ? read_layout(reader, member, value) : skip(reader);
	case COFFER_MEMBER_DERIVED_WORD:
		return reader->has_layout ? read_word(reader, member, value) : skip(reader);
	default:
		return skip(reader);
	}
}

/* The member that the token names; how many there are where it is none of them. */
static size_t
find_member(const struct reader *reader, const struct coffer_document_shape *shape)
{
	coffer_text name = reader->token.text;
	size_t i = 0;

	while (i < shape->member_count &&
	       (strlen(shape->members[i].key) != name.size ||
		memcmp(shape->members[i].key, name.data, name.size) != 0))
		i++;
	return i;
}

/* The token is a name. */
static coffer_status
read_named(struct reader *reader, const struct coffer_document_shape *shape, char *at,
	   uint64_t *seen)
{
	size_t number = find_member(reader, shape);
	coffer_text name = reader->token.text;
	coffer_status status;

	if (number == shape->member_count)
		return coffer_error_set(reader->error, COFFER_INVALID, "a %s has no member '%.*s'",
					shape->what, (int)(name.size > 80 ? 80 : name.size),
					name.data);
	if (*seen >> number & 1)
		status = coffer_error_set(reader->error, COFFER_INVALID, "given twice");
	else if (!(status = next(reader)))
		status = read_member(reader, &shape->members[number], at);
	*seen |= UINT64_C(1) << number;
	if (status)
		coffer_error_at(reader->error, "%s", shape->members[number].key);
	return status;
}

/* Members without which there is no such thing. */
static bool
is_required(const struct reader *reader, const struct coffer_member *member)
{
	return member->type == COFFER_MEMBER_TEXT ||
	       (reader->has_layout && (member->type == COFFER_MEMBER_DERIVED_U16 ||
				       member->type == COFFER_MEMBER_DERIVED_U32));
}

static coffer_status
check_required(struct reader *reader, const struct coffer_document_shape *shape, uint64_t seen)
{
	for (size_t i = 0; i < shape->member_count; i++)
		if (is_required(reader, &shape->members[i]) && !(seen >> i & 1))
			return coffer_error_set(reader->error, COFFER_INVALID, "a %s without '%s'",
						shape->what, shape->members[i].key);
	return COFFER_OK;
}

static coffer_status
read_members(struct reader *reader, const struct coffer_document_shape *shape, char *at)
{
	coffer_status status;
	uint64_t seen = 0;

	while (!(status = next(reader)) && reader->token.type == COFFER_JSON_NAME)
		if ((status = read_named(reader, shape, at, &seen)))
			break;
	return status ? status : check_required(reader, shape, seen);
}

static coffer_status
read_struct(struct reader *reader, const struct coffer_document_shape *shape, char *at)
{
	coffer_status status;

	if (reader->token.type != COFFER_JSON_OBJECT)
		return refuse(reader, "an object");
	if (shape->has_columns)
		reader->table = (const void *)at;
	status = read_members(reader, shape, at);
	if (shape->has_columns)
		reader->table = NULL;
	return status;
}

/* ------------------------------------------------------------------ the document */

/* What it calls itself comes first. */
static coffer_status
read_document(struct reader *reader)
{
	static const char key[] = "schema", word[] = COFFER_SCHEMA_DOCUMENT_NAME;
	coffer_text text;
	coffer_status status;

	if ((status = next(reader)))
		return status;
	if (reader->token.type != COFFER_JSON_OBJECT)
		return refuse(reader, "an object");
	if ((status = next(reader)))
		return status;
	text = reader->token.text;
	if (reader->token.type != COFFER_JSON_NAME || text.size != sizeof(key) - 1 ||
	    memcmp(text.data, key, text.size) != 0)
		return refuse(reader, "\"schema\": \"" COFFER_SCHEMA_DOCUMENT_NAME "\" first");
	if ((status = next(reader)))
		return status;
	text = reader->token.text;
	if (reader->token.type != COFFER_JSON_STRING || text.size != sizeof(word) - 1 ||
	    memcmp(text.data, word, text.size) != 0)
		return refuse(reader, "\"" COFFER_SCHEMA_DOCUMENT_NAME "\"");
	status = read_members(reader, &coffer_document_schema, (char *)reader->schema);
	return status ? status : next(reader);
}

/* ------------------------------------------------------------------ how rows lie */

/* Columns as the document has them, before they are settled. */
static coffer_column *
keep_columns(struct reader *reader)
{
	const coffer_schema *schema = reader->schema;
	coffer_column *kept;
	size_t count = 0;

	for (size_t t = 0; t < schema->table_count; t++)
		count += schema->tables[t].column_count;
	kept = coffer_schema_memory(reader->schema, (count + 1) * sizeof(*kept));
	count = 0;
	for (size_t t = 0; kept && t < schema->table_count; t++)
		for (size_t c = 0; c < schema->tables[t].column_count; c++)
			kept[count++] = schema->tables[t].columns[c];
	return kept;
}

static uint32_t *
keep_ids(struct reader *reader)
{
	const coffer_schema *schema = reader->schema;
	uint32_t *ids =
		coffer_schema_memory(reader->schema, (schema->table_count + 1) * sizeof(*ids));

	for (size_t t = 0; ids && t < schema->table_count; t++)
		ids[t] = schema->tables[t].id;
	return ids;
}

/* What its type says now must be what it said when the document was written: by that rows are read. */
static coffer_status
restore_column(struct reader *reader, const coffer_column *kept, coffer_column *column)
{
	column->position = kept->position;
	if (column->kind == kept->kind && column->is_interned == kept->is_interned)
		return COFFER_OK;
	return coffer_error_set(reader->error, COFFER_INVALID,
				"the type %.80s is held in another way here: 'kind' and "
				"'is_interned' are another version's",
				column->type);
}

static coffer_status
restore_table(struct reader *reader, const coffer_column *kept, coffer_table *table)
{
	coffer_status status = COFFER_OK;

	for (size_t c = 0; !status && c < table->column_count; c++) {
		status = restore_column(reader, &kept[c], &table->columns[c]);
		if (status)
			coffer_error_at(reader->error, "%s.%s", table->name, table->columns[c].name);
	}
	return status;
}

/* Settle, which makes ids and positions anew, and put back those of the document. */
static coffer_status
settle_as_read(struct reader *reader)
{
	coffer_schema *schema = reader->schema;
	uint32_t *ids = keep_ids(reader);
	coffer_column *kept = keep_columns(reader);
	coffer_status status;

	if (!ids || !kept)
		return no_memory(reader);
	status = coffer_schema_settle(schema, reader->error);
	for (size_t t = 0; !status && t < schema->table_count; t++) {
		schema->tables[t].id = ids[t];
		status = restore_table(reader, kept, &schema->tables[t]);
		kept += schema->tables[t].column_count;
	}
	return status;
}

static coffer_status
parse(coffer_text json, const char *place, bool has_layout, coffer_schema **schema_out,
      coffer_error *error)
{
	struct reader reader = {.has_layout = has_layout, .error = error};
	coffer_status status = coffer_schema_new(&reader.schema, error);

	*schema_out = NULL;
	if (status)
		return status;
	coffer_json_reader_init(&reader.json, json);
	status = read_document(&reader);
	if (!status)
		status = has_layout ? settle_as_read(&reader)
				    : coffer_schema_settle(reader.schema, error);
	coffer_buffer_release(&reader.array);
	if (status) {
		coffer_error_at(error, "%s", place);
		coffer_schema_free(reader.schema);
		return status;
	}
	*schema_out = reader.schema;
	return COFFER_OK;
}

coffer_status
coffer_schema_parse_json(coffer_text json, const char *place, coffer_schema **schema_out,
			 coffer_error *error)
{
	return parse(json, place, false, schema_out, error);
}

coffer_status
coffer_schema_parse_layout(coffer_text json, const char *place, coffer_schema **schema_out,
			   coffer_error *error)
{
	return parse(json, place, true, schema_out, error);
}
