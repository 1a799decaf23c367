/*
 * From a row to its groups.
 *
 *   values --> numbers to be added, once for all roll-ups of the same columns
 *         \--> key: the span of its time, its code --> group
 *
 * Rows come by time: the span of the row before is tried first. A row of a load waits for the next one before it is added: the
 * memory of its groups comes meanwhile, which would else take longer than all the rest.
 */
#include "store/rollup.h"

#include <stdlib.h>
#include <string.h>

static bool
has_same_sums(const coffer_rollup *left, const coffer_rollup *right)
{
	return left->sum_count == right->sum_count &&
	       (!left->sum_count ||
		!memcmp(left->sums, right->sums, left->sum_count * sizeof(*left->sums)));
}

coffer_status
coffer_tallies_init(struct coffer_tallies *tallies, const coffer_table *table, size_t memory_size,
		    struct coffer_sort_scratch *scratch, const char *path, coffer_error *error)
{
	*tallies = (struct coffer_tallies){0};
	if (!table->rollup_count)
		return COFFER_OK;
	tallies->list = calloc(table->rollup_count, sizeof(*tallies->list));
	if (!tallies->list)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for roll-ups");
	tallies->count = table->rollup_count;
	tallies->is_late = scratch != NULL;
	for (size_t i = 0; i < table->rollup_count; i++) {
		const coffer_rollup *rollup = &table->rollups[i];
		struct coffer_tally *tally = &tallies->list[i];

		tally->rollup = rollup;
		tally->form = coffer_totals_form_of(table, rollup);
		tally->time_size = coffer_totals_key_size(&tally->form) -
				   (tally->form.has_code ? COFFER_CODE_KEY_SIZE : 0);
		tally->has_sums_before = i && has_same_sums(rollup, rollup - 1);
		tally->from = 1;
		coffer_groups_init(&tally->groups, rollup->sum_count,
				   memory_size / table->rollup_count, scratch, path);
	}
	return COFFER_OK;
}

void
coffer_tallies_release(struct coffer_tallies *tallies)
{
	for (size_t i = 0; i < tallies->count; i++)
		coffer_groups_release(&tallies->list[i].groups);
	free(tallies->list);
	*tallies = (struct coffer_tallies){0};
}

/* ------------------------------------------------------------------ one row */

/* What a value adds to the sum of its column. */
static void
count_value(const coffer_value *value, int sign, struct coffer_totals_sum *sum)
{
	bool does_fit = true;

	sum->values = sum->unfit = 0;
	coffer_fixed_of_integer(0, &sum->total);
	if (value->kind == COFFER_NULL)
		return;
	if (value->kind == COFFER_FLOAT)
		does_fit = coffer_fixed_of_float(value->real, &sum->total);
	else
		coffer_fixed_of_integer(value->integer, &sum->total);
	sum->values = sign;
	sum->unfit = does_fit ? 0 : sign;
	if (sign < 0)
		sum->total = coffer_fixed_negated(sum->total);
}

static void
count_row(const coffer_rollup *rollup, const coffer_value *values, int sign,
	  struct coffer_totals *part)
{
	part->rows = sign;
	for (size_t i = 0; i < rollup->sum_count; i++)
		count_value(&values[rollup->sums[i]], sign, &part->sums[i]);
}

static void
set_key(struct coffer_tally *tally, const coffer_value *time, uint32_t code)
{
	if (time->kind == COFFER_TIME && time->time >= tally->from && time->time <= tally->to) {
		if (tally->form.has_code)
			coffer_key_put_code(tally->key + tally->time_size, code);
		return;
	}
	(void)coffer_totals_key_write(&tally->form, time, code, tally->key);
	tally->from = 1;
	tally->to = 0;
	if (time->kind != COFFER_TIME || time->time == INT64_MIN || time->time == INT64_MAX)
		return;
	tally->from = coffer_totals_begin(&tally->form, time->time);
	tally->to = tally->from + tally->form.span - 1;
}

/* Its parts and keys stand in the tallies then. */
static void
count(struct coffer_tallies *tallies, const coffer_value *values, const uint32_t *codes, int sign)
{
	for (size_t i = 0; i < tallies->count; i++) {
		struct coffer_tally *tally = &tallies->list[i];
		const coffer_rollup *rollup = tally->rollup;
		bool has_code = rollup->column != COFFER_NO_COLUMN &&
				values[rollup->column].kind != COFFER_NULL;

		if (!tally->has_sums_before)
			count_row(rollup, values, sign, &tally->part);
		set_key(tally, &values[rollup->time_column], has_code ? codes[rollup->column] : 0);
		if (tallies->is_late)
			coffer_groups_expect(&tally->groups, tally->key);
	}
	tallies->has_pending = true;
}

coffer_status
coffer_tallies_settle(struct coffer_tallies *tallies, coffer_error *error)
{
	const struct coffer_totals *part = NULL;
	coffer_status status = COFFER_OK;

	if (!tallies->has_pending)
		return COFFER_OK;
	tallies->has_pending = false;
	for (size_t i = 0; tallies->is_late && i < tallies->count; i++)
		coffer_groups_expect_entry(&tallies->list[i].groups, tallies->list[i].key);
	for (size_t i = 0; !status && i < tallies->count; i++) {
		struct coffer_tally *tally = &tallies->list[i];

		part = tally->has_sums_before ? part : &tally->part;
		status = coffer_groups_add(&tally->groups, tally->key, part, error);
	}
	return status;
}

coffer_status
coffer_tallies_add(struct coffer_tallies *tallies, const coffer_value *values, const uint32_t *codes,
		   int sign, coffer_error *error)
{
	coffer_status status = coffer_tallies_settle(tallies, error);

	if (status || !tallies->count)
		return status;
	count(tallies, values, codes, sign);
	return tallies->is_late ? COFFER_OK : coffer_tallies_settle(tallies, error);
}

/* ------------------------------------------------------------------ values in trees */

size_t
coffer_tally_seal(const struct coffer_tally *tally, const uint8_t *key,
		  const struct coffer_totals *group,
		  uint8_t out[COFFER_CHECKSUM_SIZE + COFFER_TOTALS_VALUE_MAX])
{
	size_t size = COFFER_CHECKSUM_SIZE +
		      coffer_totals_encode(&tally->form, group, out + COFFER_CHECKSUM_SIZE);

	coffer_checksum_seal(tally->rollup->id, key, coffer_totals_key_size(&tally->form), out, size);
	return size;
}

coffer_status
coffer_totals_open(const coffer_table *table, const coffer_rollup *rollup,
		  const struct coffer_totals_form *form, struct coffer_bytes key,
		  struct coffer_bytes value, struct coffer_totals *group_out, coffer_error *error)
{
	enum coffer_fault fault =
		coffer_checksum_check(rollup->id, key.data, key.size, value.data, value.size);

	if (!fault)
		fault = coffer_totals_decode(form, value.data + COFFER_CHECKSUM_SIZE,
					    value.size - COFFER_CHECKSUM_SIZE, group_out);
	if (!fault)
		return COFFER_OK;
	coffer_error_set(error, COFFER_CORRUPT, "%s", coffer_fault_text(fault));
	coffer_error_at(error, "rollups/%s/%s", table->name, rollup->name);
	return COFFER_CORRUPT;
}
