/*
 * A cursor carries out a plan:
 *
 *   arguments --> equal values, lists of them --> ranges of an index --> entries --> rows
 *            filter                        begin_scan             next       column
 *
 * A record is read only when one of its columns is asked for; what must equal an argument is the argument.
 */
#include "sql/arguments.h"
#include "sql/gather.h"
#include "sql/memo.h"

#include <stdlib.h>
#include <string.h>

struct coffer_sql_cursor {
	sqlite3_vtab_cursor base;       /* first */
	struct coffer_sql_cursor *next; /* of the idle ones */
	uint32_t table;
	coffer_cursor *cursor;
	const struct coffer_sql_plan *plan;
	uint16_t index; /* the plan's, or its fallback */
	bool is_fallback;
	bool is_end;
	bool is_single; /* there is no other row */
	const coffer_row *row; /* of the entry; NULL: not read yet */
	uint64_t number;       /* its row number */
	/* Rows that nothing is asked of are counted, not visited: */
	uint64_t left;    /* of those that were counted: behind this one */
	uint64_t passed;  /* of the table, or of the scan that was begun last: up to this one */
	bool is_counting; /* this row is one of them */
	bool is_asked;    /* a row was asked something: no more of them are counted */
	/* By column, what an entry of the scan says without its row: 0, or 1 and the key column's number. Of `known_of`. */
	uint8_t *known;
	bool has_known;
	const struct coffer_sql_plan *known_of;

	struct coffer_sql_arguments arguments;
	/* Of a key column that must equal a text: the text with its NUL, for SQLite to take as it is; NULL: not asked for. */
	const char *kept[COFFER_KEY_COLUMNS_MAX];
	size_t list_at, range_at;
	bool is_beyond; /* entries are held against the bounds as texts */
	struct coffer_sql_giver giver;
	struct coffer_sql_gather *gather; /* NULL: rows come as they stand */
	unsigned lookups; /* of keys, up to MEMO_BEHIND */
	struct coffer_sql_memo *memo; /* NULL: nothing of them is remembered */
	struct coffer_sql_memo_row *met; /* the row that it stands on, and its table; NULL: not remembered */
};

static struct coffer_sql_table *
table_of(const struct coffer_sql_cursor *cursor)
{
	return (struct coffer_sql_table *)cursor->base.pVtab;
}

/* ------------------------------------------------------------------ life */

enum {
	IDLE_MAX = 64,
	MEMO_BEHIND = 64, /* lookups: who looks up a few rows does not pay for memory of them */
};

static inline void
drop_gather(struct coffer_sql_cursor *cursor)
{
	if (!cursor->gather)
		return;
	coffer_sql_gather_free(cursor->gather);
	cursor->gather = NULL;
}

static void
free_cursor(struct coffer_sql_cursor *cursor)
{
	coffer_cursor_close(cursor->cursor);
	coffer_sql_arguments_release(&cursor->arguments);
	coffer_sql_giver_release(&cursor->giver);
	coffer_sql_memo_free(cursor->memo);
	drop_gather(cursor);
	free(cursor->known);
	free(cursor);
}

void
coffer_sql_cursors_free(struct coffer_sql_store *store)
{
	while (store->idle) {
		struct coffer_sql_cursor *cursor = store->idle;

		store->idle = cursor->next;
		free_cursor(cursor);
	}
	store->idle_count = 0;
}

void
coffer_sql_cursors_forget(struct coffer_sql_store *store)
{
	for (struct coffer_sql_cursor *cursor = store->idle; cursor; cursor = cursor->next)
		coffer_sql_memo_forget(cursor->memo);
}

/* An idle cursor of the table; NULL: none. */
static struct coffer_sql_cursor *
take_idle(struct coffer_sql_store *store, uint32_t table)
{
	struct coffer_sql_cursor **place = &store->idle, *cursor;

	while (*place && (*place)->table != table)
		place = &(*place)->next;
	if ((cursor = *place)) {
		*place = cursor->next;
		store->idle_count--;
	}
	return cursor;
}

static struct coffer_sql_cursor *
make_cursor(struct coffer_sql_table *table, coffer_error *error)
{
	struct coffer_sql_cursor *cursor = calloc(1, sizeof(*cursor));

	if (!cursor) {
		coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a cursor");
		return NULL;
	}
	cursor->table = table->number;
	cursor->known = calloc(table->table->column_count + 1, 1);
	if (!cursor->known)
		coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a cursor");
	else if (!coffer_cursor_open(table->store->txn, table->number, &cursor->cursor, error))
		return cursor;
	free_cursor(cursor);
	return NULL;
}

int
coffer_sql_cursor_open(sqlite3_vtab *base, sqlite3_vtab_cursor **out)
{
	struct coffer_sql_table *table = (struct coffer_sql_table *)base;
	struct coffer_sql_cursor *cursor;
	coffer_error error;

	*out = NULL;
	coffer_sql_clear(&error);
	if (coffer_sql_snapshot_take(table->store, &error))
		return coffer_sql_table_fail(table, &error);
	cursor = take_idle(table->store, table->number);
	if (!cursor && !(cursor = make_cursor(table, &error))) {
		coffer_sql_snapshot_leave(table->store);
		return coffer_sql_table_fail(table, &error);
	}
	cursor->known_of = NULL;
	*out = &cursor->base;
	return SQLITE_OK;
}

/* Most statements are asked again: the cursor stays with its snapshot. */
int
coffer_sql_cursor_close(sqlite3_vtab_cursor *base)
{
	struct coffer_sql_cursor *cursor = (struct coffer_sql_cursor *)base;
	struct coffer_sql_store *store = table_of(cursor)->store;

	drop_gather(cursor);
	if (store->idle_count < IDLE_MAX && coffer_sql_arguments_are_small(&cursor->arguments)) {
		cursor->next = store->idle;
		store->idle = cursor;
		store->idle_count++;
	} else {
		free_cursor(cursor);
	}
	coffer_sql_snapshot_leave(store);
	return SQLITE_OK;
}

/* ------------------------------------------------------------------ scans */

/* Begin the scan of the range that is next, of the value of the list that is next. NOT_FOUND: no more. */
static coffer_status
begin_scan(struct coffer_sql_cursor *cursor, coffer_error *error)
{
	const struct coffer_sql_plan *plan = cursor->plan;
	bool has_list = !cursor->is_fallback && plan->list < plan->equal_count;
	const struct coffer_sql_range *range;
	coffer_scan scan = {.index = cursor->index, .is_reverse = plan->is_reverse};

	if (cursor->range_at == cursor->arguments.range_count) {
		cursor->range_at = 0;
		cursor->list_at++;
	}
	if (!cursor->arguments.range_count || cursor->list_at == (has_list ? cursor->arguments.list_count : 1))
		return COFFER_NOT_FOUND;
	range = &cursor->arguments.ranges[plan->is_reverse ? cursor->arguments.range_count - 1 - cursor->range_at
						 : cursor->range_at];
	cursor->range_at++;
	cursor->passed = 0;
	/* Of three ranges the middle one is that of the years 1 to 9999. */
	cursor->is_beyond = cursor->arguments.range_count > 1 && cursor->range_at != 2;
	if (!cursor->is_fallback) {
		if (has_list)
			cursor->arguments.equal[plan->list] = cursor->arguments.list[cursor->list_at].value;
		scan.equal = cursor->arguments.equal;
		scan.equal_count = plan->equal_count;
		scan.from = range->has_from ? &range->from : NULL;
		scan.to = range->has_to ? &range->to : NULL;
	}
	return coffer_cursor_scan(cursor->cursor, &scan, error);
}

static coffer_status
check_bounds(struct coffer_sql_cursor *cursor, bool *passes_out, coffer_error *error)
{
	coffer_value value;
	coffer_status status = coffer_cursor_key(cursor->cursor, cursor->plan->equal_count, &value,
						 error);

	*passes_out = !status && coffer_sql_arguments_admit(&cursor->arguments, table_of(cursor),
							    cursor->plan, value.time);
	return status;
}

/* So many rows are visited before the others are taken to be asked nothing either. */
enum { PASSED_MIN = 4 };

/* Count the rows that lie near, where none was asked anything so far. Those at the ends of time are looked at one by one. */
static coffer_status
count_near(struct coffer_sql_cursor *cursor, coffer_error *error)
{
	if (cursor->is_asked || cursor->is_counting || cursor->is_beyond ||
	    cursor->passed < PASSED_MIN)
		return COFFER_OK;
	return coffer_cursor_pass(cursor->cursor, &cursor->left, error);
}

static coffer_status
next_scanned(struct coffer_sql_cursor *cursor, coffer_error *error)
{
	bool passes = false;
	coffer_status status = count_near(cursor, error);

	cursor->is_counting = cursor->left > 0;
	if (cursor->is_counting) {
		cursor->left--;
		cursor->passed++;
		return COFFER_OK;
	}
	while (!status && !passes) {
		passes = true;
		status = coffer_cursor_next_number(cursor->cursor, &cursor->number, error);
		cursor->passed++;
		if (!status && cursor->is_beyond)
			status = check_bounds(cursor, &passes, error);
		if (status == COFFER_NOT_FOUND) {
			passes = false;
			status = begin_scan(cursor, error);
		}
	}
	return status;
}

/* The row of the next key that the list has. */
static coffer_status
next_of_list(struct coffer_sql_cursor *cursor, coffer_error *error)
{
	const struct coffer_sql_plan *plan = cursor->plan;
	coffer_status status = COFFER_NOT_FOUND;

	while (status == COFFER_NOT_FOUND && cursor->list_at < cursor->arguments.list_count) {
		cursor->arguments.equal[plan->list] = cursor->arguments.list[cursor->list_at++].value;
		status = coffer_cursor_get(cursor->cursor, plan->index, cursor->arguments.equal, &cursor->row,
					   error);
	}
	if (!status)
		cursor->number = coffer_row_number(cursor->row);
	return status;
}

static coffer_status
next_gathered(struct coffer_sql_cursor *cursor, coffer_error *error)
{
	bool is_over;
	coffer_status status =
		coffer_sql_gather_next(cursor->gather, cursor->giver.txn, cursor->cursor, &is_over,
				       &cursor->number, error);

	if (status || !is_over)
		return status;
	drop_gather(cursor);
	return cursor->number ? COFFER_OK : next_scanned(cursor, error);
}

static coffer_status
next_row(struct coffer_sql_cursor *cursor, coffer_error *error)
{
	cursor->row = NULL;
	if (cursor->gather)
		return next_gathered(cursor, error);
	if (cursor->plan->way == COFFER_SQL_UNIQUE && !cursor->is_fallback)
		return next_of_list(cursor, error);
	if (cursor->plan->way == COFFER_SQL_NUMBER ||
	    (cursor->plan->way == COFFER_SQL_COUNT && !cursor->is_asked))
		return COFFER_NOT_FOUND;
	return next_scanned(cursor, error);
}

static int
finish(struct coffer_sql_cursor *cursor, coffer_status status, const coffer_error *error)
{
	cursor->is_end = status != COFFER_OK;
	if (status == COFFER_OK || status == COFFER_NOT_FOUND)
		return SQLITE_OK;
	return coffer_sql_table_fail(table_of(cursor), error);
}

/* As it mostly is: the next row is the next entry's, of a scan whose rows are asked something. NOT_FOUND says nothing: lookups
 * have no scan. */
static inline coffer_status
walk(struct coffer_sql_cursor *cursor, coffer_error *error)
{
	if (!cursor->is_asked || cursor->is_beyond || cursor->gather)
		return COFFER_NOT_FOUND;
	cursor->row = NULL;
	return coffer_cursor_next_number(cursor->cursor, &cursor->number, error);
}

int
coffer_sql_cursor_next(sqlite3_vtab_cursor *base)
{
	struct coffer_sql_cursor *cursor = (struct coffer_sql_cursor *)base;
	coffer_error error;
	coffer_status status;

	if (cursor->left) {
		cursor->left--;
		cursor->passed++;
		return SQLITE_OK;
	}
	if (cursor->is_single) {
		cursor->is_end = true;
		return SQLITE_OK;
	}
	coffer_sql_clear(&error);
	if (!(status = walk(cursor, &error)))
		return SQLITE_OK;
	if (status == COFFER_NOT_FOUND)
		status = next_row(cursor, &error);
	return finish(cursor, status, &error);
}

/* ------------------------------------------------------------------ filter */

static coffer_status
find_number(struct coffer_sql_cursor *cursor, sqlite3_value *argument, coffer_error *error)
{
	const coffer_column integer = {.kind = COFFER_INT};
	coffer_value value;

	if (coffer_sql_match(&integer, argument, false, &value) != COFFER_SQL_MATCH_VALUE ||
	    value.integer < 1)
		return COFFER_NOT_FOUND;
	cursor->number = (uint64_t)value.integer;
	return coffer_cursor_get_number(cursor->cursor, cursor->number, &cursor->row, error);
}

/* Come to the first of all rows, without one being read. */
static coffer_status
begin_count(struct coffer_sql_cursor *cursor, coffer_error *error)
{
	const struct coffer_sql_table *table = table_of(cursor);
	coffer_status status =
		coffer_table_count(table->store->txn, table->number, &cursor->left, error);

	if (status || !cursor->left)
		return status ? status : COFFER_NOT_FOUND;
	cursor->is_counting = true;
	cursor->left--;
	cursor->passed = 1;
	return COFFER_OK;
}

/* Bits: the columns whose conditions the plan's range has seen to. */
static uint64_t
ranged_columns(const struct coffer_sql_cursor *cursor)
{
	const struct coffer_sql_plan *plan = cursor->plan;
	size_t count = plan->equal_count + (plan->lower || plan->upper);
	const coffer_table *table = table_of(cursor)->table;
	uint64_t columns = 0;

	for (size_t i = 0; plan->way == COFFER_SQL_RANGE && i < count; i++)
		if (table->indexes[plan->index].key_columns[i] < 64)
			columns |= UINT64_C(1) << table->indexes[plan->index].key_columns[i];
	return columns;
}

/* Have the rows gathered where that is of use. */
static coffer_status
begin_gather(struct coffer_sql_cursor *cursor, coffer_error *error)
{
	struct coffer_sql_table *table = table_of(cursor);

	if (!cursor->plan->gathered || cursor->arguments.range_count != 1 || cursor->is_fallback ||
	    !coffer_sql_is_grouping(table->store->sql->db))
		return COFFER_OK;
	cursor->is_asked = true;
	cursor->gather = coffer_sql_gather_make(table->table, cursor->plan->gathered,
						ranged_columns(cursor));
	return cursor->gather ? COFFER_OK
			      : coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a block");
}

/* Begin, and come to the first row. */
static coffer_status
begin(struct coffer_sql_cursor *cursor, sqlite3_value **values, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	cursor->list_at = cursor->range_at = 0;
	switch (cursor->plan->way) {
	case COFFER_SQL_NUMBER:
		return find_number(cursor, values[0], error);
	case COFFER_SQL_COUNT:
		return begin_count(cursor, error);
	case COFFER_SQL_UNIQUE:
		if (cursor->is_fallback)
			status = begin_scan(cursor, error);
		break;
	default:
		if (!(status = begin_scan(cursor, error)))
			status = begin_gather(cursor, error);
		break;
	}
	return status ? status : next_row(cursor, error);
}

/*
 * Whether the times that the order asked for rests on still sort as their texts do, which the plan has seen: a writer may have
 * brought others since.
 */
static bool
is_still_ordered(struct coffer_sql_cursor *cursor)
{
	const struct coffer_sql_plan *plan = cursor->plan;
	const coffer_table *table = table_of(cursor)->table;

	for (size_t i = plan->equal_count; i < plan->order_end; i++) {
		uint16_t column = table->indexes[plan->index].key_columns[i];

		if (table->columns[column].kind == COFFER_TIME &&
		    !(coffer_sql_probe(table_of(cursor), column) & COFFER_SQL_ORDERLY))
			return false;
	}
	return true;
}

static int
refuse_order(sqlite3_vtab *base)
{
	sqlite3_free(base->zErrMsg);
	base->zErrMsg =
		sqlite3_mprintf("times beyond the years 1 to 9999 came since the statement was "
				"prepared: prepare it again");
	return SQLITE_ERROR;
}

static int
read_arguments(struct coffer_sql_cursor *cursor, sqlite3_value **values)
{
	enum coffer_sql_match match;
	int code = coffer_sql_arguments_read(&cursor->arguments, table_of(cursor), cursor->plan,
					     values, &match);

	memset(cursor->kept, 0, cursor->plan->equal_count * sizeof(*cursor->kept));
	cursor->is_end = match == COFFER_SQL_MATCH_NONE;
	cursor->is_fallback = match == COFFER_SQL_MATCH_UNSURE;
	cursor->index = cursor->is_fallback ? cursor->plan->fallback : cursor->plan->index;
	return code;
}

/* Note which columns the entries of the plan's index say. Floats lose bits there. */
static void
note_known(struct coffer_sql_cursor *cursor)
{
	const struct coffer_sql_plan *plan = cursor->plan;
	const coffer_table *table = table_of(cursor)->table;
	const coffer_index *index;

	cursor->has_known = plan->way == COFFER_SQL_RANGE && !cursor->is_fallback;
	if (!cursor->has_known || cursor->known_of == plan)
		return;
	cursor->known_of = plan;
	memset(cursor->known, 0, table->column_count);
	memset(cursor->kept, 0, sizeof(cursor->kept));
	index = &table->indexes[plan->index];
	for (size_t i = index->key_column_count; i-- > 0;)
		if (i < plan->equal_count ||
		    table->columns[index->key_columns[i]].kind != COFFER_FLOAT)
			cursor->known[index->key_columns[i]] = (uint8_t)(i + 1);
}

/* A key was looked up. What its row gives is remembered once there were some of them. */
static void
remember(struct coffer_sql_cursor *cursor, coffer_status status)
{
	struct coffer_sql_table *table = table_of(cursor);

	/* Texts may be none behind those that were full. */
	if ((status && status != COFFER_NOT_FOUND) || !cursor->giver.texts)
		return;
	if (cursor->lookups < MEMO_BEHIND && ++cursor->lookups == MEMO_BEHIND)
		cursor->memo = coffer_sql_memo_make(coffer_sql_row_count(table),
						    table->table->column_count);
	if (!cursor->memo)
		return;
	cursor->met = coffer_sql_memo_add(cursor->memo, cursor->giver.texts, cursor->plan->index,
					  cursor->arguments.equal, cursor->plan->equal_count,
					  status ? 0 : cursor->number);
	if (!cursor->met && coffer_sql_memo_is_in_vain(cursor->memo)) {
		coffer_sql_memo_free(cursor->memo);
		cursor->memo = NULL;
	}
}

/* The row that the key was met with before. */
static bool
look_back(struct coffer_sql_cursor *cursor, coffer_status *status_out)
{
	if (!cursor->memo)
		return false;
	cursor->met = coffer_sql_memo_find(cursor->memo, cursor->plan->index, cursor->arguments.equal,
					   cursor->plan->equal_count);
	if (!cursor->met)
		return false;
	cursor->number = cursor->met->number;
	*status_out = cursor->number ? COFFER_OK : COFFER_NOT_FOUND;
	return true;
}

/*
 * Look up one row by its key, as most filters of a join are. False says nothing but that read_arguments has to look; else the status
 * is what the cursor comes to.
 */
static bool
look_up(struct coffer_sql_cursor *cursor, sqlite3_value **values, coffer_status *status_out,
	coffer_error *error)
{
	const struct coffer_sql_plan *plan = cursor->plan;
	enum coffer_sql_match match;

	if (plan->way != COFFER_SQL_UNIQUE || plan->list < plan->equal_count)
		return false;
	cursor->has_known = false;
	*status_out = COFFER_NOT_FOUND;
	for (size_t i = 0; i < plan->equal_count; i++) {
		match = coffer_sql_match(coffer_sql_key_column(table_of(cursor), plan, i), values[i],
					 plan->null_safe & UINT32_C(1) << i, &cursor->arguments.equal[i]);
		if (match != COFFER_SQL_MATCH_VALUE)
			return match == COFFER_SQL_MATCH_NONE;
	}
	cursor->is_single = true;
	if (look_back(cursor, status_out))
		return true;
	*status_out = coffer_cursor_get(cursor->cursor, plan->index, cursor->arguments.equal, &cursor->row,
					error);
	if (!*status_out)
		cursor->number = coffer_row_number(cursor->row);
	remember(cursor, *status_out);
	return true;
}

int
coffer_sql_cursor_filter(sqlite3_vtab_cursor *base, int plan, const char *words, int count,
			 sqlite3_value **values)
{
	struct coffer_sql_cursor *cursor = (struct coffer_sql_cursor *)base;
	coffer_error error;
	coffer_status status;
	int code;

	(void)words;
	(void)count;
	cursor->plan = table_of(cursor)->plans[plan];
	cursor->row = NULL;
	cursor->met = NULL;
	drop_gather(cursor);
	cursor->left = cursor->passed = 0;
	cursor->is_asked = cursor->is_counting = cursor->is_beyond = cursor->is_single = false;
	cursor->giver.txn = table_of(cursor)->store->txn;
	cursor->giver.texts = table_of(cursor)->store->texts;
	cursor->giver.is_scanned =
		cursor->plan->way != COFFER_SQL_NUMBER && cursor->plan->way != COFFER_SQL_UNIQUE;
	coffer_sql_clear(&error);
	if (look_up(cursor, values, &status, &error))
		return finish(cursor, status, &error);
	if (!is_still_ordered(cursor))
		return refuse_order(base->pVtab);
	if ((code = read_arguments(cursor, values)) || cursor->is_end)
		return code;
	note_known(cursor);
	status = begin(cursor, values, &error);
	return finish(cursor, status, &error);
}

/* ------------------------------------------------------------------ what a row is asked */

int
coffer_sql_cursor_eof(sqlite3_vtab_cursor *base)
{
	return ((struct coffer_sql_cursor *)base)->is_end;
}

/* A row that was only counted is asked something after all: go there by a scan. */
static coffer_status
stop_counting(struct coffer_sql_cursor *cursor, coffer_error *error)
{
	const coffer_scan all = {.index = COFFER_NO_INDEX};
	uint64_t passed = cursor->passed;
	coffer_status status;

	cursor->left = 0;
	cursor->is_counting = false;
	if (cursor->plan->way == COFFER_SQL_COUNT) {
		status = coffer_cursor_scan(cursor->cursor, &all, error);
		cursor->range_at = cursor->arguments.range_count = 1;
	} else {
		cursor->range_at--;
		status = begin_scan(cursor, error);
	}
	cursor->passed = passed;
	while (!status && passed--)
		status = coffer_cursor_next_number(cursor->cursor, &cursor->number, error);
	return status;
}

/* Stand on the row's entry, which is to be asked. */
static inline coffer_status
visit(struct coffer_sql_cursor *cursor, coffer_error *error)
{
	cursor->is_asked = true;
	return cursor->is_counting ? stop_counting(cursor, error) : COFFER_OK;
}

/*
 * Keep a text that a column must equal as one that is given without a copy, where it is asked for: where a parameter's type is
 * not known before it has a value, SQLite compares each row with it again.
 */
static void
keep_equal(struct coffer_sql_cursor *cursor, size_t at)
{
	const struct coffer_sql_plan *plan = cursor->plan;

	if (at < plan->equal_count && at != plan->list && cursor->giver.texts &&
	    cursor->arguments.equal[at].kind == COFFER_TEXT)
		cursor->kept[at] =
			coffer_sql_texts_keep(cursor->giver.texts, cursor->arguments.equal[at].text);
}

/*
 * A column that the scan knows without reading the row: what it must equal, or what the index's entry says. Nothing but a
 * verification binds an entry to its row.
 */
static coffer_status
get_known(struct coffer_sql_cursor *cursor, size_t at, coffer_value *out, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	if (at < cursor->plan->equal_count) {
		*out = cursor->arguments.equal[at];
		keep_equal(cursor, at);
	} else if (!(status = visit(cursor, error))) {
		status = coffer_cursor_key(cursor->cursor, at, out, error);
	}
	return status;
}

/* A column that was not asked for when the row was met before. */
static coffer_status
get_more(struct coffer_sql_cursor *cursor, int column, coffer_value *out, coffer_error *error)
{
	coffer_status status = coffer_cursor_get_number(cursor->cursor, cursor->number,
							&cursor->row, error);

	return status ? status : coffer_row_get(cursor->row, (uint16_t)column, out, error);
}

/* A column that the entry or the memory of its key may give. */
static coffer_status
get_without_row(struct coffer_sql_cursor *cursor, int column, coffer_value *out, coffer_error *error)
{
	if (cursor->row)
		return coffer_row_get(cursor->row, (uint16_t)column, out, error);
	if (cursor->has_known && cursor->known[column])
		return get_known(cursor, cursor->known[column] - 1u, out, error);
	return get_more(cursor, column, out, error);
}

static int
fail_column(struct coffer_sql_cursor *cursor, sqlite3_context *context, const coffer_error *error)
{
	int code = coffer_sql_table_fail(table_of(cursor), error);

	sqlite3_result_error(
		context, cursor->base.pVtab->zErrMsg ? cursor->base.pVtab->zErrMsg : "damaged", -1);
	sqlite3_result_error_code(context, code);
	return code;
}

/* SQLite has said which columns it uses. */
static int
give_gathered(struct coffer_sql_cursor *cursor, sqlite3_context *context, int column)
{
	const coffer_value *value = coffer_sql_gather_value(cursor->gather, (size_t)column);

	if (!value)
		return SQLITE_INTERNAL;
	coffer_sql_result(context, &cursor->giver, &table_of(cursor)->table->columns[column], value);
	return SQLITE_OK;
}

/* What a key must equal, where it is a text that was kept. */
static bool
give_equal(const struct coffer_sql_cursor *cursor, sqlite3_context *context, int column)
{
	size_t known = cursor->row || !cursor->has_known ? 0 : cursor->known[column];

	if (!known || !cursor->kept[known - 1])
		return false;
	sqlite3_result_text(context, cursor->kept[known - 1], -1, SQLITE_STATIC);
	return true;
}

/* A column that need not be the row's to give. */
static __attribute__((noinline)) int
give_without_row(struct coffer_sql_cursor *cursor, sqlite3_context *context, int column)
{
	coffer_error error;
	coffer_value value;

	if (cursor->gather)
		return give_gathered(cursor, context, column);
	if (give_equal(cursor, context, column) ||
	    (cursor->met &&
	     coffer_sql_memo_give(cursor->memo, cursor->met, (size_t)column, context)))
		return SQLITE_OK;
	coffer_sql_clear(&error);
	if (get_without_row(cursor, column, &value, &error))
		return fail_column(cursor, context, &error);
	coffer_sql_result(context, &cursor->giver, &table_of(cursor)->table->columns[column], &value);
	if (cursor->met)
		coffer_sql_memo_keep(cursor->memo, cursor->met, (size_t)column, &value,
				     cursor->giver.kept);
	return SQLITE_OK;
}

static inline coffer_status
load_row(struct coffer_sql_cursor *cursor, coffer_error *error)
{
	coffer_status status = visit(cursor, error);

	return status ? status : coffer_cursor_row(cursor->cursor, &cursor->row, error);
}

int
coffer_sql_cursor_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
	struct coffer_sql_cursor *cursor = (struct coffer_sql_cursor *)base;
	const coffer_table *table = table_of(cursor)->table;
	coffer_error error;
	coffer_value value;

	if ((size_t)column >= table->column_count)
		return SQLITE_OK;
	if (cursor->met || cursor->gather ||
	    (!cursor->row && cursor->has_known && cursor->known[column]))
		return give_without_row(cursor, context, column);
	coffer_sql_clear(&error);
	if ((!cursor->row && load_row(cursor, &error)) ||
	    coffer_row_get(cursor->row, (uint16_t)column, &value, &error))
		return fail_column(cursor, context, &error);
	coffer_sql_result(context, &cursor->giver, &table->columns[column], &value);
	return SQLITE_OK;
}

int
coffer_sql_cursor_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
	struct coffer_sql_cursor *cursor = (struct coffer_sql_cursor *)base;
	coffer_error error = {0};
	coffer_status status = visit(cursor, &error);

	*out = (sqlite3_int64)cursor->number;
	return status ? coffer_sql_table_fail(table_of(cursor), &error) : SQLITE_OK;
}
