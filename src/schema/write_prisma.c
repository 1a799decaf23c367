/*
 * A schema in Prisma's language. Names that are no words of Prisma's get one, with the true name in
 * @map. What Prisma cannot say stands in documentation comments, never as a directive.
 */
#include "schema/write_prisma.h"

#include <string.h>

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

static bool
is_word(const char *name)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

	return *name && strchr(first, *name) && !name[strspn(name, letters)];
}

bool
coffer_prisma_is_renamed(const char *name, const char *given)
{
	return given ? strcmp(given, name) != 0 : !is_word(name);
}

void
coffer_prisma_write_name(coffer_buffer *out, const char *name, const char *given, size_t number)
{
	if (given || is_word(name)) {
		coffer_buffer_text(out, given ? given : name);
		return;
	}
	coffer_buffer_text(out, "m_");
	for (; *name; name++)
		coffer_buffer_append(out, strchr(letters, *name) ? name : "_", 1);
	coffer_buffer_printf(out, "_%zu", number);
}

void
coffer_prisma_write_string(coffer_buffer *out, const char *text)
{
	coffer_buffer_text(out, "\"");
	for (; *text; text++) {
		if (*text == '\n')
			coffer_buffer_text(out, "\\n");
		else if (*text == '"' || *text == '\\')
			coffer_buffer_printf(out, "\\%c", *text);
		else
			coffer_buffer_append(out, text, 1);
	}
	coffer_buffer_text(out, "\"");
}

void
coffer_prisma_write_comment(coffer_buffer *out, const char *indent, const char *label,
			    const char *text)
{
	if (!text)
		return;
	coffer_buffer_printf(out, "%s/// %s", indent, label);
	for (; *text; text++) {
		coffer_buffer_append(out, text, 1);
		if (*text == '\n')
			coffer_buffer_printf(out, "%s///   | ", indent);
	}
	coffer_buffer_text(out, "\n");
}

void
coffer_prisma_write_table_name(coffer_buffer *out, const coffer_schema *schema, const char *table)
{
	uint32_t number = coffer_schema_find_table(schema, table);

	if (number == COFFER_NO_TABLE)
		coffer_buffer_text(out, table);
	else
		coffer_prisma_write_name(out, table, schema->tables[number].model, number);
}

void
coffer_prisma_write_field_name(coffer_buffer *out, const coffer_table *table, uint16_t column)
{
	coffer_prisma_write_name(out, table->columns[column].name, table->columns[column].field,
				 column);
}

void
coffer_prisma_write_fields(coffer_buffer *out, const coffer_table *table, const uint16_t *columns,
			   size_t count)
{
	coffer_buffer_text(out, "[");
	for (size_t i = 0; i < count; i++) {
		coffer_buffer_text(out, i ? ", " : "");
		coffer_prisma_write_field_name(out, table, columns[i]);
	}
	coffer_buffer_text(out, "]");
}

static bool
is_end(const coffer_schema *schema, uint32_t number, uint16_t column)
{
	for (size_t t = 0; t < schema->table_count; t++)
		for (size_t r = 0; r < schema->tables[t].relation_count; r++) {
			const coffer_relation *relation = &schema->tables[t].relations[r];

			for (size_t i = 0; i < relation->column_count; i++)
				if ((t == number && relation->columns[i] == column) ||
				    (relation->target_table == number &&
				     strcmp(relation->target_columns[i],
					    schema->tables[number].columns[column].name) == 0))
					return true;
		}
	return false;
}

static void
write_column_comments(coffer_buffer *out, const coffer_column *column)
{
	coffer_prisma_write_comment(out, "  ", "comment: ", column->comment);
	coffer_prisma_write_comment(out, "  ", "generated: ", column->generated_sql);
	coffer_prisma_write_comment(out, "  ", "collation: ", column->collation);
	if (column->identity != COFFER_IDENTITY_NONE)
		coffer_prisma_write_comment(
			out, "  ", "identity: ",
			column->identity == COFFER_IDENTITY_ALWAYS ? "always" : "by default");
}

/* The words of one field, and how wide the first two are in the whole model. */
struct field {
	coffer_buffer name, type, native;
	bool is_known; /* the type has a name in Prisma */
	int name_width, type_width;
};

static void
clear_field(struct field *field)
{
	coffer_buffer_clear(&field->name);
	coffer_buffer_clear(&field->type);
	coffer_buffer_clear(&field->native);
}

static void
name_field(struct field *field, const coffer_schema *schema, const coffer_table *table, uint16_t at)
{
	const coffer_column *column = &table->columns[at];
	bool is_list;

	clear_field(field);
	coffer_prisma_write_field_name(&field->name, table, at);
	field->is_known =
		coffer_prisma_write_type(schema, column->type, &field->type, &field->native);
	if (!field->is_known) {
		coffer_buffer_text(&field->type, "Unsupported(");
		coffer_prisma_write_string(&field->type, column->type);
		coffer_buffer_text(&field->type, ")");
	}
	is_list = field->is_known && field->type.size &&
		  field->type.data[field->type.size - 1] == ']';
	coffer_buffer_text(&field->type, column->is_nullable && !is_list ? "?" : "");
	if (field->name_width < (int)field->name.size)
		field->name_width = (int)field->name.size;
	if (field->type_width < (int)field->type.size)
		field->type_width = (int)field->type.size;
}

static void
write_field(coffer_buffer *out, const coffer_schema *schema, uint32_t number, uint16_t at,
	    struct field *field)
{
	const coffer_table *table = &schema->tables[number];
	const coffer_column *column = &table->columns[at];
	size_t size;

	name_field(field, schema, table, at);
	write_column_comments(out, column);
	if (field->name.is_failed || field->type.is_failed || field->native.is_failed) {
		out->is_failed = true;
		return;
	}
	coffer_buffer_printf(out, "  %-*s ", field->name_width, field->name.data);
	coffer_buffer_printf(out, "%-*s", field->type_width, field->type.data);
	size = out->size;
	coffer_prisma_write_field_key(out, table, at);
	coffer_prisma_write_default(out, schema, table, column, field->type.data);
	coffer_buffer_text(out, column->is_updated_at ? " @updatedAt" : "");
	if (coffer_prisma_is_renamed(column->name, column->field)) {
		coffer_buffer_text(out, " @map(");
		coffer_prisma_write_string(out, column->name);
		coffer_buffer_text(out, ")");
	}
	if (field->native.size)
		coffer_buffer_printf(out, " %s", field->native.data);
	if (column->is_interned && field->is_known && !is_end(schema, number, at))
		coffer_buffer_text(out, " /// @coffer.interned");
	if (table->time_column == at)
		coffer_buffer_text(out, " /// @coffer.time");
	while (out->size == size && !out->is_failed && out->data[size - 1] == ' ')
		out->size = --size;
	coffer_buffer_text(out, "\n");
}

static void
write_fields(coffer_buffer *out, const coffer_schema *schema, uint32_t number)
{
	const coffer_table *table = &schema->tables[number];
	struct field field = {.is_known = false};

	for (size_t i = 0; i < table->column_count; i++)
		name_field(&field, schema, table, (uint16_t)i);
	for (size_t i = 0; i < table->column_count; i++)
		write_field(out, schema, number, (uint16_t)i, &field);
	coffer_buffer_release(&field.name);
	coffer_buffer_release(&field.type);
	coffer_buffer_release(&field.native);
}

static void
write_table_comments(coffer_buffer *out, const coffer_table *table)
{
	coffer_prisma_write_comment(out, "", "comment: ", table->comment);
	coffer_prisma_write_comment(out, "", "partitioned by ", table->partition_key);
	coffer_prisma_write_comment(out, "", "options: ", table->options);
	if (table->is_unlogged)
		coffer_prisma_write_comment(out, "", "", "unlogged");
	for (size_t i = 0; i < table->check_count; i++) {
		coffer_prisma_write_comment(out, "", "constraint ", table->checks[i].name);
		coffer_prisma_write_comment(out, "", "| ", table->checks[i].definition);
	}
}

static void
write_map(coffer_buffer *out, const char *name, const char *given)
{
	if (!coffer_prisma_is_renamed(name, given))
		return;
	coffer_buffer_text(out, "\n  @@map(");
	coffer_prisma_write_string(out, name);
	coffer_buffer_text(out, ")\n");
}

static void
write_model(coffer_buffer *out, const coffer_schema *schema, uint32_t number)
{
	const coffer_table *table = &schema->tables[number];

	coffer_buffer_text(out, "\n");
	if (table->partition_of) {
		coffer_prisma_write_comment(out, "", "partition of ", table->partition_of);
		coffer_prisma_write_comment(out, "", "| ", table->name);
		coffer_prisma_write_comment(out, "", "| ", table->partition_bound);
		return;
	}
	write_table_comments(out, table);
	coffer_prisma_write_references(out, schema, table);
	coffer_prisma_write_rollups(out, table);
	coffer_buffer_text(out, "model ");
	coffer_prisma_write_name(out, table->name, table->model, number);
	coffer_buffer_text(out, " {\n");
	write_fields(out, schema, number);
	coffer_prisma_write_relations(out, schema, number);
	coffer_prisma_write_indexes(out, table);
	write_map(out, table->name, table->model);
	coffer_buffer_text(out, "}\n");
}

static void
write_enum(coffer_buffer *out, const coffer_enum *type, size_t number)
{
	coffer_buffer_text(out, "\n");
	coffer_prisma_write_comment(out, "", "comment: ", type->comment);
	coffer_buffer_text(out, "enum ");
	coffer_prisma_write_name(out, type->name, NULL, number);
	coffer_buffer_text(out, " {\n");
	for (size_t i = 0; i < type->label_count; i++) {
		coffer_buffer_text(out, "  ");
		coffer_prisma_write_name(out, type->labels[i], NULL, i);
		if (coffer_prisma_is_renamed(type->labels[i], NULL)) {
			coffer_buffer_text(out, " @map(");
			coffer_prisma_write_string(out, type->labels[i]);
			coffer_buffer_text(out, ")");
		}
		coffer_buffer_text(out, "\n");
	}
	write_map(out, type->name, NULL);
	coffer_buffer_text(out, "}\n");
}

static void
write_rest(coffer_buffer *out, const coffer_schema *schema)
{
	for (size_t i = 0; i < schema->domain_count; i++) {
		coffer_buffer_text(out, "\n");
		coffer_prisma_write_comment(out, "", "domain ", schema->domains[i].name);
		coffer_prisma_write_comment(out, "", "| ", schema->domains[i].type);
	}
	for (size_t i = 0; i < schema->view_count; i++) {
		coffer_buffer_text(out, "\n");
		coffer_prisma_write_comment(out, "", "view ", schema->views[i].name);
		coffer_prisma_write_comment(out, "", "| ", schema->views[i].definition);
	}
}

coffer_status
coffer_schema_write_prisma(const coffer_schema *schema, coffer_buffer *out, coffer_error *error)
{
	coffer_buffer_text(out, "generator client {\n  provider = \"prisma-client-py\"\n}\n\n"
				"datasource client {\n  provider = \"postgresql\"\n"
				"  url      = env(\"DATABASE_URL\")\n}\n");
	for (size_t i = 0; i < schema->enum_count; i++)
		write_enum(out, &schema->enums[i], i);
	for (size_t i = 0; i < schema->table_count; i++)
		write_model(out, schema, (uint32_t)i);
	write_rest(out, schema);
	if (out->is_failed)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a Prisma schema");
	return COFFER_OK;
}
