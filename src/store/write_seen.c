/*
 * The store as a statement has left it so far: what stands in its trees, seen through the plan. A row that goes holds no key
 * and refers to nothing; one that was changed does with what it holds now. Of those the plan keeps notes, since no tree finds
 * them.
 *
 * A note says that a change came to hold something. It may be out of date: whoever finds one looks at the row.
 */
#include "store/write.h"

#include <stdlib.h>
#include <string.h>

enum { LINEAR_MAX = 32 }; /* notes that are looked at one after another */

static bool
is_equal(const coffer_value *left, const uint16_t *left_columns, const coffer_value *right,
	 const uint16_t *right_columns, size_t count)
{
	for (size_t k = 0; k < count; k++)
		if (!coffer_key_is_equal(&left[left_columns[k]], &right[right_columns[k]]))
			return false;
	return true;
}

/* ------------------------------------------------------------------ notes */

static uint64_t
hash_of(const void *what, const coffer_value *values, const uint16_t *columns, size_t count)
{
	uint64_t hash = (uintptr_t)what;

	for (size_t k = 0; k < count; k++)
		hash = coffer_key_hash(hash, &values[columns[k]]);
	return hash;
}

/* Put a note into its bucket by what its row holds now. */
static void
link_note(struct coffer_plan *plan, size_t number)
{
	struct coffer_note *note = &plan->notes[number];
	uint64_t hash;
	uint32_t *bucket;

	if (!note->change->after.values)
		return;
	hash = hash_of(note->what, note->change->after.values, note->columns, note->column_count);
	bucket = &plan->buckets[hash & (plan->bucket_count - 1)];
	note->next = *bucket;
	*bucket = (uint32_t)number + 1;
}

static bool
grow_buckets(struct coffer_plan *plan)
{
	free(plan->buckets);
	plan->bucket_count = plan->bucket_count ? plan->bucket_count * 2 : (size_t)4 * LINEAR_MAX;
	plan->buckets = calloc(plan->bucket_count, sizeof(*plan->buckets));
	for (size_t i = 0; plan->buckets && i < plan->note_count; i++)
		link_note(plan, i);
	return plan->buckets != NULL;
}

static bool
make_room(struct coffer_plan *plan)
{
	size_t capacity = plan->note_capacity ? plan->note_capacity * 2 : LINEAR_MAX;
	struct coffer_note *notes;

	if (plan->note_count == plan->note_capacity) {
		notes = realloc(plan->notes, capacity * sizeof(*notes));
		if (!notes)
			return false;
		plan->notes = notes;
		plan->note_capacity = capacity;
	}
	return plan->note_count < LINEAR_MAX || plan->note_count < plan->bucket_count ||
	       grow_buckets(plan);
}

coffer_status
coffer_plan_note(struct coffer_plan *plan, struct coffer_note note, coffer_error *error)
{
	if (!make_room(plan))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a change");
	plan->notes[plan->note_count++] = note;
	if (plan->buckets)
		link_note(plan, plan->note_count - 1);
	return COFFER_OK;
}

/* The next change behind `*at` that was noted to hold this and does; `*at` begins as 0. */
static struct coffer_change *
next_noted(const struct coffer_plan *plan, const void *what, const coffer_value *values,
	   const uint16_t *columns, size_t count, size_t *at)
{
	size_t from = *at;

	if (!from && plan->buckets)
		from = plan->buckets[hash_of(what, values, columns, count) &
				     (plan->bucket_count - 1)];
	else if (!from)
		from = plan->note_count ? 1 : 0;
	while (from) {
		const struct coffer_note *note = &plan->notes[from - 1];
		struct coffer_change *change = note->change;

		from = plan->buckets ? note->next : from < plan->note_count ? from + 1 : 0;
		if (note->what != what || !change->after.values ||
		    !is_equal(change->after.values, note->columns, values, columns, count))
			continue;
		*at = from ? from : SIZE_MAX;
		return change;
	}
	return NULL;
}

/* ------------------------------------------------------------------ keys */

/* Does the row hold the key still? */
static bool
holds(const struct coffer_writer *writer, const struct coffer_wanted_key *key,
      const coffer_index *index, uint64_t number)
{
	const struct coffer_change *change = coffer_plan_find(&writer->plan, key->table, number);

	if (change && change == key->besides)
		return false;
	return !change || (change->after.values &&
			   is_equal(change->after.values, index->key_columns, key->values,
				    key->columns, index->key_column_count));
}

/* A row that held the key before the statement and holds it still; 0 for none. */
static coffer_status
look_up(struct coffer_writer *writer, const struct coffer_wanted_key *key, uint64_t *number_out,
	coffer_error *error)
{
	const coffer_index *index = &writer->txn->schema->tables[key->table].indexes[key->index];
	coffer_value values[COFFER_KEY_COLUMNS_MAX];
	struct coffer_table_writer *of;
	const coffer_row *row;
	uint64_t number = 0;
	coffer_status status = coffer_writer_table(writer, key->table, &of, error);

	*number_out = 0;
	for (size_t k = 0; k < index->key_column_count; k++)
		values[k] = key->values[key->columns[k]];
	while (!status && !*number_out &&
	       !(status = coffer_cursor_get_behind(of->cursor, key->index, values, number, &row,
						   error))) {
		number = coffer_row_number(row);
		if (holds(writer, key, index, number))
			*number_out = number;
	}
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

coffer_status
coffer_seen_holder(struct coffer_writer *writer, const struct coffer_wanted_key *key,
		   bool *is_held_out, uint64_t *number_out, coffer_error *error)
{
	const coffer_index *index = &writer->txn->schema->tables[key->table].indexes[key->index];
	const struct coffer_change *change;
	size_t at = 0;
	coffer_status status = look_up(writer, key, number_out, error);

	*is_held_out = *number_out != 0;
	while (!status && !*is_held_out && at != SIZE_MAX &&
	       (change = next_noted(&writer->plan, index, key->values, key->columns,
				    index->key_column_count, &at)))
		if (change != key->besides) {
			*is_held_out = true;
			*number_out = change->number;
		}
	return status;
}

/* ------------------------------------------------------------------ rows that refer to a key */

/* What is looked for, and how far. */
struct search {
	struct coffer_writer *writer;
	const struct coffer_reference *reference;
	const coffer_value *key; /* a row of the target */
	struct coffer_numbers *numbers;
	size_t count_max;
};

static bool
is_done(const struct search *search)
{
	return search->numbers->count >= search->count_max;
}

static bool
refers_to(const struct coffer_reference *reference, const coffer_value *row,
	  const coffer_value *key)
{
	return is_equal(row, reference->columns, key, reference->target_columns,
			reference->column_count);
}

static coffer_status
add_number(const struct search *search, uint64_t number, coffer_error *error)
{
	struct coffer_numbers *numbers = search->numbers;
	size_t capacity = numbers->capacity ? numbers->capacity * 2 : 64;
	uint64_t *list;

	if (numbers->count == COFFER_CHANGES_MAX)
		return coffer_error_set(error, COFFER_LIMIT,
					"one change would touch more than %d rows",
					COFFER_CHANGES_MAX);
	if (numbers->count == numbers->capacity) {
		if (!(list = realloc(numbers->list, capacity * sizeof(*list))))
			return coffer_error_set(error, COFFER_NO_MEMORY,
						"no memory for a foreign key");
		numbers->list = list;
		numbers->capacity = capacity;
	}
	numbers->list[numbers->count++] = number;
	return COFFER_OK;
}

/* A row of which the trees say that it refers to the key: the plan may say otherwise. */
static coffer_status
add_found(const struct search *search, uint64_t number, coffer_error *error)
{
	const struct coffer_change *change =
		coffer_plan_find(&search->writer->plan, search->reference->table, number);

	if (change && (!change->after.values ||
		       !refers_to(search->reference, change->after.values, search->key)))
		return COFFER_OK;
	return add_number(search, number, error);
}

static coffer_status
read_members(const struct coffer_reference *reference, const coffer_row *row, coffer_value *values,
	     coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t k = 0; !status && k < reference->column_count; k++)
		status = coffer_row_get(row, reference->columns[k], &values[reference->columns[k]],
					error);
	return status;
}

/* Without an index that answers, every row of the table is looked at. */
static coffer_status
search_rows(const struct search *search, coffer_cursor *cursor, coffer_error *error)
{
	const struct coffer_reference *reference = search->reference;
	const coffer_table *table = &search->writer->txn->schema->tables[reference->table];
	const coffer_scan all = {.index = COFFER_NO_INDEX};
	coffer_value *values = calloc(table->column_count + 1, sizeof(*values));
	const coffer_row *row;
	coffer_status status;

	if (!values)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row");
	status = coffer_cursor_scan(cursor, &all, error);
	while (!status && !is_done(search) && !(status = coffer_cursor_next(cursor, &row, error)))
		if (!(status = read_members(reference, row, values, error)) &&
		    refers_to(reference, values, search->key))
			status = add_found(search, coffer_row_number(row), error);
	free(values);
	return status;
}

static coffer_status
search_index(const struct search *search, coffer_cursor *cursor, coffer_error *error)
{
	coffer_value values[COFFER_KEY_COLUMNS_MAX];
	const coffer_scan scan = {
		.index = search->reference->relation->index,
		.equal = values,
		.equal_count = search->reference->column_count,
	};
	coffer_status status;
	uint64_t number;

	for (size_t i = 0; i < scan.equal_count; i++)
		values[i] = search->key[search->reference->relation_targets[i]];
	status = coffer_cursor_scan(cursor, &scan, error);
	while (!status && !is_done(search) &&
	       !(status = coffer_cursor_next_number(cursor, &number, error)))
		status = add_found(search, number, error);
	return status;
}

/* Rows that the statement has made to refer to the key. One that did so before, too, may come twice. */
static coffer_status
search_notes(const struct search *search, coffer_error *error)
{
	const struct coffer_reference *reference = search->reference;
	const struct coffer_change *change;
	coffer_status status = COFFER_OK;
	size_t at = 0;

	while (!status && !is_done(search) && at != SIZE_MAX &&
	       (change = next_noted(&search->writer->plan, reference, search->key,
				    reference->target_columns, reference->column_count, &at)))
		status = add_number(search, change->number, error);
	return status;
}

coffer_status
coffer_seen_referrers(struct coffer_writer *writer, const struct coffer_reference *reference,
		      const coffer_value *key, size_t count_max, struct coffer_numbers *numbers_out,
		      coffer_error *error)
{
	const struct search search = {writer, reference, key, numbers_out, count_max};
	struct coffer_table_writer *of;
	coffer_status status = coffer_writer_table(writer, reference->table, &of, error);

	*numbers_out = (struct coffer_numbers){0};
	if (!status)
		status = reference->relation->index == COFFER_NO_INDEX
				 ? search_rows(&search, of->cursor, error)
				 : search_index(&search, of->cursor, error);
	if (status == COFFER_NOT_FOUND)
		status = COFFER_OK;
	if (!status)
		status = search_notes(&search, error);
	return status;
}

bool
coffer_seen_refers(const struct coffer_writer *writer, const struct coffer_reference *reference,
		   const coffer_value *key, uint64_t number)
{
	const struct coffer_change *change =
		coffer_plan_find(&writer->plan, reference->table, number);

	return !change || (change->after.values && refers_to(reference, change->after.values, key));
}
