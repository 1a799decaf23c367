/*
 * Which way to the rows of one table, when SQLite asks.
 *
 *   constraints --> a candidate an index --> the cheapest --> a plan, kept by number; words for EXPLAIN QUERY PLAN
 *
 * A constraint that an index answers exactly, whatever the argument's type, is SQLite's no more ("omit"); every other is
 * looked at by SQLite again, so that a scan may give more rows than belong, never fewer. What OFFSET leaves out is always
 * SQLite's: of conditions between columns of this table nothing is told here, so that none may be left.
 */
#include "sql/gather.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What things cost, in nanoseconds or so: only their ratios matter. */
#define COST_SEARCH 600.0
#define COST_ENTRY 20.0     /* of an index */
#define COST_COVERED 60.0   /* an entry that says all that is asked for */
#define COST_NEAR_ROW 300.0 /* behind the last one */
#define COST_FAR_ROW 900.0
#define COST_SORTED 50.0 /* a row, times the logarithm of their number */

/* SQLite looks at this many bits of "omit" only. */
enum { OMITS_MAX = 16 };

/* One way, with the constraints that it takes. */
struct candidate {
	struct coffer_sql_plan plan;
	int equal[COFFER_KEY_COLUMNS_MAX], lower, upper;
	double rows, cost; /* `cost` with that of sorting afterwards, `scan` without */
	double scan;
};

struct question {
	struct coffer_sql_table *table;
	sqlite3_index_info *info;
	uint64_t rows; /* of the table */
	double wanted; /* rows, by a LIMIT that is a literal; 0: all */
};

/* ------------------------------------------------------------------ constraints */

static const coffer_column *
column_of(const struct question *question, uint16_t number)
{
	return &question->table->table->columns[number];
}

/* The type of a literal on the other side; 0: not known before it runs. */
static int
literal_type(const struct question *question, int constraint)
{
	sqlite3_value *value;

	return sqlite3_vtab_rhs_value(question->info, constraint, &value)
		       ? 0
		       : sqlite3_value_type(value);
}

static bool
is_number(int type)
{
	return type == SQLITE_INTEGER || type == SQLITE_FLOAT;
}

static bool
is_counted(coffer_kind kind)
{
	return kind == COFFER_INT || kind == COFFER_BOOL;
}

/* A literal number beside a text is left to SQLite from the first. */
static bool
is_usable(const struct question *question, int at, int column)
{
	const struct sqlite3_index_constraint *constraint = &question->info->aConstraint[at];
	coffer_kind kind;

	if (!constraint->usable || constraint->iColumn != column)
		return false;
	if (column < 0)
		return true;
	kind = column_of(question, (uint16_t)column)->kind;
	return !coffer_sql_is_array(column_of(question, (uint16_t)column)) &&
	       !sqlite3_stricmp(sqlite3_vtab_collation(question->info, at), "BINARY") &&
	       (is_counted(kind) || kind == COFFER_FLOAT || kind == COFFER_BYTES ||
		!is_number(literal_type(question, at)));
}

static bool
is_equality(const struct question *question, int at, int column)
{
	switch (question->info->aConstraint[at].op) {
	case SQLITE_INDEX_CONSTRAINT_EQ:
		return true;
	case SQLITE_INDEX_CONSTRAINT_IS:
	case SQLITE_INDEX_CONSTRAINT_ISNULL:
		/* NaN shows as NULL and is none in an index. */
		return column >= 0 && column_of(question, (uint16_t)column)->kind != COFFER_FLOAT;
	default:
		return false;
	}
}

/* The constraint of the column that is an equality; -1: none. */
static int
find_equality(const struct question *question, int column)
{
	for (int i = 0; i < question->info->nConstraint; i++)
		if (is_usable(question, i, column) && is_equality(question, i, column))
			return i;
	return -1;
}

static int
find_operator(const struct question *question, int column, unsigned char exclusive,
	      unsigned char inclusive)
{
	for (int i = 0; i < question->info->nConstraint; i++) {
		unsigned char operator= question->info->aConstraint[i].op;

		if ((operator== exclusive || operator== inclusive) &&
		    is_usable(question, i, column))
			return i;
	}
	return -1;
}

static bool
is_null_safe(const struct question *question, int at)
{
	return question->info->aConstraint[at].op != SQLITE_INDEX_CONSTRAINT_EQ;
}

/* Whether a constraint holds for just the rows that are given for it, whatever its argument turns out to be. */
static bool
is_exact(const struct question *question, uint16_t column, int at)
{
	coffer_kind kind = column_of(question, column)->kind;

	if (question->info->aConstraint[at].op == SQLITE_INDEX_CONSTRAINT_ISNULL)
		return true;
	return is_counted(kind) || kind == COFFER_BYTES ||
	       (kind != COFFER_FLOAT && literal_type(question, at) == SQLITE_TEXT);
}

/* ------------------------------------------------------------------ order */

/* Whether rows that an index gives in its order of the column are in SQLite's order of it. */
static bool
sorts(const struct question *question, uint16_t number, bool is_grouping)
{
	const coffer_column *column = column_of(question, number);

	if (column->is_interned)
		return is_grouping;
	if (column->kind == COFFER_TIME)
		return is_grouping ||
		       coffer_sql_probe(question->table, number) & COFFER_SQL_ORDERLY;
	return is_counted(column->kind);
}

static bool
is_among(const coffer_index *index, size_t count, int column)
{
	for (size_t i = 0; i < count; i++)
		if (index->key_columns[i] == column)
			return true;
	return false;
}

/*
 * Whether the entries of an index that share the first `equal_count` columns come in the order that is asked for. Behind
 * the last column they come by row number. Without an index: whether the rows do.
 */
static bool
gives_order(const struct question *question, const coffer_index *index, size_t equal_count,
	    bool *is_reverse_out, size_t *end_out)
{
	const sqlite3_index_info *info = question->info;
	bool is_grouping = sqlite3_vtab_distinct(question->info) == 2;
	size_t at = equal_count, count = index ? index->key_column_count : 0;
	bool has_direction = false;

	*is_reverse_out = false;
	*end_out = 0;
	for (int i = 0; i < info->nOrderBy; i++) {
		int column = info->aOrderBy[i].iColumn;

		if (column >= 0 && index && is_among(index, equal_count, column))
			continue;
		if (has_direction && !is_grouping && *is_reverse_out != info->aOrderBy[i].desc)
			return false;
		if (!has_direction && !is_grouping)
			*is_reverse_out = info->aOrderBy[i].desc;
		has_direction = true;
		if (at == count && column < 0)
			return true; /* no two rows have one number: what follows sorts nothing */
		if (at >= count || column != index->key_columns[at] ||
		    !sorts(question, index->key_columns[at], is_grouping))
			return false;
		at++;
		*end_out = is_grouping ? 0 : at;
	}
	return true;
}

/* An index that has every row in the order asked for: the way out where an argument's type leaves equality open. */
static bool
find_fallback(const struct question *question, uint16_t *out)
{
	const coffer_table *table = question->table->table;
	bool is_reverse;
	size_t end;

	*out = COFFER_NO_INDEX;
	if (gives_order(question, NULL, 0, &is_reverse, &end))
		return true;
	for (uint16_t i = 0; i < table->index_count; i++) {
		if (table->indexes[i].tree == COFFER_TREE_ORDERED &&
		    gives_order(question, &table->indexes[i], 0, &is_reverse, &end)) {
			*out = i;
			return true;
		}
	}
	return false;
}

/* Decide whether the candidate's rows come in order. */
static void
settle_order(const struct question *question, const coffer_index *index,
	     struct candidate *candidate)
{
	struct coffer_sql_plan *plan = &candidate->plan;
	bool is_certain = true;

	if (!question->info->nOrderBy || plan->list < plan->equal_count ||
	    !gives_order(question, index, plan->equal_count, &plan->is_reverse, &plan->order_end)) {
		plan->is_reverse = false;
		plan->order_end = 0;
		return;
	}
	for (size_t i = 0; i < plan->equal_count; i++)
		is_certain = is_certain &&
			     is_exact(question, index->key_columns[i], candidate->equal[i]);
	plan->is_ordered = is_certain || find_fallback(question, &plan->fallback);
	plan->is_reverse = plan->is_ordered && plan->is_reverse;
}

/* ------------------------------------------------------------------ candidates */

static struct candidate
new_candidate(enum coffer_sql_way way, uint16_t index)
{
	return (struct candidate){
		.plan = {.way = way, .index = index, .fallback = COFFER_NO_INDEX},
		.lower = -1,
		.upper = -1,
	};
}

/* Of the rows that a candidate gives, one in so many is taken to pass each constraint that is left to SQLite. */
#define PASSING 20.0

/* How many rows are read before a LIMIT is satisfied, where they need no sorting. */
static double
limited_rows(const struct question *question, const struct candidate *candidate)
{
	const sqlite3_index_info *info = question->info;
	const struct coffer_sql_plan *plan = &candidate->plan;
	double taken = (double)plan->equal_count + (plan->lower != 0) + (plan->upper != 0);
	double wanted = question->wanted;
	int constraints = 0;

	for (int i = 0; i < info->nConstraint; i++)
		constraints += info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_LIMIT &&
			       info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_OFFSET;
	if (wanted > 0 && constraints > taken)
		wanted *= pow(PASSING, constraints - taken);
	return wanted > 0 && wanted < candidate->rows ? wanted : candidate->rows;
}

/* Rows are sorted afterwards where they do not come in order; where they do, a LIMIT ends them early. */
static void
price(const struct question *question, struct candidate *candidate, double row)
{
	bool is_sorted = question->info->nOrderBy && !candidate->plan.is_ordered;
	double rows = is_sorted ? candidate->rows : limited_rows(question, candidate);

	candidate->cost = candidate->scan = COST_SEARCH + rows * row;
	if (is_sorted)
		candidate->cost += rows * COST_SORTED * log2(rows + 2);
}

/* Rows that come in no order that was asked for may come in any; but of a LIMIT the first are expected, in spite of that. */
static void
settle_gathering(const struct question *question, struct candidate *candidate)
{
	struct coffer_sql_plan *plan = &candidate->plan;

	if (!plan->is_ordered && !plan->is_covered && plan->list == plan->equal_count &&
	    question->wanted <= 0 && candidate->rows >= COFFER_SQL_GATHER_ROWS &&
	    coffer_sql_can_gather(question->table->table, question->info->colUsed))
		plan->gathered = question->info->colUsed;
}

static void
prefer(struct candidate *best, const struct candidate *other)
{
	if (best->cost < 0 || other->cost < best->cost)
		*best = *other;
}

static void
try_rows(const struct question *question, struct candidate *best)
{
	struct candidate all = new_candidate(COFFER_SQL_ROWS, COFFER_NO_INDEX);
	bool is_count = !question->info->colUsed && !question->info->nOrderBy;

	if (is_count)
		all.plan.way = COFFER_SQL_COUNT;
	all.rows = (double)question->rows;
	settle_order(question, NULL, &all);
	settle_gathering(question, &all);
	price(question, &all, is_count ? COST_ENTRY : COST_NEAR_ROW);
	prefer(best, &all);
}

static void
try_number(const struct question *question, struct candidate *best)
{
	struct candidate one = new_candidate(COFFER_SQL_NUMBER, COFFER_NO_INDEX);

	one.equal[0] = find_equality(question, -1);
	if (one.equal[0] < 0)
		return;
	one.plan.equal_count = one.plan.list = 1;
	one.rows = 1;
	one.plan.is_ordered = true;
	price(question, &one, COST_FAR_ROW);
	prefer(best, &one);
}

/* Take equalities of the index's first columns; of those that are lists one can be taken whole. */
static void
take_equalities(const struct question *question, const coffer_index *index,
		struct candidate *candidate)
{
	struct coffer_sql_plan *plan = &candidate->plan;
	size_t list = COFFER_KEY_COLUMNS_MAX;

	while (plan->equal_count < index->key_column_count) {
		int at = find_equality(question, index->key_columns[plan->equal_count]);

		/* An index may name a column twice; a constraint is taken once. */
		if (at < 0 ||
		    is_among(index, plan->equal_count, index->key_columns[plan->equal_count]))
			break;
		if (sqlite3_vtab_in(question->info, at, -1)) {
			if (list == COFFER_KEY_COLUMNS_MAX)
				list = plan->equal_count;
			else
				plan->looped |= UINT32_C(1) << plan->equal_count;
		}
		if (is_null_safe(question, at))
			plan->null_safe |= UINT32_C(1) << plan->equal_count;
		candidate->equal[plan->equal_count++] = at;
	}
	plan->list = list < plan->equal_count ? list : plan->equal_count;
}

/* NULLs are no member of a unique key, unless they are not distinct there. */
static bool
has_null_safe(const struct candidate *candidate)
{
	return candidate->plan.null_safe != 0;
}

static void
try_unique(const struct question *question, uint16_t number, struct candidate *best)
{
	const coffer_index *index = &question->table->table->indexes[number];
	struct candidate one = new_candidate(COFFER_SQL_UNIQUE, number);

	take_equalities(question, index, &one);
	if (one.plan.equal_count < index->key_column_count || has_null_safe(&one))
		return;
	one.rows = one.plan.list < one.plan.equal_count ? 25 : 1;
	price(question, &one, COST_FAR_ROW);
	prefer(best, &one);
}

static void
take_range(const struct question *question, const coffer_index *index, struct candidate *candidate)
{
	struct coffer_sql_plan *plan = &candidate->plan;
	uint16_t column;

	if (plan->equal_count == index->key_column_count)
		return;
	column = index->key_columns[plan->equal_count];
	if (column_of(question, column)->is_interned || is_among(index, plan->equal_count, column))
		return;
	candidate->lower = find_operator(question, column, SQLITE_INDEX_CONSTRAINT_GT,
					 SQLITE_INDEX_CONSTRAINT_GE);
	candidate->upper = find_operator(question, column, SQLITE_INDEX_CONSTRAINT_LT,
					 SQLITE_INDEX_CONSTRAINT_LE);
	if (candidate->lower >= 0)
		plan->lower = question->info->aConstraint[candidate->lower].op ==
					      SQLITE_INDEX_CONSTRAINT_GT
				      ? COFFER_SQL_BOUND_EXCLUSIVE
				      : COFFER_SQL_BOUND_INCLUSIVE;
	if (candidate->upper >= 0)
		plan->upper = question->info->aConstraint[candidate->upper].op ==
					      SQLITE_INDEX_CONSTRAINT_LT
				      ? COFFER_SQL_BOUND_EXCLUSIVE
				      : COFFER_SQL_BOUND_INCLUSIVE;
}

/* What a range leaves of the rows before it: measured where the bounds are literals, else a guess. */
static double
range_part(const struct question *question, const coffer_index *index,
	   const struct candidate *candidate)
{
	const struct coffer_sql_plan *plan = &candidate->plan;
	sqlite3_value *lower = NULL, *upper = NULL;
	bool has_lower = candidate->lower >= 0, has_upper = candidate->upper >= 0;
	double part = -1;

	if (!has_lower && !has_upper)
		return 1;
	if ((!has_lower || !sqlite3_vtab_rhs_value(question->info, candidate->lower, &lower)) &&
	    (!has_upper || !sqlite3_vtab_rhs_value(question->info, candidate->upper, &upper)))
		part = coffer_sql_part(question->table, index->key_columns[plan->equal_count],
				       plan->lower, lower, plan->upper, upper);
	if (part >= 0)
		return part;
	return has_lower && has_upper ? 1.0 / 32 : 1.0 / 4;
}

/* Whether the key of an index has every column that the statement uses. Bit 63 stands for all columns from there on. */
static bool
is_covered(const struct question *question, const coffer_index *index)
{
	sqlite3_uint64 used = question->info->colUsed;

	for (size_t i = 0; i < index->key_column_count; i++) {
		uint16_t column = index->key_columns[i];

		if (column < 63 && column_of(question, column)->kind != COFFER_FLOAT)
			used &= ~(UINT64_C(1) << column);
	}
	return !used;
}

/* Entries in order of time lead to rows that mostly lie one behind the other. */
static double
row_cost(const struct question *question, const coffer_index *index,
	 const struct coffer_sql_plan *plan)
{
	bool is_near =
		!plan->equal_count && index->key_columns[0] == question->table->table->time_column;

	if (plan->is_covered)
		return question->info->colUsed ? COST_COVERED : COST_ENTRY;
	return COST_ENTRY + (is_near ? COST_NEAR_ROW : COST_FAR_ROW);
}

static void
try_range(const struct question *question, uint16_t number, struct candidate *best)
{
	const coffer_index *index = &question->table->table->indexes[number];
	struct candidate range = new_candidate(COFFER_SQL_RANGE, number);
	size_t count;

	take_equalities(question, index, &range);
	take_range(question, index, &range);
	settle_order(question, index, &range);
	count = range.plan.equal_count;
	range.plan.is_covered = is_covered(question, index);
	if (!count && range.lower < 0 && range.upper < 0 && !range.plan.is_ordered &&
	    !range.plan.is_covered)
		return;
	range.rows = (double)question->rows;
	if (count)
		range.rows = coffer_sql_group_size(question->table, number, count, question->rows);
	if (range.plan.list < count)
		range.rows *= 25;
	range.rows *= range_part(question, index, &range);
	if (range.rows > (double)question->rows)
		range.rows = (double)question->rows;
	settle_gathering(question, &range);
	price(question, &range, row_cost(question, index, &range.plan));
	prefer(best, &range);
}

static void
try_indexes(const struct question *question, struct candidate *best)
{
	const coffer_table *table = question->table->table;

	for (uint16_t i = 0; i < table->index_count; i++) {
		if (table->indexes[i].tree == COFFER_TREE_HASHED)
			try_unique(question, i, best);
		else if (table->indexes[i].tree == COFFER_TREE_ORDERED)
			try_range(question, i, best);
	}
}

/* ------------------------------------------------------------------ the answer */

static void
use(const struct question *question, int at, bool is_omitted, int *arguments)
{
	question->info->aConstraintUsage[at].argvIndex = ++*arguments;
	question->info->aConstraintUsage[at].omit = is_omitted && at < OMITS_MAX;
}

/* A range of times is exact, or is refused when it comes to be unclear. */
static void
use_bound(const struct question *question, const struct candidate *best, int at, bool is_certain,
	  int *arguments)
{
	const coffer_index *index;
	uint16_t column;

	if (at < 0)
		return;
	index = &question->table->table->indexes[best->plan.index];
	column = index->key_columns[best->plan.equal_count];
	use(question, at,
	    is_certain && (column_of(question, column)->kind == COFFER_TIME ||
			   is_exact(question, column, at)),
	    arguments);
}

/* Whether one of the equal columns holds for just the rows that are given for it. */
static bool
is_equal_exact(const struct question *question, const struct candidate *best, size_t i)
{
	const struct coffer_sql_plan *plan = &best->plan;
	uint16_t column;

	if (plan->way == COFFER_SQL_NUMBER)
		return true;
	column = question->table->table->indexes[plan->index].key_columns[i];
	return i == plan->list ? is_counted(column_of(question, column)->kind)
			       : is_exact(question, column, best->equal[i]);
}

/* Where one argument's type may leave open what it equals, every row may be given, and none of the constraints is omitted. */
static void
use_all(const struct question *question, struct candidate *best)
{
	const struct coffer_sql_plan *plan = &best->plan;
	bool is_certain = true;
	int arguments = 0;

	for (size_t i = 0; i < plan->equal_count; i++)
		is_certain = is_certain && is_equal_exact(question, best, i);
	for (size_t i = 0; i < plan->equal_count; i++) {
		if (i == plan->list)
			(void)sqlite3_vtab_in(question->info, best->equal[i], 1);
		use(question, best->equal[i], is_certain, &arguments);
	}
	use_bound(question, best, best->lower, is_certain, &arguments);
	use_bound(question, best, best->upper, is_certain, &arguments);
}

/* ------------------------------------------------------------------ words */

static void
say_bound(sqlite3_str *words, const char *name, enum coffer_sql_bound bound, const char *exclusive,
	  const char *inclusive)
{
	if (bound)
		sqlite3_str_appendf(words, "%s%s %s ?", sqlite3_str_length(words) ? " AND " : "",
				    name,
				    bound == COFFER_SQL_BOUND_EXCLUSIVE ? exclusive : inclusive);
}

static void
say_equalities(const struct question *question, const struct coffer_sql_plan *plan,
	       const coffer_index *index, sqlite3_str *words)
{
	for (size_t i = 0; i < plan->equal_count; i++)
		sqlite3_str_appendf(words, "%s%s %s", i ? " AND " : "",
				    question->table->names[index->key_columns[i]],
				    i == plan->list                      ? "IN (...)"
				    : plan->null_safe & UINT32_C(1) << i ? "IS ?"
									 : "= ?");
}

static void
say_range(const struct question *question, const struct coffer_sql_plan *plan,
	  const coffer_index *index, sqlite3_str *words)
{
	say_equalities(question, plan, index, words);
	if (plan->lower || plan->upper) {
		const char *name = question->table->names[index->key_columns[plan->equal_count]];

		say_bound(words, name, plan->lower, ">", ">=");
		say_bound(words, name, plan->upper, "<", "<=");
	}
	sqlite3_str_appendf(words, "%s", sqlite3_str_length(words) ? " by " : "every row by ");
	sqlite3_str_appendf(words, "%s", index->name);
}

/* In words what the plan does; NULL: no memory. */
static char *
say(const struct question *question, const struct coffer_sql_plan *plan)
{
	const coffer_index *index = plan->index == COFFER_NO_INDEX
					    ? NULL
					    : &question->table->table->indexes[plan->index];
	sqlite3_str *words = sqlite3_str_new(question->table->store->sql->db);

	switch (plan->way) {
	case COFFER_SQL_COUNT:
		sqlite3_str_appendall(words, "every row, counted");
		break;
	case COFFER_SQL_ROWS:
		sqlite3_str_appendall(words, "every row");
		break;
	case COFFER_SQL_NUMBER:
		sqlite3_str_appendall(words, "rowid = ?");
		break;
	case COFFER_SQL_UNIQUE:
		say_equalities(question, plan, index, words);
		sqlite3_str_appendf(words, " by the unique key %s", index->name);
		break;
	case COFFER_SQL_RANGE:
		say_range(question, plan, index, words);
		break;
	}
	if (plan->is_covered)
		sqlite3_str_appendall(words, ", from the index alone");
	if (plan->is_ordered && plan->way != COFFER_SQL_NUMBER)
		sqlite3_str_appendf(words, ", in the order asked for%s",
				    plan->is_reverse ? ", backwards" : "");
	return sqlite3_str_finish(words);
}

/* ------------------------------------------------------------------ plans */

static bool
is_same(const struct coffer_sql_plan *left, const struct coffer_sql_plan *right)
{
	return left->way == right->way && left->index == right->index &&
	       left->fallback == right->fallback && left->equal_count == right->equal_count &&
	       left->list == right->list && left->null_safe == right->null_safe &&
	       left->looped == right->looped &&
	       left->lower == right->lower && left->upper == right->upper &&
	       left->order_end == right->order_end && left->is_reverse == right->is_reverse &&
	       left->is_ordered == right->is_ordered && left->is_covered == right->is_covered &&
	       left->gathered == right->gathered;
}

/* Plans stay as long as the table, since statements keep their numbers; equal ones are one. -1: no memory. */
static int
keep(struct coffer_sql_table *table, const struct coffer_sql_plan *plan)
{
	struct coffer_sql_plan *kept = NULL;

	for (size_t i = 0; i < table->plan_count; i++)
		if (is_same(table->plans[i], plan))
			return (int)i;
	if (table->plan_count == table->plan_capacity) {
		size_t capacity = table->plan_capacity ? 2 * table->plan_capacity : 8;
		struct coffer_sql_plan **larger = realloc(table->plans, capacity * sizeof(*larger));

		if (!larger)
			return -1;
		table->plans = larger;
		table->plan_capacity = capacity;
	}
	if (!(kept = malloc(sizeof(*kept))))
		return -1;
	*kept = *plan;
	table->plans[table->plan_count] = kept;
	return (int)table->plan_count++;
}

/* A LIMIT that is written out, with what an OFFSET passes over. */
static double
wanted_rows(sqlite3_index_info *info)
{
	double wanted = 0;
	sqlite3_value *value;

	for (int i = 0; i < info->nConstraint; i++) {
		unsigned char operator= info->aConstraint[i].op;

		if (operator!= SQLITE_INDEX_CONSTRAINT_LIMIT && operator!=
		    SQLITE_INDEX_CONSTRAINT_OFFSET)
			continue;
		if (sqlite3_vtab_rhs_value(info, i, &value)) {
			if (operator== SQLITE_INDEX_CONSTRAINT_LIMIT)
				wanted += 100; /* a parameter: few, mostly */
		} else if (sqlite3_value_double(value) > 0) {
			wanted += sqlite3_value_double(value);
		}
	}
	return wanted;
}

static int
answer(struct coffer_sql_table *table, sqlite3_index_info *info)
{
	const struct question question = {
		.table = table,
		.info = info,
		.rows = coffer_sql_row_count(table),
		.wanted = wanted_rows(info),
	};
	struct candidate best = {.cost = -1};

	try_rows(&question, &best);
	try_number(&question, &best);
	try_indexes(&question, &best);
	use_all(&question, &best);
	info->idxNum = keep(table, &best.plan);
	info->idxStr = say(&question, &best.plan);
	info->needToFreeIdxStr = 1;
	if (info->idxNum < 0 || !info->idxStr)
		return SQLITE_NOMEM;
	info->estimatedCost = best.scan / COST_NEAR_ROW;
	info->estimatedRows = best.rows < 1 ? 1 : (sqlite3_int64)best.rows;
	info->orderByConsumed = best.plan.is_ordered;
	return SQLITE_OK;
}

/* All that is looked up for a plan is looked up in one snapshot. Where none begins, each of them does without. */
int
coffer_sql_best_index(sqlite3_vtab *base, sqlite3_index_info *info)
{
	struct coffer_sql_table *table = (struct coffer_sql_table *)base;
	bool is_held = !coffer_sql_snapshot_take(table->store, NULL);
	int code = answer(table, info);

	if (is_held)
		coffer_sql_snapshot_leave(table->store);
	return code;
}
