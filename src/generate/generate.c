/*
 * coffer_generate: the made-up gateway written through the public loader.
 *
 *   options --> gateway --> draft --> coffer_load_row
 *
 * Invariant: the file is a function of (rows, seed, era, tables). Nothing of the machine or the moment goes
 * into it; a table left out changes no row of the others.
 */
#include "generate/era.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct generator {
	const coffer_generate_options *options;
	struct coffer_gateway gateway;
	bool is_chosen[COFFER_GATEWAY_TABLES];
	coffer_schema *schema;
	coffer_load *load;
	struct coffer_draft *draft;
};

static uint32_t
find_table(const char *name)
{
	uint32_t table = 0;

	while (table < COFFER_GATEWAY_TABLES &&
	       strcmp(coffer_gateway_tables[table].name, name) != 0)
		table++;
	return table;
}

static coffer_status
choose_tables(struct generator *generator, coffer_error *error)
{
	const char *const *name = generator->options->tables;
	uint32_t table;

	for (table = 0; table < COFFER_GATEWAY_TABLES; table++)
		generator->is_chosen[table] = !name;
	for (; name && *name; name++) {
		table = find_table(*name);
		if (table == COFFER_GATEWAY_TABLES)
			return coffer_error_set(error, COFFER_INVALID,
						"no table \"%s\" in the built-in schema", *name);
		generator->is_chosen[table] = true;
	}
	return COFFER_OK;
}

/* Step over the table's columns that `columns` names. False where a name is another one. */
static bool
are_named(const coffer_table *table, size_t *column, const char *columns)
{
	size_t size;

	for (; columns && *columns; columns += size + (columns[size] == ' '), ++*column) {
		size = strcspn(columns, " ");
		if (*column == table->column_count ||
		    strncmp(table->columns[*column].name, columns, size) != 0 ||
		    table->columns[*column].name[size] != '\0')
			return false;
	}
	return true;
}

/* The drafts' columns are the schema's: names and order. A difference is a fault in coffer. */
static coffer_status
check_columns(const struct generator *generator, const coffer_table *table,
	      const struct coffer_gateway_table *made, coffer_error *error)
{
	const char *added = generator->options->era == COFFER_ERA_TODAY ? made->added : NULL;
	size_t column = 0;

	if (are_named(table, &column, made->columns) && are_named(table, &column, added) &&
	    column == table->column_count)
		return COFFER_OK;
	coffer_error_set(error, COFFER_INVALID, "column %zu is not the one that is generated",
			 column);
	return coffer_error_at(error, "%s", table->name);
}

/* The sequence stands where the highest id was given. */
static void
set_sequence(coffer_schema *schema, uint32_t rows)
{
	size_t i;

	for (i = 0; i < schema->sequence_count; i++) {
		if (strcmp(schema->sequences[i].name, "LiteLLM_ModelTable_id_seq") != 0 || !rows)
			continue;
		schema->sequences[i].last_value = coffer_alias_id(rows - 1);
		schema->sequences[i].is_called = true;
	}
}

static coffer_status
prepare(struct generator *generator, coffer_error *error)
{
	const coffer_generate_options *options = generator->options;
	coffer_status status;

	if ((status = choose_tables(generator, error)) ||
	    (status = coffer_gateway_init(&generator->gateway, options, error)) ||
	    (status = coffer_era_schema(options->era, &generator->schema, error)))
		return status;
	if (generator->is_chosen[COFFER_ALIASES])
		set_sequence(generator->schema, generator->gateway.counts[COFFER_ALIASES]);
	generator->draft = malloc(sizeof *generator->draft);
	if (!generator->draft)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row");
	return COFFER_OK;
}

/* What the older era's stores do not say: their bytes are what they were. */
static coffer_status
load_era(struct generator *generator, coffer_error *error)
{
	char percent[16];
	coffer_status status;

	if (generator->options->era == COFFER_ERA_OLDER)
		return COFFER_OK;
	snprintf(percent, sizeof percent, "%" PRIu32, generator->options->prompts_percent);
	if ((status = coffer_load_fact(generator->load, "era", "today", error)))
		return status;
	return coffer_load_fact(generator->load, "prompts", percent, error);
}

static coffer_status
load_facts(struct generator *generator, coffer_error *error)
{
	char rows[24], seed[24];
	coffer_status status;

	snprintf(rows, sizeof rows, "%" PRIu64, generator->options->rows);
	snprintf(seed, sizeof seed, "%" PRIu64, generator->options->seed);
	if ((status = coffer_load_fact(generator->load, "generator", "coffer generate", error)) ||
	    (status = coffer_load_fact(generator->load, "version", COFFER_VERSION, error)) ||
	    (status = coffer_load_fact(generator->load, "rows", rows, error)) ||
	    (status = coffer_load_fact(generator->load, "seed", seed, error)))
		return status;
	return load_era(generator, error);
}

static coffer_status
load_table(struct generator *generator, uint32_t table, coffer_error *error)
{
	const struct coffer_gateway_table *made = &coffer_gateway_tables[table];
	uint32_t number = coffer_schema_find_table(generator->schema, made->name), row;
	struct coffer_draft *draft = generator->draft;
	coffer_status status;

	if (number == COFFER_NO_TABLE)
		return coffer_error_set(error, COFFER_INVALID,
					"no table \"%s\" in the built-in schema", made->name);
	if ((status = check_columns(generator, &generator->schema->tables[number], made, error)) ||
	    (status = coffer_load_table(generator->load, number, error)))
		return status;
	for (row = 0; row < generator->gateway.counts[table] && !status; row++) {
		coffer_gateway_write(&generator->gateway, table, row, draft);
		status = coffer_load_row(generator->load, draft->values, error);
	}
	return status;
}

static coffer_status
load(struct generator *generator, const char *path, coffer_error *error)
{
	const coffer_load_options options = {
		.is_forced = generator->options->is_forced,
		.is_plain = generator->options->is_plain,
		.has_seed = true,
		.seed = generator->options->seed,
		.progress = generator->options->progress,
		.progress_context = generator->options->progress_context,
	};
	coffer_status status =
		coffer_load_begin(path, generator->schema, &options, &generator->load, error);
	uint32_t table;

	if (!status)
		status = load_facts(generator, error);
	for (table = 0; table < COFFER_GATEWAY_TABLES && !status; table++)
		if (generator->is_chosen[table])
			status = load_table(generator, table, error);
	if (status) {
		coffer_load_abort(generator->load);
		return status;
	}
	return coffer_load_finish(generator->load, error);
}

coffer_status
coffer_generate(const char *path, const coffer_generate_options *options, coffer_error *error)
{
	struct generator generator = {.options = options};
	coffer_status status = prepare(&generator, error);

	if (!status)
		status = load(&generator, path, error);
	free(generator.draft);
	coffer_schema_free(generator.schema);
	coffer_gateway_release(&generator.gateway);
	return status;
}
