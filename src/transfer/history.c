/*
 * The steps of a store's provenance, asked for what part they left.
 */
#include "transfer/history.h"

#include <string.h>

const char *
coffer_history_fact(const coffer_step *step, const char *name)
{
	for (size_t i = 0; i < step->fact_count; i++)
		if (strcmp(step->facts[i].name, name) == 0)
			return step->facts[i].value;
	return NULL;
}

static bool
is_step(const coffer_step *step, const char *name)
{
	const char *is = coffer_history_fact(step, "step");

	return is && strcmp(is, name) == 0;
}

const coffer_step *
coffer_history_import(const coffer_store *store)
{
	size_t count;
	const coffer_step *steps = coffer_store_provenance(store, &count);

	while (count && !is_step(&steps[count - 1], "import"))
		count--;
	return count ? &steps[count - 1] : NULL;
}

/* Has the step a fact that says how many rows of the table it removed? */
static bool
removed_of(const coffer_step *step, const char *table)
{
	static const char prefix[] = "removed/";
	size_t size = sizeof(prefix) - 1;

	for (size_t i = 0; i < step->fact_count; i++)
		if (strncmp(step->facts[i].name, prefix, size) == 0 &&
		    strcmp(step->facts[i].name + size, table) == 0)
			return true;
	return false;
}

bool
coffer_history_pruned(const coffer_store *store, const char *table, int64_t *before_out)
{
	const coffer_step *import = coffer_history_import(store);
	size_t count;
	const coffer_step *steps = coffer_store_provenance(store, &count);
	bool is_pruned = false;

	for (size_t i = import ? (size_t)(import - steps) : 0; i < count; i++) {
		const char *text = coffer_history_fact(&steps[i], "before");
		int64_t before;

		if (!text || !is_step(&steps[i], "prune") || !removed_of(&steps[i], table) ||
		    coffer_time_parse((coffer_text){text, strlen(text)}, &before))
			continue;
		if (!is_pruned || before > *before_out)
			*before_out = before;
		is_pruned = true;
	}
	return is_pruned;
}
