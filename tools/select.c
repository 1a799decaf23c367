/*
 * Names on the command line, of tables, columns and indexes.
 */
#include "select.h"

#include "report.h"
#include "transfer/suggest.h"
#include "transfer/table_name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
coffer_select_table(const struct coffer_arguments *arguments, const coffer_schema *schema,
		    const char *name, uint32_t *table_out)
{
	coffer_error error = {0};
	coffer_status status = coffer_table_resolve(schema, name, table_out, &error);

	if (status == COFFER_INVALID)
		return coffer_report_usage(arguments, "%s", error.message);
	return status ? coffer_report_error(arguments, &error) : COFFER_EXIT_DONE;
}

/* A column's name of known length; the whole rest of the list is tried first by the caller. */
static uint16_t
find_column(const coffer_table *table, const char *name, size_t size)
{
	for (size_t i = 0; i < table->column_count; i++)
		if (strlen(table->columns[i].name) == size &&
		    !memcmp(table->columns[i].name, name, size))
			return (uint16_t)i;
	return COFFER_NO_COLUMN;
}

static int
refuse_column(const struct coffer_arguments *arguments, const coffer_table *table, const char *name,
	      size_t size)
{
	coffer_error error = {0};

	(void)coffer_column_refuse(table, (coffer_text){name, size}, COFFER_NOT_FOUND, &error);
	coffer_error_at(&error, "%s", table->name);
	return coffer_report_error(arguments, &error);
}

int
coffer_select_column(const struct coffer_arguments *arguments, const coffer_table *table,
		     const char *name, uint16_t *column_out)
{
	*column_out = coffer_table_find_column(table, name);
	if (*column_out != COFFER_NO_COLUMN)
		return COFFER_EXIT_DONE;
	return refuse_column(arguments, table, name, strlen(name));
}

/* Append the columns of one list. */
static int
add_columns(const struct coffer_arguments *arguments, const coffer_table *table, const char *list,
	    uint16_t *columns, size_t *count)
{
	uint16_t whole = coffer_table_find_column(table, list);

	if (whole != COFFER_NO_COLUMN) {
		columns[(*count)++] = whole;
		return COFFER_EXIT_DONE;
	}
	for (;; list++) {
		size_t size = strcspn(list, ",");

		columns[*count] = find_column(table, list, size);
		if (columns[*count] == COFFER_NO_COLUMN)
			return refuse_column(arguments, table, list, size);
		++*count;
		list += size;
		if (!*list)
			return COFFER_EXIT_DONE;
	}
}

int
coffer_select_columns(const struct coffer_arguments *arguments, const coffer_table *table,
		      uint16_t **columns_out, size_t *count_out)
{
	size_t position = 0, size = 0;
	int code = COFFER_EXIT_DONE;
	const char *list;

	*columns_out = NULL;
	*count_out = 0;
	if (!coffer_option_is_given(arguments, COFFER_OPTION_COLUMNS))
		return COFFER_EXIT_DONE;
	/* A list has no more names than bytes. */
	while ((list = coffer_option_next(arguments, COFFER_OPTION_COLUMNS, &position)))
		size += strlen(list) + 1;
	*columns_out = calloc(size + 1, sizeof(**columns_out));
	if (!*columns_out)
		return coffer_report_usage(arguments, "no memory for the columns");
	position = 0;
	while (!code && (list = coffer_option_next(arguments, COFFER_OPTION_COLUMNS, &position)))
		code = add_columns(arguments, table, list, *columns_out, count_out);
	if (code) {
		free(*columns_out);
		*columns_out = NULL;
	}
	return code;
}

/* Are the columns of `list` the first of the index's key? For a unique one, all of them. */
static bool
begins_with(const coffer_table *table, const coffer_index *index, const char *list)
{
	size_t count = 0;

	for (;; list++) {
		size_t size = strcspn(list, ",");

		if (count == index->key_column_count ||
		    find_column(table, list, size) != index->key_columns[count])
			return false;
		count++;
		list += size;
		if (!*list)
			return index->tree == COFFER_TREE_ORDERED ||
			       count == index->key_column_count;
	}
}

static int
refuse_index(const struct coffer_arguments *arguments, const coffer_table *table, const char *name,
	     coffer_tree_kind tree)
{
	struct coffer_suggestion suggestion = {.word = name};
	uint16_t other = coffer_table_find_index(table, name);

	if (other != COFFER_NO_INDEX && table->indexes[other].tree == COFFER_TREE_HASHED)
		return coffer_report_usage(arguments,
					   "index '%s' finds single rows: use coffer get", name);
	if (other != COFFER_NO_INDEX && table->indexes[other].tree == COFFER_TREE_ORDERED)
		return coffer_report_usage(arguments, "index '%s' is not unique: use coffer scan",
					   name);
	if (other != COFFER_NO_INDEX)
		return coffer_report_usage(arguments, "index '%s' is carried for the server only",
					   name);
	for (size_t i = 0; i < table->index_count; i++)
		if (table->indexes[i].tree == tree)
			coffer_suggestion_offer(&suggestion, table->indexes[i].name);
	if (suggestion.best)
		return coffer_report_missing(arguments, table->name,
					     "no such index '%s', did you mean '%s'?", name,
					     suggestion.best);
	return coffer_report_missing(arguments, table->name,
				     tree == COFFER_TREE_HASHED ? "no unique index '%s'"
								: "no index '%s' to scan",
				     name);
}

int
coffer_select_index(const struct coffer_arguments *arguments, const coffer_table *table,
		    coffer_tree_kind tree, uint16_t *index_out)
{
	const char *name = coffer_option_value(arguments, COFFER_OPTION_INDEX);

	*index_out = COFFER_NO_INDEX;
	if (!name) {
		if (tree == COFFER_TREE_HASHED)
			*index_out = table->primary;
		if (tree == COFFER_TREE_HASHED && *index_out == COFFER_NO_INDEX)
			return coffer_report_usage(arguments,
						   "table %s has no primary key: give --index",
						   table->name);
		return COFFER_EXIT_DONE;
	}
	*index_out = coffer_table_find_index(table, name);
	if (*index_out != COFFER_NO_INDEX && table->indexes[*index_out].tree == tree)
		return COFFER_EXIT_DONE;
	for (size_t i = 0; i < table->index_count; i++) {
		if (table->indexes[i].tree == tree &&
		    begins_with(table, &table->indexes[i], name)) {
			*index_out = (uint16_t)i;
			return COFFER_EXIT_DONE;
		}
	}
	return refuse_index(arguments, table, name, tree);
}

int
coffer_select_missing(const struct coffer_arguments *arguments, const coffer_table *table, int first)
{
	char place[512], key[512] = "";
	size_t size = 0;

	for (int i = first; i < arguments->operand_count && size < sizeof(key); i++)
		size += (size_t)snprintf(key + size, sizeof(key) - size, "%s%s", i > first ? ", " : "",
					 arguments->operands[i]);
	(void)snprintf(place, sizeof(place), "%s: %s", arguments->operands[0], table->name);
	return coffer_report_missing(arguments, place, "no row has the key %s", key);
}
