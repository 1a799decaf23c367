/*
 * coffer recover: what is whole of a damaged store into a new one.
 */
#include "json.h"
#include "progress.h"
#include "report.h"
#include "transfer/schema_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LOSSES_TOLD = 20, /* more would hide the rest of what is said */
	NAMES_SIZE = 4096,
};

struct recovered {
	char *table;
	uint64_t rows;
};

struct recovery {
	struct coffer_arguments *arguments;
	uint64_t losses;
	struct recovered *tables;
	size_t table_count;
};

static void
tell(void *context, const char *place, const char *message)
{
	struct recovery *recovery = context;
	char text[1024];

	if (recovery->losses++ >= LOSSES_TOLD)
		return;
	(void)snprintf(text, sizeof(text), "%s: %s", place, message);
	coffer_progress_clear();
	coffer_report_warning(recovery->arguments, text);
}

static uint64_t
left_out(const struct recovery *recovery)
{
	return recovery->losses > LOSSES_TOLD ? recovery->losses - LOSSES_TOLD : 0;
}

/* Where no last line will say it. */
static void
warn_left_out(const struct recovery *recovery)
{
	char number[COFFER_COUNT_SIZE], text[COFFER_COUNT_SIZE + 16];

	if (!left_out(recovery))
		return;
	(void)snprintf(text, sizeof(text), "%s left out",
		       coffer_count_print(left_out(recovery), "more warning was", "more warnings were",
					  number));
	coffer_report_warning(recovery->arguments, text);
}

/* ------------------------------------------------------------------ by table */

/* Without memory nothing is kept of that table. */
static void
keep_table(void *context, const char *table, uint64_t rows)
{
	struct recovery *recovery = context;
	struct recovered *larger =
		realloc(recovery->tables, (recovery->table_count + 1) * sizeof(*larger));

	if (!larger)
		return;
	recovery->tables = larger;
	larger[recovery->table_count] = (struct recovered){.table = strdup(table), .rows = rows};
	recovery->table_count += larger[recovery->table_count].table != NULL;
}

static void
release_tables(struct recovery *recovery)
{
	for (size_t i = 0; i < recovery->table_count; i++)
		free(recovery->tables[i].table);
	free(recovery->tables);
}

/* Tables that are gone whole leave no trace: what came back of none may have been empty or not. */
static void
note_missing(const struct recovery *recovery)
{
	char names[NAMES_SIZE] = "";
	size_t size = 0, others = 0;

	for (size_t i = 0; i < recovery->table_count; i++) {
		const struct recovered *table = &recovery->tables[i];

		if (table->rows)
			continue;
		if (others || size + strlen(table->table) + sizeof(", ") > sizeof(names))
			others++;
		else
			size += (size_t)snprintf(names + size, sizeof(names) - size, "%s%s",
						 size ? ", " : "", table->table);
	}
	if (others)
		coffer_report_note(recovery->arguments,
				   "no rows of: %s and %zu more (there may have been none)", names,
				   others);
	else if (size)
		coffer_report_note(recovery->arguments, "no rows of: %s (there may have been none)",
				   names);
}

static void
note_tables(const struct recovery *recovery)
{
	char rows[COFFER_COUNT_SIZE];

	for (size_t i = 0; i < recovery->table_count; i++)
		if (recovery->tables[i].rows)
			coffer_report_note(recovery->arguments, "%s: %s",
					   recovery->tables[i].table,
					   coffer_count_print(recovery->tables[i].rows, "row", "rows",
							      rows));
	note_missing(recovery);
}

static void
write_tables(const struct recovery *recovery, struct coffer_json *json)
{
	coffer_json_open(json, "rows_by_table", '{');
	for (size_t i = 0; i < recovery->table_count; i++)
		coffer_json_number(json, recovery->tables[i].table, recovery->tables[i].rows);
	coffer_json_close(json, '}');
}

/* ------------------------------------------------------------------ the result */

static int
print_document(const struct recovery *recovery, const coffer_recover_summary *summary,
	       coffer_error *error)
{
	struct coffer_output output;
	struct coffer_json json;
	coffer_status status = coffer_output_open(&output, recovery->arguments, error);

	coffer_json_begin(&json, &output, "coffer/recover/1");
	coffer_json_text(&json, "file", recovery->arguments->operands[1]);
	coffer_json_number(&json, "tables", summary->tables);
	coffer_json_number(&json, "rows", summary->rows);
	coffer_json_number(&json, "rows_lost", summary->rows_lost);
	coffer_json_number(&json, "entries_lost", summary->entries_lost);
	coffer_json_number(&json, "pages_lost", summary->pages_lost);
	coffer_json_number(&json, "warnings_left_out", left_out(recovery));
	coffer_json_bool(&json, "is_mixed", summary->is_mixed);
	coffer_json_bool(&json, "is_schema_given", summary->is_schema_given);
	coffer_json_bool(&json, "is_schema_proven", summary->is_schema_proven);
	write_tables(recovery, &json);
	coffer_json_end(&json);
	return coffer_output_close(&output, recovery->arguments, status, error);
}

static int
print_result(const struct recovery *recovery, const coffer_recover_summary *summary,
	     coffer_error *error)
{
	char rows[COFFER_COUNT_SIZE], lost[COFFER_NUMBER_SIZE], number[COFFER_COUNT_SIZE];
	bool is_cut = left_out(recovery) > 0;
	int code = COFFER_EXIT_DONE;

	coffer_progress_clear();
	note_tables(recovery);
	coffer_report_note(recovery->arguments, "%s: %s recovered, %s known to be lost%s%s%s",
			   recovery->arguments->operands[1],
			   coffer_count_print(summary->rows, "row", "rows", rows),
			   coffer_number_print(summary->rows_lost, lost), is_cut ? "; " : "",
			   is_cut ? coffer_count_print(left_out(recovery), "more warning was",
						       "more warnings were", number)
				  : "",
			   is_cut ? " left out" : "");
	if (recovery->arguments->is_quiet && !recovery->arguments->is_json)
		warn_left_out(recovery);
	if (recovery->arguments->is_json)
		code = print_document(recovery, summary, error);
	return !code && (recovery->losses || summary->is_mixed) ? COFFER_EXIT_WARNINGS : code;
}

/* ------------------------------------------------------------------ a schema in place of a lost one */

/* Of a store that is whole, or from its document. */
static coffer_status
read_schema(const char *path, coffer_schema **schema_out, coffer_error *error)
{
	coffer_store *store;
	coffer_status status;

	*schema_out = NULL;
	if (coffer_schema_file_is(path))
		return coffer_schema_file_read_layout(path, schema_out, error);
	if (!(status = coffer_store_open(path, &store, error)))
		status = coffer_schema_copy(coffer_store_schema(store), schema_out, error);
	coffer_store_close(store);
	if (status && error && !error->place[0])
		coffer_error_at(error, "%s", path);
	return status;
}

/* What was lost could have been given. */
static int
fail(const struct recovery *recovery, const coffer_recover_summary *summary, coffer_error *error)
{
	const struct coffer_arguments *arguments = recovery->arguments;
	size_t size = strlen(error->message);

	coffer_progress_clear();
	warn_left_out(recovery);
	if (error->status == COFFER_CORRUPT && summary->is_description_lost &&
	    !coffer_option_is_given(arguments, COFFER_OPTION_SCHEMA))
		(void)snprintf(error->message + size, sizeof(error->message) - size,
			       "; --schema gives it");
	return coffer_report_error(arguments, error);
}

static void
warn(struct coffer_arguments *arguments, const coffer_recover_summary *summary)
{
	coffer_progress_clear();
	if (summary->is_mixed)
		coffer_report_warning(arguments,
				      "what tells which pages and entries are free is damaged: rows that were deleted, and "
				      "former states of rows, may have come along");
	if (summary->is_schema_given && !summary->is_schema_proven)
		coffer_report_warning(
			arguments,
			"nothing that is left proves that the schema given is the damaged "
			"store's: where it is not, values may stand in each other's columns");
	if (!summary->is_schema_given && coffer_option_is_given(arguments, COFFER_OPTION_SCHEMA))
		coffer_report_note(arguments,
				   "%s has its own schema still: that of --schema was not needed",
				   arguments->operands[0]);
}

static int
run(struct coffer_arguments *arguments, const coffer_schema *schema)
{
	struct recovery recovery = {.arguments = arguments};
	struct coffer_progress_line line;
	const coffer_recover_options options = {
		.is_forced = coffer_option_is_given(arguments, COFFER_OPTION_FORCE),
		.schema = schema,
		.lost = tell,
		.lost_context = &recovery,
		.table = keep_table,
		.table_context = &recovery,
		.progress = coffer_progress_tell,
		.progress_context = &line,
	};
	coffer_recover_summary summary;
	coffer_error error = {0};
	int code;

	coffer_progress_begin(&line, arguments);
	if (coffer_store_recover(arguments->operands[0], arguments->operands[1], &options, &summary,
				 &error)) {
		code = fail(&recovery, &summary, &error);
	} else {
		warn(arguments, &summary);
		code = print_result(&recovery, &summary, &error);
	}
	release_tables(&recovery);
	return code;
}

int
coffer_command_recover(struct coffer_arguments *arguments)
{
	const char *path = coffer_option_value(arguments, COFFER_OPTION_SCHEMA);
	coffer_schema *schema = NULL;
	coffer_error error = {0};
	int code;

	if (path && read_schema(path, &schema, &error))
		return coffer_report_error(arguments, &error);
	code = run(arguments, schema);
	coffer_schema_free(schema);
	return code;
}
