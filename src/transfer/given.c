/*
 * Rows as they are given. Each column has memory of its own, since a value's may move while it is made.
 */
#include "transfer/given.h"

#include <stdlib.h>
#include <string.h>

coffer_status
coffer_given_init(struct coffer_given *given, const coffer_schema *schema,
		  const coffer_table *table, coffer_error *error)
{
	size_t count = table->column_count;

	*given = (struct coffer_given){.schema = schema, .table = table};
	given->values = calloc(count + 1, sizeof(*given->values));
	given->is_given = calloc(count + 1, sizeof(*given->is_given));
	given->memory = calloc(count + 1, sizeof(*given->memory));
	if (!given->values || !given->is_given || !given->memory)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row");
	return COFFER_OK;
}

void
coffer_given_release(struct coffer_given *given)
{
	for (size_t i = 0; given->memory && i < given->table->column_count; i++)
		coffer_buffer_release(&given->memory[i]);
	free(given->values);
	free(given->is_given);
	free(given->memory);
	*given = (struct coffer_given){0};
}

void
coffer_given_clear(struct coffer_given *given)
{
	size_t count = given->table->column_count;

	memset(given->is_given, 0, count * sizeof(*given->is_given));
	for (size_t i = 0; i < count; i++)
		given->values[i].kind = COFFER_NULL;
}

coffer_status
coffer_given_parse(struct coffer_given *given, uint16_t column, coffer_text text,
		   coffer_error *error)
{
	given->is_given[column] = true;
	return coffer_value_parse(given->schema, &given->table->columns[column], text,
				  &given->memory[column], &given->values[column], error);
}

coffer_status
coffer_given_settle(struct coffer_given *given, uint16_t column, coffer_value value,
		    coffer_error *error)
{
	given->is_given[column] = true;
	given->values[column] = value;
	return coffer_value_settle(given->schema, &given->table->columns[column],
				   &given->values[column], &given->memory[column], error);
}
