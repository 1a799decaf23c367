/*
 * coffer reconcile: is what a store holds what its source holds now?
 */
#include "comparing.h"
#include "report.h"
#include "transfer/history.h"

#include <string.h>

/* A store that was imported from a time on has nothing older to compare. */
static void
take_recorded_since(const struct coffer_reading *left, coffer_selection *selection)
{
	const coffer_step *import = coffer_history_import(left->store);
	const char *since = import ? coffer_history_fact(import, "since") : NULL;

	if (since && !coffer_time_parse((coffer_text){since, strlen(since)}, &selection->since))
		selection->has_since = true;
}

/* The selection's since_of: what was pruned is not there to be compared. */
static bool
pruned_before(void *context, const coffer_table *table, int64_t *since_out)
{
	const struct coffer_reading *left = context;

	return coffer_history_pruned(left->store, table->name, since_out);
}

static void
note_pruned(const struct coffer_reading *left, const struct coffer_arguments *arguments)
{
	char text[COFFER_SCALAR_TEXT_SIZE];
	int64_t before;

	for (size_t i = 0; i < left->schema->table_count; i++) {
		if (!coffer_history_pruned(left->store, left->schema->tables[i].name, &before))
			continue;
		coffer_time_print(before, true, text);
		coffer_report_note(arguments, "%s: pruned, only rows from %s on are compared",
				   left->schema->tables[i].name, text);
	}
}

/* Unless the command line says from which time on. */
static void
take_history(struct coffer_comparing *comparing, const struct coffer_arguments *arguments)
{
	coffer_selection *selection = &comparing->options.selection;

	if (selection->has_since)
		return;
	take_recorded_since(&comparing->left, selection);
	selection->since_of = pruned_before;
	selection->since_context = &comparing->left;
	note_pruned(&comparing->left, arguments);
}

/* Only tables that the store has: it may have been made of a part. */
static coffer_status
open_sides(struct coffer_comparing *comparing, const struct coffer_arguments *arguments,
	   coffer_error *error)
{
	coffer_selection *selection = &comparing->options.selection;
	coffer_status status = coffer_reading_open(&comparing->left, arguments->operands[0], error);

	if (status)
		return status;
	selection->within = comparing->left.schema;
	take_history(comparing, arguments);
	return coffer_comparing_open_right(comparing, arguments->operands[1], arguments, error);
}

static coffer_status
reconcile(struct coffer_comparing *comparing, const struct coffer_arguments *arguments,
	  bool *is_different_out, coffer_error *error)
{
	struct coffer_compare_summary summary = {0};
	coffer_status status = open_sides(comparing, arguments, error);

	if (!status && arguments->is_json) {
		coffer_json_begin(&comparing->differences.json, &comparing->output,
				  "coffer/reconcile/1");
		coffer_json_text(&comparing->differences.json, "file", arguments->operands[0]);
	}
	if (!status)
		status = coffer_comparing_run(comparing, &summary, error);
	if (!status)
		coffer_differences_end(&comparing->differences, &summary, false);
	*is_different_out = summary.tables_different;
	return status;
}

int
coffer_command_reconcile(struct coffer_arguments *arguments)
{
	struct coffer_comparing comparing = {
		.differences = {.left = {"here", "here", "here"},
				.right = {"there", "there", "there"},
				.is_reconciling = true},
	};
	coffer_error error = {0};
	coffer_status status;
	bool is_different = false;
	int code = coffer_comparing_init(&comparing, arguments);

	comparing.differences.is_subset = coffer_option_is_given(arguments, COFFER_OPTION_SUBSET);
	if (!code) {
		status = reconcile(&comparing, arguments, &is_different, &error);
		code = coffer_comparing_end(&comparing, arguments, status, is_different, &error);
	}
	coffer_comparing_release(&comparing);
	return code;
}
