/*
 * A store into a new one of another schema.
 *
 *   row --> columns by name --> same type: as it is; another: by its text; added: its default --> load
 *
 * What has no place in the new schema is counted and told, never dropped in silence. SPEC.md 6.3.
 */
#include "store/rewrite.h"

#include "value/default.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLACE_SIZE = 2 * COFFER_NAME_SIZE_MAX + 2 };

struct migration {
	coffer_store *store;
	coffer_txn *txn;
	coffer_schema *schema; /* the new one */
	const coffer_migrate_options *options;
	coffer_load *load;
	struct coffer_arena memory; /* of one row's defaults */
	coffer_buffer scratch;
	struct coffer_default_maker maker;
};

/* One table on its way. */
struct moved {
	struct migration *migration;
	const coffer_table *from, *to;
	uint32_t to_number;
	uint16_t *sources;      /* of each new column; COFFER_NO_COLUMN: added */
	coffer_value *values;
	coffer_buffer *memories; /* one a new column, of what a value of another type became */
	uint64_t *lost;          /* values of each old column that has no place */
};

static void
tell_lost(const struct migration *migration, const char *what, const char *table, const char *column,
	  uint64_t values)
{
	char place[PLACE_SIZE];

	(void)snprintf(place, sizeof(place), "%s%s%s", table, column ? "." : "", column ? column : "");
	if (migration->options->lost)
		migration->options->lost(migration->options->lost_context,
					 &(coffer_loss){.place = place, .what = what, .values = values});
}

static coffer_status
next_value(void *context, size_t number, int64_t *value_out, coffer_error *error)
{
	struct migration *migration = context;
	coffer_sequence *sequence = &migration->schema->sequences[number];

	if (!coffer_sequence_step(sequence, &sequence->last_value, &sequence->is_called))
		return coffer_error_set(error, COFFER_LIMIT, "sequence %s is at its end", sequence->name);
	*value_out = sequence->last_value;
	return COFFER_OK;
}

/* ------------------------------------------------------------------ one row */

static bool
is_same_type(const coffer_column *left, const coffer_column *right)
{
	return left->kind == right->kind && !strcmp(left->type, right->type) &&
	       (!left->base_type || !right->base_type || !strcmp(left->base_type, right->base_type));
}

/* Another type reads the text of the old one. So does one without a kind of the same name: an enum may have lost a label. */
static coffer_status
convert(struct migration *migration, const struct moved *moved, uint16_t column, coffer_error *error)
{
	const coffer_column *from = &moved->from->columns[moved->sources[column]];
	const coffer_column *to = &moved->to->columns[column];
	coffer_value *value = &moved->values[column];
	coffer_buffer *text = &moved->memories[moved->to->column_count + column];
	coffer_status status;

	if (value->kind == COFFER_NULL || (from->kind != COFFER_OTHER && is_same_type(from, to)))
		return COFFER_OK;
	coffer_buffer_clear(text);
	if ((status = coffer_value_print(from, value, text, error)))
		return status;
	return coffer_value_parse(migration->schema, to, (coffer_text){text->data, text->size},
				  &moved->memories[column], value, error);
}

static coffer_status
make_value(struct migration *migration, const struct moved *moved, const coffer_row *row,
	   uint16_t column, coffer_error *error)
{
	coffer_value *value = &moved->values[column];
	coffer_status status;

	if (moved->sources[column] == COFFER_NO_COLUMN)
		return coffer_default_make(&migration->maker, moved->to_number, column, value, error);
	if (!(status = coffer_row_get(row, moved->sources[column], value, error)) &&
	    (status = convert(migration, moved, column, error)))
		coffer_error_at(error, "%s", moved->to->columns[column].name);
	return status;
}

/* Old columns that no new one takes: who counts them? */
static coffer_status
count_lost(const struct moved *moved, const coffer_row *row, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	coffer_value value;

	for (uint16_t i = 0; !status && i < moved->from->column_count; i++) {
		if (moved->lost[i] == UINT64_MAX)
			continue;
		status = coffer_row_get(row, i, &value, error);
		moved->lost[i] += !status && value.kind != COFFER_NULL;
	}
	return status;
}

static coffer_status
move_row(void *context, const coffer_row *row, coffer_error *error)
{
	const struct moved *moved = context;
	struct migration *migration = moved->migration;
	coffer_status status = count_lost(moved, row, error);

	coffer_arena_reset(&migration->memory);
	for (uint16_t i = 0; !status && i < moved->to->column_count; i++)
		if ((status = make_value(migration, moved, row, i, error)))
			coffer_error_at(error, "%s[%" PRIu64 "]", moved->to->name,
					coffer_row_number(row));
	return status ? status : coffer_load_row(migration->load, moved->values, error);
}

/* ------------------------------------------------------------------ one table */

static bool
make_room(struct moved *moved)
{
	size_t to = moved->to->column_count + 1, from = moved->from->column_count + 1;

	moved->sources = calloc(to, sizeof(*moved->sources));
	moved->values = calloc(to, sizeof(*moved->values));
	moved->memories = calloc(2 * to, sizeof(*moved->memories));
	moved->lost = calloc(from, sizeof(*moved->lost));
	return moved->sources && moved->values && moved->memories && moved->lost;
}

static void
drop_room(struct moved *moved)
{
	for (size_t i = 0; moved->memories && i < 2 * moved->to->column_count; i++)
		coffer_buffer_release(&moved->memories[i]);
	free(moved->sources);
	free(moved->values);
	free(moved->memories);
	free(moved->lost);
}

/* Columns by name. An old one that has a place is marked, the others count their values from 0. */
static void
match_columns(struct moved *moved)
{
	for (size_t i = 0; i < moved->to->column_count; i++) {
		moved->sources[i] = coffer_table_find_column(moved->from, moved->to->columns[i].name);
		if (moved->sources[i] != COFFER_NO_COLUMN)
			moved->lost[moved->sources[i]] = UINT64_MAX;
	}
}

static coffer_status
move_table(struct migration *migration, uint32_t from, uint32_t to, coffer_error *error)
{
	struct moved moved = {
		.migration = migration,
		.from = &coffer_store_schema(migration->store)->tables[from],
		.to = &migration->schema->tables[to],
		.to_number = to,
	};
	coffer_status status = coffer_load_table(migration->load, to, error);

	if (!status && !make_room(&moved))
		status = coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a table");
	if (!status) {
		match_columns(&moved);
		status = coffer_rewrite_rows(migration->txn, from, move_row, &moved, error);
	}
	for (size_t i = 0; !status && i < moved.from->column_count; i++)
		if (moved.lost[i] != UINT64_MAX)
			tell_lost(migration, "column", moved.from->name, moved.from->columns[i].name,
				  moved.lost[i]);
	drop_room(&moved);
	return status;
}

/* ------------------------------------------------------------------ the whole */

/* A table with rows of its own of this name, or COFFER_NO_TABLE. */
static uint32_t
find_table(const coffer_schema *schema, const char *name)
{
	uint32_t number = coffer_schema_find_table(schema, name);

	return number != COFFER_NO_TABLE && schema->tables[number].id ? number : COFFER_NO_TABLE;
}

static coffer_status
move_tables(struct migration *migration, coffer_error *error)
{
	const coffer_schema *old = coffer_store_schema(migration->store);
	coffer_status status = COFFER_OK;
	uint64_t rows;

	for (uint32_t from = 0; !status && from < old->table_count; from++) {
		uint32_t to = find_table(migration->schema, old->tables[from].name);

		if (!old->tables[from].id)
			continue;
		if (to != COFFER_NO_TABLE)
			status = move_table(migration, from, to, error);
		else if (!(status = coffer_table_count(migration->txn, from, &rows, error)))
			tell_lost(migration, "table", old->tables[from].name, NULL, rows);
	}
	return status;
}

static void
keep_sequence(const coffer_sequence *from, coffer_sequence *to)
{
	if (from->last_value < to->minimum || from->last_value > to->maximum)
		return;
	to->last_value = from->last_value;
	to->is_called = from->is_called;
}

/* Sequences of one name go on where they stood, as far as their new bounds let them. */
static void
keep_sequences(struct migration *migration)
{
	const coffer_schema *old = coffer_store_schema(migration->store);

	for (size_t i = 0; i < old->sequence_count; i++) {
		const coffer_sequence *from = &old->sequences[i];
		bool is_found = false;

		for (size_t j = 0; j < migration->schema->sequence_count; j++) {
			if (strcmp(migration->schema->sequences[j].name, from->name) != 0)
				continue;
			keep_sequence(from, &migration->schema->sequences[j]);
			is_found = true;
		}
		if (!is_found)
			tell_lost(migration, "sequence", from->name, NULL, 0);
	}
}

static coffer_status
begin(struct migration *migration, const char *path, coffer_error *error)
{
	const coffer_migrate_options *options = migration->options;
	const coffer_load_options load_options = {
		.is_forced = options->is_forced,
		.is_plain = options->is_plain,
		.progress = options->progress,
		.progress_context = options->progress_context,
	};

	return coffer_rewrite_begin_load(migration->store, migration->txn, path, migration->schema,
					 &load_options, "migrate", &migration->load, error);
}

coffer_status
coffer_store_migrate(coffer_store *store, const char *path, coffer_schema *schema,
		     const coffer_migrate_options *options, coffer_error *error)
{
	struct migration migration = {.store = store, .schema = schema, .options = options};
	coffer_status status = coffer_txn_begin(store, &migration.txn, error);

	migration.maker = (struct coffer_default_maker){
		.schema = schema,
		.now = coffer_default_now(),
		.memory = &migration.memory,
		.scratch = &migration.scratch,
		.next_value = next_value,
		.context = &migration,
	};
	if (!status) {
		keep_sequences(&migration);
		status = begin(&migration, path, error);
	}
	if (!status)
		status = move_tables(&migration, error);
	if (status)
		coffer_load_abort(migration.load);
	else
		status = coffer_load_finish(migration.load, error);
	coffer_txn_end(migration.txn);
	coffer_arena_release(&migration.memory);
	coffer_buffer_release(&migration.scratch);
	return status;
}
