/*
 * Where a roll-up differs from the rows: they are read again and added up group by group, and each group that differs is told
 * with both numbers. What does not fit in memory goes to a file.
 */
#include "verify/rollup.h"

#include "format/checksum.h"
#include "store/groups.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MEMORY = 32 << 20,
	PLACE_SIZE = COFFER_SCALAR_TEXT_SIZE + 16,
};

/* The walk over a roll-up's tree beside the groups that the rows give. */
struct comparison {
	struct coffer_table_check *check;
	struct coffer_rollup_check *of;
	struct coffer_groups groups;
	struct coffer_sort_scratch scratch;
	coffer_buffer path;
	const char *name;
	size_t key_size;
	const uint8_t *key; /* of the next group of the rows; NULL: there is none */
	const struct coffer_totals *group;
};

static void
advance(struct comparison *comparison)
{
	coffer_error error = {0};
	coffer_status status = coffer_groups_next(&comparison->groups, &comparison->key,
						  &comparison->group, &error);

	if (status)
		comparison->key = NULL;
	if (status < 0)
		coffer_verifier_fail(comparison->check->verifier, status, error.message);
}

static void
report(const struct comparison *comparison, const uint8_t *key, size_t size, const char *format, ...)
	COFFER_PRINTF(4, 5);

/* With the group in the place, by its time and code. */
static void
report(const struct comparison *comparison, const uint8_t *key, size_t size, const char *format, ...)
{
	const coffer_column *time_column =
		&comparison->check->table->columns[comparison->of->rollup->time_column];
	char place[PLACE_SIZE] = "?", message[384];
	coffer_value time;
	va_list arguments;
	uint32_t code;
	size_t at;

	va_start(arguments, format);
	(void)vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	if (!coffer_totals_key_read(&comparison->of->form, key, size, &time, &code)) {
		if (time.kind == COFFER_TIME)
			at = coffer_time_print(time.time, time_column->has_zone, place);
		else
			at = (size_t)snprintf(place, sizeof(place), "NULL");
		if (comparison->of->form.has_code)
			(void)snprintf(place + at, sizeof(place) - at, ", %" PRIu32, code);
	}
	coffer_verifier_report(comparison->check->verifier, COFFER_ROLLUP_GROUPS, COFFER_CORRUPT,
			       (struct coffer_spot){.base = comparison->name, .entry = place}, "%s",
			       message);
}

static void
compare_sum(const struct comparison *comparison, size_t number, const struct coffer_totals *is)
{
	const struct coffer_rollup_check *of = comparison->of;
	const char *column = comparison->check->table->columns[of->rollup->sums[number]].name;
	const struct coffer_totals_sum *sum = &is->sums[number],
				      *expected = &comparison->group->sums[number];
	int exponent = of->form.is_float[number] ? COFFER_FIXED_EXPONENT : 0;

	if (sum->values != expected->values)
		report(comparison, comparison->key, comparison->key_size,
		       "%s has %" PRId64 " values, expected %" PRId64, column, sum->values,
		       expected->values);
	if (sum->unfit != expected->unfit)
		report(comparison, comparison->key, comparison->key_size,
		       "%s has %" PRId64 " values that do not fit, expected %" PRId64, column,
		       sum->unfit, expected->unfit);
	if (!coffer_fixed_is_equal(&sum->total, &expected->total))
		report(comparison, comparison->key, comparison->key_size,
		       "%s sums to %.17g (%016" PRIx64 " %016" PRIx64 " %016" PRIx64
		       "), expected %.17g (%016" PRIx64 " %016" PRIx64 " %016" PRIx64 ")",
		       column, coffer_fixed_round(&sum->total, exponent), (uint64_t)sum->total.high,
		       sum->total.middle, sum->total.low,
		       coffer_fixed_round(&expected->total, exponent), (uint64_t)expected->total.high,
		       expected->total.middle, expected->total.low);
}

static void
compare_group(const struct comparison *comparison, const struct coffer_totals *is)
{
	if (is->rows != comparison->group->rows)
		report(comparison, comparison->key, comparison->key_size,
		       "the group has %" PRId64 " rows, expected %" PRId64, is->rows,
		       comparison->group->rows);
	for (size_t i = 0; i < comparison->of->rollup->sum_count; i++)
		compare_sum(comparison, i, is);
}

/* Groups of the rows that the tree passes over. */
static void
report_missing(struct comparison *comparison, const uint8_t *key)
{
	while (comparison->key && (!key || memcmp(comparison->key, key, comparison->key_size) < 0)) {
		report(comparison, comparison->key, comparison->key_size,
		       "the group of %" PRId64 " rows is missing", comparison->group->rows);
		advance(comparison);
	}
}

/* The numbers of an entry; false when it has none. */
static bool
read_group(const struct comparison *comparison, struct coffer_bytes key, struct coffer_bytes value,
	   struct coffer_totals *group_out)
{
	enum coffer_fault fault = coffer_checksum_check(comparison->of->rollup->id, key.data, key.size,
							value.data, value.size);

	if (!fault)
		fault = coffer_totals_decode(&comparison->of->form, value.data + COFFER_CHECKSUM_SIZE,
					    value.size - COFFER_CHECKSUM_SIZE, group_out);
	if (fault)
		report(comparison, key.data, key.size, "%s", coffer_fault_text(fault));
	return !fault;
}

static void
check_entry(struct comparison *comparison, struct coffer_bytes key, struct coffer_bytes value,
	    bool is_comparable)
{
	struct coffer_totals group;
	coffer_value time;
	uint32_t code;
	bool is_read, is_expected;

	if (coffer_totals_key_read(&comparison->of->form, key.data, key.size, &time, &code)) {
		report(comparison, key.data, key.size, "%s", coffer_fault_text(COFFER_FAULT_KEY));
		return;
	}
	is_read = read_group(comparison, key, value, &group);
	if (!is_comparable)
		return;
	report_missing(comparison, key.data);
	is_expected = comparison->key && !memcmp(comparison->key, key.data, key.size);
	if (!is_expected)
		report(comparison, key.data, key.size,
		       is_read ? "the group of %" PRId64 " rows is that of no row"
			       : "the group is that of no row",
		       is_read ? group.rows : 0);
	else if (is_read)
		compare_group(comparison, &group);
	if (is_expected)
		advance(comparison);
}

/* ------------------------------------------------------------------ the rows again */

static void
count_value(struct coffer_totals_sum *sum, const coffer_value *value)
{
	bool is_negative = value->kind == COFFER_FLOAT ? value->real < 0 : value->integer < 0;

	*sum = (struct coffer_totals_sum){0};
	if (value->kind == COFFER_NULL)
		return;
	sum->values = 1;
	if (value->kind != COFFER_FLOAT)
		sum->total.low = is_negative ? 0 - (uint64_t)value->integer : (uint64_t)value->integer;
	else if (!coffer_verify_units(value->real, &sum->total.middle, &sum->total.low))
		sum->unfit = 1;
	if (sum->unfit)
		sum->total = (coffer_fixed){0};
	else if (is_negative)
		sum->total = coffer_fixed_negated(sum->total);
}

/* False: it cannot be read, which was found before. */
static bool
read_row(struct comparison *comparison, uint64_t row, struct coffer_totals *part)
{
	struct coffer_table_check *check = comparison->check;
	struct coffer_rollup_check *of = comparison->of;
	struct coffer_element time, column, element;

	if (!coffer_verifier_fetch(check->verifier, check->number, row, of->rollup->time_column, &time) ||
	    (of->form.has_code && !coffer_verifier_fetch(check->verifier, check->number, row,
							 of->rollup->column, &column)))
		return false;
	coffer_verify_totals_key(of, &time, &column);
	part->rows = 1;
	for (size_t i = 0; i < of->rollup->sum_count; i++) {
		if (!coffer_verifier_fetch(check->verifier, check->number, row, of->rollup->sums[i],
					   &element))
			return false;
		count_value(&part->sums[i], &element.value);
	}
	return true;
}

static void
add_row(struct comparison *comparison, uint64_t row)
{
	uint8_t key[COFFER_GROUPS_KEY_SIZE] = {0};
	struct coffer_totals part;
	coffer_error error = {0};
	coffer_status status;

	if (!read_row(comparison, row, &part))
		return;
	memcpy(key, comparison->of->key, comparison->key_size);
	status = coffer_groups_add(&comparison->groups, key, &part, &error);
	if (status)
		coffer_verifier_fail(comparison->check->verifier, status, error.message);
}

static void
add_rows(struct comparison *comparison)
{
	struct coffer_table_check *check = comparison->check;
	coffer_error error = {0};
	struct coffer_walk walk;
	coffer_status status;

	coffer_walk_open(&walk, check->verifier, check->trees->rows, check->table->name);
	while (coffer_walk_next(&walk))
		if (walk.key.size == COFFER_ROW_KEY_SIZE)
			add_row(comparison, coffer_verify_row_number(walk.key.data));
	coffer_walk_close(&walk);
	if ((status = coffer_groups_finish(&comparison->groups, &error)))
		coffer_verifier_fail(check->verifier, status, error.message);
}

static void
compare(struct comparison *comparison)
{
	struct coffer_table_check *check = comparison->check;
	bool is_comparable = !check->has_unread_rows;
	struct coffer_walk walk;

	if (is_comparable)
		add_rows(comparison);
	if (is_comparable && !check->verifier->is_over)
		advance(comparison);
	coffer_walk_open(&walk, check->verifier, comparison->of->tree, comparison->name);
	while (coffer_walk_next(&walk))
		check_entry(comparison, walk.key, walk.value, is_comparable);
	coffer_walk_close(&walk);
	if (is_comparable && !check->verifier->is_over)
		report_missing(comparison, NULL);
}

void
coffer_check_rollup_locate(struct coffer_table_check *check, struct coffer_rollup_check *of,
			   const char *name)
{
	const char *folder = getenv("TMPDIR");
	struct comparison comparison = {
		.check = check,
		.of = of,
		.name = name,
		.key_size = of->key_size,
	};

	coffer_buffer_printf(&comparison.path, "%s/coffer", folder && *folder ? folder : "/tmp");
	coffer_groups_init(&comparison.groups, of->rollup->sum_count,
			   check->verifier->lane_count ? MEMORY / check->verifier->lane_count : MEMORY,
			   &comparison.scratch, comparison.path.data);
	if (comparison.path.is_failed)
		coffer_verifier_fail(check->verifier, COFFER_NO_MEMORY, "no memory for a roll-up");
	else
		compare(&comparison);
	coffer_groups_release(&comparison.groups);
	coffer_buffer_release(&comparison.path);
	free(comparison.scratch.memory);
}
