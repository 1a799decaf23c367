/*
 * Nothing is sent before it is known to fit: tables and columns are matched by name first.
 *
 * Column order, and columns that later versions of the gateway added, differ between databases. A value whose
 * type is the target's goes in its binary form; with any other the whole table goes as text, which the
 * target's types read for themselves.
 */
#include "postgres/export_match.h"

#include "postgres/copy_bytes.h"
#include "postgres/copy_sql.h"
#include "postgres/discover.h"
#include "postgres/row_key.h"

#include <stdlib.h>

const coffer_table *
coffer_match_source(const struct coffer_export *export, const struct coffer_match *match)
{
	return &export->schema->tables[match->table];
}

const coffer_table *
coffer_match_target(const struct coffer_matches *matches, const struct coffer_match *match)
{
	return &matches->target->tables[match->target];
}

const struct coffer_match *
coffer_matches_find(const struct coffer_matches *matches, uint32_t target)
{
	for (size_t depth = 0; target != COFFER_NO_TABLE && depth <= matches->target->table_count;
	     depth++) {
		for (size_t i = 0; i < matches->count; i++)
			if (matches->list[i].target == target)
				return &matches->list[i];
		target = coffer_schema_find_table(matches->target,
						  matches->target->tables[target].partition_of);
	}
	return NULL;
}

bool
coffer_match_has(const struct coffer_match *match, uint16_t target_column)
{
	for (size_t i = 0; i < match->column_count; i++)
		if (match->target_columns[i] == target_column)
			return true;
	return false;
}

/* ------------------------------------------------------------------ types */

/* What lies under a domain. */
static const char *
type_of(const coffer_column *column)
{
	return column->base_type ? column->base_type : column->type;
}

/* Are the bytes of the one those of the other? */
static bool
is_same_form(const struct coffer_matches *matches, const coffer_schema *schema,
	     const coffer_column *from, const coffer_column *to)
{
	return from->kind == to->kind && from->width == to->width &&
	       from->has_zone == to->has_zone && from->is_binary_json == to->is_binary_json &&
	       coffer_copy_is_binary(schema, from) && coffer_copy_is_binary(matches->target, to);
}

/* Digits that a second's fraction keeps: of "timestamp(3) without time zone" 3. */
static long
precision_of(const char *type)
{
	const char *open = strchr(type, '(');

	return open ? strtol(open + 1, NULL, 10) : 6;
}

/* Does the target's type hold every value of the store's, the same? */
static bool
is_wide_enough(const coffer_column *from, const coffer_column *to)
{
	if (strcmp(type_of(from), type_of(to)) == 0)
		return true;
	if (from->kind != to->kind)
		return false;
	switch (from->kind) {
	case COFFER_INT:
		return to->width >= from->width;
	case COFFER_TEXT:
		return strcmp(type_of(to), "text") == 0;
	case COFFER_TIME:
		return from->has_zone == to->has_zone &&
		       precision_of(type_of(to)) >= precision_of(type_of(from));
	default:
		return false;
	}
}

/* ------------------------------------------------------------------ columns */

static void
match_column(struct coffer_export *export, struct coffer_matches *matches,
	     struct coffer_match *match, uint16_t number, uint16_t target_number)
{
	const coffer_table *table = coffer_match_source(export, match);
	const coffer_column *from = &table->columns[number];
	const coffer_column *to = &coffer_match_target(matches, match)->columns[target_number];

	if (to->generated_sql) {
		if (!from->generated_sql)
			coffer_export_warn(export,
					   "%s.%s is generated in the target: its values "
					   "there are the target's own",
					   table->name, from->name);
		return;
	}
	if (!is_wide_enough(from, to))
		coffer_export_warn(export,
				   "%s.%s is %s here and %s in the target: values are "
				   "converted",
				   table->name, from->name, from->type, to->type);
	match->is_text |= !is_same_form(matches, export->schema, from, to);
	match->columns[match->column_count] = number;
	match->target_columns[match->column_count++] = target_number;
}

static coffer_status
refuse_value(const coffer_table *table, const coffer_row *row, uint16_t column, coffer_error *error)
{
	coffer_buffer key = {0};

	if (coffer_row_print_key(table, row, &key))
		key.size = 0;
	coffer_error_set(error, COFFER_UNREACHABLE,
			 "the target has no such column, and here it has a value");
	coffer_error_at(error, "%s", table->columns[column].name);
	coffer_error_at(error, "%s[%.*s]", table->name, (int)key.size, key.data ? key.data : "");
	coffer_buffer_release(&key);
	return COFFER_UNREACHABLE;
}

static coffer_status
check_row(const struct coffer_copy_job *job, const coffer_row *row, coffer_error *error)
{
	const coffer_table *table = &job->schema->tables[job->table];
	coffer_status status = COFFER_OK;
	coffer_value value;

	for (size_t i = 0; i < job->column_count && !status; i++) {
		status = coffer_row_get(row, job->columns[i], &value, error);
		if (!status && value.kind != COFFER_NULL)
			status = refuse_value(table, row, job->columns[i], error);
	}
	return status;
}

/* Columns that the target lacks, those of the job, hold nothing in the rows that are taken. */
static coffer_status
check_empty(struct coffer_export *export, const struct coffer_copy_job *job, coffer_error *error)
{
	const coffer_scan all = {.index = COFFER_NO_INDEX};
	coffer_cursor *cursor = NULL;
	const coffer_row *row;
	coffer_status status = coffer_cursor_open(export->txn, job->table, &cursor, error);
	bool is_taken;

	if (!status)
		status = coffer_cursor_scan(cursor, &all, error);
	while (!status && !(status = coffer_cursor_next(cursor, &row, error))) {
		status = coffer_copy_takes(job, row, &is_taken, error);
		if (!status && is_taken)
			status = check_row(job, row, error);
		if (!status && coffer_row_number(row) % 65536 == 0)
			status = coffer_session_poll(&export->session, "checking columns", 0, 0,
						     error);
	}
	coffer_cursor_close(cursor);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

static bool
has_default(const coffer_schema *target, const coffer_column *column)
{
	if (column->default_sql || column->generated_sql || column->identity || column->is_nullable)
		return true;
	for (size_t i = 0; i < target->domain_count; i++)
		if (column->base_type && target->domains[i].default_sql &&
		    strcmp(target->domains[i].name, column->type) == 0)
			return true;
	return false;
}

/* The target's columns that the store lacks can do without a value. */
static coffer_status
check_defaults(struct coffer_export *export, const struct coffer_matches *matches,
	       const struct coffer_match *match, coffer_error *error)
{
	const coffer_table *table = coffer_match_target(matches, match);

	for (uint16_t i = 0; i < table->column_count && match->rows; i++) {
		if (coffer_match_has(match, i) || has_default(matches->target, &table->columns[i]))
			continue;
		coffer_error_set(error, COFFER_UNREACHABLE,
				 "a column of the target that takes neither NULL nor a default, "
				 "and the store lacks it");
		coffer_error_at(error, "%s", table->columns[i].name);
		return coffer_error_at(error, "%s", table->name);
	}
	if (match->rows && !match->column_count)
		return coffer_error_set(error, COFFER_UNREACHABLE,
					"%s: the target has none of its columns",
					coffer_match_source(export, match)->name);
	return COFFER_OK;
}

static coffer_status
match_columns(struct coffer_export *export, struct coffer_matches *matches,
	      struct coffer_match *match, coffer_error *error)
{
	const coffer_table *table = coffer_match_source(export, match);
	const coffer_table *target = coffer_match_target(matches, match);
	uint16_t *missing = calloc(table->column_count + 1, sizeof(*missing));
	struct coffer_copy_job job = {
		.schema = export->schema,
		.table = match->table,
		.selection = &export->options->transfer.selection,
		.columns = missing,
	};
	coffer_status status = COFFER_OK;

	match->columns = calloc(table->column_count + 1, sizeof(*match->columns));
	match->target_columns = calloc(table->column_count + 1, sizeof(*match->target_columns));
	if (!missing || !match->columns || !match->target_columns)
		status = coffer_error_set(error, COFFER_NO_MEMORY, "no memory for columns");
	for (uint16_t i = 0; i < table->column_count && !status; i++) {
		uint16_t number = coffer_table_find_column(target, table->columns[i].name);

		if (number != COFFER_NO_COLUMN)
			match_column(export, matches, match, i, number);
		else if (!table->columns[i].generated_sql)
			missing[job.column_count++] = i;
	}
	if (!status && job.column_count && match->rows)
		status = check_empty(export, &job, error);
	free(missing);
	return status ? status : check_defaults(export, matches, match, error);
}

/* ------------------------------------------------------------------ tables */

static coffer_status
match_table(struct coffer_export *export, struct coffer_matches *matches, uint32_t number,
	    coffer_error *error)
{
	const char *name = export->schema->tables[number].name;
	uint32_t target = coffer_schema_find_table(matches->target, name);
	struct coffer_match *match = &matches->list[matches->count++];
	coffer_status status;

	*match = (struct coffer_match){.table = number, .target = target};
	if (target == COFFER_NO_TABLE) {
		coffer_error_set(error, COFFER_UNREACHABLE,
				 "schema \"%s\" of the target has no such table",
				 export->session.schema);
		return coffer_error_at(error, "%s", name);
	}
	status = coffer_table_count(export->txn, number, &match->rows, error);
	return status ? status : match_columns(export, matches, match, error);
}

coffer_status
coffer_matches_make(struct coffer_export *export, struct coffer_matches *matches_out,
		    coffer_error *error)
{
	const coffer_schema *schema = export->schema;
	coffer_status status;

	*matches_out = (struct coffer_matches){.target = NULL};
	status = coffer_discover(&export->session, NULL, NULL, &matches_out->target, error);
	if (status)
		return status;
	matches_out->list = calloc(schema->table_count + 1, sizeof(*matches_out->list));
	if (!matches_out->list)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for tables");
	for (uint32_t i = 0; i < schema->table_count && !status; i++)
		if (coffer_export_takes(export, i))
			status = match_table(export, matches_out, i, error);
	return status;
}

void
coffer_matches_release(struct coffer_matches *matches)
{
	for (size_t i = 0; i < matches->count; i++) {
		free(matches->list[i].columns);
		free(matches->list[i].target_columns);
	}
	free(matches->list);
	coffer_schema_free(matches->target);
	*matches = (struct coffer_matches){.target = NULL};
}
