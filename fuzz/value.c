/*
 * Property: a value that is read from text prints as a text that reads back as the same value, settles as itself, and
 * fits its column; no text of any type does harm.
 *
 * Input: the type's number, then the text; with the high bit of the number set the text is a value's bytes instead,
 * which are settled and printed.
 */
#include "fuzz/demand.h"

#include "coffer.h"

#include <string.h>

static const coffer_column columns[] = {
	{.name = "c", .type = "boolean", .kind = COFFER_BOOL},
	{.name = "c", .type = "smallint", .kind = COFFER_INT, .width = 2},
	{.name = "c", .type = "integer", .kind = COFFER_INT, .width = 4},
	{.name = "c", .type = "bigint", .kind = COFFER_INT, .width = 8},
	{.name = "c", .type = "real", .kind = COFFER_FLOAT, .width = 4},
	{.name = "c", .type = "double precision", .kind = COFFER_FLOAT, .width = 8},
	{.name = "c", .type = "timestamp(3) without time zone", .kind = COFFER_TIME},
	{.name = "c", .type = "timestamp with time zone", .kind = COFFER_TIME, .has_zone = true},
	{.name = "c", .type = "text", .kind = COFFER_TEXT},
	{.name = "c", .type = "character varying(5)", .kind = COFFER_TEXT},
	{.name = "c", .type = "json", .kind = COFFER_JSON},
	{.name = "c", .type = "jsonb", .kind = COFFER_JSON, .is_binary_json = true},
	{.name = "c", .type = "text[]", .kind = COFFER_TEXT_ARRAY},
	{.name = "c", .type = "bytea", .kind = COFFER_BYTES},
	{.name = "c", .type = "character(5)", .kind = COFFER_OTHER},
	{.name = "c", .type = "numeric", .kind = COFFER_OTHER},
	{.name = "c", .type = "numeric(8,3)", .kind = COFFER_OTHER},
	{.name = "c", .type = "numeric(3,-2)", .kind = COFFER_OTHER},
	{.name = "c", .type = "uuid", .kind = COFFER_OTHER},
	{.name = "c", .type = "date", .kind = COFFER_OTHER},
	{.name = "c", .type = "mood", .kind = COFFER_OTHER},
	{.name = "c", .type = "interval", .kind = COFFER_OTHER},
};

static bool
is_same(const coffer_value *left, const coffer_value *right)
{
	if (left->kind != right->kind)
		return false;
	if (left->kind == COFFER_BOOL)
		return left->boolean == right->boolean;
	if (left->kind == COFFER_FLOAT && left->real != left->real)
		return right->real != right->real;
	if (left->kind < COFFER_TEXT)
		return left->integer == right->integer;
	return left->text.size == right->text.size &&
	       (!left->text.size || !memcmp(left->text.data, right->text.data, left->text.size));
}

static void
check(const coffer_schema *schema, const coffer_column *column, const coffer_value *value)
{
	coffer_buffer text = {0}, memory = {0};
	coffer_value again, settled = *value;

	demand(!coffer_value_print(column, value, &text, NULL));
	demand(!coffer_value_parse(schema, column, (coffer_text){text.data, text.size}, &memory,
				   &again, NULL));
	demand(is_same(value, &again));
	demand(!coffer_value_settle(schema, column, &settled, &memory, NULL));
	demand(is_same(value, &settled));
	coffer_buffer_release(&text);
	coffer_buffer_release(&memory);
}

static void
check_bytes(const coffer_schema *schema, const coffer_column *column, coffer_text bytes)
{
	coffer_value value = {.kind = column->kind}, settled;
	coffer_buffer memory = {0}, out = {0};

	if (value.kind >= COFFER_TEXT)
		value.text = bytes;
	else if (bytes.size < 8)
		return;
	else if (value.kind == COFFER_BOOL)
		value.boolean = bytes.data[0] & 1;
	else
		memcpy(&value.integer, bytes.data, sizeof(value.integer));
	settled = value;
	if (!coffer_value_settle(schema, column, &settled, &memory, NULL))
		check(schema, column, &settled);
	if (coffer_value_print(column, &value, &out, NULL))
		demand(value.kind == COFFER_TEXT_ARRAY);
	coffer_buffer_release(&memory);
	coffer_buffer_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *labels[] = {"sad", "ok"};
	const coffer_column *column;
	coffer_buffer memory = {0};
	coffer_schema *schema;
	coffer_enum *mood;
	coffer_value value;
	coffer_text text;

	if (!size)
		return 0;
	demand(!coffer_schema_new(&schema, NULL));
	mood = coffer_schema_add_enum(schema);
	demand(mood);
	*mood = (coffer_enum){.name = "mood", .labels = labels, .label_count = 2};
	column = &columns[(*data & 0x7f) % (sizeof(columns) / sizeof(*columns))];
	text = (coffer_text){(const char *)data + 1, size - 1};
	if (*data & 0x80)
		check_bytes(schema, column, text);
	else if (!coffer_value_parse(schema, column, text, &memory, &value, NULL))
		check(schema, column, &value);
	else
		demand(value.kind == COFFER_NULL);
	coffer_buffer_release(&memory);
	coffer_schema_free(schema);
	return 0;
}
