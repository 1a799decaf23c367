/*
 * Which tables a selection takes.
 *
 *   preset + what its foreign keys need --> named ones --> without the excluded --> partitions as their root
 *
 * A preset is a list of the gateway's tables, of which a database may lack some: an older gateway has not
 * all of them. Newer ones have tables that the listed ones refer to (permissions, projects), which no
 * list can know: foreign keys say which.
 */
#include "transfer/selection.h"

#include "transfer/table_name.h"

#include <stdio.h>
#include <string.h>

static const char *const key_tables[] = {
	"LiteLLM_BudgetTable",
	"LiteLLM_OrganizationTable",
	"LiteLLM_ModelTable",
	"LiteLLM_TeamTable",
	"LiteLLM_UserTable",
	"LiteLLM_VerificationToken",
	"LiteLLM_TeamMembership",
	"LiteLLM_OrganizationMembership",
	"LiteLLM_EndUserTable",
	"LiteLLM_ProxyModelTable",
	"LiteLLM_CredentialsTable",
	"LiteLLM_Config",
	NULL,
};

static const char *const log_tables[] = {
	"LiteLLM_SpendLogs",
	"LiteLLM_ErrorLogs",
	"LiteLLM_AuditLog",
	NULL,
};

static const struct {
	const char *name;
	const char *const *tables; /* NULL: all */
} presets[] = {
	[COFFER_PRESET_NONE] = {"", NULL},
	[COFFER_PRESET_KEYS] = {"keys", key_tables},
	[COFFER_PRESET_LOGS] = {"logs", log_tables},
	[COFFER_PRESET_ALL] = {"all", NULL},
};

bool
coffer_preset_parse(const char *name, coffer_preset *preset_out)
{
	*preset_out = COFFER_PRESET_NONE;
	for (coffer_preset i = COFFER_PRESET_KEYS; i <= COFFER_PRESET_ALL; i++)
		if (strcmp(presets[i].name, name) == 0)
			*preset_out = i;
	return *preset_out != COFFER_PRESET_NONE;
}

const char *
coffer_preset_name(coffer_preset preset)
{
	return presets[preset].name;
}

bool
coffer_selection_is_partial(const coffer_selection *selection)
{
	return presets[selection->preset].tables || selection->tables || selection->excluded ||
	       selection->has_since || selection->within;
}

bool
coffer_selection_since(const coffer_selection *selection, const coffer_table *table,
		       int64_t *since_out)
{
	bool has_since = selection->has_since;
	int64_t since;

	*since_out = selection->since;
	if (table->time_column == COFFER_NO_COLUMN)
		return false;
	if (selection->since_of && selection->since_of(selection->since_context, table, &since)) {
		if (!has_since || since > *since_out)
			*since_out = since;
		has_since = true;
	}
	return has_since;
}

bool
coffer_selection_takes_time(const coffer_selection *selection, const coffer_table *table,
			    const coffer_value *time)
{
	int64_t since;

	return !coffer_selection_since(selection, table, &since) ||
	       (time->kind == COFFER_TIME && time->time >= since);
}

bool
coffer_selection_takes(const coffer_selection *selection, const coffer_table *table,
		       const coffer_value *values)
{
	return table->time_column == COFFER_NO_COLUMN ||
	       coffer_selection_takes_time(selection, table, &values[table->time_column]);
}

uint16_t
coffer_selection_time_index(const coffer_table *table)
{
	for (size_t i = 0; i < table->index_count; i++)
		if (table->indexes[i].tree == COFFER_TREE_ORDERED &&
		    table->indexes[i].key_columns[0] == table->time_column)
			return (uint16_t)i;
	return COFFER_NO_INDEX;
}

coffer_status
coffer_selection_scan(const coffer_selection *selection, const coffer_table *table,
		      coffer_cursor *cursor, coffer_error *error)
{
	coffer_value since = {.kind = COFFER_TIME};
	coffer_scan scan = {.index = COFFER_NO_INDEX};

	if (coffer_selection_since(selection, table, &since.time))
		scan.index = coffer_selection_time_index(table);
	if (scan.index != COFFER_NO_INDEX)
		scan.from = &since;
	return coffer_cursor_scan(cursor, &scan, error);
}

/* ------------------------------------------------------------------ which tables */

/* The table that has a partition's rows; any other table itself. */
static uint32_t
root_of(const coffer_schema *schema, uint32_t table)
{
	for (size_t depth = 0; depth < schema->table_count; depth++) {
		uint32_t parent =
			coffer_schema_find_table(schema, schema->tables[table].partition_of);

		if (parent == COFFER_NO_TABLE)
			break;
		table = parent;
	}
	return table;
}

/* True when a table was added. */
static bool
add_needed(const coffer_schema *schema, bool *is_taken)
{
	bool is_added = false;

	for (uint32_t i = 0; i < schema->table_count; i++) {
		const coffer_table *table = &schema->tables[i];

		for (size_t r = 0; is_taken[i] && r < table->relation_count; r++) {
			uint32_t target = table->relations[r].target_table;

			if (table->relations[r].is_soft || target == COFFER_NO_TABLE)
				continue;
			target = root_of(schema, target);
			is_added = is_added || !is_taken[target];
			is_taken[target] = true;
		}
	}
	return is_added;
}

static coffer_status
take_preset(coffer_preset preset, const coffer_schema *schema, bool *is_taken, coffer_error *error)
{
	const char *const *names = presets[preset].tables;
	bool is_found = false;

	for (; *names; names++) {
		uint32_t table = coffer_schema_find_table(schema, *names);

		if (table == COFFER_NO_TABLE)
			continue;
		is_taken[table] = true;
		is_found = true;
	}
	if (!is_found)
		return coffer_error_set(error, COFFER_NOT_FOUND,
					"none of the tables of preset %s is there",
					presets[preset].name);
	while (add_needed(schema, is_taken))
		;
	return COFFER_OK;
}

static coffer_status
set_named(const char *const *names, const coffer_schema *schema, bool is_taken_now, bool *is_taken,
	  coffer_error *error)
{
	coffer_status status = COFFER_OK;
	uint32_t table;

	for (; names && *names && !status; names++) {
		status = coffer_table_resolve(schema, *names, &table, error);
		if (!status)
			is_taken[table] = is_taken_now;
	}
	return status;
}

/* Does the other schema have the table too, if there is one? */
static bool
is_within(const coffer_selection *selection, const coffer_table *table)
{
	return !selection->within ||
	       coffer_schema_find_table(selection->within, table->name) != COFFER_NO_TABLE;
}

coffer_status
coffer_selection_resolve(const coffer_selection *selection, const coffer_schema *schema,
			 bool *is_taken, coffer_error *error)
{
	const char *const *listed = presets[selection->preset].tables;
	bool is_all = !listed && (!selection->tables || selection->preset == COFFER_PRESET_ALL);
	coffer_status status = COFFER_OK;
	size_t count = 0;

	for (uint32_t i = 0; i < schema->table_count; i++)
		is_taken[i] = is_all;
	if (listed)
		status = take_preset(selection->preset, schema, is_taken, error);
	if (!status)
		status = set_named(selection->tables, schema, true, is_taken, error);
	if (!status)
		status = set_named(selection->excluded, schema, false, is_taken, error);
	for (uint32_t i = 0; i < schema->table_count; i++) {
		uint32_t root = root_of(schema, i);

		is_taken[i] = is_taken[root] && is_within(selection, &schema->tables[root]);
		count += is_taken[i];
	}
	if (!status && !count && coffer_selection_is_partial(selection))
		return coffer_error_set(error, COFFER_INVALID, "no table is left");
	return status;
}

/* ------------------------------------------------------------------ a source's */

static void
count_outside(struct coffer_source *source)
{
	const coffer_schema *schema = source->schema;

	for (size_t i = 0; i < schema->table_count; i++)
		source->tables_outside +=
			schema->tables[i].id &&
			!is_within(&source->options->selection, &schema->tables[i]);
}

/* The names in full, parted by commas; the schema's memory. */
static coffer_status
join_names(coffer_schema *schema, const char *const *names, const char **text_out,
	   coffer_error *error)
{
	size_t count = 0, size = 0, room;
	coffer_status status;
	uint32_t table;
	char *text;

	*text_out = NULL;
	if (!names)
		return COFFER_OK;
	while (names[count])
		count++;
	room = count * (COFFER_NAME_SIZE_MAX + sizeof(", ")) + 1;
	text = coffer_schema_memory(schema, room);
	if (!text)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for names");
	for (size_t i = 0; i < count; i++) {
		if ((status = coffer_table_resolve(schema, names[i], &table, error)))
			return status;
		size += (size_t)snprintf(text + size, room - size, "%s%s", i ? ", " : "",
					 schema->tables[table].name);
	}
	*text_out = text;
	return COFFER_OK;
}

/* A `since` that cuts nothing off is hardly what was meant. */
static void
look_for_times(struct coffer_source *source, const bool *is_taken)
{
	for (uint32_t i = 0; i < source->schema->table_count; i++)
		if (is_taken[i] && source->schema->tables[i].time_column != COFFER_NO_COLUMN)
			return;
	coffer_source_warn(source, "no table tells the time of its rows: all rows are taken");
}

static void
warn(void *context, const char *message)
{
	coffer_source_warn(context, "%s", message);
}

coffer_status
coffer_selection_apply(struct coffer_source *source, coffer_error *error)
{
	const coffer_selection *selection = &source->options->selection;
	coffer_schema *schema = source->schema;
	coffer_status status;
	bool *is_taken;

	if (!coffer_selection_is_partial(selection))
		return COFFER_OK;
	is_taken = coffer_schema_memory(schema, schema->table_count + 1);
	if (!is_taken)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a selection");
	if ((status = coffer_selection_resolve(selection, schema, is_taken, error)) ||
	    (status = join_names(schema, selection->tables, &source->tables, error)) ||
	    (status = join_names(schema, selection->excluded, &source->excluded, error)))
		return status;
	count_outside(source);
	if (selection->has_since)
		look_for_times(source, is_taken);
	return coffer_schema_prune(schema, is_taken, selection->has_since, warn, source, error);
}

coffer_status
coffer_selection_facts(const struct coffer_source *source,
		       coffer_status (*fact)(void *context, const char *name, const char *value,
					     coffer_error *error),
		       void *context, coffer_error *error)
{
	const coffer_selection *selection = &source->options->selection;
	char since[COFFER_SCALAR_TEXT_SIZE];
	coffer_status status = COFFER_OK;

	if (presets[selection->preset].tables)
		status = fact(context, "preset", presets[selection->preset].name, error);
	if (!status && source->tables)
		status = fact(context, "tables", source->tables, error);
	if (!status && source->excluded)
		status = fact(context, "excluded", source->excluded, error);
	if (!status && selection->has_since) {
		coffer_time_print(selection->since, true, since);
		status = fact(context, "since", since, error);
	}
	return status;
}
