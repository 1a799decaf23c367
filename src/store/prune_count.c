/*
 * What a prune would take, before anything is written: by an index of the time where rows go whole, else by the rows. And
 * whether a row that stays refers by an enforced foreign key to one that goes: what its action says is for 'delete' to do.
 */
#include "store/prune.h"

#include <inttypes.h>

enum { TELL_EVERY = 4096 };

static bool
is_same(const coffer_value *left, const coffer_value *right)
{
	if (left->kind == COFFER_NULL || right->kind == COFFER_NULL)
		return left->kind == right->kind;
	return coffer_key_is_equal(left, right);
}

coffer_status
coffer_prune_takes(const struct coffer_prune *prune, uint32_t table, const coffer_row *row,
		   bool *is_taken_out, coffer_error *error)
{
	const coffer_table *of = coffer_prune_table(prune, table);
	const coffer_value *const *instead = prune->tables[table].instead;
	coffer_value value;
	coffer_status status = coffer_row_get(row, of->time_column, &value, error);
	bool is_old =
		!status && value.kind == COFFER_TIME && value.time < prune->options->before;

	*is_taken_out = is_old && !instead;
	for (uint16_t i = 0; is_old && !*is_taken_out && !status && i < of->column_count; i++) {
		if (!instead[i])
			continue;
		status = coffer_row_get(row, i, &value, error);
		*is_taken_out = !status && !is_same(&value, instead[i]);
	}
	return status;
}

static coffer_status
tell(struct coffer_prune *prune, coffer_error *error)
{
	const coffer_rewrite_options *options = &prune->options->rewrite;

	if (++prune->rows % TELL_EVERY || !options->progress ||
	    options->progress(options->progress_context,
			      coffer_prune_table(prune, prune->table)->name, prune->rows, 0))
		return COFFER_OK;
	return coffer_error_set(error, COFFER_INTERRUPTED, "interrupted");
}

/* ------------------------------------------------------------------ counting */

static coffer_status
count_row(void *context, const coffer_row *row, coffer_error *error)
{
	struct coffer_prune *prune = context;
	coffer_status status = tell(prune, error);
	bool is_taken = false;

	if (!status)
		status = coffer_prune_takes(prune, prune->table, row, &is_taken, error);
	prune->tables[prune->table].counted += is_taken;
	return status;
}

/* An index that is ordered by the time of the rows, or COFFER_NO_INDEX. */
static uint16_t
find_time_index(const coffer_table *table)
{
	for (size_t i = 0; i < table->index_count; i++)
		if (table->indexes[i].tree == COFFER_TREE_ORDERED &&
		    table->indexes[i].key_columns[0] == table->time_column)
			return (uint16_t)i;
	return COFFER_NO_INDEX;
}

static coffer_status
count_entries(struct coffer_prune *prune, uint16_t index, coffer_error *error)
{
	const coffer_value before = {.kind = COFFER_TIME, .time = prune->options->before};
	const coffer_scan scan = {.index = index, .to = &before};
	coffer_cursor *cursor;
	uint64_t number;
	coffer_status status = coffer_cursor_open(prune->txn, prune->table, &cursor, error);

	if (!status)
		status = coffer_cursor_scan(cursor, &scan, error);
	while (!status && !(status = coffer_cursor_next_number(cursor, &number, error))) {
		prune->tables[prune->table].counted++;
		status = tell(prune, error);
	}
	coffer_cursor_close(cursor);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

static coffer_status
count_table(struct coffer_prune *prune, uint32_t table, coffer_error *error)
{
	uint16_t index = find_time_index(coffer_prune_table(prune, table));

	prune->table = table;
	if (index != COFFER_NO_INDEX && !prune->tables[table].instead)
		return count_entries(prune, index, error);
	return coffer_rewrite_rows(prune->txn, table, count_row, prune, error);
}

/* ------------------------------------------------------------------ rows that refer to what goes */

static coffer_status
refuse(const struct coffer_prune *prune, uint64_t number, coffer_error *error)
{
	coffer_error_set(error, COFFER_CONFLICT,
			 "refers by %s to a row of %s that would go; delete what refers to it first",
			 prune->reference->relation->name,
			 coffer_prune_table(prune, prune->reference->target)->name);
	coffer_error_at(error, "%s[%" PRIu64 "]",
			coffer_prune_table(prune, prune->reference->table)->name, number);
	return COFFER_CONFLICT;
}

/* The values by which the row refers; false where a NULL among them means that it does not. */
static coffer_status
read_key(const struct coffer_reference *reference, const coffer_row *row, coffer_value *key,
	 bool *has_key_out, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	*has_key_out = true;
	for (size_t i = 0; !status && i < reference->column_count; i++) {
		status = coffer_row_get(row, reference->columns[i], &key[i], error);
		*has_key_out = *has_key_out && key[i].kind != COFFER_NULL;
	}
	return status;
}

static coffer_status
check_row(void *context, const coffer_row *row, coffer_error *error)
{
	struct coffer_prune *prune = context;
	const struct coffer_reference *reference = prune->reference;
	coffer_value key[COFFER_KEY_COLUMNS_MAX];
	const coffer_row *target;
	bool is_taken = false, has_key;
	coffer_status status = tell(prune, error);

	if (!status && prune->tables[reference->table].is_chosen)
		status = coffer_prune_takes(prune, reference->table, row, &is_taken, error);
	if (status || is_taken || (status = read_key(reference, row, key, &has_key, error)) ||
	    !has_key)
		return status;
	status = coffer_cursor_get(prune->target, reference->index, key, &target, error);
	if (!status)
		status = coffer_prune_takes(prune, reference->target, target, &is_taken, error);
	if (!status && is_taken)
		return refuse(prune, coffer_row_number(row), error);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

static coffer_status
check_reference(struct coffer_prune *prune, const struct coffer_reference *reference,
		coffer_error *error)
{
	coffer_status status =
		coffer_cursor_open(prune->txn, reference->target, &prune->target, error);

	prune->reference = reference;
	prune->table = reference->table;
	if (!status)
		status = coffer_rewrite_rows(prune->txn, reference->table, check_row, prune, error);
	coffer_cursor_close(prune->target);
	prune->target = NULL;
	return status;
}

static coffer_status
check_references(struct coffer_prune *prune, coffer_error *error)
{
	struct coffer_references all;
	coffer_status status = coffer_references_find(prune->store->schema, &all, error);

	for (uint32_t table = 0; !status && table < prune->store->schema->table_count; table++)
		for (size_t i = all.to_begin[table]; !status && i < all.to_begin[table + 1]; i++)
			if (prune->tables[table].counted)
				status = check_reference(prune, all.to[i], error);
	return status;
}

coffer_status
coffer_prune_count(struct coffer_prune *prune, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (uint32_t table = 0; !status && table < prune->store->schema->table_count; table++)
		if (prune->tables[table].is_chosen)
			status = count_table(prune, table, error);
	if (status || prune->options->columns)
		return status;
	return check_references(prune, error);
}
