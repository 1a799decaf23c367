/*
 * What must hold of a schema before anything is derived from it: names are there, short enough, UTF-8
 * and different; numbers name what exists; nothing is beyond its limit. SPEC.md 11.
 */
#include "base/utf8.h"
#include "schema/name.h"
#include "schema/settle.h"

#include <stdlib.h>
#include <string.h>

static coffer_status
check_name(const char *name, const char *what, coffer_error *error)
{
	if (!name || !*name)
		return coffer_error_set(error, COFFER_INVALID, "a %s without a name", what);
	if (!coffer_utf8_is_valid(name, strlen(name)))
		return coffer_error_set(error, COFFER_INVALID, "the name of a %s is not UTF-8",
					what);
	if (strlen(name) > COFFER_NAME_SIZE_MAX)
		return coffer_error_set(
			error, COFFER_LIMIT,
			"the name of the %s %.80s... has %zu bytes, at most %d are allowed", what,
			name, strlen(name), COFFER_NAME_SIZE_MAX);
	return COFFER_OK;
}

/* Each name of an array of structs with a `name` as their first member, and that none is there twice. */
static coffer_status
check_names(const void *members, size_t count, size_t member_size, const char *what,
	    coffer_error *error)
{
	const char **names = count ? calloc(count, sizeof(*names)) : NULL;
	coffer_status status = COFFER_OK;
	const char *twice;

	if (count && !names)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for %zu names", count);
	for (size_t i = 0; i < count && !status; i++) {
		memcpy(&names[i], (const char *)members + i * member_size, sizeof(*names));
		status = check_name(names[i], what, error);
	}
	if (!status && !coffer_names_differ(names, count, &twice))
		status = coffer_error_set(error, COFFER_INVALID, "the %s %s is there twice", what,
					  twice);
	free(names);
	return status;
}

#define CHECK_NAMES(array, count, what, error) \
	check_names((array), (count), sizeof(*(array)), (what), (error))

_Static_assert(offsetof(coffer_table, name) == 0 && offsetof(coffer_column, name) == 0 &&
		       offsetof(coffer_index, name) == 0 && offsetof(coffer_relation, name) == 0 &&
		       offsetof(coffer_check, name) == 0 && offsetof(coffer_view, name) == 0 &&
		       offsetof(coffer_sequence, name) == 0 && offsetof(coffer_enum, name) == 0 &&
		       offsetof(coffer_domain, name) == 0,
	       "check_names reads the first member as a name");

static coffer_status
check_numbers(const coffer_table *table, const uint16_t *columns, size_t count, const char *what,
	      coffer_error *error)
{
	if (count > COFFER_KEY_COLUMNS_MAX)
		return coffer_error_set(error, COFFER_LIMIT,
					"%s has %zu columns, at most %d are allowed", what, count,
					COFFER_KEY_COLUMNS_MAX);
	for (size_t i = 0; i < count; i++)
		if (columns[i] >= table->column_count)
			return coffer_error_set(error, COFFER_INVALID,
						"%s names column number %u of %zu", what,
						columns[i], table->column_count);
	return COFFER_OK;
}

static coffer_status
check_columns(const coffer_table *table, coffer_error *error)
{
	coffer_status status = CHECK_NAMES(table->columns, table->column_count, "column", error);

	for (size_t i = 0; i < table->column_count && !status; i++)
		if (!table->columns[i].type || !*table->columns[i].type) {
			status = coffer_error_set(error, COFFER_INVALID, "a column without a type");
			coffer_error_at(error, "%s", table->columns[i].name);
		}
	return status;
}

static coffer_status
check_indexes(const coffer_table *table, coffer_error *error)
{
	coffer_status status = CHECK_NAMES(table->indexes, table->index_count, "index", error);
	size_t primary_count = 0;

	for (size_t i = 0; i < table->index_count && !status; i++) {
		primary_count += table->indexes[i].is_primary;
		status = check_numbers(table, table->indexes[i].columns,
				       table->indexes[i].column_count, table->indexes[i].name,
				       error);
	}
	if (!status && primary_count > 1)
		status = coffer_error_set(error, COFFER_INVALID, "more than one primary key");
	return status;
}

static coffer_status
check_relation(const coffer_table *table, const coffer_relation *relation, coffer_error *error)
{
	coffer_status status = check_numbers(table, relation->columns, relation->column_count,
					     relation->name, error);

	if (!status)
		status = check_numbers(table, relation->delete_columns,
				       relation->delete_column_count, relation->name, error);
	if (status)
		return status;
	if (!relation->column_count || !relation->target)
		return coffer_error_set(error, COFFER_INVALID, "%s has no columns or no target",
					relation->name);
	if (!relation->target_columns && !(relation->is_soft && strcmp(relation->target, "*") == 0))
		return coffer_error_set(error, COFFER_INVALID, "%s names no columns of %s",
					relation->name, relation->target);
	return COFFER_OK;
}

static coffer_status
check_table(const coffer_table *table, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	if (table->column_count > COFFER_COLUMNS_MAX)
		return coffer_error_set(error, COFFER_LIMIT, "%zu columns, at most %d are allowed",
					table->column_count, COFFER_COLUMNS_MAX);
	if (table->index_count > COFFER_INDEXES_MAX)
		return coffer_error_set(error, COFFER_LIMIT, "%zu indexes, at most %d are allowed",
					table->index_count, COFFER_INDEXES_MAX);
	if (table->time_column != COFFER_NO_COLUMN && table->time_column >= table->column_count)
		return coffer_error_set(error, COFFER_INVALID,
					"the time column is number %u of %zu", table->time_column,
					table->column_count);
	if ((status = check_columns(table, error)) || (status = check_indexes(table, error)) ||
	    (status = CHECK_NAMES(table->relations, table->relation_count, "relation", error)) ||
	    (status = CHECK_NAMES(table->checks, table->check_count, "constraint", error)))
		return status;
	for (size_t i = 0; i < table->relation_count && !status; i++)
		status = check_relation(table, &table->relations[i], error);
	return status;
}

coffer_status
coffer_schema_check(const coffer_schema *schema, coffer_error *error)
{
	coffer_status status;

	if (schema->table_count > COFFER_TABLES_MAX)
		return coffer_error_set(error, COFFER_LIMIT, "%zu tables, at most %d are allowed",
					schema->table_count, COFFER_TABLES_MAX);
	if ((status = check_name(schema->name, "schema", error)) ||
	    (status = CHECK_NAMES(schema->tables, schema->table_count, "table", error)) ||
	    (status = CHECK_NAMES(schema->views, schema->view_count, "view", error)) ||
	    (status = CHECK_NAMES(schema->sequences, schema->sequence_count, "sequence", error)) ||
	    (status = CHECK_NAMES(schema->enums, schema->enum_count, "enum", error)) ||
	    (status = CHECK_NAMES(schema->domains, schema->domain_count, "domain", error)))
		return status;
	for (size_t i = 0; i < schema->table_count && !status; i++) {
		status = check_table(&schema->tables[i], error);
		if (status)
			coffer_error_at(error, "%s", schema->tables[i].name);
	}
	return status;
}
