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

static void
take(sqlite3_context *context, sqlite3_value *value, int64_t by)
{
	struct sum *sum = sqlite3_aggregate_context(context, sizeof(*sum));

	if (!sum)
		sqlite3_result_error_nomem(context);
	else if (sqlite3_value_type(value) != SQLITE_NULL)
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
