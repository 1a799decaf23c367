/*
 * Values on their way to SQLite, and arguments on their way back: what a column must hold for SQLite to find it equal to
 * an argument, and between which values it must lie. SQLite compares by affinity; where an argument alone does not tell
 * how, the answer is "unsure", and every row is SQLite's to judge.
 */
#include "sql/internal.h"

#include <math.h>
#include <string.h>

/* ------------------------------------------------------------------ to SQLite */

enum {
	STATIC_SIZE_MIN = 1024,
	COPY_SIZE_MIN = 16,
	COPY_SIZE_USUAL = 64,
};

/* Sixteen bytes at once. */
typedef char lanes __attribute__((vector_size(16)));
typedef uint64_t halves __attribute__((vector_size(16)));

/* Copy them; all bits of a byte that is NUL. */
static inline halves
copy_lanes(const char *from, char *out)
{
	lanes bytes;

	memcpy(&bytes, from, sizeof(bytes));
	memcpy(out, &bytes, sizeof(bytes));
	return (halves)(bytes == 0);
}

/*
 * Copy a text of sixteen bytes or more; false where it has a NUL. Looking for one while it is copied takes a third of looking and
 * copying each by a call. Up to 64 bytes nothing depends on how many they are: some are copied twice.
 */
static inline bool
copy_text(coffer_text text, char *out)
{
	size_t last = text.size - sizeof(lanes);
	halves found = {0};

	for (size_t at = 0; at < COPY_SIZE_USUAL || at < text.size; at += sizeof(lanes)) {
		size_t from = at < last ? at : last;

		found |= copy_lanes(text.data + from, out + from);
	}
	return !(found[0] | found[1]);
}

/*
 * A short text to be copied goes with a NUL behind it: whoever asks a value for its text would have one put there, for which SQLite
 * allocates memory anew, row after row. False where it has a NUL of its own, as only damage has, or is not short.
 */
static bool
give_short(sqlite3_context *context, coffer_text text)
{
	char copy[STATIC_SIZE_MIN];

	if (text.size >= sizeof(copy))
		return false;
	if (text.size < COPY_SIZE_MIN) {
		if (memchr(text.data, 0, text.size))
			return false;
		memcpy(copy, text.data, text.size);
	} else if (!copy_text(text, copy)) {
		return false;
	}
	copy[text.size] = '\0';
	sqlite3_result_text(context, copy, -1, SQLITE_TRANSIENT);
	return true;
}

/*
 * SQLite keeps what is static as long as the statement runs, the least text of a group for one: so it must stay as long as
 * the snapshot. In a scan a short one is copied all the same: SQLite keeps the memory of the copy for the next row, where a
 * static one that a caller wants with its NUL costs an allocation a row.
 */
static sqlite3_destructor_type
how_to_copy(const struct coffer_sql_giver *giver, coffer_text text)
{
	return giver->texts && (!giver->is_scanned || text.size >= STATIC_SIZE_MIN) &&
			       coffer_txn_holds(giver->txn, text.data)
		       ? SQLITE_STATIC
		       : SQLITE_TRANSIENT;
}

/*
 * A short text of a row that was looked up, which the statement is mostly done with soon: one with a NUL that stays costs less than
 * memory that SQLite takes for a copy and gives back. Of a scan there would be too many.
 */
static bool
give_kept(sqlite3_context *context, struct coffer_sql_giver *giver, coffer_text text)
{
	if (giver->texts && !giver->is_scanned)
		giver->kept = coffer_sql_texts_keep(giver->texts, text);
	if (giver->kept)
		sqlite3_result_text(context, giver->kept, -1, SQLITE_STATIC);
	return giver->kept != NULL;
}

void
coffer_sql_result_text(sqlite3_context *context, struct coffer_sql_giver *giver,
		       coffer_text text)
{
	sqlite3_destructor_type copying;

	if (!text.size)
		text.data = "";
	if (give_kept(context, giver, text))
		return;
	copying = how_to_copy(giver, text);
	if (copying != SQLITE_TRANSIENT || !give_short(context, text))
		sqlite3_result_text64(context, text.data, text.size, copying, SQLITE_UTF8);
}

static void
give_time(sqlite3_context *context, const coffer_column *column, int64_t time,
	  struct coffer_sql_giver *giver)
{
	if (!giver->size || giver->time != time || giver->has_zone != column->has_zone) {
		giver->size = giver->size
				      ? coffer_sql_time_print_near(giver->time, time,
								   column->has_zone, giver->text)
				      : coffer_sql_time_print(time, column->has_zone, giver->text);
		giver->time = time;
		giver->has_zone = column->has_zone;
	}
	/* With its NUL, which whoever asks for the text would have put behind it. */
	if (!give_kept(context, giver, (coffer_text){giver->text, giver->size}))
		sqlite3_result_text(context, giver->text, -1, SQLITE_TRANSIENT);
}

/* The text of a column whose texts repeat is mostly one that came before. */
static void
give_column_text(sqlite3_context *context, struct coffer_sql_giver *giver,
		 const coffer_column *column, coffer_text text)
{
	if (column->is_interned && giver->texts && coffer_txn_holds(giver->txn, text.data))
		giver->kept = coffer_sql_texts_find(giver->texts, text);
	if (giver->kept)
		sqlite3_result_text(context, giver->kept, -1, SQLITE_STATIC);
	else
		coffer_sql_result_text(context, giver, text);
}

void
coffer_sql_result(sqlite3_context *context, struct coffer_sql_giver *giver,
		  const coffer_column *column, const coffer_value *value)
{
	giver->kept = NULL;
	switch (value->kind) {
	case COFFER_NULL:
		sqlite3_result_null(context);
		break;
	case COFFER_BOOL:
		sqlite3_result_int(context, value->boolean);
		break;
	case COFFER_INT:
		sqlite3_result_int64(context, value->integer);
		break;
	case COFFER_FLOAT:
		sqlite3_result_double(context,
				      value->real + 0.0); /* -0 is 0, as SQLite stores it */
		break;
	case COFFER_TIME:
		give_time(context, column, value->time, giver);
		break;
	case COFFER_BYTES:
		sqlite3_result_blob64(context, value->text.size ? value->text.data : "",
				      value->text.size, how_to_copy(giver, value->text));
		break;
	case COFFER_TEXT_ARRAY:
		coffer_sql_result_array(context, giver, column, value);
		break;
	case COFFER_OTHER:
		if (coffer_sql_is_array(column))
			coffer_sql_result_array(context, giver, column, value);
		else
			coffer_sql_result_text(context, giver, value->text);
		break;
	case COFFER_TEXT:
	case COFFER_JSON:
		give_column_text(context, giver, column, value->text);
		break;
	}
}

void
coffer_sql_giver_release(struct coffer_sql_giver *giver)
{
	coffer_buffer_release(&giver->array);
}

/* ------------------------------------------------------------------ equality */

static coffer_text
text_of(sqlite3_value *argument)
{
	const char *data;

	/* Asked for as a text, one that SQLite does not own is copied to have a NUL behind it. */
	if (sqlite3_value_type(argument) == SQLITE_TEXT &&
	    sqlite3_value_encoding(argument) == SQLITE_UTF8)
		data = sqlite3_value_blob(argument);
	else
		data = (const char *)sqlite3_value_text(argument);
	return (coffer_text){data, data ? (size_t)sqlite3_value_bytes(argument) : 0};
}

/* 2 to the power of 63: the first double that no int64 reaches. */
#define TWO_63 9223372036854775808.0

/* The integer that `real` is; false if it is none. */
static bool
is_integer(double real, int64_t *out)
{
	if (!(real >= -TWO_63 && real < TWO_63) || real != floor(real))
		return false;
	*out = (int64_t)real;
	return true;
}

/* Text that reads as a number compares as one with a number's column. */
static enum coffer_sql_match
match_integer(const coffer_column *column, sqlite3_value *argument, coffer_value *out)
{
	int type = sqlite3_value_numeric_type(argument);
	int64_t integer;

	if (type == SQLITE_INTEGER)
		integer = sqlite3_value_int64(argument);
	else if (type != SQLITE_FLOAT || !is_integer(sqlite3_value_double(argument), &integer))
		return COFFER_SQL_MATCH_NONE;
	if (column->kind == COFFER_INT) {
		*out = (coffer_value){.kind = COFFER_INT, .integer = integer};
		return COFFER_SQL_MATCH_VALUE;
	}
	*out = (coffer_value){.kind = COFFER_BOOL, .boolean = integer == 1};
	return integer == 0 || integer == 1 ? COFFER_SQL_MATCH_VALUE : COFFER_SQL_MATCH_NONE;
}

static enum coffer_sql_match
match_real(sqlite3_value *argument, coffer_value *out)
{
	int type = sqlite3_value_numeric_type(argument);
	int64_t back;

	if (type != SQLITE_INTEGER && type != SQLITE_FLOAT)
		return COFFER_SQL_MATCH_NONE;
	*out = (coffer_value){.kind = COFFER_FLOAT, .real = sqlite3_value_double(argument)};
	if (type == SQLITE_INTEGER &&
	    (!is_integer(out->real, &back) || back != sqlite3_value_int64(argument)))
		return COFFER_SQL_MATCH_NONE;
	return COFFER_SQL_MATCH_VALUE;
}

/* A time of another era or an infinite one is one too, where its text is the one that it is printed as. */
static enum coffer_sql_match
match_time(const coffer_column *column, coffer_text text, coffer_value *out)
{
	char printed[COFFER_SQL_TIME_SIZE];
	int64_t time;

	if (coffer_time_parse(text, &time) ||
	    coffer_sql_time_print(time, column->has_zone, printed) != text.size ||
	    memcmp(printed, text.data, text.size))
		return COFFER_SQL_MATCH_NONE;
	*out = (coffer_value){.kind = COFFER_TIME, .time = time};
	return COFFER_SQL_MATCH_VALUE;
}

/* A number becomes a text where it stands for itself, and the text a number where it comes from a number's column. */
static enum coffer_sql_match
match_text(const coffer_column *column, sqlite3_value *argument, coffer_value *out)
{
	switch (sqlite3_value_type(argument)) {
	case SQLITE_TEXT:
		if (column->kind == COFFER_TIME)
			return match_time(column, text_of(argument), out);
		*out = (coffer_value){.kind = column->kind, .text = text_of(argument)};
		return COFFER_SQL_MATCH_VALUE;
	case SQLITE_BLOB:
		return COFFER_SQL_MATCH_NONE;
	default:
		return COFFER_SQL_MATCH_UNSURE;
	}
}

static enum coffer_sql_match
match_bytes(sqlite3_value *argument, coffer_value *out)
{
	if (sqlite3_value_type(argument) != SQLITE_BLOB)
		return COFFER_SQL_MATCH_NONE;
	out->kind = COFFER_BYTES;
	out->text.data = sqlite3_value_blob(argument);
	out->text.size = (size_t)sqlite3_value_bytes(argument);
	return COFFER_SQL_MATCH_VALUE;
}

enum coffer_sql_match
coffer_sql_match(const coffer_column *column, sqlite3_value *argument, bool is_null_safe,
		 coffer_value *out)
{
	out->kind = COFFER_NULL;
	if (sqlite3_value_type(argument) == SQLITE_NULL)
		return is_null_safe ? COFFER_SQL_MATCH_VALUE : COFFER_SQL_MATCH_NONE;
	switch (column->kind) {
	case COFFER_BOOL:
	case COFFER_INT:
		return match_integer(column, argument, out);
	case COFFER_FLOAT:
		return match_real(argument, out);
	case COFFER_BYTES:
		return match_bytes(argument, out);
	case COFFER_TIME:
	case COFFER_TEXT:
	case COFFER_JSON:
		return match_text(column, argument, out);
	case COFFER_OTHER:
		return coffer_sql_is_array(column) ? COFFER_SQL_MATCH_UNSURE
						   : match_text(column, argument, out);
	default:
		return COFFER_SQL_MATCH_UNSURE;
	}
}

/* ------------------------------------------------------------------ ranges */

enum side { BELOW_ALL, WITHIN, ABOVE_ALL };

/* Where the values of an integer column begin that are not below (is_above: that are above) the argument. */
static enum side
seek_integer(sqlite3_value *argument, bool is_above, int64_t *out)
{
	int type = sqlite3_value_numeric_type(argument);
	double real;

	if (type == SQLITE_INTEGER) {
		*out = sqlite3_value_int64(argument);
		if (is_above && *out == INT64_MAX)
			return ABOVE_ALL;
		*out += is_above;
		return WITHIN;
	}
	if (type != SQLITE_FLOAT) /* every number is below a text and a blob */
		return ABOVE_ALL;
	real = sqlite3_value_double(argument);
	if (real < -TWO_63)
		return BELOW_ALL;
	if (real >= TWO_63)
		return ABOVE_ALL;
	/* A 1 is added to the integer: to a double beyond 2^53 it would be lost, or become a 2. */
	*out = (int64_t)(is_above ? floor(real) : ceil(real));
	if (is_above && *out == INT64_MAX)
		return ABOVE_ALL;
	*out += is_above;
	return WITHIN;
}

static enum side
seek_bool(sqlite3_value *argument, bool is_above, coffer_value *out)
{
	int64_t integer = 0;
	enum side side = seek_integer(argument, is_above, &integer);

	*out = (coffer_value){.kind = COFFER_BOOL, .boolean = integer == 1};
	if (side == WITHIN && integer <= 0)
		side = BELOW_ALL;
	return side == WITHIN && integer > 1 ? ABOVE_ALL : side;
}

/* A bound that may lie a double too low; SQLite looks at each row again. */
static enum side
seek_real(sqlite3_value *argument, bool is_upper, coffer_value *out)
{
	int type = sqlite3_value_numeric_type(argument);
	double real;

	if (type != SQLITE_INTEGER && type != SQLITE_FLOAT)
		return ABOVE_ALL;
	real = sqlite3_value_double(argument);
	*out = (coffer_value){.kind = COFFER_FLOAT};
	out->real = is_upper ? nextafter(nextafter(real, INFINITY), INFINITY)
			     : nextafter(real, -INFINITY);
	return is_upper && out->real == INFINITY ? ABOVE_ALL : WITHIN;
}

static enum side
seek_time(const coffer_column *column, sqlite3_value *argument, bool is_above, coffer_value *out)
{
	out->kind = COFFER_TIME;
	if (sqlite3_value_type(argument) == SQLITE_BLOB)
		return ABOVE_ALL;
	out->time = coffer_sql_time_seek(text_of(argument), column->has_zone, is_above);
	return WITHIN;
}

/* The first value of the column that is not below the argument, or (is_above) is above it. */
static enum side
seek(const coffer_column *column, sqlite3_value *argument, bool is_above, bool is_upper,
     coffer_value *out)
{
	enum side side;

	switch (column->kind) {
	case COFFER_INT:
		side = seek_integer(argument, is_above, &out->integer);
		out->kind = COFFER_INT;
		return side;
	case COFFER_BOOL:
		return seek_bool(argument, is_above, out);
	case COFFER_FLOAT:
		return seek_real(argument, is_upper, out);
	default:
		return seek_time(column, argument, is_above, out);
	}
}

static coffer_value
least(const coffer_column *column)
{
	coffer_value value = {.kind = column->kind};

	if (column->kind == COFFER_INT || column->kind == COFFER_TIME)
		value.integer = INT64_MIN;
	else if (column->kind == COFFER_FLOAT)
		value.real = -INFINITY;
	return value;
}

bool
coffer_sql_is_unclear(const coffer_column *column, sqlite3_value *bound, bool is_tame)
{
	const char *least_time = is_tame ? "0001" : "-infinity";
	int type = bound ? sqlite3_value_type(bound) : SQLITE_NULL;
	const char *text;

	if (column->kind != COFFER_TIME || (type != SQLITE_INTEGER && type != SQLITE_FLOAT))
		return false;
	text = (const char *)sqlite3_value_text(bound);
	return text && strcmp(text, least_time) >= 0; /* without memory for it the statement fails */
}

/* Of times that are not all of the years 1 to 9999 the others are SQLite's to judge: they stand at both ends. */
static size_t
add_outliers(struct coffer_sql_range out[COFFER_SQL_RANGES_MAX])
{
	struct coffer_sql_range within = out[0];
	const coffer_value first = {.kind = COFFER_TIME, .time = COFFER_SQL_TIME_FIRST};
	const coffer_value behind = {.kind = COFFER_TIME, .time = COFFER_SQL_TIME_LAST + 1};

	if (!within.has_from || within.from.time < first.time)
		within = (struct coffer_sql_range){true, within.has_to, first, within.to};
	if (!within.has_to || within.to.time > behind.time)
		within = (struct coffer_sql_range){true, true, within.from, behind};
	out[0] = (struct coffer_sql_range){.has_from = true,
					   .has_to = true,
					   .from = {.kind = COFFER_TIME, .time = INT64_MIN},
					   .to = first};
	out[1] = within;
	out[2] = (struct coffer_sql_range){.has_from = true, .from = behind};
	return 3;
}

size_t
coffer_sql_ranges(const coffer_column *column, enum coffer_sql_bound lower, sqlite3_value *from,
		  enum coffer_sql_bound upper, sqlite3_value *to, bool is_tame,
		  struct coffer_sql_range out[COFFER_SQL_RANGES_MAX])
{
	struct coffer_sql_range range = {0};
	enum side side = BELOW_ALL;

	/* Nothing compares with NULL, and NULL with nothing. */
	if ((from && sqlite3_value_type(from) == SQLITE_NULL) ||
	    (to && sqlite3_value_type(to) == SQLITE_NULL))
		return 0;
	if (from) {
		side = seek(column, from, lower == COFFER_SQL_BOUND_EXCLUSIVE, false, &range.from);
		if (side == ABOVE_ALL)
			return 0;
	}
	range.has_from = true;
	if (side == BELOW_ALL)
		range.from = least(column);
	if (to) {
		side = seek(column, to, upper == COFFER_SQL_BOUND_INCLUSIVE, true, &range.to);
		if (side == BELOW_ALL)
			return 0;
		range.has_to = side == WITHIN;
	}
	out[0] = range;
	return column->kind == COFFER_TIME && !is_tame ? add_outliers(out) : 1;
}
