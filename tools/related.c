/*
 * Relations followed in both directions, each on a cursor of its own: the row at the centre is borrowed
 * from another cursor and stays.
 */
#include "related.h"

#include "interrupt.h"
#include "row_output.h"

/* The members that both directions have. `columns` are the referencing table's. */
static void
open_relation(struct coffer_json *json, const coffer_table *table, const coffer_relation *relation,
	      const char *other)
{
	coffer_json_open(json, NULL, '{');
	coffer_json_text(json, "table", other);
	coffer_json_text(json, "relation", relation->name);
	coffer_json_bool(json, "is_foreign_key", !relation->is_soft);
	coffer_json_open_inline(json, "columns", '[');
	for (size_t i = 0; i < relation->column_count; i++)
		coffer_json_text(json, NULL, table->columns[relation->columns[i]].name);
	coffer_json_close(json, ']');
}

static coffer_status
print_row(struct coffer_json *json, const char *name, const coffer_table *table,
	  const coffer_row *row, coffer_error *error)
{
	struct coffer_row_output rows;
	coffer_status status = coffer_row_output_init(&rows, table, NULL, 0, error);

	coffer_json_name(json, name);
	if (!status)
		status = coffer_row_output_write(&rows, row, json->output, error);
	coffer_row_output_release(&rows);
	return status;
}

static coffer_status
print_target(const struct coffer_related *related, struct coffer_json *json,
	     const coffer_table *table, uint16_t number, const coffer_row *row, coffer_error *error)
{
	const coffer_relation *relation = &table->relations[number];
	const coffer_table *target = &related->schema->tables[relation->target_table];
	const coffer_row *found;
	coffer_cursor *cursor;
	coffer_status status =
		coffer_cursor_open(related->txn, relation->target_table, &cursor, error);

	if (status)
		return status;
	open_relation(json, table, relation, target->name);
	status = coffer_row_follow(row, number, cursor, &found, error);
	if (!status)
		status = print_row(json, "row", target, found, error);
	else if (status == COFFER_NOT_FOUND)
		coffer_json_text(json, "row", NULL);
	coffer_json_close(json, '}');
	coffer_cursor_close(cursor);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

/* The first rows in full, the rest counted without reading them. */
static coffer_status
print_found(const struct coffer_related *related, struct coffer_json *json,
	    const coffer_table *table, coffer_cursor *cursor, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	const coffer_row *row;
	uint64_t count = 0, number;

	coffer_json_open(json, "rows", '[');
	for (; !status && count < related->limit; count += !status)
		if (!(status = coffer_cursor_next(cursor, &row, error)))
			status = print_row(json, NULL, table, row, error);
	coffer_json_close(json, ']');
	for (; !status; count += !status) {
		if (coffer_interrupt_is_noted())
			return coffer_error_set(error, COFFER_INTERRUPTED, "interrupted");
		status = coffer_cursor_next_number(cursor, &number, error);
	}
	coffer_json_number(json, "count", count);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

static coffer_status
print_source(const struct coffer_related *related, struct coffer_json *json, uint32_t source,
	     uint16_t number, const coffer_row *row, coffer_error *error)
{
	const coffer_table *table = &related->schema->tables[source];
	coffer_cursor *cursor;
	coffer_status status = coffer_cursor_open(related->txn, source, &cursor, error);

	if (!status)
		status = coffer_row_referrers(row, cursor, number, related->is_reverse, error);
	if (!status) {
		open_relation(json, table, &table->relations[number], table->name);
		status = print_found(related, json, table, cursor, error);
		coffer_json_close(json, '}');
	}
	coffer_cursor_close(cursor);
	return status;
}

/* Can it be followed at all? One to any table cannot, nor one of a partition, whose rows the parent has. */
static bool
is_followed(const struct coffer_related *related, const coffer_relation *relation)
{
	return relation->target_table != COFFER_NO_TABLE &&
	       relation->target_index != COFFER_NO_INDEX &&
	       related->schema->tables[relation->target_table].id;
}

coffer_status
coffer_related_print(const struct coffer_related *related, struct coffer_json *json, uint32_t table,
		     const coffer_row *row, coffer_error *error)
{
	const coffer_table *centre = &related->schema->tables[table];
	coffer_status status = COFFER_OK;

	coffer_json_open(json, "refers_to", '[');
	for (size_t i = 0; !status && i < centre->relation_count; i++)
		if (is_followed(related, &centre->relations[i]))
			status = print_target(related, json, centre, (uint16_t)i, row, error);
	coffer_json_close(json, ']');
	coffer_json_open(json, "referred_by", '[');
	for (uint32_t t = 0; !status && t < related->schema->table_count; t++) {
		const coffer_table *source = &related->schema->tables[t];

		for (size_t i = 0; !status && source->id && i < source->relation_count; i++)
			if (source->relations[i].target_table == table &&
			    source->relations[i].index != COFFER_NO_INDEX)
				status = print_source(related, json, t, (uint16_t)i, row, error);
	}
	coffer_json_close(json, ']');
	return status;
}
