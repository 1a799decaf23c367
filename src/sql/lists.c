/*
 * What stores say of themselves, as table functions: one row a table, column, index ... of every store that is attached,
 * or with an argument of those under this schema: coffer_tables('b'). Each makes its rows when it is asked.
 */
#include "sql/internal.h"

#include <stdlib.h>
#include <string.h>

/* A cell: NULL, a number, or a text at a place in the rows' texts. */
struct cell {
	enum { CELL_NULL, CELL_NUMBER, CELL_TEXT } type;
	int64_t number; /* of a text its place */
	size_t size;
};

struct rows {
	coffer_buffer texts, cells;
};

struct list {
	const char *name;
	const char *columns; /* in SQL; the first is the store's schema */
	int column_count;
	coffer_status (*fill)(struct coffer_sql_store *store, struct rows *rows,
			      coffer_error *error);
};

struct list_table {
	sqlite3_vtab base; /* first */
	struct coffer_sql *sql;
	const struct list *list;
};

struct list_cursor {
	sqlite3_vtab_cursor base; /* first */
	struct rows rows;
	size_t at;
	sqlite3_value *only; /* the argument; NULL: none was given */
	/* Stores whose snapshot it reads until it is closed, so that a statement sees one state of them. */
	struct coffer_sql_store **held;
	size_t held_count;
};

/* ------------------------------------------------------------------ cells */

static void
add_cell(struct rows *rows, struct cell cell)
{
	coffer_buffer_append(&rows->cells, &cell, sizeof(cell));
}

static void
add_number(struct rows *rows, int64_t number)
{
	add_cell(rows, (struct cell){.type = CELL_NUMBER, .number = number});
}

static void
add_text(struct rows *rows, const char *text)
{
	struct cell cell = {.type = text ? CELL_TEXT : CELL_NULL};

	if (text) {
		cell.number = (int64_t)rows->texts.size;
		cell.size = strlen(text);
		coffer_buffer_append(&rows->texts, text, cell.size);
	}
	add_cell(rows, cell);
}

/* The names as an array of JSON. */
static void
add_names(struct rows *rows, const char *const *names, size_t count)
{
	size_t at = rows->texts.size;

	coffer_buffer_text(&rows->texts, "[");
	for (size_t i = 0; i < count; i++) {
		coffer_buffer_text(&rows->texts, i ? "," : "");
		coffer_json_string(&rows->texts, (coffer_text){names[i], strlen(names[i])});
	}
	coffer_buffer_text(&rows->texts, "]");
	add_cell(rows, (struct cell){.type = CELL_TEXT,
				     .number = (int64_t)at,
				     .size = rows->texts.size - at});
}

static void
add_columns(struct rows *rows, const coffer_table *table, const uint16_t *columns, size_t count)
{
	const char *names[COFFER_KEY_COLUMNS_MAX];

	for (size_t i = 0; i < count; i++)
		names[i] = table->columns[columns[i]].name;
	add_names(rows, names, count);
}

/* ------------------------------------------------------------------ the lists */

static coffer_status
fill_tables(struct coffer_sql_store *store, struct rows *rows, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	uint64_t count;

	for (uint32_t i = 0; !status && i < store->description->table_count; i++) {
		const coffer_table *table = &store->description->tables[i];

		if (!store->names[i])
			continue;
		status = coffer_table_count(store->txn, i, &count, error);
		add_text(rows, store->schema);
		add_text(rows, table->name);
		add_text(rows, store->names[i]);
		add_number(rows, (int64_t)count);
		add_number(rows, (int64_t)table->column_count);
		add_number(rows, table->is_known);
		add_text(rows, table->comment);
	}
	return status;
}

static void
fill_column(const struct coffer_sql_store *store, const coffer_table *table, size_t at,
	    const char *sql_name, struct rows *rows)
{
	const coffer_column *column = &table->columns[at];

	add_text(rows, store->schema);
	add_text(rows, table->name);
	add_text(rows, column->name);
	add_text(rows, sql_name);
	add_number(rows, (int64_t)at + 1);
	add_text(rows, column->type);
	add_number(rows, column->is_nullable);
	add_text(rows, column->default_sql);
	add_number(rows, column->is_interned);
	add_text(rows, column->comment);
}

static coffer_status
fill_columns(struct coffer_sql_store *store, struct rows *rows, coffer_error *error)
{
	for (size_t i = 0; i < store->description->table_count; i++) {
		const coffer_table *table = &store->description->tables[i];
		char **names;

		if (!store->names[i])
			continue;
		names = coffer_sql_column_names(table);
		if (!names)
			return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for names");
		for (size_t j = 0; j < table->column_count; j++)
			fill_column(store, table, j, names[j], rows);
		coffer_sql_names_free(names, table->column_count);
	}
	return COFFER_OK;
}

static const char *
tree_name(coffer_tree_kind tree)
{
	return tree == COFFER_TREE_HASHED    ? "hashed"
	       : tree == COFFER_TREE_ORDERED ? "ordered"
					     : NULL;
}

static coffer_status
fill_indexes(struct coffer_sql_store *store, struct rows *rows, coffer_error *error)
{
	(void)error;
	for (size_t i = 0; i < store->description->table_count; i++) {
		const coffer_table *table = &store->description->tables[i];

		for (size_t j = 0; store->names[i] && j < table->index_count; j++) {
			const coffer_index *index = &table->indexes[j];

			add_text(rows, store->schema);
			add_text(rows, table->name);
			add_text(rows, index->name);
			add_columns(rows, table, index->key_columns, index->key_column_count);
			add_text(rows, tree_name(index->tree));
			add_number(rows, index->is_unique || index->is_primary);
			add_number(rows, index->is_primary);
			add_text(rows, index->definition);
		}
	}
	return COFFER_OK;
}

static const char *
action_name(const coffer_relation *relation, coffer_action action)
{
	static const char *const names[] = {
		[COFFER_NO_ACTION] = "NO ACTION",     [COFFER_RESTRICT] = "RESTRICT",
		[COFFER_CASCADE] = "CASCADE",         [COFFER_SET_NULL] = "SET NULL",
		[COFFER_SET_DEFAULT] = "SET DEFAULT",
	};

	return relation->is_soft ? NULL : names[action];
}

static coffer_status
fill_relations(struct coffer_sql_store *store, struct rows *rows, coffer_error *error)
{
	(void)error;
	for (size_t i = 0; i < store->description->table_count; i++) {
		const coffer_table *table = &store->description->tables[i];

		for (size_t j = 0; store->names[i] && j < table->relation_count; j++) {
			const coffer_relation *relation = &table->relations[j];

			add_text(rows, store->schema);
			add_text(rows, table->name);
			add_text(rows, relation->name);
			add_columns(rows, table, relation->columns, relation->column_count);
			add_text(rows, relation->target);
			if (relation->target_columns)
				add_names(rows, relation->target_columns, relation->column_count);
			else
				add_text(rows, NULL);
			add_text(rows, action_name(relation, relation->on_update));
			add_text(rows, action_name(relation, relation->on_delete));
			add_number(rows, relation->is_soft);
		}
	}
	return COFFER_OK;
}

static const char *
column_name(const coffer_table *table, uint16_t column)
{
	return column == COFFER_NO_COLUMN ? NULL : table->columns[column].name;
}

static coffer_status
fill_rollups(struct coffer_sql_store *store, struct rows *rows, coffer_error *error)
{
	(void)error;
	for (size_t i = 0; i < store->description->table_count; i++) {
		const coffer_table *table = &store->description->tables[i];

		for (size_t j = 0; store->names[i] && j < table->rollup_count; j++) {
			const coffer_rollup *rollup = &table->rollups[j];

			add_text(rows, store->schema);
			add_text(rows, table->name);
			add_text(rows, rollup->name);
			add_text(rows, rollup->unit == COFFER_ROLLUP_HOUR ? "hour" : "day");
			add_text(rows, column_name(table, rollup->time_column));
			add_text(rows, column_name(table, rollup->column));
			add_columns(rows, table, rollup->sums, rollup->sum_count);
		}
	}
	return COFFER_OK;
}

static coffer_status
fill_sequences(struct coffer_sql_store *store, struct rows *rows, coffer_error *error)
{
	(void)error;
	for (size_t i = 0; i < store->description->sequence_count; i++) {
		const coffer_sequence *sequence = &store->description->sequences[i];

		add_text(rows, store->schema);
		add_text(rows, sequence->name);
		add_text(rows, sequence->type);
		add_number(rows, sequence->start);
		add_number(rows, sequence->increment);
		add_number(rows, sequence->minimum);
		add_number(rows, sequence->maximum);
		add_text(rows, sequence->owner_table);
		add_text(rows, sequence->owner_column);
		add_number(rows, sequence->last_value);
		add_number(rows, sequence->is_called);
	}
	return COFFER_OK;
}

static coffer_status
fill_provenance(struct coffer_sql_store *store, struct rows *rows, coffer_error *error)
{
	size_t count;
	const coffer_step *steps = coffer_store_provenance(store->store, &count);

	(void)error;
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < steps[i].fact_count; j++) {
			add_text(rows, store->schema);
			add_number(rows, (int64_t)i + 1);
			add_text(rows, steps[i].facts[j].name);
			add_text(rows, steps[i].facts[j].value);
		}
	}
	return COFFER_OK;
}

struct findings {
	const struct coffer_sql_store *store;
	struct rows *rows;
	sqlite3_stmt *probe;
};

static void
add_finding(void *context, const coffer_finding *finding)
{
	const struct findings *findings = context;

	add_text(findings->rows, findings->store->schema);
	add_text(findings->rows, finding->invariant);
	add_text(findings->rows, coffer_status_text(finding->status));
	add_text(findings->rows, finding->place);
	add_text(findings->rows, finding->message);
}

/* Not every SQLite says whether it was interrupted: then no statement of the connection comes far, and its progress handler,
 * which may end them all, is called as they go on. */
static bool
goes_on(void *context, const char *what, uint64_t rows, uint64_t bytes)
{
	const struct findings *findings = context;
	int code = sqlite3_step(findings->probe);

	(void)what;
	(void)rows;
	(void)bytes;
	(void)sqlite3_reset(findings->probe);
	return code != SQLITE_INTERRUPT;
}

/* The file is read as it is now, and not as the snapshot has it. */
static coffer_status
fill_findings(struct coffer_sql_store *store, struct rows *rows, coffer_error *error)
{
	struct findings findings = {store, rows, NULL};
	const coffer_verify_options options = {
		.found = add_finding,
		.found_context = &findings,
		.progress = goes_on,
		.progress_context = &findings,
	};
	coffer_verify_summary summary;
	coffer_status status;
	int code = sqlite3_prepare_v2(store->sql->db, "SELECT 1", -1, &findings.probe, NULL);

	if (code)
		return coffer_error_set(
			error, code == SQLITE_INTERRUPT ? COFFER_INTERRUPTED : COFFER_NO_MEMORY,
			"%s", sqlite3_errmsg(store->sql->db));
	status = coffer_verify(store->file, &options, &summary, error);
	(void)sqlite3_finalize(findings.probe);
	return status;
}

static const struct list lists[] = {
	{"coffer_tables", "store, name, sql_name, rows, columns, is_known, comment", 7,
	 fill_tables},
	{"coffer_columns",
	 "store, table_name, name, sql_name, position, type, is_nullable, default_sql, "
	 "is_interned, comment",
	 10, fill_columns},
	{"coffer_indexes",
	 "store, table_name, name, columns, tree, is_unique, is_primary, definition", 8,
	 fill_indexes},
	{"coffer_relations",
	 "store, table_name, name, columns, target, target_columns, on_update, on_delete, is_soft",
	 9, fill_relations},
	{"coffer_rollups", "store, table_name, name, unit, time_column, column_name, sums", 7,
	 fill_rollups},
	{"coffer_sequences",
	 "store, name, type, start, increment, minimum, maximum, owner_table, owner_column, "
	 "last_value, is_called",
	 11, fill_sequences},
	{"coffer_provenance", "store, step, name, value", 4, fill_provenance},
	{"coffer_verify", "store, invariant, status, place, message", 5, fill_findings},
};

/* ------------------------------------------------------------------ as tables */

/* SQLite gives the name that a table function is called by. */
static int
connect_list(sqlite3 *db, void *context, int count, const char *const *arguments,
	     sqlite3_vtab **out, char **message)
{
	struct list_table *table = calloc(1, sizeof(*table));
	coffer_buffer text = {0};
	int code = SQLITE_NOMEM;

	(void)count;
	(void)message;
	*out = NULL;
	if (!table)
		return SQLITE_NOMEM;
	table->sql = context;
	table->list = lists;
	while (sqlite3_stricmp(table->list->name, arguments[0]))
		table->list++;
	coffer_buffer_printf(&text, "CREATE TABLE x(%s, only_store HIDDEN)", table->list->columns);
	if (!text.is_failed)
		code = sqlite3_declare_vtab(db, text.data);
	coffer_buffer_release(&text);
	if (code)
		free(table);
	else
		*out = &table->base;
	return code;
}

static int
disconnect_list(sqlite3_vtab *base)
{
	free(base);
	return SQLITE_OK;
}

/* The argument, where there is one; idxNum says so. */
static int
plan_list(sqlite3_vtab *base, sqlite3_index_info *info)
{
	const struct list_table *table = (const struct list_table *)base;

	info->estimatedCost = 1000;
	info->estimatedRows = 100;
	for (int i = 0; i < info->nConstraint; i++) {
		const struct sqlite3_index_constraint *constraint = &info->aConstraint[i];

		if (constraint->iColumn != table->list->column_count ||
		    constraint->op != SQLITE_INDEX_CONSTRAINT_EQ)
			continue;
		if (!constraint->usable)
			return SQLITE_CONSTRAINT;
		info->aConstraintUsage[i].argvIndex = 1;
		info->aConstraintUsage[i].omit = 1;
		info->idxNum = 1;
		break;
	}
	return SQLITE_OK;
}

static int
open_list(sqlite3_vtab *base, sqlite3_vtab_cursor **out)
{
	struct list_cursor *cursor = calloc(1, sizeof(*cursor));

	(void)base;
	*out = NULL;
	if (!cursor)
		return SQLITE_NOMEM;
	*out = &cursor->base;
	return SQLITE_OK;
}

static int
close_list(sqlite3_vtab_cursor *base)
{
	struct list_cursor *cursor = (struct list_cursor *)base;

	for (size_t i = 0; i < cursor->held_count; i++) {
		coffer_sql_snapshot_leave(cursor->held[i]);
		coffer_sql_store_release(cursor->held[i]);
	}
	sqlite3_value_free(cursor->only);
	free(cursor->held);
	coffer_buffer_release(&cursor->rows.texts);
	coffer_buffer_release(&cursor->rows.cells);
	free(cursor);
	return SQLITE_OK;
}

static coffer_status
hold(struct list_cursor *cursor, struct coffer_sql_store *store, coffer_error *error)
{
	struct coffer_sql_store **larger;
	coffer_status status;

	for (size_t i = 0; i < cursor->held_count; i++)
		if (cursor->held[i] == store)
			return COFFER_OK;
	larger =
		realloc(cursor->held, (cursor->held_count + 1) * sizeof(struct coffer_sql_store *));
	if (!larger)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a list");
	cursor->held = larger;
	if ((status = coffer_sql_snapshot_take(store, error)))
		return status;
	store->references++;
	cursor->held[cursor->held_count++] = store;
	return COFFER_OK;
}

static int
fill(struct list_cursor *cursor, struct coffer_sql_store *store)
{
	struct list_table *table = (struct list_table *)cursor->base.pVtab;
	coffer_error error = {0};
	coffer_status status = hold(cursor, store, &error);

	if (!status)
		status = table->list->fill(store, &cursor->rows, &error);
	if (!status && (cursor->rows.texts.is_failed || cursor->rows.cells.is_failed))
		return SQLITE_NOMEM;
	return status ? coffer_sql_store_fail(store, &table->base, &error) : SQLITE_OK;
}

static int
filter_list(sqlite3_vtab_cursor *base, int plan, const char *words, int count,
	    sqlite3_value **values)
{
	struct list_cursor *cursor = (struct list_cursor *)base;
	struct list_table *table = (struct list_table *)base->pVtab;
	const char *only = plan && count ? coffer_sql_name(values[0]) : NULL;
	int code = SQLITE_OK;

	(void)words;
	cursor->at = 0;
	sqlite3_value_free(cursor->only);
	cursor->only = NULL;
	if (plan && count && !(cursor->only = sqlite3_value_dup(values[0])))
		return SQLITE_NOMEM;
	coffer_sql_sweep(table->sql);
	coffer_buffer_clear(&cursor->rows.texts);
	coffer_buffer_clear(&cursor->rows.cells);
	for (struct coffer_sql_store *store = table->sql->stores; !code && store;
	     store = store->next)
		if (!plan || (only && !sqlite3_stricmp(only, store->schema)))
			code = fill(cursor, store);
	return code;
}

static int
next_list(sqlite3_vtab_cursor *base)
{
	((struct list_cursor *)base)->at++;
	return SQLITE_OK;
}

static int
end_of_list(sqlite3_vtab_cursor *base)
{
	const struct list_cursor *cursor = (const struct list_cursor *)base;
	const struct list_table *table = (const struct list_table *)base->pVtab;

	return cursor->at * (size_t)table->list->column_count * sizeof(struct cell) >=
	       cursor->rows.cells.size;
}

static int
give_cell(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
	const struct list_cursor *cursor = (const struct list_cursor *)base;
	const struct list_table *table = (const struct list_table *)base->pVtab;
	size_t at = cursor->at * (size_t)table->list->column_count + (size_t)column;
	struct cell cell;

	if (column >= table->list->column_count) {
		if (cursor->only)
			sqlite3_result_value(context, cursor->only);
		return SQLITE_OK;
	}
	memcpy(&cell, cursor->rows.cells.data + at * sizeof(cell), sizeof(cell));
	if (cell.type == CELL_NUMBER)
		sqlite3_result_int64(context, cell.number);
	else if (cell.type == CELL_TEXT)
		sqlite3_result_text64(context,
				      cell.size ? cursor->rows.texts.data + cell.number : "",
				      cell.size, SQLITE_TRANSIENT, SQLITE_UTF8);
	return SQLITE_OK;
}

static int
number_list(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
	*out = (sqlite3_int64)((const struct list_cursor *)base)->at;
	return SQLITE_OK;
}

/* Without xCreate a module is a table function alone. */
static const sqlite3_module list_module = {
	.iVersion = 1,
	.xConnect = connect_list,
	.xBestIndex = plan_list,
	.xDisconnect = disconnect_list,
	.xOpen = open_list,
	.xClose = close_list,
	.xFilter = filter_list,
	.xNext = next_list,
	.xEof = end_of_list,
	.xColumn = give_cell,
	.xRowid = number_list,
};

int
coffer_sql_lists_register(struct coffer_sql *sql)
{
	int code = SQLITE_OK;

	for (size_t i = 0; !code && i < sizeof(lists) / sizeof(*lists); i++)
		code = coffer_sql_module(sql, lists[i].name, &list_module);
	return code;
}
