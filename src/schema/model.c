/*
 * The model of a schema: plain structs and arrays in one arena, freed at once.
 *
 * An array has room for the next power of two of its count, from 4; its capacity is stored nowhere. It
 * is therefore grown by the functions here only. The arrays of a schema that was made in another way
 * (an array of exactly its count) must not be appended to.
 */
#include "base/arena.h"
#include "coffer.h"

#include <stdlib.h>
#include <string.h>

enum { CAPACITY_MIN = 4 };

coffer_status
coffer_schema_new(coffer_schema **schema_out, coffer_error *error)
{
	coffer_schema *schema = calloc(1, sizeof(*schema));

	*schema_out = NULL;
	if (schema)
		schema->arena = calloc(1, sizeof(*schema->arena));
	if (schema && schema->arena && (schema->name = coffer_schema_text(schema, "public"))) {
		*schema_out = schema;
		return COFFER_OK;
	}
	coffer_schema_free(schema);
	return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a schema");
}

void
coffer_schema_free(coffer_schema *schema)
{
	if (!schema)
		return;
	if (schema->arena)
		coffer_arena_release(schema->arena);
	free(schema->arena);
	free(schema);
}

char *
coffer_schema_text(coffer_schema *schema, const char *text)
{
	return text ? coffer_arena_text(schema->arena, text, strlen(text)) : NULL;
}

void *
coffer_schema_memory(coffer_schema *schema, size_t size)
{
	return coffer_arena_alloc(schema->arena, size);
}

/*
 * The array that has room for one member more than `count`, moved when the present one is full; NULL
 * when memory is out. The new member is zeroed, for a member may have been there and been dropped.
 */
static void *
grow(coffer_schema *schema, void *array, size_t count, size_t member_size)
{
	bool is_full = count == 0 || (count >= CAPACITY_MIN && (count & (count - 1)) == 0);
	size_t capacity = count ? count * 2 : CAPACITY_MIN;
	void *moved = array;

	if (is_full) {
		if (capacity > SIZE_MAX / member_size)
			return NULL;
		moved = coffer_arena_alloc(schema->arena, capacity * member_size);
		if (moved && count)
			memcpy(moved, array, count * member_size);
	} else {
		memset((char *)array + count * member_size, 0, member_size);
	}
	return moved;
}

#define APPEND(owner, array, count) \
	do { \
		void *moved = \
			grow(schema, (owner)->array, (owner)->count, sizeof(*(owner)->array)); \
\
		if (moved) \
			(owner)->array = moved; \
		return moved ? &(owner)->array[(owner)->count++] : NULL; \
	} while (0)

coffer_enum *
coffer_schema_add_enum(coffer_schema *schema)
{
	APPEND(schema, enums, enum_count);
}

coffer_domain *
coffer_schema_add_domain(coffer_schema *schema)
{
	APPEND(schema, domains, domain_count);
}

coffer_sequence *
coffer_schema_add_sequence(coffer_schema *schema)
{
	APPEND(schema, sequences, sequence_count);
}

coffer_view *
coffer_schema_add_view(coffer_schema *schema)
{
	APPEND(schema, views, view_count);
}

coffer_column *
coffer_table_add_column(coffer_schema *schema, coffer_table *table)
{
	APPEND(table, columns, column_count);
}

coffer_index *
coffer_table_add_index(coffer_schema *schema, coffer_table *table)
{
	APPEND(table, indexes, index_count);
}

coffer_check *
coffer_table_add_check(coffer_schema *schema, coffer_table *table)
{
	APPEND(table, checks, check_count);
}

coffer_check *
coffer_domain_add_check(coffer_schema *schema, coffer_domain *domain)
{
	APPEND(domain, checks, check_count);
}

coffer_index *
coffer_view_add_index(coffer_schema *schema, coffer_view *view)
{
	APPEND(view, indexes, index_count);
}

static coffer_table *
add_table(coffer_schema *schema)
{
	APPEND(schema, tables, table_count);
}

static coffer_relation *
add_relation(coffer_schema *schema, coffer_table *table)
{
	APPEND(table, relations, relation_count);
}

static coffer_rollup *
add_rollup(coffer_schema *schema, coffer_table *table)
{
	APPEND(table, rollups, rollup_count);
}

/* Numbers start as "none" where 0 would name a member. */
coffer_table *
coffer_schema_add_table(coffer_schema *schema)
{
	coffer_table *table = add_table(schema);

	if (table) {
		table->time_column = COFFER_NO_COLUMN;
		table->primary = COFFER_NO_INDEX;
		table->replica_identity = 'd';
	}
	return table;
}

coffer_relation *
coffer_table_add_relation(coffer_schema *schema, coffer_table *table)
{
	coffer_relation *relation = add_relation(schema, table);

	if (relation) {
		relation->target_table = COFFER_NO_TABLE;
		relation->index = COFFER_NO_INDEX;
		relation->target_index = COFFER_NO_INDEX;
	}
	return relation;
}

coffer_rollup *
coffer_table_add_rollup(coffer_schema *schema, coffer_table *table)
{
	coffer_rollup *rollup = add_rollup(schema, table);

	if (rollup) {
		rollup->unit = COFFER_ROLLUP_HOUR;
		rollup->time_column = COFFER_NO_COLUMN;
		rollup->column = COFFER_NO_COLUMN;
	}
	return rollup;
}

uint32_t
coffer_schema_find_table(const coffer_schema *schema, const char *name)
{
	for (size_t i = 0; name && i < schema->table_count; i++)
		if (strcmp(schema->tables[i].name, name) == 0)
			return (uint32_t)i;
	return COFFER_NO_TABLE;
}

uint16_t
coffer_table_find_column(const coffer_table *table, const char *name)
{
	for (size_t i = 0; name && i < table->column_count; i++)
		if (strcmp(table->columns[i].name, name) == 0)
			return (uint16_t)i;
	return COFFER_NO_COLUMN;
}

uint16_t
coffer_table_find_index(const coffer_table *table, const char *name)
{
	for (size_t i = 0; name && i < table->index_count; i++)
		if (strcmp(table->indexes[i].name, name) == 0)
			return (uint16_t)i;
	return COFFER_NO_INDEX;
}

bool
coffer_table_is_key_column(const coffer_table *table, uint16_t column)
{
	const coffer_index *key =
		table->primary == COFFER_NO_INDEX ? NULL : &table->indexes[table->primary];

	for (size_t i = 0; key && i < key->key_column_count; i++)
		if (key->key_columns[i] == column)
			return true;
	return false;
}

uint16_t
coffer_table_find_rollup(const coffer_table *table, const char *name)
{
	for (size_t i = 0; name && i < table->rollup_count; i++)
		if (strcmp(table->rollups[i].name, name) == 0)
			return (uint16_t)i;
	return COFFER_NO_ROLLUP;
}
