/*
 * The layout of a table: the order of a record's elements, the trees of its indexes, and the indexes
 * that relations need at either end. It follows from the columns and from the interned marks alone, so
 * it can be made again when a load has marked more columns. SPEC.md 4.10, 5 and 7.
 */
#include "schema/layout.h"
#include "schema/name.h"

#include <string.h>

static coffer_status
no_memory(coffer_error *error)
{
	return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a schema");
}

bool
coffer_column_has_key(const coffer_column *column)
{
	switch (column->kind) {
	case COFFER_BOOL:
	case COFFER_INT:
	case COFFER_FLOAT:
	case COFFER_TIME:
		return true;
	case COFFER_TEXT:
	case COFFER_JSON:
		return column->is_interned;
	default:
		return false;
	}
}

bool
coffer_columns_have(const uint16_t *columns, size_t count, uint16_t column)
{
	for (size_t i = 0; i < count; i++)
		if (columns[i] == column)
			return true;
	return false;
}

/* ------------------------------------------------------------------ record order */

static int
rank(const coffer_table *table, uint16_t number)
{
	const coffer_column *column = &table->columns[number];
	const coffer_index *primary =
		table->primary == COFFER_NO_INDEX ? NULL : &table->indexes[table->primary];

	if (column->is_interned)
		return 5;
	switch (column->kind) {
	case COFFER_TIME:
		return 0;
	case COFFER_FLOAT:
		return 1;
	case COFFER_INT:
		return 3;
	case COFFER_BOOL:
		return 4;
	case COFFER_TEXT:
		return primary && coffer_columns_have(primary->columns, primary->column_count,
						      number)
			       ? 2
			       : 6;
	case COFFER_TEXT_ARRAY:
	case COFFER_BYTES:
		return 7;
	case COFFER_JSON:
		return 8;
	default:
		return 6;
	}
}

static void
order_record(coffer_table *table)
{
	uint16_t position = 0;

	for (int wanted = 0; wanted <= 8; wanted++)
		for (size_t i = 0; i < table->column_count; i++)
			if (rank(table, (uint16_t)i) == wanted)
				table->columns[i].position = position++;
}

/* ------------------------------------------------------------------ trees */

/* Key of an ordered index: the leading columns that have a key, then the time column. */
static coffer_status
order_index(coffer_schema *schema, const coffer_table *table, coffer_index *index,
	    coffer_error *error)
{
	size_t count = 0;

	while (count < index->column_count &&
	       coffer_column_has_key(&table->columns[index->columns[count]]))
		count++;
	if (!count)
		return COFFER_OK;
	index->key_columns =
		coffer_schema_memory(schema, (count + 1) * sizeof(*index->key_columns));
	if (!index->key_columns)
		return no_memory(error);
	memcpy(index->key_columns, index->columns, count * sizeof(*index->key_columns));
	if (table->time_column != COFFER_NO_COLUMN && count < COFFER_KEY_COLUMNS_MAX &&
	    !coffer_columns_have(index->key_columns, count, table->time_column))
		index->key_columns[count++] = table->time_column;
	index->key_column_count = count;
	index->tree = COFFER_TREE_ORDERED;
	return COFFER_OK;
}

static coffer_status
lay_index(coffer_schema *schema, const coffer_table *table, coffer_index *index,
	  coffer_error *error)
{
	index->tree = COFFER_TREE_NONE;
	index->key_columns = NULL;
	index->key_column_count = 0;
	if (table->partition_of || !index->column_count)
		return COFFER_OK;
	if (!index->is_unique || !index->is_plain)
		return order_index(schema, table, index, error);
	index->tree = COFFER_TREE_HASHED;
	index->key_columns = index->columns;
	index->key_column_count = index->column_count;
	return COFFER_OK;
}

/* Drop coffer's own indexes and give each declared one its tree. */
static coffer_status
lay_declared(coffer_schema *schema, coffer_table *table, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	size_t count = 0;

	table->primary = COFFER_NO_INDEX;
	for (size_t i = 0; i < table->index_count; i++) {
		if (!table->indexes[i].definition)
			continue;
		if (table->indexes[i].is_primary)
			table->primary = (uint16_t)count;
		if (count < i)
			table->indexes[count] = table->indexes[i];
		count++;
	}
	table->index_count = count;
	for (size_t i = 0; i < count && !status; i++)
		status = lay_index(schema, table, &table->indexes[i], error);
	return status;
}

/* ------------------------------------------------------------------ relations */

bool
coffer_index_begins_with(const coffer_index *index, coffer_tree_kind tree, const uint16_t *columns,
			 size_t count)
{
	if (index->tree != tree || index->key_column_count < count)
		return false;
	if (tree == COFFER_TREE_ORDERED)
		return !memcmp(index->key_columns, columns, count * sizeof(*columns));
	for (size_t i = 0; i < count; i++)
		if (!coffer_columns_have(index->key_columns, index->key_column_count, columns[i]))
			return false;
	return index->key_column_count == count;
}

static uint16_t
find_key(const coffer_table *table, coffer_tree_kind tree, const uint16_t *columns, size_t count)
{
	for (size_t i = 0; i < table->index_count; i++)
		if (coffer_index_begins_with(&table->indexes[i], tree, columns, count))
			return (uint16_t)i;
	return COFFER_NO_INDEX;
}

/* "<table>_<columns>_rel", with a digit where that is taken. */
static char *
name_index(coffer_schema *schema, const coffer_table *table, const uint16_t *columns, size_t count)
{
	char suffix[] = "_rel\0\0\0";
	coffer_buffer base = {0};
	char *name = NULL;

	coffer_name_columns(&base, table, columns, count);
	if (!base.is_failed)
		name = coffer_name_join(schema, base.data, suffix);
	for (unsigned digit = 1; name && digit < 1000; digit++) {
		unsigned scale = digit >= 100 ? 100 : digit >= 10 ? 10 : 1;
		char *at = suffix + 4;

		if (coffer_table_find_index(table, name) == COFFER_NO_INDEX)
			break;
		for (; scale; scale /= 10)
			*at++ = (char)('0' + digit / scale % 10);
		name = coffer_name_join(schema, base.data, suffix);
	}
	coffer_buffer_release(&base);
	return name;
}

/* Make sure that an ordered index begins with these columns, where all of them have a key. */
static coffer_status
need_index(coffer_schema *schema, coffer_table *table, const uint16_t *columns, size_t count,
	   uint16_t *number_out, coffer_error *error)
{
	coffer_index *index;
	char *name;

	*number_out = COFFER_NO_INDEX;
	if (table->partition_of)
		return COFFER_OK;
	for (size_t i = 0; i < count; i++)
		if (!coffer_column_has_key(&table->columns[columns[i]]))
			return COFFER_OK;
	*number_out = find_key(table, COFFER_TREE_ORDERED, columns, count);
	if (*number_out != COFFER_NO_INDEX)
		return COFFER_OK;
	if (table->index_count >= COFFER_INDEXES_MAX)
		return coffer_error_set(error, COFFER_LIMIT,
					"relations need more than the %d indexes allowed",
					COFFER_INDEXES_MAX);
	name = name_index(schema, table, columns, count);
	index = coffer_table_add_index(schema, table);
	if (!name || !index)
		return no_memory(error);
	index->name = name;
	index->is_plain = true;
	index->columns = coffer_schema_memory(schema, count * sizeof(*columns));
	if (!index->columns)
		return no_memory(error);
	memcpy(index->columns, columns, count * sizeof(*columns));
	index->column_count = count;
	*number_out = (uint16_t)(table->index_count - 1);
	return order_index(schema, table, index, error);
}

/* The far end of a relation: its unique key, else an ordered index of the target's own. */
static coffer_status
lay_target(coffer_schema *schema, coffer_relation *relation, coffer_error *error)
{
	coffer_table *target = &schema->tables[relation->target_table];
	uint16_t columns[COFFER_KEY_COLUMNS_MAX];
	uint16_t ordered;

	for (size_t i = 0; i < relation->column_count; i++)
		columns[i] = coffer_table_find_column(target, relation->target_columns[i]);
	relation->target_index =
		find_key(target, COFFER_TREE_HASHED, columns, relation->column_count);
	if (relation->target_index != COFFER_NO_INDEX)
		return COFFER_OK;
	return need_index(schema, target, columns, relation->column_count, &ordered, error);
}

static coffer_status
lay_relations(coffer_schema *schema, uint32_t number, coffer_error *error)
{
	coffer_table *table = &schema->tables[number];
	coffer_status status = COFFER_OK;

	for (size_t i = 0; i < table->relation_count && !status; i++) {
		coffer_relation *relation = &table->relations[i];

		status = need_index(schema, table, relation->columns, relation->column_count,
				    &relation->index, error);
	}
	for (size_t t = 0; t < schema->table_count; t++) {
		coffer_table *source = &schema->tables[t];

		for (size_t i = 0; i < source->relation_count && !status; i++)
			if (source->relations[i].target_table == number)
				status = lay_target(schema, &source->relations[i], error);
	}
	return status;
}

coffer_status
coffer_table_layout(coffer_schema *schema, uint32_t number, coffer_error *error)
{
	coffer_table *table = &schema->tables[number];
	coffer_status status = lay_declared(schema, table, error);

	if (!status) {
		order_record(table);
		status = lay_relations(schema, number, error);
	}
	if (status)
		coffer_error_at(error, "%s", table->name);
	return status;
}
