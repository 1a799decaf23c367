/*
 * Rows as lists, and what statements do to them: as the documentation of Postgres and a look at a server say, not as coffer
 * does it. A statement is tried on a copy of everything, which takes the place of what was when nothing refuses.
 */
#include "tests/support/twin_parts.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS_MAX = 4096 };

/* A row became another, came or went; in the order in which a server looks at them. */
struct event {
	uint32_t table;
	uint64_t number;
	const coffer_value *from, *to;
};

/* One statement. */
struct trial {
	struct twin *twin;
	struct twin_state *state;
	struct event events[EVENTS_MAX];
	size_t event_count;
};

/* ------------------------------------------------------------------ rows */

static const coffer_table *
table_of(const struct twin *twin, uint32_t table)
{
	return &twin->schema->tables[table];
}

struct twin_row *
twin_find(struct twin_state *state, uint32_t table, uint64_t number)
{
	for (size_t i = 0; i < state->tables[table].count; i++)
		if (state->tables[table].rows[i].number == number)
			return &state->tables[table].rows[i];
	return NULL;
}

static coffer_value *
copy_values(struct twin *twin, uint32_t table, const coffer_value *from)
{
	size_t size = table_of(twin, table)->column_count * sizeof(*from);
	coffer_value *values = coffer_schema_memory(twin->memory, size);

	if (!values)
		abort();
	if (from)
		memcpy(values, from, size);
	return values;
}

static bool
has_null(const coffer_value *values, const uint16_t *columns, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (values[columns[i]].kind == COFFER_NULL)
			return true;
	return false;
}

static bool
is_key_equal(const coffer_value *left, const coffer_value *right, const uint16_t *columns,
	     size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!twin_is_equal(&left[columns[i]], &right[columns[i]]))
			return false;
	return true;
}

/* Is it unique by its columns alone? */
static bool
is_key(const coffer_index *index)
{
	return index->is_unique && index->is_plain;
}

/* Another row with the key that `values` have; 0: none, or NULLs that are no key. */
static uint64_t
find_holder(struct twin_state *state, uint32_t table, const coffer_index *index,
	    const coffer_value *values, uint64_t besides)
{
	const struct twin_table *rows = &state->tables[table];

	if (!is_key(index) ||
	    (!index->nulls_not_distinct && has_null(values, index->columns, index->column_count)))
		return 0;
	for (size_t i = 0; i < rows->count; i++)
		if (rows->rows[i].number != besides &&
		    is_key_equal(rows->rows[i].values, values, index->columns, index->column_count))
			return rows->rows[i].number;
	return 0;
}

/* ------------------------------------------------------------------ foreign keys */

static uint16_t
target_column(const struct twin *twin, const coffer_relation *relation, size_t member)
{
	return coffer_table_find_column(table_of(twin, relation->target_table),
					relation->target_columns[member]);
}

/* Do a row's members equal the key of a row of the target? */
static bool
refers_to(const struct twin *twin, const coffer_relation *relation, const coffer_value *row,
	  const coffer_value *target)
{
	for (size_t i = 0; i < relation->column_count; i++) {
		const coffer_value *value = &row[relation->columns[i]];

		if (value->kind == COFFER_NULL ||
		    !twin_is_equal(value, &target[target_column(twin, relation, i)]))
			return false;
	}
	return true;
}

static bool
is_target_there(const struct twin *twin, const struct twin_state *state,
		const coffer_relation *relation, const coffer_value *row)
{
	const struct twin_table *targets = &state->tables[relation->target_table];

	for (size_t i = 0; i < targets->count; i++)
		if (refers_to(twin, relation, row, targets->rows[i].values))
			return true;
	return false;
}

static bool
is_satisfied(const struct twin *twin, const struct twin_state *state,
	     const coffer_relation *relation, const coffer_value *row)
{
	size_t nulls = 0;

	for (size_t i = 0; i < relation->column_count; i++)
		nulls += row[relation->columns[i]].kind == COFFER_NULL;
	if (nulls)
		return !relation->is_match_full || nulls == relation->column_count;
	return is_target_there(twin, state, relation, row);
}

/* Does a row other than those of the target's own table's `key` hold that key now? */
static bool
is_key_there(const struct twin *twin, const struct twin_state *state,
	     const coffer_relation *relation, const coffer_value *key)
{
	const struct twin_table *targets = &state->tables[relation->target_table];

	for (size_t i = 0; i < targets->count; i++) {
		size_t equal = 0;

		for (size_t k = 0; k < relation->column_count; k++) {
			uint16_t column = target_column(twin, relation, k);

			equal += twin_is_equal(&targets->rows[i].values[column], &key[column]);
		}
		if (equal == relation->column_count)
			return true;
	}
	return false;
}

static void
wait_for(struct twin *twin, struct twin_state *state, struct twin_wait wait)
{
	if (state->wait_count == TWIN_WAITS_MAX)
		twin->is_over = true;
	else
		state->waits[state->wait_count++] = wait;
}

/* ------------------------------------------------------------------ a row becomes another */

static coffer_status
check_row(struct trial *trial, const struct event *event)
{
	const coffer_table *table = table_of(trial->twin, event->table);

	for (size_t i = 0; i < table->column_count; i++)
		if (event->to[i].kind == COFFER_NULL && !table->columns[i].is_nullable)
			return COFFER_INVALID;
	for (size_t i = 0; i < table->index_count; i++) {
		const coffer_index *index = &table->indexes[i];

		if (index->is_constraint && index->definition &&
		    strstr(index->definition, "DEFERRABLE"))
			continue;
		if (event->from && is_key(index) &&
		    is_key_equal(event->from, event->to, index->columns, index->column_count))
			continue;
		if (find_holder(trial->state, event->table, index, event->to, event->number))
			return COFFER_CONFLICT;
	}
	return COFFER_OK;
}

static void
remove_row(struct twin_table *table, uint64_t number)
{
	size_t i = 0;

	while (i < table->count && table->rows[i].number != number)
		i++;
	table->count--;
	memmove(&table->rows[i], &table->rows[i + 1], (table->count - i) * sizeof(table->rows[0]));
}

/* `to` NULL: the row goes; a number that is not there: it comes. */
static coffer_status
become(struct trial *trial, uint32_t table, uint64_t number, const coffer_value *to)
{
	struct twin_table *rows = &trial->state->tables[table];
	struct twin_row *row = twin_find(trial->state, table, number);
	struct event event = {table, number, row ? row->values : NULL, to};
	coffer_status status = to ? check_row(trial, &event) : COFFER_OK;

	if (status)
		return status;
	if (trial->event_count == EVENTS_MAX || (!row && rows->count == TWIN_ROWS_MAX)) {
		trial->twin->is_over = true;
		return COFFER_OK;
	}
	if (!to)
		remove_row(rows, number);
	else if (row)
		row->values = to;
	else
		rows->rows[rows->count++] = (struct twin_row){number, to};
	trial->events[trial->event_count++] = event;
	return COFFER_OK;
}

/* ------------------------------------------------------------------ defaults */

static coffer_status
next_number(struct twin *twin, struct twin_state *state, size_t sequence, int64_t *number_out)
{
	const coffer_sequence *of = &twin->schema->sequences[sequence];
	int64_t *last = &state->sequences[sequence].last_value;

	if (state->sequences[sequence].is_called) {
		if (*last > of->maximum - of->increment) {
			if (!of->is_cycle)
				return COFFER_LIMIT;
			*last = of->minimum;
		} else {
			*last += of->increment;
		}
	}
	state->sequences[sequence].is_called = true;
	*number_out = *last;
	return COFFER_OK;
}

/* Numbers, texts in quotes, and the one sequence are all that the twin's schema has. */
static coffer_status
make_default(struct twin *twin, struct twin_state *state, const coffer_column *column,
	     coffer_value *value_out)
{
	const char *sql = column->default_sql;
	int64_t number;
	coffer_status status;

	*value_out = (coffer_value){.kind = COFFER_NULL};
	if (!sql)
		return COFFER_OK;
	if (!strncmp(sql, "nextval", 7)) {
		status = next_number(twin, state, 0, &number);
		if (!status)
			*value_out = (coffer_value){.kind = COFFER_INT, .integer = number};
		return status;
	}
	if (*sql != '\'') {
		*value_out = (coffer_value){.kind = COFFER_INT, .integer = strtoll(sql, NULL, 10)};
		return COFFER_OK;
	}
	/* The schema is gone when the store is opened again; the value stays. */
	*value_out = (coffer_value){.kind = COFFER_TEXT, .text = {sql + 1, strcspn(sql + 1, "'")}};
	return twin_settle(twin->memory, column, value_out) ? COFFER_OK : COFFER_INVALID;
}

/* ------------------------------------------------------------------ actions */

static bool
is_left_at_delete(const coffer_relation *relation, uint16_t column)
{
	for (size_t i = 0; i < relation->delete_column_count; i++)
		if (relation->delete_columns[i] == column)
			return false;
	return relation->delete_column_count > 0;
}

/* The row as the action makes it. */
static coffer_status
make_other(struct trial *trial, uint32_t table, const coffer_relation *relation,
	   const struct event *event, coffer_action action, coffer_value *values)
{
	struct twin *twin = trial->twin;
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < relation->column_count; i++) {
		uint16_t column = relation->columns[i];

		if (!event->to && is_left_at_delete(relation, column))
			continue;
		if (action == COFFER_SET_NULL) {
			values[column].kind = COFFER_NULL;
		} else if (action == COFFER_SET_DEFAULT) {
			status = make_default(twin, trial->state,
					      &table_of(twin, table)->columns[column],
					      &values[column]);
		} else {
			values[column] = event->to[target_column(twin, relation, i)];
			if (!twin_settle(twin->memory, &table_of(twin, table)->columns[column],
					 &values[column]))
				status = COFFER_INVALID;
		}
	}
	return status;
}

static bool
is_referred_to(const struct trial *trial, uint32_t table, const coffer_relation *relation,
	       const coffer_value *key)
{
	const struct twin_table *rows = &trial->state->tables[table];

	for (size_t i = 0; i < rows->count; i++)
		if (refers_to(trial->twin, relation, rows->rows[i].values, key))
			return true;
	return false;
}

/* Rows are taken by number, since the list changes. */
static coffer_status
act(struct trial *trial, uint32_t table, const coffer_relation *relation, const struct event *event,
    coffer_action action)
{
	struct twin_table *rows = &trial->state->tables[table];
	uint64_t numbers[TWIN_ROWS_MAX];
	size_t count = 0;
	coffer_status status = COFFER_OK;

	for (size_t i = 0; i < rows->count; i++)
		if (refers_to(trial->twin, relation, rows->rows[i].values, event->from))
			numbers[count++] = rows->rows[i].number;
	for (size_t i = 0; !status && i < count; i++) {
		coffer_value *values = NULL;

		if (event->to || action != COFFER_CASCADE) {
			values = copy_values(trial->twin, table,
					     twin_find(trial->state, table, numbers[i])->values);
			status = make_other(trial, table, relation, event, action, values);
		}
		if (!status)
			status = become(trial, table, numbers[i], values);
	}
	if (!status && count && (event->to || action == COFFER_SET_DEFAULT) &&
	    !is_key_there(trial->twin, trial->state, relation, event->from) &&
	    is_referred_to(trial, table, relation, event->from))
		return COFFER_CONFLICT;
	return status;
}

static void
wait_for_referrers(struct trial *trial, uint32_t table, const coffer_relation *relation,
		   const coffer_value *key)
{
	const struct twin_table *rows = &trial->state->tables[table];

	for (size_t i = 0; i < rows->count; i++)
		if (refers_to(trial->twin, relation, rows->rows[i].values, key))
			wait_for(trial->twin, trial->state,
				 (struct twin_wait){table, relation, NULL, rows->rows[i].number});
}

static bool
is_late(const struct twin_state *state, const coffer_relation *relation)
{
	return state->is_deferred || (relation->definition_tail &&
				      strstr(relation->definition_tail, "INITIALLY DEFERRED"));
}

/* A key that others may refer to went, or became another, to the last bit. */
static bool
is_key_gone(const struct twin *twin, const coffer_relation *relation, const struct event *event)
{
	bool is_gone = !event->to;

	for (size_t i = 0; i < relation->column_count; i++) {
		uint16_t column = target_column(twin, relation, i);

		if (event->from[column].kind == COFFER_NULL)
			return false;
		is_gone = is_gone || !twin_is_same(&event->from[column], &event->to[column]);
	}
	return is_gone;
}

static coffer_status
follow_key(struct trial *trial, uint32_t table, const coffer_relation *relation,
	   const struct event *event)
{
	coffer_action action = event->to ? relation->on_update : relation->on_delete;

	if (!event->from || !is_key_gone(trial->twin, relation, event))
		return COFFER_OK;
	if (action != COFFER_RESTRICT && action != COFFER_NO_ACTION)
		return act(trial, table, relation, event, action);
	if (action == COFFER_NO_ACTION) {
		if (is_key_there(trial->twin, trial->state, relation, event->from))
			return COFFER_OK;
		if (is_late(trial->state, relation)) {
			wait_for_referrers(trial, table, relation, event->from);
			return COFFER_OK;
		}
	}
	return is_referred_to(trial, table, relation, event->from) ? COFFER_CONFLICT : COFFER_OK;
}

/* ------------------------------------------------------------------ what a row itself refers to */

static bool
is_half_null(const coffer_relation *relation, const coffer_value *values)
{
	size_t nulls = 0;

	for (size_t i = 0; i < relation->column_count; i++)
		nulls += values[relation->columns[i]].kind == COFFER_NULL;
	return nulls && nulls < relation->column_count;
}

static coffer_status
check_reference(struct trial *trial, const coffer_relation *relation, const struct event *event)
{
	const struct twin_row *before = twin_find(&trial->twin->now, event->table, event->number);
	const struct twin_row *row = twin_find(trial->state, event->table, event->number);

	if (!row || row->values != event->to)
		return COFFER_OK;
	if (before &&
	    is_key_equal(before->values, event->to, relation->columns, relation->column_count) &&
	    !(relation->is_match_full && is_half_null(relation, event->to)))
		return COFFER_OK;
	if (is_satisfied(trial->twin, trial->state, relation, event->to))
		return COFFER_OK;
	if (!is_late(trial->state, relation))
		return COFFER_CONFLICT;
	wait_for(trial->twin, trial->state,
		 (struct twin_wait){event->table, relation, NULL, event->number});
	return COFFER_OK;
}

static coffer_status
check_deferrable(struct trial *trial, const coffer_index *index, const struct event *event)
{
	const struct twin_row *before = twin_find(&trial->twin->now, event->table, event->number);
	const struct twin_row *row = twin_find(trial->state, event->table, event->number);

	if (!index->is_constraint || !index->definition ||
	    !strstr(index->definition, "DEFERRABLE") || !row || row->values != event->to)
		return COFFER_OK;
	if (before && is_key_equal(before->values, event->to, index->columns, index->column_count))
		return COFFER_OK;
	if (!find_holder(trial->state, event->table, index, event->to, event->number))
		return COFFER_OK;
	if (!strstr(index->definition, "INITIALLY DEFERRED"))
		return COFFER_CONFLICT;
	wait_for(trial->twin, trial->state,
		 (struct twin_wait){event->table, NULL, index, event->number});
	return COFFER_OK;
}

static coffer_status
follow(struct trial *trial, const struct event *event)
{
	const struct twin *twin = trial->twin;
	const coffer_table *own = table_of(twin, event->table);
	coffer_status status = COFFER_OK;

	for (uint32_t t = 0; t < twin->schema->table_count; t++)
		for (size_t r = 0; !status && r < table_of(twin, t)->relation_count; r++)
			if (table_of(twin, t)->relations[r].target_table == event->table)
				status = follow_key(trial, t, &table_of(twin, t)->relations[r],
						    event);
	for (size_t r = 0; !status && event->to && r < own->relation_count; r++)
		status = check_reference(trial, &own->relations[r], event);
	for (size_t i = 0; !status && event->to && i < own->index_count; i++)
		status = check_deferrable(trial, &own->indexes[i], event);
	return status;
}

/* ------------------------------------------------------------------ statements */

static struct trial *
begin(struct twin *twin)
{
	static struct trial trial;

	twin->trial = twin->now;
	trial.twin = twin;
	trial.state = &twin->trial;
	trial.event_count = 0;
	return &trial;
}

/* What a statement did, or not; a sequence never goes back. */
static coffer_status
end(struct trial *trial, coffer_status status)
{
	struct twin *twin = trial->twin;

	if (!status)
		twin->now = twin->trial;
	twin->acted += !status && trial->event_count > 1;
	memcpy(twin->now.sequences, twin->trial.sequences, sizeof(twin->now.sequences));
	return status;
}

static coffer_status
carry_out(struct trial *trial, uint32_t table, uint64_t number, const coffer_value *to)
{
	coffer_status status = become(trial, table, number, to);

	for (size_t i = 0; !status && i < trial->event_count && !trial->twin->is_over; i++)
		status = follow(trial, &trial->events[i]);
	return status;
}

static coffer_status
add(const coffer_column *column, const coffer_value *old, coffer_value *value)
{
	double sum = old->real + value->real;

	if (old->kind == COFFER_NULL || value->kind == COFFER_NULL) {
		value->kind = COFFER_NULL;
		return COFFER_OK;
	}
	if (column->kind == COFFER_INT) {
		if ((value->integer > 0 && old->integer > INT64_MAX - value->integer) ||
		    (value->integer < 0 && old->integer < INT64_MIN - value->integer))
			return COFFER_INVALID;
		value->integer += old->integer;
		return twin_settle(NULL, column, value) ? COFFER_OK : COFFER_INVALID;
	}
	if (!strcmp(column->type, "real"))
		sum = (double)((float)old->real + (float)value->real);
	if (isinf(sum) && !isinf(old->real) && !isinf(value->real))
		return COFFER_INVALID;
	value->real = sum;
	return COFFER_OK;
}

/* `old` NULL: a new row. */
static coffer_status
set_one(struct twin *twin, const coffer_table *table, const coffer_set *set,
	const coffer_value *old, coffer_value *values)
{
	const coffer_column *column = &table->columns[set->column];
	coffer_value value = set->value;
	bool is_number = column->kind == COFFER_INT || column->kind == COFFER_FLOAT;
	coffer_status status = COFFER_OK;

	if (!twin_settle(twin->memory, column, &value) || (set->is_increment && !is_number))
		return COFFER_INVALID;
	if (set->is_increment && old)
		status = add(column, &old[set->column], &value);
	values[set->column] = value;
	return status;
}

static bool
is_given(const coffer_set *sets, size_t count, uint16_t column)
{
	for (size_t i = 0; i < count; i++)
		if (sets[i].column == column)
			return true;
	return false;
}

/* The row that stands in the way, by keys that were given whole or by the others. */
static uint64_t
find_taken(struct trial *trial, uint32_t table, const coffer_value *values, const coffer_set *sets,
	   size_t count, bool is_any, bool is_whole)
{
	const coffer_table *of = table_of(trial->twin, table);
	uint64_t holder = 0;

	for (uint16_t i = 0; !holder && i < of->index_count; i++) {
		const coffer_index *index = &of->indexes[i];
		size_t given = 0;

		for (size_t k = 0; k < index->column_count; k++)
			given += is_given(sets, count, index->columns[k]);
		if ((is_any || index->is_primary) && (given == index->column_count) == is_whole)
			holder = find_holder(trial->state, table, index, values, 0);
	}
	return holder;
}

static coffer_status
update(struct trial *trial, uint32_t table, uint64_t number, const coffer_set *sets, size_t count,
       bool is_keyed)
{
	const coffer_table *of = table_of(trial->twin, table);
	const struct twin_row *row = twin_find(trial->state, table, number);
	coffer_value *values;
	coffer_status status = COFFER_OK;

	if (!row)
		return COFFER_NOT_FOUND;
	values = copy_values(trial->twin, table, row->values);
	for (size_t i = 0; !status && i < count; i++) {
		bool is_of_key = false;

		for (size_t k = 0; is_keyed && k < of->indexes[of->primary].column_count; k++)
			is_of_key =
				is_of_key || of->indexes[of->primary].columns[k] == sets[i].column;
		if (!is_of_key)
			status = set_one(trial->twin, of, &sets[i], row->values, values);
	}
	return status ? status : carry_out(trial, table, number, values);
}

/* Set what is given, look for who is in the way, make defaults, look again. */
static coffer_status
prepare(struct trial *trial, uint32_t table, const coffer_set *sets, size_t count,
	coffer_on_conflict on_conflict, coffer_value *values, uint64_t *holder_out)
{
	struct twin *twin = trial->twin;
	const coffer_table *of = table_of(twin, table);
	bool is_any = on_conflict == COFFER_CONFLICT_SKIP,
	     is_asking = on_conflict != COFFER_CONFLICT_FAIL;
	coffer_status status = COFFER_OK;

	*holder_out = 0;
	for (size_t i = 0; !status && i < count; i++)
		status = set_one(twin, of, &sets[i], NULL, values);
	if (!status && is_asking)
		*holder_out = find_taken(trial, table, values, sets, count, is_any, true);
	for (uint16_t i = 0; !status && !*holder_out && i < of->column_count; i++)
		if (!is_given(sets, count, i))
			status = make_default(twin, trial->state, &of->columns[i], &values[i]);
	if (!status && is_asking && !*holder_out)
		*holder_out = find_taken(trial, table, values, sets, count, is_any, false);
	return status;
}

coffer_status
twin_insert(struct twin *twin, uint32_t table, const coffer_set *sets, size_t count,
	    coffer_on_conflict on_conflict, coffer_outcome *outcome_out)
{
	struct trial *trial = begin(twin);
	coffer_value *values = copy_values(twin, table, NULL);
	uint64_t holder;
	coffer_status status;

	*outcome_out = COFFER_SKIPPED;
	if (on_conflict == COFFER_CONFLICT_UPDATE &&
	    table_of(twin, table)->primary == COFFER_NO_INDEX)
		return COFFER_INVALID;
	status = prepare(trial, table, sets, count, on_conflict, values, &holder);
	if (status || (holder && on_conflict == COFFER_CONFLICT_SKIP))
		return end(trial, status);
	if (holder) {
		*outcome_out = COFFER_UPDATED;
		return end(trial, update(trial, table, holder, sets, count, true));
	}
	*outcome_out = COFFER_INSERTED;
	return end(trial, carry_out(trial, table, ++trial->state->tables[table].last, values));
}

coffer_status
twin_update(struct twin *twin, uint32_t table, uint64_t number, const coffer_set *sets,
	    size_t count)
{
	struct trial *trial = begin(twin);

	return end(trial, update(trial, table, number, sets, count, false));
}

coffer_status
twin_delete(struct twin *twin, uint32_t table, uint64_t number)
{
	struct trial *trial = begin(twin);

	if (!twin_find(trial->state, table, number))
		return COFFER_NOT_FOUND;
	return end(trial, carry_out(trial, table, number, NULL));
}

/* ------------------------------------------------------------------ replicas, sequences */

coffer_status
twin_replica_put(struct twin *twin, uint32_t table, const coffer_value *values, uint64_t number)
{
	const coffer_table *of = table_of(twin, table);
	struct twin_table *rows = &twin->now.tables[table];
	const struct twin_row *row = number ? twin_find(&twin->now, table, number) : NULL;
	coffer_value *copy = copy_values(twin, table, values);
	const coffer_value *from = row ? row->values : NULL;

	for (size_t i = 0; i < of->column_count; i++) {
		if (copy[i].kind == COFFER_NULL && !of->columns[i].is_nullable)
			return COFFER_INVALID;
		if (!twin_settle(twin->memory, &of->columns[i], &copy[i]))
			return COFFER_INVALID;
	}
	if (number && !row)
		return COFFER_NOT_FOUND;
	if (!number && rows->count == TWIN_ROWS_MAX) {
		twin->is_over = true;
		return COFFER_OK;
	}
	if (!number) {
		number = ++rows->last;
		rows->rows[rows->count++].number = number;
	}
	twin_find(&twin->now, table, number)->values = copy;
	for (size_t i = 0; i < of->index_count; i++)
		if (is_key(&of->indexes[i]) &&
		    (!from || !is_key_equal(from, copy, of->indexes[i].columns,
					    of->indexes[i].column_count)) &&
		    find_holder(&twin->now, table, &of->indexes[i], copy, number))
			wait_for(twin, &twin->now,
				 (struct twin_wait){table, NULL, &of->indexes[i], number});
	return COFFER_OK;
}

coffer_status
twin_replica_delete(struct twin *twin, uint32_t table, uint64_t number)
{
	if (!twin_find(&twin->now, table, number))
		return COFFER_NOT_FOUND;
	remove_row(&twin->now.tables[table], number);
	return COFFER_OK;
}

coffer_status
twin_set_sequence(struct twin *twin, size_t sequence, int64_t last_value, bool is_called)
{
	const coffer_sequence *of = &twin->schema->sequences[sequence];

	if (last_value < of->minimum || last_value > of->maximum)
		return COFFER_INVALID;
	twin->now.sequences[sequence].last_value = last_value;
	twin->now.sequences[sequence].is_called = is_called;
	return COFFER_OK;
}

/* ------------------------------------------------------------------ the end of a transaction */

static bool
is_wait_over(struct twin *twin, const struct twin_wait *wait)
{
	const struct twin_row *row = twin_find(&twin->now, wait->table, wait->number);

	if (!row)
		return true;
	if (wait->relation)
		return is_satisfied(twin, &twin->now, wait->relation, row->values);
	return !find_holder(&twin->now, wait->table, wait->index, row->values, wait->number);
}

coffer_status
twin_commit(struct twin *twin)
{
	for (size_t i = 0; i < twin->now.wait_count; i++)
		if (!is_wait_over(twin, &twin->now.waits[i])) {
			twin_abort(twin);
			return COFFER_CONFLICT;
		}
	twin->now.wait_count = 0;
	twin->now.is_deferred = false;
	twin->committed = twin->now;
	return COFFER_OK;
}

void
twin_abort(struct twin *twin)
{
	twin->now = twin->committed;
}

size_t
twin_count_dangling(const struct twin *twin)
{
	size_t count = 0;

	for (uint32_t t = 0; t < twin->schema->table_count; t++)
		for (size_t r = 0; r < table_of(twin, t)->relation_count; r++)
			for (size_t i = 0; i < twin->now.tables[t].count; i++)
				count += !is_satisfied(twin, &twin->now,
						       &table_of(twin, t)->relations[r],
						       twin->now.tables[t].rows[i].values);
	return count;
}
