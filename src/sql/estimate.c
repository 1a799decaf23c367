/*
 * What the planner is told of a table: how many rows share a key, by looking at a few of them, and whether its times sort
 * as their texts do. Rows, not keys, are drawn, so that a key is met as often as it has rows: the mean of the inverse of
 * the groups' sizes is then the number of keys a row.
 */
#include "sql/internal.h"

#include <string.h>

enum {
	SAMPLES = 12,
	GROUP_SIZE_MAX = 2000, /* counted to */
};

/* ------------------------------------------------------------------ groups */

/* The number of rows with the first `columns` values of the index that `row` has. */
static coffer_status
count_group(const struct coffer_sql_table *table, const coffer_row *row, uint16_t index,
	    size_t columns, coffer_cursor *entries, double *out, coffer_error *error)
{
	coffer_value equal[COFFER_KEY_COLUMNS_MAX];
	const coffer_scan scan = {.index = index, .equal = equal, .equal_count = columns};
	coffer_status status = COFFER_OK;
	uint64_t number;
	int count = 0;

	for (size_t i = 0; !status && i < columns; i++)
		status = coffer_row_get(row, table->table->indexes[index].key_columns[i], &equal[i],
					error);
	if (!status)
		status = coffer_cursor_scan(entries, &scan, error);
	while (!status && count < GROUP_SIZE_MAX &&
	       !(status = coffer_cursor_next_number(entries, &number, error)))
		count++;
	*out = count ? count : 1;
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

/* Draw rows at even distances over the numbers that were given. */
static coffer_status
sample(const struct coffer_sql_table *table, uint16_t index, size_t columns, coffer_cursor *rows,
       coffer_cursor *entries, double *group_out, coffer_error *error)
{
	const coffer_scan backwards = {.index = COFFER_NO_INDEX, .is_reverse = true};
	const coffer_row *row;
	double inverse = 0, group;
	uint64_t last, number;
	int drawn = 0;
	coffer_status status = coffer_cursor_scan(rows, &backwards, error);

	if (!status)
		status = coffer_cursor_next_number(rows, &last, error);
	for (uint64_t i = 0; !status && i < SAMPLES; i++) {
		number = 1 + (last - 1) / SAMPLES * i;
		status = coffer_cursor_get_number(rows, number, &row, error);
		if (!status)
			status = count_group(table, row, index, columns, entries, &group, error);
		if (!status) {
			inverse += 1 / group;
			drawn++;
		} else if (status == COFFER_NOT_FOUND) {
			status = COFFER_OK;
		}
	}
	*group_out = drawn ? drawn / inverse : 1;
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

static coffer_status
sample_in(struct coffer_sql_table *table, uint16_t index, size_t columns,
	  struct coffer_sql_estimate *out, coffer_error *error)
{
	coffer_cursor *rows = NULL, *entries = NULL;
	coffer_txn *txn = table->store->txn;
	coffer_status status;

	if (!(status = coffer_table_count(txn, table->number, &out->rows_then, error)) &&
	    !(status = coffer_cursor_open(txn, table->number, &rows, error)) &&
	    !(status = coffer_cursor_open(txn, table->number, &entries, error)))
		status = sample(table, index, columns, rows, entries, &out->group, error);
	coffer_cursor_close(entries);
	coffer_cursor_close(rows);
	return status;
}

/* A table that has doubled or halved since is looked at again. What cannot be read is the statement's own to report. */
double
coffer_sql_group_size(struct coffer_sql_table *table, uint16_t index, size_t columns, uint64_t rows)
{
	struct coffer_sql_estimate *estimate =
		&table->estimates[index * table->estimate_columns + columns - 1];

	if (estimate->group > 0 && rows <= 2 * estimate->rows_then &&
	    rows >= estimate->rows_then / 2)
		return estimate->group;
	if (coffer_sql_snapshot_take(table->store, NULL))
		return 1;
	if (sample_in(table, index, columns, estimate, NULL))
		estimate->group = 1;
	estimate->rows_then = rows;
	coffer_sql_snapshot_leave(table->store);
	return estimate->group;
}

uint64_t
coffer_sql_row_count(struct coffer_sql_table *table)
{
	uint64_t rows = 0;

	if (coffer_sql_snapshot_take(table->store, NULL))
		return 0;
	if (coffer_table_count(table->store->txn, table->number, &rows, NULL))
		rows = 0;
	coffer_sql_snapshot_leave(table->store);
	return rows;
}

/* ------------------------------------------------------------------ times */

/* The index that has all times of the column in order. */
static uint16_t
index_of(const coffer_table *table, uint16_t column)
{
	for (uint16_t i = 0; i < table->index_count; i++)
		if (table->indexes[i].tree == COFFER_TREE_ORDERED &&
		    table->indexes[i].key_columns[0] == column)
			return i;
	return COFFER_NO_INDEX;
}

/* Whether a time lies in [from, to); without `to`: from there on, infinity included. */
static coffer_status
has_any(coffer_cursor *cursor, uint16_t index, int64_t from, const int64_t *to, bool *out,
	coffer_error *error)
{
	const coffer_value low = {.kind = COFFER_TIME, .time = from};
	const coffer_value high = {.kind = COFFER_TIME, .time = to ? *to : 0};
	const coffer_scan scan = {.index = index, .from = &low, .to = to ? &high : NULL};
	uint64_t number;
	coffer_status status = coffer_cursor_scan(cursor, &scan, error);

	if (!status)
		status = coffer_cursor_next_number(cursor, &number, error);
	*out = !status;
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

/* Look before the year 1 and behind the year 9999, and there whether anything is that is not infinite. */
static coffer_status
probe(struct coffer_sql_table *table, uint16_t index, unsigned *out, coffer_error *error)
{
	const int64_t first = COFFER_SQL_TIME_FIRST, behind = COFFER_SQL_TIME_LAST + 1,
		      most = INT64_MAX;
	coffer_cursor *cursor;
	bool is_early = false, is_late = false, is_odd = false;
	coffer_status status = coffer_cursor_open(table->store->txn, table->number, &cursor, error);

	if (!status)
		status = has_any(cursor, index, INT64_MIN, &first, &is_early, error);
	if (!status)
		status = has_any(cursor, index, behind, NULL, &is_late, error);
	if (!status && is_early)
		status = has_any(cursor, index, INT64_MIN + 1, &first, &is_odd, error);
	if (!status && is_late && !is_odd)
		status = has_any(cursor, index, behind, &most, &is_odd, error);
	coffer_cursor_close(cursor);
	*out = COFFER_SQL_PROBED | (is_early || is_late ? 0 : COFFER_SQL_TAME) |
	       (is_odd ? 0 : COFFER_SQL_ORDERLY);
	return status;
}

unsigned
coffer_sql_probe(struct coffer_sql_table *table, uint16_t column)
{
	uint16_t index = index_of(table->table, column);
	unsigned found = 0;

	if (index == COFFER_NO_INDEX || coffer_sql_snapshot_take(table->store, NULL))
		return 0;
	if (table->probed != table->store->snapshot)
		memset(table->probes, 0, table->table->column_count);
	table->probed = table->store->snapshot;
	if (!table->probes[column] && !probe(table, index, &found, NULL))
		table->probes[column] = (uint8_t)found;
	coffer_sql_snapshot_leave(table->store);
	return table->probes[column];
}

/* ------------------------------------------------------------------ ranges */

/* The value of the first entry that is not NULL, or of the last one; NULLs lie before the others. */
static coffer_status
find_end(coffer_cursor *cursor, uint16_t index, bool is_last, coffer_value *out,
	 coffer_error *error)
{
	const coffer_value least = {.kind = out->kind, .integer = INT64_MIN};
	const coffer_scan scan = {.index = index, .from = &least, .is_reverse = is_last};
	uint64_t number;
	coffer_status status = coffer_cursor_scan(cursor, &scan, error);

	if (!status)
		status = coffer_cursor_next_number(cursor, &number, error);
	return status ? status : coffer_cursor_key(cursor, 0, out, error);
}

/* How far `at` lies from the first value to the last one. */
static double
place_of(const coffer_value *at, const coffer_value *first, const coffer_value *last)
{
	double width = (double)last->integer - (double)first->integer;
	double place = (double)at->integer - (double)first->integer;

	if (place <= 0 || width <= 0)
		return 0;
	return place < width ? place / width : 1;
}

static coffer_status
find_ends(struct coffer_sql_table *table, uint16_t index, coffer_value *first_out,
	  coffer_value *last_out, coffer_error *error)
{
	coffer_cursor *cursor;
	coffer_status status = coffer_cursor_open(table->store->txn, table->number, &cursor, error);

	if (!status)
		status = find_end(cursor, index, false, first_out, error);
	if (!status)
		status = find_end(cursor, index, true, last_out, error);
	coffer_cursor_close(cursor);
	return status;
}

/* As if the values lay evenly between the least and the greatest. */
double
coffer_sql_part(struct coffer_sql_table *table, uint16_t column, enum coffer_sql_bound lower,
		sqlite3_value *from, enum coffer_sql_bound upper, sqlite3_value *to)
{
	const coffer_column *described = &table->table->columns[column];
	struct coffer_sql_range ranges[COFFER_SQL_RANGES_MAX];
	uint16_t index = index_of(table->table, column);
	coffer_value first = {.kind = described->kind}, last = first;
	coffer_status status;
	double part;

	if ((described->kind != COFFER_TIME && described->kind != COFFER_INT) ||
	    index == COFFER_NO_INDEX || coffer_sql_snapshot_take(table->store, NULL))
		return -1;
	status = find_ends(table, index, &first, &last, NULL);
	coffer_sql_snapshot_leave(table->store);
	if (status)
		return -1;
	if (!coffer_sql_ranges(described, lower, from, upper, to, true, ranges))
		return 0;
	part = (ranges[0].has_to ? place_of(&ranges[0].to, &first, &last) : 1) -
	       (ranges[0].has_from ? place_of(&ranges[0].from, &first, &last) : 0);
	return part > 0 ? part : 0;
}
