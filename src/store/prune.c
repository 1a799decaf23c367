/*
 * A store written anew without its old rows, or without old values of some columns.
 *
 *   choose tables --> count, and look who refers to what goes --> write anew, if anything goes
 *
 * A row is old where its time is below the given one, as SQL compares: NULL is not, -infinity is.
 */
#include "store/prune.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	FACT_NAME_SIZE = COFFER_NAME_SIZE_MAX + 10,
	FACT_VALUE_SIZE = 24,
};

static coffer_status
sift(void *context, uint32_t table, const coffer_row *row, struct coffer_fate *fate_out,
     coffer_error *error)
{
	struct coffer_prune *prune = context;
	struct coffer_pruned *pruned = &prune->tables[table];
	bool is_taken = false;
	coffer_status status = COFFER_OK;

	if (pruned->is_chosen)
		status = coffer_prune_takes(prune, table, row, &is_taken, error);
	if (status || !is_taken)
		return status;
	pruned->seen++;
	fate_out->is_gone = !pruned->instead;
	fate_out->instead = pruned->instead;
	return COFFER_OK;
}

/* ------------------------------------------------------------------ the step */

/* The columns as they were given, parted by commas. */
static coffer_status
tell_columns(const struct coffer_prune *prune, coffer_load *load, coffer_error *error)
{
	const char *const *columns = prune->options->columns;
	coffer_buffer text = {0};
	coffer_status status;

	for (size_t i = 0; columns && columns[i]; i++)
		coffer_buffer_printf(&text, "%s%s", i ? ", " : "", columns[i]);
	if (text.is_failed)
		status = coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a fact");
	else
		status = columns ? coffer_load_fact(load, "columns", text.data, error) : COFFER_OK;
	coffer_buffer_release(&text);
	return status;
}

static coffer_status
tell(void *context, coffer_load *load, coffer_error *error)
{
	const struct coffer_prune *prune = context;
	char name[FACT_NAME_SIZE], value[FACT_VALUE_SIZE], before[COFFER_SCALAR_TEXT_SIZE];
	coffer_status status;

	coffer_time_print(prune->options->before, true, before);
	if ((status = coffer_load_fact(load, "before", before, error)) ||
	    (status = tell_columns(prune, load, error)))
		return status;
	for (uint32_t i = 0; !status && i < prune->store->schema->table_count; i++) {
		if (!prune->tables[i].is_chosen)
			continue;
		(void)snprintf(name, sizeof(name), "%s/%s",
			       prune->tables[i].instead ? "emptied" : "removed",
			       coffer_prune_table(prune, i)->name);
		(void)snprintf(value, sizeof(value), "%" PRIu64, prune->tables[i].counted);
		status = coffer_load_fact(load, name, value, error);
	}
	return status;
}

/* ------------------------------------------------------------------ the whole */

static uint64_t
report(const struct coffer_prune *prune)
{
	const coffer_prune_options *options = prune->options;
	uint64_t total = 0;

	for (uint32_t i = 0; i < prune->store->schema->table_count; i++) {
		const struct coffer_pruned *pruned = &prune->tables[i];

		if (!pruned->is_chosen)
			continue;
		total += pruned->counted;
		if (options->table)
			options->table(options->table_context, coffer_prune_table(prune, i)->name,
				       pruned->counted);
	}
	return total;
}

/* An index counted what the rows themselves say now. */
static coffer_status
check_counts(const struct coffer_prune *prune, uint32_t count, coffer_error *error)
{
	for (uint32_t i = 0; i < count; i++)
		if (prune->tables[i].seen != prune->tables[i].counted)
			return coffer_error_set(
				error, COFFER_CORRUPT,
				"%" PRIu64 " rows were to go, %" PRIu64
				" did: an index says what the rows do not; 'coffer verify' says more",
				prune->tables[i].counted, prune->tables[i].seen);
	return COFFER_OK;
}

static coffer_status
prune_all(struct coffer_prune *prune, struct coffer_rewrite *rewrite, uint64_t *pruned_out,
	  coffer_error *error)
{
	uint32_t count = (uint32_t)prune->store->schema->table_count;
	coffer_status status;

	prune->tables = calloc(count + 1, sizeof(*prune->tables));
	if (!prune->tables)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the tables");
	if ((status = coffer_prune_choose(prune, error)))
		return status;
	if ((status = coffer_rewrite_open(rewrite, error)))
		return status;
	prune->txn = rewrite->txn;
	if ((status = coffer_prune_count(prune, error)))
		return status;
	*pruned_out = report(prune);
	if (prune->options->is_dry_run || (!*pruned_out && !rewrite->options->path))
		return COFFER_OK;
	if ((status = coffer_rewrite_write(rewrite, error)) ||
	    (status = check_counts(prune, count, error)))
		return status;
	return coffer_rewrite_finish(rewrite, error);
}

coffer_status
coffer_store_prune(coffer_store *store, const coffer_prune_options *options, uint64_t *pruned_out,
		   coffer_rewrite_summary *summary_out, coffer_error *error)
{
	struct coffer_prune prune = {.options = options, .store = store};
	struct coffer_rewrite rewrite = {
		.store = store,
		.options = &options->rewrite,
		.step = "prune",
		.sift = sift,
		.tell = tell,
		.context = &prune,
		.summary = summary_out,
	};
	coffer_status status;

	*pruned_out = 0;
	*summary_out = (coffer_rewrite_summary){.rows = 0};
	status = prune_all(&prune, &rewrite, pruned_out, error);
	coffer_rewrite_close(&rewrite);
	coffer_arena_release(&prune.memory);
	free(prune.tables);
	return status;
}
