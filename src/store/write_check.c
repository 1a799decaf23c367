/*
 * The constraints of a row that a statement changes: NOT NULL, unique keys, foreign keys; and what of them waits for the end
 * of the transaction. SPEC.md 5.3, 7.3 and 9.
 */
#include "store/write.h"

#include "schema/name.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const coffer_table *
table_of(const struct coffer_writer *writer, uint32_t table)
{
	return &writer->txn->schema->tables[table];
}

/* ------------------------------------------------------------------ what a refusal says */

enum { SHOWN_MAX = 60 };

/* A value in a message: cut at a whole character. */
static void
describe_value(const coffer_column *column, const coffer_value *value, coffer_buffer *out)
{
	coffer_buffer text = {0};
	size_t size;

	if (value->kind == COFFER_NULL || coffer_value_print(column, value, &text, NULL)) {
		coffer_buffer_text(out, "NULL");
		coffer_buffer_release(&text);
		return;
	}
	size = text.size;
	if (size > SHOWN_MAX)
		for (size = SHOWN_MAX; size && ((unsigned char)text.data[size] & 0xc0) == 0x80;
		     size--)
			;
	coffer_buffer_text(out, "'");
	if (size)
		coffer_buffer_append(out, text.data, size);
	coffer_buffer_text(out, size < text.size ? "...'" : "'");
	coffer_buffer_release(&text);
}

/* "team_id = 'a', user_id = 'b'" */
static void
describe_key(const coffer_table *table, const uint16_t *columns, size_t count,
	     const coffer_value *values, coffer_buffer *out)
{
	for (size_t i = 0; i < count; i++) {
		coffer_buffer_printf(out, "%s%s = ", i ? ", " : "",
				     table->columns[columns[i]].name);
		describe_value(&table->columns[columns[i]], &values[columns[i]], out);
	}
}

static coffer_status
refuse_key(const coffer_table *table, const coffer_index *index, const coffer_value *values,
	   coffer_error *error)
{
	coffer_buffer key = {0};

	describe_key(table, index->key_columns, index->key_column_count, values, &key);
	coffer_error_set(error, COFFER_CONFLICT, "%s is taken (%s)",
			 key.data ? key.data : "the key", index->name);
	coffer_error_at(error, "%s", table->name);
	coffer_buffer_release(&key);
	return COFFER_CONFLICT;
}

static coffer_status
refuse_reference(const struct coffer_writer *writer, const struct coffer_reference *reference,
		 const coffer_value *values, coffer_error *error)
{
	const coffer_table *table = table_of(writer, reference->table);
	coffer_buffer key = {0};

	describe_key(table, reference->columns, reference->column_count, values, &key);
	coffer_error_set(error, COFFER_CONFLICT, "%s refers to no row of %s (%s)",
			 key.data ? key.data : "the key", table_of(writer, reference->target)->name,
			 reference->relation->name);
	coffer_error_at(error, "%s", table->name);
	coffer_buffer_release(&key);
	return COFFER_CONFLICT;
}

/* ------------------------------------------------------------------ NOT NULL */

static bool
is_domain_not_null(const coffer_schema *schema, const coffer_column *column)
{
	for (size_t i = 0; column->base_type && i < schema->domain_count; i++)
		if (schema->domains[i].is_not_null &&
		    coffer_name_is_spelled(column->type, schema->domains[i].name))
			return true;
	return false;
}

bool
coffer_column_takes_null(const coffer_schema *schema, const coffer_column *column)
{
	return column->is_nullable && !is_domain_not_null(schema, column);
}

coffer_status
coffer_check_nulls(const struct coffer_writer *writer, const struct coffer_change *change,
		   coffer_error *error)
{
	const coffer_table *table = table_of(writer, change->table);

	for (size_t i = 0; i < table->column_count; i++) {
		const coffer_column *column = &table->columns[i];
		bool was_null =
			change->before.values && change->before.values[i].kind == COFFER_NULL;

		if (change->after.values[i].kind != COFFER_NULL || was_null ||
		    coffer_column_takes_null(writer->txn->schema, column))
			continue;
		coffer_error_set(error, COFFER_INVALID, "NULL in a column that is NOT NULL");
		coffer_error_at(error, "%s.%s", table->name, column->name);
		return COFFER_INVALID;
	}
	return COFFER_OK;
}

/* ------------------------------------------------------------------ unique keys */

static bool
has_null(const coffer_value *values, const uint16_t *columns, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (values[columns[i]].kind == COFFER_NULL)
			return true;
	return false;
}

static bool
is_key_equal(const coffer_index *index, const coffer_value *left, const coffer_value *right)
{
	for (size_t i = 0; i < index->key_column_count; i++)
		if (!coffer_key_is_equal(&left[index->key_columns[i]],
					 &right[index->key_columns[i]]))
			return false;
	return true;
}

/* Must a row's key of the index be free? Not where a NULL keeps it out, nor where it had the key before. */
static bool
claims_key(const coffer_index *index, const coffer_value *from, const coffer_value *to)
{
	if (index->tree != COFFER_TREE_HASHED)
		return false;
	if (!index->nulls_not_distinct && has_null(to, index->key_columns, index->key_column_count))
		return false;
	return !from || !is_key_equal(index, from, to);
}

static coffer_status
find_holder(struct coffer_writer *writer, const struct coffer_change *change, uint16_t index,
	    const coffer_value *values, bool *is_held_out, uint64_t *number_out,
	    coffer_error *error)
{
	const struct coffer_wanted_key key = {
		.table = change->table,
		.index = index,
		.values = values,
		.columns = table_of(writer, change->table)->indexes[index].key_columns,
		.besides = change,
	};

	return coffer_seen_holder(writer, &key, is_held_out, number_out, error);
}

coffer_status
coffer_plan_holder(struct coffer_writer *writer, const struct coffer_change *change, uint16_t index,
		   uint64_t *number_out, coffer_error *error)
{
	bool is_held;

	*number_out = 0;
	if (!claims_key(&table_of(writer, change->table)->indexes[index], change->before.values,
			change->after.values))
		return COFFER_OK;
	return find_holder(writer, change, index, change->after.values, &is_held, number_out,
			   error);
}

/* One that is checked late is so however it came to be: the turn may not be the row's first. */
static coffer_status
check_key(struct coffer_writer *writer, const struct coffer_turn *turn, uint16_t number,
	  enum coffer_timing timing, coffer_error *error)
{
	const struct coffer_wait wait = {.index = number, .change = turn->change};
	const coffer_table *table = table_of(writer, turn->change->table);
	const coffer_index *index = &table->indexes[number];
	bool is_held;
	uint64_t holder;
	coffer_status status;

	if (!claims_key(index, timing == COFFER_AT_ONCE ? turn->from : turn->change->before.values,
			turn->to))
		return COFFER_OK;
	status = find_holder(writer, turn->change, number, turn->to, &is_held, &holder, error);
	if (status || !is_held)
		return status;
	if (timing == COFFER_AFTER_TRANSACTION)
		return coffer_plan_wait(&writer->plan, wait, error);
	return refuse_key(table, index, turn->to, error);
}

coffer_status
coffer_check_keys(struct coffer_writer *writer, const struct coffer_turn *turn, coffer_error *error)
{
	struct coffer_table_writer *of;
	coffer_status status = coffer_writer_table(writer, turn->change->table, &of, error);

	for (uint16_t i = 0; !status && i < of->encoder.table->index_count; i++)
		if (of->timings[i] == COFFER_AT_ONCE)
			status = check_key(writer, turn, i, COFFER_AT_ONCE, error);
	return status;
}

coffer_status
coffer_check_late_keys(struct coffer_writer *writer, const struct coffer_turn *turn,
		       bool is_of_primary, coffer_error *error)
{
	struct coffer_table_writer *of;
	coffer_status status = coffer_writer_table(writer, turn->change->table, &of, error);

	for (uint16_t i = 0; !status && i < of->encoder.table->index_count; i++)
		if (of->timings[i] != COFFER_AT_ONCE &&
		    of->encoder.table->indexes[i].is_primary == is_of_primary)
			status = check_key(writer, turn, i, of->timings[i], error);
	return status;
}

/* ------------------------------------------------------------------ foreign keys */

/* Does what `values` refer to exist? A NULL refers to nothing; MATCH FULL wants all or none. */
static coffer_status
is_met(struct coffer_writer *writer, const struct coffer_reference *reference,
       const coffer_value *values, bool *is_met_out, coffer_error *error)
{
	const struct coffer_wanted_key key = {
		.table = reference->target,
		.index = reference->index,
		.values = values,
		.columns = reference->columns,
	};
	size_t nulls = 0;
	uint64_t holder;

	for (size_t k = 0; k < reference->column_count; k++)
		nulls += values[reference->columns[k]].kind == COFFER_NULL;
	*is_met_out =
		nulls && (!reference->relation->is_match_full || nulls == reference->column_count);
	if (nulls)
		return COFFER_OK;
	return coffer_seen_holder(writer, &key, is_met_out, &holder, error);
}

/*
 * Has the row to be looked at? Not when a later turn made it another, which is looked at then; nor when it refers to what it
 * did before the statement, unless MATCH FULL finds it half NULL.
 */
static bool
is_in_question(const struct coffer_reference *reference, const struct coffer_turn *turn)
{
	const coffer_value *before = turn->change->before.values;
	size_t nulls = 0;

	if (turn->change->after.values != turn->to)
		return false;
	for (size_t k = 0; k < reference->column_count; k++) {
		if (!before || !coffer_key_is_equal(&before[reference->columns[k]],
						    &turn->to[reference->columns[k]]))
			return true;
		nulls += before[reference->columns[k]].kind == COFFER_NULL;
	}
	return reference->relation->is_match_full && nulls && nulls < reference->column_count;
}

coffer_status
coffer_check_reference(struct coffer_writer *writer, const struct coffer_reference *reference,
		       const struct coffer_turn *turn, coffer_error *error)
{
	struct coffer_wait wait = {.reference = reference, .change = turn->change};
	bool is_good;
	coffer_status status;

	if (!is_in_question(reference, turn))
		return COFFER_OK;
	status = is_met(writer, reference, turn->to, &is_good, error);
	if (status || is_good)
		return status;
	if (writer->is_deferred || reference->is_deferred)
		return coffer_plan_wait(&writer->plan, wait, error);
	return refuse_reference(writer, reference, turn->to, error);
}

static coffer_status
refuse_to_leave(const struct coffer_writer *writer, const struct coffer_reference *reference,
		coffer_error *error)
{
	coffer_error_set(error, COFFER_CONFLICT, "a row of %s still refers to it (%s)",
			 table_of(writer, reference->table)->name, reference->relation->name);
	coffer_error_at(error, "%s", table_of(writer, reference->target)->name);
	return COFFER_CONFLICT;
}

/* The rows that would be left alone are looked at again at the end of the transaction. */
static coffer_status
wait_for_all(struct coffer_writer *writer, const struct coffer_reference *reference,
	     const struct coffer_numbers *numbers, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < numbers->count; i++)
		status = coffer_plan_wait(&writer->plan,
					  (struct coffer_wait){
						  .reference = reference,
						  .number = numbers->list[i],
					  },
					  error);
	return status;
}

coffer_status
coffer_check_left(struct coffer_writer *writer, const struct coffer_reference *reference,
		  const coffer_value *key, bool is_holder_enough, bool is_waiting,
		  coffer_error *error)
{
	const struct coffer_wanted_key wanted = {
		.table = reference->target,
		.index = reference->index,
		.values = key,
		.columns = reference->target_columns,
	};
	struct coffer_numbers numbers;
	bool is_held = false;
	uint64_t holder;
	coffer_status status = COFFER_OK;

	if (is_holder_enough)
		status = coffer_seen_holder(writer, &wanted, &is_held, &holder, error);
	if (status || is_held)
		return status;
	status = coffer_seen_referrers(writer, reference, key, is_waiting ? SIZE_MAX : 1, &numbers,
				       error);
	if (!status && is_waiting)
		status = wait_for_all(writer, reference, &numbers, error);
	else if (!status && numbers.count)
		status = refuse_to_leave(writer, reference, error);
	free(numbers.list);
	return status;
}

/* ------------------------------------------------------------------ at the end of the transaction */

coffer_status
coffer_writer_pend(struct coffer_writer *writer, struct coffer_pending pending, coffer_error *error)
{
	size_t capacity = writer->pending_capacity ? writer->pending_capacity * 2 : 64;
	struct coffer_pending *grown;

	if (writer->pending_count == writer->pending_capacity) {
		if (!(grown = realloc(writer->pending, capacity * sizeof(*grown))))
			return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a check");
		writer->pending = grown;
		writer->pending_capacity = capacity;
	}
	writer->pending[writer->pending_count++] = pending;
	return COFFER_OK;
}

/* The referencing values of a row. */
static coffer_status
read_members(struct coffer_writer *writer, const struct coffer_reference *reference,
	     uint64_t number, struct coffer_image *image, coffer_error *error)
{
	struct coffer_table_writer *of;
	const coffer_row *row;
	coffer_status status = coffer_writer_table(writer, reference->table, &of, error);

	if (!status)
		status = coffer_plan_image(&writer->plan, table_of(writer, reference->table), image,
					   error);
	if (!status)
		status = coffer_cursor_get_number(of->cursor, number, &row, error);
	for (size_t k = 0; !status && k < reference->column_count; k++) {
		coffer_value *value = &image->values[reference->columns[k]];

		if (!(status = coffer_row_get(row, reference->columns[k], value, error)))
			status = coffer_plan_keep(&writer->plan, value, error);
	}
	return status;
}

static coffer_status
check_reference_at_end(struct coffer_writer *writer, const struct coffer_pending *pending,
		       coffer_error *error)
{
	struct coffer_image image;
	bool is_good;
	coffer_status status =
		read_members(writer, pending->reference, pending->number, &image, error);

	if (!status)
		status = is_met(writer, pending->reference, image.values, &is_good, error);
	if (!status && !is_good)
		status = refuse_reference(writer, pending->reference, image.values, error);
	return status;
}

static coffer_status
check_unique_at_end(struct coffer_writer *writer, const struct coffer_pending *pending,
		    coffer_error *error)
{
	const coffer_table *table = table_of(writer, pending->table);
	const coffer_index *index = &table->indexes[pending->index];
	struct coffer_change *change;
	bool is_held;
	uint64_t holder;
	coffer_status status =
		coffer_plan_row(writer, pending->table, pending->number, &change, error);

	if (status || !claims_key(index, NULL, change->after.values))
		return status;
	status = find_holder(writer, change, pending->index, change->after.values, &is_held,
			     &holder, error);
	return status || !is_held ? status : refuse_key(table, index, change->after.values, error);
}

/* A row that has gone is no matter any more. */
static coffer_status
check_at_end(struct coffer_writer *writer, const struct coffer_pending *pending,
	     coffer_error *error)
{
	coffer_status status = pending->reference ? check_reference_at_end(writer, pending, error)
						  : check_unique_at_end(writer, pending, error);

	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

coffer_status
coffer_writer_check_pending(struct coffer_writer *writer, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < writer->pending_count; i++) {
		coffer_plan_clear(&writer->plan);
		status = check_at_end(writer, &writer->pending[i], error);
	}
	coffer_plan_clear(&writer->plan);
	return status;
}

/* ------------------------------------------------------------------ replicas */

/* Do all of its rows have to lead somewhere? */
static bool
is_validated(const struct coffer_reference *reference)
{
	const char *tail = reference->relation->definition_tail;

	return !tail || !strstr(tail, "NOT VALID");
}

coffer_status
coffer_replica_check(coffer_txn *txn, uint32_t table, uint64_t number, coffer_error *error)
{
	const struct coffer_references *all;
	struct coffer_writer *writer;
	coffer_status status = coffer_writer_of(txn, &writer, error);

	if (status)
		return status;
	if (table >= txn->schema->table_count)
		return coffer_error_set(error, COFFER_INVALID, "no table has the number %" PRIu32, table);
	all = &writer->store->references;
	for (size_t i = all->from_begin[table]; !status && i < all->from_begin[table + 1]; i++) {
		const struct coffer_pending row = {.reference = all->from[i], .number = number};

		coffer_plan_clear(&writer->plan);
		if (is_validated(row.reference))
			status = check_at_end(writer, &row, error);
	}
	coffer_plan_clear(&writer->plan);
	return status;
}
