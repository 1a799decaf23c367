/*
 * Clocks and figures. Every figure is flushed: whoever waits sees how far a bench is.
 */
#include "tests/bench/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

struct measure
measure_now(void)
{
	struct timespec wall;
	struct rusage usage;

	(void)clock_gettime(CLOCK_MONOTONIC, &wall);
	(void)getrusage(RUSAGE_SELF, &usage);
	return (struct measure){
		.wall = (double)wall.tv_sec + (double)wall.tv_nsec / 1e9,
		.cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
	};
}

struct measure
measure_since(struct measure start)
{
	struct measure end = measure_now();

	return (struct measure){.wall = end.wall - start.wall, .cpu = end.cpu - start.cpu};
}

size_t
measure_rounds(size_t otherwise)
{
	const char *text = getenv("ROUNDS");
	unsigned long rounds = text ? strtoul(text, NULL, 10) : 0;

	return rounds > 0 && rounds <= MEASURE_ROUNDS_MAX ? rounds : otherwise;
}

static int
compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

double
measure_median(double *figures, size_t count)
{
	qsort(figures, count, sizeof(*figures), compare);
	return figures[count / 2];
}

static struct measure
medians(const struct measure *rounds, size_t count)
{
	double walls[MEASURE_ROUNDS_MAX], cpus[MEASURE_ROUNDS_MAX];

	for (size_t i = 0; i < count; i++) {
		walls[i] = rounds[i].wall;
		cpus[i] = rounds[i].cpu;
	}
	return (struct measure){measure_median(walls, count), measure_median(cpus, count)};
}

static void
say(const char *row, const char *contender, const char *clock, double value, const char *unit)
{
	printf("%s\t%s\t%s\t%.6g\t%s\n", row, contender, clock, value, unit);
	(void)fflush(stdout);
}

void
measure_rate(const char *row, const char *contender, const char *unit, const struct measure *rounds,
	     size_t count, double work)
{
	struct measure median = medians(rounds, count);

	say(row, contender, "cpu", work / median.cpu, unit);
	say(row, contender, "wall", work / median.wall, unit);
}

void
measure_time(const char *row, const char *contender, const char *unit, const struct measure *rounds,
	     size_t count, double work)
{
	double scale = strcmp(unit, "us") == 0 ? 1e6 : 1;
	struct measure median = medians(rounds, count);

	say(row, contender, "cpu", median.cpu / work * scale, unit);
	say(row, contender, "wall", median.wall / work * scale, unit);
}

void
measure_amount(const char *row, const char *contender, const char *unit, double value)
{
	say(row, contender, "-", value, unit);
}
