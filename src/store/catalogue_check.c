/*
 * What must hold of a schema in a catalogue beyond its bytes, so that nothing that reads it later needs a check
 * of its own: every number names what exists and every key column has a key. SPEC.md 6.3 and 6.4.
 */
#include "store/catalogue.h"
#include "store/catalogue_shape.h"

#include "format/checksum.h"
#include "format/key.h"
#include "schema/layout.h"
#include "schema/name.h"

#include <stdlib.h>
#include <string.h>

struct checker {
	const coffer_schema *schema;
	coffer_status wrong; /* what a breach is called */
	coffer_error *error;
};

#define WRONG(checker, ...) coffer_error_set((checker)->error, (checker)->wrong, __VA_ARGS__)

/* The names of an array of structs with a `name` as their first member differ. */
static coffer_status
check_names(const struct checker *checker, const void *members, size_t count, size_t size,
	    const char *what)
{
	const char **names = count > 1 ? calloc(count, sizeof(*names)) : NULL;
	coffer_status status = COFFER_OK;
	const char *twice;

	if (count <= 1)
		return COFFER_OK;
	if (!names)
		return coffer_error_set(checker->error, COFFER_NO_MEMORY, "no memory for %zu names",
					count);
	for (size_t i = 0; i < count; i++)
		memcpy(&names[i], (const char *)members + i * size, sizeof(*names));
	if (!coffer_names_differ(names, count, &twice))
		status = WRONG(checker, "the %s %s is there twice", what, twice);
	free(names);
	return status;
}

#define NAMES(checker, array, count, what) \
	check_names((checker), (array), (count), sizeof(*(array)), (what))

static coffer_status
check_numbers(const struct checker *checker, const coffer_table *table, const uint16_t *numbers,
	      size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (numbers[i] >= table->column_count)
			return WRONG(checker, "names column %u of %zu", numbers[i],
				     table->column_count);
	return COFFER_OK;
}

/* ------------------------------------------------------------------ columns */

static bool
is_width(const coffer_column *column)
{
	switch (column->kind) {
	case COFFER_INT:
		return column->width == 2 || column->width == 4 || column->width == 8;
	case COFFER_FLOAT:
		return column->width == 4 || column->width == 8;
	default:
		return !column->width;
	}
}

static coffer_status
check_column(const struct checker *checker, const coffer_column *column)
{
	if (column->kind == COFFER_NULL)
		return WRONG(checker, "a column cannot be of the kind 0");
	if (!is_width(column))
		return WRONG(checker, "the kind %d has no width %u", (int)column->kind,
			     column->width);
	if (column->is_interned && column->kind != COFFER_TEXT && column->kind != COFFER_JSON)
		return WRONG(checker, "interned, but of the kind %d", (int)column->kind);
	if (column->has_zone && column->kind != COFFER_TIME)
		return WRONG(checker, "has a zone, but is no time");
	if (column->is_binary_json && column->kind != COFFER_JSON)
		return WRONG(checker, "is binary JSON, but no JSON");
	return COFFER_OK;
}

/* Each position below the number of columns is taken exactly once. */
static coffer_status
check_positions(const struct checker *checker, const coffer_table *table)
{
	uint8_t taken[COFFER_COLUMNS_MAX / 8 + 1] = {0};

	for (size_t i = 0; i < table->column_count; i++) {
		uint16_t position = table->columns[i].position;

		if (position >= table->column_count || taken[position / 8] & 1 << position % 8) {
			WRONG(checker, "the position %u is taken or beyond %zu columns", position,
			      table->column_count);
			coffer_error_at(checker->error, "%s", table->columns[i].name);
			return checker->wrong;
		}
		taken[position / 8] |= (uint8_t)(1 << position % 8);
	}
	return COFFER_OK;
}

static coffer_status
check_columns(const struct checker *checker, const coffer_table *table)
{
	coffer_status status = NAMES(checker, table->columns, table->column_count, "column");

	for (size_t i = 0; i < table->column_count && !status; i++) {
		status = check_column(checker, &table->columns[i]);
		if (status)
			coffer_error_at(checker->error, "%s", table->columns[i].name);
	}
	if (!status && table->time_column != COFFER_NO_COLUMN &&
	    (table->time_column >= table->column_count ||
	     table->columns[table->time_column].kind != COFFER_TIME))
		status = WRONG(checker, "the time column is number %u, which is no time",
			       table->time_column);
	return status ? status : check_positions(checker, table);
}

/* ------------------------------------------------------------------ indexes */

static bool
has_key(const coffer_column *column)
{
	struct coffer_form form = {.kind = column->kind,
				   .width = column->width,
				   .is_interned = column->is_interned};

	return coffer_key_column_size(form, column->is_nullable) > 0;
}

static coffer_status
check_tree(const struct checker *checker, const coffer_table *table, const coffer_index *index)
{
	bool has_tree = index->tree != COFFER_TREE_NONE;

	if (has_tree != (index->key_column_count > 0))
		return WRONG(checker, "a tree of kind %d with %zu key columns", (int)index->tree,
			     index->key_column_count);
	if (has_tree && !table->id)
		return WRONG(checker, "has a tree, but its table has no rows of its own");
	if (index->tree == COFFER_TREE_HASHED && !index->is_unique)
		return WRONG(checker, "hashed, but not unique");
	for (size_t i = 0; index->tree == COFFER_TREE_ORDERED && i < index->key_column_count; i++)
		if (!has_key(&table->columns[index->key_columns[i]]))
			return WRONG(checker, "the key column %s has no key of fixed width",
				     table->columns[index->key_columns[i]].name);
	return COFFER_OK;
}

static coffer_status
check_index(const struct checker *checker, const coffer_table *table, const coffer_index *index)
{
	coffer_status status = check_numbers(checker, table, index->columns, index->column_count);

	if (!status)
		status = check_numbers(checker, table, index->key_columns, index->key_column_count);
	return status ? status : check_tree(checker, table, index);
}

static coffer_status
check_indexes(const struct checker *checker, const coffer_table *table)
{
	coffer_status status = NAMES(checker, table->indexes, table->index_count, "index");

	for (size_t i = 0; i < table->index_count && !status; i++) {
		const coffer_index *index = &table->indexes[i];

		status = check_index(checker, table, index);
		if (!status && index->is_primary != (i == table->primary))
			status = WRONG(checker, "the primary key is index %u, not this",
				       table->primary);
		if (status)
			coffer_error_at(checker->error, "%s", index->name);
	}
	if (!status && table->primary != COFFER_NO_INDEX && table->primary >= table->index_count)
		status = WRONG(checker, "the primary key is index %u of %zu", table->primary,
			       table->index_count);
	return status;
}

/* ------------------------------------------------------------------ relations */

static coffer_status
check_target(const struct checker *checker, const coffer_relation *relation)
{
	const coffer_table *target;
	uint16_t columns[COFFER_KEY_COLUMNS_MAX];

	if (relation->target_table >= checker->schema->table_count)
		return WRONG(checker, "refers to table %u of %zu", relation->target_table,
			     checker->schema->table_count);
	target = &checker->schema->tables[relation->target_table];
	if (strcmp(target->name, relation->target) || !relation->target_columns)
		return WRONG(checker, "refers to %s, but by number to %s", relation->target,
			     target->name);
	for (size_t i = 0; i < relation->column_count; i++) {
		columns[i] = coffer_table_find_column(target, relation->target_columns[i]);
		if (columns[i] == COFFER_NO_COLUMN)
			return WRONG(checker, "refers to %s.%s, which does not exist", target->name,
				     relation->target_columns[i]);
	}
	if (relation->target_index != COFFER_NO_INDEX &&
	    (relation->target_index >= target->index_count ||
	     !coffer_index_begins_with(&target->indexes[relation->target_index], COFFER_TREE_HASHED, columns,
			  relation->column_count)))
		return WRONG(checker, "the target's index %u is not its unique key",
			     relation->target_index);
	return COFFER_OK;
}

static coffer_status
check_relation(const struct checker *checker, const coffer_table *table,
	       const coffer_relation *relation)
{
	coffer_status status =
		check_numbers(checker, table, relation->columns, relation->column_count);

	if (!status)
		status = check_numbers(checker, table, relation->delete_columns,
				       relation->delete_column_count);
	if (status)
		return status;
	if (!relation->column_count)
		return WRONG(checker, "has no columns");
	if (relation->index != COFFER_NO_INDEX &&
	    (relation->index >= table->index_count ||
	     !coffer_index_begins_with(&table->indexes[relation->index], COFFER_TREE_ORDERED, relation->columns,
			  relation->column_count)))
		return WRONG(checker, "the index %u does not begin with its columns",
			     relation->index);
	if (relation->target_table != COFFER_NO_TABLE)
		return check_target(checker, relation);
	return relation->target_index == COFFER_NO_INDEX
		       ? COFFER_OK
		       : WRONG(checker, "has an index of a table that is not here");
}

static coffer_status
check_relations(const struct checker *checker, const coffer_table *table)
{
	coffer_status status = NAMES(checker, table->relations, table->relation_count, "relation");

	for (size_t i = 0; i < table->relation_count && !status; i++) {
		status = check_relation(checker, table, &table->relations[i]);
		if (status)
			coffer_error_at(checker->error, "%s", table->relations[i].name);
	}
	return status;
}

/* ------------------------------------------------------------------ tables */

/* The ids of tables with rows are from 16 and differ. */
static coffer_status
check_id(const struct checker *checker, size_t number)
{
	const coffer_table *tables = checker->schema->tables;
	uint32_t id = tables[number].id;

	if (id && id < COFFER_ID_TABLE_MIN)
		return WRONG(checker, "the id is %u, expected %d or more", id, COFFER_ID_TABLE_MIN);
	for (size_t i = 0; id && i < number; i++)
		if (tables[i].id == id)
			return WRONG(checker, "the id %u is that of %s too", id, tables[i].name);
	return COFFER_OK;
}

static coffer_status
check_table(const struct checker *checker, size_t number)
{
	const coffer_table *table = &checker->schema->tables[number];
	coffer_status status;

	if (!(status = check_id(checker, number)) && !(status = check_columns(checker, table)) &&
	    !(status = check_indexes(checker, table)) &&
	    !(status = check_relations(checker, table)))
		status = NAMES(checker, table->checks, table->check_count, "constraint");
	if (status)
		coffer_error_at(checker->error, "%s", table->name);
	return status;
}

static coffer_status
check_view(const struct checker *checker, const coffer_view *view)
{
	for (size_t i = 0; i < view->index_count; i++)
		if (view->indexes[i].tree != COFFER_TREE_NONE || view->indexes[i].key_column_count)
			return WRONG(checker, "the view %s has an index with a tree", view->name);
	return COFFER_OK;
}

coffer_status
coffer_catalogue_check(const coffer_schema *schema, coffer_status wrong, coffer_error *error)
{
	struct checker checker = {.schema = schema, .wrong = wrong, .error = error};
	coffer_status status;

	if ((status = NAMES(&checker, schema->tables, schema->table_count, "table")) ||
	    (status = NAMES(&checker, schema->views, schema->view_count, "view")) ||
	    (status = NAMES(&checker, schema->sequences, schema->sequence_count, "sequence")) ||
	    (status = NAMES(&checker, schema->enums, schema->enum_count, "enum")) ||
	    (status = NAMES(&checker, schema->domains, schema->domain_count, "domain")))
		return status;
	for (size_t i = 0; i < schema->table_count && !status; i++)
		status = check_table(&checker, i);
	for (size_t i = 0; i < schema->view_count && !status; i++)
		status = check_view(&checker, &schema->views[i]);
	return status;
}

/* ------------------------------------------------------------------ roll-ups */

static bool
is_summed(const coffer_table *table, uint16_t column)
{
	return column < table->column_count && (table->columns[column].kind == COFFER_INT ||
						table->columns[column].kind == COFFER_FLOAT);
}

static coffer_status
check_rollup(const struct checker *checker, const coffer_table *table, const coffer_rollup *rollup,
	     uint32_t *id)
{
	uint16_t time = rollup->time_column, column = rollup->column;

	if (rollup->id <= *id)
		return WRONG(checker, "the id is %u, expected above %u", rollup->id, *id);
	*id = rollup->id;
	if (rollup->unit < COFFER_ROLLUP_HOUR)
		return WRONG(checker, "there is no unit %d", (int)rollup->unit);
	if (time >= table->column_count || table->columns[time].kind != COFFER_TIME)
		return WRONG(checker, "the time is column %u, which is none", time);
	if (column != COFFER_NO_COLUMN &&
	    (column >= table->column_count || table->columns[column].kind != COFFER_TEXT ||
	     !table->columns[column].is_interned))
		return WRONG(checker, "it is by column %u, which is no interned text", column);
	for (size_t i = 0; i < rollup->sum_count; i++)
		if (!is_summed(table, rollup->sums[i]))
			return WRONG(checker, "it sums column %u, which is no number", rollup->sums[i]);
	return COFFER_OK;
}

static coffer_status
check_rollups(const struct checker *checker, const coffer_table *table, uint32_t *id)
{
	coffer_status status = NAMES(checker, table->rollups, table->rollup_count, "roll-up");

	if (!status && table->rollup_count && !table->id)
		status = WRONG(checker, "has roll-ups, but no rows of its own");
	for (size_t i = 0; i < table->rollup_count && !status; i++) {
		status = check_rollup(checker, table, &table->rollups[i], id);
		if (status)
			coffer_error_at(checker->error, "%s", table->rollups[i].name);
	}
	return status;
}

/* Ids ascend from above the tables', so that none is there twice. */
coffer_status
coffer_catalogue_check_rollups(const coffer_schema *schema, coffer_status wrong, coffer_error *error)
{
	struct checker checker = {.schema = schema, .wrong = wrong, .error = error};
	coffer_status status = COFFER_OK;
	uint32_t id = COFFER_ID_TABLE_MIN;

	for (size_t i = 0; i < schema->table_count; i++)
		id = schema->tables[i].id > id ? schema->tables[i].id : id;
	for (size_t i = 0; i < schema->table_count && !status; i++) {
		status = check_rollups(&checker, &schema->tables[i], &id);
		if (status)
			coffer_error_at(error, "catalogue[rollups/%s]", schema->tables[i].name);
	}
	return status;
}
