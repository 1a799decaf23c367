/*
 * Money is kept in floats, whose sum by plain addition is another one for another order of the rows: another plan, another
 * version of SQLite. Reports add exactly instead (transfer/exact_sum.h), as `coffer reconcile` does.
 *
 * What leaves a window is added with the other sign, which exact sums allow; of NaN and infinities, which do not cancel out,
 * they are counted.
 */
#include "sql/sum.h"

#include "transfer/exact_sum.h"

#include <math.h>
#include <string.h>

struct sum {
	struct coffer_exact_sum finite;
	int64_t count, infinities, negative_infinities;
};

static void
count(struct sum *sum, double real, int64_t by)
{
	sum->count += by;
	if (isfinite(real))
		coffer_exact_add(&sum->finite, by > 0 ? real : -real);
	else if (real > 0)
		sum->infinities += by;
	else
		sum->negative_infinities += by;
}

/* An exact sum as coffer_rollup gives it: a mark that says the unit, then the number, big-endian. Subtypes do not go through a
 * sort. */
static const uint8_t mark[] = {'c', 'o', 'f', 'f', 'e', 'r', '+', 0};
enum { FIXED_SIZE = sizeof(mark) + 1 + 24 };

void
coffer_sql_result_fixed(sqlite3_context *context, const coffer_fixed *fixed, int exponent)
{
	const uint64_t words[] = {(uint64_t)fixed->high, fixed->middle, fixed->low};
	uint8_t bytes[FIXED_SIZE], *at = bytes + sizeof(mark);

	memcpy(bytes, mark, sizeof(mark));
	*at++ = (uint8_t)-exponent;
	for (size_t i = 0; i < 24; i++)
		at[i] = (uint8_t)(words[i / 8] >> (56 - i % 8 * 8));
	sqlite3_result_blob(context, bytes, sizeof(bytes), SQLITE_TRANSIENT);
}

/* False: it is none. */
static bool
count_fixed(struct sum *sum, const uint8_t *bytes, int size, int64_t by)
{
	uint64_t words[3] = {0};
	int exponent;

	if (size != FIXED_SIZE || memcmp(bytes, mark, sizeof(mark)))
		return false;
	exponent = -bytes[sizeof(mark)];
	if (exponent && exponent != COFFER_FIXED_EXPONENT)
		return false;
	bytes += sizeof(mark) + 1;
	for (size_t i = 0; i < 24; i++)
		words[i / 8] = words[i / 8] << 8 | bytes[i];
	sum->count += by;
	coffer_exact_add_fixed(&sum->finite,
			       &(coffer_fixed){words[2], words[1], (int64_t)words[0]}, exponent,
			       by > 0 ? 1 : -1);
	return true;
}

static void
take(sqlite3_context *context, sqlite3_value *value, int64_t by)
{
	struct sum *sum = sqlite3_aggregate_context(context, sizeof(*sum));

	if (!sum)
		sqlite3_result_error_nomem(context);
	else if (sqlite3_value_type(value) != SQLITE_NULL &&
		 (sqlite3_value_type(value) != SQLITE_BLOB ||
		  !count_fixed(sum, sqlite3_value_blob(value), sqlite3_value_bytes(value), by)))
		count(sum, sqlite3_value_double(value), by);
}

static void
step(sqlite3_context *context, int argument_count, sqlite3_value **arguments)
{
	(void)argument_count;
	take(context, arguments[0], 1);
}

static void
leave(sqlite3_context *context, int argument_count, sqlite3_value **arguments)
{
	(void)argument_count;
	take(context, arguments[0], -1);
}

static void
tell(sqlite3_context *context)
{
	const struct sum *sum = sqlite3_aggregate_context(context, 0);
	double real;

	if (!sum || !sum->count)
		return; /* NULL */
	real = coffer_exact_round(&sum->finite);
	if (sum->infinities)
		real += INFINITY;
	if (sum->negative_infinities)
		real -= INFINITY;
	sqlite3_result_double(context, real);
}

int
coffer_sql_add_sum(sqlite3 *db)
{
	return sqlite3_create_window_function(db, "coffer_sum", 1,
					      SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
					      NULL, step, tell, tell, leave, NULL);
}
