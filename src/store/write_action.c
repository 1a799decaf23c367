/*
 * What follows from a change, in the order in which a server does it: each row that is changed has its turn in a queue; its
 * foreign keys are looked at one after another, those of others first, and the rows that this changes join the end of the
 * queue. The order shows: RESTRICT and NO ACTION refuse because of a row that a later turn would take away. Of several
 * foreign keys of one table the server takes the one made first; here it is the order of the schema, which is the order in
 * which 'coffer export' and pg_dump make them. SPEC.md 7.3.
 */
#include "store/write.h"

#include "schema/layout.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const coffer_table *
table_of(const struct coffer_writer *writer, uint32_t table)
{
	return &writer->txn->schema->tables[table];
}

/* ------------------------------------------------------------------ a turn */

/* What the row came to hold that no tree finds: its unique keys, and what it refers to. */
static coffer_status
note_turn(struct coffer_writer *writer, struct coffer_change *change, coffer_error *error)
{
	const struct coffer_references *all = &writer->store->references;
	const coffer_table *table = table_of(writer, change->table);
	struct coffer_note note = {.change = change};
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < table->index_count; i++) {
		note.what = &table->indexes[i];
		note.columns = table->indexes[i].key_columns;
		note.column_count = table->indexes[i].key_column_count;
		if (table->indexes[i].tree == COFFER_TREE_HASHED)
			status = coffer_plan_note(&writer->plan, note, error);
	}
	for (size_t i = all->from_begin[change->table];
	     !status && i < all->from_begin[change->table + 1]; i++) {
		note.what = all->from[i];
		note.columns = all->from[i]->columns;
		note.column_count = all->from[i]->column_count;
		status = coffer_plan_note(&writer->plan, note, error);
	}
	return status;
}

coffer_status
coffer_plan_make(struct coffer_writer *writer, struct coffer_change *change,
		 const coffer_value *from, coffer_error *error)
{
	const struct coffer_turn turn = {change, from, change->after.values};
	coffer_status status = coffer_plan_turn(&writer->plan, turn, error);

	if (status || !turn.to)
		return status;
	if ((status = coffer_check_nulls(writer, change, error)) ||
	    (status = coffer_check_keys(writer, &turn, error)))
		return status;
	return note_turn(writer, change, error);
}

coffer_status
coffer_check_generated(const coffer_table *table, const bool *given, coffer_error *error)
{
	for (size_t i = 0; i < table->column_count; i++) {
		if (!table->columns[i].generated_sql || (given && given[i]))
			continue;
		coffer_error_set(error, COFFER_INVALID,
				 "not given, and it is generated, which only a server does");
		return coffer_error_at(error, "%s.%s", table->name, table->columns[i].name);
	}
	return COFFER_OK;
}

/* ------------------------------------------------------------------ members of a row that refers */

/* ON DELETE SET NULL (a) and SET DEFAULT (a) leave the other members. */
static bool
is_set_at_delete(const coffer_relation *relation, uint16_t column)
{
	return !relation->delete_column_count ||
	       coffer_columns_have(relation->delete_columns, relation->delete_column_count, column);
}

/* The key's new value as the referring column can hold it. */
static coffer_status
cascade(struct coffer_writer *writer, const coffer_column *column, coffer_value *value,
	coffer_error *error)
{
	coffer_status status =
		coffer_value_settle(writer->txn->schema, column, value, &writer->scratch, error);

	return status ? status : coffer_plan_keep(&writer->plan, value, error);
}

static coffer_status
set_member(struct coffer_writer *writer, const struct coffer_reference *reference,
	   coffer_action action, const struct coffer_turn *turn, size_t member,
	   struct coffer_change *change, coffer_error *error)
{
	const coffer_table *table = table_of(writer, change->table);
	uint16_t column = reference->columns[member];
	coffer_value value = {.kind = COFFER_NULL};
	coffer_status status = COFFER_OK;

	if (!turn->to && !is_set_at_delete(reference->relation, column))
		return COFFER_OK;
	if (action == COFFER_CASCADE) {
		value = turn->to[reference->target_columns[member]];
		status = cascade(writer, &table->columns[column], &value, error);
		if (status)
			coffer_error_at(error, "%s", table->columns[column].name);
	} else if (action == COFFER_SET_DEFAULT) {
		status = coffer_writer_server_default(writer, change->table, column, &value, error);
	}
	if (status)
		return coffer_error_at(error, "%s", table->name);
	change->after.values[column] = value;
	change->after.codes[column] = 0;
	return COFFER_OK;
}

static coffer_status
set_members(struct coffer_writer *writer, const struct coffer_reference *reference,
	    coffer_action action, const struct coffer_turn *turn, struct coffer_change *change,
	    coffer_error *error)
{
	coffer_status status = coffer_check_generated(table_of(writer, change->table), NULL, error);

	for (size_t k = 0; !status && k < reference->column_count; k++)
		status = set_member(writer, reference, action, turn, k, change, error);
	return status;
}

/* ------------------------------------------------------------------ one foreign key of others */

/* An index entry without its row is damage. */
static coffer_status
plan_referrer(struct coffer_writer *writer, const struct coffer_reference *reference,
	      uint64_t number, struct coffer_change **change_out, coffer_error *error)
{
	coffer_status status = coffer_plan_row(writer, reference->table, number, change_out, error);

	if (status != COFFER_NOT_FOUND)
		return status;
	coffer_error_set(error, COFFER_CORRUPT,
			 "an index names row %" PRIu64 ", which does not exist", number);
	return coffer_error_at(error, "%s", table_of(writer, reference->table)->name);
}

/* Do to one row what the foreign key says. */
static coffer_status
act(struct coffer_writer *writer, const struct coffer_reference *reference, coffer_action action,
    const struct coffer_turn *turn, uint64_t number, coffer_error *error)
{
	struct coffer_change *change;
	const coffer_value *from;
	coffer_status status;

	if (!coffer_seen_refers(writer, reference, turn->from, number))
		return COFFER_OK;
	if ((status = plan_referrer(writer, reference, number, &change, error)) ||
	    (status = coffer_plan_open(writer, change, &from, error)))
		return status;
	if (action == COFFER_CASCADE && !turn->to)
		change->after.values = NULL;
	else
		status = set_members(writer, reference, action, turn, change, error);
	return status ? status : coffer_plan_make(writer, change, from, error);
}

static coffer_status
act_on_all(struct coffer_writer *writer, const struct coffer_reference *reference,
	   coffer_action action, const struct coffer_turn *turn, coffer_error *error)
{
	struct coffer_numbers numbers;
	coffer_status status =
		coffer_seen_referrers(writer, reference, turn->from, SIZE_MAX, &numbers, error);

	for (size_t i = 0; !status && i < numbers.count; i++)
		status = act(writer, reference, action, turn, numbers.list[i], error);
	/*
	 * The default may be the very key that goes; and what a column cuts off a key, a varchar trailing blanks, may be
	 * all that makes it another. Neither looks like a change of the row, and both leave it alone.
	 */
	if (!status && numbers.count && (action == COFFER_SET_DEFAULT || turn->to))
		status = coffer_check_left(writer, reference, turn->from, true, false, error);
	free(numbers.list);
	return status;
}

/* By bytes, unlike the rows that refer to it: a server hands on that -0 became 0. */
static bool
is_same(const coffer_value *left, const coffer_value *right)
{
	if (left->kind == COFFER_FLOAT && right->kind == COFFER_FLOAT)
		return left->integer == right->integer; /* the same eight bytes */
	return coffer_key_is_equal(left, right);
}

/* Had the row a key that others can refer to, and has it no more? */
static bool
leaves_key(const struct coffer_reference *reference, const struct coffer_turn *turn)
{
	bool is_left = !turn->to;

	for (size_t k = 0; k < reference->column_count; k++) {
		uint16_t column = reference->target_columns[k];

		if (turn->from[column].kind == COFFER_NULL)
			return false;
		is_left = is_left || !is_same(&turn->from[column], &turn->to[column]);
	}
	return is_left;
}

static coffer_status
follow_key(struct coffer_writer *writer, const struct coffer_reference *reference,
	   const struct coffer_turn *turn, coffer_error *error)
{
	coffer_action action =
		turn->to ? reference->relation->on_update : reference->relation->on_delete;
	bool is_waiting = writer->is_deferred || reference->is_deferred;

	if (!leaves_key(reference, turn))
		return COFFER_OK;
	if (action == COFFER_RESTRICT)
		return coffer_check_left(writer, reference, turn->from, false, false, error);
	if (action == COFFER_NO_ACTION)
		return coffer_check_left(writer, reference, turn->from, true, is_waiting, error);
	return act_on_all(writer, reference, action, turn, error);
}

/* ------------------------------------------------------------------ the queue */

static coffer_status
follow_references(struct coffer_writer *writer, const struct coffer_turn *turn, coffer_error *error)
{
	const struct coffer_references *all = &writer->store->references;
	uint32_t table = turn->change->table;
	coffer_status status = COFFER_OK;

	for (size_t i = all->to_begin[table]; !status && turn->from && i < all->to_begin[table + 1];
	     i++)
		status = follow_key(writer, all->to[i], turn, error);
	for (size_t i = all->from_begin[table];
	     !status && turn->to && i < all->from_begin[table + 1]; i++)
		status = coffer_check_reference(writer, all->from[i], turn, error);
	return status;
}

/* A server does this by triggers, in the order of their names: "PK_...", "RI_..._a", "RI_..._c", "Unique_...". */
static coffer_status
follow(struct coffer_writer *writer, const struct coffer_turn *turn, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	if (turn->to && turn->to == turn->change->after.values)
		status = coffer_check_late_keys(writer, turn, true, error);
	if (!status)
		status = follow_references(writer, turn, error);
	if (!status && turn->to && turn->to == turn->change->after.values)
		status = coffer_check_late_keys(writer, turn, false, error);
	return status;
}

coffer_status
coffer_plan_follow(struct coffer_writer *writer, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < writer->plan.turn_count; i++) {
		const struct coffer_turn turn =
			writer->plan.turns[i]; /* the list moves as it grows */

		status = follow(writer, &turn, error);
	}
	return status;
}
