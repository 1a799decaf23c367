/*
 * Kinds from types, by the names that format_type() prints. Modifiers ("(3)", "(255)") change nothing
 * about how a value is held. A type that is not listed is carried by its text form.
 */
#include "schema/kind.h"

#include <string.h>

enum { DOMAIN_DEPTH_MAX = 32 };

static const struct type {
	const char *name;
	coffer_kind kind;
	uint8_t width;
	bool has_zone, is_binary_json;
} types[] = {
	{"boolean", COFFER_BOOL, 0, false, false},
	{"smallint", COFFER_INT, 2, false, false},
	{"integer", COFFER_INT, 4, false, false},
	{"bigint", COFFER_INT, 8, false, false},
	{"real", COFFER_FLOAT, 4, false, false},
	{"double precision", COFFER_FLOAT, 8, false, false},
	{"timestamp without time zone", COFFER_TIME, 0, false, false},
	{"timestamp with time zone", COFFER_TIME, 0, true, false},
	{"text", COFFER_TEXT, 0, false, false},
	{"character varying", COFFER_TEXT, 0, false, false},
	{"json", COFFER_JSON, 0, false, false},
	{"jsonb", COFFER_JSON, 0, false, true},
	{"text[]", COFFER_TEXT_ARRAY, 0, false, false},
	{"bytea", COFFER_BYTES, 0, false, false},
};

/* `type` without a modifier of digits in parentheses, into `out`; false when it does not fit. */
static bool
strip_modifier(const char *type, char *out, size_t room)
{
	const char *open = strchr(type, '(');
	size_t size = open ? (size_t)(open - type) : strlen(type);
	size_t digits = open ? strspn(open + 1, "0123456789") : 0;
	const char *rest = type + size;

	if (open) {
		if (digits == 0 || open[1 + digits] != ')')
			return false;
		rest = open + digits + 2;
	}
	if (size >= room || strlen(rest) >= room - size)
		return false;
	memcpy(out, type, size);
	memcpy(out + size, rest, strlen(rest) + 1);
	return true;
}

/* True where `type` is `name`, quoted or not. */
static bool
is_name(const char *type, const char *name)
{
	if (*type != '"')
		return strcmp(type, name) == 0;
	for (type++; *name && *type == *name; type++, name++)
		if (*type == '"' && *++type != '"')
			return false;
	return !*name && strcmp(type, "\"") == 0;
}

static const char *
find_domain(const coffer_schema *schema, const char *type)
{
	for (size_t i = 0; i < schema->domain_count; i++)
		if (is_name(type, schema->domains[i].name))
			return schema->domains[i].type;
	return NULL;
}

static const struct type *
find_type(const char *type)
{
	char name[40];

	if (!strip_modifier(type, name, sizeof(name)))
		return NULL;
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strcmp(types[i].name, name) == 0)
			return &types[i];
	return NULL;
}

const char *
coffer_column_plain_type(const coffer_schema *schema, const coffer_column *column)
{
	const char *type = column->base_type ? column->base_type : column->type;

	for (int depth = 0; schema->domain_count && depth < DOMAIN_DEPTH_MAX; depth++) {
		const char *below = find_type(type) ? NULL : find_domain(schema, type);

		if (!below)
			break;
		type = below;
	}
	return type;
}

const coffer_enum *
coffer_schema_find_enum(const coffer_schema *schema, const char *type)
{
	for (size_t i = 0; i < schema->enum_count; i++)
		if (is_name(type, schema->enums[i].name))
			return &schema->enums[i];
	return NULL;
}

void
coffer_column_derive_kind(const coffer_schema *schema, coffer_column *column)
{
	const struct type *type = find_type(coffer_column_plain_type(schema, column));

	column->kind = type ? type->kind : COFFER_OTHER;
	column->width = type ? type->width : 0;
	column->has_zone = type && type->has_zone;
	column->is_binary_json = type && type->is_binary_json;
}
