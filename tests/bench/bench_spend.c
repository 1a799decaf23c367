/*
 * Spend by day and model over the whole log, of the roll-up that the store keeps.
 *
 *   bench_spend STORE
 *
 * The groups of each hour and model are added up by UTC day, exactly, and each sum is rounded once, as the answer to the
 * other contenders' statement is. The figures of measure.h are printed; a store without the roll-up is refused.
 */
#include "coffer.h"
#include "tests/bench/measure.h"
#include "tests/bench/must.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMES = 20, GROUPS_MAX = 4096 };

#define DAY (INT64_C(86400) * 1000000)

struct total {
	uint32_t code;
	uint64_t rows;
	coffer_fixed spend;
};

struct bench {
	coffer_txn *txn;
	uint32_t table;
	uint16_t rollup;
	struct total totals[GROUPS_MAX]; /* of one day */
	size_t count;
	uint64_t rows; /* of all days */
	volatile double sink;
};

/* By hour and model, with the spend as its first sum. */
static uint16_t
find_rollup(const coffer_table *table)
{
	uint16_t model = coffer_table_find_column(table, "model");
	uint16_t spend = coffer_table_find_column(table, "spend");

	for (uint16_t i = 0; i < table->rollup_count; i++)
		if (table->rollups[i].column == model &&
		    table->rollups[i].unit == COFFER_ROLLUP_HOUR && table->rollups[i].sum_count &&
		    table->rollups[i].sums[0] == spend)
			return i;
	die("the store keeps no roll-up of models");
	return 0;
}

static struct total *
total_of(struct bench *bench, uint32_t code)
{
	for (size_t i = 0; i < bench->count; i++)
		if (bench->totals[i].code == code)
			return &bench->totals[i];
	if (bench->count == GROUPS_MAX)
		die("too many models");
	bench->totals[bench->count] = (struct total){.code = code};
	return &bench->totals[bench->count++];
}

static void
add(coffer_fixed *sum, const coffer_fixed *more)
{
	uint64_t carry, middle;

	sum->low += more->low;
	carry = sum->low < more->low;
	middle = sum->middle + carry;
	carry = middle < carry;
	sum->middle = middle + more->middle;
	carry += sum->middle < middle;
	sum->high += more->high + (int64_t)carry;
}

static void
end_day(struct bench *bench)
{
	for (size_t i = 0; i < bench->count; i++) {
		bench->sink += coffer_fixed_round(&bench->totals[i].spend, COFFER_FIXED_EXPONENT);
		bench->rows += bench->totals[i].rows;
	}
	bench->count = 0;
}

static void
ask(struct bench *bench)
{
	const coffer_rollup_group *group;
	coffer_rollup_cursor *cursor;
	coffer_error error = {0};
	coffer_status status;
	int64_t day = INT64_MIN;

	must(coffer_rollup_open(bench->txn, bench->table, bench->rollup, &cursor, &error), &error);
	must(coffer_rollup_seek(cursor, &(coffer_rollup_scan){0}, &error), &error);
	while (!(status = coffer_rollup_next(cursor, &group, &error))) {
		struct total *total;

		if (group->time.time / DAY != day)
			end_day(bench);
		day = group->time.time / DAY;
		total = total_of(bench, group->code);
		total->rows += group->rows;
		add(&total->spend, &group->sums[0].total);
		bench->sink += (double)group->value.text.size;
	}
	if (status != COFFER_NOT_FOUND)
		must(status, &error);
	end_day(bench);
	coffer_rollup_close(cursor);
}

/* So many times that each row was counted once a time. */
static void
check(const struct bench *bench, uint64_t times)
{
	coffer_error error = {0};
	uint64_t rows;

	must(coffer_table_count(bench->txn, bench->table, &rows, &error), &error);
	if (bench->rows != rows * times)
		die("the groups do not hold each row once");
}

int
main(int count, char **arguments)
{
	static struct bench bench;
	struct measure rounds[MEASURE_ROUNDS_MAX], start;
	size_t round_count = measure_rounds(5);
	coffer_error error = {0};
	coffer_store *store;

	if (count != 2)
		die("usage: bench_spend STORE");
	must(coffer_store_open(arguments[1], &store, &error), &error);
	bench.table = coffer_schema_find_table(coffer_store_schema(store), "LiteLLM_SpendLogs");
	if (bench.table == COFFER_NO_TABLE)
		die("no spend logs");
	bench.rollup = find_rollup(&coffer_store_schema(store)->tables[bench.table]);
	must(coffer_txn_begin(store, &bench.txn, &error), &error);
	for (size_t round = 0; round < round_count; round++) {
		start = measure_now();
		for (int i = 0; i < TIMES; i++)
			ask(&bench);
		rounds[round] = measure_since(start);
	}
	check(&bench, round_count * TIMES);
	measure_time("spend", "coffer", "us", rounds, round_count, TIMES);
	coffer_txn_end(bench.txn);
	coffer_store_close(store);
	return 0;
}
