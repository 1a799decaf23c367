/*
 * Roll-ups of a schema: their columns are of kinds that they take, the one besides the time is interned, since a group's key
 * holds its code, and each has a name and an id. SPEC.md 10.1.
 */
#include "schema/name.h"
#include "schema/settle.h"

#include <stdio.h>
#include <string.h>

/* Far above those of tables, which may become more. */
#define ROLLUP_ID_MIN (UINT32_C(1) << 31)

static const char *const units[] = {[COFFER_ROLLUP_HOUR] = "hour", [COFFER_ROLLUP_DAY] = "day"};

const char *
coffer_rollup_unit_name(coffer_rollup_unit unit)
{
	return unit >= COFFER_ROLLUP_HOUR && unit <= COFFER_ROLLUP_DAY ? units[unit] : NULL;
}

/* Is the column there and of one of the kinds, of which there may be one only? */
static bool
is_kind(const coffer_table *table, uint16_t column, coffer_kind kind, coffer_kind other)
{
	return column < table->column_count &&
	       (table->columns[column].kind == kind || table->columns[column].kind == other);
}

static bool
do_columns_fit(const coffer_table *table, const coffer_rollup *rollup)
{
	bool do_fit = is_kind(table, rollup->time_column, COFFER_TIME, COFFER_TIME) &&
		      (rollup->column == COFFER_NO_COLUMN ||
		       is_kind(table, rollup->column, COFFER_TEXT, COFFER_TEXT));

	for (size_t i = 0; i < rollup->sum_count && do_fit; i++)
		do_fit = is_kind(table, rollup->sums[i], COFFER_INT, COFFER_FLOAT);
	return do_fit && coffer_rollup_unit_name(rollup->unit);
}

/* "day_team_id"; cut as a name is. */
static const char *
make_name(coffer_schema *schema, const coffer_table *table, const coffer_rollup *rollup)
{
	char name[sizeof("hour_") + COFFER_NAME_SIZE_MAX];
	const char *unit = coffer_rollup_unit_name(rollup->unit);
	size_t size;

	if (rollup->column == COFFER_NO_COLUMN)
		return coffer_schema_text(schema, unit);
	size = (size_t)snprintf(name, sizeof(name), "%s_%s", unit, table->columns[rollup->column].name);
	name[coffer_name_clip(name, size, COFFER_NAME_SIZE_MAX)] = '\0';
	return coffer_schema_text(schema, name);
}

static coffer_status
settle_rollup(coffer_schema *schema, coffer_table *table, coffer_rollup *rollup, coffer_error *error)
{
	if (rollup->sum_count > COFFER_ROLLUP_SUMS_MAX)
		return coffer_error_set(error, COFFER_LIMIT, "a roll-up of %zu sums, at most %d are allowed",
					rollup->sum_count, COFFER_ROLLUP_SUMS_MAX);
	if (!do_columns_fit(table, rollup))
		return coffer_error_set(error, COFFER_INVALID,
					"a roll-up is by hour or day of a time, and by a text column or none, and sums "
					"integers and floats");
	if (rollup->column != COFFER_NO_COLUMN)
		table->columns[rollup->column].is_interned = true;
	if (!rollup->name && !(rollup->name = make_name(schema, table, rollup)))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a schema");
	return COFFER_OK;
}

static coffer_status
settle_table(coffer_schema *schema, coffer_table *table, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	if (table->partition_of)
		table->rollup_count = 0; /* its parent has the rows */
	if (table->rollup_count > COFFER_ROLLUPS_MAX)
		return coffer_error_set(error, COFFER_LIMIT, "%zu roll-ups, at most %d are allowed",
					table->rollup_count, COFFER_ROLLUPS_MAX);
	for (size_t i = 0; i < table->rollup_count && !status; i++)
		status = settle_rollup(schema, table, &table->rollups[i], error);
	for (size_t i = 0; i < table->rollup_count && !status; i++)
		if (coffer_table_find_rollup(table, table->rollups[i].name) != i)
			status = coffer_error_set(error, COFFER_INVALID, "the roll-up %s is there twice",
						  table->rollups[i].name);
	return status;
}

coffer_status
coffer_schema_settle_rollups(coffer_schema *schema, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	uint32_t id = ROLLUP_ID_MIN;

	for (size_t t = 0; t < schema->table_count && !status; t++) {
		coffer_table *table = &schema->tables[t];

		status = settle_table(schema, table, error);
		if (status)
			coffer_error_at(error, "%s", table->name);
		for (size_t i = 0; i < table->rollup_count; i++)
			table->rollups[i].id = id++;
	}
	return status;
}

/* ------------------------------------------------------------------ those of known tables */

/* The column of the same name; false where there is none or it is of another kind. */
static bool
translate(const coffer_table *table, const coffer_table *known, uint16_t from, uint16_t *to)
{
	*to = from == COFFER_NO_COLUMN
		      ? COFFER_NO_COLUMN
		      : coffer_table_find_column(table, known->columns[from].name);
	return from == COFFER_NO_COLUMN || *to != COFFER_NO_COLUMN;
}

coffer_status
coffer_schema_add_known_rollup(coffer_schema *schema, coffer_table *table,
			       const coffer_table *known_table, const coffer_rollup *known,
			       coffer_error *error)
{
	coffer_rollup rollup = *known, *added;
	bool is_there = translate(table, known_table, known->time_column, &rollup.time_column) &&
			translate(table, known_table, known->column, &rollup.column);

	if (table->partition_of || coffer_table_find_rollup(table, known->name) != COFFER_NO_ROLLUP)
		return COFFER_OK;
	rollup.sums = coffer_schema_memory(schema, (known->sum_count + 1) * sizeof(*rollup.sums));
	rollup.name = coffer_schema_text(schema, known->name);
	if (!rollup.sums || !rollup.name)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a schema");
	for (size_t i = 0; i < known->sum_count && is_there; i++)
		is_there = translate(table, known_table, known->sums[i], &rollup.sums[i]);
	if (!is_there || !do_columns_fit(table, &rollup))
		return COFFER_OK;
	if (!(added = coffer_table_add_rollup(schema, table)))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a schema");
	*added = rollup;
	return COFFER_OK;
}
