/*
 * Which row the server refused. It says so in the context of its message, in its own language:
 * "COPY LiteLLM_UserTable, line 5, column spend: \"...\"". A line is a row in binary COPY too. The
 * row is found again by counting, since that happens once at the most, and named by its primary
 * key.
 */
#include "postgres/copy_send.h"

#include "postgres/copy_bytes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { KEY_SIZE_MAX = 160 };

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

/* The start of a long text, never a part of a character. */
static void
put_start(coffer_buffer *out, coffer_text text)
{
	size_t size = text.size;

	if (size > KEY_SIZE_MAX) {
		for (size = KEY_SIZE_MAX; size && ((uint8_t)text.data[size] & 0xc0) == 0x80;)
			size--;
	}
	coffer_copy_put(out, text.data, size);
}

static void
print_value(const coffer_column *column, const coffer_value *value, coffer_buffer *out)
{
	char text[COFFER_SCALAR_TEXT_SIZE];

	switch (value->kind) {
	case COFFER_NULL:
		snprintf(text, sizeof(text), "null");
		break;
	case COFFER_BOOL:
		snprintf(text, sizeof(text), "%s", value->boolean ? "true" : "false");
		break;
	case COFFER_INT:
		snprintf(text, sizeof(text), "%" PRId64, value->integer);
		break;
	case COFFER_TIME:
		coffer_time_print(value->time, column->has_zone, text);
		break;
	case COFFER_FLOAT:
		coffer_float_print(value->real, column->width, text);
		break;
	default:
		put_start(out, value->text);
		return;
	}
	coffer_copy_put_text(out, text);
}

static coffer_status
print_key(const coffer_table *table, const coffer_row *row, coffer_buffer *out)
{
	const coffer_index *primary;
	coffer_value value;

	if (table->primary == COFFER_NO_INDEX) {
		char number[32];

		snprintf(number, sizeof(number), "%" PRIu64, coffer_row_number(row));
		coffer_copy_put_text(out, number);
		return COFFER_OK;
	}
	primary = &table->indexes[table->primary];
	for (size_t i = 0; i < primary->column_count; i++) {
		if (coffer_row_get(row, primary->columns[i], &value, NULL))
			return COFFER_CORRUPT;
		coffer_copy_put_text(out, i ? "," : "");
		print_value(&table->columns[primary->columns[i]], &value, out);
	}
	return COFFER_OK;
}

/* The key of the row that `before` rows stand in front of; nothing when it cannot be read again. */
static void
find_key(coffer_txn *txn, const coffer_table *table, uint32_t number, uint64_t before,
	 coffer_buffer *out)
{
	const coffer_scan all = {.index = COFFER_NO_INDEX};
	coffer_status status;
	coffer_cursor *cursor;
	const coffer_row *row;
	uint64_t skipped;

	status = coffer_cursor_open(txn, number, &cursor, NULL);
	if (!status)
		status = coffer_cursor_scan(cursor, &all, NULL);
	for (uint64_t i = 0; i < before && !status; i++)
		status = coffer_cursor_next_number(cursor, &skipped, NULL);
	if (!status)
		status = coffer_cursor_next(cursor, &row, NULL);
	if (!status)
		status = print_key(table, row, out);
	if (status)
		out->size = 0;
	coffer_cursor_close(cursor);
}

void
coffer_copy_refused(coffer_txn *txn, const coffer_schema *schema, uint32_t number,
		    const char *context, uint64_t row_base, coffer_error *error)
{
	const coffer_table *table = &schema->tables[number];
	const char *at = find_line(context, table->name);
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
	find_key(txn, table, number, row_base + line - 1, &key);
	if (column)
		coffer_error_at(error, "%s", column->name);
	coffer_error_at(error, "%s[%.*s]", table->name, (int)key.size, key.data ? key.data : "");
	coffer_buffer_release(&key);
}
