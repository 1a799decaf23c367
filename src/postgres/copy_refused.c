/*
 * Which row the server refused. It says so in the context of its message, in its own language:
 * "COPY LiteLLM_UserTable, line 5, column spend: \"...\"". A line is a row in binary COPY too. The
 * row is found again by counting, since that happens once at the most, and named by its primary
 * key.
 */
#include "postgres/copy_send.h"

#include "postgres/row_key.h"

#include <stdlib.h>
#include <string.h>

/*
 * What stands behind "COPY <table>, <word> " in the context: the line's number; NULL when it is not
 * there.
 */
static const char *
find_line(const char *context, const char *table)
{
	size_t size = strlen(table);
	const char *at = context;

	while (at && (at = strstr(at, "COPY "))) {
		at += 5;
		if (!strncmp(at, table, size) && at[size] == ',') {
			at += size;
			return at + strcspn(at, "0123456789\n");
		}
	}
	return NULL;
}

/*
 * The column whose name stands behind ", <word> ". A name may have a prefix of another: the longest
 * wins.
 */
static const coffer_column *
find_column(const char *at, const coffer_table *table)
{
	const coffer_column *found = NULL;
	const char *name;

	if (strncmp(at, ", ", 2) != 0 || !(name = strchr(at + 2, ' ')))
		return NULL;
	name++;
	for (size_t i = 0; i < table->column_count; i++) {
		size_t size = strlen(table->columns[i].name);

		if (!strncmp(name, table->columns[i].name, size) &&
		    (!name[size] || name[size] == ':' || name[size] == '\n') &&
		    (!found || size > strlen(found->name)))
			found = &table->columns[i];
	}
	return found;
}

/* The key of the row that `before` rows stand in front of; nothing when it cannot be read again. */
static void
find_key(coffer_txn *txn, const struct coffer_copy_job *job, uint64_t before, coffer_buffer *out)
{
	const coffer_scan all = {.index = COFFER_NO_INDEX};
	coffer_cursor *cursor;
	const coffer_row *row = NULL;
	coffer_status status = coffer_cursor_open(txn, job->table, &cursor, NULL);
	bool is_taken;

	if (!status)
		status = coffer_cursor_scan(cursor, &all, NULL);
	for (uint64_t i = 0; i <= before && !status; i += is_taken) {
		is_taken = false;
		status = coffer_cursor_next(cursor, &row, NULL);
		if (!status)
			status = coffer_copy_takes(job, row, &is_taken, NULL);
	}
	if (!status)
		status = coffer_row_print_key(&job->schema->tables[job->table], row, out);
	if (status)
		out->size = 0;
	coffer_cursor_close(cursor);
}

void
coffer_copy_refused(coffer_txn *txn, const struct coffer_copy_job *job, const PGresult *refusal,
		    uint64_t row_base, coffer_error *error)
{
	const coffer_table *table = &job->schema->tables[job->table];
	const char *at = find_line(PQresultErrorField(refusal, PG_DIAG_CONTEXT), job->into);
	const char *named = PQresultErrorField(refusal, PG_DIAG_COLUMN_NAME);
	const coffer_column *column;
	coffer_buffer key = {0};
	uint64_t line;
	char *rest;

	line = at ? strtoull(at, &rest, 10) : 0;
	if (!line) {
		coffer_error_at(error, "%s", table->name);
		return;
	}
	column = find_column(rest, table);
	find_key(txn, job, row_base + line - 1, &key);
	if (column || named)
		coffer_error_at(error, "%s", column ? column->name : named);
	coffer_error_at(error, "%s[%.*s]", table->name, (int)key.size, key.data ? key.data : "");
	coffer_buffer_release(&key);
}
