/*
 * Relations of a model: a field with `fields` and `references` is a foreign key with Prisma's default
 * actions (ON UPDATE CASCADE; ON DELETE SET NULL where every column is optional, else RESTRICT), a
 * field without them is its other side. Soft relations come from directives:
 *
 *   @coffer.refers api_key -> LiteLLM_VerificationToken(token)
 *   @coffer.refers object_id -> *
 */
#include "schema/name.h"
#include "schema/prisma.h"

#include <string.h>

static const struct {
	const char *name;
	coffer_action action;
} actions[] = {
	{"NoAction", COFFER_NO_ACTION},     {"Restrict", COFFER_RESTRICT},
	{"Cascade", COFFER_CASCADE},        {"SetNull", COFFER_SET_NULL},
	{"SetDefault", COFFER_SET_DEFAULT},
};

static coffer_action
read_action(struct coffer_prisma *prisma, const struct coffer_prisma_attribute *attribute,
	    const char *name, coffer_action otherwise)
{
	const struct coffer_prisma_value *value = coffer_prisma_find_argument(attribute, name, -1);

	if (!value)
		return otherwise;
	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++)
		if (value->kind == COFFER_PRISMA_WORD && strcmp(value->text, actions[i].name) == 0)
			return actions[i].action;
	coffer_prisma_fail(prisma, value->position, "no such action");
	return otherwise;
}

/* The columns of a list of fields; their number, 0 after a failure. */
static size_t
read_columns(struct coffer_prisma *prisma, const struct coffer_prisma_block *block,
	     const struct coffer_prisma_attribute *attribute, const char *name, uint16_t *columns)
{
	const struct coffer_prisma_value *list = coffer_prisma_find_argument(attribute, name, -1);
	size_t count = 0;

	if (!list || list->kind != COFFER_PRISMA_LIST || !list->values) {
		coffer_prisma_fail(prisma, attribute->position, "a list of fields expected for %s",
				   name);
		return 0;
	}
	for (const struct coffer_prisma_value *at = list->values; at; at = at->next, count++) {
		const struct coffer_prisma_field *field =
			at->kind == COFFER_PRISMA_WORD ? coffer_prisma_find_field(block, at->text)
						       : NULL;

		if (!field || field->column == COFFER_NO_COLUMN ||
		    count == COFFER_KEY_COLUMNS_MAX) {
			coffer_prisma_fail(prisma, at->position,
					   "no column field of this name, or too many");
			return 0;
		}
		columns[count] = field->column;
	}
	return count;
}

/* A relation with `count` columns; NULL after a failure. */
static coffer_relation *
new_relation(struct coffer_prisma *prisma, coffer_table *table, const uint16_t *columns,
	     size_t count)
{
	coffer_relation *relation = coffer_table_add_relation(prisma->schema, table);

	if (!relation) {
		coffer_prisma_fail_memory(prisma);
		return NULL;
	}
	relation->columns = coffer_prisma_memory(prisma, count * sizeof(*columns));
	relation->target_columns = coffer_prisma_memory(prisma, count * sizeof(char *));
	if (prisma->status)
		return NULL;
	memcpy(relation->columns, columns, count * sizeof(*columns));
	relation->column_count = count;
	return relation;
}

static coffer_action
default_action(const coffer_table *table, const coffer_relation *relation)
{
	for (size_t i = 0; i < relation->column_count; i++)
		if (!table->columns[relation->columns[i]].is_nullable)
			return COFFER_RESTRICT;
	return COFFER_SET_NULL;
}

static const char *
make_name(struct coffer_prisma *prisma, const coffer_table *table, const coffer_relation *relation)
{
	coffer_buffer base = {0};
	const char *name = NULL;

	coffer_name_columns(&base, table, relation->columns, relation->column_count);
	if (!base.is_failed)
		name = coffer_name_join(prisma->schema, base.data, "_fkey");
	if (!name)
		coffer_prisma_fail_memory(prisma);
	coffer_buffer_release(&base);
	return name;
}

static void
add_key(struct coffer_prisma *prisma, const struct coffer_prisma_block *block,
	const struct coffer_prisma_block *target, const struct coffer_prisma_attribute *attribute)
{
	coffer_table *table = &prisma->schema->tables[block->number];
	const coffer_table *target_table = &prisma->schema->tables[target->number];
	uint16_t columns[COFFER_KEY_COLUMNS_MAX] = {0},
		 target_columns[COFFER_KEY_COLUMNS_MAX] = {0};
	size_t count = read_columns(prisma, block, attribute, "fields", columns);
	size_t target_count = read_columns(prisma, target, attribute, "references", target_columns);
	coffer_relation *relation;

	if (!prisma->status && count != target_count)
		coffer_prisma_fail(prisma, attribute->position, "%zu fields refer to %zu", count,
				   target_count);
	if (prisma->status || !(relation = new_relation(prisma, table, columns, count)))
		return;
	relation->target = target_table->name;
	for (size_t i = 0; i < count; i++)
		relation->target_columns[i] = target_table->columns[target_columns[i]].name;
	relation->on_update = read_action(prisma, attribute, "onUpdate", COFFER_CASCADE);
	relation->on_delete =
		read_action(prisma, attribute, "onDelete", default_action(table, relation));
	relation->name =
		coffer_prisma_string(prisma, coffer_prisma_find_argument(attribute, "map", -1));
	if (!relation->name && !prisma->status)
		relation->name = make_name(prisma, table, relation);
}

/* The name of a relation, which pairs its two sides; "" for none. */
static const char *
relation_name(struct coffer_prisma *prisma, const struct coffer_prisma_attribute *attribute)
{
	const char *name = NULL;

	if (attribute)
		name = coffer_prisma_string(prisma,
					    coffer_prisma_find_argument(attribute, "name", 0));
	return name ? name : "";
}

/* True where `target` has a field with `fields` that is the owning side of `field` of `block`. */
static bool
has_owner(struct coffer_prisma *prisma, const struct coffer_prisma_block *block,
	  const struct coffer_prisma_block *target, const char *name)
{
	for (const struct coffer_prisma_field *field = target->fields; field; field = field->next) {
		const struct coffer_prisma_attribute *attribute;

		if (field->column != COFFER_NO_COLUMN || strcmp(field->type, block->name) != 0)
			continue;
		attribute = coffer_prisma_find_attribute(field->attributes, "relation");
		if (attribute && coffer_prisma_find_argument(attribute, "fields", -1) &&
		    strcmp(relation_name(prisma, attribute), name) == 0)
			return true;
	}
	return false;
}

static void
add_field(struct coffer_prisma *prisma, const struct coffer_prisma_block *block,
	  const struct coffer_prisma_field *field)
{
	static const char *const names[] = {"name",     "fields",   "references", "map",
					    "onDelete", "onUpdate", NULL};
	const struct coffer_prisma_block *target =
		coffer_prisma_find_block(prisma, field->type, false);
	const struct coffer_prisma_attribute *attribute =
		coffer_prisma_find_attribute(field->attributes, "relation");

	if (attribute)
		coffer_prisma_check_arguments(prisma, attribute, names, 1);
	if (prisma->status)
		return;
	if (attribute && coffer_prisma_find_argument(attribute, "fields", -1))
		add_key(prisma, block, target, attribute);
	else if (!has_owner(prisma, block, target, relation_name(prisma, attribute)))
		coffer_prisma_fail(prisma, field->position,
				   "%.80s has no field with `fields` that refers back to %.80s",
				   target->name, block->name);
}

/* ------------------------------------------------------------------ soft relations */

coffer_text
coffer_prisma_next_name(const char **at, const char *end)
{
	const char *start = *at, *stop = memchr(start, ',', (size_t)(end - start));

	*at = stop ? stop + 1 : end;
	stop = stop ? stop : end;
	while (start < stop && strchr(" \t\r", *start))
		start++;
	while (stop > start && strchr(" \t\r", stop[-1]))
		stop--;
	return (coffer_text){start, (size_t)(stop - start)};
}

uint16_t
coffer_prisma_find_column(const coffer_table *table, coffer_text name)
{
	for (size_t i = 0; i < table->column_count; i++) {
		const coffer_column *column = &table->columns[i];
		const char *field = column->field ? column->field : column->name;

		if (strlen(field) == name.size && memcmp(field, name.data, name.size) == 0)
			return (uint16_t)i;
	}
	return COFFER_NO_COLUMN;
}

static char *
copy(struct coffer_prisma *prisma, coffer_text text)
{
	char *name = coffer_prisma_memory(prisma, text.size + 1);

	if (name && text.size)
		memcpy(name, text.data, text.size);
	return name;
}

/* Behind the arrow: "*", or a table and as many columns as refer to it. */
static void
read_target(struct coffer_prisma *prisma, const struct coffer_prisma_reference *reference,
	    const char *text, coffer_relation *relation)
{
	const char *end = text + strlen(text), *open = strrchr(text, '('),
		   *close = strrchr(text, ')');
	const char *at = text;
	const struct coffer_prisma_block *block;
	size_t count = 0;

	relation->target = copy(prisma, coffer_prisma_next_name(&at, open && close > open ? open : end));
	if (prisma->status)
		return;
	if (strcmp(relation->target, "*") == 0) {
		relation->target_columns = NULL;
		return;
	}
	block = coffer_prisma_find_block(prisma, relation->target, false);
	if (block)
		relation->target = block->table;
	for (at = open ? open + 1 : end; close > at && count < relation->column_count; count++) {
		coffer_text name = coffer_prisma_next_name(&at, close);
		uint16_t column = block ? coffer_prisma_find_column(&prisma->schema->tables[block->number], name)
					: COFFER_NO_COLUMN;

		relation->target_columns[count] =
			column == COFFER_NO_COLUMN
				? copy(prisma, name)
				: prisma->schema->tables[block->number].columns[column].name;
	}
	if (!*relation->target || count != relation->column_count || at < close)
		coffer_prisma_fail(
			prisma, reference->position,
			"\"columns -> Table(columns)\", as many on either side, expected");
}

static void
add_soft(struct coffer_prisma *prisma, const struct coffer_prisma_block *block,
	 const struct coffer_prisma_reference *reference)
{
	coffer_table *table = &prisma->schema->tables[block->number];
	const char *arrow = strstr(reference->text, "->"), *at = reference->text;
	uint16_t columns[COFFER_KEY_COLUMNS_MAX];
	coffer_relation *relation;
	coffer_buffer name = {0};
	size_t count = 0;

	while (arrow && at < arrow && count < COFFER_KEY_COLUMNS_MAX) {
		columns[count] = coffer_prisma_find_column(table, coffer_prisma_next_name(&at, arrow));
		if (columns[count++] == COFFER_NO_COLUMN)
			arrow = NULL;
	}
	if (!arrow || !count || at < arrow) {
		coffer_prisma_fail(prisma, reference->position,
				   "columns of %.80s, then \"->\", expected", block->name);
		return;
	}
	if (!(relation = new_relation(prisma, table, columns, count)))
		return;
	relation->is_soft = true;
	coffer_buffer_printf(&name, "%s.", table->name);
	for (size_t i = 0; i < count; i++)
		coffer_buffer_printf(&name, "%s%s", i ? "_" : "", table->columns[columns[i]].name);
	name.size = coffer_name_clip(name.data ? name.data : "", name.size, COFFER_NAME_SIZE_MAX);
	if (name.data)
		name.data[name.size] = '\0';
	relation->name = coffer_prisma_keep(prisma, &name);
	read_target(prisma, reference, arrow + 2, relation);
}

void
coffer_prisma_relations(struct coffer_prisma *prisma, const struct coffer_prisma_block *block)
{
	const struct coffer_prisma_reference *reference;

	for (const struct coffer_prisma_field *field = block->fields; field; field = field->next)
		if (field->column == COFFER_NO_COLUMN && !prisma->status)
			add_field(prisma, block, field);
	for (reference = block->references; reference && !prisma->status;
	     reference = reference->next)
		add_soft(prisma, block, reference);
}
