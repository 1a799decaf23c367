/*
 * A roll-up as a table function: coffer_rollup(TABLE, ROLLUP, COLUMN) has a row a group, with the rows of it and what COLUMN, one
 * of those that the roll-up sums, comes to. A fourth argument is the schema of the store, where several are attached.
 *
 * `total` is rounded, `exact` is not: coffer_sum adds it up to what it makes of the rows, whatever groups are taken together. A
 * group with values that its sum lacks has neither: who asks for one is told to ask the rows.
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
	/* Hidden: the arguments. */
	COLUMN_TABLE,
	COLUMN_ROLLUP,
	COLUMN_SUMMED,
	COLUMN_STORE,
	COLUMNS,
};

enum { ARGUMENTS = COLUMNS - COLUMN_TABLE };

struct rollup_table {
	sqlite3_vtab base; /* first */
	struct coffer_sql *sql;
};

struct rollup_cursor {
	sqlite3_vtab_cursor base; /* first */
	struct coffer_sql_store *store; /* whose snapshot it reads; NULL: none */
	const coffer_table *table;
	const coffer_rollup *rollup;
	size_t summed; /* of the sums */
	coffer_rollup_cursor *groups;
	const coffer_rollup_group *group; /* NULL: at the end */
	sqlite3_int64 number;
	struct coffer_sql_giver giver;
};

static int
connect_rollup(sqlite3 *db, void *context, int count, const char *const *arguments,
	       sqlite3_vtab **out, char **message)
{
	struct rollup_table *table = calloc(1, sizeof(*table));
	int code;

	(void)count;
	(void)arguments;
	(void)message;
	*out = NULL;
	if (!table)
		return SQLITE_NOMEM;
	table->sql = context;
	code = sqlite3_declare_vtab(db, "CREATE TABLE x(time TEXT, value TEXT, rows INTEGER, "
					"\"values\" INTEGER, total, exact BLOB, table_name HIDDEN, "
					"rollup_name HIDDEN, summed HIDDEN, only_store HIDDEN)");
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

/* Take an equality with a column as the next argument; idxNum has a bit a column that was taken. */
static bool
take(sqlite3_index_info *info, int column, bool is_exact, int *count)
{
	for (int i = 0; i < info->nConstraint; i++) {
		const struct sqlite3_index_constraint *constraint = &info->aConstraint[i];

		if (constraint->iColumn != column || constraint->op != SQLITE_INDEX_CONSTRAINT_EQ ||
		    !constraint->usable)
			continue;
		info->aConstraintUsage[i].argvIndex = ++*count;
		info->aConstraintUsage[i].omit = is_exact;
		info->idxNum |= 1 << column;
		return true;
	}
	return false;
}

static int
plan_rollup(sqlite3_vtab *base, sqlite3_index_info *info)
{
	int count = 0;

	for (int i = 0; i < info->nConstraint; i++)
		if (info->aConstraint[i].iColumn >= COLUMN_TABLE && !info->aConstraint[i].usable)
			return SQLITE_CONSTRAINT;
	if (!take(info, COLUMN_TABLE, true, &count) || !take(info, COLUMN_ROLLUP, true, &count) ||
	    !take(info, COLUMN_SUMMED, true, &count)) {
		sqlite3_free(base->zErrMsg);
		base->zErrMsg = sqlite3_mprintf(
			"coffer_rollup wants a table, one of its roll-ups and a column that is summed");
		return SQLITE_ERROR;
	}
	(void)take(info, COLUMN_STORE, true, &count);
	info->estimatedRows = take(info, COLUMN_VALUE, false, &count) ? 100 : 10000;
	info->estimatedCost = (double)info->estimatedRows;
	return SQLITE_OK;
}

static int
open_rollup(sqlite3_vtab *base, sqlite3_vtab_cursor **out)
{
	struct rollup_cursor *cursor = calloc(1, sizeof(*cursor));

	(void)base;
	*out = cursor ? &cursor->base : NULL;
	return cursor ? SQLITE_OK : SQLITE_NOMEM;
}

static void
leave(struct rollup_cursor *cursor)
{
	coffer_rollup_close(cursor->groups);
	cursor->groups = NULL;
	cursor->group = NULL;
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
find_sum(struct rollup_cursor *cursor, const char *name)
{
	for (size_t i = 0; name && i < cursor->rollup->sum_count; i++) {
		if (sqlite3_stricmp(cursor->table->columns[cursor->rollup->sums[i]].name, name))
			continue;
		cursor->summed = i;
		return true;
	}
	return false;
}

static int
next_rollup(sqlite3_vtab_cursor *base)
{
	struct rollup_cursor *cursor = (struct rollup_cursor *)base;
	coffer_error error = {0};
	coffer_status status = coffer_rollup_next(cursor->groups, &cursor->group, &error);

	cursor->number++;
	return status < 0 ? coffer_sql_store_fail(cursor->store, base->pVtab, &error) : SQLITE_OK;
}

/* Take part in the snapshot and seek; `equal` NULL: any value. */
static int
begin(struct rollup_cursor *cursor, struct coffer_sql_store *store, uint32_t table, uint16_t rollup,
      const coffer_value *equal)
{
	const coffer_rollup_scan scan = {.equal = equal};
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
		status = coffer_rollup_seek(cursor->groups, &scan, &error);
	return status ? coffer_sql_store_fail(store, cursor->base.pVtab, &error)
		      : next_rollup(&cursor->base);
}

static int
filter_rollup(sqlite3_vtab_cursor *base, int plan, const char *words, int count,
	      sqlite3_value **values)
{
	struct rollup_cursor *cursor = (struct rollup_cursor *)base;
	struct rollup_table *of = (struct rollup_table *)base->pVtab;
	const char *names[ARGUMENTS] = {NULL};
	struct coffer_sql_store *store;
	coffer_value equal;
	bool has_equal;
	uint32_t table;
	uint16_t rollup;
	int at = 0;

	(void)words;
	leave(cursor);
	for (int i = 0; i < ARGUMENTS && at < count; i++)
		if (plan >> (COLUMN_TABLE + i) & 1)
			names[i] = (const char *)sqlite3_value_text(values[at++]);
	coffer_sql_sweep(of->sql);
	if (!(store = find_store(of->sql, names[0], names[COLUMN_STORE - COLUMN_TABLE])))
		return fail(base->pVtab, "table", names[0]);
	table = find_table(store, names[0]);
	cursor->table = &store->description->tables[table];
	rollup = coffer_table_find_rollup(cursor->table, names[1]);
	if (rollup == COFFER_NO_ROLLUP)
		return fail(base->pVtab, "roll-up", names[1]);
	cursor->rollup = &cursor->table->rollups[rollup];
	if (!find_sum(cursor, names[2]))
		return fail(base->pVtab, "sum of a column", names[2]);
	/* What is no text is compared by SQLite alone, among all groups. */
	has_equal = at < count && cursor->rollup->column != COFFER_NO_COLUMN &&
		    sqlite3_value_type(values[at]) == SQLITE_TEXT;
	equal.kind = COFFER_TEXT;
	if (has_equal)
		equal.text = (coffer_text){(const char *)sqlite3_value_text(values[at]),
					   (size_t)sqlite3_value_bytes(values[at])};
	return begin(cursor, store, table, rollup, has_equal ? &equal : NULL);
}

static int
end_of_rollup(sqlite3_vtab_cursor *base)
{
	return !((const struct rollup_cursor *)base)->group;
}

static void
give_sum(sqlite3_context *context, const struct rollup_cursor *cursor, bool is_exact)
{
	const coffer_rollup_sum *sum = &cursor->group->sums[cursor->summed];
	const coffer_column *column =
		&cursor->table->columns[cursor->rollup->sums[cursor->summed]];
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
	case COLUMN_VALUES:
		sqlite3_result_int64(context,
				     (sqlite3_int64)group->sums[cursor->summed].values);
		break;
	case COLUMN_TOTAL:
	case COLUMN_EXACT:
		give_sum(context, cursor, column == COLUMN_EXACT);
		break;
	default:
		break; /* arguments that were given are not asked for */
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
