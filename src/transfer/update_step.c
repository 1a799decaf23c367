/*
 * What an update adds to the store's provenance.
 */
#include "transfer/update_run.h"

#include "transfer/selection.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static coffer_status
add_fact(void *context, const char *name, const char *value, coffer_error *error)
{
	struct coffer_update *update = context;
	coffer_fact *facts = realloc(update->facts, (update->fact_count + 1) * sizeof(*facts));
	char *copies[2] = {strdup(name), strdup(value)};

	if (facts)
		update->facts = facts;
	if (!facts || !copies[0] || !copies[1]) {
		free(copies[0]);
		free(copies[1]);
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a fact");
	}
	facts[update->fact_count++] = (coffer_fact){copies[0], copies[1]};
	return COFFER_OK;
}

void
coffer_update_drop_facts(struct coffer_update *update)
{
	for (size_t i = 0; i < update->fact_count; i++) {
		union {
			const char *read;
			char *owned;
		} name = {update->facts[i].name}, value = {update->facts[i].value};

		free(name.owned);
		free(value.owned);
	}
	free(update->facts);
	update->facts = NULL;
	update->fact_count = 0;
}

/* Before the rows: a server's snapshot ends behind the last of them. */
coffer_status
coffer_update_tell_source(struct coffer_update *update, coffer_error *error)
{
	coffer_status status = add_fact(update, "step", "update", error);

	if (!status)
		status = add_fact(update, "coffer", COFFER_VERSION, error);
	if (!status)
		status = update->source->operations->facts(update->source, add_fact, update, error);
	return status ? status : coffer_selection_facts(update->source, add_fact, update, error);
}

static coffer_status
add_number(struct coffer_update *update, const char *name, uint64_t number, coffer_error *error)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	return add_fact(update, name, text, error);
}

/* One step more than a store has room for is no reason not to bring it up to date. */
coffer_status
coffer_update_add_step(struct coffer_update *update, const struct coffer_update_summary *summary,
		       coffer_error *error)
{
	coffer_error failure = {0};
	coffer_status status;

	if ((status = add_number(update, "window_seconds",
				 (uint64_t)update->options->window / 1000000, error)) ||
	    (status = add_number(update, "added", summary->added, error)) ||
	    (status = add_number(update, "changed", summary->changed, error)) ||
	    (status = add_number(update, "gone", summary->gone, error)))
		return status;
	status = coffer_txn_add_step(update->write,
				     &(coffer_step){update->facts, update->fact_count}, &failure);
	if (status == COFFER_LIMIT) {
		coffer_source_warn(update->source,
				   "the provenance has no room for another step: %s",
				   failure.message);
		return COFFER_OK;
	}
	return status ? coffer_error_set(error, status, "%s", failure.message) : COFFER_OK;
}
