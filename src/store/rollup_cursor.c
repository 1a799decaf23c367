/*
 * Reading a roll-up: a range of times, of one value of its column or of all.
 *
 * The key begins with the time. For one value each span is looked for by itself: a seek to where it would be, which mostly
 * finds it.
 */
#include "store/rollup.h"
#include "store/write.h"

#include <stdlib.h>
#include <string.h>

struct coffer_rollup_cursor {
	coffer_txn *txn;
	const coffer_table *table;
	const coffer_rollup *rollup;
	struct coffer_totals_form form;
	uint32_t tree;
	struct coffer_place *place;
	uint64_t writes; /* of the transaction when the scan began */
	bool is_scanning, has_code;
	uint32_t code;   /* the one that is wanted, with has_code */
	enum coffer_move move; /* what leads to the next entry */
	uint8_t key[COFFER_TOTALS_KEY_SIZE_MAX]; /* to be sought */
	uint8_t end[COFFER_TOTALS_KEY_SIZE_MAX]; /* beyond the last */
	size_t time_size;
	bool has_end;
	struct coffer_totals group;
	coffer_rollup_sum sums[COFFER_ROLLUP_SUMS_MAX];
	coffer_rollup_group given;
};

static coffer_status
flush(coffer_txn *txn, coffer_error *error)
{
	coffer_error failure = {0};
	coffer_status status;

	if (!txn->writer || txn->writer->status)
		return COFFER_OK;
	if ((status = coffer_writer_settle_rollups(txn->writer, &failure))) {
		coffer_writer_fail(txn->writer, status, &failure);
		coffer_error_set(error, status, "%s", failure.message);
	}
	return status;
}

coffer_status
coffer_rollup_open(coffer_txn *txn, uint32_t table, uint16_t rollup, coffer_rollup_cursor **cursor_out,
		   coffer_error *error)
{
	coffer_rollup_cursor *cursor;

	*cursor_out = NULL;
	if (table >= txn->schema->table_count || rollup >= txn->schema->tables[table].rollup_count)
		return coffer_error_set(error, COFFER_INVALID, "no roll-up has the number %u", rollup);
	if (!(cursor = calloc(1, sizeof(*cursor))))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a cursor");
	cursor->txn = txn;
	cursor->table = &txn->schema->tables[table];
	cursor->rollup = &cursor->table->rollups[rollup];
	cursor->form = coffer_totals_form_of(cursor->table, cursor->rollup);
	cursor->time_size = coffer_totals_key_size(&cursor->form) -
			    (cursor->form.has_code ? COFFER_CODE_KEY_SIZE : 0);
	cursor->tree = txn->trees->tables[table].rollups[rollup];
	*cursor_out = cursor;
	return COFFER_OK;
}

void
coffer_rollup_close(coffer_rollup_cursor *cursor)
{
	if (!cursor)
		return;
	coffer_place_close(cursor->place);
	free(cursor);
}

/* ------------------------------------------------------------------ where to */

/* The least key of a group that begins at `time` or later. */
static void
write_bound(const coffer_rollup_cursor *cursor, const coffer_value *time,
	    uint8_t key[COFFER_TOTALS_KEY_SIZE_MAX])
{
	coffer_value bound = *time;

	if (bound.time != INT64_MIN && bound.time != INT64_MAX &&
	    coffer_totals_begin(&cursor->form, bound.time) != bound.time) {
		/* A span that began before is left out: the next one. */
		bound.time = coffer_totals_begin(&cursor->form, bound.time);
		if (__builtin_add_overflow(bound.time, cursor->form.span, &bound.time))
			bound.time = INT64_MAX;
	}
	(void)coffer_totals_key_write(&cursor->form, &bound, 0, key);
}

static coffer_status
find_code(coffer_rollup_cursor *cursor, const coffer_value *equal, coffer_error *error)
{
	cursor->has_code = true;
	cursor->code = 0;
	if (!cursor->form.has_code || (equal->kind != COFFER_TEXT && equal->kind != COFFER_NULL))
		return coffer_error_set(error, COFFER_INVALID,
					cursor->form.has_code ? "the value is no text"
							      : "the roll-up is by no column");
	if (equal->kind == COFFER_NULL)
		return COFFER_OK;
	return coffer_pool_code(cursor->txn, equal->text, &cursor->code, error);
}

/* Outside of the times that there are, the span that one lies in may have no beginning. */
static bool
is_bound(const coffer_value *bound)
{
	static const struct coffer_form form = {.kind = COFFER_TIME};

	return !bound || (bound->kind == COFFER_TIME && coffer_element_is_in_range(form, bound));
}

coffer_status
coffer_rollup_seek(coffer_rollup_cursor *cursor, const coffer_rollup_scan *scan, coffer_error *error)
{
	coffer_status status;

	cursor->is_scanning = cursor->has_code = cursor->has_end = false;
	if (!is_bound(scan->from) || !is_bound(scan->to))
		return coffer_error_set(error, COFFER_INVALID, "a bound is no time");
	if ((status = flush(cursor->txn, error)))
		return status;
	if (scan->equal && (status = find_code(cursor, scan->equal, error)))
		return status == COFFER_NOT_FOUND ? COFFER_OK : status; /* a text that the store does not have */
	coffer_place_close(cursor->place);
	cursor->place = NULL;
	if ((status = coffer_place_open(cursor->txn->snapshot, cursor->tree, &cursor->place, error)))
		return status;
	memset(cursor->key, 0, sizeof(cursor->key));
	if (scan->from)
		write_bound(cursor, scan->from, cursor->key);
	cursor->has_end = scan->to;
	if (scan->to)
		write_bound(cursor, scan->to, cursor->end);
	if (cursor->has_code)
		coffer_key_put_code(cursor->key + cursor->time_size, cursor->code);
	cursor->writes = cursor->txn->writes;
	cursor->is_scanning = true;
	cursor->move = COFFER_MOVE_SEEK;
	return COFFER_OK;
}

/* ------------------------------------------------------------------ one group */

static coffer_status
give(coffer_rollup_cursor *cursor, struct coffer_bytes key, struct coffer_bytes value,
     coffer_error *error)
{
	coffer_rollup_group *given = &cursor->given;
	enum coffer_fault fault = coffer_totals_key_read(&cursor->form, key.data, key.size, &given->time,
							&given->code);
	coffer_status status;

	if (fault) {
		coffer_error_set(error, COFFER_CORRUPT, "%s", coffer_fault_text(fault));
		coffer_error_at(error, "rollups/%s/%s", cursor->table->name, cursor->rollup->name);
		return COFFER_CORRUPT;
	}
	status = coffer_totals_open(cursor->table, cursor->rollup, &cursor->form, key, value,
				   &cursor->group, error);
	if (status)
		return status;
	given->rows = (uint64_t)cursor->group.rows;
	for (size_t i = 0; i < cursor->form.sum_count; i++)
		cursor->sums[i] = (coffer_rollup_sum){
			.values = (uint64_t)cursor->group.sums[i].values,
			.unfit = (uint64_t)cursor->group.sums[i].unfit,
			.total = cursor->group.sums[i].total,
		};
	given->sums = cursor->sums;
	given->value.kind = given->code ? COFFER_TEXT : COFFER_NULL;
	return given->code ? coffer_pool_text(cursor->txn, given->code, &given->value.text, error)
			   : COFFER_OK;
}

/* To the wanted code in the next span: where that is not there, a later one is found. False: there is none. */
static bool
seek_next_span(coffer_rollup_cursor *cursor, struct coffer_bytes key)
{
	size_t at = cursor->time_size;
	coffer_value time;
	uint32_t code;

	(void)coffer_totals_key_read(&cursor->form, key.data, key.size, &time, &code);
	if (time.kind == COFFER_TIME && time.time != INT64_MIN && time.time < COFFER_TIME_END) {
		time.time += cursor->form.span;
		(void)coffer_totals_key_write(&cursor->form, &time, cursor->code, cursor->key);
		return true;
	}
	/* What has no next span, or is damaged: whatever comes next. */
	memcpy(cursor->key, key.data, at);
	coffer_key_put_code(cursor->key + at, 0);
	while (at > 0 && !++cursor->key[at - 1])
		at--;
	return at > 0;
}

/* An entry of another code: seek the wanted one. `is_over_out`: there can be none any more. */
static bool
pass_over(coffer_rollup_cursor *cursor, struct coffer_bytes key, bool *is_over_out)
{
	uint32_t code;

	if (!cursor->has_code || key.size != coffer_totals_key_size(&cursor->form))
		return false;
	code = coffer_key_get_code(key.data + cursor->time_size);
	if (code == cursor->code)
		return false;
	cursor->move = COFFER_MOVE_SEEK;
	if (code > cursor->code) {
		*is_over_out = !seek_next_span(cursor, key);
		return true;
	}
	memcpy(cursor->key, key.data, cursor->time_size);
	coffer_key_put_code(cursor->key + cursor->time_size, cursor->code);
	return true;
}

static bool
is_behind_end(const coffer_rollup_cursor *cursor, struct coffer_bytes key)
{
	return cursor->has_end && key.size >= cursor->time_size &&
	       memcmp(key.data, cursor->end, cursor->time_size) >= 0;
}

coffer_status
coffer_rollup_next(coffer_rollup_cursor *cursor, const coffer_rollup_group **group_out,
		   coffer_error *error)
{
	struct coffer_bytes key, value;
	bool is_over = false;
	coffer_status status;

	*group_out = NULL;
	if (!cursor->is_scanning)
		return COFFER_NOT_FOUND;
	if (cursor->writes != cursor->txn->writes)
		return coffer_error_set(error, COFFER_INVALID, "a write has ended the scan");
	do {
		key = (struct coffer_bytes){cursor->key, coffer_totals_key_size(&cursor->form)};
		status = coffer_place_move(cursor->place, cursor->move, &key, &value, error);
		if (!status && is_behind_end(cursor, key))
			status = COFFER_NOT_FOUND;
		cursor->move = COFFER_MOVE_NEXT;
	} while (!status && pass_over(cursor, key, &is_over) && !is_over);
	if (is_over)
		status = COFFER_NOT_FOUND;
	if (status || (status = give(cursor, key, value, error))) {
		cursor->is_scanning = false;
		return status;
	}
	*group_out = &cursor->given;
	return COFFER_OK;
}
