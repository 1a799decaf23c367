/*
 * From the tree of a Prisma schema to a settled coffer_schema, as Prisma's own DDL would make it on
 * Postgres: first every enum and every table with its columns, then what refers to them by name.
 */
#include "schema/prisma.h"
#include "schema/settle.h"

#include <string.h>

enum { FIELDS_MAX = 2 * COFFER_COLUMNS_MAX };

/* The name behind @map or @@map, else `name`. */
static const char *
map_name(struct coffer_prisma *prisma, const struct coffer_prisma_attribute *attributes,
	 const char *name)
{
	static const char *const names[] = {"name", NULL};
	const struct coffer_prisma_attribute *map = coffer_prisma_find_attribute(attributes, "map");
	const char *mapped;

	if (!map)
		return name;
	coffer_prisma_check_arguments(prisma, map, names, 1);
	mapped = coffer_prisma_string(prisma, coffer_prisma_find_argument(map, "name", 0));
	if (!mapped || !*mapped)
		coffer_prisma_fail(prisma, map->position, "a name as a string expected");
	return mapped;
}

/* Fail at the first attribute that is neither in the NULL-terminated `names` nor a native type. */
static void
check_attributes(struct coffer_prisma *prisma, const struct coffer_prisma_attribute *attribute,
		 const char *const *names, bool is_native_allowed)
{
	for (; attribute && !prisma->status; attribute = attribute->next) {
		const char *const *name = names;

		while (*name && strcmp(*name, attribute->name) != 0)
			name++;
		if (!*name && !(is_native_allowed && strncmp(attribute->name, "db.", 3) == 0))
			coffer_prisma_fail(prisma, attribute->position,
					   "no attribute %.80s is known here", attribute->name);
	}
}

static void
add_enum(struct coffer_prisma *prisma, struct coffer_prisma_block *block)
{
	static const char *const names[] = {"map", NULL};
	coffer_enum *kept = coffer_schema_add_enum(prisma->schema);
	size_t count = 0;

	check_attributes(prisma, block->attributes, names, false);
	if (!kept) {
		coffer_prisma_fail_memory(prisma);
		return;
	}
	for (const struct coffer_prisma_field *field = block->fields; field; field = field->next)
		count++;
	kept->name = block->table;
	kept->labels = coffer_prisma_memory(prisma, count * sizeof(*kept->labels));
	for (const struct coffer_prisma_field *field = block->fields; field && !prisma->status;
	     field = field->next) {
		check_attributes(prisma, field->attributes, names, false);
		kept->labels[kept->label_count++] =
			map_name(prisma, field->attributes, field->name);
	}
}

static void
check_twice(struct coffer_prisma *prisma, const struct coffer_prisma_block *block,
	    const struct coffer_prisma_field *field)
{
	if (coffer_prisma_find_field(block, field->name) != field)
		coffer_prisma_fail(prisma, field->position, "the field %.80s is there twice",
				   field->name);
}

static void
add_column(struct coffer_prisma *prisma, coffer_table *table, struct coffer_prisma_field *field)
{
	static const char *const names[] = {"id",        "unique", "default", "map",
					    "updatedAt", "ignore", NULL};
	coffer_column *column = coffer_table_add_column(prisma->schema, table);

	check_attributes(prisma, field->attributes, names, true);
	if (!column) {
		coffer_prisma_fail_memory(prisma);
		return;
	}
	if (table->column_count > COFFER_COLUMNS_MAX) {
		coffer_prisma_fail(prisma, field->position, "more than %d columns",
				   COFFER_COLUMNS_MAX);
		return;
	}
	field->column = (uint16_t)(table->column_count - 1);
	column->name = map_name(prisma, field->attributes, field->name);
	if (!prisma->status && strcmp(column->name, field->name) != 0)
		column->field = field->name;
	column->is_nullable = field->is_optional || field->is_list;
	column->is_updated_at =
		coffer_prisma_find_attribute(field->attributes, "updatedAt") != NULL;
	column->is_interned = field->is_interned;
	coffer_prisma_type(prisma, field, column);
	if (field->is_interned && (field->is_list || (strcmp(field->type, "String") != 0 &&
						      strcmp(field->type, "Json") != 0)))
		coffer_prisma_fail(prisma, field->position,
				   "only String and Json fields are interned");
	if (!field->is_time)
		return;
	if (strcmp(field->type, "DateTime") != 0 || field->is_list ||
	    table->time_column != COFFER_NO_COLUMN)
		coffer_prisma_fail(prisma, field->position,
				   "one DateTime field of a model may be its time");
	table->time_column = field->column;
}

static void
add_table(struct coffer_prisma *prisma, struct coffer_prisma_block *block)
{
	static const char *const names[] = {"id", "unique", "index", "map", "ignore", NULL};
	static const char *const relation_names[] = {"relation", "ignore", NULL};
	coffer_table *table = coffer_schema_add_table(prisma->schema);
	unsigned count = 0;

	check_attributes(prisma, block->attributes, names, false);
	if (!table) {
		coffer_prisma_fail_memory(prisma);
		return;
	}
	table->name = block->table;
	table->model = strcmp(block->name, block->table) == 0 ? NULL : block->name;
	for (struct coffer_prisma_field *field = block->fields; field && !prisma->status;
	     field = field->next) {
		if (++count > FIELDS_MAX)
			coffer_prisma_fail(prisma, field->position, "more than %d fields",
					   FIELDS_MAX);
		check_twice(prisma, block, field);
		if (!coffer_prisma_find_block(prisma, field->type, false))
			add_column(prisma, table, field);
		else
			check_attributes(prisma, field->attributes, relation_names, false);
		if (field->column == COFFER_NO_COLUMN && (field->is_interned || field->is_time))
			coffer_prisma_fail(prisma, field->position,
					   "a directive for a relation's field");
	}
}

/* Names at the server first, for types and defaults refer to enums and targets by them. */
static void
name_blocks(struct coffer_prisma *prisma)
{
	struct coffer_prisma_block *block = prisma->blocks;
	uint32_t enums = 0, tables = 0;

	for (; block && !prisma->status; block = block->next) {
		block->table = map_name(prisma, block->attributes, block->name);
		block->number = block->is_enum ? enums++ : tables++;
		if (enums > COFFER_TABLES_MAX || tables > COFFER_TABLES_MAX)
			coffer_prisma_fail(prisma, block->position, "more than %d models or enums",
					   COFFER_TABLES_MAX);
	}
	for (block = prisma->blocks; block && !prisma->status; block = block->next)
		if (coffer_prisma_find_block(prisma, block->name, block->is_enum) != block)
			coffer_prisma_fail(prisma, block->position, "%.80s is there twice",
					   block->name);
}

static void
add_blocks(struct coffer_prisma *prisma)
{
	struct coffer_prisma_block *block;

	name_blocks(prisma);
	for (block = prisma->blocks; block && !prisma->status; block = block->next)
		if (block->is_enum)
			add_enum(prisma, block);
	for (block = prisma->blocks; block && !prisma->status; block = block->next)
		if (!block->is_enum)
			add_table(prisma, block);
	for (block = prisma->blocks; block && !prisma->status; block = block->next) {
		if (block->is_enum)
			continue;
		for (const struct coffer_prisma_field *field = block->fields; field;
		     field = field->next)
			if (field->column != COFFER_NO_COLUMN)
				coffer_prisma_default(prisma, block, field);
		coffer_prisma_indexes(prisma, block);
		coffer_prisma_rollups(prisma, block);
	}
	for (block = prisma->blocks; block && !prisma->status; block = block->next)
		if (!block->is_enum)
			coffer_prisma_relations(prisma, block);
}

static coffer_status
parse(coffer_text text, const char *place, coffer_schema *schema, coffer_error *error)
{
	const char *start = text.size ? text.data : "";
	struct coffer_prisma prisma = {
		.at = start,
		.end = start + text.size,
		.line_start = start,
		.line = 1,
		.place = place,
		.schema = schema,
		.error = error,
	};

	if (text.size > COFFER_PRISMA_SIZE_MAX) {
		coffer_error_set(error, COFFER_LIMIT, "%zu bytes, a schema has at most %d",
				 text.size, COFFER_PRISMA_SIZE_MAX);
		coffer_error_at(error, "%s", place);
		return COFFER_LIMIT;
	}
	coffer_prisma_read(&prisma);
	if (!prisma.status)
		add_blocks(&prisma);
	return prisma.status;
}

coffer_status
coffer_schema_parse_prisma(coffer_text prisma, const char *place, coffer_schema **schema_out,
			   coffer_error *error)
{
	coffer_schema *schema;
	coffer_status status = coffer_schema_new(&schema, error);

	*schema_out = NULL;
	if (!status && !(status = parse(prisma, place, schema, error)) &&
	    (status = coffer_schema_settle(schema, error)))
		coffer_error_at(error, "%s", place);
	if (status)
		coffer_schema_free(schema);
	else
		*schema_out = schema;
	return status;
}

coffer_status
coffer_schema_builtin(coffer_schema **schema_out, coffer_error *error)
{
	coffer_text text = {coffer_builtin_prisma, coffer_builtin_prisma_size};
	coffer_schema *schema;
	coffer_status status = coffer_schema_new(&schema, error);

	*schema_out = NULL;
	if (!status && !(status = parse(text, "litellm.prisma", schema, error)))
		status = coffer_schema_settle_bare(schema, error);
	if (status) {
		coffer_schema_free(schema);
		return status;
	}
	for (size_t i = 0; i < schema->table_count; i++)
		schema->tables[i].is_known = true;
	*schema_out = schema;
	return COFFER_OK;
}
