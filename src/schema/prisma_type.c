/*
 * Prisma's types as the Postgres types that its DDL asks for, by the names that format_type() prints.
 */
#include "schema/prisma.h"
#include "schema/write_prisma.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *scalar, *type;
} scalars[] = {
	{"String", "text"},
	{"Boolean", "boolean"},
	{"Int", "integer"},
	{"BigInt", "bigint"},
	{"Float", "double precision"},
	{"Decimal", "numeric(65,30)"},
	{"DateTime", "timestamp(3) without time zone"},
	{"Json", "jsonb"},
	{"Bytes", "bytea"},
};

/* Native types. The modifier stands between `type` and `tail`; `modifier` is that of the bare type. */
static const struct native {
	const char *name, *scalar, *type, *tail, *modifier;
	int arguments_max;
} natives[] = {
	{"db.Text", "String", "text", "", "", 0},
	{"db.Char", "String", "character", "", "(1)", 1},
	{"db.VarChar", "String", "character varying", "", "", 1},
	{"db.Bit", "String", "bit", "", "(1)", 1},
	{"db.VarBit", "String", "bit varying", "", "", 1},
	{"db.Uuid", "String", "uuid", "", "", 0},
	{"db.Xml", "String", "xml", "", "", 0},
	{"db.Inet", "String", "inet", "", "", 0},
	{"db.Citext", "String", "citext", "", "", 0},
	{"db.Boolean", "Boolean", "boolean", "", "", 0},
	{"db.Integer", "Int", "integer", "", "", 0},
	{"db.SmallInt", "Int", "smallint", "", "", 0},
	{"db.Oid", "Int", "oid", "", "", 0},
	{"db.BigInt", "BigInt", "bigint", "", "", 0},
	{"db.DoublePrecision", "Float", "double precision", "", "", 0},
	{"db.Real", "Float", "real", "", "", 0},
	{"db.Decimal", "Decimal", "numeric", "", "", 2},
	{"db.Money", "Decimal", "money", "", "", 0},
	{"db.Timestamp", "DateTime", "timestamp", " without time zone", "", 1},
	{"db.Timestamptz", "DateTime", "timestamp", " with time zone", "", 1},
	{"db.Date", "DateTime", "date", "", "", 0},
	{"db.Time", "DateTime", "time", " without time zone", "", 1},
	{"db.Timetz", "DateTime", "time", " with time zone", "", 1},
	{"db.Json", "Json", "json", "", "", 0},
	{"db.JsonB", "Json", "jsonb", "", "", 0},
	{"db.ByteA", "Bytes", "bytea", "", "", 0},
};

static const struct coffer_prisma_attribute *
find_native(const struct coffer_prisma_field *field)
{
	const struct coffer_prisma_attribute *attribute = field->attributes;

	while (attribute && strncmp(attribute->name, "db.", 3) != 0)
		attribute = attribute->next;
	return attribute;
}

/* "(3)", "(10,2)"; numeric's scale is 0 where only its precision is given. */
static void
append_modifier(struct coffer_prisma *prisma, const struct coffer_prisma_attribute *attribute,
		const struct native *native, coffer_buffer *out)
{
	int count = 0;

	for (const struct coffer_prisma_value *at = attribute->arguments; at;
	     at = at->next, count++) {
		bool is_number = at->kind == COFFER_PRISMA_NUMBER && !at->name &&
				 strlen(at->text) <= 8 && !at->text[strspn(at->text, "0123456789")];

		if (!is_number || count >= native->arguments_max) {
			coffer_prisma_fail(prisma, at->position, "@%s takes %d numbers",
					   native->name, native->arguments_max);
			return;
		}
		coffer_buffer_printf(out, "%c%ld", count ? ',' : '(', strtol(at->text, NULL, 10));
	}
	if (count == 1 && native->arguments_max == 2)
		coffer_buffer_text(out, ",0");
	coffer_buffer_text(out, count ? ")" : native->modifier);
}

static void
append_native(struct coffer_prisma *prisma, const struct coffer_prisma_field *field,
	      const struct coffer_prisma_attribute *attribute, coffer_buffer *out)
{
	for (size_t i = 0; i < sizeof(natives) / sizeof(*natives); i++) {
		if (strcmp(natives[i].name, attribute->name) != 0)
			continue;
		if (strcmp(natives[i].scalar, field->type) != 0)
			coffer_prisma_fail(prisma, attribute->position, "@%s is for %s, not for %s",
					   attribute->name, natives[i].scalar, field->type);
		coffer_buffer_text(out, natives[i].type);
		append_modifier(prisma, attribute, &natives[i], out);
		coffer_buffer_text(out, natives[i].tail);
		return;
	}
	coffer_prisma_fail(prisma, attribute->position, "no native type @%.80s on Postgres",
			   attribute->name);
}

static void
append_scalar(struct coffer_prisma *prisma, const struct coffer_prisma_field *field,
	      coffer_buffer *out)
{
	const struct coffer_prisma_block *block =
		coffer_prisma_find_block(prisma, field->type, true);

	for (size_t i = 0; i < sizeof(scalars) / sizeof(*scalars); i++)
		if (strcmp(scalars[i].scalar, field->type) == 0) {
			coffer_buffer_text(out, scalars[i].type);
			return;
		}
	if (block)
		coffer_buffer_identifier(out, block->table);
	else
		coffer_prisma_fail(prisma, field->position, "no type, model or enum is named %.80s",
				   field->type);
}

void
coffer_prisma_type(struct coffer_prisma *prisma, const struct coffer_prisma_field *field,
		   coffer_column *column)
{
	const struct coffer_prisma_attribute *native = find_native(field);
	coffer_buffer type = {0};

	if (field->unsupported)
		coffer_buffer_text(&type, field->unsupported);
	else if (native)
		append_native(prisma, field, native, &type);
	else
		append_scalar(prisma, field, &type);
	if (field->is_list)
		coffer_buffer_text(&type, "[]");
	column->type = coffer_prisma_keep(prisma, &type);
}

/* ------------------------------------------------------------------ the other way */

/* Write "@db.Name(3)" where `type` of `size` bytes is this native type; false where it is another. */
static bool
write_native(const struct native *native, const char *type, size_t size, coffer_buffer *attribute)
{
	size_t head = strlen(native->type), tail = strlen(native->tail), inner;
	size_t bare = strlen(native->modifier);
	const char *modifier = type + head;

	if (size < head + tail || memcmp(type, native->type, head) != 0 ||
	    memcmp(type + size - tail, native->tail, tail) != 0)
		return false;
	inner = size - head - tail;
	if (inner && (!native->arguments_max || *modifier != '(' || modifier[inner - 1] != ')' ||
		      strspn(modifier + 1, "0123456789,") != inner - 2))
		return false;
	if (!inner && bare)
		return false;
	coffer_buffer_printf(attribute, "@%s", native->name);
	coffer_buffer_append(attribute, modifier, inner);
	return true;
}

bool
coffer_prisma_write_type(const coffer_schema *schema, const char *type, coffer_buffer *scalar,
			 coffer_buffer *attribute)
{
	size_t size = strlen(type);
	bool is_list = size > 2 && strcmp(type + size - 2, "[]") == 0;
	const char *found = NULL;
	coffer_buffer quoted = {0};

	size -= is_list ? 2 : 0;
	for (size_t i = 0; i < sizeof(scalars) / sizeof(*scalars) && !found; i++)
		if (strlen(scalars[i].type) == size && memcmp(scalars[i].type, type, size) == 0)
			found = scalars[i].scalar;
	for (size_t i = 0; i < sizeof(natives) / sizeof(*natives) && !found; i++)
		if (write_native(&natives[i], type, size, attribute))
			found = natives[i].scalar;
	if (found)
		coffer_buffer_text(scalar, found);
	for (size_t i = 0; i < schema->enum_count && !found; i++) {
		coffer_buffer_clear(&quoted);
		coffer_buffer_identifier(&quoted, schema->enums[i].name);
		if (!quoted.is_failed && quoted.size == size &&
		    memcmp(quoted.data, type, size) == 0) {
			found = schema->enums[i].name;
			coffer_prisma_write_name(scalar, found, NULL, i);
		}
	}
	scalar->is_failed |= quoted.is_failed;
	coffer_buffer_release(&quoted);
	if (found && is_list)
		coffer_buffer_text(scalar, "[]");
	return found != NULL;
}
