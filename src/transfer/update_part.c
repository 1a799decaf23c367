/*
 * What an update asks its source for: which tables, from which times on; and that they are still the same tables.
 */
#include "transfer/update_run.h"

#include "transfer/history.h"
#include "transfer/selection.h"

#include <string.h>

/* ------------------------------------------------------------------ from which time on */

static bool
is_finite(const coffer_value *time)
{
	return time->kind == COFFER_TIME && time->time != INT64_MIN && time->time != INT64_MAX;
}

/* The last time in a table: that of the last row of the index that has one, or of all rows. COFFER_NOT_FOUND: none. */
static coffer_status
find_last(struct coffer_update *update, uint32_t number, int64_t *time_out, coffer_error *error)
{
	const coffer_table *table = &update->schema->tables[number];
	const coffer_scan scan = {.index = coffer_selection_time_index(table), .is_reverse = true};
	bool is_sorted = scan.index != COFFER_NO_INDEX, is_found = false;
	coffer_cursor *cursor;
	const coffer_row *row;
	coffer_value time;
	coffer_status status = coffer_cursor_open(update->read, number, &cursor, error);

	*time_out = INT64_MIN;
	if (!status)
		status = coffer_cursor_scan(cursor, &scan, error);
	while (!status && !(is_found && is_sorted)) {
		if ((status = coffer_cursor_next(cursor, &row, error)) ||
		    (status = coffer_row_get(row, table->time_column, &time, error)))
			break;
		if (!is_finite(&time) || time.time < *time_out)
			continue;
		*time_out = time.time;
		is_found = true;
	}
	coffer_cursor_close(cursor);
	return status == COFFER_NOT_FOUND && is_found ? COFFER_OK : status;
}

/* What was pruned does not come back, were it the whole log. */
static void
heed_pruned(const struct coffer_update *update, const coffer_table *table,
	    struct coffer_updated_table *updated)
{
	int64_t before;

	if (!coffer_history_pruned(update->store, table->name, &before) ||
	    (updated->has_since && updated->since >= before))
		return;
	updated->has_since = true;
	updated->since = before;
}

coffer_status
coffer_update_find_times(struct coffer_update *update, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (uint32_t i = 0; !status && i < update->schema->table_count; i++) {
		const coffer_table *table = &update->schema->tables[i];
		struct coffer_updated_table *updated = &update->tables[i];
		int64_t last;

		updated->is_log = table->id && table->time_column != COFFER_NO_COLUMN;
		if (!updated->is_log)
			continue;
		status = find_last(update, i, &last, error);
		updated->has_since = !status;
		if (status ||
		    __builtin_sub_overflow(last, update->options->window, &updated->since))
			updated->since = INT64_MIN;
		if (status == COFFER_NOT_FOUND)
			status = COFFER_OK;
		heed_pruned(update, table, updated);
	}
	return status;
}

/* The selection's since_of; `table` is the source's. */
static bool
since_of(void *context, const coffer_table *table, int64_t *since_out)
{
	const struct coffer_update *update = context;
	uint32_t number = coffer_schema_find_table(update->schema, table->name);

	if (number == COFFER_NO_TABLE || !update->tables[number].has_since)
		return false;
	*since_out = update->tables[number].since;
	return true;
}

/* ------------------------------------------------------------------ which part */

/* A store that was made of a part stays that part. */
void
coffer_update_select_part(struct coffer_update *update)
{
	coffer_selection *selection = &update->transfer.selection;
	const coffer_step *import = coffer_history_import(update->store);
	const char *since;

	*selection = (coffer_selection){.since_of = since_of, .since_context = update};
	if (!import)
		return;
	if (coffer_history_fact(import, "tables") || coffer_history_fact(import, "excluded") ||
	    coffer_history_fact(import, "preset"))
		selection->within = update->schema;
	since = coffer_history_fact(import, "since");
	selection->has_since =
		since && !coffer_time_parse((coffer_text){since, strlen(since)}, &selection->since);
}

/* Say the first difference. */
static void
differs(void *context, const coffer_schema_difference *difference)
{
	coffer_error_set(
		context, COFFER_INVALID,
		"the source's schema is another than the store's: %s: %s: %s -> %s; import it "
		"anew, or migrate the store first",
		difference->place, difference->what, difference->left ? difference->left : "(none)",
		difference->right ? difference->right : "(none)");
}

coffer_status
coffer_update_check_schema(struct coffer_update *update, coffer_error *error)
{
	coffer_error found = {0};

	if (!coffer_schema_compare(update->schema, update->source->schema, differs, &found))
		return COFFER_OK;
	return coffer_error_set(error, COFFER_INVALID, "%s",
				*found.message ? found.message : "no memory to compare schemas");
}
