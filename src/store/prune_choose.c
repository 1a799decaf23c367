/*
 * Which tables lose their old rows, or what their columns get instead of old values.
 */
#include "store/prune.h"

#include "schema/layout.h"
#include "store/write.h"
#include "value/default.h"

#include <string.h>

static bool
is_log(const coffer_table *table)
{
	return table->id && table->time_column != COFFER_NO_COLUMN;
}

/* ------------------------------------------------------------------ tables */

static coffer_status
choose_table(struct coffer_prune *prune, const char *name, coffer_error *error)
{
	uint32_t table = coffer_schema_find_table(prune->store->schema, name);

	if (table == COFFER_NO_TABLE) {
		coffer_error_set(error, COFFER_NOT_FOUND, "no such table");
		coffer_error_at(error, "%s", name);
		return COFFER_NOT_FOUND;
	}
	if (!is_log(coffer_prune_table(prune, table))) {
		coffer_error_set(error, COFFER_INVALID,
				 "no column of it is marked as the time of its rows: it is no log");
		return coffer_error_at(error, "%s", name);
	}
	prune->tables[table].is_chosen = true;
	return COFFER_OK;
}

static coffer_status
choose_tables(struct coffer_prune *prune, coffer_error *error)
{
	const coffer_schema *schema = prune->store->schema;
	coffer_status status = COFFER_OK;
	size_t count = 0;

	for (const char *const *name = prune->options->tables; name && *name && !status; name++)
		status = choose_table(prune, *name, error);
	for (size_t i = 0; !status && i < schema->table_count; i++) {
		if (!prune->options->tables)
			prune->tables[i].is_chosen = is_log(&schema->tables[i]);
		count += prune->tables[i].is_chosen;
	}
	if (status || count)
		return status;
	return coffer_error_set(error, COFFER_NOT_FOUND,
				"no table has a column that is marked as the time of its rows");
}

/* ------------------------------------------------------------------ columns */

/* Why a column keeps its values, NULL where it need not: rows of one value would not be told apart, or lead nowhere. */
static const char *
why_kept(const coffer_table *table, uint16_t column)
{
	if (column == table->time_column)
		return "it is the time of the rows";
	if (table->columns[column].identity)
		return "it is an identity, which numbers the rows";
	for (size_t i = 0; i < table->index_count; i++)
		if (table->indexes[i].is_unique &&
		    coffer_columns_have(table->indexes[i].columns, table->indexes[i].column_count,
					column))
			return i == table->primary ? "it is of the primary key, which tells the rows apart"
						   : "it is of a unique key, which tells the rows apart";
	for (size_t i = 0; i < table->relation_count; i++)
		if (!table->relations[i].is_soft &&
		    coffer_columns_have(table->relations[i].columns,
					table->relations[i].column_count, column))
			return "it is of a foreign key, which leads to a row";
	return NULL;
}

static coffer_status
refuse_sequence(void *context, size_t sequence, int64_t *value_out, coffer_error *error)
{
	const coffer_column *column = context;

	(void)sequence;
	*value_out = 0;
	coffer_error_set(error, COFFER_INVALID,
			 "its default is a number of a sequence, another one for each row");
	return coffer_error_at(error, "%s", column->name);
}

/* The default as the server makes it, else NULL. */
static coffer_status
make_value(struct coffer_prune *prune, uint32_t table, uint16_t column, coffer_value *value_out,
	   coffer_error *error)
{
	const coffer_schema *schema = prune->store->schema;
	coffer_column *of = &schema->tables[table].columns[column];
	coffer_buffer scratch = {0};
	const struct coffer_default_maker maker = {
		.schema = schema,
		.now = coffer_default_now(),
		.memory = &prune->memory,
		.scratch = &scratch,
		.next_value = refuse_sequence,
		.context = of,
	};
	coffer_status status = coffer_default_by_server(&maker, table, column, value_out, error);

	coffer_buffer_release(&scratch);
	if (status || value_out->kind != COFFER_NULL || coffer_column_takes_null(schema, of))
		return status;
	coffer_error_set(error, COFFER_INVALID, "it is NOT NULL and has no default");
	return coffer_error_at(error, "%s", of->name);
}

static coffer_status
empty_column(struct coffer_prune *prune, uint32_t table, uint16_t column, coffer_error *error)
{
	const coffer_table *of = coffer_prune_table(prune, table);
	coffer_value *value = coffer_arena_alloc(&prune->memory, sizeof(*value));
	const char *why = why_kept(of, column);
	coffer_status status;

	if (!value)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a value");
	if (why) {
		coffer_error_set(error, COFFER_INVALID, "cannot be emptied: %s", why);
		coffer_error_at(error, "%s", of->columns[column].name);
		status = COFFER_INVALID;
	} else {
		status = make_value(prune, table, column, value, error);
	}
	if (status)
		return coffer_error_at(error, "%s", of->name);
	prune->tables[table].instead[column] = value;
	return COFFER_OK;
}

static coffer_status
empty_columns(struct coffer_prune *prune, uint32_t table, bool *is_met, coffer_error *error)
{
	const coffer_table *of = coffer_prune_table(prune, table);
	size_t size = (of->column_count + 1) * sizeof(*prune->tables[table].instead);
	const coffer_value **instead = coffer_arena_alloc(&prune->memory, size);
	coffer_status status = COFFER_OK;
	size_t count = 0;

	if (!instead)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the columns");
	memset(instead, 0, size);
	prune->tables[table].instead = instead;
	for (size_t i = 0; !status && prune->options->columns[i]; i++) {
		uint16_t column = coffer_table_find_column(of, prune->options->columns[i]);

		if (column == COFFER_NO_COLUMN)
			continue;
		is_met[i] = true;
		count++;
		status = empty_column(prune, table, column, error);
	}
	prune->tables[table].is_chosen = count;
	/* What is made of the others would no longer be what its expression says: as for an update. */
	return status || !count ? status : coffer_check_generated(of, NULL, error);
}

/* Each column is one of a table at least; tables that have none of them are left alone. */
static coffer_status
choose_columns(struct coffer_prune *prune, coffer_error *error)
{
	const char *const *columns = prune->options->columns;
	coffer_status status = COFFER_OK;
	size_t count = 0;
	bool *is_met;

	while (columns[count])
		count++;
	if (!(is_met = coffer_arena_alloc(&prune->memory, count + 1)))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the columns");
	memset(is_met, 0, count + 1);
	for (uint32_t i = 0; !status && i < prune->store->schema->table_count; i++)
		if (prune->tables[i].is_chosen)
			status = empty_columns(prune, i, is_met, error);
	for (size_t i = 0; !status && i < count; i++)
		if (!is_met[i]) {
			coffer_error_set(error, COFFER_NOT_FOUND, "no log has such a column");
			coffer_error_at(error, "%s", columns[i]);
			status = COFFER_NOT_FOUND;
		}
	return status;
}

coffer_status
coffer_prune_choose(struct coffer_prune *prune, coffer_error *error)
{
	coffer_status status = choose_tables(prune, error);

	return status || !prune->options->columns ? status : choose_columns(prune, error);
}
