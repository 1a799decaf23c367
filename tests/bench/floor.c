/*
 * A virtual table that does nothing: xFilter looks up the answer that was chosen, xNext counts, xColumn hands over a value
 * that is there. Every constraint and every order is taken from SQLite, as a store with the best of indexes would.
 */
#include "tests/bench/floor.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 128 };

struct value {
	int type; /* SQLite's */
	union {
		sqlite3_int64 integer;
		double real;
		const char *text; /* with its NUL */
	};
};

/* The rows of one key, one behind the other, with those columns that the question uses. */
struct rows {
	struct value *values;
	size_t count;
	bool is_shared; /* with the same key, earlier: often asked are those that have most rows */
};

struct table {
	sqlite3_vtab base; /* first */
	struct floor *floor;
	const struct floor_part *part;
	struct rows *answers;     /* by key */
	char *names[COLUMNS_MAX]; /* of its columns */
	int places[COLUMNS_MAX];  /* of their values in a row */
	int column_count, used_count;
	sqlite3_uint64 used;
};

struct cursor {
	sqlite3_vtab_cursor base; /* first */
	const struct value *row;
	size_t left, width;
	const int *places;
};

struct floor {
	sqlite3 *db, *source;
	sqlite3_stmt *statement;
	const struct floor_part *parts;
	struct table *tables[FLOOR_PARTS_MAX];
	int table_count, key, key_count;
};

static void
must(sqlite3 *db, int code)
{
	if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW)
		return;
	fprintf(stderr, "floor: %s\n", sqlite3_errmsg(db));
	exit(1);
}

static void *
allocate(size_t count, size_t size)
{
	void *memory = calloc(count + 1, size);

	if (memory)
		return memory;
	fprintf(stderr, "floor: no memory\n");
	exit(1);
}

/* ------------------------------------------------------------------ the module */

/* The columns of the source's table, by their names. */
static int
declare(sqlite3 *db, struct table *table)
{
	sqlite3_str *text = sqlite3_str_new(db);
	sqlite3_stmt *columns;
	char *declaration;
	int code;

	must(table->floor->source,
	     sqlite3_prepare_v2(table->floor->source,
				"SELECT name, type FROM pragma_table_info(?1)", -1, &columns,
				NULL));
	must(table->floor->source,
	     sqlite3_bind_text(columns, 1, table->part->table, -1, SQLITE_STATIC));
	sqlite3_str_appendall(text, "CREATE TABLE x(");
	while (sqlite3_step(columns) == SQLITE_ROW && table->column_count < COLUMNS_MAX) {
		sqlite3_str_appendf(text, "%s\"%w\" %s", table->column_count ? ", " : "",
				    sqlite3_column_text(columns, 0),
				    sqlite3_column_text(columns, 1));
		table->names[table->column_count++] =
			strdup((const char *)sqlite3_column_text(columns, 0));
	}
	sqlite3_finalize(columns);
	sqlite3_str_appendall(text, ")");
	declaration = sqlite3_str_finish(text);
	code = sqlite3_declare_vtab(db, declaration);
	sqlite3_free(declaration);
	return code;
}

static int
connect_table(sqlite3 *db, void *context, int count, const char *const *arguments,
	      sqlite3_vtab **out, char **message)
{
	struct floor *floor = context;
	struct table *table = allocate(1, sizeof(*table));

	(void)count;
	(void)arguments;
	(void)message;
	table->floor = floor;
	table->part = &floor->parts[floor->table_count];
	floor->tables[floor->table_count++] = table;
	*out = &table->base;
	return declare(db, table);
}

static int
disconnect(sqlite3_vtab *base)
{
	struct table *table = (struct table *)base;

	for (int key = 0; table->answers && key < table->floor->key_count; key++) {
		struct rows *rows = &table->answers[key];

		if (rows->is_shared)
			continue;
		for (size_t i = 0; i < rows->count * (size_t)table->used_count; i++)
			if (rows->values[i].type == SQLITE_TEXT)
				free((void *)(uintptr_t)rows->values[i].text);
		free(rows->values);
	}
	for (int i = 0; i < table->column_count; i++)
		free(table->names[i]);
	free(table->answers);
	free(table);
	return SQLITE_OK;
}

static int
best_index(sqlite3_vtab *base, sqlite3_index_info *info)
{
	struct table *table = (struct table *)base;
	int arguments = 0;

	for (int i = 0; i < info->nConstraint; i++) {
		unsigned char operator= info->aConstraint[i].op;

		if (!info->aConstraint[i].usable || operator== SQLITE_INDEX_CONSTRAINT_LIMIT ||
						    operator== SQLITE_INDEX_CONSTRAINT_OFFSET)
			continue;
		info->aConstraintUsage[i].argvIndex = ++arguments;
		info->aConstraintUsage[i].omit = 1;
	}
	info->estimatedRows = arguments ? 1 : 1000000;
	info->estimatedCost = (double)info->estimatedRows;
	/* An order to group by would be one of expressions, which no index has. */
	info->orderByConsumed = 1;
	table->used |= info->colUsed;
	return SQLITE_OK;
}

static int
open_cursor(sqlite3_vtab *base, sqlite3_vtab_cursor **out)
{
	struct cursor *cursor = allocate(1, sizeof(*cursor));

	cursor->places = ((struct table *)base)->places;
	cursor->width = (size_t)((struct table *)base)->used_count;
	*out = &cursor->base;
	return SQLITE_OK;
}

static int
close_cursor(sqlite3_vtab_cursor *base)
{
	free(base);
	return SQLITE_OK;
}

static int
filter(sqlite3_vtab_cursor *base, int plan, const char *words, int count, sqlite3_value **values)
{
	struct cursor *cursor = (struct cursor *)base;
	const struct table *table = (struct table *)base->pVtab;
	const struct rows *rows = &table->answers[table->floor->key];

	(void)plan;
	(void)words;
	(void)count;
	(void)values;
	cursor->row = rows->values;
	cursor->left = rows->count;
	return SQLITE_OK;
}

static int
next(sqlite3_vtab_cursor *base)
{
	struct cursor *cursor = (struct cursor *)base;

	cursor->left--;
	cursor->row += cursor->width;
	return SQLITE_OK;
}

static int
eof(sqlite3_vtab_cursor *base)
{
	return !((struct cursor *)base)->left;
}

static int
give_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
	const struct cursor *cursor = (struct cursor *)base;
	const struct value *value = &cursor->row[cursor->places[column]];

	switch (value->type) {
	case SQLITE_INTEGER:
		sqlite3_result_int64(context, value->integer);
		break;
	case SQLITE_FLOAT:
		sqlite3_result_double(context, value->real);
		break;
	case SQLITE_TEXT:
		sqlite3_result_text(context, value->text, -1, SQLITE_STATIC);
		break;
	default:
		break;
	}
	return SQLITE_OK;
}

static int
give_number(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
	*out = (sqlite3_int64)((struct cursor *)base)->left;
	return SQLITE_OK;
}

static const sqlite3_module module = {
	.iVersion = 1,
	.xCreate = connect_table,
	.xConnect = connect_table,
	.xBestIndex = best_index,
	.xDisconnect = disconnect,
	.xDestroy = disconnect,
	.xOpen = open_cursor,
	.xClose = close_cursor,
	.xFilter = filter,
	.xNext = next,
	.xEof = eof,
	.xColumn = give_column,
	.xRowid = give_number,
};

/* ------------------------------------------------------------------ answers */

static struct value
copy_value(sqlite3_stmt *statement, int column)
{
	struct value value = {.type = sqlite3_column_type(statement, column)};

	if (value.type == SQLITE_INTEGER)
		value.integer = sqlite3_column_int64(statement, column);
	else if (value.type == SQLITE_FLOAT)
		value.real = sqlite3_column_double(statement, column);
	else if (value.type == SQLITE_TEXT)
		value.text = strdup((const char *)sqlite3_column_text(statement, column));
	return value;
}

static void
read_rows(struct table *table, sqlite3_stmt *statement, struct rows *rows)
{
	size_t capacity = 0, width = (size_t)table->used_count;

	while (sqlite3_step(statement) == SQLITE_ROW) {
		if (rows->count == capacity) {
			capacity = 2 * capacity + 1;
			rows->values = realloc(rows->values,
					       (capacity * width + 1) * sizeof(struct value));
			if (!rows->values)
				must(NULL, SQLITE_NOMEM);
		}
		for (size_t i = 0; i < width; i++)
			rows->values[rows->count * width + i] = copy_value(statement, (int)i);
		rows->count++;
	}
}

/* The rows that a key's answer is made of, with the columns that SQLite has said it uses. */
static sqlite3_stmt *
prepare_rows(struct table *table)
{
	sqlite3 *source = table->floor->source;
	sqlite3_str *text = sqlite3_str_new(source);
	sqlite3_stmt *statement;
	char *query;

	sqlite3_str_appendall(text, "SELECT ");
	for (int i = 0; i < table->column_count; i++)
		if (table->used >> (i < 63 ? i : 63) & 1) {
			sqlite3_str_appendf(text, "%s\"%w\"", table->used_count ? ", " : "",
					    table->names[i]);
			table->places[i] = table->used_count++;
		}
	sqlite3_str_appendf(text, "%s FROM \"%w\" %s", table->used_count ? "" : "1",
			    table->part->table, table->part->rows);
	query = sqlite3_str_finish(text);
	must(source, sqlite3_prepare_v2(source, query, -1, &statement, NULL));
	sqlite3_free(query);
	return statement;
}

/* The answer to the same key, if it was read before. */
static const struct rows *
find_answer(const struct table *table, char **keys, int key)
{
	for (int i = 0; i < key; i++)
		if (!strcmp(keys[i], keys[key]))
			return &table->answers[i];
	return NULL;
}

static void
read_answers(struct table *table, char **keys)
{
	sqlite3_stmt *statement = prepare_rows(table);
	sqlite3 *source = table->floor->source;

	table->answers = allocate((size_t)table->floor->key_count, sizeof(*table->answers));
	for (int key = 0; key < table->floor->key_count; key++) {
		const struct rows *same = keys ? find_answer(table, keys, key) : NULL;

		if (same) {
			table->answers[key] = *same;
			table->answers[key].is_shared = true;
			continue;
		}
		if (keys)
			must(source, sqlite3_bind_text(statement, 1, keys[key], -1, SQLITE_STATIC));
		read_rows(table, statement, &table->answers[key]);
		must(source, sqlite3_reset(statement));
	}
	sqlite3_finalize(statement);
}

struct floor *
floor_make(sqlite3 *source, const struct floor_part *parts, const char *query, char **keys,
	   int key_count)
{
	struct floor *floor = allocate(1, sizeof(*floor));

	floor->source = source;
	floor->parts = parts;
	floor->key_count = key_count;
	must(NULL, sqlite3_open_v2(":memory:", &floor->db,
				   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
				   NULL));
	must(floor->db, sqlite3_create_module(floor->db, "floor", &module, floor));
	for (const struct floor_part *part = parts; part->table; part++) {
		char *make =
			sqlite3_mprintf("CREATE VIRTUAL TABLE \"%w\" USING floor", part->table);

		must(floor->db, sqlite3_exec(floor->db, make, NULL, NULL, NULL));
		sqlite3_free(make);
	}
	must(floor->db, sqlite3_prepare_v2(floor->db, query, -1, &floor->statement, NULL));
	for (int i = 0; i < floor->table_count; i++)
		read_answers(floor->tables[i], keys);
	return floor;
}

void
floor_free(struct floor *floor)
{
	sqlite3_finalize(floor->statement);
	sqlite3_close(floor->db);
	free(floor);
}

sqlite3_stmt *
floor_statement(const struct floor *floor)
{
	return floor->statement;
}

void
floor_choose(struct floor *floor, int key)
{
	floor->key = key;
}
