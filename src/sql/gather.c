/*
 * A block is sorted by counting, once a column: by the texts of each column of the pool, the last one first, and by the day in the
 * end. What one text is, is where it stands. A column of too many texts or days for a block sorts nothing.
 */
#include "sql/gather.h"

#include <stdlib.h>
#include <string.h>

enum {
	BLOCK = 8192,        /* rows */
	BLOCK_FIRST = 16,    /* few: a subquery may want one row, again and again */
	BLOCK_GROWTH = 8,    /* times what the one before took */
	ROWS_TELLING = 1024, /* rows of a block that show whether it is of use */
	RANKS_MAX = 2000,    /* texts or days that a block is sorted by, beside NULL */
	TEXT_BITS = 12,
	TEXTS = 1 << TEXT_BITS, /* places for them */
	COLUMNS_MAX = 63,       /* bits of colUsed that stand for one column each */
};
#define DAY INT64_C(86400000000)

/* A text of a column, and the rank of its rows: 0 is that of NULL. */
struct text {
	coffer_text text;
	uint16_t rank;
};

struct texts {
	struct text texts[RANKS_MAX], *sorted[RANKS_MAX];
	size_t count;
	uint16_t places[TEXTS]; /* by where a text stands: one more than its number */
};

struct coffer_sql_gather {
	uint8_t slots[COLUMNS_MAX + 1]; /* by column: one more than its place among the values */
	size_t column_count;
	uint16_t columns[COFFER_SQL_GATHER_COLUMNS];
	coffer_kind kinds[COFFER_SQL_GATHER_COLUMNS];
	size_t day; /* the place of the column whose days sort; COFFER_SQL_GATHER_COLUMNS: none */
	size_t rows, at;
	size_t room;     /* rows that the next block takes */
	size_t asked;    /* values of the block, once each */
	unsigned seen;   /* bits by place: those of the row */
	unsigned wanted; /* those that a row is asked for once it passes the conditions */
	bool is_sorted;  /* the block is, by texts */
	uint64_t stuck;  /* the number of a row behind the block that could not be read; 0: none */
	coffer_status status; /* of what is behind the block */
	coffer_error error;
	coffer_value *values; /* of BLOCK rows */
	uint64_t numbers[BLOCK];
	uint16_t order[BLOCK], sorted[BLOCK];
	uint16_t ranks[BLOCK];
	struct texts texts;
};

/* ------------------------------------------------------------------ whether */

bool
coffer_sql_can_gather(const coffer_table *table, uint64_t used)
{
	size_t count = 0, texts = 0;

	if (used >> COLUMNS_MAX)
		return false;
	for (size_t i = 0; i < table->column_count && used >> i; i++) {
		if (!(used >> i & 1))
			continue;
		if (!table->columns[i].is_interned && table->columns[i].kind >= COFFER_TEXT)
			return false;
		texts += table->columns[i].is_interned;
		count++;
	}
	return texts && count <= COFFER_SQL_GATHER_COLUMNS;
}

/* ------------------------------------------------------------------ life */

struct coffer_sql_gather *
coffer_sql_gather_make(const coffer_table *table, uint64_t used, uint64_t spare)
{
	struct coffer_sql_gather *gather = malloc(sizeof(*gather));

	if (!gather)
		return NULL;
	memset(gather->slots, 0, sizeof(gather->slots));
	gather->column_count = gather->rows = gather->at = 0;
	gather->room = BLOCK_FIRST;
	gather->stuck = 0;
	gather->wanted = 0;
	gather->status = COFFER_OK;
	gather->day = COFFER_SQL_GATHER_COLUMNS;
	for (uint16_t i = 0; i < table->column_count && used >> i; i++) {
		size_t place = gather->column_count;

		if (!(used >> i & 1))
			continue;
		gather->columns[place] = i;
		if (!(spare >> i & 1))
			gather->wanted |= 1u << place;
		gather->kinds[place] = table->columns[i].kind;
		gather->slots[i] = (uint8_t)++gather->column_count;
		if (gather->kinds[place] == COFFER_TIME &&
		    (gather->day == COFFER_SQL_GATHER_COLUMNS || i == table->time_column))
			gather->day = place;
	}
	gather->values = malloc(BLOCK * (gather->column_count + 1) * sizeof(*gather->values));
	if (gather->values)
		return gather;
	free(gather);
	return NULL;
}

void
coffer_sql_gather_free(struct coffer_sql_gather *gather)
{
	if (gather)
		free(gather->values);
	free(gather);
}

/* ------------------------------------------------------------------ reading */

/* Read the values of the row that the scan stands on. `is_kept_out`: they are good for longer than the row. */
static coffer_status
read_row(struct coffer_sql_gather *gather, const coffer_txn *txn, coffer_cursor *cursor,
	 bool *is_kept_out)
{
	coffer_value *values = gather->values + gather->rows * gather->column_count;
	const coffer_row *row;
	coffer_status status = coffer_cursor_row(cursor, &row, NULL);

	for (size_t i = 0; !status && i < gather->column_count; i++) {
		status = coffer_row_get(row, gather->columns[i], &values[i], NULL);
		if (!status && coffer_sql_has_text(&values[i]) && *is_kept_out)
			*is_kept_out = coffer_txn_holds(txn, values[i].text.data);
	}
	return status;
}

/*
 * Read a block. False: the texts of its last row, which ends it, go when the cursor moves on. What is wrong with a row is for whoever
 * asks for it: a condition on row numbers may leave it out.
 */
static bool
read_block(struct coffer_sql_gather *gather, const coffer_txn *txn, coffer_cursor *cursor)
{
	bool is_kept = true;
	uint64_t number;

	gather->rows = gather->at = gather->asked = 0;
	coffer_sql_clear(&gather->error);
	while (is_kept && gather->rows < gather->room && !gather->stuck) {
		gather->status = coffer_cursor_next_number(cursor, &number, &gather->error);
		if (gather->status)
			break;
		if (read_row(gather, txn, cursor, &is_kept))
			gather->stuck = number;
		else
			gather->numbers[gather->rows++] = number;
	}
	if (gather->room < BLOCK)
		gather->room *= BLOCK_GROWTH;
	return is_kept;
}

/* ------------------------------------------------------------------ sorting */

static int
compare_texts(const void *left, const void *right)
{
	return coffer_sql_text_compare((*(const struct text *const *)left)->text,
				       (*(const struct text *const *)right)->text);
}

static void
rank_texts(struct texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		texts->sorted[i] = &texts->texts[i];
	qsort(texts->sorted, texts->count, sizeof(*texts->sorted), compare_texts);
	for (size_t i = 0; i < texts->count; i++)
		texts->sorted[i]->rank = (uint16_t)(i + 1);
}

/* One more than the number of a text; 0: there are too many. */
static inline uint16_t
number_text(struct texts *texts, coffer_text text)
{
	uint64_t mixed = (uint64_t)(uintptr_t)text.data * UINT64_C(0x9e3779b97f4a7c15);
	size_t place = mixed >> (64 - TEXT_BITS);

	for (; texts->places[place]; place = (place + 1) % TEXTS)
		if (texts->texts[texts->places[place] - 1].text.data == text.data)
			return texts->places[place];
	if (texts->count == RANKS_MAX)
		return 0;
	texts->texts[texts->count].text = text;
	texts->places[place] = (uint16_t)++texts->count;
	return texts->places[place];
}

/* Find the rank of each row by the texts of a column. */
static bool
rank_by_text(struct coffer_sql_gather *gather, size_t column)
{
	const coffer_value *value = gather->values + column;
	struct texts *texts = &gather->texts;

	texts->count = 0;
	memset(texts->places, 0, sizeof(texts->places));
	for (size_t i = 0; i < gather->rows; i++, value += gather->column_count) {
		gather->ranks[i] = 0;
		if (value->kind != COFFER_NULL &&
		    !(gather->ranks[i] = number_text(texts, value->text)))
			return false;
	}
	rank_texts(texts);
	for (size_t i = 0; i < gather->rows; i++)
		if (gather->ranks[i])
			gather->ranks[i] = texts->texts[gather->ranks[i] - 1].rank;
	return true;
}

static int64_t
day_of(int64_t time)
{
	return time / DAY - (time % DAY < 0);
}

static bool
rank_by_day(struct coffer_sql_gather *gather)
{
	const coffer_value *value = gather->values + gather->day;
	int64_t first = INT64_MAX, last = INT64_MIN;

	for (size_t i = 0; i < gather->rows; i++, value += gather->column_count) {
		int64_t day;

		if (value->kind == COFFER_NULL)
			continue;
		day = day_of(value->time);
		if (day < first)
			first = day;
		if (day > last)
			last = day;
	}
	if (first > last || last - first >= RANKS_MAX)
		return false;
	value = gather->values + gather->day;
	for (size_t i = 0; i < gather->rows; i++, value += gather->column_count)
		gather->ranks[i] = value->kind == COFFER_NULL
					   ? 0
					   : (uint16_t)(day_of(value->time) - first + 1);
	return true;
}

/* Have the rows in the order of their ranks, and of one rank as they were. */
static void
sort_by_rank(struct coffer_sql_gather *gather)
{
	uint16_t ends[RANKS_MAX + 2] = {0};

	for (size_t i = 0; i < gather->rows; i++)
		ends[gather->ranks[i] + 1]++;
	for (size_t i = 1; i <= RANKS_MAX; i++)
		ends[i] = (uint16_t)(ends[i] + ends[i - 1]);
	for (size_t i = 0; i < gather->rows; i++) {
		uint16_t row = gather->order[i];

		gather->sorted[ends[gather->ranks[row]]++] = row;
	}
	memcpy(gather->order, gather->sorted, gather->rows * sizeof(*gather->order));
}

static void
sort_block(struct coffer_sql_gather *gather)
{
	for (size_t i = gather->column_count; i-- > 0;) {
		if (gather->kinds[i] < COFFER_TEXT || !rank_by_text(gather, i))
			continue;
		sort_by_rank(gather);
		gather->is_sorted = true;
	}
	if (gather->day < gather->column_count && rank_by_day(gather))
		sort_by_rank(gather);
}

/* ------------------------------------------------------------------ giving */

static void
next_block(struct coffer_sql_gather *gather, const coffer_txn *txn, coffer_cursor *cursor)
{
	bool is_kept = read_block(gather, txn, cursor);

	for (size_t i = 0; i < gather->rows; i++)
		gather->order[i] = (uint16_t)i;
	gather->is_sorted = false;
	if (is_kept)
		sort_block(gather);
}

/* Where few rows pass a condition, or no text comes again, it is better to take the rows as they come. */
static bool
is_of_use(const struct coffer_sql_gather *gather)
{
	size_t wanted;

	if (!gather->rows)
		return true;
	wanted = gather->rows * (unsigned)__builtin_popcount(gather->wanted);
	return gather->is_sorted && (gather->rows < ROWS_TELLING || 4 * gather->asked > 3 * wanted);
}

coffer_status
coffer_sql_gather_next(struct coffer_sql_gather *gather, const coffer_txn *txn,
		       coffer_cursor *cursor, bool *is_over_out, uint64_t *number_out,
		       coffer_error *error)
{
	*is_over_out = false;
	gather->seen = 0;
	if (++gather->at >= gather->rows && !gather->stuck && !gather->status && is_of_use(gather))
		next_block(gather, txn, cursor);
	if (gather->at < gather->rows) {
		*number_out = gather->numbers[gather->order[gather->at]];
		return COFFER_OK;
	}
	*number_out = gather->stuck;
	*is_over_out = !gather->status;
	if (gather->status)
		*error = gather->error;
	return gather->status;
}

const coffer_value *
coffer_sql_gather_value(struct coffer_sql_gather *gather, size_t column)
{
	uint8_t slot = column < COLUMNS_MAX ? gather->slots[column] : 0;

	if (!slot)
		return NULL;
	slot--;
	gather->asked += !(gather->seen >> slot & 1);
	gather->seen |= 1u << slot;
	gather->wanted |= gather->seen;
	return &gather->values[gather->order[gather->at] * gather->column_count + slot];
}
