/*
 * A roll-up as a table function: coffer_rollup(TABLE, ROLLUP, COLUMN) has a row a group, with the rows of it and what COLUMN, one
 * of those that the roll-up sums, comes to. A fourth argument is the schema of the store, where several are attached.
 *
 * COLUMN may be several, between commas: what the second comes to is in total2, exact2, ..., which stand behind the arguments, as
 * hidden as these, so that * has the columns of one sum.
 *
 * `total` is rounded, `exact` is not: coffer_sum adds it up to what it makes of the rows, whatever groups are taken together. A
 * group with values that its sum lacks, `unfit` of them, has neither: who asks for one is told to ask the rows.
 *
 * A range of times is sought, as far as its texts sort as times do; SQLite judges again what comes of it.
 */
#include "sql/internal.h"
#include "sql/sum.h"

#include <stdlib.h>
#include <string.h>

enum column {
	COLUMN_TIME,
	COLUMN_VALUE,
	COLUMN_ROWS,
	COLUMN_VALUES,
	COLUMN_TOTAL,
	COLUMN_EXACT,
	COLUMN_UNFIT,
	/* Hidden: the arguments. */
	COLUMN_TABLE,
	COLUMN_ROLLUP,
	COLUMN_SUMMED,
	COLUMN_STORE,
	COLUMN_EXCESS, /* what a fifth argument would equal: there is none */
	COLUMN_MORE,   /* of the second sum and on, each as from COLUMN_VALUES to COLUMN_UNFIT */
};

#define COST_WITHOUT_ARGUMENTS 1e99

enum { ARGUMENTS = COLUMN_EXCESS - COLUMN_TABLE, CELLS = COLUMN_TABLE - COLUMN_VALUES };

/* Bits of a plan behind those of the columns: a bound of the times, and whether its own time is beyond it. */
enum bound {
	BOUND_FROM = 1 << COLUMN_MORE,
	BOUND_FROM_ABOVE = 1 << (COLUMN_MORE + 1), /* > */
	BOUND_TO = 1 << (COLUMN_MORE + 2),
	BOUND_TO_ABOVE = 1 << (COLUMN_MORE + 3), /* <= */
};

/* Texts sort as times do within the years 1 to 9999: a range is sought there, what is before and behind is given whole. */
enum { RANGES_MAX = 3 };

struct times {
	coffer_value from, to;
	bool has_to;
};

struct rollup_table {
	sqlite3_vtab base; /* first */
	struct coffer_sql *sql;
};

struct rollup_cursor {
	sqlite3_vtab_cursor base; /* first */
	struct coffer_sql_store *store; /* whose snapshot it reads; NULL: none */
	const coffer_table *table;
	const coffer_rollup *rollup;
	size_t summed[COFFER_ROLLUP_SUMS_MAX]; /* of the sums */
	size_t summed_count;
	coffer_rollup_cursor *groups;
	struct times ranges[RANGES_MAX];
	size_t range, range_count; /* 0: all groups in one go */
	bool has_equal;
	coffer_value equal; /* its text is the cursor's own */
	char *text;
	const coffer_rollup_group *group; /* NULL: at the end */
	sqlite3_int64 number;
	sqlite3_value *arguments[ARGUMENTS]; /* for who asks for one; NULL: not given */
	struct coffer_sql_giver giver;
};

static char *
write_declaration(void)
{
	sqlite3_str *text = sqlite3_str_new(NULL);

	sqlite3_str_appendall(text, "CREATE TABLE x(time TEXT, value TEXT, rows INTEGER, "
				    "\"values\" INTEGER, total, exact BLOB, unfit INTEGER, table_name HIDDEN, "
				    "rollup_name HIDDEN, summed HIDDEN, only_store HIDDEN, excess HIDDEN");
	for (int i = 2; i <= COFFER_ROLLUP_SUMS_MAX; i++)
		sqlite3_str_appendf(text,
				    ", values%d INTEGER HIDDEN, total%d HIDDEN, exact%d BLOB HIDDEN, "
				    "unfit%d INTEGER HIDDEN",
				    i, i, i, i);
	sqlite3_str_appendall(text, ")");
	return sqlite3_str_finish(text);
}

static int
connect_rollup(sqlite3 *db, void *context, int count, const char *const *arguments,
	       sqlite3_vtab **out, char **message)
{
	struct rollup_table *table = calloc(1, sizeof(*table));
	char *declaration = write_declaration();
	int code = SQLITE_NOMEM;

	(void)count;
	(void)arguments;
	(void)message;
	*out = NULL;
	if (table && declaration) {
		table->sql = context;
		code = sqlite3_declare_vtab(db, declaration);
	}
	if (!code) /* it reads what is attached and nothing else: views may ask it */
		code = sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
	sqlite3_free(declaration);
	if (code)
		free(table);
	else
		*out = &table->base;
	return code;
}

static int
disconnect_rollup(sqlite3_vtab *base)
{
	free(base);
	return SQLITE_OK;
}

static bool
is_argument(int column)
{
	return column >= COLUMN_TABLE && column < COLUMN_EXCESS;
}

static bool
is_taken(const sqlite3_index_info *info, int at, int column, int operator)
{
	const struct sqlite3_index_constraint *constraint = &info->aConstraint[at];

	return constraint->iColumn == column && constraint->op == operator && constraint->usable;
}

/* Take an equality with a column as the next argument; idxNum has a bit a column that was taken. */
static bool
take(sqlite3_index_info *info, int column, int *count)
{
	for (int i = 0; i < info->nConstraint; i++) {
		if (!is_taken(info, i, column, SQLITE_INDEX_CONSTRAINT_EQ) ||
		    sqlite3_stricmp(sqlite3_vtab_collation(info, i), "BINARY"))
			continue;
		info->aConstraintUsage[i].argvIndex = ++*count;
		info->aConstraintUsage[i].omit = column >= COLUMN_TABLE;
		info->idxNum |= 1 << column;
		return true;
	}
	return false;
}

/* Take a bound of the times, if there is one that compares by this operator. */
static bool
take_bound(sqlite3_index_info *info, int operator, int bits, int *count)
{
	for (int i = 0; i < info->nConstraint; i++) {
		if (!is_taken(info, i, COLUMN_TIME, operator) ||
		    sqlite3_stricmp(sqlite3_vtab_collation(info, i), "BINARY"))
			continue;
		info->aConstraintUsage[i].argvIndex = ++*count;
		info->idxNum |= bits;
		return true;
	}
	return false;
}

static bool
take_times(sqlite3_index_info *info, int *count)
{
	bool has_from = take_bound(info, SQLITE_INDEX_CONSTRAINT_GE, BOUND_FROM, count) ||
			take_bound(info, SQLITE_INDEX_CONSTRAINT_GT, BOUND_FROM | BOUND_FROM_ABOVE, count);
	bool has_to = take_bound(info, SQLITE_INDEX_CONSTRAINT_LT, BOUND_TO, count) ||
		      take_bound(info, SQLITE_INDEX_CONSTRAINT_LE, BOUND_TO | BOUND_TO_ABOVE, count);

	return has_from || has_to;
}

static int
refuse(sqlite3_vtab *base, const char *why)
{
	sqlite3_free(base->zErrMsg);
	base->zErrMsg = sqlite3_mprintf("coffer_rollup wants %s", why);
	return SQLITE_ERROR;
}

/* For EXPLAIN QUERY PLAN. */
static const char *
words_of(bool has_value, bool has_times)
{
	if (has_value)
		return has_times ? "groups of one value in a range of times" : "groups of one value";
	return has_times ? "groups in a range of times" : "all groups";
}

static int
plan_rollup(sqlite3_vtab *base, sqlite3_index_info *info)
{
	bool has_all, has_value, has_times;
	int count = 0;

	for (int i = 0; i < info->nConstraint; i++) {
		if (info->aConstraint[i].iColumn == COLUMN_EXCESS)
			return refuse(base, "four arguments at most: several columns between commas in the third");
		if (is_argument(info->aConstraint[i].iColumn) && !info->aConstraint[i].usable)
			return SQLITE_CONSTRAINT;
	}
	has_all = take(info, COLUMN_TABLE, &count);
	has_all &= take(info, COLUMN_ROLLUP, &count);
	has_all &= take(info, COLUMN_SUMMED, &count);
	(void)take(info, COLUMN_STORE, &count);
	has_value = take(info, COLUMN_VALUE, &count);
	has_times = take_times(info, &count);
	info->estimatedRows = (has_value ? 100 : 10000) / (has_times ? 10 : 1);
	/* Of a part of an OR SQLite asks without the arguments: it must not choose that where it knows them. */
	info->estimatedCost = has_all ? (double)info->estimatedRows : COST_WITHOUT_ARGUMENTS;
	info->idxStr = sqlite3_mprintf("%s", words_of(has_value, has_times));
	info->needToFreeIdxStr = 1;
	return info->idxStr ? SQLITE_OK : SQLITE_NOMEM;
}

static int
open_rollup(sqlite3_vtab *base, sqlite3_vtab_cursor **out)
{
	struct rollup_cursor *cursor = calloc(1, sizeof(*cursor));

	(void)base;
	*out = NULL;
	if (!cursor)
		return SQLITE_NOMEM;
	*out = &cursor->base;
	return SQLITE_OK;
}

static void
leave(struct rollup_cursor *cursor)
{
	coffer_rollup_close(cursor->groups);
	cursor->groups = NULL;
	cursor->group = NULL;
	sqlite3_free(cursor->text);
	cursor->text = NULL;
	for (size_t i = 0; i < ARGUMENTS; i++) {
		sqlite3_value_free(cursor->arguments[i]);
		cursor->arguments[i] = NULL;
	}
	if (!cursor->store)
		return;
	coffer_sql_snapshot_leave(cursor->store);
	coffer_sql_store_release(cursor->store);
	cursor->store = NULL;
}

static int
close_rollup(sqlite3_vtab_cursor *base)
{
	leave((struct rollup_cursor *)base);
	free(base);
	return SQLITE_OK;
}

static int
fail(sqlite3_vtab *base, const char *what, const char *name)
{
	sqlite3_free(base->zErrMsg);
	base->zErrMsg = sqlite3_mprintf("coffer_rollup: no %s '%s'", what, name ? name : "NULL");
	return SQLITE_ERROR;
}

/* A table by its name, or by the one that SQL has for it. */
static uint32_t
find_table(const struct coffer_sql_store *store, const char *name)
{
	for (uint32_t i = 0; name && i < store->description->table_count; i++)
		if (store->names[i] && (!sqlite3_stricmp(store->names[i], name) ||
					!strcmp(store->description->tables[i].name, name)))
			return i;
	return COFFER_NO_TABLE;
}

/* The first store that has the table, of those that are meant. */
static struct coffer_sql_store *
find_store(struct coffer_sql *sql, const char *table, const char *only)
{
	struct coffer_sql_store *store = sql->stores;

	while (store && ((only && sqlite3_stricmp(store->schema, only)) ||
			 find_table(store, table) == COFFER_NO_TABLE))
		store = store->next;
	return store;
}

static bool
find_sum(struct rollup_cursor *cursor, coffer_text name)
{
	for (size_t i = 0; i < cursor->rollup->sum_count; i++) {
		const char *summed = cursor->table->columns[cursor->rollup->sums[i]].name;

		if (strlen(summed) != name.size || sqlite3_strnicmp(summed, name.data, (int)name.size))
			continue;
		cursor->summed[cursor->summed_count++] = i;
		return true;
	}
	return false;
}

/* Up to the next comma, without spaces around it. */
static coffer_text
next_name(const char **rest)
{
	size_t size = strcspn(*rest, ",");
	coffer_text name = {*rest, size};

	*rest += size + ((*rest)[size] == ',');
	while (name.size && name.data[name.size - 1] == ' ')
		name.size--;
	while (name.size && *name.data == ' ') {
		name.data++;
		name.size--;
	}
	return name;
}

/* A name that has a comma itself is found where it stands alone. */
static bool
find_sums(struct rollup_cursor *cursor, const char *names)
{
	bool is_more = names && !find_sum(cursor, (coffer_text){names, strlen(names)});

	while (is_more) {
		if (cursor->summed_count == COFFER_ROLLUP_SUMS_MAX || !find_sum(cursor, next_name(&names)))
			return false;
		is_more = *names;
	}
	return names;
}

/* To the beginning of the range that the cursor is at. */
static coffer_status
seek(struct rollup_cursor *cursor, coffer_error *error)
{
	const struct times *times = &cursor->ranges[cursor->range];
	coffer_rollup_scan scan = {.equal = cursor->has_equal ? &cursor->equal : NULL};

	if (cursor->range_count) {
		scan.from = &times->from;
		scan.to = times->has_to ? &times->to : NULL;
	}
	return coffer_rollup_seek(cursor->groups, &scan, error);
}

static int
next_rollup(sqlite3_vtab_cursor *base)
{
	struct rollup_cursor *cursor = (struct rollup_cursor *)base;
	coffer_error error = {0};
	coffer_status status = coffer_rollup_next(cursor->groups, &cursor->group, &error);

	while (status == COFFER_NOT_FOUND && cursor->range + 1 < cursor->range_count) {
		cursor->range++;
		if (!(status = seek(cursor, &error)))
			status = coffer_rollup_next(cursor->groups, &cursor->group, &error);
	}
	cursor->number++;
	return status < 0 ? coffer_sql_store_fail(cursor->store, base->pVtab, &error) : SQLITE_OK;
}

/* Take part in the snapshot and go to the first group. */
static int
begin(struct rollup_cursor *cursor, struct coffer_sql_store *store, uint32_t table, uint16_t rollup)
{
	coffer_error error = {0};
	coffer_status status = coffer_sql_snapshot_take(store, &error);

	if (status)
		return coffer_sql_store_fail(store, cursor->base.pVtab, &error);
	store->references++;
	cursor->store = store;
	cursor->number = 0;
	cursor->giver = (struct coffer_sql_giver){.txn = store->txn, .is_scanned = true};
	status = coffer_rollup_open(store->txn, table, rollup, &cursor->groups, &error);
	if (!status)
		status = seek(cursor, &error);
	return status ? coffer_sql_store_fail(store, cursor->base.pVtab, &error)
		      : next_rollup(&cursor->base);
}

static coffer_text
text_of(sqlite3_value *value)
{
	const char *data = (const char *)sqlite3_value_text(value);

	return (coffer_text){data, data ? (size_t)sqlite3_value_bytes(value) : 0};
}

/* What is no text is compared by SQLite alone, among all groups. */
static int
read_equal(struct rollup_cursor *cursor, sqlite3_value *value)
{
	coffer_text text;

	cursor->has_equal = value && cursor->rollup->column != COFFER_NO_COLUMN &&
			    sqlite3_value_type(value) == SQLITE_TEXT;
	if (!cursor->has_equal)
		return SQLITE_OK;
	text = text_of(value);
	if (!(cursor->text = sqlite3_malloc64(text.size + 1)))
		return SQLITE_NOMEM;
	if (text.size)
		memcpy(cursor->text, text.data, text.size);
	cursor->equal.kind = COFFER_TEXT;
	cursor->equal.text = (coffer_text){cursor->text, text.size};
	return SQLITE_OK;
}

/* Where a bound stands among the times; `open` where it is none, or no text. */
static int64_t
read_bound(const struct rollup_cursor *cursor, sqlite3_value *value, bool is_above, int64_t open)
{
	const coffer_column *column = &cursor->table->columns[cursor->rollup->time_column];

	if (!value || sqlite3_value_type(value) != SQLITE_TEXT)
		return open;
	return coffer_sql_time_seek(text_of(value), column->has_zone, is_above);
}

static void
read_times(struct rollup_cursor *cursor, int plan, sqlite3_value *from, sqlite3_value *to)
{
	const coffer_value first = {.kind = COFFER_TIME, .time = COFFER_SQL_TIME_FIRST},
			   behind = {.kind = COFFER_TIME, .time = COFFER_SQL_TIME_LAST + 1},
			   least = {.kind = COFFER_TIME, .time = INT64_MIN};
	struct times within = {first, behind, true};

	cursor->range = cursor->range_count = 0;
	if (!from && !to)
		return;
	within.from.time = read_bound(cursor, from, plan & BOUND_FROM_ABOVE, first.time);
	within.to.time = read_bound(cursor, to, plan & BOUND_TO_ABOVE, behind.time);
	cursor->ranges[cursor->range_count++] = (struct times){least, first, true};
	cursor->ranges[cursor->range_count++] = within;
	cursor->ranges[cursor->range_count++] = (struct times){.from = behind};
}

/* The arguments by what they stand for, in the order in which the plan took them. */
struct given {
	sqlite3_value *arguments[ARGUMENTS];
	const char *names[ARGUMENTS];
	sqlite3_value *value, *from, *to; /* NULL: none */
};

static struct given
read_given(int plan, sqlite3_value **values)
{
	struct given given = {0};

	for (int i = 0; i < ARGUMENTS; i++)
		if (plan >> (COLUMN_TABLE + i) & 1) {
			given.arguments[i] = *values++;
			given.names[i] = coffer_sql_name(given.arguments[i]);
		}
	if (plan >> COLUMN_VALUE & 1)
		given.value = *values++;
	if (plan & BOUND_FROM)
		given.from = *values++;
	if (plan & BOUND_TO)
		given.to = *values;
	return given;
}

/* As they were given. */
static bool
keep_arguments(struct rollup_cursor *cursor, const struct given *given)
{
	for (size_t i = 0; i < ARGUMENTS; i++)
		if (given->arguments[i] && !(cursor->arguments[i] = sqlite3_value_dup(given->arguments[i])))
			return false;
	return true;
}

static int
filter_rollup(sqlite3_vtab_cursor *base, int plan, const char *words, int count,
	      sqlite3_value **values)
{
	struct rollup_cursor *cursor = (struct rollup_cursor *)base;
	struct rollup_table *of = (struct rollup_table *)base->pVtab;
	struct given given = read_given(plan, values);
	struct coffer_sql_store *store;
	const char *only;
	uint32_t table;
	uint16_t rollup;

	(void)words;
	(void)count;
	leave(cursor);
	coffer_sql_sweep(of->sql);
	if (!given.arguments[0] || !given.arguments[1] || !given.arguments[2])
		return refuse(base->pVtab, "a table, one of its roll-ups and a column that is summed");
	if (!keep_arguments(cursor, &given))
		return SQLITE_NOMEM;
	only = given.names[COLUMN_STORE - COLUMN_TABLE];
	if (only && !coffer_sql_schema(of->sql, only))
		return fail(base->pVtab, "store in a schema", only);
	if (!(store = find_store(of->sql, given.names[0], only)))
		return fail(base->pVtab, "table", given.names[0]);
	table = find_table(store, given.names[0]);
	cursor->table = &store->description->tables[table];
	rollup = coffer_table_find_rollup(cursor->table, given.names[1]);
	if (rollup == COFFER_NO_ROLLUP)
		return fail(base->pVtab, "roll-up", given.names[1]);
	cursor->rollup = &cursor->table->rollups[rollup];
	cursor->summed_count = 0;
	if (!find_sums(cursor, given.names[2]))
		return fail(base->pVtab, "sum of a column", given.names[2]);
	read_times(cursor, plan, given.from, given.to);
	return read_equal(cursor, given.value) ? SQLITE_NOMEM : begin(cursor, store, table, rollup);
}

static int
end_of_rollup(sqlite3_vtab_cursor *base)
{
	return !((const struct rollup_cursor *)base)->group;
}

static void
give_total(sqlite3_context *context, const struct rollup_cursor *cursor, size_t summed, bool is_exact)
{
	const coffer_rollup_sum *sum = &cursor->group->sums[summed];
	const coffer_column *column = &cursor->table->columns[cursor->rollup->sums[summed]];
	bool is_float = column->kind == COFFER_FLOAT;
	int64_t sign = (int64_t)sum->total.low < 0 ? -1 : 0;

	if (sum->unfit)
		sqlite3_result_error(context,
				     "a roll-up's sum lacks values that do not fit: ask the rows", -1);
	else if (!sum->values)
		sqlite3_result_null(context);
	else if (is_exact)
		coffer_sql_result_fixed(context, &sum->total, is_float ? COFFER_FIXED_EXPONENT : 0);
	else if (is_float)
		sqlite3_result_double(context,
				      coffer_fixed_round(&sum->total, COFFER_FIXED_EXPONENT));
	else if ((int64_t)sum->total.middle == sign && sum->total.high == sign)
		sqlite3_result_int64(context, (int64_t)sum->total.low);
	else
		sqlite3_result_error(context, "integer overflow", -1);
}

/* Sum `number` of those that were asked for; of more than these it is NULL. */
static void
give_sum(sqlite3_context *context, const struct rollup_cursor *cursor, size_t number, int column)
{
	const coffer_rollup_sum *sum;

	if (number >= cursor->summed_count)
		return;
	sum = &cursor->group->sums[cursor->summed[number]];
	if (column == COLUMN_VALUES)
		sqlite3_result_int64(context, (sqlite3_int64)sum->values);
	else if (column == COLUMN_UNFIT)
		sqlite3_result_int64(context, (sqlite3_int64)sum->unfit);
	else
		give_total(context, cursor, cursor->summed[number], column == COLUMN_EXACT);
}

static int
give_rollup(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
	struct rollup_cursor *cursor = (struct rollup_cursor *)base;
	const coffer_rollup_group *group = cursor->group;

	switch (column) {
	case COLUMN_TIME:
		coffer_sql_result(context, &cursor->giver,
				  &cursor->table->columns[cursor->rollup->time_column],
				  &group->time);
		break;
	case COLUMN_VALUE:
		if (group->value.kind == COFFER_TEXT)
			coffer_sql_result(context, &cursor->giver,
					  &cursor->table->columns[cursor->rollup->column],
					  &group->value);
		break;
	case COLUMN_ROWS:
		sqlite3_result_int64(context, (sqlite3_int64)group->rows);
		break;
	default:
		if (column < COLUMN_TABLE)
			give_sum(context, cursor, 0, column);
		else if (is_argument(column) && cursor->arguments[column - COLUMN_TABLE])
			sqlite3_result_value(context, cursor->arguments[column - COLUMN_TABLE]);
		else if (column >= COLUMN_MORE)
			give_sum(context, cursor, (size_t)(column - COLUMN_MORE) / CELLS + 1,
				 COLUMN_VALUES + (column - COLUMN_MORE) % CELLS);
		break;
	}
	return SQLITE_OK;
}

static int
number_rollup(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
	*out = ((const struct rollup_cursor *)base)->number;
	return SQLITE_OK;
}

/* Without xCreate a module is a table function alone. */
static const sqlite3_module rollup_module = {
	.iVersion = 1,
	.xConnect = connect_rollup,
	.xBestIndex = plan_rollup,
	.xDisconnect = disconnect_rollup,
	.xOpen = open_rollup,
	.xClose = close_rollup,
	.xFilter = filter_rollup,
	.xNext = next_rollup,
	.xEof = end_of_rollup,
	.xColumn = give_rollup,
	.xRowid = number_rollup,
};

int
coffer_sql_rollup_register(struct coffer_sql *sql)
{
	return coffer_sql_module(sql, "coffer_rollup", &rollup_module);
}
