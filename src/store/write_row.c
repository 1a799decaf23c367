/*
 * The statements: insert, update, delete of a row, and the rows of a replica.
 *
 *   sets --> image --> plan --> foreign keys' actions --> checks --> written
 *
 * Up to the last step a refusal leaves everything as it was.
 */
#include "store/write.h"


#include <inttypes.h>
#include <math.h>
#include <string.h>

static const coffer_table *
table_of(const struct coffer_writer *writer, uint32_t table)
{
	return &writer->txn->schema->tables[table];
}

/* A buffer that a statement before had no memory for would stay failed. */
static void
renew(coffer_buffer *buffer)
{
	if (buffer->is_failed)
		coffer_buffer_release(buffer);
}

/* Begin a statement on a table that has rows of its own. */
static coffer_status
begin(coffer_txn *txn, uint32_t table, struct coffer_writer **writer_out, coffer_error *error)
{
	coffer_status status = coffer_writer_of(txn, writer_out, error);

	if (status)
		return status;
	if (table >= txn->schema->table_count || !txn->schema->tables[table].id)
		return coffer_error_set(error, COFFER_INVALID, "table %" PRIu32 " has no rows of its own",
					table);
	coffer_plan_clear(&(*writer_out)->plan);
	renew(&(*writer_out)->scratch);
	renew(&(*writer_out)->sealed);
	return COFFER_OK;
}

coffer_status
coffer_writer_end_with(struct coffer_writer *writer, coffer_status status, const coffer_error *failure,
		       coffer_error *error)
{
	if (!status)
		return COFFER_OK;
	coffer_writer_fail(writer, status, failure);
	coffer_error_set(error, status, "%s", failure->message);
	if (*failure->place)
		coffer_error_at(error, "%s", failure->place);
	return status;
}

/* Write a plan that was checked. */
static coffer_status
apply(struct coffer_writer *writer, coffer_error *error)
{
	coffer_error failure = {0};
	coffer_status status = coffer_plan_apply(writer, &failure);

	return coffer_writer_end_with(writer, status, &failure, error);
}

/* The one change that was planned, what follows from it, then all of it written. */
static coffer_status
carry_out(struct coffer_writer *writer, struct coffer_change *change, coffer_error *error)
{
	coffer_status status = coffer_plan_make(writer, change, change->before.values, error);

	if (!status)
		status = coffer_plan_follow(writer, error);
	return status ? status : apply(writer, error);
}

/* ------------------------------------------------------------------ values */

/* A given value in its type's normal form, checked; in the plan's memory, since it may be a row's of this transaction. */
static coffer_status
settle(struct coffer_writer *writer, const coffer_column *column, const coffer_set *set,
       coffer_value *value_out, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	*value_out = set->value;
	if (!set->is_settled)
		status = coffer_value_settle(writer->txn->schema, column, value_out, &writer->scratch,
					     error);
	if (!status && value_out->kind != COFFER_NULL)
		status = coffer_value_check(column, value_out, error);
	return status ? status : coffer_plan_keep(&writer->plan, value_out, error);
}

/* Numbers are added as the column's type adds them at the server. `old` is NULL in a new row. */
static coffer_status
increment(const coffer_column *column, const coffer_value *old, coffer_value *value,
	  coffer_error *error)
{
	struct coffer_form form = coffer_column_form(column);
	bool is_infinite;

	if (column->kind != COFFER_INT && column->kind != COFFER_FLOAT)
		return coffer_error_set(error, COFFER_INVALID, "only numbers are incremented, not %s",
					column->type);
	if (!old)
		return COFFER_OK;
	if (old->kind == COFFER_NULL || value->kind == COFFER_NULL) {
		value->kind = COFFER_NULL;
		return COFFER_OK;
	}
	if (column->kind == COFFER_INT) {
		if (!__builtin_add_overflow(old->integer, value->integer, &value->integer) &&
		    coffer_element_is_in_range(form, value))
			return COFFER_OK;
		return coffer_error_set(error, COFFER_INVALID, "the sum is out of the range of %s",
					column->type);
	}
	is_infinite = isinf(old->real) || isinf(value->real);
	value->real = column->width == 4 ? (double)((float)old->real + (float)value->real)
					 : old->real + value->real;
	if (isinf(value->real) && !is_infinite)
		return coffer_error_set(error, COFFER_INVALID, "the sum is out of the range of %s",
					column->type);
	return COFFER_OK;
}

coffer_status
coffer_writer_value(struct coffer_writer *writer, const coffer_table *table, const coffer_set *set,
		    const coffer_value *old, coffer_value *value_out, coffer_error *error)
{
	const coffer_column *column = &table->columns[set->column];
	coffer_status status = settle(writer, column, set, value_out, error);

	if (!status && set->is_increment)
		status = increment(column, old, value_out, error);
	return status ? coffer_error_at(error, "%s.%s", table->name, column->name) : COFFER_OK;
}

/* Set one column of an image; `old` is what it holds where that is to be added to. */
static coffer_status
set_column(struct coffer_writer *writer, const coffer_table *table, const coffer_set *set,
	   const coffer_value *old, struct coffer_image *image, coffer_error *error)
{
	coffer_value value;
	coffer_status status = coffer_writer_value(writer, table, set, old, &value, error);

	if (status)
		return status;
	image->values[set->column] = value;
	image->codes[set->column] = 0;
	return COFFER_OK;
}

/* Every set names a column of the table, none twice. `given` has a place a column. */
static coffer_status
mark_given(const coffer_table *table, const coffer_set *sets, size_t count, bool *given,
	   coffer_error *error)
{
	for (size_t i = 0; i < count; i++) {
		if (sets[i].column >= table->column_count)
			return coffer_error_set(error, COFFER_INVALID, "no column has the number %u",
						sets[i].column);
		if (given[sets[i].column]) {
			coffer_error_set(error, COFFER_INVALID, "given twice");
			return coffer_error_at(error, "%s.%s", table->name,
					       table->columns[sets[i].column].name);
		}
		given[sets[i].column] = true;
	}
	return COFFER_OK;
}

static coffer_status
find_given(struct coffer_writer *writer, const coffer_table *table, const coffer_set *sets,
	   size_t count, bool **given_out, coffer_error *error)
{
	*given_out = coffer_arena_alloc(&writer->plan.arena, table->column_count + 1);
	if (!*given_out)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row");
	return mark_given(table, sets, count, *given_out, error);
}

/* ------------------------------------------------------------------ insert */

/* The image of a new row without its defaults. */
static coffer_status
plan_new(struct coffer_writer *writer, uint32_t number, const coffer_set *sets, size_t count,
	 struct coffer_change **change_out, coffer_error *error)
{
	const coffer_table *table = table_of(writer, number);
	struct coffer_image image;
	coffer_status status = coffer_plan_image(&writer->plan, table, &image, error);

	for (size_t i = 0; !status && i < count; i++)
		status = set_column(writer, table, &sets[i], NULL, &image, error);
	if (!status && !(status = coffer_plan_add(&writer->plan, number, 0, change_out, error)))
		(*change_out)->after = image;
	return status;
}

static coffer_status
add_defaults(struct coffer_writer *writer, struct coffer_change *change, const bool *given,
	     coffer_error *error)
{
	const coffer_table *table = table_of(writer, change->table);
	coffer_status status = COFFER_OK;

	for (uint16_t i = 0; !status && i < table->column_count; i++)
		if (!given[i] && (status = coffer_writer_default(writer, change->table, i,
								 &change->after.values[i], error)))
			coffer_error_at(error, "%s", table->name);
	return status;
}

static bool
is_all_given(const coffer_index *index, const bool *given)
{
	for (size_t i = 0; i < index->key_column_count; i++)
		if (!given[index->key_columns[i]])
			return false;
	return true;
}

/*
 * The row that stands in the way: of the primary key, or with `is_any` of any unique one; 0: none. Keys that were given
 * whole are looked for before defaults are made, the others behind.
 */
static coffer_status
find_holder(struct coffer_writer *writer, const struct coffer_change *change, bool is_any,
	    const bool *given, bool is_given, uint64_t *holder_out, coffer_error *error)
{
	const coffer_table *table = table_of(writer, change->table);
	coffer_status status = COFFER_OK;

	for (uint16_t i = 0; !status && !*holder_out && i < table->index_count; i++)
		if ((is_any || i == table->primary) &&
		    is_all_given(&table->indexes[i], given) == is_given)
			status = coffer_plan_holder(writer, change, i, holder_out, error);
	return status;
}

static coffer_status
update(struct coffer_writer *writer, uint32_t table, uint64_t number, const coffer_set *sets,
       size_t count, bool is_keyed, coffer_error *error);

/* Insert, or find that the row is there: then its number is in `holder_out` and nothing was done. */
static coffer_status
insert(struct coffer_writer *writer, uint32_t table, const coffer_set *sets, size_t count,
       coffer_on_conflict on_conflict, uint64_t *holder_out, coffer_error *error)
{
	bool is_any = on_conflict == COFFER_CONFLICT_SKIP, is_asking = on_conflict != COFFER_CONFLICT_FAIL;
	struct coffer_change *change;
	coffer_status status;
	bool *given;

	*holder_out = 0;
	if ((status = find_given(writer, table_of(writer, table), sets, count, &given, error)) ||
	    (status = plan_new(writer, table, sets, count, &change, error)))
		return status;
	if (is_asking)
		status = find_holder(writer, change, is_any, given, true, holder_out, error);
	if (status || *holder_out || (status = add_defaults(writer, change, given, error)))
		return status;
	if (is_asking)
		status = find_holder(writer, change, is_any, given, false, holder_out, error);
	return status || *holder_out ? status : carry_out(writer, change, error);
}

coffer_status
coffer_insert(coffer_txn *txn, uint32_t table, const coffer_set *sets, size_t set_count,
	      coffer_on_conflict on_conflict, coffer_outcome *outcome_out, coffer_error *error)
{
	struct coffer_writer *writer;
	coffer_outcome outcome = COFFER_INSERTED;
	uint64_t holder;
	coffer_status status = begin(txn, table, &writer, error);

	if (outcome_out)
		*outcome_out = COFFER_SKIPPED;
	if (!status && on_conflict == COFFER_CONFLICT_UPDATE &&
	    txn->schema->tables[table].primary == COFFER_NO_INDEX) {
		coffer_error_set(error, COFFER_INVALID, "it has no primary key to find a row by");
		return coffer_error_at(error, "%s", txn->schema->tables[table].name);
	}
	if (status ||
	    (status = insert(writer, table, sets, set_count, on_conflict, &holder, error)))
		return status;
	if (holder && on_conflict == COFFER_CONFLICT_UPDATE) {
		coffer_plan_clear(&writer->plan);
		status = update(writer, table, holder, sets, set_count, true, error);
		outcome = COFFER_UPDATED;
	} else if (holder) {
		outcome = COFFER_SKIPPED;
	}
	if (!status && outcome_out)
		*outcome_out = outcome;
	return status;
}

/* ------------------------------------------------------------------ update, delete */

/* What an update sets; in the plan's memory. */
struct changes {
	coffer_set *sets;
	size_t count;
};

/* What was given, but for the key where that found the row and stays; and what the client sets at every update. */
static coffer_status
find_changes(struct coffer_writer *writer, const coffer_table *table, const coffer_set *sets,
	     size_t count, bool is_keyed, struct changes *out, coffer_error *error)
{
	coffer_status status;
	bool *given;

	if ((status = find_given(writer, table, sets, count, &given, error)) ||
	    (status = coffer_check_generated(table, given, error)))
		return status;
	out->sets = coffer_arena_alloc(&writer->plan.arena, table->column_count * sizeof(*out->sets));
	if (!out->sets)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row");
	for (size_t i = 0; i < count; i++)
		if (!is_keyed || !coffer_table_is_key_column(table, sets[i].column))
			out->sets[out->count++] = sets[i];
	for (uint16_t i = 0; i < table->column_count; i++)
		if (table->columns[i].is_updated_at && !given[i] && table->columns[i].kind == COFFER_TIME)
			out->sets[out->count++] = (coffer_set){
				.column = i, .value = {.kind = COFFER_TIME, .time = writer->now}};
	return COFFER_OK;
}

static coffer_status
plan_update(struct coffer_writer *writer, uint32_t number_of_table, uint64_t number,
	    const struct changes *changes, coffer_error *error)
{
	const coffer_table *table = table_of(writer, number_of_table);
	struct coffer_change *change;
	coffer_status status = coffer_plan_row(writer, number_of_table, number, &change, error);

	for (size_t i = 0; !status && i < changes->count; i++)
		status = set_column(writer, table, &changes->sets[i],
				    &change->before.values[changes->sets[i].column], &change->after,
				    error);
	return status ? status : carry_out(writer, change, error);
}

/* With `is_keyed` the sets hold the row's primary key too, which found it and stays. */
static coffer_status
update(struct coffer_writer *writer, uint32_t table, uint64_t number, const coffer_set *sets,
       size_t count, bool is_keyed, coffer_error *error)
{
	struct changes changes = {0};
	coffer_status status;
	bool is_done;

	if ((status = find_changes(writer, table_of(writer, table), sets, count, is_keyed, &changes,
				   error)) ||
	    (status = coffer_patch_row(writer, table, number, changes.sets, changes.count, &is_done,
				       error)) ||
	    is_done)
		return status;
	return plan_update(writer, table, number, &changes, error);
}

coffer_status
coffer_update(coffer_txn *txn, uint32_t table, uint64_t number, const coffer_set *sets,
	      size_t set_count, coffer_error *error)
{
	struct coffer_writer *writer;
	coffer_status status = begin(txn, table, &writer, error);

	return status ? status : update(writer, table, number, sets, set_count, false, error);
}

coffer_status
coffer_delete(coffer_txn *txn, uint32_t table, uint64_t number, coffer_error *error)
{
	struct coffer_writer *writer;
	struct coffer_change *change;
	coffer_status status = begin(txn, table, &writer, error);

	if (status || (status = coffer_plan_row(writer, table, number, &change, error)))
		return status;
	change->after.values = NULL;
	return carry_out(writer, change, error);
}

/* ------------------------------------------------------------------ replicas */

/* Which unique keys the row comes to have: looked at again when all rows are there. */
static coffer_status
pend_keys(struct coffer_writer *writer, const struct coffer_change *change, coffer_error *error)
{
	const coffer_table *table = table_of(writer, change->table);
	coffer_status status = COFFER_OK;

	for (uint16_t i = 0; !status && i < table->index_count; i++) {
		uint64_t holder = 0;

		if (!(status = coffer_plan_holder(writer, change, i, &holder, error)) && holder)
			status = coffer_writer_pend(writer,
						    (struct coffer_pending){.table = change->table,
									    .index = i,
									    .number = change->number},
						    error);
	}
	return status;
}

static coffer_status
check_values(const coffer_table *table, const coffer_value *values, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < table->column_count; i++)
		if ((status = coffer_value_check(&table->columns[i], &values[i], error)))
			coffer_error_at(error, "%s.%s", table->name, table->columns[i].name);
	return status;
}

static coffer_status
plan_replica(struct coffer_writer *writer, uint32_t number_of_table, const coffer_value *values,
	     uint64_t number, struct coffer_change **change_out, coffer_error *error)
{
	const coffer_table *table = table_of(writer, number_of_table);
	coffer_status status = check_values(table, values, error);

	if (status)
		return status;
	if (number)
		status = coffer_plan_row(writer, number_of_table, number, change_out, error);
	else if (!(status = coffer_plan_add(&writer->plan, number_of_table, 0, change_out, error)))
		status = coffer_plan_image(&writer->plan, table, &(*change_out)->after, error);
	if (status)
		return status;
	memcpy((*change_out)->after.values, values, table->column_count * sizeof(*values));
	memset((*change_out)->after.codes, 0, table->column_count * sizeof(*(*change_out)->after.codes));
	for (size_t i = 0; !status && i < table->column_count; i++)
		status = coffer_plan_keep(&writer->plan, &(*change_out)->after.values[i], error);
	return status;
}

coffer_status
coffer_replica_put(coffer_txn *txn, uint32_t table, const coffer_value *values, uint64_t number,
		   coffer_error *error)
{
	struct coffer_writer *writer;
	struct coffer_change *change;
	coffer_error failure = {0};
	coffer_status status = begin(txn, table, &writer, error);

	if (status || (status = plan_replica(writer, table, values, number, &change, error)) ||
	    (status = apply(writer, error)))
		return status;
	status = pend_keys(writer, change, &failure);
	return coffer_writer_end_with(writer, status, &failure, error);
}

coffer_status
coffer_replica_delete(coffer_txn *txn, uint32_t table, uint64_t number, coffer_error *error)
{
	struct coffer_writer *writer;
	struct coffer_change *change;
	coffer_status status = begin(txn, table, &writer, error);

	if (status || (status = coffer_plan_row(writer, table, number, &change, error)))
		return status;
	change->after.values = NULL;
	return apply(writer, error);
}
