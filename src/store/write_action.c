/*
 * What foreign keys do when a row that others refer to goes or gets another key: its referrers are found and join the plan,
 * and what refers to those, until nothing is left to look at. RESTRICT refuses at once; NO ACTION waits until the plan
 * stands, since a row that is in the way may go too. SPEC.md 7.3.
 */
#include "store/write.h"

#include <inttypes.h>
#include <stdlib.h>

/* Numbers of rows; a scan ends when its table's cursor looks up another row. */
struct numbers {
	uint64_t *list;
	size_t count, capacity;
};

static coffer_status
add_number(struct numbers *numbers, uint64_t number, coffer_error *error)
{
	size_t capacity = numbers->capacity ? numbers->capacity * 2 : 64;
	uint64_t *list;

	if (numbers->count == COFFER_CHANGES_MAX)
		return coffer_error_set(error, COFFER_LIMIT,
					"one change would touch more than %d rows", COFFER_CHANGES_MAX);
	if (numbers->count == numbers->capacity) {
		if (!(list = realloc(numbers->list, capacity * sizeof(*list))))
			return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a foreign key");
		numbers->list = list;
		numbers->capacity = capacity;
	}
	numbers->list[numbers->count++] = number;
	return COFFER_OK;
}

/* The values that the referencing columns have where they refer to `key`, in the relation's own order. */
static void
order_values(const struct coffer_reference *reference, const coffer_value *key,
	     coffer_value values[COFFER_KEY_COLUMNS_MAX])
{
	for (size_t i = 0; i < reference->relation->column_count; i++)
		for (size_t k = 0; k < reference->column_count; k++)
			if (reference->columns[k] == reference->relation->columns[i])
				values[i] = key[reference->target_columns[k]];
}

/* Do the referencing columns hold the target's key? `key` is a row of the target. */
static bool
refers_to(const struct coffer_reference *reference, const coffer_value *row, const coffer_value *key)
{
	for (size_t k = 0; k < reference->column_count; k++)
		if (!coffer_key_is_equal(&row[reference->columns[k]], &key[reference->target_columns[k]]))
			return false;
	return true;
}

static coffer_status
read_members(const struct coffer_reference *reference, const coffer_row *row, coffer_value *values,
	     coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t k = 0; !status && k < reference->column_count; k++)
		status = coffer_row_get(row, reference->columns[k], &values[reference->columns[k]], error);
	return status;
}

/* Without an index that answers, every row of the table is looked at. */
static coffer_status
find_by_rows(struct coffer_writer *writer, const struct coffer_reference *reference,
	     coffer_cursor *cursor, const coffer_value *key, struct numbers *numbers,
	     coffer_error *error)
{
	const coffer_table *table = &writer->txn->schema->tables[reference->table];
	const coffer_scan all = {.index = COFFER_NO_INDEX};
	struct coffer_image image;
	const coffer_row *row;
	coffer_status status = coffer_plan_image(&writer->plan, table, &image, error);

	if (!status)
		status = coffer_cursor_scan(cursor, &all, error);
	while (!status && !(status = coffer_cursor_next(cursor, &row, error)))
		if (!(status = read_members(reference, row, image.values, error)) &&
		    refers_to(reference, image.values, key))
			status = add_number(numbers, coffer_row_number(row), error);
	return status;
}

static coffer_status
find_by_index(const struct coffer_reference *reference, coffer_cursor *cursor,
	      const coffer_value *key, struct numbers *numbers, coffer_error *error)
{
	coffer_value values[COFFER_KEY_COLUMNS_MAX];
	const coffer_scan scan = {
		.index = reference->relation->index,
		.equal = values,
		.equal_count = reference->column_count,
	};
	coffer_status status;
	uint64_t number;

	order_values(reference, key, values);
	status = coffer_cursor_scan(cursor, &scan, error);
	while (!status && !(status = coffer_cursor_next_number(cursor, &number, error)))
		status = add_number(numbers, number, error);
	return status;
}

static coffer_status
find_referrers(struct coffer_writer *writer, const struct coffer_reference *reference,
	       const coffer_value *key, struct numbers *numbers, coffer_error *error)
{
	struct coffer_table_writer *of;
	coffer_status status = coffer_writer_table(writer, reference->table, &of, error);

	if (status)
		return status;
	if (reference->relation->index == COFFER_NO_INDEX)
		status = find_by_rows(writer, reference, of->cursor, key, numbers, error);
	else
		status = find_by_index(reference, of->cursor, key, numbers, error);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

/* ------------------------------------------------------------------ one referrer */

static coffer_status
refuse(const struct coffer_writer *writer, const struct coffer_reference *reference,
       coffer_error *error)
{
	const coffer_table *tables = writer->txn->schema->tables;

	coffer_error_set(error, COFFER_CONFLICT, "a row of %s still refers to it (%s)",
			 tables[reference->table].name, reference->relation->name);
	coffer_error_at(error, "%s", tables[reference->target].name);
	return COFFER_CONFLICT;
}

static bool
is_listed(const uint16_t *columns, size_t count, uint16_t column)
{
	for (size_t i = 0; i < count; i++)
		if (columns[i] == column)
			return true;
	return false;
}

/* ON DELETE SET NULL (a) and SET DEFAULT (a) leave the other members. */
static bool
is_set_at_delete(const coffer_relation *relation, uint16_t column)
{
	return !relation->delete_column_count ||
	       is_listed(relation->delete_columns, relation->delete_column_count, column);
}

static coffer_status
set_member(struct coffer_writer *writer, const struct coffer_reference *reference,
	   coffer_action action, const struct coffer_change *of, size_t member,
	   struct coffer_change *change, coffer_error *error)
{
	uint16_t column = reference->columns[member];
	coffer_value *value = &change->after.values[column];

	if (action == COFFER_CASCADE)
		*value = of->after.values[reference->target_columns[member]];
	else if (!of->after.values && !is_set_at_delete(reference->relation, column))
		return COFFER_OK;
	else if (action == COFFER_SET_NULL)
		value->kind = COFFER_NULL;
	else
		return coffer_writer_server_default(writer, change->table, column, value, error);
	change->after.codes[column] = 0;
	return COFFER_OK;
}

static coffer_status
set_members(struct coffer_writer *writer, const struct coffer_reference *reference,
	    coffer_action action, const struct coffer_change *of, struct coffer_change *change,
	    coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t k = 0; !status && k < reference->column_count; k++)
		status = set_member(writer, reference, action, of, k, change, error);
	return status;
}

/* What one reference does to one row when what it refers to changes as `of` says. */
static coffer_status
act(struct coffer_writer *writer, const struct coffer_reference *reference,
    const struct coffer_change *of, uint64_t number, coffer_error *error)
{
	struct coffer_plan *plan = &writer->plan;
	coffer_action action = of->after.values ? reference->relation->on_update
						: reference->relation->on_delete;
	struct coffer_change *change = coffer_plan_find(plan, reference->table, number);
	coffer_status status;

	/* A row that goes, or that the plan has made to refer to another, is out of it. */
	if (change && (!change->after.values ||
		       !refers_to(reference, change->after.values, of->before.values)))
		return COFFER_OK;
	if (action == COFFER_RESTRICT)
		return refuse(writer, reference, error);
	if (action == COFFER_NO_ACTION)
		return coffer_plan_claim(&plan->claims, &plan->claim_count, &plan->claim_capacity,
					 (struct coffer_claim){reference, change, number}, error);
	status = coffer_plan_row(writer, reference->table, number, &change, error);
	if (status)
		return status;
	if (action == COFFER_CASCADE && !of->after.values)
		change->after.values = NULL;
	else
		status = set_members(writer, reference, action, of, change, error);
	/* A default may be the very key that goes: nothing changed that others refer to, and it is in the way. */
	if (!status && change->after.values &&
	    refers_to(reference, change->after.values, of->before.values))
		return coffer_plan_claim(&plan->claims, &plan->claim_count, &plan->claim_capacity,
					 (struct coffer_claim){reference, change, number}, error);
	change->is_expanded = false;
	return status;
}

/* ------------------------------------------------------------------ all of them */

/* Is there a key that rows refer to, and does it go? */
static bool
leaves_key(const struct coffer_reference *reference, const struct coffer_change *change)
{
	bool is_same = change->after.values != NULL;

	for (size_t k = 0; k < reference->column_count; k++) {
		const coffer_value *before = &change->before.values[reference->target_columns[k]];

		if (before->kind == COFFER_NULL)
			return false;
		is_same = is_same && coffer_key_is_equal(
					     before, &change->after.values[reference->target_columns[k]]);
	}
	return !is_same;
}

static coffer_status
follow(struct coffer_writer *writer, const struct coffer_reference *reference,
       const struct coffer_change *change, coffer_error *error)
{
	struct numbers numbers = {0};
	coffer_status status = COFFER_OK;

	if (leaves_key(reference, change))
		status = find_referrers(writer, reference, change->before.values, &numbers, error);
	for (size_t i = 0; !status && i < numbers.count; i++)
		status = act(writer, reference, change, numbers.list[i], error);
	free(numbers.list);
	return status;
}

static coffer_status
expand(struct coffer_writer *writer, struct coffer_change *change, coffer_error *error)
{
	const struct coffer_references *all = &writer->store->references;
	coffer_status status = COFFER_OK;

	change->is_expanded = true;
	if (!change->before.values)
		return COFFER_OK;
	for (size_t i = all->to_begin[change->table]; !status && i < all->to_begin[change->table + 1]; i++)
		status = follow(writer, all->to[i], change, error);
	return status;
}

/* A row that is reached twice is looked at twice; each time less is left that it may still become. */
coffer_status
coffer_plan_expand(struct coffer_writer *writer, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	bool is_again = true;

	while (!status && is_again) {
		is_again = false;
		for (size_t i = 0; !status && i < writer->plan.count; i++) {
			if (writer->plan.changes[i]->is_expanded)
				continue;
			is_again = true;
			status = expand(writer, writer->plan.changes[i], error);
		}
	}
	return status;
}
