/*
 * The script, and the comparison of a store with its twin. What differs is written into the report once; then the script is
 * over.
 */
#include "tests/support/twin.h"
#include "tests/support/twin_parts.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SETS_MAX = 32 };

struct run {
	const uint8_t *script;
	size_t left;
	const char *path;
	struct twin_report *report;
	struct twin twin;
	coffer_store *store;
	coffer_txn *txn;
	coffer_txn *reader;      /* a snapshot that stays while the store is written to */
	struct twin_state *read; /* what it must see */
	coffer_error error;
};

/* ------------------------------------------------------------------ differences */

static bool
differs(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool
differs(struct run *run, const char *format, ...)
{
	va_list arguments;

	if (*run->report->text)
		return false;
	va_start(arguments, format);
	(void)vsnprintf(run->report->text, sizeof(run->report->text), format, arguments);
	va_end(arguments);
	return false;
}

/* True when a call that must work did. */
static bool
works(struct run *run, coffer_status status, const char *what)
{
	if (!status)
		return true;
	return differs(run, "%s: status %d, %s: %s", what, status, run->error.place,
		       run->error.message);
}

/* ------------------------------------------------------------------ comparison */

static bool
is_row_same(struct run *run, const coffer_table *table, const coffer_row *row,
	    const struct twin_row *wanted)
{
	coffer_value value;

	if (coffer_row_number(row) != wanted->number)
		return differs(run, "%s: row %" PRIu64 ", expected %" PRIu64, table->name,
			       coffer_row_number(row), wanted->number);
	for (uint16_t c = 0; c < table->column_count; c++) {
		if (!works(run, coffer_row_get(row, c, &value, &run->error), "a value"))
			return false;
		if (!twin_is_same(&value, &wanted->values[c]))
			return differs(run,
				       "%s[%" PRIu64 "].%s is another value (kind %d, expected %d)",
				       table->name, wanted->number, table->columns[c].name,
				       value.kind, wanted->values[c].kind);
	}
	return true;
}

/* All rows in order of their numbers. */
static bool
are_rows_same(struct run *run, const struct twin_state *state, uint32_t number,
	      coffer_cursor *cursor)
{
	const coffer_table *table = &run->twin.schema->tables[number];
	const struct twin_table *wanted = &state->tables[number];
	const coffer_scan all = {.index = COFFER_NO_INDEX};
	const coffer_row *row;
	size_t count = 0;
	coffer_status status = coffer_cursor_scan(cursor, &all, &run->error);

	while (!status && !(status = coffer_cursor_next(cursor, &row, &run->error))) {
		if (count == wanted->count)
			return differs(run, "%s: a row too many, %" PRIu64, table->name,
				       coffer_row_number(row));
		if (!is_row_same(run, table, row, &wanted->rows[count++]))
			return false;
	}
	if (status != COFFER_NOT_FOUND)
		return works(run, status, "a scan");
	return count == wanted->count ||
	       differs(run, "%s: %zu rows, expected %zu", table->name, count, wanted->count);
}

static bool
has_key(const coffer_index *index, const coffer_value *row, const coffer_value *key)
{
	for (size_t k = 0; k < index->key_column_count; k++)
		if (!twin_is_equal(&row[index->key_columns[k]], &key[k]))
			return false;
	return true;
}

/* The rows of one key, by number, forwards or backwards. */
static bool
is_range_same(struct run *run, const struct twin_table *rows, const coffer_table *table,
	      uint16_t number, const coffer_value *key, bool is_reverse, coffer_cursor *cursor)
{
	const coffer_index *index = &table->indexes[number];
	const coffer_scan scan = {.index = number,
				  .equal = key,
				  .equal_count = index->key_column_count,
				  .is_reverse = is_reverse};
	coffer_status status = coffer_cursor_scan(cursor, &scan, &run->error);
	uint64_t found;

	for (size_t i = 0; !status && i < rows->count; i++) {
		const struct twin_row *row = &rows->rows[is_reverse ? rows->count - 1 - i : i];

		if (!has_key(index, row->values, key))
			continue;
		status = coffer_cursor_next_number(cursor, &found, &run->error);
		if (status == COFFER_NOT_FOUND || (!status && found != row->number))
			return differs(run, "%s.%s: row %" PRIu64 " is not in its place",
				       table->name, index->name, row->number);
	}
	if (!works(run, status, "a range"))
		return false;
	return coffer_cursor_next_number(cursor, &found, &run->error) == COFFER_NOT_FOUND ||
	       differs(run, "%s.%s: a row too many in a range", table->name, index->name);
}

/* A unique key leads to its row, or to none. */
static bool
is_lookup_same(struct run *run, const struct twin_table *rows, const coffer_table *table,
	       uint16_t number, const coffer_value *key, coffer_cursor *cursor)
{
	const coffer_index *index = &table->indexes[number];
	const coffer_row *row;
	uint64_t wanted = 0, found = 0;
	coffer_status status;

	for (size_t k = 0; k < index->key_column_count; k++)
		if (key[k].kind == COFFER_NULL && !index->nulls_not_distinct)
			return true;
	for (size_t i = 0; !wanted && i < rows->count; i++)
		if (has_key(index, rows->rows[i].values, key))
			wanted = rows->rows[i].number;
	status = coffer_cursor_get(cursor, number, key, &row, &run->error);
	if (!status)
		found = coffer_row_number(row);
	else if (status != COFFER_NOT_FOUND)
		return works(run, status, "a lookup");
	return found == wanted || differs(run, "%s.%s leads to row %" PRIu64 ", expected %" PRIu64,
					  table->name, index->name, found, wanted);
}

/* Every index: by the keys of all rows, and by some that may be nobody's. */
static bool
are_indexes_same(struct run *run, const struct twin_state *state, uint32_t number,
		 coffer_cursor *cursor)
{
	const coffer_table *table = &run->twin.schema->tables[number];
	const struct twin_table *rows = &state->tables[number];
	coffer_value key[COFFER_KEY_COLUMNS_MAX];
	bool is_same = true;

	for (uint16_t i = 0; is_same && i < table->index_count; i++) {
		const coffer_index *index = &table->indexes[i];

		for (size_t r = 0; is_same && r < rows->count + 3; r++) {
			for (size_t k = 0; k < index->key_column_count; k++) {
				const coffer_column *column =
					&table->columns[index->key_columns[k]];

				key[k] = r < rows->count
						 ? rows->rows[r].values[index->key_columns[k]]
						 : twin_value(column, (uint8_t)(r - rows->count));
				if (!twin_settle(run->twin.memory, column, &key[k]))
					key[k].kind = COFFER_NULL;
			}
			if (index->tree == COFFER_TREE_HASHED)
				is_same = is_lookup_same(run, rows, table, i, key, cursor);
			else if (index->tree == COFFER_TREE_ORDERED)
				is_same = is_range_same(run, rows, table, i, key, r % 2, cursor);
		}
	}
	return is_same;
}

static bool
is_same_in(struct run *run, coffer_txn *txn, const struct twin_state *state)
{
	coffer_cursor *cursor;
	bool is_same = true;

	for (uint32_t t = 0; is_same && t < run->twin.schema->table_count; t++) {
		if (!works(run, coffer_cursor_open(txn, t, &cursor, &run->error), "a cursor"))
			return false;
		is_same = are_rows_same(run, state, t, cursor) &&
			  are_indexes_same(run, state, t, cursor);
		coffer_cursor_close(cursor);
	}
	return is_same;
}

static void
found(void *context, const coffer_finding *finding)
{
	struct run *run = context;

	if (strcmp(finding->invariant, "I15") != 0)
		(void)differs(run, "verify: %s %s: %s", finding->invariant, finding->place,
			      finding->message);
}

static bool
is_whole(struct run *run)
{
	const coffer_verify_options options = {.found = found, .found_context = run};
	size_t dangling = twin_count_dangling(&run->twin);
	coffer_verify_summary summary;

	if (!works(run, coffer_verify(run->path, &options, &summary, &run->error), "verify"))
		return false;
	if (*run->report->text)
		return false;
	return summary.findings == dangling ||
	       differs(run, "verify found %" PRIu64 " foreign keys that lead nowhere, expected %zu",
		       summary.findings, dangling);
}

static bool
is_committed_same(struct run *run)
{
	coffer_txn *txn;
	bool is_same;

	if (!works(run, coffer_txn_begin(run->store, &txn, &run->error), "a snapshot"))
		return false;
	is_same = is_same_in(run, txn, &run->twin.now);
	coffer_txn_end(txn);
	return is_same && is_whole(run);
}

/* ------------------------------------------------------------------ transactions */

/* A byte of the script. */
static uint8_t
next(struct run *run)
{
	if (!run->left)
		return 0;
	run->left--;
	return *run->script++;
}

static bool
begin_txn(struct run *run)
{
	return works(run, coffer_txn_begin_write(run->store, &run->txn, &run->error),
		     "a transaction");
}

/* A map that is full ended the transaction, and nothing of it is there. */
static bool
go_on_after_full(struct run *run)
{
	run->report->full++;
	twin_abort(&run->twin);
	coffer_txn_end(run->txn);
	run->txn = NULL;
	run->error = (coffer_error){0};
	return is_committed_same(run) && begin_txn(run);
}

static bool
commit(struct run *run)
{
	coffer_status status = coffer_txn_commit(run->txn, &run->error), wanted;

	run->txn = NULL;
	run->report->commits++;
	if (status == COFFER_FULL)
		return go_on_after_full(run);
	wanted = twin_commit(&run->twin);
	if (status != wanted)
		return differs(run, "commit: status %d, expected %d: %s: %s", status, wanted,
			       run->error.place, run->error.message);
	run->error = (coffer_error){0};
	return is_committed_same(run) && begin_txn(run);
}

static bool
abort_txn(struct run *run)
{
	run->report->aborts++;
	coffer_txn_end(run->txn);
	run->txn = NULL;
	twin_abort(&run->twin);
	return begin_txn(run);
}

static bool
end_reader(struct run *run)
{
	bool is_same = !run->reader || is_same_in(run, run->reader, run->read);

	coffer_txn_end(run->reader);
	run->reader = NULL;
	return is_same;
}

static bool
begin_reader(struct run *run)
{
	if (!end_reader(run))
		return false;
	*run->read = run->twin.committed;
	return works(run, coffer_txn_begin(run->store, &run->reader, &run->error), "a reader");
}

/* Written anew in its place: the same rows under the same numbers. */
static bool
compact(struct run *run)
{
	static const coffer_rewrite_options options = {.path = NULL};
	coffer_rewrite_summary summary;
	coffer_store *store;

	return works(run, coffer_store_open(run->path, &store, &run->error), "open to compact") &&
	       works(run, coffer_store_compact(store, &options, &summary, &run->error), "compact");
}

static bool
reopen(struct run *run)
{
	bool is_anew;

	if (!end_reader(run) || !abort_txn(run))
		return false;
	coffer_txn_end(run->txn);
	run->txn = NULL;
	coffer_store_close(run->store);
	run->store = NULL;
	is_anew = next(run) % 4 == 0;
	if ((is_anew && !compact(run)) ||
	    !works(run, coffer_store_open_to_write(run->path, &run->store, &run->error),
		   "the store"))
		return false;
	run->twin.schema = coffer_store_schema(run->store);
	return (!is_anew || is_committed_same(run)) && begin_txn(run);
}

/* ------------------------------------------------------------------ statements */

static uint32_t
choose_table(struct run *run)
{
	return next(run) % (uint32_t)run->twin.schema->table_count;
}

/* A row that is there, mostly. */
static uint64_t
choose_row(struct run *run, uint32_t table)
{
	const struct twin_table *rows = &run->twin.now.tables[table];
	uint8_t choice = next(run);

	if (!rows->count || choice == 255)
		return choice;
	return rows->rows[choice % rows->count].number;
}

/* Let the members of a foreign key be those of a row that is there, mostly. */
static void
choose_target(struct run *run, const coffer_relation *relation, coffer_set *sets, size_t count)
{
	const struct twin_table *targets = &run->twin.now.tables[relation->target_table];
	const coffer_table *target = &run->twin.schema->tables[relation->target_table];
	uint8_t choice = next(run);

	for (size_t i = 0; choice < 230 && targets->count && i < count; i++)
		for (size_t k = 0; k < relation->column_count; k++)
			if (relation->columns[k] == sets[i].column)
				sets[i].value =
					targets->rows[choice % targets->count]
						.values[coffer_table_find_column(
							target, relation->target_columns[k])];
}

static void
choose_targets(struct run *run, uint32_t table, coffer_set *sets, size_t count)
{
	const coffer_table *of = &run->twin.schema->tables[table];

	for (size_t r = 0; r < of->relation_count; r++)
		choose_target(run, &of->relations[r], sets, count);
}

/* Columns of a row, all but a few of them. */
static size_t
choose_row_sets(struct run *run, uint32_t table, coffer_set *sets)
{
	const coffer_table *of = &run->twin.schema->tables[table];
	size_t count = 0;

	for (uint16_t c = 0; c < of->column_count; c++) {
		uint8_t choice = next(run);

		if (choice % 11 == 10)
			continue;
		sets[count++] =
			(coffer_set){.column = c, .value = twin_value(&of->columns[c], next(run))};
		sets[count - 1].is_increment = choice == 3;
	}
	choose_targets(run, table, sets, count);
	return count;
}

/* One to three columns; often one of a key. */
static size_t
choose_sets(struct run *run, uint32_t table, coffer_set *sets)
{
	const coffer_table *of = &run->twin.schema->tables[table];
	size_t wanted = 1 + next(run) % 3, count = 0;

	for (size_t i = 0; i < wanted; i++) {
		uint8_t which = next(run), choice = next(run);
		const coffer_index *index = &of->indexes[which % of->index_count];
		uint16_t column = choice % 2 ? index->columns[which % index->column_count]
					     : (uint16_t)(which % of->column_count);
		bool is_twice = false;

		for (size_t k = 0; k < count; k++)
			is_twice = is_twice || sets[k].column == column;
		if (!is_twice)
			sets[count++] = (coffer_set){
				.column = column,
				.is_increment =
					choice % 8 == 5 && of->columns[column].kind <= COFFER_FLOAT,
				.value = twin_value(&of->columns[column], next(run)),
			};
	}
	if (wanted != 2)
		choose_targets(run, table, sets, count);
	return count;
}

/* Do both say the same? A refusal leaves everything as it was, which the next commit shows. */
static bool
answers_same(struct run *run, const char *what, uint32_t table, coffer_status status,
	     coffer_status wanted)
{
	coffer_error error = run->error;

	run->report->statements++;
	run->report->refusals += wanted != COFFER_OK;
	run->error = (coffer_error){0};
	if (status == COFFER_FULL)
		return go_on_after_full(run);
	if (run->twin.is_over || status == wanted)
		return true;
	return differs(run, "%s of %s: status %d, expected %d: %s: %s", what,
		       run->twin.schema->tables[table].name, status, wanted, error.place,
		       error.message);
}

static bool
insert(struct run *run)
{
	coffer_set sets[SETS_MAX];
	uint32_t table = choose_table(run);
	size_t count = choose_row_sets(run, table, sets);
	coffer_on_conflict on_conflict = next(run) % 3;
	coffer_outcome outcome = COFFER_SKIPPED, wanted_outcome = COFFER_SKIPPED;
	coffer_status status =
		coffer_insert(run->txn, table, sets, count, on_conflict, &outcome, &run->error);
	coffer_status wanted =
		twin_insert(&run->twin, table, sets, count, on_conflict, &wanted_outcome);

	if (!answers_same(run, "insert", table, status, wanted))
		return false;
	return status || run->twin.is_over || outcome == wanted_outcome ||
	       differs(run, "insert of %s: outcome %d, expected %d",
		       run->twin.schema->tables[table].name, outcome, wanted_outcome);
}

static bool
update(struct run *run)
{
	coffer_set sets[SETS_MAX];
	uint32_t table = choose_table(run);
	uint64_t row = choose_row(run, table);
	size_t count = choose_sets(run, table, sets);
	coffer_status status = coffer_update(run->txn, table, row, sets, count, &run->error);
	coffer_status wanted = twin_update(&run->twin, table, row, sets, count);

	return answers_same(run, "update", table, status, wanted);
}

static bool
delete_row(struct run *run)
{
	uint32_t table = choose_table(run);
	uint64_t row = choose_row(run, table);
	coffer_status status = coffer_delete(run->txn, table, row, &run->error);
	coffer_status wanted = twin_delete(&run->twin, table, row);

	return answers_same(run, "delete", table, status, wanted);
}

/* Values of a replica are in normal form. */
static bool
put_replica(struct run *run)
{
	uint32_t table = choose_table(run);
	const coffer_table *of = &run->twin.schema->tables[table];
	uint64_t row = next(run) % 2 ? choose_row(run, table) : 0;
	coffer_value values[SETS_MAX];
	coffer_status status, wanted;

	for (size_t c = 0; c < of->column_count; c++) {
		values[c] = twin_value(&of->columns[c], next(run));
		if (!twin_settle(run->twin.memory, &of->columns[c], &values[c]))
			values[c].kind = COFFER_NULL;
	}
	status = coffer_replica_put(run->txn, table, values, row, &run->error);
	wanted = twin_replica_put(&run->twin, table, values, row);
	return answers_same(run, "replica", table, status, wanted);
}

static bool
delete_replica(struct run *run)
{
	uint32_t table = choose_table(run);
	uint64_t row = choose_row(run, table);
	coffer_status status = coffer_replica_delete(run->txn, table, row, &run->error);
	coffer_status wanted = twin_replica_delete(&run->twin, table, row);

	return answers_same(run, "replica gone", table, status, wanted);
}

static bool
set_sequence(struct run *run)
{
	int64_t last_value = next(run) % 64;
	bool is_called = next(run) % 2;
	coffer_status status =
		coffer_txn_set_sequence(run->txn, 0, last_value, is_called, &run->error);
	coffer_status wanted = twin_set_sequence(&run->twin, 0, last_value, is_called);

	return answers_same(run, "sequence", 0, status, wanted);
}

static bool
defer(struct run *run)
{
	coffer_txn_defer(run->txn);
	run->twin.now.is_deferred = true;
	return true;
}

static bool
step(struct run *run)
{
	uint8_t choice = next(run);

	if (choice < 110)
		return insert(run);
	if (choice < 190)
		return update(run);
	if (choice < 208)
		return delete_row(run);
	if (choice < 212)
		return put_replica(run);
	if (choice < 214)
		return delete_replica(run);
	if (choice < 216)
		return set_sequence(run);
	if (choice < 220)
		return defer(run);
	if (choice < 224)
		return begin_reader(run);
	if (choice < 226)
		return reopen(run);
	return choice < 230 ? abort_txn(run) : choice < 240 ? commit(run) : update(run);
}

/* ------------------------------------------------------------------ the whole */

/* A store with the papers: made by a load, which compresses them. */
static coffer_status
load(struct run *run, coffer_schema *schema, const coffer_load_options *options)
{
	coffer_value values[TWIN_PAPER_COLUMNS];
	char room[TWIN_PAPER_SIZE];
	coffer_load *load;
	coffer_status status = coffer_load_begin(run->path, schema, options, &load, &run->error);

	if (status)
		return status;
	status = coffer_load_table(load, coffer_schema_find_table(schema, "Paper"), &run->error);
	for (unsigned i = 0; !status && i < TWIN_PAPERS; i++) {
		twin_paper(i, values, room);
		status = coffer_load_row(load, values, &run->error);
	}
	if (!status)
		return coffer_load_finish(load, &run->error);
	coffer_load_abort(load);
	return status;
}

static coffer_status
add_papers(struct run *run)
{
	uint32_t table = coffer_schema_find_table(run->twin.schema, "Paper");
	coffer_value values[TWIN_PAPER_COLUMNS];
	char room[TWIN_PAPER_SIZE];
	coffer_status status = COFFER_OK;

	if (!run->twin.schema->tables[table].columns[coffer_table_find_column(
		     &run->twin.schema->tables[table], "body")].is_compressed)
		return COFFER_UNSUPPORTED;
	for (unsigned i = 0; !status && i < TWIN_PAPERS; i++) {
		twin_paper(i, values, room);
		status = twin_replica_put(&run->twin, table, values, 0);
	}
	return status;
}

static bool
start(struct run *run)
{
	const coffer_load_options options = {.is_forced = true, .has_seed = true, .seed = 7};
	coffer_schema *schema = twin_schema();
	coffer_status status;

	if (!schema)
		return differs(run, "the schema is refused");
	status = load(run, schema, &options);
	coffer_schema_free(schema);
	if (!works(run, status, "create") ||
	    !works(run, coffer_store_open_to_write(run->path, &run->store, &run->error), "open"))
		return false;
	run->twin.schema = coffer_store_schema(run->store);
	for (size_t i = 0; i < run->twin.schema->sequence_count; i++) {
		run->twin.now.sequences[i].last_value = run->twin.schema->sequences[i].last_value;
		run->twin.now.sequences[i].is_called = run->twin.schema->sequences[i].is_called;
	}
	status = add_papers(run);
	run->twin.committed = run->twin.now;
	return works(run, status, "papers") && begin_txn(run);
}

bool
twin_run(const uint8_t *script, size_t size, const char *path, struct twin_report *report_out)
{
	struct run *run = calloc(1, sizeof(*run));
	bool is_same;

	*report_out = (struct twin_report){0};
	if (!run || !(run->read = calloc(1, sizeof(*run->read))) ||
	    coffer_schema_new(&run->twin.memory, NULL))
		abort();
	run->script = script;
	run->left = size;
	run->path = path;
	run->report = report_out;
	is_same = start(run);
	while (is_same && run->left && !run->twin.is_over)
		is_same = step(run);
	if (is_same && !run->twin.is_over)
		is_same = commit(run) && end_reader(run);
	report_out->acted = run->twin.acted;
	coffer_txn_end(run->reader);
	coffer_txn_end(run->txn);
	coffer_store_close(run->store);
	coffer_schema_free(run->twin.memory);
	free(run->read);
	free(run);
	return is_same;
}
