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

/* What the provenance last said under this name; NULL where it never did. */
static const char *
last_fact(const struct coffer_update *update, const char *name)
{
	size_t count;
	const coffer_step *steps = coffer_store_provenance(update->store, &count);
	const char *value = NULL;

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < steps[i].fact_count; j++)
			if (!strcmp(steps[i].facts[j].name, name))
				value = steps[i].facts[j].value;
	return value;
}

/* Rows that are gone at the source go here: another database than the one that the rows came from would take them all. */
static coffer_status
check_source(const struct coffer_update *update, coffer_error *error)
{
	static const char *const names[] = {"system_identifier", "database"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *before = last_fact(update, names[i]);

		for (size_t j = 0; before && j < update->fact_count; j++)
			if (!strcmp(update->facts[j].name, names[i]) &&
			    strcmp(update->facts[j].value, before) != 0)
				return coffer_error_set(error, COFFER_CONFLICT,
							"the source is another than the rows came from: its %s is %s, "
							"the store's is %s; --force takes it all the same",
							names[i], update->facts[j].value, before);
	}
	return COFFER_OK;
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
	if (!status && !update->options->transfer.is_forced)
		status = check_source(update, error);
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
