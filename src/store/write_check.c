/*
 * The constraints of a plan: NOT NULL, unique keys, foreign keys. What is looked up is the store as it is, seen through the
 * plan: a row that goes holds no key, one that comes does. SPEC.md 5.3, 7.3 and 9.
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
		for (size = SHOWN_MAX; size && ((unsigned char)text.data[size] & 0xc0) == 0x80; size--)
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
		coffer_buffer_printf(out, "%s%s = ", i ? ", " : "", table->columns[columns[i]].name);
		describe_value(&table->columns[columns[i]], &values[columns[i]], out);
	}
}

static coffer_status
refuse_key(const coffer_table *table, const coffer_index *index, const coffer_value *values,
	   coffer_error *error)
{
	coffer_buffer key = {0};

	describe_key(table, index->key_columns, index->key_column_count, values, &key);
	coffer_error_set(error, COFFER_CONFLICT, "%s is taken (%s)", key.data ? key.data : "the key",
			 index->name);
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

static coffer_status
check_nulls(const struct coffer_writer *writer, const struct coffer_change *change,
	    coffer_error *error)
{
	const coffer_table *table = table_of(writer, change->table);

	for (size_t i = 0; i < table->column_count; i++) {
		const coffer_column *column = &table->columns[i];
		bool was_null = change->before.values && change->before.values[i].kind == COFFER_NULL;

		if (change->after.values[i].kind != COFFER_NULL || was_null ||
		    (column->is_nullable && !is_domain_not_null(writer->txn->schema, column)))
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
		if (!coffer_key_is_equal(&left[index->key_columns[i]], &right[index->key_columns[i]]))
			return false;
	return true;
}

/* Must this row's key of the index be free? Not where a NULL keeps it out, nor where it had the key before. */
static bool
claims_key(const coffer_index *index, const struct coffer_change *change)
{
	if (index->tree != COFFER_TREE_HASHED)
		return false;
	if (!index->nulls_not_distinct &&
	    has_null(change->after.values, index->key_columns, index->key_column_count))
		return false;
	return !change->before.values ||
	       !is_key_equal(index, change->before.values, change->after.values);
}

/* Another row than this one that has its key now, 0 for none. */
static coffer_status
look_up(struct coffer_writer *writer, const struct coffer_change *change, uint16_t index_number,
	uint64_t *number_out, coffer_error *error)
{
	const coffer_index *index = &table_of(writer, change->table)->indexes[index_number];
	coffer_value key[COFFER_KEY_COLUMNS_MAX];
	struct coffer_table_writer *of;
	const coffer_row *row;
	coffer_status status = coffer_writer_table(writer, change->table, &of, error);

	*number_out = 0;
	if (status)
		return status;
	for (size_t i = 0; i < index->key_column_count; i++)
		key[i] = change->after.values[index->key_columns[i]];
	status = coffer_cursor_get_besides(of->cursor, index_number, key, change->number, &row, error);
	if (!status)
		*number_out = coffer_row_number(row);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

coffer_status
coffer_plan_holder(struct coffer_writer *writer, const struct coffer_change *change,
		   uint16_t index_number, uint64_t *number_out, coffer_error *error)
{
	const coffer_index *index = &table_of(writer, change->table)->indexes[index_number];
	const struct coffer_change *other;
	coffer_status status;

	*number_out = 0;
	if (!claims_key(index, change))
		return COFFER_OK;
	status = look_up(writer, change, index_number, number_out, error);
	if (status || !*number_out)
		return status;
	other = coffer_plan_find(&writer->plan, change->table, *number_out);
	if (other && (!other->after.values ||
		      !is_key_equal(index, other->after.values, change->after.values)))
		*number_out = 0;
	return COFFER_OK;
}

static coffer_status
check_keys(struct coffer_writer *writer, const struct coffer_change *change, coffer_error *error)
{
	const coffer_table *table = table_of(writer, change->table);
	coffer_status status = COFFER_OK;
	uint64_t holder;

	for (uint16_t i = 0; !status && i < table->index_count; i++) {
		status = coffer_plan_holder(writer, change, i, &holder, error);
		if (!status && holder)
			status = refuse_key(table, &table->indexes[i], change->after.values, error);
	}
	return status;
}

/* A key that a planned row comes to have. */
struct taken_key {
	uint32_t table;
	uint16_t index;
	uint64_t hash;
	const struct coffer_change *change;
};

static int
compare_taken(const void *left, const void *right)
{
	const struct taken_key *a = left, *b = right;

	if (a->table != b->table)
		return a->table < b->table ? -1 : 1;
	if (a->index != b->index)
		return a->index < b->index ? -1 : 1;
	return (a->hash > b->hash) - (a->hash < b->hash);
}

static uint64_t
hash_key(const coffer_index *index, const coffer_value *values)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < index->key_column_count; i++)
		hash = coffer_key_hash(hash, &values[index->key_columns[i]]);
	return hash;
}

/* Fill `keys`, or with NULL only count them. */
static size_t
list_taken(const struct coffer_writer *writer, struct taken_key *keys)
{
	size_t count = 0;

	for (size_t c = 0; c < writer->plan.count; c++) {
		const struct coffer_change *change = writer->plan.changes[c];
		const coffer_table *table = table_of(writer, change->table);

		for (uint16_t i = 0; change->after.values && i < table->index_count; i++) {
			if (!claims_key(&table->indexes[i], change))
				continue;
			if (keys)
				keys[count] = (struct taken_key){
					change->table, i,
					hash_key(&table->indexes[i], change->after.values), change};
			count++;
		}
	}
	return count;
}

/* Two rows of one plan must not come to have one key. */
static coffer_status
check_among(const struct coffer_writer *writer, coffer_error *error)
{
	size_t count = writer->plan.count > 1 ? list_taken(writer, NULL) : 0;
	struct taken_key *keys = count > 1 ? calloc(count, sizeof(*keys)) : NULL;
	coffer_status status = COFFER_OK;

	if (count < 2)
		return COFFER_OK;
	if (!keys)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the keys");
	(void)list_taken(writer, keys);
	qsort(keys, count, sizeof(*keys), compare_taken);
	for (size_t i = 0; !status && i < count; i++)
		for (size_t j = i + 1; !status && j < count && !compare_taken(&keys[i], &keys[j]); j++) {
			const coffer_table *table = table_of(writer, keys[i].table);
			const coffer_index *index = &table->indexes[keys[i].index];

			if (is_key_equal(index, keys[i].change->after.values,
					 keys[j].change->after.values))
				status = refuse_key(table, index, keys[i].change->after.values, error);
		}
	free(keys);
	return status;
}

/* ------------------------------------------------------------------ foreign keys */

static bool
is_member_changed(const struct coffer_reference *reference, const struct coffer_change *change)
{
	for (size_t k = 0; change->before.values && k < reference->column_count; k++)
		if (!coffer_key_is_equal(&change->before.values[reference->columns[k]],
					 &change->after.values[reference->columns[k]]))
			return true;
	return !change->before.values;
}

/* Has a planned row the key that `values` refers to? */
static bool
is_planned(const struct coffer_writer *writer, const struct coffer_reference *reference,
	   const coffer_value *values)
{
	for (size_t i = 0; i < writer->plan.count; i++) {
		const struct coffer_change *change = writer->plan.changes[i];
		size_t k = 0;

		if (change->table != reference->target || !change->after.values)
			continue;
		while (k < reference->column_count &&
		       coffer_key_is_equal(&values[reference->columns[k]],
					   &change->after.values[reference->target_columns[k]]))
			k++;
		if (k == reference->column_count)
			return true;
	}
	return false;
}

/* Does the row that is found stay, with its key? */
static bool
is_kept(const struct coffer_writer *writer, const struct coffer_reference *reference, uint64_t number)
{
	const struct coffer_change *change =
		coffer_plan_find(&writer->plan, reference->target, number);
	const coffer_table *target = table_of(writer, reference->target);

	return !change || (change->after.values &&
			   is_key_equal(&target->indexes[reference->index], change->before.values,
					change->after.values));
}

/* Does what `values` refer to exist? A NULL refers to nothing; MATCH FULL wants all or none. */
static coffer_status
is_met(struct coffer_writer *writer, const struct coffer_reference *reference,
       const coffer_value *values, bool *is_met_out, coffer_error *error)
{
	coffer_value row[COFFER_KEY_COLUMNS_MAX];
	size_t nulls = 0;
	struct coffer_table_writer *of;
	const coffer_row *found;
	coffer_status status;

	for (size_t k = 0; k < reference->column_count; k++) {
		row[k] = values[reference->columns[k]];
		nulls += row[k].kind == COFFER_NULL;
	}
	*is_met_out = nulls && (!reference->relation->is_match_full || nulls == reference->column_count);
	if (nulls)
		return COFFER_OK;
	if ((status = coffer_writer_table(writer, reference->target, &of, error)))
		return status;
	status = coffer_cursor_get(of->cursor, reference->index, row, &found, error);
	*is_met_out = !status && is_kept(writer, reference, coffer_row_number(found));
	if (status && status != COFFER_NOT_FOUND)
		return status;
	*is_met_out = *is_met_out || is_planned(writer, reference, values);
	return COFFER_OK;
}

/* A claim that is not met is refused, or waits for the end of the transaction. */
static coffer_status
check_claim(struct coffer_writer *writer, struct coffer_claim claim, const coffer_value *values,
	    coffer_error *error)
{
	struct coffer_plan *plan = &writer->plan;
	bool is_good;
	coffer_status status = is_met(writer, claim.reference, values, &is_good, error);

	if (status || is_good)
		return status;
	if (writer->is_deferred || claim.reference->is_deferred)
		return coffer_plan_claim(&plan->unmet, &plan->unmet_count, &plan->unmet_capacity, claim,
					 error);
	return refuse_reference(writer, claim.reference, values, error);
}

static coffer_status
check_references(struct coffer_writer *writer, struct coffer_change *change, coffer_error *error)
{
	const struct coffer_references *all = &writer->store->references;
	coffer_status status = COFFER_OK;

	for (size_t i = all->from_begin[change->table];
	     !status && i < all->from_begin[change->table + 1]; i++)
		if (is_member_changed(all->from[i], change))
			status = check_claim(
				writer, (struct coffer_claim){all->from[i], change, change->number},
				change->after.values, error);
	return status;
}

/* The referencing values of a row that no change touches. */
static coffer_status
read_members(struct coffer_writer *writer, const struct coffer_claim *claim,
	     struct coffer_image *image, coffer_error *error)
{
	const struct coffer_reference *reference = claim->reference;
	struct coffer_table_writer *of;
	const coffer_row *row;
	coffer_status status = coffer_writer_table(writer, reference->table, &of, error);

	if (!status)
		status = coffer_plan_image(&writer->plan, table_of(writer, reference->table), image, error);
	if (!status)
		status = coffer_cursor_get_number(of->cursor, claim->number, &row, error);
	for (size_t k = 0; !status && k < reference->column_count; k++) {
		coffer_value *value = &image->values[reference->columns[k]];

		if (!(status = coffer_row_get(row, reference->columns[k], value, error)))
			status = coffer_plan_keep(&writer->plan, value, error);
	}
	return status;
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

/* NO ACTION: what referred to a key that goes must have gone too, or have found another row with that key. */
static coffer_status
check_left(struct coffer_writer *writer, const struct coffer_claim *claim, coffer_error *error)
{
	struct coffer_plan *plan = &writer->plan;
	struct coffer_claim left = *claim;
	struct coffer_image image;
	coffer_status status = COFFER_OK;
	bool is_good;

	left.change = coffer_plan_find(plan, claim->reference->table, claim->number);
	if (left.change && !left.change->after.values)
		return COFFER_OK;
	if (left.change)
		image = left.change->after;
	else
		status = read_members(writer, claim, &image, error);
	if (!status)
		status = is_met(writer, claim->reference, image.values, &is_good, error);
	if (status || is_good)
		return status;
	if (writer->is_deferred || claim->reference->is_deferred)
		return coffer_plan_claim(&plan->unmet, &plan->unmet_count, &plan->unmet_capacity, left,
					 error);
	return refuse_to_leave(writer, claim->reference, error);
}

/* ------------------------------------------------------------------ the whole */

coffer_status
coffer_plan_check(struct coffer_writer *writer, coffer_error *error)
{
	const struct coffer_plan *plan = &writer->plan;
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < plan->count; i++) {
		struct coffer_change *change = plan->changes[i];

		if (!change->after.values)
			continue;
		if (!(status = check_nulls(writer, change, error)) &&
		    !(status = check_keys(writer, change, error)))
			status = check_references(writer, change, error);
	}
	if (!status)
		status = check_among(writer, error);
	for (size_t i = 0; !status && i < plan->claim_count; i++)
		status = check_left(writer, &plan->claims[i], error);
	return status;
}

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

/* At the end: a row that has gone is no matter any more. */
static coffer_status
check_reference_at_end(struct coffer_writer *writer, const struct coffer_pending *pending,
		       coffer_error *error)
{
	const struct coffer_claim claim = {pending->reference, NULL, pending->number};
	struct coffer_image image;
	coffer_status status = read_members(writer, &claim, &image, error);
	bool is_good;

	if (status)
		return status == COFFER_NOT_FOUND ? COFFER_OK : status;
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
	struct coffer_change *change;
	uint64_t other;
	coffer_status status =
		coffer_plan_row(writer, pending->table, pending->number, &change, error);

	if (status)
		return status == COFFER_NOT_FOUND ? COFFER_OK : status;
	if (!(status = look_up(writer, change, pending->index, &other, error)) && other)
		status = refuse_key(table, &table->indexes[pending->index], change->after.values, error);
	return status;
}

coffer_status
coffer_writer_check_pending(struct coffer_writer *writer, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < writer->pending_count; i++) {
		const struct coffer_pending *pending = &writer->pending[i];

		coffer_plan_clear(&writer->plan);
		status = pending->reference ? check_reference_at_end(writer, pending, error)
					    : check_unique_at_end(writer, pending, error);
	}
	coffer_plan_clear(&writer->plan);
	return status;
}
