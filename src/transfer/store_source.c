/*
 * A store as a source of rows: one snapshot of it, table by table, in the order of their arrival.
 */
#include "transfer/selection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_PER_POLL = 1024 };

struct store_source {
	struct coffer_source source;
	char *path;
	coffer_store *store;
	coffer_txn *txn;
	uint32_t next;         /* the next table of the source's schema to look at */
	coffer_cursor *cursor; /* on the table before it */
	const coffer_table *table;
	coffer_value *values;
	uint64_t rows, rows_of_table; /* seen */
};

/* ------------------------------------------------------------------ the rows */

static void
close_table(struct store_source *store)
{
	coffer_cursor_close(store->cursor);
	free(store->values);
	store->cursor = NULL;
	store->values = NULL;
}

/* What the selection left of the schema has other numbers than the store's. */
static coffer_status
open_table(struct store_source *store, coffer_error *error)
{
	const coffer_schema *schema = coffer_store_schema(store->store);
	uint32_t number = coffer_schema_find_table(schema, store->table->name);
	coffer_status status;

	store->rows_of_table = 0;
	store->values = calloc(store->table->column_count + 1, sizeof(*store->values));
	if (!store->values)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row");
	status = coffer_cursor_open(store->txn, number, &store->cursor, error);
	return status ? status
		      : coffer_selection_scan(&store->source.options->selection, store->table,
					      store->cursor, error);
}

static coffer_status
next_table(struct coffer_source *source, uint32_t *table_out, coffer_error *error)
{
	struct store_source *store = (struct store_source *)source;
	const coffer_schema *schema = source->schema;

	close_table(store);
	while (store->next < schema->table_count && !schema->tables[store->next].id)
		store->next++;
	if (store->next == schema->table_count)
		return COFFER_NOT_FOUND;
	*table_out = store->next++;
	store->table = &schema->tables[*table_out];
	return open_table(store, error);
}

static size_t
size_of(const coffer_value *value)
{
	bool is_text = value->kind >= COFFER_TEXT;

	return is_text ? value->text.size : value->kind == COFFER_NULL ? 0 : sizeof(value->time);
}

/* Behind the last row: the scan began at the selection's `since` where an index knows it. */
static coffer_status
count_early(struct store_source *store, coffer_error *error)
{
	const coffer_schema *schema = coffer_store_schema(store->store);
	uint32_t number = coffer_schema_find_table(schema, store->table->name);
	uint64_t rows;
	coffer_status status = coffer_table_count(store->txn, number, &rows, error);

	if (status)
		return status;
	store->source.early += rows - store->rows_of_table;
	store->rows_of_table = rows;
	return COFFER_NOT_FOUND;
}

static coffer_status
next_row(struct coffer_source *source, const coffer_value **values_out, coffer_error *error)
{
	struct store_source *store = (struct store_source *)source;
	const coffer_transfer_options *options = source->options;
	coffer_status status;
	const coffer_row *row;

	*values_out = NULL;
	if (store->rows++ % ROWS_PER_POLL == 0 && options->progress &&
	    !options->progress(options->progress_context, store->table->name, store->rows - 1,
			       source->bytes))
		return coffer_error_set(error, COFFER_INTERRUPTED, "interrupted");
	status = coffer_cursor_next(store->cursor, &row, error);
	for (size_t i = 0; !status && i < store->table->column_count; i++) {
		status = coffer_row_get(row, (uint16_t)i, &store->values[i], error);
		source->bytes += size_of(&store->values[i]);
	}
	if (status == COFFER_NOT_FOUND)
		status = count_early(store, error);
	if (!status) {
		*values_out = store->values;
		store->rows_of_table++;
	} else if (status < 0) {
		coffer_error_in(error, store->path);
	}
	return status;
}

/* ------------------------------------------------------------------ the whole */

typedef coffer_status (*fact_function)(void *context, const char *name, const char *value,
				       coffer_error *error);

/* Where the rows were before they were in the store: its last step, each fact under a name that says so. */
static coffer_status
tell_facts(struct coffer_source *source, fact_function fact, void *context, coffer_error *error)
{
	const struct store_source *store = (const struct store_source *)source;
	size_t count;
	const coffer_step *steps = coffer_store_provenance(store->store, &count);
	coffer_status status = fact(context, "store", store->path, error);

	for (size_t i = 0; count && !status && i < steps[count - 1].fact_count; i++) {
		const coffer_fact *told = &steps[count - 1].facts[i];
		char *name;

		if (asprintf(&name, "store_%s", told->name) < 0)
			return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a fact");
		status = fact(context, name, told->value, error);
		free(name);
	}
	return status;
}

static coffer_status
estimate(struct store_source *store, coffer_error *error)
{
	struct coffer_source *source = &store->source;
	const coffer_schema *schema = coffer_store_schema(store->store);
	coffer_status status = COFFER_OK;
	uint64_t rows;

	source->has_estimate = !source->options->selection.has_since;
	for (size_t i = 0; !status && i < source->schema->table_count; i++) {
		const char *name = source->schema->tables[i].name;

		status = coffer_table_count(store->txn, coffer_schema_find_table(schema, name),
					    &rows, error);
		source->estimate += rows;
	}
	return status;
}

static void
close_store(struct coffer_source *source)
{
	struct store_source *store = (struct store_source *)source;

	close_table(store);
	coffer_txn_end(store->txn);
	coffer_store_close(store->store);
	coffer_schema_free(source->schema);
	free(store->path);
	free(store);
}

static const struct coffer_source_operations operations = {
	.next_table = next_table,
	.next_row = next_row,
	.facts = tell_facts,
	.close = close_store,
};

static coffer_status
open_store(struct store_source *store, coffer_error *error)
{
	coffer_status status;

	if (!store->path)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a path");
	if ((status = coffer_store_open(store->path, &store->store, error)) ||
	    (status = coffer_txn_begin(store->store, &store->txn, error)))
		return status;
	status =
		coffer_schema_copy(coffer_store_schema(store->store), &store->source.schema, error);
	if (!status)
		status = coffer_source_check_schema(&store->source, error);
	if (!status)
		status = coffer_selection_apply(&store->source, error);
	return status ? status : estimate(store, error);
}

coffer_status
coffer_store_source_open(const char *path, const coffer_transfer_options *options,
			 struct coffer_source **source_out, coffer_error *error)
{
	struct store_source *store = calloc(1, sizeof(*store));
	coffer_status status;

	*source_out = NULL;
	if (!store)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a source");
	store->source.operations = &operations;
	store->source.options = options;
	store->path = strdup(path);
	if ((status = open_store(store, error))) {
		if (error && !*error->place)
			coffer_error_in(error, path);
		close_store(&store->source);
	} else {
		*source_out = &store->source;
	}
	return status;
}
