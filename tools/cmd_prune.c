/*
 * coffer prune: a store anew, without its old logs or without old values of some columns.
 */
#include "instant.h"
#include "json.h"
#include "report.h"
#include "rewriting.h"
#include "select.h"
#include "transfer/suggest.h"

#include <stdlib.h>
#include <string.h>

struct pruning {
	struct coffer_rewriting rewriting;
	coffer_prune_options options;
	const char **tables;  /* names in full; in the schema's memory */
	const char **columns;
	char before[COFFER_SCALAR_TEXT_SIZE];
	uint64_t rows;
	struct coffer_output output;
	struct coffer_json json;
	bool is_begun; /* the document is open */
};

/* ------------------------------------------------------------------ the command line */

static int
read_tables(struct pruning *pruning, struct coffer_arguments *arguments)
{
	const coffer_schema *schema = coffer_store_schema(pruning->rewriting.store);
	size_t position = 0, count = 0;
	const char *name;
	uint32_t table;
	int code;

	if (!coffer_option_is_given(arguments, COFFER_OPTION_TABLE))
		return COFFER_EXIT_DONE;
	pruning->tables = calloc(arguments->given_count + 1, sizeof(*pruning->tables));
	if (!pruning->tables)
		return coffer_report_usage(arguments, "no memory for the tables");
	while ((name = coffer_option_next(arguments, COFFER_OPTION_TABLE, &position))) {
		if ((code = coffer_select_table(arguments, schema, name, &table)))
			return code;
		pruning->tables[count++] = schema->tables[table].name;
	}
	pruning->options.tables = pruning->tables;
	return COFFER_EXIT_DONE;
}

static size_t
count_columns(const struct coffer_arguments *arguments)
{
	size_t position = 0, count = 0;
	const char *text;

	while ((text = coffer_option_next(arguments, COFFER_OPTION_COLUMNS, &position)))
		for (count++; (text = strchr(text, ',')); text++)
			count++;
	return count;
}

static bool
is_chosen(const struct pruning *pruning, const coffer_table *table)
{
	if (!pruning->tables)
		return table->time_column != COFFER_NO_COLUMN;
	for (const char **name = pruning->tables; *name; name++)
		if (!strcmp(*name, table->name))
			return true;
	return false;
}

/* A name that no log has, where one is near it; the library refuses all others. */
static int
check_column(const struct pruning *pruning, const struct coffer_arguments *arguments, const char *name)
{
	const coffer_schema *schema = coffer_store_schema(pruning->rewriting.store);
	struct coffer_suggestion suggestion = {.word = name};

	for (size_t i = 0; i < schema->table_count; i++) {
		const coffer_table *table = &schema->tables[i];

		if (!is_chosen(pruning, table))
			continue;
		if (coffer_table_find_column(table, name) != COFFER_NO_COLUMN)
			return COFFER_EXIT_DONE;
		for (size_t j = 0; j < table->column_count; j++)
			coffer_suggestion_offer(&suggestion, table->columns[j].name);
	}
	if (!suggestion.best)
		return COFFER_EXIT_DONE;
	return coffer_report_missing(arguments, name, "no log has such a column, did you mean '%s'?",
				     suggestion.best);
}

/* Names parted by commas, as in every --columns. */
static int
read_columns(struct pruning *pruning, struct coffer_arguments *arguments)
{
	size_t position = 0, count = 0;
	char *text, *rest;
	int code;

	if (!coffer_option_is_given(arguments, COFFER_OPTION_COLUMNS))
		return COFFER_EXIT_DONE;
	pruning->columns = calloc(count_columns(arguments) + 1, sizeof(*pruning->columns));
	if (!pruning->columns)
		return coffer_report_usage(arguments, "no memory for the columns");
	while ((text = coffer_option_next(arguments, COFFER_OPTION_COLUMNS, &position)))
		while ((text = strtok_r(text, ",", &rest))) {
			if ((code = check_column(pruning, arguments, text)))
				return code;
			pruning->columns[count++] = text;
			text = NULL;
		}
	if (!count)
		return coffer_report_usage(arguments, "option '--columns' needs names of columns");
	pruning->options.columns = pruning->columns;
	return COFFER_EXIT_DONE;
}

static int
read_before(struct pruning *pruning, const struct coffer_arguments *arguments)
{
	bool is_given;
	int code = coffer_option_time(arguments, COFFER_OPTION_BEFORE, &is_given,
				      &pruning->options.before);

	if (!code && !is_given)
		return coffer_report_usage(arguments, "needs --before: what is older goes");
	if (!code)
		coffer_time_print(pruning->options.before, true, pruning->before);
	return code;
}

/* ------------------------------------------------------------------ the result */

static void
write_table(struct pruning *pruning, const char *name, uint64_t rows)
{
	struct coffer_json *json = &pruning->json;

	if (!pruning->is_begun) {
		coffer_json_begin(json, &pruning->output, "coffer/prune/1");
		coffer_json_text(json, "file", pruning->rewriting.path);
		coffer_json_text(json, "before", pruning->before);
		coffer_json_bool(json, "is_dry_run", pruning->options.is_dry_run);
		coffer_json_open_inline(json, "columns", '[');
		for (size_t i = 0; pruning->columns && pruning->columns[i]; i++)
			coffer_json_text(json, NULL, pruning->columns[i]);
		coffer_json_close(json, ']');
		coffer_json_open(json, "tables", '[');
		pruning->is_begun = true;
	}
	coffer_json_open_inline(json, NULL, '{');
	coffer_json_text(json, "name", name);
	coffer_json_number(json, "rows", rows);
	coffer_json_close(json, '}');
}

/* Tables that lose nothing are a program's to hear of. */
static void
take_table(void *context, const char *name, uint64_t rows)
{
	struct pruning *pruning = context;
	char number[COFFER_COUNT_SIZE];

	if (pruning->rewriting.arguments->is_json)
		write_table(pruning, name, rows);
	if (!rows)
		return;
	coffer_progress_clear();
	coffer_report_note(pruning->rewriting.arguments, "%s: %s from before %s", name,
			   coffer_count_print(rows, "row", "rows", number), pruning->before);
}

static bool
is_written(const struct pruning *pruning)
{
	return !pruning->options.is_dry_run && (pruning->rows || pruning->options.rewrite.path);
}

static void
say_result(const struct pruning *pruning, uint64_t bytes)
{
	const struct coffer_rewriting *rewriting = &pruning->rewriting;
	char rows[COFFER_COUNT_SIZE], before[COFFER_NUMBER_SIZE], after[COFFER_NUMBER_SIZE];
	const char *verb = pruning->columns ? "emptied" : "removed";

	coffer_count_print(pruning->rows, "row", "rows", rows);
	if (!pruning->rows && !pruning->options.rewrite.path)
		coffer_report_note(rewriting->arguments, "%s: nothing is from before %s, nothing written",
				   rewriting->arguments->operands[0], pruning->before);
	else if (!is_written(pruning))
		coffer_report_note(rewriting->arguments, "%s: %s would be %s, nothing written",
				   rewriting->arguments->operands[0], rows, verb);
	else
		coffer_report_note(rewriting->arguments,
				   "%s: pruned, %s %s, %s -> %s in %.1f s", rewriting->path, rows, verb,
				   coffer_size_print(rewriting->bytes_before, before),
				   coffer_size_print(bytes, after),
				   coffer_progress_seconds(&rewriting->line));
}

static int
print_result(struct pruning *pruning, coffer_error *error)
{
	const struct coffer_rewriting *rewriting = &pruning->rewriting;
	uint64_t bytes = is_written(pruning) ? coffer_rewriting_bytes(rewriting)
					     : rewriting->bytes_before;
	int code;

	say_result(pruning, bytes);
	if (pruning->is_begun) {
		coffer_json_close(&pruning->json, ']');
		coffer_json_number(&pruning->json, "rows", pruning->rows);
		coffer_json_number(&pruning->json, "bytes_before", rewriting->bytes_before);
		coffer_json_number(&pruning->json, "bytes", bytes);
		coffer_json_end(&pruning->json);
	}
	code = coffer_output_close(&pruning->output, rewriting->arguments, COFFER_OK, error);
	return code ? code : coffer_rewriting_end(rewriting);
}

/* ------------------------------------------------------------------ the whole */

static int
prune(struct pruning *pruning, struct coffer_arguments *arguments, coffer_error *error)
{
	coffer_store *store = pruning->rewriting.store;
	coffer_status status;

	pruning->options.rewrite = pruning->rewriting.options;
	pruning->options.is_dry_run = coffer_option_is_given(arguments, COFFER_OPTION_DRY_RUN);
	pruning->options.table = take_table;
	pruning->options.table_context = pruning;
	pruning->rewriting.store = NULL;
	status = coffer_output_open(&pruning->output, arguments, error);
	if (status)
		coffer_store_close(store);
	else
		status = coffer_store_prune(store, &pruning->options, &pruning->rows,
					    &pruning->rewriting.summary, error);
	coffer_progress_clear();
	if (!status)
		return print_result(pruning, error);
	if (!error->place[0])
		coffer_error_at(error, "%s", arguments->operands[0]);
	return coffer_report_error(arguments, error);
}

int
coffer_command_prune(struct coffer_arguments *arguments)
{
	struct pruning pruning = {.is_begun = false};
	coffer_error error = {0};
	int code = read_before(&pruning, arguments);

	if (code)
		return code;
	if (coffer_rewriting_open(&pruning.rewriting, arguments, &error))
		return coffer_report_error(arguments, &error);
	if (!(code = read_tables(&pruning, arguments)) &&
	    !(code = read_columns(&pruning, arguments)))
		code = prune(&pruning, arguments, &error);
	coffer_store_close(pruning.rewriting.store);
	free(pruning.tables);
	free(pruning.columns);
	return code;
}
