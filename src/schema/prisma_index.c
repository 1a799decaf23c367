/*
 * Keys and indexes of a model, named and defined as Prisma's DDL and the server make them: a primary
 * key is a constraint, everything unique is a unique index.
 */
#include "schema/name.h"
#include "schema/prisma.h"

#include <string.h>

/* What one attribute asks for. */
struct request {
	struct coffer_prisma *prisma;
	const struct coffer_prisma_block *block;
	coffer_table *table;
	const struct coffer_prisma_attribute *attribute;
	const struct coffer_prisma_field *field; /* of @id and @unique */
	bool is_primary, is_unique;
	coffer_index *index;
	coffer_buffer definition;
};

static const struct {
	const char *name, *method;
} methods[] = {
	{"BTree", "btree"}, {"Hash", "hash"},     {"Gin", "gin"},
	{"Gist", "gist"},   {"SpGist", "spgist"}, {"Brin", "brin"},
};

static const char *
find_method(struct request *request)
{
	const struct coffer_prisma_value *type =
		coffer_prisma_find_argument(request->attribute, "type", -1);

	if (!type)
		return "btree";
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
		if (type->kind == COFFER_PRISMA_WORD && strcmp(type->text, methods[i].name) == 0)
			return methods[i].method;
	coffer_prisma_fail(request->prisma, type->position, "no such index type");
	return "";
}

/* sort: Desc */
static void
append_sort(struct request *request, const struct coffer_prisma_value *value)
{
	bool is_word = value->kind == COFFER_PRISMA_WORD && !request->is_primary;

	if (is_word && strcmp(value->text, "Desc") == 0)
		coffer_buffer_text(&request->definition, " DESC");
	else if (!is_word || strcmp(value->text, "Asc") != 0)
		coffer_prisma_fail(request->prisma, value->position,
				   "Asc or Desc of an index expected");
}

/* ops: raw("..."), or the one named class of jsonb that is not the default. */
static void
append_class(struct request *request, const struct coffer_prisma_value *value)
{
	const char *name = NULL;

	if (value->kind == COFFER_PRISMA_CALL && strcmp(value->text, "raw") == 0 && value->values)
		name = coffer_prisma_string(request->prisma, value->values);
	else if (value->kind == COFFER_PRISMA_WORD && strcmp(value->text, "JsonbPathOps") == 0)
		name = "jsonb_path_ops";
	else if (value->kind != COFFER_PRISMA_WORD ||
		 (strcmp(value->text, "JsonbOps") != 0 && strcmp(value->text, "ArrayOps") != 0))
		coffer_prisma_fail(request->prisma, value->position,
				   "name the operator class as ops: raw(\"...\")");
	if (name)
		coffer_buffer_printf(&request->definition, " %s", name);
}

/* One column: a, or a(sort: Desc, ops: ...). */
static void
add_member(struct request *request, const struct coffer_prisma_value *value)
{
	const struct coffer_prisma_field *field = request->field;
	coffer_index *index = request->index;
	const coffer_column *column;

	if (!field && (value->kind == COFFER_PRISMA_WORD || value->kind == COFFER_PRISMA_CALL))
		field = coffer_prisma_find_field(request->block, value->text);
	if (!field || field->column == COFFER_NO_COLUMN) {
		coffer_prisma_fail(request->prisma, value->position,
				   "no column field of this name");
		return;
	}
	column = &request->table->columns[field->column];
	if (request->is_primary && column->is_nullable) {
		coffer_prisma_fail(request->prisma, value->position,
				   "%.80s may be null in a primary key", field->name);
		return;
	}
	if (index->column_count)
		coffer_buffer_text(&request->definition, ", ");
	coffer_buffer_identifier(&request->definition, column->name);
	index->columns[index->column_count++] = field->column;
	for (const struct coffer_prisma_value *at = value->values; at; at = at->next) {
		if (at->name && strcmp(at->name, "ops") == 0 && !request->is_unique)
			append_class(request, at);
		else if (at->name && strcmp(at->name, "sort") == 0)
			append_sort(request, at);
		else
			coffer_prisma_fail(request->prisma, at->position,
					   "only sort and ops are known here");
	}
}

static void
add_members(struct request *request, const struct coffer_prisma_value *list)
{
	size_t count = 0;

	if (!list || list->kind != COFFER_PRISMA_LIST || !list->values) {
		coffer_prisma_fail(request->prisma, request->attribute->position,
				   "a list of fields expected");
		return;
	}
	for (const struct coffer_prisma_value *at = list->values; at; at = at->next)
		count++;
	if (count > COFFER_KEY_COLUMNS_MAX) {
		coffer_prisma_fail(request->prisma, list->position,
				   "%zu columns, at most %d are allowed", count,
				   COFFER_KEY_COLUMNS_MAX);
		return;
	}
	request->index->columns =
		coffer_prisma_memory(request->prisma, count * sizeof(*request->index->columns));
	for (const struct coffer_prisma_value *at = list->values; at && !request->prisma->status;
	     at = at->next)
		add_member(request, at);
}

/* The one column of a field's own @id or @unique, whose sort stands among the attribute's arguments. */
static void
add_own(struct request *request)
{
	struct coffer_prisma_value value = {.kind = COFFER_PRISMA_WORD,
					    .position = request->attribute->position};
	const struct coffer_prisma_value *sort =
		coffer_prisma_find_argument(request->attribute, "sort", -1);

	request->index->columns = coffer_prisma_memory(request->prisma, sizeof(uint16_t));
	if (request->prisma->status)
		return;
	add_member(request, &value);
	if (sort)
		append_sort(request, sort);
}

/* `map`, or the name that Prisma makes. `name` of an index means the same; of a key it is the client's. */
static void
set_name(struct request *request)
{
	bool is_key = request->is_primary || request->is_unique;
	const char *suffix = request->is_primary ? "_pkey" : request->is_unique ? "_key" : "_idx";
	const char *name = coffer_prisma_string(
		request->prisma,
		coffer_prisma_find_argument(request->attribute, "map", request->field ? 0 : -1));
	coffer_buffer base = {0};

	if (!name && !is_key)
		name = coffer_prisma_string(
			request->prisma,
			coffer_prisma_find_argument(request->attribute, "name", -1));
	if (!name && !request->prisma->status) {
		coffer_name_columns(&base, request->table, request->index->columns,
				    request->is_primary ? 0 : request->index->column_count);
		if (!base.is_failed)
			name = coffer_name_join(request->prisma->schema, base.data, suffix);
		if (!name)
			coffer_prisma_fail_memory(request->prisma);
		coffer_buffer_release(&base);
	}
	request->index->name = name;
}

static void
add_index(struct request *request)
{
	static const char *const names[] = {"fields", "map", "name", "type", "sort", "ops", NULL};
	static const char *const key_names[] = {"fields", "map", "name", "sort", NULL};
	bool is_key = request->is_primary || request->is_unique;

	if (request->prisma->status)
		return;
	coffer_prisma_check_arguments(request->prisma, request->attribute,
				      is_key ? key_names : names, 1);
	request->index = coffer_table_add_index(request->prisma->schema, request->table);
	if (!request->index) {
		coffer_prisma_fail_memory(request->prisma);
		return;
	}
	request->index->is_plain = true;
	request->index->is_primary = request->index->is_constraint = request->is_primary;
	request->index->is_unique = is_key;
	coffer_buffer_printf(&request->definition, "%s (",
			     request->is_primary ? "PRIMARY KEY" : find_method(request));
	if (request->field)
		add_own(request);
	else
		add_members(request, coffer_prisma_find_argument(request->attribute, "fields", 0));
	coffer_buffer_text(&request->definition, ")");
	request->index->definition = coffer_prisma_keep(request->prisma, &request->definition);
	set_name(request);
}

static void
add_field_index(struct coffer_prisma *prisma, const struct coffer_prisma_block *block,
		const struct coffer_prisma_field *field, bool is_primary)
{
	struct request request = {
		.prisma = prisma,
		.block = block,
		.table = &prisma->schema->tables[block->number],
		.attribute = coffer_prisma_find_attribute(field->attributes,
							  is_primary ? "id" : "unique"),
		.field = field,
		.is_primary = is_primary,
		.is_unique = !is_primary,
	};

	if (request.attribute)
		add_index(&request);
}

void
coffer_prisma_indexes(struct coffer_prisma *prisma, const struct coffer_prisma_block *block)
{
	const struct coffer_prisma_attribute *attribute;

	for (const struct coffer_prisma_field *field = block->fields; field; field = field->next)
		add_field_index(prisma, block, field, true);
	for (const struct coffer_prisma_field *field = block->fields; field; field = field->next)
		add_field_index(prisma, block, field, false);
	for (attribute = block->attributes; attribute && !prisma->status;
	     attribute = attribute->next) {
		struct request request = {
			.prisma = prisma,
			.block = block,
			.table = &prisma->schema->tables[block->number],
			.attribute = attribute,
			.is_primary = strcmp(attribute->name, "id") == 0,
			.is_unique = strcmp(attribute->name, "unique") == 0,
		};

		if (request.is_primary || request.is_unique ||
		    strcmp(attribute->name, "index") == 0)
			add_index(&request);
	}
}
