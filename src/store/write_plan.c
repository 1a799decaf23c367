/*
 * The rows that one statement changes, with their images before and after. Few as a rule, one mostly; where foreign keys
 * lead to many a hash table finds them by row.
 */
#include "store/write.h"

#include "format/checksum.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	LINEAR_MAX = 16,          /* changes that are searched one after another */
	ARENA_KEPT_MAX = 1 << 20, /* memory that stays from statement to statement */
};

void
coffer_plan_clear(struct coffer_plan *plan)
{
	if (plan->arena.total > ARENA_KEPT_MAX)
		coffer_arena_release(&plan->arena);
	else
		coffer_arena_reset(&plan->arena);
	free(plan->slots);
	free(plan->buckets);
	plan->slots = plan->buckets = NULL;
	plan->slot_count = plan->bucket_count = 0;
	plan->count = plan->turn_count = plan->note_count = plan->wait_count = 0;
}

void
coffer_plan_release(struct coffer_plan *plan)
{
	coffer_arena_release(&plan->arena);
	free(plan->changes);
	free(plan->slots);
	free(plan->turns);
	free(plan->notes);
	free(plan->buckets);
	free(plan->waits);
	*plan = (struct coffer_plan){0};
}

static uint64_t
hash_of(uint32_t table, uint64_t number)
{
	return coffer_hash(&number, sizeof(number), table);
}

/* The slot of a row, or the empty one where it goes. */
static uint32_t *
find_slot(const struct coffer_plan *plan, uint32_t table, uint64_t number)
{
	size_t at = hash_of(table, number) & (plan->slot_count - 1);

	while (plan->slots[at]) {
		const struct coffer_change *change = plan->changes[plan->slots[at] - 1];

		if (change->table == table && change->number == number)
			break;
		at = (at + 1) & (plan->slot_count - 1);
	}
	return &plan->slots[at];
}

struct coffer_change *
coffer_plan_find(const struct coffer_plan *plan, uint32_t table, uint64_t number)
{
	if (plan->slots) {
		uint32_t at = *find_slot(plan, table, number);

		return at ? plan->changes[at - 1] : NULL;
	}
	for (size_t i = 0; i < plan->count; i++)
		if (plan->changes[i]->table == table && plan->changes[i]->number == number)
			return plan->changes[i];
	return NULL;
}

/* New rows have no number to be found by. */
static void
fill_slots(struct coffer_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->changes[i]->number)
			*find_slot(plan, plan->changes[i]->table, plan->changes[i]->number) =
				(uint32_t)i + 1;
}

/* Room for one more change, and a hash table that is at most half full. */
static bool
make_room(struct coffer_plan *plan)
{
	size_t capacity = plan->capacity ? plan->capacity * 2 : LINEAR_MAX;
	struct coffer_change **changes;

	if (plan->count == plan->capacity) {
		changes = realloc(plan->changes, capacity * sizeof(struct coffer_change *));
		if (!changes)
			return false;
		plan->changes = changes;
		plan->capacity = capacity;
	}
	if (plan->count < LINEAR_MAX || plan->count < plan->slot_count / 2)
		return true;
	free(plan->slots);
	plan->slot_count = plan->slot_count ? plan->slot_count * 2 : 4 * LINEAR_MAX;
	plan->slots = calloc(plan->slot_count, sizeof(*plan->slots));
	if (plan->slots)
		fill_slots(plan);
	return plan->slots != NULL;
}

coffer_status
coffer_plan_add(struct coffer_plan *plan, uint32_t table, uint64_t number,
		struct coffer_change **change_out, coffer_error *error)
{
	struct coffer_change *change;

	*change_out = NULL;
	if (plan->count == COFFER_CHANGES_MAX)
		return coffer_error_set(error, COFFER_LIMIT,
					"one change would touch more than %d rows",
					COFFER_CHANGES_MAX);
	change = coffer_arena_alloc(&plan->arena, sizeof(*change));
	if (!change || !make_room(plan))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a change");
	change->table = table;
	change->number = number;
	plan->changes[plan->count++] = change;
	if (plan->slots && number)
		*find_slot(plan, table, number) = (uint32_t)plan->count;
	*change_out = change;
	return COFFER_OK;
}

coffer_status
coffer_plan_image(struct coffer_plan *plan, const coffer_table *table, struct coffer_image *out,
		  coffer_error *error)
{
	size_t count = table->column_count + 1;

	out->values = coffer_arena_alloc(&plan->arena, count * sizeof(*out->values));
	out->codes = coffer_arena_alloc(&plan->arena, count * sizeof(*out->codes));
	if (out->values && out->codes)
		return COFFER_OK;
	out->values = NULL;
	return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a row");
}

coffer_status
coffer_plan_copy(struct coffer_plan *plan, const coffer_table *table,
		 const struct coffer_image *from, struct coffer_image *out, coffer_error *error)
{
	coffer_status status = coffer_plan_image(plan, table, out, error);

	if (status)
		return status;
	memcpy(out->values, from->values, table->column_count * sizeof(*out->values));
	memcpy(out->codes, from->codes, table->column_count * sizeof(*out->codes));
	return COFFER_OK;
}

coffer_status
coffer_plan_keep(struct coffer_plan *plan, coffer_value *value, coffer_error *error)
{
	char *text;

	if (value->kind < COFFER_TEXT)
		return COFFER_OK;
	text = coffer_arena_text(&plan->arena, value->text.data, value->text.size);
	if (!text)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a value");
	value->text.data = text;
	return COFFER_OK;
}

/* Read a whole row. Its bytes move with the first write, so they are kept. */
static coffer_status
read_image(struct coffer_plan *plan, const coffer_table *table, const coffer_row *row,
	   struct coffer_image *out, coffer_error *error)
{
	coffer_status status = coffer_plan_image(plan, table, out, error);

	for (uint16_t i = 0; !status && i < table->column_count; i++) {
		if ((status = coffer_row_get(row, i, &out->values[i], error)) ||
		    (status = coffer_plan_keep(plan, &out->values[i], error)))
			break;
		if (table->columns[i].is_interned)
			status = coffer_row_get_code(row, i, &out->codes[i], error);
	}
	return status;
}

coffer_status
coffer_plan_row(struct coffer_writer *writer, uint32_t table, uint64_t number,
		struct coffer_change **change_out, coffer_error *error)
{
	struct coffer_table_writer *of;
	struct coffer_image before;
	const coffer_row *row;
	coffer_status status;

	*change_out = coffer_plan_find(&writer->plan, table, number);
	if (*change_out)
		return COFFER_OK;
	if ((status = coffer_writer_table(writer, table, &of, error)) ||
	    (status = coffer_cursor_get_number(of->cursor, number, &row, error)) ||
	    (status = read_image(&writer->plan, &writer->txn->schema->tables[table], row, &before,
				 error)) ||
	    (status = coffer_plan_add(&writer->plan, table, number, change_out, error)))
		return status;
	(*change_out)->before = before;
	return coffer_plan_copy(&writer->plan, &writer->txn->schema->tables[table], &before,
				&(*change_out)->after, error);
}

coffer_status
coffer_plan_open(struct coffer_writer *writer, struct coffer_change *change,
		 const coffer_value **from_out, coffer_error *error)
{
	const coffer_table *table = &writer->txn->schema->tables[change->table];
	struct coffer_image now = change->after;

	*from_out = change->is_made ? now.values : change->before.values;
	if (!change->is_made)
		return COFFER_OK;
	return coffer_plan_copy(&writer->plan, table, &now, &change->after, error);
}

coffer_status
coffer_plan_turn(struct coffer_plan *plan, struct coffer_turn turn, coffer_error *error)
{
	size_t capacity = plan->turn_capacity ? plan->turn_capacity * 2 : LINEAR_MAX;
	struct coffer_turn *turns;

	if (plan->turn_count == plan->turn_capacity) {
		if (!(turns = realloc(plan->turns, capacity * sizeof(*turns))))
			return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a change");
		plan->turns = turns;
		plan->turn_capacity = capacity;
	}
	plan->turns[plan->turn_count++] = turn;
	turn.change->is_made = true;
	return COFFER_OK;
}

coffer_status
coffer_plan_wait(struct coffer_plan *plan, struct coffer_wait wait, coffer_error *error)
{
	size_t capacity = plan->wait_capacity ? plan->wait_capacity * 2 : LINEAR_MAX;
	struct coffer_wait *waits;

	if (plan->wait_count == plan->wait_capacity) {
		if (!(waits = realloc(plan->waits, capacity * sizeof(*waits))))
			return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a check");
		plan->waits = waits;
		plan->wait_capacity = capacity;
	}
	plan->waits[plan->wait_count++] = wait;
	return COFFER_OK;
}
