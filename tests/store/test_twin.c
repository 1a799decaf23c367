/*
 * Random statements on a store and on its plain twin: see tests/support/twin.h.
 *
 *	TWIN_SEEDS=500 test_twin	so many scripts instead of a few
 *	TWIN_SEED=17 test_twin		that one alone
 */
#include "tests/support/twin.h"

#include "disk/disk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	SEEDS = 12,
	SCRIPT_SIZE = 12000,
	SMALL_MAP = 1 << 20,
};

static char folder[200], path[216];

/* xorshift64*: any bytes do, as long as a seed gives the same. */
static void
make_script(uint64_t seed, uint8_t *script, size_t size)
{
	uint64_t state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;

	for (size_t i = 0; i < size; i++) {
		state ^= state >> 12;
		state ^= state << 25;
		state ^= state >> 27;
		script[i] = (uint8_t)((state * UINT64_C(0x2545f4914f6cdd1d)) >> 56);
	}
}

static void
run_seed(uint64_t seed, struct twin_report *sum)
{
	static uint8_t script[SCRIPT_SIZE];
	struct twin_report report;

	make_script(seed, script, sizeof(script));
	if (!twin_run(script, sizeof(script), path, &report))
		fail_msg("seed %llu, statement %zu: %s", (unsigned long long)seed,
			 report.statements, report.text);
	sum->statements += report.statements;
	sum->refusals += report.refusals;
	sum->commits += report.commits;
	sum->acted += report.acted;
	sum->full += report.full;
}

static uint64_t
number_of(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 10) : otherwise;
}

static void
a_store_is_its_twin(void **state)
{
	struct twin_report sum = {0};
	uint64_t one = number_of("TWIN_SEED", 0), seeds = number_of("TWIN_SEEDS", SEEDS);

	(void)state;
	for (uint64_t seed = one ? one : 1; seed <= (one ? one : seeds); seed++)
		run_seed(seed, &sum);
	print_message(
		"# %zu statements, %zu refused, %zu with actions, %zu commits, %zu full maps\n",
		sum.statements, sum.refusals, sum.acted, sum.commits, sum.full);
	/* Scripts that are refused all the time, or never, try nothing. */
	assert_in_range(sum.refusals, sum.statements / 10, sum.statements * 9 / 10);
}

static int
set_up(void **state)
{
	const char *base = getenv("TMPDIR");

	(void)state;
	(void)snprintf(folder, sizeof(folder), "%s/coffer-twin.XXXXXX", base ? base : "/tmp");
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof(path), "%s/store", folder);
	coffer_disk_map_size_min = SMALL_MAP;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_store_is_its_twin),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
