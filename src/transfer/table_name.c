/*
 * Names of tables and columns that somebody gives. What matches in full goes before what matches in part, and
 * what could mean two tables means neither.
 */
#include "transfer/table_name.h"

#include "transfer/suggest.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define GATEWAY_PREFIX "LiteLLM_"

/* A table's name without the gateway's prefix. */
static const char *
short_name(const char *name)
{
	size_t size = sizeof(GATEWAY_PREFIX) - 1;

	return !strncasecmp(name, GATEWAY_PREFIX, size) && name[size] ? name + size : name;
}

static coffer_status
refuse(const coffer_schema *schema, const char *name, coffer_error *error)
{
	struct coffer_suggestion full = {.word = name}, part = {.word = name};

	for (size_t i = 0; i < schema->table_count; i++) {
		coffer_suggestion_offer(&full, schema->tables[i].name);
		coffer_suggestion_offer(&part, short_name(schema->tables[i].name));
	}
	if (part.best && (!full.best || part.distance < full.distance))
		full = part;
	if (strchr(name, ','))
		coffer_error_set(error, COFFER_NOT_FOUND,
				 "no such table; several are named one by one, --table before each");
	else if (full.best)
		coffer_error_set(error, COFFER_NOT_FOUND, "no such table, did you mean '%s'?",
				 full.best);
	else
		coffer_error_set(error, COFFER_NOT_FOUND, "no such table");
	coffer_error_at(error, "%s", name);
	return COFFER_NOT_FOUND;
}

/* The first table that the name matches in part; another one is an answer too. */
static void
find(const coffer_schema *schema, const char *name, uint32_t *table_out, const char **other_out)
{
	*table_out = COFFER_NO_TABLE;
	*other_out = NULL;
	for (uint32_t i = 0; i < schema->table_count; i++) {
		const char *found = schema->tables[i].name;

		if (strcasecmp(found, name) && strcasecmp(short_name(found), name))
			continue;
		if (*table_out == COFFER_NO_TABLE)
			*table_out = i;
		else
			*other_out = found;
	}
}

coffer_status
coffer_table_resolve(const coffer_schema *schema, const char *name, uint32_t *table_out,
		     coffer_error *error)
{
	const char *other = NULL;

	*table_out = coffer_schema_find_table(schema, name);
	if (*table_out == COFFER_NO_TABLE)
		find(schema, name, table_out, &other);
	if (*table_out == COFFER_NO_TABLE)
		return refuse(schema, name, error);
	if (other)
		return coffer_error_set(error, COFFER_INVALID, "table '%s' may be %s or %s", name,
					schema->tables[*table_out].name, other);
	if (schema->tables[*table_out].id)
		return COFFER_OK;
	return coffer_error_set(
		error, COFFER_INVALID, "table %s is a partition: its rows are those of %s",
		schema->tables[*table_out].name, schema->tables[*table_out].partition_of);
}

coffer_status
coffer_column_refuse(const coffer_table *table, coffer_text name, coffer_status status,
		     coffer_error *error)
{
	char word[COFFER_NAME_SIZE_MAX + 1];
	struct coffer_suggestion suggestion = {.word = word};

	snprintf(word, sizeof(word), "%.*s",
		 (int)(name.size < sizeof(word) ? name.size : sizeof(word) - 1), name.data);
	for (size_t i = 0; i < table->column_count; i++)
		coffer_suggestion_offer(&suggestion, table->columns[i].name);
	return coffer_error_set(error, status, "no column '%s'%s%s%s", word,
				suggestion.best ? ", did you mean '" : "",
				suggestion.best ? suggestion.best : "", suggestion.best ? "'?" : "");
}
