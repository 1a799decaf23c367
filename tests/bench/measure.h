/*
 * What the measuring programs share: both clocks, medians, and the line that a figure is.
 *
 *   ROW<TAB>CONTENDER<TAB>CLOCK<TAB>VALUE<TAB>UNIT
 *
 * A row is a work that several contenders do; `rows` lists them. The clock is cpu, the processor time of the
 * process and all its threads, or wall; a size has none: "-". Values of a unit that ends in "/s" are better when
 * they are larger, all others when they are smaller. The unit "ratio" is the contest's own, coffer's rate by the
 * others', where medians of single rounds say more than the ratio of two medians.
 */
#ifndef TESTS_BENCH_MEASURE_H
#define TESTS_BENCH_MEASURE_H

#include <stddef.h>

enum { MEASURE_ROUNDS_MAX = 64 };

/* Seconds on both clocks: a moment, or what lies between two. */
struct measure {
	double wall, cpu;
};

struct measure
measure_now(void);
struct measure
measure_since(struct measure start);

/* How many rounds a contest has: the environment's ROUNDS where that is a number, else `otherwise`. */
size_t
measure_rounds(size_t otherwise);

/* The figures of a work that was done `work` times a round: median rates, on both clocks. */
void
measure_rate(const char *row, const char *contender, const char *unit, const struct measure *rounds,
	     size_t count, double work);

/* The same as median time of one of `work` equal pieces, in microseconds ("us") or seconds ("s"). */
void
measure_time(const char *row, const char *contender, const char *unit, const struct measure *rounds,
	     size_t count, double work);

/* A figure that no clock gave. */
void
measure_amount(const char *row, const char *contender, const char *unit, double value);

/* The median of `count` figures, which are sorted. */
double
measure_median(double *figures, size_t count);

#endif
