/*
 * The update of a store.
 *
 *   write transaction, snapshot --> times --> source --> schemas --> comparison, each difference written
 *                               --> foreign keys of logs, sequences, provenance --> commit
 *
 * The snapshot is of the moment at which the write transaction began, so that nothing changes under the comparison. What is
 * written is not read again: the source gives each row once.
 *
 * A change that is too large for a transaction is begun anew: the same, but what differs is written into a copy, in many
 * transactions, while that of the store itself stays open and keeps other writers away. At the end the copy is copied over
 * the store, which leaves behind what its many transactions left free.
 */
#include "transfer/update_run.h"

#include "transfer/compare.h"

#include <stdlib.h>
#include <string.h>

/* A copy is committed when so much was put, and a table's rows may not trade keys. */
enum { COMMIT_SIZE = 64 << 20 };

/* ------------------------------------------------------------------ the rows */

static void
begin_table(void *context, const struct coffer_compared_table *table)
{
	struct coffer_update *update = context;

	update->table = coffer_schema_find_table(update->schema, table->left->name);
	update->is_first_row = true;
}

static void
end_table(void *context, const struct coffer_compared_table *table)
{
	struct coffer_update *update = context;
	struct coffer_updated_table *updated = &update->tables[update->table];

	updated->added = table->only_right;
	updated->changed = table->changed;
	updated->gone = updated->is_log ? 0 : table->only_left;
	updated->same = table->same;
	updated->early = update->source->early;
}

static bool
may_trade_keys(const coffer_table *table)
{
	for (size_t i = 0; i < table->index_count; i++)
		if (table->indexes[i].tree == COFFER_TREE_HASHED && i != table->primary)
			return true;
	return false;
}

/* Before a row is written: is the transaction large enough? */
static coffer_status
bound(struct coffer_update *update, coffer_error *error)
{
	const coffer_table *table = &update->schema->tables[update->table];
	uint64_t size_max =
		update->options->size_max ? update->options->size_max : COFFER_UPDATE_SIZE_MAX;
	uint64_t part_size = size_max < COMMIT_SIZE ? size_max : COMMIT_SIZE;
	bool is_first = update->is_first_row;
	coffer_effects effects;

	update->is_first_row = false;
	coffer_txn_effects(update->write, &effects);
	if (update->is_copying && effects.bytes > part_size && (is_first || !may_trade_keys(table)))
		return coffer_update_commit_part(update, error);
	update->is_too_large = !update->is_copying && effects.bytes > size_max;
	if (update->is_too_large)
		return coffer_error_set(error, COFFER_LIMIT, "too much for one transaction");
	return COFFER_OK;
}

static coffer_status
take_row(void *context, const struct coffer_compared_row *row, coffer_error *error)
{
	struct coffer_update *update = context;
	const struct coffer_compared_table *table = row->table;
	coffer_status status;

	if (!row->right && update->tables[update->table].is_log)
		return COFFER_OK;
	if ((status = bound(update, error)))
		return status;
	if (!row->right)
		return coffer_replica_delete(update->write, update->table, row->number, error);
	for (size_t i = 0; i < table->pair_count; i++)
		update->values[table->pairs[i].left] = row->right[table->pairs[i].right];
	return coffer_replica_put(update->write, update->table, update->values, row->number, error);
}

static coffer_status
compare(struct coffer_update *update, coffer_error *error)
{
	const struct coffer_compare_options options = {
		.selection = update->transfer.selection,
		.progress = update->transfer.progress,
		.progress_context = update->transfer.progress_context,
		.begin = begin_table,
		.row = take_row,
		.end = end_table,
		.context = update,
	};
	struct coffer_compare_summary summary;

	return coffer_compare(update->store, update->read, update->source, &options, &summary,
			      error);
}

static coffer_status
set_sequences(struct coffer_update *update, coffer_error *error)
{
	const coffer_schema *source = update->source->schema;
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < update->schema->sequence_count; i++)
		for (size_t k = 0; !status && k < source->sequence_count; k++)
			if (strcmp(update->schema->sequences[i].name, source->sequences[k].name) ==
			    0)
				status = coffer_txn_set_sequence(
					update->write, i, source->sequences[k].last_value,
					source->sequences[k].is_called, error);
	return status;
}

/* ------------------------------------------------------------------ the whole */

static coffer_status
begin_to_write(struct coffer_update *update, coffer_error *error)
{
	void (*wait)(bool is_waiting) = update->options->wait;
	coffer_status status;

	if (wait)
		wait(true);
	status = coffer_txn_begin_write(update->store, &update->guard, error);
	if (wait)
		wait(false);
	return status;
}

static coffer_status
begin(struct coffer_update *update, coffer_error *error)
{
	coffer_store_facts facts;
	size_t columns = 0;
	coffer_status status;

	if ((status = coffer_store_open_to_write(update->path, &update->store, error)) ||
	    (status = begin_to_write(update, error)) ||
	    (status = coffer_txn_begin(update->store, &update->read, error)))
		return status;
	coffer_store_describe(update->store, &facts);
	update->transaction = facts.transaction;
	update->schema = coffer_store_schema(update->store);
	for (size_t i = 0; i < update->schema->table_count; i++)
		if (update->schema->tables[i].column_count > columns)
			columns = update->schema->tables[i].column_count;
	update->tables = calloc(update->schema->table_count + 1, sizeof(*update->tables));
	update->values = calloc(columns + 1, sizeof(*update->values));
	if (!update->tables || !update->values)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for an update");
	if (update->is_copying)
		status = coffer_update_begin_copy(update, error);
	else
		update->write = update->guard;
	return status ? status : coffer_update_find_times(update, error);
}

static void
sum_up(const struct coffer_update *update, struct coffer_update_summary *summary)
{
	for (size_t i = 0; i < update->schema->table_count; i++) {
		const struct coffer_updated_table *updated = &update->tables[i];

		summary->tables += update->schema->tables[i].id != 0;
		summary->added += updated->added;
		summary->changed += updated->changed;
		summary->gone += updated->gone;
		summary->same += updated->same;
	}
	summary->bytes = update->source->bytes;
}

static coffer_status
take_all(struct coffer_update *update, struct coffer_update_summary *summary, coffer_error *error)
{
	const struct coffer_update_options *options = update->options;
	coffer_status status;

	coffer_update_select_part(update);
	if ((status = options->open(options->open_context, &update->transfer, &update->source,
				    error)) ||
	    (status = coffer_update_check_schema(update, error)) ||
	    (status = coffer_update_tell_source(update, error)) ||
	    (status = compare(update, error)) ||
	    (status = coffer_update_check_references(update, error)) ||
	    (status = set_sequences(update, error)))
		return status;
	sum_up(update, summary);
	status = coffer_update_add_step(update, summary, error);
	summary->warnings = update->source->warnings;
	return status;
}

static coffer_status
commit(struct coffer_update *update, coffer_error *error)
{
	coffer_txn *write = update->write;
	coffer_status status;

	coffer_txn_end(update->read);
	update->read = update->write = NULL;
	if (!update->is_copying)
		update->guard = NULL;
	status = coffer_txn_commit(write, error);
	return status || !update->is_copying ? status : coffer_update_end_copy(update, error);
}

static void
tell_tables(const struct coffer_update *update)
{
	const struct coffer_update_options *options = update->options;

	for (size_t i = 0; options->table && i < update->schema->table_count; i++) {
		update->tables[i].name = update->schema->tables[i].name;
		if (update->schema->tables[i].id)
			options->table(options->table_context, &update->tables[i]);
	}
}

static void
release(struct coffer_update *update)
{
	coffer_source_close(update->source);
	coffer_update_drop_facts(update);
	coffer_txn_end(update->read);
	if (update->write != update->guard)
		coffer_txn_end(update->write);
	coffer_txn_end(update->guard);
	coffer_store_close(update->store);
	coffer_update_drop_copy(update);
	free(update->tables);
	free(update->values);
}

/* In place, or with `is_copying` by way of a copy. True: it has to be done in a copy. */
static bool
attempt(const char *path, const struct coffer_update_options *options, bool is_copying,
	struct coffer_update_summary *summary, coffer_status *status_out, coffer_error *error)
{
	struct coffer_update update = {
		.options = options,
		.path = path,
		.transfer = options->transfer,
		.is_copying = is_copying,
	};
	coffer_status status;
	bool is_too_large;

	*summary = (struct coffer_update_summary){.is_copied = is_copying};
	if (!(status = begin(&update, error)) && !(status = take_all(&update, summary, error)))
		status = commit(&update, error);
	if (!status)
		tell_tables(&update);
	is_too_large = update.is_too_large;
	release(&update);
	*status_out = status;
	return is_too_large;
}

coffer_status
coffer_transfer_update(const char *path, const struct coffer_update_options *options,
		       struct coffer_update_summary *summary_out, coffer_error *error)
{
	coffer_error failure = {0};
	coffer_status status;

	if (attempt(path, options, false, summary_out, &status, &failure)) {
		failure = (coffer_error){0};
		attempt(path, options, true, summary_out, &status, &failure);
	}
	if (status && error && !error->status)
		*error = failure;
	return status;
}
