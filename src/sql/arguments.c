/*
 * The arguments of a scan, as the plan has them: the equal ones, the lower bound, the upper one. What equals nothing makes the
 * rest of no interest; what is not known to equal one value alone opens all rows.
 */
#include "sql/arguments.h"

#include <stdlib.h>
#include <string.h>

enum { KEPT_LIST_MAX = 1024 };

void
coffer_sql_arguments_release(struct coffer_sql_arguments *arguments)
{
	coffer_buffer_release(&arguments->texts);
	coffer_buffer_release(&arguments->bounds);
	free(arguments->list);
}

bool
coffer_sql_arguments_are_small(const struct coffer_sql_arguments *arguments)
{
	return arguments->list_capacity <= KEPT_LIST_MAX && !arguments->texts.is_failed &&
	       !arguments->bounds.is_failed;
}

/* ------------------------------------------------------------------ texts */

/* Texts of arguments are SQLite's, for the call only. Returns the place of the copy. */
static size_t
keep_text(struct coffer_sql_arguments *arguments, const coffer_value *value)
{
	size_t at = arguments->texts.size;

	if (coffer_sql_has_text(value))
		coffer_buffer_append(&arguments->texts, value->text.data, value->text.size);
	return at;
}

static void
place_text(const struct coffer_sql_arguments *arguments, coffer_value *value, size_t at)
{
	if (coffer_sql_has_text(value))
		value->text.data = value->text.size ? arguments->texts.data + at : "";
}

/* ------------------------------------------------------------------ a list */

static int
compare_members(const void *left, const void *right)
{
	const coffer_value *a = &((const struct coffer_sql_member *)left)->value;
	const coffer_value *b = &((const struct coffer_sql_member *)right)->value;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	switch (a->kind) {
	case COFFER_NULL:
		return 0;
	case COFFER_BOOL:
		return a->boolean - b->boolean;
	case COFFER_FLOAT:
		return (a->real > b->real) - (a->real < b->real);
	case COFFER_INT:
	case COFFER_TIME:
		return (a->integer > b->integer) - (a->integer < b->integer);
	default:
		return coffer_sql_text_compare(a->text, b->text);
	}
}

static struct coffer_sql_member *
add_to_list(struct coffer_sql_arguments *arguments)
{
	if (arguments->list_count == arguments->list_capacity) {
		size_t capacity = arguments->list_capacity ? 2 * arguments->list_capacity : 16;
		struct coffer_sql_member *larger =
			realloc(arguments->list, capacity * sizeof(*larger));

		if (!larger)
			return NULL;
		arguments->list = larger;
		arguments->list_capacity = capacity;
	}
	return &arguments->list[arguments->list_count++];
}

/* Values that differ for SQLite may be one for the column; each is looked up once, in order. */
static void
settle_list(struct coffer_sql_arguments *arguments)
{
	struct coffer_sql_member *list = arguments->list;
	size_t count = 0;

	for (size_t i = 0; i < arguments->list_count; i++)
		place_text(arguments, &list[i].value, list[i].at);
	if (arguments->list_count)
		qsort(list, arguments->list_count, sizeof(*list), compare_members);
	for (size_t i = 0; i < arguments->list_count; i++)
		if (!count || compare_members(&list[count - 1], &list[i]))
			list[count++] = list[i];
	arguments->list_count = count;
}

static int
read_list(struct coffer_sql_arguments *arguments, const coffer_column *column,
	  sqlite3_value *argument, enum coffer_sql_match *out)
{
	sqlite3_value *member = NULL;
	coffer_value value;
	struct coffer_sql_member *kept;
	int code;

	*out = COFFER_SQL_MATCH_NONE;
	arguments->list_count = 0;
	for (code = sqlite3_vtab_in_first(argument, &member); !code && member;
	     code = sqlite3_vtab_in_next(argument, &member)) {
		enum coffer_sql_match match = coffer_sql_match(column, member, false, &value);

		if (match == COFFER_SQL_MATCH_UNSURE) {
			*out = match;
			return SQLITE_OK;
		}
		if (match == COFFER_SQL_MATCH_NONE)
			continue;
		*out = match;
		if (!(kept = add_to_list(arguments)))
			return SQLITE_NOMEM;
		*kept = (struct coffer_sql_member){value, keep_text(arguments, &value)};
	}
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

/* ------------------------------------------------------------------ what is to be equal */

/*
 * Of a list that SQLite looks through itself, value by value, it compares each row with the value again, but a text with a number as
 * texts, where the list's column may be one of numbers: "5.0" would not be found. That such a list is behind an argument shows
 * in the plan; of a part of a row value in the statement alone.
 */
static int
check_number(struct coffer_sql_table *table, const struct coffer_sql_plan *plan, size_t at,
	     sqlite3_value *argument)
{
	int type = sqlite3_value_type(argument);

	if ((type != SQLITE_INTEGER && type != SQLITE_FLOAT) ||
	    (!(plan->looped & UINT32_C(1) << at) && !coffer_sql_has_rows_in(table->store->sql->db)))
		return SQLITE_OK;
	sqlite3_free(table->base.zErrMsg);
	table->base.zErrMsg = sqlite3_mprintf(
		"%s is a text, and is looked for among numbers: CAST(X AS TEXT) makes texts of "
		"them",
		table->names[coffer_sql_key_column(table, plan, at) - table->table->columns]);
	return SQLITE_MISMATCH;
}

/* The worst match of all is the answer. */
static int
read_equalities(struct coffer_sql_arguments *arguments, struct coffer_sql_table *table,
		const struct coffer_sql_plan *plan, sqlite3_value **values,
		enum coffer_sql_match *out)
{
	size_t at[COFFER_KEY_COLUMNS_MAX];
	int code = SQLITE_OK;

	coffer_buffer_clear(&arguments->texts);
	for (size_t i = 0; !code && i < plan->equal_count; i++) {
		const coffer_column *column = coffer_sql_key_column(table, plan, i);
		enum coffer_sql_match match = COFFER_SQL_MATCH_VALUE;

		if (i == plan->list)
			code = read_list(arguments, column, values[i], &match);
		else
			match = coffer_sql_match(column, values[i], plan->null_safe & UINT32_C(1) << i,
						 &arguments->equal[i]);
		if (i != plan->list && match == COFFER_SQL_MATCH_UNSURE)
			code = check_number(table, plan, i, values[i]);
		at[i] = 0;
		if (i != plan->list && match == COFFER_SQL_MATCH_VALUE)
			at[i] = keep_text(arguments, &arguments->equal[i]);
		if (match == COFFER_SQL_MATCH_NONE ||
		    (match == COFFER_SQL_MATCH_UNSURE && *out == COFFER_SQL_MATCH_VALUE))
			*out = match;
	}
	for (size_t i = 0; !code && i < plan->equal_count; i++)
		if (i != plan->list && *out == COFFER_SQL_MATCH_VALUE)
			place_text(arguments, &arguments->equal[i], at[i]);
	if (*out == COFFER_SQL_MATCH_VALUE && plan->list < plan->equal_count)
		settle_list(arguments);
	return arguments->texts.is_failed ? SQLITE_NOMEM : code;
}

/* ------------------------------------------------------------------ bounds */

static coffer_text
text_of(sqlite3_value *bound)
{
	coffer_text text = {NULL, 0};

	if (bound && sqlite3_value_type(bound) != SQLITE_BLOB) {
		text.data = (const char *)sqlite3_value_text(bound);
		text.size = (size_t)sqlite3_value_bytes(bound);
	}
	return text;
}

/* Keep the bounds as texts. What is no text bounds nothing, or everything, and was looked at already. */
static void
keep_bounds(struct coffer_sql_arguments *arguments, sqlite3_value *lower, sqlite3_value *upper)
{
	arguments->lower = text_of(lower);
	arguments->upper = text_of(upper);
	coffer_buffer_clear(&arguments->bounds);
	coffer_buffer_append(&arguments->bounds, arguments->lower.data, arguments->lower.size);
	coffer_buffer_append(&arguments->bounds, arguments->upper.data, arguments->upper.size);
	if (arguments->lower.data)
		arguments->lower.data = arguments->bounds.data;
	if (arguments->upper.data)
		arguments->upper.data = arguments->bounds.data + arguments->lower.size;
}

static bool
is_tame(struct coffer_sql_table *table, const coffer_column *column)
{
	return column->kind != COFFER_TIME ||
	       coffer_sql_probe(table, (uint16_t)(column - table->table->columns)) & COFFER_SQL_TAME;
}

static int
refuse_bound(struct coffer_sql_table *table, const coffer_column *column)
{
	sqlite3_free(table->base.zErrMsg);
	table->base.zErrMsg = sqlite3_mprintf(
		"%s is a time, which is a text here, and is compared with a number: "
		"datetime(X, 'unixepoch') makes a time of seconds since 1970, CAST(X AS TEXT) a "
		"text",
		table->names[column - table->table->columns]);
	return SQLITE_MISMATCH;
}

/* Read the bounds of the column behind the equal ones. */
static int
read_range(struct coffer_sql_arguments *arguments, struct coffer_sql_table *table,
	   const struct coffer_sql_plan *plan, sqlite3_value **values)
{
	sqlite3_value *lower = plan->lower ? values[plan->equal_count] : NULL;
	sqlite3_value *upper = plan->upper ? values[plan->equal_count + (plan->lower != 0)] : NULL;
	const coffer_column *column;
	bool tame;

	if (!lower && !upper)
		return SQLITE_OK;
	column = coffer_sql_key_column(table, plan, plan->equal_count);
	tame = is_tame(table, column);
	if (coffer_sql_is_unclear(column, lower, tame) ||
	    coffer_sql_is_unclear(column, upper, tame))
		return refuse_bound(table, column);
	arguments->range_count = coffer_sql_ranges(column, plan->lower, lower, plan->upper, upper,
						   tame, arguments->ranges);
	if (arguments->range_count > 1)
		keep_bounds(arguments, lower, upper);
	return arguments->bounds.is_failed ? SQLITE_NOMEM : SQLITE_OK;
}

bool
coffer_sql_arguments_admit(const struct coffer_sql_arguments *arguments,
			   const struct coffer_sql_table *table, const struct coffer_sql_plan *plan,
			   int64_t time)
{
	bool has_zone = coffer_sql_key_column(table, plan, plan->equal_count)->has_zone;
	bool admits = true;
	int order;

	if (arguments->lower.data) {
		order = coffer_sql_time_compare(time, has_zone, arguments->lower);
		admits = order > 0 || (!order && plan->lower == COFFER_SQL_BOUND_INCLUSIVE);
	}
	if (admits && arguments->upper.data) {
		order = coffer_sql_time_compare(time, has_zone, arguments->upper);
		admits = order < 0 || (!order && plan->upper == COFFER_SQL_BOUND_INCLUSIVE);
	}
	return admits;
}

/* ------------------------------------------------------------------ the whole */

int
coffer_sql_arguments_read(struct coffer_sql_arguments *arguments, struct coffer_sql_table *table,
			  const struct coffer_sql_plan *plan, sqlite3_value **values,
			  enum coffer_sql_match *match_out)
{
	int code = SQLITE_OK;

	*match_out = COFFER_SQL_MATCH_VALUE;
	arguments->range_count = 1;
	arguments->ranges[0] = (struct coffer_sql_range){0};
	if (plan->way == COFFER_SQL_UNIQUE || plan->way == COFFER_SQL_RANGE)
		code = read_equalities(arguments, table, plan, values, match_out);
	if (!code && *match_out == COFFER_SQL_MATCH_VALUE && plan->way == COFFER_SQL_RANGE)
		code = read_range(arguments, table, plan, values);
	return code;
}
