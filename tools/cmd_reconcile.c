/*
 * coffer reconcile: is what a store holds what its source holds now?
 */
#include "comparing.h"
#include "report.h"

#include <string.h>

static const char *
find_fact(const coffer_step *step, const char *name)
{
	for (size_t i = 0; i < step->fact_count; i++)
		if (strcmp(step->facts[i].name, name) == 0)
			return step->facts[i].value;
	return NULL;
}

/* A store that was imported from a time on has nothing older to compare, unless the command line says otherwise. */
static void
take_recorded_since(const struct coffer_reading *left, coffer_selection *selection)
{
	size_t count;
	const coffer_step *steps = coffer_store_provenance(left->store, &count);
	const char *step, *since;

	for (size_t i = count; i-- > 0 && !selection->has_since;) {
		step = find_fact(&steps[i], "step");
		since = find_fact(&steps[i], "since");
		if (!step || strcmp(step, "import") != 0)
			continue;
		if (since &&
		    !coffer_time_parse((coffer_text){since, strlen(since)}, &selection->since))
			selection->has_since = true;
		return;
	}
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
	take_recorded_since(&comparing->left, selection);
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
